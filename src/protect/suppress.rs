//! Complementary suppression: which further cells to hide so that no sensitive cell can be derived.
//!
//! For each sensitive cell and each direction the cheapest shift that moves it far enough is found by linear
//! programming (Kelly, Golden and Assad, Networks 22, 1992); the cells it moves are hidden, and hidden cells are free
//! for the next. Afterwards cells that turned out to be unnecessary are shown again, dearest first. Small sets are then
//! solved exactly (`exact`).

use super::exact;
use super::net::{Net, Shift};
use std::collections::BTreeSet;

/// How much may be spent on showing complements again, counted in cells of linear programs (a fixed sum and one per
/// complement): bounds the time on large sets without looking at a clock, so that results repeat.
const TIDY_WORK: (usize, usize) = (50_000, 60);
/// A program looks at about this many cells at most before it widens.
const PROGRAM: usize = 150;

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

impl Witness {
    /// How much of the move this cell takes.
    fn leans_on(&self, cell: usize) -> f64 {
        let moved = self.shift.iter().find(|(i, _)| *i == cell);
        moved.map_or(0.0, |(_, d)| (d / self.by).abs())
    }
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
    tidy(net, &mut witnesses);
    exact::improve(net);
    Ok(witnesses)
}

/// The heuristic alone, without looking back: for comparison.
pub fn first_fit(net: &mut Net) -> Result<Vec<Witness>, Unprotectable> {
    cheapest_shifts(net)
}

/// A shift by hidden cells alone; in a large set a long way round takes longer to find than it saves.
fn hidden(net: &Net, cell: usize, by: f64) -> Option<Shift> {
    if net.is_large() {
        net.hidden_shift_near(cell, by)
    } else {
        net.hidden_shift(cell, by)
    }
}

fn cheapest_shifts(net: &mut Net) -> Result<Vec<Witness>, Unprotectable> {
    let mut out = Vec::new();
    let mut answered: BTreeSet<(usize, bool)> = BTreeSet::new();
    for (cell, by) in tasks(net) {
        if answered.contains(&(cell, by > 0.0)) {
            continue;
        }
        let shift = match hidden(net, cell, by) {
            Some(s) => s,
            None => {
                let price = |i: usize| {
                    Some(if net.cells[i].hidden {
                        0.0
                    } else {
                        net.cells[i].cost
                    })
                };
                let shift = net.priced_shift(cell, by, price).ok_or(Unprotectable {
                    cell: net.global[cell],
                })?;
                for (i, _) in &shift {
                    net.cells[*i].hidden = true;
                }
                shift
            }
        };
        for (cell, by, factor) in net.answers(&shift) {
            if answered.insert((cell, by > 0.0)) {
                let shift = shift.iter().map(|&(i, d)| (i, d * factor)).collect();
                out.push(Witness { cell, by, shift });
            }
        }
        // What was asked for is answered even where a rounding error says otherwise.
        if answered.insert((cell, by > 0.0)) {
            out.push(Witness { cell, by, shift });
        }
    }
    Ok(out)
}

/// Shows complements again, dearest first, as long as everything stays protected. Only shifts that used the cell
/// need another.
fn tidy(net: &mut Net, witnesses: &mut [Witness]) {
    let mut complements = net.complements();
    complements.sort_by(|&a, &b| {
        net.cells[b]
            .cost
            .total_cmp(&net.cells[a].cost)
            .then(a.cmp(&b))
    });
    let mut users: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); net.cells.len()];
    for (w, witness) in witnesses.iter().enumerate() {
        for (i, _) in &witness.shift {
            users[*i].insert(w);
        }
    }
    let price = net.cells.iter().filter(|c| c.hidden).count().min(PROGRAM);
    let mut left = TIDY_WORK.0 + TIDY_WORK.1 * complements.len();
    for i in complements {
        if left < price {
            return;
        }
        net.cells[i].hidden = false;
        let mut renewed: Vec<(usize, Shift)> = Vec::new();
        let mut needed = false;
        // Those that lean on the cell most are the likeliest to need it.
        let mut mine: Vec<(f64, usize)> = (users[i].iter())
            .map(|&w| (witnesses[w].leans_on(i), w))
            .collect();
        mine.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, w) in mine {
            left = left.saturating_sub(price);
            match hidden(net, witnesses[w].cell, witnesses[w].by) {
                Some(s) => renewed.push((w, s)),
                None => {
                    needed = true;
                    break;
                }
            }
        }
        if needed {
            net.cells[i].hidden = true;
        } else {
            for (w, shift) in renewed {
                for (i, _) in &witnesses[w].shift {
                    users[*i].remove(&w);
                }
                for (i, _) in &shift {
                    users[*i].insert(w);
                }
                witnesses[w].shift = shift;
            }
        }
    }
}
