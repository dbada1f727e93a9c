//! Web archives (MHTML, RFC 2557) that spreadsheets save under the name `.xls`: the pages in them, decoded.

use super::grid::{Budget, GridError, Sheet};
use super::{markup, password, text_file};

/// Whether a text begins as a web archive does.
pub fn looks_archived(head: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&head[..head.len().min(4096)]).to_ascii_lowercase();
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let fields = [
        "mime-version:",
        "content-type:",
        "from:",
        "subject:",
        "date:",
        "x-document-type:",
    ];
    fields.iter().any(|f| start.starts_with(f)) && start.contains("multipart/related")
}

/// Reads every page of an archive; a page is a sheet, or several.
pub fn read(content: &[u8], budget: &mut Budget) -> Result<Vec<Sheet>, GridError> {
    // Programs on Windows write `\r\r\n` where they mean `\r\n`.
    let text = text_file::decoded(content);
    let text = text.replace("\r\r\n", "\n").replace("\r\n", "\n");
    let boundary = value_of(&text[..text.floor_char_boundary(8192)], "boundary=");
    let mut out: Vec<Sheet> = Vec::new();
    let Some(boundary) = boundary else {
        return Ok(out);
    };
    let mark = format!("--{boundary}");
    for part in text.split(mark.as_str()).skip(1) {
        let Some((head, body)) = head_and_body(part) else {
            continue;
        };
        let lower = head.to_ascii_lowercase();
        if !lower.contains("text/html") && !lower.contains("text/xml") {
            continue;
        }
        let bytes = if lower.contains("quoted-printable") {
            quoted_printable(body)
        } else if lower.contains("base64") {
            password::base64(body)
        } else {
            body.as_bytes().to_vec()
        };
        let page = text_file::decoded_page(&bytes);
        let name = value_of(head, "Content-Location:").unwrap_or_default();
        let name = name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_owned();
        let mut sheets = markup::read(&page, budget)?;
        sheets.retain(|s| !s.rows.is_empty());
        for s in &mut sheets {
            if s.name.is_empty() {
                s.name = name.clone();
            }
        }
        out.append(&mut sheets);
    }
    // A single page is the file, as it is with other pages.
    if let [only] = out.as_mut_slice() {
        only.name.clear();
    }
    Ok(out)
}

/// The header fields of a part and what follows the empty line behind them.
fn head_and_body(part: &str) -> Option<(&str, &str)> {
    let part = part
        .trim_start_matches([' ', '\t'])
        .trim_start_matches('\n');
    part.split_once("\n\n")
}

/// What stands behind a name in a header, without quotes.
fn value_of(head: &str, name: &str) -> Option<String> {
    let at = head.to_ascii_lowercase().find(&name.to_ascii_lowercase())? + name.len();
    let rest = head[at..].trim_start_matches([' ', '\t']);
    let value = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([';', '\r', '\n']).next(),
    };
    value.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some(at) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let hex = |b: u8| char::from(b).to_digit(16);
        // Blanks may stand before the end of a line that goes on.
        let padding = rest
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t' | b'\r'));
        let padding = padding.count();
        match rest {
            _ if rest.get(padding) == Some(&b'\n') => rest = &rest[padding + 1..],
            [a, b, after @ ..] => match (hex(*a), hex(*b)) {
                (Some(a), Some(b)) => {
                    out.push((16 * a + b) as u8);
                    rest = after;
                }
                _ => out.push(b'='),
            },
            _ => out.push(b'='),
        }
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Limits;

    fn archive(encoding: &str, body: &str) -> Vec<u8> {
        format!(
            "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"--=_Next\"\r\n\r\nignored\r\n\r\n----=_Next\r\n\
             Content-Location: file:///C:/x/sheet001.htm\r\nContent-Transfer-Encoding: {encoding}\r\n\
             Content-Type: text/html; charset=\"utf-8\"\r\n\r\n{body}\r\n----=_Next--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn pages_in_an_archive_are_read_however_they_are_encoded() {
        let quoted = "<table><tr><td style=3D'x'>Nama</td><td>Jos=C3=A9</td></tr><t=\r\nr><td>A</td></tr></table>";
        let base64 = "PHRhYmxlPjx0cj48dGQ+TmFtYTwvdGQ+PHRkPkpvc8OpPC90ZD48L3RyPjx0cj48dGQ+QTwvdGQ+PC90cj48L3RhYmxlPg==";
        let plain = "<table><tr><td>Nama</td><td>José</td></tr><tr><td>A</td></tr></table>";
        let doubled = quoted.replace("\r\n", "\r\r\n");
        for (encoding, body) in [
            ("quoted-printable", doubled.as_str()),
            ("quoted-printable", quoted),
            ("base64", base64),
            ("8bit", plain),
        ] {
            let bytes = archive(encoding, body);
            assert!(looks_archived(&bytes));
            let sheets = read(&bytes, &mut Budget::of(&Limits::default())).unwrap();
            let rows: Vec<usize> = sheets[0].rows.iter().map(|r| r.cells.len()).collect();
            assert_eq!(rows, [2, 1], "{encoding}");
        }
        assert!(!looks_archived(b"Date: 2026\nNama;NIK\n"));
    }

    proptest::proptest! {
        #[test]
        fn no_archive_makes_the_reader_panic(body in "\\PC{0,80}", cut in 0usize..400) {
            let mut bytes = archive("quoted-printable", &body);
            bytes.truncate(cut.max(1));
            let _ = read(&bytes, &mut Budget::of(&Limits::default()));
        }
    }
}
