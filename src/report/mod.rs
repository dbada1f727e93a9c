//! Floor 4: templates → sheets, native charts, images, one page, open data, supplier feedback.
//!
//! A report never computes a number: it selects protected figures. Knows TOML templates, figures and words;
//! knows nothing of people or records (issues go only to the supplier whose cells they are about).

mod csv_out;
mod feedback;
mod figures;
mod grid;
mod one_page;
mod paper;
pub mod picture;
mod pictures;
mod plan;
mod publish;
mod satu_data;
mod sentence;
mod series;
mod sign;
mod template;
mod workbook;

pub use csv_out::{read_csv, write_csv, write_csvw};
pub use feedback::{Feedback, Mended, rule_text, write_feedback};
pub use figures::{Content, FigureTable, Labels, RunFacts};
pub use grid::Part;
pub use one_page::one_page;
pub use paper::escape;
pub use publish::{Published, publish};
pub use satu_data::SatuData;
pub use sign::Sign;
pub use template::{PageTemplate, Show, TableBlock, Template, TemplateError, Templates};
pub use workbook::{Book, CellKey};

/// A report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A workbook could not be written.
    #[error("{path}: {source}")]
    Workbook {
        /// File.
        path: String,
        /// Why.
        source: rust_xlsxwriter::XlsxError,
    },
    /// A file could not be written.
    #[error("{path}: {reason}")]
    File {
        /// File.
        path: String,
        /// Why.
        reason: String,
    },
}

/// The office's logo: a picture inside the workspace; none when the settings name none.
pub fn read_logo(
    workspace: &std::path::Path,
    relative: &str,
) -> Result<Option<Vec<u8>>, ReportError> {
    if relative.is_empty() {
        return Ok(None);
    }
    let path = workspace.join(relative);
    let fault = |reason: String| ReportError::File {
        path: path.display().to_string(),
        reason,
    };
    let real = path.canonicalize().map_err(|e| fault(e.to_string()))?;
    let root = workspace.canonicalize().map_err(|e| fault(e.to_string()))?;
    if !real.starts_with(root) {
        return Err(fault(
            "office.logo must name a file inside the workspace".into(),
        ));
    }
    let bytes = std::fs::read(real).map_err(|e| fault(e.to_string()))?;
    if rust_xlsxwriter::Image::new_from_buffer(&bytes).is_err() {
        return Err(fault(
            "office.logo must be a PNG, JPEG, GIF or BMP picture".into(),
        ));
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests;
