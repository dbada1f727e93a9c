//! What a model makes of columns before comparing or blocking: `fold(surname)`, `first(given_name, 3) + year(born)`.
//!
//! ```text
//! expression = term { "+" term }                 values side by side with a blank between
//! term       = header | 'quoted header' | function "(" expression { "," whole number } ")"
//! ```
//!
//! Functions are in [`FUNCTIONS`]. A header may hold blanks; one with `( ) , + '` stands in single quotes.

use super::column::Column;
use crate::clean::{date, name};
use crate::domain::raw::RawCell;

/// Names of the functions with the whole numbers each takes.
pub const FUNCTIONS: &[(&str, usize)] = &[
    // Spellings of one name come out alike (docs/definitions.md 7).
    ("fold", 0),
    // Words in the order of the alphabet.
    ("sorted", 0),
    // Letters and digits alone.
    ("squash", 0),
    ("letters", 0),
    ("digits", 0),
    // The first and the last so many characters.
    ("first", 1),
    ("last", 1),
    // The so many-th word; the last word.
    ("word", 1),
    ("last_word", 0),
    // Without the characters from … to …, counted from 1: `without(nik, 7, 12)` is the NIK without its birth date.
    ("without", 2),
    // Year, month and day as eight digits however they were written; day first, as offices here write.
    ("date", 0),
    ("year", 0),
    ("month", 0),
    ("day", 0),
    // Day and month in the order of their size: dates with both exchanged come out alike.
    ("date_unordered", 0),
];

/// An expression over columns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expression {
    /// A column by its name.
    Column(String),
    /// A function of an expression.
    Apply(&'static str, Box<Expression>, Vec<u32>),
    /// Two side by side.
    Beside(Box<Expression>, Box<Expression>),
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// No such function; what was written.
    Function(String),
    /// A function takes so many numbers.
    Numbers(&'static str, usize),
    /// It ends too early or goes on; where (character, from 1).
    Form(usize),
}

impl Expression {
    /// Reads an expression.
    pub fn parse(text: &str) -> Result<Expression, Mistake> {
        let mut p = Parser {
            chars: text.chars().collect(),
            at: 0,
        };
        let e = p.expression()?;
        if p.at < p.chars.len() {
            return Err(Mistake::Form(p.at + 1));
        }
        Ok(e)
    }

    /// Names of the columns in it.
    pub fn columns<'a>(&'a self, out: &mut Vec<&'a str>) {
        match self {
            Expression::Column(c) => out.push(c),
            Expression::Apply(_, e, _) => e.columns(out),
            Expression::Beside(a, b) => {
                a.columns(out);
                b.columns(out);
            }
        }
    }

    /// Its values, from those of the columns.
    pub fn values(&self, column: &dyn Fn(&str) -> Column) -> Column {
        match self {
            Expression::Column(c) => column(c),
            Expression::Apply(f, e, n) => e.values(column).map(|v| apply(f, v, n)),
            Expression::Beside(a, b) => a.values(column).beside(&b.values(column)),
        }
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }
    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }
    fn form<T>(&self) -> Result<T, Mistake> {
        Err(Mistake::Form(self.at + 1))
    }
    fn expression(&mut self) -> Result<Expression, Mistake> {
        let mut e = self.term()?;
        while self.peek() == Some('+') {
            self.at += 1;
            e = Expression::Beside(Box::new(e), Box::new(self.term()?));
        }
        Ok(e)
    }
    fn term(&mut self) -> Result<Expression, Mistake> {
        self.blanks();
        if self.peek() == Some('\'') {
            let start = self.at + 1;
            let Some(n) = self.chars[start..].iter().position(|&c| c == '\'') else {
                return self.form();
            };
            self.at = start + n + 1;
            self.blanks();
            return Ok(Expression::Column(
                self.chars[start..start + n].iter().collect(),
            ));
        }
        let start = self.at;
        while self.peek().is_some_and(|c| !"(),+'".contains(c)) {
            self.at += 1;
        }
        let word: String = self.chars[start..self.at].iter().collect();
        let word = word.trim().to_owned();
        if word.is_empty() {
            return self.form();
        }
        if self.peek() != Some('(') {
            return Ok(Expression::Column(word));
        }
        let Some(&(name, wanted)) = FUNCTIONS.iter().find(|(n, _)| *n == word) else {
            return Err(Mistake::Function(word));
        };
        self.at += 1;
        let inner = self.expression()?;
        let mut numbers = Vec::new();
        while self.peek() == Some(',') {
            self.at += 1;
            let from = self.at;
            while self.peek().is_some_and(|c| !"),".contains(c)) {
                self.at += 1;
            }
            let digits: String = self.chars[from..self.at].iter().collect();
            match digits.trim().parse() {
                Ok(n) => numbers.push(n),
                Err(_) => return Err(Mistake::Numbers(name, wanted)),
            }
        }
        if self.peek() != Some(')') {
            return self.form();
        }
        self.at += 1;
        self.blanks();
        if numbers.len() != wanted {
            return Err(Mistake::Numbers(name, wanted));
        }
        Ok(Expression::Apply(name, Box::new(inner), numbers))
    }
}

fn kept(v: &[u8], keep: impl Fn(u8) -> bool) -> Vec<u8> {
    v.iter().copied().filter(|&b| keep(b)).collect()
}

fn words(v: &[u8]) -> impl Iterator<Item = &[u8]> {
    v.split(|b| !b.is_ascii_alphanumeric() && *b < 0x80 && *b != b'\'')
        .filter(|w| !w.is_empty())
}

fn apply(function: &str, v: &[u8], n: &[u32]) -> Vec<u8> {
    let number = |i: usize| n.get(i).map_or(0, |&x| x as usize);
    match function {
        "fold" => name::fold(&String::from_utf8_lossy(v)).as_bytes().to_vec(),
        "sorted" => {
            let mut w: Vec<&[u8]> = words(v).collect();
            w.sort_unstable();
            w.join(&b' ')
        }
        "squash" => kept(v, |b| b.is_ascii_alphanumeric() || b >= 0x80),
        "letters" => kept(v, |b| b.is_ascii_alphabetic() || b >= 0x80),
        "digits" => kept(v, |b| b.is_ascii_digit()),
        "first" => v[..v.len().min(number(0))].to_vec(),
        "last" => v[v.len().saturating_sub(number(0))..].to_vec(),
        "word" => words(v)
            .nth(number(0).saturating_sub(1))
            .unwrap_or_default()
            .to_vec(),
        "last_word" => words(v).last().unwrap_or_default().to_vec(),
        "without" => {
            let (from, to) = (number(0).saturating_sub(1), number(1));
            let gone = |i: usize| i >= from && i < to;
            v.iter()
                .enumerate()
                .filter(|(i, _)| !gone(*i))
                .map(|(_, &b)| b)
                .collect()
        }
        "date" => eight(v).unwrap_or_else(|| v.to_vec()),
        "year" => eight(v).map_or(Vec::new(), |d| d[..4].to_vec()),
        "month" => eight(v).map_or(Vec::new(), |d| d[4..6].to_vec()),
        "day" => eight(v).map_or(Vec::new(), |d| d[6..].to_vec()),
        "date_unordered" => eight(v).map_or(Vec::new(), |d| {
            let (m, day) = (&d[4..6], &d[6..]);
            [&d[..4], m.min(day), m.max(day)].concat()
        }),
        _ => v.to_vec(),
    }
}

/// A date as eight digits, year first. Eight digits stay as they are, valid or not: a date with one wrong digit is
/// still nearly the right one.
pub(super) fn eight(v: &[u8]) -> Option<Vec<u8>> {
    if v.len() == 8 && v.iter().all(u8::is_ascii_digit) {
        // Twentieth or twenty-first century first, else day first.
        let year_first = matches!(&v[..2], b"18" | b"19" | b"20");
        return Some(if year_first {
            v.to_vec()
        } else {
            [&v[4..], &v[2..4], &v[..2]].concat()
        });
    }
    let iso = v.len() >= 10
        && v[4] == b'-'
        && v[7] == b'-'
        && (0..10).all(|i| i == 4 || i == 7 || v[i].is_ascii_digit());
    if iso {
        return Some([&v[..4], &v[5..7], &v[8..10]].concat());
    }
    let text = String::from_utf8_lossy(v);
    let alone = date::read(&RawCell::Text(text.as_ref().into()));
    // A place may stand before the date: `Ambon, 17-08-1990`.
    [alone, date::place_and_date(&text).1]
        .into_iter()
        .find_map(|d| Some(d.date()?.day()?.format("%Y%m%d").to_string().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::engine::column::Interner;

    fn value(expression: &str, cell: &str) -> String {
        let e = Expression::parse(expression).unwrap();
        let c = e.values(&|_| {
            let mut i = Interner::default();
            Column {
                ids: vec![i.number(cell.as_bytes())],
                terms: i.finish(),
            }
        });
        String::from_utf8(c.terms.get(c.ids[0]).to_vec()).unwrap()
    }

    #[test]
    fn expressions_take_values_apart() {
        for (e, cell, want) in [
            ("x", "anna", "anna"),
            ("fold(x)", "wattimena", "watimena"),
            ("first(x, 3)", "anna", "ann"),
            ("last(x,3)", "anna", "nna"),
            ("word(x, 2)", "la ode rinaldi", "ode"),
            ("last_word(Nama Lengkap)", "la ode rinaldi", "rinaldi"),
            ("sorted(x)", "st. john, mary", "john mary st"),
            ("squash(x)", "o'brien-smith 3", "obriensmith3"),
            ("without(x, 7, 12)", "8171021203900001", "8171020001"),
            ("date(x)", "12-3-1990", "19900312"),
            ("date(x)", "1990-03-12", "19900312"),
            ("date(x)", "12031990", "19900312"),
            ("date(x)", "ambon, 17-08-1990", "19900817"),
            ("year(x)", "19561309", "1956"),
            ("date_unordered(x)", "19900312", "19900312"),
            ("date_unordered(x)", "19901203", "19900312"),
            ("first(fold('x (1)'), 1) + x", "yanna", "i yanna"),
        ] {
            assert_eq!(value(e, cell), want, "{e} of {cell}");
        }
    }

    #[test]
    fn mistakes_say_what_and_where() {
        for (e, want) in [
            ("foldd(x)", Mistake::Function("foldd".into())),
            ("first(x)", Mistake::Numbers("first", 1)),
            ("first(x, a)", Mistake::Numbers("first", 1)),
            ("fold(x", Mistake::Form(7)),
            ("x + ", Mistake::Form(5)),
            ("x)", Mistake::Form(2)),
            ("'x", Mistake::Form(1)),
            ("", Mistake::Form(1)),
        ] {
            assert_eq!(Expression::parse(e), Err(want), "{e}");
        }
    }
}
