//! Twelve months as cron would do them: files come late, a month is broken off, a file of the fifth month is
//! corrected afterwards. In the end everything is as if every file had been there from the start.

mod memory;

use reintegrasi::domain::Month;
use reintegrasi::domain::revision::Revision;
use reintegrasi::run::compare::{self, InputChange};
use reintegrasi::run::manifest::{self, Manifest};
use reintegrasi::run::{Progress, RunError, RunOptions, Silent, run};
use reintegrasi::workspace::{DEFAULT_TOML, Workspace};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Stops at a stage, as Ctrl-C or a shutdown would.
struct StopAt(&'static str, std::sync::atomic::AtomicBool);

impl Progress for StopAt {
    fn stage(&self, stage: &'static str, _: u64) {
        if stage == self.0 {
            self.1.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }
    fn step(&self, _: u64) {}
    fn stopped(&self) -> bool {
        self.1.load(std::sync::atomic::Ordering::Relaxed)
    }
}

fn month(i: i32) -> Month {
    Month::new(2025, 1).unwrap().plus(i - 1)
}

fn office(dir: &Path) -> Workspace {
    let ws = Workspace::at(dir);
    for d in [ws.inbox(), ws.decisions(), ws.templates()] {
        fs::create_dir_all(d).unwrap();
    }
    let suppliers =
        "\n[[suppliers]]\nid = \"lapas-piru\"\n\n[[suppliers]]\nid = \"lapas-namlea\"\n";
    // Readers of both reports are shown what is protected.
    let settings = DEFAULT_TOML.replace("kanwil = \"internal\"", "kanwil = \"shared\"");
    fs::write(ws.settings_file(), format!("{settings}{suppliers}")).unwrap();
    crate::common::one_table(&ws, "rows = \"upt\"\ncolumns = [{ measure = \"stock\" }]\n");
    ws
}

/// The register of a prison for a month: `n` people, all still inside.
fn register(ws: &Workspace, unit: &str, title: &str, i: i32, n: u32) {
    const NAMES: [&str; 8] = [
        "RAHMAT", "YOHANIS", "SITI", "ABDUL", "MARKUS", "FATIMA", "PETRUS", "HALIMA",
    ];
    const FAMILIES: [&str; 9] = [
        "LATUPONO",
        "WATTIMENA",
        "TUASIKAL",
        "PATTY",
        "SAHETAPY",
        "LA ODE",
        "RUMALATU",
        "SOPACUA",
        "NURLETTE",
    ];
    let m = month(i);
    let mut text = format!(
        "REGISTER {title}\nBULAN {}\n",
        reintegrasi::locale::month_long(Default::default(), m).to_uppercase()
    );
    text.push_str("No;No Registrasi;Nama Lengkap;NIK;L/P;Tgl Lahir;Tgl Masuk;Pasal\n");
    for k in 0..n {
        // No person of one prison has the name or the birth date of a person of the other.
        let (seat, person) = if unit == "lapas-piru" {
            (1, k)
        } else {
            (2, k + 45)
        };
        let (a, b) = (
            person as usize % NAMES.len(),
            (person as usize / NAMES.len()) % FAMILIES.len(),
        );
        let (day, year) = (1 + person % 27, 70 + person % 25);
        text.push_str(&format!(
            "{};B.I.{:03}/2024;{} {};8106{:02}{day:02}01{:02}{:04};L;{day:02}/01/19{:02};{day:02}/11/2024;363 KUHP\n",
            k + 1, k + 1, NAMES[a], FAMILIES[b], seat, year, 1 + k, year
        ));
    }
    let folder = ws.inbox().join(unit);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("register_{m}.csv")), text).unwrap();
}

fn options(i: i32) -> RunOptions {
    RunOptions {
        month: Some(month(i)),
        ..RunOptions::default()
    }
}

fn piru(ws: &Workspace, i: i32) {
    register(ws, "lapas-piru", "LAPAS KELAS IIB PIRU", i, 30 + i as u32);
}

fn namlea(ws: &Workspace, i: i32, n: u32) {
    register(ws, "lapas-namlea", "LAPAS KELAS III NAMLEA", i, n);
}

fn outputs(ws: &Workspace, i: i32) -> BTreeMap<String, String> {
    let (m, differences) = manifest::verify(&ws.out().join(month(i).to_string())).unwrap();
    assert!(differences.is_empty());
    m.outputs.into_iter().map(|o| (o.path, o.sha256)).collect()
}

/// What happens in a row of months.
struct Year {
    months: i32,
    /// Namlea delivers only after the run, with the next month's file.
    late: &'static [i32],
    /// The run is broken off once.
    broken: i32,
    /// Corrected when all are done.
    corrected: i32,
}

/// The suite does four months; `REINTEGRASI_MONTHS=12` does the year that the README reports.
fn year() -> Year {
    if std::env::var("REINTEGRASI_MONTHS").is_ok_and(|v| v == "12") {
        Year {
            months: 12,
            late: &[3, 8],
            broken: 6,
            corrected: 5,
        }
    } else {
        Year {
            months: 4,
            late: &[2],
            broken: 3,
            corrected: 1,
        }
    }
}

fn kept_revisions(ws: &Workspace, i: i32) -> Vec<Revision> {
    let path = ws
        .state()
        .join(format!("revisions/kanwil/{}.json", month(i)));
    let text = reintegrasi::workspace::read_state(&path).unwrap();
    text.map_or_else(Vec::new, |t| serde_json::from_slice(&t).unwrap())
}

#[test]
fn months_with_late_files_a_broken_off_run_and_a_correction_end_as_one_clean_run() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ws = office(a.path());
    let year = year();
    for i in 1..=year.months {
        piru(&ws, i);
        let late = year.late.contains(&i);
        if !late {
            namlea(&ws, i, 20);
        }
        if year.late.contains(&(i - 1)) {
            // The late file is there: the month before is done again.
            namlea(&ws, i - 1, 20);
            let again = run(&ws, &options(i - 1), &Silent).unwrap();
            assert!(!again.unchanged);
            assert!(!again.manifest.late.contains(&"lapas-namlea".to_owned()));
        }
        if i == year.broken {
            let stop = StopAt("measure", false.into());
            let broken = run(&ws, &options(i), &stop).unwrap_err();
            assert!(matches!(broken, RunError::Interrupted), "{broken}");
            assert!(!ws.out().join(month(i).to_string()).exists());
        }
        let done = run(&ws, &options(i), &Silent).unwrap();
        assert_eq!(
            done.manifest.late.contains(&"lapas-namlea".to_owned()),
            late,
            "month {i}"
        );
        let overdue: Vec<_> = (done.manifest.overdue.iter())
            .map(|o| (o.supplier.as_str(), o.covered))
            .collect();
        let missing = ("lapas-namlea", Some(month(i - 1).last_day()));
        assert_eq!(overdue, if late { vec![missing] } else { vec![] });
        let cutoff = if late { month(i - 1) } else { month(i) };
        assert_eq!(done.manifest.cutoff, Some(cutoff.last_day()), "month {i}");
    }
    // A correction: twelve people more, so many that the public sees it too.
    let corrected = year.corrected;
    let folder = ws.out().join(month(corrected).to_string());
    let before = a.path().join("before");
    let copied = std::process::Command::new("cp")
        .arg("-r")
        .args([&folder, &before])
        .status();
    assert!(copied.unwrap().success());
    namlea(&ws, corrected, 32);
    let revised = run(&ws, &options(corrected), &Silent).unwrap();
    assert!(!revised.unchanged);

    let read = |dir: &Path| compare::read_figures(&dir.join("data/kanwil.csv")).unwrap();
    let inputs = compare::inputs(
        &Manifest::read(&before.join("manifest.json")).unwrap(),
        &revised.manifest,
    );
    let path = format!("lapas-namlea/register_{}.csv", month(corrected));
    let changed: Vec<_> = (inputs.iter().map(|i| (i.path.as_str(), i.change)))
        .filter(|(p, _)| *p == path)
        .collect();
    assert_eq!(changed, [(path.as_str(), InputChange::Changed)]);
    let changes = compare::changes(&read(&before), &read(&folder));
    // Exactly the stock of Namlea and what it is part of, each by twelve: now and at the ends of the months since they came, as far
    // as somebody had delivered by then.
    let moved: Vec<(&str, Option<f64>)> = changes
        .iter()
        .map(|c| {
            (
                c.measure.as_str(),
                c.after.zip(c.before).map(|(a, b)| a - b),
            )
        })
        .collect();
    let twelve = Some(12.0);
    let months = vec![("stock_12m", twelve); corrected.min(3) as usize];
    assert_eq!(
        moved,
        [&[("stock", twelve), ("stock", twelve)][..], &months].concat()
    );
    let own = |c: &&compare::Change| c.category.contains("lapas-namlea");
    let namlea_stock = changes.iter().find(own).expect("the corrected prison");
    assert_eq!(
        (namlea_stock.before, namlea_stock.after),
        (Some(20.0), Some(32.0))
    );
    assert_eq!(compare::causes(namlea_stock, &inputs), ["lapas-namlea"]);
    // What is kept for the reports says the same; a month done in order has no revision.
    let kept = kept_revisions(&ws, corrected);
    let last: Vec<_> = kept[kept.len() - 1]
        .changes
        .iter()
        .map(|c| (c.before, c.after))
        .collect();
    let said: Vec<_> = changes.iter().map(|c| (c.before, c.after)).collect();
    assert_eq!(last, said);
    for i in 1..=year.months {
        // A late file that says what was carried forward moves nothing.
        let times = usize::from(i == corrected);
        assert_eq!(kept_revisions(&ws, i).len(), times, "month {i}");
    }
    // Done again without a change, the revised month is the same to the byte.
    let once = outputs(&ws, corrected);
    let force = RunOptions {
        force: true,
        ..options(corrected)
    };
    run(&ws, &force, &Silent).unwrap();
    assert_eq!(outputs(&ws, corrected), once);

    // The same files from the start, in one go.
    let clean = office(b.path());
    for i in 1..=year.months {
        piru(&clean, i);
        namlea(&clean, i, if i == corrected { 32 } else { 20 });
        run(&clean, &options(i), &Silent).unwrap();
        if i > corrected {
            run(&ws, &options(i), &Silent).unwrap();
        }
        let (mut here, mut there) = (outputs(&ws, i), outputs(&clean, i));
        let revised = !kept_revisions(&ws, i).is_empty();
        for files in [&mut here, &mut there] {
            // The workbooks tell of the revision.
            files.retain(|path, _| !revised || !path.ends_with(".xlsx"));
            // Seven people are fewer than the public's threshold of ten: to the public the corrected month stands as it was
            // handed out, in its own edition and in those after it.
            files.retain(|path, _| i < corrected || !path.contains("publik"));
        }
        assert_eq!(here, there, "month {i}");
    }
}

#[test]
fn a_month_is_reproduced_from_its_manifest_or_what_differs_is_named() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ws = office(dir.path());
    piru(&ws, 1);
    namlea(&ws, 1, 20);
    run(&ws, &options(1), &Silent).unwrap();
    let first = outputs(&ws, 1);
    let kept = dir.path().join("kept.json");
    fs::copy(ws.out().join(format!("{}/manifest.json", month(1))), &kept).unwrap();
    let again = RunOptions {
        from_manifest: Some(kept),
        out: Some(other.path().to_owned()),
        ..RunOptions::default()
    };
    // A file of the next month has come since: it is none of the manifest's.
    piru(&ws, 2);
    let done = run(&ws, &again, &Silent).unwrap();
    let there: BTreeMap<String, String> = manifest::outputs_of(&done.folder)
        .unwrap()
        .into_iter()
        .map(|o| (o.path, o.sha256))
        .collect();
    assert_eq!(there, first);

    namlea(&ws, 1, 21);
    let changed = run(&ws, &again, &Silent).unwrap_err();
    assert_eq!(changed.exit_status(), 4);
    let path = format!("lapas-namlea/register_{}.csv", month(1));
    assert!(changed.to_string().contains(&path), "{changed}");
    assert!(!changed.to_string().contains("lapas-piru"), "{changed}");
    fs::remove_file(ws.inbox().join(&path)).unwrap();
    let gone = run(&ws, &again, &Silent).unwrap_err();
    assert!(
        gone.exit_status() == 4 && gone.to_string().contains(&path),
        "{gone}"
    );

    namlea(&ws, 1, 20);
    let text = fs::read_to_string(ws.settings_file()).unwrap();
    fs::write(
        ws.settings_file(),
        text.replace("threshold = 5", "threshold = 6"),
    )
    .unwrap();
    let settings = run(&ws, &again, &Silent).unwrap_err();
    assert_eq!(settings.exit_status(), 2);
    assert!(
        settings.to_string().contains("reintegrasi.toml"),
        "{settings}"
    );
}
