//! What measures declare of their counts, guarded and attacked: worked examples.

use super::secure::LADDER;
use super::*;
use crate::domain::figure::{Base, Period, Rest};
use crate::domain::relation::{Count, Relation};
use crate::domain::{Dimension as D, Month, Population, Text, Unit};
use proptest::prelude::*;

pub(super) fn shape(
    measure: &'static str,
    period: Period,
    relations: &'static [Relation],
) -> Shape {
    Shape {
        measure,
        personal: true,
        children: false,
        numerator_adds: true,
        denominator_adds: false,
        rest: Rest::Guarded,
        not_additive_over: vec![],
        curve: false,
        base: Base::People,
        grain: Grain::Whole,
        relations,
        period,
    }
}

pub(super) fn count(measure: &str, window: Option<u16>, at: &[(D, &str)], k: f64) -> Figure {
    let dim = |i: usize| {
        let of = |(d, c): &(D, &str)| (Text::from(d.id()), Text::from(*c));
        at.get(i).map_or_else(Default::default, of)
    };
    Figure {
        month: Month::new(2026, 1).unwrap(),
        measure: measure.into(),
        definition: "v1".into(),
        population: Population::Maluku,
        dim1: dim(0),
        dim2: dim(1),
        window_months: window,
        numerator: Some(k),
        denominator: None,
        estimate: Some(k),
        ci_low: None,
        ci_high: None,
        unit: Unit::Persons,
        status: Status::Ok,
    }
}

pub(super) fn guarded(
    figures: &[Figure],
    shapes: &[Shape],
    earlier: &[Vec<Figure>],
    threshold: u32,
) -> Protected {
    let disclosure = Disclosure {
        threshold,
        ..Disclosure::default()
    };
    let rules = Rules {
        disclosure: &disclosure,
        shapes,
        hierarchies: &[],
        children: BTreeSet::new(),
        contributions: BTreeMap::new(),
        events: BTreeMap::new(),
        guards_differences: true,
        essential: BTreeSet::new(),
        beside: BTreeSet::new(),
    };
    protect(
        figures.to_vec(),
        &rules,
        &Known {
            earlier,
            ..Known::default()
        },
    )
    .unwrap()
}

/// The same under other rules, without earlier issues.
pub(super) fn guarded_by(
    figures: &[Figure],
    shapes: &[Shape],
    change: impl Fn(&mut Rules),
) -> Protected {
    let disclosure = Disclosure::default();
    let mut rules = Rules {
        disclosure: &disclosure,
        shapes,
        hierarchies: &[],
        children: BTreeSet::new(),
        contributions: BTreeMap::new(),
        events: BTreeMap::new(),
        guards_differences: true,
        essential: BTreeSet::new(),
        beside: BTreeSet::new(),
    };
    change(&mut rules);
    protect(figures.to_vec(), &rules, &Known::default()).unwrap()
}

pub(super) fn hidden(p: &Protected) -> Vec<bool> {
    p.figures.iter().map(Figure::is_hidden).collect()
}

#[test]
fn a_count_hidden_in_its_table_is_hidden_as_the_last_point_of_its_series() {
    let shapes = [
        shape("stock", Period::AsAt, &[]),
        shape("stock_12m", Period::AsAt, &[]),
    ];
    let series = |m: &str, k| {
        count(
            "stock_12m",
            Some(12),
            &[(D::CalendarMonth, m), (D::Upt, "a")],
            k,
        )
    };
    let figures = [
        count("stock", None, &[(D::Upt, "a")], 3.0),
        count("stock", None, &[(D::Upt, "b")], 20.0),
        count("stock", None, &[(D::Upt, "c")], 30.0),
        count("stock", None, &[], 53.0),
        series("2025-12", 8.0),
        series("2026-01", 3.0),
    ];
    let p = guarded(&figures, &shapes, &[], 5);
    assert_eq!(hidden(&p), [true, true, false, false, false, true]);
}

const CODES: &[Relation] = &[Relation::Sums {
    whole: Count::of("releases"),
    parts: &[
        Count::of("exits").at(D::ExitCode, "BM"),
        Count::of("exits").at(D::ExitCode, "PB"),
        Count::of("exits").at(D::ExitCode, "CB"),
    ],
}];

#[test]
fn a_kind_of_release_cannot_be_had_from_all_releases_less_the_other_kinds() {
    let shapes = [
        shape("releases", Period::Past, CODES),
        shape("exits", Period::Past, &[]),
    ];
    let exits = |code: &str, k| count("exits", Some(1), &[(D::ExitCode, code)], k);
    // No figure of all exits: only the other measure's total gives the small one away. CB was nobody's way out.
    let figures = [
        count("releases", Some(1), &[], 12.0),
        exits("BM", 9.0),
        exits("PB", 3.0),
        exits("PDH", 7.0),
    ];
    let p = guarded(&figures, &shapes, &[], 5);
    assert_eq!(
        hidden(&p),
        [false, true, true, false],
        "the total is hidden last"
    );
    assert!(
        p.derived
            .iter()
            .filter(|d| d.primary)
            .all(|d| d.low <= 0.0 && d.high >= 5.0)
    );
}

const NEAR: &[Relation] = &[Relation::Near {
    other: Count::of("stock"),
    within: 2,
}];

#[test]
fn the_average_population_does_not_tell_a_hidden_stock_to_within_two() {
    let shapes = [
        shape("adp", Period::Past, NEAR),
        shape("stock", Period::AsAt, &[]),
    ];
    let figures = [
        count("adp", None, &[(D::Upt, "a")], 5.4),
        count("adp", None, &[(D::Upt, "b")], 40.2),
        count("stock", None, &[(D::Upt, "a")], 4.0),
        count("stock", None, &[(D::Upt, "b")], 41.0),
    ];
    let p = guarded(&figures, &shapes, &[], 5);
    assert_eq!(hidden(&p), [true, false, true, false]);
}

const SINCE_JANUARY: &[Relation] = &[Relation::GrowsBy(Count::of("started"))];

#[test]
fn what_was_given_in_a_month_is_not_what_the_count_since_january_grew_by() {
    let shapes = [
        shape("since_january", Period::Past, SINCE_JANUARY),
        shape("started", Period::Past, &[]),
    ];
    let figure = |month: u32, measure: &str, window: u16, opd: &str, k: f64| Figure {
        month: Month::new(2026, month).unwrap(),
        ..count(measure, Some(window), &[(D::Opd, opd)], k)
    };
    let before = vec![
        figure(2, "since_january", 2, "dinsos", 15.0),
        figure(2, "since_january", 2, "dinkes", 20.0),
    ];
    let figures = [
        figure(3, "since_january", 3, "dinsos", 16.0),
        figure(3, "since_january", 3, "dinkes", 31.0),
        figure(3, "started", 1, "dinsos", 1.0),
        figure(3, "started", 1, "dinkes", 11.0),
    ];
    let p = guarded(&figures, &shapes, &[before], 5);
    assert_eq!(hidden(&p), [true, false, true, false]);
}

const FIRST_RELEASES: &[Relation] = &[
    Relation::Within {
        mine: Count::of("return").under("P1.person.v1"),
        whole: Count::of("return").under("P1.release.v1"),
    },
    Relation::MoreWithin {
        part: Count::of("return").under("P1.person.v1"),
        whole: Count::of("return").under("P1.release.v1"),
    },
];

#[test]
fn where_nobody_was_released_twice_returns_of_people_tell_those_of_releases() {
    let shapes = [shape("return", Period::Cohort, FIRST_RELEASES)];
    let figure = |definition: &str, at: &[(D, &str)], k: f64, n: f64| Figure {
        definition: definition.into(),
        denominator: Some(n),
        estimate: Some(k / n),
        unit: Unit::Share,
        ..count("return", Some(12), at, k)
    };
    let figures = [
        figure("P1.person.v1", &[(D::Sex, "male")], 8.0, 20.0),
        figure("P1.release.v1", &[(D::Sex, "male")], 8.0, 20.0),
        figure("P1.release.v1", &[(D::Sex, "female")], 3.0, 19.0),
        figure("P1.release.v1", &[], 11.0, 39.0),
    ];
    let [people, releases, few, total] = hidden(&guarded(&figures, &shapes, &[], 5))[..] else {
        panic!("four figures")
    };
    assert!(few);
    // Of the men it is known by the one table or the other, so the total says who the women are.
    assert!(total || (people && releases));
}

#[test]
fn what_an_earlier_version_gave_away_is_not_printed_for_all_that() {
    let shapes = [shape("stock", Period::AsAt, &[])];
    let of = |upt: &str, k| count("stock", None, &[(D::Upt, upt)], k);
    // Handed out without the small unit, which is what the total has more.
    let before = vec![
        of("b", 20.0),
        of("c", 30.0),
        count("stock", None, &[], 53.0),
    ];
    let mut figures = before.clone();
    figures.push(of("a", 3.0));
    let p = guarded(&figures, &shapes, &[before], 5);
    assert_eq!(hidden(&p), [false, false, false, true]);
    assert_eq!(p.open_before, ["stock"]);
}

#[test]
fn the_last_places_of_an_expectation_and_of_a_balance_are_not_printed() {
    let grain = |grain| Shape {
        grain,
        base: Base::Open,
        ..shape("x", Period::Cohort, &[])
    };
    let printed = |g, k: f64, n: f64, estimate: f64| {
        let f = Figure {
            denominator: Some(n),
            estimate: Some(estimate),
            ci_low: Some(0.6012),
            unit: Unit::Ratio,
            ..count("x", Some(12), &[], k)
        };
        let f = guarded(&[f], &[grain(g)], &[], 5).figures[0].clone();
        (
            f.denominator.unwrap(),
            f.estimate.unwrap(),
            f.ci_low.unwrap(),
        )
    };
    // 14 of 13.790323 expected: 14 by half persons, so 1.00; the interval is that of the rounded expectation.
    assert_eq!(
        printed(Grain::Expected, 14.0, 13.790323, 1.015205),
        (14.0, 1.0, 0.59)
    );
    assert_eq!(
        printed(Grain::Twentieths, 11.0, 30.0, 0.418),
        (30.0, 0.4, 0.6)
    );
    assert_eq!(
        printed(Grain::HalfPersons, 11.0, 40.0, 0.0531),
        (40.0, 0.05, 0.6)
    );
    assert_eq!(
        printed(Grain::Thousandths, 11.0, 40.0, 0.0537),
        (40.0, 0.054, 0.601)
    );
    assert_eq!(
        printed(Grain::Whole, 11.0, 40.0, 0.0537),
        (40.0, 0.0537, 0.6012)
    );
}

const WAITING: &[Relation] = &[Relation::MaximumOf(Count::of("waiting"))];

#[test]
fn the_longest_wait_is_one_persons_and_hidden_with_the_few_it_is_of() {
    let shapes = [
        shape("longest", Period::Past, WAITING),
        shape("waiting", Period::Past, &[]),
    ];
    let longest = |opd: &str, days: f64| Figure {
        numerator: None,
        estimate: Some(days),
        unit: Unit::Days,
        ..count("longest", None, &[(D::Opd, opd)], 0.0)
    };
    let figures = [
        longest("dinsos", 212.0),
        longest("dinkes", 41.0),
        longest("disdik", 11.0),
        count("waiting", None, &[(D::Opd, "dinsos")], 2.0),
        count("waiting", None, &[(D::Opd, "dinkes")], 17.0),
        count("waiting", None, &[(D::Opd, "disdik")], 0.0),
    ];
    let p = guarded(&figures, &shapes, &[], 5);
    // Nobody waits that long at one office: its longest wait may be that of one person.
    assert_eq!(hidden(&p), [true, false, true, true, false, false]);
    assert_eq!(p.figures[0].estimate, None);
}

#[test]
fn no_step_of_a_curve_that_is_shown_is_that_of_one_to_four_people() {
    let curve = Shape {
        curve: true,
        numerator_adds: false,
        ..shape("cif", Period::Cohort, &[])
    };
    // Events up to each month, of 90 people at risk at first of whom one a month is out of sight.
    let events = [0.0, 1.0, 3.0, 8.0, 8.0, 9.0, 12.0, 15.0, 15.0, 16.0];
    let point = |m: usize| Figure {
        numerator: None,
        denominator: Some(90.0 - events[m] - m as f64),
        estimate: Some(events[m] / 90.0),
        unit: Unit::Share,
        window_months: Some(60),
        ..count(
            "cif",
            None,
            &[(D::MonthsSinceRelease, &format!("{m:02}"))],
            0.0,
        )
    };
    let figures: Vec<Figure> = (0..events.len()).map(point).collect();
    let shapes = [curve];
    let disclosure = Disclosure::default();
    let rules = Rules {
        disclosure: &disclosure,
        shapes: &shapes,
        hierarchies: &[],
        children: BTreeSet::new(),
        contributions: BTreeMap::new(),
        events: figures.iter().map(Figure::key).zip(events).collect(),
        guards_differences: true,
        essential: BTreeSet::new(),
        beside: BTreeSet::new(),
    };
    let p = protect(figures, &rules, &Known::default()).unwrap();
    let shown: Vec<f64> = (p.figures.iter().zip(events))
        .filter(|(f, _)| !f.is_hidden())
        .map(|(_, e)| e)
        .collect();
    assert!(shown.len() >= 2, "some of it can be shown: {shown:?}");
    let steps = shown.windows(2).map(|w| w[1] - w[0]);
    assert!(steps.clone().all(|s| s == 0.0 || s >= 5.0), "{shown:?}");
}

/// Counts of three districts and their sum.
fn issue(values: [f64; 3]) -> Vec<Figure> {
    let mut out: Vec<Figure> = (["a", "b", "c"].iter().zip(values))
        .map(|(k, v)| count("m", Some(1), &[(D::District, k)], v))
        .collect();
    out.push(count("m", Some(1), &[], values.iter().sum()));
    out
}

#[test]
fn a_month_handed_out_again_shows_nothing_that_the_first_issue_hid() {
    let shapes = [shape("m", Period::Past, &[])];
    let truth = issue([3.0, 20.0, 30.0]);
    let first = guarded(&truth, &shapes, &[], 5);
    assert_eq!(hidden(&first), [true, true, false, false]);
    let handed_out = |truth: &[Figure], p: &Protected| -> Vec<Figure> {
        let both = truth.iter().zip(&p.figures);
        both.map(|(t, f)| Figure {
            status: f.status,
            ..t.clone()
        })
        .collect()
    };
    let kept = vec![handed_out(&truth, &first)];
    // The same again is protected the same.
    assert_eq!(guarded(&truth, &shapes, &kept, 5).figures, first.figures);
    // A late row makes the small cell large and another small: what was hidden stays hidden.
    let again = guarded(&issue([6.0, 20.0, 30.0]), &shapes, &kept, 5);
    assert_eq!(hidden(&again)[..2], [true, true]);
    // Both issues are known to a third.
    let second = issue([6.0, 20.0, 30.0]);
    let both = vec![kept[0].clone(), handed_out(&second, &again)];
    let third = guarded(&issue([6.0, 20.0, 31.0]), &shapes, &both, 5);
    assert_eq!(hidden(&third)[..2], [true, true]);
}

#[test]
fn a_late_row_shows_no_difference_of_a_few_people_between_versions() {
    let shapes = [shape("m", Period::Past, &[])];
    let values =
        |p: &Protected| -> Vec<Option<f64>> { p.figures.iter().map(|f| f.numerator).collect() };
    let first = issue([10.0, 20.0, 30.0]);
    let kept = vec![first.clone()];
    // One person more: everything stands as it was.
    let again = guarded(&issue([10.0, 21.0, 30.0]), &shapes, &kept, 5);
    assert_eq!(values(&again), values(&guarded(&first, &shapes, &[], 5)));
    assert_eq!(again.as_before.len(), 2);
    // Forty more in one place and one in another: the one is not to be had from the many.
    let more = guarded(&issue([50.0, 21.0, 30.0]), &shapes, &kept, 5);
    let printed = values(&more);
    assert_eq!(printed[1], Some(20.0));
    let rest = (printed[0], printed[3]);
    assert_ne!(rest, (Some(50.0), Some(101.0)), "the rest would tell");
    // A count that the readers hold already in some version is no news.
    let both = vec![first.clone(), issue([10.0, 26.0, 30.0])];
    let back = guarded(&first, &shapes, &both, 5);
    assert_eq!(values(&back)[1], Some(20.0));
}

/// A table of rows by columns with its margins.
fn table(cells: &[Vec<u32>]) -> Vec<Figure> {
    let name = |i: usize| format!("k{i}");
    let of = |at: &[(D, &str)], k: u32| count("m", None, at, f64::from(k));
    let mut out = vec![of(&[], cells.iter().flatten().sum())];
    for (r, row) in cells.iter().enumerate() {
        out.push(of(&[(D::District, &name(r))], row.iter().sum()));
        for (c, v) in row.iter().enumerate() {
            out.push(of(&[(D::District, &name(r)), (D::AgeGroup, &name(c))], *v));
        }
    }
    for c in 0..cells[0].len() {
        out.push(of(
            &[(D::AgeGroup, &name(c))],
            cells.iter().map(|r| r[c]).sum(),
        ));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_higher_threshold_hides_whatever_a_lower_one_hides(
        rows in proptest::collection::vec(proptest::collection::vec(0u32..60, 4), 3..6),
        low in 0usize..3,
        high in 1usize..4,
    ) {
        let (low, high) = (LADDER[low.min(high - 1)], LADDER[high]);
        let shapes = [shape("m", Period::Past, &[])];
        let figures = table(&rows);
        let of = |threshold| hidden(&guarded(&figures, &shapes, &[], threshold));
        let (few, many) = (of(low), of(high));
        prop_assert!(few.iter().zip(&many).all(|(a, b)| !a || *b));
    }

    #[test]
    fn the_grand_total_of_many_is_never_hidden_for_the_sake_of_a_cell(
        rows in proptest::collection::vec(proptest::collection::vec(0u32..60, 4), 3..6),
    ) {
        // With two rows and columns of some size there is always another cell to hide.
        let mut rows = rows;
        (0..2).for_each(|i| (0..2).for_each(|j| rows[i][j] += 20));
        let shapes = [shape("m", Period::Past, &[])];
        let p = guarded(&table(&rows), &shapes, &[], 5);
        prop_assert!(!p.figures[0].is_hidden());
    }
}
