//! What is wrong with a TOML file, told in the reader's language with line, column and the nearest valid name.

use crate::domain::nearest;
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
    /// A key that stands above the first table, written below one or as a table.
    Misplaced(String),
    /// Not TOML: what the parser says.
    Syntax(String),
}

impl TomlMistake {
    /// What the parser found wrong with `text`.
    pub fn new(error: &toml::de::Error, text: &str) -> TomlMistake {
        let start = error.span().map(|s| s.start);
        TomlMistake::at(start, text, TomlMistakeKind::new(error.message()))
    }

    /// A word at a byte of `text` that is none of the `valid` ones.
    pub fn unknown(start: usize, text: &str, wrong: &str, valid: Vec<String>) -> TomlMistake {
        let near = nearest(wrong, valid.iter().map(String::as_str));
        let kind = TomlMistakeKind::Unknown {
            wrong: wrong.to_owned(),
            near: near.unwrap_or_default().to_owned(),
            valid,
        };
        TomlMistake::at(Some(start), text, kind)
    }

    /// The same mistake; told as one of place where the line is about one of the `keys` that stand above the first table of
    /// `text` and a table has begun.
    pub fn above_tables(mut self, text: &str, keys: &[&str]) -> TomlMistake {
        let Some((line, _)) = self.place else {
            return self;
        };
        let in_table = (text.lines().take(line)).any(|l| l.trim_start().starts_with('['));
        let about = (self.written.split('=').next().unwrap_or_default())
            .trim_matches(|c: char| c.is_whitespace() || "[]\"'".contains(c));
        if let Some(key) = keys.iter().find(|k| in_table && **k == about) {
            self.kind = TomlMistakeKind::Misplaced((*key).to_owned());
        }
        self
    }

    fn at(start: Option<usize>, text: &str, kind: TomlMistakeKind) -> TomlMistake {
        let start = start.map(|s| s.min(text.len()));
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
            kind,
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
                if !valid.is_empty() && valid.len() <= MOST_LISTED {
                    text += &say("valid", &[("valid", &valid.join(", "))]);
                }
                text
            }
            TomlMistakeKind::Type(found, expected) => {
                let (found, expected) = (type_in_words(lang, found), type_in_words(lang, expected));
                say("type", &[("found", &found), ("expected", &expected)])
            }
            TomlMistakeKind::Missing(key) => say("missing", &[("key", key)]),
            TomlMistakeKind::Duplicate => say("duplicate", &[]),
            TomlMistakeKind::Misplaced(key) => say("misplaced", &[("key", key)]),
            TomlMistakeKind::Syntax(reason) => match syntax_in_words(lang, reason) {
                Some(reason) => say("syntax", &[("reason", reason)]),
                None => say("syntax", &[("reason", reason)]),
            },
        };
        out
    }
}

/// Most valid words that an error lists; of longer lists the nearest word must do.
const MOST_LISTED: usize = 40;

/// What the parser calls types, and their keys below `settings.toml.is`.
const TYPES: [(&str, &str); 15] = [
    ("floating point", "number"),
    ("f64", "number"),
    ("f32", "number"),
    ("integer", "whole"),
    ("u8", "whole"),
    ("u16", "whole"),
    ("u32", "whole"),
    ("u64", "whole"),
    ("i64", "whole"),
    ("boolean", "boolean"),
    ("string", "text"),
    ("sequence", "list"),
    ("map", "table"),
    ("datetime", "day"),
    ("struct", "table"),
];

/// A type with the value behind it (`integer `3``, `a string`), as a reader calls it.
fn type_in_words(lang: Lang, told: &str) -> String {
    let bare = told.trim_start_matches("a ").trim_start_matches("an ");
    for (english, key) in TYPES {
        let Some(rest) = bare.strip_prefix(english) else {
            continue;
        };
        if rest.is_empty() || rest.starts_with(' ') {
            let word = locale::text(lang, &format!("settings.toml.is.{key}")).to_owned();
            return match english {
                // The parser's name of a structure of this program says nothing to a reader.
                "struct" => word,
                _ => word + rest,
            };
        }
    }
    told.to_owned()
}

/// What is no TOML, in words, by what the parser says of it; `None` for a sentence of no known form.
fn syntax_in_words(lang: Lang, told: &str) -> Option<&'static str> {
    let key = match told {
        t if t.contains("must be quoted") => "quotes",
        t if t.starts_with("unclosed") => "unclosed",
        t if t.contains("string, expected") => "open_text",
        t if t.starts_with("key with no value") => "no_value",
        t if t.starts_with("unexpected key or value") => "too_much",
        t if t.starts_with("missing comma") => "comma",
        _ => return None,
    };
    locale::try_text(lang, &format!("settings.toml.no.{key}"))
}

impl fmt::Display for TomlMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for TomlMistake {}

impl TomlMistakeKind {
    /// The kind behind a parser's sentence; a sentence of no known form is told as it is.
    fn new(message: &str) -> TomlMistakeKind {
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
                let valid: Vec<String> = names.collect();
                let near = nearest(&wrong, valid.iter().map(String::as_str));
                let near = near.unwrap_or_default().to_owned();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Settings;

    fn told(text: &str) -> (TomlMistake, String) {
        let error = toml::from_str::<Settings>(text).unwrap_err();
        let mistake = TomlMistake::new(&error, text);
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
    fn what_the_parser_says_is_told_without_english() {
        for (text, word) in [
            (
                "[office]\ncity = 3\n",
                "bilangan bulat `3`, seharusnya teks",
            ),
            (
                "[gates]\nlate_suppliers = 1.5\n",
                "seharusnya bilangan bulat",
            ),
            ("[definitions]\nwindows = 12\n", "seharusnya daftar"),
            ("[office]\ncity = Ambon\n", "tanda kutip"),
            ("[office]\ncity = \"Ambon\n", "tanda kutip penutup"),
            ("[office\n", "kurung penutup"),
            ("[office]\ncity \"Ambon\"\n", "tanda ="),
            ("[disclosure]\nthreshold = 0,5\n", "titik"),
            ("[office]\npapers = [\"docx\" \"pptx\"]\n", "koma"),
        ] {
            let (_, said) = told(text);
            assert!(said.contains(word), "{text}: {said}");
        }
    }

    #[test]
    fn a_line_with_other_letters_than_ascii_is_counted_in_letters() {
        let (mistake, _) = told("[office]\ncity = \"Kéi\", x = 1\n");
        assert_eq!(mistake.place.map(|p| p.0), Some(2));
    }
}
