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
mod spells;

pub use cluster::Held;
pub use decisions::{
    Decision, DecisionError, Decisions, append as append_decisions, word as decision_word,
};
pub use pairs::RuleReport;
pub use registry::{Assigned, Change, PersonKey, PseudonymKey, Registry, RegistryError};

use crate::domain::Text;
use crate::domain::history::LinkStrength;
use crate::domain::records::Records;
use crate::workspace::Linkage;
use cluster::{Clusters, Edge};
use compare::Features;
use decisions::Decided;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use spells::Spells;
use std::path::Path;

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

/// What happened while linking.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkReport {
    /// Distinct identities compared.
    pub identities: u64,
    /// What each blocking rule found and what it alone would miss.
    pub blocking: Vec<RuleReport>,
    /// Pairs compared.
    pub pairs: u64,
    /// Records linked exactly, by probability, by decision, not at all.
    pub kinds: [u64; 4],
    /// λ: probability that two random compared identities match.
    pub lambda: f64,
    /// m and u per comparison and level.
    pub parameters: Vec<(&'static str, Vec<(f64, f64)>)>,
    /// Pairs above the threshold that were kept apart, by reason.
    pub held: Vec<(&'static str, u64)>,
    /// Pairs of one person that a constraint forbids and no analyst decided on: 0.
    pub violations: u64,
    /// Decisions that speak of identities of this month.
    pub decisions: u64,
    /// Of them those that an intact NIK now contradicts.
    pub contradicted: u64,
    /// Persons of earlier months that became one, and that became several.
    pub changes: (u64, u64),
}

impl LinkReport {
    /// The report as a tidy table, `part,name,level,value`: what blocking found, m and u, what was kept apart.
    pub fn csv(&self) -> String {
        let mut out = String::from("part,name,level,value\n");
        let mut line = |part: &str, name: &str, level: &str, value: String| {
            out.push_str(&format!("{part},{name},{level},{value}\n"));
        };
        for (name, n) in [
            ("identities", self.identities),
            ("pairs", self.pairs),
            ("merged", self.changes.0),
            ("split", self.changes.1),
            ("decisions", self.decisions),
            ("decisions_contradicted", self.contradicted),
            ("constraint_violations", self.violations),
        ] {
            line("count", name, "", n.to_string());
        }
        for r in &self.blocking {
            for (level, n) in [
                ("pairs", r.pairs),
                ("links", r.links),
                ("links_missed_alone", r.misses),
                ("links_no_other_finds", r.only),
                ("pairs_passed_over", r.passed_over),
            ] {
                line("blocking", r.name, level, n.to_string());
            }
        }
        for (why, n) in &self.held {
            line("held", why, "", n.to_string());
        }
        line("parameter", "lambda", "", format!("{:.6e}", self.lambda));
        for (name, levels) in &self.parameters {
            for (l, (m, u)) in levels.iter().enumerate() {
                let level = (l + 1).to_string();
                line("m", name, &level, format!("{m:.6}"));
                line("u", name, &level, format!("{u:.6}"));
            }
        }
        out
    }

    /// Writes the report, readable by its owner alone.
    pub fn write(&self, path: &Path) -> Result<(), RegistryError> {
        registry::write_report(path, &self.csv())
    }

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
    /// Doubtful pairs, most probable first: of two persons the most probable one.
    pub review: Vec<ReviewPair>,
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
    Trained::of(records, options).links(options)
}

/// A pair worth keeping: at least doubtful.
#[derive(Debug, Clone, Copy)]
struct Scored {
    weight: f64,
    a: u32,
    b: u32,
    pattern: [u8; compare::N],
}

/// Identities compared and a model learnt from them: what linking and explaining links both start from.
pub struct Trained {
    features: Features,
    /// Identity per record.
    node_of: Vec<u32>,
    spells: Spells,
    exact: Vec<(u32, u32)>,
    /// Doubtful and likely pairs, best first.
    scored: Vec<Scored>,
    pairs: u64,
    model: em::Model,
    blocking: Vec<RuleReport>,
}

impl Trained {
    /// Learns m, u and λ from the identities of all records, and compares all pairs that blocking brings together; of
    /// these only the doubtful and the likely are kept.
    pub fn of(records: &Records, options: &Options) -> Trained {
        // Records with the very same identity are one node: lists repeat people every month.
        let (features, node_of) = Features::of(records, options.key);
        let spells = Spells::of(records, &node_of, features.len());
        let exact = pairs::exact(&features);
        let (near, twins) = pairs::teaching(&features);
        let model = em::train(&features, &exact, &near, &twins, options.seed);
        drop((near, twins));
        let floor = em::weight_of(options.settings.review_probability.min(0.2));
        let link = em::weight_of(options.settings.link_probability);
        let words = model.words_at_most();
        let blocks = pairs::Blocks::of(&features);
        let (mut scored, pairs, blocking) = blocks.visit(|kept: &mut Vec<Scored>, a, b| {
            let (x, y) = (&features.all[a as usize], &features.all[b as usize]);
            let mut pattern = compare::without_words(x, y);
            // Most pairs cannot reach the floor whatever their names are.
            if model.pattern_weight(&pattern) + model.prior() + words < floor {
                return false;
            }
            compare::add_words(&mut pattern, x, y);
            let weight = model.weight(&features, a, b, &pattern);
            if weight >= floor {
                kept.push(Scored {
                    weight,
                    a,
                    b,
                    pattern,
                });
            }
            weight >= link
        });
        // Of pairs as good as each other those come first whose identities share their NIK with most others: a mistyped
        // NIK stands alone, and must not draw the records without one to itself.
        let mut attested = vec![0u32; features.len()];
        for &(a, b) in &exact {
            attested[a as usize] += 1;
            attested[b as usize] += 1;
        }
        let rank = |s: &Scored| attested[s.a as usize] + attested[s.b as usize];
        scored.par_sort_unstable_by(|x, y| {
            (y.weight.total_cmp(&x.weight))
                .then_with(|| rank(y).cmp(&rank(x)))
                .then((x.a, x.b).cmp(&(y.a, y.b)))
        });
        Trained {
            features,
            node_of,
            spells,
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
            held: None,
        }
    }

    /// Who is who.
    pub fn links(&self, options: &Options) -> Links {
        let features = &self.features;
        let threshold = options.settings.link_probability;
        let edges: Vec<Edge> = self
            .scored
            .iter()
            .map(|s| Edge {
                a: s.a,
                b: s.b,
                probability: em::probability(s.weight),
            })
            .collect();
        let decided = options.decisions.pairs(features);
        let build = |edges: &[Edge]| {
            Clusters::build(
                features,
                &self.spells,
                &self.exact,
                edges,
                threshold,
                &decided,
            )
        };
        let strict = build(&[]);
        let all = build(&edges);
        let contradicted = self.contradicted(&decided, &edges, threshold);
        let review = self.doubtful(&all, &edges, &decided, options.settings.review_probability);

        let (person_of, strength, persons) = all.records(&self.node_of, &strict);
        let (strict_person_of, strict_strength, _) = strict.records(&self.node_of, &strict);
        let assigned = options.registry.assign(features, &persons, options.key);
        let mut kinds = [0; 4];
        for (&p, &node) in person_of.iter().zip(&self.node_of) {
            let root = all.person[node as usize] as usize;
            let k = match strength.get(p as usize) {
                _ if all.decided[root] => 2,
                Some(LinkStrength::Strict) => 0,
                Some(LinkStrength::Likely) => 1,
                _ => 3,
            };
            kinds[k] += 1;
        }
        let undecided: Vec<Vec<u32>> = persons
            .iter()
            .filter(|nodes| !all.decided[all.person[nodes[0] as usize] as usize])
            .cloned()
            .collect();
        let held = |why: &Held| all.held.values().filter(|h| *h == why).count() as u64;
        let merged = assigned.changes.iter().filter(|c| c.merged).count() as u64;
        let report = LinkReport {
            identities: features.len() as u64,
            blocking: self.blocking.clone(),
            pairs: self.pairs,
            kinds,
            lambda: self.model.lambda,
            parameters: self.model.parameters(),
            held: Held::ALL.iter().map(|h| (h.id(), held(h))).collect(),
            violations: cluster::violations(features, &self.spells, &undecided),
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
            contradicted,
            assigned,
            report,
        }
    }

    fn record(&self, identity: u32) -> u32 {
        self.features.first_record[identity as usize]
    }

    /// The doubtful pairs of different persons: of two persons the most probable one, unless somebody has decided.
    fn doubtful(
        &self,
        clusters: &Clusters,
        edges: &[Edge],
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
        // Why two persons are held apart may be known of another pair of theirs.
        let mut why: FxHashMap<(u32, u32), Held> = FxHashMap::default();
        for (&(a, b), &held) in &clusters.held {
            let w = why.entry(persons(a, b)).or_insert(held);
            *w = (*w).min(held);
        }
        let mut out = Vec::new();
        for (s, e) in self.scored.iter().zip(edges) {
            if e.probability < from || person(s.a) == person(s.b) {
                continue;
            }
            let both = persons(s.a, s.b);
            if !seen.insert(both) {
                continue;
            }
            let records = (self.record(s.a), self.record(s.b));
            out.push(ReviewPair {
                held: why.get(&both).copied(),
                ..self.pair((s.a, s.b), records, s.weight, s.pattern)
            });
        }
        out
    }

    /// Decisions that an intact NIK found since speaks against. The NIK of an identity is its own, else the one that
    /// all identities linked to it agree on; a pair whose own two NIK said so already was decided with open eyes.
    fn contradicted(&self, decided: &Decided, edges: &[Edge], threshold: f64) -> Vec<Contradicted> {
        let concerned: FxHashSet<u32> = (decided.same.iter().chain(&decided.different))
            .flat_map(|&(a, b)| [a, b])
            .collect();
        if concerned.is_empty() {
            return Vec::new();
        }
        let nik = |i: u32| self.features.all[i as usize].nik.intact();
        let mut of: FxHashMap<u32, Vec<(u32, &str)>> = FxHashMap::default();
        let likely = edges
            .iter()
            .take_while(|e| e.probability >= threshold)
            .map(|e| (e.a, e.b));
        for (a, b) in self.exact.iter().copied().chain(likely) {
            for (x, y) in [(a, b), (b, a)] {
                if let Some(n) = nik(y).filter(|_| concerned.contains(&x)) {
                    of.entry(x).or_default().push((y, n));
                }
            }
        }
        // Evidence on one side that does not come from the other side of the decision.
        let evidence = |i: u32, other: u32| -> Option<&str> {
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
        let identity = |i: u32| &self.features.all[i as usize];
        let pattern = compare::pattern(identity(a), identity(b));
        let weight = self.model.weight(&self.features, a, b, &pattern);
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
