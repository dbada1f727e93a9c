//! What was typed before a spreadsheet made a day of it: a sentence `2-6-3`, a register number `11/2025`. Recovered only
//! where one thing alone can have been typed.

use super::date::{self, DateReading};
use super::row::Row;
use crate::domain::raw::RawCell;
use crate::domain::{Field, PartialDate};
use chrono::{Datelike, Days, Months, NaiveDate};

/// The text that became the day in a field's cell.
pub fn typed(row: &Row, field: Field) -> Option<String> {
    let RawCell::Date(n) = row.cell(field) else {
        return None;
    };
    let d = date::serial(*n)?;
    match field {
        Field::SentenceLength => sentence(row, d),
        Field::RegisterNo => (d.day() == 1 && row.damage(field).numbered_by_year)
            .then(|| format!("{}/{}", d.month(), d.year())),
        _ => None,
    }
}

/// Days by which a sentence and the days between admission and expiry may differ, and by how much the next best reading
/// must be worse.
const NEAR: i64 = 45;
const WORSE: i64 = 20;

/// Years, months and days of a sentence: day, month and year of the day it became, or month, day and year where the
/// spreadsheet expected the month first. Of the current years the third part may not have been typed at all.
fn sentence(row: &Row, d: NaiveDate) -> Option<String> {
    let rest = d.year().rem_euclid(100) as u32;
    let mut all = vec![(d.day(), d.month(), rest), (d.month(), d.day(), rest)];
    if d.year() >= 2020 {
        all.extend([(d.day(), d.month(), 0), (d.month(), d.day(), 0)]);
    }
    all.retain(|(_, months, days)| *months < 12 && *days <= 31);
    all.sort_unstable();
    all.dedup();
    let day = |f: Field| match date::read(row.cell(f)) {
        DateReading::Known(PartialDate::Day(d)) => Some(d),
        _ => None,
    };
    let begin = day(Field::AdmissionDate).or_else(|| day(Field::DetainedDate));
    let best = match begin.zip(day(Field::ExpiryDate)) {
        Some((begin, end)) => {
            let mut fits: Vec<(i64, (u32, u32, u32))> = (all.iter())
                .filter_map(|s| Some(((after(begin, *s)? - end).num_days().abs(), *s)))
                .collect();
            fits.sort_unstable();
            let next = fits.get(1).map_or(i64::MAX, |(off, _)| *off);
            let (off, best) = *fits.first()?;
            (off <= NEAR && next - off >= WORSE).then_some(best)?
        }
        None => match all[..] {
            [only] => only,
            _ => return None,
        },
    };
    Some(format!("{}-{}-{}", best.0, best.1, best.2))
}

fn after(begin: NaiveDate, (years, months, days): (u32, u32, u32)) -> Option<NaiveDate> {
    begin
        .checked_add_months(Months::new(years * 12 + months))?
        .checked_add_days(Days::new(u64::from(days)))
}
