//! One run at a time per workspace, and one per folder of results: two workspaces may share one. The lock is the operating system's: it goes with the process, so a killed
//! run locks nobody out. What it leaves is its name in the lock file, by which the next run knows of it.

use super::RunError;
use crate::locale::{self, Lang};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Held as long as the value lives.
#[derive(Debug)]
pub struct Lock {
    file: File,
    /// A run that held the lock before and did not come to its end: its process number and start.
    pub broken_off: Option<String>,
}

/// Name of the lock of a folder of results.
const OF_OUT: &str = ".kunci";

impl Lock {
    /// Takes the lock `state/lock`; with `wait` it waits, else another run is [`RunError::Locked`] at once.
    pub fn take(state: &Path, wait: bool, lang: Lang) -> Result<Lock, RunError> {
        Lock::of(state.join("lock"), wait, |holder| {
            locale::format(lang, "run.locked", &[("holder", holder)])
        })
    }

    /// Takes the lock of a folder of results: whoever holds it may settle what others left there, and publish.
    pub fn of_out(out: &Path, wait: bool, lang: Lang) -> Result<Lock, RunError> {
        Lock::of(out.join(OF_OUT), wait, |holder| {
            let folder = out.display().to_string();
            let args = [("holder", holder), ("folder", &folder)];
            locale::format(lang, "run.out_locked", &args)
        })
    }

    /// Takes the lock of a folder of results if nobody has it.
    pub fn of_out_if_free(out: &Path) -> Option<Lock> {
        Lock::of(out.join(OF_OUT), false, |_| String::new()).ok()
    }

    fn of(path: PathBuf, wait: bool, held_by: impl Fn(&str) -> String) -> Result<Lock, RunError> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(RunError::io("open", &path))?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if wait => {
                    std::thread::sleep(Duration::from_millis(200));
                }
                Err(TryLockError::WouldBlock) => {
                    let holder = name_in(&path).unwrap_or_else(|| "?".into());
                    return Err(RunError::Locked(held_by(&holder)));
                }
                Err(TryLockError::Error(source)) => {
                    return Err(RunError::Io {
                        what: "lock",
                        path,
                        source,
                    });
                }
            }
        }
        let mut before = String::new();
        // The name is for people: a lock without one locks just as well.
        let _ = file.read_to_string(&mut before);
        let now = chrono::Local::now().format("%Y-%m-%d %H:%M:%S %:z");
        let name = format!("{} ({now})", std::process::id());
        let _ = (file.set_len(0))
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(name.as_bytes()));
        let before = before.trim();
        Ok(Lock {
            file,
            broken_off: (!before.is_empty()).then(|| before.to_owned()),
        })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
    }
}

/// Held while decisions are read, added to and put back, so that of two people who decide at once neither's are lost.
/// Waits for the other.
pub fn of_decisions(state: &Path) -> Result<File, RunError> {
    let path = state.join("lock-decisions");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(RunError::io("open", &path))?;
    file.lock().map_err(RunError::io("lock", &path))?;
    Ok(file)
}

/// Who holds the lock, or held it and was killed; `None` when the last run came to its end.
pub fn holder(state: &Path) -> Option<String> {
    name_in(&state.join("lock"))
}

fn name_in(lock: &Path) -> Option<String> {
    let name = std::fs::read_to_string(lock).ok()?;
    Some(name.trim().to_owned()).filter(|n| !n.is_empty())
}

/// Whether a run holds the workspace now.
pub fn held(state: &Path) -> bool {
    let file = File::open(state.join("lock"));
    file.is_ok_and(|f| matches!(f.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_told_who_holds_the_workspace() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path(), false, Lang::En).unwrap();
        assert!(held(dir.path()) && first.broken_off.is_none());
        let e = Lock::take(dir.path(), false, Lang::En).unwrap_err();
        assert_eq!(e.exit_status(), 5);
        assert!(
            e.to_string().contains(&std::process::id().to_string()),
            "{e}"
        );
        drop(first);
        assert!(!held(dir.path()) && holder(dir.path()).is_none());
    }

    #[test]
    fn a_run_that_may_wait_begins_when_the_other_ends() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path(), false, Lang::Id).unwrap();
        std::thread::scope(|s| {
            let second = s.spawn(|| Lock::take(dir.path(), true, Lang::Id).unwrap());
            std::thread::sleep(Duration::from_millis(20));
            assert!(!second.is_finished(), "two runs at once");
            drop(first);
            assert!(second.join().unwrap().broken_off.is_none());
        });
    }

    #[test]
    fn two_workspaces_do_not_work_in_one_folder_of_results_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::of_out(dir.path(), false, Lang::En).unwrap();
        let e = Lock::of_out(dir.path(), false, Lang::En).unwrap_err();
        assert_eq!(e.exit_status(), 5);
        assert!(
            e.to_string().contains(&dir.path().display().to_string()),
            "{e}"
        );
        assert!(Lock::of_out_if_free(dir.path()).is_none());
        drop(first);
        assert!(Lock::of_out_if_free(dir.path()).is_some());
    }

    #[test]
    fn of_many_who_decide_at_once_nobody_s_decision_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("review.csv");
        std::thread::scope(|s| {
            for i in 0..16 {
                let (dir, file) = (dir.path(), &file);
                s.spawn(move || {
                    let _held = of_decisions(dir).unwrap();
                    let d = crate::link::Decision::new(&format!("a{i}"), "b", true);
                    crate::link::append_decisions(file, &[d]).unwrap();
                });
            }
        });
        assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 17);
    }

    #[test]
    fn a_run_that_was_killed_is_known_to_the_next_and_locks_nobody_out() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("lock"), "4711 (2026-02-05 06:30:00 +09:00)").unwrap();
        let next = Lock::take(dir.path(), false, Lang::Id).unwrap();
        assert!(
            next.broken_off
                .as_deref()
                .is_some_and(|b| b.starts_with("4711"))
        );
        drop(next);
        assert!(
            Lock::take(dir.path(), false, Lang::Id)
                .unwrap()
                .broken_off
                .is_none()
        );
    }
}
