//! Numbers in Indonesian and English writing, counts with words, sentence lengths (docs/definitions.md 10).

use super::text::{is_placeholder, normal};
use crate::domain::raw::RawCell;

/// A count or amount: `1.234,5`, `1,234.5`, `5 orang`, `Nihil` (0 in a count column).
pub fn amount(cell: &RawCell) -> Option<f64> {
    match cell {
        RawCell::Number(n) => Some(*n),
        RawCell::Text(t) => {
            let n = normal(t);
            if matches!(n.as_str(), "nihil") {
                return Some(0.0);
            }
            if is_placeholder(t) {
                return None;
            }
            let head: String = t
                .trim()
                .chars()
                .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
                .collect();
            parse(&head)
        }
        _ => None,
    }
}

/// The days that a text lists and nothing else, each by its month where one is written: `12/1, 19/1`, `5, 12 dan 19 Januari`.
/// A month written once holds for the days before it. `None` where anything else is said, or a day stands twice.
pub fn days(text: &str) -> Option<Vec<Option<u32>>> {
    let lower = text.to_lowercase().replace(" dan ", ",");
    let mut found: Vec<(u32, Option<u32>)> = Vec::new();
    for piece in lower.split([',', ';', '&', '+', '\n']) {
        let n = normal(piece);
        let words: Vec<&str> = n.split(' ').filter(|w| !w.is_empty()).collect();
        let number = |w: &str, most: u32| {
            let n = w.parse::<u32>().ok().filter(|n| (1..=most).contains(n));
            n.filter(|_| w.len() <= 2)
        };
        let month = |w: &str| {
            let marked = piece.contains(['/', '-', '.']);
            crate::domain::month::month_word(w).or_else(|| number(w, 12).filter(|_| marked))
        };
        let own = match words.as_slice() {
            [d] => (number(d, 31)?, None),
            [d, m] => (number(d, 31)?, Some(month(m)?)),
            [d, m, y] if matches!(y.len(), 2 | 4) && y.parse::<u32>().is_ok() => {
                (number(d, 31)?, Some(month(m)?))
            }
            _ => return None,
        };
        if found.contains(&own) {
            return None;
        }
        found.push(own);
    }
    let mut later = None;
    for (_, month) in found.iter_mut().rev() {
        later = month.or(later);
        *month = later;
    }
    Some(found.into_iter().map(|(_, m)| m).collect())
}

/// Two counts in one cell: `3 / 4`, `3 dari 4`, `12/16 jam`. `None` for a single number and for anything that is no pair.
pub fn pair(cell: &RawCell) -> Option<(f64, f64)> {
    let RawCell::Text(t) = cell else { return None };
    if !t.contains(['/', ' ']) {
        return None;
    }
    let n = t.to_string().to_lowercase();
    let n = n
        .replace(" dari ", "/")
        .replace(" dr ", "/")
        .replace(" of ", "/");
    let (a, b) = n.split_once('/')?;
    let whole = |s: &str| -> Option<f64> {
        let digits: String = s.trim().chars().take_while(char::is_ascii_digit).collect();
        let rest = s.trim()[digits.len()..].trim();
        let unit = matches!(rest, "" | "x" | "kali" | "jam" | "kl" | "hari" | "jp");
        digits.parse().ok().filter(|_| unit && digits.len() <= 4)
    };
    Some((whole(a)?, whole(b)?))
}

/// The number of a total row: as stored, or a whole number as a text table writes it (`1.234`, `494 orang`).
pub fn total(cell: &RawCell) -> Option<f64> {
    let text = match cell {
        RawCell::Number(n) => return Some(*n),
        RawCell::Text(t) => t.trim(),
        _ => return None,
    };
    let digits = text.split(' ').next().unwrap_or_default();
    let plain: String = digits.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let grouped = digits.split(['.', ',']).skip(1).all(|g| g.len() == 3);
    let whole = grouped && (1..=12).contains(&plain.len());
    (whole && plain.bytes().all(|b| b.is_ascii_digit()))
        .then(|| plain.parse().ok())
        .flatten()
}

fn parse(s: &str) -> Option<f64> {
    let s = s.trim_end_matches(['.', ',']);
    if s.is_empty() {
        return None;
    }
    let last = s.rfind(['.', ',']);
    let plain = match last {
        None => s.to_owned(),
        Some(i) => {
            let mark = s.as_bytes()[i] as char;
            let other = if mark == '.' { ',' } else { '.' };
            let decimals = s.len() - i - 1;
            // Three digits after a single kind of mark are thousands in both languages.
            if decimals == 3 && !s.contains(other) {
                s.replace(mark, "")
            } else {
                s.replace(other, "").replace(mark, ".")
            }
        }
    };
    plain.parse().ok()
}

/// A sentence in days (30 a month, 365 a year).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sentence {
    /// Days.
    Days(u32),
    /// Seumur hidup.
    Life,
    /// Pidana mati.
    Death,
}

impl Sentence {
    /// Of years, months and days; what is beyond any sentence is cut off.
    pub fn of(years: u32, months: u32, days: u32) -> Sentence {
        let [y, m, d] = [years, months, days].map(|n| n.min(10_000));
        Sentence::Days(y * 365 + m * 30 + d)
    }
}

/// Reads `3 Thn 6 Bln`, `3 (tiga) tahun 6 (enam) bulan`, `4-0-0`, `1 th 2 bln 15 hr subs 2 bln`, `Seumur Hidup`.
pub fn sentence(s: &str) -> Option<Sentence> {
    let n = normal(s);
    if n.contains("seumur") {
        return Some(Sentence::Life);
    }
    if n.contains("mati") {
        return Some(Sentence::Death);
    }
    let words: Vec<&str> = n.split(' ').collect();
    let mut total = 0u32;
    let mut number: Option<u32> = None;
    let mut units = 0;
    for w in &words {
        if matches!(
            *w,
            "subs" | "subsider" | "subsidair" | "subsidiair" | "sub" | "ss" | "pengganti"
        ) {
            // `2 bulan pengganti denda`, `2 bln subsider`: what stands in for a fine is no sentence.
            let last = std::ptr::eq(w, &words[words.len() - 1]);
            if *w == "pengganti" || last {
                return None;
            }
            break;
        }
        if matches!(*w, "denda" | "up") {
            break;
        }
        let digits: String = w.chars().take_while(char::is_ascii_digit).collect();
        let rest = &w[digits.len()..];
        if let Ok(v) = digits.parse::<u32>() {
            number = Some(v.min(10_000));
        }
        let unit = match rest {
            "thn" | "th" | "tahun" | "t" | "y" => 365,
            "bln" | "bl" | "bulan" | "b" => 30,
            "hr" | "hari" | "h" => 1,
            _ => continue,
        };
        if let Some(v) = number.take() {
            total = total.saturating_add(v * unit);
            units += 1;
        }
    }
    if units > 0 {
        return Some(Sentence::Days(total));
    }
    let parts: Vec<u32> = words.iter().map_while(|w| w.parse().ok()).collect();
    match parts.as_slice() {
        [y, m, d] if words.len() == 3 => Some(Sentence::of(*y, *m, *d)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_a_cell_lists_are_told_from_counts() {
        let months = |t: &str| days(t).map(|d| d.into_iter().flatten().collect::<Vec<_>>());
        assert_eq!(months("12/1, 19/1"), Some(vec![1, 1]));
        assert_eq!(months("5, 12 dan 19 Januari"), Some(vec![1, 1, 1]));
        assert_eq!(months("29/12/2025; 5/1/2026"), Some(vec![12, 1]));
        for t in [
            "2 kali",
            "3 / 4 kali",
            "1.234",
            "tdk hadir",
            "12/1, 12/1",
            "",
        ] {
            assert_eq!(days(t), None, "{t}");
        }
    }

    #[test]
    fn indonesian_and_english_numbers() {
        let a = |s: &str| amount(&RawCell::Text(s.into()));
        assert_eq!(a("1.234,5"), Some(1234.5));
        assert_eq!(a("1,234.5"), Some(1234.5));
        assert_eq!(a("1.234"), Some(1234.0));
        assert_eq!(a("5 orang"), Some(5.0));
        assert_eq!(a("Nihil"), Some(0.0));
        assert_eq!(a("-"), None);
    }

    #[test]
    fn sentences_in_every_writing() {
        let d = |y: u32, m: u32, r: u32| Some(Sentence::Days(y * 365 + m * 30 + r));
        assert_eq!(sentence("3 Thn 6 Bln"), d(3, 6, 0));
        assert_eq!(sentence("3 (tiga) tahun 6 (enam) bulan"), d(3, 6, 0));
        assert_eq!(sentence("1 th 2 bln 15 hr"), d(1, 2, 15));
        assert_eq!(sentence("4-0-0"), d(4, 0, 0));
        assert_eq!(sentence("5 tahun subs 2 bln"), d(5, 0, 0));
        assert_eq!(sentence("2 bulan pengganti denda"), None);
        assert_eq!(sentence("2 bln subsider"), None);
        assert_eq!(sentence("4 th denda 1 M pengganti 2 bulan"), d(4, 0, 0));
        assert_eq!(sentence("Seumur Hidup"), Some(Sentence::Life));
        assert_eq!(sentence("bebas"), None);
        assert_eq!(sentence("4294967295-0-0"), d(10_000, 0, 0));
    }
}
