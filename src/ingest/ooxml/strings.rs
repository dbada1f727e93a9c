//! The table of shared strings, and the text of one string item.

use super::window::Window;
use super::{Stop, attributes};
use crate::ingest::grid::GridError;
use std::borrow::Cow;
use std::io::Read;

/// All strings of a workbook in one piece of memory, their ends trimmed.
#[derive(Debug, Default)]
pub struct Table {
    text: String,
    /// Where each string ends.
    ends: Vec<u32>,
}

impl Table {
    /// The string with an index.
    pub fn get(&self, i: usize) -> Option<&str> {
        let end = *self.ends.get(i)? as usize;
        let start = i.checked_sub(1).map_or(0, |k| self.ends[k] as usize);
        self.text.get(start..end)
    }

    fn push(&mut self, s: &str) -> Result<(), Stop> {
        self.text.push_str(trimmed(s));
        let end = u32::try_from(self.text.len())
            .map_err(|_| GridError::TooLarge(crate::ingest::grid::EXPANDED))?;
        self.ends.push(end);
        Ok(())
    }
}

/// Without white space, hard blanks and byte-order marks at its ends.
pub fn trimmed(s: &str) -> &str {
    let b = s.as_bytes();
    // Nearly every string begins and ends with a visible ASCII character.
    if let (Some(0x21..=0x7E), Some(0x21..=0x7E)) = (b.first(), b.last()) {
        return s;
    }
    s.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{feff}')
}

/// Reads `xl/sharedStrings.xml`.
pub fn table(input: impl Read) -> Result<Table, Stop> {
    let mut window = Window::new(input);
    let mut out = Table::default();
    let mut started = false;
    loop {
        window.more()?;
        let xml = window.bytes();
        // The last item may go on in the next window.
        let cut = if window.ended() {
            xml.len()
        } else {
            memchr::memmem::rfind(xml, b"<si").unwrap_or(0)
        };
        let mut at = 0;
        if !started && cut > 0 {
            plain(&xml[..xml.len().min(512)])?;
            let root = memchr::memmem::find(&xml[..cut], b"<sst")
                .ok_or(Stop::Unusual("a table of strings without its root"))?;
            if memchr::memmem::find(&xml[..root], b"<!").is_some() {
                return Err(Stop::Unusual("a declaration"));
            }
            at = attributes(xml, root + 4, |_, _| {})?.0;
            started = true;
        }
        while let Some(tag) = memchr::memchr(b'<', &xml[at..cut]).map(|i| at + i) {
            let rest = &xml[tag..cut];
            if rest.starts_with(b"</sst") {
                return Ok(out);
            }
            if !rest.starts_with(b"<si") {
                return Err(Stop::Unusual("something beside the strings"));
            }
            let (from, closed) = attributes(xml, tag + 3, |_, _| {})?;
            if closed {
                out.push("")?;
                at = from;
                continue;
            }
            // `<t>Ambon</t></si>` is what nearly every item is.
            if xml[from..].starts_with(b"<t>")
                && let Some(n) = memchr::memchr(b'<', &xml[from + 3..cut])
                && xml[from + 3 + n..cut].starts_with(b"</t></si>")
            {
                out.push(&text(&xml[from + 3..from + 3 + n], false)?)?;
                at = from + 3 + n + 9;
                continue;
            }
            let n = memchr::memmem::find(&xml[from..cut], b"</si>")
                .ok_or(Stop::Unusual("a string without end"))?;
            out.push(&item(&xml[from..from + n])?)?;
            at = from + n + 5;
        }
        if window.ended() {
            return Err(Stop::Unusual("a table of strings without end"));
        }
        let keep = at.max(if started { cut } else { 0 });
        window.drop_first(keep);
    }
}

/// Whether a part is written in UTF-8, as far as its beginning says.
pub fn plain(head: &[u8]) -> Result<(), Stop> {
    let other = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    let said = memchr::memmem::find(head, b"encoding=").is_some_and(|i| {
        let name = head.get(i + 10..i + 15).unwrap_or_default();
        !name.eq_ignore_ascii_case(b"utf-8")
    });
    if other || said {
        return Err(Stop::Unusual("an encoding other than UTF-8"));
    }
    Ok(())
}

/// The text of what stands between `<si>` or `<is>` and its end: plain, or in runs; readings for the ear are left out.
pub fn item(xml: &[u8]) -> Result<String, Stop> {
    let mut out = String::new();
    let (mut at, mut heard) = (0, false);
    while let Some(tag) = memchr::memchr(b'<', &xml[at..]).map(|i| at + i) {
        let rest = &xml[tag + 1..];
        let name = rest
            .iter()
            .position(|b| matches!(b, b'>' | b'/' | b' ' | b'\n' | b'\r' | b'\t'))
            .filter(|&n| n > 0 || rest.first() == Some(&b'/'))
            .ok_or(Stop::Unusual("a tag without name"))?;
        match &rest[..name] {
            b"t" => {
                let mut keep = false;
                let (from, closed) = attributes(xml, tag + 2, |k, v| {
                    keep |= k == b"xml:space" && v == b"preserve";
                })?;
                at = from;
                if closed {
                    continue;
                }
                let n = memchr::memchr(b'<', &xml[from..])
                    .filter(|&n| xml[from + n..].starts_with(b"</t>"))
                    .ok_or(Stop::Unusual("a text with tags in it"))?;
                if !heard {
                    out.push_str(&text(&xml[from..from + n], keep)?);
                }
                at = from + n + 4;
            }
            b"" => {
                // An end tag.
                heard &= !rest.starts_with(b"/rPh>");
                at = tag
                    + 1
                    + memchr::memchr(b'>', rest).ok_or(Stop::Unusual("a tag without end"))?
                    + 1;
            }
            [b'!' | b'?', ..] => return Err(Stop::Unusual("a comment or CDATA")),
            other => {
                let (end, closed) = attributes(xml, tag + 1 + other.len(), |_, _| {})?;
                heard |= other == b"rPh" && !closed;
                at = end;
            }
        }
    }
    Ok(out)
}

/// Text between two tags: entities and Excel's `_x000D_` resolved, line ends as `\n`, ends trimmed unless kept.
pub fn text(raw: &[u8], keep: bool) -> Result<Cow<'_, str>, Stop> {
    let s = std::str::from_utf8(raw).map_err(|_| Stop::Unusual("text that is not UTF-8"))?;
    let odd = raw.iter().any(|b| matches!(b, b'&' | b'\r'));
    let mut s: Cow<str> = if odd { entities(s)?.into() } else { s.into() };
    if !keep {
        let t = s.trim_matches([' ', '\t', '\r', '\n']);
        if t.len() < s.len() {
            s = t.to_owned().into();
        }
    }
    if memchr::memmem::find(s.as_bytes(), b"_x").is_some() {
        s = excel_escapes(&s)?.into();
    }
    Ok(s)
}

fn entities(s: &str) -> Result<String, Stop> {
    const OWN: Stop = Stop::Unusual("an entity");
    let s = s.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(s.len());
    let mut rest = s.as_str();
    while let Some(i) = rest.find('&') {
        out.push_str(&rest[..i]);
        let (name, after) = rest[i + 1..].split_once(';').ok_or(OWN)?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let n = name.strip_prefix('#').ok_or(OWN)?;
                let code = match n.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => n.parse(),
                };
                char::from_u32(code.map_err(|_| OWN)?)
                    .filter(|c| *c != '\0')
                    .ok_or(OWN)?
            }
        });
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// `_x000D_` is a carriage return and `_x005F_` an underscore (ECMA-376, ST_Xstring).
fn excel_escapes(s: &str) -> Result<String, Stop> {
    let mut out = String::with_capacity(s.len());
    let mut rest = s;
    while let Some(i) = rest.find("_x") {
        let code = rest
            .get(i + 2..i + 6)
            .filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()) && rest[i + 6..].starts_with('_'));
        match code.and_then(|h| u32::from_str_radix(h, 16).ok()) {
            Some(code) => {
                out.push_str(&rest[..i]);
                out.push(char::from_u32(code).ok_or(Stop::Unusual("half a character"))?);
                rest = &rest[i + 7..];
            }
            None => {
                out.push_str(&rest[..i + 2]);
                rest = &rest[i + 2..];
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}
