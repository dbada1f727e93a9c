//! `reintegrasi compare`: which figures differ between two months or two outputs, the headline first.

use super::listing::{Format, FormatArg, Listing, print_json};
use super::{At, Failure, Global, Opened, Outcome, help, say, terminal};
use crate::domain::Month;
use crate::domain::month::BadMonth;
use crate::domain::upt::UptRegistry;
use crate::domain::{Population, Status, Unit};
use crate::locale::{self, Lang};
use crate::measure;
use crate::report::Sign;
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
    let at = At {
        workspace: args.workspace.clone(),
    };
    // Folders of outputs can be compared without a workspace: then the built-in units have names.
    let units = Opened::of(global, &at).map_or_else(|_| UptRegistry::maluku(&[]), |o| o.units);
    let why = Why::of(&a, &b, units);
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
            println!("{}", by_measure(lang, &people, why, args.most));
        }
        if !quality.is_empty() {
            let n = quality.len().to_string();
            println!("{}", say(lang, "compare.quality", &[("n", &n)]));
        }
    }
    let n = all.len().to_string();
    println!("{}", say(lang, "compare.total", &[("changes", &n)]));
    if let Some(legend) = legend(lang, all) {
        println!("{legend}");
    }
    for line in why.lines(lang) {
        println!("{line}");
    }
}

/// How many figures of each measure changed, and the largest change.
fn by_measure(lang: Lang, changes: &[&(String, Change)], why: &Why, most: usize) -> String {
    let units = &why.units;
    let mut groups: BTreeMap<(&str, &str), Vec<&Change>> = BTreeMap::new();
    for (audience, c) in changes {
        groups.entry((audience, &c.measure)).or_default().push(c);
    }
    let size = |c: &Change| (c.before.zip(c.after)).map_or(0.0, |(a, b)| (b - a).abs());
    let rows: Vec<Vec<String>> = (groups.iter().take(most))
        .map(|((audience, id), of)| {
            let largest = of.iter().max_by(|a, b| size(a).total_cmp(&size(b)));
            let title = title(lang, id);
            let largest = largest.map(|c| {
                let [before, after] = [(c.before, &c.status_before), (c.after, &c.status_after)]
                    .map(|(v, s)| number(lang, &c.measure, v, s));
                format!("{before} → {after} ({})", detail(lang, c, units))
            });
            vec![
                (*audience).to_owned(),
                title,
                locale::integer(lang, of.len() as f64),
                largest.unwrap_or_default(),
            ]
        })
        .collect();
    let header = ["audience", "measure", "changed_figures", "largest"]
        .map(|k| say(lang, &format!("compare.{k}"), &[]));
    let mut out = terminal::table(&header.each_ref().map(String::as_str), &rows, &[2]);
    if groups.len() > most {
        let n = (groups.len() - most).to_string();
        out += "\n";
        out += &say(lang, "compare.more", &[("n", &n)]);
    }
    out
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

/// The title of a measure; the id of one that this version does not have.
fn title(lang: Lang, id: &str) -> String {
    measure::find(id).map_or_else(|| id.to_owned(), |m| m.described(lang).title)
}

fn data(folder: &Path, audience: &str) -> PathBuf {
    folder.join("data").join(format!("{audience}.csv"))
}

/// One side of a change as reports print it: a share in percent; without a number the sign that says why, or that the figure
/// is not there.
fn number(lang: Lang, measure: &str, value: Option<f64>, status: &str) -> String {
    let share = measure::find(measure).is_some_and(|m| m.unit == Unit::Share);
    match value {
        Some(v) if share => locale::percent(lang, v, 1),
        Some(v) if v.fract() == 0.0 => locale::integer(lang, v),
        Some(v) => locale::decimal(lang, v, 2),
        None if status.is_empty() => say(lang, "compare.absent", &[]),
        None => Sign::of_status(Status::from_id(status)).text().to_owned(),
    }
}

/// What a figure is of, in the words of the reports: population, categories, window; the definition where it is one of
/// several.
fn detail(lang: Lang, c: &Change, units: &UptRegistry) -> String {
    let population = match Population::from_id(&c.population) {
        Some(Population::Ambon) => say(lang, "run.kota_ambon", &[]),
        Some(Population::Maluku) => say(lang, "run.maluku", &[]),
        None => c.population.clone(),
    };
    let at = c.at.iter().filter(|(dimension, _)| !dimension.is_empty());
    let at = at.map(|(dimension, category)| {
        let title = locale::format(lang, &format!("dimension.{dimension}"), &[]);
        let category = measure::category_label(lang, dimension, category, units);
        format!("{title}: {category}")
    });
    let window =
        (!c.window.is_empty()).then(|| say(lang, "explain.months", &[("months", &c.window)]));
    // `v1` says nothing to a reader: there is no other.
    let definition = (c.definition.contains('.')).then(|| c.definition.clone());
    let parts = [population]
        .into_iter()
        .chain(at)
        .chain(window)
        .chain(definition);
    parts.collect::<Vec<_>>().join(" · ")
}

/// The signs that stand among the figures, with what they mean; `None` where none does.
fn legend(lang: Lang, all: &[(String, Change)]) -> Option<String> {
    let sides = all
        .iter()
        .flat_map(|(_, c)| [(c.before, &c.status_before), (c.after, &c.status_after)]);
    let signs: std::collections::BTreeSet<Sign> = sides
        .filter(|(value, status)| value.is_none() && !status.is_empty())
        .map(|(_, status)| Sign::of_status(Status::from_id(status)))
        .collect();
    let meant = signs.into_iter().map(|sign| {
        let meaning = locale::format(lang, &format!("report.sign.{}", sign.id()), &[]);
        format!("{} {meaning}", sign.text())
    });
    let meant: Vec<String> = meant.collect();
    (!meant.is_empty()).then(|| meant.join("; "))
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

/// Most suppliers that are named as the cause of one change.
const MOST_NAMED: usize = 3;

/// What differs between the two manifests: why figures may have moved.
struct Why {
    inputs: Vec<InputDifference>,
    basis: Vec<String>,
    /// Units, for their names.
    units: UptRegistry,
}

impl Why {
    /// Folders without a manifest give no reasons: figures can be compared all the same.
    fn of(before: &Path, after: &Path, units: UptRegistry) -> Why {
        let read = |d: &Path| Manifest::read(&d.join("manifest.json")).ok();
        let (inputs, basis) = match read(before).zip(read(after)) {
            Some((a, b)) => (compare::inputs(&a, &b), compare::basis(&a, &b)),
            None => (Vec::new(), Vec::new()),
        };
        Why {
            inputs,
            basis,
            units,
        }
    }

    /// Why a figure may have moved, in words.
    fn said(&self, lang: Lang, c: &Change) -> String {
        let suppliers = compare::causes(c, &self.inputs);
        let n = suppliers.len();
        let basis = |k: &String| say(lang, &format!("compare.basis_{k}"), &[]);
        let name = |id: &str| measure::category_label(lang, "source", id, &self.units);
        // Which they are is told once, below the figures.
        let told: Vec<String> = match n > MOST_NAMED {
            true => vec![say(lang, "compare.suppliers", &[("n", &n.to_string())])],
            false => suppliers.into_iter().map(name).collect(),
        };
        let all: Vec<String> = (told.into_iter())
            .chain(self.basis.iter().map(basis))
            .collect();
        all.join("; ")
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
    let cell = |c: &Change, v: Option<f64>, status: &str| match v {
        Some(_) => Cell::Number(v),
        None => Cell::Text(number(lang, &c.measure, v, status)),
    };
    let figures = (all.iter())
        .map(|(audience, c)| {
            vec![
                text(audience),
                text(&self::title(lang, &c.measure)),
                text(&detail(lang, c, &why.units)),
                cell(c, c.before, &c.status_before),
                cell(c, c.after, &c.status_after),
                text(&why.said(lang, c)),
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
        title(lang, &c.measure),
        detail(lang, c, &why.units),
        number(lang, &c.measure, c.before, &c.status_before),
        number(lang, &c.measure, c.after, &c.status_after),
        why.said(lang, c),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn change(measure: &str, at: (&str, &str), sides: [(Option<f64>, &str); 2]) -> Change {
        let [(before, status_before), (after, status_after)] = sides;
        Change {
            measure: measure.into(),
            category: String::new(),
            definition: "v1".into(),
            population: "maluku".into(),
            at: [(at.0.into(), at.1.into()), Default::default()],
            window: "12".into(),
            total: false,
            before,
            after,
            status_before: status_before.into(),
            status_after: status_after.into(),
        }
    }

    #[test]
    fn a_change_is_told_in_the_words_and_signs_of_the_reports() {
        let why = Why {
            inputs: Vec::new(),
            basis: vec!["earlier".into()],
            units: UptRegistry::maluku(&[]),
        };
        let c = change(
            "return",
            ("upt", "lapas-ambon"),
            [(Some(0.125), "ok"), (None, "incomplete_follow_up")],
        );
        let said = row(Lang::Id, "kota", &c, &why).join(" | ");
        assert!(
            said.contains("12,5\u{a0}%") || said.contains("12,5 %"),
            "{said}"
        );
        assert!(
            said.contains("Lapas") && said.contains("12 bulan") && said.contains('○'),
            "{said}"
        );
        for code in [
            "incomplete",
            "maluku",
            "v1",
            "earlier",
            "lapas-ambon",
            "return",
        ] {
            assert!(!said.contains(code), "{code}: {said}");
        }
        let gone = change(
            "stock",
            ("status", "remand"),
            [(None, ""), (None, "suppressed")],
        );
        let said = row(Lang::Id, "kota", &gone, &why);
        assert_eq!((said[3].as_str(), said[4].as_str()), ("tidak ada", "x"));
        let legend = legend(Lang::Id, &[("kota".into(), gone)]).unwrap();
        assert!(legend.starts_with("x "), "{legend}");
    }
}
