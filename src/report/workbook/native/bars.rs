//! Bars side by side, bars of parts, and the waterfall.

use super::super::Styles;
use super::super::helper::{Computed, Helper, address};
use super::super::styles::{BLUE, SERIES};
use super::{Place, Scale, ends, fill, gapped, label, lying, nothing, small, standing};
use crate::locale;
use crate::report::picture::{REST, axis, ink_on};
use crate::report::plan::ChartPlan;
use crate::report::template::Kind;
use rust_xlsxwriter::{
    Chart, ChartDataLabelPosition, ChartFormat, ChartMarker, ChartMarkerType, ChartRange,
    ChartSeries, ChartType, Worksheet, XlsxError,
};

pub(super) fn bars(
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
        Kind::Bar
        | Kind::Column
        | Kind::Line
        | Kind::Step
        | Kind::Funnel
        | Kind::Dot
        | Kind::Forest
        | Kind::Waterfall => match flat {
            true => ChartType::Bar,
            false => ChartType::Column,
        },
    });
    let many = plan.series.len();
    let scale = Scale::of(plan, p.g);
    for (k, x) in plan.series.iter().enumerate() {
        let interval = if stacked || many > 2 {
            None
        } else {
            ends(w, p, plan, x, h, s)?
        };
        let tint = SERIES[k % SERIES.len()];
        let labelled = !stacked && many <= 2 && plan.rows.len() * many <= 60 && interval.is_none();
        let values = if labelled {
            zeroed(w, p, &plan.rows, x.column, h, s)?
        } else {
            gapped(w, p, plan, x.column, h, s)?
        };
        let mut one = ChartSeries::new();
        one.set_name(p.name(x.column).as_str())
            .set_categories(&p.names(&plan.rows))
            .set_values(&values)
            .set_format(&mut fill(tint))
            .set_gap(if kind == Kind::Funnel { 12 } else { 55 });
        if let Some(e) = &interval {
            if flat {
                one.set_x_error_bars(e);
            } else {
                one.set_y_error_bars(e);
            }
        }
        if labelled {
            let texts = plan.rows.iter().map(|&r| p.text(r, x.column));
            label(
                &mut one,
                ChartDataLabelPosition::OutsideEnd,
                &small(),
                texts,
            );
        } else if stacked && plan.rows.len() * many <= 60 {
            // A part says its number where there is room for it.
            let texts = plan.rows.iter().enumerate().map(|(i, &r)| {
                let v = plan.value(p.g, i, x.column).unwrap_or(0.0);
                let of = match kind {
                    Kind::Percent => plan.sum(p.g, i),
                    _ => scale.max,
                };
                if v > 0.0 && v >= of * 0.05 {
                    p.text(r, x.column)
                } else {
                    String::new()
                }
            });
            let font = small().set_color(ink_on(tint)).clone();
            label(&mut one, ChartDataLabelPosition::Center, &font, texts);
        }
        chart.push_series(&one);
    }
    if plan.whole.is_some() {
        let values = rest(w, p, plan, h, s)?;
        let mut one = ChartSeries::new();
        one.set_name(locale::text(p.lang, "report.rest"))
            .set_categories(&p.names(&plan.rows))
            .set_values(&values)
            .set_format(&mut fill(REST))
            .set_gap(55);
        chart.push_series(&one);
    }
    if many == 1 && plan.marks.is_none() {
        chart.legend().set_hidden();
    }
    if flat {
        lying(&mut chart, &scale);
    } else {
        standing(&mut chart, &scale);
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

/// The same with noughts in place of signs, so that the sign can stand there as a label.
fn zeroed(
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
        .map(|(&r, v)| Some((format!("N({})", p.cell(r, column)), v.unwrap_or(0.0))))
        .collect();
    h.column(w, s, &p.g.columns[column].header, p.row(rows[0]), &cells)
}

/// What is left of a whole, beside the table.
fn rest(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<ChartRange, XlsxError> {
    let cells: Vec<Computed> = plan
        .rows
        .iter()
        .enumerate()
        .map(|(i, &r)| {
            let left = plan.rest(p.g, i)?;
            let parts: Vec<String> = plan.series.iter().map(|x| p.cell(r, x.column)).collect();
            let whole = p.cell(r, plan.whole?);
            Some((format!("{whole}-SUM({})", parts.join(",")), left))
        })
        .collect();
    let header = locale::text(p.lang, "report.rest");
    h.column(w, s, header, p.row(plan.rows[0]), &cells)
}

pub(super) fn waterfall(
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
    if !plan.complete(p.g) {
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
    let (mut level, mut top) = (0.0, 0.0f64);
    let mut so_far = String::new();
    for (i, (&c, &v)) in columns.iter().zip(&values).enumerate() {
        let cell = p.cell(r, c);
        if i == 0 || i == last {
            base.push(None);
            whole.push(Some((cell.clone(), v)));
            up.push(None);
            down.push(None);
            level = v;
            top = top.max(v);
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
        top = top.max(after);
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
                let texts = cells.iter().map(|c| match c {
                    Some((_, v)) if *v > 0.0 && plan.share => locale::percent(p.lang, *v, 1),
                    Some((_, v)) if *v > 0.0 => locale::integer(p.lang, *v),
                    _ => String::new(),
                });
                // A low step has no room inside it.
                label(
                    &mut one,
                    ChartDataLabelPosition::InsideBase,
                    &small(),
                    texts,
                );
            }
        }
        chart.push_series(&one);
    }
    let (max, step) = axis(top - plan.floor, plan.share);
    let format = if plan.share { "0.0%" } else { "#,##0" };
    let max = max + plan.floor;
    standing(&mut chart, &Scale { max, step, format });
    if plan.floor > 0.0 {
        chart.y_axis().set_min(plan.floor);
    }
    Ok(Some(chart))
}
