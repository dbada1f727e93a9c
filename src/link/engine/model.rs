//! The model file of a linkage: columns, blocking rules, comparisons with graded levels, thresholds.
//!
//! ```toml
//! threshold = 0.95          # pairs at least this probable are linked
//! review = 0.5              # pairs at least this probable are written out
//! id = "No Register"        # the column that names a row [row numbers]
//! label = "Orang"           # the column that says who a row is about in truth: precision and recall by threshold
//! one_to_one = false        # linking: no list names a person twice
//! optional = ["village"]    # columns that may be absent in every list; others in some of them
//! only_between = false      # linking: pairs within a list are not compared
//! never_differ = ["nik"]    # known and different: never one cluster; numbers by their digits
//! largest_block = 0         # blocks with more records are passed over and reported [0: none]
//!
//! [columns]                 # where headers differ between lists: our name = the headers it may have
//! surname = ["Surname", "Fam", "Marga"]
//!
//! [values]                  # values made from columns, to be compared or blocked on
//! name = "fold(surname)"
//!
//! [[block]]                 # pairs that agree on all of these are compared; several rules: any of them
//! on = ["name", "year(born)"]
//!
//! [[compare]]
//! name = "name"
//! columns = ["given_name", "surname"]
//! frequency = true          # agreeing on a rare value counts for more
//! levels = [                # the strongest first
//!   "exact",                                                   # every column
//!   "swapped",                                                 # given name and surname exchanged
//!   { given_name = "exact", surname = "jaro_winkler 0.9 | fold" },
//!   { surname = "exact", given_name = "missing" },
//! ]
//! ```
//!
//! A comparison of the library needs no levels: `use = "person_name"` with its columns. They are in
//! [`super::named::NAMED`] and the same the monthly linkage compares with.
//!
//! What is missing is no evidence; what is there and reaches no level disagrees. Tests are in [`super::level::TESTS`],
//! functions in [`super::expression::FUNCTIONS`].

use super::declared;
use super::expression::Expression;
use super::level::Level;
use crate::locale::{self, Lang};
use std::collections::BTreeMap;
use std::path::Path;

/// Default probability from which a pair is linked.
pub const THRESHOLD: f64 = 0.95;

/// A model as it is declared.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Probability from which a pair is linked.
    pub threshold: f64,
    /// Probability from which a pair is written out.
    pub review: f64,
    /// The column that names a row.
    pub id: Option<String>,
    /// The column that says who a row is about in truth.
    pub label: Option<String>,
    /// Columns that no list needs to have.
    pub optional: Vec<String>,
    /// Pairs within a list are not compared.
    pub only_between: bool,
    /// Each record has at most one partner in another list.
    pub one_to_one: bool,
    /// Values that must not differ within a cluster.
    pub never_differ: Vec<Expression>,
    /// Blocks with more records are passed over; 0: none.
    pub largest_block: usize,
    /// Headers a column may have.
    pub headers: BTreeMap<String, Vec<String>>,
    /// Blocking rules.
    pub blocks: Vec<Block>,
    /// Comparisons.
    pub comparisons: Vec<Compared>,
}

/// A blocking rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// As the model writes it.
    pub label: String,
    /// What must agree.
    pub on: Vec<Expression>,
}

/// A comparison as it is declared.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Its name.
    pub name: String,
    /// What it compares.
    pub columns: Vec<Expression>,
    /// Whether frequencies count, by column.
    pub frequency: Vec<bool>,
    /// Levels, strongest first.
    pub levels: Vec<Level>,
    /// The comparison of the library it is; `None`: its levels say what it asks for.
    pub named: Option<super::named::Named>,
}

/// A model file that cannot be used: what, where, and what was probably meant.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
pub struct ModelError {
    /// The file.
    pub file: String,
    /// Line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// Locale key below `link.model`, and its arguments.
    pub what: (&'static str, Vec<(&'static str, String)>),
}

impl ModelError {
    /// The message in a language.
    pub fn message(&self, lang: Lang) -> String {
        let (key, args) = &self.what;
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let what = locale::format(lang, &format!("link.model.{key}"), &args);
        let line = self.line.to_string();
        let place = if self.line == 0 { "in_file" } else { "in_line" };
        let known = [
            ("file", self.file.as_str()),
            ("line", &line),
            ("what", &what),
        ];
        locale::format(lang, &format!("link.model.{place}"), &known)
    }
}

impl Model {
    /// Reads a model file.
    pub fn read(path: &Path) -> Result<Model, ModelError> {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Model::parse(&text, &file),
            Err(e) => Err(ModelError {
                file,
                line: 0,
                what: ("unreadable", vec![("reason", e.to_string())]),
            }),
        }
    }

    /// A commented model to start from.
    pub fn example(lang: Lang) -> &'static str {
        match lang {
            Lang::En => include_str!("example.en.toml"),
            _ => include_str!("example.id.toml"),
        }
    }

    /// Reads the text of a model file.
    pub fn parse(text: &str, file: &str) -> Result<Model, ModelError> {
        declared::model(text, file)
    }

    /// Names of all columns the model reads, each once.
    pub fn columns(&self) -> Vec<String> {
        let mut names: Vec<&str> = Vec::new();
        let compared = self.comparisons.iter().flat_map(|c| &c.columns);
        let blocked = self.blocks.iter().flat_map(|b| &b.on);
        for e in compared.chain(blocked).chain(&self.never_differ) {
            e.columns(&mut names);
        }
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(str::to_owned).collect()
    }
}
