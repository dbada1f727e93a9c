//! What a reader can work out between counts because their measures hang together: the relations that measures declare,
//! written down as equations.

use super::Rules;
use super::cells::{Index, threshold_of_name};
use super::names::{Called, Catalogue, Coordinates, Name, events_of_one_base};
use super::relations::{add, at_most, balance, nested};
use super::system::{Cell, System};
use crate::domain::Text;
use crate::domain::figure::Shape;
use crate::domain::relation::{Count, Part, Relation};
use std::collections::BTreeMap;

/// Writes down everything that measures declare.
pub(super) fn equations(system: &mut System, index: &Index, rules: &Rules, all: &Catalogue) {
    for shape in all.shapes() {
        for relation in shape.relations {
            match *relation {
                Relation::Within { mine, whole } => within(system, index, all, mine, whole),
                Relation::MoreWithin { part, whole } => {
                    more_within(system, index, all, part, whole)
                }
                Relation::GrowsBy(by) => grows(system, index, all, shape, by),
                Relation::Either { whole, of } => either(system, index, all, whole, of),
                Relation::Apart { of, whole } => apart(system, index, all, of, whole),
                Relation::Sums { whole, parts } => sums(system, index, all, whole, parts),
                Relation::Backlog { came, done } => backlog(system, index, shape, came, done),
                Relation::Stricter(order) => stricter(system, index, all, shape, order, rules),
                Relation::LongerHolds => longer(system, index, all, shape),
                Relation::Near { other, within } => near(system, index, all, shape, other, within),
                Relation::Balance { over, plus, minus } => {
                    for table in of_numerators(index, shape) {
                        balance(system, table, over, plus, minus);
                    }
                }
                Relation::Nested { over, from_small } => {
                    for table in of_numerators(index, shape) {
                        nested(system, table, over, from_small);
                    }
                }
                // Names say these already, and figures carry the last.
                Relation::Equals { .. }
                | Relation::SharedBy { .. }
                | Relation::OneBase(_)
                | Relation::MaximumOf(_)
                | Relation::ShownWith { .. } => {}
            }
        }
    }
}

fn of_numerators<'i>(
    index: &'i Index,
    shape: &Shape,
) -> impl Iterator<Item = &'i BTreeMap<Coordinates, usize>> {
    let mine = index.families.iter();
    mine.filter(|(k, _)| k.part == Part::Numerator && k.measure == shape.measure)
        .map(|(_, table)| table)
}

fn latest(index: &Index, name: &Name) -> Option<usize> {
    index.names.get(name).and_then(|c| c.last().copied())
}

/// Cells that bear a count's name, wherever and whenever they stand.
fn named<'i>(index: &'i Index, count: &Called) -> Vec<(&'i Name, usize)> {
    let mine = index.names.iter().filter(|(n, _)| count.is(n));
    mine.filter_map(|(n, cells)| Some((n, *cells.last()?)))
        .collect()
}

/// The cell another count has at the same place.
pub(super) fn beside(
    index: &Index,
    n: &Name,
    without: &Coordinates,
    count: &Called,
    back: u16,
) -> Option<usize> {
    let mut name = count.beside(n, without)?;
    name.span.0 = name.span.0.plus(-i32::from(back));
    latest(index, &name)
}

fn within(system: &mut System, index: &Index, all: &Catalogue, mine: Count, whole: Count) {
    let (Some(mine), Some(whole)) = (all.called(mine), all.called(whole)) else {
        return;
    };
    for (n, part) in named(index, &mine) {
        if let Some(whole) = beside(index, n, &mine.at, &whole, 0) {
            system.rest(whole, part);
        }
    }
}

/// `whole − part` of the numerators is at most that of the denominators, at the same place.
fn more_within(system: &mut System, index: &Index, all: &Catalogue, part: Count, whole: Count) {
    let of = |c: Count, part: Part| all.called(Count { part, ..c });
    let (Some(part_n), Some(whole_n), Some(part_d), Some(whole_d)) = (
        of(part, Part::Numerator),
        of(whole, Part::Numerator),
        of(part, Part::Denominator),
        of(whole, Part::Denominator),
    ) else {
        return;
    };
    for (n, counted) in named(index, &part_n) {
        let beside = |c: &Called| beside(index, n, &part_n.at, c, 0);
        let (Some(all_counted), Some(base), Some(all)) =
            (beside(&whole_n), beside(&part_d), beside(&whole_d))
        else {
            continue;
        };
        let (Some(more), Some(of)) = (system.rest(all_counted, counted), system.rest(all, base))
        else {
            continue;
        };
        system.rest(of, more);
    }
}

/// `now = before + by + what no report shows`; where that is nothing, a reader may know it.
fn grows(system: &mut System, index: &Index, all: &Catalogue, shape: &Shape, by: Count) {
    let (Some(own), Some(by)) = (count_of(shape, all), all.called(by)) else {
        return;
    };
    let mut rows = Vec::new();
    for (n, now) in named(index, &own) {
        let (month, width) = n.span;
        let Some(mut added) = by.beside(n, &own.at) else {
            continue;
        };
        added.span = (month, 1);
        let before = Name {
            span: (month.plus(-1), width.saturating_sub(1)),
            ..n.clone()
        };
        let before = latest(index, &before);
        let (Some(added), true) = (latest(index, &added), before.is_some() || width == 1) else {
            continue;
        };
        rows.push((now, before, added));
    }
    for (now, before, added) in rows {
        let parts = [before, Some(added)].into_iter().flatten();
        let mut row: Vec<(usize, f64)> = parts.map(|c| (c, 1.0)).collect();
        let known: f64 = row.iter().map(|(c, _)| system.cells[*c].value).sum();
        let left = system.cells[now].value - known;
        if left < 0.0 || row.iter().any(|(c, _)| *c == now) {
            continue;
        }
        if left > 0.0 {
            row.push((system.add(Cell::latent(left)), 1.0));
        }
        row.push((now, -1.0));
        add(system, row);
    }
}

/// `one + other = whole + both`, where no report shows how many are both.
fn either(system: &mut System, index: &Index, all: &Catalogue, whole: Count, of: [Count; 2]) {
    let (Some(whole), [Some(one), Some(other)]) = (all.called(whole), of.map(|c| all.called(c)))
    else {
        return;
    };
    for (n, sum) in named(index, &whole) {
        let beside = |c: &Called| beside(index, n, &whole.at, c, 0);
        let (Some(one), Some(other)) = (beside(&one), beside(&other)) else {
            continue;
        };
        let value = |c: usize| system.cells[c].value;
        let both = value(one) + value(other) - value(sum);
        if one == other || one == sum || other == sum || both < 0.0 {
            continue;
        }
        let both = system.add(Cell::latent(both));
        add(
            system,
            vec![(sum, 1.0), (both, 1.0), (one, -1.0), (other, -1.0)],
        );
    }
}

/// `whole = one + other + what no report shows`, where that is not less than nothing.
fn apart(system: &mut System, index: &Index, all: &Catalogue, of: [Count; 2], whole: Count) {
    let (Some(whole), [Some(one), Some(other)]) = (all.called(whole), of.map(|c| all.called(c)))
    else {
        return;
    };
    for (n, sum) in named(index, &whole) {
        let beside = |c: &Called| beside(index, n, &whole.at, c, 0);
        let (Some(one), Some(other)) = (beside(&one), beside(&other)) else {
            continue;
        };
        let value = |c: usize| system.cells[c].value;
        let left = value(sum) - value(one) - value(other);
        if one == other || one == sum || other == sum || left < 0.0 {
            continue;
        }
        let left = system.add(Cell::latent(left));
        system.sum(sum, [one, other, left]);
    }
}

/// A term of a sum at the place of another.
enum Term {
    Known(usize),
    /// Its list is printed, and it is not in it.
    Nought,
    /// No report shows it.
    Unknown,
    /// There is no such count at this place.
    Elsewhere,
}

fn term(
    index: &Index,
    listed: &BTreeMap<Name, ()>,
    n: &Name,
    without: &Coordinates,
    c: &Called,
) -> Term {
    let Some(name) = c.beside(n, without) else {
        return Term::Elsewhere;
    };
    if let Some(cell) = latest(index, &name) {
        return Term::Known(cell);
    }
    let in_list =
        c.at.iter()
            .any(|(d, _)| listed.contains_key(&list_of(&name, *d)));
    if in_list { Term::Nought } else { Term::Unknown }
}

/// The list of a dimension that a count stands in.
fn list_of(n: &Name, dimension: crate::domain::Dimension) -> Name {
    let mut list = n.clone();
    for (d, c) in &mut list.at {
        if *d == dimension {
            *c = Text::default();
        }
    }
    list
}

fn sums(system: &mut System, index: &Index, all: &Catalogue, whole: Count, parts: &[Count]) {
    let Some(whole) = all.called(whole) else {
        return;
    };
    let parts: Vec<Called> = parts.iter().filter_map(|p| all.called(*p)).collect();
    // A base that is the same under every window does not say which: then a part leads.
    let Some(lead) = [&whole].into_iter().chain(&parts).find(|c| !c.one_base) else {
        return;
    };
    let mut listed: BTreeMap<Name, ()> = BTreeMap::new();
    for (n, _) in index
        .names
        .iter()
        .filter(|(n, _)| parts.iter().any(|p| p.of == n.of))
    {
        listed.extend(n.at.iter().map(|(d, _)| (list_of(n, *d), ())));
    }
    for (n, _) in named(index, lead) {
        let Term::Known(sum) = term(index, &listed, n, &lead.at, &whole) else {
            continue;
        };
        let terms: Vec<Term> = parts
            .iter()
            .map(|p| term(index, &listed, n, &lead.at, p))
            .collect();
        if terms.iter().any(|t| matches!(t, Term::Elsewhere)) {
            continue;
        }
        let known: Vec<usize> = (terms.iter())
            .filter_map(|t| match t {
                Term::Known(c) => Some(*c),
                Term::Nought | Term::Unknown | Term::Elsewhere => None,
            })
            .collect();
        let left =
            system.cells[sum].value - known.iter().map(|&c| system.cells[c].value).sum::<f64>();
        if known.is_empty() || known.contains(&sum) || left < 0.0 {
            continue;
        }
        let mut row = vec![(sum, -1.0)];
        row.extend(known.iter().map(|&p| (p, 1.0)));
        if terms.iter().any(|t| matches!(t, Term::Unknown)) {
            row.push((system.add(Cell::latent(left)), 1.0));
        }
        add(system, row);
    }
}

fn backlog(
    system: &mut System,
    index: &Index,
    shape: &Shape,
    came: &'static str,
    done: &'static str,
) {
    let waiting = index.names.iter().filter(|(n, _)| n.of == shape.measure);
    let rows: Vec<[usize; 4]> = waiting
        .filter_map(|(n, cells)| {
            let other = |of: &str, back: i32| {
                let (month, width) = n.span;
                let name = Name {
                    of: of.into(),
                    span: (month.plus(-back), width),
                    ..n.clone()
                };
                latest(index, &name)
            };
            let before = other(shape.measure, 1)?;
            Some([*cells.last()?, before, other(came, 0)?, other(done, 0)?])
        })
        .collect();
    for [now, before, came, went] in rows {
        add(
            system,
            vec![(now, 1.0), (before, -1.0), (came, -1.0), (went, 1.0)],
        );
    }
}

/// A stricter definition counts less of the same people. Those it leaves out are a count too: few of them are protected, unless
/// the readers' own registers say who they are.
fn stricter(
    system: &mut System,
    index: &Index,
    all: &Catalogue,
    shape: &Shape,
    order: &[&str],
    rules: &Rules,
) {
    let (Some(own), Some(base)) = (count_of(shape, all), all.called(Count::base(shape.measure)))
    else {
        return;
    };
    let shared = events_of_one_base(shape).unwrap_or_default();
    let mut pairs = Vec::new();
    for (n, part) in named(index, &own) {
        let strict = order.windows(2).find(|w| n.definition.starts_with(w[0]));
        let Some(w) = strict else { continue };
        let wider = Name {
            definition: n.definition.replacen(w[0], w[1], 1).into(),
            ..n.clone()
        };
        // An event that takes longer to follow may be held against other releases.
        let one_base = w.iter().all(|e| shared.contains(e)) || {
            let people = |n: &Name| {
                let base = beside(index, n, &own.at, &base, 0)?;
                Some(system.cells[base].value)
            };
            let (mine, others) = (people(n), people(&wider));
            mine.is_some() && mine == others
        };
        let whole = latest(index, &wider).filter(|_| one_base);
        let limit = threshold_of_name(n, rules, all);
        pairs.extend(whole.map(|whole| (part, whole, limit)));
    }
    for (part, whole, limit) in pairs {
        if let Some(rest) = system.rest(whole, part)
            && rules.guards_differences
        {
            system.protect_few(rest, [whole, part], limit);
        }
    }
}

/// Whoever is back within six months is back within twelve, of the same releases.
fn longer(system: &mut System, index: &Index, all: &Catalogue, shape: &Shape) {
    let Some(own) = count_of(shape, all) else {
        return;
    };
    let mut rows: BTreeMap<Name, BTreeMap<u16, usize>> = BTreeMap::new();
    for (n, cell) in named(index, &own) {
        if let Some(w) = n.follow_up {
            let key = Name {
                follow_up: None,
                ..n.clone()
            };
            rows.entry(key).or_default().insert(w, cell);
        }
    }
    for windows in rows.into_values() {
        let cells: Vec<usize> = windows.into_values().collect();
        for pair in cells.windows(2) {
            system.rest(pair[1], pair[0]);
        }
    }
}

/// What the numerator of a measure is called. Measure ids are static, so a declared count can be made of one.
fn count_of(shape: &Shape, all: &Catalogue) -> Option<Called> {
    all.called(Count::of(shape.measure))
}

/// `other = mine + more − less`, where neither is taken to be above `within`.
fn near(
    system: &mut System,
    index: &Index,
    all: &Catalogue,
    shape: &Shape,
    other: Count,
    within: u16,
) {
    let (Some(own), Some(other)) = (count_of(shape, all), all.called(other)) else {
        return;
    };
    let most = f64::from(within);
    for (n, mine) in named(index, &own) {
        let Some(other) = beside(index, n, &own.at, &other, 0) else {
            continue;
        };
        let apart = system.cells[other].value - system.cells[mine].value;
        if mine == other || apart.abs() > most {
            continue;
        }
        let mut part = |value: f64| at_most(system, value, most);
        let (more, less) = (part(apart.max(0.0)), part((-apart).max(0.0)));
        add(
            system,
            vec![(other, 1.0), (mine, -1.0), (more, -1.0), (less, 1.0)],
        );
    }
}
