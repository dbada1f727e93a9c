//! `reintegrasi backup`: what the workspace cannot do without, in one private file.

use super::{At, Global, Outcome, run, say};
use crate::locale;
use crate::run::backup;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// File to write; it must not be there yet
    file: PathBuf,
    #[command(flatten)]
    at: At,
    /// File whose first line is the password the backup is sealed with; its owner alone may read it (chmod 600)
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

pub(super) fn backup(global: &Global, args: &BackupArgs) -> Outcome {
    let ws = args.at.workspace(global.lang())?;
    let lang = global
        .lang
        .unwrap_or(crate::run::read_settings(&ws)?.office.language);
    let password = args.password_file.as_deref();
    let password = password.map(|p| run::password_in(p, lang)).transpose()?;
    let contents = backup::backup(&ws, &args.file, password.as_deref(), lang)?;
    if !global.quiet {
        let files = locale::integer(lang, contents.files() as f64);
        let months = contents.months.len().to_string();
        let path = args.file.display().to_string();
        let key = if password.is_some() {
            "backup.sealed"
        } else {
            "backup.plain"
        };
        let words = [
            ("path", path.as_str()),
            ("files", &files),
            ("months", &months),
        ];
        println!("{}", say(lang, key, &words));
    }
    Ok(0)
}
