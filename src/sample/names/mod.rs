//! Names as they are borne in Maluku (docs/definitions.md 7). Knows nothing of how offices mistype them.

pub(super) mod lists;

use super::dice::Dice;
use crate::domain::Sex;
use lists::{
    BUGIS_FEMALE, BUGIS_LAST, BUGIS_MALE, BUTON_FEMALE, BUTON_LAST, BUTON_MALE, CALL_NAMES,
    FAM_CHRISTIAN, FAM_MUSLIM, FAM_SOUTH_EAST, FEMALE_CHRISTIAN, FEMALE_MUSLIM, FOREIGN,
    GENERAL_LAST, JAVA_FEMALE, JAVA_MALE, MALE_CHRISTIAN, MALE_MUSLIM, SECOND,
};

/// Where a name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)] // names for other provinces wait for their units
pub(crate) enum Origin {
    /// Ambon, Lease, Seram: fam last, Christian given names.
    MoluccanChristian,
    /// The same islands: fam last, Muslim given names.
    MoluccanMuslim,
    /// Butonese: La / Wa before the name.
    Butonese,
    /// Kei, Tanimbar, Aru, Babar.
    SouthEast,
    /// Javanese, often one name.
    Javanese,
    /// Bugis and Makassar.
    Bugis,
    /// Elsewhere in Indonesia (generated provinces).
    General,
    /// A foreign fisherman.
    Foreign,
}

/// A person's names.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// Full name.
    pub(crate) full: String,
    /// Family name in it; empty where there is none.
    pub(crate) fam: String,
    /// Call name, when people use one.
    pub(crate) alias: Option<&'static str>,
}

fn join(a: &str, b: &str) -> String {
    if b.is_empty() {
        a.to_owned()
    } else {
        format!("{a} {b}")
    }
}

fn one(d: &mut Dice, origin: Origin, sex: Sex, fam: &str) -> String {
    let male = sex == Sex::Male;
    match origin {
        Origin::MoluccanChristian | Origin::SouthEast => {
            let first = d.pick(if male {
                MALE_CHRISTIAN
            } else {
                FEMALE_CHRISTIAN
            });
            let second = if d.chance(0.3) {
                d.pick(if male {
                    MALE_CHRISTIAN
                } else {
                    FEMALE_CHRISTIAN
                })
            } else {
                d.pick(SECOND)
            };
            join(
                &if second == first {
                    (*first).to_owned()
                } else {
                    join(first, second)
                },
                fam,
            )
        }
        Origin::MoluccanMuslim => {
            let first = d.pick(if male { MALE_MUSLIM } else { FEMALE_MUSLIM });
            let second = if male && first == "Muhammad" {
                d.pick(&MALE_MUSLIM[2..])
            } else {
                ""
            };
            join(&join(first, second), fam)
        }
        Origin::Butonese => {
            let (mark, pool) = if male {
                ("La", BUTON_MALE)
            } else {
                ("Wa", BUTON_FEMALE)
            };
            join(&format!("{mark} {}", d.pick(pool)), fam)
        }
        Origin::Javanese => (*d.pick(if male { JAVA_MALE } else { JAVA_FEMALE })).to_owned(),
        Origin::Bugis => join(d.pick(if male { BUGIS_MALE } else { BUGIS_FEMALE }), fam),
        Origin::General => {
            let pools: [&[&str]; 3] = if male {
                [MALE_CHRISTIAN, MALE_MUSLIM, JAVA_MALE]
            } else {
                [FEMALE_CHRISTIAN, FEMALE_MUSLIM, JAVA_FEMALE]
            };
            let first = d.pick(d.clone().pick(&pools));
            let second = d.pick(SECOND);
            join(&join(first, second), fam)
        }
        Origin::Foreign => (*d.pick(FOREIGN)).to_owned(),
    }
}

/// Names for one person and the parents.
pub(crate) fn draw(d: &mut Dice, origin: Origin, sex: Sex) -> Names {
    let fam: &str = match origin {
        Origin::MoluccanChristian => d.pick(FAM_CHRISTIAN),
        Origin::MoluccanMuslim => d.pick(FAM_MUSLIM),
        Origin::SouthEast => d.pick(FAM_SOUTH_EAST),
        Origin::Butonese => d.pick(BUTON_LAST),
        Origin::Bugis => d.pick(BUGIS_LAST),
        Origin::General => d.pick(GENERAL_LAST),
        Origin::Javanese | Origin::Foreign => "",
    };
    let mut full = one(d, origin, sex, fam);
    if matches!(origin, Origin::MoluccanMuslim | Origin::Bugis)
        && !full.contains("Abdul")
        && d.chance(0.12)
    {
        let father = d.pick(MALE_MUSLIM);
        full = format!(
            "{full} {} {father}",
            if sex == Sex::Male { "bin" } else { "binti" }
        );
    }
    let alias = call_name(d, sex);
    // Parents are drawn, so that what comes after keeps its dice, though no office here writes them.
    for sex in [Sex::Male, Sex::Female] {
        let _ = one(d, origin, sex, fam);
    }
    Names {
        full,
        fam: fam.to_owned(),
        alias,
    }
}

/// A call name, for the men who go by one.
pub(crate) fn call_name(d: &mut Dice, sex: Sex) -> Option<&'static str> {
    (sex == Sex::Male && d.chance(0.14)).then(|| d.pick(CALL_NAMES))
}

/// Names of a brother, sister or son: other given names before the same fam, or the very name of the other.
pub(crate) fn of_relative(own: Names, other: &Names, same_given: bool) -> Names {
    let fam = other.fam.clone();
    let full = if same_given {
        // The father's patronymic names the grandfather.
        let end = [" bin ", " binti "].iter().find_map(|w| other.full.find(w));
        other.full[..end.unwrap_or(other.full.len())].to_owned()
    } else if own.fam.is_empty() || fam.is_empty() {
        own.full
    } else {
        own.full.replacen(&own.fam, &fam, 1)
    };
    Names {
        full,
        fam,
        alias: own.alias,
    }
}

/// Words before a given name that twins have in common.
const BEFORE_A_NAME: [&str; 9] = [
    "La", "Wa", "Ode", "Muhammad", "Mohamad", "Muh", "Moh", "Abdul", "Siti",
];

/// A given name one vowel away from another's, as parents name twins: Marlon and Marlin, La Hamid and La Hamud.
pub(crate) fn of_twin(d: &mut Dice, own: Names, other: &Names) -> Names {
    let words = other.full.split(' ');
    let before: usize = words
        .take_while(|w| {
            BEFORE_A_NAME
                .iter()
                .any(|b| w.trim_end_matches('.').eq_ignore_ascii_case(b))
        })
        .map(|w| w.len() + 1)
        .sum();
    let first = other.full.get(before..).unwrap_or_default();
    let first = first.split(' ').next().unwrap_or_default();
    let vowels: Vec<usize> = first
        .char_indices()
        .skip(1)
        .filter(|(_, c)| "aeiou".contains(*c))
        .map(|(i, _)| before + i)
        .collect();
    let Some(&at) = vowels.last() else {
        return of_relative(own, other, false);
    };
    let others: Vec<&str> = ["a", "e", "i", "o", "u"]
        .into_iter()
        .filter(|v| !other.full[at..].starts_with(v))
        .collect();
    let mut full = other.full.clone();
    full.replace_range(at..at + 1, d.pick(&others));
    Names {
        full,
        fam: other.fam.clone(),
        alias: own.alias,
    }
}
