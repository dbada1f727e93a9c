//! Parameters saved and read back: new lists, two rows, or new against old are weighed with what was learnt before.

use super::level::{DIFFERENT, NO_EVIDENCE};
use super::{Estimates, Model};
use crate::locale::{self, Lang};
use serde::Deserialize;
use std::path::Path;

/// Raised when the form of the file changes.
pub(super) const VERSION: u32 = 1;

/// Parameters that cannot be used: the file, and a locale key below `link.parameters` with its arguments.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
pub struct ParametersError {
    file: String,
    what: (&'static str, Vec<(&'static str, String)>),
}

impl ParametersError {
    /// The message in a language.
    pub fn message(&self, lang: Lang) -> String {
        let (key, args) = &self.what;
        let mut args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        args.push(("file", &self.file));
        locale::format(lang, &format!("link.parameters.{key}"), &args)
    }
}

#[derive(Deserialize)]
struct Saved {
    #[serde(default)]
    version: u32,
    lambda: Option<f64>,
    comparisons: Vec<SavedComparison>,
}

#[derive(Deserialize)]
struct SavedComparison {
    name: String,
    levels: Vec<SavedLevel>,
}

#[derive(Deserialize)]
struct SavedLevel {
    label: String,
    m: f64,
    u: f64,
}

/// Reads `parameters.json` of an earlier linking; its comparisons and levels must be those of the model.
///
/// # Errors
/// A file that cannot be read, that nothing was learnt for, or of another model.
pub fn read(path: &Path, model: &Model) -> Result<Estimates, ParametersError> {
    let fail = |key: &'static str, args: Vec<(&'static str, String)>| ParametersError {
        file: path.display().to_string(),
        what: (key, args),
    };
    let text = std::fs::read_to_string(path)
        .map_err(|e| fail("unreadable", vec![("reason", e.to_string())]))?;
    let saved: Saved = serde_json::from_str(&text)
        .map_err(|e| fail("unreadable", vec![("reason", e.to_string())]))?;
    if saved.version != VERSION {
        return Err(fail(
            "version",
            vec![("version", saved.version.to_string())],
        ));
    }
    let share = |p: f64| p > 0.0 && p < 1.0;
    let lambda = saved.lambda.filter(|l| share(*l));
    let lambda = lambda.ok_or_else(|| fail("nothing", Vec::new()))?;
    let names = |all: &mut dyn Iterator<Item = &str>| all.collect::<Vec<_>>().join(", ");
    let here = names(&mut model.comparisons.iter().map(|c| c.name.as_str()));
    let there = names(&mut saved.comparisons.iter().map(|c| c.name.as_str()));
    if here != there {
        return Err(fail("comparisons", vec![("there", there), ("here", here)]));
    }
    let (mut m, mut u) = (Vec::new(), Vec::new());
    for (c, (compared, of)) in model.comparisons.iter().zip(&saved.comparisons).enumerate() {
        let levels = usize::from(DIFFERENT)..compared.levels.len() + 1 + usize::from(DIFFERENT);
        let labels: Vec<&str> = levels
            .map(|l| super::write::label(model, c, l as u8))
            .collect();
        let same = labels.iter().eq(of
            .levels
            .iter()
            .map(|l| &l.label)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .iter());
        let sane = of.levels.iter().all(|l| share(l.m) && share(l.u));
        if !same || !sane {
            return Err(fail("levels", vec![("name", compared.name.clone())]));
        }
        let column = |value: fn(&SavedLevel) -> f64| {
            let none = vec![0.0; usize::from(NO_EVIDENCE) + 1];
            none.into_iter()
                .chain(of.levels.iter().map(value))
                .collect::<Vec<f64>>()
        };
        m.push(column(|l| l.m));
        u.push(column(|l| l.u));
    }
    Ok(Estimates::of(lambda, m, u))
}
