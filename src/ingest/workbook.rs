//! Workbooks (.xlsx .xlsm .xlsb .xls .ods) through calamine.

use super::bytes::{Bytes, ReadSeek};
use super::grid::{Budget, Fault, GridError, Sheet, iso_cell};
use super::{biff, ooxml, password, prescan};
use crate::domain::raw::RawCell;
use calamine::{Data, DataRef, ExcelDateTime, ExcelDateTimeType, Ods, Reader, Xls, Xlsb, Xlsx};
use std::io::Read;

/// Days between the epochs of the two date systems of Excel.
pub const DAYS_1904: f64 = 1462.0;

/// What an OLE container held.
pub enum Ole {
    /// The sheets of an Excel 97 workbook.
    Sheets(Vec<Sheet>),
    /// The package that was behind a password.
    Opened(Vec<u8>),
}

/// Reads an OLE container: an Excel 97 workbook, or a newer one behind a password.
pub fn read_ole(bytes: &Bytes, budget: &mut Budget, password: &str) -> Result<Ole, GridError> {
    guarded(|| {
        let mut container = match cfb::CompoundFile::open(bytes.open()?) {
            Ok(c) => c,
            Err(e) => padded(bytes, budget.bytes / 8)?.ok_or(e)?,
        };
        if container.exists("/EncryptedPackage") || container.exists("/EncryptionInfo") {
            if password.is_empty() {
                return Err(GridError::Protected);
            }
            // A package is held whole and then read: it may use an eighth of what may be expanded.
            let opened = password::open(&mut container, password, budget.bytes / 8)?;
            return opened.map(Ole::Opened).map_err(|shut| match shut {
                password::Shut::Wrong => GridError::WrongPassword,
                password::Shut::Unknown => GridError::Protected,
                password::Shut::Broken => GridError::Broken(Fault::Encryption),
            });
        }
        if container.is_stream("/WordDocument") {
            return Err(GridError::Broken(Fault::Letter));
        }
        // The stream is held three times over.
        let mut book = biff::Book::open(&mut container, budget.bytes / 16)?;
        book.measure(budget)?;
        let hidden = book.hidden_rows();
        let formulas = book.formulas();
        let strokes = book.strokes();
        let measured: Box<dyn ReadSeek> = Box::new(book.container()?);
        let book = Xls::new(measured).map_err(|e| said(&e))?;
        let merged = |n| book.merge_cells_by_sheet_id(n).unwrap_or_default();
        let merges: Vec<_> = (0..book.sheets_metadata().len()).map(merged).collect();
        let mut sheets = dense(book, budget)?;
        for (sheet, merges) in sheets.iter_mut().zip(merges) {
            let regions = merges.iter().map(|d| (d.start, d.end));
            let narrow = |c: u32| u16::try_from(c).ok();
            let region = |((r0, c0), (r1, c1))| Some((r0, narrow(c0)?, r1, narrow(c1)?));
            sheet.merges = regions.filter_map(region).collect();
        }
        for (i, rows) in hidden {
            if let Some(sheet) = sheets.get_mut(i) {
                hide(sheet, &rows);
            }
        }
        for (sheet, formulas) in sheets.iter_mut().zip(formulas) {
            formulas.settle(sheet);
        }
        for (sheet, strokes) in sheets.iter_mut().zip(strokes) {
            strokes.mark(sheet);
        }
        Ok(Ole::Sheets(sheets))
    })
}

/// Some programs end a container at its last sector though its table speaks of whole groups of 128: with empty sectors
/// up to the end of the group it is sound. Nothing when that does not help, or for a file longer than `most`.
fn padded(
    bytes: &Bytes,
    most: u64,
) -> std::io::Result<Option<cfb::CompoundFile<Box<dyn ReadSeek>>>> {
    const SECTOR: usize = 512;
    let mut all = Vec::new();
    bytes.open()?.take(most + 1).read_to_end(&mut all)?;
    if all.len() as u64 > most {
        return Ok(None);
    }
    let group = 128 * SECTOR;
    let sectors = all.len().saturating_sub(SECTOR);
    all.resize(SECTOR + sectors.div_ceil(group) * group, 0);
    let whole: Box<dyn ReadSeek> = Box::new(std::io::Cursor::new(all));
    Ok(cfb::CompoundFile::open(whole).ok())
}

/// Marks rows as hidden, by their sorted numbers.
fn hide(sheet: &mut Sheet, rows: &[u32]) {
    if !rows.is_empty() {
        for r in &mut sheet.rows {
            r.hidden = rows.binary_search(&r.row).is_ok();
        }
    }
}

/// Reads a zipped workbook of any kind.
pub fn read_zip(bytes: &Bytes, budget: &mut Budget) -> Result<Vec<Sheet>, GridError> {
    match guarded(|| Ok(ooxml::read(bytes, budget))).unwrap_or(Err(ooxml::Stop::Unusual("a fault")))
    {
        Ok(sheets) => return Ok(sheets),
        Err(ooxml::Stop::Grid(e)) => return Err(e),
        Err(ooxml::Stop::Unusual(what)) => {
            tracing::debug!(
                what,
                "a workbook that is not plain is read by the complete parser"
            );
        }
    }
    complete(bytes, budget)
}

/// Reads a zipped workbook through calamine, after measuring it.
pub fn complete(bytes: &Bytes, budget: &mut Budget) -> Result<Vec<Sheet>, GridError> {
    guarded(|| {
        let mut found = prescan::package(bytes, budget)?;
        match found.format {
            prescan::Format::Xlsx => xlsx(bytes, &mut found, budget),
            prescan::Format::Xlsb => xlsb(bytes, budget),
            prescan::Format::Ods => {
                let mut sheets = dense(Ods::new(bytes.open()?).map_err(|e| said(&e))?, budget)?;
                for s in &mut sheets {
                    let known = found.sheet(&s.name);
                    hide(s, &known.hidden);
                    known.formulas.settle(s);
                    known.strokes.mark(s);
                    s.merges = known.merges;
                }
                Ok(sheets)
            }
        }
    })
}

/// A fault inside a library is an error of the file, not of the program.
fn guarded<T>(work: impl FnOnce() -> Result<T, GridError>) -> Result<T, GridError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(GridError::Broken(Fault::Damaged)))
}

fn said(e: &dyn std::fmt::Display) -> GridError {
    let text = e.to_string();
    if text.to_ascii_lowercase().contains("password") {
        GridError::Protected
    } else {
        tracing::debug!(reason = text, "a workbook cannot be read");
        GridError::Broken(Fault::Damaged)
    }
}

/// The sheets of a workbook by name, with whether each is hidden.
fn named<R: Read + std::io::Seek, B: Reader<R>>(book: &B) -> Vec<(String, bool)> {
    let hidden = |s: &calamine::Sheet| s.visible != calamine::SheetVisible::Visible;
    let all = book.sheets_metadata().iter();
    all.map(|s| (s.name.clone(), hidden(s))).collect()
}

/// Formats that calamine holds whole.
fn dense<B: Reader<Box<dyn ReadSeek>>>(
    mut book: B,
    budget: &mut Budget,
) -> Result<Vec<Sheet>, GridError>
where
    B::Error: std::fmt::Display,
{
    let mut out = Vec::new();
    for (name, hidden) in named(&book) {
        let range = book.worksheet_range(&name).map_err(|e| said(&e))?;
        let (r0, c0) = range.start().unwrap_or((0, 0));
        let mut sheet = Sheet {
            name,
            hidden,
            ..Sheet::default()
        };
        for (r, c, v) in range.used_cells() {
            sheet.push(r0 + r as u32, c0 + c as u32, value(v));
        }
        for r in &sheet.rows {
            budget.row(r.cells.len())?;
        }
        out.push(sheet);
    }
    Ok(out)
}

/// Streams the cells: a sheet with three cells a million rows apart costs three cells.
fn xlsx(
    bytes: &Bytes,
    found: &mut prescan::Package,
    budget: &mut Budget,
) -> Result<Vec<Sheet>, GridError> {
    let mut book = Xlsx::new(bytes.open()?).map_err(|e| said(&e))?;
    let mut out = Vec::new();
    for (name, hidden) in named(&book) {
        let mut sheet = Sheet {
            name: name.clone(),
            hidden,
            ..Sheet::default()
        };
        let known = found.sheet(&name);
        sheet.merges = known.merges;
        let mut reader = match book.worksheet_cells_reader(&name) {
            Ok(r) => r,
            // A chart sheet has no cells.
            Err(calamine::XlsxError::NotAWorksheet(_)) => {
                out.push(sheet);
                continue;
            }
            Err(e) => return Err(said(&e)),
        };
        while let Some(cell) = reader.next_cell().map_err(|e| said(&e))? {
            add(&mut sheet, cell.get_position(), cell.get_value(), budget)?;
        }
        drop(reader);
        in_order(&mut sheet);
        hide(&mut sheet, &known.hidden);
        out.push(sheet);
    }
    Ok(out)
}

fn xlsb(bytes: &Bytes, budget: &mut Budget) -> Result<Vec<Sheet>, GridError> {
    let mut book = Xlsb::new(bytes.open()?).map_err(|e| said(&e))?;
    let mut out = Vec::new();
    for (name, hidden) in named(&book) {
        let mut sheet = Sheet {
            name: name.clone(),
            hidden,
            ..Sheet::default()
        };
        let mut reader = book.worksheet_cells_reader(&name).map_err(|e| said(&e))?;
        while let Some(cell) = reader.next_cell().map_err(|e| said(&e))? {
            add(&mut sheet, cell.get_position(), cell.get_value(), budget)?;
        }
        drop(reader);
        in_order(&mut sheet);
        out.push(sheet);
    }
    Ok(out)
}

fn add(
    sheet: &mut Sheet,
    (r, c): (u32, u32),
    v: &DataRef,
    budget: &mut Budget,
) -> Result<(), GridError> {
    let v = reference(v);
    if v != RawCell::Empty {
        if let RawCell::Text(t) = &v {
            budget.text(t.len())?;
        }
        budget.take(if sheet.rows.last().is_some_and(|l| l.row == r) {
            1
        } else {
            4
        })?;
        sheet.push(r, c, v);
    }
    Ok(())
}

/// Programs may write rows out of order, or a row in two pieces.
pub fn in_order(sheet: &mut Sheet) {
    if !sheet.rows.windows(2).all(|w| w[0].row < w[1].row) {
        sheet.rows.sort_by_key(|r| r.row);
        sheet.rows.dedup_by(|later, first| {
            let same = later.row == first.row;
            if same {
                first.cells.append(&mut later.cells);
            }
            same
        });
    }
    for r in &mut sheet.rows {
        if !r.cells.windows(2).all(|w| w[0].0 < w[1].0) {
            r.cells.sort_by_key(|(c, _)| *c);
            r.cells.dedup_by_key(|(c, _)| *c);
        }
    }
}

fn text(s: &str) -> RawCell {
    let s = s.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{feff}');
    if s.is_empty() {
        RawCell::Empty
    } else {
        RawCell::Text(s.into())
    }
}

/// Days since 1899-12-30, whichever epoch the workbook counts from.
fn date(d: &ExcelDateTime) -> RawCell {
    let kind = if d.is_duration() {
        ExcelDateTimeType::TimeDelta
    } else {
        ExcelDateTimeType::DateTime
    };
    let from_1904 = *d == ExcelDateTime::new(d.as_f64(), kind, true);
    let shift = if from_1904 && !d.is_duration() {
        DAYS_1904
    } else {
        0.0
    };
    RawCell::Date(d.as_f64() + shift)
}

fn reference(v: &DataRef) -> RawCell {
    match v {
        DataRef::Empty => RawCell::Empty,
        DataRef::String(s) => text(s),
        DataRef::SharedString(s) => text(s),
        DataRef::Float(f) => RawCell::Number(*f),
        DataRef::Int(i) => RawCell::Number(*i as f64),
        DataRef::Bool(b) => RawCell::Bool(*b),
        DataRef::DateTime(d) => date(d),
        DataRef::DateTimeIso(s) => iso_cell(s).unwrap_or_default(),
        DataRef::DurationIso(s) => text(s),
        DataRef::Error(e) => RawCell::Error(e.to_string().into()),
        #[allow(unreachable_patterns)]
        _ => RawCell::Empty,
    }
}

fn value(v: &Data) -> RawCell {
    match v {
        Data::Empty => RawCell::Empty,
        Data::String(s) => text(s),
        Data::Float(f) => RawCell::Number(*f),
        Data::Int(i) => RawCell::Number(*i as f64),
        Data::Bool(b) => RawCell::Bool(*b),
        Data::DateTime(d) => date(d),
        Data::DateTimeIso(s) => iso_cell(s).unwrap_or_default(),
        Data::DurationIso(s) => text(s),
        Data::Error(e) => RawCell::Error(e.to_string().into()),
        #[allow(unreachable_patterns)]
        _ => RawCell::Empty,
    }
}
