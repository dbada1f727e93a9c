//! Charts of lying bars and points (one category a line), and the waterfall.

use super::canvas::{Anchor, Canvas, fit, width, wrap};
use super::chart::{Frame, highest, value_text};
use super::{ChartSpec, INK, MUTED, PictureError, REST, RULE, SERIES, Sign, axis, ink_on};

/// Rows that fit with readable type, and their geometry.
struct Rows {
    n: usize,
    /// Height of a row.
    per: f64,
    size: f64,
    /// Left end of the bars.
    x0: f64,
    /// Right end of the longest.
    x1: f64,
    top: f64,
}

/// Lays out rows of `k` bars with a label each: what does not fit at readable type is named as a number below.
fn rows(c: &Canvas, spec: &ChartSpec, f: Frame, k: usize) -> Result<Rows, PictureError> {
    let u = c.unit;
    let least = (6.0 + 28.0 * k as f64) * u;
    let room = f.y1 - f.y0;
    let all = spec.categories.len();
    let fits = (room / least).floor().max(1.0) as usize;
    let (n, room) = if all > fits {
        (fits.saturating_sub(1).max(1), room - 26.0 * u)
    } else {
        (all, room)
    };
    if n < all {
        let more = crate::locale::format(
            spec.lang,
            "chart.more",
            &[("n", &crate::locale::integer(spec.lang, (all - n) as f64))],
        );
        c.text(
            f.x0,
            f.y1 - 10.0 * u,
            Anchor::Start,
            18.0 * u,
            false,
            MUTED,
            &more,
        )?;
    }
    let per = (room / n as f64).min((20.0 + 28.0 * k as f64).max(90.0) * u);
    let size = (per / k as f64 * 0.8).clamp(24.0 * u, 30.0 * u);
    let widest = spec.categories[..n]
        .iter()
        .map(|x| width(x, size, false))
        .fold(0.0, f64::max);
    let label = widest.min((f.x1 - f.x0) * 0.38);
    let x0 = f.x0 + label + 14.0 * u;
    let whole = |i: usize| -> f64 {
        let all = spec.series.iter().chain(&spec.rest);
        all.filter_map(|s| s.values.get(i).copied().flatten()).sum()
    };
    let totals = (0..n).map(|i| width(&spec.format.text(spec.lang, whole(i)), size, true));
    let totals = totals.fold(0.0, f64::max);
    let value = (0..spec.series.len().min(2))
        .flat_map(|j| (0..n).map(move |i| (j, i)))
        .map(|(j, i)| width(&value_text(spec, j, i), size, true))
        .fold(totals.max(40.0 * u), f64::max);
    for (i, name) in spec.categories[..n].iter().enumerate() {
        let mid = f.y0 + per * (i as f64 + 0.5);
        let (lines, size) = two_lines(name, size, label, per, u);
        let first = mid - size * 0.55 * (lines.len() as f64 - 1.0);
        for (k, line) in lines.iter().enumerate() {
            let y = first + size * 1.1 * k as f64;
            c.text(x0 - 12.0 * u, y, Anchor::End, size, false, INK, line)?;
        }
    }
    Ok(Rows {
        n,
        per,
        size,
        x0,
        x1: f.x1 - value - 14.0 * u,
        top: f.y0,
    })
}

/// A name beside a row: on one line, or smaller on two where the row is high enough; what does not stand on them ends in an
/// ellipsis.
fn two_lines(name: &str, size: f64, label: f64, per: f64, u: f64) -> (Vec<String>, f64) {
    let small = (size * 0.8).max(18.0 * u);
    if width(name, size, false) <= label || per < small * 2.1 {
        return (vec![fit(name, size, false, label)], size);
    }
    let all = wrap(name, small, false, label);
    let lines = match all.split_first() {
        Some((first, rest)) if !rest.is_empty() => {
            vec![first.clone(), fit(&rest.join(" "), small, false, label)]
        }
        _ => all,
    };
    (lines, small)
}

/// Names of the series where there are several, and of the marks.
fn names(c: &Canvas, spec: &ChartSpec, f: Frame) -> Result<Frame, PictureError> {
    let mut entries: Vec<(String, &str, bool)> = Vec::new();
    if spec.series.len() > 1 {
        for (j, s) in spec.series.iter().enumerate() {
            entries.push((s.name.clone(), SERIES[j % SERIES.len()], false));
        }
    }
    if let Some(rest) = &spec.rest {
        entries.push((rest.name.clone(), REST, false));
    }
    if !spec.ticks.is_empty() {
        entries.push((spec.ticks_name.clone(), INK, true));
    }
    if entries.is_empty() {
        return Ok(f);
    }
    let y0 = c.legend(f.x0, f.x1, f.y0, &entries)?;
    Ok(Frame { y0, ..f })
}

pub(super) fn bars(c: &Canvas, spec: &ChartSpec, f: Frame) -> Result<(), PictureError> {
    let u = c.unit;
    let f = names(c, spec, f)?;
    let k = spec.series.len().clamp(1, 4);
    let r = rows(c, spec, f, k)?;
    let max = axis(highest(spec), spec.format.is_share()).0;
    let x = |v: f64| r.x0 + (v.max(0.0) / max) * (r.x1 - r.x0);
    for i in 0..r.n {
        let thick = r.per * 0.78 / k as f64;
        let start = r.top + r.per * (i as f64 + 0.11);
        for (j, s) in spec.series.iter().take(k).enumerate() {
            let y = start + thick * j as f64;
            let mid = y + thick * 0.47;
            let value = s.values.get(i).copied().flatten();
            let mut end = r.x0;
            if let Some(v) = value {
                end = x(v).max(r.x0 + 1.0);
                c.rect(r.x0, y, end, y + thick * 0.94, SERIES[j % SERIES.len()])?;
            }
            if let (Some(Some(a)), Some(Some(b))) = (s.low.get(i), s.high.get(i)) {
                c.line(&[(x(*a), mid), (x(*b), mid)], INK, 2.0 * u)?;
                end = end.max(x(*b));
            }
            let text = value_text(spec, j, i);
            let at = end + 8.0 * u;
            c.text(at, mid, Anchor::Start, r.size, j == 0, INK, &text)?;
        }
        if let Some(Some(t)) = spec.ticks.get(i) {
            let (a, b) = (start, start + thick * k as f64);
            c.rect(x(*t) - 2.0 * u, a, x(*t) + 2.0 * u, b, INK)?;
        }
    }
    Ok(())
}

pub(super) fn dots(c: &Canvas, spec: &ChartSpec, f: Frame) -> Result<(), PictureError> {
    let u = c.unit;
    let f = names(c, spec, f)?;
    let k = spec.series.len().clamp(1, 2);
    let r = rows(c, spec, f, k)?;
    let max = axis(highest(spec), spec.format.is_share()).0;
    let x = |v: f64| r.x0 + (v.max(0.0) / max).min(1.0) * (r.x1 - r.x0);
    let bottom = r.top + r.per * r.n as f64;
    c.line(&[(r.x0, r.top), (r.x0, bottom)], RULE, 2.0 * u)?;
    if let Some(v) = spec.reference {
        c.line(&[(x(v), r.top), (x(v), bottom)], MUTED, 2.0 * u)?;
    }
    for i in 0..r.n {
        for (j, s) in spec.series.iter().take(k).enumerate() {
            let y = r.top + r.per * (i as f64 + (j as f64 + 0.5) / k as f64);
            let tint = SERIES[j];
            let mut end = r.x0;
            if let (Some(Some(a)), Some(Some(b))) = (s.low.get(i), s.high.get(i)) {
                c.line(&[(x(*a), y), (x(*b), y)], tint, 3.0 * u)?;
                end = end.max(x(*b));
            }
            if let Some(v) = s.values.get(i).copied().flatten() {
                c.dot(x(v), y, 7.0 * u, tint)?;
                end = end.max(x(v) + 7.0 * u);
            }
            let text = value_text(spec, j, i);
            let at = end + 8.0 * u;
            c.text(at, y, Anchor::Start, r.size, false, INK, &text)?;
        }
    }
    Ok(())
}

pub(super) fn stacked(c: &Canvas, spec: &ChartSpec, f: Frame) -> Result<(), PictureError> {
    let u = c.unit;
    let f = names(c, spec, f)?;
    let r = rows(c, spec, f, 1)?;
    let sum = |i: usize| -> f64 {
        let of = |s: &super::Series| s.values.get(i).copied().flatten().unwrap_or(0.0).max(0.0);
        spec.series.iter().chain(&spec.rest).map(of).sum()
    };
    let whole = spec.kind == super::ChartKind::Percent;
    let most = (0..r.n)
        .map(|i| sum(i).max(spec.ticks.get(i).copied().flatten().unwrap_or(0.0)))
        .fold(0.0, f64::max);
    let max = if whole { 1.0 } else { axis(most, false).0 };
    for i in 0..r.n {
        let (y0, y1) = (
            r.top + r.per * (i as f64 + 0.12),
            r.top + r.per * (i as f64 + 0.88),
        );
        let scale = if whole { sum(i).max(1e-9) } else { max };
        let mut x = r.x0;
        let mut hidden = false;
        let tick = spec.ticks.get(i).copied().flatten();
        let tick = tick.map(|t| r.x0 + t / max * (r.x1 - r.x0));
        let tints = (0..spec.series.len()).map(|j| SERIES[j % SERIES.len()]);
        let all = spec.series.iter().zip(tints);
        for (s, tint) in all.chain(spec.rest.iter().map(|s| (s, REST))) {
            hidden |= s.marks.get(i).copied().flatten() == Some(Sign::Hidden);
            let Some(v) = s.values.get(i).copied().flatten() else {
                continue;
            };
            let wide = v.max(0.0) / scale * (r.x1 - r.x0);
            c.rect(x, y0, x + wide, y1, tint)?;
            let text = spec.format.text(spec.lang, v);
            let needs = width(&text, r.size, false) + 8.0 * u;
            let centre = x + wide / 2.0;
            // A mark across the bar leaves no room for a number below it.
            let crossed = tick.is_some_and(|t| (t - centre).abs() < needs / 2.0 + 2.0 * u);
            // What is not broken down stays without a number of its own.
            if v > 0.0 && needs <= wide && !crossed && tint != REST {
                let at = (centre, (y0 + y1) / 2.0);
                c.text(
                    at.0,
                    at.1,
                    Anchor::Middle,
                    r.size,
                    false,
                    ink_on(tint),
                    &text,
                )?;
            }
            x += wide;
        }
        if let Some(at) = tick {
            c.rect(at - 2.0 * u, y0 - 3.0 * u, at + 2.0 * u, y1 + 3.0 * u, INK)?;
            x = x.max(at + 4.0 * u);
        }
        // The whole of a bar stands at its end.
        let parts = spec.series.len() + usize::from(spec.rest.is_some());
        let whole_known = !hidden || spec.rest.as_ref().and_then(|s| s.values[i]).is_some();
        if parts > 1 && whole_known && !whole && sum(i) > 0.0 {
            let text = spec.format.text(spec.lang, sum(i));
            let mid = (y0 + y1) / 2.0;
            c.text(x + 8.0 * u, mid, Anchor::Start, r.size, true, INK, &text)?;
        }
        // A part that is not shown is missing from the bar: the bar says so.
        let told = spec.rest.as_ref().and_then(|s| s.values[i]).is_some();
        if hidden && !told {
            let mid = (y0 + y1) / 2.0;
            c.text(
                x + 8.0 * u,
                mid,
                Anchor::Start,
                r.size,
                false,
                MUTED,
                &format!("+ {}", Sign::Hidden.text()),
            )?;
        }
    }
    Ok(())
}

pub(super) fn waterfall(c: &Canvas, spec: &ChartSpec, f: Frame) -> Result<(), PictureError> {
    let u = c.unit;
    let Some(s) = spec.series.first() else {
        return Ok(());
    };
    let n = spec.categories.len();
    // With a step hidden there is no closing: only what is known is drawn.
    let complete = s.values.iter().all(Option::is_some);
    if !complete || n < 3 {
        let none = crate::locale::text(spec.lang, "report.no_chart");
        let at = f.y0 + 20.0 * u;
        return c.text(f.x0, at, Anchor::Start, 26.0 * u, false, MUTED, none);
    }
    let mut spans: Vec<(f64, f64, &str)> = Vec::new();
    let mut level = 0.0;
    for (i, v) in s.values.iter().flatten().enumerate() {
        if i == 0 || i + 1 == n {
            spans.push((spec.floor, *v, SERIES[0]));
            level = *v;
            continue;
        }
        let minus = spec.minus.get(i).copied().unwrap_or(false);
        let after = if minus { level - v } else { level + v };
        let tint = if after < level { SERIES[1] } else { SERIES[3] };
        spans.push((level.min(after), level.max(after), tint));
        level = after;
    }
    let highest = spans.iter().map(|x| x.1).fold(0.0, f64::max) - spec.floor;
    let max = axis(highest, spec.format.is_share()).0;
    let per = (f.x1 - f.x0) / n as f64;
    let size = 20.0 * u;
    let under = spec
        .categories
        .iter()
        .map(|x| wrap(x, size, false, per - 8.0 * u).len().min(3))
        .max()
        .unwrap_or(1);
    let bottom = f.y1 - under as f64 * size * 1.15 - 8.0 * u;
    let top = f.y0 + 30.0 * u;
    let y = |v: f64| bottom - (v - spec.floor) / max * (bottom - top);
    c.line(&[(f.x0, bottom), (f.x1, bottom)], RULE, 2.0 * u)?;
    for (i, (a, b, tint)) in spans.iter().enumerate() {
        let left = f.x0 + per * (i as f64 + 0.14);
        let right = f.x0 + per * (i as f64 + 0.86);
        c.rect(left, y(*b), right, y(*a).max(y(*b) + 2.0), tint)?;
        let v = s.values[i].unwrap_or(0.0);
        let minus = spec.minus.get(i).copied().unwrap_or(false) && v > 0.0;
        let text = format!(
            "{}{}",
            if minus { "−" } else { "" },
            spec.format.text(spec.lang, v)
        );
        let mid = (left + right) / 2.0;
        c.text(
            mid,
            y(*b) - 14.0 * u,
            Anchor::Middle,
            size,
            true,
            INK,
            &text,
        )?;
        let lines = wrap(&spec.categories[i], size, false, per - 8.0 * u);
        for (k, l) in lines.iter().take(3).enumerate() {
            let at = bottom + size * (0.75 + 1.15 * k as f64);
            c.text(mid, at, Anchor::Middle, size, false, INK, l)?;
        }
    }
    Ok(())
}
