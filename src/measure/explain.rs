//! What a figure rests on: the records in its numerator, in its denominator, and those looked at and left out.
//! Answers for any measure, because every row of a fact table carries its records. For the analyst alone.

use super::engine::{CURVE, checked, each_table};
use super::facts::Facts;
use super::people::Context;
use super::reduce::MONTH_DAYS;
use super::registry::Kind;
use super::{Input, MeasureError, compute};
use crate::domain::figure::{Figure, FigureKey, Request};
use crate::domain::{Dimension, Population, RowRef, Text};

/// Which figure somebody asks about.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Measure id.
    pub measure: Text,
    /// Whose figure.
    pub population: Population,
    /// Dimension and category, none to two.
    pub at: Vec<(Dimension, Text)>,
    /// Window in months, where the measure has several; the headline's without one.
    pub window: Option<u16>,
    /// Definition id, where the measure has several.
    pub definition: Option<Text>,
}

impl Asked {
    /// The figure a key names.
    pub fn of(key: &FigureKey) -> Asked {
        let (measure, definition, population, one, two, window) = key.clone();
        Asked {
            measure,
            population,
            at: [one, two]
                .into_iter()
                .filter_map(|(d, c)| Some((Dimension::from_id(&d)?, c)))
                .collect(),
            window,
            definition: Some(definition),
        }
    }
}

/// What a record is to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Counted, or in the numerator (and so in the denominator).
    Numerator,
    /// In the denominator only.
    Denominator,
    /// Looked at and not counted: why, a key of `explain.left_out.*`.
    LeftOut(&'static str),
}

/// One thing counted or left out, with its records.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution<'a> {
    /// What it is to the figure.
    pub role: Role,
    /// What it adds to numerator and denominator.
    pub adds: (f64, f64),
    /// Its records.
    pub from: &'a [RowRef],
    /// The records that put it into the numerator, where they are others.
    pub because: &'a [RowRef],
}

/// A figure and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation<'a> {
    /// The figure before disclosure control.
    pub figure: Figure,
    /// By role, then as they were counted.
    pub contributions: Vec<Contribution<'a>>,
}

/// The figure somebody asks about with its contributions; `None` when the measure has no such figure.
pub fn explain<'a>(
    input: &Input<'a>,
    asked: &Asked,
) -> Result<Option<Explanation<'a>>, MeasureError> {
    let by: Vec<Dimension> = asked.at.iter().map(|(d, _)| *d).collect();
    let request = Request {
        measure: asked.measure.clone(),
        population: asked.population,
        by: by.clone(),
        windows: asked.window.into_iter().collect(),
    };
    let m = checked(&request)?;
    let Some(figure) = pick(input, asked, &compute(input, &[request])?) else {
        return Ok(None);
    };
    let c = Context::of(input, true);
    let ambon = asked.population == Population::Ambon;
    let windows: Vec<u16> = figure.window_months.into_iter().collect();
    let rows: Vec<Dimension> = by.iter().copied().filter(|d| *d != CURVE).collect();
    let at: Vec<(Dimension, Text)> = asked
        .at
        .iter()
        .filter(|(d, _)| *d != CURVE)
        .cloned()
        .collect();
    // Along a curve a record stands in the numerator from the day of its event.
    let month = asked.at.iter().find(|(d, _)| *d == CURVE);
    let day = month
        .and_then(|(_, k)| k.parse::<f64>().ok())
        .map(|m| m * MONTH_DAYS);
    let of_table = |f: &Facts<'a>| {
        if f.definition != figure.definition || f.window != figure.window_months || !f.has(&rows) {
            return Vec::new();
        }
        let mut out = Vec::new();
        for i in f.with(&at, ambon) {
            let r = f.row(i);
            let hit = match (m.kind, day) {
                (Kind::Incidence(cause), Some(day)) => r.mark == cause && r.value <= day,
                (Kind::Survival | Kind::Hazard, Some(day)) => r.mark == 1 && r.value <= day,
                _ => r.num != 0.0,
            };
            let role = if hit {
                Role::Numerator
            } else {
                Role::Denominator
            };
            if hit || r.den != 0.0 || !m.kind.is_sum() {
                out.push(Contribution {
                    role,
                    adds: (r.num, r.den),
                    from: r.from,
                    because: r.because,
                });
            }
        }
        let left_out = f.left_out().iter().filter(|x| !ambon || x.ambon);
        out.extend(left_out.map(|x| Contribution {
            role: Role::LeftOut(x.why),
            adds: (0.0, 0.0),
            from: x.from,
            because: &[],
        }));
        out
    };
    let tables = each_table(&c, m.id, &by, &windows, of_table);
    let mut out = tables
        .into_iter()
        .find(|t| !t.is_empty())
        .unwrap_or_default();
    out.sort_by_key(|x| x.role);
    Ok(Some(Explanation {
        figure,
        contributions: out,
    }))
}

/// The figure at the place; of several windows and definitions the headline's.
fn pick(input: &Input, asked: &Asked, figures: &[Figure]) -> Option<Figure> {
    let d = &input.settings.definitions;
    let headline = format!("{}.{}.v1", d.event, d.unit);
    let here = |f: &&Figure| {
        f.places().count() == asked.at.len()
            && f.places()
                .all(|(d, k)| asked.at.iter().any(|(x, y)| *x == d && y == k))
            && asked.definition.as_ref().is_none_or(|d| f.definition == *d)
            && asked.window.is_none_or(|w| f.window_months == Some(w))
    };
    let rank = |f: &&Figure| {
        (
            f.definition != headline.as_str(),
            f.window_months != Some(d.headline_window),
        )
    };
    figures.iter().filter(here).min_by_key(rank).cloned()
}
