//! Complementary suppression: which further cells to hide so that no primary cell can be derived.
//!
//! For each primary cell and each direction the cheapest shift that moves it far enough is found by linear
//! programming (the approach of Kelly, Golden and Assad 1992); the cells it moves are hidden. Hidden cells are
//! free for the next. Small components are then solved exactly by trying every cheaper set. Afterwards cells
//! that turned out to be unnecessary are shown again, dearest first.

use super::component::Component;

/// Components with at most this many candidates for hiding are solved exactly.
const EXACT_CANDIDATES: usize = 16;
/// Components with at most this many hidden cells are tidied by taking complements back.
const TIDY_HIDDEN: usize = 80;

/// The component could not be protected even by hiding everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unprotectable;

/// Hides complements in a component until every primary cell is protected.
pub fn complete(c: &mut Component) -> Result<(), Unprotectable> {
    greedy(c)?;
    tidy(c);
    let found: f64 = complements(c).map(|i| c.cost(i)).sum();
    // A cell dearer than all complements found together is in no better set.
    let candidates: Vec<usize> = (0..c.cells.len())
        .filter(|&i| !c.cells[i].primary && !c.cells[i].fixed && c.cost(i) < found)
        .collect();
    if candidates.len() <= EXACT_CANDIDATES {
        exact(c, &candidates, found);
    }
    Ok(())
}

/// Cells hidden for the sake of others.
fn complements(c: &Component) -> impl Iterator<Item = usize> {
    (0..c.cells.len()).filter(|&i| c.cells[i].hidden && !c.cells[i].primary)
}

fn primaries(c: &Component) -> Vec<usize> {
    let mut p: Vec<usize> = (0..c.cells.len()).filter(|&i| c.cells[i].primary).collect();
    // The hardest to move first: its complements serve the others.
    p.sort_by(|&a, &b| {
        c.cells[b]
            .value
            .total_cmp(&c.cells[a].value)
            .then(a.cmp(&b))
    });
    p
}

fn greedy(c: &mut Component) -> Result<(), Unprotectable> {
    for p in primaries(c) {
        for by in [-c.need_down(p), c.need_up(p)] {
            let hidden = |i: usize| c.cells[i].hidden.then_some(0.0);
            if c.shift(p, by, hidden).is_some() {
                continue;
            }
            let price = |i: usize| match &c.cells[i] {
                x if x.hidden => Some(0.0),
                x if x.fixed => None,
                _ => Some(c.cost(i)),
            };
            let shift = c.shift(p, by, price).or_else(|| {
                // Cells known from before are the last resort: hiding them protects nothing against a reader
                // who kept last month's issue, but everything against one who did not.
                c.shift(p, by, |i| {
                    Some(if c.cells[i].hidden {
                        0.0
                    } else {
                        10.0 * c.cost(i)
                    })
                })
            });
            let moved: Vec<usize> = Component::moved(&shift.ok_or(Unprotectable)?).collect();
            for i in moved {
                c.cells[i].hidden = true;
            }
        }
    }
    Ok(())
}

fn all_protected(c: &Component) -> bool {
    (0..c.cells.len())
        .filter(|&i| c.cells[i].primary)
        .all(|i| c.is_protected(i))
}

/// Takes complements back, dearest first, as long as everything stays protected.
fn tidy(c: &mut Component) {
    let mut complements: Vec<usize> = complements(c).collect();
    if complements.len() > TIDY_HIDDEN {
        return;
    }
    complements.sort_by(|&a, &b| c.cost(b).total_cmp(&c.cost(a)).then(a.cmp(&b)));
    for i in complements {
        c.cells[i].hidden = false;
        if !all_protected(c) {
            c.cells[i].hidden = true;
        }
    }
}

/// The cheapest set of complements, by trying sets in the order of their cost until one protects.
fn exact(c: &mut Component, candidates: &[usize], found: f64) {
    let cost = |set: u32| -> f64 {
        candidates
            .iter()
            .enumerate()
            .filter(|(k, _)| set >> k & 1 == 1)
            .map(|(_, &i)| c.cost(i))
            .sum()
    };
    let mut sets: Vec<(f64, u32)> = (0..1u32 << candidates.len())
        .map(|s| (cost(s), s))
        .filter(|(x, _)| *x < found)
        .collect();
    sets.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut trial = c.clone();
    for x in trial.cells.iter_mut().filter(|x| !x.primary) {
        x.hidden = false;
    }
    for (_, set) in sets {
        for (k, &i) in candidates.iter().enumerate() {
            trial.cells[i].hidden = set >> k & 1 == 1;
        }
        if lonely(&trial) {
            continue;
        }
        if all_protected(&trial) {
            *c = trial;
            return;
        }
    }
}

/// A sum with a single hidden member gives it away: no need to ask a linear program.
fn lonely(c: &Component) -> bool {
    c.equations.iter().any(|(sum, parts)| {
        let mut hidden = std::iter::once(sum)
            .chain(parts)
            .filter(|&&i| c.cells[i].hidden);
        let first = hidden.next();
        first.is_some() && hidden.next().is_none()
    })
}
