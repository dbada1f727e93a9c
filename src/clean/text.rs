//! Small readings every parser shares: white space, placeholders, normal forms.

/// Trimmed, with NBSP, zero-width characters and line breaks folded to single spaces.
pub fn tidy(s: &str) -> String {
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
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// `-`, `TIDAK ADA`, `NIHIL`, `n/a` … : nothing was known (DOMAIN.md 1.9 rule 7).
pub fn is_placeholder(s: &str) -> bool {
    let n = normal(s);
    n.is_empty()
        || matches!(
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

/// Whether any of the words stands in a normal form as a whole word or phrase.
pub fn says(normal: &str, phrases: &[&str]) -> bool {
    let padded = format!(" {normal} ");
    phrases.iter().any(|p| padded.contains(&format!(" {p} ")))
}
