//! The parts of a workbook: its sheets, its strings, what its styles make of numbers.

use super::Stop;
use crate::ingest::bytes::ReadSeek;
use crate::ingest::grid::{Counted, EXPANDED, GridError};
use crate::ingest::prescan::{attribute, tags_of};
use std::collections::HashMap;

/// An opened archive.
pub type Archive = zip::ZipArchive<Box<dyn ReadSeek>>;

/// What a style makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A number.
    Number,
    /// A date or time of day.
    Date,
    /// Hours, minutes or seconds that passed: no epoch.
    Duration,
}

/// A sheet and where its cells are.
pub struct SheetPart {
    /// Its name.
    pub name: String,
    /// Index of its part in the archive; a chart sheet has no cells.
    pub part: Option<usize>,
    /// Its state is `hidden` or `veryHidden`.
    pub hidden: bool,
}

/// What the small parts of a workbook say.
pub struct Book {
    /// Sheets in order.
    pub sheets: Vec<SheetPart>,
    /// Format by style.
    pub formats: Vec<Format>,
    /// Whether each style strikes words out; empty where none does.
    pub struck: Vec<bool>,
    /// Dates count from 1904.
    pub from_1904: bool,
    /// Index of the part of shared strings.
    pub strings: Option<usize>,
}

/// Runs a reader over a part that may expand to so many bytes; returns what it made and how many came.
pub fn part<T>(
    archive: &mut Archive,
    index: usize,
    most: u64,
    read: impl FnOnce(&mut Counted<zip::read::ZipFile<'_, Box<dyn ReadSeek>>>) -> Result<T, Stop>,
) -> Result<(T, u64), Stop> {
    let entry = archive.by_index(index).map_err(GridError::from)?;
    let mut counted = Counted {
        inner: entry,
        left: most,
    };
    let made = read(&mut counted);
    if counted.left == 0 && most > 0 && made.is_err() {
        return Err(GridError::TooLarge(EXPANDED).into());
    }
    Ok((made?, most - counted.left))
}

/// Reads the workbook, its relations and its styles.
pub fn workbook(archive: &mut Archive) -> Result<Book, Stop> {
    let at: HashMap<String, usize> = (0..archive.len())
        .filter_map(|i| {
            let name = archive.name_for_index(i)?.ok()?;
            Some((name.to_ascii_lowercase(), i))
        })
        .collect();
    let find = |name: &str| at.get(&name.to_ascii_lowercase()).copied();
    let small = |archive: &mut Archive, index: usize| {
        let entry = archive.by_index(index).map_err(|_| NO_XML)?;
        tags_of(entry).map_err(|_| NO_XML)
    };
    let book = match find("_rels/.rels") {
        Some(i) => (small(archive, i)?.iter())
            .filter(|e| attribute(e, b"Type").is_some_and(|t| t.ends_with("/officeDocument")))
            .find_map(|e| Some(resolved("", &attribute(e, b"Target")?))),
        None => None,
    };
    let book = book.unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let (folder, name) = book.rsplit_once('/').unwrap_or(("", &book));
    let relations = resolved(folder, &format!("_rels/{name}.rels"));
    let (Some(book), Some(relations)) = (find(&book), find(&relations)) else {
        return Err(Stop::Unusual("a package with other names"));
    };
    let mut targets: HashMap<String, (String, bool)> = HashMap::new();
    let (mut strings, mut styles) = (None, None);
    for e in small(archive, relations)? {
        if let (Some(id), Some(t), Some(kind)) = (
            attribute(&e, b"Id"),
            attribute(&e, b"Target"),
            attribute(&e, b"Type"),
        ) {
            let part = resolved(folder, &t);
            match kind.rsplit('/').next() {
                Some("sharedStrings") => strings = find(&part),
                Some("styles") => styles = find(&part),
                _ => {}
            }
            targets.insert(id, (part, kind.ends_with("/worksheet")));
        }
    }
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    for e in small(archive, book)? {
        match e.local_name().as_ref() {
            b"sheet" => {
                let id = e.attributes().flatten().find_map(|a| {
                    (a.key.local_name().as_ref() == b"id")
                        .then(|| a.unescape_value().ok().map(|v| v.into_owned()))
                        .flatten()
                });
                let known = id.and_then(|id| targets.get(&id));
                let (Some(name), Some((part, cells))) = (attribute(&e, b"name"), known) else {
                    return Err(Stop::Unusual("a sheet without a part"));
                };
                let part = cells.then(|| find(part).ok_or(Stop::Unusual("a part that is missing")));
                sheets.push(SheetPart {
                    name,
                    part: part.transpose()?,
                    hidden: attribute(&e, b"state").is_some_and(|s| s != "visible"),
                });
            }
            b"workbookPr" => {
                if let Some(v) = attribute(&e, b"date1904") {
                    from_1904 = v == "1" || v == "true";
                }
            }
            _ => {}
        }
    }
    let styles = match styles.or_else(|| find("xl/styles.xml")) {
        Some(i) => small(archive, i)?,
        None => Vec::new(),
    };
    Ok(Book {
        sheets,
        formats: formats(&styles),
        struck: struck(&styles),
        from_1904,
        strings: strings.or_else(|| find("xl/sharedStrings.xml")),
    })
}

const NO_XML: Stop = Stop::Unusual("a part that is no XML");

/// The name of a part that a part in a folder refers to.
pub fn resolved(folder: &str, target: &str) -> String {
    let (folder, target) = match target.strip_prefix('/') {
        Some(absolute) => ("", absolute),
        None => (folder, target),
    };
    let mut out: Vec<&str> = Vec::new();
    for piece in folder.split('/').chain(target.split(['/', '\\'])) {
        match piece {
            "" | "." => {}
            ".." => drop(out.pop()),
            name => out.push(name),
        }
    }
    out.join("/")
}

/// Format of every cell style, in order.
fn formats(tags: &[quick_xml::events::BytesStart]) -> Vec<Format> {
    let mut own: HashMap<String, Format> = HashMap::new();
    let mut out = Vec::new();
    let mut within = Vec::new();
    for e in tags {
        match e.local_name().as_ref() {
            name @ (b"numFmts" | b"cellXfs" | b"cellStyleXfs" | b"cellStyles" | b"dxfs") => {
                within = name.to_vec();
            }
            b"numFmt" if within == b"numFmts" => {
                if let (Some(id), Some(code)) =
                    (attribute(e, b"numFmtId"), attribute(e, b"formatCode"))
                {
                    own.insert(id, of_code(&code));
                }
            }
            b"xf" if within == b"cellXfs" => {
                let id = attribute(e, b"numFmtId").unwrap_or_default();
                out.push(own.get(&id).copied().unwrap_or_else(|| of_id(&id)));
            }
            _ => {}
        }
    }
    out
}

/// Whether the font of each cell style strikes words out (ECMA-376 18.8.22 `font`, 18.4.10 `strike`).
fn struck(tags: &[quick_xml::events::BytesStart]) -> Vec<bool> {
    let mut fonts: Vec<bool> = Vec::new();
    let mut out = Vec::new();
    let mut within = Vec::new();
    for e in tags {
        match e.local_name().as_ref() {
            name @ (b"fonts" | b"fills" | b"borders" | b"cellXfs" | b"cellStyleXfs"
            | b"cellStyles" | b"dxfs") => within = name.to_vec(),
            b"font" if within == b"fonts" => fonts.push(false),
            b"strike" if within == b"fonts" => {
                let off = attribute(e, b"val").is_some_and(|v| v == "0" || v == "false");
                if let Some(last) = fonts.last_mut() {
                    *last = !off;
                }
            }
            b"xf" if within == b"cellXfs" => {
                let font = attribute(e, b"fontId").and_then(|v| v.parse::<usize>().ok());
                out.push(font.and_then(|i| fonts.get(i)).copied().unwrap_or(false));
            }
            _ => {}
        }
    }
    if out.contains(&true) { out } else { Vec::new() }
}

/// Built-in formats (ECMA-376 18.8.30, with the dates of East Asian languages).
fn of_id(id: &str) -> Format {
    match id.parse::<u32>() {
        Ok(14..=22 | 27..=36 | 45 | 47 | 50..=58) => Format::Date,
        Ok(46) => Format::Duration,
        _ => Format::Number,
    }
}

/// What a format code makes of a positive number: only its first section counts; quoted, escaped and bracketed text
/// says nothing, except `[h]`, `[mm]`, `[s]`, which are durations.
pub fn of_code(code: &str) -> Format {
    let mut chars = code.chars();
    let mut before_am = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' | '_' | '*' => {
                chars.next();
            }
            '"' => {
                chars.by_ref().find(|c| *c == '"');
            }
            ';' => return Format::Number,
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let unit = inside.chars().next().map(|c| c.to_ascii_lowercase());
                if matches!(unit, Some('h' | 'm' | 's'))
                    && inside.chars().all(|c| Some(c.to_ascii_lowercase()) == unit)
                {
                    return Format::Duration;
                }
            }
            // `AM/PM` and `A/P`; a lone `a` is nothing.
            'a' | 'A' => before_am = true,
            'p' | 'P' | 'm' | 'M' | '/' if before_am => return Format::Date,
            'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' if !before_am => {
                return Format::Date;
            }
            _ => {}
        }
    }
    Format::Number
}
