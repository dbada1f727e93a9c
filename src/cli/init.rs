//! `reintegrasi init`: a commented workspace in one step.

use super::{Failure, Global, Outcome, say};
use crate::workspace::{DEFAULT_TOML, Workspace};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Folder to make the workspace in
    dir: PathBuf,
    /// City named in place-date lines
    #[arg(long, default_value = "Ambon")]
    city: String,
    /// Paper size
    #[arg(long, default_value = "A4", value_parser = ["A4", "F4"])]
    paper: String,
}

pub(super) fn init(global: &Global, args: &InitArgs) -> Outcome {
    let lang = global.lang();
    let ws = Workspace::at(&args.dir);
    let path = args.dir.display().to_string();
    if ws.settings_file().exists() {
        return Err(Failure::usage(say(lang, "init.exists", &[("path", &path)])));
    }
    for dir in [ws.inbox(), ws.sources(), ws.decisions(), ws.templates()] {
        fs::create_dir_all(&dir).map_err(Failure::fault)?;
    }
    let settings = DEFAULT_TOML
        .replace(
            "language = \"id\"  ",
            &format!("language = \"{}\"  ", lang.tag()),
        )
        .replace(
            "city = \"Ambon\"",
            &format!("city = {}", toml::Value::from(args.city.as_str())),
        )
        .replace("paper = \"A4\"", &format!("paper = \"{}\"", args.paper));
    write_new(&ws.settings_file(), &settings)?;
    write_new(
        &ws.inbox().join("LETAKKAN-BERKAS-DI-SINI.md"),
        &say(lang, "init.inbox", &[]),
    )?;
    if !global.quiet {
        println!("{}", say(lang, "init.done", &[("path", &path)]));
    }
    Ok(0)
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    fs::write(path, text).map_err(|e| Failure::fault(format!("{}: {e}", path.display())))
}
