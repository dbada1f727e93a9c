//! Help before release (K1): who was helped before coming back into society, and with what (docs/definitions.md 4).

use super::eligible::with;
use super::facts::{Facts, Row};
use super::people::{Context, month_cat};
use crate::domain::Dimension as D;
use crate::domain::history::{Episode, Service};
use crate::domain::region::InAmbon;
use crate::domain::service::{ServiceFamily, ServiceKind, ServiceState};
use crate::domain::{Month, RowRef, Text};
use crate::history::Release;
use chrono::{Months, NaiveDate};
use std::collections::BTreeSet;

const DIMS: &[D] = &[
    D::ReleaseMonth,
    D::Upt,
    D::District,
    D::Sex,
    D::ExitCode,
    D::AgeGroup,
    D::OffenceGroup,
];

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Facts of a measure of help before release; `None` when the id is none of this file's.
pub fn facts<'a>(c: &Context<'a>, measure: &str) -> Option<Vec<Facts<'a>>> {
    Some(match measure {
        "k1_a1" | "k1_a2" | "k1_a3" | "k1_a4" | "k1_a1_upper" | "k1_a1_excl_short" => {
            vec![k1(c, measure, 12, DIMS), k1(c, measure, 1, &DIMS[1..])]
        }
        "k1_change" => vec![change(c)],
        "prerelease_package" => vec![package(c)],
        _ => return None,
    })
}

/// Whether a service counts for K1: a qualifying family, by an agency or under the agreement.
fn qualifies(c: &Context, s: &Service) -> bool {
    let family = s.kind.family();
    let personality =
        c.input.settings.definitions.personality_qualifies && family == ServiceFamily::Personality;
    (family.qualifies() && s.kind != ServiceKind::Skr && s.opd != "upt") || personality
}

/// Started before release; a document counts on the day of release too (docs/definitions.md 4).
pub fn before(s: &Service, from: NaiveDate, t0: NaiveDate) -> bool {
    s.start
        .is_some_and(|d| d >= from && (d < t0 || (d == t0 && s.kind.is_document())))
}

/// Months before a release in which services count where the admission is not known.
const WITHOUT_ADMISSION: u32 = 12;

/// The day from which on services were given inside.
fn begin(e: &Episode) -> NaiveDate {
    if e.admission_known {
        e.start
    } else {
        let back = chrono::Months::new(WITHOUT_ADMISSION);
        e.start.checked_sub_months(back).unwrap_or(e.start)
    }
}

/// Services that count for K1 and began inside, before this release.
fn helping<'a>(c: &Context<'a>, r: &Release) -> Vec<&'a Service> {
    let start = begin(c.episode(r));
    c.services_of(r.person)
        .iter()
        .filter(|s| qualifies(c, s) && before(s, start, r.t0))
        .collect()
}

/// Releases from a day up to another.
fn released<'c>(
    c: &'c Context,
    from: NaiveDate,
    to: NaiveDate,
) -> impl Iterator<Item = &'c Release> {
    c.releases
        .iter()
        .filter(move |r| r.t0 >= from && r.t0 <= to)
}

/// The service of these that makes a variant of K1 true, if one does.
fn making<'a>(
    c: &Context<'a>,
    measure: &str,
    r: &Release,
    mine: &[&'a Service],
) -> Option<&'a Service> {
    let late = r.t0.checked_sub_months(Months::new(6)).unwrap_or(r.t0);
    let all = mine.iter().copied();
    match measure {
        "k1_a2" => all.into_iter().find(|s| {
            s.state == ServiceState::Completed && s.end.or(s.issued).is_none_or(|x| x <= r.t0)
        }),
        "k1_a3" => all.into_iter().find(|s| s.start.is_some_and(|x| x >= late)),
        "k1_a4" => mine.first().copied().filter(|_| {
            needs(c, r, mine)
                .iter()
                .all(|(_, needed, met)| !needed || met.is_some())
        }),
        _ => mine.first().copied(),
    }
}

/// Releases of the month, or of the last 12.
fn k1<'a>(c: &Context<'a>, measure: &str, months: u16, dims: &[D]) -> Facts<'a> {
    let mut f = c.facts("v1", Some(months), dims);
    let from = c.first_day(months);
    let d = &c.input.settings.definitions;
    let granted = if measure == "k1_a1_upper" {
        unlinked_grants(c, from)
    } else {
        BTreeSet::new()
    };
    for r in released(c, from, c.as_of) {
        let e = c.episode(r);
        let a = c.ambon(r.person);
        let short = e.admission_known && (r.t0 - e.start).num_days() < i64::from(d.short_stay_days);
        if measure == "k1_a1_excl_short" && short {
            f.leave_out("short_stay", a, &e.sources);
            continue;
        }
        let made = making(c, measure, r, &helping(c, r));
        let hit = made.is_some() || granted.contains(&r.episode);
        let cats = [
            month_cat(Month::of(r.t0)),
            c.upt(r.upt),
            c.district(r.person),
            c.sex(r.person),
            t(r.exit.id()),
            c.age_group(r.person, r.t0),
            t(e.offence.id()),
        ];
        let row = Row::part(a, hit, &e.sources);
        f.push(
            row.because(made.map_or(&[], |s| &s.sources)),
            &cats[cats.len() - dims.len()..],
        );
    }
    f
}

/// A1 of the last 12 months (mark 1) and of the 12 before them (mark 0).
fn change<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", Some(12), &[D::Sex, D::District, D::Upt]);
    let year = c.month().plus(-12);
    let periods = [
        (0, c.month().plus(-23).first_day(), year.last_day()),
        (1, c.first_day(12), c.as_of),
    ];
    for (mark, from, to) in periods {
        for r in released(c, from, to) {
            let made = making(c, "k1_a1", r, &helping(c, r));
            let row = Row::part(c.ambon(r.person), made.is_some(), &c.episode(r).sources);
            f.push(
                row.because(made.map_or(&[], |s| &s.sources))
                    .lasting(0.0, mark),
                &[c.sex(r.person), c.district(r.person), c.upt(r.upt)],
            );
        }
    }
    f
}

/// Releases since a day that nobody is known to have helped and that a row without a person may belong to: every such
/// row is given to one of them, those of Kota Ambon first, because a row of unknown residence may be theirs
/// (docs/definitions.md 4). By episode.
fn unlinked_grants(c: &Context, from: NaiveDate) -> BTreeSet<usize> {
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
    let mut open: Vec<&Release> = released(c, from, c.as_of)
        .filter(|r| helping(c, r).is_empty())
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

/// What a person needs before release as far as records show it: need, whether there is one, the records that met it.
/// Identity: nobody ever saw an intact NIK, or a document was asked for. JKN: everybody. Skills or education:
/// everybody but short stays. Work and family: whoever was referred. Litmas: a conditional release.
fn needs<'a>(
    c: &Context<'a>,
    r: &Release,
    mine: &[&'a Service],
) -> [(&'static str, bool, Option<&'a [RowRef]>); 6] {
    use ServiceFamily::*;
    let e = c.episode(r);
    let met = |families: &[ServiceFamily]| {
        mine.iter()
            .find(|s| families.contains(&s.kind.family()))
            .map(|s| s.sources.as_slice())
    };
    let referred = |family: ServiceFamily| {
        c.services_of(r.person).iter().any(|s| {
            s.kind.family() == family
                && s.referred
                    .or(s.start)
                    .is_some_and(|d| d >= begin(e) && d <= r.t0)
        })
    };
    let stays = (r.t0 - begin(e)).num_days();
    let long = stays >= i64::from(c.input.settings.definitions.short_stay_days);
    let jkn = mine
        .iter()
        .find(|s| s.kind == ServiceKind::Jkn)
        .map(|s| s.sources.as_slice());
    let litmas = c
        .litmas_of(r.person)
        .iter()
        .find(|l| l.completed.is_some_and(|d| d <= r.t0))
        .map(|l| l.sources.as_slice());
    let unseen = !c.h().person(r.person).has_intact_nik;
    [
        ("identity", unseen || referred(Identity), met(&[Identity])),
        ("jkn", true, jkn),
        ("skills", long, met(&[Skills, Education])),
        ("work", referred(Work), met(&[Work])),
        ("family", referred(Social), met(&[Social])),
        ("litmas", r.exit.is_conditional(), litmas),
    ]
}

/// The package before release, item by item: met of needed (docs/definitions.md 4).
fn package<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts(
        "v1",
        Some(12),
        &[
            D::Need,
            D::Upt,
            D::Sex,
            D::District,
            D::AgeGroup,
            D::OffenceGroup,
        ],
    );
    for r in released(c, c.first_day(12), c.as_of) {
        let a = c.ambon(r.person);
        let from = &c.episode(r).sources;
        for (need, needed, met) in needs(c, r, &helping(c, r)) {
            if !needed {
                f.leave_out("not_needed", a, from);
                continue;
            }
            f.push(
                Row::part(a, met.is_some(), from).because(met.unwrap_or_default()),
                &with([t(need), c.upt(r.upt)], c.who(r.person, r.t0)),
            );
        }
    }
    f
}
