//! One file read and cleaned: what becomes of its raw tables, which go as soon as this is made.

use crate::clean::{Alike, Cleaner};
use crate::domain::account::{CellClass, SheetAccount};
use crate::domain::place::SourceFile;
use crate::domain::raw::{FileReading, RawCell, RawTable};
use crate::domain::records::Records;
use crate::domain::{Issue, Month, Text};
use serde::{Deserialize, Serialize};

/// What was read of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCount {
    /// Rows that looked like data.
    pub seen: u64,
    /// Rows that became records.
    pub used: u64,
    /// Rows set aside, each with an issue.
    pub set_aside: u64,
    /// Rows dated after the report's month.
    pub beyond: u64,
    /// Number of tables recognised.
    pub tables: u32,
}

/// (supplier, month) of every dated table of a file: enough to find the report's month.
pub type Dated = Vec<(Text, Month)>;

/// A file, cleaned as of a month.
#[derive(Debug)]
pub struct CleanedFile {
    /// The file.
    pub source: SourceFile,
    /// The months its tables are about, whether they count or not.
    pub dated: Dated,
    /// On which last days the same is made of it.
    pub alike: Alike,
    /// Its rows.
    pub count: FileCount,
    /// What they became.
    pub records: Records,
    /// What is wrong with them, and what was wrong while reading.
    pub issues: Vec<Issue>,
    /// What became of the cells of each sheet.
    pub accounts: Vec<SheetAccount>,
}

impl CleanedFile {
    /// Cleans what was read of a file.
    pub fn of(cleaner: &Cleaner, reading: FileReading) -> CleanedFile {
        provoked_fault(&reading);
        let mut out = CleanedFile {
            count: FileCount {
                seen: reading.rows_seen,
                tables: reading.tables.len() as u32,
                ..FileCount::default()
            },
            source: reading.source,
            dated: dated(&reading.tables),
            alike: Alike::default(),
            records: Records::default(),
            issues: reading.issues,
            accounts: accounts(&reading.sheets),
        };
        let in_tables: u64 = reading.tables.iter().map(|t| t.rows.len() as u64).sum();
        out.count.set_aside = reading.rows_seen.saturating_sub(in_tables);
        let all = cleaner.clean_file(&reading.tables);
        for (table, cleaned) in reading.tables.iter().zip(all) {
            if let Some(a) = out.accounts.get_mut(usize::from(table.sheet)) {
                a.counts.append(&cleaned.account);
            }
            out.count.used += cleaned.rows_used;
            out.count.set_aside += cleaned.rows_set_aside;
            out.count.beyond += cleaned.rows_beyond;
            out.alike = out.alike.and(cleaned.alike);
            out.records.append(cleaned.records);
            out.issues.extend(cleaned.issues);
        }
        // What stands in no row of a table is around one.
        for a in &mut out.accounts {
            let around = a.cells.saturating_sub(a.counts.sum());
            a.counts.add(CellClass::Around, around);
        }
        out.accounts.retain(|a| a.cells > 0);
        out
    }
}

/// The accounts of sheets before anything is read: what is left unread is set aside.
fn accounts(sheets: &[(u64, bool)]) -> Vec<SheetAccount> {
    let of = |(i, (cells, unread)): (usize, &(u64, bool))| {
        let mut out = SheetAccount {
            sheet: i as u16,
            cells: *cells,
            ..SheetAccount::default()
        };
        if *unread {
            out.counts.add(CellClass::SetAside, *cells);
        }
        out
    };
    sheets.iter().enumerate().map(of).collect()
}

/// [`Dated`] of some tables.
fn dated(tables: &[RawTable]) -> Dated {
    let mut out: Dated = (tables.iter())
        .filter_map(|t| t.month().map(|m| (t.supplier.clone(), m)))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// In debug builds: a fault of the program with a row of a file in its message, so that a test can see who hears it.
fn provoked_fault(reading: &FileReading) {
    if cfg!(debug_assertions)
        && std::env::var_os("REINTEGRASI_PANIC").is_some()
        && let Some(row) = reading.tables.iter().find_map(|t| t.rows.first())
    {
        let text = row.cells.iter().filter_map(|c| match c {
            RawCell::Text(t) => Some(t.as_str()),
            _ => None,
        });
        panic!("{}", text.collect::<Vec<_>>().join(" "));
    }
}
