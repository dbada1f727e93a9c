//! The tables of a Word document (.docx): its paragraphs and the rows of its tables, one below the other, as one sheet.
//!
//! Reads tags of WordprocessingML (ECMA-376 part 1, 17.3 and 17.4); what a reviser deleted and what older readers see
//! instead of a text box is left out.

use super::grid::{Budget, GridError, Sheet, text_cell};
use super::markup::{attribute, decoded};
use std::collections::BTreeMap;

/// The part that holds the text.
pub const PART: &str = "word/document.xml";

/// What is being read.
#[derive(Default)]
struct State {
    sheet: Sheet,
    row: u32,
    col: u32,
    /// Tables that are open, one within the other.
    depth: u32,
    text: String,
    wide: u32,
    /// The cell goes on with that above it.
    continues: bool,
    /// Regions of merged cells by their first column, the last row of each so far.
    merged: BTreeMap<u32, (u32, u32, u32)>,
    restarts: bool,
}

/// Whether the text of a document holds a table.
pub fn holds_table(xml: &str) -> bool {
    xml.contains("<w:tbl>") || xml.contains("<w:tbl ")
}

/// The paragraphs and table rows of a document as a sheet.
///
/// # Errors
/// When it is more than a file may cost.
pub fn read(xml: &str, budget: &mut Budget) -> Result<Sheet, GridError> {
    let mut s = State::default();
    let mut rest = xml;
    let mut skipped: Option<&str> = None;
    let mut in_text = false;
    while let Some(open) = rest.find('<') {
        if in_text && skipped.is_none() {
            s.text.push_str(&decoded(&rest[..open]));
        }
        rest = &rest[open..];
        let Some(close) = rest.find('>') else { break };
        let tag = &rest[1..close];
        rest = &rest[close + 1..];
        let ends = tag.starts_with('/');
        let empty = tag.ends_with('/');
        let name = tag.trim_start_matches('/');
        let name = name
            .split([' ', '/', '\n', '\t', '\r'])
            .next()
            .unwrap_or_default();
        if let Some(until) = skipped {
            if ends && name == until {
                skipped = None;
            }
            continue;
        }
        match (ends, name) {
            (false, "mc:Fallback") if !empty => skipped = Some("mc:Fallback"),
            (false, "w:del") if !empty => skipped = Some("w:del"),
            (false, "w:t") => in_text = !empty,
            (true, "w:t") => in_text = false,
            (false, "w:tab") => s.text.push(' '),
            (false, "w:br" | "w:cr") => s.text.push('\n'),
            (false, "w:tbl") => s.start_table(budget)?,
            (true, "w:tbl") => s.depth = s.depth.saturating_sub(1),
            (false, "w:tr") if s.depth == 1 => s.col = 0,
            (true, "w:tr") if s.depth == 1 => s.row += 1,
            (false, "w:tc") if s.depth == 1 => {
                s.text.clear();
                (s.wide, s.continues, s.restarts) = (1, false, false);
            }
            (true, "w:tc") if s.depth == 1 => s.end_cell(budget)?,
            (false, "w:gridSpan") if s.depth == 1 => {
                let wide = attribute(tag, "val").and_then(|v| v.parse().ok());
                s.wide = wide.unwrap_or(1).clamp(1, 1_000);
            }
            (false, "w:vMerge") if s.depth == 1 => {
                s.restarts = attribute(tag, "val").as_deref() == Some("restart");
                s.continues = !s.restarts;
            }
            (true, "w:p") | (false, "w:p") if ends || empty => s.end_paragraph(budget)?,
            _ => {}
        }
    }
    s.end_merges(|_| true);
    Ok(s.sheet)
}

impl State {
    fn start_table(&mut self, budget: &mut Budget) -> Result<(), GridError> {
        if self.depth == 0 {
            self.end_merges(|_| true);
            if !self.text.trim().is_empty() {
                self.end_paragraph(budget)?;
            }
        }
        self.depth += 1;
        Ok(())
    }

    /// A paragraph of its own is a row; within a cell it is a line.
    fn end_paragraph(&mut self, budget: &mut Budget) -> Result<(), GridError> {
        if self.depth > 0 {
            self.text.push('\n');
            return Ok(());
        }
        let text = std::mem::take(&mut self.text);
        self.push(0, &text, budget)?;
        self.row += 1;
        Ok(())
    }

    fn end_cell(&mut self, budget: &mut Budget) -> Result<(), GridError> {
        let text = std::mem::take(&mut self.text);
        let wide = self.wide.max(1);
        let (first, last) = (self.col, self.col + wide - 1);
        let row = self.row;
        match self.merged.get_mut(&first) {
            Some((_, _, to)) if self.continues => *to = row,
            Some(_) | None => {
                self.end_merges(|c| c == first);
                if self.restarts || wide > 1 {
                    self.merged.insert(first, (row, last, row));
                }
                self.push(first, &text, budget)?;
            }
        }
        self.col += wide;
        Ok(())
    }

    /// Writes down the merged regions that begin in some columns.
    fn end_merges(&mut self, of: impl Fn(u32) -> bool) {
        let narrow = |c: u32| u16::try_from(c).ok();
        let merges = &mut self.sheet.merges;
        self.merged.retain(|first, (from, last, to)| {
            let ends = of(*first);
            if let (true, Some(a), Some(b)) = (ends, narrow(*first), narrow(*last)) {
                merges.push((*from, a, *to, b));
            }
            !ends
        });
    }

    fn push(&mut self, col: u32, text: &str, budget: &mut Budget) -> Result<(), GridError> {
        if let Some(cell) = text_cell(text) {
            budget.text(text.len())?;
            budget.take(4)?;
            self.sheet.push(self.row, col, cell);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Limits;

    fn cells(xml: &str) -> Vec<(u32, u16, String)> {
        let sheet = read(xml, &mut Budget::of(&Limits::default())).unwrap();
        let of_row = |r: &super::super::grid::GridRow| {
            let texts = r.cells.iter().filter_map(|(c, v)| {
                super::super::header::text_of(v).map(|t| (r.row, *c, t.to_owned()))
            });
            texts.collect::<Vec<_>>()
        };
        sheet.rows.iter().flat_map(of_row).collect()
    }

    #[test]
    fn paragraphs_and_rows_stand_one_below_the_other() {
        let p = |t: &str| format!("<w:p><w:r><w:t xml:space=\"preserve\">{t}</w:t></w:r></w:p>");
        let tc = |t: &str| format!("<w:tc><w:tcPr/>{}</w:tc>", p(t));
        let xml = format!(
            "<w:body>{}<w:p/><w:tbl><w:tr>{}{}</w:tr><w:tr>{}<w:tc><w:p><w:r><w:t>Ana</w:t></w:r></w:p>{}</w:tc></w:tr></w:tbl>{}</w:body>",
            p("Bulan &amp; tahun"),
            tc("No"),
            tc("Nama"),
            tc("1"),
            p("NIK 1"),
            p("Ambon"),
        );
        let at = |r, c, t: &str| (r, c, t.to_owned());
        assert_eq!(
            cells(&xml),
            [
                at(0, 0, "Bulan & tahun"),
                at(2, 0, "No"),
                at(2, 1, "Nama"),
                at(3, 0, "1"),
                at(3, 1, "Ana\nNIK 1"),
                at(4, 0, "Ambon"),
            ]
        );
    }

    #[test]
    fn cells_that_span_columns_and_rows_are_merged_regions() {
        let tc = |pr: &str, t: &str| {
            format!("<w:tc><w:tcPr>{pr}</w:tcPr><w:p><w:r><w:t>{t}</w:t></w:r></w:p></w:tc>")
        };
        let xml = format!(
            "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl>",
            tc("<w:vMerge w:val=\"restart\"/>", "Paket"),
            tc("<w:gridSpan w:val=\"2\"/>", "Tanggal"),
            tc("<w:vMerge/>", ""),
            tc("", "Mulai"),
            tc("", "Selesai"),
        );
        let sheet = read(&xml, &mut Budget::of(&Limits::default())).unwrap();
        let mut merges = sheet.merges.clone();
        merges.sort_unstable();
        assert_eq!(merges, [(0, 0, 1, 0), (0, 1, 0, 2)]);
    }

    proptest::proptest! {
        #[test]
        fn no_document_makes_it_panic(s in "(<w:tbl>|</w:tbl>|<w:tr>|</w:tr>|<w:tc>|</w:tc>|<w:p>|</w:p>|<w:p/>|<w:t>|</w:t>|<w:vMerge/>|<w:gridSpan w:val=\"3\"/>|a|&amp;|<|>|\\PC)*") {
            let _ = read(&s, &mut Budget::of(&Limits::default()));
        }
    }
}
