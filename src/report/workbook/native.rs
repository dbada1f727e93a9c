//! Native Excel charts over a sheet's own protected cells: editable, with intervals, direct labels and alt text.

use super::Styles;
use super::helper::{Computed, Helper, address};
use super::styles::{BLUE, GRID, PALE, SERIES};
use crate::locale::{self, Lang};
use crate::report::grid::{Grid, Value};
use crate::report::plan::{ChartPlan, SeriesPlan};
use crate::report::template::Kind;
use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartAxisDateUnitType, ChartAxisLabelPosition, ChartDataLabel,
    ChartDataLabelPosition, ChartErrorBars, ChartErrorBarsType, ChartFont, ChartFormat,
    ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker, ChartMarkerType, ChartRange,
    ChartSeries, ChartSolidFill, ChartType, Worksheet, XlsxError,
};

/// Where the table of the chart stands.
pub struct Place<'a> {
    pub tab: &'a str,
    pub g: &'a Grid,
    /// Row of the headers.
    pub top: u32,
    pub lang: Lang,
    /// First column of the table.
    pub left: u16,
}

impl Place<'_> {
    fn row(&self, r: usize) -> u32 {
        self.top + 1 + r as u32
    }
    fn col(&self, c: usize) -> u16 {
        self.left + (self.g.lead.len() + c) as u16
    }
    fn cell(&self, r: usize, c: usize) -> String {
        address(self.row(r), self.col(c))
    }
    fn range(&self, rows: &[usize], col: u16) -> ChartRange {
        let (a, z) = (rows[0], rows[rows.len() - 1]);
        ChartRange::new_from_range(self.tab, self.row(a), col, self.row(z), col)
    }
    fn header(&self, c: usize) -> ChartRange {
        let col = self.col(c);
        ChartRange::new_from_range(self.tab, self.top, col, self.top, col)
    }
    fn names(&self, rows: &[usize]) -> ChartRange {
        self.range(rows, self.left + self.g.lead.len() as u16 - 1)
    }
    fn values(&self, rows: &[usize], c: usize) -> Vec<Option<f64>> {
        rows.iter().map(|&r| self.g.value(r, c).number()).collect()
    }
    /// A cell as a reader of the language writes it.
    fn text(&self, r: usize, c: usize) -> String {
        super::super::sentence::written(self.lang, self.g.value(r, c))
    }
}

fn fill(color: &str) -> ChartFormat {
    ChartFormat::new()
        .set_solid_fill(ChartSolidFill::new().set_color(color))
        .clone()
}

fn line(color: &str, width: f64) -> ChartLine {
    ChartLine::new().set_color(color).set_width(width).clone()
}

fn nothing() -> ChartFormat {
    ChartFormat::new().set_no_fill().set_no_line().clone()
}

fn small() -> ChartFont {
    ChartFont::new().set_size(9).set_color("#1F2933").clone()
}

fn words(texts: impl Iterator<Item = String>) -> Vec<ChartDataLabel> {
    texts
        .map(|t| {
            if t.is_empty() {
                ChartDataLabel::new().set_hidden().to_custom()
            } else {
                ChartDataLabel::new()
                    .set_value(t.as_str())
                    .set_font(&small())
                    .to_custom()
            }
        })
        .collect()
}

/// Draws a plan; `None` when it cannot be drawn without a hidden number.
pub fn chart(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<Option<Chart>, XlsxError> {
    let mut chart = match plan.spec.kind {
        Kind::Line => lines(w, p, plan, h, s)?,
        Kind::Step => steps(w, p, plan, h, s)?,
        Kind::Dot | Kind::Forest => dots(w, p, plan, h, s)?,
        Kind::Waterfall => match waterfall(w, p, plan, h, s)? {
            Some(c) => c,
            None => return Ok(None),
        },
        _ => bars(w, p, plan, h, s)?,
    };
    chart
        .legend()
        .set_position(ChartLegendPosition::Bottom)
        .set_font(&small());
    Ok(Some(chart))
}

/// Axes of horizontal charts: the first category on top as in the table, values from zero below.
fn lying(chart: &mut Chart, share: bool) {
    chart
        .y_axis()
        .set_reverse()
        .set_major_gridlines(false)
        .set_font(&small());
    chart
        .x_axis()
        .set_min(0)
        .set_major_gridlines(true)
        .set_major_gridlines_line(&line(GRID, 0.75))
        .set_label_position(ChartAxisLabelPosition::High)
        .set_num_format(if share { "0%" } else { "#,##0" })
        .set_font(&small());
}

fn standing(chart: &mut Chart, share: bool) {
    chart.x_axis().set_font(&small());
    chart
        .y_axis()
        .set_min(0)
        .set_major_gridlines_line(&line(GRID, 0.75))
        .set_num_format(if share { "0%" } else { "#,##0" })
        .set_font(&small());
}

/// Distances to the ends of an interval, beside the table.
fn ends(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    series: &SeriesPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<Option<ChartErrorBars>, XlsxError> {
    let Some((low, high)) = series.interval else {
        return Ok(None);
    };
    let mut distance = |from: usize, to: usize, word: &str| {
        let cells: Vec<Computed> = plan
            .rows
            .iter()
            .map(|&r| {
                let (a, b) = (p.g.value(r, from).number()?, p.g.value(r, to).number()?);
                Some((format!("{}-{}", p.cell(r, to), p.cell(r, from)), b - a))
            })
            .collect();
        let key = format!("report.helper.{word}");
        h.column(
            w,
            s,
            locale::text(p.lang, &key),
            p.row(plan.rows[0]),
            &cells,
        )
    };
    let minus = distance(low, series.column, "minus")?;
    let plus = distance(series.column, high, "plus")?;
    let mut bars = ChartErrorBars::new();
    bars.set_type(ChartErrorBarsType::Custom(plus, minus))
        .set_format(&mut line("#1F2933", 1.25));
    Ok(Some(bars))
}

fn bars(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<Chart, XlsxError> {
    let kind = plan.spec.kind;
    let flat = matches!(
        kind,
        Kind::Bar | Kind::Funnel | Kind::StackedBar | Kind::Percent
    );
    let stacked = matches!(kind, Kind::Stacked | Kind::StackedBar | Kind::Percent);
    let mut chart = Chart::new(match kind {
        Kind::StackedBar => ChartType::BarStacked,
        Kind::Percent => ChartType::BarPercentStacked,
        Kind::Stacked => ChartType::ColumnStacked,
        _ if flat => ChartType::Bar,
        _ => ChartType::Column,
    });
    let many = plan.series.len();
    for (k, x) in plan.series.iter().enumerate() {
        let interval = if stacked || many > 2 {
            None
        } else {
            ends(w, p, plan, x, h, s)?
        };
        let mut one = ChartSeries::new();
        one.set_name(&p.header(x.column))
            .set_categories(&p.names(&plan.rows))
            .set_values(&p.range(&plan.rows, p.col(x.column)))
            .set_format(&mut fill(SERIES[k % SERIES.len()]))
            .set_gap(if kind == Kind::Funnel { 12 } else { 55 });
        if let Some(e) = &interval {
            if flat {
                one.set_x_error_bars(e);
            } else {
                one.set_y_error_bars(e);
            }
        }
        if !stacked && many <= 2 && plan.rows.len() * many <= 60 && interval.is_none() {
            let text = plan.rows.iter().map(|&r| p.text(r, x.column));
            one.set_data_label(
                ChartDataLabel::new()
                    .show_value()
                    .set_position(ChartDataLabelPosition::OutsideEnd)
                    .set_font(&small()),
            );
            one.set_custom_data_labels(&words(text));
        }
        chart.push_series(&one);
    }
    if many == 1 && plan.marks.is_none() {
        chart.legend().set_hidden();
    }
    if flat {
        lying(&mut chart, plan.share || kind == Kind::Percent);
        if kind == Kind::Percent {
            chart.x_axis().set_max(1);
        }
    } else {
        standing(&mut chart, plan.share);
    }
    if let (Some(m), false) = (plan.marks, flat) {
        let mut marks = Chart::new(ChartType::Line);
        let mut dash = ChartMarker::new();
        dash.set_type(ChartMarkerType::LongDash)
            .set_size(14)
            .set_format(&mut fill("#1F2933"));
        marks
            .add_series()
            .set_name(&p.header(m))
            .set_categories(&p.names(&plan.rows))
            .set_values(&p.range(&plan.rows, p.col(m)))
            .set_format(ChartFormat::new().set_no_line())
            .set_marker(&dash);
        chart.combine(&marks);
    }
    Ok(chart)
}

/// A column of the table, or a copy with gaps where a sign stands (a line takes words for zeros).
fn gapped(
    w: &mut Worksheet,
    p: &Place,
    rows: &[usize],
    column: usize,
    h: &mut Helper,
    s: &Styles,
) -> Result<ChartRange, XlsxError> {
    let values = p.values(rows, column);
    if values.iter().all(Option::is_some) {
        return Ok(p.range(rows, p.col(column)));
    }
    let cells: Vec<Computed> = rows
        .iter()
        .zip(values)
        .map(|(&r, v)| v.map(|v| (p.cell(r, column), v)))
        .collect();
    h.column(w, s, &p.g.columns[column].header, p.row(rows[0]), &cells)
}

fn lines(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<Chart, XlsxError> {
    let mut chart = Chart::new(ChartType::Line);
    let one = plan.series.len() == 1;
    for (k, x) in plan.series.iter().enumerate() {
        let interval = if one {
            ends(w, p, plan, x, h, s)?
        } else {
            None
        };
        let values = gapped(w, p, &plan.rows, x.column, h, s)?;
        let mut stroke = line(SERIES[k % SERIES.len()], 2.25);
        if k % 2 == 1 {
            stroke.set_dash_type(ChartLineDashType::Dash);
        }
        let mut dot = ChartMarker::new();
        dot.set_type(ChartMarkerType::Circle)
            .set_size(6)
            .set_format(&mut fill(SERIES[k % SERIES.len()]));
        let one_series = chart.add_series();
        one_series
            .set_name(&p.header(x.column))
            .set_categories(&p.names(&plan.rows))
            .set_values(&values)
            .set_format(ChartFormat::new().set_line(&stroke))
            .set_marker(&dot);
        if let Some(mut e) = interval {
            e.set_format(&mut line(PALE, 3.0));
            one_series.set_y_error_bars(&e);
        }
        // The last number stands beside its point; on request every denominator above its own.
        let last = plan
            .rows
            .iter()
            .rposition(|&r| p.g.value(r, x.column).number().is_some());
        let texts = plan.rows.iter().enumerate().map(|(i, &r)| {
            let value = p.g.value(r, x.column).number().is_some();
            match x.n.filter(|_| plan.spec.label_n && one) {
                Some(n) if value && Some(i) == last => {
                    format!("{} (n={})", p.text(r, x.column), p.text(r, n))
                }
                Some(n) if value => format!("n={}", p.text(r, n)),
                _ if Some(i) == last => p.text(r, x.column),
                _ => String::new(),
            }
        });
        one_series.set_data_label(
            ChartDataLabel::new()
                .show_value()
                .set_position(ChartDataLabelPosition::Above)
                .set_font(&small()),
        );
        one_series.set_custom_data_labels(&words(texts));
    }
    if one {
        chart.legend().set_hidden();
    }
    standing(&mut chart, plan.share);
    Ok(chart)
}

/// Step curves: a line over an axis of dates, on which a day that comes twice makes an upright stroke. The days are the
/// months since release.
fn steps(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<Chart, XlsxError> {
    let mut chart = Chart::new(ChartType::Line);
    let first = p.top + 1;
    let lead = p.g.lead.len() as u16 - 1;
    // Every point but the first comes twice: at the old height, then at the new.
    let corners: Vec<(usize, usize)> = plan
        .rows
        .iter()
        .enumerate()
        .flat_map(|(i, &r)| {
            let before = i.checked_sub(1).map(|k| (r, plan.rows[k]));
            before.into_iter().chain([(r, r)])
        })
        .collect();
    let months: Vec<Computed> = corners
        .iter()
        .map(|&(r, _)| {
            let t: f64 = p.g.label(r).parse().ok()?;
            Some((format!("VALUE({})", address(p.row(r), lead)), t))
        })
        .collect();
    let x = h.column(w, s, &p.g.lead[p.g.lead.len() - 1], first, &months)?;
    for (k, series) in plan.series.iter().enumerate() {
        let mut drawn = vec![(series.column, SERIES[k % SERIES.len()], 2.25, false)];
        if let (0, Some((low, high))) = (k, series.interval) {
            drawn.extend([(low, PALE, 1.25, true), (high, PALE, 1.25, true)]);
        }
        for (column, tint, width, dashed) in drawn {
            let cells: Vec<Computed> = corners
                .iter()
                .map(|&(_, r)| {
                    p.g.value(r, column)
                        .number()
                        .map(|v| (p.cell(r, column), v))
                })
                .collect();
            let y = h.column(w, s, &p.g.columns[column].header, first, &cells)?;
            let mut stroke = line(tint, width);
            if dashed {
                stroke.set_dash_type(ChartLineDashType::SquareDot);
            }
            chart
                .add_series()
                .set_name(&p.header(column))
                .set_categories(&x)
                .set_values(&y)
                .set_format(ChartFormat::new().set_line(&stroke))
                .set_marker(ChartMarker::new().set_none());
        }
    }
    standing(&mut chart, plan.share);
    chart
        .x_axis()
        .set_date_axis(true)
        .set_num_format("0")
        .set_major_unit(12)
        .set_major_unit_date_type(ChartAxisDateUnitType::Days)
        .set_name(p.g.lead[p.g.lead.len() - 1].as_str());
    Ok(chart)
}

/// Points with intervals on a category axis: bars without fill carry the interval as a line and the point as a short
/// thick mark, so that every office program draws the same.
fn dots(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<Chart, XlsxError> {
    let mut chart = Chart::new(ChartType::Bar);
    let reach = plan.highest(p.g).max(1e-9);
    let forest = plan.spec.kind == Kind::Forest;
    for (k, x) in plan.series.iter().take(2).enumerate() {
        let interval = ends(w, p, plan, x, h, s)?;
        let tint = SERIES[k];
        let base = |one: &mut ChartSeries| {
            one.set_name(&p.header(x.column))
                .set_categories(&p.names(&plan.rows))
                .set_values(&p.range(&plan.rows, p.col(x.column)))
                .set_format(&mut nothing())
                .set_gap(30)
                .set_overlap(if plan.series.len() == 1 { 100 } else { 0 });
        };
        let mut mark = ChartSeries::new();
        base(&mut mark);
        mark.set_x_error_bars(
            ChartErrorBars::new()
                .set_type(ChartErrorBarsType::FixedValue(reach * 0.005))
                .set_end_cap(false)
                .set_format(&mut line(tint, 9.0)),
        );
        if let Some(mut e) = interval {
            let mut span = ChartSeries::new();
            base(&mut span);
            e.set_end_cap(false).set_format(&mut line(tint, 1.75));
            span.set_x_error_bars(&e);
            chart.push_series(&span);
        }
        chart.push_series(&mark);
        // The number stands right of the interval's upper end.
        let at = x
            .interval
            .map(|i| i.1)
            .filter(|&c| p.values(&plan.rows, c).iter().any(Option::is_some))
            .unwrap_or(x.column);
        let mut label = ChartSeries::new();
        base(&mut label);
        label.set_values(&p.range(&plan.rows, p.col(at)));
        label.set_data_label(
            ChartDataLabel::new()
                .show_value()
                .set_position(ChartDataLabelPosition::OutsideEnd)
                .set_font(&small()),
        );
        let texts = plan.rows.iter().map(|&r| {
            let v = p.text(r, x.column);
            match x.n {
                Some(n) if p.g.value(r, x.column).number().is_some() => {
                    format!("{v} (n={})", p.text(r, n))
                }
                _ => v,
            }
        });
        label.set_custom_data_labels(&words(texts));
        chart.push_series(&label);
    }
    chart.legend().set_hidden();
    lying(&mut chart, plan.share);
    if forest {
        chart
            .x_axis()
            .set_num_format("0.0")
            .set_crossing(ChartAxisCrossing::AxisValue(1.0));
        chart
            .y_axis()
            .set_label_position(ChartAxisLabelPosition::Low);
    }
    Ok(chart)
}

fn waterfall(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<Option<Chart>, XlsxError> {
    let r = plan.rows[0];
    let columns: Vec<usize> = plan.series.iter().map(|x| x.column).collect();
    let Some(values) = columns
        .iter()
        .map(|&c| p.g.value(r, c).number())
        .collect::<Option<Vec<f64>>>()
    else {
        return Ok(None);
    };
    // A hidden category between opening and closing would leave the steps without their sum.
    let hidden = p.g.columns.iter().enumerate().any(|(c, col)| {
        col.measure == p.g.columns[columns[0]].measure
            && !col.total
            && matches!(p.g.value(r, c), Value::Sign(_))
    });
    if hidden || columns.len() < 3 {
        return Ok(None);
    }
    let first = p.top + 1;
    let last = columns.len() - 1;
    let name = |k: &str| locale::text(p.lang, &format!("report.helper.{k}")).to_owned();
    let labels: Vec<(String, String)> = columns
        .iter()
        .map(|&c| (address(p.top, p.col(c)), p.g.columns[c].header.clone()))
        .collect();
    let categories = h.words(w, s, &name("step"), first, &labels)?;
    let (mut base, mut whole, mut up, mut down): (
        Vec<Computed>,
        Vec<Computed>,
        Vec<Computed>,
        Vec<Computed>,
    ) = (vec![], vec![], vec![], vec![]);
    let mut level = 0.0;
    let mut so_far = String::new();
    for (i, (&c, &v)) in columns.iter().zip(&values).enumerate() {
        let cell = p.cell(r, c);
        if i == 0 || i == last {
            base.push(None);
            whole.push(Some((cell.clone(), v)));
            up.push(None);
            down.push(None);
            level = v;
            so_far = cell;
            continue;
        }
        let minus = plan
            .spec
            .minus
            .iter()
            .any(|k| *k == p.g.columns[c].category.as_str());
        let signed = if minus { -v } else { v };
        let after = level + signed;
        let sum = format!("{so_far}{}{cell}", if minus { "-" } else { "+" });
        let foot = if signed >= 0.0 { &so_far } else { &sum };
        base.push(Some((foot.clone(), level.min(after))));
        whole.push(None);
        let size = Some((format!("ABS({cell})"), v.abs()));
        let (a, b) = if signed >= 0.0 {
            (size, None)
        } else {
            (None, size)
        };
        up.push(a);
        down.push(b);
        level = after;
        so_far = sum;
    }
    let ranges = [
        (h.column(w, s, &name("base"), first, &base)?, None),
        (
            h.column(w, s, &name("whole"), first, &whole)?,
            Some((BLUE, whole)),
        ),
        (
            h.column(w, s, &name("up"), first, &up)?,
            Some(("#5AA0D8", up)),
        ),
        (
            h.column(w, s, &name("down"), first, &down)?,
            Some(("#D9822B", down)),
        ),
    ];
    let mut chart = Chart::new(ChartType::ColumnStacked);
    for (col, (range, look)) in (h.next - 4..).zip(ranges) {
        let mut one = ChartSeries::new();
        one.set_name(&ChartRange::new_from_range(p.tab, p.top, col, p.top, col))
            .set_categories(&categories)
            .set_values(&range)
            .set_gap(35);
        match look {
            None => {
                one.set_format(&mut nothing()).delete_from_legend(true);
            }
            Some((tint, cells)) => {
                one.set_format(&mut fill(tint));
                one.set_data_label(
                    ChartDataLabel::new()
                        .show_value()
                        .set_position(ChartDataLabelPosition::InsideEnd)
                        .set_font(&small()),
                );
                let texts = cells.iter().map(|c| match c {
                    Some((_, v)) if *v > 0.0 => locale::integer(p.lang, *v),
                    _ => String::new(),
                });
                one.set_custom_data_labels(&words(texts));
            }
        }
        chart.push_series(&one);
    }
    standing(&mut chart, false);
    Ok(Some(chart))
}
