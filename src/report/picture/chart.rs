//! Charts with plotters: horizontal bars with direct labels, lines with their interval.

use super::{ChartKind, ChartSpec, Drawing, INK, MUTED, PALETTE, PictureError, render};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};
use std::sync::Once;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn fonts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = register_font("IBM Plex Sans", FontStyle::Normal, render::REGULAR);
        let _ = register_font("IBM Plex Sans", FontStyle::Bold, render::BOLD);
    });
}

fn color(hex: &str) -> RGBColor {
    let n = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap_or(0);
    RGBColor((n >> 16) as u8, (n >> 8) as u8, n as u8)
}

fn fail<E: std::fmt::Debug>(e: E) -> PictureError {
    PictureError(format!("{e:?}"))
}

fn style(size: f64, bold: bool, ink: &str) -> TextStyle<'static> {
    let f = ("IBM Plex Sans", size).into_font();
    let f = if bold { f.style(FontStyle::Bold) } else { f };
    let mut s = TextStyle::from(f);
    s.color = color(ink).to_backend_color();
    s
}

/// Plotters measures type by its height from ascender to descender, SVG by the em: this face is 1.3 em high, and
/// plotters writes the size divided by 1.24.
const EM: f64 = 1.24;
const MARGIN: f64 = 1.3 / EM;

/// Width in pixels of a text that plotters draws at a size.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    fonts();
    let f = ("IBM Plex Sans", size).into_font();
    let f = if bold { f.style(FontStyle::Bold) } else { f };
    MARGIN
        * f.box_size(text)
            .map_or(text.len() as f64 * size * 0.55, |(w, _)| f64::from(w))
}

/// [`fit`] for text written with an SVG font size.
pub(super) fn fit_em(text: &str, em: f64, bold: bool, most: f64) -> String {
    fit(text, em * EM, bold, most)
}

/// [`wrap`] for text written with an SVG font size.
pub(super) fn wrap_em(text: &str, em: f64, bold: bool, most: f64) -> Vec<String> {
    wrap(text, em * EM, bold, most)
}

/// The text cut to a width, with an ellipsis.
pub(super) fn fit(text: &str, size: f64, bold: bool, most: f64) -> String {
    if width(text, size, bold) <= most {
        return text.to_owned();
    }
    let mut s: String = text.to_owned();
    while s.pop().is_some() {
        let t = format!("{}…", s.trim_end());
        if width(&t, size, bold) <= most {
            return t;
        }
    }
    String::new()
}

/// Text broken into lines of a width.
pub(super) fn wrap(text: &str, size: f64, bold: bool, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(l) if width(&format!("{l} {word}"), size, bold) <= most => {
                l.push(' ');
                l.push_str(word);
            }
            _ => lines.push(fit(word, size, bold, most)),
        }
    }
    lines
}

/// Draws a chart; type grows with the canvas (1600 pixels wide: nothing below 20).
pub fn draw_chart(spec: &ChartSpec, w: u32, h: u32) -> Result<Drawing, PictureError> {
    draw_scaled(spec, w, h, f64::from(w) / 1600.0)
}

/// The same with type `unit` times its size on a canvas 1600 pixels wide.
pub(super) fn draw_scaled(
    spec: &ChartSpec,
    w: u32,
    h: u32,
    unit: f64,
) -> Result<Drawing, PictureError> {
    fonts();
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (w, h)).into_drawing_area();
        root.fill(&WHITE).map_err(fail)?;
        let pad = (40.0 * unit) as i32;
        let mut y = pad;
        for (text, size, bold, ink) in [
            (&spec.title, 38.0, true, INK),
            (&spec.subtitle, 24.0, false, MUTED),
        ] {
            for line in wrap(text, size * unit, bold, f64::from(w) - 2.0 * f64::from(pad))
                .iter()
                .take(2)
            {
                root.draw_text(line, &style(size * unit, bold, ink), (pad, y))
                    .map_err(fail)?;
                y += (size * unit * 1.3) as i32;
            }
        }
        // Without a footer its room goes to the chart.
        let foot = if spec.footer.is_empty() {
            -(24.0 * unit) as i32
        } else {
            (24.0 * unit) as i32
        };
        let footer = fit(
            &spec.footer,
            20.0 * unit,
            false,
            f64::from(w) - 2.0 * f64::from(pad),
        );
        root.draw_text(
            &footer,
            &style(20.0 * unit, false, MUTED),
            (pad, h as i32 - pad),
        )
        .map_err(fail)?;
        let top = y + (16.0 * unit) as i32;
        let bottom = h as i32 - pad - foot;
        if spec.categories.is_empty() || spec.series.is_empty() {
            let none = crate::locale::text(spec.lang, "chart.no_data");
            root.draw_text(none, &style(28.0 * unit, false, MUTED), (pad, top))
                .map_err(fail)?;
        } else {
            match spec.kind {
                ChartKind::Bar => bars(&root, spec, unit, (pad, top), (w as i32 - pad, bottom))?,
                ChartKind::Line => lines(&root, spec, unit, (pad, top), (w as i32 - pad, bottom))?,
            }
        }
        root.present().map_err(fail)?;
    }
    Ok(Drawing {
        svg,
        width: f64::from(w),
        height: f64::from(h),
    })
}

/// A round number at or above the largest value.
fn nice(max: f64) -> f64 {
    if max <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(max.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|m| *m >= max * 0.999)
        .unwrap_or(10.0 * power)
}

fn highest(spec: &ChartSpec) -> f64 {
    let all = spec
        .series
        .iter()
        .flat_map(|s| s.values.iter().chain(&s.high));
    all.flatten().copied().fold(0.0, f64::max)
}

fn bars(
    root: &Area,
    spec: &ChartSpec,
    unit: f64,
    from: (i32, i32),
    to: (i32, i32),
) -> Result<(), PictureError> {
    let n = spec.categories.len();
    let per = f64::from(to.1 - from.1) / n as f64;
    let size = (per * 0.62).clamp(9.0 * unit, 24.0 * unit);
    let widest = spec
        .categories
        .iter()
        .map(|c| width(c, size, false))
        .fold(0.0, f64::max);
    let label = widest.min(f64::from(to.0 - from.0) * 0.36);
    let x0 = from.0 + label as i32 + (16.0 * unit) as i32;
    let room = f64::from(to.0 - x0) - 130.0 * unit;
    let max = nice(highest(spec));
    let k = spec.series.len().min(2);
    for (i, name) in spec.categories.iter().enumerate() {
        let mid = f64::from(from.1) + per * (i as f64 + 0.5);
        let text = fit(name, size, false, label);
        let at = (
            x0 - (12.0 * unit) as i32 - width(&text, size, false) as i32,
            (mid - size * 0.6) as i32,
        );
        root.draw_text(&text, &style(size, false, INK), at)
            .map_err(fail)?;
        let thick = per * 0.7 / k as f64;
        for (j, s) in spec.series.iter().take(2).enumerate() {
            let y = mid - per * 0.35 + thick * j as f64;
            let value = s.values.get(i).copied().flatten();
            let end = x0 + value.map_or(0, |v| (v.max(0.0) / max * room) as i32);
            if value.is_some() {
                let shape = [(x0, y as i32), (end.max(x0 + 1), (y + thick * 0.9) as i32)];
                root.draw(&Rectangle::new(shape, color(PALETTE[j]).filled()))
                    .map_err(fail)?;
            }
            let mut label_at = end;
            if let (Some(Some(a)), Some(Some(b))) = (s.low.get(i), s.high.get(i)) {
                let (a, b) = (x0 + (a / max * room) as i32, x0 + (b / max * room) as i32);
                let y = (y + thick * 0.45) as i32;
                root.draw(&PathElement::new(
                    vec![(a, y), (b, y)],
                    color(INK).stroke_width(2),
                ))
                .map_err(fail)?;
                label_at = label_at.max(b);
            }
            let shown = match value {
                Some(v) => spec.format.text(spec.lang, v),
                None => s
                    .marks
                    .get(i)
                    .cloned()
                    .flatten()
                    .unwrap_or_else(|| "–".into()),
            };
            let size = size.min(thick * 0.95).max(8.0 * unit);
            root.draw_text(
                &shown,
                &style(size, j == 0, INK),
                (
                    label_at + (8.0 * unit) as i32,
                    (y + thick * 0.45 - size * 0.6) as i32,
                ),
            )
            .map_err(fail)?;
        }
    }
    Ok(())
}

fn lines(
    root: &Area,
    spec: &ChartSpec,
    unit: f64,
    from: (i32, i32),
    to: (i32, i32),
) -> Result<(), PictureError> {
    let n = spec.categories.len();
    let max = nice(highest(spec));
    let size = 20.0 * unit;
    let x0 = from.0
        + width(&spec.format.text(spec.lang, max), size, false) as i32
        + (14.0 * unit) as i32;
    let (top, bottom) = (from.1 + (30.0 * unit) as i32, to.1 - (40.0 * unit) as i32);
    let right = to.0 - (110.0 * unit) as i32;
    let x = |i: usize| x0 + (f64::from(right - x0) * (i as f64 + 0.5) / n as f64) as i32;
    let y = |v: f64| bottom - (f64::from(bottom - top) * (v / max).clamp(0.0, 1.0)) as i32;
    for k in 0..=4 {
        let v = max * f64::from(k) / 4.0;
        root.draw(&PathElement::new(
            vec![(x0, y(v)), (right, y(v))],
            color(PALETTE[3]).stroke_width(1),
        ))
        .map_err(fail)?;
        let text = spec.format.text(spec.lang, v);
        let at = (
            x0 - width(&text, size, false) as i32 - (10.0 * unit) as i32,
            y(v) - (size * 0.6) as i32,
        );
        root.draw_text(&text, &style(size, false, MUTED), at)
            .map_err(fail)?;
    }
    let widest = spec
        .categories
        .iter()
        .map(|c| width(c, size, false))
        .fold(1.0, f64::max)
        + 18.0 * unit;
    let every = (widest * n as f64 / f64::from(right - x0).max(1.0))
        .ceil()
        .max(1.0) as usize;
    for (i, c) in spec
        .categories
        .iter()
        .enumerate()
        .filter(|(i, _)| (n - 1 - i).is_multiple_of(every))
    {
        let c = fit(c, size, false, f64::from(right - x0) * 0.6);
        let wide = width(&c, size, false) as i32;
        let left = (x(i) - wide / 2).min(to.0 - wide).max(from.0);
        root.draw_text(
            &c,
            &style(size, false, MUTED),
            (left, bottom + (12.0 * unit) as i32),
        )
        .map_err(fail)?;
    }
    for (j, s) in spec.series.iter().take(2).enumerate() {
        let band: Vec<(usize, f64, f64)> = (0..n)
            .filter_map(|i| {
                Some((
                    i,
                    s.low.get(i).copied().flatten()?,
                    s.high.get(i).copied().flatten()?,
                ))
            })
            .collect();
        if band.len() > 1 && j == 0 {
            let mut shape: Vec<(i32, i32)> = band.iter().map(|b| (x(b.0), y(b.2))).collect();
            shape.extend(band.iter().rev().map(|b| (x(b.0), y(b.1))));
            root.draw(&Polygon::new(shape, color(PALETTE[j]).mix(0.14).filled()))
                .map_err(fail)?;
        }
        let points: Vec<(i32, i32)> = (0..n)
            .filter_map(|i| s.values.get(i).copied().flatten().map(|v| (x(i), y(v))))
            .collect();
        root.draw(&PathElement::new(
            points.clone(),
            color(PALETTE[j]).stroke_width((4.0 * unit) as u32),
        ))
        .map_err(fail)?;
        if n <= 24 {
            for p in &points {
                root.draw(&Circle::new(
                    *p,
                    (5.0 * unit) as i32,
                    color(PALETTE[j]).filled(),
                ))
                .map_err(fail)?;
            }
        }
        if let (Some(p), Some(v)) = (points.last(), s.values.iter().rev().find_map(|v| *v)) {
            let text = fit(
                &spec.format.text(spec.lang, v),
                size * 1.2,
                true,
                100.0 * unit,
            );
            root.draw_text(
                &text,
                &style(size * 1.2, true, PALETTE[j]),
                (p.0 + (10.0 * unit) as i32, p.1 - (14.0 * unit) as i32),
            )
            .map_err(fail)?;
        }
    }
    Ok(())
}
