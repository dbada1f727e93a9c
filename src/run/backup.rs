//! What a workspace cannot do without, in one file: `state/` with key, registry and everything handed out, the decisions,
//! and what its figures rest on besides the deliveries. Restored, the next month is the one that would have been done.
//!
//! The file is an archive with `backup.json`, the SHA-256 of every file in it; with a password it is sealed as Office
//! seals a workbook. Nothing is restored from an archive that is not whole.

use super::manifest::sha256_hex;
use super::{Lock, RunError, commit, health, seal, state};
use crate::domain::Month;
use crate::ingest::{Shut, open_sealed};
use crate::locale::{self, Lang};
use crate::workspace::{STATE_VERSION, StateError, Workspace};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Component, Path, PathBuf};
use zip::write::SimpleFileOptions;

/// Name of the list within the archive.
const LIST: &str = "backup.json";

/// What of `state/` is made again by itself.
const PASSING: [&str; 4] = [
    "state/cache/",
    "state/pending/",
    "state/lock",
    "state/lock-decisions",
];

/// The list of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Program that wrote it.
    pub program: String,
    /// Version of its state files.
    pub state_version: u32,
    /// When it was made, RFC 3339.
    pub made: String,
    /// Months the workspace had done.
    pub months: Vec<Month>,
    /// Files below the workspace.
    files: Vec<Kept>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    path: String,
    sha256: String,
}

impl Contents {
    /// How many files it holds.
    pub fn files(&self) -> usize {
        self.files.len()
    }
}

/// What became of a restored workspace.
#[derive(Debug)]
pub struct Restored {
    /// The list of the backup.
    pub contents: Contents,
    /// Files of the office that are there and differ from the backup: they stay as they are.
    pub kept: Vec<String>,
    /// Where the state that was there before is now.
    pub aside: Option<PathBuf>,
}

fn refused(lang: Lang, key: &str, args: &[(&str, &str)]) -> RunError {
    RunError::Usage(locale::format(lang, &format!("run.backup.{key}"), args))
}

/// Writes a backup of a workspace into a new file, its owner's alone to read.
///
/// # Errors
/// The file is there already or would lie where it is handed over or read; the state is not whole.
pub fn backup(
    ws: &Workspace,
    to: &Path,
    password: Option<&str>,
    lang: Lang,
) -> Result<Contents, RunError> {
    let name = to.display().to_string();
    if to.exists() {
        return Err(refused(lang, "exists", &[("path", &name)]));
    }
    state::refuse_misplaced(ws, to, lang)?;
    if state::lies_within(to, &ws.out()) {
        return Err(refused(lang, "handed_over", &[("path", &name)]));
    }
    super::read_settings(ws)?;
    state::prepare(&ws.state(), lang)?;
    let _lock = Lock::take(&ws.state(), false, lang)?;
    commit::recover(ws, false, lang)?;
    let problems = health::problems(ws, &ws.out(), lang)?;
    if let Some(first) = problems.first() {
        return Err(RunError::Lost(locale::format(
            lang,
            "run.backup.not_whole",
            &[("reason", first)],
        )));
    }
    let mut files = Vec::new();
    for dir in ["state", "decisions", "sources", "report-templates"] {
        walk(ws.root(), Path::new(dir), &mut files)?;
    }
    files.push("reintegrasi.toml".to_owned());
    files.retain(|p| {
        !PASSING
            .iter()
            .any(|x| p == x || (x.ends_with('/') && p.starts_with(x)))
    });
    files.sort();

    let dir = to.parent().filter(|d| !d.as_os_str().is_empty());
    let dir = dir.unwrap_or(Path::new("."));
    // Temporary files are made with mode 0600.
    let made = || tempfile::NamedTempFile::new_in(dir).map_err(RunError::io("create", dir));
    let (plain, sealed) = (made()?, made()?);
    let now = chrono::Local::now();
    let mut contents = Contents {
        program: super::manifest::Manifest::program_name(),
        state_version: STATE_VERSION,
        made: now.to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
        months: commit::months(ws)?,
        files: Vec::new(),
    };
    let write = |e: std::io::Error| RunError::io("write", to)(e);
    let archive = |e: zip::result::ZipError| RunError::io("write", to)(std::io::Error::other(e));
    let mut zip = zip::ZipWriter::new(plain.as_file());
    let options = SimpleFileOptions::default().unix_permissions(0o600);
    for path in files {
        let from = ws.root().join(&path);
        let bytes = fs::read(&from).map_err(RunError::io("read", from))?;
        zip.start_file(path.as_str(), options).map_err(archive)?;
        zip.write_all(&bytes).map_err(write)?;
        contents.files.push(Kept {
            path,
            sha256: sha256_hex(&bytes),
        });
    }
    let list = serde_json::to_vec_pretty(&contents).map_err(RunError::stage("backup"))?;
    zip.start_file(LIST, options).map_err(archive)?;
    zip.write_all(&list).map_err(write)?;
    zip.finish().map_err(archive)?;
    let file = match password {
        Some(password) => {
            seal::seal(plain.path(), sealed.as_file(), password).map_err(write)?;
            sealed
        }
        None => plain,
    };
    file.as_file().sync_all().map_err(write)?;
    file.persist_noclobber(to)
        .map_err(|e| RunError::io("write", to)(e.error))?;
    // What was written must be readable: a backup that is not is none.
    read(to, password, lang)?;
    Ok(contents)
}

/// Files below `root/dir` by their paths below `root`; names that are no UTF-8 are an error, because the archive could
/// not give them back.
fn walk(root: &Path, dir: &Path, out: &mut Vec<String>) -> Result<(), RunError> {
    let here = root.join(dir);
    let entries = match fs::read_dir(&here) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(RunError::io("read", here)(e)),
    };
    for entry in entries {
        let entry = entry.map_err(RunError::io("read", &here))?;
        let kind = entry
            .file_type()
            .map_err(RunError::io("read", entry.path()))?;
        let path = dir.join(entry.file_name());
        if kind.is_dir() {
            walk(root, &path, out)?;
        } else if kind.is_file() {
            let text = path.to_str().ok_or_else(|| {
                let e = std::io::Error::from(std::io::ErrorKind::InvalidFilename);
                RunError::io("read", entry.path())(e)
            })?;
            out.push(text.replace('\\', "/"));
        }
    }
    Ok(())
}

/// Paths below the workspace and what they hold.
type Files = Vec<(String, Vec<u8>)>;

/// The list and the files of a backup, every one checked against the list.
fn read(from: &Path, password: Option<&str>, lang: Lang) -> Result<(Contents, Files), RunError> {
    let name = from.display().to_string();
    let broken = || refused(lang, "broken", &[("path", &name)]);
    let mut bytes = fs::read(from).map_err(RunError::io("read", from))?;
    if let Ok(mut container) = cfb::CompoundFile::open(Cursor::new(bytes.as_slice())) {
        let Some(password) = password else {
            return Err(refused(lang, "sealed", &[("path", &name)]));
        };
        let opened = open_sealed(&mut container, password, u64::MAX).map_err(|_| broken())?;
        bytes = opened.map_err(|shut| match shut {
            Shut::Wrong => refused(lang, "wrong_password", &[("path", &name)]),
            Shut::Unknown | Shut::Broken => broken(),
        })?;
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut file = |path: &str| -> Result<Vec<u8>, RunError> {
        let mut entry = archive.by_name(path).map_err(|_| broken())?;
        let mut out = Vec::new();
        entry.read_to_end(&mut out).map_err(|_| broken())?;
        Ok(out)
    };
    let list = file(LIST)?;
    let contents: Contents = serde_json::from_slice(&list).map_err(|_| broken())?;
    if contents.state_version > STATE_VERSION {
        return Err(StateError::Newer {
            path: from.to_owned(),
            version: contents.state_version.to_string(),
        }
        .into());
    }
    let mut files = Vec::new();
    for kept in &contents.files {
        let bytes = file(&kept.path)?;
        let below = |c| matches!(c, Component::Normal(_));
        if sha256_hex(&bytes) != kept.sha256 || !Path::new(&kept.path).components().all(below) {
            return Err(broken());
        }
        files.push((kept.path.clone(), bytes));
    }
    Ok((contents, files))
}

/// Puts a backup back into a workspace. Files of the office that are there stay; a state that is there is refused, or with
/// `replace` moved aside.
///
/// # Errors
/// The backup is not whole or wants another password; there is a state already.
pub fn restore(
    ws: &Workspace,
    from: &Path,
    password: Option<&str>,
    replace: bool,
    lang: Lang,
) -> Result<Restored, RunError> {
    let (contents, files) = read(from, password, lang)?;
    state::create_unwritable(ws.root())?;
    let mut lock = None;
    if ws.state().exists() {
        lock = Some(Lock::take(&ws.state(), false, lang)?);
    }
    let mut there = Vec::new();
    walk(ws.root(), Path::new("state"), &mut there)?;
    there.retain(|p| !PASSING.iter().any(|x| p.starts_with(x)));
    let mut aside = None;
    if !there.is_empty() {
        if !replace {
            let path = ws.state().display().to_string();
            return Err(refused(lang, "state_is_there", &[("path", &path)]));
        }
        let now = chrono::Local::now().format("%Y%m%d-%H%M%S");
        let to = ws.root().join(format!("state.{now}"));
        fs::rename(ws.state(), &to).map_err(RunError::io("rename", ws.state()))?;
        aside = Some(to);
    }
    // All of the state is written beside its place and takes it in one step.
    let fresh = ws.root().join(".state-restored");
    super::staging::remove_dir(&fresh)?;
    state::create_private(&fresh)?;
    let mut kept = Vec::new();
    for (path, bytes) in &files {
        if let Some(rest) = path.strip_prefix("state/") {
            let to = fresh.join(rest);
            crate::workspace::write_draft(&to, bytes).map_err(RunError::io("write", to))?;
            continue;
        }
        let to = ws.root().join(path);
        match fs::read(&to) {
            Ok(here) if here == *bytes => {}
            Ok(_) => kept.push(path.clone()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                crate::workspace::write_private(&to, bytes).map_err(RunError::io("write", to))?;
            }
            Err(e) => return Err(RunError::io("read", to)(e)),
        }
    }
    state::close_to_others(&fresh, 0o077)?;
    super::staging::sync_tree(&fresh)?;
    drop(lock);
    super::staging::remove_dir(&ws.state())?;
    fs::rename(&fresh, ws.state()).map_err(RunError::io("rename", fresh))?;
    super::staging::sync_dir(ws.root())?;
    Ok(Restored {
        contents,
        kept,
        aside,
    })
}
