//! Small inputs with a known right answer (`tests/cases/<name>/`): every fact right, or an issue that says why it is missing.
//! What the keys of `case.json` mean stands in `tests/cases/README.md`.

use reintegrasi::clean::Cleaner;
use reintegrasi::domain::account::{CellClass, CellCounts};
use reintegrasi::domain::raw::{RawCell, RawTable};
use reintegrasi::domain::records::{Identity, Records};
use reintegrasi::domain::region::DISTRICTS;
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::domain::{ExitCode, Issue, Month, PartialDate, Severity};
use reintegrasi::ingest::{Sources, read_alone};
use reintegrasi::locale::Lang;
use reintegrasi::run::analysis::Analysis;
use reintegrasi::run::read::{Intake, accounts, read_inbox};
use reintegrasi::run::{Silent, read_settings};
use reintegrasi::workspace::{Settings, Workspace};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Cases that are not right yet, with the part of the program that is to mend them. A case that has become right must be
/// taken off the list: the test says so.
const STILL_WRONG: &[(&str, &str)] = &[];

/// A `case.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    files: Vec<String>,
    #[serde(default)]
    #[allow(dead_code)] // for people
    truth: String,
    #[serde(default)]
    facts: Vec<Fact>,
    at_least: Option<usize>,
    #[serde(default)]
    count: BTreeMap<String, usize>,
    #[serde(default)]
    excused_by: BTreeSet<String>,
    #[serde(default)]
    said: BTreeSet<String>,
    #[serde(default)]
    said_after_linking: BTreeSet<String>,
    persons: Option<usize>,
    inside: Option<usize>,
    active_clients: Option<usize>,
    dead: Option<usize>,
    cutoff: Option<chrono::NaiveDate>,
}

/// What one record must hold.
#[derive(Debug, Deserialize)]
struct Fact {
    kind: String,
    row: Option<u32>,
    #[serde(flatten)]
    holds: BTreeMap<String, Option<String>>,
}

/// A record as words: kind, one-based row, and what it holds.
struct Found {
    kind: &'static str,
    row: u32,
    holds: BTreeMap<&'static str, String>,
}

fn day(d: PartialDate) -> String {
    match d {
        PartialDate::Unknown => String::new(),
        PartialDate::Year(y) => format!("{y:04}"),
        PartialDate::Month(y, m) => format!("{y:04}-{m:02}"),
        PartialDate::Day(d) => d.to_string(),
    }
}

fn number(n: Option<impl ToString>) -> String {
    n.map(|n| n.to_string()).unwrap_or_default()
}

fn who(id: &Identity) -> Vec<(&'static str, String)> {
    let district = id.residence.district;
    let district = district.map(|d| DISTRICTS[usize::from(d.0)].2.to_owned());
    vec![
        ("name", id.name.to_string()),
        ("alias", id.alias().to_owned()),
        ("nik", number(id.nik.intact().map(str::to_owned))),
        ("sex", id.sex.map_or(String::new(), |s| s.id().to_owned())),
        ("birth", day(id.birth)),
        ("district", district.unwrap_or_default()),
    ]
}

/// Every record of the kinds that cases speak of.
fn found(r: &Records, units: &UptRegistry) -> Vec<Found> {
    let unit = |u| units.info(u).id.clone();
    let yes = |b: bool| if b { "true".to_owned() } else { String::new() };
    let code = |c: Option<ExitCode>| c.map_or(String::new(), |c| c.id().to_owned());
    let mut out = Vec::new();
    let mut add = |kind, row: u32, id: &Identity, more: Vec<(&'static str, String)>| {
        let holds = who(id).into_iter().chain(more).collect();
        out.push(Found {
            kind,
            row: row + 1,
            holds,
        });
    };
    for c in &r.custody {
        let more = vec![
            ("upt", unit(c.upt)),
            ("register_no", c.register_no.to_string()),
            ("admitted", day(c.admitted)),
            ("offence", c.offence.id().to_owned()),
            ("verdict", day(c.verdict)),
            ("sentence_days", number(c.sentence_days)),
            ("expiry", day(c.expiry)),
            ("exit", code(c.exit)),
            ("exit_date", day(c.exit_date)),
            ("to_upt", c.to_upt.map(unit).unwrap_or_default()),
            ("from_upt", c.from_upt.map(unit).unwrap_or_default()),
            ("by_transfer", yes(c.by_transfer)),
            ("recaptured", yes(c.recaptured)),
        ];
        add("custody", c.at.row, &c.who, more);
    }
    for s in &r.supervision {
        let end = s.end_kind.map_or(String::new(), |e| e.id().to_owned());
        let more = vec![
            ("supervision_kind", s.kind.id().to_owned()),
            ("start", day(s.start)),
            ("planned_end", day(s.planned_end)),
            ("end", day(s.end)),
            ("end_kind", end),
            ("due", number(s.reports_due)),
            ("met", number(s.reports_met)),
        ];
        add("supervision", s.at.row, &s.who, more);
    }
    for p in &r.participation {
        let more = vec![
            ("opd", p.opd.to_string()),
            ("service", p.kind.id().to_owned()),
            ("referred", day(p.referred)),
            ("start", day(p.start)),
            ("end", day(p.end)),
            ("issued", day(p.issued)),
            ("state", p.state.id().to_owned()),
            ("planned", number(p.sessions_planned)),
            ("attended", number(p.sessions_attended)),
        ];
        add("participation", p.at.row, &p.who, more);
    }
    for l in &r.litmas {
        let more = vec![
            ("litmas", l.kind.id().to_owned()),
            ("requested", day(l.requested)),
            ("completed", day(l.completed)),
        ];
        add("litmas", l.at.row, &l.who, more);
    }
    for o in &r.outcome {
        let more = vec![("outcome", o.kind.id().to_owned()), ("date", day(o.date))];
        add("outcome", o.at.row, &o.who, more);
    }
    for c in &r.community_service {
        let more = vec![
            ("ordered", number(c.hours_ordered)),
            ("served", number(c.hours_served)),
            ("start", day(c.start)),
            ("end", day(c.end)),
        ];
        add("community_service", c.at.row, &c.who, more);
    }
    for x in &r.resident {
        add("resident", x.at.row, &x.who, vec![]);
    }
    for x in &r.death {
        add("death", x.at.row, &x.who, vec![("date", day(x.date))]);
    }
    out
}

/// A workspace with the files of a case, read for January 2026.
struct Room {
    ws: Workspace,
    units: UptRegistry,
    _dir: tempfile::TempDir,
}

impl Room {
    fn of(folder: &Path, case: &Case) -> Room {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("reintegrasi.toml"), "").unwrap();
        std::fs::create_dir(dir.path().join("state")).unwrap();
        for f in &case.files {
            let to = dir.path().join("inbox").join(f);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(folder.join(f), to).unwrap();
        }
        Room {
            ws: Workspace::at(dir.path()),
            units: UptRegistry::maluku(&[]),
            _dir: dir,
        }
    }

    fn intake(&self) -> Intake {
        let settings = read_settings(&self.ws).unwrap();
        let month = Month::new(2026, 1);
        read_inbox(&self.ws, &settings, &self.units, month, Lang::Id, &Silent).unwrap()
    }

    fn analysis(&self) -> Analysis {
        let settings = read_settings(&self.ws).unwrap();
        Analysis::of(
            &self.ws,
            &settings,
            &self.units,
            self.intake(),
            vec![],
            &Silent,
        )
        .unwrap()
    }
}

/// How one fact came out.
enum Came {
    Right,
    /// Missing, and an issue says so.
    Excused,
    Fault(String),
}

fn compare(case: &Case, fact: &Fact, all: &[Found], issues: &[Issue]) -> Came {
    let of_row: Vec<&Found> = (all.iter())
        .filter(|f| f.kind == fact.kind && fact.row.is_none_or(|r| r == f.row))
        .collect();
    let named = fact.holds.get("name").cloned().flatten();
    let record = match of_row.as_slice() {
        [one] if fact.row.is_some() => Some(*one),
        // A row may tell several things of one person: the one that the fact is about, if there is one.
        many => {
            let right = |f: &&Found| {
                let held = |(key, wanted): (&String, &Option<String>)| {
                    let wanted = wanted.as_deref().unwrap_or_default();
                    f.holds.get(key.as_str()).is_some_and(|have| have == wanted)
                };
                fact.holds.iter().all(held)
            };
            let own = |f: &&Found| named.as_ref() == f.holds.get("name");
            let mut all = many.iter().copied();
            all.clone().find(right).or_else(|| all.find(own))
        }
    };
    let excused = issues.iter().any(|i| {
        case.excused_by.contains(i.rule)
            && (i.row.is_none() || fact.row.is_none() || i.row.map(|r| r + 1) == fact.row)
    });
    let label = || format!("{} row {:?} {:?}", fact.kind, fact.row, named);
    let Some(record) = record else {
        return if excused {
            Came::Excused
        } else {
            Came::Fault(format!("{}: no record", label()))
        };
    };
    let mut missing = false;
    for (key, wanted) in &fact.holds {
        let have = record.holds.get(key.as_str());
        let have = have.unwrap_or_else(|| panic!("{} has no {key}", fact.kind));
        match (wanted.as_deref().unwrap_or_default(), have.as_str()) {
            (a, b) if a == b => {}
            (_, "") if excused => missing = true,
            (a, b) => return Came::Fault(format!("{}: {key} is {b:?}, not {a:?}", label())),
        }
    }
    if missing { Came::Excused } else { Came::Right }
}

/// Everything that is not as the case says.
fn faults(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("case.json")).unwrap();
    let case: Case =
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let room = Room::of(folder, &case);
    let intake = room.intake();
    let all = found(&intake.records, &room.units);
    let mut out = Vec::new();
    let mut right = 0;
    for fact in &case.facts {
        match compare(&case, fact, &all, &intake.issues) {
            Came::Right => right += 1,
            Came::Excused => {}
            Came::Fault(f) => out.push(f),
        }
    }
    if case.at_least.is_some_and(|n| right < n) {
        out.push(format!("{right} facts right of {}", case.facts.len()));
    }
    for (kind, n) in &case.count {
        let have = all.iter().filter(|f| f.kind == kind).count();
        if have != *n {
            out.push(format!("{have} {kind}, not {n}"));
        }
    }
    let rules: BTreeSet<&str> = intake.issues.iter().map(|i| i.rule).collect();
    for rule in &case.said {
        if !rules.contains(rule.as_str()) {
            out.push(format!("{rule} is not said"));
        }
    }
    out.extend(after_linking(&case, &room));
    if !out.is_empty() {
        out.push(format!("said: {rules:?}"));
    }
    out
}

fn after_linking(case: &Case, room: &Room) -> Vec<String> {
    let asked = [case.persons, case.inside, case.active_clients, case.dead];
    if asked.iter().all(Option::is_none) && case.cutoff.is_none() {
        return Vec::new();
    }
    let a = room.analysis();
    let h = &a.histories;
    let end = a.intake.month.last_day();
    let have = [
        h.persons.len(),
        h.episodes.iter().filter(|e| e.is_inside(end)).count(),
        h.supervision.iter().filter(|s| s.end.is_none()).count(),
        h.persons.iter().filter(|p| p.death.is_some()).count(),
    ];
    let names = ["persons", "inside", "active clients", "dead"];
    let mut out: Vec<String> = (names.iter().zip(asked).zip(have))
        .filter_map(|((name, asked), have)| {
            let asked = asked.filter(|n| *n != have)?;
            Some(format!("{have} {name}, not {asked}"))
        })
        .collect();
    let found: BTreeSet<&str> = a.intake.issues.iter().map(|i| i.rule).collect();
    let missing = case
        .said_after_linking
        .iter()
        .filter(|r| !found.contains(r.as_str()));
    out.extend(missing.map(|r| format!("{r} is not said after linking")));
    if case.cutoff.is_some() && case.cutoff != h.coverage.cutoff {
        out.push(format!("cut-off {:?}", h.coverage.cutoff));
    }
    out
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut all: Vec<PathBuf> = (std::fs::read_dir(root).unwrap())
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .collect();
    all.sort();
    all
}

#[test]
fn every_fact_of_a_case_is_right_or_its_absence_is_said() {
    let only = std::env::var("CASE").unwrap_or_default();
    let (mut wrong, mut mended) = (Vec::new(), Vec::new());
    for folder in folders() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if !name.contains(&only) {
            continue;
        }
        let faults = faults(&folder);
        let known = STILL_WRONG.iter().any(|(n, _)| *n == name);
        if faults.is_empty() && known {
            mended.push(name);
        } else if !faults.is_empty() && (!known || !only.is_empty()) {
            wrong.push(format!("{name}\n    {}", faults.join("\n    ")));
        }
    }
    assert!(
        mended.is_empty(),
        "right now, so no longer to be listed as wrong: {mended:?}"
    );
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn whatever_is_listed_as_wrong_is_a_case() {
    let names: BTreeSet<String> = (folders().iter())
        .map(|f| f.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert!(STILL_WRONG.iter().all(|(n, _)| names.contains(*n)));
}

/// Every file below a folder.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out.sort();
    out
}

#[test]
fn every_filled_cell_of_a_table_stands_in_exactly_one_class() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (settings, units) = (Settings::default(), UptRegistry::maluku(&[]));
    let cleaner = Cleaner {
        units: &units,
        settings: &settings,
        as_of: Month::new(2026, 1).unwrap().last_day(),
    };
    let mut all = files(&root.join("tests/cases"));
    all.extend(files(&root.join("data-samples/inbox")));
    let mut tables = 0;
    for path in all {
        let rel = path.strip_prefix(root).unwrap().to_string_lossy();
        if rel.ends_with(".json") || rel.ends_with(".md") {
            continue;
        }
        let reading = read_alone(&path, &rel, &Sources::default(), &settings.limits);
        let filled = |t: &RawTable| -> u64 {
            let rows = t.rows.iter().flat_map(|r| {
                let cells = r.cells.iter().enumerate();
                cells.map(move |(i, c)| (r.row, i as u16, c))
            });
            let here = rows
                .filter(|(row, i, c)| **c != RawCell::Empty && !t.taken_over.contains(&(*row, *i)));
            here.count() as u64 + t.joined + t.headless.iter().map(|(_, n)| n).sum::<u64>()
        };
        let of_tables: u64 = reading.tables.iter().map(filled).sum();
        let unread = reading.sheets.iter().filter(|(_, unread)| *unread);
        let unread: u64 = unread.map(|(cells, _)| cells).sum();
        let cells = reading.cells;
        tables += reading.tables.len();
        let accounts = accounts(&cleaner, reading);
        let mut sum = CellCounts::default();
        for a in &accounts {
            assert!(a.is_whole(), "{rel}: {a:?}");
            sum.append(&a.counts);
        }
        assert_eq!(sum.sum(), cells, "{rel}");
        assert_eq!(
            sum.sum() - sum.of(CellClass::Around),
            of_tables + unread,
            "{rel}"
        );
    }
    assert!(tables > 100, "{tables} tables");
}

#[test]
fn nothing_set_aside_goes_without_an_error() {
    for folder in folders() {
        let text = std::fs::read_to_string(folder.join("case.json")).unwrap();
        let room = Room::of(&folder, &serde_json::from_str(&text).unwrap());
        let intake = room.intake();
        let aside: u64 = intake.counts.iter().map(|c| c.set_aside).sum();
        let errors = intake
            .issues
            .iter()
            .filter(|i| i.severity == Severity::Error);
        assert!(errors.count() as u64 >= aside, "{}", folder.display());
    }
}
