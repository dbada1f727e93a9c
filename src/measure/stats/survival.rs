//! Time to one event: Kaplan–Meier, Nelson–Aalen, median, restricted mean (docs/definitions.md 5–2.3.7).

use super::{Interval, Z};

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

/// One time at which somebody left observation, with the numbers just before it.
pub(super) struct Moment<'a, T> {
    pub time: f64,
    /// {entry < time ≤ end}.
    pub at_risk: f64,
    /// Everyone whose observation ends here.
    pub leaving: &'a [T],
}

/// Walks the end times in order. `obs` is (entry, end, what); whoever enters at or after the own end was never at risk.
pub(super) fn walk<T: Copy>(
    obs: impl Iterator<Item = (f64, f64, T)>,
    mut visit: impl FnMut(Moment<'_, T>),
) {
    let (mut entries, mut ends): (Vec<f64>, Vec<(f64, T)>) = obs
        .filter(|(entry, end, _)| entry < end)
        .map(|(entry, end, x)| (entry, (end, x)))
        .unzip();
    entries.sort_by(f64::total_cmp);
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let what: Vec<T> = ends.iter().map(|e| e.1).collect();
    let (mut entered, mut i) = (0usize, 0usize);
    while i < ends.len() {
        let time = ends[i].0;
        while entered < entries.len() && entries[entered] < time {
            entered += 1;
        }
        let j = i + ends[i..].partition_point(|e| e.0 == time);
        visit(Moment {
            time,
            at_risk: (entered - i) as f64,
            leaving: &what[i..j],
        });
        i = j;
    }
}

/// Kaplan and Meier 1958 with Greenwood's variance and log-log intervals; delayed entry by the risk set
/// {entry < t ≤ end} (docs/definitions.md 5).
pub fn kaplan_meier(obs: &[Obs]) -> Curve {
    let (mut s, mut g, mut h) = (1.0, 0.0, 0.0);
    let mut steps = Vec::new();
    walk(obs.iter().map(|o| (o.entry, o.time, o.event)), |m| {
        let d = m.leaving.iter().filter(|e| **e).count() as f64;
        let n = m.at_risk;
        if d == 0.0 {
            return;
        }
        s *= 1.0 - d / n;
        h += d / n;
        if n > d {
            g += d / (n * (n - d));
        }
        let interval = (s > 0.0 && s < 1.0).then(|| Interval::power(s, Z * g.sqrt() / s.ln()));
        steps.push(Step {
            time: m.time,
            at_risk: n,
            events: d,
            survival: s,
            se: s * g.sqrt(),
            interval,
            hazard: h,
        });
    });
    Curve { steps }
}

impl Step {
    /// Plain interval S ± z·SE, cut to [0, 1].
    pub fn plain(&self) -> Interval {
        Interval::around(self.survival, self.se).of_share()
    }
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
    /// Interval of the median (Brookmeyer and Crowley 1982): where the log-log limits of S cross one half. An end is
    /// `None` while its limit has not come down to one half.
    pub fn median_interval(&self) -> (Option<f64>, Option<f64>) {
        let crossing = |limit: fn(&Interval) -> f64| {
            self.steps
                .iter()
                .find(|s| s.interval.as_ref().is_some_and(|i| limit(i) <= 0.5))
                .map(|s| s.time)
        };
        (crossing(|i| i.low), crossing(|i| i.high))
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

    proptest! {
        #[test]
        fn with_full_follow_up_the_curve_is_the_simple_share(times in proptest::collection::vec(1u32..40, 1..60)) {
            let n = times.len() as f64;
            let data = obs(&times.iter().map(|&t| (f64::from(t.min(20)), t < 20)).collect::<Vec<_>>());
            let events = data.iter().filter(|o| o.event).count() as f64;
            prop_assert!((1.0 - kaplan_meier(&data).survival(19.0) - events / n).abs() < 1e-10);
        }

    }
}
