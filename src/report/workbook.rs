//! A workbook from a template: cover, one table a sheet with its chart, methodology. Byte-identical for the same input.

use super::ReportError;
use super::grid::{Content, Grid, Value, grid};
use super::picture::{ChartKind, ChartSpec, PALETTE, Series, ValueFormat};
use super::sentence;
use super::template::{Sheet, Show, Template};
use crate::locale;
use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLine, ChartSolidFill, ChartType, DocProperties, ExcelDateTime, Format,
    FormatAlign, Table, TableColumn, TableStyle, Url, Workbook, Worksheet, XlsxError,
};
use std::path::Path;

struct Styles {
    kop: Format,
    title: Format,
    muted: Format,
    text: Format,
    wrap: Format,
    int: Format,
    dec: Format,
    share: Format,
    sign: Format,
    link: Format,
    header: Format,
}

impl Styles {
    fn new() -> Styles {
        let base = || Format::new().set_font_name("Calibri").set_font_size(11);
        Styles {
            kop: base().set_bold(),
            title: base()
                .set_bold()
                .set_font_size(15)
                .set_font_color("#0B4F8A"),
            muted: base().set_font_color("#5B6672"),
            text: base(),
            wrap: base().set_text_wrap().set_align(FormatAlign::Top),
            int: base().set_num_format("#,##0"),
            dec: base().set_num_format("#,##0.0"),
            share: base().set_num_format("0.0%"),
            sign: base()
                .set_align(FormatAlign::Right)
                .set_font_color("#5B6672"),
            link: base().set_font_color("#0B4F8A"),
            header: base()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color("#E4ECF4")
                .set_border_bottom(rust_xlsxwriter::FormatBorder::Thin),
        }
    }
}

/// A tab name Excel accepts.
fn tab(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\'))
        .take(31)
        .collect()
}

/// Writes the workbook; returns the number of native charts.
pub fn write_workbook(t: &Template, c: &Content, path: &Path) -> Result<usize, ReportError> {
    build(t, c, path).map_err(|source| ReportError::Workbook {
        path: path.display().to_string(),
        source,
    })
}

fn build(t: &Template, c: &Content, path: &Path) -> Result<usize, XlsxError> {
    let mut book = Workbook::new();
    let s = Styles::new();
    let stamp = ExcelDateTime::parse_from_str(&format!("{}T00:00:00", c.month.last_day()))?;
    let office = kop(t, c).last().cloned().unwrap_or_default();
    book.set_properties(
        &DocProperties::new()
            .set_title(t.title.get(c.lang))
            .set_subject(locale::month_long(c.lang, c.month))
            .set_company(&office)
            .set_comment(format!("{} {}", c.facts.version, c.facts.definitions))
            .set_creation_datetime(&stamp),
    );
    cover(book.add_worksheet(), t, c, &s)?;
    let mut charts = 0;
    for (i, sheet) in t.sheet.iter().enumerate() {
        let g = grid(c, t, sheet);
        charts += usize::from(table_sheet(book.add_worksheet(), t, sheet, c, &g, &s, i)?);
    }
    methodology(book.add_worksheet(), t, c, &s)?;
    book.save(path)?;
    Ok(charts)
}

fn kop(t: &Template, c: &Content) -> Vec<String> {
    if t.audience == "kota" {
        c.settings.office.kop_city.clone()
    } else {
        c.settings.office.kop_kanwil.clone()
    }
}

fn print_setup(w: &mut Worksheet, c: &Content, one_page: bool) {
    w.set_landscape();
    // A4 is 9; F4 (folio) is 14.
    w.set_paper_size(if c.settings.office.paper == "F4" {
        14
    } else {
        9
    });
    w.set_print_fit_to_pages(1, u16::from(one_page));
    let page = locale::text(c.lang, "report.page");
    w.set_footer(format!("&L{}&R{page}", c.settings.office.classification));
}

fn cover(w: &mut Worksheet, t: &Template, c: &Content, s: &Styles) -> Result<(), XlsxError> {
    let lang = c.lang;
    let say =
        |key: &str, args: &[(&str, &str)]| locale::format(lang, &format!("report.{key}"), args);
    w.set_name(tab(&say("cover", &[])))?;
    w.set_column_width(0, 46)?;
    for col in 1..=5 {
        w.set_column_width(col, 16)?;
    }
    let mut r = 0;
    for line in kop(t, c) {
        w.write_string_with_format(r, 0, &line, &s.kop)?;
        r += 1;
    }
    r += 1;
    w.write_string_with_format(r, 0, t.title.get(lang), &s.title)?;
    let first = locale::date_long(lang, c.month.first_day());
    let last = locale::date_long(lang, c.month.last_day());
    let cutoff = c
        .facts
        .cutoff
        .map_or_else(|| "…".to_owned(), |d| locale::date_long(lang, d));
    for line in [
        say("period", &[("from", &first), ("to", &last)]),
        say("cutoff", &[("date", &cutoff)]),
        say(
            "classification",
            &[("word", &c.settings.office.classification)],
        ),
    ] {
        r += 1;
        w.write_string_with_format(r, 0, &line, &s.muted)?;
    }
    r += 2;
    let complete = if c.facts.missing.is_empty() {
        say("complete", &[])
    } else {
        say("missing", &[("names", &c.facts.missing.join(", "))])
    };
    for line in std::iter::once(complete).chain(
        c.facts
            .gates_failed
            .iter()
            .map(|g| say("gate", &[("reason", g)])),
    ) {
        w.write_string_with_format(r, 0, &line, &s.text)?;
        r += 1;
    }
    r += 1;
    let heads = [
        "kpi",
        "this_month",
        "previous",
        "show.k",
        "show.n",
        "show.range",
    ]
    .map(|k| say(k, &[]));
    let top = r;
    for (i, k) in t.kpi.iter().enumerate() {
        let r = top + 1 + i as u32;
        let f = c.figures.find(k, t.population, &[]);
        let before = c.previous.find(k, t.population, &[]);
        let title = k.header.as_ref().map_or_else(
            || c.labels.measure(lang, &k.measure),
            |h| h.get(lang).to_owned(),
        );
        w.write_string_with_format(r, 0, &title, &s.text)?;
        let share = f.is_some_and(|f| f.unit == crate::domain::Unit::Share);
        for (col, f) in [(1, f), (2, before)] {
            match f.and_then(|f| f.estimate) {
                Some(v) => {
                    w.write_number_with_format(r, col, v, if share { &s.share } else { &s.int })?
                }
                None => w.write_string_with_format(r, col, super::grid::sign(f), &s.sign)?,
            };
        }
        for (col, v) in [
            (3, f.and_then(|f| f.numerator)),
            (4, f.and_then(|f| f.denominator)),
        ] {
            match v {
                Some(v) => w.write_number_with_format(r, col, v, &s.int)?,
                None => w.write_string_with_format(
                    r,
                    col,
                    if col == 4 && f.is_some_and(|f| !f.is_hidden()) {
                        ""
                    } else {
                        super::grid::sign(f)
                    },
                    &s.sign,
                )?,
            };
        }
        let range = f
            .and_then(|f| f.ci_low.zip(f.ci_high))
            .map_or_else(String::new, |(a, b)| {
                format!(
                    "{}–{}",
                    locale::percent(lang, a, 1),
                    locale::percent(lang, b, 1)
                )
            });
        w.write_string_with_format(r, 5, &range, &s.sign)?;
    }
    if !t.kpi.is_empty() {
        let columns: Vec<TableColumn> = heads
            .iter()
            .map(|h| {
                TableColumn::new()
                    .set_header(h)
                    .set_header_format(&s.header)
            })
            .collect();
        let table = Table::new()
            .set_name("ringkasan")
            .set_columns(&columns)
            .set_style(TableStyle::Light1)
            .set_autofilter(false);
        w.add_table(top, 0, top + t.kpi.len() as u32, 5, &table)?;
    }
    r = top + t.kpi.len() as u32 + 2;
    for k in t.kpi.iter().take(4) {
        let title = c.labels.measure(lang, &k.measure);
        let line = sentence::about(
            c,
            c.figures.find(k, t.population, &[]),
            &title,
            c.previous.find(k, t.population, &[]),
        );
        w.write_string_with_format(r, 0, &line, &s.text)?;
        r += 1;
    }
    r += 1;
    w.write_string_with_format(r, 0, say("contents", &[]), &s.kop)?;
    for sheet in &t.sheet {
        r += 1;
        let name = tab(sheet.name.get(lang));
        w.write_url_with_options(
            r,
            0,
            Url::new(format!("internal:'{name}'!A1")),
            sheet.title.get(lang),
            "",
            Some(&s.link),
        )?;
    }
    r += 2;
    w.write_string_with_format(r, 0, say("signs", &[]), &s.muted)?;
    r += 2;
    let city = format!("{}, …", c.settings.office.city);
    for (col, lines) in [
        (0u16, &c.settings.office.sign_left),
        (3, &c.settings.office.sign_right),
    ] {
        if col == 3 {
            w.write_string_with_format(r, col, &city, &s.text)?;
        }
        for (i, l) in lines.iter().enumerate() {
            w.write_string_with_format(r + 1 + i as u32, col, l, &s.text)?;
        }
    }
    print_setup(w, c, true);
    Ok(())
}

/// One table with its title, reading, chart and notes; `true` when it has a chart.
fn table_sheet(
    w: &mut Worksheet,
    t: &Template,
    sheet: &Sheet,
    c: &Content,
    g: &Grid,
    s: &Styles,
    index: usize,
) -> Result<bool, XlsxError> {
    let lang = c.lang;
    w.set_name(tab(sheet.name.get(lang)))?;
    let period = locale::month_long(lang, c.month);
    let number = (index + 1).to_string();
    let title = locale::format(
        lang,
        "report.table",
        &[
            ("number", &number),
            ("title", sheet.title.get(lang)),
            ("period", &period),
        ],
    );
    w.write_string_with_format(0, 0, &title, &s.title)?;
    w.write_string_with_format(1, 0, sentence::of_sheet(c, t, sheet), &s.text)?;
    let back = tab(locale::text(lang, "report.cover"));
    w.write_url_with_options(
        2,
        0,
        Url::new(format!("internal:'{back}'!A1")),
        locale::text(lang, "report.back"),
        "",
        Some(&s.link),
    )?;
    let top = 4u32;
    let is_line = sheet.chart.as_ref().is_some_and(|c| c.kind == "line");
    let gaps: Vec<usize> = if is_line {
        drawn(sheet, g)
            .into_iter()
            .flat_map(|i| [i, i + 1, i + 2])
            .collect()
    } else {
        vec![]
    };
    let (rows, cols) = (g.rows.len() as u32, g.headers.len() as u16);
    for (r, row) in g.rows.iter().enumerate() {
        for (col, v) in row.iter().enumerate() {
            let (r, col) = (top + 1 + r as u32, col as u16);
            match v {
                Value::Text(x) => w.write_string_with_format(r, col, x, &s.text)?,
                Value::Number(x, 0) => w.write_number_with_format(r, col, *x, &s.int)?,
                Value::Number(x, _) => w.write_number_with_format(r, col, *x, &s.dec)?,
                Value::Share(x) => w.write_number_with_format(r, col, *x, &s.share)?,
                // A line chart takes words for zeros: an empty cell leaves the gap it should.
                Value::Sign(_) if gaps.contains(&(col as usize)) => continue,
                Value::Sign(x) => w.write_string_with_format(r, col, *x, &s.sign)?,
            };
        }
    }
    if rows > 0 {
        let columns: Vec<TableColumn> = g
            .headers
            .iter()
            .map(|h| {
                TableColumn::new()
                    .set_header(h)
                    .set_header_format(&s.header)
            })
            .collect();
        let table = Table::new()
            .set_name(format!("tabel_{}", index + 1))
            .set_columns(&columns)
            .set_style(TableStyle::Light9)
            .set_autofilter(rows > 20);
        w.add_table(top, 0, top + rows, cols - 1, &table)?;
    }
    w.set_row_height(top, 48)?;
    let widest = g
        .rows
        .iter()
        .filter_map(|r| {
            if let Some(Value::Text(x)) = r.first() {
                Some(x.chars().count())
            } else {
                None
            }
        })
        .max()
        .unwrap_or(10);
    w.set_column_width(0, (widest as f64 + 3.0).clamp(18.0, 46.0))?;
    for col in 1..cols {
        w.set_column_width(col, if cols > 14 { 10.5 } else { 13.5 })?;
    }
    w.set_freeze_panes(top + 1, 1)?;
    w.set_repeat_rows(top, top)?;
    let mut r = top + rows + 2;
    let note = sheet.note.as_ref().map(|n| n.get(lang).to_owned());
    let source = locale::text(lang, "report.source").to_owned();
    for line in note
        .into_iter()
        .chain([source, locale::text(lang, "report.signs").to_owned()])
    {
        w.write_string_with_format(r, 0, &line, &s.muted)?;
        r += 1;
    }
    print_setup(w, c, rows <= 30);
    let Some(spec) = &sheet.chart else {
        return Ok(false);
    };
    let Some(mut chart) = native(sheet, c, g, top) else {
        return Ok(false);
    };
    let finding = spec.title.get(lang);
    chart.title().set_name(finding);
    chart
        .title()
        .set_font(rust_xlsxwriter::ChartFont::new().set_size(12).set_bold());
    chart.set_width(860).set_height(if spec.kind == "bar" {
        120 + 26 * rows.clamp(6, 18)
    } else {
        380
    });
    chart.set_alt_text(format!("{finding}. {}", sentence::of_sheet(c, t, sheet)));
    w.insert_chart(r + 1, 0, &chart)?;
    Ok(true)
}

/// Column positions a chart draws: the first shown number of each of its measures (the share where there is one).
fn drawn(sheet: &Sheet, g: &Grid) -> Vec<usize> {
    let Some(spec) = &sheet.chart else {
        return vec![];
    };
    let wanted = |m: &str| spec.columns.is_empty() || spec.columns.iter().any(|x| x == m);
    let has_rate = g.shows.iter().any(|(m, s)| wanted(m) && *s == Show::Rate);
    let out: Vec<usize> = (1..g.headers.len())
        .filter(|&i| {
            wanted(&g.shows[i].0)
                && if has_rate {
                    g.shows[i].1 == Show::Rate
                } else {
                    matches!(g.shows[i].1, Show::Value | Show::K)
                }
        })
        .collect();
    // Across a second dimension a last column with the total is not part of a stack.
    let total = g.headers.last().is_some_and(|h| *h == g.total);
    if sheet.across.is_empty() || !total {
        out
    } else {
        out[..out.len().saturating_sub(1)].to_vec()
    }
}

fn is_number(v: &Value) -> bool {
    matches!(v, Value::Number(..) | Value::Share(_))
}

/// A native chart over the sheet's own cells; `None` when no cell holds a number.
fn native(sheet: &Sheet, c: &Content, g: &Grid, top: u32) -> Option<Chart> {
    let spec = sheet.chart.as_ref()?;
    let name = tab(sheet.name.get(c.lang));
    let rows = g.rows.len() - usize::from(g.has_total && g.rows.len() > 1);
    // A series without any number is nothing to draw.
    let series: Vec<usize> = drawn(sheet, g)
        .into_iter()
        .filter(|&i| g.rows[..rows].iter().any(|r| is_number(&r[i])))
        .collect();
    if rows == 0 || series.is_empty() {
        return None;
    }
    let kind = match spec.kind.as_str() {
        "bar" => ChartType::Bar,
        "stacked" => ChartType::ColumnStacked,
        "line" => ChartType::Line,
        _ => ChartType::Column,
    };
    let mut chart = Chart::new(kind);
    let (first, last) = (top + 1, top + rows as u32);
    for (k, &col) in series.iter().enumerate().take(8) {
        let tint = if series.len() > 4 {
            SERIES[k % SERIES.len()]
        } else {
            PALETTE[k % PALETTE.len()]
        };
        let s = chart.add_series();
        s.set_name((name.as_str(), top, col as u16))
            .set_categories((name.as_str(), first, 0, last, 0))
            .set_values((name.as_str(), first, col as u16, last, col as u16));
        if kind == ChartType::Line {
            s.set_format(
                ChartFormat::new().set_line(ChartLine::new().set_color(tint).set_width(2.25)),
            );
        } else {
            s.set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(tint)));
            s.set_gap(60);
        }
    }
    // A single rate over time stands between the ends of its interval.
    let interval = series.first().is_some_and(|&col| {
        g.shows[col].1 == Show::Rate && g.shows.get(col + 2).is_some_and(|x| x.1 == Show::Ci)
    });
    if kind == ChartType::Line && series.len() == 1 && interval {
        for col in [series[0] + 1, series[0] + 2] {
            let s = chart.add_series();
            s.set_name((name.as_str(), top, col as u16))
                .set_categories((name.as_str(), first, 0, last, 0))
                .set_values((name.as_str(), first, col as u16, last, col as u16));
            let mut line = ChartLine::new();
            line.set_color(PALETTE[2])
                .set_width(1.0)
                .set_dash_type(rust_xlsxwriter::ChartLineDashType::Dash);
            s.set_format(ChartFormat::new().set_line(&line));
        }
    }
    if series.len() == 1 {
        chart.legend().set_hidden();
    } else {
        chart
            .legend()
            .set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
    }
    let grid = {
        let mut line = ChartLine::new();
        line.set_color("#E3E7EC");
        line
    };
    if kind == ChartType::Bar {
        // Bars lie on their side: the vertical axis holds the categories, the first on top as in the table.
        chart.y_axis().set_reverse();
        chart
            .x_axis()
            .set_min(0)
            .set_major_gridlines(true)
            .set_major_gridlines_line(&grid);
        chart.y_axis().set_major_gridlines(false);
        chart
            .x_axis()
            .set_label_position(rust_xlsxwriter::ChartAxisLabelPosition::High);
    } else {
        chart.y_axis().set_min(0).set_major_gridlines_line(&grid);
    }
    Some(chart)
}

/// Eight tints that stay apart in grey print.
const SERIES: [&str; 8] = [
    "#0B4F8A", "#D9822B", "#8C8C8C", "#5AA0D8", "#F2B66D", "#3D4752", "#BFD9EE", "#C9CED6",
];

fn methodology(w: &mut Worksheet, t: &Template, c: &Content, s: &Styles) -> Result<(), XlsxError> {
    let say = |key: &str| locale::text(c.lang, &format!("report.{key}")).to_owned();
    w.set_name(tab(&say("methodology")))?;
    w.write_string_with_format(0, 0, say("methodology"), &s.title)?;
    let mut r = 1;
    let version = locale::format(
        c.lang,
        "report.versions",
        &[
            ("program", &c.facts.version),
            ("definitions", &c.facts.definitions),
        ],
    );
    let coverage = say("caveat_coverage");
    for line in std::iter::once(&version)
        .chain(&c.facts.protection)
        .chain(std::iter::once(&coverage))
    {
        w.write_string_with_format(r, 0, line, &s.text)?;
        r += 1;
    }
    r += 1;
    let wanted: Vec<&[String; 4]> = c
        .facts
        .methodology
        .iter()
        .filter(|m| {
            t.sheet
                .iter()
                .flat_map(|s| &s.columns)
                .chain(&t.kpi)
                .any(|col| col.measure == m[0])
        })
        .collect();
    for (i, m) in wanted.iter().enumerate() {
        for (col, x) in m.iter().enumerate() {
            w.write_string_with_format(r + 1 + i as u32, col as u16, x, &s.wrap)?;
        }
    }
    if !wanted.is_empty() {
        let columns: Vec<TableColumn> = ["measure", "name", "definition", "origin"]
            .iter()
            .map(|h| TableColumn::new().set_header(say(h)))
            .collect();
        w.add_table(
            r,
            0,
            r + wanted.len() as u32,
            3,
            &Table::new()
                .set_name("metodologi")
                .set_columns(&columns)
                .set_style(TableStyle::Light1),
        )?;
    }
    for (col, width) in [(0, 26), (1, 44), (2, 90), (3, 22)] {
        w.set_column_width(col, width)?;
    }
    print_setup(w, c, false);
    Ok(())
}

/// The same charts as pictures: file stem and what to draw.
pub fn charts(t: &Template, c: &Content) -> Vec<(String, ChartSpec)> {
    let mut out = Vec::new();
    for (i, sheet) in t.sheet.iter().enumerate() {
        let Some(spec) = &sheet.chart else { continue };
        let g = grid(c, t, sheet);
        out.push((
            format!("{}-{:02}", t.name, i + 1),
            picture(c, sheet, &g, spec.title.get(c.lang), &spec.kind),
        ));
    }
    out
}

/// A sheet's chart as a picture.
pub fn picture(c: &Content, sheet: &Sheet, g: &Grid, title: &str, kind: &str) -> ChartSpec {
    let rows = g.rows.len() - usize::from(g.has_total && g.rows.len() > 1);
    let cols = drawn(sheet, g);
    let share = cols
        .iter()
        .any(|&i| g.rows.iter().any(|r| matches!(r[i], Value::Share(_))));
    let number = |v: &Value| match v {
        Value::Number(x, _) | Value::Share(x) => Some(*x),
        _ => None,
    };
    let series = cols.iter().take(2).map(|&i| {
        let ends = g.shows.get(i + 2).is_some_and(|x| x.1 == Show::Ci);
        let column = |k: usize| {
            g.rows[..rows]
                .iter()
                .map(|r| number(&r[k]))
                .collect::<Vec<_>>()
        };
        Series {
            name: g.headers[i].clone(),
            values: column(i),
            low: if ends { column(i + 1) } else { vec![] },
            high: if ends { column(i + 2) } else { vec![] },
            marks: g.rows[..rows]
                .iter()
                .map(|r| {
                    if let Value::Sign(x) = r[i] {
                        Some(x.to_owned())
                    } else {
                        None
                    }
                })
                .collect(),
        }
    });
    let cutoff = c
        .facts
        .cutoff
        .map_or_else(|| "…".to_owned(), |d| locale::date_long(c.lang, d));
    ChartSpec {
        title: title.to_owned(),
        subtitle: format!(
            "{} · {}",
            sheet.title.get(c.lang),
            locale::month_long(c.lang, c.month)
        ),
        footer: format!(
            "{} {}",
            locale::text(c.lang, "report.source"),
            locale::format(c.lang, "report.cutoff", &[("date", &cutoff)])
        ),
        kind: if kind == "line" {
            ChartKind::Line
        } else {
            ChartKind::Bar
        },
        categories: g.rows[..rows]
            .iter()
            .map(|r| {
                if let Value::Text(x) = &r[0] {
                    x.clone()
                } else {
                    String::new()
                }
            })
            .collect(),
        series: series.collect(),
        format: if share {
            ValueFormat::Percent(0)
        } else {
            ValueFormat::Integer
        },
        lang: c.lang,
    }
}
