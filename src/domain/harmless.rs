//! Text of suppliers made harmless wherever it is written: workbooks, CSV, names of files, lines of a log.

/// A text that a spreadsheet shows as it is: nothing that begins a formula (`= + - @`), no control characters (a tab or
/// a carriage return would hide one), nothing invisible, nothing that turns the direction of writing. A number stays
/// one: `-5` is no formula.
///
/// ```
/// use reintegrasi::domain::harmless;
/// assert_eq!(harmless("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
/// assert_eq!(harmless("\u{202e}slx.nelk"), "slx.nelk");
/// ```
pub fn harmless(s: &str) -> String {
    let clean: String = s
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    // Full-width forms count too: some spreadsheets take them for the signs they look like.
    let begins = |t: &str| t.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let number = clean
        .strip_prefix('-')
        .is_some_and(|n| n.starts_with(is_digit))
        && clean.parse::<f64>().is_ok();
    if begins(clean.trim_start()) && clean.trim().chars().count() > 1 && !number {
        format!("'{clean}")
    } else {
        clean
    }
}

/// Characters of no width, marks and overrides of direction.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_supplier_wrote_becomes_a_formula() {
        for s in [
            "=1+1",
            "+62",
            "-2+3",
            "@x",
            "\t=1",
            "\r=1",
            "\n@SUM(A1)",
            " =1+1",
            "\u{202e}=1",
            "\u{feff}=1",
            "＝1+1",
            "-INF()",
            "-inf",
        ] {
            assert!(harmless(s).starts_with('\''), "{s:?}");
        }
        for (s, as_is) in [
            ("-", "-"),
            ("-5", "-5"),
            ("-0.5", "-0.5"),
            ("A-1", "A-1"),
            ("a\u{202e}b", "ab"),
            ("a\tb", "a b"),
        ] {
            assert_eq!(harmless(s), as_is);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_harmless_begins_no_formula_and_steers_no_terminal(s in ".*") {
            let h = harmless(&s);
            proptest::prop_assert!(!h.chars().any(|c| c.is_control() || is_invisible(c)));
            let first = h.trim();
            proptest::prop_assert!(!first.starts_with(['=', '+', '@']) || first.chars().count() == 1);
            proptest::prop_assert!(!first.starts_with('-') || first.chars().count() == 1 || h.parse::<f64>().is_ok());
        }
    }
}
