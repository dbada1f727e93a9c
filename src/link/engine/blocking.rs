//! Which pairs are compared: the union of blocking rules, streamed so that no list of all pairs is ever held.
//!
//! A pair that several rules find is compared once, under the first of them. Knows keys and counts, no similarity.

use super::rule::Rule;
use rayon::prelude::*;

/// Pairs a piece of work aims at.
const PAIRS_A_PIECE: u64 = 1 << 16;

/// What a rule found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleCount {
    /// Pairs the rule alone finds.
    pub pairs: u64,
    /// Pairs no earlier rule finds.
    pub new: u64,
    /// Pairs no other rule finds.
    pub only: u64,
    /// Blocks passed over because they are too large, and the pairs in them.
    pub passed_over: (u64, u64),
}

/// Blocks of all rules over records whose lists follow one another.
#[derive(Debug, Clone, Default)]
pub struct Blocking {
    rules: Vec<Rule>,
    /// Block of each record under each rule, record by record. A record in no block has a number there that no other has.
    keys: Vec<u32>,
    /// Rules there is room for in `keys`, a multiple of [`LANES`]; none for one rule alone.
    width: usize,
    /// For each record where the next list begins: pairs within a list are not compared when linking.
    partners_from: Option<Vec<u32>>,
}

/// From here on the numbers of records that are in no block.
const NO_BLOCK: u32 = 1 << 31;
/// Keys compared at a time.
const LANES: usize = 8;

/// A piece of work: rows of a rule's blocks.
#[derive(Debug, Clone, Copy)]
struct Piece {
    rule: u32,
    /// First and last block (exclusive).
    blocks: (u32, u32),
    /// Of a block split up: which of its records are the first of a pair.
    rows: Option<(u32, u32)>,
}

impl Blocking {
    /// Blocks from the values each rule asks for: `values[rule]` holds one row of value numbers per record; a record
    /// with a missing one is in no block. `largest` 0 is no limit. `partners_from` is given when only pairs of
    /// different lists count.
    pub fn of(
        values: &[Vec<&[u32]>],
        records: usize,
        largest: usize,
        partners_from: Option<Vec<u32>>,
    ) -> Blocking {
        let by = |columns: &Vec<&[u32]>| Rule::by(columns, records, largest);
        let rules = values.par_iter().map(by).collect();
        Blocking::of_rules(rules, records, partners_from)
    }

    /// Blocking by these rules. Of one rule alone nothing need be looked up.
    pub fn of_rules(rules: Vec<Rule>, records: usize, partners_from: Option<Vec<u32>>) -> Blocking {
        if rules.len() == 1 {
            return Blocking {
                rules,
                keys: Vec::new(),
                width: 0,
                partners_from,
            };
        }
        let width = rules.len().next_multiple_of(LANES);
        let mut keys = vec![0; records * width];
        // A few rules at a time: first each one's numbers by record, then their places side by side.
        for (at, some) in rules.chunks(LANES).enumerate() {
            let numbers: Vec<Vec<u32>> = (some.par_iter())
                .map(|rule| {
                    let mut numbers: Vec<u32> = (0..records as u32).map(|i| NO_BLOCK | i).collect();
                    for (b, block) in rule.blocks().enumerate() {
                        block.iter().for_each(|i| numbers[*i as usize] = b as u32);
                    }
                    numbers
                })
                .collect();
            let lanes = keys.par_chunks_mut(width).enumerate();
            lanes.for_each(|(i, keys)| {
                let lanes = &mut keys[at * LANES..][..LANES];
                // Where there is no rule no two numbers are the same either.
                lanes.fill(NO_BLOCK | i as u32);
                for (key, numbers) in lanes.iter_mut().zip(&numbers) {
                    *key = numbers[i];
                }
            });
        }
        Blocking {
            rules,
            keys,
            width,
            partners_from,
        }
    }

    /// The first place in a block whose record may be the partner of the record at a place.
    fn partner(&self, block: &[u32], i: usize) -> usize {
        match &self.partners_from {
            None => i + 1,
            Some(from) => {
                let next = from[block[i] as usize];
                i + 1 + block[i + 1..].partition_point(|&j| j < next)
            }
        }
    }

    /// Pairs in a rule's block.
    fn pairs_in(&self, block: &[u32]) -> u64 {
        if self.partners_from.is_none() {
            let n = block.len() as u64;
            return n * (n - 1) / 2;
        }
        (0..block.len())
            .map(|i| (block.len() - self.partner(block, i)) as u64)
            .sum()
    }

    /// Pairs of all rules, those that several find counted each time: at least as many as will be compared.
    pub fn at_most(&self) -> u64 {
        self.rules
            .iter()
            .flat_map(|r| r.blocks().map(|block| self.pairs_in(block)))
            .sum()
    }

    fn pieces(&self) -> Vec<Piece> {
        let mut out = Vec::new();
        for (r, rule) in self.rules.iter().enumerate() {
            let (mut first, mut pairs) = (0u32, 0u64);
            let blocks = rule.len();
            let mut close = |first: &mut u32, to: u32, pairs: &mut u64| {
                if *first < to {
                    out.push(Piece {
                        rule: r as u32,
                        blocks: (*first, to),
                        rows: None,
                    });
                }
                *first = to;
                *pairs = 0;
            };
            let mut large = Vec::new();
            for b in 0..blocks {
                let block = self.block(r as u32, b);
                let n = self.pairs_in(block);
                if n > 2 * PAIRS_A_PIECE {
                    close(&mut first, b, &mut pairs);
                    first = b + 1;
                    let rows = (PAIRS_A_PIECE / block.len() as u64).max(1) as usize;
                    for from in (0..block.len()).step_by(rows) {
                        large.push(Piece {
                            rule: r as u32,
                            blocks: (b, b + 1),
                            rows: Some((from as u32, (from + rows).min(block.len()) as u32)),
                        });
                    }
                    continue;
                }
                pairs += n;
                if pairs >= PAIRS_A_PIECE {
                    close(&mut first, b + 1, &mut pairs);
                }
            }
            close(&mut first, blocks, &mut pairs);
            out.extend(large);
        }
        out
    }

    fn block(&self, rule: u32, b: u32) -> &[u32] {
        self.rules[rule as usize].block(b)
    }

    /// Visits every pair of the union once, in parallel: `start` makes what a piece of work collects, `each` is told
    /// the pair (the smaller record first) and which rules find it (a bit each). What the pieces collected comes back
    /// in an order that does not depend on threads.
    pub fn visit<T: Send>(
        &self,
        start: impl Fn() -> T + Sync,
        each: impl Fn(&mut T, u32, u32, u32) + Sync,
    ) -> Vec<T> {
        let once = |state: &mut T, rule, (a, ()): (u32, &()), (b, ()): (u32, &()), found| {
            if found & before(rule) == 0 {
                each(state, a, b, found);
            }
        };
        self.walk(|_| self.width, start, |_| (), once)
    }

    /// Visits every pair of every rule, in parallel, so one that several rules find several times: `fetch` gets what is
    /// asked of a record, `each` is told the rule, the two records with what was fetched (the smaller first), and which
    /// of the rules before it find the pair too (a bit each).
    pub fn visit_by_rule<T: Send, R>(
        &self,
        start: impl Fn() -> T + Sync,
        fetch: impl Fn(u32) -> R + Sync,
        each: impl Fn(&mut T, usize, (u32, &R), (u32, &R), u32) + Sync,
    ) -> Vec<T> {
        let lanes = |rule: u32| (rule as usize + 1).next_multiple_of(LANES).min(self.width);
        self.walk(lanes, start, fetch, |state, rule, a, b, found| {
            each(state, rule as usize, a, b, found & before(rule));
        })
    }

    /// Which of several rules put both records into one block, a bit each.
    pub fn found(&self, a: u32, b: u32) -> u32 {
        let keys = |i: u32| &self.keys[i as usize * self.width..][..self.width];
        found(keys(a), keys(b))
    }

    /// Visits the pairs of every rule's blocks; told are the rules among the first `lanes` that find it.
    fn walk<T: Send, R>(
        &self,
        lanes: impl Fn(u32) -> usize + Sync,
        start: impl Fn() -> T + Sync,
        fetch: impl Fn(u32) -> R + Sync,
        each: impl Fn(&mut T, u32, (u32, &R), (u32, &R), u32) + Sync,
    ) -> Vec<T> {
        self.pieces()
            .into_par_iter()
            .map(|piece| {
                let mut state = start();
                let width = lanes(piece.rule);
                // The keys of a block's records from the first asked for on, and what is asked of them, side by side: fetched
                // at once, not one by one as pairs ask for them.
                let (mut keys, mut rows): (Vec<u32>, Vec<R>) = (Vec::new(), Vec::new());
                for b in piece.blocks.0..piece.blocks.1 {
                    let block = self.block(piece.rule, b);
                    let (from, to) = piece.rows.unwrap_or((0, block.len() as u32));
                    let block = &block[from as usize..];
                    keys.clear();
                    for &i in block {
                        keys.extend_from_slice(&self.keys[i as usize * self.width..][..width]);
                    }
                    rows.clear();
                    rows.extend(block.iter().map(|i| fetch(*i)));
                    for i in 0..(to - from) as usize {
                        let x = &keys[i * width..][..width];
                        let a = (block[i], &rows[i]);
                        let first = self.partner(block, i);
                        let others = block[first..].iter().zip(&rows[first..]);
                        for (k, (&b, row)) in (first..).zip(others) {
                            let found = found(x, &keys[k * width..][..width]);
                            let found = found | 1 << piece.rule;
                            each(&mut state, piece.rule, a, (b, row), found);
                        }
                    }
                }
                state
            })
            .collect()
    }

    /// The counts of each rule from how many pairs each set of rules found.
    pub fn counts(&self, by_set: impl Iterator<Item = (u32, u64)>) -> Vec<RuleCount> {
        let mut out: Vec<RuleCount> = self
            .rules
            .iter()
            .map(|rule| RuleCount {
                passed_over: rule.passed_over,
                ..RuleCount::default()
            })
            .collect();
        for (set, n) in by_set {
            for (r, c) in out.iter_mut().enumerate() {
                if set >> r & 1 == 1 {
                    c.pairs += n;
                    c.new += if set.trailing_zeros() as usize == r {
                        n
                    } else {
                        0
                    };
                    c.only += if set.count_ones() == 1 { n } else { 0 };
                }
            }
        }
        out
    }
}

/// The rules before one, a bit each.
const fn before(rule: u32) -> u32 {
    (1 << rule) - 1
}

/// The rules whose blocks the keys of two records have in common, a bit each.
fn found(x: &[u32], y: &[u32]) -> u32 {
    let (x, y) = (x.as_chunks::<LANES>().0, y.as_chunks::<LANES>().0);
    let lanes = x.iter().zip(y).map(|(x, y)| {
        let bit = |k: usize| if x[k] == y[k] { 1 << k } else { 0 };
        (0..LANES).fold(0, |s, k| s | bit(k))
    });
    lanes
        .enumerate()
        .fold(0, |s, (c, bits): (usize, u32)| s | bits << (LANES * c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn the_union_of_the_rules_is_visited_once(
            rows in prop::collection::vec((0u32..4, 0u32..3, 0u32..5), 0..60), link in any::<bool>(), cut in 0usize..60,
        ) {
            let (a, (b, c)): (Vec<u32>, (Vec<u32>, Vec<u32>)) = rows.iter().map(|r| (r.0, (r.1, r.2))).unzip();
            let n = rows.len() as u32;
            let cut = cut.min(rows.len()) as u32;
            let from = link.then(|| (0..n).map(|i| if i < cut { cut } else { n }).collect());
            let blocking = Blocking::of(&[vec![&a, &b], vec![&c]], rows.len(), 0, from);
            let got = blocking.visit(Vec::new, |v, a, b, s| v.push((a, b, s))).concat();
            let mut want = BTreeSet::new();
            for i in 0..n as usize {
                for j in i + 1..n as usize {
                    if link && !((i as u32) < cut && j as u32 >= cut) {
                        continue;
                    }
                    let one = a[i] == a[j] && b[i] == b[j] && a[i] != 0 && b[i] != 0;
                    let two = c[i] == c[j] && c[i] != 0;
                    if one || two {
                        want.insert((i as u32, j as u32, u32::from(one) | u32::from(two) << 1));
                    }
                }
            }
            prop_assert_eq!(got.len(), want.len());
            prop_assert_eq!(got.into_iter().collect::<BTreeSet<_>>(), want.clone());

            // Rule by rule: every pair under each of its rules, with what was fetched and the rules before.
            let each = |v: &mut Vec<_>, rule: usize, a: (u32, &u32), b: (u32, &u32), before| v.push((*a.1, *b.1, rule, before));
            let got = blocking.visit_by_rule(Vec::new, |i| i, each).concat();
            let rules = |s: u32| (0..2usize).filter(move |r| s >> r & 1 == 1);
            let by_rule: BTreeSet<_> =
                want.iter().flat_map(|&(i, j, s)| rules(s).map(move |r| (i, j, r, s & ((1 << r) - 1)))).collect();
            prop_assert_eq!(got.len(), by_rule.len());
            prop_assert_eq!(got.into_iter().collect::<BTreeSet<_>>(), by_rule);
            for (i, j, s) in want {
                prop_assert_eq!(blocking.found(i, j), s);
            }
        }
    }

    #[test]
    fn a_block_split_into_pieces_is_visited_once() {
        let n = 600u32;
        let one = vec![1u32; n as usize];
        let blocking = Blocking::of(&[vec![&one]], n as usize, 0, None);
        assert!(blocking.pieces().len() > 1);
        let got = blocking
            .visit(Vec::new, |v, a, b, _| v.push((a, b)))
            .concat();
        let want: BTreeSet<_> = (0..n)
            .flat_map(|a| (a + 1..n).map(move |b| (a, b)))
            .collect();
        assert_eq!(got.len(), want.len());
        assert_eq!(got.into_iter().collect::<BTreeSet<_>>(), want);
    }

    #[test]
    fn blocks_too_large_are_passed_over_and_counted() {
        let c = vec![1u32; 5];
        let d = vec![1u32, 1, 2, 2, 3];
        let blocking = Blocking::of(&[vec![&c], vec![&d]], 5, 3, None);
        let sets = blocking
            .visit(Vec::new, |v, _, _, s| v.push((s, 1)))
            .concat();
        let counts = blocking.counts(sets.into_iter());
        assert_eq!(counts[0].passed_over, (1, 10));
        assert_eq!((counts[1].pairs, counts[1].only), (2, 2));
    }
}
