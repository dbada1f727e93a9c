//! `reintegrasi verify`: outputs against their manifest.

use super::{Global, Outcome, say};
use crate::locale::Lang;
use crate::run::health;
use crate::run::manifest::{self, Difference, Manifest};
use crate::workspace::Workspace;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Folder of a month, for example out/2026-01
    out: PathBuf,
    /// Workspace that did it [default: the folder above out/, when it is one]
    #[arg(long)]
    workspace: Option<PathBuf>,
}

pub(super) fn verify(global: &Global, args: &VerifyArgs) -> Outcome {
    let lang = global.lang();
    let (manifest, differences) = manifest::verify(&args.out)?;
    for d in &differences {
        let (key, path) = match d {
            Difference::Missing(p) => ("verify.missing", p),
            Difference::Changed(p) => ("verify.changed", p),
            Difference::Extra(p) => ("verify.extra", p),
        };
        println!("{}", say(lang, key, &[("path", path)]));
    }
    let remembered = remembers(args, &manifest, lang);
    if let Err(reason) = &remembered {
        println!("{reason}");
    }
    if !differences.is_empty() || remembered.is_err() {
        return Ok(1);
    }
    if !global.quiet {
        let n = manifest.outputs.len().to_string();
        println!("{}", say(lang, "verify.ok", &[("files", &n)]));
    }
    Ok(0)
}

/// Whether the workspace remembers the month as it stands; a folder of no workspace has nobody who could. `Err` says
/// what is not as it was.
fn remembers(args: &VerifyArgs, m: &Manifest, lang: Lang) -> Result<(), String> {
    let above = || Some(args.out.canonicalize().ok()?.parent()?.parent()?.to_owned());
    let Some(root) = args.workspace.clone().or_else(above) else {
        return Ok(());
    };
    let ws = Workspace::at(root);
    if !ws.settings_file().is_file() {
        return Ok(());
    }
    let out = args.out.parent().unwrap_or(&args.out);
    let whole = health::month_is_whole(&ws, out, m.month, lang);
    whole.map_err(|e| e.message(lang))
}
