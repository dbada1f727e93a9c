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
