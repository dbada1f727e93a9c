//! Who contributes how much to figures that sum amounts (hours, sessions, reports): what the p % rule of disclosure
//! control needs (Hundepool et al., Statistical Disclosure Control, 2012, 4.2.2). Counts of people have no contributions:
//! everybody counts one.

use super::engine::{CURVE, each_table};
use super::facts::Facts;
use super::people::Context;
use super::reduce::MONTH_DAYS;
use super::registry::Kind;
use super::{Input, registry};
use crate::domain::figure::{Contributions, Figure, FigureKey};
use crate::domain::history::PersonId;
use crate::domain::{Dimension, Population, RowRef, Text};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What disclosure control weighs of figures besides their numbers.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    /// How many people stand behind each figure that sums amounts, and the two largest of them.
    pub contributions: BTreeMap<FigureKey, Contributions>,
    /// How many events there were up to each point of the curves among figures: whoever has a curve and the numbers at risk
    /// can work them out.
    pub events: BTreeMap<FigureKey, f64>,
}

/// What disclosure control weighs of these figures besides their numbers.
pub fn weights(input: &Input, figures: &[Figure]) -> Weights {
    let c = Context::of(input, true);
    let contributions = contributions(&c, figures);
    Weights {
        contributions,
        events: curve_events(&c.untraced(), figures),
    }
}

fn contributions(c: &Context, figures: &[Figure]) -> BTreeMap<FigureKey, Contributions> {
    let mut tables: BTreeMap<(&'static str, Option<u16>), Vec<&Figure>> = BTreeMap::new();
    for f in figures {
        if let Some(m) = registry::find(&f.measure).filter(|m| m.amounts) {
            tables.entry((m.id, f.window_months)).or_default().push(f);
        }
    }
    let mut out = BTreeMap::new();
    if tables.is_empty() {
        return out;
    }
    let person_of = people(c);
    for ((measure, window), figures) in tables {
        let windows: Vec<u16> = window.into_iter().collect();
        let of = |f: &Facts| of_table(f, window, &figures, &person_of);
        out.extend(
            each_table(c, measure, &[], &windows, of)
                .into_iter()
                .flatten(),
        );
    }
    out
}

fn curve_events(c: &Context, figures: &[Figure]) -> BTreeMap<FigureKey, f64> {
    let mut tables: BTreeMap<&'static str, Vec<&Figure>> = BTreeMap::new();
    for f in figures {
        if let Some(m) = registry::find(&f.measure).filter(|m| m.kind.is_curve()) {
            tables.entry(m.id).or_default().push(f);
        }
    }
    let mut out = BTreeMap::new();
    for (measure, figures) in tables {
        let cause = match registry::find(measure).map(|m| m.kind) {
            Some(Kind::Incidence(cause)) => cause,
            _ => 1,
        };
        let of = |f: &Facts| events_of_table(f, cause, &figures);
        let all = each_table(c, measure, &[], &[], of);
        out.extend(all.into_iter().flatten());
    }
    out
}

fn events_of_table(f: &Facts, cause: u8, figures: &[&Figure]) -> Vec<(FigureKey, f64)> {
    type Place = (Vec<(Dimension, Text)>, Population);
    let mut times: BTreeMap<Place, Vec<f64>> = BTreeMap::new();
    let mine = figures
        .iter()
        .filter(|x| x.definition == f.definition && x.window_months == f.window);
    mine.filter_map(|x| {
        let month: f64 = x.category(CURVE)?.parse().ok()?;
        let group: Vec<(Dimension, Text)> = (x.places())
            .filter(|(d, _)| *d != CURVE)
            .map(|(d, k)| (d, k.clone()))
            .collect();
        let at = times
            .entry((group.clone(), x.population))
            .or_insert_with(|| {
                let rows = f.with(&group, x.population == Population::Ambon);
                let hits = rows
                    .into_iter()
                    .map(|i| f.row(i))
                    .filter(|r| r.mark == cause);
                let mut times: Vec<f64> = hits.map(|r| r.value).collect();
                times.sort_by(f64::total_cmp);
                times
            });
        let until = at.partition_point(|t| *t <= month * MONTH_DAYS);
        Some((x.key(), until as f64))
    })
    .collect()
}

/// The contributions to those figures that are made of this table.
fn of_table(
    f: &Facts,
    window: Option<u16>,
    figures: &[&Figure],
    person_of: &FxHashMap<RowRef, PersonId>,
) -> Vec<(FigureKey, Contributions)> {
    if f.window != window {
        return Vec::new();
    }
    let dims = |x: &Figure| -> Vec<Dimension> { x.places().map(|(d, _)| d).collect() };
    let mine = figures.iter().filter(|x| x.definition == f.definition);
    let shapes: BTreeSet<(Vec<Dimension>, Population)> =
        mine.clone().map(|x| (dims(x), x.population)).collect();
    let mut sums: BTreeMap<(Vec<Dimension>, Population, Vec<Text>), Contributions> =
        BTreeMap::new();
    for (by, population) in shapes {
        for (key, rows) in f.groups(&by, population == Population::Ambon) {
            let mut of: FxHashMap<Who, [f64; 2]> = FxHashMap::default();
            for i in rows {
                let r = f.row(i);
                let who = r.from.first().and_then(|at| person_of.get(at));
                let who = who.map_or(Who::Row(i), |p| Who::Person(*p));
                let sum = of.entry(who).or_default();
                sum[0] += r.num;
                sum[1] += r.den;
            }
            let all = of.into_values();
            sums.insert((by.clone(), population, key), Contributions::of(all));
        }
    }
    mine.filter_map(|x| {
        let key: Vec<Text> = x.places().map(|(_, c)| c.clone()).collect();
        let found = sums.get(&(dims(x), x.population, key))?;
        Some((x.key(), *found))
    })
    .collect()
}

/// Somebody, or a row of which it is not known whose it is.
#[derive(PartialEq, Eq, Hash)]
enum Who {
    Person(PersonId),
    Row(u32),
}

/// Whose the records behind amounts are.
fn people(c: &Context) -> FxHashMap<RowRef, PersonId> {
    let h = c.h();
    let supervision = h.supervision.iter().map(|s| (Some(s.person), &s.sources));
    let services = h.services.iter().map(|s| (s.person, &s.sources));
    let orders = h
        .community_service
        .iter()
        .map(|s| (Some(s.person), &s.sources));
    supervision
        .chain(services)
        .chain(orders)
        .filter_map(|(p, s)| Some((p?, s)))
        .flat_map(|(p, s)| s.iter().map(move |at| (*at, p)))
        .collect()
}
