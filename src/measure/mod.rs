//! Floor 3: declared measures × breakdowns → [`Figure`]s. Knows histories and definitions (docs/definitions.md 3, 2, 3);
//! knows nothing of names, sheets or words: a measure never formats a number.
//!
//! A measure is rows of a fact table (what is counted, with its categories) summed by polars, or a curve or median of its
//! own. Adding a breakdown is naming another dimension in a template.

mod bound;
mod change;
mod cohorts;
mod columns;
mod comparison;
mod contributors;
mod eligible;
mod engine;
mod explain;
mod facts;
mod guidance;
mod labels;
mod merge;
mod numbers;
mod outcomes;
mod outlook;
mod own;
mod people;
mod population;
mod prerelease;
mod programme;
mod quality;
mod reduce;
mod registry;
mod returns;
pub mod stats;
mod styles;
mod trails;

pub use bound::{Bound, Side};
pub use change::{Piece, Split, counted, differing, split};
pub use contributors::{Weights, weights};
pub use explain::{Asked, Contribution, Explanation, Role, explain};
pub use labels::{categories, category_label, category_order};
pub use merge::{Put, can_be_put_together, merged, put_together};
pub use people::Context;
pub use registry::{
    Described, Kind, MEASURES, Measure, breakdowns, children_categories, find, hierarchies, named,
    nearest, services_by_agency, shapes,
};
pub use stats::implies_a_person;

use crate::domain::change::Changes;
use crate::domain::figure::{Figure, Request};
use crate::domain::history::{Histories, PersonId};
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, Text};
use crate::workspace::Settings;

/// What the measures see.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Histories under strict and likely links.
    pub histories: &'a Histories,
    /// Who came back by the links a bound of return is about (`return_low`, `return_high`).
    pub bound: Option<&'a Bound>,
    /// Units.
    pub units: &'a UptRegistry,
    /// Settings.
    pub settings: &'a Settings,
    /// The report's month.
    pub month: Month,
    /// How good the input is.
    pub quality: &'a Quality,
    /// What numbers counted for the month before, and what they count now step by step; `None` where no month before
    /// was handed out.
    pub changes: Option<&'a Changes>,
}

/// How good the input is, by supplier.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Quality {
    /// Per supplier.
    pub sources: Vec<SourceQuality>,
    /// Records by kind of link.
    pub link_kinds: Vec<(Text, u64)>,
    /// Doubtful pairs waiting.
    pub review_backlog: u64,
    /// Per supplier, of earlier months of the year up to now, oldest first.
    pub months: Vec<(Month, Vec<SourceQuality>)>,
}

/// One supplier's input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceQuality {
    /// Supplier id.
    pub supplier: Text,
    /// Rows that looked like data.
    pub rows_read: u64,
    /// Rows used.
    pub rows_used: u64,
    /// Rows set aside.
    pub rows_set_aside: u64,
    /// Rows about a later time than the report's month.
    pub rows_later: u64,
    /// Intact NIK of records.
    pub nik_intact: (u64, u64),
    /// Service rows linked to a known person.
    pub linked: (u64, u64),
}

/// A request cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// There is no such measure.
    #[error("there is no measure `{wrong}`; nearest: `{near}`")]
    Unknown {
        /// As asked.
        wrong: String,
        /// The nearest id.
        near: String,
    },
    /// The measure has no such breakdown.
    #[error("measure `{measure}` has no breakdown `{dimension}`")]
    Dimension {
        /// Measure.
        measure: String,
        /// As asked.
        dimension: String,
    },
    /// A table could not be summed.
    #[error("{0}")]
    Table(#[from] polars::prelude::PolarsError),
}

/// Everybody in the headline cohort of return, and whether they came back within the window.
pub fn headline(input: &Input) -> Vec<(PersonId, bool)> {
    returns::who_returned(&Context::new(input))
}

/// Answers requests: one long table, sorted and unique by key. Margins and totals come with every breakdown.
pub fn compute(input: &Input, requests: &[Request]) -> Result<Vec<Figure>, MeasureError> {
    engine::compute(&Context::new(input), requests)
}
