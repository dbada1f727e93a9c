//! A published study as a month: the 432 men of the Rossi data (released from Maryland prisons, half of them given financial
//! aid, one year of follow-up; docs/definitions.md 9) written as a prison, a remand house and a city agency export them, and read,
//! linked and measured like any month. The figures must be those of the literature.
//!
//! All are released on one day, and a week of the study is seven days: its 52 weeks end a day before the window of twelve
//! months does. Aid begins in the week before release, so that it is participation fixed before the clock starts.

use chrono::{Datelike, Days, NaiveDate};
use reintegrasi::domain::figure::{Figure, Request};
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::domain::{Dimension, Month, Population};
use reintegrasi::locale::Lang;
use reintegrasi::run::analysis::Analysis;
use reintegrasi::run::read::read_inbox;
use reintegrasi::run::{Silent, read_settings};
use reintegrasi::workspace::Workspace;
use std::fmt::Write;

/// One man of the study: week of arrest or 52, arrested, aid, age.
struct Man {
    week: u64,
    arrested: bool,
    aid: bool,
    age: i32,
}

fn men() -> Vec<Man> {
    let rows = csv::Reader::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/rossi.csv"))
        .unwrap()
        .into_records();
    rows.map(|r| {
        let v: Vec<i32> = r.unwrap().iter().map(|x| x.parse().unwrap()).collect();
        Man {
            week: v[0] as u64,
            arrested: v[1] == 1,
            aid: v[2] == 1,
            age: v[3],
        }
    })
    .collect()
}

fn released() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 15).unwrap()
}

/// Name, NIK and birth date as three offices write them: 24 given names × 18 families are 432 people.
fn identity(i: usize, age: i32) -> String {
    const GIVEN: [&str; 24] = [
        "MARKUS",
        "YOHANIS",
        "ABDUL",
        "RIDWAN",
        "PETRUS",
        "SAMUEL",
        "HAMZAH",
        "FRANGKY",
        "ISMAIL",
        "DOMINGGUS",
        "LA ODE",
        "BENHARD",
        "RAHMAN",
        "STEVANUS",
        "USMAN",
        "GERSON",
        "THOMAS",
        "IDRUS",
        "WELLEM",
        "SULAIMAN",
        "ROBERTH",
        "JUSUF",
        "NATANEL",
        "ZAINUDIN",
    ];
    const FAMILY: [&str; 18] = [
        "PATTIASINA",
        "LATUCONSINA",
        "TUASIKAL",
        "NOYA",
        "SAHETAPY",
        "RUMAGIA",
        "WATTIMENA",
        "SOPACUA",
        "PELUPESSY",
        "HUKOM",
        "MANUPUTTY",
        "OHORELLA",
        "TOISUTA",
        "KAKISINA",
        "LESTALUHU",
        "SILOOY",
        "BUGIS",
        "NIKIJULUW",
    ];
    let birth = released()
        .with_year(released().year() - age)
        .and_then(|d| d.checked_sub_days(Days::new((i as u64 * 37) % 360)))
        .unwrap();
    format!(
        "{} {};817101{}{:04};L;{}",
        GIVEN[i % 24],
        FAMILY[i / 24],
        birth.format("%d%m%y"),
        i + 1,
        birth.format("%d-%m-%Y")
    )
}

/// The three files of the month.
fn files() -> [(&'static str, String); 3] {
    let head = "No;Nama;NIK;L/P;Tgl Lahir;No Reg;Perkara;Tgl Kejadian;Tgl Masuk;Lama Pidana;Tgl Keluar;Jenis Keluar\n";
    let (mut lapas, mut rutan) = (head.to_owned(), head.to_owned());
    let mut dinsos =
        "No;Nama;NIK;L/P;Tgl Lahir;Jenis Layanan;Tgl Rujukan;Tgl Mulai;Status\n".to_owned();
    for (i, m) in men().iter().enumerate() {
        let who = identity(i, m.age);
        let n = i + 1;
        writeln!(
            lapas,
            "{n};{who};B.I {n}/2023;Pencurian;02-02-2023;01-03-2023;2 tahun;{};Bebas murni",
            released().format("%d-%m-%Y")
        )
        .unwrap();
        if m.arrested {
            let day = released().checked_add_days(Days::new(7 * m.week)).unwrap();
            writeln!(
                rutan,
                "{n};{who};A.I {n}/2025;Pencurian;{};{};;;",
                day.pred_opt().unwrap().format("%d-%m-%Y"),
                day.format("%d-%m-%Y")
            )
            .unwrap();
        }
        if m.aid {
            writeln!(
                dinsos,
                "{n};{who};Bantuan sosial;02-01-2025;10-01-2025;Mulai"
            )
            .unwrap();
        }
    }
    [
        ("lapas-ambon/register lapas ambon januari 2026.csv", lapas),
        ("rutan-ambon/register rutan ambon januari 2026.csv", rutan),
        ("dinsos/bantuan dinas sosial januari 2026.csv", dinsos),
    ]
}

/// The figures of January 2026, through the whole pipeline up to the measures.
fn figures(asked: &[(&str, &[&str])]) -> Vec<Figure> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("reintegrasi.toml"), "").unwrap();
    std::fs::create_dir(dir.path().join("state")).unwrap();
    for (name, text) in files() {
        let path = dir.path().join("inbox").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let ws = Workspace::at(dir.path());
    let settings = read_settings(&ws).unwrap();
    let units = UptRegistry::maluku(&settings.units);
    let month = Month::new(2026, 1);
    let intake = read_inbox(&ws, &settings, &units, month, Lang::Id, &Silent).unwrap();
    let requests: Vec<Request> = asked
        .iter()
        .map(|(measure, by)| Request {
            measure: (*measure).into(),
            population: Population::Maluku,
            by: by.iter().filter_map(|d| Dimension::from_id(d)).collect(),
            windows: vec![],
        })
        .collect();
    let mut analysis = Analysis::of(&ws, &settings, &units, intake, requests, &Silent).unwrap();
    assert_eq!(
        analysis.histories.persons.len(),
        432,
        "every man is one person"
    );
    analysis.figures(&settings, &units, false).unwrap()
}

fn find<'a>(all: &'a [Figure], measure: &str, category: [&str; 2]) -> &'a Figure {
    all.iter()
        .find(|f| {
            f.measure == measure
                && [f.dim1.1.as_str(), f.dim2.1.as_str()] == category
                && f.window_months.is_none_or(|w| [12, 60].contains(&w))
                && !f.definition.starts_with("P2")
                && !f.definition.starts_with("P3")
                && !f.definition.contains("release")
        })
        .unwrap_or_else(|| panic!("no {measure} {category:?}"))
}

#[test]
fn the_month_says_what_the_literature_says() {
    let by_programme: &[&str] = &["programme"];
    let all = figures(&[
        ("return", &[]),
        ("compare_return", &["programme", "arm"]),
        ("compare_log_rank", by_programme),
        ("compare_matching", &["programme", "match_stage"]),
        ("compare_verdict", &["programme", "verdict"]),
        ("compare_rd", by_programme),
        (
            "km_free_participants",
            &["programme", "months_since_release"],
        ),
        ("km_free_others", &["programme", "months_since_release"]),
    ]);
    let near = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 6e-11, "{a:?} {b}");
    let f = find(&all, "return", ["", ""]);
    assert_eq!((f.numerator, f.denominator), (Some(114.0), Some(432.0)));
    near(f.estimate, 0.2638888889);
    near(f.ci_low, 0.2245399741);
    near(f.ci_high, 0.3073999186);
    let f = find(&all, "compare_return", ["social", "participants"]);
    assert_eq!((f.numerator, f.denominator), (Some(48.0), Some(216.0)));
    near(f.ci_low, 0.1719061531);
    near(f.ci_high, 0.2822459407);
    let f = find(&all, "compare_return", ["social", "others"]);
    assert_eq!((f.numerator, f.denominator), (Some(66.0), Some(216.0)));
    near(f.ci_low, 0.2479669480);
    near(f.ci_high, 0.3699395177);

    // The curves at 364 days and their test: S(52), p 0.0501161174, 48 events where 58.43 were expected.
    for (curve, survival, low, high) in [
        (
            "km_free_participants",
            0.7777777778,
            0.7162437790,
            0.8275804525,
        ),
        ("km_free_others", 0.6944444444, 0.6282883076, 0.7511909335),
    ] {
        let f = find(&all, curve, ["social", "12"]);
        near(f.estimate, survival);
        near(f.ci_low, low);
        near(f.ci_high, high);
    }
    let f = find(&all, "compare_log_rank", ["social", ""]);
    near(f.estimate, 0.0501161174);
    assert_eq!((f.numerator, f.denominator), (Some(48.0), Some(58.43)));

    // Everybody helped was found, released and followed to the end; what remains is finding pairs.
    for stage in ["submitted", "found", "released"] {
        let n = find(&all, "compare_matching", ["social", stage]).estimate;
        assert_eq!(n, Some(216.0), "{stage}");
    }
    // Nobody took part in anything else.
    let none = find(&all, "compare_matching", ["skills", "submitted"]);
    assert_eq!(none.estimate, Some(0.0));
    find(&all, "compare_verdict", ["skills", "too_few"]);
}
