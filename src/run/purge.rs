//! What a workspace remembers goes when its time is over: files of months before the retention of the settings, and
//! pseudonyms of people whom no file of the inbox names any more. The inbox and the decisions are the office's own and
//! stay; so does the record of processing, which names nobody.

use super::{Lock, Progress, RunError, processing, state};
use crate::domain::Month;
use crate::domain::upt::UptRegistry;
use crate::link::{Assigned, Registry};
use crate::locale::{self, Lang};
use crate::workspace::{Settings, Workspace};
use std::path::{Path, PathBuf};

/// Months of which everything must be remembered, or a new issue could be subtracted from an old one unseen.
pub const LEAST_MONTHS: u32 = 14;

/// What is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Everything about months before this one.
    pub before: Month,
    /// Files and folders, by where they lie below the workspace.
    pub paths: Vec<PathBuf>,
    /// Pseudonyms of people not seen any more.
    pub pseudonyms: usize,
}

/// What would go; with `remove` it goes.
pub fn purge(
    ws: &Workspace,
    months: Option<u32>,
    remove: bool,
    lang: Lang,
    progress: &dyn Progress,
) -> Result<Plan, RunError> {
    let settings = super::read_settings(ws)?;
    let months = months.unwrap_or(settings.files.retention_months);
    if months < LEAST_MONTHS {
        let args = [("least", &*LEAST_MONTHS.to_string())];
        return Err(RunError::Usage(locale::format(
            lang,
            "run.purge.too_short",
            &args,
        )));
    }
    state::prepare(&ws.state(), lang)?;
    let _lock = Lock::take(&ws.state(), false, lang)?;
    super::commit::recover(ws, false, lang)?;
    let before = Month::of(chrono::Local::now().date_naive()).plus(-(months as i32));
    let mut paths = Vec::new();
    for dir in [
        ws.state(),
        ws.feedback(),
        ws.out(),
        ws.out().join(".previous"),
    ] {
        of_months(&dir, before, 0, &mut paths)?;
    }
    paths.sort();
    let pseudonyms = forgotten(ws, &settings, before, remove, lang, progress)?;
    if remove {
        for path in &paths {
            let gone = if path.is_dir() {
                std::fs::remove_dir_all(path)
            } else {
                std::fs::remove_file(path)
            };
            gone.map_err(RunError::io("remove", path))?;
        }
        processing::purged(ws, before, paths.len(), pseudonyms)?;
    }
    Ok(Plan {
        before,
        paths,
        pseudonyms,
    })
}

/// Whatever bears the name of a month before `before`: `2016-01`, `2016-01.json`, `linkage-2016-01.csv`.
fn of_months(
    dir: &Path,
    before: Month,
    depth: u32,
    out: &mut Vec<PathBuf>,
) -> Result<(), RunError> {
    let entries = match std::fs::read_dir(dir) {
        Ok(e) => e,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(RunError::io("read", dir)(e)),
    };
    for entry in entries {
        let entry = entry.map_err(RunError::io("read", dir))?;
        let path = entry.path();
        let stem = path
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default();
        let month = stem
            .strip_prefix("linkage-")
            .unwrap_or(stem)
            .parse::<Month>();
        // A link is never followed: what it leads to is not ours.
        let kind = entry.file_type().map_err(RunError::io("read", &path))?;
        match month {
            Ok(m) if m < before => out.push(path),
            Err(_) if kind.is_dir() && depth < 4 && !stem.starts_with('.') => {
                of_months(&path, before, depth + 1, out)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Pseudonyms given before the retention of people that the inbox does not name any more.
fn forgotten(
    ws: &Workspace,
    settings: &Settings,
    before: Month,
    remove: bool,
    lang: Lang,
    progress: &dyn Progress,
) -> Result<usize, RunError> {
    let path = ws.state().join("persons.csv");
    if !path.is_file() {
        return Ok(0);
    }
    let units = UptRegistry::maluku(&settings.units);
    let present = match super::read::read_inbox(ws, settings, &units, None, lang, progress) {
        Ok(intake) => {
            super::linked(ws, settings, &intake, lang, progress)?
                .0
                .assigned
        }
        // Nothing to read: nobody is named any more.
        Err(RunError::Input(_)) => Assigned::default(),
        Err(e) => return Err(e),
    };
    progress.end();
    let Some(mut registry) = Registry::load(&path, before)? else {
        return Ok(0);
    };
    let gone = registry.forget(&present, before);
    if remove && gone > 0 {
        registry.save(&path)?;
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bears_the_name_of_an_old_month_is_found_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        for f in [
            "published/kota/2016-01.json",
            "published/weighed/2026-01.json",
            "cells/2016-01/kota.json",
            "linkage-2015-12.csv",
            "persons.csv",
            "pseudonym.key",
        ] {
            let path = dir.path().join(f);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let mut found = Vec::new();
        of_months(dir.path(), Month::new(2016, 2).unwrap(), 0, &mut found).unwrap();
        let mut found: Vec<String> = found
            .iter()
            .map(|p| p.strip_prefix(dir.path()).unwrap().display().to_string())
            .collect();
        found.sort();
        assert_eq!(
            found,
            [
                "cells/2016-01",
                "linkage-2015-12.csv",
                "published/kota/2016-01.json"
            ]
        );
    }
}
