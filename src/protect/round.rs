//! The alternative by settings: every count of people rounded to a base, so that no exact small count is shown.
//!
//! Margins are rounded on their own, so a table's parts may differ from its total by rounding; the reports say
//! so. Rates are recomputed from the rounded counts, intervals are not shown for them.

use super::cells::System;
use super::{Known, Protected, Rules, Summary};
use crate::domain::Unit;
use crate::domain::figure::Figure;

/// Rounds all personal figures to the base of the settings.
pub fn protect(mut figures: Vec<Figure>, rules: &Rules) -> Protected {
    let base = f64::from(rules.disclosure.rounding_base.max(2));
    let system = System::build(&figures, rules, &Known::default());
    let round = |v: f64| (v / base).round() * base;
    for (f, cells) in figures.iter_mut().zip(&system.of_figure) {
        if cells.is_empty() {
            continue;
        }
        f.numerator = f.numerator.map(round);
        f.denominator = f.denominator.map(round);
        f.estimate = match (f.unit, f.numerator, f.denominator) {
            (Unit::Share, Some(k), Some(n)) if n > 0.0 => Some((k / n).min(1.0)),
            (Unit::Persons | Unit::Events, k, None) => k,
            _ => None,
        };
        (f.ci_low, f.ci_high) = (None, None);
    }
    let summary = Summary {
        figures: figures.len() as u64,
        cells: system.cells.len() as u64,
        ..Summary::default()
    };
    Protected {
        figures,
        summary,
        derived: Vec::new(),
    }
}
