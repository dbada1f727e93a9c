//! Small revisions: where a count differs from what was handed out of it by a few people, the difference would be a count
//! of few that nobody meant to print. What was handed out stands instead.

use super::cells::{self, Built, Raw};
use super::names::{Catalogue, Name};
use super::{Known, Rules};
use crate::domain::figure::{Figure, FigureKey, Rest};
use crate::domain::relation::Part;
use std::collections::BTreeMap;

/// What the numbers of a figure are called: numerator and denominator.
type Called<'r> = [Option<&'r Name>; 2];

fn names<'r>(raws: &'r [Raw]) -> BTreeMap<usize, Called<'r>> {
    let mut out: BTreeMap<usize, Called> = BTreeMap::new();
    for r in raws {
        out.entry(r.figure).or_default()[usize::from(r.part == Part::Denominator)] = Some(&r.name);
    }
    out
}

/// How far two figures of the same counts are apart; `None` where that is nothing, or as many as the threshold or more.
fn apart(a: &Figure, b: &Figure, limit: f64) -> Option<f64> {
    let mut all = 0.0;
    for (x, y) in [(a.numerator, b.numerator), (a.denominator, b.denominator)] {
        match (x, y) {
            (Some(x), Some(y)) if (x - y).abs() < limit => all += (x - y).abs(),
            (None, None) => {}
            _ => return None,
        }
    }
    Some(all)
}

/// Counts of an equation that stand as they were handed out, and of which any may have changed, such that nobody can say which
/// of them has.
const AMONG: usize = 3;

/// A count that stands as it was handed out must be able to be that, wherever too few others stand beside it that may as well
/// have changed: else what is new tells the difference.
pub(super) fn guard(built: &mut Built) {
    let system = &mut built.system;
    let mut alone: Vec<usize> = Vec::new();
    for row in &system.equations {
        let stands = |c: usize| system.cells[c].fixed || built.revised.contains_key(&c);
        let among = row.iter().filter(|(c, _)| stands(*c)).count();
        if among < AMONG {
            let mine = row.iter().map(|(c, _)| *c);
            alone.extend(mine.filter(|c| built.revised.contains_key(c)));
        }
    }
    for c in alone {
        let cell = &mut system.cells[c];
        if !cell.fixed {
            let [down, up] = built.revised[&c];
            cell.keep_apart(down, up);
        }
    }
}

/// For each figure of the issue what stands in its place where it is not to be shown as it is now. `all` are the figures of all issues, those of the present one from `first` on.
pub(super) fn keep(
    built: &mut Built,
    raws: &[Raw],
    all: &[(usize, &Figure)],
    first: usize,
    rules: &Rules,
    shapes: &Catalogue,
    known: &Known,
) {
    let names = names(raws);
    let mut shown: BTreeMap<&Name, Vec<f64>> = BTreeMap::new();
    let before = raws.iter().filter(|r| r.figure < first);
    for r in before.filter(|r| !all[r.figure].1.is_hidden()) {
        shown.entry(&r.name).or_default().push(r.value);
    }
    let mut handed_out: BTreeMap<Called, Vec<&Figure>> = BTreeMap::new();
    for (i, called) in names.iter().filter(|(i, _)| **i < first) {
        let f = all[*i].1;
        if !f.is_hidden() {
            handed_out.entry(*called).or_default().push(f);
        }
    }
    let curves = points(all, first, shapes);
    for (i, (_, f)) in all[first..].iter().enumerate() {
        // What the readers see in any case they see as it is.
        if known.given.is_some_and(|g| g.contains(&f.key())) {
            continue;
        }
        let Some(shape) = shapes.shape(&f.measure) else {
            continue;
        };
        let limit = cells::threshold(f, shape, rules);
        if shape.curve {
            built.stands[i] = again(built, i, f, curves.get(&f.key()));
            continue;
        }
        let Some(called) = names.get(&(first + i)) else {
            continue;
        };
        let values = [f.numerator, f.denominator];
        let mut few = false;
        for (slot, name) in called.iter().enumerate() {
            let (Some(name), Some(v)) = (name, values[slot]) else {
                continue;
            };
            let before = shown.get(name).map_or(&[][..], Vec::as_slice);
            let nearest = before
                .iter()
                .copied()
                .min_by(|a, b| (a - v).abs().total_cmp(&(b - v).abs()));
            let Some(cell) = built.of_figure[i][slot] else {
                continue;
            };
            let fixed = built.system.cells[cell].fixed;
            let Some(e) = nearest.filter(|e| *e != v && (e - v).abs() < limit && !fixed) else {
                continue;
            };
            let c = &mut built.system.cells[cell];
            (c.hidden, c.kept) = (true, true);
            built
                .revised
                .insert(cell, [(v - e).max(0.0), (e - v).max(0.0)]);
            few = true;
        }
        // What is small now is not shown, whatever it was.
        let small = |v: f64| v > 0.0 && v < limit;
        let rest = f.numerator.zip(f.denominator).map(|(k, n)| n - k);
        let rest = rest.filter(|_| shape.denominator_adds && shape.rest != Rest::Open);
        if few && !values.into_iter().flatten().chain(rest).any(small) {
            let same = handed_out.get(called).map_or(&[][..], Vec::as_slice);
            let near = same
                .iter()
                .rev()
                .filter_map(|o| Some((apart(f, o, limit)?, *o)));
            let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0));
            built.stands[i] = nearest.map(|(_, o)| o.clone());
        }
    }
}

/// Points of curves that earlier versions of the month show.
fn points<'f>(
    all: &[(usize, &'f Figure)],
    first: usize,
    shapes: &Catalogue,
) -> BTreeMap<FigureKey, &'f Figure> {
    let month = all.get(first).map(|(_, f)| f.month);
    let curve = |f: &Figure| shapes.shape(&f.measure).is_some_and(|s| s.curve);
    let before = all[..first].iter().map(|(_, f)| *f);
    before
        .filter(|f| Some(f.month) == month && !f.is_hidden() && curve(f))
        .map(|f| (f.key(), f))
        .collect()
}

/// A point of a curve in a month that is handed out again: as it was, where it is another now.
fn again(built: &mut Built, i: usize, f: &Figure, before: Option<&&Figure>) -> Option<Figure> {
    let before = before.filter(|b| (b.estimate, b.denominator) != (f.estimate, f.denominator))?;
    for c in built.of_figure[i].iter().flatten() {
        let cell = &mut built.system.cells[*c];
        if !cell.fixed {
            cell.keep_apart(cell.value.min(1.0), 1.0);
        }
    }
    Some((*before).clone())
}
