//! Counts and the equations among them: the whole of what disclosure control reasons about. Knows no figure.
//!
//! A table, however many ways it has, is cells and sums; linked tables share cells. A count that a reader can form
//! without its being printed (those of a group who are *not* in a numerator, the province without the city) is a
//! cell of its own that no report shows.

use std::collections::BTreeMap;

/// Cells this dear are hidden for others only where nothing else helps.
pub(super) const ESSENTIAL: f64 = 1e5;

/// One count.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// Its true value.
    pub value: f64,
    /// How far below its true value the reader must think it possible (0 for a cell that is not sensitive).
    pub need_down: f64,
    /// How far above.
    pub need_up: f64,
    /// What hiding it loses; only shown cells are ever weighed.
    pub cost: f64,
    /// Hidden for its own sake.
    pub primary: bool,
    /// Hidden at all.
    pub hidden: bool,
    /// The reader knows it from an earlier month: hiding it protects nothing.
    pub fixed: bool,
    /// No report shows it: the reader never knows it, and hiding it costs nothing.
    pub latent: bool,
    /// It may lie below zero (a balancing item).
    pub signed: bool,
    /// It was hidden in an earlier issue, or under a lower threshold: it stays hidden.
    pub kept: bool,
    /// Earlier issues have given it away: nothing protects it any more.
    pub lost: bool,
    /// A figure has said what hiding it loses.
    pub priced: bool,
    /// The threshold below which it is small; 0 where none is set.
    pub limit: f64,
    /// How far above it anybody can think it, where its whole is known.
    pub most_up: Option<f64>,
    /// How far below it anybody can think it, where it is known to be more than another hidden one.
    pub most_down: Option<f64>,
    /// How far below and above it must be able to lie whatever the threshold; `None` where only the threshold counts.
    pub guard: Option<(f64, f64)>,
}

impl Cell {
    /// A cell that is shown unless something needs it hidden; its cost is its count, a zero costs one.
    pub fn shown(value: f64) -> Cell {
        Cell {
            value,
            cost: value.abs().max(1.0),
            ..Cell::default()
        }
    }

    /// A count no report shows.
    pub fn latent(value: f64) -> Cell {
        Cell {
            value,
            hidden: true,
            latent: true,
            ..Cell::default()
        }
    }

    /// Hides it for its own sake: the reader must think both nothing and the threshold possible.
    pub fn protect(&mut self, threshold: f64) {
        if self.value < threshold {
            self.limit = self.limit.max(threshold);
            self.settle(f64::INFINITY);
        } else {
            self.keep_apart(threshold, 0.0);
        }
    }

    /// Hides it for its own sake whatever the threshold: it must be able to lie so far below and above its value.
    pub fn keep_apart(&mut self, down: f64, up: f64) {
        let (d, u) = self.guard.unwrap_or_default();
        self.guard = Some((d.max(down), u.max(up)));
        self.settle(f64::INFINITY);
    }

    /// What must be possible of it where no threshold is above `level`.
    pub fn settle(&mut self, level: f64) {
        let limit = self.limit.min(level);
        let small = self.value < limit;
        let (down, up) = self.guard.unwrap_or_default();
        self.primary = small || self.guard.is_some();
        self.hidden |= self.primary;
        let of_small = |x: f64| if small { x } else { 0.0 };
        (self.need_down, self.need_up) = if self.lost {
            (0.0, 0.0)
        } else {
            (
                down.max(of_small(self.value.min(limit).max(0.0)))
                    .min(self.most_down.unwrap_or(f64::INFINITY)),
                up.max(of_small(limit - self.value))
                    .min(self.most_up.unwrap_or(f64::INFINITY)),
            )
        };
    }

    /// Whether there is something to protect.
    pub fn is_sensitive(&self) -> bool {
        self.primary && (self.need_down > 0.0 || self.need_up > 0.0)
    }

    /// The lowest value a reader can think of.
    pub(super) fn floor(&self) -> f64 {
        if self.signed {
            f64::NEG_INFINITY
        } else {
            -self.value
        }
    }
}

/// `Σ sign · cell = 0`: most are sums, with −1 for the sum and +1 for its parts.
pub type Equation = Vec<(usize, f64)>;

/// Cells and the equations every reader can write down.
#[derive(Debug, Clone, Default)]
pub struct System {
    /// Cells.
    pub cells: Vec<Cell>,
    /// Equations that hold among the true values.
    pub equations: Vec<Equation>,
    /// What a whole holds besides a part, and no report shows: one cell, however many relations speak of it.
    rests: BTreeMap<(usize, usize), usize>,
}

impl System {
    /// Adds a cell.
    pub fn add(&mut self, cell: Cell) -> usize {
        self.cells.push(cell);
        self.cells.len() - 1
    }

    /// Adds `sum = Σ parts`.
    pub fn sum(&mut self, sum: usize, parts: impl IntoIterator<Item = usize>) {
        let mut row: Equation = vec![(sum, -1.0)];
        row.extend(parts.into_iter().map(|p| (p, 1.0)));
        self.equations.push(row);
    }

    /// `whole = part + rest`, where no report shows the rest; nothing when it would be negative.
    pub(super) fn rest(&mut self, whole: usize, part: usize) -> Option<usize> {
        if whole == part {
            return None;
        }
        if let Some(&rest) = self.rests.get(&(whole, part)) {
            return Some(rest);
        }
        let value = self.cells[whole].value - self.cells[part].value;
        if value < 0.0 {
            return None;
        }
        let rest = self.add(Cell::latent(value));
        self.sum(whole, [part, rest]);
        self.rests.insert((whole, part), rest);
        Some(rest)
    }

    /// Protects what two counts leave between them where that is few people, and the readers do not know both.
    pub(super) fn protect_few(&mut self, rest: usize, [whole, part]: [usize; 2], limit: f64) {
        let known = self.cells[whole].fixed && self.cells[part].fixed;
        let cell = &mut self.cells[rest];
        if cell.value > 0.0 && cell.value < limit && !known {
            cell.protect(limit);
        }
    }

    /// Whether an equation holds among the true values; one that does not would mislead the reader, not help him.
    pub fn holds(&self, row: &Equation) -> bool {
        let sum: f64 = row.iter().map(|&(c, s)| s * self.cells[c].value).sum();
        sum.abs() < 1e-4
    }
}
