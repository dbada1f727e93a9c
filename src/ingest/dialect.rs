//! How a text table is written: what divides its fields, what its quotes mean, how wide a whole row is. Programs and people
//! damage such files in few ways, and of two readings of a row the one that makes it whole is right.

use super::fixed_width;
use super::grid::is_error_word;
use super::text_file::decoded;

/// The fields of a row, in one piece of memory.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// Some field stood in quotes.
    pub quoted: bool,
}

impl Fields {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// One of them; empty where there is none.
    pub fn get(&self, i: usize) -> &[u8] {
        let start = i
            .checked_sub(1)
            .map_or(0, |k| self.ends.get(k).copied().unwrap_or(0));
        let end = self.ends.get(i).copied().unwrap_or(start);
        &self.bytes[start..end]
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|i| self.get(i))
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.quoted = false;
    }

    fn end(&mut self) {
        self.ends.push(self.bytes.len());
    }

    /// Fields up to the last that holds something.
    fn filled(&self) -> usize {
        let holds = |i: &usize| !self.get(*i).trim_ascii().is_empty();
        (0..self.len()).rev().find(holds).map_or(0, |i| i + 1)
    }

    /// The fields of a line whose columns begin at fixed places.
    pub fn fixed(&mut self, line: &[u8], starts: &[usize]) {
        self.clear();
        for field in fixed_width::fields(&decoded(line), starts) {
            self.bytes.extend_from_slice(field.as_bytes());
            self.end();
        }
    }

    /// Divides a line without heeding quotes, which are left out at the ends of fields.
    pub fn literal(&mut self, line: &[u8], delimiter: u8) {
        self.clear();
        for field in line.split(|b| *b == delimiter) {
            let field = field.trim_ascii();
            let field = field.strip_prefix(b"\"").unwrap_or(field);
            let field = field.strip_suffix(b"\"").unwrap_or(field);
            self.bytes.extend_from_slice(field);
            self.end();
        }
    }
}

/// Divides a line, or several joined by line ends. Returns whether every quote is closed.
pub fn split(line: &[u8], delimiter: u8, into: &mut Fields) -> bool {
    into.clear();
    if memchr::memchr(b'"', line).is_none() {
        let mut from = 0;
        for at in memchr::memchr_iter(delimiter, line) {
            into.bytes.extend_from_slice(&line[from..at]);
            into.end();
            from = at + 1;
        }
        into.bytes.extend_from_slice(&line[from..]);
        into.end();
        return true;
    }
    let mut at = 0;
    loop {
        let blanks = line[at..]
            .iter()
            .take_while(|b| **b == b' ' && delimiter != b' ')
            .count();
        // `="0012"` is how programs keep a spreadsheet from making a number of a text.
        let formula = usize::from(line[at + blanks..].starts_with(b"=\""));
        let begin = into.bytes.len();
        if line.get(at + blanks + formula) == Some(&b'"') {
            into.quoted = true;
            at += blanks + formula + 1;
            loop {
                let Some(n) = memchr::memchr(b'"', &line[at..]) else {
                    into.bytes.extend_from_slice(&line[at..]);
                    into.end();
                    return false;
                };
                into.bytes.extend_from_slice(&line[at..at + n]);
                at += n + 1;
                if line.get(at) != Some(&b'"') {
                    break;
                }
                into.bytes.push(b'"');
                at += 1;
            }
        }
        // What stands behind a closing quote belongs to the field.
        let n = memchr::memchr(delimiter, &line[at..]).unwrap_or(line.len() - at);
        into.bytes.extend_from_slice(&line[at..at + n]);
        let own = &into.bytes[begin..];
        if own.starts_with(b"=\"") && own.ends_with(b"\"") && own.len() > 2 {
            into.bytes.pop();
            into.bytes.drain(begin..begin + 2);
        }
        into.end();
        at += n;
        if at == line.len() {
            return true;
        }
        at += 1;
    }
}

/// What a text is like, for telling columns apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Empty,
    Letter,
    Words,
    Count,
    Long,
    Day,
    Mixed,
}

const CLASSES: usize = 7;

fn class(field: &[u8]) -> Class {
    let f = field.trim_ascii();
    let digits = f.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = f
        .iter()
        .filter(|b| b.is_ascii_alphabetic() || **b >= 0x80)
        .count();
    let marks = f.iter().filter(|b| matches!(b, b'-' | b'/' | b'.')).count();
    match (digits, letters) {
        (0, 0) => Class::Empty,
        (0, 1) => Class::Letter,
        (0, _) => Class::Words,
        (1..=4, 0) if marks == 0 => Class::Count,
        (3..=8, 0) if marks == 2 => Class::Day,
        (9.., 0) => Class::Long,
        _ => Class::Mixed,
    }
}

/// How a text table is written.
#[derive(Debug, Default)]
pub struct Dialect {
    /// What divides fields.
    pub delimiter: u8,
    /// The first line says what divides fields: `sep=;`.
    pub named: bool,
    /// Every line stands in quotes as a whole, its own quotes doubled.
    wrapped: bool,
    /// Fields of a whole row; 0 where rows may have any number.
    width: usize,
    /// Fields that most rows have.
    typical: usize,
    /// How often each column is of each class in whole rows.
    seen: Vec<[f32; CLASSES]>,
    /// Fields of whole rows that begin with a blank, and all of them.
    blank_first: usize,
    fields: usize,
}

/// Lines of the beginning that are looked at.
const LOOKED_AT: usize = 400;

impl Dialect {
    /// Of a text, from its beginning.
    pub fn of(head: &[u8]) -> Dialect {
        let lines: Vec<&[u8]> = head
            .split(|b| matches!(b, b'\n' | b'\r'))
            .filter(|l| !l.trim_ascii().is_empty())
            .take(LOOKED_AT)
            .collect();
        let named = lines.first().and_then(|l| {
            let l = l.strip_prefix(b"\"").unwrap_or(l);
            let rest = l
                .strip_prefix(b"sep=")
                .or_else(|| l.strip_prefix(b"SEP="))?;
            rest.first().copied()
        });
        let inner: Vec<Vec<u8>> = lines.iter().filter_map(|l| unwrap(l)).collect();
        let divided = |l: &Vec<u8>| l.iter().any(|b| matches!(b, b';' | b',' | b'\t' | b'|'));
        let wrapped = inner.len() >= 2
            && inner.len() * 5 >= lines.len() * 4
            && inner.iter().filter(|l| divided(l)).count() * 5 >= inner.len() * 4;
        let lines: Vec<&[u8]> = if wrapped {
            inner.iter().map(Vec::as_slice).collect()
        } else {
            lines
        };
        let mut out = Dialect {
            delimiter: named.unwrap_or_else(|| delimiter(&lines)),
            named: named.is_some(),
            wrapped,
            ..Dialect::default()
        };
        out.measure(&lines);
        out
    }

    /// Finds how wide a whole row is: as wide as most rows, or as their header where the fields beyond it go on with what
    /// stands before them.
    fn measure(&mut self, lines: &[&[u8]]) {
        let mut all: Vec<Fields> = Vec::with_capacity(lines.len());
        for line in lines {
            let mut fields = Fields::default();
            if split(line, self.delimiter, &mut fields) {
                all.push(fields);
            }
        }
        let mut widths: Vec<usize> = all.iter().map(Fields::filled).filter(|n| *n > 1).collect();
        widths.sort_unstable();
        let runs = widths.chunk_by(|a, b| a == b);
        self.typical = runs.max_by_key(|r| r.len()).map_or(0, |r| r[0]);
        let is_its = |f: &Fields| is_header(f) && f.filled() * 10 >= self.typical * 6;
        let Some(at) = all.iter().position(is_its) else {
            return;
        };
        // The second row of a header may end before the first: `W;H` below `Jan 2026`, and nothing below `Ket`.
        let above = at.checked_sub(1).map(|i| &all[i]).filter(|f| {
            let texts = f.iter().filter(|t| t.iter().any(u8::is_ascii_alphabetic));
            f.len() == all[at].len() && texts.count() >= 3
        });
        let header = all[at].filled().max(above.map_or(0, Fields::filled));
        let below = &all[at + 1..];
        let rows: Vec<&Fields> = below.iter().filter(|f| f.filled() > 1).collect();
        let as_header = rows.iter().filter(|f| f.filled() <= header).count();
        let beyond = rows.len() - as_header;
        let going_on = rows.iter().filter(|f| {
            let n = f.filled();
            let blank = |i: &usize| f.get(*i).starts_with(b" ");
            n > header && (0..n).filter(blank).count() >= n - header
        });
        // Columns without a header make most rows wider, all alike.
        if as_header * 2 >= rows.len() || going_on.count() * 5 >= beyond * 4 {
            self.width = header;
        }
        for fields in below {
            self.learn(fields);
        }
    }

    /// The line in the quotes around a whole line.
    pub fn unwrapped(&self, line: &[u8]) -> Option<Vec<u8>> {
        self.wrapped.then(|| unwrap(line)).flatten()
    }

    /// Whether a row has just the fields of a whole one.
    pub fn is_whole(&self, fields: &Fields) -> bool {
        let wide =
            |w: usize| w > 1 && (fields.len() == w || (fields.len() > w && fields.filled() == w));
        wide(self.width) || wide(self.typical)
    }

    /// Whether a line is a row by itself: whole, or with a few fields left out at its end.
    pub fn stands_alone(&self, fields: &Fields) -> bool {
        let n = fields.len();
        self.is_whole(fields) || (n >= 4 && n < self.typical && n * 10 >= self.typical * 8)
    }

    /// Whether a row has more.
    pub fn is_too_wide(&self, fields: &Fields) -> bool {
        self.width > 1 && fields.len() > self.width && fields.filled() > self.width
    }

    /// Learns from a whole row what its columns hold.
    fn learn(&mut self, fields: &Fields) {
        let whole = self.width > 1 && fields.len() >= self.width && fields.filled() <= self.width;
        if !whole || is_header(fields) {
            return;
        }
        self.seen.resize(self.width, [0.0; CLASSES]);
        for (f, seen) in fields.iter().zip(&mut self.seen) {
            seen[class(f) as usize] += 1.0;
            self.fields += 1;
            self.blank_first += usize::from(f.starts_with(b" ") && f.len() > 1);
        }
    }

    /// Joins fields that were divided by mistake, so that the row is whole and its values go with their columns.
    pub fn regrouped(&self, fields: &mut Fields) -> Regrouped {
        let n = fields.filled();
        let Some(extra) = n.checked_sub(self.width).filter(|e| (1..=12).contains(e)) else {
            return Regrouped::Unclear;
        };
        // `SARAH, S.H.`: a comma within a text is followed by a blank, one between fields is not.
        let blanks_tell = self.blank_first * 50 <= self.fields;
        let goes_on = |i: usize| blanks_tell && fields.get(i).starts_with(b" ");
        let group = |from: usize, to: usize| -> Vec<u8> {
            let mut out = fields.get(from).to_vec();
            for i in from + 1..to {
                out.push(self.delimiter);
                out.extend_from_slice(fields.get(i));
            }
            out
        };
        let score = |column: usize, from: usize, to: usize| -> f32 {
            let own = group(from, to);
            let c = class(&own);
            let fit = match self.seen.get(column) {
                Some(seen) => {
                    let all: f32 = seen.iter().sum();
                    ((seen[c as usize] + 0.2) / (all + 1.4)).ln()
                }
                None => 0.0,
            };
            let joins = (from + 1..to).map(|i| {
                let alike = class(fields.get(i - 1)) == class(fields.get(i));
                f32::from(u8::from(alike)) + if goes_on(i) { 2.0 } else { -1.5 }
            });
            let kept = if goes_on(from) && from > 0 { -2.0 } else { 0.0 };
            let texts = matches!(c, Class::Words | Class::Mixed) || to - from == 1;
            fit + joins.sum::<f32>() + kept + if texts { 0.0 } else { -4.0 }
        };
        // The best and the second best way to make the first columns of the first fields; each with its last group.
        type Way = (f32, Vec<u8>);
        let mut best: Vec<Vec<Way>> = vec![Vec::new(); extra + 1];
        best[0].push((0.0, Vec::new()));
        for column in 0..self.width {
            let mut next: Vec<Vec<Way>> = vec![Vec::new(); extra + 1];
            for (spent, ways) in best.iter().enumerate() {
                for more in 0..=extra - spent {
                    let from = column + spent;
                    let s = score(column, from, from + more + 1);
                    for (before, way) in ways {
                        let mut way = way.clone();
                        way.push(more as u8);
                        next[spent + more].push((before + s, way));
                    }
                }
            }
            for ways in &mut next {
                ways.sort_by(|a, b| b.0.total_cmp(&a.0));
                ways.truncate(2);
            }
            best = next;
        }
        let Some(ways) = best.pop().filter(|w| !w.is_empty()) else {
            return Regrouped::Unclear;
        };
        let (first, way) = &ways[0];
        let certain = ways.get(1).is_none_or(|(second, _)| first - second >= 1.0);
        // The fields as they stand, with what is too much behind the last column that has a name.
        let as_is: f32 = (0..self.width).map(|c| score(c, c, c + 1)).sum();
        if !certain || as_is + 1.0 >= *first {
            let fits = as_is >= -2.0 * self.width as f32 && as_is + 4.0 >= *first;
            return if fits {
                Regrouped::Beyond
            } else {
                Regrouped::Unclear
            };
        }
        let mut joined = Vec::new();
        let mut out = Fields::default();
        let mut from = 0;
        for more in way {
            let to = from + usize::from(*more) + 1;
            let own = group(from, to);
            out.bytes.extend_from_slice(&own);
            out.end();
            if *more > 0 {
                joined.push(own);
            }
            from = to;
        }
        *fields = out;
        Regrouped::Joined(joined)
    }
}

/// What became of a row with too many fields.
#[derive(Debug, PartialEq, Eq)]
pub enum Regrouped {
    /// These were joined, and the row is whole.
    Joined(Vec<Vec<u8>>),
    /// Its fields go with their columns; what is too much stands beyond the header.
    Beyond,
    /// It cannot be told.
    Unclear,
}

/// `"1,""B.I 11/2025"",L"`: the line within the quotes; delimiters alone may stand behind them.
fn unwrap(line: &[u8]) -> Option<Vec<u8>> {
    let mut rest = line.trim_ascii().strip_prefix(b"\"")?;
    let mut out = Vec::with_capacity(rest.len());
    loop {
        let n = memchr::memchr(b'"', rest)?;
        out.extend_from_slice(&rest[..n]);
        rest = &rest[n + 1..];
        match rest.strip_prefix(b"\"") {
            Some(more) => {
                out.push(b'"');
                rest = more;
            }
            None => break,
        }
    }
    let nothing = |b: &u8| matches!(b, b';' | b',' | b'\t' | b' ' | b'|');
    rest.iter().all(nothing).then_some(out)
}

/// Many short words and no numbers: the names of columns.
fn is_header(fields: &Fields) -> bool {
    let filled: Vec<&[u8]> = fields
        .iter()
        .filter(|f| !f.trim_ascii().is_empty())
        .collect();
    let name = |f: &&&[u8]| {
        let digits = f.iter().filter(|b| b.is_ascii_digit()).count();
        let letters = f.iter().filter(|b| b.is_ascii_alphabetic()).count();
        letters > 0 && digits <= 1 && f.len() <= 60 && !is_error_word(&decoded(f))
    };
    filled.len() >= 3 && filled.iter().filter(name).count() * 10 >= filled.len() * 9
}

/// The delimiter that splits the first lines most evenly.
fn delimiter(lines: &[&[u8]]) -> u8 {
    let lines = &lines[..lines.len().min(200)];
    let score = |d: u8| -> (usize, usize) {
        let counts: Vec<usize> = lines
            .iter()
            .map(|l| count(l, d))
            .filter(|&n| n > 1)
            .collect();
        let Some(&most) = counts.iter().max() else {
            return (0, 0);
        };
        let mode = (2..=most.min(20_000))
            .max_by_key(|m| counts.iter().filter(|c| *c == m).count())
            .unwrap_or(0);
        // Rows without their last cells, and with a mark too many, are rows of the same table.
        let near = |c: usize| c * 4 >= mode * 3 && c * 4 <= mode * 5;
        (counts.iter().filter(|c| near(**c)).count(), mode)
    };
    let best = |of: &[u8]| of.iter().copied().max_by_key(|&d| score(d)).unwrap_or(b',');
    let usual = best(b";,\t|");
    let rare = best(&[0x1F, b'^', b'~']);
    // A mark that divides less than half of the lines divides nothing.
    if score(usual).0 * 2 < lines.len() && score(rare).0 * 2 >= lines.len() {
        rare
    } else {
        usual
    }
}

/// Fields of a line, delimiters inside quotes not counted.
fn count(line: &[u8], d: u8) -> usize {
    let mut quoted = false;
    1 + line
        .iter()
        .filter(|&&c| {
            if c == b'"' {
                quoted = !quoted;
            }
            c == d && !quoted
        })
        .count()
}
