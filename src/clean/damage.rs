//! Columns of days whose day and month were exchanged on the way here (DOMAIN.md 1.11).
//!
//! A spreadsheet that expects the month first reads `03/04/2026` as the fourth of March and leaves `25/03/2026`, which
//! it cannot read, as text: in such a column every real date has a day up to 12 and every text a day beyond. No other
//! way of writing leaves that trace, so it is evidence enough to mend the whole column, each cell with an issue.
//! A text column in which the second number goes beyond 12 and the first never does was written month first.

use super::date;
use crate::domain::raw::{RawCell, RawTable};
use chrono::{Datelike, NaiveDate};

/// How a column's days must be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As everywhere: day first.
    Usual,
    /// Real dates have day and month exchanged; texts are right.
    DatesExchanged,
    /// Texts have the month first.
    MonthFirst,
}

/// Fewest real dates and fewest texts that are evidence.
const DATES: usize = 6;
const TEXTS: usize = 4;

/// The order of every column of a table.
pub fn orders(table: &RawTable) -> Vec<Order> {
    let mut traces = vec![Trace::default(); table.columns.len()];
    for row in &table.rows {
        let cells = row.cells.iter().zip(&table.columns).zip(&mut traces);
        for ((cell, column), trace) in cells {
            if column.field.is_some() {
                trace.see(cell);
            }
        }
    }
    traces.iter().map(Trace::order).collect()
}

/// What was seen of a column.
#[derive(Debug, Clone, Copy, Default)]
struct Trace {
    /// Real dates with a day up to 12; and whether there is one beyond.
    dates: usize,
    usual: bool,
    /// Texts whose first number goes beyond 12, and whose second does.
    beyond: usize,
    second_beyond: usize,
}

impl Trace {
    fn see(&mut self, cell: &RawCell) {
        match cell {
            RawCell::Date(n) => match date::serial(*n) {
                Some(d) if d.day() <= 12 => self.dates += 1,
                Some(_) => self.usual = true,
                None => {}
            },
            RawCell::Text(t) => match numbers(t) {
                Some((a, b)) if a > 12 && b <= 12 => self.beyond += 1,
                Some((a, b)) if a <= 12 && b > 12 && b <= 31 => self.second_beyond += 1,
                _ => {}
            },
            _ => {}
        }
    }

    fn order(&self) -> Order {
        let Trace {
            dates,
            usual,
            beyond,
            second_beyond,
        } = *self;
        match () {
            () if beyond == 0 && second_beyond >= TEXTS => Order::MonthFirst,
            () if !usual && dates >= DATES && beyond >= TEXTS && second_beyond == 0 => {
                Order::DatesExchanged
            }
            () => Order::Usual,
        }
    }
}

/// The first two numbers of `25/03/2026`.
fn numbers(t: &str) -> Option<(u32, u32)> {
    // Most texts begin with a letter.
    let first = t.bytes().find(|b| !b.is_ascii_whitespace())?;
    if first.is_ascii_alphabetic() {
        return None;
    }
    let mut parts = t.trim().split(['/', '-', '.']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let year = c.get(..4).unwrap_or(c);
    let is_year = (year.len() == 4 || year.len() == 2) && year.bytes().all(|b| b.is_ascii_digit());
    (is_year && a.len() <= 2 && b.len() <= 2)
        .then(|| Some((a.parse().ok()?, b.parse().ok()?)))
        .flatten()
}

/// A day with day and month exchanged.
pub fn exchanged(d: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(d.year(), d.day(), d.month())
}

/// `03/25/2026` as `25/03/2026`.
pub fn day_first(t: &str) -> Option<String> {
    numbers(t)?;
    let t = t.trim();
    let mark = t.find(['/', '-', '.'])?;
    let rest = &t[mark + 1..];
    let second = rest.find(['/', '-', '.'])?;
    Some(format!(
        "{}{}{}{}",
        &rest[..second],
        &t[mark..=mark],
        &t[..mark],
        &rest[second..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> RawCell {
        let base = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
        RawCell::Date((NaiveDate::from_ymd_opt(y, m, d).unwrap() - base).num_days() as f64)
    }

    fn order<'a>(cells: impl Iterator<Item = &'a RawCell>) -> Order {
        let mut trace = Trace::default();
        cells.for_each(|c| trace.see(c));
        trace.order()
    }

    fn texts(all: &[&str]) -> Vec<RawCell> {
        all.iter().map(|t| RawCell::Text((*t).into())).collect()
    }

    #[test]
    fn a_column_half_read_month_first_is_told_by_its_trace_alone() {
        let mut cells: Vec<RawCell> = (1..=7).map(|k| day(2026, k, 12 - k)).collect();
        cells.extend(texts(&[
            "25/03/2026",
            "13/01/2026",
            "31/01/2026",
            "17-02-2026",
        ]));
        assert_eq!(order(cells.iter()), Order::DatesExchanged);
        cells.push(day(2026, 3, 25));
        assert_eq!(
            order(cells.iter()),
            Order::Usual,
            "a day beyond 12 was kept as a date"
        );
        assert_eq!(
            order(
                texts(&[
                    "03/25/2026",
                    "1/13/2026",
                    "01/31/2026",
                    "2-17-2026",
                    "03/04/2026"
                ])
                .iter()
            ),
            Order::MonthFirst
        );
        assert_eq!(
            order(
                texts(&[
                    "03/25/2026",
                    "25/03/2026",
                    "01/31/2026",
                    "2-17-2026",
                    "1/30/26"
                ])
                .iter()
            ),
            Order::Usual
        );
        assert_eq!(day_first("03/25/2026").as_deref(), Some("25/03/2026"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_order_panic(s in "\\PC{0,20}", t in "[0-9/.-]{0,12}") {
            for s in [s, t] {
                let _ = (numbers(&s), day_first(&s));
            }
        }
    }
}
