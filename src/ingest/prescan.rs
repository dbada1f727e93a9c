//! One pass over a zipped workbook before it is parsed: what it is, how large it truly expands, which rows are hidden.
//!
//! An archive may lie about the size of its members, and a table of three cells may claim a sheet of a thousand million;
//! here they are expanded without being kept, so that the parser is never handed what the settings do not allow.

use super::bytes::Bytes;
use super::grid::{Budget, GridError};
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
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
    /// Hidden rows (zero-based, sorted) by sheet name; only sheets that have some.
    hidden: BTreeMap<String, Vec<u32>>,
}

impl Package {
    /// Hidden rows of a sheet.
    pub fn hidden_rows(&self, sheet: &str) -> &[u32] {
        self.hidden.get(sheet).map_or(&[], Vec::as_slice)
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
    // Tables of strings are held in memory by the parser, cells are streamed: they may use a quarter.
    let in_memory = budget.bytes / 4;
    let mut by_part: BTreeMap<String, Vec<u32>> = BTreeMap::new();
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
            let mut counted = Sized {
                inner: &mut entry,
                read: 0,
                most: left,
            };
            let claimed = ods_cells(&mut counted);
            let read = counted.read;
            budget.expand(read)?;
            budget.take(claimed?)?;
            continue;
        }
        let worksheet = name.starts_with("xl/worksheets/") && name.ends_with(".xml");
        let streamed = name.starts_with("xl/worksheets/");
        let most = if streamed { left } else { left.min(in_memory) };
        let mut rows = HiddenRows::default();
        let mut buffer = vec![0u8; 1 << 16];
        let mut total = 0u64;
        loop {
            let n = entry.read(&mut buffer)?;
            if n == 0 {
                break;
            }
            total += n as u64;
            if total > most {
                return Err(GridError::TooLarge("limits.expanded_mib"));
            }
            if worksheet {
                rows.feed(&buffer[..n]);
            }
        }
        budget.expand(total)?;
        if !rows.found.is_empty() {
            rows.found.sort_unstable();
            by_part.insert(path, rows.found);
        }
    }
    let mut hidden = BTreeMap::new();
    if !by_part.is_empty() {
        for (sheet, part) in sheet_parts(&mut archive)? {
            if let Some(rows) = by_part.remove(&part) {
                hidden.insert(sheet, rows);
            }
        }
    }
    Ok(Package { format, hidden })
}

/// Counts and ends at a limit.
struct Sized<R> {
    inner: R,
    read: u64,
    most: u64,
}

impl<R: Read> Read for Sized<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.read += n as u64;
        if self.read > self.most {
            return Err(std::io::Error::other("limits.expanded_mib"));
        }
        Ok(n)
    }
}

/// Finds `<row … hidden="1">` in a stream of XML without parsing it.
#[derive(Default)]
struct HiddenRows {
    kept: Vec<u8>,
    found: Vec<u32>,
}

impl HiddenRows {
    /// The longest row tag that is understood.
    const TAG: usize = 512;

    fn feed(&mut self, chunk: &[u8]) {
        let old = self.kept.len();
        self.kept.extend_from_slice(chunk);
        let data = &self.kept;
        let mut from = old.saturating_sub(16);
        while let Some(at) = memchr::memmem::find(&data[from..], b"hidden=").map(|i| i + from) {
            from = at + 7;
            // A value cut off by the end of the chunk is found again with the next one.
            if at < old.saturating_sub(16) || data.len() < at + 12 {
                continue;
            }
            let value = &data[at + 7..(at + 13).min(data.len())];
            let yes = value.starts_with(b"\"1\"")
                || value.starts_with(b"\"true\"")
                || value.starts_with(b"'1'");
            let start = at.saturating_sub(Self::TAG);
            let tag = memchr::memrchr(b'<', &data[start..at]).map(|i| &data[start + i..at]);
            if let Some(tag) = tag
                && yes
                && tag.starts_with(b"<row ")
                && let Some(r) = row_number(tag)
                && self.found.last() != Some(&(r - 1))
            {
                self.found.push(r - 1);
            }
        }
        let keep = self.kept.len().saturating_sub(Self::TAG);
        self.kept.drain(..keep);
    }
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
    let entry = archive.by_name(part)?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(entry.take(16 << 20)));
    let (mut out, mut buffer) = (Vec::new(), Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(e) | Event::Empty(e)) => out.push(e.into_owned()),
            Ok(Event::Eof) => return Ok(out),
            Ok(_) => {}
            Err(e) => return Err(GridError::Broken(e.to_string())),
        }
    }
}

fn attribute(e: &BytesStart, name: &[u8]) -> Option<String> {
    e.attributes()
        .flatten()
        .find(|a| a.key.as_ref() == name)
        .and_then(|a| a.unescape_value().ok().map(|v| v.into_owned()))
}

/// Cells the parser would hold for an OpenDocument: it fills every sheet out to its last filled row and column.
fn ods_cells(input: impl Read) -> Result<u64, GridError> {
    let mut xml = quick_xml::Reader::from_reader(BufReader::with_capacity(1 << 16, input));
    let mut buffer = Vec::new();
    let (mut total, mut rows, mut wide) = (0u64, 0u64, 0u64);
    let (mut row_repeat, mut at, mut filled) = (1u64, 0u64, 0u64);
    let mut pending = 0u64;
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer).map_err(|e| {
            let text = e.to_string();
            if text.contains("limits.expanded_mib") {
                GridError::TooLarge("limits.expanded_mib")
            } else {
                GridError::Broken(text)
            }
        })?;
        let repeat = |e: &BytesStart, name: &[u8]| {
            attribute(e, name)
                .and_then(|v| v.parse().ok())
                .unwrap_or(1u64)
        };
        match &event {
            Event::Start(e) | Event::Empty(e) => match e.name().as_ref() {
                b"table:table-row" => {
                    row_repeat = repeat(e, b"table:number-rows-repeated");
                    (at, filled) = (0, 0);
                }
                b"table:table-cell" | b"table:covered-table-cell" => {
                    at += repeat(e, b"table:number-columns-repeated");
                    let has = e.attributes().flatten().any(|a| {
                        matches!(a.key.as_ref(), b"office:value-type" | b"calcext:value-type")
                    });
                    if has {
                        filled = at;
                    }
                }
                _ => {}
            },
            Event::End(e) => match e.name().as_ref() {
                b"table:table-row" => {
                    // Empty rows count only when something stands below them.
                    pending = pending.saturating_add(row_repeat);
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
            Event::Eof => return Ok(total),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_are_found_across_chunks_and_columns_are_not_rows() {
        let xml = br#"<cols><col min="1" hidden="1"/></cols><sheetData><row r="7" spans="1:3" hidden="1" ht="0"><c/></row><row r="8"><c/></row><row r="12" hidden="1"/></sheetData>"#;
        for size in [1, 7, 64, 1000] {
            let mut h = HiddenRows::default();
            for c in xml.chunks(size) {
                h.feed(c);
            }
            assert_eq!(h.found, [6, 11], "chunks of {size}");
        }
    }

    #[test]
    fn an_opendocument_that_repeats_itself_is_counted_without_being_built() {
        let xml = r#"<table:table><table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000" office:value-type="string"/></table:table-row></table:table>"#;
        assert_eq!(ods_cells(xml.as_bytes()).unwrap(), 1_000_000_000);
        let empty = r#"<table:table><table:table-row><table:table-cell office:value-type="string"/></table:table-row><table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#;
        assert_eq!(ods_cells(empty.as_bytes()).unwrap(), 1);
    }
}
