//! Proofs that a cell cannot move, from few equations: what is given away is mostly given away by what stands near.
//!
//! Equations wholly among some cells are fewer than all there are, so a move they forbid is forbidden. A program over them is
//! small; one over a whole set that has no solution is the longest there is.

use super::net::Net;
use super::simplex::Simplex;
use super::system::Equation;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Cells looked at, first few, then more.
const CELLS: [usize; 2] = [40, 160];

impl Net {
    /// Whether a few equations near the target forbid that it moves by `by` while only cells that are `free` move with it.
    /// `false` where they do not say.
    pub(super) fn is_immovable(
        &self,
        target: usize,
        by: f64,
        free: &impl Fn(usize) -> bool,
    ) -> bool {
        let free = |i: usize| i == target || free(i);
        let mut before = 0;
        for most in CELLS {
            let (cells, rows) = self.closed_in(target, &free, most);
            if rows.len() == before {
                return false;
            }
            before = rows.len();
            if self.forbids(target, by, &cells, &rows) {
                return true;
            }
        }
        false
    }

    /// Free cells near the target and the equations of which no other free cell is part, those with the fewest new cells first.
    fn closed_in(
        &self,
        target: usize,
        free: &impl Fn(usize) -> bool,
        most: usize,
    ) -> (Vec<usize>, Vec<usize>) {
        let mut cells = vec![target];
        // Free cells of each equation at the border that are not inside yet.
        let mut missing: BTreeMap<usize, usize> = BTreeMap::new();
        let mut inside: FxHashSet<usize> = FxHashSet::from_iter([target]);
        let mut rows = Vec::new();
        let mut entered = 0;
        loop {
            for &c in &cells[entered..] {
                for &e in &self.of_cell[c] {
                    let all = || self.equations[e].iter().filter(|(i, _)| free(*i)).count();
                    *missing.entry(e).or_insert_with(all) -= 1;
                }
            }
            entered = cells.len();
            let Some((&e, &new)) = missing.iter().min_by_key(|(e, n)| (**n, **e)) else {
                break;
            };
            if cells.len() + new > most {
                break;
            }
            // An equation is taken once; what is left of it is beyond any count.
            rows.push(e);
            missing.insert(e, usize::MAX / 2);
            if new > 0 {
                for &(i, _) in self.equations[e].iter().filter(|(i, _)| free(*i)) {
                    if inside.insert(i) {
                        cells.push(i);
                    }
                }
            }
        }
        (cells, rows)
    }

    fn forbids(&self, target: usize, by: f64, cells: &[usize], rows: &[usize]) -> bool {
        let place: FxHashMap<usize, usize> =
            cells.iter().enumerate().map(|(k, &i)| (i, k)).collect();
        let bounds = cells.iter().map(|&i| {
            if i == target {
                (by.min(0.0), by.max(0.0))
            } else {
                (self.cells[i].floor(), f64::INFINITY)
            }
        });
        let row = |e: &usize| -> Equation {
            let terms = self.equations[*e].iter();
            terms
                .filter_map(|&(i, s)| Some((*place.get(&i)?, s)))
                .collect()
        };
        let rows: Vec<Equation> = rows.iter().map(row).collect();
        let mut program = Simplex::new(bounds.collect(), &rows);
        (program.reach(place[&target], by, &vec![0.0; cells.len()])).is_none()
    }
}
