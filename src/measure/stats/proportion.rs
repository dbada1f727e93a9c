//! Proportions, their differences and ratios, person-time rates (docs/definitions.md 5–2.3.5).

use super::{Interval, Z};
use statrs::distribution::{ChiSquared, ContinuousCDF, DiscreteCDF, Poisson};
use statrs::function::beta::beta_reg;
use statrs::function::factorial::ln_factorial;
use statrs::function::gamma::gamma_lr;

/// Wilson 1927 score interval of k of n; clamped to [0, 1]. `None` when n = 0 or k > n.
pub fn wilson(k: u64, n: u64) -> Option<Interval> {
    if n == 0 || k > n {
        return None;
    }
    let (k, n) = (k as f64, n as f64);
    let p = k / n;
    let z2 = Z * Z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    Some(Interval {
        low: (centre - half).max(0.0),
        high: (centre + half).min(1.0),
    })
}

/// Solves `f(x) = target` for an increasing f on [low, high] by bisection to machine precision.
fn solve(mut low: f64, mut high: f64, target: f64, f: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let mid = 0.5 * (low + high);
        if mid <= low || mid >= high {
            break;
        }
        if f(mid) < target {
            low = mid
        } else {
            high = mid
        }
    }
    0.5 * (low + high)
}

/// Clopper–Pearson 1934 exact interval. `None` when n = 0 or k > n.
pub fn clopper_pearson(k: u64, n: u64) -> Option<Interval> {
    if n == 0 || k > n {
        return None;
    }
    let (a, b) = (k as f64, n as f64);
    let low = if k == 0 {
        0.0
    } else {
        solve(0.0, 1.0, 0.025, |x| beta_reg(a, b - a + 1.0, x))
    };
    let high = if k == n {
        1.0
    } else {
        solve(0.0, 1.0, 0.975, |x| beta_reg(a + 1.0, b - a, x))
    };
    Some(Interval { low, high })
}

/// Whether a share of so many people may be said: none of them, or at least one. A percentage that means more than nobody
/// and less than one person is refused (docs/definitions.md 3).
pub fn implies_a_person(share: f64, n: f64) -> bool {
    share == 0.0 || share * n >= 1.0 - 1e-9
}

/// Difference k1/n1 − k2/n2 with Newcombe's 1998 hybrid score interval.
pub fn newcombe(k1: u64, n1: u64, k2: u64, n2: u64) -> Option<(f64, Interval)> {
    let (a, b) = (wilson(k1, n1)?, wilson(k2, n2)?);
    let (p1, p2) = (k1 as f64 / n1 as f64, k2 as f64 / n2 as f64);
    let d = p1 - p2;
    let low = d - ((p1 - a.low).powi(2) + (b.high - p2).powi(2)).sqrt();
    let high = d + ((a.high - p1).powi(2) + (p2 - b.low).powi(2)).sqrt();
    Some((d, Interval { low, high }))
}

/// Pairs by what happened to their two members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PairTable {
    /// The event happened to both.
    pub both: u64,
    /// To the first alone.
    pub first: u64,
    /// To the second alone.
    pub second: u64,
    /// To neither.
    pub neither: u64,
}

impl PairTable {
    /// One pair more.
    pub fn add(&mut self, first: bool, second: bool) {
        match (first, second) {
            (true, true) => self.both += 1,
            (true, false) => self.first += 1,
            (false, true) => self.second += 1,
            (false, false) => self.neither += 1,
        }
    }

    /// Pairs.
    pub const fn n(&self) -> u64 {
        self.both + self.first + self.second + self.neither
    }

    /// Events among the firsts, and among the seconds.
    pub const fn events(&self) -> (u64, u64) {
        (self.both + self.first, self.both + self.second)
    }

    /// Difference of the firsts' share less the seconds', with the score interval for pairs of Newcombe 1998 (Statistics
    /// in Medicine 17:2635, method 10): what pairs have in common makes it narrower. `None` without pairs.
    pub fn difference(&self) -> Option<(f64, Interval)> {
        let (n, (k1, k0)) = (self.n(), self.events());
        let (a, b) = (wilson(k1, n)?, wilson(k0, n)?);
        let (p1, p0) = (k1 as f64 / n as f64, k0 as f64 / n as f64);
        let cells = [self.both, self.first, self.second, self.neither].map(|x| x as f64);
        let margins = [k1, n - k1, k0, n - k0].map(|x| x as f64);
        let product: f64 = margins.iter().product();
        let phi = if product > 0.0 {
            (cells[0] * cells[3] - cells[1] * cells[2]) / product.sqrt()
        } else {
            0.0
        };
        let reach = |x: f64, y: f64| (x * x - 2.0 * phi * x * y + y * y).max(0.0).sqrt();
        let d = p1 - p0;
        Some((
            d,
            Interval {
                low: d - reach(p1 - a.low, b.high - p0),
                high: d + reach(a.high - p1, p0 - b.low),
            },
        ))
    }

    /// Two-sided exact p of the pairs that differ: as likely to differ one way as the other (McNemar 1947 with binomial
    /// probabilities). `None` when none differs.
    pub fn p(&self) -> Option<f64> {
        let n = self.first + self.second;
        if n == 0 {
            return None;
        }
        let least = self.first.min(self.second);
        let ln_half = n as f64 * 0.5f64.ln();
        let ln_p = |k: u64| ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k) + ln_half;
        let tail: f64 = (0..=least).map(|k| ln_p(k).exp()).sum();
        Some((2.0 * tail).min(1.0))
    }
}

/// Risk ratio (k1/n1) / (k2/n2) with the interval of Katz et al. 1978 on the log scale. `None` without events or people.
pub fn risk_ratio(k1: u64, n1: u64, k2: u64, n2: u64) -> Option<(f64, Interval)> {
    if k1 == 0 || k2 == 0 || k1 > n1 || k2 > n2 {
        return None;
    }
    let (a, n, c, m) = (k1 as f64, n1 as f64, k2 as f64, n2 as f64);
    let rr = (a / n) / (c / m);
    let se = (1.0 / a - 1.0 / n + 1.0 / c - 1.0 / m).max(0.0).sqrt();
    Some((rr, Interval::around_ratio(rr, se)))
}

/// Pooled z of two proportions; its square is Pearson's χ² without continuity correction. `None` when either group is
/// empty or nobody or everybody has the event.
pub fn pooled_z(k1: u64, n1: u64, k2: u64, n2: u64) -> Option<f64> {
    if n1 == 0 || n2 == 0 || k1 > n1 || k2 > n2 {
        return None;
    }
    let (a, n, c, m) = (k1 as f64, n1 as f64, k2 as f64, n2 as f64);
    let p = (a + c) / (n + m);
    let var = p * (1.0 - p) * (1.0 / n + 1.0 / m);
    (var > 0.0).then(|| (a / n - c / m) / var.sqrt())
}

/// Fisher's exact test, two-sided: the probability of all tables with these margins that are no likelier than the one
/// observed. `None` for an impossible table.
pub fn fisher(k1: u64, n1: u64, k2: u64, n2: u64) -> Option<f64> {
    if k1 > n1 || k2 > n2 {
        return None;
    }
    let k = k1 + k2;
    let choose = |n: u64, k: u64| ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
    let all = choose(n1 + n2, k);
    let ln_p = |a: u64| choose(n1, a) + choose(n2, k - a) - all;
    // Equal probabilities differ by rounding: R allows the same 1e-7.
    let limit = ln_p(k1) + 1e-7;
    let sum: f64 = (k.saturating_sub(n2)..=k.min(n1))
        .map(ln_p)
        .filter(|p| *p <= limit)
        .map(f64::exp)
        .sum();
    Some(sum.min(1.0))
}

/// p of the difference of two proportions: Fisher's test when an expected count is below 5, else χ² without continuity
/// correction (docs/definitions.md 5).
pub fn difference_p(k1: u64, n1: u64, k2: u64, n2: u64) -> Option<f64> {
    let z = pooled_z(k1, n1, k2, n2)?;
    let (n, k) = ((n1 + n2) as f64, (k1 + k2) as f64);
    let smallest = (n1.min(n2) as f64) * k.min(n - k) / n;
    if smallest < 5.0 {
        fisher(k1, n1, k2, n2)
    } else {
        Some(chi2_p(z * z, 1))
    }
}

/// Exact Poisson limits of an observed count: χ²(α/2; 2k)/2 and χ²(1−α/2; 2k+2)/2.
pub fn poisson_exact(k: u64) -> Interval {
    let k = k as f64;
    // The lower tail of χ² with 2a degrees at 2x is the regularised incomplete gamma P(a, x).
    let low = if k == 0.0 {
        0.0
    } else {
        solve(0.0, k + 1.0, 0.025, |x| {
            if x <= 0.0 { 0.0 } else { gamma_lr(k, x) }
        })
    };
    let high = solve(0.0, 20.0 + 3.0 * (k + 1.0), 0.975, |x| {
        if x <= 0.0 { 0.0 } else { gamma_lr(k + 1.0, x) }
    });
    Interval { low, high }
}

/// The count that as many or fewer come to in 97.5 % of cases when `mean` are expected (the quantile of the Poisson
/// distribution); 0 for a mean of 0 or less.
pub fn poisson_at_most(mean: f64) -> u64 {
    Poisson::new(mean).map_or(0, |d| d.inverse_cdf(0.975))
}

/// Upper tail of χ² with `df` degrees of freedom.
pub fn chi2_p(x: f64, df: usize) -> f64 {
    ChiSquared::new(df.max(1) as f64).map_or(f64::NAN, |d| d.sf(x.max(0.0)))
}

/// Events per unit of person-time with its exact interval. `None` without person-time.
pub fn rate_per(events: u64, person_time: f64) -> Option<(f64, Interval)> {
    (person_time > 0.0).then(|| {
        let i = poisson_exact(events);
        (
            events as f64 / person_time,
            Interval {
                low: i.low / person_time,
                high: i.high / person_time,
            },
        )
    })
}

/// The three figures of the Ministry of Justice (docs/definitions.md 5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MojTrio {
    /// Reoffenders / offenders.
    pub proportion: f64,
    /// Reoffences / reoffenders; `None` when nobody reoffended.
    pub per_reoffender: Option<f64>,
    /// Reoffences per 100 offenders.
    pub frequency_per_100: f64,
}

/// From the number of reoffences of each offender. `None` for an empty cohort.
pub fn moj_trio(counts: &[u32]) -> Option<MojTrio> {
    let n = counts.len() as f64;
    if counts.is_empty() {
        return None;
    }
    let who = counts.iter().filter(|c| **c > 0).count() as f64;
    let all: f64 = counts.iter().map(|c| f64::from(*c)).sum();
    Some(MojTrio {
        proportion: who / n,
        per_reoffender: (who > 0.0).then(|| all / who),
        frequency_per_100: 100.0 * all / n,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Pairs: both, first alone, second alone, neither.
    fn pairs(both: u64, first: u64, second: u64, neither: u64) -> PairTable {
        PairTable {
            both,
            first,
            second,
            neither,
        }
    }

    #[test]
    fn pairs_that_differ_one_way_or_the_other_are_tossed_like_a_coin() {
        // 2 · (1 + 10 + 45) / 2¹⁰, and symmetric.
        close(pairs(3, 2, 8, 7).p().unwrap(), 112.0 / 1024.0);
        close(pairs(3, 8, 2, 7).p().unwrap(), 112.0 / 1024.0);
        close(pairs(0, 5, 5, 0).p().unwrap(), 1.0);
        assert_eq!(pairs(4, 0, 0, 9).p(), None);
    }

    #[test]
    fn the_difference_of_unrelated_pairs_has_the_interval_of_two_groups() {
        // Half of either side, and as many in both as chance gives.
        let t = pairs(10, 10, 10, 10);
        let (d, i) = t.difference().unwrap();
        let (other, apart) = newcombe(20, 40, 20, 40).unwrap();
        close(d, other);
        close(i.low, apart.low);
        close(i.high, apart.high);
        let alike = pairs(18, 2, 2, 18).difference().unwrap().1;
        assert!(alike.high < i.high && alike.low > i.low);
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }

    #[test]
    fn w6_proportions() {
        for (k, n, wl, wh, cl, ch) in [
            (0, 10, 0.0, 0.2775327999, 0.0, 0.3084971078),
            (
                1,
                10,
                0.0178762131,
                0.4041500268,
                0.0025285785,
                0.4450161170,
            ),
            (
                3,
                10,
                0.1077912674,
                0.6032218525,
                0.0667395112,
                0.6524528501,
            ),
            (
                5,
                50,
                0.0434757649,
                0.2136023144,
                0.0332750936,
                0.2181353664,
            ),
            (
                12,
                37,
                0.1963326653,
                0.4853633276,
                0.1801386481,
                0.4978532835,
            ),
            (10, 10, 0.7224672001, 1.0, 0.6915028922, 1.0),
            (1, 1, 0.2065493144, 1.0, 0.025, 1.0),
        ] {
            let (w, c) = (wilson(k, n).unwrap(), clopper_pearson(k, n).unwrap());
            for (x, y) in [(w.low, wl), (w.high, wh), (c.low, cl), (c.high, ch)] {
                assert!((x - y).abs() < 6e-11, "{k}/{n}: {x} {y}");
            }
        }
        let (d, i) = newcombe(12, 40, 18, 40).unwrap();
        assert!(
            (d + 0.15).abs() < 1e-12
                && (i.low + 0.3429678139).abs() < 6e-11
                && (i.high - 0.0603387044).abs() < 6e-11
        );
        let z = pooled_z(12, 40, 18, 40).unwrap();
        assert!((z + 1.3856406461).abs() < 6e-11);
        assert!((difference_p(12, 40, 18, 40).unwrap() - 0.1658566603).abs() < 6e-11);
        let (d, i) = newcombe(56, 70, 48, 80).unwrap();
        assert!(
            (d - 0.20).abs() < 1e-12
                && (i.low - 0.0524).abs() < 5e-5
                && (i.high - 0.3339).abs() < 5e-5
        );
    }

    #[test]
    fn w2_the_trio_of_the_ministry_of_justice() {
        let t = moj_trio(&[0, 0, 1, 3, 0, 2, 0, 0, 1, 0]).unwrap();
        close(t.proportion, 0.4);
        close(t.per_reoffender.unwrap(), 1.75);
        close(t.frequency_per_100, 70.0);
        close(
            t.frequency_per_100,
            t.proportion * t.per_reoffender.unwrap() * 100.0,
        );
    }

    #[test]
    fn w7_exact_poisson_limits() {
        for (k, low, high) in [
            (0, 0.0, 3.6888794541),
            (1, 0.0253178080, 5.5716433909),
            (3, 0.6186721229, 8.7672730697),
            (5, 1.6234863901, 11.6683320793),
            (10, 4.7953886961, 18.3903560420),
        ] {
            let i = poisson_exact(k);
            assert!(
                (i.low - low).abs() < 6e-11 && (i.high - high).abs() < 6e-11,
                "{k} {i:?}"
            );
        }
    }

    #[test]
    fn a_count_expected_at_a_mean_stays_within_its_quantile() {
        // Tables of the Poisson distribution: P(X ≤ 3 | 1) = .9810, P(X ≤ 2 | 1) = .9197; P(X ≤ 17 | 10) = .9857, P(X ≤ 16 | 10) = .9730.
        for (mean, most) in [(0.0, 0), (0.02, 0), (0.03, 1), (1.0, 3), (10.0, 17)] {
            assert_eq!(poisson_at_most(mean), most, "{mean}");
        }
    }

    #[test]
    fn w9_the_published_identities_of_the_2005_cohort() {
        let still = |a: f64, b: f64| (b - a) / (100.0 - a) * 100.0;
        for (x, y) in [
            (still(59.5, 67.8), 20.5),
            (still(73.0, 76.6), 13.3),
            (28.2 / 76.6 * 100.0, 36.8),
            (43.4 / 76.6 * 100.0, 56.7),
        ] {
            assert_eq!((x * 10.0_f64).round() / 10.0, y);
        }
    }

    #[test]
    fn fishers_test_is_used_where_a_count_is_small() {
        // The lady tasting tea (Fisher 1935): 3 of 4 against 1 of 4.
        close(fisher(3, 4, 1, 4).unwrap(), 34.0 / 70.0);
        close(difference_p(3, 4, 1, 4).unwrap(), 34.0 / 70.0);
        assert_eq!(fisher(0, 5, 0, 7), Some(1.0));
        assert_eq!(fisher(6, 5, 0, 7), None);
        assert_eq!(difference_p(0, 5, 0, 7), None, "nothing to compare");
    }

    proptest! {
        #[test]
        fn the_groups_may_be_named_either_way_round(n1 in 1u64..60, n2 in 1u64..60, f in 0.0f64..=1.0, g in 0.0f64..=1.0) {
            let (k1, k2) = ((n1 as f64 * f) as u64, (n2 as f64 * g) as u64);
            let (a, b) = (newcombe(k1, n1, k2, n2).unwrap(), newcombe(k2, n2, k1, n1).unwrap());
            prop_assert!((a.0 + b.0).abs() < 1e-12 && (a.1.low + b.1.high).abs() < 1e-12);
            prop_assert!((fisher(k1, n1, k2, n2).unwrap() - fisher(k2, n2, k1, n1).unwrap()).abs() < 1e-9);
            prop_assert!(fisher(k1, n1, k2, n2).unwrap() <= 1.0);
        }

        #[test]
        fn intervals_hold_their_estimate(n in 1u64..500, f in 0.0f64..=1.0) {
            let k = (n as f64 * f) as u64;
            let p = k as f64 / n as f64;
            for i in [wilson(k, n).unwrap(), clopper_pearson(k, n).unwrap()] {
                prop_assert!(i.low <= p + 1e-12 && p <= i.high + 1e-12 && i.low >= 0.0 && i.high <= 1.0);
            }
        }
    }
}
