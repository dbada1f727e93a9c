//! Files that are there whole or not at all, also after the power went.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Puts a file in place whole or not at all, readable by its owner alone: written beside it, flushed, renamed.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    write_private_with(path, |out| out.write_all(content))
}

/// The same for content that is written piece by piece.
pub fn write_private_with(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    // A temporary file is made with mode 0600.
    let file = tempfile::NamedTempFile::new_in(dir)?;
    let mut out = io::BufWriter::new(file);
    content(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    // Removed when it goes out of scope before it bears its name.
    let temporary = file.into_temp_path();
    fs::rename(&temporary, path)?;
    let _ = temporary.keep();
    sync_dir(dir)
}

/// Writes a file readable by its owner alone into a folder that is flushed as a whole before anybody counts on it.
pub fn write_draft(path: &Path, content: &[u8]) -> io::Result<()> {
    write_draft_with(path, |out| out.write_all(content))
}

/// The same for content that is written piece by piece.
pub fn write_draft_with(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = io::BufWriter::new(options.open(path)?);
    content(&mut out)?;
    out.flush()
}

/// Files of a folder with an extension, in the order of their names; a folder that is not there has none.
///
/// # Errors
/// A folder that is there and cannot be listed: it is not an empty one.
pub fn files_with_extension(dir: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut paths: Vec<PathBuf> = entries
        .map(|e| e.map(|e| e.path()))
        .collect::<io::Result<_>>()?;
    paths.retain(|p| p.extension().is_some_and(|e| e == extension));
    paths.sort();
    Ok(paths)
}

/// Flushes a folder's list of names. Only Unix can; some network file systems there cannot either.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, Unsupported};
    if !cfg!(unix) {
        return Ok(());
    }
    match fs::File::open(dir).and_then(|f| f.sync_all()) {
        Err(e) if !matches!(e.kind(), InvalidInput | Unsupported) => Err(e),
        _ => Ok(()),
    }
}
