//! `reintegrasi purge`: what is remembered of months past their retention, and of people no file names any more.

use super::{At, Global, Outcome, say, terminal};
use crate::locale;
use crate::run::purge;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct PurgeArgs {
    #[command(flatten)]
    at: At,
    /// Months to keep, at least 14 [default: retention_months of the settings]
    #[arg(long)]
    months: Option<u32>,
    /// Remove it; without this it is only shown
    #[arg(long)]
    yes: bool,
}

pub(super) fn purge(global: &Global, args: &PurgeArgs) -> Outcome {
    let ws = args.at.workspace(global.lang())?;
    let lang = match global.lang {
        Some(lang) => lang,
        None => crate::run::read_settings(&ws)?.office.language,
    };
    let bars = terminal::Bars::new(lang, global);
    let result = purge::purge(&ws, args.months, args.yes, lang, &bars);
    crate::run::Progress::end(&bars);
    let plan = result?;
    if !global.quiet {
        for path in &plan.paths {
            println!("{}", path.display());
        }
        let n = |v: usize| locale::integer(lang, v as f64);
        let key = if args.yes {
            "purge.done"
        } else {
            "purge.would"
        };
        let args = [
            ("before", &*locale::month_long(lang, plan.before)),
            ("files", &n(plan.paths.len())),
            ("people", &n(plan.pseudonyms)),
        ];
        println!("{}", say(lang, key, &args));
    }
    Ok(0)
}
