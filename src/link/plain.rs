//! What an identity says in numbers: NIK, birth, sex, residence. By these most pairs are told apart, so they lie close
//! together, away from all else that is known of it.

use super::engine::agree::Date;
use super::engine::birth_date::{ABOUT, Born, Heaps};
use super::engine::nik::{Digits, Trust};
use crate::domain::records::{FromNik, Identity};
use crate::domain::region::Regency;
use crate::domain::{PartialDate, Sex};
use chrono::Datelike;

/// Of a birth whose year is unknown.
const NO_YEAR: i16 = i16::MIN;

/// The numbers of an identity; small, since they are read for every pair.
#[derive(Debug, Clone, Copy)]
pub struct Plain {
    /// Digits of the NIK, as far as they are there.
    pub digits: Digits,
    /// How far they can be believed.
    pub trust: Trust,
    /// Sex; where the birth date fits the NIK, that of the NIK.
    pub sex: Option<Sex>,
    /// What is known from the NIK alone.
    pub from_nik: FromNik,
    /// Village of residence.
    pub village: Option<u8>,
    /// Regency of residence.
    pub regency: Regency,
    day: Date,
    year: i16,
    /// The year is that of an age, and may be one off.
    about: bool,
}

impl Plain {
    /// Packs what is compared of an identity, and its birth as far as it is evidence: of a default day the year, with the
    /// day the NIK has where its year is the same.
    pub fn of(who: &Identity, heaps: &Heaps) -> (Plain, PartialDate) {
        let mut from_nik = who.from_nik;
        let default_day = who.birth.day().is_some_and(|d| heaps.year_alone(d)) && !from_nik.birth;
        let written = match from_nik.birth {
            true => PartialDate::Unknown,
            false => who.birth,
        };
        let digits = Digits::of(&who.nik);
        let sex = who.sex.filter(|_| !from_nik.sex);
        let (mut trust, own_sex) = digits.held_against(written, default_day, sex);
        // A NIK that is years off the age beside it is somebody else's.
        let far = |aged: i32| {
            let inside = who.nik.birth(2026);
            inside.is_some_and(|(d, _)| aged.abs_diff(d.year()) > ABOUT)
        };
        if who.aged.is_some_and(far) {
            trust = Trust::Contradicted;
        }
        let mut birth = who.birth;
        if default_day {
            let inside = who.nik.birth(2026).map(|(d, _)| PartialDate::Day(d));
            let inside = inside.filter(|d| d.year() == birth.year());
            from_nik.birth = inside.is_some();
            let year = birth.year().map_or(birth, PartialDate::Year);
            birth = inside.unwrap_or(year);
        }
        // What a NIK says that the age contradicts is not known of the person.
        if from_nik.birth && trust == Trust::Contradicted {
            (birth, from_nik.birth) = (PartialDate::Unknown, false);
        }
        let about = birth.year().is_none() && who.aged.is_some();
        let year = birth.year().or(who.aged);
        let out = Plain {
            digits,
            trust,
            // The day inside the NIK says the sex too, and it is the day of the row.
            sex: own_sex.filter(|_| trust == Trust::Fits).or(who.sex),
            from_nik,
            village: who.residence.village.map(|v| v.0),
            regency: who.residence.regency,
            day: birth.day().map_or(Date::default(), Date::on),
            year: year.and_then(|y| i16::try_from(y).ok()).unwrap_or(NO_YEAR),
            about,
        };
        (out, birth)
    }

    /// All sixteen digits of the NIK as a number, when they can be believed.
    pub fn nik(&self) -> Option<u64> {
        let sixteen = self.digits.sixteen();
        sixteen.filter(|_| self.trust != Trust::Contradicted)
    }

    /// The birth date as far as it is evidence.
    pub fn born(&self) -> Born {
        Born {
            day: self.day,
            year: self.year(),
            about: self.about,
        }
    }

    /// The year of birth, where it is known.
    pub fn year(&self) -> Option<i32> {
        (self.year != NO_YEAR).then_some(i32::from(self.year))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Nik;
    use chrono::NaiveDate;

    #[test]
    fn a_default_day_says_its_year_and_the_nik_the_day() {
        let plain = |nik: &str, birth: (i32, u32, u32)| {
            let (y, m, d) = birth;
            let who = Identity {
                nik: Nik::check16(nik),
                birth: NaiveDate::from_ymd_opt(y, m, d)
                    .map_or(PartialDate::Unknown, PartialDate::Day),
                ..Identity::default()
            };
            Plain::of(&who, &Heaps::of(std::iter::empty()))
        };
        let (p, birth) = plain("8171021203900001", (1990, 1, 1));
        let inside = NaiveDate::from_ymd_opt(1990, 3, 12).map(PartialDate::Day);
        assert_eq!(Some(birth), inside);
        assert!(p.from_nik.birth && p.trust == Trust::Unchecked);
        let (p, birth) = plain("", (1990, 12, 31));
        assert_eq!(birth, PartialDate::Year(1990));
        assert!(!p.born().day.is_known() && p.year() == Some(1990));
    }
}
