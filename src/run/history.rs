//! What readers hold of the months before: from `state/published`, and where that lacks a month that was handed out,
//! worked out again from the month in `out/`. Protection is never weakened in silence because a record was lost.

use super::commit::{self, Standing};
use super::manifest::{self, Manifest};
use super::published::{self, Issue};
use super::read::Inbox;
use super::{Analysis, Progress, RunError, state};
use crate::domain::Month;
use crate::domain::figure::{Figure, FigureKey, Request};
use crate::domain::upt::UptRegistry;
use crate::locale::{self, Lang};
use crate::measure;
use crate::protect::Audience;
use crate::workspace::{Level, Settings, StateError, Workspace, read_state};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How far back issues are set against a new one: a rolling year and the month that left it.
const LOOK_BACK: i32 = 13;

/// What the readers of a month hold already.
#[derive(Debug, Default)]
pub struct Earlier {
    /// Every version of a month that was ever handed out, with its true numbers: of the months before, of the month itself
    /// and of later ones, the oldest first. A hidden number of a lost month is not known.
    pub issues: Vec<(Month, Issue)>,
    /// Months whose record was worked out again from what was handed out.
    pub rebuilt: Vec<Month>,
    /// Months of which the record is lost, and it was accepted.
    pub lost: Vec<Month>,
}

impl Earlier {
    /// What manifest and cover say of lost months; `None` when none is.
    pub fn sentence(&self, lang: Lang) -> Option<String> {
        let names: Vec<String> = (self.lost.iter())
            .map(|m| locale::month_long(lang, *m))
            .collect();
        let list = names.join(", ");
        (!names.is_empty())
            .then(|| locale::format(lang, "run.gate_history_lost", &[("months", &list)]))
    }
}

/// Months whose lost record was accepted: `state/lost-history.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    months: BTreeSet<Month>,
}

fn accepted_file(state: &Path) -> PathBuf {
    state.join("lost-history.json")
}

fn accepted(ws: &Workspace) -> Result<Accepted, StateError> {
    let path = accepted_file(&ws.state());
    let Some(text) = read_state(&path)? else {
        return Ok(Accepted::default());
    };
    serde_json::from_slice(&text).map_err(StateError::unknown(&path))
}

/// How the record of a month is.
#[derive(Debug)]
pub enum Health {
    /// Nothing was handed out for it.
    Never,
    /// It is whole.
    Whole(Issue),
    /// It was handed out, and its record is not there or cannot be read.
    Lost(Option<StateError>),
}

/// How the record of what was handed out for a month is. Months in `out` count, whoever remembers them.
///
/// # Errors
/// The system could not read a file: that is no loss, and goes by itself.
pub fn health(ws: &Workspace, out: &Path, month: Month) -> Result<Health, StateError> {
    let mut fault = None;
    let mut note = |e: StateError| match e {
        StateError::Io { .. } => Err(e),
        StateError::Newer { .. } | StateError::Damaged { .. } | StateError::Unknown { .. } => {
            fault.get_or_insert(e);
            Ok(())
        }
    };
    let weighed = match published::weighed(ws, month) {
        Ok(figures) => figures,
        Err(e) => {
            note(e)?;
            None
        }
    };
    let mut received = false;
    for audience in Audience::ALL {
        match published::recall(ws, audience, month) {
            Ok(figures) => received |= figures.is_some(),
            Err(e) => {
                note(e)?;
                received = true;
            }
        }
    }
    if let Err(e) = published::versions(ws, month) {
        note(e)?;
    }
    let mut missing = false;
    let remembered = match commit::standing(ws, month) {
        Ok(standing) => {
            let files = standing.iter().flat_map(|s| s.files.keys());
            let mut published = files.filter(|f| f.starts_with("published/"));
            missing = published.any(|f| !ws.state().join(f).exists());
            standing.is_some()
        }
        Err(e) => {
            note(e)?;
            true
        }
    };
    Ok(match (weighed, fault) {
        (Some(figures), None) if received && !missing => Health::Whole(figures),
        (_, Some(e)) => Health::Lost(Some(e)),
        (Some(_), None) => Health::Lost(None),
        (None, None) if received || remembered => Health::Lost(None),
        (None, None) if folders(ws, out, month, None).iter().any(|d| is_month(d)) => {
            Health::Lost(None)
        }
        (None, None) => Health::Never,
    })
}

/// Whether a folder holds a month that was handed out.
fn is_month(folder: &Path) -> bool {
    folder.join("manifest.json").exists()
}

/// Where a month may stand: where it was published, in the folder of this run, in that of the workspace, and what each
/// keeps of the version before.
fn folders(ws: &Workspace, out: &Path, month: Month, standing: Option<&Standing>) -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = standing.map(Standing::out).into_iter().collect();
    roots.extend([out.to_owned(), ws.out()]);
    let month = month.to_string();
    let here = roots.iter().map(|r| r.join(&month));
    let before = roots.iter().map(|r| r.join(".previous").join(&month));
    let mut all: Vec<PathBuf> = Vec::new();
    for dir in here.chain(before) {
        if !all.contains(&dir) {
            all.push(dir);
        }
    }
    all
}

/// What is needed to work out a month again.
pub(super) struct Rebuild<'a> {
    pub ws: &'a Workspace,
    /// Folder for the months of this run.
    pub out: &'a Path,
    pub settings: &'a Settings,
    pub units: &'a UptRegistry,
    pub inbox: &'a Inbox,
    pub requests: &'a [Request],
    pub lang: Lang,
    pub progress: &'a dyn Progress,
    /// What cannot be worked out again is taken for lost.
    pub accept_lost: bool,
}

impl Rebuild<'_> {
    /// What readers hold of the months before `month`. What `state/published` lacks of them, or of the month itself, is
    /// put back from the months in `out/`.
    ///
    /// # Errors
    /// A month whose record is lost and cannot be worked out again, unless that is accepted.
    pub fn earlier(&self, month: Month) -> Result<Earlier, RunError> {
        let mut out = Earlier::default();
        let mut known = accepted(self.ws)?;
        for back in (0..=LOOK_BACK).rev() {
            let m = month.plus(-back);
            let accepted = known.months.contains(&m);
            let figures = match health(self.ws, self.out, m)? {
                Health::Never if !accepted => continue,
                Health::Whole(figures) => figures,
                Health::Never | Health::Lost(_) if accepted => {
                    out.lost.push(m);
                    self.held(m)
                }
                Health::Never => continue,
                Health::Lost(fault) => match self.put_back(m, fault) {
                    Ok(figures) => {
                        out.rebuilt.push(m);
                        figures
                    }
                    Err(reason) if self.accept_lost => {
                        tracing::warn!(event = "lost_history", month = %m, reason = %reason);
                        self.clear(m)?;
                        known.months.insert(m);
                        out.lost.push(m);
                        self.held(m)
                    }
                    Err(reason) => {
                        let name = locale::month_long(self.lang, m);
                        let args = [("month", name.as_str()), ("reason", &reason)];
                        let text = locale::format(self.lang, "run.lost.history", &args);
                        return Err(RunError::Lost(text));
                    }
                },
            };
            match published::versions(self.ws, m) {
                Ok(versions) if !versions.is_empty() => {
                    out.issues.extend(versions.into_iter().map(|v| (m, v)));
                }
                // Of a lost month there is what readers hold.
                _ => out.issues.push((m, figures)),
            }
        }
        for (m, _) in published::of_months(&self.ws.state().join("published/weighed"))? {
            if m > month {
                let versions = published::versions(self.ws, m)?;
                out.issues.extend(versions.into_iter().map(|v| (m, v)));
            }
        }
        // What is whole again is lost no more.
        known
            .months
            .retain(|m| out.lost.contains(m) || (month.since(*m) > LOOK_BACK) || *m > month);
        if known != accepted(self.ws)? {
            let text = serde_json::to_vec(&known).map_err(RunError::stage("published"))?;
            state::write_state(&accepted_file(&self.ws.state()), &text)?;
        }
        Ok(out)
    }

    /// What readers hold of a month whose record is lost, as far as it can be read: hidden numbers are not known.
    fn held(&self, month: Month) -> Issue {
        let standing = commit::standing(self.ws, month).ok().flatten();
        let held = folders(self.ws, self.out, month, standing.as_ref());
        let read = held.iter().find_map(|dir| handed_out(dir, month).ok());
        read.map_or_else(Issue::default, |all| self.by_level(all))
    }

    /// What readers of each level hold of what audiences received: what those below them are shown as well.
    fn by_level(&self, all: Vec<(Audience, Vec<Figure>)>) -> Issue {
        let levels = &self.settings.levels;
        let mut shown: BTreeMap<FigureKey, Figure> = BTreeMap::new();
        let mut out = Vec::new();
        for level in Level::ALL {
            let mine = all.iter().filter(|(a, _)| a.level(levels) == *level);
            let figures = mine.flat_map(|(_, figures)| figures);
            let mut held: BTreeMap<FigureKey, Figure> =
                figures.map(|f| (f.key(), f.clone())).collect();
            if held.is_empty() {
                continue;
            }
            for (key, f) in &shown {
                held.entry(key.clone()).or_insert_with(|| f.clone());
            }
            let seen = held.iter().filter(|(_, f)| !f.is_hidden());
            shown.extend(seen.map(|(k, f)| (k.clone(), f.clone())));
            out.push((*level, held.into_values().collect()));
        }
        Issue::from_levels(&out)
    }

    /// Takes away what cannot be read of a month whose loss was accepted, so that doing it again is possible.
    fn clear(&self, month: Month) -> Result<(), RunError> {
        let mut paths = vec![published::weighed_file(&self.ws.state(), month)];
        paths.extend(Audience::ALL.map(|a| published::file(&self.ws.state(), a, month)));
        paths.push(commit::standing_file(&self.ws.state(), month));
        for path in paths {
            if path.exists() && read_state(&path).is_err() {
                let aside = path.with_extension("rusak");
                std::fs::rename(&path, aside).map_err(RunError::io("rename", path))?;
            }
        }
        Ok(())
    }

    /// Works the record of a month out again from what was handed out and the files of the inbox, and puts it back. `Err`
    /// says why that is not possible.
    fn put_back(&self, month: Month, fault: Option<StateError>) -> Result<Issue, String> {
        let reason = |key: &str| locale::text(self.lang, &format!("run.lost.{key}")).to_owned();
        match fault {
            // Whoever undid an upgrade must undo that: the newer version knows more than this one.
            Some(e @ (StateError::Newer { .. } | StateError::Unknown { .. })) => {
                return Err(e.message(self.lang));
            }
            Some(StateError::Damaged { .. } | StateError::Io { .. }) | None => {}
        }
        let standing = commit::standing(self.ws, month).ok().flatten();
        let places = folders(self.ws, self.out, month, standing.as_ref());
        let mut why = reason("nothing");
        let mut last = None;
        for dir in places.iter().filter(|d| is_month(d)) {
            match handed_out(dir, month) {
                Ok(all) => {
                    last = Some((dir, all));
                    break;
                }
                Err(e) => why = e.message(self.lang),
            }
        }
        let Some((dir, all)) = last else {
            return Err(why);
        };
        let hides = |(_, figures): &(Audience, Vec<Figure>)| figures.iter().any(Figure::is_hidden);
        let weighed = if all.iter().any(hides) {
            let now = self.worked_out(month).map_err(|e| e.message(self.lang))?;
            let each = all.iter().map(|(a, figures)| {
                let known = with_true_numbers(figures, &now).ok_or_else(|| reason("changed"))?;
                Ok((*a, known))
            });
            each.collect::<Result<Vec<_>, String>>()?
        } else {
            all.clone()
        };
        let weighed = self.by_level(weighed);
        let write = || -> Result<(), RunError> {
            let text = serde_json::to_vec(&weighed).map_err(RunError::stage("published"))?;
            let state = self.ws.state();
            // The version before it, as far as it is kept: what readers hold of it.
            let earlier = places.iter().filter(|d| *d != dir && is_month(d));
            if let Some(old) = earlier.filter_map(|d| handed_out(d, month).ok()).next()
                && published::versions(self.ws, month).is_ok_and(|v| v.is_empty())
            {
                published::remember_version(self.ws, month, &self.by_level(old))?;
            }
            for (audience, figures) in &all {
                let text = serde_json::to_vec(figures).map_err(RunError::stage("published"))?;
                state::write_state(&published::file(&state, *audience, month), &text)?;
            }
            state::write_state(&published::weighed_file(&state, month), &text)?;
            commit::remember_standing(self.ws, dir, month)
        };
        write().map_err(|e| e.message(self.lang))?;
        Ok(weighed)
    }

    /// The figures of a month as the files of the inbox give them now, before protection.
    fn worked_out(&self, month: Month) -> Result<BTreeMap<FigureKey, Figure>, RunError> {
        let (settings, units) = (self.settings, self.units);
        let intake = (self.inbox).read(settings, units, Some(month), self.lang, self.progress)?;
        let requests = self.requests.to_vec();
        let mut analysis = Analysis::of(self.ws, settings, units, intake, requests, self.progress)?;
        let figures = analysis.figures(settings, units, false)?;
        let figures = measure::merged(figures, &settings.disclosure.merge);
        Ok(figures.into_iter().map(|f| (f.key(), f)).collect())
    }
}

/// What was shown as it was, and the true numbers of what was hidden. `None` where the figures of now are not those that
/// were handed out: then the hidden ones are not known any more.
fn with_true_numbers(shown: &[Figure], now: &BTreeMap<FigureKey, Figure>) -> Option<Vec<Figure>> {
    let same = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
        (a, b) => a == b,
    };
    let mut out = Vec::with_capacity(shown.len());
    for f in shown {
        let now = now.get(&f.key());
        if f.is_hidden() {
            let now = now?;
            out.push(Figure {
                status: f.status,
                ..now.clone()
            });
        } else {
            let differs =
                |n: &Figure| !same(f.numerator, n.numerator) || !same(f.denominator, n.denominator);
            if now.is_some_and(differs) {
                return None;
            }
            out.push(f.clone());
        }
    }
    Some(out)
}

/// What the audiences received in a month's folder, as its `data/*.csv` say; each file must be the one its manifest
/// lists.
pub fn handed_out(folder: &Path, month: Month) -> Result<Vec<(Audience, Vec<Figure>)>, RunError> {
    let path = folder.join("manifest.json");
    let m = Manifest::read(&path)?;
    let changed = |path: &Path| {
        RunError::State(StateError::Damaged {
            path: path.to_owned(),
        })
    };
    if m.month != month {
        return Err(changed(&path));
    }
    let mut out = Vec::new();
    for audience in Audience::ALL {
        let name = format!("data/{}.csv", audience.id());
        let Some(listed) = m.outputs.iter().find(|o| o.path == name) else {
            continue;
        };
        let path = folder.join(&name);
        let bytes = std::fs::read(&path).map_err(RunError::io("read", &path))?;
        if manifest::sha256_hex(&bytes) != listed.sha256 {
            return Err(changed(&path));
        }
        let figures = crate::report::read_csv(&bytes).map_err(StateError::unknown(&path))?;
        out.push((audience, figures));
    }
    if out.is_empty() {
        return Err(changed(&path));
    }
    Ok(out)
}
