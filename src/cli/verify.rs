//! `reintegrasi verify` and `reintegrasi compare`: outputs against their manifest, months against each other.

use super::{Failure, Global, Outcome, say, terminal};
use crate::domain::Month;
use crate::locale::{self, Lang};
use crate::run::compare::{Change, changes, read_figures};
use crate::run::manifest::{self, Difference};
use crate::workspace::Workspace;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Folder of a month, for example out/2026-01
    out: PathBuf,
}

pub(super) fn verify(global: &Global, args: &VerifyArgs) -> Outcome {
    let lang = global.lang();
    let (manifest, differences) = manifest::verify(&args.out)?;
    for d in &differences {
        let (key, path) = match d {
            Difference::Missing(p) => ("verify.missing", p),
            Difference::Changed(p) => ("verify.changed", p),
            Difference::Extra(p) => ("verify.extra", p),
        };
        println!("{}", say(lang, key, &[("path", path)]));
    }
    if !differences.is_empty() {
        return Ok(1);
    }
    if !global.quiet {
        let n = manifest.outputs.len().to_string();
        println!("{}", say(lang, "verify.ok", &[("files", &n)]));
    }
    Ok(0)
}

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// A month (2025-12) or a folder of outputs
    before: String,
    /// A month (2026-01) or a folder of outputs
    after: String,
    /// Workspace folder for months
    #[arg(long)]
    workspace: Option<PathBuf>,
    /// Write the changes as CSV here as well
    #[arg(long)]
    csv: Option<PathBuf>,
    /// Show at most this many changes on the terminal
    #[arg(long, default_value_t = 40)]
    most: usize,
}

pub(super) fn compare(global: &Global, args: &CompareArgs) -> Outcome {
    let lang = global.lang();
    let ws = super::At {
        workspace: args.workspace.clone(),
    }
    .workspace();
    let (a, b) = (folder(&ws, &args.before), folder(&ws, &args.after));
    let mut all: Vec<(String, Change)> = Vec::new();
    for audience in ["kota", "kanwil"] {
        let (x, y) = (data(&a, audience), data(&b, audience));
        if !x.is_file() && !y.is_file() {
            continue;
        }
        let (x, y) = (read_figures(&x)?, read_figures(&y)?);
        all.extend(
            changes(&x, &y)
                .into_iter()
                .map(|c| (audience.to_owned(), c)),
        );
    }
    if let Some(path) = &args.csv {
        write_csv(path, &all).map_err(Failure::fault)?;
    }
    if !global.quiet {
        let rows: Vec<Vec<String>> = all
            .iter()
            .take(args.most)
            .map(|(au, c)| row(lang, au, c))
            .collect();
        let header: Vec<String> = ["audience", "measure", "category", "before", "after"]
            .map(|k| say(lang, &format!("compare.{k}"), &[]))
            .into();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        println!("{}", terminal::table(&header, &rows, &[3, 4]));
        let n = all.len().to_string();
        println!("{}", say(lang, "compare.total", &[("changes", &n)]));
    }
    Ok(0)
}

fn folder(ws: &Workspace, what: &str) -> PathBuf {
    match what.parse::<Month>() {
        Ok(month) => ws.out().join(month.to_string()),
        Err(_) => PathBuf::from(what),
    }
}

fn data(folder: &Path, audience: &str) -> PathBuf {
    folder.join("data").join(format!("{audience}.csv"))
}

fn number(lang: Lang, value: Option<f64>, status: &str) -> String {
    match value {
        Some(v) if v.fract() == 0.0 => locale::integer(lang, v),
        Some(v) => locale::decimal(lang, v, 4),
        None => status.to_owned(),
    }
}

fn row(lang: Lang, audience: &str, c: &Change) -> Vec<String> {
    vec![
        audience.to_owned(),
        c.measure.clone(),
        c.category.clone(),
        number(lang, c.before, &c.status_before),
        number(lang, c.after, &c.status_after),
    ]
}

fn write_csv(path: &Path, all: &[(String, Change)]) -> Result<(), csv::Error> {
    let mut w = csv::Writer::from_path(path)?;
    w.write_record([
        "audience",
        "measure",
        "category",
        "before",
        "after",
        "status_before",
        "status_after",
    ])?;
    for (audience, c) in all {
        let n = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
        w.write_record([
            audience,
            &c.measure,
            &c.category,
            &n(c.before),
            &n(c.after),
            &c.status_before,
            &c.status_after,
        ])?;
    }
    w.flush()?;
    Ok(())
}
