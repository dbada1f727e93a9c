//! Equalities and sums among published numbers, found by looking, held against what disclosure control is told of them: an
//! intruder looks too.

use super::analysis::Analysis;
use super::read::read_inbox;
use super::{Silent, outputs, read_settings};
use crate::domain::dimension::Dimension;
use crate::domain::figure::{Figure, Hierarchy};
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, Population};
use crate::locale::Lang;
use crate::measure;
use crate::protect::free_moves;
use crate::sample::{FaultLevel, NamePool, SampleOptions, write_sample};
use crate::workspace::Workspace;
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
/// How numbers can move that keep every equation disclosure control knows.
type Moves = Vec<f64>;

/// Counts that are alike in the samples and not by nature: documents are completed when they are begun, few are helped only
/// long before release, few services are without a person.
const BY_CHANCE: &[(&str, &str)] = &[
    ("funnel", "service_coverage"),
    ("k1_a1", "k1_a2"),
    ("k1_a1", "k1_a3"),
    ("k1_a1", "k1_a1_upper"),
    ("k1_a3", "k1_a1_upper"),
];

/// The sum of rows is of four terms, and nothing of the samples is set aside: without that term it holds by chance.
const WITHOUT_A_TERM: &[&str] = &["rows_read"];

/// Alternative tables tried.
const MOVES: usize = 2;

/// The figures of a month, and which categories fall into others.
fn figures(ws: &Workspace, month: Month) -> (Vec<Figure>, Vec<Hierarchy>) {
    let settings = read_settings(ws).unwrap();
    let units = UptRegistry::maluku(&settings.units);
    let intake = read_inbox(ws, &settings, &units, Some(month), Lang::Id, &Silent).unwrap();
    let templates = outputs::load_templates(ws, None, &settings.agreements).unwrap();
    let requests = templates.requests(None);
    let mut analysis = Analysis::of(ws, &settings, &units, intake, requests, &Silent).unwrap();
    let figures = analysis.figures(&settings, &units, false).unwrap();
    let mut hierarchies = measure::hierarchies(&units);
    hierarchies.push(measure::services_by_agency(&analysis.histories.services));
    (figures, hierarchies)
}

/// Columns of numbers with the places they fill, and how each number can move.
#[derive(Default)]
struct Looked {
    columns: BTreeMap<Column, BTreeMap<Place, (f64, Moves)>>,
}

impl Looked {
    fn at(&mut self, instance: usize, month: Month, all: &[Figure], moves: &[[Option<Moves>; 2]]) {
        for (f, moves) in all.iter().zip(moves) {
            let needs = measure::find(&f.measure).map_or(&[][..], |m| m.needs);
            let fixed = |d: Dimension, c: &str| needs.contains(&d) || c == month.to_string();
            let mut which = Vec::new();
            let mut by: Vec<(Dimension, String)> = Vec::new();
            for (d, c) in f.places() {
                let this = if c == month.to_string().as_str() {
                    "this"
                } else {
                    c
                };
                let into = if fixed(d, c) { &mut which } else { &mut by };
                into.push((d, this.to_owned()));
            }
            by.sort();
            for (part, (v, moves)) in [f.numerator, f.denominator].iter().zip(moves).enumerate() {
                let (Some(v), Some(moves)) = (v, moves) else {
                    continue;
                };
                let mut put = |which: Vec<(Dimension, String)>, by: &[(Dimension, String)]| {
                    let (dims, categories) = by.iter().cloned().unzip();
                    let column: Column = (
                        f.measure.to_string(),
                        f.definition.to_string(),
                        f.window_months,
                        part,
                        which,
                        dims,
                    );
                    let place = (instance, f.population, categories);
                    let numbers = self.columns.entry(column).or_default();
                    numbers.insert(place, (*v, moves.clone()));
                };
                put(which.clone(), &by);
                // One category is a column too.
                if let ([one], true) = (by.as_slice(), which.is_empty()) {
                    put(vec![one.clone()], &[]);
                }
            }
        }
    }

    /// Columns that say enough for their adding up to be no accident, by breakdown.
    fn telling(&self) -> BTreeMap<&[Dimension], Vec<(&Column, u64)>> {
        let mut out: BTreeMap<&[Dimension], Vec<(&Column, u64)>> = BTreeMap::new();
        for (column, numbers) in &self.columns {
            let filled = || numbers.iter().filter(|(_, (v, _))| *v != 0.0);
            let distinct: BTreeSet<u64> = filled().map(|(_, (v, _))| v.to_bits()).collect();
            if filled().count() >= 7 && distinct.len() >= 5 {
                // A number for the column such that columns add up where their numbers do.
                let of = |(place, (v, _)): (&Place, &(f64, Moves))| {
                    weight(place).wrapping_mul(*v as u64)
                };
                let sum = filled().fold(0u64, |all, x| all.wrapping_add(of(x)));
                out.entry(&column.5).or_default().push((column, sum));
            }
        }
        out
    }

    /// Whether a column is the sum of others in every place, and disclosure control is not told.
    fn undeclared(&self, whole: &Column, parts: &[&Column]) -> bool {
        let mut free = false;
        let places: BTreeSet<&Place> = ([whole].iter().chain(parts))
            .flat_map(|c| self.columns[*c].keys())
            .collect();
        for place in places {
            let of = |c: &Column| self.columns[c].get(place);
            let all: Option<Vec<_>> = parts.iter().map(|c| of(c)).collect();
            let (Some(w), Some(all)) = (of(whole), all) else {
                continue;
            };
            if w.0 != all.iter().map(|x| x.0).sum::<f64>() {
                return false;
            }
            for m in 0..MOVES {
                let moved = w.1[m] - all.iter().map(|x| x.1[m]).sum::<f64>();
                free |= moved.abs() > 1e-5;
            }
        }
        free
    }
}

/// An odd number by place, spread over all bits.
fn weight(place: &Place) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut h = DefaultHasher::new();
    place.hash(&mut h);
    h.finish() | 1
}

fn say(c: &Column) -> String {
    let part = ["", "/n"][c.3];
    let at: Vec<String> = c.4.iter().map(|(d, k)| format!("{}={k}", d.id())).collect();
    let by: Vec<&str> = c.5.iter().map(|d| d.id()).collect();
    let window = c.2.map_or_else(String::new, |w| format!(" {w}m"));
    format!(
        "{}{part}{window} {} [{}] by {}",
        c.0,
        c.1,
        at.join(","),
        by.join(",")
    )
}

#[test]
fn whatever_is_equal_or_adds_up_in_every_published_instance_is_declared() {
    let dir = tempfile::tempdir().unwrap();
    let months = [(2025, 11), (2026, 1)].map(|(y, m)| Month::new(y, m).unwrap());
    let mut looked = Looked::default();
    let shapes = measure::shapes();
    let mut instance = 0;
    for seed in [1, 2, 3] {
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
        for month in months {
            let (all, hierarchies) = figures(&ws, month);
            let moves = free_moves(&all, &shapes, &hierarchies, MOVES);
            looked.at(instance, month, &all, &moves);
            instance += 1;
        }
    }
    let by_chance = |a: &Column, b: &Column| {
        let mut pairs = BY_CHANCE.iter();
        pairs.any(|(x, y)| [(a, b), (b, a)].iter().any(|(p, q)| p.0 == *x && q.0 == *y))
    };
    let mut undeclared = BTreeSet::new();
    for columns in looked.telling().values() {
        let mut named: HashMap<u64, Vec<&Column>> = HashMap::new();
        for (c, sum) in columns {
            named.entry(*sum).or_default().push(c);
        }
        for alike in named.values() {
            for (k, a) in alike.iter().enumerate() {
                for b in &alike[k + 1..] {
                    // People who are released twice in a year, or come back without a verdict, are few in a sample: what counts
                    // them by another definition is alike by chance. Where it is, whole columns are one to disclosure control.
                    let defined_alike = a.1 == b.1;
                    if defined_alike && !by_chance(a, b) && looked.undeclared(a, &[b]) {
                        undeclared.insert(format!("{} = {}", say(a), say(b)));
                    }
                }
            }
        }
        // One of each kind that is alike is enough.
        let one: Vec<(&Column, u64)> = named.iter().map(|(sum, c)| (c[0], *sum)).collect();
        for (k, (a, x)) in one.iter().enumerate() {
            for (b, y) in &one[k + 1..] {
                let whole = named.get(&x.wrapping_add(*y));
                for whole in whole.into_iter().flat_map(|w| w.first()) {
                    let chance = WITHOUT_A_TERM.contains(&whole.0.as_str());
                    if !chance && looked.undeclared(whole, &[a, b]) {
                        undeclared.insert(format!("{} = {} + {}", say(whole), say(a), say(b)));
                    }
                }
            }
        }
    }
    let looked_at = looked.columns.len();
    assert!(looked_at > 500, "{looked_at} columns were looked through");
    assert!(undeclared.is_empty(), "{undeclared:#?}");
}
