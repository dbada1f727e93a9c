//! `reintegrasi init`: a commented workspace in one step, after a few questions or flags.

use super::{Failure, Global, Outcome, parse_month, say};
use crate::domain::opd::OPDS;
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, nearest};
use crate::locale::{self, Lang};
use crate::workspace::{AGREEMENTS_EXAMPLE, DEFAULT_TOML, Settings, Workspace};
use clap::Args;
use std::fs;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Folder to make the workspace in
    dir: PathBuf,
    /// City named in place-date lines [default: Ambon]
    #[arg(long)]
    city: Option<String>,
    /// Paper size [default: A4]
    #[arg(long, value_parser = ["A4", "F4"])]
    paper: Option<String>,
    /// Whose reports are written [default: all]
    #[arg(long, value_parser = ["kota", "kanwil", "publik", "both", "all"])]
    audience: Option<String>,
    /// Ids of the suppliers that deliver every month, separated by commas (see reintegrasi docs codes); `upt`: every unit;
    /// `opd`: every agency; `-`: none [default: -]
    #[arg(long, value_name = "IDS", allow_hyphen_values = true)]
    suppliers: Option<String>,
    /// First month suppliers are asked for, YYYY-MM
    #[arg(long, value_parser = parse_month)]
    month: Option<Month>,
    /// Ask nothing: what no flag says is left at its default
    #[arg(long, short = 'y')]
    yes: bool,
}

/// What a new workspace is told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answers {
    city: String,
    paper: String,
    audiences: Vec<&'static str>,
    suppliers: Vec<String>,
    month: Option<Month>,
}

pub(super) fn init(global: &Global, args: &InitArgs) -> Outcome {
    let lang = global.lang();
    let ws = Workspace::at(&args.dir);
    let path = args.dir.display().to_string();
    if ws.settings_file().exists() {
        return Err(Failure::usage(say(lang, "init.exists", &[("path", &path)])));
    }
    let asking = !args.yes
        && !global.quiet
        && !global.json
        && std::io::stdin().is_terminal()
        && std::io::stdout().is_terminal();
    let answers = if asking {
        ask(
            lang,
            args,
            &mut std::io::stdin().lock(),
            &mut std::io::stdout(),
        )
        .map_err(Failure::fault)?
    } else {
        Some(answers(lang, args).map_err(Failure::usage)?)
    };
    let Some(answers) = answers else {
        return Err(Failure::usage(say(lang, "init.given_up", &[])));
    };
    write(lang, &ws, &answers)?;
    if !global.quiet {
        println!("{}", say(lang, "init.done", &[("path", &path)]));
    }
    Ok(0)
}

/// The answers of the flags, with the defaults.
fn answers(lang: Lang, args: &InitArgs) -> Result<Answers, String> {
    Ok(Answers {
        city: args.city.clone().unwrap_or_else(|| "Ambon".into()),
        paper: args.paper.clone().unwrap_or_else(|| "A4".into()),
        audiences: audiences(args.audience.as_deref().unwrap_or("all")).unwrap_or_default(),
        suppliers: suppliers(lang, args.suppliers.as_deref().unwrap_or("-"))?,
        month: args.month,
    })
}

/// Asks for what no flag said; an empty line takes the default in brackets. `None` when the input ends before.
fn ask(
    lang: Lang,
    args: &InitArgs,
    from: &mut dyn BufRead,
    to: &mut dyn Write,
) -> std::io::Result<Option<Answers>> {
    let mut out = Answers {
        city: String::new(),
        paper: args.paper.clone().unwrap_or_else(|| "A4".into()),
        audiences: Vec::new(),
        suppliers: Vec::new(),
        month: None,
    };
    let mut question =
        |key: &str, default: &str, take: &mut dyn FnMut(&str) -> Result<(), String>| {
            loop {
                write!(
                    to,
                    "{} [{default}]: ",
                    say(lang, &format!("init.ask_{key}"), &[])
                )?;
                to.flush()?;
                let mut line = String::new();
                if from.read_line(&mut line)? == 0 {
                    writeln!(to)?;
                    return Ok::<bool, std::io::Error>(false);
                }
                let answer = match line.trim() {
                    "" => default,
                    given => given,
                };
                match take(answer) {
                    Ok(()) => return Ok(true),
                    // An answer nobody understands is asked for again.
                    Err(reason) => writeln!(to, "  {reason}")?,
                }
            }
        };
    match &args.city {
        Some(city) => out.city.clone_from(city),
        None => {
            let took = question("city", "Ambon", &mut |a| {
                out.city = a.to_owned();
                Ok(())
            })?;
            if !took {
                return Ok(None);
            }
        }
    }
    match &args.audience {
        Some(a) => out.audiences = audiences(a).unwrap_or_default(),
        None => {
            let all = say(lang, "init.all", &[]);
            let took = question("audience", &all, &mut |a| {
                out.audiences = audiences(a).ok_or_else(|| say(lang, "init.no_audience", &[]))?;
                Ok(())
            })?;
            if !took {
                return Ok(None);
            }
        }
    }
    match &args.suppliers {
        Some(s) => out.suppliers = suppliers(lang, s).map_err(std::io::Error::other)?,
        None => {
            let took = question("suppliers", "upt", &mut |a| {
                out.suppliers = suppliers(lang, a)?;
                Ok(())
            })?;
            if !took {
                return Ok(None);
            }
        }
    }
    match args.month {
        Some(m) => out.month = Some(m),
        None => {
            let last = crate::run::read::last_complete();
            let took = question("month", &last.to_string(), &mut |a| {
                out.month =
                    Some(parse_month(a).map_err(|bad| super::help::month_reason(&bad, lang))?);
                Ok(())
            })?;
            if !took {
                return Ok(None);
            }
        }
    }
    Ok(Some(out))
}

fn audiences(word: &str) -> Option<Vec<&'static str>> {
    Some(match word.to_lowercase().as_str() {
        "kota" | "city" => vec!["kota"],
        "kanwil" => vec!["kanwil"],
        "publik" | "public" => vec!["publik"],
        "both" | "keduanya" => vec!["kota", "kanwil"],
        "all" | "semua" => vec!["kota", "kanwil", "publik"],
        _ => return None,
    })
}

/// Supplier ids from a list of ids or names; an unknown one is told with the nearest known.
fn suppliers(lang: Lang, list: &str) -> Result<Vec<String>, String> {
    let units = UptRegistry::maluku(&[]);
    let known: Vec<(&str, &str)> = (units.all().map(|(_, u)| (u.id.as_str(), u.name.as_str())))
        .chain(OPDS.iter().map(|(id, name, _)| (*id, *name)))
        .collect();
    let short = |word: &str| {
        let spelt = |names: &[&str]| names.iter().any(|n| n.to_lowercase() == word);
        OPDS.iter().find(|(.., names)| spelt(names)).map(|o| o.0)
    };
    let mut out: Vec<String> = Vec::new();
    for word in list.split([',', ';']).map(str::trim) {
        let lower = word.to_lowercase();
        match lower.as_str() {
            "" | "none" | "-" | "tidak" => {}
            "upt" => out.extend(units.all().map(|(_, u)| u.id.to_string())),
            "opd" => out.extend(OPDS.iter().map(|o| o.0.to_owned())),
            _ => {
                let same =
                    |(id, name): &&(&str, &str)| *id == lower || name.to_lowercase() == lower;
                let found = known.iter().find(same).map(|(id, _)| *id);
                let Some(id) = found.or_else(|| short(&lower)) else {
                    let all: Vec<&str> = known.iter().map(|(id, _)| *id).collect();
                    let near = locale::perhaps(lang, nearest(&lower, all.iter().copied()));
                    let args = [("word", word), ("near", &*near), ("all", &all.join(", "))];
                    return Err(say(lang, "init.no_supplier", &args));
                };
                out.push(id.to_owned());
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    out.retain(|id| seen.insert(id.clone()));
    Ok(out)
}

fn write(lang: Lang, ws: &Workspace, answers: &Answers) -> Result<(), Failure> {
    let examples = ws.templates().join("contoh");
    for dir in [ws.inbox(), ws.sources(), ws.decisions(), examples.clone()] {
        fs::create_dir_all(&dir).map_err(|e| Failure::fault(format!("{}: {e}", dir.display())))?;
    }
    let text = settings_text(lang, answers);
    // What was answered must be what a run reads.
    Settings::parse(&text, "reintegrasi.toml").map_err(|e| Failure::fault(e.message(lang)))?;
    let inbox = ws.inbox().join(crate::ingest::PLACEHOLDER);
    write_new(&inbox, &say(lang, "init.inbox", &[]))?;
    let help = ws.sources().join("contoh.toml");
    write_new(&help, include_str!("init/sources.toml"))?;
    let decisions = ws.decisions().join("pasangan.csv");
    write_new(&decisions, "a,b,decision\n")?;
    // An example beside the templates', so that nothing is said of agreements before somebody has read it.
    write_new(&examples.join("perjanjian.toml.contoh"), AGREEMENTS_EXAMPLE)?;
    for (name, text) in crate::report::Templates::built_in() {
        write_new(&examples.join(name), text)?;
    }
    write_new(
        &examples.join("tambahan.toml"),
        include_str!("init/template.toml"),
    )?;
    // Last: from here on the folder is a workspace.
    write_new(&ws.settings_file(), &text)
}

fn settings_text(lang: Lang, answers: &Answers) -> String {
    let line = |key: &str, value: toml::Value| format!("{key} = {value}");
    let text = |s: &str| toml::Value::from(s);
    let audiences = toml::Value::from(answers.audiences.clone());
    let month = answers.month.map(|m| m.to_string()).unwrap_or_default();
    let mut out = DEFAULT_TOML
        .replace(
            "language = \"id\"  ",
            &format!("language = \"{}\"  ", lang.tag()),
        )
        .replace("city = \"Ambon\"", &line("city", text(&answers.city)))
        .replace("paper = \"A4\"", &line("paper", text(&answers.paper)))
        .replace(
            "audiences = [\"kota\", \"kanwil\", \"publik\"]",
            &line("audiences", audiences),
        )
        .replace("first_month = \"\"", &line("first_month", text(&month)));
    for id in &answers.suppliers {
        out.push_str(&format!("\n[[suppliers]]\n{}\n", line("id", text(id))));
    }
    out
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    fs::write(path, text).map_err(|e| Failure::fault(format!("{}: {e}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> InitArgs {
        InitArgs {
            dir: PathBuf::new(),
            city: None,
            paper: None,
            audience: None,
            suppliers: None,
            month: None,
            yes: false,
        }
    }

    fn asked(args: &InitArgs, input: &str) -> (Option<Answers>, String) {
        let mut said = Vec::new();
        let got = ask(Lang::En, args, &mut input.as_bytes(), &mut said).unwrap();
        (got, String::from_utf8(said).unwrap())
    }

    #[test]
    fn questions_take_defaults_ask_again_and_skip_what_a_flag_said() {
        let input = "\nnobody\nkanwil\nlapas-ambn\nlapas-ambon, Dinas Sosial\n2026-13\n2026-01\n";
        let (got, said) = asked(&flags(), input);
        let got = got.unwrap();
        assert_eq!(got.city, "Ambon");
        assert_eq!(got.audiences, ["kanwil"]);
        assert_eq!(got.suppliers, ["lapas-ambon", "dinsos"]);
        assert_eq!(got.month, Month::new(2026, 1));
        assert!(said.contains("lapas-ambon"), "the nearest is named: {said}");

        let given = InitArgs {
            city: Some("Tual".into()),
            audience: Some("kota".into()),
            suppliers: Some("none".into()),
            ..flags()
        };
        let (got, said) = asked(&given, "2025-12\n");
        assert_eq!(got.unwrap().city, "Tual");
        assert_eq!(said.matches('[').count(), 1, "one question: {said}");
        assert_eq!(asked(&flags(), "Tual\n").0, None, "the input ended");
    }

    #[test]
    fn what_is_answered_is_what_the_settings_say() {
        let answers = Answers {
            city: "Tual \"Baru\"".into(),
            paper: "F4".into(),
            audiences: vec!["kanwil"],
            suppliers: suppliers(Lang::Id, "upt, Disnaker, lapas-ambon").unwrap(),
            month: Month::new(2026, 1),
        };
        let s = Settings::parse(&settings_text(Lang::En, &answers), "x").unwrap();
        assert_eq!(
            (s.office.city.as_str(), s.office.paper.as_str()),
            ("Tual \"Baru\"", "F4")
        );
        assert_eq!(s.office.language, Lang::En);
        assert_eq!(s.office.audiences, ["kanwil"]);
        assert_eq!(s.office.first_month(), Month::new(2026, 1));
        assert_eq!(
            s.suppliers.len(),
            UptRegistry::maluku(&[]).all().count() + 1
        );
    }

    #[test]
    fn a_new_workspace_is_well_and_its_examples_can_be_used() {
        let dir = tempfile::tempdir().unwrap();
        let ws = Workspace::at(dir.path().join("kantor"));
        write(Lang::Id, &ws, &answers(Lang::Id, &flags()).unwrap()).unwrap();
        crate::run::read_settings(&ws).unwrap();
        crate::run::check_templates(&ws).unwrap();
        let units = UptRegistry::maluku(&[]);
        let (_, mistakes) = crate::ingest::Sources::load(&ws.sources(), &units);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        // An example moved one folder up is a template; the help with its comment signs taken off is help.
        for example in fs::read_dir(ws.templates().join("contoh")).unwrap() {
            let example = example.unwrap();
            if example.file_name() == "perjanjian.toml.contoh" {
                fs::copy(example.path(), ws.agreements_file()).unwrap();
                continue;
            }
            fs::copy(example.path(), ws.templates().join(example.file_name())).unwrap();
        }
        crate::run::check_templates(&ws).unwrap();
        assert!(
            !crate::run::read_settings(&ws)
                .unwrap()
                .agreements
                .is_empty()
        );
        let help = ws.sources().join("contoh.toml");
        let text = fs::read_to_string(&help).unwrap().replace("#: ", "");
        fs::write(&help, text).unwrap();
        let (sources, mistakes) = crate::ingest::Sources::load(&ws.sources(), &units);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        assert!(
            sources
                .of("disperindag/pelatihan_2026-01.xlsx", "Peserta")
                .is_some()
        );
    }
}
