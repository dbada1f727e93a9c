//! `reintegrasi docs`: the handbook inside the binary. Pages that list what the program declares are made from these
//! declarations; the others are files of `docs/`. A test holds the repository's `docs/` to what is printed here.

use super::{Failure, Global, Outcome, docs_lists, say};
use crate::domain::{Field, RecordKind};
use crate::locale::{self, Lang};
use crate::workspace::{ABOVE_TABLES, DEFAULT_TOML, Settings};
use crate::{clean, ingest, measure};
use clap::{Args, ValueEnum};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct DocsArgs {
    /// Page to print; without one the pages are listed
    #[arg(value_enum)]
    page: Option<Page>,
    /// Write every page in both languages into this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "page")]
    write: Option<PathBuf>,
}

/// A page of the handbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Page {
    /// What every figure means.
    Definitions,
    /// Every measure: question, numerator, denominator, breakdowns.
    Measures,
    /// Every key of reintegrasi.toml.
    Settings,
    /// Help with suppliers' files: what a column can mean.
    Sources,
    /// Reports of one's own.
    Templates,
    /// Every rule the input is held against.
    Rules,
    /// Every key of perjanjian.toml: what was agreed.
    Agreements,
    /// Ids of services, units and agencies.
    Codes,
    /// Papers, pocket page, data for dashboards.
    Papers,
    /// Backup and restore, and their rehearsal.
    Backup,
    /// Log lines and tables for other programs.
    Log,
}

impl Page {
    const ALL: [Page; 11] = [
        Page::Definitions,
        Page::Measures,
        Page::Settings,
        Page::Sources,
        Page::Templates,
        Page::Rules,
        Page::Agreements,
        Page::Codes,
        Page::Papers,
        Page::Backup,
        Page::Log,
    ];

    /// Name of its file in `docs/` (Indonesian) and `docs/en/`.
    const fn file(self) -> &'static str {
        match self {
            Page::Definitions => "definitions.md",
            Page::Measures => "measures.md",
            Page::Settings => "settings.md",
            Page::Sources => "sources.md",
            Page::Templates => "templates.md",
            Page::Rules => "rules.md",
            Page::Agreements => "agreements.md",
            Page::Codes => "codes.md",
            Page::Papers => "papers.md",
            Page::Backup => "backup.md",
            Page::Log => "log.md",
        }
    }

    fn text(self, lang: Lang) -> String {
        let written = |id: &str, en: &str| match lang {
            Lang::Id => id.to_owned(),
            Lang::En => en.to_owned(),
        };
        match self {
            Page::Definitions => written(
                include_str!("../../docs/definitions.md"),
                include_str!("../../docs/en/definitions.md"),
            ),
            Page::Templates => written(
                include_str!("../../docs/templates.md"),
                include_str!("../../docs/en/templates.md"),
            ),
            Page::Measures => measures(lang),
            Page::Settings => settings(lang),
            Page::Sources => sources(lang),
            Page::Rules => rules(lang),
            Page::Agreements => docs_lists::agreements(lang),
            Page::Codes => docs_lists::codes(lang),
            Page::Papers => written(
                include_str!("../../docs/papers.md"),
                include_str!("../../docs/en/papers.md"),
            ),
            Page::Backup => written(
                include_str!("../../docs/backup.md"),
                include_str!("../../docs/en/backup.md"),
            ),
            Page::Log => written(
                include_str!("../../docs/log.md"),
                include_str!("../../docs/en/log.md"),
            ),
        }
    }
}

pub(super) fn docs(global: &Global, args: &DocsArgs) -> Outcome {
    let lang = global.lang();
    if let Some(dir) = &args.write {
        write(dir).map_err(|(path, e)| Failure::fault(format!("{}: {e}", path.display())))?;
        return Ok(0);
    }
    match args.page {
        Some(page) => print!("{}", page.text(lang)),
        None => {
            for page in Page::ALL {
                let name = page.file().trim_end_matches(".md");
                println!(
                    "{name:<12} {}",
                    say(lang, &format!("docs.page.{name}"), &[])
                );
            }
        }
    }
    Ok(0)
}

fn write(dir: &Path) -> Result<(), (PathBuf, std::io::Error)> {
    for (lang, dir) in [(Lang::Id, dir.to_owned()), (Lang::En, dir.join("en"))] {
        std::fs::create_dir_all(&dir).map_err(|e| (dir.clone(), e))?;
        for page in Page::ALL {
            let path = dir.join(page.file());
            std::fs::write(&path, page.text(lang)).map_err(|e| (path.clone(), e))?;
        }
    }
    Ok(())
}

/// Title and opening words of a page that is made from declarations.
pub(super) fn opening(lang: Lang, page: &str) -> String {
    let title = say(lang, &format!("docs.page.{page}"), &[]);
    let intro = say(lang, &format!("docs.intro.{page}"), &[]);
    format!("# {title}\n\n{}\n", intro.trim_end())
}

/// A table in Markdown; the cells may hold anything.
pub(super) fn table(out: &mut String, header: &[String], rows: &[Vec<String>]) {
    let line = |cells: &[String]| {
        let cells: Vec<String> = (cells.iter())
            .map(|c| c.replace('|', "\\|").replace('\n', " "))
            .collect();
        format!("| {} |\n", cells.join(" | "))
    };
    out.push('\n');
    out.push_str(&line(header));
    out.push_str(&line(&vec!["---".to_owned(); header.len()]));
    rows.iter().for_each(|r| out.push_str(&line(r)));
}

pub(super) fn headings<const N: usize>(lang: Lang, keys: [&str; N]) -> Vec<String> {
    keys.map(|k| say(lang, &format!("docs.head.{k}"), &[]))
        .to_vec()
}

fn measures(lang: Lang) -> String {
    let mut out = opening(lang, "measures");
    let overview: Vec<Vec<String>> = (measure::MEASURES.iter())
        .map(|m| {
            let d = m.described(lang);
            vec![format!("[`{0}`](#{0})", m.id), d.title, d.unit]
        })
        .collect();
    table(
        &mut out,
        &headings(lang, ["id", "title", "unit"]),
        &overview,
    );
    for m in measure::MEASURES {
        let d = m.described(lang);
        let _ = write!(out, "\n## {}\n\n**{}**\n", m.id, d.title);
        for (key, text) in d.fields() {
            let name = locale::format(lang, &format!("measure_field.name.{key}"), &[]);
            let _ = write!(out, "\n* {name}: {text}");
        }
        let dims: Vec<String> = (m.dims.iter())
            .map(|id| {
                let title = locale::format(lang, &format!("dimension.{id}"), &[]);
                format!("`{id}` ({title})")
            })
            .collect();
        if !dims.is_empty() {
            let name = locale::text(lang, "measure_field.name.breakdowns");
            let _ = write!(out, "\n* {name}: {}", dims.join(", "));
        }
        out.push('\n');
    }
    out
}

/// The settings by section: key, default, meaning.
fn settings(lang: Lang) -> String {
    let mut out = opening(lang, "settings");
    for (section, keys) in declared() {
        let head = match section.as_str() {
            list if ENTRIES.iter().any(|(name, _)| *name == list) => format!("[[{list}]]"),
            list if ABOVE_TABLES.contains(&list) => format!("{list} = […]"),
            table => format!("[{table}]"),
        };
        let about = about_key(lang, &section, "_");
        let _ = write!(out, "\n## {head}\n\n{about}\n");
        let rows: Vec<Vec<String>> = (keys.iter())
            .map(|(key, value)| {
                vec![
                    format!("`{key}`"),
                    if value.is_empty() {
                        String::new()
                    } else {
                        format!("`{value}`")
                    },
                    about_key(lang, &section, key),
                ]
            })
            .collect();
        if !rows.is_empty() {
            table(
                &mut out,
                &headings(lang, ["key", "default", "meaning"]),
                &rows,
            );
        }
    }
    let _ = write!(
        out,
        "\n## {}\n\n```toml\n{}```\n",
        say(lang, "docs.head.default_file", &[]),
        DEFAULT_TOML
    );
    out
}

fn about_key(lang: Lang, section: &str, key: &str) -> String {
    let path = match key {
        "_" => format!("settings.key.{section}"),
        key => format!("settings.key.{section}.{key}"),
    };
    locale::text(lang, &path).to_owned()
}

/// What an entry of a list holds: (list, its keys).
const ENTRIES: [(&str, &[&str]); 4] = [
    ("capacities", &["unit", "from", "places", "source"]),
    ("suppliers", &["id", "required", "cutoff", "due_day"]),
    ("disclosure.merge", &["dimension", "categories", "into"]),
    (
        "units",
        &[
            "id", "name", "kind", "class", "place", "capacity", "aliases",
        ],
    ),
];

/// Sections with their keys and defaults, as the program has them.
fn declared() -> Vec<(String, Vec<(String, String)>)> {
    let all = toml::Table::try_from(Settings::default()).unwrap_or_default();
    let mut sections: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for (section, value) in &all {
        let keys = match value {
            toml::Value::Table(t) => t.iter().map(|(k, v)| (k.clone(), v.to_string())).collect(),
            _ => Vec::new(),
        };
        sections.push((section.clone(), keys));
    }
    for (list, keys) in ENTRIES {
        let keys = keys
            .iter()
            .map(|k| ((*k).to_owned(), String::new()))
            .collect();
        sections.retain(|(s, _)| s != list);
        sections.push((list.to_owned(), keys));
    }
    sections
}

fn sources(lang: Lang) -> String {
    let mut out = opening(lang, "sources");
    let _ = write!(out, "\n```toml\n{}```\n", include_str!("init/sources.toml"));
    let _ = write!(out, "\n## {}\n", say(lang, "docs.head.kinds", &[]));
    let kinds: Vec<Vec<String>> = (RecordKind::ALL.iter())
        .map(|k| {
            let meaning = locale::format(lang, &format!("category.record_kind.{}", k.id()), &[]);
            vec![format!("`{}`", k.id()), meaning]
        })
        .collect();
    table(&mut out, &headings(lang, ["kind", "meaning"]), &kinds);
    let _ = write!(out, "\n## {}\n", say(lang, "docs.head.fields", &[]));
    let fields: Vec<Vec<String>> = (Field::ALL.iter())
        .map(|f| {
            vec![
                format!("`{}`", f.id()),
                ingest::headers_of(*f, 6).join(", "),
            ]
        })
        .collect();
    table(&mut out, &headings(lang, ["field", "headers"]), &fields);
    out
}

fn rules(lang: Lang) -> String {
    let mut out = opening(lang, "rules");
    let all = (ingest::RULES.iter().map(|r| (r.id, r.severity)))
        .chain(clean::RULES.iter().map(|r| (r.id, r.severity)));
    let rows: Vec<Vec<String>> = all
        .map(|(id, severity)| {
            let severity = format!("category.severity.{}", severity.id());
            vec![
                format!("`{id}`"),
                locale::text(lang, &severity).to_owned(),
                locale::text(lang, &format!("rule.{id}")).to_owned(),
                locale::text(lang, &format!("rule.{id}.fix")).to_owned(),
            ]
        })
        .collect();
    table(
        &mut out,
        &headings(lang, ["rule", "severity", "meaning", "fix"]),
        &rows,
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `cargo run -- docs --write docs` makes them anew.
    #[test]
    fn the_pages_in_the_repository_are_those_the_program_prints() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        for (lang, dir) in [(Lang::Id, docs.clone()), (Lang::En, docs.join("en"))] {
            for page in Page::ALL {
                let path = dir.join(page.file());
                let stands = std::fs::read_to_string(&path).unwrap_or_default();
                let fresh = stands == page.text(lang);
                assert!(
                    fresh,
                    "{} is not fresh: cargo run -- docs --write docs",
                    path.display()
                );
            }
        }
    }

    #[test]
    fn every_setting_is_explained_in_both_languages() {
        for lang in [Lang::Id, Lang::En] {
            let mut missing = Vec::new();
            for (section, keys) in declared() {
                let keys = keys.iter().map(|(k, _)| k.as_str()).chain(["_"]);
                missing.extend(
                    keys.filter(|k| about_key(lang, &section, k).starts_with("settings.key."))
                        .map(|k| format!("{section}.{k}")),
                );
            }
            assert!(missing.is_empty(), "{lang:?}: {missing:#?}");
        }
    }

    #[test]
    fn every_field_has_a_header_and_every_kind_a_meaning() {
        for page in [Page::Sources, Page::Rules, Page::Measures, Page::Settings] {
            let text = page.text(Lang::Id);
            for key in ["category.record_kind.", "rule.", "docs.", "measure_field."] {
                let raw = text.lines().find(|l| l.contains(&format!("| {key}")));
                assert!(raw.is_none(), "a key instead of its text: {raw:?}");
            }
        }
    }
}
