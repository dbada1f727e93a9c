//! The program as a user or cron meets it: exit statuses and what is printed.

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
    assert!(err.contains("baris 2") && err.contains("citty"), "{err}");
}

#[test]
fn an_unreadable_file_is_named_and_the_run_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::copy_of_samples(dir.path());
    std::fs::write(ws.inbox().join("rusak.xlsx"), b"PK\x03\x04 not a zip").unwrap();
    std::fs::write(ws.inbox().join("kosong.csv"), b"").unwrap();
    let (status, out, err) =
        output(program().args(["run", dir.path().to_str().unwrap(), "--month", "2025-12"]));
    // Nothing of two suppliers could be read: the month is done, the gate says so.
    assert_eq!(status, 3, "{err}");
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
    // Quiet keeps to what somebody must do: a line a supplier.
    assert_eq!((status, out.as_str()), (3, ""));
    assert_eq!(err.lines().count(), 2, "{err}");
    let (status, out, _) = output(program().args([
        "compare",
        "2025-12",
        "2026-01",
        "--workspace",
        dir.path().to_str().unwrap(),
    ]));
    assert_eq!(status, 0);
    // In the words of the reports: no id of a measure.
    assert!(
        out.contains("Klien aktif") && !out.contains("clients"),
        "{out}"
    );
    std::fs::write(dir.path().join("out/2026-01/data/kota.csv"), "changed").unwrap();
    let (status, out, _) =
        output(program().args(["verify", dir.path().join("out/2026-01").to_str().unwrap()]));
    assert_eq!(status, 1);
    assert!(out.contains("data/kota.csv"), "{out}");
}

#[test]
fn a_required_supplier_that_is_missing_stops_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::copy_of_samples(dir.path());
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
    use reintegrasi::run::{Analysis, Silent, gain, read::read_inbox, read_settings, review};
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::copy_of_samples(dir.path());
    std::fs::create_dir_all(ws.state()).unwrap();
    reintegrasi::run::analysis::begin_key(&ws).unwrap();
    let settings = read_settings(&ws).unwrap();
    let units = UptRegistry::maluku(&settings.units);
    let month = reintegrasi::domain::Month::new(2026, 1);
    let analyse = || {
        let intake = read_inbox(&ws, &settings, &units, month, Lang::Id, &Silent).unwrap();
        Analysis::of(&ws, &settings, &units, intake, vec![], &Silent).unwrap()
    };
    let before = analyse();
    let open = before.links.review.len();
    assert!(open >= 2, "{open} doubtful pairs in the sample");
    let path = ws.state().join("review.xlsx");
    let ranked = gain::ranked(&before.intake, &before.links, &settings, &units);
    let asked = ranked.asked(&before.links);
    assert!(!asked.is_empty() && asked.len() <= open);
    assert_eq!(
        review::write(&before.intake, &before.links, &ranked, Lang::Id, &path).unwrap(),
        asked.len()
    );

    // What a person does: `sama` for the first pair, `beda` for the second, the rest left open.
    let pairs: Vec<_> = asked[..2]
        .iter()
        .map(|&i| &before.links.review[i])
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

#[test]
fn a_failed_gate_exits_3_and_a_folder_that_cannot_be_written_exits_1() {
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::small_office(dir.path());
    let at = dir.path().to_str().unwrap();
    let settings = std::fs::read_to_string(ws.settings_file()).unwrap();
    let strict = settings.replace("nik_intact = 0.0", "nik_intact = 1.0");
    assert_ne!(settings, strict);
    std::fs::write(ws.settings_file(), strict).unwrap();
    let (status, out, err) = output(program().args(["run", "--quiet", at, "--month", "2026-01"]));
    // A failed gate is one line, also when nothing else is said.
    assert_eq!((status, out.as_str()), (3, ""));
    assert!(err.lines().count() == 1 && err.contains("NIK"), "{err}");
    assert!(ws.out().join("2026-01/kota.xlsx").is_file());
    std::fs::write(dir.path().join("file"), "").unwrap();
    let file = dir.path().join("file/out");
    let (status, out, err) = output(program().args([
        "run",
        at,
        "--month",
        "2026-01",
        "--out",
        file.to_str().unwrap(),
    ]));
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.contains("file/out"), "{err}");
}

#[cfg(unix)]
#[test]
fn of_fifty_runs_at_once_one_wins_and_the_others_exit_5() {
    use reintegrasi::run::lock;
    use std::process::{Command, Stdio};
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::small_office(dir.path());
    let start = || {
        let mut c = Command::new(env!("CARGO_BIN_EXE_reintegrasi"));
        c.args(["run", "--quiet", "--month", "2026-01"])
            .arg(dir.path());
        c.stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let mut winner = start();
    while !lock::held(&ws.state()) {
        assert!(
            winner.try_wait().unwrap().is_none(),
            "ended without the lock"
        );
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    // Held still, so that the other forty-nine meet it however slow this machine is.
    let signal = |name: &str| {
        let pid = winner.id().to_string();
        assert!(
            Command::new("kill")
                .args([name, &pid])
                .status()
                .unwrap()
                .success()
        );
    };
    signal("-STOP");
    let others: Vec<_> = (0..49).map(|_| start()).collect();
    for other in others {
        let o = other.wait_with_output().unwrap();
        assert_eq!(o.status.code(), Some(5));
        let err = String::from_utf8_lossy(&o.stderr).into_owned();
        assert!(err.contains(&winner.id().to_string()), "{err}");
    }
    signal("-CONT");
    assert_eq!(winner.wait().unwrap().code(), Some(0));
    let (_, differences) = reintegrasi::run::manifest::verify(&ws.out().join("2026-01")).unwrap();
    assert!(differences.is_empty());
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_the_month_that_stood_and_nothing_else() {
    use std::process::{Command, Stdio};
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::small_office(dir.path());
    let at = dir.path().to_str().unwrap();
    let run = ["run", "--quiet", "--month", "2026-01", at];
    assert_eq!(output(program().args(run)).0, 0);
    let mut stopped = Command::new(env!("CARGO_BIN_EXE_reintegrasi"))
        .args([
            "--log-format",
            "json",
            "run",
            "--force",
            "--month",
            "2026-01",
        ])
        .arg(dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = std::io::BufReader::new(stopped.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("\"link\"") {
        line.clear();
        assert!(std::io::BufRead::read_line(&mut log, &mut line).unwrap() > 0);
    }
    let pid = stopped.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut log, &mut rest).unwrap();
    assert_eq!(stopped.wait().unwrap().code(), Some(130), "{rest}");
    let left: Vec<_> = std::fs::read_dir(ws.out())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .filter(|n| n != ".kunci")
        .collect();
    assert_eq!(left, ["2026-01"]);
    let (_, differences) = reintegrasi::run::manifest::verify(&ws.out().join("2026-01")).unwrap();
    assert!(differences.is_empty());
    assert!(!ws.state().join("pending").exists());
}

/// The form that the documentation of `cli::terminal` states.
#[test]
fn every_line_of_the_json_log_is_an_object_of_the_documented_form() {
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::small_office(dir.path());
    std::fs::write(ws.inbox().join("rusak.xlsx"), b"PK\x03\x04 not a zip").unwrap();
    let (status, out, err) = output(program().args([
        "--log-format",
        "json",
        "run",
        "--month",
        "2026-01",
        dir.path().to_str().unwrap(),
    ]));
    // The only file of whoever sent it could not be read: that is a failed gate.
    assert_eq!((status, out.as_str()), (3, ""), "{err}");
    let lines: Vec<serde_json::Value> = err
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    // One line per form: event and keys.
    let mut forms: Vec<String> = lines
        .iter()
        .map(|l| {
            let mut keys: Vec<&str> = l.as_object().unwrap().keys().map(String::as_str).collect();
            keys.sort_unstable();
            format!("{}: {}", l["event"].as_str().unwrap(), keys.join(" "))
        })
        .collect();
    forms.sort();
    forms.dedup();
    assert_eq!(
        forms,
        [
            "done: event files folder gates_failed late level month overdue timestamp unchanged",
            "gate: event level reason timestamp",
            "stage: event level stage timestamp total",
            "unreadable: event file level rule timestamp",
        ]
    );
    let events: Vec<&str> = lines.iter().map(|l| l["event"].as_str().unwrap()).collect();
    assert_eq!(
        (events.first(), events.last()),
        (Some(&"stage"), Some(&"done"))
    );
    let done = lines.last().unwrap();
    assert_eq!(
        (&done["month"], &done["unchanged"]),
        (&"2026-01".into(), &false.into())
    );
    // A failure is one line as well, and says which status the program ends with.
    let (status, _, err) = output(program().args(["--log-format", "json", "run", "/tidak/ada"]));
    let failed: serde_json::Value = serde_json::from_str(err.trim()).unwrap();
    assert_eq!((status, &failed["event"]), (2, &"failed".into()));
    assert_eq!(failed["status"], 2);
    assert!(failed["message"].as_str().unwrap().contains("/tidak/ada"));
}

/// A month is done whatever becomes of what is said about it.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_said_and_the_month_stands() {
    use std::process::Command;
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::small_office(dir.path());
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let ended = Command::new(env!("CARGO_BIN_EXE_reintegrasi"))
        .args(["run", "--month", "2026-01"])
        .arg(dir.path())
        .stdout(full)
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{err}");
    assert!(
        err.contains("2026-01") && err.contains("No space left"),
        "{err}"
    );
    let (_, differences) = reintegrasi::run::manifest::verify(&ws.out().join("2026-01")).unwrap();
    assert!(differences.is_empty());
}

#[test]
fn a_month_that_has_not_begun_is_refused_unless_it_is_forced() {
    let dir = tempfile::tempdir().unwrap();
    crate::common::small_office(dir.path());
    let at = dir.path().to_str().unwrap();
    let (status, _, err) = output(program().args(["run", "--month", "2150-05", at]));
    assert!(
        status == 2 && err.contains("2150") && err.contains("--force"),
        "{err}"
    );
}

#[test]
fn a_scheduled_run_leaves_a_month_that_is_done_alone() {
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::small_office(dir.path());
    let last = reintegrasi::run::read::last_complete().to_string();
    let folder = ws.out().join(&last);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("manifest.json"), "{}").unwrap();
    let at = dir.path().to_str().unwrap();
    let (status, out, err) = output(program().args(["run", "--scheduled", "1", at]));
    assert_eq!((status, out.as_str(), err.as_str()), (0, "", ""));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    assert!(!ws.state().exists());
}

#[cfg(unix)]
#[test]
fn a_password_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    crate::common::small_office(dir.path());
    let file = dir.path().join("sandi.txt");
    std::fs::write(&file, "Rahasia#1\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let at = dir.path().to_str().unwrap();
    let password = ["--password-file", file.to_str().unwrap()];
    let to = dir.path().join("a.bak");
    let to = to.to_str().unwrap();
    let (status, _, err) = output(program().args(["backup", to, at]).args(password));
    assert!(status == 2 && err.contains("chmod 600"), "{err}");
}

#[test]
fn a_reader_that_has_enough_is_no_fault() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_reintegrasi"))
        .arg("measures")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    assert_eq!(ended.status.code(), Some(141));
}

/// What a person at a terminal of some width sees of a command: a pseudo-terminal, the variable TERM, nothing else of this
/// machine's settings.
#[cfg(target_os = "linux")]
fn on_a_terminal(width: u16, term: &str, args: &[&str]) -> String {
    let quoted: Vec<String> = args.iter().map(|a| format!("'{a}'")).collect();
    let command = format!(
        "stty cols {width} rows 40; '{}' {}",
        env!("CARGO_BIN_EXE_reintegrasi"),
        quoted.join(" ")
    );
    let mut c = std::process::Command::new("script");
    c.args(["-qec", &command, "/dev/null"]);
    // As on a build server, where libraries take any terminal for one that shows colours.
    c.env_remove("COLUMNS")
        .env_remove("NO_COLOR")
        .env("CI", "true")
        .env("TERM", term);
    c.stdin(std::process::Stdio::null());
    let out = c
        .output()
        .expect("script, of util-linux, gives a pseudo-terminal");
    String::from_utf8_lossy(&out.stdout).replace('\r', "")
}

/// Lines of a table or sentence: what a progress bar drew and wiped away is not there when the command has ended.
#[cfg(target_os = "linux")]
fn lines_that_stay(text: &str) -> Vec<String> {
    let after = |l: &str| l.rsplit("\u{1b}[2K").next().unwrap_or_default().to_owned();
    text.lines().map(after).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn a_session_at_a_terminal_fits_60_80_and_140_columns_and_has_no_codes_in_pipes() {
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::small_office(dir.path());
    let at = dir.path().to_str().unwrap();
    assert_eq!(
        output(program().args(["run", "--quiet", "--month", "2025-12", at])).0,
        0
    );
    assert_eq!(
        output(program().args(["run", "--quiet", "--month", "2026-01", at])).0,
        0
    );
    let inbox = ws.inbox();
    let inbox = inbox.to_str().unwrap();
    let session: [&[&str]; 20] = [
        &["--help"],
        &["run", "--help"],
        &["run", at, "--month", "2026-01"],
        &["run", at, "--month", "2027-13"],
        &["rum"],
        &["check", at, "--month", "2026-01"],
        &["status", at, "--today", "2026-02-10"],
        &["status", at, "--today", "2026-02-10", "--deliveries"],
        &["inspect", inbox],
        &["measures"],
        &["measures", "return"],
        &["fields"],
        &["rules"],
        &["compare", "2025-12", "2026-01", "--workspace", at],
        &["compare", "2025-12", "2026-13", "--workspace", at],
        &["explain", "return", "--workspace", at, "--month", "2026-01"],
        &["doctor", at],
        &["verify", at],
        &["config", "check", at],
        &["review", at, "--month", "2026-01"],
    ];
    for args in session {
        for width in [60u16, 80, 140] {
            let shown = on_a_terminal(width, "xterm", args);
            assert!(!shown.trim().is_empty(), "{args:?}");
            for line in lines_that_stay(&shown) {
                let words = line.split_whitespace().map(|w| w.chars().count());
                // A path is shown whole, however long it is; a sentence is broken by the terminal itself.
                let drawn = line.contains('─') || line.contains('═');
                assert!(
                    !drawn || line.chars().count() <= usize::from(width),
                    "{args:?} at {width}, longest word {:?}:\n{line}",
                    words.max()
                );
                // No key of a text that is missing.
                assert!(!line.contains("cli."), "{args:?}: {line}");
            }
        }
        if ["run", "check", "status"].contains(&args[0]) {
            let dumb = on_a_terminal(80, "dumb", args);
            assert!(!dumb.contains('\u{1b}'), "{args:?} with TERM=dumb: {dumb}");
        }
        let (_, out, err) = output(program().args(args));
        assert!(
            !out.contains('\u{1b}') && !err.contains('\u{1b}'),
            "{args:?} piped"
        );
        assert!(!out.contains('─'), "{args:?} piped:\n{out}");
    }
}

#[test]
fn tables_come_as_csv_and_json_with_english_names() {
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::small_office(dir.path());
    let at = dir.path().to_str().unwrap();
    for month in ["2025-12", "2026-01"] {
        assert_eq!(
            output(program().args(["run", "--quiet", "--month", month, at])).0,
            0
        );
    }
    let inbox = ws.inbox();
    let commands: [(&[&str], &str); 7] = [
        (&["check", at, "--month", "2026-01"], "supplier"),
        (&["status", at, "--today", "2026-02-10"], "supplier"),
        (&["measures"], "measure"),
        (&["fields"], "field"),
        (&["rules"], "rule"),
        (
            &["compare", "2025-12", "2026-01", "--workspace", at],
            "audience",
        ),
        (&["inspect", inbox.to_str().unwrap()], "path"),
    ];
    for (args, first) in commands {
        for lang in ["id", "en"] {
            let run = |format: &str| {
                let (status, out, err) = output(
                    program()
                        .args(args)
                        .args(["--format", format, "--lang", lang]),
                );
                assert_eq!(status, 0, "{args:?}: {err}");
                out
            };
            let csv = run("csv");
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            assert_eq!(reader.headers().unwrap().get(0), Some(first), "{args:?}");
            let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
            assert!(!rows.is_empty(), "{args:?}");
            let json: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
            assert!(json.is_array() || json.is_object(), "{args:?}");
        }
    }
}

#[test]
fn of_several_versions_of_a_file_one_counts_and_a_line_says_which() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().to_str().unwrap();
    assert_eq!(output(program().args(["init", at, "--yes"])).0, 0);
    let folder = dir.path().join("inbox/lapas-piru");
    std::fs::create_dir_all(&folder).unwrap();
    let list = |people: &[(&str, &str)]| {
        let mut text = "LAPAS KELAS IIB PIRU\nREGISTER BULAN JANUARI 2026\nNo;No Reg;Nama;Tgl Lahir;Tgl Masuk;Pasal\n".to_owned();
        for (i, (name, born)) in people.iter().enumerate() {
            text.push_str(&format!(
                "{};B.I.{}/2026;{name};{born};05/01/2026;363 KUHP\n",
                i + 1,
                i + 1
            ));
        }
        text
    };
    let some: Vec<(String, String)> = (1..=8)
        .map(|i| {
            (
                format!(
                    "LA ODE {}",
                    [
                        "RAHMAT", "SARIF", "BASRI", "TAMRIN", "HUSEN", "JAFAR", "KARIM", "LATIF"
                    ][i - 1]
                ),
                format!("{i:02}/03/198{i}"),
            )
        })
        .collect();
    let people: Vec<(&str, &str)> = some.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let put = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
    put("register januari 2026.csv", list(&people[..7]));
    put("register januari 2026 REVISI.csv", list(&people));
    put("salinan saya.csv", list(&people));
    put("register januari 2026.csv.part", "setengah".to_owned());
    // A browser's (1) of the same people is the newer form of the list; of other people it is another list.
    put("mutasi januari 2026.csv", list(&people[..4]));
    put("mutasi januari 2026 (1).csv", list(&people[..5]));
    let (status, out, err) =
        output(program().args(["check", at, "--month", "2026-01", "--format", "json"]));
    assert_eq!(status, 0, "{err}");
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    let said: std::collections::BTreeMap<&str, &str> =
        (told["about_files"].as_array().unwrap().iter())
            .map(|i| (i["file"].as_str().unwrap(), i["rule"].as_str().unwrap()))
            .collect();
    assert_eq!(
        said.get("lapas-piru/register januari 2026.csv"),
        Some(&"ingest.replaced"),
        "{said:?}"
    );
    assert!(
        said.values().any(|r| *r == "ingest.same_content"),
        "{said:?}"
    );
    assert!(
        said.values().any(|r| *r == "ingest.half_copied"),
        "{said:?}"
    );
    assert_eq!(
        said.get("lapas-piru/mutasi januari 2026.csv"),
        Some(&"ingest.replaced"),
        "{said:?}"
    );
    let (status, out, err) = output(program().args(["status", at, "--today", "2026-02-10"]));
    assert_eq!(status, 0, "{err}");
    assert!(
        out.contains("digantikan lapas-piru/register januari 2026 REVISI.csv"),
        "{out}"
    );
    // A list of which no row could be used is replaced as well: what it lacked is mended in the corrected one.
    let other = dir.path().join("inbox/kiriman");
    std::fs::create_dir_all(&other).unwrap();
    let mended = list(&people[..6]);
    let nowhere = mended.replace("LAPAS KELAS IIB PIRU", "LEMBAGA PEMASYARAKATAN ENTAH");
    std::fs::write(other.join("penghuni januari 2026.csv"), nowhere).unwrap();
    std::fs::write(other.join("penghuni januari 2026 perbaikan.csv"), mended).unwrap();
    let (_, json, err) =
        output(program().args(["check", at, "--month", "2026-01", "--format", "json"]));
    let told: serde_json::Value = serde_json::from_str(&json).expect(&err);
    let files = told["about_files"].as_array().unwrap();
    assert!(
        files
            .iter()
            .any(|i| i["file"] == "kiriman/penghuni januari 2026.csv"
                && i["rule"] == "ingest.replaced"),
        "{files:?}"
    );
    // Piped: one line each.
    let of = |name: &str| {
        out.lines()
            .filter(|l| l.contains(name) && l.contains("-20"))
            .count()
    };
    assert_eq!(of("mutasi januari 2026.csv"), 1, "{out}");
}

#[test]
fn check_looks_again_when_a_file_has_changed() {
    use std::io::BufRead;
    use std::process::{Command, Stdio};
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::small_office(dir.path());
    let mut watching = Command::new(env!("CARGO_BIN_EXE_reintegrasi"))
        .args(["check", "--watch", "--format", "csv", "--month", "2026-01"])
        .arg(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(watching.stdout.take().unwrap()).lines();
    let mut next_round = |wanted: &str| {
        loop {
            let line = lines.next().expect("it goes on").unwrap();
            if line.contains(wanted) {
                return;
            }
        }
    };
    next_round("supplier,read");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    std::fs::create_dir_all(ws.inbox().join("lapas-dobo")).unwrap();
    std::fs::write(
        ws.inbox().join("lapas-dobo/daftar.csv"),
        "LAPAS KELAS III DOBO\nBULAN JANUARI 2026\nNo;Nama;NIK;Tgl Masuk;Pasal\n1;LA ODE RAHMAT;8171010101900001;05/01/2026;363 KUHP\n",
    )
    .unwrap();
    next_round("lapas-dobo");
    watching.kill().unwrap();
    watching.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn everything_works_from_a_binary_alone_without_home_fonts_or_sources() {
    use std::process::Command;
    let dir = tempfile::tempdir().unwrap();
    let alone = dir.path().join("kosong");
    std::fs::create_dir(&alone).unwrap();
    let binary = alone.join("reintegrasi");
    std::fs::copy(env!("CARGO_BIN_EXE_reintegrasi"), &binary).unwrap();
    let run = |args: &[&str]| {
        let mut c = Command::new(&binary);
        let out = c
            .args(args)
            .current_dir(&alone)
            .env_clear()
            .output()
            .unwrap();
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        (out.status.code(), text(&out.stdout), text(&out.stderr))
    };
    // Nothing of the machine that built it is read or written.
    let (status, _, err) = run(&["run"]);
    assert_eq!(status, Some(2), "{err}");
    assert!(
        err.contains("bukan ruang kerja") && err.contains("demo"),
        "{err}"
    );
    let (status, out, err) = run(&["demo", "contoh"]);
    assert_eq!(status, Some(0), "{out}{err}");
    for args in [
        &["status", "contoh"][..],
        &["check", "contoh"],
        &["doctor", "contoh"],
        &["verify", "contoh"],
        &["docs", "settings"],
        &["inspect", "contoh/inbox/lapas-piru"],
        &["link", "--example"],
        &["schedule", "contoh", "--kind", "cron"],
        &["backup", "cadangan", "contoh"],
    ] {
        let (status, out, err) = run(args);
        assert_eq!(status, Some(0), "{args:?}: {out}{err}");
    }
    let out = alone.join("contoh/out");
    let month = std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().path());
    let month = month
        .filter(|p| p.join("manifest.json").is_file())
        .max()
        .unwrap();
    for made in [
        "kota.xlsx",
        "laporan-kota.docx",
        "paparan-kota.pptx",
        "saku-kota.html",
        "ringkasan-kota.png",
        "ringkasan-kota.pdf",
    ] {
        assert!(month.join(made).is_file(), "{made}");
    }
}
