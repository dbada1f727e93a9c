//! What a month said before it was done again: an append-only record in `state/revisions`, shown by the reports.
//!
//! A run whose figures are those that stand adds nothing, so doing a month again without a change gives the same
//! bytes. The record bears no time.

use super::compare::{self, InputDifference};
use super::manifest::{Manifest, sha256_hex};
use super::{RunError, commit, published};
use crate::domain::figure::{Figure, FigureKey};
use crate::domain::revision::{Cause, FigureChange, Revision};
use crate::domain::{Month, Text};
use crate::protect::Audience;
use crate::workspace::{StateError, Workspace, read_state};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn file(state: &Path, audience: Audience, month: Month) -> PathBuf {
    state.join(format!("revisions/{}/{month}.json", audience.id()))
}

/// The revisions of a month for an audience, oldest first.
pub fn read(state: &Path, audience: Audience, month: Month) -> Result<Vec<Revision>, StateError> {
    let path = file(state, audience, month);
    let Some(text) = read_state(&path)? else {
        return Ok(Vec::new());
    };
    serde_json::from_slice(&text).map_err(StateError::unknown(&path))
}

/// One hash over a month's record: below `pending` where this run has added to it, else below `state/`.
pub fn sha256(ws: &Workspace, pending: Option<&Path>, month: Month) -> Result<String, StateError> {
    let mut all = Vec::new();
    for audience in Audience::ALL {
        let places = pending.into_iter().map(Path::to_owned).chain([ws.state()]);
        let mut text = Vec::new();
        for place in places {
            if let Some(found) = read_state(&file(&place, audience, month))? {
                text = found;
                break;
            }
        }
        all.extend((text.len() as u64).to_le_bytes());
        all.extend(text);
    }
    Ok(sha256_hex(&all))
}

/// Why a month may say something else than the one that stands.
#[derive(Debug, Default)]
pub struct Why {
    inputs: Vec<InputDifference>,
    basis: Vec<String>,
}

impl Why {
    /// What differs between the month that stands and the one being made; nothing is known where none stands.
    pub fn of(ws: &Workspace, now: &Manifest) -> Result<Why, StateError> {
        let standing = commit::standing(ws, now.month)?.and_then(|s| {
            let path = s.out().join(now.month.to_string()).join("manifest.json");
            Manifest::read(&path).ok()
        });
        Ok(standing.map_or_else(Why::default, |before| Why {
            inputs: compare::inputs(&before, now),
            basis: compare::basis(&before, now),
        }))
    }

    fn causes(&self) -> Vec<Cause> {
        let mut files: BTreeMap<(&str, compare::InputChange), (u64, [u64; 2])> = BTreeMap::new();
        for i in &self.inputs {
            let (n, used) = files.entry((&i.supplier, i.change)).or_default();
            *n += 1;
            (0..2).for_each(|k| used[k] += i.used[k]);
        }
        let of_files = files
            .into_iter()
            .map(|((supplier, change), (files, used))| Cause::Files {
                supplier: supplier.into(),
                change,
                files,
                used,
            });
        of_files
            .chain(self.basis.iter().cloned().map(Cause::Basis))
            .collect()
    }
}

/// The month's revisions with the one that `figures` are, if they differ from what was handed over last; a new one is
/// written below `pending`.
pub fn revise(
    ws: &Workspace,
    pending: &Path,
    audience: Audience,
    month: Month,
    figures: &[Figure],
    why: &Why,
) -> Result<Vec<Revision>, RunError> {
    let mut all = read(&ws.state(), audience, month)?;
    let Some(before) = published::recall(ws, audience, month)? else {
        return Ok(all);
    };
    let changes = changes(&before, figures, &why.inputs);
    if !changes.is_empty() {
        all.push(Revision {
            causes: why.causes(),
            changes,
        });
        let text = serde_json::to_vec(&all).map_err(RunError::stage("revisions"))?;
        super::state::write_pending(&file(pending, audience, month), &text)?;
    }
    Ok(all)
}

fn changes(before: &[Figure], after: &[Figure], inputs: &[InputDifference]) -> Vec<FigureChange> {
    let by_key = |all: &'_ [Figure]| -> BTreeMap<FigureKey, usize> {
        let keys = all.iter().enumerate();
        keys.map(|(i, f)| (f.key(), i)).collect()
    };
    let (a, b) = (by_key(before), by_key(after));
    let keys: BTreeSet<&FigureKey> = a.keys().chain(b.keys()).collect();
    keys.into_iter()
        .filter_map(|key| {
            let x = a.get(key).map(|i| &before[*i]);
            let y = b.get(key).map(|i| &after[*i]);
            let shown = |f: Option<&Figure>| {
                f.filter(|f| !f.is_hidden())
                    .and_then(|f| f.estimate.or(f.numerator))
            };
            let status = |f: Option<&Figure>| f.map(|f| f.status);
            let same = same(shown(x), shown(y)) && status(x) == status(y);
            (!same).then(|| FigureChange {
                unit: y.or(x).map_or(crate::domain::Unit::Events, |f| f.unit),
                before: shown(x),
                after: shown(y),
                status_before: status(x),
                status_after: status(y),
                suppliers: suppliers(key, inputs),
                key: key.clone(),
            })
        })
        .collect()
}

/// Equal but for what writing a number down and reading it again may do to its last digit.
fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs().max(1.0),
        (None, None) => true,
        _ => false,
    }
}

fn suppliers(key: &FigureKey, inputs: &[InputDifference]) -> Vec<Text> {
    let about = [key.3.1.as_str(), key.4.1.as_str()];
    let causes = compare::suppliers(&about, inputs);
    causes.into_iter().map(Text::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::figure::{Population, Status, Unit};
    use compare::InputChange;

    fn figure(unit: &str, n: f64, status: Status) -> Figure {
        let hidden = matches!(status, Status::Suppressed).then_some(());
        let n = hidden.is_none().then_some(n);
        Figure {
            month: Month::new(2025, 5).unwrap(),
            measure: "stock".into(),
            definition: "v1".into(),
            population: Population::Maluku,
            dim1: ("upt".into(), unit.into()),
            dim2: Default::default(),
            window_months: None,
            numerator: n,
            denominator: None,
            estimate: n,
            ci_low: None,
            ci_high: None,
            unit: Unit::Persons,
            status,
        }
    }

    fn why() -> Why {
        let input = |supplier: &str, change| InputDifference {
            path: format!("{supplier}/a.csv"),
            supplier: supplier.into(),
            change,
            used: [20, 27],
        };
        Why {
            inputs: vec![
                input("lapas-namlea", InputChange::Changed),
                input("bapas-ambon", InputChange::New),
            ],
            basis: vec!["settings".into()],
        }
    }

    #[test]
    fn a_month_done_again_is_a_revision_only_when_it_says_something_else() {
        let dir = tempfile::tempdir().unwrap();
        let ws = Workspace::at(dir.path());
        let month = Month::new(2025, 5).unwrap();
        let pending = dir.path().join("pending");
        let first = vec![
            figure("lapas-namlea", 20.0, Status::Ok),
            figure("lapas-piru", 31.0, Status::Ok),
        ];
        let a = Audience::ALL[0];
        let revise = |figures: &[Figure]| revise(&ws, &pending, a, month, figures, &why()).unwrap();
        // Nothing was handed over before: nothing is revised.
        assert!(revise(&first).is_empty());
        published::remember(&ws.state(), month, &[(a, first.clone())]).unwrap();
        assert!(revise(&first).is_empty());
        assert_eq!(
            sha256(&ws, Some(&pending), month).unwrap(),
            sha256(&ws, None, month).unwrap()
        );

        let second = vec![
            figure("lapas-namlea", 27.0, Status::Ok),
            figure("lapas-piru", 31.0, Status::Ok),
        ];
        let all = revise(&second);
        assert_eq!(all.len(), 1);
        let [c] = all[0].changes.as_slice() else {
            panic!("{all:?}")
        };
        assert_eq!(
            (c.before, c.after, c.key.3.1.as_str()),
            (Some(20.0), Some(27.0), "lapas-namlea")
        );
        assert_eq!(c.suppliers, ["lapas-namlea"]);
        assert_eq!(all[0].causes.len(), 3);
        assert_ne!(
            sha256(&ws, Some(&pending), month).unwrap(),
            sha256(&ws, None, month).unwrap()
        );

        // Once it stands, doing it again adds nothing.
        std::fs::create_dir_all(ws.state().join("revisions/").join(a.id())).unwrap();
        std::fs::rename(file(&pending, a, month), file(&ws.state(), a, month)).unwrap();
        published::remember(&ws.state(), month, &[(a, second.clone())]).unwrap();
        assert_eq!(revise(&second), all);
    }

    #[test]
    fn a_figure_that_is_hidden_now_shows_no_number_and_what_is_gone_has_no_status() {
        let before = vec![
            figure("lapas-namlea", 20.0, Status::Ok),
            figure("lapas-piru", 9.0, Status::Ok),
        ];
        let after = vec![figure("lapas-namlea", 3.0, Status::Suppressed)];
        let all = changes(&before, &after, &[]);
        assert_eq!(all.len(), 2);
        assert_eq!(
            (all[0].after, all[0].status_after),
            (None, Some(Status::Suppressed))
        );
        assert_eq!((all[1].after, all[1].status_after), (None, None));
        assert!(all[0].suppliers.is_empty());
    }
}
