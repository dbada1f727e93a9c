//! Time to the first of several events: cumulative incidence (docs/definitions.md 5).

use super::survival::walk;
use super::{Interval, Z};

/// An observation with competing causes; 0 is censored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompetingObs {
    /// Start of observation; 0 for no delayed entry.
    pub entry: f64,
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

/// Aalen and Johansen 1978 for one cause; delayed entry by the risk set {entry < t ≤ end}.
pub fn aalen_johansen(obs: &[CompetingObs], cause: u32) -> Vec<CifStep> {
    let (mut s, mut f) = (1.0, 0.0);
    // Var F(t) = F²A − 2FB + C + D − 2(FE − G): sums that only grow, so one pass does (F = F(t)).
    let (mut a, mut b, mut c, mut dd, mut e, mut g) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    let mut steps = Vec::new();
    walk(obs.iter().map(|o| (o.entry, o.time, o.cause)), |m| {
        let n = m.at_risk;
        let d = m.leaving.iter().filter(|x| **x != 0).count() as f64;
        let dk = m.leaving.iter().filter(|x| **x == cause).count() as f64;
        if d == 0.0 {
            return;
        }
        let before: f64 = s;
        f += before * dk / n;
        s *= 1.0 - d / n;
        let cif: f64 = f;
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
        let interval =
            (cif > 0.0 && cif < 1.0).then(|| Interval::power(cif, Z * se / (cif * cif.ln())));
        steps.push(CifStep {
            time: m.time,
            at_risk: n,
            events: dk,
            cif,
            se,
            interval,
            survival: s,
        });
    });
    steps
}

#[cfg(test)]
mod tests {
    use super::super::{Obs, kaplan_meier, rate_per};
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
        .map(|&(time, cause)| CompetingObs {
            entry: 0.0,
            time,
            cause,
        })
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
            .map(|&(time, cause)| CompetingObs {
                entry: 0.0,
                time,
                cause,
            })
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
        let (rate, _) = rate_per(4, days / 365.25).unwrap();
        assert!((rate * 100.0 - 52.309).abs() < 5e-4);
    }

    proptest! {
        #[test]
        fn survival_and_incidences_add_to_one(rows in proptest::collection::vec((1u32..50, 0u32..4), 1..60)) {
            let data: Vec<CompetingObs> = rows.iter().map(|&(t, cause)| CompetingObs { entry: 0.0, time: f64::from(t), cause }).collect();
            let parts: Vec<Vec<CifStep>> = (1..4).map(|c| aalen_johansen(&data, c)).collect();
            for i in 0..parts[0].len() {
                let sum: f64 = parts.iter().map(|p| p[i].cif).sum();
                prop_assert!((sum + parts[0][i].survival - 1.0).abs() < 1e-10);
            }
        }

        #[test]
        fn one_cause_alone_is_the_complement_of_kaplan_meier(rows in proptest::collection::vec((1u32..50, any::<bool>()), 1..60)) {
            let km = kaplan_meier(&obs(&rows.iter().map(|&(t, e)| (f64::from(t), e)).collect::<Vec<_>>()));
            let data: Vec<CompetingObs> = rows.iter().map(|&(t, e)| CompetingObs { entry: 0.0, time: f64::from(t), cause: u32::from(e) }).collect();
            for (a, b) in aalen_johansen(&data, 1).iter().zip(&km.steps) {
                prop_assert!((a.cif - (1.0 - b.survival)).abs() < 1e-10);
            }
        }
        #[test]
        fn with_full_follow_up_the_incidence_is_the_simple_share(rows in proptest::collection::vec((1u32..40, 1u32..4), 1..60)) {
            let data: Vec<CompetingObs> = rows.iter().map(|&(t, cause)| CompetingObs {
                entry: 0.0,
                time: f64::from(t.min(20)),
                cause: if t < 20 { cause } else { 0 },
            }).collect();
            for cause in 1..4 {
                let k = data.iter().filter(|o| o.cause == cause).count() as f64;
                let f = aalen_johansen(&data, cause).last().map_or(0.0, |s| s.cif);
                prop_assert!((f - k / data.len() as f64).abs() < 1e-10);
            }
        }
    }
}
