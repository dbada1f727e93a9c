//! Estimation without truth: u from random pairs, m and λ from pairs that deterministic rules are sure of.

use super::compare::{
    BIRTH, BIRTH_PLACE, FAMILY, Features, GIVEN, LEVELS, N, NAMES, NIK, RESIDENCE, SEX, pattern,
};
use rand::{RngExt, SeedableRng};

use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Random pairs for u.
const RANDOM_PAIRS: usize = 200_000;
/// Term-frequency adjustment never gives more than this many bits; a fam alone is weak evidence.
const MOST_TF: [f64; 2] = [6.0, 3.0];
/// Matches the starting values of m stand for, so that small lists do not learn from three pairs.
const PRIOR_MATCHES: f64 = 20.0;
/// Share of all matches that the deterministic rules find.
const RULES_FIND: f64 = 0.6;

/// The estimated model.
#[derive(Debug, Clone)]
pub struct Model {
    /// P(level | match) per comparison.
    pub m: Vec<Vec<f64>>,
    /// P(level | no match).
    pub u: Vec<Vec<f64>>,
    /// Probability that two random identities match.
    pub lambda: f64,
    /// log2(m/u) per comparison and level; 0 at level 0, where a value is missing.
    weights: [[f64; MOST_LEVELS]; N],
}

/// Levels no comparison has more of.
const MOST_LEVELS: usize = 8;

fn weights(m: &[Vec<f64>], u: &[Vec<f64>]) -> [[f64; MOST_LEVELS]; N] {
    let mut out = [[0.0; MOST_LEVELS]; N];
    for c in 0..N {
        for l in 1..LEVELS[c] {
            out[c][l] = (m[c][l].max(1e-9) / u[c][l].max(1e-9)).log2();
        }
    }
    out
}

/// Match probability of a weight.
pub fn probability(weight: f64) -> f64 {
    let odds = weight.clamp(-60.0, 60.0).exp2();
    odds / (1.0 + odds)
}

/// Weight of a match probability.
pub fn weight_of(probability: f64) -> f64 {
    let p = probability.clamp(1e-12, 1.0 - 1e-12);
    (p / (1.0 - p)).log2()
}

/// Starting values of m: agreement likely, the rest as the field's error rates suggest.
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

/// Estimates the model without truth, from rules that are nearly always right.
///
/// Expectation–maximisation over blocked pairs alone takes families for persons here: fam are shared by thousands.
/// So, as Splink does for λ, deterministic rules anchor the estimate. Pairs with one intact NIK teach m of all that
/// the NIK does not hold; pairs with one name and birth day teach m of the NIK; pairs with one NIK prefix and a
/// near name teach m of the birth date. λ is the number of such pairs, corrected for those the rules miss, over
/// all pairs of identities.
///
/// `near` are the pairs with one NIK prefix, `twins` those with one name and birth day.
pub fn train(
    features: &Features,
    exact: &[(u32, u32)],
    near: &[(u32, u32)],
    twins: &[(u32, u32)],
    seed: u64,
) -> Model {
    let u = random_u(features, seed);
    let mut m = start_m();
    let mut learn = |c: usize, levels: &mut dyn Iterator<Item = u8>| {
        let mut counts: Vec<f64> = m[c].iter().map(|p| PRIOR_MATCHES * p).collect();
        levels
            .filter(|l| *l > 0)
            .for_each(|l| counts[l as usize] += 1.0);
        normalise(&mut counts);
        m[c] = counts;
    };
    let patterns = |pairs: &[(u32, u32)]| -> Vec<[u8; N]> {
        pairs
            .par_iter()
            .map(|&(a, b)| pattern(&features.all[a as usize], &features.all[b as usize]))
            .collect()
    };
    let same_nik = patterns(exact);
    for c in [GIVEN, FAMILY, SEX, RESIDENCE, BIRTH_PLACE] {
        learn(c, &mut same_nik.iter().map(|p| p[c]));
    }
    let near = patterns(near);
    let near = near
        .iter()
        .filter(|p| p[NIK] == 4 && p[GIVEN] >= 4 && p[FAMILY] != 1);
    learn(BIRTH, &mut near.map(|p| p[BIRTH]));
    let twins = patterns(twins);
    let twins = twins
        .iter()
        .filter(|p| p[GIVEN] == 5 && p[FAMILY] == 4 && p[BIRTH] == 6);
    let sure = twins.clone().count();
    learn(NIK, &mut twins.map(|p| p[NIK]));
    let matches = sure.max(exact.len()) as f64 / RULES_FIND;
    let all = features.len() as f64 * (features.len() as f64 - 1.0) / 2.0;
    Model {
        weights: weights(&m, &u),
        m,
        u,
        lambda: (matches / all.max(1.0)).clamp(1e-9, 0.5),
    }
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
    /// log2(m/u) per comparison; missing values add nothing.
    pub fn parts(&self, p: &[u8; N]) -> [f64; N] {
        std::array::from_fn(|c| self.weights[c][p[c] as usize])
    }

    /// The most that names and place of birth can add, rarity of the names included.
    pub fn words_at_most(&self) -> f64 {
        let most = |c: usize| self.weights[c].iter().copied().fold(0.0, f64::max);
        most(GIVEN) + most(FAMILY) + most(BIRTH_PLACE) + MOST_TF.iter().sum::<f64>()
    }

    /// log2 of the prior odds.
    pub fn prior(&self) -> f64 {
        (self.lambda / (1.0 - self.lambda)).log2()
    }

    /// Sum of log2(m/u) over the comparisons; missing values add nothing.
    pub fn pattern_weight(&self, p: &[u8; N]) -> f64 {
        self.parts(p).iter().sum()
    }

    /// Match weight of a pair: prior, comparisons, and how rare the names are they agree on.
    pub fn weight(&self, features: &Features, a: u32, b: u32, p: &[u8; N]) -> f64 {
        let mut w = self.pattern_weight(p) + self.prior();
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
