//! `sources/*.toml`: what an analyst says about a supplier's files where recognition needs help.
//!
//! ```toml
//! files = "disperindag/*"      # path below the inbox; * stands for anything
//! kind = "participation"       # what a row is
//! supplier = "disperindag"
//! sheet = "olah"               # only this sheet; a hidden one, or one named like an example, is read when it is named here
//! header_row = 6               # 1-based; only when it is not found
//! whole_list = true            # it names everybody who is there on its day; false: it does not
//! until = "2026-01-31"         # the day until which the list is complete, where neither it nor its path says so
//! [columns]                    # header as written → field
//! "Nama Binaan" = "name"
//! [constants]                  # field → value for every row
//! service_kind = "PLT-IKM"
//! [words.service_state]        # word as written → word as understood
//! "Tamat" = "selesai"
//! ```
//!
//! The words for fields are listed by `reintegrasi fields`; `reintegrasi inspect FILE --write-source DIR` drafts a file.

use super::source_words;
use crate::domain::normal;
use crate::domain::place::SourceFile;
use crate::domain::raw::RawTable;
use crate::domain::upt::UptRegistry;
use crate::domain::{Field, RecordKind};
use crate::locale::{self, Lang};
use crate::workspace::{TomlMistake, files_with_extension};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// One file of `sources/`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Source {
    /// Path pattern below the inbox.
    pub files: String,
    /// What a row is.
    pub kind: Option<RecordKind>,
    /// Supplier id.
    pub supplier: Option<String>,
    /// One-based header row.
    pub header_row: Option<u32>,
    /// The list names everybody who is there on its day, or does not; `None`: its title decides.
    pub whole_list: Option<bool>,
    /// Sheet name it is about; any when missing. A sheet that would not be read is read when it is named.
    pub sheet: Option<String>,
    /// Day until which the list is complete.
    pub until: Option<chrono::NaiveDate>,
    /// Header as written → field.
    pub columns: BTreeMap<String, Field>,
    /// Field → constant.
    pub constants: BTreeMap<Field, String>,
    /// Field → word as written → word as understood.
    pub words: BTreeMap<Field, BTreeMap<String, String>>,
}

impl Source {
    fn matches(&self, rel: &str, sheet: &str) -> bool {
        glob(&self.files, rel)
            && self
                .sheet
                .as_ref()
                .is_none_or(|s| normal(s) == normal(sheet))
    }
    /// The field of a header.
    pub fn field(&self, header: &str) -> Option<Field> {
        let n = normal(header);
        self.columns
            .iter()
            .find(|(h, _)| normal(h) == n)
            .map(|(_, f)| *f)
    }
}

/// A mistake in a file of `sources/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceMistake {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub why: WrongSource,
}

/// Why a file of `sources/` is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrongSource {
    /// The system could not read it.
    Unread(String),
    /// Its TOML is wrong.
    Toml(TomlMistake),
}

impl SourceMistake {
    /// What to tell the analyst.
    pub fn message(&self, lang: Lang) -> String {
        let reason = match &self.why {
            WrongSource::Unread(reason) => reason.clone(),
            WrongSource::Toml(mistake) => mistake.message(lang),
        };
        let args = [("file", self.file.as_str()), ("reason", &reason)];
        locale::format(lang, "ingest.source_mistake", &args)
    }
}

/// All help of a workspace, in the order of file names.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Reads a folder of help files; a missing folder is no help and no mistake.
    pub fn load(dir: &Path, units: &UptRegistry) -> (Sources, Vec<SourceMistake>) {
        let (mut all, mut mistakes) = (Vec::new(), Vec::new());
        let paths = files_with_extension(dir, "toml").unwrap_or_else(|e| {
            mistakes.push(SourceMistake {
                file: dir.display().to_string(),
                why: WrongSource::Unread(e.to_string()),
            });
            Vec::new()
        });
        for p in paths {
            let name = p
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let parsed = std::fs::read_to_string(&p)
                .map_err(|e| WrongSource::Unread(e.to_string()))
                .and_then(|t| Self::parse(&t, units).map_err(WrongSource::Toml));
            match parsed {
                Ok(s) => all.push(s),
                Err(why) => mistakes.push(SourceMistake { file: name, why }),
            }
        }
        (Sources { all }, mistakes)
    }

    fn parse(text: &str, units: &UptRegistry) -> Result<Source, TomlMistake> {
        let source = toml::from_str::<Source>(text).map_err(|e| TomlMistake::new(&e, text))?;
        match source_words::unknown(text, units) {
            Some(mistake) => Err(mistake),
            None => Ok(source),
        }
    }

    /// Headers that the help for a file names and none of its tables has: a slip of the pen, or a layout that changed.
    pub fn unmatched(&self, source: &SourceFile, tables: &[RawTable]) -> Vec<&str> {
        let has = |header: &str| {
            let n = normal(header);
            (tables.iter().flat_map(|t| &t.columns)).any(|c| normal(&c.header) == n)
        };
        let about = |s: &&Source| {
            source
                .sheets
                .iter()
                .any(|sheet| s.matches(&source.path, sheet))
        };
        let named = self.all.iter().filter(about).flat_map(|s| s.columns.keys());
        named.map(String::as_str).filter(|h| !has(h)).collect()
    }

    /// Whether any help names a sheet.
    pub fn ask_for(&self, rel: &str, sheet: &str) -> bool {
        self.all
            .iter()
            .any(|s| s.sheet.is_some() && s.matches(rel, sheet))
    }

    /// The help for a sheet of a file: the last one that matches.
    pub fn of(&self, rel: &str, sheet: &str) -> Option<&Source> {
        self.all.iter().rev().find(|s| s.matches(rel, sheet))
    }
}

/// `*` stands for anything, case does not matter.
fn glob(pattern: &str, text: &str) -> bool {
    let (p, t) = (pattern.to_lowercase(), text.to_lowercase());
    let mut parts = p.split('*');
    let Some(first) = parts.next() else {
        return true;
    };
    let Some(mut rest) = t.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(i) => rest = &rest[i + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_field_is_named_with_its_line_and_the_nearest_right_one() {
        let text = "files = \"x/*\"\n[columns]\n\"Nama\" = \"nama\"\n";
        let e = Sources::parse(text, &UptRegistry::maluku(&[]))
            .unwrap_err()
            .to_string();
        assert!(e.contains("line 3") && e.contains("name"), "{e}");
    }

    #[test]
    fn patterns_match_paths() {
        assert!(glob("disperindag/*", "disperindag/2026-01.xlsx"));
        assert!(glob("*.csv", "a/b.CSV"));
        assert!(!glob("dinsos/*", "disperindag/x.xlsx"));
        assert!(glob("a.csv", "a.csv") && !glob("a.csv", "a.csv2"));
    }
}
