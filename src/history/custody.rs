//! Custody episodes from register rows (docs/definitions.md 2): a register number is neither a person nor an episode.

use super::people::in_pieces;
use super::presence::Lists;
use crate::domain::history::*;
use crate::domain::records::{Custody, Records, one_after_the_other};
use crate::domain::supervision::{SupervisionEnd, SupervisionKind};
use crate::domain::{ExitCode, Members, Month, OffenceGroup, RegisterClass};
use crate::workspace::Settings;
use chrono::NaiveDate;
use rayon::prelude::*;

/// A transfer may take this many days between the two registers: islands, weather, ferries.
const TRANSFER_DAYS: i64 = 45;
/// A revocation and the re-entry it causes lie at most this far apart.
const REVOCATION_DAYS: i64 = 60;
/// Home assimilation lasted at most the rest of a sentence: two years, as far as the decrees of 2020–2023 went.
const HOME_DAYS: i64 = 730;

/// One register row, dated.
struct Row<'a> {
    r: &'a Custody,
    from: NaiveDate,
    to: Option<NaiveDate>,
    /// The month in which it is on a list.
    listed: Option<Month>,
    /// The day on which a list of those who are there holds the row.
    seen: Option<NaiveDate>,
}

/// What is made of some people's rows.
#[derive(Default)]
struct Piece {
    episodes: Vec<Episode>,
    /// Rules as they were applied.
    rules: Vec<&'static str>,
    /// How often each rule of [`READ_OFF`] was applied.
    read_off: [u64; 5],
    /// Deaths inside.
    died: Vec<(PersonId, Option<NaiveDate>)>,
}

/// Episodes of everyone, sorted by person and start; whoever died in one is known to have died.
pub fn episodes(
    records: &Records,
    by_person: &Members,
    h: &mut Histories,
    lists: &Lists,
    settings: &Settings,
    month: Month,
) -> Vec<Episode> {
    let gap = i64::from(settings.definitions.episode_gap_days);
    let known: &Histories = h;
    let all = &records.custody;
    let pieces = in_pieces(by_person, |person, own, made: &mut Piece| {
        let rows = own
            .iter()
            .filter_map(|&i| dated(&all[i as usize], lists, month));
        let mut rows: Vec<Row> = rows.collect();
        rows.sort_by_cached_key(|Row { r, from, .. }| {
            let until = r.exit_date.latest().unwrap_or(NaiveDate::MAX);
            (*from, until, r.class, r.at)
        });
        let first = made.episodes.len();
        let out = &mut made.episodes;
        person_episodes(person, &rows, gap, known, out, &mut made.rules);
        let alone = own
            .iter()
            .map(|&i| &all[i as usize])
            .filter(|r| !r.admitted.is_known());
        for r in alone {
            let own = &mut out[first..];
            let e = match r.exit {
                Some(_) => release(person, r, own, month, &mut made.rules),
                None => held(person, r, own, lists, month, &mut made.rules),
            };
            out.extend(e);
        }
        out[first..].sort_by_key(|e| e.start);
        if let Some(e) = out[first..].last_mut()
            && is_there(e)
        {
            made.rules.push("history.reopened_by_list");
            (e.end, e.exit) = (None, None);
            if let Some(s) = e.stays.last_mut() {
                (s.to, s.exit) = (None, None);
            }
        }
        for e in &mut out[first..] {
            finish(e, known);
            made.read_off = std::array::from_fn(|i| made.read_off[i] + READ_OFF[i].1(e));
            if e.exit == Some(ExitCode::Mgl) {
                made.died.push((person, e.end));
            }
        }
    });
    let mut out = Vec::with_capacity(pieces.len());
    for piece in pieces {
        out.push(piece.episodes);
        let read_off = READ_OFF.iter().map(|(rule, _)| *rule).zip(piece.read_off);
        for (rule, n) in piece.rules.into_iter().map(|r| (r, 1)).chain(read_off) {
            *h.resolutions.entry(rule).or_default() += n;
        }
        for (p, on) in piece.died {
            h.persons[p.0 as usize].death = on;
        }
    }
    one_after_the_other(out)
}

/// A newer list of those who are there names somebody who is written to have left.
fn is_there(e: &Episode) -> bool {
    let seen = e.stays.last().and_then(|s| s.seen);
    e.exit != Some(ExitCode::Mgl) && e.end.zip(seen).is_some_and(|(end, seen)| end < seen)
}

/// A row as it stands in time; `None` without a day of admission.
fn dated<'a>(r: &'a Custody, lists: &Lists, month: Month) -> Option<Row<'a>> {
    let from = r.admitted.earliest()?;
    let ends = r.exit.is_some_and(|e| !e.is_still_custody());
    let to = r
        .exit_date
        .latest()
        .filter(|_| ends)
        .map(|d| d.min(month.last_day()).max(from));
    let seen = lists.seen(r.at).filter(|_| to.is_none());
    Some(Row {
        r,
        from,
        to,
        listed: lists.month(r.at).max(r.list_month),
        seen,
    })
}

/// How often a rule was applied in an episode.
type Applied = fn(&Episode) -> u64;

/// Rules whose number of applications can be read off an episode; the others are counted as they are applied.
const READ_OFF: [(&str, Applied); 5] = [
    ("history.rows_joined", |e| e.sources.len() as u64 - 1),
    ("history.transfers_joined", |e| e.stays.len() as u64 - 1),
    ("history.recaptures_joined", |e| e.escapes.len() as u64),
    ("history.home_assimilation_joined", |e| {
        u64::from(e.home_assimilation.is_some())
    }),
    ("history.began_by_revocation", |e| {
        u64::from(e.began_by_revocation)
    }),
];

/// How a row follows the episode before it.
enum Follows {
    /// It is part of it; the rule that says so, where it is worth counting.
    Same(Option<&'static str>),
    /// It begins another; the rule, where it is worth counting.
    New(Option<&'static str>),
    /// It begins another, and the one before must have ended on a day nobody wrote down.
    AfterMissingExit(NaiveDate),
}

/// Adds a person's episodes, from rows in order of time, and the rules that made them.
fn person_episodes(
    person: PersonId,
    rows: &[Row],
    gap: i64,
    h: &Histories,
    out: &mut Vec<Episode>,
    rules: &mut Vec<&'static str>,
) {
    let first = out.len();
    for row in rows {
        let Some(e) = out[first..].last_mut() else {
            out.push(begin(person, row));
            continue;
        };
        match follows(e, row, gap, paroled(h, e, row)) {
            Follows::Same(rule) => {
                rules.extend(rule);
                extend(e, row);
            }
            Follows::New(rule) => {
                rules.extend(rule);
                out.push(begin(person, row));
            }
            Follows::AfterMissingExit(on) => {
                rules.push("history.exit_assumed");
                close(e, on.max(e.start), ExitCode::Bm);
                out.push(begin(person, row));
            }
        }
    }
}

/// Whether a row belongs to the episode before it (docs/definitions.md 2).
fn follows(e: &Episode, row: &Row, gap: i64, paroled: bool) -> Follows {
    use Follows::{AfterMissingExit, New, Same};
    let class = row.r.class;
    let remand = class.is_some_and(RegisterClass::is_remand);
    let Some(end) = e.end else {
        // No exit is written. A new case long after the sentence ran out means that the exit is missing; but who escaped
        // and was caught after it had not left at its end.
        let served = e.expected_end.or_else(|| {
            let from = e.verdict.unwrap_or(e.start).max(e.start);
            from.checked_add_days(chrono::Days::new(u64::from(e.sentence_days?)))
        });
        let committed_since = row.r.offence_date.day().is_some_and(|d| d > e.start);
        let another = remand || committed_since && class != Some(RegisterClass::BIII);
        let caught = e.escapes.last().and_then(|(_, back)| *back);
        let gone =
            |x: &NaiveDate| caught.is_none_or(|b| b <= *x) && (row.from - *x).num_days() > gap;
        return match served.filter(|x| another && gone(x)) {
            Some(x) => AfterMissingExit(x),
            None => Same(None),
        };
    };
    let days = (row.from - end).num_days();
    // The next export of the same register, and the further registers of one case, lie inside.
    if days < 0 {
        let elsewhere = e.stays.last().is_some_and(|s| s.upt != row.r.upt);
        return Same((elsewhere && row.from > e.start).then_some("history.overlap_joined"));
    }
    let near = if days > 0 {
        Some("history.gap_joined")
    } else {
        None
    };
    match e.exit {
        Some(ExitCode::Pdh) if days <= TRANSFER_DAYS => Same(None),
        Some(ExitCode::Pdh) => New(Some("history.transfer_lost")),
        Some(ExitCode::Lri) => Same(None),
        Some(ExitCode::Mgl) => New(Some("history.after_death")),
        Some(ExitCode::Dep) => New(None),
        // Called back from home assimilation to serve the rest: the same sentence goes on.
        Some(ExitCode::Asr) if !remand && !paroled && days <= HOME_DAYS && same_case(e, row) => {
            Same(Some("history.home_assimilation_ended"))
        }
        // Released and arrested again within days is a new case; the register of the subsidiary sentence is not.
        Some(x) if x.is_index_release(true) => {
            let subsidiary = days <= gap && class.is_some_and(|c| c == RegisterClass::BIII);
            let same_day = days == 0 && !remand;
            let other = days <= gap && !remand && class != Some(RegisterClass::BI);
            match subsidiary {
                true => Same(Some("history.subsidiary_joined")),
                _ if same_day || other => Same(near),
                _ => New(None),
            }
        }
        _ if days <= gap => Same(near),
        _ => New(None),
    }
}

/// Parole or leave began between home assimilation and a row: who comes back then had been released.
fn paroled(h: &Histories, e: &Episode, row: &Row) -> bool {
    use SupervisionKind::{Cb, Cmb, Pb};
    let Some(end) = e.end.filter(|_| e.exit == Some(ExitCode::Asr)) else {
        return false;
    };
    h.spells_of(e.person)
        .iter()
        .any(|s| matches!(s.kind, Pb | Cb | Cmb) && s.start >= end && s.start <= row.from)
}

/// Nothing says that a row is about another offence than the episode.
fn same_case(e: &Episode, row: &Row) -> bool {
    match (e.offence_date, row.r.offence_date.day()) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// An exit without its admission closes the stay that is open on its day, or tells again how a stay ended; where no stay is
/// known it is one of which only the end is.
fn release(
    person: PersonId,
    r: &Custody,
    own: &mut [Episode],
    month: Month,
    rules: &mut Vec<&'static str>,
) -> Option<Episode> {
    let (exit, on) = (r.exit?, r.exit_date.latest()?);
    let on = on.min(month.last_day());
    // Two lists may tell one exit on days some weeks apart.
    let same = |e: &Episode| {
        let told = |end: NaiveDate| (on - end).num_days().abs() <= TRANSFER_DAYS;
        // A transfer may be told on a day after that on which the other register has it.
        let elsewhere = e.stays.first().is_some_and(|s| s.upt != r.upt);
        let earlier = chrono::Days::new(TRANSFER_DAYS as u64);
        let from = (exit == ExitCode::Pdh && elsewhere)
            .then(|| e.start.checked_sub_days(earlier))
            .flatten()
            .unwrap_or(e.start);
        from <= on && e.end.is_none_or(|end| end >= on || told(end))
    };
    // The escape from which somebody was brought back.
    let caught =
        |e: &&mut Episode| exit == ExitCode::Lri && e.entry == Entry::Recaptured && e.start >= on;
    if let Some(e) = own.iter_mut().filter(caught).min_by_key(|e| e.start) {
        e.sources.push(r.at);
        e.escapes.push((on, Some(e.start)));
        (e.start, e.admission_known, e.entry) = (on, false, Entry::Admitted);
        if let Some(s) = e.stays.first_mut() {
            s.from = on;
        }
        return None;
    }
    let known = own.iter_mut().filter(|e| same(e));
    if let Some(e) = known.max_by_key(|e| e.start) {
        e.sources.push(r.at);
        // Who left one prison for another is on the register of the other: that stay goes on.
        let first = e.stays.first().map(|s| s.from);
        let other = |e: &Episode| e.stays.iter().all(|s| s.upt != r.upt);
        let near = |from: &NaiveDate| (*from - on).num_days().abs() <= TRANSFER_DAYS;
        let moved = first.filter(|from| exit == ExitCode::Pdh && near(from) && other(e));
        if let Some(from) = moved {
            let left = on.min(from);
            e.stays.insert(
                0,
                Stay {
                    upt: r.upt,
                    from: left,
                    to: Some(from),
                    exit: Some(ExitCode::Pdh),
                    listed: None,
                    seen: None,
                },
            );
            (e.start, e.admission_known) = (left, false);
            return None;
        }
        e.sentence_days = e.sentence_days.or(r.sentence_days);
        if e.offence == OffenceGroup::Unknown {
            e.offence = r.offence;
        }
        if e.end.is_none() {
            close(e, on, exit);
        }
        return None;
    }
    rules.push("history.exit_without_admission");
    let row = Row {
        r,
        from: on,
        to: Some(on),
        listed: None,
        seen: None,
    };
    let mut e = begin(person, &row);
    e.admission_known = false;
    Some(e)
}

/// Who is on a list of those who are there, of which no list says since when: the row is of the stay that was open in the month of
/// the list; where none is known it is one of which nothing earlier is known than that list.
fn held(
    person: PersonId,
    r: &Custody,
    own: &mut [Episode],
    lists: &Lists,
    month: Month,
    rules: &mut Vec<&'static str>,
) -> Option<Episode> {
    let listed = lists.month(r.at).max(r.list_month).unwrap_or(month);
    let seen = lists.seen(r.at);
    let on = seen.unwrap_or(listed.last_day()).min(month.last_day());
    let row = Row {
        r,
        from: on,
        to: None,
        listed: Some(listed),
        seen,
    };
    let there = |e: &Episode| e.start <= on && e.end.is_none_or(|end| end >= listed.first_day());
    let open = own.iter_mut().filter(|e| there(e));
    if let Some(e) = open.max_by_key(|e| e.start) {
        let began = e.classes.len();
        absorb(e, &row);
        // A class without a day is no change on the day of the list.
        if began > 0 {
            e.classes.truncate(began);
        }
        if let Some(s) = e.stays.last_mut().filter(|s| s.upt == r.upt) {
            s.listed = s.listed.max(row.listed);
            s.seen = s.seen.max(row.seen);
        }
        return None;
    }
    rules.push("history.held_since_unknown");
    let mut e = begin(person, &row);
    e.admission_known = false;
    Some(e)
}

fn close(e: &mut Episode, on: NaiveDate, exit: ExitCode) {
    (e.end, e.exit) = (Some(on), Some(exit));
    if let Some(s) = e.stays.last_mut() {
        (s.to, s.exit) = (Some(on.max(s.from)), Some(exit));
    }
}

fn begin(person: PersonId, row: &Row) -> Episode {
    let r = row.r;
    let mut e = Episode {
        stays: vec![Stay {
            upt: r.upt,
            from: row.from,
            to: None,
            exit: None,
            listed: row.listed,
            seen: row.seen,
        }],
        offence: r.offence,
        entry: match (r.recaptured, r.by_transfer) {
            (true, _) => Entry::Recaptured,
            (false, true) => Entry::Moved,
            (false, false) => Entry::Admitted,
        },
        began_by_revocation: r.after_revocation,
        ..Episode::begun(person, row.from)
    };
    absorb(&mut e, row);
    end_with(&mut e, row);
    e
}

fn extend(e: &mut Episode, row: &Row) {
    if e.exit == Some(ExitCode::Lri)
        && let Some(from) = e.end
        && row.from >= from
    {
        e.escapes.push((from, Some(row.from)));
    }
    let same_unit = e.stays.last().is_some_and(|s| s.upt == row.r.upt);
    // An earlier export of the register that has since been closed: it began before that exit and shows none.
    let older = row.to.is_none()
        && e.end.is_some_and(|end| row.from < end)
        && (same_unit || !matches!(e.exit, Some(ExitCode::Pdh | ExitCode::Lri)));
    let stay = e.stays.last_mut().filter(|_| same_unit);
    if let Some(s) = stay {
        s.listed = s.listed.max(row.listed);
        s.seen = s.seen.max(row.seen);
    }
    if older {
        absorb(e, row);
        return;
    }
    if same_unit {
        if let Some(s) = e.stays.last_mut() {
            (s.to, s.exit) = (None, None);
        }
    } else {
        // The first unit's stay ends where the second begins: rows overlap, or leave days of travel between them.
        if let Some(s) = e.stays.last_mut() {
            s.to = Some(row.from.max(s.from));
            s.exit = Some(ExitCode::Pdh);
        }
        e.stays.push(Stay {
            upt: row.r.upt,
            from: row.from,
            to: None,
            exit: None,
            listed: row.listed,
            seen: row.seen,
        });
    }
    absorb(e, row);
    let before = (e.end, e.exit);
    (e.end, e.exit) = (None, None);
    end_with(e, row);
    // Of two ends the later one is the episode's.
    if let (Some(now), (Some(old), Some(exit))) = (e.end, before)
        && old > now
        && exit != ExitCode::Pdh
    {
        close(e, old, exit);
    }
}

fn end_with(e: &mut Episode, row: &Row) {
    if let (Some(to), Some(exit)) = (row.to, row.r.exit) {
        if exit == ExitCode::Asr {
            e.home_assimilation = Some(to);
        }
        close(e, to, exit);
    }
}

fn absorb(e: &mut Episode, row: &Row) {
    let r = row.r;
    e.sources.push(r.at);
    if let Some(class) = r.class
        && e.classes.last().is_none_or(|c| c.class != class)
    {
        e.classes.push(ClassSpan {
            class,
            from: row.from,
        });
    }
    if e.offence == OffenceGroup::Unknown {
        e.offence = r.offence;
    }
    e.offence_date = e.offence_date.or(r.offence_date.day());
    e.verdict = e.verdict.or(r.verdict.day());
    let subsidiary = r.class == Some(RegisterClass::BIII) && e.sentence_days.is_some();
    if !subsidiary {
        e.sentence_days = r.sentence_days.or(e.sentence_days);
    }
    e.expected_end = r.expiry.latest().max(e.expected_end);
    e.two_thirds = r.two_thirds.day().or(e.two_thirds);
    e.recidivist_flag = r.recidivist_flag.or(e.recidivist_flag);
}

/// What only other sources tell: the release that followed home assimilation, and re-entry by revocation.
fn finish(e: &mut Episode, h: &Histories) {
    for s in h.spells_of(e.person) {
        if e.exit == Some(ExitCode::Asr)
            && let Some(end) = e.end
        {
            let exit = match s.kind {
                SupervisionKind::Pb => Some(ExitCode::Pb),
                SupervisionKind::Cb => Some(ExitCode::Cb),
                SupervisionKind::Cmb => Some(ExitCode::Cmb),
                _ => None,
            };
            let days = (s.start - end).num_days();
            if let Some(x) = exit.filter(|_| (0..=HOME_DAYS).contains(&days)) {
                close(e, s.start, x);
            }
        }
        let revoked = matches!(
            s.end_kind,
            Some(
                SupervisionEnd::RevokedTechnical
                    | SupervisionEnd::RevokedOffence
                    | SupervisionEnd::Revoked
            )
        );
        if revoked
            && let Some(end) = s.end
            && (e.start - end).num_days().abs() <= REVOCATION_DAYS
            && e.start > s.start
        {
            let old_case = e.offence_date.is_none_or(|d| d < s.start)
                && !e.classes.first().is_some_and(|c| c.class.is_remand());
            e.began_by_revocation = old_case && s.end_kind != Some(SupervisionEnd::RevokedOffence);
        }
    }
}

/// A death closes custody and guidance, wherever it was recorded.
pub fn deaths(h: &mut Histories, month: Month) {
    // The Bapas may be the only one to have written a death down.
    for s in h
        .supervision
        .iter()
        .filter(|s| s.end_kind == Some(SupervisionEnd::Died))
    {
        let person = &mut h.persons[s.person.0 as usize];
        person.death = person.death.or(s.end);
    }
    let persons = &h.persons;
    let closed = h.episodes.par_iter_mut().filter_map(|e| {
        let died = persons[e.person.0 as usize].death;
        let died = died.filter(|d| e.end.is_none() && (e.start..=month.last_day()).contains(d))?;
        close(e, died, ExitCode::Mgl);
        Some(())
    });
    let closed = closed.count() as u64;
    if closed > 0 {
        *h.resolutions.entry("history.closed_by_death").or_default() += closed;
    }
    h.supervision.par_iter_mut().for_each(|s| {
        let died = persons[s.person.0 as usize].death;
        if let Some(d) = died.filter(|d| s.end.is_none() && *d >= s.start) {
            (s.end, s.end_kind) = (Some(d), Some(SupervisionEnd::Died));
        }
    });
}
