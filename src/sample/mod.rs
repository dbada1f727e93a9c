//! Beside the floors: synthetic workspaces that look like offices made them, with the truth written beside.
//!
//! `world` simulates what really happened, person by person; `offices` writes it down as each supplier would, with
//! its own layout and its own mistakes (`noise`); `truth` keeps what is behind every row. Uses only `domain`.

mod book;
mod dice;
mod names;
mod national;
mod noise;
mod offices;
mod truth;
mod world;
mod xls;

use crate::domain::Month;
use crate::domain::upt::UptRegistry;
use crate::workspace::DEFAULT_TOML;
use std::fs;
use std::path::{Path, PathBuf};

/// What to write.
#[derive(Debug, Clone)]
pub struct SampleOptions {
    /// Folder; made if needed.
    pub out: PathBuf,
    /// Distinct people who are ever taken into custody.
    pub persons: u32,
    /// Months of history before and including the last one.
    pub months: u32,
    /// The same seed gives the same files.
    pub seed: u64,
    /// Last month that is delivered.
    pub last_month: Month,
    /// Whose names people bear.
    pub names: NamePool,
    /// How much goes wrong when offices write.
    pub faults: FaultLevel,
}

/// How much goes wrong when offices write; `noise` lists the rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FaultLevel {
    /// Every value as it is. People without a NIK and each office's own layout remain.
    None,
    /// What every office's lists have: misspelt names, missing and rounded NIK, day and month exchanged.
    #[default]
    Usual,
    /// Also what makes one person look like two or two like one: wrong digits, a relative's NIK, default dates,
    /// renamed women; twins, fathers and sons of one name, brothers and sisters, namesakes.
    Hard,
}

/// Where the names of a sample come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamePool {
    /// Names as they are borne in Maluku: a few thousand different ones, as in the province.
    Maluku,
    /// Names of the whole country: as many more people need, or everybody would have hundreds of namesakes.
    National,
}

impl NamePool {
    /// The pool that fits a number of people: Maluku's carries a province.
    pub fn for_persons(persons: u32) -> NamePool {
        if persons > 20_000 {
            NamePool::National
        } else {
            NamePool::Maluku
        }
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SampleSummary {
    /// Files in the inbox.
    pub files: u64,
    /// Data rows in them.
    pub rows: u64,
    /// People inside at the end.
    pub inside: u64,
}

/// A sample could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct SampleError {
    path: String,
    reason: String,
}

pub(crate) fn fail<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> SampleError + '_ {
    move |e| SampleError {
        path: path.display().to_string(),
        reason: e.to_string(),
    }
}

/// The errors a sample makes on purpose, and the share of rows or people concerned at `none`, `usual` and `hard`.
pub fn error_rates() -> Vec<(&'static str, [f64; 3])> {
    noise::described()
}

/// Writes a whole workspace: settings, inbox, decisions, and `truth/` beside them.
///
/// The people are in memory (about a kilobyte each), of their files one at a time; while one is written the next is
/// filled in.
pub fn write_sample(options: &SampleOptions) -> Result<SampleSummary, SampleError> {
    let units = UptRegistry::maluku(&[]);
    let world = world::World::simulate(options, &units);
    let mut truth = truth::Truth::default();
    let mut summary = SampleSummary {
        inside: world.inside_at_end(),
        ..SampleSummary::default()
    };
    let inbox = options.out.join("inbox");
    summary.files = std::thread::scope(|scope| {
        let (sender, receiver) = std::sync::mpsc::sync_channel::<book::Book>(0);
        let writer = scope.spawn(|| write_books(receiver, &inbox, options.last_month));
        let filled = offices::write_down(&world, &units, &mut truth, &mut |book| {
            // A writer that gave up says why when it is joined.
            sender.send(book).map_err(fail(&inbox))
        });
        drop(sender);
        let written = writer
            .join()
            .unwrap_or_else(|_| Err(fail(&inbox)("the writer stopped")));
        written.and_then(|files| filled.map(|()| files))
    })?;
    summary.rows = truth.rows() as u64;
    let (suppliers, capacities) = (suppliers(&units), capacities(&units));
    let settings = format!("{DEFAULT_TOML}\n{suppliers}{capacities}");
    for (name, text) in [
        ("reintegrasi.toml", settings.as_str()),
        ("decisions/pasangan.csv", "a,b,decision\n"),
    ] {
        let path = options.out.join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(fail(&path))?;
        fs::write(&path, text).map_err(fail(&path))?;
    }
    truth.write(&options.out.join("truth"), &world, &units)?;
    Ok(summary)
}

fn write_books(
    books: std::sync::mpsc::Receiver<book::Book>,
    inbox: &Path,
    month: Month,
) -> Result<u64, SampleError> {
    let mut files = 0;
    for book in books {
        let path = inbox.join(&book.path);
        let dir = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(dir).map_err(fail(dir))?;
        book.write(&path, month)?;
        files += 1;
    }
    Ok(files)
}

/// Who delivers what, for the settings file.
/// Places of the made-up prisons: no published numbers.
const PLACES: [(&str, u32); 15] = [
    ("lapas-ambon", 380),
    ("rutan-ambon", 140),
    ("lpp-ambon", 60),
    ("lpka-ambon", 60),
    ("lapas-piru", 110),
    ("lapas-tual", 90),
    ("rutan-masohi", 90),
    ("lapas-saumlaki", 100),
    ("lapas-namlea", 80),
    ("lapas-dobo", 70),
    ("lapas-wahai", 40),
    ("lapas-banda", 30),
    ("lapas-wonreli", 20),
    ("lapas-saparua", 15),
    ("lapas-geser", 15),
];

fn capacities(units: &UptRegistry) -> String {
    let known = PLACES.iter().filter(|(id, _)| units.by_id(id).is_some());
    let text = |(id, places): &(&str, u32)| {
        format!(
            "[[capacities]]\nunit = \"{id}\"\nfrom = \"2020-01\"\nplaces = {places}\n\
             source = \"contoh, bukan angka resmi\"\n\n"
        )
    };
    known.map(text).collect()
}

fn suppliers(units: &UptRegistry) -> String {
    let mut out = String::new();
    for (_, u) in units.all() {
        out.push_str(&format!("[[suppliers]]\nid = \"{}\"\n\n", u.id));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Nik;

    fn options(out: &Path) -> SampleOptions {
        SampleOptions {
            out: out.to_owned(),
            persons: 300,
            months: 36,
            seed: 7,
            last_month: Month::new(2026, 1).unwrap(),
            names: NamePool::Maluku,
            faults: FaultLevel::Usual,
        }
    }

    fn tree(dir: &Path, out: &mut Vec<(PathBuf, Vec<u8>)>) {
        let mut entries: Vec<PathBuf> = fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        entries.sort();
        for p in entries {
            if p.is_dir() {
                tree(&p, out);
            } else {
                out.push((p.clone(), fs::read(&p).unwrap()));
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write_sample(&options(a.path())).unwrap();
        write_sample(&options(b.path())).unwrap();
        let (mut x, mut y) = (vec![], vec![]);
        tree(a.path(), &mut x);
        tree(b.path(), &mut y);
        assert!(x.len() > 30);
        for ((p, u), (q, v)) in x.iter().zip(&y) {
            assert_eq!(
                p.strip_prefix(a.path()).unwrap(),
                q.strip_prefix(b.path()).unwrap()
            );
            assert!(u == v, "{}", p.display());
        }
    }

    fn truth(dir: &Path, table: &str) -> Vec<csv::StringRecord> {
        let path = dir.join("truth").join(table);
        let mut reader = csv::Reader::from_path(path).unwrap();
        reader.records().map(Result::unwrap).collect()
    }

    #[test]
    fn faults_come_at_the_rates_that_are_documented_and_the_truth_names_each() {
        let dir = tempfile::tempdir().unwrap();
        let mut o = options(dir.path());
        (o.persons, o.faults) = (1500, FaultLevel::Hard);
        let rows = write_sample(&o).unwrap().rows as f64;
        let mut counted = std::collections::BTreeMap::<String, f64>::new();
        for r in truth(dir.path(), "faults.csv") {
            *counted.entry(r[2].to_owned()).or_default() += 1.0;
        }
        // Of rows that concern everybody; the others concern some people or some columns.
        for (fault, rate, below) in [
            ("name_misspelt", 0.06, 1.0),
            ("nik_missing", 0.12, 0.9),
            ("nik_digit", 0.03, 0.8),
            ("birth_default", 0.02, 0.9),
            ("birth_heaped", 0.02, 0.7),
        ] {
            let share = counted[fault] / rows;
            assert!(
                (rate * below * 0.7..rate * 1.3).contains(&share),
                "{fault} {share}"
            );
        }
        assert_eq!(counted.len(), noise::Fault::ALL.len(), "{counted:?}");
        let mut kinds: Vec<String> = truth(dir.path(), "relations.csv")
            .iter()
            .map(|r| r[2].to_owned())
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds, ["namesake", "sibling", "son", "twin"]);
    }

    #[test]
    fn without_faults_every_row_holds_the_values_of_its_person() {
        let dir = tempfile::tempdir().unwrap();
        let mut o = options(dir.path());
        o.faults = FaultLevel::None;
        write_sample(&o).unwrap();
        assert!(truth(dir.path(), "faults.csv").is_empty());
        assert!(truth(dir.path(), "relations.csv").is_empty());
    }

    #[test]
    fn relatives_are_what_they_are_called() {
        let mut o = options(Path::new("unused"));
        (o.persons, o.faults) = (2000, FaultLevel::Hard);
        let w = world::World::simulate(&o, &UptRegistry::maluku(&[]));
        assert!(w.relations.len() > 80);
        for r in &w.relations {
            let (a, b) = (&w.people[r.person as usize], &w.people[r.other as usize]);
            let years = (a.birth - b.birth).num_days() as f64 / 365.25;
            match r.kind {
                world::Kinship::Twin => {
                    assert_eq!(
                        (a.birth, a.sex, &a.names.fam),
                        (b.birth, b.sex, &b.names.fam)
                    );
                    assert_eq!(a.nik[..12], b.nik[..12]);
                    assert_ne!(a.nik, b.nik);
                }
                world::Kinship::Son => {
                    assert!(b.names.full.starts_with(&a.names.full) && years > 17.0);
                }
                world::Kinship::Sibling => {
                    assert!(years.abs() < 9.0 && a.names.fam == b.names.fam);
                }
                world::Kinship::Namesake => assert_eq!(a.names.full, b.names.full),
            }
        }
    }

    #[test]
    fn national_names_are_many_and_every_nik_is_one_persons() {
        let mut o = options(Path::new("unused"));
        (o.names, o.persons) = (NamePool::National, 3000);
        let w = world::World::simulate(&o, &UptRegistry::maluku(&[]));
        let count = |key: fn(&world::Person) -> &str| {
            let all: std::collections::HashSet<&str> = w.people.iter().map(key).collect();
            all.len()
        };
        assert_eq!(count(|p| &p.nik), 3000);
        assert!(count(|p| &p.names.full) > 2700);
    }

    #[test]
    fn lives_are_possible() {
        let units = UptRegistry::maluku(&[]);
        let w = world::World::simulate(&options(Path::new("unused")), &units);
        for p in &w.people {
            assert_eq!(Nik::check16(&p.nik).status().id(), "utuh");
            for pair in p.episodes.windows(2) {
                assert!(
                    pair[0].end.is_some_and(|e| e <= pair[1].start),
                    "custody never overlaps"
                );
            }
            for e in &p.episodes {
                assert!(
                    e.end.is_none_or(|x| x >= e.start) && e.rows.iter().all(|r| r.from >= e.start)
                );
            }
        }
    }
}
