//! What each audience received, by month: kept in `state/`, so that a later month can be protected against
//! subtraction and shown beside the earlier one.

use super::RunError;
use crate::domain::Month;
use crate::domain::figure::{Figure, FigureKey};
use crate::protect::{Audience, Protected, Reason};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

fn file(state: &Path, audience: Audience, month: Month) -> PathBuf {
    state
        .join("published")
        .join(audience.id())
        .join(format!("{month}.json"))
}

/// Records below `state` (the folder itself, or what will become it) what is handed over for a month.
pub fn remember(
    state: &Path,
    month: Month,
    all: &[(Audience, Vec<Figure>)],
) -> Result<(), RunError> {
    for (audience, figures) in all {
        let text = serde_json::to_vec(figures).map_err(RunError::stage("published"))?;
        super::state::write_pending(&file(state, *audience, month), &text)?;
    }
    Ok(())
}

fn weighed_file(state: &Path, month: Month) -> PathBuf {
    state
        .join("published/weighed")
        .join(format!("{month}.json"))
}

/// Records below `state` what a month's protection weighed: the figures of all audiences with their true numbers and
/// the status they were published under. Later months are protected together with it.
pub fn remember_weighed(state: &Path, month: Month, figures: &[Figure]) -> Result<(), RunError> {
    let text = serde_json::to_vec(figures).map_err(RunError::stage("published"))?;
    super::state::write_pending(&weighed_file(state, month), &text)
}

fn audit_file(state: &Path, month: Month) -> PathBuf {
    state.join(format!("audit/{month}.json"))
}

/// Records below `state` what protecting a month did and what could be derived of it: for the data officer alone.
pub fn remember_audit(state: &Path, month: Month, safe: &Protected) -> Result<(), RunError> {
    let hidden: Vec<(FigureKey, Reason)> = (safe.figures.iter().zip(&safe.reasons))
        .filter_map(|(f, r)| Some((f.key(), (*r)?)))
        .collect();
    let audit = serde_json::json!({
        "open_before": safe.open_before, "cells": safe.derived, "hidden": hidden,
    });
    let audit = serde_json::to_vec(&audit).map_err(RunError::stage("protect"))?;
    super::state::write_pending(&audit_file(state, month), &audit)
}

/// Why the reports of a month do not show a figure; `None` when they do, or there is no record of it.
pub fn why_hidden(state: &Path, month: Month, key: &FigureKey) -> Option<Reason> {
    #[derive(serde::Deserialize)]
    struct Audit {
        #[serde(default)]
        hidden: Vec<(FigureKey, Reason)>,
    }
    let text = std::fs::read(audit_file(state, month)).ok()?;
    let audit: Audit = serde_json::from_slice(&text).ok()?;
    let found = audit.hidden.into_iter().find(|(k, _)| k == key);
    found.map(|(_, reason)| reason)
}

/// How far back issues are set against a new one: a rolling year and the month that left it.
const LOOK_BACK: i32 = 13;

/// What the readers of a month hold from the months before it.
pub fn earlier(ws: &Workspace, month: Month) -> Vec<Figure> {
    (1..=LOOK_BACK)
        .rev()
        .flat_map(|back| {
            let m = month.plus(-back);
            std::fs::read(weighed_file(&ws.state(), m))
                .ok()
                .and_then(|text| serde_json::from_slice::<Vec<Figure>>(&text).ok())
                .unwrap_or_else(|| {
                    let got = |a: Audience| recall(ws, a, m);
                    Audience::ALL.into_iter().flat_map(got).collect()
                })
        })
        .collect()
}

/// What an audience received for a month; empty when nothing was (or the record is broken).
pub fn recall(ws: &Workspace, audience: Audience, month: Month) -> Vec<Figure> {
    std::fs::read(file(&ws.state(), audience, month))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default()
}

/// What an audience received for all months before one, oldest first.
pub fn before(ws: &Workspace, audience: Audience, month: Month) -> Vec<Figure> {
    let dir = ws.state().join("published").join(audience.id());
    let names = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut months: Vec<Month> = names
        .filter_map(|e| e.path().file_stem()?.to_str()?.parse().ok())
        .filter(|m| *m < month)
        .collect();
    months.sort();
    let each = months.into_iter();
    each.flat_map(|m| recall(ws, audience, m)).collect()
}

/// One hash over what was handed over for all months before `month`: what its protection was weighed against.
pub fn earlier_sha256(ws: &Workspace, month: Month) -> String {
    let mut all = String::new();
    let kept = Audience::ALL
        .map(Audience::id)
        .into_iter()
        .chain(["weighed"]);
    for kind in kept {
        let dir = ws.state().join("published").join(kind);
        let mut months: Vec<(Month, PathBuf)> = std::fs::read_dir(dir)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|e| Some((e.path().file_stem()?.to_str()?.parse().ok()?, e.path())))
            .filter(|(m, _)| *m < month)
            .collect();
        months.sort();
        for (m, path) in months {
            let content = std::fs::read(path).unwrap_or_default();
            let hash = super::manifest::sha256_hex(&content);
            all.push_str(&format!("{kind} {m} {hash}\n"));
        }
    }
    super::manifest::sha256_hex(all.as_bytes())
}
