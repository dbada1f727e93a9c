//! From the rows of a group to numbers, for measures that are no sums: medians, waiting times, curves, standardised
//! rates, changes. Works on times and marks alone; what they mean is the measure's business.

use super::facts::Item;
use super::registry::Kind;
use super::stats::{self, CifStep, CompetingObs, Curve, Interval, Obs, Stratum};
use crate::domain::Text;
use std::cell::OnceCell;

/// Shares of a curve that rests on fewer people at risk are marked (docs/definitions.md 6).
const FEW: f64 = 30.0;
/// Below this many at risk no share of a curve is shown.
const NO_SHARE: f64 = 10.0;
/// Mean days of a month, for curves by month.
pub const MONTH_DAYS: f64 = 365.25 / 12.0;
/// Last month of a curve.
pub const CURVE_MONTHS: u16 = 60;

/// One number of a group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reduced {
    /// Months since release, for curves.
    pub month: Option<Text>,
    /// Count behind it.
    pub numerator: Option<f64>,
    /// Size behind it.
    pub denominator: Option<f64>,
    /// The number.
    pub estimate: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// It rests on few people.
    pub few: bool,
    /// It must not be shown as a number.
    pub refused: bool,
}

/// The rows of a group, by time, with the curves drawn from them: each is drawn once, however many measures read it.
#[derive(Debug, Default)]
pub struct Group {
    rows: Vec<Item>,
    curve: OnceCell<Curve>,
    incidence: [OnceCell<Vec<CifStep>>; 3],
}

/// Observation begins just before the release or referral: who is served, or returns, on the day itself was at risk.
const ENTRY: f64 = -1.0;

impl Group {
    /// A group of these rows.
    pub fn new(mut rows: Vec<Item>) -> Group {
        rows.sort_by(|a, b| a.value.total_cmp(&b.value));
        Group {
            rows,
            ..Group::default()
        }
    }

    fn curve(&self) -> &Curve {
        self.curve.get_or_init(|| {
            let obs = self.rows.iter().map(|r| Obs {
                entry: ENTRY,
                time: r.value,
                event: r.mark == 1,
            });
            stats::kaplan_meier(&obs.collect::<Vec<_>>())
        })
    }

    fn incidence(&self, cause: u8) -> &[CifStep] {
        let draw = || {
            let obs = self.rows.iter().map(|r| CompetingObs {
                entry: ENTRY,
                time: r.value,
                cause: u32::from(r.mark),
            });
            stats::aalen_johansen(&obs.collect::<Vec<_>>(), u32::from(cause))
        };
        let at = usize::from(cause).saturating_sub(1);
        self.incidence
            .get(at)
            .map_or(&[][..], |c| c.get_or_init(draw).as_slice())
    }

    /// How many are still observed at a time.
    fn at_risk(&self, t: f64) -> f64 {
        (self.rows.len() - self.rows.partition_point(|r| r.value < t)) as f64
    }

    fn len(&self) -> f64 {
        self.rows.len() as f64
    }
}

/// Reduces a group. `standard` are the sizes of everybody's strata, by mark: what a standardised rate is weighted by.
pub fn reduce(kind: Kind, group: &Group, standard: &[f64]) -> Vec<Reduced> {
    match kind {
        Kind::Median => vec![median(group)],
        Kind::Wait(percent) => vec![wait(group, percent)],
        Kind::Longest => vec![longest(group)],
        Kind::Incidence(cause) => incidence(group, cause),
        Kind::Survival => survival(group, false),
        Kind::Hazard => survival(group, true),
        Kind::Restricted(months) => vec![restricted(group, months)],
        Kind::Direct => vec![direct(&group.rows, standard)],
        Kind::Excess => vec![excess(&group.rows)],
        Kind::Change => vec![change(&group.rows)],
        _ => vec![],
    }
}

fn median(group: &Group) -> Reduced {
    let v = &group.rows;
    let mid = v.len() / 2;
    let median = match v.len() {
        0 => None,
        n if n % 2 == 1 => Some(v[mid].value),
        _ => Some(0.5 * (v[mid - 1].value + v[mid].value)),
    };
    Reduced {
        denominator: Some(group.len()),
        estimate: median,
        ..Reduced::default()
    }
}

/// The day by which so many percent have been served; who waits still is censored (docs/definitions.md 4).
fn wait(group: &Group, percent: u8) -> Reduced {
    let curve = group.curve();
    let estimate = curve.quantile(f64::from(percent) / 100.0);
    Reduced {
        numerator: Some(group.rows.iter().filter(|r| r.mark == 1).count() as f64),
        denominator: Some(group.len()),
        refused: estimate.is_none(),
        estimate,
        interval: match (percent, curve.median_interval()) {
            (50, (Some(low), Some(high))) => Some(Interval { low, high }),
            _ => None,
        },
        ..Reduced::default()
    }
}

fn longest(group: &Group) -> Reduced {
    Reduced {
        denominator: Some(group.len()),
        estimate: group.rows.last().map(|r| r.value),
        ..Reduced::default()
    }
}

fn months() -> impl Iterator<Item = (Text, f64)> {
    (0..=CURVE_MONTHS).map(|m| (Text::from(format!("{m:02}")), f64::from(m) * MONTH_DAYS))
}

/// A point of a curve: few at risk are marked, very few show no share.
fn point(month: Text, at_risk: f64, estimate: f64, interval: Option<Interval>) -> Reduced {
    let shown = at_risk >= NO_SHARE;
    Reduced {
        month: Some(month),
        denominator: Some(at_risk),
        estimate: Some(estimate).filter(|_| shown),
        interval: interval.filter(|_| shown),
        few: at_risk < FEW,
        ..Reduced::default()
    }
}

/// Aalen–Johansen incidence of one cause by month (docs/definitions.md 5).
fn incidence(group: &Group, cause: u8) -> Vec<Reduced> {
    let steps = group.incidence(cause);
    months()
        .map(|(m, t)| {
            let before = steps.partition_point(|s| s.time <= t);
            let s = before.checked_sub(1).map(|i| &steps[i]);
            let (cif, interval) = s.map_or((0.0, None), |s| (s.cif, s.interval));
            point(m, group.at_risk(t), cif, interval)
        })
        .collect()
}

/// Kaplan–Meier survival, or Nelson–Aalen cumulative hazard, by month (docs/definitions.md 5–7).
fn survival(group: &Group, hazard: bool) -> Vec<Reduced> {
    let curve = group.curve();
    months()
        .map(|(m, t)| {
            let (s, n) = (curve.at(t), group.at_risk(t));
            if hazard {
                point(m, n, s.map_or(0.0, |s| s.hazard), None)
            } else {
                point(m, n, curve.survival(t), s.and_then(|s| s.interval))
            }
        })
        .collect()
}

/// Mean days without return inside the window: ∫₀^τ S (docs/definitions.md 5).
fn restricted(group: &Group, months: u16) -> Reduced {
    let tau = f64::from(months) * MONTH_DAYS;
    let (mean, se) = group.curve().rmst(tau);
    let n = group.len();
    let within = group.rows.iter().take_while(|r| r.value <= tau);
    Reduced {
        numerator: Some(within.filter(|r| r.mark == 1).count() as f64),
        denominator: Some(n),
        estimate: Some(mean),
        interval: Some(Interval {
            low: (mean - stats::Z * se).max(0.0),
            high: (mean + stats::Z * se).min(tau),
        }),
        few: n < FEW,
        refused: n < NO_SHARE,
        ..Reduced::default()
    }
}

/// Directly standardised to the strata of everybody; an empty stratum joins its neighbour (docs/definitions.md 5). Refused
/// where those joined weigh more than the others: then a few people would stand for most.
fn direct(rows: &[Item], standard: &[f64]) -> Reduced {
    let mut of = vec![(0u64, 0u64); standard.len()];
    for r in rows {
        if let Some((n, k)) = of.get_mut(usize::from(r.mark)) {
            (*n, *k) = (*n + 1, *k + u64::from(r.num > 0.0));
        }
    }
    let mut strata: Vec<Stratum> = Vec::new();
    let mut spare = 0.0;
    let joined: f64 = (standard.iter().zip(&of))
        .filter(|(_, (n, _))| *n == 0)
        .map(|(weight, _)| weight)
        .sum();
    let sparse = 2.0 * joined > standard.iter().sum();
    for (weight, (n, k)) in standard.iter().zip(of) {
        let weight = weight + spare;
        spare = 0.0;
        match strata.last_mut() {
            _ if n > 0 => strata.push(Stratum { n, k, weight }),
            Some(before) => before.weight += weight,
            None => spare = weight,
        }
    }
    let n = rows.len() as f64;
    let result = stats::direct_standardised(&strata);
    Reduced {
        numerator: Some(rows.iter().map(|r| r.num).sum()),
        denominator: Some(n),
        estimate: result.map(|(rate, ..)| rate),
        interval: result.map(|(.., i)| Interval {
            low: i.low.clamp(0.0, 1.0),
            high: i.high.clamp(0.0, 1.0),
        }),
        few: n < FEW,
        // A share that means more than nobody and less than one person is not said (docs/definitions.md 3).
        refused: n < NO_SHARE
            || sparse
            || result.is_none_or(|(rate, ..)| !stats::implies_a_person(rate, n)),
        ..Reduced::default()
    }
}

/// Observed less expected, per person, with the exact limits of the observed (docs/definitions.md 5).
fn excess(rows: &[Item]) -> Reduced {
    let (o, n) = (
        rows.iter().map(|r| r.num).sum::<f64>(),
        rows.iter().map(|r| r.den).sum::<f64>(),
    );
    let e: f64 = rows.iter().map(|r| r.value).sum();
    let limits = stats::poisson_exact(o.round() as u64);
    Reduced {
        numerator: Some(o),
        denominator: Some(n),
        estimate: Some((o - e) / n),
        interval: Some(Interval {
            low: (limits.low - e) / n,
            high: (limits.high - e) / n,
        }),
        few: n < FEW,
        refused: n < NO_SHARE,
        ..Reduced::default()
    }
}

/// Share of the later cohort (mark 1) less that of the earlier (mark 0), with Newcombe's interval; refused when one
/// of them is small. Only an interval without zero is a change (docs/definitions.md 5).
fn change(rows: &[Item]) -> Reduced {
    let of = |mark: u8| {
        let mine = || rows.iter().filter(|r| r.mark == mark);
        let k = mine().filter(|r| r.num > 0.0).count() as u64;
        (k, mine().count() as u64)
    };
    let ((k0, n0), (k1, n1)) = (of(0), of(1));
    let result = stats::newcombe(k1, n1, k0, n0);
    let refused = n0.min(n1) < FEW as u64 || result.is_none();
    Reduced {
        estimate: result.map(|(d, _)| d),
        interval: result.map(|(_, i)| i),
        refused,
        ..Reduced::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: f64, mark: u8, num: f64) -> Item {
        Item {
            value,
            mark,
            num,
            den: 1.0,
        }
    }

    #[test]
    fn who_waits_still_keeps_the_median_up() {
        let mut rows: Vec<Item> = (1..=4).map(|d| row(f64::from(d), 1, 1.0)).collect();
        rows.extend((0..6).map(|_| row(90.0, 0, 0.0)));
        let group = Group::new(rows);
        assert_eq!(reduce(Kind::Wait(50), &group, &[])[0].estimate, None);
        assert_eq!(reduce(Kind::Wait(40), &group, &[])[0].estimate, Some(4.0));
    }

    #[test]
    fn the_tail_of_a_curve_that_rests_on_few_people_says_so() {
        let rows: Vec<Item> = (0..40).map(|i| row(f64::from(i) * 20.0, 0, 0.0)).collect();
        let curve = reduce(Kind::Survival, &Group::new(rows), &[]);
        assert!(!curve[0].few && curve[0].estimate.is_some());
        let late = &curve[20];
        assert!(late.few && late.denominator < Some(30.0));
        assert_eq!(curve[24].estimate, None, "fewer than ten at risk");
    }

    #[test]
    fn standardised_to_its_own_mix_a_rate_is_the_crude_rate() {
        let rows: Vec<Item> = (0..60u8)
            .map(|i| row(0.0, i % 3, f64::from(u8::from(i % 7 == 0))))
            .collect();
        let crude = rows.iter().map(|r| r.num).sum::<f64>() / 60.0;
        let direct = reduce(Kind::Direct, &Group::new(rows), &[20.0, 20.0, 20.0]);
        assert!((direct[0].estimate.unwrap() - crude).abs() < 1e-12);
    }

    #[test]
    fn a_standardised_share_of_less_than_one_person_is_refused() {
        // One of 40 came back, in a stratum that hardly anybody of the standard is in.
        let rows: Vec<Item> = (0..40u8)
            .map(|i| row(0.0, i % 2, f64::from(u8::from(i == 1))))
            .collect();
        let group = Group::new(rows);
        let alike = &reduce(Kind::Direct, &group, &[20.0, 20.0])[0];
        assert!(!alike.refused && (alike.estimate.unwrap() - 0.025).abs() < 1e-12);
        let rare = &reduce(Kind::Direct, &group, &[990.0, 10.0])[0];
        assert!(rare.refused, "0.02 of a person");
    }

    #[test]
    fn a_change_between_small_cohorts_is_refused() {
        let rows: Vec<Item> = (0..50u8).map(|i| row(0.0, u8::from(i < 20), 0.0)).collect();
        assert!(reduce(Kind::Change, &Group::new(rows), &[])[0].refused);
    }
}
