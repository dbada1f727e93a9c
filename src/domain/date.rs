//! Days that may be known only to the month or the year, and the calendar arithmetic of follow-up windows.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A date as far as the source knows it (docs/definitions.md 10: `1990`, `±1985` are dates of a lesser kind).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum PartialDate {
    /// Nothing usable was written.
    #[default]
    Unknown,
    /// The year alone.
    Year(i32),
    /// Year and month.
    Month(i32, u8),
    /// The day.
    Day(NaiveDate),
}

impl PartialDate {
    /// The day, when it is known.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            PartialDate::Day(d) => Some(d),
            _ => None,
        }
    }
    /// The year, when anything is known.
    pub fn year(self) -> Option<i32> {
        match self {
            PartialDate::Unknown => None,
            PartialDate::Year(y) | PartialDate::Month(y, _) => Some(y),
            PartialDate::Day(d) => Some(d.year()),
        }
    }
    /// The last day the date can mean: a release known only to the month counts at its end (docs/definitions.md 4).
    pub fn latest(self) -> Option<NaiveDate> {
        match self {
            PartialDate::Unknown => None,
            PartialDate::Year(y) => NaiveDate::from_ymd_opt(y, 12, 31),
            PartialDate::Month(y, m) => {
                super::Month::new(y, u32::from(m)).map(super::Month::last_day)
            }
            PartialDate::Day(d) => Some(d),
        }
    }
    /// The first day the date can mean.
    pub fn earliest(self) -> Option<NaiveDate> {
        match self {
            PartialDate::Unknown => None,
            PartialDate::Year(y) => NaiveDate::from_ymd_opt(y, 1, 1),
            PartialDate::Month(y, m) => NaiveDate::from_ymd_opt(y, u32::from(m), 1),
            PartialDate::Day(d) => Some(d),
        }
    }
    /// Whether anything is known.
    pub fn is_known(self) -> bool {
        self != PartialDate::Unknown
    }
}

/// Where a year's number begins in a serialised date; what it leaves free says which part of the year.
const YEAR: u32 = 9;
/// The parts of the year beyond its 366 days that say a month: January is this and one.
const MONTHS: i32 = 400;

/// As one number: year, and the day of the year, or the month, or nought.
impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let whole = |year: i32, part: i32| Some((year << YEAR) | part);
        match *self {
            PartialDate::Unknown => None,
            PartialDate::Year(y) => whole(y, 0),
            PartialDate::Month(y, m) => whole(y, MONTHS + i32::from(m)),
            PartialDate::Day(d) => whole(d.year(), d.ordinal() as i32),
        }
        .serialize(s)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let Some(whole) = Option::<i32>::deserialize(d)? else {
            return Ok(PartialDate::Unknown);
        };
        let (year, part) = (whole >> YEAR, whole & ((1 << YEAR) - 1));
        match part {
            0 => Some(PartialDate::Year(year)),
            m if (1..=12).contains(&(m - MONTHS)) => {
                Some(PartialDate::Month(year, (m - MONTHS) as u8))
            }
            d => NaiveDate::from_yo_opt(year, d as u32).map(PartialDate::Day),
        }
        .ok_or_else(|| serde::de::Error::custom("no day has this number"))
    }
}

/// `day` plus calendar months, clamped to the end of the month: 29-02-2024 + 12 = 28-02-2025 (docs/definitions.md 3).
pub fn add_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months))
        .unwrap_or(NaiveDate::MAX)
}

/// Completed years of age on `on`; negative ages come out as 0.
pub fn age_on(birth: NaiveDate, on: NaiveDate) -> u32 {
    on.years_since(birth).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_from_a_leap_day_ends_on_the_last_of_february() {
        let t0 = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        assert_eq!(
            add_months(t0, 12),
            NaiveDate::from_ymd_opt(2025, 2, 28).unwrap()
        );
    }

    #[test]
    fn a_serialised_date_comes_back() {
        let day = |y, m, d| PartialDate::Day(NaiveDate::from_ymd_opt(y, m, d).unwrap());
        for d in [
            PartialDate::Unknown,
            PartialDate::Year(1985),
            PartialDate::Year(0),
            PartialDate::Month(2026, 1),
            PartialDate::Month(1899, 12),
            day(2024, 12, 31),
            day(2024, 2, 29),
            day(-1, 1, 1),
        ] {
            let bytes = postcard::to_stdvec(&d).unwrap();
            assert_eq!(postcard::from_bytes::<PartialDate>(&bytes).unwrap(), d);
            assert!(bytes.len() <= 5, "{bytes:?}");
        }
        let no_day = postcard::to_stdvec(&Some((2025 << YEAR) | 366)).unwrap();
        assert!(postcard::from_bytes::<PartialDate>(&no_day).is_err());
    }

    #[test]
    fn a_release_known_to_the_month_counts_at_month_end() {
        assert_eq!(
            PartialDate::Month(2026, 2).latest(),
            NaiveDate::from_ymd_opt(2026, 2, 28)
        );
    }
}
