//! Measures that are no sums: medians, curves, rates per person-time, standardised ratios, matched comparisons.

use super::people::Context;
use super::programme::{COMPARED, took_part, waiting_since};
use super::returns::headline;
use super::stats::{self, CompetingObs, Interval, Obs, Table2x2};
use crate::domain::history::Service;
use crate::domain::{Text, add_months};
use crate::history::Release;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// One number of an own measure.
#[derive(Debug, Clone, Default)]
pub struct Value {
    /// Category of the single dimension; empty for the total.
    pub category: Text,
    /// Count behind it.
    pub numerator: Option<f64>,
    /// Size behind it.
    pub denominator: Option<f64>,
    /// The number.
    pub estimate: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// It must not be shown as an effect.
    pub refused: bool,
}

/// Values of an own measure by at most one dimension (the total comes first), with definition and window.
pub fn values(
    c: &Context,
    measure: &str,
    by: &[Text],
    ambon: bool,
) -> Option<(&'static str, Option<u16>, Vec<Value>)> {
    let d = &c.input.settings.definitions;
    let w = d.headline_window;
    let dim = by.first().map(Text::as_str);
    Some(match measure {
        "litmas_median_days" => ("v1", Some(12), medians(litmas_days(c, ambon), dim)),
        "service_wait_median" => ("v1", Some(12), waits(c, dim, ambon, 0.5)),
        "service_wait_p90" => ("v1", Some(12), waits(c, dim, ambon, 0.9)),
        "waiting_longest" => ("v1", None, longest(c, dim, ambon)),
        "return_rate_py" => ("P1.person.v1", Some(w), vec![rate(c, ambon, w)]),
        "return_srr" => ("P1.person.v1", Some(w), srr(c, dim, ambon, w)),
        "cif_new" => ("P1.person.v1", Some(60), curve(c, ambon, Some(1))),
        "cif_revoked" => ("P1.person.v1", Some(60), curve(c, ambon, Some(2))),
        "cif_death" => ("P1.person.v1", Some(60), curve(c, ambon, Some(3))),
        "km_free" => ("P1.person.v1", Some(60), curve(c, ambon, None)),
        "compare_rr" => ("P1.person.v1", Some(w), matched(c, ambon, w, true)),
        "compare_rd" => ("P1.person.v1", Some(w), matched(c, ambon, w, false)),
        _ => return None,
    })
}

fn ours(c: &Context, r: &Release, ambon: bool) -> bool {
    !ambon || c.ambon(r.person)
}

fn litmas_days(c: &Context, ambon: bool) -> Vec<(Text, f64)> {
    let from = c.month().plus(-11).first_day();
    let done = c.h().litmas.iter().filter(|l| !ambon || c.ambon(l.person));
    done.filter_map(|l| {
        let (a, b) = (
            l.requested?,
            l.completed.filter(|d| *d >= from && *d <= c.as_of)?,
        );
        (b >= a).then(|| (Text::const_new(l.kind.id()), (b - a).num_days() as f64))
    })
    .collect()
}

fn medians(rows: Vec<(Text, f64)>, dim: Option<&str>) -> Vec<Value> {
    let mut groups: BTreeMap<Text, Vec<f64>> = BTreeMap::new();
    for (k, v) in rows {
        groups.entry(Text::default()).or_default().push(v);
        if dim.is_some() {
            groups.entry(k).or_default().push(v);
        }
    }
    let value = |(category, mut v): (Text, Vec<f64>)| {
        v.sort_by(f64::total_cmp);
        let mid = v.len() / 2;
        let median = if v.len() % 2 == 1 {
            v[mid]
        } else {
            0.5 * (v[mid - 1] + v[mid])
        };
        Value {
            category,
            denominator: Some(v.len() as f64),
            estimate: Some(median),
            ..Value::default()
        }
    };
    groups.into_iter().map(value).collect()
}

/// Days from referral to first service; the unserved are censored at the cut-off (DOMAIN.md 3.2).
fn waits(c: &Context, dim: Option<&str>, ambon: bool, q: f64) -> Vec<Value> {
    let from = c.month().plus(-11).first_day();
    let mut groups: BTreeMap<Text, Vec<Obs>> = BTreeMap::new();
    for s in c
        .h()
        .services
        .iter()
        .filter(|s| s.referred.is_some_and(|d| d >= from && d <= c.as_of))
    {
        if ambon && !s.person.is_some_and(|p| c.ambon(p)) {
            continue;
        }
        let Some(asked) = s.referred else { continue };
        let served = s.start.or(s.issued);
        let days = (served.unwrap_or(c.as_of) - asked).num_days();
        if days < 0 {
            continue;
        }
        let obs = Obs {
            entry: -1.0,
            time: days as f64,
            event: served.is_some(),
        };
        groups.entry(Text::default()).or_default().push(obs);
        if let Some(k) = dim.map(|d| service_cat(s, d)) {
            groups.entry(k).or_default().push(obs);
        }
    }
    groups
        .into_iter()
        .map(|(category, obs)| Value {
            category,
            numerator: Some(obs.iter().filter(|o| o.event).count() as f64),
            denominator: Some(obs.len() as f64),
            estimate: stats::kaplan_meier(&obs).quantile(q),
            ..Value::default()
        })
        .collect()
}

fn service_cat(s: &Service, dim: &str) -> Text {
    if dim == "service_family" {
        Text::const_new(s.kind.family().id())
    } else {
        s.opd.clone()
    }
}

fn longest(c: &Context, dim: Option<&str>, ambon: bool) -> Vec<Value> {
    let mut groups: BTreeMap<Text, (f64, f64)> = BTreeMap::new();
    for (s, days) in
        waiting_since(c).filter(|(s, _)| !ambon || s.person.is_some_and(|p| c.ambon(p)))
    {
        let mut add = |k: Text| {
            let e = groups.entry(k).or_default();
            *e = (e.0.max(days as f64), e.1 + 1.0);
        };
        add(Text::default());
        if dim.is_some() {
            add(s.opd.clone());
        }
    }
    groups
        .into_iter()
        .map(|(category, (days, n))| Value {
            category,
            denominator: Some(n),
            estimate: Some(days),
            ..Value::default()
        })
        .collect()
}

/// Time at risk and what ended it: 1 new case, 2 technical revocation, 3 death, 0 end of data.
fn followed(c: &Context, r: &Release) -> CompetingObs {
    let mut end: (NaiveDate, u32) = (c.cutoff.min(r.censored.unwrap_or(c.cutoff)), 0);
    for (date, cause) in [(r.death, 3), (r.first_technical(), 2), (r.first_new(), 1)] {
        if let Some(d) = date
            && d <= end.0
        {
            end = (d, cause);
        }
    }
    // An event on the day of release counts half a day (DOMAIN.md 2.2).
    CompetingObs {
        entry: 0.0,
        time: ((end.0 - r.t0).num_days() as f64).max(0.5),
        cause: end.1,
    }
}

fn rate(c: &Context, ambon: bool, w: u16) -> Value {
    let (mut events, mut days) = (0u64, 0.0);
    for r in headline(c, w).into_iter().filter(|r| ours(c, r, ambon)) {
        let limit = add_months(r.t0, u32::from(w));
        let o = followed(c, r);
        let most = (limit - r.t0).num_days() as f64;
        events += u64::from(o.cause == 1 && o.time <= most);
        days += o.time.min(most);
    }
    let years = days / 365.25;
    let result = stats::rate_per(events, years);
    Value {
        numerator: Some(events as f64),
        denominator: Some(years),
        estimate: result.map(|(r, _)| r * 100.0),
        interval: result.map(|(_, i)| Interval {
            low: i.low * 100.0,
            high: i.high * 100.0,
        }),
        ..Value::default()
    }
}

/// Aalen–Johansen incidences (or Kaplan–Meier survival) by month since release, all releases of the last six years.
fn curve(c: &Context, ambon: bool, cause: Option<u32>) -> Vec<Value> {
    let from = c.month().plus(-72).first_day();
    let mut seen = std::collections::BTreeSet::new();
    let all: Vec<CompetingObs> = c
        .releases
        .iter()
        .filter(|r| ours(c, r, ambon) && r.t0 >= from && r.t0 < c.cutoff && seen.insert(r.person))
        .map(|r| followed(c, r))
        .collect();
    if all.is_empty() {
        return Vec::new();
    }
    let months = (0..=60u32).map(|m| (m, f64::from(m) * 365.25 / 12.0));
    let at_risk = |t: f64| all.iter().filter(|o| o.time >= t).count() as f64;
    let value = |m: u32, t: f64, estimate: f64, interval: Option<Interval>| Value {
        category: Text::from(format!("{m:02}")),
        denominator: Some(at_risk(t)),
        estimate: Some(estimate),
        interval,
        ..Value::default()
    };
    match cause {
        Some(k) => {
            let steps = stats::aalen_johansen(&all, k);
            months
                .map(|(m, t)| {
                    let s = steps.iter().rfind(|s| s.time <= t);
                    value(m, t, s.map_or(0.0, |s| s.cif), s.and_then(|s| s.interval))
                })
                .collect()
        }
        None => {
            let obs: Vec<Obs> = all
                .iter()
                .map(|o| Obs {
                    entry: 0.0,
                    time: o.time,
                    event: o.cause == 1,
                })
                .collect();
            let km = stats::kaplan_meier(&obs);
            months
                .map(|(m, t)| value(m, t, km.survival(t), km.at(t).and_then(|s| s.interval)))
                .collect()
        }
    }
}

/// Age under 25, 25–34, 35 and older × prior stays 0, 1, 2+: the strata of expected rates (DOMAIN.md 2.3.11).
fn stratum(c: &Context, r: &Release) -> (u8, u32) {
    let age = c
        .h()
        .person(r.person)
        .birth
        .map(|b| crate::domain::date::age_on(b, r.t0));
    (
        match age {
            Some(..25) => 0,
            Some(25..35) => 1,
            Some(_) => 2,
            // People of unknown age are like nobody but each other.
            None => 3,
        },
        r.prior.min(2),
    )
}

fn srr(c: &Context, dim: Option<&str>, ambon: bool, w: u16) -> Vec<Value> {
    let all = headline(c, w);
    let mut rates: BTreeMap<(u8, u32), (f64, f64)> = BTreeMap::new();
    for r in &all {
        let e = rates.entry(stratum(c, r)).or_default();
        e.0 += f64::from(u8::from(r.p1(w)));
        e.1 += 1.0;
    }
    let mut groups: BTreeMap<Text, (u64, f64)> = BTreeMap::new();
    for r in all.iter().filter(|r| ours(c, r, ambon)) {
        let expected = rates.get(&stratum(c, r)).map_or(0.0, |(k, n)| k / n);
        let mut add = |k: Text| {
            let e = groups.entry(k).or_default();
            e.0 += u64::from(r.p1(w));
            e.1 += expected;
        };
        add(Text::default());
        let e = &c.h().episodes[r.episode];
        match dim {
            Some("upt") => add(c.upt(r.upt)),
            Some("sex") => add(c.sex(r.person)),
            Some("age_group") => add(c.age_group(r.person, r.t0)),
            Some("offence_group") => add(Text::const_new(e.offence.id())),
            Some("exit_code") => add(Text::const_new(r.exit.id())),
            _ => {}
        }
    }
    groups
        .into_iter()
        .map(|(category, (o, e))| {
            let ratio = stats::indirect(o, e);
            Value {
                category,
                numerator: Some(o as f64),
                denominator: Some((e * 100.0).round() / 100.0),
                estimate: ratio.map(|r| r.srr),
                interval: ratio.map(|r| r.exact),
                refused: e < 1.0,
            }
        })
        .collect()
}

/// Age band, earlier stays, sex.
type StratumKey = (u8, u32, Text);

/// Participants against others over coarse strata (age × prior stays × sex); refused below 30 participants or when
/// the groups stay unlike each other (DOMAIN.md 2.3.12).
fn matched(c: &Context, ambon: bool, w: u16, ratio: bool) -> Vec<Value> {
    let all: Vec<&Release> = headline(c, w)
        .into_iter()
        .filter(|r| ours(c, r, ambon))
        .collect();
    COMPARED
        .iter()
        .map(|family| {
            let mut strata: BTreeMap<StratumKey, Table2x2> = BTreeMap::new();
            let members: Vec<(&Release, StratumKey, bool)> = all
                .iter()
                .map(|r| {
                    let (age, prior) = stratum(c, r);
                    (*r, (age, prior, c.sex(r.person)), took_part(c, r, *family))
                })
                .collect();
            for (r, key, took) in &members {
                let s = strata.entry(key.clone()).or_default();
                let hit = f64::from(u8::from(r.p1(w)));
                if *took {
                    (s.a, s.n1) = (s.a + hit, s.n1 + 1.0);
                } else {
                    (s.c, s.n0) = (s.c + hit, s.n0 + 1.0);
                }
            }
            let tables: Vec<Table2x2> = strata.values().copied().collect();
            let mh = stats::mantel_haenszel(&tables);
            let n1: f64 = tables.iter().filter(|t| t.n0 > 0.0).map(|t| t.n1).sum();
            let unlike = imbalance(c, &members, &strata) > 0.10;
            let result = if ratio { mh.rr } else { mh.rd };
            let refused = n1 < 30.0 || unlike || result.is_none();
            Value {
                category: Text::const_new(family.id()),
                numerator: Some(n1),
                denominator: Some(tables.iter().filter(|t| t.n1 > 0.0).map(|t| t.n0).sum()),
                estimate: result.map(|(x, _)| x).filter(|_| !refused),
                interval: result.map(|(_, i)| i).filter(|_| !refused),
                refused,
            }
        })
        .collect()
}

/// Largest absolute standardised mean difference of age, earlier stays and sentence between participants and the
/// others, who are weighted to the participants' strata; strata without both groups are left out. Infinite when
/// nobody is left. Within coarse strata the groups can still differ: that is what this looks for.
fn imbalance(
    c: &Context,
    members: &[(&Release, StratumKey, bool)],
    strata: &BTreeMap<StratumKey, Table2x2>,
) -> f64 {
    let covariates: [fn(&Context, &Release) -> Option<f64>; 3] = [
        |c, r| {
            c.h()
                .person(r.person)
                .birth
                .map(|b| f64::from(crate::domain::date::age_on(b, r.t0)))
        },
        |_, r| Some(f64::from(r.prior)),
        |c, r| c.h().episodes[r.episode].sentence_days.map(f64::from),
    ];
    let mut worst = 0.0f64;
    for x in covariates {
        // Per group: Σw, Σwx, Σwx².
        let mut sums = [[0.0f64; 3]; 2];
        for (r, key, took) in members {
            let Some(t) = strata.get(key).filter(|t| t.n1 > 0.0 && t.n0 > 0.0) else {
                continue;
            };
            let Some(v) = x(c, r) else { continue };
            let w = if *took { 1.0 } else { t.n1 / t.n0 };
            let s = &mut sums[usize::from(*took)];
            *s = [s[0] + w, s[1] + w * v, s[2] + w * v * v];
        }
        if sums.iter().any(|s| s[0] <= 0.0) {
            return f64::INFINITY;
        }
        let [other, own] =
            sums.map(|s| (s[1] / s[0], (s[2] / s[0] - (s[1] / s[0]).powi(2)).max(0.0)));
        let d = stats::smd(own.0, own.1, other.0, other.1).unwrap_or(f64::INFINITY);
        worst = worst.max(d.abs());
    }
    worst
}
