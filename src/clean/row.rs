//! A row being cleaned: reads its cells by field, falls back on what section and title say, collects issues.

use super::damage::{self, Proof};
use super::date::{self, DateReading};
use super::recover;
use super::remarks;
use super::text::{is_placeholder, tidy};
use crate::domain::raw::{Aside, Context, RawCell, RawRow, RawTable, Told};
use crate::domain::{Field, Issue, PartialDate, RecordKind, RowRef, Severity};
use chrono::NaiveDate;
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
                    RawCell::Text(t) => told(t),
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

    /// Whether some cell of the row says that what is told of all of the list is not so of him: `tdk hadir`, `BATAL
    /// BERANGKAT`, `diserahkan kemudian`.
    pub fn declines(&self) -> bool {
        const DECLINED: &[&str] = &[
            "tidak hadir",
            "tidak jadi",
            "tidak ikut",
            "tidak datang",
            "tidak mengikuti",
            "belum hadir",
            "batal",
            "dibatalkan",
            "urung",
            "ditunda",
            "tunda",
            "diserahkan kemudian",
            "menyusul",
            "absen",
            "menolak",
            "ditolak",
            "mengundurkan diri",
            "ditangguhkan",
        ];
        let cells = self.row.cells.iter().zip(&self.table.columns);
        cells
            .filter(|(_, c)| c.field != Some(Field::Name))
            .any(|(cell, _)| match cell {
                RawCell::Text(t) => super::text::says(&super::text::wording(t), DECLINED),
                RawCell::Number(_)
                | RawCell::Date(_)
                | RawCell::Bool(_)
                | RawCell::Error(_)
                | RawCell::Empty => false,
            })
    }

    /// By which rule the row is none of the list's: it is struck out, said to be a double or a wrong entry, of those who look
    /// after the people of the list, or below its total.
    pub fn is_aside(&self) -> Option<&'static str> {
        match self.row.aside {
            Some(Aside::Struck) => Some("clean.row_withdrawn"),
            Some(Aside::OfOthers) => Some("clean.row_of_others"),
            Some(Aside::BelowTotal) => Some("clean.row_below_total"),
            None => self.is_withdrawn().then_some("clean.row_withdrawn"),
        }
    }

    fn is_withdrawn(&self) -> bool {
        const LEADS: &[&str] = &[
            "dobel",
            "double",
            "doubel",
            "duplikat",
            "duplikasi",
            "dicoret",
            "coret",
            "salah input",
            "salah entri",
            "salah entry",
            "salah ketik",
            "entri ganda",
            "data dobel",
            "input ganda",
            "input dobel",
            "batal salah",
            "tercatat dobel",
            "tercatat ganda",
            "tercatat dua kali",
            "sudah ada di no",
            "sudah ada di nomor",
            "sama dengan no",
            "lihat no",
            "abaikan",
            "hapus",
            "tidak dihitung",
            "jangan dihitung",
        ];
        // Few cells begin like any of them.
        let may = |t: &str| {
            let start: String = t.chars().take(3).flat_map(char::to_lowercase).collect();
            matches!(start.as_str(), "sdh" | "tdk" | "gan")
                || LEADS.iter().any(|l| l.starts_with(start.trim_end()))
        };
        let taken_back = |t: &str| {
            if !may(t.trim_start_matches(|c: char| !c.is_alphanumeric())) {
                return false;
            }
            let n = super::text::wording(t);
            n == "ganda"
                || LEADS.iter().any(|l| {
                    n.strip_prefix(l)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
                })
        };
        // A cell of words that is no name, place or number of anybody.
        let speaks = |field: Option<Field>| {
            matches!(
                field,
                None | Some(
                    Field::Remarks
                        | Field::ExitKind
                        | Field::EndKind
                        | Field::ServiceState
                        | Field::PersonStatus
                        | Field::OutcomeKind
                )
            )
        };
        (self.row.cells.iter().zip(&self.table.columns))
            .filter(|(_, c)| speaks(c.field))
            .any(|(cell, _)| matches!(cell, RawCell::Text(t) if taken_back(t)))
    }

    /// Whether the remarks of a row of a list of those who came or left begin with that it was called off: `batal, dibawa kembali ke
    /// Polres`, `BATAL, SK ditarik`. Of somebody on a list of those inside it says nothing of his being there.
    pub fn is_called_off(&self) -> bool {
        let of_event = match self.table.kind {
            RecordKind::Custody => self.table.context.whole.is_none(),
            RecordKind::Supervision | RecordKind::Outcome => true,
            RecordKind::Litmas
            | RecordKind::Participation
            | RecordKind::CommunityService
            | RecordKind::Resident
            | RecordKind::Death => false,
        };
        let RawCell::Text(t) = self.cell(Field::Remarks) else {
            return false;
        };
        let first: String = t
            .trim()
            .chars()
            .take(5)
            .flat_map(char::to_lowercase)
            .collect();
        if !of_event
            || !["bat", "dib", "tid", "tdk", "uru"]
                .iter()
                .any(|p| first.starts_with(p))
        {
            return false;
        }
        let n = super::text::wording(t);
        let leads = ["batal", "dibatalkan", "tidak jadi", "urung"];
        let off = leads.iter().any(|l| {
            n.strip_prefix(l)
                .is_some_and(|r| r.is_empty() || r.starts_with(' '))
        });
        // What else was called off beside an admission is none of it: `batal PB`.
        let admitted = self.has(Field::AdmissionDate) && !self.has(Field::ExitDate);
        let other = [
            "pb",
            "cb",
            "cmb",
            "bebas",
            "pindah",
            "dipindahkan",
            "usulan",
            "integrasi",
        ];
        off && !(admitted && super::text::says(&n, &other))
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
