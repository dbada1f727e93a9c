//! What becomes of a workspace when a run is killed, or the machine fails it, at any moment: the old month or the
//! new one stands, whole; no decision is lost; the next run needs no help.
//!
//! The suite does a few of each; `REINTEGRASI_KILLS=200` and `REINTEGRASI_FAULTS=all` do what the README reports.
use rand::{RngExt, SeedableRng};
use reintegrasi::run::manifest;
use reintegrasi::workspace::Workspace;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The program under test; another build of it by `REINTEGRASI_PROGRAM`.
fn program() -> PathBuf {
    let built = || env!("CARGO_BIN_EXE_reintegrasi").into();
    std::env::var_os("REINTEGRASI_PROGRAM").map_or_else(built, PathBuf::from)
}

const MONTH: &str = "2026-01";

/// Paths and hashes of a month's outputs, or contents of private files.
type Files = BTreeMap<String, String>;

/// A workspace with a month done whose next run gives other outputs.
struct Office {
    dir: tempfile::TempDir,
    shim: PathBuf,
    old: Files,
    new: Files,
    remembered: Files,
    decisions: Vec<u8>,
    usual: Duration,
}

impl Office {
    fn open() -> Office {
        let dir = tempfile::tempdir().unwrap();
        let shim = shim(dir.path());
        let live = dir.path().join("live");
        crate::common::small_office(&live);
        let mut office = Office {
            shim,
            old: Files::new(),
            new: Files::new(),
            remembered: Files::new(),
            decisions: Vec::new(),
            usual: Duration::ZERO,
            dir,
        };
        fs::write(
            office.live().join("decisions/pasangan.csv"),
            "a,b,decision\nffffffffffffffffffffffffffffffff,eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee,different\n",
        )
        .unwrap();
        assert_eq!(office.run(&["--month", "2025-12"]), Some(0));
        assert_eq!(office.run(&["--month", MONTH]), Some(0));
        office.old = office.outputs();
        let settings = office.live().join("reintegrasi.toml");
        let text = fs::read_to_string(&settings).unwrap();
        let changed = text.replace(
            "classification = \"TERBATAS\"",
            "classification = \"RAHASIA\"",
        );
        assert_ne!(text, changed);
        fs::write(settings, changed).unwrap();
        office.decisions = fs::read(office.live().join("decisions/pasangan.csv")).unwrap();
        copy(&office.live(), &office.dir.path().join("start"));
        let begun = Instant::now();
        assert_eq!(office.run(&["--month", MONTH]), Some(0));
        office.usual = begun.elapsed();
        office.new = office.outputs();
        office.remembered = office.memory();
        assert_ne!(
            office.old, office.new,
            "the change must be seen in the outputs"
        );
        office
    }

    fn live(&self) -> PathBuf {
        self.dir.path().join("live")
    }

    /// Back to the moment before the run.
    fn reset(&self) {
        fs::remove_dir_all(self.live()).unwrap();
        copy(&self.dir.path().join("start"), &self.live());
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut c = Command::new(program());
        c.args(["run", "--quiet"]).arg(self.live()).args(args);
        c.stdout(Stdio::null()).stderr(Stdio::null());
        c
    }

    /// Exit status; `None` when killed.
    fn run(&self, args: &[&str]) -> Option<i32> {
        self.command(args).status().unwrap().code()
    }

    fn faulty(&self, faults: &[(&str, &str)]) -> Option<i32> {
        let mut c = self.command(&["--month", MONTH]);
        c.env("LD_PRELOAD", &self.shim)
            .env("FAULT_ROOT", self.dir.path());
        c.envs(faults.iter().copied()).status().unwrap().code()
    }

    /// How many operations of each kind a run does.
    fn counts(&self) -> BTreeMap<String, u64> {
        self.reset();
        let file = self.dir.path().join("counts");
        assert_eq!(
            self.faulty(&[("FAULT_COUNT", file.to_str().unwrap())]),
            Some(0)
        );
        let text = fs::read_to_string(file).unwrap();
        let line = |l: &str| {
            let (name, n) = l.split_once(' ').unwrap();
            (name.to_owned(), n.parse().unwrap())
        };
        text.lines().map(line).collect()
    }

    fn outputs(&self) -> Files {
        let folder = Workspace::at(self.live()).out().join(MONTH);
        let (m, differences) = manifest::verify(&folder).unwrap();
        assert!(differences.is_empty(), "half a month: {differences:?}");
        m.outputs.into_iter().map(|o| (o.path, o.sha256)).collect()
    }

    /// What the workspace remembers, but for what names the time of a run.
    fn memory(&self) -> Files {
        let mut out = Files::new();
        let state = self.live().join("state");
        for o in manifest::outputs_of(&state).unwrap() {
            let passing = ["cache/", "months/", "lock"];
            if !passing.iter().any(|p| o.path.starts_with(p)) && !o.path.ends_with(".jsonl") {
                out.insert(o.path, o.sha256);
            }
        }
        out
    }

    /// The old month or the new one, whole; then a run that needs no help.
    fn settled(&self, fault: &str) {
        let now = self.outputs();
        assert!(now == self.old || now == self.new, "{fault}: another month");
        let decisions = || fs::read(self.live().join("decisions/pasangan.csv")).unwrap();
        assert_eq!(decisions(), self.decisions, "{fault}: decisions");
        assert_eq!(
            self.run(&["--month", MONTH]),
            Some(0),
            "{fault}: the next run"
        );
        assert_eq!(self.outputs(), self.new, "{fault}: outputs of the next run");
        assert_eq!(
            self.memory(),
            self.remembered,
            "{fault}: what is remembered"
        );
        assert_eq!(decisions(), self.decisions, "{fault}: decisions");
        let mut left: Vec<String> = fs::read_dir(self.live().join("out"))
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        left.retain(|n| n != ".previous" && n != ".kunci");
        assert_eq!(left, ["2025-12", MONTH], "{fault}: left behind");
        for kept in fs::read_dir(self.live().join("out/.previous"))
            .into_iter()
            .flatten()
        {
            let (_, differences) = manifest::verify(&kept.unwrap().path()).unwrap();
            assert!(differences.is_empty(), "{fault}: half a month kept");
        }
    }
}

/// The library that lets file operations fail, compiled into `dir`.
fn shim(dir: &Path) -> PathBuf {
    let shim = dir.join("shim.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/shim.c");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&shim, &source])
        .status();
    assert!(built.is_ok_and(|s| s.success()), "the C compiler is needed");
    shim
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").args([from, to]).status();
    assert!(done.is_ok_and(|s| s.success()));
}

/// Which of `all` (counted from 1) to try: a few spread over the run; `REINTEGRASI_FAULTS=all` tries every one,
/// `REINTEGRASI_FAULTS=N` at most N of a kind, spread over all, `REINTEGRASI_FAULTS=2/3` every third from the second on,
/// so that three processes share all.
fn some(all: u64, few: u64) -> Vec<u64> {
    let Ok(faults) = std::env::var("REINTEGRASI_FAULTS") else {
        return (0..few)
            .map(|i| 1 + (2 * i + 1) * (all - 1) / (2 * few))
            .collect();
    };
    if let Some((part, parts)) = faults.split_once('/') {
        let (part, parts): (u64, u64) = (part.parse().unwrap(), parts.parse().unwrap());
        return (1..=all).filter(|n| n % parts == part % parts).collect();
    }
    at_most(faults.parse().unwrap_or(usize::MAX), (1..=all).collect())
}

/// Of so many moments at most `n`, spread over all.
fn at_most(n: usize, moments: Vec<u64>) -> Vec<u64> {
    let step = moments.len().div_ceil(n.max(1)).max(1);
    moments.into_iter().step_by(step).collect()
}

#[test]
fn a_run_killed_at_any_moment_or_failed_by_its_disk_leaves_a_whole_month() {
    let office = Office::open();
    let say = |what: &str, n: usize| eprintln!("{n} × {what}: nothing lost");

    // Killed by the clock.
    let kills: u64 = std::env::var("REINTEGRASI_KILLS").map_or(1, |n| n.parse().unwrap());
    let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(8);
    for i in 0..kills {
        office.reset();
        let moment = office.usual.mul_f64(dice.random_range(0.0..1.1));
        let mut child = office.command(&["--month", MONTH]).spawn().unwrap();
        std::thread::sleep(moment);
        let _ = child.kill();
        child.wait().unwrap();
        office.settled(&format!("kill {i} after {moment:?}"));
    }
    say("killed at a random moment", kills as usize);

    // Killed right before the nth operation: also in the moments the clock hardly ever meets.
    let counts = office.counts();
    eprintln!("a run does {counts:?}");
    for (call, few) in [("rename", 1), ("fsync", 1), ("write", 0)] {
        let moments = at_most(150, some(counts[call], few));
        for n in &moments {
            office.reset();
            let at = n.to_string();
            let code =
                office.faulty(&[("FAULT_CALL", call), ("FAULT_AT", &at), ("FAULT_TORN", "1")]);
            assert_eq!(code, None, "{call} {n} is never reached");
            office.settled(&format!("killed at {call} {n}"));
        }
        say(&format!("killed at {call}"), moments.len());
    }

    // Every operation fails in turn.
    let (input_output, no_space, read_only, no_access) = ("5", "28", "30", "13");
    for (call, few) in [
        ("rename", 1),
        ("fsync", 0),
        ("write", 0),
        ("open", 0),
        ("mkdir", 0),
        // Nothing that could not be read is taken for what is not there.
        ("read", 2),
    ] {
        let moments = some(counts[call], few);
        for n in &moments {
            office.reset();
            let at = n.to_string();
            let faults = [
                ("FAULT_CALL", call),
                ("FAULT_AT", &at),
                ("FAULT_ERRNO", input_output),
            ];
            let code = office.faulty(&faults);
            assert!(matches!(code, Some(0..=2 | 4)), "{call} {n}: {code:?}");
            office.settled(&format!("{call} {n} failed, {code:?}"));
        }
        say(&format!("{call} failed"), moments.len());
    }

    // The disk is full from a moment on; the folder becomes read-only; its permission is taken away.
    for (call, errno, few) in [
        ("write", no_space, 1),
        ("open", read_only, 0),
        ("open", no_access, 0),
    ] {
        let moments = at_most(150, some(counts[call], few));
        for n in &moments {
            office.reset();
            let at = n.to_string();
            let faults = [
                ("FAULT_CALL", call),
                ("FAULT_AT", &at),
                ("FAULT_ERRNO", errno),
                ("FAULT_STICKY", "1"),
            ];
            let code = office.faulty(&faults);
            assert!(matches!(code, Some(0..=2)), "{call} {n}: {code:?}");
            office.settled(&format!("from {call} {n} on, error {errno}"));
        }
        say(
            &format!("{call} failed with {errno} and ever after"),
            moments.len(),
        );
    }

    // Killed in the moment in which the new month takes the old one's place.
    office.reset();
    assert_eq!(office.faulty(&[("FAULT_NOEXCHANGE", "2")]), None);
    office.settled("killed at the exchange");

    // Without a one-step exchange: killed at every rename.
    office.reset();
    assert_eq!(office.faulty(&[("FAULT_NOEXCHANGE", "1")]), Some(0));
    office.settled("no exchange");
    let renames = some(counts["rename"] + 2, 1);
    for n in &renames {
        office.reset();
        let at = n.to_string();
        office.faulty(&[
            ("FAULT_NOEXCHANGE", "1"),
            ("FAULT_CALL", "rename"),
            ("FAULT_AT", &at),
        ]);
        // A month that is nowhere for this moment is there as soon as anybody asks for it.
        let status = Command::new(program())
            .args(["status", "--quiet"])
            .arg(office.live())
            .status();
        assert_eq!(status.unwrap().code(), Some(0));
        office.settled(&format!("no exchange, killed at rename {n}"));
    }
    say(
        "killed at rename without an exchange of folders",
        renames.len(),
    );

    // The clock jumps ten years back or forth in the middle of a run.
    for jump in ["-315360000", "315360000"] {
        office.reset();
        assert_eq!(office.faulty(&[("FAULT_CLOCK", jump)]), Some(0));
        assert_eq!(office.outputs(), office.new);
        office.settled(&format!("clock {jump}"));
    }
}

/// Decisions filled into a review workbook, taken while the machine fails: those that were there stay, the new ones are
/// all there or none, and taking them again is enough.
#[test]
fn decisions_are_never_lost_however_taking_them_ends() {
    let dir = tempfile::tempdir().unwrap();
    let ws = Workspace::at(dir.path());
    fs::create_dir_all(ws.decisions()).unwrap();
    fs::write(ws.settings_file(), reintegrasi::workspace::DEFAULT_TOML).unwrap();
    let shim = shim(dir.path());
    let filled = dir.path().join("filled.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (c, key) in ["decision", "key_a", "key_b"].into_iter().enumerate() {
        let key = format!("link.review.{key}");
        let word = reintegrasi::locale::text(Default::default(), &key);
        sheet.write(0, c as u16, word).unwrap();
    }
    // Fingerprints are 32 hex digits.
    let key = |two: &str| two.repeat(16);
    let taken = [("sama", "c1", "c2"), ("beda", "d1", "d2")];
    for (r, (word, a, b)) in taken.into_iter().enumerate() {
        for (c, text) in [word.to_owned(), key(a), key(b)].iter().enumerate() {
            sheet.write(1 + r as u32, c as u16, text).unwrap();
        }
    }
    book.save(&filled).unwrap();
    let line = |a: &str, b: &str, word: &str| format!("{},{},{word}\n", key(a), key(b));
    let old = format!("a,b,decision\n{}", line("a1", "a2", "same"));
    let new = [
        &*old,
        &line("c1", "c2", "same"),
        &line("d1", "d2", "different"),
    ]
    .concat();
    let file = ws.decisions().join("review.csv");
    let read = |faults: &[(&str, &str)]| {
        let mut c = Command::new(program());
        c.args(["review", "--quiet", "--read"])
            .args([&filled, dir.path()]);
        c.stdout(Stdio::null()).stderr(Stdio::null());
        if !faults.is_empty() {
            c.env("LD_PRELOAD", &shim).env("FAULT_ROOT", dir.path());
        }
        c.envs(faults.iter().copied()).status().unwrap().code()
    };
    let counts = dir.path().join("counts");
    fs::write(&file, &old).unwrap();
    assert_eq!(read(&[("FAULT_COUNT", counts.to_str().unwrap())]), Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), new);
    let mut tried = 0;
    for line in fs::read_to_string(&counts).unwrap().lines() {
        let (call, n) = line.split_once(' ').unwrap();
        for at in 1..=n.parse::<u64>().unwrap() {
            for errno in ["", "5", "28"] {
                fs::write(&file, &old).unwrap();
                let at = at.to_string();
                let code = read(&[
                    ("FAULT_CALL", call),
                    ("FAULT_AT", &at),
                    ("FAULT_TORN", "1"),
                    ("FAULT_ERRNO", errno),
                ]);
                let now = fs::read_to_string(&file).unwrap();
                assert!(now == old || now == new, "{call} {at} {errno}: {now}");
                assert!(
                    code != Some(0) || now == new,
                    "{call} {at} {errno}: {code:?}"
                );
                assert_eq!(read(&[]), Some(0));
                let now = fs::read_to_string(&file).unwrap();
                assert!(now.starts_with(&new), "{call} {at} {errno}: {now}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 12, "{tried}");
}
