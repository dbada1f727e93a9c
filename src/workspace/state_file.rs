//! A state file: a private file that the program reads back, with its format version before the content and the SHA-256
//! of the content after it. A file that was cut, changed, or written by a newer version is refused, never guessed at.

use super::files::{write_draft_with, write_private_with};
use crate::locale::{self, Lang};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// First word of every state file.
const MARK: &str = "reintegrasi-state";
/// Version of the state files this program writes; it reads this one, and the files without a version before it.
pub const STATE_VERSION: u32 = 1;
/// What stands before the hash at the end.
const END: &str = "\nreintegrasi-state-sha256 ";
const HASH: usize = 64;

/// A state file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The system could not read or write it.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A newer version of the program wrote it.
    #[error("{path}: state version {version}")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version it bears.
        version: String,
    },
    /// It was cut off or changed after it was written.
    #[error("{path}: cut off or changed")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// It holds what this version does not know.
    #[error("{path}: {reason}")]
    Unknown {
        /// The file.
        path: PathBuf,
        /// Line and what is not known, free of personal data.
        reason: String,
    },
}

impl StateError {
    /// An error of the system with its file.
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> StateError + '_ {
        move |source| StateError::Io {
            path: path.to_owned(),
            source,
        }
    }
    /// A content this version does not know.
    pub fn unknown<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> StateError + '_ {
        move |e| StateError::Unknown {
            path: path.to_owned(),
            reason: e.to_string(),
        }
    }
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            StateError::Io { path, .. }
            | StateError::Newer { path, .. }
            | StateError::Damaged { path }
            | StateError::Unknown { path, .. } => path,
        }
    }
    /// What is wrong with which file, and what to do.
    pub fn message(&self, lang: Lang) -> String {
        let path = self.path().display().to_string();
        let (key, reason) = match self {
            StateError::Io { source, .. } => ("unread", source.to_string()),
            StateError::Newer { version, .. } => ("newer", version.clone()),
            StateError::Damaged { .. } => ("damaged", String::new()),
            StateError::Unknown { reason, .. } => ("unknown", reason.clone()),
        };
        let args = [("path", path.as_str()), ("reason", &reason)];
        locale::format(lang, &format!("run.state_file.{key}"), &args)
    }
}

/// The content of a state file; `None` when there is none. A file of a version before [`STATE_VERSION`] is its own
/// content, and whoever reads it must refuse what he cannot read.
///
/// # Errors
/// Anything but its absence: it cannot be read, is not whole, or is of a newer version.
pub fn read_state(path: &Path) -> Result<Option<Vec<u8>>, StateError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(StateError::io(path)(e)),
    };
    content(path, bytes).map(Some)
}

/// Takes version and hash off; see [`read_state`].
fn content(path: &Path, mut bytes: Vec<u8>) -> Result<Vec<u8>, StateError> {
    if !bytes.starts_with(MARK.as_bytes()) {
        return Ok(bytes);
    }
    let damaged = || StateError::Damaged {
        path: path.to_owned(),
    };
    let head = bytes.iter().position(|b| *b == b'\n').ok_or_else(damaged)? + 1;
    let version = String::from_utf8_lossy(&bytes[MARK.len()..head]);
    let version = version.trim().to_owned();
    match version.parse::<u32>() {
        Ok(STATE_VERSION) => {}
        Ok(v) if v > STATE_VERSION => {
            return Err(StateError::Newer {
                path: path.to_owned(),
                version,
            });
        }
        _ => return Err(damaged()),
    }
    let tail = END.len() + HASH + 1;
    let end = (bytes.len().checked_sub(tail))
        .filter(|e| *e >= head)
        .ok_or_else(damaged)?;
    let rest = bytes[end..]
        .strip_prefix(END.as_bytes())
        .and_then(|r| r.strip_suffix(b"\n"))
        .ok_or_else(damaged)?;
    if rest != hex(&Sha256::digest(&bytes[head..end])).as_bytes() {
        return Err(damaged());
    }
    bytes.truncate(end);
    bytes.drain(..head);
    Ok(bytes)
}

/// Puts a state file in place whole or not at all, readable by its owner alone.
pub fn write_state(path: &Path, content: &[u8]) -> io::Result<()> {
    write_state_with(path, |out| out.write_all(content))
}

/// The same for content that is written piece by piece.
pub fn write_state_with(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    write_private_with(path, |out| framed(out, content))
}

/// Writes a state file into a folder that is flushed as a whole before anybody counts on it.
pub fn write_state_draft(path: &Path, content: &[u8]) -> io::Result<()> {
    write_draft_with(path, |out| framed(out, |out| out.write_all(content)))
}

fn framed(
    out: &mut dyn Write,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    writeln!(out, "{MARK} {STATE_VERSION}")?;
    let mut hashed = Hashed {
        out,
        hash: Sha256::new(),
    };
    content(&mut hashed)?;
    let hash = hex(&hashed.hash.finalize());
    writeln!(out, "{END}{hash}")
}

/// A writer that hashes what passes.
struct Hashed<'a> {
    out: &'a mut dyn Write,
    hash: Sha256,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/persons.csv");
        write_state(&path, content).unwrap();
        (dir, path)
    }

    #[test]
    fn only_a_file_that_is_not_there_is_none() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(read_state(&dir.path().join("x")), Ok(None)));
        // A folder cannot be read: that is no absence.
        let e = read_state(dir.path()).unwrap_err();
        assert!(matches!(e, StateError::Io { .. }), "{e}");
    }

    #[test]
    fn a_file_without_a_version_is_its_own_content() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("old");
        fs::write(&path, "[1]").unwrap();
        assert_eq!(read_state(&path).unwrap().as_deref(), Some(&b"[1]"[..]));
    }

    #[test]
    fn a_newer_version_is_refused_by_name_in_both_languages() {
        let (_dir, path) = written(b"[]");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(
            &path,
            text.replacen("reintegrasi-state 1", "reintegrasi-state 2", 1),
        )
        .unwrap();
        let e = read_state(&path).unwrap_err();
        assert!(
            matches!(&e, StateError::Newer { version, .. } if version == "2"),
            "{e}"
        );
        for lang in [Lang::Id, Lang::En] {
            let said = e.message(lang);
            assert!(
                said.contains("persons.csv") && !said.contains("run.state_file"),
                "{said}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_a_cut_or_a_changed_byte_is_refused(
            content in proptest::collection::vec(any::<u8>(), 0..200), at in any::<proptest::sample::Index>(), by in 1..=255u8,
        ) {
            let (_dir, path) = written(&content);
            prop_assert_eq!(read_state(&path).unwrap(), Some(content));
            let whole = fs::read(&path).unwrap();
            let i = at.index(whole.len());
            // What is cut within its first word is taken for a file of the version before, and its reader refuses it.
            fs::write(&path, &whole[..i]).unwrap();
            if i >= MARK.len() {
                prop_assert!(read_state(&path).is_err(), "cut at {}", i);
            }
            let mut changed = whole;
            changed[i] ^= by;
            fs::write(&path, &changed).unwrap();
            if i >= MARK.len() {
                prop_assert!(read_state(&path).is_err(), "changed at {}", i);
            }
        }
    }
}
