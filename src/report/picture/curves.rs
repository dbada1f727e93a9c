//! Lines over time and step curves, named at their ends.

use super::canvas::{Anchor, Canvas, fit, width};
use super::chart::{Frame, highest};
use super::{ChartSpec, INK, MUTED, PictureError, RULE, SERIES, ValueFormat, axis};

/// The plotting area of curves.
struct Axes {
    x0: f64,
    x1: f64,
    top: f64,
    bottom: f64,
    max: f64,
    size: f64,
}

impl Axes {
    fn y(&self, v: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * (v / self.max).clamp(0.0, 1.0)
    }
}

/// Letters of a time that stands beside a number: `2023`, `Nov 2025`.
const SHORT: usize = 8;

/// What stands at the end of a curve: its name where there are several, its last value.
fn ending(spec: &ChartSpec, j: usize) -> Option<(usize, f64, String)> {
    let s = &spec.series[j];
    let (i, v) = s
        .values
        .iter()
        .enumerate()
        .rev()
        .find_map(|(i, v)| v.map(|v| (i, v)))?;
    let text = s.text(spec.format, spec.lang, i, v);
    // Of several the names stand in one column: one whose line ends earlier says when, where that is short.
    let earlier = (spec.categories.get(i))
        .filter(|at| i + 1 < spec.categories.len() && at.chars().count() <= SHORT);
    let text = match (spec.series.len() > 1, earlier) {
        (true, Some(at)) => format!("{} {text} ({at})", s.name),
        (true, None) => format!("{} {text}", s.name),
        (false, _) => text,
    };
    Some((i, v, text))
}

fn axes(c: &Canvas, spec: &ChartSpec, f: Frame) -> Result<Axes, PictureError> {
    let u = c.unit;
    let size = 20.0 * u;
    let (max, step) = axis(highest(spec), spec.format.is_share());
    let format = match spec.format {
        ValueFormat::Percent(_) => ValueFormat::Percent(u8::from(step < 0.01)),
        other => other,
    };
    let marks: Vec<(f64, String)> = (0..=(max / step).round() as u32)
        .map(|k| f64::from(k) * step)
        .map(|v| (v, format.text(spec.lang, v)))
        .collect();
    let widest = marks
        .iter()
        .map(|(_, t)| width(t, size, false))
        .fold(0.0, f64::max);
    let end = (0..spec.series.len())
        .filter_map(|j| ending(spec, j))
        .map(|(.., t)| width(&t, size * 1.1, true))
        .fold(60.0 * u, f64::max)
        .min((f.x1 - f.x0) * 0.34);
    let a = Axes {
        x0: f.x0 + widest + 14.0 * u,
        x1: f.x1 - end - 22.0 * u,
        top: f.y0 + 12.0 * u,
        bottom: f.y1 - 34.0 * u,
        max,
        size,
    };
    for (v, text) in &marks {
        let y = a.y(*v);
        c.line(&[(a.x0, y), (a.x1, y)], RULE, 1.0)?;
        c.text(a.x0 - 10.0 * u, y, Anchor::End, size, false, MUTED, text)?;
    }
    Ok(a)
}

/// Every first, second, third … category name below the axis, as many as stand apart, counted from the last; whole
/// years and half years before others where the categories are numbered months.
fn below(
    c: &Canvas,
    spec: &ChartSpec,
    a: &Axes,
    x: &dyn Fn(usize) -> f64,
) -> Result<(), PictureError> {
    let u = c.unit;
    let n = spec.categories.len();
    let most = (a.x1 - a.x0) * 0.5;
    let names: Vec<String> = (spec.categories.iter())
        .map(|t| fit(t, a.size, false, most))
        .collect();
    let widest = names
        .iter()
        .map(|t| width(t, a.size, false))
        .fold(0.0, f64::max);
    let apart = if n > 1 { x(1) - x(0) } else { f64::MAX };
    let needs = ((widest + 20.0 * u) / apart).ceil().max(1.0) as usize;
    let numbered = spec.categories.iter().all(|t| t.parse::<u32>().is_ok());
    let (every, from) = if numbered && n > 12 {
        let steps = [1, 2, 3, 6, 12, 24, 60];
        (steps.into_iter().find(|s| *s >= needs).unwrap_or(needs), 0)
    } else {
        (needs, n.saturating_sub(1) % needs)
    };
    let mut next = f64::MAX;
    let chosen: Vec<usize> = (from..n).step_by(every).collect();
    for &i in chosen.iter().rev() {
        let t = &names[i];
        // Where the text will stand: the canvas moves it inward at its edges.
        let w = width(t, a.size, false);
        let left = (x(i) - w / 2.0).min(c.width - w - 2.0).max(2.0);
        if left + w + 12.0 * u > next {
            continue;
        }
        next = left;
        let at = a.bottom + 20.0 * u;
        c.text(x(i), at, Anchor::Middle, a.size, false, MUTED, t)?;
    }
    Ok(())
}

/// The names at the ends, pushed apart where they would lie on each other.
fn endings(
    c: &Canvas,
    spec: &ChartSpec,
    a: &Axes,
    x: &dyn Fn(usize) -> f64,
) -> Result<(), PictureError> {
    let size = a.size * 1.1;
    let mut all: Vec<(f64, f64, String, usize)> = (0..spec.series.len())
        .filter_map(|j| ending(spec, j).map(|(i, v, t)| (a.y(v), x(i), t, j)))
        .collect();
    all.sort_by(|p, q| p.0.total_cmp(&q.0));
    let gap = size * 0.95;
    for i in 1..all.len() {
        all[i].0 = all[i].0.max(all[i - 1].0 + gap);
    }
    // What was pushed below the axis moves up again.
    let mut floor = a.bottom + size * 0.2;
    for p in all.iter_mut().rev() {
        p.0 = p.0.min(floor);
        floor = p.0 - gap;
    }
    for (y, px, text, j) in all {
        // Where the line ends earlier than the axis its number stands at its end.
        let at = if spec.series.len() == 1 {
            px
        } else {
            px.max(a.x1)
        } + 14.0 * c.unit;
        let most = c.width - at - 6.0 * c.unit;
        let text = fit(&text, size, true, most);
        if spec.series.len() > 1 {
            let (p, q) = (at - 9.0 * c.unit, at - 4.0 * c.unit);
            c.rect(
                p,
                y - 7.0 * c.unit,
                q,
                y + 7.0 * c.unit,
                SERIES[j % SERIES.len()],
            )?;
        }
        c.text(at, y, Anchor::Start, size, true, INK, &text)?;
    }
    Ok(())
}

pub(super) fn lines(c: &Canvas, spec: &ChartSpec, f: Frame) -> Result<(), PictureError> {
    let u = c.unit;
    let a = axes(c, spec, f)?;
    let n = spec.categories.len();
    let x = |i: usize| a.x0 + (a.x1 - a.x0) * (i as f64 + 0.5) / n as f64;
    below(c, spec, &a, &x)?;
    for (j, s) in spec.series.iter().enumerate() {
        let tint = SERIES[j % SERIES.len()];
        // A gap in the data is a gap in the line and in the band.
        let shown = |i: usize| s.values.get(i).copied().flatten();
        let ends = |i: usize| {
            s.low
                .get(i)
                .copied()
                .flatten()
                .zip(s.high.get(i).copied().flatten())
        };
        let mut i = 0;
        while i < n {
            let start = i;
            while i < n && shown(i).is_some() {
                i += 1;
            }
            let run: Vec<usize> = (start..i).collect();
            if j == 0 && run.len() > 1 && run.iter().all(|&k| ends(k).is_some()) {
                let high = run
                    .iter()
                    .map(|&k| (x(k), a.y(ends(k).unwrap_or_default().1)));
                let low = run
                    .iter()
                    .rev()
                    .map(|&k| (x(k), a.y(ends(k).unwrap_or_default().0)));
                c.band(&high.chain(low).collect::<Vec<_>>(), tint)?;
            }
            let points: Vec<(f64, f64)> = run
                .iter()
                .filter_map(|&k| shown(k).map(|v| (x(k), a.y(v))))
                .collect();
            if points.len() > 1 {
                c.line(&points, tint, 4.0 * u)?;
            }
            for (p, &k) in points.iter().zip(&run) {
                if let (true, Some((lo, hi))) = (run.len() == 1 && j == 0, ends(k)) {
                    c.line(&[(p.0, a.y(lo)), (p.0, a.y(hi))], tint, 2.0 * u)?;
                }
                if n <= 40 {
                    c.dot(p.0, p.1, 5.0 * u, tint)?;
                }
            }
            i += usize::from(i == start);
        }
    }
    // A gap says why it is one.
    if let Some(s) = spec.series.first().filter(|_| n <= 24) {
        for (i, mark) in s.marks.iter().enumerate() {
            let shown = spec
                .series
                .iter()
                .any(|s| s.values.get(i).copied().flatten().is_some());
            if let (Some(sign), false) = (mark, shown) {
                let at = a.bottom - 14.0 * u;
                c.text(x(i), at, Anchor::Middle, a.size, true, MUTED, sign.text())?;
            }
        }
    }
    endings(c, spec, &a, &x)
}

pub(super) fn steps(c: &Canvas, spec: &ChartSpec, f: Frame) -> Result<(), PictureError> {
    let a = axes(c, spec, f)?;
    let n = spec.categories.len();
    // Numbered months stand where their numbers are: some may be left out.
    let numbers: Vec<f64> = (spec.categories.iter())
        .filter_map(|t| t.parse().ok())
        .collect();
    let x = |i: usize| {
        let (first, last) = (numbers.first(), numbers.last());
        let share = match (first, last) {
            (Some(a), Some(z)) if numbers.len() == n && z > a => (numbers[i] - a) / (z - a),
            _ => i as f64 / (n.max(2) - 1) as f64,
        };
        a.x0 + (a.x1 - a.x0) * share
    };
    below(c, spec, &a, &x)?;
    for (j, s) in spec.series.iter().enumerate() {
        let tint = SERIES[j % SERIES.len()];
        let step = |values: &[Option<f64>]| {
            let mut out: Vec<(f64, f64)> = Vec::new();
            for (i, v) in values.iter().enumerate() {
                let Some(v) = v else { continue };
                if let Some(last) = out.last().copied() {
                    out.push((x(i), last.1));
                }
                out.push((x(i), a.y(*v)));
            }
            out
        };
        let (low, high) = (step(&s.low), step(&s.high));
        if j == 0 && low.len() > 1 && high.len() > 1 {
            let shape: Vec<(f64, f64)> = high.into_iter().chain(low.into_iter().rev()).collect();
            c.band(&shape, tint)?;
        }
        let points = step(&s.values);
        if points.len() > 1 {
            c.line(&points, tint, 3.5 * c.unit)?;
        }
    }
    endings(c, spec, &a, &x)
}
