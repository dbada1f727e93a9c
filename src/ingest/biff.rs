//! What an Excel 97 workbook claims before it is parsed ([MS-XLS] 2.4.28 BoundSheet8, 2.4.90 Dimensions, 2.4.221 Row): how
//! far its cells reach and which rows it hides. The cells are read by calamine, which fills every sheet out to its last
//! cell; two cells in opposite corners, or one damaged byte, would ask it for a hundred gigabytes. It is therefore handed
//! exactly the stream that was measured here.

use super::formulas::{Formulas, Outcome};
use super::grid::{Budget, EXPANDED, Fault, GridError};
use super::struck::Strokes;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek, Write};

const BOUND_SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const ROW: u16 = 0x0208;
const DIMENSIONS: u16 = 0x0200;
/// Kinds of records that put a cell somewhere: formula, number, two texts, truth or error, RK, shared text.
const CELLS: [u16; 7] = [0x0006, 0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD];
const SHARED_TEXT: u16 = 0x00FD;
/// Kinds of records that put words into a cell.
const TEXTS: [u16; 3] = [0x0204, 0x00D6, 0x00FD];
const FONT: u16 = 0x0031;
const STYLE: u16 = 0x00E0;
const MANY_NUMBERS: u16 = 0x00BD;
const SHARED_TEXTS: u16 = 0x00FC;
const CONTINUED: u16 = 0x003C;
/// A kind that no reader knows: what is to be passed over is renamed to it.
const NOTHING: u16 = 0x0FFF;
/// Columns of a sheet of this format.
const COLUMNS: u16 = 256;

/// The stream of records of a workbook, and what it is called in its container.
pub struct Book {
    name: &'static str,
    stream: Vec<u8>,
}

impl Book {
    /// Takes the stream out of its container; `most` bytes at the longest.
    ///
    /// # Errors
    /// There is none, it cannot be read, or it is longer.
    pub fn open<F: Read + Seek>(
        container: &mut cfb::CompoundFile<F>,
        most: u64,
    ) -> Result<Book, GridError> {
        let name = ["/Workbook", "/Book"]
            .into_iter()
            .find(|n| container.is_stream(n))
            .ok_or(GridError::Broken(Fault::NoWorkbook))?;
        let mut stream = Vec::new();
        let read = container.open_stream(name)?;
        read.take(most + 1).read_to_end(&mut stream)?;
        if stream.len() as u64 > most {
            return Err(GridError::TooLarge(EXPANDED));
        }
        Ok(Book { name, stream })
    }

    /// Takes from the budget what the sheets would fill, and makes the parser forget what they claim beyond it.
    ///
    /// # Errors
    /// More cells than the settings allow; a cell beyond the last column of the format.
    pub fn measure(&mut self, budget: &mut Budget) -> Result<(), GridError> {
        let lengths = shared_lengths(&self.stream);
        for start in starts(&self.stream) {
            let mut reach = Reach::default();
            let mut formulas = Reach::default();
            let mut claims = Vec::new();
            for (at, kind, content) in on_sheet(&self.stream, start) {
                match (kind, content) {
                    (DIMENSIONS, _) => claims.push(at),
                    (MANY_NUMBERS, [r0, r1, c0, c1, .., l0, l1]) => {
                        let row = u16::from_le_bytes([*r0, *r1]);
                        reach.add(row, u16::from_le_bytes([*c0, *c1]))?;
                        reach.add(row, u16::from_le_bytes([*l0, *l1]))?;
                    }
                    (SHARED_TEXT, [.., a, b, c, d]) if content.len() == 10 => {
                        // The text is held once for every cell that shows it.
                        let i = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
                        budget.text(lengths.get(i).copied().unwrap_or(0))?;
                        let at = |k: usize| u16::from_le_bytes([content[k], content[k + 1]]);
                        reach.add(at(0), at(2))?;
                    }
                    (_, [r0, r1, c0, c1, ..]) if CELLS.contains(&kind) => {
                        let (row, col) = (
                            u16::from_le_bytes([*r0, *r1]),
                            u16::from_le_bytes([*c0, *c1]),
                        );
                        reach.add(row, col)?;
                        if kind == CELLS[0] {
                            formulas.add(row, col)?;
                        }
                    }
                    _ => {}
                }
            }
            budget.take(reach.cells())?;
            budget.take(formulas.cells())?;
            for at in claims {
                self.stream[at..at + 2].copy_from_slice(&NOTHING.to_le_bytes());
            }
        }
        Ok(())
    }

    /// Hidden rows (zero-based, sorted) by the number of the sheet. What is damaged is passed over: the cells decide
    /// whether a workbook can be read.
    pub fn hidden_rows(&self) -> BTreeMap<usize, Vec<u32>> {
        let mut out = BTreeMap::new();
        for (i, start) in starts(&self.stream).into_iter().enumerate() {
            let mut rows: Vec<u32> = on_sheet(&self.stream, start)
                // The bit that says that the row has no height.
                .filter(|(_, kind, c)| *kind == ROW && c.len() >= 14 && c[12] & 0x20 != 0)
                .map(|(_, _, c)| u32::from(u16::from_le_bytes([c[0], c[1]])))
                .collect();
            if !rows.is_empty() {
                rows.sort_unstable();
                out.insert(i, rows);
            }
        }
        out
    }

    /// Words that are struck out, by sheet ([MS-XLS] 2.4.122 Font, 2.4.353 XF): nothing where no font strikes.
    pub fn strokes(&self) -> Vec<Strokes> {
        let styles = struck_styles(&self.stream);
        if !styles.contains(&true) {
            return Vec::new();
        }
        let of = |start| {
            let mut out = Strokes::default();
            for (_, kind, c) in on_sheet(&self.stream, start) {
                if let (true, [r0, r1, _, _, x0, x1, ..]) = (TEXTS.contains(&kind), c) {
                    let style = usize::from(u16::from_le_bytes([*x0, *x1]));
                    let struck = styles.get(style).copied().unwrap_or(false);
                    out.see(u32::from(u16::from_le_bytes([*r0, *r1])), struck);
                }
            }
            out
        };
        starts(&self.stream).into_iter().map(of).collect()
    }

    /// Formulas of every sheet: those whose stored result is the number 0 were perhaps never calculated.
    pub fn formulas(&self) -> Vec<Formulas> {
        let of = |start| {
            let mut out = Formulas::default();
            for (_, kind, c) in on_sheet(&self.stream, start) {
                if let (0x0006, [r0, r1, c0, c1, _, _, result @ ..]) = (kind, c) {
                    let zero = result.len() >= 8 && result[..8] == [0; 8];
                    let outcome = if zero {
                        Outcome::Zero
                    } else {
                        Outcome::Calculated
                    };
                    let (row, col) = (
                        u16::from_le_bytes([*r0, *r1]),
                        u16::from_le_bytes([*c0, *c1]),
                    );
                    out.see(u32::from(row), u32::from(col), outcome);
                }
            }
            out
        };
        starts(&self.stream).into_iter().map(of).collect()
    }

    /// A sound container that holds nothing but the stream.
    ///
    /// # Errors
    /// It cannot be written, which memory never refuses.
    pub fn container(self) -> std::io::Result<Cursor<Vec<u8>>> {
        let memory = Cursor::new(Vec::new());
        let mut out = cfb::CompoundFile::create_with_version(cfb::Version::V3, memory)?;
        out.create_stream(self.name)?.write_all(&self.stream)?;
        out.flush()?;
        Ok(out.into_inner())
    }
}

/// The rectangle in which cells lie.
#[derive(Default)]
struct Reach(Option<[u16; 4]>);

impl Reach {
    fn add(&mut self, row: u16, col: u16) -> Result<(), GridError> {
        if col >= COLUMNS {
            return Err(GridError::Broken(Fault::BeyondColumns));
        }
        let [top, bottom, left, right] = self.0.unwrap_or([row, row, col, col]);
        self.0 = Some([top.min(row), bottom.max(row), left.min(col), right.max(col)]);
        Ok(())
    }

    fn cells(&self) -> u64 {
        self.0.map_or(0, |[top, bottom, left, right]| {
            (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1)
        })
    }
}

/// A record: its kind, its content, and where the next one begins.
fn record(book: &[u8], at: usize) -> Option<(u16, &[u8], usize)> {
    let head = book.get(at..at.checked_add(4)?)?;
    let kind = u16::from_le_bytes([head[0], head[1]]);
    let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
    let content = book.get(at + 4..at + 4 + length)?;
    Some((kind, content, at + 4 + length))
}

/// Bytes of every shared text ([MS-XLS] 2.4.265 SST, 2.5.293 XLUnicodeRichExtendedString); of a damaged table, of those
/// before the damage.
fn shared_lengths(book: &[u8]) -> Vec<usize> {
    let mut pieces: Vec<&[u8]> = Vec::new();
    let mut at = 0;
    while let Some((kind, content, next)) = record(book, at) {
        at = next;
        match kind {
            SHARED_TEXTS => pieces = vec![content],
            CONTINUED if !pieces.is_empty() => pieces.push(content),
            END => break,
            _ if !pieces.is_empty() => break,
            _ => {}
        }
    }
    let mut out = Vec::new();
    let Some(first) = pieces.first_mut() else {
        return out;
    };
    *first = first.get(8..).unwrap_or_default();
    let mut from = Pieces {
        pieces,
        piece: 0,
        at: 0,
    };
    while let Some(length) = from.text() {
        out.push(length);
    }
    out
}

/// A record with those that continue it.
struct Pieces<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl Pieces<'_> {
    fn left(&self) -> usize {
        self.pieces
            .get(self.piece)
            .map_or(0, |p| p.len().saturating_sub(self.at))
    }

    /// Moves to the next piece when this one is read.
    fn turn(&mut self) -> Option<()> {
        while self.left() == 0 {
            self.piece += 1;
            self.at = 0;
            if self.piece >= self.pieces.len() {
                return None;
            }
        }
        Some(())
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        self.turn()?;
        let own = self.pieces.get(self.piece)?.get(self.at..self.at + bytes)?;
        self.at += bytes;
        Some(own.iter().rev().fold(0, |n, b| n << 8 | usize::from(*b)))
    }

    fn pass(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            self.turn()?;
            let now = bytes.min(self.left());
            self.at += now;
            bytes -= now;
        }
        Some(())
    }

    /// Passes a text and returns how many bytes it has.
    fn text(&mut self) -> Option<usize> {
        let mut characters = self.number(2)?;
        let length = characters;
        let mut flags = self.number(1)?;
        let runs = if flags & 8 != 0 { self.number(2)? } else { 0 };
        let extended = if flags & 4 != 0 { self.number(4)? } else { 0 };
        while characters > 0 {
            if self.left() == 0 {
                self.turn()?;
                // A piece that goes on with a text says anew how its characters are written.
                flags = self.number(1)?;
            }
            let wide = 1 + (flags & 1);
            let now = characters.min(self.left() / wide);
            if now == 0 {
                return None;
            }
            self.at += now * wide;
            characters -= now;
        }
        self.pass(runs * 4 + extended)?;
        Some(length)
    }
}

/// Whether each cell style of a workbook strikes words out.
fn struck_styles(book: &[u8]) -> Vec<bool> {
    let (mut fonts, mut out) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some((kind, content, next)) = record(book, at) {
        at = next;
        match (kind, content) {
            (FONT, [_, _, flags, ..]) => fonts.push(flags & 0x08 != 0),
            (STYLE, [a, b, ..]) => {
                let i = usize::from(u16::from_le_bytes([*a, *b]));
                // No font has the number 4.
                let i = if i > 4 { i - 1 } else { i };
                out.push(fonts.get(i).copied().unwrap_or(false));
            }
            (END, _) => break,
            _ => {}
        }
    }
    out
}

/// Where the sheets begin in the stream.
fn starts(book: &[u8]) -> Vec<usize> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some((kind, content, next)) = record(book, at) {
        at = next;
        match (kind, content) {
            (BOUND_SHEET, [a, b, c, d, ..]) => {
                out.push(u32::from_le_bytes([*a, *b, *c, *d]) as usize);
            }
            (END, _) => break,
            _ => {}
        }
    }
    out
}

/// The records of a sheet with where each begins, without those of charts inside it.
fn on_sheet(book: &[u8], start: usize) -> impl Iterator<Item = (usize, u16, &[u8])> {
    let (mut at, mut begun, mut depth) = (start, false, 0u32);
    std::iter::from_fn(move || {
        loop {
            let (kind, content, next) = record(book, at)?;
            let here = std::mem::replace(&mut at, next);
            match kind {
                BEGIN if begun => depth += 1,
                BEGIN => begun = true,
                END if depth == 0 => return None,
                END => depth -= 1,
                _ if depth == 0 => return Some((here, kind, content)),
                _ => {}
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(out: &mut Vec<u8>, kind: u16, content: &[u8]) {
        out.extend(kind.to_le_bytes());
        out.extend((content.len() as u16).to_le_bytes());
        out.extend(content);
    }

    /// A workbook of sheets with these records.
    fn workbook(sheets: &[Vec<(u16, Vec<u8>)>]) -> Vec<u8> {
        let sheets: Vec<Vec<u8>> = sheets
            .iter()
            .map(|records| {
                let mut s = Vec::new();
                put(&mut s, BEGIN, &[0; 16]);
                for (kind, content) in records {
                    put(&mut s, *kind, content);
                }
                put(&mut s, END, &[]);
                s
            })
            .collect();
        let mut book = Vec::new();
        put(&mut book, BEGIN, &[0; 16]);
        let head = book.len() + sheets.len() * 12 + 4;
        let mut at = head;
        for s in &sheets {
            put(
                &mut book,
                BOUND_SHEET,
                &[&(at as u32).to_le_bytes()[..], &[0; 4]].concat(),
            );
            at += s.len();
        }
        put(&mut book, END, &[]);
        assert_eq!(book.len(), head);
        for s in &sheets {
            book.extend(s);
        }
        book
    }

    fn book(stream: Vec<u8>) -> Book {
        Book {
            name: "/Workbook",
            stream,
        }
    }

    fn budget(cells: u64) -> Budget {
        Budget::of(&crate::workspace::Limits {
            cells,
            ..Default::default()
        })
    }

    #[test]
    fn rows_without_height_are_hidden_on_their_own_sheet() {
        let row = |r: u16, bits: u8| {
            let mut row = [0u8; 16];
            row[..2].copy_from_slice(&r.to_le_bytes());
            row[12] = bits;
            (ROW, row.to_vec())
        };
        let stream = workbook(&[
            vec![row(3, 0x20), row(4, 0)],
            vec![],
            vec![row(9, 0x20), row(7, 0x21)],
        ]);
        let found = book(stream.clone()).hidden_rows();
        assert_eq!(found, BTreeMap::from([(0, vec![3]), (2, vec![7, 9])]));
        for cut in 0..stream.len() {
            let mut cut = book(stream[..cut].to_vec());
            let _ = (cut.hidden_rows(), cut.measure(&mut budget(10)));
        }
    }

    #[test]
    fn two_cells_cost_the_rectangle_between_them() {
        let number = |r: u16, c: u16| {
            let at = [r.to_le_bytes(), c.to_le_bytes()].concat();
            (0x0203, [at, vec![0; 10]].concat())
        };
        let cost = |cells: &[(u16, Vec<u8>)], most: u64| {
            book(workbook(&[cells.to_vec()])).measure(&mut budget(most))
        };
        let far = [number(0, 0), number(65_535, 255)];
        assert!(cost(&far, 65_536 * 256).is_ok());
        let dear = cost(&far, 65_536 * 256 - 1);
        assert!(matches!(dear, Err(GridError::TooLarge("limits.cells"))));
        // A column that the format does not have; and the same inside a chart, where it is no cell.
        let beyond = number(0, 256);
        let broken = cost(std::slice::from_ref(&beyond), 1 << 40);
        assert!(matches!(broken, Err(GridError::Broken(_))));
        let chart = [(BEGIN, vec![0; 16]), beyond, (END, vec![]), number(1, 1)];
        assert!(cost(&chart, 1).is_ok());
        // Formulas are kept twice.
        let formula = [(0x0006, vec![0; 30])];
        assert!(cost(&formula, 2).is_ok() && cost(&formula, 1).is_err());
    }

    #[test]
    fn a_long_text_costs_as_often_as_it_is_shown() {
        // Two texts, the second in wide characters and cut by the end of its record.
        let mut table = vec![0u8; 8];
        table.extend([3, 0, 0, b'a', b'b', b'c']);
        table.extend([4, 0, 1, b'w', 0, b'x', 0]);
        let more = [vec![0u8], b"yz".to_vec(), vec![1, 0, 0, b'q']].concat();
        let mut stream = Vec::new();
        put(&mut stream, BEGIN, &[0; 16]);
        put(&mut stream, SHARED_TEXTS, &table);
        put(&mut stream, CONTINUED, &more);
        put(&mut stream, END, &[]);
        assert_eq!(shared_lengths(&stream), [3, 4, 1]);
        for cut in 0..stream.len() {
            let _ = shared_lengths(&stream[..cut]);
        }
        let long = [vec![0u8; 8], vec![0, 0x20, 0], vec![b'x'; 0x2000]].concat();
        let shown: Vec<(u16, Vec<u8>)> = (0..100u16)
            .map(|r| (SHARED_TEXT, [r.to_le_bytes().to_vec(), vec![0; 8]].concat()))
            .collect();
        let mut stream = workbook(&[shown]);
        let mut head = Vec::new();
        put(&mut head, SHARED_TEXTS, &long);
        // The table stands before the list of sheets, whose places it moves.
        let begin = 20;
        stream.splice(begin..begin, head.iter().copied());
        let place = begin + head.len() + 4;
        let moved =
            u32::from_le_bytes(stream[place..place + 4].try_into().unwrap()) + head.len() as u32;
        stream[place..place + 4].copy_from_slice(&moved.to_le_bytes());
        let cost = |most| book(stream.clone()).measure(&mut budget(most)).is_ok();
        assert!(cost(100 * 258) && !cost(100 * 256));
    }

    #[test]
    fn claims_of_a_sheet_are_forgotten_and_the_rest_is_as_it_was() {
        let claim = (
            DIMENSIONS,
            [0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0].to_vec(),
        );
        let stream = workbook(&[vec![claim.clone(), (0x0203, vec![0; 14])]]);
        let mut b = book(stream.clone());
        b.measure(&mut budget(1)).unwrap();
        let changed: Vec<_> = (0..stream.len())
            .filter(|i| b.stream[*i] != stream[*i])
            .collect();
        assert_eq!(changed.len(), 2);
        assert_eq!(stream[changed[0]..changed[0] + 2], DIMENSIONS.to_le_bytes());
        let measured = b.stream.clone();
        let mut container = cfb::CompoundFile::open(b.container().unwrap()).unwrap();
        assert_eq!(
            Book::open(&mut container, 1 << 20).unwrap().stream,
            measured
        );
        let small = Book::open(&mut container, 10);
        assert!(matches!(small, Err(GridError::TooLarge(_))));
    }
}
