//! Fact tables: one row per thing counted, with its categories and the records it rests on; polars sums them by any
//! breakdown.
//!
//! Categories are small numbers, so that a nation's rows fit, and up to two of them and the residence are one number: the
//! only key a group-by needs, for both populations at once. Tables about the same things (all cohorts of releases) share
//! the columns of their categories, which are worked out once.

use super::columns::{Column, Look, Places};
use crate::domain::Dimension as D;
use crate::domain::{RowRef, Text};
use polars::prelude::{
    DataFrame, DataType, IntoLazy as _, NamedFrom as _, PolarsResult, Series, col, len,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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

/// The numbers of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Item {
    /// What it adds to the numerator.
    pub num: f64,
    /// What it adds to the denominator.
    pub den: f64,
    /// A time or size.
    pub value: f64,
    /// What ended the time (0 nothing), or its stratum.
    pub mark: u8,
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
    /// Where nothing was entered the number is unknown, and not nought.
    pub unknown_where_empty: bool,
    /// A dimension in which one person stands several times: the table answers only breakdowns by it.
    needs: Option<D>,
    columns: Vec<Column>,
    /// Columns of the things that rows are about, shared by several tables.
    shared: Arc<Vec<Column>>,
    things: Vec<u32>,
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
/// Sums by the categories of up to two dimensions.
pub type Groups = BTreeMap<Vec<Text>, Sums>;

impl<'a> Facts<'a> {
    /// An empty table with these dimensions.
    pub fn new(definition: &str, window: Option<u16>, dims: &[D]) -> Facts<'a> {
        Facts {
            definition: definition.into(),
            window,
            columns: dims.iter().copied().map(Column::new).collect(),
            ..Facts::default()
        }
    }

    /// A table about things whose categories are known already; `dims` are the dimensions it has besides.
    pub fn over(mut self, shared: &Arc<Vec<Column>>) -> Facts<'a> {
        self.shared = Arc::clone(shared);
        self
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

    /// Adds a row about a thing of the shared columns; `cats` are its categories in the table's own dimensions.
    pub fn push_thing(&mut self, row: Row<'a>, thing: u32, cats: &[Text]) {
        self.things.push(thing);
        self.push(row, cats);
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

    /// Whether the table answers a breakdown by these dimensions: all are there, and the one it needs is among them.
    pub fn has(&self, by: &[D]) -> bool {
        by.iter().all(|d| self.look(*d).is_some()) && self.needs.is_none_or(|d| by.contains(&d))
    }

    /// Answers from now on only breakdowns by a dimension in which one person stands several times: without it the
    /// rows would count that person as several.
    pub fn needing(mut self, dimension: D) -> Facts<'a> {
        self.needs = Some(dimension);
        self
    }

    fn look(&self, dimension: D) -> Option<Look<'_>> {
        let named = |c: &&Column| c.dimension == dimension;
        let own = self.columns.iter().find(named).map(|column| Look {
            column,
            things: None,
        });
        own.or_else(|| {
            self.shared.iter().find(named).map(|column| Look {
                column,
                things: Some(&self.things),
            })
        })
    }

    /// The columns of these dimensions, of at most two.
    fn looks(&self, by: &[D]) -> Vec<Look<'_>> {
        by.iter().filter_map(|d| self.look(*d)).take(2).collect()
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

    /// The numbers of a row.
    pub fn item(&self, i: u32) -> Item {
        let i = i as usize;
        Item {
            num: self.num[i],
            den: self.den[i],
            value: self.value[i],
            mark: self.mark[i],
        }
    }

    /// How many rows bear each mark, whatever their categories.
    pub fn marks(&self) -> Vec<f64> {
        let mut out = vec![0.0; 1 + usize::from(self.mark.iter().copied().max().unwrap_or(0))];
        for m in &self.mark {
            out[usize::from(*m)] += 1.0;
        }
        out
    }

    /// Sums by the categories of up to two dimensions, for everyone and for residents of Kota Ambon; the key holds the
    /// categories in the order asked.
    pub fn sum(&self, by: &[D]) -> PolarsResult<[Groups; 2]> {
        let by = self.looks(by);
        let places = Places::of(&by);
        let group = |i: usize| (places.at(&by, i) as u64) << 1 | u64::from(self.ambon[i]);
        let groups: Vec<u64> = (0..self.num.len()).map(group).collect();
        let columns = vec![
            Series::new("group".into(), groups).into(),
            Series::new("num".into(), &self.num).into(),
            Series::new("den".into(), &self.den).into(),
        ];
        let sums = DataFrame::new(self.num.len(), columns)?
            .lazy()
            .group_by([col("group")])
            .agg([col("num").sum(), col("den").sum(), len().alias("rows")])
            .collect()?;
        let rows = sums.column("rows")?.cast(&DataType::UInt64)?;
        let (groups, rows) = (sums.column("group")?.u64()?, rows.u64()?);
        let (num, den) = (sums.column("num")?.f64()?, sums.column("den")?.f64()?);
        let mut out = [Groups::new(), Groups::new()];
        for i in 0..sums.height() {
            let (Some(group), Some(num)) = (groups.get(i), num.get(i)) else {
                continue;
            };
            let (den, rows) = (den.get(i).unwrap_or(0.0), rows.get(i).unwrap_or(0));
            let key = places.key(&by, (group >> 1) as usize);
            for of in &mut out[..=(group & 1) as usize] {
                let sums = of.entry(key.clone()).or_default();
                *sums = (sums.0 + num, sums.1 + den, sums.2 + rows);
            }
        }
        Ok(out)
    }

    /// The rows of every group, for measures that are no sums.
    pub fn groups(&self, by: &[D], ambon_only: bool) -> BTreeMap<Vec<Text>, Vec<u32>> {
        let by = self.looks(by);
        let places = Places::of(&by);
        let mut all: Vec<Vec<u32>> = vec![Vec::new(); places.len()];
        for i in (0..self.num.len()).filter(|i| !ambon_only || self.ambon[*i]) {
            all[places.at(&by, i)].push(i as u32);
        }
        let seen = all
            .into_iter()
            .enumerate()
            .filter(|(_, rows)| !rows.is_empty());
        seen.map(|(at, rows)| (places.key(&by, at), rows)).collect()
    }

    /// The rows with these categories.
    pub fn with(&self, at: &[(D, Text)], ambon_only: bool) -> Vec<u32> {
        let wanted: Option<Vec<(Look, usize)>> = at
            .iter()
            .map(|(d, k)| {
                let look = self.look(*d)?;
                look.column.number(k).map(|n| (look, n))
            })
            .collect();
        let Some(wanted) = wanted else {
            return Vec::new();
        };
        (0..self.num.len())
            .filter(|i| !ambon_only || self.ambon[*i])
            .filter(|i| wanted.iter().all(|(look, n)| look.number(*i) == *n))
            .map(|i| i as u32)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_of_shared_things_are_those_of_the_rows_about_them() {
        let mut unit = Column::new(D::Upt);
        ["a", "b", "a"]
            .iter()
            .for_each(|u| unit.push(&Text::from(*u)));
        let mut f = Facts::new("v1", None, &[D::Horizon]).over(&Arc::new(vec![unit]));
        for (thing, month) in [(2, "1"), (0, "1"), (1, "2"), (2, "2")] {
            f.push_thing(Row::count(thing == 2, &[]), thing, &[Text::from(month)]);
        }
        let key = |k: &[&str]| -> Vec<Text> { k.iter().map(|x| Text::from(*x)).collect() };
        let [all, ambon] = f.sum(&[D::Upt, D::Horizon]).unwrap();
        assert_eq!(all[&key(&["a", "1"])].2, 2);
        assert_eq!(all[&key(&["b", "2"])].2, 1);
        assert_eq!(ambon[&key(&["a", "2"])].2, 1);
        assert_eq!(ambon.len(), 2);
        assert!(f.has(&[D::Horizon, D::Upt]) && !f.has(&[D::Sex]));
    }

    #[test]
    fn sums_and_groups_of_the_same_rows_agree() {
        let mut f = Facts::new("v1", None, &[D::Sex, D::Upt]);
        for i in 0..20u8 {
            let sex = Text::from(if i % 3 == 0 { "female" } else { "male" });
            let upt = Text::from(if i % 4 == 0 { "a" } else { "b" });
            f.push(Row::part(i % 2 == 0, i % 5 == 0, &[]), &[sex, upt]);
        }
        for ambon in [false, true] {
            let by = [D::Upt, D::Sex];
            let sums = &f.sum(&by).unwrap()[usize::from(ambon)];
            let groups = f.groups(&by, ambon);
            assert_eq!(sums.len(), groups.len());
            for (k, rows) in &groups {
                let num: f64 = rows.iter().map(|i| f.row(*i).num).sum();
                assert_eq!(sums[k], (num, rows.len() as f64, rows.len() as u64));
                let at: Vec<(D, Text)> = by.iter().copied().zip(k.iter().cloned()).collect();
                assert_eq!(&f.with(&at, ambon), rows);
            }
        }
    }
}
