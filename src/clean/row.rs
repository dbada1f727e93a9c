//! A row being cleaned: reads its cells by field, falls back on what section and title say, collects issues.

mod aside;
mod days;

use super::codes;
use super::damage;
use super::date::{self, DateReading};
use super::recover;
use super::text::{is_placeholder, tidy};
use crate::domain::raw::{Context, RawCell, RawRow, RawTable, Told};
use crate::domain::service::ServiceKind;
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
    /// How each column must be read.
    pub damage: &'a [damage::Column],
    /// What was found wrong.
    pub issues: Vec<Issue>,
    /// Fields whose cells were asked for.
    pub asked: std::cell::Cell<u128>,
    /// The remarks told something.
    pub told: std::cell::Cell<bool>,
    /// The row tells of a fact beside that of its kind.
    pub beside: std::cell::Cell<bool>,
}

const EMPTY: RawCell = RawCell::Empty;

impl<'a> Row<'a> {
    /// A row of a table of which nothing was read yet.
    pub fn new(
        table: &'a RawTable,
        row: &'a RawRow,
        positions: &'a Positions,
        damage: &'a [damage::Column],
    ) -> Row<'a> {
        Row {
            table,
            row,
            positions,
            damage,
            issues: Vec::new(),
            asked: Default::default(),
            told: Default::default(),
            beside: Default::default(),
        }
    }

    /// The same row read once more: what is found wrong in it then is not said of this one.
    pub fn apart(&self) -> Row<'a> {
        Row::new(self.table, self.row, self.positions, self.damage)
    }

    /// Where it stands.
    pub fn at(&self) -> RowRef {
        self.table.at(self.row)
    }

    fn position(&self, field: Field) -> Option<usize> {
        self.positions.of(field)
    }

    /// The cell of a field; empty when there is no such column.
    pub fn cell(&self, field: Field) -> &'a RawCell {
        self.asked.set(self.asked.get() | 1 << field as u32);
        self.position(field)
            .and_then(|p| self.row.cells.get(p))
            .unwrap_or(&EMPTY)
    }

    /// Whether the cell of a field holds figures, as every day does.
    pub fn has_figures(&self, field: Field) -> bool {
        match self.cell(field) {
            RawCell::Number(_) | RawCell::Date(_) => true,
            RawCell::Text(t) => t.bytes().any(|b| b.is_ascii_digit()),
            RawCell::Empty | RawCell::Bool(_) | RawCell::Error(_) => false,
        }
    }

    /// Whether the table has a column of a field.
    pub fn has(&self, field: Field) -> bool {
        self.position(field).is_some()
    }

    /// The header of a field's column.
    pub fn header(&self, field: Field) -> Option<&'a str> {
        let column = self.position(field).and_then(|p| self.table.columns.get(p));
        column.map(|c| c.header.as_str())
    }

    /// The remarks of all columns that hold some, one behind the other.
    pub fn remarks(&self) -> Cow<'a, str> {
        if !self.has(Field::Remarks) {
            return self.text(Field::Remarks);
        }
        let first = self.text(Field::Remarks);
        let others = (self.table.columns.iter().zip(&self.row.cells))
            .filter(|(c, _)| c.field == Some(Field::Remarks))
            .skip(1)
            .filter_map(|(_, v)| match v {
                RawCell::Text(t) => Some(tidy(t)),
                _ => None,
            })
            .filter(|t| !is_placeholder(t));
        others.fold(first, |all, more| {
            if is_placeholder(&all) {
                more
            } else {
                format!("{all}; {more}").into()
            }
        })
    }

    /// The text of a field: the cell, else the section's, else the table's constant; words of `sources/*.toml`
    /// are translated. Numbers come as written.
    pub fn text(&self, field: Field) -> Cow<'a, str> {
        let own: Cow<'a, str> = match self.cell(field) {
            RawCell::Text(t) => tidy(t),
            RawCell::Number(n) if n.fract() == 0.0 => format!("{n:.0}").into(),
            RawCell::Number(n) => n.to_string().into(),
            // A day where words belong: what was typed, where only one thing can have been.
            RawCell::Date(_) => recover::typed(self, field).unwrap_or_default().into(),
            RawCell::Bool(yes) if field == Field::RecidivistFlag => {
                if *yes { "ya" } else { "tidak" }.into()
            }
            RawCell::Bool(_) | RawCell::Error(_) | RawCell::Empty => "".into(),
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

    /// The text of a field's own cell: nothing that is said around the row.
    pub fn own(&self, field: Field) -> Cow<'a, str> {
        match self.cell(field) {
            RawCell::Text(t) if !is_placeholder(t) => tidy(t),
            _ => "".into(),
        }
    }

    /// What columns that each stand for a kind tell of the row: where, what, and the day, unknown where a tick stands.
    pub fn told(&mut self) -> Vec<(usize, Told, PartialDate)> {
        let columns = self.table.columns.iter().enumerate();
        let of: Vec<(usize, Told)> = columns.filter_map(|(i, c)| Some((i, c.told?))).collect();
        let mut out = Vec::new();
        for (at, told) in of {
            let Some(cell) = self.row.cells.get(at) else {
                continue;
            };
            match (date::read(cell), cell) {
                (_, RawCell::Text(t)) if crate::clean::text::is_tick(t) => {
                    out.push((at, told, PartialDate::Unknown));
                }
                (DateReading::Empty | DateReading::Placeholder, _) => {}
                // What was found says that it was looked for.
                (DateReading::Bad(_), RawCell::Text(t))
                    if told == Told::Service(ServiceKind::Skr) && codes::is_result(t) =>
                {
                    out.push((at, told, PartialDate::Unknown));
                }
                (DateReading::Bad(_), _) => {
                    self.note_cell(Severity::Warning, "clean.date_bad", at);
                }
                (reading, _) => out.push((at, told, reading.date().unwrap_or_default())),
            }
        }
        out
    }

    /// What section, title, sheet, file or `sources/*.toml` say of a field of every row.
    pub fn constant(&self, field: Field) -> Option<&'a str> {
        self.context(|c| {
            c.constants
                .iter()
                .find(|(f, _)| *f == field)
                .map(|(_, v)| v.as_str())
        })
    }

    /// Whether a line above it says that what it tells is yet to come.
    pub fn is_planned(&self) -> bool {
        self.context(|c| c.planned.then_some(())).is_some()
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

    /// What the cell of a field shows, for an issue.
    pub fn shown(&self, field: Field) -> String {
        self.shown_cell(self.cell(field))
    }

    fn shown_cell(&self, cell: &RawCell) -> String {
        match cell {
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

    /// Records an issue about the cell at a position of the row.
    pub fn note_cell(&mut self, severity: Severity, rule: &'static str, at: usize) {
        let (Some(column), Some(cell)) = (self.table.columns.get(at), self.row.cells.get(at))
        else {
            return;
        };
        let shown = match cell {
            RawCell::Text(t) => t.to_string(),
            RawCell::Number(n) | RawCell::Date(n) => n.to_string(),
            RawCell::Bool(_) | RawCell::Error(_) | RawCell::Empty => String::new(),
        };
        let place = self.at().cell(column.col);
        self.issues.push(Issue::about_cell(
            severity,
            rule,
            place,
            &column.header,
            &shown,
        ));
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

    /// How the column of a field must be read.
    pub fn damage(&self, field: Field) -> damage::Column {
        let at = self.position(field).and_then(|p| self.damage.get(p));
        at.copied().unwrap_or_default()
    }

    /// Says of every cell that its kind does not go with what its column means: errors, truth values, days where words
    /// belong. What is no NIK is said where it is read.
    pub fn check_kinds(&mut self) {
        for at in 0..self.row.cells.len() {
            let (Some(cell), Some(column)) = (self.row.cells.get(at), self.table.columns.get(at))
            else {
                return;
            };
            let Some(field) = column.field.filter(|f| *f != Field::Nik) else {
                continue;
            };
            let rule = match cell {
                RawCell::Empty | RawCell::Text(_) | RawCell::Number(_) => continue,
                RawCell::Error(_) => "clean.cell_error",
                RawCell::Bool(_) if field == Field::RecidivistFlag => continue,
                RawCell::Bool(_) => "clean.cell_truth_value",
                RawCell::Date(_) => {
                    let fits = field.is_day()
                        || matches!(field, Field::BirthPlaceDate | Field::Remarks | Field::Month);
                    if fits {
                        continue;
                    }
                    "clean.date_for_words"
                }
            };
            let typed = match cell {
                RawCell::Date(_) => recover::typed(self, field),
                _ => None,
            };
            let issue = Issue::about_cell(
                Severity::Warning,
                rule,
                self.at().cell(column.col),
                &column.header,
                &self.shown_cell(cell),
            );
            self.issues.push(issue.proposing(typed.unwrap_or_default()));
        }
    }
}
