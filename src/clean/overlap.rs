//! One person in two prisons on the same day, with no transfer between them.
//!
//! `history` joins such rows into one stay; here the offices are told, for one of their registers is wrong: an exit that
//! was not entered, or a transfer nobody wrote down. Only rows that name the same person beyond doubt are compared
//! (the same intact NIK, else name and day of birth): what is likely but not certain is the work of `link`.

use super::name::fold;
use crate::domain::records::{Custody, Records};
use crate::domain::upt::UptRegistry;
use crate::domain::{ExitCode, Issue, Severity, Text};
use chrono::NaiveDate;
use rustc_hash::FxHashMap;

/// Tells of every row that overlaps another of the same person elsewhere, once a row.
pub fn overlapping(records: &Records, units: &UptRegistry, issues: &mut Vec<Issue>) {
    let mut people: FxHashMap<(Text, Option<NaiveDate>), Vec<u32>> = FxHashMap::default();
    for (i, r) in records.custody.iter().enumerate() {
        let who = match (r.who.nik.intact(), r.who.birth.day()) {
            (Some(nik), _) => (Text::from(nik), None),
            (None, Some(day)) => (fold(&r.who.name), Some(day)),
            (None, None) => continue,
        };
        people.entry(who).or_default().push(i as u32);
    }
    let mut told = vec![false; records.custody.len()];
    let mut found: Vec<(usize, usize)> = Vec::new();
    for mut rows in people.into_values().filter(|rows| rows.len() > 1) {
        rows.sort_by_key(|i| (begin(&records.custody[*i as usize]), *i));
        for (k, &i) in rows.iter().enumerate() {
            for &j in &rows[k + 1..] {
                let (i, j) = (i as usize, j as usize);
                if !(told[i] && told[j]) && overlap(&records.custody[i], &records.custody[j]) {
                    found.push((i, j));
                    (told[i], told[j]) = (true, true);
                }
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::records::Identity;
    use crate::domain::{FileId, Month, Nik, OffenceGroup, PartialDate, RowRef, Upt};

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
            offence: OffenceGroup::Unknown,
            offence_text: Text::default(),
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
