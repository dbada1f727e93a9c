//! Quality gates of the settings, and inputs without which nothing may be written.

use super::read::{Intake, supplier_counts};
use super::{Analysis, RunError};
use crate::domain::upt::UptRegistry;
use crate::locale::{self, Lang};
use crate::workspace::Settings;

/// A supplier that the settings call required must have given at least one usable row (exit 4).
pub fn required_are_there(
    intake: &Intake,
    settings: &Settings,
    units: &UptRegistry,
    lang: Lang,
) -> Result<(), RunError> {
    let counts = supplier_counts(intake);
    for s in settings.suppliers.iter().filter(|s| s.required) {
        if counts.get(&s.id).is_none_or(|c| c.used == 0) {
            let name = units
                .by_id(&s.id)
                .map_or(s.id.as_str(), |u| units.info(u).name.as_str());
            return Err(RunError::Input(locale::format(
                lang,
                "run.required_missing",
                &[("supplier", name)],
            )));
        }
    }
    Ok(())
}

/// Sentences about the gates that failed; empty when all held.
pub fn failed(a: &Analysis, settings: &Settings, lang: Lang) -> Vec<String> {
    let mut out = Vec::new();
    let gates = &settings.gates;
    let mut gate = |bad: bool, key: &str, share: f64, limit: f64| {
        if bad {
            let (share, limit) = (
                locale::percent(lang, share, 1),
                locale::percent(lang, limit, 1),
            );
            out.push(locale::format(
                lang,
                &format!("run.gate_{key}"),
                &[("share", &share), ("limit", &limit)],
            ));
        }
    };
    let seen: u64 = a.intake.counts.iter().map(|c| c.seen).sum();
    let aside: u64 = a.intake.counts.iter().map(|c| c.set_aside).sum();
    let share = |k: u64, n: u64| if n == 0 { 0.0 } else { k as f64 / n as f64 };
    let set_aside = share(aside, seen);
    gate(
        set_aside > gates.rows_set_aside,
        "rows_set_aside",
        set_aside,
        gates.rows_set_aside,
    );
    let sum = |f: fn(&crate::measure::SourceQuality) -> (u64, u64)| {
        a.quality
            .sources
            .iter()
            .map(f)
            .fold((0, 0), |x, y| (x.0 + y.0, x.1 + y.1))
    };
    let nik = sum(|s| s.nik_intact);
    gate(
        share(nik.0, nik.1) < gates.nik_intact,
        "nik_intact",
        share(nik.0, nik.1),
        gates.nik_intact,
    );
    let linked = sum(|s| s.linked);
    gate(
        share(linked.0, linked.1) < gates.services_linked,
        "services_linked",
        share(linked.0, linked.1),
        gates.services_linked,
    );
    let late = a.histories.coverage.late.len();
    if late > gates.late_suppliers as usize {
        let (count, limit) = (late.to_string(), gates.late_suppliers.to_string());
        out.push(locale::format(
            lang,
            "run.gate_late_suppliers",
            &[("count", &count), ("limit", &limit)],
        ));
    }
    out
}
