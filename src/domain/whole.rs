//! Lists that name everybody who is there.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Whom a list names all of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// All penghuni of a unit, or all clients of a Bapas.
    Everybody,
    /// Tahanan.
    Remand,
    /// Narapidana.
    Sentenced,
    /// Anak binaan, or clients under eighteen.
    Children,
    /// Adult clients.
    Adults,
}

impl Scope {
    /// Stable id; its text is the locale key `cli.inspect.whole.<id>`.
    pub const fn id(self) -> &'static str {
        match self {
            Scope::Everybody => "everybody",
            Scope::Remand => "remand",
            Scope::Sentenced => "sentenced",
            Scope::Children => "children",
            Scope::Adults => "adults",
        }
    }
}

/// A table that says it names everybody who is there on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeList {
    /// The day.
    pub day: NaiveDate,
    /// Whom it names.
    pub scope: Scope,
    /// A file of `sources/` says so; else its title does.
    pub by_hand: bool,
    /// It shows those who left as well: a register, in which an open row may be one that nobody closed.
    pub exits: bool,
    /// Rows that are somebody's.
    pub rows: u32,
}
