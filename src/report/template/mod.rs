//! Report templates: TOML files that an office can change without Rust.
//!
//! ```toml
//! audience = "kota"                 # kota | kanwil: whose protected figures
//! population = "kota_ambon"         # kota_ambon | maluku
//! title = { id = "…", en = "…" }
//!
//! [[kpi]]                           # the cover's and the summary sheet's numbers
//! code = "K1"
//! measure = "k1_a1"
//! window = 1                        # where the measure has several
//! definition = "P1.person.v1"
//! cumulative = { measure = "k1_a1", window = 12 }     # the column "up to this month"
//! known = { measure = "outcome_unknown" }  # the share not known, for the remark
//! change = "return_change"          # the change over a year, for remark and cover
//! trend = "release_month"           # with trend_measure where months have a measure of their own;
//!                                   # twelve months as a small line, from the first sheet that shows them
//!
//! [[sheet]]
//! name = { id = "Pra-bebas", en = "Pre-release" }     # at most 31 letters
//! title = { id = "…", en = "…" }
//! rows = "release_month"            # dimension of the rows, or several below each other: ["sex", "age_group"]
//! across = "sex"                    # categories as columns; a column may have its own
//! columns = [
//!   { measure = "k1_a1", show = ["n", "k", "rate", "ci"] },
//!   { measure = "stock", across = "status", only = ["remand", "sentenced"] },
//!   { measure = "coverage", at = { calendar_month = "this" }, show = ["mark"] },
//! ]
//! # Or measures as rows: `lines` with `show` (or `across`) as columns.
//! lines = [{ measure = "due_release", window = 3, header = { id = "…", en = "…" } }]
//! show = ["n", "k", "rate", "ci"]
//! blank = [{ id = "PIC", en = "Person in charge" }]   # columns the reader fills in
//! population = "maluku"             # overrides the template's
//! ascending = true                            # the smallest number first
//! title_unsplit = {id = "...", en = "..."}  # the title where the columns by category cannot be shown
//! heat = true                       # the higher the number, the darker its cell
//! sentence = { id = "Dari {n} orang …", en = "…" }    # placeholders: see `template/check.rs`
//! note = { id = "…", en = "…" }
//! chart = { kind = "bar", columns = ["k1_a1"], title = { id = "…", en = "…" } }
//! ```
//!
//! What the papers hold is declared below `[paper]`: see `template/paper.rs`.
//!
//! A chart's `columns` are measures, its `only` categories of the columns, its `rows` which of the row dimensions. A
//! title whose placeholder cannot be filled (a hidden number) gives way to the sheet's title.

mod check;
mod check_paper;
mod load;
mod one_or_many;
mod page;
mod paper;

pub use load::{
    NameOf, Nonsense, TableBlock, TemplateError, Templates, measured_of, tells_agreements,
};
use one_or_many::one_or_many;
pub use page::{PageChart, PageTemplate};
pub use paper::{PaperPart, PaperSlide, PaperTemplate, SlideKind};

use crate::domain::Population;
use crate::locale::Lang;
use crate::report::grid::Grid;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The text in a language.
    pub fn get(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.en } else { &self.id }
    }
    /// The same words in both languages.
    pub fn same(text: &str) -> Both {
        Both {
            id: text.into(),
            en: text.into(),
        }
    }
}

/// What a column shows of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// The count, or the number of an own measure.
    Value,
    /// Numerator.
    K,
    /// Denominator.
    N,
    /// Share.
    Rate,
    /// Both ends of the interval.
    Ci,
    /// The number as published last month.
    Previous,
    /// The number as published for the same month of last year.
    LastYear,
    /// Filled or empty circle: something or nothing.
    Mark,
    /// What the interval of a comparison allows to say.
    Verdict,
}

/// Columns of one measure.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Measure id.
    pub measure: String,
    /// What to show; default the count, or n, k, rate and interval of a share.
    #[serde(default)]
    pub show: Vec<Show>,
    /// Window in months.
    pub window: Option<u16>,
    /// Definition id.
    pub definition: Option<String>,
    /// Header instead of the measure's title.
    pub header: Option<Both>,
    /// Categories of this dimension as columns; default the sheet's `across`.
    pub across: Option<String>,
    /// Of these categories only these, in this order.
    #[serde(default)]
    pub only: Vec<String>,
    /// A fixed category of a dimension; `this` is the report's month.
    #[serde(default)]
    pub at: BTreeMap<String, String>,
}

/// A measure as rows.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Measure id.
    pub measure: String,
    /// Window in months.
    pub window: Option<u16>,
    /// Definition id.
    pub definition: Option<String>,
    /// Name of the row, or of the block of rows.
    pub header: Option<Both>,
    /// Row dimension; empty: one row, the total.
    #[serde(default)]
    pub rows: String,
    /// Of its categories only these, in this order.
    #[serde(default)]
    pub only: Vec<String>,
    /// A fixed category of a dimension.
    #[serde(default)]
    pub at: BTreeMap<String, String>,
}

impl Line {
    /// The figure selection of the line.
    pub fn column(&self) -> Column {
        Column {
            measure: self.measure.clone(),
            window: self.window,
            definition: self.definition.clone(),
            header: self.header.clone(),
            at: self.at.clone(),
            ..Column::default()
        }
    }
}

/// Kind of a chart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Horizontal bars.
    #[default]
    Bar,
    /// Upright bars.
    Column,
    /// Upright bars on top of each other.
    Stacked,
    /// Horizontal bars end to end.
    StackedBar,
    /// Horizontal bars of 100 %.
    Percent,
    /// Lines over time; a single share stands within its interval.
    Line,
    /// Step curves.
    Step,
    /// Stages as horizontal bars close to each other.
    Funnel,
    /// Points with their intervals.
    Dot,
    /// Points with their intervals around one.
    Forest,
    /// From an opening to a closing stock.
    Waterfall,
}

/// A chart of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Kind.
    pub kind: Kind,
    /// Measures to draw; default the first column's.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Categories of the columns to draw; default all.
    #[serde(default)]
    pub only: Vec<String>,
    /// Row dimensions to draw where the sheet has several; default the first.
    #[serde(default, deserialize_with = "one_or_many")]
    pub rows: Vec<String>,
    /// Bars of parts show the chosen categories alone, and nothing of what is left of the whole.
    #[serde(default)]
    pub parts_only: bool,
    /// A measure drawn as marks beside the bars (capacity).
    #[serde(default)]
    pub marks: String,
    /// Categories of a waterfall that take away.
    #[serde(default)]
    pub minus: Vec<String>,
    /// Draw the denominators as labels.
    #[serde(default)]
    pub label_n: bool,
    /// The finding, with placeholders.
    pub title: Both,
}

/// A sheet.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Tab.
    pub name: Both,
    /// Title.
    pub title: Both,
    /// Title of the table without its columns by category, for a month in which they cannot be shown.
    pub title_unsplit: Option<Both>,
    /// Row dimensions; none for totals only.
    #[serde(default, deserialize_with = "one_or_many")]
    pub rows: Vec<String>,
    /// Column dimension.
    #[serde(default)]
    pub across: String,
    /// Measures as columns.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Measures as rows.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// What stands in the columns of lines.
    #[serde(default)]
    pub show: Vec<Show>,
    /// Columns the reader fills in.
    #[serde(default)]
    pub blank: Vec<Both>,
    /// Population of this sheet.
    pub population: Option<Population>,
    /// Charts.
    #[serde(default, deserialize_with = "one_or_many")]
    pub chart: Vec<Chart>,
    /// Shade cells by their number.
    #[serde(default)]
    pub heat: bool,
    /// The smallest number first, where rows stand by their number: what is weak is to be seen first.
    #[serde(default)]
    pub ascending: bool,
    /// Summary sentence; a default is composed where it is missing.
    pub sentence: Option<Both>,
    /// Note below the table.
    pub note: Option<Both>,
}

impl Sheet {
    /// The title of the table as it is: it names no breakdown that the table does without.
    pub fn heading(&self, g: &Grid) -> &Both {
        match &self.title_unsplit {
            Some(own) if g.not_split.is_some() => own,
            _ => &self.title,
        }
    }
}

/// A number of the cover and the summary.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kpi {
    /// Short name (K1).
    #[serde(default)]
    pub code: String,
    /// Measure id.
    pub measure: String,
    /// Window in months.
    pub window: Option<u16>,
    /// Definition id.
    pub definition: Option<String>,
    /// Name instead of the measure's title.
    pub header: Option<Both>,
    /// A fixed category of a dimension.
    #[serde(default)]
    pub at: BTreeMap<String, String>,
    /// The number of a longer period, up to this month.
    pub cumulative: Option<Column>,
    /// Dimension of months of the small line.
    #[serde(default)]
    pub trend: String,
    /// The measure of the small line where it is another.
    #[serde(default)]
    pub trend_measure: String,
    /// The share of those of whom nothing is known: the remark says of how many something is.
    pub known: Option<Column>,
    /// The measure of the change over a year, with its interval: the remark says what it allows to say.
    #[serde(default)]
    pub change: String,
    /// A remark.
    pub note: Option<Both>,
}

impl Kpi {
    /// The figure selection.
    pub fn column(&self) -> Column {
        Column {
            measure: self.measure.clone(),
            window: self.window,
            definition: self.definition.clone(),
            header: self.header.clone(),
            at: self.at.clone(),
            ..Column::default()
        }
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// File stem of the output.
    #[serde(skip)]
    pub name: String,
    /// Whose figures.
    pub audience: String,
    /// Default population.
    pub population: Population,
    /// Title.
    pub title: Both,
    /// Numbers of the cover.
    #[serde(default)]
    pub kpi: Vec<Kpi>,
    /// Sheets.
    pub sheet: Vec<Sheet>,
    /// Letter, slides, chat message; composed of the sheets where it is missing.
    pub paper: Option<PaperTemplate>,
    /// Breakdowns of every measure named here; filled in when the template is checked.
    #[serde(skip)]
    pub dims: BTreeMap<String, Vec<String>>,
}

impl Template {
    /// Every measure of the report.
    pub fn measures(&self) -> BTreeSet<&str> {
        self.sheet
            .iter()
            .flat_map(|s| {
                let columns = s.columns.iter().map(|c| c.measure.as_str());
                columns.chain(s.lines.iter().map(|l| l.measure.as_str()))
            })
            .chain(self.kpi.iter().map(|k| k.measure.as_str()))
            .collect()
    }

    /// Whether a measure has a breakdown.
    pub fn has(&self, measure: &str, dimension: &str) -> bool {
        dimension.is_empty()
            || self
                .dims
                .get(measure)
                .is_some_and(|d| d.iter().any(|d| d == dimension))
    }
}
