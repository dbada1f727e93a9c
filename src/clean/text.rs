//! Small readings every parser shares: white space, placeholders, normal forms.

/// Trimmed, with NBSP, zero-width characters and line breaks folded to single spaces.
pub fn tidy(s: &str) -> String {
    let b = s.as_bytes();
    if b.iter().all(|c| (0x20..0x7F).contains(c)) && !b.windows(2).any(|w| w == b"  ") {
        return s.trim().to_owned();
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
    out.trim().to_owned()
}

/// Lower case, letters and digits in words, single spaces.
pub fn normal(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !c.is_ascii() && c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// `-`, `TIDAK ADA`, `NIHIL`, `n/a` … : nothing was known (DOMAIN.md 1.9 rule 7).
pub fn is_placeholder(s: &str) -> bool {
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
    )
}

/// Whether a word or phrase stands in a normal form as whole words.
pub fn has(normal: &str, phrase: &str) -> bool {
    let (n, p) = (normal.as_bytes(), phrase.as_bytes());
    let mut at = 0;
    while at + p.len() <= n.len() {
        if n[at..].starts_with(p) && n.get(at + p.len()).is_none_or(|&b| b == b' ') {
            return true;
        }
        match n[at..].iter().position(|&b| b == b' ') {
            Some(next) => at += next + 1,
            None => return false,
        }
    }
    false
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

    proptest! {
        #[test]
        fn a_phrase_is_had_just_when_it_stands_between_blanks(n in "[ab ]{0,12}", p in "[ab]{1,3}( [ab]{1,2})?") {
            let n = normal(&n);
            prop_assert_eq!(has(&n, &p), format!(" {n} ").contains(&format!(" {p} ")));
        }

        #[test]
        fn tidying_twice_is_tidying_once(s in "\\PC{0,40}") {
            let once = tidy(&s);
            prop_assert_eq!(tidy(&once), once);
        }
    }
}
