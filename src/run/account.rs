//! What a run accounts for: the manifest of a month, and who delivered late for it.

use super::manifest::{self, DEFINITION_VERSION, Input, Manifest};
use super::{Analysis, outputs, read, versions};
use crate::domain::upt::UptRegistry;
use crate::domain::{Issue, Month, Severity, Text};
use crate::locale::Lang;
use crate::workspace::Settings;
use std::collections::BTreeMap;

/// The manifest of a month, without what only the end of the run knows: basis, failed gates, outputs, seconds.
pub fn manifest(
    a: &Analysis,
    settings: &Settings,
    lang: Lang,
    started: chrono::DateTime<chrono::Local>,
) -> Manifest {
    let coverage = |file: usize| {
        let mut all: Vec<manifest::Coverage> = (a.intake.records.coverage.iter())
            .filter(|c| c.file.0 as usize == file)
            .map(|c| manifest::Coverage {
                kind: c.kind.id().into(),
                from: c.from,
                to: c.to,
            })
            .collect();
        all.sort();
        all.dedup();
        all
    };
    let inputs = a.intake.files.iter().zip(&a.intake.counts).enumerate();
    let count = |s: Severity| {
        let issues = a.intake.issues.iter();
        issues.filter(|i| i.severity == s).count() as u64
    };
    let note = |(file, i): (&str, &Issue)| manifest::FileNote {
        path: file.to_owned(),
        rule: i.rule.to_owned(),
        reason: crate::report::rule_text(lang, i),
    };
    let late = &a.histories.coverage.late;
    Manifest {
        program: Manifest::program_name(),
        definitions: DEFINITION_VERSION.into(),
        month: a.intake.month,
        language: lang.tag().into(),
        started: started.to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
        build: manifest::sha256_hex(manifest::build_id().as_bytes()),
        basis: Default::default(),
        cutoff: a.histories.coverage.cutoff,
        inputs: inputs
            .map(|(i, (f, c))| Input {
                path: a.intake.shown[i].clone(),
                supplier: f.supplier.clone(),
                sha256: f.sha256.clone(),
                bytes: f.bytes,
                rows: c.seen,
                used: c.used,
                set_aside: c.set_aside,
                beyond: c.beyond,
                coverage: coverage(i),
                account: (a.intake.accounts[i].iter())
                    .map(manifest::SheetCells::of)
                    .collect(),
            })
            .collect(),
        outputs: Vec::new(),
        counts: a.counts(),
        seconds: BTreeMap::new(),
        issues: [Severity::Error, Severity::Warning, Severity::Note].map(count),
        unreadable: read::unreadable(&a.intake).map(note).collect(),
        versions: versions::told(&a.intake).map(note).collect(),
        late: late.iter().map(|(s, _)| s.to_string()).collect(),
        partial: (a.histories.coverage.partial.iter())
            .map(|(s, until)| (s.to_string(), *until))
            .collect(),
        overdue: overdue(settings, late, a.intake.month, started.date_naive()),
        gates_failed: Vec::new(),
        history_rebuilt: Vec::new(),
        history_lost: Vec::new(),
        feedback: Vec::new(),
    }
}

/// Suppliers of the settings that had not delivered for the month by their day.
fn overdue(
    settings: &Settings,
    late: &[(Text, Option<chrono::NaiveDate>)],
    month: Month,
    today: chrono::NaiveDate,
) -> Vec<manifest::Overdue> {
    let of = |id: &str| late.iter().find(|(s, _)| s == id);
    (settings.suppliers.iter())
        .filter_map(|s| {
            let due = s.due(month);
            let (_, covered) = of(&s.id).filter(|_| today > due)?;
            Some(manifest::Overdue {
                supplier: s.id.clone(),
                due,
                covered: *covered,
            })
        })
        .collect()
}

/// Names of suppliers whose files end before the month does, with their last day.
pub fn late(
    list: &[(Text, Option<chrono::NaiveDate>)],
    units: &UptRegistry,
    settings: &Settings,
) -> Vec<(String, Option<chrono::NaiveDate>)> {
    list.iter()
        .map(|(id, to)| (outputs::supplier_name(id, units, settings), *to))
        .collect()
}

/// Names of a manifest's overdue suppliers, in its order.
pub fn overdue_names(m: &Manifest, units: &UptRegistry, settings: &Settings) -> Vec<String> {
    let ids = m.overdue.iter().map(|o| o.supplier.as_str());
    ids.map(|id| outputs::supplier_name(id, units, settings))
        .collect()
}
