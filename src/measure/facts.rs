//! Fact tables: one row per thing counted, with its categories; polars sums them by any breakdown.

use crate::domain::Text;
use polars::prelude::*;
use std::collections::BTreeMap;

/// Rows of one measure under one definition and window.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Definition id.
    pub definition: Text,
    /// Window or period in months.
    pub window: Option<u16>,
    dims: Vec<&'static str>,
    cats: Vec<Vec<Text>>,
    ambon: Vec<bool>,
    num: Vec<f64>,
    den: Vec<f64>,
}

/// Sums of one group: numerator, denominator, rows.
pub type Sums = (f64, f64, u64);

impl Facts {
    /// An empty table with these dimensions.
    pub fn new(definition: &str, window: Option<u16>, dims: &[&'static str]) -> Facts {
        Facts {
            definition: definition.into(),
            window,
            dims: dims.to_vec(),
            cats: vec![Vec::new(); dims.len()],
            ..Facts::default()
        }
    }

    /// Adds a row; categories in the order of the dimensions.
    pub fn push(&mut self, ambon: bool, num: f64, den: f64, cats: &[Text]) {
        for (column, c) in self.cats.iter_mut().zip(cats) {
            column.push(c.clone());
        }
        self.ambon.push(ambon);
        self.num.push(num);
        self.den.push(den);
    }

    /// Whether all these dimensions are there.
    pub fn has(&self, by: &[Text]) -> bool {
        by.iter().all(|d| self.dims.iter().any(|x| x == d))
    }

    fn frame(&self) -> PolarsResult<DataFrame> {
        let mut columns: Vec<Column> = vec![
            Column::new("ambon".into(), &self.ambon),
            Column::new("num".into(), &self.num),
            Column::new("den".into(), &self.den),
        ];
        for (d, c) in self.dims.iter().zip(&self.cats) {
            let texts: Vec<&str> = c.iter().map(Text::as_str).collect();
            columns.push(Column::new((*d).into(), texts));
        }
        DataFrame::new(self.num.len(), columns)
    }

    /// Sums by the categories of up to two dimensions; the key holds them in the order asked.
    pub fn sum(&self, by: &[Text], ambon_only: bool) -> PolarsResult<BTreeMap<Vec<Text>, Sums>> {
        let mut out = BTreeMap::new();
        let lazy = self.frame()?.lazy();
        let lazy = if ambon_only {
            lazy.filter(lives_in_ambon())
        } else {
            lazy
        };
        let sums = [col("num").sum(), col("den").sum(), len().alias("rows")];
        let result = if by.is_empty() {
            lazy.select(sums).collect()?
        } else {
            lazy.group_by(by.iter().map(|d| col(d.as_str())).collect::<Vec<_>>())
                .agg(sums)
                .collect()?
        };
        let num = result.column("num")?.f64()?.clone();
        let den = result.column("den")?.f64()?.clone();
        let rows = result
            .column("rows")?
            .cast(&DataType::UInt64)?
            .u64()?
            .clone();
        let keys: Vec<StringChunked> = by
            .iter()
            .map(|d| result.column(d.as_str()).and_then(|c| c.str().cloned()))
            .collect::<PolarsResult<_>>()?;
        for i in 0..result.height() {
            let key = keys
                .iter()
                .map(|k| Text::from(k.get(i).unwrap_or_default()))
                .collect();
            out.insert(
                key,
                (
                    num.get(i).unwrap_or(0.0),
                    den.get(i).unwrap_or(0.0),
                    rows.get(i).unwrap_or(0),
                ),
            );
        }
        Ok(out)
    }
}

/// Residents of Kota Ambon.
fn lives_in_ambon() -> Expr {
    col("ambon")
}
