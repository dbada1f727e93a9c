//! The traps of docs/definitions.md 10 that concern input and what is made of it, each through the whole reading of a workspace.

use chrono::NaiveDate;
use reintegrasi::clean::{codes, name, offence, place};
use reintegrasi::domain::history::Histories;
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::domain::{ExitCode, Month, NikStatus, OffenceGroup, PartialDate, Severity};
use reintegrasi::history::outcome::{Release, releases};
use reintegrasi::locale::Lang;
use reintegrasi::run::analysis::Analysis;
use reintegrasi::run::read::{Intake, read_inbox};
use reintegrasi::run::{Silent, read_settings};
use reintegrasi::workspace::Workspace;

const REGISTER: &str = "No;Nama;NIK;L/P;Tgl Lahir;No Reg;Perkara;Tgl Kejadian;Tgl Masuk;Lama Pidana;Tgl Keluar;Jenis Keluar\n";

fn d(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// A workspace of text files, read for January 2026.
struct World {
    _dir: tempfile::TempDir,
    ws: Workspace,
}

impl World {
    fn of(files: &[(&str, &str)]) -> World {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("reintegrasi.toml"), "").unwrap();
        std::fs::create_dir(dir.path().join("state")).unwrap();
        for (name, text) in files {
            let path = dir.path().join("inbox").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        World {
            ws: Workspace::at(dir.path()),
            _dir: dir,
        }
    }

    fn intake(&self) -> Intake {
        let settings = read_settings(&self.ws).unwrap();
        let units = UptRegistry::maluku(&settings.units);
        let month = Month::new(2026, 1);
        read_inbox(&self.ws, &settings, &units, month, Lang::Id, &Silent).unwrap()
    }

    fn histories(&self) -> Histories {
        let settings = read_settings(&self.ws).unwrap();
        let units = UptRegistry::maluku(&settings.units);
        Analysis::of(&self.ws, &settings, &units, self.intake(), vec![], &Silent)
            .unwrap()
            .histories
    }

    fn releases(&self) -> Vec<Release> {
        let settings = read_settings(&self.ws).unwrap();
        releases(&self.histories(), &settings.definitions)
    }
}

fn register(rows: &str) -> World {
    World::of(&[(
        "lapas ambon register januari 2026.csv",
        &format!("{REGISTER}{rows}"),
    )])
}

#[test]
fn trap_02_a_total_on_the_sheet_that_differs_from_its_rows_is_reported() {
    let text = "No;Nama;NIK;No Reg;Tgl Masuk;Remisi (hari)\n1;A B;;B.I 1/2025;01-02-2025;75\n2;C D;;B.I 2/2025;01-02-2025;314\n3;E F;;B.I 3/2025;01-02-2025;65\n4;GERSON HUKOM;;B.I 4/2025;01-02-2025;40\n;Jumlah;;;;501\n";
    let w = World::of(&[("lapas ambon remisi januari 2026.csv", text)]);
    let i = w.intake();
    let said: Vec<_> = i
        .issues
        .iter()
        .filter(|i| i.rule == "clean.total_differs")
        .collect();
    assert_eq!(said.len(), 1);
    assert_eq!(
        (said[0].value.as_str(), said[0].proposed.as_str()),
        ("501", "494")
    );
}

#[test]
fn trap_03_a_seven_for_a_slash_is_no_date_and_its_likely_meaning_is_only_proposed() {
    let i = register("1;MARKUS NOYA;;L;01-01-1990;B.I 1/2025;Pencurian;;09/0272026;1 tahun;;\n")
        .intake();
    let bad: Vec<_> = i
        .issues
        .iter()
        .filter(|i| i.rule == "clean.date_bad")
        .collect();
    assert_eq!(bad.len(), 1);
    assert!(
        bad[0].proposed.contains("09-02-2026") || bad[0].proposed.contains("2026-02-09"),
        "{}",
        bad[0].proposed
    );
    assert!(
        i.records
            .custody
            .iter()
            .all(|c| c.admitted != PartialDate::Day(d(2026, 2, 9)))
    );
}

#[test]
fn trap_04_every_damage_of_an_identity_number_has_its_level() {
    let i = register(
        "1;A B;'8171021203900001;L;12-03-1990;B.I 1/2025;x;;01-02-2025;;;\n\
         2;C D;8,17102E+15;L;12-03-1991;B.I 2/2025;x;;01-02-2025;;;\n\
         3;E F;817102120390001;L;12-03-1992;B.I 3/2025;x;;01-02-2025;;;\n\
         4;GERSON HUKOM;8171021203930000;L;12-03-1993;B.I 4/2025;x;;01-02-2025;;;\n\
         5;I J;8101012902010003;L;;B.I 5/2025;x;;01-02-2025;;;\n\
         6;K L;BELUM PEREKAMAN;L;;B.I 6/2025;x;;01-02-2025;;;\n\
         7;M N;8.17102E+15;L;;B.I 7/2025;x;;01-02-2025;;;\n",
    )
    .intake();
    use NikStatus::{Damaged15, Intact, Invalid, Missing, Scientific};
    let got: Vec<NikStatus> = i
        .records
        .custody
        .iter()
        .map(|c| c.who.nik.status())
        .collect();
    assert_eq!(
        got,
        [
            Intact, Scientific, Invalid, Damaged15, Invalid, Missing, Scientific
        ]
    );
}

#[test]
fn trap_04_a_number_that_lost_its_last_digit_in_a_numeric_cell_keeps_fifteen() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let w = book.add_worksheet();
    for (c, h) in ["Nama", "NIK", "No Reg", "Tgl Masuk"].iter().enumerate() {
        w.write(0, c as u16, *h).unwrap();
    }
    w.write(1, 0, "MARKUS NOYA").unwrap();
    w.write(1, 1, 8_171_021_203_900_000f64).unwrap();
    w.write(1, 2, "B.I 1/2025").unwrap();
    w.write(1, 3, "01-02-2025").unwrap();
    let w = World::of(&[]);
    std::fs::create_dir_all(w.ws.inbox()).unwrap();
    book.save(w.ws.inbox().join("lapas ambon januari 2026.xlsx"))
        .unwrap();
    assert_eq!(
        w.intake().records.custody[0].who.nik.status(),
        NikStatus::Damaged15
    );
}

#[test]
fn trap_05_register_moves_and_a_transfer_are_one_episode_and_no_return() {
    let rutan = format!(
        "{REGISTER}1;MARKUS NOYA;8171021203900001;L;12-03-1990;A.I 1/2024;Pencurian;01-01-2024;05-01-2024;;;\n\
         2;MARKUS NOYA;8171021203900001;L;12-03-1990;A.III 4/2024;Pencurian;01-01-2024;05-02-2024;;20-03-2024;Pindah ke Lapas Ambon\n"
    );
    let lapas = format!(
        "{REGISTER}1;MARKUS NOYA;8171021203900001;L;12-03-1990;B.I 9/2024;Pencurian;01-01-2024;21-03-2024;1 tahun;05-01-2025;\n\
         2;MARKUS NOYA;8171021203900001;L;12-03-1990;B.III 1/2025;Pencurian;01-01-2024;05-01-2025;2 bulan;05-03-2025;Bebas murni\n"
    );
    let w = World::of(&[
        ("rutan ambon register januari 2026.csv", &rutan),
        ("lapas ambon register januari 2026.csv", &lapas),
    ]);
    let h = w.histories();
    assert_eq!(h.episodes.len(), 1, "{:#?}", h.episodes);
    assert_eq!(
        (h.episodes[0].start, h.episodes[0].end),
        (d(2024, 1, 5), Some(d(2025, 3, 5)))
    );
    let r = w.releases();
    assert_eq!(r.len(), 1);
    assert!(r[0].returns.is_empty());
}

#[test]
fn trap_06_follow_up_is_complete_on_the_release_date_alone_with_the_leap_day_clamped() {
    let w = register(
        "1;MARKUS NOYA;8171021203900001;L;12-03-1990;B.I 1/2022;Pencurian;01-01-2022;01-02-2022;2 tahun;29-02-2024;Bebas murni\n\
         2;SITI RUMAGIA;8171025203900002;P;12-03-1990;B.I 2/2022;Pencurian;01-01-2022;01-02-2022;2 tahun;01-05-2025;Bebas murni\n\
         3;SITI RUMAGIA;8171025203900002;P;12-03-1990;A.I 3/2025;Pencurian;25-05-2025;01-06-2025;;;\n",
    );
    let r = w.releases();
    let leap = r.iter().find(|r| r.t0 == d(2024, 2, 29)).unwrap();
    assert!(leap.is_complete(12, 0, d(2025, 2, 28)) && !leap.is_complete(12, 0, d(2025, 2, 27)));
    let early = r.iter().find(|r| r.t0 == d(2025, 5, 1)).unwrap();
    assert!(early.p1(12), "she came back");
    assert!(
        !early.is_complete(12, 0, d(2026, 1, 31)),
        "and her window is not over"
    );
}

#[test]
fn trap_07_home_assimilation_and_then_parole_are_one_release() {
    let lapas = format!(
        "{REGISTER}1;MARKUS NOYA;8171021203900001;L;12-03-1990;B.I 1/2019;Pencurian;01-01-2019;01-02-2019;4 tahun;10-04-2021;Asimilasi di rumah\n"
    );
    let later = format!(
        "{REGISTER}1;MARKUS NOYA;8171021203900001;L;12-03-1990;B.I 1/2019;Pencurian;01-01-2019;01-02-2019;4 tahun;10-10-2021;PB\n"
    );
    let w = World::of(&[
        ("lapas ambon register desember 2025.csv", &lapas),
        ("lapas ambon register januari 2026.csv", &later),
    ]);
    let r = w.releases();
    assert_eq!(r.len(), 1);
    assert_eq!((r[0].exit, r[0].t0), (ExitCode::Pb, d(2021, 10, 10)));
}

/// docs/definitions.md 2, 5: guidance handed to another office ends what can be seen of a person.
#[test]
fn a_client_handed_to_another_office_is_censored_unless_seen_inside_again() {
    let row = |n: u32, nik: &str, no: &str, begin: &str, end: &str, exit: &str| {
        format!(
            "{n};ORANG{n} NOYA;{nik};L;12-03-1990;{no};Pencurian;01-01-2022;{begin};2 tahun;{end};{exit}\n"
        )
    };
    let lapas = [
        row(
            1,
            "8171021203900001",
            "B.I 1/2022",
            "01-02-2022",
            "01-02-2024",
            "PB",
        ),
        row(
            2,
            "8171021203900002",
            "B.I 2/2022",
            "01-02-2022",
            "01-02-2024",
            "PB",
        ),
        row(2, "8171021203900002", "A.I 9/2025", "01-05-2025", "", ""),
    ]
    .concat();
    let bapas = "No;No Reg Klien;Nama Klien;NIK;Jenis Bimbingan;Tgl Mulai;Tgl Berakhir;Status Akhir\n\
                 1;KD 1;ORANG1 NOYA;8171021203900001;PB;01-02-2024;01-09-2024;Dilimpahkan\n\
                 2;KD 2;ORANG2 NOYA;8171021203900002;PB;01-02-2024;01-09-2024;Dilimpahkan\n";
    let w = World::of(&[
        (
            "lapas ambon register januari 2026.csv",
            &format!("{REGISTER}{lapas}"),
        ),
        ("bapas ambon klien berakhir januari 2026.csv", bapas),
    ]);
    let r = w.releases();
    let censored: Vec<_> = r.iter().map(|r| r.censored).collect();
    assert_eq!(censored, [Some(d(2024, 9, 1)), None]);
}

#[test]
fn trap_08_the_first_remission_shortens_and_the_second_releases() {
    assert_eq!(codes::exit("RU II"), Some(ExitCode::Ru2));
    assert_ne!(codes::exit("RU I"), Some(ExitCode::Ru2));
    let r = register(
        "1;MARKUS NOYA;8171021203900001;L;12-03-1990;B.I 1/2022;Pencurian;;01-02-2022;4 tahun;17-08-2025;RU II\n\
         2;YAKOB BATLAYERI;8171021203910002;L;12-03-1991;B.I 2/2022;Pencurian;;01-02-2022;4 tahun;;RU I\n",
    )
    .releases();
    assert_eq!(r.len(), 1);
}

/// Antara and info-ambon, 17 August 2025: what Maluku's prisoners were given that day.
#[test]
fn of_the_published_remissions_of_a_tenth_year_only_the_second_kinds_release() {
    let given = [
        ("RD I 3 bulan", 1_004, ""),
        ("Remisi Dasawarsa II", 4, "17-08-2025"),
        ("RD Denda I", 32, ""),
        ("RD Denda II", 2, "17-08-2025"),
        ("Remisi tambahan 1 bulan", 23, ""),
    ];
    let decade: u32 = given[..4].iter().map(|g| g.1).sum();
    assert_eq!(decade, 1_042);
    let mut rows = String::new();
    let mut n = 0;
    for (kind, people, left) in given {
        for _ in 0..people {
            n += 1;
            let (day, year) = (1 + n % 28, 60 + n % 40);
            rows.push_str(&format!(
                "{n};WARGA {};810101{day:02}01{year:02}{n:04};L;{day:02}-01-19{year};B.I {n}/2023;Pencurian;;01-02-2023;5 tahun;{left};{kind}\n",
                word(n)
            ));
        }
    }
    let h = register(&rows).histories();
    let (eve, day) = (d(2025, 8, 16), d(2025, 8, 17));
    let inside = |on| h.episodes.iter().filter(|e| e.is_inside(on)).count();
    assert_eq!(inside(eve), 1_065);
    let left: Vec<_> = h.episodes.iter().filter(|e| e.end == Some(day)).collect();
    assert_eq!(left.len(), 6);
    assert!(left.iter().all(|e| e.exit == Some(ExitCode::Rd2)));
    assert_eq!(inside(d(2026, 1, 31)), 1_059);
}

/// A family name for each number, so that nobody is taken for another.
fn word(n: u32) -> String {
    let letters = ["BA", "KO", "LU", "MI", "NE", "PA", "RU", "SO", "TE", "WI"];
    let digits = format!("{n:04}");
    digits
        .bytes()
        .map(|b| letters[usize::from(b - b'0')])
        .collect()
}

#[test]
fn trap_09_class_labels_do_not_make_another_office() {
    let units = place::Units::new(&UptRegistry::maluku(&[]));
    let one = units.find("Bapas Kelas II Ambon").unwrap();
    for other in [
        "Bapas Kelas II A Ambon",
        "Balai Pemasyarakatan Klas IIA Ambon",
        "BAPAS KLS II AMBON",
    ] {
        assert_eq!(units.find(other), Some(one), "{other}");
    }
}

#[test]
fn trap_10_an_article_means_what_its_law_says() {
    let on = |t: &str, day| offence::classify(&[t], offence::era(Some(day)));
    let embezzling = on("Pasal 486 UU 1/2023", d(2026, 1, 10));
    assert_eq!(embezzling, on("Pasal 372 KUHP", d(2025, 1, 10)));
    assert_ne!(on("Pasal 486 KUHP", d(2025, 1, 10)), embezzling);
    assert_eq!(
        offence::classify(&["Pasal 486"], None),
        OffenceGroup::Unknown
    );
}

#[test]
fn trap_11_statistics_codes_are_not_those_of_identity_numbers() {
    // 8103 is Maluku Tengah for the statistics office and Kepulauan Tanimbar inside a NIK.
    let w = World::of(&[(
        "disdukcapil/biodata penduduk 2026-01.csv",
        "NIK;No KK;Nama Lengkap;Jenis Kelamin;Tanggal Lahir;Kelurahan;Kecamatan;Kabupaten/Kota\n8101012902040003;8101010101010001;A B;L;29-02-2004;Amahai;Amahai;8103\n",
    )]);
    let r = &w.intake().records.resident[0];
    assert_eq!(r.who.nik.status(), NikStatus::Intact);
    assert_ne!(r.who.residence.in_ambon().id(), "yes");
}

#[test]
fn trap_12_urimessing_and_nusaniwe_are_two_places_of_one_district() {
    for (village, district) in [
        ("Urimessing", "Nusaniwe"),
        ("Nusaniwe", "Nusaniwe"),
        ("Urimessing", ""),
    ] {
        let r = place::residence("", village, district, "");
        assert_eq!(r.district.map(|d| d.id()), Some("nusaniwe"), "{village}");
    }
    let bay = |t: &str| {
        place::residence(t, "", "", "Kota Ambon")
            .district
            .map(|d| d.id())
    };
    assert_ne!(bay("Kec. Teluk Ambon"), bay("Kec. Teluk Ambon Baguala"));
}

#[test]
fn trap_13_spellings_link_and_two_people_of_one_family_and_year_do_not() {
    assert_eq!(name::fold("TOISUTA"), name::fold("TOISUTTA"));
    assert_eq!(name::fold("WATTIMENA"), name::fold("WATIMENNA"));
    let w = register(
        "1;MARGARETH TOISUTA;8171025203900001;P;12-03-1990;B.I 1/2022;Pencurian;;01-02-2022;1 tahun;01-02-2023;Bebas murni\n\
         2;MERGARETH TOISUTTA;;P;12-03-1990;B.I 7/2025;Pencurian;01-01-2025;01-02-2025;1 tahun;;\n\
         3;RUDI TOISUTA;;L;05-06-1990;B.I 8/2025;Pencurian;01-01-2025;01-02-2025;1 tahun;;\n\
         4;ROBI TOISUTA;;L;05-06-1990;B.I 9/2025;Pencurian;01-01-2025;01-02-2025;1 tahun;;\n",
    );
    let h = w.histories();
    let of = |k: usize| {
        h.episodes
            .iter()
            .find(|e| e.sources.iter().any(|s| s.row == k as u32))
            .unwrap()
            .person
    };
    assert_ne!(of(3), of(4), "brothers are two people");
    assert_ne!(of(1), of(3));
}

#[test]
fn trap_14_la_and_wa_stay_part_of_the_name() {
    assert!(
        name::read("La Ode Rinaldi Muchlis")
            .name
            .to_uppercase()
            .starts_with("LA ODE")
    );
    assert!(
        name::read("Wa Ode Hasnia")
            .name
            .to_uppercase()
            .starts_with("WA ODE")
    );
    assert_ne!(name::fold("La Samsudin"), name::fold("Wa Samsudin"));
}

#[test]
fn trap_16_footers_and_totals_are_no_people() {
    let i = register(
        "1;MARKUS NOYA;8171021203900001;L;12-03-1990;B.I 1/2025;Pencurian;;01-02-2025;1 tahun;;\n\
         Jumlah;1;;;;;;;;;;\n;;;;;;;;;;;\nMengetahui,;;;;;;;;;Ambon, 31 Januari 2026;;\nKepala Lapas,;;;;;;;;;Kasi Registrasi,;;\n;;;;;;;;;;;\nDRS. NAMA PEJABAT;;;;;;;;;NAMA KASI;;\nNIP 197001011990031001;;;;;;;;;NIP 198001012005011001;;\n",
    )
    .intake();
    assert_eq!(i.records.custody.len(), 1);
    assert_eq!(i.counts.iter().map(|c| c.seen).sum::<u64>(), 1);
}

#[test]
fn trap_19_a_missing_month_moves_the_cut_off_back() {
    let row = |month: &str| {
        format!(
            "{REGISTER}1;MARKUS NOYA;8171021203900001;L;12-03-1990;B.I 1/2025;Pencurian;;01-02-2025;3 tahun;;\n;DATA BULAN {month}\n"
        )
    };
    let both = World::of(&[
        (
            "lapas ambon register januari 2026.csv",
            &row("JANUARI 2026"),
        ),
        (
            "lapas piru register desember 2025.csv",
            &row("DESEMBER 2025"),
        ),
    ]);
    assert_eq!(both.histories().coverage.cutoff, Some(d(2025, 12, 31)));
    let one = World::of(&[(
        "lapas ambon register januari 2026.csv",
        &row("JANUARI 2026"),
    )]);
    assert_eq!(one.histories().coverage.cutoff, Some(d(2026, 1, 31)));
}

#[test]
fn trap_20_an_adult_in_the_childrens_prison_is_no_child() {
    let w = World::of(&[(
        "lpka ambon register januari 2026.csv",
        &format!(
            "{REGISTER}1;ANAK SATU;;L;01-02-2010;B.I 1/2025;Pencurian;;01-02-2025;1 tahun;;\n2;MARKUS NOYA;;L;12-03-1990;B.I 2/2025;Pencurian;;01-02-2025;1 tahun;;\n"
        ),
    )]);
    let h = w.histories();
    let day = d(2026, 1, 31);
    let children = h
        .episodes
        .iter()
        .filter(|e| {
            let birth = h.person(e.person).birth.unwrap();
            reintegrasi::domain::date::age_on(birth, day) < 18
        })
        .count();
    assert_eq!((h.episodes.len(), children), (2, 1));
}

#[test]
fn every_row_is_used_or_set_aside_with_an_issue() {
    let i = register(
        "1;MARKUS NOYA;8171021203900001;L;12-03-1990;B.I 1/2025;Pencurian;;01-02-2025;1 tahun;;\n\
         2;;;L;;B.I 2/2025;Pencurian;;01-02-2025;1 tahun;;\n\
         3;A B;;L;01-01-1980;B.I 3/2025;Pencurian;;;1 tahun;;\n\
         4;C D;;L;01-01-2020;B.I 3/2025;Pencurian;;05-02-2025;1 tahun;01-02-2025;PB\n",
    )
    .intake();
    let (seen, used, aside, beyond) = i.counts.iter().fold((0, 0, 0, 0), |a, c| {
        (
            a.0 + c.seen,
            a.1 + c.used,
            a.2 + c.set_aside,
            a.3 + c.beyond,
        )
    });
    assert_eq!((seen, used + aside + beyond), (4, 4));
    let rows_with_errors: std::collections::BTreeSet<u32> = i
        .issues
        .iter()
        .filter(|i| i.severity == Severity::Error)
        .filter_map(|i| i.row)
        .collect();
    assert!(
        rows_with_errors.len() as u64 >= aside,
        "{rows_with_errors:?}"
    );
}

#[test]
fn an_exit_without_a_day_is_of_the_first_month_that_tells_of_it_and_is_said() {
    let rows = "1;OBET SAHETAPY;;L;01-01-1990;B.I 1/2024;Pencurian;;05-03-2024;1 tahun;;Pindah ke Lapas Tual\n2;JUNUS LEKATOMPESSY;;L;02-02-1991;B.I 2/2024;Pencurian;;06-03-2024;1 tahun;x/y;Bebas murni\n3;MARKUS NOYA;;L;03-03-1992;B.I 3/2024;Pencurian;;07-03-2024;1 tahun;;aktif\n";
    let text = format!("{REGISTER}{rows}");
    let w = World::of(&[
        ("lapas ambon register desember 2025.csv", &text),
        ("lapas ambon register januari 2026.csv", &text),
    ]);
    let i = w.intake();
    let of = |name: &str| {
        i.records
            .custody
            .iter()
            .find(|c| c.who.name.contains(name))
            .unwrap()
    };
    assert_eq!(of("OBET").exit_date, PartialDate::Month(2025, 12));
    assert_eq!(of("JUNUS").exit, Some(ExitCode::Bm));
    assert_eq!(of("JUNUS").exit_date, PartialDate::Month(2025, 12));
    assert_eq!(
        (of("MARKUS").exit, of("MARKUS").exit_date),
        (None, PartialDate::Unknown)
    );
    let said = i
        .issues
        .iter()
        .filter(|i| i.rule == "clean.exit_date_assumed");
    assert!(said.clone().all(|i| !i.proposed.is_empty()) && said.count() == 4);
}

#[test]
fn an_exit_that_is_denied_or_only_planned_ends_no_stay() {
    let row = |n: u32, exit: &str| {
        format!(
            "{n};MARKUS NOYA {n};817102120390000{n};L;12-03-1990;B.I {n}/2024;Pencurian;;05-03-2024;4 tahun;;{exit}\n"
        )
    };
    let open = [
        "Belum bebas",
        "blm pindah",
        "Usulan PB",
        "menunggu SK CB",
        "percobaan melarikan diri",
    ];
    let rows: String = (1..).zip(open).map(|(n, exit)| row(n, exit)).collect();
    let over = row(9, "Bebas, tidak ada perkara lain");
    let w = register(&(rows + &over));
    let ended: Vec<_> = w
        .intake()
        .records
        .custody
        .iter()
        .map(|c| (c.exit, c.exit_date.is_known()))
        .collect();
    assert_eq!(ended.len(), 6);
    assert!(ended[..5].iter().all(|e| *e == (None, false)), "{ended:?}");
    assert_eq!(ended[5], (Some(ExitCode::Bm), true));
    assert_eq!(w.releases().len(), 1);
}
