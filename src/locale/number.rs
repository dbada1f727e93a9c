//! Numbers and dates as Indonesian and English readers write them (docs/definitions.md 10).

use super::{Lang, text};
use crate::domain::Month;
use chrono::{Datelike, NaiveDate};

/// `1234` → `1.234` (id) or `1,234` (en); rounds to the nearest integer, halves away from nought.
pub fn integer(lang: Lang, value: f64) -> String {
    decimal(lang, value, 0)
}

/// The nearest number of so many decimals, halves away from nought as spreadsheets show them: a sentence and the cell it
/// speaks of have the same digits. A number within a part in 10¹⁴ of a half is one, as in their fifteen digits.
fn rounded(value: f64, decimals: usize) -> f64 {
    let unit = 10f64.powi(decimals as i32);
    // Beyond fifteen digits there is nothing left to round.
    if value * unit >= 1e15 {
        return value;
    }
    (value * unit * (1.0 + 1e-14)).round() / unit
}

/// With a fixed number of decimals: `1234.5` → `1.234,5` (id) or `1,234.5` (en).
pub fn decimal(lang: Lang, value: f64, decimals: usize) -> String {
    let plain = format!("{:.*}", decimals, rounded(value.abs(), decimals));
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

/// A share as a percentage: `0.264` → `26,4 %` (id, with a space that does not break) or `26.4%` (en).
pub fn percent(lang: Lang, share: f64, decimals: usize) -> String {
    let n = decimal(lang, share * 100.0, decimals);
    match lang {
        Lang::Id => format!("{n}\u{a0}%"),
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
        assert_eq!(decimal(Lang::Id, 1234567.25, 1), "1.234.567,3");
        assert_eq!(decimal(Lang::En, 1234.5, 1), "1,234.5");
        assert_eq!(percent(Lang::Id, 0.264, 1), "26,4\u{a0}%");
        assert_eq!(integer(Lang::Id, -0.2), "0");
        assert_eq!(integer(Lang::Id, -1200.0), "−1.200");
    }

    #[test]
    fn halves_are_rounded_away_from_nought_as_a_spreadsheet_shows_them() {
        // 20 of 32 is 62.5 %: a cell of the format `0%` shows 63%.
        assert_eq!(percent(Lang::En, 20.0 / 32.0, 0), "63%");
        assert_eq!(percent(Lang::En, 1.0 / 8.0, 0), "13%");
        // 0.285 × 100 is a little below 28.5 in binary; its fifteen digits are 28.5.
        assert_eq!(percent(Lang::En, 0.285, 0), "29%");
        assert_eq!(decimal(Lang::En, 1.005, 2), "1.01");
        assert_eq!(decimal(Lang::En, -0.5, 0), "−1");
        assert_eq!(decimal(Lang::En, 0.4999999, 0), "0");
        assert_eq!(
            decimal(Lang::En, 9_007_199_254_740_993.0, 0),
            "9,007,199,254,740,992"
        );
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
