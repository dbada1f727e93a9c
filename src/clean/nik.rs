//! A NIK cell, as far as it survived (docs/definitions.md 7).

use super::text::is_placeholder;
use crate::domain::raw::RawCell;
use crate::domain::{Nik, NikStatus};

/// Reads a NIK cell; numeric cells lose the 16th digit.
pub fn read(cell: &RawCell) -> Nik {
    match cell {
        RawCell::Number(n) if *n > 0.0 => number(*n),
        RawCell::Text(t) => text(t),
        // A truth value, an error or a day: something was written that is no NIK.
        RawCell::Bool(_) | RawCell::Error(_) | RawCell::Date(_) => {
            Nik::with_status(NikStatus::Invalid, "")
        }
        RawCell::Empty | RawCell::Number(_) => Nik::missing(),
    }
}

/// Reads a NIK cell of a column that has lost its last digits: what seems whole is known to 15 digits.
pub fn read_rounded(cell: &RawCell) -> Nik {
    let nik = read(cell);
    match nik.intact() {
        Some(digits) => damaged(&digits[..15]),
        None => nik,
    }
}

/// The digits of a text that is a NIK of 16 digits, however it is divided: `8171 0212 0390 0012`, `8171021203900012.0`.
pub fn sixteen_in(t: &str) -> Option<[u8; 16]> {
    let t = without_decimals(t.trim());
    let mut out = [0; 16];
    let mut n = 0;
    for b in t.bytes() {
        if b.is_ascii_digit() {
            *out.get_mut(n)? = b;
            n += 1;
        } else if b.is_ascii_alphabetic() {
            return None;
        }
    }
    (n == 16).then_some(out)
}

/// Without the `.0` that programs add to a whole number.
fn without_decimals(t: &str) -> &str {
    let bare = t.trim_end_matches('0');
    match bare.strip_suffix(['.', ',']) {
        Some(whole) if bare.len() < t.len() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => t,
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
    if let Some(nik) = scientific(t) {
        return nik;
    }
    let t = without_decimals(t.trim());
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

/// `8,17102E+15` keeps six digits; `8.171021203900012E+15` all of them, `8.17102120390001E+15` all but the last.
fn scientific(t: &str) -> Option<Nik> {
    let upper = t.trim().to_ascii_uppercase();
    let (mantissa, power) = upper.split_once('E')?;
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let numeric = |s: &str, marks: &[char]| {
        !s.is_empty() && s.chars().all(|c| c.is_ascii_digit() || marks.contains(&c))
    };
    if !numeric(mantissa, &['.', ',']) || !numeric(power, &['+']) {
        return None;
    }
    Some(match (digits.len(), power.trim_start_matches(['+', '0'])) {
        (16, "15") => sixteen(&digits),
        (15, "15") => damaged(&digits),
        _ => Nik::with_status(NikStatus::Scientific, &upper),
    })
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
        assert_eq!(t("8171021203900012.0"), NikStatus::Intact, "pandas");
        assert_eq!(t("8171021203900012,00"), NikStatus::Intact);
        assert_eq!(
            t("8171021203900010"),
            NikStatus::Intact,
            "the column decides"
        );
        assert_eq!(t("8.171021203900012E+15"), NikStatus::Intact, "all sixteen");
        assert_eq!(t("8.17102120390001E+15"), NikStatus::Damaged15);
        assert_eq!(t("nan"), NikStatus::Missing);
        let cells = [
            RawCell::Bool(true),
            RawCell::Error("#N/A".into()),
            RawCell::Date(45_721.0),
        ];
        assert!(cells.iter().all(|c| read(c).status() == NikStatus::Invalid));
        let rounded = read_rounded(&RawCell::Text("8171021203900010".into()));
        assert_eq!(
            (rounded.status(), rounded.prefix15()),
            (NikStatus::Damaged15, Some("817102120390001"))
        );
        let n = read(&RawCell::Number(8171021203900001.0));
        assert_eq!(n.status(), NikStatus::Intact, "written by software");
        let n = read(&RawCell::Number(8171021203900000.0));
        assert_eq!(
            (n.status(), n.prefix15()),
            (NikStatus::Damaged15, Some("817102120390000"))
        );
    }
}
