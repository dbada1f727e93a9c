//! From a sheet to tables: header, columns, sections, totals, footer; several tables may stand on one sheet.

use super::columns;
use super::context::{Names, month_in, period_in};
use super::grid::{GridRow, Sheet};
use super::header::{BY_HAND, WITHOUT_HEADER, find_header, text_of};
use super::kind::{kind_of_table, section_context};
use super::rows::body;
use super::sources::{Source, Sources};
use super::whole;
use crate::domain::normal;
use crate::domain::raw::{Context, RawTable};
use crate::domain::upt::UptKind;
use crate::domain::{FileId, Issue, RecordKind, RowRef, Severity, Text};

/// What a sheet gave.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Tables in order.
    pub tables: Vec<RawTable>,
    /// What was noticed on the way.
    pub issues: Vec<Issue>,
}

/// Finds every table of a sheet.
pub fn find_tables(
    sources: &Sources,
    names: &Names,
    file: FileId,
    index: u16,
    rel: &str,
    sheet: &mut Sheet,
) -> Found {
    let mut out = Found::default();
    let source = sources.of(rel, &sheet.name);
    let mut next = 0;
    let forced = source.is_some_and(|s| s.header_row.is_some());
    while let Some(header) = find_header(sheet, next, source) {
        let title: Vec<String> = sheet.rows[next..header.at]
            .iter()
            .flat_map(row_texts)
            .collect();
        let mut table = RawTable {
            file,
            sheet: index,
            kind: RecordKind::Custody,
            supplier: Text::default(),
            header: (0, 0),
            columns: header.columns.clone(),
            context: Context::default(),
            sections: Vec::new(),
            rows: Vec::new(),
            totals: Vec::new(),
        };
        let words = describe(&mut table, &title, &sheet.name, rel, names, source);
        let end = body(sheet, &header, &mut table);
        settle(names, &mut table, &words, source);
        whole::describe(&mut table, &words, &sheet.name, source);
        table.header = (
            sheet.rows[header.at].row,
            sheet.rows[header.at + header.rows - 1].row,
        );
        let hidden = table.rows.iter().filter(|r| r.hidden).count();
        if hidden > 0 {
            let mut note = Issue::about_file(Severity::Note, "ingest.hidden_rows", file);
            note.sheet = Some(index);
            out.issues.push(note.with("rows", hidden));
        }
        for c in table
            .columns
            .iter()
            .filter(|c| c.field.is_none() && !c.header.is_empty())
        {
            let at = RowRef {
                file,
                sheet: index,
                row: sheet.rows[header.at].row,
            }
            .cell(c.col);
            out.issues.push(Issue::about_cell(
                Severity::Note,
                "ingest.column_unknown",
                at,
                &c.header,
                "",
            ));
        }
        // A header without rows is a list of nobody: the month was delivered and nothing happened in it.
        out.tables.push(table);
        next = end.max(header.at + header.rows);
    }
    if !forced && sheet.rows.len() > next + WITHOUT_HEADER {
        // The search was given up: what stands below is not read, and that is said.
        let mut note = Issue::about_file(Severity::Warning, "ingest.header_not_found", file);
        note.sheet = Some(index);
        note.row = Some(sheet.rows[next].row);
        let left = sheet.rows.len() - next;
        out.issues
            .push(note.with("searched", WITHOUT_HEADER).with("rows", left));
    } else if out.tables.is_empty() && !sheet.rows.is_empty() {
        let mut note = Issue::about_file(Severity::Note, "ingest.sheet_without_table", file);
        note.sheet = Some(index);
        out.issues.push(note);
    }
    out
}

fn row_texts(row: &GridRow) -> Vec<String> {
    row.cells
        .iter()
        .filter_map(|(_, c)| text_of(c))
        .map(str::to_owned)
        .collect()
}

/// What the columns mean and what a row is: each helps to tell the other, so what was thought of the kind from headers
/// alone is thought over once the values are known.
fn settle(names: &Names, table: &mut RawTable, words: &str, source: Option<&Source>) {
    let fixed: Vec<bool> = table
        .columns
        .iter()
        .map(|c| c.confidence >= BY_HAND)
        .collect();
    for _ in 0..2 {
        columns::settle(table, &fixed);
        let kind = kind_of_table(table, words, source);
        if kind == table.kind {
            break;
        }
        table.kind = kind;
    }
    for c in &mut table.columns {
        c.confidence = c.confidence.min(1.0);
    }
    let kind = table.kind;
    for (text, context) in &mut table.sections {
        *context = section_context(text, kind, names);
    }
}

/// Unit, agency, month, and what the kind seems to be; returns the words around the table in normal form.
fn describe(
    table: &mut RawTable,
    title: &[String],
    sheet: &str,
    rel: &str,
    names: &Names,
    source: Option<&Source>,
) -> String {
    let c = &mut table.context;
    c.title = title.join(" | ").as_str().into();
    let path = rel.replace(['/', '_', '-', '.'], " ");
    let mut supplier = None;
    let lines = || {
        title
            .iter()
            .map(String::as_str)
            .chain([sheet, path.as_str()])
    };
    for line in lines() {
        if let Some((id, kind)) = names.unit_in(line) {
            let slot = if kind == UptKind::Bapas {
                &mut c.bapas
            } else {
                &mut c.upt
            };
            slot.get_or_insert_with(|| id.clone());
            supplier.get_or_insert(id);
        }
        if let Some(id) = names.agency_in(line) {
            c.opd.get_or_insert_with(|| id.clone());
            supplier.get_or_insert(id);
        }
        if c.month.is_none() && !line.is_empty() {
            c.period = c.period.or_else(|| period_in(line));
            // A letterhead's place-date line is no period.
            let dated = normal(line).starts_with("ambon ");
            c.month = if dated { None } else { month_in(line) };
        }
    }
    // An office's own folder or file name says more about who sent it than a unit mentioned in a title.
    table.supplier = supplier.unwrap_or_default().as_str().into();
    if let Some(s) = source {
        if let Some(id) = &s.supplier {
            table.supplier = id.as_str().into();
        }
        c.constants.extend(
            s.constants
                .iter()
                .map(|(f, v)| (*f, Text::from(v.as_str()))),
        );
        for (field, words) in &s.words {
            c.words.extend(
                words
                    .iter()
                    .map(|(a, b)| (*field, Text::from(a.as_str()), Text::from(b.as_str()))),
            );
        }
    }
    let words = normal(&format!("{} {sheet} {path}", title.join(" ")));
    table.kind = kind_of_table(table, &words, source);
    words
}
