//! Time to event: Kaplan–Meier, Nelson–Aalen, Aalen–Johansen, log-rank (DOMAIN.md 2.3.6–2.3.9).

use super::{Interval, Z, chi2_p};

/// One observation: followed from `entry` (0 for no delayed entry) to `time`, ended by the event or censored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Obs {
    /// Start of observation.
    pub entry: f64,
    /// End of observation.
    pub time: f64,
    /// The event happened at `time`.
    pub event: bool,
}

/// The curve at one event time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Time.
    pub time: f64,
    /// At risk just before: {entry < time ≤ end}.
    pub at_risk: f64,
    /// Events at the time.
    pub events: f64,
    /// S after the time.
    pub survival: f64,
    /// Greenwood standard error.
    pub se: f64,
    /// log-log interval; `None` when S = 0.
    pub interval: Option<Interval>,
    /// Nelson–Aalen cumulative hazard.
    pub hazard: f64,
}

/// A Kaplan–Meier curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Steps at event times.
    pub steps: Vec<Step>,
}

/// Kaplan and Meier 1958 with Greenwood's variance and log-log intervals.
pub fn kaplan_meier(obs: &[Obs]) -> Curve {
    let mut ends: Vec<(f64, bool)> = obs.iter().map(|o| (o.time, o.event)).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut entries: Vec<f64> = obs.iter().map(|o| o.entry).collect();
    entries.sort_by(f64::total_cmp);
    let (mut s, mut g, mut h) = (1.0, 0.0, 0.0);
    let mut steps = Vec::new();
    let (mut entered, mut left, mut i) = (0usize, 0usize, 0usize);
    while i < ends.len() {
        let t = ends[i].0;
        while entered < entries.len() && entries[entered] < t {
            entered += 1;
        }
        let mut d = 0.0;
        let mut j = i;
        while j < ends.len() && ends[j].0 == t {
            d += f64::from(u8::from(ends[j].1));
            j += 1;
        }
        // Subjects who entered at or after their own end never were at risk.
        let n = entered as f64 - left as f64;
        if d > 0.0 && n > 0.0 {
            s *= 1.0 - d / n;
            h += d / n;
            if n > d {
                g += d / (n * (n - d));
            }
            let interval = (s > 0.0 && s < 1.0).then(|| {
                let e = Z * g.sqrt() / s.ln();
                let (a, b) = (s.powf(e.exp()), s.powf((-e).exp()));
                Interval {
                    low: a.min(b),
                    high: a.max(b),
                }
            });
            steps.push(Step {
                time: t,
                at_risk: n,
                events: d,
                survival: s,
                se: s * g.sqrt(),
                interval,
                hazard: h,
            });
        }
        left += j - i;
        i = j;
    }
    Curve { steps }
}

impl Curve {
    /// The last step at or before `t`.
    pub fn at(&self, t: f64) -> Option<&Step> {
        let i = self.steps.partition_point(|s| s.time <= t);
        i.checked_sub(1).map(|i| &self.steps[i])
    }
    /// S(t); 1 before the first event.
    pub fn survival(&self, t: f64) -> f64 {
        self.at(t).map_or(1.0, |s| s.survival)
    }
    /// Smallest t with S(t) ≤ 0.5.
    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }
    /// Smallest t by which a share `q` has had the event.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        self.steps
            .iter()
            .find(|s| s.survival <= 1.0 - q + 1e-12)
            .map(|s| s.time)
    }
    /// Restricted mean ∫₀^τ S and its standard error.
    pub fn rmst(&self, tau: f64) -> (f64, f64) {
        let steps: Vec<&Step> = self.steps.iter().filter(|s| s.time <= tau).collect();
        let mut area = 0.0;
        let (mut last, mut s) = (0.0, 1.0);
        let mut areas = Vec::with_capacity(steps.len());
        for st in &steps {
            area += s * (st.time - last);
            areas.push(area);
            (last, s) = (st.time, st.survival);
        }
        area += s * (tau - last);
        let var: f64 = steps
            .iter()
            .zip(&areas)
            .filter(|(st, _)| st.at_risk > st.events)
            .map(|(st, a)| (area - a).powi(2) * st.events / (st.at_risk * (st.at_risk - st.events)))
            .sum();
        (area, var.sqrt())
    }
}

/// An observation with competing causes; 0 is censored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompetingObs {
    /// End of observation.
    pub time: f64,
    /// What ended it.
    pub cause: u32,
}

/// Cumulative incidence at one event time of any cause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CifStep {
    /// Time.
    pub time: f64,
    /// At risk just before.
    pub at_risk: f64,
    /// Events of the cause.
    pub events: f64,
    /// F(t).
    pub cif: f64,
    /// Standard error (Marubini and Valsecchi 1995, delta method).
    pub se: f64,
    /// Interval F^exp(±z·se/(F ln F)); `None` at 0 or 1.
    pub interval: Option<Interval>,
    /// All-cause S(t).
    pub survival: f64,
}

/// Aalen and Johansen 1978 for one cause.
pub fn aalen_johansen(obs: &[CompetingObs], cause: u32) -> Vec<CifStep> {
    let mut all = obs.to_vec();
    all.sort_by(|a, b| a.time.total_cmp(&b.time));
    // (time, n, d all, d cause, S before, F after)
    let mut rows: Vec<(f64, f64, f64, f64, f64, f64)> = Vec::new();
    let (mut s, mut f, mut i) = (1.0, 0.0, 0);
    while i < all.len() {
        let t = all[i].time;
        let n = (all.len() - i) as f64;
        let run = all[i..].iter().take_while(|o| o.time == t).count();
        let d = all[i..i + run].iter().filter(|o| o.cause != 0).count() as f64;
        let dk = all[i..i + run].iter().filter(|o| o.cause == cause).count() as f64;
        if d > 0.0 {
            f += s * dk / n;
            rows.push((t, n, d, dk, s, f));
            s *= 1.0 - d / n;
        }
        i += run;
    }
    // Var F(t) = F²A − 2FB + C + D − 2(FE − G): sums that only grow, so one pass does (F = F(t)).
    let (mut a, mut b, mut c, mut dd, mut e, mut g) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    rows.into_iter()
        .map(|(time, n, d, dk, before, cif)| {
            if n > d {
                let x = d / (n * (n - d));
                a += x;
                b += cif * x;
                c += cif * cif * x;
            }
            dd += before * before * dk * (n - dk) / n.powi(3);
            let y = before * dk / (n * n);
            e += y;
            g += cif * y;
            let var: f64 = cif * cif * a - 2.0 * cif * b + c + dd - 2.0 * (cif * e - g);
            let se = var.max(0.0).sqrt();
            let interval = (cif > 0.0 && cif < 1.0).then(|| {
                let x = Z * se / (cif * cif.ln());
                let (p, q) = (cif.powf(x.exp()), cif.powf((-x).exp()));
                Interval {
                    low: p.min(q),
                    high: p.max(q),
                }
            });
            CifStep {
                time,
                at_risk: n,
                events: dk,
                cif,
                se,
                interval,
                survival: before * (1.0 - d / n),
            }
        })
        .collect()
}

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
    /// Expected events per group.
    pub expected: Vec<f64>,
}

/// log-rank test (rho = 0) or the G^rho family with weights S(t−)^rho (rho = 1: Peto–Peto).
pub fn log_rank(groups: &[Vec<Obs>], rho: f64) -> Option<TestResult> {
    let k = groups.len();
    let mut all: Vec<(f64, bool, usize)> = groups
        .iter()
        .enumerate()
        .flat_map(|(g, o)| o.iter().map(move |x| (x.time, x.event, g)))
        .collect();
    if k < 2 || groups.iter().any(Vec::is_empty) {
        return None;
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut n: Vec<f64> = groups.iter().map(|g| g.len() as f64).collect();
    let (mut o, mut e) = (vec![0.0; k], vec![0.0; k]);
    let (mut u, mut v) = (vec![0.0; k], vec![vec![0.0; k]; k]);
    let (mut s, mut i) = (1.0f64, 0);
    while i < all.len() {
        let run = all[i..].iter().take_while(|x| x.0 == all[i].0).count();
        let total: f64 = n.iter().sum();
        let mut d = vec![0.0; k];
        for x in &all[i..i + run] {
            d[x.2] += f64::from(u8::from(x.1));
        }
        let dt: f64 = d.iter().sum();
        if dt > 0.0 {
            let w = s.powf(rho);
            for g in 0..k {
                let ex = dt * n[g] / total;
                o[g] += d[g];
                e[g] += ex;
                u[g] += w * (d[g] - ex);
                if total > 1.0 {
                    for (h, row) in v[g].iter_mut().enumerate() {
                        let same = if g == h { 1.0 } else { 0.0 };
                        *row += w * w * dt * (total - dt) / (total - 1.0)
                            * (n[g] / total)
                            * (same - n[h] / total);
                    }
                }
            }
            s *= 1.0 - dt / total;
        }
        for x in &all[i..i + run] {
            n[x.2] -= 1.0;
        }
        i += run;
    }
    let chi2 = quadratic(&u[..k - 1], &v[..k - 1])?;
    Some(TestResult {
        chi2,
        df: k - 1,
        p: chi2_p(chi2, k - 1),
        observed: o,
        expected: e,
    })
}

/// uᵀ V⁻¹ u by Gaussian elimination.
fn quadratic(u: &[f64], v: &[Vec<f64>]) -> Option<f64> {
    let n = u.len();
    let mut m: Vec<Vec<f64>> = v.iter().map(|r| r[..n].to_vec()).collect();
    let mut x = u.to_vec();
    for c in 0..n {
        let p = (c..n).max_by(|&a, &b| m[a][c].abs().total_cmp(&m[b][c].abs()))?;
        if m[p][c].abs() < 1e-14 {
            return None;
        }
        m.swap(c, p);
        x.swap(c, p);
        for r in c + 1..n {
            let f = m[r][c] / m[c][c];
            let pivot = m[c].clone();
            for (a, b) in m[r].iter_mut().zip(&pivot).skip(c) {
                *a -= f * b;
            }
            x[r] -= f * x[c];
        }
    }
    let mut y = vec![0.0; n];
    for r in (0..n).rev() {
        let rest: f64 = (r + 1..n).map(|j| m[r][j] * y[j]).sum();
        y[r] = (x[r] - rest) / m[r][r];
    }
    Some(u.iter().zip(&y).map(|(a, b)| a * b).sum())
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
    fn w3_kaplan_meier() {
        let c = kaplan_meier(&obs(&[
            (2., true),
            (3., true),
            (3., false),
            (5., true),
            (6., false),
            (8., true),
        ]));
        let want = [
            (
                0.8333333333,
                0.1521451549,
                Some((0.2731228499, 0.9747124267)),
            ),
            (
                0.6666666667,
                0.1924500897,
                Some((0.1946166368, 0.9044341643)),
            ),
            (
                0.4444444444,
                0.2222222222,
                Some((0.0661867532, 0.7849083671)),
            ),
            (0.0, f64::NAN, None),
        ];
        for (s, (surv, se, ci)) in c.steps.iter().zip(want) {
            near(s.survival, surv);
            if let Some((low, high)) = ci {
                near(s.se, se);
                let i = s.interval.unwrap();
                near(i.low, low);
                near(i.high, high);
            } else {
                assert!(s.interval.is_none());
            }
        }
    }

    #[test]
    fn w4_aalen_johansen() {
        let data: Vec<CompetingObs> = [
            (1., 1),
            (2., 2),
            (2., 1),
            (3., 0),
            (4., 1),
            (5., 2),
            (6., 0),
            (7., 1),
        ]
        .iter()
        .map(|&(time, cause)| CompetingObs { time, cause })
        .collect();
        let f1: Vec<(f64, f64)> = aalen_johansen(&data, 1)
            .iter()
            .map(|s| (s.cif, s.se))
            .collect();
        for ((f, se), (wf, ws)) in f1.iter().zip([
            (0.125, 0.1169267933),
            (0.25, 0.1530931089),
            (0.40625, 0.1838844109),
            (0.40625, 0.1838844109),
            (0.71875, 0.1700901645),
        ]) {
            near(*f, wf);
            near(*se, ws);
        }
        let f2: Vec<f64> = aalen_johansen(&data, 2).iter().map(|s| s.cif).collect();
        for (a, b) in f2.iter().zip([0.0, 0.125, 0.125, 0.28125, 0.28125]) {
            near(*a, b);
        }
    }

    #[test]
    fn w1_survival_with_and_without_competing_events() {
        // days, P1 event, competing cause (1 new, 2 revoked, 3 died)
        let rows = [
            (121., 1),
            (671., 0),
            (184., 2),
            (244., 3),
            (365., 1),
            (366., 1),
            (365., 0),
            (364., 0),
            (31., 1),
            (82., 0),
        ];
        let km = kaplan_meier(&obs(&rows.map(|(t, c)| (t, c == 1))));
        near(km.survival(31.0), 0.9);
        near(km.survival(121.0), 0.7875);
        let s = km.at(365.0).unwrap();
        near(s.survival, 0.590625);
        near(s.se, 0.1979268775);
        let i = s.interval.unwrap();
        near(i.low, 0.1599291266);
        near(i.high, 0.8596162568);
        near(km.survival(366.0), 0.2953125);
        let data: Vec<CompetingObs> = rows
            .iter()
            .map(|&(time, cause)| CompetingObs { time, cause })
            .collect();
        let at = |cause: u32, t: f64| {
            aalen_johansen(&data, cause)
                .into_iter()
                .rfind(|s| s.time <= t)
                .unwrap()
        };
        let new = at(1, 365.0);
        near(new.cif, 0.353125);
        near(new.se, 0.1675805835);
        let i = new.interval.unwrap();
        near(i.low, 0.0785648996);
        near(i.high, 0.6531496703);
        near(at(2, 365.0).cif, 0.1125);
        near(at(3, 365.0).cif, 0.1125);
        near(new.survival, 0.421875);
        near(at(1, 366.0).cif, 0.5640625);
        let days: f64 = rows.iter().map(|r| r.0).sum();
        assert_eq!(days, 2793.0);
        let (rate, _) = super::super::rate_per(4, days / 365.25).unwrap();
        assert!((rate * 100.0 - 52.309).abs() < 5e-4);
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
    }

    proptest! {
        #[test]
        fn survival_and_incidences_add_to_one(rows in proptest::collection::vec((1u32..50, 0u32..4), 1..60)) {
            let data: Vec<CompetingObs> = rows.iter().map(|&(t, cause)| CompetingObs { time: f64::from(t), cause }).collect();
            let parts: Vec<Vec<CifStep>> = (1..4).map(|c| aalen_johansen(&data, c)).collect();
            for i in 0..parts[0].len() {
                let sum: f64 = parts.iter().map(|p| p[i].cif).sum();
                prop_assert!((sum + parts[0][i].survival - 1.0).abs() < 1e-10);
            }
        }

        #[test]
        fn with_full_follow_up_the_curve_is_the_simple_share(times in proptest::collection::vec(1u32..40, 1..60)) {
            let n = times.len() as f64;
            let data = obs(&times.iter().map(|&t| (f64::from(t.min(20)), t < 20)).collect::<Vec<_>>());
            let events = data.iter().filter(|o| o.event).count() as f64;
            prop_assert!((1.0 - kaplan_meier(&data).survival(19.0) - events / n).abs() < 1e-10);
        }

        #[test]
        fn one_cause_alone_is_the_complement_of_kaplan_meier(rows in proptest::collection::vec((1u32..50, any::<bool>()), 1..60)) {
            let km = kaplan_meier(&obs(&rows.iter().map(|&(t, e)| (f64::from(t), e)).collect::<Vec<_>>()));
            let data: Vec<CompetingObs> = rows.iter().map(|&(t, e)| CompetingObs { time: f64::from(t), cause: u32::from(e) }).collect();
            for (a, b) in aalen_johansen(&data, 1).iter().zip(&km.steps) {
                prop_assert!((a.cif - (1.0 - b.survival)).abs() < 1e-10);
            }
        }
    }
}
