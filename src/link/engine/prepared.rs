//! Columns made ready for comparing: what the tests of a model ask for, worked out once per distinct value.

use super::agree::Date;
use super::column::{Column, Terms};
use super::level::Test;
use super::named::{As, Read};
use super::similarity::Signature;
use crate::clean::name::fold;
use rustc_hash::FxHashMap;

/// Most bits that the frequency of one value adds or takes.
const MOST_BITS: f64 = 8.0;

/// A column as comparisons need it: what its tests ask for, worked out per distinct value.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    pub(super) terms: Terms,
    pub(super) signatures: Vec<Signature>,
    pub(super) folded: Vec<u32>,
    pub(super) squashed: Vec<u32>,
    pub(super) sorted: Vec<u32>,
    pub(super) words: Vec<Box<[u32]>>,
    pub(super) items: Vec<Box<[u32]>>,
    pub(super) numbers: Vec<f64>,
    pub(super) dates: Vec<Date>,
    /// Places on the globe.
    pub(super) points: Vec<Option<(f64, f64)>>,
    /// The values as the comparisons of the library read them.
    pub(super) read: Read,
    /// log2 of how much rarer than usual the value is.
    pub(super) bits: Vec<f32>,
    pub(super) least_similar: f64,
    pub(super) most_edits: u32,
}

fn numbered<T: std::hash::Hash + Eq>(known: &mut FxHashMap<T, u32>, key: T) -> u32 {
    let next = known.len() as u32;
    *known.entry(key).or_insert(next)
}

impl Prepared {
    /// Prepares a column for some tests.
    pub fn of(column: &Column, tests: &[Test], library: &[As], frequency: bool) -> Prepared {
        let terms = column.terms.clone();
        let all = || (0..terms.len() as u32).map(|id| terms.get(id));
        let has = |f: fn(&Test) -> bool| tests.iter().any(f);
        let mut out = Prepared {
            least_similar: 2.0,
            ..Prepared::default()
        };
        for t in tests {
            match t {
                Test::JaroWinkler(s) => out.least_similar = out.least_similar.min(*s),
                Test::Edits(n) => out.most_edits = out.most_edits.max(*n),
                _ => {}
            }
        }
        if has(|t| matches!(t, Test::JaroWinkler(_) | Test::Edits(_))) {
            out.signatures = all().map(Signature::of).collect();
        }
        let text = |v: &[u8]| String::from_utf8_lossy(v).into_owned();
        if has(|t| *t == Test::Fold) {
            let mut known = FxHashMap::default();
            out.folded = all()
                .map(|v| numbered(&mut known, fold(&text(v))))
                .collect();
        }
        if has(|t| *t == Test::Squash) {
            let mut known = FxHashMap::default();
            let bare = |v: &[u8]| -> Vec<u8> {
                v.iter()
                    .copied()
                    .filter(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
                    .collect()
            };
            out.squashed = all().map(|v| numbered(&mut known, bare(v))).collect();
        }
        if has(|t| matches!(t, Test::SameWords | Test::WordsWithin | Test::Jaccard(_))) {
            let mut known = FxHashMap::default();
            out.words = all().map(|v| parts(v, &mut known, |b| b == b' ')).collect();
            let mut same = FxHashMap::default();
            out.sorted = out
                .words
                .iter()
                .map(|w| {
                    let mut w = w.to_vec();
                    w.sort_unstable();
                    numbered(&mut same, w)
                })
                .collect();
        }
        if has(|t| matches!(t, Test::SharedItem | Test::Items(_))) {
            let mut known = FxHashMap::default();
            out.items = all()
                .map(|v| parts(v, &mut known, |b| b",;/|".contains(&b)))
                .collect();
        }
        if has(|t| matches!(t, Test::Within(_))) {
            out.numbers = all()
                .map(|v| text(v).replace(',', ".").parse().unwrap_or(f64::NAN))
                .collect();
        }
        if has(|t| {
            matches!(
                t,
                Test::DayMonth | Test::TwoParts | Test::Days(_) | Test::Months(_)
            )
        }) {
            out.dates = all().map(Date::of).collect();
        }
        if has(|t| matches!(t, Test::Kilometres(_))) {
            out.points = all().map(|v| super::agree::point(&text(v))).collect();
        }
        for what in library {
            out.read.add(column, *what);
        }
        if frequency {
            let shares = column.shares();
            let usual: f64 = shares.iter().skip(1).map(|s| s * s).sum();
            out.bits = shares
                .iter()
                .map(|&s| {
                    if s > 0.0 && usual > 0.0 {
                        (usual / s).log2().clamp(-MOST_BITS, MOST_BITS) as f32
                    } else {
                        0.0
                    }
                })
                .collect();
        }
        out.terms = terms;
        out
    }
}

/// Pieces of a value between separators, numbered.
fn parts(v: &[u8], known: &mut FxHashMap<Vec<u8>, u32>, separates: fn(u8) -> bool) -> Box<[u32]> {
    v.split(|b| separates(*b))
        .map(|p| p.trim_ascii())
        .filter(|p| !p.is_empty())
        .map(|p| numbered(known, p.to_vec()))
        .collect()
}
