//! Which supplier delivered what for which month, and the cut-off date that follows (docs/definitions.md 1, 3).

use crate::domain::history::Coverage;
use crate::domain::records::Records;
use crate::domain::upt::{UptKind, UptRegistry};
use crate::domain::{FileId, Month, RecordKind, Text};
use crate::workspace::Settings;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A gap further back than any window of follow-up does not matter.
const LONGEST_MONTHS: i32 = 61;

/// A stretch of days a file speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stretch {
    to: NaiveDate,
    from: NaiveDate,
    file: FileId,
}

/// The cells of the coverage grid, and the cut-off date: the minimum over the suppliers that decide it of the last day up
/// to which their deliveries leave no gap, never after the month's end.
pub fn coverage(
    records: &Records,
    units: &UptRegistry,
    settings: &Settings,
    month: Month,
) -> Coverage {
    let mut out = Coverage::default();
    let exits = earliest_exits(records);
    let mut of: BTreeMap<&Text, Vec<Stretch>> = BTreeMap::new();
    // That a file came for the month is one thing, until when it speaks another.
    let came = records
        .coverage
        .iter()
        .filter(|c| c.to >= month.first_day());
    let delivered: BTreeSet<&Text> = came.map(|c| &c.supplier).collect();
    for c in &records.coverage {
        let mut m = Month::of(c.from);
        while m <= Month::of(c.to).min(month) {
            out.cells.push((c.supplier.clone(), c.kind.id(), m));
            m = m.plus(1);
        }
        let kind_counts = matches!(c.kind, RecordKind::Custody | RecordKind::Supervision);
        if kind_counts || !units.all().any(|(_, u)| u.id == *c.supplier) {
            // A register that still shows exits of earlier months speaks for those months too.
            let back = exits
                .get(&c.file)
                .filter(|_| c.kind == RecordKind::Custody)
                .map(|d| Month::of(*d).first_day());
            of.entry(&c.supplier).or_default().push(Stretch {
                to: c.to,
                from: back.map_or(c.from, |b| b.min(c.from)),
                file: c.file,
            });
        }
    }
    let mut since: BTreeMap<&'static str, Month> = BTreeMap::new();
    for c in &records.coverage {
        let back = exits.get(&c.file).filter(|_| c.kind == RecordKind::Custody);
        let from = Month::of(back.map_or(c.from, |b| c.from.min(*b)));
        let e = since.entry(c.kind.id()).or_insert(from);
        *e = (*e).min(from);
    }
    out.since = since.into_iter().collect();
    out.cells.sort_unstable();
    out.cells.dedup();
    let is_prison = |id: &str| {
        units
            .by_id(id)
            .is_some_and(|u| units.info(u).kind != UptKind::Bapas)
    };
    let last: BTreeMap<&Text, NaiveDate> = of
        .into_iter()
        .filter_map(|(s, stretches)| {
            let gaps_count = is_prison(s);
            reach(stretches, gaps_count, month).map(|d| (s, d))
        })
        .collect();
    let end = month.last_day();
    // Who was never declared and is no unit once sent something by itself: nothing more is due from it.
    let due = |id: &str| {
        let declared = settings.suppliers.iter().any(|s| s.id == id);
        declared || settings.suppliers.is_empty() || units.by_id(id).is_some()
    };
    for (supplier, to) in last.iter().filter(|(s, _)| due(s)) {
        if *to < end && delivered.contains(supplier) {
            out.partial.push(((*supplier).clone(), *to));
        } else if *to < end {
            out.late.push(((*supplier).clone(), Some(*to)));
        }
    }
    for s in &settings.suppliers {
        let came = || delivered.iter().any(|d| **d == s.id);
        if !last.keys().any(|k| **k == s.id) && !came() {
            out.late.push((s.id.as_str().into(), None));
        }
    }
    let decides = |id: &str| {
        settings
            .suppliers
            .iter()
            .find(|s| s.id == id)
            .and_then(|s| s.cutoff)
            .unwrap_or_else(|| is_prison(id))
    };
    out.cutoff = last
        .iter()
        .filter(|(s, _)| decides(s))
        .map(|(_, d)| *d)
        .min()
        .map(|d| d.min(end));
    out
}

/// The earliest exit each file of a register shows.
fn earliest_exits(records: &Records) -> BTreeMap<FileId, NaiveDate> {
    let mut out: BTreeMap<FileId, NaiveDate> = BTreeMap::new();
    // Records of a file stand together, but for those a later file replaced.
    for of_file in records.custody.chunk_by(|a, b| a.at.file == b.at.file) {
        let exits = of_file.iter().filter_map(|r| r.exit.and(r.exit_date.day()));
        if let Some(d) = exits.min() {
            let e = out.entry(of_file[0].at.file).or_insert(d);
            *e = (*e).min(d);
        }
    }
    out
}

/// The last day up to which deliveries leave no gap: a month that is missing between two moves it back to the day before,
/// and what came later counts only once the gap is closed (docs/definitions.md 10, trap 19). What lies before the first delivery
/// is taken as known; so does an old sheet that came only beside a newer one of the same file.
fn reach(mut stretches: Vec<Stretch>, gaps_count: bool, month: Month) -> Option<NaiveDate> {
    stretches.sort_unstable();
    let old = month.plus(-LONGEST_MONTHS).first_day();
    let mut reach: Option<NaiveDate> = None;
    // A later register that looks back closes a gap, so the longest look back of all that follows decides.
    for (i, s) in stretches.iter().enumerate() {
        let from = stretches[i..]
            .iter()
            .map(|x| x.from)
            .min()
            .unwrap_or(s.from);
        let joins = reach.is_none_or(|r| {
            r.succ_opt().is_some_and(|next| from <= next) || s.from <= old || !gaps_count
        });
        // An old sheet beside the new one in the same file was never a delivery of its own: it lies before the first.
        let same_file = || stretches[..i].iter().all(|x| x.file == s.file);
        if !joins && !same_file() {
            break;
        }
        reach = reach.max(Some(s.to));
    }
    reach
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }
    fn reach_of(months: &[(NaiveDate, NaiveDate)]) -> Option<NaiveDate> {
        let files = (0..).map(FileId);
        let stretches = months.iter().zip(files);
        let stretches = stretches.map(|(&(from, to), file)| Stretch { to, from, file });
        reach(stretches.collect(), true, Month::new(2026, 4).unwrap())
    }

    #[test]
    fn a_missing_month_moves_the_cut_off_back_until_it_comes() {
        let jan = (d(2026, 1, 1), d(2026, 1, 31));
        let feb = (d(2026, 2, 1), d(2026, 2, 28));
        let mar = (d(2026, 3, 1), d(2026, 3, 31));
        assert_eq!(reach_of(&[jan, feb, mar]), Some(mar.1));
        assert_eq!(reach_of(&[mar, jan]), Some(jan.1), "February is missing");
        assert_eq!(reach_of(&[jan]), Some(jan.1));
        assert_eq!(reach_of(&[]), None);
    }

    #[test]
    fn an_old_sheet_of_the_same_file_is_before_the_first_delivery() {
        let of = |file, from, to| Stretch {
            to,
            from,
            file: FileId(file),
        };
        let nov = of(0, d(2025, 11, 1), d(2025, 11, 30));
        let jan = of(0, d(2026, 1, 1), d(2026, 1, 31));
        let month = Month::new(2026, 1).unwrap();
        assert_eq!(reach(vec![nov, jan], true, month), Some(d(2026, 1, 31)));
        let own = Stretch {
            file: FileId(1),
            ..nov
        };
        assert_eq!(reach(vec![own, jan], true, month), Some(d(2025, 11, 30)));
    }

    #[test]
    fn a_register_that_looks_back_closes_the_gap() {
        let jan = (d(2026, 1, 1), d(2026, 1, 31));
        let whole = (d(2024, 5, 1), d(2026, 3, 31));
        let apr = (d(2026, 4, 1), d(2026, 4, 30));
        assert_eq!(reach_of(&[jan, whole, apr]), Some(apr.1));
        let lone = (d(2026, 3, 1), d(2026, 3, 31));
        assert_eq!(
            reach_of(&[jan, lone, whole]),
            Some(whole.1),
            "even when both end alike"
        );
    }

    #[test]
    fn a_gap_further_back_than_any_window_does_not_matter() {
        let old = (d(2015, 1, 1), d(2015, 1, 31));
        let older_gap = (d(2016, 1, 1), d(2026, 4, 30));
        assert_eq!(reach_of(&[old, older_gap]), Some(d(2026, 4, 30)));
    }
}
