//! Similarity of two short texts, fast enough for many millions of pairs.
//!
//! Texts are bytes, one a character ([`super::column`] makes them so), at most [`LONGEST`] of them: longer texts are
//! compared by their beginning. Every function is symmetric. Knows nothing of columns, levels or weights.

/// Characters of a text that are compared; a machine word holds a bit for each.
pub const LONGEST: usize = 64;

/// What is known of a text before it is compared: enough to tell most different texts apart in a few instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signature {
    /// One bit per kind of character that occurs (low half), and per kind that occurs twice (high half).
    kinds: u64,
    /// The first four characters.
    start: u32,
    /// Occurrences beyond the second of any kind.
    more: u8,
    /// Characters.
    len: u8,
}

impl Signature {
    /// Of a text.
    pub fn of(text: &[u8]) -> Signature {
        let text = head(text);
        let mut counts = [0u8; 32];
        for &b in text {
            counts[usize::from(b & 31)] += 1;
        }
        let start = text.iter().take(4).enumerate();
        let mut s = Signature {
            start: start.fold(0, |s, (i, &b)| s | u32::from(b) << (8 * i)),
            len: text.len() as u8,
            ..Signature::default()
        };
        for (k, &c) in counts.iter().enumerate() {
            s.kinds |= u64::from(c > 0) << k | u64::from(c > 1) << (k + 32);
            s.more += c.saturating_sub(2);
        }
        s
    }

    /// At least as many characters as two texts have in common.
    fn common(self, other: Signature) -> u32 {
        (self.kinds & other.kinds).count_ones() + u32::from(self.more.min(other.more))
    }

    /// At least their Jaro–Winkler similarity, given that they are not equal.
    pub fn most_similar(self, other: Signature) -> f64 {
        let (a, b) = (f64::from(self.len), f64::from(other.len));
        let m = f64::from(self.common(other)).min(a).min(b);
        if m == 0.0 {
            return 0.0;
        }
        let prefix = (self.start ^ other.start).trailing_zeros() / 8;
        winkler((m / a + m / b + 1.0) / 3.0, f64::from(prefix))
    }

    /// At most their edit distance.
    pub fn least_edits(self, other: Signature) -> u32 {
        u32::from(self.len.max(other.len)).saturating_sub(self.common(other))
    }
}

fn head(text: &[u8]) -> &[u8] {
    &text[..text.len().min(LONGEST)]
}

/// Winkler's bonus for a common beginning, given to texts that are alike to begin with.
fn winkler(jaro: f64, prefix: f64) -> f64 {
    if jaro > 0.7 {
        jaro + prefix * 0.1 * (1.0 - jaro)
    } else {
        jaro
    }
}

/// Where each character of a text stands, as bits. Made once a thread and cleared after each use.
pub struct Positions([u64; 256]);

impl Default for Positions {
    fn default() -> Self {
        Positions([0; 256])
    }
}

impl Positions {
    fn set(&mut self, text: &[u8]) {
        for (i, &b) in text.iter().enumerate() {
            self.0[usize::from(b)] |= 1 << i;
        }
    }
    fn clear(&mut self, text: &[u8]) {
        for &b in text {
            self.0[usize::from(b)] = 0;
        }
    }
}

/// Jaro–Winkler similarity (Jaro 1989; Winkler 1990: weight 0.1 for up to four common first letters, above 0.7), 0–1.
///
/// Matching is greedy from the shorter text (of two as long, the smaller), so the order of the two does not matter.
pub fn jaro_winkler(a: &[u8], b: &[u8], positions: &mut Positions) -> f64 {
    let (a, b) = (head(a), head(b));
    if a == b {
        return if a.is_empty() { 0.0 } else { 1.0 };
    }
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (a, b) = if (a.len(), a) <= (b.len(), b) {
        (a, b)
    } else {
        (b, a)
    };
    let window = (b.len() / 2).saturating_sub(1);
    positions.set(b);
    let (mut of_a, mut of_b) = (0u64, 0u64);
    for (i, &c) in a.iter().enumerate() {
        let low = !0u64 << i.saturating_sub(window).min(63);
        let top = i + window;
        let high = if top >= 63 {
            !0
        } else {
            (1u64 << (top + 1)) - 1
        };
        let free = positions.0[usize::from(c)] & low & high & !of_b;
        if free != 0 {
            of_b |= free & free.wrapping_neg();
            of_a |= 1 << i;
        }
    }
    positions.clear(b);
    let matches = of_a.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let (mut x, mut y, mut moved) = (of_a, of_b, 0u32);
    while x != 0 {
        moved += u32::from(a[x.trailing_zeros() as usize] != b[y.trailing_zeros() as usize]);
        x &= x - 1;
        y &= y - 1;
    }
    let m = f64::from(matches);
    let jaro = (m / a.len() as f64 + m / b.len() as f64 + (m - f64::from(moved / 2)) / m) / 3.0;
    let prefix = a.iter().zip(b).take(4).take_while(|(p, q)| p == q).count();
    winkler(jaro, prefix as f64)
}

/// Edits (insert, delete, replace, swap of neighbours, no letter edited twice) that turn one text into the other:
/// optimal string alignment in the bit-parallel form of Hyyrö (2003).
pub fn edits(a: &[u8], b: &[u8], positions: &mut Positions) -> u32 {
    let (a, b) = (head(a), head(b));
    if a.is_empty() || b.is_empty() {
        return a.len().max(b.len()) as u32;
    }
    positions.set(a);
    let last = 1u64 << (a.len() - 1);
    let (mut vp, mut vn, mut d0, mut before) = (!0u64, 0u64, 0u64, 0u64);
    let mut distance = a.len() as u32;
    for &c in b {
        let pm = positions.0[usize::from(c)];
        let swapped = ((!d0 & pm) << 1) & before;
        d0 = ((pm & vp).wrapping_add(vp) ^ vp) | pm | vn | swapped;
        let mut hp = vn | !(d0 | vp);
        let mut hn = d0 & vp;
        distance += u32::from(hp & last != 0);
        distance -= u32::from(hn & last != 0);
        hp = hp << 1 | 1;
        hn <<= 1;
        vp = hn | !(d0 | hp);
        vn = hp & d0;
        before = pm;
    }
    positions.clear(a);
    distance
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn jw(a: &str, b: &str) -> f64 {
        jaro_winkler(a.as_bytes(), b.as_bytes(), &mut Positions::default())
    }

    #[test]
    fn jaro_winkler_gives_the_published_values() {
        // Winkler (1990), table of examples.
        for (a, b, s) in [
            ("martha", "marhta", 0.9611),
            ("dwayne", "duane", 0.84),
            ("dixon", "dicksonx", 0.8133),
            ("abc", "xyz", 0.0),
        ] {
            assert!((jw(a, b) - s).abs() < 5e-5, "{a} {b} {}", jw(a, b));
        }
    }

    proptest! {
        #[test]
        fn similarities_are_symmetric_and_within_their_bounds(a in "[a-d ]{0,12}", b in "[a-d ]{0,12}") {
            let mut p = Positions::default();
            let (x, y) = (a.as_bytes(), b.as_bytes());
            let s = jaro_winkler(x, y, &mut p);
            prop_assert_eq!(s, jaro_winkler(y, x, &mut p));
            prop_assert!((0.0..=1.0).contains(&s));
            let e = edits(x, y, &mut p);
            prop_assert_eq!(e, edits(y, x, &mut p));
            prop_assert_eq!(e as usize, strsim::osa_distance(&a, &b));
            let (f, g) = (Signature::of(x), Signature::of(y));
            prop_assert!(f.least_edits(g) <= e);
            if a != b {
                prop_assert!(f.most_similar(g) >= s - 1e-12);
            }
        }

        #[test]
        fn a_text_is_like_itself_alone(a in "[a-z]{1,70}") {
            prop_assert_eq!(jw(&a, &a), 1.0);
            prop_assert_eq!(edits(a.as_bytes(), a.as_bytes(), &mut Positions::default()), 0);
        }

        #[test]
        fn jaro_winkler_is_one_of_the_two_greedy_matchings(a in "[a-c]{1,9}", b in "[a-c]{1,9}") {
            let s = jw(&a, &b);
            let both = [strsim::jaro_winkler(&a, &b), strsim::jaro_winkler(&b, &a)];
            prop_assert!(both.iter().any(|x| (x - s).abs() < 1e-9), "{} {:?}", s, both);
        }
    }
}
