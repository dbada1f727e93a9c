//! Cell formats and colours of the workbooks.

use crate::locale::Lang;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

pub use crate::report::picture::SERIES;

/// Lines that must not disturb.
pub const GRID: &str = "#E3E7EC";
/// Second text colour.
pub const MUTED: &str = "#5B6672";
/// First hue.
pub const BLUE: &str = "#0B4F8A";
/// A pale tint of it.
pub const PALE: &str = "#BFD9EE";

pub(super) struct Styles {
    pub kop: Format,
    pub title: Format,
    pub muted: Format,
    pub text: Format,
    /// Definitions: small, of many lines.
    pub wrap: Format,
    pub int: Format,
    pub dec: Format,
    pub ratio: Format,
    pub share: [Format; 4],
    pub sign: Format,
    pub link: Format,
    pub header: Format,
    /// Headers of numbers stand over their right ends.
    pub header_right: Format,
    /// Words among numbers keep their distance, and so do their headers.
    pub word: Format,
    pub header_word: Format,
    /// A name of several lines.
    pub name: Format,
    /// A remark of several lines.
    pub remark: Format,
    pub date: Format,
    pub big: Format,
    pub total: Box<Option<Styles>>,
}

impl Styles {
    pub fn new(lang: Lang) -> Styles {
        let plain = Styles::with(lang, |f| f);
        let total = Styles::with(lang, |f| f.set_bold().set_border_top(FormatBorder::Thin));
        Styles {
            total: Box::new(Some(total)),
            ..plain
        }
    }

    /// Formats of a total row.
    pub fn of(&self, total: bool) -> &Styles {
        match self.total.as_ref() {
            Some(t) if total => t,
            _ => self,
        }
    }

    fn with(lang: Lang, more: impl Fn(Format) -> Format) -> Styles {
        let base = || Format::new().set_font_name("Calibri").set_font_size(11);
        let cell = || more(base());
        let header = || {
            base()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color("#E4ECF4")
                .set_border_bottom(FormatBorder::Thin)
        };
        // A star after a share says: few cases.
        let share = ["0%", "0.0%", "0%\"*\"", "0.0%\"*\""].map(|f| cell().set_num_format(f));
        Styles {
            kop: base().set_bold(),
            title: base().set_bold().set_font_size(15).set_font_color(BLUE),
            muted: base().set_font_color(MUTED),
            text: cell(),
            wrap: base()
                .set_font_size(9)
                .set_text_wrap()
                .set_align(FormatAlign::Top),
            int: cell().set_num_format("#,##0"),
            dec: cell().set_num_format("#,##0.0"),
            ratio: cell().set_num_format("#,##0.00"),
            share,
            sign: cell().set_align(FormatAlign::Right).set_font_color(MUTED),
            link: base()
                .set_font_color(BLUE)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            header: header(),
            header_right: header().set_align(FormatAlign::Right).set_indent(1),
            header_word: header().set_align(FormatAlign::Left).set_indent(1),
            // LibreOffice sets in only what is aligned.
            word: cell().set_align(FormatAlign::Left).set_indent(1),
            name: cell().set_text_wrap(),
            remark: cell()
                .set_align(FormatAlign::Left)
                .set_indent(1)
                .set_text_wrap(),
            date: base()
                .set_num_format(match lang {
                    Lang::Id => "[$-421]d mmmm yyyy",
                    Lang::En => "[$-809]d mmmm yyyy",
                })
                .set_align(FormatAlign::Left),
            big: base().set_bold().set_font_size(12),
            total: Box::new(None),
        }
    }
}
