//! The generic linkage engine: any lists, a declared model, no truth (Fellegi and Sunter 1969, in Splink's terms).
//!
//! ```text
//! files      list         columns of numbered values         (column, expression: values made from values)
//! Lists      blocking     pairs that share a block, streamed, each once
//! pairs      level        levels of agreement, a pattern     (similarity: of two texts)
//! patterns   estimate     m, u, λ from counts of patterns
//! weights    cluster      groups under constraints
//! ```
//!
//! Records are put into an order of their content first: neither the order of rows nor threads change a result.
//! No list of all pairs is ever held: only those near enough to be written out. Knows nothing of registers or figures.

mod accuracy;
pub(super) mod agree;
pub(super) mod birth_date;
pub(super) mod blocking;
mod cluster;
pub(super) mod column;
mod declared;
pub(super) mod estimate;
mod expression;
mod level;
mod list;
mod model;
mod named;
pub(super) mod nik;
mod page;
mod parameters;
pub(super) mod person_name;
mod prepared;
mod ready;
pub(super) mod rule;
pub(super) mod similarity;
pub(super) mod texts;
mod write;

pub use accuracy::{Accuracy, AtThreshold, Share};
pub use blocking::RuleCount;
pub use cluster::Refused;
pub use estimate::{Estimates, bits, probability};
pub use expression::FUNCTIONS;
pub use level::{DIFFERENT, NO_EVIDENCE, TESTS};
pub use list::{ListError, Lists};
pub use model::{Block, Compared, Model, ModelError, THRESHOLD};
pub use named::NAMED;
pub use page::page;
pub use parameters::{ParametersError, read as read_parameters};
pub use write::{WriteError, Written, write};

use column::{MISSING, mix};
use estimate::{Counted, RARITY_STEPS};
use level::{Comparison, Scratch};
use rayon::prelude::*;
use ready::{Ready, prepare};
use rustc_hash::FxHashMap;

/// Random pairs for u.
const RANDOM_PAIRS: u64 = 300_000;
/// Blocked pairs that teach m and λ; of more, a sample of about so many.
const TRAINING_PAIRS: u64 = 3_000_000;
/// Blocked pairs that are kept with their levels between learning and weighing; more are compared anew.
const KEPT_PAIRS: u64 = 1_000_000;
/// Range of the distribution of weights, in whole bits either way.
pub const WEIGHTS: i32 = 120;

/// A pair worth writing out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Record (place in [`Lists`]).
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Match weight in bits, prior and rarity included.
    pub weight: f64,
    /// Levels, four bits a comparison.
    pub pattern: u64,
    /// Bits of it that the rarity of agreeing values gives.
    pub rarity: f32,
    /// Blocking rules that found it, a bit each.
    pub rules: u32,
    /// Why it was not joined although probable enough.
    pub refused: Option<Refused>,
}

impl Pair {
    /// The level of a comparison.
    pub fn level(&self, comparison: usize) -> u8 {
        (self.pattern >> (4 * comparison)) as u8 & 15
    }
}

/// What came of linking lists.
#[derive(Debug, Clone, Default)]
pub struct Linked {
    /// Pairs from the review probability up, strongest first.
    pub pairs: Vec<Pair>,
    /// Cluster of each record, numbered from 1 in the order of their content.
    pub cluster: Vec<u32>,
    /// Counts per blocking rule, over all pairs compared.
    pub blocking: Vec<RuleCount>,
    /// The same over linked pairs.
    pub blocking_links: Vec<RuleCount>,
    /// Pairs compared.
    pub compared: u64,
    /// Pairs there are.
    pub possible: f64,
    /// What was learnt; `None` when there were no two records.
    pub estimates: Option<Estimates>,
    /// Pairs compared per whole bit of weight, from −[`WEIGHTS`] to +[`WEIGHTS`].
    pub distribution: Vec<u64>,
    /// Records that say too little to be linked even with themselves.
    pub unlinkable: u64,
    /// Precision and recall, where the lists have a column of the truth.
    pub accuracy: Option<Accuracy>,
}

impl Linked {
    /// Linked pairs that alone hold two parts of a cluster together, strongest first (Tarjan 1974).
    pub fn bridges(&self, model: &Model) -> Vec<Pair> {
        let enough = bits(model.threshold);
        let joins = |p: &&Pair| p.weight >= enough && p.refused.is_none();
        let pairs: Vec<&Pair> = self.pairs.iter().filter(joins).collect();
        let n = self.cluster.len();
        let ends = pairs
            .iter()
            .zip(0u32..)
            .flat_map(|(p, e)| [(p.a, e), (p.b, e)]);
        let edges = crate::domain::Members::of(ends, n);
        let other = |e: u32, i: u32| {
            let p = pairs[e as usize];
            if p.a == i { p.b } else { p.a }
        };
        let (mut order, mut low) = (vec![0u32; n], vec![0u32; n]);
        let mut bridge = vec![false; pairs.len()];
        let mut last = 0;
        for start in 0..n as u32 {
            if order[start as usize] != 0 || edges.get(start).is_empty() {
                continue;
            }
            last += 1;
            (order[start as usize], low[start as usize]) = (last, last);
            // Record, the pair it was reached by, and how many of its pairs are done.
            let mut path: Vec<(u32, u32, usize)> = vec![(start, u32::MAX, 0)];
            while let Some(&mut (i, by, ref mut done)) = path.last_mut() {
                let next = edges.get(i).get(*done).copied();
                *done += 1;
                match next {
                    Some(e) if e == by => {}
                    Some(e) => {
                        let j = other(e, i);
                        if order[j as usize] == 0 {
                            last += 1;
                            (order[j as usize], low[j as usize]) = (last, last);
                            path.push((j, e, 0));
                        } else {
                            low[i as usize] = low[i as usize].min(order[j as usize]);
                        }
                    }
                    None => {
                        path.pop();
                        if let Some(&(parent, ..)) = path.last() {
                            low[parent as usize] = low[parent as usize].min(low[i as usize]);
                            bridge[by as usize] = low[i as usize] > order[parent as usize];
                        }
                    }
                }
            }
        }
        // Of a cluster of two the one pair is no bridge worth a look.
        let alone = |p: &Pair| edges.get(p.a).len() == 1 && edges.get(p.b).len() == 1;
        let found = pairs.iter().zip(&bridge).filter(|(p, b)| **b && !alone(p));
        found.map(|(p, _)| **p).collect()
    }
}

/// A pair with its levels.
#[derive(Debug, Clone, Copy)]
struct Levels {
    a: u32,
    b: u32,
    rules: u32,
    rarity: f32,
    pattern: u64,
}

/// What a piece of work finds.
struct Found {
    pairs: Vec<Pair>,
    distribution: Vec<u64>,
    accuracy: Accuracy,
    sets: FxHashMap<u32, u64>,
    scratch: Scratch,
}

impl Default for Found {
    fn default() -> Self {
        Found {
            pairs: Vec::new(),
            distribution: vec![0; 2 * WEIGHTS as usize + 1],
            accuracy: Accuracy::empty(),
            sets: FxHashMap::default(),
            scratch: Scratch::default(),
        }
    }
}

/// Rarity in whole steps.
fn steps(rarity: f32) -> i16 {
    (rarity * RARITY_STEPS).round() as i16
}

/// Links the records of lists under a model: duplicates within one list, or the same persons in several.
///
/// With several lists pairs within a list are not compared when the model says `one_to_one` or `only_between`, and are
/// otherwise. With parameters learnt before nothing is learnt: lists of two rows can be weighed then.
pub fn link_lists(lists: &Lists, model: &Model, learnt: Option<&Estimates>) -> Linked {
    if lists.records() < 2 {
        return Linked {
            cluster: (1..=lists.records() as u32).collect(),
            ..Linked::default()
        };
    }
    let p = prepare(lists, model);
    let levels: Vec<usize> = p
        .comparer
        .comparisons
        .iter()
        .map(Comparison::levels)
        .collect();
    if let Some(learnt) = learnt {
        return p.linked(model, learnt.clone(), None);
    }
    let random = p.random();
    let (blocked, kept) = p.training();
    let estimates = Estimates::learn(&levels, &random, &blocked, p.place.len() as f64, p.possible);
    p.linked(model, estimates, kept)
}

/// Patterns counted, in an order of their own.
fn counted(maps: Vec<FxHashMap<(u64, i16), u64>>, each: f64) -> Vec<Counted> {
    let mut all: FxHashMap<(u64, i16), u64> = FxHashMap::default();
    for (k, n) in maps.into_iter().flatten() {
        *all.entry(k).or_default() += n;
    }
    let mut out: Vec<((u64, i16), u64)> = all.into_iter().collect();
    out.sort_unstable();
    out.into_iter()
        .map(|((pattern, rarity), n)| Counted {
            pattern,
            rarity,
            pairs: n as f64 * each,
        })
        .collect()
}

impl Ready {
    fn row(&self, i: u32) -> &[u32] {
        &self.rows[i as usize * self.width..][..self.width]
    }

    fn compare(&self, a: u32, b: u32, scratch: &mut Scratch) -> (u64, f32) {
        let (x, y) = (self.row(a), self.row(b));
        let pattern = self.comparer.pattern(x, y, scratch);
        (pattern, self.comparer.rarity(pattern, x, y))
    }

    fn count(&self, map: &mut FxHashMap<(u64, i16), u64>, a: u32, b: u32, scratch: &mut Scratch) {
        let (pattern, rarity) = self.compare(a, b, scratch);
        *map.entry((pattern, steps(rarity))).or_default() += 1;
    }

    /// Whether two records are one person in truth, where it is known of both.
    fn same_label(&self, a: u32, b: u32) -> Option<bool> {
        let of = self.label.as_ref()?;
        let (x, y) = (of[a as usize], of[b as usize]);
        (x != MISSING && y != MISSING).then_some(x == y)
    }

    /// What there was to find, and what the clusters found of it.
    fn accuracy(&self, pairs: Accuracy, cluster: &[u32]) -> Accuracy {
        let label = self.label.as_deref().unwrap_or_default();
        let known = (0..label.len()).filter(|&i| label[i] != MISSING);
        let all: Vec<(u32, u32, u16)> = known
            .map(|i| (label[i], cluster[self.place[i] as usize], self.list[i]))
            .collect();
        // Pairs of equal keys, less those within a list where such are not compared.
        let equal = |key: fn(&(u32, u32, u16)) -> (u32, u32)| {
            let count = |keys: Vec<(u32, u32, u16)>| {
                let mut keys = keys;
                keys.sort_unstable();
                let same = keys.chunk_by(|x, y| x == y);
                same.map(|g| g.len() as u64 * (g.len() as u64 - 1) / 2)
                    .sum::<u64>()
            };
            let with = |list: bool| {
                let keys = all.iter().map(|r| {
                    let (x, y) = key(r);
                    (x, y, if list { r.2 } else { 0 })
                });
                count(keys.collect())
            };
            with(false) - if self.between { with(true) } else { 0 }
        };
        Accuracy {
            all: equal(|r| (r.0, 0)),
            clustered: (equal(|r| (r.0, r.1)), equal(|r| (r.1, 0))),
            ..pairs
        }
    }

    /// Patterns of pairs drawn at random; of short lists, of all pairs.
    fn random(&self) -> Vec<Counted> {
        let n = self.place.len() as u64;
        let start = || (FxHashMap::default(), Scratch::default());
        let may = |a: u32, b: u32| {
            a != b && !(self.between && self.list[a as usize] == self.list[b as usize])
        };
        let all = n * (n - 1) / 2 <= RANDOM_PAIRS;
        let draws = if all { n } else { RANDOM_PAIRS };
        let maps: Vec<_> = (0..draws)
            .collect::<Vec<u64>>()
            .par_chunks(1 << 13)
            .map(|chunk| {
                let (mut map, mut scratch) = start();
                for &k in chunk {
                    if all {
                        for b in k as u32 + 1..n as u32 {
                            if may(k as u32, b) {
                                self.count(&mut map, k as u32, b, &mut scratch);
                            }
                        }
                    } else {
                        let z = mix(k + 1);
                        let low = |x: u64| (((x & 0xFFFF_FFFF) * n) >> 32) as u32;
                        let (a, b) = (low(z), low(z >> 32));
                        if may(a, b) {
                            self.count(&mut map, a, b, &mut scratch);
                        }
                    }
                }
                map
            })
            .collect();
        counted(maps, 1.0)
    }

    /// Patterns of blocked pairs, of very many a sample by the content of the pair; few pairs are kept as they are.
    fn training(&self) -> (Vec<Counted>, Option<Vec<Vec<Levels>>>) {
        let all = self.blocking.at_most();
        let one_in = all.div_ceil(TRAINING_PAIRS).max(1);
        let most = u64::MAX / one_in;
        let keep = all <= KEPT_PAIRS;
        let found = self.blocking.visit(
            || (FxHashMap::default(), Vec::new(), Scratch::default()),
            |(map, kept, scratch), a, b, rules| {
                if one_in == 1 || mix(u64::from(a) << 32 | u64::from(b)) <= most {
                    let (pattern, rarity) = self.compare(a, b, scratch);
                    *map.entry((pattern, steps(rarity))).or_default() += 1;
                    if keep {
                        kept.push(Levels {
                            a,
                            b,
                            rules,
                            rarity,
                            pattern,
                        });
                    }
                }
            },
        );
        let (maps, kept) = found.into_iter().map(|(map, kept, _)| (map, kept)).unzip();
        (counted(maps, one_in as f64), keep.then_some(kept))
    }

    fn linked(
        &self,
        model: &Model,
        estimates: Estimates,
        kept: Option<Vec<Vec<Levels>>>,
    ) -> Linked {
        let least = bits(model.review);
        let take = |f: &mut Found, l: Levels| {
            let weight = estimates.weight(l.pattern, l.rarity);
            let bin = (weight.round() as i32).clamp(-WEIGHTS, WEIGHTS) + WEIGHTS;
            f.distribution[bin as usize] += 1;
            if let Some(same) = self.same_label(l.a, l.b) {
                let counts = match same {
                    true => &mut f.accuracy.same,
                    false => &mut f.accuracy.different,
                };
                counts[bin as usize] += 1;
            }
            *f.sets.entry(l.rules).or_default() += 1;
            if weight >= least {
                f.pairs.push(Pair {
                    a: l.a,
                    b: l.b,
                    weight,
                    pattern: l.pattern,
                    rarity: l.rarity,
                    rules: l.rules,
                    refused: None,
                });
            }
        };
        let found: Vec<Found> = match kept {
            Some(kept) => kept
                .into_par_iter()
                .map(|piece| {
                    let mut f = Found::default();
                    piece.into_iter().for_each(|l| take(&mut f, l));
                    f
                })
                .collect(),
            None => self.blocking.visit(Found::default, |f, a, b, rules| {
                let (pattern, rarity) = self.compare(a, b, &mut f.scratch);
                let levels = Levels {
                    a,
                    b,
                    rules,
                    rarity,
                    pattern,
                };
                take(f, levels);
            }),
        };
        let mut out = Linked {
            possible: self.possible,
            distribution: vec![0; 2 * WEIGHTS as usize + 1],
            ..Linked::default()
        };
        let mut sets: FxHashMap<u32, u64> = FxHashMap::default();
        let mut accuracy = Accuracy::empty();
        for f in found {
            let sums = [
                (&mut accuracy.same, f.accuracy.same),
                (&mut accuracy.different, f.accuracy.different),
            ];
            for (sum, part) in sums {
                sum.iter_mut().zip(part).for_each(|(n, m)| *n += m);
            }
            out.pairs.extend(f.pairs);
            for (sum, n) in out.distribution.iter_mut().zip(f.distribution) {
                *sum += n;
            }
            for (set, n) in f.sets {
                *sets.entry(set).or_default() += n;
            }
        }
        out.compared = sets.values().sum();
        out.blocking = self.blocking.counts(sets.into_iter());
        out.pairs.par_sort_unstable_by(|x, y| {
            y.weight
                .total_cmp(&x.weight)
                .then((x.a, x.b).cmp(&(y.a, y.b)))
        });

        let enough = bits(model.threshold);
        let links = out.pairs.partition_point(|p| p.weight >= enough);
        let constraints = cluster::Constraints {
            never_differ: self.never_differ.iter().map(Vec::as_slice).collect(),
            one_to_one: (self.between && model.one_to_one).then_some(&self.list),
        };
        let scratch = std::cell::RefCell::new(Scratch::default());
        let weigh = |a: u32, b: u32| {
            let (pattern, rarity) = self.compare(a, b, &mut scratch.borrow_mut());
            estimates.weight(pattern, rarity)
        };
        let edges = out.pairs[..links].iter().map(|p| (p.a, p.b));
        let clusters = cluster::cluster(self.place.len(), edges, &constraints, weigh);
        for (i, reason) in clusters.refused {
            out.pairs[i].refused = Some(reason);
        }
        let links = out.pairs[..links].iter().filter(|p| p.refused.is_none());
        out.blocking_links = self.blocking.counts(links.map(|p| (p.rules, 1)));
        // Numbers of clusters follow the order of content, places that of the lists.
        let mut number = vec![0u32; self.place.len()];
        let mut last = 0;
        out.cluster = vec![0; self.place.len()];
        for (i, &root) in clusters.root.iter().enumerate() {
            if number[root as usize] == MISSING {
                last += 1;
                number[root as usize] = last;
            }
            out.cluster[self.place[i] as usize] = number[root as usize];
        }
        for p in &mut out.pairs {
            (p.a, p.b) = (self.place[p.a as usize], self.place[p.b as usize]);
        }
        let enough = bits(model.threshold);
        let unlinkable = (0..self.place.len() as u32).into_par_iter().map_init(
            Scratch::default,
            |scratch, i| {
                let (pattern, rarity) = self.compare(i, i, scratch);
                u64::from(estimates.weight(pattern, rarity) < enough)
            },
        );
        out.unlinkable = unlinkable.sum();
        out.accuracy = self
            .label
            .is_some()
            .then(|| self.accuracy(accuracy, &out.cluster));
        out.estimates = Some(estimates);
        out
    }
}

#[cfg(test)]
mod tests;
