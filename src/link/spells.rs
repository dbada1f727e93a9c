//! When and where custody registers place an identity: two prisons at once, without a transfer, are two people.
//!
//! Only what a register proves counts. A row without an exit proves the day of admission and nothing after it: old lists
//! forget exits. A prison that repeats the first day of detention proves nothing against the one before it.

use crate::domain::records::{Custody, Records};
use crate::domain::{ExitCode, Upt};
use chrono::NaiveDate;

/// Days that two registers of one person may overlap: hand-over, travel, late entries.
const HAND_OVER: i64 = 7;
/// Admissions at most this many days apart are one admission, written down twice.
const SAME_ADMISSION: i64 = 3;

/// One stay in one unit, as a register has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    upt: Upt,
    from: NaiveDate,
    to: Option<NaiveDate>,
    /// Left by transfer; to which unit, if that is written.
    transferred: Option<Option<Upt>>,
    came_from: Option<Upt>,
}

impl Spell {
    fn of(r: &Custody) -> Option<Spell> {
        let from = r.admitted.day()?;
        let to = r.exit_date.day();
        if to.is_some_and(|t| t < from) {
            return None;
        }
        Some(Spell {
            upt: r.upt,
            from,
            to,
            transferred: (r.exit == Some(ExitCode::Pdh)).then_some(r.to_upt),
            came_from: r.from_upt,
        })
    }

    /// The two cannot be one person's.
    pub fn excludes(&self, other: &Spell) -> bool {
        if self.upt == other.upt || self.leads_to(other) || other.leads_to(self) {
            return false;
        }
        if (self.from - other.from).num_days().abs() <= SAME_ADMISSION {
            return false;
        }
        match (self.to, other.to) {
            (Some(x), Some(y)) => (x.min(y) - self.from.max(other.from)).num_days() > HAND_OVER,
            (Some(end), None) => self.holds(end, other.from),
            (None, Some(end)) => other.holds(end, self.from),
            (None, None) => false,
        }
    }

    /// Inside on a day, well after admission and well before the end.
    fn holds(&self, end: NaiveDate, day: NaiveDate) -> bool {
        (day - self.from).num_days() > HAND_OVER && (end - day).num_days() > HAND_OVER
    }

    /// A transfer explains why the other begins before this one ends.
    fn leads_to(&self, other: &Spell) -> bool {
        let sent = self
            .transferred
            .is_some_and(|to| to.is_none_or(|u| u == other.upt));
        (sent || other.came_from == Some(self.upt)) && other.from >= self.from
    }
}

/// Spells of every identity.
#[derive(Debug, Clone, Default)]
pub struct Spells {
    all: Vec<Spell>,
    /// Where each identity's spells begin; one more at the end.
    starts: Vec<u32>,
}

impl Spells {
    /// Reads them off the registers; custody records are the first of all, so `node_of` names their identities.
    pub fn of(records: &Records, node_of: &[u32], identities: usize) -> Spells {
        let mut keyed: Vec<(u32, Spell)> = records
            .custody
            .iter()
            .zip(node_of)
            .filter_map(|(r, &node)| Spell::of(r).map(|s| (node, s)))
            .collect();
        // Of one admission in several lists the earliest exit is what is proven; a row without one comes last.
        keyed.sort_unstable_by_key(|&(node, s)| (node, s.upt, s.from, s.to.is_none(), s));
        keyed.dedup_by_key(|(node, s)| (*node, s.upt, s.from));
        let mut starts = vec![0; identities + 1];
        for (node, _) in &keyed {
            starts[*node as usize + 1] += 1;
        }
        for i in 0..identities {
            starts[i + 1] += starts[i];
        }
        Spells {
            all: keyed.into_iter().map(|(_, s)| s).collect(),
            starts,
        }
    }

    /// Spells of one identity.
    pub fn get(&self, identity: u32) -> &[Spell] {
        let at = |i: usize| self.starts.get(i).copied().unwrap_or(0) as usize;
        let i = identity as usize;
        self.all.get(at(i)..at(i + 1)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    fn spell(upt: u16, from: &str, to: &str) -> Spell {
        Spell {
            upt: Upt(upt),
            from: day(from),
            to: (!to.is_empty()).then(|| day(to)),
            transferred: None,
            came_from: None,
        }
    }

    #[test]
    fn two_prisons_at_once_are_two_people_and_one_prison_is_not() {
        let a = spell(1, "2024-01-10", "2024-12-01");
        assert!(a.excludes(&spell(2, "2024-03-01", "2024-06-01")));
        assert!(!a.excludes(&spell(1, "2024-03-01", "2024-06-01")));
        assert!(!a.excludes(&spell(2, "2024-12-03", "2025-06-01")));
    }

    #[test]
    fn a_hand_over_of_a_few_days_or_a_written_transfer_is_no_overlap() {
        let a = spell(1, "2024-01-10", "2024-12-01");
        assert!(!a.excludes(&spell(2, "2024-11-26", "2025-06-01")));
        let sent = Spell {
            transferred: Some(Some(Upt(2))),
            ..a
        };
        assert!(!sent.excludes(&spell(2, "2024-10-01", "2025-06-01")));
        assert!(sent.excludes(&spell(3, "2024-10-01", "2025-06-01")));
        let came = Spell {
            came_from: Some(Upt(1)),
            ..spell(2, "2024-10-01", "2025-06-01")
        };
        assert!(!a.excludes(&came));
    }

    #[test]
    fn a_row_without_an_exit_proves_its_admission_alone() {
        let open = spell(1, "2020-01-10", "");
        assert!(!open.excludes(&spell(2, "2023-03-01", "2024-06-01")));
        assert!(!open.excludes(&spell(2, "2023-03-01", "")));
        assert!(open.excludes(&spell(2, "2019-03-01", "2021-06-01")));
    }

    #[test]
    fn the_first_day_of_detention_repeated_by_the_next_prison_proves_nothing() {
        let a = spell(1, "2024-01-10", "2024-03-01");
        assert!(!a.excludes(&spell(2, "2024-01-10", "2025-06-01")));
    }
}
