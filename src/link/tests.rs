//! Linking small, hostile groups of records.

use super::*;
use crate::domain::records::{Identity, Resident};
use crate::domain::{FileId, Nik, PartialDate, RowRef, Sex};
use chrono::NaiveDate;

fn who(name: &str, birth: &str, nik: &str, sex: Sex) -> Identity {
    Identity {
        name: name.into(),
        birth: NaiveDate::parse_from_str(birth, "%Y-%m-%d")
            .map_or(PartialDate::Unknown, PartialDate::Day),
        nik: if nik.is_empty() {
            Nik::missing()
        } else {
            Nik::check16(nik)
        },
        sex: Some(sex),
        ..Identity::default()
    }
}

fn records(all: Vec<Identity>) -> Records {
    let at = |i: usize| RowRef {
        file: FileId(0),
        sheet: 0,
        row: i as u32,
    };
    let resident = all
        .into_iter()
        .enumerate()
        .map(|(i, who)| Resident { at: at(i), who })
        .collect();
    Records {
        resident,
        ..Records::default()
    }
}

/// A crowd, so that u and λ can be estimated, and then the people in question.
fn crowd(extra: Vec<Identity>) -> Links {
    let given = [
        "YOHANIS", "MARIA", "ABDUL", "SITI", "PETRUS", "RONALD", "FATIMAH", "JACOB", "LA UDIN",
        "WA INA",
    ];
    let fam = [
        "PATTY",
        "LATUCONSINA",
        "TUASIKAL",
        "PICAULY",
        "RUMAH",
        "SALAMPESSY",
        "NIKIJULUW",
        "TAHALEA",
        "WAEL",
        "BUTON",
    ];
    let mut all = Vec::new();
    for (i, g) in given.iter().enumerate() {
        for (j, f) in fam.iter().enumerate() {
            let birth = format!(
                "19{:02}-{:02}-{:02}",
                60 + (i * 7 + j * 3) % 40,
                1 + (i + j) % 12,
                1 + (i * 10 + j) % 28
            );
            // Every second one stands in two lists.
            for _ in 0..1 + (i + j) % 2 {
                all.push(who(&format!("{g} {f}"), &birth, "", Sex::Male));
            }
        }
    }
    all.extend(extra);
    let settings = Linkage::default();
    let options = Options {
        settings: &settings,
        decisions: &Decisions::default(),
        registry: &Registry::default(),
        key: &PseudonymKey::fixed(),
        seed: 1,
    };
    link(&records(all), &options)
}

fn last_two(l: &Links) -> (u32, u32) {
    let n = l.person_of.len();
    (l.person_of[n - 2], l.person_of[n - 1])
}

#[test]
fn real_spelling_noise_links() {
    for (a, b) in [
        ("MAGDALENA TOISUTA", "MAGDALENA TOISUTTA"),
        ("BODEWIN WATTIMENA", "BODEWIN WATIMENNA"),
    ] {
        let l = crowd(vec![
            who(a, "1988-04-05", "", Sex::Male),
            who(b, "1988-04-05", "", Sex::Male),
        ]);
        let (x, y) = last_two(&l);
        assert_eq!(x, y, "{a} {b}");
    }
}

#[test]
fn two_people_with_the_same_fam_and_year_stay_two() {
    let l = crowd(vec![
        who("RONI MANUPUTTY", "1988-04-05", "", Sex::Male),
        who("DANIEL MANUPUTTY", "1988-11-23", "", Sex::Male),
    ]);
    let (x, y) = last_two(&l);
    assert_ne!(x, y);
}

#[test]
fn two_different_intact_niks_are_never_one_person() {
    let l = crowd(vec![
        who(
            "RONI MANUPUTTY",
            "1988-04-05",
            "8171020504880001",
            Sex::Male,
        ),
        who(
            "RONI MANUPUTTY",
            "1988-04-05",
            "8171020504880002",
            Sex::Male,
        ),
    ]);
    let (x, y) = last_two(&l);
    assert_ne!(x, y);
}

#[test]
fn the_same_nik_with_the_same_birth_date_is_one_person_whatever_the_name() {
    let l = crowd(vec![
        who(
            "RONI MANUPUTTY",
            "1988-04-05",
            "8171020504880001",
            Sex::Male,
        ),
        who("RONALD M", "1988-04-05", "8171020504880001", Sex::Male),
    ]);
    let (x, y) = last_two(&l);
    assert_eq!(x, y);
}

#[test]
fn the_comparison_is_symmetric() {
    let r = records(vec![
        who("RONI MANUPUTTY", "1988-04-05", "", Sex::Male),
        who("RONI MANUPUTI", "1988-05-04", "", Sex::Male),
    ]);
    let (f, _) = Features::of(&r, &PseudonymKey::fixed());
    assert_eq!(
        compare::pattern(&f.all[0], &f.all[1]),
        compare::pattern(&f.all[1], &f.all[0])
    );
}
