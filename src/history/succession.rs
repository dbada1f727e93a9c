//! Register rows of one case that linking has given to two persons: a row nobody closed, and the row of the next register
//! in the same unit that takes the case over.
//!
//! Prisons rarely close a remand row when the sentence register takes over. Where name and NIK are too damaged for
//! linking, the old row would stay open for ever and count somebody inside who left years ago. The case itself tells:
//! the same unit, the next class, the same day and group of the offence, a birth date that does not speak against it.
//! Only what has one answer is joined.

use super::people::Index;
use crate::domain::history::LinkStrength;
use crate::domain::records::{Custody, Records};
use crate::domain::{ExitCode, OffenceGroup, PartialDate, RegisterClass, Upt};
use chrono::{Datelike, NaiveDate};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// A remand row is followed by the next register within this many days: all terms of detention together.
const REMAND_DAYS: i64 = 700;
/// Between leaving one unit by transfer and arriving in the next.
const TRANSFER_DAYS: std::ops::RangeInclusive<i64> = -3..=45;

/// Persons after joining.
pub struct Joined {
    /// Person per record; persons that were joined to others keep their number and have no record.
    pub person_of: Vec<u32>,
    /// How sure each person's links are.
    pub strength: Vec<LinkStrength>,
    /// Persons that became part of another.
    pub joined: u64,
    /// Rows whose case the next row of the same person takes over, as linking has them.
    pub linked: u64,
}

/// Joins persons whose register rows follow on each other as one case does.
pub fn joined(records: &Records, person_of: &[u32], strength: &[LinkStrength]) -> Joined {
    let index = Index::new(records, person_of, strength.len());
    let rows = index.by_person(index.custody);
    let all = &records.custody;
    let pieces = super::people::in_pieces(&rows, |_, own, (ends, linked): &mut (Vec<u32>, u64)| {
        let mut own: Vec<u32> = own.to_vec();
        own.sort_unstable_by_key(|&i| (all[i as usize].admitted.earliest(), i));
        let goes_on = |pair: &&[u32]| {
            let [r, s] = [pair[0], pair[1]].map(|i| &all[i as usize]);
            may_go_on(r) && goes_on_in(r) == Some(s.upt) && follows(r, s).is_some()
        };
        *linked += own.windows(2).filter(goes_on).count() as u64;
        ends.extend(own.last().filter(|&&i| may_go_on(&all[i as usize])));
    });
    let linked = pieces.iter().map(|(_, linked)| linked).sum();
    let ends: Vec<u32> = pieces.into_iter().flat_map(|(ends, _)| ends).collect();
    // Rows by unit and day of the offence or of birth, where an open row looks for them.
    let asked: FxHashSet<(Upt, NaiveDate)> = (ends.iter())
        .filter_map(|&i| Some((&all[i as usize], goes_on_in(&all[i as usize])?)))
        .flat_map(|(r, unit)| days_of(r).map(move |day| (unit, day)))
        .collect();
    let answers: Vec<((Upt, NaiveDate), u32)> = (all.par_iter().enumerate())
        .flat_map_iter(|(i, s)| days_of(s).map(move |day| ((s.upt, day), i as u32)))
        .filter(|(key, _)| asked.contains(key))
        .collect();
    let mut by_day: FxHashMap<(Upt, NaiveDate), Vec<u32>> = FxHashMap::default();
    for (key, i) in answers {
        by_day.entry(key).or_default().push(i);
    }
    let person = |i: u32| index.custody[i as usize];
    let own = |p: u32| rows.get(p).iter().map(move |&i| &all[i as usize]);
    let found: Vec<(u32, u32)> = ends
        .par_iter()
        .filter_map(|&i| {
            let r = &all[i as usize];
            // The strongest case; of equals the next row in time.
            let mut best: Option<(u32, Reverse<NaiveDate>, u32)> = None;
            let mut tied = false;
            let unit = goes_on_in(r)?;
            let mut seen: Vec<u32> = days_of(r)
                .filter_map(|day| by_day.get(&(unit, day)))
                .flatten()
                .copied()
                .collect();
            seen.sort_unstable();
            seen.dedup();
            for j in seen {
                let s = &all[j as usize];
                let Some((score, from)) = (person(i) != person(j))
                    .then(|| follows(r, s).zip(s.admitted.day()))
                    .flatten()
                    .filter(|_| one_life(own(person(i)), own(person(j)), r, s))
                else {
                    continue;
                };
                let case = (score, Reverse(from));
                match best {
                    Some((most, at, k)) if case == (most, at) => {
                        tied |= person(k) != person(j);
                    }
                    Some((most, at, _)) if case < (most, at) => {}
                    _ => (best, tied) = (Some((score, Reverse(from), j)), false),
                }
            }
            let (.., j) = best.filter(|_| !tied)?;
            Some((i, j))
        })
        .collect();
    Joined {
        linked,
        ..unite(person_of, strength, &found, person)
    }
}

/// Writes the pairs of rows into persons; a beginning that two rows claim is nobody's.
fn unite(
    person_of: &[u32],
    strength: &[LinkStrength],
    found: &[(u32, u32)],
    person: impl Fn(u32) -> u32,
) -> Joined {
    let mut claimed: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for &(i, j) in found {
        let by = claimed.entry(j).or_default();
        if !by.contains(&person(i)) {
            by.push(person(i));
        }
    }
    let mut first: Vec<u32> = (0..strength.len() as u32).collect();
    let root = |first: &[u32], mut p: u32| {
        while first[p as usize] != p {
            p = first[p as usize];
        }
        p
    };
    let mut strength = strength.to_vec();
    let mut joined = 0;
    for &(i, j) in found.iter().filter(|(_, j)| claimed[j].len() == 1) {
        let (a, b) = (root(&first, person(i)), root(&first, person(j)));
        if a != b {
            let (low, high) = (a.min(b), a.max(b));
            first[high as usize] = low;
            strength[low as usize] = LinkStrength::Likely;
            joined += 1;
        }
    }
    let person_of = if joined == 0 {
        person_of.to_vec()
    } else {
        person_of.par_iter().map(|&p| root(&first, p)).collect()
    };
    Joined {
        person_of,
        strength,
        joined,
        linked: 0,
    }
}

/// Whether another register can take the case of a row over: nobody closed it, or the person left for another unit.
fn may_go_on(r: &Custody) -> bool {
    let open = match r.exit {
        Some(ExitCode::Pdh) => r.exit_date.day().is_some(),
        Some(x) => x.is_still_custody(),
        None => true,
    };
    open && r.admitted.day().is_some() && r.class.and_then(step).is_some()
}

/// The unit whose register takes the case over.
fn goes_on_in(r: &Custody) -> Option<Upt> {
    match r.exit {
        Some(ExitCode::Pdh) => r.to_upt,
        _ => Some(r.upt),
    }
}

/// The place of a class on the way of a case; `None` for those that stand beside it.
fn step(class: RegisterClass) -> Option<u8> {
    use RegisterClass as C;
    match class {
        C::AI => Some(1),
        C::AII => Some(2),
        C::AIII => Some(3),
        C::AIV => Some(4),
        C::AV => Some(5),
        C::BI | C::BIIA | C::BIIB | C::Child => Some(6),
        C::Life | C::Death | C::C => None,
        C::BIII => Some(7),
    }
}

/// The days by which rows of one case are looked for: that of the offence, that of birth.
fn days_of(r: &Custody) -> impl Iterator<Item = NaiveDate> {
    [r.offence_date.day(), r.who.birth.day()]
        .into_iter()
        .flatten()
}

/// Whether one row takes the case of another over, and how much says so.
fn follows(r: &Custody, s: &Custody) -> Option<u32> {
    let (from, begun) = (s.admitted.day()?, r.admitted.day()?);
    let (before, after) = (step(r.class?)?, step(s.class?)?);
    let in_time = if r.exit == Some(ExitCode::Pdh) {
        TRANSFER_DAYS.contains(&(from - r.exit_date.day()?).num_days()) && after >= before
    } else {
        // The sentence that a substitute term follows may have lasted any time.
        let most = if before < 6 { REMAND_DAYS } else { i64::MAX };
        (0..=most).contains(&(from - begun).num_days()) && after > before
    };
    let offence = match (r.offence_date.day(), s.offence_date.day()) {
        (Some(a), Some(b)) if a == b => 3,
        (Some(_), Some(_)) => return None,
        _ => 0,
    };
    let group = match (r.offence, s.offence) {
        (OffenceGroup::Unknown, _) | (_, OffenceGroup::Unknown) => 0,
        (a, b) if a == b => 1,
        _ => return None,
    };
    let birth = match births(r.who.birth, s.who.birth) {
        Births::Differ => return None,
        Births::Unknown => 0,
        Births::Year => 1,
        Births::Day => 3,
    };
    let sex = r.who.sex.zip(s.who.sex).is_none_or(|(a, b)| a == b);
    let told = offence == 3 && birth > 0 || birth == 3 && group == 1;
    (in_time && told && (sex || offence + birth == 6)).then_some(offence + group + birth)
}

/// Days that stand for a birth of which only the year is known.
fn is_default(day: NaiveDate) -> bool {
    matches!(
        (day.day(), day.month()),
        (1, 1) | (31, 12) | (1, 7) | (30, 6) | (15, 6)
    )
}

/// What two birth dates say of each other.
enum Births {
    Differ,
    Unknown,
    /// The year is the same, the day is not known or not the same: default and rounded days, day and month exchanged.
    Year,
    Day,
}

fn births(a: PartialDate, b: PartialDate) -> Births {
    match (a.year(), b.year()) {
        (Some(x), Some(y)) if x != y => Births::Differ,
        (Some(_), Some(_)) => match (a.day(), b.day()) {
            // A day written where none is known is everybody's.
            (Some(x), Some(y)) if x == y && !is_default(x) => Births::Day,
            (Some(x), Some(y)) if x != y && x.day() == y.month() && x.month() == y.day() => {
                Births::Day
            }
            _ => Births::Year,
        },
        _ => Births::Unknown,
    }
}

/// The rows of two persons can be one life: what the second did before the row that goes on was over when the first row
/// began, or is an earlier register of the same stay; and no closed stays in two units overlap.
fn one_life<'a>(
    p: impl Iterator<Item = &'a Custody> + Clone,
    q: impl Iterator<Item = &'a Custody> + Clone,
    r: &Custody,
    s: &Custody,
) -> bool {
    let span = |x: &Custody| x.admitted.day().zip(x.exit_date.day());
    let begun = r.admitted.day();
    let earlier = |x: &Custody| {
        let open = x.exit.is_none() && x.upt == r.upt && x.admitted.day() <= begun;
        open && x.class.and_then(step) < r.class.and_then(step)
    };
    // Earlier stays were over by then, whatever rows of theirs nobody closed.
    let before = q.clone().filter(|x| x.admitted.day() < s.admitted.day());
    let ended = before.clone().filter(|x| x.exit.is_some());
    let over = ended.filter_map(|x| x.exit_date.latest()).max();
    if over > begun {
        return false;
    }
    before
        .clone()
        .all(|x| x.admitted.day() <= over || earlier(x))
        && p.clone().all(|x| {
            q.clone().all(|y| {
                let Some(((a, b), (c, d))) = span(x).zip(span(y)) else {
                    return true;
                };
                x.upt == y.upt || (b.min(d) - a.max(c)).num_days() <= 7
            })
        })
}
