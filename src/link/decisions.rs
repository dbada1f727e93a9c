//! What an analyst decided: `decisions/*.csv` with columns `a, b, decision` (`same` or `different`), where a and b
//! name identities by fingerprint, so that decisions survive new files and need no names.

use super::identity::Features;
use super::pseudonym::PseudonymKey;
use crate::ingest::for_each_row;
use crate::locale::{self, Lang};
use crate::workspace::Limits;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decision {
    /// Fingerprint.
    pub a: String,
    /// Fingerprint.
    pub b: String,
    /// The same person.
    pub same: bool,
}

/// Where a decision stands: file below `decisions/`, one-based line.
pub type Place = (Arc<str>, u32);

/// All decisions of a workspace, the last word on each pair, with its place.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    all: Vec<(Decision, Place)>,
}

/// A decision file has a mistake.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// The folder or a file could not be read.
    #[error("{file}: {reason}")]
    Read {
        /// File or folder.
        file: String,
        /// Why.
        reason: String,
    },
    /// A table that is not read here: decisions are `.csv` files.
    #[error("{file}: not a .csv file")]
    Kind {
        /// File.
        file: String,
    },
    /// A line whose first two cells are no fingerprints.
    #[error("{file} line {line}: no two keys of 32 hex digits")]
    Key {
        /// File.
        file: String,
        /// One-based line.
        line: u32,
    },
    /// A line whose decision is no known word.
    #[error("{file} line {line}: neither `same` nor `different`")]
    Word {
        /// File.
        file: String,
        /// One-based line.
        line: u32,
    },
}

impl DecisionError {
    /// What is wrong where, and what to do.
    pub fn message(&self, lang: Lang) -> String {
        let (key, file, line, reason) = match self {
            DecisionError::Read { file, reason } => ("read", file, String::new(), reason.as_str()),
            DecisionError::Kind { file } => ("kind", file, String::new(), ""),
            DecisionError::Key { file, line } => ("key", file, line.to_string(), ""),
            DecisionError::Word { file, line } => ("word", file, line.to_string(), ""),
        };
        let args = [("file", file.as_str()), ("line", &line), ("reason", reason)];
        locale::format(lang, &format!("link.decisions.{key}"), &args)
    }
}

/// Adds decisions to a file of the folder, newest last; nothing that stands there is lost.
pub fn append(path: &Path, new: &[Decision]) -> std::io::Result<()> {
    let mut text = match std::fs::read_to_string(path) {
        Ok(t) => t,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => "a,b,decision\n".to_owned(),
        Err(e) => return Err(e),
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    // In the form in which an office has saved it.
    let first = text
        .trim_start_matches('\u{feff}')
        .lines()
        .find(|l| !l.trim().is_empty());
    let first = first.unwrap_or_default().to_owned();
    let separator = [';', '\t']
        .into_iter()
        .find(|s| first.contains(*s))
        .unwrap_or(',');
    let cells = first
        .split(separator)
        .map(|c| c.trim().trim_matches('"').to_owned());
    let columns = header(&cells.enumerate().collect::<Vec<_>>()).unwrap_or([0, 1, 2]);
    let width = 1 + columns.into_iter().max().unwrap_or_default();
    for d in new {
        let word = if d.same { "same" } else { "different" };
        let mut row = vec![""; width];
        for (at, cell) in columns.into_iter().zip([d.a.as_str(), &d.b, word]) {
            row[at] = cell;
        }
        text.push_str(&row.join(&separator.to_string()));
        text.push('\n');
    }
    crate::workspace::write_private(path, text.as_bytes())
}

impl Decision {
    /// On two identities, whichever is named first.
    pub fn new(a: &str, b: &str, same: bool) -> Decision {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        Decision {
            a: a.to_owned(),
            b: b.to_owned(),
            same,
        }
    }
}

/// What a word of a decision says: the same person or not.
pub fn word(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "same" | "sama" | "ya" => Some(true),
        "different" | "beda" | "tidak" => Some(false),
        _ => None,
    }
}

/// Whether a cell is a fingerprint: 32 hex digits, as `review` writes them. A spreadsheet that took one for a number has
/// destroyed it.
fn is_fingerprint(cell: &str) -> bool {
    cell.len() == 32 && cell.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The columns of the two keys and the decision.
type Columns = [usize; 3];

/// The columns a header line names; `None` when the line is no header.
fn header(cells: &[(usize, String)]) -> Option<Columns> {
    let find = |names: &[&str]| {
        let named = cells
            .iter()
            .find(|(_, c)| names.contains(&c.to_lowercase().as_str()));
        named.map(|(at, _)| *at)
    };
    Some([
        find(&["a", "kunci a", "key a"])?,
        find(&["b", "kunci b", "key b"])?,
        find(&["decision", "keputusan"])?,
    ])
}

/// Decisions just taken beside those that stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// On pairs nothing stood of.
    pub new: Vec<Decision>,
    /// How many say again what stands.
    pub known: usize,
    /// Those that say the opposite of what stands, with its place.
    pub against: Vec<(Decision, Place)>,
}

impl Beside {
    /// Those that change what stands.
    pub fn to_write(&self) -> Vec<Decision> {
        let against = self.against.iter().map(|(d, _)| d);
        self.new.iter().chain(against).cloned().collect()
    }
}

impl Decisions {
    /// Sorts decisions just taken by what stands of their pairs; of several on one pair the last counts.
    pub fn beside(&self, taken: &[Decision]) -> Beside {
        let last: BTreeMap<(&str, &str), &Decision> = (taken.iter())
            .map(|d| ((d.a.as_str(), d.b.as_str()), d))
            .collect();
        let stands: BTreeMap<(&str, &str), &(Decision, Place)> = (self.all.iter())
            .map(|x| ((x.0.a.as_str(), x.0.b.as_str()), x))
            .collect();
        let mut out = Beside::default();
        for (pair, decision) in last {
            match stands.get(&pair) {
                None => out.new.push(decision.clone()),
                Some((before, _)) if before.same == decision.same => out.known += 1,
                Some((_, place)) => out.against.push((decision.clone(), place.clone())),
            }
        }
        out
    }

    /// Reads every `.csv` of the folder in the order of names, whatever its separator and encoding; later lines override
    /// earlier ones. A folder that is not there holds none.
    ///
    /// # Errors
    /// A file that cannot be read, a table of another kind, a line that is no decision: nothing is passed over.
    pub fn load(dir: &Path) -> Result<Decisions, DecisionError> {
        let unread = |e: std::io::Error| DecisionError::Read {
            file: dir.display().to_string(),
            reason: e.to_string(),
        };
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Decisions::default()),
            Err(e) => return Err(unread(e)),
        };
        let mut files: Vec<(String, PathBuf)> = Vec::new();
        for entry in entries {
            let path = entry.map_err(unread)?.path();
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            match extension.to_ascii_lowercase().as_str() {
                _ if file.starts_with('.') || file.starts_with('~') => {}
                "csv" => files.push((file.into_owned(), path.clone())),
                "tsv" | "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => {
                    return Err(DecisionError::Kind {
                        file: file.into_owned(),
                    });
                }
                _ => {}
            }
        }
        files.sort();
        let mut latest: BTreeMap<(String, String), (bool, Place)> = BTreeMap::new();
        for (file, path) in files {
            for (d, line) in read_file(&file, &path)? {
                latest.insert((d.a, d.b), (d.same, (file.as_str().into(), line)));
            }
        }
        let all = latest.into_iter();
        Ok(Decisions {
            all: all
                .map(|((a, b), (same, place))| (Decision { a, b, same }, place))
                .collect(),
        })
    }

    /// Decisions as pairs of identities of this month.
    pub fn pairs(&self, features: &Features, key: &PseudonymKey) -> Decided {
        let named: FxHashSet<&str> = self
            .all
            .iter()
            .flat_map(|(d, _)| [d.a.as_str(), d.b.as_str()])
            .collect();
        let mut of: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        if !self.all.is_empty() {
            let found: Vec<(String, u32)> = (0..features.len() as u32)
                .into_par_iter()
                .map(|i| (features.fingerprint(i, key).to_string(), i))
                .filter(|(f, _)| named.contains(f.as_str()))
                .collect();
            for (f, i) in found {
                of.entry(f).or_default().push(i);
            }
        }
        let mut out = Decided::default();
        for (d, place) in &self.all {
            let (Some(a), Some(b)) = (of.get(d.a.as_str()), of.get(d.b.as_str())) else {
                out.unfound.push((d.clone(), place.clone()));
                continue;
            };
            for &x in a {
                for &y in b {
                    let pair = (x.min(y), x.max(y));
                    if x == y {
                        continue;
                    }
                    if !d.same {
                        out.different.insert(pair);
                        out.apart.entry(x).or_default().push(y);
                        out.apart.entry(y).or_default().push(x);
                    } else {
                        out.same.insert(pair);
                    }
                }
            }
        }
        out
    }
}

/// The decisions of a file with their one-based lines.
fn read_file(file: &str, path: &Path) -> Result<Vec<(Decision, u32)>, DecisionError> {
    let mut out = Vec::new();
    let mut columns: Option<Columns> = None;
    let mut wrong = None;
    let read = for_each_row(path, &Limits::default(), &mut |(_, row, cells)| {
        let text = |c: &Cow<[u8]>| String::from_utf8_lossy(c).trim().to_owned();
        let cells: Vec<(usize, String)> = cells.iter().map(|(at, c)| (*at, text(c))).collect();
        if columns.is_none() {
            columns = header(&cells);
            if columns.is_some() {
                return Ok(());
            }
        }
        let [a, b, same] = columns.unwrap_or([0, 1, 2]).map(|at| {
            let cell = cells.iter().find(|(c, _)| *c == at);
            cell.map_or("", |(_, text)| text)
        });
        let (file, line) = (file.to_owned(), row + 1);
        if !is_fingerprint(a) || !is_fingerprint(b) {
            wrong.get_or_insert(DecisionError::Key { file, line });
        } else if let Some(same) = word(same) {
            let (a, b) = (a.to_lowercase(), b.to_lowercase());
            out.push((Decision::new(&a, &b, same), line));
        } else {
            wrong.get_or_insert(DecisionError::Word { file, line });
        }
        Ok(())
    });
    // An empty file decides nothing.
    let empty = std::fs::metadata(path).is_ok_and(|m| m.len() == 0);
    match (wrong, read) {
        (Some(e), _) => Err(e),
        (None, Err(e)) if !empty => Err(DecisionError::Read {
            file: file.to_owned(),
            reason: e.to_string(),
        }),
        _ => Ok(out),
    }
}

/// Decisions by identity.
#[derive(Debug, Clone, Default)]
pub struct Decided {
    /// The same person.
    pub same: BTreeSet<(u32, u32)>,
    /// Not the same person.
    pub different: BTreeSet<(u32, u32)>,
    /// Decisions of whose two identities one is in no file of this month.
    pub unfound: Vec<(Decision, Place)>,
    /// The same by identity.
    apart: FxHashMap<u32, Vec<u32>>,
}

impl Decided {
    /// Whether a decision keeps two groups apart.
    pub fn separates(&self, x: &[u32], y: &[u32]) -> bool {
        !self.apart.is_empty()
            && x.iter()
                .filter_map(|a| self.apart.get(a))
                .flatten()
                .any(|b| y.contains(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "0123456789abcdef0123456789abcdef";
    const B: &str = "fedcba9876543210fedcba9876543210";

    fn load(files: &[(&str, &[u8])]) -> Result<Decisions, DecisionError> {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in files {
            std::fs::write(dir.path().join(name), content).unwrap();
        }
        Decisions::load(dir.path())
    }

    fn taken(content: &[u8]) -> Vec<(bool, u32)> {
        let all = load(&[("pasangan.csv", content)]).unwrap().all;
        all.iter().map(|(d, place)| (d.same, place.1)).collect()
    }

    #[test]
    fn decisions_read_again_are_known_and_the_opposite_is_named_with_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let key = |c: char| c.to_string().repeat(32);
        let path = dir.path().join("review.csv");
        let first = [Decision::new(&key('a'), &key('b'), true)];
        let nothing = Decisions::load(dir.path()).unwrap().beside(&first);
        assert_eq!(
            (nothing.new.len(), nothing.known, nothing.against.len()),
            (1, 0, 0)
        );
        append(&path, &nothing.to_write()).unwrap();

        let again = Decisions::load(dir.path()).unwrap().beside(&first);
        assert_eq!((again.new.len(), again.known), (0, 1));
        assert!(again.to_write().is_empty(), "nothing is written twice");

        let opposite = [Decision::new(&key('b'), &key('a'), false)];
        let against = Decisions::load(dir.path()).unwrap().beside(&opposite);
        assert_eq!(
            against.against,
            [(opposite[0].clone(), ("review.csv".into(), 2))]
        );
        assert_eq!(against.to_write(), opposite);
    }

    #[test]
    fn every_form_in_which_an_office_saves_a_list_reads_the_same() {
        let utf16: Vec<u8> = format!("\u{feff}a\tb\tdecision\r\n{A}\t{B}\tsame\r\n")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for content in [
            format!("a,b,decision\n{A},{B},same\n").into_bytes(),
            format!("\u{feff}a;b;decision\r\n{A};{B};SAMA\r\n;;\r\n").into_bytes(),
            format!(
                "\n\"a\"\t\"b\"\t\"decision\"\n{}\t{B}\tya\n",
                A.to_uppercase()
            )
            .into_bytes(),
            format!("Keputusan;Catatan;Kunci A;Kunci B\nsama;x;{A};{B}\n").into_bytes(),
            utf16,
        ] {
            let all = taken(&content);
            assert_eq!(all.len(), 1, "{}", String::from_utf8_lossy(&content));
            assert!(all[0].0);
        }
        // A file without a header loses nothing.
        assert_eq!(taken(format!("{A},{B},beda\n").as_bytes()), [(false, 1)]);
        assert!(taken(b"").is_empty());
    }

    #[test]
    fn a_line_that_is_no_decision_is_named_and_never_passed_over() {
        let head = format!("a,b,decision\n{A},{B},same\n");
        for (line, wanted) in [
            ("zz".to_owned(), "Key"),
            (format!("{A},{B}"), "Word"),
            (format!("{A},,same"), "Key"),
            (format!("{A},{B},mungkin"), "Word"),
            // What a spreadsheet makes of a key of digits.
            (format!("1.23457E+31,{B},same"), "Key"),
            (format!("{A} {B} same"), "Key"),
        ] {
            let e = load(&[("x.csv", format!("{head}{line}\n").as_bytes())]).unwrap_err();
            assert!(format!("{e:?}").starts_with(wanted), "{line}: {e:?}");
            for lang in [Lang::Id, Lang::En] {
                let said = e.message(lang);
                assert!(said.contains("x.csv") && said.contains('3'), "{said}");
            }
        }
        let workbook = load(&[("pasangan.xlsx", b"PK")]).unwrap_err();
        assert!(workbook.message(Lang::Id).contains("pasangan.xlsx"));
        assert!(
            load(&[
                ("a.csv", head.as_bytes()),
                (".gitkeep", b""),
                ("catatan.md", b"x")
            ])
            .is_ok()
        );
    }

    #[test]
    fn a_decision_is_added_in_the_form_the_file_has() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("review.csv");
        let new = Decision::new(A, B, false);
        let other = A.replace('0', "1");
        for before in [
            String::new(),
            format!("a;b;decision\r\n{other};{B};same\r\n"),
            format!("Keputusan\tKunci A\tKunci B\nsama\t{other}\t{B}"),
        ] {
            std::fs::write(&path, &before).unwrap();
            append(&path, std::slice::from_ref(&new)).unwrap();
            let all = Decisions::load(dir.path()).unwrap().all;
            assert!(all.iter().any(|(d, _)| *d == new), "{before}");
            assert_eq!(all.len(), if before.is_empty() { 1 } else { 2 });
        }
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_not_an_empty_one() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(Decisions::load(file.path()).is_err());
        assert!(Decisions::load(&file.path().with_file_name("tidak-ada")).is_ok());
    }
}
