//! Who is who on the sample, held against its truth.

use reintegrasi::domain::Month;
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::link::{self, Decisions, PseudonymKey, Registry};
use reintegrasi::run::{Silent, read::read_inbox, read_settings};
use std::collections::HashMap;

/// Pairwise precision and recall of the links, by counting pairs inside groups.
fn pairwise(found: &[u32], truth: &[u32]) -> (f64, f64) {
    let pairs = |n: u64| n * (n - 1) / 2;
    let (mut f, mut t, mut both) = (
        HashMap::<u32, u64>::new(),
        HashMap::<u32, u64>::new(),
        HashMap::<(u32, u32), u64>::new(),
    );
    for (&a, &b) in found.iter().zip(truth) {
        *f.entry(a).or_default() += 1;
        *t.entry(b).or_default() += 1;
        *both.entry((a, b)).or_default() += 1;
    }
    let hits: u64 = both.values().map(|n| pairs(*n)).sum();
    (
        hits as f64 / f.values().map(|n| pairs(*n)).sum::<u64>() as f64,
        hits as f64 / t.values().map(|n| pairs(*n)).sum::<u64>() as f64,
    )
}

#[test]
fn links_on_the_sample_are_precise_and_nearly_complete() {
    let ws = crate::common::samples();
    let settings = read_settings(&ws).unwrap();
    let units = UptRegistry::maluku(&settings.units);
    let lang = settings.office.language;
    let intake = read_inbox(&ws, &settings, &units, Month::new(2026, 1), lang, &Silent).unwrap();
    let truth = crate::common::truth_of_rows(ws.root());
    let key = PseudonymKey::fixed();
    let options = link::Options {
        settings: &settings.linkage,
        decisions: &Decisions::default(),
        registry: &Registry::default(),
        key: &key,
        seed: 1,
    };
    let links = link::link(&intake.records, &options);
    let mut of_row = Vec::new();
    for (at, _) in intake.records.identities() {
        let file = &intake.files[at.file.0 as usize];
        let sheet = &file.sheets[at.sheet as usize];
        let person = truth.get(&(file.path.clone(), sheet.clone(), at.row + 1));
        of_row
            .push(*person.unwrap_or_else(|| {
                panic!("no truth for {} {sheet} row {}", file.path, at.row + 1)
            }));
    }
    let (precision, recall) = pairwise(&links.person_of, &of_row);
    println!(
        "precision {precision:.5} recall {recall:.5} persons {} review {} lambda {:.4}",
        links.strength.len(),
        links.review.len(),
        links.report.lambda
    );
    for (name, levels) in &links.report.parameters {
        println!(
            "{name}: {}",
            levels
                .iter()
                .map(|(m, u)| format!("m {m:.4} u {u:.5} w {:.1}", (m / u).log2()))
                .collect::<Vec<_>>()
                .join(" | ")
        );
    }
    assert!(precision >= 0.998, "precision {precision}");
    assert!(recall >= 0.98, "recall {recall}");
}
