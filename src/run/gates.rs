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

/// A gate that a share fell short of or went beyond, in a sentence.
fn sentence(lang: Lang, key: &str, share: f64, limit: f64) -> String {
    let (share, limit) = (
        locale::percent(lang, share, 1),
        locale::percent(lang, limit, 1),
    );
    let args = [("share", share.as_str()), ("limit", limit.as_str())];
    locale::format(lang, &format!("run.gate_{key}"), &args)
}

fn share(k: u64, n: u64) -> f64 {
    if n == 0 { 0.0 } else { k as f64 / n as f64 }
}

/// Sentences about the gates that what was read fails by itself; empty when all held.
pub fn failed_by_reading(intake: &Intake, settings: &Settings, lang: Lang) -> Vec<String> {
    let nik = (intake.records.identities()).fold((0, 0), |(k, n), (_, who)| {
        (k + u64::from(who.nik.intact().is_some()), n + 1)
    });
    of_reading(intake, nik, settings, lang)
}

fn of_reading(intake: &Intake, nik: (u64, u64), settings: &Settings, lang: Lang) -> Vec<String> {
    let gates = &settings.gates;
    let mut out = Vec::new();
    let (seen, aside) =
        (intake.counts.iter()).fold((0, 0), |(s, a), c| (s + c.seen, a + c.set_aside));
    let set_aside = share(aside, seen);
    if set_aside > gates.rows_set_aside {
        out.push(sentence(
            lang,
            "rows_set_aside",
            set_aside,
            gates.rows_set_aside,
        ));
    }
    let nik = share(nik.0, nik.1);
    if nik < gates.nik_intact {
        out.push(sentence(lang, "nik_intact", nik, gates.nik_intact));
    }
    out
}

/// Sentences about the gates that failed; empty when all held.
pub fn failed(a: &Analysis, settings: &Settings, lang: Lang) -> Vec<String> {
    let sum = |f: fn(&crate::measure::SourceQuality) -> (u64, u64)| {
        (a.quality.sources.iter().map(f)).fold((0, 0), |x, y| (x.0 + y.0, x.1 + y.1))
    };
    let mut out = of_reading(&a.intake, sum(|s| s.nik_intact), settings, lang);
    let gates = &settings.gates;
    let linked = sum(|s| s.linked);
    let linked = share(linked.0, linked.1);
    if linked < gates.services_linked {
        out.push(sentence(
            lang,
            "services_linked",
            linked,
            gates.services_linked,
        ));
    }
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
