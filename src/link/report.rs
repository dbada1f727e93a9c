//! What happened while linking, for the data officer and the quality sheet. Counts alone, no names.

use super::pairs::RuleReport;
use crate::domain::Text;
use crate::workspace::{StateError, write_private};
use std::path::Path;

/// What happened while linking.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkReport {
    /// Distinct identities compared.
    pub identities: u64,
    /// What each blocking rule found and what it alone would miss.
    pub blocking: Vec<RuleReport>,
    /// Pairs compared.
    pub pairs: u64,
    /// Records linked exactly, by probability, by decision, not at all.
    pub kinds: [u64; 4],
    /// λ: probability that two random compared identities match.
    pub lambda: f64,
    /// m and u per comparison and level.
    pub parameters: Vec<(&'static str, Vec<(f64, f64)>)>,
    /// Pairs above the threshold that were kept apart, by reason.
    pub held: Vec<(&'static str, u64)>,
    /// Pairs of one person that a constraint forbids and no analyst decided on: 0.
    pub violations: u64,
    /// Persons alike enough to be one that were in custody in two units at once.
    pub overlaps: u64,
    /// Decisions that speak of identities of this month.
    pub decisions: u64,
    /// Of them those that an intact NIK now contradicts.
    pub contradicted: u64,
    /// Decisions that find no identity of this month.
    pub decisions_unfound: u64,
    /// Persons of earlier months that became one, and that became several.
    pub changes: (u64, u64),
}

impl LinkReport {
    /// The report as a tidy table, `part,name,level,value`: what blocking found, m and u, what was kept apart.
    pub fn csv(&self) -> String {
        let mut out = String::from("part,name,level,value\n");
        let mut line = |part: &str, name: &str, level: &str, value: String| {
            out.push_str(&format!("{part},{name},{level},{value}\n"));
        };
        for (name, n) in [
            ("identities", self.identities),
            ("pairs", self.pairs),
            ("merged", self.changes.0),
            ("split", self.changes.1),
            ("decisions", self.decisions),
            ("decisions_contradicted", self.contradicted),
            ("decisions_unfound", self.decisions_unfound),
            ("constraint_violations", self.violations),
            ("custody_overlaps", self.overlaps),
        ] {
            line("count", name, "", n.to_string());
        }
        for r in &self.blocking {
            for (level, n) in [
                ("pairs", r.pairs),
                ("links", r.links),
                ("links_missed_alone", r.misses),
                ("links_no_other_finds", r.only),
                ("pairs_passed_over", r.passed_over),
            ] {
                line("blocking", r.name, level, n.to_string());
            }
        }
        for (why, n) in &self.held {
            line("held", why, "", n.to_string());
        }
        line("parameter", "lambda", "", format!("{:.6e}", self.lambda));
        for (name, levels) in &self.parameters {
            for (l, (m, u)) in levels.iter().enumerate() {
                let level = (l + 1).to_string();
                line("m", name, &level, format!("{m:.6}"));
                line("u", name, &level, format!("{u:.6}"));
            }
        }
        out
    }

    /// Writes the report, readable by its owner alone.
    pub fn write(&self, path: &Path) -> Result<(), StateError> {
        write_private(path, self.csv().as_bytes()).map_err(StateError::io(path))
    }

    /// (kind id, records) for the quality sheet.
    pub fn link_kinds(&self) -> Vec<(Text, u64)> {
        ["exact", "probabilistic", "decided", "none"]
            .into_iter()
            .map(Text::from)
            .zip(self.kinds)
            .collect()
    }
}
