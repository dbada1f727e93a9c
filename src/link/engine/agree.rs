//! Agreements of two values that are no matter of similar spelling: dates, digits, initials.
//!
//! Every function is symmetric. Knows nothing of columns, levels or weights.

use chrono::{Datelike, NaiveDate};

/// The digits of a date's year, month and day.
const YEAR: u32 = 0xFFFF_0000;
const MONTH: u32 = 0xFF00;
const DAY: u32 = 0xFF;

/// A date: its eight digits (year, month, day) as one number, four bits each, the first highest; 0 is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Date(u32);

impl Date {
    /// Of a text of eight digits.
    pub fn of(v: &[u8]) -> Date {
        let digits = Some(v).filter(|v| v.len() == 8).and_then(packed);
        Date(digits.map_or(0, |d| d as u32))
    }

    /// Of a day.
    pub fn on(day: NaiveDate) -> Date {
        let digits = |n: u32, places: u32| {
            (0..places).fold(0, |d, p| d | (n / 10u32.pow(p) % 10) << (4 * p))
        };
        match u32::try_from(day.year()) {
            Ok(y) if y < 10_000 => {
                Date(digits(y, 4) << 16 | digits(day.month(), 2) << 8 | digits(day.day(), 2))
            }
            _ => Date(0),
        }
    }

    /// There is one.
    pub fn is_known(self) -> bool {
        self.0 != 0
    }

    /// Both are dates, and of the same day.
    pub fn same(self, other: Date) -> bool {
        self.0 != 0 && self == other
    }

    /// Day and month are exchanged.
    pub fn day_month(self, other: Date) -> bool {
        let d = self.0;
        let turned = d & YEAR | (d & MONTH) >> 8 | (d & DAY) << 8;
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

/// At most sixteen decimal digits as one number, four bits each, the last lowest; nothing where there is anything else.
pub fn packed(digits: &[u8]) -> Option<u64> {
    let mut digits = Some(digits).filter(|d| d.len() <= 16)?.iter();
    digits.try_fold(0, |n, d| {
        d.is_ascii_digit().then(|| n << 4 | u64::from(d - b'0'))
    })
}

/// [`one_digit`] of two numbers of as many digits, [`packed`].
pub fn one_digit_of(v: u64, w: u64) -> bool {
    let off = v ^ w;
    // The lowest bit of every digit that differs.
    let halves = off | off >> 2;
    let digits = (halves | halves >> 1) & 0x1111_1111_1111_1111;
    let but_one = digits & digits.wrapping_sub(1);
    if but_one == 0 {
        return true;
    }
    if but_one & (but_one - 1) != 0 {
        return false;
    }
    let at = digits.trailing_zeros();
    let pair = |t: u64| (t >> at & 15, t >> at >> 4 & 15);
    let ((p, q), (r, s)) = (pair(v), pair(w));
    digits >> at == 0x11 && (p, q) == (s, r)
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

/// Days of a month on the average.
pub const DAYS_A_MONTH: f64 = 30.436_875;

/// Days between two dates; nothing where one is no day of the calendar.
pub fn days_apart(x: Date, y: Date) -> Option<u32> {
    let day = |d: Date| {
        let digits =
            |from: u32, n: u32| (0..n).fold(0, |v, k| 10 * v + (d.0 >> (from - 4 * k) & 15));
        NaiveDate::from_ymd_opt(digits(28, 4) as i32, digits(12, 2), digits(4, 2))
    };
    let days = (day(x)? - day(y)?).num_days().unsigned_abs();
    u32::try_from(days).ok()
}

/// Kilometres between two places on the globe, each as latitude and longitude in degrees (haversine).
pub fn kilometres((a, b): (f64, f64), (c, d): (f64, f64)) -> f64 {
    const RADIUS: f64 = 6371.0;
    let half = |x: f64, y: f64| ((x - y).to_radians() / 2.0).sin().powi(2);
    let h = half(a, c) + a.to_radians().cos() * c.to_radians().cos() * half(b, d);
    2.0 * RADIUS * h.sqrt().min(1.0).asin()
}

/// A place as it is written: latitude and longitude in degrees.
pub fn point(text: &str) -> Option<(f64, f64)> {
    let parts = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
    let mut numbers = parts.filter(|p| !p.is_empty()).map(str::parse);
    let (lat, long) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&long);
    (on_earth && numbers.next().is_none()).then_some((lat, long))
}

/// Words in common over all words (Jaccard 1901); 0 of nothing.
pub fn jaccard(v: &[u32], w: &[u32]) -> f64 {
    let set = |words: &[u32]| {
        let mut all = words.to_vec();
        all.sort_unstable();
        all.dedup();
        all
    };
    let (v, w) = (set(v), set(w));
    let common = v.iter().filter(|x| w.binary_search(x).is_ok()).count();
    let all = v.len() + w.len() - common;
    if all == 0 {
        0.0
    } else {
        common as f64 / all as f64
    }
}

/// Cosine of the counts of pairs of neighbouring letters; 0 where one has none.
pub fn cosine(v: &[u8], w: &[u8]) -> f64 {
    let grams = |t: &[u8]| {
        let mut all: Vec<[u8; 2]> = t.windows(2).map(|p| [p[0], p[1]]).collect();
        all.sort_unstable();
        let counted = all.chunk_by(|x, y| x == y);
        counted.map(|g| (g[0], g.len() as f64)).collect::<Vec<_>>()
    };
    let (v, w) = (grams(v), grams(w));
    let norm = |t: &[([u8; 2], f64)]| t.iter().map(|(_, n)| n * n).sum::<f64>().sqrt();
    let product: f64 = v
        .iter()
        .filter_map(|(g, n)| {
            let at = w.binary_search_by(|(h, _)| h.cmp(g)).ok()?;
            Some(n * w[at].1)
        })
        .sum();
    let length = norm(&v) * norm(&w);
    if length == 0.0 { 0.0 } else { product / length }
}

/// E-mail addresses with the same name before the `@`.
pub fn same_mailbox(v: &[u8], w: &[u8]) -> bool {
    let name = |t: &[u8]| t.iter().position(|b| *b == b'@').filter(|at| *at > 0);
    match (name(v), name(w)) {
        (Some(i), Some(j)) => v[..i] == w[..j],
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
    let mut pairs = words(v).zip(words(w));
    pairs.next().is_some_and(fits) && pairs.all(fits)
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
        fn one_digit_is_the_same_digit_by_digit_and_at_once(v in "[0-9]{16}", i in 0usize..16, j in 0usize..16, c in 0u8..10) {
            let v = v.into_bytes();
            let mut w = v.clone();
            w.swap(i, j);
            w[j] = b'0' + c;
            let number = |t: &[u8]| packed(t).unwrap();
            proptest::prop_assert_eq!(one_digit(&v, &w), one_digit_of(number(&v), number(&w)));
            w.swap(i, j);
            proptest::prop_assert_eq!(one_digit(&v, &w), one_digit_of(number(&v), number(&w)));
        }
    }

    #[test]
    fn what_is_near_in_time_space_words_and_letters_is_measured() {
        let d = |t: &str| Date::of(t.as_bytes());
        assert_eq!(
            days_apart(d("20240228"), d("20240301")),
            Some(2),
            "a leap year"
        );
        assert_eq!(days_apart(d("20230231"), d("20240301")), None, "no day");
        // Ambon to Masohi and to Jakarta, as the crow flies.
        let (ambon, masohi, jakarta) = (
            (-3.6954, 128.1814),
            (-3.2980, 128.9560),
            (-6.2088, 106.8456),
        );
        assert!((kilometres(ambon, masohi) - 96.7).abs() < 1.0);
        assert!((kilometres(ambon, jakarta) - 2382.0).abs() < 15.0);
        assert_eq!(point("-3.69, 128.18"), Some((-3.69, 128.18)));
        assert_eq!(
            (point("Ambon"), point("-3.69"), point("128.1, -3.6")),
            (None, None, None)
        );
        assert_eq!(jaccard(&[1, 2, 3], &[3, 2, 4]), 0.5);
        assert!((cosine(b"night", b"nacht") - 0.25).abs() < 1e-12);
        assert!((cosine(b"ana", b"ana") - 1.0).abs() < 1e-12);
        assert!(same_mailbox(b"ana.patty@gmail.com", b"ana.patty@yahoo.com"));
        assert!(!same_mailbox(b"@x", b"@x") && !same_mailbox(b"ana", b"ana"));
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
