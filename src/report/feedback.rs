//! What a supplier should mend, one workbook each (REPORTS.md, Supplier feedback). It goes only to the supplier whose
//! rows these are: it holds values as found.

use super::{ReportError, harmless};
use crate::domain::place::{SourceFile, column_letters};
use crate::domain::{Issue, Month, Severity};
use crate::locale::{self, Lang};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Table, TableColumn, TableStyle, Workbook, XlsxError,
};
use std::collections::BTreeMap;
use std::path::Path;

/// Most findings listed row by row; the counts on the first sheet are of all.
const MOST_ROWS: usize = 20_000;

/// Everything about one supplier's files.
#[derive(Debug, Clone, Copy)]
pub struct Feedback<'a> {
    /// Its name.
    pub name: &'a str,
    /// All files of the run (issues refer to them).
    pub files: &'a [SourceFile],
    /// Issues about its files.
    pub issues: &'a [&'a Issue],
    /// Rows read, used, set aside.
    pub rows: [u64; 3],
    /// The month.
    pub month: Month,
    /// Language.
    pub lang: Lang,
}

/// The sentence of an issue's rule with its placeholders filled in.
pub fn rule_text(lang: Lang, i: &Issue) -> String {
    let args: Vec<(&str, &str)> = i.args.iter().map(|(k, v)| (*k, v.as_str())).collect();
    locale::format(lang, &format!("rule.{}", i.rule), &args)
}

/// Writes the workbook.
pub fn write_feedback(f: &Feedback, path: &Path) -> Result<(), ReportError> {
    build(f, path).map_err(|source| ReportError::Workbook {
        path: path.display().to_string(),
        source,
    })
}

fn build(f: &Feedback, path: &Path) -> Result<(), XlsxError> {
    let say = |key: &str, args: &[(&str, &str)]| {
        locale::format(f.lang, &format!("report.feedback.{key}"), args)
    };
    let mut book = Workbook::new();
    let stamp = ExcelDateTime::parse_from_str(&format!("{}T00:00:00", f.month.last_day()))?;
    book.set_properties(
        &DocProperties::new()
            .set_title(say("title", &[("name", f.name)]))
            .set_creation_datetime(&stamp),
    );
    let (bold, wrap) = (
        Format::new().set_bold().set_font_size(14),
        Format::new().set_text_wrap(),
    );
    let w = book.add_worksheet();
    w.set_name(say("sheet1", &[]))?;
    w.set_column_width(0, 60)?
        .set_column_width(1, 12)?
        .set_column_width(2, 80)?;
    w.write_string_with_format(0, 0, say("title", &[("name", f.name)]), &bold)?;
    let month = locale::month_long(f.lang, f.month);
    w.write_string(1, 0, say("thanks", &[("month", &month)]))?;
    for (i, (key, n)) in ["read", "used", "set_aside"].iter().zip(f.rows).enumerate() {
        w.write_string(3 + i as u32, 0, say(key, &[]))?;
        w.write_number(3 + i as u32, 1, n as f64)?;
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for i in f.issues.iter().filter(|i| i.severity != Severity::Note) {
        *counts.entry(i.rule).or_default() += 1;
    }
    let mut commonest: Vec<(&str, u64)> = counts.into_iter().collect();
    commonest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    w.write_string_with_format(7, 0, say("commonest", &[]), &bold)?;
    for (i, (id, n)) in commonest.iter().take(5).enumerate() {
        let r = 8 + i as u32;
        w.write_string_with_format(r, 0, locale::text(f.lang, &format!("rule.{id}")), &wrap)?;
        w.write_number(r, 1, *n as f64)?;
        w.write_string_with_format(r, 2, locale::text(f.lang, &format!("rule.{id}.fix")), &wrap)?;
    }
    let w = book.add_worksheet();
    w.set_name(say("sheet2", &[]))?;
    let mut issues: Vec<&&Issue> = f.issues.iter().collect();
    issues.sort_by_key(|i| (i.severity, i.rule, i.file, i.sheet, i.row, i.col));
    for (k, i) in issues.iter().take(MOST_ROWS).enumerate() {
        let r = k as u32 + 1;
        let file = f.files.get(i.file.0 as usize);
        let sheet = i.sheet.zip(file).map_or("", |(s, f)| f.sheet(s));
        let cell = match (i.row, i.col) {
            (Some(r), Some(c)) => format!("{}{}", column_letters(c), r + 1),
            (Some(r), None) => format!("{}", r + 1),
            _ => String::new(),
        };
        let cells = [
            locale::text(f.lang, &format!("category.severity.{}", i.severity.id())).to_owned(),
            harmless(file.map_or("", |x| x.path.as_str())),
            harmless(sheet),
            cell,
            harmless(&i.column),
            harmless(&i.value),
            rule_text(f.lang, i),
            harmless(&i.proposed),
        ];
        for (c, v) in cells.iter().enumerate() {
            w.write_string(r, c as u16, v)?;
        }
    }
    let heads = [
        "severity", "file", "sheet", "cell", "column", "value", "rule", "proposed",
    ]
    .map(|h| say(h, &[]));
    let columns: Vec<TableColumn> = heads
        .iter()
        .map(|h| TableColumn::new().set_header(h))
        .collect();
    let rows = issues.len().clamp(1, MOST_ROWS) as u32;
    w.add_table(
        0,
        0,
        rows,
        7,
        &Table::new()
            .set_name("temuan")
            .set_columns(&columns)
            .set_style(TableStyle::Light9),
    )?;
    for (c, width) in [12.0, 38.0, 14.0, 9.0, 20.0, 26.0, 60.0, 22.0]
        .iter()
        .enumerate()
    {
        w.set_column_width(c as u16, *width)?;
    }
    w.set_freeze_panes(1, 0)?;
    book.save(path)
}
