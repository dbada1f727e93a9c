//! Texts of papers in the language of the run, with the month's own words at hand.

use crate::domain::figure::Figure;
use crate::domain::{Population, Unit};
use crate::locale;
use crate::report::figures::Content;

/// Texts of a paper.
pub struct Words<'a> {
    c: &'a Content<'a>,
    /// Who the figures are about.
    pub place: String,
    /// The month in words.
    pub month: String,
    /// The cut-off date in words.
    pub cutoff: String,
}

impl<'a> Words<'a> {
    /// Texts for the papers of a population.
    pub fn new(c: &'a Content<'a>, population: Population) -> Words<'a> {
        let key = format!("report.page_one.{}", population.id());
        let day = c.facts.cutoff.map(|d| locale::date_long(c.lang, d));
        Words {
            c,
            place: locale::text(c.lang, &key).to_owned(),
            month: locale::month_long(c.lang, c.month),
            cutoff: day.unwrap_or_else(|| "…".to_owned()),
        }
    }
    /// A text of the papers.
    pub fn text(&self, key: &str, args: &[(&str, &str)]) -> String {
        locale::format(self.c.lang, &format!("paper.{key}"), args)
    }
    /// The same without placeholders.
    pub fn say(&self, key: &str) -> String {
        self.text(key, &[])
    }
    /// A text all reports share.
    pub fn report(&self, key: &str, args: &[(&str, &str)]) -> String {
        locale::format(self.c.lang, &format!("report.{key}"), args)
    }
    /// A template's text with place, month and cut-off filled in.
    pub fn fill(&self, text: &str) -> String {
        let args = [
            ("place", self.place.as_str()),
            ("month", &self.month),
            ("cutoff", &self.cutoff),
        ];
        locale::fill(text, &args)
    }
    /// `kisaran 95 %: 56–67 %`; empty without an interval.
    pub fn interval(&self, f: &Figure) -> String {
        let (Some(a), Some(b)) = (f.ci_low, f.ci_high) else {
            return String::new();
        };
        let (low, high) = ends(self.c.lang, f, a, b);
        self.text("range", &[("low", &low), ("high", &high)])
    }
}

/// Both ends of an interval with the digits of the figure's estimate.
pub fn ends(lang: locale::Lang, f: &Figure, low: f64, high: f64) -> (String, String) {
    match f.unit {
        Unit::Share | Unit::ShareDifference => {
            let fine = f.unit == Unit::ShareDifference || f.denominator.is_none_or(|d| d >= 100.0);
            let digits = usize::from(fine);
            (
                locale::decimal(lang, low * 100.0, digits),
                locale::percent(lang, high, digits),
            )
        }
        Unit::Ratio | Unit::Per100PersonYears => (
            locale::decimal(lang, low, 2),
            locale::decimal(lang, high, 2),
        ),
        Unit::Persons | Unit::Events | Unit::Days | Unit::Hours | Unit::Places => {
            let digits = usize::from(low.fract() != 0.0 || high.fract() != 0.0);
            (
                locale::decimal(lang, low, digits),
                locale::decimal(lang, high, digits),
            )
        }
    }
}
