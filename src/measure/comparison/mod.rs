//! Participation × return: do people who took part in a programme before release come back less often (DOMAIN.md 2.3.12,
//! 3.4)?
//!
//! Participation is fixed before release: whoever stays out longer has no more time to join. Raw rates of both groups are
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
use crate::domain::Text;
use crate::domain::region::InAmbon;
use crate::domain::service::ServiceFamily;
use crate::history::Release;
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

/// Facts of a comparison measure: raw rates and raw curves of the headline cohort by participation; `None` when the id is
/// none of this file's.
pub fn facts<'a>(c: &Context<'a>, measure: &str) -> Option<Vec<Facts<'a>>> {
    let arm = match measure {
        "compare_return" => None,
        "km_free_participants" => Some(true),
        "km_free_others" => Some(false),
        _ => return None,
    };
    let w = c.input.settings.definitions.headline_window;
    let dims: &[&'static str] = if arm.is_some() {
        &["programme"]
    } else {
        &["programme", "arm"]
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
    at: Option<(&'static str, Text)>,
    numerator: Option<f64>,
    denominator: Option<f64>,
    estimate: Option<f64>,
    interval: Option<Interval>,
    refused: bool,
}

/// The comparison of every family, for everyone or for residents of Kota Ambon.
pub fn studies(c: &Context, ambon: bool) -> Vec<(ServiceFamily, Study)> {
    let w = c.input.settings.definitions.headline_window;
    let all: Vec<&Release> = headline(c, w)
        .into_iter()
        .filter(|r| !ambon || c.ambon(r.person))
        .collect();
    let members = groups::members(c, &all, w);
    COMPARED
        .par_iter()
        .map(|family| {
            let took: Vec<bool> = all.iter().map(|r| took_part(c, r, *family)).collect();
            (*family, Study::of(&members, &took))
        })
        .collect()
}

/// Values of a comparison measure that is no sum, their categories in the order of the breakdowns asked for; `None` when
/// the id is none of this file's.
pub fn values(c: &Context, measure: &str, by: &[Text], ambon: bool) -> Option<Vec<Value>> {
    let of: fn(&Context, ServiceFamily, &Study, bool) -> Vec<Cell> = match measure {
        "compare_rr" => |_, _, s, _| vec![s.effect(s.strata.rr)],
        "compare_rd" => |_, _, s, _| vec![s.effect(s.strata.rd)],
        "compare_strata" => |_, _, s, _| vec![s.strata_used()],
        "compare_smd" => |_, _, s, _| vec![s.largest_difference()],
        "compare_verdict" => |_, _, s, _| vec![verdict(s.verdict)],
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
    let studies = c.studies(ambon).iter();
    let cells = studies.flat_map(|(family, s)| {
        of(c, *family, s, ambon).into_iter().map(|cell| {
            let programme = ("programme", Text::const_new(family.id()));
            let mut at: Vec<(&str, Text)> = std::iter::once(programme).chain(cell.at).collect();
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
        at: Some(("verdict", Text::const_new(v.id()))),
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
        ("matched", s.pairs.n as f64),
    ]
    .map(|(stage, n)| Cell {
        at: Some(("match_stage", Text::const_new(stage))),
        numerator: Some(n),
        estimate: Some(n),
        ..Cell::default()
    })
    .into()
}
