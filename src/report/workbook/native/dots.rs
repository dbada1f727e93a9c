//! Points with their intervals, around nought or around one.

use super::super::Styles;
use super::super::helper::{Computed, Helper, address};
use super::super::styles::SERIES;
use super::{Place, Scale, fill, label, lying, nothing, small};
use crate::locale;
use crate::report::plan::{ChartPlan, SeriesPlan};
use crate::report::template::Kind;
use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartAxisLabelPosition, ChartDataLabelPosition, ChartPoint,
    ChartRange, ChartSeries, ChartType, Worksheet, XlsxError,
};

/// Tints of an interval beside the mark of its point, by series.
const INTERVALS: [&str; 2] = ["#BFD9EE", "#F5D3AC"];
/// Width of a point's mark, of the axis.
const MARK: f64 = 0.012;

/// A bar of the chart: a row of the table and one of its series.
#[derive(Clone, Copy)]
struct Bar<'p> {
    row: usize,
    place: usize,
    series: &'p SeriesPlan,
    index: usize,
}

/// Points with intervals on a category axis, as bars of parts end to end: up to the interval without a fill, then the interval
/// with a mark at its point. Nothing but bars, so that every office program draws the same.
pub(super) fn dots(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<Chart, XlsxError> {
    let mut chart = Chart::new(ChartType::BarStacked);
    let scale = Scale::of(plan, p.g);
    let half = scale.max * MARK / 2.0;
    let series = || plan.series.iter().take(2).enumerate();
    let bars: Vec<Bar> = (plan.rows.iter().enumerate())
        .flat_map(|(place, &row)| {
            series().map(move |(index, series)| Bar {
                row,
                place,
                series,
                index,
            })
        })
        .collect();
    let first = p.row(plan.rows[0]);
    let names = if series().count() == 1 {
        p.names(&plan.rows)
    } else {
        both_names(w, p, &bars, h, s)?
    };
    let value = |b: &Bar, column| plan.value(p.g, b.place, column);
    let cell = |b: &Bar, column| p.cell(b.row, column);
    let ends = |b: &Bar| {
        let (low, high) = b.series.interval?;
        Some(((low, value(b, low)?), (high, value(b, high)?)))
    };
    // A hidden number has no point.
    let at = |b: &Bar| value(b, b.series.column).map(|v| (cell(b, b.series.column), v));
    let mut part = |key: &str, of: &dyn Fn(&Bar) -> Computed| {
        let cells: Vec<Computed> = bars.iter().map(of).collect();
        let key = format!("report.helper.{key}");
        let header = locale::text(p.lang, &key);
        h.column(w, s, header, first, &cells)
    };
    let base = part("base", &|b| {
        let (point, v) = at(b)?;
        match ends(b) {
            Some(((low, a), _)) => Some((
                format!("MIN({},{point}-{half})", cell(b, low)),
                a.min(v - half),
            )),
            None => Some((format!("MAX({point}-{half},0)"), (v - half).max(0.0))),
        }
    })?;
    let below = part("minus", &|b| {
        let (point, v) = at(b)?;
        let ((low, a), _) = ends(b)?;
        Some((
            format!("MAX({point}-{}-{half},0)", cell(b, low)),
            (v - a - half).max(0.0),
        ))
    })?;
    let mark = part("point", &|b| {
        at(b).map(|_| ((2.0 * half).to_string(), 2.0 * half))
    })?;
    let above = part("plus", &|b| {
        let (point, v) = at(b)?;
        let (_, (high, z)) = ends(b)?;
        Some((
            format!("MAX({}-{point}-{half},0)", cell(b, high)),
            (z - v - half).max(0.0),
        ))
    })?;
    // Room for the number right of the interval; a sign stands at nought.
    let room = part("label", &|_| {
        Some(((scale.max / 4.0).to_string(), scale.max / 4.0))
    })?;
    let stacked = |values: &ChartRange, look: Option<fn(usize) -> &'static str>| {
        let mut one = ChartSeries::new();
        one.set_name(p.name(plan.series[0].column).as_str())
            .set_categories(&names)
            .set_values(values)
            .set_gap(70)
            .set_overlap(100);
        match look {
            None => {
                one.set_format(&mut nothing());
            }
            Some(tint) => {
                let of = |b: &Bar| ChartPoint::new().set_format(&mut fill(tint(b.index)));
                let points: Vec<ChartPoint> = bars.iter().map(of).collect();
                one.set_format(&mut fill(tint(0))).set_points(&points);
            }
        }
        one
    };
    chart.push_series(&stacked(&base, None));
    chart.push_series(&stacked(&below, Some(|i| INTERVALS[i])));
    chart.push_series(&stacked(&mark, Some(|i| SERIES[i])));
    chart.push_series(&stacked(&above, Some(|i| INTERVALS[i])));
    let mut texts_at = stacked(&room, None);
    let texts = bars.iter().map(|b| {
        let v = p.text(b.row, b.series.column);
        match b.series.n {
            Some(n) if at(b).is_some() => format!("{v} (n={})", p.text(b.row, n)),
            _ => v,
        }
    });
    label(
        &mut texts_at,
        ChartDataLabelPosition::InsideBase,
        &small(),
        texts,
    );
    chart.push_series(&texts_at);
    chart.legend().set_hidden();
    lying(&mut chart, &scale);
    if plan.spec.kind == Kind::Forest {
        chart
            .x_axis()
            .set_crossing(ChartAxisCrossing::AxisValue(1.0));
        chart
            .y_axis()
            .set_label_position(ChartAxisLabelPosition::Low);
    }
    Ok(chart)
}

/// Names of rows and series, beside the table: each row has a bar for each of two series.
fn both_names(
    w: &mut Worksheet,
    p: &Place,
    bars: &[Bar],
    h: &mut Helper,
    s: &Styles,
) -> Result<ChartRange, XlsxError> {
    let lead = p.left + p.g.lead.len() as u16 - 1;
    let cells: Vec<(String, String)> = bars
        .iter()
        .map(|b| {
            let series = p.name(b.series.column);
            let name = address(p.row(b.row), lead);
            let formula = format!("{name}&\": {}\"", series.replace('"', "\"\""));
            (formula, format!("{}: {series}", p.g.label(b.row)))
        })
        .collect();
    let header = &p.g.lead[p.g.lead.len() - 1];
    h.words(w, s, header, p.row(bars[0].row), &cells)
}
