//! Standardised rates and estimates over strata: direct, indirect, Mantel–Haenszel (docs/definitions.md 5–2.3.12).

use super::{Interval, Z, poisson_exact};

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
    Some((rate, se, Interval::around(rate, se)))
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
    /// Risk ratio with the interval of Greenland and Robins 1985.
    pub rr: Option<(f64, Interval)>,
    /// Risk difference with the interval of Sato 1989, which holds for few large and for many small strata.
    pub rd: Option<(f64, Interval)>,
    /// Standard error of the risk difference by Greenland and Robins 1985, for comparison with other programs.
    pub rd_se_greenland_robins: Option<f64>,
    /// Strata used.
    pub used: u64,
    /// Strata with one group only, dropped.
    pub dropped: u64,
}

/// RR_MH = Σ(a n₀/N)/Σ(c n₁/N); RD_MH = Σ((a n₀ − c n₁)/N)/Σ(n₁n₀/N) (docs/definitions.md 5).
pub fn mantel_haenszel(strata: &[Table2x2]) -> MhResult {
    let mut out = MhResult::default();
    let (mut r, mut s, mut d, mut w) = (0.0, 0.0, 0.0, 0.0);
    // Sums of the variances: of ln RR, of RD by Greenland and Robins, of RD by Sato (P and Q).
    let (mut v_rr, mut v_gr, mut p, mut q) = (0.0, 0.0, 0.0, 0.0);
    for t in strata {
        if t.n1 <= 0.0 || t.n0 <= 0.0 {
            out.dropped += u64::from(t.n1 + t.n0 > 0.0);
            continue;
        }
        out.used += 1;
        let n = t.n1 + t.n0;
        let (b, e) = (t.n1 - t.a, t.n0 - t.c);
        r += t.a * t.n0 / n;
        s += t.c * t.n1 / n;
        d += (t.a * t.n0 - t.c * t.n1) / n;
        w += t.n1 * t.n0 / n;
        v_rr += (t.n1 * t.n0 * (t.a + t.c) - t.a * t.c * n) / (n * n);
        v_gr += (t.a * b * t.n0.powi(3) + t.c * e * t.n1.powi(3)) / (t.n1 * t.n0 * n * n);
        p += (t.n1 * t.n1 * t.c - t.n0 * t.n0 * t.a + t.n1 * t.n0 * (t.n0 - t.n1) / 2.0) / (n * n);
        q += (t.a * e + t.c * b) / (2.0 * n);
    }
    if r > 0.0 && s > 0.0 {
        let rr = r / s;
        out.rr = Some((rr, Interval::around_ratio(rr, (v_rr / (r * s)).sqrt())));
    }
    if w > 0.0 {
        let rd = d / w;
        let se = (rd * p + q).max(0.0).sqrt() / w;
        out.rd = Some((rd, Interval::around(rd, se)));
        out.rd_se_greenland_robins = Some(v_gr.max(0.0).sqrt() / w);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::risk_ratio;
    use super::*;
    use proptest::prelude::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
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
    }

    /// Deaths under tolbutamide and placebo below 55 and from 55 years (University Group Diabetes Program, the worked
    /// example of Rothman, Greenland and Lash, Modern Epidemiology, chapter 15).
    #[test]
    fn mantel_haenszel_on_a_textbook_trial() {
        let strata = [(8., 106., 5., 120.), (22., 98., 16., 85.)].map(|(a, n1, c, n0)| Table2x2 {
            a,
            n1,
            c,
            n0,
        });
        let r = mantel_haenszel(&strata);
        let (rr, i) = r.rr.unwrap();
        close(rr, 1.3255553242);
        close(i.low, 0.7979070401);
        close(i.high, 2.2021323650);
        let (rd, i) = r.rd.unwrap();
        close(rd, 0.0349002693);
        close((i.high - i.low) / 2.0 / Z, 0.0319026859);
        close(r.rd_se_greenland_robins.unwrap(), 0.0318980777);
        assert_eq!((r.used, r.dropped), (2, 0));
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
        fn one_stratum_alone_is_the_crude_comparison(n1 in 2u64..80, n0 in 2u64..80, f in 0.1f64..1.0, g in 0.1f64..1.0) {
            let (a, c) = (((n1 as f64 * f) as u64).max(1), ((n0 as f64 * g) as u64).max(1));
            let table = Table2x2 { a: a as f64, n1: n1 as f64, c: c as f64, n0: n0 as f64 };
            let lone = Table2x2 { a: 1.0, n1: 3.0, ..Table2x2::default() };
            let r = mantel_haenszel(&[table, lone]);
            let (rr, i) = r.rr.unwrap();
            let (want, j) = risk_ratio(a, n1, c, n0).unwrap();
            prop_assert!((rr - want).abs() < 1e-9 && (i.low - j.low).abs() < 1e-9 && (i.high - j.high).abs() < 1e-6);
            prop_assert!((r.rd.unwrap().0 - (a as f64 / n1 as f64 - c as f64 / n0 as f64)).abs() < 1e-12);
            prop_assert_eq!((r.used, r.dropped), (1, 1));
        }
    }
}
