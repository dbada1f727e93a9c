//! What clerks and spreadsheets do to values, and the share of rows it is done to.
//!
//! Each fault is drawn for each row anew, so a row may have several; the truth records which. Shares by level:
//!
//! | fault | of | none | usual | hard |
//! |---|---|---:|---:|---:|
//! | name misspelt as names here are | rows | 0 | 5 % | 6 % |
//! | second names shortened to initials | rows not misspelt | 0 | 3 % | 4 % |
//! | alias behind the name | rows of people who have one | 0 | 53 % | 53 % |
//! | fam left out | rows of people who bear one | 0 | 0 | 3 % |
//! | husband's fam written | rows of women | 0 | 0 | 10 % |
//! | NIK left out | rows of people who have one | 0 | 10 % | 12 % |
//! | NIK rounded by a numeric cell | rows; 50 % in offices with a numeric column | 0 | 5 % | 6 % |
//! | NIK in scientific notation | rows | 0 | 1.5 % | 1.5 % |
//! | two digits of the serial exchanged | rows | 0 | 1 % | 1 % |
//! | one digit of the NIK wrong | rows | 0 | 0 | 3 % |
//! | two neighbouring digits of the NIK exchanged | rows | 0 | 0 | 2 % |
//! | NIK of a relative | rows | 0 | 0 | 1.5 % |
//! | NIK of the row above | rows | 0 | 0 | 1 % |
//! | day and month of birth exchanged | rows | 0 | 1 % | 1 % |
//! | year of birth alone | rows | 0 | 0.8 % | 1 % |
//! | a default day of birth | rows | 0 | 0 | 2 % |
//! | day of birth rounded | rows | 0 | 0 | 2 % |
//! | the other sex | rows | 0 | 0 | 1 % |
//! | row written twice | rows | 0 | 0 | 0.5 % |
//!
//! Who people are to each other (`Kinships`): none at `none` and `usual`; at `hard` 1 % of people are the twin of
//! somebody, 0.8 % the son of a man of the same name, 3 % a brother or sister, 2 % a stranger of the same full name.

use super::FaultLevel;
use super::book::Cell;
use super::dice::{Dice, hash_text};
use super::world::{Person, World};
use crate::domain::Sex;
use chrono::{Datelike, NaiveDate};

/// What can be wrong in a row; the truth names it by `id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Fault {
    NameMisspelt,
    Initials,
    Alias,
    FamDropped,
    Renamed,
    NikMissing,
    NikRounded,
    NikScientific,
    NikSerialExchanged,
    NikDigit,
    NikExchanged,
    NikRelative,
    NikAbove,
    BirthSwapped,
    BirthYear,
    BirthDefault,
    BirthHeaped,
    SexWrong,
    RowCopied,
}

impl Fault {
    /// All of them, in the order of their bits.
    pub(crate) const ALL: [Fault; 19] = [
        Fault::NameMisspelt,
        Fault::Initials,
        Fault::Alias,
        Fault::FamDropped,
        Fault::Renamed,
        Fault::NikMissing,
        Fault::NikRounded,
        Fault::NikScientific,
        Fault::NikSerialExchanged,
        Fault::NikDigit,
        Fault::NikExchanged,
        Fault::NikRelative,
        Fault::NikAbove,
        Fault::BirthSwapped,
        Fault::BirthYear,
        Fault::BirthDefault,
        Fault::BirthHeaped,
        Fault::SexWrong,
        Fault::RowCopied,
    ];

    /// Name in `truth/faults.csv`.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Fault::NameMisspelt => "name_misspelt",
            Fault::Initials => "initials",
            Fault::Alias => "alias",
            Fault::FamDropped => "fam_dropped",
            Fault::Renamed => "renamed",
            Fault::NikMissing => "nik_missing",
            Fault::NikRounded => "nik_rounded",
            Fault::NikScientific => "nik_scientific",
            Fault::NikSerialExchanged => "nik_serial_exchanged",
            Fault::NikDigit => "nik_digit",
            Fault::NikExchanged => "nik_exchanged",
            Fault::NikRelative => "nik_relative",
            Fault::NikAbove => "nik_above",
            Fault::BirthSwapped => "birth_swapped",
            Fault::BirthYear => "birth_year",
            Fault::BirthDefault => "birth_default",
            Fault::BirthHeaped => "birth_heaped",
            Fault::SexWrong => "sex_wrong",
            Fault::RowCopied => "row_copied",
        }
    }

    /// What happens to the row, for the help text.
    fn described(self) -> &'static str {
        match self {
            Fault::NameMisspelt => {
                "name misspelt as names here are: tt/t, y/i, u/oe, th/t, l/ll, f/v, c/k …"
            }
            Fault::Initials => "second names shortened to initials, where there are any",
            Fault::Alias => "alias behind the name, of the people who have one",
            Fault::FamDropped => "fam left out, of the people who bear one",
            Fault::Renamed => "husband's fam written, of women's rows",
            Fault::NikMissing => "NIK left out or a dash, besides the people who have none",
            Fault::NikRounded => {
                "NIK from a numeric cell: the last digit is lost (half of the rows of offices whose column is numeric)"
            }
            Fault::NikScientific => "NIK in scientific notation",
            Fault::NikSerialExchanged => {
                "two digits of the NIK's serial exchanged: still a valid number, of nobody or of somebody else"
            }
            Fault::NikDigit => "one digit of the NIK wrong",
            Fault::NikExchanged => "two neighbouring digits of the NIK exchanged",
            Fault::NikRelative => "NIK of a relative",
            Fault::NikAbove => "NIK of the row above",
            Fault::BirthSwapped => "day and month of birth exchanged, where that is a date",
            Fault::BirthYear => "year of birth alone",
            Fault::BirthDefault => "day of birth 1 January, 15 June, 1 July or 31 December",
            Fault::BirthHeaped => "day of birth rounded to the 1st, 5th, 10th, 15th, 20th or 25th",
            Fault::SexWrong => "the other sex, where sex is a column",
            Fault::RowCopied => "row written twice",
        }
    }

    /// Share of the rows concerned that suffer it at a level.
    pub(crate) fn rate(self, level: FaultLevel) -> f64 {
        let hard = |rate| match level {
            FaultLevel::None | FaultLevel::Usual => 0.0,
            FaultLevel::Hard => rate,
        };
        let both = |usual, hard| match level {
            FaultLevel::None => 0.0,
            FaultLevel::Usual => usual,
            FaultLevel::Hard => hard,
        };
        match self {
            Fault::NameMisspelt => both(0.05, 0.06),
            Fault::Initials => both(0.03, 0.04),
            Fault::Alias => both(0.53, 0.53),
            Fault::FamDropped => hard(0.03),
            Fault::Renamed => hard(0.10),
            Fault::NikMissing => both(0.10, 0.12),
            Fault::NikRounded => both(0.05, 0.06),
            Fault::NikScientific => both(0.015, 0.015),
            Fault::NikSerialExchanged => both(0.01, 0.01),
            Fault::NikDigit => hard(0.03),
            Fault::NikExchanged => hard(0.02),
            Fault::NikRelative => hard(0.015),
            Fault::NikAbove => hard(0.01),
            Fault::BirthSwapped => both(0.01, 0.01),
            Fault::BirthYear => both(0.008, 0.01),
            Fault::BirthDefault => hard(0.02),
            Fault::BirthHeaped => hard(0.02),
            Fault::SexWrong => hard(0.01),
            Fault::RowCopied => hard(0.005),
        }
    }
}

/// The faults of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Faults(u32);

impl Faults {
    fn add(&mut self, fault: Fault) {
        self.0 |= 1 << fault as u8;
    }
    pub(crate) fn has(self, fault: Fault) -> bool {
        self.0 & (1 << fault as u8) != 0
    }
    pub(crate) fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.into_iter().filter(move |f| self.has(*f))
    }
}

/// Shares of people who stand to another as relations do, at a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Kinships {
    pub twin: f64,
    pub son: f64,
    pub sibling: f64,
    pub namesake: f64,
}

impl Kinships {
    /// The shares of a level.
    pub(crate) fn of(level: FaultLevel) -> Kinships {
        match level {
            FaultLevel::None | FaultLevel::Usual => Kinships {
                twin: 0.0,
                son: 0.0,
                sibling: 0.0,
                namesake: 0.0,
            },
            FaultLevel::Hard => Kinships {
                twin: 0.01,
                son: 0.008,
                sibling: 0.03,
                namesake: 0.02,
            },
        }
    }
}

/// What goes wrong and how often at each level: none, usual, hard. First of rows, then of people.
pub(crate) fn described() -> Vec<(&'static str, [f64; 3])> {
    let levels = [FaultLevel::None, FaultLevel::Usual, FaultLevel::Hard];
    let rows = Fault::ALL.map(|f| (f.described(), levels.map(|l| f.rate(l))));
    let kin = levels.map(Kinships::of);
    let people = [
        (
            "people who are somebody's twin; half of them of a given name one letter apart",
            kin.map(|k| k.twin),
        ),
        (
            "people who are the son of a man of the same name",
            kin.map(|k| k.son),
        ),
        (
            "people who are somebody's brother or sister",
            kin.map(|k| k.sibling),
        ),
        (
            "people who are a stranger of somebody's full name",
            kin.map(|k| k.namesake),
        ),
    ];
    rows.into_iter().chain(people).collect()
}

/// Share of NIK that lose their last digit where the column is numeric.
const NUMERIC_OFFICE: f64 = 0.5;

/// One row as a clerk writes it: the values of a person, with what goes wrong in them.
pub(crate) struct Clerk<'a> {
    world: &'a World,
    pub person: &'a Person,
    /// Who stands in the row above, where there is one.
    above: Option<&'a Person>,
    /// Dice of the row, of what the office writes too.
    pub dice: Dice,
    /// Dice of the faults only `hard` has, so that the other levels stay as they are.
    more: Dice,
    /// What has gone wrong so far.
    pub faults: Faults,
}

impl<'a> Clerk<'a> {
    /// A row of an office; the same `what` of the same person is mistyped the same way in every export.
    pub(crate) fn new(
        world: &'a World,
        office: &str,
        person: &'a Person,
        what: u64,
        above: Option<&'a Person>,
    ) -> Clerk<'a> {
        let name = [hash_text(office), u64::from(person.id), what];
        let mut clerk = Clerk {
            world,
            person,
            above: above.filter(|a| a.id != person.id),
            dice: Dice::new(&name),
            more: Dice::new(&[name[0], name[1], name[2], world.seed]),
            faults: Faults::default(),
        };
        if clerk.more(Fault::RowCopied) {
            clerk.faults.add(Fault::RowCopied);
        }
        clerk
    }

    /// Whether a fault that every level knows happens.
    fn usual(&mut self, fault: Fault) -> bool {
        self.dice.chance(fault.rate(self.world.faults))
    }

    /// Whether a fault that only `hard` knows happens.
    fn more(&mut self, fault: Fault) -> bool {
        self.more.chance(fault.rate(self.world.faults))
    }

    /// The name as this office's clerk writes it.
    pub(crate) fn name(&mut self, upper: bool) -> String {
        let names = &self.person.names;
        let mut n = names.full.clone();
        if self.person.sex == Sex::Female && self.more(Fault::Renamed) {
            if let Some(fam) = self.husband() {
                n = if names.fam.is_empty() {
                    format!("{n} {fam}")
                } else {
                    n.replacen(&names.fam, fam, 1)
                };
                self.faults.add(Fault::Renamed);
            }
        } else if self.more(Fault::FamDropped)
            && let Some(short) = without_fam(&n, &names.fam)
        {
            n = short;
            self.faults.add(Fault::FamDropped);
        }
        if self.usual(Fault::NameMisspelt) {
            let typed = misspell(&mut self.dice, &n);
            if typed != n {
                self.faults.add(Fault::NameMisspelt);
            }
            n = typed;
        } else if self.usual(Fault::Initials) {
            let typed = shorten(&n);
            if typed != n {
                self.faults.add(Fault::Initials);
            }
            n = typed;
        }
        let alias = names.alias;
        if let Some(alias) = alias.filter(|_| self.usual(Fault::Alias)) {
            n = format!("{n} {} {alias}", self.dice.pick(&["alias", "als", "@"]));
            self.faults.add(Fault::Alias);
        }
        if upper { n.to_uppercase() } else { n }
    }

    /// The fam of a woman's husband: the same in all her rows that bear it.
    fn husband(&self) -> Option<&'a str> {
        let people = &self.world.people;
        let mut d = Dice::new(&[self.world.seed, u64::from(self.person.id), 0x4D]);
        (0..20)
            .map(|_| people[d.below(people.len())].names.fam.as_str())
            .find(|fam| !fam.is_empty() && *fam != self.person.names.fam)
    }

    /// The NIK as this office's file holds it.
    pub(crate) fn nik(&mut self, numeric_office: bool) -> Cell {
        let copied = self.more(Fault::NikAbove);
        let relative = self.more(Fault::NikRelative);
        let own = self.person.has_nik;
        let above = self.above.filter(|a| copied && a.has_nik);
        if above.is_none() && (!own || self.usual(Fault::NikMissing)) {
            if own {
                self.faults.add(Fault::NikMissing);
            }
            return if self.dice.chance(0.5) {
                Cell::Text("-".into())
            } else {
                Cell::Empty
            };
        }
        let mut digits = self.person.nik.clone();
        if let Some(above) = above {
            digits.clone_from(&above.nik);
            self.faults.add(Fault::NikAbove);
        } else if relative {
            digits = self.relative();
            self.faults.add(Fault::NikRelative);
        } else if self.more(Fault::NikDigit) {
            digits = wrong_digit(&mut self.more, &digits);
            self.faults.add(Fault::NikDigit);
        } else if self.more(Fault::NikExchanged)
            && let Some(typed) = exchanged(&mut self.more, &digits)
        {
            digits = typed;
            self.faults.add(Fault::NikExchanged);
        }
        let rounded = match (numeric_office, self.world.faults) {
            (true, FaultLevel::Usual | FaultLevel::Hard) => NUMERIC_OFFICE,
            (true, FaultLevel::None) => 0.0,
            (false, level) => Fault::NikRounded.rate(level),
        };
        if self.dice.chance(rounded) {
            let kept: f64 = digits.parse::<f64>().unwrap_or(0.0);
            self.faults.add(Fault::NikRounded);
            return Cell::Number((kept / 10.0).floor() * 10.0);
        }
        if self.usual(Fault::NikScientific) {
            self.faults.add(Fault::NikScientific);
            return Cell::Text(format!("{},{}E+15", &digits[..1], &digits[1..6]).into());
        }
        if self.usual(Fault::NikSerialExchanged) {
            let mut b: Vec<char> = digits.chars().collect();
            b.swap(13, 14);
            if b[13] != b[14] {
                self.faults.add(Fault::NikSerialExchanged);
            }
            return Cell::Text(b.into_iter().collect());
        }
        Cell::Text(digits.into())
    }

    /// The NIK of a relative: of one in the sample where there is one, else of a mother or wife nobody else writes.
    fn relative(&self) -> String {
        let p = self.person;
        if let Some(other) = p.relative {
            return self.world.people[other as usize].nik.clone();
        }
        let mut d = Dice::new(&[self.world.seed, u64::from(p.id), 0x52]);
        let mother = d.chance(0.5);
        let years = if mother {
            -d.between(18, 38)
        } else {
            d.between(-6, 6)
        };
        let (day, month) = (d.between(1, 28), d.between(1, 12));
        let day = if mother || p.sex == Sex::Male {
            day + 40
        } else {
            day
        };
        let year = (i64::from(p.birth.year()) + years).rem_euclid(100);
        let serial = d.between(1, 9000);
        format!("{}{day:02}{month:02}{year:02}{serial:04}", &p.nik[..6])
    }

    /// The birth date as written; `Err` holds the year where only that is written.
    pub(crate) fn birth(&mut self) -> Result<NaiveDate, i32> {
        let true_day = self.person.birth;
        if self.usual(Fault::BirthYear) {
            self.faults.add(Fault::BirthYear);
            return Err(true_day.year());
        }
        if self.usual(Fault::BirthSwapped) {
            let (day, month) = (true_day.day(), true_day.month());
            let swapped = NaiveDate::from_ymd_opt(true_day.year(), day, month);
            if swapped.is_some_and(|s| s != true_day) {
                self.faults.add(Fault::BirthSwapped);
            }
            return Ok(swapped.unwrap_or(true_day));
        }
        Ok(self.birth_in_full())
    }

    /// The birth date in lists that always hold a whole one.
    pub(crate) fn birth_in_full(&mut self) -> NaiveDate {
        let day = self.person.birth;
        let (default, heaped) = (
            self.more(Fault::BirthDefault),
            self.more(Fault::BirthHeaped),
        );
        let (written, fault) = if default {
            let (d, m) = self.more.pick(&[(1, 1), (1, 1), (31, 12), (15, 6), (1, 7)]);
            (
                NaiveDate::from_ymd_opt(day.year(), m, d),
                Fault::BirthDefault,
            )
        } else if heaped {
            let round = (day.day() / 5 * 5).clamp(1, 25);
            (day.with_day(round), Fault::BirthHeaped)
        } else {
            return day;
        };
        match written.filter(|w| *w != day) {
            Some(written) => {
                self.faults.add(fault);
                written
            }
            None => day,
        }
    }

    /// The sex as written.
    pub(crate) fn sex(&mut self) -> Sex {
        if !self.more(Fault::SexWrong) {
            return self.person.sex;
        }
        self.faults.add(Fault::SexWrong);
        match self.person.sex {
            Sex::Male => Sex::Female,
            Sex::Female => Sex::Male,
        }
    }
}

/// The name without its fam; `None` where it bears none or nothing else.
fn without_fam(full: &str, fam: &str) -> Option<String> {
    if fam.is_empty() {
        return None;
    }
    let short = full.replacen(&format!(" {fam}"), "", 1);
    (short.len() < full.len()).then_some(short)
}

/// The number with one digit typed as another.
fn wrong_digit(d: &mut Dice, digits: &str) -> String {
    let mut b: Vec<u8> = digits.bytes().map(|c| c - b'0').collect();
    let at = d.below(b.len());
    b[at] = (b[at] + 1 + d.below(9) as u8) % 10;
    b.iter().map(|n| char::from(b'0' + n)).collect()
}

/// The number with two different neighbouring digits exchanged; `None` where all are the same.
fn exchanged(d: &mut Dice, digits: &str) -> Option<String> {
    let mut b: Vec<char> = digits.chars().collect();
    let places: Vec<usize> = (1..b.len()).filter(|&i| b[i - 1] != b[i]).collect();
    let at = *places.get(d.below(places.len()))?;
    b.swap(at - 1, at);
    Some(b.into_iter().collect())
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
