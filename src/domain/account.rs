//! The account of a sheet: what became of every cell that holds something.

use serde::{Deserialize, Serialize};

/// What became of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CellClass {
    /// It stands in a fact, or was read and says nothing to add to it.
    Used,
    /// It was mended, and an issue says how.
    Repaired,
    /// It was set aside, alone or with its row or column, and an issue says why.
    SetAside,
    /// What it holds is known and no figure needs it: running numbers, signatures, telephone numbers.
    NotNeeded,
    /// It stands in a column nobody knows; the column is listed.
    Unknown,
    /// Its row or column is of a time after the month.
    Later,
    /// It is no datum: title, header, section, total, footer.
    Around,
}

impl CellClass {
    /// All of them, as they are printed.
    pub const ALL: [CellClass; 7] = {
        use CellClass::*;
        [Used, Repaired, SetAside, NotNeeded, Unknown, Later, Around]
    };

    /// Stable id, also of its words.
    pub const fn id(self) -> &'static str {
        match self {
            CellClass::Used => "used",
            CellClass::Repaired => "repaired",
            CellClass::SetAside => "set_aside",
            CellClass::NotNeeded => "not_needed",
            CellClass::Unknown => "unknown",
            CellClass::Later => "later",
            CellClass::Around => "around",
        }
    }
}

/// Cells by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellCounts([u64; CellClass::ALL.len()]);

impl CellCounts {
    /// Counts cells of a class.
    pub fn add(&mut self, class: CellClass, cells: u64) {
        self.0[class as usize] += cells;
    }
    /// Cells of a class.
    pub fn of(&self, class: CellClass) -> u64 {
        self.0[class as usize]
    }
    /// Adds all of another account.
    pub fn append(&mut self, other: &CellCounts) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a += b);
    }
    /// All cells.
    pub fn sum(&self) -> u64 {
        self.0.iter().sum()
    }
    /// Whether nothing was set aside and no column is unknown.
    pub fn is_clean(&self) -> bool {
        self.of(CellClass::SetAside) == 0 && self.of(CellClass::Unknown) == 0
    }
}

/// The account of one sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetAccount {
    /// Index of the sheet in its file.
    pub sheet: u16,
    /// Cells on the sheet that hold something.
    pub cells: u64,
    /// What became of them; adds up to `cells`.
    pub counts: CellCounts,
}

impl SheetAccount {
    /// Whether every cell stands in exactly one class.
    pub fn is_whole(&self) -> bool {
        self.counts.sum() == self.cells
    }
}
