//! Histories and figures with perfect links, held against what really happened in the sample.

use reintegrasi::domain::figure::Request;
use reintegrasi::domain::history::{Histories, LinkStrength};
use reintegrasi::domain::records::{Identity, Records};
use reintegrasi::domain::region::InAmbon;
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::domain::{Month, PartialDate, Population};
use reintegrasi::locale::Lang;
use reintegrasi::report::Templates;
use reintegrasi::run::{Silent, read::read_inbox, read_settings};
use reintegrasi::workspace::Settings;
use reintegrasi::{history, measure};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// Names everything by its id: the comparison reads ids.
struct Ids;

impl reintegrasi::report::Labels for Ids {
    fn category(&self, _: Lang, _: &str, category: &str) -> String {
        category.to_owned()
    }
    fn order(&self, _: &str, _: &str) -> (usize, String) {
        (0, String::new())
    }
    fn measure(&self, _: Lang, id: &str) -> String {
        id.to_owned()
    }
}

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
    /// What the rows say of people that no history tells: `--seen` of benches/truth.
    seen: String,
}

impl Perfect {
    /// Who came back: with perfect links the same as by the month's own.
    fn bound(&self) -> measure::Bound {
        let definitions = &self.settings.definitions;
        measure::Bound::of(measure::Side::Lower, &self.histories, definitions)
    }
}

fn perfect() -> &'static Perfect {
    static PERFECT: OnceLock<Perfect> = OnceLock::new();
    PERFECT.get_or_init(link_perfectly)
}

fn link_perfectly() -> Perfect {
    let ws = crate::common::samples();
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
    let rows = crate::common::truth_of_rows(ws.root());
    let names: Vec<u32> = intake
        .records
        .identities()
        .map(|(at, _)| {
            let file = &intake.files[at.file.0 as usize];
            let sheet = file.sheets[at.sheet as usize].clone();
            rows[&(file.path.clone(), sheet, at.row + 1)]
        })
        .collect();
    let mut dense: HashMap<u32, u32> = HashMap::new();
    let mut person_of = Vec::with_capacity(names.len());
    for who in &names {
        let next = dense.len() as u32;
        person_of.push(*dense.entry(*who).or_insert(next));
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
        seen: seen(&intake.records, &names),
        settings,
        units,
        month,
        histories,
        names: dense.iter().map(|(t, d)| (*d, *t)).collect(),
    }
}

/// One line a row: whom it is about and what it says of them, as written; of a register also which stay it is about.
fn seen(records: &Records, names: &[u32]) -> String {
    let day = |d: PartialDate| match d {
        PartialDate::Unknown => String::new(),
        PartialDate::Year(y) => y.to_string(),
        PartialDate::Month(y, m) => format!("{y}-{m:02}"),
        PartialDate::Day(d) => d.to_string(),
    };
    let who = |w: &Identity| {
        let in_nik = w.nik.intact().and_then(|_| w.nik.birth(2026));
        let in_nik = in_nik.map_or(String::new(), |(d, _)| d.to_string());
        let residence = match w.residence.in_ambon() {
            InAmbon::Yes => "yes",
            InAmbon::No => "no",
            _ => "",
        };
        let intact = u8::from(w.nik.intact().is_some());
        let district = w.residence.district.map_or("", |d| d.id());
        let birth = day(w.birth);
        format!("{intact},{in_nik},{birth},{residence},{district}")
    };
    let mut out = String::from(
        "person,intact,nik_birth,birth,in_ambon,district,admitted,left,class,offence,offence_date,days,flag,education\n",
    );
    for (i, (_, w)) in records.identities().enumerate() {
        out += &format!("{},{}", names[i], who(w));
        let register = records.custody.get(i).map_or(",,,,,,,".to_owned(), |r| {
            format!(
                ",{},{},{},{},{},{},{},{}",
                day(r.admitted),
                day(r.exit_date),
                r.class.map_or("", |c| c.id()),
                r.offence.id(),
                day(r.offence_date),
                r.sentence_days.map_or(String::new(), |d| d.to_string()),
                r.recidivist_flag.map_or("", |f| if f { "1" } else { "0" }),
                r.education
            )
        });
        out += &register;
        out.push('\n');
    }
    out
}

/// Every measure whole and by each of its dimensions, and whatever the built-in templates ask for.
fn requests() -> Vec<Request> {
    let mut out = Templates::load(None, None, &measure::breakdowns())
        .unwrap()
        .requests(None);
    for m in measure::MEASURES {
        let single = m.dims.iter().map(|d| vec![*d]);
        // Two dimensions that mean nothing apart are asked for together.
        let both = (m.dims.len() == 2).then(|| m.dims.to_vec());
        for by in std::iter::once(vec![]).chain(single).chain(both) {
            out.push(Request {
                measure: m.id.into(),
                population: Population::Maluku,
                by,
                windows: vec![],
            });
        }
    }
    // Whatever is asked for one population is compared for the other too.
    let mut both = Vec::new();
    for r in out {
        both.extend(
            [Population::Ambon, Population::Maluku].map(|population| Request {
                population,
                ..r.clone()
            }),
        );
    }
    both
}

#[test]
fn with_perfect_links_every_figure_is_the_one_an_independent_program_computes_from_the_truth() {
    let p = perfect();
    let bound = p.bound();
    let input = measure::Input {
        histories: &p.histories,
        bound: Some(&bound),
        units: &p.units,
        settings: &p.settings,
        month: p.month,
        quality: &measure::Quality::default(),
        changes: None,
    };
    let figures = measure::compute(&input, &requests()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("figures.csv");
    reintegrasi::report::write_csv(&figures, &Ids, &path).unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let seen = dir.path().join("seen.csv");
    std::fs::write(&seen, &p.seen).unwrap();
    let samples = crate::common::samples();
    let mut python = std::process::Command::new("python3");
    python
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(root.join("benches/truth"))
        .arg(&path)
        .arg(samples.root().join("truth"))
        .arg("--seen")
        .arg(&seen)
        .arg("--settings")
        .arg(samples.settings_file())
        .args(["--month", &p.month.to_string()]);
    if let Some(day) = p.histories.coverage.cutoff {
        python.args(["--cutoff", &day.to_string()]);
    }
    if let Some(to) = std::env::var_os("REINTEGRASI_TRUTH_KEEP") {
        for file in [&path, &seen] {
            std::fs::copy(
                file,
                std::path::Path::new(&to).join(file.file_name().unwrap()),
            )
            .unwrap();
        }
    }
    let done = python
        .output()
        .expect("this test needs python3, which computes the figures a second time");
    let said = String::from_utf8_lossy(&done.stdout);
    println!("{said}{}", String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "figures differ from the truth");
}

#[test]
fn with_perfect_links_stock_and_releases_are_the_true_ones() {
    let ws = crate::common::samples();
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

#[test]
fn with_the_links_of_a_run_stock_clients_and_the_headline_are_near_the_truth_and_within_the_bounds()
{
    use reintegrasi::run::Analysis;
    let dir = tempfile::tempdir().unwrap();
    let ws = crate::common::copy_of_samples(dir.path());
    std::fs::create_dir_all(ws.state()).unwrap();
    let p = perfect();
    let lang = p.settings.office.language;
    let intake = read_inbox(&ws, &p.settings, &p.units, Some(p.month), lang, &Silent).unwrap();
    let asked =
        ["stock", "clients", "return", "return_low", "return_high"].map(|measure| Request {
            measure: measure.into(),
            population: Population::Maluku,
            by: vec![],
            windows: vec![],
        });
    let mut analysis =
        Analysis::of(&ws, &p.settings, &p.units, intake, asked.to_vec(), &Silent).unwrap();
    let found = analysis.figures(&p.settings, &p.units, true).unwrap();
    let bound = p.bound();
    let input = measure::Input {
        histories: &p.histories,
        bound: Some(&bound),
        units: &p.units,
        settings: &p.settings,
        month: p.month,
        quality: &measure::Quality::default(),
        changes: None,
    };
    let truth = measure::compute(&input, &asked).unwrap();
    let of = |all: &[reintegrasi::domain::Figure], measure: &str| {
        all.iter()
            .find(|f| {
                f.measure == measure
                    && ["v1", "P1.person.v1"].contains(&f.definition.as_str())
                    && f.window_months.is_none_or(|w| w == 12)
            })
            .and_then(|f| f.estimate)
            .unwrap_or_else(|| panic!("no {measure}"))
    };
    for measure in ["stock", "clients"] {
        let (found, truth) = (of(&found, measure), of(&truth, measure));
        println!("{measure} {found} for {truth}");
        assert!(
            (found / truth - 1.0).abs() <= 0.005,
            "{measure} {found} for {truth}"
        );
    }
    let rate = of(&truth, "return");
    let [now, low, high] = ["return", "return_low", "return_high"].map(|m| of(&found, m));
    println!("return {now:.4} ({low:.4} to {high:.4}) for {rate:.4}");
    assert!((now - rate).abs() < 0.005);
    assert!((low..=high).contains(&rate));
}
