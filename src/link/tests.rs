//! Linking small, hostile groups of records.

use super::decisions::Decided;
use super::engine::similarity::Positions;
use super::*;
use crate::domain::records::{Custody, Identity, OtherNames, Resident};
use crate::domain::{
    ExitCode, FileId, Month, Nik, OffenceGroup, PartialDate, RowRef, Sex, Text, Upt,
};
use chrono::NaiveDate;
use proptest::prelude::*;
use rustc_hash::FxHashSet;
use std::path::Path;

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

fn at(i: usize) -> RowRef {
    RowRef {
        file: FileId(0),
        sheet: 0,
        row: i as u32,
    }
}

fn day(text: &str) -> PartialDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_or(PartialDate::Unknown, PartialDate::Day)
}

fn inside(i: usize, who: Identity, upt: u16, from: &str, to: &str) -> Custody {
    Custody {
        at: at(i),
        who,
        upt: Upt(upt),
        register_no: Text::default(),
        class: None,
        admitted: day(from),
        from_upt: None,
        by_transfer: false,
        recaptured: false,
        after_revocation: false,
        offence: OffenceGroup::Unknown,
        offence_date: PartialDate::Unknown,
        verdict: PartialDate::Unknown,
        sentence_days: None,
        expiry: PartialDate::Unknown,
        two_thirds: PartialDate::Unknown,
        exit: (!to.is_empty()).then_some(ExitCode::Bm),
        exit_date: day(to),
        to_upt: None,
        recidivist_flag: None,
        education: Text::default(),
        list_month: None,
    }
}

fn records(all: Vec<Identity>) -> Records {
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

/// A crowd, so that u and λ can be estimated.
fn people() -> Vec<Identity> {
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
    all
}

/// Links with these decisions and the registry of a month.
fn linked(all: &Records, decisions: &Decisions, registry: &Registry) -> Links {
    let settings = Linkage::default();
    let options = Options {
        settings: &settings,
        decisions,
        registry,
        key: &PseudonymKey::fixed(),
        seed: 1,
    };
    link(all, &options)
}

/// A crowd, and then the people in question.
fn crowd(extra: Vec<Identity>) -> Links {
    let all = people().into_iter().chain(extra).collect();
    linked(&records(all), &Decisions::default(), &Registry::default())
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

/// Two rows of one name and birth date with these NIK, and whether they are one person.
fn with_niks(name: [&str; 2], birth: [&str; 2], nik: [&str; 2]) -> bool {
    let row = |i: usize| who(name[i], birth[i], nik[i], Sex::Male);
    let l = crowd(vec![row(0), row(1)]);
    let (x, y) = last_two(&l);
    x == y
}

#[test]
fn two_intact_niks_that_each_fit_their_row_are_never_one_person() {
    let name = ["RONI MANUPUTTY"; 2];
    let born = ["1988-04-05"; 2];
    assert!(!with_niks(
        name,
        born,
        ["8171020504880001", "8171020504880777"]
    ));
}

#[test]
fn a_nik_that_is_mistyped_or_contradicts_its_own_row_is_no_other_person() {
    let name = ["RONI MANUPUTTY"; 2];
    let born = ["1988-04-05"; 2];
    for (other, what) in [
        ("8171020504880007", "a wrong digit of the serial"),
        ("8171020504880010", "two digits of it exchanged"),
        ("8171020504890001", "a wrong digit of the date"),
        ("8171021712610042", "his father's"),
    ] {
        assert!(with_niks(name, born, ["8171020504880001", other]), "{what}");
    }
}

#[test]
fn twins_are_two_though_their_niks_are_one_digit_apart() {
    let born = ["1988-04-05"; 2];
    for nik in [
        ["8171020504880001", "8171020504880002"],
        ["", "8171020504880002"],
        ["", ""],
    ] {
        assert!(
            !with_niks(["RONALD PATTY", "PETRUS PATTY"], born, nik),
            "{nik:?}"
        );
    }
}

#[test]
fn twins_of_names_a_letter_apart_are_two_and_a_row_with_the_others_number_is_its_names() {
    let (own, others) = ("8171020504880001", "8171020504880002");
    let born = "1988-04-05";
    let names = ["MARLON PATTY", "MARLIN PATTY"];
    assert!(!with_niks(names, [born; 2], [own, others]));
    // The name is mistyped, or the number: one of the two alone is a slip.
    assert!(with_niks(["MARLON PATTY"; 2], [born; 2], [own, others]));
    assert!(with_niks(names, [born; 2], [own; 2]));
    // Two spellings of one name and two numbers: Jefri's twin is called Jefry. One of the two alone is a slip.
    let spelt = ["JEFRI PATTY", "Jefry Patty"];
    assert!(!with_niks(spelt, [born; 2], [own, others]));
    assert!(with_niks(spelt, [born; 2], [own; 2]));
    assert!(with_niks(
        ["JEFRI PATTY", "Patty Jefri"],
        [born; 2],
        [own, others]
    ));
    assert!(with_niks(spelt, [born; 2], [own, "8171020504880007"]));
    // Each twin stands in two lists, and in a third the one bears the number of the other.
    let in_list = |name: &str, nik: &str, place: &str| Identity {
        birth_place: place.into(),
        ..who(name, born, nik, Sex::Male)
    };
    let l = crowd(vec![
        in_list(names[0], own, "AMBON"),
        in_list(names[0], own, ""),
        in_list(names[1], others, "AMBON"),
        in_list(names[1], others, ""),
        in_list(names[0], others, "PASSO"),
    ]);
    let of = &l.person_of[l.person_of.len() - 5..];
    assert_eq!((of[0], of[2]), (of[1], of[3]));
    assert_ne!(of[0], of[2]);
    assert_eq!(of[4], of[0]);
}

#[test]
fn a_sister_who_bears_her_brothers_number_is_no_other_name_of_his() {
    let (nik, born) = ("8171020504880001", "1988-04-05");
    let joined = |name: &str, sex: Sex| {
        let l = crowd(vec![
            who("ALFREDO PATTY", born, nik, Sex::Male),
            who(name, born, nik, sex),
        ]);
        let (x, y) = last_two(&l);
        x == y
    };
    assert!(!joined("SHERLY PATTY", Sex::Female));
    // His own name beside a wrong sex is a slip.
    assert!(joined("ALFREDO PATTY", Sex::Female));
}

#[test]
fn father_and_son_of_one_name_are_two() {
    assert!(!with_niks(
        ["RONI MANUPUTTY"; 2],
        ["1961-02-11", "1988-04-05"],
        [""; 2]
    ));
}

#[test]
fn a_nik_copied_from_the_row_above_joins_nobody() {
    let nik = "8171020504880001";
    let born = ["1988-04-05", "1974-11-23"];
    assert!(!with_niks(
        ["RONI MANUPUTTY", "DANIEL SOUISA"],
        born,
        [nik; 2]
    ));
    // Nor where the row says no birth date of its own: what the NIK says is no evidence for it.
    let copied = Identity {
        from_nik: crate::domain::records::FromNik {
            birth: true,
            sex: true,
        },
        ..who("DANIEL SOUISA", "1988-04-05", nik, Sex::Male)
    };
    let l = crowd(vec![
        who("RONI MANUPUTTY", "1988-04-05", nik, Sex::Male),
        copied,
    ]);
    let (x, y) = last_two(&l);
    assert_ne!(x, y);
}

#[test]
fn a_wrong_sex_is_settled_by_the_day_inside_the_nik() {
    let row = |birth: &str, nik: &str, sex| who("RONI MANUPUTTY", birth, nik, sex);
    let l = crowd(vec![
        row("1988-04-05", "8171020504880001", Sex::Female),
        row("1988-04-05", "", Sex::Male),
    ]);
    let (x, y) = last_two(&l);
    assert_eq!(x, y);
}

#[test]
fn one_nik_and_written_birth_date_is_one_person_under_two_given_names_only_a_likely_one() {
    let (nik, born) = ("8171020504880001", "1988-04-05");
    for other in ["RONI M", "RONI SOUISA", "MANUPUTTY", "RONY MANUPUTI"] {
        assert!(
            with_niks(["RONI MANUPUTTY", other], [born; 2], [nik; 2]),
            "{other}"
        );
    }
    // The name he is called by.
    let l = crowd(vec![
        who("RONI MANUPUTTY", born, nik, Sex::Male),
        who("BUCE", born, nik, Sex::Male),
    ]);
    let (x, y) = last_two(&l);
    assert_eq!(x, y);
    assert_eq!(l.strength[x as usize], LinkStrength::Likely);
    // Another family name as well: nobody's name is left, and it is asked.
    let l = crowd(vec![
        who("RONI MANUPUTTY", born, nik, Sex::Male),
        who("PETRUS SOUISA", born, nik, Sex::Male),
    ]);
    let (x, y) = last_two(&l);
    assert_ne!(x, y);
    assert!(
        l.review
            .iter()
            .any(|p| p.probability > 0.5 && p.probability < 0.95)
    );
}

#[test]
fn the_comparison_is_symmetric() {
    let r = records(vec![
        who("RONI MANUPUTTY", "1988-04-05", "", Sex::Male),
        who("RONI MANUPUTI", "1988-05-04", "", Sex::Male),
    ]);
    let (f, _) = Features::of(&r);
    let mut p = Positions::default();
    let (one, other) = (
        compare::pattern(&f, 0, 1, &mut p),
        compare::pattern(&f, 1, 0, &mut p),
    );
    assert_eq!(one, other);
    assert_eq!(
        compare::level(one, compare::BIRTH),
        compare::birth::SLIP,
        "day and month exchanged"
    );
}

/// The partition of records into persons, whatever the persons' numbers are.
fn partition(l: &Links) -> Vec<u32> {
    let mut first = std::collections::HashMap::new();
    l.person_of
        .iter()
        .enumerate()
        .map(|(i, p)| *first.entry(*p).or_insert(i as u32))
        .collect()
}

#[test]
fn two_prisons_at_once_are_two_people_unless_one_row_never_ended() {
    let one = || who("RONI MANUPUTTY", "1988-04-05", "", Sex::Male);
    for (to, same) in [("2024-12-01", false), ("", true)] {
        let mut all = records(people());
        all.custody = vec![
            inside(900, one(), 1, "2024-01-10", to),
            inside(
                901,
                Identity {
                    birth_place: "AMBON".into(),
                    ..one()
                },
                2,
                "2024-03-01",
                "2024-06-01",
            ),
        ];
        let l = linked(&all, &Decisions::default(), &Registry::default());
        assert_eq!(l.person_of[0] == l.person_of[1], same, "exit {to:?}");
        let held = l
            .review
            .iter()
            .filter(|p| p.held == Some(Held::Custody))
            .count();
        assert_eq!(
            held,
            usize::from(!same),
            "what a constraint holds apart is reviewed"
        );
    }
}

#[test]
fn one_identity_in_two_prisons_at_once_is_two_people_and_is_told() {
    let one = || {
        who(
            "RONI MANUPUTTY",
            "1988-04-05",
            "8171020504880001",
            Sex::Male,
        )
    };
    let mut all = records(people());
    all.custody = vec![
        inside(900, one(), 1, "2024-01-10", "2024-12-01"),
        inside(901, one(), 2, "2024-03-01", "2024-06-01"),
        inside(902, one(), 1, "2025-03-01", "2025-06-01"),
        // The same stay in the list of the next month.
        inside(903, one(), 2, "2024-03-01", "2024-06-01"),
    ];
    all.resident.push(Resident {
        at: at(904),
        who: one(),
    });
    let l = linked(&all, &Decisions::default(), &Registry::default());
    let p = &l.person_of;
    assert_eq!((p[0], p[1]), (p[2], p[3]));
    assert_ne!(p[0], p[1]);
    assert_eq!(
        *p.last().unwrap(),
        p[0],
        "what is no stay goes with the first"
    );
    assert_eq!(l.overlaps, [(0, 1)]);
    assert_eq!((l.report.overlaps, l.report.violations), (1, 0));
    let held: Vec<&ReviewPair> = (l.review.iter())
        .filter(|r| r.held == Some(Held::Custody))
        .collect();
    assert_eq!(held.len(), 1);
    let keys = [p[0], p[1]].map(|p| l.keys()[p as usize]);
    assert_ne!(keys[0], keys[1]);
    // A person says that they are one, and they are.
    let (a, b) = held[0].fingerprints.clone();
    assert_ne!(a, b);
    let dir = tempfile::tempdir().unwrap();
    append_decisions(
        &dir.path().join("review.csv"),
        &[Decision::new(&a, &b, true)],
    )
    .unwrap();
    let decided = linked(
        &all,
        &Decisions::load(dir.path()).unwrap(),
        &Registry::default(),
    );
    assert_eq!(decided.person_of[0], decided.person_of[1]);
    assert!(decided.overlaps.is_empty());
}

#[test]
fn a_register_number_of_a_unit_links_what_is_alike() {
    let person = |name: &str, birth: &str| who(name, birth, "", Sex::Male);
    let with = |second: Identity, number: &str| {
        let mut all = records(people());
        all.custody = vec![
            inside(
                900,
                person("RONI MANUPUTTY", "1988-04-05"),
                1,
                "2024-01-10",
                "",
            ),
            inside(901, second, 1, "2024-01-10", ""),
        ];
        all.custody[0].register_no = "B.I 12/2024".into();
        all.custody[1].register_no = number.into();
        let l = linked(&all, &Decisions::default(), &Registry::default());
        l.strict_person_of[0] == l.strict_person_of[1]
    };
    let respelt = || person("RONNY MANUPUTY", "1977-11-23");
    assert!(
        with(respelt(), "B.I 12/2024"),
        "one number, one day, near names"
    );
    assert!(!with(respelt(), "B.I 13/2024"));
    assert!(!with(person("YOHANIS PATTY", "1988-04-05"), "B.I 12/2024"));
}

#[test]
fn a_chain_held_by_one_weak_edge_is_cut() {
    let five: Vec<Identity> = (0..5).map(|_| who("A", "", "", Sex::Male)).collect();
    let five: Vec<Identity> = five
        .into_iter()
        .enumerate()
        .map(|(i, w)| Identity {
            birth_place: i.to_string().into(),
            ..w
        })
        .collect();
    let (features, _) = Features::of(&records(five));
    let edge = |a, b, probability| Edge {
        a,
        b,
        weight: learn::weight_of(probability),
        pattern: 0,
    };
    let spells = Spells::default();
    let evidence = Evidence {
        features: &features,
        spells: &spells,
        model: None,
    };
    let threshold = learn::weight_of(0.95);
    let build =
        |edges: &[Edge]| Clusters::build(evidence, &[], edges, threshold, &Decided::default());
    let chain = [edge(0, 1, 0.9999), edge(2, 3, 0.9999), edge(1, 2, 0.96)];
    let cut = build(&chain);
    assert_eq!(cut.person, [0, 0, 2, 2, 4]);
    assert_eq!(cut.held.get(&(1, 2)), Some(&Held::WeakEdge));
    // A second edge, or a strong one, holds.
    let two = [chain[0], chain[1], chain[2], edge(0, 3, 0.6)];
    assert_eq!(build(&two).person, [0, 0, 0, 0, 4]);
    let strong = [chain[0], chain[1], edge(1, 2, 0.9995)];
    assert_eq!(build(&strong).person, [0, 0, 0, 0, 4]);
}

#[test]
fn neither_the_order_of_records_nor_the_number_of_threads_changes_anything() {
    let mut all = people();
    all.extend((0..40).map(|i| {
        let sex = if i % 5 == 0 { Sex::Female } else { Sex::Male };
        let nik = if i % 3 == 0 { "8171020504880001" } else { "" };
        who(
            ["RONI PATTY", "RONNY PATI", "MARIA WAEL"][i % 3],
            "1988-04-05",
            nik,
            sex,
        )
    }));
    let n = all.len();
    let plain = crowd_of(&all);
    // 37 and the number of records have no common divisor, so this is a permutation.
    assert_ne!(n % 37, 0);
    let order: Vec<usize> = (0..n).map(|i| i * 37 % n).collect();
    let shuffled: Vec<Identity> = order.iter().map(|&i| all[i].clone()).collect();
    let turned = crowd_of(&shuffled);
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let single = one.install(|| crowd_of(&all));
    assert_eq!(plain.person_of, single.person_of);
    assert_eq!(plain.review, single.review);
    assert_eq!(plain.report, single.report);
    assert_eq!(plain.report, turned.report);
    for i in 0..n {
        for j in 0..n {
            let (x, y) = (order[i], order[j]);
            assert_eq!(
                plain.person_of[x] == plain.person_of[y],
                turned.person_of[i] == turned.person_of[j]
            );
        }
        let key = |l: &Links, i: usize| l.keys()[l.person_of[i] as usize];
        assert_eq!(key(&plain, order[i]), key(&turned, i));
    }
}

fn crowd_of(all: &[Identity]) -> Links {
    linked(
        &records(all.to_vec()),
        &Decisions::default(),
        &Registry::default(),
    )
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// Links a month in a folder as a run does: registry read, used, saved.
fn in_month(dir: &Path, at: &str, all: &[Identity], decisions: &Decisions) -> Links {
    let path = dir.join("persons.csv");
    let known = Registry::load(&path, month(at)).unwrap();
    let registry = known.unwrap_or_else(|| Registry::empty(month(at)));
    let l = linked(&records(all.to_vec()), decisions, &registry);
    let after = l.updated_registry(&registry);
    after.save(&path).unwrap();
    let changes = dir.join("persons-changes.csv");
    after.save_changes(&changes, &changes).unwrap();
    l
}

fn key_of(l: &Links, record: usize) -> PersonKey {
    l.keys()[l.person_of[record] as usize]
}

#[test]
fn a_nik_that_appears_later_does_not_change_a_key() {
    let dir = tempfile::tempdir().unwrap();
    let none = Decisions::default();
    let crowd = people();
    let n = crowd.len();
    let with = |nik: &str| {
        let mut all = crowd.clone();
        all.push(who("RONI MANUPUTTY", "1988-04-05", nik, Sex::Male));
        all
    };
    let first = in_month(dir.path(), "2026-01", &with(""), &none);
    let second = in_month(dir.path(), "2026-02", &with("8171020504880001"), &none);
    assert_eq!(key_of(&first, n), key_of(&second, n));
    assert_eq!(second.report.changes, (0, 0));
    // The name changes after the NIK came: the key stays.
    let mut third = crowd.clone();
    third.push(who(
        "RONALD MANUPUTTY",
        "1988-04-05",
        "8171020504880001",
        Sex::Male,
    ));
    let third = in_month(dir.path(), "2026-03", &third, &none);
    assert_eq!(key_of(&first, n), key_of(&third, n));
    // A month done again gives what it gave.
    let again = in_month(dir.path(), "2026-02", &with("8171020504880001"), &none);
    assert_eq!(again.assigned, second.assigned);
    let keys: FxHashSet<_> = third.keys().iter().collect();
    assert_eq!(keys.len(), third.keys().len(), "nobody shares a key");
}

#[test]
fn merges_and_splits_between_months_are_told_by_key() {
    let dir = tempfile::tempdir().unwrap();
    let none = Decisions::default();
    let crowd = people();
    let n = crowd.len();
    let mut all = crowd.clone();
    all.push(who("RONI MANUPUTTY", "1988-04-05", "", Sex::Male));
    all.push(who("DANIEL SOUISA", "1975-11-23", "", Sex::Male));
    let apart = in_month(dir.path(), "2026-01", &all, &none);
    let (a, b) = (key_of(&apart, n), key_of(&apart, n + 1));
    assert_ne!(a, b);
    let (features, node_of) = Features::of(&records(all.clone()));
    let key = PseudonymKey::fixed();
    let name = |i: usize| features.fingerprint(node_of[i], &key).to_string();
    let folder = dir.path().join("decisions");
    let decide = |same| {
        append_decisions(
            &folder.join("review.csv"),
            &[Decision::new(&name(n), &name(n + 1), same)],
        )
        .unwrap();
        Decisions::load(&folder).unwrap()
    };
    let merged = in_month(dir.path(), "2026-02", &all, &decide(true));
    assert_eq!(key_of(&merged, n), key_of(&merged, n + 1));
    assert_eq!(merged.report.changes, (1, 0));
    let quiet = in_month(dir.path(), "2026-03", &all, &decide(true));
    assert_eq!(quiet.report.changes, (0, 0), "a merge is told once");
    let split = in_month(dir.path(), "2026-04", &all, &decide(false));
    assert_eq!(split.report.changes, (0, 1));
    let keys = [key_of(&split, n), key_of(&split, n + 1)];
    assert_ne!(keys[0], keys[1]);
    assert!(
        keys.contains(&key_of(&merged, n)),
        "one of the two goes on under the old key"
    );
    let text = crate::workspace::read_state(&dir.path().join("persons-changes.csv")).unwrap();
    let text = String::from_utf8(text.unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[1].starts_with("2026-02,merged,") && lines[2].starts_with("2026-04,split,"));
    assert!(!text.contains("MANUPUTTY"));
}

#[test]
fn a_decision_that_a_later_nik_contradicts_holds_and_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let two = [
        who("RONI MANUPUTTY", "1988-04-05", "", Sex::Male),
        who(
            "RONALD MANUPUTY",
            "1988-05-14",
            "8171021405880001",
            Sex::Male,
        ),
    ];
    let mut all = people();
    let n = all.len();
    all.extend(two);
    let (features, node_of) = Features::of(&records(all.clone()));
    let key = PseudonymKey::fixed();
    let name = |i: usize| features.fingerprint(node_of[i], &key).to_string();
    let file = dir.path().join("review.csv");
    append_decisions(&file, &[Decision::new(&name(n), &name(n + 1), true)]).unwrap();
    let decisions = Decisions::load(dir.path()).unwrap();
    let registry = Registry::default();
    let before = linked(&records(all.clone()), &decisions, &registry);
    assert_eq!(before.person_of[n], before.person_of[n + 1]);
    assert!(before.contradicted.is_empty());
    assert_eq!(before.report.decisions, 1);
    // A list comes in that gives the first of the two another NIK.
    all.push(who(
        "RONI MANUPUTTY",
        "1988-04-05",
        "8171020504880777",
        Sex::Male,
    ));
    let after = linked(&records(all), &decisions, &registry);
    assert_eq!(
        after.person_of[n],
        after.person_of[n + 1],
        "the decision holds"
    );
    assert_ne!(after.person_of[n], after.person_of[n + 2]);
    assert_eq!(after.contradicted.len(), 1);
    assert!(after.contradicted[0].same);
}

fn anybody() -> impl Strategy<Value = Identity> {
    (
        prop::sample::select(vec![
            "RONI PATTY",
            "RONNY PATTY",
            "RONI PATI",
            "R PATTY",
            "MARIA WAEL",
        ]),
        prop::sample::select(vec![
            "1988-04-05",
            "1988-05-04",
            "1988-04-06",
            "1971-11-23",
            "",
        ]),
        prop::sample::select(vec![
            "",
            "8171020504880001",
            "8171020504880002",
            "8171020504880010",
            "8171022311710044",
        ]),
        prop::sample::select(vec![Some(Sex::Male), Some(Sex::Female), None]),
    )
        .prop_map(|(name, birth, nik, sex)| Identity {
            sex,
            ..who(name, birth, nik, Sex::Male)
        })
}

proptest! {
    #[test]
    fn levels_and_weights_are_the_same_whichever_identity_comes_first(
        mut all in prop::collection::vec((anybody(), prop::sample::select(vec!["", "RONI", "WAEL"])), 2..12),
    ) {
        all.dedup();
        let all = all.into_iter().map(|(who, other)| Identity {
            others: Some(Box::new(OtherNames {
                alias: other.into(),
                parent: other.into(),
            })),
            birth_place: other.into(),
            ..who
        });
        let (f, _) = Features::of(&records(all.collect()));
        let teaching = learn::Teaching { exact: &[], near: &[], namesakes: &[], twins: &[] };
        let model = learn::train(&f, &teaching, 1);
        let mut p = Positions::default();
        for a in 0..f.len() as u32 {
            for b in 0..a {
                let (x, y) = (compare::pattern(&f, a, b, &mut p), compare::pattern(&f, b, a, &mut p));
                prop_assert_eq!(x, y);
                prop_assert_eq!(model.weight(&f, a, b, x), model.weight(&f, b, a, y));
            }
        }
        // A better level never weighs less; those of the NIK are kinds of damage and in no order.
        for c in (0..compare::N).filter(|c| *c != compare::NIK) {
            let weight = |l: usize| model.parts(&f, 0, 0, (l as u64) << (4 * c))[c];
            prop_assert!((1..compare::LEVELS[c]).all(|l| weight(l) <= weight(l + 1) + 1e-9));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_cluster_ever_breaks_a_constraint(
        rows in prop::collection::vec((anybody(), 0u16..3, 0i64..400, prop::option::of(1i64..300)), 2..24),
    ) {
        let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let date = |n: i64| (start + chrono::Duration::days(n)).to_string();
        let mut all = records(people());
        all.custody = rows
            .iter()
            .enumerate()
            .map(|(i, (who, upt, from, days))| {
                let to = days.map_or(String::new(), |d| date(from + d));
                inside(900 + i, who.clone(), *upt, &date(*from), &to)
            })
            .collect();
        let l = linked(&all, &Decisions::default(), &Registry::default());
        for (i, x) in all.custody.iter().enumerate() {
            for (j, y) in all.custody.iter().enumerate().take(i) {
                if l.person_of[i] != l.person_of[j] {
                    continue;
                }
                let (a, b) = (&x.who, &y.who);
                let without = a.nik.intact().is_none() && b.nik.intact().is_none();
                let sex = a.sex.zip(b.sex).is_some_and(|(p, q)| p != q);
                let born = a.birth.year().zip(b.birth.year()).is_some_and(|(p, q)| p != q);
                prop_assert!(!(sex && born && without), "sex and birth");
                // Both stays ended and lie well within one another, in two units.
                if let (Some(p), Some(q), Some(s), Some(t)) =
                    (x.admitted.day(), x.exit_date.day(), y.admitted.day(), y.exit_date.day())
                {
                    let overlap = (q.min(t) - p.max(s)).num_days();
                    prop_assert!(x.upt == y.upt || overlap <= 7 || (p - s).num_days().abs() <= 3);
                }
            }
        }
        prop_assert_eq!(l.report.violations, 0);
        prop_assert_eq!(partition(&l).len(), all.len());
    }
}
