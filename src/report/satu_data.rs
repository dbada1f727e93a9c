//! Satu Data Indonesia: the statistical metadata of what is published, as a workbook and as JSON for the walidata.
//!
//! Three forms of Peraturan BPS 5/2020: MS-Keg (the statistical activity), MS-Var (its variables), MS-Ind (its indicators).
//! Indicators are the measures that reports ask for, variables the columns that are read; what the program cannot know
//! stays empty and is listed.

use super::ReportError;
use crate::domain::figure::Request;
use crate::domain::region::REGENCIES;
use crate::domain::{Field, Month, Unit};
use crate::locale::{self, Lang};
use crate::measure::{self, Measure};
use crate::workspace::Settings;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// A line of MS-Keg: block, item, and what is known of it (empty: the walidata or the office fills it in).
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Item {
    block: String,
    item: String,
    value: String,
}

/// A form whose rows are variables or indicators.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Form {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Everything that is handed to the walidata of a month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SatuData {
    month: String,
    activity: Vec<Item>,
    variables: Form,
    indicators: Form,
    regions: Form,
    /// What is still to be filled in: form and item.
    blanks: Vec<String>,
}

/// Items of MS-Keg by block; the texts are `satu_data.item.*`, what is known of them `satu_data.known.*`.
const ACTIVITY: [(&str, &[&str]); 9] = [
    (
        "general",
        &[
            "title",
            "year",
            "activity_code",
            "collection",
            "sector",
            "recommended",
            "recommendation",
        ],
    ),
    ("organiser", &["organiser", "address", "phone", "email"]),
    (
        "responsible",
        &["unit_1", "unit_2", "officer", "position", "officer_contact"],
    ),
    (
        "planning",
        &[
            "background",
            "purpose",
            "plan_collection",
            "plan_processing",
            "plan_dissemination",
            "collected",
        ],
    ),
    (
        "design",
        &[
            "repeated",
            "frequency",
            "type",
            "coverage",
            "regions",
            "method",
            "means",
            "collection_unit",
        ],
    ),
    ("sampling", &["sampling"]),
    ("collection", &["pilot", "quality", "nonresponse", "staff"]),
    (
        "processing",
        &["steps", "analysis", "analysis_unit", "level"],
    ),
    (
        "dissemination",
        &["printed", "digital", "microdata", "release"],
    ),
];

/// Columns of MS-Var and MS-Ind; the texts are `satu_data.column.*`.
const VARIABLE: [&str; 10] = [
    "name",
    "alias",
    "concept",
    "definition",
    "reference",
    "time_reference",
    "data_type",
    "classification",
    "validation",
    "public",
];
const INDICATOR: [&str; 14] = [
    "id",
    "name",
    "concept",
    "definition",
    "interpretation",
    "formula",
    "measure",
    "unit",
    "breakdowns",
    "composite",
    "built_from",
    "activity",
    "level",
    "public",
];

impl SatuData {
    /// The metadata of a month: `asked` is everything that reports ask for.
    pub fn new(month: Month, lang: Lang, settings: &Settings, asked: &[Request]) -> SatuData {
        let ids: BTreeSet<&str> = asked.iter().map(|r| r.measure.as_str()).collect();
        let measures: Vec<&Measure> = (measure::MEASURES.iter())
            .filter(|m| ids.contains(m.id))
            .collect();
        let activity = activity(month, lang, settings);
        let variables = variables(lang);
        let indicators = Form {
            columns: columns(lang, &INDICATOR),
            rows: measures.iter().map(|m| indicator(lang, m)).collect(),
        };
        let regions = Form {
            columns: columns(lang, &["region", "kemendagri", "bps"]),
            rows: (REGENCIES.iter())
                .map(|(kemendagri, bps, name)| [*name, kemendagri, bps].map(str::to_owned).to_vec())
                .collect(),
        };
        let mut blanks: Vec<String> = (activity.iter())
            .filter(|i| i.value.is_empty())
            .map(|i| format!("MS-Keg: {}", i.item))
            .collect();
        for (form, of) in [("MS-Var", &variables), ("MS-Ind", &indicators)] {
            let empty = |c: usize| of.rows.iter().filter(|r| r[c].is_empty()).count();
            blanks.extend(
                (of.columns.iter().enumerate())
                    .filter(|(c, _)| empty(*c) > 0)
                    .map(|(c, name)| format!("{form}: {name} ({})", empty(c))),
            );
        }
        SatuData {
            month: month.to_string(),
            activity,
            variables,
            indicators,
            regions,
            blanks,
        }
    }

    /// Writes `metadata.xlsx` and `metadata.json` into a folder.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, lang: Lang, dir: &Path) -> Result<(), ReportError> {
        let fault = |path: &Path, reason: String| ReportError::File {
            path: path.display().to_string(),
            reason,
        };
        std::fs::create_dir_all(dir).map_err(|e| fault(dir, e.to_string()))?;
        let path = dir.join("metadata.json");
        let mut json = serde_json::to_vec_pretty(self).map_err(|e| fault(&path, e.to_string()))?;
        json.push(b'\n');
        std::fs::write(&path, json).map_err(|e| fault(&path, e.to_string()))?;
        let path = dir.join("metadata.xlsx");
        self.workbook(lang)
            .and_then(|mut book| book.save(&path))
            .map_err(|source| ReportError::Workbook {
                path: path.display().to_string(),
                source,
            })
    }

    fn workbook(&self, lang: Lang) -> Result<Workbook, XlsxError> {
        let mut book = Workbook::new();
        let say = |key: &str| locale::format(lang, &format!("satu_data.{key}"), &[]);
        let month = self.month.parse::<Month>().map(|m| m.first_day());
        if let Some(day) = month.ok().and_then(|d| d.and_hms_opt(0, 0, 0)) {
            // The date of the document is the month's, so that the same inputs give the same bytes.
            book.set_properties(
                &rust_xlsxwriter::DocProperties::new()
                    .set_title(say("title"))
                    .set_creation_datetime(&day),
            );
        }
        let activity = Form {
            columns: columns(lang, &["block", "item", "value"]),
            rows: (self.activity.iter())
                .map(|i| vec![i.block.clone(), i.item.clone(), i.value.clone()])
                .collect(),
        };
        let blanks = Form {
            columns: columns(lang, &["blank"]),
            rows: self.blanks.iter().map(|b| vec![b.clone()]).collect(),
        };
        for (tab, title, form) in [
            ("MS-Keg", say("activity"), &activity),
            ("MS-Var", say("variables"), &self.variables),
            ("MS-Ind", say("indicators"), &self.indicators),
            (&*say("regions_tab"), say("regions"), &self.regions),
            (&*say("blanks_tab"), say("blanks"), &blanks),
        ] {
            sheet(&mut book, tab, &title, form)?;
        }
        Ok(book)
    }
}

fn sheet(book: &mut Workbook, tab: &str, title: &str, form: &Form) -> Result<(), XlsxError> {
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_border_bottom(FormatBorder::Thin);
    let w = book.add_worksheet();
    w.set_name(tab)?;
    w.write_with_format(0, 0, title, &Format::new().set_bold())?;
    for (c, name) in form.columns.iter().enumerate() {
        let longest = form.rows.iter().map(|r| r[c].chars().count()).max();
        let width = longest.unwrap_or(0).max(name.chars().count()).clamp(12, 48);
        w.set_column_width(c as u16, width as f64)?;
        w.write_with_format(2, c as u16, name, &head)?;
    }
    for (r, row) in form.rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate() {
            w.write_with_format(3 + r as u32, c as u16, text, &wrap)?;
        }
    }
    w.set_freeze_panes(3, 0)?;
    w.set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    w.set_repeat_rows(2, 2)?;
    Ok(())
}

fn columns(lang: Lang, keys: &[&str]) -> Vec<String> {
    let name = |k: &&str| locale::format(lang, &format!("satu_data.column.{k}"), &[]);
    keys.iter().map(name).collect()
}

fn activity(month: Month, lang: Lang, settings: &Settings) -> Vec<Item> {
    let year = month.year().to_string();
    let organiser = settings.office.kop_kanwil.join(", ");
    let regions: Vec<&str> = REGENCIES.iter().map(|r| r.2).collect();
    let regions = regions.join(", ");
    let collected: Vec<&str> = Field::ALL.iter().map(|f| f.id()).collect();
    let collected = collected.len().to_string();
    let args = [
        ("year", year.as_str()),
        ("organiser", &organiser),
        ("regions", &regions),
        ("variables", &collected),
    ];
    let mut out = Vec::new();
    for (block, items) in ACTIVITY {
        for item in items {
            let known =
                locale::try_text(lang, &format!("satu_data.known.{item}")).unwrap_or_default();
            out.push(Item {
                block: locale::format(lang, &format!("satu_data.block.{block}"), &[]),
                item: locale::format(lang, &format!("satu_data.item.{item}"), &[]),
                value: locale::fill(known, &args),
            });
        }
    }
    out
}

/// What kind of value a column holds: a key of `satu_data.data_type`.
fn data_type(field: Field) -> &'static str {
    let id = field.id();
    match id {
        _ if id.ends_with("_date") || id == "month" => "date",
        "age" | "fine" | "restitution" | "amount" | "attendance_share" => "number",
        _ if [
            "hours_",
            "sessions_",
            "reports_",
            "sentence_y",
            "sentence_m",
            "sentence_d",
        ]
        .iter()
        .any(|p| id.starts_with(p)) =>
        {
            "number"
        }
        _ => "text",
    }
}

fn variables(lang: Lang) -> Form {
    let say = |key: &str| locale::format(lang, &format!("satu_data.{key}"), &[]);
    let rows = Field::ALL.iter().map(|&f| {
        let headers = crate::ingest::headers_of(f, 6);
        let mut headers = headers.iter().map(|h| h.to_string());
        let name = headers.next().unwrap_or_else(|| f.id().to_owned());
        let also: Vec<String> = headers.collect();
        vec![
            name,
            also.join(", "),
            f.id().to_owned(),
            String::new(),
            say("variable.reference"),
            say("variable.time_reference"),
            say(&format!("data_type.{}", data_type(f))),
            String::new(),
            say("variable.validation"),
            say("no"),
        ]
    });
    Form {
        columns: columns(lang, &VARIABLE),
        rows: rows.collect(),
    }
}

fn indicator(lang: Lang, m: &Measure) -> Vec<String> {
    let say = |key: &str| locale::format(lang, &format!("satu_data.{key}"), &[]);
    let d = m.described(lang);
    let formula = match d.denominator.is_empty() {
        true => d.numerator.clone(),
        false => format!("({}) / ({})", d.numerator, d.denominator),
    };
    let kind = match m.unit {
        Unit::Persons | Unit::Events | Unit::Places => "number",
        Unit::Share => "percentage",
        Unit::Ratio | Unit::Per100PersonYears => "ratio",
        Unit::Days | Unit::Hours => "duration",
        Unit::ShareDifference => "difference",
    };
    let dims = (m.dims.iter()).map(|d| locale::format(lang, &format!("dimension.{d}"), &[]));
    let dims: Vec<String> = dims.collect();
    vec![
        m.id.to_owned(),
        d.title,
        d.question,
        d.definition,
        d.interval,
        formula,
        say(&format!("kind.{kind}")),
        d.unit,
        dims.join(", "),
        say("no"),
        d.population,
        say("title"),
        say("indicator.level"),
        say("yes"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Population;
    use crate::report::Templates;

    fn all() -> (SatuData, Vec<Request>) {
        let asked = Templates::load(None, None, &measure::breakdowns())
            .unwrap()
            .requests(None);
        let month = Month::new(2026, 1).unwrap();
        (
            SatuData::new(month, Lang::Id, &Settings::default(), &asked),
            asked,
        )
    }

    #[test]
    fn every_measure_of_the_reports_has_its_row_of_ms_ind() {
        let (data, asked) = all();
        let rows: BTreeSet<&str> = data.indicators.rows.iter().map(|r| r[0].as_str()).collect();
        let asked: BTreeSet<&str> = asked.iter().map(|r| r.measure.as_str()).collect();
        assert_eq!(rows, asked);
        assert!(rows.len() > 40, "{}", rows.len());
    }

    #[test]
    fn what_nobody_asks_for_has_no_row() {
        let one = Request {
            measure: "stock".into(),
            population: Population::Maluku,
            by: vec![],
            windows: vec![],
        };
        let month = Month::new(2026, 1).unwrap();
        let data = SatuData::new(month, Lang::En, &Settings::default(), &[one]);
        assert_eq!(data.indicators.rows.len(), 1);
        assert_eq!(data.variables.rows.len(), Field::ALL.len());
    }

    #[test]
    fn every_text_is_there_in_both_languages_and_blanks_are_listed() {
        for lang in [Lang::Id, Lang::En] {
            let month = Month::new(2026, 1).unwrap();
            let (_, asked) = all();
            let data = SatuData::new(month, lang, &Settings::default(), &asked);
            let json = serde_json::to_string(&data).unwrap();
            assert!(
                !json.contains("satu_data."),
                "a key instead of its text: {json}"
            );
            let blank = data.activity.iter().filter(|i| i.value.is_empty()).count();
            assert!(blank > 0 && data.blanks.len() >= blank, "{:?}", data.blanks);
        }
    }

    #[test]
    fn the_same_month_gives_the_same_bytes() {
        let (data, _) = all();
        let dir = tempfile::tempdir().unwrap();
        for name in ["a", "b"] {
            data.write(Lang::Id, &dir.path().join(name)).unwrap();
        }
        for file in ["metadata.xlsx", "metadata.json"] {
            let read = |name: &str| std::fs::read(dir.path().join(name).join(file)).unwrap();
            assert!(read("a") == read("b"), "{file}");
        }
    }
}
