//! The one page for leadership, A4 portrait (docs/definitions.md 4): no jargon, four numbers, two charts, what to decide.

use super::canvas::{fit_em as fit, text_width, wrap_em as wrap};
use super::chart::draw_scaled;
use super::{Drawing, INK, MUTED, OnePage, PictureError, RULE, SERIES, WARNING};

const W: f64 = 794.0;
const H: f64 = 1123.0;
const M: f64 = 48.0;

struct Page {
    svg: String,
}

impl Page {
    fn text(&mut self, x: f64, y: f64, size: f64, bold: bool, ink: &str, s: &str) {
        let weight = if bold { 600 } else { 400 };
        let s = s
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        self.svg.push_str(&format!("<text x=\"{x:.1}\" y=\"{y:.1}\" font-family=\"IBM Plex Sans\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{ink}\">{s}</text>"));
    }
    fn line(&mut self, y: f64, ink: &str, thick: f64) {
        self.svg.push_str(&format!(
            "<rect x=\"{M}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{thick}\" fill=\"{ink}\"/>",
            W - 2.0 * M
        ));
    }
    /// Wrapped text; returns the y below it.
    #[allow(clippy::too_many_arguments)] // a place, a face and a width
    fn paragraph(
        &mut self,
        x: f64,
        mut y: f64,
        size: f64,
        bold: bool,
        ink: &str,
        most: f64,
        s: &str,
    ) -> f64 {
        for l in wrap(s, size, bold, most) {
            self.text(x, y, size, bold, ink, &l);
            y += size * 1.35;
        }
        y
    }
}

/// Height of a chart where there is room for it, and the least.
const CHART: f64 = 196.0;
const LEAST_CHART: f64 = 124.0;

/// Draws the page; the charts give room where its texts are long.
pub fn draw_one_page(p: &OnePage) -> Result<Drawing, PictureError> {
    let (drawn, bottom) = drawn(p, CHART)?;
    let over = bottom - (H - 42.0);
    if over <= 0.0 {
        return Ok(drawn);
    }
    let charts = p.charts.len().clamp(1, 2) as f64;
    let height = (CHART - over / charts).max(LEAST_CHART).floor();
    self::drawn(p, height).map(|(drawn, _)| drawn)
}

/// The page with charts of this height, and where its last line stands.
fn drawn(p: &OnePage, height: f64) -> Result<(Drawing, f64), PictureError> {
    let mut g = Page {
        svg: format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{W}\" height=\"{H}\" viewBox=\"0 0 {W} {H}\"><rect width=\"{W}\" height=\"{H}\" fill=\"#FFFFFF\"/>"
        ),
    };
    let wide = W - 2.0 * M;
    let word = text_width(&p.classification, 11.5, true);
    let mut y = 50.0;
    for l in &p.kop {
        g.text(
            M,
            y,
            11.5,
            true,
            MUTED,
            &fit(l, 11.5, true, wide - word - 16.0),
        );
        y += 15.5;
    }
    g.text(W - M - word, 50.0, 11.5, true, WARNING, &p.classification);
    g.line(y - 4.0, SERIES[0], 2.5);
    y += 28.0;
    g.text(M, y, 27.0, true, INK, &fit(&p.title, 27.0, true, wide));
    y += 22.0;
    g.text(
        M,
        y,
        13.0,
        false,
        MUTED,
        &fit(&format!("{} · {}", p.period, p.cutoff), 13.0, false, wide),
    );
    y = g.paragraph(M, y + 30.0, 15.5, false, INK, wide, &p.status_sentence) + 10.0;
    // Four numbers in two rows.
    let box_w = (wide - 16.0) / 2.0;
    for (i, b) in p.big.iter().take(4).enumerate() {
        let (x, top) = (
            M + (box_w + 16.0) * (i % 2) as f64,
            y + 104.0 * (i / 2) as f64,
        );
        g.svg.push_str(&format!("<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{box_w:.1}\" height=\"94\" rx=\"4\" fill=\"#F3F6F9\"/><rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"4\" height=\"94\" fill=\"{}\"/>", SERIES[0]));
        g.text(
            x + 18.0,
            top + 22.0,
            12.5,
            true,
            MUTED,
            &fit(&b.label, 12.5, true, box_w - 30.0),
        );
        g.text(
            x + 18.0,
            top + 56.0,
            32.0,
            true,
            SERIES[0],
            &fit(&b.value, 32.0, true, box_w - 30.0),
        );
        g.text(
            x + 18.0,
            top + 73.0,
            12.0,
            false,
            INK,
            &fit(&b.detail, 12.0, false, box_w - 30.0),
        );
        g.text(
            x + 18.0,
            top + 87.0,
            11.0,
            false,
            MUTED,
            &fit(&b.note, 11.0, false, box_w - 30.0),
        );
    }
    y += 216.0;
    for c in p.charts.iter().take(2) {
        let deep = (2.0 * height) as u32;
        let plain = super::ChartSpec {
            footer: String::new(),
            subtitle: String::new(),
            ..c.clone()
        };
        let d = draw_scaled(&plain, 1396, deep, 1.12, 0.0)?;
        // Nothing of a chart lies outside it: what is not clipped is drawn at once.
        let place = format!("<svg x=\"{M}\" y=\"{y:.1}\" overflow=\"visible\" ");
        let inner = d.svg.replacen("<svg ", &place, 1);
        let inner = inner.replacen(
            &format!("width=\"1396\" height=\"{deep}\""),
            &format!("width=\"{wide:.1}\" height=\"{height}\""),
            1,
        );
        g.svg.push_str(&inner);
        y += height + 4.0;
    }
    y += 14.0;
    g.text(M, y, 15.0, true, INK, &p.decisions_title);
    g.line(y + 7.0, RULE, 1.0);
    y += 25.0;
    let columns = [(M, 290.0), (M + 300.0, 260.0), (M + 570.0, 128.0)];
    if !p.decisions.is_empty() {
        for ((x, most), head) in columns.into_iter().zip(&p.decision_heads) {
            g.text(x, y, 11.5, true, MUTED, &fit(head, 11.5, true, most));
        }
        y += 18.0;
    }
    if p.decisions.is_empty() {
        y = g.paragraph(M, y, 12.5, false, INK, wide, &p.no_decisions);
    }
    for d in p.decisions.iter().take(3) {
        for ((x, most), s) in columns.into_iter().zip(d) {
            g.text(x, y, 12.5, false, INK, &fit(s, 12.5, false, most));
        }
        y += 19.0;
    }
    g.line(y, RULE, 1.0);
    y = g.paragraph(M, y + 18.0, 11.5, false, MUTED, wide, &p.caveat) + 10.0;
    // The titles above the room for hand and stamp, below it the line for a name and its number. Both blocks are as deep as
    // the one with more lines.
    let lines = p.sign_left.len().max(p.sign_right.len()) as f64;
    let room = (lines * 16.0 + 32.0).max(80.0);
    let sign = y.max(H - 58.0 - room);
    for (x, lines) in [(M, &p.sign_left), (W - M - 230.0, &p.sign_right)] {
        let above = lines.iter().enumerate();
        let below = [p.sign_line.as_str(), "NIP"];
        let below = below
            .iter()
            .enumerate()
            .map(|(i, l)| (i as f64 * 16.0 + room, *l));
        let above = above.map(|(i, l)| (i as f64 * 16.0, l.as_str()));
        for (down, l) in above.chain(below) {
            let l = fit(l, 12.0, false, 230.0);
            g.text(x, sign + down, 12.0, false, INK, &l);
        }
    }
    g.svg.push_str("</svg>");
    let page = Drawing {
        svg: g.svg,
        labels: vec![],
        width: W,
        height: H,
    };
    Ok((page, sign + room + 16.0))
}
