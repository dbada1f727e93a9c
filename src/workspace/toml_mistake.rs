//! What is wrong with a TOML file, told in the reader's language with line, column and the nearest valid name.

use crate::locale::{self, Lang};
use std::fmt;

/// A mistake in a TOML file: its place and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlMistake {
    /// One-based line and column; `None` where the parser names no place.
    pub place: Option<(usize, usize)>,
    /// The line as written.
    pub written: String,
    /// What is wrong.
    pub kind: TomlMistakeKind,
}

/// Kinds of mistakes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TomlMistakeKind {
    /// A key or a word that is not known here, and the nearest that is (empty: none is near).
    Unknown {
        /// As written.
        wrong: String,
        /// The nearest valid name.
        near: String,
        /// All valid names, as far as the parser names them.
        valid: Vec<String>,
    },
    /// A value of another type than the key has: (found, expected), as the parser calls them.
    Type(String, String),
    /// A key that must be there.
    Missing(String),
    /// A key that stands twice.
    Duplicate,
    /// Not TOML: what the parser says.
    Syntax(String),
}

impl TomlMistake {
    /// What the parser found wrong with `text`. `valid` are further names a wrong one may have meant.
    pub fn new(error: &toml::de::Error, text: &str, valid: &[&str]) -> TomlMistake {
        let start = error.span().map(|s| s.start.min(text.len()));
        let place = start.and_then(|at| {
            let before = text.get(..at)?;
            let line_start = before.rfind('\n').map_or(0, |n| n + 1);
            let line = before.matches('\n').count() + 1;
            Some((line, before[line_start..].chars().count() + 1))
        });
        let written = place.and_then(|(line, _)| text.lines().nth(line - 1));
        TomlMistake {
            place,
            written: written.unwrap_or_default().trim_end().to_owned(),
            kind: TomlMistakeKind::new(error.message(), valid),
        }
    }

    /// Place, line and reason in a language.
    pub fn message(&self, lang: Lang) -> String {
        let say = |key: &str, args: &[(&str, &str)]| {
            locale::format(lang, &format!("settings.toml.{key}"), args)
        };
        let mut out = match self.place {
            Some((line, column)) => {
                let [line, column] = [line, column].map(|n| n.to_string());
                let args = [
                    ("line", line.as_str()),
                    ("column", &column),
                    ("written", &self.written),
                ];
                say("place", &args)
            }
            None => String::new(),
        };
        out += &match &self.kind {
            TomlMistakeKind::Unknown { wrong, near, valid } => {
                let mut text = say("unknown", &[("wrong", wrong)]);
                if !near.is_empty() {
                    text += &say("near", &[("near", near)]);
                }
                if !valid.is_empty() && valid.len() <= 24 {
                    text += &say("valid", &[("valid", &valid.join(", "))]);
                }
                text
            }
            TomlMistakeKind::Type(found, expected) => {
                say("type", &[("found", found), ("expected", expected)])
            }
            TomlMistakeKind::Missing(key) => say("missing", &[("key", key)]),
            TomlMistakeKind::Duplicate => say("duplicate", &[]),
            TomlMistakeKind::Syntax(reason) => say("syntax", &[("reason", reason)]),
        };
        out
    }
}

impl fmt::Display for TomlMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for TomlMistake {}

impl TomlMistakeKind {
    /// The kind behind a parser's sentence; a sentence of no known form is told as it is.
    fn new(message: &str, further: &[&str]) -> TomlMistakeKind {
        let message = message.trim();
        let quoted = |text: &str| -> Vec<String> {
            text.split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect()
        };
        // "unknown field `x`, expected one of `a`, `b`": so too for variants and for words of a closed list.
        if message.starts_with("unknown ") {
            let mut names = quoted(message).into_iter();
            if let Some(wrong) = names.next() {
                let mut valid: Vec<String> = names.collect();
                valid.extend(further.iter().map(|s| (*s).to_owned()));
                let near = nearest(&wrong, &valid);
                return TomlMistakeKind::Unknown { wrong, near, valid };
            }
        }
        if let Some(key) = message.strip_prefix("missing field ") {
            return TomlMistakeKind::Missing(key.trim_matches('`').to_owned());
        }
        if message.starts_with("duplicate ") {
            return TomlMistakeKind::Duplicate;
        }
        let of_type = (message.strip_prefix("invalid type: "))
            .or_else(|| message.strip_prefix("invalid value: "))
            .and_then(|rest| rest.split_once(", expected "));
        match of_type {
            Some((found, expected)) => TomlMistakeKind::Type(found.to_owned(), expected.to_owned()),
            None => TomlMistakeKind::Syntax(message.to_owned()),
        }
    }
}

/// The valid name nearest to a wrong one; empty when none is near.
fn nearest(wrong: &str, valid: &[String]) -> String {
    (valid.iter())
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .filter(|(near, _)| *near > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, name)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Settings;

    fn told(text: &str) -> (TomlMistake, String) {
        let error = toml::from_str::<Settings>(text).unwrap_err();
        let mistake = TomlMistake::new(&error, text, &[]);
        let said = mistake.message(Lang::Id);
        (mistake, said)
    }

    #[test]
    fn a_mistake_is_told_with_its_place_in_indonesian() {
        let (mistake, said) = told("[office]\ncitty = \"Ambon\"\n");
        assert_eq!(mistake.place, Some((2, 1)));
        assert!(said.contains("citty") && said.contains("city"), "{said}");

        let (mistake, said) = told("[gates]\nrows_set_aside = \"banyak\"\n");
        assert!(
            matches!(mistake.kind, TomlMistakeKind::Type(..)),
            "{mistake:?}"
        );
        assert!(said.contains("rows_set_aside"), "the line is shown: {said}");

        let (mistake, _) = told("[[suppliers]]\nrequired = true\n");
        assert_eq!(mistake.kind, TomlMistakeKind::Missing("id".into()));

        let (mistake, _) = told("[office]\ncity = \"a\"\ncity = \"b\"\n");
        assert_eq!(mistake.kind, TomlMistakeKind::Duplicate, "{mistake:?}");

        let (mistake, said) = told("[office\n");
        assert!(
            matches!(mistake.kind, TomlMistakeKind::Syntax(_)),
            "{mistake:?}"
        );
        assert!(said.starts_with("baris 1"), "{said}");
    }

    #[test]
    fn a_line_with_other_letters_than_ascii_is_counted_in_letters() {
        let (mistake, _) = told("[office]\ncity = \"Kéi\", x = 1\n");
        assert_eq!(mistake.place.map(|p| p.0), Some(2));
    }
}
