//! Text tables: encoding and delimiter found from the beginning of the content, the rest streamed.

use super::grid::{Budget, GridError, GridRow, Sheet};
use crate::domain::raw::RawCell;
use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::Read;

/// How much of a file is looked at to find its encoding and delimiter.
const HEAD: usize = 1 << 18;

/// Whether it starts as UTF-16 does, with or without a byte-order mark.
pub fn looks_utf16(content: &[u8]) -> bool {
    utf16(content).is_some()
}

fn utf16(content: &[u8]) -> Option<&'static Encoding> {
    match content {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => {
            let head = &content[..content.len().min(512)];
            let zeros = |k: usize| head.iter().skip(k).step_by(2).filter(|&&b| b == 0).count();
            let half = head.len() / 2;
            // Latin text in UTF-16 has a zero in every other byte.
            if half >= 8 && zeros(1) * 10 > half * 9 && zeros(0) == 0 {
                Some(UTF_16LE)
            } else if half >= 8 && zeros(0) * 10 > half * 9 && zeros(1) == 0 {
                Some(UTF_16BE)
            } else {
                None
            }
        }
    }
}

/// Whether bytes are a text with at most stray control characters, and no program's data.
pub fn looks_text(head: &[u8]) -> bool {
    let strange = head
        .iter()
        .filter(|&&b| b < 9 || (14..32).contains(&b))
        .count();
    strange * 50 <= head.len() + 50
}

/// One form for every text: a line ends in `\n`, a line with nothing in it holds one blank (so that rows keep their
/// numbers), no zero bytes, no byte-order mark, UTF-16 turned into UTF-8. Eight-bit text passes as it is.
struct Plain<R> {
    inner: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    out: Vec<u8>,
    at: usize,
    line_empty: bool,
    after_cr: bool,
    first: bool,
    done: bool,
    zeros: u64,
}

impl<R: Read> Plain<R> {
    fn new(inner: R, encoding: Option<&'static Encoding>) -> Self {
        Plain {
            inner,
            decoder: encoding.map(Encoding::new_decoder_with_bom_removal),
            raw: vec![0; 1 << 16],
            out: Vec::with_capacity(1 << 17),
            at: 0,
            line_empty: true,
            after_cr: false,
            first: true,
            done: false,
            zeros: 0,
        }
    }

    fn fill(&mut self) -> std::io::Result<()> {
        self.out.clear();
        self.at = 0;
        let n = self.inner.read(&mut self.raw)?;
        self.done = n == 0;
        let decoded;
        let mut bytes: &[u8] = &self.raw[..n];
        if let Some(d) = &mut self.decoder {
            let mut text = String::with_capacity(n * 3 + 16);
            let _ = d.decode_to_string(bytes, &mut text, n == 0);
            decoded = text;
            bytes = decoded.as_bytes();
        } else if self.first && n > 0 {
            bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        }
        self.first = false;
        for &b in bytes {
            match b {
                b'\n' if self.after_cr => self.after_cr = false,
                b'\n' | b'\r' => {
                    if self.line_empty {
                        self.out.push(b' ');
                    }
                    self.out.push(b'\n');
                    self.line_empty = true;
                    self.after_cr = b == b'\r';
                }
                0 => self.zeros += 1,
                b => {
                    self.out.push(b);
                    self.line_empty = false;
                    self.after_cr = false;
                }
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Plain<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.out.len() && !self.done {
            self.fill()?;
        }
        let n = buf.len().min(self.out.len() - self.at);
        buf[..n].copy_from_slice(&self.out[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// The delimiter that splits the first lines most evenly.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text
        .lines()
        .filter(|l| !l.trim().is_empty())
        .take(200)
        .collect();
    let score = |d: char| -> (usize, usize) {
        let counts: Vec<usize> = lines
            .iter()
            .map(|l| fields(l, d))
            .filter(|&n| n > 1)
            .collect();
        let Some(&most) = counts.iter().max() else {
            return (0, 0);
        };
        let mode = (2..=most.min(20_000))
            .max_by_key(|m| counts.iter().filter(|c| *c == m).count())
            .unwrap_or(0);
        (counts.iter().filter(|&&c| c == mode).count(), mode)
    };
    [';', ',', '\t', '|']
        .into_iter()
        .max_by_key(|&d| score(d))
        .map_or(b',', |d| d as u8)
}

/// Fields of a line, delimiters inside quotes not counted.
fn fields(line: &str, d: char) -> usize {
    let mut quoted = false;
    1 + line
        .chars()
        .filter(|&c| {
            if c == '"' {
                quoted = !quoted;
            }
            c == d && !quoted
        })
        .count()
}

/// UTF-8 where it is, else Windows-1252: what offices here write, field by field, so that lists pasted together read.
pub fn decoded(field: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(field) {
        Ok(s) => s.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(field).0,
    }
}

/// Reads a text table as one sheet; every cell is text. Streams: memory is that of the filled cells.
pub fn read(input: impl Read, budget: &mut Budget) -> Result<Vec<Sheet>, GridError> {
    let mut sheet = Sheet::default();
    visit(input, &mut |row, record| {
        let mut cells: Vec<(u16, RawCell)> = Vec::with_capacity(record.len().min(256));
        for (c, field) in record.iter().enumerate().take(16_384) {
            if field.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let text = decoded(field);
            let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}');
            if !text.is_empty() {
                cells.push((c as u16, RawCell::Text(text.into())));
            }
        }
        if !cells.is_empty() {
            budget.row(cells.len())?;
            sheet.rows.push(GridRow {
                row,
                cells,
                hidden: false,
            });
        }
        Ok(())
    })?;
    Ok(vec![sheet])
}

/// Shows every row of a text table with its zero-based number on the sheet; holds one at a time.
pub fn visit(
    input: impl Read,
    each: &mut dyn FnMut(u32, &csv::ByteRecord) -> Result<(), GridError>,
) -> Result<(), GridError> {
    let broken = |e: &dyn std::fmt::Display| GridError::Broken(e.to_string());
    let mut input = input;
    let mut start = Vec::with_capacity(1 << 10);
    (&mut input)
        .take(512)
        .read_to_end(&mut start)
        .map_err(|e| broken(&e))?;
    let encoding = utf16(&start);
    let mut plain = Plain::new(std::io::Cursor::new(start).chain(input), encoding);
    let mut head = Vec::with_capacity(HEAD);
    (&mut plain)
        .take(HEAD as u64)
        .read_to_end(&mut head)
        .map_err(|e| broken(&e))?;
    let d = delimiter(&decoded(&head));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(d)
        .buffer_capacity(1 << 16)
        .from_reader(std::io::Cursor::new(head).chain(plain));
    let mut record = csv::ByteRecord::new();
    let (mut row, mut next) = (0u64, 0u64);
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(e) => return Err(broken(&e)),
        }
        if let Some(p) = record.position() {
            row = p.line().saturating_sub(1);
        }
        row = row.max(next);
        next = row + 1;
        if record.iter().take(16_384).any(|f| f.len() > 32_767) {
            // No cell of a spreadsheet is as long: a quote was opened and never closed.
            return Err(GridError::Broken(format!(
                "unclosed quote at row {}",
                row + 1
            )));
        }
        each(u32::try_from(row).unwrap_or(u32::MAX), &record)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Limits;

    fn sheet(content: &[u8]) -> Sheet {
        let limits = Limits::default();
        read(content, &mut Budget::of(&limits)).unwrap().remove(0)
    }

    fn first(content: &[u8]) -> Vec<String> {
        let text = |c: &RawCell| {
            if let RawCell::Text(t) = c {
                t.to_string()
            } else {
                String::new()
            }
        };
        sheet(content).rows[0]
            .cells
            .iter()
            .map(|(_, c)| text(c))
            .collect()
    }

    #[test]
    fn delimiters_and_encodings_are_found() {
        assert_eq!(
            first(b"Nama;Tgl, Lahir\nA;1\nB;2\n"),
            ["Nama", "Tgl, Lahir"]
        );
        assert_eq!(first("\u{feff}Nama,NIK\nA,1\n".as_bytes()), ["Nama", "NIK"]);
        assert_eq!(first(b"Nama;Ket\nJos\xe9;x\n"), ["Nama", "Ket"]);
        let utf16: Vec<u8> = "Nama\tNIK\r\nA\t1\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(first(&utf16), ["Nama", "NIK"]);
    }

    #[test]
    fn lines_of_both_encodings_in_one_file_read() {
        let s = sheet(b"Nama,Ket\nJos\xe9,x\nJos\xc3\xa9,y\n");
        assert_eq!(s.rows[1].cells[0].1, s.rows[2].cells[0].1);
    }

    #[test]
    fn rows_keep_their_numbers_through_empty_lines_line_ends_and_zero_bytes() {
        for (text, rows) in [
            (&b"a,b\n\n\nc,d\n"[..], [0, 3]),
            (b"a,b\r\n\r\n\r\nc,d\r\n", [0, 3]),
            (b"a,b\r\r\rc,d\r", [0, 3]),
            (b"\n\na,b\nc,d", [2, 3]),
            (b"a\0,b\n\0\nc,\0d", [0, 2]),
        ] {
            let got: Vec<u32> = sheet(text).rows.iter().map(|r| r.row).collect();
            assert_eq!(
                got,
                rows,
                "{}",
                String::from_utf8_lossy(text).escape_debug()
            );
        }
        // A quoted field may hold lines of its own: the next row stands below them.
        let got: Vec<u32> = sheet(b"a,\"x\ny\",b\nc,d,e\n")
            .rows
            .iter()
            .map(|r| r.row)
            .collect();
        assert_eq!(got, [0, 2]);
    }

    #[test]
    fn a_text_longer_than_what_is_looked_at_first_reads_whole() {
        let mut text = String::from("Nama;Ket\n");
        for i in 0..60_000 {
            text.push_str(&format!("orang {i};x\n"));
        }
        let s = sheet(text.as_bytes());
        assert_eq!(s.rows.len(), 60_001);
        assert_eq!(s.rows[60_000].row, 60_000);
    }

    #[test]
    fn a_file_beyond_the_budget_is_refused_and_not_read_to_the_end() {
        let limits = Limits {
            cells: 1_000,
            ..Limits::default()
        };
        let endless = std::io::repeat(b'a').take(5_000_000);
        let mut lines = b"Nama,NIK\n".to_vec();
        lines.extend(b"a,1\n".repeat(10_000));
        let e = read(&lines[..], &mut Budget::of(&limits)).unwrap_err();
        assert_eq!(e.rule(), "ingest.too_large");
        assert!(read(endless, &mut Budget::of(&limits)).is_err());
    }
}
