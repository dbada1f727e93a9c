//! The summary sheet: every indicator with this month, last month, the same month last year, the longer period, its
//! target, numerator and denominator, interval, and twelve months as a small line.

use super::helper::{Computed, Helper, address};
use super::native::{self, Place};
use super::table::{Layout, count_lines, head, write};
use super::{Book, own_tab, print_setup};
use crate::domain::Text;
use crate::domain::Unit;
use crate::domain::figure::Figure;
use crate::locale;
use crate::report::Sign;
use crate::report::figures::Content;
use crate::report::grid::{Cell, Grid, GridColumn, GridRow, Part, Value, estimate};
use crate::report::plan::{ChartPlan, SeriesPlan};
use crate::report::sentence;
use crate::report::template::{Both, Chart, Kind, Kpi, Show, Template};
use rust_xlsxwriter::{ChartRange, Sparkline, Worksheet, XlsxError};

const COLUMNS: [(&str, Part); 10] = [
    ("this_month", Part::Of(Show::Rate)),
    ("previous", Part::Of(Show::Previous)),
    ("last_year", Part::Of(Show::LastYear)),
    ("cumulative", Part::Of(Show::Rate)),
    ("target", Part::Of(Show::Value)),
    ("show.k", Part::Of(Show::K)),
    ("show.n", Part::Of(Show::N)),
    ("show.low", Part::Low),
    ("show.high", Part::High),
    ("remark", Part::Of(Show::Value)),
];

/// Place of the target among them.
const TARGET: usize = 4;

/// The indicators as a table. Selects figures and targets; the trend column is empty cells for small lines.
pub(super) fn grid(t: &Template, c: &Content) -> Grid {
    let say = |k: &str| locale::text(c.lang, &format!("report.{k}")).to_owned();
    let column = |header: String, part| GridColumn {
        name: header.clone(),
        header,
        measure: String::new(),
        part,
        category: Text::default(),
        total: false,
    };
    let mut columns: Vec<GridColumn> = COLUMNS
        .iter()
        .map(|(k, part)| column(say(k), *part))
        .collect();
    columns.push(column(say("trend"), Part::Of(Show::Value)));
    let coded = t.kpi.iter().any(|k| !k.code.is_empty());
    let rows = t
        .kpi
        .iter()
        .map(|k| {
            let f = c.figures.find(&k.column(), t.population, &[]);
            let sum = k
                .cumulative
                .as_ref()
                .and_then(|x| c.figures.find(x, t.population, &[]));
            let cell = |value: Value, f: Option<&Figure>, part| Cell {
                value,
                key: f.map(Figure::key),
                part,
            };
            let raw = |v: Option<f64>, part| {
                let value = match v {
                    Some(v) => Value::Number(v, u8::from(v.fract() != 0.0)),
                    // A count has no denominator and no interval: nothing is missing.
                    None if f.is_some_and(|f| f.unit != Unit::Share) => Value::Blank,
                    None => Value::Sign(Sign::of(f)),
                };
                cell(value, f, part)
            };
            let share = |v: Option<f64>, part| {
                let value = match (v, f) {
                    (Some(value), Some(f)) => Value::Share {
                        value,
                        fine: f.denominator.is_some_and(|d| d >= 100.0),
                        few: false,
                    },
                    _ => Value::Blank,
                };
                cell(value, f, part)
            };
            let (before, year) = (
                f.and_then(|f| c.previous.same(f)),
                f.and_then(|f| c.last_year.same(f))
                    .or_else(|| year_ago(c, t, k)),
            );
            let target = c.settings.targets.get(&k.measure).copied();
            let target = match (target, f.map(|f| f.unit)) {
                (Some(v), Some(Unit::Share)) => Value::Share {
                    value: v,
                    fine: true,
                    few: false,
                },
                (Some(v), _) => Value::Number(v, 0),
                (None, _) => Value::Text(say("no_target")),
            };
            let is_share = f.is_some_and(|f| f.unit == Unit::Share);
            let cells = vec![
                cell(estimate(f), f, Part::Of(Show::Rate)),
                cell(estimate(before), before, Part::Of(Show::Previous)),
                cell(estimate(year), year, Part::Of(Show::LastYear)),
                if k.cumulative.is_some() {
                    cell(estimate(sum), sum, Part::Of(Show::Rate))
                } else {
                    cell(Value::Blank, None, Part::Of(Show::Rate))
                },
                cell(target, None, Part::Of(Show::Value)),
                if is_share || f.is_none() {
                    raw(f.and_then(|f| f.numerator), Part::Of(Show::K))
                } else {
                    cell(Value::Blank, None, Part::Of(Show::K))
                },
                if is_share || f.is_none() {
                    raw(f.and_then(|f| f.denominator), Part::Of(Show::N))
                } else {
                    cell(Value::Blank, None, Part::Of(Show::N))
                },
                share(f.filter(|_| is_share).and_then(|f| f.ci_low), Part::Low),
                share(f.filter(|_| is_share).and_then(|f| f.ci_high), Part::High),
                cell(Value::Text(remark(c, t, k, f)), None, Part::Of(Show::Value)),
                cell(Value::Blank, None, Part::Of(Show::Value)),
            ];
            let name = k.header.as_ref().map_or_else(
                || c.labels.measure(c.lang, &k.measure),
                |h| h.get(c.lang).to_owned(),
            );
            GridRow {
                block: 0,
                labels: if coded {
                    vec![k.code.clone(), name]
                } else {
                    vec![name]
                },
                total: false,
                unknown: false,
                cells,
            }
        })
        .collect();
    Grid {
        lead: if coded {
            vec![say("code"), say("kpi")]
        } else {
            vec![say("kpi")]
        },
        columns,
        rows,
        blocks: vec![],
        ..Grid::default()
    }
}

/// The number of a year ago in the indicator's series of months, where nothing was handed over then.
fn year_ago<'a>(c: &'a Content, t: &Template, k: &Kpi) -> Option<&'a Figure> {
    if k.trend.is_empty() {
        return None;
    }
    let mut column = k.column();
    if !k.trend_measure.is_empty() {
        column.measure.clone_from(&k.trend_measure);
    }
    let then = c.month.plus(-12).to_string();
    c.figures.find(&column, t.population, &[(&k.trend, &then)])
}

/// The template's remark, and what the number's status asks to say.
fn remark(c: &Content, t: &Template, k: &Kpi, f: Option<&Figure>) -> String {
    let own = k.note.as_ref().map(|n| n.get(c.lang).to_owned());
    let status = match f {
        None => Some("remark_missing"),
        Some(f) if f.is_hidden() => Some("remark_hidden"),
        Some(f) if f.status == crate::domain::Status::Unreliable => Some("remark_few"),
        _ => None,
    };
    let known = sentence::known(c, t, k);
    let change = sentence::change(c, t, &k.change);
    own.into_iter()
        .chain(known)
        .chain(change)
        .chain(status.map(|k| locale::text(c.lang, &format!("report.{k}")).to_owned()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The first column of numbers of a measure on a sheet with a time dimension: its range of the last twelve rows.
fn trend(b: &Book, k: &Kpi) -> Option<ChartRange> {
    let measure = if k.trend_measure.is_empty() {
        &k.measure
    } else {
        &k.trend_measure
    };
    b.t.sheet.iter().enumerate().find_map(|(i, s)| {
        if k.trend.is_empty() || s.rows.len() > 1 || s.rows.first() != Some(&k.trend) {
            return None;
        }
        let g = &b.grids[i];
        let col = g.columns.iter().position(|x| {
            x.measure == *measure
                && matches!(x.part, Part::Of(Show::Rate | Show::Value))
                && x.category.is_empty()
        })?;
        let rows = g.rows.iter().filter(|r| !r.total).count() as u32;
        if rows == 0 {
            return None;
        }
        let top = b.layouts[i].top;
        let col = (g.lead.len() + col) as u16;
        let first = top + 1 + rows.saturating_sub(12);
        Some(ChartRange::new_from_range(
            &b.tabs[i],
            first,
            col,
            top + rows,
            col,
        ))
    })
}

/// Writes the sheet; returns the number of charts.
pub(super) fn sheet(w: &mut Worksheet, b: &Book, g: &Grid, l: &Layout) -> Result<usize, XlsxError> {
    let c = b.c;
    let name = own_tab(c, "summary");
    w.set_name(&name)?;
    let mut l = l.clone();
    let lead = g.lead.len();
    if lead == 2 {
        l.widths[0] = 7.0;
    }
    if let Some(last) = l.widths.last_mut() {
        *last = 18.0;
    }
    let say = |k: &str| locale::text(c.lang, &format!("report.{k}")).to_owned();
    let title = say("summary_title");
    let (remark, small_line) = (lead + g.columns.len() - 2, lead + g.columns.len() - 1);
    // All of it stands on a screen of 1366 pixels: about 183 letters.
    let target = lead + TARGET;
    l.widths[lead..remark].iter_mut().for_each(|w| *w = 9.5);
    l.widths[target] = 12.0;
    l.widths[remark] = 40.0;
    l.widths[lead - 1] = l.widths[lead - 1].min(40.0);
    head(w, b, &l)?;
    write(w, b, g, &l, "tabel_1", &title)?;
    for (r, row) in g.rows.iter().enumerate() {
        let at = l.top + 1 + r as u32;
        let name = row.labels.last().map_or("", String::as_str);
        w.write_string_with_format(at, lead as u16 - 1, name, &b.s.name)?;
        let text = row.cells[remark - lead].value.words().unwrap_or_default();
        w.write_string_with_format(at, remark as u16, text, &b.s.remark)?;
        if let Value::Text(none) = &row.cells[TARGET].value {
            w.write_string_with_format(at, target as u16, none, &b.s.remark)?;
        }
        // A small line needs the height of two lines, names and remarks as many as they have.
        let deep = [(name, lead - 1), (text, remark)]
            .map(|(t, i)| count_lines(t, l.widths[i] as usize))
            .into_iter()
            .fold(2, u32::max);
        w.set_row_height_pixels(at, 20 * deep + 2)?;
    }
    for (i, k) in b.t.kpi.iter().enumerate() {
        if let Some(range) = trend(b, k) {
            let line = Sparkline::new()
                .set_range(&range)
                .set_sparkline_color(super::styles::BLUE)
                .set_line_weight(1.5)
                .show_last_point(true);
            w.add_sparkline(l.top + 1 + i as u32, small_line as u16, &line)?;
        }
    }
    let mut r = l.top + g.rows.len() as u32 + 2;
    for text in [say("summary_note"), say("source"), say("signs")] {
        r = super::paragraph(w, r, &text, l.text, &b.s.muted)?;
    }
    let wide = l.widths.iter().sum::<f64>() * 7.0;
    let charts = targets_chart(w, b, g, l.top, r + 1, wide.clamp(900.0, 1400.0) as u32)?;
    let cols = (lead + g.columns.len()) as u16;
    w.set_print_area(0, 0, r + if charts > 0 { 22 } else { 0 }, cols - 1)?;
    print_setup(w, b, true, true);
    Ok(charts)
}

/// The shares among the indicators as bars with their intervals, targets as marks where the settings have them.
fn targets_chart(
    w: &mut Worksheet,
    b: &Book,
    g: &Grid,
    top: u32,
    at: u32,
    wide: u32,
) -> Result<usize, XlsxError> {
    let c = b.c;
    let name = own_tab(c, "summary");
    let lead = g.lead.len();
    let shares: Vec<usize> = (0..g.rows.len())
        .filter(|&r| matches!(g.value(r, 0), Value::Share { .. }))
        .collect();
    // Shares of different things on one axis say nothing without what is aimed at.
    let aimed = |&r: &usize| g.value(r, TARGET).number().is_some();
    if !shares.iter().any(aimed) {
        return Ok(0);
    }
    let cols = (lead + g.columns.len()) as u16;
    let mut h = Helper {
        sheet: &name,
        next: cols + 1,
        top,
    };
    let say = |k: &str| locale::text(c.lang, &format!("report.{k}")).to_owned();
    let cell = |r: usize, i: usize| address(top + 1 + r as u32, (lead + i) as u16);
    let names: Vec<(String, String)> = shares
        .iter()
        .map(|&r| {
            let formula = address(top + 1 + r as u32, lead as u16 - 1);
            (formula, g.label(r).to_owned())
        })
        .collect();
    h.words(w, &b.s, &g.lead[lead - 1], top + 1, &names)?;
    let number = |i: usize| -> Vec<Computed> {
        shares
            .iter()
            .map(|&r| g.value(r, i).number().map(|v| (cell(r, i), v)))
            .collect()
    };
    // The rows of shares do not stand together: the chart reads them from beside the table.
    let picked = [0, 7, 8, TARGET];
    for i in picked {
        h.column(w, &b.s, &g.columns[i].header, top + 1, &number(i))?;
    }
    let part = |i: usize| g.columns[i].part;
    let beside = Grid {
        lead: vec![g.lead[lead - 1].clone()],
        columns: picked
            .iter()
            .map(|&i| GridColumn {
                part: part(i),
                ..g.columns[i].clone()
            })
            .collect(),
        rows: shares
            .iter()
            .map(|&r| GridRow {
                labels: vec![g.label(r).to_owned()],
                cells: picked.iter().map(|&i| g.rows[r].cells[i].clone()).collect(),
                ..g.rows[r].clone()
            })
            .collect(),
        blocks: vec![String::new()],
        ..Grid::default()
    };
    let targets = beside
        .rows
        .iter()
        .any(|r| r.cells[3].value.number().is_some());
    let spec = Chart {
        kind: Kind::Dot,
        title: Both::same(&say("summary_chart")),
        ..Chart::default()
    };
    let mut series = vec![SeriesPlan {
        column: 0,
        interval: Some((1, 2)),
        n: None,
    }];
    if targets {
        series.push(SeriesPlan {
            column: 3,
            interval: None,
            n: None,
        });
    }
    let plan = ChartPlan {
        spec: &spec,
        rows: (0..beside.rows.len()).collect(),
        series,
        marks: None,
        share: true,
        whole: None,
        left_out: Vec::new(),
        floor: 0.0,
        by_line: false,
    };
    // The helper block is the chart's table: one name column, then the numbers.
    let place = Place {
        tab: &name,
        g: &beside,
        top,
        lang: c.lang,
        left: cols + 1,
    };
    let Some(mut chart) = native::chart(w, &place, &plan, &mut h, &b.s)? else {
        return Ok(0);
    };
    let title = say(if targets {
        "summary_chart_targets"
    } else {
        "summary_chart"
    });
    chart.title().set_name(&title).set_font(
        rust_xlsxwriter::ChartFont::new()
            .set_size(12)
            .set_bold()
            .set_color("#1F2933"),
    );
    chart.set_width(wide).set_height(400);
    chart.set_alt_text(super::table::alt(&format!(
        "{title}. {}",
        sentence::of_kpis(c, b.t)
    )));
    w.insert_chart(at, 0, &chart)?;
    Ok(1)
}
