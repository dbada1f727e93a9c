//! Equalities among published numbers, found by looking, held against those that measures declare: an intruder looks too.

use super::analysis::Analysis;
use super::read::read_inbox;
use super::{Silent, outputs, read_settings};
use crate::domain::dimension::Dimension;
use crate::domain::figure::Figure;
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, Population};
use crate::locale::Lang;
use crate::measure;
use crate::protect::called;
use crate::sample::{FaultLevel, NamePool, SampleOptions, write_sample};
use crate::workspace::Workspace;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A column of numbers that reports print: measure, definition, window, which number, categories that say which count it
/// is, and the breakdown.
type Column = (
    String,
    String,
    Option<u16>,
    usize,
    Vec<(Dimension, String)>,
    Vec<Dimension>,
);
/// Where a number stands in it: instance, population, categories.
type Place = (usize, Population, Vec<String>);

/// Parts that can be the whole: documents are completed when they are begun, few are helped only long before release, few
/// services are without a person.
const KNOWN: &[(&str, &str)] = &[
    ("funnel", "service_coverage"),
    ("k1_a1", "k1_a2"),
    ("k1_a1", "k1_a3"),
    ("k1_a1", "k1_a1_upper"),
    ("k1_a3", "k1_a1_upper"),
];

fn figures(ws: &Workspace, month: Month) -> Vec<Figure> {
    let settings = read_settings(ws).unwrap();
    let units = UptRegistry::maluku(&settings.units);
    let intake = read_inbox(ws, &settings, &units, Some(month), Lang::Id, &Silent).unwrap();
    let templates = outputs::load_templates(ws, None).unwrap();
    let requests = templates.requests(None);
    let mut analysis = Analysis::of(ws, &settings, &units, intake, requests, &Silent).unwrap();
    analysis.figures(&settings, &units, false).unwrap()
}

#[test]
fn whatever_is_equal_in_every_published_instance_is_declared() {
    let dir = tempfile::tempdir().unwrap();
    let months = [(2025, 12), (2026, 1)].map(|(y, m)| Month::new(y, m).unwrap());
    let mut instances: Vec<(Month, Vec<Figure>)> = Vec::new();
    for seed in [1, 2] {
        let out = dir.path().join(seed.to_string());
        write_sample(&SampleOptions {
            out: out.clone(),
            persons: 900,
            months: 30,
            seed,
            last_month: months[1],
            names: NamePool::Maluku,
            faults: FaultLevel::Usual,
        })
        .unwrap();
        let ws = Workspace::at(Path::new(&out));
        super::state::prepare(&ws.state(), Lang::Id).unwrap();
        instances.extend(months.map(|m| (m, figures(&ws, m))));
    }
    let shapes = measure::shapes();
    let mut columns: BTreeMap<Column, BTreeMap<Place, f64>> = BTreeMap::new();
    let mut names: BTreeMap<(Column, Place), String> = BTreeMap::new();
    for (i, (month, all)) in instances.iter().enumerate() {
        for (f, called) in all.iter().zip(called(all, &shapes)) {
            let needs = measure::find(&f.measure).map_or(&[][..], |m| m.needs);
            let fixed = |d: Dimension, c: &str| needs.contains(&d) || c == month.to_string();
            let mut which = Vec::new();
            let mut by: Vec<(Dimension, String)> = Vec::new();
            for (d, c) in f.places() {
                let into = if fixed(d, c) { &mut which } else { &mut by };
                let this = if c == month.to_string().as_str() {
                    "this"
                } else {
                    c
                };
                into.push((d, this.to_owned()));
            }
            by.sort();
            let (dims, categories): (Vec<Dimension>, Vec<String>) = by.into_iter().unzip();
            for (part, (v, name)) in [f.numerator, f.denominator]
                .into_iter()
                .zip(called)
                .enumerate()
            {
                let (Some(v), Some(name)) = (v, name) else {
                    continue;
                };
                let column: Column = (
                    f.measure.to_string(),
                    f.definition.to_string(),
                    f.window_months,
                    part,
                    which.clone(),
                    dims.clone(),
                );
                let place = (i, f.population, categories.clone());
                if v != 0.0 {
                    columns
                        .entry(column.clone())
                        .or_default()
                        .insert(place.clone(), v);
                }
                names.insert((column, place), name);
            }
        }
    }
    // Columns that say enough for their being alike to be no accident.
    let mut alike: BTreeMap<String, Vec<&Column>> = BTreeMap::new();
    for (column, numbers) in &columns {
        let distinct: BTreeSet<u64> = numbers.values().map(|v| v.to_bits()).collect();
        if numbers.len() >= 6 && distinct.len() >= 4 {
            alike
                .entry(format!("{:?} {numbers:?}", column.5))
                .or_default()
                .push(column);
        }
    }
    let mut undeclared = BTreeSet::new();
    for group in alike.values() {
        for (k, a) in group.iter().enumerate() {
            for b in &group[k + 1..] {
                let known = KNOWN
                    .iter()
                    .any(|(x, y)| [(a, b), (b, a)].iter().any(|(p, q)| p.0 == *x && q.0 == *y));
                let place = columns[*a].keys().next().unwrap();
                let same = |c: &Column| names.get(&(c.clone(), place.clone()));
                if a.0 != b.0 && !known && same(a) != same(b) {
                    undeclared.insert(format!(
                        "{}/{} {:?} = {}/{} {:?} by {:?}",
                        a.0, a.3, a.4, b.0, b.3, b.4, a.5
                    ));
                }
            }
        }
    }
    assert!(
        columns.len() > 200,
        "{} columns were looked through",
        columns.len()
    );
    assert!(undeclared.is_empty(), "{undeclared:#?}");
}
