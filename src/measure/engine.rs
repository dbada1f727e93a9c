//! From requests to figures: facts once per measure, sums per breakdown, estimates and intervals, small numbers.

use super::facts::{Facts, Groups, Sums};
use super::people::Context;
use super::reduce::{Group, Reduced, reduce};
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
    ("landmark_return", "programme"),
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

/// Requests by fact table and kind of cohort, so that facts are built once and can be let go.
type Jobs<'r> = BTreeMap<(&'static str, Text), Vec<(&'static Measure, &'r Request)>>;

pub(super) fn compute(c: &Context, requests: &[Request]) -> Result<Vec<Figure>, MeasureError> {
    let mut jobs: Jobs = BTreeMap::new();
    for r in requests {
        let m = checked(r)?;
        let key = (
            table_of(m.id),
            cohort_of(&r.by).cloned().unwrap_or_default(),
        );
        jobs.entry(key).or_default().push((m, r));
    }
    let tables = jobs
        .into_par_iter()
        .map(|((_, cohort), asked)| answer(c, &cohort, &asked))
        .collect();
    Ok(joined(tables)?.into_values().collect())
}

/// The name of the rows a measure is made from: measures of one name are made from the same.
fn table_of(id: &'static str) -> &'static str {
    match id {
        "cif_new" | "cif_revoked" | "cif_death" | "km_free" | "na_hazard" | "return_median"
        | "return_rmst" => "followed",
        "service_wait_median" | "service_wait_p90" => "waits",
        _ => id,
    }
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

/// The figures of measures that are made from the same rows.
fn answer(
    c: &Context,
    cohort: &Text,
    asked: &[(&'static Measure, &Request)],
) -> Result<Table, MeasureError> {
    let Some((first, _)) = asked.first() else {
        return Ok(Table::new());
    };
    if first.kind == Kind::Own {
        let mut out = Table::new();
        for (m, r) in asked {
            own_figures(c, m, r, &mut out);
        }
        return Ok(out);
    }
    // Without windows a request asks for all.
    let all = asked.iter().any(|(_, r)| r.windows.is_empty());
    let windows = asked.iter().filter(|_| !all);
    let windows: Vec<u16> = windows.flat_map(|(_, r)| r.windows.clone()).collect();
    let by: Vec<Text> = Some(cohort)
        .filter(|c| !c.is_empty())
        .cloned()
        .into_iter()
        .collect();
    let tables = each_table(c, first.id, &by, &windows, |f| of_table(c, f, asked));
    joined(tables)
}

fn joined(tables: Vec<Result<Table, MeasureError>>) -> Result<Table, MeasureError> {
    let mut all = Table::new();
    for t in tables {
        all.extend(t?);
    }
    Ok(all)
}

/// Looks at every fact table of a measure; with windows, only at those of them where the measure has several.
pub(super) fn each_table<'a, T: Send>(
    c: &Context<'a>,
    id: &str,
    by: &[Text],
    windows: &[u16],
    look: impl Fn(&Facts<'a>) -> T + Sync,
) -> Vec<T> {
    match table_of_id(id) {
        "return" => {
            let makes = returns::cohorts(c, by, windows);
            makes.into_par_iter().map(|make| look(&make())).collect()
        }
        "followed" => vec![look(c.followed())],
        _ => {
            let made = population::facts(c, id)
                .or_else(|| returns::facts(c, id, by))
                .or_else(|| quality::facts(c, id))
                .or_else(|| programme::facts(c, id))
                .or_else(|| comparison::facts(c, id));
            made.iter().flatten().map(look).collect()
        }
    }
}

fn table_of_id(id: &str) -> &'static str {
    find(id).map_or("", |m| table_of(m.id))
}

/// A breakdown somebody wants of a fact table.
type Want<'r> = (&'static Measure, Population, &'r [Text]);

/// Breakdowns wanted of the same dimensions of rows: measure, population, and by what.
type Wants = BTreeMap<(&'static str, Population, Vec<Text>), &'static Measure>;

/// Every figure that is asked for and that this table has.
fn of_table(
    c: &Context,
    f: &Facts,
    asked: &[(&'static Measure, &Request)],
) -> Result<Table, MeasureError> {
    let asked = asked
        .iter()
        .filter(|(_, r)| r.windows.is_empty() || f.window.is_none_or(|w| r.windows.contains(&w)))
        .flat_map(|(m, r)| {
            subsets(m, &r.by)
                .into_iter()
                .map(move |by| (*m, r.population, by))
        });
    // By the dimensions of the rows: one pass over them answers for both populations and several measures.
    let mut wanted: BTreeMap<Vec<Text>, Wants> = BTreeMap::new();
    for (m, population, by) in asked {
        let rows: Vec<Text> = by.iter().filter(|d| *d != CURVE).cloned().collect();
        if f.has(&rows) {
            let wants = wanted.entry(rows).or_default();
            wants.insert((m.id, population, by), m);
        }
    }
    let parts = wanted
        .into_par_iter()
        .map(|(rows, wants)| {
            let wants: Vec<Want> = wants
                .iter()
                .map(|((_, population, by), m)| (*m, *population, by.as_slice()))
                .collect();
            let mut out = Table::new();
            if wants.iter().any(|(m, ..)| m.kind.is_sum()) {
                summed(c, f, &rows, &wants, &mut out)?;
            } else {
                reduced(c, f, &rows, &wants, &mut out);
            }
            Ok(out)
        })
        .collect();
    joined(parts)
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

fn summed(
    c: &Context,
    f: &Facts,
    rows: &[Text],
    wants: &[Want],
    out: &mut Table,
) -> Result<(), MeasureError> {
    let [all, ambon] = f.sum(rows)?;
    for &(m, population, by) in wants {
        let groups = match population {
            Population::Ambon => &ambon,
            Population::Maluku => &all,
        };
        for key in universe(c, by, groups) {
            let figure = counted(c, m, population, f, by, &key, groups.get(&key));
            out.insert(figure.key(), figure);
        }
        if let [only] = by
            && COHORTS.contains(&only.as_str())
        {
            for label in &f.pending {
                let mut figure = blank(c, m, population, f, by, std::slice::from_ref(label));
                figure.status = Status::IncompleteFollowUp;
                out.insert(figure.key(), figure);
            }
        }
    }
    Ok(())
}

fn reduced(c: &Context, f: &Facts, rows: &[Text], wants: &[Want], out: &mut Table) {
    let standard = f.marks();
    for population in [Population::Maluku, Population::Ambon] {
        let wants = || wants.iter().filter(|w| w.1 == population);
        if wants().next().is_none() {
            continue;
        }
        for (key, group) in f.groups(rows, population == Population::Ambon) {
            let group = Group::new(group.into_iter().map(|i| f.item(i)).collect());
            for &(m, _, by) in wants() {
                for value in reduce(m.kind, &group, &standard) {
                    let mut at = key.iter();
                    let key: Vec<Text> = by
                        .iter()
                        .map(|d| match &value.month {
                            Some(month) if d == CURVE => month.clone(),
                            _ => at.next().cloned().unwrap_or_default(),
                        })
                        .collect();
                    let mut figure = blank(c, m, population, f, by, &key);
                    settle(&mut figure, &value);
                    out.insert(figure.key(), figure);
                }
            }
        }
    }
}

/// Closed lists show their zeros; open ones what occurs.
fn universe(c: &Context, by: &[Text], groups: &Groups) -> Vec<Vec<Text>> {
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
            f.estimate = Some(num / den).filter(|p| stats::implies_a_person(*p, den));
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
    // What is not asked for the measure's own dimensions name, in their order.
    let mut dims = r.by.clone();
    let own = m.dims.iter().map(|d| Text::from(*d));
    dims.extend(own.filter(|d| !r.by.contains(d)));
    let Some((definition, window, values)) = own::values(c, m.id, &dims, ambon) else {
        return;
    };
    for v in values {
        let by: Vec<Text> = dims.iter().take(v.categories.len()).cloned().collect();
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

#[cfg(test)]
mod tests {
    use super::super::registry::MEASURES;
    use super::*;
    use crate::domain::Unit;

    #[test]
    fn a_hundredth_of_a_percent_of_2830_people_is_refused() {
        assert!(
            !stats::implies_a_person(0.0001, 2830.0),
            "0.283 of a person"
        );
        assert!(stats::implies_a_person(0.0, 2830.0));
        assert!(stats::implies_a_person(1.0 / 2830.0, 2830.0));
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
