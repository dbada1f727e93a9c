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
    if !global.quiet {
        let path = opened.ws.root().display().to_string();
        println!("{}", say(opened.lang, "config.well", &[("path", &path)]));
    }
    Ok(0)
}
