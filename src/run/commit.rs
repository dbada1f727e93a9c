//! A month and what the workspace remembers of it change together, or not at all.
//!
//! What a run wants to leave in `state/` and in `umpan-balik/` is first written below `state/pending`, then a note says
//! which `manifest.json` it belongs to. Only when the month stands in its place are the files moved there. A run that is
//! killed in between is settled by the next one: when the month that stands bears that manifest, the files are moved;
//! when another one stands, they are thrown away; when nobody can tell, because the folder is away, they are kept.

use super::staging::{self, remove_dir};
use super::{RunError, manifest, state};
use crate::domain::Month;
use crate::locale::{self, Lang};
use crate::workspace::{StateError, Workspace, read_state};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The note that makes pending files a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    /// Folder for the months.
    out: PathText,
    /// Folder the month was written into; after an exchange it holds the month before.
    #[serde(default)]
    staging: Option<PathText>,
    /// The month.
    month: Month,
    /// SHA-256 of the manifest the files belong to.
    manifest_sha256: String,
    /// Whether the month that was there before is kept.
    keep_previous: bool,
}

/// What stands for a month: where, under which manifest, and what is remembered of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    out: PathText,
    /// SHA-256 of its manifest.
    pub manifest_sha256: String,
    /// SHA-256 of the files of `state/` that are of this month alone, by their paths below it.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Persons in custody at the month's end; `None` for a month done before this was kept.
    #[serde(default)]
    pub inside: Option<u64>,
}

impl Standing {
    /// Folder for the months.
    pub fn out(&self) -> PathBuf {
        self.out.path()
    }
}

/// A path as text, whatever bytes it is made of: bytes that are no UTF-8 are written as `%FF`, a percent sign as `%25`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct PathText(String);

impl PathText {
    fn new(path: &Path) -> PathText {
        let bytes = path.as_os_str().as_encoded_bytes();
        let mut out = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            out.push_str(&chunk.valid().replace('%', "%25"));
            chunk
                .invalid()
                .iter()
                .for_each(|b| out.push_str(&format!("%{b:02X}")));
        }
        PathText(out)
    }

    #[cfg(unix)]
    fn path(&self) -> PathBuf {
        use std::os::unix::ffi::OsStringExt;
        let mut bytes = Vec::with_capacity(self.0.len());
        let mut rest = self.0.as_bytes();
        while let [first, tail @ ..] = rest {
            let hex = |n: &[u8]| u8::from_str_radix(std::str::from_utf8(n).ok()?, 16).ok();
            match (first, tail.get(..2).and_then(hex)) {
                (b'%', Some(byte)) => {
                    bytes.push(byte);
                    rest = &tail[2..];
                }
                _ => {
                    bytes.push(*first);
                    rest = tail;
                }
            }
        }
        PathBuf::from(std::ffi::OsString::from_vec(bytes))
    }

    #[cfg(not(unix))]
    fn path(&self) -> PathBuf {
        PathBuf::from(self.0.replace("%25", "%"))
    }
}

/// Private files of a run that is not finished. Dropped without [`Pending::commit`], they are gone.
#[derive(Debug)]
pub struct Pending {
    root: PathBuf,
    done: bool,
}

/// What a month is promised under.
#[derive(Debug, Clone, Copy)]
pub struct Promise<'a> {
    /// Folder for the months.
    pub out: &'a Path,
    /// Folder the month was written into.
    pub staging: &'a Path,
    /// The month.
    pub month: Month,
    /// Its `manifest.json`.
    pub manifest: &'a [u8],
    /// Whether the month that was there before is kept.
    pub keep_previous: bool,
    /// Persons in custody at the month's end.
    pub inside: u64,
}

fn root(ws: &Workspace) -> PathBuf {
    ws.state().join("pending")
}

/// Where it is remembered below `state` what stands for a month.
pub(super) fn standing_file(state: &Path, month: Month) -> PathBuf {
    state.join("months").join(format!("{month}.json"))
}

/// What the workspace remembers to have published for a month; `None` when nothing was.
pub fn standing(ws: &Workspace, month: Month) -> Result<Option<Standing>, StateError> {
    let path = standing_file(&ws.state(), month);
    let Some(text) = read_state(&path)? else {
        return Ok(None);
    };
    serde_json::from_slice(&text)
        .map(Some)
        .map_err(StateError::unknown(&path))
}

/// Remembers anew what stands for a month whose `folder` is there, after its record was put back.
pub(super) fn remember_standing(
    ws: &Workspace,
    folder: &Path,
    month: Month,
) -> Result<(), RunError> {
    let manifest = folder.join("manifest.json");
    let manifest = fs::read(&manifest).map_err(RunError::io("read", manifest))?;
    let out = folder.parent().unwrap_or(folder);
    let out = out.canonicalize().map_err(RunError::io("find", out))?;
    let before = standing(ws, month).ok().flatten();
    let standing = Standing {
        out: PathText::new(&out),
        manifest_sha256: manifest::sha256_hex(&manifest),
        files: of_month(&ws.state(), month)?,
        inside: before.and_then(|s| s.inside),
    };
    let json = serde_json::to_vec(&standing).map_err(RunError::stage("commit"))?;
    state::write_state(&standing_file(&ws.state(), month), &json)
}

/// SHA-256 of the files below `state` that are of one month alone, by their paths.
fn of_month(state: &Path, month: Month) -> Result<BTreeMap<String, String>, RunError> {
    let name = month.to_string();
    // What stands for it is not part of itself; of the rest, what a run writes.
    let kinds = [
        "published/",
        "revisions/",
        "cells/",
        "audit/",
        "change/",
        "quality/",
        "names/",
        "linkage-",
    ];
    let all = manifest::hashes(state, |path| {
        path.contains(&name) && kinds.iter().any(|k| path.starts_with(k))
    })?;
    Ok(all.into_iter().map(|o| (o.path, o.sha256)).collect())
}

/// Files of `state/` that are of one month alone and are not as its last run left them.
pub fn changed_files(ws: &Workspace, month: Month) -> Result<Vec<String>, RunError> {
    let Some(standing) = standing(ws, month)? else {
        return Ok(Vec::new());
    };
    let now = of_month(&ws.state(), month)?;
    let differs = |(path, hash): &(&String, &String)| now.get(*path) != Some(*hash);
    let changed = standing.files.iter().filter(differs);
    Ok(changed.map(|(path, _)| path.clone()).collect())
}

/// Months the workspace remembers to have published, in order.
pub fn months(ws: &Workspace) -> Result<Vec<Month>, StateError> {
    let all = super::published::of_months(&ws.state().join("months"))?;
    Ok(all.into_iter().map(|(m, _)| m).collect())
}

impl Pending {
    /// An empty folder for the private files of this run.
    pub fn open(ws: &Workspace) -> Result<Pending, RunError> {
        let root = root(ws);
        remove_dir(&root)?;
        let files = root.join("files");
        fs::create_dir_all(&files).map_err(RunError::io("create", &files))?;
        Ok(Pending { root, done: false })
    }

    /// The folder that stands for `state/` until the month is in its place.
    pub fn state(&self) -> PathBuf {
        self.root.join("files")
    }

    /// The folder that becomes the month's folder of what goes back to suppliers.
    pub fn feedback(&self) -> PathBuf {
        self.root.join("umpan-balik")
    }

    /// Promises the files to a month: from here on they are moved when that month stands, even if this process does not
    /// live to do it.
    pub fn promise(&self, p: &Promise) -> Result<(), RunError> {
        let out = p.out.canonicalize().map_err(RunError::io("find", p.out))?;
        let out = PathText::new(&out);
        let staging = p.staging.file_name().map(|n| PathText::new(Path::new(n)));
        let manifest_sha256 = manifest::sha256_hex(p.manifest);
        let standing = Standing {
            out: out.clone(),
            manifest_sha256: manifest_sha256.clone(),
            files: of_month(&self.state(), p.month)?,
            inside: Some(p.inside),
        };
        let json = serde_json::to_vec(&standing).map_err(RunError::stage("commit"))?;
        state::write_pending(&standing_file(&self.state(), p.month), &json)?;
        staging::sync_tree(&self.root)?;
        let note = Note {
            out,
            staging,
            month: p.month,
            manifest_sha256,
            keep_previous: p.keep_previous,
        };
        let json = serde_json::to_vec(&note).map_err(RunError::stage("commit"))?;
        state::write_state(&self.root.join("note.json"), &json)?;
        staging::sync_dir(&self.root)
    }

    /// Moves the files to where they belong: the month stands.
    pub fn commit(mut self, ws: &Workspace, month: Month) -> Result<(), RunError> {
        // Whatever fails now is finished by the next run: the note stays.
        self.done = true;
        roll_forward(&self.root, ws, month)
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
///
/// # Errors
/// A month was being published, and its folder is away: whether readers hold it cannot be told. With `accept_lost` what
/// was to be remembered of it is remembered, so that its readers are reckoned with.
pub fn recover(ws: &Workspace, accept_lost: bool, lang: Lang) -> Result<(), RunError> {
    let root = root(ws);
    let path = root.join("note.json");
    let Some(text) = read_state(&path)? else {
        return remove_dir(&root);
    };
    let note: Note = serde_json::from_slice(&text).map_err(StateError::unknown(&path))?;
    let out = note.out.path();
    if !out.is_dir() {
        if accept_lost {
            return roll_forward(&root, ws, note.month);
        }
        let (month, folder) = (
            locale::month_long(lang, note.month),
            out.display().to_string(),
        );
        let args = [("month", month.as_str()), ("folder", &folder)];
        return Err(RunError::Lost(locale::format(lang, "run.lost.away", &args)));
    }
    let home = out.join(note.month.to_string());
    let staged = note.staging.map(|s| out.join(s.path()));
    let bears = |folder: &Path| -> Result<bool, RunError> {
        match fs::read(folder.join("manifest.json")) {
            Ok(m) => Ok(manifest::sha256_hex(&m) == note.manifest_sha256),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(RunError::io("read", folder.join("manifest.json"))(e)),
        }
    };
    // Killed between the two steps of an exchange: the new month is whole and was promised, so it takes its place.
    if let Some(staged) = staged.as_ref().filter(|_| !home.exists())
        && bears(staged)?
    {
        fs::rename(staged, &home).map_err(RunError::io("rename", staged))?;
    }
    staging::restore(&out)?;
    if !bears(&home)? {
        return remove_dir(&root);
    }
    // Killed right after the exchange: the month it replaced still bears the staging name.
    staging::put_aside(&out, note.month, staged.as_deref(), note.keep_previous);
    roll_forward(&root, ws, note.month)
}

fn roll_forward(root: &Path, ws: &Workspace, month: Month) -> Result<(), RunError> {
    let feedback = root.join("umpan-balik");
    if feedback.is_dir() {
        let home = ws.feedback().join(month.to_string());
        state::create_private(&ws.feedback())?;
        remove_dir(&home)?;
        fs::rename(&feedback, &home).map_err(RunError::io("rename", &feedback))?;
        staging::sync_dir(&ws.feedback())?;
    }
    move_tree(&root.join("files"), &ws.state())?;
    remove_dir(root)
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
        let promise = Promise {
            out: &ws.out(),
            staging: &ws.out().join(".staging-2026-01"),
            month,
            manifest: manifest.as_bytes(),
            keep_previous: true,
            inside: 1,
        };
        pending.promise(&promise).unwrap();
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
        recover(&ws, false, Lang::Id).unwrap();
        assert_eq!(persons(&ws), "new");
        assert!(standing(&ws, month).unwrap().is_some() && !root(&ws).exists());
    }

    #[test]
    fn a_promise_to_a_month_that_never_came_is_void() {
        let dir = tempfile::tempdir().unwrap();
        let (ws, month) = workspace(dir.path(), "old manifest");
        killed(&ws, month, "new manifest");
        recover(&ws, false, Lang::Id).unwrap();
        assert_eq!(persons(&ws), "old");
        assert!(standing(&ws, month).unwrap().is_none() && !root(&ws).exists());
    }

    #[test]
    fn files_without_a_promise_are_thrown_away() {
        let dir = tempfile::tempdir().unwrap();
        let (ws, _) = workspace(dir.path(), "manifest");
        let pending = Pending::open(&ws).unwrap();
        fs::write(pending.state().join("persons.csv"), "new").unwrap();
        std::mem::forget(pending);
        recover(&ws, false, Lang::Id).unwrap();
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
        recover(&ws, false, Lang::Id).unwrap();
        let kept = ws.out().join(format!(".previous/{month}/manifest.json"));
        assert_eq!(fs::read_to_string(kept).unwrap(), "old manifest");
    }

    #[test]
    fn a_month_whose_folder_is_away_is_kept_until_it_is_back() {
        let dir = tempfile::tempdir().unwrap();
        let (ws, month) = workspace(dir.path(), "new manifest");
        killed(&ws, month, "new manifest");
        let away = dir.path().join("away");
        fs::rename(ws.out(), &away).unwrap();
        for lang in [Lang::Id, Lang::En] {
            let e = recover(&ws, false, lang).unwrap_err();
            assert_eq!(e.exit_status(), 4);
            assert!(e.message(lang).contains("2026"), "{e}");
        }
        assert_eq!(persons(&ws), "old");
        fs::rename(&away, ws.out()).unwrap();
        recover(&ws, false, Lang::Id).unwrap();
        assert_eq!(persons(&ws), "new");
    }

    #[test]
    fn a_month_whose_folder_is_gone_for_good_is_remembered_when_that_is_accepted() {
        let dir = tempfile::tempdir().unwrap();
        let (ws, month) = workspace(dir.path(), "new manifest");
        killed(&ws, month, "new manifest");
        fs::remove_dir_all(ws.out()).unwrap();
        recover(&ws, true, Lang::Id).unwrap();
        assert_eq!(persons(&ws), "new");
        assert_eq!(months(&ws).unwrap(), [month]);
    }

    #[test]
    fn a_new_month_killed_between_two_renames_takes_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let (ws, month) = workspace(dir.path(), "old manifest");
        killed(&ws, month, "new manifest");
        let (home, old) = (ws.out().join("2026-01"), ws.out().join(".old-2026-01"));
        fs::rename(&home, &old).unwrap();
        let staged = ws.out().join(".staging-2026-01");
        fs::create_dir_all(&staged).unwrap();
        fs::write(staged.join("manifest.json"), "new manifest").unwrap();
        recover(&ws, false, Lang::Id).unwrap();
        let text = fs::read_to_string(home.join("manifest.json")).unwrap();
        assert_eq!(
            (text.as_str(), persons(&ws).as_str()),
            ("new manifest", "new")
        );
        let kept = ws.out().join(".previous/2026-01/manifest.json");
        assert_eq!(fs::read_to_string(kept).unwrap(), "old manifest");
    }

    #[test]
    fn a_note_that_cannot_be_read_is_not_thrown_away() {
        let dir = tempfile::tempdir().unwrap();
        let (ws, month) = workspace(dir.path(), "new manifest");
        killed(&ws, month, "new manifest");
        let note = root(&ws).join("note.json");
        let text = fs::read(&note).unwrap();
        fs::write(&note, &text[..text.len() / 2]).unwrap();
        assert_eq!(recover(&ws, false, Lang::Id).unwrap_err().exit_status(), 4);
        assert!(root(&ws).join("files/persons.csv").is_file());
    }

    #[cfg(unix)]
    #[test]
    fn a_path_of_any_bytes_is_kept_as_it_is() {
        use std::os::unix::ffi::OsStrExt;
        for bytes in [
            &b"/out/2026"[..],
            b"/out/\xff\xfe%/x",
            b"100%25",
            "/ké/é".as_bytes(),
        ] {
            let path = Path::new(std::ffi::OsStr::from_bytes(bytes));
            assert_eq!(PathText::new(path).path(), path);
        }
    }
}
