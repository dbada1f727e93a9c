//! One pass over a zipped workbook before it is parsed: what it is, how large it truly expands, which rows are hidden.
//!
//! An archive may lie about the size of its members, and a table of three cells may claim a sheet of a thousand million;
//! here they are expanded without being kept, so that the parser is never handed what the settings do not allow.

use super::bytes::Bytes;
use super::formulas::{Formulas, Outcome};
use super::grid::{Budget, Counted, EXPANDED, Fault, GridError};
use super::struck::Strokes;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read};

/// Kinds of zipped workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML.
    Xlsx,
    /// Office Open XML with binary parts.
    Xlsb,
    /// OpenDocument.
    Ods,
}

/// What a zipped workbook holds.
#[derive(Debug)]
pub struct Package {
    /// Its kind.
    pub format: Format,
    /// What was found by sheet name; only sheets where something was.
    sheets: BTreeMap<String, Found>,
}

/// A merged region: first row, first column, last row, last column.
pub type Merge = (u32, u16, u32, u16);

/// What the parser of cells does not tell of a sheet.
#[derive(Debug, Default)]
pub struct Found {
    /// Hidden rows, zero-based, sorted.
    pub hidden: Vec<u32>,
    /// Merged regions.
    pub merges: Vec<Merge>,
    /// Formulas, where the parser does not tell them from values.
    pub formulas: Formulas,
    /// Words that are struck out.
    pub strokes: Strokes,
}

impl Package {
    /// What was found of a sheet.
    pub fn sheet(&mut self, name: &str) -> Found {
        self.sheets.remove(name).unwrap_or_default()
    }
}

/// Looks through a package.
pub fn package(bytes: &Bytes, budget: &mut Budget) -> Result<Package, GridError> {
    let mut archive = zip::ZipArchive::new(bytes.open()?)?;
    let names: Vec<String> = archive
        .file_names()
        .flatten()
        .map(|n| n.into_owned())
        .collect();
    let has = |n: &str| names.iter().any(|m| m.eq_ignore_ascii_case(n));
    let format = if has("xl/workbook.bin") {
        Format::Xlsb
    } else if has("content.xml") {
        Format::Ods
    } else {
        Format::Xlsx
    };
    // Tables of strings are held in memory by the parser, cells are streamed: they may use an eighth.
    let in_memory = budget.bytes / 8;
    let mut by_part: BTreeMap<String, Found> = BTreeMap::new();
    let mut sheets = BTreeMap::new();
    let mut buffer = vec![0u8; 1 << 16];
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i)?;
        let path = entry.name()?.into_owned();
        let name = path.to_ascii_lowercase();
        let parsed = name.ends_with(".xml") || name.ends_with(".bin") || name.ends_with(".rels");
        if !parsed || name.contains("/media/") {
            continue;
        }
        let left = budget.bytes;
        if format == Format::Ods && name == "content.xml" {
            let mut counted = Counted {
                inner: &mut entry,
                left,
            };
            let claimed = ods(&mut counted);
            budget.expand(left - counted.left)?;
            let claimed = claimed?;
            budget.take(claimed.cells.saturating_add(claimed.text / 32))?;
            sheets.extend(claimed.hidden);
            continue;
        }
        let worksheet = name.starts_with("xl/worksheets/") && name.ends_with(".xml");
        let streamed = name.starts_with("xl/worksheets/");
        let most = if streamed { left } else { left.min(in_memory) };
        let mut scan = Scan::default();
        let (mut total, mut claimed) = (0u64, 0u64);
        loop {
            let n = entry.read(&mut buffer)?;
            if n == 0 {
                break;
            }
            if total == 0 && name.ends_with("strings.xml") {
                claimed = claimed_strings(&buffer[..n]);
            }
            total += n as u64;
            if total > most {
                return Err(GridError::TooLarge(EXPANDED));
            }
            budget.check()?;
            if worksheet {
                scan.feed(&buffer[..n]);
            }
        }
        budget.expand(total)?;
        if !streamed {
            budget.take(total / 64)?;
        }
        // The shortest string is `<si/>`; the parser would make room for all that are claimed.
        if claimed > total / 5 {
            return Err(GridError::Broken(Fault::Claims));
        }
        if !scan.rows.is_empty() || !scan.merges.is_empty() {
            scan.rows.sort_unstable();
            let found = Found {
                hidden: scan.rows,
                merges: scan.merges,
                ..Found::default()
            };
            by_part.insert(path, found);
        }
    }
    if !by_part.is_empty() {
        // Where the parts have other names, hidden rows are not known.
        for (sheet, part) in sheet_parts(&mut archive).unwrap_or_default() {
            if let Some(found) = by_part.remove(&part) {
                sheets.insert(sheet, found);
            }
        }
    }
    Ok(Package { format, sheets })
}

/// The number of strings a table says it has, at its beginning.
fn claimed_strings(start: &[u8]) -> u64 {
    let claim = |name: &[u8]| {
        let at = memchr::memmem::find(start, name)? + name.len();
        let digits = start[at..].iter().take_while(|b| b.is_ascii_digit());
        // More digits than fit are more strings than fit.
        Some(digits.fold(0u64, |n, d| {
            n.saturating_mul(10).saturating_add(u64::from(d - b'0'))
        }))
    };
    let quoted = [&b"uniqueCount=\""[..], b"uniqueCount='"];
    quoted.iter().filter_map(|n| claim(n)).max().unwrap_or(0)
}

/// Finds `<row … hidden="1">` and `<mergeCell ref="A1:B2"/>` in a stream of XML without parsing it.
#[derive(Default)]
struct Scan {
    kept: Vec<u8>,
    /// Bytes of the stream before those kept, and up to where each search is done.
    before: u64,
    rows_done: u64,
    merges_done: u64,
    rows: Vec<u32>,
    merges: Vec<Merge>,
}

impl Scan {
    /// The longest tag that is understood.
    const TAG: usize = 512;
    /// The most merged regions of a sheet that are kept: headers have a few dozen.
    const MERGES: usize = 100_000;

    fn feed(&mut self, chunk: &[u8]) {
        self.kept.extend_from_slice(chunk);
        self.hidden_rows();
        self.merged_cells();
        let keep = self.kept.len().saturating_sub(Self::TAG);
        self.kept.drain(..keep);
        self.before += keep as u64;
    }

    fn from(&self, done: u64) -> usize {
        usize::try_from(done.saturating_sub(self.before)).unwrap_or(usize::MAX)
    }

    fn hidden_rows(&mut self) {
        let data = &self.kept;
        let mut from = self.from(self.rows_done).min(data.len());
        while let Some(at) = memchr::memmem::find(&data[from..], b"hidden=").map(|i| i + from) {
            // A value cut off by the end of the chunk is found again with the next one.
            if data.len() < at + 13 {
                self.rows_done = self.before + at as u64;
                return;
            }
            from = at + 7;
            let value = &data[from..];
            let yes = [&b"\"1\""[..], b"\"true\"", b"'1'"]
                .iter()
                .any(|v| value.starts_with(v));
            let start = at.saturating_sub(Self::TAG);
            let tag = memchr::memrchr(b'<', &data[start..at]).map(|i| &data[start + i..at]);
            if let Some(tag) = tag
                && yes
                && tag.starts_with(b"<row ")
                && let Some(r) = row_number(tag)
            {
                self.rows.push(r - 1);
            }
        }
        self.rows_done = self.before + from.max(data.len().saturating_sub(6)) as u64;
    }

    fn merged_cells(&mut self) {
        let data = &self.kept;
        let mut from = self.from(self.merges_done).min(data.len());
        loop {
            let Some(at) = memchr::memmem::find(&data[from..], b"mergeCell ").map(|i| i + from)
            else {
                from = from.max(data.len().saturating_sub(9));
                break;
            };
            let Some(end) = memchr::memchr(b'>', &data[at..]).map(|i| i + at) else {
                from = at;
                break;
            };
            from = end;
            if self.merges.len() < Self::MERGES {
                self.merges.extend(region(&data[at..end]));
            }
        }
        self.merges_done = self.before + from as u64;
    }
}

/// `ref="A1:C2"` of a tag as first row, first column, last row, last column, zero-based.
pub fn region(tag: &[u8]) -> Option<Merge> {
    let at = memchr::memmem::find(tag, b"ref=")? + 5;
    let text = std::str::from_utf8(tag.get(at..)?).ok()?;
    let text = text.split(['"', '\'']).next()?;
    let (first, last) = text.split_once(':')?;
    let cell = |c: &str| -> Option<(u32, u16)> {
        let letters = c.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (l, d) = c.split_at(letters);
        let col = l.bytes().try_fold(0u16, |n, b| {
            n.checked_mul(26)?
                .checked_add(u16::from(b.to_ascii_uppercase() - b'A') + 1)
        })?;
        Some((d.parse::<u32>().ok()?.checked_sub(1)?, col.checked_sub(1)?))
    };
    let ((r1, c1), (r2, c2)) = (cell(first)?, cell(last)?);
    Some((r1, c1, r2, c2))
}

fn row_number(tag: &[u8]) -> Option<u32> {
    let at = memchr::memmem::find(tag, b" r=\"")? + 4;
    let digits = tag[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    let n: u32 = std::str::from_utf8(&tag[at..at + digits])
        .ok()?
        .parse()
        .ok()?;
    (n > 0).then_some(n)
}

/// Sheet names and the parts that hold them.
fn sheet_parts<R: Read + std::io::Seek>(
    archive: &mut zip::ZipArchive<R>,
) -> Result<Vec<(String, String)>, GridError> {
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    for e in tags(archive, "xl/_rels/workbook.xml.rels")? {
        if let (Some(id), Some(t)) = (attribute(&e, b"Id"), attribute(&e, b"Target")) {
            let part = match t.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("xl/{t}"),
            };
            targets.insert(id, part);
        }
    }
    Ok(tags(archive, "xl/workbook.xml")?
        .into_iter()
        .filter(|e| e.local_name().as_ref() == b"sheet")
        .filter_map(|e| {
            let id = attribute(&e, b"r:id")?;
            Some((attribute(&e, b"name")?, targets.get(&id)?.clone()))
        })
        .collect())
}

fn tags<R: Read + std::io::Seek>(
    archive: &mut zip::ZipArchive<R>,
    part: &str,
) -> Result<Vec<BytesStart<'static>>, GridError> {
    tags_of(archive.by_name(part)?)
}

/// Every tag of a part, up to a length that no small part has.
pub fn tags_of(part: impl Read) -> Result<Vec<BytesStart<'static>>, GridError> {
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(part.take(16 << 20)));
    let (mut out, mut buffer) = (Vec::new(), Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(e) | Event::Empty(e)) => out.push(e.into_owned()),
            Ok(Event::Eof) => return Ok(out),
            Ok(_) => {}
            Err(_) => return Err(GridError::Broken(Fault::Damaged)),
        }
    }
}

pub fn attribute(e: &BytesStart, name: &[u8]) -> Option<String> {
    e.attributes()
        .flatten()
        .find(|a| a.key.as_ref() == name)
        .and_then(|a| a.unescape_value().ok().map(|v| v.into_owned()))
}

/// What an OpenDocument claims.
#[derive(Debug, Default)]
struct Claimed {
    /// Cells the parser would hold: it fills every sheet out to its last filled row and column.
    cells: u64,
    /// Bytes of its texts, repeated as they are.
    text: u64,
    /// Rows that are hidden or filtered away, merged cells, and formulas, by sheet.
    hidden: BTreeMap<String, Found>,
}

fn ods(input: impl Read) -> Result<Claimed, GridError> {
    let mut xml = quick_xml::Reader::from_reader(BufReader::with_capacity(1 << 16, input));
    let mut buffer = Vec::new();
    let (mut total, mut rows, mut wide) = (0u64, 0u64, 0u64);
    let (mut row_repeat, mut at, mut filled) = (1u64, 0u64, 0u64);
    let mut pending = 0u64;
    let (mut cell_repeat, mut row_text) = (1u64, 0u64);
    let (mut name, mut next_row, mut unseen) = (String::new(), 0u64, false);
    // Styles that strike words out, and the one that is being defined.
    let (mut striking, mut style) = (BTreeSet::new(), String::new());
    let mut out = Claimed::default();
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer).map_err(|e| {
            let text = e.to_string();
            if text.contains(EXPANDED) {
                GridError::TooLarge(EXPANDED)
            } else {
                GridError::Broken(Fault::Damaged)
            }
        })?;
        let repeat = |e: &BytesStart, name: &[u8]| {
            attribute(e, name)
                .and_then(|v| v.parse().ok())
                .unwrap_or(1u64)
        };
        match &event {
            Event::Start(e) | Event::Empty(e) => match e.name().as_ref() {
                b"style:style" => style = attribute(e, b"style:name").unwrap_or_default(),
                b"style:text-properties" => {
                    let line = attribute(e, b"style:text-line-through-style")
                        .or_else(|| attribute(e, b"style:text-line-through-type"));
                    if line.is_some_and(|v| v != "none") {
                        striking.insert(style.clone());
                    }
                }
                b"text:span" if !striking.is_empty() => {
                    let own = attribute(e, b"text:style-name");
                    if let (true, Ok(row)) = (
                        own.is_some_and(|s| striking.contains(&s)),
                        u32::try_from(next_row),
                    ) {
                        let known = out.hidden.entry(name.clone()).or_default();
                        known.strokes.strike(row);
                    }
                }
                b"table:table" => {
                    name = attribute(e, b"table:name").unwrap_or_default();
                    next_row = 0;
                }
                b"table:table-row" => {
                    row_repeat = repeat(e, b"table:number-rows-repeated");
                    (at, filled, row_text) = (0, 0, 0);
                    unseen = attribute(e, b"table:visibility")
                        .is_some_and(|v| v == "collapse" || v == "filter");
                    if matches!(event, Event::Empty(_)) {
                        pending = pending.saturating_add(row_repeat);
                        next_row = next_row.saturating_add(row_repeat);
                    }
                }
                b"table:table-cell" | b"table:covered-table-cell" => {
                    let (down, right) = (
                        repeat(e, b"table:number-rows-spanned"),
                        repeat(e, b"table:number-columns-spanned"),
                    );
                    if down.max(right) > 1
                        && let (Ok(row), Ok(col)) = (u32::try_from(next_row), u16::try_from(at))
                    {
                        let far = |first: u64, n: u64| first.saturating_add(n.max(1) - 1);
                        let last = u32::try_from(far(next_row, down)).unwrap_or(u32::MAX);
                        let right = u16::try_from(far(at, right)).unwrap_or(u16::MAX);
                        let known = out.hidden.entry(name.clone()).or_default();
                        if known.merges.len() < Scan::MERGES {
                            known.merges.push((row, col, last, right));
                        }
                    }
                    at = at.saturating_add(repeat(e, b"table:number-columns-repeated").max(1));
                    let has = e.attributes().flatten().any(|a| {
                        matches!(a.key.as_ref(), b"office:value-type" | b"calcext:value-type")
                    });
                    if has {
                        filled = at;
                    }
                    cell_repeat = repeat(e, b"table:number-columns-repeated");
                    let words = || {
                        let kind = attribute(e, b"office:value-type");
                        kind.is_some_and(|k| k == "string")
                    };
                    if let (false, Ok(row)) = (striking.is_empty(), u32::try_from(next_row))
                        && words()
                    {
                        let own = attribute(e, b"table:style-name");
                        let struck = own.is_some_and(|s| striking.contains(&s));
                        let known = out.hidden.entry(name.clone()).or_default();
                        known.strokes.see(row, struck);
                    }
                    if attribute(e, b"table:formula").is_some()
                        && let Ok(row) = u32::try_from(next_row)
                    {
                        let number = attribute(e, b"office:value").map(|v| v.parse::<f64>());
                        let outcome = match number {
                            Some(Ok(0.0)) => Outcome::Zero,
                            None if !has => Outcome::Missing,
                            _ => Outcome::Calculated,
                        };
                        let known = out.hidden.entry(name.clone()).or_default();
                        known
                            .formulas
                            .see(row, (at - 1).min(65_535) as u32, outcome);
                    }
                }
                _ => {}
            },
            Event::End(e) => match e.name().as_ref() {
                b"table:table-row" => {
                    // Empty rows count only when something stands below them.
                    pending = pending.saturating_add(row_repeat);
                    if unseen && filled > 0 {
                        let rows = next_row..next_row.saturating_add(row_repeat.min(1 << 20));
                        let known = &mut out.hidden.entry(name.clone()).or_default().hidden;
                        known.extend(rows.take(1 << 20).filter_map(|r| u32::try_from(r).ok()));
                    }
                    next_row = next_row.saturating_add(row_repeat);
                    out.text = out.text.saturating_add(row_text.saturating_mul(row_repeat));
                    if filled > 0 {
                        rows = rows.saturating_add(pending);
                        pending = 0;
                        wide = wide.max(filled);
                    }
                }
                b"table:table" => {
                    total = total.saturating_add(rows.saturating_mul(wide));
                    (rows, wide, pending) = (0, 0, 0);
                }
                _ => {}
            },
            Event::Text(t) => {
                row_text = row_text.saturating_add((t.len() as u64).saturating_mul(cell_repeat));
            }
            Event::Eof => {
                out.cells = total;
                return Ok(out);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_and_merges_are_found_across_chunks_and_columns_are_not_rows() {
        let xml = br#"<cols><col min="1" hidden="1"/></cols><sheetData><row r="7" spans="1:3" hidden="1" ht="0"><c/></row><row r="8"><c/></row><row r="12" hidden="1"/><row r="13" hidden="true"></row></sheetData><mergeCells count="3"><mergeCell ref="A1:C2"/><mergeCell ref="D1:D2"/><mergeCell ref="AA3:XFD4"/></mergeCells>"#;
        for size in [1, 7, 64, 1000] {
            let mut s = Scan::default();
            for c in xml.chunks(size) {
                s.feed(c);
            }
            assert_eq!(s.rows, [6, 11, 12], "chunks of {size}");
            let merges = [(0, 0, 1, 2), (0, 3, 1, 3), (2, 26, 3, 16_383)];
            assert_eq!(s.merges, merges, "chunks of {size}");
        }
    }

    #[test]
    fn an_opendocument_that_repeats_itself_is_counted_without_being_built() {
        let xml = r#"<table:table><table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000" office:value-type="string"/></table:table-row></table:table>"#;
        assert_eq!(ods(xml.as_bytes()).unwrap().cells, 1_000_000_000);
        let empty = r#"<table:table><table:table-row><table:table-cell office:value-type="string"/></table:table-row><table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#;
        assert_eq!(ods(empty.as_bytes()).unwrap().cells, 1);
    }

    #[test]
    fn rows_hidden_in_an_opendocument_are_known_by_sheet() {
        let row = |what: &str| {
            format!(
                "<table:table-row {what}><table:table-cell office:value-type=\"string\"/></table:table-row>"
            )
        };
        let xml = format!(
            "<table:table table:name=\"A\">{}<table:table-row table:number-rows-repeated=\"2\"/>{}{}</table:table><table:table table:name=\"B\">{}</table:table>",
            row(""),
            row("table:visibility=\"collapse\" table:number-rows-repeated=\"2\""),
            row("table:visibility=\"filter\""),
            row("")
        );
        let found = ods(xml.as_bytes()).unwrap();
        assert_eq!(found.hidden["A"].hidden, [3, 4, 5]);
        assert!(!found.hidden.contains_key("B"));
    }
}
