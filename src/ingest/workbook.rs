//! Workbooks (.xlsx .xlsm .xlsb .xls .ods) through calamine.

use super::grid::{GridError, GridRow, Sheet};
use crate::domain::raw::RawCell;
use crate::workspace::Limits;
use calamine::{Data, DataRef, Reader, Sheets, Xlsx};
use std::io::Cursor;

/// Whether an OLE container holds an encrypted package rather than a workbook.
pub fn is_encrypted(content: &[u8]) -> bool {
    cfb::CompoundFile::open(Cursor::new(content))
        .is_ok_and(|f| f.exists("/EncryptedPackage") || f.exists("/EncryptionInfo"))
}

/// Reads every sheet. A fault inside the library is an error of the file, not of the program.
pub fn read(content: Vec<u8>, limits: &Limits) -> Result<Vec<Sheet>, GridError> {
    let work = std::panic::AssertUnwindSafe(|| read_inner(content, limits));
    std::panic::catch_unwind(work)
        .unwrap_or_else(|_| Err(GridError::Broken("damaged workbook".into())))
}

fn read_inner(content: Vec<u8>, limits: &Limits) -> Result<Vec<Sheet>, GridError> {
    let broken = |e: &dyn std::fmt::Display| GridError::Broken(e.to_string());
    let book = calamine::open_workbook_auto_from_rs(Cursor::new(content)).map_err(|e| {
        let text = e.to_string();
        if text.to_ascii_lowercase().contains("password") {
            GridError::Protected
        } else {
            broken(&text)
        }
    })?;
    match book {
        Sheets::Xlsx(x) => xlsx(x, limits),
        mut other => {
            let mut out = Vec::new();
            let mut cells = 0u64;
            for name in other.sheet_names() {
                let range = other.worksheet_range(&name).map_err(|e| broken(&e))?;
                let (r0, c0) = range.start().unwrap_or((0, 0));
                let mut sheet = Sheet {
                    name,
                    ..Sheet::default()
                };
                for (r, c, v) in range.used_cells() {
                    push(&mut sheet, r0 + r as u32, c0 + c as u32, value(v));
                    cells += 1;
                    if cells > limits.cells {
                        return Err(GridError::TooLarge("cells"));
                    }
                }
                out.push(sheet);
            }
            Ok(out)
        }
    }
}

/// Streams the cells: a sheet with three cells a million rows apart costs three cells.
fn xlsx<R: std::io::Read + std::io::Seek>(
    mut book: Xlsx<R>,
    limits: &Limits,
) -> Result<Vec<Sheet>, GridError> {
    let broken = |e: &dyn std::fmt::Display| GridError::Broken(e.to_string());
    let mut out = Vec::new();
    let mut cells = 0u64;
    for name in book.sheet_names() {
        let mut sheet = Sheet {
            name: name.clone(),
            ..Sheet::default()
        };
        if let Ok(merges) = book.merge_cells_by_sheet_name(&name) {
            sheet.merges = merges
                .iter()
                .map(|d| (d.start.0, d.start.1 as u16, d.end.0, d.end.1 as u16))
                .collect();
        }
        let mut reader = match book.worksheet_cells_reader(&name) {
            Ok(r) => r,
            // A chart sheet has no cells.
            Err(calamine::XlsxError::NotAWorksheet(_)) => {
                out.push(sheet);
                continue;
            }
            Err(e) => return Err(broken(&e)),
        };
        while let Some(cell) = reader.next_cell().map_err(|e| broken(&e))? {
            let (r, c) = cell.get_position();
            let v = reference(cell.get_value());
            if v != RawCell::Empty {
                push(&mut sheet, r, c, v);
                cells += 1;
                if cells > limits.cells {
                    return Err(GridError::TooLarge("cells"));
                }
            }
        }
        out.push(sheet);
    }
    Ok(out)
}

fn push(sheet: &mut Sheet, row: u32, col: u32, value: RawCell) {
    if value == RawCell::Empty || col >= 16_384 {
        return;
    }
    match sheet.rows.last_mut() {
        Some(r) if r.row == row => r.cells.push((col as u16, value)),
        _ => sheet.rows.push(GridRow {
            row,
            cells: vec![(col as u16, value)],
        }),
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

fn reference(v: &DataRef) -> RawCell {
    match v {
        DataRef::Empty => RawCell::Empty,
        DataRef::String(s) => text(s),
        DataRef::SharedString(s) => text(s),
        DataRef::Float(f) => RawCell::Number(*f),
        DataRef::Int(i) => RawCell::Number(*i as f64),
        DataRef::Bool(b) => RawCell::Bool(*b),
        DataRef::DateTime(d) => RawCell::Date(d.as_f64()),
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => text(s),
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
        Data::DateTime(d) => RawCell::Date(d.as_f64()),
        Data::DateTimeIso(s) | Data::DurationIso(s) => text(s),
        Data::Error(e) => RawCell::Error(e.to_string().into()),
        #[allow(unreachable_patterns)]
        _ => RawCell::Empty,
    }
}
