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

/// The difference of two numbers of one figure by the earlier one: what makes one revision larger than another.
fn relative((now, before, _): &(&Figure, &Figure, usize)) -> f64 {
    match (now.estimate, before.estimate) {
        (Some(a), Some(b)) => (a - b).abs() / b.abs().max(1e-9),
        _ => 0.0,
    }
}

/// Whether a revision is listed: by five or more, by one percent or more, a share by half a percentage point or more.
fn is_listed(both: &(&Figure, &Figure, usize)) -> bool {
    let (now, before, _) = both;
    let (Some(a), Some(b)) = (now.estimate, before.estimate) else {
        return false;
    };
    let by = (a - b).abs() + 1e-9;
    match now.unit {
        Unit::Share | Unit::ShareDifference => by >= 0.005,
        Unit::Ratio | Unit::Per100PersonYears => relative(both) >= 0.01,
        Unit::Persons | Unit::Events | Unit::Days | Unit::Hours | Unit::Places => {
            by >= 5.0 || relative(both) + 1e-9 >= 0.01
        }
    }
}

/// How many numbers were revised, and which row of the table is the largest revision.
pub(super) struct Counted {
    all: usize,
    listed: usize,
    largest: usize,
}

/// The table; `None` when nothing was revised. Where no revision is large enough to be listed, it holds the largest.
pub(super) fn grid(t: &Template, c: &Content, sheets: &[Grid]) -> Option<(Grid, Counted)> {
    let all = revised(c, sheets);
    let by_size = |a: &&_, b: &&_| relative(a).total_cmp(&relative(b));
    let largest = all.iter().max_by(by_size)?;
    let listed: Vec<_> = all.iter().filter(|x| is_listed(x)).collect();
    let counted = Counted {
        all: all.len(),
        listed: listed.len(),
        largest: listed
            .iter()
            .position(|x| x.0.key() == largest.0.key())
            .unwrap_or(0),
    };
    let listed = if listed.is_empty() {
        vec![largest]
    } else {
        listed
    };
    let causes: Vec<Option<String>> = listed.iter().map(|x| whose(c, x.0)).collect();
    // Where no row has a supplier of its own the note below the table names them all.
    let has_causes = causes.iter().any(Option::is_some);
    let say = |k: &str| locale::text(c.lang, &format!("report.revisions.{k}")).to_owned();
    let column = |header: String, part| GridColumn {
        name: header.clone(),
        header,
        measure: String::new(),
        part,
        category: Text::default(),
        total: false,
    };
    let rows = listed
        .iter()
        .zip(causes)
        .take(MOST)
        .map(|((now, before, dated), cause)| {
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
            let mut row = GridRow {
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
                ],
            };
            if has_causes {
                let cause = cause.unwrap_or_else(|| any_of(c));
                row.cells
                    .push(cell(Value::Text(cause), None, Part::Of(Show::Verdict)));
            }
            row
        })
        .collect();
    let month = locale::month_long(c.lang, c.month.plus(-1));
    let published = locale::format(c.lang, "report.revisions.before", &[("month", &month)]);
    let mut columns = vec![
        column(published, Part::Of(Show::Previous)),
        column(say("now"), Part::Of(Show::Rate)),
        column(say("difference"), Part::Of(Show::Verdict)),
    ];
    if has_causes {
        columns.push(column(say("cause"), Part::Of(Show::Verdict)));
    }
    let grid = Grid {
        lead: vec![say("measure"), say("item"), say("when")],
        columns,
        rows,
        blocks: vec![],
        ..Grid::default()
    };
    Some((grid, counted))
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

/// The supplier the figure is about, where its files came or changed since; `None` where any of them may be the cause.
fn whose(c: &Content, now: &Figure) -> Option<String> {
    let about = |d: &(Text, Text)| c.facts.changed.iter().find(|(id, _)| d.1 == id.as_str());
    let mine = [&now.dim1, &now.dim2].into_iter().find_map(about);
    mine.map(|(_, name)| name.clone())
}

/// How many suppliers' files came or changed since.
fn any_of(c: &Content) -> String {
    match c.facts.changed.len() {
        0 => "…".to_owned(),
        n => locale::format(c.lang, "report.revisions.any", &[("n", &n.to_string())]),
    }
}

/// What stands above the table.
pub(super) fn place(t: &Template, c: &Content, g: &Grid, n: &Counted) -> Layout {
    let title = locale::text(c.lang, "report.revisions.title");
    let title = heading(c, number(t, t.sheet.len()), title);
    let say = |key: &str, args: &[(&str, &str)]| {
        locale::format(c.lang, &format!("report.revisions.{key}"), args)
    };
    let count = |n: usize| locale::integer(c.lang, n as f64);
    let mut reading = vec![say("count", &[("n", &count(n.all))])];
    if let Some(r) = g.rows.get(n.largest) {
        let cells: Vec<String> = r.cells.iter().map(|x| written(c.lang, &x.value)).collect();
        let args = [
            ("title", r.labels.join(", ")),
            ("before", cells[0].clone()),
            ("now", cells[1].clone()),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        reading.push(say("largest", &args));
    }
    if n.listed < n.all {
        reading.push(say("smaller", &[("n", &count(n.all - n.listed))]));
    }
    if n.listed > MOST {
        reading.push(say("shown", &[("n", &count(MOST))]));
    }
    let reading = reading.join(" ");
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
