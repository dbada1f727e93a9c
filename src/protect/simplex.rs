//! The simplex method for shifts: changes of some cells that keep every equation, and move one cell as far as is asked, at the
//! least price.
//!
//! Disclosure control asks thousands of such programs of ten to some hundred cells. No change at all keeps every equation,
//! so each search starts there and needs no first phase; an equation that ends in a count no report shows says what that one is,
//! and needs no elimination. Steps are Dantzig's for bounded variables; after some of no length the choice is Bland's, so that
//! every search ends.

use super::system::Equation;

/// What is smaller is nothing.
const NOTHING: f64 = 1e-9;
/// Most numbers in a table.
const MOST_NUMBERS: usize = 6_000_000;
/// Steps of no length before the choice is Bland's.
const PATIENCE: usize = 40;

/// Where a cell stands: it is a row, said by the cells of the columns, or a column.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Row(usize),
    Column(usize),
}

/// Cells with bounds, and equations solved for some of them.
#[derive(Debug, Clone)]
pub(super) struct Simplex {
    /// How far each cell may change, down and up.
    low: Vec<f64>,
    high: Vec<f64>,
    /// How far each has changed.
    change: Vec<f64>,
    place: Vec<Place>,
    /// The cell of every row and column.
    of_row: Vec<usize>,
    of_column: Vec<usize>,
    /// Row by row: the change of its cell by those of the columns.
    table: Vec<f64>,
}

/// The next step: a column, which way, how far, and the row whose cell stops it there.
struct Step {
    column: usize,
    way: f64,
    length: f64,
    stopped_by: Option<usize>,
}

impl Simplex {
    /// Whether the table of such a program is of a size that is worked with at once: a step takes less than a millisecond.
    pub(super) fn fits<'e>(cells: usize, equations: impl Iterator<Item = &'e Equation>) -> bool {
        let mut times = vec![0usize; cells];
        let (mut with_own, mut others) = (0, 0);
        let equations: Vec<&Equation> = equations.collect();
        for (c, _) in equations.iter().copied().flatten() {
            times[*c] += 1;
        }
        for row in &equations {
            let own = row.iter().any(|(c, _)| times[*c] == 1);
            *(if own { &mut with_own } else { &mut others }) += 1;
        }
        let rest = cells - with_own;
        let columns = rest.saturating_sub(others).max(rest / 4);
        others.saturating_mul(rest) <= MOST_NUMBERS
            && equations.len().saturating_mul(columns) <= MOST_NUMBERS
    }

    /// Equations over cells `0..bounds.len()`, which may change within their bounds; nothing is within all of them.
    pub(super) fn new(bounds: Vec<(f64, f64)>, equations: &[Equation]) -> Simplex {
        let n = bounds.len();
        let (low, high) = bounds.into_iter().unzip();
        let mut times = vec![0usize; n];
        for (c, _) in equations.iter().flatten() {
            times[*c] += 1;
        }
        // Equations with a cell that stands in no other are solved for it.
        let own = |row: &Equation| row.iter().copied().find(|(c, _)| times[*c] == 1);
        let mut solved = vec![false; n];
        let (mut with_own, mut others) = (Vec::new(), Vec::new());
        for row in equations {
            match own(row) {
                Some((c, s)) => {
                    solved[c] = true;
                    with_own.push((c, s, row));
                }
                None => others.push(row),
            }
        }
        let pivoted = eliminated(n, &solved, others, &times);
        pivoted.iter().for_each(|(c, _)| solved[*c] = true);
        let of_column: Vec<usize> = (0..n).filter(|&c| !solved[c]).collect();
        let width = of_column.len();
        let mut place = vec![Place::Row(0); n];
        for (k, &c) in of_column.iter().enumerate() {
            place[c] = Place::Column(k);
        }
        let mut of_row = Vec::with_capacity(pivoted.len() + with_own.len());
        let mut table = Vec::with_capacity((pivoted.len() + with_own.len()) * width);
        let mut add = |place: &mut Vec<Place>, c: usize, row: Vec<f64>| {
            place[c] = Place::Row(of_row.len());
            of_row.push(c);
            table.extend(row);
        };
        let mut rows: Vec<Option<Vec<f64>>> = vec![None; n];
        for (c, terms) in pivoted {
            let mut row = vec![0.0; width];
            for (other, s) in terms {
                if let Place::Column(k) = place[other] {
                    row[k] = s;
                }
            }
            rows[c] = Some(row.clone());
            add(&mut place, c, row);
        }
        for (c, sign, terms) in with_own {
            let mut row = vec![0.0; width];
            for &(other, s) in terms.iter().filter(|(o, _)| *o != c) {
                let s = -s / sign;
                match (&rows[other], place[other]) {
                    (Some(of), _) => row.iter_mut().zip(of).for_each(|(x, y)| *x += s * y),
                    (None, Place::Column(k)) => row[k] += s,
                    (None, Place::Row(_)) => {}
                }
            }
            add(&mut place, c, row);
        }
        Simplex {
            change: vec![0.0; n],
            low,
            high,
            place,
            of_row,
            of_column,
            table,
        }
    }

    /// How far a cell may change from now on.
    pub(super) fn set_bounds(&mut self, cell: usize, (low, high): (f64, f64)) {
        (self.low[cell], self.high[cell]) = (low, high);
    }

    /// How far a cell can change towards `by`, at most that far; the changes of all are then those of [`Simplex::changes`].
    /// Of columns that help, those with the least price are taken first.
    pub(super) fn furthest(&mut self, target: usize, by: f64, price: &[f64]) -> f64 {
        self.change.fill(0.0);
        let way = by.signum();
        let mut still = 0;
        loop {
            let left = (by - self.change[target]).abs();
            if left < NOTHING {
                return by;
            }
            let step = match self.place[target] {
                Place::Column(k) => self.step(k, way, left),
                Place::Row(r) => {
                    let Some((k, towards)) = self.towards(r, way, price, still > PATIENCE) else {
                        return self.change[target];
                    };
                    let slope = self.row(r)[k].abs();
                    self.step(k, towards, left / slope)
                }
            };
            still = if step.length < NOTHING { still + 1 } else { 0 };
            // A column that its own bound stops goes no further.
            let own = matches!(self.place[target], Place::Column(_)) && step.stopped_by.is_none();
            self.take(&step);
            if own {
                return self.change[target];
            }
        }
    }

    /// A shift that changes a cell by `by`; `None` where there is none.
    pub(super) fn reach(&mut self, target: usize, by: f64, price: &[f64]) -> Option<()> {
        ((self.furthest(target, by, price) - by).abs() < NOTHING).then_some(())
    }

    /// The same at the least price, which is that of each cell for each unit it changes.
    pub(super) fn cheapest(&mut self, target: usize, by: f64, price: &[f64]) -> Option<()> {
        self.reach(target, by, price)?;
        let (low, high) = (self.low.clone(), self.high.clone());
        self.hold(target, by);
        self.cheapen(target, price);
        (self.low, self.high) = (low, high);
        Some(())
    }

    /// The changes of all cells after the last search, as far as they are any.
    pub(super) fn changes(&self) -> impl Iterator<Item = (usize, f64)> {
        self.change.iter().copied().enumerate()
    }

    /// By how much the change of a cell grows with that of each cell that stops it, after a search for the furthest.
    pub(super) fn multipliers(&self, target: usize) -> Vec<(usize, f64)> {
        match self.place[target] {
            Place::Column(_) => vec![(target, 1.0)],
            Place::Row(r) => (self.of_column.iter().copied())
                .zip(self.row(r).iter().copied())
                .filter(|(_, d)| d.abs() > NOTHING)
                .collect(),
        }
    }

    fn row(&self, r: usize) -> &[f64] {
        let width = self.of_column.len();
        &self.table[r * width..(r + 1) * width]
    }

    /// A column whose change moves a row's cell the way that is wanted, and which way it must change.
    fn towards(&self, r: usize, way: f64, price: &[f64], first: bool) -> Option<(usize, f64)> {
        let mut best: Option<(f64, f64, usize, usize, f64)> = None;
        for (k, &d) in self.row(r).iter().enumerate() {
            if d.abs() < NOTHING {
                continue;
            }
            let c = self.of_column[k];
            let towards = way * d.signum();
            let room = if towards > 0.0 {
                self.high[c] - self.change[c]
            } else {
                self.change[c] - self.low[c]
            };
            if room < NOTHING {
                continue;
            }
            let rank = if first {
                (0.0, 0.0, c, k, towards)
            } else {
                (price[c], -d.abs(), c, k, towards)
            };
            let less = |b: &(f64, f64, usize, usize, f64)| {
                (rank.0.total_cmp(&b.0))
                    .then(rank.1.total_cmp(&b.1))
                    .then(rank.2.cmp(&b.2))
                    .is_lt()
            };
            if best.as_ref().is_none_or(less) {
                best = Some(rank);
            }
        }
        best.map(|(.., k, towards)| (k, towards))
    }

    /// How far a column can change one way, at most `most`, and what stops it.
    fn step(&self, column: usize, way: f64, most: f64) -> Step {
        let c = self.of_column[column];
        let room = |c: usize, way: f64| {
            let room = if way > 0.0 {
                self.high[c] - self.change[c]
            } else {
                self.change[c] - self.low[c]
            };
            room.max(0.0)
        };
        let mut out = Step {
            column,
            way,
            length: room(c, way).min(most),
            stopped_by: None,
        };
        let width = self.of_column.len();
        let mut slope = 0.0f64;
        let mut cell = usize::MAX;
        for (r, &other) in self.of_row.iter().enumerate() {
            let d = self.table[r * width + column] * way;
            if d.abs() < NOTHING {
                continue;
            }
            let length = room(other, d) / d.abs();
            // Of rows that stop it at once the steepest, then the first cell.
            let nearer = length < out.length - NOTHING;
            let alike = out.stopped_by.is_some()
                && length < out.length + NOTHING
                && (d.abs() > slope + NOTHING || (d.abs() > slope - NOTHING && other < cell));
            if nearer || alike {
                out.length = length.min(out.length);
                out.stopped_by = Some(r);
                (slope, cell) = (d.abs(), other);
            }
        }
        out
    }

    /// Takes a step; the cell that stops it becomes the column.
    fn take(&mut self, step: &Step) {
        let by = step.way * step.length;
        let width = self.of_column.len();
        if step.length > 0.0 {
            self.change[self.of_column[step.column]] += by;
            for (r, &c) in self.of_row.iter().enumerate() {
                self.change[c] += by * self.table[r * width + step.column];
            }
        }
        if let Some(r) = step.stopped_by {
            // Exactly at its bound, whatever was rounded.
            let c = self.of_row[r];
            let down = self.table[r * width + step.column] * step.way < 0.0;
            self.change[c] = if down { self.low[c] } else { self.high[c] };
            self.pivot(r, step.column);
        }
    }

    /// Solves a row for the cell of a column: the two change places.
    fn pivot(&mut self, r: usize, k: usize) {
        let width = self.of_column.len();
        let mut row: Vec<f64> = self.row(r).to_vec();
        let by = 1.0 / row[k];
        row[k] = -1.0;
        row.iter_mut().for_each(|x| *x *= -by);
        let filled: Vec<usize> = (0..width).filter(|&l| row[l] != 0.0).collect();
        let few = filled.len() * 4 < width;
        for other in (0..self.of_row.len()).filter(|&o| o != r) {
            let of = &mut self.table[other * width..(other + 1) * width];
            let times = of[k];
            if times == 0.0 {
                continue;
            }
            of[k] = 0.0;
            let mut add = |l: usize| {
                let x = of[l] + times * row[l];
                of[l] = if x.abs() < 1e-11 { 0.0 } else { x };
            };
            if few {
                filled.iter().for_each(|&l| add(l));
            } else {
                (0..width).for_each(add);
            }
        }
        self.table[r * width..(r + 1) * width].copy_from_slice(&row);
        let (c, d) = (self.of_row[r], self.of_column[k]);
        (self.of_row[r], self.of_column[k]) = (d, c);
        (self.place[d], self.place[c]) = (Place::Row(r), Place::Column(k));
    }

    /// Makes a cell a column that changes no more.
    fn hold(&mut self, target: usize, by: f64) {
        (self.low[target], self.high[target]) = (by, by);
        if let Place::Row(r) = self.place[target] {
            // One that lies between its bounds, if there is any: it came to stand there last.
            let between = |c: usize| {
                self.change[c].abs() > NOTHING
                    && self.change[c] > self.low[c] + NOTHING
                    && self.change[c] < self.high[c] - NOTHING
            };
            let row = self.row(r);
            let best = (0..row.len())
                .filter(|&k| row[k].abs() > NOTHING)
                .max_by(|&a, &b| {
                    let of = |k: usize| (between(self.of_column[k]), row[k].abs());
                    let (x, y) = (of(a), of(b));
                    x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)).then(b.cmp(&a))
                });
            if let Some(k) = best {
                self.pivot(r, k);
            }
        }
    }

    /// Lowers the price of the present changes until it is the least. A cell with a price stays on its side of nothing while it
    /// is a row: at nothing it becomes a column, and may go either way.
    fn cheapen(&mut self, target: usize, price: &[f64]) {
        let (low, high) = (self.low.clone(), self.high.clone());
        // Which side of nothing each cell's price counts.
        let mut side = vec![0.0; price.len()];
        let set = |this: &mut Simplex, side: &mut Vec<f64>, c: usize, way: f64| {
            if price[c] == 0.0 || c == target {
                (this.low[c], this.high[c]) = (low[c], high[c]);
            } else if way > 0.0 {
                (this.low[c], this.high[c], side[c]) = (0.0, high[c], price[c]);
            } else {
                (this.low[c], this.high[c], side[c]) = (low[c], 0.0, -price[c]);
            }
        };
        for c in 0..price.len() {
            if self.change[c].abs() < NOTHING {
                self.change[c] = 0.0;
            }
            let way = if self.change[c] < 0.0 { -1.0 } else { 1.0 };
            set(self, &mut side, c, way);
        }
        let scale = price.iter().copied().fold(1.0, f64::max);
        let width = self.of_column.len();
        let mut still = 0;
        let mut slopes = vec![0.0; width];
        loop {
            slopes.fill(0.0);
            for (r, &c) in self.of_row.iter().enumerate() {
                if price[c] > 0.0 {
                    let by = side[c];
                    let row = &self.table[r * width..(r + 1) * width];
                    slopes.iter_mut().zip(row).for_each(|(s, x)| *s += by * x);
                }
            }
            let mut best: Option<(f64, usize, usize, f64)> = None;
            for (k, &c) in self
                .of_column
                .iter()
                .enumerate()
                .filter(|(_, c)| **c != target)
            {
                let at = self.change[c];
                for way in [1.0, -1.0] {
                    let room = if way > 0.0 { high[c] - at } else { at - low[c] };
                    let away = at == 0.0 || at.signum() == way;
                    let own = if away { price[c] } else { -price[c] };
                    let gain = own + way * slopes[k];
                    if room < NOTHING || gain > -NOTHING * scale {
                        continue;
                    }
                    let rank = if still > PATIENCE { 0.0 } else { gain };
                    let less = |b: &(f64, usize, usize, f64)| {
                        rank.total_cmp(&b.0).then(c.cmp(&b.1)).is_lt()
                    };
                    if best.as_ref().is_none_or(less) {
                        best = Some((rank, c, k, way));
                    }
                }
            }
            let Some((_, c, k, way)) = best else { return };
            let at = self.change[c];
            let on = if at == 0.0 { way } else { at.signum() };
            set(self, &mut side, c, on);
            let step = self.step(k, way, f64::INFINITY);
            if !step.length.is_finite() {
                return;
            }
            still = if step.length < NOTHING { still + 1 } else { 0 };
            self.take(&step);
            // What a bound of the side stopped lies there exactly.
            let ended = [c, self.of_column[k]];
            for c in ended {
                if self.change[c].abs() < NOTHING {
                    self.change[c] = 0.0;
                }
            }
        }
    }
}

/// Equations solved one after another for a cell each, by Gauss and Jordan; those that say nothing new are left out.
fn eliminated(
    n: usize,
    solved: &[bool],
    mut equations: Vec<&Equation>,
    times: &[usize],
) -> Vec<(usize, Vec<(usize, f64)>)> {
    equations.sort_by_key(|e| e.len());
    let mut number = vec![usize::MAX; n];
    let mut cells: Vec<usize> = Vec::new();
    for &(c, _) in equations.iter().copied().flatten() {
        if number[c] == usize::MAX && !solved[c] {
            number[c] = cells.len();
            cells.push(c);
        }
    }
    let width = cells.len();
    let mut rows: Vec<Vec<f64>> = (equations.iter())
        .map(|row| {
            let mut out = vec![0.0; width];
            row.iter().for_each(|&(c, s)| out[number[c]] += s);
            out
        })
        .collect();
    let mut pivots: Vec<(usize, usize)> = Vec::new();
    for r in 0..rows.len() {
        let largest = rows[r].iter().fold(0.0f64, |m, x| m.max(x.abs()));
        if largest < NOTHING {
            continue;
        }
        // Of those that are large enough the one that stands in fewest equations.
        let fit = |&k: &usize| rows[r][k].abs() > 0.3 * largest;
        let Some(k) = (0..width).filter(fit).min_by_key(|&k| times[cells[k]]) else {
            continue;
        };
        let by = 1.0 / rows[r][k];
        rows[r].iter_mut().for_each(|x| *x *= by);
        let pivot = std::mem::take(&mut rows[r]);
        let filled: Vec<usize> = (0..width).filter(|&l| pivot[l] != 0.0).collect();
        for row in rows.iter_mut().filter(|row| !row.is_empty()) {
            let times = row[k];
            if times != 0.0 {
                for &l in &filled {
                    let x = row[l] - times * pivot[l];
                    row[l] = if x.abs() < 1e-11 { 0.0 } else { x };
                }
            }
        }
        rows[r] = pivot;
        pivots.push((r, k));
    }
    let terms = |r: usize, k: usize| -> Vec<(usize, f64)> {
        let row = rows[r].iter().enumerate();
        row.filter(|(l, x)| *l != k && **x != 0.0)
            .map(|(l, x)| (cells[l], -x))
            .collect()
    };
    pivots
        .iter()
        .map(|&(r, k)| (cells[k], terms(r, k)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem};
    use proptest::prelude::*;

    /// The least price of a change of the first cell by `by`, by another solver.
    fn by_another(
        bounds: &[(f64, f64)],
        equations: &[Equation],
        by: f64,
        price: &[f64],
    ) -> Option<f64> {
        let mut p = Problem::new(OptimizationDirection::Minimize);
        let mut vars = Vec::new();
        for (i, &(low, high)) in bounds.iter().enumerate() {
            if i == 0 {
                vars.push((i, p.add_var(0.0, (by, by)), 1.0));
            } else {
                vars.push((i, p.add_var(price[i], (0.0, high)), 1.0));
                vars.push((i, p.add_var(price[i], (0.0, -low)), -1.0));
            }
        }
        for equation in equations {
            let mut row = LinearExpr::empty();
            for &(c, s) in equation {
                for (_, v, sign) in vars.iter().filter(|(i, ..)| *i == c) {
                    row.add(*v, s * sign);
                }
            }
            p.add_constraint(row, ComparisonOp::Eq, 0.0);
        }
        let solution = p.solve().ok()?.into_solution().ok()?;
        Some(solution.objective())
    }

    fn cell() -> impl Strategy<Value = (u32, u32, u32)> {
        (0u32..9, 0u32..9, 0u32..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn searches_one_after_another_find_what_another_solver_finds(
            cells in proptest::collection::vec(cell(), 4..16),
            equations in proptest::collection::vec(
                proptest::collection::vec((0usize..16, any::<bool>()), 2..6), 1..12),
            asked in proptest::collection::vec((1i32..8, any::<bool>(), any::<u16>()), 1..6),
        ) {
            let n = cells.len();
            let equations: Vec<Equation> = (equations.iter())
                .map(|row| {
                    let mut out: Equation = Vec::new();
                    for (c, plus) in row {
                        let c = c % n;
                        if out.iter().all(|(o, _)| *o != c) {
                            out.push((c, if *plus { 1.0 } else { -1.0 }));
                        }
                    }
                    out
                })
                .collect();
            let mut program = Simplex::new(vec![(0.0, 0.0); n], &equations);
            for (by, up, free) in asked {
                let by = f64::from(if up { by } else { -by });
                // Some cells cannot move, some have no end above; each search has other bounds.
                let bounds: Vec<(f64, f64)> = (cells.iter().enumerate())
                    .map(|(i, (down, up, _))| match (i, free >> i & 1) {
                        (0, _) => (by.min(0.0), by.max(0.0)),
                        (_, 1) => (-f64::from(*down), if *up > 6 { f64::INFINITY } else { f64::from(*up) }),
                        _ => (0.0, 0.0),
                    })
                    .collect();
                let mut price: Vec<f64> = cells.iter().map(|(_, _, p)| f64::from(*p)).collect();
                price[0] = 0.0;
                for (i, b) in bounds.iter().enumerate() {
                    program.set_bounds(i, *b);
                }
                let found = program.cheapest(0, by, &price);
                let other = by_another(&bounds, &equations, by, &price);
                prop_assert_eq!(found.is_some(), other.is_some());
                if found.is_none() {
                    continue;
                }
                let change: Vec<f64> = program.changes().map(|(_, d)| d).collect();
                prop_assert!((change[0] - by).abs() < 1e-6);
                for (d, (low, high)) in change.iter().zip(&bounds) {
                    prop_assert!(*d > low - 1e-6 && *d < high + 1e-6);
                }
                for equation in &equations {
                    let sum: f64 = equation.iter().map(|&(c, s)| s * change[c]).sum();
                    prop_assert!(sum.abs() < 1e-6);
                }
                let mine: f64 = change.iter().zip(&price).map(|(d, p)| d.abs() * p).sum();
                prop_assert!((mine - other.unwrap_or_default()).abs() < 1e-5);
            }
        }
    }
}
