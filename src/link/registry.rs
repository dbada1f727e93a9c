//! Pseudonyms and the registry of persons: the same key every month, made with a secret of this workspace.

use super::compare::Features;
use crate::domain::{Month, Text};
use crate::workspace::write_private;
use hmac::{Hmac, KeyInit, Mac};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::path::Path;

/// Stable pseudonym of a person (hex of an HMAC-SHA256, 128 bits).
pub type PersonKey = Text;

/// The secret of a workspace.
#[derive(Clone)]
pub struct PseudonymKey {
    secret: [u8; 32],
}

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}

/// The registry or its key could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct RegistryError {
    path: String,
    reason: String,
}

fn fail(path: &Path) -> impl Fn(&dyn std::fmt::Display) -> RegistryError + '_ {
    move |e| RegistryError {
        path: path.display().to_string(),
        reason: e.to_string(),
    }
}

impl PseudonymKey {
    /// Reads the key, or makes one on the first run, readable by its owner alone.
    pub fn load_or_create(path: &Path) -> Result<PseudonymKey, RegistryError> {
        let error = fail(path);
        if let Ok(bytes) = std::fs::read(path) {
            let secret = bytes
                .try_into()
                .map_err(|_| error(&"not a key of this program"))?;
            return Ok(PseudonymKey { secret });
        }
        let mut secret = [0u8; 32];
        getrandom::fill(&mut secret).map_err(|e| error(&e))?;
        write_private(path, &secret).map_err(|e| error(&e))?;
        Ok(PseudonymKey { secret })
    }

    /// A key for tests and one-off links.
    pub fn fixed() -> PseudonymKey {
        PseudonymKey { secret: [7; 32] }
    }

    /// Keyed pseudonym of a text: 32 hex digits.
    pub fn hmac(&self, text: &str) -> Text {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else {
            return Text::default();
        };
        mac.update(text.as_bytes());
        let bytes = mac.finalize().into_bytes();
        bytes
            .iter()
            .take(16)
            .map(|b| format!("{b:02x}"))
            .collect::<String>()
            .into()
    }
}

/// Writes a private text file.
pub(super) fn write_report(path: &Path, text: &str) -> Result<(), RegistryError> {
    write_private(path, text.as_bytes()).map_err(|e| fail(path)(&e))
}

/// A month's place in the registry and the key a handle had from then on.
type Since = (Month, PersonKey);

/// Keys of persons seen so far: under the handles of their identities, never under names or numbers.
///
/// A handle is a keyed digest of an intact NIK, or of folded name and birth date. Both are kept for an identity that has
/// both, so that a NIK that appears later, or a name spelt anew, does not change the person's key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    month: Option<Month>,
    handles: BTreeMap<Text, Vec<Since>>,
    changes: Vec<Change>,
}

/// Persons of earlier months that turned out to be one, or one that turned out to be several.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Handle → person, for the registry of the next month.
    handles: Vec<(Text, u32)>,
}

/// How much more an intact NIK says about who is who than a name and a birth date.
const NIK_COUNTS: u64 = 1000;

impl Registry {
    /// Reads the registry as it is for a month; a missing file is an empty one.
    pub fn load(path: &Path, month: Month) -> Result<Registry, RegistryError> {
        let error = fail(path);
        let text = match std::fs::read_to_string(path) {
            Ok(t) => t,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(error(&e)),
        };
        let mut out = Registry {
            month: Some(month),
            ..Registry::default()
        };
        for line in text.lines() {
            let mut parts = line.split(',');
            let (Some(handle), Some(key), Some(since)) = (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            if let Ok(since) = since.parse::<Month>() {
                out.handles
                    .entry(handle.into())
                    .or_default()
                    .push((since, key.into()));
            }
        }
        for all in out.handles.values_mut() {
            all.sort_unstable();
        }
        Ok(out)
    }

    /// Writes it whole or not at all, and the merges and splits of its month beside it, for the data officer.
    pub fn save(&self, path: &Path) -> Result<(), RegistryError> {
        let error = fail(path);
        let mut text = String::new();
        for (handle, all) in &self.handles {
            for (since, key) in all {
                text.push_str(&format!("{handle},{key},{since}\n"));
            }
        }
        write_private(path, text.as_bytes()).map_err(|e| error(&e))
    }

    /// Writes the merges and splits of this month: `month,change,key,other`, keys alone. `before` is what stood there.
    pub fn save_changes(&self, before: &Path, path: &Path) -> Result<(), RegistryError> {
        let error = fail(path);
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
        write_private(path, format!("{}\n", text.trim_end()).as_bytes()).map_err(|e| error(&e))
    }

    /// Forgets handles given before a month of people who are not `present`; says how many.
    pub fn forget(&mut self, present: &Assigned, before: Month) -> usize {
        let all = self.handles.len();
        let here: FxHashSet<&Text> = present.handles.iter().map(|(handle, _)| handle).collect();
        self.handles.retain(|handle, keys| {
            here.contains(handle) || keys.iter().any(|(since, _)| *since >= before)
        });
        all - self.handles.len()
    }

    /// The key of a handle: the latest up to this month, else the first after it.
    fn key(&self, handle: &Text) -> Option<&PersonKey> {
        let all = self.handles.get(handle)?;
        let up_to = |m: Month| all.iter().rev().find(|(since, _)| *since <= m);
        self.month
            .map_or_else(|| all.last(), up_to)
            .or_else(|| all.first())
            .map(|(_, key)| key)
    }

    /// The key of a handle before this month.
    fn key_before(&self, handle: &Text) -> Option<&PersonKey> {
        let month = self.month?;
        let all = self.handles.get(handle)?;
        all.iter()
            .rev()
            .find(|(since, _)| *since < month)
            .map(|(_, key)| key)
    }

    /// A key for each person: the one its identities had, else a new one. Of several old keys the one most of its
    /// identities had goes on; of several persons with one old key the one with most of its identities.
    pub(super) fn assign(
        &self,
        features: &Features,
        persons: &[Vec<u32>],
        secret: &PseudonymKey,
    ) -> Assigned {
        let handles = handles(features, persons, secret);
        // How many identities of each person speak for each old key.
        let mut votes: FxHashMap<(&PersonKey, u32), u64> = FxHashMap::default();
        for h in &handles {
            if let Some(key) = self.key(&h.handle) {
                *votes.entry((key, h.person)).or_default() += h.counts;
            }
        }
        let mut smallest: Vec<Option<&Text>> = vec![None; persons.len()];
        for h in &handles {
            let s = &mut smallest[h.person as usize];
            *s = Some(s.map_or(&h.handle, |old| old.min(&h.handle)));
        }
        let mut order: Vec<(u64, &PersonKey, u32)> =
            votes.into_iter().map(|((k, p), n)| (n, k, p)).collect();
        order.sort_unstable_by(|x, y| {
            (y.0.cmp(&x.0))
                .then_with(|| (x.1, smallest[x.2 as usize]).cmp(&(y.1, smallest[y.2 as usize])))
        });
        let mut keys: Vec<PersonKey> = vec![Text::default(); persons.len()];
        let mut taken: FxHashSet<PersonKey> = FxHashSet::default();
        for (_, key, person) in order {
            let slot = &mut keys[person as usize];
            if slot.is_empty() && taken.insert(key.clone()) {
                *slot = key.clone();
            }
        }
        // New keys never are ones that somebody had.
        let known: FxHashSet<&PersonKey> =
            self.handles.values().flatten().map(|(_, k)| k).collect();
        let mut fresh: Vec<u32> = (0..persons.len() as u32)
            .filter(|&p| keys[p as usize].is_empty())
            .collect();
        fresh.sort_unstable_by_key(|&p| smallest[p as usize]);
        for p in fresh {
            let base = smallest[p as usize].cloned().unwrap_or_default();
            let key = (0u32..)
                .map(|n| secret.hmac(&format!("person|{base}|{n}")))
                .find(|k| !known.contains(k) && !taken.contains(k))
                .unwrap_or_default();
            taken.insert(key.clone());
            keys[p as usize] = key;
        }
        let changes = self.changes(&handles, &keys);
        // A name two persons share names neither.
        let mut shared: FxHashMap<&Text, u32> = FxHashMap::default();
        let mut ambiguous: FxHashSet<Text> = FxHashSet::default();
        for h in &handles {
            if *shared.entry(&h.handle).or_insert(h.person) != h.person {
                ambiguous.insert(h.handle.clone());
            }
        }
        let mut kept: Vec<(Text, u32)> = handles
            .iter()
            .filter(|h| !ambiguous.contains(&h.handle))
            .map(|h| (h.handle.clone(), h.person))
            .collect();
        kept.sort_unstable();
        kept.dedup();
        Assigned {
            keys,
            changes,
            handles: kept,
        }
    }

    fn changes(&self, handles: &[Handle], keys: &[PersonKey]) -> Vec<Change> {
        let Some(month) = self.month else {
            return Vec::new();
        };
        let mut pairs: Vec<(&PersonKey, u32)> = handles
            .iter()
            .filter_map(|h| self.key_before(&h.handle).map(|k| (k, h.person)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut holders: FxHashMap<&PersonKey, Vec<u32>> = FxHashMap::default();
        let mut held: FxHashMap<u32, Vec<&PersonKey>> = FxHashMap::default();
        for (key, person) in pairs {
            holders.entry(key).or_default().push(person);
            held.entry(person).or_default().push(key);
        }
        let known: FxHashSet<&PersonKey> = self
            .handles
            .values()
            .flatten()
            .filter(|(since, _)| *since < month)
            .map(|(_, k)| k)
            .collect();
        let in_use: FxHashSet<&PersonKey> = keys.iter().collect();
        let change = |merged, key: &PersonKey, other: &PersonKey| Change {
            month,
            merged,
            key: key.clone(),
            other: other.clone(),
        };
        let mut out: Vec<Change> = Vec::new();
        for (person, old) in &held {
            let key = &keys[*person as usize];
            // A key that lives on with somebody else has not ended.
            let ended = old.iter().filter(|k| **k != key && !in_use.contains(*k));
            out.extend(ended.map(|k| change(true, key, k)));
        }
        for (key, persons) in &holders {
            let others = persons.iter().map(|p| &keys[*p as usize]);
            if persons.len() > 1 && in_use.contains(*key) {
                out.extend(
                    others
                        .filter(|k| k != key && !known.contains(k))
                        .map(|k| change(false, key, k)),
                );
            }
        }
        out.sort_unstable();
        out
    }

    /// This registry with the persons of its month.
    pub fn with(&self, assigned: &Assigned) -> Registry {
        let mut out = Registry {
            month: self.month,
            handles: self.handles.clone(),
            changes: assigned.changes.clone(),
        };
        let Some(month) = self.month else {
            return out;
        };
        let mut set = |handle: &Text, key: &PersonKey| {
            let all = out.handles.entry(handle.clone()).or_default();
            let now = all.iter().rev().find(|(since, _)| *since <= month);
            if now.is_none_or(|(_, k)| k != key) {
                all.retain(|(since, _)| *since != month);
                all.push((month, key.clone()));
                all.sort_unstable();
            }
        };
        for (handle, person) in &assigned.handles {
            set(handle, &assigned.keys[*person as usize]);
        }
        // Identities that are not in this month's files go where the rest of their person went.
        let ended: FxHashMap<&PersonKey, &PersonKey> = assigned
            .changes
            .iter()
            .filter(|c| c.merged)
            .map(|c| (&c.other, &c.key))
            .collect();
        if !ended.is_empty() {
            for (handle, _) in self.handles.iter() {
                if let Some(key) = self.key(handle).and_then(|k| ended.get(k)) {
                    set(handle, key);
                }
            }
        }
        out
    }
}

struct Handle {
    handle: Text,
    person: u32,
    counts: u64,
}

/// The handles of all persons' identities.
fn handles(features: &Features, persons: &[Vec<u32>], secret: &PseudonymKey) -> Vec<Handle> {
    // 80 bits: one chance in 10^12 that two of a million share one; short enough to need no heap.
    let short = |text: &str| Text::from(secret.hmac(text).get(..20).unwrap_or_default());
    persons
        .par_iter()
        .enumerate()
        .flat_map_iter(|(p, nodes)| {
            let mut own: Vec<(Text, u64)> = nodes
                .iter()
                .flat_map(|&i| {
                    let f = &features.all[i as usize];
                    let nik = f
                        .nik
                        .intact()
                        .map(|n| (short(&format!("nik|{n}")), NIK_COUNTS));
                    let name = (short(&format!("name|{}|{:?}", f.sorted, f.birth)), 1);
                    nik.into_iter().chain(std::iter::once(name))
                })
                .collect();
            own.sort_unstable();
            own.dedup_by(|x, y| x.0 == y.0);
            own.into_iter().map(move |(handle, counts)| Handle {
                handle,
                person: p as u32,
                counts,
            })
        })
        .collect()
}
