//! The national identity number (NIK) and how far it can be trusted (docs/definitions.md 7).
//!
//! A NIK never appears in a log, an error, a figure or a file for the City: `Debug` is redacted here so that
//! no accidental `{:?}` can leak one.

use super::Sex;
use chrono::{Datelike, NaiveDate};

crate::coded_enum! {
    /// How much of a NIK survived on its way here.
    pub enum NikStatus {
        /// 16 digits that hold a valid birth date and a known province.
        Intact = "utuh",
        /// Typed into a numeric cell: the 16th digit is lost, 15 remain.
        Damaged15 = "rusak15",
        /// Scientific notation: six digits remain; never an identifier.
        Scientific = "rusak_ilmiah",
        /// Something was written that cannot be a NIK.
        Invalid = "tidak_sah",
        /// Empty or a placeholder.
        Missing = "kosong",
    }
}

/// Bytes kept of what was written; more than this is no mistyped NIK any more.
const LENGTH: usize = 18;

/// A NIK with its status. `digits` are kept as far as they were readable, the first [`LENGTH`] of them. Every record
/// holds one, so it lies in place and is small.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Nik {
    status: NikStatus,
    length: u8,
    digits: [u8; LENGTH],
}

impl Default for Nik {
    fn default() -> Self {
        Nik::missing()
    }
}

/// As status and digits.
impl serde::Serialize for Nik {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        (self.status, self.digits()).serialize(s)
    }
}

impl<'de> serde::Deserialize<'de> for Nik {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let (status, digits) = <(NikStatus, &str)>::deserialize(d)?;
        Ok(Nik::with_status(status, digits))
    }
}

impl std::fmt::Debug for Nik {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Nik({})", self.status.id())
    }
}

impl Nik {
    /// No NIK.
    pub const fn missing() -> Self {
        Nik {
            status: NikStatus::Missing,
            length: 0,
            digits: [0; LENGTH],
        }
    }
    /// A NIK with a status decided by the caller (`clean`), digits as they stand.
    pub fn with_status(status: NikStatus, digits: &str) -> Self {
        let kept = &digits.as_bytes()[..digits.floor_char_boundary(LENGTH)];
        let mut out = Nik {
            status,
            length: kept.len() as u8,
            digits: [0; LENGTH],
        };
        out.digits[..kept.len()].copy_from_slice(kept);
        out
    }
    /// Sixteen digits checked by the rules of docs/definitions.md 7 (date inside, province, serial); the status says the result.
    pub fn check16(digits: &str) -> Self {
        let ok = digits.len() == 16
            && digits.bytes().all(|b| b.is_ascii_digit())
            && Nik::birth_in(digits, 2026).is_some()
            && super::region::is_province(&digits[..2])
            && &digits[12..] != "0000";
        Nik::with_status(
            if ok {
                NikStatus::Intact
            } else {
                NikStatus::Invalid
            },
            digits,
        )
    }
    /// How much of it survived.
    pub fn status(&self) -> NikStatus {
        self.status
    }
    /// The 16 digits of an intact NIK: the only form that identifies a person.
    pub fn intact(&self) -> Option<&str> {
        (self.status == NikStatus::Intact).then_some(self.digits())
    }
    /// An intact NIK as a number.
    pub fn number(&self) -> Option<u64> {
        let mut digits = self.digits[..usize::from(self.length)].iter();
        (self.status == NikStatus::Intact)
            .then(|| {
                digits.try_fold(0, |n, d| {
                    d.is_ascii_digit().then(|| 10 * n + u64::from(d - b'0'))
                })
            })
            .flatten()
    }
    /// The 15-digit prefix of an intact or Excel-damaged NIK: evidence only together with name or birth date.
    pub fn prefix15(&self) -> Option<&str> {
        match self.status {
            NikStatus::Intact | NikStatus::Damaged15 => self.digits().get(..15),
            _ => None,
        }
    }
    /// Digits as far as readable, for comparison inside `link` only.
    pub fn digits(&self) -> &str {
        // Cut at a character's end when it was made.
        std::str::from_utf8(&self.digits[..usize::from(self.length)]).unwrap_or_default()
    }
    /// Birth date and sex inside an intact or 15-digit NIK; the century makes the person 12–100 years old in `event_year`.
    pub fn birth(&self, event_year: i32) -> Option<(NaiveDate, Sex)> {
        self.prefix15().and_then(|d| Nik::birth_in(d, event_year))
    }
    /// Birth date and sex in the digits of a NIK (12 or more digits), see [`Nik::birth`].
    pub fn birth_in(digits: &str, event_year: i32) -> Option<(NaiveDate, Sex)> {
        let num = |r: std::ops::Range<usize>| digits.get(r).and_then(|s| s.parse::<u32>().ok());
        let (dd, mm, yy) = (num(6..8)?, num(8..10)?, num(10..12)?);
        let (day, sex) = if dd > 40 {
            (dd - 40, Sex::Female)
        } else {
            (dd, Sex::Male)
        };
        [2000, 1900]
            .into_iter()
            .filter_map(|century| NaiveDate::from_ymd_opt(century + yy as i32, mm, day))
            .find(|d| (5..=100).contains(&(event_year - d.year())))
            .map(|d| (d, sex))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_vectors_of_domain_1_9() {
        let status = |s: &str| Nik::check16(s).status();
        assert_eq!(status("8171021203900001"), NikStatus::Intact);
        assert_eq!(status("8171025203900002"), NikStatus::Intact);
        assert_eq!(
            status("8101012902010003"),
            NikStatus::Invalid,
            "2001 is no leap year"
        );
        assert_eq!(status("8101012902040003"), NikStatus::Intact);
        assert_eq!(status("8171023113900001"), NikStatus::Invalid);
        assert_eq!(status("817102120390001"), NikStatus::Invalid, "15 digits");
        let (d, sex) = Nik::check16("8171025203900002").birth(2026).unwrap();
        assert_eq!(
            (d, sex),
            (NaiveDate::from_ymd_opt(1990, 3, 12).unwrap(), Sex::Female)
        );
    }

    #[test]
    fn of_what_is_far_too_long_the_beginning_is_kept_and_characters_stay_whole() {
        let kept = |s: &str| Nik::with_status(NikStatus::Invalid, s).digits().to_owned();
        assert_eq!(kept("81710212039000012345"), "817102120390000123");
        assert_eq!(kept("8171021203900001é"), "8171021203900001é");
        assert_eq!(kept("81710212039000012é"), "81710212039000012");
    }

    #[test]
    fn a_nik_never_prints_its_digits() {
        assert_eq!(
            format!("{:?}", Nik::check16("8171021203900001")),
            "Nik(utuh)"
        );
    }
}
