//! Ten thousand tables under attack (100 in the ordinary suite): random 2- and 3-way tables up to 20 × 20 × 5 whose
//! rows fall into classes, every margin printed, protected, then attacked by somebody who has the printed numbers alone.
//!
//! `DISCLOSURE_TABLES=10000 cargo test --release --lib random_tables -- --nocapture` prints the shares hidden
//! (`DISCLOSURE_TABLES=3000-4000` those with these seeds);
//! `DISCLOSURE_EXPORT=tables.jsonl` writes the printed tables for `benches/attack.py --tables`, which attacks them with
//! another solver.

use super::{Cell, System, hide, hide_first_fit};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem};
use rayon::prelude::*;
use std::collections::BTreeMap;

const THRESHOLD: f64 = 5.0;

/// SplitMix64: tables must be the same on every machine.
struct Dice(u64);
impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
    /// Small sizes are likelier than large ones: ten thousand tables must be affordable.
    fn size(&mut self, from: usize, to: usize) -> usize {
        let (a, b) = ((from as f64).ln(), (to as f64 + 1.0).ln());
        ((a + self.unit().powf(1.5) * (b - a)).exp().floor() as usize).clamp(from, to)
    }
}

/// A table with its margins: what stands in each place, by row, column and layer. Rows are `0…`, classes of rows
/// negative, and `ALL` is a margin.
const ALL: i64 = i64::MAX;
type Place = [i64; 3];
struct Table {
    class_of_row: Vec<i64>,
    columns: i64,
    layers: i64,
    at: BTreeMap<Place, f64>,
}

fn table(seed: u64) -> Table {
    let mut d = Dice(seed);
    let three = d.below(5) == 0;
    let (rows, columns) = (d.size(2, 20), d.size(2, 20));
    let layers = if three { d.size(2, 5) } else { 1 };
    let classes = d.size(1, 4.min(rows));
    let class_of_row: Vec<i64> = (0..rows)
        .map(|r| {
            if r < classes {
                -1 - r as i64
            } else {
                -1 - d.below(classes as u64) as i64
            }
        })
        .collect();
    let (empty, small) = (0.4 * d.unit(), 0.02 + 0.2 * d.unit());
    let scale = 1.0 + 4.0 * d.unit();
    let mut at: BTreeMap<Place, f64> = BTreeMap::new();
    for (r, class) in class_of_row.iter().enumerate() {
        for c in 0..columns as i64 {
            for l in 0..layers as i64 {
                let u = d.unit();
                let v = if u < empty {
                    0.0
                } else if u < empty + small {
                    1.0 + d.below(4) as f64
                } else {
                    (THRESHOLD + scale * (4.0 * d.unit()).exp()).floor()
                };
                for row in [r as i64, *class, ALL] {
                    for column in [c, ALL] {
                        for layer in if three { vec![l, ALL] } else { vec![0] } {
                            *at.entry([row, column, layer]).or_default() += v;
                        }
                    }
                }
            }
        }
    }
    // One class is the total again, one column its own margin: printed once.
    if classes == 1 {
        at.retain(|p, _| p[0] >= 0);
    }
    Table {
        class_of_row,
        columns: columns as i64,
        layers: layers as i64,
        at,
    }
}

/// The sums a reader of the printed table adds up: each place that is a margin and the places it sums.
fn sums(t: &Table) -> Vec<(Place, Vec<Place>)> {
    let mut out = Vec::new();
    let has = |p: &Place| t.at.contains_key(p);
    for &p in t.at.keys() {
        let mut add = |parts: Vec<Place>| {
            if parts.len() > 1 && parts.iter().all(has) {
                out.push((p, parts));
            }
        };
        let rows = 0..t.class_of_row.len() as i64;
        if p[0] == ALL {
            add(rows.clone().map(|r| [r, p[1], p[2]]).collect());
            let mut classes: Vec<i64> = t.class_of_row.clone();
            classes.sort_unstable();
            classes.dedup();
            add(classes.into_iter().map(|k| [k, p[1], p[2]]).collect());
        } else if p[0] < 0 {
            let mine = rows.filter(|r| t.class_of_row[*r as usize] == p[0]);
            let parts: Vec<Place> = mine.map(|r| [r, p[1], p[2]]).collect();
            if parts.iter().all(has) {
                out.push((p, parts));
                continue;
            }
        }
        if p[1] == ALL {
            add((0..t.columns).map(|c| [p[0], c, p[2]]).collect());
        }
        if p[2] == ALL {
            add((0..t.layers).map(|l| [p[0], p[1], l]).collect());
        }
    }
    out
}

fn system(t: &Table, sums: &[(Place, Vec<Place>)]) -> (System, BTreeMap<Place, usize>) {
    let mut s = System::default();
    let ids: BTreeMap<Place, usize> =
        t.at.iter()
            .map(|(p, &v)| {
                let id = s.add(Cell::shown(v));
                if v > 0.0 && v < THRESHOLD {
                    s.cells[id].protect(THRESHOLD);
                }
                (*p, id)
            })
            .collect();
    for (sum, parts) in sums {
        s.sum(ids[sum], parts.iter().map(|p| ids[p]));
    }
    (s, ids)
}

/// What an intruder knows: printed numbers, and which places are empty.
type Printed = BTreeMap<Place, Option<f64>>;

/// Small cells of which the reader can exclude nothing-at-all or the threshold. Works from the printed table alone:
/// one variable per hidden place, one equation per sum.
fn recovered(printed: &Printed, sums: &[(Place, Vec<Place>)], small: &[Place]) -> usize {
    let mut open: Vec<(Place, OptimizationDirection)> = small
        .iter()
        .flat_map(|&p| {
            [
                (p, OptimizationDirection::Minimize),
                (p, OptimizationDirection::Maximize),
            ]
        })
        .collect();
    let mut bad = 0;
    while let Some((target, direction)) = open.pop() {
        let mut lp = Problem::new(direction);
        let vars: BTreeMap<Place, _> = printed
            .iter()
            .filter(|(_, v)| v.is_none())
            .map(|(p, _)| {
                let price = if *p == target { 1.0 } else { 0.0 };
                let most = if *p == target {
                    THRESHOLD
                } else {
                    f64::INFINITY
                };
                (*p, lp.add_var(price, (0.0, most)))
            })
            .collect();
        for (sum, parts) in sums {
            let mut row = LinearExpr::empty();
            let mut right = 0.0;
            let mut unknown = false;
            for (p, sign) in parts.iter().map(|p| (p, 1.0)).chain([(sum, -1.0)]) {
                match printed[p] {
                    Some(v) => right -= sign * v,
                    None => {
                        row.add(vars[p], sign);
                        unknown = true;
                    }
                }
            }
            if unknown {
                lp.add_constraint(row, ComparisonOp::Eq, right);
            }
        }
        let solution = lp.solve().ok().and_then(|o| o.into_solution().ok());
        let Some(solution) = solution else {
            bad += 1;
            continue;
        };
        let value = |p: &Place| solution.var_value(vars[p]);
        let done = |p: &Place, d: OptimizationDirection| match d {
            OptimizationDirection::Minimize => value(p) < 1e-4,
            OptimizationDirection::Maximize => value(p) > THRESHOLD - 1e-4,
        };
        bad += usize::from(!done(&target, direction));
        // One possible table answers for every cell that is low or high in it.
        open.retain(|(p, d)| !done(p, *d));
    }
    bad
}

/// Hides as a careful person does by hand: in every sum with a lone hidden member, the smallest shown one too; until
/// every small cell is safe.
fn by_hand(s: &mut System) -> bool {
    for _ in 0..200 {
        let mut more: Vec<usize> = Vec::new();
        for row in &s.equations {
            let hidden = row.iter().filter(|(c, _)| s.cells[*c].hidden).count();
            if hidden == 1 {
                let shown = row.iter().map(|x| x.0).filter(|&c| !s.cells[c].hidden);
                more.extend(
                    shown.min_by(|&a, &b| {
                        s.cells[a].cost.total_cmp(&s.cells[b].cost).then(a.cmp(&b))
                    }),
                );
            }
        }
        if more.is_empty() {
            let open: Vec<usize> = super::attack(s, &[])
                .iter()
                .filter(|d| d.primary && !d.safe)
                .map(|d| d.cell)
                .collect();
            if open.is_empty() {
                return true;
            }
            for row in s
                .equations
                .iter()
                .filter(|r| r.iter().any(|(c, _)| open.contains(c)))
            {
                let shown = row.iter().map(|x| x.0).filter(|&c| !s.cells[c].hidden);
                more.extend(
                    shown.min_by(|&a, &b| {
                        s.cells[a].cost.total_cmp(&s.cells[b].cost).then(a.cmp(&b))
                    }),
                );
            }
            if more.is_empty() {
                return false;
            }
        }
        more.into_iter().for_each(|c| s.cells[c].hidden = true);
    }
    false
}

#[derive(Debug, Default, Clone)]
struct Tally {
    tables: usize,
    cells: usize,
    small: usize,
    refused: usize,
    recovered: usize,
    share: f64,
    share_first: f64,
    share_hand: f64,
    cost: f64,
    cost_first: f64,
    cost_hand: f64,
}

/// Protects and attacks one table; compares with two simpler ways when asked.
fn trial(seed: u64, compare: bool) -> (Tally, String) {
    let t = table(seed);
    let sums = sums(&t);
    let (mut s, ids) = system(&t, &sums);
    let bare = s.clone();
    let small: Vec<Place> = ids
        .iter()
        .filter(|(_, i)| s.cells[**i].primary)
        .map(|(p, _)| *p)
        .collect();
    let n = s.cells.len() as f64;
    let mut tally = Tally {
        tables: 1,
        cells: s.cells.len(),
        small: small.len(),
        ..Tally::default()
    };
    if hide(&mut s).is_err() {
        tally.refused = 1;
        return (tally, String::new());
    }
    let lost = |s: &System| -> (f64, f64) {
        let hidden = s.cells.iter().filter(|c| c.hidden);
        (
            hidden.clone().count() as f64 / n,
            hidden.map(|c| c.cost).sum(),
        )
    };
    (tally.share, tally.cost) = lost(&s);
    if compare {
        let mut other = bare.clone();
        let _ = hide_first_fit(&mut other);
        (tally.share_first, tally.cost_first) = lost(&other);
        let mut other = bare;
        by_hand(&mut other);
        (tally.share_hand, tally.cost_hand) = lost(&other);
    }
    let printed: Printed = ids
        .iter()
        .map(|(p, &i)| (*p, (!s.cells[i].hidden).then_some(s.cells[i].value)))
        .collect();
    tally.recovered = recovered(&printed, &sums, &small);
    let export = serde_json::json!({
        "seed": seed,
        "threshold": THRESHOLD,
        "printed": printed.values().collect::<Vec<_>>(),
        "small": ids.keys().enumerate().filter(|(_, p)| small.contains(p)).map(|(i, _)| i).collect::<Vec<_>>(),
        "sums": sums.iter().map(|(sum, parts)| {
            let id = |p: &Place| ids.keys().position(|q| q == p);
            (id(sum), parts.iter().map(id).collect::<Vec<_>>())
        }).collect::<Vec<_>>(),
    });
    (tally, export.to_string())
}

#[test]
fn random_tables_of_two_and_three_ways_give_no_small_cell_away() {
    let wanted = |name: &str| std::env::var(name).ok();
    let seeds = wanted("DISCLOSURE_TABLES").unwrap_or("100".into());
    let (from, to) = seeds.split_once('-').unwrap_or(("0", &seeds));
    let (from, to): (u64, u64) = (from.parse().unwrap(), to.parse().unwrap());
    let cases = to - from;
    let export = wanted("DISCLOSURE_EXPORT");
    let compare = cases >= 1_000 || export.is_some();
    let results: Vec<(Tally, String)> = (from..to)
        .into_par_iter()
        .map(|i| trial(i, compare))
        .collect();
    let mut all = Tally::default();
    for (t, _) in &results {
        all.tables += t.tables;
        all.cells += t.cells;
        all.small += t.small;
        all.refused += t.refused;
        all.recovered += t.recovered;
        all.share += t.share / cases as f64;
        all.share_first += t.share_first / cases as f64;
        all.share_hand += t.share_hand / cases as f64;
        all.cost += t.cost;
        all.cost_first += t.cost_first;
        all.cost_hand += t.cost_hand;
    }
    println!("{all:#?}");
    if let Some(path) = export {
        let lines: String = results
            .iter()
            .filter(|r| !r.1.is_empty())
            .flat_map(|r| [r.1.as_str(), "\n"])
            .collect();
        std::fs::write(path, lines).unwrap();
    }
    assert!(
        all.small > cases as usize,
        "too few small cells to mean anything"
    );
    assert_eq!(all.recovered, 0);
    // A table of next to nothing (all its cells small) has no table that hides them: it is refused, not printed.
    assert!(
        all.refused * 20 <= all.tables,
        "{} tables refused",
        all.refused
    );
}

#[test]
fn the_attack_finds_what_stands_open() {
    // With only its small cells hidden most tables give them away: an attack that found nothing would prove nothing.
    let mut found = 0;
    for seed in 0..40 {
        let t = table(seed);
        let sums = sums(&t);
        let (s, ids) = system(&t, &sums);
        let small: Vec<Place> = ids
            .iter()
            .filter(|(_, i)| s.cells[**i].primary)
            .map(|(p, _)| *p)
            .collect();
        let printed: Printed = ids
            .iter()
            .map(|(p, &i)| (*p, (!s.cells[i].hidden).then_some(s.cells[i].value)))
            .collect();
        found += usize::from(recovered(&printed, &sums, &small) > 0);
    }
    assert!(found >= 30, "{found} of 40");
}
