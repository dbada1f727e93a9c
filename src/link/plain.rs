//! What an identity says in numbers: NIK, birth, sex, residence. By these most pairs are told apart, so they lie close
//! together, away from all else that is known of it.

use super::engine::agree::{Date, packed};
use crate::domain::records::Identity;
use crate::domain::region::Regency;
use crate::domain::{NikStatus, Sex};

/// Of a birth whose year is unknown.
const NO_YEAR: i32 = i32::MIN;

/// The numbers of an identity; small, since they are read for every pair.
#[derive(Debug, Clone, Copy)]
pub struct Plain {
    /// Digits of the NIK, four bits each; of fifteen the last stands for nothing.
    nik: u64,
    /// Digits that can be trusted: 16, 15 or 0.
    nik_digits: u8,
    /// Sex.
    pub sex: Option<Sex>,
    /// Village of residence.
    pub village: Option<u8>,
    /// Regency of residence.
    pub regency: Regency,
    /// The day of birth, where it is known.
    pub born: Date,
    year: i32,
}

impl Plain {
    /// Of an identity.
    pub fn of(who: &Identity) -> Plain {
        // The first so many digits, four bits each.
        let first = |n: usize| who.nik.digits().as_bytes().get(..n).and_then(packed);
        let (nik, nik_digits) = match who.nik.status() {
            NikStatus::Intact => first(16).map(|n| (n, 16)),
            NikStatus::Damaged15 => first(15).map(|n| (n << 4, 15)),
            _ => None,
        }
        .unwrap_or_default();
        Plain {
            nik,
            nik_digits,
            sex: who.sex,
            village: who.residence.village.map(|v| v.0),
            regency: who.residence.regency,
            born: who.birth.day().map_or(Date::default(), Date::on),
            year: who.birth.year().unwrap_or(NO_YEAR),
        }
    }

    /// All sixteen digits of the NIK as a number, when they can be trusted.
    pub fn nik(&self) -> Option<u64> {
        (self.nik_digits == 16).then_some(self.nik)
    }

    /// Its first fifteen digits as a number, four bits each, when they can be trusted.
    pub fn nik15(&self) -> Option<u64> {
        (self.nik_digits >= 15).then_some(self.nik >> 4)
    }

    /// The year of birth, where it is known.
    pub fn year(&self) -> Option<i32> {
        (self.year != NO_YEAR).then_some(self.year)
    }
}
