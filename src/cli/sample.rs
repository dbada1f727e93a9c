//! `reintegrasi sample`: a workspace of synthetic files.

use super::{Failure, Global, Outcome, say};
use crate::domain::Month;
use crate::sample::{FaultLevel, NamePool, SampleOptions, error_rates, write_sample};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Names {
    /// Names of Maluku
    Maluku,
    /// Names of the whole country
    National,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Faults {
    /// Every value as it is
    None,
    /// What every office's lists have
    Usual,
    /// Also what makes one person look like two, or two like one
    Hard,
}

impl Faults {
    fn level(self) -> FaultLevel {
        match self {
            Faults::None => FaultLevel::None,
            Faults::Usual => FaultLevel::Usual,
            Faults::Hard => FaultLevel::Hard,
        }
    }
}

/// What is wrong in the files, for the long help.
fn errors() -> String {
    let rates: Vec<String> = error_rates()
        .iter()
        .map(|(what, shares)| {
            let shares = shares.map(|s| format!("{:>5.1} %", 100.0 * s));
            format!("{}  {what}", shares.join("  "))
        })
        .collect();
    format!(
        "Errors by --faults, as a share of the rows concerned, drawn for each row anew, or of the people. Which person is behind a row stands in truth/records.csv, what is wrong in it in truth/faults.csv, who is whose relative in truth/relations.csv:\n   none    usual     hard\n{}",
        rates.join("\n")
    )
}

#[derive(Debug, Args)]
#[command(after_long_help = errors())]
pub(super) struct SampleArgs {
    /// Folder to write; must be empty or not there
    #[arg(long)]
    out: PathBuf,
    /// Distinct people who ever appear
    #[arg(long, default_value_t = 6000, value_parser = clap::value_parser!(u32).range(20..))]
    persons: u32,
    /// Months of history
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(13..=600))]
    months: u32,
    /// Seed: the same seed gives the same files
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Last month that is delivered
    #[arg(long, default_value = "2026-01", value_parser = super::parse_month)]
    last_month: Month,
    /// Whose names people bear [default: maluku, above 20,000 people national]
    #[arg(long, value_enum)]
    names: Option<Names>,
    /// How much goes wrong when offices write; the rates stand below
    #[arg(long, value_enum, default_value = "usual")]
    faults: Faults,
}

pub(super) fn sample(global: &Global, args: &SampleArgs) -> Outcome {
    let lang = global.lang();
    let path = args.out.display().to_string();
    if std::fs::read_dir(&args.out).is_ok_and(|mut d| d.next().is_some()) {
        return Err(Failure::usage(say(
            lang,
            "sample.not_empty",
            &[("path", &path)],
        )));
    }
    let options = SampleOptions {
        out: args.out.clone(),
        persons: args.persons,
        months: args.months,
        seed: args.seed,
        last_month: args.last_month,
        names: match args.names {
            None => NamePool::for_persons(args.persons),
            Some(Names::Maluku) => NamePool::Maluku,
            Some(Names::National) => NamePool::National,
        },
        faults: args.faults.level(),
    };
    let summary = write_sample(&options).map_err(Failure::fault)?;
    if !global.quiet {
        let (files, rows) = (summary.files.to_string(), summary.rows.to_string());
        println!(
            "{}",
            say(
                lang,
                "sample.done",
                &[("path", &path), ("files", &files), ("rows", &rows)]
            )
        );
    }
    Ok(0)
}
