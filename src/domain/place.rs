//! Where a value came from: file, sheet, row, column. Every record and every issue can be traced to its cell.

/// A file of the inbox, as an index into the run's [`SourceFile`] list.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct FileId(pub u32);

/// A row of a sheet. Numbers are zero-based; people see them one-based.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct RowRef {
    /// The file.
    pub file: FileId,
    /// Index of the sheet within its file (0 for text files).
    pub sheet: u16,
    /// Zero-based row.
    pub row: u32,
}

impl RowRef {
    /// The cell of this row in a zero-based column.
    pub fn cell(self, col: u16) -> CellRef {
        CellRef { at: self, col }
    }
}

/// A cell of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellRef {
    /// Its row.
    pub at: RowRef,
    /// Zero-based column.
    pub col: u16,
}

impl CellRef {
    /// The address as Excel writes it: `B7`.
    pub fn a1(self) -> String {
        format!("{}{}", column_letters(self.col), self.at.row + 1)
    }
}

/// Column letters of a zero-based column: 0 → `A`, 26 → `AA`.
pub fn column_letters(col: u16) -> String {
    let mut n = u32::from(col) + 1;
    let mut out = Vec::new();
    while n > 0 {
        out.push(b'A' + ((n - 1) % 26) as u8);
        n = (n - 1) / 26;
    }
    out.reverse();
    String::from_utf8(out).unwrap_or_default()
}

/// A file of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SourceFile {
    /// Path relative to the inbox, with `/`.
    pub path: String,
    /// Supplier id: an UPT or OPD id, or the first folder / file stem when neither was recognised.
    pub supplier: String,
    /// Names of its sheets in order (one empty name for text files).
    pub sheets: Vec<String>,
    /// SHA-256 of the content, lower-case hex.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}

impl SourceFile {
    /// The name of a sheet; empty for text files.
    pub fn sheet(&self, index: u16) -> &str {
        self.sheets.get(index as usize).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_excel() {
        assert_eq!(
            (
                column_letters(0),
                column_letters(25),
                column_letters(26),
                column_letters(701),
                column_letters(702)
            ),
            (
                "A".into(),
                "Z".into(),
                "AA".into(),
                "ZZ".into(),
                "AAA".into()
            )
        );
    }
}
