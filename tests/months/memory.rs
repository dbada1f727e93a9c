//! What the workspace remembers: lost, damaged, of another version, moved to another machine, shared.

use super::*;
use reintegrasi::domain::figure::Figure;
use reintegrasi::locale::Lang;
use reintegrasi::run::backup;
use reintegrasi::run::published::Issue;
use reintegrasi::workspace::read_state;
use std::path::PathBuf;

fn copy(from: &Path, to: &Path) {
    let done = std::process::Command::new("cp")
        .arg("-a")
        .args([from, to])
        .status();
    assert!(done.unwrap().success());
}

/// A month with a hidden number: three people in the second prison.
fn small(dir: &Path) -> Workspace {
    let ws = office(dir);
    for i in 1..=2 {
        piru(&ws, i);
        namlea(&ws, i, 3);
    }
    run(&ws, &options(1), &Silent).unwrap();
    ws
}

fn weighed(ws: &Workspace, i: i32) -> Vec<Figure> {
    let path = ws
        .state()
        .join(format!("published/weighed/{}.json", month(i)));
    let text = read_state(&path).unwrap().unwrap();
    let issue: Issue = serde_json::from_slice(&text).unwrap();
    let mut all: Vec<Figure> = issue.parts.into_iter().flat_map(|p| p.figures).collect();
    all.sort_by_key(|f| (f.key(), f.is_hidden()));
    all.dedup();
    all
}

/// A file of `state/` changed in its middle, with a hash that fits: a value this version does not know.
fn with_unknown_status(path: &Path) {
    let text = String::from_utf8(read_state(path).unwrap().unwrap()).unwrap();
    let changed = text.replacen("\"status\":\"ok\"", "\"status\":\"veiled\"", 1);
    assert_ne!(changed, text);
    reintegrasi::workspace::write_state(path, changed.as_bytes()).unwrap();
}

#[test]
fn what_was_handed_out_is_remembered_again_or_its_loss_is_refused_by_month() {
    let dir = tempfile::tempdir().unwrap();
    let start = dir.path().join("start");
    // Moved, so that the record of where the month was published does not lead out of the copies.
    let made = dir.path().join("made");
    let known = weighed(&small(&made), 1);
    fs::rename(&made, &start).unwrap();
    assert!(
        known.iter().any(Figure::is_hidden),
        "the month must hide something"
    );
    let live = dir.path().join("live");
    let clean = {
        copy(&start, &live);
        let ws = Workspace::at(&live);
        run(&ws, &options(2), &Silent).unwrap();
        outputs(&ws, 2)
    };
    let first = month(1);
    let file = |kind: &str| format!("published/{kind}/{first}.json");
    type Harm = Box<dyn Fn(&Path)>;
    let gone = |f: String| -> Harm { Box::new(move |s| fs::remove_file(s.join(&f)).unwrap()) };
    let cut = |f: String| -> Harm {
        Box::new(move |s| {
            let text = fs::read(s.join(&f)).unwrap();
            fs::write(s.join(&f), &text[..text.len() * 2 / 3]).unwrap();
        })
    };
    let folder =
        |f: &'static str| -> Harm { Box::new(move |s| fs::remove_dir_all(s.join(f)).unwrap()) };
    let months_file = format!("months/{first}.json");
    // What can be worked out again from out/ and the inbox is; the next month is the one it would have been.
    for (what, harm) in [
        ("weighed gone", gone(file("weighed"))),
        ("weighed cut", cut(file("weighed"))),
        ("an audience's gone", gone(file("kota"))),
        ("an audience's cut", cut(file("kanwil"))),
        ("all of published gone", folder("published")),
        ("months gone", folder("months")),
        ("months cut", cut(months_file)),
    ] {
        fs::remove_dir_all(&live).unwrap();
        copy(&start, &live);
        let ws = Workspace::at(&live);
        harm(&ws.state());
        let done = run(&ws, &options(2), &Silent).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(weighed(&ws, 1), known, "{what}");
        assert_eq!(outputs(&ws, 2), clean, "{what}");
        if !what.starts_with("months") {
            assert_eq!(done.manifest.history_rebuilt, [first], "{what}");
        }
    }
    // What cannot is refused, and nothing is published until that is accepted.
    let published = file("weighed");
    for (what, harm) in [
        (
            "a value of another version",
            Box::new(move |s: &Path| with_unknown_status(&s.join(&published))) as Harm,
        ),
        (
            "nothing handed out either",
            Box::new(|s: &Path| {
                fs::remove_dir_all(s.join("published")).unwrap();
                fs::remove_dir_all(s.with_file_name("out")).unwrap();
            }),
        ),
        (
            "handed out and changed since",
            Box::new(move |s: &Path| {
                fs::remove_dir_all(s.join("published")).unwrap();
                let csv = s
                    .with_file_name("out")
                    .join(first.to_string())
                    .join("data/kanwil.csv");
                let text = fs::read_to_string(&csv).unwrap();
                fs::write(&csv, format!("{text}\n")).unwrap();
            }),
        ),
        (
            "the deliveries changed since",
            Box::new(|s: &Path| {
                fs::remove_dir_all(s.join("published")).unwrap();
                let ws = Workspace::at(s.parent().unwrap());
                namlea(&ws, 1, 4);
                register(&ws, "lapas-piru", "LAPAS KELAS IIB PIRU", 1, 40);
            }),
        ),
    ] {
        fs::remove_dir_all(&live).unwrap();
        copy(&start, &live);
        let ws = Workspace::at(&live);
        harm(&ws.state());
        let Err(e) = run(&ws, &options(2), &Silent) else {
            panic!("{what}: not refused");
        };
        assert_eq!(e.exit_status(), 4, "{what}: {e}");
        let said = e.message(Lang::Id);
        let name = reintegrasi::locale::month_long(Lang::Id, first);
        assert!(
            said.contains(&name) && said.contains("--accept-lost-history"),
            "{what}: {said}"
        );
        assert!(!ws.out().join(month(2).to_string()).exists(), "{what}");
        let accepted = RunOptions {
            accept_lost_history: true,
            ..options(2)
        };
        let done = run(&ws, &accepted, &Silent).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(done.manifest.history_lost, [first], "{what}");
        assert!(
            done.manifest.gates_failed.iter().any(|g| g.contains(&name)),
            "{what}"
        );
        // Later months go on, and say it as long as it matters.
        piru(&ws, 3);
        namlea(&ws, 3, 3);
        let later = run(&ws, &options(3), &Silent).unwrap();
        assert_eq!(later.manifest.history_lost, [first], "{what}");
    }
}

#[test]
fn key_and_registry_are_never_made_anew_where_months_were_done() {
    let dir = tempfile::tempdir().unwrap();
    let start = dir.path().join("start");
    small(&start);
    let live = dir.path().join("live");
    for (file, harm) in [
        ("pseudonym.key", None),
        ("persons.csv", None),
        ("pseudonym.key", Some(10)),
        ("persons.csv", Some(100)),
        ("", None),
    ] {
        let _ = fs::remove_dir_all(&live);
        copy(&start, &live);
        let ws = Workspace::at(&live);
        let path = ws.state().join(file);
        let before = match harm {
            _ if file.is_empty() => {
                fs::remove_dir_all(ws.state()).unwrap();
                None
            }
            None => {
                fs::remove_file(&path).unwrap();
                None
            }
            Some(bytes) => {
                let text = fs::read(&path).unwrap();
                fs::write(&path, &text[..text.len() - bytes]).unwrap();
                fs::read(&path).ok()
            }
        };
        let e = run(&ws, &options(2), &Silent).unwrap_err();
        assert_eq!(e.exit_status(), 4, "{file} {harm:?}: {e}");
        for lang in [Lang::Id, Lang::En] {
            assert!(e.message(lang).contains("restore"), "{}", e.message(lang));
        }
        if !file.is_empty() {
            assert_eq!(fs::read(&path).ok(), before, "{file} was touched");
        }
        assert!(!ws.out().join(month(2).to_string()).exists());
    }
    // The last one had lost everything: accepted, it begins anew, and the month before is worked out again.
    let ws = Workspace::at(&live);
    let accepted = RunOptions {
        accept_lost_history: true,
        ..options(2)
    };
    let done = run(&ws, &accepted, &Silent).unwrap();
    assert_eq!(done.manifest.history_rebuilt, [month(1)]);
    let said = &done.manifest.gates_failed;
    assert!(said.iter().any(|g| g.contains("kunci samaran")), "{said:?}");
}

#[test]
fn a_registry_that_a_spreadsheet_saved_again_reads_and_a_line_that_is_none_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let ws = small(dir.path());
    let path = ws.state().join("persons.csv");
    let text = String::from_utf8(read_state(&path).unwrap().unwrap()).unwrap();
    run(&ws, &options(2), &Silent).unwrap();
    let with_hash = outputs(&ws, 2);
    let force = RunOptions {
        force: true,
        ..options(2)
    };
    let other = text
        .replace(',', ";")
        .replace(&month(1).to_string(), "Jan-25");
    fs::write(&path, format!("\u{feff}{other}")).unwrap();
    run(&ws, &force, &Silent).unwrap();
    assert_eq!(outputs(&ws, 2), with_hash);
    let keys = |text: &str| -> Vec<String> {
        let mut all: Vec<String> = text.lines().map(|l| l[..53].replace(';', ",")).collect();
        all.sort();
        all
    };
    let after = String::from_utf8(read_state(&path).unwrap().unwrap()).unwrap();
    assert!(
        keys(&text).iter().all(|k| keys(&after).contains(k)),
        "a key changed"
    );
    fs::write(&path, format!("{text}zz\n")).unwrap();
    let e = run(&ws, &force, &Silent).unwrap_err();
    let line = (text.lines().count() + 1).to_string();
    assert!(
        e.exit_status() == 4 && e.message(Lang::Id).contains(&line),
        "{e}"
    );
}

#[test]
fn a_workspace_restored_from_a_backup_does_the_next_month_as_if_nothing_had_happened() {
    let dir = tempfile::tempdir().unwrap();
    let start = dir.path().join("start");
    let ws = small(&start);
    let decision = "a,b,decision\nffffffffffffffffffffffffffffffff,eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee,different\n";
    fs::write(ws.decisions().join("pasangan.csv"), decision).unwrap();
    let never_lost = dir.path().join("never-lost");
    copy(&start, &never_lost);
    let never_lost = Workspace::at(never_lost);
    run(&never_lost, &options(2), &Silent).unwrap();

    for password in [None, Some("Maluku#2026")] {
        let lost = dir.path().join("lost");
        let _ = fs::remove_dir_all(&lost);
        copy(&start, &lost);
        let lost = Workspace::at(lost);
        let file = dir
            .path()
            .join(format!("cadangan-{}.bak", password.is_some()));
        backup::backup(&lost, &file, password, Lang::Id).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "others can read a backup");
        }
        fs::remove_dir_all(lost.state()).unwrap();
        fs::remove_dir_all(lost.decisions()).unwrap();
        if password.is_some() {
            let bytes = fs::read(&file).unwrap();
            assert!(!bytes.windows(11).any(|w| w == b"persons.csv"));
            for wrong in [None, Some("maluku")] {
                let e = backup::restore(&lost, &file, wrong, false, Lang::Id).unwrap_err();
                assert_eq!(e.exit_status(), 2);
                assert!(!lost.state().exists());
            }
        }
        let restored = backup::restore(&lost, &file, password, false, Lang::Id).unwrap();
        assert!(restored.kept.is_empty() && restored.aside.is_none());
        assert_eq!(restored.contents.months, [month(1)]);
        assert_eq!(
            fs::read_to_string(lost.decisions().join("pasangan.csv")).unwrap(),
            decision
        );
        run(&lost, &options(2), &Silent).unwrap();
        assert_eq!(outputs(&lost, 2), outputs(&never_lost, 2));
        let persons = |ws: &Workspace| fs::read(ws.state().join("persons.csv")).unwrap();
        assert_eq!(persons(&lost), persons(&never_lost));
        // What is there is not replaced unasked, and a backup is never overwritten.
        let again = backup::restore(&lost, &file, password, false, Lang::Id).unwrap_err();
        assert_eq!(again.exit_status(), 2);
        assert!(backup::backup(&lost, &file, password, Lang::Id).is_err());
        let replaced = backup::restore(&lost, &file, password, true, Lang::Id).unwrap();
        assert!(
            replaced
                .aside
                .is_some_and(|d| d.join("persons.csv").exists())
        );
    }
    // A backup that was cut, and one among what is handed over.
    let file = dir.path().join("cadangan-false.bak");
    let text = fs::read(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    let fresh = Workspace::at(dir.path().join("fresh"));
    assert!(backup::restore(&fresh, &file, None, false, Lang::En).is_err());
    assert!(!fresh.state().exists());
    let handed_over = ws.out().join("cadangan.bak");
    assert!(backup::backup(&ws, &handed_over, None, Lang::En).is_err());
    assert!(!handed_over.exists());
}

#[test]
fn a_supplier_that_fell_silent_fails_a_gate_and_says_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let ws = office(dir.path());
    for i in 1..=2 {
        piru(&ws, i);
        namlea(&ws, i, 30);
    }
    let whole = run(&ws, &options(2), &Silent).unwrap();
    assert!(
        whole.manifest.gates_failed.is_empty(),
        "{:?}",
        whole.manifest.gates_failed
    );
    let path = |i: i32| {
        ws.inbox()
            .join(format!("lapas-namlea/register_{}.csv", month(i)))
    };
    let text = fs::read(path(2)).unwrap();
    let gates = |content: &[u8]| {
        fs::write(path(2), content).unwrap();
        run(&ws, &options(2), &Silent).unwrap().manifest
    };
    // Cut to a few rows.
    let few = gates(&text[..700]).gates_failed;
    assert!(
        few.iter().any(|g| g.contains("Namlea") && g.contains("50")),
        "{few:?}"
    );
    // Not to be read at all.
    let m = gates(b"PK\x03\x04 cut off");
    assert!(
        m.gates_failed.iter().any(
            |g| g.contains("Namlea: tidak ada berkas yang terbaca") && !g.contains("register_")
        ),
        "{:?}",
        m.gates_failed
    );
    assert_eq!((m.counts["files"], m.counts["files_read"]), (4, 3));
    assert!(gates(&text).gates_failed.is_empty());
}

#[test]
fn two_workspaces_with_one_folder_of_results_leave_whole_months() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("hasil");
    let both: Vec<Workspace> = ["a", "b"].map(|n| office(&dir.path().join(n))).into();
    for ws in &both {
        for i in 1..=2 {
            piru(ws, i);
            namlea(ws, i, 20);
        }
    }
    let done: Vec<_> = std::thread::scope(|s| {
        let each = both.iter().enumerate().map(|(k, ws)| {
            let options = RunOptions {
                out: Some(out.clone()),
                wait: k == 0,
                ..options(1 + k as i32)
            };
            s.spawn(move || run(ws, &options, &Silent).map(|d| d.folder))
        });
        let each: Vec<_> = each.collect();
        each.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(done[0].is_ok(), "{:?}", done[0]);
    assert!(
        done[1].as_ref().is_ok_and(|_| true) || done[1].as_ref().unwrap_err().exit_status() == 5
    );
    for folder in done.iter().flatten() {
        let (_, differences) = manifest::verify(folder).unwrap();
        assert!(differences.is_empty(), "{differences:?}");
    }
    let left: Vec<String> = fs::read_dir(&out)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.starts_with(".staging") || n.starts_with(".old"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[cfg(unix)]
#[test]
fn private_things_are_private_whatever_the_umask_and_paths_may_be_any_bytes() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"kantor \xff\xfe 100%");
    let ws = office(&dir.path().join(name));
    for i in 1..=2 {
        piru(&ws, i);
        namlea(&ws, i, 3);
        run(&ws, &options(i), &Silent).unwrap();
    }
    let again = run(&ws, &options(2), &Silent).unwrap();
    assert!(again.unchanged);
    let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
    let told = ws.feedback().join(month(2).to_string());
    let folders: Vec<PathBuf> = vec![ws.feedback(), told.clone(), ws.state()];
    assert!(folders.iter().all(|d| mode(d) == 0o700));
    let books: Vec<PathBuf> = fs::read_dir(&told)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    assert_eq!(books.len(), 2);
    assert!(books.iter().all(|b| mode(b) == 0o600));
    let m = Manifest::read(&ws.out().join(format!("{}/manifest.json", month(2)))).unwrap();
    assert_eq!(m.feedback.len(), 2);
    assert!(!m.outputs.iter().any(|o| o.path.contains("umpan-balik")));
    // Results among what is read or kept are refused before anything is written.
    for within in [ws.inbox().join("hasil"), ws.state().join("hasil")] {
        let options = RunOptions {
            out: Some(within.clone()),
            ..options(2)
        };
        assert_eq!(run(&ws, &options, &Silent).unwrap_err().exit_status(), 2);
        assert!(!within.exists());
    }
    fs::set_permissions(ws.decisions(), fs::Permissions::from_mode(0o777)).unwrap();
    assert_eq!(run(&ws, &options(2), &Silent).unwrap_err().exit_status(), 2);
}

/// Takes a folder of the inbox away as soon as its files are about to be read.
struct TakenAway(std::path::PathBuf);

impl Progress for TakenAway {
    fn stage(&self, stage: &'static str, _: u64) {
        if stage == "read" {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }
    fn step(&self, _: u64) {}
}

#[test]
fn a_folder_that_goes_away_while_it_is_read_is_no_month_without_it() {
    let dir = tempfile::tempdir().unwrap();
    let ws = office(dir.path());
    piru(&ws, 1);
    namlea(&ws, 1, 20);
    let gone = TakenAway(ws.inbox().join("lapas-namlea"));
    let e = run(&ws, &options(1), &gone).unwrap_err();
    assert_eq!(e.exit_status(), 4);
    assert!(e.message(Lang::Id).contains("lapas-namlea"), "{e}");
    assert!(!ws.out().join(month(1).to_string()).exists());
}

#[test]
fn tables_about_persons_do_not_go_where_results_are_handed_over() {
    let dir = tempfile::tempdir().unwrap();
    let ws = office(dir.path());
    piru(&ws, 1);
    namlea(&ws, 1, 20);
    let options = RunOptions {
        parquet: Some(ws.out().join("tabel")),
        ..options(1)
    };
    let e = run(&ws, &options, &Silent).unwrap_err();
    assert_eq!(e.exit_status(), 2);
    assert!(!ws.out().join("tabel").exists());
}
