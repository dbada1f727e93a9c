//! Releases and what followed them: the raw material of every return rate (docs/definitions.md 3).

use crate::domain::history::*;
use crate::domain::supervision::SupervisionEnd;
use crate::domain::{ExitCode, Upt, add_months};
use crate::workspace::Definitions;
use chrono::NaiveDate;
use rayon::prelude::*;

/// What kind of re-entry it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A new case: the offence came after the release.
    New,
    /// A new case whose offence day is unknown: counted, and tallied.
    NewUnknownDate,
    /// The offence came before the release (old case, second charge, subsider): no recidivism.
    Pseudo,
    /// Revocation for a technical violation.
    Technical,
}

/// A re-entry or technical revocation after a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Return {
    /// When.
    pub date: NaiveDate,
    /// What.
    pub kind: EntryKind,
    /// When the new case was sentenced, if it was.
    pub sentenced: Option<NaiveDate>,
    /// The episode it opened, if any.
    pub episode: Option<usize>,
}

/// An index release.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// Who.
    pub person: PersonId,
    /// Index into `Histories::episodes`.
    pub episode: usize,
    /// Day of leaving.
    pub t0: NaiveDate,
    /// How.
    pub exit: ExitCode,
    /// From where.
    pub upt: Option<Upt>,
    /// Custody episodes before this one.
    pub prior: u32,
    /// Everything that followed, in order of time.
    pub returns: Vec<Return>,
    /// Death after release.
    pub death: Option<NaiveDate>,
    /// Left observation (guidance handed to another office).
    pub censored: Option<NaiveDate>,
}

/// All index releases, sorted by person and day.
pub fn releases(h: &Histories, d: &Definitions) -> Vec<Release> {
    let mut offset = 0;
    let people: Vec<(usize, &[Episode])> = h
        .episodes
        .chunk_by(|a, b| a.person == b.person)
        .map(|group| {
            let from = offset;
            offset += group.len();
            (from, group)
        })
        .collect();
    people
        .par_iter()
        .flat_map_iter(|(offset, group)| released(h, d, *offset, group))
        .collect()
}

/// The index releases of one person.
fn released<'h>(
    h: &'h Histories,
    d: &'h Definitions,
    offset: usize,
    group: &'h [Episode],
) -> impl Iterator<Item = Release> + 'h {
    let guided = h.spells_of(group[0].person);
    group.iter().enumerate().filter_map(move |(k, e)| {
        let (t0, exit) = (e.end?, e.exit?);
        exit.is_index_release(d.home_assimilation).then(|| Release {
            person: e.person,
            episode: offset + k,
            t0,
            exit,
            upt: e.stays.last().map(|s| s.upt),
            prior: k as u32,
            returns: returns(guided, group, offset, k, t0),
            death: h.person(e.person).death.filter(|x| *x >= t0),
            censored: delegated(guided, t0, group.get(k + 1).map(|n| n.start)),
        })
    })
}

/// The day guidance after a release was handed to another office (LMP): what follows is out of sight here
/// (docs/definitions.md 5). A later stay inside shows that it was not.
fn delegated(
    guided: &[SupervisionSpell],
    t0: NaiveDate,
    next: Option<NaiveDate>,
) -> Option<NaiveDate> {
    if next.is_some() {
        return None;
    }
    guided
        .iter()
        .filter(|s| s.end_kind == Some(SupervisionEnd::Delegated) && s.start >= t0)
        .filter_map(|s| s.end)
        .filter(|d| *d >= t0)
        .min()
}

fn returns(
    guided: &[SupervisionSpell],
    group: &[Episode],
    offset: usize,
    k: usize,
    t0: NaiveDate,
) -> Vec<Return> {
    let mut out: Vec<Return> = group[k + 1..]
        .iter()
        .enumerate()
        // Of a stay of which only the end is known nobody can say when it began.
        .filter(|(_, e)| e.start >= t0 && e.admission_known)
        .map(|(i, e)| {
            let kind = match e.offence_date {
                _ if e.began_by_revocation => EntryKind::Technical,
                Some(x) if x <= t0 => EntryKind::Pseudo,
                Some(_) => EntryKind::New,
                None => EntryKind::NewUnknownDate,
            };
            let first_b = e
                .classes
                .iter()
                .find(|c| c.class.is_sentenced())
                .map(|c| c.from);
            Return {
                date: e.start,
                kind,
                sentenced: first_b.map(|b| e.verdict.map_or(b, |v| v.max(e.start).min(b))),
                episode: Some(offset + k + 1 + i),
            }
        })
        .collect();
    // A technical revocation that no register shows is an event of its own.
    let next = group.get(k + 1).map(|e| e.start);
    for s in guided {
        if s.end_kind == Some(SupervisionEnd::RevokedTechnical)
            && let Some(end) = s.end
            && end >= t0
            && next.is_none_or(|n| end < n)
            && !out
                .iter()
                .any(|r| r.kind == EntryKind::Technical && (r.date - end).num_days().abs() <= 60)
        {
            out.push(Return {
                date: end,
                kind: EntryKind::Technical,
                sentenced: None,
                episode: None,
            });
        }
    }
    out.sort_by_key(|r| r.date);
    out
}

impl Release {
    /// Complete follow-up for a window: decided by the release day alone (docs/definitions.md 3).
    pub fn is_complete(&self, window: u16, wait: u16, cutoff: NaiveDate) -> bool {
        add_months(self.t0, u32::from(window + wait)) <= cutoff
    }

    fn is_new(kind: EntryKind) -> bool {
        matches!(kind, EntryKind::New | EntryKind::NewUnknownDate)
    }

    /// Re-entries for an offence after release, in order of time.
    pub fn new_returns(&self) -> impl Iterator<Item = &Return> {
        self.returns.iter().filter(|r| Self::is_new(r.kind))
    }

    /// First P1 event: any re-entry for an offence after release.
    pub fn first_new(&self) -> Option<NaiveDate> {
        self.new_returns().next().map(|r| r.date)
    }

    /// First technical revocation.
    pub fn first_technical(&self) -> Option<NaiveDate> {
        self.returns
            .iter()
            .find(|r| r.kind == EntryKind::Technical)
            .map(|r| r.date)
    }

    /// P1 within the window; the last day counts.
    pub fn p1(&self, window: u16) -> bool {
        self.first_new()
            .is_some_and(|d| d <= add_months(self.t0, u32::from(window)))
    }

    /// P2: a P1 event in the window that led to a sentence within the window and the waiting time.
    pub fn p2(&self, window: u16, wait: u16) -> bool {
        let (limit, proven) = (
            add_months(self.t0, u32::from(window)),
            add_months(self.t0, u32::from(window + wait)),
        );
        self.new_returns()
            .any(|r| r.date <= limit && r.sentenced.is_some_and(|s| s <= proven))
    }

    /// P3: P1 or a technical revocation.
    pub fn p3(&self, window: u16) -> bool {
        let limit = add_months(self.t0, u32::from(window));
        self.p1(window) || self.first_technical().is_some_and(|d| d <= limit)
    }

    /// Re-entries for new offences inside the window.
    pub fn new_entries(&self, window: u16) -> u32 {
        let limit = add_months(self.t0, u32::from(window));
        self.new_returns().filter(|r| r.date <= limit).count() as u32
    }

    /// By event name of the settings.
    pub fn event(&self, event: &str, window: u16, wait: u16) -> bool {
        match event {
            "P2" => self.p2(window, wait),
            "P3" => self.p3(window),
            _ => self.p1(window),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(s: &str) -> NaiveDate {
        NaiveDate::parse_from_str(s, "%d-%m-%Y").unwrap()
    }

    /// The ten releases of the worked example.
    pub fn w1() -> Vec<Release> {
        type Life = (
            &'static str,
            Option<(&'static str, EntryKind)>,
            Option<&'static str>,
        );
        let rows: [Life; 10] = [
            ("10-01-2024", Some(("10-05-2024", EntryKind::New)), None),
            ("29-02-2024", None, None),
            (
                "15-03-2024",
                Some(("15-09-2024", EntryKind::Technical)),
                None,
            ),
            ("01-04-2024", None, Some("01-12-2024")),
            ("30-06-2024", Some(("30-06-2025", EntryKind::New)), None),
            ("01-07-2024", Some(("02-07-2025", EntryKind::New)), None),
            ("31-12-2024", None, None),
            ("01-01-2025", None, None),
            ("01-05-2025", Some(("01-06-2025", EntryKind::New)), None),
            ("10-10-2025", None, None),
        ];
        rows.iter()
            .enumerate()
            .map(|(i, (t0, event, death))| Release {
                person: PersonId(i as u32),
                episode: i,
                t0: day(t0),
                exit: ExitCode::Bm,
                upt: None,
                prior: 0,
                returns: event
                    .iter()
                    .map(|(d, kind)| Return {
                        date: day(d),
                        kind: *kind,
                        sentenced: None,
                        episode: None,
                    })
                    .collect(),
                death: death.map(day),
                censored: None,
            })
            .collect()
    }

    #[test]
    fn w1_complete_follow_up_is_decided_by_the_release_day_alone() {
        let c = day("31-12-2025");
        let complete: Vec<Release> = w1()
            .into_iter()
            .filter(|r| r.is_complete(12, 0, c))
            .collect();
        assert_eq!(complete.len(), 7);
        assert_eq!(complete.iter().filter(|r| r.p1(12)).count(), 2);
        assert_eq!(complete.iter().filter(|r| r.p3(12)).count(), 3);
        let naive = w1()
            .into_iter()
            .filter(|r| r.is_complete(12, 0, c) || r.p1(12))
            .collect::<Vec<_>>();
        assert_eq!(
            (naive.len(), naive.iter().filter(|r| r.p1(12)).count()),
            (8, 3),
            "the wrong way"
        );
    }

    #[test]
    fn the_last_day_of_the_window_counts_and_the_next_does_not() {
        let all = w1();
        assert!(all[4].p1(12), "P05");
        assert!(!all[5].p1(12), "P06");
    }
}
