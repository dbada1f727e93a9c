//! Floor 0: the field's words as types.
//!
//! Everything the law or the agencies distinguish is an enum here, with a stable English id (what figures,
//! CSV files and templates carry) and with the spellings offices use kept out of it: recognising spellings
//! is the work of `ingest` and `clean`. This module knows nothing of files, tables, reports or people's
//! linkage; it must not read anything from disk.

pub mod account;
pub mod change;
pub mod coarser;
pub mod date;
pub mod dimension;
pub mod exit;
pub mod field;
pub mod figure;
mod harmless;
pub mod history;
pub mod interrupt;
pub mod issue;
mod members;
pub mod month;
mod nearest;
pub mod nik;
pub mod offence;
pub mod opd;
pub mod place;
pub mod raw;
pub mod records;
pub mod region;
pub mod register;
pub mod relation;
pub mod revision;
pub mod service;
pub mod supervision;
pub mod upt;
pub mod whole;
pub mod words;

pub use date::{PartialDate, add_months};
pub use dimension::Dimension;
pub use exit::ExitCode;
pub use field::{Field, RecordKind};
pub use figure::{Figure, Population, Status, Unit};
pub use harmless::harmless;
pub use issue::{Issue, Severity};
pub(crate) use members::Members;
pub use month::Month;
pub use nearest::nearest;
pub use nik::{Nik, NikStatus};
pub use offence::OffenceGroup;
pub use place::{CellRef, FileId, RowRef};
pub use register::RegisterClass;
pub use upt::Upt;
pub use whole::{Scope, WholeList};
pub use words::normal;

/// A short text: 24 bytes, no heap for anything shorter than that (most names, ids and codes).
pub type Text = compact_str::CompactString;

/// Sex as the registers record it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Laki-laki (L).
    Male,
    /// Perempuan (P).
    Female,
}

impl Sex {
    /// Stable id: `male`, `female`.
    pub const fn id(self) -> &'static str {
        match self {
            Sex::Male => "male",
            Sex::Female => "female",
        }
    }
}

/// Declares an enum whose variants each have one stable text id, with `id`, `from_id`, `ALL` and `Display`. Serialised it
/// is its id; in a binary format, which only the program that wrote it reads, its place in `ALL`.
///
/// One list instead of three matches that drift apart.
#[macro_export]
macro_rules! coded_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $id:literal $(| $former:literal)*),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        $vis enum $name { $($(#[$vmeta])* $variant),+ }
        impl $name {
            /// Every variant, in the order reports show them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The stable id that figures, CSV files and templates carry.
            pub const fn id(self) -> &'static str { match self { $($name::$variant => $id),+ } }
            /// The variant with this id, or with one that files of earlier versions carry.
            pub fn from_id(id: &str) -> Option<Self> { match id { $($id $(| $former)* => Some($name::$variant),)+ _ => None } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.id()) }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() { s.serialize_str(self.id()) } else { s.serialize_u8(*self as u8) }
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                if !d.is_human_readable() {
                    let n = <u8 as serde::Deserialize>::deserialize(d)?;
                    return $name::ALL.get(usize::from(n)).copied().ok_or_else(|| serde::de::Error::custom(format!(
                        "no {} has the number {}", stringify!($name), n)));
                }
                let id = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
                // As serde tells of its own enums: who reads the sentence finds the known words in it.
                $name::from_id(&id).ok_or_else(|| {
                    let known: Vec<String> = $name::ALL.iter().map(|k| format!("`{}`", k.id())).collect();
                    serde::de::Error::custom(format!(
                        "unknown {} `{}`, expected one of {}", stringify!($name), id, known.join(", ")))
                })
            }
        }
    };
}

/// Lets go of something large beside the work that goes on: to drop what a nation's lists became takes a good part of a
/// second, and nobody need wait for it.
pub(crate) fn let_go(what: impl Send + 'static) {
    std::thread::spawn(move || drop(what));
}
