//! A month and what the workspace remembers of it change together, or not at all.
//!
//! What a run wants to leave in `state/` is first written below `state/pending/files`, then a note says which
//! `manifest.json` it belongs to. Only when the month stands in its place are the files moved into `state/`. A run
//! that is killed in between is settled by the next one: when the month that stands bears that manifest, the files
//! are moved; when it does not, they are thrown away.

use super::{RunError, manifest, staging};
use crate::domain::Month;
use crate::workspace::Workspace;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// The note that makes pending files a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    /// Folder for the months.
    out: PathBuf,
    /// The month.
    month: Month,
    /// SHA-256 of the manifest the files belong to.
    manifest_sha256: String,
    /// Whether the month that was there before is kept.
    keep_previous: bool,
}

/// What stands for a month: where, and under which manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Folder for the months.
    pub out: PathBuf,
    /// SHA-256 of its manifest.
    pub manifest_sha256: String,
}

/// Private files of a run that is not finished. Dropped without [`Pending::commit`], they are gone.
#[derive(Debug)]
pub struct Pending {
    root: PathBuf,
    done: bool,
}

fn root(ws: &Workspace) -> PathBuf {
    ws.state().join("pending")
}

fn standing_file(month: Month) -> PathBuf {
    Path::new("months").join(format!("{month}.json"))
}

/// What the workspace remembers to have published for a month.
pub fn standing(ws: &Workspace, month: Month) -> Option<Standing> {
    let text = fs::read(ws.state().join(standing_file(month))).ok()?;
    serde_json::from_slice(&text).ok()
}

impl Pending {
    /// An empty folder for the private files of this run.
    pub fn open(ws: &Workspace) -> Result<Pending, RunError> {
        let root = root(ws);
        remove(&root)?;
        let files = root.join("files");
        fs::create_dir_all(&files).map_err(RunError::io("create", &files))?;
        Ok(Pending { root, done: false })
    }

    /// The folder that stands for `state/` until the month is in its place.
    pub fn state(&self) -> PathBuf {
        self.root.join("files")
    }

    /// Promises the files to the month whose manifest is `manifest`: from here on they are moved when that month
    /// stands, even if this process does not live to do it.
    pub fn promise(
        &self,
        out: &Path,
        month: Month,
        manifest: &[u8],
        keep_previous: bool,
    ) -> Result<(), RunError> {
        let out = out.canonicalize().map_err(RunError::io("find", out))?;
        let manifest_sha256 = manifest::sha256_hex(manifest);
        let write = |path: PathBuf, value: serde_json::Result<Vec<u8>>| {
            let text = value.map_err(RunError::stage("commit"))?;
            super::state::write_private(&path, &text)
        };
        let standing = Standing {
            out: out.clone(),
            manifest_sha256: manifest_sha256.clone(),
        };
        let remembered = self.state().join(standing_file(month));
        write(remembered, serde_json::to_vec(&standing))?;
        staging::sync_tree(&self.state())?;
        let note = Note {
            out,
            month,
            manifest_sha256,
            keep_previous,
        };
        write(self.root.join("note.json"), serde_json::to_vec(&note))?;
        staging::sync_dir(&self.root)
    }

    /// Moves the files into `state/`: the month stands.
    pub fn commit(mut self, ws: &Workspace) -> Result<(), RunError> {
        // Whatever fails now is finished by the next run: the note stays.
        self.done = true;
        roll_forward(&self.root, &ws.state())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.done {
            // Best effort: the next run throws away what is left.
            let _ = fs::remove_dir_all(&self.root);
        }
    }
}

/// Settles what a killed run left behind. Call it with the lock held, before anything is read from `state/`.
pub fn recover(ws: &Workspace) -> Result<(), RunError> {
    let root = root(ws);
    let Ok(text) = fs::read(root.join("note.json")) else {
        return remove(&root);
    };
    // A note is written whole or not at all; one that cannot be read promises nothing.
    let Ok(note) = serde_json::from_slice::<Note>(&text) else {
        return remove(&root);
    };
    if note.out.is_dir() {
        staging::restore(&note.out)?;
    }
    let manifest = note.out.join(note.month.to_string()).join("manifest.json");
    let stands = fs::read(manifest).is_ok_and(|m| manifest::sha256_hex(&m) == note.manifest_sha256);
    if !stands {
        return remove(&root);
    }
    // Killed right after the exchange: the month it replaced still bears the staging name.
    staging::put_aside(&note.out, note.month, note.keep_previous);
    roll_forward(&root, &ws.state())
}

fn roll_forward(root: &Path, state: &Path) -> Result<(), RunError> {
    move_tree(&root.join("files"), state)?;
    remove(root)
}

/// Moves every file below `from` to the same place below `to`. Doing it again does no harm.
fn move_tree(from: &Path, to: &Path) -> Result<(), RunError> {
    let entries = match fs::read_dir(from) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(RunError::Io {
                what: "read",
                path: from.to_owned(),
                source,
            });
        }
    };
    fs::create_dir_all(to).map_err(RunError::io("create", to))?;
    for entry in entries {
        let path = entry.map_err(RunError::io("read", from))?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            move_tree(&path, &target)?;
        } else {
            fs::rename(&path, &target).map_err(RunError::io("rename", &path))?;
        }
    }
    staging::sync_dir(to)
}

fn remove(dir: &Path) -> Result<(), RunError> {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(RunError::Io {
            what: "remove",
            path: dir.to_owned(),
            source: e,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(dir: &Path, standing: &str) -> (Workspace, Month) {
        let ws = Workspace::at(dir);
        let month = Month::of(chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
        let folder = ws.out().join(month.to_string());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("manifest.json"), standing).unwrap();
        fs::create_dir_all(ws.state()).unwrap();
        fs::write(ws.state().join("persons.csv"), "old").unwrap();
        (ws, month)
    }

    /// A run that was killed after its promise.
    fn killed(ws: &Workspace, month: Month, manifest: &str) {
        let pending = Pending::open(ws).unwrap();
        fs::write(pending.state().join("persons.csv"), "new").unwrap();
        pending
            .promise(&ws.out(), month, manifest.as_bytes(), true)
            .unwrap();
        std::mem::forget(pending);
    }

    fn persons(ws: &Workspace) -> String {
        fs::read_to_string(ws.state().join("persons.csv")).unwrap()
    }

    #[test]
    fn a_promise_is_kept_when_its_month_stands() {
        let dir = tempfile::tempdir().unwrap();
        let (ws, month) = workspace(dir.path(), "new manifest");
        killed(&ws, month, "new manifest");
        recover(&ws).unwrap();
        assert_eq!(persons(&ws), "new");
        assert!(standing(&ws, month).is_some() && !root(&ws).exists());
    }

    #[test]
    fn a_promise_to_a_month_that_never_came_is_void() {
        let dir = tempfile::tempdir().unwrap();
        let (ws, month) = workspace(dir.path(), "old manifest");
        killed(&ws, month, "new manifest");
        recover(&ws).unwrap();
        assert_eq!(persons(&ws), "old");
        assert!(standing(&ws, month).is_none() && !root(&ws).exists());
    }

    #[test]
    fn files_without_a_promise_are_thrown_away() {
        let dir = tempfile::tempdir().unwrap();
        let (ws, _) = workspace(dir.path(), "manifest");
        let pending = Pending::open(&ws).unwrap();
        fs::write(pending.state().join("persons.csv"), "new").unwrap();
        std::mem::forget(pending);
        recover(&ws).unwrap();
        assert_eq!(persons(&ws), "old");
        assert!(!root(&ws).exists());
    }

    #[test]
    fn the_month_replaced_by_a_killed_run_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let (ws, month) = workspace(dir.path(), "new manifest");
        killed(&ws, month, "new manifest");
        let old = ws.out().join(format!(".staging-{month}"));
        fs::create_dir_all(&old).unwrap();
        fs::write(old.join("manifest.json"), "old manifest").unwrap();
        recover(&ws).unwrap();
        let kept = ws.out().join(format!(".previous/{month}/manifest.json"));
        assert_eq!(fs::read_to_string(kept).unwrap(), "old manifest");
    }
}
