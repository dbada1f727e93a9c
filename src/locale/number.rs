//! Numbers and dates as Indonesian and English readers write them (docs/definitions.md 10).

use super::{Lang, text};
use crate::domain::Month;
use chrono::{Datelike, NaiveDate};

/// `1234` → `1.234` (id) or `1,234` (en); rounds to the nearest integer.
pub fn integer(lang: Lang, value: f64) -> String {
    decimal(lang, value, 0)
}

/// With a fixed number of decimals: `1234.5` → `1.234,5` (id) or `1,234.5` (en).
pub fn decimal(lang: Lang, value: f64, decimals: usize) -> String {
    let plain = format!("{:.*}", decimals, value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let (thousands, point) = match lang {
        Lang::Id => ('.', ','),
        Lang::En => (',', '.'),
    };
    let mut out = String::new();
    if value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('−');
    }
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(thousands);
        }
        out.push(c);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// A share as a percentage: `0.264` → `26,4 %` (id) or `26.4%` (en).
pub fn percent(lang: Lang, share: f64, decimals: usize) -> String {
    let n = decimal(lang, share * 100.0, decimals);
    match lang {
        Lang::Id => format!("{n} %"),
        Lang::En => format!("{n}%"),
    }
}

/// `9 Februari 2026`, `9 February 2026`.
pub fn date_long(lang: Lang, day: NaiveDate) -> String {
    format!(
        "{} {} {}",
        day.day(),
        text(lang, &format!("domain.month.{}", day.month())),
        day.year()
    )
}

/// `09-02-2026`, day first in both languages.
pub fn date_short(day: NaiveDate) -> String {
    day.format("%d-%m-%Y").to_string()
}

/// `Februari 2026`, `February 2026`.
pub fn month_long(lang: Lang, month: Month) -> String {
    format!(
        "{} {}",
        text(lang, &format!("domain.month.{}", month.month())),
        month.year()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indonesian_readers_see_points_for_thousands_and_a_comma_for_decimals() {
        assert_eq!(decimal(Lang::Id, 1234567.25, 1), "1.234.567,2");
        assert_eq!(decimal(Lang::En, 1234.5, 1), "1,234.5");
        assert_eq!(percent(Lang::Id, 0.264, 1), "26,4 %");
        assert_eq!(integer(Lang::Id, -0.2), "0");
        assert_eq!(integer(Lang::Id, -1200.0), "−1.200");
    }

    #[test]
    fn dates_are_day_first_with_the_months_name() {
        let d = NaiveDate::from_ymd_opt(2026, 2, 9).unwrap();
        assert_eq!(
            (date_long(Lang::Id, d), date_long(Lang::En, d)),
            ("9 Februari 2026".into(), "9 February 2026".into())
        );
        assert_eq!(date_short(d), "09-02-2026");
    }
}
