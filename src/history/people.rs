//! Records by person, and what is known of each person: the newest word counts, intact NIK first.

use crate::domain::history::{LinkStrength, Person, PersonId};
use crate::domain::records::{Identity, Records};
use crate::domain::region::InAmbon;
use crate::domain::{Members, PartialDate, Sex, Text};
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

    /// The records of one of these kinds by person.
    pub fn by_person(&self, person_of: &[u32]) -> Members {
        Members::of(person_of.iter().copied().zip(0..), self.known.len())
    }
}

/// What is made of everyone in parallel, some thousand people at a time and in their order: `each` gets a person with
/// records of a kind and adds to a `T`.
pub fn in_pieces<T: Default + Send>(
    by_person: &Members,
    each: impl Fn(PersonId, &[u32], &mut T) + Sync,
) -> Vec<T> {
    const AT_A_TIME: u32 = 2_048;
    let persons = by_person.len() as u32;
    (0..persons.div_ceil(AT_A_TIME))
        .into_par_iter()
        .map(|k| {
            let mut made = T::default();
            for p in k * AT_A_TIME..persons.min((k + 1) * AT_A_TIME) {
                let own = by_person.get(p);
                if !own.is_empty() {
                    each(PersonId(p), own, &mut made);
                }
            }
            made
        })
        .collect()
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

/// Attributes of every person; `custody` are the custody records of each.
pub fn persons(
    records: &Records,
    index: &Index,
    custody: &Members,
    strength: &[LinkStrength],
) -> Vec<Person> {
    let by_person = index.by_person(index.all);
    let identities: Vec<&Identity> = records.identities().map(|(_, w)| w).collect();
    let described = strength.par_iter().enumerate().map(|(p, &strength)| {
        let p = p as u32;
        let all: Vec<&Identity> = (by_person.get(p).iter())
            .map(|&i| identities[i as usize])
            .collect();
        let mut stays = custody.get(p).iter().map(|&i| &records.custody[i as usize]);
        Person {
            education: (stays.rfind(|r| !r.education.is_empty()))
                .map_or_else(Text::default, |r| r.education.clone()),
            ..person(&all, strength)
        }
    });
    let mut out: Vec<Person> = described.collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// Everyone has their own records in their order, whoever has none between them.
        #[test]
        fn records_by_person_are_those_of_each(person_of in proptest::collection::vec(0u32..40, 0..200)) {
            let by_person = Members::of(person_of.iter().copied().zip(0..), 45);
            for p in 0..45 {
                let own: Vec<u32> = (0..person_of.len() as u32).filter(|&i| person_of[i as usize] == p).collect();
                proptest::prop_assert_eq!(by_person.get(p), own.as_slice());
            }
            let met = in_pieces(&by_person, |p, own, met: &mut Vec<(PersonId, usize)>| met.push((p, own.len())));
            proptest::prop_assert_eq!(met.concat().len(), (0..45).filter(|p| person_of.contains(p)).count());
        }
    }
}
