//! `reintegrasi inspect`: how files are understood: one sheet by sheet and column by column, several in one overview.

use super::inspect_overview::{self as overview, Seen};
use super::listing::{Format, FormatArg, Listing, print_json};
use super::{Failure, Global, Outcome, account, draft, say};
use crate::clean::Cleaner;
use crate::domain::FileId;
use crate::domain::account::SheetAccount;
use crate::domain::place::column_letters;
use crate::domain::raw::{Counted, FileReading, Point, RawCell, RawTable};
use crate::domain::upt::UptRegistry;
use crate::ingest::{InboxFile, Reader, SourceMistake, Sources, list_inbox, nearest_fields};
use crate::locale::{self, Lang};
use crate::report::rule_text;
use crate::run::RunError;
use crate::run::read::{accounts, last_complete};
use crate::workspace::{Settings, Workspace};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// Files to look at, or folders with files; of several an overview is drawn
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
    /// Write the overview and every column as a page into this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Show every file column by column, also when there are several
    #[arg(long)]
    columns: bool,
    #[command(flatten)]
    form: FormatArg,
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
    fn about(args: &InspectArgs, file: &Path) -> Result<Known, Failure> {
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

    fn accounts(&self, reading: &FileReading) -> Vec<SheetAccount> {
        let cleaner = Cleaner {
            units: &self.units,
            settings: &self.settings,
            as_of: last_complete().last_day(),
        };
        accounts(&cleaner, reading.clone())
    }
}

/// The files named, and those of the folders named: path, and the name it is told by.
fn files(args: &InspectArgs) -> Result<Vec<PathBuf>, Failure> {
    let mut out = Vec::new();
    for path in &args.files {
        if path.is_dir() {
            let (files, _) = list_inbox(path).map_err(RunError::stage("ingest"))?;
            out.extend(files.into_iter().map(|f| f.path));
        } else {
            out.push(path.clone());
        }
    }
    Ok(out)
}

pub(super) fn inspect(global: &Global, args: &InspectArgs) -> Outcome {
    let paths = files(args)?;
    for path in &paths {
        std::fs::metadata(path).map_err(|e| {
            let reason = locale::system_reason(global.lang(), &e);
            Failure::usage(format!("{}: {reason}", path.display()))
        })?;
    }
    let format = args.form.format;
    let as_overview = !args.columns && (paths.len() != 1 || args.html.is_some());
    let mut lang = global.lang();
    let mut status = 0;
    let mut seen: Vec<Seen> = Vec::new();
    let mut columns = columns_listing(lang);
    let mut whole: Vec<Value> = Vec::new();
    for path in &paths {
        let known = Known::about(args, path)?;
        lang = global.lang.unwrap_or(known.settings.office.language);
        for m in &known.mistakes {
            eprintln!("{}", m.message(lang));
            status = 2;
        }
        let reading = known.read(path);
        let accounts = known.accounts(&reading);
        if reading.tables.is_empty() {
            status = status.max(1);
        }
        let file = Seen::of(lang, path, &reading, &accounts);
        match format {
            Format::Table if as_overview => {}
            Format::Table => print(lang, path, &reading, &accounts),
            Format::Csv => push_columns(lang, &mut columns, path, &reading),
            Format::Json => {
                let mut of = columns_listing(lang);
                push_columns(lang, &mut of, path, &reading);
                let mut object = file.json();
                object["columns"] = of.json();
                object["findings"] = findings(lang, &reading).collect();
                object["sheets"] = account::listing(lang, &named(path, &reading, &accounts)).json();
                whole.push(object);
            }
        }
        if let Some(dir) = &args.write_source {
            for written in draft::write(dir, path, &reading)? {
                let at = written.display().to_string();
                eprintln!("  {}", say(lang, "inspect.draft", &[("path", &at)]));
            }
        }
        seen.push(file);
    }
    match format {
        Format::Table if as_overview => overview::print(lang, &seen),
        Format::Table => {}
        Format::Csv if as_overview => println!("{}", overview::listing(lang, &seen).csv()),
        Format::Csv => println!("{}", columns.csv()),
        Format::Json => print_json(&json!(whole)),
    }
    if let Some(path) = &args.html {
        std::fs::write(path, overview::page(lang, &seen)).map_err(RunError::io("write", path))?;
        if format == Format::Table {
            let at = path.display().to_string();
            println!("{}", say(lang, "inspect.page", &[("path", &at)]));
        }
    }
    Ok(status)
}

/// Every column of a file as lines for programs; no value of a cell.
fn columns_listing(lang: Lang) -> Listing {
    let columns = [
        "path",
        "sheet",
        "kind",
        "header_row",
        "column",
        "header",
        "field",
        "confidence",
    ];
    Listing::new(lang, "inspect", &columns)
}

fn push_columns(lang: Lang, out: &mut Listing, path: &Path, reading: &FileReading) {
    for t in &reading.tables {
        for c in &t.columns {
            out.push(vec![
                path.display().to_string().into(),
                reading.source.sheet(t.sheet).into(),
                t.kind.id().into(),
                (t.header.0 + 1).into(),
                column_letters(c.col).into(),
                c.header.as_str().into(),
                meaning(lang, c.field.map(|f| f.id()), c.point, c.needless).into(),
                json!((f64::from(c.confidence) * 100.0).round() / 100.0),
            ]);
        }
    }
}

/// What a column means: a field, a point of a run of columns, known and not needed, or unknown.
pub(super) fn meaning(
    lang: Lang,
    field: Option<&str>,
    of_run: Option<Point>,
    needless: bool,
) -> String {
    match (field, of_run) {
        (Some(f), _) => f.to_owned(),
        (None, Some(p)) => point(p),
        (None, None) if needless => locale::text(lang, "account.not_needed").to_owned(),
        (None, None) => say(lang, "inspect.unknown", &[]),
    }
}

fn findings(lang: Lang, reading: &FileReading) -> impl Iterator<Item = String> {
    let said = reading.issues.iter();
    said.filter(|i| i.rule != "ingest.column_unknown")
        .map(move |i| rule_text(lang, i))
}

fn named<'a>(
    path: &Path,
    reading: &FileReading,
    accounts: &'a [SheetAccount],
) -> Vec<(String, &'a SheetAccount)> {
    let sheet = |a: &SheetAccount| match reading.source.sheet(a.sheet) {
        "" => (path.file_name().unwrap_or_default().to_string_lossy()).into_owned(),
        name => name.to_owned(),
    };
    accounts.iter().map(|a| (sheet(a), a)).collect()
}

/// One file: its tables column by column, what was found, and the account of its cells.
fn print(lang: Lang, path: &Path, reading: &FileReading, accounts: &[SheetAccount]) {
    println!("{}", path.display());
    if reading.tables.is_empty() {
        let file = path.display().to_string();
        println!("  {}", say(lang, "inspect.nothing", &[("file", &file)]));
    }
    for t in &reading.tables {
        print_table(lang, reading.source.sheet(t.sheet), t);
    }
    for text in findings(lang, reading) {
        println!("  {text}");
    }
    account::print(lang, &named(path, reading, accounts));
}

fn print_table(lang: Lang, sheet: &str, t: &RawTable) {
    let header = match t.header {
        (a, b) if a == b => (a + 1).to_string(),
        (a, b) => format!("{}–{}", a + 1, b + 1),
    };
    let rows = t.rows.len().to_string();
    let kind = locale::format(lang, &format!("category.record_kind.{}", t.kind.id()), &[]);
    let args = [
        ("sheet", sheet),
        ("kind", &kind),
        ("header", &header),
        ("rows", &rows),
    ];
    println!("  {}", say(lang, "inspect.sheet", &args));
    let c = &t.context;
    let known = [
        c.upt.clone(),
        c.bapas.clone(),
        c.opd.clone(),
        c.month.map(|m| m.to_string()),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    let context = [("context", &*known.join(", "))];
    println!("  {}", say(lang, "inspect.context", &context));
    if let Some(scope) = c.whole {
        let key = format!("inspect.whole.{}", scope.id());
        println!("  {}", say(lang, &key, &[]));
    }
    let columns = [
        "column",
        "header",
        "field",
        "confidence",
        "samples",
        "guesses",
    ];
    let mut out = Listing::new(lang, "inspect", &columns);
    for (i, col) in t.columns.iter().enumerate() {
        let samples = t.rows.iter().filter_map(|r| shown(&r.cells[i])).take(3);
        let samples: Vec<String> = samples.collect();
        let known = col.field.is_some() || col.point.is_some() || col.needless;
        let guesses: Vec<&str> = match known {
            true => Vec::new(),
            false => nearest_fields(&col.header, 3)
                .iter()
                .map(|f| f.id())
                .collect(),
        };
        out.push(vec![
            column_letters(col.col).into(),
            col.header.as_str().into(),
            meaning(lang, col.field.map(|f| f.id()), col.point, col.needless).into(),
            locale::decimal(lang, f64::from(col.confidence), 2).into(),
            samples.join(" | ").into(),
            guesses.join(", ").into(),
        ]);
    }
    println!("{}", out.table(lang));
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
