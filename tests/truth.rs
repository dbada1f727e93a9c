//! Histories and figures with perfect links, held against what really happened in the sample.

mod common;

use reintegrasi::domain::figure::Request;
use reintegrasi::domain::history::{Histories, LinkStrength};
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::domain::{Month, Population};
use reintegrasi::run::{Silent, read::read_inbox, read_settings};
use reintegrasi::workspace::Settings;
use reintegrasi::{history, measure};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// What is true of a person at the end: inside, and index releases in 12 months.
fn truth(workspace: &std::path::Path) -> (BTreeMap<u32, usize>, usize) {
    let (mut inside, mut releases) = (BTreeMap::new(), 0);
    for r in csv::Reader::from_path(workspace.join("truth/episodes.csv"))
        .unwrap()
        .records()
        .map(Result::unwrap)
    {
        if r[2].is_empty() {
            *inside.entry(r[0].parse().unwrap()).or_default() += 1;
        }
        let index = ["BM", "RU2", "RK2", "PMP2", "PB", "CB", "CMB"].contains(&&r[3]);
        releases += usize::from(index && &r[2] >= "2025-02-01" && &r[2] <= "2026-01-31");
    }
    (inside, releases)
}

/// The sample's month with every row given to whom it is about: histories, and the person behind each.
struct Perfect {
    settings: Settings,
    units: UptRegistry,
    month: Month,
    histories: Histories,
    names: HashMap<u32, u32>,
}

fn perfect() -> &'static Perfect {
    static PERFECT: OnceLock<Perfect> = OnceLock::new();
    PERFECT.get_or_init(link_perfectly)
}

fn link_perfectly() -> Perfect {
    let ws = common::samples();
    let settings = read_settings(&ws).unwrap();
    let units = UptRegistry::maluku(&settings.units);
    let month = Month::new(2026, 1).unwrap();
    let intake = read_inbox(
        &ws,
        &settings,
        &units,
        Some(month),
        settings.office.language,
        &Silent,
    )
    .unwrap();
    let rows = common::truth_of_rows(ws.root());
    let mut dense: HashMap<u32, u32> = HashMap::new();
    let mut person_of = Vec::new();
    for (at, _) in intake.records.identities() {
        let file = &intake.files[at.file.0 as usize];
        let who = rows[&(
            file.path.clone(),
            file.sheets[at.sheet as usize].clone(),
            at.row + 1,
        )];
        let next = dense.len() as u32;
        person_of.push(*dense.entry(who).or_insert(next));
    }
    let histories = history::build(
        &intake.records,
        &person_of,
        &vec![LinkStrength::Strict; dense.len()],
        &units,
        &settings,
        month,
    );
    Perfect {
        settings,
        units,
        month,
        histories,
        names: dense.iter().map(|(t, d)| (*d, *t)).collect(),
    }
}

#[test]
fn with_perfect_links_every_figure_is_the_one_an_independent_program_computes_from_the_truth() {
    let p = perfect();
    let input = measure::Input {
        histories: &p.histories,
        strict: None,
        units: &p.units,
        settings: &p.settings,
        month: p.month,
        quality: &measure::Quality::default(),
    };
    let requests: Vec<Request> = measure::MEASURES
        .iter()
        .flat_map(|m| {
            let single = m.dims.iter().map(|d| vec![(*d).into()]);
            std::iter::once(vec![]).chain(single).map(move |by| (m, by))
        })
        .flat_map(|(m, by)| {
            [Population::Ambon, Population::Maluku].map(|population| Request {
                measure: m.id.into(),
                population,
                by: by.clone(),
                windows: vec![],
            })
        })
        .collect();
    let figures = measure::compute(&input, &requests).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("figures.csv");
    reintegrasi::report::write_csv(&figures, &path).unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = std::process::Command::new("python3");
    python
        .arg(root.join("benches/truth.py"))
        .arg(&path)
        .arg(common::samples().root().join("truth"))
        .args(["--month", &p.month.to_string()]);
    if let Some(day) = p.histories.coverage.cutoff {
        python.args(["--cutoff", &day.to_string()]);
    }
    let done = match python.output() {
        Ok(done) => done,
        // A machine without Python cannot run the independent program.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return,
        Err(e) => panic!("{e}"),
    };
    let said = String::from_utf8_lossy(&done.stdout);
    println!("{said}{}", String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "figures differ from the truth");
}

#[test]
fn with_perfect_links_stock_and_releases_are_the_true_ones() {
    let ws = common::samples();
    let Perfect {
        settings,
        month,
        histories: h,
        names,
        ..
    } = perfect();
    let (inside, releases) = truth(ws.root());
    let mut found: BTreeMap<u32, usize> = BTreeMap::new();
    for e in h.episodes.iter().filter(|e| e.is_inside(month.last_day())) {
        *found.entry(names[&e.person.0]).or_default() += 1;
    }
    let ghosts: Vec<&u32> = found.keys().filter(|p| !inside.contains_key(p)).collect();
    let lost: Vec<&u32> = inside.keys().filter(|p| !found.contains_key(p)).collect();
    println!(
        "inside {} found {} ghosts {} {:?} lost {} {:?}",
        inside.len(),
        found.len(),
        ghosts.len(),
        &ghosts[..ghosts.len().min(5)],
        lost.len(),
        &lost[..lost.len().min(5)]
    );
    let all = history::releases(h, &settings.definitions);
    let recent = all
        .iter()
        .filter(|r| r.t0 > month.plus(-12).last_day() && r.t0 <= month.last_day())
        .count();
    println!("releases {releases} found {recent}");
    let (mut clients, mut guided) = (
        std::collections::BTreeSet::new(),
        std::collections::BTreeSet::new(),
    );
    for r in csv::Reader::from_path(ws.root().join("truth/supervision.csv"))
        .unwrap()
        .records()
        .map(Result::unwrap)
    {
        if &r[3] <= "2026-01-31" && (r[5].is_empty() || &r[5] > "2026-01-31") {
            clients.insert(r[0].parse::<u32>().unwrap());
        }
    }
    let end = month.last_day();
    for s in h
        .supervision
        .iter()
        .filter(|s| s.start <= end && s.end.is_none_or(|e| e > end))
    {
        guided.insert(names[&s.person.0]);
    }
    let extra: Vec<&u32> = guided.difference(&clients).collect();
    let missed: Vec<&u32> = clients.difference(&guided).collect();
    println!(
        "clients {} found {} extra {:?} missed {:?}",
        clients.len(),
        guided.len(),
        &extra[..extra.len().min(8)],
        &missed[..missed.len().min(8)]
    );
    assert!(
        extra.len() + missed.len() <= clients.len() / 50,
        "within two percent"
    );
    assert!(
        ghosts.len() + lost.len() <= inside.len() / 200,
        "within half a percent"
    );
    assert!(
        recent.abs_diff(releases) <= releases / 200,
        "within half a percent"
    );
}
