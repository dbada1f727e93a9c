//! From requests to figures: facts once per measure, sums per breakdown, estimates and intervals, small numbers.

use super::facts::Facts;
use super::people::Context;
use super::registry::{Kind, Measure, find, nearest};
use super::{MeasureError, labels, own, population, programme, quality, returns, stats};
use crate::domain::figure::{Figure, FigureKey, Request};
use crate::domain::{Population, Status, Text};
use std::collections::BTreeMap;

/// Breakdowns without which a measure has no meaning: their categories are different counts, not parts of one.
const NEEDED: &[(&str, &str)] = &[
    ("flow", "movement"),
    ("client_flow", "movement"),
    ("funnel", "stage"),
    ("documents", "document_state"),
    ("styles", "style"),
    ("outcome_work", "horizon"),
    ("outcome_work_lower", "horizon"),
    ("outcome_unknown", "horizon"),
    ("compare_return", "programme"),
];

/// Below this size a share is not shown, below the other it is marked (DOMAIN.md 2.5).
const NO_SHARE: f64 = 10.0;
const FEW: f64 = 30.0;

pub(super) fn compute(c: &Context, requests: &[Request]) -> Result<Vec<Figure>, MeasureError> {
    let mut out: BTreeMap<FigureKey, Figure> = BTreeMap::new();
    let mut cache: BTreeMap<(&'static str, Text), Vec<Facts>> = BTreeMap::new();
    for r in requests {
        let m = find(&r.measure).ok_or_else(|| MeasureError::Unknown {
            wrong: r.measure.to_string(),
            near: nearest(&r.measure).unwrap_or_default().to_owned(),
        })?;
        if let Some(d) = r.by.iter().find(|d| !m.dims.contains(&d.as_str())) {
            return Err(MeasureError::Dimension {
                measure: m.id.into(),
                dimension: d.to_string(),
            });
        }
        let ambon = r.population == Population::Ambon;
        if m.kind == Kind::Own {
            own_figures(c, m, r, ambon, &mut out);
            continue;
        }
        // Cohorts in calendar time are other selections of releases: they have facts of their own.
        let cohort =
            r.by.iter()
                .find(|d| matches!(d.as_str(), "cohort_quarter" | "cohort_year" | "ended_month"));
        let key = (m.id, cohort.cloned().unwrap_or_default());
        if !cache.contains_key(&key) {
            cache.insert(key.clone(), facts(c, m.id, &r.by));
        }
        for f in &cache[&key] {
            let asked = r.windows.is_empty() || f.window.is_none_or(|w| r.windows.contains(&w));
            if asked && f.has(&r.by) {
                sums(c, m, r, f, ambon, cohort.is_some(), &mut out)?;
            }
        }
    }
    Ok(out.into_values().collect())
}

fn facts(c: &Context, id: &str, by: &[Text]) -> Vec<Facts> {
    population::facts(c, id)
        .or_else(|| returns::facts(c, id, by))
        .or_else(|| quality::facts(c, id))
        .or_else(|| programme::facts(c, id))
        .unwrap_or_default()
}

/// The breakdown itself, its margins and its total. A cohort in calendar time has no total over cohorts.
fn sums(
    c: &Context,
    m: &Measure,
    r: &Request,
    f: &Facts,
    ambon: bool,
    cohort: bool,
    out: &mut BTreeMap<FigureKey, Figure>,
) -> Result<(), MeasureError> {
    let mut subsets: Vec<Vec<Text>> = vec![r.by.clone()];
    if r.by.len() == 2 {
        subsets.extend([vec![r.by[0].clone()], vec![r.by[1].clone()]]);
    }
    if !r.by.is_empty() {
        subsets.push(Vec::new());
    }
    for by in subsets {
        if cohort
            && !by
                .iter()
                .any(|d| d.starts_with("cohort") || d == "ended_month")
        {
            continue;
        }
        if NEEDED
            .iter()
            .any(|(id, d)| *id == m.id && !by.iter().any(|b| b == d))
        {
            continue;
        }
        let groups = f.sum(&by, ambon)?;
        let universe = universe(c, &by, &groups);
        for key in universe {
            let (num, den, rows) = groups.get(&key).copied().unwrap_or_default();
            let mut figure = figure(c, m, r.population, f, &by, &key);
            fill(&mut figure, m, num, den, rows);
            out.insert(figure.key(), figure);
        }
    }
    Ok(())
}

/// Closed lists show their zeros; open ones what occurs.
fn universe(
    c: &Context,
    by: &[Text],
    groups: &BTreeMap<Vec<Text>, super::facts::Sums>,
) -> Vec<Vec<Text>> {
    let lists: Vec<Vec<Text>> = by
        .iter()
        .enumerate()
        .map(|(i, d)| {
            let mut list = labels::categories(d, c.input.units, c.month());
            for k in groups.keys() {
                if !list.contains(&k[i]) {
                    list.push(k[i].clone());
                }
            }
            list
        })
        .collect();
    match lists.as_slice() {
        [] => vec![vec![]],
        [a] => a.iter().map(|x| vec![x.clone()]).collect(),
        [a, b, ..] => a
            .iter()
            .flat_map(|x| b.iter().map(move |y| vec![x.clone(), y.clone()]))
            .collect(),
    }
}

fn figure(
    c: &Context,
    m: &Measure,
    population: Population,
    f: &Facts,
    by: &[Text],
    key: &[Text],
) -> Figure {
    let dim = |i: usize| {
        by.get(i)
            .zip(key.get(i))
            .map(|(d, k)| (d.clone(), k.clone()))
            .unwrap_or_default()
    };
    Figure {
        month: c.month(),
        measure: m.id.into(),
        definition: f.definition.clone(),
        population,
        dim1: dim(0),
        dim2: dim(1),
        window_months: f.window,
        numerator: None,
        denominator: None,
        estimate: None,
        ci_low: None,
        ci_high: None,
        unit: m.unit,
        status: Status::Ok,
    }
}

fn fill(f: &mut Figure, m: &Measure, num: f64, den: f64, rows: u64) {
    let num = (num * 1e6).round() / 1e6;
    match m.kind {
        Kind::Count | Kind::Own => (f.numerator, f.estimate) = (Some(num), Some(num)),
        Kind::Ratio => {
            (f.numerator, f.denominator) = (Some(num), Some(den));
            f.estimate = (den > 0.0).then(|| num / den);
            if den <= 0.0 {
                f.status = Status::NotApplicable;
            }
        }
        Kind::Share => {
            (f.numerator, f.denominator) = (Some(num), Some(den));
            if den <= 0.0 {
                f.status = if rows == 0 {
                    Status::NotApplicable
                } else {
                    Status::Ok
                };
                return;
            }
            if m.personal && den < NO_SHARE {
                f.status = Status::Unreliable;
                return;
            }
            if m.personal && den < FEW {
                f.status = Status::Unreliable;
            }
            f.estimate = Some(num / den).filter(|p| implies_a_person(*p, den as u64));
            if let Some(i) = stats::wilson(num.round() as u64, den.round() as u64) {
                (f.ci_low, f.ci_high) = (Some(i.low), Some(i.high));
            }
        }
    }
}

fn own_figures(
    c: &Context,
    m: &Measure,
    r: &Request,
    ambon: bool,
    out: &mut BTreeMap<FigureKey, Figure>,
) {
    let Some((definition, window, values)) = own::values(c, m.id, &r.by, ambon) else {
        return;
    };
    for v in values {
        let (by, key): (Vec<Text>, Vec<Text>) = if v.category.is_empty() {
            (vec![], vec![])
        } else {
            let dim =
                r.by.first()
                    .cloned()
                    .unwrap_or_else(|| m.dims.first().map_or(Text::default(), |d| Text::from(*d)));
            (vec![dim], vec![v.category.clone()])
        };
        let facts = Facts::new(definition, window, &[]);
        let mut f = figure(c, m, r.population, &facts, &by, &key);
        (f.numerator, f.denominator, f.estimate) = (v.numerator, v.denominator, v.estimate);
        if let Some(i) = v.interval {
            (f.ci_low, f.ci_high) = (Some(i.low), Some(i.high));
        }
        if v.refused {
            f.status = Status::NotApplicable;
            (f.estimate, f.ci_low, f.ci_high) = (None, None, None);
        }
        out.insert(f.key(), f);
    }
}

/// Refuses a percentage that means more than nobody and less than one person (DOMAIN.md 1.5).
pub(super) fn implies_a_person(share: f64, n: u64) -> bool {
    let k = share * n as f64;
    share == 0.0 || k >= 1.0 - 1e-9
}

#[cfg(test)]
mod tests {
    use super::super::registry::MEASURES;
    use super::*;
    use crate::domain::Unit;

    #[test]
    fn a_hundredth_of_a_percent_of_2830_people_is_refused() {
        assert!(!implies_a_person(0.0001, 2830), "0.283 of a person");
        assert!(implies_a_person(0.0, 2830));
        assert!(implies_a_person(1.0 / 2830.0, 2830));
    }

    #[test]
    fn every_measure_has_a_unique_id_and_known_dimensions() {
        for (i, m) in MEASURES.iter().enumerate() {
            assert!(MEASURES[i + 1..].iter().all(|x| x.id != m.id), "{}", m.id);
            assert!(m.unit != Unit::Share || m.kind != Kind::Count, "{}", m.id);
        }
    }
}
