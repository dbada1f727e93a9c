//! After all files: the same row exported again is one record, whose newest version counts; a NIK that stands
//! for two different people identifies nobody.

use super::name::fold;
use super::overlap::overlapping;
use crate::domain::records::*;
use crate::domain::upt::UptRegistry;
use crate::domain::{Issue, Month, Nik, NikStatus, PartialDate, RowRef, Severity, Text};
use chrono::Datelike;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hash;

/// What was reconciled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Older versions that a newer one with other values replaced.
    pub revisions: u64,
    /// Identical repetitions that were dropped.
    pub repeated: u64,
    /// Records whose NIK was taken out because it stands for several people.
    pub shared_nik: u64,
    /// Rows whose record another row's took the place of, each with that other row.
    pub replaced: Vec<(RowRef, RowRef)>,
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

/// Keeps the newest version per key; order of records stays that of the version kept. `same` says whether the older of two
/// states the same, and may take over from it what the newer leaves open.
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
        let others = versions.iter().map(|v| v.1 as usize).filter(|i| *i != best);
        (out.replaced).extend(others.map(|i| (at(&all[i]), at(&all[best]))));
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
                new.who.complete_from(&old.who);
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
            |old, new| {
                new.who.complete_from(&old.who);
                old.completed == new.completed
            },
            |r| r.at,
        )
    };
    let outcome = || {
        newest(
            outcome,
            |r| Some(key_of((hash_of_person(&r.who), r.date, r.kind.id()))),
            |r| (None, r.at),
            |old, new| {
                new.who.complete_from(&old.who);
                true
            },
            |r| r.at,
        )
    };
    let (custody, (litmas, outcome)) = rayon::join(custody, || rayon::join(litmas, outcome));
    let mut out = Reconciled::default();
    for (of, found) in [custody, litmas, outcome] {
        out.revisions += of.revisions;
        out.repeated += of.repeated;
        out.replaced.extend(of.replaced);
        issues.extend(found);
    }
    quarantine(records, issues, &mut out);
    overlapping(records, units, issues);
    out
}

/// Whether two rows name two people: under no name of either do the words of one go with those of the other.
fn are_others(a: &Identity, b: &Identity) -> bool {
    let of = |who: &'_ Identity| -> Vec<String> {
        let named = [who.name.as_str(), who.alias()].into_iter();
        named.filter(|n| !n.is_empty()).map(str::to_owned).collect()
    };
    let (all, others) = (of(a), of(b));
    if all.is_empty() || others.is_empty() {
        return false;
    }
    (all.iter()).all(|a| others.iter().all(|b| names_differ(a, b)))
}

/// Whether each of two names has a word that the other has nothing like: an initial is like what begins with it.
fn names_differ(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_uppercase(), b.to_uppercase());
    if strsim::jaro_winkler(&fold(&a), &fold(&b)) >= 0.93 {
        return false;
    }
    let words = |s: &str| -> Vec<(String, Text)> {
        let letters = |w: &str| w.chars().filter(|c| c.is_alphabetic()).collect::<String>();
        let all = s.split([' ', '-']).map(letters).filter(|w| !w.is_empty());
        all.map(|w| (w.clone(), fold(&w))).collect()
    };
    let alike = |(x, fx): &(String, Text), (y, fy): &(String, Text)| {
        let short = x.chars().count().min(y.chars().count());
        (short <= 1 && x.chars().next() == y.chars().next())
            || (short >= 3 && (fx.starts_with(fy.as_str()) || fy.starts_with(fx.as_str())))
            || strsim::jaro_winkler(fx, fy) >= 0.84
    };
    let (a, b) = (words(&a), words(&b));
    let alone = |x: &[(String, Text)], y: &[(String, Text)]| {
        x.iter()
            .any(|w| w.0.len() >= 3 && !y.iter().any(|v| alike(w, v)))
    };
    alone(&a, &b) && alone(&b, &a)
}

/// A NIK under which names differ, and birth dates or sexes as well, is not everybody's who bears it. Where no birth date was
/// written beside one of two names that differ, nothing says that they are one person: a NIK copied from the row above is
/// the commonest fault, and a date taken from it is no evidence for it. The NIK stays with the rows whose written birth date
/// is the one inside it and with those of their name, and is taken from the others with what was read off it; where it
/// fits nobody it stands for nobody.
fn quarantine(records: &mut Records, issues: &mut Vec<Issue>, out: &mut Reconciled) {
    let identities: Vec<&Identity> = records.identities().map(|(_, who)| who).collect();
    let all = identities.as_slice();
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
        let told = !known.from_nik.birth && !who.from_nik.birth && who.birth.day().is_some();
        if other_day || other_sex {
            strsim::jaro_winkler(&fold(&known.name), &fold(&who.name)) < 0.75
        } else {
            !told && are_others(known, who)
        }
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
    // Whose birth date, as the row itself writes it, is the one inside the NIK.
    let fits = |i: u32| {
        let who = all[i as usize];
        let inside = who.birth.day().map_or(2026, |d| d.year() + 40);
        let inside = who.nik.birth(inside).map(|(day, _)| day);
        !who.from_nik.birth && who.birth.day().is_some() && who.birth.day() == inside
    };
    let mut taken: Vec<u32> = (same.par_iter())
        .filter(|same| shared.contains(&same[0].0))
        .flat_map_iter(|same| {
            let owners: Vec<u32> = same.iter().map(|s| s.1).filter(|i| fits(*i)).collect();
            let strange = move |i: &u32| {
                let near = |o: &u32| !are_others(all[*o as usize], all[*i as usize]);
                owners.is_empty() || !fits(*i) && !owners.iter().any(near)
            };
            same.iter().map(|s| s.1).filter(strange)
        })
        .collect();
    taken.par_sort_unstable();
    drop((numbered, identities));
    let mut take = |at: RowRef, who: &mut Identity| {
        who.nik = Nik::with_status(NikStatus::Invalid, who.nik.digits());
        if who.from_nik.birth {
            who.birth = PartialDate::Unknown;
        }
        if who.from_nik.sex {
            who.sex = None;
        }
        who.from_nik = FromNik::default();
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

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn names_of_two_people_have_a_word_each_that_the_other_lacks() {
        for (a, b, differ) in [
            ("SARAH TEHUPEIORY", "NURHAYATI SANGADJI", true),
            ("ABRAHAM LEKATOMPESSY", "SARAH LEKATOMPESSY", true),
            ("SARAH LEKATOMPESSY", "MARTHA LEKATOMPESSY", true),
            ("SITI SARAH TUANANY", "SITI NUR TUANANY", true),
            ("MUHAMAD TAHER OHORELLA", "TAHER OHORELLA", false),
            ("OHORELLA MUHAMAD TAHER", "MUH. TAHER OHORELLA", false),
            ("BODEWIN M. WATTIMENA", "BODEWIN MELKIAS WATIMENA", false),
            ("DESY PATTINASARANY", "DESSY PATINASARANI", false),
        ] {
            assert_eq!(names_differ(a, b), differ, "{a} {b}");
        }
    }

    #[test]
    fn a_nik_under_two_names_is_nobodys_unless_a_written_birth_says_otherwise() {
        let who = |name: &str, birth_of_nik| Identity {
            nik: Nik::check16("8171024507880013"),
            name: name.into(),
            birth: PartialDate::Day(NaiveDate::from_ymd_opt(1988, 7, 5).unwrap()),
            from_nik: FromNik {
                birth: birth_of_nik,
                sex: false,
            },
            ..Identity::default()
        };
        let shared = |rows: &[(&str, bool)]| {
            let mut records = Records::default();
            for (i, (name, of_nik)) in rows.iter().enumerate() {
                let at = RowRef {
                    file: crate::domain::FileId(0),
                    sheet: 0,
                    row: i as u32,
                };
                let who = who(name, *of_nik);
                records.resident.push(Resident { at, who });
            }
            reconcile(&mut records, &mut Vec::new(), &UptRegistry::maluku(&[])).shared_nik
        };
        assert_eq!(
            shared(&[("SARAH TEHUPEIORY", true), ("NURHAYATI SANGADJI", true)]),
            2
        );
        assert_eq!(
            shared(&[("SARAH TEHUPEIORY", false), ("NURHAYATI SANGADJI", true)]),
            1,
            "it is hers whose written birth date is inside it"
        );
        assert_eq!(
            shared(&[("SARAH TEHUPEIORY", false), ("SARA T.", false)]),
            0
        );
        assert_eq!(
            shared(&[("SARAH TEHUPEIORY", false), ("NONA SANGADJI", false)]),
            0,
            "an alias"
        );
        assert_eq!(
            shared(&[("SARAH TEHUPEIORY", true), ("SARAH TEHUPEYORI", true)]),
            0
        );
    }
}
