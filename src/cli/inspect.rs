//! `reintegrasi inspect`: how a file is understood, sheet by sheet and column by column.

use super::{Global, Outcome, account, draft, say, terminal};
use crate::clean::Cleaner;
use crate::domain::FileId;
use crate::domain::account::SheetAccount;
use crate::domain::place::column_letters;
use crate::domain::raw::{Counted, FileReading, Point, RawCell};
use crate::domain::upt::UptRegistry;
use crate::ingest::{InboxFile, Reader, SourceMistake, Sources, nearest_fields};
use crate::locale;
use crate::report::rule_text;
use crate::run::read::{accounts, last_complete};
use crate::workspace::{Settings, Workspace};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// Files to look at
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Workspace whose settings (password, limits, units) and sources/*.toml apply; else the one the file lies in
    #[arg(long, value_name = "DIR")]
    workspace: Option<PathBuf>,
    /// Folder with sources/*.toml to apply instead of the workspace's
    #[arg(long, value_name = "DIR")]
    sources: Option<PathBuf>,
    /// Draft a help file for each file into this folder (sources/*.toml), to be edited by hand
    #[arg(long, value_name = "DIR")]
    write_source: Option<PathBuf>,
}

/// What is known about the file before it is opened.
struct Known {
    settings: Settings,
    units: UptRegistry,
    sources: Sources,
    mistakes: Vec<SourceMistake>,
    inbox: Option<PathBuf>,
}

impl Known {
    /// Of the workspace named, else of the one the file lies in, else what is built in.
    fn about(args: &InspectArgs, file: &Path) -> Result<Known, super::Failure> {
        let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        let holds_settings = |d: &&Path| d.join("reintegrasi.toml").is_file();
        let root = (args.workspace.as_deref()).or_else(|| whole.ancestors().find(holds_settings));
        let ws = root.map(Workspace::at);
        let settings = match &ws {
            Some(ws) => crate::run::read_settings(ws)?,
            None => Settings::default(),
        };
        let units = UptRegistry::maluku(&settings.units);
        let dir = args.sources.clone().or(ws.as_ref().map(Workspace::sources));
        let (sources, mistakes) = dir.map_or_else(Default::default, |d| Sources::load(&d, &units));
        Ok(Known {
            inbox: ws.and_then(|ws| std::path::absolute(ws.inbox()).ok()),
            settings,
            units,
            sources,
            mistakes,
        })
    }

    fn read(&self, path: &Path) -> FileReading {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let below = (self.inbox.as_ref()).and_then(|inbox| whole.strip_prefix(inbox).ok());
        let rel = below.unwrap_or(Path::new(path.file_name().unwrap_or_default()));
        let rel: Vec<_> = rel.iter().map(|p| p.to_string_lossy()).collect();
        let reader = Reader {
            units: &self.units,
            sources: &self.sources,
            limits: &self.settings.limits,
            agencies: &self.settings.agencies,
        };
        let file = InboxFile {
            path: path.to_owned(),
            rel: rel.join("/"),
        };
        reader.read(FileId(0), &file)
    }
}

pub(super) fn inspect(global: &Global, args: &InspectArgs) -> Outcome {
    let mut status = 0;
    for path in &args.files {
        let known = Known::about(args, path)?;
        let lang = global.lang.unwrap_or(known.settings.office.language);
        for m in &known.mistakes {
            println!("{}", m.message(lang));
            status = 2;
        }
        println!("{}", path.display());
        let reading = known.read(path);
        if reading.tables.is_empty() {
            println!(
                "  {}",
                say(
                    lang,
                    "inspect.nothing",
                    &[("file", &path.display().to_string())]
                )
            );
            status = status.max(1);
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
            if let Some(scope) = c.whole {
                let key = format!("inspect.whole.{}", scope.id());
                println!("  {}", say(lang, &key, &[]));
            }
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
                    let known = col.field.is_some() || col.point.is_some() || col.needless;
                    let guesses = if known {
                        String::new()
                    } else {
                        nearest_fields(&col.header, 3)
                            .iter()
                            .map(|f| f.id())
                            .collect::<Vec<_>>()
                            .join(", ")
                    };
                    let field = match (col.field, col.point) {
                        (Some(f), _) => f.id().to_owned(),
                        (None, Some(p)) => point(p),
                        (None, None) if col.needless => {
                            locale::text(lang, "account.not_needed").to_owned()
                        }
                        (None, None) => say(lang, "inspect.unknown", &[]),
                    };
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
        let cleaner = Cleaner {
            units: &known.units,
            settings: &known.settings,
            as_of: last_complete().last_day(),
        };
        let accounts = accounts(&cleaner, reading.clone());
        let sheet = |a: &SheetAccount| match reading.source.sheet(a.sheet) {
            "" => path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            name => name.to_owned(),
        };
        account::print(lang, accounts.iter().map(|a| (sheet(a), a)).collect());
        if let Some(dir) = &args.write_source {
            for written in draft::write(dir, path, &reading).map_err(super::Failure::fault)? {
                let at = written.display().to_string();
                println!("  {}", say(lang, "inspect.draft", &[("path", &at)]));
            }
        }
    }
    Ok(status)
}

/// A month, a day or a meeting that a column is of.
fn point(p: Point) -> String {
    match p {
        Point::Month(m, Counted::Sign) => m.to_string(),
        Point::Month(m, Counted::Due) => format!("{m} (reports_due)"),
        Point::Month(m, Counted::Met) => format!("{m} (reports_met)"),
        Point::Day(d) => d.to_string(),
        Point::Meeting(n) => n.to_string(),
    }
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
