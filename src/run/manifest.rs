//! `manifest.json`: what went in, what came out, what happened in between. The only output that bears the time
//! of the run. It names files and counts, never a person.

use super::RunError;
use crate::domain::Month;
use crate::domain::account::{CellClass, SheetAccount};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Version of the definitions: raised whenever a figure may change for the same input.
pub const DEFINITION_VERSION: &str = "2026.1";

/// The record of one run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// Program name and version.
    pub program: String,
    /// Version of the definitions.
    pub definitions: String,
    /// The report's month.
    pub month: Month,
    /// Language of the outputs.
    pub language: String,
    /// Start of the run, RFC 3339 with offset.
    pub started: String,
    /// SHA-256 over the build that wrote it: version, size and date of the program.
    #[serde(default)]
    pub build: String,
    /// SHA-256 of everything besides the files that the outputs rest on.
    #[serde(default)]
    pub basis: Basis,
    /// Last day everything needed is known for (tanggal batas).
    pub cutoff: Option<chrono::NaiveDate>,
    /// Inputs in order.
    pub inputs: Vec<Input>,
    /// Outputs in order of their names.
    pub outputs: Vec<Output>,
    /// Counts through every stage.
    pub counts: BTreeMap<String, u64>,
    /// Seconds by stage.
    pub seconds: BTreeMap<String, f64>,
    /// Findings by severity: errors, warnings, notes.
    #[serde(default)]
    pub issues: [u64; 3],
    /// Files that could not be read.
    #[serde(default)]
    pub unreadable: Vec<FileNote>,
    /// Which of several versions of a file counts, and files that had not arrived whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<FileNote>,
    /// Suppliers of which nothing came for the month.
    pub late: Vec<String>,
    /// Suppliers of which a file came for the month and whose lists are complete only until an earlier day.
    #[serde(default)]
    pub partial: BTreeMap<String, chrono::NaiveDate>,
    /// Suppliers that had not delivered by their day when the run was made.
    #[serde(default)]
    pub overdue: Vec<Overdue>,
    /// Quality gates that failed.
    pub gates_failed: Vec<String>,
    /// Earlier months whose record was lost and worked out again from what was handed out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history_rebuilt: Vec<Month>,
    /// Earlier months whose record is lost, which was accepted: this month is not protected against all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history_lost: Vec<Month>,
    /// What went back to suppliers, below `umpan-balik/` of the workspace.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub feedback: Vec<Output>,
}

/// What the outputs rest on besides the files, by name: `settings`, `sources`, `decisions`, `templates`, `earlier`.
pub type Basis = BTreeMap<String, String>;

/// What is said of a file as a whole, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNote {
    /// Path relative to the inbox, as it may be shown (`ingest::FileNames`).
    pub path: String,
    /// Rule id.
    pub rule: String,
    /// The rule in words, in the language of the run; free of personal data.
    #[serde(default)]
    pub reason: String,
}

/// A supplier that should have delivered and has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdue {
    /// Supplier id.
    pub supplier: String,
    /// The day its file was due.
    pub due: chrono::NaiveDate,
    /// Last day its files cover; none when nothing of it ever came.
    pub covered: Option<chrono::NaiveDate>,
}

/// What a file covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coverage {
    /// Kind of records.
    pub kind: String,
    /// First day.
    pub from: chrono::NaiveDate,
    /// Last day.
    pub to: chrono::NaiveDate,
}

/// The account of a sheet: its cells, by what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetCells {
    /// Number of the sheet in its file, from 1.
    pub sheet: u16,
    /// Cells that hold something.
    pub cells: u64,
    /// Cells by class; the sum is `cells`.
    pub classes: BTreeMap<String, u64>,
}

impl SheetCells {
    /// Of an account.
    pub fn of(a: &SheetAccount) -> SheetCells {
        let classes = CellClass::ALL.into_iter();
        let classes = classes.map(|c| (c.id().to_owned(), a.counts.of(c)));
        SheetCells {
            sheet: a.sheet + 1,
            cells: a.cells,
            classes: classes.filter(|(_, n)| *n > 0).collect(),
        }
    }
}

/// A file of the inbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Path relative to the inbox, as it may be shown (`ingest::FileNames`).
    pub path: String,
    /// Supplier id.
    pub supplier: String,
    /// Content hash.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
    /// Rows seen.
    pub rows: u64,
    /// Rows used.
    pub used: u64,
    /// Rows set aside.
    pub set_aside: u64,
    /// Rows dated after the month.
    pub beyond: u64,
    /// What it covers, by kind of records.
    #[serde(default)]
    pub coverage: Vec<Coverage>,
    /// What became of the cells of its sheets.
    #[serde(default)]
    pub account: Vec<SheetCells>,
}

/// A file handed over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Path relative to the month's folder.
    pub path: String,
    /// Content hash.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
}

impl Manifest {
    /// Name and version of this program, as manifests state it.
    pub fn program_name() -> String {
        format!("reintegrasi {}", env!("CARGO_PKG_VERSION"))
    }

    /// Reads a `manifest.json`.
    pub fn read(path: &Path) -> Result<Manifest, RunError> {
        let text = fs::read(path).map_err(RunError::io("read", path))?;
        serde_json::from_slice(&text)
            .map_err(|e| RunError::Usage(format!("{}: {e}", path.display())))
    }
}

/// The program itself: its version, and size and date of its file, so that a build under development is not taken
/// for the one before.
pub fn build_id() -> &'static str {
    static ID: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    ID.get_or_init(|| {
        let file = std::env::current_exe().and_then(fs::metadata);
        let (size, written) = file.map_or((0, 0), |m| {
            let since = m
                .modified()
                .ok()
                .map(|t| t.duration_since(std::time::UNIX_EPOCH));
            (
                m.len(),
                since.and_then(Result::ok).map_or(0, |d| d.as_nanos()),
            )
        });
        format!(
            "{} {DEFINITION_VERSION} {size} {written}",
            env!("CARGO_PKG_VERSION")
        )
    })
}

/// Lower-case hex SHA-256.
pub fn sha256_hex(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// Hashes every file below `folder` but the manifest itself, sorted by path.
pub fn outputs_of(folder: &Path) -> Result<Vec<Output>, RunError> {
    hashes(folder, |path| path != "manifest.json")
}

/// Hashes the files below `folder` that are `wanted`, sorted by path.
pub(super) fn hashes(
    folder: &Path,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Output>, RunError> {
    let mut files = Vec::new();
    walk(folder, folder, &mut files)?;
    files.retain(|path| wanted(path));
    files.sort();
    (files.into_par_iter())
        .map(|path| {
            let file = folder.join(&path);
            let content = fs::read(&file).map_err(RunError::io("read", file))?;
            Ok(Output {
                path,
                sha256: sha256_hex(&content),
                bytes: content.len() as u64,
            })
        })
        .collect()
}

/// Paths below `root`, with `/` between their parts.
fn walk(root: &Path, dir: &Path, out: &mut Vec<String>) -> Result<(), RunError> {
    for entry in fs::read_dir(dir).map_err(RunError::io("read", dir))? {
        let path = entry.map_err(RunError::io("read", dir))?.path();
        if path.is_dir() {
            walk(root, &path, out)?;
            continue;
        }
        let rel = path.strip_prefix(root).unwrap_or(&path);
        let rel = rel.to_string_lossy();
        let rel = if cfg!(windows) {
            rel.replace('\\', "/")
        } else {
            rel.into_owned()
        };
        out.push(rel);
    }
    Ok(())
}

/// How an output differs from what its manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Listed, and not there.
    Missing(String),
    /// There, and another content.
    Changed(String),
    /// There, and not listed.
    Extra(String),
}

/// Recomputes the hashes of a month's folder against its manifest.
pub fn verify(folder: &Path) -> Result<(Manifest, Vec<Difference>), RunError> {
    let manifest = Manifest::read(&folder.join("manifest.json"))?;
    let here: BTreeMap<String, String> = outputs_of(folder)?
        .into_iter()
        .map(|o| (o.path, o.sha256))
        .collect();
    let mut differences: Vec<Difference> = Vec::new();
    for o in &manifest.outputs {
        match here.get(&o.path) {
            None => differences.push(Difference::Missing(o.path.clone())),
            Some(h) if *h != o.sha256 => differences.push(Difference::Changed(o.path.clone())),
            Some(_) => {}
        }
    }
    for path in here.keys() {
        if !manifest.outputs.iter().any(|o| o.path == *path) {
            differences.push(Difference::Extra(path.clone()));
        }
    }
    Ok((manifest, differences))
}
