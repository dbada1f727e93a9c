//! Return after release: cohorts, windows, definitions (DOMAIN.md 1.5, 2.1, 2.2).

use super::facts::{Facts, Row};
use super::people::{Context, month_cat};
use super::styles;
use crate::domain::{Month, RowRef, Text, add_months};
use crate::history::{EntryKind, Release};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Breakdowns of a release.
pub const DIMS: &[&str] = &[
    "sex",
    "age_group",
    "offence_group",
    "exit_code",
    "sentence_band",
    "upt",
    "prior_custody",
    "district",
];
/// Months of releases that curves follow.
const CURVE_COHORT: i32 = 72;

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Facts of a return measure; `None` when the id is none of this file's. Empty `windows` are all of the settings.
pub fn facts<'a>(
    c: &Context<'a>,
    measure: &str,
    by: &[Text],
    windows: &[u16],
) -> Option<Vec<Facts<'a>>> {
    let d = &c.input.settings.definitions;
    let w = d.headline_window;
    Some(match measure {
        "return" => d
            .windows
            .iter()
            .filter(|w| windows.is_empty() || windows.contains(w))
            .flat_map(|w| {
                [
                    ("P1", "person"),
                    ("P2", "person"),
                    ("P3", "person"),
                    ("P1", "release"),
                    ("P2", "release"),
                    ("P3", "release"),
                ]
                .map(|(event, unit)| cohort(c, *w, event, unit, by))
            })
            .collect(),
        "return_low" => {
            // The same figure where only exact and decided links count: fewer returns are seen.
            let histories = c.input.strict?;
            let strict = Context::of(
                &super::Input {
                    histories,
                    strict: None,
                    ..c.input
                },
                c.trace,
            );
            vec![cohort(&strict, w, "P1", "person", by)]
        }
        "return_pseudo" => vec![tally(c, EntryKind::Pseudo)],
        "return_unknown_date" => vec![tally(c, EntryKind::NewUnknownDate)],
        "return_deaths" | "return_excl_deaths" => vec![deaths(c, measure)],
        "return_per_reoffender" | "return_frequency" => vec![trio(c, measure)],
        "return_rate_py" => vec![rate(c)],
        "return_srr" | "return_dsr" | "return_excess" => vec![standardised(c, measure)],
        "return_change" => vec![change(c)],
        "cif_new" | "cif_revoked" | "cif_death" | "km_free" | "na_hazard" | "return_median"
        | "return_rmst" => vec![followed_since(c)],
        "styles" => vec![styles::facts(c)],
        _ => return None,
    })
}

/// The month in which a release's window (and waiting time) ends.
fn over(r: &Release, w: u16, wait: u16) -> Month {
    Month::of(add_months(r.t0, u32::from(w + wait)))
}

/// The rolling cohort: releases whose windows ended in the 12 months up to `end` (DOMAIN.md 2.3.13).
pub fn in_rolling(r: &Release, w: u16, wait: u16, end: Month) -> bool {
    let over = over(r, w, wait);
    over <= end && over > end.plus(-12)
}

/// Whether a release on this day would belong to the rolling cohort of a window.
pub fn in_rolling_day(c: &Context, day: NaiveDate, w: u16) -> bool {
    let (over, end) = (
        Month::of(add_months(day, u32::from(w))),
        last_complete_month(c),
    );
    over <= end && over > end.plus(-12)
}

/// First releases of persons within a cohort, or all. Releases come by person and day.
pub fn first_only<'r>(all: impl Iterator<Item = &'r Release>, unit: &str) -> Vec<&'r Release> {
    let mut last = None;
    all.filter(|r| last.replace(r.person) != Some(r.person) || unit == "release")
        .collect()
}

/// The categories of a release, in the order of [`DIMS`].
pub fn categories(c: &Context, r: &Release) -> [Text; 8] {
    let e = c.episode(r);
    [
        c.sex(r.person),
        c.age_group(r.person, r.t0),
        t(e.offence.id()),
        t(r.exit.id()),
        c.sentence_band(e),
        c.upt(r.upt),
        Context::prior(r.prior),
        c.district(r.person),
    ]
}

/// The records that show a return of the event within the window.
fn because<'a>(c: &Context<'a>, r: &Release, event: &str, w: u16) -> &'a [RowRef] {
    let limit = add_months(r.t0, u32::from(w));
    let kinds: &[EntryKind] = if event == "P3" {
        &[
            EntryKind::New,
            EntryKind::NewUnknownDate,
            EntryKind::Technical,
        ]
    } else {
        &[EntryKind::New, EntryKind::NewUnknownDate]
    };
    r.returns
        .iter()
        .filter(|x| kinds.contains(&x.kind) && x.date <= limit)
        .find_map(|x| {
            if let Some(e) = x.episode {
                return Some(c.h().episodes[e].sources.as_slice());
            }
            // A revocation that no prison register shows stands in the Bapas list.
            c.h()
                .supervision_of(r.person)
                .find(|s| s.end == Some(x.date))
                .map(|s| s.sources.as_slice())
        })
        .unwrap_or_default()
}

/// A release as a row: in the numerator when the person came back within the window.
fn row<'a>(c: &Context<'a>, r: &Release, event: &str, w: u16, wait: u16) -> Row<'a> {
    let hit = r.event(event, w, wait);
    let row = Row::part(c.ambon(r.person), hit, &c.episode(r).sources);
    if hit && c.trace {
        row.because(because(c, r, event, w))
    } else {
        row
    }
}

fn cohort<'a>(c: &Context<'a>, w: u16, event: &str, unit: &str, by: &[Text]) -> Facts<'a> {
    let definition = format!("{event}.{unit}.v1");
    let wait = if event == "P2" {
        c.input.settings.definitions.waiting_months
    } else {
        0
    };
    let named = by.iter().find_map(|d| match d.as_str() {
        "cohort_quarter" => Some("cohort_quarter"),
        "cohort_year" => Some("cohort_year"),
        "ended_month" => Some("ended_month"),
        _ => None,
    });
    let mut dims = DIMS.to_vec();
    dims.extend(named);
    let mut f = c.facts(&definition, Some(w), &dims);
    let end = last_complete_month(c);
    let persons = unit == "person";
    // Which cohorts (by their last month, or the only one) hold a release of the person already.
    let mut taken: (Option<_>, BTreeSet<Option<Month>>) = (None, BTreeSet::new());
    for r in &c.releases {
        if taken.0.replace(r.person) != Some(r.person) {
            taken.1.clear();
        }
        let a = c.ambon(r.person);
        let complete = r.is_complete(w, wait, c.cutoff);
        let from = &c.episode(r).sources;
        let labels: Vec<(Option<Month>, Option<Text>)> = match named {
            None if !complete || !in_rolling(r, w, wait, end) => {
                // Who would be in a cohort that ends later is named; who is long gone is not.
                if over(r, w, wait) > end && r.t0 <= c.as_of {
                    f.leave_out("window_not_over", a, from);
                }
                continue;
            }
            None => vec![(None, None)],
            Some("ended_month") if complete => {
                let m = over(r, w, wait);
                (0..12)
                    .map(|i| m.plus(i))
                    .filter(|x| *x <= end && *x >= end.plus(-12))
                    .map(|x| (Some(x), Some(month_cat(x))))
                    .collect()
            }
            Some("ended_month") => vec![],
            Some(which) => {
                let (label, last) = calendar_cohort(r.t0, which);
                // Only cohorts all of whose members are followed up to the end are comparable.
                if last.is_none_or(|e| add_months(e, u32::from(w + wait)) > c.cutoff) {
                    f.leave_out("window_not_over", a, from);
                    f.pending.insert(label);
                    continue;
                }
                vec![(last.map(Month::of), Some(label))]
            }
        };
        let mut cats = categories(c, r).to_vec();
        for (end, label) in labels {
            if persons && !taken.1.insert(end) {
                f.leave_out("not_first_release", a, from);
                continue;
            }
            cats.truncate(DIMS.len());
            cats.extend(label);
            f.push(row(c, r, event, w, wait), &cats);
        }
    }
    f
}

/// The quarter (`2024-Q3`) or year (`2024`) of a release, with its last day.
fn calendar_cohort(t0: NaiveDate, which: &str) -> (Text, Option<NaiveDate>) {
    let m = Month::of(t0);
    let (label, last) = if which == "cohort_year" {
        (m.year().to_string(), Month::new(m.year(), 12))
    } else {
        let q = m.quarter();
        (format!("{}-Q{q}", m.year()), Month::new(m.year(), q * 3))
    };
    (label.into(), last.map(Month::last_day))
}

/// The month the cut-off date closes.
pub fn last_complete_month(c: &Context) -> Month {
    let m = Month::of(c.cutoff);
    if m.last_day() == c.cutoff {
        m
    } else {
        m.plus(-1)
    }
}

/// Re-entries of one kind within the headline window of the headline cohort.
fn tally<'a>(c: &Context<'a>, kind: EntryKind) -> Facts<'a> {
    let w = c.input.settings.definitions.headline_window;
    let mut f = c.facts("v1", Some(w), DIMS);
    for r in headline(c, w) {
        let limit = add_months(r.t0, u32::from(w));
        let mine = || {
            r.returns
                .iter()
                .filter(|x| x.kind == kind && x.date <= limit)
        };
        let from = mine()
            .find_map(|x| x.episode)
            .map_or(&c.episode(r).sources, |e| &c.h().episodes[e].sources);
        f.push(
            Row::of(c.ambon(r.person), mine().count() as f64, 0.0, from),
            &categories(c, r),
        );
    }
    f
}

/// The rolling headline cohort, first releases of persons.
pub fn headline<'c>(c: &'c Context, w: u16) -> Vec<&'c Release> {
    rolling(c, w, last_complete_month(c))
}

fn rolling<'c>(c: &'c Context, w: u16, end: Month) -> Vec<&'c Release> {
    first_only(
        c.releases
            .iter()
            .filter(|r| r.is_complete(w, 0, c.cutoff) && in_rolling(r, w, 0, end)),
        "person",
    )
}

/// Deaths within the window, and the rate without the people who died in it before they could come back.
fn deaths<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let w = c.input.settings.definitions.headline_window;
    let mut f = c.facts("P1.person.v1", Some(w), DIMS);
    for r in headline(c, w) {
        let limit = add_months(r.t0, u32::from(w));
        let died = r.death.is_some_and(|d| d <= limit) && !r.p1(w);
        let a = c.ambon(r.person);
        let from = &c.episode(r).sources;
        match (measure, died) {
            ("return_deaths", _) => f.push(
                Row::of(a, f64::from(u8::from(died)), 0.0, from),
                &categories(c, r),
            ),
            (_, true) => f.leave_out("died", a, from),
            _ => f.push(row(c, r, "P1", w, 0), &categories(c, r)),
        }
    }
    f
}

/// Reoffences per reoffender, and per 100 persons (DOMAIN.md 2.3.4).
fn trio<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let w = c.input.settings.definitions.headline_window;
    let mut f = c.facts("P1.person.v1", Some(w), DIMS);
    for r in headline(c, w) {
        let k = f64::from(r.new_entries(w));
        let den = if measure == "return_frequency" {
            0.01
        } else {
            f64::from(u8::from(k > 0.0))
        };
        f.push(
            Row {
                num: k,
                den,
                ..row(c, r, "P1", w, 0)
            },
            &categories(c, r),
        );
    }
    f
}

/// Time at risk and what ended it: 1 new case, 2 technical revocation, 3 death, 0 end of data.
pub fn followed(c: &Context, r: &Release) -> (f64, u8) {
    let mut end: (NaiveDate, u8) = (c.cutoff.min(r.censored.unwrap_or(c.cutoff)), 0);
    for (date, cause) in [(r.death, 3), (r.first_technical(), 2), (r.first_new(), 1)] {
        if let Some(d) = date
            && d <= end.0
        {
            end = (d, cause);
        }
    }
    // An event on the day of release counts half a day (DOMAIN.md 2.2).
    (((end.0 - r.t0).num_days() as f64).max(0.5), end.1)
}

/// First returns per person-year at risk inside the window (DOMAIN.md 2.3.5).
fn rate<'a>(c: &Context<'a>) -> Facts<'a> {
    let w = c.input.settings.definitions.headline_window;
    let mut f = c.facts("P1.person.v1", Some(w), DIMS);
    for r in headline(c, w) {
        let (time, cause) = followed(c, r);
        let most = (add_months(r.t0, u32::from(w)) - r.t0).num_days() as f64;
        let hit = cause == 1 && time <= most;
        f.push(
            Row {
                num: f64::from(u8::from(hit)),
                den: time.min(most) / 365.25,
                ..row(c, r, "P1", w, 0)
            },
            &categories(c, r),
        );
    }
    f
}

/// Releases of the last six years, first of each person, followed to the cut-off: what curves are drawn from.
pub fn followed_since<'a>(c: &Context<'a>) -> Facts<'a> {
    let from = c.month().plus(-CURVE_COHORT).first_day();
    let mut f = c.facts("P1.person.v1", Some(super::reduce::CURVE_MONTHS), DIMS);
    let recent = c
        .releases
        .iter()
        .filter(|r| r.t0 >= from && r.t0 < c.cutoff);
    for r in first_only(recent, "person") {
        let (time, cause) = followed(c, r);
        let row = Row::part(c.ambon(r.person), cause == 1, &c.episode(r).sources);
        let row = if cause == 1 && c.trace {
            row.because(because(c, r, "P1", 600))
        } else {
            row
        };
        f.push(row.lasting(time, cause), &categories(c, r));
    }
    f
}

/// Age under 25, 25–34, 35 and older × prior stays 0, 1, 2+: the strata of expected rates (DOMAIN.md 2.3.11).
pub fn stratum(c: &Context, r: &Release) -> (u8, u32) {
    let age = c
        .h()
        .person(r.person)
        .birth
        .map(|b| crate::domain::date::age_on(b, r.t0));
    (
        match age {
            Some(..25) => 0,
            Some(25..35) => 1,
            Some(_) => 2,
            // People of unknown age are like nobody but each other.
            None => 3,
        },
        r.prior.min(2),
    )
}

/// The headline cohort with the rate its strata would give: observed to expected, and directly standardised.
fn standardised<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let w = c.input.settings.definitions.headline_window;
    let mut f = c.facts("P1.person.v1", Some(w), DIMS);
    let all = headline(c, w);
    let mut rates: BTreeMap<(u8, u32), (f64, f64)> = BTreeMap::new();
    for r in &all {
        let e = rates.entry(stratum(c, r)).or_default();
        e.0 += f64::from(u8::from(r.p1(w)));
        e.1 += 1.0;
    }
    for r in all {
        let key = stratum(c, r);
        let expected = rates.get(&key).map_or(0.0, |(k, n)| k / n);
        let mut row = row(c, r, "P1", w, 0).lasting(expected, key.0 * 3 + key.1 as u8);
        if measure == "return_srr" {
            row.den = expected;
        }
        f.push(row, &categories(c, r));
    }
    f
}

/// The newest rolling cohort (mark 1) and that of a year before (mark 0): equally complete, nobody's window in both.
fn change<'a>(c: &Context<'a>) -> Facts<'a> {
    let w = c.input.settings.definitions.headline_window;
    let mut f = c.facts("P1.person.v1", Some(w), DIMS);
    let end = last_complete_month(c);
    for (mark, end) in [(0, end.plus(-12)), (1, end)] {
        for r in rolling(c, w, end) {
            f.push(row(c, r, "P1", w, 0).lasting(0.0, mark), &categories(c, r));
        }
    }
    f
}
