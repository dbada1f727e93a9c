//! The world as offices write it down: fifteen prisons, two Bapas, the city's agencies, no two alike.

mod agencies;
mod bapas;
mod others;
mod prison;
mod words;

use agencies::agencies;
use bapas::bapas;
use prison::Prison;
use words::{exit_words, offence, register, service_words, state_words};

use super::SampleError;
use super::book::{Book, Cell, Sheet};
use super::dice::Dice;
use super::noise::{Clerk, Fault, Faults};
use super::truth::Truth;
use super::world::{Episode, Person, Row, World};
use crate::domain::region::AMBON;
use crate::domain::service::{OutcomeKind, ServiceKind, ServiceState};
use crate::domain::supervision::SupervisionEnd;
use crate::domain::upt::{UptInfo, UptRegistry};
use crate::domain::{ExitCode, Month, OffenceGroup, RegisterClass, Sex, Text, Upt};
use chrono::{Datelike, NaiveDate};

const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

/// How an office writes dates.
#[derive(Clone, Copy, PartialEq)]
enum Dates {
    Cell,
    Slashes,
    Dashes,
    Words,
}

/// The habits of one office.
#[derive(Clone)]
struct Style {
    dates: Dates,
    two_rows: bool,
    numbers: bool,
    birth_together: bool,
    upper: bool,
    sex_words: bool,
    sentence_columns: bool,
    numeric_nik: bool,
    register: u8,
    order: u8,
    sections: bool,
}

impl Style {
    fn of(i: usize) -> Style {
        Style {
            dates: [Dates::Cell, Dates::Dashes, Dates::Words, Dates::Slashes][i % 4],
            two_rows: i.is_multiple_of(3),
            numbers: i.is_multiple_of(2),
            // The last three offices differ from the first three in how birth is written.
            birth_together: (i % 3 == 1) != (i >= 12),
            upper: i % 5 != 2,
            sex_words: i % 4 == 3,
            sentence_columns: i.is_multiple_of(3),
            numeric_nik: i % 7 == 4,
            register: (i % 5) as u8,
            order: (i % 6) as u8,
            sections: i % 4 == 2,
        }
    }
}

fn text(s: impl Into<Text>) -> Cell {
    Cell::Text(s.into())
}

fn date(style: Dates, d: Option<NaiveDate>) -> Cell {
    let Some(d) = d else { return Cell::Empty };
    match style {
        Dates::Cell => Cell::Date(d),
        Dates::Slashes => text(d.format("%d/%m/%Y").to_string()),
        Dates::Dashes => text(d.format("%d-%m-%Y").to_string()),
        Dates::Words => text(format!(
            "{} {} {}",
            d.day(),
            MONTHS[d.month0() as usize],
            d.year()
        )),
    }
}

fn month_name(m: Month) -> String {
    format!(
        "{} {}",
        MONTHS[m.month() as usize - 1].to_uppercase(),
        m.year()
    )
}

/// A sheet being written: kop, title, header, rows, footer.
struct Form<'a> {
    sheet: Sheet,
    truth: &'a mut Truth,
    place: u32,
    count: u32,
    width: usize,
}

/// Where finished files go: at once, so that one file at a time is in memory.
pub(crate) type Sink<'a> = dyn FnMut(Book) -> Result<(), SampleError> + 'a;

/// Rows of a prison's register in one file; longer ones go on in a further file, as offices do it (and because the old
/// .xls format ends at 65,536 rows).
const PART: u32 = 60_000;

/// What the name of a further file of one list says.
fn part_name(part: u32) -> String {
    if part > 1 {
        format!(" bagian {part}")
    } else {
        String::new()
    }
}

impl<'a> Form<'a> {
    fn new(file: &str, name: &str, kind: &'static str, truth: &'a mut Truth) -> Form<'a> {
        Form {
            sheet: Sheet {
                name: name.into(),
                ..Sheet::default()
            },
            place: truth.place(file, name, kind),
            truth,
            count: 0,
            width: 0,
        }
    }
    fn line(&mut self, s: &str) {
        self.sheet
            .rows
            .push(if s.is_empty() { vec![] } else { vec![text(s)] });
    }
    /// Headers; `Parent / Child` becomes two rows with merges when the style wants it.
    fn header(&mut self, headers: &[&str], two_rows: bool, numbers: bool) {
        self.width = headers.len();
        let r = self.sheet.rows.len() as u32;
        if two_rows {
            let mut top = vec![];
            let mut below = vec![];
            let mut start = 0usize;
            for (c, h) in headers.iter().enumerate() {
                match h.split_once(" / ") {
                    Some((parent, child)) => {
                        let same = c > 0
                            && headers[c - 1]
                                .split_once(" / ")
                                .is_some_and(|(p, _)| p == parent);
                        if !same {
                            start = c;
                        }
                        top.push(if same { Cell::Empty } else { text(parent) });
                        below.push(text(child));
                        let last = headers
                            .get(c + 1)
                            .and_then(|n| n.split_once(" / "))
                            .is_none_or(|(p, _)| p != parent);
                        if last && c > start {
                            self.sheet.merges.push((r, start as u16, r, c as u16));
                        }
                    }
                    None => {
                        top.push(text(*h));
                        below.push(Cell::Empty);
                        self.sheet.merges.push((r, c as u16, r + 1, c as u16));
                    }
                }
            }
            self.sheet.rows.extend([top, below]);
        } else {
            self.sheet.rows.push(
                headers
                    .iter()
                    .map(|h| text(h.replace(" / ", " ")))
                    .collect(),
            );
        }
        if numbers {
            self.sheet.rows.push(
                (1..=headers.len())
                    .map(|i| Cell::Number(i as f64))
                    .collect(),
            );
        }
    }
    /// A row without a fault.
    fn exact_row(&mut self, person: &Person, cells: Vec<Cell>) {
        self.push(person, Faults::default(), cells);
    }
    fn push(&mut self, person: &Person, faults: Faults, mut cells: Vec<Cell>) {
        self.count += 1;
        cells.insert(0, Cell::Number(f64::from(self.count)));
        self.sheet.rows.push(cells);
        let row = self.sheet.rows.len() as u32;
        self.truth.note(person.id, self.place, row, faults);
    }
    /// A row as a clerk wrote it, and once more where it was written twice.
    fn row(&mut self, clerk: &Clerk, cells: Vec<Cell>) {
        if clerk.faults.has(Fault::RowCopied) {
            self.push(clerk.person, clerk.faults, cells.clone());
        }
        self.push(clerk.person, clerk.faults, cells);
    }
    fn total(&mut self) {
        let mut row = vec![Cell::Empty, text("JUMLAH")];
        row.push(Cell::Number(f64::from(self.count)));
        self.sheet.rows.push(row);
    }
    fn sign(&mut self, place: &str, day: NaiveDate, role: &str) {
        self.line("");
        self.line("Mengetahui,");
        self.line(&format!(
            "{place}, {} {} {}",
            day.day(),
            MONTHS[day.month0() as usize],
            day.year()
        ));
        self.line(role);
        self.line("");
        self.line("NIP. 19800101 200501 1 001");
    }
    fn done(self) -> Sheet {
        self.sheet
    }
    /// A file of this sheet alone.
    fn deliver(self, path: String, sink: &mut Sink) -> Result<(), SampleError> {
        let sheets = vec![self.done()];
        sink(Book { path, sheets })
    }
}

/// Writes everybody's files, one after the other.
pub(crate) fn write_down(
    world: &World,
    units: &UptRegistry,
    truth: &mut Truth,
    sink: &mut Sink,
) -> Result<(), SampleError> {
    for (i, (upt, info)) in units.prisons().enumerate() {
        let prison = Prison {
            world,
            units,
            upt,
            info,
            style: Style::of(i),
            i,
        };
        prison.write(truth, sink)?;
    }
    for (i, (upt, info)) in units.bapas().enumerate() {
        bapas(world, units, upt, info, i, truth, sink)?;
    }
    agencies(world, units, truth, sink)
}

/// Each of a list with the one above it.
fn with_above<T: Copy>(list: impl IntoIterator<Item = T>) -> impl Iterator<Item = (Option<T>, T)> {
    let mut above = None;
    list.into_iter().map(move |x| (above.replace(x), x))
}

fn sex(sex: Sex, words: bool) -> Cell {
    text(match (sex, words) {
        (Sex::Male, true) => "Laki-laki",
        (Sex::Female, true) => "Perempuan",
        (Sex::Male, false) => "L",
        (Sex::Female, false) => "P",
    })
}
