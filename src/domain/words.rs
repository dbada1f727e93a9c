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

/// Normal form with class labels and office words brought to one spelling.
pub fn office_form(text: &str) -> String {
    let mut n = format!(" {} ", normal(text));
    for (a, b) in [
        (" klas ", " kelas "),
        (" kls ", " kelas "),
        (" ii a ", " iia "),
        (" ii b ", " iib "),
        (" 2a ", " iia "),
        (" 2b ", " iib "),
        (" lembaga pemasyarakatan perempuan ", " lpp "),
        (" lapas perempuan ", " lpp "),
        (" lembaga pemasyarakatan ", " lapas "),
        (" lp ", " lapas "),
        (" rumah tahanan negara ", " rutan "),
        (" lembaga pembinaan khusus anak ", " lpka "),
        (" lapas anak ", " lpka "),
        (" balai pemasyarakatan ", " bapas "),
        (" cabang rutan ", " cabrutan "),
    ] {
        if n.contains(a) {
            n = n.replace(a, b);
        }
    }
    n
}
