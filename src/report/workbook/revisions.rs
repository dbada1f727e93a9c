//! Earlier months whose number is not what was published last month: before, now, by how much, and whose files came or
//! changed since then. A sheet of its own, only where there is something to say.

use super::table::{Layout, head, layout, write};
use super::{Book, heading, number, paragraph, print_setup};
use crate::domain::figure::{Figure, FigureKey};
use crate::domain::{Text, Unit};
use crate::locale;
use crate::report::figures::Content;
use crate::report::grid::{Cell, Grid, GridColumn, GridRow, Part, Value, estimate};
use crate::report::sentence::written;
use crate::report::template::{Show, Template};
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::collections::BTreeSet;

/// More rows than anybody reads.
const MOST: usize = 400;

/// Dimensions whose categories are months, quarters and years of the calendar: their numbers can be revised, those of
/// the month's state are another month's.
const DATED: [&str; 5] = [
    "release_month",
    "calendar_month",
    "ended_month",
    "cohort_year",
    "cohort_quarter",
];

/// Both visible numbers of an earlier month that differ, and the place of the date among the figure's dimensions; of
/// the figures that stand on the sheets.
fn revised<'a>(c: &'a Content, sheets: &[Grid]) -> Vec<(&'a Figure, &'a Figure, usize)> {
    let mut out = Vec::new();
    let cells = sheets.iter().flat_map(|g| &g.rows).flat_map(|r| &r.cells);
    let keys: BTreeSet<&FigureKey> = cells.filter_map(|x| x.key.as_ref()).collect();
    for now in keys.into_iter().filter_map(|k| c.figures.by_key(k)) {
        let dims = [&now.dim1, &now.dim2];
        let Some(dated) = dims.iter().position(|d| DATED.contains(&d.0.as_str())) else {
            continue;
        };
        let before = c.previous.same(now).filter(|b| !b.is_hidden());
        let Some(before) = before.filter(|_| !now.is_hidden()) else {
            continue;
        };
        let differ = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() > 1e-9,
            _ => false,
        };
        if differ(now.estimate, before.estimate) {
            out.push((now, before, dated));
        }
    }
    out
}

/// The table; `None` when nothing was revised.
pub(super) fn grid(t: &Template, c: &Content, sheets: &[Grid]) -> Option<(Grid, usize)> {
    let all = revised(c, sheets);
    if all.is_empty() {
        return None;
    }
    let say = |k: &str| locale::text(c.lang, &format!("report.revisions.{k}")).to_owned();
    let column = |header: String, part| GridColumn {
        name: header.clone(),
        header,
        measure: String::new(),
        part,
        category: Text::default(),
        total: false,
    };
    let rows = all
        .iter()
        .take(MOST)
        .map(|(now, before, dated)| {
            let dims = [&now.dim1, &now.dim2];
            let name = |d: &(Text, Text)| c.labels.category(c.lang, &d.0, &d.1);
            let other = dims[1 - dated];
            let item = match (other.0.is_empty(), now.population == t.population) {
                (false, _) => name(other),
                (true, true) => locale::text(c.lang, "report.total").to_owned(),
                (true, false) => {
                    locale::text(c.lang, &format!("report.page_one.{}", now.population.id()))
                        .to_owned()
                }
            };
            let window = now.window_months.map(|w| w.to_string());
            let measure = c.labels.measure(c.lang, &now.measure);
            let measure = match (&window, now.dim1.0.starts_with("cohort")) {
                (Some(w), true) => locale::format(
                    c.lang,
                    "report.revisions.window",
                    &[("title", &measure), ("n", w)],
                ),
                _ => measure,
            };
            let cell = |value, f: Option<&Figure>, part| Cell {
                value,
                key: f.map(Figure::key),
                part,
            };
            GridRow {
                block: 0,
                labels: vec![measure, item, name(dims[*dated])],
                total: false,
                unknown: false,
                cells: vec![
                    cell(
                        estimate(Some(before)),
                        Some(before),
                        Part::Of(Show::Previous),
                    ),
                    cell(estimate(Some(now)), Some(now), Part::Of(Show::Rate)),
                    cell(
                        Value::Text(by_how_much(c, now, before)),
                        None,
                        Part::Of(Show::Verdict),
                    ),
                    cell(Value::Text(whose(c, now)), None, Part::Of(Show::Verdict)),
                ],
            }
        })
        .collect();
    let month = locale::month_long(c.lang, c.month.plus(-1));
    let published = locale::format(c.lang, "report.revisions.before", &[("month", &month)]);
    let grid = Grid {
        lead: vec![say("measure"), say("item"), say("when")],
        columns: vec![
            column(published, Part::Of(Show::Previous)),
            column(say("now"), Part::Of(Show::Rate)),
            column(say("difference"), Part::Of(Show::Verdict)),
            column(say("cause"), Part::Of(Show::Verdict)),
        ],
        rows,
        blocks: vec![],
        ..Grid::default()
    };
    Some((grid, all.len()))
}

/// The difference of two published numbers, in words: `+3`, `−0,4 poin persen`.
fn by_how_much(c: &Content, now: &Figure, before: &Figure) -> String {
    let (Some(a), Some(b)) = (now.estimate, before.estimate) else {
        return String::new();
    };
    let share = matches!(now.unit, Unit::Share | Unit::ShareDifference);
    let d = if share { (a - b) * 100.0 } else { a - b };
    let decimals = usize::from(share || d.fract() != 0.0) + usize::from(now.unit == Unit::Ratio);
    let plus = if d > 0.0 { "+" } else { "" };
    let n = format!("{plus}{}", locale::decimal(c.lang, d, decimals));
    if share {
        locale::format(c.lang, "report.revisions.points", &[("n", &n)])
    } else {
        n
    }
}

/// Whose files came or changed since: the supplier the figure is about, else all of them.
fn whose(c: &Content, now: &Figure) -> String {
    let changed = &c.facts.changed;
    let about = |d: &(Text, Text)| changed.iter().find(|(id, _)| d.1 == id.as_str());
    match [&now.dim1, &now.dim2].into_iter().find_map(about) {
        Some((_, name)) => name.clone(),
        None if changed.is_empty() => "…".to_owned(),
        None => locale::format(
            c.lang,
            "report.revisions.any",
            &[("n", &changed.len().to_string())],
        ),
    }
}

/// What stands above the table.
pub(super) fn place(t: &Template, c: &Content, g: &Grid, all: usize) -> Layout {
    let title = locale::text(c.lang, "report.revisions.title");
    let title = heading(c, number(t, t.sheet.len()), title);
    let first = g.rows.first().map_or_else(String::new, |r| {
        let cells: Vec<String> = r.cells.iter().map(|x| written(c.lang, &x.value)).collect();
        let args = [
            ("title", r.labels.join(", ")),
            ("before", cells[0].clone()),
            ("now", cells[1].clone()),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        locale::format(c.lang, "report.revisions.first", &args)
    });
    let n = locale::integer(c.lang, all as f64);
    let count = locale::format(c.lang, "report.revisions.count", &[("n", &n)]);
    let shown = if all > MOST {
        let most = locale::integer(c.lang, MOST as f64);
        locale::format(c.lang, "report.revisions.shown", &[("n", &most)])
    } else {
        String::new()
    };
    let reading = [count, shown, first].join(" ");
    layout(g, title, reading)
}

/// Writes the sheet.
pub(super) fn sheet(
    w: &mut Worksheet,
    b: &Book,
    tab: &str,
    g: &Grid,
    l: &Layout,
) -> Result<(), XlsxError> {
    let c = b.c;
    w.set_name(tab)?;
    head(w, b, l)?;
    let title = locale::text(c.lang, "report.revisions.title");
    write(w, b, g, l, "tabel_revisi", title)?;
    let mut r = l.top + g.rows.len() as u32 + 2;
    let names: Vec<&str> = c.facts.changed.iter().map(|(_, n)| n.as_str()).collect();
    let note = locale::format(
        c.lang,
        "report.revisions.note",
        &[("names", &names.join(", "))],
    );
    let source = locale::text(c.lang, "report.source");
    let signs = locale::text(c.lang, "report.signs");
    for text in [note.as_str(), source, signs] {
        r = paragraph(w, r, text, l.text, &b.s.muted)?;
    }
    if g.rows.len() > 25 {
        w.set_repeat_rows(l.top, l.top)?;
    }
    print_setup(w, b, true, g.rows.len() < 40);
    Ok(())
}
