//! Charts and the one page as pictures: SVG first, PNG and PDF from it, fonts compiled in.
//!
//! Knows geometry and type; knows nothing of measures. Numbers arrive as they are to be shown.

mod bars;
mod canvas;
mod chart;
mod curves;
mod outline;
mod page;
mod render;

pub use canvas::text_width;
pub use chart::{draw_chart, draw_sized};
pub use page::draw_one_page;
pub use render::Outlines;

use crate::locale::Lang;
use crate::report::Sign;

/// Kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChartKind {
    /// Horizontal bars.
    #[default]
    Bar,
    /// A line over time with its interval as a band.
    Line,
    /// Step curves over a number of months.
    Step,
    /// Points with their intervals.
    Dot,
    /// Bars of parts end to end.
    Stacked,
    /// The same, every bar of the same length.
    Percent,
    /// From an opening to a closing stock.
    Waterfall,
}

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValueFormat {
    /// Whole numbers.
    #[default]
    Integer,
    /// Shares as percentages with decimals.
    Percent(u8),
    /// Decimals.
    Decimal(u8),
}

impl ValueFormat {
    /// Shares of a whole.
    pub fn is_share(self) -> bool {
        matches!(self, ValueFormat::Percent(_))
    }
    /// The value as text.
    pub fn text(self, lang: Lang, v: f64) -> String {
        match self {
            ValueFormat::Integer => crate::locale::integer(lang, v),
            ValueFormat::Percent(d) => crate::locale::percent(lang, v, d as usize),
            ValueFormat::Decimal(d) => crate::locale::decimal(lang, v, d as usize),
        }
    }
}

/// One series.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Values; `None` where hidden or absent.
    pub values: Vec<Option<f64>>,
    /// Lower ends of intervals.
    pub low: Vec<Option<f64>>,
    /// Upper ends.
    pub high: Vec<Option<f64>>,
    /// What stands where there is no value.
    pub marks: Vec<Option<Sign>>,
    /// Denominators, written beside the values.
    pub sizes: Vec<Option<f64>>,
    /// Decimals of every value, where the tables write them with other than the chart's.
    pub digits: Vec<u8>,
}

impl Series {
    /// A value of the series as the tables write it.
    pub fn text(&self, format: ValueFormat, lang: Lang, i: usize, v: f64) -> String {
        let format = match (format, self.digits.get(i)) {
            (ValueFormat::Percent(_), Some(d)) => ValueFormat::Percent(*d),
            (other, _) => other,
        };
        format.text(lang, v)
    }
}

/// A chart.
#[derive(Debug, Clone, Default)]
pub struct ChartSpec {
    /// The finding.
    pub title: String,
    /// Population and period.
    pub subtitle: String,
    /// Source and cut-off.
    pub footer: String,
    /// Signs that stand in it and what is left out.
    pub note: String,
    /// Kind.
    pub kind: ChartKind,
    /// Category names.
    pub categories: Vec<String>,
    /// What the first series is of: what a legend says where the series has no name of its own.
    pub measure: String,
    /// Series; two at most are told apart well.
    pub series: Vec<Series>,
    /// What is left of bars of parts: hidden, or not drawn by itself.
    pub rest: Option<Series>,
    /// Short marks beside the bars (capacity).
    pub ticks: Vec<Option<f64>>,
    /// What they are.
    pub ticks_name: String,
    /// Categories of a waterfall that take away.
    pub minus: Vec<bool>,
    /// Where the axis of a waterfall begins.
    pub floor: f64,
    /// A value with a line of its own (no effect).
    pub reference: Option<f64>,
    /// How values are written.
    pub format: ValueFormat,
    /// Language of numbers.
    pub lang: Lang,
}

/// A big number of the one page.
#[derive(Debug, Clone, Default)]
pub struct BigNumber {
    /// What it is.
    pub label: String,
    /// The number.
    pub value: String,
    /// Numerator and denominator.
    pub detail: String,
    /// Interval in plain words.
    pub note: String,
}

/// The one page for leadership (docs/definitions.md 4).
#[derive(Debug, Clone, Default)]
pub struct OnePage {
    /// Letterhead.
    pub kop: Vec<String>,
    /// Title.
    pub title: String,
    /// Period.
    pub period: String,
    /// Cut-off line.
    pub cutoff: String,
    /// One sentence of status.
    pub status_sentence: String,
    /// Four big numbers.
    pub big: Vec<BigNumber>,
    /// Two charts.
    pub charts: Vec<ChartSpec>,
    /// Heading of the decisions.
    pub decisions_title: String,
    /// Their columns: what, who, by when.
    pub decision_heads: [String; 3],
    /// What, who, by when.
    pub decisions: Vec<[String; 3]>,
    /// What stands there when nothing is to be decided.
    pub no_decisions: String,
    /// One line about the data.
    pub caveat: String,
    /// Signature lines, left and right.
    pub sign_left: Vec<String>,
    /// Right.
    pub sign_right: Vec<String>,
    /// The line for a name below them.
    pub sign_line: String,
    /// Classification.
    pub classification: String,
    /// Language.
    pub lang: Lang,
}

/// Where a text stands, in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelBox {
    /// Left, top, right, bottom.
    pub at: [f64; 4],
    /// What it says.
    pub text: String,
}

/// A picture in its making.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// SVG with named fonts.
    pub svg: String,
    /// Where its texts stand.
    pub labels: Vec<LabelBox>,
    /// Width in pixels.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A picture could not be made.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PictureError(pub String);

/// Two hues and grey in eight tints: neighbours stay apart without colour vision and in grey print.
pub const SERIES: [&str; 8] = [
    "#0B4F8A", "#D9822B", "#A9B0B8", "#5AA0D8", "#F2B66D", "#3D4752", "#BFD9EE", "#77828E",
];
/// What is left of a whole, beside any of them.
pub const REST: &str = "#E1E5EA";
/// Lines that must not disturb.
pub const RULE: &str = "#C9CED6";
/// Text colour (contrast above 12:1 on white).
pub const INK: &str = "#1F2933";
/// Second text colour (contrast above 5:1).
pub const MUTED: &str = "#5B6672";
/// The classification of a page.
pub const WARNING: &str = "#97480A";

/// Black or white, whichever reads better on a tint.
pub fn ink_on(tint: &str) -> &'static str {
    if contrast(tint, "#FFFFFF") >= contrast(tint, "#0B1016") {
        "#FFFFFF"
    } else {
        "#0B1016"
    }
}

/// The end of an axis from nought and the distance of its marks: 1, 2 or 5 times a power of ten, at most six of them,
/// whole numbers for counts.
pub fn axis(highest: f64, share: bool) -> (f64, f64) {
    if highest <= 0.0 || !highest.is_finite() {
        return (1.0, if share { 0.25 } else { 1.0 });
    }
    let raw = highest / 5.5;
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|s| *s >= raw * 0.999)
        .unwrap_or(10.0 * power);
    let step = if share { step } else { step.max(1.0) };
    let marks = (highest * 0.999 / step).ceil().max(1.0);
    // 0.1 × 3 is a little more than 0.3.
    let round = |v: f64| (v * 1e9).round() / 1e9;
    (round(marks * step), round(step))
}

/// Contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance).
pub fn contrast(a: &str, b: &str) -> f64 {
    let luminance = |hex: &str| {
        let n = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap_or(0);
        let linear = |v: u32| {
            let v = f64::from(v & 255) / 255.0;
            if v <= 0.04045 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(n >> 16) + 0.7152 * linear(n >> 8) + 0.0722 * linear(n)
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests;
