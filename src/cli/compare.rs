//! `reintegrasi compare`: which figures differ between two months or two outputs, the headline first.

use super::listing::{Format, FormatArg, Listing, print_json};
use super::{At, Failure, Global, Outcome, help, say, terminal};
use crate::domain::Month;
use crate::domain::month::BadMonth;
use crate::locale::{self, Lang};
use crate::measure;
use crate::run::RunError;
use crate::run::compare::{self, Cell, Change, InputDifference, Sheet, changes, read_figures};
use crate::run::manifest::Manifest;
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    /// Show every figure that changed, coverage and data quality too, instead of groups
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    form: FormatArg,
    /// Show at most this many changes of figures on the terminal
    #[arg(long, default_value_t = 40)]
    most: usize,
}

pub(super) fn compare(global: &Global, args: &CompareArgs) -> Outcome {
    let lang = global.lang();
    let folder = |what: &str| folder(global, args.workspace.as_deref(), what);
    let (a, b) = (folder(&args.before)?, folder(&args.after)?);
    let mut all: Vec<(String, Change)> = Vec::new();
    for audience in crate::protect::Audience::ALL.map(crate::protect::Audience::id) {
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
        let text = listing(lang, &all, &why).csv() + "\n";
        std::fs::write(path, text).map_err(RunError::io("write", path))?;
    }
    if let Some(path) = &args.xlsx {
        let title = format!("{} → {}", args.before, args.after);
        compare::write_workbook(path, &sheets(lang, &title, &all, &why))?;
    }
    if !global.quiet {
        match args.form.format {
            Format::Table => print(lang, args, &all, &why),
            Format::Csv => println!("{}", listing(lang, &all, &why).csv()),
            Format::Json => print_json(&json!({
                "before": a.display().to_string(),
                "after": b.display().to_string(),
                "changes": listing(lang, &all, &why).json(),
                "basis": why.basis,
                "inputs": why.listing(lang).json(),
            })),
        }
    }
    Ok(0)
}

/// Measures whose totals a reader asks for first.
const HEADLINE: [&str; 6] = [
    "stock",
    "clients",
    "releases",
    "k1_a1",
    "return",
    "service_completion",
];

fn is_headline(c: &Change) -> bool {
    c.total && HEADLINE.contains(&c.measure.as_str())
}

/// Whether a figure is about people; what is left is coverage and quality of the data.
fn is_personal(c: &Change) -> bool {
    measure::find(&c.measure).is_none_or(|m| m.personal)
}

/// The headline, then the rest by measure (or every figure), then what differs in the inputs.
fn print(lang: Lang, args: &CompareArgs, all: &[(String, Change)], why: &Why) {
    let figures = |of: &[&(String, Change)]| {
        let rows: Vec<Vec<String>> = (of.iter().take(args.most))
            .map(|(audience, c)| row(lang, audience, c, why))
            .collect();
        let header = titles(lang, &FIGURES);
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        println!("{}", terminal::table(&header, &rows, &[3, 4]));
        if of.len() > args.most {
            let n = (of.len() - args.most).to_string();
            println!("{}", say(lang, "compare.more", &[("n", &n)]));
        }
    };
    let (headline, rest): (Vec<_>, Vec<_>) = all.iter().partition(|(_, c)| is_headline(c));
    println!("{}", say(lang, "compare.headline", &[]));
    match headline.is_empty() {
        true => println!("  {}", say(lang, "compare.headline_same", &[])),
        false => figures(&headline),
    }
    if args.all {
        if !rest.is_empty() {
            println!("{}", say(lang, "compare.rest", &[]));
            figures(&rest);
        }
    } else {
        let (people, quality): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|(_, c)| is_personal(c));
        if !people.is_empty() {
            println!("{}", say(lang, "compare.rest", &[]));
            println!("{}", by_measure(lang, &people));
        }
        if !quality.is_empty() {
            let n = quality.len().to_string();
            println!("{}", say(lang, "compare.quality", &[("n", &n)]));
        }
    }
    let n = all.len().to_string();
    println!("{}", say(lang, "compare.total", &[("changes", &n)]));
    for line in why.lines(lang) {
        println!("{line}");
    }
}

/// How many figures of each measure changed, and the largest change.
fn by_measure(lang: Lang, changes: &[&(String, Change)]) -> String {
    let mut groups: BTreeMap<(&str, &str), Vec<&Change>> = BTreeMap::new();
    for (audience, c) in changes {
        groups.entry((audience, &c.measure)).or_default().push(c);
    }
    let size = |c: &Change| (c.before.zip(c.after)).map_or(0.0, |(a, b)| (b - a).abs());
    let rows: Vec<Vec<String>> = (groups.iter())
        .map(|((audience, id), of)| {
            let largest = of.iter().max_by(|a, b| size(a).total_cmp(&size(b)));
            let title =
                measure::find(id).map_or_else(|| (*id).to_owned(), |m| m.described(lang).title);
            let largest = largest.map(|c| {
                let [before, after] = [(c.before, &c.status_before), (c.after, &c.status_after)]
                    .map(|(v, s)| number(lang, v, s));
                format!("{before} → {after} ({})", c.category)
            });
            vec![
                (*audience).to_owned(),
                title,
                of.len().to_string(),
                largest.unwrap_or_default(),
            ]
        })
        .collect();
    let header = ["audience", "measure", "changed_figures", "largest"]
        .map(|k| say(lang, &format!("compare.{k}"), &[]));
    terminal::table(&header.each_ref().map(String::as_str), &rows, &[2])
}

/// The folder of a month of the workspace, or the folder that was named.
///
/// # Errors
/// A month that does not exist in a year, one that was not done, a folder that is not there.
fn folder(global: &Global, workspace: Option<&Path>, what: &str) -> Result<PathBuf, Failure> {
    let lang = global.lang();
    let path = PathBuf::from(what);
    match what.parse::<Month>() {
        Ok(month) => {
            let at = At {
                workspace: workspace.map(Path::to_owned),
            };
            let folder = at.workspace(lang)?.out().join(month.to_string());
            if folder.is_dir() {
                return Ok(folder);
            }
            let args = [("month", what), ("path", &folder.display().to_string())];
            Err(Failure::usage(say(lang, "compare.not_done", &args)))
        }
        Err(_) if path.is_dir() => Ok(path),
        Err(bad) if looks_like_a_month(&bad) => Err(Failure::usage(help::month_reason(&bad, lang))),
        Err(_) => Err(Failure::usage(say(
            lang,
            "compare.no_folder",
            &[("path", what)],
        ))),
    }
}

fn looks_like_a_month(bad: &BadMonth) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    (bad.0.split_once('-')).is_some_and(|(year, month)| digits(year) && digits(month))
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

    /// Inputs that differ, for programs.
    fn listing(&self, lang: Lang) -> Listing {
        let mut out = Listing::new(lang, "compare", &INPUTS);
        for i in &self.inputs {
            out.push(vec![
                i.change.id().into(),
                i.supplier.as_str().into(),
                i.path.as_str().into(),
                i.used[0].into(),
                i.used[1].into(),
            ]);
        }
        out
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

/// Every figure that changed, for programs.
fn listing(lang: Lang, all: &[(String, Change)], why: &Why) -> Listing {
    let columns = [
        "audience",
        "measure",
        "category",
        "before",
        "after",
        "status_before",
        "status_after",
        "causes",
    ];
    let mut out = Listing::new(lang, "compare", &columns);
    for (audience, c) in all {
        out.push(vec![
            audience.as_str().into(),
            c.measure.as_str().into(),
            c.category.as_str().into(),
            c.before.into(),
            c.after.into(),
            c.status_before.as_str().into(),
            c.status_after.as_str().into(),
            why.causes(c).into(),
        ]);
    }
    out
}
