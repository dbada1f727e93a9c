//! Dates in every form offices write (DOMAIN.md 1.11). Day first, always.

use super::text::{is_placeholder, normal, tidy};
use crate::domain::PartialDate;
use crate::domain::raw::RawCell;
use crate::ingest::month_word;
use chrono::{Datelike, Days, NaiveDate};

/// What a date cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateReading {
    /// Nothing is written.
    Empty,
    /// A date as far as it is known.
    Known(PartialDate),
    /// Something is written that is no date; perhaps this was meant (never taken without a person's word).
    Bad(Option<NaiveDate>),
}

/// Day of an Excel serial number of the 1900 system; only 1920–2079, so that other numbers are not dates.
pub fn serial(n: f64) -> Option<NaiveDate> {
    let base = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    ((7306.0..65380.0).contains(&n))
        .then(|| base.checked_add_days(Days::new(n as u64)))
        .flatten()
}

/// Reads a date cell.
pub fn read(cell: &RawCell) -> DateReading {
    match cell {
        RawCell::Empty => DateReading::Empty,
        RawCell::Date(n) => serial(*n).map_or(DateReading::Bad(None), |d| {
            DateReading::Known(PartialDate::Day(d))
        }),
        RawCell::Number(n) => number(*n),
        RawCell::Text(t) => text(t),
        RawCell::Bool(_) | RawCell::Error(_) => DateReading::Bad(None),
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
        return DateReading::Known(PartialDate::Day(d));
    }
    let digits = format!("{n:.0}");
    compact(&digits).map_or(DateReading::Bad(None), |d| {
        DateReading::Known(PartialDate::Day(d))
    })
}

/// `20260209`, `09022026`.
fn compact(d: &str) -> Option<NaiveDate> {
    if d.len() != 8 || !d.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n = |r: std::ops::Range<usize>| d[r].parse::<u32>().ok();
    if d.starts_with("19") || d.starts_with("20") {
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
        4 => (1880..2200).contains(&y).then_some(y),
        2 => Some(if y <= 35 { 2000 + y } else { 1900 + y }),
        _ => None,
    }
}

/// `17-08-1990`, `17/08/1990`, `1990-08-17`: what nearly every date is; `None` is for [`written`] to read.
fn plain(t: &str) -> Option<NaiveDate> {
    let b: &[u8; 10] = t.as_bytes().try_into().ok()?;
    let num = |from: usize, to: usize| {
        b[from..to].iter().try_fold(0u32, |n, d| {
            d.is_ascii_digit().then(|| 10 * n + u32::from(d - b'0'))
        })
    };
    let mark = |at: usize| matches!(b[at], b'-' | b'/' | b'.');
    let (y, m, d) = match () {
        () if mark(2) && mark(5) => (num(6, 10)?, num(3, 5)?, num(0, 2)?),
        () if mark(4) && mark(7) => (num(0, 4)?, num(5, 7)?, num(8, 10)?),
        () => return None,
    };
    NaiveDate::from_ymd_opt(y as i32, m, d).filter(|_| (1880..2200).contains(&y))
}

fn text(t: &str) -> DateReading {
    if let Some(d) = plain(t) {
        return DateReading::Known(PartialDate::Day(d));
    }
    let s = tidy(t);
    if is_placeholder(&s) || s.chars().all(|c| !c.is_alphanumeric()) {
        return DateReading::Empty;
    }
    let all_zero = s.chars().filter(char::is_ascii_digit).all(|c| c == '0')
        && !s.chars().any(char::is_alphabetic);
    if all_zero {
        return DateReading::Empty;
    }
    match written(&s) {
        Some(p) => DateReading::Known(p),
        None => DateReading::Bad(candidate(&s)),
    }
}

fn written(s: &str) -> Option<PartialDate> {
    let n = normal(s);
    let mut words: Vec<&str> = n.split(' ').collect();
    // Time of day and weekday say nothing here.
    if words.len() > 3 && s.contains(':') {
        let keep = if words[0].len() == 4
            || words[1].chars().any(char::is_alphabetic)
            || words[2].len() >= 2
        {
            3
        } else {
            words.len()
        };
        words.truncate(keep);
    }
    if words.first().is_some_and(|w| is_weekday(w)) {
        words.remove(0);
        if words.first() == Some(&"at") {
            words.remove(0);
        }
    }
    words.retain(|w| {
        !matches!(
            *w,
            "tanggal" | "tgl" | "th" | "thn" | "tahun" | "sekitar" | "kira" | "ca" | "wit"
        )
    });
    let num = |w: &str| w.parse::<i32>().ok();
    match words.as_slice() {
        [y] if y.len() == 4 => full_year(num(y)?, 4).map(PartialDate::Year),
        [d] if d.len() == 8 => compact(d).map(PartialDate::Day),
        [d] => d
            .parse::<f64>()
            .ok()
            .filter(|_| d.len() == 5)
            .and_then(serial)
            .map(PartialDate::Day),
        [m, y] => {
            let month = month_of(m)?;
            PartialDate::Month(full_year(num(y)?, y.len())?, month as u8).into()
        }
        [a, b, c] => {
            if let Some(m) = month_word(b) {
                return NaiveDate::from_ymd_opt(full_year(num(c)?, c.len())?, m, num(a)? as u32)
                    .map(PartialDate::Day);
            }
            if a.len() == 4 {
                return NaiveDate::from_ymd_opt(num(a)?, num(b)? as u32, num(c)? as u32)
                    .map(PartialDate::Day);
            }
            if let Some(m) = month_word(a) {
                return NaiveDate::from_ymd_opt(full_year(num(c)?, c.len())?, m, num(b)? as u32)
                    .map(PartialDate::Day);
            }
            let (d, m, y) = (num(a)?, num(b)?, full_year(num(c)?, c.len())?);
            if (d, m) == (0, 0) {
                return Some(PartialDate::Year(y));
            }
            if a.len() > 2 || b.len() > 2 {
                return None;
            }
            NaiveDate::from_ymd_opt(y, m as u32, d as u32).map(PartialDate::Day)
        }
        _ => None,
    }
}

fn is_weekday(w: &str) -> bool {
    matches!(
        w,
        "senin" | "selasa" | "rabu" | "kamis" | "jumat" | "jum" | "sabtu" | "minggu" | "ahad"
    )
}

fn month_of(w: &str) -> Option<u32> {
    month_word(w).or_else(|| w.parse().ok().filter(|m| (1..=12).contains(m)))
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
        match written(&d.iter().collect::<String>()) {
            Some(PartialDate::Day(d)) => Some(d),
            _ => None,
        }
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
        match read(&RawCell::Text(s.into())) {
            DateReading::Known(PartialDate::Day(d)) => Some(d),
            _ => None,
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
            for f in ["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %B %Y"] {
                prop_assert_eq!(day(&d.format(f).to_string()), Some(d));
            }
        }
    }
}
