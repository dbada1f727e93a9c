//! Any file as rows of texts, shown one after another: for lists whose columns a person names, not this program.

use super::bytes::Bytes;
use super::grid::{self, GridError};
use super::rows::{is_footer, is_place_and_day, is_total};
use super::{markup, text_file};
use crate::domain::normal;
use crate::domain::raw::RawCell;
use crate::workspace::Limits;
use std::borrow::Cow;
use std::path::Path;

/// A row as it is shown: the sheet (from 0), the zero-based row on it, its cells with their columns.
pub type Row<'a> = (usize, u32, &'a [(usize, Cow<'a, [u8]>)]);

/// Shows every row that holds anything. A plain text is streamed; other files are read sheet by sheet.
///
/// Cells are as written; a date cell is `YYYY-MM-DD`. An error ends the reading: what cannot be opened, is protected, or
/// is larger than the limits allow.
pub fn for_each_row(
    path: &Path,
    limits: &Limits,
    each: &mut dyn FnMut(Row) -> Result<(), GridError>,
) -> Result<(), GridError> {
    let bytes = Bytes::File(path.to_owned());
    let head = bytes.head()?;
    let text = text_file::looks_utf16(&head)
        || (text_file::looks_text(&head)
            && !grid::is_zip(&head)
            && !markup::looks_marked_up(&head));
    if text && !head.is_empty() {
        return text_file::visit(bytes.open()?, &mut |row, fields| {
            let cells: Vec<(usize, Cow<[u8]>)> = fields
                .iter()
                .enumerate()
                .map(|(c, f)| (c, f.trim_ascii()))
                .filter(|(_, f)| !f.is_empty())
                .map(|(c, f)| (c, Cow::Borrowed(f)))
                .collect();
            if cells.is_empty() {
                return Ok(());
            }
            each((0, row, &cells))
        });
    }
    for (s, sheet) in grid::sheets(&bytes, limits)?.iter().enumerate() {
        for row in &sheet.rows {
            let cells: Vec<(usize, Cow<[u8]>)> = row
                .cells
                .iter()
                .map(|(c, v)| (usize::from(*c), Cow::Owned(shown(v).into_bytes())))
                .collect();
            each((s, row.row, &cells))?;
        }
    }
    Ok(())
}

fn shown(cell: &RawCell) -> String {
    match cell {
        RawCell::Empty | RawCell::Error(_) => String::new(),
        RawCell::Text(t) => t.to_string(),
        RawCell::Number(n) => n.to_string(),
        RawCell::Date(n) => match crate::clean::date::serial(*n) {
            Some(d) => d.format("%Y-%m-%d").to_string(),
            None => n.to_string(),
        },
        RawCell::Bool(b) => b.to_string(),
    }
}

/// What a row below a header is by its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOfList {
    /// A record.
    Data,
    /// A title over the rows that follow, or the numbers of the columns.
    Section,
    /// A total.
    Total,
    /// A signature, a note, or a place and date above one.
    Signature,
}

/// What a row of a list of three columns and more is.
pub fn row_of_list(cells: &[(usize, Cow<[u8]>)]) -> RowOfList {
    // Totals, signatures and titles fill few cells.
    const FEW: usize = 4;
    let number = |c: &[u8]| -> Option<u32> {
        let bare: Vec<u8> = c.iter().copied().filter(|b| !b"().".contains(b)).collect();
        std::str::from_utf8(&bare).ok()?.trim().parse().ok()
    };
    let first = cells.first().and_then(|(_, c)| number(c));
    if first == Some(1) && cells.len() > 2 {
        let counted = cells.iter().zip(1u32..);
        if counted.clone().all(|((_, c), k)| number(c) == Some(k)) {
            return RowOfList::Section;
        }
    }
    let texts = || {
        let all = cells.iter().map(|(_, c)| String::from_utf8_lossy(c));
        all.filter(|t| t.chars().any(char::is_alphabetic))
    };
    if first.is_none() {
        // Words for a total begin with one of four letters.
        let may = |t: &str| {
            t.trim_start()
                .starts_with(['J', 'j', 'T', 't', 'S', 's', 'G', 'g'])
        };
        let lead = texts().next().filter(|t| may(t));
        let lead = lead.map(|t| normal(&t)).unwrap_or_default();
        match () {
            () if is_total(&lead) && texts().take(3).count() <= 2 => return RowOfList::Total,
            () if cells.len() <= FEW && texts().any(|t| is_footer(&t) || is_place_and_day(&t)) => {
                return RowOfList::Signature;
            }
            () => {}
        }
    }
    match cells.len() {
        0 | 1 => RowOfList::Section,
        _ => RowOfList::Data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_workbooks_show_the_same_rows() {
        let dir = tempfile::tempdir().unwrap();
        let (csv, xlsx) = (dir.path().join("a.csv"), dir.path().join("a.xlsx"));
        std::fs::write(
            &csv,
            "Judul\n\nNama;Tgl Lahir;No\nAna;1990-03-12;7\n;;\nBeni;;8\n",
        )
        .unwrap();
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "Judul").unwrap();
        for (c, t) in ["Nama", "Tgl Lahir", "No"].iter().enumerate() {
            sheet.write(2, c as u16, *t).unwrap();
        }
        sheet.write(3, 0, "Ana").unwrap();
        let date = rust_xlsxwriter::ExcelDateTime::parse_from_str("1990-03-12").unwrap();
        let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_with_format(3, 1, &date, &format).unwrap();
        sheet.write(3, 2, 7).unwrap();
        sheet.write(5, 0, "Beni").unwrap();
        sheet.write(5, 2, 8).unwrap();
        book.save(&xlsx).unwrap();
        let rows = |p: &Path| {
            let mut out = Vec::new();
            for_each_row(p, &Limits::default(), &mut |(_, row, cells)| {
                let text = |c: &Cow<[u8]>| String::from_utf8_lossy(c).into_owned();
                out.push((
                    row,
                    cells.iter().map(|(c, v)| (*c, text(v))).collect::<Vec<_>>(),
                ));
                Ok(())
            })
            .unwrap();
            out
        };
        assert_eq!(rows(&csv), rows(&xlsx));
        assert_eq!(rows(&csv)[2].1[1].1, "1990-03-12");
        assert!(
            for_each_row(
                &dir.path().join("none"),
                &Limits::default(),
                &mut |_| Ok(())
            )
            .is_err()
        );
    }

    fn kind(cells: &[&str]) -> RowOfList {
        let cells = cells.iter().enumerate().filter(|(_, c)| !c.is_empty());
        let cells: Vec<(usize, Cow<[u8]>)> = cells
            .map(|(i, c)| (i, Cow::Borrowed(c.as_bytes())))
            .collect();
        row_of_list(&cells)
    }

    #[test]
    fn totals_signatures_and_titles_are_no_records() {
        assert_eq!(
            kind(&["1", "Ana Patty", "8171021203900001", "P"]),
            RowOfList::Data
        );
        assert_eq!(kind(&["", "Ana Patty", "", "P"]), RowOfList::Data);
        assert_eq!(kind(&["", "Jumlah", "412"]), RowOfList::Total);
        assert_eq!(
            kind(&["", "", "", "Ambon, 5 Januari 2026"]),
            RowOfList::Signature
        );
        assert_eq!(
            kind(&["", "Mengetahui,", "", "Kepala Seksi"]),
            RowOfList::Signature
        );
        assert_eq!(kind(&["A. KLIEN DEWASA"]), RowOfList::Section);
        assert_eq!(kind(&["1", "2", "3", "4"]), RowOfList::Section);
        assert_eq!(kind(&["(1)", "(2)", "(3)"]), RowOfList::Section);
    }
}
