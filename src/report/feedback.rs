//! What a supplier should mend, one workbook each. It goes only to the supplier whose
//! rows these are: it holds values as found.

use super::ReportError;
use crate::domain::account::{CellClass, SheetAccount};
use crate::domain::place::{SourceFile, column_letters};
use crate::domain::{Issue, Month, Severity, harmless};
use crate::locale::{self, Lang};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Table, TableColumn,
    TableStyle, Url, Workbook, Worksheet, XlsxError,
};
use std::collections::BTreeMap;
use std::path::Path;

/// Most findings a sheet holds; the counts on the first sheet are of all.
const MOST_ROWS: usize = 1_000_000;

/// Most cells a row names.
const MOST_CELLS: usize = 60;

/// A longer list is written row by row to disk instead of being held in memory.
const LONG: usize = 5_000;

/// Everything about one supplier's files.
#[derive(Debug, Clone, Copy)]
pub struct Feedback<'a> {
    /// Its name.
    pub name: &'a str,
    /// All files of the run (issues refer to them).
    pub files: &'a [SourceFile],
    /// Issues about its files.
    pub issues: &'a [&'a Issue],
    /// Rows read, used, set aside, and about a time after the month.
    pub rows: [u64; 4],
    /// Every file of it that lies in the inbox: place in `files`, rows read and rows used.
    pub received: &'a [(u32, [u64; 2])],
    /// The account of each sheet: file, and what became of its cells.
    pub accounts: &'a [(u32, SheetAccount)],
    /// The month.
    pub month: Month,
    /// Day by which its next list, and what is mended of this one, is due.
    pub due: chrono::NaiveDate,
    /// The office it is sent to.
    pub office: &'a str,
    /// How often each rule was broken the month before, where that is known: what was asked for then.
    pub before: Option<&'a BTreeMap<String, u64>>,
    /// Language.
    pub lang: Lang,
}

/// The sentence of an issue's rule with its placeholders filled in.
pub fn rule_text(lang: Lang, i: &Issue) -> String {
    let mut args: Vec<(&str, &str)> = i.args.iter().map(|(k, v)| (*k, v.as_str())).collect();
    // What is wrong with a file that cannot be read is said in the reader's language.
    let fault = args.iter().find(|(k, _)| *k == "fault").map(|(_, id)| *id);
    let reason = fault.map(|id| locale::format(lang, &format!("fault.{id}"), &args));
    if let Some(reason) = &reason {
        args.push(("reason", reason));
    }
    locale::format(lang, &format!("rule.{}", i.rule), &args)
}

/// The same for the supplier whose row it is: rows of another supplier are not named.
fn supplier_text(lang: Lang, i: &Issue) -> String {
    let args: Vec<(&str, &str)> = i.args.iter().map(|(k, v)| (*k, v.as_str())).collect();
    match locale::try_text(lang, &format!("rule.{}.supplier", i.rule)) {
        Some(text) => locale::fill(text, &args),
        None => rule_text(lang, i),
    }
}

/// What the supplier can do against what a rule finds. The office that reads its files has ways of its own (its settings, its
/// folders), which say nothing to a supplier.
fn supplier_fix(lang: Lang, rule: &str) -> &'static str {
    locale::try_text(lang, &format!("rule.{rule}.supplier_fix"))
        .or_else(|| locale::try_text(lang, &format!("rule.{rule}.fix")))
        .unwrap_or_default()
}

/// What became of the kinds of findings a supplier was asked to mend the month before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mended {
    /// Kinds of findings then.
    pub asked: u64,
    /// Of these, those that are there no more.
    pub gone: u64,
    /// Those found less often.
    pub fewer: u64,
    /// Those found as often or more often.
    pub still: u64,
}

impl Mended {
    /// From how often each rule was broken then and now.
    pub fn of(before: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> Mended {
        let mut out = Mended {
            asked: before.len() as u64,
            gone: 0,
            fewer: 0,
            still: 0,
        };
        for (rule, then) in before {
            match now.get(rule).copied().unwrap_or(0) {
                0 => out.gone += 1,
                n if n < *then => out.fewer += 1,
                _ => out.still += 1,
            }
        }
        out
    }
}

/// Writes the workbook.
pub fn write_feedback(f: &Feedback, path: &Path) -> Result<(), ReportError> {
    build(f, path).map_err(|source| ReportError::Workbook {
        path: path.display().to_string(),
        source,
    })
}

/// Rules about files of which nothing is read, whatever their severity.
const PASSED_OVER: [&str; 6] = [
    "ingest.document",
    "ingest.half_copied",
    "ingest.not_a_table",
    "ingest.open_elsewhere",
    "ingest.replaced",
    "ingest.same_content",
];

/// What an issue does to the figures, most harmful first.
fn effect(i: &Issue) -> &'static str {
    match (i.severity, i.row) {
        _ if PASSED_OVER.contains(&i.rule) => "file",
        (Severity::Error, None) => "file",
        (Severity::Error, Some(_)) => "row",
        // A doubt about a whole row empties none of its values.
        (Severity::Warning, _) if i.proposed.is_empty() && i.col.is_none() => "doubt",
        (Severity::Warning, _) if i.proposed.is_empty() => "value",
        (Severity::Warning, _) => "mended",
        (Severity::Note, _) => "nothing",
    }
}

const EFFECTS: [&str; 6] = ["file", "row", "value", "mended", "doubt", "nothing"];

fn build(f: &Feedback, path: &Path) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    // Long lists of like words are small even when they are packed in haste.
    book.set_zip_compression_level(2);
    // What a long list leaves on disk while it is written stays in the folder of its own file.
    if let Some(dir) = path.parent().filter(|d| d.is_dir()) {
        book.set_tempdir(dir)?;
    }
    let stamp = ExcelDateTime::parse_from_str(&format!("{}T00:00:00", f.month.last_day()))?;
    book.set_properties(
        &DocProperties::new()
            .set_title(say(f, "title", &[("name", f.name)]))
            .set_subject(locale::month_long(f.lang, f.month))
            .set_keywords("RAHASIA")
            .set_creation_datetime(&stamp),
    );
    overview(book.add_worksheet(), f)?;
    if f.issues.len() > LONG {
        list(book.add_worksheet_with_constant_memory()?, f, false)?;
    } else {
        list(book.add_worksheet(), f, true)?;
    }
    account(book.add_worksheet(), f)?;
    book.save(path)
}

fn say(f: &Feedback, key: &str, args: &[(&str, &str)]) -> String {
    locale::format(f.lang, &format!("report.feedback.{key}"), args)
}

fn print_setup(w: &mut Worksheet, f: &Feedback) {
    w.set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    let page = locale::text(f.lang, "report.page");
    let secret = say(f, "secret", &[]);
    w.set_footer(format!("&L{}&C{secret}&R{page}", f.name.replace('&', "&&")));
}

/// Thanks, what was received, the five commonest problems and how to avoid them.
fn overview(w: &mut Worksheet, f: &Feedback) -> Result<(), XlsxError> {
    let title = Format::new()
        .set_bold()
        .set_font_size(15)
        .set_font_color("#0B4F8A");
    let bold = Format::new().set_bold().set_font_size(12);
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    // Beside a number.
    let apart = wrap.clone().set_align(FormatAlign::Left).set_indent(1);
    let count = Format::new()
        .set_num_format("#,##0")
        .set_align(FormatAlign::Top);
    w.set_name(say(f, "sheet1", &[]))?;
    w.set_column_width(0, 60)?
        .set_column_width(1, 12)?
        .set_column_width(2, 80)?;
    w.write_string_with_format(0, 0, say(f, "title", &[("name", f.name)]), &title)?;
    let month = locale::month_long(f.lang, f.month);
    let due = locale::date_long(f.lang, f.due);
    let thanks = say(f, "thanks", &[("month", &month)]);
    let until = say(f, "due", &[("date", &due), ("office", f.office)]);
    w.write_string(1, 0, format!("{thanks} {until}"))?;
    w.write_string_with_format(2, 0, say(f, "secret", &[]), &bold)?;
    for (i, (key, n)) in ["read", "used", "set_aside", "beyond"]
        .iter()
        .zip(f.rows)
        .enumerate()
    {
        let share = (i > 0 && f.rows[0] > 0).then(|| n as f64 / f.rows[0] as f64);
        if let Some(share) = share {
            w.write_string(3 + i as u32, 2, locale::percent(f.lang, share, 0))?;
        }
        w.write_string(3 + i as u32, 0, say(f, key, &[]))?;
        w.write_number_with_format(3 + i as u32, 1, n as f64, &count)?;
    }
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for i in f.issues.iter().filter(|i| i.severity != Severity::Note) {
        *counts.entry(i.rule.to_owned()).or_default() += 1;
    }
    asked_before(w, f, &counts)?;
    let mut commonest: Vec<(String, u64)> = counts.into_iter().collect();
    commonest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    w.write_string_with_format(7, 0, say(f, "commonest", &[]), &bold)?;
    // Thanks alone are for lists that were read whole.
    let whole = f.accounts.iter().all(|(_, a)| a.counts.is_clean()) && f.rows[1] > 0;
    let key = match () {
        () if !commonest.is_empty() => None,
        () if whole && f.rows[3] > 0 => Some("some_wait"),
        () if whole => Some("nothing_wrong"),
        () if f.rows[0] == 0 => Some("nothing_read"),
        () => Some("cells_left"),
    };
    if let Some(key) = key {
        w.write_string(8, 0, say(f, key, &[]))?;
    }
    for (i, (id, n)) in commonest.iter().take(5).enumerate() {
        let r = 8 + i as u32;
        // The plain rule; what it says of one cell stands on the second sheet.
        let rule = locale::text(f.lang, &format!("rule.{id}")).to_owned();
        let fix = supplier_fix(f.lang, id);
        w.write_string_with_format(r, 0, without_holes(&rule), &wrap)?;
        w.write_number_with_format(r, 1, *n as f64, &count)?;
        w.write_string_with_format(r, 2, fix, &apart)?;
        let deep = rule
            .chars()
            .count()
            .div_ceil(58)
            .max(fix.chars().count().div_ceil(78));
        w.set_row_height(r, 15.0 * deep.max(1) as f64 + 2.0)?;
    }
    let mut r = 15;
    w.write_string_with_format(r, 0, say(f, "files", &[]), &bold)?;
    // The rows above are of all of them: a list of an earlier month that is still there counts again.
    for (i, rows) in f.received {
        r += 1;
        let name = f.files.get(*i as usize).map_or("", |x| x.path.as_str());
        w.write_string(r, 0, harmless(name))?;
        let [seen, used] = rows.map(|n| locale::integer(f.lang, n as f64));
        let words = match rows {
            [0, _] => say(f, "file_unread", &[]),
            [_, 0] => say(f, "file_unused", &[("seen", &seen)]),
            _ => say(f, "file_rows", &[("seen", &seen), ("used", &used)]),
        };
        w.write_number_with_format(r, 1, rows[0] as f64, &count)?;
        w.write_string_with_format(r, 2, words, &apart)?;
    }
    w.write_string(r + 1, 0, say(f, "links", &[]))?;
    print_setup(w, f);
    Ok(())
}

/// Whether what was asked for last month is mended: the kinds of findings of then that are gone, fewer, or still there.
fn asked_before(
    w: &mut Worksheet,
    f: &Feedback,
    now: &BTreeMap<String, u64>,
) -> Result<(), XlsxError> {
    let Some(before) = f.before.filter(|b| !b.is_empty()) else {
        return Ok(());
    };
    let m = Mended::of(before, now);
    let words = [m.asked, m.gone, m.fewer, m.still].map(|n| locale::integer(f.lang, n as f64));
    let [all, gone, fewer, still] = words;
    let args = [
        ("all", all.as_str()),
        ("gone", &gone),
        ("fewer", &fewer),
        ("still", &still),
    ];
    w.write_string(13, 0, say(f, "asked_before", &args))?;
    Ok(())
}

/// What became of every cell, sheet by sheet.
fn account(w: &mut Worksheet, f: &Feedback) -> Result<(), XlsxError> {
    let header = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_background_color("#E4ECF4")
        .set_border_bottom(FormatBorder::Thin);
    let count = Format::new().set_num_format("#,##0");
    w.set_name(say(f, "sheet3", &[]))?;
    w.set_column_width(0, 44)?.set_column_width(1, 24)?;
    w.set_column_range_width(2, CellClass::ALL.len() as u16 + 2, 13)?;
    let heads = ["file", "sheet"].map(|k| say(f, k, &[]));
    let classes = ["cells"]
        .into_iter()
        .chain(CellClass::ALL.into_iter().map(CellClass::id));
    let words = classes.map(|k| locale::text(f.lang, &format!("account.{k}")).to_owned());
    for (c, h) in heads.into_iter().chain(words).enumerate() {
        w.write_string_with_format(0, c as u16, h, &header)?;
    }
    for (k, (file, a)) in f.accounts.iter().take(MOST_ROWS).enumerate() {
        let r = k as u32 + 1;
        let of = f.files.get(*file as usize);
        w.write_string(r, 0, harmless(of.map_or("", |x| x.path.as_str())))?;
        w.write_string(r, 1, harmless(of.map_or("", |x| x.sheet(a.sheet))))?;
        w.write_number_with_format(r, 2, a.cells as f64, &count)?;
        for (c, class) in CellClass::ALL.into_iter().enumerate() {
            let n = a.counts.of(class) as f64;
            w.write_number_with_format(r, c as u16 + 3, n, &count)?;
        }
    }
    w.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    print_setup(w, f);
    Ok(())
}

/// A rule without the placeholders of one case.
fn without_holes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push('…');
        rest = after.split_once('}').map_or("", |x| x.1);
    }
    out + rest
}

/// One row an issue, the most harmful first.
fn list(w: &mut Worksheet, f: &Feedback, table: bool) -> Result<(), XlsxError> {
    const HEADS: [(&str, f64); 10] = [
        ("severity", 12.0),
        ("effect", 48.0),
        ("file", 38.0),
        ("sheet", 14.0),
        ("cell", 9.0),
        ("column", 20.0),
        ("value", 26.0),
        ("rule", 60.0),
        ("proposed", 40.0),
        ("asked", 22.0),
    ];
    // Whether a kind of finding was there last month is known once a month has been done.
    let known = usize::from(f.before.is_some());
    let heads = &HEADS[..HEADS.len() - 1 + known];
    w.set_name(say(f, "sheet2", &[]))?;
    let header = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_background_color("#E4ECF4")
        .set_border_bottom(FormatBorder::Thin);
    let text = Format::new().set_num_format("@");
    for (c, (_, width)) in heads.iter().enumerate() {
        // Cells without a format of their own have their column's.
        w.set_column_width(c as u16, *width)?
            .set_column_format(c as u16, &text)?;
    }
    let heads: Vec<String> = heads.iter().map(|h| say(f, h.0, &[])).collect();
    if !table {
        for (c, h) in heads.iter().enumerate() {
            w.write_string_with_format(0, c as u16, h, &header)?;
        }
    }
    let mut issues: Vec<&&Issue> = f.issues.iter().collect();
    let rank = |i: &Issue| EFFECTS.iter().position(|e| *e == effect(i));
    issues.sort_by_key(|i| (rank(i), i.rule, i.file, i.sheet, i.col, &i.value, i.row));
    let effects: BTreeMap<&str, String> = EFFECTS
        .iter()
        .map(|e| (*e, say(f, &format!("effects.{e}"), &[])))
        .collect();
    // What is alike but for its cell is one row that names the cells.
    let alike = |a: &&&Issue, b: &&&Issue| {
        let of = |i: &Issue| (rank(i), i.rule, i.file, i.sheet, i.col);
        of(a) == of(b) && a.value == b.value && a.proposed == b.proposed && a.args == b.args
    };
    let groups: Vec<&[&&Issue]> = issues.chunk_by(|a, b| alike(a, b)).collect();
    for (k, group) in groups.iter().take(MOST_ROWS).enumerate() {
        let (r, i) = (k as u32 + 1, group[0]);
        let file = f.files.get(i.file.0 as usize);
        let path = file.map_or("", |x| x.path.as_str());
        let sheet = i.sheet.zip(file).map_or("", |(s, f)| f.sheet(s));
        let place = |i: &Issue| match (i.row, i.col) {
            (Some(r), Some(c)) => format!("{}{}", column_letters(c), r + 1),
            (Some(r), None) => format!("A{}", r + 1),
            _ => String::new(),
        };
        let named: Vec<String> = group.iter().take(MOST_CELLS).map(|i| place(i)).collect();
        let more = group.len() - named.len();
        let mut cell = named.join(", ");
        if more > 0 {
            let n = locale::integer(f.lang, more as f64);
            cell = format!("{cell} {}", say(f, "more", &[("n", &n)]));
        }
        let cells = [
            locale::text(f.lang, &format!("category.severity.{}", i.severity.id())).to_owned(),
            effects[effect(i)].clone(),
            harmless(path),
            harmless(sheet),
            cell,
            harmless(&i.column),
            harmless(&i.value),
            supplier_text(f.lang, i),
            match i.proposed.is_empty() {
                // What to do, where no value can be proposed.
                true => supplier_fix(f.lang, i.rule).to_owned(),
                false => harmless(&i.proposed),
            },
            match f.before.is_some_and(|b| b.contains_key(i.rule)) {
                true => say(f, "asked_again", &[]),
                false => say(f, "asked_now", &[]),
            },
        ];
        for (c, v) in cells.iter().take(heads.len()).enumerate() {
            // Of several cells the first is opened.
            let link = (c == 4 && table)
                .then(|| cell_link(path, sheet, named.first()?))
                .flatten();
            match link {
                Some(url) => {
                    w.write_url_with_text(r, c as u16, url, v)?;
                }
                None => {
                    w.write_string(r, c as u16, v)?;
                }
            }
        }
    }
    let rows = groups.len().clamp(1, MOST_ROWS) as u32;
    if table {
        let columns: Vec<TableColumn> = heads
            .iter()
            .map(|h| TableColumn::new().set_header(h).set_header_format(&header))
            .collect();
        let table = Table::new()
            .set_name("temuan")
            .set_columns(&columns)
            .set_style(TableStyle::Light1);
        w.add_table(0, 0, rows, heads.len() as u16 - 1, &table)?;
    } else {
        w.autofilter(0, 0, rows, heads.len() as u16 - 1)?;
    }
    w.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    print_setup(w, f);
    Ok(())
}

/// The cell in the supplier's own file, where the feedback lies beside it.
fn cell_link(path: &str, sheet: &str, cell: &str) -> Option<Url> {
    let name = path.rsplit(['/', '\\']).next()?;
    let office = [".xlsx", ".xls", ".xlsb", ".xlsm", ".ods"]
        .iter()
        .any(|e| name.to_lowercase().ends_with(e));
    let plain = |s: &str| !s.is_empty() && !s.contains(['#', '"', '<', '>', '|', '\'', '!']);
    if cell.is_empty() || !office || !plain(name) || !plain(sheet) {
        return None;
    }
    let url = format!("file:///{name}#'{sheet}'!{cell}");
    (url.len() < 250).then(|| Url::new(url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FileId;

    fn issues(n: u32) -> Vec<Issue> {
        (0..n)
            .map(|r| {
                let at = crate::domain::RowRef {
                    file: FileId(0),
                    sheet: 0,
                    row: r,
                };
                let severity = match r % 3 {
                    0 => Severity::Note,
                    1 => Severity::Warning,
                    _ => Severity::Error,
                };
                Issue {
                    value: format!("=1+{r}").into(),
                    ..Issue::about_row(severity, "clean.no_person", at)
                }
            })
            .collect()
    }

    /// The workbook of a prison with these issues, read back; `before` are the requests of the month before by rule.
    fn written(
        issues: &[Issue],
        before: Option<&BTreeMap<String, u64>>,
    ) -> calamine::Xlsx<std::io::BufReader<std::fs::File>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.xlsx");
        let refs: Vec<&Issue> = issues.iter().collect();
        let f = Feedback {
            name: "Lapas",
            files: &[],
            issues: &refs,
            rows: [10, 8, 2, 0],
            received: &[],
            accounts: &[],
            due: chrono::NaiveDate::from_ymd_opt(2026, 2, 5).unwrap(),
            office: "KANTOR WILAYAH MALUKU",
            month: Month::new(2026, 1).unwrap(),
            before,
            lang: Lang::Id,
        };
        write_feedback(&f, &path).unwrap();
        calamine::open_workbook(&path).unwrap()
    }

    fn rows(n: u32) -> Vec<Vec<String>> {
        rows_of(&issues(n))
    }

    fn rows_of(issues: &[Issue]) -> Vec<Vec<String>> {
        use calamine::Reader;
        let mut book = written(issues, None);
        let range = book.worksheet_range("Catatan perbaikan").unwrap();
        range
            .rows()
            .map(|r| r.iter().map(ToString::to_string).collect())
            .collect()
    }

    #[test]
    fn findings_stand_with_the_most_harmful_first_and_no_value_is_a_formula() {
        let rows = rows(9);
        assert_eq!(rows.len(), 10);
        assert_eq!(rows[0][1], "Dampak pada angka");
        assert!(rows[1][1].contains("baris"), "{:?}", rows[1]);
        assert!(rows[1..].iter().all(|r| r[6].starts_with("'=1+")));
    }

    #[test]
    fn what_is_alike_but_for_its_cell_is_one_row() {
        let mut all = issues(90);
        for i in &mut all {
            i.value = "x".into();
        }
        // Three severities, thirty rows of each.
        let rows = rows_of(&all);
        assert_eq!(rows.len(), 1 + 3);
        assert!(rows[1][4].contains("A3, A6"), "{:?}", rows[1]);
    }

    #[test]
    fn no_row_of_another_supplier_is_named() {
        let at = crate::domain::RowRef {
            file: FileId(0),
            sheet: 0,
            row: 6,
        };
        let i = Issue::about_row(Severity::Warning, "clean.custody_overlap", at)
            .with("unit", "Lapas Piru")
            .with("row", 4711);
        for lang in [Lang::Id, Lang::En] {
            assert!(rule_text(lang, &i).contains("4711"));
            let told = supplier_text(lang, &i);
            assert!(
                told.contains("Lapas Piru") && !told.contains("4711"),
                "{told}"
            );
        }
    }

    #[test]
    fn what_a_supplier_is_to_do_says_nothing_of_the_offices_own_folders_and_commands() {
        let rules = (crate::ingest::RULES.iter().map(|r| r.id))
            .chain(crate::clean::RULES.iter().map(|r| r.id))
            .chain(crate::history::RULES.iter().map(|r| r.0));
        // About the office's own help files: no supplier is told.
        for rule in rules.filter(|r| *r != "ingest.source_unmatched") {
            for lang in [Lang::Id, Lang::En] {
                let fix = supplier_fix(lang, rule);
                assert!(!fix.is_empty(), "{rule}");
                for word in ["reintegrasi", "sources/", "inbox"] {
                    assert!(!fix.contains(word), "{rule}: {fix}");
                }
            }
        }
    }

    #[test]
    fn every_file_that_came_is_named_with_what_was_read_of_it() {
        use calamine::Reader;
        let file = |path: &str| SourceFile {
            path: path.into(),
            supplier: "a".into(),
            sheets: Vec::new(),
            sha256: String::new(),
            bytes: 0,
        };
        let files = [file("a/lama.xlsx"), file("a/baru.xlsx")];
        let replaced = Issue::about_file(Severity::Note, "ingest.replaced", FileId(0));
        let replaced = replaced.with("by", "a/baru.xlsx");
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.xlsx");
        let f = Feedback {
            name: "Lapas",
            files: &files,
            issues: &[&replaced],
            rows: [10, 8, 2, 0],
            received: &[(0, [0, 0]), (1, [10, 8])],
            accounts: &[],
            due: chrono::NaiveDate::from_ymd_opt(2026, 2, 5).unwrap(),
            office: "KANTOR WILAYAH MALUKU",
            month: Month::new(2026, 1).unwrap(),
            before: None,
            lang: Lang::Id,
        };
        write_feedback(&f, &path).unwrap();
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
        let first = book.worksheet_range_at(0).unwrap().unwrap();
        let row = |name: &str| {
            let row = first.rows().find(|r| r[0] == name);
            row.map(|r| r[2].to_string()).unwrap_or_default()
        };
        assert!(row("a/lama.xlsx").contains("tidak dihitung"));
        assert!(row("a/baru.xlsx").contains("10 baris dibaca, 8 dipakai"));
        let list = book.worksheet_range("Catatan perbaikan").unwrap();
        let row = list.rows().nth(1).unwrap();
        assert!(row[1].to_string().contains("seluruh berkas"), "{row:?}");
        assert!(row[7].to_string().contains("baru.xlsx"), "{row:?}");
    }

    #[test]
    fn a_long_list_is_streamed_whole() {
        let n = LONG as u32 + 10;
        let rows = rows(n);
        assert_eq!(rows.len(), n as usize + 1);
    }

    #[test]
    fn the_letter_says_what_of_last_months_requests_is_mended() {
        use calamine::Reader;
        // Six of nine are no remarks: fewer than the eight of last month; the other kind is gone, the third was not there.
        let before = BTreeMap::from([
            ("clean.no_person".to_owned(), 8),
            ("clean.nik_bad".to_owned(), 2),
        ]);
        let mut book = written(&issues(9), Some(&before));
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        let text: Vec<String> = range.rows().map(|r| r[0].to_string()).collect();
        let said = text.iter().find(|t| t.contains("bulan lalu: dari"));
        assert!(
            said.is_some_and(|t| t.contains("dari 2")
                && t.contains("1 sudah tidak ada")
                && t.contains("1 berkurang")),
            "{text:?}"
        );
    }
}
