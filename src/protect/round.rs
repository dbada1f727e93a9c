//! The alternative by settings: controlled rounding. Every count of people becomes a multiple of a base next to its
//! true value, and all sums still add up (Cox, JASA 82, 1987; Salazar, Mathematical Programming 105, 2006).
//!
//! The total distance from the true values is least among all such tables. Multiples of the base stay as they are
//! while that is possible; linked tables for which it is not may move one step further. Rates are worked out from the
//! rounded counts, without intervals.

use super::cells::Built;
use super::net::Net;
use super::sets;
use super::{ProtectError, Protected, Rules, Summary};
use crate::domain::Unit;
use crate::domain::figure::Figure;
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOptions, Variable};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Nodes of the integer search per set: bounds the time without a clock.
const NODES: u64 = 4_000;

/// Rounds all personal figures to the base of the settings.
pub(super) fn protect(
    mut figures: Vec<Figure>,
    built: &Built,
    rules: &Rules,
) -> Result<Protected, ProtectError> {
    let base = f64::from(rules.disclosure.rounding_base.max(2));
    let rounded = round(&built.system, base).map_err(|cell| ProtectError::Unprotectable {
        measure: super::owners(built, &figures)[cell].0.clone(),
    })?;
    for (f, cells) in figures.iter_mut().zip(&built.of_figure) {
        let [k, n] = *cells;
        if k.is_none() && n.is_none() {
            continue;
        }
        f.numerator = f.numerator.and(k.map(|c| rounded[c]));
        f.denominator = f.denominator.and(n.map(|c| rounded[c]));
        f.estimate = match (f.unit, f.numerator, f.denominator) {
            (Unit::Share, Some(k), Some(n)) if n > 0.0 => Some((k / n).min(1.0)),
            (Unit::Persons | Unit::Events, k, None) => k,
            _ => None,
        };
        (f.ci_low, f.ci_high) = (None, None);
    }
    let summary = Summary {
        figures: figures.len() as u64,
        cells: built.system.cells.len() as u64,
        ..Summary::default()
    };
    Ok(Protected {
        reasons: vec![None; figures.len()],
        figures,
        summary,
        derived: Vec::new(),
        open_before: Vec::new(),
        as_before: BTreeSet::new(),
    })
}

/// A rounded value for every cell; sums among cells of this issue still hold. `Err` names a cell of a set for which
/// no rounding was found.
pub fn round(system: &super::System, base: f64) -> Result<Vec<f64>, usize> {
    let mut out: Vec<f64> = system
        .cells
        .iter()
        .map(|c| (c.value / base).round() * base)
        .collect();
    let nets = sets::connected(system);
    let results: Vec<Result<Vec<f64>, usize>> = nets
        .par_iter()
        .map(|n| {
            let found = [(0.0, 1.0), (-1.0, 2.0)];
            let found = found.into_iter().find_map(|range| one(n, base, range));
            found.ok_or(n.global.first().copied().unwrap_or_default())
        })
        .collect();
    for (n, r) in nets.iter().zip(results) {
        for (&global, v) in n.global.iter().zip(r?) {
            out[global] = v;
        }
    }
    Ok(out)
}

/// One connected set, each cell within `low … high` steps of the multiple below it.
fn one(net: &Net, base: f64, (low, high): (f64, f64)) -> Option<Vec<f64>> {
    [false, true].into_iter().find_map(|whole| {
        let mut p = Problem::new(OptimizationDirection::Minimize);
        let below: Vec<f64> = net.cells.iter().map(|c| (c.value / base).floor()).collect();
        let vars: Vec<Variable> = net
            .cells
            .iter()
            .zip(&below)
            .map(|(c, b)| {
                let left = c.value - b * base;
                if c.latent {
                    return p.add_var(0.0, (-b, f64::INFINITY));
                }
                let (lo, hi) = if left == 0.0 && low == 0.0 {
                    (0.0, 0.0)
                } else {
                    (if c.signed { low } else { low.max(-b) }, high)
                };
                // Distance is |step · base − left|: linear between the two multiples, and from there on.
                let price = base - 2.0 * left;
                if whole {
                    p.add_integer_var(price, (lo as i32, hi as i32))
                } else {
                    p.add_var(price, (lo, hi))
                }
            })
            .collect();
        for row in &net.equations {
            let mut expr = LinearExpr::empty();
            let mut right = 0.0;
            for &(c, s) in row {
                expr.add(vars[c], s);
                right -= s * below[c];
            }
            p.add_constraint(expr, ComparisonOp::Eq, right);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(NODES);
        let solution = p.solve_with(options).ok()?.into_solution().ok()?;
        let steps: Vec<f64> = vars.iter().map(|v| solution.var_value(*v)).collect();
        let integral = |(c, s): (&super::Cell, &f64)| c.latent || (s - s.round()).abs() < 1e-6;
        net.cells.iter().zip(&steps).all(integral).then(|| {
            let value = |(b, s): (&f64, &f64)| (b + s.round()) * base;
            below.iter().zip(&steps).map(value).collect()
        })
    })
}
