//! What became of every cell of a table's rows.

use super::Fate;
use super::row::Row;
use crate::domain::account::{CellClass, CellCounts};
use crate::domain::raw::{Point, RawCell, RawTable};
use crate::domain::{Field, Issue, RowRef, Severity};

const _: () = assert!(
    Field::ALL.len() <= 128,
    "a field is a bit of what was asked"
);

/// The cells of a table, counted row by row and closed when all rows are read.
pub struct Account<'a> {
    table: &'a RawTable,
    counts: CellCounts,
    /// Cells of used rows of which no issue speaks, by column.
    plain: Vec<u64>,
    /// Fields whose cells were asked for in any row.
    asked: u128,
    /// Columns of a month or day after the month.
    later: Vec<bool>,
}

impl<'a> Account<'a> {
    /// An empty account; `is_to_come` says of a point that it lies after the month.
    pub fn new(table: &'a RawTable, is_to_come: impl Fn(Point) -> bool) -> Self {
        let later = table.columns.iter();
        Account {
            table,
            counts: CellCounts::default(),
            plain: vec![0; table.columns.len()],
            asked: 0,
            later: later.map(|c| c.point.is_some_and(&is_to_come)).collect(),
        }
    }

    /// Whether a cell holds anything and stands on the sheet in this row.
    fn stands(&self, row: u32, at: usize, cell: &RawCell) -> bool {
        let taken = &self.table.taken_over;
        *cell != RawCell::Empty && (taken.is_empty() || !taken.contains(&(row, at as u16)))
    }

    /// Counts the cells of a row that has been read.
    pub fn row(&mut self, row: &Row, fate: &Fate) {
        self.asked |= row.asked.get();
        let whole = match fate {
            Fate::Used => None,
            Fate::SetAside | Fate::NotOfList => Some(CellClass::SetAside),
            Fate::Beyond => Some(CellClass::Later),
        };
        let spoken = |col: u16| {
            let of_cell = |i: &&Issue| i.severity != Severity::Note && i.col == Some(col);
            row.issues.iter().find(of_cell).map(|i| {
                if i.proposed.is_empty() {
                    CellClass::SetAside
                } else {
                    CellClass::Repaired
                }
            })
        };
        for (at, (cell, column)) in row.row.cells.iter().zip(&self.table.columns).enumerate() {
            if !self.stands(row.row.row, at, cell) {
                continue;
            }
            let known = column.field.is_some() || column.point.is_some() || column.told.is_some();
            let class = match whole.filter(|_| known) {
                Some(class) => Some(class),
                None if self.later[at] => Some(CellClass::Later),
                None if row.issues.is_empty() => None,
                None => spoken(column.col),
            };
            // Remarks that tell nothing are known and not needed.
            let silent = column.field == Some(Field::Remarks) && !row.told.get();
            match class.or(silent.then_some(CellClass::NotNeeded)) {
                Some(class) => self.counts.add(class, 1),
                None => self.plain[at] += 1,
            }
        }
    }

    /// Counts a table all of whose rows lie after the month.
    pub fn all_later(mut self) -> CellCounts {
        for row in &self.table.rows {
            let cells = row.cells.iter().enumerate();
            let standing = cells.filter(|(at, c)| self.stands(row.row, *at, c));
            let n = standing.count();
            self.counts.add(CellClass::Later, n as u64);
        }
        self.close(&mut Vec::new())
    }

    /// Closes the account: recognised columns that have no use on a list of this kind are said.
    pub fn close(mut self, issues: &mut Vec<Issue>) -> CellCounts {
        for (column, &cells) in self.table.columns.iter().zip(&self.plain) {
            let class = match column.field {
                None if column.needless => CellClass::NotNeeded,
                None if column.point.is_some() || column.told.is_some() => CellClass::Used,
                None => CellClass::Unknown,
                Some(f) if self.asked & 1 << f as u32 != 0 => CellClass::Used,
                Some(f) if f.is_not_needed() => CellClass::NotNeeded,
                Some(_) => CellClass::SetAside,
            };
            if class == CellClass::SetAside && cells > 0 {
                let at = RowRef {
                    file: self.table.file,
                    sheet: self.table.sheet,
                    row: self.table.header.0,
                };
                let (at, header) = (at.cell(column.col), column.header.as_str());
                let rule = "clean.column_unused";
                let issue = Issue::about_cell(Severity::Note, rule, at, header, "");
                issues.push(issue.with("cells", cells));
            }
            self.counts.add(class, cells);
        }
        let headless = self.table.headless.iter().map(|(_, n)| n).sum();
        self.counts.add(CellClass::Unknown, headless);
        self.counts.add(CellClass::Used, self.table.joined);
        self.counts
    }
}
