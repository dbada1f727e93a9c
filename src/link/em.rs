//! Estimation without truth: u from random pairs, m and λ by expectation–maximisation on pattern counts.

use super::compare::{Features, LEVELS, N, NAMES, pattern};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Random pairs for u.
const RANDOM_PAIRS: usize = 200_000;
/// Term-frequency adjustment never gives more than this many bits; a fam alone is weak evidence.
const MOST_TF: [f64; 2] = [6.0, 3.0];
/// Matches the starting values of m stand for: keeps EM from taking families for persons in small lists.
const PRIOR_MATCHES: f64 = 100.0;

/// The estimated model.
#[derive(Debug, Clone)]
pub struct Model {
    /// P(level | match) per comparison.
    pub m: Vec<Vec<f64>>,
    /// P(level | no match).
    pub u: Vec<Vec<f64>>,
    /// Probability that a compared pair matches.
    pub lambda: f64,
}

/// Match probability of a weight.
pub fn probability(weight: f64) -> f64 {
    let odds = weight.clamp(-60.0, 60.0).exp2();
    odds / (1.0 + odds)
}

/// Starting values of m: agreement likely, the rest as the field's error rates suggest; EM moves them.
fn start_m() -> Vec<Vec<f64>> {
    LEVELS
        .iter()
        .map(|&levels| {
            // Level 0 is missing and carries no evidence; the top level holds most of the mass.
            let mut v = vec![0.0; levels];
            let mut left = 1.0;
            for slot in v.iter_mut().skip(1).rev() {
                *slot = left * 0.8;
                left *= 0.2;
            }
            normalise(&mut v);
            v
        })
        .collect()
}

fn normalise(v: &mut [f64]) {
    let sum: f64 = v.iter().skip(1).sum();
    if sum > 0.0 {
        v.iter_mut().skip(1).for_each(|x| *x /= sum);
    }
    v[0] = 1.0;
}

/// Trains on the patterns of the blocked pairs.
pub fn train(features: &Features, patterns: &[[u8; N]], seed: u64) -> Model {
    let u = random_u(features, seed);
    let mut counts: BTreeMap<[u8; N], f64> = BTreeMap::new();
    for p in patterns {
        *counts.entry(*p).or_default() += 1.0;
    }
    let total: f64 = patterns.len().max(1) as f64;
    let prior = start_m();
    let mut model = Model {
        m: prior.clone(),
        u,
        lambda: 0.02,
    };
    for _ in 0..40 {
        let mut sums: Vec<Vec<f64>> = LEVELS.iter().map(|&l| vec![0.0; l]).collect();
        let mut matches = 0.0;
        for (p, &n) in &counts {
            let w =
                probability(model.pattern_weight(p) + (model.lambda / (1.0 - model.lambda)).log2());
            matches += w * n;
            for (c, &level) in p.iter().enumerate() {
                sums[c][level as usize] += w * n;
            }
        }
        let before = model.lambda;
        model.lambda = (matches / total).clamp(1e-6, 0.9);
        for (c, s) in sums.iter_mut().enumerate() {
            s.iter_mut()
                .zip(&prior[c])
                .skip(1)
                .for_each(|(x, p)| *x += PRIOR_MATCHES * p);
            normalise(s);
            model.m[c].clone_from(s);
        }
        if (model.lambda - before).abs() < 1e-7 {
            break;
        }
    }
    model
}

fn random_u(features: &Features, seed: u64) -> Vec<Vec<f64>> {
    let n = features.len() as u32;
    let mut sums: Vec<Vec<f64>> = LEVELS.iter().map(|&l| vec![0.0; l]).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    if n > 1 {
        for _ in 0..RANDOM_PAIRS.min((n as usize).saturating_mul(n as usize)) {
            let (a, b) = (rng.random_range(0..n), rng.random_range(0..n));
            if a != b {
                let p = pattern(&features.all[a as usize], &features.all[b as usize]);
                for (c, &level) in p.iter().enumerate() {
                    sums[c][level as usize] += 1.0;
                }
            }
        }
    }
    for s in &mut sums {
        s.iter_mut().skip(1).for_each(|x| *x += 0.5);
        normalise(s);
    }
    sums
}

impl Model {
    /// Sum of log2(m/u) over the comparisons; missing values add nothing.
    pub fn pattern_weight(&self, p: &[u8; N]) -> f64 {
        p.iter()
            .enumerate()
            .filter(|(_, l)| **l > 0)
            .map(|(c, &l)| {
                (self.m[c][l as usize].max(1e-9) / self.u[c][l as usize].max(1e-9)).log2()
            })
            .sum()
    }

    /// Match weight of a pair: prior, comparisons, and how rare the names are they agree on.
    pub fn weight(&self, features: &Features, a: u32, b: u32, p: &[u8; N]) -> f64 {
        let mut w = self.pattern_weight(p) + (self.lambda / (1.0 - self.lambda)).log2();
        let (x, y) = (&features.all[a as usize], &features.all[b as usize]);
        for (c, top, shares, tx, ty) in [
            (0usize, 5u8, &features.given_share, x.terms.0, y.terms.0),
            (1, 4, &features.family_share, x.terms.1, y.terms.1),
        ] {
            if p[c] == top && tx == ty {
                let u = self.u[c][top as usize];
                let share = shares[tx as usize].max(1e-6);
                w += (u / share).log2().clamp(-MOST_TF[c], MOST_TF[c]);
            }
        }
        w
    }

    /// (m, u) per comparison and level, for reports.
    pub fn parameters(&self) -> Vec<(&'static str, Vec<(f64, f64)>)> {
        let pair = |c: usize| {
            (1..LEVELS[c])
                .map(|l| (self.m[c][l], self.u[c][l]))
                .collect()
        };
        (0..N).map(|c| (NAMES[c], pair(c))).collect()
    }
}
