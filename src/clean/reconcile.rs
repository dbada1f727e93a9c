//! After all files: the same row exported again is one record, whose newest version counts; a NIK that stands
//! for two different people identifies nobody.

use super::name::fold;
use super::overlap::overlapping;
use crate::domain::records::*;
use crate::domain::upt::UptRegistry;
use crate::domain::{Issue, Month, Nik, NikStatus, PartialDate, RowRef, Severity, Text};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hash;

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
    let mut hasher = SipHasher13::new();
    parts.hash(&mut hasher);
    hasher.finish128().as_u128()
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
) -> (Reconciled, Vec<Issue>) {
    let mut out = Reconciled::default();
    let mut keyed: Vec<(Key, u32)> = all
        .par_iter()
        .zip(0..all.len() as u32)
        .filter_map(|(r, i)| Some((key(r)?, i)))
        .collect();
    keyed.par_sort_unstable();
    let mut drop = vec![false; all.len()];
    // What is said of a row stands where the row was met.
    let mut revised: Vec<(usize, Issue)> = Vec::new();
    for versions in keyed.chunk_by(|x, y| x.0 == y.0) {
        let mut best = versions[0].1 as usize;
        for &(_, i) in &versions[1..] {
            let i = i as usize;
            let (older, newer) = if version(&all[best]) <= version(&all[i]) {
                (best, i)
            } else {
                (i, best)
            };
            drop[older] = true;
            let unchanged = all
                .get_disjoint_mut([older, newer])
                .is_ok_and(|[old, new]| same(old, new));
            if unchanged {
                out.repeated += 1;
            } else {
                out.revisions += 1;
                let row = at(&all[newer]);
                revised.push((i, Issue::about_row(Severity::Note, "clean.revised", row)));
            }
            best = newer;
        }
    }
    let mut dropped = drop.iter();
    all.retain(|_| !dropped.next().copied().unwrap_or(false));
    revised.sort_unstable_by_key(|(i, _)| *i);
    (out, revised.into_iter().map(|(_, issue)| issue).collect())
}

/// Reconciles all records in place.
pub fn reconcile(
    records: &mut Records,
    issues: &mut Vec<Issue>,
    units: &UptRegistry,
) -> Reconciled {
    let (custody, litmas, outcome) = (
        &mut records.custody,
        &mut records.litmas,
        &mut records.outcome,
    );
    let custody = || {
        newest(
            custody,
            |r| {
                let written = r.register_no.chars().filter(|c| c.is_alphanumeric());
                let number = written.flat_map(char::to_uppercase).collect::<Text>();
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
        )
    };
    let litmas = || {
        newest(
            litmas,
            |r| Some(key_of((hash_of_person(&r.who), r.requested, r.kind.id()))),
            |r| (r.completed.day().map(Month::of), r.at),
            |a, b| a.completed == b.completed,
            |r| r.at,
        )
    };
    let outcome = || {
        newest(
            outcome,
            |r| Some(key_of((hash_of_person(&r.who), r.date, r.kind.id()))),
            |r| (None, r.at),
            |_, _| true,
            |r| r.at,
        )
    };
    let (custody, (litmas, outcome)) = rayon::join(custody, || rayon::join(litmas, outcome));
    let mut out = Reconciled::default();
    for (of, found) in [custody, litmas, outcome] {
        out.revisions += of.revisions;
        out.repeated += of.repeated;
        issues.extend(found);
    }
    quarantine(records, issues, &mut out);
    overlapping(records, units, issues);
    out
}

/// A NIK with two birth dates or two sexes stands for nobody (DOMAIN.md 1.9 rule 7). One typing error in a date
/// is not enough: names must differ as well.
fn quarantine(records: &mut Records, issues: &mut Vec<Issue>, out: &mut Reconciled) {
    let all: Vec<&Identity> = records.identities().map(|(_, who)| who).collect();
    let mut numbered: Vec<(u64, u32)> = all
        .par_iter()
        .zip(0u32..all.len() as u32)
        .filter_map(|(who, i)| who.nik.number().map(|n| (n, i)))
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
    let mut taken: Vec<u32> = (numbered.par_iter())
        .filter(|(n, _)| shared.contains(n))
        .map(|(_, i)| *i)
        .collect();
    taken.par_sort_unstable();
    drop((numbered, all));
    let mut take = |at: RowRef, who: &mut Identity| {
        who.nik = Nik::with_status(NikStatus::Invalid, who.nik.digits());
        issues.push(Issue::about_row(Severity::Warning, "clean.nik_shared", at));
        out.shared_nik += 1;
    };
    let mut rest = taken.as_slice();
    let mut before = 0;
    macro_rules! take_from {
        ($(($kind:ident $_:ident))*) => {$(
            let end = before + records.$kind.len();
            let (here, later) = rest.split_at(rest.partition_point(|i| (*i as usize) < end));
            for i in here {
                let r = &mut records.$kind[*i as usize - before];
                take(r.at, &mut r.who);
            }
            (before, rest) = (end, later);
        )*};
    }
    kinds_of_persons!(take_from);
    debug_assert!(rest.is_empty() && before == records.len());
}
