//! The protected figures as open data: tidy CSV with a CSVW description.

use super::{Labels, ReportError};
use crate::domain::figure::Figure;
use crate::domain::{Population, Status, Unit, harmless};
use crate::locale::{self, Lang};
use std::path::Path;

/// Columns, in the order scripts rely on.
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

/// A number with ten decimals at most: what the open data and the cells behind charts hold.
pub(super) fn rounded(v: f64) -> f64 {
    (v * 1e10).round() / 1e10
}

/// The same as text.
pub(super) fn number(v: f64) -> String {
    format!("{}", rounded(v))
}

/// Columns of names, after [`COLUMNS`]: what a row says, in both languages.
pub const NAMES: [&str; 2] = ["label_id", "label_en"];

/// `Penghuni; UPT: Lapas Kelas IIA Ambon`.
fn named(labels: &dyn Labels, lang: Lang, f: &Figure) -> String {
    let mut out = vec![labels.measure(lang, &f.measure)];
    for (d, k) in [&f.dim1, &f.dim2] {
        if !d.is_empty() {
            let dimension = locale::format(lang, &format!("dimension.{d}"), &[]);
            out.push(format!("{dimension}: {}", labels.category(lang, d, k)));
        }
    }
    out.join("; ")
}

/// Writes figures; hidden ones have empty numbers.
pub fn write_csv(figures: &[Figure], labels: &dyn Labels, path: &Path) -> Result<(), ReportError> {
    let error = fail(path);
    let mut w = csv::Writer::from_path(path).map_err(|e| error(&e))?;
    w.write_record(COLUMNS.iter().chain(&NAMES))
        .map_err(|e| error(&e))?;
    let number = |v: Option<f64>| v.map(number).unwrap_or_default();
    for f in figures {
        let row = [
            f.month.to_string(),
            f.measure.to_string(),
            f.definition.to_string(),
            f.population.id().into(),
            f.dim1.0.to_string(),
            harmless(&f.dim1.1),
            f.dim2.0.to_string(),
            harmless(&f.dim2.1),
            f.window_months.map(|w| w.to_string()).unwrap_or_default(),
            number(f.numerator),
            number(f.denominator),
            number(f.estimate),
            number(f.ci_low),
            number(f.ci_high),
            f.unit.id().into(),
            f.status.id().into(),
            harmless(&named(labels, Lang::Id, f)),
            harmless(&named(labels, Lang::En, f)),
        ];
        w.write_record(&row).map_err(|e| error(&e))?;
    }
    w.flush().map_err(|e| error(&e))
}

/// Reads figures back from what [`write_csv`] wrote.
///
/// # Errors
/// The line that is no figure, or holds a value this version does not know.
pub fn read_csv(content: &[u8]) -> Result<Vec<Figure>, String> {
    let mut reader = csv::Reader::from_reader(content);
    let header = reader.headers().map_err(|e| e.to_string())?.clone();
    let place = |name: &str| header.iter().position(|h| h == name).ok_or(name.to_owned());
    let places: Vec<usize> = (COLUMNS.iter().map(|c| place(c))).collect::<Result<_, _>>()?;
    let mut out = Vec::new();
    for (i, record) in reader.records().enumerate() {
        let record = record.map_err(|e| e.to_string())?;
        let cells: Vec<&str> =
            (places.iter().map(|&at| record.get(at).unwrap_or_default())).collect();
        let figure = figure(&cells).ok_or_else(|| format!("{}", i + 2))?;
        out.push(figure);
    }
    Ok(out)
}

/// A figure of the cells of [`COLUMNS`].
fn figure(cells: &[&str]) -> Option<Figure> {
    let [
        month,
        measure,
        definition,
        population,
        d1,
        c1,
        d2,
        c2,
        window,
        numbers @ ..,
        unit,
        status,
    ] = cells
    else {
        return None;
    };
    let number = |s: &&str| match *s {
        "" => Some(None),
        s => s.parse::<f64>().ok().filter(|v| v.is_finite()).map(Some),
    };
    let numbers: Vec<Option<f64>> = numbers.iter().map(number).collect::<Option<_>>()?;
    let [numerator, denominator, estimate, ci_low, ci_high] = numbers.try_into().ok()?;
    Some(Figure {
        month: month.parse().ok()?,
        measure: (*measure).into(),
        definition: (*definition).into(),
        population: Population::from_id(population)?,
        dim1: ((*d1).into(), as_written(c1).into()),
        dim2: ((*d2).into(), as_written(c2).into()),
        window_months: match *window {
            "" => None,
            w => Some(w.parse().ok()?),
        },
        numerator,
        denominator,
        estimate,
        ci_low,
        ci_high,
        unit: Unit::from_id(unit)?,
        status: Status::from_id(status)?,
    })
}

/// A category without the mark that [`harmless`] puts before what begins a formula.
fn as_written(category: &str) -> &str {
    let bare = category.strip_prefix('\'').unwrap_or(category);
    if harmless(bare) == category {
        bare
    } else {
        category
    }
}

/// Writes the CSVW description beside a CSV: what every column means in both languages, its type, the closed lists.
pub fn write_csvw(csv_name: &str, title: &str, path: &Path) -> Result<(), ReportError> {
    let error = fail(path);
    let both = |key: &str| {
        let text = |lang: Lang| locale::text(lang, &format!("report.{key}")).to_owned();
        serde_json::json!({ "id": text(Lang::Id), "en": text(Lang::En) })
    };
    let columns: Vec<serde_json::Value> = COLUMNS
        .iter()
        .chain(&NAMES)
        .map(|c| {
            let kind = match *c {
                "numerator" | "denominator" | "estimate" | "ci_low" | "ci_high" => {
                    serde_json::json!("number")
                }
                "window_months" => serde_json::json!({ "base": "integer", "minimum": 1 }),
                "month" => serde_json::json!("gYearMonth"),
                "unit" => one_of(Unit::ALL.iter().map(|u| u.id())),
                "status" => one_of(Status::ALL.iter().map(|s| s.id())),
                "population" => one_of(Population::ALL.iter().map(|p| p.id())),
                _ => serde_json::json!("string"),
            };
            let required = [
                "month",
                "measure",
                "definition",
                "population",
                "unit",
                "status",
            ];
            serde_json::json!({
                "name": c,
                "titles": c,
                "dc:description": both(&format!("csv.{c}")),
                "datatype": kind,
                "required": required.contains(c),
            })
        })
        .collect();
    let doc = serde_json::json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "id" }],
        "url": csv_name,
        "dc:title": title,
        "dc:description": both("csv.about"),
        "dialect": { "encoding": "utf-8", "delimiter": ",", "header": true },
        "tableSchema": {
            "columns": columns,
            "primaryKey": [
                "month", "measure", "definition", "population", "dimension_1", "category_1",
                "dimension_2", "category_2", "window_months",
            ],
        },
    });
    let text = serde_json::to_string_pretty(&doc).map_err(|e| error(&e))?;
    std::fs::write(path, text).map_err(|e| error(&e))
}

/// A string that is one of a list.
fn one_of<'a>(ids: impl Iterator<Item = &'a str>) -> serde_json::Value {
    let ids: Vec<&str> = ids.collect();
    serde_json::json!({ "base": "string", "format": format!("^({})$", ids.join("|")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names nothing but what it is asked for.
    struct Plain;

    impl Labels for Plain {
        fn category(&self, _: Lang, _: &str, category: &str) -> String {
            category.to_owned()
        }
        fn order(&self, _: &str, _: &str) -> (usize, String) {
            (0, String::new())
        }
        fn measure(&self, _: Lang, id: &str) -> String {
            id.to_owned()
        }
    }

    #[test]
    fn figures_are_read_as_they_are_written_and_a_line_that_is_none_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.csv");
        let f = |category: &str, n: Option<f64>, status| Figure {
            month: "2026-01".parse().unwrap(),
            measure: "stock".into(),
            definition: "v1".into(),
            population: Population::Maluku,
            dim1: ("upt".into(), category.into()),
            dim2: Default::default(),
            window_months: n.map(|_| 12),
            numerator: n,
            denominator: None,
            estimate: n.map(|n| n / 3.0),
            ci_low: None,
            ci_high: None,
            unit: Unit::Persons,
            status,
        };
        let figures = [
            f("lapas-piru", Some(31.0), Status::Ok),
            f("=x", None, Status::NotApplicable),
        ];
        write_csv(&figures, &Plain, &path).unwrap();
        let text = std::fs::read(&path).unwrap();
        let read = read_csv(&text).unwrap();
        assert_eq!(read.len(), 2);
        for (a, b) in figures.iter().zip(&read) {
            assert_eq!(
                (a.key(), a.numerator, a.status),
                (b.key(), b.numerator, b.status)
            );
            assert!((a.estimate.unwrap_or(0.0) - b.estimate.unwrap_or(0.0)).abs() < 1e-9);
        }
        let unknown = String::from_utf8(text)
            .unwrap()
            .replace("not_applicable", "veiled");
        assert_eq!(read_csv(unknown.as_bytes()), Err("3".to_owned()));
    }

    #[test]
    fn every_column_is_described_in_both_languages() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.json");
        write_csvw("x.csv", "x", &path).unwrap();
        let doc: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let columns = doc["tableSchema"]["columns"].as_array().unwrap();
        assert_eq!(columns.len(), COLUMNS.len() + NAMES.len());
        for c in columns {
            for lang in ["id", "en"] {
                let text = c["dc:description"][lang].as_str().unwrap();
                assert!(!text.starts_with("report."), "{c}");
            }
        }
    }
}
