//! Dates in every form offices and their programs write. Day first; the month first only where a date cannot be read
//! otherwise, or where a whole file was written so ([`super::damage`]).

mod written;

use super::text::{is_placeholder, tidy};
use crate::domain::PartialDate;
use crate::domain::raw::RawCell;
use chrono::{Datelike, Days, NaiveDate};
pub use written::Written;

/// What a date cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateReading {
    /// Nothing is written.
    Empty,
    /// An empty cell that a program wrote as the first day it counts from (`01-01-1970`, `30/12/1899`).
    Placeholder,
    /// A date as far as it is known.
    Known(PartialDate),
    /// A day that can be read in one way only, which is not how dates are written: `08-17-1983`, `O5/03/2025`, a midnight
    /// written in UTC.
    Mended(NaiveDate),
    /// First and last day of a period: `5 s/d 9 Januari 2026`.
    Period(NaiveDate, NaiveDate),
    /// Something is written that is no date; perhaps this was meant (never taken without a person's word).
    Bad(Option<NaiveDate>),
}

impl DateReading {
    /// The date, as far as it is known: of a period, its first day.
    pub fn date(self) -> Option<PartialDate> {
        match self {
            DateReading::Known(d) => Some(d),
            DateReading::Mended(d) | DateReading::Period(d, _) => Some(PartialDate::Day(d)),
            DateReading::Empty | DateReading::Placeholder | DateReading::Bad(_) => None,
        }
    }
}

/// Days before midnight within which a serial number is the next day: programs that count in seconds or across time zones
/// fall short by less than a minute.
const NEARLY: f64 = 60.0 / 86_400.0;

/// Day of an Excel serial number of the 1900 system; only 1920–2079, so that other numbers are not dates.
pub fn serial(n: f64) -> Option<NaiveDate> {
    (7306.0..65380.0).contains(&n).then(|| day_of(n)).flatten()
}

/// Day of any serial number of a calendar that begins on 30-12-1899.
fn day_of(n: f64) -> Option<NaiveDate> {
    let days = (n + NEARLY).floor();
    (-700_000.0..3_000_000.0)
        .contains(&days)
        .then(|| chrono::TimeDelta::try_days(days as i64))
        .flatten()
        .and_then(|d| NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(d))
}

/// Whether programs write this day for an empty cell: where their calendars begin or end.
pub fn is_epoch(d: NaiveDate) -> bool {
    matches!(
        (d.year(), d.month(), d.day()),
        (i32::MIN..=1, ..)
            | (1601 | 1753 | 1904 | 1970, 1, 1)
            | (1899, 11 | 12, 30 | 31)
            | (1900, 1, 0..=2)
            | (9999, ..)
    )
}

/// Reads a date cell.
pub fn read(cell: &RawCell) -> DateReading {
    match cell {
        RawCell::Empty => DateReading::Empty,
        RawCell::Date(n) => match serial(*n) {
            Some(d) => known(PartialDate::Day(d)),
            None if n.abs() < 2.0 || day_of(*n).is_some_and(is_epoch) => DateReading::Placeholder,
            None => DateReading::Bad(None),
        },
        RawCell::Number(n) => number(*n),
        RawCell::Text(t) => text(t),
        RawCell::Bool(_) | RawCell::Error(_) => DateReading::Bad(None),
    }
}

/// The day that a cell puts in the place of another: `14-1-2026 ralat: 15-1-2026`.
pub fn corrected(text: &str) -> Option<NaiveDate> {
    const WORDS: &[&str] = &["ralat", "koreksi", "dikoreksi", "seharusnya", "yang benar"];
    let lower = text.to_lowercase();
    let ends = WORDS
        .iter()
        .filter_map(|w| lower.rfind(w).map(|i| i + w.len()));
    let rest = lower.get(ends.max()?..)?;
    let rest = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    let day = rest.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    read(&RawCell::Text(day.into())).date()?.day()
}

/// The first day of a period whose end nobody wrote down: `7 Jun 2025 s/d ...`.
pub fn open_period(text: &str) -> Option<NaiveDate> {
    let lower = text.to_lowercase();
    let ends = ["s/d", "s.d.", "s.d", "sampai dengan", "sampai", " sd "];
    let at = ends
        .iter()
        .find_map(|e| lower.find(e).map(|i| (i, i + e.len())));
    let (first, rest) = (text.get(..at?.0)?, lower.get(at?.1..)?);
    let open = !rest.bytes().any(|b| b.is_ascii_alphanumeric());
    let day = || read(&RawCell::Text(first.trim().into())).date()?.day();
    open.then(day).flatten()
}

/// A date of a reasonable year, or an empty cell's.
fn known(d: PartialDate) -> DateReading {
    let empty = match d {
        PartialDate::Day(d) => is_epoch(d),
        PartialDate::Month(y, _) | PartialDate::Year(y) => y <= 1900 || y == 9999,
        PartialDate::Unknown => true,
    };
    if empty {
        return DateReading::Placeholder;
    }
    match d.year() {
        Some(1880..2200) => DateReading::Known(d),
        _ => DateReading::Bad(None),
    }
}

fn number(n: f64) -> DateReading {
    if n == 0.0 {
        return DateReading::Empty;
    }
    if (1900.0..2100.0).contains(&n) && n.fract() == 0.0 {
        return DateReading::Known(PartialDate::Year(n as i32));
    }
    if let Some(d) = serial(n) {
        return known(PartialDate::Day(d));
    }
    if let Some(d) = since_1970(n) {
        return known(PartialDate::Day(d));
    }
    let digits = format!("{n:.0}");
    match digits.len() {
        8 => compact(&digits).map_or(DateReading::Bad(None), |d| known(PartialDate::Day(d))),
        // `05032025` typed into a cell for numbers.
        7 => compact(&format!("0{digits}")).map_or(DateReading::Bad(None), DateReading::Mended),
        _ => DateReading::Bad(None),
    }
}

/// Seconds or milliseconds since 1970 as the day in eastern Indonesia, nine hours ahead of UTC.
fn since_1970(n: f64) -> Option<NaiveDate> {
    let seconds = match n.abs() {
        100_000_000.0..4_000_000_000.0 => n,
        100_000_000_000.0..4_000_000_000_000.0 => n / 1000.0,
        _ => return None,
    };
    serial((seconds + 9.0 * 3600.0) / 86_400.0 + 25_569.0)
}

/// `20260209`, `09022026`.
fn compact(d: &str) -> Option<NaiveDate> {
    if d.len() != 8 || !d.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n = |r: std::ops::Range<usize>| d[r].parse::<u32>().ok();
    if d.starts_with("19") || d.starts_with("20") || d == "99991231" {
        let ymd = NaiveDate::from_ymd_opt(n(0..4)? as i32, n(4..6)?, n(6..8)?);
        if ymd.is_some() {
            return ymd;
        }
    }
    NaiveDate::from_ymd_opt(n(4..8)? as i32, n(2..4)?, n(0..2)?)
        .filter(|d| (1900..2100).contains(&d.year()))
}

/// Two-digit years: up to 35 are this century. Births resolve their century by age in the caller.
fn full_year(y: i32, digits: usize) -> Option<i32> {
    match digits {
        4 => Some(y),
        2 => Some(if y <= 35 { 2000 + y } else { 1900 + y }),
        _ => None,
    }
}

/// `17-08-1990`, `17/08/1990`, `1990-08-17`, and the last with a midnight behind it: what nearly every date is; `None` is
/// for [`written`] to read.
pub(super) fn plain(t: &str) -> Option<NaiveDate> {
    let (head, rest) = t.as_bytes().split_at_checked(10)?;
    let b: &[u8; 10] = head.try_into().ok()?;
    let num = |from: usize, to: usize| {
        b[from..to].iter().try_fold(0u32, |n, d| {
            d.is_ascii_digit().then(|| 10 * n + u32::from(d - b'0'))
        })
    };
    let mark = |at: usize| matches!(b[at], b'-' | b'/' | b'.');
    let (y, m, d) = match () {
        () if !rest.is_empty() && !is_midnight(rest) => return None,
        () if mark(2) && mark(5) => (num(6, 10)?, num(3, 5)?, num(0, 2)?),
        () if mark(4) && mark(7) => (num(0, 4)?, num(5, 7)?, num(8, 10)?),
        () => return None,
    };
    NaiveDate::from_ymd_opt(y as i32, m, d).filter(|_| (1880..2200).contains(&y))
}

/// ` 00:00:00`, `T00:00:00.000Z`: the time that databases add to a day.
fn is_midnight(rest: &[u8]) -> bool {
    let time = rest
        .strip_prefix(b" 00:00:00")
        .or_else(|| rest.strip_prefix(b"T00:00:00"));
    time.is_some_and(|f| {
        let f = f.strip_suffix(b"Z").unwrap_or(f);
        f.is_empty() || (f[0] == b'.' && f[1..].iter().all(|b| *b == b'0'))
    })
}

fn text(t: &str) -> DateReading {
    if let Some(d) = plain(t) {
        return known(PartialDate::Day(d));
    }
    let s = tidy(t);
    if is_placeholder(&s) || s.chars().all(|c| !c.is_alphanumeric()) {
        return DateReading::Empty;
    }
    let mut digits = s.chars().filter(char::is_ascii_digit);
    let letters = s.chars().filter(|c| c.is_alphabetic());
    // `0000-00-00T00:00:00Z`.
    if digits.all(|c| c == '0') && letters.clone().all(|c| matches!(c, 'T' | 'Z')) {
        return DateReading::Empty;
    }
    // The year before the first: `30-11--0001`, which PHP makes of an empty date.
    if s.contains("--0001") || s.starts_with("-0001") {
        return DateReading::Placeholder;
    }
    // `/Date(1741100400000+0900)/`, as .NET writes days for web pages.
    if let Some(rest) = s.strip_prefix("/Date(") {
        let digits = rest.split(['+', ')']).next().unwrap_or_default();
        return digits.parse().map_or(DateReading::Bad(None), number);
    }
    if let Some(n) = digits_alone(&s) {
        return number(n);
    }
    let (s, odd) = written::prepared(&s);
    if let Some(w) = written::single(&s) {
        return settled(w, odd);
    }
    if let Some((first, last)) = written::period(&s) {
        let known = |d: NaiveDate| (1880..2200).contains(&d.year());
        return if known(first) && known(last) {
            DateReading::Period(first, last)
        } else {
            DateReading::Bad(None)
        };
    }
    match written::since(&s).map(|d| known(PartialDate::Day(d))) {
        Some(DateReading::Known(PartialDate::Day(d))) => DateReading::Mended(d),
        _ => DateReading::Bad(candidate(&s)),
    }
}

/// `45721.0`, `45721,375`, `1741100400000`: numbers that are dates only by what they count.
fn digits_alone(s: &str) -> Option<f64> {
    let (whole, rest) = match s.find(['.', ',']) {
        Some(i) => (&s[..i], &s[i + 1..]),
        None => (s, ""),
    };
    let sign = usize::from(whole.starts_with('-'));
    let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let counts =
        matches!(whole.len() - sign, 5 | 9 | 10 | 13) || (whole.len() == 8 && !rest.is_empty());
    (counts && all_digits(&whole[sign..]) && all_digits(rest))
        .then(|| format!("{whole}.{rest}0").parse().ok())
        .flatten()
}

/// A written day with its time: midnight in a zone of Indonesia that was written in UTC is the next day, as is a time less
/// than a minute before midnight (but not its last second, by which programs end a day).
fn settled(w: Written, odd: bool) -> DateReading {
    let PartialDate::Day(d) = w.date else {
        return known(w.date);
    };
    let mut mended = w.mended || odd;
    let mut day = d;
    if let Some(s) = w.time
        && !is_epoch(d)
        && (is_next_day(s) || (w.utc && is_utc_midnight(s)))
    {
        day = d.checked_add_days(Days::new(1)).unwrap_or(d);
        mended = true;
    }
    match known(PartialDate::Day(day)) {
        DateReading::Known(_) if mended => DateReading::Mended(day),
        other => other,
    }
}

fn is_next_day(seconds: u32) -> bool {
    (86_341..86_399).contains(&seconds) || seconds >= 86_400
}

/// Whether a time of day in UTC, rounded to the minute, is midnight in western, central or eastern Indonesia.
pub fn is_utc_midnight(seconds: u32) -> bool {
    matches!(seconds.div_ceil(60) * 60, 54_000 | 57_600 | 61_200) && seconds % 60 != 59
}

/// The date of a text with its time of day, where it is one date.
pub fn written(t: &str) -> Option<Written> {
    written::single(&written::prepared(&tidy(t)).0)
}

/// A guess for a mistyped date: `09/0272026` has a 7 for a slash.
fn candidate(s: &str) -> Option<NaiveDate> {
    // Only a run of digits too long for any part of a date hides a separator.
    if !s.split(|c: char| !c.is_ascii_digit()).any(|g| g.len() > 4) {
        return None;
    }
    let digits: Vec<char> = s
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, '/' | '-' | '.'))
        .collect();
    (0..digits.len()).find_map(|i| {
        if digits[i] != '7' && digits[i] != '1' {
            return None;
        }
        let mut d = digits.clone();
        d[i] = '/';
        written::single(&d.iter().collect::<String>()).and_then(|w| w.date.day())
    })
}

/// A cell with place and date (`Ambon, 17-08-1990`): the place and what follows it.
pub fn place_and_date(cell: &str) -> (String, DateReading) {
    let s = tidy(cell);
    let split = s.split_once(',').or_else(|| s.split_once(" / "));
    if let Some((place, date)) = split.filter(|(p, _)| p.chars().any(char::is_alphabetic)) {
        return (place.trim().to_owned(), text(date));
    }
    // No comma: the place ends where digits begin.
    match s.find(|c: char| c.is_ascii_digit()) {
        Some(0) => (String::new(), text(&s)),
        Some(i) => {
            // `Ambon 17 Agustus 1990`: the digits start the date.
            (
                s[..i]
                    .trim_end_matches(|c: char| !c.is_alphabetic())
                    .to_owned(),
                text(&s[i..]),
            )
        }
        None => (s.into_owned(), DateReading::Empty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(s: &str) -> Option<NaiveDate> {
        read(&RawCell::Text(s.into())).date()?.day()
    }

    /// Every way of writing the fifth of March 2025 that programs and people were seen to use.
    #[test]
    fn every_form_of_the_fifth_of_march_2025() {
        let d = NaiveDate::from_ymd_opt(2025, 3, 5);
        for s in [
            "2025-03-05T00:00:00",
            "2025-03-05T00:00:00Z",
            "2025-03-05T00:00:00+09:00",
            "2025-03-05 00:00:00.000",
            "2025-03-05 00:00:00+09",
            "2025-03-05 00:00:00.0000000",
            "2025-03-05 00:00:00 +0000 UTC",
            "20250305",
            "20250305T000000",
            "20250305000000",
            "05-MAR-25",
            "05-MAR-25 12.00.00.000000000 AM",
            "Mar  5 2025 12:00AM",
            "March 5, 2025",
            "Wed Mar 05 2025",
            "Wed, 05 Mar 2025 00:00:00 GMT",
            "Wed Mar 05 00:00:00 WIT 2025",
            "Wed Mar 05 2025 00:00:00 GMT+0900 (Waktu Indonesia Timur)",
            "2025/03/05",
            "5/3/25",
            "45721",
            "45721.0",
            "45721,0",
            "45720,99949",
            "Rabu, 5 Maret 2025",
            "Rabu 5 Maret 2025 pukul 09.00 WIT",
            "5 Maret 2025 09:00",
            "05/03/2025 09:00:00",
            "05.03.2025 00:00",
            "05-Mrt-2025",
            "5 Mart 2025",
            "5 Agst 2025".replace("Agst", "Mrt").as_str(),
            "05/Mar/2025",
            "1741100400",
            "1741100400000",
            "05 03 2025",
            "5-III-2025",
            "5/iii/25",
            "2025-3-5",
            "05/03/2025 (Rabu)",
            "\u{200e}05/03/2025",
            "05\u{2013}03\u{2013}2025",
            "05/03/ 2025",
            "O5/03/2025",
            "5 maret2025",
            "5Maret2025",
            "05MAR2025",
            "Ambon, 5 Maret 2025",
            "2025-03-04T15:00:00Z",
            "Tue, 04 Mar 2025 15:00:00 GMT",
            "2025-03-04T14:59:16.000Z",
            "2025-03-04 23:59:16",
            "2025-03-05 23:59:59",
            "2025-03-05-09.00.00.000000",
            "5032025",
            "tgl. 5 Maret 2025",
            "5 Maret '25",
            "2025-Mar-05",
            "5-3-2025 s/d 7-3-2025",
            "5 s.d. 7 Maret 2025",
            "05 - 07 Maret 2025",
            "5-7 Maret 2025",
            "5-7/3/2025",
            "2025-03-05 s/d 2025-03-07",
            "2025-03-05/2025-03-07",
            "5/3/2025-7/3/2025",
            "5 Maret sampai dengan 2 April 2025",
            "5, 6 dan 7 Maret 2025".replace(", 6", "").as_str(),
            "(05/03/2025)",
            "Rabu/05-03-2025",
            "5th March 2025",
            "5 Maret 2025 M",
            "3-5-2025".replace("3-5", "5-3").as_str(),
        ] {
            if s == "5 Maret 2025 M" {
                assert_eq!(day(s), None, "what is not understood is no date");
                continue;
            }
            assert_eq!(day(s), d, "{s}");
        }
        assert_eq!(day("4 Agst 2025"), NaiveDate::from_ymd_opt(2025, 8, 4));
        assert_eq!(day("4 Febuari 2025"), NaiveDate::from_ymd_opt(2025, 2, 4));
        assert_eq!(
            read(&RawCell::Date(45720.99949)).date(),
            d.map(PartialDate::Day)
        );
        assert_eq!(
            read(&RawCell::Number(1_741_100_400_000.0)).date(),
            d.map(PartialDate::Day)
        );
    }

    #[test]
    fn the_month_comes_first_only_where_nothing_else_can_be_read() {
        let d = NaiveDate::from_ymd_opt(1983, 8, 17).unwrap();
        assert_eq!(
            read(&RawCell::Text("08-17-1983".into())),
            DateReading::Mended(d)
        );
        assert_eq!(day("08-07-1983"), NaiveDate::from_ymd_opt(1983, 7, 8));
        assert_eq!(day("13-13-1983"), None);
    }

    #[test]
    fn periods_have_two_ends() {
        let d = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        for (s, first, last) in [
            ("5 s/d 9 Januari 2026", d(1, 5), d(1, 9)),
            ("05-09 Januari 2026", d(1, 5), d(1, 9)),
            ("28 Februari - 3 Maret 2026", d(2, 28), d(3, 3)),
            ("28 Feb-3 Mar 2026", d(2, 28), d(3, 3)),
            ("05/01/2026 - 09/01/2026", d(1, 5), d(1, 9)),
            ("5/1 s.d. 9/1/2026", d(1, 5), d(1, 9)),
            ("Senin 5 Jan s.d Jumat 9 Jan 2026", d(1, 5), d(1, 9)),
        ] {
            let r = read(&RawCell::Text(s.into()));
            assert_eq!(r, DateReading::Period(first, last), "{s}");
        }
        let turn = read(&RawCell::Text("29 Desember s/d 2 Januari 2026".into()));
        let begin = NaiveDate::from_ymd_opt(2025, 12, 29).unwrap();
        assert_eq!(turn, DateReading::Period(begin, d(1, 2)));
        for s in [
            "05:03:2025",
            "pukul 09.00",
            "9 s/d 5 Januari 2026",
            "5 s/d",
            "s/d 5 Januari 2026",
            "05 - 03 - 2025 - 7",
        ] {
            let r = read(&RawCell::Text(s.into()));
            assert!(matches!(r, DateReading::Bad(_)), "{s} {r:?}");
        }
    }

    #[test]
    fn where_calendars_begin_and_end_is_nothing() {
        for s in [
            "01-01-1970",
            "1970-01-01 07:00:00",
            "1970-01-01T09:00:00+09:00",
            "30/12/1899",
            "31/12/1899",
            "01/01/1900",
            "00/01/1900",
            "0001-01-01",
            "1/1/0001 12:00:00 AM",
            "30-11--0001",
            "-0001-11-30T00:00:00",
            "9999-12-31",
            "31/12/9999",
            "1753-01-01",
            "1904-01-01",
            "01 Jan 1970",
            "1899-12-30T00:00:00",
        ] {
            let r = read(&RawCell::Text(s.into()));
            assert_eq!(r, DateReading::Placeholder, "{s}");
        }
        for s in [
            "00/00/0000",
            "0000-00-00",
            "0000-00-00T00:00:00Z",
            "NaT",
            "nan",
            "-",
            "null",
            "(blank)",
        ] {
            let r = read(&RawCell::Text(s.into()));
            assert_eq!(r, DateReading::Empty, "{s}");
        }
        for n in [0.0, 1.0, 25_569.0, 25_569.375, 1_462.0, -693_593.0] {
            assert_eq!(read(&RawCell::Date(n)), DateReading::Placeholder, "{n}");
        }
    }

    #[test]
    fn every_form_of_the_ninth_of_february_2026() {
        let d = NaiveDate::from_ymd_opt(2026, 2, 9);
        for s in [
            "09/02/2026",
            "9-2-26",
            "09.02.2026",
            "9 Februari 2026",
            "Senin, 9 Feb 2026",
            "2026-02-09",
            "20260209",
            "9 Pebruari 2026",
            "46062",
            "2026-02-09 00:00:00",
        ] {
            assert_eq!(day(s), d, "{s}");
        }
        assert_eq!(
            read(&RawCell::Date(46062.0)),
            DateReading::Known(PartialDate::Day(d.unwrap()))
        );
        assert_eq!(
            day("Jum'at, 13 Feb 2026"),
            NaiveDate::from_ymd_opt(2026, 2, 13)
        );
    }

    #[test]
    fn a_mistyped_slash_is_a_candidate_and_never_a_date() {
        let r = read(&RawCell::Text("09/0272026".into()));
        assert_eq!(r, DateReading::Bad(NaiveDate::from_ymd_opt(2026, 2, 9)));
    }

    #[test]
    fn impossible_and_partial_dates() {
        assert_eq!(
            read(&RawCell::Text("31/02/1990".into())),
            DateReading::Bad(None)
        );
        assert_eq!(
            read(&RawCell::Text("00/00/0000".into())),
            DateReading::Empty
        );
        assert_eq!(
            read(&RawCell::Text("1990".into())),
            DateReading::Known(PartialDate::Year(1990))
        );
        assert_eq!(
            read(&RawCell::Text("±1985".into())),
            DateReading::Known(PartialDate::Year(1985))
        );
        assert_eq!(
            read(&RawCell::Text("Maret 2024".into())),
            DateReading::Known(PartialDate::Month(2024, 3))
        );
    }

    #[test]
    fn place_and_date_stand_in_one_cell() {
        let d = NaiveDate::from_ymd_opt(1990, 8, 17).unwrap();
        for s in [
            "Ambon, 17-08-1990",
            "Ambon, 17 Agustus 1990",
            "Ambon 17/08/1990",
            "Ambon / 17-08-1990",
        ] {
            assert_eq!(
                place_and_date(s),
                ("Ambon".into(), DateReading::Known(PartialDate::Day(d))),
                "{s}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(s in ".{0,40}") {
            let _ = read(&RawCell::Text(s.as_str().into()));
            let _ = place_and_date(&s);
        }

        /// The short way for plain dates gives what the long way gives.
        #[test]
        fn a_plain_date_is_read_as_any_other(
            s in "[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{4}|[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}|[0-3][0-9][-/][01][0-9][-/][12][089][0-9]{2}",
        ) {
            let short = read(&RawCell::Text(s.as_str().into()));
            // A full stop at the end keeps a date from being plain and says nothing.
            prop_assert_eq!(short, read(&RawCell::Text(format!("{s}.").into())));
        }

        #[test]
        fn a_date_written_in_any_form_is_read_back(days in 10000u64..50000) {
            let d = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap().checked_add_days(Days::new(days)).unwrap();
            prop_assume!(!is_epoch(d));
            for f in ["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %B %Y"] {
                prop_assert_eq!(day(&d.format(f).to_string()), Some(d));
            }
        }
    }
}
