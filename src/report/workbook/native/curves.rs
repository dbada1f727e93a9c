//! Lines over time and step curves.

use super::super::Styles;
use super::super::helper::{Computed, Helper, address};
use super::super::styles::{PALE, SERIES};
use super::{Place, Scale, fill, gapped, label, line, small, standing};
use crate::report::plan::ChartPlan;
use rust_xlsxwriter::{
    Chart, ChartAxisDateUnitType, ChartDataLabelPosition, ChartFormat, ChartLineDashType,
    ChartMarker, ChartMarkerType, ChartRange, ChartType, Worksheet, XlsxError,
};

/// Ends of an interval beside its line.
const BAND: &str = "#5AA0D8";

pub(super) fn lines(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<Chart, XlsxError> {
    let mut chart = Chart::new(ChartType::Line);
    let one = plan.series.len() == 1;
    let size = plan.series[0].n.filter(|_| plan.spec.label_n && one);
    let names = match size {
        Some(n) => sized_names(w, p, &plan.rows, n, h, s)?,
        None => p.names(&plan.rows),
    };
    for (k, x) in plan.series.iter().enumerate() {
        // The ends of the interval are lines of their own: every office program draws them.
        for end in x
            .interval
            .filter(|_| one)
            .into_iter()
            .flat_map(|(a, b)| [a, b])
        {
            let values = gapped(w, p, plan, end, h, s)?;
            let mut stroke = line(BAND, 1.25);
            stroke.set_dash_type(ChartLineDashType::SquareDot);
            chart
                .add_series()
                .set_name(p.g.columns[end].header.as_str())
                .set_categories(&names)
                .set_values(&values)
                .set_format(ChartFormat::new().set_line(&stroke))
                .set_marker(ChartMarker::new().set_none());
        }
        let values = gapped(w, p, plan, x.column, h, s)?;
        let mut stroke = line(SERIES[k % SERIES.len()], 2.25);
        if k % 2 == 1 {
            stroke.set_dash_type(ChartLineDashType::Dash);
        }
        let mut dot = ChartMarker::new();
        dot.set_type(ChartMarkerType::Circle)
            .set_size(6)
            .set_format(&mut fill(SERIES[k % SERIES.len()]));
        let series = chart.add_series();
        series
            .set_name(p.name(x.column).as_str())
            .set_categories(&names)
            .set_values(&values)
            .set_format(ChartFormat::new().set_line(&stroke))
            .set_marker(&dot);
        // The last number stands beside its point, clear of the interval.
        let number = |r: usize| p.g.value(r, x.column).number().is_some();
        let last = plan.rows.iter().rposition(|&r| number(r));
        let texts = plan.rows.iter().enumerate().map(|(i, &r)| {
            if Some(i) == last {
                p.text(r, x.column)
            } else {
                String::new()
            }
        });
        label(series, ChartDataLabelPosition::Right, &small(), texts);
    }
    if one {
        chart.legend().set_hidden();
    }
    standing(&mut chart, &Scale::of(plan, p.g));
    Ok(chart)
}

/// Names of the rows with their denominators below, beside the table.
fn sized_names(
    w: &mut Worksheet,
    p: &Place,
    rows: &[usize],
    n: usize,
    h: &mut Helper,
    s: &Styles,
) -> Result<ChartRange, XlsxError> {
    let lead = p.left + p.g.lead.len() as u16 - 1;
    let cells: Vec<(String, String)> = rows
        .iter()
        .map(|&r| {
            let name = address(p.row(r), lead);
            let formula = format!("{name}&CHAR(10)&\"n=\"&{}", p.cell(r, n));
            let size =
                p.g.value(r, n)
                    .number()
                    .map_or_else(|| p.text(r, n), |v| v.to_string());
            (formula, format!("{}\nn={size}", p.g.label(r)))
        })
        .collect();
    h.words(w, s, &p.g.lead[p.g.lead.len() - 1], p.row(rows[0]), &cells)
}

/// Step curves: a line over an axis of dates, on which a day that comes twice makes an upright stroke. The days are the
/// months since release.
pub(super) fn steps(
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
        for (i, (column, tint, width, dashed)) in drawn.into_iter().enumerate() {
            // A point that is not shown is drawn at the height of the last one that is: the step is coarser.
            let shown = |r: usize| p.g.value(r, column).number().map(|v| (r, v));
            let end = plan.rows.iter().rev().find_map(|&r| shown(r));
            let height = |r: usize| {
                end.filter(|(last, _)| r <= *last)?;
                let mut before = plan.rows.iter().rev().skip_while(|x| **x > r);
                before.find_map(|&x| shown(x))
            };
            let cells: Vec<Computed> = corners
                .iter()
                .map(|&(_, r)| height(r).map(|(r, v)| (p.cell(r, column), v)))
                .collect();
            let y = h.column(w, s, &p.g.columns[column].header, first, &cells)?;
            let mut stroke = line(tint, width);
            if dashed {
                stroke.set_dash_type(ChartLineDashType::SquareDot);
            }
            chart
                .add_series()
                .set_name(p.name(column).as_str())
                .set_categories(&x)
                .set_values(&y)
                .set_format(ChartFormat::new().set_line(&stroke))
                .set_marker(ChartMarker::new().set_none())
                .delete_from_legend(i > 0);
        }
    }
    standing(&mut chart, &Scale::of(plan, p.g));
    chart
        .x_axis()
        .set_date_axis(true)
        .set_num_format("0")
        .set_major_unit(12)
        .set_major_unit_date_type(ChartAxisDateUnitType::Days)
        .set_name(p.g.lead[p.g.lead.len() - 1].as_str());
    Ok(chart)
}
