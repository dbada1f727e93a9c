//! What became of people: help that goes on outside, work, business (docs/definitions.md 4).

use super::eligible::{FAMILIES, with};
use super::facts::{Facts, Row};
use super::people::Context;
use super::prerelease::before;
use super::programme::lives;
use crate::domain::Dimension as D;
use crate::domain::history::OutcomeItem;
use crate::domain::service::{OutcomeKind, ServiceKind, ServiceState};
use crate::domain::{RowRef, Text, add_months};
use chrono::{Days, NaiveDate};

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Facts of a measure of outcomes; `None` when the id is none of this file's.
pub fn facts<'a>(c: &Context<'a>, measure: &str) -> Option<Vec<Facts<'a>>> {
    Some(match measure {
        "continuity_90" => vec![continuity(c)],
        "outcome_work" | "outcome_work_lower" | "outcome_unknown" | "outcome_employed"
        | "outcome_business" => vec![outcomes(c, measure)],
        "business_started" => vec![business(c)],
        _ => return None,
    })
}

/// Participants inside who go on with the same family outside within 90 days, releases with so much follow-up.
fn continuity<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts(
        "v1",
        Some(12),
        &[
            D::ServiceFamily,
            D::Upt,
            D::Sex,
            D::District,
            D::AgeGroup,
            D::OffenceGroup,
        ],
    );
    let days = u64::from(c.input.settings.definitions.continuity_days);
    for r in c.releases.iter().filter(|r| c.within(r.t0, 12)) {
        let e = c.episode(r);
        let a = c.ambon(r.person);
        let Some(until) = r.t0.checked_add_days(Days::new(days)) else {
            continue;
        };
        if until > c.cutoff {
            f.leave_out("window_not_over", a, &e.sources);
            continue;
        }
        // Help that begins inside again is not the help that went on outside.
        let next = c.episodes_of(r.person).iter().find(|x| x.start > r.t0);
        let back = next.map(|x| x.start);
        for family in FAMILIES {
            let mine = || {
                c.services_of(r.person)
                    .iter()
                    .filter(|s| s.kind.family() == *family)
            };
            if !mine().any(|s| before(s, e.start, r.t0)) {
                continue;
            }
            let outside = |d: NaiveDate| d > r.t0 && d <= until && back.is_none_or(|b| d < b);
            let on = mine().find(|s| s.start.is_some_and(outside));
            f.push(
                Row::part(a, on.is_some(), &e.sources).because(on.map_or(&[], |s| &s.sources)),
                &with([t(family.id()), c.upt(r.upt)], c.who(r.person, r.t0)),
            );
        }
    }
    f
}

/// Work or business 3, 6, 12 months after release (± 30 days); unknown is not no.
fn outcomes<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let mut f = c.facts(
        "v1",
        Some(12),
        &[
            D::Horizon,
            D::Upt,
            D::Sex,
            D::District,
            D::AgeGroup,
            D::OffenceGroup,
        ],
    );
    for (horizon, months) in [("3m", 3u32), ("6m", 6), ("12m", 12)] {
        for r in &c.releases {
            let mid = add_months(r.t0, months);
            let (low, high) = (
                mid.checked_sub_days(Days::new(30)),
                mid.checked_add_days(Days::new(30)),
            );
            let (Some(low), Some(high)) = (low, high) else {
                continue;
            };
            if high > c.cutoff || high <= c.month().plus(-12).last_day() {
                continue;
            }
            let a = c.ambon(r.person);
            let from = &c.episode(r).sources;
            let seen: Vec<&OutcomeItem> = c
                .outcomes_of(r.person)
                .iter()
                .filter(|o| o.date >= low && o.date <= high)
                .collect();
            let of = |kinds: &[OutcomeKind]| seen.iter().find(|o| kinds.contains(&o.kind));
            let works = match measure {
                "outcome_employed" => of(&[OutcomeKind::Employed]),
                "outcome_business" => of(&[OutcomeKind::Business]),
                _ => of(&[OutcomeKind::Employed, OutcomeKind::Business]),
            };
            let hit = match measure {
                "outcome_unknown" => seen.is_empty(),
                "outcome_work_lower" => works.is_some(),
                _ if seen.is_empty() => {
                    f.leave_out("not_contacted", a, from);
                    continue;
                }
                _ => works.is_some(),
            };
            let because: &[RowRef] = works.or(seen.first()).map_or(&[], |o| &o.sources);
            f.push(
                Row::part(a, hit, from).because(because),
                &with([t(horizon), c.upt(r.upt)], c.who(r.person, r.t0)),
            );
        }
    }
    f
}

/// Programmes that prepare for a business.
const BUSINESS: &[ServiceKind] = &[
    ServiceKind::PltIkm,
    ServiceKind::Umkm,
    ServiceKind::Alat,
    ServiceKind::Pasar,
    ServiceKind::Kop,
    ServiceKind::Modal,
];

/// A business registration or first sale after the start of the programme, of participations completed in the last 12
/// months; a registration older than the programme does not count.
fn business<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts(
        "v1",
        Some(12),
        &[
            D::Opd,
            D::ServiceKind,
            D::Sex,
            D::District,
            D::AgeGroup,
            D::OffenceGroup,
        ],
    );
    for s in c.h().services.iter().filter(|s| BUSINESS.contains(&s.kind)) {
        let done = s.end.or(s.issued).or(s.start);
        let completed = s.state == ServiceState::Completed && done.is_some_and(|d| c.within(d, 12));
        if !completed {
            continue;
        }
        let a = lives(c, s);
        let (Some(p), Some(start)) = (s.person, s.start) else {
            f.leave_out("nobody_known", a, &s.sources);
            continue;
        };
        let registered = c.services_of(p).iter().find(|x| {
            x.kind == ServiceKind::Nib && x.issued.or(x.start).is_some_and(|d| d >= start)
        });
        let sells = c
            .outcomes_of(p)
            .iter()
            .find(|o| o.kind == OutcomeKind::Business && o.date >= start);
        let because = registered
            .map(|x| x.sources.as_slice())
            .or(sells.map(|o| o.sources.as_slice()));
        f.push(
            Row::part(a, because.is_some(), &s.sources).because(because.unwrap_or_default()),
            &with([s.opd.clone(), t(s.kind.id())], c.who(p, start)),
        );
    }
    f
}
