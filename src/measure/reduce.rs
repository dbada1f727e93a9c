//! From the rows of a group to numbers, for measures that are no sums: medians, waiting times, curves, standardised
//! rates, changes. Works on times and marks alone; what they mean is the measure's business.

use super::facts::Row;
use super::registry::Kind;
use super::stats::{self, CompetingObs, Interval, Obs, Stratum};
use crate::domain::Text;

/// Shares of a curve that rests on fewer people at risk are marked (DOMAIN.md 2.5).
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

/// Reduces the rows of a group. `all` are the rows of everybody, the standard of a standardised rate.
pub fn reduce(kind: Kind, rows: &[Row], all: &[Row]) -> Vec<Reduced> {
    match kind {
        Kind::Median => vec![median(rows)],
        Kind::Wait(percent) => vec![wait(rows, percent)],
        Kind::Longest => vec![longest(rows)],
        Kind::Incidence(cause) => incidence(rows, u32::from(cause)),
        Kind::Survival => survival(rows, false),
        Kind::Hazard => survival(rows, true),
        Kind::Restricted(months) => vec![restricted(rows, months)],
        Kind::Direct => vec![direct(rows, all)],
        Kind::Excess => vec![excess(rows)],
        Kind::Change => vec![change(rows)],
        _ => vec![],
    }
}

fn median(rows: &[Row]) -> Reduced {
    let mut v: Vec<f64> = rows.iter().map(|r| r.value).collect();
    v.sort_by(f64::total_cmp);
    let mid = v.len() / 2;
    let median = match v.len() {
        0 => None,
        n if n % 2 == 1 => Some(v[mid]),
        _ => Some(0.5 * (v[mid - 1] + v[mid])),
    };
    Reduced {
        denominator: Some(v.len() as f64),
        estimate: median,
        ..Reduced::default()
    }
}

fn observations(rows: &[Row], entry: f64) -> Vec<Obs> {
    let obs = rows.iter().map(|r| Obs {
        entry,
        time: r.value,
        event: r.mark == 1,
    });
    obs.collect()
}

/// The day by which so many percent have been served; who waits still is censored (DOMAIN.md 3.2).
fn wait(rows: &[Row], percent: u8) -> Reduced {
    // Served on the day of referral is a wait of nought days: observation begins before it.
    let curve = stats::kaplan_meier(&observations(rows, -1.0));
    let estimate = curve.quantile(f64::from(percent) / 100.0);
    Reduced {
        numerator: Some(rows.iter().filter(|r| r.mark == 1).count() as f64),
        denominator: Some(rows.len() as f64),
        refused: estimate.is_none(),
        estimate,
        interval: match (percent, curve.median_interval()) {
            (50, (Some(low), Some(high))) => Some(Interval { low, high }),
            _ => None,
        },
        ..Reduced::default()
    }
}

fn longest(rows: &[Row]) -> Reduced {
    Reduced {
        denominator: Some(rows.len() as f64),
        estimate: rows.iter().map(|r| r.value).max_by(f64::total_cmp),
        ..Reduced::default()
    }
}

fn months() -> impl Iterator<Item = (Text, f64)> {
    (0..=CURVE_MONTHS).map(|m| (Text::from(format!("{m:02}")), f64::from(m) * MONTH_DAYS))
}

/// A point of a curve: few at risk are marked, very few show no share.
fn point(month: Text, rows: &[Row], t: f64, estimate: f64, interval: Option<Interval>) -> Reduced {
    let at_risk = rows.iter().filter(|r| r.value >= t).count() as f64;
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

/// Aalen–Johansen incidence of one cause by month (DOMAIN.md 2.3.8).
fn incidence(rows: &[Row], cause: u32) -> Vec<Reduced> {
    let obs: Vec<CompetingObs> = rows
        .iter()
        .map(|r| CompetingObs {
            entry: 0.0,
            time: r.value,
            cause: u32::from(r.mark),
        })
        .collect();
    let steps = stats::aalen_johansen(&obs, cause);
    months()
        .map(|(m, t)| {
            let s = steps.iter().rfind(|s| s.time <= t);
            point(
                m,
                rows,
                t,
                s.map_or(0.0, |s| s.cif),
                s.and_then(|s| s.interval),
            )
        })
        .collect()
}

/// Kaplan–Meier survival, or Nelson–Aalen cumulative hazard, by month (DOMAIN.md 2.3.6–7).
fn survival(rows: &[Row], hazard: bool) -> Vec<Reduced> {
    let curve = stats::kaplan_meier(&observations(rows, 0.0));
    months()
        .map(|(m, t)| {
            let s = curve.at(t);
            if hazard {
                point(m, rows, t, s.map_or(0.0, |s| s.hazard), None)
            } else {
                point(m, rows, t, curve.survival(t), s.and_then(|s| s.interval))
            }
        })
        .collect()
}

/// Mean days without return inside the window: ∫₀^τ S (DOMAIN.md 2.3.7).
fn restricted(rows: &[Row], months: u16) -> Reduced {
    let tau = f64::from(months) * MONTH_DAYS;
    let (mean, se) = stats::kaplan_meier(&observations(rows, 0.0)).rmst(tau);
    let n = rows.len() as f64;
    Reduced {
        numerator: Some(
            rows.iter()
                .filter(|r| r.mark == 1 && r.value <= tau)
                .count() as f64,
        ),
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

/// Directly standardised to the strata of everybody; an empty stratum joins its neighbour (DOMAIN.md 2.3.10).
fn direct(rows: &[Row], all: &[Row]) -> Reduced {
    let mut strata: Vec<Stratum> = Vec::new();
    let top = all.iter().map(|r| r.mark).max().unwrap_or(0);
    let mut spare = 0.0;
    for mark in 0..=top {
        let weight = all.iter().filter(|r| r.mark == mark).count() as f64 + spare;
        let mine = || rows.iter().filter(|r| r.mark == mark);
        let n = mine().count() as u64;
        let k = mine().filter(|r| r.num > 0.0).count() as u64;
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
        refused: n < NO_SHARE || result.is_none(),
        ..Reduced::default()
    }
}

/// Observed less expected, per person, with the exact limits of the observed (DOMAIN.md 2.3.11).
fn excess(rows: &[Row]) -> Reduced {
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
/// of them is small. Only an interval without zero is a change (DOMAIN.md 2.3.13).
fn change(rows: &[Row]) -> Reduced {
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

    fn row(value: f64, mark: u8, num: f64) -> Row<'static> {
        Row {
            value,
            mark,
            num,
            den: 1.0,
            ..Row::default()
        }
    }

    #[test]
    fn who_waits_still_keeps_the_median_up() {
        let mut rows: Vec<Row> = (1..=4).map(|d| row(f64::from(d), 1, 1.0)).collect();
        rows.extend((0..6).map(|_| row(90.0, 0, 0.0)));
        assert_eq!(reduce(Kind::Wait(50), &rows, &[])[0].estimate, None);
        assert_eq!(reduce(Kind::Wait(40), &rows, &[])[0].estimate, Some(4.0));
    }

    #[test]
    fn the_tail_of_a_curve_that_rests_on_few_people_says_so() {
        let rows: Vec<Row> = (0..40).map(|i| row(f64::from(i) * 20.0, 0, 0.0)).collect();
        let curve = reduce(Kind::Survival, &rows, &[]);
        assert!(!curve[0].few && curve[0].estimate.is_some());
        let late = &curve[20];
        assert!(late.few && late.denominator < Some(30.0));
        assert_eq!(curve[24].estimate, None, "fewer than ten at risk");
    }

    #[test]
    fn standardised_to_its_own_mix_a_rate_is_the_crude_rate() {
        let rows: Vec<Row> = (0..60u8)
            .map(|i| row(0.0, i % 3, f64::from(u8::from(i % 7 == 0))))
            .collect();
        let crude = rows.iter().map(|r| r.num).sum::<f64>() / 60.0;
        let direct = reduce(Kind::Direct, &rows, &rows)[0].estimate.unwrap();
        assert!((direct - crude).abs() < 1e-12);
    }

    #[test]
    fn a_change_between_small_cohorts_is_refused() {
        let rows: Vec<Row> = (0..50u8).map(|i| row(0.0, u8::from(i < 20), 0.0)).collect();
        assert!(reduce(Kind::Change, &rows, &[])[0].refused);
    }
}
