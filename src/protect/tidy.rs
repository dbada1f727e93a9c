//! Shows complements again, dearest first, as long as everything stays protected.
//!
//! Whether a complement can be shown depends on what is hidden alone, not on which shifts were found before; so
//! several can be tried at once and the result is the one of trying them in turn. Only shifts that used the cell need
//! another, and one that is found often serves several cells.

use super::net::{Net, Shift};
use super::search::Search;
use super::suppress::Witness;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// How much may be spent, counted in cells of the programs that searches may need (a fixed sum and one per complement, in
/// large sets, where a search is cheap, another): bounds the time without looking at a clock, so that results repeat.
const WORK: (usize, usize, usize) = (30_000, 60, 600);
/// A program looks at about this many cells at most before it widens.
const PROGRAM: usize = 150;
/// How many complements are tried at once: a fixed number, so that results do not depend on the machine.
const AT_ONCE: usize = 3;
/// The most shifts kept for a witness that may serve it later.
const KEPT: usize = 12;

/// Shows what need not be hidden.
pub fn tidy(net: &mut Net, witnesses: &mut [Witness]) {
    let mut complements = net.complements();
    complements.sort_by(|&a, &b| {
        let (x, y) = (net.cells[a].cost, net.cells[b].cost);
        y.total_cmp(&x).then(a.cmp(&b))
    });
    let price = net.cells.iter().filter(|c| c.hidden).count().min(PROGRAM);
    let search = Search::of_hidden(net);
    let each = if search.is_whole() || net.is_large() {
        WORK.2
    } else {
        WORK.1
    };
    let mut left = WORK.0 + each * complements.len();
    // Each place of a portion has a search of its own.
    let mut searches = vec![search; AT_ONCE];
    let mut tidy = Tidy::new(net, witnesses);
    let mut rest = complements.as_slice();
    while !rest.is_empty() {
        let tried: Vec<Trial> = (rest.par_iter().take(AT_ONCE))
            .zip(searches.par_iter_mut())
            .map(|(&i, search)| tidy.try_without(i, search))
            .collect();
        let mut changed = false;
        for trial in tried {
            if left < price {
                return;
            }
            // One that needs its cell needs it all the more now; one that did not must be asked again.
            if changed && !trial.needed {
                break;
            }
            left = left.saturating_sub(price * trial.searches);
            changed |= !trial.needed;
            tidy.accept(rest[0], trial);
            rest = &rest[1..];
        }
    }
}

/// What came of trying to do without a complement.
struct Trial {
    /// Some sensitive cell needs it.
    needed: bool,
    /// Shifts that do without it, for the witnesses that used it.
    renewed: Vec<(usize, Shift)>,
    /// All that was found, and for which witness.
    found: Vec<(usize, Shift)>,
    /// How often something was looked for.
    searches: usize,
}

struct Tidy<'a> {
    net: &'a mut Net,
    witnesses: &'a mut [Witness],
    /// Witnesses whose shift uses a cell.
    users: Vec<BTreeSet<usize>>,
    /// The witness of a sensitive cell and direction (up).
    of: FxHashMap<(usize, bool), usize>,
    /// Other shifts that would do for a witness.
    kept: Vec<Vec<Shift>>,
}

impl<'a> Tidy<'a> {
    fn new(net: &'a mut Net, witnesses: &'a mut [Witness]) -> Tidy<'a> {
        let mut users = vec![BTreeSet::new(); net.cells.len()];
        for (w, witness) in witnesses.iter().enumerate() {
            for (i, _) in &witness.shift {
                users[*i].insert(w);
            }
        }
        let each = witnesses.iter().enumerate();
        Tidy {
            of: each.map(|(w, x)| ((x.cell, x.by > 0.0), w)).collect(),
            kept: vec![Vec::new(); witnesses.len()],
            net,
            witnesses,
            users,
        }
    }

    /// How much of a witness's move a cell takes.
    fn leans_on(&self, w: usize, cell: usize) -> f64 {
        let w = &self.witnesses[w];
        let moved = w.shift.iter().find(|(i, _)| *i == cell);
        moved.map_or(0.0, |(_, d)| (d / w.by).abs())
    }

    fn try_without(&self, i: usize, search: &mut Search) -> Trial {
        let mut out = Trial {
            needed: false,
            renewed: Vec::new(),
            found: Vec::new(),
            searches: 0,
        };
        // Those that lean on the cell most are the likeliest to need it.
        let mut mine: Vec<(f64, usize)> = (self.users[i].iter())
            .map(|&w| (self.leans_on(w, i), w))
            .collect();
        mine.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut done: BTreeSet<usize> = BTreeSet::new();
        for (_, w) in mine {
            if done.contains(&w) {
                continue;
            }
            let serves = |s: &&Shift| s.iter().all(|&(c, _)| c != i && self.net.cells[c].hidden);
            if let Some(s) = self.kept[w].iter().rev().find(serves) {
                done.insert(w);
                out.renewed.push((w, s.clone()));
                continue;
            }
            out.searches += 1;
            let Some(shift) = self.search(w, i, search) else {
                out.needed = true;
                return out;
            };
            let (cell, by) = (self.witnesses[w].cell, self.witnesses[w].by);
            for (cell, by, shift) in self.net.served(cell, by, shift) {
                let Some(&other) = self.of.get(&(cell, by > 0.0)) else {
                    continue;
                };
                if self.users[i].contains(&other) && done.insert(other) {
                    out.renewed.push((other, shift.clone()));
                }
                out.found.push((other, shift));
            }
        }
        out
    }

    /// Another shift for a witness; in a large set a long way round takes longer to find than it saves.
    fn search(&self, w: usize, without: usize, search: &mut Search) -> Option<Shift> {
        let (cell, by) = (self.witnesses[w].cell, self.witnesses[w].by);
        if self.net.is_large() && !search.is_whole() {
            self.net.hidden_shift_near(cell, by, Some(without))
        } else {
            search.hidden(self.net, cell, by, Some(without))
        }
    }

    fn accept(&mut self, i: usize, trial: Trial) {
        for (w, shift) in trial.found {
            if self.kept[w].len() < KEPT {
                self.kept[w].push(shift);
            }
        }
        if trial.needed {
            return;
        }
        self.net.cells[i].hidden = false;
        for (w, shift) in trial.renewed {
            for (c, _) in &self.witnesses[w].shift {
                self.users[*c].remove(&w);
            }
            for (c, _) in &shift {
                self.users[*c].insert(w);
            }
            self.witnesses[w].shift = shift;
        }
    }
}
