//! Custody episodes from register rows (DOMAIN.md 1.3): a register number is neither a person nor an episode.

use super::people::Index;
use crate::domain::history::*;
use crate::domain::records::{Custody, Records};
use crate::domain::supervision::{SupervisionEnd, SupervisionKind};
use crate::domain::{ExitCode, Month, OffenceGroup, RegisterClass};
use crate::workspace::Settings;
use chrono::NaiveDate;
use rayon::prelude::*;

/// A transfer may take this many days between the two registers: islands, weather, ferries.
const TRANSFER_DAYS: i64 = 45;
/// A revocation and the re-entry it causes lie at most this far apart.
const REVOCATION_DAYS: i64 = 60;

/// One register row, dated.
struct Row<'a> {
    r: &'a Custody,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

/// Episodes of everyone, sorted by person and start.
pub fn episodes(
    records: &Records,
    index: &Index,
    h: &Histories,
    settings: &Settings,
    month: Month,
) -> Vec<Episode> {
    let mut order: Vec<u32> = (0..records.custody.len() as u32)
        .filter(|&i| records.custody[i as usize].admitted.earliest().is_some())
        .collect();
    order.par_sort_by_key(|&i| {
        let r = &records.custody[i as usize];
        (
            index.custody[i as usize],
            r.admitted.earliest(),
            r.exit_date.latest().unwrap_or(NaiveDate::MAX),
            r.class,
            r.at,
        )
    });
    let groups: Vec<&[u32]> = order
        .chunk_by(|a, b| index.custody[*a as usize] == index.custody[*b as usize])
        .collect();
    let mut out: Vec<Episode> = groups
        .par_iter()
        .flat_map_iter(|g| {
            let person = PersonId(index.custody[g[0] as usize]);
            let rows: Vec<Row> = g
                .iter()
                .map(|&i| {
                    let r = &records.custody[i as usize];
                    let from = r.admitted.earliest().unwrap_or(NaiveDate::MIN);
                    let ends = r.exit.is_some_and(|e| !e.is_still_custody());
                    let to = r
                        .exit_date
                        .latest()
                        .filter(|_| ends)
                        .map(|d| d.min(month.last_day()).max(from));
                    Row { r, from, to }
                })
                .collect();
            person_episodes(person, &rows, settings)
        })
        .collect();
    out.sort_by_key(|e| (e.person, e.start));
    for e in &mut out {
        finish(e, h);
    }
    out
}

/// How often each rule was applied is read off the episodes.
pub fn count_resolutions(h: &mut Histories) {
    let count = |f: &dyn Fn(&Episode) -> bool| h.episodes.iter().filter(|e| f(e)).count() as u64;
    let counts = [
        (
            "history.rows_joined",
            h.episodes.iter().map(|e| e.sources.len() as u64 - 1).sum(),
        ),
        (
            "history.transfers_joined",
            h.episodes.iter().map(|e| e.stays.len() as u64 - 1).sum(),
        ),
        (
            "history.recaptures_joined",
            h.episodes.iter().map(|e| e.escapes.len() as u64).sum(),
        ),
        (
            "history.home_assimilation_joined",
            count(&|e| e.home_assimilation.is_some()),
        ),
        (
            "history.began_by_revocation",
            count(&|e| e.began_by_revocation),
        ),
    ];
    for (rule, n) in counts {
        *h.resolutions.entry(rule).or_default() += n;
    }
}

fn person_episodes(person: PersonId, rows: &[Row], settings: &Settings) -> Vec<Episode> {
    let gap = i64::from(settings.definitions.episode_gap_days);
    let mut out: Vec<Episode> = Vec::new();
    for row in rows {
        let joined = out.last_mut().is_some_and(|e| {
            let same = continues(e, row, gap);
            if same {
                extend(e, row);
            }
            same
        });
        if !joined {
            out.push(begin(person, row));
        }
    }
    out
}

/// Whether a row belongs to the episode before it.
fn continues(e: &mut Episode, row: &Row, gap: i64) -> bool {
    let remand = row.r.class.is_some_and(RegisterClass::is_remand);
    let Some(end) = e.end else {
        // No exit is written. A new case long after the sentence ran out means that the exit is missing.
        let over = e.expected_end.filter(|x| (row.from - *x).num_days() > gap);
        if let Some(x) = over.filter(|_| remand) {
            close(e, x, ExitCode::Bm);
            return false;
        }
        return true;
    };
    let days = (row.from - end).num_days();
    match e.exit {
        _ if days < 0 => true,
        Some(ExitCode::Pdh) => days <= TRANSFER_DAYS,
        Some(ExitCode::Lri) => true,
        // Released and arrested again within days is a new case; a sentence register right after is not (subsider).
        Some(x) if x.is_index_release(true) => {
            days <= gap && !remand && row.r.class != Some(RegisterClass::BI) || days == 0 && !remand
        }
        Some(ExitCode::Mgl | ExitCode::Dep) => false,
        _ => days <= gap,
    }
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
        person,
        start: row.from,
        end: None,
        exit: None,
        stays: vec![Stay {
            upt: r.upt,
            from: row.from,
            to: None,
            exit: None,
        }],
        classes: Vec::new(),
        offence: r.offence,
        offence_date: None,
        verdict: None,
        sentence_days: None,
        expected_end: None,
        two_thirds: None,
        recidivist_flag: None,
        home_assimilation: None,
        escapes: Vec::new(),
        began_by_revocation: false,
        sources: Vec::new(),
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
        });
    }
    absorb(e, row);
    let before = (e.end, e.exit);
    (e.end, e.exit) = (None, None);
    end_with(e, row);
    // A row without an exit does not reopen custody that a final exit on another row has closed later.
    if e.end.is_none()
        && let (Some(end), Some(exit)) = before
        && end >= row.from
        && exit != ExitCode::Pdh
        && exit != ExitCode::Lri
    {
        close(e, end, exit);
    }
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
    for s in h.supervision_of(e.person) {
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
            if let Some(x) = exit.filter(|_| (0..=730).contains(&days)) {
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

/// A death closes custody, wherever it was recorded, and an exit by death is a death.
pub fn deaths(h: &mut Histories, month: Month) {
    for i in 0..h.episodes.len() {
        let p = h.episodes[i].person.0 as usize;
        if h.episodes[i].exit == Some(ExitCode::Mgl) {
            h.persons[p].death = h.episodes[i].end;
        }
    }
    for e in &mut h.episodes {
        let died = h.persons[e.person.0 as usize]
            .death
            .filter(|d| *d <= month.last_day());
        if e.end.is_none()
            && let Some(d) = died.filter(|d| *d >= e.start)
        {
            close(e, d, ExitCode::Mgl);
            *h.resolutions.entry("history.closed_by_death").or_default() += 1;
        }
    }
    for s in &mut h.supervision {
        let died = h.persons[s.person.0 as usize].death;
        if s.end.is_none()
            && let Some(d) = died.filter(|d| *d >= s.start)
        {
            (s.end, s.end_kind) = (Some(d), Some(SupervisionEnd::Died));
        }
    }
}
