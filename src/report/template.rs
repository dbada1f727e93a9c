//! Report templates: TOML files that an office can change without Rust.
//!
//! ```toml
//! audience = "kota"                 # kota | kanwil: whose protected figures
//! population = "kota_ambon"         # kota_ambon | maluku
//! title = { id = "…", en = "…" }
//!
//! [[kpi]]                           # numbers of the cover
//! measure = "k1_a1"
//! window = 12                       # where the measure has several
//! definition = "P1.person.v1"
//!
//! [[sheet]]
//! name = { id = "Pra-bebas", en = "Pre-release" }     # at most 31 letters
//! title = { id = "…", en = "…" }
//! rows = "release_month"            # dimension of the rows; "" for totals only
//! across = "sex"                    # optional second dimension, with one count measure
//! columns = [{ measure = "k1_a1", show = ["n", "k", "rate", "ci"] }]
//! population = "maluku"             # overrides the template's
//! chart = { kind = "bar", columns = ["k1_a1"], title = { id = "…", en = "…" } }
//! note = { id = "…", en = "…" }
//! ```

use crate::domain::figure::Request;
use crate::domain::{Population, Text};
use crate::locale::Lang;
use serde::Deserialize;
use std::path::Path;

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The text in a language.
    pub fn get(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.en } else { &self.id }
    }
}

/// What a column shows of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// The count, or the number of an own measure.
    Value,
    /// Numerator.
    K,
    /// Denominator.
    N,
    /// Share.
    Rate,
    /// Both ends of the interval.
    Ci,
}

/// Columns of one measure.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Measure id.
    pub measure: String,
    /// What to show; default the count, or k, n, rate and interval of a share.
    #[serde(default)]
    pub show: Vec<Show>,
    /// Window in months.
    pub window: Option<u16>,
    /// Definition id.
    pub definition: Option<String>,
    /// Header instead of the measure's title.
    pub header: Option<Both>,
}

/// A chart of a sheet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// bar | column | stacked | line
    pub kind: String,
    /// Measures to draw; default the first column's.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The finding, with the placeholders of the sheet's sentence.
    pub title: Both,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Tab.
    pub name: Both,
    /// Title.
    pub title: Both,
    /// Row dimension; empty for totals only.
    #[serde(default)]
    pub rows: String,
    /// Column dimension.
    #[serde(default)]
    pub across: String,
    /// Measures.
    pub columns: Vec<Column>,
    /// Population of this sheet.
    pub population: Option<Population>,
    /// Chart.
    pub chart: Option<Chart>,
    /// Summary sentence; a default is composed where it is missing.
    pub sentence: Option<Both>,
    /// Note below the table.
    pub note: Option<Both>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// File stem of the output.
    #[serde(skip)]
    pub name: String,
    /// Whose figures.
    pub audience: String,
    /// Default population.
    pub population: Population,
    /// Title.
    pub title: Both,
    /// Numbers of the cover.
    #[serde(default)]
    pub kpi: Vec<Column>,
    /// Sheets.
    pub sheet: Vec<Sheet>,
}

/// All templates of a run.
#[derive(Debug, Clone)]
pub struct Templates {
    all: Vec<Template>,
}

/// A template is wrong.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Not valid.
    #[error("{file}: {reason}")]
    Parse {
        /// File.
        file: String,
        /// Line, column and reason.
        reason: String,
    },
    /// Unknown measure or breakdown.
    #[error("{file} line {line}: {what} `{wrong}` is unknown; nearest: `{near}`")]
    Unknown {
        /// File.
        file: String,
        /// One-based line.
        line: usize,
        /// measure or dimension.
        what: &'static str,
        /// As written.
        wrong: String,
        /// The nearest valid name.
        near: String,
    },
}

const BUILT_IN: [(&str, &str); 2] = [
    ("kota", include_str!("../../report-templates/kota.toml")),
    ("kanwil", include_str!("../../report-templates/kanwil.toml")),
];

impl Templates {
    /// Built-in templates, those of a workspace folder in their place or beside them, and one more file.
    /// `measures` are (id, dimensions) of everything that can be asked.
    pub fn load(
        dir: Option<&Path>,
        extra: Option<&Path>,
        measures: &[(&str, &[&str])],
    ) -> Result<Templates, TemplateError> {
        let mut files: Vec<(String, String, String)> = BUILT_IN
            .iter()
            .map(|(n, t)| ((*n).into(), format!("{n}.toml"), (*t).into()))
            .collect();
        let mut paths: Vec<std::path::PathBuf> = dir
            .and_then(|d| std::fs::read_dir(d).ok())
            .map(|d| {
                d.flatten()
                    .map(|e| e.path())
                    .filter(|p| p.extension().is_some_and(|e| e == "toml"))
                    .collect()
            })
            .unwrap_or_default();
        paths.sort();
        paths.extend(extra.map(Path::to_owned));
        for p in paths {
            let file = p.display().to_string();
            let text = std::fs::read_to_string(&p).map_err(|e| TemplateError::Parse {
                file: file.clone(),
                reason: e.to_string(),
            })?;
            let name = p
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.retain(|(n, ..)| *n != name);
            files.push((name, file, text));
        }
        let all = files
            .into_iter()
            .map(|(name, file, text)| parse(name, &file, &text, measures))
            .collect::<Result<_, _>>()?;
        Ok(Templates { all })
    }

    /// The reports, in order.
    pub fn workbooks(&self) -> impl Iterator<Item = &Template> {
        self.all.iter()
    }

    /// Everything the templates of an audience need; all templates when `None`.
    pub fn requests(&self, audience: Option<&str>) -> Vec<Request> {
        let mut out = Vec::new();
        for t in self
            .all
            .iter()
            .filter(|t| audience.is_none_or(|a| t.audience == a))
        {
            let ask = |c: &Column, p: Population, by: Vec<Text>| Request {
                measure: c.measure.as_str().into(),
                population: p,
                by,
                windows: c.window.into_iter().collect(),
            };
            out.extend(t.kpi.iter().map(|c| ask(c, t.population, vec![])));
            for s in &t.sheet {
                let by: Vec<Text> = [&s.rows, &s.across]
                    .into_iter()
                    .filter(|d| !d.is_empty())
                    .map(|d| Text::from(d.as_str()))
                    .collect();
                out.extend(
                    s.columns
                        .iter()
                        .map(|c| ask(c, s.population.unwrap_or(t.population), by.clone())),
                );
            }
        }
        out.sort();
        out.dedup();
        out
    }
}

fn parse(
    name: String,
    file: &str,
    text: &str,
    measures: &[(&str, &[&str])],
) -> Result<Template, TemplateError> {
    let mut t: Template = toml::from_str(text).map_err(|e| TemplateError::Parse {
        file: file.into(),
        reason: e.to_string(),
    })?;
    t.name = name;
    let line_of = |word: &str| {
        text.lines()
            .position(|l| l.contains(&format!("\"{word}\"")))
            .map_or(0, |i| i + 1)
    };
    let unknown = |what, wrong: &str, valid: &mut dyn Iterator<Item = &str>| {
        let near = valid.max_by(|a, b| {
            strsim::jaro_winkler(a, wrong).total_cmp(&strsim::jaro_winkler(b, wrong))
        });
        TemplateError::Unknown {
            file: file.into(),
            line: line_of(wrong),
            what,
            wrong: wrong.into(),
            near: near.unwrap_or_default().into(),
        }
    };
    let dims = |m: &str| measures.iter().find(|(id, _)| *id == m).map(|(_, d)| *d);
    for c in t.kpi.iter().chain(t.sheet.iter().flat_map(|s| &s.columns)) {
        if dims(&c.measure).is_none() {
            return Err(unknown(
                "measure",
                &c.measure,
                &mut measures.iter().map(|(id, _)| *id),
            ));
        }
    }
    for s in &t.sheet {
        for d in [&s.rows, &s.across].into_iter().filter(|d| !d.is_empty()) {
            for c in &s.columns {
                let known = dims(&c.measure).unwrap_or_default();
                if !known.contains(&d.as_str()) {
                    return Err(unknown("dimension", d, &mut known.iter().copied()));
                }
            }
        }
    }
    Ok(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURES: &[(&str, &[&str])] = &[("stock", &["upt", "sex"])];

    #[test]
    fn a_wrong_name_is_reported_with_its_line_and_the_nearest_right_one() {
        let text = "audience = \"kota\"\npopulation = \"maluku\"\ntitle = { id = \"x\", en = \"x\" }\n[[sheet]]\nname = { id = \"x\", en = \"x\" }\ntitle = { id = \"x\", en = \"x\" }\nrows = \"upd\"\ncolumns = [{ measure = \"stock\" }]\n";
        let e = parse("x".into(), "x.toml", text, MEASURES)
            .unwrap_err()
            .to_string();
        assert!(e.contains("line 7") && e.contains("`upt`"), "{e}");
        let e = parse(
            "x".into(),
            "x.toml",
            &text.replace("stock", "stok"),
            MEASURES,
        )
        .unwrap_err()
        .to_string();
        assert!(e.contains("line 8") && e.contains("`stock`"), "{e}");
    }
}
