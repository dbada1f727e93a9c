//! Text tables: encoding and delimiter found from the content.

use super::grid::{GridError, GridRow, Sheet};
use crate::domain::raw::RawCell;
use crate::workspace::Limits;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

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

fn encoding(content: &[u8]) -> &'static Encoding {
    if let Some(e) = utf16(content) {
        return e;
    }
    if std::str::from_utf8(content).is_ok() {
        return UTF_8;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&content[..content.len().min(1 << 20)], true);
    let guess = detector.guess(Some(b"id"), chardetng::Utf8Detection::Allow);
    // Offices here write Windows-1252; a guess of another single-byte Latin page would be no better evidence.
    if guess == UTF_8 { UTF_8 } else { WINDOWS_1252 }
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
        let mode = (2..=most)
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

/// Reads a text table as one sheet; every cell is text.
pub fn read(content: &[u8], limits: &Limits) -> Result<Vec<Sheet>, GridError> {
    let (text, _, _) = encoding(content).decode(content);
    let d = delimiter(&text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(d)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut record = csv::StringRecord::new();
    let mut cells = 0u64;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(e) => return Err(GridError::Broken(e.to_string())),
        }
        // The parser skips empty lines and counts a record from before them: step over them.
        let row = record.position().map_or(0, |p| {
            let rest = text.as_bytes().get(p.byte() as usize..).unwrap_or_default();
            let empty = rest
                .iter()
                .take_while(|b| matches!(b, b'\r' | b'\n'))
                .filter(|b| **b == b'\n')
                .count();
            p.line().saturating_sub(1) + empty as u64
        }) as u32;
        let filled: Vec<(u16, RawCell)> = record
            .iter()
            .enumerate()
            .take(16_384)
            .filter(|(_, v)| !v.trim().is_empty())
            .map(|(c, v)| (c as u16, RawCell::Text(v.trim().into())))
            .collect();
        cells += filled.len() as u64;
        if cells > limits.cells {
            return Err(GridError::TooLarge("cells"));
        }
        if !filled.is_empty() {
            sheet.rows.push(GridRow { row, cells: filled });
        }
    }
    Ok(vec![sheet])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(content: &[u8]) -> Vec<String> {
        let sheets = read(content, &Limits::default()).unwrap();
        let text = |c: &RawCell| {
            if let RawCell::Text(t) = c {
                t.to_string()
            } else {
                String::new()
            }
        };
        sheets[0].rows[0]
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
}
