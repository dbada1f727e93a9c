//! `reintegrasi.toml` read and checked: a mistake is named with its place and what would be right.

use super::settings::{Level, Settings};
use super::{AgreementMistake, TomlMistake};
use crate::locale::{self, Lang};
use std::path::Path;

/// The settings could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file could not be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not valid; the message names line and column.
    #[error("{path}: {source}")]
    Parse {
        /// The file.
        path: String,
        /// Line, column and reason.
        source: Box<TomlMistake>,
    },
    /// `perjanjian.toml` is wrong.
    #[error("{0}")]
    Agreements(Box<AgreementMistake>),
    /// A value makes no sense.
    #[error("{path}: {key}")]
    Value {
        /// The file.
        path: String,
        /// Dotted key; `settings.wrong.<key>` says what would be right.
        key: &'static str,
        /// Whose value it is, where there are several.
        of: String,
    },
}

/// Keys of the settings that are no tables: TOML takes them only above the first one.
pub const ABOVE_TABLES: [&str; 1] = ["priority_programmes"];

impl SettingsError {
    /// What is wrong, where, and what would be right.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            SettingsError::Read { path, source } => {
                let reason = source.to_string();
                let args = [("path", path.as_str()), ("reason", &reason)];
                locale::format(lang, "settings.unread", &args)
            }
            SettingsError::Parse { path, source } => {
                let reason = source.message(lang);
                let args = [("path", path.as_str()), ("reason", &reason)];
                locale::format(lang, "settings.invalid", &args)
            }
            SettingsError::Agreements(mistake) => mistake.message(lang),
            SettingsError::Value { path, key, of } => {
                let right = locale::text(lang, &format!("settings.wrong.{key}")).to_owned();
                let right = match of.as_str() {
                    "" => right,
                    of => format!("{of}: {right}"),
                };
                format!("{path}: {key}: {right}")
            }
        }
    }
}

impl Settings {
    /// Reads and checks `reintegrasi.toml`.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(path).map_err(|source| SettingsError::Read {
            path: path.display().to_string(),
            source,
        })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Parses and checks the text of a settings file; `path` is for messages.
    pub fn parse(text: &str, path: &str) -> Result<Self, SettingsError> {
        let settings: Settings = toml::from_str(text).map_err(|e| SettingsError::Parse {
            path: path.into(),
            source: Box::new(TomlMistake::new(&e, text).above_tables(text, &ABOVE_TABLES)),
        })?;
        match settings.wrong() {
            Some((key, of)) => Err(SettingsError::Value {
                path: path.into(),
                key,
                of,
            }),
            None => Ok(settings),
        }
    }

    /// The first key whose value makes no sense, and whose it is.
    fn wrong(&self) -> Option<(&'static str, String)> {
        let (d, p, l, o) = (
            &self.definitions,
            &self.disclosure,
            &self.linkage,
            &self.office,
        );
        let one_of = |value: &str, known: &[&str]| known.contains(&value);
        let windows = !d.windows.is_empty() && d.windows.iter().all(|w| (1..=240).contains(w));
        let thresholds = p.threshold >= 2 && p.threshold_children >= p.threshold;
        let links = (0.5..=1.0).contains(&l.link_probability)
            && (0.0..=l.link_probability).contains(&l.review_probability);
        let audiences = !o.audiences.is_empty()
            && (o.audiences.iter()).all(|a| one_of(a, &["kota", "kanwil", "publik"]));
        let known = ["xlsx", "docx", "pptx", "html", "txt"];
        let papers = !o.papers.is_empty() && o.papers.iter().all(|p| one_of(p, &known));
        let due = (self.suppliers.iter()).find(|s| !(1..=31).contains(&s.due_day));
        let checks = [
            ("definitions.event", one_of(&d.event, &["P1", "P2", "P3"])),
            ("definitions.unit", one_of(&d.unit, &["person", "release"])),
            ("definitions.windows", windows),
            (
                "definitions.headline_window",
                d.windows.contains(&d.headline_window),
            ),
            ("disclosure.threshold", thresholds),
            (
                "disclosure.method",
                one_of(&p.method, &["suppress", "round"]),
            ),
            (
                "capacities.from",
                (self.capacities.iter()).all(|x| x.from.parse::<crate::domain::Month>().is_ok()),
            ),
            ("levels.publik", self.levels.publik == Level::Public),
            ("linkage.link_probability", links),
            ("suppliers.due_day", due.is_none()),
            ("office.paper", one_of(&o.paper, &["A4", "F4"])),
            ("office.audiences", audiences),
            ("office.papers", papers),
            ("office.colours", o.colours.iter().all(|c| is_colour(c))),
            (
                "office.first_month",
                o.first_month.is_empty() || o.first_month().is_some(),
            ),
        ];
        let (key, _) = checks.into_iter().find(|(_, right)| !right)?;
        let of = due.filter(|_| key == "suppliers.due_day");
        Some((key, of.map_or_else(String::new, |s| s.id.clone())))
    }
}

/// Whether a text is `#RRGGBB`.
fn is_colour(text: &str) -> bool {
    let hex = text.strip_prefix('#');
    hex.is_some_and(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::DEFAULT_TOML;

    #[test]
    fn the_commented_file_says_exactly_the_defaults() {
        assert_eq!(
            Settings::parse(DEFAULT_TOML, "default.toml").unwrap(),
            Settings::default()
        );
    }

    #[test]
    fn a_wrong_key_is_named_with_its_line() {
        let e = Settings::parse("[office]\ncitty = \"Ambon\"\n", "reintegrasi.toml")
            .unwrap_err()
            .to_string();
        assert!(e.contains("line 2") && e.contains("citty"), "{e}");
        assert!(e.contains("did you mean `city`"), "{e}");
    }

    #[test]
    fn a_list_that_stands_above_the_tables_is_told_its_place_wherever_else_it_is_written() {
        for text in [
            "[priority_programmes]\nx = 1\n",
            "[targets]\nk1_a1 = 0.6\npriority_programmes = [\"Air\"]\n",
            "[office]\npriority_programmes = [\"Air\"]\n",
        ] {
            let said = Settings::parse(text, "x").unwrap_err().message(Lang::Id);
            assert!(said.contains("di atas [tabel] pertama"), "{text}: {said}");
        }
        let above = "priority_programmes = [\"Air\"]\n[office]\n";
        assert_eq!(
            Settings::parse(above, "x").unwrap().priority_programmes,
            ["Air"]
        );
        let wrong = Settings::parse("priority_programmes = \"Air\"\n", "x").unwrap_err();
        assert!(wrong.message(Lang::Id).contains("seharusnya daftar"));
    }

    #[test]
    fn a_merge_as_the_handbook_writes_it_goes_into_the_default_file() {
        let entry = "[[disclosure.merge]]\ndimension = \"offence_group\"\ncategories = [\"gambling\"]\ninto = \"other\"\n";
        let text = format!("{DEFAULT_TOML}\n{entry}");
        assert_eq!(
            Settings::parse(&text, "x").unwrap().disclosure.merge.len(),
            1
        );
    }

    #[test]
    fn a_value_without_sense_is_named() {
        let e = Settings::parse("[definitions]\nwindows = []\n", "reintegrasi.toml")
            .unwrap_err()
            .to_string();
        assert!(e.contains("definitions.windows"), "{e}");
    }

    #[test]
    fn every_mistake_says_what_would_be_right_in_both_languages() {
        let texts = [
            "[definitions]\nevent = \"P9\"",
            "[definitions]\nunit = \"x\"",
            "[definitions]\nwindows = [0]",
            "[definitions]\nheadline_window = 7",
            "[disclosure]\nthreshold = 1",
            "[disclosure]\nmethod = \"x\"",
            "[[capacities]]\nunit = \"lapas-ambon\"\nfrom = \"x\"\nplaces = 3\nsource = \"\"",
            "[levels]\npublik = \"internal\"",
            "[linkage]\nlink_probability = 0.1",
            "[[suppliers]]\nid = \"dinsos\"\ndue_day = 32",
            "[office]\npaper = \"A5\"",
            "[office]\naudiences = []",
            "[office]\npapers = [\"doc\"]",
            "[office]\ncolours = [\"blue\", \"#D9822B\"]",
            "[office]\nfirst_month = \"2026-13\"",
        ];
        for text in texts {
            let e = Settings::parse(text, "reintegrasi.toml").unwrap_err();
            for lang in [Lang::Id, Lang::En] {
                let said = e.message(lang);
                assert!(!said.contains("settings.wrong"), "{text}: {said}");
            }
            assert_ne!(e.message(Lang::Id), e.message(Lang::En));
        }
    }
}
