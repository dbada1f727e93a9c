//! The normal form in which texts of files are compared.

/// Lower case, letters and digits in words, single spaces.
pub fn normal(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    let mut apart = false;
    for c in s.chars() {
        if !c.is_alphanumeric() {
            apart = true;
            continue;
        }
        if apart && !out.is_empty() {
            out.push(' ');
        }
        apart = false;
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}
