//! Which figures differ between two sets of outputs, by the identity of the figure rather than its row.

use super::RunError;
use std::collections::BTreeMap;
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
            let category: Vec<&str> = rest.split('\u{1f}').filter(|s| !s.is_empty()).collect();
            let side = |s: &Published| s.get(k).cloned().unwrap_or_default();
            let ((b, sb), (a, sa)) = (side(before), side(after));
            Change {
                measure: measure.to_owned(),
                category: category.join(" · "),
                before: b,
                after: a,
                status_before: sb,
                status_after: sa,
            }
        })
        .collect()
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
