//! The library of comparisons a model can use by name, the same the monthly linkage compares with.
//!
//! | name | columns | what it knows |
//! |---|---|---|
//! | `person_name` | name | given and family names word by word; common and rare spellings; what many bear before their name |
//! | `birth_date` | date | slips of the pen; default days say their year alone |
//! | `nik` | NIK, then birth date, sex and name where there are | a NIK is held against its own row before it is held against another |
//! | `place` | address | village, regency; the words of other addresses |
//! | `parent` | name | the given names of a parent |

use super::agree::Date;
use super::birth_date::{Born, Heaps};
use super::column::{Column, Interner, MISSING};
use super::nik::{self, Digits, Trust};
use super::person_name::{self, Name, Words, family, given};
use super::similarity::Positions;
use super::texts::Texts;
use crate::clean::{codes, name, place};
use crate::domain::raw::RawCell;
use crate::domain::region::Residence;
use crate::domain::{Nik, NikStatus, PartialDate, Sex};
use chrono::NaiveDate;

/// A comparison of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Given names.
    Given,
    /// Family names.
    Family,
    /// Birth date.
    BirthDate,
    /// NIK.
    Nik,
    /// Residence.
    Place,
    /// Name of a parent.
    Parent,
}

/// Names a model can use: the comparisons each stands for, and how many columns it takes at least and at most.
pub const NAMED: [(&str, &[Named], (usize, usize)); 5] = [
    ("person_name", &[Named::Given, Named::Family], (1, 1)),
    ("birth_date", &[Named::BirthDate], (1, 1)),
    ("nik", &[Named::Nik], (1, 4)),
    ("place", &[Named::Place], (1, 1)),
    ("parent", &[Named::Parent], (1, 1)),
];

impl Named {
    /// The name of a comparison among several under one name.
    pub const fn part(self) -> &'static str {
        match self {
            Named::Given => "given",
            Named::Family => "family",
            Named::BirthDate | Named::Nik | Named::Place | Named::Parent => "",
        }
    }

    /// Its levels, the strongest first; disagreement comes after them.
    pub const fn levels(self) -> &'static [&'static str] {
        match self {
            Named::Given | Named::Parent => &[
                "same",
                "rare spelling",
                "within the other",
                "initials",
                "one part",
                "alike, both common",
            ],
            Named::Family => &["same", "rare spelling", "alike, both common"],
            Named::BirthDate => &[
                "same",
                "swapped or one digit",
                "same year, day unknown",
                "two parts",
                "same year",
                "different",
            ],
            Named::Nik => &[
                "same",
                "fifteen digits same",
                "same, contradicts a row",
                "one digit of region or date",
                "one digit of serial",
                "different, one is doubted",
            ],
            Named::Place => &["same village", "same words", "same regency"],
        }
    }
}

/// Values of a column as the comparisons of the library read them; what is not asked for is empty.
#[derive(Debug, Clone, Default)]
pub struct Read {
    names: Option<Names>,
    born: Vec<(Born, PartialDate)>,
    default_day: Vec<bool>,
    niks: Vec<Digits>,
    sexes: Vec<Option<Sex>>,
    places: Vec<(Residence, u32)>,
}

/// What a column is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    /// Personal names.
    Name,
    /// Dates.
    Date,
    /// NIK.
    Nik,
    /// Sex.
    Sex,
    /// Addresses.
    Place,
}

/// What the so many-th column of a comparison is read as.
pub const fn read_as(named: Named, column: usize) -> As {
    match (named, column) {
        (Named::Given | Named::Family | Named::Parent, _) => As::Name,
        (Named::BirthDate, _) => As::Date,
        (Named::Place, _) => As::Place,
        (Named::Nik, 0) => As::Nik,
        (Named::Nik, 1) => As::Date,
        (Named::Nik, 2) => As::Sex,
        (Named::Nik, _) => As::Name,
    }
}

/// Names of a column: what each value is made of, by its number.
#[derive(Debug, Clone, Default)]
struct Names {
    texts: Texts,
    bearers: Vec<u32>,
    of: Vec<Name>,
    /// Folded text of each value.
    full: Vec<u32>,
    /// How each value is spelt.
    spelt: Vec<u32>,
    /// Bits of agreeing on given names, and on a family name, by the number of the text.
    rarity: [Vec<f32>; 2],
}

/// Most bits that the rarity of given names, and of a family name, adds or takes.
const MOST_BITS: [f64; 2] = [6.0, 3.0];

impl Names {
    fn of(column: &Column) -> Names {
        let mut folded = Interner::default();
        let text = |id: u32| String::from_utf8_lossy(column.terms.get(id)).into_owned();
        let read = (0..column.terms.len() as u32).map(|id| name::read(&text(id)).name);
        let (full, spelt): (Vec<u32>, Vec<u32>) = read
            .map(|n| {
                (
                    folded.number(name::fold(&n).as_bytes()),
                    person_name::spelling(&n),
                )
            })
            .unzip();
        let folded = Texts::of(folded);
        let mut words = Interner::default();
        let mut borne = vec![0; folded.len()];
        let named = column.ids.iter().filter(|id| **id != MISSING);
        named.for_each(|&id| borne[full[id as usize] as usize] += 1);
        let parts = person_name::parts(&folded, &borne, &mut words);
        let of: Vec<Name> = full.iter().map(|&f| parts[f as usize]).collect();
        let texts = Texts::of(words);
        let each = || {
            column
                .ids
                .iter()
                .filter(|id| **id != MISSING)
                .map(|&id| &of[id as usize])
        };
        let bearers = person_name::bearers(each(), texts.len());
        let share = |term: fn(&Name) -> u32, most: f64| {
            let mut counts = vec![0.0f64; texts.len()];
            each().for_each(|n| counts[term(n) as usize] += 1.0);
            counts[MISSING as usize] = 0.0;
            let all: f64 = counts.iter().sum();
            let usual = counts.iter().map(|n| n * n).sum::<f64>() / all.max(1.0);
            let bits = |n: &f64| match *n > 0.0 && usual > 0.0 {
                true => (usual / n).log2().clamp(-most, most) as f32,
                false => 0.0,
            };
            counts.iter().map(bits).collect::<Vec<f32>>()
        };
        Names {
            rarity: [
                share(|n| n.given, MOST_BITS[0]),
                share(Name::family, MOST_BITS[1]),
            ],
            texts,
            bearers,
            of,
            full,
            spelt,
        }
    }

    fn words(&self) -> Words<'_> {
        Words {
            texts: &self.texts,
            bearers: &self.bearers,
        }
    }
}

/// A date as a value says it: the day, or the year alone.
fn date(text: &[u8]) -> PartialDate {
    let number = |from: usize, to: usize| -> Option<i32> {
        let digits = text
            .get(from..to)
            .filter(|d| d.iter().all(u8::is_ascii_digit))?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    };
    let day = || {
        let (y, m, d) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
        NaiveDate::from_ymd_opt(y, m as u32, d as u32)
    };
    match text.len() {
        8 => day().map_or(PartialDate::Unknown, PartialDate::Day),
        4 => number(0, 4).map_or(PartialDate::Unknown, PartialDate::Year),
        _ => PartialDate::Unknown,
    }
}

/// A NIK as a value of a list says it. A spreadsheet keeps fifteen digits: whether a last 0 is one or what is left is not
/// known, so it counts for nothing.
fn read_nik(text: &str) -> Digits {
    let read = crate::clean::nik::read(&RawCell::Text(text.into()));
    let nik = match read.intact() {
        Some(sixteen) if sixteen.ends_with('0') => {
            Nik::with_status(NikStatus::Damaged15, &sixteen[..15])
        }
        _ => read,
    };
    Digits::of(&nik)
}

impl Read {
    /// Reads the values of a column as what comparisons ask for.
    pub fn add(&mut self, column: &Column, what: As) {
        let all = 0..column.terms.len() as u32;
        let text = |id: u32| String::from_utf8_lossy(column.terms.get(id)).into_owned();
        match what {
            As::Name => self.names = Some(Names::of(column)),
            As::Date => {
                let eight = |id: u32| super::expression::eight(column.terms.get(id));
                let dates: Vec<PartialDate> = all
                    .map(|id| date(&eight(id).unwrap_or_else(|| column.terms.get(id).to_vec())))
                    .collect();
                let written = column.ids.iter().filter(|id| **id != MISSING);
                let heaps = Heaps::of(written.filter_map(|&id| dates[id as usize].day()));
                let default_day = |d: &PartialDate| d.day().is_some_and(|d| heaps.year_alone(d));
                self.default_day = dates.iter().map(default_day).collect();
                self.born = dates
                    .iter()
                    .zip(&self.default_day)
                    .map(|(d, default)| {
                        let day = d
                            .day()
                            .filter(|_| !default)
                            .map_or(Date::default(), Date::on);
                        (
                            Born {
                                day,
                                year: d.year(),
                                about: false,
                            },
                            *d,
                        )
                    })
                    .collect();
            }
            As::Nik => self.niks = all.map(|id| read_nik(&text(id))).collect(),
            As::Sex => self.sexes = all.map(|id| codes::sex(&text(id))).collect(),
            As::Place => {
                let mut words = Interner::default();
                let words_of = |t: &str, words: &mut Interner| {
                    let mut w: Vec<&str> = t
                        .split(|c: char| !c.is_alphanumeric())
                        .filter(|w| !w.is_empty())
                        .collect();
                    w.sort_unstable();
                    words.number(w.join(" ").as_bytes())
                };
                self.places = all
                    .map(|id| {
                        let t = text(id);
                        (place::residence(&t, "", "", ""), words_of(&t, &mut words))
                    })
                    .collect();
            }
        }
    }

    fn trust(&self, nik: u32, birth: Option<(&Read, u32)>, sex: Option<(&Read, u32)>) -> Trust {
        let digits = self.niks[nik as usize];
        let (_, born) = birth.map_or_else(Default::default, |(r, v)| r.born[v as usize]);
        let default_day = birth.is_some_and(|(r, v)| r.default_day[v as usize]);
        let sex = sex.and_then(|(r, v)| r.sexes[v as usize]);
        digits.held_against(born, default_day, sex).0
    }

    /// The level two names reach as the given or the family names of a person.
    fn name_level(&self, named: Named, x: u32, y: u32, positions: &mut Positions) -> u8 {
        let Some(names) = &self.names else {
            return 0;
        };
        let (p, q) = (&names.of[x as usize], &names.of[y as usize]);
        let same = names.full[x as usize] == names.full[y as usize] || p.sorted == q.sorted;
        match named {
            Named::Family if same && p.family() == MISSING => 0,
            Named::Family if same => family::EQUAL,
            Named::Family => names.words().family(p, q, positions),
            _ if same => given::EQUAL,
            _ => names.words().given(p, q, positions),
        }
    }

    /// Whether two names are spelt alike; so are names that are none.
    fn spelt_alike(&self, x: u32, y: u32) -> bool {
        let names = self.names.as_ref();
        names.is_none_or(|n| n.spelt[x as usize] == n.spelt[y as usize])
    }

    /// Bits that the rarity of names adds which two values agree on.
    pub fn rarity(&self, named: Named, x: u32, y: u32) -> f32 {
        let Some(names) = &self.names else {
            return 0.0;
        };
        let (p, q) = (&names.of[x as usize], &names.of[y as usize]);
        let (at, v, w) = match named {
            Named::Given | Named::Parent => (0, p.given, q.given),
            Named::Family => (1, p.family(), q.family()),
            Named::BirthDate | Named::Nik | Named::Place => return 0.0,
        };
        match v == w && v != MISSING {
            true => names.rarity[at][v as usize],
            false => 0.0,
        }
    }
}

/// The level two records reach: `values` are the columns of the comparison as they are read, with each record's value.
/// 0 where one of the first values is missing.
pub fn level(named: Named, values: &[(&Read, u32, u32)], positions: &mut Positions) -> u8 {
    let Some(&(read, x, y)) = values.first() else {
        return 0;
    };
    if x == MISSING || y == MISSING {
        return 0;
    }
    match named {
        Named::Given | Named::Family | Named::Parent => read.name_level(named, x, y, positions),
        Named::BirthDate => read.born[x as usize].0.level(read.born[y as usize].0),
        Named::Place => {
            let ((r, v), (s, w)) = (read.places[x as usize], read.places[y as usize]);
            match () {
                () if r.village.is_some() && r.village == s.village => 4,
                () if v == w => 3,
                () if !r.regency.is_known() || !s.regency.is_known() => 0,
                () if r.regency == s.regency => 2,
                () => 1,
            }
        }
        Named::Nik => {
            let of = |at: usize, a: bool| {
                let &(read, x, y) = values.get(at)?;
                let value = if a { x } else { y };
                (value != MISSING).then_some((read, value))
            };
            let trust = |v: u32, a: bool| read.trust(v, of(1, a), of(2, a));
            let (p, q) = (read.niks[x as usize], read.niks[y as usize]);
            let level = p.level(trust(x, true), q, trust(y, false));
            let slip = matches!(level, nik::level::SERIAL_SLIP | nik::level::FIFTEEN);
            let name = of(3, true).zip(of(3, false)).filter(|_| slip);
            let given = name.map_or(0, |((r, v), (_, w))| {
                r.name_level(Named::Given, v, w, positions)
            });
            let follows = name.is_some() && p.follows(q);
            let spelt_alike = name.is_none_or(|((r, v), (_, w))| r.spelt_alike(v, w));
            nik::of_brothers(level, given, follows, spelt_alike)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[&str]) -> Column {
        let mut i = Interner::default();
        let ids = values.iter().map(|v| i.number(v.as_bytes())).collect();
        Column {
            ids,
            terms: i.finish(),
        }
    }

    #[test]
    fn a_relatives_nik_is_doubted_by_its_own_row_and_a_mistyped_one_is_not_another() {
        let nik = column(&[
            "8171021203900001",
            "8171023007840002",
            "8171021203900007",
            "8171021203900000",
        ]);
        let born = column(&["19900312", "19900312", "12-03-1990", "1990-03-12"]);
        let (mut n, mut b) = (Read::default(), Read::default());
        n.add(&nik, As::Nik);
        b.add(&born, As::Date);
        let mut positions = Positions::default();
        let mut level = |i: usize, j: usize| {
            let values = [(&n, nik.ids[i], nik.ids[j]), (&b, born.ids[i], born.ids[j])];
            super::level(Named::Nik, &values, &mut positions)
        };
        assert_eq!(level(0, 1), nik::level::DOUBTED);
        assert_eq!(level(0, 2), nik::level::SERIAL_SLIP);
        assert_eq!(level(0, 3), nik::level::FIFTEEN);
        assert_eq!(level(0, 0), nik::level::EQUAL);
    }

    #[test]
    fn every_comparison_has_as_many_levels_as_it_can_reach() {
        for (_, all, _) in NAMED {
            for n in all {
                let top = match n {
                    Named::Given | Named::Parent => given::EQUAL,
                    Named::Family => family::EQUAL,
                    Named::BirthDate => super::super::birth_date::level::EQUAL,
                    Named::Nik => nik::level::EQUAL,
                    Named::Place => 4,
                };
                assert_eq!(usize::from(top), n.levels().len() + 1, "{n:?}");
            }
        }
    }
}
