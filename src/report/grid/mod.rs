//! Protected figures as the cells of a sheet's table. Selects; never computes. Every cell knows the figure it shows.

mod table;

pub use table::{LATE, grid, points_in_time, sort};

use super::figures::Content;
use super::sign::Sign;
use super::template::Show;
use crate::domain::figure::{Figure, FigureKey};
use crate::domain::{Dimension, Status, Text, Unit};
use crate::locale;

/// A cell's content.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A count or other number with decimals.
    Number(f64, u8),
    /// A share; with one decimal from a hundred persons on, marked where they are few.
    Share {
        /// Between 0 and 1.
        value: f64,
        /// One decimal.
        fine: bool,
        /// Fewer than thirty persons.
        few: bool,
    },
    /// A sign in place of a number.
    Sign(Sign),
    /// Left for the reader.
    Blank,
}

impl Value {
    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(v, _) | Value::Share { value: v, .. } => Some(*v),
            Value::Text(_) | Value::Sign(_) | Value::Blank => None,
        }
    }

    /// The words, if there are any.
    pub fn words(&self) -> Option<&str> {
        match self {
            Value::Text(words) => Some(words),
            Value::Number(..) | Value::Share { .. } | Value::Sign(_) | Value::Blank => None,
        }
    }

    /// The sign in place of a number, if there is one.
    pub fn sign(&self) -> Option<Sign> {
        match self {
            Value::Sign(sign) => Some(*sign),
            Value::Text(_) | Value::Number(..) | Value::Share { .. } | Value::Blank => None,
        }
    }
}

/// What of a figure a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The estimate, numerator, denominator or a word about them.
    Of(Show),
    /// Lower end of the interval.
    Low,
    /// Upper end.
    High,
}

/// A cell: what stands there and of which figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What stands there.
    pub value: Value,
    /// The figure.
    pub key: Option<FigureKey>,
    /// What of it.
    pub part: Part,
}

/// A column of numbers.
#[derive(Debug, Clone)]
pub struct GridColumn {
    /// Unique header.
    pub header: String,
    /// What a legend says: the header without the part of the measure.
    pub name: String,
    /// Measure; empty where the measures are rows.
    pub measure: String,
    /// What of it.
    pub part: Part,
    /// Category of the column dimension; empty without one and for its total.
    pub category: Text,
    /// It is the total over a column dimension.
    pub total: bool,
}

/// A row.
#[derive(Debug, Clone)]
pub struct GridRow {
    /// Which of the row dimensions or lines.
    pub block: usize,
    /// One name, or two where there are several blocks.
    pub labels: Vec<String>,
    /// It is a total.
    pub total: bool,
    /// It is of those of whom the category is not known.
    pub unknown: bool,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// The dimension whose categories are points of a curve.
const CURVE: &str = Dimension::MonthsSinceRelease.id();

/// A table ready to be laid out.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// Headers of the names.
    pub lead: Vec<String>,
    /// Columns.
    pub columns: Vec<GridColumn>,
    /// Rows.
    pub rows: Vec<GridRow>,
    /// Row dimension of every block.
    pub blocks: Vec<String>,
    /// Nothing of it is shown: one line stands for all rows.
    pub folded: bool,
    /// Points of a curve that are not shown are left out: its steps are coarser.
    pub coarse_steps: bool,
    /// Names of categories of which nothing is shown: they have no row and no column.
    pub left_out: Vec<String>,
    /// What the sheet is not broken down by, because most of that could not be shown, with the totals of its categories.
    pub not_split: Option<NotSplit>,
}

/// A breakdown that a sheet does without.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotSplit {
    /// Name of the dimension.
    pub dimension: String,
    /// Its categories with their totals, as written.
    pub totals: Vec<(String, String)>,
}

impl Grid {
    /// Leaves out points of a curve of which nothing is shown.
    fn coarsen_steps(&mut self) {
        let curve = |r: &GridRow| self.blocks.get(r.block).is_some_and(|d| d == CURVE);
        let hidden = |c: &Cell| matches!(c.value, Value::Sign(Sign::Hidden));
        let before = self.rows.len();
        let keep: Vec<bool> = (self.rows.iter())
            .map(|r| !curve(r) || !r.cells.iter().all(hidden))
            .collect();
        if keep.iter().any(|k| *k) {
            let mut keep = keep.into_iter();
            self.rows.retain(|_| keep.next().unwrap_or(true));
        }
        self.coarse_steps = self.rows.len() < before;
    }

    /// Leaves out categories of which nothing that is not nought is shown, and names them: rows, and columns that stand beside
    /// their total. Times stay: a gap among them is told where it is.
    fn leave_out_hidden(&mut self) {
        let hidden = |c: &Cell| matches!(c.value, Value::Sign(Sign::Hidden));
        let shown = |c: &Cell| c.value.number().is_some_and(|v| v != 0.0);
        let of_time = |d: &String| ["month", "cohort"].iter().any(|w| d.contains(w));
        let blocks = self.blocks.clone();
        let category = |r: &GridRow| {
            let block = blocks.get(r.block);
            !r.total && block.is_some_and(|d| !d.is_empty() && !of_time(d))
        };
        let nothing =
            |r: &GridRow| category(r) && r.cells.iter().any(hidden) && !r.cells.iter().any(shown);
        // Where no category says anything the signs are all there is to see.
        let says = |r: &GridRow| category(r) && r.cells.iter().any(shown);
        if !self.rows.iter().any(says) {
            return;
        }
        let name = |r: &GridRow| r.labels.last().cloned().unwrap_or_default();
        self.left_out = self.rows.iter().filter(|r| nothing(r)).map(name).collect();
        self.left_out.dedup();
        self.rows.retain(|r| !nothing(r));
        // A column says nothing where what it shows is nought, or what the total of the row is in every category.
        let drop: Vec<usize> = (0..self.columns.len())
            .filter(|&i| {
                let c = &self.columns[i];
                let total = self
                    .columns
                    .iter()
                    .position(|x| x.total && x.measure == c.measure && x.part == c.part);
                let Some(total) = total.filter(|_| !c.total && !c.category.is_empty()) else {
                    return false;
                };
                let says =
                    |r: &GridRow| shown(&r.cells[i]) && r.cells[i].value != r.cells[total].value;
                let few = self.rows.iter().filter(|r| hidden(&r.cells[i])).count();
                few > 1 && !self.rows.iter().any(says)
            })
            .collect();
        for &i in &drop {
            self.left_out.push(self.columns[i].name.clone());
        }
        self.drop_columns(&drop);
    }

    fn drop_columns(&mut self, drop: &[usize]) {
        for &i in drop.iter().rev() {
            self.columns.remove(i);
            for r in &mut self.rows {
                r.cells.remove(i);
            }
        }
    }

    /// Does without the breakdown by a dimension of two categories, where it could not be shown for more than two fifths of the
    /// rows that have anything: of two parts of a shown sum both are hidden when one is small.
    fn unsplit(&mut self, dimension: String, written: impl Fn(&Value) -> String) {
        let split: Vec<usize> = (0..self.columns.len())
            .filter(|&i| !self.columns[i].total && !self.columns[i].category.is_empty())
            .collect();
        let Some(total) = self.columns.iter().position(|c| c.total) else {
            return;
        };
        if split.len() != 2 || self.columns.len() != 3 {
            return;
        }
        let hidden = |c: &Cell| matches!(c.value, Value::Sign(Sign::Hidden));
        let says = |c: &Cell| hidden(c) || c.value.number().is_some_and(|v| v != 0.0);
        let rows = self
            .rows
            .iter()
            .filter(|r| !r.total && says(&r.cells[total]));
        let (mut all, mut cannot) = (0, 0);
        for r in rows {
            all += 1;
            cannot += usize::from(split.iter().any(|&i| hidden(&r.cells[i])));
        }
        if all < 3 || cannot * 5 <= all * 2 {
            return;
        }
        let whole = self.rows.iter().find(|r| r.total);
        let totals = split.iter().filter_map(|&i| {
            let v = &whole?.cells[i].value;
            v.number()
                .is_some()
                .then(|| (self.columns[i].name.clone(), written(v)))
        });
        self.not_split = Some(NotSplit {
            dimension,
            totals: totals.collect(),
        });
        self.drop_columns(&split);
    }

    /// Puts one line in place of the rows where all that they have to say is hidden.
    fn fold(&mut self, whole: String) {
        let values = || self.rows.iter().flat_map(|r| &r.cells).map(|c| &c.value);
        let hidden = values()
            .filter(|v| matches!(v, Value::Sign(Sign::Hidden)))
            .count();
        let shown = values().any(|v| v.number().is_some_and(|v| v != 0.0));
        if hidden == 0 || shown || self.rows.len() < 2 {
            return;
        }
        let cells = self.rows[0].cells.iter().map(|c| Cell {
            value: match c.value {
                Value::Text(_) | Value::Blank => Value::Blank,
                Value::Number(..) | Value::Share { .. } | Value::Sign(_) => {
                    Value::Sign(Sign::Hidden)
                }
            },
            key: None,
            part: c.part,
        });
        let mut labels = vec![whole];
        labels.resize(self.lead.len(), String::new());
        self.rows = vec![GridRow {
            block: 0,
            labels,
            total: true,
            unknown: false,
            cells: cells.collect(),
        }];
        self.folded = true;
    }

    /// All headers, names first.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.lead
            .iter()
            .map(String::as_str)
            .chain(self.columns.iter().map(|c| c.header.as_str()))
    }
    /// The name of a row as a chart shows it.
    pub fn label(&self, row: usize) -> &str {
        self.rows[row].labels.last().map_or("", String::as_str)
    }
    /// A cell's value.
    pub fn value(&self, row: usize, column: usize) -> &Value {
        &self.rows[row].cells[column].value
    }
}

fn default_shows(unit: Option<Unit>) -> Vec<Show> {
    match unit {
        Some(Unit::Share) => vec![Show::N, Show::K, Show::Rate, Show::Ci],
        Some(Unit::Ratio | Unit::ShareDifference | Unit::Per100PersonYears) => {
            vec![Show::Value, Show::Ci]
        }
        Some(Unit::Persons | Unit::Events | Unit::Days | Unit::Hours | Unit::Places) | None => {
            vec![Show::Value]
        }
    }
}

/// A figure's number as a value.
pub fn estimate(f: Option<&Figure>) -> Value {
    number(f, f.and_then(|f| f.estimate), true)
}

fn number(f: Option<&Figure>, v: Option<f64>, estimate: bool) -> Value {
    let (Some(f), Some(v)) = (f, v) else {
        return Value::Sign(Sign::of(f));
    };
    match f.unit {
        // Of nobody there is no share.
        Unit::Share if estimate && f.denominator == Some(0.0) => Value::Sign(Sign::NotApplicable),
        Unit::Share | Unit::ShareDifference if estimate => Value::Share {
            value: v,
            fine: f.unit == Unit::ShareDifference || f.denominator.is_none_or(|d| d >= 100.0),
            few: f.status == Status::Unreliable,
        },
        Unit::Ratio | Unit::Per100PersonYears if estimate => Value::Number(v, 2),
        Unit::Persons
        | Unit::Events
        | Unit::Share
        | Unit::Days
        | Unit::Hours
        | Unit::Ratio
        | Unit::Per100PersonYears
        | Unit::Places
        | Unit::ShareDifference => Value::Number(v, u8::from(v.fract() != 0.0)),
    }
}

/// The columns one show makes.
fn parts(show: Show) -> Vec<Part> {
    match show {
        Show::Ci => vec![Part::Low, Part::High],
        s => vec![Part::Of(s)],
    }
}

fn verdict(c: &Content, f: Option<&Figure>) -> Value {
    let none = if f.is_some_and(|f| f.unit == Unit::Ratio) {
        1.0
    } else {
        0.0
    };
    let key = match f.and_then(|f| f.ci_low.zip(f.ci_high)) {
        None => "none",
        Some((_, b)) if b < none => "lower",
        Some((a, _)) if a > none => "higher",
        Some(_) => "unclear",
    };
    Value::Text(locale::text(c.lang, &format!("report.verdict.{key}")).to_owned())
}

/// Whether the list of a source for a month arrived: a full circle; half of one where a newer register of a unit speaks
/// for that month; words where it did not.
fn arrival(c: &Content, f: Option<&Figure>) -> String {
    if f.and_then(|f| f.estimate).is_some_and(|v| v > 0.0) {
        return "●".to_owned();
    }
    let newer = f.is_some_and(|f| {
        let [(d1, source), (d2, month)] = [&f.dim1, &f.dim2];
        let (source, month) = match (d1.as_str(), d2.as_str()) {
            ("source", "calendar_month") => (source, month),
            ("calendar_month", "source") => (month, source),
            _ => return false,
        };
        let later = |x: &Figure| {
            let here = [&x.dim1, &x.dim2].iter().any(|d| d.1 == *source);
            let after = [&x.dim1, &x.dim2]
                .iter()
                .any(|d| d.0 == "calendar_month" && d.1 > *month);
            here && after && x.estimate.is_some_and(|v| v > 0.0)
        };
        c.units.by_id(source).is_some() && c.figures.of("coverage").any(later)
    });
    match newer {
        true => "◐".to_owned(),
        false => locale::text(c.lang, "report.no").to_owned(),
    }
}

fn cell(c: &Content, f: Option<&Figure>, part: Part, cohort: bool) -> Cell {
    let other = |table: &crate::report::FigureTable| {
        let g = f.and_then(|f| table.same(f));
        (estimate(g), g.map(Figure::key))
    };
    let mut key = f.map(Figure::key);
    let value = match part {
        Part::Of(Show::K) => number(f, f.and_then(|f| f.numerator), false),
        Part::Of(Show::N) => number(f, f.and_then(|f| f.denominator), false),
        Part::Of(Show::Mark) => Value::Text(arrival(c, f)),
        Part::Of(Show::Verdict) => verdict(c, f),
        Part::Of(Show::Previous) => {
            let (v, k) = other(c.previous);
            key = k;
            v
        }
        Part::Of(Show::LastYear) => {
            let (v, k) = other(c.last_year);
            key = k;
            v
        }
        // A count has no percentage.
        Part::Of(Show::Rate)
            if f.is_some_and(|f| matches!(f.unit, Unit::Persons | Unit::Events | Unit::Days)) =>
        {
            Value::Sign(Sign::NotApplicable)
        }
        Part::Of(_) => estimate(f),
        Part::Low => number(f, f.and_then(|f| f.ci_low), true),
        Part::High => number(f, f.and_then(|f| f.ci_high), true),
    };
    // A cohort that is not there has not been followed long enough.
    let value = if cohort && f.is_none() {
        Value::Sign(Sign::NotFollowed)
    } else {
        value
    };
    Cell { value, key, part }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `N` a number, `x` a hidden one.
    fn value(text: &str) -> Value {
        match text.parse::<f64>() {
            Ok(v) => Value::Number(v, 0),
            Err(_) => Value::Sign(Sign::Hidden),
        }
    }

    /// A table by status (or whatever dimension) with columns by category and their total.
    fn table(dimension: &str, columns: &[&str], rows: &[(&str, &[&str])]) -> Grid {
        let column = |name: &str, total| GridColumn {
            header: name.to_owned(),
            name: name.to_owned(),
            measure: "m".into(),
            part: Part::Of(Show::Value),
            category: Text::from(if total { "" } else { name }),
            total,
        };
        let last = columns.len() - 1;
        Grid {
            lead: vec!["Status".into()],
            columns: (columns.iter().enumerate())
                .map(|(i, c)| column(c, i == last))
                .collect(),
            rows: (rows.iter())
                .map(|(label, cells)| GridRow {
                    block: 0,
                    labels: vec![(*label).to_owned()],
                    total: *label == "all",
                    unknown: false,
                    cells: (cells.iter())
                        .map(|c| Cell {
                            value: value(c),
                            key: None,
                            part: Part::Of(Show::Value),
                        })
                        .collect(),
                })
                .collect(),
            blocks: vec![dimension.to_owned()],
            ..Grid::default()
        }
    }

    #[test]
    fn categories_of_which_nothing_is_shown_are_named_and_have_no_row_and_no_column() {
        let columns = ["north", "south", "all"];
        let rows: [(&str, &[&str]); 5] = [
            ("a", &["30", "x", "30"]),
            ("b", &["x", "x", "x"]),
            ("c", &["0", "x", "x"]),
            ("d", &["12", "x", "x"]),
            ("all", &["50", "0", "50"]),
        ];
        let mut g = table("opd", &columns, &rows);
        g.leave_out_hidden();
        let kept: Vec<&str> = (0..g.rows.len()).map(|r| g.label(r)).collect();
        // What shows one number stays, and so does the total.
        assert_eq!(kept, ["a", "d", "all"]);
        assert_eq!(g.left_out, ["b", "c", "south"]);
        assert!(g.rows.iter().all(|r| r.cells.len() == 2));
        // Times stay: a gap among them is told where it is.
        let mut g = table("release_month", &columns, &rows);
        g.leave_out_hidden();
        assert_eq!((g.rows.len(), g.left_out.len()), (5, 0));
        // Where no category says anything its signs are all there is to see.
        let mut g = table("opd", &columns, &[rows[1], rows[2], rows[4]]);
        g.leave_out_hidden();
        assert_eq!((g.rows.len(), g.left_out.len()), (3, 0));
    }

    #[test]
    fn a_split_in_two_that_mostly_cannot_be_shown_is_not_printed_and_its_totals_are_said() {
        let columns = ["men", "women", "all"];
        let written = |v: &Value| format!("{:?}", v.number());
        let rows: [(&str, &[&str]); 4] = [
            ("a", &["x", "x", "105"]),
            ("b", &["500", "20", "520"]),
            ("c", &["x", "x", "15"]),
            ("all", &["600", "40", "640"]),
        ];
        let mut g = table("status6", &columns, &rows);
        g.unsplit("Sex".into(), written);
        assert_eq!(g.columns.len(), 1);
        let split = g.not_split.unwrap();
        let names: Vec<&str> = split.totals.iter().map(|t| t.0.as_str()).collect();
        assert_eq!(
            (split.dimension.as_str(), names),
            ("Sex", vec!["men", "women"])
        );
        // One of three is not most of them.
        let rows: [(&str, &[&str]); 4] = [rows[0], rows[1], ("c", &["9", "6", "15"]), rows[3]];
        let mut g = table("status6", &columns, &rows);
        g.unsplit("Sex".into(), written);
        assert!(g.columns.len() == 3 && g.not_split.is_none());
    }
}
