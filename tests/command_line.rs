//! The program as a user or cron meets it: exit statuses and what is printed.

mod common;

use assert_cmd::Command;

fn program() -> Command {
    let mut c = Command::cargo_bin("reintegrasi").unwrap();
    c.env_remove("RUST_LOG");
    c
}

fn output(c: &mut Command) -> (i32, String, String) {
    let o = c.output().unwrap();
    let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    (
        o.status.code().unwrap_or(-1),
        text(&o.stdout),
        text(&o.stderr),
    )
}

#[test]
fn an_empty_inbox_says_what_to_put_where() {
    let dir = tempfile::tempdir().unwrap();
    let ws = dir.path().join("ws");
    let (status, ..) = output(program().args(["init", ws.to_str().unwrap()]));
    assert_eq!(status, 0);
    std::fs::remove_file(ws.join("inbox/LETAKKAN-BERKAS-DI-SINI.md")).unwrap();
    let (status, out, err) = output(program().args(["--lang", "en", "run", ws.to_str().unwrap()]));
    assert_eq!((status, out.as_str()), (4, ""));
    assert!(err.contains("inbox") && err.contains(".xlsx"), "{err}");
}

#[test]
fn a_mistake_in_the_settings_is_named_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("reintegrasi.toml"),
        "[office]\ncitty = \"Ambon\"\n",
    )
    .unwrap();
    let (status, _, err) = output(program().args(["run", dir.path().to_str().unwrap()]));
    assert_eq!(status, 2);
    assert!(err.contains("line 2") && err.contains("citty"), "{err}");
}

#[test]
fn an_unreadable_file_is_named_and_the_run_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let ws = common::copy_of_samples(dir.path());
    std::fs::write(ws.inbox().join("rusak.xlsx"), b"PK\x03\x04 not a zip").unwrap();
    std::fs::write(ws.inbox().join("kosong.csv"), b"").unwrap();
    let (status, out, err) =
        output(program().args(["run", dir.path().to_str().unwrap(), "--month", "2025-12"]));
    assert_eq!(status, 0, "{err}");
    assert!(
        err.contains("rusak.xlsx") && err.contains("kosong.csv"),
        "{err}"
    );
    assert!(out.contains("Desember 2025"), "{out}");
    let (status, out, err) = output(program().args([
        "run",
        "--quiet",
        dir.path().to_str().unwrap(),
        "--month",
        "2026-01",
    ]));
    assert_eq!((status, out.as_str(), err.as_str()), (0, "", ""));
    let (status, out, _) = output(program().args([
        "compare",
        "2025-12",
        "2026-01",
        "--workspace",
        dir.path().to_str().unwrap(),
    ]));
    assert_eq!(status, 0);
    assert!(out.contains("clients"), "{out}");
    std::fs::write(dir.path().join("out/2026-01/data/kota.csv"), "changed").unwrap();
    let (status, out, _) =
        output(program().args(["verify", dir.path().join("out/2026-01").to_str().unwrap()]));
    assert_eq!(status, 1);
    assert!(out.contains("data/kota.csv"), "{out}");
}

#[test]
fn a_required_supplier_that_is_missing_stops_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let ws = common::copy_of_samples(dir.path());
    let settings = std::fs::read_to_string(ws.settings_file()).unwrap();
    std::fs::write(
        ws.settings_file(),
        format!("{settings}\n[[suppliers]]\nid = \"bnn\"\nrequired = true\n"),
    )
    .unwrap();
    let (status, _, err) =
        output(program().args(["run", dir.path().to_str().unwrap(), "--month", "2026-01"]));
    assert_eq!(status, 4);
    assert!(err.contains("bnn") || err.contains("BNN"), "{err}");
    assert!(!ws.out().join("2026-01").exists());
}

/// Decisions filled into the review workbook are taken, override the model in the next run, and last.
#[test]
fn a_doubtful_pair_is_decided_in_a_workbook_and_stays_decided() {
    use reintegrasi::domain::upt::UptRegistry;
    use reintegrasi::locale::Lang;
    use reintegrasi::run::{Analysis, Silent, read::read_inbox, read_settings, review};
    let dir = tempfile::tempdir().unwrap();
    let ws = common::copy_of_samples(dir.path());
    std::fs::create_dir_all(ws.state()).unwrap();
    let settings = read_settings(&ws).unwrap();
    let units = UptRegistry::maluku(&settings.units);
    let month = reintegrasi::domain::Month::new(2026, 1);
    let analyse = || {
        let intake = read_inbox(&ws, &settings, &units, month, Lang::Id, &Silent).unwrap();
        Analysis::of(&ws, &settings, &units, intake, Lang::Id, &Silent).unwrap()
    };
    let before = analyse();
    let open = before.links.review.len();
    assert!(open >= 2, "{open} doubtful pairs in the sample");
    let path = ws.state().join("review.xlsx");
    assert_eq!(
        review::write(&before.intake, &before.links, Lang::Id, &path).unwrap(),
        open
    );

    // What a person does: `sama` for the first pair, `beda` for the second, the rest left open.
    let pairs: Vec<_> = before.links.review[..2]
        .iter()
        .map(|p| (p.a, p.b))
        .collect();
    let filled = filled_in(&path, &["sama", "beda"]);
    let decisions = review::read(&filled, Lang::Id).unwrap();
    assert_eq!(
        decisions.iter().map(|d| d.same).collect::<Vec<_>>(),
        [true, false]
    );
    let file = ws.decisions().join("review.csv");
    reintegrasi::link::append_decisions(&file, &decisions).unwrap();
    reintegrasi::link::append_decisions(&file, &decisions).unwrap();

    let after = analyse();
    let person = |i: u32| after.links.person_of[i as usize];
    assert_eq!(person(pairs[0].0), person(pairs[0].1), "decided the same");
    assert_ne!(person(pairs[1].0), person(pairs[1].1), "decided different");
    assert!(
        after
            .links
            .review
            .iter()
            .all(|p| !pairs.contains(&(p.a, p.b)))
    );
    // A word nobody knows names its row.
    let wrong = filled_in(&path, &["mungkin"]);
    let e = review::read(&wrong, Lang::Id).unwrap_err().to_string();
    assert!(e.contains("baris 6"), "{e}");
}

/// A copy of a review workbook with words in its decision column.
fn filled_in(path: &std::path::Path, words: &[&str]) -> std::path::PathBuf {
    use calamine::{Data, Reader};
    let mut book = calamine::open_workbook_auto(path).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    let mut out = rust_xlsxwriter::Workbook::new();
    let w = out.add_worksheet();
    for (r, c, v) in range.used_cells() {
        match v {
            Data::String(s) => drop(w.write(r as u32, c as u16, s).unwrap()),
            Data::Float(f) => drop(w.write(r as u32, c as u16, *f).unwrap()),
            _ => {}
        }
    }
    for (i, word) in words.iter().enumerate() {
        w.write(5 + 2 * i as u32, 1, *word).unwrap();
    }
    let to = path.with_file_name(format!("filled-{}.xlsx", words.len()));
    out.save(&to).unwrap();
    to
}
