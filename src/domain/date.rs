//! Days that may be known only to the month or the year, and the calendar arithmetic of follow-up windows.

use chrono::{Datelike, Months, NaiveDate};

/// A date as far as the source knows it (DOMAIN.md 1.11: `1990`, `±1985` are dates of a lesser kind).
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
    /// The last day the date can mean: a release known only to the month counts at its end (DOMAIN.md 3.3).
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

/// `day` plus calendar months, clamped to the end of the month: 29-02-2024 + 12 = 28-02-2025 (DOMAIN.md 2.2).
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
    fn a_release_known_to_the_month_counts_at_month_end() {
        assert_eq!(
            PartialDate::Month(2026, 2).latest(),
            NaiveDate::from_ymd_opt(2026, 2, 28)
        );
    }
}
