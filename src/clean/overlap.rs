//! One person in two prisons on the same day, with no transfer between them.
//!
//! `history` joins such rows into one stay; here the offices are told, for one of their registers is wrong: an exit that
//! was not entered, or a transfer nobody wrote down. Only rows that name the same person beyond doubt are compared
//! (the same intact NIK, else name and day of birth): what is likely but not certain is the work of `link`.

use super::name::fold;
use crate::domain::records::{Custody, Identity, Records};
use crate::domain::upt::UptRegistry;
use crate::domain::{ExitCode, Issue, Severity};
use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Tells of every row that overlaps another of the same person elsewhere, once a row.
pub fn overlapping(records: &Records, units: &UptRegistry, issues: &mut Vec<Issue>) {
    // Two numbers a row and no map: a nation has millions of rows.
    let mut named: Vec<(u64, u32)> = (records.custody.par_iter().enumerate())
        .filter_map(|(i, r)| Some((who(&r.who)?, i as u32)))
        .collect();
    named.par_sort_unstable();
    let mut found: Vec<(usize, usize)> = named
        .par_chunk_by(|a, b| a.0 == b.0)
        .filter(|rows| rows.len() > 1)
        .flat_map_iter(|rows| of_person(&records.custody, rows))
        .collect();
    found.sort_unstable();
    let mut said = vec![false; records.custody.len()];
    for (i, j) in found {
        for (a, b) in [(i, j), (j, i)] {
            if !std::mem::replace(&mut said[a], true) {
                let (a, b) = (&records.custody[a], &records.custody[b]);
                issues.push(
                    Issue::about_row(Severity::Warning, "clean.custody_overlap", a.at)
                        .with("unit", &units.info(b.upt).name)
                        .with("row", b.at.row + 1),
                );
            }
        }
    }
}

/// The overlapping rows of one person, every row in one pair at least; `named` are that person's.
fn of_person(custody: &[Custody], named: &[(u64, u32)]) -> Vec<(usize, usize)> {
    let mut rows: Vec<usize> = named.iter().map(|(_, i)| *i as usize).collect();
    rows.sort_by_key(|i| (begin(&custody[*i]), *i));
    let mut told = vec![false; rows.len()];
    let mut found = Vec::new();
    for k in 0..rows.len() {
        for l in k + 1..rows.len() {
            let (a, b) = (&custody[rows[k]], &custody[rows[l]]);
            let all = rows.iter().map(|i| &custody[*i]);
            if !(told[k] && told[l])
                && overlap(a, b)
                && same_person(&a.who, &b.who)
                && !is_closed(a, b, all)
            {
                found.push((rows[k], rows[l]));
                (told[k], told[l]) = (true, true);
            }
        }
    }
    found
}

/// A number for the person a row surely names: of the intact NIK, else of name and day of birth.
fn who(who: &Identity) -> Option<u64> {
    let mut hash = FxHasher::default();
    match (who.nik.intact(), who.birth.day()) {
        (Some(nik), _) => nik.hash(&mut hash),
        (None, Some(day)) => (fold(&who.name), day).hash(&mut hash),
        (None, None) => return None,
    }
    Some(hash.finish())
}

/// Whether two rows of one number are of one person, and not of two whose numbers fell together.
fn same_person(a: &Identity, b: &Identity) -> bool {
    match (a.nik.intact(), b.nik.intact()) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.birth == b.birth && fold(&a.name) == fold(&b.name),
        _ => false,
    }
}

fn begin(r: &Custody) -> Option<NaiveDate> {
    r.admitted.day()
}

/// Whether the first, who began earlier, was still inside when the second began elsewhere.
fn overlap(a: &Custody, b: &Custody) -> bool {
    let (Some(_), Some(start)) = (begin(a), begin(b)) else {
        return false;
    };
    let moved =
        a.exit == Some(ExitCode::Pdh) || a.to_upt == Some(b.upt) || b.from_upt == Some(a.upt);
    if a.upt == b.upt || moved {
        return false;
    }
    let left = a
        .exit_date
        .latest()
        .filter(|_| a.exit.is_some_and(|e| !e.is_still_custody()));
    match left {
        Some(left) => left > start,
        // An open row says that the person was inside up to the month of its list, and no longer.
        None => a.list_month.is_some_and(|m| m.last_day() > start),
    }
}

/// A person has many rows in one prison, a new one for every register, and only the last tells how it ended: whether
/// any of them says that the person left, or was moved, before or as the other stay began.
fn is_closed<'a>(a: &Custody, b: &Custody, all: impl Iterator<Item = &'a Custody>) -> bool {
    /// Days on the way from one prison to another.
    const WAY: u64 = 14;
    let Some(start) = begin(b).and_then(|d| d.checked_add_days(Days::new(WAY))) else {
        return false;
    };
    let mut there = all.filter(|c| c.upt == a.upt || c.upt == b.upt);
    there.any(|c| {
        let moved = c.exit == Some(ExitCode::Pdh) || c.from_upt.is_some_and(|u| u == a.upt);
        let left = c
            .exit_date
            .latest()
            .is_some_and(|d| d <= start && c.exit.is_some_and(|e| !e.is_still_custody()));
        moved || (c.upt == a.upt && begin(c) >= begin(a) && left)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FileId, Month, Nik, OffenceGroup, PartialDate, RowRef, Text, Upt};

    fn row(upt: u16, from: (i32, u32, u32), to: Option<(i32, u32, u32)>, row: u32) -> Custody {
        let day = |(y, m, d)| PartialDate::Day(NaiveDate::from_ymd_opt(y, m, d).unwrap());
        Custody {
            at: RowRef {
                file: FileId(0),
                sheet: 0,
                row,
            },
            upt: Upt(upt),
            admitted: day(from),
            exit: to.map(|_| ExitCode::Bm),
            exit_date: to.map_or(PartialDate::Unknown, day),
            list_month: Month::new(2026, 1),
            who: Identity {
                nik: Nik::check16("8171021203900001"),
                ..Identity::default()
            },
            register_no: Text::default(),
            class: None,
            from_upt: None,
            by_transfer: false,
            recaptured: false,
            after_revocation: false,
            offence: OffenceGroup::Unknown,
            offence_date: PartialDate::Unknown,
            verdict: PartialDate::Unknown,
            sentence_days: None,
            expiry: PartialDate::Unknown,
            two_thirds: PartialDate::Unknown,
            to_upt: None,
            recidivist_flag: None,
            education: Text::default(),
        }
    }

    fn told(rows: Vec<Custody>) -> Vec<u32> {
        let records = Records {
            custody: rows,
            ..Records::default()
        };
        let mut issues = Vec::new();
        overlapping(&records, &UptRegistry::maluku(&[]), &mut issues);
        issues.iter().filter_map(|i| i.row).collect()
    }

    #[test]
    fn both_rows_of_one_person_in_two_prisons_are_told_and_transfers_are_not() {
        assert_eq!(
            told(vec![
                row(0, (2025, 1, 5), None, 7),
                row(1, (2025, 6, 1), None, 9)
            ]),
            [7, 9]
        );
        let left = row(0, (2025, 1, 5), Some((2025, 5, 1)), 7);
        assert!(told(vec![left, row(1, (2025, 6, 1), None, 9)]).is_empty());
        let mut moved = row(1, (2025, 6, 1), None, 9);
        moved.from_upt = Some(Upt(0));
        assert!(told(vec![row(0, (2025, 1, 5), None, 7), moved]).is_empty());
        let mut old = row(0, (2025, 1, 5), None, 7);
        old.list_month = Month::new(2025, 3);
        assert!(
            told(vec![old, row(1, (2025, 6, 1), None, 9)]).is_empty(),
            "the list ends before"
        );
    }
}
