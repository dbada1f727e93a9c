//! Which rows an Excel 97 workbook hides ([MS-XLS] 2.4.221 Row, 2.4.28 BoundSheet8); its cells are read by calamine.

use std::collections::BTreeMap;
use std::io::Read;

const BOUND_SHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;
const END: u16 = 0x000A;
const BEGIN: u16 = 0x0809;

/// Hidden rows (zero-based, sorted) by the number of the sheet. What is damaged is passed over: the cells decide whether
/// a workbook can be read.
pub fn hidden_rows<F: Read + std::io::Seek>(
    container: &mut cfb::CompoundFile<F>,
    most: u64,
) -> BTreeMap<usize, Vec<u32>> {
    let name = ["/Workbook", "/Book"]
        .into_iter()
        .find(|n| container.is_stream(n));
    let mut book = Vec::new();
    let read = name
        .and_then(|n| container.open_stream(n).ok())
        .and_then(|s| s.take(most).read_to_end(&mut book).ok());
    if read.is_none() {
        return BTreeMap::new();
    }
    of_stream(&book)
}

/// A record: its kind, its content, and where the next one begins.
fn record(book: &[u8], at: usize) -> Option<(u16, &[u8], usize)> {
    let head = book.get(at..at.checked_add(4)?)?;
    let kind = u16::from_le_bytes([head[0], head[1]]);
    let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
    let content = book.get(at + 4..at + 4 + length)?;
    Some((kind, content, at + 4 + length))
}

fn of_stream(book: &[u8]) -> BTreeMap<usize, Vec<u32>> {
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some((kind, content, next)) = record(book, at) {
        at = next;
        match (kind, content) {
            (BOUND_SHEET, [a, b, c, d, ..]) => starts.push(u32::from_le_bytes([*a, *b, *c, *d])),
            (END, _) => break,
            _ => {}
        }
    }
    let mut out = BTreeMap::new();
    for (i, start) in starts.into_iter().enumerate() {
        let mut at = start as usize;
        let (mut depth, mut rows) = (0u32, Vec::new());
        while let Some((kind, content, next)) = record(book, at) {
            at = next;
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => break,
                END => depth -= 1,
                // The bit that says that the row has no height.
                ROW if depth == 1 && content.len() >= 14 && content[12] & 0x20 != 0 => {
                    rows.push(u32::from(u16::from_le_bytes([content[0], content[1]])));
                }
                _ => {}
            }
        }
        if !rows.is_empty() {
            rows.sort_unstable();
            out.insert(i, rows);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(out: &mut Vec<u8>, kind: u16, content: &[u8]) {
        out.extend(kind.to_le_bytes());
        out.extend((content.len() as u16).to_le_bytes());
        out.extend(content);
    }

    #[test]
    fn rows_without_height_are_hidden_on_their_own_sheet() {
        let sheets: Vec<Vec<u8>> = [
            vec![(3u16, 0x20u8), (4, 0)],
            vec![],
            vec![(9, 0x20), (7, 0x21)],
        ]
        .into_iter()
        .map(|rows| {
            let mut s = Vec::new();
            put(&mut s, BEGIN, &[0; 16]);
            for (r, bits) in rows {
                let mut row = [0u8; 16];
                row[..2].copy_from_slice(&r.to_le_bytes());
                row[12] = bits;
                put(&mut s, ROW, &row);
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
        let found = of_stream(&book);
        assert_eq!(found, BTreeMap::from([(0, vec![3]), (2, vec![7, 9])]));
        for cut in 0..book.len() {
            let _ = of_stream(&book[..cut]);
        }
    }
}
