//! Tables that stand side by side on one sheet: bands of columns, each with a header of its own.

use super::context::month_in;
use super::grid::{GridRow, Sheet};
use super::header::text_of;
use super::parts::subject;
use super::points::NAMES;
use super::profile::leads_with_name;
use super::recognise::candidates;
use super::spaced::joined;
use crate::clean::codes;
use crate::domain::Field;
use crate::domain::normal;
use crate::domain::raw::RawCell;

/// How far down the first header is looked for.
const SEARCHED: usize = 200;
/// How many rows below a header are looked at for names.
const LOOKED_AT: usize = 16;
/// Fewer header cells are no table.
const NARROW: usize = 3;

/// Whom a second group of name columns is about, where it is not another table's: the guarantor, the parents.
const RELATED: &[&str] = &[
    "penjamin",
    "orang",
    "tua",
    "ayah",
    "ibu",
    "wali",
    "keluarga",
    "istri",
    "suami",
    "korban",
    "saksi",
    "petugas",
    "pembimbing",
    "pk",
    "pendamping",
    "instruktur",
    "hakim",
    "jaksa",
    "penyidik",
    "ahli",
    "waris",
    "pelapor",
    "pelaku",
];

/// The sheet as one sheet a band: by far the most sheets are one, which is then left as it is.
pub fn split(sheet: &mut Sheet) -> Option<Vec<Sheet>> {
    let starts = starts(sheet)?;
    let heads = (starts.iter().enumerate())
        .map(|(k, &from)| head(sheet, from, starts.get(k + 1).copied()))
        .collect::<Option<Vec<usize>>>()?;
    let first = *heads.iter().min()?;
    let band_of = |col: u16| starts.partition_point(|s| *s <= col).saturating_sub(1);
    let unlike = {
        let mut headings = (heads.iter().enumerate()).map(|(k, &at)| {
            let inside = sheet.rows[at]
                .cells
                .iter()
                .filter(|(c, _)| band_of(*c) == k);
            let texts = inside.filter_map(|(_, v)| text_of(v)).map(normal);
            texts.collect::<Vec<String>>()
        });
        let one = headings.next();
        headings.any(|h| Some(&h) != one.as_ref())
    };
    // A title line above this one was seen.
    let mut titled = false;
    let mut bands: Vec<Sheet> = (starts.iter())
        .map(|_| Sheet {
            name: sheet.name.clone(),
            hidden: sheet.hidden,
            saved: sheet.saved,
            ..Sheet::default()
        })
        .collect();
    for (i, row) in std::mem::take(&mut sheet.rows).into_iter().enumerate() {
        let mut of: Vec<Vec<(u16, RawCell)>> = vec![Vec::new(); bands.len()];
        for (col, cell) in row.cells {
            of[band_of(col)].push((col, cell));
        }
        // What stands above all headers in one band alone is said of all of them, but for a title of its own.
        let alone = of.iter().filter(|cells| !cells.is_empty()).count() == 1;
        if i < first && alone {
            let title: Vec<(u16, RawCell)> = of.concat();
            let shared = title.first().and_then(|(col, c)| {
                let wide = (sheet.merges.iter())
                    .any(|m| m.0 == row.row && m.1 == *col && band_of(m.1) != band_of(m.3));
                let own = titled && i + 1 == first && unlike && !wide && is_own(c);
                if own { month_of(c) } else { Some(c.clone()) }
            });
            titled = true;
            for (k, cells) in of.iter_mut().enumerate().filter(|(_, c)| c.is_empty()) {
                cells.extend(shared.iter().map(|c| (starts[k], c.clone())));
            }
        }
        for (band, cells) in bands.iter_mut().zip(of).filter(|(_, c)| !c.is_empty()) {
            band.rows.push(GridRow {
                row: row.row,
                cells,
                hidden: row.hidden,
                struck: row.struck,
            });
        }
    }
    for m in sheet.merges.drain(..) {
        bands[band_of(m.1)].merges.push(m);
    }
    Some(bands)
}

/// Whether a line above one of two unlike tables is about that table alone: it names a service, or says that people came or left.
fn is_own(title: &RawCell) -> bool {
    text_of(title).is_some_and(|t| {
        let t = joined(t);
        codes::service_named(&t, "").is_some() || subject(&t).is_some()
    })
}

/// The month that a title names, as a line of its own: it is the sheet's.
fn month_of(title: &RawCell) -> Option<RawCell> {
    let month = month_in(text_of(title)?)?;
    let name = NAMES.get(month.month() as usize - 1)?;
    let line = format!("{name} {}", month.year());
    Some(RawCell::Text(line.as_str().into()))
}

/// The first column of every band; nothing where there is but one.
fn starts(sheet: &Sheet) -> Option<Vec<u16>> {
    let gaps = gaps(sheet);
    let rows = || sheet.rows.iter().take(SEARCHED);
    let repeated = rows().find_map(|row| repeated(sheet, row, &gaps));
    let numbered = || (0..rows().len()).find_map(|at| numbered(sheet, at));
    repeated.or_else(numbered).or_else(|| apart(sheet, &gaps))
}

/// Columns without a cell below the first rows that have at least two cells, between others that have some.
fn gaps(sheet: &Sheet) -> Vec<u16> {
    let last = (sheet.rows.iter())
        .filter_map(|r| r.cells.last())
        .map(|(c, _)| *c)
        .max();
    let width = usize::from(last.unwrap_or_default()) + 1;
    if width > 400 {
        return Vec::new();
    }
    let mut filled = vec![false; width];
    for row in sheet.rows.iter().filter(|r| r.cells.len() >= 2) {
        row.cells
            .iter()
            .for_each(|(c, _)| filled[usize::from(*c)] = true);
    }
    let first = filled.iter().position(|f| *f).unwrap_or(width);
    (first..width)
        .filter(|c| !filled[*c])
        .map(|c| c as u16)
        .collect()
}

fn is(field: Field, text: &str) -> bool {
    let wanted = text.len() <= 40
        && candidates(&joined(text))
            .first()
            .is_some_and(|(f, c)| *f == field && *c >= 0.9);
    wanted && !is_related(text)
}

fn is_related(text: &str) -> bool {
    normal(text).split(' ').any(|w| RELATED.contains(&w))
}

/// `Hubungan`, `Hub. Keluarga`: the people beside it are somebody's relations.
fn is_relation(text: &str) -> bool {
    let n = normal(text);
    matches!(n.split(' ').next(), Some("hubungan" | "hub" | "relasi"))
}

/// Whether a header cell is over the people of its table: it says so, or names of people stand below it.
fn over_people(sheet: &Sheet, at: usize, col: u16, text: &str) -> bool {
    is(Field::Name, text)
        || is(Field::Nik, text)
        || !is_number(text) && !is_related(text) && names_below(sheet, at, col)
}

/// Whether what stands in a column below a row is nearly all names of people, and not the same one.
fn names_below(sheet: &Sheet, at: usize, col: u16) -> bool {
    let below = sheet.rows[at + 1..].iter().take(LOOKED_AT);
    let cells = below.filter_map(|r| {
        let i = r.cells.binary_search_by_key(&col, |(c, _)| *c).ok()?;
        Some(&r.cells[i].1)
    });
    let (mut all, mut names) = (0, std::collections::BTreeSet::new());
    for cell in cells {
        all += 1;
        if let Some(t) = text_of(cell).filter(|t| t.contains(' ') && leads_with_name(t)) {
            names.insert(t);
        }
    }
    // A line below the rows may stand in the same column.
    !names.is_empty() && names.len() * 10 >= all * 7
}

/// The bands of a header row in which the number of the row stands twice, each time before people: `No | Nama | Ket | No |
/// Penerima | Jenis`.
fn numbered(sheet: &Sheet, at: usize) -> Option<Vec<u16>> {
    let row = &sheet.rows[at];
    let texts: Vec<(u16, &str)> = (row.cells.iter())
        .filter_map(|(c, v)| Some((*c, text_of(v)?)))
        .collect();
    if texts.len() < 2 * NARROW || texts.len() < row.cells.len() {
        return None;
    }
    let starts: Vec<u16> = (texts.iter())
        .filter(|(_, t)| is_number(t))
        .map(|(c, _)| *c)
        .collect();
    let of = |k: usize| {
        let end = starts.get(k + 1).copied().unwrap_or(u16::MAX);
        let from = starts[k];
        texts.iter().filter(move |(c, _)| (from..end).contains(c))
    };
    let table = |k: usize| {
        of(k).count() >= NARROW
            && of(k).any(|(c, t)| over_people(sheet, at, *c, t))
            && (k == 0 || !of(k).any(|(_, t)| is_relation(t)))
    };
    let two = starts.len() >= 2 && starts.first() == texts.first().map(|(c, _)| c);
    let related = |k: usize| above(sheet, row, starts[k], starts.get(k + 1).copied());
    (two && (0..starts.len()).all(table) && !(1..starts.len()).any(related)).then_some(starts)
}

fn is_number(text: &str) -> bool {
    matches!(
        normal(text).as_str(),
        "no" | "nomor" | "no urut" | "nomor urut"
    ) || text.trim() == "#"
}

/// The bands of a header row in which the name, or the NIK, stands twice.
fn repeated(sheet: &Sheet, row: &GridRow, gaps: &[u16]) -> Option<Vec<u16>> {
    let texts: Vec<(u16, &str)> = (row.cells.iter())
        .filter_map(|(c, v)| Some((*c, text_of(v)?)))
        .collect();
    if texts.len() < 2 * NARROW {
        return None;
    }
    // Cheap before dear: most rows repeat no text.
    let words: Vec<String> = texts.iter().map(|(_, t)| normal(t)).collect();
    let twice = words
        .iter()
        .enumerate()
        .any(|(i, w)| !w.is_empty() && words[..i].contains(w));
    if !twice {
        return None;
    }
    let of = |field| -> Vec<u16> {
        (texts.iter())
            .filter(|(_, t)| is(field, t))
            .map(|(c, _)| *c)
            .collect()
    };
    let (names, niks) = (of(Field::Name), of(Field::Nik));
    let people = if names.len() >= 2 { names } else { niks };
    if people.len() < 2 {
        return None;
    }
    let first = texts.first()?.0;
    let mut out = vec![first.min(people[0])];
    for pair in people.windows(2) {
        let (before, at) = (pair[0], pair[1]);
        let number = (texts.iter().rev()).find(|(c, t)| *c > before && *c < at && is_number(t));
        let gap = gaps
            .iter()
            .rev()
            .find(|g| **g > before && **g < at)
            .map(|g| g + 1);
        // Where the first table begins with the name, so does the next.
        let alike = (people[0] == first).then_some(at);
        let start = number.map(|(c, _)| *c).or(gap).or(alike)?;
        out.push(start);
    }
    let wide = |k: usize| {
        let end = out.get(k + 1).copied().unwrap_or(u16::MAX);
        texts
            .iter()
            .filter(|(c, _)| (out[k]..end).contains(c))
            .count()
            >= NARROW
    };
    let related = |k: usize| above(sheet, row, out[k], out.get(k + 1).copied());
    (out.len() >= 2 && (0..out.len()).all(wide) && !(1..out.len()).any(related)).then_some(out)
}

/// Whether the row above a band's header says that it is about somebody's relations.
fn above(sheet: &Sheet, row: &GridRow, from: u16, to: Option<u16>) -> bool {
    let Some(i) = sheet
        .rows
        .iter()
        .position(|r| r.row == row.row)
        .and_then(|i| i.checked_sub(1))
    else {
        return false;
    };
    let inside = |c: u16| c >= from && to.is_none_or(|t| c < t);
    let texts = sheet.rows[i]
        .cells
        .iter()
        .filter(|(c, _)| inside(*c))
        .filter_map(|(_, v)| text_of(v));
    texts
        .flat_map(|t| normal(t).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .any(|w| RELATED.contains(&w.as_str()))
}

/// Bands divided by an empty column, each with a header in a row of its own.
fn apart(sheet: &Sheet, gaps: &[u16]) -> Option<Vec<u16>> {
    let first = sheet
        .rows
        .iter()
        .filter_map(|r| r.cells.first())
        .map(|(c, _)| *c)
        .min()?;
    let mut out = vec![first];
    for (k, gap) in gaps.iter().enumerate() {
        // Of several empty columns beside each other the last divides.
        if gaps.get(k + 1) == Some(&(gap + 1)) {
            continue;
        }
        let start = gap + 1;
        let end = gaps[k + 1..].iter().find(|g| **g > start).copied();
        let left = *out.last()?;
        if has_header(sheet, left, Some(*gap)) && has_header(sheet, start, end) {
            out.push(start);
        }
    }
    (out.len() >= 2).then_some(out)
}

fn has_header(sheet: &Sheet, from: u16, to: Option<u16>) -> bool {
    head(sheet, from, to).is_some()
}

/// The first row in which a band has a header: a name or NIK among at least three texts, and rows below it.
fn head(sheet: &Sheet, from: u16, to: Option<u16>) -> Option<usize> {
    let inside = |c: u16| c >= from && to.is_none_or(|t| c < t);
    let at = (0..sheet.rows.len().min(SEARCHED)).find(|&at| {
        let row = &sheet.rows[at];
        let texts: Vec<(u16, &str)> = (row.cells.iter())
            .filter(|(c, _)| inside(*c))
            .filter_map(|(c, v)| Some((*c, text_of(v)?)))
            .collect();
        let alone = row.cells.iter().filter(|(c, _)| inside(*c)).count() == texts.len();
        let named = |(_, t): &(u16, &str)| is(Field::Name, t) || is(Field::Nik, t);
        let numbered = || texts.first().is_some_and(|(_, t)| is_number(t));
        let by_values = || {
            texts.iter().any(|(c, t)| over_people(sheet, at, *c, t))
                && !texts.iter().any(|(_, t)| is_relation(t))
        };
        alone && texts.len() >= NARROW && (texts.iter().any(named) || numbered() && by_values())
    })?;
    let below = sheet.rows[at + 1..].iter().take(SEARCHED);
    let filled = |r: &GridRow| r.cells.iter().filter(|(c, _)| inside(*c)).count() >= 2;
    below.into_iter().any(filled).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands(rows: &[&[&str]]) -> Vec<u16> {
        starts(&Sheet::of_texts(rows)).unwrap_or_default()
    }

    #[test]
    fn a_header_row_that_names_people_twice_is_of_two_tables() {
        let apart = [
            [
                "No",
                "Nama",
                "NIK",
                "Tgl Masuk",
                "",
                "No",
                "Nama",
                "NIK",
                "Tgl Bebas",
            ]
            .as_slice(),
            &[
                "1", "ANI", "8171", "1-1-2025", "", "1", "BUDI", "8172", "2-1-2026",
            ],
        ];
        assert_eq!(bands(&apart), [0, 5]);
        let close = [
            [
                "No",
                "Nama",
                "NIK",
                "Tgl Masuk",
                "No",
                "Nama",
                "NIK",
                "Tgl Bebas",
            ]
            .as_slice(),
            &[
                "1", "ANI", "8171", "1-1-2025", "1", "BUDI", "8172", "2-1-2026",
            ],
        ];
        assert_eq!(bands(&close), [0, 4]);
        let three = [
            [
                "Nama", "NIK", "L/P", "", "Nama", "NIK", "L/P", "", "Nama", "NIK", "L/P",
            ]
            .as_slice(),
            &["ANI", "1", "P", "", "BUDI", "2", "L", "", "CICI", "3", "P"],
        ];
        assert_eq!(bands(&three), [0, 4, 8]);
    }

    #[test]
    fn headers_of_different_rows_stand_apart_where_a_column_between_them_is_empty() {
        let rows = [
            ["No", "Nama", "NIK", "Tgl Masuk"].as_slice(),
            &[
                "1",
                "ANI",
                "8171",
                "1-1-2025",
                "",
                "No",
                "Nama WBP",
                "Tgl Bebas",
            ],
            &["2", "ECI", "8173", "1-1-2025", "", "1", "BUDI", "2-1-2026"],
        ];
        assert_eq!(bands(&rows), [0, 5]);
    }

    #[test]
    fn relations_of_the_same_people_are_no_second_table() {
        for rows in [
            [
                ["No", "Nama", "NIK", "Alamat", "Nama", "NIK", "Hubungan"].as_slice(),
                &["1", "ANI", "8171", "Passo", "BUDI", "8172", "suami"],
            ],
            [
                [
                    "No",
                    "Nama",
                    "NIK",
                    "Alamat",
                    "",
                    "Nama Penjamin",
                    "NIK Penjamin",
                    "Hubungan",
                ]
                .as_slice(),
                &["1", "ANI", "8171", "Passo", "", "BUDI", "8172", "suami"],
            ],
        ] {
            assert!(bands(&rows).is_empty());
        }
    }

    #[test]
    fn a_second_number_before_people_begins_another_table_whatever_its_headings() {
        let rows = [
            ["No", "Nama Peserta", "Hasil", "No", "Penerima", "Alat"].as_slice(),
            &["1", "ANI PATTY", "lulus", "1", "BUDI ELY", "oven"],
        ];
        assert_eq!(bands(&rows), [0, 3]);
        let rows = [
            ["No", "Nama", "Perkara", "No", "Putusan", "Tgl"].as_slice(),
            &["1", "ANI PATTY", "362", "12/Pid", "bebas", "1-1-2026"],
        ];
        assert!(bands(&rows).is_empty());
        let rows = [
            ["No", "Nama", "Perkara", "No", "Yang Menjamin", "Hubungan"].as_slice(),
            &["1", "ANI PATTY", "362", "1", "BUDI ELY", "suami"],
        ];
        assert!(bands(&rows).is_empty());
    }

    #[test]
    fn a_title_above_one_band_is_said_of_all() {
        let mut s = Sheet::of_texts(&[
            &["LPP KELAS III AMBON"],
            &["No", "Nama", "NIK", "", "No", "Nama", "NIK"],
            &["1", "ANI", "8171", "", "1", "BUDI", "8172"],
        ]);
        let bands = split(&mut s).unwrap();
        let first: Vec<Option<&str>> = bands
            .iter()
            .map(|b| text_of(&b.rows[0].cells[0].1))
            .collect();
        assert_eq!(first, [Some("LPP KELAS III AMBON"); 2]);
        assert_eq!(bands[1].rows[2].cells[0].0, 4);
    }
}
