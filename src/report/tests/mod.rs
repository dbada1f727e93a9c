//! The produced files held against what readers must see, on figures made up for every table the built-in templates ask for:
//! every status occurs, and nothing depends on the pipeline.

mod items;
mod papers;
mod series;
mod statements;
mod texts;

use super::*;
use crate::domain::figure::Figure;
use crate::domain::upt::UptRegistry;
use crate::domain::{Dimension, Month, Population, Status, Text, Unit};
use crate::locale::{self, Lang};
use crate::measure;
use crate::workspace::Settings;
use calamine::{Data, Reader, Xlsx};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

struct Names(UptRegistry);

impl Labels for Names {
    fn category(&self, lang: Lang, dimension: &str, category: &str) -> String {
        measure::category_label(lang, dimension, category, &self.0)
    }
    fn order(&self, dimension: &str, category: &str) -> (usize, String) {
        measure::category_order(dimension, category, &self.0)
    }
    fn measure(&self, lang: Lang, id: &str) -> String {
        locale::text(lang, &format!("measure.{id}.title")).to_owned()
    }
}

fn month() -> Month {
    Month::new(2026, 1).unwrap()
}

fn templates(dir: Option<&Path>) -> Templates {
    Templates::load(dir, None, &measure::breakdowns()).unwrap()
}

fn categories(dimension: &str, units: &UptRegistry) -> Vec<Text> {
    let closed = measure::categories(dimension, units, month());
    if !closed.is_empty() {
        return closed;
    }
    let list = |x: &[&str]| x.iter().map(|s| Text::from(*s)).collect();
    match dimension {
        "months_since_release" => (0..=24).map(|i| Text::from(format!("{i:02}"))).collect(),
        "ended_month" => (1..=12)
            .map(|i| Text::from(format!("2025-{i:02}")))
            .collect(),
        "cohort_year" => list(&["2022", "2023", "2024"]),
        "cohort_quarter" => list(&["2024-Q1", "2024-Q2"]),
        "opd" => list(&["disperindag", "dinsos", "dukcapil"]),
        "exit_code" => list(&["BM", "PB", "CB"]),
        "source" => list(&["lapas-ambon", "bapas-ambon", "dinsos"]),
        "service_family" | "programme" => list(&["identity", "health", "skills"]),
        _ => list(&["a", "b", "c"]),
    }
}

/// A figure for every cell of every table asked for; `shift` makes another month's numbers.
fn figures(t: &Templates, month: Month, shift: u64) -> Vec<Figure> {
    let units = UptRegistry::maluku(&[]);
    let mut out: BTreeMap<_, Figure> = BTreeMap::new();
    for r in t.requests(None) {
        let m = measure::find(&r.measure).unwrap();
        let mut subsets: Vec<Vec<Dimension>> = vec![vec![], r.by.clone()];
        subsets.extend(r.by.iter().map(|d| vec![*d]));
        let windows: Vec<Option<u16>> = if r.windows.is_empty() {
            vec![None]
        } else {
            r.windows.iter().map(|w| Some(*w)).collect()
        };
        for (by, w) in subsets
            .iter()
            .flat_map(|b| windows.iter().map(move |w| (b, *w)))
        {
            let none = || (Text::default(), Text::default());
            let dims: Vec<Vec<(Text, Text)>> = (0..2)
                .map(|i| match by.get(i) {
                    Some(d) => categories(d.id(), &units)
                        .into_iter()
                        .map(|k| (Text::const_new(d.id()), k))
                        .collect(),
                    None => vec![none()],
                })
                .collect();
            for (a, b) in dims[0]
                .iter()
                .flat_map(|a| dims[1].iter().map(move |b| (a, b)))
            {
                // A number of its own for every figure, the same in every run.
                let seed = format!("{}{a:?}{b:?}{w:?}{:?}", m.id, r.population)
                    .bytes()
                    .fold(7u64, |h, x| (h * 31 + u64::from(x)) % 9973);
                let n = 30 + (seed * 7) % 200;
                let k = 5 + (seed + shift) % 20;
                let share = matches!(m.unit, Unit::Share | Unit::ShareDifference);
                let total = by.is_empty();
                let status = match seed % 11 {
                    0 | 1 if !total => Status::Suppressed,
                    2 if share && !total => Status::Unreliable,
                    3 if share && !total => Status::NotApplicable,
                    _ => Status::Ok,
                };
                let shown = !matches!(status, Status::Suppressed | Status::NotApplicable);
                let some = |v: f64| shown.then_some(v);
                let p = k as f64 / n as f64;
                let ratio = m.unit == Unit::Ratio;
                let f = Figure {
                    month,
                    measure: m.id.into(),
                    definition: if m.id == "return" {
                        "P1.person.v1"
                    } else {
                        "v1"
                    }
                    .into(),
                    population: r.population,
                    dim1: a.clone(),
                    dim2: b.clone(),
                    window_months: w,
                    numerator: some(k as f64),
                    denominator: if share { some(n as f64) } else { None },
                    estimate: some(match (share, ratio) {
                        (true, _) => p,
                        (_, true) => 0.5 + p,
                        _ => k as f64,
                    }),
                    ci_low: (share || ratio).then(|| some(p * 0.7)).flatten(),
                    ci_high: (share || ratio)
                        .then(|| some(p * 1.4 + f64::from(u8::from(ratio))))
                        .flatten(),
                    unit: m.unit,
                    status,
                };
                out.insert(f.key(), f);
            }
        }
    }
    out.into_values().collect()
}

/// What a test sees of a report.
struct Made {
    book: Vec<u8>,
    map: BTreeMap<(String, u32, u16), CellKey>,
    table: FigureTable,
    before: FigureTable,
    charts: usize,
}

fn with_content<T>(
    t: &Templates,
    settings: &Settings,
    lang: Lang,
    f: impl FnOnce(&Content) -> T,
) -> (T, FigureTable, FigureTable) {
    let units = UptRegistry::maluku(&[]);
    let table = FigureTable::new(&figures(t, month(), 0));
    let before = FigureTable::new(&figures(t, month().plus(-1), 3));
    let year = FigureTable::new(&figures(t, month().plus(-12), 5));
    let facts = RunFacts {
        cutoff: Some(month().last_day()),
        version: "reintegrasi".into(),
        definitions: "v1".into(),
        missing: vec!["Lapas Kelas III Dobo".into()],
        protection: vec!["…".into()],
        methodology: measure::MEASURES
            .iter()
            .map(|m| {
                let text =
                    |k: &str| locale::text(lang, &format!("measure.{}.{k}", m.id)).to_owned();
                [
                    m.id.into(),
                    text("title"),
                    text("definition"),
                    m.source.into(),
                ]
            })
            .collect(),
        ..RunFacts::default()
    };
    let names = Names(UptRegistry::maluku(&[]));
    let content = Content {
        month: month(),
        lang,
        settings,
        units: &units,
        figures: &table,
        previous: &before,
        last_year: &year,
        facts: &facts,
        labels: &names,
    };
    let out = f(&content);
    (out, table, before)
}

fn make(t: &Templates, name: &str, lang: Lang, settings: &Settings) -> Made {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let template = t.workbooks().find(|x| x.name == name).unwrap();
    let ((map, charts), table, before) = with_content(t, settings, lang, |c| {
        let book = Book::new(template, c);
        let charts = book.write(&path).unwrap();
        (book.cells(), charts)
    });
    Made {
        book: std::fs::read(path).unwrap(),
        map,
        table,
        before,
        charts,
    }
}

fn parts(book: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut f = zip.by_index(i).unwrap();
            let mut s = String::new();
            let _ = std::io::Read::read_to_string(&mut f, &mut s);
            (f.name().unwrap().to_string(), s)
        })
        .collect()
}

fn every_book(check: impl Fn(&str, Lang, &Made)) {
    let t = templates(None);
    for name in ["kota", "kanwil"] {
        for lang in [Lang::Id, Lang::En] {
            check(name, lang, &make(&t, name, lang, &Settings::default()));
        }
    }
}

fn open(book: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    calamine::open_workbook_from_rs(Cursor::new(book.to_vec())).unwrap()
}
