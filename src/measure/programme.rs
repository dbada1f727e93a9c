//! Programmes and services: pre-release help (K1), states, funnel, documents, continuity, outcomes (DOMAIN.md 3).

use super::facts::Facts;
use super::people::{Context, month_cat};
use super::population::expected_release;
use super::returns::headline;
use crate::domain::history::Service;
use crate::domain::service::{OutcomeKind, ServiceFamily, ServiceKind, ServiceState};
use crate::domain::{Month, Text, add_months};
use crate::history::Release;
use chrono::{Days, Months, NaiveDate};
use std::collections::BTreeSet;

const SERVICE_DIMS: &[&str] = &[
    "opd",
    "service_kind",
    "service_family",
    "upt",
    "sex",
    "district",
    "priority_programme",
    "calendar_month",
];
const K1_DIMS: &[&str] = &["release_month", "upt", "district", "sex", "exit_code"];

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Facts of a programme measure; `None` when the id is none of this file's.
pub fn facts(c: &Context, measure: &str) -> Option<Vec<Facts>> {
    Some(match measure {
        "k1_a1" | "k1_a2" | "k1_a3" | "k1_a4" | "k1_a1_upper" | "k1_a1_excl_short" => {
            vec![
                k1(c, measure, 12, K1_DIMS),
                k1(c, measure, 1, &K1_DIMS[1..]),
            ]
        }
        "service_enrolment" | "service_completion" | "service_dropout" => vec![cohort(c, measure)],
        "service_attendance" => vec![attendance(c)],
        "service_coverage" => vec![coverage(c)],
        "funnel" => vec![funnel(c)],
        "documents" | "documents_obtained" => vec![documents(c, measure)],
        "continuity_90" => vec![continuity(c)],
        "outcome_work" | "outcome_work_lower" | "outcome_unknown" => vec![outcomes(c, measure)],
        "waiting_over_30" => vec![waiting(c)],
        "children_services" => vec![children(c)],
        "compare_return" => vec![compare(c)],
        _ => match measure.strip_prefix("service_") {
            Some(rest) => {
                let (state, months) = rest.strip_suffix("_12m").map_or((rest, 1), |s| (s, 12));
                vec![states(c, state, months)?]
            }
            None => return None,
        },
    })
}

fn person_cats(c: &Context, s: &Service) -> (Text, Text) {
    s.person
        .map_or((t("unknown"), t("unknown")), |p| (c.sex(p), c.district(p)))
}

fn service_cats(c: &Context, s: &Service, day: NaiveDate) -> [Text; 8] {
    let (sex, district) = person_cats(c, s);
    [
        s.opd.clone(),
        t(s.kind.id()),
        t(s.kind.family().id()),
        c.upt(s.upt),
        sex,
        district,
        t(if s.priority_programme { "yes" } else { "no" }),
        month_cat(Month::of(day)),
    ]
}

fn lives(c: &Context, s: &Service) -> bool {
    s.person
        .map_or(s.in_ambon == crate::domain::region::InAmbon::Yes, |p| {
            c.ambon(p)
        })
}

/// Services by the day they reached a state, in the month or the last 12.
fn states(c: &Context, state: &str, months: i32) -> Option<Facts> {
    let day: fn(&Service) -> Option<NaiveDate> = match state {
        "referred" => |s| s.referred,
        "enrolled" => |s| s.enrolled,
        "started" => |s| s.start,
        "completed" => |s| {
            (s.state == ServiceState::Completed)
                .then(|| s.end.or(s.issued).or(s.start))
                .flatten()
        },
        "dropped" => |s| {
            (s.state == ServiceState::DroppedOut)
                .then_some(s.end)
                .flatten()
        },
        "moved" => |s| (s.state == ServiceState::Moved).then_some(s.end).flatten(),
        _ => return None,
    };
    let mut f = Facts::new("v1", Some(months as u16), SERVICE_DIMS);
    let from = c.month().plus(1 - months).first_day();
    for s in &c.h().services {
        if let Some(d) = day(s).filter(|d| *d >= from && *d <= c.as_of) {
            f.push(lives(c, s), 1.0, 0.0, &service_cats(c, s, d));
        }
    }
    Some(f)
}

/// Whether a service counts for K1: a qualifying family, by an agency or under the agreement.
fn qualifies(c: &Context, s: &Service) -> bool {
    let family = s.kind.family();
    let personality =
        c.input.settings.definitions.personality_qualifies && family == ServiceFamily::Personality;
    (family.qualifies() && s.kind != ServiceKind::Skr && s.opd != "upt") || personality
}

/// Started before release; a document counts on the day of release too (DOMAIN.md 3.3).
fn before(s: &Service, from: NaiveDate, t0: NaiveDate) -> bool {
    s.start
        .is_some_and(|d| d >= from && (d < t0 || (d == t0 && s.kind.is_document())))
}

/// Services that count for K1 and began inside, before this release.
fn helping<'a>(c: &'a Context, r: &'a Release) -> impl Iterator<Item = &'a Service> {
    let start = c.h().episodes[r.episode].start;
    c.services_of(r.person)
        .iter()
        .filter(move |s| qualifies(c, s) && before(s, start, r.t0))
}

/// Releases from a day up to the report's.
fn released_since<'a>(c: &'a Context, from: NaiveDate) -> impl Iterator<Item = &'a Release> {
    c.releases
        .iter()
        .filter(move |r| r.t0 >= from && r.t0 <= c.as_of)
}

/// Releases of the month, or of the last 12.
fn k1(c: &Context, measure: &str, months: u16, dims: &[&'static str]) -> Facts {
    let mut f = Facts::new("v1", Some(months), dims);
    let from = c.month().plus(1 - i32::from(months)).first_day();
    let d = &c.input.settings.definitions;
    let granted = if measure == "k1_a1_upper" {
        unlinked_grants(c, from)
    } else {
        BTreeSet::new()
    };
    for r in released_since(c, from) {
        let e = &c.h().episodes[r.episode];
        let short = (r.t0 - e.start).num_days() < i64::from(d.short_stay_days);
        if measure == "k1_a1_excl_short" && short {
            continue;
        }
        let mine: Vec<&Service> = helping(c, r).collect();
        let late = r.t0.checked_sub_months(Months::new(6)).unwrap_or(r.t0);
        let hit = match measure {
            "k1_a1_upper" => !mine.is_empty() || granted.contains(&r.episode),
            "k1_a2" => mine.iter().any(|s| {
                s.state == ServiceState::Completed && s.end.or(s.issued).is_none_or(|x| x <= r.t0)
            }),
            "k1_a3" => mine.iter().any(|s| s.start.is_some_and(|x| x >= late)),
            "k1_a4" => all_needs(c, r, &mine),
            _ => !mine.is_empty(),
        };
        let cats = [
            month_cat(Month::of(r.t0)),
            c.upt(r.upt),
            c.district(r.person),
            c.sex(r.person),
            t(r.exit.id()),
        ];
        let cats = &cats[cats.len() - dims.len()..];
        f.push(c.ambon(r.person), f64::from(u8::from(hit)), 1.0, cats);
    }
    f
}

/// Releases since a day that nobody is known to have helped and that a row without a person may belong to: every such
/// row is given to one of them, those of Kota Ambon first, because a row of unknown residence may be theirs
/// (DOMAIN.md 3.3). By episode.
fn unlinked_grants(c: &Context, from: NaiveDate) -> BTreeSet<usize> {
    use crate::domain::region::InAmbon;
    let earliest = from.checked_sub_months(Months::new(6)).unwrap_or(from);
    let mut spare = [0u32; 3];
    for s in c
        .h()
        .services
        .iter()
        .filter(|s| s.person.is_none() && qualifies(c, s))
    {
        if s.start.is_some_and(|x| x >= earliest && x <= c.as_of) {
            spare[match s.in_ambon {
                InAmbon::Yes => 0,
                InAmbon::No => 1,
                InAmbon::Unknown => 2,
            }] += 1;
        }
    }
    let mut open: Vec<&Release> = released_since(c, from)
        .filter(|r| helping(c, r).next().is_none())
        .collect();
    open.sort_by_key(|r| !c.ambon(r.person));
    let mut out = BTreeSet::new();
    for r in open {
        let own = usize::from(!c.ambon(r.person));
        if let Some(k) = [own, 2].into_iter().find(|&k| spare[k] > 0) {
            spare[k] -= 1;
            out.insert(r.episode);
        }
    }
    out
}

/// A4: every need that can be seen is met: identity (nobody ever saw an intact NIK), skills, work or education,
/// JKN or social help, and litmas where the release was conditional.
fn all_needs(c: &Context, r: &Release, mine: &[&Service]) -> bool {
    let has = |families: &[ServiceFamily]| mine.iter().any(|s| families.contains(&s.kind.family()));
    let identity = c.h().person(r.person).has_intact_nik || has(&[ServiceFamily::Identity]);
    let able = has(&[
        ServiceFamily::Skills,
        ServiceFamily::Education,
        ServiceFamily::Work,
    ]);
    let cared = has(&[
        ServiceFamily::Health,
        ServiceFamily::Social,
        ServiceFamily::Rehabilitation,
    ]);
    let litmas = !r.exit.is_conditional()
        || c.h()
            .litmas
            .iter()
            .any(|l| l.person == r.person && l.completed.is_some_and(|d| d <= r.t0));
    identity && able && cared && litmas
}

/// Start cohorts of the last 12 months whose planned end has come (DOMAIN.md 3.2).
fn cohort(c: &Context, measure: &str) -> Facts {
    let mut f = Facts::new("v1", Some(12), SERVICE_DIMS);
    let from = c.month().plus(-11).first_day();
    for s in &c.h().services {
        let (day, hit) = match measure {
            "service_enrolment" => match s.referred.filter(|d| *d >= from && *d <= c.as_of) {
                Some(d) => (d, s.enrolled.is_some() || s.start.is_some()),
                None => continue,
            },
            _ => {
                let Some(d) = s.start.filter(|d| *d >= from && *d <= c.as_of) else {
                    continue;
                };
                // The plan alone decides: counting those who ended early before the others can end is a bias.
                let over = match s.planned_end {
                    Some(p) => p <= c.cutoff,
                    None => s.end.is_some() || s.issued.is_some(),
                };
                if !over {
                    continue;
                }
                let state = if measure == "service_completion" {
                    ServiceState::Completed
                } else {
                    ServiceState::DroppedOut
                };
                (d, s.state == state)
            }
        };
        f.push(
            lives(c, s),
            f64::from(u8::from(hit)),
            1.0,
            &service_cats(c, s, day),
        );
    }
    f
}

fn attendance(c: &Context) -> Facts {
    let mut f = Facts::new("v1", Some(12), &["opd", "service_family"]);
    let from = c.month().plus(-11).first_day();
    for s in c
        .h()
        .services
        .iter()
        .filter(|s| s.start.is_some_and(|d| d >= from && d <= c.as_of))
    {
        if let Some((planned, met)) = s.sessions.filter(|(p, _)| *p > 0.0) {
            f.push(
                lives(c, s),
                f64::from(met.min(planned)),
                f64::from(planned),
                &[s.opd.clone(), t(s.kind.family().id())],
            );
        }
    }
    f
}

const FAMILIES: &[ServiceFamily] = &[
    ServiceFamily::Identity,
    ServiceFamily::Health,
    ServiceFamily::Skills,
    ServiceFamily::Education,
    ServiceFamily::Work,
    ServiceFamily::Social,
];

/// Persons inside who are due within the months before release: the eligible of pre-release help.
fn eligible<'a>(c: &'a Context) -> impl Iterator<Item = &'a crate::domain::history::Episode> {
    let until = add_months(
        c.as_of,
        u32::from(c.input.settings.definitions.prerelease_months),
    );
    c.h().episodes.iter().filter(move |e| {
        e.is_inside(c.as_of) && expected_release(e, c.as_of).is_some_and(|d| d <= until)
    })
}

fn coverage(c: &Context) -> Facts {
    let mut f = Facts::new("v1", None, &["service_family", "district"]);
    for e in eligible(c) {
        for family in FAMILIES {
            let hit = c
                .services_of(e.person)
                .iter()
                .any(|s| s.kind.family() == *family && s.start.is_some_and(|d| d >= e.start));
            f.push(
                c.ambon(e.person),
                f64::from(u8::from(hit)),
                1.0,
                &[t(family.id()), c.district(e.person)],
            );
        }
    }
    f
}

fn funnel(c: &Context) -> Facts {
    let mut f = Facts::new("v1", None, &["stage", "service_family"]);
    for e in eligible(c) {
        let a = c.ambon(e.person);
        for family in FAMILIES {
            let mine = || {
                c.services_of(e.person)
                    .iter()
                    .filter(|s| s.kind.family() == *family)
                    .filter(|s| {
                        s.referred
                            .or(s.start)
                            .or(s.issued)
                            .is_some_and(|d| d >= e.start)
                    })
            };
            let mut add = |stage: &'static str, hit: bool| {
                if hit {
                    f.push(a, 1.0, 0.0, &[t(stage), t(family.id())]);
                }
            };
            let completed = mine().any(|s| s.state == ServiceState::Completed);
            let started = completed || mine().any(|s| s.start.is_some());
            add("eligible", true);
            add("referred", mine().next().is_some());
            add("started", started);
            add("completed", completed);
        }
    }
    f
}

/// Documents of persons due within six months: needed (nothing shows the person has one), referred, issued, open.
fn documents(c: &Context, measure: &str) -> Facts {
    let dims: &[&'static str] = if measure == "documents" {
        &["document", "document_state"]
    } else {
        &["document"]
    };
    let mut f = Facts::new("v1", None, dims);
    for e in eligible(c) {
        let p = c.h().person(e.person);
        let child = p
            .birth
            .is_some_and(|b| crate::domain::date::age_on(b, c.as_of) < 17);
        for (document, kinds) in [
            ("ktp", &[ServiceKind::KtpRek, ServiceKind::KtpCtk][..]),
            ("kk", &[ServiceKind::Kk][..]),
            ("kia", &[ServiceKind::Kia][..]),
            ("jkn", &[ServiceKind::Jkn][..]),
        ] {
            let mine = || {
                c.services_of(e.person)
                    .iter()
                    .filter(|s| kinds.contains(&s.kind))
            };
            let needed = match document {
                "ktp" => !child && (!p.has_intact_nik || mine().next().is_some()),
                "kia" => child,
                _ => mine().next().is_some(),
            };
            if !needed {
                continue;
            }
            let issued = mine().any(|s| s.issued.is_some() || s.state == ServiceState::Completed);
            let a = c.ambon(e.person);
            if measure == "documents_obtained" {
                f.push(a, f64::from(u8::from(issued)), 1.0, &[t(document)]);
                continue;
            }
            let mut add = |state: &'static str| f.push(a, 1.0, 0.0, &[t(document), t(state)]);
            add("needed");
            if mine().next().is_some() {
                add("referred");
            }
            add(if issued { "issued" } else { "open" });
        }
    }
    f
}

/// Participants inside who have a service of the same family outside within the days after release; releases of
/// the last 12 months with that much follow-up.
fn continuity(c: &Context) -> Facts {
    let mut f = Facts::new("v1", Some(12), &["service_family"]);
    let days = u64::from(c.input.settings.definitions.continuity_days);
    let from = c.month().plus(-11).first_day();
    for r in c.releases.iter().filter(|r| r.t0 >= from) {
        let Some(until) =
            r.t0.checked_add_days(Days::new(days))
                .filter(|u| *u <= c.cutoff)
        else {
            continue;
        };
        let e = &c.h().episodes[r.episode];
        // A service inside the next stay is no continuation outside.
        let back = r
            .returns
            .iter()
            .filter(|x| x.episode.is_some())
            .map(|x| x.date)
            .min();
        for family in FAMILIES {
            let mine = || {
                c.services_of(r.person)
                    .iter()
                    .filter(|s| s.kind.family() == *family)
            };
            if mine().any(|s| before(s, e.start, r.t0)) {
                let outside = |d: NaiveDate| d > r.t0 && d <= until && back.is_none_or(|b| d < b);
                let on = mine().any(|s| s.start.is_some_and(outside));
                f.push(
                    c.ambon(r.person),
                    f64::from(u8::from(on)),
                    1.0,
                    &[t(family.id())],
                );
            }
        }
    }
    f
}

/// Work or business 3, 6, 12 months after release (± 30 days); unknown is not no.
fn outcomes(c: &Context, measure: &str) -> Facts {
    let mut f = Facts::new("v1", Some(12), &["horizon"]);
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
            let all = &c.h().outcomes;
            let first = all.partition_point(|o| o.person < r.person);
            let seen: Vec<OutcomeKind> = all[first..]
                .iter()
                .take_while(|o| o.person == r.person)
                .filter(|o| o.date >= low && o.date <= high)
                .map(|o| o.kind)
                .collect();
            let works = seen
                .iter()
                .any(|k| matches!(k, OutcomeKind::Employed | OutcomeKind::Business));
            let hit = match measure {
                "outcome_unknown" => seen.is_empty(),
                "outcome_work" if seen.is_empty() => continue,
                _ => works,
            };
            f.push(
                c.ambon(r.person),
                f64::from(u8::from(hit)),
                1.0,
                &[t(horizon)],
            );
        }
    }
    f
}

/// Persons referred and not yet served.
pub fn waiting_since<'a>(c: &'a Context) -> impl Iterator<Item = (&'a Service, i64)> {
    c.h().services.iter().filter_map(|s| {
        let open = s.start.is_none()
            && s.issued.is_none()
            && matches!(s.state, ServiceState::Referred | ServiceState::Enrolled);
        let since = s.referred.filter(|d| open && *d <= c.as_of)?;
        Some((s, (c.as_of - since).num_days()))
    })
}

fn waiting(c: &Context) -> Facts {
    let mut f = Facts::new("v1", None, &["opd"]);
    // A person waiting twice for one agency is one person; rows without a person count each.
    let mut seen = BTreeSet::new();
    for (s, days) in waiting_since(c) {
        if days > 30 && s.person.is_none_or(|p| seen.insert((p, s.opd.clone()))) {
            f.push(lives(c, s), 1.0, 0.0, std::slice::from_ref(&s.opd));
        }
    }
    f
}

/// Children in custody this month who take part in any service.
fn children(c: &Context) -> Facts {
    let mut f = Facts::new("v1", None, &[]);
    let mut seen = BTreeSet::new();
    for e in c.h().episodes.iter().filter(|e| e.is_inside(c.as_of)) {
        let child = c
            .h()
            .person(e.person)
            .birth
            .is_some_and(|b| crate::domain::date::age_on(b, c.as_of) < 18);
        if child
            && seen.insert(e.person)
            && c.services_of(e.person)
                .iter()
                .any(|s| s.start.is_some_and(|d| d >= e.start))
        {
            f.push(c.ambon(e.person), 1.0, 0.0, &[]);
        }
    }
    f
}

/// The headline cohort by pre-release participation in a family: raw rates of both arms, fixed before release.
fn compare(c: &Context) -> Facts {
    let w = c.input.settings.definitions.headline_window;
    let mut f = Facts::new("P1.person.v1", Some(w), &["programme", "arm"]);
    for r in headline(c, w) {
        let hit = f64::from(u8::from(r.p1(w)));
        for family in FAMILIES {
            let arm = if took_part(c, r, *family) {
                "participants"
            } else {
                "others"
            };
            f.push(c.ambon(r.person), hit, 1.0, &[t(family.id()), t(arm)]);
        }
    }
    f
}

/// Participation is fixed before release: who stays out longer has no more time to join.
pub fn took_part(c: &Context, r: &Release, family: ServiceFamily) -> bool {
    let e = &c.h().episodes[r.episode];
    c.services_of(r.person)
        .iter()
        .any(|s| s.kind.family() == family && before(s, e.start, r.t0))
}

/// Families that are compared.
pub const COMPARED: &[ServiceFamily] = FAMILIES;
