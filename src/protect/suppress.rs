//! Complementary suppression: which further cells to hide so that no sensitive cell can be derived.
//!
//! For each sensitive cell and each direction the cheapest shift that moves it far enough is found by linear
//! programming (Kelly, Golden and Assad, Networks 22, 1992); the cells it moves are hidden, and hidden cells are free
//! for the next. Afterwards cells that turned out to be unnecessary are shown again, dearest first. Small sets are then
//! solved exactly (`exact`).

use super::net::{Net, Shift};
use super::search::Search;
use super::system::ESSENTIAL;
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

/// What is done with a sensitive cell that not even hiding everything else protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hopeless {
    /// The whole issue is refused: none of it is published.
    Refused,
    /// Earlier issues have given it away: it is marked as lost, and the others are protected.
    Lost,
}

/// Hides complements in a set until every sensitive cell is protected. Comes with the shifts that showed it, those at
/// least that were not found again since.
pub fn complete(net: &mut Net, hopeless: Hopeless) -> Result<Vec<Witness>, Unprotectable> {
    let mut witnesses = cheapest_shifts(net, hopeless)?;
    tidy::tidy(net, &mut witnesses);
    exact::improve(net);
    Ok(witnesses)
}

/// The heuristic alone, without looking back: for comparison.
pub fn first_fit(net: &mut Net, hopeless: Hopeless) -> Result<Vec<Witness>, Unprotectable> {
    cheapest_shifts(net, hopeless)
}

fn cheapest_shifts(net: &mut Net, hopeless: Hopeless) -> Result<Vec<Witness>, Unprotectable> {
    let mut search = Search::new(net);
    let mut out = Vec::new();
    let mut answered: BTreeSet<(usize, bool)> = BTreeSet::new();
    for (cell, by) in tasks(net) {
        if answered.contains(&(cell, by > 0.0)) || net.cells[cell].lost {
            continue;
        }
        // In a large set the priced search finds what a program among hidden cells would, as cheaply.
        let free = if search.is_whole() {
            search.hidden(net, cell, by, None)
        } else if net.is_large() {
            net.hidden_walk(cell, by, None)
        } else {
            net.hidden_shift(cell, by, None)
        };
        let shift = match free {
            Some(s) => s,
            None => {
                let given_away = hopeless == Hopeless::Lost
                    && !search.is_whole()
                    && net.is_immovable(cell, by, &|_| true);
                let price = |i: usize| {
                    Some(if net.cells[i].hidden {
                        0.0
                    } else {
                        net.cells[i].cost
                    })
                };
                // What leaders read is hidden only where nothing else helps.
                let spared = |i: usize| price(i).filter(|p| *p < ESSENTIAL);
                let shift = if given_away {
                    None
                } else {
                    let shift = search.priced(net, cell, by, spared);
                    shift.or_else(|| search.priced(net, cell, by, price))
                };
                // Whether there is one does not depend on what is hidden by now: every cell may be moved at a price.
                let Some(shift) = shift else {
                    if hopeless == Hopeless::Refused {
                        let cell = net.global[cell];
                        return Err(Unprotectable { cell });
                    }
                    let c = &mut net.cells[cell];
                    (c.lost, c.need_down, c.need_up) = (true, 0.0, 0.0);
                    continue;
                };
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
    out.retain(|w| !net.cells[w.cell].lost);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::super::sets::split;
    use super::super::system::{Cell, System};
    use super::*;

    fn small(value: f64) -> Cell {
        let mut c = Cell::shown(value);
        c.protect(5.0);
        c
    }

    /// Two small cells that stand each beside what is known alone, tied by a sum to a third that others can protect.
    fn given_away() -> (System, [usize; 3]) {
        let mut s = System::default();
        let [a, b, c] = [2.0, 3.0, 4.0].map(|v| s.add(small(v)));
        let [d, e] = [30.0, 40.0].map(|v| s.add(Cell::shown(v)));
        let whole = s.add(Cell::shown(79.0));
        s.sum(whole, [a, b, c, d, e]);
        for (x, n) in [(a, 2.0), (b, 3.0)] {
            let known = s.add(Cell {
                fixed: true,
                ..Cell::shown(n)
            });
            s.equations.push(vec![(x, 1.0), (known, -1.0)]);
        }
        (s, [a, b, c])
    }

    #[test]
    fn cells_that_earlier_issues_gave_away_are_all_found_at_once_and_the_others_protected() {
        let (s, [a, b, c]) = given_away();
        let mut nets = split(&s);
        assert_eq!(nets.len(), 1);
        let net = &mut nets[0];
        let witnesses = complete(net, Hopeless::Lost).unwrap();
        let lost: Vec<usize> = (0..net.cells.len())
            .filter(|&i| net.cells[i].lost)
            .map(|i| net.global[i])
            .collect();
        assert_eq!(lost, [a, b]);
        assert!(witnesses.iter().all(|w| net.global[w.cell] == c));
        assert_eq!(witnesses.len(), 2, "down and up");
        assert!(witnesses.iter().all(|w| net.holds(&w.shift)));
    }

    #[test]
    fn where_nothing_was_handed_out_before_a_cell_that_cannot_be_protected_is_refused() {
        let (s, [a, b, _]) = given_away();
        let refused = complete(&mut split(&s)[0], Hopeless::Refused).unwrap_err();
        assert!([a, b].contains(&refused.cell));
    }
}
