//! All files of one audience, written side by side: workbooks, pictures, the one page, open data.

use super::figures::Content;
use super::picture::{self, Outlines};
use super::series::write_series;
use super::template::{PageTemplate, Template};
use super::workbook::{Book, CellKey};
use super::{ReportError, csv_out, one_page, paper};
use crate::domain::figure::Figure;
use crate::locale;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// A workbook that was written: its template's name and the figure behind every cell.
pub struct Published {
    /// File stem.
    pub name: String,
    /// (tab, row, column), zero-based.
    pub cells: BTreeMap<(String, u32, u16), CellKey>,
}

/// Writes what an audience gets into a folder that has `data/` and `grafik/`; `figures` are its protected figures,
/// `before` those of the months before as they were published.
pub fn publish(
    audience: &str,
    templates: &[&Template],
    page: &PageTemplate,
    c: &Content,
    figures: &[Figure],
    before: &[Figure],
    out: &Path,
) -> Result<Vec<Published>, ReportError> {
    let books = || {
        templates
            .par_iter()
            .map(|t| book(t, page, c, out))
            .collect::<Result<Vec<Published>, ReportError>>()
    };
    let rest = || {
        let own = (templates.iter()).find(|t| t.name == audience && audience != "publik");
        own.map_or(Ok(()), |t| leaders_page(t, page, c, out))?;
        data(audience, c, figures, out)?;
        write_series(audience, c, before, figures, &out.join("data"))
    };
    let (books, rest) = rayon::join(books, rest);
    rest?;
    books
}

fn book(
    t: &Template,
    page: &PageTemplate,
    c: &Content,
    out: &Path,
) -> Result<Published, ReportError> {
    let b = Book::new(t, c);
    let print = c.settings.office.print_pictures;
    let asked = c.settings.office.papers.iter().any(|p| p == "xlsx");
    let write = || match asked {
        true => b.write(&out.join(format!("{}.xlsx", t.name))).map(drop),
        false => Ok(()),
    };
    let papers = || paper::write(&b, page, out);
    let draw = || {
        b.charts().par_iter().try_for_each(|(stem, spec)| {
            let folder = out.join("grafik");
            let path = folder.join(format!("{stem}.png"));
            let fault = fault(&path);
            let d = picture::draw_chart(spec, 1600, 900).map_err(&fault)?;
            let o = Outlines::new(&d).map_err(&fault)?;
            save(&path, &o.png(1.0).map_err(&fault)?)?;
            let svg = o.svg(&spec.title, c.lang);
            save(&folder.join(format!("{stem}.svg")), svg.as_bytes())?;
            if print {
                let folder = folder.join("cetak");
                std::fs::create_dir_all(&folder).map_err(|e| failed(&folder, &e))?;
                let picture = o.png(2.0).map_err(&fault)?;
                save(&folder.join(format!("{stem}.png")), &picture)?;
            }
            Ok(())
        })
    };
    let (written, (drawn, papers)) = rayon::join(write, || rayon::join(draw, papers));
    written?;
    papers?;
    drawn?;
    Ok(Published {
        name: t.name.clone(),
        cells: b.cells(),
    })
}

fn leaders_page(
    t: &Template,
    page: &PageTemplate,
    c: &Content,
    out: &Path,
) -> Result<(), ReportError> {
    let page = one_page(t, page, c);
    let stem = out.join(format!("ringkasan-{}", t.name));
    let fault = fault(&stem);
    let d = picture::draw_one_page(&page).map_err(&fault)?;
    let o = Outlines::new(&d).map_err(&fault)?;
    save(&stem.with_extension("png"), &o.png(2.0).map_err(&fault)?)?;
    save(
        &stem.with_extension("svg"),
        o.svg(&page.title, c.lang).as_bytes(),
    )?;
    let pdf = o.pdf(&page.title, c.lang, c.month.last_day());
    save(&stem.with_extension("pdf"), &pdf.map_err(&fault)?)
}

fn data(audience: &str, c: &Content, figures: &[Figure], out: &Path) -> Result<(), ReportError> {
    let name = format!("{audience}.csv");
    let path = out.join("data").join(&name);
    csv_out::write_csv(figures, c.labels, &path)?;
    let title = locale::month_long(c.lang, c.month);
    csv_out::write_csvw(&name, &title, &path.with_extension("csv-metadata.json"))
}

fn fault(path: &Path) -> impl Fn(picture::PictureError) -> ReportError + '_ {
    |e| failed(path, &e)
}

fn failed(path: &Path, reason: &dyn std::fmt::Display) -> ReportError {
    ReportError::File {
        path: path.display().to_string(),
        reason: reason.to_string(),
    }
}

fn save(path: &Path, content: &[u8]) -> Result<(), ReportError> {
    std::fs::write(path, content).map_err(|e| failed(path, &e))
}
