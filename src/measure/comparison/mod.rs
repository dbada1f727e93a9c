//! Participation × return: do people who took part in a programme before release come back less often (docs/definitions.md 5,
//! 3.4)?
//!
//! Participation is fixed before release, or up to a landmark from which on return counts: whoever stays out longer has no
//! more time to join. Raw rates of both groups are
//! always given. An effect is given only where the groups are alike: over coarse strata (Mantel–Haenszel), and between
//! pairs of equal propensity in the manner of the Justice Data Lab. Fewer than 30 participants, or a standardised mean
//! difference above 0.10 in anything known, and there is no effect, only the verdict why. Knows releases and services; what
//! a verdict is called in words is the locale's business.

mod groups;
mod study;
#[cfg(test)]
mod tests;

use super::facts::{Facts, Row};
use super::own::Value;
use super::people::Context;
use super::prerelease::before;
use super::returns::{followed, headline, in_rolling_day};
use super::stats::Interval;
use crate::domain::Dimension as D;
use crate::domain::region::InAmbon;
use crate::domain::service::ServiceFamily;
use crate::domain::{Text, add_months};
use crate::history::Release;
use chrono::NaiveDate;
use rayon::prelude::*;
use std::collections::BTreeSet;

pub use study::Study;
use study::Verdict;

/// Families of services that are compared.
pub const COMPARED: &[ServiceFamily] = super::eligible::FAMILIES;

/// Participation in a family that began inside, before this release.
pub fn took_part(c: &Context, r: &Release, family: ServiceFamily) -> bool {
    let e = c.episode(r);
    c.services_of(r.person)
        .iter()
        .any(|s| s.kind.family() == family && before(s, e.start, r.t0))
}

/// Months after release at which participation outside is looked at and return begins to count. Whoever is followed from
/// release on has more time to join the longer they stay out; from a landmark on nobody has (Anderson and others 1983).
const LANDMARK_MONTHS: u32 = 3;

/// Still free, alive and in sight at the landmark.
fn at_landmark(r: &Release) -> bool {
    let day = add_months(r.t0, LANDMARK_MONTHS);
    let later = |d: Option<NaiveDate>| d.is_none_or(|d| d > day);
    r.returns.iter().all(|x| x.date > day) && later(r.death) && later(r.censored)
}

/// Participation in a family that began outside, up to the landmark.
fn joined(c: &Context, r: &Release, family: ServiceFamily) -> bool {
    let day = add_months(r.t0, LANDMARK_MONTHS);
    let mut services = c.services_of(r.person).iter();
    services.any(|s| s.kind.family() == family && s.start.is_some_and(|d| d > r.t0 && d <= day))
}

/// Raw rates from the landmark on, by participation.
fn landmark<'a>(c: &Context<'a>) -> Facts<'a> {
    let w = c.input.settings.definitions.headline_window;
    let mut f = c.facts("P1.person.v1", Some(w), &[D::Programme, D::Arm]);
    for r in headline(c, w) {
        let (a, from) = (c.ambon(r.person), &c.episode(r).sources);
        if !at_landmark(r) {
            f.leave_out("not_at_landmark", a, from);
            continue;
        }
        for family in COMPARED {
            let arm = arm_id(joined(c, r, *family));
            let cats = [Text::const_new(family.id()), Text::const_new(arm)];
            f.push(Row::part(a, r.p1(w), from), &cats);
        }
    }
    f
}

/// Facts of a comparison measure: raw rates and raw curves of the headline cohort by participation; `None` when the id is
/// none of this file's.
pub fn facts<'a>(c: &Context<'a>, measure: &str) -> Option<Vec<Facts<'a>>> {
    let arm = match measure {
        "compare_return" => None,
        "km_free_participants" => Some(true),
        "km_free_others" => Some(false),
        "landmark_return" => return Some(vec![landmark(c)]),
        _ => return None,
    };
    let w = c.input.settings.definitions.headline_window;
    let dims: &[D] = if arm.is_some() {
        &[D::Programme]
    } else {
        &[D::Programme, D::Arm]
    };
    let mut f = c.facts("P1.person.v1", Some(w), dims);
    for r in headline(c, w) {
        let (time, cause) = followed(c, r);
        for family in COMPARED {
            let took = took_part(c, r, *family);
            if arm.is_some_and(|a| a != took) {
                continue;
            }
            let row = Row::part(c.ambon(r.person), r.p1(w), &c.episode(r).sources);
            let programme = Text::const_new(family.id());
            match arm {
                Some(_) => f.push(row.lasting(time, cause), &[programme]),
                None => f.push(row, &[programme, Text::const_new(arm_id(took))]),
            }
        }
    }
    Some(vec![f])
}

fn arm_id(took: bool) -> &'static str {
    if took { "participants" } else { "others" }
}

/// One number of a programme's comparison: a value, and the dimension it stands in beside the programme.
#[derive(Debug, Clone, Default)]
struct Cell {
    at: Option<(D, Text)>,
    numerator: Option<f64>,
    denominator: Option<f64>,
    estimate: Option<f64>,
    interval: Option<Interval>,
    refused: bool,
}

/// The comparison of every family, for everyone or for residents of Kota Ambon.
pub fn studies(c: &Context, ambon: bool) -> Vec<(ServiceFamily, Study)> {
    compare(c, ambon, |_| true, took_part)
}

/// The same from the landmark on, by participation after release.
pub fn landmarks(c: &Context, ambon: bool) -> Vec<(ServiceFamily, Study)> {
    compare(c, ambon, at_landmark, joined)
}

fn compare(
    c: &Context,
    ambon: bool,
    belongs: fn(&Release) -> bool,
    took: fn(&Context, &Release, ServiceFamily) -> bool,
) -> Vec<(ServiceFamily, Study)> {
    let w = c.input.settings.definitions.headline_window;
    let all: Vec<&Release> = headline(c, w)
        .into_iter()
        .filter(|r| (!ambon || c.ambon(r.person)) && belongs(r))
        .collect();
    let people = groups::compared(c, &all, w);
    COMPARED
        .par_iter()
        .map(|family| {
            let took: Vec<bool> = all.iter().map(|r| took(c, r, *family)).collect();
            (*family, Study::of(&people, &took))
        })
        .collect()
}

/// Values of a comparison measure that is no sum, their categories in the order of the breakdowns asked for; `None` when
/// the id is none of this file's.
pub fn values(c: &Context, measure: &str, by: &[D], ambon: bool) -> Option<Vec<Value>> {
    let of: fn(&Context, ServiceFamily, &Study, bool) -> Vec<Cell> = match measure {
        "compare_rr" | "landmark_rr" => |_, _, s, _| vec![s.effect(s.strata.rr)],
        "compare_rd" | "landmark_rd" => |_, _, s, _| vec![s.effect(s.strata.rd)],
        "compare_strata" => |_, _, s, _| vec![s.strata_used()],
        "compare_smd" => |_, _, s, _| vec![s.largest_difference()],
        "compare_verdict" | "landmark_verdict" => |_, _, s, _| vec![verdict(s.verdict)],
        "compare_log_rank" => |_, _, s, _| vec![s.log_rank()],
        "compare_matching" => stages,
        "compare_matched_return" => |_, _, s, _| s.matched_rates(),
        "compare_matched_rd" => |_, _, s, _| vec![s.matched_difference()],
        "compare_matched_p" => |_, _, s, _| vec![s.matched_p()],
        "compare_matched_verdict" => |_, _, s, _| vec![verdict(s.pairs.verdict)],
        "compare_balance_before" => |_, _, s, _| s.balance(|b| b.before),
        "compare_balance_strata" => |_, _, s, _| s.balance(|b| b.strata),
        "compare_balance_matched" => |_, _, s, _| s.balance(|b| b.matched),
        _ => return None,
    };
    let studies = if measure.starts_with("landmark") {
        c.landmarks(ambon)
    } else {
        c.studies(ambon)
    };
    let cells = studies.iter().flat_map(|(family, s)| {
        of(c, *family, s, ambon).into_iter().map(|cell| {
            let programme = (D::Programme, Text::const_new(family.id()));
            let mut at: Vec<(D, Text)> = std::iter::once(programme).chain(cell.at).collect();
            at.sort_by_key(|(d, _)| by.iter().position(|b| b == d));
            Value {
                categories: at.into_iter().map(|(_, category)| category).collect(),
                numerator: cell.numerator,
                denominator: cell.denominator,
                estimate: cell.estimate,
                interval: cell.interval,
                refused: cell.refused,
            }
        })
    });
    Some(cells.collect())
}

fn verdict(v: Verdict) -> Cell {
    Cell {
        at: Some((D::Verdict, Text::const_new(v.id()))),
        estimate: Some(1.0),
        ..Cell::default()
    }
}

/// How many of those a programme helped come into the comparison, and where the others are lost: services submitted (also
/// those whose person nobody could tell), persons found, index releases with full follow-up, pairs.
fn stages(c: &Context, family: ServiceFamily, s: &Study, ambon: bool) -> Vec<Cell> {
    let w = c.input.settings.definitions.headline_window;
    let mut found = BTreeSet::new();
    for e in &c.h().episodes {
        let Some(left) = e.end.filter(|d| in_rolling_day(c, *d, w)) else {
            continue;
        };
        let helped = || {
            c.services_of(e.person)
                .iter()
                .any(|s| s.kind.family() == family && before(s, e.start, left))
        };
        if (!ambon || c.ambon(e.person)) && !found.contains(&e.person) && helped() {
            found.insert(e.person);
        }
    }
    let nobody = c
        .h()
        .services
        .iter()
        .take_while(|s| s.person.is_none())
        .filter(|s| s.kind.family() == family && (!ambon || s.in_ambon == InAmbon::Yes))
        .filter(|s| s.start.is_some_and(|d| in_rolling_day(c, d, w)))
        .count() as f64;
    let found = found.len() as f64;
    [
        ("submitted", found + nobody),
        ("found", found),
        ("released", s.participants() as f64),
        ("matched", s.pairs.table.n() as f64),
    ]
    .map(|(stage, n)| Cell {
        at: Some((D::MatchStage, Text::const_new(stage))),
        numerator: Some(n),
        estimate: Some(n),
        ..Cell::default()
    })
    .into()
}
