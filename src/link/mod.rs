//! Floor 2: which records are the same person (Fellegi and Sunter 1969, in Splink's terms; DOMAIN.md 1.10).
//!
//! Exact links first (intact NIK with agreeing birth date or name), then match weights over graded comparisons,
//! m and λ estimated without truth from deterministic rules, u from random pairs, then
//! clusters under constraints, then an analyst's decisions, which override everything.
//! Knows identities; knows nothing of episodes, figures or reports.

mod cluster;
mod compare;
mod decisions;
pub mod engine;
mod handles;
mod identity;
mod learn;
mod pairs;
mod plain;
mod pseudonym;
mod registry;
mod report;
mod spells;

pub use cluster::Held;
pub use decisions::{
    Decision, DecisionError, Decisions, append as append_decisions, word as decision_word,
};
pub use pairs::RuleReport;
pub use pseudonym::{PersonKey, PseudonymKey, RegistryError};
pub use registry::{Assigned, Change, Registry};
pub use report::LinkReport;

use crate::domain::history::LinkStrength;
use crate::domain::records::Records;
use crate::domain::{Members, Text, let_go};
use crate::workspace::Linkage;
use cluster::{Clusters, Edge, Evidence};
use compare::Pattern;
use decisions::Decided;
use engine::estimate::probability;
use engine::similarity::Positions;
use identity::Features;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use spells::Spells;

/// What the engine is told.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Thresholds.
    pub settings: &'a Linkage,
    /// An analyst's decisions.
    pub decisions: &'a Decisions,
    /// Persons of earlier months.
    pub registry: &'a Registry,
    /// Secret of this workspace.
    pub key: &'a PseudonymKey,
    /// Seed of the random pairs for u.
    pub seed: u64,
}

/// A doubtful pair for clerical review.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewPair {
    /// Index of the records in the order of `Records::identities`.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Match weight (log2 Bayes factor, prior included).
    pub weight: f64,
    /// Match probability.
    pub probability: f64,
    /// Levels of the comparisons, for the waterfall.
    pub pattern: [u8; compare::N],
    /// log2(m/u) of each comparison's level; 0 where a value is missing.
    pub parts: [f64; compare::N],
    /// log2 of the prior odds; what is left of the weight after prior and parts is the rarity of agreeing names.
    pub prior: f64,
    /// How decisions name the two.
    pub fingerprints: (Text, Text),
    /// What keeps the two apart although they are as alike as one person; `None`: they are not alike enough.
    pub held: Option<Held>,
}

/// A decision that this month's records speak against: an intact NIK came to light that says the opposite.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradicted {
    /// The pair decided on.
    pub pair: ReviewPair,
    /// What was decided: one person. It still holds.
    pub same: bool,
}

/// Names of the comparisons in the order of [`ReviewPair::pattern`]; texts are the locale keys `link.comparison.<id>`.
pub const COMPARISONS: [&str; compare::N] = compare::NAMES;

/// Who is who.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// Person per record, in the order of `Records::identities`; dense.
    pub person_of: Vec<u32>,
    /// How sure each person's links are.
    pub strength: Vec<LinkStrength>,
    /// The same under exact and decided links alone.
    pub strict_person_of: Vec<u32>,
    /// Strength of the strict persons.
    pub strict_strength: Vec<LinkStrength>,
    /// Doubtful pairs, most probable first: of two persons the most probable one.
    pub review: Vec<ReviewPair>,
    /// Two custody records, by index, for every two persons alike enough to be one but in two units at once: one of the
    /// two is wrong, or they are two people.
    pub overlaps: Vec<(u32, u32)>,
    /// Decisions that new records contradict.
    pub contradicted: Vec<Contradicted>,
    /// Keys and what changed since earlier months, for the registry.
    pub assigned: Assigned,
    /// What happened.
    pub report: LinkReport,
}

impl Links {
    /// The registry with this month's persons.
    pub fn updated_registry(&self, before: &Registry) -> Registry {
        before.with(&self.assigned)
    }

    /// Stable key per person.
    pub fn keys(&self) -> &[PersonKey] {
        &self.assigned.keys
    }
}

/// Links all records of a month.
pub fn link(records: &Records, options: &Options) -> Links {
    let trained = Trained::of(records, options);
    let links = trained.links(options);
    let_go(trained);
    links
}

/// Identities compared and a model learnt from them: what linking and explaining links both start from.
pub struct Trained {
    features: Features,
    /// Identity per record.
    node_of: Vec<u32>,
    spells: Spells,
    key: PseudonymKey,
    exact: Vec<(u32, u32)>,
    /// Doubtful and likely pairs, best first.
    scored: Vec<Edge>,
    pairs: u64,
    model: learn::Model,
    blocking: Vec<RuleReport>,
}

impl Trained {
    /// Learns m, u and λ from the identities of all records, and compares all pairs that blocking brings together; of
    /// these only the doubtful and the likely are kept.
    pub fn of(records: &Records, options: &Options) -> Trained {
        let (mut features, mut node_of) = Features::of(records);
        let (spells, moved) = Spells::of(records, &mut node_of, features.len());
        features.split(moved, &node_of);
        let registered = || pairs::registered(&records.custody, &node_of);
        let (exact, (near, twins)) = rayon::join(
            || pairs::exact(&features, &registered()),
            || pairs::teaching(&features),
        );
        let model = learn::train(&features, &exact, &near, &twins, options.seed);
        drop((near, twins));
        let floor = learn::weight_of(options.settings.review_probability.min(0.2));
        let link = learn::weight_of(options.settings.link_probability);
        let within_reach = model.within_reach(floor);
        let others_at_most = model.others_at_most();
        let blocks = pairs::Blocks::of(&features);
        let (mut scored, pairs, blocking) = blocks.visit(
            &features,
            |kept: &mut Vec<Edge>, positions, (a, x), (b, y)| {
                let mut pattern = compare::without_words(x, y);
                // Most pairs cannot reach the floor whatever their names are.
                if !within_reach[compare::cheap(pattern)] {
                    return false;
                }
                pattern |= compare::names(&features, a, b, positions);
                // Nor most of the others with the names they have.
                if model.weight(&features, a, b, pattern) + others_at_most < floor {
                    return false;
                }
                pattern |= compare::others(&features, a, b, positions);
                let weight = model.weight(&features, a, b, pattern);
                if weight >= floor {
                    kept.push(Edge {
                        weight,
                        a,
                        b,
                        pattern,
                    });
                }
                weight >= link
            },
        );
        drop(blocks);
        // Of pairs as good as each other those come first whose identities share their NIK with most others: a mistyped
        // NIK stands alone, and must not draw the records without one to itself.
        let mut attested = vec![0u32; features.len()];
        for &(a, b) in &exact {
            attested[a as usize] += 1;
            attested[b as usize] += 1;
        }
        let rank = |s: &Edge| attested[s.a as usize] + attested[s.b as usize];
        scored.par_sort_unstable_by(|x, y| {
            (y.weight.total_cmp(&x.weight))
                .then_with(|| rank(y).cmp(&rank(x)))
                .then((x.a, x.b).cmp(&(y.a, y.b)))
        });
        Trained {
            features,
            node_of,
            spells,
            key: options.key.clone(),
            exact,
            scored,
            pairs,
            model,
            blocking,
        }
    }

    /// A pair of identities as a person reviews it; `records` stand for them.
    fn pair(
        &self,
        (a, b): (u32, u32),
        records: (u32, u32),
        weight: f64,
        pattern: Pattern,
    ) -> ReviewPair {
        let fingerprint = |i: u32| self.features.fingerprint(i, &self.key);
        ReviewPair {
            a: records.0,
            b: records.1,
            weight,
            probability: probability(weight),
            pattern: std::array::from_fn(|c| compare::level(pattern, c)),
            parts: self.model.parts(pattern),
            prior: self.model.prior(),
            fingerprints: (fingerprint(a), fingerprint(b)),
            held: None,
        }
    }

    /// Who is who.
    pub fn links(&self, options: &Options) -> Links {
        let features = &self.features;
        let threshold = learn::weight_of(options.settings.link_probability);
        let decided = options.decisions.pairs(features, &self.key);
        let evidence = Evidence {
            features,
            spells: &self.spells,
        };
        let build =
            |edges: &[Edge]| Clusters::build(evidence, &self.exact, edges, threshold, &decided);
        // The last takes longest and works alone: the other thread makes the handles meanwhile.
        let (all, (strict, handles)) = rayon::join(
            || build(&self.scored),
            || {
                let strict = build(&[]);
                (strict, handles::own_handles(features, options.key))
            },
        );
        let contradicted = self.contradicted(&decided, threshold);

        let ((person_of, strength, persons), (strict_person_of, strict_strength, _)) = rayon::join(
            || all.records(&self.node_of, &strict),
            || strict.records(&self.node_of, &strict),
        );
        let why = all.reasons();
        let (assigned, (review, overlaps, kinds)) = rayon::join(
            || options.registry.assign(&handles, &persons, options.key),
            || {
                let from = options.settings.review_probability;
                let review = self.doubtful(&all, &why, &decided, from);
                let overlaps = self.overlaps(&why, &all, &person_of, &persons);
                (review, overlaps, self.kinds(&all, &person_of, &strength))
            },
        );
        let violations = (0..persons.len() as u32)
            .into_par_iter()
            .map(|p| persons.get(p))
            .filter(|nodes| !all.decided[all.person[nodes[0] as usize] as usize])
            .map(|nodes| evidence.violations(nodes))
            .sum();
        let held = |why: &Held| all.held.values().filter(|h| *h == why).count() as u64;
        let merged = assigned.changes.iter().filter(|c| c.merged).count() as u64;
        let report = LinkReport {
            identities: features.len() as u64,
            blocking: self.blocking.clone(),
            pairs: self.pairs,
            kinds,
            lambda: self.model.lambda(),
            parameters: self.model.parameters(),
            held: Held::ALL.iter().map(|h| (h.id(), held(h))).collect(),
            violations,
            overlaps: overlaps.len() as u64,
            decisions: (decided.same.len() + decided.different.len()) as u64,
            contradicted: contradicted.len() as u64,
            changes: (merged, assigned.changes.len() as u64 - merged),
        };
        Links {
            person_of,
            strength,
            strict_person_of,
            strict_strength,
            review,
            overlaps,
            contradicted,
            assigned,
            report,
        }
    }

    /// Records by how sure their links are: exact, likely, decided, alone.
    fn kinds(&self, clusters: &Clusters, person_of: &[u32], strength: &[LinkStrength]) -> [u64; 4] {
        let mut kinds = [0; 4];
        for (&p, &node) in person_of.iter().zip(&self.node_of) {
            let root = clusters.person[node as usize] as usize;
            let k = match strength.get(p as usize) {
                _ if clusters.decided[root] => 2,
                Some(LinkStrength::Strict) => 0,
                Some(LinkStrength::Likely) => 1,
                _ => 3,
            };
            kinds[k] += 1;
        }
        kinds
    }

    /// One overlap of stays for every two persons that are held apart by it, by their records.
    fn overlaps(
        &self,
        why: &FxHashMap<(u32, u32), Held>,
        clusters: &Clusters,
        person_of: &[u32],
        persons: &Members,
    ) -> Vec<(u32, u32)> {
        let nodes = |root: u32| {
            // Roots are identities; the person of an identity is that of its first record.
            let first = self.features.first_record[clusters.person[root as usize] as usize];
            persons.get(person_of[first as usize])
        };
        let mut out: Vec<(u32, u32)> = why
            .iter()
            .filter(|(_, held)| **held == Held::Custody)
            .filter_map(|(&(x, y), _)| self.spells.overlap(nodes(x), nodes(y)))
            .map(|(s, t)| (s.record().min(t.record()), s.record().max(t.record())))
            .collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    fn record(&self, identity: u32) -> u32 {
        self.features.first_record[identity as usize]
    }

    /// The doubtful pairs of different persons: of two persons the most probable one, unless somebody has decided.
    fn doubtful(
        &self,
        clusters: &Clusters,
        why: &FxHashMap<(u32, u32), Held>,
        decided: &Decided,
        from: f64,
    ) -> Vec<ReviewPair> {
        let person = |i: u32| clusters.person[i as usize];
        let persons = |a: u32, b: u32| {
            let (x, y) = (person(a), person(b));
            (x.min(y), x.max(y))
        };
        // A decision on one pair speaks for all pairs of the two persons.
        let mut seen: FxHashSet<(u32, u32)> = decided
            .different
            .iter()
            .map(|&(a, b)| persons(a, b))
            .collect();
        let from = learn::weight_of(from);
        let mut out = Vec::new();
        for e in &self.scored {
            if e.weight < from || person(e.a) == person(e.b) {
                continue;
            }
            let both = persons(e.a, e.b);
            if !seen.insert(both) {
                continue;
            }
            let records = (self.record(e.a), self.record(e.b));
            out.push(ReviewPair {
                held: why.get(&both).copied(),
                ..self.pair((e.a, e.b), records, e.weight, e.pattern)
            });
        }
        out
    }

    /// Decisions that an intact NIK found since speaks against. The NIK of an identity is its own, else the one that
    /// all identities linked to it agree on; a pair whose own two NIK said so already was decided with open eyes.
    fn contradicted(&self, decided: &Decided, threshold: f64) -> Vec<Contradicted> {
        let concerned: FxHashSet<u32> = (decided.same.iter().chain(&decided.different))
            .flat_map(|&(a, b)| [a, b])
            .collect();
        if concerned.is_empty() {
            return Vec::new();
        }
        let nik = |i: u32| self.features.plain[i as usize].nik();
        let mut of: FxHashMap<u32, Vec<(u32, u64)>> = FxHashMap::default();
        let likely = self
            .scored
            .iter()
            .take_while(|e| e.weight >= threshold)
            .map(|e| (e.a, e.b));
        for (a, b) in self.exact.iter().copied().chain(likely) {
            for (x, y) in [(a, b), (b, a)] {
                if let Some(n) = nik(y).filter(|_| concerned.contains(&x)) {
                    of.entry(x).or_default().push((y, n));
                }
            }
        }
        // Evidence on one side that does not come from the other side of the decision.
        let evidence = |i: u32, other: u32| -> Option<u64> {
            if let Some(n) = nik(i) {
                return Some(n);
            }
            let mut all = of.get(&i)?.iter().filter(|(y, _)| *y != other);
            let first = all.next()?.1;
            all.all(|(_, n)| *n == first).then_some(first)
        };
        let speaks = |&(a, b): &(u32, u32), same: bool| {
            let (x, y) = (evidence(a, b)?, evidence(b, a)?);
            let open_eyes = nik(a).is_some() && nik(b).is_some();
            (!open_eyes && (x == y) != same).then(|| Contradicted {
                pair: self.weigh((a, self.record(a)), (b, self.record(b))),
                same,
            })
        };
        let mut out: Vec<Contradicted> = (decided.same.iter())
            .filter_map(|p| speaks(p, true))
            .chain(decided.different.iter().filter_map(|p| speaks(p, false)))
            .collect();
        out.sort_by_key(|c| (c.pair.a, c.pair.b));
        out
    }

    /// A pair of identities, each with a record of it, compared anew.
    fn weigh(&self, (a, ra): (u32, u32), (b, rb): (u32, u32)) -> ReviewPair {
        let pattern = compare::pattern(&self.features, a, b, &mut Positions::default());
        let weight = self.model.weight(&self.features, a, b, pattern);
        self.pair((a, b), (ra, rb), weight, pattern)
    }

    /// The strongest pairs that hold some records together, best first from the first of them: why they are one person.
    ///
    /// Records of the very same content are one identity and make no pair.
    pub fn why(&self, members: &[u32]) -> Vec<ReviewPair> {
        let mut nodes: Vec<(u32, u32)> = members
            .iter()
            .filter_map(|&m| self.node_of.get(m as usize).map(|&n| (n, m)))
            .collect();
        nodes.sort_unstable();
        nodes.dedup_by_key(|(n, _)| *n);
        let Some((&first, rest)) = nodes.split_first() else {
            return Vec::new();
        };
        // Each identity outside with its best edge to those inside (Prim's spanning tree).
        let mut outside: Vec<((u32, u32), ReviewPair)> =
            rest.iter().map(|&y| (y, self.weigh(first, y))).collect();
        let mut out = Vec::new();
        while let Some(k) = (0..outside.len()).max_by(|&i, &j| {
            let weight = |k: usize| outside[k].1.weight;
            weight(i).total_cmp(&weight(j)).then(j.cmp(&i))
        }) {
            let (x, pair) = outside.remove(k);
            out.push(pair);
            for (y, best) in &mut outside {
                let pair = self.weigh(x, *y);
                if pair.weight >= best.weight {
                    *best = pair;
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests;
