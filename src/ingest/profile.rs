//! How the values of a column look: whether they can be what a header says, and what they are where it says nothing.
//!
//! A value looks like a date when `clean` can read it as one, and so on: there is one knowledge of values, and here it
//! is only asked. A sample spread over the whole column is looked at, so that a few odd rows decide nothing.

use crate::clean::{codes, date, number, offence, text};
use crate::domain::raw::{RawCell, RawTable};
use crate::domain::region::{DISTRICTS, REGENCIES, VILLAGES};
use crate::domain::supervision::SupervisionKind;
use crate::domain::{ExitCode, OffenceGroup, PartialDate, normal};
use std::collections::BTreeSet;

/// How many values of a column are looked at.
const SAMPLE: usize = 48;

/// Nobody younger is on a list of this field: a place beside a later day (`dirujuk ke Puskesmas 16/1/2026`) is none of birth.
const YOUNGEST: i32 = 8;

/// What a value can look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Nik,
    LongNumber,
    Phone,
    Sex,
    Date,
    PlaceDate,
    Number,
    Count,
    Age,
    Money,
    Code,
    State,
    District,
    Village,
    Regency,
    Unit,
    Bapas,
    Person,
    Text,
    Education,
    Religion,
    Marital,
    Nation,
    Register,
    Class,
    Sentence,
    Article,
    Offence,
    Supervision,
    Exit,
    StatusOfPerson,
    Court,
    Address,
}

/// How many signs there are.
const SIGNS: usize = Sign::Address as usize + 1;

/// Shares (0–1) of a column's filled values that look like something.
#[derive(Debug, Clone)]
pub struct Look {
    /// How many values were looked at.
    pub filled: usize,
    /// Share of values that differ from each other.
    pub distinct: f32,
    shares: [f32; SIGNS],
    /// Nobody on the list was born after this year, as far as its month says.
    born_by: Option<i32>,
}

impl Default for Look {
    fn default() -> Self {
        Look {
            filled: 0,
            distinct: 0.0,
            shares: [0.0; SIGNS],
            born_by: None,
        }
    }
}

impl std::ops::Index<Sign> for Look {
    type Output = f32;
    fn index(&self, sign: Sign) -> &f32 {
        &self.shares[sign as usize]
    }
}

impl std::ops::IndexMut<Sign> for Look {
    fn index_mut(&mut self, sign: Sign) -> &mut f32 {
        &mut self.shares[sign as usize]
    }
}

/// Looks at a column.
pub fn look(table: &RawTable, at: usize) -> Look {
    let filled: Vec<&RawCell> = (table.rows.iter().filter_map(|r| r.cells.get(at)))
        .filter(|c| says_something(c))
        .take(20_000)
        .collect();
    let step = filled.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<&RawCell> = filled.iter().step_by(step).copied().collect();
    let mut out = Look {
        filled: sample.len(),
        born_by: table.month().map(|m| m.year() - YOUNGEST),
        ..Look::default()
    };
    let mut different: BTreeSet<String> = BTreeSet::new();
    for cell in &sample {
        match cell {
            RawCell::Date(_) => out[Sign::Date] += 1.0,
            RawCell::Number(n) => out.of_number(*n),
            RawCell::Text(t) => out.of_text(t),
            _ => {}
        }
        different.insert(match cell {
            RawCell::Text(t) => normal(t),
            RawCell::Number(n) | RawCell::Date(n) => n.to_string(),
            _ => String::new(),
        });
    }
    let n = sample.len().max(1) as f32;
    for share in &mut out.shares {
        *share /= n;
    }
    out.distinct = different.len() as f32 / n;
    out
}

fn says_something(c: &RawCell) -> bool {
    match c {
        RawCell::Empty | RawCell::Error(_) => false,
        RawCell::Text(t) => !text::is_placeholder(t),
        _ => true,
    }
}

impl Look {
    fn of_number(&mut self, n: f64) {
        self[Sign::Number] += 1.0;
        let whole = n.fract() == 0.0 && n >= 0.0;
        self[Sign::Count] += f32::from(u8::from(whole && n <= 2_000.0));
        self[Sign::Age] += f32::from(u8::from(whole && (7.0..=99.0).contains(&n)));
        self[Sign::Money] += f32::from(u8::from(whole && n >= 20_000.0 && n % 500.0 == 0.0));
        self[Sign::Nik] += f32::from(u8::from((1.1e15..1e16).contains(&n)));
        self[Sign::LongNumber] += f32::from(u8::from((1e8..1e15).contains(&n)));
        self[Sign::Sex] += f32::from(u8::from(n == 1.0 || n == 2.0)) * 0.6;
        self[Sign::Phone] += f32::from(u8::from((8e8..9e12).contains(&n)));
        // A day that lost its format is a number; only a header can say so.
        self[Sign::Date] += f32::from(u8::from(
            whole && date::serial(n).is_some_and(|_| n > 15_000.0),
        )) * 0.5;
    }

    fn of_text(&mut self, t: &str) {
        let n = normal(t);
        let words: Vec<&str> = n.split(' ').collect();
        let digits = t.bytes().filter(u8::is_ascii_digit).count();
        let letters = t.chars().filter(|c| c.is_alphabetic()).count();
        let one = |yes: bool| f32::from(u8::from(yes));
        let cell = RawCell::Text(t.into());
        let is_date = digits >= 3
            && date::read(&cell).date().is_some_and(|d| d.day().is_some())
            && words.len() >= 2;
        self[Sign::Nik] += one(is_nik(t));
        self[Sign::LongNumber] += one(letters == 0 && (9..16).contains(&digits));
        self[Sign::Phone] += one(letters == 0
            && (9..=14).contains(&digits)
            && (n.starts_with("08") || n.starts_with("62")));
        self[Sign::Sex] += one(codes::sex(t).is_some() && letters > 0)
            + one(letters == 0 && (n == "1" || n == "2")) * 0.6;
        // Digits alone are a date only where a header says so, `5Maret2025` is one.
        // Longer digits are numbers of papers, though seconds since 1970 may be written so.
        let glued = words.len() == 1
            && digits >= 5
            && (letters > 0 || digits <= 8)
            && date::read(&cell).date().is_some_and(|d| d.day().is_some());
        self[Sign::Date] +=
            one(is_date || (glued && letters > 0)) + one(glued && letters == 0) * 0.5;
        let placed = || {
            let (place, d) = date::place_and_date(t);
            let born =
                |d: chrono::NaiveDate| self.born_by.is_none_or(|y| chrono::Datelike::year(&d) <= y);
            place.len() >= 3
                && matches!(d, date::DateReading::Known(PartialDate::Day(d)) if born(d))
        };
        self[Sign::PlaceDate] += one(digits >= 4 && letters >= 3 && !is_date && placed());
        let amount = if letters <= 6 && digits > 0 && !is_date {
            number::amount(&cell)
        } else {
            None
        };
        if let Some(v) = amount.filter(|_| letters == 0 || words.len() <= 2) {
            self[Sign::Number] += one(letters == 0);
            self[Sign::Count] += one(v.fract() == 0.0 && v <= 2_000.0 && !n.starts_with('0'));
            self[Sign::Age] += one((7.0..=99.0).contains(&v) && digits <= 2);
            self[Sign::Money] +=
                one(v >= 20_000.0 && v % 500.0 == 0.0 && digits <= 12 && !n.starts_with("08"));
        }
        self[Sign::Code] += one(digits >= 2
            && (t.contains('/') || t.contains('-') || t.contains('.'))
            && letters >= 1
            && !is_date
            && words.len() <= 9);
        self[Sign::State] +=
            one(words.len() <= 4 && (codes::service_state(t).is_some() || is_state(&words)));
        let bare = without(&words, &["kecamatan", "kec"]);
        self[Sign::District] += one(DISTRICTS.iter().any(|(_, _, name)| normal(name) == bare)
            || bare == "teluk ambon baguala"
            || bare == "t a baguala");
        let bare = without(&words, &["kelurahan", "kel", "negeri", "neg", "desa", "ds"]);
        let marked = bare.len() < n.len();
        self[Sign::Village] += one((marked && words.len() <= 4 && digits == 0)
            || VILLAGES.iter().any(|(_, v)| normal(v) == bare));
        let bare = without(&words, &["kota", "kab", "kabupaten"]);
        let town = bare.len() < n.len()
            || REGENCIES.iter().any(|(_, _, r)| {
                bare == without(
                    &normal(r).split(' ').collect::<Vec<_>>(),
                    &["kota", "kabupaten", "kepulauan"],
                )
            });
        self[Sign::Regency] += one(town && words.len() <= 4);
        self[Sign::Unit] += one(words.len() <= 9
            && text::says(
                &n,
                &[
                    "lapas",
                    "rutan",
                    "lpka",
                    "lpp",
                    "lp",
                    "cabrutan",
                    "lapas kelas",
                ],
            ));
        self[Sign::Bapas] += one(text::says(&n, &["bapas", "balai pemasyarakatan"]));
        self[Sign::Person] += one(is_name(t, &words, digits, letters));
        self[Sign::Text] += one(letters > digits && letters >= 3);
        self[Sign::Education] += one(!codes::education(t).is_empty() && words.len() <= 4);
        self[Sign::Religion] += one(matches!(
            n.as_str(),
            "islam"
                | "kristen"
                | "kristen protestan"
                | "protestan"
                | "katolik"
                | "katholik"
                | "hindu"
                | "budha"
                | "buddha"
                | "konghucu"
                | "khonghucu"
        ));
        self[Sign::Marital] += one(text::says(
            &n,
            &[
                "kawin", "menikah", "nikah", "cerai", "duda", "janda", "lajang", "bujang",
            ],
        ) && words.len() <= 3);
        self[Sign::Nation] += one(matches!(n.as_str(), "wni" | "wna" | "indonesia"));
        let class = codes::register_class(t).is_some();
        self[Sign::Register] += one(digits > 0 && class);
        self[Sign::Class] += one(class
            || text::says(
                &n,
                &["hakim", "jaksa", "penyidik", "polisi", "kejaksaan", "polri"],
            ));
        self[Sign::Sentence] += one(words.len() <= 10
            && digits > 0
            && !is_date
            && text::says(
                &n,
                &["thn", "th", "tahun", "bln", "bl", "bulan", "hari", "hr"],
            )
            && number::sentence(t).is_some()
            || is_years_months_days(t)
            || is_years_and_months(&words));
        self[Sign::Article] +=
            one(text::says(&n, &["pasal", "psl", "ps", "uu", "kuhp"]) && digits > 0);
        self[Sign::Offence] += one(words.len() <= 8
            && letters > 3
            && !matches!(
                offence::classify(&[t], None),
                OffenceGroup::Other | OffenceGroup::Unknown
            ));
        self[Sign::Supervision] += one(words.len() <= 4
            && codes::supervision_kind(t).is_some_and(|k| k != SupervisionKind::Other));
        self[Sign::Exit] += one(words.len() <= 8
            && letters > digits
            && codes::exit(t).is_some_and(|e| e != ExitCode::Other));
        self[Sign::StatusOfPerson] += one(words.len() <= 4
            && text::says(
                &n,
                &[
                    "wbp",
                    "mantan",
                    "eks",
                    "klien",
                    "narapidana",
                    "napi",
                    "tahanan",
                    "anak binaan",
                    "klien bapas",
                ],
            ));
        self[Sign::Court] += one(
            text::says(&n, &["pn", "pengadilan", "pt", "pengadilan negeri"])
                && digits == 0
                && words.len() <= 6,
        );
        self[Sign::Address] += one(words.len() >= 2
            && text::says(
                &n,
                &[
                    "jl",
                    "jln",
                    "jalan",
                    "rt",
                    "rw",
                    "gang",
                    "gg",
                    "lorong",
                    "lrg",
                    "dusun",
                    "kampung",
                    "desa",
                    "negeri",
                    "kel",
                    "kompleks",
                    "perumahan",
                    "btn",
                    "blok",
                ],
            )
            && letters > 4);
    }

    /// Mostly names of people.
    pub fn are_people(&self) -> bool {
        self.most(self[Sign::Person])
    }

    /// Mostly words, or nothing at all.
    pub fn are_words(&self) -> bool {
        self.filled == 0 || (self.most(self[Sign::Text]) && !self.most(self[Sign::Date]))
    }

    /// Mostly days.
    pub fn are_days(&self) -> bool {
        self.most(self[Sign::Date])
    }

    /// Whether a share is of nearly all.
    pub fn most(&self, share: f32) -> bool {
        self.filled > 0 && share >= 0.7
    }
}

fn without(words: &[&str], lead: &[&str]) -> String {
    match words.split_first() {
        Some((first, rest)) if lead.contains(first) && !rest.is_empty() => rest.join(" "),
        _ => words.join(" "),
    }
}

/// `3/6/0`, `0-9-0`: years, months, days.
/// `12T 1B`, `3 T`, `6B 15H`: years, months and days by their first letters, and nothing else.
fn is_years_and_months(words: &[&str]) -> bool {
    let unit = |w: &str| matches!(w, "t" | "b" | "h");
    let mut left = words.iter().copied();
    let mut any = false;
    while let Some(w) = left.next() {
        let rest = w.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = w.len() - rest.len();
        let whole = unit(rest) || rest.is_empty() && left.next().is_some_and(unit);
        if !(1..=2).contains(&digits) || !whole {
            return false;
        }
        any = true;
    }
    any
}

fn is_years_months_days(t: &str) -> bool {
    let parts: Vec<&str> = t.trim().split(['/', '-']).collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|p| p.len() <= 2 && p.parse::<u8>().is_ok())
        && parts[2].len() < 2
}

/// Words of a state that are none to `clean`, and need not be: what was come of it in two words.
fn is_state(words: &[&str]) -> bool {
    words.iter().any(|w| {
        matches!(
            *w,
            "selesai"
                | "lanjut"
                | "berlanjut"
                | "berhenti"
                | "putus"
                | "aktif"
                | "lulus"
                | "tamat"
                | "berjalan"
                | "gugur"
                | "batal"
                | "mengundurkan"
                | "terdaftar"
                | "dirujuk"
                | "diterima"
                | "ditolak"
                | "menunggu"
                | "do"
                | "proses"
                | "diproses"
                | "jalan"
                | "kompeten"
                | "completed"
                | "dropped"
                | "ongoing"
                | "enrolled"
        )
    })
}

/// Sixteen digits.
pub fn is_nik(t: &str) -> bool {
    crate::clean::nik::sixteen_in(t).is_some()
}

/// Whether a text is written as names are.
pub fn is_person(t: &str) -> bool {
    let n = normal(t);
    let words: Vec<&str> = n.split(' ').collect();
    let digits = t.bytes().filter(u8::is_ascii_digit).count();
    let letters = t.chars().filter(|c| c.is_alphabetic()).count();
    is_name(t, &words, digits, letters)
}

/// The share of a column's texts that begin with a name of two words or more, and the share that differ from each other:
/// what stands behind the name in the same cell (`als. BOBI`, `(L)`, a day of birth) does not count.
pub fn names(table: &RawTable, at: usize) -> (f32, f32) {
    let filled = table.rows.iter().filter_map(|r| r.cells.get(at));
    let filled: Vec<&RawCell> = filled.filter(|c| says_something(c)).take(SAMPLE).collect();
    let texts = filled.iter().filter_map(|c| match c {
        RawCell::Text(t) => Some(t.as_str()),
        _ => None,
    });
    let mut different: BTreeSet<String> = BTreeSet::new();
    let named = texts.filter(|t| leads_with_name(t) && different.insert(normal(t)));
    let n = filled.len().max(1) as f32;
    let distinct = named.count() as f32;
    let texts = filled
        .iter()
        .filter(|c| matches!(c, RawCell::Text(t) if leads_with_name(t)));
    (texts.count() as f32 / n, distinct / n)
}

/// Whether a text begins with two words or more as names are written.
pub fn leads_with_name(t: &str) -> bool {
    let end = t.find(|c: char| {
        c.is_ascii_digit() || matches!(c, '(' | '/' | '@' | '\n' | ';' | '[' | '|')
    });
    let lead = t[..end.unwrap_or(t.len())].trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    lead.split_whitespace().count() >= 2 && is_person(lead)
}

/// Two to five words of letters, as names are written; a call name is one.
fn is_name(t: &str, words: &[&str], digits: usize, letters: usize) -> bool {
    const NEVER: &[&str] = &[
        "jl",
        "jalan",
        "kota",
        "kab",
        "kel",
        "negeri",
        "desa",
        "dan",
        "atau",
        "yang",
        "untuk",
        "lapas",
        "rutan",
        "pn",
        "selesai",
        "belum",
        "tidak",
        "bantuan",
        "pelatihan",
        "usaha",
        "modal",
        "paket",
        "rehabilitasi",
        "kawin",
        "dinas",
        "bapas",
        "kantor",
        "bebas",
        "pidana",
        "kartu",
        "akta",
        "perlindungan",
        "kelas",
        "rawat",
        "las",
    ];
    digits == 0
        && letters >= 3
        && (1..=6).contains(&words.len())
        && !t.contains(['/', '(', ':', '%'])
        && !words.iter().any(|w| NEVER.contains(w))
        && t.chars().next().is_some_and(|c| c.is_uppercase())
}
