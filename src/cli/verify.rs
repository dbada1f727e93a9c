//! `reintegrasi verify`: outputs against their manifest.

use super::{Failure, Global, Outcome, say};
use crate::locale::{self, Lang};
use crate::run::health;
use crate::run::manifest::{self, Difference, Manifest};
use crate::workspace::Workspace;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Folder of a month, for example out/2026-01; or a workspace, whose last month is checked
    out: PathBuf,
    /// Workspace that did it [default: the folder above out/, when it is one]
    #[arg(long)]
    workspace: Option<PathBuf>,
}

pub(super) fn verify(global: &Global, args: &VerifyArgs) -> Outcome {
    let lang = global.lang();
    let ws = Workspace::at(&args.out);
    let folder = match ws.settings_file().is_file() {
        true => health::last_done(&ws).map(|m| ws.out().join(m.to_string())),
        false => Some(args.out.clone()),
    };
    let no_month = || {
        let path = args.out.display().to_string();
        Failure::usage(say(lang, "verify.no_month", &[("path", &path)]))
    };
    let there = |f: &PathBuf| f.join("manifest.json").is_file();
    let folder = folder.filter(there).ok_or_else(no_month)?;
    let (manifest, differences) = manifest::verify(&folder)?;
    for d in &differences {
        let (key, path) = match d {
            Difference::Missing(p) => ("verify.missing", p),
            Difference::Changed(p) => ("verify.changed", p),
            Difference::Extra(p) => ("verify.extra", p),
        };
        println!("{}", say(lang, key, &[("path", path)]));
    }
    let remembered = remembers(args, &folder, &manifest, lang);
    if let Err(reason) = &remembered {
        println!("{reason}");
    }
    if !differences.is_empty() || remembered.is_err() {
        return Ok(1);
    }
    if !global.quiet {
        let n = manifest.outputs.len().to_string();
        let month = locale::month_long(lang, manifest.month);
        println!(
            "{}",
            say(lang, "verify.ok", &[("files", &n), ("month", &month)])
        );
    }
    Ok(0)
}

/// Whether the workspace remembers the month as it stands; a folder of no workspace has nobody who could. `Err` says
/// what is not as it was.
fn remembers(args: &VerifyArgs, folder: &Path, m: &Manifest, lang: Lang) -> Result<(), String> {
    let above = || Some(folder.canonicalize().ok()?.parent()?.parent()?.to_owned());
    let Some(root) = args.workspace.clone().or_else(above) else {
        return Ok(());
    };
    let ws = Workspace::at(root);
    if !ws.settings_file().is_file() {
        return Ok(());
    }
    let out = folder.parent().unwrap_or(folder);
    let whole = health::month_is_whole(&ws, out, m.month, lang);
    whole.map_err(|e| e.message(lang))
}
