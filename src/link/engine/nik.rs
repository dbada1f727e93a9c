//! The NIK as evidence: held against its own row first, then against another, digit by digit.
//!
//! Where two NIK are not the same, the birth date inside them is counted by the comparison of birth dates alone.

use super::agree::one_digit_of;
use crate::domain::{PartialDate, Sex};
use chrono::Datelike;

/// Levels; 0 where one is missing.
pub mod level {
    /// Different, and each fits its own row: two people.
    pub const DIFFERENT: u8 = 1;
    /// Different, and one of them is damaged or somebody else's by what its own row says.
    pub const DOUBTED: u8 = 2;
    /// One digit of the serial wrong, or two exchanged.
    pub const SERIAL_SLIP: u8 = 3;
    /// One digit of the region or the birth date wrong, or two exchanged.
    pub const SLIP: u8 = 4;
    /// Equal, but it says another birth date than one of the two rows.
    pub const BORROWED: u8 = 5;
    /// The fifteen digits that are left are equal.
    pub const FIFTEEN: u8 = 6;
    /// All digits are equal.
    pub const EQUAL: u8 = 7;
}

/// How a NIK stands to the birth date and sex written beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Trust {
    /// The birth date inside it is the one of the row.
    Fits,
    /// The row writes no birth date and no other sex.
    #[default]
    Unchecked,
    /// It is off by what a slip of the pen makes: one digit, two exchanged, one part of the date, or the sex alone.
    Slip,
    /// It says another birth date, or its digits can be no NIK, or it is somebody else's: a relative's or the row above's.
    Contradicted,
}

/// The digits of a NIK as far as they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digits {
    /// Four bits each, the first highest; of fifteen the last stands for nothing.
    packed: u64,
    /// 16, 15 or 0.
    count: u8,
    /// Sixteen that can be no NIK.
    broken: bool,
}

/// The last four digits.
const SERIAL: u64 = 0xFFFF;

impl Digits {
    /// Of a NIK as it was read: sixteen digits, or the fifteen that are left.
    pub fn of(nik: &crate::domain::Nik) -> Digits {
        use crate::domain::NikStatus;
        let digits = nik.digits().as_bytes();
        let first = |n: usize| digits.get(..n).and_then(super::agree::packed);
        let found = match (nik.status(), digits.len()) {
            (NikStatus::Intact, _) | (NikStatus::Invalid, 16) => first(16).map(|n| (n, 16)),
            (NikStatus::Damaged15, _) | (NikStatus::Invalid, 15) => first(15).map(|n| (n << 4, 15)),
            (NikStatus::Invalid | NikStatus::Scientific | NikStatus::Missing, _) => None,
        };
        let (packed, count) = found.unwrap_or_default();
        Digits {
            packed,
            count,
            broken: count == 16 && nik.status() == NikStatus::Invalid,
        }
    }

    /// All sixteen as a number, four bits each.
    pub fn sixteen(self) -> Option<u64> {
        (self.count == 16 && !self.broken).then_some(self.packed)
    }

    /// There are any.
    pub fn is_known(self) -> bool {
        self.count > 0
    }

    /// How far they fit the birth date (of a default day the year alone counts) and the sex that their row writes, and the
    /// sex they hold.
    pub fn held_against(
        self,
        birth: PartialDate,
        default_day: bool,
        sex: Option<Sex>,
    ) -> (Trust, Option<Sex>) {
        if self.count == 0 {
            return (Trust::Unchecked, None);
        }
        let digit = |i: u32| (self.packed >> (4 * (15 - i)) & 15) as u32;
        let two = |i: u32| 10 * digit(i) + digit(i + 1);
        let inside = (two(6) % 40, two(8), two(10));
        let own = if two(6) > 40 { Sex::Female } else { Sex::Male };
        if self.broken {
            return (Trust::Contradicted, None);
        }
        let short = |y: i32| y.rem_euclid(100) as u32;
        let year_alone = |y: i32| match short(y) == inside.2 {
            true => Trust::Unchecked,
            false => Trust::Contradicted,
        };
        let trust = match birth {
            PartialDate::Unknown => Trust::Unchecked,
            PartialDate::Year(y) | PartialDate::Month(y, _) => year_alone(y),
            PartialDate::Day(d) if default_day => year_alone(d.year()),
            PartialDate::Day(d) => dates(inside, (d.day(), d.month(), short(d.year()))),
        };
        let other_sex = sex.is_some_and(|s| s != own);
        match (trust, other_sex) {
            (trust, false) | (trust @ Trust::Fits, true) => (trust, Some(own)),
            (Trust::Unchecked, true) => (Trust::Slip, Some(own)),
            (Trust::Slip | Trust::Contradicted, true) => (Trust::Contradicted, Some(own)),
        }
    }

    /// The level two NIK reach, each with how far it is to be believed.
    pub fn level(self, trust: Trust, other: Digits, other_trust: Trust) -> u8 {
        if self.count == 0 || other.count == 0 {
            return 0;
        }
        let sixteen = self.count == 16 && other.count == 16;
        let (x, y) = match sixteen {
            true => (self.packed, other.packed),
            false => (self.packed & !15, other.packed & !15),
        };
        let worst = trust.max(other_trust);
        match () {
            () if x == y && worst == Trust::Contradicted => level::BORROWED,
            () if x == y && sixteen => level::EQUAL,
            () if x == y => level::FIFTEEN,
            () if one_digit_of(x, y) => match (x ^ y) & !SERIAL == 0 {
                true => level::SERIAL_SLIP,
                false => level::SLIP,
            },
            () if worst >= Trust::Slip => level::DOUBTED,
            () => level::DIFFERENT,
        }
    }

    /// Whether two serials follow one another, as those of twins do who were entered together.
    pub fn follows(self, other: Digits) -> bool {
        let serial = |n: u64| (0..4).rev().fold(0, |v, i| 10 * v + (n >> (4 * i) & 15));
        let both = self.sixteen().zip(other.sixteen());
        both.is_some_and(|(x, y)| {
            (x ^ y) & !SERIAL == 0 && serial(x & SERIAL).abs_diff(serial(y & SERIAL)) == 1
        })
    }

    /// Region and serial of two NIK of sixteen digits: the regions are equal, are a slip apart; the serials are equal, are a
    /// slip apart, are equal in three digits.
    pub fn by_part(self, other: Digits) -> Option<[bool; 5]> {
        let (x, y) = self.sixteen().zip(other.sixteen())?;
        let (r, s) = ((x >> 40, y >> 40), (x & SERIAL, y & SERIAL));
        Some([
            r.0 == r.1,
            one_digit_of(r.0, r.1),
            s.0 == s.1,
            one_digit_of(s.0, s.1),
            s.0 >> 4 == s.1 >> 4,
        ])
    }
}

/// The level of two NIK beside that of the given names of their bearers: one that is a slip of the serial away, or has lost
/// its last digit, is that of a twin or brother where the given names are not the same. Twins bear serials that follow one
/// another and names a letter apart; that a row has both its NIK and its name mistyped is rarer. Where the serials follow one
/// another (`follows`) only the very same given names say that it is a slip, in one spelling (`spelt_alike`): Jefri's twin is
/// called Jefry.
pub fn of_brothers(level: u8, given: u8, follows: bool, spelt_alike: bool) -> u8 {
    use super::person_name::given as name;
    let other_name = match given {
        name::DIFFERENT | name::ALIKE | name::PART | name::SIMILAR => true,
        name::EQUAL => follows && !spelt_alike,
        // None is there, or it is written shorter.
        _ => follows,
    };
    match level {
        level::SERIAL_SLIP if other_name => level::DIFFERENT,
        level::FIFTEEN if other_name => 0,
        level => level,
    }
}

/// How the date inside a NIK and the written one agree: day, month and two digits of the year.
fn dates(inside: (u32, u32, u32), written: (u32, u32, u32)) -> Trust {
    let six = |(d, m, y): (u32, u32, u32)| {
        [d / 10, d % 10, m / 10, m % 10, y / 10, y % 10]
            .iter()
            .fold(0u64, |n, d| n << 4 | u64::from(*d))
    };
    let same = [
        inside.0 == written.0,
        inside.1 == written.1,
        inside.2 == written.2,
    ];
    match same.iter().filter(|s| **s).count() {
        3 => Trust::Fits,
        2 => Trust::Slip,
        _ if one_digit_of(six(inside), six(written)) => Trust::Slip,
        _ if (inside.1, inside.0) == (written.0, written.1) && same[2] => Trust::Slip,
        _ => Trust::Contradicted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Nik;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn digits(text: &str) -> Digits {
        Digits::of(&Nik::check16(text))
    }

    fn day(y: i32, m: u32, d: u32) -> PartialDate {
        NaiveDate::from_ymd_opt(y, m, d).map_or(PartialDate::Unknown, PartialDate::Day)
    }

    #[test]
    fn a_nik_is_believed_as_far_as_it_fits_the_birth_date_and_sex_beside_it() {
        let male = Some(Sex::Male);
        let trust = |birth, sex| digits("8171021203900001").held_against(birth, false, sex).0;
        assert_eq!(trust(day(1990, 3, 12), male), Trust::Fits);
        assert_eq!(trust(PartialDate::Unknown, male), Trust::Unchecked);
        assert_eq!(trust(PartialDate::Year(1984), male), Trust::Contradicted);
        assert_eq!(trust(day(1990, 3, 13), male), Trust::Slip);
        assert_eq!(trust(day(1990, 12, 3), male), Trust::Slip);
        assert_eq!(trust(day(1984, 7, 30), male), Trust::Contradicted);
        let female = Some(Sex::Female);
        assert_eq!(trust(day(1990, 3, 13), female), Trust::Contradicted);
        assert_eq!(
            digits("8171021203900001").held_against(day(1990, 3, 12), false, female),
            (Trust::Fits, male),
            "the day inside the NIK says the sex too"
        );
        let broken = digits("8171023113900001").held_against(PartialDate::Unknown, false, male);
        assert_eq!(broken.0, Trust::Contradicted);
    }

    #[test]
    fn two_niks_differ_for_a_reason_or_are_two_people() {
        use Trust::{Contradicted, Fits};
        let own = digits("8171021203900001");
        let level = |text: &str, trust| own.level(Fits, digits(text), trust);
        for (text, trust, want) in [
            ("8171021203900001", Fits, level::EQUAL),
            ("8171021203900001", Contradicted, level::BORROWED),
            ("8171021203900007", Fits, level::SERIAL_SLIP),
            ("8171021203900010", Fits, level::SERIAL_SLIP),
            ("8171031203900001", Fits, level::SLIP),
            ("8171023012880214", Fits, level::DIFFERENT),
            ("8171023012880214", Contradicted, level::DOUBTED),
            ("", Fits, 0),
        ] {
            assert_eq!(level(text, trust), want, "{text} {trust:?}");
        }
        let fifteen = Digits::of(&Nik::with_status(
            crate::domain::NikStatus::Damaged15,
            "817102120390000",
        ));
        assert_eq!(own.level(Fits, fifteen, Fits), level::FIFTEEN);
    }

    proptest! {
        #[test]
        fn the_order_of_two_niks_does_not_matter(a in "[0-9]{16}", i in 0usize..16, d in 0u8..10) {
            let mut b = a.clone().into_bytes();
            b[i] = b'0' + d;
            let b = String::from_utf8(b).unwrap();
            let (x, y) = (digits(&a), digits(&b));
            for t in [Trust::Fits, Trust::Unchecked, Trust::Slip, Trust::Contradicted] {
                prop_assert_eq!(x.level(t, y, Trust::Fits), y.level(Trust::Fits, x, t));
            }
        }
    }
}
