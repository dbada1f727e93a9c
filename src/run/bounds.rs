//! The headline by other links: how few come back when only exact and decided links count, how many were every pair of
//! persons one that may be: the doubtful pairs and the less likely ones; and as many more as linking misses of register
//! rows that are known to be of one case. These histories hold custody and guidance alone and live only while a figure is
//! made of them.

use super::RunError;
use super::read::Intake;
use crate::domain::figure::{Figure, Request};
use crate::domain::history::{Histories, LinkStrength};
use crate::domain::let_go;
use crate::domain::upt::UptRegistry;
use crate::history;
use crate::link::Links;
use crate::measure::{self, Quality, stats};
use crate::workspace::Settings;

/// The measures that are made of other links.
pub const MEASURES: [&str; 2] = ["return_low", "return_high"];

/// What happened to people by the links a measure of [`MEASURES`] is about; `None` for any other.
pub fn histories(
    intake: &Intake,
    links: &Links,
    measure: &str,
    settings: &Settings,
    units: &UptRegistry,
) -> Option<Histories> {
    let of = |person_of: &[u32], strength: &[LinkStrength]| {
        let (records, month) = (&intake.records, intake.month);
        history::custody(records, person_of, strength, units, settings, month)
    };
    match measure {
        "return_low" => Some(of(&links.strict_person_of, &links.strict_strength)),
        "return_high" => {
            let (person_of, strength) = loosened(links);
            Some(of(&person_of, &strength))
        }
        _ => None,
    }
}

/// The figures of [`MEASURES`] that are asked for.
pub fn figures(
    intake: &Intake,
    links: &Links,
    requests: &[Request],
    settings: &Settings,
    units: &UptRegistry,
) -> Result<Vec<Figure>, RunError> {
    let mut out = Vec::new();
    for id in MEASURES {
        let asked: Vec<Request> = (requests.iter())
            .filter(|r| r.measure == id)
            .cloned()
            .collect();
        if asked.is_empty() {
            continue;
        }
        if let Some(of) = histories(intake, links, id, settings, units) {
            let input = measure::Input {
                histories: &of,
                bound: Some(&of),
                units,
                settings,
                month: intake.month,
                quality: &Quality::default(),
                changes: None,
            };
            let mut figures =
                measure::compute(&input, &asked).map_err(RunError::stage("measure"))?;
            if id == "return_high" {
                let (persons, strength) = (&links.person_of, &links.strength);
                let missed = history::missed_share(&intake.records, persons, strength);
                figures.iter_mut().for_each(|f| widen(f, missed));
            }
            out.extend(figures);
            let_go(of);
        }
    }
    Ok(out)
}

/// Adds to those who came back the share that linking is expected to miss and no pair shows.
fn widen(f: &mut Figure, missed: f64) {
    let (Some(k), Some(n), Some(_)) = (f.numerator, f.denominator, f.estimate) else {
        return;
    };
    let k = (k * (1.0 + missed)).min(n);
    (f.numerator, f.estimate) = (Some(k), Some(k / n));
    if let Some(i) = stats::wilson(k.round() as u64, n.round() as u64) {
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
