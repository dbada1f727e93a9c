//! Cells that only a chart needs: ends of intervals as distances, steps, the floating parts of a waterfall. They stand
//! beside the table as formulas over its protected cells, outside the printed area.

use super::Styles;
use crate::domain::place::column_letters;
use rust_xlsxwriter::{ChartRange, Formula, Worksheet, XlsxError};

/// `F6` of zero-based row and column.
pub fn address(r: u32, c: u16) -> String {
    format!("{}{}", column_letters(c), r + 1)
}

/// A formula and the number it gives.
pub type Computed = Option<(String, f64)>;

/// The columns beside a table.
pub struct Helper<'a> {
    pub sheet: &'a str,
    /// First free column.
    pub next: u16,
    /// Row of the headers.
    pub top: u32,
}

impl Helper<'_> {
    /// Writes a column from a row on; returns its range. Empty cells stay gaps.
    pub fn column(
        &mut self,
        w: &mut Worksheet,
        s: &Styles,
        header: &str,
        first: u32,
        cells: &[Computed],
    ) -> Result<ChartRange, XlsxError> {
        let col = self.next;
        self.next += 1;
        w.write_string_with_format(self.top, col, header, &s.muted)?;
        for (i, cell) in cells.iter().enumerate() {
            if let Some((f, v)) = cell {
                let formula = Formula::new(format!("={f}")).set_result(v.to_string());
                w.write_formula_with_format(first + i as u32, col, formula, &s.muted)?;
            }
        }
        let last = first + (cells.len() as u32).saturating_sub(1);
        Ok(ChartRange::new_from_range(
            self.sheet, first, col, last, col,
        ))
    }

    /// The same with words.
    pub fn words(
        &mut self,
        w: &mut Worksheet,
        s: &Styles,
        header: &str,
        first: u32,
        cells: &[(String, String)],
    ) -> Result<ChartRange, XlsxError> {
        let col = self.next;
        self.next += 1;
        w.write_string_with_format(self.top, col, header, &s.muted)?;
        for (i, (f, v)) in cells.iter().enumerate() {
            let formula = Formula::new(format!("={f}")).set_result(v);
            w.write_formula_with_format(first + i as u32, col, formula, &s.muted)?;
        }
        let last = first + (cells.len() as u32).saturating_sub(1);
        Ok(ChartRange::new_from_range(
            self.sheet, first, col, last, col,
        ))
    }
}
