//! Stock, clients and the headline return rate of sampled months, held against what really happened.
//!
//! ```sh
//! cargo bench --bench headline -- [--persons 4800] [--faults usual] 31 32 33
//! ```
//!
//! Each number is a seed: its sample is written to a temporary folder, its month is analysed as `run` does, and one line
//! says what was found and what is true. People inside and clients are those of the truth; the true rate is that of the
//! same rows with every row given to whom it is about. The last lines are the bias over all seeds, and how often the printed
//! bounds hold the truth.

use reintegrasi::domain::figure::{Figure, Request};
use reintegrasi::domain::history::LinkStrength;
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::domain::{Month, Population};
use reintegrasi::run::{Analysis, Silent, read::read_inbox, read_settings};
use reintegrasi::sample::{FaultLevel, NamePool, SampleOptions, write_sample};
use reintegrasi::workspace::{Settings, Workspace};
use reintegrasi::{history, measure};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let option = |name: &str| {
        let at = args.iter().position(|a| a == name)?;
        args.get(at + 1).map(String::as_str)
    };
    let persons = option("--persons")
        .and_then(|n| n.parse().ok())
        .unwrap_or(4800);
    let faults = match option("--faults") {
        Some("none") => FaultLevel::None,
        Some("hard") => FaultLevel::Hard,
        _ => FaultLevel::Usual,
    };
    let mut seeds: Vec<u64> = Vec::new();
    let mut rest = args.iter();
    while let Some(a) = rest.next() {
        match a.parse() {
            Ok(seed) => seeds.push(seed),
            Err(_) => drop(rest.next()),
        }
    }
    let all: Vec<Held> = seeds.iter().map(|&s| one(s, persons, faults)).collect();
    let mean = |of: fn(&Held) -> f64| all.iter().map(of).sum::<f64>() / all.len().max(1) as f64;
    println!(
        "mean: stock {:+.2} %, clients {:+.2} %, return rate {:+.2} points; largest: stock {:.2} %, clients {:.2} %, return rate {:.2} points",
        mean(Held::stock),
        mean(Held::clients),
        mean(Held::rate),
        largest(&all, Held::stock),
        largest(&all, Held::clients),
        largest(&all, Held::rate),
    );
    println!(
        "bounds hold the truth in {} of {}",
        all.iter().filter(|m| m.held()).count(),
        all.len()
    );
}

fn largest(all: &[Held], of: fn(&Held) -> f64) -> f64 {
    all.iter().map(|m| of(m).abs()).fold(0.0, f64::max)
}

/// What was found in a month, each with what is true.
struct Held {
    inside: (f64, f64),
    clients: (f64, f64),
    rate: (f64, f64),
    bounds: (f64, f64),
}

impl Held {
    fn stock(&self) -> f64 {
        100.0 * (self.inside.0 / self.inside.1 - 1.0)
    }
    fn clients(&self) -> f64 {
        100.0 * (self.clients.0 / self.clients.1 - 1.0)
    }
    fn rate(&self) -> f64 {
        100.0 * (self.rate.0 - self.rate.1)
    }
    fn held(&self) -> bool {
        (self.bounds.0..=self.bounds.1).contains(&self.rate.1)
    }
}

fn request(measure: &str, windows: &[u16]) -> Request {
    Request {
        measure: measure.into(),
        population: Population::Maluku,
        by: vec![],
        windows: windows.to_vec(),
    }
}

/// The figure of the headline definition, or of a measure that has no definition of its own.
fn figure<'a>(all: &'a [Figure], measure: &str) -> &'a Figure {
    all.iter()
        .find(|f| f.measure == measure && (f.definition == "P1.person.v1" || f.definition == "v1"))
        .unwrap_or_else(|| panic!("no figure of {measure}"))
}

fn one(seed: u64, persons: u32, faults: FaultLevel) -> Held {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let month = Month::new(2026, 1).expect("a month");
    write_sample(&SampleOptions {
        out: dir.path().to_owned(),
        persons,
        months: 60,
        seed,
        last_month: month,
        names: NamePool::for_persons(persons),
        faults,
    })
    .expect("a sample");
    let ws = Workspace::at(dir.path());
    let settings = read_settings(&ws).expect("settings of the sample");
    let units = UptRegistry::maluku(&settings.units);
    let lang = settings.office.language;
    let intake = read_inbox(&ws, &settings, &units, Some(month), lang, &Silent).expect("an inbox");
    let truth = of_rows(ws.root());
    let true_person: Vec<u32> = intake
        .records
        .identities()
        .map(|(at, _)| {
            let file = &intake.files[at.file.0 as usize];
            truth[&(
                file.path.clone(),
                file.sheets[at.sheet as usize].clone(),
                at.row + 1,
            )]
        })
        .collect();
    let rate = true_rate(&intake.records, &true_person, &units, &settings, month);
    let requests = vec![
        request("stock", &[]),
        request("clients", &[]),
        request("return", &[12]),
        request("return_low", &[12]),
        request("return_high", &[12]),
    ];
    std::fs::create_dir_all(ws.state()).expect("a folder");
    let mut analysis =
        Analysis::of(&ws, &settings, &units, intake, requests, &Silent).expect("an analysis");
    let resolutions = analysis.histories.resolutions.clone();
    println!(
        "  persons apart {}, expected by the model {:.0}",
        apart(&analysis.links.person_of, &true_person),
        analysis.links.expected_left
    );
    let figures = analysis.figures(&settings, &units, true).expect("figures");
    let share = |measure| {
        let f = figure(&figures, measure);
        f.estimate.unwrap_or(f64::NAN)
    };
    let out = Held {
        inside: (share("stock"), inside(ws.root())),
        clients: (share("clients"), clients(ws.root())),
        rate: (share("return"), rate),
        bounds: (share("return_low"), share("return_high")),
    };
    println!(
        "seed {seed}: stock {} for {} ({:+.2} %), clients {} for {} ({:+.2} %), return rate {:.2} % for {:.2} % ({:+.2} points), bounds {:.2}–{:.2} %{}",
        out.inside.0,
        out.inside.1,
        out.stock(),
        out.clients.0,
        out.clients.1,
        out.clients(),
        100.0 * out.rate.0,
        100.0 * out.rate.1,
        out.rate(),
        100.0 * out.bounds.0,
        100.0 * out.bounds.1,
        if out.held() { "" } else { " NOT HELD" }
    );
    for (rule, n) in resolutions {
        if [
            "left_list",
            "case_joined",
            "guidance_not_listed",
            "list_not_whole",
            "reopened_by_list",
        ]
        .iter()
        .any(|r| rule.ends_with(r))
        {
            println!("  {rule} {n}");
        }
    }
    out
}

/// How many joins of persons are left until every person is one.
fn apart(found: &[u32], truth: &[u32]) -> usize {
    let pieces: BTreeSet<(u32, u32)> = truth.iter().copied().zip(found.iter().copied()).collect();
    let persons: BTreeSet<u32> = truth.iter().copied().collect();
    pieces.len() - persons.len()
}

/// The headline rate with every row given to whom it is about.
fn true_rate(
    records: &reintegrasi::domain::records::Records,
    true_person: &[u32],
    units: &UptRegistry,
    settings: &Settings,
    month: Month,
) -> f64 {
    let mut dense: HashMap<u32, u32> = HashMap::new();
    let mut person_of = Vec::with_capacity(true_person.len());
    for p in true_person {
        let next = dense.len() as u32;
        person_of.push(*dense.entry(*p).or_insert(next));
    }
    let strength = vec![LinkStrength::Strict; dense.len()];
    let h = history::custody(records, &person_of, &strength, units, settings, month);
    let input = measure::Input {
        histories: &h,
        bound: None,
        units,
        settings,
        month,
        quality: &measure::Quality::default(),
        changes: None,
    };
    let figures = measure::compute(&input, &[request("return", &[12])]).expect("figures");
    figure(&figures, "return").estimate.expect("a rate")
}

fn rows(root: &Path, table: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(root.join("truth").join(table))
        .expect("the truth of the sample")
        .records()
        .map(|r| r.expect("a row of the truth"))
        .collect()
}

fn inside(root: &Path) -> f64 {
    let open = rows(root, "episodes.csv")
        .into_iter()
        .filter(|r| r[2].is_empty());
    open.map(|r| r[0].to_owned()).collect::<BTreeSet<_>>().len() as f64
}

/// Clients whose guidance goes on; who died is none, whatever the list of the Bapas says.
fn clients(root: &Path) -> f64 {
    let dead = rows(root, "persons.csv").into_iter();
    let dead: BTreeSet<String> = dead
        .filter(|r| !r[5].is_empty())
        .map(|r| r[0].to_owned())
        .collect();
    let open = rows(root, "supervision.csv").into_iter();
    let open: BTreeSet<String> = open
        .filter(|r| r[5].is_empty() && !dead.contains(&r[0]))
        .map(|r| r[0].to_owned())
        .collect();
    open.len() as f64
}

/// Person behind every row: file, sheet, one-based row.
fn of_rows(root: &Path) -> HashMap<(String, String, u32), u32> {
    let number = |text: &str| text.parse::<u32>().expect("a number");
    let sheets: Vec<(String, String)> = rows(root, "sheets.csv")
        .iter()
        .map(|r| {
            // A text file has one sheet without a name.
            let text = r[1].ends_with(".csv") || r[1].ends_with(".txt");
            let name = if text { "" } else { &r[2] };
            (r[1].to_owned(), name.to_owned())
        })
        .collect();
    rows(root, "records.csv")
        .iter()
        .map(|r| {
            let (file, sheet) = &sheets[number(&r[0]) as usize];
            ((file.clone(), sheet.clone(), number(&r[1])), number(&r[2]))
        })
        .collect()
}
