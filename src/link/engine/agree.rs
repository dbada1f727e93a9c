//! Agreements of two values that are no matter of similar spelling: dates, digits, initials.
//!
//! Every function is symmetric. Knows nothing of columns, levels or weights.

use chrono::{Datelike, NaiveDate};

/// The bytes of a date's year, month and day.
const YEAR: u64 = 0xFFFF_FFFF_0000_0000;
const MONTH: u64 = 0xFFFF_0000;
const DAY: u64 = 0xFFFF;

/// A date: its eight digits (year, month, day) as one number, a byte each, the first highest; 0 is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Date(u64);

impl Date {
    /// Of a text of eight digits.
    pub fn of(v: &[u8]) -> Date {
        match <[u8; 8]>::try_from(v) {
            Ok(d) if d.iter().all(u8::is_ascii_digit) => Date(u64::from_be_bytes(d)),
            _ => Date(0),
        }
    }

    /// Of a day.
    pub fn on(day: NaiveDate) -> Date {
        let digits = |n: u32, places: u32| {
            (0..places).fold(0, |d, p| {
                d | u64::from(b'0' as u32 + n / 10u32.pow(p) % 10) << (8 * p)
            })
        };
        match u32::try_from(day.year()) {
            Ok(y) if y < 10_000 => {
                Date(digits(y, 4) << 32 | digits(day.month(), 2) << 16 | digits(day.day(), 2))
            }
            _ => Date(0),
        }
    }

    /// Both are dates, and of the same day.
    pub fn same(self, other: Date) -> bool {
        self.0 != 0 && self == other
    }

    /// Day and month are exchanged.
    pub fn day_month(self, other: Date) -> bool {
        let d = self.0;
        let turned = d & YEAR | (d & MONTH) >> 16 | (d & DAY) << 16;
        d != 0 && turned == other.0
    }

    /// Year, month and day agree in two at least.
    pub fn two_parts(self, other: Date) -> bool {
        let off = self.0 ^ other.0;
        let same = [YEAR, MONTH, DAY].iter().filter(|m| off & *m == 0);
        self.0 != 0 && other.0 != 0 && same.count() >= 2
    }

    /// The same year.
    pub fn year(self, other: Date) -> bool {
        self.0 != 0 && other.0 != 0 && (self.0 ^ other.0) & YEAR == 0
    }

    /// One digit is wrong, or two neighbours are exchanged.
    pub fn one_digit(self, other: Date) -> bool {
        self.0 != 0 && other.0 != 0 && one_digit_of(self.0.into(), other.0.into())
    }
}

/// The year of a text of four or eight digits.
pub fn year(v: &[u8]) -> Option<u32> {
    let digits = v.get(..4).filter(|d| d.iter().all(u8::is_ascii_digit))?;
    (v.len() == 4 || v.len() == 8)
        .then(|| digits.iter().fold(0, |n, d| 10 * n + u32::from(d - b'0')))
}

/// [`one_digit`] of two texts of as many ASCII characters, at most sixteen, a byte each.
pub fn one_digit_of(v: u128, w: u128) -> bool {
    const EACH: u128 = u128::from_ne_bytes([1; 16]);
    let off = v ^ w;
    // The highest bit of every byte that differs: ASCII leaves it free.
    let bytes = (off + 0x7F * EACH) & (0x80 * EACH);
    match bytes.count_ones() {
        0 | 1 => true,
        2 => {
            let at = bytes.trailing_zeros() - 7;
            let pair = |t: u128| ((t >> at) as u8, (t >> (at + 8)) as u8);
            let ((p, q), (r, s)) = (pair(v), pair(w));
            bytes >> at == 0x8080 && (p, q) == (s, r)
        }
        _ => false,
    }
}

/// Texts of one length with at most one character wrong, or two neighbours exchanged.
pub fn one_digit(v: &[u8], w: &[u8]) -> bool {
    if v.len() != w.len() {
        return false;
    }
    let mut off = (0..v.len()).filter(|&i| v[i] != w[i]);
    match (off.next(), off.next(), off.next()) {
        (_, None, _) => true,
        (Some(i), Some(j), None) => j == i + 1 && v[i] == w[j] && v[j] == w[i],
        _ => false,
    }
}

/// Every word equal or the initial of its partner, word by word: `bodewin m` and `bodewin melkias`.
pub fn initials(v: &[u8], w: &[u8]) -> bool {
    fn words(t: &[u8]) -> impl Iterator<Item = &[u8]> {
        t.split(|b| !b.is_ascii_alphanumeric() && *b < 0x80)
            .filter(|p| !p.is_empty())
    }
    let fits = |(p, q): (&[u8], &[u8])| {
        p == q || (p.first() == q.first() && (p.len() == 1 || q.len() == 1))
    };
    words(v).next().is_some() && words(w).next().is_some() && words(v).zip(words(w)).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_agree_in_the_ways_clerks_err() {
        let d = |t: &str| Date::of(t.as_bytes());
        assert!(d("19880405").day_month(d("19880504")));
        assert!(d("19880405").one_digit(d("19980405")));
        assert!(
            d("19880412").one_digit(d("19880421")),
            "neighbours exchanged"
        );
        assert!(!d("19880405").one_digit(d("19770405")));
        assert!(d("19880405").two_parts(d("19770405")));
        assert!(!d("19880405").two_parts(d("19770406")));
        let day = NaiveDate::from_ymd_opt(1988, 4, 5).unwrap();
        assert_eq!(Date::on(day), d("19880405"));
        for bad in ["1988040", "1988-4-5", ""] {
            let b = d(bad);
            assert!(!b.same(b) && !b.two_parts(b) && !b.one_digit(b) && !b.year(b));
        }
    }

    proptest::proptest! {
        #[test]
        fn one_digit_is_the_same_byte_by_byte_and_at_once(v in "[0-3]{15}", i in 0usize..15, j in 0usize..15, c in 0u8..4) {
            let v = v.into_bytes();
            let mut w = v.clone();
            w.swap(i, j);
            w[j] = b'0' + c;
            let number = |t: &[u8]| t.iter().fold(0u128, |n, b| n << 8 | u128::from(*b));
            proptest::prop_assert_eq!(one_digit(&v, &w), one_digit_of(number(&v), number(&w)));
            w.swap(i, j);
            proptest::prop_assert_eq!(one_digit(&v, &w), one_digit_of(number(&v), number(&w)));
        }
    }

    #[test]
    fn initials_stand_for_words_from_the_first_on() {
        assert!(initials(b"bodewin m", b"bodewin melkias"));
        assert!(initials(b"m ali", b"muhamad ali"));
        assert!(initials(b"ana", b"ana maria"));
        assert!(!initials(b"ana", b"maria ana"));
        assert!(!initials(b"", b"ana"));
    }
}
