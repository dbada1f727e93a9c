//! Days in free text: with and without their year, in figures and in words.

use crate::clean::date::{self, DateReading};
use crate::clean::text::{is_placeholder, says, wording};
use crate::domain::raw::RawCell;
use crate::domain::{Month, PartialDate};

/// Whether a text names a day.
pub fn names_day(text: &str, list: Option<Month>) -> bool {
    let digit = text.bytes().any(|b| b.is_ascii_digit());
    digit && text.len() <= 2_000 && !is_placeholder(text) && {
        let days = marked(text, list).1;
        days.iter().any(|d| d.day().is_some())
    }
}

/// The last day that a text names.
pub fn last_day(text: &str, list: Option<Month>) -> PartialDate {
    if text.len() > 2_000 || is_placeholder(text) {
        return PartialDate::Unknown;
    }
    let days = marked(text, list).1;
    let whole = days.into_iter().filter(|d| d.day().is_some());
    whole.max_by_key(|d| d.day()).unwrap_or_default()
}

/// The one day that a cell of a column of days names among words that affirm it: `ijazah 22 Jan 2026`, `meninggal di RSUD 12 Jan
/// 2026`. What is planned, refused, heard or only drafted on a day is none.
pub fn day_told(text: &str, list: Option<Month>) -> Option<chrono::NaiveDate> {
    const NOT_SO: &[&str] = &[
        "sidang",
        "konsep",
        "draf",
        "draft",
        "ulang",
        "tunggu",
        "kontrol",
        "hingga",
        "sd",
        "s d",
        "batal",
        "tidak",
        "belum",
        "gagal",
        "ditunda",
        "nonaktif",
        "tempo",
        "berikutnya",
        "lagi",
        "surat",
        "sk",
    ];
    if text.len() > 120 {
        return None;
    }
    let (marked, days) = marked(text, list);
    let n = wording(&marked);
    let [day] = days[..] else { return None };
    let words = without_days(&n);
    let told = !words.is_empty() && !words.bytes().any(|b| b.is_ascii_digit());
    (told && !says(&words, NOT_SO) && !says(&words, super::words::NOT_YET))
        .then(|| day.day())
        .flatten()
}

/// The days that a text names with their year, in its order.
pub fn whole_days(text: &str) -> Vec<chrono::NaiveDate> {
    let days = marked(text, None).1;
    days.into_iter().filter_map(PartialDate::day).collect()
}

/// A text in which every day is a word of its own (`qqa`, `qqb` …), and the days.
pub(super) fn marked(text: &str, list: Option<Month>) -> (String, Vec<PartialDate>) {
    let mut out = String::with_capacity(text.len() + 16);
    let mut days = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && days.len() < 20 {
        let starts = rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !out.ends_with(|c: char| c.is_alphanumeric());
        let behind_tgl = || {
            let before = out.trim_end_matches(['.', ' ']).to_ascii_lowercase();
            before.ends_with("tgl") || before.ends_with("tanggal")
        };
        let day = if starts {
            day_at(rest, list).or_else(|| {
                rest.starts_with(|c: char| c.is_ascii_digit())
                    .then(behind_tgl)
                    .filter(|yes| *yes)
                    .and_then(|_| bare_day(rest, list))
            })
        } else {
            None
        };
        if let Some((length, day)) = day {
            out.push_str(" qq");
            out.push(char::from(b'a' + days.len() as u8));
            out.push(' ');
            days.push(day);
            rest = &rest[length..];
            continue;
        }
        let Some(c) = rest.chars().next() else { break };
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out.push_str(rest);
    (out, days)
}

pub(super) fn day_in(segment: &str, days: &[PartialDate], last: bool) -> Option<PartialDate> {
    let mut found = segment.split(' ').filter_map(|w| {
        let k = w.strip_prefix("qq")?.bytes().next()?.checked_sub(b'a')?;
        days.get(usize::from(k)).copied()
    });
    if last {
        found.next_back()
    } else {
        found.next()
    }
}

pub(super) fn without_days(n: &str) -> String {
    let words = n
        .split(' ')
        .filter(|w| !(w.starts_with("qq") && w.len() == 3));
    words.collect::<Vec<_>>().join(" ")
}

/// The day at the beginning of a text, with its length.
fn day_at(s: &str, list: Option<Month>) -> Option<(usize, PartialDate)> {
    numeric(s)
        .or_else(|| spelt(s, list))
        .or_else(|| without_year(s, list))
}

/// `17/1`, `26/1`: a day and a month; `1/2`, `1/3` and `2/3` are shares of a sentence.
fn without_year(s: &str, list: Option<Month>) -> Option<(usize, PartialDate)> {
    let (day, rest) = s.split_once('/')?;
    let month: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let short = |w: &str| (1..=2).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_digit());
    let after = rest[month.len()..].chars().next();
    let ends = after.is_none_or(|c| !c.is_alphanumeric() && c != '/' && c != '-');
    let share = matches!((day, month.as_str()), ("1", "2" | "3") | ("2", "3"));
    if !short(day) || !short(&month) || !ends || share {
        return None;
    }
    let on = in_year(list?, month.parse().ok()?, day.parse().ok()?)?;
    Some((day.len() + 1 + month.len(), PartialDate::Day(on)))
}

/// The day that a text of nothing else names without a year, in the year that brings it before the end of the list's month.
pub fn day_without_year(text: &str, list: Option<Month>) -> Option<chrono::NaiveDate> {
    let t = text.trim();
    let (length, on) = spelt(t, list).or_else(|| without_year(t, list))?;
    on.day().filter(|_| t[length..].trim().is_empty())
}

/// A day without a year is of the year that brings it before the end of the list's month.
fn in_year(list: Month, month: u32, day: u32) -> Option<chrono::NaiveDate> {
    let last = list.last_day();
    let of = |y: i32| chrono::NaiveDate::from_ymd_opt(y, month, day);
    let this = of(chrono::Datelike::year(&last)).filter(|d| *d <= last);
    this.or_else(|| of(chrono::Datelike::year(&last) - 1))
}

/// `14` behind `tgl`: a day of the list's month.
fn bare_day(s: &str, list: Option<Month>) -> Option<(usize, PartialDate)> {
    let digits: String = s.chars().take_while(char::is_ascii_digit).collect();
    let after = s[digits.len()..].chars().next();
    let ends = after.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '-'));
    let day: u32 = digits.parse().ok().filter(|_| ends && digits.len() <= 2)?;
    let list = list?;
    let on = chrono::NaiveDate::from_ymd_opt(list.year(), list.month(), day)?;
    Some((digits.len(), PartialDate::Day(on)))
}

fn known(text: &str) -> Option<PartialDate> {
    match date::read(&RawCell::Text(text.into())) {
        DateReading::Known(d) if d.is_known() => Some(d),
        _ => None,
    }
}

/// `5/5/2025`, `03-01-26`, `2025-05-05`, `5.5.2025`, with blanks around the marks or not.
fn numeric(s: &str) -> Option<(usize, PartialDate)> {
    let b = s.as_bytes();
    let mut at = 0;
    let mut parts = 0;
    let mut end = 0;
    while parts < 3 {
        let from = at;
        while b.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        if at == from || at - from > 4 {
            return None;
        }
        parts += 1;
        end = at;
        if parts == 3 {
            break;
        }
        while b.get(at) == Some(&b' ') {
            at += 1;
        }
        if !matches!(b.get(at), Some(b'/' | b'-' | b'.')) {
            return None;
        }
        at += 1;
        while b.get(at) == Some(&b' ') {
            at += 1;
        }
    }
    // Part of a number of a decree: `W28-123/2025/45`.
    let more = b.get(end).is_some_and(|c| {
        c.is_ascii_alphanumeric()
            || *c == b'/' && b.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
    });
    if more {
        return None;
    }
    let tight: String = s[..end].chars().filter(|c| *c != ' ').collect();
    known(&tight).map(|d| (end, d))
}

/// `5 Mei 2025`, `5 Mei`, `Mei 2025`.
fn spelt(s: &str, list: Option<Month>) -> Option<(usize, PartialDate)> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for part in s
        .split_inclusive(|c: char| !c.is_ascii_alphanumeric())
        .take(4)
    {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if !word.is_empty() {
            words.push((at, at + word.len()));
        }
        at += part.len();
    }
    let word = |i: usize| words.get(i).map(|(a, b)| &s[*a..*b]);
    let month = |w: &str| {
        // `24 jam` are hours, and no slip of `24 Jan`.
        let letters = w.bytes().all(|b| b.is_ascii_alphabetic()) && w.len() >= 3;
        let letters = letters && !w.eq_ignore_ascii_case("jam");
        let read = letters.then(|| known(&format!("1 {w} 2025"))).flatten();
        read.and_then(PartialDate::day)
            .map(|d| chrono::Datelike::month(&d))
    };
    let year = |w: &str| {
        w.len() == 4 && w.parse::<i32>().is_ok_and(|y| (1950..=2100).contains(&y))
            || w.len() == 2 && w.parse::<u8>().is_ok()
    };
    let first = word(0)?;
    let day: Option<u32> = first
        .parse()
        .ok()
        .filter(|d| (1..=31).contains(d) && first.len() <= 2);
    match (day, word(1)) {
        (Some(day), Some(m)) => {
            let m = month(m)?;
            if let Some(y) = word(2).filter(|y| year(y)) {
                let end = words[2].1;
                return known(&format!("{day} {} {y}", word(1)?)).map(|d| (end, d));
            }
            let last = list?.last_day();
            let of = |y: i32| chrono::NaiveDate::from_ymd_opt(y, m, day);
            let this = of(chrono::Datelike::year(&last)).filter(|d| *d <= last);
            let on = this.or_else(|| of(chrono::Datelike::year(&last) - 1))?;
            Some((words[1].1, PartialDate::Day(on)))
        }
        (None, Some(y)) if y.len() == 4 && year(y) => {
            let m = month(first)?;
            Some((words[1].1, PartialDate::Month(y.parse().ok()?, m as u8)))
        }
        _ => None,
    }
}
