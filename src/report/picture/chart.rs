//! A chart's frame: title, subtitle, footer; what stands between them is drawn by kind.

use super::canvas::{Anchor, Canvas, fail, fit, wrap};
use super::{ChartKind, ChartSpec, Drawing, INK, MUTED, PictureError, Sign, bars, curves};
use plotters::prelude::*;
use std::cell::RefCell;

/// Draws a chart; type grows with the canvas (1600 pixels wide: nothing below 18).
pub fn draw_chart(spec: &ChartSpec, w: u32, h: u32) -> Result<Drawing, PictureError> {
    let unit = f64::from(w) / 1600.0;
    draw_scaled(spec, w, h, unit, 40.0 * unit)
}

/// Draws a chart without a margin, its type `unit` times that of a picture 1600 pixels wide.
pub fn draw_sized(spec: &ChartSpec, w: u32, h: u32, unit: f64) -> Result<Drawing, PictureError> {
    draw_scaled(spec, w, h, unit, 4.0 * unit)
}

/// The free rectangle of a chart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
}

/// The same with type `unit` times its size on a canvas 1600 pixels wide, and a margin.
pub(super) fn draw_scaled(
    spec: &ChartSpec,
    w: u32,
    h: u32,
    unit: f64,
    pad: f64,
) -> Result<Drawing, PictureError> {
    let mut svg = String::new();
    let labels = {
        let area = SVGBackend::with_string(&mut svg, (w, h)).into_drawing_area();
        area.fill(&WHITE).map_err(fail)?;
        let c = Canvas {
            area,
            labels: RefCell::default(),
            unit,
            width: f64::from(w),
        };
        let wide = f64::from(w) - 2.0 * pad;
        let mut y = pad.max(12.0 * unit);
        for (text, size, bold, ink) in [
            (&spec.title, 38.0, true, INK),
            (&spec.subtitle, 24.0, false, MUTED),
        ] {
            let size = size * unit;
            let mut lines = wrap(text, size, bold, wide);
            if lines.len() > 2 {
                // What does not fit two lines ends in an ellipsis, not in the chart.
                let rest = lines[1..].join(" ");
                lines = vec![lines[0].clone(), fit(&rest, size, bold, wide)];
            }
            for line in &lines {
                c.text(pad, y + size * 0.5, Anchor::Start, size, bold, ink, line)?;
                y += size * 1.25;
            }
        }
        // Without a footer its room goes to the chart.
        let mut bottom = f64::from(h) - 16.0 * unit;
        if !spec.footer.is_empty() {
            let size = 20.0 * unit;
            let footer = fit(&spec.footer, size, false, wide);
            let at = f64::from(h) - 28.0 * unit;
            c.text(pad, at, Anchor::Start, size, false, MUTED, &footer)?;
            bottom = f64::from(h) - 56.0 * unit;
        }
        if !spec.note.is_empty() {
            let size = 20.0 * unit;
            let lines = wrap(&spec.note, size, false, wide);
            for line in lines.iter().take(2).rev() {
                bottom -= size * 1.3;
                c.text(
                    pad,
                    bottom + size * 0.4,
                    Anchor::Start,
                    size,
                    false,
                    MUTED,
                    line,
                )?;
            }
            bottom -= 12.0 * unit;
        }
        let frame = Frame {
            x0: pad,
            y0: y + 10.0 * unit,
            x1: f64::from(w) - pad,
            y1: bottom,
        };
        if spec.categories.is_empty() || spec.series.is_empty() {
            let none = crate::locale::text(spec.lang, "chart.no_data");
            let at = frame.y0 + 20.0 * unit;
            c.text(pad, at, Anchor::Start, 28.0 * unit, false, MUTED, none)?;
        } else {
            match spec.kind {
                ChartKind::Bar => bars::bars(&c, spec, frame)?,
                ChartKind::Dot => bars::dots(&c, spec, frame)?,
                ChartKind::Stacked | ChartKind::Percent => bars::stacked(&c, spec, frame)?,
                ChartKind::Waterfall => bars::waterfall(&c, spec, frame)?,
                ChartKind::Line => curves::lines(&c, spec, frame)?,
                ChartKind::Step => curves::steps(&c, spec, frame)?,
            }
        }
        c.area.present().map_err(fail)?;
        c.labels.into_inner()
    };
    Ok(Drawing {
        svg,
        labels,
        width: f64::from(w),
        height: f64::from(h),
    })
}

/// The largest value, intervals and marks with it.
pub(super) fn highest(spec: &ChartSpec) -> f64 {
    let all = spec
        .series
        .iter()
        .flat_map(|s| s.values.iter().chain(&s.high))
        .chain(&spec.ticks);
    all.flatten()
        .copied()
        .chain(spec.reference)
        .fold(0.0, f64::max)
}

/// A value, its sign where it has none, its denominator where it has one.
pub(super) fn value_text(spec: &ChartSpec, series: usize, i: usize) -> String {
    let s = &spec.series[series];
    match s.values.get(i).copied().flatten() {
        Some(v) => {
            let text = s.text(spec.format, spec.lang, i, v);
            match s.sizes.get(i).copied().flatten() {
                Some(n) => format!("{text} (n={})", crate::locale::integer(spec.lang, n)),
                None => text,
            }
        }
        None => {
            let mark = s.marks.get(i).copied().flatten();
            mark.unwrap_or(Sign::NotApplicable).text().to_owned()
        }
    }
}
