//! A connected set of cells, and the linear programs over it.
//!
//! A *shift* is a change of hidden cells that keeps every published number: true table and shifted table look the
//! same to the reader. A sensitive cell is protected when shifts reach far enough both ways. Shifts are looked for
//! near the cell first: one that is found there is one of the whole set too, so large sets need no large programs.

use super::simplex::Simplex;
use super::system::{Cell, Equation};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Solutions are exact to about this.
pub(super) const EPS: f64 = 1e-6;

/// How much of the neighbourhood is looked at: most cells, and most cells taken over from one equation.
type Reach = (usize, usize);
const ALL: usize = usize::MAX;
const NEAR: [Reach; 3] = [(160, 8), (1_500, 40), (ALL, ALL)];
const NEAR_HIDDEN: [Reach; 3] = [(120, 16), (1_000, ALL), (ALL, ALL)];

/// Sets with more cells than this are large. A program over all of one takes a second and is asked for thousands of times:
/// an office of 1,200 people has sets of two or three thousand cells in its second month.
const LARGE: usize = 1_000;
/// Sets with more cells than this look at short ways round before they look at all that is near.
const ROUND_ABOUT: usize = 400;
/// In large sets, where a program over everything would take minutes, what is looked at before: far, but along few cells of
/// every equation.
const FAR: [Reach; 4] = [(400, 2), (1_200, 3), (3_000, 4), (6_000, 8)];

/// Changes of cells, none of them nothing.
pub type Shift = Vec<(usize, f64)>;

/// A shift made longer or shorter, or turned round.
pub(super) fn scaled(shift: &Shift, factor: f64) -> Shift {
    shift.iter().map(|&(i, d)| (i, d * factor)).collect()
}

/// Cells by local index, with the equations among those that can move.
#[derive(Debug, Clone, Default)]
pub struct Net {
    /// Index of each cell in the system.
    pub global: Vec<usize>,
    /// The cells.
    pub cells: Vec<Cell>,
    /// Equations over local indices.
    pub equations: Vec<Equation>,
    /// Equations each cell stands in.
    pub of_cell: Vec<Vec<usize>>,
}

impl Net {
    /// Puts equations in order, each once, and notes which a cell stands in.
    pub(super) fn index(&mut self) {
        for row in &mut self.equations {
            let mut merged: BTreeMap<usize, f64> = BTreeMap::new();
            row.iter()
                .for_each(|&(c, s)| *merged.entry(c).or_default() += s);
            *row = merged.into_iter().filter(|(_, s)| *s != 0.0).collect();
        }
        self.equations.retain(|row| !row.is_empty());
        self.equations.sort_by(|a, b| {
            let key = |e: &Equation| e.iter().map(|&(c, s)| (c, s as i8)).collect::<Vec<_>>();
            key(a).cmp(&key(b))
        });
        self.equations.dedup();
        self.of_cell = vec![Vec::new(); self.cells.len()];
        for (e, row) in self.equations.iter().enumerate() {
            for &(c, _) in row {
                self.of_cell[c].push(e);
            }
        }
    }

    pub(super) fn sign(&self, row: usize, cell: usize) -> f64 {
        let row = &self.equations[row];
        let found = row.binary_search_by_key(&cell, |&(c, _)| c);
        found.map_or(0.0, |k| row[k].1)
    }

    /// A shift by hidden cells alone that moves `target` by `by`; `without` is taken for shown.
    pub fn hidden_shift(&self, target: usize, by: f64, without: Option<usize>) -> Option<Shift> {
        self.hidden_within(target, by, without, &NEAR_HIDDEN)
    }

    /// The same among what is near alone.
    pub fn hidden_shift_near(
        &self,
        target: usize,
        by: f64,
        without: Option<usize>,
    ) -> Option<Shift> {
        self.hidden_within(target, by, without, &NEAR_HIDDEN[..1])
    }

    fn hidden_within(
        &self,
        target: usize,
        by: f64,
        without: Option<usize>,
        reaches: &[Reach],
    ) -> Option<Shift> {
        let walked = self.hidden_walk(target, by, without);
        walked.or_else(|| self.programs(target, by, &self.of_hidden(without), reaches))
    }

    /// The same as far as it is found without a program: most of those that exist, and at once.
    pub fn hidden_walk(&self, target: usize, by: f64, without: Option<usize>) -> Option<Shift> {
        self.walk(target, by, &self.of_hidden(without))
    }

    fn of_hidden(&self, without: Option<usize>) -> impl Fn(usize) -> Option<f64> {
        move |i| (self.cells[i].hidden && Some(i) != without).then_some(0.0)
    }

    /// A shift that moves `target` by `by` where cells have prices; one without a price cannot move. The cheapest among
    /// what is near; in a large set the cheapest of a few ways.
    pub fn priced_shift(
        &self,
        target: usize,
        by: f64,
        price: impl Fn(usize) -> Option<f64>,
    ) -> Option<Shift> {
        if self.is_large()
            && let Some(found) = self.cheapest_walk(target, by, &price)
        {
            return Some(found);
        }
        if self.cells.len() > ROUND_ABOUT
            && let Some(found) =
                self.among(target, by, &price, self.round_about(target, by, &price))
        {
            return Some(found);
        }
        self.programs(target, by, &price, &NEAR)
    }

    /// What needs no search: no move at all, or one that would take the target below nothing.
    pub(super) fn at_once(&self, target: usize, by: f64) -> Option<Option<Shift>> {
        if by == 0.0 {
            return Some(Some(Shift::new()));
        }
        (by < self.cells[target].floor() - EPS).then_some(None)
    }

    /// The cheapest shift among some cells, the target first.
    pub(super) fn among(
        &self,
        target: usize,
        by: f64,
        price: &impl Fn(usize) -> Option<f64>,
        members: Vec<usize>,
    ) -> Option<Shift> {
        if let Some(known) = self.at_once(target, by) {
            return known;
        }
        self.solve(target, by, price, &self.peel(target, members)?)
    }

    /// Looks among what is near, then further off.
    fn programs(
        &self,
        target: usize,
        by: f64,
        price: &impl Fn(usize) -> Option<f64>,
        reaches: &[Reach],
    ) -> Option<Shift> {
        let (last, before) = reaches.split_last()?;
        let far: &[Reach] = if self.is_large() && *last == (ALL, ALL) {
            &FAR
        } else {
            &[]
        };
        let mut asked = false;
        for &reach in before.iter().chain(far).chain([last]) {
            let (members, whole) = self.near(target, price, reach);
            let found = self.among(target, by, price, members);
            if found.is_some() || whole {
                return found;
            }
            // What is not found near is mostly forbidden by what stands near; a large program would take long to say so.
            if !asked && self.is_immovable(target, by, &|i| price(i).is_some()) {
                return None;
            }
            asked = true;
        }
        None
    }

    /// Whether the set is so large that long ways round are not looked for.
    pub fn is_large(&self) -> bool {
        self.cells.len() > LARGE
    }

    /// Hidden cells that can move at all: what is left of them can be worked out by subtraction, one sum after another.
    pub fn movable(&self) -> Vec<usize> {
        let hidden = (0..self.cells.len()).filter(|&i| self.cells[i].hidden);
        let left = self.peel(ALL, hidden.collect());
        left.unwrap_or_default()
    }

    /// Cells that can move, nearest first, and whether they are all that hang together with the target.
    fn near(
        &self,
        target: usize,
        price: &impl Fn(usize) -> Option<f64>,
        (most, wide): Reach,
    ) -> (Vec<usize>, bool) {
        let mut whole = true;
        let mut inside: BTreeMap<usize, ()> = BTreeMap::from([(target, ())]);
        let mut seen_rows: BTreeMap<usize, ()> = BTreeMap::new();
        let mut out = vec![target];
        let mut queue = VecDeque::from([target]);
        'all: while let Some(c) = queue.pop_front() {
            for &e in &self.of_cell[c] {
                if seen_rows.insert(e, ()).is_some() {
                    continue;
                }
                let mut more: Vec<(f64, usize)> = self.equations[e]
                    .iter()
                    .filter(|(i, _)| !inside.contains_key(i))
                    .filter_map(|&(i, _)| Some((price(i)?, i)))
                    .collect();
                if more.len() > wide {
                    whole = false;
                    more.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                    more.truncate(wide);
                }
                for (_, i) in more {
                    if out.len() >= most {
                        whole = false;
                        break 'all;
                    }
                    inside.insert(i, ());
                    out.push(i);
                    queue.push_back(i);
                }
            }
        }
        (out, whole)
    }

    /// Leaves out cells that cannot move because they stand alone in an equation; `None` when the target is one.
    fn peel(&self, target: usize, members: Vec<usize>) -> Option<Vec<usize>> {
        let mut alive: FxHashMap<usize, bool> = members.iter().map(|&i| (i, true)).collect();
        let mut count: FxHashMap<usize, usize> = FxHashMap::default();
        for &i in &members {
            for &e in &self.of_cell[i] {
                *count.entry(e).or_default() += 1;
            }
        }
        let mut alone: Vec<usize> = count
            .iter()
            .filter(|(_, n)| **n == 1)
            .map(|(e, _)| *e)
            .collect();
        while let Some(e) = alone.pop() {
            let Some(&(c, _)) = self.equations[e]
                .iter()
                .find(|(c, _)| alive.get(c) == Some(&true))
            else {
                continue;
            };
            if c == target {
                return None;
            }
            alive.insert(c, false);
            for &other in &self.of_cell[c] {
                if let Some(n) = count.get_mut(&other) {
                    *n -= 1;
                    if *n == 1 {
                        alone.push(other);
                    }
                }
            }
        }
        Some(members.into_iter().filter(|i| alive[i]).collect())
    }

    fn solve(
        &self,
        target: usize,
        by: f64,
        price: &impl Fn(usize) -> Option<f64>,
        members: &[usize],
    ) -> Option<Shift> {
        let members: Vec<(usize, f64)> = (members.iter())
            .filter_map(|&i| Some((i, if i == target { 0.0 } else { price(i)? })))
            .collect();
        let (cells, prices): (Vec<usize>, Vec<f64>) = members.into_iter().unzip();
        let at = cells.iter().position(|&i| i == target)?;
        let equations = self.among_cells(&cells);
        if !Simplex::fits(cells.len(), equations.iter()) {
            return self.solve_sparse(target, by, &cells, &prices, &equations);
        }
        let bounds = cells.iter().map(|&i| {
            if i == target {
                (by.min(0.0).max(self.cells[i].floor()), by.max(0.0))
            } else {
                (self.cells[i].floor(), f64::INFINITY)
            }
        });
        let mut program = Simplex::new(bounds.collect(), &equations);
        program.cheapest(at, by, &prices)?;
        let moved = program.changes().filter(|(_, d)| d.abs() > EPS);
        Some(moved.map(|(k, d)| (cells[k], d)).collect())
    }

    /// The same by a solver that keeps no table, for the largest sets.
    fn solve_sparse(
        &self,
        target: usize,
        by: f64,
        cells: &[usize],
        prices: &[f64],
        equations: &[Equation],
    ) -> Option<Shift> {
        let mut p = Problem::new(OptimizationDirection::Minimize);
        // Each movable cell has one variable (free) or two (priced: up and down).
        let mut vars: Vec<Vec<(Variable, f64)>> = Vec::with_capacity(cells.len());
        for (&i, &price) in cells.iter().zip(prices) {
            let floor = self.cells[i].floor();
            vars.push(if i == target {
                vec![(p.add_var(0.0, (by, by)), 1.0)]
            } else if price == 0.0 {
                vec![(p.add_var(0.0, (floor, f64::INFINITY)), 1.0)]
            } else {
                vec![
                    (p.add_var(price, (0.0, f64::INFINITY)), 1.0),
                    (p.add_var(price, (0.0, -floor)), -1.0),
                ]
            });
        }
        for equation in equations {
            let mut row = LinearExpr::empty();
            for &(c, s) in equation {
                vars[c].iter().for_each(|&(v, sign)| row.add(v, s * sign));
            }
            p.add_constraint(row, ComparisonOp::Eq, 0.0);
        }
        let solution = p.solve().ok()?.into_solution().ok()?;
        let of = |vars: &Vec<(Variable, f64)>| -> f64 {
            vars.iter()
                .map(|&(v, sign)| sign * solution.var_value(v))
                .sum()
        };
        let moved = cells.iter().zip(&vars).map(|(&i, vars)| (i, of(vars)));
        Some(moved.filter(|(_, d)| d.abs() > EPS).collect())
    }

    /// The equations that cells stand in, as far as they are among them, by their places in the list.
    pub(super) fn among_cells(&self, cells: &[usize]) -> Vec<Equation> {
        let place: FxHashMap<usize, usize> =
            cells.iter().enumerate().map(|(k, &i)| (i, k)).collect();
        let rows: BTreeSet<usize> = (cells.iter())
            .flat_map(|&i| self.of_cell[i].iter().copied())
            .collect();
        let row = |e: usize| -> Equation {
            let terms = self.equations[e].iter();
            terms
                .filter_map(|&(i, s)| Some((*place.get(&i)?, s)))
                .collect()
        };
        rows.into_iter().map(row).collect()
    }

    /// Every sensitive cell that a shift, made longer or shorter or turned round, moves far enough, with by how much and
    /// the shift's factor: one shift answers for many cells.
    pub fn answers(&self, shift: &Shift) -> Vec<(usize, f64, f64)> {
        let mut out = Vec::new();
        for sign in [1.0, -1.0] {
            // As far as no cell falls below nothing.
            let falls = shift.iter().filter(|(_, d)| sign * d < 0.0);
            let longest = falls
                .map(|&(i, d)| self.cells[i].floor() / (sign * d))
                .fold(f64::INFINITY, f64::min);
            for &(i, d) in shift {
                let (c, d) = (&self.cells[i], sign * d);
                let by = if d > 0.0 { c.need_up } else { -c.need_down };
                let factor = by / d;
                if c.is_sensitive() && by != 0.0 && factor <= longest {
                    out.push((i, by, sign * factor));
                }
            }
        }
        out
    }

    /// The shifts a found one holds for sensitive cells: how far each must move, and how everything moves with it. The move
    /// that was asked for is among them even where a rounding error says otherwise.
    pub fn served(&self, target: usize, by: f64, shift: Shift) -> Vec<(usize, f64, Shift)> {
        let answers = self.answers(&shift);
        let mut out: Vec<(usize, f64, Shift)> = (answers.into_iter())
            .map(|(cell, by, factor)| (cell, by, scaled(&shift, factor)))
            .collect();
        let asked = |x: &(usize, f64, Shift)| x.0 == target && (x.1 > 0.0) == (by > 0.0);
        if !out.iter().any(asked) {
            out.push((target, by, shift));
        }
        out
    }

    /// Whether a shift keeps every equation and no cell falls below nothing: worked out afresh, without the solver.
    pub fn holds(&self, shift: &Shift) -> bool {
        let mut rows: BTreeMap<usize, f64> = BTreeMap::new();
        for &(i, d) in shift {
            if !self.cells[i].hidden || d < self.cells[i].floor() - 1e-5 {
                return false;
            }
            for &e in &self.of_cell[i] {
                *rows.entry(e).or_default() += d * self.sign(e, i);
            }
        }
        rows.values().all(|x| x.abs() < 1e-4)
    }

    /// Local indices of what must be protected, the largest first: their complements serve the others.
    pub fn sensitive(&self) -> Vec<usize> {
        let mut p: Vec<usize> = (0..self.cells.len())
            .filter(|&i| self.cells[i].is_sensitive())
            .collect();
        p.sort_by(|&a, &b| {
            let (x, y) = (&self.cells[a], &self.cells[b]);
            y.value.total_cmp(&x.value).then(a.cmp(&b))
        });
        p
    }

    /// Cells hidden for the sake of others, and shown again if they are not needed.
    pub fn complements(&self) -> Vec<usize> {
        (0..self.cells.len())
            .filter(|&i| {
                let c = &self.cells[i];
                c.hidden && !c.primary && !c.latent && !c.kept
            })
            .collect()
    }
}
