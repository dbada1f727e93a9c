//! Native Excel charts over a sheet's own protected cells: editable, with intervals, direct labels and alt text.

mod bars;
mod curves;
mod dots;

use super::Styles;
use super::helper::{Computed, Helper, address};
use super::styles::GRID;
use crate::locale::{self, Lang};
use crate::report::grid::Grid;
use crate::report::picture::axis;
use crate::report::plan::{ChartPlan, SeriesPlan};
use crate::report::template::Kind;
use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisLabelPosition, ChartAxisTickType, ChartDataLabel,
    ChartDataLabelPosition, ChartErrorBars, ChartErrorBarsType, ChartFont, ChartFormat,
    ChartLegendPosition, ChartLine, ChartRange, ChartSeries, ChartSolidFill, Worksheet, XlsxError,
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
    /// What a legend calls a column: its header, or the name of its measure where that says enough.
    fn name(&self, c: usize) -> String {
        let column = &self.g.columns[c];
        let alike = |x: &&super::super::grid::GridColumn| x.name == column.name;
        if column.name.is_empty() || self.g.columns.iter().filter(alike).count() > 5 {
            column.header.clone()
        } else {
            column.name.clone()
        }
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

/// Draws a plan; `None` when it cannot be drawn without a hidden number.
pub fn chart(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    h: &mut Helper,
    s: &Styles,
) -> Result<Option<Chart>, XlsxError> {
    let mut chart = match plan.spec.kind {
        Kind::Line => curves::lines(w, p, plan, h, s)?,
        Kind::Step => curves::steps(w, p, plan, h, s)?,
        Kind::Dot | Kind::Forest => dots::dots(w, p, plan, h, s)?,
        Kind::Waterfall => match bars::waterfall(w, p, plan, h, s)? {
            Some(c) => c,
            None => return Ok(None),
        },
        Kind::Bar
        | Kind::Column
        | Kind::Stacked
        | Kind::StackedBar
        | Kind::Percent
        | Kind::Funnel => bars::bars(w, p, plan, h, s)?,
    };
    chart
        .legend()
        .set_position(ChartLegendPosition::Bottom)
        .set_font(&small());
    Ok(Some(chart))
}

/// Where an axis of values ends, what stands between, how it is written.
struct Scale {
    max: f64,
    step: f64,
    format: &'static str,
}

impl Scale {
    fn of(plan: &ChartPlan, g: &Grid) -> Scale {
        if plan.spec.kind == Kind::Percent {
            return Scale {
                max: 1.0,
                step: 0.2,
                format: "0%",
            };
        }
        let fine = plan.share || plan.spec.kind == Kind::Forest;
        // Names and numbers stand right of the longest bar.
        let (max, step) = axis(plan.highest(g), fine);
        let format = match (plan.share, fine) {
            (true, _) if step < 0.01 => "0.0%",
            (true, _) => "0%",
            (_, true) => "0.0",
            _ => "#,##0",
        };
        Scale { max, step, format }
    }
    fn set(&self, axis: &mut ChartAxis) {
        axis.set_min(0)
            .set_max(self.max)
            .set_major_unit(self.step)
            .set_num_format(self.format)
            .set_major_gridlines(true)
            .set_major_gridlines_line(&line(GRID, 0.75))
            .set_major_tick_type(ChartAxisTickType::None)
            .set_format(ChartFormat::new().set_no_line())
            .set_font(&small());
    }
}

/// Axes of horizontal charts: the first category on top as in the table, values from zero below.
fn lying(chart: &mut Chart, scale: &Scale) {
    chart
        .y_axis()
        .set_reverse()
        .set_major_gridlines(false)
        .set_font(&small());
    scale.set(chart.x_axis());
    chart
        .x_axis()
        .set_label_position(ChartAxisLabelPosition::High);
}

fn standing(chart: &mut Chart, scale: &Scale) {
    chart.x_axis().set_font(&small());
    scale.set(chart.y_axis());
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

/// A column of the table, or a copy with gaps where nothing is drawn (a sign would count as nought).
fn gapped(
    w: &mut Worksheet,
    p: &Place,
    plan: &ChartPlan,
    column: usize,
    h: &mut Helper,
    s: &Styles,
) -> Result<ChartRange, XlsxError> {
    let rows = &plan.rows;
    let values: Vec<Option<f64>> = (0..rows.len())
        .map(|i| plan.value(p.g, i, column))
        .collect();
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

/// Labels of a series: a text each, none where it is empty.
fn label(
    series: &mut ChartSeries,
    position: ChartDataLabelPosition,
    font: &ChartFont,
    texts: impl Iterator<Item = String>,
) {
    let own: Vec<ChartDataLabel> = texts
        .map(|t| {
            let mut one = ChartDataLabel::new();
            if t.is_empty() {
                one.set_hidden();
            } else {
                one.set_value(t.as_str()).set_font(font);
            }
            one.to_custom()
        })
        .collect();
    series.set_data_label(
        ChartDataLabel::new()
            .show_value()
            .set_position(position)
            .set_font(font),
    );
    series.set_custom_data_labels(&own);
}
