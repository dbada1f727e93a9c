//! Who contributes how much to figures that sum amounts (hours, sessions, reports): what the p % rule of disclosure
//! control needs (Hundepool et al., Statistical Disclosure Control, 2012, 4.2.2). Counts of people have no contributions:
//! everybody counts one.

use super::engine::each_table;
use super::facts::Facts;
use super::people::Context;
use super::{Input, registry};
use crate::domain::figure::{Contributions, Figure, FigureKey};
use crate::domain::history::PersonId;
use crate::domain::{Dimension, Population, RowRef, Text};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Measures whose numbers are amounts of which a person can have any share.
pub(super) const AMOUNTS: &[&str] = &[
    "community_service_hours",
    "reporting_compliance",
    "service_attendance",
    "service_dose_share",
];

/// How many people stand behind each figure that sums amounts, and the two largest of them.
pub fn contributions(input: &Input, figures: &[Figure]) -> BTreeMap<FigureKey, Contributions> {
    let mut tables: BTreeMap<(&'static str, Option<u16>), Vec<&Figure>> = BTreeMap::new();
    for f in figures {
        if let Some(m) = AMOUNTS.iter().find(|m| f.measure == **m) {
            tables.entry((m, f.window_months)).or_default().push(f);
        }
    }
    let mut out = BTreeMap::new();
    if tables.is_empty() {
        return out;
    }
    let c = Context::of(input, true);
    let person_of = people(&c);
    for ((measure, window), figures) in tables {
        debug_assert!(registry::find(measure).is_some());
        let windows: Vec<u16> = window.into_iter().collect();
        let of = |f: &Facts| of_table(f, window, &figures, &person_of);
        out.extend(
            each_table(&c, measure, &[], &windows, of)
                .into_iter()
                .flatten(),
        );
    }
    out
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
