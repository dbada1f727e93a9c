//! The registry of persons: the same key every month, under handles that are no names.

use super::identity::Features;
use super::pseudonym::{Handle, PersonKey, PseudonymKey, RegistryError, fail};
use crate::domain::{Members, Month};
use crate::workspace::{write_private, write_private_with};
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

/// How much more an intact NIK says about who is who than a name and a birth date.
const NIK_COUNTS: u64 = 1000;

impl Registry {
    /// Reads the registry as it is for a month; a missing file is an empty one.
    pub fn load(path: &Path, month: Month) -> Result<Registry, RegistryError> {
        let mut out = Registry {
            month: Some(month),
            ..Registry::default()
        };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(out),
            Err(e) => return Err(fail(path)(&e)),
        };
        let entry = |line: &str| {
            let mut parts = line.split(',');
            let (handle, key, since) = (parts.next()?, parts.next()?, parts.next()?);
            Some(Entry {
                handle: handle.parse().ok()?,
                since: since.parse().ok()?,
                key: key.parse().ok()?,
            })
        };
        out.entries = text.par_lines().filter_map(entry).collect();
        out.entries.par_sort_unstable();
        Ok(out)
    }

    /// Writes it whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), RegistryError> {
        write_private_with(path, |out| {
            self.entries
                .iter()
                .try_for_each(|e| writeln!(out, "{},{},{}", e.handle, e.key, e.since))
        })
        .map_err(|e| fail(path)(&e))
    }

    /// Writes the merges and splits of this month: `month,change,key,other`, keys alone. `before` is what stood there.
    pub fn save_changes(&self, before: &Path, path: &Path) -> Result<(), RegistryError> {
        let old = std::fs::read_to_string(before).unwrap_or_default();
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
        write_private(path, format!("{}\n", text.trim_end()).as_bytes()).map_err(|e| fail(path)(&e))
    }

    /// All that is known of a handle, oldest first.
    fn of(&self, handle: &Handle) -> &[Entry] {
        let from = self.entries.partition_point(|e| e.handle < *handle);
        let all = &self.entries[from..];
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

    /// The key of a handle: the latest up to this month, else the first after it.
    fn key(&self, handle: &Handle) -> Option<PersonKey> {
        self.key_of(self.of(handle))
    }

    /// The key of what is known of a handle.
    fn key_of(&self, all: &[Entry]) -> Option<PersonKey> {
        let up_to = |m: Month| all.iter().rev().find(|e| e.since <= m);
        self.month
            .map_or_else(|| all.last(), up_to)
            .or_else(|| all.first())
            .map(|e| e.key)
    }

    /// The key of a handle before this month.
    fn key_before(&self, handle: &Handle) -> Option<PersonKey> {
        let month = self.month?;
        let all = self.of(handle);
        all.iter().rev().find(|e| e.since < month).map(|e| e.key)
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
        // How many identities of each person speak for each old key.
        let mut said: Vec<(PersonKey, u32, u64)> = handles
            .par_iter()
            .filter_map(|h| self.key(&h.handle).map(|k| (k, h.person, h.counts())))
            .collect();
        said.par_sort_unstable();
        let mut votes: Vec<(u64, PersonKey, u32)> = said
            .chunk_by(|x, y| (x.0, x.1) == (y.0, y.1))
            .map(|c| (c.iter().map(|v| v.2).sum(), c[0].0, c[0].1))
            .collect();
        drop(said);
        let mut smallest: Vec<Option<Handle>> = vec![None; persons.len()];
        for h in &handles {
            let s = &mut smallest[h.person as usize];
            *s = Some(s.map_or(h.handle, |old| old.min(h.handle)));
        }
        // Persons that share all handles come in the order of their identities.
        let order = |p: u32| (smallest[p as usize], persons.get(p).first().copied());
        votes.par_sort_unstable_by(|x, y| {
            (y.0.cmp(&x.0)).then_with(|| (x.1, order(x.2)).cmp(&(y.1, order(y.2))))
        });
        let mut keys: Vec<Option<PersonKey>> = vec![None; persons.len()];
        let mut taken: FxHashSet<PersonKey> = FxHashSet::default();
        for (_, key, person) in votes {
            let slot = &mut keys[person as usize];
            if slot.is_none() && taken.insert(key) {
                *slot = Some(key);
            }
        }
        // New keys never are ones that somebody had.
        taken.extend(self.entries.iter().map(|e| e.key));
        let mut fresh: Vec<u32> = (0..persons.len() as u32)
            .filter(|&p| keys[p as usize].is_none())
            .collect();
        fresh.par_sort_unstable_by_key(|&p| order(p));
        let made = |p: u32, n: u32| {
            let base = smallest[p as usize].map_or(String::new(), |h| h.to_string());
            secret.person(&format!("person|{base}|{n}"))
        };
        // Hardly ever is one taken.
        let first: Vec<PersonKey> = fresh.par_iter().map(|&p| made(p, 0)).collect();
        for (p, first) in fresh.into_iter().zip(first) {
            let others = (1u32..).map(|n| made(p, n));
            let key = std::iter::once(first)
                .chain(others)
                .find(|k| !taken.contains(k));
            taken.extend(key);
            keys[p as usize] = key;
        }
        drop(taken);
        let keys: Vec<PersonKey> = keys.into_iter().map(Option::unwrap_or_default).collect();
        let changes = self.changes(&handles, &keys);
        // A handle two persons share names neither.
        let same = handles.chunk_by(|x, y| x.handle == y.handle);
        let kept = same.filter(|c| c.len() == 1);
        Assigned {
            keys,
            changes,
            handles: kept.map(|c| (c[0].handle, c[0].person)).collect(),
        }
    }

    fn changes(&self, handles: &[Handled], keys: &[PersonKey]) -> Vec<Change> {
        let Some(month) = self.month.filter(|_| !self.entries.is_empty()) else {
            return Vec::new();
        };
        let mut had: Vec<(PersonKey, u32)> = handles
            .par_iter()
            .filter_map(|h| self.key_before(&h.handle).map(|k| (k, h.person)))
            .collect();
        had.par_sort_unstable();
        had.dedup();
        let before: FxHashSet<PersonKey> = self
            .entries
            .iter()
            .filter(|e| e.since < month)
            .map(|e| e.key)
            .collect();
        let in_use: FxHashSet<PersonKey> = keys.iter().copied().collect();
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

/// A handle of one of a person's identities.
struct Handled {
    handle: Handle,
    nik: bool,
    person: u32,
}

impl Handled {
    fn counts(&self) -> u64 {
        if self.nik { NIK_COUNTS } else { 1 }
    }
}

/// The handles of an identity: of its intact NIK, and of its name and birth date.
#[derive(Debug, Clone, Copy)]
pub(super) struct OwnHandles {
    nik: Option<Handle>,
    name: Handle,
}

/// The handles of every identity. They are of nobody yet, so that they can be made while persons are being found.
pub(super) fn own_handles(features: &Features, secret: &PseudonymKey) -> Vec<OwnHandles> {
    features
        .all
        .par_iter()
        .map_init(String::new, |text, f| {
            use std::fmt::Write;
            let nik = f.nik.intact().map(|n| {
                text.clear();
                text.push_str("nik|");
                text.push_str(&String::from_utf8_lossy(n));
                secret.handle(text)
            });
            let full = String::from_utf8_lossy(features.names.get(f.full));
            let mut words: Vec<&str> = full.split(' ').collect();
            words.sort_unstable();
            text.clear();
            text.push_str("name");
            for (i, word) in words.iter().enumerate() {
                text.push(if i == 0 { '|' } else { ' ' });
                text.push_str(word);
            }
            // Writing into a text cannot fail.
            let _ = write!(text, "|{:?}", f.birth);
            OwnHandles {
                nik,
                name: secret.handle(text),
            }
        })
        .collect()
}

/// The handles of all persons' identities, each person's once; in their order, so that what is looked up for them one
/// after the other lies side by side in the registry.
fn handles(own: &[OwnHandles], persons: &Members) -> Vec<Handled> {
    let mut all: Vec<Handled> = (0..persons.len() as u32)
        .into_par_iter()
        .flat_map_iter(|person| {
            let identities = persons.get(person).iter().map(|&i| own[i as usize]);
            let mut all: Vec<(Handle, bool)> = identities
                .flat_map(|own| {
                    let nik = own.nik.map(|h| (h, true));
                    nik.into_iter().chain([(own.name, false)])
                })
                .collect();
            all.sort_unstable();
            all.dedup_by_key(|h| h.0);
            all.into_iter().map(move |(handle, nik)| Handled {
                handle,
                nik,
                person,
            })
        })
        .collect();
    all.par_sort_unstable_by_key(|h| (h.handle, h.person));
    all
}
