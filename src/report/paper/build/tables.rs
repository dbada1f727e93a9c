//! Tables of figures: the columns a place asks for, what their signs mean.

use super::{Builder, in_a_list};
use crate::report::grid::{Cell, Grid, GridRow, Value};
use crate::report::paper::model::Table;
use std::collections::BTreeSet;

impl Builder<'_> {
    pub(super) fn indicators(&self) -> Option<Table> {
        let g = self.b.indicators()?;
        // A column in which nothing is known yet, or all say the same word, says nothing here.
        let says = |i: usize| {
            let mut values = g.rows.iter().map(|r| &r.cells[i].value);
            let words: BTreeSet<&str> = (g.rows.iter())
                .filter_map(|r| r.cells[i].value.words())
                .collect();
            values.any(|v| v.number().is_some()) || words.len() > 1
        };
        // Remarks stand below the table: beside it they would take the width of its numbers.
        let remarks = self.w.report("remark", &[]);
        let remark = g.columns.iter().position(|x| x.header == remarks);
        let kept = |i: &usize| says(*i) && Some(*i) != remark;
        let keep: Vec<usize> = (0..g.columns.len()).filter(kept).collect();
        let grid = picked(g, &keep);
        let reasons = self.reasons(&grid);
        let mut notes = vec![self.w.report("summary_note", &[])];
        for row in &g.rows {
            let Some(Value::Text(text)) = remark.map(|i| &row.cells[i].value) else {
                continue;
            };
            let name = row.labels.iter().find(|l| !l.is_empty());
            if let Some(name) = name.filter(|_| !text.is_empty()) {
                notes.push(format!("{name}: {text}"));
            }
        }
        notes.extend(self.legend(&grid, &reasons));
        Some(Table {
            name: self.w.report("summary_title", &[]),
            title: format!("{}, {}", self.w.report("summary_title", &[]), self.w.month),
            reading: String::new(),
            reasons,
            grid,
            notes,
            sheet: None,
            whole: true,
        })
    }

    pub(super) fn table(&self, i: usize, columns: &[String]) -> Table {
        let t = self.b.t;
        let title = self.heading(i);
        let file = format!("{}.xlsx", t.name);
        let tab = self
            .w
            .text("tab", &[("tab", self.b.tab(i)), ("file", &file)]);
        let grid = filled(&chosen(&self.b.grids[i], columns));
        let reasons = self.reasons(&grid);
        let mut notes = self.b.notes(i);
        notes.extend(self.legend(&grid, &reasons));
        notes.push(format!("{} {tab}", self.w.report("source", &[])));
        Table {
            name: title.to_owned(),
            title: format!("{title}, {}", self.w.month),
            reading: self.b.reading(i).to_owned(),
            reasons,
            grid,
            notes,
            sheet: Some(i),
            whole: columns.is_empty(),
        }
    }

    /// What the signs of a table mean: those that occur, each with its reason.
    pub(super) fn legend(&self, g: &Grid, reasons: &[Vec<Option<String>>]) -> Option<String> {
        let mut known: Vec<(String, String)> = Vec::new();
        for (row, why) in g.rows.iter().zip(reasons) {
            for (cell, why) in row.cells.iter().zip(why) {
                let (Value::Sign(sign), Some(why)) = (&cell.value, why) else {
                    continue;
                };
                let pair = (sign.text().to_owned(), in_a_list(why));
                if !known.contains(&pair) {
                    known.push(pair);
                }
            }
        }
        let few = |x: &Cell| matches!(x.value, Value::Share { few: true, .. });
        if g.rows.iter().flat_map(|r| &r.cells).any(few) {
            known.push(("*".into(), self.w.report("sign.star", &[])));
        }
        let list: Vec<String> = known
            .iter()
            .map(|(s, why)| format!("{s} = {why}"))
            .collect();
        (!list.is_empty()).then(|| self.w.text("legend", &[("list", &list.join("; "))]))
    }

    /// Why cells have no number.
    pub(super) fn reasons(&self, g: &Grid) -> Vec<Vec<Option<String>>> {
        let reason = |x: &Cell| {
            let sign = x.value.sign()?;
            Some(self.w.report(&format!("sign.{}", sign.id()), &[]))
        };
        g.rows
            .iter()
            .map(|r| r.cells.iter().map(reason).collect())
            .collect()
    }
}

/// The grid with the columns of some measures; all of it where none is named.
fn chosen(g: &Grid, measures: &[String]) -> Grid {
    let keep: Vec<usize> = (0..g.columns.len())
        .filter(|&i| {
            measures.is_empty()
                || g.columns[i].measure.is_empty()
                || measures.contains(&g.columns[i].measure)
        })
        .collect();
    picked(g, &keep)
}

/// The grid without columns in which nothing stands.
pub(super) fn filled(g: &Grid) -> Grid {
    let keep: Vec<usize> = (0..g.columns.len())
        .filter(|&i| {
            // Columns the reader fills in stand in the workbook; a paper has its matrix.
            g.rows.iter().any(|r| r.cells[i].value != Value::Blank)
        })
        .collect();
    picked(g, &keep)
}

fn picked(g: &Grid, keep: &[usize]) -> Grid {
    Grid {
        lead: g.lead.clone(),
        columns: keep.iter().map(|&i| g.columns[i].clone()).collect(),
        rows: (g.rows.iter())
            .map(|r| GridRow {
                block: r.block,
                labels: r.labels.clone(),
                total: r.total,
                unknown: r.unknown,
                cells: keep.iter().map(|&i| r.cells[i].clone()).collect(),
            })
            .collect(),
        blocks: g.blocks.clone(),
        folded: g.folded,
        coarse_steps: g.coarse_steps,
        left_out: g.left_out.clone(),
        not_split: g.not_split.clone(),
    }
}
