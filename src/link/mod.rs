//! Floor 2: which records are the same person (Fellegi and Sunter 1969, in Splink's terms; docs/definitions.md 7).
//!
//! Exact links first (intact NIK with agreeing birth date or name, and no other given name), then match weights over graded comparisons,
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
mod review;
mod spells;

pub use cluster::Held;
pub use decisions::{
    Beside, Decision, DecisionError, Decisions, Place, append as append_decisions,
    word as decision_word,
};
pub use pairs::RuleReport;
pub use pseudonym::{PersonKey, PseudonymKey};
pub use registry::{Assigned, Change, Registry};
pub use report::LinkReport;
pub use review::{Between, Contradicted, ReviewPair};

use crate::domain::history::LinkStrength;
use crate::domain::records::Records;
use crate::domain::{Members, let_go};
use crate::workspace::Linkage;
use cluster::{Clusters, Edge, Evidence};
use compare::Pattern;
use decisions::Decided;
use identity::Features;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use spells::Spells;

/// Bits of one register number of one unit beside an agreeing name and birth date or day of admission.
const REGISTER: f64 = 20.0;

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
    /// Expected number of pairs of persons that are one and were left apart, by the model.
    pub expected_left: f64,
    /// Those that may be one, by a record of each: the doubtful and the less likely, most probable first.
    pub possible: Vec<(u32, u32)>,
    /// Two custody records, by index, for every two persons alike enough to be one but in two units at once: one of the
    /// two is wrong, or they are two people.
    pub overlaps: Vec<(u32, u32)>,
    /// Decisions that new records contradict.
    pub contradicted: Vec<Contradicted>,
    /// What somebody decided of pairs of identities; with the decisions that find no records any more.
    pub decided: Decided,
    /// Key each record's person had in the months before, where the registry knows one.
    pub key_before: Vec<Option<PersonKey>>,
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
        let (exact, (near, namesakes, twins)) = rayon::join(
            || {
                let same_register = || pairs::same_register(&features, &registered());
                rayon::join(|| pairs::exact(&features), same_register)
            },
            || pairs::teaching(&features),
        );
        let (mut exact, same_register) = exact;
        let by_nik = exact.len();
        exact.extend(same_register);
        let patterns = learn::patterns(&features, &exact);
        let exact: Vec<((u32, u32), Pattern)> = exact.into_iter().zip(patterns).collect();
        let teaching = learn::Teaching {
            exact: &exact,
            near: &near,
            namesakes: &namesakes,
            twins: &twins,
        };
        let model = learn::train(&features, &teaching, options.seed);
        drop((near, namesakes, twins));
        // Nothing is certain against the model, nor one NIK under two names; the model does not know what one register
        // number says.
        let certain = |(at, ((a, b), p)): (usize, ((u32, u32), Pattern))| {
            let (register, named) = match at < by_nik {
                true => (0.0, !compare::another_name_under_one_nik(p)),
                false => (REGISTER, true),
            };
            (named && model.weight(&features, a, b, p) + register >= 0.0).then_some((a, b))
        };
        let mut exact: Vec<(u32, u32)> =
            exact.into_iter().enumerate().filter_map(certain).collect();
        exact.par_sort_unstable();
        exact.dedup();
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
                pattern = compare::names(&features, a, b, pattern, positions);
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

    /// Who is who.
    pub fn links(&self, options: &Options) -> Links {
        let features = &self.features;
        let threshold = learn::weight_of(options.settings.link_probability);
        let decided = options.decisions.pairs(features, &self.key);
        let evidence = Evidence {
            features,
            spells: &self.spells,
            model: Some(&self.model),
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
        let ((assigned, before), (review, (expected_left, possible), overlaps, kinds)) =
            rayon::join(
                || {
                    let before = options.registry.keys_before(&handles);
                    let assigned = options.registry.assign(&handles, &persons, options.key);
                    (assigned, before)
                },
                || {
                    let from = options.settings.review_probability;
                    let review = self.doubtful(&all, &why, &decided, from);
                    let overlaps = self.overlaps(&why, &all, &person_of, &persons);
                    let left = self.left_apart(&all, &why, &decided);
                    (
                        review,
                        left,
                        overlaps,
                        self.kinds(&all, &person_of, &strength),
                    )
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
            decisions_unfound: decided.unfound.len() as u64,
            changes: (merged, assigned.changes.len() as u64 - merged),
        };
        Links {
            person_of,
            strength,
            strict_person_of,
            strict_strength,
            review,
            expected_left,
            possible,
            overlaps,
            contradicted,
            decided,
            key_before: self.node_of.iter().map(|&n| before[n as usize]).collect(),
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
}

#[cfg(test)]
mod tests;
