//! `reintegrasi inspect`: how a file is understood, sheet by sheet and column by column.

use super::{Global, Outcome, draft, say, terminal};
use crate::domain::place::column_letters;
use crate::domain::raw::RawCell;
use crate::domain::upt::UptRegistry;
use crate::ingest::{Sources, nearest_fields, read_alone};
use crate::report::rule_text;
use crate::workspace::Limits;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// Files to look at
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder with sources/*.toml to apply
    #[arg(long)]
    sources: Option<PathBuf>,
    /// Draft a help file for each file into this folder (sources/*.toml), to be edited by hand
    #[arg(long, value_name = "DIR")]
    write_source: Option<PathBuf>,
}

pub(super) fn inspect(global: &Global, args: &InspectArgs) -> Outcome {
    let lang = global.lang();
    let units = UptRegistry::maluku(&[]);
    let sources = args
        .sources
        .as_ref()
        .map_or_else(Sources::default, |d| Sources::load(d, &units).0);
    let limits = Limits::default();
    let mut status = 0;
    for path in &args.files {
        let rel = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        println!("{}", path.display());
        let reading = read_alone(path, &rel, &sources, &limits);
        if reading.tables.is_empty() {
            println!(
                "  {}",
                say(
                    lang,
                    "inspect.nothing",
                    &[("file", &path.display().to_string())]
                )
            );
            status = 1;
        }
        for t in &reading.tables {
            let sheet = reading.source.sheet(t.sheet);
            let header = if t.header.0 == t.header.1 {
                (t.header.0 + 1).to_string()
            } else {
                format!("{}–{}", t.header.0 + 1, t.header.1 + 1)
            };
            let rows = t.rows.len().to_string();
            println!(
                "  {}",
                say(
                    lang,
                    "inspect.sheet",
                    &[
                        ("sheet", sheet),
                        ("kind", t.kind.id()),
                        ("header", &header),
                        ("rows", &rows)
                    ]
                )
            );
            let c = &t.context;
            let known = [
                c.upt.clone(),
                c.bapas.clone(),
                c.opd.clone(),
                c.month.map(|m| m.to_string()),
            ];
            let known: Vec<String> = known.into_iter().flatten().collect();
            println!(
                "  {}",
                say(lang, "inspect.context", &[("context", &known.join(", "))])
            );
            let rows: Vec<Vec<String>> = t
                .columns
                .iter()
                .enumerate()
                .map(|(i, col)| {
                    let samples: Vec<String> = t
                        .rows
                        .iter()
                        .filter_map(|r| shown(&r.cells[i]))
                        .take(3)
                        .collect();
                    let guesses = if col.field.is_some() {
                        String::new()
                    } else {
                        nearest_fields(&col.header, 3)
                            .iter()
                            .map(|f| f.id())
                            .collect::<Vec<_>>()
                            .join(", ")
                    };
                    let field = col
                        .field
                        .map_or_else(|| say(lang, "inspect.unknown", &[]), |f| f.id().to_owned());
                    vec![
                        column_letters(col.col),
                        col.header.to_string(),
                        field,
                        format!("{:.2}", col.confidence),
                        samples.join(" | "),
                        guesses,
                    ]
                })
                .collect();
            let head = [
                "column",
                "header",
                "field",
                "confidence",
                "samples",
                "guesses",
            ]
            .map(|k| say(lang, &format!("inspect.{k}"), &[]));
            println!(
                "{}",
                terminal::table(&head.each_ref().map(String::as_str), &rows, &[])
            );
        }
        for i in reading
            .issues
            .iter()
            .filter(|i| i.rule != "ingest.column_unknown")
        {
            println!("  {}", rule_text(lang, i));
        }
        if let Some(dir) = &args.write_source {
            for written in draft::write(dir, path, &reading).map_err(super::Failure::fault)? {
                let at = written.display().to_string();
                println!("  {}", say(lang, "inspect.draft", &[("path", &at)]));
            }
        }
    }
    Ok(status)
}

fn shown(c: &RawCell) -> Option<String> {
    match c {
        RawCell::Empty => None,
        RawCell::Text(t) => Some(t.to_string()),
        RawCell::Number(n) => Some(n.to_string()),
        RawCell::Date(n) => {
            crate::clean::date::serial(*n).map(|d| d.format("%d-%m-%Y").to_string())
        }
        RawCell::Bool(b) => Some(b.to_string()),
        RawCell::Error(e) => Some(e.to_string()),
    }
}
