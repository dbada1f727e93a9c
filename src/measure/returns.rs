//! Return after release: cohorts, windows, definitions (docs/definitions.md 3, 9).

use super::bound;
use super::facts::{Facts, Row};
use super::people::Context;
use super::styles;
use super::trails::ended_in_year;
use crate::domain::Dimension as D;
use crate::domain::history::PersonId;
use crate::domain::{Month, RowRef, Text, add_months};
use crate::history::{EntryKind, Release};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Breakdowns of a release.
pub const DIMS: &[D] = &[
    D::Sex,
    D::AgeGroup,
    D::OffenceGroup,
    D::ExitCode,
    D::SentenceBand,
    D::Upt,
    D::PriorCustody,
    D::District,
];
/// Months of releases that curves follow.
const CURVE_COHORT: i32 = 72;

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Facts of a return measure; `None` when the id is none of this file's.
pub fn facts<'a>(c: &Context<'a>, measure: &str, by: &[D]) -> Option<Vec<Facts<'a>>> {
    Some(match measure {
        "return_low" | "return_high" => vec![bound::facts(c, c.input.bound?, by)],
        "return_pseudo" => vec![tally(c, EntryKind::Pseudo)],
        "return_unknown_date" => vec![tally(c, EntryKind::NewUnknownDate)],
        "return_deaths" | "return_excl_deaths" => vec![deaths(c, measure)],
        "return_per_reoffender" | "return_frequency" => vec![trio(c, measure)],
        "return_rate_py" => vec![rate(c)],
        "return_srr" | "return_dsr" | "return_excess" => vec![standardised(c, measure)],
        "return_change" => vec![change(c)],
        "styles" => vec![styles::facts(c)],
        _ => return None,
    })
}

/// Whether a release on this day would belong to the rolling cohort of a window.
pub fn in_rolling_day(c: &Context, day: NaiveDate, w: u16) -> bool {
    ended_in_year(Month::of(day), w, last_complete_month(c))
}

/// First releases of persons within a cohort, or all. Releases come by person and day.
pub fn first_only<'r>(all: impl Iterator<Item = &'r Release>, unit: &str) -> Vec<&'r Release> {
    let mut last = None;
    all.filter(|r| last.replace(r.person) != Some(r.person) || unit == "release")
        .collect()
}

/// The categories of a release, in the order of [`DIMS`].
pub fn categories(c: &Context, r: &Release) -> [Text; 8] {
    CATEGORIES.map(|of| of(c, r))
}

/// The category of a release in each of [`DIMS`].
pub const CATEGORIES: [fn(&Context, &Release) -> Text; 8] = [
    |c, r| c.sex(r.person),
    |c, r| c.age_group(r.person, r.t0),
    |c, r| t(c.episode(r).offence.id()),
    |_, r| t(r.exit.id()),
    |c, r| c.sentence_band(c.episode(r)),
    |c, r| c.upt(r.upt),
    |_, r| Context::prior(r.prior),
    |c, r| c.district(r.person),
];

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
            c.spells_of(r.person)
                .iter()
                .find(|s| s.end == Some(x.date))
                .map(|s| s.sources.as_slice())
        })
        .unwrap_or_default()
}

/// A release as a row: in the numerator when the person came back within the window.
pub fn row<'a>(c: &Context<'a>, r: &Release, event: &str, w: u16, wait: u16) -> Row<'a> {
    let hit = r.event(event, w, wait);
    let row = Row::part(c.ambon(r.person), hit, &c.episode(r).sources);
    if hit && c.trace {
        row.because(because(c, r, event, w))
    } else {
        row
    }
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
    rolling(c, w, last_complete_month(c), "person")
}

/// Everybody in the headline cohort, and whether they came back within the window.
pub fn who_returned(c: &Context) -> Vec<(PersonId, bool)> {
    let w = c.input.settings.definitions.headline_window;
    let all = headline(c, w);
    all.iter().map(|r| (r.person, r.p1(w))).collect()
}

/// Releases whose windows of so many months ended in the 12 months up to `end` and are over (docs/definitions.md 5); with
/// `person` the first of each.
pub fn rolling<'c>(c: &'c Context, months: u16, end: Month, unit: &str) -> Vec<&'c Release> {
    let all = c.trails().all.iter().zip(&c.releases);
    let ended = all.filter(|(x, _)| x.in_rolling(months, end) && x.is_complete(months));
    first_only(ended.map(|(_, r)| r), unit)
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

/// Reoffences per reoffender, and per 100 persons (docs/definitions.md 5).
fn trio<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let w = c.input.settings.definitions.headline_window;
    let mut f = c.facts("P1.person.v1", Some(w), DIMS);
    for r in headline(c, w) {
        let k = f64::from(r.new_entries(w));
        let den = match measure {
            "return_frequency" => 1.0,
            _ => f64::from(u8::from(k > 0.0)),
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
    // An event on the day of release counts half a day (docs/definitions.md 3).
    (((end.0 - r.t0).num_days() as f64).max(0.5), end.1)
}

/// First returns per person-year at risk inside the window (docs/definitions.md 5).
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
    // In order of time, so that no group has to be sorted again for its curve.
    let mut all: Vec<(f64, u8, &Release)> = first_only(recent, "person")
        .into_iter()
        .map(|r| {
            let (time, cause) = followed(c, r);
            (time, cause, r)
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (time, cause, r) in all {
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

/// Age under 25, 25–34, 35 and older × prior stays 0, 1, 2+: the strata of expected rates (docs/definitions.md 5).
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
        for r in rolling(c, w, end, "person") {
            f.push(row(c, r, "P1", w, 0).lasting(0.0, mark), &categories(c, r));
        }
    }
    f
}
