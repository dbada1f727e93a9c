//! Who is guided by a Bapas: clients, their movements, litmas, reporting, revocations, community service as a sentence.

use super::facts::{Facts, Row};
use super::people::{Context, month_cat};
use crate::domain::Dimension as D;
use crate::domain::history::SupervisionSpell;
use crate::domain::supervision::{SupervisionEnd, WorkState};
use crate::domain::{Month, OffenceGroup, Text};

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Facts of a measure of guidance; `None` when the id is none of this file's.
pub fn facts<'a>(c: &Context<'a>, measure: &str) -> Option<Vec<Facts<'a>>> {
    Some(match measure {
        "clients" => vec![clients(c)],
        "clients_12m" => vec![clients_by_month(c)],
        "client_flow" => vec![client_flow(c)],
        "supervision_completed_well" => vec![completed_well(c)],
        "litmas_requested" | "litmas_completed" | "litmas_backlog" => vec![litmas(c, measure)],
        "litmas_median_days" => vec![litmas_days(c)],
        "reporting_compliance" => vec![reporting(c, 1), reporting(c, 12)],
        "revocations" => vec![revocations(c)],
        "community_service_people"
        | "community_service_hours"
        | "community_service_state"
        | "community_service_placed"
        | "community_service_pace"
        | "community_service_breaches" => vec![community_service(c, measure)],
        _ => return None,
    })
}

fn clients<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts(
        "v1",
        None,
        &[
            D::SupervisionKind,
            D::Bapas,
            D::Sex,
            D::District,
            D::AgeGroup,
            D::InAmbon,
            D::OffenceGroup,
        ],
    );
    let mut last = None;
    for s in active(c) {
        let p = s.person;
        // A person guided twice at once is one client.
        if last.replace(p) == Some(p) {
            f.leave_out("same_person", c.ambon(p), &s.sources);
            continue;
        }
        f.push(
            Row::count(c.ambon(p), &s.sources),
            &[
                t(s.kind.id()),
                c.upt(Some(s.bapas)),
                c.sex(p),
                c.district(p),
                c.age_group(p, c.as_of),
                c.in_ambon(p),
                // Where the Bapas wrote no offence, that of the case it guides for.
                t(match s.offence {
                    OffenceGroup::Unknown => c.offence(p, s.start).id(),
                    known => known.id(),
                }),
            ],
        );
    }
    f
}

/// Persons guided at the end of each of the last 12 months.
fn clients_by_month<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", Some(12), &[D::CalendarMonth, D::Bapas, D::Sex]);
    for back in 0..12 {
        let m = c.month().plus(back - 11);
        let (label, day) = (month_cat(m), m.last_day());
        let mut last = None;
        for s in &c.h().supervision {
            let open = s.start <= day && s.end.is_none_or(|e| e > day);
            if open && last.replace(s.person) != Some(s.person) {
                f.push(
                    Row::count(c.ambon(s.person), &s.sources),
                    &[label.clone(), c.upt(Some(s.bapas)), c.sex(s.person)],
                );
            }
        }
    }
    f
}

/// Spells active at the end of the month.
pub fn active<'a>(c: &Context<'a>) -> impl Iterator<Item = &'a SupervisionSpell> {
    let day = c.as_of;
    c.h()
        .supervision
        .iter()
        .filter(move |s| s.start <= day && s.end.is_none_or(|e| e > day))
}

fn client_flow<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", Some(1), &[D::Movement, D::SupervisionKind, D::Bapas]);
    let m = c.month();
    for s in &c.h().supervision {
        let cats = |movement: &'static str| [t(movement), t(s.kind.id()), c.upt(Some(s.bapas))];
        let a = c.ambon(s.person);
        if s.start < m.first_day() && s.end.is_none_or(|e| e >= m.first_day()) {
            f.push(Row::count(a, &s.sources), &cats("start_stock"));
        }
        if m.contains(s.start) {
            f.push(Row::count(a, &s.sources), &cats("new"));
        }
        if s.end.is_some_and(|e| m.contains(e)) {
            let movement = match s.end_kind {
                Some(SupervisionEnd::Completed) => "completed",
                Some(SupervisionEnd::RevokedOffence) => "revoked_general",
                Some(SupervisionEnd::RevokedTechnical | SupervisionEnd::Revoked) => {
                    "revoked_technical"
                }
                Some(SupervisionEnd::Delegated) => "delegated",
                Some(SupervisionEnd::Died) => "death",
                Some(SupervisionEnd::Absconded | SupervisionEnd::Other) | None => "other_end",
            };
            f.push(Row::count(a, &s.sources), &cats(movement));
        }
        if s.start <= c.as_of && s.end.is_none_or(|e| e > c.as_of) {
            f.push(Row::count(a, &s.sources), &cats("end_stock"));
        }
    }
    f
}

/// SLS / (SLS + CBT + LRI) of clients ended in the last 12 months.
fn completed_well<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", Some(12), &[D::SupervisionKind, D::Bapas]);
    let from = c.month().plus(-11).first_day();
    for s in c
        .h()
        .supervision
        .iter()
        .filter(|s| s.end.is_some_and(|e| e >= from && e <= c.as_of))
    {
        use SupervisionEnd::*;
        let a = c.ambon(s.person);
        let well = match s.end_kind {
            Some(Completed) => true,
            Some(RevokedOffence | RevokedTechnical | Revoked | Absconded) => false,
            _ => {
                f.leave_out("neither_well_nor_ill", a, &s.sources);
                continue;
            }
        };
        f.push(
            Row::part(a, well, &s.sources),
            &[t(s.kind.id()), c.upt(Some(s.bapas))],
        );
    }
    f
}

fn litmas<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let mut f = c.facts("v1", Some(1), &[D::LitmasKind, D::Bapas]);
    let m = c.month();
    for l in &c.h().litmas {
        let hit = match measure {
            "litmas_requested" => l.requested.is_some_and(|d| m.contains(d)),
            "litmas_completed" => l.completed.is_some_and(|d| m.contains(d)),
            _ => {
                l.requested.is_some_and(|d| d <= c.as_of) && l.completed.is_none_or(|d| d > c.as_of)
            }
        };
        if hit {
            f.push(
                Row::count(c.ambon(l.person), &l.sources),
                &[t(l.kind.id()), c.upt(l.bapas)],
            );
        }
    }
    f
}

/// Reports made of reports due in the month, or in the last 12 by month (docs/definitions.md 4).
fn reporting<'a>(c: &Context<'a>, months: u16) -> Facts<'a> {
    let dims: &[D] = if months == 1 {
        &[D::Bapas, D::SupervisionKind, D::Sex, D::District]
    } else {
        &[
            D::Bapas,
            D::SupervisionKind,
            D::Sex,
            D::District,
            D::CalendarMonth,
        ]
    };
    let mut f = c.facts("v1", Some(months), dims);
    let from = c.month().plus(1 - i32::from(months));
    let labels: Vec<Text> = (0..i32::from(months))
        .map(|i| month_cat(from.plus(i)))
        .collect();
    for s in &c.h().supervision {
        let p = s.person;
        for &(m, due, met) in s
            .reports
            .iter()
            .filter(|(m, ..)| *m >= from && *m <= c.month())
        {
            if due == 0 {
                f.leave_out("no_report_due", c.ambon(p), &s.sources);
                continue;
            }
            let cats = [
                c.upt(Some(s.bapas)),
                t(s.kind.id()),
                c.sex(p),
                c.district(p),
                labels[m.since(from) as usize].clone(),
            ];
            f.push(
                Row::of(c.ambon(p), f64::from(met), f64::from(due), &s.sources),
                &cats[..dims.len()],
            );
        }
    }
    f
}

/// Days from request to delivery, of litmas delivered in the last 12 months.
fn litmas_days<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", Some(12), &[D::LitmasKind, D::Bapas]);
    for l in &c.h().litmas {
        let Some(done) = l.completed.filter(|d| c.within(*d, 12)) else {
            continue;
        };
        let a = c.ambon(l.person);
        match l.requested.filter(|r| *r <= done) {
            Some(r) => f.push(
                Row::count(a, &l.sources).lasting((done - r).num_days() as f64, 1),
                &[t(l.kind.id()), c.upt(l.bapas)],
            ),
            None => f.leave_out("no_order_of_days", a, &l.sources),
        }
    }
    f
}

fn revocations<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts(
        "v1",
        Some(12),
        &[D::RevocationGround, D::Bapas, D::CalendarMonth],
    );
    let from = c.month().plus(-11).first_day();
    for s in &c.h().supervision {
        let ground = match s.end_kind {
            Some(SupervisionEnd::RevokedOffence) => "general",
            Some(SupervisionEnd::RevokedTechnical) => "technical",
            Some(SupervisionEnd::Revoked) => "unknown",
            _ => continue,
        };
        if let Some(e) = s.end.filter(|e| *e >= from && *e <= c.as_of) {
            f.push(
                Row::count(c.ambon(s.person), &s.sources),
                &[t(ground), c.upt(Some(s.bapas)), month_cat(Month::of(e))],
            );
        }
    }
    f
}

/// People sentenced to community service: where each stands, whether a site is named, whether those under way keep pace
/// with their six months, and what followed where it was not done.
fn community_service<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let dims: &[D] = match measure {
        "community_service_state" => &[D::WorkState, D::Opd],
        "community_service_breaches" => &[D::Breach],
        _ => &[D::Opd],
    };
    let mut f = c.facts("v1", None, dims);
    for x in &c.h().community_service {
        let a = c.ambon(x.person);
        let served = f64::from(x.hours(c.month()));
        let state = x.state(c.month());
        let opd = x.opd.clone();
        match measure {
            "community_service_people" => f.push(Row::count(a, &x.sources), &[opd]),
            "community_service_state" => {
                f.push(Row::count(a, &x.sources), &[t(state.id()), opd]);
            }
            "community_service_placed" => f.push(Row::part(a, x.placed, &x.sources), &[opd]),
            "community_service_breaches" => {
                if let Some(breach) = x.breach {
                    f.push(Row::count(a, &x.sources), &[t(breach.id())]);
                }
            }
            "community_service_pace" => {
                let span = x.start.zip(x.last_day()).zip(x.ordered);
                let Some(((from, to), ordered)) = span.filter(|_| state == WorkState::Running)
                else {
                    f.leave_out("not_running", a, &x.sources);
                    continue;
                };
                let share = |n: i64, of: i64| n as f64 / of.max(1) as f64;
                let gone = share((c.as_of - from).num_days(), (to - from).num_days());
                let done = served / f64::from(ordered).max(1.0);
                f.push(Row::part(a, done >= gone, &x.sources), &[opd]);
            }
            _ => {
                let ordered = f64::from(x.ordered.unwrap_or(0.0));
                f.push(Row::of(a, served, ordered, &x.sources), &[opd]);
            }
        }
    }
    f
}
