//! `reintegrasi check`: reads and cleans only, and says by supplier what is wrong.

use super::listing::{Format, FormatArg, Listing, print_json};
use super::{GATE_FAILED, Global, MonthOf, Opened, Outcome, account, say, terminal, watch};
use crate::domain::account::SheetAccount;
use crate::domain::{Issue, Severity};
use crate::locale::{self, Lang};
use crate::run::Progress;
use crate::run::read::{Intake, supplier_counts, unreadable};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    of: MonthOf,
    /// Write one feedback workbook per supplier into this folder
    #[arg(long)]
    feedback: Option<PathBuf>,
    /// Check again whenever a file of the inbox, the settings or sources/ changes, until Ctrl-C
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    form: FormatArg,
}

pub(super) fn check(global: &Global, args: &CheckArgs) -> Outcome {
    if !args.watch {
        return once(global, args);
    }
    let ws = args.of.at.workspace(global.lang())?;
    watch::each_time(global, &ws, || once(global, args))
}

fn once(global: &Global, args: &CheckArgs) -> Outcome {
    let opened = Opened::of(global, &args.of.at)?;
    let bars = terminal::Bars::new(opened.lang, global);
    let result = opened.intake(args.of.month, &bars);
    bars.end();
    let intake = result?;
    let before = crate::run::quality::recall(&opened.ws, intake.month.plus(-1));
    let before = before.map_err(crate::run::RunError::from)?;
    let Opened {
        lang,
        settings,
        units,
        ..
    } = opened;
    if let Some(dir) = &args.feedback {
        crate::run::feedback(&intake, &settings, &units, lang, before.as_ref(), dir)?;
    }
    let failed = crate::run::gates::failed_by_reading(&intake, &settings, lang);
    if !global.quiet {
        match args.form.format {
            Format::Table => print(lang, &intake, args.feedback.is_none()),
            Format::Csv => println!("{}", suppliers(lang, &intake, None).csv()),
            Format::Json => print_json(&whole(lang, &intake, &failed)),
        }
        if let Some(dir) = args
            .feedback
            .as_ref()
            .filter(|_| args.form.format == Format::Table)
        {
            let path = dir.display().to_string();
            println!("{}", say(lang, "check.feedback", &[("path", &path)]));
        }
    }
    for sentence in &failed {
        let text = say(lang, "check.gate", &[("gate", sentence)]);
        terminal::failure(global, &text, GATE_FAILED);
    }
    Ok(if failed.is_empty() { 0 } else { GATE_FAILED })
}

/// Rows and findings by supplier; with a name for it, a line with the sums: every row read is used, set aside with an issue,
/// or of a later month.
fn suppliers(lang: Lang, intake: &Intake, sums: Option<String>) -> Listing {
    let mut by: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
    for i in &intake.issues {
        let slot = match i.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        };
        let of = intake.files.get(i.file.0 as usize);
        by.entry(of.map_or("", |f| f.supplier.as_str()))
            .or_default()[slot] += 1;
    }
    let mut out = Listing::new(
        lang,
        "check",
        &[
            "supplier",
            "read",
            "used",
            "set_aside",
            "beyond",
            "errors",
            "warnings",
            "notes",
        ],
    );
    let mut all = [0; 7];
    let row = |id: &str, counts: [u64; 7]| {
        let counts = counts.into_iter().map(Value::from);
        [id.into()]
            .into_iter()
            .chain(counts)
            .collect::<Vec<Value>>()
    };
    for (id, c) in supplier_counts(intake) {
        let [e, w, t] = by.get(id.as_str()).copied().unwrap_or_default();
        let counts = [c.seen, c.used, c.set_aside, c.beyond, e, w, t];
        all.iter_mut().zip(counts).for_each(|(sum, c)| *sum += c);
        out.push(row(&id, counts));
    }
    if let Some(name) = sums {
        out.push(row(&name, all));
    }
    out
}

/// The file with the most findings of a rule, and how many other files have some.
fn most_in(lang: Lang, intake: &Intake, files: &BTreeMap<u32, u64>) -> String {
    let most = files
        .iter()
        .max_by_key(|(file, n)| (**n, std::cmp::Reverse(**file)));
    let shown = most.and_then(|(file, _)| intake.shown.get(*file as usize));
    let path = shown.map_or("", String::as_str);
    match files.len() {
        0 | 1 => path.to_owned(),
        n => {
            let more = locale::integer(lang, (n - 1) as f64);
            say(lang, "check.and_more", &[("path", path), ("n", &more)])
        }
    }
}

/// Rules that were broken, the commonest first, where, and how to avoid it.
fn rules(lang: Lang, intake: &Intake, most: usize) -> Listing {
    let mut rules: BTreeMap<&'static str, BTreeMap<u32, u64>> = BTreeMap::new();
    for i in &intake.issues {
        let files = rules.entry(i.rule).or_default();
        *files.entry(i.file.0).or_default() += 1;
    }
    let count = |files: &BTreeMap<u32, u64>| files.values().sum::<u64>();
    let mut commonest: Vec<_> = rules.into_iter().collect();
    commonest.sort_by(|a, b| count(&b.1).cmp(&count(&a.1)).then(a.0.cmp(b.0)));
    let mut out = Listing::new(lang, "check", &["rule", "count", "where", "fix"]);
    for (rule, files) in commonest.into_iter().take(most) {
        let fix = locale::format(lang, &format!("rule.{rule}.fix"), &[]);
        let at = most_in(lang, intake, &files);
        out.push(vec![
            rule.into(),
            count(&files).into(),
            at.into(),
            fix.into(),
        ]);
    }
    out
}

fn sheets(lang: Lang, intake: &Intake) -> Vec<(String, &SheetAccount)> {
    let named = (intake.accounts.iter().enumerate()).flat_map(|(i, sheets)| {
        let name = move |a: &SheetAccount| {
            // By its place: the name of a sheet may be a person's.
            let n = (u64::from(a.sheet) + 1).to_string();
            let args = [("file", intake.shown[i].as_str()), ("n", &n)];
            locale::format(lang, "account.nth", &args)
        };
        sheets.iter().map(move |a| (name(a), a))
    });
    named.collect()
}

/// What is said about files as wholes other than that they are unreadable: file, and the issue.
fn about_files(intake: &Intake) -> impl Iterator<Item = (&str, &Issue)> {
    let whole = |i: &&Issue| i.sheet.is_none() && i.row.is_none() && i.severity != Severity::Error;
    (intake.issues.iter().filter(whole)).filter_map(|i| {
        let shown = intake.shown.get(i.file.0 as usize)?;
        Some((shown.as_str(), i))
    })
}

/// Everything `check` knows, for programs.
fn whole(lang: Lang, intake: &Intake, gates: &[String]) -> Value {
    let told = |(file, issue): (&str, &Issue)| {
        let text = crate::report::rule_text(lang, issue);
        json!({ "file": file, "rule": issue.rule, "severity": issue.severity.id(), "text": text })
    };
    let about: Vec<Value> = unreadable(intake)
        .map(told)
        .chain(about_files(intake).map(told))
        .collect();
    json!({
        "month": intake.month.to_string(),
        "files_read": intake.files_read(),
        "files": intake.files.len(),
        "suppliers": suppliers(lang, intake, None).json(),
        "sheets": account::listing(lang, &sheets(lang, intake)).json(),
        "rules": rules(lang, intake, usize::MAX).json(),
        "about_files": about,
        "gates": gates,
    })
}

/// The tables; with `hint`, where each finding is to be had with its cell.
fn print(lang: Lang, intake: &Intake, hint: bool) {
    let all = say(lang, "check.all", &[]);
    println!("{}", suppliers(lang, intake, Some(all)).table(lang));
    account::print(lang, &sheets(lang, intake));
    let commonest = rules(lang, intake, 12);
    if !commonest.is_empty() {
        println!("\n{}", say(lang, "check.commonest", &[]));
        println!("{}", commonest.table(lang));
        if hint {
            println!("{}", say(lang, "check.each_cell", &[]));
        }
    }
    let line = |file: &str, issue: &Issue, key: &str| {
        let reason = crate::report::rule_text(lang, issue);
        println!("{}", say(lang, key, &[("path", file), ("reason", &reason)]));
    };
    for (file, issue) in about_files(intake) {
        line(file, issue, "check.about_file");
    }
    for (file, issue) in unreadable(intake) {
        line(file, issue, "run.unreadable");
    }
}
