//! Which pairs are compared: exact links, and blocking rules whose union is streamed and counted.
//!
//! A block too large to hold information (half the country is called so) is divided by year of birth, by day and month
//! of birth, and by initials, and the union of these divisions is compared; only what is still too large is passed
//! over, and counted.

use super::engine::blocking::Blocking;
use super::engine::column::MISSING;
use super::engine::nik::Trust;
use super::engine::rule::Rule;
use super::engine::similarity::Positions;
use super::identity::{Feature, Features};
use super::plain::Plain;
use crate::domain::PartialDate;
use crate::domain::records::{Custody, one_after_the_other};
use chrono::Datelike;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

/// Blocks larger than this are divided. Of a million people's identities a fifth of the pairs is compared that 400 would
/// bring together, and precision and recall are the same.
const LARGEST_BLOCK: usize = 100;
/// Larger blocks teach nothing.
const LARGEST_TAUGHT: usize = 400;

/// Whether two identities bear names that are alike as a whole.
fn alike(features: &Features, positions: &mut Positions, a: u32, b: u32) -> bool {
    let (x, y) = (features.all[a as usize].full, features.all[b as usize].full);
    let s = features.names.similar_own(x, y, ALIKE, positions);
    x != MISSING && y != MISSING && s >= ALIKE
}

/// Pairs that are certain unless their weight speaks against it: one intact NIK, which neither row contradicts, with an
/// agreeing name or a birth date that both write.
pub fn exact(features: &Features) -> Pairs {
    let nik: Key = |_, f| f.nik.intact().map(number);
    within(features, nik, |positions, a, b| {
        let (x, y) = (&features.all[a as usize], &features.all[b as usize]);
        let (p, q) = (&features.plain[a as usize], &features.plain[b as usize]);
        let believed = |p: &Plain| p.trust != Trust::Contradicted;
        let born =
            || x.born == y.born && x.born.is_known() && !p.from_nik.birth && !q.from_nik.birth;
        // The numbers blocks are made of are hashes: the digits decide.
        x.nik.intact() == y.nik.intact()
            && believed(p)
            && believed(q)
            && (born() || alike(features, positions, a, b))
    })
}

/// Pairs under one register number of one unit, with an agreeing name and birth date or day of admission.
pub fn same_register(features: &Features, registered: &[Registered]) -> Pairs {
    let mut out = Pairs::new();
    let mut positions = Positions::default();
    for same in registered.chunk_by(|x, y| x.number == y.number) {
        // A number that many people have is no number of a person.
        if same.len() > MOST_OF_A_NUMBER {
            continue;
        }
        for (k, x) in same.iter().enumerate() {
            for y in &same[k + 1..] {
                let (a, b) = (x.identity.min(y.identity), x.identity.max(y.identity));
                let born = |i: u32| features.all[i as usize].birth;
                let dated = born(a) == born(b) && born(a).is_known()
                    || x.admitted == y.admitted && x.admitted.is_known();
                if a != b && dated && alike(features, &mut positions, a, b) {
                    out.push((a, b));
                }
            }
        }
    }
    out.par_sort_unstable();
    out.dedup();
    out
}

/// Names of exact pairs are at least so similar.
const ALIKE: f64 = 0.85;
/// Identities under one register number, at most.
const MOST_OF_A_NUMBER: usize = 50;

/// An identity under a register number of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Registered {
    /// The unit and its number.
    number: u64,
    identity: u32,
    admitted: PartialDate,
}

/// The register numbers of custody records, which are the first of all, so that `node_of` names their identities.
pub fn registered(custody: &[Custody], node_of: &[u32]) -> Vec<Registered> {
    let mut out: Vec<Registered> = custody
        .par_iter()
        .zip(node_of)
        .filter(|(r, _)| r.register_no.bytes().any(|b| b.is_ascii_digit()))
        .map(|(r, &identity)| {
            let mut h = FxHasher::default();
            (r.upt, &r.register_no).hash(&mut h);
            Registered {
                number: h.finish(),
                identity,
                admitted: r.admitted,
            }
        })
        .collect();
    out.par_sort_unstable();
    out.dedup();
    out
}

/// Pairs of identities.
type Pairs = Vec<(u32, u32)>;

/// Pairs that the model learns from: one NIK prefix; one name and birth day; one family name and birth day.
pub fn teaching(features: &Features) -> (Pairs, Pairs, Pairs) {
    let name: Key = |all, f| {
        let birth = f.born.day()?;
        let name = all.parts[f.full as usize];
        (name.family() != MISSING).then(|| number((name.sorted, birth)))
    };
    let family: Key = |all, f| {
        let family = all.parts[f.full as usize].family();
        (family != MISSING).then_some(number((family, f.born.day()?)))
    };
    let (nik, (name, family)) = rayon::join(
        || within(features, nik15, |_, _, _| true),
        || {
            rayon::join(
                || within(features, name, |_, _, _| true),
                || within(features, family, |_, _, _| true),
            )
        },
    );
    (nik, name, family)
}

/// The pairs of a rule's blocks that are worth it, sorted.
fn within(
    features: &Features,
    key: Key,
    worth: impl Fn(&mut Positions, u32, u32) -> bool + Sync,
) -> Pairs {
    let column: Vec<u32> = (features.all.par_iter())
        .map(|f| key(features, f).unwrap_or(MISSING))
        .collect();
    let blocking = Blocking::of(&[vec![&column]], features.len(), LARGEST_TAUGHT, None);
    let found = blocking.visit(
        || (Vec::new(), Positions::default()),
        |(found, positions), a, b, _| {
            if worth(positions, a, b) {
                found.push((a, b));
            }
        },
    );
    let mut out: Pairs = found.into_iter().flat_map(|(found, _)| found).collect();
    out.par_sort_unstable();
    out
}

/// The block a rule puts an identity into, as a number: two values that share a number by chance cost a comparison
/// and nothing else.
type Key = fn(&Features, &Feature) -> Option<u32>;

fn number(value: impl Hash) -> u32 {
    let mut h = FxHasher::default();
    value.hash(&mut h);
    let h = h.finish();
    ((h >> 32) as u32 ^ h as u32).max(1)
}

fn nik15(_: &Features, f: &Feature) -> Option<u32> {
    f.nik.prefix15().map(number)
}

/// Given name and family name.
fn name(all: &Features, f: &Feature) -> (Option<u32>, Option<u32>) {
    let name = all.parts[f.full as usize];
    let known = |id: u32| (id != MISSING).then_some(id);
    (known(name.given), known(name.family()))
}

fn start(all: &Features, word: Option<u32>, letters: usize) -> Option<&[u8]> {
    all.words.get(word?).get(..letters)
}

fn day_and_month(f: &Feature) -> Option<(u32, u32)> {
    let d = f.born.day()?;
    Some((d.day().min(d.month()), d.day().max(d.month())))
}

/// Blocking rules; a pair is compared when any of them puts it into one block.
pub const RULES: [(&str, Key); 8] = [
    ("nik15", nik15),
    ("birth", |all, f| {
        Some(number((f.born.day()?, all.names.get(f.full).first())))
    }),
    ("name", |all, f| name(all, f).1.map(|_| number(f.full))),
    ("birth_swapped", |_, f| {
        Some(number((f.born.year()?, day_and_month(f)?)))
    }),
    ("family_year", |all, f| {
        Some(number((name(all, f).1?, f.born.year()?)))
    }),
    ("given_year", |all, f| {
        Some(number((name(all, f).0?, f.born.year()?)))
    }),
    ("given_family_initial", |all, f| {
        let (given, family) = name(all, f);
        Some(number((given?, start(all, family, 2)?)))
    }),
    ("family_given_initial", |all, f| {
        let (given, family) = name(all, f);
        Some(number((family?, start(all, given, 3)?)))
    }),
];

/// Rules that put two identities into one block.
pub fn found_by(features: &Features, a: u32, b: u32) -> Vec<&'static str> {
    let of = |key: Key, i: u32| key(features, &features.all[i as usize]);
    let together = |key: Key| of(key, a).is_some() && of(key, a) == of(key, b);
    let rules = RULES.iter().filter(|(_, key)| together(*key));
    rules.map(|(name, _)| *name).collect()
}

/// How blocks that are too large are divided.
const DIVISIONS: [Key; 3] = [
    |_, f| f.born.year().map(number),
    |_, f| day_and_month(f).map(number),
    |all, f| {
        let (given, family) = name(all, f);
        Some(number((start(all, given, 3)?, start(all, family, 2)?)))
    },
];

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
        // One by one: some take longer than others.
        let found: Vec<(Vec<Rule>, u64)> = RULES
            .par_iter()
            .with_max_len(1)
            .map(|(_, key)| divided(features, *key))
            .collect();
        let passed_over = found.iter().map(|(_, passed)| *passed).collect();
        let rules = found.into_iter().zip(0..);
        let mut rules: Vec<(Rule, usize)> = rules
            .flat_map(|((of, _), r)| of.into_iter().map(move |rule| (rule, r)))
            .collect();
        // What finds most comes first: for a pair only the rules before are asked whether they have found it.
        rules.sort_by_key(|(rule, _)| std::cmp::Reverse(rule.pairs()));
        let (rules, rule_of): (Vec<Rule>, Vec<usize>) = rules.into_iter().unzip();
        Blocks {
            blocking: Blocking::of_rules(rules, features.len(), None),
            rule_of,
            passed_over,
        }
    }

    /// Visits every pair once, in parallel; `each` keeps what it wants of it in the `Vec` and says whether it is a
    /// link. Returns what was kept, the number of pairs, and what each rule found.
    pub fn visit<T: Send>(
        &self,
        features: &Features,
        each: impl Fn(&mut Vec<T>, &mut Positions, (u32, &Plain), (u32, &Plain)) -> bool + Sync,
    ) -> (Vec<T>, u64, Vec<RuleReport>) {
        struct Piece<T> {
            kept: Vec<T>,
            positions: Positions,
            pairs: u64,
            /// Pairs by rule.
            by_rule: [u64; RULES.len()],
            /// Links by the rules that find them.
            links: FxHashMap<u32, u64>,
        }
        let start = || Piece {
            kept: Vec::new(),
            positions: Positions::default(),
            pairs: 0,
            by_rule: [0; RULES.len()],
            links: FxHashMap::default(),
        };
        let fetch = |i: u32| features.plain[i as usize];
        // The rules of the blocking that are divisions of the same one.
        let same: Vec<u32> = (self.rule_of.iter())
            .map(|r| {
                let bits = self.rule_of.iter().enumerate();
                bits.fold(0, |s, (bit, q)| s | u32::from(q == r) << bit)
            })
            .collect();
        let pieces = self
            .blocking
            .visit_by_rule(start, fetch, |p, rule, a, b, before| {
                if before & same[rule] == 0 {
                    p.by_rule[self.rule_of[rule]] += 1;
                }
                if before != 0 {
                    return;
                }
                p.pairs += 1;
                if each(&mut p.kept, &mut p.positions, a, b) {
                    let found = self.rules(self.blocking.found(a.0, b.0));
                    *p.links.entry(found).or_default() += 1;
                }
            });
        let mut report: Vec<RuleReport> = RULES
            .iter()
            .zip(&self.passed_over)
            .map(|((name, _), &passed_over)| RuleReport {
                name,
                passed_over,
                ..RuleReport::default()
            })
            .collect();
        let (mut kept, mut pairs, mut links) = (Vec::with_capacity(pieces.len()), 0, 0);
        for piece in pieces {
            kept.push(piece.kept);
            pairs += piece.pairs;
            for (out, n) in report.iter_mut().zip(piece.by_rule) {
                out.pairs += n;
            }
            for (rules, l) in piece.links {
                links += l;
                for (r, out) in report.iter_mut().enumerate() {
                    if rules >> r & 1 == 1 {
                        out.links += l;
                        out.only += if rules.count_ones() == 1 { l } else { 0 };
                    }
                }
            }
        }
        for out in &mut report {
            out.misses = links - out.links;
        }
        (one_after_the_other(kept), pairs, report)
    }

    /// The rules behind a set of rules of the blocking.
    fn rules(&self, found: u32) -> u32 {
        self.rule_of
            .iter()
            .enumerate()
            .fold(0, |s, (bit, &r)| s | (found >> bit & 1) << r)
    }
}

/// Identities by the block they are in, in that order.
fn sorted(keyed: impl Iterator<Item = (u32, u32)>) -> Vec<(u32, u32)> {
    let mut out: Vec<(u32, u32)> = keyed.collect();
    out.par_sort_unstable();
    out
}

/// The blocks of a rule, and those that its blocks too large are divided into; with the pairs of large blocks that no
/// division brings together, at most (pairs that two divisions share count once too often).
fn divided(features: &Features, key: Key) -> (Vec<Rule>, u64) {
    let keyed = features.all.iter().zip(0u32..);
    let all = sorted(keyed.filter_map(|(f, i)| Some((key(features, f)?, i))));
    let (mut whole, mut large, mut apart) = (Rule::default(), Vec::new(), 0);
    for block in all.chunk_by(|x, y| x.0 == y.0) {
        if block.len() > LARGEST_BLOCK {
            apart += block.len() as u64 * (block.len() as u64 - 1) / 2;
            large.extend_from_slice(block);
        } else {
            whole.push(block.iter().map(|(_, i)| *i));
        }
    }
    drop(all);
    let mut out = vec![whole];
    if large.is_empty() {
        return (out, 0);
    }
    let mut together = 0;
    for division in DIVISIONS {
        let part = sorted(large.iter().filter_map(|&(v, i)| {
            let d = division(features, &features.all[i as usize])?;
            Some((number((v, d)), i))
        }));
        let rule = Rule::of(&part, LARGEST_BLOCK);
        together = together.max(rule.pairs());
        out.push(rule);
    }
    (out, apart.saturating_sub(together))
}
