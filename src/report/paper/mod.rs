//! Papers of an audience: report, slides, pocket page, chat message, all written from one [`model::Paper`].
//!
//! The paper is composed once from the template and the tables of the workbook; a writer knows a file format and
//! nothing of what a number means.

pub(super) mod build;
mod cells;
pub(super) mod docx;
mod docx_parts;
pub(super) mod html;
pub(super) mod model;
mod native_chart;
pub(super) mod package;
pub(super) mod pptx;
pub(super) mod pptx_parts;
mod table_text;
mod text;
mod words;

pub use package::escape;
pub use words::ends;

use super::ReportError;
use super::picture::{ChartKind, ChartSpec};
use super::template::PageTemplate;
use super::workbook::Book;
use std::path::Path;

/// Writes the papers of a report that the settings ask for.
pub fn write(b: &Book, page: &PageTemplate, out: &Path) -> Result<(), ReportError> {
    let settings = &b.c.settings.office;
    let wanted = |kind: &str| settings.papers.iter().any(|p| p == kind);
    if !["docx", "pptx", "html", "txt"].iter().any(|k| wanted(k)) {
        return Ok(());
    }
    let p = build::paper(b, page);
    let office = b.office();
    let setting = docx::Setting {
        page: docx::Setting::size(&settings.paper),
        colours: &settings.colours,
        logo: b.c.facts.logo.as_deref(),
        office: &office,
        day: b.c.month.last_day(),
    };
    let report = || -> Result<(), ReportError> {
        if !wanted("docx") {
            return Ok(());
        }
        let path = out.join(format!("laporan-{}.docx", p.name));
        let bytes = docx::docx(&p, &setting).map_err(|e| failed(&path, &e))?;
        save(&path, &bytes)
    };
    let rest = || -> Result<(), ReportError> {
        if wanted("pptx") {
            let path = out.join(format!("paparan-{}.pptx", p.name));
            let bytes = pptx::pptx(&p, &setting).map_err(|e| failed(&path, &e))?;
            save(&path, &bytes)?;
        }
        if wanted("html") {
            let path = out.join(format!("saku-{}.html", p.name));
            let page = html::html(&p, &setting).map_err(|e| failed(&path, &e))?;
            save(&path, page.as_bytes())?;
        }
        if wanted("txt") {
            let path = out.join(format!("teks-wa{}.txt", settings.suffix(&p.name)));
            save(&path, text::text(&p).as_bytes())?;
        }
        Ok(())
    };
    let (report, rest) = rayon::join(report, rest);
    report.and(rest)
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

/// The height of a chart of a width whose type is `unit` times its size: charts of lying bars are as high as their rows.
fn height(x: &ChartSpec, width: f64, unit: f64) -> f64 {
    let rows = x.categories.len() as f64;
    // Names that take two lines need higher rows.
    let long = (x.categories.iter())
        .any(|c| super::picture::text_width(c, 24.0 * unit, false) > width * 0.38);
    let more = if long { rows * 8.0 } else { 0.0 };
    let lying = match x.kind {
        ChartKind::Bar | ChartKind::Dot => {
            rows * x.series.len().clamp(1, 4) as f64 * 27.0 + rows * 12.0
        }
        ChartKind::Stacked | ChartKind::Percent => rows * 42.0,
        ChartKind::Line | ChartKind::Step | ChartKind::Waterfall => return (width * 0.46).round(),
    };
    let legend = if x.series.len() > 1 { 80.0 } else { 20.0 };
    ((lying + more + legend) * unit)
        .clamp(width * 0.16, width * 1.25)
        .round()
}
