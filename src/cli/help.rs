//! Help and usage errors in the reader's language.
//!
//! The English help stands beside the declarations; the Indonesian one is `src/locale/id/help.toml`. Usage errors are
//! told by `cli.usage.*` in both languages.

use crate::domain::month::BadMonth;
use crate::locale::{self, Lang};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use std::error::Error as _;
use std::ffi::OsString;
use std::path::Path;
use std::sync::OnceLock;

/// The language of help and usage errors: `--lang` where it stands among the arguments, else the language of the
/// workspace one stands in, else Indonesian.
pub(super) fn language(args: &[OsString]) -> Lang {
    let text = |a: &OsString| a.to_str().map(str::to_owned);
    let mut said = None;
    for (i, arg) in args.iter().enumerate() {
        let Some(arg) = text(arg) else { continue };
        let tag = match arg.strip_prefix("--lang=") {
            Some(tag) => Some(tag.to_owned()),
            None if arg == "--lang" => args.get(i + 1).and_then(text),
            None => None,
        };
        said = tag.and_then(|t| Lang::from_tag(&t)).or(said);
    }
    said.unwrap_or_else(|| of_workspace(Path::new("reintegrasi.toml")).unwrap_or_default())
}

/// `[office] language` of a settings file; `None` where there is none or it cannot be read.
fn of_workspace(settings: &Path) -> Option<Lang> {
    let table: toml::Table = std::fs::read_to_string(settings).ok()?.parse().ok()?;
    Lang::from_tag(table.get("office")?.get("language")?.as_str()?)
}

/// `reintegrasi help run` is `reintegrasi run --help`.
pub(super) fn help_as_flag(mut args: Vec<OsString>) -> Vec<OsString> {
    if args.get(1).is_some_and(|a| a == "help") {
        args.remove(1);
        args.push("--help".into());
    }
    args
}

fn indonesian() -> &'static toml::Table {
    static TEXTS: OnceLock<toml::Table> = OnceLock::new();
    // Compiled in: a mistake in it is found by the tests below.
    TEXTS.get_or_init(|| {
        include_str!("../locale/id/help.toml")
            .parse()
            .unwrap_or_default()
    })
}

fn in_indonesian(command: &str, key: &str) -> Option<&'static str> {
    let texts = indonesian();
    let of = |table: &str| texts.get(table)?.get(key)?.as_str();
    of(command).or_else(|| of("common"))
}

fn word(key: &str) -> &'static str {
    in_indonesian("words", key).unwrap_or_default()
}

/// The command line with its help in a language.
pub(super) fn localised(command: Command, lang: Lang) -> Command {
    let command = command.after_help(super::manual::statuses(lang));
    match lang {
        Lang::En => command,
        Lang::Id => translated(command, &[]),
    }
}

/// A command and what is below it; `path` are the names that lead to it, the program's own left out.
fn translated(command: Command, path: &[&str]) -> Command {
    let name = match path {
        [] => "reintegrasi".to_owned(),
        path => path.join(" "),
    };
    let shown = [&["reintegrasi"], path].concat().join(" ");
    let usage = (command.clone().bin_name(shown).render_usage().to_string())
        .trim_start_matches("Usage: ")
        .replace("[OPTIONS]", &format!("[{}]", word("option_word")))
        .replace("<COMMAND>", &format!("<{}>", word("command_word")));
    let mut template = format!("{{about-with-newline}}\n{}: {{usage}}\n", word("usage"));
    if command.get_subcommands().next().is_some() {
        template += &format!("\n{}:\n{{subcommands}}\n", word("commands"));
    }
    if command.get_positionals().next().is_some() {
        template += &format!("\n{}:\n{{positionals}}\n", word("arguments"));
    }
    template += &format!("\n{}:\n{{options}}{{after-help}}", word("options"));
    let below: Vec<String> = (command.get_subcommands())
        .map(|c| c.get_name().to_owned())
        .collect();
    let mut command = command
        .override_usage(usage)
        .help_template(template)
        .mut_args(|arg| translated_argument(arg, &name));
    for sub in &below {
        let path = [path, &[sub]].concat();
        command = command.mut_subcommand(sub, |c| translated(c, &path));
    }
    if let Some(about) = in_indonesian(&name, "about") {
        command = command.about(about).long_about(None);
    }
    command
}

fn translated_argument(arg: Arg, command: &str) -> Arg {
    let Some(text) = in_indonesian(command, arg.get_id().as_str()) else {
        return arg;
    };
    let mut text = text.to_owned();
    let defaults: Vec<String> = (arg.get_default_values().iter())
        .map(|v| v.to_string_lossy().into_owned())
        .collect();
    let choices: Vec<String> = (arg.get_possible_values().iter())
        .map(|v| v.get_name().to_owned())
        .collect();
    let arg = arg.long_help(None::<&str>);
    // A switch has `true` and `false` behind it, of which nobody is told.
    if !arg.get_action().takes_values() {
        return arg.help(text);
    }
    if !defaults.is_empty() {
        text += &format!(" [{}: {}]", word("default"), defaults.join(", "));
    }
    if !choices.is_empty() {
        text += &format!(" [{}: {}]", word("choices"), choices.join(", "));
    }
    arg.help(text)
        .hide_default_value(true)
        .hide_possible_values(true)
}

/// A usage error in a language: what is wrong, what would be right, where help is. `None` for what is no error (help and
/// version asked for).
pub(super) fn usage_error(error: &clap::Error, lang: Lang) -> Option<String> {
    let context = |kind: ContextKind| error.get(kind).map(shown).unwrap_or_default();
    let say =
        |key: &str, args: &[(&str, &str)]| locale::format(lang, &format!("cli.usage.{key}"), args);
    let arg = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let near = |kind: ContextKind| match context(kind).as_str() {
        "" => String::new(),
        near => format!("; {}", say("near", &[("near", near)])),
    };
    let message = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion => return None,
        ErrorKind::InvalidValue if value.is_empty() => say("no_value", &[("arg", &arg)]),
        ErrorKind::InvalidValue => {
            let choices = context(ContextKind::ValidValue);
            let args = [
                ("arg", arg.as_str()),
                ("value", &value),
                ("choices", &choices),
            ];
            say("choice", &args) + &near(ContextKind::SuggestedValue)
        }
        ErrorKind::ValueValidation => {
            let reason = (error.source())
                .map(|e| value_reason(e, lang))
                .unwrap_or_default();
            let args = [
                ("arg", arg.as_str()),
                ("value", &value),
                ("reason", &reason),
            ];
            say("value", &args)
        }
        ErrorKind::UnknownArgument if !arg.starts_with('-') => say("surplus", &[("arg", &arg)]),
        ErrorKind::UnknownArgument => {
            say("unknown", &[("arg", &arg)]) + &near(ContextKind::SuggestedArg)
        }
        ErrorKind::InvalidSubcommand => {
            let command = context(ContextKind::InvalidSubcommand);
            say("command", &[("command", &command)]) + &near(ContextKind::SuggestedSubcommand)
        }
        ErrorKind::MissingSubcommand => say("no_command", &[]),
        ErrorKind::MissingRequiredArgument => say("missing", &[("arg", &arg)]),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg);
            match arg == other {
                true => say("twice", &[("arg", &arg)]),
                false => say("conflict", &[("arg", &arg), ("other", &other)]),
            }
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            say("number_of_values", &[("arg", &arg)])
        }
        ErrorKind::NoEquals => say("no_equals", &[("arg", &arg)]),
        ErrorKind::InvalidUtf8 => say("utf8", &[]),
        // Faults of output, and kinds a newer parser may know.
        _ => error.to_string(),
    };
    Some(format!("{message}\n{}", say("more", &[])))
}

/// Why a value is refused, in words.
fn value_reason(error: &(dyn std::error::Error + 'static), lang: Lang) -> String {
    let say =
        |key: &str, args: &[(&str, &str)]| locale::format(lang, &format!("cli.usage.{key}"), args);
    if let Some(bad) = error.downcast_ref::<BadMonth>() {
        return month_reason(bad, lang);
    }
    if error.is::<chrono::ParseError>() {
        return say("day", &[]);
    }
    if error.is::<std::num::ParseIntError>() {
        return say("number", &[]);
    }
    let text = error.to_string();
    // The parser's own sentence about a range: `99 is not in 1..=36`.
    let range = text.split_once(" is not in ").map(|(_, range)| range);
    match range.and_then(|r| r.split_once("..")) {
        Some((from, to)) => say(
            "range",
            &[("from", from), ("to", to.trim_start_matches('='))],
        ),
        None if text.contains("invalid digit") || text.contains("cannot parse integer") => {
            say("number", &[])
        }
        None => text,
    }
}

/// What is wrong with a month, in words: the month that does not exist is named.
pub(super) fn month_reason(bad: &BadMonth, lang: Lang) -> String {
    let number = bad.0.split_once('-').map_or("", |(_, month)| month);
    let absent = number.parse::<u8>().is_ok_and(|m| !(1..=12).contains(&m));
    let args = [("text", bad.0.as_str()), ("month", number)];
    let key = if absent { "no_month" } else { "month" };
    locale::format(lang, &format!("cli.usage.{key}"), &args)
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::String(s) => s.clone(),
        ContextValue::Strings(all) => all.join(", "),
        ContextValue::StyledStr(s) => s.to_string(),
        ContextValue::StyledStrs(all) => {
            let all: Vec<String> = all.iter().map(ToString::to_string).collect();
            all.join(", ")
        }
        ContextValue::Number(n) => n.to_string(),
        ContextValue::Bool(b) => b.to_string(),
        // Nothing to show, or a kind a newer parser may know.
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn command() -> Command {
        crate::cli::Cli::command()
    }

    #[test]
    fn every_command_and_argument_has_its_indonesian_help_and_no_other_has() {
        let mut missing = Vec::new();
        let mut known = std::collections::BTreeSet::new();
        let mut all = vec![("reintegrasi".to_owned(), command())];
        for c in command().get_subcommands() {
            all.push((c.get_name().to_owned(), c.clone()));
            let below = c.get_subcommands();
            all.extend(
                below.map(|sub| (format!("{} {}", c.get_name(), sub.get_name()), sub.clone())),
            );
        }
        for (name, c) in &all {
            known.insert((name.clone(), "about".to_owned()));
            if in_indonesian(name, "about").is_none() {
                missing.push(format!("[{name}] about"));
            }
            for arg in c.get_arguments().map(|a| a.get_id().to_string()) {
                if in_indonesian(name, &arg).is_none() {
                    missing.push(format!("[{name}] {arg}"));
                }
                known.insert((name.clone(), arg));
            }
        }
        assert!(missing.is_empty(), "without Indonesian help: {missing:#?}");
        for (table, texts) in indonesian()
            .iter()
            .filter(|(t, _)| *t != "words" && *t != "common")
        {
            for key in texts.as_table().unwrap().keys() {
                let known = known.contains(&(table.clone(), key.clone()));
                assert!(known, "help for what is not there: [{table}] {key}");
            }
        }
    }

    #[test]
    fn help_in_indonesian_has_no_english_heading() {
        let mut c = localised(command(), Lang::Id);
        c.build();
        let mut pages = vec![c.render_help().to_string()];
        for sub in c.get_subcommands_mut() {
            pages.push(sub.render_long_help().to_string());
        }
        for page in pages {
            for english in [
                "Usage:",
                "Options:",
                "Arguments:",
                "Commands:",
                "[default:",
                "[possible",
            ] {
                assert!(!page.contains(english), "{english} in\n{page}");
            }
        }
    }

    fn refused(args: &[&str], lang: Lang) -> String {
        let matches = localised(command(), lang).try_get_matches_from(args);
        usage_error(&matches.unwrap_err(), lang).unwrap()
    }

    #[test]
    fn usage_errors_are_told_in_the_readers_language_with_what_would_be_right() {
        let wrong: [&[&str]; 11] = [
            &["reintegrasi", "rum"],
            &["reintegrasi", "run", "--mont", "2026-01"],
            &["reintegrasi", "run", "--month", "2026-13"],
            &["reintegrasi", "run", "--month", "Januari"],
            &["reintegrasi", "explain"],
            &["reintegrasi", "init", "x", "--paper", "A5"],
            &["reintegrasi", "review", "--read", "a", "--ask"],
            &["reintegrasi", "status", "--today", "2027-13-01"],
            &["reintegrasi", "status", "--months", "99"],
            &["reintegrasi", "status", "--months", "dua"],
            &["reintegrasi", "run", "--annex", "--annex=a.xlsx"],
        ];
        let told = |lang| {
            let all: Vec<String> = wrong.iter().map(|w| refused(w, lang)).collect();
            all.join("\n\n")
        };
        insta::assert_snapshot!("usage_errors_id", told(Lang::Id));
        insta::assert_snapshot!("usage_errors_en", told(Lang::En));
    }

    #[test]
    fn the_language_is_the_one_asked_for() {
        let args = |a: &[&str]| a.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(language(&args(&["x", "run", "--lang", "en"])), Lang::En);
        assert_eq!(language(&args(&["x", "--lang=en", "run"])), Lang::En);
        assert_eq!(language(&args(&["x", "run"])), Lang::Id);
        assert_eq!(
            help_as_flag(args(&["x", "help", "run"])),
            args(&["x", "run", "--help"])
        );
    }
}
