//! `reintegrasi add`: an entry of the settings, asked for or given, checked, and written without touching comments.

use super::{At, Failure, Global, Outcome, say};
use crate::domain::opd::OPDS;
use crate::domain::upt::{UptKind, UptRegistry};
use crate::domain::{Unit, nearest};
use crate::locale::{self, Lang};
use crate::measure;
use crate::workspace::{Settings, Workspace};
use clap::{Args, Subcommand};
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    #[command(subcommand)]
    what: What,
    /// Workspace folder [default: the current folder when it holds a reintegrasi.toml]
    #[arg(long, value_name = "DIR", global = true)]
    workspace: Option<PathBuf>,
}

/// What is added. What no argument says is asked for on a terminal.
#[derive(Debug, Subcommand)]
enum What {
    /// A prison or Bapas beyond the built-in ones
    Unit {
        /// Id: small letters, digits and hyphens, such as lapas-namrole
        id: Option<String>,
        /// Official short name
        name: Option<String>,
        /// What kind of unit: lapas, rutan, lpp, lpka, bapas
        #[arg(long)]
        kind: Option<String>,
    },
    /// An agency beyond the built-in ones
    Agency {
        /// Id: small letters, digits and hyphens
        id: Option<String>,
        /// Official name
        name: Option<String>,
    },
    /// A text in the names of programmes that belong to the City's priorities
    Programme {
        /// The text
        text: Option<String>,
    },
    /// Who delivers files every month
    Supplier {
        /// Id of a unit or agency
        id: Option<String>,
        /// Without its file there are no outputs
        #[arg(long)]
        required: bool,
        /// Day of the following month on which its file is due
        #[arg(long, value_name = "DAY", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=31))]
        due_day: u8,
    },
    /// What is aimed at: a share for a measure, services a year for pks.AGENCY
    Target {
        /// Measure id, or pks.AGENCY
        measure: Option<String>,
        /// A share between 0 and 1 (0.6, 0,6 or 60%), or services a year
        value: Option<String>,
    },
}

pub(super) fn add(global: &Global, args: &AddArgs) -> Outcome {
    let at = At {
        workspace: args.workspace.clone(),
    };
    let ws = at.workspace(global.lang())?;
    let settings = crate::run::read_settings(&ws)?;
    let lang = global.lang.unwrap_or(settings.office.language);
    let asked = Asked {
        lang,
        terminal: std::io::stdin().is_terminal() && !global.quiet,
    };
    let change = change(&asked, &settings, &args.what)?;
    let added = write(lang, &ws, &change)?;
    if !global.quiet {
        let path = ws.settings_file().display().to_string();
        println!(
            "{}",
            say(lang, "add.done", &[("what", &added), ("path", &path)])
        );
    }
    Ok(0)
}

/// An entry, checked against what the program knows.
#[derive(Debug, Clone, PartialEq)]
enum Change {
    Unit {
        id: String,
        name: String,
        kind: UptKind,
    },
    Agency {
        id: String,
        name: String,
    },
    Programme(String),
    Supplier {
        id: String,
        required: bool,
        due_day: u8,
    },
    Target {
        key: String,
        value: f64,
    },
}

/// Where answers come from that no argument gave.
struct Asked {
    lang: Lang,
    terminal: bool,
}

impl Asked {
    /// The argument, or the answer on the terminal.
    ///
    /// # Errors
    /// Neither is there.
    fn or_ask(&self, given: &Option<String>, key: &str) -> Result<String, Failure> {
        if let Some(given) = given {
            return Ok(given.trim().to_owned());
        }
        let question = say(self.lang, &format!("add.ask.{key}"), &[]);
        let missing = || Failure::usage(say(self.lang, "add.missing", &[("what", &question)]));
        if !self.terminal {
            return Err(missing());
        }
        print!("{question}: ");
        let _ = std::io::stdout().flush();
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        let answer = line.trim();
        match read {
            Ok(n) if n > 0 && !answer.is_empty() => Ok(answer.to_owned()),
            _ => Err(missing()),
        }
    }
}

fn change(asked: &Asked, settings: &Settings, what: &What) -> Result<Change, Failure> {
    let lang = asked.lang;
    let units = UptRegistry::maluku(&settings.units);
    let mut known: Vec<String> = units.all().map(|(_, u)| u.id.clone()).collect();
    known.extend(OPDS.iter().map(|o| o.0.to_owned()));
    known.extend(settings.agencies.keys().cloned());
    let new_id = |id: String| match known.contains(&id) {
        true => Err(Failure::usage(say(lang, "add.known", &[("id", &id)]))),
        false if !is_id(&id) => Err(Failure::usage(say(lang, "add.bad_id", &[("id", &id)]))),
        false => Ok(id),
    };
    Ok(match what {
        What::Unit { id, name, kind } => {
            let id = new_id(asked.or_ask(id, "unit_id")?)?;
            let name = asked.or_ask(name, "unit_name")?;
            let kind = asked.or_ask(kind, "unit_kind")?;
            let kind = UptKind::from_id(&kind.to_lowercase()).ok_or_else(|| {
                let valid: Vec<&str> = UptKind::ALL.iter().map(|k| k.id()).collect();
                unknown(lang, &kind, &valid)
            })?;
            Change::Unit { id, name, kind }
        }
        What::Agency { id, name } => Change::Agency {
            id: new_id(asked.or_ask(id, "agency_id")?)?,
            name: asked.or_ask(name, "agency_name")?,
        },
        What::Programme { text } => {
            let text = asked.or_ask(text, "programme")?;
            if settings.priority_programmes.contains(&text) {
                return Err(Failure::usage(say(lang, "add.known", &[("id", &text)])));
            }
            Change::Programme(text)
        }
        What::Supplier {
            id,
            required,
            due_day,
        } => {
            let id = asked.or_ask(id, "supplier")?.to_lowercase();
            if !known.contains(&id) {
                let valid: Vec<&str> = known.iter().map(String::as_str).collect();
                return Err(unknown(lang, &id, &valid));
            }
            if settings.suppliers.iter().any(|s| s.id == id) {
                return Err(Failure::usage(say(lang, "add.known", &[("id", &id)])));
            }
            Change::Supplier {
                id,
                required: *required,
                due_day: *due_day,
            }
        }
        What::Target { measure, value } => {
            let key = asked.or_ask(measure, "target")?;
            let value = asked.or_ask(value, "target_value")?;
            let bad = || Failure::usage(say(lang, "add.bad_value", &[("value", &value)]));
            let number = number(&value).ok_or_else(bad)?;
            let fits = match key.strip_prefix("pks.") {
                Some(agency) if !known.iter().any(|k| k == agency) => {
                    let valid: Vec<&str> = known.iter().map(String::as_str).collect();
                    return Err(unknown(lang, agency, &valid));
                }
                Some(_) => number > 0.0,
                None => {
                    let share = |m: &&measure::Measure| m.unit == Unit::Share;
                    let shares: Vec<&str> = (measure::MEASURES.iter().filter(share))
                        .map(|m| m.id)
                        .collect();
                    if !shares.contains(&key.as_str()) {
                        return Err(no_share(lang, &key, &shares));
                    }
                    (0.0..=1.0).contains(&number)
                }
            };
            if !fits {
                return Err(bad());
            }
            Change::Target { key, value: number }
        }
    })
}

/// A number with a decimal point or comma; `60%` is 0.6. `None` for anything else, an endless one too.
fn number(written: &str) -> Option<f64> {
    let (digits, share) = match written.trim().strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0),
        None => (written.trim(), 1.0),
    };
    let value: f64 = digits.replace(',', ".").parse().ok()?;
    value.is_finite().then_some(value / share)
}

fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// A measure that cannot have a target: it is none, or its number is no share.
fn no_share(lang: Lang, key: &str, shares: &[&str]) -> Failure {
    let Some(m) = measure::find(key) else {
        return unknown(lang, key, shares);
    };
    let unit = m.described(lang).unit;
    let args = [
        ("measure", key),
        ("unit", unit.as_str()),
        ("shares", &shares.join(", ")),
    ];
    Failure::usage(say(lang, "add.no_share", &args))
}

fn unknown(lang: Lang, wrong: &str, valid: &[&str]) -> Failure {
    match nearest(wrong, valid.iter().copied()) {
        Some(near) => {
            let args = [
                ("wrong", wrong),
                ("near", &*locale::perhaps(lang, Some(near))),
            ];
            Failure::usage(say(lang, "unknown_word", &args))
        }
        None => {
            let args = [("wrong", wrong), ("all", &*valid.join(", "))];
            Failure::usage(say(lang, "unknown_of", &args))
        }
    }
}

/// Puts the entry into the settings file and returns its name. The file is replaced only when a run would read it.
fn write(lang: Lang, ws: &Workspace, change: &Change) -> Result<String, Failure> {
    let path = ws.settings_file();
    let fault = |e: &dyn std::fmt::Display| Failure::fault(format!("{}: {e}", path.display()));
    let text = std::fs::read_to_string(&path).map_err(|e| fault(&e))?;
    let text = edited(&text, change).map_err(|e| fault(&e))?;
    Settings::parse(&text, &path.display().to_string())
        .map_err(|e| Failure::usage(e.message(lang)))?;
    let dir = ws.root();
    let mut file = tempfile::NamedTempFile::new_in(dir).map_err(|e| fault(&e))?;
    file.write_all(text.as_bytes()).map_err(|e| fault(&e))?;
    // The new file may be read by whom the old one could be read by.
    let permissions = std::fs::metadata(&path)
        .map_err(|e| fault(&e))?
        .permissions();
    file.as_file()
        .set_permissions(permissions)
        .map_err(|e| fault(&e))?;
    file.as_file().sync_all().map_err(|e| fault(&e))?;
    file.persist(&path).map_err(|e| fault(&e.error))?;
    Ok(match change {
        Change::Unit { id, .. } | Change::Agency { id, .. } | Change::Supplier { id, .. } => {
            id.clone()
        }
        Change::Programme(text) => text.clone(),
        Change::Target { key, .. } => key.clone(),
    })
}

/// The text of a settings file with the entry in it; everything else, comments too, stays as it was.
///
/// # Errors
/// The text is no TOML, or a key of that name holds something else.
fn edited(text: &str, change: &Change) -> Result<String, String> {
    let mut doc: DocumentMut = text
        .parse()
        .map_err(|e: toml_edit::TomlError| e.to_string())?;
    match change {
        Change::Unit { id, name, kind } => {
            let entry = [("id", id.as_str()), ("name", name), ("kind", kind.id())];
            push_table(&mut doc, "units", entry.map(|(k, v)| (k, value(v))))?;
        }
        Change::Supplier {
            id,
            required,
            due_day,
        } => {
            let mut entry = vec![("id", value(id.as_str()))];
            if *required {
                entry.push(("required", value(true)));
            }
            entry.push(("due_day", value(i64::from(*due_day))));
            push_table(&mut doc, "suppliers", entry)?;
        }
        Change::Agency { id, name } => {
            table(&mut doc, "agencies")?.insert(id, value(name.as_str()));
        }
        Change::Target { key, value: number } => {
            table(&mut doc, "targets")?.insert(key, value(*number));
        }
        Change::Programme(text) => {
            let list = doc
                .entry("priority_programmes")
                .or_insert_with(|| value(toml_edit::Array::new()));
            let list = list.as_array_mut().ok_or("priority_programmes")?;
            list.push(text.as_str());
        }
    }
    Ok(doc.to_string())
}

fn table<'d>(
    doc: &'d mut DocumentMut,
    name: &str,
) -> Result<&'d mut dyn toml_edit::TableLike, String> {
    let item = doc.entry(name).or_insert_with(|| Item::Table(Table::new()));
    item.as_table_like_mut().ok_or_else(|| name.to_owned())
}

/// Adds a `[[name]]`, or an entry where the list is written on one line.
fn push_table<'k>(
    doc: &mut DocumentMut,
    name: &str,
    entry: impl IntoIterator<Item = (&'k str, Item)>,
) -> Result<(), String> {
    let list = doc
        .entry(name)
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    match list {
        Item::ArrayOfTables(all) => {
            let mut one = Table::new();
            for (key, item) in entry {
                one.insert(key, item);
            }
            all.push(one);
        }
        Item::Value(Value::Array(all)) => {
            let mut one = InlineTable::new();
            for (key, item) in entry {
                one.insert(key, item.into_value().map_err(|_| name.to_owned())?);
            }
            all.push(one);
        }
        Item::None | Item::Value(_) | Item::Table(_) => return Err(name.to_owned()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::DEFAULT_TOML;

    const QUIET: Asked = Asked {
        lang: Lang::Id,
        terminal: false,
    };

    #[test]
    fn an_entry_is_written_and_every_comment_stays() {
        let changes = [
            Change::Unit {
                id: "lapas-namrole".into(),
                name: "Lapas Kelas III Namrole".into(),
                kind: UptKind::Lapas,
            },
            Change::Agency {
                id: "dinas-uji".into(),
                name: "Dinas Uji".into(),
            },
            Change::Programme("Air bersih".into()),
            Change::Supplier {
                id: "dinsos".into(),
                required: true,
                due_day: 7,
            },
            Change::Target {
                key: "pks.dinsos".into(),
                value: 120.0,
            },
            Change::Target {
                key: "k1_a1".into(),
                value: 0.6,
            },
        ];
        let mut text = DEFAULT_TOML.to_owned();
        for change in &changes {
            text = edited(&text, change).unwrap();
        }
        let s = Settings::parse(&text, "x").unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(s.units[0].id, "lapas-namrole");
        assert_eq!(s.agencies["dinas-uji"], "Dinas Uji");
        assert_eq!(s.priority_programmes, ["Air bersih"]);
        assert_eq!(
            (s.suppliers[0].id.as_str(), s.suppliers[0].due_day),
            ("dinsos", 7)
        );
        assert_eq!(s.targets["pks.dinsos"], 120.0);
        assert_eq!(s.targets["k1_a1"], 0.6);
        for line in DEFAULT_TOML.lines().filter(|l| l.contains('#')) {
            let comment = line.split_once('#').unwrap().1;
            assert!(text.contains(comment), "lost: {line}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_the_nearest_name() {
        let s = Settings::default();
        let refused = |what: What| change(&QUIET, &s, &what).unwrap_err().message(Lang::Id);
        let some = |t: &str| Some(t.to_owned());
        let supplier = |id: &str| What::Supplier {
            id: some(id),
            required: false,
            due_day: 5,
        };
        assert!(refused(supplier("lapas-ambn")).contains("lapas-ambon"));
        let target = |m: &str, v: f64| What::Target {
            measure: some(m),
            value: Some(v.to_string()),
        };
        assert!(refused(target("k1_al", 0.6)).contains("k1_a1"));
        assert!(refused(target("k1_a1", 60.0)).contains("60"));
        let count = refused(target("stock", 100.0));
        assert!(
            count.contains("bukan bagian") && count.contains("k1_a1"),
            "{count}"
        );
        assert!(!count.contains("tidak dikenal"), "{count}");
        let written = |m: &str, v: &str| What::Target {
            measure: some(m),
            value: some(v),
        };
        for v in ["0.6", "0,6", "60%", "60 %", " 60,0% "] {
            let Ok(Change::Target { value, .. }) = change(&QUIET, &s, &written("k1_a1", v)) else {
                panic!("{v} is a share");
            };
            assert!((value - 0.6).abs() < 1e-12, "{v}: {value}");
        }
        for v in ["inf", "NaN", "enam", "0,6.1", "160%", "-0.1", ""] {
            assert!(refused(written("k1_a1", v)).contains(v), "{v}");
        }
        assert!(refused(target("pks.disnakertran", 60.0)).contains("disnakertrans"));
        let agency = |id: &str| What::Agency {
            id: some(id),
            name: some("X"),
        };
        assert!(refused(agency("Dinas X")).contains("Dinas X"));
        assert!(refused(agency("dinsos")).contains("dinsos"));
        assert!(
            !refused(What::Programme { text: None }).is_empty(),
            "nothing is asked where nobody answers"
        );
    }
}
