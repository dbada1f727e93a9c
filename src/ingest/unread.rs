//! Sheets that are not read: those an office has hidden, and those whose name says that they are no list.

use super::grid::Sheet;
use super::header::find_header;
use super::sources::Sources;
use crate::domain::{FileId, Issue, Severity, normal};

/// Words in the name of a sheet that holds an example, instructions, or what was kept of earlier work.
const NO_LIST: &[&str] = &[
    "contoh",
    "cth",
    "sampel",
    "sample",
    "example",
    "template",
    "templat",
    "templete",
    "petunjuk",
    "panduan",
    "juknis",
    "instruksi",
    "readme",
    "format",
    "formulir",
    "blanko",
    "blangko",
    "backup",
    "back",
    "bak",
    "bakup",
    "cadangan",
    "lama",
    "old",
    "arsip",
    "salinan",
    "copy",
    "draft",
    "draf",
    "konsep",
    "referensi",
    "ref",
    "dropdown",
    "validasi",
];

/// Words beside which these say something else: `Lama Pidana`, `Format Baru`, `Data Lama dan Baru`.
const BUT: &[&str] = &["pidana", "baru", "tinggal", "hukuman", "office"];

/// Why a sheet is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The office hid it.
    Hidden,
    /// Its name says that it is no list.
    Named,
}

impl Unread {
    /// The rule by which that is said.
    pub fn rule(self) -> &'static str {
        match self {
            Unread::Hidden => "ingest.sheet_hidden",
            Unread::Named => "ingest.sheet_no_list",
        }
    }
}

/// Why a sheet is not read, where it is not.
pub fn why(sheet: &Sheet) -> Option<Unread> {
    if sheet.hidden {
        return Some(Unread::Hidden);
    }
    let n = normal(&sheet.name);
    let words: Vec<&str> = n.split(' ').collect();
    let named = words.iter().any(|w| NO_LIST.contains(w)) && !words.iter().any(|w| BUT.contains(w));
    named.then_some(Unread::Named)
}

/// Which sheets of a file are not read. What a source file asks for by its name is read, and so is a sheet whose name says
/// that it is no list where there is no other.
pub fn all(sources: &Sources, rel: &str, sheets: &[Sheet]) -> Vec<Option<Unread>> {
    let mut out: Vec<Option<Unread>> = (sheets.iter())
        .map(|s| why(s).filter(|_| !sources.ask_for(rel, &s.name)))
        .collect();
    let read = |(s, left): (&Sheet, &Option<Unread>)| left.is_none() && !s.rows.is_empty();
    if !sheets.iter().zip(&out).any(read) {
        for left in out.iter_mut().filter(|l| **l == Some(Unread::Named)) {
            *left = None;
        }
    }
    out
}

/// Says that a sheet is not read: a warning where it holds a table of people, else a note.
pub fn said(why: Unread, file: FileId, index: u16, sheet: &Sheet) -> Issue {
    let severity = match find_header(sheet, 0, None) {
        Some(_) => Severity::Warning,
        None => Severity::Note,
    };
    let mut issue = Issue::about_file(severity, why.rule(), file);
    issue.sheet = Some(index);
    issue.with("rows", sheet.rows.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_left_when_it_is_hidden_or_its_name_says_that_it_is_no_list() {
        let named = |name: &str| Sheet {
            name: name.into(),
            ..Sheet::default()
        };
        for name in [
            "Contoh Pengisian",
            "TEMPLATE",
            "petunjuk",
            "Data lama",
            "Backup_2",
            "Jan (copy)",
            "format",
        ] {
            assert_eq!(why(&named(name)), Some(Unread::Named), "{name}");
        }
        for name in [
            "Januari 2026",
            "Lama Pidana",
            "Sheet1",
            "",
            "Klien Dewasa",
            "Formasi",
        ] {
            assert_eq!(why(&named(name)), None, "{name}");
        }
        let hidden = Sheet {
            hidden: true,
            ..named("Januari")
        };
        assert_eq!(why(&hidden), Some(Unread::Hidden));
    }
}
