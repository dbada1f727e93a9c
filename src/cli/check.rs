//! `reintegrasi check`: reads and cleans only, and says by supplier what is wrong.

use super::{GATE_FAILED, Global, MonthOf, Opened, Outcome, account, say, terminal};
use crate::domain::account::SheetAccount;
use crate::domain::{Issue, Severity};
use crate::locale::{self, Lang};
use crate::run::Progress;
use crate::run::read::{Intake, supplier_counts};
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    of: MonthOf,
    /// Write one feedback workbook per supplier into this folder
    #[arg(long)]
    feedback: Option<PathBuf>,
}

pub(super) fn check(global: &Global, args: &CheckArgs) -> Outcome {
    let opened = Opened::of(global, &args.of.at)?;
    let bars = terminal::Bars::new(opened.lang, global);
    let result = opened.intake(args.of.month, &bars);
    bars.end();
    let intake = result?;
    let Opened {
        lang,
        settings,
        units,
        ..
    } = opened;
    if let Some(dir) = &args.feedback {
        crate::run::feedback(&intake, &settings, &units, lang, dir)?;
    }
    if !global.quiet {
        print(lang, &intake);
        if let Some(dir) = &args.feedback {
            println!(
                "{}",
                say(
                    lang,
                    "check.feedback",
                    &[("path", &dir.display().to_string())]
                )
            );
        }
    }
    let failed = crate::run::gates::failed_by_reading(&intake, &settings, lang);
    for sentence in &failed {
        terminal::failure(
            global,
            &say(lang, "check.gate", &[("gate", sentence)]),
            GATE_FAILED,
        );
    }
    Ok(if failed.is_empty() { 0 } else { GATE_FAILED })
}

fn print(lang: Lang, intake: &Intake) {
    let n = |v: u64| locale::integer(lang, v as f64);
    let supplier = |i: &Issue| {
        intake
            .files
            .get(i.file.0 as usize)
            .map_or("", |f| f.supplier.as_str())
    };
    let mut by: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
    let mut rules: BTreeMap<&'static str, u64> = BTreeMap::new();
    for i in &intake.issues {
        let slot = match i.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            _ => 2,
        };
        by.entry(supplier(i)).or_default()[slot] += 1;
        *rules.entry(i.rule).or_default() += 1;
    }
    let mut all = [0; 7];
    let mut rows: Vec<Vec<String>> = supplier_counts(intake)
        .iter()
        .map(|(id, c)| {
            let [e, w, t] = by.get(id.as_str()).copied().unwrap_or_default();
            let counts = [c.seen, c.used, c.set_aside, c.beyond, e, w, t];
            all.iter_mut().zip(counts).for_each(|(sum, c)| *sum += c);
            [vec![id.clone()], counts.map(n).to_vec()].concat()
        })
        .collect();
    // Every row read is used, set aside with an issue, or of a later month: the sums show it.
    rows.push([vec![say(lang, "check.all", &[])], all.map(n).to_vec()].concat());
    let header = [
        "supplier",
        "read",
        "used",
        "set_aside",
        "beyond",
        "errors",
        "warnings",
        "notes",
    ]
    .map(|k| say(lang, &format!("check.{k}"), &[]));
    println!(
        "{}",
        terminal::table(
            &header.each_ref().map(String::as_str),
            &rows,
            &[1, 2, 3, 4, 5, 6, 7]
        )
    );

    let named = (intake.accounts.iter().enumerate()).flat_map(|(i, sheets)| {
        let name = move |a: &SheetAccount| {
            // By its place: the name of a sheet may be a person's.
            let n = (u64::from(a.sheet) + 1).to_string();
            let args = [("file", intake.shown[i].as_str()), ("n", &n)];
            locale::format(lang, "account.nth", &args)
        };
        sheets.iter().map(move |a| (name(a), a))
    });
    account::print(lang, named.collect());

    let mut commonest: Vec<(&str, u64)> = rules.into_iter().collect();
    commonest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let rows: Vec<Vec<String>> = commonest
        .iter()
        .take(12)
        .map(|(rule, count)| {
            let fix = locale::format(lang, &format!("rule.{rule}.fix"), &[]);
            vec![(*rule).to_owned(), n(*count), fix]
        })
        .collect();
    println!("\n{}", say(lang, "check.commonest", &[]));
    let header = [
        say(lang, "check.rule", &[]),
        say(lang, "check.count", &[]),
        String::new(),
    ];
    println!(
        "{}",
        terminal::table(&header.each_ref().map(String::as_str), &rows, &[1])
    );
    for (file, issue) in crate::run::read::unreadable(intake) {
        let reason = crate::report::rule_text(lang, issue);
        println!(
            "{}",
            say(
                lang,
                "run.unreadable",
                &[("path", file), ("reason", &reason)]
            )
        );
    }
}
