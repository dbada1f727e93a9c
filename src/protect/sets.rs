//! A system of cells and equations taken apart into what hangs together.

use super::net::Net;
use super::system::{Equation, System};

const NOWHERE: usize = usize::MAX;

/// Splits a system into its connected sets; only those with something to protect come out. Cells known from earlier
/// months cannot move and connect nothing.
pub fn split(system: &System) -> Vec<Net> {
    sets(system, |i| system.cells[i].is_sensitive(), |_| true)
}

/// All connected sets, of equations among this month's cells alone.
pub fn connected(system: &System) -> Vec<Net> {
    let present = |row: &Equation| !row.iter().any(|&(c, _)| system.cells[c].fixed);
    sets(system, |_| true, present)
}

fn sets(
    system: &System,
    wants: impl Fn(usize) -> bool,
    counts: impl Fn(&Equation) -> bool,
) -> Vec<Net> {
    let n = system.cells.len();
    let mut root: Vec<usize> = (0..n).collect();
    fn find(root: &mut [usize], mut i: usize) -> usize {
        while root[i] != i {
            root[i] = root[root[i]];
            i = root[i];
        }
        i
    }
    let moving = |&&(c, _): &&(usize, f64)| !system.cells[c].fixed;
    for row in system.equations.iter().filter(|r| counts(r)) {
        let mut cells = row.iter().filter(moving).map(|&(c, _)| c);
        let Some(first) = cells.next() else { continue };
        for c in cells {
            let (x, y) = (find(&mut root, first), find(&mut root, c));
            root[x.max(y)] = x.min(y);
        }
    }
    let roots: Vec<usize> = (0..n).map(|i| find(&mut root, i)).collect();
    let mut wanted = vec![false; n];
    for i in (0..n).filter(|&i| wants(i) && !system.cells[i].fixed) {
        wanted[roots[i]] = true;
    }
    let mut number = vec![NOWHERE; n];
    let mut local = vec![NOWHERE; n];
    let mut out: Vec<Net> = Vec::new();
    for i in (0..n).filter(|&i| wanted[roots[i]] && !system.cells[i].fixed) {
        if number[roots[i]] == NOWHERE {
            number[roots[i]] = out.len();
            out.push(Net::default());
        }
        let net = &mut out[number[roots[i]]];
        local[i] = net.cells.len();
        net.global.push(i);
        net.cells.push(system.cells[i].clone());
    }
    for row in system.equations.iter().filter(|r| counts(r)) {
        let here: Equation = row
            .iter()
            .filter(|&&(c, _)| local[c] != NOWHERE)
            .map(|&(c, s)| (local[c], s))
            .collect();
        if let Some(&(c, _)) = row.iter().find(|&&(c, _)| local[c] != NOWHERE) {
            out[number[roots[c]]].equations.push(here);
        }
    }
    out.iter_mut().for_each(Net::index);
    out
}
