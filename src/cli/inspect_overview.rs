//! The overview of several files: what each is, for which months, how much of it is accounted for, and what is doubtful. On the
//! terminal, as lines for programs, or as a page. It holds headers and counts, never a value of a cell.

use super::inspect::meaning;
use super::listing::Listing;
use super::say;
use crate::domain::account::{CellClass, CellCounts, SheetAccount};
use crate::domain::place::column_letters;
use crate::domain::raw::FileReading;
use crate::domain::{Month, RecordKind, Severity};
use crate::locale::{self, Lang};
use crate::report::{escape, rule_text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// A column recognised less surely than this is doubtful.
const SURE: f32 = 0.8;
/// Doubts that are told of one by one in the overview.
const MOST: usize = 3;

/// A file as the overview tells of it.
pub(super) struct Seen {
    path: String,
    /// Whose it is; empty where nothing was recognised.
    supplier: String,
    /// Tables by kind.
    kinds: BTreeMap<&'static str, u64>,
    months: Option<(Month, Month)>,
    rows: u64,
    cells: u64,
    counts: CellCounts,
    doubts: Vec<String>,
    /// Sheet, kind and columns (letters, header, meaning, how sure) of each table.
    tables: Vec<(String, RecordKind, Vec<[String; 4]>)>,
}

impl Seen {
    pub(super) fn of(
        lang: Lang,
        path: &Path,
        reading: &FileReading,
        accounts: &[SheetAccount],
    ) -> Seen {
        let mut out = Seen {
            path: path.display().to_string(),
            supplier: String::new(),
            kinds: BTreeMap::new(),
            months: None,
            rows: 0,
            cells: accounts.iter().map(|a| a.cells).sum(),
            counts: CellCounts::default(),
            doubts: Vec::new(),
            tables: Vec::new(),
        };
        accounts.iter().for_each(|a| out.counts.append(&a.counts));
        if reading.tables.is_empty() {
            out.doubts.push(say(lang, "inspect.no_table", &[]));
        } else {
            out.supplier = reading.source.supplier.clone();
        }
        for t in &reading.tables {
            *out.kinds.entry(t.kind.id()).or_default() += 1;
            out.rows += t.rows.len() as u64;
            if let Some(m) = t.month() {
                out.months = Some(out.months.map_or((m, m), |(a, b)| (a.min(m), b.max(m))));
            }
            let mut columns = Vec::new();
            for c in &t.columns {
                let at = column_letters(c.col);
                let args = [("column", at.as_str()), ("header", c.header.as_str())];
                if c.field.is_none() && c.point.is_none() && !c.needless {
                    out.doubts.push(say(lang, "inspect.doubt_unknown", &args));
                } else if c.field.is_some() && c.confidence < SURE {
                    out.doubts.push(say(lang, "inspect.doubt_unsure", &args));
                }
                columns.push([
                    at,
                    c.header.to_string(),
                    meaning(lang, c.field.map(|f| f.id()), c.point, c.needless),
                    locale::decimal(lang, f64::from(c.confidence), 2),
                ]);
            }
            let sheet = reading.source.sheet(t.sheet).to_owned();
            out.tables.push((sheet, t.kind, columns));
        }
        let told = reading.issues.iter().filter(|i| {
            i.severity != Severity::Note && i.row.is_none() && i.rule != "ingest.column_unknown"
        });
        out.doubts.extend(told.map(|i| rule_text(lang, i)));
        out
    }

    /// Cells that are used, mended, known and not needed, of a later month, or around the table; the share of all.
    fn accounted(&self) -> Option<f64> {
        let open = self.counts.of(CellClass::Unknown) + self.counts.of(CellClass::SetAside);
        (self.cells > 0).then(|| 1.0 - open as f64 / self.cells as f64)
    }

    fn kinds(&self, lang: Lang) -> String {
        let name = |(kind, n): (&&str, &u64)| {
            let name = locale::format(lang, &format!("category.record_kind.{kind}"), &[]);
            match n {
                1 => name,
                n => format!("{name} ×{n}"),
            }
        };
        self.kinds.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    fn months(&self) -> String {
        self.months.map_or_else(String::new, |(a, b)| match a == b {
            true => a.to_string(),
            false => format!("{a} – {b}"),
        })
    }

    pub(super) fn json(&self) -> Value {
        let class = |c: CellClass| (c.id().to_owned(), Value::from(self.counts.of(c)));
        json!({
            "path": self.path,
            "supplier": self.supplier,
            "kinds": self.kinds,
            "first_month": self.months.map(|m| m.0.to_string()),
            "last_month": self.months.map(|m| m.1.to_string()),
            "rows": self.rows,
            "cells": self.cells,
            "accounted": self.accounted(),
            "cells_by_class": CellClass::ALL.into_iter().map(class).collect::<serde_json::Map<_, _>>(),
            "doubts": self.doubts,
        })
    }
}

/// A line for each file.
pub(super) fn listing(lang: Lang, files: &[Seen]) -> Listing {
    let columns = [
        "path",
        "supplier",
        "kinds",
        "first_month",
        "last_month",
        "rows",
        "cells",
        "accounted",
        "unknown_cells",
        "set_aside_cells",
        "doubts",
    ];
    let mut out = Listing::new(lang, "inspect", &columns);
    for f in files {
        let kinds: Vec<&str> = f.kinds.keys().copied().collect();
        out.push(vec![
            f.path.as_str().into(),
            f.supplier.as_str().into(),
            json!(kinds),
            f.months.map(|m| m.0.to_string()).into(),
            f.months.map(|m| m.1.to_string()).into(),
            f.rows.into(),
            f.cells.into(),
            f.accounted().map(|a| (a * 1e4).round() / 1e4).into(),
            f.counts.of(CellClass::Unknown).into(),
            f.counts.of(CellClass::SetAside).into(),
            json!(f.doubts),
        ]);
    }
    out
}

/// Share of accounted cells in words: never rounded up to everything.
fn share(lang: Lang, f: &Seen) -> String {
    f.accounted().map_or_else(String::new, |a| {
        let down = (a * 1000.0).floor() / 1000.0;
        locale::percent(lang, down, 1)
    })
}

/// The overview on the terminal: a table, below it the doubts by file.
pub(super) fn print(lang: Lang, files: &[Seen]) {
    let columns = ["path", "kinds", "months", "rows", "accounted", "doubts"];
    let mut out = Listing::new(lang, "inspect", &columns);
    for f in files {
        out.push(vec![
            f.path.as_str().into(),
            f.kinds(lang).into(),
            f.months().into(),
            f.rows.into(),
            share(lang, f).into(),
            f.doubts.len().into(),
        ]);
    }
    println!("{}", out.table(lang));
    let doubtful: Vec<&Seen> = files.iter().filter(|f| !f.doubts.is_empty()).collect();
    if doubtful.is_empty() {
        println!("{}", say(lang, "inspect.no_doubts", &[]));
        return;
    }
    println!("\n{}", say(lang, "inspect.doubts", &[]));
    for f in doubtful {
        println!("{}", f.path);
        for doubt in f.doubts.iter().take(MOST) {
            println!("  {doubt}");
        }
        if f.doubts.len() > MOST {
            let n = (f.doubts.len() - MOST).to_string();
            println!("  {}", say(lang, "inspect.more_doubts", &[("n", &n)]));
        }
    }
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1a1a1a;background:#fff}\
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc;vertical-align:top;overflow-wrap:anywhere}\
.n{text-align:right;white-space:nowrap}.doubt{color:#8a3b00}.wide{overflow-x:auto}h2{overflow-wrap:anywhere}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#555}.doubt{color:#ffb380}a{color:#9ecbff}}";

/// The overview and every column of every file as one page that asks for nothing else.
pub(super) fn page(lang: Lang, files: &[Seen]) -> String {
    let word = |key: &str| escape(&say(lang, &format!("inspect.{key}"), &[]));
    let title = word("page_title");
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         <div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>",
        lang.tag()
    );
    // Writing into a text cannot fail.
    for key in ["path", "kinds", "months"] {
        let _ = write!(html, "<th scope=\"col\">{}</th>", word(key));
    }
    for key in ["rows", "cells", "accounted", "doubts"] {
        let _ = write!(html, "<th scope=\"col\" class=\"n\">{}</th>", word(key));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (i, f) in files.iter().enumerate() {
        let n = |v: u64| locale::integer(lang, v as f64);
        let _ = writeln!(
            html,
            "<tr><td><a href=\"#f{i}\">{}</a></td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape(&f.path),
            escape(&f.kinds(lang)),
            escape(&f.months()),
            n(f.rows),
            n(f.cells),
            escape(&share(lang, f)),
            n(f.doubts.len() as u64),
        );
    }
    html.push_str("</tbody></table></div>\n");
    for (i, f) in files.iter().enumerate() {
        let _ = writeln!(html, "<section>\n<h2 id=\"f{i}\">{}</h2>", escape(&f.path));
        if !f.doubts.is_empty() {
            html.push_str("<ul>");
            for doubt in &f.doubts {
                let _ = write!(html, "<li class=\"doubt\">{}</li>", escape(doubt));
            }
            html.push_str("</ul>\n");
        }
        for (sheet, kind, columns) in &f.tables {
            let kind = locale::format(lang, &format!("category.record_kind.{}", kind.id()), &[]);
            let name = match sheet.is_empty() {
                true => kind,
                false => format!("{sheet}: {kind}"),
            };
            let _ = write!(
                html,
                "<h3>{}</h3>\n<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>",
                escape(&name)
            );
            for key in ["column", "header", "field", "confidence"] {
                let _ = write!(html, "<th scope=\"col\">{}</th>", word(key));
            }
            html.push_str("</tr></thead>\n<tbody>\n");
            for row in columns {
                let cells: Vec<String> = row
                    .iter()
                    .map(|c| format!("<td>{}</td>", escape(c)))
                    .collect();
                let _ = writeln!(html, "<tr>{}</tr>", cells.join(""));
            }
            html.push_str("</tbody></table></div>\n");
        }
        html.push_str("</section>\n");
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}
