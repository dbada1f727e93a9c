//! One table a sheet: title, reading, table, charts, notes, in that order and always at the same place.

use super::helper::Helper;
use super::native::{self, Place};
use super::{Book, Measure, number, own_tab, paragraph, print_setup, put, signs, title_line};
use crate::domain::figure::FigureKey;
use crate::locale;
use crate::report::figures::Content;
use crate::report::grid::{Grid, Part, Value};
use crate::report::plan::plan;
use crate::report::sentence;
use crate::report::template::{Kind, Sheet, Show};
use rust_xlsxwriter::{
    ConditionalFormat2ColorScale, Table, TableColumn, TableStyle, Url, Worksheet, XlsxError,
};
use std::collections::BTreeMap;

/// The figure behind a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct CellKey {
    /// Which figure.
    pub key: FigureKey,
    /// What of it.
    pub part: Part,
}

/// Where things stand on a sheet.
#[derive(Clone)]
pub(super) struct Layout {
    /// Width of every column in letters.
    pub widths: Vec<f64>,
    /// Title.
    pub title: String,
    /// The reading.
    pub reading: String,
    /// How wide the running text stands.
    pub text: Measure,
    /// Row of the headers.
    pub top: u32,
}

/// Letters of a line of a title, whose type is larger and bold.
pub(super) fn title_letters(letters: usize) -> usize {
    letters * 2 / 3
}

/// Width of a column nobody has set, in letters.
const USUAL: f64 = 8.43;

impl Layout {
    /// Columns that running text spans: those of the table, and as many beside it as a line needs.
    fn span(widths: &[f64], letters: usize) -> u16 {
        let wide: f64 = widths.iter().sum();
        let more = ((letters as f64 / LETTERS_OF_TEXT - wide) / USUAL)
            .ceil()
            .max(0.0);
        (widths.len() as f64 + more) as u16
    }

    /// Pixels of the running text's columns.
    fn text_pixels(&self) -> f64 {
        let table: f64 = self.widths.iter().map(|x| pixels(*x)).sum();
        let beside = usize::from(self.text.columns).saturating_sub(self.widths.len());
        table + beside as f64 * pixels(USUAL)
    }

    /// Pixels that texts are higher than a row each.
    fn deeper<'a>(&self, texts: impl Iterator<Item = &'a str>) -> f64 {
        let more = |t: &str| f64::from(count_lines(t, self.text.letters).saturating_sub(1)) * 20.0;
        let title = count_lines(&self.title, title_letters(self.text.letters));
        texts.map(more).sum::<f64>() + more(&self.reading) + f64::from(title) * 26.0 - 20.0
    }
}

/// Letters of running text are narrower than the figures that columns are measured in.
const LETTERS_OF_TEXT: f64 = 1.13;

/// The layout of a table with a title and a reading above it.
pub(super) fn layout(g: &Grid, title: String, reading: String) -> Layout {
    let letters = |s: &str| s.chars().count() as f64;
    let mut widths: Vec<f64> = Vec::new();
    for i in 0..g.lead.len() {
        let widest = g
            .rows
            .iter()
            .map(|r| r.labels.get(i).map_or(0.0, |l| letters(l)))
            .fold(0.0, f64::max);
        widths.push((widest + 2.0).clamp(14.0, 62.0));
    }
    let many = g.columns.len() > 9;
    for (i, c) in g.columns.iter().enumerate() {
        let text = g
            .rows
            .iter()
            .filter_map(|r| r.cells[i].value.words().map(letters))
            .fold(0.0, f64::max);
        let number = (g.rows.iter())
            .filter(|r| r.cells[i].value.number().is_some())
            .map(|r| letters(&sentence::written(locale::Lang::Id, &r.cells[i].value)))
            .fold(0.0, f64::max);
        let word = c
            .header
            .split_ascii_whitespace()
            .map(letters)
            .fold(0.0, f64::max);
        let blank = g.rows.iter().all(|r| r.cells[i].value == Value::Blank);
        let least: f64 = if blank {
            22.0
        } else if many {
            8.0
        } else {
            12.5
        };
        let word = word + if many { 1.5 } else { 2.0 };
        widths.push(
            least
                .max(word)
                .max(number + 2.0)
                .max((text + 2.0).min(48.0)),
        );
    }
    let wide: f64 = widths.iter().sum();
    let letters = ((wide * LETTERS_OF_TEXT) as usize).clamp(132, 210);
    let columns = Layout::span(&widths, letters);
    // Title, reading and the way back, then a row of air.
    let top = 3 + u32::from(!reading.is_empty());
    Layout {
        widths,
        title,
        reading,
        text: Measure { letters, columns },
        top,
    }
}

/// Lines a text takes of so many letters each; words and what does not break stay whole.
pub(super) fn count_lines(text: &str, most: usize) -> u32 {
    let (mut n, mut line) = (0, 0);
    for word in text.split_ascii_whitespace() {
        let len = word.chars().count();
        if line > 0 && line + len + 1 > most {
            n += 1;
            line = 0;
        }
        line += len + usize::from(line > 0);
    }
    n + u32::from(line > 0)
}

/// Every cell of a table that shows a figure, or a sign in place of its number.
pub(super) fn cells(
    out: &mut BTreeMap<(String, u32, u16), CellKey>,
    tab: &str,
    g: &Grid,
    l: &Layout,
) {
    for (r, row) in g.rows.iter().enumerate() {
        for (i, cell) in row.cells.iter().enumerate() {
            let shows = cell.value.number().is_some() || matches!(cell.value, Value::Sign(_));
            if let (Some(key), true) = (&cell.key, shows) {
                let at = (
                    tab.to_owned(),
                    l.top + 1 + r as u32,
                    (g.lead.len() + i) as u16,
                );
                let key = key.clone();
                out.insert(
                    at,
                    CellKey {
                        key,
                        part: cell.part,
                    },
                );
            }
        }
    }
}

/// Writes a grid as an Excel table.
pub(super) fn write(
    w: &mut Worksheet,
    b: &Book,
    g: &Grid,
    l: &Layout,
    name: &str,
    alt: &str,
) -> Result<(), XlsxError> {
    let lead = g.lead.len();
    for (r, row) in g.rows.iter().enumerate() {
        let at = l.top + 1 + r as u32;
        let s = b.s.of(row.total);
        for (i, text) in row.labels.iter().enumerate() {
            w.write_string_with_format(at, i as u16, text, &s.text)?;
        }
        for (i, cell) in row.cells.iter().enumerate() {
            put(w, at, (lead + i) as u16, &cell.value, s)?;
        }
    }
    for (i, width) in l.widths.iter().enumerate() {
        w.set_column_width(i as u16, *width)?;
    }
    // As many lines as the longest header needs at its width.
    let deep = g
        .headers()
        .zip(&l.widths)
        .map(|(h, width)| count_lines(h, (*width as usize).saturating_sub(2).max(6)))
        .max()
        .unwrap_or(1);
    w.set_row_height(l.top, f64::from(deep.clamp(1, 9)) * 15.0 + 6.0)?;
    let (rows, cols) = (g.rows.len() as u32, (lead + g.columns.len()) as u16);
    if rows > 0 {
        let columns: Vec<TableColumn> = g
            .headers()
            .enumerate()
            .map(|(i, h)| {
                let words = |v: &Value| matches!(v, Value::Text(_)) || *v == Value::Blank;
                let numbers = i >= lead && g.rows.iter().any(|r| !words(&r.cells[i - lead].value));
                TableColumn::new()
                    .set_header(h)
                    .set_header_format(match (numbers, i < lead) {
                        (true, _) => &b.s.header_right,
                        (false, true) => &b.s.header,
                        (false, false) => &b.s.header_word,
                    })
            })
            .collect();
        let table = Table::new()
            .set_name(name)
            .set_columns(&columns)
            .set_style(TableStyle::Light1)
            .set_alt_text(alt)
            .set_autofilter(rows > 20);
        w.add_table(l.top, 0, l.top + rows, cols - 1, &table)?;
    }
    w.set_freeze_panes(l.top + 1, lead as u16)?;
    Ok(())
}

/// Title, reading and the way back.
pub(super) fn head(w: &mut Worksheet, b: &Book, l: &Layout) -> Result<(), XlsxError> {
    let r = title_line(w, 0, &l.title, l.text, &b.s)?;
    let r = paragraph(w, r, &l.reading, l.text, &b.s.text)?;
    let back = own_tab(b.c, "cover");
    w.write_url_with_options(
        r,
        0,
        Url::new(format!("internal:'{}'!A1", back.replace('\'', "''"))),
        locale::text(b.c.lang, "report.back"),
        "",
        Some(&b.s.link),
    )?;
    Ok(())
}

/// The smallest scale at which a printed page is read: letters of eight points.
const READABLE: f64 = 0.7;

/// How a sheet lies on paper: upright or lying, and at what scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Paper {
    /// The long side lies.
    pub lying: bool,
    /// Of a pixel on the screen.
    pub scale: f64,
}

impl Paper {
    /// Pixels between the margins of A4, upright.
    const SIDES: [f64; 2] = [680.0, 985.0];

    /// The way a sheet of so many pixels is largest on one page.
    fn of(width: f64, height: f64) -> Paper {
        let [short, long] = Paper::SIDES;
        let fit = |w: f64, h: f64| (w / width).min(h / height).min(1.0);
        let (upright, lying) = (fit(short, long), fit(long, short - 40.0));
        Paper {
            lying: lying > upright,
            scale: upright.max(lying),
        }
    }

    /// Pixels of a page from top to bottom.
    fn long(self) -> f64 {
        let [short, long] = Paper::SIDES;
        if self.lying { short - 40.0 } else { long }
    }

    /// The same smaller where a chart would not stand whole on its page below the headers, or where what stands before the
    /// charts is only a little too long for one.
    fn holding(self, first: f64, chart: f64) -> Paper {
        let mut scale = self.scale.min(self.long() / chart);
        let whole = self.long() / first;
        if whole < scale && whole > scale * 0.75 {
            scale = whole;
        }
        Paper { scale, ..self }
    }

    /// The way it is as wide as a page, over several pages: upright where that can be read.
    fn wide(width: f64) -> Paper {
        let [short, long] = Paper::SIDES;
        let lying = short / width < READABLE;
        let side = if lying { long } else { short };
        Paper {
            lying,
            scale: (side / width).min(1.0),
        }
    }
}

/// Pixels of a column so many letters wide.
fn pixels(width: f64) -> f64 {
    width * 7.0 + 5.0
}

/// A sheet of the template; returns the number of charts.
pub(super) fn sheet(w: &mut Worksheet, b: &Book, index: usize) -> Result<usize, XlsxError> {
    let (s, g, c): (&Sheet, &Grid, &Content) = (&b.t.sheet[index], &b.grids[index], b.c);
    let name = &b.tabs[index];
    w.set_name(name)?;
    let l = &b.layouts[index];
    let title = s.heading(g).get(c.lang);
    let n = number(b.t, index);
    write(w, b, g, l, &format!("tabel_{n}"), title)?;
    if s.heat {
        heat(w, g, l)?;
    }
    let rows = g.rows.len() as u32;
    let cols = (g.lead.len() + g.columns.len()) as u16;
    // A long narrow table has its chart beside it, and a very long one too (a page would end in the middle of a chart);
    // any other has it below.
    let wide: f64 = l.widths.iter().map(|x| pixels(*x)).sum();
    let beside = (rows > 22 && wide < 700.0 || rows > 40 && wide < 1100.0) && !s.chart.is_empty();
    // What stands below a table is no wider than it where something stands beside it.
    let mut l = l.clone();
    if beside {
        let letters = (l.widths.iter().sum::<f64>() * LETTERS_OF_TEXT) as usize;
        l.text = Measure {
            letters,
            columns: cols,
        };
    }
    let l = &l;
    head(w, b, l)?;
    let mut r = l.top + rows + 2;
    let below = signs(b, s, g);
    for text in &below {
        r = paragraph(w, r, text, l.text, &b.s.muted)?;
    }
    let default = pixels(USUAL);
    let mut helper = Helper {
        sheet: name,
        next: if beside {
            cols + 2 + (760.0 / default).ceil() as u16
        } else {
            cols + 1 + ((900.0 - wide).max(0.0) / default).ceil() as u16
        },
        top: l.top,
    };
    let place = Place {
        tab: name,
        g,
        top: l.top,
        lang: c.lang,
        left: 0,
    };
    let mut at = if beside { l.top } else { r + 1 };
    let (mut charts, mut last_row, mut last_col) = (0, r, cols);
    let mut starts: Vec<u32> = Vec::new();
    let mut tallest: f64 = 0.0;
    for spec in &s.chart {
        let Some(p) = plan(s, spec, g) else {
            let text = locale::text(c.lang, "report.nothing_to_draw");
            at = paragraph(w, at, text, l.text, &b.s.muted)? + 1;
            continue;
        };
        let Some(mut chart) = native::chart(w, &place, &p, &mut helper, &b.s)? else {
            let text = locale::text(c.lang, "report.no_chart");
            at = paragraph(w, at, text, l.text, &b.s.muted)? + 1;
            continue;
        };
        let finding = sentence::title(c, b.t, s, g, spec);
        chart.title().set_name(&finding).set_font(
            rust_xlsxwriter::ChartFont::new()
                .set_size(12)
                .set_bold()
                .set_color("#1F2933"),
        );
        let flat = matches!(
            spec.kind,
            Kind::Bar | Kind::StackedBar | Kind::Percent | Kind::Funnel | Kind::Dot | Kind::Forest
        );
        let bars = p.rows.len()
            * if flat
                && p.series.len() <= 2
                && !matches!(spec.kind, Kind::StackedBar | Kind::Percent)
            {
                p.series.len()
            } else {
                1
            };
        let height = if flat {
            130 + 24 * (bars as u32).clamp(5, 32)
        } else {
            400
        };
        let width = if beside {
            740
        } else {
            (wide as u32).clamp(860, 1180)
        };
        chart.set_width(width).set_height(height);
        chart.set_alt_text(alt(&format!("{finding}. {}", l.reading)));
        let col = if beside { cols + 1 } else { 0 };
        // A chart beside its table is on the table's pages.
        if !beside {
            starts.push(at);
            tallest = tallest.max(f64::from(height));
        }
        w.insert_chart(at, col, &chart)?;
        at += height.div_ceil(20) + 1;
        last_row = last_row.max(at);
        if beside {
            last_col = last_col.max(cols + 1 + (f64::from(width) / default).ceil() as u16);
        }
        charts += 1;
    }
    if helper.next > cols + 1 && charts > 0 {
        let chart_cols = if beside {
            last_col
        } else {
            cols + (((860.0f64).max(wide.min(1180.0)) - wide).max(0.0) / default).ceil() as u16
        };
        let text = if beside { cols } else { l.text.columns };
        w.set_print_area(0, 0, last_row.max(r), chart_cols.max(text).max(cols) - 1)?;
    }
    let width = if beside {
        wide + 760.0
    } else {
        let least = if charts > 0 { 860.0 } else { 0.0 };
        wide.max(l.text_pixels()).max(least)
    };
    // A row is twenty pixels high, the headers and long texts are deeper.
    let deeper = l.deeper(below.iter().map(String::as_str));
    let height = f64::from(last_row.max(r) + 4) * 20.0 + deeper;
    let page = Paper::of(width, height);
    let (page, one) = if page.scale >= READABLE || starts.is_empty() {
        let one = page.scale >= READABLE || height < width * 2.0;
        print_setup(w, b, page.lying, one);
        (page, one)
    } else {
        let first = f64::from(starts[0]) * 20.0 + deeper;
        let page = Paper::wide(width).holding(first, tallest + 180.0);
        super::paged(w, b, page, &starts)?;
        (page, false)
    };
    // The headers stand again where the table goes on, not above a chart that has a page of its own.
    let table = (f64::from(l.top + rows + 4) * 20.0 + deeper) * page.scale;
    if !one && table > page.long() {
        w.set_repeat_rows(l.top, l.top)?;
    }
    Ok(charts)
}

/// Alternative text: 255 letters at most, cut at a word.
pub(super) fn alt(text: &str) -> String {
    if text.chars().count() <= 255 {
        return text.to_owned();
    }
    let short: String = text.chars().take(253).collect();
    let end = short.rfind(' ').unwrap_or(short.len());
    format!("{}…", &short[..end])
}

/// The higher the number, the darker its cell; signs stay white.
fn heat(w: &mut Worksheet, g: &Grid, l: &Layout) -> Result<(), XlsxError> {
    let lead = g.lead.len() as u16;
    let numbers: Vec<usize> = (0..g.columns.len())
        .filter(|&i| !g.columns[i].total && g.columns[i].part == Part::Of(Show::Value))
        .collect();
    let rows = g.rows.iter().filter(|r| !r.total).count() as u32;
    if let (Some(a), Some(z), true) = (numbers.first(), numbers.last(), rows > 0) {
        let scale = ConditionalFormat2ColorScale::new()
            .set_minimum(rust_xlsxwriter::ConditionalFormatType::Number, 0)
            .set_minimum_color("#F7D9B5")
            .set_maximum_color("#7FB3DE");
        w.add_conditional_format(
            l.top + 1,
            lead + *a as u16,
            l.top + rows,
            lead + *z as u16,
            &scale,
        )?;
    }
    Ok(())
}
