//! Tables of figures as text for a page of a given width: columns as wide as their longest word, and several pieces where
//! they do not stand beside each other.

use super::model::{PrintColumn, Table};
use crate::locale::{self, Lang};
use crate::report::grid::{Grid, Value};
use crate::report::picture;
use crate::report::sentence::written;

/// Type size of tables in points.
pub const SIZE: f64 = 8.5;
/// Points beside a cell's text, both sides together.
pub const PAD: f64 = 9.5;
/// Faces of office programs are up to so much wider than the one that measures.
const SLACK: f64 = 1.07;

/// Width of a text in a table's type, whatever face it is shown in.
fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    picture::text_width(text, size, bold) * SLACK
}

/// A row as text.
#[derive(Debug, Clone)]
pub struct TextRow {
    /// Names, then numbers.
    pub cells: Vec<String>,
    /// It is a total.
    pub total: bool,
}

/// A table as text.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Headers, names first.
    pub heads: Vec<String>,
    /// How many of the columns are names.
    pub lead: usize,
    /// Which columns stand right.
    pub right: Vec<bool>,
    /// Rows.
    pub rows: Vec<TextRow>,
    least: Vec<f64>,
    wanted: Vec<f64>,
}

/// Columns that stand beside each other, with their widths in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Positions among the sheet's columns.
    pub columns: Vec<usize>,
    /// Their widths.
    pub widths: Vec<f64>,
}

/// A cell of a printed column.
pub fn cell(lang: Lang, g: &Grid, row: usize, column: PrintColumn) -> String {
    match column {
        PrintColumn::One(i) => written(lang, g.value(row, i)),
        PrintColumn::Interval(a, b) => interval(lang, g.value(row, a), g.value(row, b)),
    }
}

/// Both ends of an interval in one: `56–67 %`; a sign where they are not shown.
pub fn interval(lang: Lang, low: &Value, high: &Value) -> String {
    let text = |v: &Value| written(lang, v);
    match (low, high) {
        (Value::Share { value, fine, .. }, Value::Share { .. }) => {
            let low = locale::decimal(lang, value * 100.0, usize::from(*fine));
            format!("{low}–{}", text(high).trim_end_matches('*'))
        }
        (Value::Number(..), Value::Number(..)) => format!("{}–{}", text(low), text(high)),
        _ => text(low),
    }
}

/// The header of a printed column: of an interval the lower end's with the word for both.
fn head(lang: Lang, g: &Grid, column: PrintColumn) -> String {
    match column {
        PrintColumn::One(i) => g.columns[i].header.clone(),
        PrintColumn::Interval(a, _) => {
            let low = locale::text(lang, "report.show.low");
            let both = locale::text(lang, "paper.both_ends");
            g.columns[a].header.replace(low, both)
        }
    }
}

impl Sheet {
    /// A table of figures as text.
    pub fn new(t: &Table, lang: Lang) -> Sheet {
        let g = &t.grid;
        let columns = t.columns();
        let lead = g.lead.len();
        let heads: Vec<String> = (g.lead.iter().cloned())
            .chain(columns.iter().map(|c| head(lang, g, *c)))
            .collect();
        let rows: Vec<TextRow> = (0..g.rows.len())
            .map(|r| TextRow {
                cells: (g.rows[r].labels.iter().cloned())
                    .chain(columns.iter().map(|c| cell(lang, g, r, *c)))
                    .collect(),
                total: g.rows[r].total,
            })
            .collect();
        let words = |c: &PrintColumn| match c {
            PrintColumn::One(i) => g
                .rows
                .iter()
                .any(|r| super::model::is_word(&r.cells[*i].value)),
            PrintColumn::Interval(..) => false,
        };
        let right: Vec<bool> = (0..lead)
            .map(|_| false)
            .chain(columns.iter().map(|c| !words(c)))
            .collect();
        let mut out = Sheet {
            heads,
            lead,
            right,
            rows,
            least: vec![],
            wanted: vec![],
        };
        for i in 0..out.heads.len() {
            let (least, wanted) = out.widths(i);
            out.least.push(least);
            out.wanted.push(wanted);
        }
        out
    }

    /// The width a column needs and the one it would like.
    fn widths(&self, i: usize) -> (f64, f64) {
        let bold = |r: &TextRow| r.total;
        let word = |text: &str, bold: bool| {
            let each = text
                .split_ascii_whitespace()
                .map(|w| text_width(w, SIZE, bold));
            each.fold(0.0, f64::max)
        };
        let mut least: f64 = word(&self.heads[i], true);
        let mut wanted = least;
        for r in &self.rows {
            let whole = text_width(&r.cells[i], SIZE, bold(r));
            // A number never breaks; words may.
            least = least.max(if self.right[i] {
                whole
            } else {
                word(&r.cells[i], bold(r))
            });
            wanted = f64::max(wanted, whole);
        }
        let wanted = wanted.clamp(
            least,
            if self.right[i] {
                90.0_f64.max(least)
            } else {
                190.0_f64.max(least)
            },
        );
        (least + PAD, wanted + PAD)
    }

    /// The table in as few pieces as stand beside each other in a width; names stand in each.
    pub fn pieces(&self, room: f64) -> Vec<Piece> {
        let names: Vec<usize> = (0..self.lead).collect();
        // Names give way to half of the room before the table is parted.
        let base: f64 = names.iter().map(|&i| self.least[i]).sum();
        let mut pieces: Vec<Vec<usize>> = Vec::new();
        let mut used = f64::MAX;
        for i in self.lead..self.heads.len() {
            if used + self.least[i] > room + 0.01 || pieces.is_empty() {
                pieces.push(names.clone());
                used = base;
            }
            used += self.least[i];
            if let Some(last) = pieces.last_mut() {
                last.push(i);
            }
        }
        if pieces.is_empty() {
            pieces.push(names);
        }
        pieces
            .into_iter()
            .map(|columns| {
                let widths = self.spread(&columns, room);
                Piece { columns, widths }
            })
            .collect()
    }

    /// What is left of the room goes to columns that would like to be wider, to each by what it lacks.
    fn spread(&self, columns: &[usize], room: f64) -> Vec<f64> {
        let mut widths: Vec<f64> = columns.iter().map(|&i| self.least[i]).collect();
        let mut left = room - widths.iter().sum::<f64>();
        let wishes: Vec<f64> = (columns.iter().zip(&widths))
            .map(|(&i, w)| (self.wanted[i] - w).max(0.0))
            .collect();
        let all: f64 = wishes.iter().sum();
        if all > 0.0 && left > 0.0 {
            let share = (left / all).min(1.0);
            for (w, wish) in widths.iter_mut().zip(wishes) {
                *w += wish * share;
            }
            left -= all * share;
        }
        if left > 0.0 {
            let each = left / widths.len() as f64;
            widths.iter_mut().for_each(|w| *w += each.min(26.0));
        }
        widths
    }
}

/// Widths of the columns of a table of words: by the square root of their letters, so that long ones do not take all.
pub fn word_widths(heads: &[String], rows: &[Vec<String>], room: f64) -> Vec<f64> {
    let weight = |i: usize| {
        let longest = rows
            .iter()
            .filter_map(|r| r.get(i))
            .map(|c| c.chars().count())
            .max()
            .unwrap_or(0);
        let empty = rows.iter().all(|r| r.get(i).is_none_or(String::is_empty));
        let longest = if empty {
            24
        } else {
            longest.max(heads[i].chars().count())
        };
        (longest as f64).sqrt().clamp(2.2, 16.0)
    };
    let all: f64 = (0..heads.len()).map(weight).sum();
    (0..heads.len()).map(|i| room * weight(i) / all).collect()
}
