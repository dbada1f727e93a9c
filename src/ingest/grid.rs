//! Any file as sheets of sparse rows, with limits on what it may expand to.

use super::bytes::Bytes;
use super::{letter, markup, mhtml, text_file, workbook};
use crate::domain::raw::RawCell;
use crate::domain::{FileId, Issue, Severity, interrupt};
use crate::locale::{self, Lang};
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
    /// The office struck out all of its words.
    pub struck: bool,
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
    /// What was found wrong while its cells were read; file and sheet are to be filled in.
    pub issues: Vec<Issue>,
    /// The office hid the whole sheet.
    pub hidden: bool,
    /// Day on which the file was last saved, as it says of itself.
    pub saved: Option<chrono::NaiveDate>,
}

impl Sheet {
    /// Number of non-empty cells.
    pub fn cells(&self) -> u64 {
        self.rows.iter().map(|r| r.cells.len() as u64).sum()
    }

    /// A sheet of these texts, row by row from the first cell on; an empty one is an empty cell.
    #[cfg(test)]
    pub fn of_texts(rows: &[&[&str]]) -> Sheet {
        let mut s = Sheet::default();
        for (r, cells) in rows.iter().enumerate() {
            for (c, t) in cells.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
                s.push(r as u32, c as u32, RawCell::Text((*t).into()));
            }
        }
        s
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
                    struck: false,
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

    /// Takes a text of so many bytes: what is beyond a cell's own room counts as cells.
    pub fn text(&mut self, bytes: usize) -> Result<(), GridError> {
        const ROOM: usize = 24;
        match bytes {
            0..=ROOM => Ok(()),
            more => self.take(1 + more as u64 / 32),
        }
    }

    /// Takes cells.
    pub fn take(&mut self, cells: u64) -> Result<(), GridError> {
        spend(&mut self.cells, cells, "limits.cells")
    }

    /// Whether reading may go on.
    pub fn check(&mut self) -> Result<(), GridError> {
        self.take(0)
    }

    /// Takes expanded bytes.
    pub fn expand(&mut self, bytes: u64) -> Result<(), GridError> {
        spend(&mut self.bytes, bytes, EXPANDED)
    }
}

/// The setting that limits what archives expand to.
pub const EXPANDED: &str = "limits.expanded_mib";

fn spend(left: &mut u64, n: u64, limit: &'static str) -> Result<(), GridError> {
    if interrupt::is_requested() {
        return Err(GridError::Broken(Fault::Stopped));
    }
    *left = left.checked_sub(n).ok_or(GridError::TooLarge(limit))?;
    Ok(())
}

/// What is wrong with a file that cannot be read; its texts are the locale keys `fault.<id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It has no content.
    Empty,
    /// Archives within archives.
    Nested,
    /// Neither a workbook nor text.
    Neither,
    /// A PDF, whatever its name says.
    Pdf,
    /// A letter, whatever its name says.
    Letter,
    /// A workbook or archive that is damaged or incomplete.
    Damaged,
    /// A workbook of Excel 2 to 4, which attendance machines still write.
    OldExcel,
    /// A container without a workbook.
    NoWorkbook,
    /// Its encryption is damaged.
    Encryption,
    /// It is not there any more.
    NotFound,
    /// It may not be read.
    Denied,
    /// The system cannot read it.
    System,
    /// It is a pipe, a device or a socket.
    Special,
    /// A line longer than any row, with its number.
    LongLine(u32),
    /// A cell beyond the last column of its format.
    BeyondColumns,
    /// It claims more than it holds.
    Claims,
    /// There is not enough memory for it.
    Memory,
    /// The user stopped the program while it was read.
    Stopped,
}

impl Fault {
    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Fault::Empty => "empty",
            Fault::Nested => "nested",
            Fault::Neither => "neither",
            Fault::Pdf => "pdf",
            Fault::Letter => "letter",
            Fault::Damaged => "damaged",
            Fault::OldExcel => "old_excel",
            Fault::NoWorkbook => "no_workbook",
            Fault::Encryption => "encryption",
            Fault::NotFound => "not_found",
            Fault::Denied => "denied",
            Fault::System => "system",
            Fault::Special => "special",
            Fault::LongLine(_) => "long_line",
            Fault::BeyondColumns => "beyond_columns",
            Fault::Claims => "claims",
            Fault::Memory => "memory",
            Fault::Stopped => "stopped",
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::LongLine(n) => write!(f, "long_line {n}"),
            other => f.write_str(other.id()),
        }
    }
}

/// Why a file gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum GridError {
    /// It cannot be read.
    #[error("{0}")]
    Broken(Fault),
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

    /// What is wrong, in a language.
    pub fn message(&self, lang: Lang) -> String {
        let fault =
            |id: &str, line: &str| locale::format(lang, &format!("fault.{id}"), &[("line", line)]);
        match self {
            GridError::Broken(Fault::LongLine(n)) => fault("long_line", &n.to_string()),
            GridError::Broken(f) => fault(f.id(), ""),
            GridError::TooLarge(limit) => fault("too_large", "") + " (" + limit + ")",
            GridError::Protected => fault("password", ""),
            GridError::WrongPassword => fault("wrong_password", ""),
        }
    }

    /// The fault when it is the system's and not the file's: it went away or its medium failed while it was read. A file
    /// that is closed to this user stays closed: that is for its sender to mend.
    pub fn refused(&self) -> Option<&'static str> {
        match self {
            GridError::Broken(fault @ (Fault::NotFound | Fault::System)) => Some(fault.id()),
            _ => None,
        }
    }

    /// The issue about a file of which nothing could be read.
    pub fn issue(&self, file: FileId) -> Issue {
        let issue = Issue::about_file(Severity::Error, self.rule(), file);
        match self {
            GridError::Broken(Fault::LongLine(n)) => {
                issue.with("fault", "long_line").with("line", n)
            }
            GridError::Broken(fault) => issue.with("fault", fault.id()),
            GridError::TooLarge(limit) => issue.with("reason", limit),
            GridError::Protected | GridError::WrongPassword => issue,
        }
    }
}

impl From<std::io::Error> for GridError {
    fn from(e: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        tracing::debug!(error = %e, "a file cannot be read");
        GridError::Broken(match e.kind() {
            K::NotFound => Fault::NotFound,
            K::PermissionDenied => Fault::Denied,
            K::OutOfMemory => Fault::Memory,
            K::Unsupported => Fault::Special,
            K::Interrupted => Fault::Stopped,
            K::InvalidData | K::InvalidInput | K::UnexpectedEof | K::Other => Fault::Damaged,
            _ => Fault::System,
        })
    }
}

impl From<zip::result::ZipError> for GridError {
    fn from(e: zip::result::ZipError) -> Self {
        match e {
            zip::result::ZipError::Io(e) => e.into(),
            _ => GridError::Broken(Fault::Damaged),
        }
    }
}

/// The cell of a date and time as ISO 8601 writes it, as days since 30-12-1899; a text where it is none.
pub fn iso_cell(s: &str) -> Option<RawCell> {
    let t = s.trim();
    let bare = t.strip_suffix(['Z', 'z']).unwrap_or(t);
    let time = |t: &str| {
        ["%H:%M:%S%.f", "%H:%M"]
            .iter()
            .find_map(|f| chrono::NaiveTime::parse_from_str(t, f).ok())
    };
    let (day, time) = match bare.split_once(['T', 't', ' ']) {
        Some((day, t)) => (day, time(t)),
        None => (bare, Some(chrono::NaiveTime::MIN)),
    };
    let Some(time) = time else {
        return text_cell(s);
    };
    let Ok(day) = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d") else {
        return text_cell(s);
    };
    let Some(first) = chrono::NaiveDate::from_ymd_opt(1899, 12, 30) else {
        return text_cell(s);
    };
    let seconds = f64::from(chrono::Timelike::num_seconds_from_midnight(&time));
    Some(RawCell::Date(
        (day - first).num_days() as f64 + seconds / 86_400.0,
    ))
}

/// What spreadsheets show where a formula has failed, as programs write it into texts.
pub fn is_error_word(s: &str) -> bool {
    s.starts_with('#')
        && matches!(
            s.to_ascii_uppercase().as_str(),
            "#N/A"
                | "#REF!"
                | "#VALUE!"
                | "#NAME?"
                | "#DIV/0!"
                | "#NUM!"
                | "#NULL!"
                | "#SPILL!"
                | "#CALC!"
                | "#FIELD!"
                | "#BLOCKED!"
                | "#UNKNOWN!"
                | "#GETTING_DATA"
                | "#NILAI!"
                | "#NAMA?"
                | "#T/A"
                | "#ANGKA!"
        )
        || matches!(
            s,
            "Err:502" | "Err:504" | "Err:508" | "Err:509" | "Err:511" | "Err:522"
        )
}

/// The cell of a text: nothing for white space, an error for what shows one.
pub fn text_cell(s: &str) -> Option<RawCell> {
    let s = s.trim_matches(|c: char| {
        c.is_whitespace() || c.is_control() || c == '\u{a0}' || c == '\u{feff}'
    });
    if s.is_empty() {
        None
    } else if is_error_word(s) {
        Some(RawCell::Error(s.into()))
    } else {
        Some(RawCell::Text(s.into()))
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
        return Err(GridError::Broken(Fault::Empty));
    }
    if depth > 3 {
        return Err(GridError::Broken(Fault::Nested));
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
    if what_else(&head) == Fault::OldExcel {
        return Err(GridError::Broken(Fault::OldExcel));
    }
    if !text_file::looks_utf16(&head) && !text_file::looks_text(&head) {
        return Err(GridError::Broken(what_else(&head)));
    }
    let archived = mhtml::looks_archived(&head);
    if archived || markup::looks_marked_up(&head) {
        let page = held(bytes.open()?, markup::MOST, "256 MiB", budget)?;
        return if archived {
            mhtml::read(&page, budget)
        } else {
            markup::read(&text_file::decoded_page(&page), budget)
        };
    }
    text_file::read(bytes.open()?, budget)
}

/// What a file is that is neither a workbook nor text.
fn what_else(head: &[u8]) -> Fault {
    // [MS-XLS] 2.4.21 and its predecessors: the record that begins a workbook or a sheet of Excel 2, 3 and 4.
    match head {
        [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..] => Fault::OldExcel,
        [b'%', b'P', b'D', b'F', ..] => Fault::Pdf,
        _ => Fault::Neither,
    }
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
    let repeated = archive.has_duplicate_names();
    if has(letter::PART) {
        let saved = saved(&mut archive);
        let text = inflate(archive.by_name(letter::PART)?, budget)?;
        let text = String::from_utf8_lossy(&text);
        if !letter::holds_table(&text) {
            return Err(GridError::Broken(Fault::Letter));
        }
        let mut sheet = letter::read(&text, budget)?;
        sheet.saved = saved;
        return Ok(vec![sheet]);
    }
    if has("[Content_Types].xml") || has("mimetype") || has("content.xml") {
        let saved = saved(&mut archive);
        drop(archive);
        let mut sheets = workbook::read_zip(bytes, budget)?;
        sheets.iter_mut().for_each(|s| s.saved = saved);
        say_repeated(repeated, &mut sheets);
        return Ok(sheets);
    }
    let mut out: Vec<Sheet> = Vec::new();
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
    say_repeated(repeated, &mut out);
    Ok(out)
}

/// Of members of one name only the last is read.
fn say_repeated(repeated: bool, sheets: &mut [Sheet]) {
    if let (true, Some(first)) = (repeated, sheets.first_mut()) {
        let issue = Issue::about_file(Severity::Warning, "ingest.repeated_members", FileId(0));
        first.issues.push(issue);
    }
}

/// Whether a file is a Word document that holds a table.
pub fn is_letter_with_table(path: &std::path::Path) -> bool {
    let most = 64 << 20;
    let mut text = Vec::new();
    std::fs::File::open(path).is_ok_and(|file| {
        zip::ZipArchive::new(file).is_ok_and(|mut archive| {
            (archive.by_name(letter::PART))
                .is_ok_and(|part| part.take(most).read_to_end(&mut text).is_ok())
        })
    }) && letter::holds_table(&String::from_utf8_lossy(&text))
}

/// The day on which a workbook was last saved, as its properties say.
fn saved<R: Read + std::io::Seek>(archive: &mut zip::ZipArchive<R>) -> Option<chrono::NaiveDate> {
    for (part, tags) in [
        ("docProps/core.xml", ["dcterms:modified", "dcterms:created"]),
        ("meta.xml", ["dc:date", "meta:creation-date"]),
    ] {
        let Ok(entry) = archive.by_name(part) else {
            continue;
        };
        let mut text = String::new();
        if entry.take(1 << 16).read_to_string(&mut text).is_err() {
            continue;
        }
        for tag in tags {
            let found = text.split(&format!("<{tag}")).nth(1);
            let value = found.and_then(|rest| rest.split_once('>'));
            let day = value.and_then(|(_, rest)| rest.trim_start().get(..10));
            if let Some(d) = day.and_then(|d| d.parse().ok()) {
                return Some(d);
            }
        }
    }
    None
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
    // Members of archives are held in memory, so they may use an eighth of what a streamed file may.
    let out = held(reader, budget.bytes / 8, EXPANDED, budget)?;
    budget.expand(out.len() as u64)?;
    Ok(out)
}

/// A stream as a whole, `most` bytes at the longest, in room that the system grants piece by piece; it counts as cells.
pub fn held(
    mut reader: impl Read,
    most: u64,
    limit: &'static str,
    budget: &mut Budget,
) -> Result<Vec<u8>, GridError> {
    const STEP: usize = 1 << 18;
    let mut out: Vec<u8> = Vec::new();
    loop {
        if out.capacity() - out.len() < STEP {
            let more = (out.len() / 2).max(STEP);
            out.try_reserve_exact(more)
                .map_err(|_| GridError::Broken(Fault::Memory))?;
        }
        let from = out.len();
        out.resize(from + STEP, 0);
        let n = reader.read(&mut out[from..]);
        out.truncate(from + n.as_ref().map_or(0, |n| *n));
        let n = n?;
        if out.len() as u64 > most {
            return Err(GridError::TooLarge(limit));
        }
        if n == 0 {
            budget.take(out.len() as u64 / 64)?;
            return Ok(out);
        }
        budget.check()?;
    }
}
