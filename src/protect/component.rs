//! A set of cells tied together by equations and bounds, and the linear programs over it.
//!
//! A *shift* is a change of the hidden cells that keeps every published number: as many true tables as there
//! are shifts look the same to the reader. A hidden cell is protected when shifts reach far enough both ways.

use super::cells::{Cell, System};
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// Larger than any count here: an upper bound for how far a cell may move.
const FAR: f64 = 1e7;
/// Solutions are exact to about this.
const EPS: f64 = 1e-6;

/// Cells by local index, with the equations and bounds among them.
#[derive(Debug, Clone, Default)]
pub struct Component {
    /// Index of each cell in the system.
    pub global: Vec<usize>,
    /// The cells.
    pub cells: Vec<Cell>,
    /// `sum = Σ parts`, local indices.
    pub equations: Vec<(usize, Vec<usize>)>,
    /// `a ≤ b`, local indices.
    pub at_most: Vec<(usize, usize)>,
}

/// Splits a system into its connected components; only those with a primary cell come out.
pub fn split(system: &System) -> Vec<Component> {
    let n = system.cells.len();
    let mut root: Vec<usize> = (0..n).collect();
    fn find(root: &mut [usize], mut i: usize) -> usize {
        while root[i] != i {
            root[i] = root[root[i]];
            i = root[i];
        }
        i
    }
    let mut join = |a: usize, b: usize| {
        let (x, y) = (find(&mut root, a), find(&mut root, b));
        root[x.max(y)] = x.min(y);
    };
    for (sum, parts) in &system.equations {
        parts.iter().for_each(|&p| join(*sum, p));
    }
    system.at_most.iter().for_each(|&(a, b)| join(a, b));
    let roots: Vec<usize> = (0..n).map(|i| find(&mut root, i)).collect();

    let mut wanted = vec![false; n];
    (0..n)
        .filter(|&i| system.cells[i].primary)
        .for_each(|i| wanted[roots[i]] = true);
    let mut number = vec![usize::MAX; n];
    let mut local = vec![usize::MAX; n];
    let mut out: Vec<Component> = Vec::new();
    for i in 0..n {
        if !wanted[roots[i]] {
            continue;
        }
        if number[roots[i]] == usize::MAX {
            number[roots[i]] = out.len();
            out.push(Component::default());
        }
        let c = &mut out[number[roots[i]]];
        local[i] = c.cells.len();
        c.global.push(i);
        c.cells.push(system.cells[i].clone());
    }
    for (sum, parts) in &system.equations {
        if local[*sum] != usize::MAX {
            let parts = parts.iter().map(|&p| local[p]).collect();
            out[number[roots[*sum]]]
                .equations
                .push((local[*sum], parts));
        }
    }
    for &(a, b) in &system.at_most {
        if local[a] != usize::MAX {
            out[number[roots[a]]].at_most.push((local[a], local[b]));
        }
    }
    out
}

impl Component {
    /// How far below its true value a primary cell must be able to lie: down to nothing (DOMAIN.md 2.5), or by a
    /// threshold for a large cell hidden because a whole group falls into it.
    pub fn need_down(&self, cell: usize) -> f64 {
        let c = &self.cells[cell];
        c.value.min(c.threshold)
    }

    /// How far above: up to the threshold.
    pub fn need_up(&self, cell: usize) -> f64 {
        let c = &self.cells[cell];
        (c.threshold - c.value).max(0.0)
    }

    /// The cheapest shift that moves `target` by `by`, using cells with a price; a free cell has price 0.
    /// `None` when no shift does.
    pub fn shift(
        &self,
        target: usize,
        by: f64,
        price: impl Fn(usize) -> Option<f64>,
    ) -> Option<Vec<f64>> {
        if by == 0.0 {
            return Some(vec![0.0; self.cells.len()]);
        }
        let mut p = Problem::new(OptimizationDirection::Minimize);
        // Each movable cell has one variable (free) or two (priced: up and down).
        let mut vars: Vec<Vec<(Variable, f64)>> = vec![Vec::new(); self.cells.len()];
        for (i, c) in self.cells.iter().enumerate() {
            if i == target {
                vars[i].push((p.add_var(0.0, (by, by)), 1.0));
            } else if let Some(price) = price(i) {
                if price == 0.0 {
                    vars[i].push((p.add_var(0.0, (-c.value, FAR)), 1.0));
                } else {
                    vars[i].push((p.add_var(price, (0.0, FAR)), 1.0));
                    if c.value > 0.0 {
                        vars[i].push((p.add_var(price, (0.0, c.value)), -1.0));
                    }
                }
            }
        }
        if !self.constrain(&mut p, &vars) {
            return None;
        }
        let solution = p.solve().ok()?.into_solution().ok()?;
        Some(
            vars.iter()
                .map(|v| v.iter().map(|(x, s)| s * solution.var_value(*x)).sum())
                .collect(),
        )
    }

    /// Lowest and highest value of a hidden cell that agree with everything published: what an intruder can
    /// derive by linear programming. The high end is `INFINITY` when nothing bounds it.
    pub fn interval(&self, target: usize) -> Option<(f64, f64)> {
        let mut ends = [0.0; 2];
        for (end, direction) in [
            OptimizationDirection::Minimize,
            OptimizationDirection::Maximize,
        ]
        .into_iter()
        .enumerate()
        {
            let mut p = Problem::new(direction);
            let mut vars: Vec<Vec<(Variable, f64)>> = vec![Vec::new(); self.cells.len()];
            for (i, c) in self.cells.iter().enumerate().filter(|(_, c)| c.hidden) {
                let price = if i == target { 1.0 } else { 0.0 };
                vars[i].push((p.add_var(price, (-c.value, FAR)), 1.0));
            }
            self.constrain(&mut p, &vars);
            let solution = p.solve().ok()?.into_solution().ok()?;
            let x = self.cells[target].value
                + vars[target]
                    .first()
                    .map_or(0.0, |(v, _)| solution.var_value(*v));
            ends[end] = if x > FAR / 2.0 { f64::INFINITY } else { x };
        }
        Some((ends[0], ends[1]))
    }

    /// Adds equations and bounds; `false` when one cannot hold.
    fn constrain(&self, p: &mut Problem, vars: &[Vec<(Variable, f64)>]) -> bool {
        for (sum, parts) in &self.equations {
            let mut row: Vec<(Variable, f64)> = vars[*sum].iter().map(|&(v, s)| (v, -s)).collect();
            for &i in parts {
                row.extend(vars[i].iter().copied());
            }
            if !row.is_empty() {
                p.add_constraint(row, ComparisonOp::Eq, 0.0);
            }
        }
        for &(a, b) in &self.at_most {
            let mut row: Vec<(Variable, f64)> = vars[a].to_vec();
            row.extend(vars[b].iter().map(|&(v, s)| (v, -s)));
            if !row.is_empty() {
                p.add_constraint(
                    row,
                    ComparisonOp::Le,
                    self.cells[b].value - self.cells[a].value,
                );
            }
        }
        true
    }

    /// Whether a primary cell is protected by the cells hidden now, both ways.
    pub fn is_protected(&self, cell: usize) -> bool {
        let free = |i: usize| self.cells[i].hidden.then_some(0.0);
        self.shift(cell, -self.need_down(cell), free).is_some()
            && self.shift(cell, self.need_up(cell), free).is_some()
    }

    /// What hiding a cell loses: its count (a zero loses the knowledge that nobody is there).
    pub fn cost(&self, cell: usize) -> f64 {
        self.cells[cell].value.max(1.0)
    }

    /// Cells a shift uses.
    pub fn moved(shift: &[f64]) -> impl Iterator<Item = usize> {
        shift
            .iter()
            .enumerate()
            .filter(|(_, d)| d.abs() > EPS)
            .map(|(i, _)| i)
    }
}
