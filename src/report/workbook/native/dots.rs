//! Points with their intervals, around nought or around one.

use super::super::Styles;
use super::super::helper::{Computed, Helper};
use super::super::styles::SERIES;
use super::{Place, Scale, ends, gapped, label, line, lying, nothing, small};
use crate::locale;
use crate::report::plan::ChartPlan;
use crate::report::template::Kind;
use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartAxisLabelPosition, ChartDataLabelPosition, ChartErrorBars,
    ChartErrorBarsType, ChartSeries, ChartType, Worksheet, XlsxError,
};

/// Points with intervals on a category axis: bars without fill carry the interval as a line and the point as a short
/// thick mark, so that every office program draws the same.
pub(super) fn dots(
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
        // A hidden number has no point: the copy has gaps where the table has signs.
        let points = gapped(w, p, plan, x.column, h, s)?;
        let base = |one: &mut ChartSeries| {
            one.set_name(p.name(x.column).as_str())
                .set_categories(&p.names(&plan.rows))
                .set_values(&points)
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
        // The number stands right of the interval's upper end, a sign at nought.
        let places: Vec<Computed> = plan
            .rows
            .iter()
            .map(|&r| {
                let ends = [x.interval.map(|i| i.1), Some(x.column)];
                let end = ends
                    .into_iter()
                    .flatten()
                    .find_map(|c| p.g.value(r, c).number().map(|v| (p.cell(r, c), v)));
                Some(end.unwrap_or_else(|| ("0".to_owned(), 0.0)))
            })
            .collect();
        let header = locale::text(p.lang, "report.helper.label");
        let at = h.column(w, s, header, p.row(plan.rows[0]), &places)?;
        let mut texts_at = ChartSeries::new();
        base(&mut texts_at);
        texts_at.set_values(&at);
        let texts = plan.rows.iter().map(|&r| {
            let v = p.text(r, x.column);
            match x.n {
                Some(n) if p.g.value(r, x.column).number().is_some() => {
                    format!("{v} (n={})", p.text(r, n))
                }
                _ => v,
            }
        });
        label(
            &mut texts_at,
            ChartDataLabelPosition::OutsideEnd,
            &small(),
            texts,
        );
        chart.push_series(&texts_at);
    }
    chart.legend().set_hidden();
    lying(&mut chart, &Scale::of(plan, p.g));
    if forest {
        chart
            .x_axis()
            .set_crossing(ChartAxisCrossing::AxisValue(1.0));
        chart
            .y_axis()
            .set_label_position(ChartAxisLabelPosition::Low);
    }
    Ok(chart)
}
