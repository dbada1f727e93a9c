//! Hides what reveals a sensitive cell of a system, attacks the result, and hides more until the attack finds nothing.
//! Knows no figure.

use super::audit::{self, Derived};
use super::net::{Net, Shift};
use super::sets;
use super::suppress::{self, Hopeless, Unprotectable, Witness};
use super::system::System;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Thresholds that are protected on the way to a higher one: whatever one of them hides, each above it hides too.
pub(super) const LADDER: [u32; 4] = [5, 10, 20, 50];

/// Most times that more is hidden because the audit still found something.
const ATTEMPTS: usize = 4;

/// A system in which everything is hidden that has to be.
pub(super) struct Secured {
    /// What can be derived of each hidden cell.
    pub derived: Vec<Derived>,
    /// Cells that no hiding protects, because earlier issues give them away.
    pub lost: Vec<usize>,
}

/// A system that could not be made safe.
pub(super) enum Unsafe {
    /// No set of hidden cells protects this one.
    Unprotectable(usize),
    /// The audit still derives so many hidden cells too closely, this one first.
    Open { first: usize, cells: usize },
}

/// Hides whatever gives a sensitive cell away, from a low threshold on, so that what a lower one hides a higher one hides too.
pub(super) fn secured(
    system: &mut System,
    threshold: u32,
    hopeless: Hopeless,
) -> Result<Secured, Unsafe> {
    let mut out = Secured {
        derived: Vec::new(),
        lost: Vec::new(),
    };
    for c in &mut system.cells {
        c.hidden = c.latent || c.kept;
    }
    let lower = LADDER.into_iter().filter(|l| *l < threshold);
    for level in lower.chain([threshold]) {
        for c in &mut system.cells {
            c.kept |= c.hidden && !c.latent;
            let of_children = c.limit > f64::from(threshold);
            c.settle(if of_children {
                f64::INFINITY
            } else {
                f64::from(level)
            });
        }
        secure(system, hopeless, level == threshold, &mut out)?;
    }
    Ok(out)
}

/// Hides what reveals a sensitive cell; where `attacked`, attacks the result and hides more until the attack finds nothing.
fn secure(
    system: &mut System,
    hopeless: Hopeless,
    attacked: bool,
    out: &mut Secured,
) -> Result<(), Unsafe> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let was_lost: Vec<bool> = system.cells.iter().map(|c| c.lost).collect();
        let tables = hide_by(system, |net| suppress::complete(net, hopeless))
            .map_err(Unsafe::Unprotectable)?;
        let now_lost = (0..was_lost.len()).filter(|&c| system.cells[c].lost && !was_lost[c]);
        out.lost.extend(now_lost);
        if !attacked {
            return Ok(());
        }
        out.derived = attack(system, &tables);
        show_what_is_known(system, &mut out.derived);
        let open = (out.derived.iter()).filter(|d| !d.safe && !system.cells[d.cell].lost);
        let open: Vec<usize> = open.map(|d| d.cell).collect();
        let Some(&first) = open.first() else {
            return Ok(());
        };
        if attempt >= ATTEMPTS {
            let cells = open.len();
            return Err(Unsafe::Open { first, cells });
        }
        widen(system, &open);
    }
}

/// Hides complements in a system until every sensitive cell is protected. `Err` names a cell that no set protects.
///
/// Comes with the alternative tables that showed it, as changes of cells: for [`attack`] to try first.
pub fn hide(system: &mut System) -> Result<Vec<Shift>, usize> {
    hide_by(system, |net| suppress::complete(net, Hopeless::Refused))
}

/// The heuristic without looking back, to compare with.
pub fn hide_first_fit(system: &mut System) -> Result<Vec<Shift>, usize> {
    hide_by(system, |net| suppress::first_fit(net, Hopeless::Refused))
}

fn hide_by(
    system: &mut System,
    how: impl Fn(&mut Net) -> Result<Vec<Witness>, Unprotectable> + Sync + Send,
) -> Result<Vec<Shift>, usize> {
    let mut nets = sets::split(system);
    let results: Vec<_> = nets.par_iter_mut().map(&how).collect();
    let mut tables = Vec::new();
    for (net, found) in nets.iter().zip(results) {
        let found = found.map_err(|e| e.cell)?;
        tables.extend(found.into_iter().map(|w| -> Shift {
            let moved = w.shift.into_iter();
            moved.map(|(i, by)| (net.global[i], by)).collect()
        }));
    }
    for net in &nets {
        for (c, &global) in net.cells.iter().zip(&net.global) {
            let cell = &mut system.cells[global];
            cell.hidden = c.hidden;
            if c.lost {
                (cell.lost, cell.need_down, cell.need_up) = (true, 0.0, 0.0);
            }
        }
    }
    Ok(tables)
}

/// Attacks every hidden cell of a system, with alternative tables to try first ([`hide`] finds some).
pub fn attack(system: &System, tables: &[Shift]) -> Vec<Derived> {
    audit::attack(&sets::split(system), tables)
}

/// A cell hidden for the sake of others, or that could only be what it is, that the reader can work out exactly serves nobody: it is shown. What he can
/// derive of everything else stays the same, because he has the number anyway. A small one that earlier issues have given away
/// stays hidden: that takes more knowledge than every reader has.
fn show_what_is_known(system: &mut System, derived: &mut Vec<Derived>) {
    derived.retain(|d| {
        let cell = &mut system.cells[d.cell];
        let known =
            !d.safe && !cell.is_sensitive() && !cell.lost && !cell.latent && d.low == d.high;
        cell.hidden &= !known;
        !known
    });
}

/// Sees to those that are still open: one more cell is hidden beside each, the cheapest in each of its equations.
fn widen(system: &mut System, open: &[usize]) {
    let mut open: BTreeSet<usize> = open.iter().copied().collect();
    open.retain(|&c| {
        let cell = &mut system.cells[c];
        // One that was hidden for others without being safe itself must be able to be one more.
        let sensitive = cell.is_sensitive();
        if !sensitive {
            cell.keep_apart(0.0, 1.0);
        }
        sensitive
    });
    let mut more = Vec::new();
    for row in &system.equations {
        if row.iter().any(|(c, _)| open.contains(c)) {
            let shown = row.iter().map(|&(c, _)| c).filter(|&c| {
                let c = &system.cells[c];
                !c.hidden && !c.fixed
            });
            more.extend(shown.min_by(|&a, &b| {
                system.cells[a]
                    .cost
                    .total_cmp(&system.cells[b].cost)
                    .then(a.cmp(&b))
            }));
        }
    }
    for c in more {
        (system.cells[c].kept, system.cells[c].hidden) = (true, true);
    }
}
