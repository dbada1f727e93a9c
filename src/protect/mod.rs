//! Floor 3: disclosure control for one audience, over everything that audience will see (DOMAIN.md 2.5).
//!
//! Knows figures and how their numbers hang together ([`Shape`], [`Hierarchy`]); knows nothing of people,
//! sheets or charts. Everything a report shows goes through [`protect`] first.
//!
//! 1. `cells`: every count once, every sum and bound the reader can form, also with what he received before.
//! 2. `suppress`: hide what is small, then what would reveal it.
//! 3. `audit`: attack the result; what can still be derived too closely stops the run.

use crate::domain::figure::{Figure, Hierarchy, Shape, Status};
use crate::workspace::Disclosure;
use rayon::prelude::*;

mod audit;
mod cells;
mod component;
mod round;
mod suppress;
#[cfg(test)]
mod tests;

pub use audit::{Attack, Derived};

use cells::System;
use component::Component;

/// Who reads the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Audience {
    /// Pemerintah Kota Ambon: residents of the city, aggregates only.
    City,
    /// Kanwil Ditjenpas Maluku: everyone.
    Kanwil,
}

impl Audience {
    /// Both, in the order they are written.
    pub const ALL: [Audience; 2] = [Audience::City, Audience::Kanwil];

    /// Stable id, also the name in file names: `kota`, `kanwil`.
    pub const fn id(self) -> &'static str {
        match self {
            Audience::City => "kota",
            Audience::Kanwil => "kanwil",
        }
    }
}

/// How the numbers hang together and how they are to be protected.
#[derive(Debug, Clone)]
pub struct Rules<'a> {
    /// Thresholds and method of the settings.
    pub disclosure: &'a Disclosure,
    /// How the measures' numbers add up.
    pub shapes: &'a [Shape],
    /// Which dimensions nest.
    pub hierarchies: &'a [Hierarchy],
}

/// What the reader holds already.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Figures this audience received for earlier months, as published.
    pub earlier: &'a [Figure],
}

/// What was done, in numbers that may be printed.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Summary {
    /// Figures looked at.
    pub figures: u64,
    /// Counts that must be protected.
    pub cells: u64,
    /// Hidden because small.
    pub primary: u64,
    /// Hidden because they would reveal another.
    pub secondary: u64,
    /// Hidden cells whose derivable interval was computed and found wide enough.
    pub audited: u64,
}

/// Figures safe for the audience.
#[derive(Debug, Clone)]
pub struct Protected {
    /// All figures, in the order given, hidden ones without numbers.
    pub figures: Vec<Figure>,
    /// What was done.
    pub summary: Summary,
    /// What an intruder could derive of each primary cell: for the data officer alone.
    pub derived: Vec<Derived>,
}

/// The tables could not be made safe: nothing may be published.
#[derive(Debug, thiserror::Error)]
pub enum ProtectError {
    /// No set of hidden cells protects these.
    #[error("{measure}: a small cell cannot be protected even by hiding every cell around it")]
    Unprotectable {
        /// Measure id.
        measure: String,
    },
    /// The audit derived a hidden cell too closely.
    #[error("{measure}: {cells} hidden cells could still be derived; nothing was published")]
    Open {
        /// Measure id of the first.
        measure: String,
        /// How many.
        cells: u64,
    },
}

/// Hides what would give a person away and whatever would reveal it, then attacks the result.
///
/// The order and number of figures stay; a hidden figure keeps its identity and loses all its numbers.
pub fn protect(
    figures: Vec<Figure>,
    rules: &Rules,
    known: &Known,
) -> Result<Protected, ProtectError> {
    if rules.disclosure.method == "round" {
        return Ok(round::protect(figures, rules));
    }
    let mut system = System::build(&figures, rules, known);
    let mut components = component::split(&system);
    let name = |system: &System, cell: usize| -> String {
        let figure = system
            .of_figure
            .iter()
            .position(|cells| cells.contains(&cell));
        figure.map_or_else(String::new, |i| figures[i].measure.to_string())
    };
    // A figure shows all its numbers or none. What that hides beyond the cells found here only helps: the audit
    // attacks with more than the reader gets.
    let results: Vec<_> = components.par_iter_mut().map(suppress::complete).collect();
    if let Some(i) = results.iter().position(Result::is_err) {
        let cell = components[i].global.first().copied().unwrap_or_default();
        return Err(ProtectError::Unprotectable {
            measure: name(&system, cell),
        });
    }
    write_back(&mut system, &components);
    let derived = audit::attack(&components, &system, &figures);
    let open: Vec<&Derived> = derived.iter().filter(|d| !d.safe).collect();
    if let Some(first) = open.first() {
        return Err(ProtectError::Open {
            measure: first.measure.clone(),
            cells: open.len() as u64,
        });
    }
    let count = |f: fn(&cells::Cell) -> bool| system.cells.iter().filter(|c| f(c)).count() as u64;
    let summary = Summary {
        figures: figures.len() as u64,
        cells: system.cells.len() as u64,
        primary: count(|c| c.primary),
        secondary: count(|c| c.hidden && !c.primary),
        audited: derived.len() as u64,
    };
    Ok(Protected {
        figures: apply(figures, &system),
        summary,
        derived,
    })
}

fn write_back(system: &mut System, components: &[Component]) {
    for c in components {
        for (local, &global) in c.global.iter().enumerate() {
            system.cells[global].hidden = c.cells[local].hidden;
        }
    }
}

fn apply(mut figures: Vec<Figure>, system: &System) -> Vec<Figure> {
    for (f, cells) in figures.iter_mut().zip(&system.of_figure) {
        let hidden = cells.iter().any(|&c| system.cells[c].hidden);
        if hidden {
            let primary = cells.iter().any(|&c| system.cells[c].primary);
            f.status = if primary {
                Status::SuppressedPrimary
            } else {
                Status::SuppressedSecondary
            };
            (f.numerator, f.denominator, f.estimate, f.ci_low, f.ci_high) =
                (None, None, None, None, None);
        }
    }
    figures
}
