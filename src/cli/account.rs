//! The account of cells as a table on the terminal.

use super::terminal;
use crate::domain::account::{CellClass, CellCounts, SheetAccount};
use crate::locale::{self, Lang};

/// Most sheets that are printed one by one.
const MOST: usize = 40;

/// Prints the account of sheets by name, those with most unknown and set aside first, and the sum of all.
pub(super) fn print(lang: Lang, sheets: Vec<(String, &SheetAccount)>) {
    if sheets.is_empty() {
        return;
    }
    let n = |v: u64| locale::integer(lang, v as f64);
    let lost =
        |a: &SheetAccount| a.counts.of(CellClass::Unknown) + a.counts.of(CellClass::SetAside);
    let mut all = sheets;
    all.sort_by(|(a, x), (b, y)| lost(y).cmp(&lost(x)).then(a.cmp(b)));
    let row = |name: String, cells: u64, counts: &CellCounts| {
        let classes = CellClass::ALL.into_iter().map(|c| n(counts.of(c)));
        [name, n(cells)]
            .into_iter()
            .chain(classes)
            .collect::<Vec<_>>()
    };
    let mut rows: Vec<Vec<String>> = (all.iter().take(MOST))
        .map(|(name, a)| row(name.clone(), a.cells, &a.counts))
        .collect();
    if all.len() > MOST {
        let more = (all.len() - MOST).to_string();
        let mut line = vec![locale::format(lang, "account.more", &[("count", &more)])];
        line.resize(CellClass::ALL.len() + 2, String::new());
        rows.push(line);
    }
    let mut sum = CellCounts::default();
    all.iter().for_each(|(_, a)| sum.append(&a.counts));
    if all.len() > 1 {
        rows.push(row(
            locale::text(lang, "account.all").to_owned(),
            all.iter().map(|(_, a)| a.cells).sum(),
            &sum,
        ));
    }
    let keys = ["sheet", "cells"]
        .into_iter()
        .chain(CellClass::ALL.into_iter().map(CellClass::id));
    let header: Vec<String> = keys
        .map(|k| locale::text(lang, &format!("account.{k}")).to_owned())
        .collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let right: Vec<usize> = (1..header.len()).collect();
    println!("\n{}", locale::text(lang, "account.title"));
    println!("{}", terminal::table(&header, &rows, &right));
}
