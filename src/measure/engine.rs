//! From requests to figures: facts once per measure, sums per breakdown, estimates and intervals, small numbers.

use super::facts::{Facts, Sums};
use super::people::Context;
use super::reduce::{Reduced, reduce};
use super::registry::{Kind, Measure, find, nearest};
use super::{
    MeasureError, comparison, labels, own, population, programme, quality, returns, stats,
};
use crate::domain::figure::{Figure, FigureKey, Request};
use crate::domain::{Month, Population, Status, Text};
use rayon::prelude::*;
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
    ("target_eligible", "service_target"),
    ("target_unknown", "service_target"),
    ("target_coverage", "service_target"),
    ("target_outside", "service_target"),
    ("prerelease_package", "need"),
    ("compare_return", "programme"),
    ("km_free_participants", "programme"),
    ("km_free_others", "programme"),
];

/// Below this size a share is not shown, below the other it is marked (DOMAIN.md 2.5).
const NO_SHARE: f64 = 10.0;
const FEW: f64 = 30.0;
/// Dimensions that select other releases: such a cohort has facts of its own, and no total over cohorts.
const COHORTS: &[&str] = &["cohort_quarter", "cohort_year", "ended_month"];
/// The dimension of a curve's points.
pub(super) const CURVE: &str = "months_since_release";

type Table = BTreeMap<FigureKey, Figure>;

/// Requests by measure and kind of cohort, so that facts are built once and can be let go.
type Jobs<'r> = BTreeMap<(&'static str, Text), (&'static Measure, Vec<&'r Request>)>;

pub(super) fn compute(c: &Context, requests: &[Request]) -> Result<Vec<Figure>, MeasureError> {
    let mut jobs: Jobs = BTreeMap::new();
    for r in requests {
        let m = checked(r)?;
        let key = (m.id, cohort_of(&r.by).cloned().unwrap_or_default());
        jobs.entry(key).or_insert((m, vec![])).1.push(r);
    }
    let tables: Vec<Table> = jobs
        .into_par_iter()
        .map(|(_, (m, requests))| measure(c, m, &requests))
        .collect::<Result<_, MeasureError>>()?;
    let mut all = Table::new();
    for t in tables {
        all.extend(t);
    }
    Ok(all.into_values().collect())
}

/// The measure a request names; or what is wrong with the request.
pub(super) fn checked(r: &Request) -> Result<&'static Measure, MeasureError> {
    let m = find(&r.measure).ok_or_else(|| MeasureError::Unknown {
        wrong: r.measure.to_string(),
        near: nearest(&r.measure).unwrap_or_default().to_owned(),
    })?;
    match r.by.iter().find(|d| !m.dims.contains(&d.as_str())) {
        Some(d) => Err(MeasureError::Dimension {
            measure: m.id.into(),
            dimension: d.to_string(),
        }),
        None => Ok(m),
    }
}

fn cohort_of(by: &[Text]) -> Option<&Text> {
    by.iter().find(|d| COHORTS.contains(&d.as_str()))
}

fn measure(c: &Context, m: &Measure, requests: &[&Request]) -> Result<Table, MeasureError> {
    let mut out = Table::new();
    if m.kind == Kind::Own {
        for r in requests {
            own_figures(c, m, r, &mut out);
        }
        return Ok(out);
    }
    let by: Vec<Text> = requests
        .iter()
        .filter_map(|r| cohort_of(&r.by).cloned())
        .take(1)
        .collect();
    // Without windows a request asks for all.
    let mut windows: Vec<u16> = requests.iter().flat_map(|r| r.windows.clone()).collect();
    if requests.iter().any(|r| r.windows.is_empty()) {
        windows.clear();
    }
    for f in facts(c, m.id, &by, &windows) {
        for r in requests {
            let asked = r.windows.is_empty() || f.window.is_none_or(|w| r.windows.contains(&w));
            let rows: Vec<Text> = r.by.iter().filter(|d| *d != CURVE).cloned().collect();
            if asked && f.has(&rows) {
                breakdowns(c, m, r, &f, &mut out)?;
            }
        }
    }
    Ok(out)
}

/// The fact tables of a measure; with windows, only those of them where the measure has several.
pub(super) fn facts<'a>(c: &Context<'a>, id: &str, by: &[Text], windows: &[u16]) -> Vec<Facts<'a>> {
    population::facts(c, id)
        .or_else(|| returns::facts(c, id, by, windows))
        .or_else(|| quality::facts(c, id))
        .or_else(|| programme::facts(c, id))
        .or_else(|| comparison::facts(c, id))
        .unwrap_or_default()
}

/// The breakdown itself, its margins and its total.
fn subsets(m: &Measure, by: &[Text]) -> Vec<Vec<Text>> {
    let mut all = vec![by.to_vec()];
    if by.len() == 2 {
        all.extend([vec![by[0].clone()], vec![by[1].clone()]]);
    }
    if !by.is_empty() {
        all.push(Vec::new());
    }
    let cohort = cohort_of(by).is_some();
    let needed = NEEDED.iter().filter(|(id, _)| *id == m.id);
    let needed: Vec<&str> = needed
        .map(|(_, d)| *d)
        .chain(m.kind.is_curve().then_some(CURVE))
        .collect();
    all.retain(|by| {
        // A cohort in calendar time has no total over cohorts.
        (!cohort || cohort_of(by).is_some()) && needed.iter().all(|n| by.iter().any(|d| d == n))
    });
    all
}

fn breakdowns(
    c: &Context,
    m: &Measure,
    r: &Request,
    f: &Facts,
    out: &mut Table,
) -> Result<(), MeasureError> {
    let ambon = r.population == Population::Ambon;
    for by in subsets(m, &r.by) {
        if m.kind.is_sum() {
            let groups = f.sum(&by, ambon)?;
            for key in universe(c, &by, &groups) {
                let figure = counted(c, m, r.population, f, &by, &key, groups.get(&key));
                out.insert(figure.key(), figure);
            }
            for label in &f.pending {
                if let [only] = by.as_slice()
                    && COHORTS.contains(&only.as_str())
                {
                    let mut figure = blank(c, m, r.population, f, &by, std::slice::from_ref(label));
                    figure.status = Status::IncompleteFollowUp;
                    out.insert(figure.key(), figure);
                }
            }
            continue;
        }
        let rows: Vec<Text> = by.iter().filter(|d| *d != CURVE).cloned().collect();
        let all: Vec<_> = f.rows().collect();
        for (key, group) in f.groups(&rows, ambon) {
            let group: Vec<_> = group.into_iter().map(|i| f.row(i)).collect();
            for value in reduce(m.kind, &group, &all) {
                let mut at = key.iter();
                let key: Vec<Text> = by
                    .iter()
                    .map(|d| match &value.month {
                        Some(month) if d == CURVE => month.clone(),
                        _ => at.next().cloned().unwrap_or_default(),
                    })
                    .collect();
                let mut figure = blank(c, m, r.population, f, &by, &key);
                settle(&mut figure, &value);
                out.insert(figure.key(), figure);
            }
        }
    }
    Ok(())
}

/// Closed lists show their zeros; open ones what occurs.
fn universe(c: &Context, by: &[Text], groups: &BTreeMap<Vec<Text>, Sums>) -> Vec<Vec<Text>> {
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

fn counted(
    c: &Context,
    m: &Measure,
    population: Population,
    f: &Facts,
    by: &[Text],
    key: &[Text],
    sums: Option<&Sums>,
) -> Figure {
    let mut figure = blank(c, m, population, f, by, key);
    let (num, den, rows) = sums.copied().unwrap_or_default();
    // Nobody counted where nothing was delivered is not nought.
    if rows == 0 && m.personal && silent(c, f.window, by, key) {
        figure.status = Status::NotApplicable;
        return figure;
    }
    fill(&mut figure, m, num, den, rows);
    figure
}

/// Whether a cell is about a unit that delivered nothing for the period (a month where the figure has none).
fn silent(c: &Context, window: Option<u16>, by: &[Text], key: &[Text]) -> bool {
    let from = c.month().plus(1 - i32::from(window.unwrap_or(1).max(1)));
    let cells = &c.h().coverage.cells;
    let delivered = |supplier: &Text, kind: &str, m: Option<Month>| {
        let first = cells.partition_point(|(s, ..)| s < supplier);
        cells[first..]
            .iter()
            .take_while(|(s, ..)| s == supplier)
            .any(|(_, k, month)| *k == kind && m.is_none_or(|m| *month >= m))
    };
    by.iter().zip(key).any(|(d, k)| match d.as_str() {
        "upt" => !delivered(k, "custody", Some(from)) && c.input.units.by_id(k).is_some(),
        "bapas" => !delivered(k, "supervision", Some(from)) && c.input.units.by_id(k).is_some(),
        _ => false,
    })
}

/// A figure without numbers.
fn blank(
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

/// Sums become a number, with its interval and how far it may be read.
pub(super) fn fill(f: &mut Figure, m: &Measure, num: f64, den: f64, rows: u64) {
    let round = |x: f64| (x * 1e6).round() / 1e6;
    let (num, den) = (round(num), round(den));
    let bounds = |f: &mut Figure, i: Option<stats::Interval>, scale: f64| {
        (f.ci_low, f.ci_high) = (i.map(|i| i.low * scale), i.map(|i| i.high * scale));
    };
    if m.kind != Kind::Count {
        (f.numerator, f.denominator) = (Some(num), Some(den));
        if den <= 0.0 {
            f.status = if m.kind == Kind::Share && rows > 0 {
                Status::Ok
            } else {
                Status::NotApplicable
            };
            return;
        }
    }
    match m.kind {
        Kind::Ratio => f.estimate = Some(num / den),
        Kind::Rate => {
            let result = stats::rate_per(num.round() as u64, den);
            f.estimate = result.map(|(rate, _)| rate * 100.0);
            bounds(f, result.map(|(_, i)| i), 100.0);
        }
        Kind::Standardised => {
            let result = stats::indirect(num.round() as u64, den).filter(|_| den >= 1.0);
            f.estimate = result.map(|r| r.srr);
            bounds(f, result.map(|r| r.exact), 1.0);
            if result.is_none() {
                f.status = Status::NotApplicable;
            }
        }
        Kind::Share => {
            if m.personal && den < NO_SHARE {
                f.status = Status::Unreliable;
                return;
            }
            if m.personal && den < FEW {
                f.status = Status::Unreliable;
            }
            f.estimate = Some(num / den).filter(|p| implies_a_person(*p, den as u64));
            bounds(
                f,
                stats::wilson(num.round() as u64, den.round() as u64),
                1.0,
            );
        }
        _ => (f.numerator, f.estimate) = (Some(num), Some(num)),
    }
}

/// A reduced number becomes the figure's.
fn settle(f: &mut Figure, v: &Reduced) {
    (f.numerator, f.denominator, f.estimate) = (v.numerator, v.denominator, v.estimate);
    (f.ci_low, f.ci_high) = (v.interval.map(|i| i.low), v.interval.map(|i| i.high));
    if v.few {
        f.status = Status::Unreliable;
    }
    if v.refused {
        f.status = Status::NotApplicable;
        (f.estimate, f.ci_low, f.ci_high) = (None, None, None);
    }
}

fn own_figures(c: &Context, m: &Measure, r: &Request, out: &mut Table) {
    let ambon = r.population == Population::Ambon;
    let Some((definition, window, values)) = own::values(c, m.id, &r.by, ambon) else {
        return;
    };
    for v in values {
        // Without a breakdown asked for, the measure's own dimensions name the categories.
        let dims = m.dims.iter().map(|d| Text::from(*d));
        let by = r.by.iter().cloned().chain(dims.skip(r.by.len()));
        let by: Vec<Text> = by.take(v.categories.len()).collect();
        let facts = Facts::new(definition, window, &[]);
        let mut f = blank(c, m, r.population, &facts, &by, &v.categories);
        settle(
            &mut f,
            &Reduced {
                numerator: v.numerator,
                denominator: v.denominator,
                estimate: v.estimate,
                interval: v.interval,
                refused: v.refused,
                ..Reduced::default()
            },
        );
        out.insert(f.key(), f);
    }
}

/// Refuses a percentage that means more than nobody and less than one person (DOMAIN.md 1.5).
pub fn implies_a_person(share: f64, n: u64) -> bool {
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

    #[test]
    fn nobody_of_twelve_has_an_upper_bound_of_24_percent() {
        let m = find("k1_a1").unwrap();
        let c = |n: f64| {
            let mut f = Figure {
                month: Month::new(2026, 1).unwrap(),
                measure: m.id.into(),
                definition: "v1".into(),
                population: Population::Ambon,
                dim1: Default::default(),
                dim2: Default::default(),
                window_months: None,
                numerator: None,
                denominator: None,
                estimate: None,
                ci_low: None,
                ci_high: None,
                unit: m.unit,
                status: Status::Ok,
            };
            fill(&mut f, m, 0.0, n, n as u64);
            f
        };
        let twelve = c(12.0);
        assert_eq!(twelve.status, Status::Unreliable);
        assert!((twelve.ci_high.unwrap() - 0.2425).abs() < 0.0005);
        let nine = c(9.0);
        assert_eq!((nine.estimate, nine.numerator), (None, Some(0.0)));
    }
}
