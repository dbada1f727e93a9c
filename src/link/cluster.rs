//! Clusters of identities under constraints: best edges first, never against the evidence, no chain held by one weak
//! edge.
//!
//! Constraints hold between any two members of a cluster, not only between those an edge joins. An analyst's decision
//! alone overrides them.

use super::compare::{Feature, Features};
use super::decisions::Decided;
use super::spells::{Spell, Spells};
use crate::domain::Sex;
use crate::domain::history::LinkStrength;
use chrono::NaiveDate;
use rustc_hash::FxHashMap;

/// Sex and day of birth of a member.
type Born = (Sex, NaiveDate);

/// From this match probability on, one edge alone holds two groups together.
const STRONG: f64 = 0.999;

/// An edge: a pair of identities and its match probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Identity.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Match probability.
    pub probability: f64,
}

/// Why two identities whose pair is above the threshold are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Held {
    /// Two different intact NIK.
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

/// What a cluster is known to be; another value is a contradiction.
#[derive(Debug, Clone, Default)]
struct Known {
    nik: Option<u64>,
    /// Combinations of sex and birth date among the members.
    born: Vec<(Sex, NaiveDate)>,
    spells: Vec<Spell>,
    members: Vec<u32>,
    decided: bool,
}

impl Known {
    fn of(i: u32, f: &Feature, spells: &Spells) -> Known {
        Known {
            nik: f.nik.intact().and_then(|n| n.parse().ok()),
            born: f.sex.zip(f.birth.day()).into_iter().collect(),
            spells: spells.get(i).to_vec(),
            members: vec![i],
            decided: false,
        }
    }

    fn contradicts(&self, other: &Known) -> Option<Held> {
        let any = |f: fn(&Born, &Born) -> bool| {
            self.born.iter().any(|x| other.born.iter().any(|y| f(x, y)))
        };
        if self.nik.is_some() && other.nik.is_some() && self.nik != other.nik {
            return Some(Held::Nik);
        }
        if any(|x, y| x.0 != y.0 && x.1 != y.1) {
            return Some(Held::SexAndBirth);
        }
        let mut pairs = self
            .spells
            .iter()
            .flat_map(|x| other.spells.iter().map(move |y| (x, y)));
        pairs.any(|(x, y)| x.excludes(y)).then_some(Held::Custody)
    }

    fn absorb(&mut self, other: Known) {
        self.nik = self.nik.or(other.nik);
        self.decided |= other.decided;
        for b in other.born {
            if !self.born.contains(&b) {
                self.born.push(b);
            }
        }
        for s in other.spells {
            if !self.spells.contains(&s) {
                self.spells.push(s);
            }
        }
        self.members.extend(other.members);
    }
}

struct Forest<'a> {
    root: Vec<u32>,
    known: Vec<Known>,
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

    /// Why the clusters of two roots may not become one.
    fn forbidden(&self, x: u32, y: u32) -> Option<Held> {
        let (kx, ky) = (&self.known[x as usize], &self.known[y as usize]);
        if self.decided.separates(&kx.members, &ky.members) {
            return Some(Held::Decision);
        }
        kx.contradicts(ky)
    }

    fn join(&mut self, x: u32, y: u32) {
        let (keep, gone) = (x.min(y), x.max(y));
        self.root[gone as usize] = keep;
        let other = std::mem::take(&mut self.known[gone as usize]);
        self.known[keep as usize].absorb(other);
    }

    /// Edges between two groups, as far as two of them.
    fn support(&mut self, x: u32, y: u32, edges: &Neighbours) -> usize {
        let size = |r: u32| self.known[r as usize].members.len();
        let (small, large) = if size(x) <= size(y) { (x, y) } else { (y, x) };
        let members = self.known[small as usize].members.clone();
        let mut n = 0;
        for m in members {
            for &other in edges.of(m) {
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

/// The doubtful and likely edges by identity.
struct Neighbours {
    starts: Vec<u32>,
    all: Vec<u32>,
}

impl Neighbours {
    fn of_edges(n: usize, edges: &[Edge]) -> Neighbours {
        let mut starts = vec![0u32; n + 1];
        for e in edges {
            starts[e.a as usize + 1] += 1;
            starts[e.b as usize + 1] += 1;
        }
        for i in 0..n {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut all = vec![0; 2 * edges.len()];
        for e in edges {
            for (i, other) in [(e.a, e.b), (e.b, e.a)] {
                all[next[i as usize] as usize] = other;
                next[i as usize] += 1;
            }
        }
        Neighbours { starts, all }
    }

    fn of(&self, i: u32) -> &[u32] {
        let at = |k: u32| self.starts[k as usize] as usize;
        &self.all[at(i)..at(i + 1)]
    }
}

impl Clusters {
    /// Joins what an analyst decided, then exact edges, then likely ones (of `edges` in the order given, best first,
    /// those from `threshold` on) under the constraints; what a decision separates stays apart.
    pub fn build(
        features: &Features,
        spells: &Spells,
        exact: &[(u32, u32)],
        edges: &[Edge],
        threshold: f64,
        decided: &Decided,
    ) -> Clusters {
        let n = features.len();
        let mut forest = Forest {
            root: (0..n as u32).collect(),
            known: features
                .all
                .iter()
                .enumerate()
                .map(|(i, f)| Known::of(i as u32, f, spells))
                .collect(),
            decided,
        };
        for &(a, b) in &decided.same {
            let (x, y) = (forest.find(a), forest.find(b));
            if x != y {
                forest.join(x, y);
                let kept = forest.find(a) as usize;
                forest.known[kept].decided = true;
            }
        }
        let mut held = FxHashMap::default();
        for &(a, b) in exact {
            let (x, y) = (forest.find(a), forest.find(b));
            if x == y {
                continue;
            }
            match forest.forbidden(x, y) {
                Some(why) => drop(held.insert((a, b), why)),
                None => forest.join(x, y),
            }
        }
        let neighbours = Neighbours::of_edges(n, edges);
        for e in edges.iter().take_while(|e| e.probability >= threshold) {
            let (x, y) = (forest.find(e.a), forest.find(e.b));
            if x == y {
                continue;
            }
            let alone = |r: u32| forest.known[r as usize].members.len() == 1;
            let why = match forest.forbidden(x, y) {
                None if e.probability < STRONG
                    && !(alone(x) && alone(y))
                    && forest.support(x, y, &neighbours) < 2 =>
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
            decided: forest.known.iter().map(|k| k.decided).collect(),
        }
    }

    /// Dense person per record, strength per person, and the identities of each person.
    pub fn records(
        &self,
        node_of: &[u32],
        strict: &Clusters,
    ) -> (Vec<u32>, Vec<LinkStrength>, Vec<Vec<u32>>) {
        let mut dense = vec![u32::MAX; self.person.len()];
        let mut count: Vec<u32> = Vec::new();
        let mut persons: Vec<Vec<u32>> = Vec::new();
        let mut taken = vec![false; self.person.len()];
        let person_of: Vec<u32> = node_of
            .iter()
            .map(|&node| {
                let r = self.person[node as usize] as usize;
                if dense[r] == u32::MAX {
                    dense[r] = count.len() as u32;
                    count.push(0);
                    persons.push(Vec::new());
                }
                count[dense[r] as usize] += 1;
                if !std::mem::replace(&mut taken[node as usize], true) {
                    persons[dense[r] as usize].push(node);
                }
                dense[r]
            })
            .collect();
        let strength = persons
            .iter()
            .zip(&count)
            .map(|(nodes, &records)| {
                let one = nodes
                    .iter()
                    .all(|&i| strict.person[i as usize] == strict.person[nodes[0] as usize]);
                match () {
                    () if records == 1 => LinkStrength::Single,
                    () if one => LinkStrength::Strict,
                    () => LinkStrength::Likely,
                }
            })
            .collect();
        (person_of, strength, persons)
    }
}

/// Pairs of one cluster that a constraint forbids, leaving out what an analyst decided: none, ever.
pub fn violations(features: &Features, spells: &Spells, persons: &[Vec<u32>]) -> u64 {
    let forbidden = |a: u32, b: u32| {
        let known = |i: u32| Known::of(i, &features.all[i as usize], spells);
        known(a).contradicts(&known(b)).is_some()
    };
    persons
        .iter()
        .map(|nodes| {
            let pairs = nodes
                .iter()
                .enumerate()
                .flat_map(|(k, &a)| nodes[k + 1..].iter().map(move |&b| (a, b)));
            pairs.filter(|&(a, b)| forbidden(a, b)).count() as u64
        })
        .sum()
}
