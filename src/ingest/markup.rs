//! Web pages and XML spreadsheets that office systems hand out under the name `.xls`: their tables as sheets.
//!
//! Reads tags, not documents: exports of this sort are rarely well formed.

use super::formulas::{Formulas, Outcome};
use super::grid::{Budget, GridError, Sheet, iso_cell, text_cell};
use super::struck::Strokes;
use crate::domain::raw::RawCell;
use std::collections::BTreeMap;

/// The largest text that is held in memory.
pub const MOST: u64 = 256 << 20;

/// Columns of a sheet; what lies beyond is nobody's.
const COLUMNS: u32 = 16_384;
/// Merged regions of a sheet that are kept.
const MERGES: usize = 20_000;

/// Whether a text is a page or an XML spreadsheet: it begins with a tag of one, or a table stands further down.
pub fn looks_marked_up(head: &[u8]) -> bool {
    let start = super::text_file::decoded_page(head).to_ascii_lowercase();
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let tag: String = start
        .strip_prefix('<')
        .unwrap_or_default()
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '!' | '?' | '-'))
        .collect();
    let known = |t: &str| {
        [
            "html", "!doctype", "table", "style", "head", "meta", "body", "title", "div", "center",
            "font", "br", "script", "link", "h1", "h2", "h3", "p", "b",
        ]
        .contains(&t)
    };
    let bare = tag.rsplit(':').next().unwrap_or_default();
    let table = || start.contains("<table") && start.contains("<t");
    match tag.as_str() {
        "" => start.contains("<table") && start.contains("<tr") && start.contains("<td"),
        "!--" => table() || start.contains("<html"),
        "?xml" | "?mso-application" => {
            start.contains("urn:schemas-microsoft-com:office:spreadsheet")
                || start.contains("<workbook")
                || start.contains("<html")
                || table()
        }
        t => known(t) || bare == "workbook",
    }
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
    /// Columns taken by cells that span rows: from the first column to behind the last, and the first free row.
    taken: BTreeMap<u32, (u32, u32)>,
    /// No span ends before this row.
    first_free: u32,
    formulas: Formulas,
    strokes: Strokes,
    /// The row, or a part of what is being read, is struck out.
    row_struck: bool,
    /// Styles of an XML spreadsheet that strike words out, and the one that is being defined.
    striking: std::collections::BTreeSet<String>,
    style: String,
}

struct Open {
    struck: bool,
    text: String,
    wide: u32,
    high: u32,
    kind: Kind,
    formula: bool,
}

/// What a cell is said to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Day,
    Truth,
    Error,
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
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = data.find("]]>").unwrap_or(data.len());
            if skip_until.is_none() {
                s.say(&data[..end].replace('&', "&amp;"));
            }
            rest = data.get(end + 3..).unwrap_or_default();
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
            // A style of an XML spreadsheet, not of a page.
            (false, "style") if tag.to_ascii_lowercase().contains("ss:id") => {
                s.style = attribute(tag, "id").unwrap_or_default();
            }
            (true, "style") => {}
            (false, "style") => skip_until = Some("style"),
            (false, "font") if tag.contains("StrikeThrough=\"1\"") => {
                let style = std::mem::take(&mut s.style);
                s.striking.insert(style);
            }
            (false, "s" | "strike" | "del") => {
                if let Some(c) = &mut s.cell {
                    c.struck = true;
                }
            }
            (false, "script") => skip_until = Some("script"),
            // A remark on a cell is not what it holds.
            (false, "comment") if !tag.ends_with('/') => skip_until = Some("comment"),
            (false, "worksheet") => {
                s.end_cell(budget)?;
                s.end_sheet();
                s.sheets.push(Sheet {
                    name: attribute(tag, "name").unwrap_or_default(),
                    ..Sheet::default()
                });
                (s.next_row, s.in_row) = (0, false);
                s.taken.clear();
                s.first_free = 0;
            }
            // `<x:Visible>SheetVeryHidden</x:Visible>` in the options of a worksheet.
            (false, "visible") => {
                let said = rest.split('<').next().unwrap_or_default().trim();
                if let (true, Some(sheet)) = (
                    matches!(said, "SheetHidden" | "SheetVeryHidden"),
                    s.sheets.last_mut(),
                ) {
                    sheet.hidden = true;
                }
            }
            (false, "tr" | "row") => {
                s.end_cell(budget)?;
                s.start_row(attribute(tag, "index"));
                s.row_struck = s.strikes(tag);
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
                    c.kind = match attribute(tag, "type").as_deref() {
                        Some("Number") => Kind::Number,
                        Some("DateTime") => Kind::Day,
                        Some("Boolean") => Kind::Truth,
                        Some("Error") => Kind::Error,
                        _ => Kind::Text,
                    };
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
    s.end_sheet();
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

    /// Whether a tag's own style strikes words out.
    fn strikes(&self, tag: &str) -> bool {
        tag.contains("line-through")
            || !self.striking.is_empty()
                && attribute(tag, "styleid").is_some_and(|id| self.striking.contains(&id))
    }

    fn start_row(&mut self, index: Option<String>) {
        if let Some(i) = index.and_then(|i| i.parse::<u32>().ok()) {
            // No sheet has more rows.
            self.next_row = i.saturating_sub(1).min(1 << 24);
        }
        self.row = self.next_row;
        self.next_row = self.next_row.saturating_add(1);
        let row = self.row;
        if self.first_free <= row {
            self.taken.retain(|_, (_, free)| *free > row);
            let free = self.taken.values().map(|(_, free)| *free);
            self.first_free = free.min().unwrap_or(u32::MAX);
        }
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
        // The spans lie side by side: the one that covers a column begins there or before it.
        while let Some((_, (end, _))) = self.taken.range(..=self.col).next_back()
            && *end > self.col
        {
            self.col = *end;
        }
        self.cell = Some(Open {
            struck: self.row_struck || self.strikes(tag),
            text: String::new(),
            wide: number("colspan")
                .or_else(|| number("mergeacross").map(|n| n.saturating_add(1)))
                .unwrap_or(1)
                .clamp(1, COLUMNS),
            high: number("rowspan")
                .or_else(|| number("mergedown").map(|n| n.saturating_add(1)))
                .unwrap_or(1)
                .clamp(1, 65_536),
            kind: Kind::Text,
            formula: attribute(tag, "formula").is_some(),
        });
    }

    fn end_cell(&mut self, budget: &mut Budget) -> Result<(), GridError> {
        let Some(c) = self.cell.take() else {
            return Ok(());
        };
        let text = decoded(&c.text);
        let as_text = || text_cell(&text).unwrap_or_default();
        let value = match (c.kind, text.parse::<f64>()) {
            (Kind::Number, Ok(n)) => RawCell::Number(n),
            (Kind::Day, _) => iso_cell(&text).unwrap_or_default(),
            (Kind::Truth, Ok(n)) => RawCell::Bool(n != 0.0),
            (Kind::Error, _) if !text.is_empty() => RawCell::Error(text.as_str().into()),
            (Kind::Text | Kind::Number | Kind::Truth | Kind::Error, _) => as_text(),
        };
        budget.text(text.len())?;
        let (row, col) = (self.row, self.col);
        if c.formula {
            self.formulas.see(row, col, Outcome::of(&value));
        }
        if matches!(value, RawCell::Text(_)) {
            self.strokes.see(row, c.struck);
        }
        if col >= COLUMNS {
            return budget.take(1);
        }
        if c.wide > 1 || c.high > 1 {
            let end = (col + c.wide).min(COLUMNS);
            let merges = &mut self.sheet().merges;
            if value != RawCell::Empty && merges.len() < MERGES {
                let last = (row.saturating_add(c.high - 1), (end - 1) as u16);
                merges.push((row, col as u16, last.0, last.1));
            }
            if c.high > 1 {
                let free = row.saturating_add(c.high);
                self.first_free = self.first_free.min(free);
                match self.taken.range_mut(..col).next_back() {
                    Some((_, before)) if *before == (col, free) => before.0 = end,
                    _ => drop(self.taken.insert(col, (end, free))),
                }
            }
        }
        self.col += c.wide;
        self.put(col, value, budget)
    }

    fn put(&mut self, col: u32, value: RawCell, budget: &mut Budget) -> Result<(), GridError> {
        // What every row of spans costs is paid by its cells.
        budget.take(1 + self.taken.len() as u64 / 2)?;
        let row = self.row;
        self.sheet().push(row, col, value);
        Ok(())
    }

    /// Settles what was found of a worksheet.
    fn end_sheet(&mut self) {
        let formulas = std::mem::take(&mut self.formulas);
        let strokes = std::mem::take(&mut self.strokes);
        if let Some(last) = self.sheets.last_mut() {
            formulas.settle(last);
            strokes.mark(last);
        }
    }
}

/// Value of an attribute, whatever its namespace and quotes.
pub(super) fn attribute(tag: &str, name: &str) -> Option<String> {
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
pub(super) fn decoded(text: &str) -> String {
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
    fn days_truth_values_and_errors_of_an_xml_spreadsheet_are_cells_of_their_kind_whatever_its_prefix()
     {
        let xml = |p: &str| {
            format!(
                r#"<?xml version="1.0"?><{p}Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><{p}Worksheet ss:Name="A"><{p}Table><{p}Row><{p}Cell><{p}Data ss:Type="DateTime">2025-03-05T00:00:00.000</{p}Data><{p}Comment><ss:Data>catatan</ss:Data></{p}Comment></{p}Cell><{p}Cell><{p}Data ss:Type="Boolean">1</{p}Data></{p}Cell><{p}Cell><{p}Data ss:Type="Error">#REF!</{p}Data></{p}Cell><{p}Cell ss:Formula="=A1"><{p}Data ss:Type="Number">7</{p}Data></{p}Cell><{p}Cell><{p}Data ss:Type="String"><![CDATA[A & B]]></{p}Data></{p}Cell></{p}Row></{p}Table></{p}Worksheet></{p}Workbook>"#
            )
        };
        for p in ["", "ss:", "x:"] {
            let xml = xml(p);
            assert!(looks_marked_up(xml.as_bytes()), "{p}");
            let sheets = read(&xml, &mut Budget::of(&Limits::default())).unwrap();
            let cells: Vec<&RawCell> = sheets[0].rows[0].cells.iter().map(|(_, c)| c).collect();
            let expected = [
                &RawCell::Date(45_721.0),
                &RawCell::Bool(true),
                &RawCell::Error("#REF!".into()),
                &RawCell::Number(7.0),
                &RawCell::Text("A & B".into()),
            ];
            assert!(cells == expected, "{p}");
        }
    }

    #[test]
    fn a_page_is_known_by_its_tags_however_late_its_table_comes() {
        let late = format!(
            "<html><head><style>{}</style></head><table><tr><td>a</td></tr></table>",
            "x".repeat(100_000)
        );
        assert!(looks_marked_up(late.as_bytes()));
        for page in [
            "<!-- ekspor --><table><tr><td>a",
            "<meta charset=utf-8><table>",
            "<div><table>",
            "<br />\n<b>Notice</b>: <table>",
            "\u{feff}\n  <TABLE>",
            "Data WBP <table><tr><td>",
        ] {
            assert!(looks_marked_up(page.as_bytes()), "{page}");
        }
        for text in ["Nama;NIK\n<A>;1", "<A>;<B>\n", "< 1 tahun;5\n"] {
            assert!(!looks_marked_up(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn spans_cost_what_they_are_and_no_page_of_them_takes_long() {
        let cell = "<td colspan=16384 rowspan=65536>x";
        let page = format!(
            "<table>{}",
            format!("<tr>{}", cell.repeat(40)).repeat(1_000)
        );
        let begin = std::time::Instant::now();
        let _ = read(&page, &mut Budget::of(&Limits::default()));
        let comb = format!(
            "<table><tr>{}{}",
            "<td rowspan=65536>x<td>y".repeat(8_000),
            "<tr><td>z".repeat(60_000)
        );
        let _ = read(&comb, &mut Budget::of(&Limits::default()));
        assert!(begin.elapsed().as_secs() < 10, "{:?}", begin.elapsed());
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
