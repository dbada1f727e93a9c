//! The rows below a header: data, sections, totals, footers, repeated headers, and where the table ends.

use super::context::month_in;
use super::grid::{GridRow, Sheet};
use super::header::{Header, text_of};
use crate::domain::raw::{Context, RawCell, RawRow, RawTable, SheetTotal};
use crate::domain::{Field, normal};

enum RowKind {
    Data,
    Section(String),
    Total,
    Footer,
    Skip,
    Header,
}

/// Reads rows below a header until the sheet or the table ends; returns the index of the first row not read.
pub fn body(sheet: &mut Sheet, header: &Header, table: &mut RawTable) -> usize {
    let width = table.columns.last().map_or(0, |c| c.col as usize + 1);
    let mut position = vec![usize::MAX; width];
    for (i, c) in table.columns.iter().enumerate() {
        position[c.col as usize] = i;
    }
    let number_col = table
        .columns
        .iter()
        .find(|c| c.field == Some(Field::RowNo))
        .map(|c| c.col);
    let mut section: Option<u16> = None;
    let mut section_start = u32::MAX;
    let first = sheet.rows.get(header.at + header.rows).map_or(0, |r| r.row);
    let mut i = header.at + header.rows;
    // The first of the lines since the last data or total, and the sections known before them.
    let mut lone = i;
    let mut sections_before = 0;
    let mut headless = std::collections::BTreeMap::<u16, u64>::new();
    while i < sheet.rows.len() {
        let row = &sheet.rows[i];
        match row_kind(row, table, number_col) {
            RowKind::Data => {
                let mut cells = vec![RawCell::Empty; table.columns.len()];
                let row = &mut sheet.rows[i];
                for (c, v) in std::mem::take(&mut row.cells) {
                    match position.get(c as usize) {
                        Some(&p) if p != usize::MAX => cells[p] = v,
                        _ => *headless.entry(c).or_default() += 1,
                    }
                }
                table.rows.push(RawRow {
                    row: row.row,
                    cells,
                    section,
                    hidden: row.hidden,
                });
                lone = i + 1;
                sections_before = table.sections.len();
            }
            RowKind::Section(text) => {
                table
                    .sections
                    .push((text.as_str().into(), Context::default()));
                section = Some((table.sections.len() - 1) as u16);
                section_start = row.row + 1;
            }
            RowKind::Total => {
                let label = row
                    .cells
                    .iter()
                    .find_map(|(_, c)| text_of(c))
                    .unwrap_or_default();
                let sub = normal(label).starts_with("sub") && section_start != u32::MAX;
                let from = if sub { section_start } else { first };
                for (c, v) in row.cells.iter().filter(|(_, v)| could_be_total(v)) {
                    table.totals.push(SheetTotal {
                        row: row.row,
                        col: *c,
                        label: label.into(),
                        cell: v.clone(),
                        rows: (from, row.row.saturating_sub(1)),
                    });
                }
                lone = i + 1;
                sections_before = table.sections.len();
            }
            RowKind::Skip => {}
            RowKind::Header => {
                // The same header again is a page break; another one is another table.
                let run = &sheet.rows[header.at];
                let same = row
                    .cells
                    .iter()
                    .filter(|(c, v)| run.cells.iter().any(|(d, w)| c == d && v == w))
                    .count();
                let titled = (lone..i).any(|k| is_title(&sheet.rows[k]));
                if same * 10 >= row.cells.len() * 9 && !titled {
                    i += header.rows;
                    lone = i;
                    continue;
                }
                // Lines between the last data and another table's header are that table's title.
                table.sections.truncate(sections_before);
                table.headless = headless.into_iter().collect();
                return lone;
            }
            RowKind::Footer => {
                i += 1;
                while i < sheet.rows.len() && !starts_header(&sheet.rows[i]) {
                    // A title between two tables belongs to the next one.
                    if is_title(&sheet.rows[i]) {
                        break;
                    }
                    i += 1;
                }
                break;
            }
        }
        i += 1;
    }
    // Lines below the last row are said of nobody.
    table.sections.truncate(sections_before);
    table.headless = headless.into_iter().collect();
    i
}

/// A row of header words with a `No` in front.
fn starts_header(row: &GridRow) -> bool {
    if row.cells.len() < 3 || row.cells.iter().any(|(_, c)| text_of(c).is_none()) {
        return false;
    }
    let first = row.cells.first().and_then(|(_, c)| text_of(c));
    let first = first.unwrap_or_default();
    matches!(
        normal(first).as_str(),
        "no" | "nomor" | "no urut" | "nama" | "nik" | "nama lengkap"
    ) || first.trim() == "#"
}

fn is_title(row: &GridRow) -> bool {
    let words = row
        .cells
        .first()
        .and_then(|(_, c)| text_of(c))
        .map(normal)
        .unwrap_or_default();
    row.cells.len() == 1
        && [
            "daftar ",
            "data ",
            "laporan ",
            "register ",
            "rekap ",
            "kementerian ",
            "pemerintah ",
            "bulan ",
        ]
        .iter()
        .any(|p| words.starts_with(p))
}

fn row_kind(row: &GridRow, table: &RawTable, number_col: Option<u16>) -> RowKind {
    let has_number = number_col.is_some_and(|n| {
        row.cells.first().is_some_and(|(c, v)| {
            *c == n
                && (matches!(v, RawCell::Number(_))
                    || text_of(v)
                        .is_some_and(|t| t.trim_end_matches(['.', ')']).parse::<u32>().is_ok()))
        })
    });
    if is_column_numbers(row) {
        return RowKind::Skip;
    }
    if starts_header(row) {
        return RowKind::Header;
    }
    // A row of many cells with a number in front is data; only the others are looked at more closely.
    if !has_number {
        let texts: Vec<(u16, &str)> = row
            .cells
            .iter()
            .filter_map(|(c, v)| text_of(v).map(|t| (*c, t)))
            .collect();
        let lead = texts.first().map(|(_, t)| normal(t)).unwrap_or_default();
        if is_total(&lead) && texts.len() <= 2 {
            return RowKind::Total;
        }
        if texts.iter().any(|(_, t)| is_footer(t)) && row.cells.len() <= 4 {
            return RowKind::Footer;
        }
        if row.cells.len() == 1 && table.columns.len() >= 3 {
            return match texts.first() {
                Some((_, t)) if t.chars().any(char::is_alphabetic) => {
                    RowKind::Section((*t).to_owned())
                }
                _ => RowKind::Skip,
            };
        }
    }
    // A row number alone is an empty line of a printed form.
    if has_number && row.cells.len() == 1 {
        RowKind::Skip
    } else {
        RowKind::Data
    }
}

/// A number, or a text that begins with a digit.
fn could_be_total(cell: &RawCell) -> bool {
    match cell {
        RawCell::Number(_) => true,
        RawCell::Text(t) => t.trim_start().starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    }
}

/// `Jumlah`, `Sub Total`, `Jml. seluruh klien`, `Grand Total`.
pub(super) fn is_total(lead: &str) -> bool {
    let mut words = lead.split(' ');
    let first = words.next().unwrap_or_default();
    let word = if matches!(first, "sub" | "grand") {
        words.next().unwrap_or_default()
    } else {
        first
    };
    matches!(word, "jumlah" | "total" | "jml" | "subtotal" | "subjumlah")
}

pub(super) fn is_footer(t: &str) -> bool {
    let n = normal(t);
    [
        "mengetahui",
        "mengesahkan",
        "menyetujui",
        "ket ",
        "keterangan ",
        "catatan ",
        "sumber ",
        "nip ",
        "dibuat oleh",
        "petugas registrasi",
        "kepala lapas",
        "kepala rutan",
        "an kepala",
        "a n kepala",
    ]
    .iter()
    .any(|w| n.starts_with(w) || n == w.trim_end())
        || (t.contains(',')
            && month_in(t).is_some()
            && n.split(' ').count() <= 5
            && n.starts_with(|c: char| c.is_alphabetic()))
}

/// `1 2 3 4 …` or `(1) (2) (3)` under the header.
fn is_column_numbers(row: &GridRow) -> bool {
    let number = |c: &RawCell| match c {
        RawCell::Number(n) => Some(*n),
        RawCell::Text(t) => t.trim_matches(['(', ')', '.', ' ']).parse::<f64>().ok(),
        _ => None,
    };
    // Most rows are told apart by their first two cells.
    let mut before: Option<f64> = None;
    for (_, c) in &row.cells {
        let Some(n) = number(c) else { return false };
        let fits = before.map_or(n <= 2.0, |b| n - b == 1.0);
        if !fits {
            return false;
        }
        before = Some(n);
    }
    row.cells.len() >= 3
}
