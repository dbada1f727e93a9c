//! All or nothing: a month is written into a staging folder and renamed into place when it is whole.
//!
//! A reader never sees half a month. Where the system can exchange two folders in one step it does; elsewhere
//! the old month is moved aside first, and a run that was killed in between is finished by the next command that looks
//! at the folder. Nobody but the owner can write what is handed over. One run at a time works in a folder (see `lock`).

use super::RunError;
use crate::domain::Month;
use std::fs;
use std::path::{Path, PathBuf};

/// What the name of a folder begins with in which a month is written.
const STAGING: &str = ".staging-";
/// What the name of a month begins with that makes way for its successor.
const OLD: &str = ".old-";

/// A month being written. Dropped without [`Staging::publish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Staging {
    out: PathBuf,
    month: Month,
    folder: PathBuf,
    published: bool,
}

impl Staging {
    /// Clears what killed runs left, and opens an empty folder on the same file system as `out`.
    pub fn open(out: &Path, month: Month) -> Result<Staging, RunError> {
        super::state::create_unwritable(out)?;
        restore(out)?;
        clear(out)?;
        // A name of its own: whatever else is in the folder was not made by this run.
        let mut unique = [0u8; 8];
        getrandom::fill(&mut unique)
            .map_err(std::io::Error::other)
            .map_err(RunError::io("create", out))?;
        let unique = u64::from_le_bytes(unique);
        let folder = out.join(format!("{STAGING}{month}-{unique:016x}"));
        for sub in ["", "grafik", "data"] {
            let dir = folder.join(sub);
            fs::create_dir_all(&dir).map_err(RunError::io("create", dir))?;
        }
        Ok(Staging {
            out: out.to_owned(),
            month,
            folder,
            published: false,
        })
    }

    /// The folder to write into.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Flushes everything to disk and puts the month in place; the month it replaces is kept under
    /// `out/.previous/` when `keep_previous`. An error means that the old month stands as it stood.
    pub fn publish(mut self, keep_previous: bool) -> Result<PathBuf, RunError> {
        super::state::close_to_others(&self.folder, 0o022)?;
        sync_tree(&self.folder)?;
        let target = self.out.join(self.month.to_string());
        if target.exists() {
            exchange(&self.folder, &target)?;
        } else {
            fs::rename(&self.folder, &target).map_err(RunError::io("rename", &self.folder))?;
        }
        self.published = true;
        // The new month stands: nothing from here on may call the run a failure.
        put_aside(&self.out, self.month, Some(&self.folder), keep_previous);
        if let Err(e) = sync_dir(&self.out) {
            tracing::warn!(event = "flush", error = %e);
        }
        Ok(target)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.published {
            // Best effort: the next run clears what is left.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Settles what a killed run left in `out`, or one that could not put the replaced month aside, also when nothing is to be
/// done there now. What cannot be settled is left to
/// the next run that writes, which says so.
pub(super) fn settle(out: &Path) {
    if out.is_dir()
        && let Err(e) = restore(out).and_then(|()| clear(out))
    {
        tracing::warn!(event = "settle", error = %e);
    }
}

/// Whether a killed run, or one under way, has left something in `out` that is no month.
pub(super) fn is_unsettled(out: &Path) -> bool {
    let left = |prefix| named(out, prefix).is_ok_and(|all| !all.is_empty());
    left(STAGING) || left(OLD)
}

/// Brings back a month that a killed run had moved aside without putting its successor in place.
pub(super) fn restore(out: &Path) -> Result<(), RunError> {
    for (path, month) in named(out, OLD)? {
        let home = out.join(month);
        if !home.exists() {
            fs::rename(&path, &home).map_err(RunError::io("rename", &path))?;
        }
    }
    Ok(())
}

/// Removes what killed runs left.
fn clear(out: &Path) -> Result<(), RunError> {
    let old = named(out, OLD)?;
    for (path, _) in old.into_iter().chain(named(out, STAGING)?) {
        remove_dir(&path)?;
    }
    Ok(())
}

/// Entries of `out` whose name begins with a prefix, and the rest of the name.
fn named(out: &Path, prefix: &str) -> Result<Vec<(PathBuf, String)>, RunError> {
    let entries = fs::read_dir(out).map_err(RunError::io("read", out))?;
    Ok(entries
        .flatten()
        .filter_map(|e| {
            let name = e.file_name().to_str()?.strip_prefix(prefix)?.to_owned();
            Some((e.path(), name))
        })
        .collect())
}

/// The month that was replaced, under whatever name it now bears, is kept or removed. It is no longer anybody's
/// result: what cannot be done is said and left to the next run.
pub(super) fn put_aside(out: &Path, month: Month, staged: Option<&Path>, keep: bool) {
    let put = || -> Result<(), RunError> {
        let aside = out.join(format!("{OLD}{month}"));
        let Some(old) = staged.into_iter().chain([&*aside]).find(|p| p.exists()) else {
            return Ok(());
        };
        if !keep {
            return remove_dir(old);
        }
        let previous = out.join(".previous");
        fs::create_dir_all(&previous).map_err(RunError::io("create", &previous))?;
        let kept = previous.join(month.to_string());
        remove_dir(&kept)?;
        fs::rename(old, &kept).map_err(RunError::io("rename", old))
    };
    if let Err(e) = put() {
        tracing::error!(event = "previous", error = %e);
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn exchange(staged: &Path, target: &Path) -> Result<(), RunError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, staged, CWD, target, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        // Network shares and old file systems cannot exchange.
        Err(_) => two_step(staged, target),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn exchange(staged: &Path, target: &Path) -> Result<(), RunError> {
    two_step(staged, target)
}

/// Moves `target` aside and `staged` into place.
fn two_step(staged: &Path, target: &Path) -> Result<(), RunError> {
    let name = target
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let aside = target.with_file_name(format!("{OLD}{name}"));
    remove_dir(&aside)?;
    fs::rename(target, &aside).map_err(RunError::io("rename", target))?;
    if let Err(e) = fs::rename(staged, target) {
        let _ = fs::rename(&aside, target);
        return Err(RunError::Io {
            what: "rename",
            path: staged.to_owned(),
            source: e,
        });
    }
    // The new month stands: the old one goes its way under the name it has.
    Ok(())
}

pub(super) fn remove_dir(dir: &Path) -> Result<(), RunError> {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(RunError::Io {
            what: "remove",
            path: dir.to_owned(),
            source: e,
        }),
        _ => Ok(()),
    }
}

/// Flushes every file and folder below `dir` to the disk. A disk takes many requests at once sooner than one by one.
pub(super) fn sync_tree(dir: &Path) -> Result<(), RunError> {
    let (mut files, mut folders) = (Vec::new(), vec![dir.to_owned()]);
    let mut next = 0;
    while let Some(dir) = folders.get(next).cloned() {
        next += 1;
        for entry in fs::read_dir(&dir).map_err(RunError::io("read", &dir))? {
            let path = entry.map_err(RunError::io("read", &dir))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    at_once(&files, |path| {
        let file = fs::OpenOptions::new().write(true).open(path);
        (file.and_then(|f| f.sync_all())).map_err(RunError::io("flush", path))
    })?;
    at_once(&folders, sync_dir)
}

/// Requests to the disk that are under way together: more than processors, since they wait and do not work.
const TOGETHER: usize = 8;

fn at_once(
    paths: &[PathBuf],
    each: impl Fn(&Path) -> Result<(), RunError> + Sync,
) -> Result<(), RunError> {
    let size = paths.len().div_ceil(TOGETHER).max(1);
    let each = &each;
    std::thread::scope(|s| {
        let parts = paths.chunks(size);
        let workers: Vec<_> = parts
            .map(|part| s.spawn(move || part.iter().try_for_each(|p| each(p))))
            .collect();
        // A worker that panicked has failed as well: its panic goes on here.
        (workers.into_iter())
            .try_for_each(|w| w.join().unwrap_or_else(|p| std::panic::resume_unwind(p)))
    })
}

/// Flushes a folder's list of names.
pub(super) fn sync_dir(dir: &Path) -> Result<(), RunError> {
    crate::workspace::sync_dir(dir).map_err(RunError::io("flush", dir))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month() -> Month {
        Month::new(2026, 1).unwrap()
    }

    #[test]
    fn a_month_appears_whole_and_its_predecessor_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        for content in ["old", "new"] {
            let s = Staging::open(dir.path(), month()).unwrap();
            fs::write(s.folder().join("kota.xlsx"), content).unwrap();
            s.publish(true).unwrap();
        }
        assert_eq!(
            fs::read_to_string(dir.path().join("2026-01/kota.xlsx")).unwrap(),
            "new"
        );
        assert_eq!(
            fs::read_to_string(dir.path().join(".previous/2026-01/kota.xlsx")).unwrap(),
            "old"
        );
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_run_given_up_leaves_the_old_month_alone() {
        let dir = tempfile::tempdir().unwrap();
        let s = Staging::open(dir.path(), month()).unwrap();
        fs::write(s.folder().join("kota.xlsx"), "old").unwrap();
        s.publish(false).unwrap();
        let s = Staging::open(dir.path(), month()).unwrap();
        fs::write(s.folder().join("kota.xlsx"), "half").unwrap();
        drop(s);
        assert_eq!(
            fs::read_to_string(dir.path().join("2026-01/kota.xlsx")).unwrap(),
            "old"
        );
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_write_what_is_handed_over() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let s = Staging::open(&out, month()).unwrap();
        let (file, sub) = (s.folder().join("data/kota.csv"), s.folder().join("grafik"));
        fs::write(&file, "x").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        fs::set_permissions(&sub, fs::Permissions::from_mode(0o777)).unwrap();
        let home = s.publish(true).unwrap();
        let mode = |p: PathBuf| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(home.join("data/kota.csv")), 0o644);
        for folder in [out, home.clone(), home.join("grafik"), home.join("data")] {
            assert_eq!(mode(folder), 0o755);
        }
    }

    #[test]
    fn a_run_killed_between_two_renames_is_mended_by_the_next() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join(".old-2026-01")).unwrap();
        fs::write(dir.path().join(".old-2026-01/kota.xlsx"), "old").unwrap();
        fs::create_dir_all(dir.path().join(".staging-2026-01")).unwrap();
        settle(dir.path());
        assert_eq!(
            fs::read_to_string(dir.path().join("2026-01/kota.xlsx")).unwrap(),
            "old"
        );
        assert!(!dir.path().join(".staging-2026-01").exists());
    }

    #[test]
    fn the_slow_way_without_exchange_ends_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (
            dir.path().join(".staging-2026-01"),
            dir.path().join("2026-01"),
        );
        for (d, t) in [(&a, "new"), (&b, "old")] {
            fs::create_dir_all(d).unwrap();
            fs::write(d.join("x"), t).unwrap();
        }
        two_step(&a, &b).unwrap();
        put_aside(dir.path(), month(), Some(&a), true);
        assert_eq!(fs::read_to_string(b.join("x")).unwrap(), "new");
        let kept = dir.path().join(".previous/2026-01/x");
        assert_eq!(fs::read_to_string(kept).unwrap(), "old");
    }
}
