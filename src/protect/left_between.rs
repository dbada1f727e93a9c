//! What two printed counts leave between them: people by one definition and not by another, elsewhere, in one quarter, waiting.

use super::hanging_together::{count, guarded, guarded_by, hidden, shape};
use super::*;
use crate::domain::figure::{Period, Rest};
use crate::domain::relation::{Count, Relation};
use crate::domain::{Dimension as D, Population, Unit};

fn returns(definition: &str, at: &[(D, &str)], k: f64, n: f64) -> Figure {
    Figure {
        definition: definition.into(),
        denominator: Some(n),
        estimate: Some(k / n),
        unit: Unit::Share,
        ..count("return", Some(12), at, k)
    }
}

#[test]
fn those_whom_a_wider_definition_counts_and_a_stricter_one_does_not_are_no_few() {
    const BY_EVENT: &[Relation] = &[
        Relation::OneBase(&["P1", "P3"]),
        Relation::Stricter(&["P1", "P3"]),
    ];
    let shapes = [shape("return", Period::Cohort, BY_EVENT)];
    let of = |month: &'static str, strict: f64, wide: f64| {
        let at = [(D::EndedMonth, month)];
        ["P1.person.v1", "P3.person.v1"]
            .into_iter()
            .zip([strict, wide])
            .map(move |(d, k)| returns(d, &at, k, 100.0))
    };
    let figures: Vec<Figure> = of("2025-12", 20.0, 23.0)
        .chain(of("2026-01", 20.0, 28.0))
        .chain(of("2025-11", 20.0, 20.0))
        .collect();
    let essential = |f: &Figure| f.definition.starts_with("P1");
    let rules = |guards_differences: bool, rules: &mut Rules| {
        rules.guards_differences = guards_differences;
        rules.beside = figures
            .iter()
            .filter(|f| !essential(f))
            .map(Figure::key)
            .collect();
        rules.essential = (figures.iter().filter(|f| essential(f)))
            .map(Figure::key)
            .collect();
    };
    let safe = guarded_by(&figures, &shapes, |r| rules(true, r));
    // The one that leaders read stays, the other of the month in which they differ by few goes.
    assert_eq!(hidden(&safe), [false, true, false, false, false, false]);
    // Whose own registers say who they are may read both.
    let own = guarded_by(&figures, &shapes, |r| rules(false, r));
    assert!(hidden(&own).iter().all(|h| !h));
}

#[test]
fn a_year_of_people_tells_no_quarter_though_one_of_them_was_released_in_two() {
    let shapes = [shape("return", Period::Cohort, &[])];
    let of = |d: D, c: &str, k: f64| returns("P1.person.v1", &[(d, c)], k, 100.0);
    let quarters = [
        ("2024-Q1", 12.0),
        ("2024-Q2", 3.0),
        ("2024-Q3", 14.0),
        ("2024-Q4", 9.0),
    ];
    let mut figures: Vec<Figure> = (quarters.iter())
        .map(|(q, k)| of(D::CohortQuarter, q, *k))
        .collect();
    figures.push(of(D::CohortYear, "2024", 37.0));
    let hidden = hidden(&guarded(&figures, &shapes, &[], 5));
    assert!(hidden[1]);
    assert!(hidden.iter().filter(|h| **h).count() > 1, "{hidden:?}");
}

#[test]
fn few_who_live_elsewhere_and_are_not_counted_are_not_to_be_had_by_subtraction() {
    let shapes = [Shape {
        denominator_adds: true,
        rest: Rest::FewGuarded,
        ..shape("placed", Period::AsAt, &[])
    }];
    let of = |population: Population, k: f64, n: f64| Figure {
        population,
        denominator: Some(n),
        estimate: Some(k / n),
        unit: Unit::Share,
        ..count("placed", None, &[], k)
    };
    let both = |k: f64| {
        let figures = [
            of(Population::Ambon, 40.0, 50.0),
            of(Population::Maluku, k, 70.0),
        ];
        hidden(&guarded(&figures, &shapes, &[], 5))
    };
    // Of 20 elsewhere 17 were placed, or 10.
    assert!(both(57.0).contains(&true));
    assert_eq!(both(50.0), [false, false]);
}

#[test]
fn who_waits_at_an_agency_is_not_told_by_who_was_referred_and_served() {
    const WAITING: &[Relation] = &[Relation::Apart {
        of: [Count::of("served"), Count::of("waiting")],
        whole: Count::base("served"),
    }];
    let figures: Vec<Figure> = [
        ("a", 18.0, 20.0, 2.0),
        ("c", 50.0, 100.0, 20.0),
        ("d", 25.0, 30.0, 4.0),
    ]
    .into_iter()
    .flat_map(|(opd, served, referred, waiting)| {
        let at = [(D::Opd, opd)];
        let share = Figure {
            denominator: Some(referred),
            estimate: Some(served / referred),
            unit: Unit::Share,
            ..count("served", Some(12), &at, served)
        };
        [share, count("waiting", None, &at, waiting)]
    })
    .chain([count("waiting", None, &[], 26.0)])
    .collect();
    let hidden_with = |relations: &'static [Relation]| {
        let served = Shape {
            denominator_adds: true,
            rest: Rest::FewGuarded,
            ..shape("served", Period::Past, &[])
        };
        let shapes = [served, shape("waiting", Period::AsAt, relations)];
        hidden(&guarded(&figures, &shapes, &[], 5))
    };
    // Two small ones are hidden, and their sum is known: of the five who were not served at one agency all but so many wait.
    let (before, now) = (hidden_with(&[]), hidden_with(WAITING));
    let count = |h: &[bool]| h.iter().filter(|h| **h).count();
    assert!(count(&now) > count(&before), "{before:?} {now:?}");
}
