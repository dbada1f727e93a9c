//! Worked example W8, hostile small tables, and random ones under attack.

use super::*;
use crate::domain::figure::{Base, Period, Rest};
use crate::domain::{Month, Population, Status, Text, Unit};
use proptest::prelude::*;

fn shape(measure: &'static str) -> Shape {
    Shape {
        measure,
        personal: true,
        children: false,
        numerator_adds: true,
        denominator_adds: true,
        rest: Rest::Guarded,
        not_additive_over: vec![],
        curve: false,
        base: Base::People,
        grain: Grain::Whole,
        relations: &[],
        period: Period::AsAt,
    }
}

fn figure(at: &[(&str, &str)], k: f64, n: Option<f64>) -> Figure {
    let dim = |i: usize| {
        at.get(i)
            .map_or_else(Default::default, |(d, c)| (Text::from(*d), Text::from(*c)))
    };
    Figure {
        month: Month::new(2026, 1).unwrap(),
        measure: "m".into(),
        definition: "v1".into(),
        population: Population::Maluku,
        dim1: dim(0),
        dim2: dim(1),
        window_months: None,
        numerator: Some(k),
        denominator: n,
        estimate: n.map_or(Some(k), |n| (n > 0.0).then(|| k / n)),
        ci_low: None,
        ci_high: None,
        unit: if n.is_some() {
            Unit::Share
        } else {
            Unit::Persons
        },
        status: Status::Ok,
    }
}

/// A two-way table with its margins and total.
fn table(cells: &[Vec<f64>]) -> Vec<Figure> {
    let name = |p: &str, i: usize| format!("{p}{}", i + 1);
    let mut out = Vec::new();
    let columns = cells.first().map_or(0, Vec::len);
    for (r, row) in cells.iter().enumerate() {
        for (c, &v) in row.iter().enumerate() {
            out.push(figure(
                &[("district", &name("r", r)), ("age_group", &name("c", c))],
                v,
                None,
            ));
        }
        out.push(figure(
            &[("district", &name("r", r))],
            row.iter().sum(),
            None,
        ));
    }
    for c in 0..columns {
        out.push(figure(
            &[("age_group", &name("c", c))],
            cells.iter().map(|r| r[c]).sum(),
            None,
        ));
    }
    out.push(figure(&[], cells.iter().flatten().sum(), None));
    out
}

fn run(figures: Vec<Figure>) -> Result<Protected, ProtectError> {
    run_with(figures, &Disclosure::default(), &[])
}

fn run_with(
    figures: Vec<Figure>,
    disclosure: &Disclosure,
    earlier: &[Vec<Figure>],
) -> Result<Protected, ProtectError> {
    let known = Known {
        earlier,
        ..Known::default()
    };
    run_known(figures, disclosure, shape("m"), &known)
}

fn run_known(
    figures: Vec<Figure>,
    disclosure: &Disclosure,
    shape: Shape,
    known: &Known,
) -> Result<Protected, ProtectError> {
    let shapes = [shape];
    let rules = Rules {
        disclosure,
        shapes: &shapes,
        hierarchies: &[],
        children: [(crate::domain::Dimension::Upt, "lpka-ambon".into())].into(),
        contributions: BTreeMap::new(),
        events: BTreeMap::new(),
        guards_differences: true,
        essential: BTreeSet::new(),
        beside: BTreeSet::new(),
    };
    protect(figures, &rules, known)
}

/// Which of the figures are hidden, of a measure whose numerators leave such people.
fn hidden_of_shares(shares: &[(f64, f64)], rest: Rest) -> Vec<bool> {
    let groups = (1..).map(|i| format!("g{i}"));
    let figures: Vec<Figure> = (shares.iter().zip(groups))
        .map(|((k, n), g)| figure(&[("age_group", &g)], *k, Some(*n)))
        .collect();
    let shape = Shape { rest, ..shape("m") };
    let p = run_known(figures, &Disclosure::default(), shape, &Known::default()).unwrap();
    p.figures.iter().map(Figure::is_hidden).collect()
}

#[test]
fn that_everybody_was_counted_is_told_only_where_it_harms_nobody() {
    // All of twenty, all but two, and half.
    let shares = [(20.0, 20.0), (28.0, 30.0), (20.0, 40.0)];
    assert_eq!(
        hidden_of_shares(&shares, Rest::Guarded),
        [true, true, false]
    );
    assert_eq!(
        hidden_of_shares(&shares, Rest::FewGuarded),
        [false, true, false]
    );
    assert_eq!(hidden_of_shares(&shares, Rest::Open), [false; 3]);
    // Few who were counted are protected whoever is left.
    for rest in [Rest::Guarded, Rest::FewGuarded, Rest::Open] {
        assert_eq!(hidden_of_shares(&[(3.0, 30.0)], rest), [true]);
        assert_eq!(hidden_of_shares(&[(4.0, 4.0)], rest), [true]);
    }
}

#[test]
fn what_an_edition_below_hides_cannot_be_worked_out_from_one_above() {
    let of = |population, at: &[(&str, &str)], k| Figure {
        population,
        ..figure(at, k, None)
    };
    let (city, province) = (Population::Ambon, Population::Maluku);
    // Below: three of the city's services are hidden. Above: of each the province's number, which holds the city's.
    let below = [
        of(city, &[("opd", "a")], 4.0),
        of(city, &[("opd", "b")], 3.0),
        of(city, &[("opd", "c")], 3.0),
        of(city, &[], 10.0),
    ];
    let above = [
        of(province, &[("opd", "a")], 16.0),
        of(province, &[("opd", "b")], 3.0),
        of(province, &[("opd", "c")], 3.0),
        of(province, &[("opd", "d")], 20.0),
        of(province, &[], 42.0),
    ];
    let withheld: BTreeSet<FigureKey> = below[..3].iter().map(Figure::key).collect();
    let given: BTreeSet<FigureKey> = [below[3].key()].into();
    let known = Known {
        given: Some(&given),
        withheld: Some(&withheld),
        ..Known::default()
    };
    let all: Vec<Figure> = below.iter().chain(&above).cloned().collect();
    let p = run_known(all, &Disclosure::default(), shape("m"), &known).unwrap();
    assert!(p.open_before.is_empty(), "{:?}", p.open_before);
    // b and c of the province are hidden for themselves, and with them what tells their sum: else the city's a were 10 − 6
    // at least.
    let hidden: Vec<bool> = p.figures[4..].iter().map(Figure::is_hidden).collect();
    assert!(
        hidden[1] && hidden[2] && (hidden[0] || hidden[3]),
        "{hidden:?}"
    );
    assert!(p.figures[..3].iter().all(Figure::is_hidden));
}

#[test]
fn of_one_person_in_a_unit_that_the_readers_know_no_category_can_be_told() {
    let custody = |k: &str, v| figure(&[("prior_custody", k), ("upt", "u")], v, None);
    let all = vec![
        figure(&[("upt", "u")], 1.0, None),
        custody("0", 1.0),
        custody("1", 0.0),
        custody("2_plus", 0.0),
    ];
    let given: BTreeSet<FigureKey> = [all[0].key()].into();
    let known = Known {
        given: Some(&given),
        ..Known::default()
    };
    let p = run_known(all, &Disclosure::default(), shape("m"), &known).unwrap();
    let hidden: Vec<bool> = p.figures.iter().map(Figure::is_hidden).collect();
    assert!(
        p.open_before.is_empty() && !hidden[0] && hidden[1],
        "{hidden:?}"
    );
    assert!(hidden[2] || hidden[3], "the one could only be in the first");
}

#[test]
fn who_takes_a_hidden_number_for_unchanged_does_not_find_another_by_it() {
    // Months of a year, printed in two issues: a hidden one was revised from one to two, a new one came.
    let shape = || Shape {
        period: Period::Past,
        not_additive_over: vec![crate::domain::Dimension::ReleaseMonth],
        ..shape("m")
    };
    let issue = |month: Month, counts: &[(&str, f64)]| -> Vec<Figure> {
        let all = counts.iter().map(|(m, v)| Figure {
            month,
            window_months: Some(12),
            ..figure(&[("release_month", m)], *v, None)
        });
        let total = Figure {
            month,
            window_months: Some(12),
            ..figure(&[], counts.iter().map(|c| c.1).sum(), None)
        };
        all.chain([total]).collect()
    };
    let (december, january) = (Month::new(2025, 12).unwrap(), Month::new(2026, 1).unwrap());
    let before = issue(
        december,
        &[
            ("2025-08", 1.0),
            ("2025-09", 2.0),
            ("2025-10", 3.0),
            ("2025-11", 20.0),
        ],
    );
    let now = issue(
        january,
        &[
            ("2025-08", 2.0),
            ("2025-09", 2.0),
            ("2025-10", 3.0),
            ("2025-11", 20.0),
            ("2026-01", 1.0),
        ],
    );
    let first = run_known(
        before.clone(),
        &Disclosure::default(),
        shape(),
        &Known::default(),
    )
    .unwrap();
    let held: Vec<Figure> = (first.figures.iter().zip(&before))
        .map(|(f, truth)| Figure {
            status: f.status,
            ..truth.clone()
        })
        .collect();
    let earlier = [held];
    let known = Known {
        earlier: &earlier,
        ..Known::default()
    };
    let second = run_known(now, &Disclosure::default(), shape(), &known).unwrap();
    // The new month is the difference of two totals less what is taken for unchanged: one of them is not shown.
    let total_shown = !second.figures.last().unwrap().is_hidden();
    let old_shown = !first.figures.last().unwrap().is_hidden();
    let eleven = &second.figures[3];
    assert!(
        !(total_shown && old_shown && !eleven.is_hidden()),
        "the new month is known: {:?}",
        second
            .figures
            .iter()
            .map(Figure::is_hidden)
            .collect::<Vec<_>>()
    );
}

#[test]
fn w8_the_cheapest_complement_is_found_and_costs_63() {
    let figures = table(&[vec![12., 3., 25.], vec![9., 14., 30.], vec![7., 20., 2.]]);
    let p = run(figures.clone()).unwrap();
    let hidden = |why: Reason| -> Vec<f64> {
        let rows = p.reasons.iter().zip(&figures);
        rows.filter(|(r, _)| **r == Some(why))
            .filter_map(|(_, original)| original.numerator)
            .collect()
    };
    assert_eq!(hidden(Reason::Primary), [3.0, 2.0]);
    let mut complements = hidden(Reason::Secondary);
    complements.sort_by(f64::total_cmp);
    assert_eq!(complements, [7.0, 12.0, 14.0, 30.0]);
    assert_eq!(complements.iter().sum::<f64>(), 63.0);
    assert_eq!(p.derived.len(), 6);
    for d in &p.derived {
        assert!(d.safe, "{d:?}");
        assert!(
            !d.primary || (d.low <= 1e-6 && d.high >= 5.0 - 1e-6),
            "{d:?}"
        );
    }
}

#[test]
fn a_hidden_figure_has_no_numbers_at_all() {
    let p = run(vec![figure(&[], 3.0, Some(40.0))]).unwrap();
    let f = &p.figures[0];
    assert_eq!(f.status, Status::Suppressed);
    assert_eq!(
        (f.numerator, f.denominator, f.estimate, f.ci_low, f.ci_high),
        (None, None, None, None, None)
    );
}

#[test]
fn zeros_stay_but_a_whole_group_in_one_category_is_hidden() {
    let p = run(vec![
        figure(&[("upt", "a")], 0.0, Some(20.0)),
        figure(&[("upt", "b")], 20.0, Some(20.0)),
    ])
    .unwrap();
    assert_eq!(p.figures[0].status, Status::Ok);
    assert!(p.figures[1].is_hidden());
}

#[test]
fn children_have_the_higher_threshold() {
    let p = run(vec![
        figure(&[("upt", "lpka-ambon")], 8.0, None),
        figure(&[("upt", "lapas-ambon")], 8.0, None),
    ])
    .unwrap();
    assert!(p.figures[0].is_hidden());
    assert!(!p.figures[1].is_hidden());
}

#[test]
fn a_cell_hidden_last_month_is_not_given_away_this_month() {
    let at = [("release_month", "2025-11")];
    let mut before = figure(&at, 3.0, None);
    (before.status, before.numerator, before.estimate) = (Status::Suppressed, None, None);
    // A late file raised the count to 6; shown beside last month's "x" it would tell how many came late.
    let disclosure = Disclosure::default();
    let p = run_with(vec![figure(&at, 6.0, None)], &disclosure, &[vec![before]]).unwrap();
    assert!(p.figures[0].is_hidden());
}

#[test]
fn hours_that_one_person_dominates_are_hidden_and_those_of_many_are_not() {
    // Hours of community service: 41 people, of whom one served 400 of 430 hours with the second serving 25; and 41 alike.
    let at = |opd: &str, k, n| figure(&[("opd", opd)], k, Some(n));
    let figures = vec![
        at("dlh", 430.0, 500.0),
        at("pupr", 430.0, 500.0),
        at("dinsos", 90.0, 120.0),
    ];
    let behind = |people, numerator, denominator| Contributions {
        people,
        numerator,
        denominator,
    };
    let contributions = [
        (figures[0].key(), behind(41, [400.0, 25.0], [420.0, 30.0])),
        (figures[1].key(), behind(41, [12.0, 12.0], [14.0, 14.0])),
        // Nobody dominates, but there are only three of them.
        (figures[2].key(), behind(3, [30.0, 30.0], [40.0, 40.0])),
    ];
    let shapes = [shape("m")];
    let rules = Rules {
        disclosure: &Disclosure::default(),
        shapes: &shapes,
        hierarchies: &[],
        children: BTreeSet::new(),
        contributions: contributions.into(),
        events: BTreeMap::new(),
        guards_differences: true,
        essential: BTreeSet::new(),
        beside: BTreeSet::new(),
    };
    let p = protect(figures, &rules, &Known::default()).unwrap();
    let hidden: Vec<bool> = p.figures.iter().map(Figure::is_hidden).collect();
    assert_eq!(hidden, [true, false, true]);
    // The largest contributor cannot be worked out to within ten percent.
    let hours = p
        .derived
        .iter()
        .find(|d| d.category.contains("dlh") && d.low <= 430.0 && d.high >= 430.0);
    let hours = hours.unwrap();
    assert!(hours.high - hours.low >= 80.0 - 1e-6, "{hours:?}");
}

#[test]
fn a_cell_hidden_for_others_can_never_be_worked_out() {
    // Two tables share the margin; the second shows what the first hides for the sake of its small cell.
    let mut s = System::default();
    let ids: Vec<usize> = [3.0, 20.0, 23.0, 9.0, 11.0]
        .map(|v| s.add(Cell::shown(v)))
        .to_vec();
    s.cells[ids[0]].protect(5.0);
    s.sum(ids[2], [ids[0], ids[1]]);
    s.sum(ids[1], [ids[3], ids[4]]);
    hide(&mut s).unwrap();
    for d in attack(&s, &[]) {
        assert!(d.safe && d.high - d.low >= 1.0, "{d:?}");
    }
    // With too little hidden the attack says so of both cells.
    s.cells.iter_mut().for_each(|c| c.hidden = false);
    (s.cells[ids[0]].hidden, s.cells[ids[1]].hidden) = (true, true);
    let derived = attack(&s, &[]);
    assert!(
        derived.len() == 2 && derived.iter().all(|d| !d.safe && d.low == d.high),
        "{derived:?}"
    );
}

#[test]
fn rounding_shows_no_exact_count_and_everything_still_adds_up() {
    let disclosure = Disclosure {
        method: "round".into(),
        ..Disclosure::default()
    };
    let p = run_with(
        table(&[vec![12., 3., 1.], vec![9., 14., 2.]]),
        &disclosure,
        &[],
    )
    .unwrap();
    let v: Vec<f64> = p.figures.iter().filter_map(|f| f.numerator).collect();
    assert!(v.len() == 12 && v.iter().all(|v| v % 5.0 == 0.0), "{v:?}");
    // Rows: three cells and their sum; then the sums of the columns and the total.
    assert_eq!(v[0] + v[1] + v[2], v[3]);
    assert_eq!(v[4] + v[5] + v[6], v[7]);
    assert!((0..3).all(|c| v[c] + v[c + 4] == v[c + 8]));
    assert_eq!(v[8] + v[9] + v[10], v[11]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The attack knows only what is published: it is given the protected figures, not the hiding program.
    #[test]
    fn no_random_table_gives_a_small_cell_away(
        rows in proptest::collection::vec(proptest::collection::vec(0u32..40, 2..6), 2..6)
    ) {
        let columns = rows.iter().map(Vec::len).min().unwrap_or(0);
        let cells: Vec<Vec<f64>> = rows.iter().map(|r| r[..columns].iter().map(|&v| f64::from(v)).collect()).collect();
        match run(table(&cells)) {
            Ok(p) => prop_assert!(p.derived.iter().all(|d| d.safe)),
            Err(e) => prop_assert!(matches!(e, ProtectError::Unprotectable { .. }), "{e}"),
        }
    }

    #[test]
    fn nothing_is_hidden_where_nothing_is_small(
        rows in proptest::collection::vec(proptest::collection::vec(5u32..400, 3), 2..6)
    ) {
        let cells: Vec<Vec<f64>> = rows.iter().map(|r| r.iter().map(|&v| f64::from(v)).collect()).collect();
        let p = run(table(&cells)).unwrap();
        prop_assert!(p.figures.iter().all(|f| !f.is_hidden()));
    }
}
