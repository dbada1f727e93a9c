//! Where templates come from: compiled in, from the workspace, and one more file.

use super::{Column, PageTemplate, Template, check};
use crate::domain::change::ChangeOf;
use crate::domain::figure::{Figure, Request};
use crate::domain::{Dimension, Population, Text};
use crate::locale::{self, Lang};
use crate::workspace::{Agreements, TomlMistake, files_with_extension};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// All templates of a run.
#[derive(Debug, Clone)]
pub struct Templates {
    all: Vec<Template>,
    /// The page for leadership, and those of audiences that have one of their own: `ringkasan-kanwil`.
    page: PageTemplate,
    own: BTreeMap<String, PageTemplate>,
    /// What the sheet of agreements tells beside what the templates ask: measures of goals and priorities.
    told: Vec<Column>,
}

/// A template is wrong.
#[derive(Debug)]
pub enum TemplateError {
    /// It cannot be read.
    Unread {
        /// File or folder.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A link to somewhere outside the folder of templates.
    Outside {
        /// File.
        file: String,
    },
    /// Not valid TOML, or not that of a template.
    Parse {
        /// File.
        file: String,
        /// What is wrong, and where.
        mistake: Box<TomlMistake>,
    },
    /// Unknown measure, breakdown, category or placeholder.
    Unknown {
        /// File.
        file: String,
        /// One-based line.
        line: usize,
        /// What it would name.
        what: NameOf,
        /// As written.
        wrong: String,
        /// The nearest valid name; empty when none is near.
        near: String,
        /// All valid names.
        valid: Vec<String>,
    },
    /// Valid names that make no table.
    Sense {
        /// File.
        file: String,
        /// One-based line.
        line: usize,
        /// What is wrong.
        what: Nonsense,
    },
}

/// What a name in a template names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameOf {
    /// Whose report it is.
    Audience,
    /// A measure.
    Measure,
    /// A breakdown.
    Dimension,
    /// A hole of a sentence.
    Placeholder,
    /// A tab.
    Sheet,
    /// A measure among the template's indicators.
    Indicator,
    /// A chapter or section of the paper.
    Chapter,
}

impl NameOf {
    const fn id(self) -> &'static str {
        match self {
            NameOf::Audience => "audience",
            NameOf::Measure => "measure",
            NameOf::Dimension => "dimension",
            NameOf::Placeholder => "placeholder",
            NameOf::Sheet => "sheet",
            NameOf::Indicator => "indicator",
            NameOf::Chapter => "chapter",
        }
    }
}

/// Why valid names make no table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nonsense {
    /// More than two breakdowns of this measure.
    Breakdowns(String),
    /// A sheet without a measure.
    NoMeasure,
    /// A chart that a sheet does not have: its tab, and how many it has.
    NoChart(String, usize),
}

/// Most names that are listed after a wrong one.
const MOST_NAMES: usize = 16;

impl TemplateError {
    /// File, line, what is wrong and what would be right, in a language.
    pub fn message(&self, lang: Lang) -> String {
        let say = |key: &str, args: &[(&str, &str)]| {
            locale::format(lang, &format!("report.template.{key}"), args)
        };
        match self {
            TemplateError::Unread { file, source } => {
                format!("{file}: {}", locale::system_reason(lang, source))
            }
            TemplateError::Outside { file } => say("outside", &[("file", file)]),
            TemplateError::Parse { file, mistake } => {
                format!("{file}: {}", mistake.message(lang))
            }
            TemplateError::Unknown {
                file,
                line,
                what,
                wrong,
                near,
                valid,
            } => {
                let what = say(&format!("name_of.{}", what.id()), &[]);
                let line = line.to_string();
                let args = [
                    ("file", file.as_str()),
                    ("line", &line),
                    ("what", &what),
                    ("wrong", wrong),
                ];
                let mut text = say("unknown", &args);
                if !near.is_empty() {
                    text += &say("near", &[("near", near)]);
                } else if !valid.is_empty() && valid.len() <= MOST_NAMES {
                    text += &say("valid", &[("valid", &valid.join(", "))]);
                }
                text
            }
            TemplateError::Sense { file, line, what } => {
                let reason = match what {
                    Nonsense::Breakdowns(measure) => say("breakdowns", &[("measure", measure)]),
                    Nonsense::NoMeasure => say("no_measure", &[]),
                    Nonsense::NoChart(sheet, charts) => {
                        let charts = charts.to_string();
                        say("no_chart", &[("sheet", sheet), ("charts", &charts)])
                    }
                };
                let line = line.to_string();
                let args = [
                    ("file", file.as_str()),
                    ("line", &line),
                    ("reason", &reason),
                ];
                say("sense", &args)
            }
        }
    }
}

impl std::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for TemplateError {}

const BUILT_IN: [(&str, &str); 3] = [
    ("kota", include_str!("../../../report-templates/kota.toml")),
    (
        "kanwil",
        include_str!("../../../report-templates/kanwil.toml"),
    ),
    (
        "publik",
        include_str!("../../../report-templates/publik.toml"),
    ),
];
const PAGES: [(&str, &str); 2] = [
    (
        "ringkasan",
        include_str!("../../../report-templates/ringkasan.toml"),
    ),
    (
        "ringkasan-kanwil",
        include_str!("../../../report-templates/ringkasan-kanwil.toml"),
    ),
];

impl Templates {
    /// File name and text of what is compiled in, for an office that wants to change it.
    pub fn built_in() -> impl Iterator<Item = (String, &'static str)> {
        let all = BUILT_IN.into_iter().chain(PAGES);
        all.map(|(name, text)| (format!("{name}.toml"), text))
    }

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
        let mut pages: Vec<(String, String, String)> = (PAGES.iter())
            .map(|(n, t)| ((*n).into(), format!("{n}.toml"), (*t).into()))
            .collect();
        let mut paths = match dir {
            Some(d) => files_with_extension(d, "toml").map_err(|source| TemplateError::Unread {
                file: d.display().to_string(),
                source,
            })?,
            None => Vec::new(),
        };
        // A link could show any file of this machine in the message about what is wrong with it.
        let inside = |p: &std::path::PathBuf| {
            let root = dir.and_then(|d| d.canonicalize().ok());
            (p.canonicalize().ok().zip(root)).is_some_and(|(p, root)| p.starts_with(root))
        };
        if let Some(p) = paths.iter().find(|p| !inside(p)) {
            return Err(TemplateError::Outside {
                file: p.display().to_string(),
            });
        }
        paths.extend(extra.map(Path::to_owned));
        for p in paths {
            let file = p.display().to_string();
            let text = std::fs::read_to_string(&p).map_err(|source| TemplateError::Unread {
                file: file.clone(),
                source,
            })?;
            let name = p
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if name == "ringkasan" || name.starts_with("ringkasan-") {
                pages.retain(|(n, ..)| *n != name);
                // An office's own page takes the place of all that are built in.
                if name == "ringkasan" {
                    pages.retain(|(_, file, _)| file.contains(std::path::MAIN_SEPARATOR));
                }
                pages.push((name, file, text));
                continue;
            }
            files.retain(|(n, ..)| *n != name);
            files.push((name, file, text));
        }
        let all = files
            .into_iter()
            .map(|(name, file, text)| check::template(name, &file, &text, measures))
            .collect::<Result<_, _>>()?;
        let mut page = check::page("ringkasan.toml", PAGES[0].1, measures)?;
        let mut own = BTreeMap::new();
        for (name, file, text) in pages {
            let checked = check::page(&file, &text, measures)?;
            if name == PAGES[0].0 {
                page = checked;
            } else {
                own.insert(name, checked);
            }
        }
        Ok(Templates {
            all,
            page,
            own,
            told: Vec::new(),
        })
    }

    /// The same with what was agreed: the measures of goals and priorities are asked for in the reports that tell of them.
    pub fn with_agreements(mut self, agreements: &Agreements) -> Templates {
        let goals = agreements.agreement.iter().flat_map(|a| &a.goal);
        let goals = goals.map(|g| (&g.measure, g.window));
        let goals = goals.map(|(measure, window)| Column {
            measure: measure.clone(),
            window,
            ..Column::default()
        });
        let of_priority = agreements.priority.iter().flat_map(|p| &p.measures);
        // A breakdown that a measure has not cannot be asked for.
        let has = |c: &Column| {
            let of = |d: &String| self.all.iter().any(|t| t.has(&c.measure, d));
            c.at.keys().all(of)
        };
        let of_priority = of_priority.flat_map(|m| measured_of(m)).filter(has);
        let told = goals.chain(of_priority).collect();
        self.told = told;
        self
    }

    /// The reports, in order.
    pub fn workbooks(&self) -> impl Iterator<Item = &Template> {
        self.all.iter()
    }

    /// Whether a figure is a key figure of a report: what leaders read first.
    pub fn is_key_figure(&self, f: &Figure) -> bool {
        self.all.iter().any(|t| {
            let mut shown = t
                .kpi
                .iter()
                .map(|k| (&k.measure, k.window, &k.definition, &k.at));
            t.population == f.population
                && shown.any(|(measure, window, definition, at)| {
                    f.measure == measure.as_str()
                        && f.places().count() == at.len()
                        && f.places()
                            .all(|(d, c)| at.get(d.id()).is_some_and(|k| c == k.as_str()))
                        && window.is_none_or(|w| f.window_months == Some(w))
                        && definition
                            .as_ref()
                            .is_none_or(|d| f.definition == d.as_str())
                })
        })
    }

    /// The one page for leadership of an audience.
    pub fn page(&self, audience: &str) -> &PageTemplate {
        let own = self.own.get(&format!("ringkasan-{audience}"));
        own.unwrap_or(&self.page)
    }

    /// Everything the templates and the page of an audience need; of all audiences when `None`.
    pub fn requests(&self, audience: Option<&str>) -> Vec<Request> {
        let mut out = Vec::new();
        for t in self
            .all
            .iter()
            .filter(|t| audience.is_none_or(|a| t.audience == a))
        {
            out.extend(t.requests());
            if tells_agreements(&t.audience) {
                out.extend(self.told.iter().map(|c| ask(c, t.population, &[])));
            }
            // The public gets no page for leadership.
            if t.name == t.audience && t.audience != "publik" {
                let page = self.page(&t.audience);
                out.extend(page.requests(t.population));
            }
        }
        let more: Vec<Request> = out.iter().flat_map(beside).collect();
        out.extend(more);
        out.sort();
        out.dedup();
        out
    }
}

/// The rows of a table: a dimension and the measures that stand by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableBlock {
    /// Whose figures.
    pub population: Population,
    /// The dimension.
    pub dimension: Dimension,
    /// The measures.
    pub measures: BTreeSet<Text>,
}

impl Templates {
    /// Every block of rows on the sheets and the page of an audience.
    pub fn blocks(&self, audience: &str) -> Vec<TableBlock> {
        let mut out = Vec::new();
        for t in self.all.iter().filter(|t| t.audience == audience) {
            let mut put = |population, d: &str, measures: BTreeSet<Text>| {
                let dimension = Dimension::from_id(d).filter(|_| !measures.is_empty());
                out.extend(dimension.map(|dimension| TableBlock {
                    population,
                    dimension,
                    measures,
                }));
            };
            for s in &t.sheet {
                let p = s.population.unwrap_or(t.population);
                for d in &s.rows {
                    let mine = s.columns.iter().filter(|c| t.has(&c.measure, d));
                    put(p, d, mine.map(|c| c.measure.as_str().into()).collect());
                }
                for l in &s.lines {
                    put(p, &l.rows, [l.measure.as_str().into()].into());
                }
            }
            if t.name == t.audience && t.audience != "publik" {
                for c in &self.page(&t.audience).chart {
                    put(t.population, &c.rows, [c.measure.as_str().into()].into());
                }
            }
        }
        out
    }
}

/// What is told of a measure of a priority: its total, or where there is none, how things stand after half a year.
pub fn measured_of(measure: &str) -> [Column; 2] {
    let total = Column {
        measure: measure.into(),
        ..Column::default()
    };
    let half_a_year = Column {
        at: [(Dimension::Horizon.id().to_owned(), "6m".to_owned())].into(),
        ..total.clone()
    };
    [total, half_a_year]
}

/// Whether the reports of an audience tell of agreements: who signed what is the offices' own affair.
pub fn tells_agreements(audience: &str) -> bool {
    audience != "publik"
}

/// What is asked for with a request: the numbers that a change lies between, without which nobody could judge whether it may
/// be shown; pace and forecast of what was promised, which the sheet of agreements tells.
fn beside(r: &Request) -> Vec<Request> {
    let other = |measure: &'static str, by: Vec<Dimension>| Request {
        measure: Text::const_new(measure),
        by,
        windows: Vec::new(),
        ..r.clone()
    };
    let change = ChangeOf::ALL.iter().find(|x| r.measure == x.parts());
    match (change, r.measure.as_str()) {
        (Some(x), _) => vec![Request {
            windows: if x.is_share() { vec![12] } else { Vec::new() },
            ..other(x.measure(), Vec::new())
        }],
        (None, "pks_realisation") if r.by.contains(&Dimension::Opd) => ["pks_pace", "pks_forecast"]
            .map(|m| other(m, vec![Dimension::Opd]))
            .into(),
        _ => Vec::new(),
    }
}

fn ask(c: &Column, p: Population, by: &[&str]) -> Request {
    let mut by: Vec<Dimension> = by
        .iter()
        .copied()
        .chain(c.at.keys().map(String::as_str))
        .filter_map(Dimension::from_id)
        .collect();
    by.dedup();
    Request {
        measure: c.measure.as_str().into(),
        population: p,
        by,
        windows: c.window.into_iter().collect(),
    }
}

impl Template {
    fn requests(&self) -> Vec<Request> {
        let p = self.population;
        let mut out: Vec<Request> = Vec::new();
        for k in &self.kpi {
            out.push(ask(&k.column(), p, &[]));
            out.extend(k.cumulative.iter().chain(&k.known).map(|c| ask(c, p, &[])));
            let change = Column {
                measure: k.change.clone(),
                ..Column::default()
            };
            out.extend((!k.change.is_empty()).then(|| ask(&change, p, &[])));
        }
        let told = self.paper.iter().flat_map(|x| x.columns());
        out.extend(told.map(|c| ask(&c, p, &[])));
        for s in &self.sheet {
            let p = s.population.unwrap_or(p);
            for c in &s.columns {
                let across = c.across.as_deref().unwrap_or(&s.across);
                let rows: Vec<&str> = s.rows.iter().map(String::as_str).collect();
                for d in if rows.is_empty() { vec![""] } else { rows } {
                    // A measure without one of several row dimensions leaves those rows empty.
                    if s.rows.len() < 2 || self.has(&c.measure, d) {
                        out.push(ask(c, p, &[d, across]));
                    }
                }
            }
            for l in &s.lines {
                out.push(ask(&l.column(), p, &[&l.rows, &s.across]));
            }
        }
        out
    }
}

impl PageTemplate {
    fn requests(&self, p: Population) -> Vec<Request> {
        let of = |measure: &str, window: Option<u16>, rows: &str| {
            let c = Column {
                measure: measure.into(),
                window,
                ..Column::default()
            };
            ask(&c, p, &[rows])
        };
        let numbers = self.number.iter().map(|n| of(&n.measure, n.window, ""));
        let readings = self.reading.iter().flat_map(|r| {
            let change = (!r.change.is_empty()).then(|| of(&r.change, None, ""));
            [Some(of(&r.measure, r.window, "")), change]
                .into_iter()
                .flatten()
        });
        let charts = self.chart.iter().map(|c| of(&c.measure, c.window, &c.rows));
        let decision = of(&self.decision.measure, None, &self.decision.rows);
        let caveat = self.caveat.iter().map(|x| Request {
            population: x.population.unwrap_or(p),
            ..of(&x.measure, None, "")
        });
        numbers
            .chain(readings)
            .chain(charts)
            .chain([decision])
            .chain(caveat)
            .collect()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_template_that_is_a_link_to_elsewhere_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let secret = dir.path().join("secret.toml");
        std::fs::write(&secret, "password = rahasia").unwrap();
        let templates = dir.path().join("ws/report-templates");
        std::fs::create_dir_all(&templates).unwrap();
        for target in [secret.as_path(), Path::new("../../secret.toml")] {
            let link = templates.join("kota.toml");
            std::os::unix::fs::symlink(target, &link).unwrap();
            let e = Templates::load(Some(&templates), None, &[]).unwrap_err();
            assert!(
                e.to_string().contains("link") && !e.to_string().contains("rahasia"),
                "{e}"
            );
            std::fs::remove_file(link).unwrap();
        }
    }
}
