//! One programme compared: strata, propensity, pairs, balance, and whether an effect may be shown at all.

use super::super::stats::{
    self, Interval, MhResult, Obs, PairTable, Table2x2, TestResult, logistic, match_pairs,
    mean_and_variance, smd,
};
use super::groups::{Compared, StratumKey};
use super::{Cell, arm_id};
use crate::domain::Dimension as D;
use crate::domain::Text;
use std::collections::BTreeMap;

/// Fewest participants of whom an effect is shown (docs/definitions.md 5).
pub const LEAST: usize = 30;
/// Largest standardised mean difference between groups that may be compared (docs/definitions.md 5).
pub const MOST_UNLIKE: f64 = 0.10;
/// Below this many participants not even a mean is told of them.
const NO_MEAN: usize = 10;
/// Participants (or others) a covariate of the propensity model needs.
const PER_COVARIATE: usize = 10;
/// Width of the caliper in standard deviations of the logit of the propensity (Austin 2011).
const CALIPER: f64 = 0.2;

/// Whether groups may be compared, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verdict {
    /// They may.
    Comparable,
    /// Fewer than [`LEAST`] participants.
    TooFew,
    /// They differ by more than [`MOST_UNLIKE`] in something.
    Unlike,
    /// Nobody is left to compare with, or nobody came back.
    #[default]
    Nothing,
}

impl Verdict {
    /// Stable id: a category of the dimension `verdict`.
    pub const fn id(self) -> &'static str {
        match self {
            Verdict::Comparable => "comparable",
            Verdict::TooFew => "too_few",
            Verdict::Unlike => "unlike",
            Verdict::Nothing => "nothing",
        }
    }

    fn of(participants: usize, differences: impl Iterator<Item = f64>, estimable: bool) -> Verdict {
        let worst = differences.map(f64::abs).fold(0.0, f64::max);
        match () {
            () if participants < LEAST => Verdict::TooFew,
            () if worst.is_nan() || worst > MOST_UNLIKE => Verdict::Unlike,
            () if !estimable => Verdict::Nothing,
            () => Verdict::Comparable,
        }
    }
}

/// Standardised mean differences of one covariate; infinite where a group has nobody or does not vary.
#[derive(Debug, Clone)]
pub struct Balance {
    /// The covariate.
    pub covariate: Text,
    /// Raw groups.
    pub before: f64,
    /// Others weighted to the participants' strata.
    pub strata: f64,
    /// Pairs.
    pub matched: f64,
}

/// The pairs.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    /// Participant and other of every pair, by who of them came back.
    pub table: PairTable,
    /// May their difference be shown.
    pub verdict: Verdict,
}

/// One programme compared.
#[derive(Debug, Clone, Default)]
pub struct Study {
    /// Others and participants: people, and those who came back.
    pub arms: [(u64, u64); 2],
    /// Mantel–Haenszel over coarse strata.
    pub strata: MhResult,
    /// Participants in strata that hold both groups, and others.
    pub used: [usize; 2],
    /// May the estimates over strata be shown.
    pub verdict: Verdict,
    /// The pairs.
    pub pairs: Pairs,
    /// Balance of every covariate.
    pub balance: Vec<Balance>,
    /// Raw test of the two curves.
    pub test: Option<TestResult>,
}

impl Study {
    /// Compares those of the cohort who took part with the others.
    pub fn of(m: &Compared, took: &[bool]) -> Study {
        let mut s = Study::default();
        let mut tables: BTreeMap<StratumKey, Table2x2> = BTreeMap::new();
        let mut times = vec![Vec::new(), Vec::new()];
        for (x, &took) in m.all.iter().zip(took) {
            let arm = &mut s.arms[usize::from(took)];
            *arm = (arm.0 + 1, arm.1 + u64::from(x.hit));
            let (t, hit) = (
                tables.entry(x.stratum).or_default(),
                f64::from(u8::from(x.hit)),
            );
            if took {
                (t.a, t.n1) = (t.a + hit, t.n1 + 1.0);
            } else {
                (t.c, t.n0) = (t.c + hit, t.n0 + 1.0);
            }
            times[usize::from(took)].push(Obs {
                entry: 0.0,
                time: x.time.0,
                event: x.time.1,
            });
        }
        s.strata = stats::mantel_haenszel(&tables.values().copied().collect::<Vec<_>>());
        for t in tables.values().filter(|t| t.n1 > 0.0 && t.n0 > 0.0) {
            s.used = [s.used[0] + t.n0 as usize, s.used[1] + t.n1 as usize];
        }
        s.test = stats::log_rank(&times, 0.0);
        let pairs = pairs_of(m, took);
        s.balance = balance(m, took, &tables, &pairs);
        for &(p, o) in &pairs {
            s.pairs.table.add(m.all[p].hit, m.all[o].hit);
        }
        s.pairs.verdict = Verdict::of(
            pairs.len(),
            s.balance.iter().map(|b| b.matched),
            s.pairs.table.events() != (0, 0),
        );
        s.verdict = Verdict::of(
            s.used[1],
            s.balance.iter().map(|b| b.strata),
            s.strata.rr.is_some(),
        );
        s
    }

    /// Participants of the cohort.
    pub fn participants(&self) -> u64 {
        self.arms[1].0
    }

    /// An estimate over strata with the people it rests on; refused where the verdict says so.
    pub(super) fn effect(&self, value: Option<(f64, Interval)>) -> Cell {
        let shown = value.filter(|_| self.verdict == Verdict::Comparable);
        Cell {
            numerator: Some(self.used[1] as f64),
            denominator: Some(self.used[0] as f64),
            estimate: shown.map(|v| v.0),
            interval: shown.map(|v| v.1),
            refused: shown.is_none(),
            ..Cell::default()
        }
    }

    /// Strata that hold both groups, of all that hold anybody.
    pub(super) fn strata_used(&self) -> Cell {
        let used = self.strata.used as f64;
        Cell {
            numerator: Some(used),
            denominator: Some(used + self.strata.dropped as f64),
            estimate: Some(used),
            ..Cell::default()
        }
    }

    /// The largest standardised difference over strata.
    pub(super) fn largest_difference(&self) -> Cell {
        let worst = self
            .balance
            .iter()
            .map(|b| b.strata.abs())
            .fold(0.0, f64::max);
        self.difference(worst)
    }

    fn difference(&self, smd: f64) -> Cell {
        let told = self.arms.iter().all(|a| a.0 as usize >= NO_MEAN) && smd.is_finite();
        Cell {
            estimate: told.then_some(smd),
            refused: !told,
            ..Cell::default()
        }
    }

    /// p of the log-rank test between the raw curves, with observed and expected events of the participants. It says
    /// whether the curves differ, never why: nothing is adjusted for.
    pub(super) fn log_rank(&self) -> Cell {
        let enough = self.arms.iter().all(|a| a.0 as usize >= LEAST);
        let test = self.test.as_ref().filter(|_| enough);
        Cell {
            numerator: test.map(|t| t.observed[1]),
            denominator: test.map(|t| (t.expected[1] * 100.0).round() / 100.0),
            estimate: test.map(|t| t.p),
            refused: test.is_none(),
            ..Cell::default()
        }
    }

    fn comparable_pairs(&self) -> bool {
        self.pairs.verdict == Verdict::Comparable
    }

    /// Shares of both sides of the pairs.
    pub(super) fn matched_rates(&self) -> Vec<Cell> {
        let n = self.pairs.table.n();
        let (own, others) = self.pairs.table.events();
        [(false, others), (true, own)]
            .map(|(took, k)| {
                let shown = self.comparable_pairs();
                Cell {
                    at: Some((D::Arm, Text::const_new(arm_id(took)))),
                    numerator: shown.then_some(k as f64),
                    denominator: shown.then_some(n as f64),
                    estimate: shown.then(|| k as f64 / n as f64),
                    interval: stats::wilson(k, n).filter(|_| shown),
                    refused: !shown,
                }
            })
            .into()
    }

    /// Participants less others, over pairs, with Newcombe's interval for pairs.
    pub(super) fn matched_difference(&self) -> Cell {
        let table = &self.pairs.table;
        let value = table.difference().filter(|_| self.comparable_pairs());
        Cell {
            denominator: Some(table.n() as f64),
            estimate: value.map(|v| v.0),
            interval: value.map(|v| v.1),
            refused: value.is_none(),
            ..Cell::default()
        }
    }

    /// p of that difference, by the pairs that differ.
    pub(super) fn matched_p(&self) -> Cell {
        let table = &self.pairs.table;
        let p = table.p().filter(|_| self.comparable_pairs());
        Cell {
            denominator: Some(table.n() as f64),
            estimate: p,
            refused: p.is_none(),
            ..Cell::default()
        }
    }

    pub(super) fn balance(&self, which: fn(&Balance) -> f64) -> Vec<Cell> {
        self.balance
            .iter()
            .map(|b| Cell {
                at: Some((D::Covariate, b.covariate.clone())),
                ..self.difference(which(b))
            })
            .collect()
    }
}

/// Pairs of participants and others (by index) of nearly equal propensity.
fn pairs_of(m: &Compared, took: &[bool]) -> Vec<(usize, usize)> {
    let of = |arm: bool| -> Vec<usize> { (0..took.len()).filter(|&i| took[i] == arm).collect() };
    let (own, others) = (of(true), of(false));
    if own.is_empty() || others.is_empty() {
        return vec![];
    }
    let score = propensity(m, took, own.len().min(others.len()) / PER_COVARIATE);
    let spread = mean_and_variance(&score).map_or(0.0, |(_, v)| v.sqrt());
    let of = |list: &[usize]| -> Vec<f64> { list.iter().map(|&i| score[i]).collect() };
    match_pairs(&of(&own), &of(&others), CALIPER * spread)
        .into_iter()
        .map(|(p, o)| (own[p], others[o]))
        .collect()
}

/// Logit of the chance to take part, by as many covariates as the groups can carry; those that never vary, follow from
/// others or tell the groups apart without error are left out, the least telling first. All alike when nothing is left.
fn propensity(m: &Compared, took: &[bool], most: usize) -> Vec<f64> {
    let varies = |column: &&Vec<f64>| column.iter().any(|x| *x != column[0]);
    let columns: Vec<&Vec<f64>> = m.columns.iter().filter(varies).take(most).collect();
    let fitted = |n: usize| {
        let rows = (0..m.all.len()).flat_map(|i| columns[..n].iter().map(move |c| c[i]));
        let model = logistic(&rows.collect::<Vec<f64>>(), took).ok()?;
        Some(model.fitted)
    };
    match most_that_fit(columns.len(), fitted) {
        Some(chances) => chances.iter().map(|p| (p / (1.0 - p)).ln()).collect(),
        None => vec![0.0; m.all.len()],
    }
}

/// The fit of the first so many of `all` columns, as many as can be; nothing when not even the first can. What a covariate
/// makes impossible no covariate more makes possible, so when all are too many the number is found by halving; trying one
/// less each time costs a nation seconds, for a fit that runs away is the longest.
pub(super) fn most_that_fit<T>(all: usize, fit: impl Fn(usize) -> Option<T>) -> Option<T> {
    let (mut some, mut none, mut n) = (0, all + 1, all);
    let mut best = None;
    while none - some > 1 {
        match fit(n) {
            Some(found) => (some, best) = (n, Some(found)),
            None => none = n,
        }
        n = some + (none - some) / 2;
    }
    best
}

/// Differences of means before, over strata and over pairs, all in units of the raw groups' spread, so that they can be
/// read side by side (Stuart 2010).
fn balance(
    m: &Compared,
    took: &[bool],
    tables: &BTreeMap<StratumKey, Table2x2>,
    pairs: &[(usize, usize)],
) -> Vec<Balance> {
    let mut in_pairs = vec![false; m.all.len()];
    for &(p, o) in pairs {
        (in_pairs[p], in_pairs[o]) = (true, true);
    }
    // An other in a stratum counts as many times as it has participants to an other.
    let in_strata: Vec<f64> = m
        .all
        .iter()
        .zip(took)
        .map(|(x, took)| match tables.get(&x.stratum) {
            Some(t) if t.n1 > 0.0 && t.n0 > 0.0 => {
                if *took {
                    1.0
                } else {
                    t.n1 / t.n0
                }
            }
            _ => 0.0,
        })
        .collect();
    let one = |(covariate, column): (&Text, &Vec<f64>)| {
        let raw = |arm: bool| -> Vec<f64> {
            let mine = column.iter().zip(took).filter(|(_, t)| **t == arm);
            mine.map(|(x, _)| *x).collect()
        };
        let spread = |v: &[f64]| mean_and_variance(v).map_or(f64::NAN, |x| x.1);
        let (v1, v0) = (spread(&raw(true)), spread(&raw(false)));
        let difference = |weight: &dyn Fn(usize) -> f64| {
            let (mut sum, mut n) = ([0.0; 2], [0.0; 2]);
            for (i, (x, took)) in column.iter().zip(took).enumerate() {
                let (w, arm) = (weight(i), usize::from(*took));
                sum[arm] += w * x;
                n[arm] += w;
            }
            if n.contains(&0.0) {
                return f64::INFINITY;
            }
            smd(sum[1] / n[1], v1, sum[0] / n[0], v0).unwrap_or(f64::INFINITY)
        };
        Balance {
            covariate: covariate.clone(),
            before: difference(&|_| 1.0),
            strata: difference(&|i| in_strata[i]),
            matched: difference(&|i| f64::from(u8::from(in_pairs[i]))),
        }
    };
    m.covariates.iter().zip(&m.columns).map(one).collect()
}
