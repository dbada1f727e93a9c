//! Cells that hold for more than their own row: merged downwards, ditto marks, and several lines for one person.

use super::grid::Sheet;
use crate::domain::raw::{RawCell, RawRow, RawTable};
use crate::domain::{Field, Issue, RecordKind, Severity};
use rustc_hash::FxHashSet;

/// Cells that were filled from a merged cell above: row and column on the sheet.
pub type Filled = FxHashSet<(u32, u16)>;

/// Most cells that merged ones may fill: what a table of a million rows has.
const MOST: usize = 2_000_000;

/// Writes every cell that is merged downwards into the rows under it that hold anything, from a row of the sheet on.
pub fn fill(sheet: &mut Sheet, from: u32) -> Filled {
    let mut filled = Filled::default();
    let mut regions: Vec<_> = (sheet.merges.iter())
        .filter(|m| m.2 > m.0 && m.0 >= from)
        .copied()
        .collect();
    regions.sort_unstable();
    for (top, col, bottom, _) in regions {
        let place = |row: u32| sheet.rows.partition_point(|r| r.row < row);
        let (at, end) = (place(top), place(bottom.saturating_add(1)));
        let Some(first) = sheet.rows.get(at).filter(|r| r.row == top) else {
            continue;
        };
        let Ok(i) = first.cells.binary_search_by_key(&col, |(c, _)| *c) else {
            continue;
        };
        let value = first.cells[i].1.clone();
        for row in &mut sheet.rows[at + 1..end] {
            if filled.len() >= MOST {
                return filled;
            }
            // A line that only divides people holds one cell, as wide as the sheet.
            if let Err(place) = row.cells.binary_search_by_key(&col, |(c, _)| *c) {
                row.cells.insert(place, (col, value.clone()));
                filled.insert((row.row, col));
            }
        }
    }
    filled
}

/// `"`, `sda`, `idem`: the same as above.
fn is_ditto(text: &str) -> bool {
    // Asked of every short cell of every list: most are told apart by their first two bytes.
    let may = match text.as_bytes() {
        [b'"' | b'\'' | b',' | b' ' | 0x80.., ..] => true,
        [b'-', rest @ ..] => rest.contains(&b'"'),
        [b's' | b'S' | b'i' | b'I', b'd' | b'D' | b'.' | b' ', ..] => true,
        _ => false,
    };
    if !may {
        return false;
    }
    let t = text.trim();
    let marks = matches!(
        t,
        "\"" | "''" | ",," | "〃" | "“" | "”" | "-\"-" | "- \" -" | "″" | "--\"--" | "\"\""
    );
    // Looked for in every short cell of every list, so without making a text.
    let spells = |word: &str| {
        let letters = t.bytes().filter(|b| !matches!(b, b'.' | b' '));
        letters.map(|b| b.to_ascii_lowercase()).eq(word.bytes())
    };
    t.len() <= 8 && (marks || spells("sda") || spells("idem"))
}

/// What a ditto mark stands for: what was written last in its column, in the same part of the list. Rows in between of which the
/// cell is empty tell nothing of their own.
fn last_written(rows: &[RawRow], at: usize, section: Option<u32>) -> Option<&RawCell> {
    const ABOVE: usize = 12;
    let part = rows.iter().rev().take_while(|r| r.section == section);
    let mut cells = part.take(ABOVE).filter_map(|r| r.cells.get(at));
    cells.find(|c| **c != RawCell::Empty)
}

/// Who somebody is: what holds for every line of a person.
const OF_PERSON: &[Field] = {
    use Field as F;
    &[
        F::Nik,
        F::FamilyCardNo,
        F::Name,
        F::FamilyName,
        F::Alias,
        F::Sex,
        F::BirthPlace,
        F::BirthDate,
        F::BirthPlaceDate,
        F::FatherName,
        F::MotherName,
        F::ParentName,
        F::Address,
        F::Village,
        F::District,
        F::Regency,
        F::Education,
    ]
};

/// Whether a value of a field alone makes a line another record of the same person.
fn begins(field: Field, kind: RecordKind) -> bool {
    use Field as F;
    match kind {
        RecordKind::Custody => matches!(
            field,
            F::RegisterNo | F::AdmissionDate | F::DetainedDate | F::ExitDate
        ),
        RecordKind::Supervision => matches!(
            field,
            F::ClientNo | F::SupervisionKind | F::StartDate | F::DecreeDate
        ),
        RecordKind::Litmas => matches!(field, F::LitmasKind | F::RequestedDate | F::CompletedDate),
        RecordKind::Participation => matches!(
            field,
            F::ServiceKind
                | F::ServiceName
                | F::StartDate
                | F::EnrolDate
                | F::ReferralDate
                | F::IssuedDate
                | F::DocumentNo
                | F::CertificateNo
        ),
        RecordKind::Outcome => matches!(field, F::OutcomeKind | F::OutcomeDate),
        RecordKind::CommunityService => {
            matches!(field, F::HoursOrdered | F::HoursServed | F::StartDate)
        }
        RecordKind::Resident | RecordKind::Death => false,
    }
}

/// Reads ditto marks and the further lines of a person, in a table whose columns are settled; what was read so is said.
pub fn join(table: &mut RawTable, filled: &Filled, issues: &mut Vec<Issue>) {
    let fields: Vec<Option<Field>> = table.columns.iter().map(|c| c.field).collect();
    let at = |f: Field| fields.iter().position(|g| *g == Some(f));
    let (name, nik, number) = (at(Field::Name), at(Field::Nik), at(Field::RowNo));
    let (mut dittos, mut carried, mut joined) = (0u64, 0u64, 0u64);
    let mut taken_over: FxHashSet<(u32, u16)> = std::mem::take(&mut table.taken_over);
    let mut joined_cells = 0u64;
    let kind = table.kind;
    let columns: Vec<u16> = table.columns.iter().map(|c| c.col).collect();
    // Most lists have a name on every line and no ditto mark: they stay where they are.
    let empty = |r: &RawRow, i: Option<usize>| i.is_none_or(|i| r.cells[i] == RawCell::Empty);
    let ditto = |c: &RawCell| matches!(c, RawCell::Text(t) if t.len() <= 8 && is_ditto(t));
    let odd = |r: &RawRow| (empty(r, name) && empty(r, nik)) || r.cells.iter().any(ditto);
    if filled.is_empty() && !table.rows.iter().any(odd) {
        return;
    }
    let mut rows: Vec<RawRow> = Vec::with_capacity(table.rows.len());
    for mut row in std::mem::take(&mut table.rows) {
        if !filled.is_empty() {
            let here = columns.iter().enumerate();
            let here = here.filter(|(_, c)| filled.contains(&(row.row, **c)));
            taken_over.extend(here.map(|(i, _)| (row.row, i as u16)));
        }
        let Some(before) = rows.last() else {
            rows.push(row);
            continue;
        };
        for (i, cell) in row.cells.iter_mut().enumerate() {
            if let RawCell::Text(t) = cell
                && t.len() <= 8
                && is_ditto(t)
                && let Some(above) = last_written(&rows, i, row.section)
            {
                *cell = above.clone();
                dittos += 1;
            }
        }
        let own =
            |i: usize| row.cells[i] != RawCell::Empty && !filled.contains(&(row.row, columns[i]));
        let lacks = |i: Option<usize>| i.is_none_or(|i| !own(i));
        let merged = name
            .or(nik)
            .is_some_and(|i| filled.contains(&(row.row, columns[i])));
        let numbered = number.is_some();
        let follows = lacks(name)
            && lacks(nik)
            && lacks(number)
            && (merged || numbered)
            && row.row == before.row + 1
            && row.section == before.section
            && (name.or(nik)).is_some_and(|i| before.cells[i] != RawCell::Empty);
        if !follows {
            rows.push(row);
            continue;
        }
        let another = (0..row.cells.len()).any(|i| {
            own(i)
                && (fields[i].is_some_and(|f| begins(f, kind)) || table.columns[i].point.is_some())
        });
        if another {
            let from = before.cells.clone();
            for (i, cell) in from.into_iter().enumerate() {
                let of_person = fields[i].is_some_and(|f| OF_PERSON.contains(&f));
                if of_person && row.cells[i] == RawCell::Empty && cell != RawCell::Empty {
                    row.cells[i] = cell;
                    taken_over.insert((row.row, i as u16));
                }
            }
            carried += u64::from(!merged);
            rows.push(row);
            continue;
        }
        // A text that was broken over two lines.
        let parts: Vec<(usize, RawCell)> = (0..row.cells.len())
            .filter(|i| own(*i))
            .map(|i| (i, row.cells[i].clone()))
            .collect();
        let texts = parts.iter().all(|(_, c)| matches!(c, RawCell::Text(_)));
        let Some(last) = rows.last_mut().filter(|_| texts) else {
            rows.push(row);
            continue;
        };
        for (i, part) in parts {
            joined_cells += u64::from(last.cells[i] != RawCell::Empty);
            last.cells[i] = match (&last.cells[i], part) {
                (RawCell::Text(a), RawCell::Text(b)) => {
                    RawCell::Text(format!("{a} {b}").as_str().into())
                }
                (RawCell::Empty, b) => b,
                (a, _) => a.clone(),
            };
        }
        joined += 1;
    }
    table.rows = rows;
    table.taken_over = taken_over;
    table.joined += joined_cells;
    let mut say = |rule: &'static str, n: u64| {
        if n > 0 {
            let mut note = Issue::about_file(Severity::Note, rule, table.file);
            note.sheet = Some(table.sheet);
            issues.push(note.with("rows", n));
        }
    };
    say("ingest.ditto", dittos);
    say("ingest.lines_carried", carried);
    say("ingest.lines_joined", joined);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ditto_marks_are_told_from_words() {
        for t in ["\"", "sda", "S.D.A", " idem ", "-\"-"] {
            assert!(is_ditto(t), "{t}");
        }
        for t in ["-", "sd", "SD", "ada", "", "5"] {
            assert!(!is_ditto(t), "{t}");
        }
    }

    #[test]
    fn merged_cells_fill_the_rows_below_that_hold_anything() {
        let mut s = Sheet::default();
        for (r, c) in [(2, 0), (2, 1), (3, 1), (5, 1)] {
            s.push(r, c, RawCell::Number(f64::from(r)));
        }
        s.merges = vec![(2, 0, 5, 0), (0, 0, 1, 0)];
        let filled = fill(&mut s, 2);
        assert_eq!(filled.len(), 2);
        assert_eq!(
            s.rows[2].cells,
            [(0, RawCell::Number(2.0)), (1, RawCell::Number(5.0))]
        );
    }
}
