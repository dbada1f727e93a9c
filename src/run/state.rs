//! The private folder `state/`: made with mode 0700, refused when others can read it.

use super::RunError;
use crate::locale::Lang;
use std::fs;
use std::path::Path;

/// Makes `state/` if needed and checks that nobody else can look into it.
pub fn prepare(state: &Path, lang: Lang) -> Result<(), RunError> {
    if !state.exists() {
        create_private(state)?;
    }
    check_private(state, lang)
}

#[cfg(unix)]
fn create_private(state: &Path) -> Result<(), RunError> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(state)
        .map_err(RunError::io("create", state))
}

#[cfg(not(unix))]
fn create_private(state: &Path) -> Result<(), RunError> {
    fs::create_dir_all(state).map_err(RunError::io("create", state))
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

/// Writes a file of a folder that becomes part of `state/` with the month and is flushed before (see `commit`).
pub fn write_pending(path: &Path, content: &[u8]) -> Result<(), RunError> {
    crate::workspace::write_draft(path, content).map_err(RunError::io("write", path))
}

/// Writes a file of `state/` whole or not at all, readable by its owner alone.
pub fn write_private(path: &Path, content: &[u8]) -> Result<(), RunError> {
    crate::workspace::write_private(path, content).map_err(RunError::io("write", path))
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
        write_private(&f, b"{}").unwrap();
        write_pending(&g, b"{\"long\": 1}").unwrap();
        write_pending(&g, b"{}").unwrap();
        for f in [f, g] {
            assert_eq!(fs::read(&f).unwrap(), b"{}");
            let mode = fs::metadata(&f).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
