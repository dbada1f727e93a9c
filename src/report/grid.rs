//! Protected figures as the cells of a sheet's table. Selects; never computes.

use super::template::{Column, Sheet, Show, Template};
use crate::domain::figure::{Figure, FigureKey};
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, Population, Status, Text, Unit};
use crate::locale::{self, Lang};
use crate::workspace::Settings;
use std::collections::BTreeMap;

/// Protected figures by key.
#[derive(Debug, Clone, Default)]
pub struct FigureTable {
    all: BTreeMap<FigureKey, Figure>,
}

impl FigureTable {
    /// Indexes figures.
    pub fn new(figures: &[Figure]) -> FigureTable {
        FigureTable {
            all: figures.iter().map(|f| (f.key(), f.clone())).collect(),
        }
    }
    /// All figures of a measure.
    pub fn of(&self, measure: &str) -> impl Iterator<Item = &Figure> {
        let measure = Text::from(measure);
        let from = (
            measure.clone(),
            Text::default(),
            Population::Ambon,
            Default::default(),
            Default::default(),
            None,
        );
        self.all
            .range(from..)
            .take_while(move |(k, _)| k.0 == measure)
            .map(|(_, f)| f)
    }
    /// The figure a column means at a place.
    pub fn find(&self, c: &Column, population: Population, at: &[(&str, &str)]) -> Option<&Figure> {
        let dim = |i: usize| at.get(i).copied().unwrap_or_default();
        self.of(&c.measure).find(|f| {
            let is = |d: &(Text, Text), (k, v): (&str, &str)| d.0 == k && d.1 == v;
            f.population == population
                && ((is(&f.dim1, dim(0)) && is(&f.dim2, dim(1)))
                    || (at.len() == 2 && is(&f.dim1, dim(1)) && is(&f.dim2, dim(0))))
                && c.window.is_none_or(|w| f.window_months == Some(w))
                && c.definition.as_ref().is_none_or(|d| f.definition == *d)
        })
    }
}

/// Names of categories and measures.
pub trait Labels: Sync {
    /// Name of a category.
    fn category(&self, lang: Lang, dimension: &str, category: &str) -> String;
    /// Report order of a category.
    fn order(&self, dimension: &str, category: &str) -> (usize, String);
    /// Title of a measure.
    fn measure(&self, lang: Lang, id: &str) -> String;
}

/// What is known of the run, for cover, methodology and footers.
#[derive(Debug, Clone, Default)]
pub struct RunFacts {
    /// Cut-off date.
    pub cutoff: Option<chrono::NaiveDate>,
    /// Program version.
    pub version: String,
    /// Version of the definitions.
    pub definitions: String,
    /// Names of late suppliers.
    pub missing: Vec<String>,
    /// Sentences about failed gates.
    pub gates_failed: Vec<String>,
    /// Sentences about disclosure control.
    pub protection: Vec<String>,
    /// Methodology: title, definition, source.
    pub methodology: Vec<[String; 4]>,
}

/// Everything a report is made of.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    /// The month.
    pub month: Month,
    /// Language.
    pub lang: Lang,
    /// Settings.
    pub settings: &'a Settings,
    /// Units.
    pub units: &'a UptRegistry,
    /// This month's protected figures of the audience.
    pub figures: &'a FigureTable,
    /// Last month's, as published.
    pub previous: &'a FigureTable,
    /// The run.
    pub facts: &'a RunFacts,
    /// Names.
    pub labels: &'a dyn Labels,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A count or other number with decimals.
    Number(f64, u8),
    /// A share.
    Share(f64),
    /// A sign for a number that is not shown.
    Sign(&'static str),
}

/// A table ready to be laid out.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// Unique headers.
    pub headers: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Value>>,
    /// Per column: the measure it shows and what of it.
    pub shows: Vec<(String, Show)>,
    /// The last row is the total.
    pub has_total: bool,
    /// What a total is called.
    pub total: String,
}

/// What stands where a number does not.
pub fn sign(f: Option<&Figure>) -> &'static str {
    match f.map(|f| f.status) {
        None => "…",
        Some(Status::SuppressedPrimary | Status::SuppressedSecondary) => "<5",
        Some(Status::IncompleteFollowUp) => "○",
        Some(_) => "–",
    }
}

fn shows(c: &Column, unit: Option<Unit>) -> Vec<Show> {
    if !c.show.is_empty() {
        return c.show.clone();
    }
    match unit {
        Some(Unit::Share) => vec![Show::N, Show::K, Show::Rate, Show::Ci],
        Some(Unit::Ratio | Unit::ShareDifference | Unit::Per100PersonYears) => {
            vec![Show::Value, Show::Ci]
        }
        _ => vec![Show::Value],
    }
}

fn cells(f: Option<&Figure>, show: Show) -> Vec<Value> {
    let number = |v: Option<f64>, share: bool| match v {
        Some(v) if share => Value::Share(v),
        Some(v) if v.fract() == 0.0 => Value::Number(v, 0),
        Some(v) => Value::Number(v, if v.abs() < 10.0 { 2 } else { 1 }),
        None => Value::Sign(sign(f)),
    };
    let share = f.is_some_and(|f| matches!(f.unit, Unit::Share | Unit::ShareDifference));
    match show {
        Show::Value => vec![number(f.and_then(|f| f.estimate), share)],
        Show::K => vec![number(f.and_then(|f| f.numerator), false)],
        Show::N => vec![number(f.and_then(|f| f.denominator), false)],
        Show::Rate => vec![number(f.and_then(|f| f.estimate), share)],
        Show::Ci => vec![
            number(f.and_then(|f| f.ci_low), share),
            number(f.and_then(|f| f.ci_high), share),
        ],
    }
}

/// Categories of a dimension that occur, in report order.
fn categories(c: &Content, s: &Sheet, population: Population, dimension: &str) -> Vec<Text> {
    let mut out: Vec<Text> = Vec::new();
    for col in &s.columns {
        for f in c
            .figures
            .of(&col.measure)
            .filter(|f| f.population == population)
        {
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

/// The table of a sheet.
pub fn grid(c: &Content, t: &Template, s: &Sheet) -> Grid {
    let p = s.population.unwrap_or(t.population);
    let lang = c.lang;
    let mut g = Grid {
        total: locale::text(lang, "report.total").to_owned(),
        ..Grid::default()
    };
    let first = if s.rows.is_empty() {
        "report.item".to_owned()
    } else {
        format!("dimension.{}", s.rows)
    };
    g.headers.push(locale::format(lang, &first, &[]));
    g.shows.push((String::new(), Show::Value));
    let across: Vec<Text> = if s.across.is_empty() {
        vec![]
    } else {
        categories(c, s, p, &s.across)
    };
    let name = |col: &Column| {
        col.header.as_ref().map_or_else(
            || c.labels.measure(lang, &col.measure),
            |h| h.get(lang).to_owned(),
        )
    };
    // (column, category across, what)
    let mut plan: Vec<(&Column, Option<&Text>, Show)> = Vec::new();
    for col in &s.columns {
        let unit = c.figures.of(&col.measure).next().map(|f| f.unit);
        if across.is_empty() {
            plan.extend(shows(col, unit).into_iter().map(|x| (col, None, x)));
        } else {
            plan.extend(across.iter().map(|k| (col, Some(k), Show::Value)));
            // Categories that are no parts of a whole have no total column.
            let rows = categories(c, s, p, &s.rows);
            let whole = rows
                .first()
                .is_some_and(|r| c.figures.find(col, p, &[(&s.rows, r)]).is_some());
            if whole || s.rows.is_empty() {
                plan.push((col, None, Show::Value));
            }
        }
    }
    for (col, k, show) in &plan {
        let base = match k {
            Some(k) => c.labels.category(lang, &s.across, k),
            None if !across.is_empty() => locale::text(lang, "report.total").to_owned(),
            None => name(col),
        };
        let many = s.columns.len() > 1 || !across.is_empty();
        let with = |key: &str| {
            let word = locale::format(lang, &format!("report.show.{key}"), &[]);
            if many {
                format!("{base}: {word}")
            } else {
                word
            }
        };
        let heads = match show {
            Show::Value => vec![base],
            Show::K => vec![with("k")],
            Show::N => vec![with("n")],
            Show::Rate => vec![with("rate")],
            Show::Ci => vec![with("low"), with("high")],
        };
        for h in heads {
            let mut unique = h.clone();
            let mut i = 2;
            while g.headers.contains(&unique) {
                unique = format!("{h} ({i})");
                i += 1;
            }
            g.headers.push(unique);
            g.shows.push((col.measure.clone(), *show));
        }
    }
    let mut add = |label: String, row: Option<&Text>| {
        let mut line = vec![Value::Text(label)];
        for (col, k, show) in &plan {
            let mut at: Vec<(&str, &str)> = Vec::new();
            at.extend(row.map(|r| (s.rows.as_str(), r.as_str())));
            at.extend(k.map(|k| (s.across.as_str(), k.as_str())));
            line.extend(cells(c.figures.find(col, p, &at), *show));
        }
        g.rows.push(line);
    };
    if !s.rows.is_empty() {
        for k in categories(c, s, p, &s.rows) {
            add(c.labels.category(lang, &s.rows, &k), Some(&k));
        }
    }
    let whole = s
        .columns
        .iter()
        .any(|col| c.figures.find(col, p, &[]).is_some());
    if whole || s.rows.is_empty() {
        add(locale::text(lang, "report.total").to_owned(), None);
        g.has_total = true;
    }
    g
}
