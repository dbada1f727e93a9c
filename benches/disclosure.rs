//! A large linked set protected and attacked: prisons ⊂ provinces ⊂ nation with classes across, by sex and age, by kind
//! and month, by sex and month, every margin printed; tables share their margins. Sizes as offices have them: a few large
//! units and many small ones, nineteen men to one woman, few kinds common, empty cells as they fall.
//!
//! `cargo bench --bench disclosure [-- UNITS [PEOPLE]]` prints cells, small ones, hidden ones and seconds; without numbers
//! it has about 100,000 cells.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reintegrasi::protect::{Cell, System, attack, hide};
use std::collections::BTreeMap;
use std::time::Instant;

const SEXES: usize = 2;
const AGES: usize = 6;
const KINDS: usize = 9;
const MONTHS: usize = 12;
const PROVINCES: usize = 33;
const CLASSES: usize = 4;
const THRESHOLD: f64 = 5.0;
/// In place of a category: its margin.
const ALL: usize = usize::MAX;

/// Unit, sex, age, kind, month. Above the units stand provinces, classes and the nation.
type Place = [usize; 5];
/// The tables, by which of the five they cross.
const TABLES: [[bool; 5]; 3] = [
    [true, true, true, false, false],
    [true, false, false, true, true],
    [true, true, false, false, true],
];

fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse::<usize>().ok());
    let units = numbers.next().unwrap_or(500);
    let people = numbers.next().unwrap_or(units * 550);
    let system = linked(units, people);
    let small = system.cells.iter().filter(|c| c.primary).count();
    let empty = system.cells.iter().filter(|c| c.value == 0.0).count();
    let (cells, sums) = (system.cells.len(), system.equations.len());
    println!("{cells} cells, {sums} sums, {empty} empty, {small} small");
    let mut safe = system;
    let begun = Instant::now();
    let tables = hide(&mut safe).expect("every small cell can be protected");
    let hiding = begun.elapsed();
    let derived = attack(&safe, &tables);
    let attacking = begun.elapsed() - hiding;
    let hidden = safe.cells.iter().filter(|c| c.hidden).count();
    let open = derived.iter().filter(|d| d.primary && !d.safe).count();
    let known = derived.iter().filter(|d| !d.primary && !d.safe).count();
    println!(
        "{hidden} hidden ({} of them for others), {} attacked: {open} small ones open, {known} others known exactly; \
         {:.1} s to hide, {:.1} s to attack",
        hidden - small,
        derived.len(),
        hiding.as_secs_f64(),
        attacking.as_secs_f64()
    );
    assert_eq!(open, 0);
}

/// A category drawn by weights that fall like `1 / (k + shift)`.
fn falling(r: &mut ChaCha8Rng, n: usize, shift: f64) -> usize {
    let weight = |k: usize| 1.0 / (k as f64 + shift);
    let mut x = r.random::<f64>() * (0..n).map(weight).sum::<f64>();
    (0..n)
        .find(|&k| {
            x -= weight(k);
            x <= 0.0
        })
        .unwrap_or(n - 1)
}

fn linked(units: usize, people: usize) -> System {
    let mut r = ChaCha8Rng::seed_from_u64(6);
    let province = |u: usize| units + u % PROVINCES;
    let class = |u: usize| units + PROVINCES + (u / PROVINCES) % CLASSES;
    let mut at: BTreeMap<Place, f64> = BTreeMap::new();
    // Which places a place of the finest kind counts in: the crossings of each table with their margins.
    let places = |p: Place| {
        let mut out = Vec::new();
        for table in TABLES {
            for mask in 0..32usize {
                let margin = |d: usize| mask >> d & 1 == 1;
                if (0..5).any(|d| margin(d) && !table[d]) {
                    continue;
                }
                let q: [usize; 5] =
                    std::array::from_fn(|d| if table[d] && !margin(d) { p[d] } else { ALL });
                out.push(q);
                if q[0] != ALL {
                    for above in [province(q[0]), class(q[0])] {
                        out.push([above, q[1], q[2], q[3], q[4]]);
                    }
                }
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    };
    let mut open = |p: Place, without: [usize; 2]| {
        let here = |q: &Place| without.iter().all(|&d| q[d] == ALL);
        for q in places(p).into_iter().filter(here) {
            at.entry(q).or_default();
        }
    };
    for u in 0..units {
        for sex in 0..SEXES {
            (0..AGES).for_each(|age| open([u, sex, age, 0, 0], [3, 4]));
            (0..MONTHS).for_each(|month| open([u, sex, 0, 0, month], [2, 3]));
        }
        for kind in 0..KINDS {
            (0..MONTHS).for_each(|month| open([u, 0, 0, kind, month], [1, 2]));
        }
    }
    for _ in 0..people {
        let u = falling(&mut r, units, 30.0);
        let sex = usize::from(r.random::<f64>() < 0.05);
        let age = ((r.random::<f64>() + r.random::<f64>()) * AGES as f64 / 2.0) as usize;
        let (kind, month) = (falling(&mut r, KINDS, 1.0), r.random_range(0..MONTHS));
        for p in places([u, sex, age.min(AGES - 1), kind, month]) {
            *at.entry(p).or_default() += 1.0;
        }
    }
    let mut s = System::default();
    let mut ids: BTreeMap<Place, usize> = BTreeMap::new();
    for (&p, &value) in &at {
        let id = s.add(Cell::shown(value));
        if value > 0.0 && value < THRESHOLD {
            s.cells[id].protect(THRESHOLD);
        }
        ids.insert(p, id);
    }
    // A sum is a place and those that differ from it in one dimension alone.
    let mut sums: BTreeMap<(Place, usize), Vec<usize>> = BTreeMap::new();
    for (&p, &id) in &ids {
        for d in 0..5 {
            let mut whole = |v: usize, kind: usize| {
                let mut q = p;
                q[d] = v;
                sums.entry((q, kind)).or_default().push(id);
            };
            match (d, p[d]) {
                (_, ALL) => {}
                (0, u) if u < units => {
                    whole(province(u), 0);
                    whole(class(u), 0);
                }
                (0, u) => whole(ALL, if u < units + PROVINCES { 1 } else { 2 }),
                _ => whole(ALL, 3 + d),
            }
        }
    }
    for ((p, _), parts) in sums {
        if let Some(&whole) = ids.get(&p) {
            s.sum(whole, parts);
        }
    }
    s
}
