//! `reintegrasi status`: who delivered for which month, which months are done, what waits.

use super::{At, Global, Opened, Outcome, say, terminal};
use crate::domain::Month;
use crate::domain::place::SourceFile;
use crate::domain::records::Covered;
use crate::locale::{self, Lang};
use crate::run::manifest::{Input, Manifest};
use crate::run::{Progress, RunError, health, lock, supplier_name};
use chrono::NaiveDate;
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};

/// Exit status when what the workspace remembers is not whole: no month can be done before it is.
const ILL: u8 = 4;

#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    at: At,
    /// Months to show, the last one being the month before this one
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u8).range(1..=36))]
    months: u8,
    /// The day to show the status for [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
}

pub(super) fn status(global: &Global, args: &StatusArgs) -> Outcome {
    let opened = Opened::of(global, &args.at)?;
    let lang = opened.lang;
    let today = (args.today).unwrap_or_else(|| chrono::Local::now().date_naive());
    let last = Month::of(today).plus(-1);
    let months: Vec<Month> = (0..i32::from(args.months))
        .rev()
        .map(|i| last.plus(-i))
        .collect();
    // What a killed run left is finished before anybody looks.
    if let Err(e) = health::settle(&opened.ws, &opened.ws.out(), lang) {
        eprintln!("{}", e.message(lang));
    }
    let bars = terminal::Bars::new(lang, global);
    let result = opened.intake(Some(last), &bars);
    bars.end();
    // An inbox without files is a calendar in which nobody delivered.
    let (coverage, files, shown) = match result {
        Ok(intake) => (intake.records.coverage, intake.files, intake.shown),
        Err(RunError::Input(_)) => Default::default(),
        Err(e) => return Err(e.into()),
    };

    let mut delivered: BTreeMap<String, BTreeSet<Month>> = BTreeMap::new();
    for s in &opened.settings.suppliers {
        delivered.entry(s.id.clone()).or_default();
    }
    for c in &coverage {
        let all = delivered.entry(c.supplier.to_string()).or_default();
        let mut m = Month::of(c.from);
        while m <= Month::of(c.to) {
            all.insert(m);
            m = m.plus(1);
        }
    }
    let header: Vec<String> = std::iter::once(say(lang, "status.supplier", &[]))
        .chain(months.iter().map(|m| m.to_string()))
        .collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut due: Vec<(NaiveDate, String)> = Vec::new();
    let mut overdue: Vec<(NaiveDate, String)> = Vec::new();
    for (id, has) in &delivered {
        let name = supplier_name(id, &opened.units, &opened.settings);
        let declared = opened.settings.suppliers.iter().find(|s| s.id == *id);
        let mut row = vec![name.clone()];
        for &m in &months {
            // Before the workspace begins nobody is asked.
            let asked =
                declared.filter(|_| opened.settings.office.first_month().is_none_or(|f| m >= f));
            let mark = match asked.map(|s| s.due(m)) {
                _ if has.contains(&m) => "✓",
                Some(day) if today > day => {
                    if m == last {
                        overdue.push((day, name.clone()));
                    }
                    "✗"
                }
                Some(day) => {
                    due.push((day, name.clone()));
                    "…"
                }
                None => "–",
            };
            row.push(mark.to_owned());
        }
        rows.push(row);
    }
    let manifests: Vec<Option<Manifest>> = (months.iter())
        .map(|m| {
            let folder = opened.ws.out().join(m.to_string());
            Manifest::read(&folder.join("manifest.json")).ok()
        })
        .collect();
    let mut done = vec![say(lang, "status.done", &[])];
    let again: Vec<String> = (manifests.iter().flatten())
        .filter(|m| is_behind(m, &files, &shown, &coverage))
        .map(|m| m.month.to_string())
        .collect();
    done.extend(manifests.iter().map(|m| {
        let mark = match m {
            None => "–",
            Some(m) if again.contains(&m.month.to_string()) => "≠",
            Some(m) if m.gates_failed.is_empty() => "✓",
            Some(_) => "!",
        };
        mark.to_owned()
    }));
    rows.push(done);
    let problems = health::problems(&opened.ws, &opened.ws.out(), lang)?;
    for problem in &problems {
        eprintln!("{}", say(lang, "status.ill", &[("reason", problem)]));
    }
    let status = if problems.is_empty() { 0 } else { ILL };
    if global.quiet {
        return Ok(status);
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    println!("{}", terminal::table(&header, &rows, &[]));
    println!("{}", say(lang, "status.legend", &[]));
    for (key, mut list) in [("overdue", overdue), ("due", due)] {
        list.sort();
        if let Some(day) = list.first().map(|d| d.0) {
            let of_day = list.iter().filter(|d| d.0 == day || key == "overdue");
            let names: Vec<&str> = of_day.map(|d| d.1.as_str()).collect();
            let (names, day) = (names.join(", "), locale::date_long(lang, day));
            let args = [("names", names.as_str()), ("day", &day)];
            println!("{}", say(lang, &format!("status.{key}"), &args));
        }
    }
    if !again.is_empty() {
        let list = again.join(", ");
        println!("{}", say(lang, "status.again", &[("months", &list)]));
    }
    if let Some(m) = manifests.iter().flatten().next_back() {
        let n = m.counts.get("review").copied().unwrap_or(0);
        let (n, month) = (
            locale::integer(lang, n as f64),
            locale::month_long(lang, m.month),
        );
        println!(
            "{}",
            say(lang, "status.review", &[("pairs", &n), ("month", &month)])
        );
    }
    println!(
        "{}",
        say(
            lang,
            "status.next",
            &[("month", &next(lang, &months, &manifests))]
        )
    );
    if lock::held(&opened.ws.state()) {
        let holder = lock::holder(&opened.ws.state()).unwrap_or_default();
        println!("{}", say(lang, "status.running", &[("holder", &holder)]));
    }
    if problems.is_empty() {
        println!("{}", say(lang, "status.well", &[]));
    }
    Ok(status)
}

/// Whether a month was done from other files than there are for it now: one it used has changed or gone, or one that
/// came since speaks for it.
fn is_behind(m: &Manifest, files: &[SourceFile], shown: &[String], coverage: &[Covered]) -> bool {
    let here: BTreeMap<&str, (usize, &str)> = (files.iter().zip(shown).enumerate())
        .map(|(i, (f, path))| (path.as_str(), (i, f.sha256.as_str())))
        .collect();
    let listed: BTreeSet<&str> = m.inputs.iter().map(|i| i.path.as_str()).collect();
    let other = |i: &Input| here.get(i.path.as_str()).is_none_or(|h| h.1 != i.sha256);
    let speaks = |file: usize| {
        let mut of = coverage.iter().filter(|c| c.file.0 as usize == file);
        of.any(|c| Month::of(c.from) <= m.month)
    };
    m.inputs.iter().any(|i| i.used > 0 && other(i))
        || (here.iter()).any(|(path, (file, _))| !listed.contains(path) && speaks(*file))
}

/// The month to do next: the one after the last that is done.
fn next(lang: Lang, months: &[Month], manifests: &[Option<Manifest>]) -> String {
    let done = (manifests.iter().flatten()).map(|m| m.month).max();
    let month = done.map_or_else(|| months.last().copied(), |m| Some(m.plus(1)));
    month.map_or_else(String::new, |m| locale::month_long(lang, m))
}
