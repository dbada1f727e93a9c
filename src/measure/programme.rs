//! Programmes and services as they run: states, enrolment, attendance, completion, dose, waiting, reach, agreement
//! (docs/definitions.md 4).

use super::facts::{Facts, Row};
use super::own::Value;
use super::people::{Context, month_cat};
use super::population::average_population;
use super::{eligible, outcomes, prerelease, stats};
use crate::domain::Dimension as D;
use crate::domain::history::Service;
use crate::domain::region::InAmbon;
use crate::domain::service::ServiceState;
use crate::domain::{Month, Text};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Breakdowns of a participation.
pub const SERVICE_DIMS: &[D] = &[
    D::Opd,
    D::ServiceKind,
    D::ServiceFamily,
    D::Upt,
    D::Sex,
    D::District,
    D::PriorityProgramme,
    D::AgeGroup,
    D::OffenceGroup,
    D::CalendarMonth,
];

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Facts of a programme measure; `None` when the id is none of this file's.
pub fn facts<'a>(c: &Context<'a>, measure: &str) -> Option<Vec<Facts<'a>>> {
    Some(match measure {
        "service_enrolment" => vec![enrolment(c)],
        "service_completion" | "service_dropout" | "service_left_moved" | "service_left_other" => {
            vec![ended(c, measure)]
        }
        "service_attendance" | "service_no_plan" => vec![attendance(c, measure)],
        "service_dose" | "service_dose_share" => vec![dose(c, measure)],
        "service_wait_median" | "service_wait_p90" => vec![waits(c)],
        "service_reach" => vec![reach(c)],
        "service_reach_clients" => vec![reach_clients(c)],
        "pks_realisation" => {
            vec![realisation(
                c,
                &c.input.settings.planned_services(c.month().year()),
            )]
        }
        "pks_pace" => vec![realisation(c, &c.input.settings.planned_until(c.month()))],
        "waiting_over_30" => vec![waiting(c)],
        "waiting_longest" => vec![longest(c)],
        "children_services" => vec![children(c)],
        _ => match measure.strip_prefix("service_").and_then(|rest| {
            let (state, months) = rest.strip_suffix("_12m").map_or((rest, 1), |s| (s, 12));
            states(c, state, months)
        }) {
            Some(f) => vec![f],
            None => {
                return prerelease::facts(c, measure)
                    .or_else(|| eligible::facts(c, measure))
                    .or_else(|| outcomes::facts(c, measure));
            }
        },
    })
}

fn cats(c: &Context, s: &Service, day: NaiveDate) -> [Text; 10] {
    let unknown = || t("unknown");
    let who = s.person;
    [
        s.opd.clone(),
        t(s.kind.id()),
        t(s.kind.family().id()),
        c.upt(s.upt),
        who.map_or_else(unknown, |p| c.sex(p)),
        who.map_or_else(unknown, |p| c.district(p)),
        t(if s.priority_programme { "yes" } else { "no" }),
        who.map_or_else(unknown, |p| c.age_group(p, day)),
        who.map_or_else(unknown, |p| t(c.offence(p, day).id())),
        month_cat(Month::of(day)),
    ]
}

/// Whether a participation is one of a resident of Kota Ambon: by the person, else by the row itself.
pub fn lives(c: &Context, s: &Service) -> bool {
    s.person.map_or(s.in_ambon == InAmbon::Yes, |p| c.ambon(p))
}

/// Services by the day they reached a state, in the month or the last 12.
fn states<'a>(c: &Context<'a>, state: &str, months: u16) -> Option<Facts<'a>> {
    let day: fn(&Service) -> Option<NaiveDate> = match state {
        "referred" => |s| s.referred,
        "enrolled" => |s| s.enrolled,
        "started" => |s| s.start,
        "completed" => |s| {
            let done = s.end.or(s.issued).or(s.start);
            done.filter(|_| s.state == ServiceState::Completed)
        },
        "dropped" => |s| s.end.filter(|_| s.state == ServiceState::DroppedOut),
        "moved" => |s| s.end.filter(|_| s.state == ServiceState::Moved),
        _ => return None,
    };
    let mut f = c.facts("v1", Some(months), SERVICE_DIMS);
    for &s in c.lately_served() {
        if let Some(d) = day(s).filter(|d| c.within(*d, months)) {
            f.push(Row::count(lives(c, s), &s.sources), &cats(c, s, d));
        }
    }
    Some(f)
}

/// Enrolled of those referred in the last 12 months; a start implies enrolment.
fn enrolment<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", Some(12), SERVICE_DIMS);
    for &s in c.lately_served() {
        if let Some(d) = s.referred.filter(|d| c.within(*d, 12)) {
            let hit = s.enrolled.is_some() || s.start.is_some();
            f.push(Row::part(lives(c, s), hit, &s.sources), &cats(c, s, d));
        }
    }
    f
}

/// Participations started in the last 12 months whose planned end has come (docs/definitions.md 4). The plan alone decides:
/// counting those who ended early before the others can end is a bias.
fn cohort<'a>(c: &Context<'a>, f: &mut Facts<'a>) -> Vec<(&'a Service, NaiveDate)> {
    let mut out = Vec::new();
    for &s in c.lately_served() {
        let Some(day) = s.start.filter(|d| c.within(*d, 12)) else {
            continue;
        };
        let over = match s.planned_end {
            Some(p) => p <= c.cutoff,
            None => s.end.is_some() || s.issued.is_some(),
        };
        if over {
            out.push((s, day));
        } else {
            f.leave_out("plan_not_over", lives(c, s), &s.sources);
        }
    }
    out
}

/// How participations of the cohort ended: completed, dropped out, moved or released, anything else: together 100 %.
fn ended<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let mut f = c.facts("v1", Some(12), SERVICE_DIMS);
    for (s, day) in cohort(c, &mut f) {
        let end = match s.state {
            ServiceState::Completed => "service_completion",
            ServiceState::DroppedOut => "service_dropout",
            ServiceState::Moved => "service_left_moved",
            _ => "service_left_other",
        };
        f.push(
            Row::part(lives(c, s), end == measure, &s.sources),
            &cats(c, s, day),
        );
    }
    f
}

/// Sessions attended of sessions planned while enrolled; participations without a session plan apart.
fn attendance<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let mut f = c.facts("v1", Some(12), SERVICE_DIMS);
    for &s in c.lately_served() {
        let Some(day) = s.start.filter(|d| c.within(*d, 12)) else {
            continue;
        };
        let a = lives(c, s);
        match (s.sessions.filter(|(p, _)| *p > 0.0), measure) {
            (Some((planned, met)), "service_attendance") => f.push(
                Row::of(
                    a,
                    f64::from(met.min(planned)),
                    f64::from(planned),
                    &s.sources,
                ),
                &cats(c, s, day),
            ),
            (None, "service_no_plan") => {
                f.push(Row::count(a, &s.sources), &cats(c, s, day));
            }
            (None, _) => f.leave_out("no_session_plan", a, &s.sources),
            _ => {}
        }
    }
    f
}

/// Dose of the ended cohort: hours (where none are given, sessions) attended of planned, as a share and in bands.
fn dose<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let mut dims = vec![D::DoseBand];
    dims.extend(SERVICE_DIMS);
    let mut f = c.facts("v1", Some(12), &dims);
    for (s, day) in cohort(c, &mut f) {
        let a = lives(c, s);
        let Some((planned, met)) = s.hours.or(s.sessions).filter(|(p, _)| *p > 0.0) else {
            f.leave_out("no_session_plan", a, &s.sources);
            continue;
        };
        let (planned, met) = (f64::from(planned), f64::from(met.min(planned)));
        let band = match met / planned {
            x if x <= 0.0 => "none",
            x if x < 0.5 => "lt_50",
            x if x < 0.8 => "50_79",
            _ => "ge_80",
        };
        let row = if measure == "service_dose" {
            Row::count(a, &s.sources)
        } else {
            Row::of(a, met, planned, &s.sources)
        };
        let mut all = vec![t(band)];
        all.extend(cats(c, s, day));
        f.push(row, &all);
    }
    f
}

/// Days from referral to first service; who is not served yet waits until the month's end (docs/definitions.md 4).
fn waits<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", Some(12), SERVICE_DIMS);
    for &s in c.lately_served() {
        let Some(asked) = s.referred.filter(|d| c.within(*d, 12)) else {
            continue;
        };
        let served = s.start.or(s.issued);
        let days = (served.unwrap_or(c.as_of) - asked).num_days();
        let row = Row::part(lives(c, s), served.is_some(), &s.sources);
        if days < 0 {
            f.leave_out("served_before_referral", row.ambon, &s.sources);
            continue;
        }
        f.push(
            row.lasting(days as f64, u8::from(served.is_some())),
            &cats(c, s, asked),
        );
    }
    f
}

/// The days of the month in which a service was given to somebody: from its start to its end, planned end or, for
/// what is given at once, its start.
fn runs_in_month(c: &Context, s: &Service) -> Option<NaiveDate> {
    let first = c.month().first_day();
    let last = s.end.or(s.planned_end).or(s.start)?;
    s.start
        .filter(|d| *d <= c.as_of && last >= first)
        .map(|d| d.max(first))
}

/// Distinct participants inside in the month over the average daily population (docs/definitions.md 4).
fn reach<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", Some(1), &[D::Upt, D::Sex]);
    let mut seen = BTreeSet::new();
    for s in &c.h().services {
        let (Some(p), Some(day)) = (s.person, runs_in_month(c, s)) else {
            continue;
        };
        let inside = c.episodes_of(p).iter().find(|e| e.is_inside(day));
        let Some(upt) = inside.and_then(|e| e.upt_on(day)) else {
            continue;
        };
        if seen.insert(p) {
            f.push(
                Row::count(c.ambon(p), &s.sources),
                &[c.upt(Some(upt)), c.sex(p)],
            );
        }
    }
    for (e, upt, share) in average_population(c) {
        f.push(
            Row::of(c.ambon(e.person), 0.0, share, &e.sources),
            &[c.upt(Some(upt)), c.sex(e.person)],
        );
    }
    f
}

/// Active clients who took part in a service in the month, of all active clients.
fn reach_clients<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts(
        "v1",
        Some(1),
        &[D::Bapas, D::SupervisionKind, D::Sex, D::District],
    );
    let mut last = None;
    for s in super::guidance::active(c) {
        let p = s.person;
        if last.replace(p) == Some(p) {
            continue;
        }
        let given = c
            .services_of(p)
            .iter()
            .find(|x| runs_in_month(c, x).is_some());
        f.push(
            Row::part(c.ambon(p), given.is_some(), &s.sources)
                .because(given.map_or(&[], |x| &x.sources)),
            &[
                c.upt(Some(s.bapas)),
                t(s.kind.id()),
                c.sex(p),
                c.district(p),
            ],
        );
    }
    f
}

/// Services started since January over the year's plan of the agreement, by agency (`targets."pks.<opd>"` or `perjanjian.toml`).
fn realisation<'a>(c: &Context<'a>, planned: &BTreeMap<String, f64>) -> Facts<'a> {
    let months = c.month().month() as u16;
    let mut f = c.facts("v1", Some(months), &[D::Opd]);
    for s in &c.h().services {
        let given = s.start.or(s.issued).is_some_and(|d| c.within(d, months));
        if given {
            let a = lives(c, s);
            if planned.contains_key(s.opd.as_str()) {
                f.push(Row::count(a, &s.sources), std::slice::from_ref(&s.opd));
            } else {
                f.leave_out("no_target", a, &s.sources);
            }
        }
    }
    for (opd, target) in planned {
        f.push(
            Row::of(true, 0.0, *target, &[]),
            &[Text::from(opd.as_str())],
        );
    }
    f
}

/// Services given by the year's end at the pace since January, by agency with a plan: what was given, and as much a month in
/// the months left; the range is that of the pace (exact Poisson limits). After December there is nothing to forecast.
pub(super) fn forecast(c: &Context, ambon: bool) -> Vec<Value> {
    let months = c.month().month();
    let left = f64::from(12 - months);
    let planned = c.input.settings.planned_services(c.month().year());
    let since = |s: &&Service| (s.start.or(s.issued)).is_some_and(|d| c.within(d, months as u16));
    let given = |opd: &str| {
        let mine = c.h().services.iter().filter(since);
        mine.filter(|s| s.opd == opd && (!ambon || lives(c, s)))
            .count()
    };
    planned
        .keys()
        .map(|opd| {
            let k = given(opd);
            let pace = stats::rate_per(k as u64, f64::from(months));
            let year = |per_month: f64| k as f64 + per_month * left;
            let pace = pace.filter(|_| left > 0.0);
            Value {
                categories: vec![opd.as_str().into()],
                estimate: pace.map(|(rate, _)| year(rate)),
                interval: pace.map(|(_, i)| stats::Interval {
                    low: year(i.low),
                    high: year(i.high),
                }),
                refused: pace.is_none(),
                ..Value::default()
            }
        })
        .collect()
}

/// Persons referred and not yet served, with the days they wait.
fn waiting_since<'a>(c: &Context<'a>) -> impl Iterator<Item = (&'a Service, i64)> {
    let as_of = c.as_of;
    c.h().services.iter().filter_map(move |s| {
        // A document "in process" is not served yet, whatever its list calls the state.
        let ends = if s.kind.is_document() {
            ServiceState::Started
        } else {
            ServiceState::Enrolled
        };
        let open = s.start.is_none() && s.issued.is_none() && s.state <= ends;
        let since = s.referred.filter(|d| open && *d <= as_of)?;
        Some((s, (as_of - since).num_days()))
    })
}

fn waiting<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", None, &[D::Opd]);
    // A person waiting twice for one agency is one person; rows without a person count each.
    let mut seen = BTreeSet::new();
    for (s, days) in waiting_since(c) {
        let a = lives(c, s);
        if days <= 30 {
            f.leave_out("not_long", a, &s.sources);
        } else if s.person.is_none_or(|p| seen.insert((p, s.opd.clone()))) {
            f.push(Row::count(a, &s.sources), std::slice::from_ref(&s.opd));
        } else {
            f.leave_out("same_person", a, &s.sources);
        }
    }
    f
}

fn longest<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", None, &[D::Opd]);
    for (s, days) in waiting_since(c) {
        f.push(
            Row::count(lives(c, s), &s.sources).lasting(days as f64, 0),
            std::slice::from_ref(&s.opd),
        );
    }
    f
}

/// Children in custody this month who take part in any service.
fn children<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", None, &[]);
    for (_, e) in super::population::inside(c) {
        let child = c
            .h()
            .person(e.person)
            .birth
            .is_some_and(|b| crate::domain::date::age_on(b, c.as_of) < 18);
        let given = c
            .services_of(e.person)
            .iter()
            .find(|s| s.start.is_some_and(|d| d >= e.start));
        if let Some(s) = given.filter(|_| child) {
            f.push(
                Row::count(c.ambon(e.person), &e.sources).because(&s.sources),
                &[],
            );
        }
    }
    f
}
