//! Which figures differ between two sets of outputs, by the identity of the figure rather than its row.

use super::RunError;
use super::manifest::{Input, Manifest};
pub use crate::domain::revision::InputChange;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A figure of a `data/*.csv` as published: its number (none when hidden) and status.
pub type Published = BTreeMap<String, (Option<f64>, String)>;

/// A figure whose number or status is not the same on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Measure id.
    pub measure: String,
    /// Everything else that identifies it: definition, population, categories, window.
    pub category: String,
    /// Definition id.
    pub definition: String,
    /// Population id.
    pub population: String,
    /// Breakdowns with their categories; those it does not have are empty.
    pub at: [(String, String); 2],
    /// Window in months, as written; empty: none.
    pub window: String,
    /// Of everybody: it has no breakdown.
    pub total: bool,
    /// Number before; `None` when there was none or it was hidden.
    pub before: Option<f64>,
    /// Number after.
    pub after: Option<f64>,
    /// Status before; empty when the figure did not exist.
    pub status_before: String,
    /// Status after.
    pub status_after: String,
}

/// Reads a `data/*.csv`; the month is not part of a figure's identity.
pub fn read_figures(path: &Path) -> Result<Published, RunError> {
    let wrong = |e: csv::Error| RunError::Usage(format!("{}: {e}", path.display()));
    let mut reader = csv::Reader::from_path(path).map_err(wrong)?;
    let header: Vec<String> = reader
        .headers()
        .map_err(wrong)?
        .iter()
        .map(str::to_owned)
        .collect();
    let find = |name: &str| header.iter().position(|h| h == name);
    let identity: Vec<usize> = [
        "measure",
        "definition",
        "population",
        "dimension_1",
        "category_1",
        "dimension_2",
        "category_2",
        "window_months",
    ]
    .iter()
    .filter_map(|n| find(n))
    .collect();
    let (Some(estimate), Some(status), 8) = (find("estimate"), find("status"), identity.len())
    else {
        return Err(RunError::Usage(format!(
            "{}: not a figure table of this program",
            path.display()
        )));
    };
    let mut out = Published::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let key: Vec<&str> = identity
            .iter()
            .map(|&i| record.get(i).unwrap_or_default())
            .collect();
        let number = record.get(estimate).and_then(|s| s.parse().ok());
        out.insert(
            key.join("\u{1f}"),
            (number, record.get(status).unwrap_or_default().to_owned()),
        );
    }
    Ok(out)
}

/// All differences, sorted by figure.
pub fn changes(before: &Published, after: &Published) -> Vec<Change> {
    let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .filter(|k| before.get(*k) != after.get(*k))
        .map(|k| {
            let (measure, rest) = k.split_once('\u{1f}').unwrap_or((k, ""));
            let parts: Vec<&str> = rest.split('\u{1f}').collect();
            // Definition, population, two breakdowns with their categories, window.
            let total = parts.iter().skip(2).take(4).all(|s| s.is_empty());
            let part = |i: usize| parts.get(i).copied().unwrap_or_default().to_owned();
            let (definition, population) = (part(0), part(1));
            let at = [(part(2), part(3)), (part(4), part(5))];
            let window = part(6);
            let category: Vec<&str> = parts.into_iter().filter(|s| !s.is_empty()).collect();
            let side = |s: &Published| s.get(k).cloned().unwrap_or_default();
            let ((b, sb), (a, sa)) = (side(before), side(after));
            Change {
                measure: measure.to_owned(),
                category: category.join(" · "),
                definition,
                population,
                at,
                window,
                total,
                before: b,
                after: a,
                status_before: sb,
                status_after: sa,
            }
        })
        .collect()
}

/// An input that differs between two manifests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputDifference {
    /// Path relative to the inbox.
    pub path: String,
    /// Supplier id.
    pub supplier: String,
    /// How it differs.
    pub change: InputChange,
    /// Rows used before and after.
    pub used: [u64; 2],
}

/// Inputs that differ, by path. A file of which neither month used a row changed nothing and is left out.
pub fn inputs(before: &Manifest, after: &Manifest) -> Vec<InputDifference> {
    let of = |m: &Manifest| -> BTreeMap<String, Input> {
        let used = m.inputs.iter().filter(|i| i.used > 0);
        used.map(|i| (i.path.clone(), i.clone())).collect()
    };
    let (a, b) = (of(before), of(after));
    let paths: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    paths
        .into_iter()
        .filter_map(|path| {
            let (x, y) = (a.get(path), b.get(path));
            let change = match (x, y) {
                (None, _) => InputChange::New,
                (_, None) => InputChange::Gone,
                (Some(x), Some(y)) if x.sha256 != y.sha256 => InputChange::Changed,
                _ => return None,
            };
            Some(InputDifference {
                path: path.clone(),
                supplier: y.or(x)?.supplier.clone(),
                change,
                used: [x, y].map(|i| i.map_or(0, |i| i.used)),
            })
        })
        .collect()
}

/// Names of what besides the files is not the same: `program`, and the parts of [`super::manifest::Basis`].
pub fn basis(before: &Manifest, after: &Manifest) -> Vec<String> {
    let program = (&before.program, &before.definitions) != (&after.program, &after.definitions);
    let parts: BTreeSet<&String> = before.basis.keys().chain(after.basis.keys()).collect();
    // What was revised before is a consequence, not a cause.
    let differing = parts
        .into_iter()
        .filter(|k| *k != "revisions" && before.basis.get(*k) != after.basis.get(*k));
    (program.then(|| "program".to_owned()).into_iter())
        .chain(differing.cloned())
        .collect()
}

/// Suppliers whose changed inputs can have moved a figure: the one it is about when that one changed something,
/// else all that did.
pub fn causes<'a>(change: &Change, inputs: &'a [InputDifference]) -> Vec<&'a str> {
    let categories: Vec<&str> = change.category.split(" · ").collect();
    suppliers(&categories, inputs)
}

/// The same for a figure of some categories.
pub fn suppliers<'a>(categories: &[&str], inputs: &'a [InputDifference]) -> Vec<&'a str> {
    let all: BTreeSet<&str> = inputs.iter().map(|i| i.supplier.as_str()).collect();
    let about: Vec<&str> = (all.iter().copied())
        .filter(|s| categories.contains(s))
        .collect();
    if about.is_empty() {
        all.into_iter().collect()
    } else {
        about
    }
}

/// A sheet's worth of a comparison: heading, header, rows.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Name of the sheet.
    pub name: String,
    /// Sentence above the table.
    pub title: String,
    /// Column headers.
    pub header: Vec<String>,
    /// Rows: numbers are written as numbers.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a [`Sheet`].
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number; nothing when there is none.
    Number(Option<f64>),
}

/// Writes a comparison as a workbook.
pub fn write_workbook(path: &Path, sheets: &[Sheet]) -> Result<(), RunError> {
    let build = || -> Result<(), XlsxError> {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold();
        let head = (Format::new().set_bold().set_text_wrap())
            .set_border_bottom(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter);
        let number = Format::new().set_num_format("#,##0.####");
        for sheet in sheets {
            let w = book.add_worksheet();
            w.set_name(&sheet.name)?;
            w.write_with_format(0, 0, &sheet.title, &bold)?;
            for (c, text) in sheet.header.iter().enumerate() {
                w.write_with_format(2, c as u16, text, &head)?;
                w.set_column_width(c as u16, if c == 2 { 48.0 } else { 18.0 })?;
            }
            for (r, row) in sheet.rows.iter().enumerate() {
                for (c, cell) in row.iter().enumerate() {
                    let (r, c) = (3 + r as u32, c as u16);
                    match cell {
                        Cell::Text(t) => drop(w.write(r, c, crate::domain::harmless(t))?),
                        Cell::Number(Some(n)) => drop(w.write_with_format(r, c, *n, &number)?),
                        Cell::Number(None) => {}
                    }
                }
            }
            w.set_freeze_panes(3, 0)?;
            w.set_landscape()
                .set_paper_size(9)
                .set_print_fit_to_pages(1, 0);
            w.set_repeat_rows(2, 2)?;
        }
        book.save(path)
    };
    build().map_err(|e| RunError::Stage {
        stage: "compare",
        reason: format!("{}: {e}", path.display()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "month,measure,definition,population,dimension_1,category_1,dimension_2,category_2,window_months,numerator,denominator,estimate,ci_low,ci_high,unit,status\n";

    #[test]
    fn only_figures_that_differ_are_listed_and_months_do_not_matter() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, rows: &str| {
            let p = dir.path().join(name);
            std::fs::write(&p, format!("{HEAD}{rows}")).unwrap();
            read_figures(&p).unwrap()
        };
        let a = write(
            "a.csv",
            "2025-12,stock,v1,maluku,upt,x,,,,5,,5,,,persons,ok\n2025-12,stock,v1,maluku,upt,y,,,,,,,,,persons,suppressed_primary\n",
        );
        let b = write(
            "b.csv",
            "2026-01,stock,v1,maluku,upt,x,,,,6,,6,,,persons,ok\n2026-01,stock,v1,maluku,upt,y,,,,,,,,,persons,suppressed_primary\n",
        );
        let c = changes(&a, &b);
        assert_eq!(c.len(), 1);
        assert_eq!(
            (c[0].before, c[0].after, c[0].measure.as_str()),
            (Some(5.0), Some(6.0), "stock")
        );
    }

    #[test]
    fn another_kind_of_file_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let p = dir.path().join("x.csv");
        std::fs::write(&p, "a,b\n1,2\n").unwrap();
        assert_eq!(read_figures(&p).unwrap_err().exit_status(), 2);
    }
}
