//! A plotters area with type: every text is measured before it is written, and its box is kept.

use super::{INK, LabelBox, PictureError, render};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};
use std::cell::RefCell;
use std::sync::{Once, OnceLock};

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn fonts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = register_font("IBM Plex Sans", FontStyle::Normal, render::REGULAR);
        let _ = register_font("IBM Plex Sans", FontStyle::Bold, render::BOLD);
    });
}

pub(super) fn color(hex: &str) -> RGBColor {
    let n = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap_or(0);
    RGBColor((n >> 16) as u8, (n >> 8) as u8, n as u8)
}

pub(super) fn fail<E: std::fmt::Debug>(e: E) -> PictureError {
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

/// Width of a text in the unit its type size is given in, such as points: the advances of its letters.
pub fn text_width(text: &str, em: f64, bold: bool) -> f64 {
    static FACES: OnceLock<Option<[ttf_parser::Face<'static>; 2]>> = OnceLock::new();
    let faces = FACES.get_or_init(|| {
        let face = |bytes| ttf_parser::Face::parse(bytes, 0).ok();
        Some([face(render::REGULAR)?, face(render::BOLD)?])
    });
    let Some(face) = faces.as_ref().map(|f| &f[usize::from(bold)]) else {
        return text.chars().count() as f64 * em * 0.6;
    };
    let advance = |c| {
        let glyph = face.glyph_index(c).unwrap_or_default();
        f64::from(face.glyph_hor_advance(glyph).unwrap_or_default())
    };
    text.chars().map(advance).sum::<f64>() * em / f64::from(face.units_per_em())
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
    for word in text.split_ascii_whitespace() {
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

/// Where a text hangs on its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// The canvas of one chart.
pub(super) struct Canvas<'a> {
    pub area: Area<'a>,
    pub labels: RefCell<Vec<LabelBox>>,
    /// Type grows with the canvas.
    pub unit: f64,
    pub width: f64,
}

impl Canvas<'_> {
    /// A text of one line whose middle is at `y`; moved inward where it would leave the canvas.
    #[allow(clippy::too_many_arguments)] // a place, a face and a colour
    pub fn text(
        &self,
        x: f64,
        y: f64,
        anchor: Anchor,
        size: f64,
        bold: bool,
        ink: &str,
        text: &str,
    ) -> Result<(), PictureError> {
        if text.is_empty() {
            return Ok(());
        }
        // The font has no open circle.
        let text = &text.replace('○', "o");
        let w = width(text, size, bold);
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - w / 2.0,
            Anchor::End => x - w,
        };
        let left = left.min(self.width - w - 2.0).max(2.0);
        // Capitals and figures are about 0.55 of the size high; plotters hangs text by its top.
        let top = y - size * 0.5;
        self.area
            .draw_text(text, &style(size, bold, ink), (left as i32, top as i32))
            .map_err(fail)?;
        self.labels.borrow_mut().push(LabelBox {
            at: [left, y - size * 0.38, left + w, y + size * 0.38],
            text: text.to_owned(),
        });
        Ok(())
    }

    pub fn rect(&self, x0: f64, y0: f64, x1: f64, y1: f64, tint: &str) -> Result<(), PictureError> {
        let shape = [(x0 as i32, y0 as i32), (x1 as i32, y1 as i32)];
        self.area
            .draw(&Rectangle::new(shape, color(tint).filled()))
            .map_err(fail)
    }

    pub fn line(&self, points: &[(f64, f64)], tint: &str, thick: f64) -> Result<(), PictureError> {
        let points: Vec<(i32, i32)> = points.iter().map(|p| (p.0 as i32, p.1 as i32)).collect();
        let stroke = color(tint).stroke_width(thick.max(1.0) as u32);
        self.area
            .draw(&PathElement::new(points, stroke))
            .map_err(fail)
    }

    pub fn dot(&self, x: f64, y: f64, radius: f64, tint: &str) -> Result<(), PictureError> {
        self.area
            .draw(&Circle::new(
                (x as i32, y as i32),
                radius as i32,
                color(tint).filled(),
            ))
            .map_err(fail)
    }

    pub fn band(&self, points: &[(f64, f64)], tint: &str) -> Result<(), PictureError> {
        let points: Vec<(i32, i32)> = points.iter().map(|p| (p.0 as i32, p.1 as i32)).collect();
        self.area
            .draw(&Polygon::new(points, color(tint).mix(0.14).filled()))
            .map_err(fail)
    }

    /// Swatches with names from left to right, wrapped; returns the y below.
    pub fn legend(
        &self,
        x0: f64,
        x1: f64,
        mut y: f64,
        entries: &[(String, &str, bool)],
    ) -> Result<f64, PictureError> {
        let u = self.unit;
        let size = 20.0 * u;
        let mut x = x0;
        y += size * 0.6;
        for (name, tint, tick) in entries {
            let name = fit(name, size, false, (x1 - x0) * 0.45);
            let w = 30.0 * u + width(&name, size, false) + 26.0 * u;
            if x + w > x1 && x > x0 {
                x = x0;
                y += size * 1.35;
            }
            let (top, bottom) = (y - 8.0 * u, y + 8.0 * u);
            if *tick {
                self.rect(
                    x + 8.0 * u,
                    top - 2.0 * u,
                    x + 12.0 * u,
                    bottom + 2.0 * u,
                    tint,
                )?;
            } else {
                self.rect(x, top, x + 20.0 * u, bottom, tint)?;
            }
            self.text(x + 30.0 * u, y, Anchor::Start, size, false, INK, &name)?;
            x += w;
        }
        Ok(y + size * 0.9)
    }
}
