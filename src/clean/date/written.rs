//! What a text says of a day: numbers, month words, times of day and zones taken apart, whatever stands between them.

use super::full_year;
use crate::domain::PartialDate;
use crate::domain::month::month_word;
use chrono::NaiveDate;

/// A day as a text has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The day, as far as it is written; any year of four digits.
    pub date: PartialDate,
    /// Seconds since midnight, where a time stands beside it.
    pub time: Option<u32>,
    /// The time is said to be UTC.
    pub utc: bool,
    /// It can be read in one way only, and that is not how dates are written.
    pub mended: bool,
}

/// A run of digits, or of letters, with the last mark before it (a blank where there is none but blanks, nothing where it
/// is glued to what stands before).
#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    mark: Option<char>,
    text: &'a str,
    number: bool,
}

/// Part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Number(&'a str),
    Month(u32),
}

/// Most tokens of a text that is one date.
const TOKENS: usize = 24;

/// Lower case, dashes of every length as hyphens, and without what stands in brackets; whether that may say something.
pub fn prepared(s: &str) -> (String, bool) {
    let mut out = String::with_capacity(s.len());
    let (mut inside, mut depth, mut odd) = (String::new(), 0u32, false);
    for c in s.chars() {
        let c = match c {
            '–' | '—' | '‑' | '‒' | '−' | '－' => '-',
            '’' | '‘' | '`' | '´' => '\'',
            c => c,
        };
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                let zone = out.contains("gmt") || out.contains("utc");
                odd |= !zone && !says_nothing(&inside);
                inside.clear();
            }
            c if depth > 0 => inside.extend(c.to_lowercase()),
            c => out.extend(c.to_lowercase()),
        }
    }
    // A date that stands in brackets as a whole, or whose bracket is never closed.
    if !out.bytes().any(|b| b.is_ascii_digit()) {
        let bare = s.replace(['(', ')'], " ").to_lowercase();
        return (bare, false);
    }
    (out, odd || depth > 0)
}

fn says_nothing(words: &str) -> bool {
    words
        .split(|c: char| !c.is_alphanumeric())
        .all(|w| w.is_empty() || is_weekday(w) || is_zone(w) || w == "at")
}

/// Days of the week, Indonesian and English, whole and abbreviated.
pub fn is_weekday(w: &str) -> bool {
    matches!(
        w,
        "senin"
            | "selasa"
            | "rabu"
            | "kamis"
            | "jumat"
            | "jum"
            | "sabtu"
            | "minggu"
            | "ahad"
            | "sen"
            | "sel"
            | "rab"
            | "kam"
            | "sab"
            | "min"
            | "mgg"
            | "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "mon"
            | "tue"
            | "tues"
            | "wed"
            | "thu"
            | "thur"
            | "thurs"
            | "fri"
            | "sat"
            | "sun"
    )
}

fn is_zone(w: &str) -> bool {
    matches!(
        w,
        "wit" | "wita" | "wib" | "utc" | "gmt" | "z" | "jst" | "est" | "pst" | "cst"
    )
}

/// Words beside a date that say nothing of the day.
fn is_filler(w: &str) -> bool {
    matches!(
        w,
        "tanggal"
            | "tgl"
            | "tg"
            | "th"
            | "thn"
            | "tahun"
            | "sekitar"
            | "kira"
            | "kurang"
            | "lebih"
            | "ca"
            | "hari"
            | "bulan"
            | "bln"
            | "pada"
            | "per"
            | "st"
            | "nd"
            | "rd"
            | "of"
            | "the"
    )
}

fn roman(w: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
    ];
    MONTHS.iter().position(|m| *m == w).map(|i| i as u32 + 1)
}

/// A month word, and whether it was misspelled: `agst` is an abbreviation, `febuari` one letter short of one month alone.
fn month(w: &str) -> Option<(u32, bool)> {
    const MONTHS: [&str; 12] = [
        "januari",
        "februari",
        "maret",
        "april",
        "mei",
        "juni",
        "juli",
        "agustus",
        "september",
        "oktober",
        "november",
        "desember",
    ];
    let known = month_word(w).or(match w {
        "jn" | "jann" => Some(1),
        "pebr" | "febr" | "feb'" => Some(2),
        "mart" | "mrt" | "mart'" => Some(3),
        "aprl" | "apl" => Some(4),
        "mey" => Some(5),
        "juny" => Some(6),
        "july" | "jul'" => Some(7),
        "agst" | "agus" | "agts" | "augs" => Some(8),
        "spt" | "septr" => Some(9),
        "oktb" | "okto" => Some(10),
        "nopbr" | "novbr" | "nopb" => Some(11),
        "desb" | "dsmbr" => Some(12),
        _ => None,
    });
    if let Some(m) = known {
        return Some((m, false));
    }
    if w.len() < 5 {
        return None;
    }
    let near = |m: &str| {
        let most = if m.len() >= 7 { 2 } else { 1 };
        m.len() >= 5 && strsim::osa_distance(w, m) <= most
    };
    let mut found = (1u32..).zip(MONTHS).filter(|(_, m)| near(m));
    let (m, _) = found.next()?;
    found.next().is_none().then_some((m, true))
}

fn tokens(s: &str) -> Option<Vec<Token<'_>>> {
    let mut out: Vec<Token> = Vec::with_capacity(8);
    let mut mark = None;
    let mut chars = s.char_indices().peekable();
    while let Some((from, c)) = chars.next() {
        if !c.is_alphanumeric() {
            mark = match (mark, c) {
                (Some(m), c) if c.is_whitespace() => Some(m),
                (_, c) if c.is_whitespace() => Some(' '),
                _ => Some(c),
            };
            continue;
        }
        let number = c.is_ascii_digit();
        let mut to = from + c.len_utf8();
        while let Some(&(at, c)) = chars.peek() {
            if !c.is_alphanumeric() || c.is_ascii_digit() != number {
                break;
            }
            to = at + c.len_utf8();
            chars.next();
        }
        if out.len() == TOKENS {
            return None;
        }
        out.push(Token {
            mark,
            text: &s[from..to],
            number,
        });
        mark = None;
    }
    Some(out)
}

/// `O5/03/2025`, `1l-02-2025`: letters that look like digits within a short number.
fn digits_for_letters(s: &str) -> Option<String> {
    let mut changed = false;
    let mut out = String::with_capacity(s.len());
    for piece in s.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let run = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let alike = run
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, 'o' | 'l' | 'i'));
        if digits > 0 && alike && digits < run.len() && run.len() <= 4 {
            changed = true;
            out.extend(piece.chars().map(|c| match c {
                'o' => '0',
                'l' | 'i' => '1',
                c => c,
            }));
        } else {
            out.push_str(piece);
        }
    }
    changed.then_some(out)
}

/// Reads a prepared text that is one date.
pub fn single(s: &str) -> Option<Written> {
    one(s).or_else(|| {
        let mended = digits_for_letters(s)?;
        one(&mended).map(|w| Written { mended: true, ..w })
    })
}

fn one(s: &str) -> Option<Written> {
    let all = tokens(s)?;
    let mut parts: Vec<Part> = Vec::with_capacity(3);
    let (mut time, mut utc, mut mended) = (None, false, false);
    let mut i = 0;
    let at = |i: usize| all.get(i).copied();
    while let Some(t) = at(i) {
        i += 1;
        if !t.number {
            let next_number = at(i).is_some_and(|n| n.number);
            match t.text {
                "at" if i >= 2 && at(i - 2).is_some_and(|b| b.text == "jum") => {}
                // `20250305T000000`: the time may come in one piece.
                "t" if next_number && !parts.is_empty() => {
                    (time, i) = clock(&all, i, true)?;
                }
                "pukul" | "jam" | "pkl" | "jm" if next_number => {
                    (time, i) = clock(&all, i, false)?;
                }
                "am" | "pm" | "a" | "p" if time.is_some() => {
                    if matches!(t.text, "a" | "p") && at(i).is_some_and(|n| n.text == "m") {
                        i += 1;
                    }
                    time = time.map(|s| half_of_day(s, t.text.starts_with('p')));
                }
                "z" | "utc" | "gmt" if time.is_some() => {
                    utc = true;
                    if let Some(n) = at(i).filter(|n| n.number && offset(n)) {
                        utc = is_nought(n.text);
                        i += 1;
                        i += usize::from(at(i).is_some_and(|n| n.number && n.mark == Some(':')));
                    }
                }
                w if is_weekday(w) || is_zone(w) || is_filler(w) => {}
                w if parts.len() == 1 && next_number && roman(w).is_some() => {
                    parts.push(Part::Month(roman(w)?));
                }
                w if w.bytes().all(|b| b == b'x') && parts.is_empty() && next_number => {
                    parts.push(Part::Number("0"));
                }
                w => {
                    if let Some((m, misspelled)) = month(w) {
                        mended |= misspelled;
                        parts.push(Part::Month(m));
                    } else if parts.is_empty() && at(i).is_some_and(|n| n.mark == Some(',')) {
                        // `Ambon, 5 Maret 2025`.
                        mended = true;
                    } else {
                        return None;
                    }
                }
            }
            continue;
        }
        let colon = at(i).is_some_and(|n| n.number && n.mark == Some(':'));
        let whole = parts.len() >= 3 || matches!(parts[..], [Part::Number(n)] if n.len() == 8);
        if time.is_some() && offset(&t) {
            utc = is_nought(t.text);
            i += usize::from(colon);
        } else if colon || (whole && time.is_none() && dotted(&all, i - 1)) {
            (time, i) = clock(&all, i - 1, false)?;
        } else if parts.len() < 3 {
            parts.push(Part::Number(t.text));
        } else {
            return None;
        }
    }
    let (date, odd, inside) = interpreted(&parts)?;
    // A time of day beside no day: what was taken for a time is not one.
    if time.is_some() && date.day().is_none() {
        return None;
    }
    Some(Written {
        date,
        time: time.or(inside),
        utc,
        mended: mended || odd,
    })
}

/// `+09`, `-0800`: a number behind a sign.
fn offset(t: &Token) -> bool {
    matches!(t.mark, Some('+' | '-')) && matches!(t.text.len(), 1 | 2 | 4)
}

/// `12.00.00.000000000`, `09.00`: a time behind a date, its parts divided by full stops.
fn dotted(all: &[Token], from: usize) -> bool {
    let dots = (all[from + 1..].iter())
        .take_while(|t| t.number && t.mark == Some('.'))
        .count();
    match all[from].mark {
        Some(' ' | ',') => dots >= 1,
        Some('-') => dots >= 2,
        _ => false,
    }
}

fn is_nought(digits: &str) -> bool {
    digits.bytes().all(|b| b == b'0')
}

fn half_of_day(seconds: u32, afternoon: bool) -> u32 {
    let (hour, rest) = (seconds / 3600, seconds % 3600);
    match (hour, afternoon) {
        (12, false) => rest,
        (1..=11, true) => seconds + 12 * 3600,
        _ => seconds,
    }
}

/// Hours, minutes, seconds from a token on; returns seconds since midnight and where the time ends. `None`: no time.
fn clock(all: &[Token], from: usize, packed: bool) -> Option<(Option<u32>, usize)> {
    let first = all.get(from)?;
    let num = |s: &str| s.parse::<u32>().ok();
    if packed && matches!(first.text.len(), 4 | 6) {
        let (h, m) = (num(&first.text[..2])?, num(&first.text[2..4])?);
        let s = first.text.get(4..6).map_or(Some(0), num)?;
        let fraction = all
            .get(from + 1)
            .is_some_and(|t| t.number && t.mark == Some('.'));
        return seconds(h, m, s).map(|s| (Some(s), from + 1 + usize::from(fraction)));
    }
    let mut parts = [0u32; 3];
    let mut i = from;
    for (k, part) in parts.iter_mut().enumerate() {
        let Some(t) = all.get(i) else { break };
        let follows = k == 0 || matches!(t.mark, Some(':' | '.'));
        if !t.number || !follows || t.text.len() > 2 {
            break;
        }
        *part = num(t.text)?;
        i += 1;
    }
    if i == from {
        return None;
    }
    // A fraction of a second.
    let fraction = |t: &&Token| t.number && matches!(t.mark, Some('.' | ',' | ':'));
    if i == from + 3 && all.get(i).as_ref().is_some_and(fraction) {
        i += 1;
    }
    seconds(parts[0], parts[1], parts[2]).map(|s| (Some(s), i))
}

fn seconds(h: u32, m: u32, s: u32) -> Option<u32> {
    (h <= 24 && m < 60 && s <= 60).then(|| h * 3600 + m * 60 + s)
}

/// The date of some parts, whether it can only be read so, and a time that was within.
fn interpreted(parts: &[Part]) -> Option<(PartialDate, bool, Option<u32>)> {
    use Part::{Month as M, Number as N};
    let num = |w: &str| w.parse::<u32>().ok();
    let plain = |d: PartialDate| Some((d, false, None));
    let day = |y: i32, m: u32, d: u32| match (d, m) {
        (0, 0) => Some(PartialDate::Year(y)),
        (0, 1..=12) => Some(PartialDate::Month(y, m as u8)),
        _ => NaiveDate::from_ymd_opt(y, m, d).map(PartialDate::Day),
    };
    // Day first; the month first only where nothing else is possible.
    let either = |y: i32, d: u32, m: u32| {
        day(y, m, d).map(|p| (p, false, None)).or_else(|| {
            let exchanged = m > 12 && (1..=12).contains(&d);
            exchanged
                .then(|| day(y, d, m).map(|p| (p, true, None)))
                .flatten()
        })
    };
    match *parts {
        [N(y)] if y.len() == 4 => plain(PartialDate::Year(full_year(num(y)? as i32, 4)?)),
        [N(d)] if d.len() == 8 => plain(PartialDate::Day(super::compact(d)?)),
        [N(d)] if d.len() == 7 => {
            let d = super::compact(&format!("0{d}"))?;
            Some((PartialDate::Day(d), true, None))
        }
        [N(d)] if matches!(d.len(), 12 | 14) => {
            let at = seconds(num(&d[8..10])?, num(&d[10..12])?, 0)?;
            let second = d.get(12..14).map_or(Some(0), num)?;
            Some((
                PartialDate::Day(super::compact(&d[..8])?),
                false,
                Some(at + second),
            ))
        }
        [M(m), N(y)] => plain(PartialDate::Month(
            full_year(num(y)? as i32, y.len())?,
            m as u8,
        )),
        [N(y), M(m)] if y.len() == 4 => {
            plain(PartialDate::Month(full_year(num(y)? as i32, 4)?, m as u8))
        }
        [N(m), N(y)] if m.len() <= 2 && (1..=12).contains(&num(m)?) => {
            let y = full_year(num(y)? as i32, y.len())?;
            plain(PartialDate::Month(y, num(m)? as u8))
        }
        [N(y), N(m)] if y.len() == 4 && m.len() <= 2 && (1..=12).contains(&num(m)?) => plain(
            PartialDate::Month(full_year(num(y)? as i32, 4)?, num(m)? as u8),
        ),
        [N(y), M(m), N(d)] if y.len() == 4 && d.len() <= 2 => {
            plain(day(full_year(num(y)? as i32, 4)?, m, num(d)?)?)
        }
        [N(d), M(m), N(y)] | [M(m), N(d), N(y)] if d.len() <= 2 => {
            plain(day(full_year(num(y)? as i32, y.len())?, m, num(d)?)?)
        }
        [N(y), N(m), N(d)] if y.len() == 4 && m.len() <= 2 && d.len() <= 2 => {
            let y = full_year(num(y)? as i32, 4)?;
            either(y, num(d)?, num(m)?)
        }
        [N(d), N(m), N(y)] if d.len() <= 2 && m.len() <= 2 => {
            either(full_year(num(y)? as i32, y.len())?, num(d)?, num(m)?)
        }
        _ => None,
    }
}

/// Words and marks between the two days of a period.
const BETWEEN: &[&str] = &[
    "s/d",
    "s.d.",
    "s.d",
    " sd ",
    " sampai dengan ",
    " sampai ",
    " hingga ",
    " until ",
    " to ",
    " s d ",
    "~",
    " - ",
    " dan ",
    " & ",
];

/// The day since when, of what is still going on: `5 Maret 2025 s/d sekarang`.
pub fn since(s: &str) -> Option<NaiveDate> {
    let (left, right) = BETWEEN.iter().find_map(|mark| s.split_once(mark))?;
    let open = matches!(
        right.trim_matches(|c: char| !c.is_alphanumeric()),
        "sekarang" | "saat ini" | "kini" | "selesai" | "seterusnya" | "now" | "present"
    );
    open.then(|| single(left)?.date.day()).flatten()
}

/// A period in a prepared text: its first and last day. `5 s/d 9 Januari 2026`, `28 Feb - 3 Mar 2025`, `5-7 Maret 2025`.
pub fn period(s: &str) -> Option<(NaiveDate, NaiveDate)> {
    BETWEEN
        .iter()
        .find_map(|mark| {
            let (left, right) = s.split_once(mark)?;
            if right.contains(mark) && *mark == " - " {
                return None;
            }
            let right = right.trim_start_matches(['.', ' ']);
            joined(left.trim(), right)
        })
        .or_else(|| hyphenated(s))
}

fn joined(left: &str, right: &str) -> Option<(NaiveDate, NaiveDate)> {
    let last = single(right)?.date.day()?;
    let first = match single(left).map(|w| w.date) {
        Some(PartialDate::Day(d)) => d,
        _ => beginning(left, last)?,
    };
    ordered(first, last)
}

/// The first day of a period whose month or year stands with the last alone.
fn beginning(left: &str, last: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike;
    let all = tokens(left)?;
    let said: Vec<&Token> = (all.iter())
        .filter(|t| t.number || !(is_weekday(t.text) || is_filler(t.text)))
        .filter(|t| !matches!(t.text, "dari" | "mulai" | "from"))
        .collect();
    let day = |t: &Token| t.text.parse::<u32>().ok().filter(|_| t.number);
    let of = |m: u32, d: u32| {
        let this = NaiveDate::from_ymd_opt(last.year(), m, d).filter(|f| *f <= last);
        this.or_else(|| NaiveDate::from_ymd_opt(last.year() - 1, m, d))
    };
    match said[..] {
        [d] => NaiveDate::from_ymd_opt(last.year(), last.month(), day(d)?),
        [d, m] if !m.number => of(month(m.text)?.0, day(d)?),
        [d, m] => of(day(m)?, day(d)?),
        _ => None,
    }
}

/// `5-7 Maret 2025`, `5-7/3/2025`, `2025-03-05/2025-03-07`, `5/3/2025-7/3/2025`: hyphens that hold two days together.
fn hyphenated(s: &str) -> Option<(NaiveDate, NaiveDate)> {
    let all = tokens(s)?;
    let said: Vec<&Token> = (all.iter())
        .filter(|t| t.number || !(is_weekday(t.text) || is_filler(t.text)))
        .collect();
    let num = |t: &Token| t.text.parse::<u32>().ok().filter(|_| t.number);
    let year = |t: &Token| full_year(num(t)? as i32, t.text.len());
    let day = |y: i32, m: u32, d: u32| NaiveDate::from_ymd_opt(y, m, d);
    match said[..] {
        [a, b, m, y] if b.number && b.mark == Some('-') && !m.number => {
            let (y, m) = (year(y)?, month(m.text)?.0);
            ordered(day(y, m, num(a)?)?, day(y, m, num(b)?)?)
        }
        [a, b, m, y] if b.mark == Some('-') && m.mark == Some('/') && y.mark == Some('/') => {
            let (y, m) = (year(y)?, num(m)?);
            ordered(day(y, m, num(a)?)?, day(y, m, num(b)?)?)
        }
        [a, ma, b, mb, y] if !ma.number && !mb.number && b.mark == Some('-') => {
            let last = day(year(y)?, month(mb.text)?.0, num(b)?)?;
            let left = format!("{} {}", a.text, ma.text);
            ordered(beginning(&left, last)?, last)
        }
        [a, b, c, d, e, f] if said.iter().all(|t| t.number && t.mark != Some(':')) => {
            let of = |a: &Token, b: &Token, c: &Token| {
                let parts = [a, b, c].map(|t| Part::Number(t.text));
                interpreted(&parts)?.0.day()
            };
            ordered(of(a, b, c)?, of(d, e, f)?)
        }
        _ => None,
    }
}

/// No list of people speaks of more than some years at once.
fn ordered(first: NaiveDate, last: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let days = (last - first).num_days();
    (0..=3_700).contains(&days).then_some((first, last))
}
