//! Which pairs are compared: exact links, and blocking rules whose union is streamed and counted.
//!
//! A block too large to hold information (half the country is called so) is divided by year of birth, by day and month
//! of birth, and by initials, and the union of these divisions is compared; only what is still too large is passed
//! over, and counted.

use super::compare::{Feature, Features};
use super::engine::blocking::Blocking;
use crate::domain::PartialDate;
use chrono::Datelike;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

/// Blocks larger than this are divided.
const LARGEST_BLOCK: usize = 400;

/// Pairs with the same intact NIK and an agreeing birth date or name.
pub fn exact(features: &Features) -> Vec<(u32, u32)> {
    let nik: Rule = |f| f.nik.intact().map(number);
    let mut out = within(features, &[nik]);
    out.retain(|&(a, b)| {
        let (x, y) = (&features.all[a as usize], &features.all[b as usize]);
        // The numbers blocks are made of are hashes: the digits decide.
        x.nik.intact() == y.nik.intact()
            && (x.birth == y.birth || strsim::jaro_winkler(&x.full, &y.full) >= 0.85)
    });
    out
}

/// Pairs of identities.
type Pairs = Vec<(u32, u32)>;

/// Pairs that the model learns from: one NIK prefix; one name and birth day.
pub fn teaching(features: &Features) -> (Pairs, Pairs) {
    let name: Rule = |f| {
        let birth = f.birth.day()?;
        (!f.family.is_empty()).then(|| number((&f.sorted, birth)))
    };
    (within(features, &[nik15]), within(features, &[name]))
}

/// All pairs of the rules' blocks, sorted.
fn within(features: &Features, rules: &[Rule]) -> Vec<(u32, u32)> {
    let columns: Vec<Vec<u32>> = rules.iter().map(|r| column(features, *r)).collect();
    let values: Vec<Vec<&[u32]>> = columns.iter().map(|c| vec![c.as_slice()]).collect();
    let blocking = Blocking::of(&values, features.len(), LARGEST_BLOCK, None);
    let mut out = blocking
        .visit(Vec::new, |v, a, b, _| v.push((a, b)))
        .concat();
    out.sort_unstable();
    out
}

/// The block a rule puts an identity into, as a number: two values that share a number by chance cost a comparison
/// and nothing else. 0 is no block.
type Rule = fn(&Feature) -> Option<u32>;

fn number(value: impl Hash) -> u32 {
    let mut h = FxHasher::default();
    value.hash(&mut h);
    let h = h.finish();
    ((h >> 32) as u32 ^ h as u32).max(1)
}

fn nik15(f: &Feature) -> Option<u32> {
    f.nik.prefix15().map(number)
}

fn start(text: &str, letters: usize) -> Option<&str> {
    text.get(..letters)
}

fn day_and_month(f: &Feature) -> Option<(u32, u32)> {
    let d = f.birth.day()?;
    Some((d.day().min(d.month()), d.day().max(d.month())))
}

/// Blocking rules; a pair is compared when any of them puts it into one block.
pub const RULES: [(&str, Rule); 8] = [
    ("nik15", nik15),
    ("birth", |f| match f.birth {
        PartialDate::Day(d) => Some(number((d, f.full.chars().next()))),
        _ => None,
    }),
    ("name", |f| (!f.family.is_empty()).then(|| number(&f.full))),
    ("birth_swapped", |f| {
        Some(number((f.birth.year()?, day_and_month(f)?)))
    }),
    ("family_year", |f| {
        let year = f.birth.year().filter(|_| !f.family.is_empty())?;
        Some(number((&f.family, year)))
    }),
    ("given_year", |f| {
        let year = f.birth.year().filter(|_| !f.given.is_empty())?;
        Some(number((&f.given, year)))
    }),
    ("given_family_initial", |f| {
        Some(number((&f.given, start(&f.family, 2)?)))
    }),
    ("family_given_initial", |f| {
        Some(number((&f.family, start(&f.given, 3)?)))
    }),
];

/// How blocks that are too large are divided.
const DIVISIONS: [Rule; 3] = [
    |f| f.birth.year().map(number),
    |f| day_and_month(f).map(number),
    |f| Some(number((start(&f.given, 3)?, start(&f.family, 2)?))),
];

fn column(features: &Features, rule: Rule) -> Vec<u32> {
    features
        .all
        .par_iter()
        .map(|f| rule(f).unwrap_or(0))
        .collect()
}

/// What a rule found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleReport {
    /// Its id.
    pub name: &'static str,
    /// Pairs it puts into one block.
    pub pairs: u64,
    /// Pairs above the threshold among them.
    pub links: u64,
    /// Pairs above the threshold that it alone would miss.
    pub misses: u64,
    /// Pairs above the threshold that no other rule finds.
    pub only: u64,
    /// Pairs passed over, since their block is too large even when divided.
    pub passed_over: u64,
}

/// The blocks of all rules.
pub struct Blocks {
    blocking: Blocking,
    /// Rule of [`RULES`] behind each rule of the blocking.
    rule_of: Vec<usize>,
    passed_over: Vec<u64>,
}

impl Blocks {
    /// Puts every identity into its blocks.
    pub fn of(features: &Features) -> Blocks {
        let mut columns: Vec<Vec<u32>> = Vec::new();
        let mut rule_of = Vec::new();
        let mut passed_over = vec![0; RULES.len()];
        for (r, (_, rule)) in RULES.iter().enumerate() {
            let mut whole = column(features, *rule);
            let large = crowded(&whole);
            let mut divided: Vec<Vec<u32>> = Vec::new();
            if !large.is_empty() {
                for division in DIVISIONS {
                    let mut part: Vec<u32> = whole
                        .par_iter()
                        .zip(&features.all)
                        .map(|(&v, f)| {
                            if large.contains(&v) {
                                division(f).map_or(0, |d| number((v, d)))
                            } else {
                                0
                            }
                        })
                        .collect();
                    let still = crowded(&part);
                    part.par_iter_mut()
                        .filter(|v| still.contains(v))
                        .for_each(|v| *v = 0);
                    divided.push(part);
                }
                passed_over[r] = apart(&whole, &large, &divided);
                whole
                    .par_iter_mut()
                    .filter(|v| large.contains(v))
                    .for_each(|v| *v = 0);
            }
            for c in std::iter::once(whole).chain(divided) {
                rule_of.push(r);
                columns.push(c);
            }
        }
        let values: Vec<Vec<&[u32]>> = columns.iter().map(|c| vec![c.as_slice()]).collect();
        Blocks {
            blocking: Blocking::of(&values, features.len(), 0, None),
            rule_of,
            passed_over,
        }
    }

    /// Visits every pair once, in parallel; `each` keeps what it wants of it in the `Vec` and says whether it is a
    /// link. Returns what was kept, the number of pairs, and what each rule found.
    pub fn visit<T: Send>(
        &self,
        each: impl Fn(&mut Vec<T>, u32, u32) -> bool + Sync,
    ) -> (Vec<T>, u64, Vec<RuleReport>) {
        #[derive(Default)]
        struct Sets(FxHashMap<u32, (u64, u64)>);
        let pieces = self.blocking.visit(
            || (Vec::new(), Sets::default()),
            |(kept, sets), a, b, found| {
                let link = each(kept, a, b);
                let n = sets.0.entry(found).or_default();
                *n = (n.0 + 1, n.1 + u64::from(link));
            },
        );
        let mut report: Vec<RuleReport> = RULES
            .iter()
            .zip(&self.passed_over)
            .map(|((name, _), &passed_over)| RuleReport {
                name,
                passed_over,
                ..RuleReport::default()
            })
            .collect();
        let (mut all, mut pairs, mut links) = (Vec::new(), 0, 0);
        for (kept, sets) in pieces {
            all.extend(kept);
            for (found, (n, l)) in sets.0 {
                pairs += n;
                links += l;
                let rules = self.rules(found);
                for (r, out) in report.iter_mut().enumerate() {
                    if rules >> r & 1 == 1 {
                        out.pairs += n;
                        out.links += l;
                        out.only += if rules.count_ones() == 1 { l } else { 0 };
                    }
                }
            }
        }
        for out in &mut report {
            out.misses = links - out.links;
        }
        (all, pairs, report)
    }

    /// The rules behind a set of rules of the blocking.
    fn rules(&self, found: u32) -> u32 {
        self.rule_of
            .iter()
            .enumerate()
            .fold(0, |s, (bit, &r)| s | (found >> bit & 1) << r)
    }
}

/// Values that more identities have than a block may hold.
fn crowded(column: &[u32]) -> FxHashSet<u32> {
    let mut sorted: Vec<u32> = column.par_iter().copied().filter(|v| *v != 0).collect();
    sorted.par_sort_unstable();
    sorted
        .chunk_by(|a, b| a == b)
        .filter(|c| c.len() > LARGEST_BLOCK)
        .map(|c| c[0])
        .collect()
}

/// Pairs of large blocks that no division brings together, at most (pairs that two divisions share count once too often).
fn apart(whole: &[u32], large: &FxHashSet<u32>, divided: &[Vec<u32>]) -> u64 {
    let pairs = |column: &[u32]| -> u64 {
        let mut sorted: Vec<u32> = column.to_vec();
        sorted.par_sort_unstable();
        sorted
            .chunk_by(|a, b| a == b)
            .filter(|c| c[0] != 0)
            .map(|c| c.len() as u64 * (c.len() as u64 - 1) / 2)
            .sum()
    };
    let inside: Vec<u32> = whole
        .iter()
        .copied()
        .filter(|v| large.contains(v))
        .collect();
    let together: u64 = divided.iter().map(|d| pairs(d)).max().unwrap_or(0);
    pairs(&inside).saturating_sub(together)
}
