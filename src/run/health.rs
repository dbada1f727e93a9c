//! How what a workspace remembers is: key, registry, decisions, what was handed out, the record of processing.

use super::history::{self, Health};
use super::{Lock, RunError, analysis, commit, lock, processing, published, staging};
use crate::domain::Month;
use crate::link::{Decisions, PseudonymKey, Registry};
use crate::locale::{self, Lang};
use crate::workspace::{StateError, Workspace};
use std::collections::BTreeSet;
use std::path::Path;

/// Sentences about what is lost, damaged or unknown; empty when all is whole.
///
/// # Errors
/// A folder that cannot be listed.
pub fn problems(ws: &Workspace, out: &Path, lang: Lang) -> Result<Vec<String>, RunError> {
    let mut all: Vec<String> = Vec::new();
    let mut say = |e: RunError| all.push(e.message(lang));
    let key = PseudonymKey::load(&ws.state().join("pseudonym.key"));
    let any_month = Month::of(chrono::NaiveDate::MIN);
    let registry = Registry::load(&ws.state().join("persons.csv"), any_month);
    match (key, registry) {
        (Err(e), _) | (_, Err(e)) => say(e.into()),
        (Ok(_), Ok(_)) => {
            if let Err(e) = analysis::key_is_there(ws, false, lang) {
                say(e);
            }
        }
    }
    if let Err(e) = Decisions::load(&ws.decisions()) {
        say(e.into());
    }
    for month in months(ws, out)? {
        if let Err(e) = month_is_whole(ws, out, month, lang) {
            say(e);
            continue;
        }
        for file in commit::changed_files(ws, month)? {
            let path = ws.state().join(file);
            say(StateError::Damaged { path }.into());
        }
    }
    if processing::is_lost(ws)? {
        all.push(locale::text(lang, "run.health.log_lost").to_owned());
    }
    let broken = processing::broken_lines(ws)?;
    if !broken.is_empty() {
        let lines: Vec<String> = broken.iter().map(usize::to_string).collect();
        let args = [("lines", &*lines.join(", "))];
        all.push(locale::format(lang, "run.health.log_broken", &args));
    }
    Ok(all)
}

/// Months that were done, as far as anything tells of them.
///
/// # Errors
/// A folder that cannot be listed.
pub fn months(ws: &Workspace, out: &Path) -> Result<BTreeSet<Month>, RunError> {
    let mut all: BTreeSet<Month> = commit::months(ws)?.into_iter().collect();
    all.extend(
        published::of_months(&ws.state().join("published/weighed"))?
            .into_iter()
            .map(|m| m.0),
    );
    let standing = published::of_months(out)?.into_iter();
    let standing = standing.filter(|(_, dir)| dir.join("manifest.json").exists());
    all.extend(standing.map(|(month, _)| month));
    Ok(all)
}

/// The last month that was done; `None` when none was or nothing is remembered.
pub fn last_done(ws: &Workspace) -> Option<Month> {
    commit::months(ws).ok()?.last().copied()
}

/// Whether what is remembered of a month is whole.
///
/// # Errors
/// What is lost or damaged of it.
pub fn month_is_whole(
    ws: &Workspace,
    out: &Path,
    month: Month,
    lang: Lang,
) -> Result<(), RunError> {
    match history::health(ws, out, month)? {
        Health::Never | Health::Whole(_) => Ok(()),
        Health::Lost(Some(e)) => Err(e.into()),
        Health::Lost(None) => {
            let args = [("month", &*locale::month_long(lang, month))];
            Err(RunError::Lost(locale::format(
                lang,
                "run.health.month_lost",
                &args,
            )))
        }
    }
}

/// Finishes what a killed run left behind, when there is something and nobody is working on it.
///
/// # Errors
/// It cannot be finished: see [`commit::recover`].
pub fn settle(ws: &Workspace, out: &Path, lang: Lang) -> Result<(), RunError> {
    let state = ws.state();
    if state.join("pending").is_dir() && !lock::held(&state) {
        let _lock = Lock::take(&state, false, lang)?;
        commit::recover(ws, false, lang)?;
    }
    if staging::is_unsettled(out)
        && let Some(_lock) = Lock::of_out_if_free(out)
    {
        staging::settle(out);
    }
    Ok(())
}
