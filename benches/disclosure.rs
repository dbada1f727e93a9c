//! A large linked set protected and attacked: units ⊂ classes ⊂ province × sex × age × kind × month, every margin
//! printed, sizes as offices have them (a few large units, many small; nineteen men to one woman; few kinds common).
//!
//! `cargo bench --bench disclosure [-- UNITS [EVENTS]]` prints cells, small ones, hidden ones and seconds. With 37 units it
//! has about 100,000 cells.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reintegrasi::protect::{Cell, System, attack, hide};
use std::collections::HashMap;
use std::time::Instant;

const CLASSES: usize = 4;
const SEXES: usize = 2;
const AGES: usize = 6;
const KINDS: usize = 9;
const MONTHS: usize = 12;
const THRESHOLD: f64 = 5.0;

/// A place in the table: unit (those above the units are classes and the province), sex, age, kind, month; the number
/// of categories of a dimension stands for its margin.
type Place = [usize; 5];

fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse::<usize>().ok());
    let units = numbers.next().unwrap_or(37);
    let events = numbers.next().unwrap_or(60_000);
    let (system, members) = linked(units, events);
    let small = system.cells.iter().filter(|c| c.primary).count();
    let empty = system.cells.iter().filter(|c| c.value == 0.0).count();
    println!(
        "{} cells, {} sums of {members} terms, {} empty, {small} small",
        system.cells.len(),
        system.equations.len(),
        empty
    );
    let mut safe = system.clone();
    let begun = Instant::now();
    hide(&mut safe).expect("every small cell can be protected");
    let hiding = begun.elapsed();
    let derived = attack(&safe);
    let attacking = begun.elapsed() - hiding;
    let hidden = safe.cells.iter().filter(|c| c.hidden).count();
    let open = derived.iter().filter(|d| !d.safe).count();
    println!(
        "{hidden} hidden ({} of them for others), {} attacked, {open} open; {:.1} s to hide, {:.1} s to attack",
        hidden - small,
        derived.len(),
        hiding.as_secs_f64(),
        attacking.as_secs_f64()
    );
    assert_eq!(open, 0);
}

/// Categories drawn by weights that fall like `1 / (k + 1)`.
fn falling(r: &mut ChaCha8Rng, n: usize) -> usize {
    let all: f64 = (1..=n).map(|k| 1.0 / k as f64).sum();
    let mut x = r.random::<f64>() * all;
    for k in 0..n {
        x -= 1.0 / (k + 1) as f64;
        if x <= 0.0 {
            return k;
        }
    }
    n - 1
}

fn linked(units: usize, events: usize) -> (System, usize) {
    let mut r = ChaCha8Rng::seed_from_u64(6);
    let sizes = [units + CLASSES, SEXES, AGES, KINDS, MONTHS];
    let (class_of, province) = (|u: usize| units + u % CLASSES, units + CLASSES);
    let mut counts: HashMap<Place, f64> = HashMap::new();
    for _ in 0..events {
        let u = falling(&mut r, units);
        let sex = usize::from(r.random::<f64>() < 0.05);
        // One age in the middle is commonest.
        let age = (r.random::<f64>() + r.random::<f64>()) * AGES as f64 / 2.0;
        let (kind, month) = (falling(&mut r, KINDS), r.random_range(0..MONTHS));
        for unit in [u, class_of(u), province] {
            for sex in [sex, SEXES] {
                for age in [age as usize, AGES] {
                    for kind in [kind, KINDS] {
                        for month in [month, MONTHS] {
                            *counts.entry([unit, sex, age, kind, month]).or_default() += 1.0;
                        }
                    }
                }
            }
        }
    }
    let mut s = System::default();
    let mut ids: HashMap<Place, usize> = HashMap::new();
    let mut places = Vec::new();
    for u in 0..=province {
        for sex in 0..=SEXES {
            for age in 0..=AGES {
                for kind in 0..=KINDS {
                    for month in 0..=MONTHS {
                        let p = [u, sex, age, kind, month];
                        let value = counts.get(&p).copied().unwrap_or(0.0);
                        let id = s.add(Cell::shown(value));
                        if value > 0.0 && value < THRESHOLD {
                            s.cells[id].protect(THRESHOLD);
                        }
                        ids.insert(p, id);
                        places.push(p);
                    }
                }
            }
        }
    }
    let mut terms = 0;
    for p in places {
        for d in 0..5 {
            let parts: Vec<usize> = match (d, p[d]) {
                (0, u) if u == province => (units..province).collect(),
                (0, c) if c >= units => (0..units).filter(|u| class_of(*u) == c).collect(),
                (d, k) if d > 0 && k == sizes[d] => (0..k).collect(),
                _ => continue,
            };
            terms += parts.len() + 1;
            let at = |k: usize| {
                let mut q = p;
                q[d] = k;
                ids[&q]
            };
            s.sum(ids[&p], parts.into_iter().map(at));
        }
    }
    (s, terms)
}
