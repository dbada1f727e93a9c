//! A laid-out drawing as SVG without fonts: every glyph drawn once as an outline and then referred to.
//!
//! Knows what this program draws (groups, plain paths, text); for anything else it says so, and another writer is used.

use resvg::tiny_skia::{Path, PathBuilder, PathSegment, Point};
use resvg::usvg::{self, fontdb};
use rustc_hash::FxHashMap;
use std::fmt::Write;

/// The drawing as SVG; `None` where it holds something that is not a plain path or text.
pub fn svg(tree: &usvg::Tree) -> Option<String> {
    let mut w = Writer {
        fonts: tree.fontdb(),
        defs: String::new(),
        body: String::new(),
        glyphs: FxHashMap::default(),
    };
    w.children(tree.root())?;
    let (width, height) = (tree.size().width(), tree.size().height());
    Some(format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\" \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\"><defs>{}</defs>{}</svg>",
        w.defs, w.body
    ))
}

struct Writer<'a> {
    fonts: &'a fontdb::Database,
    defs: String,
    body: String,
    /// Number of each glyph in `defs`; nothing for one without an outline (a space).
    glyphs: FxHashMap<(fontdb::ID, u16), Option<usize>>,
}

impl Writer<'_> {
    fn children(&mut self, group: &usvg::Group) -> Option<()> {
        group.children().iter().try_for_each(|node| match node {
            usvg::Node::Group(g) => self.group(g),
            usvg::Node::Path(p) => self.path(p),
            usvg::Node::Text(t) => self.text(t),
            usvg::Node::Image(_) => None,
        })
    }

    fn group(&mut self, g: &usvg::Group) -> Option<()> {
        let plain = g.mask().is_none()
            && g.clip_path().is_none()
            && g.filters().is_empty()
            && g.blend_mode() == usvg::BlendMode::Normal;
        if !plain {
            return None;
        }
        self.body.push_str("<g");
        share(&mut self.body, "opacity", g.opacity().get());
        matrix(&mut self.body, g.transform());
        self.body.push('>');
        self.children(g)?;
        self.body.push_str("</g>");
        Some(())
    }

    fn path(&mut self, p: &usvg::Path) -> Option<()> {
        if !p.is_visible() {
            return Some(());
        }
        self.body.push_str("<path");
        self.fill(p.fill())?;
        if let Some(s) = p.stroke() {
            let colour = colour(s.paint())?;
            write!(self.body, " stroke=\"{colour}\" stroke-width=\"").ok()?;
            number(&mut self.body, s.width().get(), 2);
            self.body.push('"');
            share(&mut self.body, "stroke-opacity", s.opacity().get());
            match s.linecap() {
                usvg::LineCap::Butt => {}
                usvg::LineCap::Round => self.body.push_str(" stroke-linecap=\"round\""),
                usvg::LineCap::Square => self.body.push_str(" stroke-linecap=\"square\""),
            }
            match s.linejoin() {
                usvg::LineJoin::Miter => {}
                usvg::LineJoin::Round => self.body.push_str(" stroke-linejoin=\"round\""),
                usvg::LineJoin::Bevel => self.body.push_str(" stroke-linejoin=\"bevel\""),
                usvg::LineJoin::MiterClip => return None,
            }
            if let Some(dashes) = s.dasharray() {
                self.body.push_str(" stroke-dasharray=\"");
                for d in dashes {
                    number(&mut self.body, *d, 2);
                    self.body.push(' ');
                }
                self.body.push('"');
            }
        }
        self.body.push_str(" d=\"");
        segments(&mut self.body, p.data(), 2);
        self.body.push_str("\"/>");
        Some(())
    }

    fn fill(&mut self, fill: Option<&usvg::Fill>) -> Option<()> {
        let Some(f) = fill else {
            self.body.push_str(" fill=\"none\"");
            return Some(());
        };
        write!(self.body, " fill=\"{}\"", colour(f.paint())?).ok()?;
        share(&mut self.body, "fill-opacity", f.opacity().get());
        if f.rule() == usvg::FillRule::EvenOdd {
            self.body.push_str(" fill-rule=\"evenodd\"");
        }
        Some(())
    }

    fn text(&mut self, t: &usvg::Text) -> Option<()> {
        for span in t.layouted().iter().filter(|s| s.visible) {
            let lines = [&span.underline, &span.overline, &span.line_through];
            if span.stroke.is_some() || lines.iter().any(|l| l.is_some()) {
                return None;
            }
            self.body.push_str("<g");
            self.fill(span.fill.as_ref())?;
            self.body.push('>');
            for g in &span.positioned_glyphs {
                if let Some(n) = self.glyph(g.font, g.id.0)? {
                    write!(self.body, "<use xlink:href=\"#g{n}\"").ok()?;
                    matrix(&mut self.body, g.outline_transform());
                    self.body.push_str("/>");
                }
            }
            self.body.push_str("</g>");
        }
        Some(())
    }

    /// The number of a glyph, which is written among the definitions when it is met first; the inner `None` for one that
    /// shows nothing.
    fn glyph(&mut self, font: fontdb::ID, id: u16) -> Option<Option<usize>> {
        if let Some(known) = self.glyphs.get(&(font, id)) {
            return Some(*known);
        }
        let outline = self.fonts.with_face_data(font, |data, index| {
            let face = ttf_parser::Face::parse(data, index).ok()?;
            let mut pen = Pen(PathBuilder::new());
            face.outline_glyph(ttf_parser::GlyphId(id), &mut pen);
            Some(pen.0.finish())
        })??;
        let number = outline.map(|path| {
            let n = self.glyphs.values().flatten().count();
            self.defs.push_str(&format!("<path id=\"g{n}\" d=\""));
            segments(&mut self.defs, &path, 1);
            self.defs.push_str("\"/>");
            n
        });
        self.glyphs.insert((font, id), number);
        Some(number)
    }
}

/// Takes down a glyph's outline.
struct Pen(PathBuilder);

impl ttf_parser::OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }
    fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
        self.0.quad_to(a, b, x, y);
    }
    fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
        self.0.cubic_to(a, b, c, d, x, y);
    }
    fn close(&mut self) {
        self.0.close();
    }
}

fn colour(paint: &usvg::Paint) -> Option<String> {
    match paint {
        usvg::Paint::Color(c) => Some(format!("#{:02x}{:02x}{:02x}", c.red, c.green, c.blue)),
        _ => None,
    }
}

/// An attribute between nought and one, left out where it is one.
fn share(out: &mut String, name: &str, value: f32) {
    if value < 1.0 {
        out.push_str(&format!(" {name}=\"{value}\""));
    }
}

/// A transform, left out where it changes nothing: factors to a millionth, shifts to a hundredth of a pixel.
fn matrix(out: &mut String, t: usvg::Transform) {
    if t.is_identity() {
        return;
    }
    out.push_str(" transform=\"matrix(");
    for factor in [t.sx, t.ky, t.kx, t.sy] {
        number(out, factor, 6);
        out.push(' ');
    }
    number(out, t.tx, 2);
    out.push(' ');
    number(out, t.ty, 2);
    out.push_str(")\"");
}

fn segments(out: &mut String, path: &Path, places: u32) {
    let mut points = |letter: char, points: &[Point]| {
        out.push(letter);
        for (i, p) in points.iter().enumerate() {
            if i > 0 {
                out.push(' ');
            }
            number(out, p.x, places);
            out.push(' ');
            number(out, p.y, places);
        }
    };
    for s in path.segments() {
        match s {
            PathSegment::MoveTo(p) => points('M', &[p]),
            PathSegment::LineTo(p) => points('L', &[p]),
            PathSegment::QuadTo(a, p) => points('Q', &[a, p]),
            PathSegment::CubicTo(a, b, p) => points('C', &[a, b, p]),
            PathSegment::Close => points('Z', &[]),
        }
    }
}

/// A number with at most so many decimals and none that says nothing.
fn number(out: &mut String, value: f32, places: u32) {
    let scale = 10i64.pow(places);
    let n = (f64::from(value) * scale as f64).round() as i64;
    if n < 0 {
        out.push('-');
    }
    let (whole, mut rest) = (
        n.unsigned_abs() / scale as u64,
        n.unsigned_abs() % scale as u64,
    );
    let mut width = places as usize;
    while rest > 0 && rest.is_multiple_of(10) {
        (rest, width) = (rest / 10, width - 1);
    }
    // Writing into a string cannot fail.
    let _ = match rest {
        0 => write!(out, "{whole}"),
        _ => write!(out, "{whole}.{rest:0width$}"),
    };
}
