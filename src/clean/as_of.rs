//! The last day that counts, and for which other last days a file would have been cleaned just the same.
//!
//! Most files lie wholly in the past: what was made of them for one month serves the next. So the day is only reached
//! through questions, and each answer narrows the range of days on which it would have been the same.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// Last days, first and last of them included, on which the same is made of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    from: NaiveDate,
    to: NaiveDate,
}

impl Default for Alike {
    /// Every day: nothing has been asked.
    fn default() -> Self {
        Alike {
            from: NaiveDate::MIN,
            to: NaiveDate::MAX,
        }
    }
}

impl Alike {
    /// Whether the day is one of them.
    pub fn holds(self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }
    /// Days in both.
    pub fn and(self, other: Alike) -> Alike {
        Alike {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
    }
}

/// The last day that counts, as the cleaning of one table asks for it.
#[derive(Debug)]
pub struct AsOf {
    day: NaiveDate,
    alike: Cell<Alike>,
}

impl AsOf {
    /// Nothing asked yet.
    pub fn new(day: NaiveDate) -> AsOf {
        AsOf {
            day,
            alike: Cell::default(),
        }
    }
    fn narrow(&self, from: NaiveDate, to: NaiveDate) {
        self.alike.set(self.alike.get().and(Alike { from, to }));
    }
    /// Whether it lies before `d`: what happens on `d` does not count yet.
    pub fn is_before(&self, d: NaiveDate) -> bool {
        if self.day < d {
            self.narrow(NaiveDate::MIN, d.pred_opt().unwrap_or(d));
            true
        } else {
            self.narrow(d, NaiveDate::MAX);
            false
        }
    }
    /// `d`, or the last day that counts when that is earlier.
    pub fn at_most(&self, d: NaiveDate) -> NaiveDate {
        if self.is_before(d) {
            self.narrow(self.day, self.day);
            self.day
        } else {
            d
        }
    }
    /// Its calendar year.
    pub fn year(&self) -> i32 {
        let year = self.day.year();
        let day = |m, d| NaiveDate::from_ymd_opt(year, m, d).unwrap_or(self.day);
        self.narrow(day(1, 1), day(12, 31));
        year
    }
    /// On which last days every answer so far would have been the same.
    pub fn alike(&self) -> Alike {
        self.alike.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;

    #[test]
    fn a_range_comes_back_whole() {
        let asked = AsOf::new(NaiveDate::from_ymd_opt(2026, 1, 31).unwrap());
        asked.year();
        for range in [Alike::default(), asked.alike()] {
            let bytes = postcard::to_stdvec(&range).unwrap();
            assert_eq!(postcard::from_bytes::<Alike>(&bytes).unwrap(), range);
        }
    }

    proptest! {
        /// Whatever is asked, on a day of the range the answers are the same; on the days beside it one differs.
        #[test]
        fn answers_are_the_same_on_the_days_of_the_range_alone(
            day in 0u64..3_000,
            asked in prop::collection::vec((0u8..3, 0u64..3_000), 0..6),
        ) {
            let on = |n: u64| NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + Days::new(n);
            let answers = |day: NaiveDate| {
                let as_of = AsOf::new(day);
                let all: Vec<String> = asked.iter().map(|&(what, d)| match what {
                    0 => as_of.is_before(on(d)).to_string(),
                    1 => as_of.at_most(on(d)).to_string(),
                    _ => as_of.year().to_string(),
                }).collect();
                (all, as_of.alike())
            };
            let (here, alike) = answers(on(day));
            prop_assert!(alike.holds(on(day)));
            for n in 0..3_400 {
                if alike.holds(on(n)) {
                    prop_assert_eq!(&answers(on(n)).0, &here);
                }
            }
            let beside = [alike.from.pred_opt(), alike.to.succ_opt()];
            for d in beside.into_iter().flatten().filter(|d| *d > NaiveDate::MIN && *d < NaiveDate::MAX) {
                prop_assert_ne!(&answers(d).0, &here);
            }
        }
    }
}
