//! Everything wrong with the input: the first of the two joints of the house.
//!
//! An issue carries the cell's address, the value found, the rule and a proposed mend. It is personal data as
//! long as it carries values: it goes to the supplier whose cell it is, never to logs or the City's files.

use super::{FileId, Text};

crate::coded_enum! {
    /// What became of the value.
    pub enum Severity {
        /// The row (or file) was set aside.
        Error = "error",
        /// The value was set aside or repaired.
        Warning = "warning",
        /// Nothing was changed; someone should know.
        Note = "note",
    }
}

/// One finding about one place in one file.
#[derive(Clone, PartialEq)]
pub struct Issue {
    /// What became of it.
    pub severity: Severity,
    /// Stable rule id, `room.what_is_wrong`; its texts are the locale keys `rule.<id>` (the rule in plain words)
    /// and `rule.<id>.fix` (how to avoid it).
    pub rule: &'static str,
    /// The file.
    pub file: FileId,
    /// Sheet index, when it is about one sheet.
    pub sheet: Option<u16>,
    /// Zero-based row, when it is about one row.
    pub row: Option<u32>,
    /// Zero-based column, when it is about one cell.
    pub col: Option<u16>,
    /// The header of the column, as written.
    pub column: Text,
    /// The value as found (personal data).
    pub value: Text,
    /// The proposed or applied mend (personal data).
    pub proposed: Text,
    /// Placeholders of the rule's text; must hold no personal data.
    pub args: Vec<(&'static str, String)>,
}

impl Issue {
    /// An issue about a whole file.
    pub fn about_file(severity: Severity, rule: &'static str, file: FileId) -> Self {
        Issue {
            severity,
            rule,
            file,
            sheet: None,
            row: None,
            col: None,
            column: Text::default(),
            value: Text::default(),
            proposed: Text::default(),
            args: Vec::new(),
        }
    }
    /// An issue about one cell.
    pub fn about_cell(
        severity: Severity,
        rule: &'static str,
        cell: super::CellRef,
        column: &str,
        value: &str,
    ) -> Self {
        Issue {
            sheet: Some(cell.at.sheet),
            row: Some(cell.at.row),
            col: Some(cell.col),
            column: column.into(),
            value: value.into(),
            ..Issue::about_file(severity, rule, cell.at.file)
        }
    }
    /// An issue about one row.
    pub fn about_row(severity: Severity, rule: &'static str, at: super::RowRef) -> Self {
        Issue {
            sheet: Some(at.sheet),
            row: Some(at.row),
            ..Issue::about_file(severity, rule, at.file)
        }
    }
    /// With a proposed or applied mend.
    pub fn proposing(mut self, mend: impl Into<Text>) -> Self {
        self.proposed = mend.into();
        self
    }
    /// With a placeholder for the rule's text.
    pub fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        self.args.push((key, value.to_string()));
        self
    }
}

impl std::fmt::Debug for Issue {
    /// Redacted: the value found and the mend are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Issue({} {} file {} sheet {:?} row {:?} col {:?})",
            self.severity, self.rule, self.file.0, self.sheet, self.row, self.col
        )
    }
}
