//! What a month said before it was done again: the figures that moved, and why.

use super::figure::FigureKey;
use super::{Status, Text, Unit};
use serde::{Deserialize, Serialize};

crate::coded_enum! {
    /// How an input stands against the one the figures before rested on.
    pub enum InputChange {
        /// Only the later month used it.
        New = "new",
        /// Only the earlier month used it.
        Gone = "gone",
        /// The same file with another content.
        Changed = "changed",
    }
}

/// Why figures may have moved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Files of a supplier: how many came, went or changed, and the rows used of them. The files' own names may be
    /// people's and are left out.
    Files {
        /// Supplier id.
        supplier: Text,
        /// How they differ.
        change: InputChange,
        /// Number of files.
        files: u64,
        /// Rows used before and after.
        used: [u64; 2],
    },
    /// Something besides the files: `program`, `settings`, `sources`, `decisions`, `templates`, `earlier` (figures
    /// handed over for earlier months).
    Basis(String),
}

/// A figure whose number or status is not what was handed over before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureChange {
    /// Which figure.
    pub key: FigureKey,
    /// What it counts.
    pub unit: Unit,
    /// Number before; none when it was hidden, had none, or did not exist.
    pub before: Option<f64>,
    /// Number after.
    pub after: Option<f64>,
    /// Status before; none when the figure did not exist.
    pub status_before: Option<Status>,
    /// Status after; none when the figure is gone.
    pub status_after: Option<Status>,
    /// Suppliers whose files can have moved it: the one it is about when that one's files differ, else all whose do.
    pub suppliers: Vec<Text>,
}

/// One time a month was done again with other figures. A month's revisions are numbered from 1 in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Why.
    pub causes: Vec<Cause>,
    /// What moved, in the order of the figures' keys.
    pub changes: Vec<FigureChange>,
}

/// A supplier whose files end before the month does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// Supplier id: the category it has under `upt`, `bapas`, `opd` and `source`.
    pub id: Text,
    /// Its name as people know it.
    pub name: String,
    /// Last day its files cover; none when nothing of it ever came.
    pub until: Option<chrono::NaiveDate>,
}

impl Late {
    /// Whether a figure is about this supplier alone: its number rests on what was delivered up to [`Late::until`].
    pub fn affects(&self, key: &FigureKey) -> bool {
        [&key.3, &key.4]
            .iter()
            .any(|(dim, cat)| *cat == self.id && matches!(dim.as_str(), "upt" | "bapas" | "opd"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Population;

    #[test]
    fn figures_about_a_late_supplier_alone_are_its_own() {
        let late = Late {
            id: "lapas-piru".into(),
            name: "Lapas Kelas IIB Piru".into(),
            until: None,
        };
        let key = |dim: &str, cat: &str| -> FigureKey {
            let breakdown = (Text::from(dim), Text::from(cat));
            let all = Default::default();
            (
                "stock".into(),
                "v1".into(),
                Population::Maluku,
                all,
                breakdown,
                None,
            )
        };
        assert!(late.affects(&key("upt", "lapas-piru")));
        assert!(!late.affects(&key("upt", "lapas-namlea")));
        assert!(
            !late.affects(&key("source", "lapas-piru")),
            "what came of it is known"
        );
        assert!(!late.affects(&key("", "")), "the total is everybody's");
    }
}
