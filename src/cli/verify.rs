//! `reintegrasi verify` and `reintegrasi compare`: outputs against their manifest, months against each other.

use super::{Failure, Global, Outcome, say, terminal};
use crate::domain::Month;
use crate::locale::{self, Lang};
use crate::run::compare::{self, Cell, Change, InputDifference, Sheet, changes, read_figures};
use crate::run::health;
use crate::run::manifest::{self, Difference, Manifest};
use crate::workspace::Workspace;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Folder of a month, for example out/2026-01
    out: PathBuf,
    /// Workspace that did it [default: the folder above out/, when it is one]
    #[arg(long)]
    workspace: Option<PathBuf>,
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
    let remembered = remembers(args, &manifest, lang);
    if let Err(reason) = &remembered {
        println!("{reason}");
    }
    if !differences.is_empty() || remembered.is_err() {
        return Ok(1);
    }
    if !global.quiet {
        let n = manifest.outputs.len().to_string();
        println!("{}", say(lang, "verify.ok", &[("files", &n)]));
    }
    Ok(0)
}

/// Whether the workspace remembers the month as it stands; a folder of no workspace has nobody who could. `Err` says
/// what is not as it was.
fn remembers(args: &VerifyArgs, m: &Manifest, lang: Lang) -> Result<(), String> {
    let above = || Some(args.out.canonicalize().ok()?.parent()?.parent()?.to_owned());
    let Some(root) = args.workspace.clone().or_else(above) else {
        return Ok(());
    };
    let ws = Workspace::at(root);
    if !ws.settings_file().is_file() {
        return Ok(());
    }
    let out = args.out.parent().unwrap_or(&args.out);
    let whole = health::month_is_whole(&ws, out, m.month, lang);
    whole.map_err(|e| e.message(lang))
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
    /// Write figures, inputs and causes as a workbook here as well
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
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
    let why = Why::of(&a, &b);
    if let Some(path) = &args.csv {
        write_csv(path, &all, &why).map_err(Failure::fault)?;
    }
    if let Some(path) = &args.xlsx {
        let title = format!("{} → {}", args.before, args.after);
        compare::write_workbook(path, &sheets(lang, &title, &all, &why))?;
    }
    if !global.quiet {
        let rows: Vec<Vec<String>> = all
            .iter()
            .take(args.most)
            .map(|(au, c)| row(lang, au, c, &why))
            .collect();
        let header = titles(lang, &FIGURES);
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        println!("{}", terminal::table(&header, &rows, &[3, 4]));
        let n = all.len().to_string();
        println!("{}", say(lang, "compare.total", &[("changes", &n)]));
        for line in why.lines(lang) {
            println!("{line}");
        }
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

/// Columns of the table of figures and of the table of inputs: keys of `cli.compare.*`.
const FIGURES: [&str; 6] = [
    "audience", "measure", "category", "before", "after", "cause",
];
const INPUTS: [&str; 5] = ["change", "supplier", "path", "used_before", "used_after"];

fn titles(lang: Lang, keys: &[&str]) -> Vec<String> {
    let title = |k: &&str| say(lang, &format!("compare.{k}"), &[]);
    keys.iter().map(title).collect()
}

/// What differs between the two manifests: why figures may have moved.
#[derive(Default)]
struct Why {
    inputs: Vec<InputDifference>,
    basis: Vec<String>,
}

impl Why {
    /// Folders without a manifest give no reasons: figures can be compared all the same.
    fn of(before: &Path, after: &Path) -> Why {
        let read = |d: &Path| Manifest::read(&d.join("manifest.json")).ok();
        let Some((a, b)) = read(before).zip(read(after)) else {
            return Why::default();
        };
        Why {
            inputs: compare::inputs(&a, &b),
            basis: compare::basis(&a, &b),
        }
    }

    fn causes(&self, c: &Change) -> String {
        let mut all = compare::causes(c, &self.inputs);
        all.extend(self.basis.iter().map(String::as_str));
        all.join("; ")
    }

    fn lines(&self, lang: Lang) -> Vec<String> {
        let input = |i: &InputDifference| {
            let args = [("path", i.path.as_str()), ("supplier", i.supplier.as_str())];
            say(lang, &format!("compare.input_{}", i.change.id()), &args)
        };
        let basis = |k: &String| say(lang, &format!("compare.basis_{k}"), &[]);
        (self.basis.iter().map(basis))
            .chain(self.inputs.iter().map(input))
            .collect()
    }
}

/// The comparison as sheets of a workbook.
fn sheets(lang: Lang, title: &str, all: &[(String, Change)], why: &Why) -> Vec<Sheet> {
    let text = |s: &str| Cell::Text(s.to_owned());
    let number = |v: Option<f64>, status: &str| match v {
        Some(_) => Cell::Number(v),
        None => Cell::Text(status.to_owned()),
    };
    let figures = (all.iter())
        .map(|(audience, c)| {
            vec![
                text(audience),
                text(&c.measure),
                text(&c.category),
                number(c.before, &c.status_before),
                number(c.after, &c.status_after),
                text(&why.causes(c)),
            ]
        })
        .collect();
    let inputs = (why.inputs.iter())
        .map(|i| {
            let change = say(lang, &format!("compare.{}", i.change.id()), &[]);
            let [before, after] = i.used.map(|n| Cell::Number(Some(n as f64)));
            vec![
                text(&change),
                text(&i.supplier),
                text(&i.path),
                before,
                after,
            ]
        })
        .collect();
    vec![
        Sheet {
            name: say(lang, "compare.sheet_figures", &[]),
            title: title.to_owned(),
            header: titles(lang, &FIGURES),
            rows: figures,
        },
        Sheet {
            name: say(lang, "compare.sheet_inputs", &[]),
            title: title.to_owned(),
            header: titles(lang, &INPUTS),
            rows: inputs,
        },
    ]
}

fn row(lang: Lang, audience: &str, c: &Change, why: &Why) -> Vec<String> {
    vec![
        audience.to_owned(),
        c.measure.clone(),
        c.category.clone(),
        number(lang, c.before, &c.status_before),
        number(lang, c.after, &c.status_after),
        why.causes(c),
    ]
}

fn write_csv(path: &Path, all: &[(String, Change)], why: &Why) -> Result<(), csv::Error> {
    let mut w = csv::Writer::from_path(path)?;
    w.write_record([
        "audience",
        "measure",
        "category",
        "before",
        "after",
        "status_before",
        "status_after",
        "causes",
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
            &why.causes(c),
        ])?;
    }
    w.flush()?;
    Ok(())
}
