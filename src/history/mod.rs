//! Floor 2: what happened to people, in order. From records and links to histories without names.
//!
//! Contradictions are resolved by stated rules; every application is counted in `Resolutions` under the rule's id.
//! Knows the law's custody paths (docs/definitions.md 2–1.5); knows nothing of rates or reports.

mod consequences;
mod coverage;
mod custody;
mod merge;
pub mod outcome;
mod people;
mod presence;
mod succession;

pub use consequences::{RULES, consequences};
pub use outcome::{EntryKind, Release, Return, releases};

use crate::domain::Month;
use crate::domain::history::*;
use crate::domain::records::Records;
use crate::domain::upt::UptRegistry;
use crate::workspace::Settings;

/// Builds everyone's history as of the end of `month`. `person_of` and `strength` come from `link`.
pub fn build(
    records: &Records,
    person_of: &[u32],
    strength: &[LinkStrength],
    units: &UptRegistry,
    settings: &Settings,
    month: Month,
) -> Histories {
    let joined = succession::joined(records, person_of, strength);
    let (person_of, strength) = (&joined.person_of, &joined.strength);
    let h = of_joined(records, &joined, units, settings, month);
    let people = people::Index::new(records, person_of, strength.len());
    let (services, (litmas, outcomes, community_service)) = rayon::join(
        || merge::services(records, &people, &h, settings, month),
        || {
            (
                merge::litmas(records, &people),
                merge::outcomes(records, &people),
                merge::community_service(records, &people),
            )
        },
    );
    Histories {
        services,
        litmas,
        outcomes,
        community_service,
        ..h
    }
}

/// The histories without services, inquiry reports, outcomes and community service: all that releases and returns need.
pub fn custody(
    records: &Records,
    person_of: &[u32],
    strength: &[LinkStrength],
    units: &UptRegistry,
    settings: &Settings,
    month: Month,
) -> Histories {
    let joined = succession::joined(records, person_of, strength);
    of_joined(records, &joined, units, settings, month)
}

/// Register rows of one case, by whether linking gave them to one person: what it misses here it misses elsewhere too.
#[derive(Debug, Clone, Copy, Default)]
pub struct Missed {
    /// Rows that linking gave to two persons.
    pub missed: u64,
    /// Rows that it gave to one person.
    pub linked: u64,
}

impl Missed {
    /// Looks at every case whose rows go on in another register.
    pub fn of(records: &Records, person_of: &[u32], strength: &[LinkStrength]) -> Missed {
        let succession::Joined { joined, linked, .. } =
            succession::joined(records, person_of, strength);
        Missed {
            missed: joined,
            linked,
        }
    }

    /// The share given to two persons; 0 where no case goes on.
    pub fn share(self) -> f64 {
        self.missed as f64 / (self.linked + self.missed).max(1) as f64
    }
}

/// The same with the persons as linking has them: cases that go on in another person's rows are not looked for.
pub fn custody_as_linked(
    records: &Records,
    person_of: &[u32],
    strength: &[LinkStrength],
    units: &UptRegistry,
    settings: &Settings,
    month: Month,
) -> Histories {
    let linked = succession::Joined {
        person_of: person_of.to_vec(),
        strength: strength.to_vec(),
        joined: 0,
        linked: 0,
    };
    of_joined(records, &linked, units, settings, month)
}

fn of_joined(
    records: &Records,
    joined: &succession::Joined,
    units: &UptRegistry,
    settings: &Settings,
    month: Month,
) -> Histories {
    let (person_of, strength) = (&joined.person_of, &joined.strength);
    let people = people::Index::new(records, person_of, strength.len());
    let mut h = Histories::default();
    if joined.joined > 0 {
        h.resolutions.insert("history.case_joined", joined.joined);
    }
    let mut found = merge::Findings {
        resolutions: &mut h.resolutions,
        lists: &mut h.lists,
        ends_of_nothing: &mut h.ends_of_nothing,
    };
    let (coverage, custody) = rayon::join(
        || coverage::coverage(records, units, settings, month),
        || people.by_person(people.custody),
    );
    h.coverage = coverage;
    let lists = presence::Lists::of(records, units);
    (h.persons, h.supervision) = rayon::join(
        || people::persons(records, &people, &custody, strength),
        || merge::supervision(records, &people, &lists, month, &mut found),
    );
    h.episodes = custody::episodes(records, &custody, &mut h, &lists, settings, month);
    custody::deaths(&mut h, month);
    presence::settle(&mut h, &lists);
    presence::end_overlong_remand(&mut h, month);
    h
}

#[cfg(test)]
mod tests;
