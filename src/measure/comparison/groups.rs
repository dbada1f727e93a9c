//! Who is compared, and what is known of them before release.

use super::super::people::Context;
use super::super::returns::{followed, stratum};
use crate::domain::OffenceGroup;
use crate::domain::Sex;
use crate::domain::Text;
use crate::domain::date::age_on;
use crate::history::Release;
use std::collections::BTreeMap;

/// Age band, earlier stays, sex: the coarse strata.
pub type StratumKey = (u8, u32, u8);

/// An offence group with fewer people is no covariate of its own.
const FEWEST_OF_OFFENCE: usize = 10;

/// One person of the cohort.
#[derive(Debug, Clone)]
pub struct Member {
    /// Came back within the window.
    pub hit: bool,
    /// Coarse stratum.
    pub stratum: StratumKey,
    /// Days observed, and whether a new case ended them.
    pub time: (f64, bool),
}

/// The cohort with the ids of its covariates, the most telling first.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// Ids.
    pub covariates: Vec<Text>,
    /// Of every covariate the values, person by person: it is by covariate that groups are held against each other.
    pub columns: Vec<Vec<f64>>,
    /// People.
    pub all: Vec<Member>,
}

/// Everybody of the cohort. What is unknown takes the mean of what is known, beside a covariate that says so.
pub fn compared(c: &Context, cohort: &[&Release], w: u16) -> Compared {
    let ln = |days: i64| (days.max(0) as f64).ln_1p();
    let age = |r: &Release| {
        let born = c.h().person(r.person).birth?;
        Some(f64::from(age_on(born, r.t0)))
    };
    let sentence = |r: &Release| c.episode(r).sentence_days.map(|d| ln(i64::from(d)));
    let (mean_age, ages_missing) = mean(cohort.iter().map(|r| age(r)));
    let (mean_sentence, sentences_missing) = mean(cohort.iter().map(|r| sentence(r)));
    let offences = offences(c, cohort);
    let mut covariates: Vec<Text> = [
        "age",
        "prior_custody",
        "sentence",
        "female",
        "conditional",
        "stay",
    ]
    .map(Text::const_new)
    .into();
    covariates.extend(
        offences
            .iter()
            .map(|o| Text::from(format!("offence_{}", o.id()))),
    );
    covariates.extend(ages_missing.then(|| Text::const_new("age_unknown")));
    covariates.extend(sentences_missing.then(|| Text::const_new("sentence_unknown")));
    let yes = |b: bool| f64::from(u8::from(b));
    let mut columns = vec![Vec::with_capacity(cohort.len()); covariates.len()];
    let all = cohort.iter().map(|r| {
        let (e, sex) = (c.episode(r), c.h().person(r.person).sex);
        let always = [
            age(r).unwrap_or(mean_age),
            f64::from(r.prior),
            sentence(r).unwrap_or(mean_sentence),
            yes(sex == Some(Sex::Female)),
            yes(r.exit.is_conditional()),
            ln((r.t0 - e.start).num_days()),
        ];
        let more = offences.iter().map(|o| yes(e.offence == *o));
        let more = more
            .chain(ages_missing.then(|| yes(age(r).is_none())))
            .chain(sentences_missing.then(|| yes(sentence(r).is_none())));
        let each = columns.iter_mut().zip(always.into_iter().chain(more));
        each.for_each(|(column, x)| column.push(x));
        let (band, prior) = stratum(c, r);
        let sex = match sex {
            Some(Sex::Male) => 0,
            Some(Sex::Female) => 1,
            None => 2,
        };
        let (days, cause) = followed(c, r);
        Member {
            hit: r.p1(w),
            stratum: (band, prior, sex),
            time: (days, cause == 1),
        }
    });
    Compared {
        all: all.collect(),
        columns,
        covariates,
    }
}

/// Mean of what is known, and whether something is not.
fn mean(values: impl Iterator<Item = Option<f64>>) -> (f64, bool) {
    let (mut sum, mut n, mut missing) = (0.0, 0.0, false);
    for v in values {
        match v {
            Some(x) => (sum, n) = (sum + x, n + 1.0),
            None => missing = true,
        }
    }
    (if n > 0.0 { sum / n } else { 0.0 }, missing)
}

/// Offence groups that are covariates: the larger ones but the largest, which the others are measured against.
fn offences(c: &Context, cohort: &[&Release]) -> Vec<OffenceGroup> {
    let mut n: BTreeMap<OffenceGroup, usize> = BTreeMap::new();
    for r in cohort {
        *n.entry(c.episode(r).offence).or_default() += 1;
    }
    let mut list: Vec<(OffenceGroup, usize)> = n.into_iter().collect();
    list.sort_by_key(|(o, n)| (std::cmp::Reverse(*n), *o));
    list.into_iter()
        .skip(1)
        .filter(|(_, n)| *n >= FEWEST_OF_OFFENCE)
        .map(|(o, _)| o)
        .collect()
}
