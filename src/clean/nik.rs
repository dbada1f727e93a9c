//! A NIK cell, as far as it survived (DOMAIN.md 1.9).

use super::text::is_placeholder;
use crate::domain::raw::RawCell;
use crate::domain::{Nik, NikStatus};

/// Reads a NIK cell; numeric cells lose the 16th digit.
pub fn read(cell: &RawCell) -> Nik {
    match cell {
        RawCell::Number(n) if *n > 0.0 => number(*n),
        RawCell::Text(t) => text(t),
        _ => Nik::missing(),
    }
}

fn number(n: f64) -> Nik {
    let digits = format!("{n:.0}");
    match digits.len() {
        // Excel keeps 15 digits; a 16-digit number ending in 0 has lost its last.
        16 if digits.ends_with('0') => damaged(&digits[..15]),
        16 => Nik::check16(&digits),
        _ => Nik::with_status(NikStatus::Invalid, &digits),
    }
}

fn damaged(prefix: &str) -> Nik {
    let plausible = Nik::birth_in(prefix, 2026).is_some();
    Nik::with_status(
        if plausible {
            NikStatus::Damaged15
        } else {
            NikStatus::Invalid
        },
        prefix,
    )
}

fn text(t: &str) -> Nik {
    if t.len() == 16 && t.bytes().all(|b| b.is_ascii_digit()) {
        return sixteen(t);
    }
    if is_placeholder(t) {
        return Nik::missing();
    }
    let upper = t.trim().to_ascii_uppercase();
    if upper.contains("E+")
        && upper
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, 'E' | '+' | '.' | ','))
    {
        return Nik::with_status(NikStatus::Scientific, &upper);
    }
    let digits: String = t.chars().filter(char::is_ascii_digit).collect();
    let letters = t.chars().filter(|c| c.is_alphabetic()).count();
    if stands_for_nothing(&digits) {
        return if letters > 0 && digits.is_empty() {
            Nik::with_status(NikStatus::Invalid, "")
        } else {
            Nik::missing()
        };
    }
    match digits.len() {
        16 if letters == 0 => sixteen(&digits),
        _ => Nik::with_status(NikStatus::Invalid, &digits),
    }
}

/// `0000…`, `9999…`, `81710000…`: a row of digits that was typed because something had to be.
fn stands_for_nothing(digits: &str) -> bool {
    let same = digits.bytes().all(|b| Some(b) == digits.bytes().next());
    same || (digits.len() >= 12 && digits[4..].bytes().all(|b| b == b'0'))
}

fn sixteen(digits: &str) -> Nik {
    match () {
        () if stands_for_nothing(digits) => Nik::missing(),
        () if digits.ends_with("0000") => damaged(&digits[..15]),
        () => Nik::check16(digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(s: &str) -> NikStatus {
        read(&RawCell::Text(s.into())).status()
    }

    #[test]
    fn every_way_a_nik_is_damaged_has_its_level() {
        assert_eq!(t("8171021203900001"), NikStatus::Intact);
        assert_eq!(t("'8171 0212-0390.0001"), NikStatus::Intact);
        assert_eq!(t("8,17102E+15"), NikStatus::Scientific);
        assert_eq!(t("8.17102E+15"), NikStatus::Scientific);
        assert_eq!(t("817102120390001"), NikStatus::Invalid);
        assert_eq!(t("-"), NikStatus::Missing);
        assert_eq!(t("BELUM PEREKAMAN"), NikStatus::Missing);
        assert_eq!(t("9999999999999999"), NikStatus::Missing);
        assert_eq!(t("8171000000000000"), NikStatus::Missing);
        let n = read(&RawCell::Number(8171021203900001.0));
        assert_eq!(n.status(), NikStatus::Intact, "written by software");
        let n = read(&RawCell::Number(8171021203900000.0));
        assert_eq!(
            (n.status(), n.prefix15()),
            (NikStatus::Damaged15, Some("817102120390000"))
        );
    }
}
