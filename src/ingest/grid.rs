//! Any file as sheets of sparse rows, with limits on what it may expand to.

use super::bytes::Bytes;
use super::{markup, text_file, workbook};
use crate::domain::raw::RawCell;
use crate::workspace::Limits;
use std::io::Read;
use std::sync::Arc;

/// A row with at least one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct GridRow {
    /// Zero-based row on the sheet.
    pub row: u32,
    /// Non-empty cells in column order.
    pub cells: Vec<(u16, RawCell)>,
    /// The office hid the row.
    pub hidden: bool,
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

    /// Adds a cell; cells come row by row.
    pub fn push(&mut self, row: u32, col: u32, value: RawCell) {
        if value == RawCell::Empty || col >= 16_384 {
            return;
        }
        match self.rows.last_mut() {
            Some(r) if r.row == row => r.cells.push((col as u16, value)),
            _ => {
                let wide = self.rows.last().map_or(4, |r| r.cells.len());
                let mut cells = Vec::with_capacity(wide.min(64));
                cells.push((col as u16, value));
                self.rows.push(GridRow {
                    row,
                    cells,
                    hidden: false,
                });
            }
        }
    }
}

/// What one file may still cost.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Filled cells; a row costs as much as three.
    cells: u64,
    /// Bytes of expanded archive members.
    pub bytes: u64,
}

impl Budget {
    /// The settings' limits.
    pub fn of(limits: &Limits) -> Budget {
        Budget {
            cells: limits.cells,
            bytes: limits.expanded_mib.saturating_mul(1 << 20),
        }
    }

    /// Takes a row of so many cells.
    pub fn row(&mut self, cells: usize) -> Result<(), GridError> {
        self.take(cells as u64 + 3)
    }

    /// Takes cells.
    pub fn take(&mut self, cells: u64) -> Result<(), GridError> {
        spend(&mut self.cells, cells, "limits.cells")
    }

    /// Takes expanded bytes.
    pub fn expand(&mut self, bytes: u64) -> Result<(), GridError> {
        spend(&mut self.bytes, bytes, EXPANDED)
    }
}

/// The setting that limits what archives expand to.
pub const EXPANDED: &str = "limits.expanded_mib";

fn spend(left: &mut u64, n: u64, limit: &'static str) -> Result<(), GridError> {
    *left = left.checked_sub(n).ok_or(GridError::TooLarge(limit))?;
    Ok(())
}

/// Why a file gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum GridError {
    /// The format is broken.
    #[error("{0}")]
    Broken(String),
    /// It is larger than the settings allow.
    #[error("{0}")]
    TooLarge(&'static str),
    /// It wants a password and the settings give none.
    #[error("password")]
    Protected,
    /// The password of the settings does not open it.
    #[error("limits.workbook_password")]
    WrongPassword,
}

impl GridError {
    /// The rule it breaks.
    pub fn rule(&self) -> &'static str {
        match self {
            GridError::Broken(_) => "ingest.unreadable",
            GridError::TooLarge(_) => "ingest.too_large",
            GridError::Protected => "ingest.protected",
            GridError::WrongPassword => "ingest.wrong_password",
        }
    }
}

impl From<std::io::Error> for GridError {
    fn from(e: std::io::Error) -> Self {
        GridError::Broken(e.to_string())
    }
}

impl From<zip::result::ZipError> for GridError {
    fn from(e: zip::result::ZipError) -> Self {
        GridError::Broken(e.to_string())
    }
}

/// Whether a file begins as an archive does: a list may begin with `PK` (Pembimbing Kemasyarakatan) or `PKBM` as well.
pub fn is_zip(head: &[u8]) -> bool {
    matches!(
        head,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..]
    )
}

/// All sheets of a file; what the name says is only a hint, the content decides.
pub fn sheets(bytes: &Bytes, limits: &Limits) -> Result<Vec<Sheet>, GridError> {
    inner(bytes, &mut Budget::of(limits), &limits.workbook_password, 0)
}

fn inner(
    bytes: &Bytes,
    budget: &mut Budget,
    password: &str,
    depth: u32,
) -> Result<Vec<Sheet>, GridError> {
    const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
    let head = bytes.head()?;
    if head.is_empty() {
        return Err(GridError::Broken("the file is empty".into()));
    }
    if depth > 3 {
        return Err(GridError::Broken("archives within archives".into()));
    }
    if head.starts_with(&[0x1F, 0x8B]) {
        let mut start = Vec::new();
        flate2::read::MultiGzDecoder::new(&head[..])
            .take(512)
            .read_to_end(&mut start)
            .or_else(|e| if start.is_empty() { Err(e) } else { Ok(0) })?;
        let stream = flate2::read::MultiGzDecoder::new(bytes.open()?);
        if text_file::looks_utf16(&start) || (text_file::looks_text(&start) && !is_zip(&start)) {
            // A text is read as it expands; one byte beyond the limit ends it.
            let limit = budget.bytes;
            let mut counted = Counted {
                inner: stream,
                left: limit,
            };
            let read = text_file::read(&mut counted, budget);
            return match read {
                Err(_) if counted.left == 0 => Err(GridError::TooLarge(EXPANDED)),
                other => other,
            };
        }
        let whole = inflate(stream, budget)?;
        return inner(&Bytes::Memory(Arc::new(whole)), budget, password, depth + 1);
    }
    if is_zip(&head) {
        return zipped(bytes, budget, password, depth);
    }
    if head.starts_with(OLE) {
        return match workbook::read_ole(bytes, budget, password)? {
            workbook::Ole::Sheets(sheets) => Ok(sheets),
            workbook::Ole::Opened(package) => inner(
                &Bytes::Memory(Arc::new(package)),
                budget,
                password,
                depth + 1,
            ),
        };
    }
    if !text_file::looks_utf16(&head) && !text_file::looks_text(&head) {
        return Err(GridError::Broken("neither a workbook nor text".into()));
    }
    if markup::looks_marked_up(&head) {
        let mut page = Vec::new();
        bytes
            .open()?
            .take(markup::MOST + 1)
            .read_to_end(&mut page)?;
        if page.len() as u64 > markup::MOST {
            return Err(GridError::TooLarge("256 MiB"));
        }
        return markup::read(&text_file::decoded(&page), budget);
    }
    text_file::read(bytes.open()?, budget)
}

/// A workbook is a zip; a zip of tables is not a workbook.
fn zipped(
    bytes: &Bytes,
    budget: &mut Budget,
    password: &str,
    depth: u32,
) -> Result<Vec<Sheet>, GridError> {
    let mut archive = zip::ZipArchive::new(bytes.open()?)?;
    let mut names: Vec<String> = archive
        .file_names()
        .flatten()
        .map(|n| n.into_owned())
        .collect();
    let has = |n: &str| names.iter().any(|m| m.eq_ignore_ascii_case(n));
    if has("[Content_Types].xml") || has("mimetype") || has("content.xml") {
        drop(archive);
        return workbook::read_zip(bytes, budget);
    }
    let mut out = Vec::new();
    names.retain(|n| !n.ends_with('/') && !n.starts_with("__MACOSX/"));
    names.sort();
    for n in names {
        let member = inflate(archive.by_name(&n)?, budget)?;
        let member = Bytes::Memory(Arc::new(member));
        for mut s in inner(&member, budget, password, depth + 1)? {
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

/// A stream that fails when more comes out of it than allowed.
pub struct Counted<R> {
    /// The stream.
    pub inner: R,
    /// Bytes that may still come; 0 when more came than allowed.
    pub left: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        match self.left.checked_sub(n as u64) {
            Some(left) => {
                self.left = left;
                Ok(n)
            }
            None => {
                self.left = 0;
                Err(std::io::Error::other(EXPANDED))
            }
        }
    }
}

/// Expands at most what the budget allows, whatever the archive claims about itself.
fn inflate(reader: impl Read, budget: &mut Budget) -> Result<Vec<u8>, GridError> {
    // Members of archives are held in memory, so they may use a quarter of what a streamed file may.
    let most = budget.bytes / 4;
    let mut out = Vec::new();
    let n = reader.take(most + 1).read_to_end(&mut out)?;
    if n as u64 > most {
        return Err(GridError::TooLarge(EXPANDED));
    }
    budget.expand(n as u64)?;
    Ok(out)
}
