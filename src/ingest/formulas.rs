//! Formulas that were never calculated: programs that write workbooks store no result, or 0 in every row.

use super::grid::Sheet;
use crate::domain::raw::RawCell;
use crate::domain::{FileId, Issue, RowRef, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// What is stored as the result of a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Missing,
    /// The number 0.
    Zero,
    /// Anything else, an empty text included.
    Calculated,
}

impl Outcome {
    /// Of a cell that holds a formula.
    pub fn of(cell: &RawCell) -> Outcome {
        match cell {
            RawCell::Empty => Outcome::Missing,
            RawCell::Number(n) | RawCell::Date(n) if *n == 0.0 => Outcome::Zero,
            RawCell::Number(_)
            | RawCell::Date(_)
            | RawCell::Text(_)
            | RawCell::Bool(_)
            | RawCell::Error(_) => Outcome::Calculated,
        }
    }
}

/// Formulas of a column.
#[derive(Debug, Default)]
struct Column {
    first: u32,
    calculated: u64,
    missing: u64,
    zero: u64,
}

/// Most cells with the result 0 that are kept.
const ZEROS: usize = 2_000_000;

/// Formulas of a sheet.
#[derive(Debug, Default)]
pub struct Formulas {
    columns: BTreeMap<u16, Column>,
    zeros: Vec<(u32, u16)>,
}

impl Formulas {
    /// Notes a formula.
    pub fn see(&mut self, row: u32, col: u32, outcome: Outcome) {
        let Ok(col) = u16::try_from(col) else { return };
        let c = self.columns.entry(col).or_insert_with(|| Column {
            first: row,
            ..Column::default()
        });
        match outcome {
            Outcome::Calculated => c.calculated += 1,
            Outcome::Missing => c.missing += 1,
            Outcome::Zero => {
                c.zero += 1;
                if self.zeros.len() < ZEROS {
                    self.zeros.push((row, col));
                }
            }
        }
    }

    /// Sets aside what was never calculated, and says so, once a column.
    pub fn settle(mut self, sheet: &mut Sheet) {
        let none_calculated = self.columns.values().all(|c| c.calculated == 0);
        self.columns.retain(|_, c| {
            let alone = c.zero == 1 && c.missing == 0 && !none_calculated;
            c.calculated == 0 && !alone
        });
        if self.columns.is_empty() {
            return;
        }
        for (col, c) in &self.columns {
            let at = RowRef {
                file: FileId(0),
                sheet: 0,
                row: c.first,
            };
            let issue = Issue::about_cell(
                Severity::Warning,
                "ingest.formula_not_calculated",
                at.cell(*col),
                "",
                "",
            );
            let mut issue = issue.with("cells", c.missing + c.zero);
            // It is about the whole column.
            issue.row = None;
            sheet.issues.push(issue);
        }
        let zeros: BTreeSet<(u32, u16)> = (self.zeros.into_iter())
            .filter(|(_, c)| self.columns.contains_key(c))
            .collect();
        if !zeros.is_empty() {
            for r in &mut sheet.rows {
                let row = r.row;
                r.cells.retain(|(c, _)| !zeros.contains(&(row, *c)));
            }
            sheet.rows.retain(|r| !r.cells.is_empty());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_in_every_row_are_no_results_and_one_zero_among_results_is() {
        let mut sheet = Sheet::default();
        let mut formulas = Formulas::default();
        for r in 0..3 {
            sheet.push(r, 0, RawCell::Text("A".into()));
            sheet.push(r, 1, RawCell::Number(0.0));
            sheet.push(r, 2, RawCell::Number(f64::from(r)));
            formulas.see(r, 1, Outcome::Zero);
            formulas.see(r, 2, Outcome::of(&RawCell::Number(f64::from(r))));
            formulas.see(r, 3, Outcome::of(&RawCell::Empty));
        }
        formulas.see(3, 4, Outcome::Zero);
        formulas.settle(&mut sheet);
        assert!(sheet.rows.iter().all(|r| r.cells.len() == 2));
        let said: Vec<_> = sheet.issues.iter().map(|i| (i.rule, i.col)).collect();
        let rule = "ingest.formula_not_calculated";
        assert_eq!(said, [(rule, Some(1)), (rule, Some(3))]);
    }
}
