//! Who is inside, who moves, who is guided: stock, flow, exits, releases, clients, litmas, reporting.

use super::facts::Facts;
use super::people::{Context, month_cat};
use crate::domain::history::Episode;
use crate::domain::supervision::SupervisionEnd;
use crate::domain::{ExitCode, Month, Text, add_months};
use chrono::{Days, NaiveDate};

const STOCK: &[&str] = &[
    "upt",
    "upt_class",
    "register_class",
    "status",
    "sex",
    "age_group",
    "offence_group",
    "district",
    "prior_custody",
    "in_ambon",
];

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Facts of a population measure; `None` when the id is none of this file's.
pub fn facts(c: &Context, measure: &str) -> Option<Vec<Facts>> {
    Some(match measure {
        "stock" | "stock_prior_reported" | "stock_prior_linked" => vec![stock(c, measure)],
        "capacity" => vec![capacity(c, false)],
        "occupancy" => vec![capacity(c, true)],
        "adp" => vec![adp(c)],
        "flow" => vec![flow(c)],
        "exits" => vec![exits(c, 1)],
        "exits_12m" => vec![exits(c, 12)],
        "releases" => vec![releases(c, 1, &["exit_code", "upt", "sex", "district"])],
        "releases_12m" => vec![releases(
            c,
            12,
            &["exit_code", "upt", "sex", "district", "release_month"],
        )],
        "due_release" => [3, 6].map(|w| due(c, w)).into(),
        "clients" => vec![clients(c)],
        "client_flow" => vec![client_flow(c)],
        "supervision_completed_well" => vec![completed_well(c)],
        "target_group" => vec![target_group(c)],
        "litmas_requested" | "litmas_completed" | "litmas_backlog" => vec![litmas(c, measure)],
        "reporting_compliance" => vec![reporting(c)],
        "revocations" => vec![revocations(c)],
        "community_service_people" | "community_service_hours" => {
            vec![community_service(c, measure)]
        }
        _ => return None,
    })
}

fn inside<'a>(c: &'a Context) -> impl Iterator<Item = (u32, &'a Episode)> {
    c.episodes().filter(|(_, e)| e.is_inside(c.as_of))
}

fn stock(c: &Context, measure: &str) -> Facts {
    let mut f = Facts::new(
        "v1",
        None,
        if measure == "stock" { STOCK } else { &["upt"] },
    );
    for (prior, e) in inside(c) {
        let upt = e.upt_on(c.as_of);
        let class = e.class_on(c.as_of);
        let p = e.person;
        match measure {
            "stock" => f.push(
                c.ambon(p),
                1.0,
                0.0,
                &[
                    c.upt(upt),
                    upt.map_or(t("unknown"), |u| {
                        Text::from(c.input.units.info(u).class.as_str())
                    }),
                    class.map_or(t("unknown"), |k| t(k.id())),
                    class.map_or(t("other"), |k| t(k.status_id())),
                    c.sex(p),
                    c.age_group(p, c.as_of),
                    t(e.offence.id()),
                    c.district(p),
                    Context::prior(prior),
                    c.in_ambon(p),
                ],
            ),
            "stock_prior_linked" => f.push(
                c.ambon(p),
                f64::from(u8::from(prior > 0)),
                1.0,
                &[c.upt(upt)],
            ),
            _ => f.push(
                c.ambon(p),
                f64::from(u8::from(e.recidivist_flag == Some(true))),
                1.0,
                &[c.upt(upt)],
            ),
        }
    }
    f
}

/// Places; with the people on them for occupancy.
fn capacity(c: &Context, with_stock: bool) -> Facts {
    let mut f = Facts::new("v1", None, &["upt"]);
    for (_, u) in c.input.units.prisons() {
        let id = Text::from(u.id.as_str());
        if let Some(places) = u.capacity {
            let places = f64::from(places);
            f.push(
                true,
                if with_stock { 0.0 } else { places },
                if with_stock { places } else { 0.0 },
                &[id],
            );
        }
    }
    if with_stock {
        for (_, e) in inside(c) {
            f.push(c.ambon(e.person), 1.0, 0.0, &[c.upt(e.upt_on(c.as_of))]);
        }
    }
    f
}

/// Average daily population: person-days in the month over its days; the admission day counts, the exit day does
/// not, a stay of one day counts half (DOMAIN.md 3.2).
fn adp(c: &Context) -> Facts {
    let mut f = Facts::new("v1", None, &["upt"]);
    let (first, end) = (c.month().first_day(), add_months(c.month().first_day(), 1));
    let days = f64::from(c.month().days());
    for (_, e) in c.episodes() {
        for s in &e.stays {
            let to = s.to.unwrap_or(end).min(end);
            let from = s.from.max(first);
            // Days on the run are not spent inside.
            let away: i64 = e
                .escapes
                .iter()
                .map(|(a, b)| {
                    ((*b).unwrap_or(end).min(to) - (*a).max(from))
                        .num_days()
                        .max(0)
                })
                .sum();
            let n = (to - from).num_days() - away;
            let d = if n == 0 && s.to == Some(s.from) && c.month().contains(s.from) {
                0.5
            } else {
                n.max(0) as f64
            };
            if d > 0.0 {
                f.push(c.ambon(e.person), d / days, 0.0, &[c.upt(Some(s.upt))]);
            }
        }
    }
    f
}

/// Stock identity per unit: opening + admissions + transfers in − exits − transfers out = closing.
fn flow(c: &Context) -> Facts {
    let mut f = Facts::new("v1", Some(1), &["movement", "upt"]);
    let m = c.month();
    let before = m
        .first_day()
        .checked_sub_days(Days::new(1))
        .unwrap_or(m.first_day());
    let at = |e: &Episode, day: NaiveDate, i: usize| {
        let s = &e.stays[i];
        e.is_inside(day) && s.from <= day && s.to.is_none_or(|x| day < x)
    };
    for (_, e) in c.episodes() {
        let a = c.ambon(e.person);
        for (i, s) in e.stays.iter().enumerate() {
            let upt = c.upt(Some(s.upt));
            let mut add = |movement: &'static str, n: f64| {
                f.push(a, n, 0.0, &[t(movement), upt.clone()]);
            };
            let mut balance = 0.0;
            if at(e, before, i) {
                add("opening", 1.0);
                balance += 1.0;
            }
            if m.contains(s.from) {
                add(if i == 0 { "admission" } else { "transfer_in" }, 1.0);
                balance += 1.0;
            }
            for (out, back) in &e.escapes {
                let here = e.upt_on(*out) == Some(s.upt)
                    && s.from <= *out
                    && s.to.is_none_or(|x| *out <= x);
                if here && m.contains(*out) {
                    add("escape", 1.0);
                    balance -= 1.0;
                }
                if let Some(b) = back.filter(|b| here && m.contains(*b) && s.from < *b) {
                    let _ = b;
                    add("recapture", 1.0);
                    balance += 1.0;
                }
            }
            if let Some(to) = s.to.filter(|d| m.contains(*d)) {
                let _ = to;
                let movement = match s.exit {
                    Some(ExitCode::Pdh) => "transfer_out",
                    Some(ExitCode::Mgl) => "death",
                    Some(ExitCode::Lri) => "escape",
                    Some(x) if x.is_index_release(true) => "release",
                    _ => "other_exit",
                };
                add(movement, 1.0);
                balance -= 1.0;
            }
            let closing = f64::from(u8::from(at(e, c.as_of, i)));
            if closing > 0.0 {
                add("closing", 1.0);
            }
            if balance != closing {
                add("difference", closing - balance);
            }
        }
    }
    f
}

fn exits(c: &Context, months: i32) -> Facts {
    let mut f = Facts::new(
        "v1",
        Some(months as u16),
        &["exit_code", "upt", "sex", "district"],
    );
    let from = c.month().plus(1 - months).first_day();
    for (_, e) in c.episodes() {
        for s in &e.stays {
            if let (Some(to), Some(x)) = (s.to, s.exit)
                && to >= from
                && to <= c.as_of
            {
                f.push(
                    c.ambon(e.person),
                    1.0,
                    0.0,
                    &[
                        t(x.id()),
                        c.upt(Some(s.upt)),
                        c.sex(e.person),
                        c.district(e.person),
                    ],
                );
            }
        }
    }
    f
}

fn releases(c: &Context, months: i32, dims: &[&'static str]) -> Facts {
    let mut f = Facts::new("v1", Some(months as u16), dims);
    let from = c.month().plus(1 - months).first_day();
    for r in c
        .releases
        .iter()
        .filter(|r| r.t0 >= from && r.t0 <= c.as_of)
    {
        let all = [
            t(r.exit.id()),
            c.upt(r.upt),
            c.sex(r.person),
            c.district(r.person),
            month_cat(Month::of(r.t0)),
        ];
        f.push(c.ambon(r.person), 1.0, 0.0, &all[..dims.len()]);
    }
    f
}

/// When somebody inside is expected to leave: the two-thirds day where it lies ahead, else the expiry.
pub fn expected_release(e: &Episode, as_of: NaiveDate) -> Option<NaiveDate> {
    if !e.is_sentenced() {
        return None;
    }
    e.two_thirds.filter(|d| *d > as_of).or(e.expected_end)
}

fn due(c: &Context, window: u16) -> Facts {
    let mut f = Facts::new("v1", Some(window), &["sex", "district", "upt", "status"]);
    let until = add_months(c.as_of, u32::from(window));
    for (_, e) in inside(c) {
        if expected_release(e, c.as_of).is_some_and(|d| d <= until) {
            let status = e.class_on(c.as_of).map_or("other", |k| k.status_id());
            f.push(
                c.ambon(e.person),
                1.0,
                0.0,
                &[
                    c.sex(e.person),
                    c.district(e.person),
                    c.upt(e.upt_on(c.as_of)),
                    t(status),
                ],
            );
        }
    }
    f
}

fn clients(c: &Context) -> Facts {
    let mut f = Facts::new(
        "v1",
        None,
        &[
            "supervision_kind",
            "bapas",
            "sex",
            "district",
            "age_group",
            "in_ambon",
            "offence_group",
        ],
    );
    let mut last = None;
    for s in active(c) {
        // A person guided twice at once is one client.
        if last.replace(s.person) == Some(s.person) {
            continue;
        }
        let p = s.person;
        f.push(
            c.ambon(p),
            1.0,
            0.0,
            &[
                t(s.kind.id()),
                c.upt(Some(s.bapas)),
                c.sex(p),
                c.district(p),
                c.age_group(p, c.as_of),
                c.in_ambon(p),
                t(s.offence.id()),
            ],
        );
    }
    f
}

/// Spells active at the end of the month.
pub fn active<'a>(
    c: &'a Context,
) -> impl Iterator<Item = &'a crate::domain::history::SupervisionSpell> {
    c.h()
        .supervision
        .iter()
        .filter(|s| s.start <= c.as_of && s.end.is_none_or(|e| e > c.as_of))
}

fn client_flow(c: &Context) -> Facts {
    let mut f = Facts::new("v1", Some(1), &["movement", "supervision_kind", "bapas"]);
    let m = c.month();
    for s in &c.h().supervision {
        let cats = |movement: &'static str| [t(movement), t(s.kind.id()), c.upt(Some(s.bapas))];
        let a = c.ambon(s.person);
        if s.start < m.first_day() && s.end.is_none_or(|e| e >= m.first_day()) {
            f.push(a, 1.0, 0.0, &cats("start_stock"));
        }
        if m.contains(s.start) {
            f.push(a, 1.0, 0.0, &cats("new"));
        }
        if s.end.is_some_and(|e| m.contains(e)) {
            let movement = match s.end_kind {
                Some(SupervisionEnd::Completed) => "completed",
                Some(SupervisionEnd::RevokedOffence) => "revoked_general",
                Some(SupervisionEnd::RevokedTechnical | SupervisionEnd::Revoked) => {
                    "revoked_technical"
                }
                Some(SupervisionEnd::Delegated) => "delegated",
                _ => "other_end",
            };
            f.push(a, 1.0, 0.0, &cats(movement));
        }
        if s.start <= c.as_of && s.end.is_none_or(|e| e > c.as_of) {
            f.push(a, 1.0, 0.0, &cats("end_stock"));
        }
    }
    f
}

/// SLS / (SLS + CBT + LRI) of clients ended in the last 12 months.
fn completed_well(c: &Context) -> Facts {
    let mut f = Facts::new("v1", Some(12), &["supervision_kind", "bapas"]);
    let from = c.month().plus(-11).first_day();
    for s in c
        .h()
        .supervision
        .iter()
        .filter(|s| s.end.is_some_and(|e| e >= from && e <= c.as_of))
    {
        use SupervisionEnd::*;
        let well = match s.end_kind {
            Some(Completed) => 1.0,
            Some(RevokedOffence | RevokedTechnical | Revoked | Absconded) => 0.0,
            _ => continue,
        };
        f.push(
            c.ambon(s.person),
            well,
            1.0,
            &[t(s.kind.id()), c.upt(Some(s.bapas))],
        );
    }
    f
}

fn target_group(c: &Context) -> Facts {
    let mut f = Facts::new("v1", None, &["status6", "sex"]);
    for (_, e) in inside(c) {
        let status = match e.class_on(c.as_of).map(|k| k.status_id()) {
            Some("child") => "child",
            Some("sentenced") => "sentenced",
            Some("remand") => "remand",
            _ => "inside_unknown",
        };
        f.push(c.ambon(e.person), 1.0, 0.0, &[t(status), c.sex(e.person)]);
    }
    let mut last = None;
    for s in active(c) {
        if last.replace(s.person) == Some(s.person) {
            continue;
        }
        let status = match s.kind.id() {
            "PB" => "client_PB",
            "CB" => "client_CB",
            "CMB" => "client_CMB",
            _ => "client_other",
        };
        f.push(c.ambon(s.person), 1.0, 0.0, &[t(status), c.sex(s.person)]);
    }
    f
}

fn litmas(c: &Context, measure: &str) -> Facts {
    let mut f = Facts::new("v1", Some(1), &["litmas_kind", "bapas"]);
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
                c.ambon(l.person),
                1.0,
                0.0,
                &[t(l.kind.id()), c.upt(Some(l.bapas))],
            );
        }
    }
    f
}

/// Reports made of reports due, last 12 months by month; the total is the report's month alone.
fn reporting(c: &Context) -> Facts {
    let mut f = Facts::new("v1", Some(12), &["bapas", "calendar_month"]);
    let from = c.month().plus(-11);
    for s in &c.h().supervision {
        for &(m, due, met) in s
            .reports
            .iter()
            .filter(|(m, due, _)| *m >= from && *m <= c.month() && *due > 0)
        {
            f.push(
                c.ambon(s.person),
                f64::from(met),
                f64::from(due),
                &[c.upt(Some(s.bapas)), month_cat(m)],
            );
        }
    }
    f
}

fn revocations(c: &Context) -> Facts {
    let mut f = Facts::new(
        "v1",
        Some(12),
        &["revocation_ground", "bapas", "calendar_month"],
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
                c.ambon(s.person),
                1.0,
                0.0,
                &[t(ground), c.upt(Some(s.bapas)), month_cat(Month::of(e))],
            );
        }
    }
    f
}

fn community_service(c: &Context, measure: &str) -> Facts {
    let mut f = Facts::new("v1", None, &["opd"]);
    for x in &c.h().community_service {
        let served = x
            .served
            .iter()
            .filter(|(m, _)| *m <= c.month())
            .map(|(_, h)| *h)
            .fold(0.0f32, f32::max);
        let (num, den) = match measure {
            "community_service_people" => (1.0, 0.0),
            _ => (f64::from(served), f64::from(x.ordered.unwrap_or(0.0))),
        };
        f.push(c.ambon(x.person), num, den, std::slice::from_ref(&x.opd));
    }
    f
}
