//! The normal form in which texts of files are compared.

/// Lower case, letters and digits in words, single spaces.
pub fn normal(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    if s.is_ascii() {
        let mut apart = false;
        for b in s.bytes() {
            if !b.is_ascii_alphanumeric() {
                apart = true;
                continue;
            }
            if apart && !out.is_empty() {
                out.push(' ');
            }
            apart = false;
            out.push(char::from(b.to_ascii_lowercase()));
        }
        return out;
    }
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
