//! A workbook from a template: cover, summary, one table a sheet with its charts, methodology. Byte-identical for the
//! same input. Knows where cells go; knows nothing of what a number means.

mod agreements;
mod cover;
mod helper;
mod method;
mod native;
mod revisions;
mod styles;
mod summary;
mod table;

pub use table::CellKey;

use super::ReportError;
use super::figures::Content;
use super::grid::{Grid, Value, grid};
use super::sentence;
use super::template::{Sheet, Template, tells_agreements};
use crate::locale::{self, Lang};
use crate::protect::Audience;
use crate::workspace::Level;
use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;
use std::path::Path;
use styles::Styles;
use table::Layout;

/// A report's tables and readings, made once: the workbook, the map of its cells and the pictures are written from it.
pub struct Book<'a> {
    pub(super) t: &'a Template,
    pub(super) c: &'a Content<'a>,
    s: Styles,
    /// Tab of every sheet of the template.
    tabs: Vec<String>,
    /// Their tables.
    pub(super) grids: Vec<Grid>,
    /// Their readings and where things stand.
    layouts: Vec<Layout>,
    /// The same of the summary, where there is one.
    summary: Option<(Grid, Layout)>,
    /// Earlier months that were revised.
    revisions: Option<(Grid, Layout)>,
    /// The agreements, where there are any.
    agreements: Option<(Grid, Layout)>,
}

/// A tab name Excel accepts.
fn tab(name: &str) -> String {
    let clean: String = name
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\'))
        .take(31)
        .collect();
    clean.trim().trim_matches('\'').to_owned()
}

/// Tabs of a template's sheets, unique whatever case they are written in.
fn tabs(t: &Template, c: &Content) -> Vec<String> {
    let own = [
        "cover",
        "summary",
        "methodology",
        "revision",
        "agreements.tab",
    ]
    .map(|k| own_tab(c, k));
    let mut out: Vec<String> = Vec::new();
    for s in &t.sheet {
        let base = tab(s.name.get(c.lang));
        let mut name = base.clone();
        let mut i = 2;
        while name.is_empty()
            || own
                .iter()
                .chain(&out)
                .any(|x| x.to_lowercase() == name.to_lowercase())
        {
            let short: String = base.chars().take(27).collect();
            name = format!("{short} {i}").trim().to_owned();
            i += 1;
        }
        out.push(name);
    }
    out
}

fn own_tab(c: &Content, key: &str) -> String {
    tab(locale::text(c.lang, &format!("report.{key}")))
}

impl<'a> Book<'a> {
    /// Selects every table of a template.
    pub fn new(t: &'a Template, c: &'a Content<'a>) -> Book<'a> {
        let sheets: Vec<(Grid, Layout)> = t
            .sheet
            .par_iter()
            .enumerate()
            .map(|(i, s)| {
                let g = grid(c, t, s);
                let title = heading(c, number(t, i), s.heading(&g).get(c.lang));
                let l = table::layout(&g, title, sentence::of_sheet(c, t, s, &g));
                (g, l)
            })
            .collect();
        let (grids, layouts): (Vec<Grid>, Vec<Layout>) = sheets.into_iter().unzip();
        let summary = (!t.kpi.is_empty()).then(|| {
            let g = summary::grid(t, c);
            let title = heading(c, 1, locale::text(c.lang, "report.summary_title"));
            let l = table::layout(&g, title, sentence::of_kpis(c, t));
            (g, l)
        });
        let revisions = revisions::grid(t, c, &grids).map(|(g, counted)| {
            let l = revisions::place(t, c, &g, &counted);
            (g, l)
        });
        let told = tells_agreements(&t.audience);
        let agreements = agreements::grid(c).filter(|_| told).map(|g| {
            let after = t.sheet.len() + usize::from(revisions.is_some());
            let l = agreements::place(c, &g, number(t, after));
            (g, l)
        });
        Book {
            t,
            c,
            revisions,
            agreements,
            s: Styles::new(c.lang),
            tabs: tabs(t, c),
            grids,
            layouts,
            summary,
        }
    }

    /// The letterhead.
    pub(super) fn kop(&self) -> &[String] {
        kop(self.t, self.c)
    }

    /// Who reports, in one line.
    pub(super) fn office(&self) -> String {
        office(self.t, self.c)
    }

    /// The tab of a sheet of the template.
    pub(super) fn tab(&self, sheet: usize) -> &str {
        &self.tabs[sheet]
    }

    /// What a sheet says in a sentence or two.
    pub(super) fn reading(&self, sheet: usize) -> &str {
        &self.layouts[sheet].reading
    }

    /// What is to be said of a sheet's table.
    pub(super) fn notes(&self, sheet: usize) -> Vec<String> {
        remarks(self, &self.t.sheet[sheet], &self.grids[sheet])
    }

    /// The table of the indicators.
    pub(super) fn indicators(&self) -> Option<&Grid> {
        self.summary.as_ref().map(|(g, _)| g)
    }

    /// The table of earlier months that were revised, and what it says.
    pub(super) fn revised(&self) -> Option<(&Grid, &str)> {
        let (g, l) = self.revisions.as_ref()?;
        Some((g, &l.reading))
    }

    /// The reporting checklist: number, item, answer.
    pub(super) fn checklist(&self) -> Vec<Vec<String>> {
        method::checklist(self)
    }

    /// Writes the workbook; returns the number of native charts.
    pub fn write(&self, path: &Path) -> Result<usize, ReportError> {
        build(self, path).map_err(|source| ReportError::Workbook {
            path: path.display().to_string(),
            source,
        })
    }

    /// Every number of the workbook and the figure it shows: (tab, row, column), zero-based.
    pub fn cells(&self) -> BTreeMap<(String, u32, u16), CellKey> {
        let mut out = BTreeMap::new();
        if let Some((g, l)) = &self.summary {
            table::cells(&mut out, &own_tab(self.c, "summary"), g, l);
        }
        for ((g, l), tab) in self.grids.iter().zip(&self.layouts).zip(&self.tabs) {
            table::cells(&mut out, tab, g, l);
        }
        if let Some((g, l)) = &self.revisions {
            table::cells(&mut out, &own_tab(self.c, "revision"), g, l);
        }
        out
    }
}

fn build(b: &Book, path: &Path) -> Result<usize, XlsxError> {
    let (t, c) = (b.t, b.c);
    let mut file = Workbook::new();
    // Half the time of the usual 6 for a tenth more bytes.
    file.set_zip_compression_level(3);
    let stamp = ExcelDateTime::parse_from_str(&format!("{}T00:00:00", c.month.last_day()))?;
    file.set_properties(
        &DocProperties::new()
            .set_title(t.title.get(c.lang))
            .set_subject(locale::month_long(c.lang, c.month))
            .set_company(office(t, c))
            .set_keywords(classification(t, c))
            .set_comment(format!("{}; {}", c.facts.version, c.facts.definitions))
            .set_creation_datetime(&stamp),
    );
    let mut charts = 0;
    cover::sheet(file.add_worksheet(), b)?;
    if let Some((g, l)) = &b.summary {
        charts += summary::sheet(file.add_worksheet(), b, g, l)?;
    }
    for i in 0..t.sheet.len() {
        charts += table::sheet(file.add_worksheet(), b, i)?;
    }
    if let Some((g, l)) = &b.revisions {
        let tab = own_tab(c, "revision");
        revisions::sheet(file.add_worksheet(), b, &tab, g, l)?;
    }
    if let Some((g, l)) = &b.agreements {
        let tab = own_tab(c, "agreements.tab");
        agreements::sheet(file.add_worksheet(), b, &tab, g, l)?;
    }
    method::sheet(file.add_worksheet(), b)?;
    file.save(path)?;
    Ok(charts)
}

/// The letterhead of the template's audience.
fn kop<'a>(t: &Template, c: &'a Content) -> &'a [String] {
    if t.audience == "kota" {
        &c.settings.office.kop_city
    } else {
        &c.settings.office.kop_kanwil
    }
}

/// The classification of a report, by the level of those it is for.
pub(in crate::report) fn classification(t: &Template, c: &Content) -> String {
    let audience = Audience::ALL.into_iter().find(|a| a.id() == t.audience);
    let word = |level: &str| locale::text(c.lang, &format!("report.class.{level}")).to_owned();
    let usual = locale::text(Lang::Id, "report.class.shared");
    match audience.map(|a| a.level(&c.settings.levels)) {
        Some(Level::Internal) => word("internal"),
        Some(Level::Public) => word("public"),
        // An office's own word stays as it is.
        Some(Level::Shared) | None => match &c.settings.office.classification {
            own if own == usual => word("shared"),
            own => own.clone(),
        },
    }
}

/// Who reports, in one line.
fn office(t: &Template, c: &Content) -> String {
    let lines = kop(t, c);
    if t.audience == "kota" {
        lines.first().cloned().unwrap_or_default()
    } else {
        lines.last().cloned().unwrap_or_default()
    }
}

/// Several pages that begin at given rows: programs that fit to a width put their own breaks, so the width is scaled.
fn paged(w: &mut Worksheet, b: &Book, page: table::Paper, breaks: &[u32]) -> Result<(), XlsxError> {
    print_setup(w, b, page.lying, false);
    w.set_print_fit_to_pages(0, 0);
    // Programs differ by a few pixels in how wide a column is.
    w.set_print_scale((page.scale * 95.0).clamp(20.0, 100.0) as u16);
    w.set_page_breaks(breaks)?;
    Ok(())
}

fn print_setup(w: &mut Worksheet, b: &Book, landscape: bool, one_page: bool) {
    if landscape {
        w.set_landscape();
    } else {
        w.set_portrait();
    }
    // A4 is 9; F4 (folio, 21.6 × 33 cm) is 14.
    w.set_paper_size(if b.c.settings.office.paper == "F4" {
        14
    } else {
        9
    });
    w.set_print_fit_to_pages(1, u16::from(one_page));
    w.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.3);
    let page = locale::text(b.c.lang, "report.page");
    let office = office(b.t, b.c).replace('&', "&&");
    let word = classification(b.t, b.c).replace('&', "&&");
    // A page by itself says what it is part of.
    let title: String = b.t.title.get(b.c.lang).chars().take(90).collect();
    let title = title.replace('&', "&&");
    let month = locale::month_long(b.c.lang, b.c.month);
    w.set_footer(format!("&L&8{office}\n{title}, {month}&R&8{word}\n{page}"));
}

/// A cell of a table.
fn put(w: &mut Worksheet, r: u32, col: u16, v: &Value, s: &Styles) -> Result<(), XlsxError> {
    match v {
        Value::Text(x) => w.write_string_with_format(r, col, x, &s.word)?,
        Value::Number(x, 0) => w.write_number_with_format(r, col, *x, &s.int)?,
        Value::Number(x, 1) => w.write_number_with_format(r, col, *x, &s.dec)?,
        Value::Number(x, _) => w.write_number_with_format(r, col, *x, &s.ratio)?,
        Value::Share { value, fine, few } => {
            let format = &s.share[usize::from(*fine) + 2 * usize::from(*few)];
            w.write_number_with_format(r, col, *value, format)?
        }
        Value::Sign(x) => w.write_string_with_format(r, col, x.text(), &s.sign)?,
        Value::Blank => w.write_blank(r, col, &s.text)?,
    };
    Ok(())
}

/// Running text of a sheet: how wide it stands.
#[derive(Debug, Clone, Copy)]
struct Measure {
    /// Letters of a line in the usual type.
    letters: usize,
    /// Columns it spans.
    columns: u16,
}

/// A paragraph in one cell over the columns of the running text, as high as its lines, so that it is found, copied and read
/// aloud whole; returns the next row. An empty text takes no row.
fn paragraph(
    w: &mut Worksheet,
    r: u32,
    text: &str,
    m: Measure,
    format: &rust_xlsxwriter::Format,
) -> Result<u32, XlsxError> {
    if text.is_empty() {
        return Ok(r);
    }
    let format = (format.clone())
        .set_text_wrap()
        .set_align(rust_xlsxwriter::FormatAlign::Top);
    match m.columns {
        0 | 1 => w.write_string_with_format(r, 0, text, &format)?,
        n => w.merge_range(r, 0, r, n - 1, text, &format)?,
    };
    w.set_row_height_pixels(r, 20 * table::count_lines(text, m.letters))?;
    Ok(r + 1)
}

/// A title, in larger type than the running text.
fn title_line(
    w: &mut Worksheet,
    r: u32,
    text: &str,
    m: Measure,
    s: &Styles,
) -> Result<u32, XlsxError> {
    let next = paragraph(w, r, text, m, &s.title)?;
    let deep = table::count_lines(text, table::title_letters(m.letters));
    w.set_row_height_pixels(r, 26 * deep)?;
    Ok(next)
}

/// The number of a sheet's table: the summary is the first.
fn number(t: &Template, index: usize) -> usize {
    index + 1 + usize::from(!t.kpi.is_empty())
}

/// `Tabel 3. Title, period`.
fn heading(c: &Content, number: usize, title: &str) -> String {
    locale::format(
        c.lang,
        "report.table",
        &[
            ("number", &number.to_string()),
            ("title", title),
            ("period", &locale::month_long(c.lang, c.month)),
        ],
    )
}

/// All texts below a table: what is to be said of it, its source, the signs.
fn signs(b: &Book, s: &Sheet, g: &Grid) -> Vec<String> {
    let say = |k: &str| locale::text(b.c.lang, &format!("report.{k}")).to_owned();
    let mut out = remarks(b, s, g);
    out.extend([say("source"), say("signs")]);
    out
}

/// The sheet's note, sums that do not add up, suppliers that are late, months that were revised.
fn remarks(b: &Book, s: &Sheet, g: &Grid) -> Vec<String> {
    let say = |k: &str| locale::text(b.c.lang, &format!("report.{k}")).to_owned();
    let mut out: Vec<String> = s
        .note
        .iter()
        .map(|n| format!("{} {}", say("note"), n.get(b.c.lang)))
        .collect();
    if g.folded {
        out.push(say("folded"));
    }
    if g.coarse_steps {
        out.push(say("coarse_steps"));
    }
    out.extend(sentence::not_shown(b.c.lang, g));
    let population = s.population.unwrap_or(b.t.population);
    out.extend(sentence::coarser(b.c, population, g));
    out.extend(sentence::sums(b.c, g));
    out.extend(sentence::late(b.c, g));
    out.extend(sentence::revisions(b.c, g));
    out
}
