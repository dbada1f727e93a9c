//! Columns of interned terms: what the engine compares. Knows no file and no record type.

use crate::domain::Text;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// A column under construction: values are pushed row by row and stored once.
#[derive(Debug, Default)]
pub struct ColumnBuilder {
    index: FxHashMap<Text, u32>,
    ids: Vec<u32>,
}

impl ColumnBuilder {
    /// Appends one row's value; an empty one is missing.
    pub fn push(&mut self, value: &str) {
        if value.is_empty() {
            self.ids.push(0);
            return;
        }
        if let Some(&id) = self.index.get(value) {
            self.ids.push(id);
            return;
        }
        let id = self.index.len() as u32 + 1;
        self.index.insert(Text::from(value), id);
        self.ids.push(id);
    }

    /// Numbers the terms in the order of their bytes, so that nothing depends on the order of rows.
    pub fn finish(self) -> Column {
        let mut terms: Vec<(Text, u32)> = self.index.into_iter().collect();
        terms.par_sort_unstable();
        let mut rank = vec![0u32; terms.len() + 1];
        let mut column = Column {
            ends: Vec::with_capacity(terms.len() + 1),
            count: vec![0; terms.len() + 1],
            ..Column::default()
        };
        column.ends.push(0);
        for (new, (term, old)) in terms.iter().enumerate() {
            rank[*old as usize] = new as u32 + 1;
            column.bytes.extend_from_slice(term.as_bytes());
            column.ends.push(column.bytes.len() as u32);
        }
        column.ids = self.ids.into_iter().map(|id| rank[id as usize]).collect();
        for &id in &column.ids {
            column.count[id as usize] += 1;
        }
        let present: f64 = column.count.iter().skip(1).map(|&c| f64::from(c)).sum();
        column.present = present.max(1.0);
        let pairs: f64 = (column.count.iter().skip(1))
            .map(|&c| f64::from(c) * (f64::from(c) - 1.0))
            .sum();
        column.agree = (pairs / (present * (present - 1.0)).max(1.0)).max(1e-12);
        column
    }
}

/// A column of a table: term number per row (0 = missing), the terms and how often each stands.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Term per row; 0 is a missing value.
    pub ids: Vec<u32>,
    bytes: Vec<u8>,
    ends: Vec<u32>,
    count: Vec<u32>,
    present: f64,
    /// Probability that two random rows with a value agree on it.
    pub agree: f64,
}

impl Column {
    /// Bytes of a term; empty for the missing one.
    pub fn term(&self, id: u32) -> &[u8] {
        match id {
            0 => &[],
            _ => {
                let (from, to) = (self.ends[id as usize - 1], self.ends[id as usize]);
                &self.bytes[from as usize..to as usize]
            }
        }
    }

    /// Value of a row.
    pub fn value(&self, row: u32) -> &[u8] {
        self.term(self.ids[row as usize])
    }

    /// Share of the rows with a value that have this term.
    pub fn share(&self, id: u32) -> f64 {
        f64::from(self.count[id as usize]) / self.present
    }

    /// Rows with a value.
    pub fn present(&self) -> f64 {
        self.present
    }
}

/// Rows to link.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Columns, all of the same length.
    pub columns: Vec<Column>,
    /// List each row stands in.
    pub list: Vec<u32>,
    /// Input row of each row here.
    pub input: Vec<u32>,
}

impl Table {
    /// Puts the rows in the order of their content (then list, then input order, which only equal rows can feel).
    pub fn new(mut columns: Vec<Column>, list: Vec<u32>) -> Table {
        let n = list.len();
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.par_sort_unstable_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            (columns.iter())
                .map(|c| c.ids[a].cmp(&c.ids[b]))
                .find(|o| o.is_ne())
                .unwrap_or_else(|| (list[a], a).cmp(&(list[b], b)))
        });
        columns.par_iter_mut().for_each(|c| {
            c.ids = order.iter().map(|&i| c.ids[i as usize]).collect();
        });
        Table {
            columns,
            list: order.iter().map(|&i| list[i as usize]).collect(),
            input: order,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Number of pairs that could be compared at all.
    pub fn all_pairs(&self, within: bool) -> f64 {
        let n = self.len() as f64;
        let all = n * (n - 1.0) / 2.0;
        if within {
            return all;
        }
        let lists = self.list.iter().copied().max().map_or(0, |m| m as usize + 1);
        let mut sizes = vec![0f64; lists];
        for &l in &self.list {
            sizes[l as usize] += 1.0;
        }
        all - sizes.iter().map(|s| s * (s - 1.0) / 2.0).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[&str]) -> Column {
        let mut b = ColumnBuilder::default();
        values.iter().for_each(|v| b.push(v));
        b.finish()
    }

    #[test]
    fn terms_are_numbered_by_content_and_counted() {
        let c = column(&["b", "", "a", "b"]);
        assert_eq!(c.ids, [2, 0, 1, 2]);
        assert_eq!((c.term(1), c.term(2), c.value(1)), (&b"a"[..], &b"b"[..], &b""[..]));
        assert!((c.share(2) - 2.0 / 3.0).abs() < 1e-12);
        assert!((c.agree - 2.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn the_order_of_rows_does_not_matter() {
        let t = Table::new(vec![column(&["x", "a", "m"])], vec![0; 3]);
        let u = Table::new(vec![column(&["m", "x", "a"])], vec![0; 3]);
        assert_eq!(t.columns[0].ids, u.columns[0].ids);
        assert_eq!(t.input, [1, 2, 0]);
    }
}
