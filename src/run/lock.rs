//! One run per workspace at a time. The lock is the operating system's: it goes with the process, so a killed
//! run leaves no stale lock behind.

use super::RunError;
use crate::locale::{self, Lang};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

/// Held as long as the value lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock `state/lock`; with `wait` it waits, else another run is [`RunError::Locked`] at once.
    pub fn take(state: &Path, wait: bool, lang: Lang) -> Result<Lock, RunError> {
        let path = state.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(RunError::io("open", &path))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::WouldBlock) if wait => {
                    std::thread::sleep(Duration::from_millis(200));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(RunError::Locked(
                        locale::text(lang, "run.locked").to_owned(),
                    ));
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
    }
}
