//! The methodology sheet: versions, protection, the reporting checklist (docs/definitions.md 9), limits, definitions.

use super::table::count_lines;
use super::{Book, own_tab, print_setup};
use crate::domain::Dimension;
use crate::locale;
use crate::report::template::Sheet;
use rust_xlsxwriter::{Table, TableColumn, TableStyle, Url, Worksheet, XlsxError};

const WIDTHS: [f64; 4] = [44.0, 100.0, 26.0, 24.0];
/// Letters of the small type that stand in a column's width of one.
const SMALL_LETTERS: f64 = 1.3;
/// Running text over the four columns.
const TEXT: super::Measure = super::Measure {
    letters: 200,
    columns: 4,
};

pub(super) fn sheet(w: &mut Worksheet, b: &Book) -> Result<(), XlsxError> {
    let (t, c, s) = (b.t, b.c, &b.s);
    let say = |key: &str| locale::text(c.lang, &format!("report.{key}")).to_owned();
    w.set_name(own_tab(c, "methodology"))?;
    w.write_string_with_format(0, 0, say("methodology"), &s.title)?;
    w.write_url_with_options(
        1,
        0,
        Url::new(format!(
            "internal:'{}'!A1",
            own_tab(c, "cover").replace('\'', "''")
        )),
        say("back"),
        "",
        Some(&s.link),
    )?;
    let mut r = 2;
    let version = locale::format(
        c.lang,
        "report.versions",
        &[
            ("program", &c.facts.version),
            ("definitions", &c.facts.definitions),
        ],
    );
    for line in std::iter::once(&version).chain(&c.facts.protection) {
        r = super::paragraph(w, r, line, TEXT, &s.text)?;
    }
    for (i, width) in WIDTHS.iter().enumerate() {
        w.set_column_width(i as u16, *width)?;
    }
    let items = checklist(b).into_iter();
    let list: Vec<Vec<String>> = items
        .map(|x| vec![format!("{}. {}", x[0], x[1]), x[2].clone()])
        .collect();
    r += 1;
    let heads = [say("checklist"), say("checklist_answer")];
    r = table(w, b, r, "daftar_periksa", &heads, &list)? + 1;
    let used = t.measures();
    let definitions: Vec<Vec<String>> = c
        .facts
        .methodology
        .iter()
        .filter(|m| used.contains(m[0].as_str()))
        .map(|m| {
            let mut row = m.to_vec();
            // The house's definitions are one handbook; readers know it by its version.
            if let Some(section) = row[3].strip_prefix("docs/definitions.md ") {
                let version = &c.facts.definitions;
                let args = [("version", version.as_str()), ("section", section)];
                row[3] = locale::format(c.lang, "report.handbook", &args);
            }
            // Question and definition stand first, what else is declared in a line below them.
            let lines: Vec<&str> = row[2].lines().collect();
            let (first, rest) = lines.split_at(lines.len().min(2));
            let text = [first, &[rest.join("; ").as_str()]].concat().join("\n");
            // The name first; the code, by which the data files call it, last.
            vec![row[1].clone(), text, row[3].clone(), row[0].clone()]
        })
        .collect();
    let heads = ["name", "definition", "origin", "measure"].map(say);
    r = table(w, b, r, "metodologi", &heads, &definitions)? + 1;
    w.write_string_with_format(r, 0, say("limits_title"), &s.kop)?;
    r += 1;
    for i in 1..=5 {
        let text = say(&format!("limits.{i}"));
        r = super::paragraph(w, r, &format!("• {text}"), TEXT, &s.text)?;
    }
    print_setup(w, b, true, false);
    Ok(())
}

/// The twelve items a reader needs to compare a rate with another (docs/definitions.md 9), answered from the settings.
pub(super) fn checklist(b: &Book) -> Vec<Vec<String>> {
    let (c, d) = (b.c, &b.c.settings.definitions);
    let windows = d
        .windows
        .iter()
        .map(u16::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let cutoff = c
        .facts
        .cutoff
        .map_or_else(|| "…".to_owned(), |x| locale::date_long(c.lang, x));
    let yes_no = |x: bool| locale::text(c.lang, if x { "report.yes" } else { "report.not" });
    let word = |k: String| locale::text(c.lang, &k).to_owned();
    let args: Vec<(&str, String)> = vec![
        ("event", word(format!("report.event.{}", d.event))),
        ("unit", word(format!("report.unit.{}", d.unit))),
        ("windows", windows),
        ("window", d.headline_window.to_string()),
        ("waiting", d.waiting_months.to_string()),
        ("cutoff", cutoff),
        ("assimilation", yes_no(d.home_assimilation).to_owned()),
        (
            "place",
            word(format!("report.page_one.{}", b.t.population.id())),
        ),
        ("threshold", c.facts.threshold.to_string()),
        (
            "cohorts",
            sheets_named(b, "cohorts", |s| {
                s.rows.iter().any(|r| COHORTS.contains(&r.as_str()))
            }),
        ),
        (
            "details",
            sheets_named(b, "details", |s| {
                s.rows.iter().any(|r| r == Dimension::Sex.id())
                    && s.columns.iter().any(|c| c.measure == "return")
            }),
        ),
        (
            "missing",
            if c.facts.missing.is_empty() {
                word("report.nobody_missing".into())
            } else {
                c.facts.missing.join(", ")
            },
        ),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
    (1..=12)
        .map(|i| {
            let key = |k: &str| format!("report.check.{i}.{k}");
            vec![
                i.to_string(),
                locale::text(c.lang, &key("item")).to_owned(),
                capital(&locale::format(c.lang, &key("answer"), &args)),
            ]
        })
        .collect()
}

/// Breakdowns by when people were released.
const COHORTS: [&str; 2] = [Dimension::CohortYear.id(), Dimension::CohortQuarter.id()];

/// In which sheets of this report a reader finds more, in the words of `report.check.KEY`; or that there is none.
fn sheets_named(b: &Book, key: &str, is: impl Fn(&Sheet) -> bool) -> String {
    let found = b.t.sheet.iter().filter(|s| is(s));
    let names: Vec<String> = found
        .map(|s| format!("“{}”", s.name.get(b.c.lang)))
        .collect();
    match names.is_empty() {
        true => locale::text(b.c.lang, &format!("report.check.{key}.none")).to_owned(),
        false => {
            let args = [("sheets", &*names.join(", "))];
            locale::format(b.c.lang, &format!("report.check.{key}.some"), &args)
        }
    }
}

/// A sentence begins with a capital.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(rest).collect()
    })
}

/// A table of words; returns the row below it.
fn table(
    w: &mut Worksheet,
    b: &Book,
    top: u32,
    name: &str,
    heads: &[String],
    rows: &[Vec<String>],
) -> Result<u32, XlsxError> {
    if rows.is_empty() {
        return Ok(top);
    }
    for (i, row) in rows.iter().enumerate() {
        let r = top + 1 + i as u32;
        let mut deep = 1;
        for (k, text) in row.iter().enumerate() {
            w.write_string_with_format(r, k as u16, text, &b.s.wrap)?;
            let fits = WIDTHS.get(k).copied().unwrap_or(20.0) * SMALL_LETTERS;
            let lines = text.split('\n').map(|l| count_lines(l, fits as usize));
            deep = deep.max(lines.map(|n| n.max(1)).sum());
        }
        w.set_row_height(r, 12.0 * f64::from(deep) + 2.0)?;
    }
    let columns: Vec<TableColumn> = heads
        .iter()
        .map(|h| {
            TableColumn::new()
                .set_header(h)
                .set_header_format(&b.s.header)
        })
        .collect();
    let last = top + rows.len() as u32;
    let table = Table::new()
        .set_name(name)
        .set_columns(&columns)
        .set_autofilter(false)
        .set_style(TableStyle::Light1);
    w.add_table(top, 0, last, heads.len() as u16 - 1, &table)?;
    Ok(last + 1)
}
