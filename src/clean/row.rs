//! A row being cleaned: reads its cells by field, falls back on what section and title say, collects issues.

use super::damage::{self, Order};
use super::date::{self, DateReading};
use super::text::{is_placeholder, tidy};
use crate::domain::raw::{Context, RawCell, RawRow, RawTable};
use crate::domain::{Field, Issue, PartialDate, RowRef, Severity};
use std::borrow::Cow;

/// Where each field stands in a table's rows.
pub struct Positions([u16; Field::ALL.len()]);

impl Positions {
    /// Of a table; of two columns with one meaning the first counts.
    pub fn new(table: &RawTable) -> Positions {
        let mut at = [u16::MAX; Field::ALL.len()];
        for (i, c) in table.columns.iter().enumerate().rev() {
            if let (Some(f), Ok(i)) = (c.field, u16::try_from(i)) {
                at[f as usize] = i;
            }
        }
        Positions(at)
    }

    fn of(&self, field: Field) -> Option<usize> {
        let at = self.0[field as usize];
        (at != u16::MAX).then_some(at as usize)
    }
}

/// One row with its table.
pub struct Row<'a> {
    /// The table.
    pub table: &'a RawTable,
    /// The row.
    pub row: &'a RawRow,
    /// Position of each field in the row's cells.
    pub positions: &'a Positions,
    /// How the days of each column must be read.
    pub orders: &'a [Order],
    /// What was found wrong.
    pub issues: Vec<Issue>,
}

const EMPTY: RawCell = RawCell::Empty;

impl<'a> Row<'a> {
    /// Where it stands.
    pub fn at(&self) -> RowRef {
        self.table.at(self.row)
    }

    fn position(&self, field: Field) -> Option<usize> {
        self.positions.of(field)
    }

    /// The cell of a field; empty when there is no such column.
    pub fn cell(&self, field: Field) -> &'a RawCell {
        self.position(field)
            .and_then(|p| self.row.cells.get(p))
            .unwrap_or(&EMPTY)
    }

    /// The text of a field: the cell, else the section's, else the table's constant; words of `sources/*.toml`
    /// are translated. Numbers come as written.
    pub fn text(&self, field: Field) -> Cow<'a, str> {
        let own: Cow<'a, str> = match self.cell(field) {
            RawCell::Text(t) => tidy(t),
            RawCell::Number(n) if n.fract() == 0.0 => format!("{n:.0}").into(),
            RawCell::Number(n) => n.to_string().into(),
            _ => "".into(),
        };
        let text = if is_placeholder(&own) {
            self.constant(field).map_or(own, Cow::Borrowed)
        } else {
            own
        };
        if self.table.context.words.is_empty() {
            return text;
        }
        let word = self
            .table
            .context
            .words
            .iter()
            .find(|(f, from, _)| *f == field && from.eq_ignore_ascii_case(&text));
        word.map_or(text, |(_, _, to)| Cow::Borrowed(to.as_str()))
    }

    fn constant(&self, field: Field) -> Option<&'a str> {
        self.context(|c| {
            c.constants
                .iter()
                .find(|(f, _)| *f == field)
                .map(|(_, v)| v.as_str())
        })
    }

    /// The context in force: section before table.
    pub fn context<T>(&self, get: impl Fn(&'a Context) -> Option<T>) -> Option<T> {
        let section = self
            .row
            .section
            .and_then(|s| self.table.sections.get(s as usize));
        section
            .and_then(|(_, c)| get(c))
            .or_else(|| get(&self.table.context))
    }

    /// What the cell shows, for an issue.
    pub fn shown(&self, field: Field) -> String {
        match self.cell(field) {
            RawCell::Empty => String::new(),
            RawCell::Text(t) => t.to_string(),
            RawCell::Number(n) => format!("{n}"),
            RawCell::Date(n) => {
                date::serial(*n).map_or_else(|| n.to_string(), |d| d.format("%d-%m-%Y").to_string())
            }
            RawCell::Bool(b) => b.to_string(),
            RawCell::Error(e) => e.to_string(),
        }
    }

    /// Records an issue about a field's cell (or the row, when the column is missing).
    pub fn note(&mut self, severity: Severity, rule: &'static str, field: Field) -> &mut Issue {
        let issue = match self.position(field).and_then(|p| self.table.columns.get(p)) {
            Some(c) => Issue::about_cell(
                severity,
                rule,
                self.at().cell(c.col),
                &c.header,
                &self.shown(field),
            ),
            None => Issue::about_row(severity, rule, self.at()),
        };
        self.issues.push(issue);
        let last = self.issues.len() - 1;
        &mut self.issues[last]
    }

    /// The date of a field; what is no date is an issue.
    pub fn date(&mut self, field: Field) -> PartialDate {
        let reading = self
            .in_order(field)
            .unwrap_or_else(|| date::read(self.cell(field)));
        match reading {
            DateReading::Empty => PartialDate::Unknown,
            DateReading::Known(d) => d,
            DateReading::Bad(candidate) => {
                let issue = self.note(Severity::Warning, "clean.date_bad", field);
                if let Some(d) = candidate {
                    issue.proposed = d.format("%d-%m-%Y").to_string().into();
                }
                PartialDate::Unknown
            }
        }
    }

    /// A date of a column whose days were exchanged with its months, mended and said.
    fn in_order(&mut self, field: Field) -> Option<DateReading> {
        let order = self
            .position(field)
            .and_then(|p| self.orders.get(p))
            .copied()?;
        let mended = match (order, self.cell(field)) {
            (Order::DatesExchanged, RawCell::Date(n)) => damage::exchanged(date::serial(*n)?)?,
            (Order::MonthFirst, RawCell::Text(t)) => {
                match date::read(&RawCell::Text(damage::day_first(t)?.into())) {
                    DateReading::Known(d) => d.day()?,
                    _ => return None,
                }
            }
            _ => return None,
        };
        self.note(Severity::Warning, "clean.date_swapped_column", field)
            .proposed = mended.format("%d-%m-%Y").to_string().into();
        Some(DateReading::Known(PartialDate::Day(mended)))
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
