//! Who could be served and who was: coverage, funnel, documents, services with a target group (docs/definitions.md 4).

use super::facts::{Facts, Row};
use super::people::Context;
use super::population::{expected_release, inside};
use crate::domain::Dimension as D;
use crate::domain::date::age_on;
use crate::domain::history::{Episode, PersonId, Service};
use crate::domain::service::{OutcomeKind, ServiceFamily, ServiceKind, ServiceState};
use crate::domain::{OffenceGroup, RowRef, Text, add_months};
use chrono::NaiveDate;

/// Families that are shown.
pub const FAMILIES: &[ServiceFamily] = &[
    ServiceFamily::Identity,
    ServiceFamily::Health,
    ServiceFamily::Skills,
    ServiceFamily::Education,
    ServiceFamily::Work,
    ServiceFamily::Social,
];
/// Period of services with a target group, in months.
const PERIOD: u16 = 12;

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Categories of their own, then those of the person.
pub fn with(own: [Text; 2], who: [Text; 4]) -> [Text; 6] {
    let ([a, b], [c, d, e, f]) = (own, who);
    [a, b, c, d, e, f]
}

/// Facts of a measure of coverage; `None` when the id is none of this file's.
pub fn facts<'a>(c: &Context<'a>, measure: &str) -> Option<Vec<Facts<'a>>> {
    Some(match measure {
        "service_coverage" => coverage(c).to_vec(),
        "funnel" => funnel(c).to_vec(),
        "documents" | "documents_obtained" | "documents_of_referred" => {
            vec![documents(c, measure)]
        }
        "target_eligible" | "target_unknown" | "target_coverage" | "target_outside" => {
            vec![targets(c, measure)]
        }
        _ => return None,
    })
}

/// Persons inside who are due within the months before release: the eligible of pre-release help.
fn due<'a>(c: &Context<'a>) -> impl Iterator<Item = &'a Episode> {
    let (as_of, months) = (c.as_of, c.input.settings.definitions.prerelease_months);
    let until = add_months(as_of, u32::from(months));
    inside(c)
        .map(|(_, e)| e)
        .filter(move |e| expected_release(e, as_of).is_some_and(|d| d <= until))
}

/// The services of a family that a person was given or offered since a day.
fn of_family<'a>(
    c: &Context<'a>,
    p: PersonId,
    family: ServiceFamily,
    since: NaiveDate,
) -> Vec<&'a Service> {
    c.services_of(p)
        .iter()
        .filter(|s| s.kind.family() == family)
        .filter(|s| {
            let seen = s.referred.or(s.start).or(s.issued);
            seen.is_some_and(|d| d >= since)
        })
        .collect()
}

/// Persons due, each once, and those of them with a service since admission; and the same by family, in which a person
/// stands once for each.
fn coverage<'a>(c: &Context<'a>) -> [Facts<'a>; 2] {
    let dims = &[
        D::ServiceFamily,
        D::Upt,
        D::Sex,
        D::District,
        D::AgeGroup,
        D::OffenceGroup,
    ];
    let mut persons = c.facts("v1", None, &dims[1..]);
    let mut families = c.facts("v1", None, dims).needing(D::ServiceFamily);
    for e in due(c) {
        let (p, upt) = (e.person, c.upt(e.upt_on(c.as_of)));
        let given = |wanted: &dyn Fn(ServiceFamily) -> bool| {
            c.services_of(p)
                .iter()
                .find(|s| wanted(s.kind.family()) && s.start.is_some_and(|d| d >= e.start))
        };
        let row = |given: Option<&'a Service>| {
            let because: &'a [RowRef] = given.map_or(&[], |s| &s.sources);
            Row::part(c.ambon(p), given.is_some(), &e.sources).because(because)
        };
        let any = given(&|family| FAMILIES.contains(&family));
        let [a, b, x, d] = c.who(p, c.as_of);
        persons.push(row(any), &[upt.clone(), a, b, x, d]);
        for family in FAMILIES {
            families.push(
                row(given(&|f| f == *family)),
                &with([t(family.id()), upt.clone()], c.who(p, c.as_of)),
            );
        }
    }
    [persons, families]
}

/// How far persons due came, each once a stage; and the same by family, in which a person stands once for each.
fn funnel<'a>(c: &Context<'a>) -> [Facts<'a>; 2] {
    let mut persons = c.facts("v1", None, &[D::Stage]);
    let mut f = c
        .facts("v1", None, &[D::Stage, D::ServiceFamily])
        .needing(D::ServiceFamily);
    for e in due(c) {
        let mut reached: Vec<(&'static str, &[RowRef])> = Vec::new();
        let p = e.person;
        for family in FAMILIES {
            let mine = of_family(c, p, *family, e.start);
            let completed = mine.iter().find(|s| s.state == ServiceState::Completed);
            let started = completed.or_else(|| mine.iter().find(|s| s.start.is_some()));
            let outcome = completed.filter(|s| {
                s.issued.is_some()
                    || c.outcomes_of(p).iter().any(|o| {
                        o.kind != OutcomeKind::NotEmployed && s.start.is_some_and(|d| o.date >= d)
                    })
            });
            let stages: [(&'static str, Option<&[RowRef]>); 5] = [
                ("eligible", Some(&[])),
                ("referred", mine.first().map(|s| s.sources.as_slice())),
                ("started", started.map(|s| s.sources.as_slice())),
                ("completed", completed.map(|s| s.sources.as_slice())),
                ("outcome", outcome.map(|s| s.sources.as_slice())),
            ];
            for (stage, because) in stages {
                if let Some(because) = because {
                    f.push(
                        Row::count(c.ambon(p), &e.sources).because(because),
                        &[t(stage), t(family.id())],
                    );
                    if reached.iter().all(|(s, _)| *s != stage) {
                        reached.push((stage, because));
                    }
                }
            }
        }
        for (stage, because) in reached {
            let row = Row::count(c.ambon(e.person), &e.sources).because(because);
            persons.push(row, &[t(stage)]);
        }
    }
    [persons, f]
}

/// Documents of persons due within six months: needed (nothing shows the person has one), referred, issued, open.
fn documents<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let dims: &[D] = if measure == "documents" {
        &[D::Document, D::DocumentState]
    } else {
        &[
            D::Document,
            D::Upt,
            D::Sex,
            D::District,
            D::AgeGroup,
            D::OffenceGroup,
        ]
    };
    let mut f = c.facts("v1", None, dims);
    for e in due(c) {
        let p = e.person;
        let person = c.h().person(p);
        let child = person.birth.is_some_and(|b| age_on(b, c.as_of) < 17);
        for (document, kinds) in [
            ("ktp", &[ServiceKind::KtpRek, ServiceKind::KtpCtk][..]),
            ("kk", &[ServiceKind::Kk][..]),
            ("kia", &[ServiceKind::Kia][..]),
            ("jkn", &[ServiceKind::Jkn][..]),
        ] {
            let mine = || c.services_of(p).iter().filter(|s| kinds.contains(&s.kind));
            let asked = mine().next();
            let needed = match document {
                "ktp" => !child && (!person.has_intact_nik || asked.is_some()),
                "kia" => child,
                _ => asked.is_some(),
            };
            let a = c.ambon(p);
            if !needed {
                f.leave_out("not_needed", a, &e.sources);
                continue;
            }
            let issued = mine().find(|s| s.issued.is_some() || s.state == ServiceState::Completed);
            let because: &[RowRef] = issued.or(asked).map_or(&[], |s| &s.sources);
            if measure != "documents" {
                if measure == "documents_of_referred" && asked.is_none() {
                    f.leave_out("not_referred", a, &e.sources);
                    continue;
                }
                f.push(
                    Row::part(a, issued.is_some(), &e.sources).because(because),
                    &with([t(document), c.upt(e.upt_on(c.as_of))], c.who(p, c.as_of)),
                );
                continue;
            }
            let mut add = |state: &'static str| {
                f.push(
                    Row::count(a, &e.sources).because(because),
                    &[t(document), t(state)],
                );
            };
            add("needed");
            if asked.is_some() {
                add("referred");
            }
            add(if issued.is_some() { "issued" } else { "open" });
        }
    }
    f
}

/// Whether somebody belongs to a service's target group; unknown is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Eligible {
    Yes,
    No,
    Unknown,
}

/// A service with a target group of its own: id, kinds that serve it.
const TARGETS: &[(&str, &[ServiceKind])] = &[
    ("ktp", &[ServiceKind::KtpRek, ServiceKind::KtpCtk]),
    ("kia", &[ServiceKind::Kia]),
    ("paket_a", &[ServiceKind::PktA]),
    ("paket_b", &[ServiceKind::PktB]),
    ("paket_c", &[ServiceKind::PktC]),
    ("rehab", &[ServiceKind::Rehab]),
];

/// The rule of a target group (docs/definitions.md 4): KTP from 17 without one seen, KIA under 17, Paket without the diploma
/// of its level, rehabilitation for users of narcotics by assessment, which only a referral shows.
fn eligibility(c: &Context, target: &str, p: PersonId, narcotics: bool, asked: bool) -> Eligible {
    let person = c.h().person(p);
    let is = |yes: bool| if yes { Eligible::Yes } else { Eligible::No };
    let age = person.birth.map(|b| age_on(b, c.as_of));
    let level = match person.education.as_str() {
        "none" => Some(0),
        "sd" => Some(1),
        "smp" => Some(2),
        "sma" => Some(3),
        "higher" => Some(4),
        _ => None,
    };
    let below = |x: u8| level.map_or(Eligible::Unknown, |l| is(l < x));
    match target {
        "ktp" => age.map_or(Eligible::Unknown, |a| {
            is(a >= 17 && (asked || !person.has_intact_nik))
        }),
        "kia" => age.map_or(Eligible::Unknown, |a| is(a < 17)),
        "paket_a" => below(1),
        "paket_b" => below(2),
        "paket_c" => below(3),
        _ if asked => Eligible::Yes,
        _ if narcotics => Eligible::Unknown,
        _ => Eligible::No,
    }
}

/// People inside or guided at any time of the period, with the records that show it.
fn present<'a>(c: &Context<'a>) -> impl Iterator<Item = (PersonId, &'a [RowRef], bool)> {
    let from = c.first_day(PERIOD);
    let here = move |start: NaiveDate, end: Option<NaiveDate>, as_of: NaiveDate| {
        start <= as_of && end.is_none_or(|e| e >= from)
    };
    (0..c.h().persons.len() as u32).filter_map(move |i| {
        let p = PersonId(i);
        let mine = c.episodes_of(p).iter();
        let mut stays = mine.filter(|e| here(e.start, e.end, c.as_of));
        let first = stays.next_back();
        let narcotics = first
            .into_iter()
            .chain(stays)
            .any(|e| e.offence == OffenceGroup::Narcotics);
        let guided = || {
            c.spells_of(p)
                .iter()
                .find(|s| here(s.start, s.end, c.as_of))
        };
        let from = first
            .map(|e| e.sources.as_slice())
            .or_else(|| guided().map(|s| s.sources.as_slice()))?;
        // Without a stay in the period the case is the one guidance follows.
        let narcotics =
            narcotics || first.is_none() && c.offence(p, c.as_of) == OffenceGroup::Narcotics;
        Some((p, from, narcotics))
    })
}

fn targets<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let mut f = c.facts(
        "v1",
        Some(PERIOD),
        &[
            D::ServiceTarget,
            D::Sex,
            D::AgeGroup,
            D::District,
            D::OffenceGroup,
        ],
    );
    for (p, from, narcotics) in present(c) {
        for (target, kinds) in TARGETS {
            let mine = || c.services_of(p).iter().filter(|s| kinds.contains(&s.kind));
            let asked = mine().any(|s| {
                let day = s.referred.or(s.start).or(s.issued);
                day.is_some_and(|d| c.within(d, PERIOD))
            });
            let started = mine().find(|s| s.start.is_some_and(|d| c.within(d, PERIOD)));
            let rule = eligibility(c, target, p, narcotics, asked);
            let a = c.ambon(p);
            let because: &[RowRef] = started.map_or(&[], |s| &s.sources);
            let row = match (measure, rule) {
                ("target_eligible", Eligible::Yes) | ("target_unknown", Eligible::Unknown) => {
                    Row::count(a, from)
                }
                ("target_coverage", Eligible::Yes) => Row::part(a, started.is_some(), from),
                ("target_outside", Eligible::No | Eligible::Unknown) if started.is_some() => {
                    Row::count(a, from)
                }
                ("target_eligible" | "target_coverage", Eligible::Unknown) => {
                    f.leave_out("eligibility_unknown", a, from);
                    continue;
                }
                _ => continue,
            };
            f.push(
                row.because(because),
                &[
                    t(target),
                    c.sex(p),
                    c.age_group(p, c.as_of),
                    c.district(p),
                    t(c.offence(p, c.as_of).id()),
                ],
            );
        }
    }
    f
}
