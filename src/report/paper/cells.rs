//! Columns of a table in which a number, its numerator and denominator and its interval are one cell.

use super::model::{Table, is_word};
use super::table_text::interval;
use crate::locale::{self, Lang};
use crate::report::grid::{GridColumn, Part, Value};
use crate::report::sentence::written;
use crate::report::template::Show;

/// A column of such cells: positions among the grid's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// What stands above it.
    pub header: String,
    main: usize,
    k: Option<usize>,
    n: Option<usize>,
    ends: Option<(usize, usize)>,
}

/// A cell of such a column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shown {
    /// The number, its sign or a word.
    pub text: String,
    /// Numerator, denominator and interval in short.
    pub under: String,
    /// The same in words; why there is no number.
    pub more: Vec<String>,
    /// Measure it is of.
    pub measure: Option<String>,
    /// It is a word.
    pub word: bool,
}

/// The columns of a table.
pub fn columns(t: &Table, lang: Lang) -> Vec<Merged> {
    let g = &t.grid;
    let alike = |a: &GridColumn, b: &GridColumn| {
        (&a.name, &a.measure, &a.category, a.total) == (&b.name, &b.measure, &b.category, b.total)
    };
    // Only these parts of one figure belong together; anything else stands by itself.
    let together = |p: Part| {
        matches!(
            p,
            Part::Low
                | Part::High
                | Part::Of(Show::K | Show::N | Show::Rate | Show::Value | Show::Ci)
        )
    };
    let mut out: Vec<Merged> = Vec::new();
    let mut i = 0;
    while i < g.columns.len() {
        let start = i;
        let mut parts = vec![g.columns[i].part];
        i += 1;
        while i < g.columns.len()
            && together(g.columns[start].part)
            && together(g.columns[i].part)
            && alike(&g.columns[start], &g.columns[i])
            && !parts.contains(&g.columns[i].part)
        {
            parts.push(g.columns[i].part);
            i += 1;
        }
        let at = |wanted: &[Part]| {
            parts
                .iter()
                .position(|p| wanted.contains(p))
                .map(|k| start + k)
        };
        let (k, n) = (at(&[Part::Of(Show::K)]), at(&[Part::Of(Show::N)]));
        let main = at(&[Part::Of(Show::Rate), Part::Of(Show::Value)])
            .or(k)
            .unwrap_or(start);
        let ends = at(&[Part::Low]).zip(at(&[Part::High]));
        let column = &g.columns[main];
        let header = if parts.len() == 1 {
            column.header.clone()
        } else if column.name.is_empty() {
            locale::text(lang, "paper.values").to_owned()
        } else {
            column.name.clone()
        };
        out.push(Merged {
            header,
            main,
            k: k.filter(|x| *x != main),
            n: n.filter(|x| *x != main),
            ends,
        });
    }
    out
}

impl Merged {
    /// The cell of a row.
    pub fn cell(&self, t: &Table, row: usize, lang: Lang) -> Shown {
        let g = &t.grid;
        let text = |i: usize| written(lang, g.value(row, i));
        let number = |i: Option<usize>| i.filter(|&i| g.value(row, i).number().is_some());
        let mut out = Shown {
            text: text(self.main),
            measure: g.rows[row].cells[self.main]
                .key
                .as_ref()
                .map(|k| k.0.to_string()),
            word: is_word(g.value(row, self.main)),
            ..Shown::default()
        };
        let (k, n) = (number(self.k), number(self.n));
        let mut under: Vec<String> = Vec::new();
        match (k, n) {
            (Some(k), Some(n)) => {
                under.push(format!("{}/{}", text(k), text(n)));
                out.more.push(locale::format(
                    lang,
                    "paper.of",
                    &[("k", &text(k)), ("n", &text(n))],
                ));
            }
            (Some(k), None) => under.push(format!("k={}", text(k))),
            (None, Some(n)) => under.push(format!("n={}", text(n))),
            (None, None) => {}
        }
        if let Some((a, b)) = self.ends
            && number(Some(a)).and(number(Some(b))).is_some()
        {
            let both = interval(lang, g.value(row, a), g.value(row, b));
            out.more
                .push(locale::format(lang, "paper.range_of", &[("range", &both)]));
            under.push(both);
        }
        out.under = under.join(" · ");
        if let Value::Sign(_) = g.value(row, self.main) {
            out.more.extend(
                t.reasons
                    .get(row)
                    .and_then(|r| r.get(self.main))
                    .cloned()
                    .flatten(),
            );
        }
        out
    }
}
