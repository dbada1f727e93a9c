//! Fact tables: one row per thing counted, with its categories and the records it rests on; polars sums them by any
//! breakdown. Categories are small numbers, so that a nation's rows fit.

use crate::domain::{RowRef, Text};
use polars::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One thing counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row<'a> {
    /// Belongs to a resident of Kota Ambon.
    pub ambon: bool,
    /// What it adds to the numerator.
    pub num: f64,
    /// What it adds to the denominator.
    pub den: f64,
    /// A time or size, for measures that are no sums.
    pub value: f64,
    /// What ended the time (0 nothing), or its stratum.
    pub mark: u8,
    /// Records that make it count.
    pub from: &'a [RowRef],
    /// Records that put it into the numerator, where they are others.
    pub because: &'a [RowRef],
}

impl<'a> Row<'a> {
    /// One thing more.
    pub fn count(ambon: bool, from: &'a [RowRef]) -> Row<'a> {
        Row {
            ambon,
            num: 1.0,
            from,
            ..Row::default()
        }
    }

    /// One of a whole, in the numerator or not.
    pub fn part(ambon: bool, hit: bool, from: &'a [RowRef]) -> Row<'a> {
        Row::of(ambon, f64::from(u8::from(hit)), 1.0, from)
    }

    /// Any numerator and denominator.
    pub fn of(ambon: bool, num: f64, den: f64, from: &'a [RowRef]) -> Row<'a> {
        Row {
            ambon,
            num,
            den,
            from,
            ..Row::default()
        }
    }

    /// The records that put it into the numerator.
    pub fn because(self, because: &'a [RowRef]) -> Row<'a> {
        Row { because, ..self }
    }

    /// A time and what ended it.
    pub fn lasting(self, value: f64, mark: u8) -> Row<'a> {
        Row {
            value,
            mark,
            ..self
        }
    }
}

/// The categories of one dimension, row by row, as numbers in order of first sight.
#[derive(Debug, Clone, Default)]
struct Column {
    dimension: &'static str,
    names: Vec<Text>,
    numbers: HashMap<Text, u32>,
    of_row: Vec<u32>,
}

impl Column {
    fn push(&mut self, category: &Text) {
        // Neighbours often share a category.
        let last = self.of_row.last().copied();
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
        self.of_row.push(number);
    }
}

/// Rows of one measure under one definition and window.
#[derive(Debug, Clone, Default)]
pub struct Facts<'a> {
    /// Definition id.
    pub definition: Text,
    /// Window or period in months.
    pub window: Option<u16>,
    /// Categories of a cohort dimension whose window is not over.
    pub pending: BTreeSet<Text>,
    columns: Vec<Column>,
    ambon: Vec<bool>,
    num: Vec<f64>,
    den: Vec<f64>,
    value: Vec<f64>,
    mark: Vec<u8>,
    /// What each row rests on; kept only when somebody asks.
    records: Option<Vec<[&'a [RowRef]; 2]>>,
    left_out: Vec<LeftOut<'a>>,
}

/// Something that was looked at and not counted.
#[derive(Debug, Clone, Copy)]
pub struct LeftOut<'a> {
    /// Belongs to a resident of Kota Ambon.
    pub ambon: bool,
    /// Why: a key of `explain.left_out.*`.
    pub why: &'static str,
    /// Its records.
    pub from: &'a [RowRef],
}

/// Sums of one group: numerator, denominator, rows.
pub type Sums = (f64, f64, u64);

impl<'a> Facts<'a> {
    /// An empty table with these dimensions.
    pub fn new(definition: &str, window: Option<u16>, dims: &[&'static str]) -> Facts<'a> {
        let column = |d: &&'static str| Column {
            dimension: d,
            ..Column::default()
        };
        Facts {
            definition: definition.into(),
            window,
            columns: dims.iter().map(column).collect(),
            ..Facts::default()
        }
    }

    /// Keeps the records behind every row from now on.
    pub fn traced(mut self, yes: bool) -> Facts<'a> {
        self.records = yes.then(Vec::new);
        self
    }

    /// Adds a row; categories in the order of the dimensions.
    pub fn push(&mut self, row: Row<'a>, cats: &[Text]) {
        debug_assert_eq!(self.columns.len(), cats.len());
        for (column, c) in self.columns.iter_mut().zip(cats) {
            column.push(c);
        }
        self.ambon.push(row.ambon);
        self.num.push(row.num);
        self.den.push(row.den);
        self.value.push(row.value);
        self.mark.push(row.mark);
        if let Some(all) = &mut self.records {
            all.push([row.from, row.because]);
        }
    }

    /// Remembers what was looked at and not counted, and why.
    pub fn leave_out(&mut self, why: &'static str, ambon: bool, from: &'a [RowRef]) {
        if self.records.is_some() {
            self.left_out.push(LeftOut { ambon, why, from });
        }
    }

    /// What was not counted.
    pub fn left_out(&self) -> &[LeftOut<'a>] {
        &self.left_out
    }

    /// Whether all these dimensions are there.
    pub fn has(&self, by: &[Text]) -> bool {
        by.iter().all(|d| self.column(d).is_some())
    }

    fn column(&self, dimension: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.dimension == dimension)
    }

    /// The row as it was pushed; its records when they are kept.
    pub fn row(&self, i: u32) -> Row<'a> {
        let i = i as usize;
        let [from, because] = self.records.as_ref().map_or([&[][..]; 2], |r| r[i]);
        Row {
            ambon: self.ambon[i],
            num: self.num[i],
            den: self.den[i],
            value: self.value[i],
            mark: self.mark[i],
            from,
            because,
        }
    }

    /// All rows, whatever their categories.
    pub fn rows(&self) -> impl Iterator<Item = Row<'a>> + '_ {
        (0..self.num.len() as u32).map(|i| self.row(i))
    }

    fn frame(&self, by: &[&Column]) -> PolarsResult<DataFrame> {
        let mut columns = vec![
            polars::prelude::Column::new("ambon".into(), &self.ambon),
            polars::prelude::Column::new("num".into(), &self.num),
            polars::prelude::Column::new("den".into(), &self.den),
        ];
        for c in by {
            columns.push(polars::prelude::Column::new(
                c.dimension.into(),
                c.of_row.as_slice(),
            ));
        }
        DataFrame::new(self.num.len(), columns)
    }

    /// Sums by the categories of up to two dimensions; the key holds them in the order asked.
    pub fn sum(&self, by: &[Text], ambon_only: bool) -> PolarsResult<BTreeMap<Vec<Text>, Sums>> {
        let by: Vec<&Column> = by.iter().filter_map(|d| self.column(d)).collect();
        let lazy = self.frame(&by)?.lazy();
        let lazy = if ambon_only {
            lazy.filter(lives_in_ambon())
        } else {
            lazy
        };
        let sums = [col("num").sum(), col("den").sum(), len().alias("rows")];
        let result = if by.is_empty() {
            lazy.select(sums).collect()?
        } else {
            let dims: Vec<Expr> = by.iter().map(|c| col(c.dimension)).collect();
            lazy.group_by(dims).agg(sums).collect()?
        };
        let num = result.column("num")?.f64()?.clone();
        let den = result.column("den")?.f64()?.clone();
        let rows = result
            .column("rows")?
            .cast(&DataType::UInt64)?
            .u64()?
            .clone();
        let keys: Vec<UInt32Chunked> = by
            .iter()
            .map(|c| result.column(c.dimension).and_then(|x| x.u32().cloned()))
            .collect::<PolarsResult<_>>()?;
        let name = |c: &Column, k: &UInt32Chunked, i: usize| {
            let number = k.get(i).unwrap_or_default() as usize;
            c.names.get(number).cloned().unwrap_or_default()
        };
        let mut out = BTreeMap::new();
        for i in 0..result.height() {
            let key = by.iter().zip(&keys).map(|(c, k)| name(c, k, i)).collect();
            let sums = (
                num.get(i).unwrap_or(0.0),
                den.get(i).unwrap_or(0.0),
                rows.get(i).unwrap_or(0),
            );
            out.insert(key, sums);
        }
        Ok(out)
    }

    /// The rows of every group, for measures that are no sums.
    pub fn groups(&self, by: &[Text], ambon_only: bool) -> BTreeMap<Vec<Text>, Vec<u32>> {
        let by: Vec<&Column> = by.iter().filter_map(|d| self.column(d)).collect();
        let mut numbered: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
        for i in (0..self.num.len()).filter(|i| !ambon_only || self.ambon[*i]) {
            let key = by.iter().map(|c| c.of_row[i]).collect();
            numbered.entry(key).or_default().push(i as u32);
        }
        let named = |k: Vec<u32>| {
            let names = by.iter().zip(k).map(|(c, n)| c.names[n as usize].clone());
            names.collect()
        };
        numbered.into_iter().map(|(k, v)| (named(k), v)).collect()
    }

    /// The rows with these categories.
    pub fn with(&self, at: &[(Text, Text)], ambon_only: bool) -> Vec<u32> {
        let wanted: Option<Vec<(&Column, u32)>> = at
            .iter()
            .map(|(d, k)| {
                let c = self.column(d)?;
                c.numbers.get(k).map(|n| (c, *n))
            })
            .collect();
        let Some(wanted) = wanted else {
            return Vec::new();
        };
        (0..self.num.len())
            .filter(|i| !ambon_only || self.ambon[*i])
            .filter(|i| wanted.iter().all(|(c, n)| c.of_row[*i] == *n))
            .map(|i| i as u32)
            .collect()
    }
}

/// Residents of Kota Ambon.
fn lives_in_ambon() -> Expr {
    col("ambon")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_groups_of_the_same_rows_agree() {
        let mut f = Facts::new("v1", None, &["sex", "upt"]);
        for i in 0..20u8 {
            let sex = Text::from(if i % 3 == 0 { "female" } else { "male" });
            let upt = Text::from(if i % 4 == 0 { "a" } else { "b" });
            f.push(Row::part(i % 2 == 0, i % 5 == 0, &[]), &[sex, upt]);
        }
        for ambon in [false, true] {
            let by = [Text::from("upt"), Text::from("sex")];
            let sums = f.sum(&by, ambon).unwrap();
            let groups = f.groups(&by, ambon);
            assert_eq!(sums.len(), groups.len());
            for (k, rows) in &groups {
                let num: f64 = rows.iter().map(|i| f.row(*i).num).sum();
                assert_eq!(sums[k], (num, rows.len() as f64, rows.len() as u64));
                let at: Vec<(Text, Text)> = by.iter().cloned().zip(k.iter().cloned()).collect();
                assert_eq!(&f.with(&at, ambon), rows);
            }
        }
    }
}
