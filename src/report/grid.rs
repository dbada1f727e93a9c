//! Protected figures as the cells of a sheet's table. Selects; never computes. Every cell knows the figure it shows.

use super::figures::Content;
use super::template::{Column, Line, Sheet, Show, Template};
use crate::domain::figure::{Figure, FigureKey};
use crate::domain::{Population, Status, Text, Unit};
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
    /// A sign for a number that is not shown.
    Sign(&'static str),
    /// Left for the reader.
    Blank,
}

impl Value {
    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(v, _) | Value::Share { value: v, .. } => Some(*v),
            _ => None,
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
    /// Its cells.
    pub cells: Vec<Cell>,
}

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
}

impl Grid {
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

/// What stands where a number does not.
pub fn sign(f: Option<&Figure>) -> &'static str {
    match f.map(|f| f.status) {
        None => "…",
        Some(Status::SuppressedPrimary | Status::SuppressedSecondary) => "<5",
        Some(Status::IncompleteFollowUp) => "○",
        Some(Status::Unreliable) => "*",
        Some(_) => "–",
    }
}

fn default_shows(unit: Option<Unit>) -> Vec<Show> {
    match unit {
        Some(Unit::Share) => vec![Show::N, Show::K, Show::Rate, Show::Ci],
        Some(Unit::Ratio | Unit::ShareDifference | Unit::Per100PersonYears) => {
            vec![Show::Value, Show::Ci]
        }
        _ => vec![Show::Value],
    }
}

/// A figure's number as a value.
pub fn estimate(f: Option<&Figure>) -> Value {
    number(f, f.and_then(|f| f.estimate), true)
}

fn number(f: Option<&Figure>, v: Option<f64>, estimate: bool) -> Value {
    let (Some(f), Some(v)) = (f, v) else {
        return Value::Sign(sign(f));
    };
    match f.unit {
        Unit::Share | Unit::ShareDifference if estimate => Value::Share {
            value: v,
            fine: f.unit == Unit::ShareDifference || f.denominator.is_none_or(|d| d >= 100.0),
            few: f.status == Status::Unreliable,
        },
        Unit::Ratio | Unit::Per100PersonYears if estimate => Value::Number(v, 2),
        _ => Value::Number(v, u8::from(v.fract() != 0.0)),
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

fn cell(c: &Content, f: Option<&Figure>, part: Part, cohort: bool) -> Cell {
    let other = |table: &super::FigureTable| {
        let g = f.and_then(|f| table.same(f));
        (estimate(g), g.map(Figure::key))
    };
    let mut key = f.map(Figure::key);
    let value = match part {
        Part::Of(Show::K) => number(f, f.and_then(|f| f.numerator), false),
        Part::Of(Show::N) => number(f, f.and_then(|f| f.denominator), false),
        Part::Of(Show::Mark) => {
            let there = f.and_then(|f| f.estimate).is_some_and(|v| v > 0.0);
            let word = if there { "yes" } else { "no" };
            Value::Text(locale::text(c.lang, &format!("report.{word}")).to_owned())
        }
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
        Part::Of(_) => estimate(f),
        Part::Low => number(f, f.and_then(|f| f.ci_low), true),
        Part::High => number(f, f.and_then(|f| f.ci_high), true),
    };
    // A cohort that is not there has not been followed long enough.
    let value = if cohort && f.is_none() {
        Value::Sign("○")
    } else {
        value
    };
    Cell { value, key, part }
}

/// Categories of a dimension that occur for these measures, in report order.
fn categories(c: &Content, p: Population, measures: &[&str], dimension: &str) -> Vec<Text> {
    let mut out: Vec<Text> = Vec::new();
    for m in measures {
        for f in c.figures.of(m).filter(|f| f.population == p) {
            for (d, k) in [&f.dim1, &f.dim2] {
                if d == dimension && !out.contains(k) {
                    out.push(k.clone());
                }
            }
        }
    }
    let time = ["month", "cohort", "months_since"]
        .iter()
        .any(|w| dimension.contains(w));
    if time {
        out.sort();
    } else {
        out.sort_by_key(|k| c.labels.order(dimension, k));
    }
    out
}

/// A row before its cells are filled.
struct RowPlan<'a> {
    block: usize,
    labels: Vec<String>,
    place: Option<(&'a str, Text)>,
    line: Option<&'a Line>,
    total: bool,
}

/// A column before its cells are filled.
struct ColumnPlan<'a> {
    column: Option<&'a Column>,
    across: Option<(&'a str, Text)>,
    part: Part,
    total: bool,
    header: Vec<String>,
}

struct Planner<'a> {
    c: &'a Content<'a>,
    t: &'a Template,
    s: &'a Sheet,
    p: Population,
}

impl<'a> Planner<'a> {
    fn name(&self, measure: &str, header: Option<&super::template::Both>) -> String {
        header.map_or_else(
            || self.c.labels.measure(self.c.lang, measure),
            |h| h.get(self.c.lang).to_owned(),
        )
    }

    fn find(&self, col: &'a Column, places: &[Option<&(&str, Text)>]) -> Option<&'a Figure> {
        let at: Vec<(&str, &str)> = places
            .iter()
            .flatten()
            .map(|(d, k)| (*d, k.as_str()))
            .collect();
        self.c.figures.find(col, self.p, &at)
    }

    fn chosen(&self, measures: &[&str], dimension: &str, only: &[String]) -> Vec<Text> {
        if only.is_empty() {
            categories(self.c, self.p, measures, dimension)
        } else {
            only.iter().map(|k| Text::from(k.as_str())).collect()
        }
    }

    fn word(&self, key: &str) -> String {
        locale::text(self.c.lang, &format!("report.{key}")).to_owned()
    }

    fn dimension(&self, d: &str) -> String {
        locale::text(self.c.lang, &format!("dimension.{d}")).to_owned()
    }

    fn label(&self, dimension: &str, category: &str) -> String {
        self.c.labels.category(self.c.lang, dimension, category)
    }

    fn rows(&self, two: bool) -> Vec<RowPlan<'a>> {
        let mut out = Vec::new();
        let labels = |block: &str, name: String| {
            if two {
                vec![block.to_owned(), name]
            } else {
                vec![name]
            }
        };
        for (b, d) in self.s.rows.iter().enumerate() {
            let measures: Vec<&str> = self
                .s
                .columns
                .iter()
                .map(|c| c.measure.as_str())
                .filter(|m| self.t.has(m, d))
                .collect();
            for k in categories(self.c, self.p, &measures, d) {
                out.push(RowPlan {
                    block: b,
                    labels: labels(&self.dimension(d), self.label(d, &k)),
                    place: Some((d, k)),
                    line: None,
                    total: false,
                });
            }
        }
        let whole = |c: &'a Column| self.find(c, &[]).is_some();
        if self.s.lines.is_empty() && (self.s.rows.is_empty() || self.s.columns.iter().any(whole)) {
            out.push(RowPlan {
                block: self.s.rows.len(),
                labels: labels(&self.word("total"), self.word("total")),
                place: None,
                line: None,
                total: !self.s.rows.is_empty(),
            });
        }
        for (b, l) in self.s.lines.iter().enumerate() {
            let name = self.name(&l.measure, l.header.as_ref());
            let line = |labels, place, total| RowPlan {
                block: b,
                labels,
                place,
                line: Some(l),
                total,
            };
            if l.rows.is_empty() {
                let second = self.word("total");
                out.push(line(
                    if two { vec![name, second] } else { vec![name] },
                    None,
                    false,
                ));
                continue;
            }
            for k in self.chosen(&[&l.measure], &l.rows, &l.only) {
                let labels = labels(&name, self.label(&l.rows, &k));
                out.push(line(labels, Some((l.rows.as_str(), k)), false));
            }
            let c = l.column();
            if self.c.figures.find(&c, self.p, &[]).is_some() && l.only.is_empty() {
                out.push(line(labels(&name, self.word("total")), None, true));
            }
        }
        out
    }

    fn columns(&self) -> Vec<ColumnPlan<'a>> {
        let mut out = Vec::new();
        let many = self.s.columns.len() > 1;
        let head = |part: Part| match part {
            Part::Of(Show::Value | Show::Mark) => None,
            Part::Of(Show::K) => Some("k"),
            Part::Of(Show::N) => Some("n"),
            Part::Of(Show::Rate) => Some("rate"),
            Part::Of(Show::Previous) => Some("previous"),
            Part::Of(Show::LastYear) => Some("last_year"),
            Part::Of(Show::Verdict) => Some("verdict"),
            Part::Of(Show::Ci) | Part::Low => Some("low"),
            Part::High => Some("high"),
        };
        let header = |base: Option<String>, part: Part| -> Vec<String> {
            let word = head(part).map(|k| self.word(&format!("show.{k}")));
            base.into_iter().chain(word).collect()
        };
        if !self.s.lines.is_empty() {
            if self.s.across.is_empty() {
                let unit = self
                    .s
                    .lines
                    .iter()
                    .find_map(|l| self.c.figures.of(&l.measure).next().map(|f| f.unit));
                let show = if self.s.show.is_empty() {
                    default_shows(unit)
                } else {
                    self.s.show.clone()
                };
                for part in show.into_iter().flat_map(parts) {
                    let mut h = header(None, part);
                    if h.is_empty() {
                        h.push(self.word("number"));
                    }
                    out.push(ColumnPlan {
                        column: None,
                        across: None,
                        part,
                        total: false,
                        header: h,
                    });
                }
                return out;
            }
            let measures: Vec<&str> = self.s.lines.iter().map(|l| l.measure.as_str()).collect();
            for k in self.chosen(&measures, &self.s.across, &[]) {
                out.push(ColumnPlan {
                    column: None,
                    header: vec![self.label(&self.s.across, &k)],
                    across: Some((&self.s.across, k)),
                    part: Part::Of(Show::Value),
                    total: false,
                });
            }
            out.push(ColumnPlan {
                column: None,
                across: None,
                part: Part::Of(Show::Value),
                total: true,
                header: vec![self.word("total")],
            });
            return out;
        }
        for col in &self.s.columns {
            let across = col.across.as_deref().unwrap_or(&self.s.across);
            let unit = self.c.figures.of(&col.measure).next().map(|f| f.unit);
            let name = self.name(&col.measure, col.header.as_ref());
            let show = if !col.show.is_empty() {
                col.show.clone()
            } else if across.is_empty() {
                default_shows(unit)
            } else {
                vec![Show::Value]
            };
            if across.is_empty() {
                for part in show.into_iter().flat_map(parts) {
                    let plain = head(part).is_none();
                    let base = (many || plain).then(|| name.clone());
                    out.push(ColumnPlan {
                        column: Some(col),
                        across: None,
                        part,
                        total: false,
                        header: header(base, part),
                    });
                }
                continue;
            }
            for k in self.chosen(&[&col.measure], across, &col.only) {
                for part in show.iter().copied().flat_map(parts) {
                    out.push(ColumnPlan {
                        column: Some(col),
                        across: Some((across, k.clone())),
                        part,
                        total: false,
                        header: header(Some(self.label(across, &k)), part),
                    });
                }
            }
            // Categories that are no parts of a whole have no total column, and a choice of them neither.
            let whole = col.only.is_empty()
                && (self.s.rows.is_empty()
                    || self.s.rows.iter().any(|d| {
                        categories(self.c, self.p, &[&col.measure], d)
                            .first()
                            .is_some_and(|k| self.find(col, &[Some(&(d, k.clone()))]).is_some())
                    }));
            if whole {
                for part in show.into_iter().flat_map(parts) {
                    let base = if many {
                        name.clone()
                    } else {
                        self.word("total")
                    };
                    out.push(ColumnPlan {
                        column: Some(col),
                        across: None,
                        part,
                        total: true,
                        header: header(Some(base), part),
                    });
                }
            }
        }
        out
    }
}

/// The table of a sheet.
pub fn grid(c: &Content, t: &Template, s: &Sheet) -> Grid {
    let planner = Planner {
        c,
        t,
        s,
        p: s.population.unwrap_or(t.population),
    };
    let blocks: Vec<String> = s
        .rows
        .iter()
        .chain(s.lines.iter().map(|l| &l.rows))
        .cloned()
        .collect();
    let with_rows = blocks.iter().filter(|d| !d.is_empty()).count();
    let two = with_rows > 1;
    let lead = if two {
        vec![planner.word("by"), planner.word("item")]
    } else {
        let one = blocks.iter().find(|d| !d.is_empty());
        vec![one.map_or_else(|| planner.word("item"), |d| planner.dimension(d))]
    };
    let plan = planner.columns();
    let mut columns: Vec<GridColumn> = Vec::new();
    for p in &plan {
        let taken = |h: &str, columns: &[GridColumn]| {
            lead.iter().any(|l| l == h) || columns.iter().any(|c| c.header == h)
        };
        let mut header = p.header.join(": ");
        if let (true, Some(col)) = (taken(&header, &columns), p.column) {
            header = format!(
                "{}: {header}",
                planner.name(&col.measure, col.header.as_ref())
            );
        }
        let (base, mut i) = (header.clone(), 2);
        while taken(&header, &columns) {
            header = format!("{base} ({i})");
            i += 1;
        }
        columns.push(GridColumn {
            header,
            measure: p.column.map_or_else(String::new, |c| c.measure.clone()),
            part: p.part,
            category: p
                .across
                .as_ref()
                .map_or(Text::default(), |(_, k)| k.clone()),
            total: p.total,
        });
    }
    let rows = planner
        .rows(two)
        .into_iter()
        .map(|r| {
            let line = r.line.map(Line::column);
            let cohort = r
                .place
                .as_ref()
                .is_some_and(|(d, _)| d.starts_with("cohort"));
            let cells = plan
                .iter()
                .map(|p| {
                    let (Some(col), places) = (
                        p.column.or(line.as_ref()),
                        [r.place.as_ref(), p.across.as_ref()],
                    ) else {
                        return Cell {
                            value: Value::Blank,
                            key: None,
                            part: p.part,
                        };
                    };
                    // A measure without this breakdown says nothing in these rows.
                    if r.place
                        .as_ref()
                        .is_some_and(|(d, _)| !t.has(&col.measure, d))
                    {
                        return Cell {
                            value: Value::Sign("–"),
                            key: None,
                            part: p.part,
                        };
                    }
                    let at: Vec<(&str, &str)> = places
                        .iter()
                        .flatten()
                        .map(|(d, k)| (*d, k.as_str()))
                        .collect();
                    cell(c, c.figures.find(col, planner.p, &at), p.part, cohort)
                })
                .collect();
            GridRow {
                block: r.block,
                labels: r.labels,
                total: r.total,
                cells,
            }
        })
        .collect();
    let mut g = Grid {
        lead,
        columns,
        rows,
        blocks,
    };
    for b in &s.blank {
        g.columns.push(GridColumn {
            header: b.get(c.lang).to_owned(),
            measure: String::new(),
            part: Part::Of(Show::Value),
            category: Text::default(),
            total: false,
        });
        for r in &mut g.rows {
            r.cells.push(Cell {
                value: Value::Blank,
                key: None,
                part: Part::Of(Show::Value),
            });
        }
    }
    g
}
