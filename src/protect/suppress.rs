//! Complementary suppression: which further cells to hide so that no sensitive cell can be derived.
//!
//! For each sensitive cell and each direction the cheapest shift that moves it far enough is found by linear
//! programming (Kelly, Golden and Assad, Networks 22, 1992); the cells it moves are hidden, and hidden cells are free
//! for the next. Afterwards cells that turned out to be unnecessary are shown again, dearest first. Small sets are then
//! solved exactly (`exact`).

use super::net::{Net, Shift};
use super::usefulness::ESSENTIAL;
use super::{exact, tidy};
use std::collections::BTreeSet;

/// The set could not be protected even by hiding everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unprotectable {
    /// A cell that cannot be (index in the system).
    pub cell: usize,
}

/// A shift that shows a sensitive cell to be protected one way.
#[derive(Debug, Clone)]
pub struct Witness {
    /// The cell (local index).
    pub cell: usize,
    /// How far it must move.
    pub by: f64,
    /// How everything else moves with it.
    pub shift: Shift,
}

/// Both ways every sensitive cell must be able to move.
pub fn tasks(net: &Net) -> Vec<(usize, f64)> {
    let ways = |p: usize| [(p, -net.cells[p].need_down), (p, net.cells[p].need_up)];
    let all = net.sensitive().into_iter().flat_map(ways);
    all.filter(|(_, by)| *by != 0.0).collect()
}

/// Hides complements in a set until every sensitive cell is protected. Comes with the shifts that showed it, those at
/// least that were not found again since.
pub fn complete(net: &mut Net) -> Result<Vec<Witness>, Unprotectable> {
    let mut witnesses = cheapest_shifts(net)?;
    tidy::tidy(net, &mut witnesses);
    exact::improve(net);
    Ok(witnesses)
}

/// The heuristic alone, without looking back: for comparison.
pub fn first_fit(net: &mut Net) -> Result<Vec<Witness>, Unprotectable> {
    cheapest_shifts(net)
}

fn cheapest_shifts(net: &mut Net) -> Result<Vec<Witness>, Unprotectable> {
    let mut out = Vec::new();
    let mut answered: BTreeSet<(usize, bool)> = BTreeSet::new();
    for (cell, by) in tasks(net) {
        if answered.contains(&(cell, by > 0.0)) {
            continue;
        }
        // In a large set the priced search finds what a program among hidden cells would, as cheaply.
        let free = if net.is_large() {
            net.hidden_walk(cell, by, None)
        } else {
            net.hidden_shift(cell, by, None)
        };
        let shift = match free {
            Some(s) => s,
            None => {
                let price = |i: usize| {
                    Some(if net.cells[i].hidden {
                        0.0
                    } else {
                        net.cells[i].cost
                    })
                };
                // What leaders read is hidden only where nothing else helps.
                let spared = |i: usize| price(i).filter(|p| *p < ESSENTIAL);
                let shift = net.priced_shift(cell, by, spared);
                let shift = shift.or_else(|| net.priced_shift(cell, by, price));
                let shift = shift.ok_or(Unprotectable {
                    cell: net.global[cell],
                })?;
                for (i, _) in &shift {
                    net.cells[*i].hidden = true;
                }
                shift
            }
        };
        for (cell, by, shift) in net.served(cell, by, shift) {
            if answered.insert((cell, by > 0.0)) {
                out.push(Witness { cell, by, shift });
            }
        }
    }
    Ok(out)
}
