//! When and where custody registers place an identity: two prisons at once, without a transfer, are two people.
//!
//! Only what a register proves counts. A row without an exit proves the day of admission and nothing after it: old lists
//! forget exits. A prison that repeats the first day of detention proves nothing against the one before it.

use crate::domain::records::{Custody, Records};
use crate::domain::{ExitCode, Upt};
use chrono::NaiveDate;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Days that two registers of one person may overlap: hand-over, travel, late entries.
const HAND_OVER: i64 = 7;
/// Admissions at most this many days apart are one admission, written down twice.
const SAME_ADMISSION: i64 = 3;

/// One stay in one unit, as a register has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    upt: Upt,
    from: NaiveDate,
    to: Option<NaiveDate>,
    /// Left by transfer; to which unit, if that is written.
    transferred: Option<Option<Upt>>,
    came_from: Option<Upt>,
    /// The first record that says so.
    record: u32,
}

impl Spell {
    fn of(r: &Custody, record: u32) -> Option<Spell> {
        let from = r.admitted.day()?;
        let to = r.exit_date.day();
        if to.is_some_and(|t| t < from) {
            return None;
        }
        Some(Spell {
            upt: r.upt,
            from,
            to,
            transferred: (r.exit == Some(ExitCode::Pdh)).then_some(r.to_upt),
            came_from: r.from_upt,
            record,
        })
    }

    /// The record that says so.
    pub fn record(&self) -> u32 {
        self.record
    }

    /// The two cannot be one person's.
    pub fn excludes(&self, other: &Spell) -> bool {
        if self.upt == other.upt || self.leads_to(other) || other.leads_to(self) {
            return false;
        }
        if (self.from - other.from).num_days().abs() <= SAME_ADMISSION {
            return false;
        }
        match (self.to, other.to) {
            (Some(x), Some(y)) => (x.min(y) - self.from.max(other.from)).num_days() > HAND_OVER,
            (Some(end), None) => self.holds(end, other.from),
            (None, Some(end)) => other.holds(end, self.from),
            (None, None) => false,
        }
    }

    /// Inside on a day, well after admission and well before the end.
    fn holds(&self, end: NaiveDate, day: NaiveDate) -> bool {
        (day - self.from).num_days() > HAND_OVER && (end - day).num_days() > HAND_OVER
    }

    /// A transfer explains why the other begins before this one ends.
    fn leads_to(&self, other: &Spell) -> bool {
        let sent = self
            .transferred
            .is_some_and(|to| to.is_none_or(|u| u == other.upt));
        (sent || other.came_from == Some(self.upt)) && other.from >= self.from
    }
}

/// Spells of every identity.
#[derive(Debug, Clone, Default)]
pub struct Spells {
    all: Vec<Spell>,
    /// Where each identity's spells begin; one more at the end.
    starts: Vec<u32>,
}

/// A part of an identity that was in two prisons at once: two people whom the lists do not tell apart, or a list that is
/// wrong. A person decides which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The identity it was taken out of.
    pub from: u32,
    /// Its first record.
    pub record: u32,
    upt: Upt,
    since: NaiveDate,
}

impl Moved {
    /// What tells it from the rest of the identity, the same every month.
    pub fn describe(&self) -> String {
        format!("|{}|{}", self.upt.0, self.since)
    }
}

impl Spells {
    /// Reads them off the registers; custody records are the first of all, so `node_of` names their identities. An
    /// identity that was in two prisons at once becomes several, numbered from `identities` on: `node_of` follows, and
    /// what was taken out of which comes back.
    pub fn of(records: &Records, node_of: &mut [u32], identities: usize) -> (Spells, Vec<Moved>) {
        let mut keyed: Vec<(u32, Spell)> = records
            .custody
            .par_iter()
            .zip(&*node_of)
            .enumerate()
            .filter_map(|(i, (r, &node))| Spell::of(r, i as u32).map(|s| (node, s)))
            .collect();
        // Of one admission in several lists the earliest exit is what is proven; a row without one comes last.
        keyed.par_sort_unstable_by_key(|&(node, s)| (node, s.upt, s.from, s.to.is_none(), s));
        keyed.dedup_by_key(|(node, s)| (*node, s.upt, s.from));
        let (moved, place) = split(&mut keyed, identities);
        if !moved.is_empty() {
            for (r, node) in records.custody.iter().zip(node_of.iter_mut()) {
                let since = r.admitted.day();
                if let Some(&to) = since.and_then(|from| place.get(&(*node, r.upt, from))) {
                    *node = to;
                }
            }
            keyed.par_sort_unstable();
        }
        let all = identities + moved.len();
        let mut starts = vec![0; all + 1];
        for (node, _) in &keyed {
            starts[*node as usize + 1] += 1;
        }
        for i in 0..all {
            starts[i + 1] += starts[i];
        }
        let spells = Spells {
            all: keyed.into_iter().map(|(_, s)| s).collect(),
            starts,
        };
        (spells, moved)
    }

    /// Two stays, one of each group of identities, that cannot be one person's.
    pub fn overlap(&self, x: &[u32], y: &[u32]) -> Option<(Spell, Spell)> {
        let all = |group: &[u32]| -> Vec<Spell> {
            group.iter().flat_map(|&i| self.get(i)).copied().collect()
        };
        let (p, q) = (all(x), all(y));
        let mut pairs = p.iter().flat_map(|s| q.iter().map(move |t| (*s, *t)));
        pairs.find(|(s, t)| s.excludes(t))
    }

    /// Spells of one identity.
    pub fn get(&self, identity: u32) -> &[Spell] {
        let at = |i: usize| self.starts.get(i).copied().unwrap_or(0) as usize;
        let i = identity as usize;
        self.all.get(at(i)..at(i + 1)).unwrap_or_default()
    }
}

/// Where an identity's stay in a unit from a day on went.
type Place = FxHashMap<(u32, Upt, NaiveDate), u32>;

/// Takes the stays of an identity apart that exclude each other: in the order of their days each goes to the first part
/// it fits into. The first part stays what it was.
fn split(keyed: &mut [(u32, Spell)], identities: usize) -> (Vec<Moved>, Place) {
    let (mut moved, mut place) = (Vec::new(), Place::default());
    for stays in keyed.chunk_by_mut(|x, y| x.0 == y.0) {
        let clash = |i: usize| stays[i + 1..].iter().any(|y| stays[i].1.excludes(&y.1));
        if !(0..stays.len()).any(clash) {
            continue;
        }
        stays.sort_unstable_by_key(|&(_, s)| (s.from, s.to, s));
        let mut parts: Vec<(u32, Vec<Spell>)> = Vec::new();
        for (node, s) in stays {
            let fits = |p: &(u32, Vec<Spell>)| !p.1.iter().any(|x| x.excludes(s));
            if let Some((to, all)) = parts.iter_mut().find(|p| fits(p)) {
                all.push(*s);
                if *to != *node {
                    place.insert((*node, s.upt, s.from), *to);
                }
                *node = *to;
                continue;
            }
            let to = match parts.is_empty() {
                true => *node,
                false => (identities + moved.len()) as u32,
            };
            parts.push((to, vec![*s]));
            if to != *node {
                place.insert((*node, s.upt, s.from), to);
                moved.push(Moved {
                    from: *node,
                    record: s.record,
                    upt: s.upt,
                    since: s.from,
                });
            }
            *node = to;
        }
    }
    (moved, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    fn spell(upt: u16, from: &str, to: &str) -> Spell {
        Spell {
            upt: Upt(upt),
            from: day(from),
            to: (!to.is_empty()).then(|| day(to)),
            transferred: None,
            came_from: None,
            record: 0,
        }
    }

    #[test]
    fn two_prisons_at_once_are_two_people_and_one_prison_is_not() {
        let a = spell(1, "2024-01-10", "2024-12-01");
        assert!(a.excludes(&spell(2, "2024-03-01", "2024-06-01")));
        assert!(!a.excludes(&spell(1, "2024-03-01", "2024-06-01")));
        assert!(!a.excludes(&spell(2, "2024-12-03", "2025-06-01")));
    }

    #[test]
    fn a_hand_over_of_a_few_days_or_a_written_transfer_is_no_overlap() {
        let a = spell(1, "2024-01-10", "2024-12-01");
        assert!(!a.excludes(&spell(2, "2024-11-26", "2025-06-01")));
        let sent = Spell {
            transferred: Some(Some(Upt(2))),
            ..a
        };
        assert!(!sent.excludes(&spell(2, "2024-10-01", "2025-06-01")));
        assert!(sent.excludes(&spell(3, "2024-10-01", "2025-06-01")));
        let came = Spell {
            came_from: Some(Upt(1)),
            ..spell(2, "2024-10-01", "2025-06-01")
        };
        assert!(!a.excludes(&came));
    }

    #[test]
    fn a_row_without_an_exit_proves_its_admission_alone() {
        let open = spell(1, "2020-01-10", "");
        assert!(!open.excludes(&spell(2, "2023-03-01", "2024-06-01")));
        assert!(!open.excludes(&spell(2, "2023-03-01", "")));
        assert!(open.excludes(&spell(2, "2019-03-01", "2021-06-01")));
    }

    #[test]
    fn the_first_day_of_detention_repeated_by_the_next_prison_proves_nothing() {
        let a = spell(1, "2024-01-10", "2024-03-01");
        assert!(!a.excludes(&spell(2, "2024-01-10", "2025-06-01")));
    }
}
