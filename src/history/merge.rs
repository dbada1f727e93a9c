//! Supervision, services, litmas, outcomes and community service: monthly rows into spells and items.

use super::people::{Index, in_pieces};
use super::presence::Lists;
use crate::domain::history::*;
use crate::domain::records::{Participation, Records, Supervision, one_after_the_other};
use crate::domain::region::InAmbon;
use crate::domain::service::ServiceState;
use crate::domain::supervision::{SupervisionKind, WORK_MONTHS};
use crate::domain::{Month, PartialDate, RowRef, Upt, add_months};
use crate::workspace::Settings;
use chrono::NaiveDate;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Spells of guidance: rows of one person, kind and start (± 31 days) are one.
pub fn supervision(
    records: &Records,
    index: &Index,
    lists: &Lists,
    month: Month,
    found: &mut Findings,
) -> Vec<SupervisionSpell> {
    let all = &records.supervision;
    let newest = newest_lists(all, index.supervision, found.lists);
    let pieces = in_pieces(
        &index.by_person(index.supervision),
        |person, own, (out, [undated, left], lost): &mut Piece| {
            let mut rows: Vec<&Supervision> = own.iter().map(|&i| &all[i as usize]).collect();
            rows.sort_by_cached_key(|r| {
                let start = r.start.earliest().unwrap_or(NaiveDate::MAX);
                (start, r.kind, r.list_month, r.at)
            });
            let (spells, without_start) = spells_of(person, &rows, lists, month, lost);
            *undated += without_start;
            let first = out.len();
            for (mut s, listed) in spells {
                // Known from reporting lists alone and missing in newer ones: guidance was over.
                if let Some(m) = listed
                    && s.end.is_none()
                    && s.end_kind.is_none()
                    && newest.get(&s.bapas).is_some_and(|n| *n > m)
                {
                    s.end = Some(m.last_day());
                    *left += 1;
                }
                // An end without a date ended with its plan; guidance past its planned end without a word is over.
                if s.end.is_none() && s.end_kind.is_some() {
                    s.end = s
                        .planned_end
                        .filter(|d| *d <= month.last_day())
                        .or(Some(month.last_day()));
                }
                s.reports.sort_unstable();
                out.push(s);
            }
            out[first..].sort_by_key(|s| s.start);
        },
    );
    let mut spells = Vec::with_capacity(pieces.len());
    let mut counts = [0, 0];
    for (of_piece, [undated, left], lost) in pieces {
        spells.push(of_piece);
        counts = [counts[0] + undated, counts[1] + left];
        found.ends_of_nothing.extend(lost);
    }
    for (rule, n) in [
        ("history.guidance_without_start", counts[0]),
        ("history.guidance_left_list", counts[1]),
        (
            "history.end_without_guidance",
            found.ends_of_nothing.len() as u64,
        ),
    ] {
        if n > 0 {
            *found.resolutions.entry(rule).or_default() += n;
        }
    }
    one_after_the_other(spells)
}

/// Spells, how many began without a start and how many ended by leaving the lists, and the rows that end nothing that is
/// known.
type Piece = (Vec<SupervisionSpell>, [u64; 2], Vec<RowRef>);

/// What is said of guidance beside its spells.
pub struct Findings<'a> {
    /// How often each rule was applied.
    pub resolutions: &'a mut Resolutions,
    /// Lists that are not believed to name everybody.
    pub lists: &'a mut Vec<ListFinding>,
    /// Rows that tell of an end of guidance that no list knows.
    pub ends_of_nothing: &'a mut Vec<RowRef>,
}

/// A spell, and its last month when only reporting lists know it.
type Listed = (SupervisionSpell, Option<Month>);

/// The spells of a person from rows in the order of their starts, and how many of them a list without a start began; rows that
/// are of no spell go to `lost`.
fn spells_of(
    person: PersonId,
    rows: &[&Supervision],
    lists: &Lists,
    month: Month,
    lost: &mut Vec<RowRef>,
) -> (Vec<Listed>, u64) {
    let mut out: Vec<Listed> = Vec::new();
    let mut undated = 0;
    for r in rows {
        let begin = r.start.earliest();
        // Attendance lists name the client only: they belong to the spell that is open in their month.
        let spell = out.iter_mut().rev().find(|(s, _)| match begin {
            Some(b) => {
                (b - s.start).num_days().abs() <= 31
                    && (s.kind == r.kind || r.kind == SupervisionKind::Other)
            }
            None if !reports_of(r) => r.end.latest().is_none_or(|e| s.start <= e),
            None => r.list_month.is_none_or(|m| {
                s.start <= m.last_day() && s.end.is_none_or(|e| e >= m.first_day())
            }),
        });
        let reports = match (r.list_month, r.reports_due) {
            (Some(m), Some(due)) => Some((m, due, r.reports_met.unwrap_or(0).min(due))),
            _ => None,
        };
        let end = r.end.latest().filter(|d| *d <= month.last_day());
        match spell {
            Some((s, listed)) => {
                *listed = listed.zip(of_list(r)).map(|(m, n)| m.max(n));
                s.listed = s.listed.max(of_clients(r, lists));
                s.sources.push(r.at);
                s.planned_end = r.planned_end.latest().or(s.planned_end);
                // What another office tells of an end counts where the Bapas says nothing.
                let told = r.bapas.is_some() || s.end_kind.is_none();
                if told && (r.end_kind.is_some() || end.is_some()) {
                    (s.end, s.end_kind) = (end.or(s.end), r.end_kind.or(s.end_kind));
                }
                for x in r.earlier_reports.iter().copied().chain(reports) {
                    match s.reports.iter_mut().find(|(m, ..)| *m == x.0) {
                        Some(old) => *old = x,
                        None => s.reports.push(x),
                    }
                }
            }
            None => {
                let first = r
                    .earlier_reports
                    .iter()
                    .map(|(m, ..)| *m)
                    .chain(r.list_month)
                    .min();
                // Who reports was a client before the month in which he did so.
                let before = |m: Month| m.first_day().pred_opt().unwrap_or(m.first_day());
                // Who was revoked, handed over or had completed it was a client before the month in which it ended.
                let ended = end.filter(|_| r.end_kind.is_some()).map(Month::of);
                let listed = first.filter(|_| reports_of(r)).or(ended).map(before);
                let (Some(start), Some(bapas)) = (begin.or(listed), r.bapas) else {
                    lost.push(r.at);
                    continue;
                };
                if begin.is_none() {
                    undated += 1;
                }
                let spell = SupervisionSpell {
                    person,
                    bapas,
                    kind: r.kind,
                    start,
                    start_known: begin.is_some(),
                    planned_end: r.planned_end.latest(),
                    end,
                    end_kind: r.end_kind,
                    listed: of_clients(r, lists),
                    reports: r.earlier_reports.iter().copied().chain(reports).collect(),
                    offence: r.offence,
                    sources: vec![r.at],
                };
                out.push((spell, of_list(r)));
            }
        }
    }
    (out, undated)
}

/// Whether a row is of a list of reports, by month or by months as columns; a row without them and without a start only tells
/// of an end.
fn reports_of(r: &Supervision) -> bool {
    r.reports_due.is_some() || !r.earlier_reports.is_empty() || r.end_kind.is_none()
}

/// The month of a reporting list, when the row is one of such a list: it names those who are clients in that month, but not
/// when they cease to be.
fn of_list(r: &Supervision) -> Option<Month> {
    let reports = r.reports_due.is_some() || r.start.earliest().is_none();
    r.list_month.filter(|_| reports)
}

/// The month of a client list, when the row is one of such a list: of a whole one whatever columns it has.
fn of_clients(r: &Supervision, lists: &Lists) -> Option<Month> {
    let dated = r.list_month.filter(|_| of_list(r).is_none());
    lists.month(r.at).max(dated)
}

/// Reports of so many months before the newest are what a reporting list is held against.
const RECENT_MONTHS: i32 = 2;

/// The newest reporting list of each Bapas that names most of those whom those of the months before name. One outpost's or
/// one officer's list names some of the clients: who is not on it has not ceased to be one.
fn newest_lists(
    all: &[Supervision],
    person_of: &[u32],
    found: &mut Vec<ListFinding>,
) -> BTreeMap<Upt, Month> {
    let of_lists = || {
        let rows = all.iter().zip(person_of);
        rows.filter_map(|(r, p)| Some((r, *p, of_list(r)?, r.bapas?)))
    };
    let mut newest: BTreeMap<Upt, (Month, RowRef)> = BTreeMap::new();
    for (r, _, m, bapas) in of_lists() {
        let at = newest.entry(bapas).or_insert((m, r.at));
        if m > at.0 {
            *at = (m, r.at);
        }
    }
    let mut named: BTreeMap<Upt, [FxHashSet<u32>; 2]> = BTreeMap::new();
    for (_, person, m, bapas) in of_lists() {
        let Some((last, _)) = newest.get(&bapas) else {
            continue;
        };
        let [before, now] = named.entry(bapas).or_default();
        if m == *last {
            now.insert(person);
        } else if m >= last.plus(-RECENT_MONTHS) {
            before.insert(person);
        }
    }
    let mut out = BTreeMap::new();
    for (bapas, (month, at)) in newest {
        let Some([before, now]) = named.get(&bapas) else {
            continue;
        };
        let still = before.intersection(now).count();
        if still * 10 >= before.len() * 6 {
            out.insert(bapas, month);
            continue;
        }
        let what = ListOutcome::Doubted {
            named: now.len() as u32,
            missing: (before.len() - still) as u32,
        };
        let (file, sheet) = (at.file, at.sheet);
        found.push(ListFinding { file, sheet, what });
    }
    out
}

fn later(a: ServiceState, b: ServiceState) -> ServiceState {
    // Terminal words outrank progress; among progress the further one counts.
    a.max(b)
}

/// Services: rows of one person and kind whose starts lie within the days of the settings are one participation.
pub fn services(
    records: &Records,
    index: &Index,
    h: &Histories,
    settings: &Settings,
    month: Month,
) -> Vec<Service> {
    let near = i64::from(settings.definitions.participation_days);
    let all = &records.participation;
    let anchor = |r: &Participation| {
        [r.start, r.issued, r.enrolled, r.referred]
            .into_iter()
            .find_map(PartialDate::latest)
    };
    let by_person = index.by_person(index.participation);
    type Both = (Vec<Service>, Vec<Service>);
    let pieces = in_pieces(&by_person, |person, own, (unknown, known): &mut Both| {
        let mut rows: Vec<_> = (own.iter())
            .map(|&i| (&all[i as usize], anchor(&all[i as usize])))
            .collect();
        rows.sort_by_key(|(r, day)| (r.kind, *day, r.at));
        let is_known = index.known[person.0 as usize];
        let mut own = services_of(is_known.then_some(person), rows, near, month);
        own.iter_mut().for_each(|s| place(s, h));
        own.sort_by_key(|s| (s.start, s.kind));
        if is_known { known } else { unknown }.append(&mut own);
    });
    // Those of nobody known come first, as one person's.
    let (unknown, mut all): (Vec<_>, Vec<_>) = pieces.into_iter().unzip();
    let mut unknown = one_after_the_other(unknown);
    unknown.par_sort_by_key(|s| (s.start, s.kind));
    all.insert(0, unknown);
    one_after_the_other(all)
}

/// The services of one person from rows by kind and the day that places them.
fn services_of<'r>(
    person: Option<PersonId>,
    rows: impl IntoIterator<Item = (&'r Participation, Option<NaiveDate>)>,
    near: i64,
    month: Month,
) -> Vec<Service> {
    let mut out: Vec<(Option<NaiveDate>, Service)> = Vec::new();
    for (r, day) in rows {
        let latest = |d: PartialDate| d.latest().filter(|d| *d <= month.last_day());
        let same = out.last_mut().filter(|(d, s)| {
            let close = match (*d, day) {
                (Some(a), Some(b)) => (b - a).num_days().abs() <= near,
                (None, None) => true,
                _ => false,
            };
            // A later export of the same participation shows its start where the earlier showed the referral or the
            // enrolment.
            let referral = s.referred.is_some() && s.referred == latest(r.referred)
                || s.enrolled.is_some() && s.enrolled == latest(r.enrolled);
            s.kind == r.kind && (close || referral)
        });
        let pair = |a: Option<f32>, b: Option<f32>| a.map(|a| (a, b.unwrap_or(0.0)));
        let sessions = pair(r.sessions_planned, r.sessions_attended);
        let hours = pair(r.hours_planned, r.hours_attended);
        match same {
            Some((d, s)) => {
                s.sources.push(r.at);
                s.referred = s.referred.or(latest(r.referred));
                s.enrolled = s.enrolled.or(latest(r.enrolled));
                s.start = s.start.or(latest(r.start));
                s.end = latest(r.end).or(s.end);
                s.issued = s.issued.or(latest(r.issued));
                s.planned_end = r.planned_end.latest().or(s.planned_end);
                s.state = later(s.state, r.state);
                s.sessions = sessions.or(s.sessions);
                s.hours = hours.or(s.hours);
                *d = (*d).max(day);
            }
            None => out.push((
                day,
                Service {
                    person,
                    opd: r.opd.clone(),
                    upt: r.upt,
                    kind: r.kind,
                    priority_programme: r.priority_programme,
                    referred: latest(r.referred),
                    enrolled: latest(r.enrolled),
                    start: latest(r.start),
                    planned_end: r.planned_end.latest(),
                    end: latest(r.end),
                    issued: latest(r.issued),
                    state: r.state,
                    sessions,
                    hours,
                    inside: r.inside.unwrap_or(false),
                    in_ambon: r.who.residence.in_ambon(),
                    sources: vec![r.at],
                },
            )),
        }
    }
    out.into_iter().map(|(_, s)| s).collect()
}

/// Where a service was given, by what is known of the person.
fn place(s: &mut Service, h: &Histories) {
    let (Some(p), Some(day)) = (s.person, s.start.or(s.issued).or(s.referred)) else {
        return;
    };
    let first = h.episodes.partition_point(|e| e.person < p);
    s.inside |= h.episodes[first..]
        .iter()
        .take_while(|e| e.person == p)
        .any(|e| e.start <= day && e.end.is_none_or(|x| day <= x));
    if s.in_ambon == InAmbon::Unknown {
        s.in_ambon = h.person(p).in_ambon.unwrap_or(InAmbon::Unknown);
    }
}

/// Days within which two offices tell of one request for a report.
const LETTER_DAYS: i64 = 31;

/// Litmas by person, kind and day of request.
pub fn litmas(records: &Records, index: &Index) -> Vec<LitmasItem> {
    let mut out: Vec<LitmasItem> = Vec::with_capacity(records.litmas.len());
    for (r, &p) in records.litmas.iter().zip(index.litmas) {
        out.push(LitmasItem {
            person: PersonId(p),
            bapas: r.bapas,
            kind: r.kind,
            requested: r.requested.latest(),
            completed: r.completed.latest(),
            sources: vec![r.at],
        });
    }
    out.par_sort_by_key(|l| (l.person, l.kind, l.requested, l.completed));
    out.dedup_by(|b, a| {
        // Who asked and who was asked write the day of the letter and that of its arrival.
        let told_twice = || {
            let days = a.requested.zip(b.requested);
            let near = days.is_some_and(|(x, y)| (y - x).num_days() <= LETTER_DAYS);
            near && a
                .sources
                .iter()
                .all(|s| b.sources.iter().all(|t| s.file != t.file))
        };
        let same = a.person == b.person
            && a.kind == b.kind
            && (a.requested == b.requested || told_twice());
        if same {
            a.bapas = a.bapas.or(b.bapas);
            a.completed = a.completed.or(b.completed);
            a.sources.append(&mut b.sources);
        }
        same
    });
    out
}

/// Outcomes with a day.
pub fn outcomes(records: &Records, index: &Index) -> Vec<OutcomeItem> {
    let mut out: Vec<OutcomeItem> = records
        .outcome
        .iter()
        .zip(index.outcome)
        .filter_map(|(r, &p)| {
            r.date.latest().map(|date| OutcomeItem {
                person: PersonId(p),
                kind: r.kind,
                date,
                sources: vec![r.at],
            })
        })
        .collect();
    out.par_sort_by_key(|o| (o.person, o.date, o.kind));
    out.dedup_by(|b, a| {
        let same = (a.person, a.date, a.kind) == (b.person, b.date, b.kind);
        if same {
            a.sources.append(&mut b.sources);
        }
        same
    });
    out
}

/// Pidana kerja sosial: one item per person and start, hours by month of list.
pub fn community_service(records: &Records, index: &Index) -> Vec<CommunityServiceItem> {
    let all = &records.community_service;
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.par_sort_by_cached_key(|&i| {
        (
            index.community_service[i],
            all[i].start,
            all[i].list_month,
            all[i].at,
        )
    });
    let mut out: Vec<CommunityServiceItem> = Vec::new();
    for i in order {
        let r = &all[i];
        let person = PersonId(index.community_service[i]);
        let hours = r.list_month.zip(r.hours_served);
        // One order by a court, of which one list has the day of the verdict and another that of the beginning.
        let ordered = |c: &CommunityServiceItem| {
            let days = c.start.zip(r.start.latest());
            c.ordered.is_some()
                && c.ordered == r.hours_ordered
                && days.is_some_and(|(x, y)| y <= add_months(x, WORK_MONTHS))
        };
        let same = |c: &&mut CommunityServiceItem| {
            c.person == person && (c.start == r.start.latest() || ordered(c))
        };
        match out.last_mut().filter(same) {
            Some(c) => {
                c.sources.push(r.at);
                c.ordered = r.hours_ordered.or(c.ordered);
                c.end = r.end.latest().or(c.end);
                c.placed |= r.placed;
                c.completed |= r.completed;
                // What followed says more than that it was not done.
                c.breach = c.breach.max(r.breach);
                c.served.extend(hours);
            }
            None => out.push(CommunityServiceItem {
                person,
                opd: r.opd.clone(),
                ordered: r.hours_ordered,
                served: hours.into_iter().collect(),
                start: r.start.latest(),
                end: r.end.latest(),
                placed: r.placed,
                completed: r.completed,
                breach: r.breach,
                sources: vec![r.at],
            }),
        }
    }
    out
}
