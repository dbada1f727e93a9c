//! What a row, a pair, a table and a page cost: one benchmark for each kind of work of a month.
//!
//! ```sh
//! cargo bench --bench micro
//! ```
//!
//! The month below the pages is a sample of 4,800 people, run once before anything is timed.

use divan::{Bencher, black_box, counter::ItemsCount};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reintegrasi::clean::{date, name, nik, offence, place};
use reintegrasi::domain::Month;
use reintegrasi::domain::figure::Figure;
use reintegrasi::domain::raw::RawCell;
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::link::engine::{Lists, Model, link_lists};
use reintegrasi::locale::{self, Lang};
use reintegrasi::measure::{self, stats};
use reintegrasi::protect::{self, Audience, Cell, System};
use reintegrasi::report::picture::{self, Outlines};
use reintegrasi::report::{Book, Content, FigureTable, Labels, RunFacts, Templates};
use reintegrasi::run::{RunOptions, Silent};
use reintegrasi::sample::{FaultLevel, NamePool, SampleOptions, write_sample};
use reintegrasi::workspace::{Limits, Settings, Workspace};
use std::path::PathBuf;
use std::sync::OnceLock;

fn main() {
    divan::main();
}

const GIVEN: [&str; 12] = [
    "Johanis",
    "La Ode",
    "Muhammad",
    "Petronela",
    "Yopi",
    "Siti",
    "Wa Ima",
    "Ferdinand",
    "Abdul",
    "Marthen",
    "Elisabet",
    "Rahmat",
];
const FAMILY: [&str; 12] = [
    "Latuconsina",
    "Pattiasina",
    "Sahetapy",
    "Tuhuteru",
    "Wattimena",
    "Hehanussa",
    "Lesilolo",
    "Rumalatu",
    "Soplanit",
    "Matulessy",
    "Tehupeiory",
    "Kaimudin",
];

fn each<T, R>(all: &[T], f: impl Fn(&T) -> R) {
    for one in all {
        black_box(f(one));
    }
}

fn dice() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

fn names(n: usize) -> Vec<String> {
    let mut d = dice();
    let one = |d: &mut ChaCha8Rng| {
        let (g, f) = (GIVEN[d.random_range(0..12)], FAMILY[d.random_range(0..12)]);
        match d.random_range(0..4) {
            0 => format!(
                "{} {} als. {}",
                g.to_uppercase(),
                f.to_uppercase(),
                GIVEN[d.random_range(0..12)]
            ),
            1 => format!("{g} {}. {f}, S.Pd", &GIVEN[d.random_range(0..12)][..1]),
            _ => format!("{g} {f}"),
        }
    };
    (0..n).map(|_| one(&mut d)).collect()
}

mod parse {
    use super::*;

    #[divan::bench]
    fn dates(b: Bencher) {
        let cells = [
            "12-03-1990",
            "12 Maret 1990",
            "1990/03/12",
            "5 Peb. 2024",
            "1990",
            "3.12.89",
        ]
        .map(|s| RawCell::Text(s.into()));
        b.counter(ItemsCount::new(cells.len()))
            .bench(|| each(&cells, date::read));
    }

    #[divan::bench]
    fn numbers_of_identity(b: Bencher) {
        let cells = [
            RawCell::Text("8171021203900001".into()),
            RawCell::Text("'8171 0212 0390 0001".into()),
            RawCell::Number(8_171_021_203_900_000.0),
            RawCell::Text("8,17102E+15".into()),
        ];
        b.counter(ItemsCount::new(cells.len()))
            .bench(|| each(&cells, nik::read));
    }

    #[divan::bench]
    fn offences(b: Bencher) {
        let texts = [
            "Pasal 363 ayat (1) ke-3 KUHP",
            "112 UU 35/2009",
            "Ps. 81 (2) UU No. 17 Tahun 2016",
            "pencurian",
        ];
        b.counter(ItemsCount::new(texts.len()))
            .bench(|| each(&texts, |t| offence::classify(&[t], None)));
    }

    #[divan::bench]
    fn addresses(b: Bencher) {
        let texts = [
            "Jl. Dr. Kayadoe RT 003/RW 02, Kel. Kudamati, Kec. Nusaniwe",
            "Negeri Batu Merah, Kota Ambon",
            "Masohi",
        ];
        b.counter(ItemsCount::new(texts.len()))
            .bench(|| each(&texts, |t| place::residence(t, "", "", "")));
    }
}

mod names_of_people {
    use super::*;

    #[divan::bench]
    fn read_and_folded(b: Bencher) {
        let all = names(1_000);
        b.counter(ItemsCount::new(all.len())).bench(|| {
            for n in &all {
                black_box(name::fold(&name::read(n).name));
            }
        });
    }
}

/// Estimation by EM, comparison of blocked pairs and clusters on a list with every fifth person twice.
#[divan::bench(args = [2_000, 20_000], sample_count = 10)]
fn a_list_linked(b: Bencher, n: usize) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("list.csv");
    let mut d = dice();
    let mut text = String::from("id,given,family,born,nik,village,sex\n");
    for (i, name) in names(n).iter().enumerate() {
        let (given, family) = name.rsplit_once(' ').unwrap();
        let born = format!(
            "{}-{:02}-{:02}",
            d.random_range(1950..2005),
            d.random_range(1..13),
            d.random_range(1..29)
        );
        for copy in 0..=usize::from(i % 5 == 0) {
            let nik: String = if copy == 1 && i % 2 == 0 {
                String::new()
            } else {
                format!("817102{i:010}")
            };
            text.push_str(&format!(
                "{i}-{copy},{given},{family},{born},{nik},V{},L\n",
                i % 50
            ));
        }
    }
    std::fs::write(&path, text).unwrap();
    let model = Model::parse(include_str!("linkage/people.toml"), "people.toml").unwrap();
    let lists = Lists::read(&[PathBuf::from(&path)], &model, &Limits::default()).unwrap();
    b.counter(ItemsCount::new(lists.records()))
        .bench(|| black_box(link_lists(&lists, &model, None)));
}

mod survival {
    use super::*;

    fn observations(n: usize) -> Vec<stats::CompetingObs> {
        let mut d = dice();
        let one = |_| stats::CompetingObs {
            entry: 0.0,
            time: f64::from(d.random_range(1..1_800)),
            cause: d.random_range(0..3),
        };
        (0..n).map(one).collect()
    }

    #[divan::bench(args = [1_000, 100_000])]
    fn kaplan_meier(b: Bencher, n: usize) {
        let obs: Vec<stats::Obs> = (observations(n).iter())
            .map(|o| stats::Obs {
                entry: o.entry,
                time: o.time,
                event: o.cause == 1,
            })
            .collect();
        b.counter(ItemsCount::new(n))
            .bench(|| black_box(stats::kaplan_meier(&obs)));
    }

    #[divan::bench(args = [1_000, 100_000])]
    fn aalen_johansen(b: Bencher, n: usize) {
        let obs = observations(n);
        b.counter(ItemsCount::new(n))
            .bench(|| black_box(stats::aalen_johansen(&obs, 1)));
    }

    #[divan::bench]
    fn clopper_pearson(b: Bencher) {
        b.bench(|| black_box(stats::clopper_pearson(black_box(114), black_box(432))));
    }
}

/// A table with its margins, hidden and attacked.
#[divan::bench(args = [10, 30], sample_count = 10)]
fn a_table_protected(b: Bencher, side: usize) {
    let mut d = dice();
    let mut system = System::default();
    let inside: Vec<Vec<f64>> = (0..side)
        .map(|_| {
            (0..side)
                .map(|_| f64::from(d.random_range(0..40)))
                .collect()
        })
        .collect();
    let cells: Vec<Vec<usize>> = (inside.iter())
        .map(|row| row.iter().map(|v| system.add(Cell::shown(*v))).collect())
        .collect();
    let sum = |system: &mut System, parts: Vec<usize>| {
        let total = parts.iter().map(|i| system.cells[*i].value).sum();
        let at = system.add(Cell::shown(total));
        system.sum(at, parts);
        at
    };
    let rows: Vec<usize> = cells.iter().map(|r| sum(&mut system, r.clone())).collect();
    for c in 0..side {
        sum(&mut system, cells.iter().map(|r| r[c]).collect());
    }
    sum(&mut system, rows);
    for i in cells.iter().flatten() {
        if (0.5..5.0).contains(&system.cells[*i].value) {
            system.cells[*i].protect(5.0);
        }
    }
    b.counter(ItemsCount::new(system.cells.len()))
        .with_inputs(|| system.clone())
        .bench_values(|mut s| {
            let tables = protect::hide(&mut s).unwrap();
            black_box(protect::attack(&s, &tables).len())
        });
}

struct Names(UptRegistry);

impl Labels for Names {
    fn category(&self, lang: Lang, dimension: &str, category: &str) -> String {
        measure::category_label(lang, dimension, category, &self.0)
    }
    fn order(&self, dimension: &str, category: &str) -> (usize, String) {
        measure::category_order(dimension, category, &self.0)
    }
    fn measure(&self, lang: Lang, id: &str) -> String {
        locale::format(lang, &format!("measure.{id}.title"), &[])
    }
}

/// The figures of a sample month for both audiences.
fn month() -> &'static [(Audience, Vec<Figure>)] {
    static MONTH: OnceLock<Vec<(Audience, Vec<Figure>)>> = OnceLock::new();
    MONTH.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("sample");
        let options = SampleOptions {
            out: root.clone(),
            persons: 4_800,
            months: 60,
            seed: 1,
            last_month: Month::new(2026, 1).unwrap(),
            names: NamePool::Maluku,
            faults: FaultLevel::Usual,
        };
        write_sample(&options).unwrap();
        let ws = Workspace::at(&root);
        reintegrasi::run::run(&ws, &RunOptions::default(), &Silent)
            .unwrap()
            .figures
    })
}

mod pages {
    use super::*;

    fn with_content<T>(f: impl FnOnce(&Templates, &Content) -> T) -> T {
        let (_, figures) = month().iter().find(|(a, _)| a.id() == "kanwil").unwrap();
        let templates = Templates::load(None, None, &measure::breakdowns()).unwrap();
        let (settings, names) = (Settings::default(), Names(UptRegistry::maluku(&[])));
        let (figures, none, facts) = (
            FigureTable::new(figures),
            FigureTable::new(&[]),
            RunFacts::default(),
        );
        f(
            &templates,
            &Content {
                month: Month::new(2026, 1).unwrap(),
                lang: Lang::Id,
                settings: &settings,
                units: &names.0,
                figures: &figures,
                previous: &none,
                last_year: &none,
                facts: &facts,
                labels: &names,
            },
        )
    }

    #[divan::bench(sample_count = 10)]
    fn workbook_of_the_region(b: Bencher) {
        let dir = tempfile::tempdir().unwrap();
        with_content(|templates, content| {
            let template = templates.workbooks().find(|t| t.name == "kanwil").unwrap();
            b.bench(|| {
                Book::new(template, content)
                    .write(&dir.path().join("x.xlsx"))
                    .unwrap()
            });
        });
    }

    #[divan::bench(sample_count = 10)]
    fn a_picture_drawn_and_painted(b: Bencher) {
        with_content(|templates, content| {
            let template = templates.workbooks().find(|t| t.name == "kanwil").unwrap();
            let (_, chart) = &Book::new(template, content).charts()[0];
            b.bench(|| {
                let drawn = picture::draw_chart(chart, 1600, 900).unwrap();
                black_box(Outlines::new(&drawn).unwrap().png(1.0).unwrap().len())
            });
        });
    }
}
