//! Charts and the one page as pictures: SVG first, PNG and PDF from it, fonts compiled in.
//!
//! Knows geometry and type; knows nothing of measures. Numbers arrive as they are to be shown.

mod chart;
mod page;
mod render;

pub use chart::draw_chart;
pub use page::draw_one_page;
pub use render::{pdf, png, svg};

use crate::locale::Lang;

/// Kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChartKind {
    /// Horizontal bars.
    #[default]
    Bar,
    /// A line over time with its interval as a band.
    Line,
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
    /// Text where there is no value (`<5`, `–`).
    pub marks: Vec<Option<String>>,
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
    /// Kind.
    pub kind: ChartKind,
    /// Category names.
    pub categories: Vec<String>,
    /// Series; two at most are told apart well.
    pub series: Vec<Series>,
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

/// The one page for leadership (DOMAIN.md 4.4).
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
    /// Classification.
    pub classification: String,
    /// Language.
    pub lang: Lang,
}

/// A picture in its making.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// SVG with named fonts.
    pub svg: String,
    /// Width in pixels.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A picture could not be made.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PictureError(pub String);

/// Dark blue, orange and greys: told apart without colour vision and in grey print.
pub const PALETTE: [&str; 4] = ["#0B4F8A", "#D9822B", "#8C8C8C", "#C9CED6"];
/// Text colour (contrast above 12:1 on white).
pub const INK: &str = "#1F2933";
/// Second text colour (contrast above 5:1).
pub const MUTED: &str = "#5B6672";

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(n: usize, kind: ChartKind) -> ChartSpec {
        ChartSpec {
            title: "Dari 120 orang yang bebas, 54 terfasilitasi".into(),
            kind,
            categories: (0..n)
                .map(|i| format!("Lembaga Pemasyarakatan Perempuan Kelas III Nomor {i}"))
                .collect(),
            series: vec![Series {
                name: "x".into(),
                values: (0..n)
                    .map(|i| (i % 4 != 1).then_some(i as f64 * 1234.0))
                    .collect(),
                marks: (0..n).map(|i| (i % 4 == 1).then(|| "<5".into())).collect(),
                ..Series::default()
            }],
            ..ChartSpec::default()
        }
    }

    #[test]
    fn pictures_of_any_size_are_drawn_and_never_leave_the_canvas() {
        for n in [0, 1, 15, 40] {
            for kind in [ChartKind::Bar, ChartKind::Line] {
                let d = draw_chart(&spec(n, kind), 1600, 900).unwrap();
                let tree = render::tree(&d.svg).unwrap();
                let b = tree.root().abs_bounding_box();
                assert!(b.left() >= -0.5 && b.top() >= -0.5, "{n} {kind:?} {b:?}");
                assert!(
                    f64::from(b.right()) <= d.width + 0.5
                        && f64::from(b.bottom()) <= d.height + 0.5,
                    "{n} {kind:?} {b:?}"
                );
            }
        }
    }

    #[test]
    fn the_same_picture_has_the_same_bytes_in_every_format() {
        let d = draw_chart(&spec(5, ChartKind::Bar), 1600, 900).unwrap();
        assert_eq!(png(&d, 1.0).unwrap(), png(&d, 1.0).unwrap());
        let date = chrono::NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
        assert_eq!(
            pdf(&d, "x", Lang::Id, date).unwrap(),
            pdf(&d, "x", Lang::Id, date).unwrap()
        );
    }
}
