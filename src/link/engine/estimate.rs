//! m, u and λ without truth: expectation–maximisation over counts of agreement patterns (Fellegi and Sunter 1969;
//! Dempster, Laird and Rubin 1977; Winkler 1988).
//!
//! Two samples carry all that is known: pairs drawn at random, nearly all of them no match, and pairs that blocking
//! found, among which nearly all matches are. Each pattern's probability is that of the model over **all** pairs, so
//! that λ is the share of matches among all pairs, u comes from the random pairs less the few matches among them, and
//! m from the blocked pairs. A blocking rule therefore needs no training run of its own.
//!
//! Knows patterns and counts; knows no values.

use super::level::{DIFFERENT, NO_EVIDENCE};

/// Matches the starting values of m stand for, so that a short list does not learn from three pairs.
const PRIOR_MATCHES: f64 = 4.0;
/// Pairs the smoothing of u stands for.
const PRIOR_RANDOM: f64 = 0.5;
/// Steps at most.
const STEPS: usize = 100;
/// A step that moves no parameter by more ends the search.
const STILL: f64 = 1e-6;
/// Parts of a bit in which the rarity of a pattern's values is counted.
pub const RARITY_STEPS: f32 = 2.0;

/// How often a pattern occurred, with the rarity of the values agreed on (in halves of a bit).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// Levels, four bits a comparison.
    pub pattern: u64,
    /// Rarity, rounded.
    pub rarity: i16,
    /// Pairs; a sample counts for those it stands for.
    pub pairs: f64,
}

/// Parameters of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimates {
    /// Share of matches among all pairs.
    pub lambda: f64,
    /// P(level | match) per comparison and level, from [`DIFFERENT`].
    pub m: Vec<Vec<f64>>,
    /// P(level | no match).
    pub u: Vec<Vec<f64>>,
    /// Bits of the prior odds: log2(λ/(1−λ)).
    prior: f64,
    /// Bits of each level: log2(m/u), never falling from a level to a better one; 0 without evidence.
    pub weights: Vec<Vec<f64>>,
    /// Steps taken.
    pub steps: usize,
}

/// Match probability of a weight in bits.
pub fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight.clamp(-500.0, 500.0)).exp2())
}

/// Weight in bits of a match probability.
pub fn bits(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

/// log2(m/u) by level, neighbours that cross pooled: a better level never weighs less (pool adjacent violators; Ayer
/// and others 1955).
fn monotone(m: &[f64], u: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::with_capacity(m.len());
    for (&m, &u) in m.iter().zip(u).skip(usize::from(DIFFERENT)) {
        pools.push((m, u, 1));
        while let [.., (m1, u1, _), (m2, u2, _)] = pools[..] {
            if m1 * u2 <= m2 * u1 {
                break;
            }
            if let (Some(b), Some(a)) = (pools.pop(), pools.last_mut()) {
                *a = (a.0 + b.0, a.1 + b.1, a.2 + b.2);
            }
        }
    }
    let mut out = vec![0.0; usize::from(DIFFERENT)];
    for (m, u, levels) in pools {
        out.extend(std::iter::repeat_n((m / u).log2(), levels));
    }
    out
}

impl Estimates {
    /// log2 of the odds that two records taken at random are a match.
    pub fn prior(&self) -> f64 {
        self.prior
    }

    /// Weight of a pattern without prior and rarity.
    pub fn levels(&self, pattern: u64) -> f64 {
        self.weights
            .iter()
            .enumerate()
            .map(|(c, w)| w[(pattern >> (4 * c)) as usize & 15])
            .sum()
    }

    /// Weight of a pair.
    pub fn weight(&self, pattern: u64, rarity: f32) -> f64 {
        self.prior() + self.levels(pattern) + f64::from(rarity)
    }

    /// Of parameters that are known.
    pub fn of(lambda: f64, m: Vec<Vec<f64>>, u: Vec<Vec<f64>>) -> Estimates {
        Estimates {
            prior: bits(lambda),
            weights: m.iter().zip(&u).map(|(m, u)| monotone(m, u)).collect(),
            lambda,
            m,
            u,
            steps: 0,
        }
    }

    /// Bits of each level by other m and u than these: log2(m/u), never falling from a level to a better one.
    pub fn weigh(&self, m: &[f64], u: &[f64]) -> Vec<f64> {
        monotone(m, u)
    }

    /// Learns from random and blocked pairs. `levels[c]` is the number of levels of comparison c, that of disagreement
    /// included; `records` and `pairs` are all there are.
    pub fn learn(
        levels: &[usize],
        random: &[Counted],
        blocked: &[Counted],
        records: f64,
        pairs: f64,
    ) -> Estimates {
        let start_m: Vec<Vec<f64>> = levels
            .iter()
            .map(|&n| {
                // The strongest level holds most of the mass.
                let mut v = vec![0.0; n + 1];
                let mut left = 1.0;
                for slot in v.iter_mut().skip(1).rev() {
                    *slot = left * 0.7;
                    left *= 0.3;
                }
                v[1] += left;
                v
            })
            .collect();
        let mut e = Estimates::of(
            (0.2 * records / pairs.max(1.0)).clamp(1e-12, 0.2),
            start_m.clone(),
            shares(
                levels,
                random.iter().map(|c| (c.pattern, c.pairs)),
                |_, _| PRIOR_RANDOM,
            ),
        );
        for step in 1..=STEPS {
            let p =
                |c: &Counted| probability(e.weight(c.pattern, f32::from(c.rarity) / RARITY_STEPS));
            let matches: Vec<(u64, f64)> = blocked
                .iter()
                .map(|c| (c.pattern, c.pairs * p(c)))
                .collect();
            let found: f64 = matches.iter().map(|m| m.1).sum();
            let m = shares(levels, matches.into_iter(), |c, l| {
                PRIOR_MATCHES * start_m[c][l]
            });
            let u = shares(
                levels,
                random.iter().map(|c| (c.pattern, c.pairs * (1.0 - p(c)))),
                |_, _| PRIOR_RANDOM,
            );
            let lambda = (found / pairs.max(1.0)).clamp(1e-12, 0.5);
            let moved = |x: &[Vec<f64>], y: &[Vec<f64>]| {
                let both = x.iter().flatten().zip(y.iter().flatten());
                both.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
            };
            let still = moved(&m, &e.m).max(moved(&u, &e.u)) < STILL
                && (lambda / e.lambda - 1.0).abs() < 1e-4;
            e = Estimates {
                steps: step,
                ..Estimates::of(lambda, m, u)
            };
            if still {
                break;
            }
        }
        e
    }
}

/// Shares of the levels of each comparison among the pairs that have evidence.
pub fn shares(
    levels: &[usize],
    pairs: impl Iterator<Item = (u64, f64)>,
    prior: impl Fn(usize, usize) -> f64,
) -> Vec<Vec<f64>> {
    let mut out: Vec<Vec<f64>> = levels.iter().map(|&n| vec![0.0; n + 1]).collect();
    for (pattern, n) in pairs {
        for (c, counts) in out.iter_mut().enumerate() {
            counts[(pattern >> (4 * c)) as usize & 15] += n;
        }
    }
    for (c, counts) in out.iter_mut().enumerate() {
        counts[usize::from(NO_EVIDENCE)] = 0.0;
        for (l, n) in counts.iter_mut().enumerate().skip(1) {
            *n += prior(c, l);
        }
        let all: f64 = counts.iter().sum();
        counts.iter_mut().for_each(|n| *n /= all);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parameters_of_an_artificial_population_are_found_again() {
        // 1,000,000 pairs, 1 in 1,000 a match; three comparisons with two levels.
        let (lambda, m, u) = (1e-3, [0.95, 0.9, 0.8], [0.01, 0.02, 0.05]);
        let share = |pattern: u64, p: &[f64; 3]| -> f64 {
            (0..3)
                .map(|c| {
                    if pattern >> (4 * c) & 15 == 2 {
                        p[c]
                    } else {
                        1.0 - p[c]
                    }
                })
                .product()
        };
        let pairs = 1e6;
        let all: Vec<Counted> = (0..8u64)
            .map(|k| {
                let pattern = (0..3).fold(0, |p, c| p | (1 + (k >> c & 1)) << (4 * c));
                let n = lambda * share(pattern, &m) + (1.0 - lambda) * share(pattern, &u);
                Counted {
                    pattern,
                    rarity: 0,
                    pairs: pairs * n,
                }
            })
            .collect();
        let e = Estimates::learn(&[2, 2, 2], &all, &all, 2000.0, pairs);
        assert!((e.lambda / lambda - 1.0).abs() < 0.05, "{}", e.lambda);
        for c in 0..3 {
            assert!((e.m[c][2] - m[c]).abs() < 0.03, "{:?}", e.m);
            assert!((e.u[c][2] / u[c] - 1.0).abs() < 0.03, "{:?}", e.u);
        }
    }

    proptest! {
        #[test]
        fn a_better_level_never_weighs_less(
            m in prop::collection::vec(1e-6f64..1.0, 2..15), u in prop::collection::vec(1e-6f64..1.0, 15),
        ) {
            let mut m = m;
            m.insert(0, 0.0);
            let w = monotone(&m, &u[..m.len()]);
            prop_assert_eq!(w.len(), m.len());
            prop_assert!(w[1..].windows(2).all(|p| p[0] <= p[1] + 1e-12), "{:?}", w);
        }
    }
}
