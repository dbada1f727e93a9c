//! Pairs as a person reviews them: the doubtful ones, decisions that new records contradict, and why records are held for
//! one person.

use super::cluster::{Clusters, Held};
use super::compare::{self, Pattern};
use super::decisions::Decided;
use super::engine::estimate::probability;
use super::engine::similarity::Positions;
use super::{Trained, learn};
use crate::domain::Text;
use rustc_hash::{FxHashMap, FxHashSet};

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
    /// log2 of the prior odds.
    pub prior: f64,
    /// Bits of the rarity of agreeing names and years. What is left of the weight after prior, parts and this is that twins
    /// agree in all but their given names.
    pub rarity: f64,
    /// How decisions name the two.
    pub fingerprints: (Text, Text),
    /// What keeps the two apart although they are as alike as one person; `None`: they are not alike enough.
    pub held: Option<Held>,
}

/// What the model and the constraints say of any two records.
#[derive(Debug, Clone, PartialEq)]
pub struct Between {
    /// The pair weighed; `None`: the two say the very same of a person.
    pub pair: Option<ReviewPair>,
    /// Blocking rules that bring the two together; without one they were not compared.
    pub found_by: Vec<&'static str>,
    /// What forbids their two persons to be one, however likely the pair is.
    pub held: Option<Held>,
    /// What an analyst decided: the two are one, or their two persons are two; `None` where nobody did.
    pub decided: Option<bool>,
}

/// A decision that this month's records speak against: an intact NIK came to light that says the opposite.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradicted {
    /// The pair decided on.
    pub pair: ReviewPair,
    /// What was decided: one person. It still holds.
    pub same: bool,
}

/// The persons of two identities, the smaller first.
fn persons(clusters: &Clusters, a: u32, b: u32) -> (u32, u32) {
    let (x, y) = (clusters.person[a as usize], clusters.person[b as usize]);
    (x.min(y), x.max(y))
}

impl Trained {
    /// Why two records are one person or two; `None` where there is no such record.
    pub fn between(&self, links: &super::Links, a: u32, b: u32) -> Option<Between> {
        let node = |record: u32| self.node_of.get(record as usize).copied();
        let person = |record: u32| links.person_of.get(record as usize).copied();
        let (x, y) = (node(a)?, node(b)?);
        let (p, q) = (person(a)?, person(b)?);
        let members = |p: u32| {
            let of = links.person_of.iter().zip(&self.node_of);
            let mut nodes: Vec<u32> = of.filter(|(of, _)| **of == p).map(|(_, n)| *n).collect();
            nodes.sort_unstable();
            nodes.dedup();
            nodes
        };
        let evidence = super::Evidence {
            features: &self.features,
            spells: &self.spells,
            model: Some(&self.model),
        };
        let decided = if p == q {
            let both = (x.min(y), x.max(y));
            links.decided.same.contains(&both).then_some(true)
        } else {
            let apart = links.decided.separates(&members(p), &members(q));
            apart.then_some(false)
        };
        Some(Between {
            decided,
            pair: (x != y).then(|| self.weigh((x, a), (y, b))),
            found_by: super::pairs::found_by(&self.features, x, y),
            held: (p != q)
                .then(|| evidence.contradicts(&members(p), &members(q)))
                .flatten(),
        })
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
            parts: self.model.parts(&self.features, a, b, pattern),
            prior: self.model.prior(),
            rarity: self.model.rarity(&self.features, a, b, pattern),
            fingerprints: (fingerprint(a), fingerprint(b)),
            held: None,
        }
    }

    fn record(&self, identity: u32) -> u32 {
        self.features.first_record[identity as usize]
    }

    /// Persons that somebody has decided are two: a decision on one pair speaks for all pairs of the two.
    fn decided_apart(clusters: &Clusters, decided: &Decided) -> FxHashSet<(u32, u32)> {
        let pairs = decided.different.iter();
        pairs.map(|&(a, b)| persons(clusters, a, b)).collect()
    }

    /// The doubtful pairs of different persons: of two persons the most probable one, unless somebody has decided.
    pub(super) fn doubtful(
        &self,
        clusters: &Clusters,
        why: &FxHashMap<(u32, u32), Held>,
        decided: &Decided,
        from: f64,
    ) -> Vec<ReviewPair> {
        let mut seen = Self::decided_apart(clusters, decided);
        let from = learn::weight_of(from);
        let mut out = Vec::new();
        for e in &self.scored {
            let both = persons(clusters, e.a, e.b);
            if e.weight < from || both.0 == both.1 || !seen.insert(both) {
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

    /// Of persons left apart, how many pairs are expected to be one, and which may be: of every two persons the most
    /// probable pair, unless somebody has decided or they were inside in two units at once.
    pub(super) fn left_apart(
        &self,
        clusters: &Clusters,
        why: &FxHashMap<(u32, u32), Held>,
        decided: &Decided,
    ) -> (f64, Vec<(u32, u32)>) {
        let mut seen = Self::decided_apart(clusters, decided);
        let (mut expected, mut possible) = (0.0, Vec::new());
        for e in &self.scored {
            let both = persons(clusters, e.a, e.b);
            if both.0 == both.1 || !seen.insert(both) {
                continue;
            }
            match why.get(&both) {
                Some(Held::Custody | Held::Decision) => continue,
                // What a rule keeps apart is not expected to be one, but may be.
                Some(Held::Nik | Held::SexAndBirth | Held::WeakEdge) => {}
                None => expected += probability(e.weight),
            }
            possible.push((self.record(e.a), self.record(e.b)));
        }
        (expected, possible)
    }

    /// Decisions that an intact NIK found since speaks against. The NIK of an identity is its own, else the one that
    /// all identities linked to it agree on; a pair whose own two NIK said so already was decided with open eyes.
    pub(super) fn contradicted(&self, decided: &Decided, threshold: f64) -> Vec<Contradicted> {
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
