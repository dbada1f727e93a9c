//! `reintegrasi config check`: settings, templates and help files, without reading a supplier's file.

use super::{At, Global, Opened, Outcome, say};
use crate::ingest::Sources;
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check reintegrasi.toml, report-templates/ and sources/
    Check {
        #[command(flatten)]
        at: At,
    },
}

pub(super) fn config(global: &Global, args: &ConfigArgs) -> Outcome {
    let What::Check { at } = &args.what;
    let opened = Opened::of(global, at)?;
    crate::run::check_templates(&opened.ws)?;
    let (_, mistakes) = Sources::load(&opened.ws.sources(), &opened.units);
    for mistake in &mistakes {
        println!("{}", mistake.message(opened.lang));
    }
    if !mistakes.is_empty() {
        return Ok(super::WRONG_USAGE);
    }
    for (agency, year, target, promised) in opened.settings.targets_against_promises() {
        let number = |n: f64| crate::locale::decimal(opened.lang, n, usize::from(n.fract() != 0.0));
        let (year, target, promised) = (year.to_string(), number(target), number(promised));
        let args = [
            ("agency", agency.as_str()),
            ("year", &year),
            ("target", &target),
            ("promised", &promised),
        ];
        println!("{}", say(opened.lang, "config.two_targets", &args));
    }
    if !global.quiet {
        let path = opened.ws.root().display().to_string();
        println!("{}", say(opened.lang, "config.well", &[("path", &path)]));
    }
    Ok(0)
}
