//! The cells of a worksheet.

use super::package::Format;
use super::strings::{self, Table};
use super::window::Window;
use super::{Raw, Stop, attributes, digits};
use crate::domain::raw::RawCell;
use crate::ingest::formulas::{Formulas, Outcome};
use crate::ingest::grid::{Budget, GridRow, iso_cell};
use crate::ingest::prescan::Merge;
use crate::ingest::struck::Strokes;
use crate::ingest::workbook::DAYS_1904;
use std::io::Read;

/// Most merged regions of a sheet that are kept: headers have a few dozen.
const MERGES: usize = 100_000;

/// Reads a worksheet with what its workbook says.
pub struct Reader<'a> {
    /// Shared strings.
    pub shared: &'a Table,
    /// What each style makes of a number.
    pub formats: &'a [Format],
    /// Whether each style strikes words out; empty where none does.
    pub struck: &'a [bool],
    /// Dates count from 1904.
    pub from_1904: bool,
    /// What may still be spent.
    pub budget: &'a mut Budget,
}

/// Rows as they come, merged regions, formulas, and what is struck out.
pub type Content = (Vec<GridRow>, Vec<Merge>, Formulas, Strokes);

/// The place of the next cell, and the rows so far.
#[derive(Default)]
struct Place {
    row: u32,
    col: u32,
    hidden: bool,
    rows: Vec<GridRow>,
    formulas: Formulas,
    strokes: Strokes,
}

impl Reader<'_> {
    /// Reads a worksheet's part.
    pub fn read(mut self, input: impl Read) -> Result<Content, Stop> {
        let mut window = Window::new(input);
        self.head(&mut window)?;
        let mut place = Place::default();
        loop {
            let xml = window.bytes();
            // The last row may go on in the next window.
            let cut = if window.ended() {
                xml.len()
            } else {
                memchr::memmem::rfind(xml, b"<row").unwrap_or(0)
            };
            let (done, over) = self.rows(&xml[..cut], &mut place)?;
            if over {
                window.drop_first(done);
                break;
            }
            if window.ended() {
                return Err(Stop::Unusual("a sheet without end"));
            }
            window.drop_first(cut);
            window.more()?;
        }
        let merges = merges(&mut window)?;
        Ok((place.rows, merges, place.formulas, place.strokes))
    }

    /// Moves to behind `<sheetData>`.
    fn head(&mut self, window: &mut Window<impl Read>) -> Result<(), Stop> {
        let mut first = true;
        loop {
            let more = window.more()?;
            let xml = window.bytes();
            if first {
                strings::plain(&xml[..xml.len().min(512)])?;
                first = false;
            }
            if let Some(at) = memchr::memmem::find(xml, b"<sheetData") {
                if memchr::memmem::find(&xml[..at], b"<!").is_some() {
                    return Err(Stop::Unusual("a comment or a declaration"));
                }
                // Its tag may be cut by the end of the window.
                if memchr::memchr(b'>', &xml[at..]).is_some() {
                    let (end, closed) = attributes(xml, at + 10, |_, _| {})?;
                    // `<sheetData/>`: the loop over rows meets its end at once.
                    let end = if closed { at } else { end };
                    window.drop_first(end);
                    return Ok(());
                }
            }
            if !more {
                return Err(Stop::Unusual("a sheet without cells"));
            }
        }
    }

    /// Reads whole rows. Returns how far it came and whether the sheet's data are over.
    fn rows(&mut self, xml: &[u8], place: &mut Place) -> Result<(usize, bool), Stop> {
        let mut at = 0;
        while let Some(tag) = memchr::memchr(b'<', &xml[at..]).map(|i| at + i) {
            let rest = &xml[tag + 1..];
            match rest {
                [b'c', b' ' | b'>' | b'/', ..] => at = self.cell(xml, tag + 2, place)?,
                [b'/', b'r', b'o', b'w', b'>', ..] => {
                    place.row += 1;
                    place.col = 0;
                    place.hidden = false;
                    at = tag + 6;
                }
                [b'r', b'o', b'w', b' ' | b'>' | b'/' | b'\n', ..] => {
                    let (mut number, mut hidden) = (None, false);
                    let (end, closed) = attributes(xml, tag + 4, |k, v| match k {
                        b"r" => number = Some(v),
                        b"hidden" => hidden = v == b"1" || v == b"true",
                        _ => {}
                    })?;
                    if let Some(v) = number {
                        place.row = digits(v)
                            .filter(|n| (1..=1 << 24).contains(n))
                            .ok_or(Stop::Unusual("a row without a number"))?
                            as u32
                            - 1;
                    }
                    place.hidden = hidden && !closed;
                    if closed {
                        place.row += 1;
                        place.col = 0;
                    }
                    at = end;
                }
                _ if rest.starts_with(b"/sheetData") || rest.starts_with(b"sheetData") => {
                    return Ok((tag, true));
                }
                _ => return Err(Stop::Unusual("something beside rows")),
            }
        }
        Ok((xml.len(), false))
    }

    /// Reads a cell from behind its tag's name; returns where it ends.
    fn cell(&mut self, xml: &[u8], from: usize, place: &mut Place) -> Result<usize, Stop> {
        const BROKEN: Stop = Stop::Unusual("a cell without end");
        let (mut reference, mut style, mut kind): (Raw, Raw, Raw) = (b"", b"", b"");
        let (mut at, closed) = attributes(xml, from, |k, v| match k {
            b"r" => reference = v,
            b"s" => style = v,
            b"t" => kind = v,
            _ => {}
        })?;
        let mut row = place.row;
        if !reference.is_empty() {
            (row, place.col) = position(reference).ok_or(Stop::Unusual("a cell without place"))?;
        }
        let col = place.col;
        place.col += 1;
        if closed {
            return Ok(at);
        }
        let mut value = RawCell::Empty;
        let (mut formula, mut stored) = (false, false);
        loop {
            at += memchr::memchr(b'<', &xml[at..]).ok_or(BROKEN)?;
            let rest = &xml[at + 1..];
            match rest {
                [b'v', b'>', ..] | [b'v', b' ' | b'/', ..] => {
                    let (start, closed) = attributes(xml, at + 2, |_, _| {})?;
                    at = start;
                    stored = true;
                    if !closed {
                        let n = memchr::memchr(b'<', &xml[start..]).ok_or(BROKEN)?;
                        if !xml[start + n..].starts_with(b"</v>") {
                            return Err(Stop::Unusual("a value with tags in it"));
                        }
                        if kind != b"inlineStr" {
                            value = self.value(&xml[start..start + n], kind, style)?;
                        }
                        at = start + n + 4;
                    }
                }
                [b'/', b'c', b'>', ..] => {
                    at += 4;
                    break;
                }
                [b'f', b'>' | b' ' | b'/', ..] => {
                    formula = true;
                    let (start, closed) = attributes(xml, at + 2, |_, _| {})?;
                    at = start;
                    if !closed {
                        let n = memchr::memchr(b'<', &xml[start..]).ok_or(BROKEN)?;
                        if !xml[start + n..].starts_with(b"</f>") {
                            return Err(Stop::Unusual("a formula with tags in it"));
                        }
                        at = start + n + 4;
                    }
                }
                _ if rest.starts_with(b"is>") => {
                    let start = at + 4;
                    let n = memchr::memmem::find(&xml[start..], b"</is>").ok_or(BROKEN)?;
                    value = text_cell(&strings::item(&xml[start..start + n])?);
                    at = start + n + 5;
                }
                _ if rest.starts_with(b"is/>") => at += 5,
                _ => return Err(Stop::Unusual("something else in a cell")),
            }
        }
        if formula {
            // A text that is empty is a result.
            let outcome = match Outcome::of(&value) {
                Outcome::Missing if stored && kind == b"str" => Outcome::Calculated,
                other => other,
            };
            place.formulas.see(row, col, outcome);
        }
        if value != RawCell::Empty && col < 16_384 {
            if let RawCell::Text(t) = &value {
                self.budget.text(t.len())?;
                if !self.struck.is_empty() {
                    let i = digits(style).unwrap_or(0);
                    let struck = self.struck.get(i).copied().unwrap_or(false);
                    place.strokes.see(row, struck);
                }
            }
            let same = place.rows.last().is_some_and(|r| r.row == row);
            self.budget.take(if same { 1 } else { 4 })?;
            match place.rows.last_mut() {
                Some(r) if same => r.cells.push((col as u16, value)),
                last => {
                    let wide = last.map_or(4, |r| r.cells.len());
                    let mut cells = Vec::with_capacity(wide.min(64));
                    cells.push((col as u16, value));
                    place.rows.push(GridRow {
                        row,
                        cells,
                        hidden: place.hidden,
                        struck: false,
                    });
                }
            }
        }
        Ok(at)
    }

    fn value(&self, raw: &[u8], kind: Raw, style: Raw) -> Result<RawCell, Stop> {
        if raw.is_empty() {
            return Ok(RawCell::Empty);
        }
        Ok(match kind {
            b"s" => {
                let s = digits(raw)
                    .and_then(|i| self.shared.get(i))
                    .ok_or(Stop::Unusual("a string that is not there"))?;
                if s.is_empty() {
                    RawCell::Empty
                } else {
                    RawCell::Text(s.into())
                }
            }
            b"" | b"n" => match number(raw) {
                Some(n) => self.number(n, style),
                None if kind.is_empty() && !raw.contains(&b'&') => {
                    text_cell(&strings::text(raw, true)?)
                }
                None => return Err(Stop::Unusual("a number that is none")),
            },
            b"str" => text_cell(&strings::text(raw, true)?),
            b"d" => iso_cell(&strings::text(raw, true)?).unwrap_or_default(),
            b"b" => match raw.trim_ascii() {
                b"0" | b"false" => RawCell::Bool(false),
                b"1" | b"true" => RawCell::Bool(true),
                _ => return Err(Stop::Unusual("a truth value that is none")),
            },
            b"e" => RawCell::Error(strings::text(raw, false)?.as_ref().into()),
            _ => return Err(Stop::Unusual("a cell of an unknown kind")),
        })
    }

    fn number(&self, n: f64, style: Raw) -> RawCell {
        let format = if style.is_empty() {
            Format::Number
        } else {
            let i = digits(style).unwrap_or(0);
            self.formats.get(i).copied().unwrap_or(Format::Number)
        };
        match format {
            Format::Number => RawCell::Number(n),
            Format::Date if self.from_1904 => RawCell::Date(n + DAYS_1904),
            Format::Date | Format::Duration => RawCell::Date(n),
        }
    }
}

fn text_cell(s: &str) -> RawCell {
    let s = strings::trimmed(s);
    if s.is_empty() {
        RawCell::Empty
    } else {
        RawCell::Text(s.into())
    }
}

fn number(raw: &[u8]) -> Option<f64> {
    // Most numbers are short and whole.
    if raw.len() <= 15 {
        let whole = raw.iter().try_fold(0u64, |n, b| {
            b.is_ascii_digit().then(|| n * 10 + u64::from(b - b'0'))
        });
        if let Some(n) = whole {
            return Some(n as f64);
        }
    }
    let s = std::str::from_utf8(raw).ok()?;
    s.parse::<f64>().ok().filter(|n| n.is_finite())
}

/// Zero-based row and column of `AB12`.
fn position(reference: Raw) -> Option<(u32, u32)> {
    let letters = reference
        .iter()
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    if letters == 0 || letters > 5 {
        return None;
    }
    let col = reference[..letters].iter().fold(0u32, |n, b| {
        n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1
    });
    let row = digits(&reference[letters..])?;
    Some(((row as u32).checked_sub(1)?, col - 1))
}

/// Merged regions stand behind the data.
fn merges(window: &mut Window<impl Read>) -> Result<Vec<Merge>, Stop> {
    let mut out = Vec::new();
    loop {
        let xml = window.bytes();
        let cut = if window.ended() {
            xml.len()
        } else {
            memchr::memrchr(b'<', xml).unwrap_or(0)
        };
        let mut at = 0;
        while let Some(tag) = memchr::memmem::find(&xml[at..cut], b"<mergeCell ").map(|i| at + i) {
            at = tag + 11;
            let end = memchr::memchr(b'>', &xml[at..cut]).map_or(cut, |i| at + i);
            if out.len() < MERGES {
                out.extend(super::merge(&xml[tag..end]));
            }
        }
        if window.ended() {
            return Ok(out);
        }
        window.drop_first(cut);
        window.more()?;
    }
}
