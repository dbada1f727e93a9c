//! What clerks and spreadsheets do to values, with the rates it is done at.

use super::book::Cell;
use super::dice::Dice;
use super::world::Person;
use chrono::{Datelike, NaiveDate};

/// Shares of rows in which a value suffers.
pub(crate) struct Rates {
    /// A name is misspelt as names here are (doubled letters, y/i, th/t, oe/u).
    pub name_typo: f64,
    /// A first name is shortened.
    pub name_short: f64,
    /// An alias stands behind the name.
    pub alias: f64,
    /// The NIK is left out or a dash.
    pub nik_missing: f64,
    /// The NIK went through a numeric cell: its last digit is gone.
    pub nik_numeric: f64,
    /// The NIK is text in scientific notation.
    pub nik_scientific: f64,
    /// Two digits of the NIK are exchanged.
    pub nik_typo: f64,
    /// Day and month of birth are exchanged.
    pub birth_swapped: f64,
    /// Only the year of birth is written.
    pub birth_year: f64,
}

/// The rates of every sample.
pub(crate) const RATES: Rates = Rates {
    name_typo: 0.05,
    name_short: 0.03,
    alias: 0.03,
    nik_missing: 0.10,
    nik_numeric: 0.05,
    nik_scientific: 0.015,
    nik_typo: 0.01,
    birth_swapped: 0.01,
    birth_year: 0.008,
};

impl Rates {
    /// What happens, and how often.
    pub(crate) fn described(&self) -> Vec<(&'static str, f64)> {
        vec![
            (
                "name misspelt as names here are: tt/t, y/i, u/oe, th/t, l/ll, f/v, c/k …",
                self.name_typo,
            ),
            (
                "second names shortened to initials, where there are any",
                self.name_short,
            ),
            (
                "alias behind the name, of the people who have one",
                ALIAS_WRITTEN + self.alias,
            ),
            (
                "NIK left out or a dash, besides the people who have none",
                self.nik_missing,
            ),
            (
                "NIK from a numeric cell: the last digit is lost",
                self.nik_numeric,
            ),
            (
                "the same in offices whose column is numeric",
                NUMERIC_OFFICE,
            ),
            ("NIK in scientific notation", self.nik_scientific),
            (
                "two digits of the NIK's serial exchanged: still a valid number, of nobody or of somebody else",
                self.nik_typo,
            ),
            (
                "day and month of birth exchanged, where that is a date",
                self.birth_swapped,
            ),
            ("year of birth alone", self.birth_year),
        ]
    }
}

/// Share of rows that show a person's alias besides the office's habit.
const ALIAS_WRITTEN: f64 = 0.5;
/// Share of NIK that lose their last digit where the column is numeric.
const NUMERIC_OFFICE: f64 = 0.5;

/// The name as this office's clerk writes it.
pub(crate) fn name(d: &mut Dice, p: &Person, upper: bool) -> String {
    let mut n = p.names.full.clone();
    if d.chance(RATES.name_typo) {
        n = misspell(d, &n);
    } else if d.chance(RATES.name_short) {
        n = shorten(&n);
    }
    if let Some(alias) = p
        .names
        .alias
        .filter(|_| d.chance(ALIAS_WRITTEN + RATES.alias))
    {
        n = format!("{n} {} {alias}", d.pick(&["alias", "als", "@"]));
    }
    if upper { n.to_uppercase() } else { n }
}

fn misspell(d: &mut Dice, n: &str) -> String {
    let swaps: &[(&str, &str)] = &[
        ("tt", "t"),
        ("ss", "s"),
        ("y", "i"),
        ("i", "y"),
        ("u", "oe"),
        ("th", "t"),
        ("nn", "n"),
        ("l", "ll"),
        ("f", "v"),
        ("c", "k"),
    ];
    let start = d.below(swaps.len());
    for k in 0..swaps.len() {
        let (a, b) = swaps[(start + k) % swaps.len()];
        if let Some(i) = n[1..].find(a) {
            let mut out = n.to_owned();
            out.replace_range(i + 1..i + 1 + a.len(), b);
            return out;
        }
    }
    n.to_owned()
}

fn shorten(n: &str) -> String {
    let words: Vec<&str> = n.split(' ').collect();
    match words.as_slice() {
        [first, .., last] if words.len() > 2 => {
            let middle: Vec<String> = words[1..words.len() - 1]
                .iter()
                .map(|w| w.chars().take(1).chain(['.']).collect())
                .collect();
            format!("{first} {} {last}", middle.join(" "))
        }
        _ => n.to_owned(),
    }
}

/// The NIK as this office's file holds it.
pub(crate) fn nik(d: &mut Dice, p: &Person, numeric_office: bool) -> Cell {
    if !p.has_nik || d.chance(RATES.nik_missing) {
        return if d.chance(0.5) {
            Cell::Text("-".into())
        } else {
            Cell::Empty
        };
    }
    let digits = &p.nik;
    if d.chance(if numeric_office {
        NUMERIC_OFFICE
    } else {
        RATES.nik_numeric
    }) {
        let kept: f64 = digits.parse::<f64>().unwrap_or(0.0);
        return Cell::Number((kept / 10.0).floor() * 10.0);
    }
    if d.chance(RATES.nik_scientific) {
        return Cell::Text(format!("{},{}E+15", &digits[..1], &digits[1..6]).into());
    }
    if d.chance(RATES.nik_typo) {
        let mut b: Vec<char> = digits.chars().collect();
        b.swap(13, 14);
        return Cell::Text(b.into_iter().collect());
    }
    Cell::Text(digits.as_str().into())
}

/// The birth date as written; `None` when only the year is.
pub(crate) fn birth(d: &mut Dice, p: &Person) -> Result<NaiveDate, i32> {
    if d.chance(RATES.birth_year) {
        return Err(p.birth.year());
    }
    if d.chance(RATES.birth_swapped) {
        return Ok(
            NaiveDate::from_ymd_opt(p.birth.year(), p.birth.day(), p.birth.month())
                .unwrap_or(p.birth),
        );
    }
    Ok(p.birth)
}
