//! `reintegrasi demo`: a small example of invented people, written and done in one step.

use super::{At, Failure, Global, Outcome, run, say};
use crate::domain::Month;
use crate::sample::{FaultLevel, NamePool, SampleOptions, write_sample};
use clap::Args;
use std::path::PathBuf;

/// People of the example: enough for every report to have figures, few enough to be done in a second or two.
const PERSONS: u32 = 1200;

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Folder for the example: new or empty
    dir: PathBuf,
}

pub(super) fn demo(global: &Global, args: &DemoArgs) -> Outcome {
    let lang = global.lang();
    let path = args.dir.display().to_string();
    if std::fs::read_dir(&args.dir).is_ok_and(|mut d| d.next().is_some()) {
        return Err(Failure::usage(say(
            lang,
            "sample.not_empty",
            &[("path", &path)],
        )));
    }
    let last_month = Month::of(chrono::Local::now().date_naive()).plus(-1);
    let options = SampleOptions {
        out: args.dir.clone(),
        persons: PERSONS,
        months: 60,
        seed: 1,
        last_month,
        names: NamePool::for_persons(PERSONS),
        faults: FaultLevel::Usual,
    };
    write_sample(&options).map_err(Failure::fault)?;
    if !global.quiet {
        println!("{}", say(lang, "demo.written", &[("path", &path)]));
    }
    let at = At {
        workspace: Some(args.dir.clone()),
    };
    run::run(global, &run::RunArgs::of_month(at, last_month))
}
