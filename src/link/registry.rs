//! The registry of persons: the same key every month, under handles that are no names.

use super::handles::{Handled, OwnHandles, handles};
use super::pseudonym::{Handle, PersonKey, PseudonymKey};
use crate::domain::{Members, Month};
use crate::ingest::month_in;
use crate::workspace::{StateError, read_state, write_state, write_state_with};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;

/// A handle's key from a month on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    handle: Handle,
    since: Month,
    key: PersonKey,
}

/// Keys of persons seen so far: under the handles of their identities, never under names or numbers.
///
/// A handle is a keyed digest of an intact NIK, or of folded name and birth date. Both are kept for an identity that has
/// both, so that a NIK that appears later, or a name spelt anew, does not change the person's key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    month: Option<Month>,
    /// In their order.
    entries: Vec<Entry>,
    changes: Vec<Change>,
}

/// Persons of earlier months that turned out to be one, or one that turned out to be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Month in which it was seen.
    pub month: Month,
    /// Persons merged (`true`) or split.
    pub merged: bool,
    /// The key that goes on.
    pub key: PersonKey,
    /// Of a merge a key that ends; of a split a key that begins.
    pub other: PersonKey,
}

/// Keys of a month's persons, and what changed since the months before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assigned {
    /// Key per person.
    pub keys: Vec<PersonKey>,
    /// Merges and splits since the months before.
    pub changes: Vec<Change>,
    /// Handle → person, for the registry of the next month; in their order.
    handles: Vec<(Handle, u32)>,
}

/// A line of the registry, `handle,key,since`; of a registry that a spreadsheet saved again the separator may be another
/// one and the month written out.
fn entry(line: &str) -> Option<Entry> {
    let mut parts = line.split([',', ';', '\t']);
    let mut next = || Some(parts.next()?.trim().trim_matches('"'));
    let (handle, key, since) = (next()?, next()?, next()?);
    if parts.any(|rest| !rest.trim().is_empty()) {
        return None;
    }
    Some(Entry {
        handle: handle.parse().ok()?,
        since: since.parse().ok().or_else(|| month_in(since))?,
        key: key.parse().ok()?,
    })
}

fn unreadable(path: &Path, line: usize) -> StateError {
    StateError::Unknown {
        path: path.to_owned(),
        reason: format!("{line}"),
    }
}

/// How many identities of a person speak for an old key.
#[derive(Clone, Copy)]
struct Vote {
    count: u64,
    key: PersonKey,
    person: u32,
}

impl Registry {
    /// Reads the registry as it is for a month; `None` when there is none.
    ///
    /// # Errors
    /// A registry that is there and cannot be read whole: a line that is none is named, never passed over.
    pub fn load(path: &Path, month: Month) -> Result<Option<Registry>, StateError> {
        let Some(bytes) = read_state(path)? else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&bytes).map_err(|e| {
            let before = bytes[..e.valid_up_to()].iter();
            let line = 1 + before.filter(|b| **b == b'\n').count();
            unreadable(path, line)
        })?;
        let text = text.trim_start_matches('\u{feff}');
        let lines: Vec<&str> = text.lines().collect();
        let read = lines.par_iter().enumerate().filter(|(_, l)| !l.is_empty());
        let read = read.map(|(n, l)| entry(l).ok_or(n + 1));
        // Of several lines that are none the first is named.
        let read: Vec<Result<Entry, usize>> = read.collect();
        let mut entries = Vec::with_capacity(read.len());
        for e in read {
            entries.push(e.map_err(|line| unreadable(path, line))?);
        }
        entries.par_sort_unstable();
        Ok(Some(Registry {
            month: Some(month),
            entries,
            changes: Vec::new(),
        }))
    }

    /// A registry in which nobody is known yet.
    pub fn empty(month: Month) -> Registry {
        Registry {
            month: Some(month),
            ..Registry::default()
        }
    }

    /// How many persons it knows.
    pub fn persons(&self) -> usize {
        let keys: FxHashSet<PersonKey> = self.entries.iter().map(|e| e.key).collect();
        keys.len()
    }

    /// Writes it whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), StateError> {
        write_state_with(path, |out| {
            self.entries
                .iter()
                .try_for_each(|e| writeln!(out, "{},{},{}", e.handle, e.key, e.since))
        })
        .map_err(StateError::io(path))
    }

    /// Writes the merges and splits of this month: `month,change,key,other`, keys alone. `before` is what stood there.
    pub fn save_changes(&self, before: &Path, path: &Path) -> Result<(), StateError> {
        let old = read_state(before)?.unwrap_or_default();
        let old = String::from_utf8(old).map_err(StateError::unknown(before))?;
        let this = self.month.map(|m| format!("{m},")).unwrap_or_default();
        let mut lines: Vec<String> = old
            .lines()
            .skip(1)
            .filter(|l| !l.starts_with(&this))
            .map(str::to_owned)
            .collect();
        lines.extend(self.changes.iter().map(|c| {
            let word = if c.merged { "merged" } else { "split" };
            format!("{},{word},{},{}", c.month, c.key, c.other)
        }));
        lines.sort_unstable();
        let text = format!("month,change,key,other\n{}", lines.join("\n"));
        let text = format!("{}\n", text.trim_end());
        write_state(path, text.as_bytes()).map_err(StateError::io(path))
    }

    /// Where what is known of each handle begins, oldest first; the handles are in their order. Where nothing is known
    /// begins what is known of another, or nothing.
    fn places(&self, handles: &[Handled]) -> Vec<u32> {
        const AT_A_TIME: usize = 1 << 12;
        let pieces = handles.par_chunks(AT_A_TIME).flat_map_iter(|some| {
            let of = |h: &Handle| self.entries.partition_point(|e| e.handle < *h);
            let mut at = some.first().map_or(0, |h| of(&h.handle));
            some.iter().map(move |h| {
                let rest = self.entries[at..].iter();
                at += rest.take_while(|e| e.handle < h.handle).count();
                at as u32
            })
        });
        pieces.collect()
    }

    /// All that is known of a handle from its place on.
    fn of(&self, place: u32, handle: &Handle) -> &[Entry] {
        let all = &self.entries[place as usize..];
        &all[..all.iter().take_while(|e| e.handle == *handle).count()]
    }

    /// Forgets handles given before a month of people who are not `present`; says how many.
    pub fn forget(&mut self, present: &Assigned, before: Month) -> usize {
        let handles = |all: &[Entry]| all.chunk_by(|x, y| x.handle == y.handle).count();
        let all = handles(&self.entries);
        let here: FxHashSet<Handle> = present.handles.iter().map(|(handle, _)| *handle).collect();
        let kept: Vec<Entry> = self
            .entries
            .chunk_by(|x, y| x.handle == y.handle)
            .filter(|c| here.contains(&c[0].handle) || c.iter().any(|e| e.since >= before))
            .flatten()
            .copied()
            .collect();
        self.entries = kept;
        all - handles(&self.entries)
    }

    /// The key of what is known of a handle: the latest up to this month, else the first after it.
    fn key_of(&self, all: &[Entry]) -> Option<PersonKey> {
        let up_to = |m: Month| all.iter().rev().find(|e| e.since <= m);
        self.month
            .map_or_else(|| all.last(), up_to)
            .or_else(|| all.first())
            .map(|e| e.key)
    }

    /// The key it had before this month.
    fn key_before(&self, all: &[Entry]) -> Option<PersonKey> {
        let month = self.month?;
        all.iter().rev().find(|e| e.since < month).map(|e| e.key)
    }

    /// The key each identity's person had before this month: that of its NIK, else of its name and birth date.
    pub(super) fn keys_before(&self, own: &[OwnHandles]) -> Vec<Option<PersonKey>> {
        let key = |handle: Handle| {
            let at = self.entries.partition_point(|e| e.handle < handle);
            self.key_before(self.of(at as u32, &handle))
        };
        let of = |own: &OwnHandles| own.all().find_map(|(handle, _)| key(handle));
        match self.entries.is_empty() {
            true => vec![None; own.len()],
            false => own.par_iter().map(of).collect(),
        }
    }

    /// A key for each person: the one its identities had, else a new one. Of several old keys the one most of its
    /// identities had goes on; of several persons with one old key the one with most of its identities.
    pub(super) fn assign(
        &self,
        own: &[OwnHandles],
        persons: &Members,
        secret: &PseudonymKey,
    ) -> Assigned {
        let handles = handles(own, persons);
        let places = self.places(&handles);
        // How many identities of each person speak for each old key.
        let mut said: Vec<(PersonKey, u32, u64)> = handles
            .par_iter()
            .zip(&places)
            .filter_map(|(h, &at)| {
                let key = self.key_of(self.of(at, &h.handle))?;
                Some((key, h.person, h.counts()))
            })
            .collect();
        said.par_sort_unstable();
        let votes: Vec<Vote> = said
            .chunk_by(|x, y| (x.0, x.1) == (y.0, y.1))
            .map(|c| Vote {
                count: c.iter().map(|v| v.2).sum(),
                key: c[0].0,
                person: c[0].1,
            })
            .collect();
        drop(said);
        let mut keys: Vec<Option<PersonKey>> = vec![None; persons.len()];
        // Most people have one old key, which nobody else has; the others are ranked.
        let mut claims = vec![0u32; persons.len()];
        votes.iter().for_each(|v| claims[v.person as usize] += 1);
        let mut ranked: Vec<Vote> = Vec::new();
        for claimants in votes.chunk_by(|x, y| x.key == y.key) {
            match claimants {
                [v] if claims[v.person as usize] == 1 => keys[v.person as usize] = Some(v.key),
                several => ranked.extend_from_slice(several),
            }
        }
        drop((votes, claims));
        // Persons that share all handles come in the order of their identities.
        let smallest = |p: u32| {
            let own = persons.get(p).iter().map(|&i| own[i as usize].first());
            own.min()
        };
        let order = |p: u32| (smallest(p), persons.get(p).first().copied());
        ranked.par_sort_by_cached_key(|v| (std::cmp::Reverse(v.count), v.key, order(v.person)));
        let mut taken: FxHashSet<PersonKey> = FxHashSet::default();
        for v in ranked {
            let slot = &mut keys[v.person as usize];
            if slot.is_none() && taken.insert(v.key) {
                *slot = Some(v.key);
            }
        }
        let mut fresh: Vec<u32> = (0..persons.len() as u32)
            .filter(|&p| keys[p as usize].is_none())
            .collect();
        fresh.par_sort_by_cached_key(|&p| order(p));
        // New keys never are ones that somebody had. Most people get the first that is made; those who share all handles
        // with others look further, at twice as many every time.
        let (mut from, mut wide) = (0u32, 1);
        while !fresh.is_empty() {
            let made: Vec<PersonKey> = (fresh.par_iter())
                .flat_map_iter(|&p| {
                    let base = smallest(p).map_or(String::new(), |h| h.to_string());
                    let numbers = from..from + wide;
                    numbers.map(move |n| secret.person(&format!("person|{base}|{n}")))
                })
                .collect();
            let mut taken = self.those_had(&made.iter().copied().collect(), |_| true);
            let tries = fresh.into_iter().zip(made.chunks(wide as usize));
            fresh = tries
                .filter_map(|(p, made)| {
                    let key = made.iter().copied().find(|k| taken.insert(*k));
                    keys[p as usize] = key;
                    key.is_none().then_some(p)
                })
                .collect();
            (from, wide) = (from + wide, 2 * wide);
        }
        let keys: Vec<PersonKey> = keys.into_iter().map(Option::unwrap_or_default).collect();
        let changes = self.changes(&handles, &places, &keys);
        // A handle two persons share names neither.
        let same = handles.chunk_by(|x, y| x.handle == y.handle);
        let kept = same.filter(|c| c.len() == 1);
        Assigned {
            keys,
            changes,
            handles: kept.map(|c| (c[0].handle, c[0].person)).collect(),
        }
    }

    /// Those of some keys that somebody had in an entry that counts.
    fn those_had(
        &self,
        some: &FxHashSet<PersonKey>,
        counts: impl Fn(&Entry) -> bool + Sync,
    ) -> FxHashSet<PersonKey> {
        if some.is_empty() {
            return FxHashSet::default();
        }
        let entries = self.entries.par_iter();
        entries
            .filter(|e| some.contains(&e.key) && counts(e))
            .map(|e| e.key)
            .collect()
    }

    fn changes(&self, handles: &[Handled], places: &[u32], keys: &[PersonKey]) -> Vec<Change> {
        let Some(month) = self.month.filter(|_| !self.entries.is_empty()) else {
            return Vec::new();
        };
        let of_handles = || {
            let all = handles.par_iter().zip(places);
            all.filter_map(|(h, &at)| {
                let key = self.key_before(self.of(at, &h.handle))?;
                Some((key, h.person, keys[h.person as usize]))
            })
        };
        // Of the keys people had only those matter that somebody has no more.
        let left: FxHashSet<PersonKey> = of_handles()
            .filter(|(key, _, now)| key != now)
            .map(|(key, ..)| key)
            .collect();
        if left.is_empty() {
            return Vec::new();
        }
        let mut had: Vec<(PersonKey, u32)> = of_handles()
            .filter(|(key, ..)| left.contains(key))
            .map(|(key, person, _)| (key, person))
            .collect();
        had.par_sort_unstable();
        had.dedup();
        let now = had.iter().map(|(_, p)| keys[*p as usize]).collect();
        let before = self.those_had(&now, |e| e.since < month);
        let in_use: FxHashSet<PersonKey> = (keys.par_iter().copied())
            .filter(|k| left.contains(k))
            .collect();
        let change = |merged, key, other| Change {
            month,
            merged,
            key,
            other,
        };
        let mut out: Vec<Change> = Vec::new();
        for holders in had.chunk_by(|x, y| x.0 == y.0) {
            let key = holders[0].0;
            let now = holders.iter().map(|(_, p)| keys[*p as usize]);
            if !in_use.contains(&key) {
                // A key that lives on with somebody else has not ended.
                out.extend(now.map(|k| change(true, k, key)));
            } else if holders.len() > 1 {
                let new = now.filter(|k| *k != key && !before.contains(k));
                out.extend(new.map(|k| change(false, key, k)));
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// This registry with the persons of its month.
    pub fn with(&self, assigned: &Assigned) -> Registry {
        let mut out = Registry {
            month: self.month,
            entries: Vec::new(),
            changes: assigned.changes.clone(),
        };
        let Some(month) = self.month else {
            out.entries.clone_from(&self.entries);
            return out;
        };
        // Identities that are not in this month's files go where the rest of their person went.
        let ended: FxHashMap<PersonKey, PersonKey> = assigned
            .changes
            .iter()
            .filter(|c| c.merged)
            .map(|c| (c.other, c.key))
            .collect();
        let mut new: Vec<Entry> = Vec::new();
        for all in self.entries.chunk_by(|x, y| x.handle == y.handle) {
            if let Some(&key) = self.key_of(all).and_then(|k| ended.get(&k)) {
                new.push(Entry {
                    handle: all[0].handle,
                    since: month,
                    key,
                });
            }
        }
        // What this month's files say comes last and counts.
        new.extend(assigned.handles.iter().map(|&(handle, person)| Entry {
            handle,
            since: month,
            key: assigned.keys[person as usize],
        }));
        new.sort_by_key(|e| e.handle);
        let mut old = self.entries.as_slice();
        for same in new.chunk_by(|x, y| x.handle == y.handle) {
            let Some(entry) = same.last() else { continue };
            let before = old.iter().take_while(|e| e.handle < entry.handle).count();
            out.entries.extend_from_slice(&old[..before]);
            old = &old[before..];
            let n = old.iter().take_while(|e| e.handle == entry.handle).count();
            let (known, rest) = old.split_at(n);
            old = rest;
            let now = known.iter().rev().find(|e| e.since <= month);
            if now.is_some_and(|e| e.key == entry.key) {
                out.entries.extend_from_slice(known);
            } else {
                let (earlier, later): (Vec<Entry>, Vec<Entry>) = known
                    .iter()
                    .filter(|e| e.since != month)
                    .partition(|e| e.since < month);
                out.entries.extend(earlier);
                out.entries.push(*entry);
                out.entries.extend(later);
            }
        }
        out.entries.extend_from_slice(old);
        out
    }
}

#[cfg(test)]
mod tests;
