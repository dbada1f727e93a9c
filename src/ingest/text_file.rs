//! Text tables: encoding, delimiter and way of quoting found from the beginning of the content, the rest streamed.
//!
//! What is between two line ends is a row, unless quotes that are closed further down make a whole row of several lines:
//! of two readings the one that leaves more whole rows is taken ([`super::dialect`]). Rows that were mended, and rows that
//! could not be, are issues of the sheet.

use super::dialect::{Dialect, Fields, Regrouped, split};
use super::grid::{Budget, GridError, GridRow, Sheet, text_cell};
use super::lines::Lines;
use crate::domain::{FileId, Issue, RowRef, Severity};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::Read;

/// How much of a file is looked at to find its encoding and the way it is written.
const HEAD: usize = 1 << 18;
/// Most lines a row may have, and most findings of one kind that are listed one by one.
const LINES: usize = 100;
const LISTED: usize = 1_000;

/// Whether it starts as UTF-16 does, with or without a byte-order mark.
pub fn looks_utf16(content: &[u8]) -> bool {
    utf16(content).is_some()
}

pub fn utf16(content: &[u8]) -> Option<&'static Encoding> {
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
        // Unit separators and their like divide the fields of some exports.
        .filter(|&&b| b < 9 || (14..28).contains(&b))
        .count();
    strange * 50 <= head.len() + 50
}

/// UTF-8 where it is, else Windows-1252: what offices here write, field by field, so that lists pasted together read.
pub fn decoded(field: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(field) {
        Ok(s) => s.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(field).0,
    }
}

/// A page as text: UTF-16 where it begins so, else as [`decoded`].
pub fn decoded_page(page: &[u8]) -> std::borrow::Cow<'_, str> {
    match utf16(page) {
        Some(encoding) => encoding.decode_with_bom_removal(page).0,
        None => decoded(page.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(page)),
    }
}

/// Reads a text table as one sheet; every cell is text. Streams: memory is that of the filled cells.
pub fn read(input: impl Read, budget: &mut Budget) -> Result<Vec<Sheet>, GridError> {
    let mut sheet = Sheet::default();
    let mut rows = Rows::new(input)?;
    while let Some(row) = rows.next()? {
        let fields = &rows.fields;
        let mut cells = Vec::with_capacity(fields.len().min(256));
        for (c, field) in fields.iter().enumerate().take(16_384) {
            if field.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let cell = text_cell(&decoded(field));
            if let Some(cell) = cell {
                budget.text(field.len())?;
                cells.push((c as u16, cell));
            }
        }
        if !cells.is_empty() {
            budget.row(cells.len())?;
            sheet.rows.push(GridRow {
                row,
                cells,
                hidden: false,
                struck: false,
            });
        }
    }
    sheet.issues = rows.issues();
    Ok(vec![sheet])
}

/// Shows every row of a text table with its zero-based number on the sheet; holds one at a time.
pub fn visit(
    input: impl Read,
    each: &mut dyn FnMut(u32, &Fields) -> Result<(), GridError>,
) -> Result<(), GridError> {
    let mut rows = Rows::new(input)?;
    while let Some(row) = rows.next()? {
        each(row, &rows.fields)?;
    }
    Ok(())
}

/// The rows of a text table, one after another.
struct Rows<R> {
    lines: Lines<R>,
    dialect: Dialect,
    /// Where the columns begin, where blanks alone hold them apart.
    fixed: Option<Vec<usize>>,
    /// The fields of the row.
    fields: Fields,
    /// Lines read ahead with their numbers, and the one at hand.
    ahead: std::collections::VecDeque<(u32, Vec<u8>)>,
    line: Vec<u8>,
    found: Vec<Issue>,
    unlisted: u64,
}

impl<R: Read> Rows<R> {
    fn new(input: R) -> Result<Self, GridError> {
        let mut lines = Lines::new(input)?;
        let head = lines.peek(HEAD)?;
        let fixed = super::fixed_width::columns(&decoded(head));
        let dialect = Dialect::of(head);
        lines.drop_controls(dialect.delimiter >= b' ');
        Ok(Rows {
            lines,
            dialect,
            fixed,
            fields: Fields::default(),
            ahead: Default::default(),
            line: Vec::new(),
            found: Vec::new(),
            unlisted: 0,
        })
    }

    /// What was found wrong with the rows.
    fn issues(mut self) -> Vec<Issue> {
        if self.unlisted > 0 {
            let at = Issue::about_file(Severity::Warning, "ingest.more_lines", FileId(0));
            self.found.push(at.with("lines", self.unlisted));
        }
        self.found
    }

    fn note(&mut self, severity: Severity, rule: &'static str, row: u32, value: &[u8]) {
        if self.found.len() >= LISTED {
            self.unlisted += 1;
            return;
        }
        let at = RowRef {
            file: FileId(0),
            sheet: 0,
            row,
        };
        let shown: String = decoded(value).chars().take(300).collect();
        let mut issue = Issue::about_row(severity, rule, at).with("line", row + 1);
        issue.value = shown.as_str().into();
        self.found.push(issue);
    }

    /// Takes the next physical line into `self.line`.
    fn take_line(&mut self) -> Result<Option<u32>, GridError> {
        if let Some((row, line)) = self.ahead.pop_front() {
            self.line = line;
            return Ok(Some(row));
        }
        let Some((row, line)) = self.lines.next()? else {
            return Ok(None);
        };
        self.line.clear();
        self.line.extend_from_slice(line);
        Ok(Some(row))
    }

    /// Reads the next row into `self.fields` and returns its number.
    fn next(&mut self) -> Result<Option<u32>, GridError> {
        loop {
            let Some(row) = self.take_line()? else {
                return Ok(None);
            };
            if row == 0 && self.dialect.named {
                continue;
            }
            if let Some(starts) = &self.fixed {
                self.fields.fixed(&self.line, starts);
                return Ok(Some(row));
            }
            if let Some(inner) = self.dialect.unwrapped(&self.line) {
                self.line = inner;
            }
            let d = self.dialect.delimiter;
            let whole = split(&self.line, d, &mut self.fields);
            if !whole {
                self.quoted(row)?;
            } else if self.fields.quoted && !self.dialect.is_whole(&self.fields) {
                self.unquoted_if_whole(row);
            }
            if self.dialect.is_too_wide(&self.fields) {
                let line = std::mem::take(&mut self.line);
                let mended = self.dialect.regrouped(&mut self.fields);
                match mended {
                    Regrouped::Joined(joined) => {
                        let joined = joined.join(&b" | "[..]);
                        self.note(Severity::Warning, "ingest.fields_joined", row, &joined);
                    }
                    Regrouped::Beyond => {
                        self.note(Severity::Warning, "ingest.fields_beyond", row, &line);
                    }
                    Regrouped::Unclear => {
                        self.note(Severity::Error, "ingest.row_too_wide", row, &line);
                        continue;
                    }
                }
            }
            let long = self.fields.iter().find(|f| f.len() > 4 * 32_767);
            if let Some(start) = long.map(|f| f[..200].to_vec()) {
                // No cell of a spreadsheet is as long.
                self.note(Severity::Error, "ingest.cell_too_long", row, &start);
                continue;
            }
            return Ok(Some(row));
        }
    }

    /// A quote that is open at the end of its line: it belongs to a field of several lines, or was never meant.
    fn quoted(&mut self, row: u32) -> Result<(), GridError> {
        let d = self.dialect.delimiter;
        let mut held: Vec<(u32, Vec<u8>)> = Vec::new();
        let mut joined = self.line.clone();
        let mut closed = false;
        let mut alone = 0;
        let mut fields = Fields::default();
        while !closed && held.len() < LINES && joined.len() < 1 << 17 {
            let first = std::mem::take(&mut self.line);
            let next = self.take_line()?;
            let line = std::mem::replace(&mut self.line, first);
            let Some(next) = next else { break };
            joined.push(b'\n');
            joined.extend_from_slice(&line);
            closed = split(&joined, d, &mut fields);
            let mut own = Fields::default();
            own.literal(&line, d);
            alone += usize::from(self.dialect.stands_alone(&own));
            held.push((next, line));
        }
        let mut literal = Fields::default();
        literal.literal(&self.line, d);
        // One row of several lines, unless these are rows by themselves.
        let better = self.dialect.is_whole(&fields) || !self.dialect.stands_alone(&literal);
        if closed && alone == 0 && better {
            self.fields = fields;
            return Ok(());
        }
        for line in held.into_iter().rev() {
            self.ahead.push_front(line);
        }
        self.fields = literal;
        let line = std::mem::take(&mut self.line);
        self.note(Severity::Warning, "ingest.stray_quote", row, &line);
        self.line = line;
        Ok(())
    }

    /// A row that is whole only when its quotes are no marks.
    fn unquoted_if_whole(&mut self, row: u32) {
        let mut literal = Fields::default();
        literal.literal(&self.line, self.dialect.delimiter);
        if self.dialect.is_whole(&literal) {
            self.fields = literal;
            let line = std::mem::take(&mut self.line);
            self.note(Severity::Warning, "ingest.stray_quote", row, &line);
            self.line = line;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::raw::RawCell;
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

    const HEADER: &str = "No,No Registrasi,Nama,L/P,NIK,Tgl Masuk,Alamat";

    /// The rows of a text under [`HEADER`] as texts, and the rules of its issues with their lines.
    fn table(rows: &[&str]) -> (Vec<Vec<String>>, Vec<(&'static str, u32)>) {
        let text = format!("{HEADER}\n{}\n", rows.join("\n"));
        let s = sheet(text.as_bytes());
        let show = |c: &RawCell| match c {
            RawCell::Text(t) => t.to_string(),
            other => format!("{other:?}"),
        };
        let rows = s.rows[1..].iter().map(|r| {
            let mut row = vec![String::new(); 7];
            for (c, v) in &r.cells {
                row.resize(row.len().max(usize::from(*c) + 1), String::new());
                row[usize::from(*c)] = show(v);
            }
            row
        });
        let found = s.issues.iter().map(|i| (i.rule, i.row.unwrap_or(0) + 1));
        (rows.collect(), found.collect())
    }

    const ONE: &str = "1,B.I 11/2025,ABRAHAM LEKATOMPESSY,L,8171021203900012,05/03/2025,Batu Merah";
    const TWO: &str = "2,B.I 12/2024,SARAH TEHUPEIORY,P,8171024507880013,19/11/2024,Passo";
    const THREE: &str = "3,B.I 13/2025,LA UDIN BUGIS,L,8171032511790021,07/08/2025,Nania";

    #[test]
    fn quotes_that_were_never_meant_swallow_no_row() {
        let stray = "4,B.I 14/2025,\"NUS RENYAAN,L,8172010901950014,23/01/2025,Tual";
        let (rows, found) = table(&[ONE, stray, TWO, THREE]);
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[1][2], "NUS RENYAAN");
        assert_eq!(found, [("ingest.stray_quote", 3)]);
        // Closed further down by another that was never meant.
        let closed = "5,B.I 15/2025,YOS\" RENYAAN,L,8172010901950015,23/01/2025,Tual";
        let (rows, found) = table(&[ONE, stray, TWO, closed, THREE]);
        assert_eq!(rows.len(), 5);
        assert_eq!(found, [("ingest.stray_quote", 3)]);
        // Two within one line.
        let both = "4,B.I 14/2025,\"NUS RENYAAN,L,8172010901950014,23/01/2025,\"Tual";
        let (rows, _) = table(&[ONE, TWO, both]);
        assert_eq!(
            rows[2][3..],
            ["L", "8172010901950014", "23/01/2025", "Tual"]
        );
        // Lines within a field that was quoted stay one row.
        let (rows, found) = table(&[
            ONE,
            "4,B.I 14/2025,YOS,L,8172010901950014,23/01/2025,\"Jalan\nbaru, Tual\"",
            TWO,
        ]);
        assert_eq!((rows.len(), found.len()), (3, 0));
        assert!(rows[1][6].contains("baru, Tual"));
    }

    #[test]
    fn lines_that_stand_in_quotes_as_a_whole_are_unwrapped() {
        let wrapped: Vec<String> = [
            HEADER,
            ONE,
            TWO,
            "3,B.I 13/2025,\"BUGIS, LA UDIN\",L,8171032511790021,07/08/2025,Nania",
        ]
        .iter()
        .map(|l| format!("\"{}\";;", l.replace('"', "\"\"")))
        .collect();
        let s = sheet(wrapped.join("\n").as_bytes());
        assert_eq!(s.rows.len(), 4);
        assert!(s.rows.iter().all(|r| r.cells.len() == 7));
        assert_eq!(s.rows[3].cells[2].1, RawCell::Text("BUGIS, LA UDIN".into()));
    }

    #[test]
    fn commas_within_texts_are_told_from_those_between_fields() {
        let (rows, found) = table(&[
            ONE,
            "4,B.I 14/2025,YOSEPH RENYAAN, A.Md, S.H,L,8172010901950014,23/01/2025,Tual",
            TWO,
        ]);
        assert_eq!(rows[1][2..4], ["YOSEPH RENYAAN, A.Md, S.H", "L"]);
        assert_eq!(found, [("ingest.fields_joined", 3)]);
        let (rows, _) = table(&[
            ONE,
            TWO,
            THREE,
            "4,B.I 14/2025,RENYAAN,YOSEPH,L,8172010901950014,23/01/2025,Tual",
        ]);
        assert_eq!(rows[3][2..4], ["RENYAAN,YOSEPH", "L"]);
        // In the last column of every row.
        let last = |l: &str| format!("{l}, RT 002/RW 05, Sirimau");
        let all = [last(ONE), last(TWO), last(THREE)];
        let (rows, found) = table(&all.each_ref().map(String::as_str));
        assert_eq!(rows[0][6], "Batu Merah, RT 002/RW 05, Sirimau");
        assert_eq!(found.len(), 3);
        // A column without a header is no damage.
        let more = |l: &str| format!("{l},lama");
        let all = [more(ONE), more(TWO), more(THREE)];
        let (rows, found) = table(&all.each_ref().map(String::as_str));
        assert_eq!((rows[0][7].as_str(), found.len()), ("lama", 0));
    }

    #[test]
    fn a_row_that_cannot_be_made_whole_is_set_aside_and_said() {
        let odd = "x,y,z,1,2,3,a/b,c,d,e,f,4,5,6,7,g";
        let (rows, found) = table(&[ONE, TWO, odd, THREE]);
        assert_eq!(rows.len(), 3);
        assert_eq!(found, [("ingest.row_too_wide", 4)]);
    }

    #[test]
    fn separators_that_divide_nothing_are_left_out_and_others_divide() {
        let text = format!("{HEADER}\n{ONE}\n").replace(',', ";\u{1f}");
        let s = sheet(text.as_bytes());
        assert_eq!(
            s.rows[1].cells[4].1,
            RawCell::Text("8171021203900012".into())
        );
        let text = format!("{HEADER}\n{ONE}\n{TWO}\n").replace(',', "\u{1f}");
        assert_eq!(sheet(text.as_bytes()).rows[1].cells.len(), 7);
        assert_eq!(first(b"sep=|\nNama|NIK;x\nA|1\n"), ["Nama", "NIK;x"]);
    }

    #[test]
    fn a_line_longer_than_any_row_ends_the_reading() {
        let endless = std::io::repeat(b'a').take(1 << 40);
        let limits = Limits::default();
        let e = read(endless, &mut Budget::of(&limits)).unwrap_err();
        assert_eq!(e.rule(), "ingest.unreadable");
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
