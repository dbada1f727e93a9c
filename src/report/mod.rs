//! Floor 4: templates → sheets, native charts, images, one page, open data, supplier feedback.
//!
//! A report never computes a number: it selects protected figures. Knows TOML templates, figures and words;
//! knows nothing of people or records (issues go only to the supplier whose cells they are about).

mod csv_out;
mod feedback;
mod grid;
mod one_page;
pub mod picture;
mod sentence;
mod template;
mod workbook;

pub use csv_out::{write_csv, write_csvw};
pub use feedback::{Feedback, rule_text, write_feedback};
pub use grid::{Content, FigureTable, Labels, RunFacts};
pub use one_page::one_page;
pub use template::{Template, TemplateError, Templates};
pub use workbook::{charts, write_workbook};

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

/// Text from a supplier made harmless for spreadsheets: no formula starts, control or direction-changing characters.
pub fn harmless(s: &str) -> String {
    let clean: String = s
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if clean.starts_with(['=', '+', '-', '@']) && clean.chars().count() > 1 {
        format!("'{clean}")
    } else {
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn nothing_a_supplier_wrote_becomes_a_formula() {
        for s in ["=1+1", "+62", "-2+3", "@x", "\t=1", "\u{202e}=1"] {
            assert!(
                !harmless(s).starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{s:?}"
            );
        }
        assert_eq!(harmless("-"), "-");
    }
}
