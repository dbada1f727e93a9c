//! `reintegrasi restore`: a backup put back into a workspace.

use super::{At, Global, Outcome, run, say};
use crate::locale;
use crate::run::backup;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// Backup to put back
    file: PathBuf,
    #[command(flatten)]
    at: At,
    /// File whose first line is the password the backup is sealed with; its owner alone may read it (chmod 600)
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Move a state that is there aside instead of refusing
    #[arg(long)]
    replace: bool,
}

pub(super) fn restore(global: &Global, args: &RestoreArgs) -> Outcome {
    let lang = global.lang();
    let ws = args.at.folder(lang)?;
    let password = args.password_file.as_deref();
    let password = password.map(|p| run::password_in(p, lang)).transpose()?;
    let done = backup::restore(&ws, &args.file, password.as_deref(), args.replace, lang)?;
    for path in &done.kept {
        eprintln!("{}", say(lang, "restore.kept", &[("path", path)]));
    }
    if !global.quiet {
        let files = locale::integer(lang, done.contents.files() as f64);
        let last = done.contents.months.last();
        let last = last.map_or_else(|| "–".to_owned(), |m| locale::month_long(lang, *m));
        let args = [
            ("files", files.as_str()),
            ("made", &done.contents.made),
            ("month", &last),
        ];
        println!("{}", say(lang, "restore.done", &args));
        if let Some(aside) = &done.aside {
            let path = aside.display().to_string();
            println!("{}", say(lang, "restore.aside", &[("path", &path)]));
        }
    }
    Ok(0)
}
