//! The attack: what can an intruder derive of each hidden small cell from everything published?
//!
//! Independent of how the cells were chosen: for each primary cell the lowest and highest value that agree with
//! all published cells, margins and bounds are found by linear programming. The cell is safe when the interval
//! holds the protection range (DOMAIN.md 2.5: nothing … threshold).

use super::cells::System;
use super::component::Component;
use crate::domain::figure::Figure;
use rayon::prelude::*;

/// What can be derived of one hidden cell. Person-level secret: it goes to `state/` for the data officer only.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Derived {
    /// Measure id of a figure the cell stands in.
    pub measure: String,
    /// Breakdown of that figure.
    pub category: String,
    /// Lowest value.
    pub low: f64,
    /// Highest value; `null` in JSON when nothing bounds it.
    pub high: f64,
    /// Whether the interval holds the protection range.
    pub safe: bool,
}

/// A reader who computes.
#[derive(Debug, Clone, Copy)]
pub struct Attack;

const EPS: f64 = 1e-4;

/// Attacks every primary cell of every component.
pub fn attack(components: &[Component], system: &System, figures: &[Figure]) -> Vec<Derived> {
    let mut names = vec![None; system.cells.len()];
    for (i, cells) in system.of_figure.iter().enumerate() {
        for &c in cells {
            names[c].get_or_insert(i);
        }
    }
    let jobs: Vec<(&Component, usize)> = components
        .iter()
        .flat_map(|c| {
            (0..c.cells.len())
                .filter(|&i| c.cells[i].primary)
                .map(move |i| (c, i))
        })
        .collect();
    jobs.into_par_iter()
        .map(|(c, i)| {
            let figure = names[c.global[i]].map(|f| &figures[f]);
            // An attack that cannot be computed counts as one that succeeded.
            let (low, high) = c
                .interval(i)
                .unwrap_or((c.cells[i].value, c.cells[i].value));
            let value = c.cells[i].value;
            let safe = low <= value - c.need_down(i) + EPS && high >= value + c.need_up(i) - EPS;
            Derived {
                measure: figure.map_or_else(String::new, |f| f.measure.to_string()),
                category: figure.map_or_else(String::new, |f| {
                    format!("{} {}", f.dim1.1, f.dim2.1).trim().into()
                }),
                low,
                high,
                safe,
            }
        })
        .collect()
}
