//! Web pages and XML spreadsheets that office systems hand out under the name `.xls`: their tables as sheets.
//!
//! Reads tags, not documents: exports of this sort are rarely well formed.

use super::grid::{Budget, GridError, Sheet};
use crate::domain::raw::RawCell;
use std::collections::HashMap;

/// The largest text that is held in memory.
pub const MOST: u64 = 256 << 20;

/// Whether a text begins as a page or an XML spreadsheet.
pub fn looks_marked_up(head: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&head[..head.len().min(4096)]).to_ascii_lowercase();
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    start.starts_with('<')
        && [
            "<html",
            "<table",
            "<!doctype html",
            "<workbook",
            "<style",
            "<?mso-application",
        ]
        .iter()
        .any(|t| start.contains(t))
}

/// What is being read.
#[derive(Default)]
struct State {
    sheets: Vec<Sheet>,
    name: String,
    row: u32,
    col: u32,
    next_row: u32,
    in_row: bool,
    cell: Option<Open>,
    /// Columns taken by cells that span rows: column → first free row.
    taken: HashMap<u32, u32>,
}

struct Open {
    text: String,
    wide: u32,
    high: u32,
    number: bool,
}

/// Reads every table of a page as rows of one sheet, every worksheet of an XML spreadsheet as a sheet.
pub fn read(text: &str, budget: &mut Budget) -> Result<Vec<Sheet>, GridError> {
    let mut s = State::default();
    let mut rest = text;
    let mut skip_until: Option<&str> = None;
    while let Some(open) = rest.find('<') {
        if skip_until.is_none() {
            s.say(&rest[..open]);
        }
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |e| &comment[e + 3..]);
            continue;
        }
        let Some(close) = rest.find('>') else { break };
        let tag = &rest[1..close];
        rest = &rest[close + 1..];
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == ':')
            .collect::<String>()
            .to_ascii_lowercase();
        let name = name.rsplit(':').next().unwrap_or_default().to_owned();
        if let Some(end) = skip_until {
            if tag.starts_with('/') && name == end {
                skip_until = None;
            }
            continue;
        }
        match (tag.starts_with('/'), name.as_str()) {
            (false, "style") => skip_until = Some("style"),
            (false, "script") => skip_until = Some("script"),
            (false, "worksheet") => {
                s.end_cell(budget)?;
                s.sheets.push(Sheet {
                    name: attribute(tag, "name").unwrap_or_default(),
                    ..Sheet::default()
                });
                (s.next_row, s.in_row) = (0, false);
                s.taken.clear();
            }
            (false, "tr" | "row") => {
                s.end_cell(budget)?;
                s.start_row(attribute(tag, "index"));
            }
            (false, "td" | "th" | "cell") => {
                s.end_cell(budget)?;
                s.start_cell(tag);
                if tag.ends_with('/') {
                    s.end_cell(budget)?;
                }
            }
            (true, "td" | "th" | "cell" | "tr" | "row" | "table") => s.end_cell(budget)?,
            (false, "data") => {
                if let Some(c) = &mut s.cell {
                    c.number = attribute(tag, "type").is_some_and(|t| t == "Number");
                }
            }
            (_, "br" | "p" | "div") => s.say("\n"),
            // Titles of a page outside its tables are rows of their own.
            (true, "h1" | "h2" | "h3" | "h4" | "caption" | "title") => {
                let title = decoded(&s.name);
                s.name.clear();
                if !title.is_empty() && s.cell.is_none() {
                    s.start_row(None);
                    s.put(0, RawCell::Text(title.as_str().into()), budget)?;
                }
            }
            (false, "h1" | "h2" | "h3" | "h4" | "caption" | "title") => s.name.clear(),
            _ => {}
        }
    }
    s.end_cell(budget)?;
    Ok(s.sheets)
}

impl State {
    fn sheet(&mut self) -> &mut Sheet {
        if self.sheets.is_empty() {
            self.sheets.push(Sheet::default());
        }
        let last = self.sheets.len() - 1;
        &mut self.sheets[last]
    }

    fn say(&mut self, text: &str) {
        match &mut self.cell {
            Some(c) => c.text.push_str(text),
            None if self.name.len() < 4096 => self.name.push_str(text),
            None => {}
        }
    }

    fn start_row(&mut self, index: Option<String>) {
        if let Some(i) = index.and_then(|i| i.parse::<u32>().ok()) {
            self.next_row = i.saturating_sub(1);
        }
        self.row = self.next_row;
        self.next_row = self.next_row.saturating_add(1);
        self.col = 0;
        self.in_row = true;
    }

    fn start_cell(&mut self, tag: &str) {
        if !self.in_row {
            self.start_row(None);
        }
        let number = |n: &str| attribute(tag, n).and_then(|v| v.parse::<u32>().ok());
        if let Some(i) = number("index") {
            self.col = i.saturating_sub(1);
        }
        while self
            .taken
            .get(&self.col)
            .is_some_and(|&free| free > self.row)
        {
            self.col += 1;
        }
        self.cell = Some(Open {
            text: String::new(),
            wide: number("colspan")
                .or_else(|| number("mergeacross").map(|n| n.saturating_add(1)))
                .unwrap_or(1)
                .clamp(1, 16_384),
            high: number("rowspan")
                .or_else(|| number("mergedown").map(|n| n.saturating_add(1)))
                .unwrap_or(1)
                .clamp(1, 65_536),
            number: false,
        });
    }

    fn end_cell(&mut self, budget: &mut Budget) -> Result<(), GridError> {
        let Some(c) = self.cell.take() else {
            return Ok(());
        };
        let text = decoded(&c.text);
        let value = match text.parse::<f64>() {
            Ok(n) if c.number => RawCell::Number(n),
            _ if text.is_empty() => RawCell::Empty,
            _ => RawCell::Text(text.as_str().into()),
        };
        let (row, col) = (self.row, self.col);
        if c.wide > 1 || c.high > 1 {
            if value != RawCell::Empty {
                let last = (col + c.wide - 1).min(16_383) as u16;
                self.sheet()
                    .merges
                    .push((row, col.min(16_383) as u16, row + c.high - 1, last));
            }
            if c.high > 1 {
                for k in col..col + c.wide {
                    self.taken.insert(k, row + c.high);
                }
            }
        }
        self.col += c.wide;
        self.put(col, value, budget)
    }

    fn put(&mut self, col: u32, value: RawCell, budget: &mut Budget) -> Result<(), GridError> {
        budget.take(1)?;
        let row = self.row;
        self.sheet().push(row, col, value);
        Ok(())
    }
}

/// Value of an attribute, whatever its namespace and quotes.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    while let Some(i) = lower[from..].find(name).map(|i| i + from) {
        from = i + name.len();
        let before = lower[..i].chars().next_back();
        let Some(value) = tag[from..].trim_start().strip_prefix('=') else {
            continue;
        };
        if !matches!(before, Some(' ' | ':' | '\n' | '\t' | '\r')) {
            continue;
        }
        let value = value.trim_start();
        return Some(match value.chars().next() {
            Some(q @ ('"' | '\'')) => decoded(value[1..].split(q).next().unwrap_or_default()),
            _ => value
                .split(|c: char| c.is_whitespace() || c == '/' || c == '>')
                .next()
                .unwrap_or_default()
                .to_owned(),
        });
    }
    None
}

/// Entities resolved, white space brought to single blanks, line breaks of the page's own kept.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(i) = rest.find('&') {
        out.push_str(&rest[..i]);
        rest = &rest[i..];
        let end = rest[..rest.floor_char_boundary(12)].find(';');
        let Some(end) = end else {
            out.push('&');
            rest = &rest[1..];
            continue;
        };
        let entity = &rest[1..end];
        let c = match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some(' '),
            e => e.strip_prefix('#').and_then(|n| {
                let code = match n.strip_prefix(['x', 'X']) {
                    Some(h) => u32::from_str_radix(h, 16).ok(),
                    None => n.parse().ok(),
                };
                code.and_then(char::from_u32)
            }),
        };
        match c {
            Some(c) => out.push(c),
            None => out.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    let lines: Vec<String> = out
        .split('\n')
        .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|l| !l.is_empty())
        .collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Limits;

    fn rows(text: &str) -> Vec<(u32, Vec<(u16, String)>)> {
        let sheets = read(text, &mut Budget::of(&Limits::default())).unwrap();
        let show = |c: &RawCell| match c {
            RawCell::Text(t) => t.to_string(),
            RawCell::Number(n) => n.to_string(),
            _ => String::new(),
        };
        sheets[0]
            .rows
            .iter()
            .map(|r| (r.row, r.cells.iter().map(|(c, v)| (*c, show(v))).collect()))
            .collect()
    }

    #[test]
    fn a_page_with_spans_and_entities_is_a_grid() {
        let page = "<html><style>td{a:b}</style><body><h3>DATA WBP</h3><TABLE border=1><tr><th rowspan=2>No<th colspan='2'>Lahir</tr>\
                    <tr><td>Tempat</td><td>Tgl</td></tr><tr><td>1</td><td>Ambon &amp;<br>Tual</td><td>&nbsp;</td></tr></table>";
        let s = |t: &str| t.to_owned();
        assert_eq!(
            rows(page),
            vec![
                (0, vec![(0, s("DATA WBP"))]),
                (1, vec![(0, s("No")), (1, s("Lahir"))]),
                (2, vec![(1, s("Tempat")), (2, s("Tgl"))]),
                (3, vec![(0, s("1")), (1, s("Ambon & Tual"))]),
            ]
        );
        assert!(looks_marked_up(page.as_bytes()));
        assert!(!looks_marked_up(b"Nama;<NIK>\n"));
    }

    #[test]
    fn an_xml_spreadsheet_keeps_numbers_and_places() {
        let xml = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook><Worksheet ss:Name="Jan"><Table><Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="Number">12</Data></Cell><Cell><Data ss:Type="String">A</Data></Cell></Row></Table></Worksheet></Workbook>"#;
        assert_eq!(
            rows(xml),
            vec![(2, vec![(1, "12".to_owned()), (2, "A".to_owned())])]
        );
    }
}
