//! Office Open XML workbooks in one pass over their bytes, for the plain form that every common program writes.
//!
//! A worksheet is expanded in windows of whole rows and its tags are read where they lie: nothing is measured first, no
//! cell is built twice, and what the settings do not allow ends the reading where it is met. Whatever is not plain
//! (prefixed tags, comments, CDATA, entities of its own, another encoding, a cell without sense) is [`Stop::Unusual`]:
//! the caller then lets calamine read the file from its beginning. So this reader need never guess.

mod cells;
mod package;
mod strings;
mod window;

use super::bytes::Bytes;
use super::grid::{Budget, GridError, Sheet};
use super::prescan::Merge;

/// Why the plain reading ended.
#[derive(Debug)]
pub enum Stop {
    /// Something that is not plain: let a complete parser decide.
    Unusual(&'static str),
    /// It is beyond what the settings allow, or cannot be read at all.
    Grid(GridError),
}

impl From<GridError> for Stop {
    fn from(e: GridError) -> Self {
        Stop::Grid(e)
    }
}

/// Reads every sheet of a workbook; the budget is only spent when it succeeds.
pub fn read(bytes: &Bytes, budget: &mut Budget) -> Result<Vec<Sheet>, Stop> {
    let mut left = *budget;
    let mut archive =
        zip::ZipArchive::new(bytes.open().map_err(GridError::from)?).map_err(GridError::from)?;
    let book = package::workbook(&mut archive)?;
    let shared = match book.strings {
        Some(part) => package::part(&mut archive, part, left.bytes / 4, |r| strings::table(r))
            .map(|(table, size)| {
            // The strings are held beside the cells.
            left.expand(size)?;
            left.take(size / 64).map(|()| table)
        })??,
        None => strings::Table::default(),
    };
    let mut out = Vec::with_capacity(book.sheets.len());
    for s in &book.sheets {
        let mut sheet = Sheet {
            name: s.name.clone(),
            hidden: s.hidden,
            ..Sheet::default()
        };
        if let Some(part) = s.part {
            let most = left.bytes;
            let (read, size) = package::part(&mut archive, part, most, |r| {
                let reader = cells::Reader {
                    shared: &shared,
                    formats: &book.formats,
                    struck: &book.struck,
                    from_1904: book.from_1904,
                    budget: &mut left,
                };
                reader.read(r)
            })?;
            left.expand(size)?;
            let (formulas, strokes);
            (sheet.rows, sheet.merges, formulas, strokes) = read;
            super::workbook::in_order(&mut sheet);
            formulas.settle(&mut sheet);
            strokes.mark(&mut sheet);
        }
        out.push(sheet);
    }
    *budget = left;
    Ok(out)
}

/// The value of an attribute as it lies in a tag: no entity needs resolving in the ones this reader looks at.
type Raw<'a> = &'a [u8];

/// Calls `each` with every attribute of a tag, from behind its name to its end. Returns where the tag ends and whether it
/// closes itself.
fn attributes<'a>(
    xml: &'a [u8],
    mut at: usize,
    mut each: impl FnMut(&'a [u8], Raw<'a>),
) -> Result<(usize, bool), Stop> {
    const BROKEN: Stop = Stop::Unusual("a tag that does not end");
    loop {
        match *xml.get(at).ok_or(BROKEN)? {
            b'>' => return Ok((at + 1, false)),
            b'/' if xml.get(at + 1) == Some(&b'>') => return Ok((at + 2, true)),
            b' ' | b'\n' | b'\r' | b'\t' => at += 1,
            b'<' | b'/' => return Err(BROKEN),
            _ => {
                let start = at;
                while *xml.get(at).ok_or(BROKEN)? != b'=' {
                    if matches!(xml[at], b'<' | b'>') {
                        return Err(BROKEN);
                    }
                    at += 1;
                }
                let key = &xml[start..at];
                let quote = *xml.get(at + 1).ok_or(BROKEN)?;
                if quote != b'"' && quote != b'\'' {
                    return Err(Stop::Unusual("an attribute without quotes"));
                }
                let from = at + 2;
                let length = xml[from..].iter().position(|&b| b == quote).ok_or(BROKEN)?;
                each(key, &xml[from..from + length]);
                at = from + length + 1;
            }
        }
    }
}

/// A number without sign.
fn digits(raw: Raw) -> Option<usize> {
    if raw.is_empty() || raw.len() > 9 {
        return None;
    }
    raw.iter().try_fold(0usize, |n, b| {
        b.is_ascii_digit().then(|| n * 10 + usize::from(b - b'0'))
    })
}

/// Merged region of a `mergeCell` tag, when it can be read.
fn merge(tag: &[u8]) -> Option<Merge> {
    super::prescan::region(tag)
}

#[cfg(test)]
mod tests;
