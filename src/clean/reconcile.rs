//! After all files: the same row exported again is one record, whose newest version counts; a NIK that stands
//! for two different people identifies nobody.

use super::name::fold;
use super::overlap::overlapping;
use crate::domain::records::*;
use crate::domain::upt::UptRegistry;
use crate::domain::{Issue, Month, Nik, NikStatus, PartialDate, RowRef, Severity};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What was reconciled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Older versions that a newer one with other values replaced.
    pub revisions: u64,
    /// Identical repetitions that were dropped.
    pub repeated: u64,
    /// Records whose NIK was taken out because it stands for several people.
    pub shared_nik: u64,
}

/// What makes two rows versions of one, without the values that may change: 128 bits of hash, which millions of rows
/// can be told apart by and which take a quarter of the room of the texts themselves.
type Key = u128;

fn key_of(parts: impl Hash) -> Key {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, &parts).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

fn hash_of_person(who: &Identity) -> Key {
    match who.nik.intact() {
        Some(n) => key_of(n),
        None => key_of(fold(&who.name)),
    }
}

/// Keeps the newest version per key; order of records stays that of the version kept.
fn newest<T: Sync>(
    all: &mut Vec<T>,
    key: impl Fn(&T) -> Option<Key> + Sync,
    version: impl Fn(&T) -> (Option<Month>, RowRef),
    same: impl Fn(&T, &mut T) -> bool,
    at: impl Fn(&T) -> RowRef,
    issues: &mut Vec<Issue>,
    out: &mut Reconciled,
) {
    let keys: Vec<Option<Key>> = all.par_iter().map(&key).collect();
    let mut best: FxHashMap<Key, u32> = FxHashMap::default();
    let mut drop = vec![false; all.len()];
    for (i, k) in keys.into_iter().enumerate() {
        let Some(k) = k else { continue };
        match best.get_mut(&k) {
            None => {
                best.insert(k, i as u32);
            }
            Some(j) => {
                let kept = *j as usize;
                let (older, newer) = if version(&all[kept]) <= version(&all[i]) {
                    (kept, i)
                } else {
                    (i, kept)
                };
                drop[older] = true;
                let unchanged = all
                    .get_disjoint_mut([older, newer])
                    .is_ok_and(|[old, new]| same(old, new));
                if unchanged {
                    out.repeated += 1;
                } else {
                    out.revisions += 1;
                    issues.push(Issue::about_row(
                        Severity::Note,
                        "clean.revised",
                        at(&all[newer]),
                    ));
                }
                *j = newer as u32;
            }
        }
    }
    let mut dropped = drop.iter();
    all.retain(|_| !dropped.next().copied().unwrap_or(false));
}

/// Reconciles all records in place.
pub fn reconcile(
    records: &mut Records,
    issues: &mut Vec<Issue>,
    units: &UptRegistry,
) -> Reconciled {
    let mut out = Reconciled::default();
    newest(
        &mut records.custody,
        |r| {
            let written = r.register_no.chars().filter(|c| c.is_alphanumeric());
            let number = written.flat_map(char::to_uppercase).collect::<String>();
            (!number.is_empty())
                .then(|| key_of((r.upt.0, number, r.admitted.year(), fold(&r.who.name))))
        },
        |r| (r.list_month, r.at),
        |old, new| {
            // An exit that is repeated without a day month after month was of the first of these months.
            let earlier =
                || (old.exit_date.latest()).is_some_and(|d| Some(d) < new.exit_date.latest());
            let undated = matches!(new.exit_date, PartialDate::Month(..));
            if undated && new.exit == old.exit && earlier() {
                new.exit_date = old.exit_date;
            }
            (old.exit, old.exit_date, old.admitted, old.expiry)
                == (new.exit, new.exit_date, new.admitted, new.expiry)
        },
        |r| r.at,
        issues,
        &mut out,
    );
    newest(
        &mut records.litmas,
        |r| Some(key_of((hash_of_person(&r.who), r.requested, r.kind.id()))),
        |r| (r.completed.day().map(Month::of), r.at),
        |a, b| a.completed == b.completed,
        |r| r.at,
        issues,
        &mut out,
    );
    newest(
        &mut records.outcome,
        |r| Some(key_of((hash_of_person(&r.who), r.date, r.kind.id()))),
        |r| (None, r.at),
        |_, _| true,
        |r| r.at,
        issues,
        &mut out,
    );
    quarantine(records, issues, &mut out);
    overlapping(records, units, issues);
    out
}

/// An intact NIK as a number.
fn number(who: &Identity) -> Option<u64> {
    who.nik.intact()?.parse().ok()
}

/// A NIK with two birth dates or two sexes stands for nobody (DOMAIN.md 1.9 rule 7). One typing error in a date
/// is not enough: names must differ as well.
fn quarantine(records: &mut Records, issues: &mut Vec<Issue>, out: &mut Reconciled) {
    let all: Vec<&Identity> = records.identities().map(|(_, who)| who).collect();
    let mut numbered: Vec<(u64, u32)> = all
        .par_iter()
        .zip(0u32..all.len() as u32)
        .filter_map(|(who, i)| number(who).map(|n| (n, i)))
        .collect();
    numbered.par_sort_unstable();
    // The first record that bears a number is what all others are held against.
    let others = |known: &Identity, who: &Identity| {
        let other_day = (known.birth.day().zip(who.birth.day())).is_some_and(|(a, b)| a != b);
        let other_sex = known.sex.zip(who.sex).is_some_and(|(a, b)| a != b);
        (other_day || other_sex)
            && strsim::jaro_winkler(&fold(&known.name), &fold(&who.name)) < 0.75
    };
    let same: Vec<&[(u64, u32)]> = numbered.chunk_by(|x, y| x.0 == y.0).collect();
    let shared: FxHashSet<u64> = same
        .par_iter()
        .filter(|same| {
            let who = |k: usize| all[same[k].1 as usize];
            (1..same.len()).any(|k| others(who(0), who(k)))
        })
        .map(|same| same[0].0)
        .collect();
    drop((numbered, all));
    if shared.is_empty() {
        return;
    }
    let mut take = |at: RowRef, who: &mut Identity| {
        if number(who).is_some_and(|n| shared.contains(&n)) {
            who.nik = Nik::with_status(NikStatus::Invalid, who.nik.digits());
            issues.push(Issue::about_row(Severity::Warning, "clean.nik_shared", at));
            out.shared_nik += 1;
        }
    };
    records
        .custody
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .supervision
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .litmas
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .participation
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .outcome
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .community_service
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .resident
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .death
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
}
