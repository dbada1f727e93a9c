//! What an analyst decided: `decisions/*.csv` with columns `a, b, decision` (`same` or `different`), where a and b
//! name identities by fingerprint, so that decisions survive new files and need no names.

use super::identity::Features;
use super::pseudonym::PseudonymKey;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decision {
    /// Fingerprint.
    pub a: String,
    /// Fingerprint.
    pub b: String,
    /// The same person.
    pub same: bool,
}

/// All decisions of a workspace.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    all: Vec<Decision>,
}

/// A decision file has a mistake.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// It could not be read.
    #[error("{file}: {source}")]
    Read {
        /// File.
        file: String,
        /// Why.
        source: csv::Error,
    },
    /// A line makes no sense.
    #[error("{file} line {line}: write `same` or `different` in the third column")]
    Word {
        /// File.
        file: String,
        /// One-based line.
        line: u64,
    },
}

/// Adds decisions to a file of the folder, newest last; nothing that stands there is lost.
pub fn append(path: &Path, new: &[Decision]) -> std::io::Result<()> {
    let mut text = match std::fs::read_to_string(path) {
        Ok(t) => t,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => "a,b,decision\n".to_owned(),
        Err(e) => return Err(e),
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for d in new {
        let word = if d.same { "same" } else { "different" };
        text.push_str(&format!("{},{},{word}\n", d.a, d.b));
    }
    crate::workspace::write_private(path, text.as_bytes())
}

impl Decision {
    /// On two identities, whichever is named first.
    pub fn new(a: &str, b: &str, same: bool) -> Decision {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        Decision {
            a: a.to_owned(),
            b: b.to_owned(),
            same,
        }
    }
}

/// What a word of a decision says: the same person or not.
pub fn word(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "same" | "sama" | "ya" => Some(true),
        "different" | "beda" | "tidak" => Some(false),
        _ => None,
    }
}

impl Decisions {
    /// Reads every CSV of the folder in the order of names; later lines override earlier ones.
    pub fn load(dir: &Path) -> Result<Decisions, DecisionError> {
        let mut files: Vec<_> = std::fs::read_dir(dir)
            .map(|d| {
                d.flatten()
                    .map(|e| e.path())
                    .filter(|p| p.extension().is_some_and(|e| e == "csv"))
                    .collect()
            })
            .unwrap_or_default();
        files.sort();
        let mut latest: BTreeMap<(String, String), bool> = BTreeMap::new();
        for path in files {
            let file = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let read = |source| DecisionError::Read {
                file: file.clone(),
                source,
            };
            let mut reader = csv::ReaderBuilder::new()
                .flexible(true)
                .from_path(&path)
                .map_err(read)?;
            for record in reader.records() {
                let record = record.map_err(|source| DecisionError::Read {
                    file: file.clone(),
                    source,
                })?;
                let (Some(a), Some(b)) = (record.get(0), record.get(1)) else {
                    continue;
                };
                let Some(same) = record.get(2).and_then(word) else {
                    let line = record.position().map_or(0, csv::Position::line);
                    return Err(DecisionError::Word { file, line });
                };
                let d = Decision::new(a.trim(), b.trim(), same);
                latest.insert((d.a, d.b), d.same);
            }
        }
        Ok(Decisions {
            all: latest
                .into_iter()
                .map(|((a, b), same)| Decision { a, b, same })
                .collect(),
        })
    }

    /// Decisions as pairs of identities of this month.
    pub fn pairs(&self, features: &Features, key: &PseudonymKey) -> Decided {
        let named: FxHashSet<&str> = self
            .all
            .iter()
            .flat_map(|d| [d.a.as_str(), d.b.as_str()])
            .collect();
        let mut of: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        if !self.all.is_empty() {
            let found: Vec<(String, u32)> = (0..features.len() as u32)
                .into_par_iter()
                .map(|i| (features.fingerprint(i, key).to_string(), i))
                .filter(|(f, _)| named.contains(f.as_str()))
                .collect();
            for (f, i) in found {
                of.entry(f).or_default().push(i);
            }
        }
        let mut out = Decided::default();
        for d in &self.all {
            let (Some(a), Some(b)) = (of.get(d.a.as_str()), of.get(d.b.as_str())) else {
                continue;
            };
            for &x in a {
                for &y in b {
                    let pair = (x.min(y), x.max(y));
                    if x == y {
                        continue;
                    }
                    if !d.same {
                        out.different.insert(pair);
                        out.apart.entry(x).or_default().push(y);
                        out.apart.entry(y).or_default().push(x);
                    } else {
                        out.same.insert(pair);
                    }
                }
            }
        }
        out
    }
}

/// Decisions by identity.
#[derive(Debug, Clone, Default)]
pub struct Decided {
    /// The same person.
    pub same: BTreeSet<(u32, u32)>,
    /// Not the same person.
    pub different: BTreeSet<(u32, u32)>,
    /// The same by identity.
    apart: FxHashMap<u32, Vec<u32>>,
}

impl Decided {
    /// Whether a decision keeps two groups apart.
    pub fn separates(&self, x: &[u32], y: &[u32]) -> bool {
        !self.apart.is_empty()
            && x.iter()
                .filter_map(|a| self.apart.get(a))
                .flatten()
                .any(|b| y.contains(b))
    }
}
