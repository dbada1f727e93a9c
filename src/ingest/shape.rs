//! A header by its shape where its words are not known: texts above rows of days and numbers, as wide as these.

use super::grid::{GridRow, Sheet};
use super::header::{Header, header_of, text_of};
use super::profile::{is_nik, is_person};
use super::sources::Source;
use crate::domain::Field;
use crate::domain::raw::RawCell;

/// How far down the first row of data is looked for, and how many rows of data are looked at.
const SEARCHED: usize = 60;
const LOOKED_AT: usize = 12;
/// Fewer columns are no list of people.
const NARROW: usize = 5;
/// Rows of a header at most.
const ROWS: usize = 3;

/// The header above the first rows that look like data, when those are of people.
pub fn find(sheet: &Sheet, from: usize, source: Option<&Source>) -> Option<Header> {
    let last = sheet.rows.len().min(from.saturating_add(SEARCHED));
    let data = (from + 1..last).find(|&i| {
        is_data(&sheet.rows[i])
            && (i + 1 >= sheet.rows.len()
                || (i + 1..(i + 3).min(sheet.rows.len())).any(|k| is_data(&sheet.rows[k])))
    })?;
    let rows: Vec<&GridRow> = sheet.rows[data..]
        .iter()
        .filter(|r| is_data(r))
        .take(LOOKED_AT)
        .collect();
    let wide = rows.iter().map(|r| r.cells.len()).max()?;
    // Between header and data may stand a row of column numbers and the first section.
    let mut bottom = data.checked_sub(1)?;
    while bottom > from && (is_numbered(&sheet.rows[bottom]) || sheet.rows[bottom].cells.len() == 1)
    {
        bottom -= 1;
    }
    let mut at = bottom;
    while at > from && bottom - at + 1 < ROWS && belongs(sheet, at - 1, at) {
        at -= 1;
    }
    let h = header_of(sheet, at, bottom - at + 1, source);
    let texts = (at..=bottom).all(|i| is_of_texts(&sheet.rows[i]));
    let known = h.columns.iter().filter(|c| c.field.is_some()).count();
    let person = h
        .columns
        .iter()
        .any(|c| matches!(c.field, Some(Field::Name | Field::Nik)) || holds_people(&rows, c.col));
    let enough = h.columns.len() >= NARROW && h.columns.len() * 5 >= wide * 4 && known >= 3;
    (texts && person && enough && known * 4 >= h.columns.len()).then_some(h)
}

/// At least as wide as a list, with two cells of days, numbers or codes.
fn is_data(row: &GridRow) -> bool {
    let marked = |c: &RawCell| match c {
        RawCell::Number(_) | RawCell::Date(_) => true,
        RawCell::Text(t) => {
            let digits = t.bytes().filter(u8::is_ascii_digit).count();
            digits >= 4 || (digits > 0 && digits == t.len())
        }
        _ => false,
    };
    row.cells.len() >= NARROW
        && row.cells.iter().filter(|(_, c)| marked(c)).count() >= 2
        && !is_numbered(row)
}

/// `1 2 3 4`: the numbers of the columns.
fn is_numbered(row: &GridRow) -> bool {
    let value = |c: &RawCell| match c {
        RawCell::Number(n) => Some(*n),
        RawCell::Text(t) => t.trim().parse().ok(),
        _ => None,
    };
    let numbers: Vec<f64> = row.cells.iter().filter_map(|(_, c)| value(c)).collect();
    numbers.len() >= 3
        && numbers.len() == row.cells.len()
        && numbers
            .windows(2)
            .all(|w| w[1] > w[0] && w[1] <= w[0] + 2.0)
}

/// Mostly texts without long numbers.
fn is_of_texts(row: &GridRow) -> bool {
    let plain =
        |c: &RawCell| text_of(c).is_some_and(|t| t.bytes().filter(u8::is_ascii_digit).count() < 5);
    row.cells.iter().filter(|(_, c)| plain(c)).count() * 10 >= row.cells.len() * 9
}

/// Whether a row above a header row is of the header: not a title, which stands alone in the first column.
fn belongs(sheet: &Sheet, above: usize, row: usize) -> bool {
    let (above, row) = (&sheet.rows[above], &sheet.rows[row]);
    let (Some((first, _)), Some((own, _))) = (above.cells.first(), row.cells.first()) else {
        return false;
    };
    let adjacent = above.row + 1 == row.row;
    // A title spans the sheet or stands alone at its left edge; a group stands above columns inside.
    let group = above.cells.len() >= 3 || first > own;
    adjacent && group && is_of_texts(above)
}

/// Most values of a column are identity numbers or names of people.
fn holds_people(rows: &[&GridRow], col: u16) -> bool {
    let values: Vec<&str> = rows
        .iter()
        .filter_map(|r| r.cells.iter().find(|(c, _)| *c == col))
        .filter_map(|(_, c)| text_of(c))
        .collect();
    let most = |n: usize| n * 10 >= rows.len() * 7 && n >= 2;
    let two_words = |t: &str| t.split_whitespace().count() >= 2;
    most(values.iter().filter(|t| is_nik(t)).count())
        || most(
            values
                .iter()
                .filter(|t| two_words(t) && is_person(t))
                .count(),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[&str] = &[
        "1",
        "Hengky Tomasoa",
        "1978-08-21",
        "Tulehu",
        "8171021203900001",
        "baik",
    ];
    const TWO: &[&str] = &[
        "2",
        "Siti Lestaluhu",
        "1984-04-22",
        "Waihaong",
        "8171024204840002",
        "",
    ];

    #[test]
    fn texts_above_data_of_people_are_a_header_whatever_they_say() {
        let s = Sheet::of_texts(&[
            &["YAYASAN PULIH"],
            &["", "Warga", "Lhr", "Ada di mana", "Tanda pengenal", "Kabar"],
            &["1", "2", "3", "4", "5", "6"],
            &["A. YANG LAMA"],
            ONE,
            TWO,
        ]);
        let h = find(&s, 0, None);
        assert_eq!(
            h.map(|h| (h.at, h.rows)),
            None,
            "three columns must be known"
        );
        let s = Sheet::of_texts(&[
            &["YAYASAN PULIH"],
            &["#", "Warga", "Tgl lhr", "Kel", "Tanda pengenal", "Kabar"],
            &["1", "2", "3", "4", "5", "6"],
            &["A. YANG LAMA"],
            ONE,
            TWO,
        ]);
        assert_eq!(find(&s, 0, None).map(|h| (h.at, h.rows)), Some((1, 1)));
    }

    #[test]
    fn groups_above_belong_to_it_and_titles_do_not() {
        let s = Sheet::of_texts(&[
            &["REKAP WARGA"],
            &["", "", "KELAHIRAN"],
            &["No", "Warga", "Tgl", "Kel", "NIK", "Ket"],
            ONE,
            TWO,
        ]);
        assert_eq!(find(&s, 0, None).map(|h| (h.at, h.rows)), Some((1, 2)));
    }

    #[test]
    fn a_table_of_no_people_is_none() {
        let s = Sheet::of_texts(&[
            &["No", "Uraian", "Nilai", "Tgl", "Ket", "Kode"],
            &["1", "kertas", "25000", "2026-01-03", "lunas", "5.1.02"],
            &["2", "tinta", "75000", "2026-01-04", "lunas", "5.1.03"],
        ]);
        assert!(find(&s, 0, None).is_none());
        for cut in 0..3 {
            assert!(find(&Sheet::of_texts(&[ONE, TWO][..cut.min(2)]), 0, None).is_none());
        }
    }
}
