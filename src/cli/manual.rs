//! `reintegrasi man`: the manual as one page for `man -l`, every command with its options.

use super::{Failure, Outcome, say};
use crate::locale::Lang;
use clap_mangen::{Man, roff};
use roff::{Roff, bold, roman};
use std::io::Write;

/// Exit statuses, as scripts may rely on them; their texts are `cli.exit.*`.
const STATUSES: [(&str, &str); 8] = [
    ("0", "done"),
    ("1", "fault"),
    ("2", "usage"),
    ("3", "gate"),
    ("4", "input"),
    ("5", "held"),
    ("130", "stopped"),
    ("141", "reader_gone"),
];

/// The exit statuses below the help, one a line.
pub(super) fn statuses(lang: Lang) -> String {
    let lines = STATUSES.map(|(status, key)| {
        let text = say(lang, &format!("exit.{key}"), &[]);
        format!("  {status:<4} {text}")
    });
    format!("{}:\n{}", say(lang, "exit.title", &[]), lines.join("\n"))
}

/// Where things are within a workspace.
const FILES: [(&str, &str); 7] = [
    (
        "reintegrasi.toml",
        "settings; every key has a default and a comment",
    ),
    ("inbox/", "suppliers' files as they came; never written to"),
    (
        "sources/*.toml",
        "help where a supplier's files are not recognised",
    ),
    ("decisions/*.csv", "what an analyst decided"),
    (
        "report-templates/*.toml",
        "reports in place of, or beside, the built-in ones",
    ),
    ("state/", "private; state/cache may be deleted at any time"),
    (
        "out/YYYY-MM/",
        "what is handed over: whole, or not there at all",
    ),
];

pub(super) fn manual(command: clap::Command, lang: Lang) -> Outcome {
    let mut page = Vec::new();
    print(command, lang, &mut page).map_err(Failure::fault)?;
    print!("{}", String::from_utf8_lossy(&page));
    Ok(0)
}

fn print(mut command: clap::Command, lang: Lang, to: &mut dyn Write) -> std::io::Result<()> {
    command.build();
    let page = Man::new(command.clone());
    page.render_title(to)?;
    page.render_name_section(to)?;
    page.render_synopsis_section(to)?;
    page.render_description_section(to)?;
    page.render_options_section(to)?;
    let shown = command
        .get_subcommands()
        .filter(|c| !c.is_hide_set() && c.get_name() != "help");
    for sub in shown {
        let page = Man::new(sub.clone());
        let mut head = Roff::new();
        let name = format!("reintegrasi {}", sub.get_name());
        head.control("SH", [name.as_str()]);
        if let Some(about) = sub.get_about() {
            head.text([roman(about.to_string())]);
        }
        head.to_writer(to)?;
        // Sections within a command are subsections of the page.
        let mut options = Vec::new();
        page.render_synopsis_section(&mut options)?;
        page.render_options_section(&mut options)?;
        let text = String::from_utf8_lossy(&options).replace(".SH ", ".SS ");
        to.write_all(text.as_bytes())?;
    }
    let told = STATUSES.map(|(status, key)| (status, say(lang, &format!("exit.{key}"), &[])));
    let told = told
        .each_ref()
        .map(|(status, text)| (*status, text.as_str()));
    list("EXIT STATUS", &told, to)?;
    list("FILES", &FILES, to)
}

fn list(title: &str, items: &[(&str, &str)], to: &mut dyn Write) -> std::io::Result<()> {
    let mut section = Roff::new();
    section.control("SH", [title]);
    for (term, text) in items {
        section.control("TP", []);
        section.text([bold(*term)]);
        section.text([roman(*text)]);
    }
    section.to_writer(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_and_every_exit_status_stands_in_the_manual() {
        let command = crate::cli::Cli::command();
        let mut page = Vec::new();
        print(command.clone(), Lang::En, &mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        for sub in command.get_subcommands().filter(|c| !c.is_hide_set()) {
            let head = format!(".SH \"reintegrasi {}\"", sub.get_name());
            assert!(page.contains(&head), "{head}");
        }
        assert!(page.contains("from\\-manifest"), "options of commands");
        for status in [0, 1, 2, 3, 4, 5, 130] {
            assert!(page.contains(&format!("\\fB{status}\\fR")), "{status}");
        }
    }
}
