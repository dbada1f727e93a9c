//! Small readings every parser shares: white space, placeholders, normal forms, phrases found in a text.

pub use crate::domain::normal;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::RefCell;

/// Trimmed, with NBSP, zero-width characters and line breaks folded to single spaces.
pub fn tidy(s: &str) -> Cow<'_, str> {
    let mut before = b'x';
    let plain = s.bytes().all(|b| {
        let fits = (0x20..0x7F).contains(&b) && !(b == b' ' && before == b' ');
        before = b;
        fits
    });
    if plain {
        return s.trim_matches(' ').into();
    }
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        let c = match c {
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => continue,
            c if c.is_whitespace() || c == '\u{a0}' || c.is_control() => ' ',
            c => c,
        };
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    if out.starts_with(' ') || out.ends_with(' ') {
        out = out.trim().to_owned();
    }
    out.into()
}

/// `-`, `TIDAK ADA`, `NIHIL`, `n/a` … : nothing was known (docs/definitions.md 7 rule 7).
pub fn is_placeholder(s: &str) -> bool {
    // How MySQL writes a value that is not there.
    if s == "\\N" {
        return true;
    }
    // Every such word begins with one of five letters and is short; most cells are told apart by that alone.
    let Some(first) = s.chars().find(|c| c.is_alphanumeric()) else {
        return true;
    };
    if s.len() > 64
        || !matches!(
            first,
            't' | 'b' | 'n' | 'k' | 'x' | 'T' | 'B' | 'N' | 'K' | 'X'
        )
    {
        return false;
    }
    let n = normal(s);
    matches!(
        n.as_str(),
        "tidak ada"
            | "belum ada"
            | "belum perekaman"
            | "nihil"
            | "null"
            | "na"
            | "n a"
            | "none"
            | "tdk ada"
            | "tidak diketahui"
            | "kosong"
            | "x"
            | "xx"
            | "tak ada"
            | "blm ada"
            | "belum diketahui"
            | "nan"
            | "nat"
            | "nil"
            | "blank"
            | "n a n"
    )
}

/// Whether a text is a tick.
pub fn is_tick(t: &str) -> bool {
    matches!(
        t.trim(),
        "✓" | "✔" | "√" | "v" | "V" | "☑" | "✅" | "x" | "X" | "ya" | "Ya" | "YA"
    )
}

/// Whether a word or phrase stands in a normal form as whole words.
pub fn has(normal: &str, phrase: &str) -> bool {
    next(normal, phrase, 0).is_some()
}

/// Where a word or phrase stands next in a normal form as whole words, from the beginning of a word on.
fn next(normal: &str, phrase: &str, mut at: usize) -> Option<usize> {
    let (n, p) = (normal.as_bytes(), phrase.as_bytes());
    while at + p.len() <= n.len() {
        if n[at..].starts_with(p) && n.get(at + p.len()).is_none_or(|&b| b == b' ') {
            return Some(at);
        }
        at += n[at..].iter().position(|&b| b == b' ')? + 1;
    }
    None
}

/// Words by which a thing is not so.
pub const DENIALS: &[&str] = &["tidak", "belum", "bukan", "batal", "gagal"];

/// Words that may stand between a denial and what it denies.
const BETWEEN: &[&str] = &[
    "jadi",
    "di",
    "dapat",
    "bisa",
    "sempat",
    "pernah",
    "lagi",
    "ada",
    "punya",
    "memiliki",
    "untuk",
    "sk",
    "surat",
    "keputusan",
    "persetujuan",
    "pelaksanaan",
];

/// Whether any of the words or phrases stands in a normal form without a denial, or one of `further` words that count as such,
/// before it: `belum bebas` does not say `bebas`.
pub fn affirms(normal: &str, phrases: &[&str], further: &[&str]) -> bool {
    phrases
        .iter()
        .any(|p| affirmed(normal, p, further).is_some())
}

/// Where the first of the words or phrases stands that is not denied.
pub fn affirmed_at(normal: &str, phrases: &[&str], further: &[&str]) -> Option<usize> {
    let places = phrases.iter().filter_map(|p| affirmed(normal, p, further));
    places.min()
}

fn affirmed(normal: &str, phrase: &str, further: &[&str]) -> Option<usize> {
    let denied = |before: &str| {
        let mut words = before.split_ascii_whitespace().rev();
        let word = words.find(|w| !BETWEEN.contains(w));
        word.is_some_and(|w| DENIALS.contains(&w) || further.contains(&w))
    };
    let mut places = std::iter::successors(next(normal, phrase, 0), |i| {
        next(normal, phrase, i + phrase.len() + 1)
    });
    places.find(|i| !denied(&normal[..*i]))
}

/// The normal form with `tdk`, `blm` and their like written out: they turn a word into its contrary.
pub fn wording(s: &str) -> String {
    let n = normal(s);
    let words = n.split(' ').map(|w| match w {
        "tdk" | "tak" | "gak" | "nggak" => "tidak",
        "blm" | "blum" | "belom" => "belum",
        "sdg" | "sementara" => "sedang",
        "sdh" | "udah" => "sudah",
        "bbs" => "bebas",
        "hbs" => "habis",
        "pndh" => "pindah",
        "slesai" | "slsi" => "selesai",
        "krn" => "karena",
        "pemb" | "pembeb" | "pbbsn" => "pembebasan",
        "bersy" | "brsyrt" => "bersyarat",
        w => w,
    });
    let mut all: Vec<&str> = words.collect();
    // `P B`, `C B`, `C M B`: letters set apart.
    let apart = |w: &[&str]| match w {
        ["p", "b"] => Some("pb"),
        ["c", "b"] => Some("cb"),
        ["b", "m"] => Some("bm"),
        _ => None,
    };
    for i in (0..all.len().saturating_sub(1)).rev() {
        if let Some(whole) = apart(&all[i..i + 2]) {
            all.splice(i..i + 2, [whole]);
        }
    }
    all.join(" ")
}

/// Phrases to be found in normal forms as whole words, with what each stands for: one look-up for every word of the
/// text instead of one search for every phrase.
#[derive(Debug)]
pub struct Phrases<T> {
    by_first: FxHashMap<String, Vec<(String, T)>>,
}

impl<T> Phrases<T> {
    /// Of phrases in normal form.
    pub fn new(all: impl IntoIterator<Item = (String, T)>) -> Self {
        let mut by_first: FxHashMap<String, Vec<(String, T)>> = FxHashMap::default();
        for (phrase, value) in all {
            let first = phrase.split(' ').next().unwrap_or_default().to_owned();
            by_first.entry(first).or_default().push((phrase, value));
        }
        Phrases { by_first }
    }

    /// Calls `each` with every phrase that stands in a normal form.
    pub fn each<'a>(&'a self, normal: &str, mut each: impl FnMut(&'a str, &'a T)) {
        let mut rest = normal;
        loop {
            let end = memchr::memchr(b' ', rest.as_bytes()).unwrap_or(rest.len());
            for (phrase, value) in self.by_first.get(&rest[..end]).into_iter().flatten() {
                let whole = rest.starts_with(phrase.as_str())
                    && matches!(rest.as_bytes().get(phrase.len()), None | Some(b' '));
                if whole {
                    each(phrase, value);
                }
            }
            if end == rest.len() {
                return;
            }
            rest = &rest[end + 1..];
        }
    }
}

/// What was made of texts already met: most columns of a list hold a few words again and again.
#[derive(Debug)]
pub struct Memo<T>(RefCell<FxHashMap<crate::domain::Text, T>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Memo(RefCell::default())
    }
}

impl<T: Clone> Memo<T> {
    /// Most texts that are remembered: a column of addresses should not be kept twice.
    const MOST: usize = 2_000;

    /// The value of a text, made when it is met first.
    pub fn of(&self, text: &str, make: impl FnOnce(&str) -> T) -> T {
        if let Some(known) = self.0.borrow().get(text) {
            return known.clone();
        }
        let made = make(text);
        let mut known = self.0.borrow_mut();
        if known.len() < Self::MOST && text.len() <= 200 {
            known.insert(text.into(), made.clone());
        }
        made
    }
}

/// Whether any of the words stands in a normal form as a whole word or phrase.
pub fn says(normal: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|p| has(normal, p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn placeholders_are_known_by_any_punctuation() {
        for s in [
            "",
            " - ",
            "…",
            "TIDAK ADA",
            "n/a",
            "Nihil",
            "(belum ada)",
            "xx",
        ] {
            assert!(is_placeholder(s), "{s}");
        }
        for s in ["Nihilah", "Ambon", "0", "Tidak ada kerabat", "x1"] {
            assert!(!is_placeholder(s), "{s}");
        }
    }

    #[test]
    fn what_is_denied_is_not_affirmed() {
        for (s, yes) in [
            ("bebas", true),
            ("belum bebas", false),
            ("belum dapat bebas", false),
            ("belum bebas tetapi kini bebas", true),
            ("bebas tidak ada perkara lain", true),
            ("tidak ada perkara lain bebas", true),
            ("terbebas", false),
            ("", false),
        ] {
            assert_eq!(affirms(s, &["bebas"], &[]), yes, "{s}");
        }
    }

    proptest! {
        #[test]
        fn a_phrase_is_had_just_when_it_stands_between_blanks(n in "[ab ]{0,12}", p in "[ab]{1,3}( [ab]{1,2})?") {
            let n = normal(&n);
            prop_assert_eq!(has(&n, &p), format!(" {n} ").contains(&format!(" {p} ")));
            prop_assert_eq!(affirms(&n, &[&p], &[]), has(&n, &p));
            let denied = format!("tidak {p}");
            prop_assert!(!affirms(&denied, &[&p], &[]));
        }

        #[test]
        fn tidying_twice_is_tidying_once(s in "\\PC{0,40}") {
            let once = tidy(&s).into_owned();
            prop_assert_eq!(tidy(&once).into_owned(), once);
        }

        #[test]
        fn phrases_are_found_just_where_each_alone_is(n in "[ab ]{0,14}", all in prop::collection::vec("[ab]{1,2}( [ab]{1,2}){0,2}", 0..6)) {
            let n = normal(&n);
            let phrases = Phrases::new(all.iter().cloned().zip(0usize..));
            let mut found = Vec::new();
            phrases.each(&n, |_, i| found.push(*i));
            found.sort_unstable();
            found.dedup();
            let expected: Vec<usize> = (0..all.len()).filter(|&i| has(&n, &all[i])).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
