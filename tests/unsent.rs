//! What nobody sent is never nought, and what was lost is never begun anew in silence: by the program as its user runs it.

use std::path::Path;
use std::process::Command;

/// Exit status, and what was printed for people.
fn run(dir: &Path, args: &[&str]) -> (i32, String) {
    let o = Command::new(env!("CARGO_BIN_EXE_reintegrasi"))
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap();
    let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    let said = text(&o.stdout) + &text(&o.stderr);
    (o.status.code().unwrap_or(-1), said)
}

#[test]
fn a_month_about_which_nobody_sent_anything_is_not_written() {
    let dir = tempfile::tempdir().unwrap();
    crate::common::small_office(dir.path());
    let (status, said) = run(dir.path(), &["run", ".", "--month", "2026-01"]);
    assert!([0, 3].contains(&status), "{said}");
    for month in ["2026-03", "2001-05"] {
        let (status, said) = run(dir.path(), &["run", ".", "--month", month]);
        assert_eq!(status, 4, "{said}");
        assert!(said.contains("Belum ada kiriman"), "{said}");
        assert!(!dir.path().join("out").join(month).exists());
    }
    // The last month that was done stays the one that is looked into.
    let (_, said) = run(dir.path(), &["explain", "stock"]);
    assert!(said.contains("Januari 2026"), "{said}");
}

#[test]
fn a_scheduled_run_speaks_when_nobody_sent_the_month_that_has_ended() {
    let dir = tempfile::tempdir().unwrap();
    crate::common::small_office(dir.path());
    let (status, said) = run(dir.path(), &["run", ".", "--quiet", "--scheduled", "1"]);
    assert_eq!(status, 4, "{said}");
    assert!(said.contains("Belum ada kiriman"), "{said}");
}

#[test]
fn looking_into_a_workspace_never_makes_a_key() {
    let dir = tempfile::tempdir().unwrap();
    crate::common::small_office(dir.path());
    let key = dir.path().join("state/pseudonym.key");
    // Before the first month there is none, and a look makes none.
    let (status, said) = run(dir.path(), &["explain", "stock"]);
    assert_eq!(status, 0, "{said}");
    assert!(!key.exists());
    let (status, said) = run(dir.path(), &["run", ".", "--month", "2026-01"]);
    assert!([0, 3].contains(&status), "{said}");
    std::fs::remove_file(&key).unwrap();
    for args in [
        &["explain", "stock"][..],
        &["explain", "change", "stock"],
        &["review", "list.xlsx"],
    ] {
        let (status, said) = run(dir.path(), args);
        assert_ne!(status, 0, "{args:?}: {said}");
        assert!(!key.exists(), "{args:?}");
    }
}
