//! How good each supplier's input was, month by month: kept in `state/quality`, so that reports show how it moves and a
//! supplier reads whether what was asked for last month is mended. Counts and rules alone, no value of a cell.

use super::read::Intake;
use super::{Analysis, RunError};
use crate::domain::{Month, Severity, Text};
use crate::measure::SourceQuality;
use crate::workspace::{StateError, Workspace, read_state};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A supplier's input in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfSupplier {
    /// Rows that looked like data.
    pub read: u64,
    /// Rows used.
    pub used: u64,
    /// Intact NIK of records.
    pub nik: (u64, u64),
    /// Service rows linked to a known person.
    pub linked: (u64, u64),
    /// How often each rule was broken, remarks left out.
    pub faults: BTreeMap<String, u64>,
}

/// All suppliers of a month, by id.
pub type OfMonth = BTreeMap<String, OfSupplier>;

fn file(state: &Path, month: Month) -> PathBuf {
    state.join(format!("quality/{month}.json"))
}

/// How often each supplier's files break each rule, remarks left out.
fn faults(intake: &Intake) -> BTreeMap<&str, BTreeMap<String, u64>> {
    let mut out: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
    for i in intake
        .issues
        .iter()
        .filter(|i| i.severity != Severity::Note)
    {
        let of = intake.files.get(i.file.0 as usize);
        let rules = out
            .entry(of.map_or("", |f| f.supplier.as_str()))
            .or_default();
        *rules.entry(i.rule.to_owned()).or_default() += 1;
    }
    out
}

/// The month's own.
pub fn of(analysis: &Analysis) -> OfMonth {
    let mut faults = faults(&analysis.intake);
    let sources = analysis.quality.sources.iter();
    let mut of = |q: &SourceQuality| OfSupplier {
        read: q.rows_read,
        used: q.rows_used,
        nik: q.nik_intact,
        linked: q.linked,
        faults: faults.remove(q.supplier.as_str()).unwrap_or_default(),
    };
    let known = sources.filter(|q| !q.supplier.is_empty());
    let mut out = OfMonth::new();
    for q in known {
        out.insert(q.supplier.to_string(), of(q));
    }
    out
}

/// Keeps a month's, below `state` (the folder itself, or what will become it).
pub fn remember(state: &Path, month: Month, all: &OfMonth) -> Result<(), RunError> {
    let text = serde_json::to_vec(all).map_err(RunError::stage("quality"))?;
    super::state::write_pending(&file(state, month), &text)
}

/// What is kept of a month; `None` where nothing is.
pub fn recall(ws: &Workspace, month: Month) -> Result<Option<OfMonth>, StateError> {
    let path = file(&ws.state(), month);
    let Some(text) = read_state(&path)? else {
        return Ok(None);
    };
    serde_json::from_slice(&text)
        .map(Some)
        .map_err(StateError::unknown(&path))
}

/// What is kept of the eleven months before one, oldest first.
pub fn before(
    ws: &Workspace,
    month: Month,
) -> Result<Vec<(Month, Vec<SourceQuality>)>, StateError> {
    let mut out = Vec::new();
    for back in (1..12).rev() {
        let m = month.plus(-back);
        let Some(all) = recall(ws, m)? else { continue };
        let sources = all.into_iter().map(|(id, s)| SourceQuality {
            supplier: Text::from(id),
            rows_read: s.read,
            rows_used: s.used,
            nik_intact: s.nik,
            linked: s.linked,
            ..SourceQuality::default()
        });
        out.push((m, sources.collect()));
    }
    Ok(out)
}
