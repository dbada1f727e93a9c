//! The cheapest set of complements, proved: Fischetti and Salazar's integer program (Mathematical Programming 84,
//! 1999) with one 0/1 variable per cell, solved by adding a cut for every sensitive cell that the set tried leaves
//! open. The cut is the dual of the attack on that cell.

use super::net::{Net, Shift};
use super::search::Search;
use super::simplex::Simplex;
use super::suppress::tasks;
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOptions};

/// Sets larger than this stay with the heuristic.
const MOST_CELLS: usize = 110;
const MOST_TASKS: usize = 40;
/// Rounds of cuts and nodes a round: bounds the time without looking at a clock, so that results repeat.
const ROUNDS: usize = 80;
const NODES: u64 = 800;

/// `Σ weight · hidden(cell) ≥ right`.
struct Cut {
    weights: Vec<(usize, f64)>,
    right: f64,
}

/// Replaces the complements by the cheapest ones where that can be proved; leaves them where it cannot.
/// Says whether the result is proved.
pub fn improve(net: &mut Net) -> bool {
    let candidates: Vec<usize> = (0..net.cells.len())
        .filter(|&i| {
            let c = &net.cells[i];
            !c.primary && !c.latent && !c.kept
        })
        .collect();
    let tasks = tasks(net);
    if candidates.len() > MOST_CELLS || tasks.len() > MOST_TASKS {
        return false;
    }
    let cost = |net: &Net| -> f64 { net.complements().iter().map(|&i| net.cells[i].cost).sum() };
    let found = cost(net);
    if found == 0.0 {
        return true;
    }
    let mut cuts: Vec<Cut> = Vec::new();
    let mut known: Vec<Vec<Shift>> = vec![Vec::new(); tasks.len()];
    let mut trial = net.clone();
    for i in net.complements() {
        trial.cells[i].hidden = false;
    }
    let mut search = Search::new(net);
    for _ in 0..ROUNDS {
        let mut open = 0;
        for (t, &(cell, by)) in tasks.iter().enumerate() {
            let covered = |s: &Shift| s.iter().all(|(i, _)| trial.cells[*i].hidden);
            if known[t].iter().any(covered) {
                continue;
            }
            if let Some(shift) = search.hidden(&trial, cell, by, None) {
                known[t].push(shift);
                continue;
            }
            let Some(cut) = cut(&trial, cell, by) else {
                return false;
            };
            cuts.push(cut);
            open += 1;
        }
        if open == 0 {
            if cost(&trial) < found - 1e-9 {
                *net = trial;
            }
            return true;
        }
        let Some(set) = cheapest(net, &candidates, &cuts) else {
            return false;
        };
        for &i in &candidates {
            trial.cells[i].hidden = false;
        }
        for &i in &set {
            trial.cells[i].hidden = true;
        }
        // Nothing cheaper than what stands already can be left: it is the optimum.
        if cost(&trial) >= found - 1e-9 {
            return true;
        }
    }
    false
}

/// The cheapest set that meets all cuts.
fn cheapest(net: &Net, candidates: &[usize], cuts: &[Cut]) -> Option<Vec<usize>> {
    let mut p = Problem::new(OptimizationDirection::Minimize);
    let mut vars = vec![None; net.cells.len()];
    for &i in candidates {
        vars[i] = Some(p.add_binary_var(net.cells[i].cost));
    }
    for cut in cuts {
        let mut row = LinearExpr::empty();
        for &(i, w) in &cut.weights {
            row.add(vars[i]?, w);
        }
        p.add_constraint(row, ComparisonOp::Ge, cut.right);
    }
    let mut options = SolveOptions::default();
    options.node_limit = Some(NODES);
    let outcome = p.solve_with(options).ok()?;
    if !outcome.is_optimal() {
        return None;
    }
    let solution = outcome.into_solution().ok()?;
    let chosen = |i: &usize| vars[*i].is_some_and(|v| solution.var_value(v) > 0.5);
    Some(candidates.iter().copied().filter(chosen).collect())
}

/// A condition every protecting set meets and the present one does not: from the multipliers of the furthest that the cell
/// can change while hidden cells are free.
fn cut(net: &Net, cell: usize, by: f64) -> Option<Cut> {
    // A shown cell may change by next to nothing, so that few of them are used: a sharper cut.
    let small = 1e-3;
    let bounds = (net.cells.iter().enumerate()).map(|(i, c)| match (i == cell, c.hidden) {
        (true, _) => (by.min(0.0).max(c.floor()), by.max(0.0)),
        (false, true) => (c.floor(), f64::INFINITY),
        (false, false) => (-small, small),
    });
    let mut program = Simplex::new(bounds.collect(), &net.equations);
    let reached = program.furthest(cell, by, &vec![0.0; net.cells.len()]);
    if (reached - by).abs() < 1e-6 {
        return None;
    }
    let mut right = by.abs();
    let mut weights = Vec::new();
    for (i, d) in program.multipliers(cell) {
        let c = &net.cells[i];
        // What more the cell could change if this one could go further up, or down.
        let (a, b) = ((d * by.signum()).max(0.0), (-d * by.signum()).max(0.0));
        if c.primary || c.latent || c.kept {
            right -= b * c.value;
        } else if !c.hidden && (a > 1e-7 || (b > 1e-7 && c.signed)) {
            weights.push((i, f64::INFINITY));
        } else {
            weights.push((i, b * c.value));
        }
    }
    if right < 1e-6 {
        return None;
    }
    weights.retain(|(_, w)| *w > 1e-7);
    for (_, w) in &mut weights {
        *w = (*w / right).min(1.0);
    }
    (!weights.is_empty()).then_some(Cut {
        weights,
        right: 1.0,
    })
}
