//! The days of a row: read by field, mended or set aside where the column was damaged, and said.

use super::Row;
use crate::clean::damage::{self, Proof};
use crate::clean::date::{self, DateReading};
use crate::clean::remarks;
use crate::domain::Month;
use crate::domain::month::month_word;
use crate::domain::raw::RawCell;
use crate::domain::{Field, PartialDate, Severity};
use chrono::NaiveDate;

impl Row<'_> {
    /// The date of a field; what is no date, or one only in some way, is an issue.
    pub fn date(&mut self, field: Field) -> PartialDate {
        let mut reading = self.reading(field);
        // In front of a day of birth a place is usual.
        if let (Field::BirthDate, DateReading::Mended(d), RawCell::Text(t)) =
            (field, reading, self.cell(field))
            && let (place, known @ DateReading::Known(PartialDate::Day(k))) =
                date::place_and_date(t)
            && k == d
            && place
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\''))
        {
            reading = known;
        }
        match reading {
            DateReading::Empty => PartialDate::Unknown,
            DateReading::Known(d) => d,
            DateReading::Placeholder => {
                self.note(Severity::Note, "clean.date_placeholder", field);
                PartialDate::Unknown
            }
            DateReading::Mended(d) => {
                self.note(Severity::Warning, "clean.date_mended", field)
                    .proposed = shown_day(d);
                PartialDate::Day(d)
            }
            DateReading::Period(first, _) => {
                // Of a period both days are used where it begins something that ends.
                if field != Field::StartDate {
                    self.note(Severity::Warning, "clean.date_period", field)
                        .proposed = shown_day(first);
                }
                PartialDate::Day(first)
            }
            DateReading::Bad(candidate) => {
                // Of other kinds of cells it is said already.
                if matches!(self.cell(field), RawCell::Error(_) | RawCell::Bool(_)) {
                    return PartialDate::Unknown;
                }
                // `7 Januari` on the list of a month: the year is that of the list.
                let month = self.context(|c| c.month).or(self.table.month());
                let told = |t: &str| {
                    let told = || remarks::day_told(t, month);
                    let written = remarks::day_without_year(t, month);
                    written.or_else(|| told().filter(|_| field != Field::BirthDate))
                };
                let day = match self.cell(field) {
                    RawCell::Text(t) => date::corrected(t)
                        .or_else(|| date::open_period(t))
                        .or_else(|| told(t)),
                    RawCell::Number(_)
                    | RawCell::Date(_)
                    | RawCell::Bool(_)
                    | RawCell::Error(_)
                    | RawCell::Empty => None,
                };
                if let Some(d) = day {
                    self.note(Severity::Warning, "clean.date_mended", field)
                        .proposed = shown_day(d);
                    return PartialDate::Day(d);
                }
                // `Januari` alone: of the year that brings it before the end of the list's month.
                let bare = match (self.cell(field), month) {
                    (RawCell::Text(t), Some(list)) => bare_month(t, list),
                    _ => None,
                };
                if let Some((y, m)) = bare {
                    self.note(Severity::Warning, "clean.date_mended", field)
                        .proposed = format!("{m:02}-{y}").as_str().into();
                    return PartialDate::Month(y, m as u8);
                }
                let issue = self.note(Severity::Warning, "clean.date_bad", field);
                if let Some(d) = candidate {
                    issue.proposed = shown_day(d);
                }
                PartialDate::Unknown
            }
        }
    }

    /// The day something ended: in its own cell, or as the last of the period in which it is said to have been.
    pub fn end_date(&mut self) -> PartialDate {
        let own = self.date(Field::EndDate);
        if own.is_known() {
            own
        } else {
            self.period_end(Field::StartDate)
        }
    }

    /// The last day of a period that stands in one cell: `5 s/d 9 Januari 2026`.
    pub fn period_end(&self, field: Field) -> PartialDate {
        match date::read(self.cell(field)) {
            DateReading::Period(_, last) => PartialDate::Day(last),
            _ => PartialDate::Unknown,
        }
    }

    /// What a date cell says, mended or set aside where its column was damaged, and said.
    fn reading(&mut self, field: Field) -> DateReading {
        let cell = self.cell(field);
        let plain = date::read(cell);
        let damage = self.damage(field);
        if damage == damage::Column::default() {
            return plain;
        }
        let mended = |row: &mut Self, rule, d: NaiveDate| {
            row.note(Severity::Warning, rule, field).proposed = shown_day(d);
            DateReading::Known(PartialDate::Day(d))
        };
        match (cell, plain.date().and_then(PartialDate::day)) {
            (RawCell::Date(_), Some(d)) if damage.exchanged != Proof::None => {
                let Some(other) = damage::exchanged(d).filter(|o| *o != d) else {
                    return plain;
                };
                if damage.exchanged == Proof::Sure {
                    return mended(self, "clean.date_swapped_column", other);
                }
                self.doubtful(field, other)
            }
            (RawCell::Text(t), day) if damage.month_first != Proof::None => {
                let Some((turned, both)) = damage::day_first(t) else {
                    return plain;
                };
                let other = date::read(&RawCell::Text(turned.as_str().into()));
                let other = other.date().and_then(PartialDate::day);
                match (other, damage.month_first) {
                    (Some(other), Proof::Sure)
                        if Some(other) != day || matches!(plain, DateReading::Mended(_)) =>
                    {
                        mended(self, "clean.date_swapped_column", other)
                    }
                    (Some(other), Proof::Thin) if both => self.doubtful(field, other),
                    _ => plain,
                }
            }
            (_, Some(d)) if damage.utc => {
                let next = d.succ_opt().unwrap_or(d);
                mended(self, "clean.date_utc_column", next)
            }
            _ => plain,
        }
    }

    /// A day that may as well be another is no day.
    fn doubtful(&mut self, field: Field, other: NaiveDate) -> DateReading {
        self.note(Severity::Warning, "clean.date_doubtful", field)
            .args
            .push(("other", other.format("%d-%m-%Y").to_string()));
        DateReading::Empty
    }

    /// The first of several fields that holds a date.
    pub fn first_date(&mut self, fields: &[Field]) -> PartialDate {
        for &f in fields {
            let d = self.date(f);
            if d.is_known() {
                return d;
            }
        }
        PartialDate::Unknown
    }
}

/// A day as an issue proposes it.
fn shown_day(d: NaiveDate) -> crate::domain::Text {
    d.format("%d-%m-%Y").to_string().into()
}

/// The month that a text of nothing else names, in the year that brings it to the list's month or before it.
fn bare_month(text: &str, list: Month) -> Option<(i32, u32)> {
    let n = crate::clean::text::normal(text);
    let word = n.strip_prefix("bulan ").unwrap_or(&n);
    let month = month_word(word)?;
    Some((list.year() - i32::from(month > list.month()), month))
}
