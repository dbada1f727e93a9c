//! From figures to cells and equations: every count once, every sum and every bound the reader can form.

use super::{Known, Rules};
use crate::domain::figure::{Figure, FigureKey, Hierarchy, Shape};
use crate::domain::{Population, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Which number of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Numerator,
    Denominator,
}

/// The table a cell stands in: name of the count, what tells apart counts of that name, window.
type TableKey = (Text, Text, Population, Option<u16>);
/// Its coordinates: sorted (dimension, category) pairs.
type Coordinates = Vec<(Text, Text)>;

/// Dimensions whose categories mean the same in every month's report.
const ABSOLUTE_TIME: &[&str] = &[
    "release_month",
    "calendar_month",
    "cohort_quarter",
    "cohort_year",
    "ended_month",
];

/// One count that a reader sees or would see.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its true value.
    pub value: f64,
    /// Threshold that holds for it.
    pub threshold: f64,
    /// Hidden for its own sake: small, attribute-disclosing, or hidden in an earlier month.
    pub primary: bool,
    /// Hidden at all.
    pub hidden: bool,
    /// The reader knows it from an earlier month: hiding it protects nothing.
    pub fixed: bool,
}

/// Cells, the equations among them (the first of each is the sum of the rest) and the bounds.
#[derive(Debug, Clone, Default)]
pub struct System {
    /// Cells.
    pub cells: Vec<Cell>,
    /// `cells[sum] = Σ cells[parts]`.
    pub equations: Vec<(usize, Vec<usize>)>,
    /// `cells[a] ≤ cells[b]`: a numerator never exceeds its denominator.
    pub at_most: Vec<(usize, usize)>,
    /// Cells of each figure.
    pub of_figure: Vec<Vec<usize>>,
}

#[derive(Default)]
struct Tables {
    cells: BTreeMap<TableKey, BTreeMap<Coordinates, usize>>,
}

impl System {
    /// Builds the system of all personal figures.
    pub fn build(figures: &[Figure], rules: &Rules, known: &Known) -> System {
        let shapes: BTreeMap<&str, &Shape> = rules
            .shapes
            .iter()
            .map(|s| (s.measure.as_str(), s))
            .collect();
        let earlier = Earlier::of(known);
        let mut system = System {
            of_figure: vec![Vec::new(); figures.len()],
            ..System::default()
        };
        let mut tables = Tables::default();
        // Which tables add up; a name shared by several measures adds up when any of them says so.
        let mut additive: BTreeMap<TableKey, &Shape> = BTreeMap::new();
        for (i, f) in figures.iter().enumerate() {
            let Some(shape) = shapes.get(f.measure.as_str()).filter(|s| s.personal) else {
                continue;
            };
            let threshold = threshold(f, shape, rules);
            let mut pair = [None, None];
            for (slot, part) in [Part::Numerator, Part::Denominator].into_iter().enumerate() {
                let value = match part {
                    Part::Numerator => f.numerator,
                    Part::Denominator => f.denominator,
                };
                let Some(value) = value else { continue };
                let (cell, key) = tables.place(&mut system, f, shape, part, value, threshold);
                let adds = match part {
                    Part::Numerator => shape.numerator_adds,
                    Part::Denominator => shape.denominator_adds,
                };
                if adds {
                    additive.entry(key).or_insert(shape);
                }
                pair[slot] = Some(cell);
                system.of_figure[i].push(cell);
            }
            // Only in a share of persons is the numerator part of the denominator.
            system.judge(f, pair, shape.denominator_adds, &earlier);
        }
        for (key, cells) in &tables.cells {
            if let Some(shape) = additive.get(key) {
                add_margins(&mut system.equations, cells, shape);
                add_hierarchies(&mut system.equations, cells, rules.hierarchies);
            }
        }
        system.at_most.sort_unstable();
        system.at_most.dedup();
        system
    }

    /// Primary: small, or a whole group in one category; known or hidden before.
    fn judge(&mut self, f: &Figure, pair: [Option<usize>; 2], nested: bool, earlier: &Earlier) {
        for &c in pair.iter().flatten() {
            let cell = &mut self.cells[c];
            cell.primary |= cell.value > 0.0 && cell.value < cell.threshold;
        }
        if let [Some(k), Some(n)] = pair
            && nested
            && k != n
        {
            self.at_most.push((k, n));
            let (kv, nv) = (self.cells[k].value, self.cells[n].value);
            self.cells[k].primary |= nv > 0.0 && kv == nv;
        }
        match earlier.status(f) {
            Some(Before::Hidden) => pair
                .iter()
                .flatten()
                .for_each(|&c| self.cells[c].primary = true),
            Some(Before::Shown) => pair
                .iter()
                .flatten()
                .for_each(|&c| self.cells[c].fixed = true),
            None => {}
        }
        for &c in pair.iter().flatten() {
            let cell = &mut self.cells[c];
            cell.hidden |= cell.primary;
        }
    }
}

impl Tables {
    /// The cell of a number: counts of one name and equal value at the same coordinates are one cell.
    fn place(
        &mut self,
        system: &mut System,
        f: &Figure,
        shape: &Shape,
        part: Part,
        value: f64,
        threshold: f64,
    ) -> (usize, TableKey) {
        let (name, shared) = match part {
            Part::Numerator => (shape.numerator_is.clone(), shape.numerator_is.is_some()),
            Part::Denominator => (shape.denominator_is.clone(), shape.denominator_is.is_some()),
        };
        let at = coordinates(f);
        let name = name.unwrap_or_else(|| match part {
            Part::Numerator => f.measure.clone(),
            Part::Denominator => Text::from(format!("{}/n", f.measure)),
        });
        // Counts shown under a shared name first try the common table; a different value is another count.
        let window = f.window_months;
        let apart = Text::from(format!("{}|{}", f.measure, f.definition));
        let common = if shared || part == Part::Numerator {
            Text::default()
        } else {
            apart.clone()
        };
        for told_apart in [common, apart] {
            let key = (name.clone(), told_apart, f.population, window);
            let table = self.cells.entry(key.clone()).or_default();
            match table.get(&at) {
                Some(&c) if system.cells[c].value == value => {
                    let cell = &mut system.cells[c];
                    cell.threshold = cell.threshold.max(threshold);
                    return (c, key);
                }
                Some(_) => continue,
                None => {
                    system.cells.push(Cell {
                        value,
                        threshold,
                        primary: false,
                        hidden: false,
                        fixed: false,
                    });
                    table.insert(at, system.cells.len() - 1);
                    return (system.cells.len() - 1, key);
                }
            }
        }
        // Two rows with the same key and different values: kept apart, no equation is formed over them.
        system.cells.push(Cell {
            value,
            threshold,
            primary: false,
            hidden: false,
            fixed: false,
        });
        (
            system.cells.len() - 1,
            (Text::from("?"), Text::default(), f.population, window),
        )
    }
}

fn threshold(f: &Figure, shape: &Shape, rules: &Rules) -> f64 {
    let dims = [&f.dim1, &f.dim2];
    let child = dims.iter().any(|(d, c)| {
        matches!(
            (d.as_str(), c.as_str()),
            ("upt", "lpka-ambon") | ("status", "child") | ("age_group", "under_18")
        ) || matches!(
            (d.as_str(), c.as_str()),
            ("register_class", "ANAK") | ("status6", "child")
        ) || d == "village"
    });
    let d = rules.disclosure;
    f64::from(if shape.children || child {
        d.threshold_children
    } else {
        d.threshold
    })
}

fn coordinates(f: &Figure) -> Coordinates {
    let mut at: Coordinates = [&f.dim1, &f.dim2]
        .into_iter()
        .filter(|d| !d.0.is_empty())
        .cloned()
        .collect();
    at.sort();
    at
}

enum Before {
    Hidden,
    Shown,
}

/// What the reader saw in earlier months of figures that mean the same this month.
struct Earlier {
    hidden: BTreeSet<FigureKey>,
    shown: BTreeMap<FigureKey, (Option<f64>, Option<f64>)>,
}

impl Earlier {
    fn of(known: &Known) -> Earlier {
        let mut out = Earlier {
            hidden: BTreeSet::new(),
            shown: BTreeMap::new(),
        };
        for f in known.earlier.iter().filter(|f| is_absolute(f)) {
            if f.is_hidden() {
                out.hidden.insert(f.key());
            } else if f.numerator.is_some() {
                out.shown.insert(f.key(), (f.numerator, f.denominator));
            }
        }
        out
    }
    fn status(&self, f: &Figure) -> Option<Before> {
        if !is_absolute(f) {
            return None;
        }
        let key = f.key();
        if self
            .shown
            .get(&key)
            .is_some_and(|v| *v == (f.numerator, f.denominator))
        {
            Some(Before::Shown)
        } else if self.hidden.contains(&key) && (f.numerator, f.denominator) != (Some(0.0), None) {
            Some(Before::Hidden)
        } else {
            None
        }
    }
}

fn is_absolute(f: &Figure) -> bool {
    [&f.dim1, &f.dim2]
        .iter()
        .any(|d| ABSOLUTE_TIME.contains(&d.0.as_str()))
}

/// Sums over one dimension with everything else fixed.
fn add_margins(
    equations: &mut Vec<(usize, Vec<usize>)>,
    cells: &BTreeMap<Coordinates, usize>,
    shape: &Shape,
) {
    let mut sums: BTreeMap<(Coordinates, Text), Vec<usize>> = BTreeMap::new();
    for (at, &cell) in cells {
        for (k, (dimension, _)) in at.iter().enumerate() {
            if shape.not_additive_over.contains(dimension) {
                continue;
            }
            let mut rest = at.clone();
            rest.remove(k);
            sums.entry((rest, dimension.clone()))
                .or_default()
                .push(cell);
        }
    }
    for ((rest, _), parts) in sums {
        if let Some(&sum) = cells.get(&rest) {
            equations.push((sum, parts));
        }
    }
}

/// Sums of a finer dimension's categories to a coarser one's.
fn add_hierarchies(
    equations: &mut Vec<(usize, Vec<usize>)>,
    cells: &BTreeMap<Coordinates, usize>,
    hierarchies: &[Hierarchy],
) {
    for h in hierarchies {
        let parent: BTreeMap<&Text, &Text> = h.parent.iter().map(|(a, b)| (a, b)).collect();
        let mut sums: BTreeMap<Coordinates, Vec<usize>> = BTreeMap::new();
        for (at, &cell) in cells {
            let Some(k) = at.iter().position(|(d, _)| *d == h.fine) else {
                continue;
            };
            let Some(coarse) = parent.get(&at[k].1) else {
                continue;
            };
            let mut up = at.clone();
            up[k] = (h.coarse.clone(), (*coarse).clone());
            up.sort();
            sums.entry(up).or_default().push(cell);
        }
        for (up, parts) in sums {
            if let Some(&sum) = cells.get(&up) {
                equations.push((sum, parts));
            }
        }
    }
}
