//! From sums and reduced groups to figures: estimate, interval, small numbers (docs/definitions.md 6), and what is no number.

use super::facts::{Facts, Groups, Sums};
use super::people::Context;
use super::reduce::Reduced;
use super::registry::{Kind, Measure};
use super::stats;
use crate::domain::Dimension as D;
use crate::domain::figure::Figure;
use crate::domain::{Month, Population, Status, Text};
/// Below this size a share is not shown, below the other it is marked (docs/definitions.md 6).
pub(super) const NO_SHARE: f64 = 10.0;
const FEW: f64 = 30.0;

/// Closed lists show their zeros; open ones what occurs.
pub fn universe(c: &Context, m: &Measure, by: &[D], groups: &Groups) -> Vec<Vec<Text>> {
    let lists: Vec<Vec<Text>> = by
        .iter()
        .enumerate()
        .map(|(i, d)| {
            let mut list = match m.only.iter().find(|(of, _)| of == d) {
                Some((_, own)) => own.iter().map(|x| Text::const_new(x)).collect(),
                None => d.categories(c.input.units, c.month()),
            };
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

/// The figure of a group that is a sum; without anybody it is nought, or nothing where nothing was delivered.
pub fn counted(
    c: &Context,
    m: &Measure,
    population: Population,
    f: &Facts,
    by: &[D],
    key: &[Text],
    sums: Option<&Sums>,
) -> Figure {
    let mut figure = blank(c, m, population, f, by, key);
    let (num, den, rows) = sums.copied().unwrap_or_default();
    // Nobody counted where nothing was delivered is not nought; and what later lists still show of a time before the first
    // are those who stayed.
    let untold = before_lists(c, m, by, key) || (rows == 0 && silent(c, m, f.window, by, key));
    if (m.personal && untold) || (rows == 0 && f.unknown_where_empty) {
        figure.status = Status::NotDelivered;
        return figure;
    }
    fill(&mut figure, m, num, den, rows);
    figure
}

/// The lists a measure counts, by what it speaks of; empty where something else is counted.
fn lists(m: &Measure) -> &'static [&'static str] {
    match m.population {
        "inside" | "stays" | "children" | "sentenced" => &["custody"],
        "clients" | "guidance" | "guidance_ended" => &["supervision"],
        "litmas" => &["litmas"],
        "services" | "services_ended" | "services_open" | "services_completed" => {
            &["participation", "community_service"]
        }
        _ => &[],
    }
}

/// Whether a cell says who was there in a month of the calendar before the first that any list of theirs tells of: those who
/// had left by then stand in none. Lists of services keep who has ended.
fn before_lists(c: &Context, m: &Measure, by: &[D], key: &[Text]) -> bool {
    if !["inside", "clients"].contains(&m.population) {
        return false;
    }
    let since = &c.h().coverage.since;
    let told = since.iter().filter(|(kind, _)| lists(m).contains(kind));
    let Some(first) = told.map(|(_, month)| *month).min() else {
        return false;
    };
    let mut months = by.iter().zip(key).filter(|(d, _)| **d == D::CalendarMonth);
    months.any(|(_, k)| k.parse::<Month>().is_ok_and(|month| month < first))
}

/// Whether a cell is about a unit that delivered nothing for the period (a month where the figure has none), or counts
/// lists of which nobody delivered any.
fn silent(c: &Context, m: &Measure, window: Option<u16>, by: &[D], key: &[Text]) -> bool {
    let from = c.month().plus(1 - i32::from(window.unwrap_or(1).max(1)));
    let cells = &c.h().coverage.cells;
    let delivered = |supplier: &Text, kind: &str| {
        let first = cells.partition_point(|(s, ..)| s < supplier);
        cells[first..]
            .iter()
            .take_while(|(s, ..)| s == supplier)
            .any(|(_, k, month)| *k == kind && *month >= from)
    };
    let lists = lists(m);
    let any = |kinds: &[&str]| {
        cells
            .iter()
            .any(|(_, k, month)| kinds.contains(k) && *month >= from)
    };
    if !lists.is_empty() && !cells.is_empty() && !any(lists) {
        return true;
    }
    let guidance = if lists == ["litmas"] {
        "litmas"
    } else {
        "supervision"
    };
    by.iter().zip(key).any(|(d, k)| match d {
        D::Upt => !delivered(k, "custody") && c.input.units.by_id(k).is_some(),
        D::Bapas => !delivered(k, guidance) && c.input.units.by_id(k).is_some(),
        _ => false,
    })
}

/// A figure without numbers.
pub fn blank(
    c: &Context,
    m: &Measure,
    population: Population,
    f: &Facts,
    by: &[D],
    key: &[Text],
) -> Figure {
    let dim = |i: usize| {
        by.get(i)
            .zip(key.get(i))
            .map(|(d, k)| (Text::const_new(d.id()), k.clone()))
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
pub fn fill(f: &mut Figure, m: &Measure, num: f64, den: f64, rows: u64) {
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
        Kind::PerHundred => f.estimate = Some(100.0 * num / den),
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
pub fn settle(f: &mut Figure, v: &Reduced) {
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

#[cfg(test)]
mod tests {
    use super::super::registry::find;
    use super::*;
    use crate::domain::Month;

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
