//! Estimation without truth: u from random pairs, m and λ from pairs that deterministic rules are sure of.

use super::compare::{
    BIRTH, BIRTH_PLACE, CHEAP, FAMILY, GIVEN, LEVELS, N, NAMES, NIK, PARENT, Pattern, cheaply,
    level, pattern,
};
use super::engine::estimate::{Estimates, bits, shares};
use super::engine::similarity::Positions;
use super::identity::Features;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Random pairs for u.
const RANDOM_PAIRS: usize = 200_000;
/// Term-frequency adjustment of given and family name never gives more than this many bits; a fam alone is weak evidence.
const MOST_TF: [f64; 2] = [6.0, 3.0];
/// Matches the starting values of m stand for, so that small lists do not learn from three pairs.
const PRIOR_MATCHES: f64 = 20.0;
/// Share of all matches that the deterministic rules find.
const RULES_FIND: f64 = 0.6;

/// Weight of a match probability.
pub fn weight_of(probability: f64) -> f64 {
    bits(probability.clamp(1e-12, 1.0 - 1e-12))
}

/// The estimated model.
#[derive(Debug, Clone)]
pub struct Model {
    estimates: Estimates,
    /// Bits that agreeing on a given name, and on a family name, weighs more or less than agreeing on any: by word.
    rarity: [Vec<f64>; 2],
}

/// Starting value of m: agreement likely, the rest as the field's error rates suggest.
fn start_m(comparison: usize, level: usize) -> f64 {
    // The top level holds most of the mass; the shares of all levels sum to nearly one.
    0.8 * 0.2f64.powi((LEVELS[comparison] - level) as i32)
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
    let patterns = |pairs: &[(u32, u32)]| -> Vec<Pattern> {
        pairs
            .par_iter()
            .map_init(Positions::default, |p, &(a, b)| pattern(features, a, b, p))
            .collect()
    };
    let learn = |pairs: &mut dyn Iterator<Item = &Pattern>| {
        let prior = |c, l| PRIOR_MATCHES * start_m(c, l);
        shares(&LEVELS, pairs.map(|&p| (p, 1.0)), prior)
    };
    let mut m = learn(&mut patterns(exact).iter());
    let near = patterns(near);
    let near = near
        .iter()
        .filter(|&&p| level(p, NIK) == 4 && level(p, GIVEN) >= 4 && level(p, FAMILY) != 1);
    m[BIRTH].clone_from(&learn(&mut near.into_iter())[BIRTH]);
    let twins = patterns(twins);
    let twins = twins
        .iter()
        .filter(|&&p| level(p, GIVEN) == 5 && level(p, FAMILY) == 4 && level(p, BIRTH) == 6);
    let sure = twins.clone().count();
    m[NIK].clone_from(&learn(&mut twins.into_iter())[NIK]);
    let matches = sure.max(exact.len()) as f64 / RULES_FIND;
    let all = features.len() as f64 * (features.len() as f64 - 1.0) / 2.0;
    let lambda = (matches / all.max(1.0)).clamp(1e-9, 0.5);
    let estimates = Estimates::of(lambda, m, random_u(features, seed));
    let rarity = [
        (GIVEN, &features.given_share),
        (FAMILY, &features.family_share),
    ];
    let rarity = rarity.map(|(c, shares)| {
        let (u, most) = (estimates.u[c][LEVELS[c]], MOST_TF[c]);
        let bits = |share: &f32| (u / f64::from(*share).max(1e-6)).log2().clamp(-most, most);
        shares.iter().map(bits).collect()
    });
    Model { estimates, rarity }
}

fn random_u(features: &Features, seed: u64) -> Vec<Vec<f64>> {
    let n = features.len() as u32;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let draws = RANDOM_PAIRS.min((n as usize).saturating_mul(n as usize));
    let mut pair = || (rng.random_range(0..n), rng.random_range(0..n));
    let pairs: Vec<(u32, u32)> = (0..if n > 1 { draws } else { 0 })
        .map(|_| pair())
        .filter(|(a, b)| a != b)
        .collect();
    let patterns: Vec<Pattern> = pairs
        .par_iter()
        .map_init(Positions::default, |p, &(a, b)| pattern(features, a, b, p))
        .collect();
    shares(&LEVELS, patterns.into_iter().map(|p| (p, 1.0)), |_, _| 0.5)
}

impl Model {
    /// log2(m/u) per comparison; missing values add nothing.
    pub fn parts(&self, p: Pattern) -> [f64; N] {
        std::array::from_fn(|c| self.estimates.weights[c][usize::from(level(p, c))])
    }

    /// Which levels of the cheap comparisons, by [`super::compare::cheap`], can reach a weight whatever names, place of birth and parent
    /// are.
    pub fn within_reach(&self, floor: f64) -> Vec<bool> {
        let words = self.words_at_most();
        let reaches = |levels: usize| {
            let all = (0..N).all(|c| usize::from(level(cheaply(levels), c)) <= LEVELS[c]);
            all && self.pattern_weight(cheaply(levels)) + self.prior() + words >= floor
        };
        (0..CHEAP).map(reaches).collect()
    }

    /// The most that agreement in a comparison can add.
    fn at_most(&self, comparison: usize) -> f64 {
        let weights = self.estimates.weights[comparison].iter();
        weights.copied().fold(0.0, f64::max)
    }

    /// The most that names, place of birth and parent can add, rarity of the names included.
    fn words_at_most(&self) -> f64 {
        [GIVEN, FAMILY, BIRTH_PLACE, PARENT]
            .map(|c| self.at_most(c))
            .iter()
            .sum::<f64>()
            + MOST_TF.iter().sum::<f64>()
    }

    /// The most that place of birth and parent can add, and a little that rounding may.
    pub fn others_at_most(&self) -> f64 {
        self.at_most(BIRTH_PLACE) + self.at_most(PARENT) + 1e-6
    }

    /// Probability that two random identities match.
    pub fn lambda(&self) -> f64 {
        self.estimates.lambda
    }

    /// log2 of the prior odds.
    pub fn prior(&self) -> f64 {
        self.estimates.prior()
    }

    /// Sum of log2(m/u) over the comparisons; missing values add nothing.
    pub fn pattern_weight(&self, p: Pattern) -> f64 {
        self.estimates.levels(p)
    }

    /// Match weight of a pair: prior, comparisons, and how rare the names are they agree on.
    pub fn weight(&self, features: &Features, a: u32, b: u32, p: Pattern) -> f64 {
        let mut w = self.pattern_weight(p) + self.prior();
        let (x, y) = (features.name(a), features.name(b));
        for (c, tx, ty) in [(GIVEN, x.given, y.given), (FAMILY, x.family, y.family)] {
            if usize::from(level(p, c)) == LEVELS[c] && tx == ty {
                w += self.rarity[c][tx as usize];
            }
        }
        w
    }

    /// (m, u) per comparison and level, for reports.
    pub fn parameters(&self) -> Vec<(&'static str, Vec<(f64, f64)>)> {
        let pair = |c: usize| {
            (1..=LEVELS[c])
                .map(|l| (self.estimates.m[c][l], self.estimates.u[c][l]))
                .collect()
        };
        (0..N).map(|c| (NAMES[c], pair(c))).collect()
    }
}
