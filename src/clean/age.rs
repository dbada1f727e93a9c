//! Ages as evidence of the year of birth. A list counts them as of its own end or as of a day of each row (admission, request,
//! start): which, those of its rows say that write a birth date or a NIK as well. A list in which none does tells no year.

use super::row::{Positions, Row};
use super::{AsOf, damage, identity};
use crate::domain::date::age_on;
use crate::domain::raw::RawTable;
use crate::domain::{Field, Month};
use chrono::{Datelike, NaiveDate};

/// As of which day a list counts ages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsCounted {
    /// The last day of its month.
    List(NaiveDate),
    /// The day in this column.
    Day(Field),
}

/// Rows looked at.
const ROWS: usize = 200;
/// Rows that must tell, at least, and the tenths of them that must agree.
const ENOUGH: usize = 5;
const TENTHS: usize = 8;

impl AsCounted {
    /// Of a table; `None` where it writes no ages, or nothing says as of when they are.
    pub fn of(
        table: &RawTable,
        positions: &Positions,
        damage: &[damage::Column],
        as_of: &AsOf,
        month: Option<Month>,
    ) -> Option<AsCounted> {
        table.position(Field::Age)?;
        let days = Field::ALL.iter().copied();
        let days = days.filter(|f| f.is_day() && *f != Field::BirthDate);
        let days = days.filter(|f| table.position(*f).is_some());
        let list = month.map(|m| AsCounted::List(m.last_day()));
        let candidates: Vec<AsCounted> = list.into_iter().chain(days.map(AsCounted::Day)).collect();
        // Rows that tell of each candidate, and those whose age is the one it makes.
        let mut told = vec![(0usize, 0usize); candidates.len()];
        for raw in table.rows.iter().take(ROWS) {
            let mut row = Row::new(table, raw, positions, damage);
            let Some(age) = written(&row) else { continue };
            let who = identity::read(&mut row, as_of);
            let Some(birth) = who.and_then(|w| w.birth.day()) else {
                continue;
            };
            for (candidate, (all, agree)) in candidates.iter().zip(&mut told) {
                if let Some(on) = candidate.day(&mut row).filter(|on| *on > birth) {
                    *all += 1;
                    *agree += usize::from(age_on(birth, on) == age);
                }
            }
        }
        let tells = |(_, (all, agree)): &(AsCounted, (usize, usize))| {
            *all >= ENOUGH && agree * 10 >= all * TENTHS
        };
        let best = candidates.into_iter().zip(told).filter(tells);
        // Of those that agree as often the first.
        let best = best.reduce(|x, y| if y.1.1 > x.1.1 { y } else { x });
        best.map(|(candidate, _)| candidate)
    }

    fn day(self, row: &mut Row) -> Option<NaiveDate> {
        match self {
            AsCounted::List(day) => Some(day),
            AsCounted::Day(field) => row.date(field).day(),
        }
    }

    /// The likeliest year of birth by the age of a row: at most one off.
    pub fn born(self, row: &mut Row) -> Option<i32> {
        let age = written(row)?;
        let on = match self {
            AsCounted::List(day) => day,
            // Read apart, so that what is wrong with the day is not said twice.
            AsCounted::Day(field) => row.apart().date(field).day()?,
        };
        let year = on.year() - i32::try_from(age).ok()?;
        Some(if on.ordinal() > 183 { year } else { year - 1 })
    }
}

/// The age of a row, in years: `27`, `27 Th`, `27 tahun`.
fn written(row: &Row) -> Option<u32> {
    let text = row.text(Field::Age);
    let digits = text.trim().split(|c: char| !c.is_ascii_digit()).next()?;
    let age: u32 = digits.parse().ok()?;
    (7..=99).contains(&age).then_some(age)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::damage::tests::{table, texts};

    /// The year of birth told by the age of the last row, which writes no birth date.
    fn born(ages: &[&str; 6]) -> Option<i32> {
        let births = [
            "1990-02-01",
            "1985-06-30",
            "1979-12-31",
            "2001-03-04",
            "1995-09-09",
        ];
        let table = table(&[
            (
                Field::Name,
                texts(&["Ana S", "Beni S", "Cici S", "Dodi S", "Edo S", "Fani S"]),
            ),
            (Field::BirthDate, texts(&births)),
            (Field::Age, texts(ages)),
            (Field::RequestedDate, texts(&["2020-11-20"; 6])),
        ]);
        let damage = damage::columns(std::slice::from_ref(&table)).remove(0);
        let positions = Positions::new(&table);
        let as_of = AsOf::new(NaiveDate::from_ymd_opt(2026, 1, 31)?);
        let month = Month::new(2026, 1);
        let counted = AsCounted::of(&table, &positions, &damage, &as_of, month)?;
        counted.born(&mut Row::new(
            &table,
            table.rows.last()?,
            &positions,
            &damage,
        ))
    }

    #[test]
    fn an_age_tells_the_year_of_birth_where_other_rows_say_as_of_when_ages_are() {
        // As of the day of the request: born late in 1991 or in 1992.
        let requested = ["30", "35 Th", "40", "19", "25", "28 tahun"];
        assert_eq!(born(&requested), Some(1992));
        // As of the month of the list.
        let listed = ["35", "40 Th", "46", "24", "30", "34"];
        assert_eq!(born(&listed), Some(1991));
        // As of no day that the list knows.
        assert_eq!(born(&["33", "37", "43", "22", "28", "31"]), None);
    }
}
