//! Which tables are printed coarser: where more than half of the numbers would be hidden, months stand by quarters, and
//! small categories of a list together. Decided before protection and for all audiences alike, so that no edition shows
//! what another takes together.

use super::outputs::Writer;
use super::protection;
use crate::domain::coarser::{Coarser, JOINED};
use crate::domain::figure::{Figure, Period, Rest, Shape};
use crate::domain::{Dimension, Month, Population, Text, Unit};
use crate::measure::{self, Put};
use crate::report::TableBlock;
use crate::workspace::Level;
use std::collections::{BTreeMap, BTreeSet};

/// A measure's tables by a dimension.
type Column = (Text, Population, Dimension);

/// Months of a full quarter, and those of the twelve that end with the report's which are in none.
pub(super) fn quarter_of(m: Month, report: Month) -> Option<Text> {
    let first = Month::new(m.year(), (m.month() - 1) / 3 * 3 + 1)?;
    let inside = first >= report.plus(-11) && first.plus(2) <= report;
    inside.then(|| format!("{}-Q{}", m.year(), (m.month() - 1) / 3 + 1).into())
}

/// What would be hidden of a figure for its own sake; `None` for one that has nothing to hide.
fn is_small(f: &Figure, shape: &Shape, limit: f64) -> Option<bool> {
    let few = |v: f64| v > 0.0 && v < limit;
    let k = f.numerator?;
    let n = f.denominator.filter(|_| shape.denominator_adds);
    if k == 0.0 && n.is_none_or(|n| n == 0.0) {
        return None;
    }
    let rest = |n: f64| match shape.rest {
        Rest::Guarded => few(n - k) || n == k,
        Rest::FewGuarded => few(n - k),
        Rest::Open => false,
    };
    Some(few(k) || n.is_some_and(|n| few(n) || rest(n)))
}

/// Tables that hang together because a sheet has several measures, or a measure stands on several sheets.
fn components(blocks: &[TableBlock]) -> Vec<BTreeSet<Column>> {
    let mut out: Vec<BTreeSet<Column>> = Vec::new();
    for b in blocks {
        let mut mine: BTreeSet<Column> = (b.measures.iter())
            .map(|m| (m.clone(), b.population, b.dimension))
            .collect();
        let (meet, apart) = out.into_iter().partition(|c| !c.is_disjoint(&mine));
        let meet: Vec<BTreeSet<Column>> = meet;
        mine.extend(meet.into_iter().flatten());
        out = apart;
        out.push(mine);
    }
    out
}

/// How small a list's categories are: numbers and small ones among them, by category.
fn counted(
    figures: &[Figure],
    columns: &BTreeSet<Column>,
    shapes: &BTreeMap<&str, &Shape>,
    limit: f64,
) -> BTreeMap<Text, (usize, usize)> {
    let mut out: BTreeMap<Text, (usize, usize)> = BTreeMap::new();
    for f in figures {
        let Some(shape) = shapes.get(f.measure.as_str()).filter(|s| s.personal) else {
            continue;
        };
        for (d, k) in f.places() {
            if !columns.contains(&(f.measure.clone(), f.population, d)) {
                continue;
            }
            if let Some(small) = is_small(f, shape, limit) {
                let n = out.entry(k.clone()).or_default();
                *n = (n.0 + 1, n.1 + usize::from(small));
            }
        }
    }
    out
}

/// A few children of a status: beside a sum of all statuses they would take a large number with them, so they stand with those
/// they are inside with.
fn children_with_others(
    figures: &[Figure],
    blocks: &[TableBlock],
    shapes: &BTreeMap<&str, &Shape>,
    limit: f64,
    taken: &[Coarser],
    whole: &BTreeSet<Column>,
) -> Vec<Coarser> {
    const TOGETHER: [&str; 2] = ["sentenced", "child"];
    let asked: BTreeSet<Column> = (blocks.iter())
        .filter(|b| matches!(b.dimension, Dimension::Status | Dimension::Status6))
        .flat_map(|b| (b.measures.iter()).map(|m| (m.clone(), b.population, b.dimension)))
        .collect();
    let few = |c: &Column| {
        let mut mine = figures
            .iter()
            .filter(|f| f.measure == c.0 && f.population == c.1);
        mine.any(|f| {
            let child = f.category(c.2).is_some_and(|k| k == "child");
            let alone = f.places().count() == 1;
            child && alone && f.numerator.is_some_and(|v| v > 0.0 && v < limit)
        })
    };
    (asked.iter())
        .filter(|c| !whole.contains(*c) && !taken.iter().any(|x| x.concerns(&c.0, c.1, c.2)))
        .filter(|c| {
            shapes
                .get(c.0.as_str())
                .is_some_and(|s| s.personal && s.numerator_adds)
        })
        .filter(|c| few(c))
        .map(|(measure, population, dimension)| Coarser {
            population: *population,
            dimension: *dimension,
            measures: [measure.clone()].into(),
            joined: TOGETHER.map(Text::const_new).into(),
            into: Text::const_new("sentenced_child"),
        })
        .collect()
}

/// Figures with tables put together of which most would be hidden, and which these are.
pub(super) fn coarser(w: &Writer, figures: Vec<Figure>) -> (Vec<Figure>, Vec<Coarser>) {
    let shapes = measure::shapes();
    let shapes: BTreeMap<&str, &Shape> = shapes.iter().map(|s| (s.measure, s)).collect();
    let month = w.analysis.intake.month;
    let levels = &w.settings.levels;
    let audiences = protection::audiences(w);
    let mut blocks: Vec<TableBlock> = Vec::new();
    let mut whole: BTreeSet<Column> = BTreeSet::new();
    let mut public: BTreeSet<Column> = BTreeSet::new();
    for a in audiences {
        let level = a.level(levels);
        let all = w.templates.blocks(a.id());
        if level == Level::Internal {
            let own = protection::tables(w, a).into_iter();
            let own = own.filter(|(m, ..)| protection::is_own(m, &levels.whole));
            whole.extend(own.flat_map(|(m, p, by)| by.into_iter().map(move |d| (m.clone(), p, d))));
        }
        if level == Level::Public {
            let columns = all.iter().flat_map(|b| {
                let measures = b.measures.iter();
                measures.map(|m| (m.clone(), b.population, b.dimension))
            });
            public.extend(columns);
        }
        blocks.extend(all);
    }
    let mut out = Vec::new();
    for columns in components(&blocks) {
        let Some((_, population, dimension)) = columns.first().cloned() else {
            continue;
        };
        let shape = |c: &Column| shapes.get(c.0.as_str()).copied();
        // One person can have several services, and stands in several categories of them.
        let of_services = matches!(
            dimension,
            Dimension::Opd
                | Dimension::ServiceKind
                | Dimension::ServiceFamily
                | Dimension::Programme
        );
        let adds = |c: &Column| {
            let counts_people = measure::find(&c.0).is_some_and(|m| m.unit == Unit::Persons);
            let apart = |s: &Shape| s.curve || s.not_additive_over.contains(&dimension);
            shape(c).is_some_and(|s| !apart(s)) && !(counts_people && of_services)
        };
        let of_time = matches!(
            dimension,
            Dimension::ReleaseMonth | Dimension::CalendarMonth
        );
        // A state at the end of each month has no sum over months, and a median none at all.
        let over_time = |c: &Column| {
            let past = shape(c).is_some_and(|s| s.period == Period::Past);
            past && measure::can_be_put_together(&c.0)
        };
        let apart = !columns.is_disjoint(&whole) || !columns.iter().all(adds);
        if apart || (of_time && !columns.iter().all(over_time)) {
            continue;
        }
        let level = match columns.is_disjoint(&public) {
            true => Level::Shared,
            false => Level::Public,
        };
        let limit = w.settings.disclosure.at(level).threshold;
        let counts = counted(&figures, &columns, &shapes, f64::from(limit));
        let all: usize = counts.values().map(|n| n.0).sum();
        let small: usize = counts.values().map(|n| n.1).sum();
        // A small number takes another with it: two fifths of small ones hide more than half.
        if all < 4 || small * 5 <= all * 2 {
            continue;
        }
        let joined: BTreeSet<Text> = (counts.into_iter())
            .filter(|(_, (all, small))| !of_time && small * 3 >= *all * 2)
            .map(|(k, _)| k)
            .collect();
        if !of_time && joined.len() < 2 {
            continue;
        }
        out.push(Coarser {
            population,
            dimension,
            measures: columns.into_iter().map(|c| c.0).collect(),
            joined,
            into: Text::const_new(JOINED),
        });
    }
    out.extend(children_with_others(
        &figures,
        &blocks,
        &shapes,
        f64::from(w.settings.disclosure.threshold_children),
        &out,
        &whole,
    ));
    if out.is_empty() {
        return (figures, out);
    }
    let put = |f: &Figure, (d, k): (Dimension, &Text)| -> Put {
        let mine = out.iter().find(|c| c.concerns(&f.measure, f.population, d));
        let Some(c) = mine else { return Put::Same };
        if !c.joined.is_empty() {
            return match c.joined.contains(k) {
                true => Put::Into(c.into.clone()),
                false => Put::Same,
            };
        }
        match k.parse::<Month>().ok().map(|m| quarter_of(m, month)) {
            Some(Some(q)) => Put::Into(q),
            Some(None) => Put::Gone,
            None => Put::Same,
        }
    };
    (measure::put_together(figures, put), out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_twelve_months_full_quarters_stand_and_the_months_beside_them_do_not() {
        let report = Month::new(2026, 1).unwrap();
        let of = |y, m| quarter_of(Month::new(y, m).unwrap(), report);
        let all: Vec<Option<Text>> = (0..12)
            .map(|i| {
                let m = report.plus(i - 11);
                of(m.year(), m.month())
            })
            .collect();
        let names: Vec<&str> = all
            .iter()
            .map(|q| q.as_ref().map_or("", |q| q.as_str()))
            .collect();
        assert_eq!(
            names,
            [
                "", "", "2025-Q2", "2025-Q2", "2025-Q2", "2025-Q3", "2025-Q3", "2025-Q3",
                "2025-Q4", "2025-Q4", "2025-Q4", ""
            ]
        );
    }

    #[test]
    fn sheets_that_share_a_measure_are_put_together_alike() {
        let block = |measures: &[&'static str]| TableBlock {
            population: Population::Maluku,
            dimension: Dimension::Opd,
            measures: measures.iter().map(|m| Text::const_new(m)).collect(),
        };
        let all = components(&[block(&["a", "b"]), block(&["c"]), block(&["b", "d"])]);
        assert_eq!(all.iter().map(BTreeSet::len).collect::<Vec<_>>(), [1, 3]);
    }
}
