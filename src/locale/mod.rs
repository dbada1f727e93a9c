//! Everything a user reads: Indonesian first, English on request; numbers and dates in both.
//!
//! Texts live in `src/locale/{id,en}/<room>.toml`, one file per room, keys `room.some.key`. A text may hold
//! `{placeholders}`. A key missing in one language is a failing test, not a blank on a report.

mod number;
mod system;
pub use number::{date_long, date_short, decimal, integer, month_long, percent};
pub use system::system_reason;

use std::collections::HashMap;
use std::sync::OnceLock;

/// Language of everything a user reads.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    PartialOrd,
    Ord,
    clap::ValueEnum,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Bahasa Indonesia.
    #[default]
    Id,
    /// English.
    En,
}

impl Lang {
    /// BCP 47 tag: `id`, `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Id => "id",
            Lang::En => "en",
        }
    }
    /// The language of a tag.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        [Lang::Id, Lang::En].into_iter().find(|l| l.tag() == tag)
    }
}

macro_rules! rooms {
    ($($room:literal),+ $(,)?) => {
        const ID: &[&str] = &[$(include_str!(concat!("id/", $room, ".toml"))),+];
        const EN: &[&str] = &[$(include_str!(concat!("en/", $room, ".toml"))),+];
    };
}
rooms![
    "domain",
    "ingest",
    "clean",
    "link",
    "history",
    "measure",
    "protect",
    "report",
    "paper",
    "chart",
    "run",
    "cli",
    "sample",
    "satu_data",
    "settings"
];

type Texts = HashMap<String, String>;

fn texts(lang: Lang) -> &'static Texts {
    static ID_TEXTS: OnceLock<Texts> = OnceLock::new();
    static EN_TEXTS: OnceLock<Texts> = OnceLock::new();
    match lang {
        Lang::Id => ID_TEXTS.get_or_init(|| load(ID)),
        Lang::En => EN_TEXTS.get_or_init(|| load(EN)),
    }
}

fn load(files: &[&str]) -> Texts {
    let mut out = Texts::new();
    for file in files {
        // A locale file is compiled in: a mistake in it is a fault of the program, found by the tests below.
        let table: toml::Table = file.parse().unwrap_or_default();
        flatten("", &table, &mut out);
    }
    out
}

fn flatten(prefix: &str, table: &toml::Table, out: &mut Texts) {
    for (k, v) in table {
        let key = if prefix.is_empty() {
            k.clone()
        } else {
            format!("{prefix}.{k}")
        };
        match v {
            // `_` is the text of the table's own key, so that `rule.x` and `rule.x.fix` can stand together.
            toml::Value::String(s) if k == "_" => {
                out.insert(prefix.to_owned(), s.clone());
            }
            toml::Value::String(s) => {
                out.insert(key, s.clone());
            }
            toml::Value::Table(t) => flatten(&key, t, out),
            _ => {}
        }
    }
}

/// The text of a key; the key itself when there is none (visible, never a panic).
pub fn text(lang: Lang, key: &str) -> &str {
    texts(lang).get(key).map_or_else(
        || texts(Lang::Id).get(key).map_or(key, String::as_str),
        String::as_str,
    )
}

/// The text of a key, or `None`.
pub fn try_text(lang: Lang, key: &str) -> Option<&'static str> {
    texts(lang).get(key).map(String::as_str)
}

/// The text of a key with `{placeholders}` filled in.
pub fn format(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    fill(text(lang, key), args)
}

/// The end of a sentence about a wrong word: `; mungkin maksudnya …`, or nothing where no known word is like it.
pub fn perhaps(lang: Lang, near: Option<&str>) -> String {
    near.filter(|n| !n.is_empty())
        .map_or_else(String::new, |n| {
            format(lang, "settings.toml.near", &[("near", n)])
        })
}

/// Fills `{placeholders}`; an unknown one stays as it is.
pub fn fill(template: &str, args: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let tail = &rest[open + 1..];
        match tail.find('}').and_then(|close| {
            args.iter()
                .find(|(k, _)| *k == &tail[..close])
                .map(|(_, v)| (close, v))
        }) {
            Some((close, value)) => {
                out.push_str(value);
                rest = &tail[close + 1..];
            }
            None => {
                out.push('{');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        let holes = |s: &str| {
            let mut v: Vec<String> = s
                .split('{')
                .skip(1)
                .filter_map(|p| p.split_once('}').map(|(k, _)| k.to_owned()))
                .collect();
            v.sort();
            v.dedup();
            v
        };
        for files in [ID, EN] {
            for f in files {
                f.parse::<toml::Table>().expect("a locale file is TOML");
            }
        }
        let (id, en) = (texts(Lang::Id), texts(Lang::En));
        let mut wrong: Vec<_> = id
            .keys()
            .filter(|k| !en.contains_key(*k))
            .chain(en.keys().filter(|k| !id.contains_key(*k)))
            .collect();
        wrong.sort();
        assert!(wrong.is_empty(), "keys in one language only: {wrong:?}");
        let mut differ: Vec<_> = id
            .iter()
            .filter(|(k, v)| holes(v) != holes(&en[*k]))
            .map(|(k, _)| k)
            .collect();
        differ.sort();
        assert!(differ.is_empty(), "placeholders differ: {differ:?}");
    }

    #[test]
    fn placeholders_are_filled_and_unknown_ones_stay() {
        assert_eq!(
            fill("{a} dari {b} {c}", &[("a", "1"), ("b", "2")]),
            "1 dari 2 {c}"
        );
    }
}
