//! From linked pairs to clusters: best pairs first, never against a constraint, no chain held by one weak pair.
//!
//! Knows record numbers, weights and constraints; knows no values.

use super::column::MISSING;

/// Pairs between two groups that are looked at before they become one.
const MOST_CROSS: usize = 400;

/// Why a pair above the threshold was not joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The two groups differ in a value that one person cannot have twice.
    Differs,
    /// A list would name the person twice.
    OneToOne,
    /// The rest of the two groups speaks against it.
    WeakChain,
}

impl Refused {
    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Refused::Differs => "differs",
            Refused::OneToOne => "one_to_one",
            Refused::WeakChain => "weak_chain",
        }
    }
}

/// What must hold in every cluster.
#[derive(Debug, Clone, Default)]
pub struct Constraints<'a> {
    /// Columns of value numbers that may not differ where known.
    pub never_differ: Vec<&'a [u32]>,
    /// The list of each record, when no list may name a person twice.
    pub one_to_one: Option<&'a [u16]>,
}

/// Clusters and the pairs that were refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clusters {
    /// Smallest record of each record's cluster.
    pub root: Vec<u32>,
    /// Places of refused pairs in the list of pairs, with the reason.
    pub refused: Vec<(usize, Refused)>,
}

fn find(root: &mut [u32], mut i: u32) -> u32 {
    while root[i as usize] != i {
        root[i as usize] = root[root[i as usize] as usize];
        i = root[i as usize];
    }
    i
}

/// Joins pairs in the order given (best first). `weight` weighs any two records.
pub fn cluster(
    records: usize,
    pairs: impl Iterator<Item = (u32, u32)>,
    constraints: &Constraints,
    weight: impl Fn(u32, u32) -> f64,
) -> Clusters {
    let mut root: Vec<u32> = (0..records as u32).collect();
    // Members of each cluster as a ring: the next record of the same cluster.
    let mut next: Vec<u32> = root.clone();
    let mut size = vec![1u32; records];
    let members = |next: &[u32], a: u32, most: usize| -> Vec<u32> {
        let mut out = vec![a];
        let mut i = next[a as usize];
        while i != a && out.len() < most {
            out.push(i);
            i = next[i as usize];
        }
        out
    };
    let mut refused = Vec::new();
    for (place, (a, b)) in pairs.enumerate() {
        let (x, y) = (find(&mut root, a), find(&mut root, b));
        if x == y {
            continue;
        }
        let pairwise = size[x as usize] == 1 && size[y as usize] == 1;
        let (p, q) = if pairwise {
            (vec![x], vec![y])
        } else {
            (members(&next, x, usize::MAX), members(&next, y, usize::MAX))
        };
        let known = |c: &[u32], group: &[u32]| {
            let first = group.iter().map(|&i| c[i as usize]).find(|&v| v != MISSING);
            first.unwrap_or(MISSING)
        };
        let differs = constraints.never_differ.iter().any(|c| {
            let (v, w) = (known(c, &p), known(c, &q));
            v != w && v != MISSING && w != MISSING
        });
        let twice = constraints.one_to_one.is_some_and(|list| {
            let of = |i: &u32| list[*i as usize];
            p.iter().any(|i| q.iter().any(|j| of(i) == of(j)))
        });
        let reason = if differs {
            Some(Refused::Differs)
        } else if twice {
            Some(Refused::OneToOne)
        } else if !pairwise && against(&p, &q, &weight) {
            Some(Refused::WeakChain)
        } else {
            None
        };
        if let Some(reason) = reason {
            refused.push((place, reason));
            continue;
        }
        let (keep, gone) = (x.min(y), x.max(y));
        root[gone as usize] = keep;
        size[keep as usize] += size[gone as usize];
        next.swap(keep as usize, gone as usize);
    }
    Clusters {
        root: (0..records as u32).map(|i| find(&mut root, i)).collect(),
        refused,
    }
}

/// Whether the pairs between two groups, taken together, speak against their being one: their mean weight is below 0.
fn against(p: &[u32], q: &[u32], weight: &impl Fn(u32, u32) -> f64) -> bool {
    let side = (MOST_CROSS as f64).sqrt() as usize;
    // Of large groups the records that come first stand for all; records are in an order of their content.
    let (p, q) = (&p[..p.len().min(side)], &q[..q.len().min(side)]);
    let sum: f64 = p
        .iter()
        .flat_map(|&i| q.iter().map(move |&j| (i, j)))
        .map(|(i, j)| weight(i, j))
        .sum();
    sum < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_chain_held_by_one_weak_pair_is_cut() {
        // 0-1 and 2-3 are sure, 1-2 is likely, all else between the two is strong disagreement.
        let weight = |a: u32, b: u32| match (a.min(b), a.max(b)) {
            (0, 1) | (2, 3) => 20.0,
            (1, 2) => 6.0,
            _ => -15.0,
        };
        let c = cluster(
            4,
            [(0, 1), (2, 3), (1, 2)].into_iter(),
            &Constraints::default(),
            weight,
        );
        assert_eq!(c.root, [0, 0, 2, 2]);
        assert_eq!(c.refused, [(2, Refused::WeakChain)]);
    }

    proptest! {
        #[test]
        fn constraints_are_never_broken(
            pairs in prop::collection::vec((0u32..12, 0u32..12), 0..40), value in prop::collection::vec(0u32..4, 12),
            list in prop::collection::vec(0u16..3, 12), one in any::<bool>(),
        ) {
            let constraints = Constraints { never_differ: vec![&value], one_to_one: one.then_some(&list) };
            let c = cluster(12, pairs.iter().copied().filter(|(a, b)| a != b), &constraints, |_, _| 1.0);
            for i in 0..12 {
                for j in 0..i {
                    if c.root[i] == c.root[j] {
                        prop_assert!(value[i] == value[j] || value[i] == 0 || value[j] == 0);
                        prop_assert!(!one || list[i] != list[j]);
                    }
                }
            }
        }
    }
}
