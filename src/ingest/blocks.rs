//! Lists on which several lines below each other are about one person: `Nama / TTL / Alamat` over a name, below it the day of
//! birth, below that where somebody lives; only the first line has a number. The lines of a person become one row.

use super::columns;
use super::grid::{GridRow, Sheet};
use super::header::{BY_HAND, Header, text_of};
use super::rows::{Numbering, is_total, number_of, numbering};
use crate::clean::date;
use crate::domain::raw::{RawCell, RawColumn};
use crate::domain::{Field, normal};
use rustc_hash::FxHashMap;

/// How many rows below a header tell whether its list is one of these.
const LOOKED_AT: usize = 60;
/// Nobody has more lines.
const MOST: usize = 6;
/// Fewer persons show no order.
const PERSONS: usize = 2;

/// What became of the lines.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Lines that are no row of their own any more.
    pub lines: u64,
    /// Cells whose text was joined to that of the first line.
    pub joined: u64,
}

/// A numbered row and how many lines below it are about the same person, as places in the sheet's rows.
struct Block {
    at: usize,
    below: usize,
}

/// Makes one row of the lines of each person. What a heading of several parts (`Pidana / Ekspirasi`) names for a further line
/// becomes a column of its own, behind those of the sheet; other further lines are joined to the text of the first.
pub fn fold(sheet: &mut Sheet, header: &mut Header) -> Folded {
    let col_of = |f: Field| header.columns.iter().find(|c| c.field == Some(f));
    let (Some(number), Some(name)) = (col_of(Field::RowNo), col_of(Field::Name)) else {
        return Folded::default();
    };
    let (number, name) = (number.col, name.col);
    let Some((blocks, most)) = blocks(sheet, header, number, name) else {
        return Folded::default();
    };
    let last = sheet.rows.iter().filter_map(|r| r.cells.last());
    let last = last.map(|(c, _)| *c).max().unwrap_or_default();
    let mut places = Places::new(sheet, header, &blocks, (name, most), last + 1);
    let mut out = Folded::default();
    let mut gone = vec![false; sheet.rows.len()];
    for block in &blocks {
        let below = block.at + 1..=block.at + block.below.min(most);
        let lines: Vec<Vec<(u16, RawCell)>> = (below.clone())
            .map(|i| std::mem::take(&mut sheet.rows[i].cells))
            .collect();
        for i in below {
            gone[i] = true;
            out.lines += 1;
        }
        let first = &mut sheet.rows[block.at];
        for (line, cells) in lines.into_iter().enumerate() {
            for (col, cell) in cells {
                out.joined += u64::from(places.add(first, (col, line + 1), cell));
            }
        }
        first.cells.sort_by_key(|(c, _)| *c);
    }
    let mut gone = gone.into_iter();
    sheet.rows.retain(|_| !gone.next().unwrap_or_default());
    places.finish(header);
    out
}

/// The persons of a list and the most lines below the first; `None` where its rows are one a person.
fn blocks(sheet: &Sheet, header: &Header, number: u16, name: u16) -> Option<(Vec<Block>, usize)> {
    let first = header.at + header.rows;
    let named = |r: &GridRow| r.cells.binary_search_by_key(&name, |(c, _)| *c).is_ok();
    let numbered = |r: &GridRow| {
        r.cells.first().is_some_and(|(c, _)| *c == number) && number_of(r).is_some() && named(r)
    };
    // Who has a number, a sex, or a day of coming of his own is somebody else.
    let own = |h: &RawColumn| {
        use Field as F;
        let field = matches!(
            h.field,
            Some(F::Nik | F::RegisterNo | F::ClientNo | F::Sex | F::AdmissionDate | F::StartDate)
        );
        field && parts_of(&h.header).len() == 1
    };
    let known = |c: u16| header.columns.iter().any(|h| h.col == c && !own(h));
    let goes_on = |r: &GridRow, before: &GridRow| {
        let text = r.cells.first().and_then(|(_, c)| text_of(c));
        let text = text.unwrap_or_default();
        r.row == before.row + 1
            && r.cells.len() <= header.columns.len()
            && r.cells.iter().all(|(c, _)| *c != number && known(*c))
            && numbering(text) == Numbering::None
            && !is_total(&normal(text))
    };
    // Cheap before dear: nearly every list has one row a person.
    let near = sheet.rows.get(first..)?;
    let near = &near[..near.len().min(LOOKED_AT)];
    let persons = near.iter().filter(|r| numbered(r)).count();
    let further = near.windows(2);
    let further = further.filter(|w| !numbered(&w[1]) && named(&w[1]) && goes_on(&w[1], &w[0]));
    if persons < PERSONS || further.count() * 10 < persons * 7 {
        return None;
    }
    let mut out: Vec<Block> = Vec::new();
    let mut open = false;
    for at in first..sheet.rows.len() {
        let row = &sheet.rows[at];
        if numbered(row) {
            out.push(Block { at, below: 0 });
            open = true;
        } else if open && goes_on(row, &sheet.rows[at - 1]) {
            if let Some(b) = out.last_mut() {
                b.below += 1;
            }
        } else {
            open = false;
        }
    }
    let parts = header.columns.iter().find(|c| c.col == name);
    let parts = parts.map_or(1, |c| parts_of(&c.header).len());
    let with = |n: usize| out.iter().filter(|b| b.below >= n).count();
    let most = if parts >= 2 {
        parts - 1
    } else {
        // Without a word for them in the heading the lines must be as many for nearly everybody, and look like none of names.
        let usual = (1..=MOST).max_by_key(|n| out.iter().filter(|b| b.below == *n).count())?;
        let as_usual = out.iter().filter(|b| b.below == usual).count();
        let second = out
            .iter()
            .filter_map(|b| cell(sheet, b.at + 1, name).filter(|_| b.below > 0));
        let (mut all, mut about) = (0, 0);
        for c in second {
            all += 1;
            about += usize::from(about_somebody(c).is_some());
        }
        if as_usual * 10 < out.len() * 8 || about * 10 < all * 7 {
            return None;
        }
        usual
    };
    (out.len() >= PERSONS && with(1) * 10 >= out.len() * 6).then_some((out, most.min(MOST)))
}

fn cell(sheet: &Sheet, at: usize, col: u16) -> Option<&RawCell> {
    let row = sheet.rows.get(at)?;
    let i = row.cells.binary_search_by_key(&col, |(c, _)| *c).ok()?;
    Some(&row.cells[i].1)
}

/// What a line below a name tells of the person without a heading: where and when born, the NIK, whose child.
fn about_somebody(cell: &RawCell) -> Option<Field> {
    let text = match cell {
        RawCell::Text(t) => t,
        RawCell::Number(n) => return (*n >= 1.1e15 && *n < 1e16).then_some(Field::Nik),
        RawCell::Date(_) => return Some(Field::BirthDate),
        RawCell::Empty | RawCell::Bool(_) | RawCell::Error(_) => return None,
    };
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let n = normal(text);
    let (place, day) = date::place_and_date(text);
    match () {
        () if digits == 16 && !text.chars().any(char::is_alphabetic) => Some(Field::Nik),
        () if place.len() >= 3 && day.date().is_some_and(|d| d.is_known()) => {
            Some(Field::BirthPlaceDate)
        }
        () if ["anak dari", "bin", "binti", "putra dari", "putri dari"]
            .iter()
            .any(|w| n.strip_prefix(w).is_some_and(|r| r.starts_with(' '))) =>
        {
            Some(Field::ParentName)
        }
        () => None,
    }
}

/// The parts of a heading, one a line: of the lowest of its rows.
fn parts_of(header: &str) -> Vec<&str> {
    let last = header.rsplit(" / ").next().unwrap_or(header);
    let parts = last.split(['/', '\n', ';']).map(str::trim);
    let parts: Vec<&str> = parts.filter(|p| !p.is_empty()).collect();
    // `L/P`, `s/d`
    if parts.iter().any(|p| p.chars().count() < 3) {
        return vec![last];
    }
    parts
}

/// Where the cells of further lines go: column of the sheet and line, and the column that holds them from now on.
struct Places {
    own: FxHashMap<(u16, usize), u16>,
    headings: FxHashMap<(u16, usize), (String, Option<Field>)>,
    next: u16,
    made: Vec<(u16, u16, usize)>,
    /// Columns whose heading was divided: what it says of the first line.
    divided: FxHashMap<u16, String>,
}

impl Places {
    fn new(
        sheet: &Sheet,
        header: &Header,
        blocks: &[Block],
        (name, most): (u16, usize),
        next: u16,
    ) -> Places {
        let mut headings = FxHashMap::default();
        let mut divided = FxHashMap::default();
        for c in &header.columns {
            let parts = parts_of(&c.header);
            // `L/P` over one line names two things of one line.
            let filled = |line: usize| {
                let has = |b: &&Block| line <= b.below && cell(sheet, b.at + line, c.col).is_some();
                blocks.iter().filter(has).count()
            };
            let lines = 1..=most;
            if parts.len() >= 2 && filled(1) * 2 >= blocks.len() {
                divided.insert(c.col, parts[0].to_owned());
                for line in lines.filter(|l| *l < parts.len()) {
                    headings.insert((c.col, line), (parts[line].to_owned(), None));
                }
            } else if c.col == name {
                for line in lines {
                    let cells = blocks.iter().filter(|b| line <= b.below);
                    let cells = cells.filter_map(|b| cell(sheet, b.at + line, name));
                    let told: Vec<Option<Field>> = cells.map(about_somebody).collect();
                    let one = told.iter().flatten().next().copied();
                    let same = told.iter().filter(|f| f.is_some() && **f == one).count();
                    let field = one.filter(|_| same * 10 >= told.len() * 7);
                    let heading = format!("{} ({})", c.header, line + 1);
                    headings.insert((name, line), (heading, field));
                }
            }
        }
        Places {
            own: FxHashMap::default(),
            headings,
            next,
            made: Vec::new(),
            divided,
        }
    }

    /// Puts a cell of a further line into the first; `true` where its text was joined to that of another cell.
    fn add(&mut self, first: &mut GridRow, (col, line): (u16, usize), cell: RawCell) -> bool {
        let at = first.cells.iter().position(|(c, _)| *c == col);
        if !self.headings.contains_key(&(col, line)) {
            let Some(at) = at else {
                first.cells.push((col, cell));
                return false;
            };
            if let (RawCell::Text(a), RawCell::Text(b)) = (&first.cells[at].1, &cell) {
                first.cells[at].1 = RawCell::Text(format!("{a}, {b}").as_str().into());
                return true;
            }
        }
        let heading = self.headings.get(&(col, line)).map(|(h, _)| h.as_str());
        let cell = heading.map_or_else(|| cell.clone(), |h| without_label(&cell, h));
        let place = *self.own.entry((col, line)).or_insert_with(|| {
            self.next += 1;
            self.made.push((self.next - 1, col, line));
            self.next - 1
        });
        first.cells.push((place, cell));
        false
    }

    /// Gives the header the columns that were made.
    fn finish(self, header: &mut Header) {
        let heading = |col: u16, line: usize| {
            let known = self.headings.get(&(col, line)).cloned();
            known.unwrap_or_else(|| {
                let own = header.columns.iter().find(|c| c.col == col);
                let own = own.map(|c| c.header.to_string()).unwrap_or_default();
                (format!("{own} ({})", line + 1), None)
            })
        };
        let more: Vec<RawColumn> = (self.made.iter())
            .map(|&(place, col, line)| {
                let (text, by_values) = heading(col, line);
                let best = columns::options(&[&text])
                    .into_iter()
                    .find(|(_, c)| *c >= 0.6);
                let (field, confidence) = match (by_values, best) {
                    (Some(f), _) => (Some(f), BY_HAND),
                    (None, Some((f, c))) => (Some(f), c),
                    (None, None) => (None, 0.0),
                };
                RawColumn {
                    col: place,
                    header: text.as_str().into(),
                    field,
                    confidence,
                    point: None,
                    told: None,
                    needless: false,
                }
            })
            .collect();
        for c in &mut header.columns {
            if let Some(first) = self.divided.get(&c.col) {
                let best = columns::options(&[first])
                    .into_iter()
                    .find(|(_, c)| *c >= 0.6);
                c.header = first.as_str().into();
                if let Some((field, sure)) = best.filter(|_| c.confidence < BY_HAND) {
                    (c.field, c.confidence) = (Some(field), sure);
                }
            }
        }
        header.columns.extend(more);
    }
}

/// `Eks. 11/10/2034` below `Ekspirasi`, `NIK: 8171…` below `NIK`: the value without the word of its heading.
fn without_label(cell: &RawCell, heading: &str) -> RawCell {
    let stripped = text_of(cell).and_then(|t| {
        let end = t.find([' ', ':', '.'])?;
        let (word, rest) = t.split_at(end);
        let (word, heading) = (normal(word), normal(heading));
        let first = heading.split(' ').next().unwrap_or_default();
        let label = word.len() >= 2 && first.starts_with(&word);
        let rest = rest.trim_start_matches([' ', ':', '.']);
        (label && !rest.is_empty()).then(|| RawCell::Text(rest.into()))
    });
    stripped.unwrap_or_else(|| cell.clone())
}

#[cfg(test)]
mod tests {
    use super::super::header::find_header;
    use super::*;

    /// Headings, the rows below them, and what was folded.
    fn folded(rows: &[&[&str]]) -> (Vec<String>, Vec<Vec<String>>, Folded) {
        let mut s = Sheet::of_texts(rows);
        let Some(mut header) = find_header(&s, 0, None) else {
            return Default::default();
        };
        let out = fold(&mut s, &mut header);
        let columns = header.columns.iter().map(|c| c.header.to_string());
        let rows = s.rows[1..].iter().map(|r| {
            let texts = r.cells.iter().filter_map(|(_, c)| text_of(c));
            texts.map(str::to_owned).collect()
        });
        (columns.collect(), rows.collect(), out)
    }

    #[test]
    fn lines_below_a_name_become_cells_of_its_row() {
        let head: &[&str] = &["No", "Nama / TTL", "Perkara", "Pidana / Ekspirasi"];
        let (columns, rows, out) = folded(&[
            head,
            &["1", "Marthen Riry", "Pencurian", "3 tahun"],
            &["", "Kairatu, 3 Maret 1985", "362 KUHP", "Eks. 11/08/2027"],
            &["2", "Salamun Patty", "Narkotika", "2 tahun"],
            &["", "Luhu, 17 Mei 1992", "", "Eks. 19/08/2027"],
        ]);
        assert_eq!(
            columns,
            ["No", "Nama", "Perkara", "Pidana", "TTL", "Ekspirasi"]
        );
        assert_eq!(
            rows[0],
            [
                "1",
                "Marthen Riry",
                "Pencurian, 362 KUHP",
                "3 tahun",
                "Kairatu, 3 Maret 1985",
                "11/08/2027"
            ]
        );
        assert_eq!(rows.len(), 2);
        assert_eq!(
            out,
            Folded {
                lines: 2,
                joined: 1
            }
        );
    }

    #[test]
    fn names_without_a_number_are_persons_of_their_own() {
        let head: &[&str] = &["No", "Nama", "Alamat"];
        let rows: &[&[&str]] = &[
            head,
            &["1", "Kores Matital", "Piru"],
            &["", "Daud Elly", "Luhu"],
            &["2", "Husin Kakay", "Eti"],
            &["", "Abner Nurue", "Piru"],
        ];
        let (_, left, out) = folded(rows);
        assert_eq!((left.len(), out), (4, Folded::default()));
    }

    proptest::proptest! {
        #[test]
        fn no_cell_is_lost(cells in proptest::collection::vec(proptest::collection::vec("|1|2|Ana Patty|Ambon, 3 Mei 1990|x/y|12/1", 4), 0..14)) {
            let head = vec!["No".to_owned(), "Nama / TTL".into(), "Pidana / Ekspirasi".into(), "Ket".into()];
            let all: Vec<Vec<String>> = std::iter::once(head).chain(cells).collect();
            let texts: Vec<Vec<&str>> = all.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
            let rows: Vec<&[&str]> = texts.iter().map(Vec::as_slice).collect();
            let before = all[1..].iter().flatten().filter(|t| !t.is_empty()).count() as u64;
            let (columns, left, out) = folded(&rows);
            let after = left.iter().map(Vec::len).sum::<usize>() as u64;
            proptest::prop_assert!(columns.is_empty() || after + out.joined == before);
        }
    }
}
