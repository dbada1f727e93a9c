//! What decides about the cohorts of a release, in small numbers worked out once: which window is over, and how long it
//! took to come back. All cohorts of a nation read these instead of the histories.

use super::columns::Column;
use super::people::Context;
use super::returns::{CATEGORIES, DIMS};
use crate::domain::history::PersonId;
use crate::domain::{Month, add_months};
use crate::history::Release;
use chrono::{Datelike, NaiveDate};
use rayon::prelude::*;
use std::sync::Arc;

/// Later than any window.
const NEVER: u16 = u16::MAX;

/// One release, reduced to whole months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trail {
    /// Who.
    pub person: PersonId,
    /// The month of the release.
    pub month: Month,
    /// Lives in Kota Ambon.
    pub ambon: bool,
    /// Months of follow-up that are over at the cut-off date; negative when the release is later.
    followed: i32,
    /// The shortest window in months that holds the event: P1, P2, P3.
    until: [u16; 3],
}

impl Trail {
    fn of(c: &Context, r: &Release, wait: u16) -> Trail {
        let new = r.first_new().map_or(NEVER, |d| months_until(r.t0, d));
        let technical = r.first_technical().map_or(NEVER, |d| months_until(r.t0, d));
        let proven = r.new_returns().filter_map(|x| {
            let sentenced = months_until(r.t0, x.sentenced?);
            Some(months_until(r.t0, x.date).max(sentenced.saturating_sub(wait)))
        });
        Trail {
            person: r.person,
            month: Month::of(r.t0),
            ambon: c.ambon(r.person),
            followed: months_over(r.t0, c.cutoff),
            until: [new, proven.min().unwrap_or(NEVER), new.min(technical)],
        }
    }

    /// The month in which a window (and its waiting time) ends.
    pub fn over(&self, months: u16) -> Month {
        self.month.plus(i32::from(months))
    }

    /// Complete follow-up for a window (and its waiting time): decided by the release day alone (docs/definitions.md 3).
    pub fn is_complete(&self, months: u16) -> bool {
        i32::from(months) <= self.followed
    }

    /// Whether the window ended in the 12 months up to `end`.
    pub fn in_rolling(&self, months: u16, end: Month) -> bool {
        ended_in_year(self.month, months, end)
    }

    /// Whether the event lies within the window; P2's waiting time is that of the settings.
    pub fn event(&self, event: &str, window: u16) -> bool {
        let which = match event {
            "P2" => 1,
            "P3" => 2,
            _ => 0,
        };
        self.until[which] <= window
    }
}

/// Whether windows of so many months that began in a month ended in the 12 months up to `end` (docs/definitions.md 5).
pub fn ended_in_year(began: Month, months: u16, end: Month) -> bool {
    let over = began.plus(i32::from(months));
    over <= end && over > end.plus(-12)
}

/// The least number of months `m` with `add_months(t0, m) >= day`; 0 for days before `t0`.
fn months_until(t0: NaiveDate, day: NaiveDate) -> u16 {
    if day <= t0 {
        return 0;
    }
    let m = Month::of(day).since(Month::of(t0)).max(0) as u32;
    let reached = add_months(t0, m) >= day;
    u16::try_from(m + u32::from(!reached)).unwrap_or(NEVER - 1)
}

/// The largest number of months `m` with `add_months(t0, m) <= day`; negative when there is none.
fn months_over(t0: NaiveDate, day: NaiveDate) -> i32 {
    let m = Month::of(day).since(Month::of(t0));
    if m < 0 {
        return m;
    }
    let last = Month::of(day).days();
    if t0.day().min(last) <= day.day() {
        m
    } else {
        m - 1
    }
}

/// The trails of all releases, in their order, with the columns of their categories.
#[derive(Debug)]
pub struct Trails {
    /// One a release.
    pub all: Vec<Trail>,
    /// The categories of [`DIMS`], by release.
    pub columns: Arc<Vec<Column>>,
}

impl Trails {
    /// The trails of a context's releases.
    pub fn of(c: &Context) -> Trails {
        let wait = c.input.settings.definitions.waiting_months;
        let all = c.releases.par_iter().map(|r| Trail::of(c, r, wait));
        let (all, columns) = rayon::join(|| all.collect(), || columns(c));
        Trails {
            all,
            columns: Arc::new(columns),
        }
    }
}

fn columns(c: &Context) -> Vec<Column> {
    let each = DIMS.par_iter().zip(CATEGORIES);
    each.map(|(dimension, category)| {
        let mut column = Column::new(*dimension);
        c.releases.iter().for_each(|r| column.push(&category(c, r)));
        column
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn months_until_and_over_are_what_adding_months_says(
            t0 in 0u64..3000, later in 0u64..2500, earlier in 1u64..400
        ) {
            let from = NaiveDate::from_ymd_opt(2019, 12, 1).unwrap();
            let t0 = from.checked_add_days(chrono::Days::new(t0)).unwrap();
            let day = t0.checked_add_days(chrono::Days::new(later)).unwrap();
            let before = t0.checked_sub_days(chrono::Days::new(earlier)).unwrap();
            let until = u32::from(months_until(t0, day));
            prop_assert!(add_months(t0, until) >= day);
            prop_assert!(until == 0 || add_months(t0, until - 1) < day);
            let over = months_over(t0, day);
            prop_assert!(over >= 0 && add_months(t0, over as u32) <= day);
            prop_assert!(add_months(t0, over as u32 + 1) > day);
            prop_assert!(months_over(t0, before) < 0);
        }
    }
}
