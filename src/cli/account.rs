//! The account of cells as a table on the terminal.

use super::listing::Listing;
use crate::domain::account::{CellClass, CellCounts, SheetAccount};
use crate::locale::{self, Lang};
use serde_json::Value;

/// Most sheets that are printed one by one.
const MOST: usize = 40;

/// The account of sheets by name, those with most unknown and set aside first.
pub(super) fn listing(lang: Lang, sheets: &[(String, &SheetAccount)]) -> Listing {
    let mut out = empty(lang);
    for (name, a) in sorted(sheets) {
        out.push(row(name, a.cells, &a.counts));
    }
    out
}

fn empty(lang: Lang) -> Listing {
    let keys = ["sheet", "cells"].into_iter();
    let keys = keys.chain(CellClass::ALL.into_iter().map(CellClass::id));
    let heading = |k: &'static str| (k, locale::text(lang, &format!("account.{k}")).to_owned());
    Listing::titled(keys.map(heading).collect())
}

fn sorted<'a>(sheets: &'a [(String, &'a SheetAccount)]) -> Vec<(&'a str, &'a SheetAccount)> {
    let lost =
        |a: &SheetAccount| a.counts.of(CellClass::Unknown) + a.counts.of(CellClass::SetAside);
    let mut all: Vec<(&str, &SheetAccount)> =
        sheets.iter().map(|(n, a)| (n.as_str(), *a)).collect();
    all.sort_by(|(a, x), (b, y)| lost(y).cmp(&lost(x)).then(a.cmp(b)));
    all
}

fn row(name: &str, cells: u64, counts: &CellCounts) -> Vec<Value> {
    let classes = CellClass::ALL.into_iter().map(|c| counts.of(c).into());
    [name.into(), cells.into()]
        .into_iter()
        .chain(classes)
        .collect()
}

/// Prints the account of sheets by name, and the sum of all.
pub(super) fn print(lang: Lang, sheets: &[(String, &SheetAccount)]) {
    if sheets.is_empty() {
        return;
    }
    let all = sorted(sheets);
    let mut out = empty(lang);
    for (name, a) in all.iter().take(MOST) {
        out.push(row(name, a.cells, &a.counts));
    }
    if all.len() > MOST {
        let more = (all.len() - MOST).to_string();
        let mut line = vec![Value::from(locale::format(
            lang,
            "account.more",
            &[("count", &more)],
        ))];
        line.resize(CellClass::ALL.len() + 2, Value::Null);
        out.push(line);
    }
    if all.len() > 1 {
        let mut sum = CellCounts::default();
        all.iter().for_each(|(_, a)| sum.append(&a.counts));
        let cells = all.iter().map(|(_, a)| a.cells).sum();
        out.push(row(locale::text(lang, "account.all"), cells, &sum));
    }
    println!("\n{}", locale::text(lang, "account.title"));
    println!("{}", out.table(lang));
}
