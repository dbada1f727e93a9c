//! Records by person, and what is known of each person: the newest word counts, intact NIK first.

use crate::domain::history::{LinkStrength, Person};
use crate::domain::records::{Identity, Records};
use crate::domain::region::InAmbon;
use crate::domain::{PartialDate, Sex};
use chrono::NaiveDate;
use rayon::prelude::*;

/// Person of each record, by kind.
pub struct Index<'a> {
    pub custody: &'a [u32],
    pub supervision: &'a [u32],
    pub litmas: &'a [u32],
    pub participation: &'a [u32],
    pub outcome: &'a [u32],
    pub community_service: &'a [u32],
    pub death: &'a [u32],
    /// Known from prison or Bapas.
    pub known: Vec<bool>,
    all: &'a [u32],
}

impl<'a> Index<'a> {
    /// Splits the person list by kind, in the order of `Records::identities`.
    pub fn new(r: &Records, person_of: &'a [u32], persons: usize) -> Index<'a> {
        let mut rest = person_of;
        let mut take = |n: usize| {
            let (a, b) = rest.split_at(n.min(rest.len()));
            rest = b;
            a
        };
        let custody = take(r.custody.len());
        let supervision = take(r.supervision.len());
        let litmas = take(r.litmas.len());
        let participation = take(r.participation.len());
        let outcome = take(r.outcome.len());
        let community_service = take(r.community_service.len());
        let _resident = take(r.resident.len());
        let death = take(r.death.len());
        let mut known = vec![false; persons];
        for &p in custody.iter().chain(supervision).chain(community_service) {
            known[p as usize] = true;
        }
        Index {
            custody,
            supervision,
            litmas,
            participation,
            outcome,
            community_service,
            death,
            known,
            all: person_of,
        }
    }
}

/// A birth date for counting ages: a year alone is its middle, a month alone its 15th.
fn birth_day(d: PartialDate) -> Option<NaiveDate> {
    match d {
        PartialDate::Unknown => None,
        PartialDate::Year(y) => NaiveDate::from_ymd_opt(y, 7, 1),
        PartialDate::Month(y, m) => NaiveDate::from_ymd_opt(y, u32::from(m), 15),
        PartialDate::Day(d) => Some(d),
    }
}

/// Attributes of every person.
pub fn persons(records: &Records, index: &Index, strength: &[LinkStrength]) -> Vec<Person> {
    let mut order: Vec<(u32, u32)> = index.all.iter().copied().zip(0..).collect();
    order.par_sort_unstable();
    let identities: Vec<&Identity> = records.identities().map(|(_, w)| w).collect();
    let groups: Vec<&[(u32, u32)]> = order.chunk_by(|a, b| a.0 == b.0).collect();
    let described = groups.par_iter().map(|group| {
        let p = group[0].0 as usize;
        let all: Vec<&Identity> = (group.iter())
            .map(|&(_, i)| identities[i as usize])
            .collect();
        (p, person(&all, strength[p]))
    });
    let mut out = vec![Person::default(); strength.len()];
    for (p, person) in described.collect::<Vec<_>>() {
        out[p] = person;
    }
    for (r, &p) in records.custody.iter().zip(index.custody) {
        if !r.education.is_empty() {
            out[p as usize].education = r.education.clone();
        }
    }
    for (r, &p) in records.death.iter().zip(index.death) {
        out[p as usize].death = out[p as usize].death.or(r.date.latest());
    }
    out
}

/// Attributes of a person, from all that records say in file order. Birth: the day in an intact NIK, else the most frequent
/// day, else the best partial. Sex: the majority. Residence: the last record that says where (files are read in order of
/// name, so newer deliveries come later).
fn person(all: &[&Identity], strength: LinkStrength) -> Person {
    let mut person = Person {
        strength,
        ..Person::default()
    };
    let males = all.iter().filter(|w| w.sex == Some(Sex::Male)).count();
    let females = all.iter().filter(|w| w.sex == Some(Sex::Female)).count();
    person.sex = match males.cmp(&females) {
        std::cmp::Ordering::Greater => Some(Sex::Male),
        std::cmp::Ordering::Less => Some(Sex::Female),
        std::cmp::Ordering::Equal => all.iter().find_map(|w| w.sex),
    };
    let mut days: Vec<NaiveDate> = all.iter().filter_map(|w| w.birth.day()).collect();
    days.sort_unstable();
    let mode = days
        .chunk_by(|a, b| a == b)
        .max_by_key(|c| c.len())
        .map(|c| c[0]);
    let in_nik = all.iter().find_map(|w| {
        w.nik
            .intact()
            .and_then(|_| w.nik.birth(2026))
            .map(|(d, _)| d)
    });
    person.birth = in_nik
        .or(mode)
        .or_else(|| all.iter().filter_map(|w| birth_day(w.birth)).next());
    person.has_intact_nik = all.iter().any(|w| w.nik.intact().is_some());
    for w in all {
        match w.residence.in_ambon() {
            InAmbon::Unknown => {}
            known => {
                person.in_ambon = Some(known);
                person.district = w.residence.district.or(if known == InAmbon::Yes {
                    person.district
                } else {
                    None
                });
            }
        }
    }
    person
}
