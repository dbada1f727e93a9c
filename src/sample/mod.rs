//! Beside the floors: synthetic workspaces that look like offices made them, with the truth written beside.
//!
//! `world` simulates what really happened, person by person; `offices` writes it down as each supplier would, with
//! its own layout and its own mistakes (`noise`); `truth` keeps what is behind every row. Uses only `domain`.

mod book;
mod dice;
mod names;
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

/// Writes a whole workspace: settings, inbox, decisions, and `truth/` beside them.
pub fn write_sample(options: &SampleOptions) -> Result<SampleSummary, SampleError> {
    let units = UptRegistry::maluku(&[]);
    let world = world::World::simulate(options, &units);
    let mut truth = truth::Truth::default();
    let books = offices::write_down(&world, &units, &mut truth);
    let mut summary = SampleSummary {
        inside: world.inside_at_end(),
        ..SampleSummary::default()
    };
    for book in &books {
        let path = options.out.join("inbox").join(&book.path);
        let dir = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(dir).map_err(fail(dir))?;
        book.write(&path, options.last_month)?;
        summary.files += 1;
    }
    summary.rows = truth.rows() as u64;
    let settings = format!("{DEFAULT_TOML}\n{}", suppliers(&units));
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

/// Who delivers what, for the settings file.
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
