//! What a reader can work out between counts: sums over categories, finer and coarser tables, rolling windows of
//! successive months, the city within the province, points of growing curves; and in `across` what measures declare.
//!
//! Every equation is held against the true values first: one that does not hold would lead the reader astray.

use super::Rules;
use super::across;
use super::cells::{Family, Index, limit_at, threshold_of_name};
use super::names::{Catalogue, Coordinates, Name};
use super::system::{Cell, System};
use crate::domain::figure::{Hierarchy, Rest, Shape};
use crate::domain::relation::Part;
use crate::domain::{Dimension, Month, Population, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Writes down everything.
pub(super) fn equations(system: &mut System, index: &Index, rules: &Rules, all: &Catalogue) {
    let threshold = f64::from(rules.disclosure.threshold);
    for table in index.families.values() {
        margins(system, table);
        rules
            .hierarchies
            .iter()
            .for_each(|h| fold(system, table, h));
    }
    windows(system, index, threshold);
    across::equations(system, index, rules, all);
    curves(system, index, rules, all);
    city_in_province(system, index, rules, all);
}

/// Adds an equation when it holds and says something.
pub(super) fn add(system: &mut System, row: Vec<(usize, f64)>) {
    if row.len() > 1 && system.holds(&row) {
        system.equations.push(row);
    }
}

/// A count no report shows, which every reader takes to be no more than `most`.
pub(super) fn at_most(system: &mut System, value: f64, most: f64) -> usize {
    let limit = Cell {
        fixed: true,
        ..Cell::shown(most)
    };
    let [part, left] = [value, most - value].map(|v| system.add(Cell::latent(v)));
    let limit = system.add(limit);
    system.sum(limit, [part, left]);
    part
}

/// Sums over one dimension with everything else fixed.
fn margins(system: &mut System, table: &BTreeMap<Coordinates, usize>) {
    let mut sums: BTreeMap<(Coordinates, Dimension), Vec<usize>> = BTreeMap::new();
    for (at, &cell) in table {
        for (k, (dimension, _)) in at.iter().enumerate() {
            let mut left = at.clone();
            left.remove(k);
            sums.entry((left, *dimension)).or_default().push(cell);
        }
    }
    for ((left, _), parts) in sums {
        if let Some(&sum) = table.get(&left) {
            let mut row = vec![(sum, -1.0)];
            row.extend(parts.into_iter().map(|p| (p, 1.0)));
            add(system, row);
        }
    }
}

/// Sums of a finer dimension's categories to a coarser one's.
fn fold(system: &mut System, table: &BTreeMap<Coordinates, usize>, h: &Hierarchy) {
    let parent: BTreeMap<&Text, &Text> = h.parent.iter().map(|(a, b)| (a, b)).collect();
    let mut sums: BTreeMap<Coordinates, Vec<usize>> = BTreeMap::new();
    for (at, &cell) in table {
        let Some(k) = at.iter().position(|(d, _)| *d == h.fine) else {
            continue;
        };
        let Some(coarse) = parent.get(&at[k].1) else {
            continue;
        };
        let mut up = at.clone();
        up[k] = (h.coarse, (*coarse).clone());
        up.sort();
        sums.entry(up).or_default().push(cell);
    }
    for (up, parts) in sums {
        if let Some(&sum) = table.get(&up) {
            let mut row = vec![(sum, -1.0)];
            row.extend(parts.into_iter().map(|p| (p, 1.0)));
            add(system, row);
        }
    }
}

/// Cells of a table by the other coordinates and the category of one dimension.
pub(super) fn by_category(
    table: &BTreeMap<Coordinates, usize>,
    dim: Dimension,
) -> BTreeMap<Coordinates, BTreeMap<&str, usize>> {
    let mut out: BTreeMap<Coordinates, BTreeMap<&str, usize>> = BTreeMap::new();
    for (at, &cell) in table {
        if let Some(k) = at.iter().position(|(d, _)| *d == dim) {
            let mut left = at.clone();
            left.remove(k);
            out.entry(left).or_default().insert(at[k].1.as_str(), cell);
        }
    }
    out
}

/// What is added less what is taken away, in every row over a dimension.
pub(super) fn balance(
    system: &mut System,
    table: &BTreeMap<Coordinates, usize>,
    dim: Dimension,
    plus: &[&str],
    minus: &[&str],
) {
    for row in by_category(table, dim).into_values() {
        let side = |names: &[&str], sign: f64| -> Vec<(usize, f64)> {
            let cells = names.iter().filter_map(|c| row.get(c));
            cells.map(|&c| (c, sign)).collect()
        };
        let mut terms = side(plus, 1.0);
        terms.extend(side(minus, -1.0));
        add(system, terms);
    }
}

/// Categories of which each holds those of the one before.
pub(super) fn nested(
    system: &mut System,
    table: &BTreeMap<Coordinates, usize>,
    dim: Dimension,
    stages: &[&str],
) {
    for row in by_category(table, dim).into_values() {
        let present: Vec<usize> = stages.iter().filter_map(|s| row.get(s).copied()).collect();
        for pair in present.windows(2) {
            system.rest(pair[1], pair[0]);
        }
    }
}

/// The city's people are the province's too; those elsewhere are a count that a reader of both files can form.
fn city_in_province(system: &mut System, index: &Index, rules: &Rules, all: &Catalogue) {
    let pairs: BTreeMap<(usize, usize), f64> = index
        .names
        .iter()
        .filter(|(n, _)| n.population == Population::Ambon)
        .filter_map(|(n, cells)| {
            let province = Name {
                population: Population::Maluku,
                ..n.clone()
            };
            let whole = index.names.get(&province)?.last().copied()?;
            let limit = threshold_of_name(n, rules, all);
            Some(((cells.last().copied()?, whole), limit))
        })
        .collect();
    for ((part, whole), limit) in pairs {
        if let Some(rest) = system.rest(whole, part) {
            system.protect_few(rest, [whole, part], limit);
        }
    }
    // Of a share also those elsewhere who are not counted.
    for (family, table) in &index.families {
        let shape = all.shape(&family.measure).filter(|s| s.denominator_adds);
        let Some(shape) = shape.filter(|s| s.rest != Rest::Open) else {
            continue;
        };
        if family.population != Population::Ambon || family.part != Part::Numerator {
            continue;
        }
        let other = |population: Population, part: Part| {
            index.families.get(&Family {
                population,
                part,
                ..family.clone()
            })
        };
        let [Some(of), Some(province), Some(of_province)] = [
            other(Population::Ambon, Part::Denominator),
            other(Population::Maluku, Part::Numerator),
            other(Population::Maluku, Part::Denominator),
        ] else {
            continue;
        };
        for (at, &k) in table {
            if let (Some(&n), Some(&all_k), Some(&all_n)) =
                (of.get(at), province.get(at), of_province.get(at))
                && let (Some(k), Some(n)) = (system.rest(all_k, k), system.rest(all_n, n))
            {
                elsewhere(
                    system,
                    [k, n],
                    [all_k, all_n],
                    limit_at(at, shape, rules),
                    shape,
                );
            }
        }
    }
}

/// Protects those elsewhere who are not in a numerator where they are few, and that there are none where that tells something.
fn elsewhere(
    system: &mut System,
    [k, n]: [usize; 2],
    whole: [usize; 2],
    limit: f64,
    shape: &Shape,
) {
    let Some(rest) = system.rest(n, k) else {
        return;
    };
    system.protect_few(rest, whole, limit);
    let (all, cell) = (system.cells[n].value, &mut system.cells[k]);
    if all > 0.0 && cell.value == all && shape.rest == Rest::Guarded {
        cell.keep_apart(all.min(limit), 0.0);
    }
}

/// A small hidden count that several issues have is taken for the same in all of them, or its revision is known: a cell that never
/// moves stands between its values. Says whether there is any.
pub(super) fn unchanged(system: &mut System, index: &Index) -> bool {
    let before = system.equations.len();
    for cells in index.names.values() {
        for pair in cells.windows(2) {
            let (before, now) = (&system.cells[pair[0]], &system.cells[pair[1]]);
            let small = |c: &Cell| c.value < c.limit;
            if before.fixed || now.fixed || !(small(before) || small(now)) {
                continue;
            }
            let by = now.value - before.value;
            // The larger is known to be that much at least.
            let least = now.value.min(before.value).max(0.0);
            for &c in pair {
                let cell = &mut system.cells[c];
                cell.most_down = Some(cell.most_down.map_or(least, |m| m.min(least)));
                cell.settle(f64::INFINITY);
            }
            let revision = system.add(Cell {
                fixed: true,
                signed: true,
                ..Cell::shown(by)
            });
            add(
                system,
                vec![(pair[1], 1.0), (pair[0], -1.0), (revision, -1.0)],
            );
        }
    }
    system.equations.len() > before
}

/// Twelve months are their months; this year's window and last month's differ by two months.
fn windows(system: &mut System, index: &Index, threshold: f64) {
    // Everything but the time → time → cell.
    let mut series: BTreeMap<Name, BTreeMap<(Month, u16), usize>> = BTreeMap::new();
    for (n, cells) in &index.names {
        let Some(&cell) = cells.last() else { continue };
        let mut key = n.clone();
        key.span = (Month::of(chrono::NaiveDate::MIN), 0);
        series.entry(key).or_default().insert(n.span, cell);
    }
    for (name, cells) in series {
        // Of cohorts a person is counted once in a year who was released in two of its quarters.
        let twice = (!name.definition.is_empty()).then_some(threshold);
        let years: Vec<(Month, usize)> = cells
            .iter()
            .filter(|((_, w), _)| *w == 12)
            .map(|((m, _), &c)| (*m, c))
            .collect();
        let quarters: Vec<Month> = (cells.keys()).filter(|s| s.1 == 3).map(|s| s.0).collect();
        for end in quarters {
            covered(system, &cells, (end, 3), &[1], threshold, twice);
        }
        for &(end, year) in &years {
            // The year is its months; and its quarters, with the months that are in none of them.
            covered(system, &cells, (end, 12), &[1], 0.0, twice);
            covered(system, &cells, (end, 12), &[3, 1], threshold, twice);
            // W(m) − W(m−1) = x(m) − x(m−12): what leaves the window may never have been printed.
            if let Some(&before) = cells.get(&(end.plus(-1), 12)) {
                let (new, old) = (
                    cells.get(&(end, 1)).copied(),
                    cells.get(&(end.plus(-12), 1)).copied(),
                );
                let gain = system.cells[year].value - system.cells[before].value;
                let (new, old) = match (new, old) {
                    (Some(n), Some(o)) => (n, o),
                    (Some(n), None) if system.cells[n].value >= gain => {
                        let o = system.cells[n].value - gain;
                        (n, system.add(Cell::latent(o)))
                    }
                    (None, Some(o)) if system.cells[o].value + gain >= 0.0 => {
                        let n = system.cells[o].value + gain;
                        (system.add(Cell::latent(n)), o)
                    }
                    _ => continue,
                };
                add(
                    system,
                    vec![(year, 1.0), (before, -1.0), (new, -1.0), (old, 1.0)],
                );
            }
        }
    }
}

/// A span is the spans within it that stand somewhere, of these widths and none twice, and what no report shows of it. Where
/// there is any, that is a count too: of fewer than `small` people it is protected. Where people may be counted in two of them and
/// once in the whole, a reader takes no more than `twice` for such.
fn covered(
    system: &mut System,
    cells: &BTreeMap<(Month, u16), usize>,
    (end, width): (Month, u16),
    widths: &[u16],
    small: f64,
    twice: Option<f64>,
) {
    let Some(&whole) = cells.get(&(end, width)) else {
        return;
    };
    let months = |end: Month, width: u16| (0..width).map(move |k| end.plus(-i32::from(k)));
    let mut left: BTreeSet<Month> = months(end, width).collect();
    let mut parts = Vec::new();
    for w in widths {
        for ((m, _), &cell) in cells.iter().filter(|((_, x), _)| x == w) {
            if months(*m, *w).all(|x| left.contains(&x)) {
                months(*m, *w).for_each(|x| {
                    left.remove(&x);
                });
                parts.push((cell, *w));
            }
        }
    }
    // Widths that stand nowhere say nothing beside those that do.
    if widths
        .first()
        .is_none_or(|w| parts.iter().all(|(_, x)| x != w))
    {
        return;
    }
    let known: f64 = parts.iter().map(|(p, _)| system.cells[*p].value).sum();
    let rest = system.cells[whole].value - known;
    let mut row = vec![(whole, -1.0)];
    row.extend(parts.iter().map(|(p, _)| (*p, 1.0)));
    if !left.is_empty() && rest >= 0.0 {
        let latent = system.add(Cell::latent(rest));
        if rest > 0.0 && rest < small {
            system.cells[latent].protect(small);
        }
        row.push((latent, 1.0));
    }
    if let Some(most) = twice.filter(|_| left.is_empty() && rest < 0.0) {
        row.push((at_most(system, -rest, most.max(-rest)), -1.0));
    }
    add(system, row);
}

/// Growing curves. Whoever has a curve and the number at risk has the events of every step: a step of few people is
/// protected like a count of few, and nobody can have left in a step than those who are at risk no more.
fn curves(system: &mut System, index: &Index, rules: &Rules, all: &Catalogue) {
    let threshold = f64::from(rules.disclosure.threshold);
    // People who left between two points, by the names of the numbers at risk there.
    let mut left: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    let mut steps: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (key, table) in &index.families {
        let Some(shape) = all.shape(&key.measure).filter(|s| s.curve) else {
            continue;
        };
        if key.part != Part::Numerator {
            continue;
        }
        let limit = if shape.children {
            f64::from(rules.disclosure.threshold_children)
        } else {
            threshold
        };
        let at_risk = Family {
            part: Part::Denominator,
            ..key.clone()
        };
        let at_risk = index.families.get(&at_risk);
        for (group, row) in by_category(table, Dimension::MonthsSinceRelease) {
            let mut points: Vec<(u32, &str, usize)> = row
                .into_iter()
                .filter_map(|(k, c)| Some((k.parse().ok()?, k, c)))
                .collect();
            points.sort_unstable();
            let base = |k: &str| {
                let mut at = group.clone();
                at.push((Dimension::MonthsSinceRelease, Text::from(k)));
                at.sort();
                at_risk?.get(&at).copied()
            };
            for pair in points.windows(2) {
                let ((_, from, a), (_, to, b)) = (pair[0], pair[1]);
                // Curves of one event share their counts, and so its steps.
                if !steps.insert((a, b)) {
                    continue;
                }
                let Some(step) = system.rest(b, a) else {
                    continue;
                };
                system.protect_few(step, [b, a], limit);
                if let (Some(n), Some(m)) = (base(from), base(to)) {
                    let mine = left.entry((n, m)).or_default();
                    if !mine.contains(&step) {
                        mine.push(step);
                    }
                }
            }
        }
    }
    for ((before, after), events) in left {
        let gone = system.cells[before].value - system.cells[after].value;
        let known: f64 = events.iter().map(|&e| system.cells[e].value).sum();
        if before == after || gone < known {
            continue;
        }
        let others = system.add(Cell::latent(gone - known));
        let mut row = vec![(before, 1.0), (after, -1.0), (others, -1.0)];
        row.extend(events.into_iter().map(|e| (e, -1.0)));
        add(system, row);
    }
}
