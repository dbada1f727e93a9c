//! Floor 2: what happened to people, in order. From records and links to histories without names.
//!
//! Contradictions are resolved by stated rules; every application is counted in `Resolutions` under the rule's id.
//! Knows the law's custody paths (DOMAIN.md 1.3–1.5); knows nothing of rates or reports.

mod custody;
mod merge;
pub mod outcome;
mod people;

pub use outcome::{EntryKind, Release, Return, releases};

use crate::domain::history::*;
use crate::domain::records::Records;
use crate::domain::upt::{UptKind, UptRegistry};
use crate::domain::{Month, RecordKind, Text};
use crate::workspace::Settings;
use std::collections::BTreeMap;

/// Builds everyone's history as of the end of `month`. `person_of` and `strength` come from `link`.
pub fn build(
    records: &Records,
    person_of: &[u32],
    strength: &[LinkStrength],
    units: &UptRegistry,
    settings: &Settings,
    month: Month,
) -> Histories {
    let people = people::Index::new(records, person_of, strength.len());
    let mut h = Histories {
        coverage: coverage(records, units, settings, month),
        ..Histories::default()
    };
    h.persons = people::persons(records, &people, strength);
    h.supervision = merge::supervision(records, &people, month, &mut h.resolutions);
    h.episodes = custody::episodes(records, &people, &h, settings, month);
    custody::count_resolutions(&mut h);
    custody::deaths(&mut h, month);
    h.services = merge::services(records, &people, &h, settings, month);
    h.litmas = merge::litmas(records, &people);
    h.outcomes = merge::outcomes(records, &people);
    h.community_service = merge::community_service(records, &people);
    h
}

/// Which supplier delivered what for which month, and the cut-off date: the minimum over the suppliers that decide
/// it of the last day they cover (DOMAIN.md 2.2), never after the month's end.
fn coverage(records: &Records, units: &UptRegistry, settings: &Settings, month: Month) -> Coverage {
    let mut out = Coverage::default();
    let mut last: BTreeMap<&Text, chrono::NaiveDate> = BTreeMap::new();
    for c in &records.coverage {
        let mut m = Month::of(c.from);
        while m <= Month::of(c.to).min(month) {
            out.cells.push((c.supplier.clone(), c.kind.id(), m));
            m = m.plus(1);
        }
        let kind_counts = matches!(c.kind, RecordKind::Custody | RecordKind::Supervision);
        if kind_counts || !units.all().any(|(_, u)| u.id == *c.supplier) {
            let e = last.entry(&c.supplier).or_insert(c.to);
            *e = (*e).max(c.to);
        }
    }
    out.cells.sort_unstable();
    out.cells.dedup();
    let end = month.last_day();
    let is_prison = |id: &str| {
        units
            .by_id(id)
            .is_some_and(|u| units.info(u).kind != UptKind::Bapas)
    };
    for (supplier, to) in &last {
        if *to < end {
            out.late.push(((*supplier).clone(), Some(*to)));
        }
    }
    for s in &settings.suppliers {
        if !last.keys().any(|k| **k == s.id) {
            out.late.push((s.id.as_str().into(), None));
        }
    }
    let decides = |id: &str| {
        settings
            .suppliers
            .iter()
            .find(|s| s.id == id)
            .and_then(|s| s.cutoff)
            .unwrap_or_else(|| is_prison(id))
    };
    out.cutoff = last
        .iter()
        .filter(|(s, _)| decides(s))
        .map(|(_, d)| *d)
        .min()
        .map(|d| d.min(end));
    out
}
