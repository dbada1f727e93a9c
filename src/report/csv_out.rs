//! The protected figures as open data: tidy CSV with a CSVW description.

use super::ReportError;
use crate::domain::figure::Figure;
use std::path::Path;

/// Columns, in the order of DESIGN.md.
pub const COLUMNS: [&str; 16] = [
    "month",
    "measure",
    "definition",
    "population",
    "dimension_1",
    "category_1",
    "dimension_2",
    "category_2",
    "window_months",
    "numerator",
    "denominator",
    "estimate",
    "ci_low",
    "ci_high",
    "unit",
    "status",
];

fn fail(path: &Path) -> impl Fn(&dyn std::fmt::Display) -> ReportError + '_ {
    move |e| ReportError::File {
        path: path.display().to_string(),
        reason: e.to_string(),
    }
}

/// Writes figures; hidden ones have empty numbers.
pub fn write_csv(figures: &[Figure], path: &Path) -> Result<(), ReportError> {
    let error = fail(path);
    let mut w = csv::Writer::from_path(path).map_err(|e| error(&e))?;
    w.write_record(COLUMNS).map_err(|e| error(&e))?;
    let number = |v: Option<f64>| {
        v.map(|v| format!("{}", (v * 1e10).round() / 1e10))
            .unwrap_or_default()
    };
    for f in figures {
        let row = [
            f.month.to_string(),
            f.measure.to_string(),
            f.definition.to_string(),
            f.population.id().into(),
            f.dim1.0.to_string(),
            f.dim1.1.to_string(),
            f.dim2.0.to_string(),
            f.dim2.1.to_string(),
            f.window_months.map(|w| w.to_string()).unwrap_or_default(),
            number(f.numerator),
            number(f.denominator),
            number(f.estimate),
            number(f.ci_low),
            number(f.ci_high),
            f.unit.id().into(),
            f.status.id().into(),
        ];
        w.write_record(&row).map_err(|e| error(&e))?;
    }
    w.flush().map_err(|e| error(&e))
}

/// Writes the CSVW description beside a CSV.
pub fn write_csvw(csv_name: &str, title: &str, path: &Path) -> Result<(), ReportError> {
    let error = fail(path);
    let columns: Vec<serde_json::Value> = COLUMNS
        .iter()
        .map(|c| {
            let kind = match *c {
                "numerator" | "denominator" | "estimate" | "ci_low" | "ci_high" => "number",
                "window_months" => "integer",
                "month" => "gYearMonth",
                _ => "string",
            };
            serde_json::json!({ "name": c, "titles": c, "datatype": kind })
        })
        .collect();
    let doc = serde_json::json!({ "@context": "http://www.w3.org/ns/csvw", "url": csv_name, "dc:title": title, "tableSchema": { "columns": columns } });
    let text = serde_json::to_string_pretty(&doc).map_err(|e| error(&e))?;
    std::fs::write(path, text).map_err(|e| error(&e))
}
