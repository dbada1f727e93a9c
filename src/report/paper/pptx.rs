//! The slides: one finding each as its title, native charts with their workbooks, what the speaker needs in the notes;
//! colours and logo of the office on the master.

use super::docx::Setting;
use super::model::{Paper, Slide, SlideBody, Table, Tile};
use super::native_chart;
use super::package::{Package, Relations, ending, fitted, properties};
use super::pptx_parts::{self as parts, BODY, Face, Rect, SUBTITLE, TITLE};
use super::table_text::{self, Sheet, word_widths};
use crate::locale;
use crate::report::picture::{PictureError, text_width};
use rayon::prelude::*;

const MAIN: &str = "application/vnd.openxmlformats-officedocument.presentationml";

/// Writes the slides.
pub fn pptx(p: &Paper, s: &Setting) -> Result<Vec<u8>, PictureError> {
    let fault = |e: &dyn std::fmt::Display| PictureError(e.to_string());
    let charts: Vec<Option<native_chart::Native>> = (p.slides.par_iter())
        .map(|slide| match &slide.body {
            SlideBody::Chart(x) => native_chart::native(&x.spec, s.day).map(Some),
            SlideBody::Numbers(_)
            | SlideBody::Table(_)
            | SlideBody::Words(..)
            | SlideBody::Nothing => Ok(None),
        })
        .collect::<Result<_, _>>()
        .map_err(|e| fault(&e))?;
    let mut package = Package::default();
    let none = Relations::default();
    let mut of_show = Relations::default();
    of_show.add("slideMaster", "slideMasters/slideMaster1.xml");
    of_show.add("notesMaster", "notesMasters/notesMaster1.xml");
    let slides: Vec<String> = (1..=p.slides.len())
        .map(|i| of_show.add("slide", &format!("slides/slide{i}.xml")))
        .collect();
    of_show.add("theme", "theme/theme1.xml");
    package.xml(
        "ppt/presentation.xml",
        &format!("{MAIN}.presentation.main+xml"),
        parts::presentation(&slides, p.lang),
        &of_show,
    );
    for (n, colours) in [(1, s.colours), (2, s.colours)] {
        let theme = "application/vnd.openxmlformats-officedocument.theme+xml";
        package.xml(
            &format!("ppt/theme/theme{n}.xml"),
            theme,
            parts::theme(colours),
            &none,
        );
    }
    let mut of_master = Relations::default();
    of_master.add("slideLayout", "../slideLayouts/slideLayout1.xml");
    of_master.add("theme", "../theme/theme1.xml");
    let logo = s
        .logo
        .and_then(|bytes| Some((bytes, ending(bytes)?, fitted(bytes, 96.0, 46.0)?)));
    let logo = logo.map(|(bytes, end, size)| {
        let path = format!("media/logo.{end}");
        package.bytes(&format!("ppt/{path}"), bytes.to_vec());
        (of_master.add("image", &format!("../{path}")), size)
    });
    let name = locale::text(p.lang, "report.logo");
    package.xml(
        "ppt/slideMasters/slideMaster1.xml",
        &format!("{MAIN}.slideMaster+xml"),
        parts::master(logo, name),
        &of_master,
    );
    let mut of_layout = Relations::default();
    of_layout.add("slideMaster", "../slideMasters/slideMaster1.xml");
    package.xml(
        "ppt/slideLayouts/slideLayout1.xml",
        &format!("{MAIN}.slideLayout+xml"),
        parts::layout(),
        &of_layout,
    );
    let mut of_notes = Relations::default();
    of_notes.add("theme", "../theme/theme2.xml");
    package.xml(
        "ppt/notesMasters/notesMaster1.xml",
        &format!("{MAIN}.notesMaster+xml"),
        parts::notes_master(),
        &of_notes,
    );
    for (i, (slide, chart)) in p.slides.iter().zip(charts).enumerate() {
        let n = i + 1;
        let mut relations = Relations::default();
        relations.add("slideLayout", "../slideLayouts/slideLayout1.xml");
        relations.add("notesSlide", &format!("../notesSlides/notesSlide{n}.xml"));
        if let Some(c) = chart {
            relations.add("chart", &format!("../charts/chart{n}.xml"));
            let mut of_chart = Relations::default();
            let book = format!("embeddings/Microsoft_Excel_Sheet{n}.xlsx");
            of_chart.add("package", &format!("../{book}"));
            let kind = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
            package.xml(
                &format!("ppt/charts/chart{n}.xml"),
                kind,
                c.chart,
                &of_chart,
            );
            package.bytes(&format!("ppt/{book}"), c.workbook);
        }
        let xml = slide_xml(p, slide, n);
        package.xml(
            &format!("ppt/slides/slide{n}.xml"),
            &format!("{MAIN}.slide+xml"),
            xml,
            &relations,
        );
        let mut back = Relations::default();
        back.add("notesMaster", "../notesMasters/notesMaster1.xml");
        back.add("slide", &format!("../slides/slide{n}.xml"));
        let xml = parts::notes(&slide.notes);
        package.xml(
            &format!("ppt/notesSlides/notesSlide{n}.xml"),
            &format!("{MAIN}.notesSlide+xml"),
            xml,
            &back,
        );
    }
    properties(
        &mut package,
        &p.title,
        &p.period,
        s.office,
        p.lang.tag(),
        s.day,
    );
    package
        .finish("ppt/presentation.xml")
        .map_err(|e| fault(&e))
}

/// The largest type of some sizes in which a text stands in so many lines of a width; the last one where none does.
pub fn size_for(text: &str, bold: bool, room: f64, lines: usize, sizes: &[f64]) -> f64 {
    let fits = |size: &&f64| wrapped(text, **size, bold, room) <= lines;
    sizes
        .iter()
        .find(fits)
        .or(sizes.last())
        .copied()
        .unwrap_or(12.0)
}

/// How many lines a text takes.
pub fn wrapped(text: &str, size: f64, bold: bool, room: f64) -> usize {
    let (mut lines, mut used) = (1, 0.0);
    let space = text_width(" ", size, bold);
    for word in text.split_ascii_whitespace() {
        let w = text_width(word, size, bold);
        if used > 0.0 && used + space + w > room {
            lines += 1;
            used = w;
        } else {
            used += w + if used > 0.0 { space } else { 0.0 };
        }
    }
    lines
}

/// A text cut at a word so that it stands in so many lines.
fn shortened(text: &str, size: f64, room: f64, lines: usize) -> String {
    let mut out = text.to_owned();
    while wrapped(&out, size, false, room) > lines {
        let Some(end) = out.trim_end_matches('…').trim_end().rfind(' ') else {
            break;
        };
        out.truncate(end);
        out.push('…');
    }
    out
}

fn slide_xml(p: &Paper, slide: &Slide, number: usize) -> String {
    let mut shapes = String::new();
    // On one line where a type somewhat smaller allows it, else on two.
    let room = TITLE.w - 16.0;
    let one = [28.0, 26.0, 24.0].into_iter();
    let one = one
        .into_iter()
        .find(|s| wrapped(&slide.title, *s, true, room) == 1);
    let two = || size_for(&slide.title, true, room, 2, &[28.0, 25.0, 22.0, 19.0, 16.0]);
    let size = one.unwrap_or_else(two);
    shapes.push_str(&parts::placeholder(2, "title", None, &slide.title, size));
    let size = size_for(
        &slide.subtitle,
        false,
        SUBTITLE.w - 16.0,
        1,
        &[14.0, 13.0, 12.0, 11.0, 10.0],
    );
    shapes.push_str(&parts::placeholder(
        3,
        "body",
        Some(13),
        &slide.subtitle,
        size,
    ));
    let foot = format!("{} {} · {}", p.source, p.cutoff, p.classification);
    let size = size_for(&foot, false, 780.0, 1, &[10.0, 9.0, 8.0, 7.0]);
    shapes.push_str(&parts::placeholder(4, "ftr", Some(11), &foot, size));
    shapes.push_str(&parts::slide_number(5, number));
    let body = match slide.remark.is_empty() {
        true => BODY,
        false => {
            let room = BODY.w - 8.0;
            let size = size_for(&slide.remark, false, room, 3, &[11.0, 10.0, 9.0, 8.0]);
            let text = shortened(&slide.remark, size, room, 3);
            let lines = wrapped(&text, size, false, room) as f64;
            let h = lines * size * 1.2 + 4.0;
            let at = Rect {
                y: BODY.y + BODY.h - h,
                h,
                ..BODY
            };
            let face = Face {
                text,
                size,
                bold: false,
                colour: "tx2",
            };
            shapes.push_str(&parts::caption(30, &face, at));
            Rect {
                h: BODY.h - h - 6.0,
                ..BODY
            }
        }
    };
    match &slide.body {
        SlideBody::Numbers(tiles) => {
            for (i, t) in tiles.iter().take(4).enumerate() {
                shapes.push_str(&tile(t, i, tiles.len().min(4), body));
            }
        }
        SlideBody::Chart(x) => {
            shapes.push_str(&parts::chart_frame(10, "rId3", &x.title, &x.alt, body))
        }
        SlideBody::Table(t) => shapes.push_str(&table(p, t, body)),
        SlideBody::Words(heads, rows) => {
            let widths = word_widths(heads, rows, BODY.w);
            let mut text = TableText {
                widths,
                heads: heads.clone(),
                rows: rows.clone(),
                right: vec![false; heads.len()],
                size: if rows.len() > 6 { 13.0 } else { 16.0 },
            };
            while text.size > LEAST && text.height() > body.h {
                text.size -= 1.0;
            }
            shapes.push_str(&text.frame(p, &slide.title, body));
        }
        SlideBody::Nothing => {}
    }
    parts::slide(&shapes)
}

/// A large number: what it is, the number, its base.
fn tile(t: &Tile, i: usize, of: usize, body: Rect) -> String {
    let columns = if of > 1 { 2 } else { 1 };
    let rows = of.div_ceil(columns);
    let gap = 16.0;
    let w = (body.w - gap * (columns as f64 - 1.0)) / columns as f64;
    let h = ((body.h - gap * (rows as f64 - 1.0)) / rows as f64).min(200.0);
    let at = Rect {
        x: body.x + (w + gap) * (i % columns) as f64,
        y: body.y + (h + gap) * (i / columns) as f64,
        w,
        h,
    };
    let room = w - 40.0;
    let line = |text: &str, bold: bool, colour: &'static str, sizes: &[f64], lines: usize| {
        let size = size_for(text, bold, room, lines, sizes);
        Face {
            text: text.to_owned(),
            size,
            bold,
            colour,
        }
    };
    let base: Vec<&str> = [&t.detail, &t.range]
        .into_iter()
        .map(String::as_str)
        .filter(|x| !x.is_empty())
        .collect();
    let mut lines = vec![
        line(&t.label, true, "tx2", &[16.0, 14.0, 12.0], 2),
        line(&t.value, true, "accent1", &[44.0, 36.0, 28.0], 1),
    ];
    for text in [base.join(" · "), t.before.clone()] {
        if !text.is_empty() {
            lines.push(line(&text, false, "tx1", &[14.0, 12.0, 11.0], 2));
        }
    }
    parts::panel(20 + i, &t.label, at, &lines)
}

/// The smallest type of a table on a slide, in points.
const LEAST: f64 = 9.0;
/// Arial is up to so much wider than the face that measures.
const SLACK: f64 = 1.07;

/// A table of a slide as text: its columns with their widths in points.
struct TableText {
    widths: Vec<f64>,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    right: Vec<bool>,
    size: f64,
}

impl TableText {
    /// Points a row takes: the lines of its deepest cell and the margins.
    fn row(&self, cells: &[String], bold: bool) -> f64 {
        let lines = cells.iter().zip(&self.widths);
        let lines = lines.map(|(t, w)| wrapped(t, self.size * SLACK, bold, w - 8.0));
        lines.max().unwrap_or(1) as f64 * self.size * 1.2 + 6.0
    }

    fn height(&self) -> f64 {
        let rows = self.rows.iter().map(|r| self.row(r, false));
        self.row(&self.heads, true) + rows.sum::<f64>()
    }

    /// The table where it stands; rows that do not are counted in its last row.
    fn frame(mut self, p: &Paper, name: &str, body: Rect) -> String {
        let last = |left: usize| {
            let n = locale::integer(p.lang, left as f64);
            locale::format(p.lang, "chart.more", &[("n", &n)])
        };
        let all = self.rows.len();
        let mut shown = all;
        while shown > 1 && self.height() > body.h {
            shown -= 1;
            let mut more = vec![String::new(); self.heads.len()];
            if let Some(first) = more.first_mut() {
                *first = last(all - shown);
            }
            self.rows.truncate(shown);
            self.rows.push(more);
        }
        let heights: Vec<f64> = std::iter::once(self.row(&self.heads, true))
            .chain(self.rows.iter().map(|r| self.row(r, false)))
            .collect();
        let at = Rect {
            w: self.widths.iter().sum(),
            h: heights.iter().sum(),
            ..body
        };
        let look = parts::TableLook {
            widths: &self.widths,
            heights: &heights,
            right: &self.right,
            size: self.size,
        };
        parts::table_frame(10, name, at, &look, &self.heads, &self.rows)
    }
}

/// A table in the largest type in which it fits the slide.
fn table(p: &Paper, t: &Table, body: Rect) -> String {
    let sheet = Sheet::new(t, p.lang);
    let of_size = |size: f64| {
        let pieces = sheet.pieces(body.w * table_text::SIZE / size);
        let piece = pieces.into_iter().next();
        let (columns, widths) = piece.map_or_else(Default::default, |x| (x.columns, x.widths));
        let pick = |cells: &[String]| columns.iter().map(|&i| cells[i].clone()).collect();
        TableText {
            widths: widths.iter().map(|w| w * size / table_text::SIZE).collect(),
            heads: pick(&sheet.heads),
            rows: sheet.rows.iter().map(|r| pick(&r.cells)).collect(),
            right: columns.iter().map(|&i| sheet.right[i]).collect(),
            size,
        }
    };
    let mut text = of_size(13.0);
    while text.size > LEAST && (text.heads.len() < sheet.heads.len() || text.height() > body.h) {
        text = of_size(text.size - 1.0);
    }
    text.frame(p, &t.title, body)
}
