//! Damage that a program did to whole files or columns on their way here, told by the trace it leaves.
//!
//! * **Day and month exchanged.** A spreadsheet that expects the month first reads `03/04/2026` as the fourth of March and
//!   leaves `25/03/2026`, which it cannot read, as text: every real date has a day up to 12 and every text a day beyond.
//!   It did so to the whole file. Births that fit their NIK only when exchanged prove the same.
//! * **Texts with the month first.** Where a second number goes beyond 12 and no first one does, the whole file was
//!   written so.
//! * **Midnight in UTC.** A column of which every value is at 15:00 (16:00, 17:00) was midnight in Indonesia.
//! * **NIK rounded to fifteen digits.** A column in which nearly every NIK ends in 0 has lost its last digits.
//!
//! What the trace proves is mended, each cell with an issue; what it makes doubtful is set aside, each cell with an issue.

use super::{date, nik};
use crate::domain::raw::{RawCell, RawTable};
use crate::domain::{Field, Nik, PartialDate};
use chrono::{Datelike, NaiveDate};

/// What holds for a number of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Proof {
    /// Nothing speaks for it.
    #[default]
    None,
    /// It may be so.
    Thin,
    /// It is so.
    Sure,
}

/// How a column must be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Column {
    /// Real dates have day and month exchanged.
    pub exchanged: Proof,
    /// Texts have the month first.
    pub month_first: Proof,
    /// Every value is midnight written in UTC.
    pub utc: bool,
    /// Every NIK has lost its last digit.
    pub nik_rounded: bool,
    /// Numbers are written as `11/2025`: number and year.
    pub numbered_by_year: bool,
}

/// Logarithm of the likelihood ratio from which on something is sure, and from which on it is doubtful.
const SURE: f64 = 5.7;
const DOUBTFUL: f64 = 1.1;
/// What one birth that fits its NIK in one order of day and month alone says: one day of the year in three hundred does by
/// chance.
const BIRTH: f64 = 5.0;

/// How the columns of the tables of one file must be read, table by table.
pub fn columns(tables: &[RawTable]) -> Vec<Vec<Column>> {
    let seen: Vec<Vec<Trace>> = tables.iter().map(traces).collect();
    let mut all = Evidence::default();
    for trace in seen.iter().flatten() {
        all.add(trace);
    }
    let of = |t: &Vec<Trace>| t.iter().map(|t| all.column(t)).collect();
    seen.iter().map(of).collect()
}

/// What was seen of all columns of a file.
#[derive(Debug, Default)]
struct Evidence {
    /// Of all columns together.
    exchanged: f64,
    /// Some column of real dates knows days beyond 12.
    usual_dates: bool,
    /// Texts of all columns: first number beyond 12, second beyond 12.
    first_beyond: usize,
    second_beyond: usize,
    /// Births in texts against NIK: month first, day first.
    births_month_first: usize,
    births_day_first: usize,
}

impl Evidence {
    fn add(&mut self, t: &Trace) {
        self.exchanged += t.exchange();
        self.usual_dates |= t.dates_beyond > 0;
        self.first_beyond += t.first_beyond;
        self.second_beyond += t.second_beyond;
        self.births_month_first += t.births_month_first;
        self.births_day_first += t.births_day_first;
    }

    fn column(&self, t: &Trace) -> Column {
        Column {
            exchanged: self.exchange(t),
            month_first: self.month_first(t),
            utc: t.is_utc(),
            nik_rounded: t.is_rounded(),
            numbered_by_year: t.two_parts > 0 && t.three_parts == 0,
        }
    }

    fn exchange(&self, t: &Trace) -> Proof {
        if t.dates == 0 || t.dates_beyond > 0 || t.births_usual > t.births_exchanged {
            return Proof::None;
        }
        let own = t.exchange();
        match () {
            () if own >= SURE => Proof::Sure,
            // What holds for the file holds for its columns, unless another shows that it does not.
            () if self.exchanged >= SURE && !self.usual_dates => Proof::Sure,
            () if own >= DOUBTFUL => Proof::Thin,
            () if self.exchanged >= SURE && own >= 0.0 => Proof::Thin,
            () if self.exchanged >= DOUBTFUL && !self.usual_dates && own >= 0.0 => Proof::Thin,
            () => Proof::None,
        }
    }

    fn month_first(&self, t: &Trace) -> Proof {
        let (own, others) = (t.second_beyond, t.first_beyond);
        match () {
            () if t.texts == 0 => Proof::None,
            () if others > 0 && own == 0 => Proof::None,
            // A column of both kinds: a few strays are read as the only way they can be, the rest as usual.
            () if others > 0 && own * 10 <= others => Proof::None,
            () if others > 0 => Proof::Thin,
            () if own >= 2 || t.births_month_first >= 2 => Proof::Sure,
            () if self.first_beyond > 0 || self.births_day_first > self.births_month_first => {
                if own == 1 { Proof::Thin } else { Proof::None }
            }
            () if self.second_beyond + self.births_month_first >= 2 => Proof::Sure,
            () if self.second_beyond + self.births_month_first == 1 => Proof::Thin,
            () => Proof::None,
        }
    }
}

/// What was seen of a column.
#[derive(Debug, Clone, Copy, Default)]
struct Trace {
    /// Real dates with a day up to 12, and beyond.
    dates: usize,
    dates_beyond: usize,
    /// Births among them that fit their NIK as they stand, and only when exchanged.
    births_usual: usize,
    births_exchanged: usize,
    /// Texts of two numbers and a year; whose first number goes beyond 12, whose second does, and neither.
    texts: usize,
    first_beyond: usize,
    second_beyond: usize,
    neither: usize,
    births_day_first: usize,
    births_month_first: usize,
    /// Values with a time of day; at a midnight of Indonesia in UTC, by the hour; at another time than midnight.
    timed: usize,
    utc: [usize; 3],
    other_times: usize,
    /// Whole NIK, and those that end in 0.
    niks: usize,
    zeros: usize,
    /// Numbers of registers of two parts and of three.
    two_parts: usize,
    three_parts: usize,
}

fn traces(table: &RawTable) -> Vec<Trace> {
    let mut out = vec![Trace::default(); table.columns.len()];
    let nik_at = table.position(Field::Nik);
    for row in &table.rows {
        let known = nik_at.and_then(|i| row.cells.get(i));
        for ((cell, column), trace) in row.cells.iter().zip(&table.columns).zip(&mut out) {
            match column.field {
                Some(Field::Nik) => trace.see_nik(cell),
                Some(Field::RegisterNo) => trace.see_number(cell),
                Some(Field::BirthDate) => trace.see(cell, known),
                Some(f) if f.is_day() => trace.see(cell, None),
                _ => {}
            }
        }
    }
    out
}

impl Trace {
    fn see(&mut self, cell: &RawCell, nik: Option<&RawCell>) {
        let born = || nik.and_then(birth_in);
        match cell {
            RawCell::Date(n) => {
                let Some(d) = date::serial(*n).filter(|d| !date::is_epoch(*d)) else {
                    return;
                };
                self.time((n.fract() * 86_400.0).round() as u32);
                if d.day() > 12 {
                    self.dates_beyond += 1;
                    return;
                }
                self.dates += 1;
                if d.day() != d.month()
                    && let Some(born) = born()
                {
                    self.births_usual += usize::from(born == d);
                    self.births_exchanged += usize::from(Some(born) == exchanged(d));
                }
            }
            RawCell::Text(t) => {
                if let Some((a, b)) = numbers(t) {
                    self.texts += 1;
                    match (a > 12, b > 12) {
                        (true, false) => self.first_beyond += 1,
                        (false, true) if b <= 31 => self.second_beyond += 1,
                        (false, false) => self.neither += 1,
                        _ => {}
                    }
                    if a != b
                        && a <= 12
                        && b <= 12
                        && let Some(born) = born()
                    {
                        self.births_day_first += usize::from((born.day(), born.month()) == (a, b));
                        self.births_month_first +=
                            usize::from((born.month(), born.day()) == (a, b));
                    }
                } else if t.len() > 10
                    && t.as_bytes()[4..8].contains(&b'-')
                    && date::plain(t).is_none()
                    && let Some(w) = date::written(t)
                    && let (PartialDate::Day(_), Some(s)) = (w.date, w.time)
                    && !w.utc
                {
                    self.time(s);
                }
            }
            _ => {}
        }
    }

    fn time(&mut self, seconds: u32) {
        self.timed += 1;
        if date::is_utc_midnight(seconds) {
            let hour = ((seconds + 59) / 3600).saturating_sub(15) as usize;
            self.utc[hour.min(2)] += 1;
        } else if seconds > 0 {
            self.other_times += 1;
        }
    }

    fn see_nik(&mut self, cell: &RawCell) {
        let last = match cell {
            RawCell::Number(n) if (1e15..1e16).contains(n) => (n % 10.0) as u8 + b'0',
            RawCell::Text(t) => match nik::sixteen_in(t) {
                Some(digits) => digits[15],
                None => return,
            },
            _ => return,
        };
        self.niks += 1;
        self.zeros += usize::from(last == b'0');
    }

    fn see_number(&mut self, cell: &RawCell) {
        if let RawCell::Text(t) = cell {
            let marks = t.bytes().filter(|b| *b == b'/').count();
            self.two_parts += usize::from(marks == 1);
            self.three_parts += usize::from(marks >= 2);
        }
    }

    /// Logarithm of the likelihood ratio that the dates of the column were exchanged: that the kind of every cell is told
    /// by its day alone, and what births say.
    fn exchange(&self) -> f64 {
        let births = BIRTH * (self.births_exchanged as f64 - self.births_usual as f64);
        if self.dates == 0 || self.dates_beyond > 0 {
            return births.min(0.0);
        }
        let (d, t) = (self.dates as f64, self.first_beyond as f64);
        let told = if self.first_beyond > 0 && self.second_beyond == 0 && self.neither == 0 {
            -(d * (d / (d + t)).ln() + t * (t / (d + t)).ln())
        } else {
            0.0
        };
        told + births
    }

    fn is_utc(&self) -> bool {
        self.timed > 0 && self.utc.contains(&self.timed)
    }

    /// One NIK in ten ends in 0.
    fn is_rounded(&self) -> bool {
        self.niks >= 3 && self.zeros * 10 >= self.niks * 9
    }
}

fn birth_in(cell: &RawCell) -> Option<NaiveDate> {
    match cell {
        RawCell::Text(t) => {
            let digits = nik::sixteen_in(t)?;
            Nik::birth_in(std::str::from_utf8(&digits).ok()?, 2026).map(|(d, _)| d)
        }
        RawCell::Number(n) if (1e15..1e16).contains(n) => {
            Nik::birth_in(&format!("{n:.0}"), 2026).map(|(d, _)| d)
        }
        _ => None,
    }
}

/// The first two numbers of `25/03/2026`, whatever time stands behind it.
fn numbers(t: &str) -> Option<(u32, u32)> {
    // Most texts begin with a letter.
    let first = t.bytes().find(|b| !b.is_ascii_whitespace())?;
    if first.is_ascii_alphabetic() {
        return None;
    }
    let mut parts = t.trim().split(['/', '-']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let year = c.get(..4).unwrap_or(c);
    let year = year.split(' ').next().unwrap_or_default();
    let is_year = (year.len() == 4 || year.len() == 2) && year.bytes().all(|b| b.is_ascii_digit());
    (is_year && a.len() <= 2 && b.len() <= 2)
        .then(|| Some((a.parse().ok()?, b.parse().ok()?)))
        .flatten()
}

/// A day with day and month exchanged.
pub fn exchanged(d: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(d.year(), d.day(), d.month())
}

/// `03/25/2026` as `25/03/2026`; whether both orders are dates.
pub fn day_first(t: &str) -> Option<(String, bool)> {
    let (a, b) = numbers(t)?;
    let t = t.trim();
    let mark = t.find(['/', '-'])?;
    let rest = &t[mark + 1..];
    let second = rest.find(['/', '-'])?;
    let turned = format!(
        "{}{}{}{}",
        &rest[..second],
        &t[mark..=mark],
        &t[..mark],
        &rest[second..]
    );
    Some((turned, a != b && a <= 12 && b <= 12))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::raw::{RawColumn, RawRow};
    use crate::domain::{FileId, RecordKind};

    fn day(y: i32, m: u32, d: u32) -> RawCell {
        let base = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
        RawCell::Date((NaiveDate::from_ymd_opt(y, m, d).unwrap() - base).num_days() as f64)
    }

    pub(in crate::clean) fn texts(all: &[&str]) -> Vec<RawCell> {
        all.iter().map(|t| RawCell::Text((*t).into())).collect()
    }

    /// A table of columns, each of a field.
    pub(in crate::clean) fn table(columns: &[(Field, Vec<RawCell>)]) -> RawTable {
        let rows = columns.iter().map(|(_, c)| c.len()).max().unwrap_or(0);
        RawTable {
            file: FileId(0),
            sheet: 0,
            kind: RecordKind::Custody,
            supplier: Default::default(),
            header: (0, 0),
            columns: (columns.iter().zip(0u16..))
                .map(|((f, _), col)| RawColumn {
                    col,
                    header: f.id().into(),
                    field: Some(*f),
                    confidence: 1.0,
                    point: None,
                    told: None,
                    needless: false,
                })
                .collect(),
            context: Default::default(),
            sections: Vec::new(),
            rows: (0..rows)
                .map(|r| RawRow {
                    row: r as u32 + 1,
                    cells: (columns.iter())
                        .map(|(_, c)| c.get(r).cloned().unwrap_or_default())
                        .collect(),
                    section: None,
                    hidden: false,
                    aside: None,
                })
                .collect(),
            totals: Vec::new(),
            headless: Vec::new(),
            taken_over: Default::default(),
            joined: 0,
        }
    }

    fn read(columns: &[(Field, Vec<RawCell>)]) -> Vec<Column> {
        super::columns(&[table(columns)]).remove(0)
    }

    fn exchange(columns: &[(Field, Vec<RawCell>)]) -> Vec<Proof> {
        read(columns).iter().map(|c| c.exchanged).collect()
    }

    #[test]
    fn a_file_half_read_month_first_is_told_by_its_trace() {
        let mut cells: Vec<RawCell> = (1..=5).map(|k| day(2025, k, 12 - k)).collect();
        let beyond = texts(&[
            "25/03/2025",
            "13/01/2025",
            "31/01/2025",
            "17-02-2025",
            "30/10/2025",
        ]);
        cells.extend(beyond);
        // Another column of the same file has low days alone.
        let low: Vec<RawCell> = (2..=4).map(|k| day(2027, k, 1)).collect();
        let both = [
            (Field::AdmissionDate, cells.clone()),
            (Field::ExpiryDate, low.clone()),
        ];
        assert_eq!(exchange(&both), [Proof::Sure, Proof::Sure]);
        // One that knows days beyond 12 was not read so, and what has no trace of its own is doubtful.
        let other = vec![day(2024, 5, 25), day(2024, 6, 2)];
        let mixed = [
            both[0].clone(),
            both[1].clone(),
            (Field::VerdictDate, other),
        ];
        assert_eq!(exchange(&mixed), [Proof::Sure, Proof::Thin, Proof::None]);
        cells.push(day(2025, 3, 25));
        assert_eq!(exchange(&[(Field::AdmissionDate, cells)]), [Proof::None]);
    }

    #[test]
    fn a_thin_trace_makes_doubtful_and_none_makes_nothing() {
        let one = vec![day(2025, 3, 5), RawCell::Text("25/03/2025".into())];
        assert_eq!(exchange(&[(Field::AdmissionDate, one)]), [Proof::Thin]);
        let low = vec![day(2025, 3, 5), day(2025, 4, 6), day(2025, 1, 2)];
        assert_eq!(
            exchange(&[(Field::AdmissionDate, low.clone())]),
            [Proof::None]
        );
        // Texts that a spreadsheet would have read as well.
        let mut kept = low;
        kept.extend(texts(&["25/03/2025", "04/03/2025", "13/01/2025"]));
        assert_eq!(exchange(&[(Field::AdmissionDate, kept)]), [Proof::None]);
    }

    #[test]
    fn births_against_nik_prove_it_for_the_whole_file() {
        let niks = texts(&["8171021203900012", "8171024507880013", "8101013105850022"]);
        let births = vec![day(1990, 12, 3), day(1988, 5, 7), RawCell::Empty];
        let admitted = vec![day(2025, 3, 5), day(2025, 1, 2), day(2025, 7, 8)];
        let file = [
            (Field::Nik, niks),
            (Field::BirthDate, births),
            (Field::AdmissionDate, admitted),
        ];
        assert_eq!(exchange(&file)[1..], [Proof::Sure, Proof::Sure]);
        let right = vec![day(1990, 3, 12), day(1988, 7, 5)];
        let file = [file[0].clone(), (Field::BirthDate, right), file[2].clone()];
        assert_eq!(exchange(&file)[1..], [Proof::None, Proof::None]);
    }

    #[test]
    fn texts_with_the_month_first_are_told_by_the_file() {
        let first = |columns: &[(Field, Vec<RawCell>)]| -> Vec<Proof> {
            read(columns).iter().map(|c| c.month_first).collect()
        };
        let american = texts(&[
            "3/5/2025 12:00:00 AM",
            "11/19/2024 12:00:00 AM",
            "1/23/2025 12:00:00 AM",
        ]);
        let low = texts(&["3/4/2029 12:00:00 AM", "2/6/2027 12:00:00 AM"]);
        let file = [(Field::AdmissionDate, american), (Field::ExpiryDate, low)];
        assert_eq!(first(&file), [Proof::Sure, Proof::Sure]);
        let usual = texts(&["25/03/2026", "03/04/2026", "13/01/2026"]);
        assert_eq!(
            first(&[(Field::AdmissionDate, usual.clone())]),
            [Proof::None]
        );
        let mut stray = usual;
        stray.push(RawCell::Text("08-17-1983".into()));
        assert_eq!(first(&[(Field::AdmissionDate, stray)]), [Proof::Thin]);
        let one = texts(&["08-17-1983", "03/04/1990"]);
        assert_eq!(first(&[(Field::AdmissionDate, one)]), [Proof::Thin]);
        assert_eq!(day_first("03/25/2026"), Some(("25/03/2026".into(), false)));
        assert_eq!(day_first("3/5/2026 12:00:00 AM").map(|d| d.1), Some(true));
    }

    #[test]
    fn a_column_at_one_midnight_in_utc_and_a_column_of_rounded_niks_are_known() {
        let at = |hours: f64| -> Vec<RawCell> {
            (0..3)
                .map(|k| RawCell::Date(45_720.0 + f64::from(k) + hours / 24.0))
                .collect()
        };
        for (hours, utc) in [(15.0, true), (17.0, true), (0.0, false), (9.5, false)] {
            assert_eq!(
                read(&[(Field::AdmissionDate, at(hours))])[0].utc,
                utc,
                "{hours}"
            );
        }
        let iso = texts(&["2025-03-04 15:00:00", "2025-03-09 15:00:00"]);
        assert!(read(&[(Field::AdmissionDate, iso)])[0].utc);
        let mut mixed = at(15.0);
        mixed.push(RawCell::Date(45_720.0));
        assert!(!read(&[(Field::AdmissionDate, mixed)])[0].utc);
        let lost = texts(&["8171021203900010", "8171024507880010", "8171032511790020"]);
        assert!(read(&[(Field::Nik, lost)])[0].nik_rounded);
        let whole = texts(&["8171021203900010", "8171024507880013", "8171032511790021"]);
        assert!(!read(&[(Field::Nik, whole)])[0].nik_rounded);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_order_panic(s in "\\PC{0,20}", t in "[0-9/. :APMTZ-]{0,24}") {
            for s in [s, t] {
                let _ = (numbers(&s), day_first(&s));
                let cells = vec![RawCell::Text(s.as_str().into())];
                let _ = read(&[(Field::AdmissionDate, cells.clone()), (Field::Nik, cells.clone()), (Field::RegisterNo, cells)]);
            }
        }
    }
}
