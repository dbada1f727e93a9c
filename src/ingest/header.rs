//! The header of a table: the run of one to three rows whose texts read as headers.

use super::grid::{GridRow, Sheet};
use super::points::{self, InRun};
use super::profile::leads_with_name;
use super::sources::Source;
use super::{columns, recognise, shape, spaced};
use crate::domain::raw::{RawCell, RawColumn};
use crate::domain::{Field, normal};

/// A recognised header.
pub struct Header {
    /// Index of its first row in the sheet's rows.
    pub at: usize,
    /// How many rows it has.
    pub rows: usize,
    /// Its columns with what their headers say.
    pub columns: Vec<RawColumn>,
    /// Columns that are months, days or meetings.
    pub run: Vec<InRun>,
    /// How well it reads.
    score: f32,
}

/// How many rows are searched for a header before a sheet is given up: letterheads have ten lines, and every text of
/// every row must be held against the whole dictionary.
pub const WITHOUT_HEADER: usize = 10_000;

/// Confidence of a field that a person has named, until the columns are settled.
pub const BY_HAND: f32 = 2.0;

/// The text of a cell that holds one.
pub fn text_of(cell: &RawCell) -> Option<&str> {
    match cell {
        RawCell::Text(t) => Some(t),
        _ => None,
    }
}

/// The next row run that reads as a header, from `from` on.
pub fn find_header(sheet: &Sheet, from: usize, source: Option<&Source>) -> Option<Header> {
    let forced = source
        .and_then(|s| s.header_row)
        .map(|r| r.saturating_sub(1));
    let last = if forced.is_some() {
        sheet.rows.len()
    } else {
        sheet.rows.len().min(from.saturating_add(WITHOUT_HEADER))
    };
    for at in from..last {
        if forced.is_some_and(|r| r != sheet.rows[at].row) {
            continue;
        }
        if forced.is_none() && !could_be_header(&sheet.rows[at]) {
            continue;
        }
        let mut best: Option<Header> = None;
        for rows in 1..=3.min(sheet.rows.len() - at) {
            let (row, above) = (at + rows - 1, (at + rows).saturating_sub(2));
            let divided =
                rows > 1 && divides(&sheet.rows[row], &sheet.rows[above], &sheet.rows[at]);
            let merged = rows > 1 && is_merged_into(sheet, at, row);
            let continued = rows == 1
                || divided
                || merged
                || could_continue(&sheet.rows[row], &sheet.rows[above]);
            if !continued {
                break;
            }
            let h = header_of(sheet, at, rows, source);
            // What stands only below spanning cells belongs to the header, whatever it says.
            let better = divided || merged || best.as_ref().is_none_or(|b| h.score > b.score + 0.5);
            if better {
                best = Some(h);
            }
        }
        if let Some(h) = best
            && (is_enough(sheet, &h) || forced.is_some())
        {
            // A header that starts one row later may read better: a title row with a word in common is no header.
            return Some(h);
        }
    }
    if forced.is_some() {
        return None;
    }
    shape::find(sheet, from, source)
}

fn is_enough(sheet: &Sheet, h: &Header) -> bool {
    let fields: Vec<Field> = h.columns.iter().filter_map(|c| c.field).collect();
    let named = |c: &RawColumn| normal(&c.header).starts_with("nama ");
    let person = fields.iter().any(|f| matches!(f, Field::Name | Field::Nik));
    // `Nama atlet`, `Pelaksana`: some name, which the values confirm.
    let some_name = || {
        h.columns.iter().any(|c| {
            named(c) && (fields.len() >= 4 || people_below(sheet, h, c.col))
                || columns::may_be_name(c) && people_below(sheet, h, c.col)
        })
    };
    let others = h.columns.len() - h.run.len();
    let by_values = !person && some_name();
    let person = person || by_values;
    let known = fields.len() + usize::from(by_values);
    // `No`, `Nama Peserta` and things that no list of facts has: names below them make it one of people.
    let bare = || {
        fields.contains(&Field::RowNo)
            && (h.columns.iter())
                .any(|c| c.field == Some(Field::Name) && people_below(sheet, h, c.col))
    };
    // Names beside what was due and met in some months need no other column.
    let reports = known == 1 && h.run.len() >= 4;
    let enough = known >= 3 || known == 2 && (!h.run.is_empty() || bare()) || reports;
    person && enough && known * 2 >= others
}

/// Whether names of people stand below a header, in the rows next to it.
fn people_below(sheet: &Sheet, h: &Header, col: u16) -> bool {
    let rows = sheet.rows[h.at + h.rows..]
        .iter()
        .filter(|r| r.cells.len() >= 2);
    let texts = rows.take(12).filter_map(|r| {
        let at = r.cells.binary_search_by_key(&col, |(c, _)| *c).ok()?;
        text_of(&r.cells[at].1)
    });
    let mut all = 0;
    let mut names = std::collections::BTreeSet::new();
    for t in texts {
        all += 1;
        if leads_with_name(t) {
            names.insert(t);
        }
    }
    all > 0 && names.len() * 10 >= all * 7
}

/// Mostly text, at least two cells, one of them a known header word.
fn could_be_header(row: &GridRow) -> bool {
    let texts: Vec<&str> = row.cells.iter().filter_map(|(_, c)| text_of(c)).collect();
    texts.len() >= 2
        && texts.len() * 4 >= row.cells.len() * 3
        && texts
            .iter()
            .filter(|t| t.len() <= 60)
            .any(|t| recognise::is_known(&spaced::joined(t)))
}

/// A second or third header row: text only, directly below, and no data in it.
fn could_continue(row: &GridRow, above: &GridRow) -> bool {
    row.row <= above.row + 1
        && row.cells.iter().all(|(_, c)| {
            text_of(c).is_some_and(|t| t.len() <= 60 && t.chars().any(char::is_alphabetic))
        })
        && {
            let texts = || row.cells.iter().filter_map(|(_, c)| text_of(c));
            // Some months, days or weeks beside each other are no data.
            let points = texts().filter(|t| points::is_point(t)).count();
            let points = if points >= 3 { points } else { 0 };
            (texts().filter(|t| look_up_part(t)).count() + points) * 2 >= row.cells.len()
        }
}

/// Cells of the header's first row that reach down to a row of texts make it part of the header, whatever it says.
fn is_merged_into(sheet: &Sheet, first: usize, row: usize) -> bool {
    let (first, row) = (sheet.rows[first].row, &sheet.rows[row]);
    let reach = sheet
        .merges
        .iter()
        .filter(|m| m.0 == first && m.2 >= row.row && m.1 == m.3)
        .count();
    let texts = row.cells.iter().all(|(_, c)| {
        text_of(c).is_some_and(|t| t.len() <= 60 && t.chars().any(char::is_alphabetic))
    });
    reach >= 2 && texts
}

/// Whether a row only divides spanning cells of the row above (`PUTUSAN` over `TGL`, `NO`): texts below cells with nothing
/// to their right, and below nothing else. A row of data, or a header below a letterhead, also fills the first column.
fn divides(row: &GridRow, above: &GridRow, first: &GridRow) -> bool {
    let has = |r: &GridRow, col: u16| r.cells.binary_search_by_key(&col, |(c, _)| *c).is_ok();
    let left = first.cells.first().map(|(c, _)| *c);
    let whole = first.cells.iter().filter(|(c, _)| !has(row, *c)).count();
    // A cell above spans up to the next one; one that is divided has more than one below.
    let divided = |col: u16| {
        let end = above.cells.iter().map(|(c, _)| *c).find(|c| *c > col);
        let below = |c: u16| c > col && end.is_none_or(|e| c < e);
        row.cells.iter().any(|(c, _)| below(*c))
    };
    row.row == above.row + 1
        && row.cells.len() >= 2
        && whole >= 3
        && left.is_some_and(|l| row.cells.iter().all(|(c, _)| *c > l))
        && row.cells.iter().all(|(c, v)| {
            text_of(v).is_some_and(|t| t.len() <= 60) && (!has(above, *c) || divided(*c))
        })
}

/// Words that stand below a spanning header.
fn look_up_part(t: &str) -> bool {
    recognise::is_known(t)
        || matches!(
            normal(t).as_str(),
            "tanggal"
                | "tgl"
                | "nomor"
                | "th"
                | "thn"
                | "bl"
                | "bln"
                | "hr"
                | "tempat"
                | "akhir"
                | "awal"
                | "jenis"
        )
}

fn merged_text<'a>(sheet: &'a Sheet, row: &'a GridRow, col: u16) -> Option<&'a str> {
    if let Ok(i) = row.cells.binary_search_by_key(&col, |(c, _)| *c) {
        return text_of(&row.cells[i].1);
    }
    let m = sheet
        .merges
        .iter()
        .find(|m| m.0 <= row.row && row.row <= m.2 && m.1 <= col && col <= m.3)?;
    let origin = sheet
        .rows
        .binary_search_by_key(&m.0, |r| r.row)
        .ok()
        .map(|i| &sheet.rows[i])?;
    let i = origin.cells.binary_search_by_key(&m.1, |(c, _)| *c).ok()?;
    text_of(&origin.cells[i].1)
}

pub(super) fn header_of(sheet: &Sheet, at: usize, rows: usize, source: Option<&Source>) -> Header {
    let run = &sheet.rows[at..at + rows];
    let mut cols: Vec<u16> = run
        .iter()
        .flat_map(|r| r.cells.iter().map(|(c, _)| *c))
        .collect();
    cols.sort_unstable();
    cols.dedup();
    let mut columns = Vec::with_capacity(cols.len());
    let mut score = 0.0;
    let mut taken: Vec<Field> = Vec::new();
    for &col in &cols {
        let mut parts: Vec<&str> = Vec::new();
        for (k, row) in run.iter().enumerate() {
            let own = merged_text(sheet, row, col).or_else(|| {
                // Without merge information a spanning header is the nearest text to the left, when a later
                // header row has something below it.
                let below = run[k + 1..]
                    .iter()
                    .any(|r| r.cells.iter().any(|(c, _)| *c == col));
                let left = || {
                    row.cells
                        .iter()
                        .rev()
                        .find(|(c, _)| *c < col)
                        .and_then(|(_, v)| text_of(v))
                };
                if k + 1 < rows && below && sheet.merges.is_empty() {
                    left()
                } else {
                    None
                }
            });
            if let Some(t) = own
                && !parts.contains(&t)
            {
                parts.push(t);
            }
        }
        // ` / ` divides the rows of a header: within one cell it is written without blanks.
        let own: Vec<String> = (parts.iter())
            .map(|t| spaced::joined(t).replace(" / ", "/"))
            .collect();
        let header = own.join(" / ");
        let options = match source.and_then(|s| s.field(&header)) {
            Some(f) => vec![(f, BY_HAND)],
            None => columns::options(&own.iter().map(String::as_str).collect::<Vec<_>>()),
        };
        let best = options
            .into_iter()
            .find(|(f, c)| *c >= 0.6 && (!taken.contains(f) || *f == Field::Remarks));
        if let Some((f, c)) = best {
            taken.push(f);
            score += c;
        }
        columns.push(RawColumn {
            col,
            header: header.as_str().into(),
            field: best.map(|(f, _)| f),
            confidence: best.map_or(0.0, |(_, c)| c),
            point: None,
            told: None,
            needless: false,
        });
    }
    let run = points::run(&columns);
    for r in &run {
        let c = &mut columns[r.column];
        score -= c.confidence;
        (c.field, c.confidence) = (None, 0.0);
    }
    // A month that is found below a group is as good as a column that is known.
    score += run.len() as f32;
    Header {
        at,
        rows,
        columns,
        run,
        score,
    }
}
