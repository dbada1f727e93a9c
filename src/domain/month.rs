//! A calendar month: the rhythm of every report.

use chrono::{Datelike, NaiveDate};
use std::{fmt, str::FromStr};

/// A calendar month, ordered in time. Its text form is `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    /// Months since year 0, so that arithmetic is integer arithmetic.
    index: i32,
}

impl Month {
    /// Year and month (1–12); `None` when the month is out of range or the year is not 1900–2200.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        ((1..=12).contains(&month) && (1900..=2200).contains(&year)).then(|| Self {
            index: year * 12 + month as i32 - 1,
        })
    }
    /// The month a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self {
            index: day.year() * 12 + day.month0() as i32,
        }
    }
    /// Calendar year.
    pub fn year(self) -> i32 {
        self.index.div_euclid(12)
    }
    /// Month of the year, 1–12.
    pub fn month(self) -> u32 {
        self.index.rem_euclid(12) as u32 + 1
    }
    /// Quarter of the year, 1–4.
    pub fn quarter(self) -> u32 {
        (self.month() - 1) / 3 + 1
    }
    /// `n` months later (earlier when negative).
    pub fn plus(self, n: i32) -> Self {
        Self {
            index: self.index + n,
        }
    }
    /// Whole months from `earlier` to `self`.
    pub fn since(self, earlier: Month) -> i32 {
        self.index - earlier.index
    }
    /// First day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.month(), 1).unwrap_or(NaiveDate::MIN)
    }
    /// Last day: the as-of date of a report.
    pub fn last_day(self) -> NaiveDate {
        self.plus(1)
            .first_day()
            .pred_opt()
            .unwrap_or(NaiveDate::MIN)
    }
    /// Number of days.
    pub fn days(self) -> u32 {
        self.last_day().day()
    }
    /// Whether the day lies in this month.
    pub fn contains(self, day: NaiveDate) -> bool {
        Month::of(day) == self
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.year(), self.month());
        let Ok(y @ 0..=9999) = u32::try_from(year) else {
            return write!(f, "{year:04}-{month:02}");
        };
        // Facts and registries have millions of them: written digit by digit.
        let digit = |n: u32| b'0' + (n % 10) as u8;
        let text = [
            digit(y / 1000),
            digit(y / 100),
            digit(y / 10),
            digit(y),
            b'-',
            digit(month / 10),
            digit(month),
        ];
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

/// The text was not `YYYY-MM`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a month; write YYYY-MM, for example 2026-01")]
pub struct BadMonth(pub String);

impl FromStr for Month {
    type Err = BadMonth;
    fn from_str(s: &str) -> Result<Self, BadMonth> {
        let bad = || BadMonth(s.to_owned());
        let (y, m) = s.trim().split_once('-').ok_or_else(bad)?;
        if y.len() != 4 || m.len() != 2 {
            return Err(bad());
        }
        Month::new(y.parse().map_err(|_| bad())?, m.parse().map_err(|_| bad())?).ok_or_else(bad)
    }
}

/// Month words, Indonesian and English, whole and abbreviated.
pub fn month_word(word: &str) -> Option<u32> {
    Some(match word {
        "januari" | "january" | "jan" => 1,
        "februari" | "pebruari" | "february" | "feb" | "peb" => 2,
        "maret" | "march" | "mar" | "mrt" => 3,
        "april" | "apr" => 4,
        "mei" | "may" => 5,
        "juni" | "june" | "jun" => 6,
        "juli" | "july" | "jul" => 7,
        "agustus" | "august" | "agu" | "agt" | "ags" | "agust" | "aug" => 8,
        "september" | "sep" | "sept" => 9,
        "oktober" | "october" | "okt" | "oct" => 10,
        "november" | "nopember" | "nov" | "nop" => 11,
        "desember" | "december" | "des" | "dec" => 12,
        _ => return None,
    })
}

impl serde::Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            s.collect_str(self)
        } else {
            s.serialize_i32(self.index)
        }
    }
}
impl<'de> serde::Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if !d.is_human_readable() {
            let index = i32::deserialize(d)?;
            return Ok(Self { index });
        }
        let s = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
        s.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_count_across_years() {
        let m: Month = "2025-11".parse().unwrap();
        assert_eq!(m.plus(3).to_string(), "2026-02");
        assert_eq!(m.plus(3).since(m), 3);
        assert_eq!(
            m.plus(3).last_day(),
            NaiveDate::from_ymd_opt(2026, 2, 28).unwrap()
        );
    }

    #[test]
    fn a_month_is_written_digit_by_digit() {
        for (y, m) in [(2026, 1), (1999, 12), (2020, 10)] {
            let month = Month::new(y, m).unwrap();
            assert_eq!(month.to_string(), format!("{y:04}-{m:02}"));
        }
    }

    #[test]
    fn a_month_is_written_with_two_digits() {
        assert!("2026-1".parse::<Month>().is_err());
        assert!("2026-13".parse::<Month>().is_err());
        assert!("26-01".parse::<Month>().is_err());
    }
}
