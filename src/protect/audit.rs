//! The attack: what can an intruder derive of each hidden cell from everything published?
//!
//! For each sensitive cell the lowest and highest value that agree with all published cells, margins, bounds and earlier
//! issues are found by linear programming, and each end is shown by a whole alternative table whose sums are added up again
//! without the solver. Tables that hiding has found on its way are tried first; they are believed no more than others: each
//! must keep every published sum, or it counts for nothing. The cell is safe when the interval holds its protection range
//! (docs/definitions.md 6: nothing … threshold). A cell hidden for the sake of others is safe when a
//! second whole number is possible; one that can be worked out is known, and `protect` shows it (in sets of many
//! thousand cells only what can be worked out by subtraction alone is known).

use super::net::{Net, Shift, scaled};
use super::search::Search;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What can be derived of one hidden cell. It goes to `state/` for the data officer only.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Derived {
    /// Measure id of a figure the cell stands in; empty for a count that no figure shows.
    pub measure: String,
    /// Breakdown of that figure.
    pub category: String,
    /// Lowest value.
    pub low: f64,
    /// Highest value; where `at_least` is set it may be higher still.
    pub high: f64,
    /// The attack stopped where the cell was seen to be safe; the true interval is wider.
    pub at_least: bool,
    /// Hidden for its own sake.
    pub primary: bool,
    /// Whether the interval holds the protection range; for a cell that is not sensitive, a second whole number.
    pub safe: bool,
    /// Index of the cell.
    #[serde(skip)]
    pub cell: usize,
}

/// Sets with more hidden cells than this are attacked only as far as safety needs.
const FULL_ATTACK: usize = 220;
const EPS: f64 = 1e-4;
/// How far a cell that is not sensitive is tried to move.
const NEIGHBOURS: [f64; 4] = [1.0, -1.0, 0.01, -0.01];

/// Attacks every hidden cell of every set. `tables` are alternative tables somebody has thought of, by cells of the system.
pub fn attack(nets: &[Net], tables: &[Shift]) -> Vec<Derived> {
    let mut place: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (n, net) in nets.iter().enumerate() {
        place.extend(net.global.iter().enumerate().map(|(i, g)| (*g, (n, i))));
    }
    let mut mine: Vec<Vec<Shift>> = vec![Vec::new(); nets.len()];
    for table in tables {
        let moved: Option<Vec<_>> = (table.iter())
            .map(|(g, by)| place.get(g).map(|&(n, i)| (n, i, *by)))
            .collect();
        // One that moves what cannot move is none.
        if let Some(moved) = moved
            && let Some(&(n, ..)) = moved.first()
            && moved.iter().all(|m| m.0 == n)
        {
            mine[n].push(moved.into_iter().map(|(_, i, by)| (i, by)).collect());
        }
    }
    let all: Vec<Vec<Derived>> = (nets.par_iter().zip(&mine))
        .map(|(net, tables)| of_set(net, tables))
        .collect();
    all.into_iter().flatten().collect()
}

/// How many cells are attacked at once before what was found is looked through for others.
const TOGETHER: usize = 64;

/// How many of them are looked at by one search after another: a fixed number, so that results do not depend on the machine.
const ONE_AFTER_ANOTHER: usize = 16;

/// Which ends of a cell's range a table found before reaches already: below, above.
type Reached = [bool; 2];

fn of_set(net: &Net, tables: &[Shift]) -> Vec<Derived> {
    let hidden = (0..net.cells.len()).filter(|&i| net.cells[i].hidden && !net.cells[i].latent);
    let latent = (0..net.cells.len()).filter(|&i| net.cells[i].latent && net.cells[i].primary);
    let jobs: Vec<usize> = hidden.chain(latent).collect();
    let search = Search::of_hidden(net);
    let full = search.is_whole() && net.cells.iter().filter(|c| c.hidden).count() <= FULL_ATTACK;
    let far = !search.is_whole() && net.is_large();
    let movable: Option<BTreeSet<usize>> = far.then(|| net.movable().into_iter().collect());
    let mut reached: Vec<Reached> = vec![[false; 2]; net.cells.len()];
    let look_through = |reached: &mut Vec<Reached>, shift: &Shift| {
        for (cell, by, factor) in net.answers(shift) {
            let end = &mut reached[cell][usize::from(by > 0.0)];
            *end = *end || net.holds(&scaled(shift, factor));
        }
    };
    if !full {
        tables.iter().for_each(|t| look_through(&mut reached, t));
    }
    let mut out = Vec::with_capacity(jobs.len());
    // In fixed portions, so that the result does not depend on how many work at it.
    for portion in jobs.chunks(TOGETHER) {
        let found: Vec<Vec<(Derived, Vec<Shift>)>> = (portion.par_chunks(ONE_AFTER_ANOTHER))
            .map(|some| {
                let mut search = search.clone();
                let of = |&i: &usize| one(net, &mut search, i, full, movable.as_ref(), reached[i]);
                some.iter().map(of).collect()
            })
            .collect();
        for (d, shifts) in found.into_iter().flatten() {
            out.push(d);
            for shift in shifts {
                look_through(&mut reached, &shift);
            }
        }
    }
    out
}

fn one(
    net: &Net,
    search: &mut Search,
    i: usize,
    full: bool,
    movable: Option<&BTreeSet<usize>>,
    [below, above]: Reached,
) -> (Derived, Vec<Shift>) {
    let c = &net.cells[i];
    let sensitive = c.is_sensitive();
    let (down, up) = (c.need_down, c.need_up);
    let mut d = Derived {
        measure: String::new(),
        category: String::new(),
        low: c.value,
        high: c.value,
        at_least: false,
        primary: c.primary,
        safe: false,
        cell: net.global[i],
    };
    let mut shifts = Vec::new();
    // An attack that cannot be computed counts as one that succeeded.
    if full && sensitive {
        let most = 4.0 * (down + up).max(5.0);
        (d.low, d.high) = search.interval(net, i, most);
        d.at_least = d.high > c.value + most - EPS || d.low < c.value - most + EPS;
    } else {
        let mut reach = |by: f64| {
            let found = search.hidden(net, i, by, None).filter(|s| net.holds(s));
            let reaches = found.is_some();
            shifts.extend(found);
            reaches
        };
        d.at_least = true;
        if sensitive {
            if below || reach(-down) {
                d.low = c.value - down;
            }
            if above || reach(up) {
                d.high = c.value + up;
            }
        } else if let Some(movable) = movable {
            // Whether a number that harms nobody could be worked out by a very long way round is not worth the time.
            if movable.contains(&i) {
                d.high = c.value + 1.0;
            }
        } else if let Some(by) = NEIGHBOURS.into_iter().find(|by| reach(*by)) {
            // One more or one less; a part of one is an interval, and still one whole number.
            (d.low, d.high) = (c.value + by.min(0.0), c.value + by.max(0.0));
        }
    }
    d.safe = if sensitive {
        d.low <= c.value - down + EPS && d.high >= c.value + up - EPS
    } else {
        d.high - d.low >= 1.0 - EPS
    };
    (d, shifts)
}
