//! What each audience received, by month and version: kept in `state/`, so that a later month can be protected against
//! subtraction and shown beside the earlier one.
//!
//! `published/<audience>/<month>.json` is what an audience received last; `published/weighed/<month>.json` what the readers of
//! every level hold of a month ([`Issue`]); `published/versions/<month>/<n>.json` the same of the versions before it,
//! oldest first. A record that is there and cannot be read is an error.

use super::RunError;
use crate::domain::Month;
use crate::domain::figure::{Figure, FigureKey};
use crate::protect::{Audience, Protected, Reason};
use crate::workspace::{Level, StateError, Workspace, read_state};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What readers hold of a version of a month: the numbers that were shown to them, the true ones of what was hidden from
/// them, and the status both were handed out under.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// Figures that are the same to several levels stand once.
    pub parts: Vec<Part>,
}

/// Figures as the readers of some levels hold them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Whose readers.
    pub levels: Vec<Level>,
    /// The figures.
    pub figures: Vec<Figure>,
}

impl Issue {
    /// What one level's readers hold.
    pub fn of(&self, level: Level) -> impl Iterator<Item = &Figure> {
        let mine = self.parts.iter().filter(move |p| p.levels.contains(&level));
        mine.flat_map(|p| &p.figures)
    }

    /// An issue of what each level's readers hold, the least entitled first.
    pub fn from_levels(all: &[(Level, Vec<Figure>)]) -> Issue {
        let mut of: Vec<(Vec<Level>, Figure)> = Vec::new();
        let mut at: BTreeMap<FigureKey, Vec<usize>> = BTreeMap::new();
        for (level, figures) in all {
            for f in figures {
                let same = at.entry(f.key()).or_default();
                match same.iter().find(|i| of[**i].1 == *f) {
                    Some(i) if of[*i].0.contains(level) => {}
                    Some(i) => of[*i].0.push(*level),
                    None => {
                        same.push(of.len());
                        of.push((vec![*level], f.clone()));
                    }
                }
            }
        }
        let mut parts: BTreeMap<Vec<Level>, Vec<Figure>> = BTreeMap::new();
        for (levels, f) in of {
            parts.entry(levels).or_default().push(f);
        }
        let parts = parts.into_iter();
        Issue {
            parts: parts
                .map(|(levels, figures)| Part { levels, figures })
                .collect(),
        }
    }

    /// Figures that all readers hold alike.
    pub fn of_all(figures: Vec<Figure>) -> Issue {
        Issue {
            parts: vec![Part {
                levels: Level::ALL.to_vec(),
                figures,
            }],
        }
    }
}

pub(super) fn file(state: &Path, audience: Audience, month: Month) -> PathBuf {
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

/// Where what was weighed for a month stands.
pub(super) fn weighed_file(state: &Path, month: Month) -> PathBuf {
    state
        .join("published/weighed")
        .join(format!("{month}.json"))
}

fn versions_dir(state: &Path, month: Month) -> PathBuf {
    state.join("published/versions").join(month.to_string())
}

/// Records below `state` what readers hold of a month now. Later months are protected together with it. What they held
/// of it before and says something else stays as an earlier version of it.
pub fn remember_weighed(
    ws: &Workspace,
    state: &Path,
    month: Month,
    issue: &Issue,
) -> Result<(), RunError> {
    let text = serde_json::to_vec(issue).map_err(RunError::stage("published"))?;
    if let Some(before) = read_state(&weighed_file(&ws.state(), month))?
        && before != text
    {
        let n = version_files(ws, month)?.len() + 1;
        let path = versions_dir(state, month).join(format!("{n:04}.json"));
        super::state::write_pending(&path, &before)?;
    }
    super::state::write_pending(&weighed_file(state, month), &text)
}

fn audit_file(state: &Path, level: Level, month: Month) -> PathBuf {
    state.join(format!("audit/{level}/{month}.json"))
}

/// Records below `state` what protecting a month for a level did and what its readers could derive: for the data officer
/// alone.
pub fn remember_audit(
    state: &Path,
    level: Level,
    month: Month,
    safe: &Protected,
) -> Result<(), RunError> {
    let hidden: Vec<(FigureKey, Reason)> = (safe.figures.iter().zip(&safe.reasons))
        .filter_map(|(f, r)| Some((f.key(), (*r)?)))
        .collect();
    let as_before: Vec<&FigureKey> = safe.as_before.iter().collect();
    let audit = serde_json::json!({
        "open_before": safe.open_before, "cells": safe.derived, "hidden": hidden, "as_before": as_before,
    });
    let audit = serde_json::to_vec(&audit).map_err(RunError::stage("protect"))?;
    super::state::write_pending(&audit_file(state, level, month), &audit)
}

/// Why the reports of a month do not show a figure to some level, and to which; the most entitled first.
pub fn why_hidden(state: &Path, month: Month, key: &FigureKey) -> Vec<(Level, Reason)> {
    let of = |level: &Level| Some((*level, why_hidden_from(state, *level, month, key)?));
    Level::ALL.iter().rev().filter_map(of).collect()
}

fn why_hidden_from(state: &Path, level: Level, month: Month, key: &FigureKey) -> Option<Reason> {
    #[derive(Deserialize)]
    struct Audit {
        #[serde(default)]
        hidden: Vec<(FigureKey, Reason)>,
    }
    let text = read_state(&audit_file(state, level, month)).ok()??;
    let audit: Audit = serde_json::from_slice(&text).ok()?;
    let found = audit.hidden.into_iter().find(|(k, _)| k == key);
    found.map(|(_, reason)| reason)
}

/// Keeps what readers hold of an earlier version of a month that nothing was remembered of.
pub(super) fn remember_version(
    ws: &Workspace,
    month: Month,
    issue: &Issue,
) -> Result<(), RunError> {
    let text = serde_json::to_vec(issue).map_err(RunError::stage("published"))?;
    let path = versions_dir(&ws.state(), month).join("0001.json");
    super::state::write_state(&path, &text)
}

fn version_files(ws: &Workspace, month: Month) -> Result<Vec<PathBuf>, StateError> {
    let dir = versions_dir(&ws.state(), month);
    let entries = match std::fs::read_dir(&dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(StateError::io(&dir)(e)),
    };
    let paths = entries.map(|e| e.map(|e| e.path()));
    let mut files = paths
        .collect::<std::io::Result<Vec<PathBuf>>>()
        .map_err(StateError::io(&dir))?;
    files.retain(|p| p.extension().is_some_and(|e| e == "json"));
    files.sort();
    Ok(files)
}

/// What readers hold of every version of a month that was ever handed out, oldest first; the last one stands.
pub fn versions(ws: &Workspace, month: Month) -> Result<Vec<Issue>, StateError> {
    let before = version_files(ws, month)?;
    let all = before.into_iter().chain([weighed_file(&ws.state(), month)]);
    all.filter_map(|path| issue(&path).transpose()).collect()
}

/// What readers hold of a month; `None` when nothing is remembered of it.
pub fn weighed(ws: &Workspace, month: Month) -> Result<Option<Issue>, StateError> {
    issue(&weighed_file(&ws.state(), month))
}

fn issue(path: &Path) -> Result<Option<Issue>, StateError> {
    let Some(text) = read_state(path)? else {
        return Ok(None);
    };
    // Records of the versions before this one are one list for all readers.
    if text.first() == Some(&b'[') {
        return Ok(figures(path)?.map(Issue::of_all));
    }
    let read = serde_json::from_slice(&text).map_err(StateError::unknown(path))?;
    Ok(Some(read))
}

/// What an audience received for a month; `None` when nothing was.
pub fn recall(
    ws: &Workspace,
    audience: Audience,
    month: Month,
) -> Result<Option<Vec<Figure>>, StateError> {
    figures(&file(&ws.state(), audience, month))
}

fn figures(path: &Path) -> Result<Option<Vec<Figure>>, StateError> {
    let Some(text) = read_state(path)? else {
        return Ok(None);
    };
    // A value this version does not know is refused: a status taken for another would show what is hidden.
    let read = serde_json::from_slice(&text).map_err(StateError::unknown(path))?;
    Ok(Some(read))
}

/// What an audience received for all months before one, oldest first.
///
/// # Errors
/// A record that is there and cannot be read.
pub fn before(ws: &Workspace, audience: Audience, month: Month) -> Result<Vec<Figure>, StateError> {
    let dir = ws.state().join("published").join(audience.id());
    let names = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut months: Vec<Month> = names
        .filter_map(|e| e.path().file_stem()?.to_str()?.parse().ok())
        .filter(|m| *m < month)
        .collect();
    months.sort();
    let mut all = Vec::new();
    for month in months {
        all.extend(recall(ws, audience, month)?.unwrap_or_default());
    }
    Ok(all)
}

/// One hash over what was handed over for all months before `month`: what its protection was weighed against.
///
/// # Errors
/// A record that is there and cannot be read.
pub fn earlier_sha256(ws: &Workspace, month: Month) -> Result<String, StateError> {
    let mut all = String::new();
    let kept = Audience::ALL
        .map(Audience::id)
        .into_iter()
        .chain(["weighed", "versions"]);
    for kind in kept {
        let dir = ws.state().join("published").join(kind);
        for (m, path) in of_months(&dir)? {
            if m >= month {
                continue;
            }
            let files = if kind == "versions" {
                version_files(ws, m)?
            } else {
                vec![path]
            };
            for path in files {
                let content = std::fs::read(&path).map_err(StateError::io(&path))?;
                let hash = super::manifest::sha256_hex(&content);
                all.push_str(&format!("{kind} {m} {hash}\n"));
            }
        }
    }
    // What the numbers of the month before counted decides how their change is told.
    // And how good the input of the year before was is shown beside the month's.
    for (kind, months) in [("change", 1), ("quality", 11)] {
        for (m, path) in of_months(&ws.state().join(kind))? {
            if m < month && m >= month.plus(-months) {
                let content = std::fs::read(&path).map_err(StateError::io(&path))?;
                all.push_str(&super::manifest::sha256_hex(&content));
            }
        }
    }
    Ok(super::manifest::sha256_hex(all.as_bytes()))
}

/// What a folder of `state/` holds by month, in order; a folder that is not there holds nothing.
pub(super) fn of_months(dir: &Path) -> Result<Vec<(Month, PathBuf)>, StateError> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(StateError::io(dir)(e)),
    };
    let mut out = Vec::new();
    for entry in entries {
        let path = entry.map_err(StateError::io(dir))?.path();
        let stem = path.file_stem().unwrap_or_default();
        if let Some(month) = stem.to_str().and_then(|s| s.parse().ok()) {
            out.push((month, path));
        }
    }
    out.sort();
    Ok(out)
}
