//! What an audience was given over all months: one flat file, and the same as a star of facts and dimensions that
//! business-intelligence programs load as it is. Holds published figures only; a hidden one has empty numbers.

use super::ReportError;
use super::figures::Content;
use crate::domain::figure::Figure;
use crate::domain::{Dimension, Month, Status, harmless};
use crate::locale;
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Columns of the flat file.
pub const FLAT: [&str; 19] = [
    "audience",
    "month",
    "measure",
    "measure_name",
    "definition",
    "population",
    "dimension_1",
    "category_1",
    "category_1_name",
    "dimension_2",
    "category_2",
    "category_2_name",
    "window_months",
    "numerator",
    "denominator",
    "estimate",
    "ci_low",
    "ci_high",
    "status",
];

/// Writes `deret*.csv` and the tables below `bintang*/` into the month's `data/`. `before` are the figures of the months
/// before this one as they were published, oldest first.
pub fn write_series(
    audience: &str,
    c: &Content,
    before: &[Figure],
    now: &[Figure],
    data: &Path,
) -> Result<(), ReportError> {
    let suffix = c.settings.office.suffix(audience);
    let all = || before.iter().chain(now);
    let flat = all()
        .filter(|f| f.places().all(|(d, k)| d.span(k, None).is_none()))
        .map(|f| flat(audience, c, f));
    table(&data.join(format!("deret{suffix}.csv")), &FLAT, flat)?;
    let star = data.join(format!("bintang{suffix}"));
    std::fs::create_dir_all(&star).map_err(|e| fault(&star, &e))?;
    let facts = all().map(|f| {
        let [k, n, estimate, low, high] = numbers(f);
        let key = |d: &(crate::domain::Text, crate::domain::Text)| category_key(&d.0, &d.1);
        [
            f.month.to_string(),
            f.measure.to_string(),
            f.definition.to_string(),
            f.population.id().into(),
            key(&f.dim1),
            key(&f.dim2),
            window(f),
            k,
            n,
            estimate,
            low,
            high,
            f.status.id().into(),
        ]
    });
    let heads = [
        "month",
        "measure",
        "definition",
        "population",
        "category_1_key",
        "category_2_key",
        "window_months",
        "numerator",
        "denominator",
        "estimate",
        "ci_low",
        "ci_high",
        "status",
    ];
    table(&star.join("fakta.csv"), &heads, facts)?;
    measures(c, all(), &star)?;
    categories(c, all(), &star)?;
    months(c, all(), &star)?;
    let status = Status::ALL.iter().map(|s| {
        let key = format!("paper.status_of.{}", s.id());
        [s.id().to_owned(), locale::text(c.lang, &key).to_owned()]
    });
    table(&star.join("status.csv"), &["status", "meaning"], status)
}

fn measures<'a>(
    c: &Content,
    all: impl Iterator<Item = &'a Figure>,
    star: &Path,
) -> Result<(), ReportError> {
    let units: BTreeMap<&str, &str> = all.map(|f| (f.measure.as_str(), f.unit.id())).collect();
    let rows = units.into_iter().map(|(id, unit)| {
        let declared = c.facts.methodology.iter().find(|m| m[0] == id);
        let lines: Vec<&str> = declared.map_or_else(Vec::new, |m| m[2].lines().collect());
        let line = |i: usize| lines.get(i).map_or_else(String::new, |l| (*l).to_owned());
        let name = c.labels.measure(c.lang, id);
        [id.to_owned(), name, unit.to_owned(), line(0), line(1)]
    });
    let heads = ["measure", "name", "unit", "question", "definition"];
    table(&star.join("ukuran.csv"), &heads, rows)
}

fn categories<'a>(
    c: &Content,
    all: impl Iterator<Item = &'a Figure>,
    star: &Path,
) -> Result<(), ReportError> {
    let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
    for f in all {
        known.extend([&f.dim1, &f.dim2].map(|d| (d.0.as_str(), d.1.as_str())));
    }
    let mut rows: Vec<(&str, (usize, String), &str)> = (known.into_iter())
        .map(|(d, k)| (d, c.labels.order(d, k), k))
        .collect();
    rows.sort();
    let rows = rows.into_iter().enumerate().map(|(i, (d, _, k))| {
        let name = match d {
            "" => String::new(),
            _ => locale::text(c.lang, &format!("dimension.{d}")).to_owned(),
        };
        [
            category_key(d, k),
            d.to_owned(),
            name,
            harmless(k),
            category_name(c, d, k),
            (i + 1).to_string(),
        ]
    });
    let heads = [
        "category_key",
        "dimension",
        "dimension_name",
        "category",
        "name",
        "order",
    ];
    table(&star.join("dimensi.csv"), &heads, rows)
}

fn months<'a>(
    c: &Content,
    all: impl Iterator<Item = &'a Figure>,
    star: &Path,
) -> Result<(), ReportError> {
    let known: BTreeSet<Month> = all.map(|f| f.month).collect();
    let rows = known.into_iter().map(|m| {
        let (first, last) = (m.first_day(), m.last_day());
        [
            m.to_string(),
            first.year().to_string(),
            format!("{}-Q{}", first.year(), (first.month() - 1) / 3 + 1),
            first.month().to_string(),
            locale::month_long(c.lang, m),
            first.to_string(),
            last.to_string(),
        ]
    });
    let heads = [
        "month",
        "year",
        "quarter",
        "month_number",
        "name",
        "first_day",
        "last_day",
    ];
    table(&star.join("bulan.csv"), &heads, rows)
}

fn flat(audience: &str, c: &Content, f: &Figure) -> [String; 19] {
    let [k, n, estimate, low, high] = numbers(f);
    let name = |d: &(crate::domain::Text, crate::domain::Text)| category_name(c, &d.0, &d.1);
    [
        audience.to_owned(),
        f.month.to_string(),
        f.measure.to_string(),
        c.labels.measure(c.lang, &f.measure),
        f.definition.to_string(),
        f.population.id().into(),
        f.dim1.0.to_string(),
        harmless(&f.dim1.1),
        name(&f.dim1),
        f.dim2.0.to_string(),
        harmless(&f.dim2.1),
        name(&f.dim2),
        window(f),
        k,
        n,
        estimate,
        low,
        high,
        f.status.id().into(),
    ]
}

fn window(f: &Figure) -> String {
    f.window_months.map(|w| w.to_string()).unwrap_or_default()
}

/// Numerator, denominator, estimate and both ends of the interval as `data/*.csv` writes them.
fn numbers(f: &Figure) -> [String; 5] {
    let shown = |v: Option<f64>| match v.filter(|_| !f.is_hidden()) {
        Some(v) => super::csv_out::number(v),
        None => String::new(),
    };
    [f.numerator, f.denominator, f.estimate, f.ci_low, f.ci_high].map(shown)
}

/// `sex:male`; `total` where nothing is broken down.
fn category_key(dimension: &str, category: &str) -> String {
    match dimension {
        "" => "total".to_owned(),
        d => format!("{d}:{}", harmless(category)),
    }
}

fn category_name(c: &Content, dimension: &str, category: &str) -> String {
    match Dimension::from_id(dimension) {
        None => locale::text(c.lang, "report.everything").to_owned(),
        Some(_) => harmless(&c.labels.category(c.lang, dimension, category)),
    }
}

fn table<const N: usize>(
    path: &Path,
    heads: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<(), ReportError> {
    let mut w = csv::Writer::from_path(path).map_err(|e| fault(path, &e))?;
    w.write_record(heads).map_err(|e| fault(path, &e))?;
    for row in rows {
        w.write_record(&row).map_err(|e| fault(path, &e))?;
    }
    w.flush().map_err(|e| fault(path, &e))
}

fn fault(path: &Path, reason: &dyn std::fmt::Display) -> ReportError {
    ReportError::File {
        path: path.display().to_string(),
        reason: reason.to_string(),
    }
}
