//! Floor 2: which records are the same person (Fellegi and Sunter 1969, in Splink's terms; DOMAIN.md 1.10).
//!
//! Exact links first (intact NIK with agreeing birth date or name), then match weights over graded comparisons,
//! m and λ estimated without truth from deterministic rules, u from random pairs, then
//! clusters under constraints, then an analyst's decisions, which override everything.
//! Knows identities; knows nothing of episodes, figures or reports.

mod cluster;
mod compare;
mod decisions;
mod em;
pub mod engine;
mod pairs;
mod registry;

pub use decisions::{
    Decision, DecisionError, Decisions, append as append_decisions, word as decision_word,
};
pub use registry::{PersonKey, PseudonymKey, Registry, RegistryError};

use crate::domain::Text;
use crate::domain::history::LinkStrength;
use crate::domain::records::Records;
use crate::workspace::Linkage;
use compare::Features;

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
}

/// Names of the comparisons in the order of [`ReviewPair::pattern`]; texts are the locale keys `link.comparison.<id>`.
pub const COMPARISONS: [&str; compare::N] = compare::NAMES;

/// What happened while linking.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkReport {
    /// Distinct identities compared.
    pub identities: u64,
    /// Pairs per blocking rule.
    pub blocking: Vec<(&'static str, u64)>,
    /// Pairs compared.
    pub pairs: u64,
    /// Records linked exactly, by probability, by decision, not at all.
    pub kinds: [u64; 4],
    /// λ: probability that two random compared identities match.
    pub lambda: f64,
    /// m and u per comparison and level.
    pub parameters: Vec<(&'static str, Vec<(f64, f64)>)>,
}

impl LinkReport {
    /// (kind id, records) for the quality sheet.
    pub fn link_kinds(&self) -> Vec<(Text, u64)> {
        ["exact", "probabilistic", "decided", "none"]
            .into_iter()
            .map(Text::from)
            .zip(self.kinds)
            .collect()
    }
}

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
    /// Stable key per person.
    pub keys: Vec<PersonKey>,
    /// Doubtful pairs, most probable first.
    pub review: Vec<ReviewPair>,
    /// What happened.
    pub report: LinkReport,
}

impl Links {
    /// The registry with this month's persons.
    pub fn updated_registry(&self, before: &Registry) -> Registry {
        before.with(&self.keys)
    }
}

/// Links all records of a month.
pub fn link(records: &Records, options: &Options) -> Links {
    Trained::of(records, options).links(options)
}

/// Identities compared and a model learnt from them: what linking and explaining links both start from.
pub struct Trained {
    features: Features,
    /// Identity per record.
    node_of: Vec<u32>,
    exact: Vec<(u32, u32)>,
    blocked: Vec<(u32, u32)>,
    patterns: Vec<[u8; compare::N]>,
    model: em::Model,
    blocking: Vec<(&'static str, u64)>,
}

impl Trained {
    /// Compares the identities of all records and learns m, u and λ.
    pub fn of(records: &Records, options: &Options) -> Trained {
        // Records with the very same identity are one node: lists repeat people every month.
        let (features, node_of) = Features::of(records, options.key);
        let exact = pairs::exact(&features);
        let mut blocking = Vec::new();
        let blocked = pairs::blocked(&features, &mut blocking);
        let patterns = compare::patterns(&features, &blocked);
        let model = em::train(&features, &exact, &blocked, &patterns, options.seed);
        Trained {
            features,
            node_of,
            exact,
            blocked,
            patterns,
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
        pattern: [u8; compare::N],
    ) -> ReviewPair {
        let fingerprint = |i: u32| self.features.all[i as usize].fingerprint.clone();
        ReviewPair {
            a: records.0,
            b: records.1,
            weight,
            probability: em::probability(weight),
            pattern,
            parts: self.model.parts(&pattern),
            prior: self.model.prior(),
            fingerprints: (fingerprint(a), fingerprint(b)),
        }
    }

    /// Who is who.
    pub fn links(&self, options: &Options) -> Links {
        let Trained {
            features,
            node_of,
            exact,
            blocked,
            patterns,
            model,
            blocking,
        } = self;
        let mut report = LinkReport {
            identities: features.len() as u64,
            blocking: blocking.clone(),
            pairs: blocked.len() as u64,
            lambda: model.lambda,
            parameters: model.parameters(),
            ..LinkReport::default()
        };
        let mut scored: Vec<(f64, u32, u32, [u8; compare::N])> = blocked
            .iter()
            .zip(patterns)
            .map(|(&(a, b), p)| (model.weight(features, a, b, p), a, b, *p))
            .filter(|(w, ..)| em::probability(*w) >= options.settings.review_probability.min(0.2))
            .collect();
        scored.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));

        let decided = options.decisions.pairs(features);
        let strict = cluster::Clusters::build(features, exact, &[], &decided);
        let likely_edges: Vec<(u32, u32)> = scored
            .iter()
            .filter(|(w, ..)| em::probability(*w) >= options.settings.link_probability)
            .map(|&(_, a, b, _)| (a, b))
            .collect();
        let all = cluster::Clusters::build(features, exact, &likely_edges, &decided);

        let review = scored
            .iter()
            .filter(|(w, a, b, _)| {
                let p = em::probability(*w);
                p >= options.settings.review_probability
                    && all.person[*a as usize] != all.person[*b as usize]
                    && !decided.covers(*a, *b)
            })
            .map(|&(weight, a, b, pattern)| {
                let record = |i: u32| features.first_record[i as usize];
                self.pair((a, b), (record(a), record(b)), weight, pattern)
            })
            .collect();

        let (person_of, strength, persons) = all.records(node_of, &strict);
        let (strict_person_of, strict_strength, _) = strict.records(node_of, &strict);
        for &p in &person_of {
            let k = match strength.get(p as usize) {
                Some(LinkStrength::Strict) => 0,
                Some(LinkStrength::Likely) => 1,
                _ => 3,
            };
            report.kinds[k] += 1;
        }
        let keys = options.registry.keys(features, &persons, options.key);
        Links {
            person_of,
            strength,
            strict_person_of,
            strict_strength,
            keys,
            review,
            report,
        }
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
        let weigh = |(a, ra): (u32, u32), (b, rb): (u32, u32)| {
            let identity = |i: u32| &self.features.all[i as usize];
            let pattern = compare::pattern(identity(a), identity(b));
            let weight = self.model.weight(&self.features, a, b, &pattern);
            self.pair((a, b), (ra, rb), weight, pattern)
        };
        let Some((&first, rest)) = nodes.split_first() else {
            return Vec::new();
        };
        // Each identity outside with its best edge to those inside (Prim's spanning tree).
        let mut outside: Vec<((u32, u32), ReviewPair)> =
            rest.iter().map(|&y| (y, weigh(first, y))).collect();
        let mut out = Vec::new();
        while let Some(k) = (0..outside.len()).max_by(|&i, &j| {
            let weight = |k: usize| outside[k].1.weight;
            weight(i).total_cmp(&weight(j)).then(j.cmp(&i))
        }) {
            let (x, pair) = outside.remove(k);
            out.push(pair);
            for (y, best) in &mut outside {
                let pair = weigh(x, *y);
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
