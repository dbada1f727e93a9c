//! Clusters of identities under constraints: best edges first, never against the evidence, no chain held by one weak
//! edge.
//!
//! Constraints hold between any two members of a cluster, not only between those an edge joins. An analyst's decision
//! alone overrides them.

use super::compare::{self, Pattern, level, nik};
use super::decisions::Decided;
use super::engine::similarity::Positions;
use super::identity::Features;
use super::learn::{Model, weight_of};
use super::spells::Spells;
use crate::domain::Members;
use crate::domain::history::LinkStrength;
use rustc_hash::FxHashMap;

/// From this match probability on, one edge alone holds two groups together.
const STRONG: f64 = 0.999;

/// A pair of identities worth keeping: at least doubtful.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Match weight.
    pub weight: f64,
    /// Identity.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Levels of the comparisons.
    pub pattern: Pattern,
}

/// Why two identities whose pair is above the threshold are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Held {
    /// Two different intact NIK, each of which fits its own row.
    Nik,
    /// Another sex together with another birth date.
    SexAndBirth,
    /// In custody in two units at once, without a transfer.
    Custody,
    /// One weak edge would hold two groups together.
    WeakEdge,
    /// An analyst decided so.
    Decision,
}

impl Held {
    /// All, in order.
    pub const ALL: [Held; 5] = [
        Held::Nik,
        Held::SexAndBirth,
        Held::Custody,
        Held::WeakEdge,
        Held::Decision,
    ];

    /// Stable id; its text is the locale key `link.held.<id>`.
    pub const fn id(self) -> &'static str {
        match self {
            Held::Nik => "nik",
            Held::SexAndBirth => "sex_and_birth",
            Held::Custody => "custody",
            Held::WeakEdge => "weak_edge",
            Held::Decision => "decision",
        }
    }
}

/// Which identities are one person.
#[derive(Debug, Clone, Default)]
pub struct Clusters {
    /// Cluster per identity (root index).
    pub person: Vec<u32>,
    /// Likely edges that were not followed, and why.
    pub held: FxHashMap<(u32, u32), Held>,
    /// Whether a decision joined something in the cluster of this root.
    pub decided: Vec<bool>,
}

/// What two groups of identities are held against.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// The identities.
    pub features: &'a Features,
    /// When and where they were inside.
    pub spells: &'a Spells,
    /// What weighs the pairs between them; `None`: they are not weighed.
    pub model: Option<&'a Model>,
}

/// Bits from which on a pair joins two groups whatever their other members say.
const SURE: f64 = 16.0;
/// Members of a group that are weighed against those of another, at most.
const WEIGHED: usize = 12;
/// Bits that one pair counts between two groups, at most.
const MOST_BITS: f64 = 20.0;

/// What two NIK say of their bearers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    /// One of the two has none that can be believed, or they differ for a reason.
    Nothing,
    /// The same, or one is the other mistyped.
    Common,
    /// Two people.
    Apart,
}

impl Evidence<'_> {
    /// Why two groups cannot be one person.
    pub fn contradicts(&self, x: &[u32], y: &[u32]) -> Option<Held> {
        let pairs = || x.iter().flat_map(|i| y.iter().map(move |j| (i, j)));
        // Two NIK are explained where a third of the group is either of them mistyped, or the same.
        let apart = pairs().filter(|(i, j)| self.numbers(**i, **j) == Numbers::Apart);
        let apart: Vec<(u32, u32)> = apart.map(|(i, j)| (*i, *j)).collect();
        let common = |i: u32, k: u32| i != k && self.numbers(i, k) == Numbers::Common;
        let attested = |i: u32| self.features.attested[i as usize];
        let name = |i: u32| self.features.name(i).given;
        let explained = |(i, j): &(u32, u32)| {
            // Either stands in several rows beside a name of its own: twins, whatever a third row mixes up.
            if attested(*i) && attested(*j) && name(*i) != name(*j) {
                return false;
            }
            let mut all = x.iter().chain(y);
            all.any(|&k| common(*i, k) && common(*j, k))
        };
        if !apart.iter().all(explained) {
            return Some(Held::Nik);
        }
        if pairs().any(|(i, j)| self.sex_and_birth(*i, *j)) {
            return Some(Held::SexAndBirth);
        }
        let mut stays = pairs().flat_map(|(i, j)| {
            let others = self.spells.get(*j);
            self.spells
                .get(*i)
                .iter()
                .flat_map(move |s| others.iter().map(move |t| (s, t)))
        });
        stays.any(|(s, t)| s.excludes(t)).then_some(Held::Custody)
    }

    /// What the NIK of two identities say of them.
    fn numbers(&self, i: u32, j: u32) -> Numbers {
        let plain = |i: u32| &self.features.plain[i as usize];
        let cheap = compare::without_words(plain(i), plain(j));
        let level = match level(cheap, compare::NIK) {
            // Names decide whether it is a slip or a brother's.
            nik::SERIAL_SLIP | nik::FIFTEEN => {
                let mut positions = Positions::default();
                level(
                    compare::names(self.features, i, j, cheap, &mut positions),
                    compare::NIK,
                )
            }
            l => l,
        };
        match level {
            nik::DIFFERENT => Numbers::Apart,
            nik::SERIAL_SLIP | nik::SLIP | nik::FIFTEEN | nik::EQUAL => Numbers::Common,
            _ => Numbers::Nothing,
        }
    }

    /// Another sex together with another birth date that is no slip of the pen.
    fn sex_and_birth(&self, i: u32, j: u32) -> bool {
        let plain = |i: u32| &self.features.plain[i as usize];
        let (p, q) = (plain(i), plain(j));
        let sex = p.sex.zip(q.sex).is_some_and(|(s, t)| s != t);
        sex && compare::other_birth(p, q)
    }

    /// Whether the pairs between two groups, taken together, speak against their being one: their weights add up to less
    /// than nothing. Of large groups the first members stand for all.
    fn against(&self, x: &[u32], y: &[u32]) -> bool {
        let Some(model) = self.model else {
            return false;
        };
        let mut positions = Positions::default();
        let (x, y) = (&x[..x.len().min(WEIGHED)], &y[..y.len().min(WEIGHED)]);
        let pairs = x.iter().flat_map(|i| y.iter().map(move |j| (*i, *j)));
        let sum: f64 = pairs
            .map(|(a, b)| {
                let p = compare::pattern(self.features, a, b, &mut positions);
                let weight = model.weight(self.features, a, b, p);
                weight.clamp(-MOST_BITS, MOST_BITS)
            })
            .sum();
        sum < 0.0
    }

    /// Pairs of one person that a constraint forbids, and identities that exclude themselves: none, ever, but what an
    /// analyst decided.
    pub fn violations(&self, nodes: &[u32]) -> u64 {
        let pairs = nodes
            .iter()
            .enumerate()
            .flat_map(|(k, a)| nodes[k + 1..].iter().map(move |b| (*a, *b)));
        let own = |i: u32| {
            let all = self.spells.get(i);
            let later = |k: usize| all[k + 1..].iter().any(|t| all[k].excludes(t));
            (0..all.len()).any(later)
        };
        let between = pairs.filter(|(a, b)| match self.contradicts(&[*a], &[*b]) {
            None => false,
            // A third that has either in common with both explains why they differ.
            Some(Held::Nik) => !nodes.iter().any(|c| {
                let common = |i: u32| self.numbers(i, *c) == Numbers::Common;
                c != a && c != b && common(*a) && common(*b)
            }),
            Some(_) => true,
        });
        between.count() as u64 + nodes.iter().filter(|i| own(**i)).count() as u64
    }
}

struct Forest<'a> {
    root: Vec<u32>,
    /// The next identity of the same cluster, in a ring.
    next: Vec<u32>,
    /// Whether a decision joined something in the cluster of this root.
    joined: Vec<bool>,
    evidence: Evidence<'a>,
    decided: &'a Decided,
}

impl Forest<'_> {
    fn find(&mut self, mut i: u32) -> u32 {
        let root = &mut self.root;
        while root[i as usize] != i {
            root[i as usize] = root[root[i as usize] as usize];
            i = root[i as usize];
        }
        i
    }

    fn alone(&self, root: u32) -> bool {
        self.next[root as usize] == root
    }

    fn members(&self, root: u32) -> Vec<u32> {
        let mut out = vec![root];
        let mut i = self.next[root as usize];
        while i != root {
            out.push(i);
            i = self.next[i as usize];
        }
        out
    }

    /// Why two clusters may not become one.
    fn forbidden(&self, x: &[u32], y: &[u32]) -> Option<Held> {
        if self.decided.separates(x, y) {
            return Some(Held::Decision);
        }
        self.evidence.contradicts(x, y)
    }

    fn join(&mut self, x: u32, y: u32) {
        let (keep, gone) = (x.min(y), x.max(y));
        self.root[gone as usize] = keep;
        self.next.swap(keep as usize, gone as usize);
        let joined = self.joined[gone as usize];
        self.joined[keep as usize] |= joined;
    }

    /// Edges between two groups, as far as two of them.
    fn support(&mut self, (x, p): (u32, &[u32]), (y, q): (u32, &[u32]), edges: &Members) -> usize {
        let (small, large) = if p.len() <= q.len() { (p, y) } else { (q, x) };
        let mut n = 0;
        for &m in small {
            for &other in edges.get(m) {
                if self.find(other) == large {
                    n += 1;
                    if n == 2 {
                        return n;
                    }
                }
            }
        }
        n
    }
}

impl Clusters {
    /// Joins what an analyst decided, then exact edges, then likely ones (of `edges` in the order given, best first,
    /// those of `threshold` bits on) under the constraints; what a decision separates stays apart.
    pub fn build(
        evidence: Evidence,
        exact: &[(u32, u32)],
        edges: &[Edge],
        threshold: f64,
        decided: &Decided,
    ) -> Clusters {
        let n = evidence.features.len();
        let mut forest = Forest {
            root: (0..n as u32).collect(),
            next: (0..n as u32).collect(),
            joined: vec![false; n],
            evidence,
            decided,
        };
        for &(a, b) in &decided.same {
            let (x, y) = (forest.find(a), forest.find(b));
            if x != y {
                forest.join(x, y);
                let kept = forest.find(a) as usize;
                forest.joined[kept] = true;
            }
        }
        let mut held = FxHashMap::default();
        for &(a, b) in exact {
            let (x, y) = (forest.find(a), forest.find(b));
            if x == y {
                continue;
            }
            match forest.forbidden(&forest.members(x), &forest.members(y)) {
                Some(why) => drop(held.insert((a, b), why)),
                None => forest.join(x, y),
            }
        }
        // The doubtful and likely edges by identity.
        let ends = edges.iter().flat_map(|e| [(e.a, e.b), (e.b, e.a)]);
        let neighbours = Members::of(ends, n);
        let strong = weight_of(STRONG);
        for e in edges.iter().take_while(|e| e.weight >= threshold) {
            let (x, y) = (forest.find(e.a), forest.find(e.b));
            if x == y {
                continue;
            }
            let (p, q) = (forest.members(x), forest.members(y));
            let why = match forest.forbidden(&p, &q) {
                None if e.weight < strong
                    && !(forest.alone(x) && forest.alone(y))
                    && forest.support((x, &p), (y, &q), &neighbours) < 2 =>
                {
                    Some(Held::WeakEdge)
                }
                None if e.weight < SURE
                    && !(forest.alone(x) && forest.alone(y))
                    && evidence.against(&p, &q) =>
                {
                    Some(Held::WeakEdge)
                }
                other => other,
            };
            match why {
                Some(why) => drop(held.insert((e.a, e.b), why)),
                None => forest.join(x, y),
            }
        }
        let person: Vec<u32> = (0..n as u32).map(|i| forest.find(i)).collect();
        // Of two edges between the same groups the second may have joined them after the first was held.
        held.retain(|(a, b), _| person[*a as usize] != person[*b as usize]);
        Clusters {
            person,
            held,
            decided: forest.joined,
        }
    }

    /// Why two clusters, by their roots, are held apart.
    pub fn reasons(&self) -> FxHashMap<(u32, u32), Held> {
        let mut out: FxHashMap<(u32, u32), Held> = FxHashMap::default();
        for (&(a, b), &held) in &self.held {
            let (x, y) = (self.person[a as usize], self.person[b as usize]);
            let why = out.entry((x.min(y), x.max(y))).or_insert(held);
            *why = (*why).min(held);
        }
        out
    }

    /// Dense person per record, strength per person, and the identities of each person.
    pub fn records(
        &self,
        node_of: &[u32],
        strict: &Clusters,
    ) -> (Vec<u32>, Vec<LinkStrength>, Members) {
        let mut dense = vec![u32::MAX; self.person.len()];
        let mut count: Vec<u32> = Vec::new();
        let person_of: Vec<u32> = node_of
            .iter()
            .map(|&node| {
                let d = &mut dense[self.person[node as usize] as usize];
                if *d == u32::MAX {
                    *d = count.len() as u32;
                    count.push(0);
                }
                count[*d as usize] += 1;
                *d
            })
            .collect();
        let person = self.person.iter().map(|&root| dense[root as usize]);
        let persons = Members::of(person.zip(0..), count.len());
        let strength = (0..count.len())
            .map(|p| {
                let nodes = persons.get(p as u32);
                let first = strict.person[nodes[0] as usize];
                let one = nodes.iter().all(|&i| strict.person[i as usize] == first);
                match () {
                    () if count[p] == 1 => LinkStrength::Single,
                    () if one => LinkStrength::Strict,
                    () => LinkStrength::Likely,
                }
            })
            .collect();
        (person_of, strength, persons)
    }
}
