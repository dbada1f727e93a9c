//! Who may look into the folders of a workspace and who may write there: `state/` and `umpan-balik/` are their owner's
//! alone, `out/` is written by its owner alone, and what decides a figure is not to be written by anybody.

use super::RunError;
use crate::locale::{self, Lang};
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// Makes `state/` if needed and checks that nobody else can look into it.
pub fn prepare(state: &Path, lang: Lang) -> Result<(), RunError> {
    if !state.exists() {
        create_with_mode(state, 0o700)?;
    }
    check_private(state, lang)
}

/// Makes a folder that nobody else can look into; one that is there is closed to others.
pub(super) fn create_private(dir: &Path) -> Result<(), RunError> {
    create_with_mode(dir, 0o700)?;
    close(dir, 0o077)
}

/// Makes a folder, where there is none, into which nobody else can write.
pub(super) fn create_unwritable(dir: &Path) -> Result<(), RunError> {
    create_with_mode(dir, 0o755)
}

#[cfg(unix)]
fn create_with_mode(dir: &Path, mode: u32) -> Result<(), RunError> {
    use std::os::unix::fs::DirBuilderExt;
    if dir.is_dir() {
        return Ok(());
    }
    // The umask takes away from the mode what the user wants away, and never adds to it.
    fs::DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(dir)
        .map_err(RunError::io("create", dir))
}

#[cfg(not(unix))]
fn create_with_mode(dir: &Path, _mode: u32) -> Result<(), RunError> {
    fs::create_dir_all(dir).map_err(RunError::io("create", dir))
}

/// Takes rights of others away from a file or folder.
#[cfg(unix)]
fn close(path: &Path, rights: u32) -> Result<(), RunError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)
        .map_err(RunError::io("read", path))?
        .permissions()
        .mode();
    if mode & rights == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode & !rights & 0o7777))
        .map_err(RunError::io("write", path))
}

#[cfg(not(unix))]
fn close(_path: &Path, _rights: u32) -> Result<(), RunError> {
    Ok(())
}

/// Takes rights away from everybody but the owner, for a folder and all that is in it: `0o022` to write, `0o077` all.
pub(super) fn close_to_others(dir: &Path, rights: u32) -> Result<(), RunError> {
    close(dir, rights)?;
    for entry in fs::read_dir(dir).map_err(RunError::io("read", dir))? {
        let path = entry.map_err(RunError::io("read", dir))?.path();
        if path.is_dir() {
            close_to_others(&path, rights)?;
        } else {
            close(&path, rights)?;
        }
    }
    Ok(())
}

/// Makes an empty file that nobody else can read; what was there is emptied and closed.
pub(super) fn make_private_file(path: &Path) -> Result<(), RunError> {
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(RunError::io("create", path))?;
    close(path, 0o077)
}

/// What decides or holds figures and can be written by everybody: whoever writes there decides what a month says. The
/// inbox may be open to those who deliver.
pub fn writable_by_all(ws: &Workspace, out: &Path) -> Vec<PathBuf> {
    let all = [
        ws.root().to_owned(),
        ws.settings_file(),
        ws.sources(),
        ws.decisions(),
        ws.templates(),
        ws.state(),
        ws.feedback(),
        out.to_owned(),
    ];
    all.into_iter().filter(|p| is_writable_by_all(p)).collect()
}

#[cfg(unix)]
fn is_writable_by_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o002 != 0)
}

#[cfg(not(unix))]
fn is_writable_by_all(_path: &Path) -> bool {
    false
}

/// Refuses a workspace that everybody can write into.
///
/// # Errors
/// The first folder or file of [`writable_by_all`], and how to close it.
pub fn refuse_writable_by_all(ws: &Workspace, out: &Path, lang: Lang) -> Result<(), RunError> {
    let Some(path) = writable_by_all(ws, out).into_iter().next() else {
        return Ok(());
    };
    let path = path.display().to_string();
    let args = [("path", path.as_str())];
    Err(RunError::Usage(locale::format(
        lang,
        "run.writable_by_all",
        &args,
    )))
}

/// Refuses a file with a secret that others can read.
///
/// # Errors
/// It can be read by others, or cannot be looked at.
pub fn refuse_readable_by_others(path: &Path, lang: Lang) -> Result<(), RunError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let meta = fs::metadata(path).map_err(RunError::io("read", path))?;
        // A pipe of the shell has no other readers.
        if meta.is_file() && meta.permissions().mode() & 0o077 != 0 {
            let path = path.display().to_string();
            let args = [("path", path.as_str())];
            return Err(RunError::Usage(locale::format(
                lang,
                "run.not_secret",
                &args,
            )));
        }
    }
    let _ = (path, lang);
    Ok(())
}

/// Whether a path lies in a folder, or is it, whatever links lead there. What is not there yet is where its nearest folder
/// is.
pub(super) fn lies_within(path: &Path, folder: &Path) -> bool {
    let real = |path: &Path| -> Option<PathBuf> {
        let path = std::path::absolute(path).ok()?;
        let mut there = path.ancestors();
        let (at, real) = there.find_map(|d| Some((d, d.canonicalize().ok()?)))?;
        let mut out = real;
        for part in path.strip_prefix(at).ok()?.components() {
            match part {
                std::path::Component::ParentDir => drop(out.pop()),
                part => out.push(part),
            }
        }
        Some(out)
    };
    (real(path).zip(real(folder))).is_some_and(|(path, folder)| path.starts_with(folder))
}

/// Refuses a folder for results inside what a workspace reads or keeps: a report among the deliveries would be read as one
/// next month, and what is handed over does not lie among private files.
///
/// # Errors
/// The folder it lies in.
pub fn refuse_misplaced(ws: &Workspace, out: &Path, lang: Lang) -> Result<(), RunError> {
    let own = [
        ws.inbox(),
        ws.state(),
        ws.sources(),
        ws.decisions(),
        ws.templates(),
        ws.feedback(),
    ];
    let within = (own.into_iter()).find(|d| lies_within(out, d));
    let Some(within) = within else {
        return Ok(());
    };
    let (out, within) = (out.display().to_string(), within.display().to_string());
    let args = [("path", out.as_str()), ("within", &within)];
    Err(RunError::Usage(locale::format(
        lang,
        "run.misplaced",
        &args,
    )))
}

#[cfg(unix)]
fn check_private(state: &Path, lang: Lang) -> Result<(), RunError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(state)
        .map_err(RunError::io("read", state))?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        let path = state.display().to_string();
        return Err(RunError::Usage(crate::locale::format(
            lang,
            "run.state_not_private",
            &[("path", &path)],
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_private(_state: &Path, _lang: Lang) -> Result<(), RunError> {
    Ok(())
}

/// Whether `state/` is there and nobody else can look into it.
#[cfg(unix)]
pub fn is_private(state: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(state).is_ok_and(|m| m.is_dir() && m.permissions().mode() & 0o077 == 0)
}

/// Whether `state/` is there.
#[cfg(not(unix))]
pub fn is_private(state: &Path) -> bool {
    state.is_dir()
}

/// Writes a state file of a folder that becomes part of `state/` with the month and is flushed before (see `commit`).
pub(super) fn write_pending(path: &Path, content: &[u8]) -> Result<(), RunError> {
    crate::workspace::write_state_draft(path, content).map_err(RunError::io("write", path))
}

/// The same for a table that people read and the program does not.
pub(super) fn write_pending_table(path: &Path, content: &[u8]) -> Result<(), RunError> {
    crate::workspace::write_draft(path, content).map_err(RunError::io("write", path))
}

/// Writes a state file whole or not at all, readable by its owner alone.
pub fn write_state(path: &Path, content: &[u8]) -> Result<(), RunError> {
    crate::workspace::write_state(path, content).map_err(RunError::io("write", path))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn state_is_made_private_and_refused_when_it_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state");
        prepare(&state, Lang::Id).unwrap();
        assert_eq!(
            fs::metadata(&state).unwrap().permissions().mode() & 0o777,
            0o700
        );
        fs::set_permissions(&state, fs::Permissions::from_mode(0o755)).unwrap();
        let e = prepare(&state, Lang::En).unwrap_err();
        assert_eq!(e.exit_status(), 2);
        assert!(e.to_string().contains("chmod 700"), "{e}");
    }

    #[test]
    fn a_state_file_is_readable_by_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (f, g) = (dir.path().join("a/b.json"), dir.path().join("c/d.json"));
        write_state(&f, b"{}").unwrap();
        write_pending(&g, b"{\"long\": 1}").unwrap();
        write_pending(&g, b"{}").unwrap();
        for f in [f, g] {
            let content = crate::workspace::read_state(&f).unwrap();
            assert_eq!(content.as_deref(), Some(&b"{}"[..]));
            let mode = fs::metadata(&f).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_everybody_can_write_is_refused_and_results_among_what_is_read_are() {
        let dir = tempfile::tempdir().unwrap();
        let ws = Workspace::at(dir.path());
        for d in [ws.inbox(), ws.sources(), ws.decisions()] {
            fs::create_dir_all(d).unwrap();
        }
        let mode = |p: &Path, m| fs::set_permissions(p, fs::Permissions::from_mode(m)).unwrap();
        refuse_writable_by_all(&ws, &ws.out(), Lang::Id).unwrap();
        // Those who deliver may write into the inbox.
        mode(&ws.inbox(), 0o777);
        refuse_writable_by_all(&ws, &ws.out(), Lang::Id).unwrap();
        mode(&ws.decisions(), 0o757);
        let e = refuse_writable_by_all(&ws, &ws.out(), Lang::Id).unwrap_err();
        assert!(
            e.exit_status() == 2 && e.to_string().contains("chmod"),
            "{e}"
        );
        assert!(e.to_string().contains("decisions"), "{e}");

        for out in [
            "inbox",
            "inbox/hasil",
            "state/out",
            "./decisions/../inbox/x/y",
        ] {
            let e = refuse_misplaced(&ws, &dir.path().join(out), Lang::En).unwrap_err();
            assert_eq!(e.exit_status(), 2, "{out}");
        }
        std::os::unix::fs::symlink(ws.inbox(), dir.path().join("tautan")).unwrap();
        assert!(refuse_misplaced(&ws, &dir.path().join("tautan/x"), Lang::En).is_err());
        for out in ["out", "inbox-lain", "hasil/inbox"] {
            refuse_misplaced(&ws, &dir.path().join(out), Lang::En).unwrap();
        }
    }
}
