//! What lies in the inbox: files to read, in a fixed order, and what is there and is no table.

use super::revised;
use crate::domain::place::SourceFile;
use crate::domain::{FileId, Issue, Severity};
use std::path::{Path, PathBuf};

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxFile {
    /// Where it is.
    pub path: PathBuf,
    /// Path relative to the inbox, with `/`.
    pub rel: String,
}

/// Something in the inbox that is not read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Path relative to the inbox.
    pub rel: String,
    /// Rule id.
    pub rule: &'static str,
}

impl Skipped {
    /// Its place in the list of files and the issue about it.
    pub fn into_issue(self, id: FileId, supplier: String) -> (SourceFile, Issue) {
        let severity = match self.rule {
            "ingest.outside" | "ingest.special" => Severity::Error,
            "ingest.open_elsewhere" | "ingest.document" | "ingest.half_copied" => Severity::Warning,
            _ => Severity::Note,
        };
        let source = SourceFile {
            supplier,
            path: self.rel,
            sheets: vec![],
            sha256: String::new(),
            bytes: 0,
        };
        let mut issue = Issue::about_file(severity, self.rule, id);
        if let Some(form) = form_of(&source.path) {
            issue = issue.with("form", form);
        }
        (source, issue)
    }
}

/// What a new workspace's own inbox holds to say what belongs there: nobody's delivery.
pub const PLACEHOLDER: &str = "LETAKKAN-BERKAS-DI-SINI.md";

/// What a file is by its name that an office may send instead of a list: a paper, or a picture of one.
fn form_of(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "pdf" => "PDF",
        "doc" | "docx" | "odt" | "rtf" => "Word",
        "ppt" | "pptx" | "odp" => "PowerPoint",
        "jpg" | "jpeg" | "png" | "tif" | "tiff" | "bmp" | "gif" | "heic" | "webp" => "foto/scan",
        "rar" | "7z" => "RAR/7z",
        _ => return None,
    })
}

/// Extensions that browsers and file transfers give a file until it has arrived whole.
const UNFINISHED: &[&str] = &[
    "part",
    "partial",
    "filepart",
    "crdownload",
    "opdownload",
    "download",
    "tmp",
    "temp",
    "!ut",
    "aria2",
];

/// The inbox itself could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the folder {}: {source}", path.display())]
pub struct IngestError {
    /// The folder.
    pub path: PathBuf,
    /// Why.
    pub source: std::io::Error,
}

/// Extensions that are read.
const TABLES: &[&str] = &[
    "xlsx", "xlsm", "xltx", "xlsb", "xls", "xlt", "ods", "csv", "tsv", "txt", "xml", "htm", "html",
    "mht", "mhtml", "gz", "zip",
];

/// What a table begins with, whatever its file is called.
const BEGINNINGS: [&[u8]; 2] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"];
/// What stands near the beginning of a table written in a markup.
const MARKUP: [&[u8]; 3] = [
    b"urn:schemas-microsoft-com:office:spreadsheet",
    b"<table",
    b"<TABLE",
];

/// Whether a file without a known extension holds a workbook or a table of a web page.
fn looks_like_a_table(path: &Path) -> bool {
    use std::io::Read;
    let mut first = Vec::new();
    let read = std::fs::File::open(path).map(|f| f.take(4096).read_to_end(&mut first));
    let within = |what: &&[u8]| first.windows(what.len()).any(|w| w == *what);
    matches!(read, Ok(Ok(_)))
        && (BEGINNINGS.iter().any(|b| first.starts_with(b)) || MARKUP.iter().any(within))
}

/// Lists the inbox with all sub-folders, sorted by relative path.
pub fn list_inbox(dir: &Path) -> Result<(Vec<InboxFile>, Vec<Skipped>), IngestError> {
    let mut files = Vec::new();
    let mut skipped = Vec::new();
    let root = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    walk(dir, &root, "", 0, &mut files, &mut skipped)?;
    files.sort_by(|a: &InboxFile, b| a.rel.cmp(&b.rel));
    revised::in_order_of_versions(&mut files, |f| &f.rel);
    skipped.sort_by(|a: &Skipped, b| a.rel.cmp(&b.rel));
    Ok((files, skipped))
}

fn walk(
    dir: &Path,
    root: &Path,
    prefix: &str,
    depth: u32,
    files: &mut Vec<InboxFile>,
    skipped: &mut Vec<Skipped>,
) -> Result<(), IngestError> {
    let fail = |source| IngestError {
        path: dir.to_owned(),
        source,
    };
    for entry in std::fs::read_dir(dir).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let rel = format!("{prefix}{name}");
        let path = entry.path();
        // The lock file of an office program says that somebody has the file open and may not have saved it.
        if name.starts_with("~$") || name.starts_with(".~lock.") {
            skipped.push(Skipped {
                rel,
                rule: "ingest.open_elsewhere",
            });
            continue;
        }
        // Hidden files are nobody's data, and neither is what the program itself has put there.
        if name.starts_with('.') || depth == 0 && name == PLACEHOLDER {
            continue;
        }
        let inside = path.canonicalize().is_ok_and(|p| p.starts_with(root));
        // A pipe, a device or a socket: opening it could wait for ever.
        let special = std::fs::metadata(&path).is_ok_and(|m| !m.is_file() && !m.is_dir());
        if inside && special {
            skipped.push(Skipped {
                rel,
                rule: "ingest.special",
            });
        } else if !inside {
            skipped.push(Skipped {
                rel,
                rule: "ingest.outside",
            });
        } else if path.is_dir() {
            let like_a_file = name
                .rsplit_once('.')
                .is_some_and(|(_, e)| TABLES.contains(&e.to_ascii_lowercase().as_str()));
            if like_a_file || depth >= 16 {
                skipped.push(Skipped {
                    rel: rel.clone(),
                    rule: "ingest.folder",
                });
            }
            if depth < 16 {
                walk(&path, root, &format!("{rel}/"), depth + 1, files, skipped)?;
            }
        } else {
            let extension = name
                .rsplit_once('.')
                .map(|(_, e)| e.to_ascii_lowercase())
                .unwrap_or_default();
            let unknown = || !UNFINISHED.contains(&extension.as_str()) && form_of(&name).is_none();
            let letter = || extension == "docx" && super::grid::is_letter_with_table(&path);
            let listed = TABLES.contains(&extension.as_str());
            if listed || letter() || unknown() && looks_like_a_table(&path) {
                files.push(InboxFile { path, rel });
            } else {
                let rule = match extension.as_str() {
                    e if UNFINISHED.contains(&e) => "ingest.half_copied",
                    _ if form_of(&name).is_some() => "ingest.document",
                    _ => "ingest.not_a_table",
                };
                skipped.push(Skipped { rel, rule });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_or_a_table_of_a_web_page_is_read_whatever_its_file_is_called() {
        let dir = tempfile::tempdir().unwrap();
        let sheet = b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>";
        for (name, content) in [
            ("a.xml", sheet.as_slice()),
            ("b.htm", b"<html><table></table></html>"),
            ("c.mht", b"MIME-Version: 1.0"),
            ("laporan januari 2026", b"PK\x03\x04..."),
            ("klien.dat", b"<html><body><table border=1>"),
            ("catatan.md", b"# Catatan"),
            ("foto.jpg", b"PK\x03\x04"),
        ] {
            std::fs::write(dir.path().join(name), content).unwrap();
        }
        let (files, skipped) = list_inbox(dir.path()).unwrap();
        let files: Vec<&str> = files.iter().map(|f| f.rel.as_str()).collect();
        assert_eq!(
            files,
            [
                "a.xml",
                "b.htm",
                "c.mht",
                "klien.dat",
                "laporan januari 2026"
            ]
        );
        let skipped: Vec<&str> = skipped.iter().map(|s| s.rel.as_str()).collect();
        assert_eq!(skipped, ["catatan.md", "foto.jpg"]);
    }

    #[test]
    fn files_come_in_order_and_what_is_no_table_is_named() {
        let dir = tempfile::tempdir().unwrap();
        for f in ["b.csv", "a.xlsx", "~$a.xlsx", "surat.pdf", "c.xlsx.part"] {
            std::fs::write(dir.path().join(f), "x").unwrap();
        }
        std::fs::create_dir(dir.path().join("x.xlsx")).unwrap();
        std::fs::write(dir.path().join("x.xlsx/c.csv"), "x").unwrap();
        let (files, skipped) = list_inbox(dir.path()).unwrap();
        assert_eq!(
            files.iter().map(|f| f.rel.as_str()).collect::<Vec<_>>(),
            ["a.xlsx", "b.csv", "x.xlsx/c.csv"]
        );
        let skipped: Vec<_> = skipped.iter().map(|s| (s.rel.as_str(), s.rule)).collect();
        assert_eq!(
            skipped,
            [
                ("c.xlsx.part", "ingest.half_copied"),
                ("surat.pdf", "ingest.document"),
                ("x.xlsx", "ingest.folder"),
                ("~$a.xlsx", "ingest.open_elsewhere"),
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_named_and_never_opened() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("soket.csv");
        let _held = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let (files, skipped) = list_inbox(dir.path()).unwrap();
        assert!(files.is_empty());
        assert_eq!(skipped[0].rule, "ingest.special");
        assert!(crate::ingest::Fingerprint::of(&socket).is_err());
        let limits = crate::workspace::Limits::default();
        let r = crate::ingest::read_alone(&socket, "soket.csv", &Default::default(), &limits);
        assert_eq!(r.issues[0].args, [("fault", "special".to_owned())]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_inbox_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let secret = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        std::os::unix::fs::symlink(secret.path(), dir.path().join("x.csv")).unwrap();
        let (files, skipped) = list_inbox(dir.path()).unwrap();
        assert!(files.is_empty());
        assert_eq!(skipped[0].rule, "ingest.outside");
    }
}
