//! Return after release: cohorts, windows, definitions, published styles (DOMAIN.md 1.5, 2.1, 2.2).

use super::facts::Facts;
use super::people::{Context, month_cat};
use crate::domain::{Month, Text, add_months};
use crate::history::{EntryKind, Release};
use std::collections::BTreeSet;

const DIMS: &[&str] = &[
    "sex",
    "age_group",
    "offence_group",
    "exit_code",
    "sentence_band",
    "upt",
    "prior_custody",
    "district",
];

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Facts of a return measure; `None` when the id is none of this file's.
pub fn facts(c: &Context, measure: &str, by: &[Text]) -> Option<Vec<Facts>> {
    let d = &c.input.settings.definitions;
    Some(match measure {
        "return" => {
            let mut out = Vec::new();
            for &w in &d.windows {
                for (event, unit) in [
                    ("P1", "person"),
                    ("P2", "person"),
                    ("P3", "person"),
                    ("P1", "release"),
                ] {
                    out.push(cohort(c, &c.releases, w, event, unit, by));
                }
            }
            out
        }
        "return_low" => {
            // The same figure where only exact and decided links count: fewer returns are seen.
            let histories = c.input.strict?;
            let strict = Context::new(&super::Input {
                histories,
                strict: None,
                ..c.input
            });
            vec![cohort(
                &strict,
                &strict.releases,
                d.headline_window,
                "P1",
                "person",
                by,
            )]
        }
        "return_pseudo" => vec![tally(c, EntryKind::Pseudo)],
        "return_unknown_date" => vec![tally(c, EntryKind::NewUnknownDate)],
        "return_per_reoffender" | "return_frequency" => vec![trio(c, measure)],
        "styles" => vec![styles(c)],
        _ => return None,
    })
}

/// The rolling cohort: releases whose windows ended in the 12 months up to `end` (DOMAIN.md 2.3.13).
fn in_rolling(r: &Release, w: u16, wait: u16, end: Month) -> bool {
    let over = add_months(r.t0, u32::from(w + wait));
    over <= end.last_day() && over > end.plus(-12).last_day()
}

fn wait(event: &str, c: &Context) -> u16 {
    if event == "P2" {
        c.input.settings.definitions.waiting_months
    } else {
        0
    }
}

/// First releases of persons within a cohort, or all.
fn first_only<'a>(all: impl Iterator<Item = &'a Release>, unit: &str) -> Vec<&'a Release> {
    let mut seen = BTreeSet::new();
    all.filter(|r| unit == "release" || seen.insert(r.person))
        .collect()
}

fn cohort(
    c: &Context,
    releases: &[Release],
    w: u16,
    event: &str,
    unit: &str,
    by: &[Text],
) -> Facts {
    let definition = format!("{event}.{unit}.v1");
    let wait = wait(event, c);
    let named = by.iter().find_map(|d| match d.as_str() {
        "cohort_quarter" => Some("cohort_quarter"),
        "cohort_year" => Some("cohort_year"),
        "ended_month" => Some("ended_month"),
        _ => None,
    });
    let mut dims = DIMS.to_vec();
    dims.extend(named);
    let mut f = Facts::new(&definition, Some(w), &dims);
    let mut add = |members: Vec<&Release>, label: Option<Text>| {
        for r in members {
            let e = &c.h().episodes[r.episode.min(c.h().episodes.len().saturating_sub(1))];
            let hit = r.event(event, w, wait_of(event, wait));
            let mut cats = vec![
                c.sex(r.person),
                c.age_group(r.person, r.t0),
                t(e.offence.id()),
                t(r.exit.id()),
                c.sentence_band(e),
                c.upt(r.upt),
                Context::prior(r.prior),
                c.district(r.person),
            ];
            cats.extend(label.clone());
            f.push(c.ambon(r.person), f64::from(u8::from(hit)), 1.0, &cats);
        }
    };
    let complete = |r: &&Release| r.is_complete(w, wait, c.cutoff);
    match named {
        None => {
            let end = last_complete_month(c);
            add(
                first_only(
                    releases
                        .iter()
                        .filter(complete)
                        .filter(|r| in_rolling(r, w, wait, end)),
                    unit,
                ),
                None,
            );
        }
        Some("ended_month") => {
            for back in (0..13).rev() {
                let end = last_complete_month(c).plus(-back);
                let members = first_only(
                    releases
                        .iter()
                        .filter(complete)
                        .filter(|r| in_rolling(r, w, wait, end)),
                    unit,
                );
                add(members, Some(month_cat(end)));
            }
        }
        Some(which) => {
            let label = |r: &Release| -> Text {
                let m = Month::of(r.t0);
                if which == "cohort_year" {
                    m.year().to_string().into()
                } else {
                    format!("{}-Q{}", m.year(), m.quarter()).into()
                }
            };
            // Only cohorts all of whose members are followed up to the end are comparable.
            let labels: BTreeSet<Text> = releases.iter().map(&label).collect();
            for l in labels {
                let end = cohort_end(&l);
                if end.is_some_and(|e| add_months(e, u32::from(w + wait)) <= c.cutoff) {
                    add(
                        first_only(releases.iter().filter(|r| label(r) == l), unit),
                        Some(l),
                    );
                }
            }
        }
    }
    f
}

fn wait_of(event: &str, wait: u16) -> u16 {
    if event == "P2" { wait } else { 0 }
}

/// Last day of `2024-Q3` or `2024`.
pub fn cohort_end(label: &str) -> Option<chrono::NaiveDate> {
    let (year, month) = match label.split_once("-Q") {
        Some((y, q)) => (y.parse().ok()?, q.parse::<u32>().ok()? * 3),
        None => (label.parse().ok()?, 12),
    };
    Month::new(year, month).map(Month::last_day)
}

/// The month the cut-off date closes.
fn last_complete_month(c: &Context) -> Month {
    let m = Month::of(c.cutoff);
    if m.last_day() == c.cutoff {
        m
    } else {
        m.plus(-1)
    }
}

/// Re-entries of one kind within the headline window of the headline cohort.
fn tally(c: &Context, kind: EntryKind) -> Facts {
    let d = &c.input.settings.definitions;
    let w = d.headline_window;
    let mut f = Facts::new("v1", Some(w), &[]);
    for r in headline(c, w) {
        let limit = add_months(r.t0, u32::from(w));
        let n = r
            .returns
            .iter()
            .filter(|x| x.kind == kind && x.date <= limit)
            .count();
        f.push(c.ambon(r.person), n as f64, 0.0, &[]);
    }
    f
}

/// The rolling headline cohort, first releases of persons.
pub fn headline<'a>(c: &'a Context, w: u16) -> Vec<&'a Release> {
    let end = last_complete_month(c);
    first_only(
        c.releases
            .iter()
            .filter(|r| r.is_complete(w, 0, c.cutoff) && in_rolling(r, w, 0, end)),
        "person",
    )
}

/// Reoffences per reoffender, and per 100 persons.
fn trio(c: &Context, measure: &str) -> Facts {
    let w = c.input.settings.definitions.headline_window;
    let mut f = Facts::new("P1.person.v1", Some(w), &[]);
    for r in headline(c, w) {
        let k = f64::from(r.new_entries(w));
        let den = if measure == "return_frequency" {
            0.01
        } else {
            f64::from(u8::from(k > 0.0))
        };
        f.push(c.ambon(r.person), k, den, &[]);
    }
    f
}

/// The same month under published definitions, side by side.
fn styles(c: &Context) -> Facts {
    let mut f = Facts::new("v1", None, &["style"]);
    let mut share = |style: &'static str, ambon: bool, hit: bool| {
        f.push(ambon, f64::from(u8::from(hit)), 1.0, &[t(style)])
    };
    for (prior, e) in c.episodes().filter(|(_, e)| e.is_inside(c.as_of)) {
        share(
            "r1_reported",
            c.ambon(e.person),
            e.recidivist_flag == Some(true),
        );
        share("r2_stock", c.ambon(e.person), prior > 0);
    }
    let wait = c.input.settings.definitions.waiting_months;
    for r in headline(c, 12) {
        let a = c.ambon(r.person);
        share("r3_p1_person", a, r.p1(12));
        share("r3_p3_person", a, r.p3(12));
    }
    let end = last_complete_month(c);
    for r in c
        .releases
        .iter()
        .filter(|r| r.is_complete(12, 0, c.cutoff) && in_rolling(r, 12, 0, end))
    {
        share("r3_p1_release", c.ambon(r.person), r.p1(12));
    }
    for r in first_only(
        c.releases
            .iter()
            .filter(|r| r.is_complete(12, wait, c.cutoff) && in_rolling(r, 12, wait, end)),
        "person",
    ) {
        share("moj", c.ambon(r.person), r.p2(12, wait));
    }
    for r in headline(c, 24) {
        share("nordic", c.ambon(r.person), r.p2(24, 0));
    }
    for r in headline(c, 36) {
        share("bjs", c.ambon(r.person), r.p3(36));
    }
    // Iowa: releases of a year, any return within three years, named by the year the window ends.
    for r in c
        .releases
        .iter()
        .filter(|r| r.is_complete(36, 0, c.cutoff) && in_rolling(r, 36, 0, end))
    {
        share("iowa", c.ambon(r.person), r.p3(36));
    }
    // The naive way: whoever came back counts at once, whoever stayed out only when the window is over.
    let from = end.plus(-23).first_day();
    for r in first_only(
        c.releases
            .iter()
            .filter(|r| r.t0 >= from && (r.is_complete(12, 0, c.cutoff) || r.p1(12))),
        "person",
    ) {
        share("naive", c.ambon(r.person), r.p1(12));
    }
    // Returns within weeks of last month's releases: how a mass release was once judged.
    let last = c.month().plus(-1);
    for r in c.releases.iter().filter(|r| last.contains(r.t0)) {
        share(
            "weeks",
            c.ambon(r.person),
            r.first_new().is_some_and(|d| d <= c.as_of),
        );
    }
    f
}
