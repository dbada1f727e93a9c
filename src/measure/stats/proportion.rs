//! Proportions, differences, person-time rates, standardisation, Mantel–Haenszel.

use super::{Interval, Z};
use statrs::distribution::{ChiSquared, ContinuousCDF};
use statrs::function::beta::beta_reg;
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

/// Difference k1/n1 − k2/n2 with Newcombe's 1998 hybrid score interval.
pub fn newcombe(k1: u64, n1: u64, k2: u64, n2: u64) -> Option<(f64, Interval)> {
    let (a, b) = (wilson(k1, n1)?, wilson(k2, n2)?);
    let (p1, p2) = (k1 as f64 / n1 as f64, k2 as f64 / n2 as f64);
    let d = p1 - p2;
    let low = d - ((p1 - a.low).powi(2) + (b.high - p2).powi(2)).sqrt();
    let high = d + ((a.high - p1).powi(2) + (p2 - b.low).powi(2)).sqrt();
    Some((d, Interval { low, high }))
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

/// Upper tail of χ² with `df` degrees of freedom.
pub fn chi2_p(x: f64, df: usize) -> f64 {
    ChiSquared::new(df.max(1) as f64).map_or(f64::NAN, |d| 1.0 - d.cdf(x.max(0.0)))
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

/// The three figures of the Ministry of Justice (DOMAIN.md 2.3.4).
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

/// Observed over expected with exact and Byar's limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// Standardised ratio O/E.
    pub srr: f64,
    /// Exact Poisson limits over E.
    pub exact: Interval,
    /// Byar's approximation.
    pub byar: Interval,
}

/// Indirect standardisation. `None` when nothing is expected.
pub fn indirect(observed: u64, expected: f64) -> Option<Ratio> {
    if expected <= 0.0 {
        return None;
    }
    let e = poisson_exact(observed);
    let o = observed as f64;
    let byar_low = if observed == 0 {
        0.0
    } else {
        o * (1.0 - 1.0 / (9.0 * o) - Z / (3.0 * o.sqrt())).powi(3)
    };
    let p = o + 1.0;
    let byar_high = p * (1.0 - 1.0 / (9.0 * p) + Z / (3.0 * p.sqrt())).powi(3);
    Some(Ratio {
        srr: o / expected,
        exact: Interval {
            low: e.low / expected,
            high: e.high / expected,
        },
        byar: Interval {
            low: byar_low / expected,
            high: byar_high / expected,
        },
    })
}

/// A group for direct standardisation: size, events, weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// Persons.
    pub n: u64,
    /// Events.
    pub k: u64,
    /// Weight of the standard population.
    pub weight: f64,
}

/// Directly standardised rate, its standard error and interval. `None` when a weighted group is empty (merge it).
pub fn direct_standardised(strata: &[Stratum]) -> Option<(f64, f64, Interval)> {
    let total: f64 = strata.iter().map(|s| s.weight).sum();
    if total <= 0.0 || strata.iter().any(|s| s.n == 0 && s.weight > 0.0) {
        return None;
    }
    let (mut rate, mut var) = (0.0, 0.0);
    for s in strata.iter().filter(|s| s.n > 0) {
        let (w, n) = (s.weight / total, s.n as f64);
        let p = s.k as f64 / n;
        rate += w * p;
        var += w * w * p * (1.0 - p) / n;
    }
    let se = var.sqrt();
    Some((
        rate,
        se,
        Interval {
            low: rate - Z * se,
            high: rate + Z * se,
        },
    ))
}

/// One stratum of two groups: a of n1 (participants), c of n0 (others).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Table2x2 {
    /// Events among participants.
    pub a: f64,
    /// Participants.
    pub n1: f64,
    /// Events among others.
    pub c: f64,
    /// Others.
    pub n0: f64,
}

/// Mantel–Haenszel estimates over strata that hold both groups.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MhResult {
    /// Risk ratio with the Greenland–Robins 1985 interval.
    pub rr: Option<(f64, Interval)>,
    /// Risk difference with the Greenland–Robins interval.
    pub rd: Option<(f64, Interval)>,
    /// Strata used.
    pub used: u64,
    /// Strata with one group only, dropped.
    pub dropped: u64,
}

/// RR_MH = Σ(a n₀/N)/Σ(c n₁/N); RD_MH = Σ((a n₀ − c n₁)/N)/Σ(n₁n₀/N) (DOMAIN.md 2.3.12).
pub fn mantel_haenszel(strata: &[Table2x2]) -> MhResult {
    let mut out = MhResult::default();
    let (mut r, mut s, mut d, mut w, mut p, mut v) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for t in strata {
        if t.n1 <= 0.0 || t.n0 <= 0.0 {
            out.dropped += u64::from(t.n1 + t.n0 > 0.0);
            continue;
        }
        out.used += 1;
        let n = t.n1 + t.n0;
        r += t.a * t.n0 / n;
        s += t.c * t.n1 / n;
        d += (t.a * t.n0 - t.c * t.n1) / n;
        w += t.n1 * t.n0 / n;
        p += (t.n1 * t.n0 * (t.a + t.c) - t.a * t.c * n) / (n * n);
        v += (t.a * (t.n1 - t.a) * t.n0.powi(3) + t.c * (t.n0 - t.c) * t.n1.powi(3))
            / (t.n1 * t.n0 * n * n);
    }
    if r > 0.0 && s > 0.0 {
        let (rr, se) = (r / s, (p / (r * s)).sqrt());
        out.rr = Some((
            rr,
            Interval {
                low: rr * (-Z * se).exp(),
                high: rr * (Z * se).exp(),
            },
        ));
    }
    if w > 0.0 {
        let (rd, se) = (d / w, v.sqrt() / w);
        out.rd = Some((
            rd,
            Interval {
                low: rd - Z * se,
                high: rd + Z * se,
            },
        ));
    }
    out
}

/// Standardised mean difference of two groups (means and variances).
pub fn smd(mean1: f64, var1: f64, mean0: f64, var0: f64) -> Option<f64> {
    let pooled = ((var1 + var0) / 2.0).sqrt();
    if pooled > 0.0 {
        Some((mean1 - mean0) / pooled)
    } else {
        (mean1 == mean0).then_some(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
    fn w7_standardisation() {
        let strata = [
            Stratum {
                n: 20,
                k: 8,
                weight: 0.3,
            },
            Stratum {
                n: 50,
                k: 15,
                weight: 0.4,
            },
            Stratum {
                n: 30,
                k: 3,
                weight: 0.3,
            },
        ];
        let (rate, se, i) = direct_standardised(&strata).unwrap();
        close(rate, 0.27);
        for (x, y) in [
            (se, 0.0449666543),
            (i.low, 0.1818669770),
            (i.high, 0.3581330230),
        ] {
            assert!((x - y).abs() < 6e-11, "{x} {y}");
        }
        let r = indirect(26, 19.0).unwrap();
        for (x, y) in [
            (r.srr, 1.3684210526),
            (r.exact.low, 0.8938980640),
            (r.exact.high, 2.0050538991),
            (r.byar.low, 0.8936713582),
            (r.byar.high, 2.0051337973),
        ] {
            assert!((x - y).abs() < 6e-11, "{x} {y}");
        }
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
    fn rossi_proportions_and_rate() {
        let w = wilson(114, 432).unwrap();
        let c = clopper_pearson(114, 432).unwrap();
        let (rate, i) = rate_per(114, 19809.0).unwrap();
        for (x, y) in [
            (w.low, 0.2245399741),
            (w.high, 0.3073999186),
            (c.low, 0.2229102905),
            (c.high, 0.3081352827),
            (rate, 0.0057549599),
            (i.low, 0.0047471322),
            (i.high, 0.0069134648),
        ] {
            assert!((x - y).abs() < 6e-11, "{x} {y}");
        }
        let (d, i) = newcombe(66, 216, 48, 216).unwrap();
        assert!(
            (d - 18.0 / 216.0).abs() < 1e-12
                && (i.low - 0.0001510365).abs() < 6e-11
                && (i.high - 0.1650462539).abs() < 6e-11
        );
    }

    proptest! {
        #[test]
        fn direct_standardisation_with_the_groups_own_mix_is_the_crude_rate(groups in proptest::collection::vec((1u64..200, 0.0f64..1.0), 1..6)) {
            let strata: Vec<Stratum> = groups.iter().map(|&(n, f)| Stratum { n, k: (n as f64 * f) as u64, weight: n as f64 }).collect();
            let (n, k) = strata.iter().fold((0, 0), |(n, k), s| (n + s.n, k + s.k));
            let (rate, ..) = direct_standardised(&strata).unwrap();
            prop_assert!((rate - k as f64 / n as f64).abs() < 1e-12);
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
