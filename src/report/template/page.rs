//! The one page for leadership as `ringkasan.toml` declares it.

use super::{Both, Kind};
use crate::domain::Population;
use serde::Deserialize;

/// The one page for leadership: `ringkasan.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageTemplate {
    /// Title; `{place}` is the population.
    pub title: Both,
    /// What the status sentence is about: `{place}`, then the first number's numbers. Stands where no reading can be said.
    pub status: Both,
    /// What the page says of its numbers in sentences, in place of the status sentence.
    #[serde(default)]
    pub reading: Vec<Reading>,
    /// Four numbers.
    pub number: Vec<PageNumber>,
    /// Two charts.
    pub chart: Vec<PageChart>,
    /// What has to be decided.
    pub decision: Decision,
    /// A share that says how far the data can be trusted.
    pub caveat: Option<Caveat>,
}

/// A sentence about a number.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Measure id.
    pub measure: String,
    /// Window in months.
    pub window: Option<u16>,
    /// Definition id.
    pub definition: Option<String>,
    /// What it says, with the number's placeholders (`{k}`, `{n}`, `{share}`, `{value}`) and `{place}`.
    pub text: Both,
    /// Measure of how it changed over a year: its verdict stands behind the sentence.
    #[serde(default)]
    pub change: String,
}

/// A share in the caveat below the page.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caveat {
    /// Measure id.
    pub measure: String,
    /// Population where it is not the report's.
    pub population: Option<Population>,
    /// What it says: `{share}` is the number.
    pub text: Both,
}

/// A big number.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageNumber {
    /// Measure id.
    pub measure: String,
    /// Window in months.
    pub window: Option<u16>,
    /// Definition id.
    pub definition: Option<String>,
    /// What stands above it.
    pub label: Both,
    /// What is counted, where no numerator and denominator stand beside it.
    #[serde(default)]
    pub unit: Both,
}

/// A chart of the page.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageChart {
    /// Kind: bar or line.
    pub kind: Kind,
    /// Measure id.
    pub measure: String,
    /// Row dimension.
    pub rows: String,
    /// Window in months.
    pub window: Option<u16>,
    /// Definition id.
    pub definition: Option<String>,
    /// The finding.
    pub title: Both,
}

/// Rows of "to be decided": the categories with the largest numbers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Measure id.
    pub measure: String,
    /// Who: a dimension.
    pub rows: String,
    /// What: `{n}` is the number.
    pub text: Both,
}
