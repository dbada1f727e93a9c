//! Birth dates as evidence: the ways clerks err, and days that are written where only the year is known.

use super::agree::Date;
use chrono::{Datelike, NaiveDate};

/// Levels; 0 where a year is missing.
pub mod level {
    /// Far enough apart to be parent and child.
    pub const GENERATION: u8 = 1;
    /// Different.
    pub const DIFFERENT: u8 = 2;
    /// The same year, another day.
    pub const YEAR: u8 = 3;
    /// Two of year, month and day.
    pub const TWO_PARTS: u8 = 4;
    /// The same year where one says no more.
    pub const YEAR_ALONE: u8 = 5;
    /// Day and month exchanged, one digit wrong or two exchanged.
    pub const SLIP: u8 = 6;
    /// The same.
    pub const EQUAL: u8 = 7;
}

/// Years a year of birth by an age may be off.
pub const ABOUT: u32 = 1;
/// Years between parent and child, at least.
const GENERATION: u32 = 15;
/// A day of the year that so many times more people are born on than on any other stands for a year alone.
const HEAPED: f64 = 2.5;
/// Births that a heap has at least.
const LEAST_HEAP: f64 = 12.0;

/// Days of the year that are written where only the year is known: the first of January and the last of December, and what
/// else is written far more often than people are born.
#[derive(Debug, Clone)]
pub struct Heaps([bool; 13 * 32]);

impl Heaps {
    /// Of the birth dates that are written.
    pub fn of(written: impl Iterator<Item = NaiveDate>) -> Heaps {
        let mut count = [0u32; 13 * 32];
        let mut all = 0;
        for d in written {
            count[Self::at(d)] += 1;
            all += 1;
        }
        let most = (f64::from(all) / 365.25 * HEAPED).max(LEAST_HEAP);
        let mut out = Heaps(count.map(|n| f64::from(n) > most));
        for (month, day) in [(1, 1), (12, 31)] {
            out.0[month * 32 + day] = true;
        }
        out
    }

    fn at(d: NaiveDate) -> usize {
        d.month() as usize * 32 + d.day() as usize
    }

    /// Whether a date says its year alone.
    pub fn year_alone(&self, d: NaiveDate) -> bool {
        self.0[Self::at(d)]
    }
}

/// A birth date as far as it is evidence.
#[derive(Debug, Clone, Copy, Default)]
pub struct Born {
    /// The day, where it is known and no default.
    pub day: Date,
    /// The year, where it is known.
    pub year: Option<i32>,
    /// The year is that of an age, and may be one off.
    pub about: bool,
}

impl Born {
    /// The level two birth dates reach.
    pub fn level(self, other: Born) -> u8 {
        let (x, y) = (self.day, other.day);
        let Some((p, q)) = self.year.zip(other.year) else {
            return 0;
        };
        let apart = p.abs_diff(q);
        let different = match apart >= GENERATION {
            true => level::GENERATION,
            false => level::DIFFERENT,
        };
        if !x.is_known() || !y.is_known() {
            return match apart {
                0 => level::YEAR_ALONE,
                ABOUT if self.about || other.about => level::YEAR_ALONE,
                1 => level::YEAR,
                _ => different,
            };
        }
        match () {
            () if x.same(y) => level::EQUAL,
            () if x.day_month(y) || x.one_digit(y) => level::SLIP,
            () if x.two_parts(y) && apart < GENERATION => level::TWO_PARTS,
            () if x.year(y) => level::YEAR,
            () => different,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn born(y: i32, m: u32, d: u32) -> Born {
        Born {
            day: Date::on(day(y, m, d)),
            year: Some(y),
            about: false,
        }
    }

    #[test]
    fn birth_dates_agree_as_far_as_clerks_and_fathers_make_them() {
        let a = born(1988, 4, 5);
        let year = |y| Born {
            year: Some(y),
            ..Born::default()
        };
        let about = |y| Born {
            year: Some(y),
            about: true,
            ..Born::default()
        };
        for (b, want) in [
            (about(1989), level::YEAR_ALONE),
            (about(1990), level::DIFFERENT),
            (year(1989), level::YEAR),
            (born(1988, 4, 5), level::EQUAL),
            (born(1988, 5, 4), level::SLIP),
            (born(1998, 4, 5), level::SLIP),
            (year(1988), level::YEAR_ALONE),
            (born(1988, 4, 27), level::TWO_PARTS),
            (born(1988, 9, 27), level::YEAR),
            (born(1985, 9, 27), level::DIFFERENT),
            (born(1961, 4, 5), level::GENERATION),
            (Born::default(), 0),
        ] {
            assert_eq!((a.level(b), b.level(a)), (want, want), "{b:?}");
        }
    }

    #[test]
    fn a_day_on_which_far_too_many_are_born_is_a_heap() {
        let spread = (0..3650).filter_map(|i| NaiveDate::from_yo_opt(1981, 1 + i % 365));
        let heaps = Heaps::of(spread.chain((0..40).map(|_| day(1980, 6, 15))));
        assert!(heaps.year_alone(day(1970, 6, 15)) && heaps.year_alone(day(1980, 1, 1)));
        assert!(!heaps.year_alone(day(1980, 6, 16)));
    }
}
