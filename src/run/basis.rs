//! What a month rests on besides its files: settings, help for recognition, decisions, templates, what was
//! published for earlier months, and what this month said before. Two runs with the same basis and the same files hand over the same bytes.

use super::read::{Inbox, folder_text};
use super::{RunError, manifest, published, revisions};
use crate::domain::Month;
use crate::locale::{self, Lang};
use crate::workspace::{Settings, Workspace};
use manifest::{Basis, Manifest, sha256_hex};
use std::path::{Path, PathBuf};

/// The basis of a month. `template` is the additional one of this run.
pub fn of(
    ws: &Workspace,
    settings: &Settings,
    template: Option<&Path>,
    inbox: &Inbox,
    month: Month,
) -> Result<Basis, RunError> {
    // Where things are kept and whom to tell does not change a figure.
    let figures_only = Settings {
        files: Default::default(),
        ..settings.clone()
    };
    let settings_text = toml::to_string(&figures_only).map_err(RunError::stage("settings"))?;
    let texts =
        |dir: PathBuf, extension| folder_text(&dir, extension).map_err(RunError::io("read", dir));
    let mut templates = texts(ws.templates(), "toml")?.into_bytes();
    let logo = (!settings.office.logo.is_empty()).then(|| ws.root().join(&settings.office.logo));
    for file in template.map(Path::to_owned).into_iter().chain(logo) {
        templates.extend(std::fs::read(&file).map_err(RunError::io("read", &file))?);
    }
    Ok([
        ("settings", sha256_hex(settings_text.as_bytes())),
        ("sources", inbox.help_sha256.clone()),
        (
            "decisions",
            sha256_hex(texts(ws.decisions(), "csv")?.as_bytes()),
        ),
        ("templates", sha256_hex(&templates)),
        ("earlier", published::earlier_sha256(ws, month)?),
        ("revisions", revisions::sha256(ws, None, month)?),
    ]
    .into_iter()
    .map(|(k, v)| (k.to_owned(), v))
    .collect())
}

/// The manifest of the month that stands, when a run would hand over the very same bytes: same program, basis,
/// language and files, and every output as it was written.
pub fn unchanged(
    ws: &Workspace,
    out: &Path,
    month: Month,
    lang: Lang,
    basis: &Basis,
    inbox: &Inbox,
) -> Option<Manifest> {
    let folder = out.join(month.to_string());
    let text = std::fs::read(folder.join("manifest.json")).ok()?;
    // What cannot be read of it is found when the month is done again.
    let standing = super::commit::standing(ws, month).ok()??;
    // What the workspace remembers must be what stands here: the month may have been done elsewhere since.
    if standing.manifest_sha256 != sha256_hex(&text) || standing.out() != out.canonicalize().ok()? {
        return None;
    }
    let remembered = super::history::health(ws, out, month).ok()?;
    if !matches!(remembered, super::history::Health::Whole(_)) {
        return None;
    }
    let (manifest, differences) = manifest::verify(&folder).ok()?;
    let same = differences.is_empty()
        && manifest.build == sha256_hex(manifest::build_id().as_bytes())
        && manifest.language == lang.tag()
        && manifest.basis == *basis
        && inbox.differences(&manifest).is_empty();
    same.then_some(manifest)
}

/// Refuses to reproduce a month from what is not its basis, and names every difference.
pub fn check(
    manifest: &Manifest,
    basis: &Basis,
    inbox: &Inbox,
    lang: Lang,
) -> Result<(), RunError> {
    let inputs = inbox.differences(manifest);
    let mut lines: Vec<String> = Vec::new();
    let program = Manifest::program_name();
    if manifest.program != program || manifest.definitions != manifest::DEFINITION_VERSION {
        let before = format!("{}, {}", manifest.program, manifest.definitions);
        let now = format!("{program}, {}", manifest::DEFINITION_VERSION);
        let args = [("before", before.as_str()), ("now", now.as_str())];
        lines.push(locale::format(lang, "run.differs.program", &args));
    }
    for (key, hash) in basis {
        if manifest.basis.get(key) != Some(hash) {
            lines.push(locale::text(lang, &format!("run.differs.{key}")).to_owned());
        }
    }
    let basis_differs = !lines.is_empty();
    for (path, how) in &inputs {
        let key = format!("run.differs.input_{how}");
        lines.push(locale::format(lang, &key, &[("path", path)]));
    }
    let text = || {
        let list = lines.join("\n  ");
        locale::format(lang, "run.differs.head", &[("list", &list)])
    };
    if !inputs.is_empty() {
        Err(RunError::Input(text()))
    } else if basis_differs {
        Err(RunError::Usage(text()))
    } else {
        Ok(())
    }
}
