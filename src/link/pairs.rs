//! Which pairs are compared: exact links, and blocking rules whose union is counted.

use super::compare::{Feature, Features};
use crate::domain::PartialDate;
use chrono::Datelike;
use rustc_hash::FxHashMap;

/// Blocks larger than this hold no information worth their pairs.
const LARGEST_BLOCK: usize = 400;

/// Pairs with the same intact NIK and an agreeing birth date or name.
pub fn exact(features: &Features) -> Vec<(u32, u32)> {
    let mut blocks: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for (i, f) in features.all.iter().enumerate() {
        if let Some(n) = f.nik.intact() {
            blocks.entry(n).or_default().push(i as u32);
        }
    }
    let mut out = Vec::new();
    for block in blocks.values() {
        for (k, &a) in block.iter().enumerate() {
            for &b in &block[k + 1..] {
                let (x, y) = (&features.all[a as usize], &features.all[b as usize]);
                if x.birth == y.birth || strsim::jaro_winkler(&x.full, &y.full) >= 0.85 {
                    out.push((a, b));
                }
            }
        }
    }
    out.sort_unstable();
    out
}

type Key = Option<String>;
/// A rule's name and the block it puts an identity into.
type Rule = (&'static str, fn(&Feature) -> Key);

/// Blocking rules; a pair is compared when any of them puts it into one block.
const RULES: &[Rule] = &[
    ("nik15", |f| f.nik.prefix15().map(str::to_owned)),
    ("birth", |f| match f.birth {
        PartialDate::Day(d) => Some(format!("{d}{}", f.full.chars().next().unwrap_or('?'))),
        _ => None,
    }),
    ("name", |f| {
        (!f.family.is_empty()).then(|| f.full.to_string())
    }),
    ("birth_swapped", |f| match f.birth {
        PartialDate::Day(d) => Some(format!(
            "{} {} {}",
            d.year(),
            d.day().min(d.month()),
            d.day().max(d.month())
        )),
        _ => None,
    }),
    ("family_year", |f| {
        f.birth
            .year()
            .filter(|_| !f.family.is_empty())
            .map(|y| format!("{}{y}", f.family))
    }),
    ("given_year", |f| {
        f.birth
            .year()
            .filter(|_| !f.given.is_empty())
            .map(|y| format!("{}{y}", f.given))
    }),
    ("given_family_initial", |f| {
        Some(format!("{}{}", f.given, f.family.get(..2)?))
    }),
    ("family_given_initial", |f| {
        Some(format!("{}{}", f.family, f.given.get(..3)?))
    }),
];

/// The union of the rules' pairs, sorted; counts per rule go to `counts`.
pub fn blocked(features: &Features, counts: &mut Vec<(&'static str, u64)>) -> Vec<(u32, u32)> {
    let mut all: Vec<(u32, u32)> = Vec::new();
    for (name, key) in RULES {
        let mut keyed: Vec<(String, u32)> = features
            .all
            .iter()
            .enumerate()
            .filter_map(|(i, f)| key(f).map(|k| (k, i as u32)))
            .collect();
        keyed.sort_unstable();
        let before = all.len();
        for block in keyed.chunk_by(|a, b| a.0 == b.0) {
            if block.len() < 2 || block.len() > LARGEST_BLOCK {
                continue;
            }
            for (k, (_, a)) in block.iter().enumerate() {
                all.extend(block[k + 1..].iter().map(|(_, b)| (*a.min(b), *a.max(b))));
            }
        }
        counts.push((name, (all.len() - before) as u64));
    }
    all.sort_unstable();
    all.dedup();
    all
}
