//! Categories as small numbers, column by column, and a place for every pair of them: what fact tables are summed by.

use crate::domain::{Dimension, Text};
use rustc_hash::FxHashMap;

/// The categories of one dimension, thing by thing, as numbers in order of first sight.
#[derive(Debug, Clone)]
pub struct Column {
    /// Dimension.
    pub dimension: Dimension,
    names: Vec<Text>,
    numbers: FxHashMap<Text, u32>,
    of: Vec<u32>,
}

impl Column {
    /// An empty column.
    pub fn new(dimension: Dimension) -> Column {
        Column {
            dimension,
            names: Vec::new(),
            numbers: FxHashMap::default(),
            of: Vec::new(),
        }
    }

    /// The next thing's category.
    pub fn push(&mut self, category: &Text) {
        // Neighbours often share a category.
        let last = self.of.last().copied();
        let number = match last.filter(|i| self.names[*i as usize] == *category) {
            Some(i) => i,
            None => match self.numbers.get(category) {
                Some(i) => *i,
                None => {
                    let i = self.names.len() as u32;
                    self.names.push(category.clone());
                    self.numbers.insert(category.clone(), i);
                    i
                }
            },
        };
        self.of.push(number);
    }

    /// The number of a category, when anything bears it.
    pub fn number(&self, category: &str) -> Option<usize> {
        self.numbers.get(category).map(|n| *n as usize)
    }
}

/// Where a table's rows find their categories of one dimension.
#[derive(Clone, Copy)]
pub struct Look<'f> {
    /// The column.
    pub column: &'f Column,
    /// Which thing of the shared column each row is about; the column is the table's own without it.
    pub things: Option<&'f [u32]>,
}

impl Look<'_> {
    /// The number of a row's category.
    pub fn number(&self, row: usize) -> usize {
        let at = self.things.map_or(row, |t| t[row] as usize);
        self.column.of[at] as usize
    }
}

/// A place for every pair of categories of up to two columns.
pub struct Places {
    first: usize,
    second: usize,
}

impl Places {
    /// Places for the categories of these columns.
    pub fn of(by: &[Look]) -> Places {
        let of = |i: usize| by.get(i).map_or(1, |l| l.column.names.len());
        Places {
            first: of(0),
            second: of(1),
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.first * self.second
    }

    /// The place of a row.
    pub fn at(&self, by: &[Look], row: usize) -> usize {
        match by {
            [] => 0,
            [a] => a.number(row),
            [a, b, ..] => a.number(row) * self.second + b.number(row),
        }
    }

    /// The categories of a place.
    pub fn key(&self, by: &[Look], at: usize) -> Vec<Text> {
        let name = |l: &Look, n: usize| l.column.names[n].clone();
        match by {
            [] => vec![],
            [a] => vec![name(a, at)],
            [a, b, ..] => vec![name(a, at / self.second), name(b, at % self.second)],
        }
    }
}
