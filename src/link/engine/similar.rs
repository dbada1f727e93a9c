//! How alike two terms are: bytes in, numbers out. All symmetric.

/// Longest term compared letter by letter; what follows is ignored.
const LONGEST: usize = 128;

/// Jaro–Winkler similarity of two byte strings (Winkler 1990: prefix up to four letters, weight 0.1). The longer one
/// is always scanned for the letters of the shorter, so the value does not depend on the order of arguments.
pub fn jaro_winkler(a: &[u8], b: &[u8]) -> f64 {
    if a == b {
        return if a.is_empty() { 0.0 } else { 1.0 };
    }
    let (a, b) = (&a[..a.len().min(LONGEST)], &b[..b.len().min(LONGEST)]);
    let (a, b) = if (a.len(), a) <= (b.len(), b) { (a, b) } else { (b, a) };
    if a.is_empty() {
        return 0.0;
    }
    let window = (b.len() / 2).saturating_sub(1);
    let mut used = 0u128;
    let mut hit = 0u128;
    let mut matched = 0usize;
    for (i, &x) in a.iter().enumerate() {
        let (lo, hi) = (i.saturating_sub(window), (i + window + 1).min(b.len()));
        for (j, &y) in b.iter().enumerate().take(hi).skip(lo) {
            if x == y && used >> j & 1 == 0 {
                used |= 1 << j;
                hit |= 1 << i;
                matched += 1;
                break;
            }
        }
    }
    if matched == 0 {
        return 0.0;
    }
    let mut turned = 0usize;
    let mut rest = used;
    for (i, &x) in a.iter().enumerate() {
        if hit >> i & 1 == 1 {
            let j = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            turned += usize::from(x != b[j]);
        }
    }
    let m = matched as f64;
    let jaro = (m / a.len() as f64 + m / b.len() as f64 + (m - (turned / 2) as f64) / m) / 3.0;
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    jaro + prefix as f64 * 0.1 * (1.0 - jaro)
}

/// At most one letter inserted, left out, changed or two neighbours exchanged.
pub fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if b.len() - a.len() > 1 {
        return false;
    }
    let from = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[from..], &b[from..]);
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - back], &b[..b.len() - back]);
    match (a, b) {
        ([] | [_], [_]) | ([], []) => true,
        ([p, q], [r, s]) => p == s && q == r,
        _ => false,
    }
}

/// Optimal string alignment distance at most `k`.
pub fn within_edits(a: &[u8], b: &[u8], k: usize) -> bool {
    if a.len().abs_diff(b.len()) > k {
        return false;
    }
    if k <= 1 {
        return if k == 0 { a == b } else { one_edit(a, b) };
    }
    match (std::str::from_utf8(a), std::str::from_utf8(b)) {
        (Ok(a), Ok(b)) => strsim::osa_distance(a, b) <= k,
        _ => false,
    }
}

fn words(s: &[u8]) -> impl Iterator<Item = &[u8]> {
    s.split(|&b| b == b' ').filter(|w| !w.is_empty())
}

/// The same words in another order.
pub fn same_words(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let (mut x, mut y): (Vec<&[u8]>, Vec<&[u8]>) = (words(a).collect(), words(b).collect());
    x.sort_unstable();
    y.sort_unstable();
    x == y
}

/// Every word of the shorter stands in the longer, in order, in full or as an initial: `bodewin m` and
/// `bodewin melkias wattimena`. At least one word stands in full.
pub fn initials(a: &[u8], b: &[u8]) -> bool {
    let fits = |p: &[u8], q: &[u8]| {
        p == q || (p.len() == 1 && q.starts_with(p)) || (q.len() == 1 && p.starts_with(q))
    };
    let (short, long) = if words(a).count() <= words(b).count() { (a, b) } else { (b, a) };
    let mut rest = words(long);
    let mut full = false;
    for w in words(short) {
        let Some(v) = rest.by_ref().find(|v| fits(w, v)) else {
            return false;
        };
        full |= w == v && w.len() > 1;
    }
    full
}

/// Every word, in the same number, equal or an initial of the other; nothing need stand in full: `m ali`, `muhamad ali`.
pub fn initials_each(a: &[u8], b: &[u8]) -> bool {
    words(a).count() == words(b).count()
        && words(a).zip(words(b)).all(|(p, q)| {
            p == q || (p.len() == 1 && q.starts_with(p)) || (q.len() == 1 && p.starts_with(q))
        })
}

/// A word of at least three letters stands in both.
pub fn share_word(a: &[u8], b: &[u8]) -> bool {
    words(a).any(|w| w.len() > 2 && words(b).any(|v| v == w))
}

/// Dates are written YYYYMMDD, or YYYYMM or YYYY when no more is known.
pub fn day_month_swapped(a: &[u8], b: &[u8]) -> bool {
    a.len() == 8 && b.len() == 8 && a[..4] == b[..4] && a[4..6] == b[6..] && a[6..] == b[4..6]
}

/// Number of year, month and day that agree, when both dates are complete.
pub fn date_parts(a: &[u8], b: &[u8]) -> usize {
    if a.len() != 8 || b.len() != 8 {
        return 0;
    }
    usize::from(a[..4] == b[..4]) + usize::from(a[4..6] == b[4..6]) + usize::from(a[6..] == b[6..])
}

/// Days between two dates, or difference of two numbers.
pub fn distance(a: &[u8], b: &[u8], dates: bool) -> Option<f64> {
    let read = |s: &[u8]| std::str::from_utf8(s).ok().map(str::to_owned);
    let (a, b) = (read(a)?, read(b)?);
    if dates {
        let day = |s: &str| chrono::NaiveDate::parse_from_str(s, "%Y%m%d").ok();
        return Some(((day(&a)? - day(&b)?).num_days() as f64).abs());
    }
    Some((a.parse::<f64>().ok()? - b.parse::<f64>().ok()?).abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn jaro_winkler_of_the_literature() {
        for (a, b, want) in [
            ("MARTHA", "MARHTA", 0.9611),
            ("DIXON", "DICKSONX", 0.8133),
            ("DWAYNE", "DUANE", 0.8400),
        ] {
            let got = jaro_winkler(a.as_bytes(), b.as_bytes());
            assert!((got - want).abs() < 5e-5, "{a} {b} {got}");
        }
    }

    #[test]
    fn one_edit_knows_neighbours_exchanged() {
        for (a, b, want) in [
            ("1234567", "1243567", true),
            ("1234567", "123456", true),
            ("1234567", "1234567", true),
            ("1234567", "1934867", false),
            ("12", "2134", false),
        ] {
            assert_eq!(one_edit(a.as_bytes(), b.as_bytes()), want, "{a} {b}");
        }
    }

    #[test]
    fn initials_stand_for_words() {
        assert!(initials(b"bodewin m", b"bodewin melkias"));
        assert!(initials(b"muhamad wattimena", b"muhamad ali wattimena"));
        assert!(!initials(b"b m", b"bodewin melkias"), "nothing stands in full");
        assert!(!initials(b"bodewin k", b"bodewin melkias"));
        assert!(initials_each(b"m", b"melkias"));
    }

    proptest! {
        #[test]
        fn likeness_is_symmetric_and_bounded(a in "[a-e ]{0,12}", b in "[a-e ]{0,12}") {
            let (a, b) = (a.as_bytes(), b.as_bytes());
            let s = jaro_winkler(a, b);
            prop_assert_eq!(s, jaro_winkler(b, a));
            prop_assert!((0.0..=1.0).contains(&s));
            prop_assert_eq!(initials(a, b), initials(b, a));
            prop_assert_eq!(one_edit(a, b), one_edit(b, a));
        }

        #[test]
        fn one_edit_is_an_alignment_distance_of_one(a in "[ab]{0,7}", b in "[ab]{0,7}") {
            prop_assert_eq!(one_edit(a.as_bytes(), b.as_bytes()), strsim::osa_distance(&a, &b) <= 1);
        }

        #[test]
        fn jaro_winkler_is_near_the_reference(a in "[a-z]{1,10}", b in "[a-z]{1,10}") {
            let ours = jaro_winkler(a.as_bytes(), b.as_bytes());
            let one = strsim::jaro_winkler(&a, &b);
            let two = strsim::jaro_winkler(&b, &a);
            prop_assert!((ours - one).abs() < 1e-9 || (ours - two).abs() < 1e-9, "{} {} {}", ours, one, two);
        }
    }
}
