//! Proofs that a cell cannot move, from few equations: what is given away is mostly given away by what stands near.
//!
//! Equations wholly among some cells are fewer than all there are, so a move they forbid is forbidden. A program over them is
//! small; one over a whole set that has no solution is the longest there is.

use super::net::Net;
use microlp::{ComparisonOp, Error, LinearExpr, OptimizationDirection, Problem};
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
        let mut p = Problem::new(OptimizationDirection::Minimize);
        let variables: FxHashMap<usize, _> = (cells.iter())
            .map(|&i| {
                let bounds = if i == target {
                    (by, by)
                } else {
                    (self.cells[i].floor(), f64::INFINITY)
                };
                (i, p.add_var(0.0, bounds))
            })
            .collect();
        for &e in rows {
            let mut row = LinearExpr::empty();
            for &(i, sign) in &self.equations[e] {
                if let Some(&v) = variables.get(&i) {
                    row.add(v, sign);
                }
            }
            p.add_constraint(row, ComparisonOp::Eq, 0.0);
        }
        matches!(p.solve(), Err(Error::Infeasible))
    }
}
