//! Whether curves of several groups are alike: log-rank, Peto–Peto, Gray (docs/definitions.md 5).

use super::{CompetingObs, Obs, chi2_p};

/// A test of equality over groups.
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// χ².
    pub chi2: f64,
    /// Degrees of freedom.
    pub df: usize,
    /// p value.
    pub p: f64,
    /// Observed events per group.
    pub observed: Vec<f64>,
    /// Expected events per group, were the groups alike.
    pub expected: Vec<f64>,
    /// Variance of the first group's observed less expected (weighted when the test is).
    pub variance: f64,
}

/// Scores and their covariance as they grow along time.
struct Sums {
    observed: Vec<f64>,
    expected: Vec<f64>,
    score: Vec<f64>,
    var: Vec<Vec<f64>>,
}

impl Sums {
    fn new(k: usize) -> Sums {
        Sums {
            observed: vec![0.0; k],
            expected: vec![0.0; k],
            score: vec![0.0; k],
            var: vec![vec![0.0; k]; k],
        }
    }

    /// χ² of the scores: u′V⁺u with the pseudo-inverse of their covariance, whose rank is the degrees of freedom. Groups
    /// that never were at risk when something happened say nothing and cost none; of the others one follows from the
    /// rest; and no group is singled out, so their order does not matter. `None` when nothing can be compared.
    fn test(self) -> Option<TestResult> {
        let (values, vectors) = eigen(self.var.clone());
        let largest = values.iter().copied().fold(0.0, f64::max);
        if largest <= 1e-12 {
            return None;
        }
        let (mut chi2, mut df) = (0.0, 0);
        for (i, &value) in values.iter().enumerate() {
            if value > 1e-9 * largest {
                let along: f64 = self.score.iter().zip(&vectors).map(|(u, v)| u * v[i]).sum();
                chi2 += along * along / value;
                df += 1;
            }
        }
        Some(TestResult {
            chi2,
            df,
            p: chi2_p(chi2, df),
            observed: self.observed,
            expected: self.expected,
            variance: self.var[0][0],
        })
    }
}

/// Eigenvalues of a symmetric matrix and its eigenvectors as columns, by Jacobi's rotations.
fn eigen(mut m: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = m.len();
    let mut vectors: Vec<Vec<f64>> = (0..n)
        .map(|i| (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect())
        .collect();
    for _ in 0..60 {
        let mut moved = false;
        for p in 0..n {
            for q in p + 1..n {
                if m[p][q].abs() <= 1e-18 * (m[p][p].abs() + m[q][q].abs()) {
                    continue;
                }
                moved = true;
                let theta = (m[q][q] - m[p][p]) / (2.0 * m[p][q]);
                let sign = if theta < 0.0 { -1.0 } else { 1.0 };
                let t = sign / (theta.abs() + theta.hypot(1.0));
                let c = 1.0 / t.hypot(1.0);
                let s = t * c;
                let turn = |x: &mut f64, y: &mut f64| (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                for row in &mut m {
                    let (left, right) = row.split_at_mut(q);
                    turn(&mut left[p], &mut right[0]);
                }
                let (above, below) = m.split_at_mut(q);
                for (x, y) in above[p].iter_mut().zip(&mut below[0]) {
                    turn(x, y);
                }
                for row in &mut vectors {
                    let (left, right) = row.split_at_mut(q);
                    turn(&mut left[p], &mut right[0]);
                }
            }
        }
        if !moved {
            break;
        }
    }
    ((0..n).map(|i| m[i][i]).collect(), vectors)
}

/// log-rank test (rho = 0), or the G^rho family of Harrington and Fleming 1982 with weights S(t−)^rho (rho = 1:
/// Peto–Peto). Delayed entry by the risk set {entry < t ≤ end}.
pub fn log_rank(groups: &[Vec<Obs>], rho: f64) -> Option<TestResult> {
    log_rank_stratified(std::slice::from_ref(&groups.to_vec()), rho)
}

/// The same within strata: scores and variances add over them. Every stratum lists the same groups in the same order;
/// a group may be empty in a stratum. `None` with fewer than two groups or nothing to compare.
pub fn log_rank_stratified(strata: &[Vec<Vec<Obs>>], rho: f64) -> Option<TestResult> {
    let k = strata.iter().map(Vec::len).max()?;
    let mut sums = Sums::new(k);
    for groups in strata {
        add_stratum(groups, rho, &mut sums);
    }
    sums.test()
}

fn add_stratum(groups: &[Vec<Obs>], rho: f64, sums: &mut Sums) {
    let k = groups.len();
    let mut ends: Vec<(f64, bool, usize)> = Vec::new();
    let mut entries: Vec<(f64, usize)> = Vec::new();
    for (g, o) in groups
        .iter()
        .enumerate()
        .flat_map(|(g, all)| all.iter().map(move |o| (g, o)))
        .filter(|(_, o)| o.entry < o.time)
    {
        ends.push((o.time, o.event, g));
        entries.push((o.entry, g));
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    entries.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut n = vec![0.0; k];
    let (mut s, mut i, mut entered) = (1.0f64, 0, 0);
    while i < ends.len() {
        let t = ends[i].0;
        while entered < entries.len() && entries[entered].0 < t {
            n[entries[entered].1] += 1.0;
            entered += 1;
        }
        let run = ends[i..].partition_point(|x| x.0 == t);
        let total: f64 = n.iter().sum();
        let mut d = vec![0.0; k];
        for x in &ends[i..i + run] {
            d[x.2] += f64::from(u8::from(x.1));
        }
        let dt: f64 = d.iter().sum();
        if dt > 0.0 {
            let w = s.powf(rho);
            for g in 0..k {
                let ex = dt * n[g] / total;
                sums.observed[g] += d[g];
                sums.expected[g] += ex;
                sums.score[g] += w * (d[g] - ex);
                if total > 1.0 {
                    for (h, v) in sums.var[g].iter_mut().enumerate() {
                        let same = if g == h { 1.0 } else { 0.0 };
                        *v += w * w * dt * (total - dt) / (total - 1.0)
                            * (n[g] / total)
                            * (same - n[h] / total);
                    }
                }
            }
            s *= 1.0 - dt / total;
        }
        for x in &ends[i..i + run] {
            n[x.2] -= 1.0;
        }
        i += run;
    }
}

/// Gray's test (Gray 1988, Annals of Statistics 16, with rho = 0) of equal cumulative incidence of `cause` over groups.
///
/// The score of group g is Σ (d_g − d·R_g(1 − F_g−)/S_g− ÷ Σ_h R_h(1 − F_h−)/S_h−): subjects that had a competing event stay
/// in the risk set of the subdistribution, weighted for those who would have been censored. Entry is from 0. `None` with
/// fewer than two groups or nothing to compare.
pub fn gray(groups: &[Vec<CompetingObs>], cause: u32) -> Option<TestResult> {
    let k = groups.len();
    let mut all: Vec<(f64, u32, usize)> = groups
        .iter()
        .enumerate()
        .flat_map(|(g, o)| o.iter().map(move |x| (x.time, x.cause, g)))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sums = Sums::new(k);
    let mut n: Vec<f64> = groups.iter().map(|g| g.len() as f64).collect();
    // Per group, just before the time: survival of any event, incidence of the cause.
    let (mut s, mut f) = (vec![1.0; k], vec![0.0; k]);
    // Pooled incidence; the weights' compensator per group pair; the parts of the covariance that need it at the end.
    let mut pooled = 0.0;
    let mut comp = vec![vec![0.0; k]; k];
    let (mut cross, mut own) = (vec![vec![0.0; k]; k], vec![0.0; k]);
    let mut i = 0;
    while i < all.len() {
        let run = all[i..].partition_point(|x| x.0 == all[i].0);
        let (mut d1, mut d2) = (vec![0.0; k], vec![0.0; k]);
        for x in &all[i..i + run] {
            match x.1 {
                0 => {}
                c if c == cause => d1[x.2] += 1.0,
                _ => d2[x.2] += 1.0,
            }
        }
        let (e1, e2): (f64, f64) = (d1.iter().sum(), d2.iter().sum());
        if e1 + e2 > 0.0 {
            let here: Vec<usize> = (0..k).filter(|&g| n[g] > 0.0).collect();
            let weight: f64 = here.iter().map(|&g| n[g] / s[g]).sum();
            let risk: f64 = here.iter().map(|&g| n[g] * (1.0 - f[g]) / s[g]).sum();
            let next = pooled + e1 / weight;
            // The projection of group g's score on the subdistribution martingale of group h.
            let mut a = vec![vec![0.0; k]; k];
            for &g in &here {
                let r = n[g] / s[g];
                for &h in &here {
                    let same = if g == h { 1.0 } else { 0.0 };
                    a[g][h] = r * (same - n[h] / s[h] / weight);
                    comp[g][h] += a[g][h] * e1 / (weight * (1.0 - pooled));
                }
                let ex = e1 * n[g] * (1.0 - f[g]) / (s[g] * risk);
                sums.observed[g] += d1[g];
                sums.expected[g] += ex;
                sums.score[g] += d1[g] - ex;
            }
            for &h in &here {
                let after = s[h] * (n[h] - d1[h] - d2[h]) / n[h];
                if e1 > 0.0 {
                    let c = if after > 0.0 {
                        1.0 - (1.0 - next) / after
                    } else {
                        1.0
                    };
                    let ties = if e1 > 1.0 {
                        1.0 - (e1 - 1.0) / (weight * s[h] - 1.0)
                    } else {
                        1.0
                    };
                    let v = ties * s[h] * e1 / (weight * n[h]);
                    add(&mut sums.var, &mut cross, &mut own, h, v, c, |g| {
                        a[g][h] - c * comp[g][h]
                    });
                }
                if d2[h] > 0.0 && after > 0.0 {
                    let c = (1.0 - next) / after;
                    let ties = if d2[h] > 1.0 {
                        1.0 - (d2[h] - 1.0) / (n[h] - 1.0)
                    } else {
                        1.0
                    };
                    let v = ties * s[h] * s[h] * d2[h] / (n[h] * n[h]);
                    add(&mut sums.var, &mut cross, &mut own, h, v, -c, |g| {
                        c * comp[g][h]
                    });
                }
            }
            for &g in &here {
                f[g] += s[g] * d1[g] / n[g];
                s[g] *= (n[g] - d1[g] - d2[g]) / n[g];
            }
            pooled = next;
        }
        for x in &all[i..i + run] {
            n[x.2] -= 1.0;
        }
        // A group in which everybody has left with an event has no survivors to stand for the later ones.
        for (left, _) in n.iter_mut().zip(&s).filter(|(_, s)| **s <= 0.0) {
            *left = 0.0;
        }
        i += run;
    }
    for (g, row) in sums.var.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            let late = |h: usize| {
                comp[g][h] * comp[j][h] * own[h]
                    + comp[g][h] * cross[j][h]
                    + comp[j][h] * cross[g][h]
            };
            *cell += (0..k).map(late).sum::<f64>();
        }
    }
    sums.test()
}

/// Adds one jump of group h's martingale with variance v: products of the parts known now, and, for the part that is
/// known only at the end (the compensator's last value), its factor c.
fn add(
    var: &mut [Vec<f64>],
    cross: &mut [Vec<f64>],
    own: &mut [f64],
    h: usize,
    v: f64,
    c: f64,
    part: impl Fn(usize) -> f64,
) {
    let parts: Vec<f64> = (0..own.len()).map(part).collect();
    for ((row, x), y) in var.iter_mut().zip(cross.iter_mut()).zip(&parts) {
        for (cell, z) in row.iter_mut().zip(&parts) {
            *cell += y * z * v;
        }
        x[h] += y * c * v;
    }
    own[h] += c * c * v;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn obs(v: &[(f64, bool)]) -> Vec<Obs> {
        v.iter()
            .map(|&(time, event)| Obs {
                entry: 0.0,
                time,
                event,
            })
            .collect()
    }
    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 6e-11, "{a} {b}");
    }

    #[test]
    fn w5_log_rank() {
        let a = obs(&[
            (6., true),
            (7., false),
            (10., true),
            (15., true),
            (19., false),
        ]);
        let b = obs(&[(3., true), (5., true), (7., true), (9., true), (12., false)]);
        let t = log_rank(&[a, b], 0.0).unwrap();
        near(t.observed[0], 3.0);
        near(t.expected[0], 4.6019841270);
        near(t.chi2, 1.8282950438);
        near(t.p, 0.1763290592);
        near(t.variance, 1.4036865394);
    }

    #[test]
    fn groups_without_anybody_at_risk_cost_no_degree_of_freedom() {
        let a = obs(&[(6., true), (7., false), (10., true)]);
        let b = obs(&[(3., true), (5., true), (7., true)]);
        let early = obs(&[(1., false)]);
        let two = log_rank(&[a.clone(), b.clone()], 0.0).unwrap();
        let three = log_rank(&[a.clone(), early, b], 0.0).unwrap();
        assert_eq!((two.df, three.df), (1, 1));
        near(two.chi2, three.chi2);
        assert_eq!(log_rank(std::slice::from_ref(&a), 0.0), None, "one group");
        assert_eq!(
            log_rank(&[obs(&[(1., false)]), obs(&[(2., false)])], 0.0),
            None,
            "no event"
        );
    }

    proptest! {
        #[test]
        fn the_order_of_the_groups_does_not_matter(rows in proptest::collection::vec((1u32..30, 0u32..3, 0usize..3), 6..60)) {
            let mut groups = vec![Vec::new(); 3];
            for &(t, cause, g) in &rows {
                groups[g].push(CompetingObs { entry: 0.0, time: f64::from(t), cause });
            }
            let turned = vec![groups[2].clone(), groups[0].clone(), groups[1].clone()];
            let plain = |g: &[Vec<CompetingObs>]| -> Vec<Vec<Obs>> {
                g.iter().map(|v| v.iter().map(|o| Obs { entry: 0.0, time: o.time, event: o.cause == 1 }).collect()).collect()
            };
            for (a, b) in [
                (log_rank(&plain(&groups), 0.0), log_rank(&plain(&turned), 0.0)),
                (log_rank(&plain(&groups), 1.0), log_rank(&plain(&turned), 1.0)),
                (gray(&groups, 1), gray(&turned, 1)),
            ] {
                if let (Some(a), Some(b)) = (&a, &b) {
                    prop_assert!(a.df == b.df && (a.chi2 - b.chi2).abs() < 1e-6 * (1.0 + a.chi2), "{a:?} {b:?}");
                } else {
                    prop_assert_eq!(a.is_some(), b.is_some());
                }
            }
        }

        #[test]
        fn observed_and_expected_events_agree_in_total(rows in proptest::collection::vec((1u32..30, any::<bool>(), 0usize..3, 0u32..5), 6..60)) {
            let mut groups = vec![Vec::new(); 3];
            for &(t, event, g, entry) in &rows {
                groups[g].push(Obs { entry: f64::from(entry), time: f64::from(t), event });
            }
            if let Some(t) = log_rank(&groups, 0.0) {
                prop_assert!((t.observed.iter().sum::<f64>() - t.expected.iter().sum::<f64>()).abs() < 1e-9);
            }
        }
    }
}
