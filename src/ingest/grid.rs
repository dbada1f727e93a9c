//! Any file as sheets of sparse rows, with limits on what it may expand to.

use super::{text_file, workbook};
use crate::domain::raw::RawCell;
use crate::workspace::Limits;
use std::io::Read;

/// A row with at least one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct GridRow {
    /// Zero-based row on the sheet.
    pub row: u32,
    /// Non-empty cells in column order.
    pub cells: Vec<(u16, RawCell)>,
}

/// A sheet as far as it holds anything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Its name; empty for text files.
    pub name: String,
    /// Rows in order.
    pub rows: Vec<GridRow>,
    /// Merged regions: first row, first column, last row, last column.
    pub merges: Vec<(u32, u16, u32, u16)>,
}

impl Sheet {
    /// Number of non-empty cells.
    pub fn cells(&self) -> u64 {
        self.rows.iter().map(|r| r.cells.len() as u64).sum()
    }
}

/// Why a file gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum GridError {
    /// The format is broken.
    #[error("{0}")]
    Broken(String),
    /// It is larger than the settings allow.
    #[error("larger than the limit of {0}")]
    TooLarge(&'static str),
    /// It wants a password.
    #[error("protected by a password")]
    Protected,
}

impl GridError {
    /// The rule it breaks.
    pub fn rule(&self) -> &'static str {
        match self {
            GridError::Broken(_) => "ingest.unreadable",
            GridError::TooLarge(_) => "ingest.too_large",
            GridError::Protected => "ingest.protected",
        }
    }
}

/// All sheets of a file; what the name says is only a hint, the content decides.
pub fn sheets(name: &str, content: Vec<u8>, limits: &Limits) -> Result<Vec<Sheet>, GridError> {
    const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
    let max = limits.expanded_mib.saturating_mul(1 << 20);
    if content.is_empty() {
        return Err(GridError::Broken("the file is empty".into()));
    }
    if content.starts_with(&[0x1F, 0x8B]) {
        let inner = inflate(flate2::read::MultiGzDecoder::new(&content[..]), max)?;
        return sheets(name.trim_end_matches(".gz"), inner, limits);
    }
    if content.starts_with(b"PK") {
        return zipped(content, limits, max);
    }
    if content.starts_with(OLE) {
        if workbook::is_encrypted(&content) {
            return Err(GridError::Protected);
        }
        return workbook::read(content, limits);
    }
    if content.contains(&0) && !text_file::looks_utf16(&content) {
        return Err(GridError::Broken("neither a workbook nor text".into()));
    }
    text_file::read(&content, limits)
}

/// A workbook is a zip; a zip of tables is not a workbook.
fn zipped(content: Vec<u8>, limits: &Limits, max: u64) -> Result<Vec<Sheet>, GridError> {
    let broken = |e: zip::result::ZipError| GridError::Broken(e.to_string());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&content)).map_err(broken)?;
    let names: Vec<String> = archive
        .file_names()
        .flatten()
        .map(|n| n.into_owned())
        .collect();
    let is_book = names
        .iter()
        .any(|n| n == "[Content_Types].xml" || n == "mimetype" || n == "content.xml");
    let mut expanded: u64 = 0;
    for i in 0..archive.len() {
        let entry = archive.by_index_raw(i).map_err(broken)?;
        expanded = expanded.saturating_add(entry.size());
        if expanded > max {
            return Err(GridError::TooLarge("expanded_mib"));
        }
    }
    if is_book {
        drop(archive);
        return workbook::read(content, limits);
    }
    let mut out = Vec::new();
    let mut names: Vec<String> = names.into_iter().filter(|n| !n.ends_with('/')).collect();
    names.sort();
    for n in names {
        let inner = inflate(archive.by_name(&n).map_err(broken)?, max)?;
        if inner.starts_with(b"PK") && n.to_ascii_lowercase().ends_with(".zip") {
            continue;
        }
        for mut s in sheets(&n, inner, limits)? {
            s.name = if s.name.is_empty() {
                n.clone()
            } else {
                format!("{n} {}", s.name)
            };
            out.push(s);
        }
    }
    Ok(out)
}

/// Expands at most `max` bytes, whatever the archive claims about itself.
fn inflate(reader: impl Read, max: u64) -> Result<Vec<u8>, GridError> {
    let mut out = Vec::new();
    let n = reader
        .take(max + 1)
        .read_to_end(&mut out)
        .map_err(|e| GridError::Broken(e.to_string()))?;
    if n as u64 > max {
        Err(GridError::TooLarge("expanded_mib"))
    } else {
        Ok(out)
    }
}
