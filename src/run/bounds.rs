//! The headline by other links: how few come back when only exact and decided links count, how many were every pair of
//! persons one that may be: the doubtful pairs and the less likely ones; and as many more as linking may miss by what it
//! misses of register rows that are known to be of one case. The histories by these links hold custody and guidance alone and live only until
//! it is known who of them came back.

use super::RunError;
use super::read::Intake;
use crate::domain::figure::{Figure, Request};
use crate::domain::history::LinkStrength;
use crate::domain::let_go;
use crate::domain::upt::UptRegistry;
use crate::history;
use crate::link::Links;
use crate::measure::{self, Bound, Side, stats};
use crate::workspace::Settings;

/// The measures that are made of other links.
pub const MEASURES: [(&str, Side); 2] = [("return_low", Side::Lower), ("return_high", Side::Upper)];

/// Which bound a measure is; `None` for any other measure.
pub fn side(measure: &str) -> Option<Side> {
    let found = MEASURES.iter().find(|(id, _)| *id == measure);
    found.map(|(_, side)| *side)
}

/// The bounds that figures are asked of, and what linking is expected to miss.
#[derive(Debug, Default)]
pub struct Bounds {
    made: Vec<(&'static str, Bound)>,
    /// Share of returns that linking may miss: the upper end of its interval.
    missed: f64,
}

impl Bounds {
    /// The bounds that are asked for.
    pub fn of(
        intake: &Intake,
        links: &Links,
        requests: &[Request],
        settings: &Settings,
        units: &UptRegistry,
    ) -> Bounds {
        let asked = MEASURES.into_iter();
        let asked = asked.filter(|(id, _)| requests.iter().any(|r| r.measure == *id));
        let made: Vec<_> = asked
            .map(|(id, side)| (id, bound(intake, links, side, settings, units)))
            .collect();
        let widened = made.iter().any(|(_, b)| b.side() == Side::Upper);
        let missed = match widened {
            true => at_most(history::Missed::of(
                &intake.records,
                &links.person_of,
                &links.strength,
            )),
            false => 0.0,
        };
        Bounds { made, missed }
    }

    /// The figures that are asked of them, over the people of the month's own histories.
    pub fn figures(
        &self,
        input: &measure::Input,
        requests: &[Request],
    ) -> Result<Vec<Figure>, RunError> {
        let mut out = Vec::new();
        for (id, bound) in &self.made {
            let asked: Vec<Request> = (requests.iter())
                .filter(|r| r.measure == *id)
                .cloned()
                .collect();
            let input = measure::Input {
                bound: Some(bound),
                ..*input
            };
            let mut figures =
                measure::compute(&input, &asked).map_err(RunError::stage("measure"))?;
            if bound.side() == Side::Upper {
                figures.iter_mut().for_each(|f| widen(f, self.missed));
            }
            out.extend(figures);
        }
        Ok(out)
    }
}

/// Who came back by the links of a bound.
pub fn bound(
    intake: &Intake,
    links: &Links,
    side: Side,
    settings: &Settings,
    units: &UptRegistry,
) -> Bound {
    let (records, month) = (&intake.records, intake.month);
    let of = |person_of: &[u32], strength: &[LinkStrength]| {
        history::custody(records, person_of, strength, units, settings, month)
    };
    let histories = match side {
        Side::Lower => of(&links.strict_person_of, &links.strict_strength),
        Side::Upper => {
            let (person_of, strength) = loosened(links);
            of(&person_of, &strength)
        }
    };
    let bound = Bound::of(side, &histories, &settings.definitions);
    let_go(histories);
    bound
}

/// Share of returns that linking may miss: the upper end of the interval of what it misses of register rows of one case
/// (Wilson, 95 %); 0 where no case goes on.
fn at_most(seen: history::Missed) -> f64 {
    let all = seen.linked + seen.missed;
    stats::wilson(seen.missed, all).map_or(0.0, |i| i.high)
}

/// Adds to those who came back as many as linking may have missed and no pair shows: `missed` is the share of all returns,
/// the count its quantile at 97.5 %.
fn widen(f: &mut Figure, missed: f64) {
    let (Some(k), Some(n), Some(_)) = (f.numerator, f.denominator, f.estimate) else {
        return;
    };
    let expected = k * missed / (1.0 - missed.min(0.5));
    let k = (k + stats::poisson_at_most(expected) as f64).min(n);
    (f.numerator, f.estimate) = (Some(k), Some(k / n));
    if let Some(i) = stats::wilson(k as u64, n as u64) {
        (f.ci_low, f.ci_high) = (Some(i.low), Some(i.high));
    }
}

/// Who is who were every two persons one that may be.
fn loosened(links: &Links) -> (Vec<u32>, Vec<LinkStrength>) {
    let mut first: Vec<u32> = (0..links.strength.len() as u32).collect();
    for &(a, b) in &links.possible {
        let [a, b] = [a, b].map(|r| root(&first, links.person_of[r as usize]));
        first[a.max(b) as usize] = a.min(b);
    }
    let mut dense = vec![u32::MAX; first.len()];
    let mut strength = Vec::new();
    let mut person_of = Vec::with_capacity(links.person_of.len());
    for &p in &links.person_of {
        let root = root(&first, p) as usize;
        if dense[root] == u32::MAX {
            dense[root] = strength.len() as u32;
            strength.push(links.strength[root]);
        }
        person_of.push(dense[root]);
    }
    (person_of, strength)
}

fn root(first: &[u32], mut p: u32) -> u32 {
    while first[p as usize] != p {
        p = first[p as usize];
    }
    p
}
