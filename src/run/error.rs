//! What can stop a run, and the exit status each has.

use crate::link::DecisionError;
use crate::locale::{self, Lang};
use crate::report::TemplateError;
use crate::workspace::{SettingsError, StateError};
use std::path::{Path, PathBuf};

/// A run that produced no outputs.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Settings, a template or an argument is wrong (exit 2). The text is ready to read.
    #[error("{0}")]
    Usage(String),
    /// The settings are wrong (exit 2).
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A report template is wrong (exit 2).
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// An input that the settings call required is missing or unreadable, or there is no input (exit 4).
    #[error("{0}")]
    Input(String),
    /// Another run holds the workspace (exit 5).
    #[error("{0}")]
    Locked(String),
    /// Disclosure control could not make the tables safe: nothing is published (exit 1).
    #[error("{0}")]
    Unsafe(String),
    /// A file or folder of the workspace could not be read or written (exit 1).
    #[error("{what} {path}: {source}")]
    Io {
        /// What was tried: a key of `run.io.*`.
        what: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What the workspace remembers cannot be used: a state file is damaged, unknown, or of a newer version (exit 4);
    /// the system could not read or write one (exit 1).
    #[error(transparent)]
    State(#[from] StateError),
    /// What the workspace remembers is not there although months were done with it (exit 4). The text is ready to read.
    #[error("{0}")]
    Lost(String),
    /// A file of `decisions/` has a mistake (exit 2).
    #[error(transparent)]
    Decisions(#[from] DecisionError),
    /// The month stands in its place, and something after that failed (exit 1).
    #[error("{folder}: {cause}")]
    AfterPublishing {
        /// Where the month stands.
        folder: PathBuf,
        /// What failed.
        cause: Box<RunError>,
    },
    /// A stage failed for a reason of its own (exit 1).
    #[error("{stage}: {reason}")]
    Stage {
        /// The stage.
        stage: &'static str,
        /// Its reason, free of personal data.
        reason: String,
    },
    /// The user stopped it (exit 130).
    #[error("stopped")]
    Interrupted,
}

impl RunError {
    /// What happened, where, and what to do next, in a reader's language.
    pub fn message(&self, lang: Lang) -> String {
        let (what, path, source) = match self {
            RunError::Io { what, path, source } => (*what, path, source),
            RunError::State(StateError::Io { path, source }) => ("state", path, source),
            RunError::State(e) => return e.message(lang),
            RunError::Settings(e) => return e.message(lang),
            RunError::Decisions(e) => return e.message(lang),
            RunError::Template(e) => return e.message(lang),
            RunError::AfterPublishing { folder, cause } => return stands(folder, cause, lang),
            RunError::Usage(_)
            | RunError::Input(_)
            | RunError::Locked(_)
            | RunError::Unsafe(_)
            | RunError::Lost(_)
            | RunError::Stage { .. }
            | RunError::Interrupted => return self.to_string(),
        };
        failed(lang, what, path, source, true)
    }
    /// The exit status.
    pub fn exit_status(&self) -> u8 {
        match self {
            RunError::Usage(_)
            | RunError::Settings(_)
            | RunError::Decisions(_)
            | RunError::Template(_) => 2,
            RunError::State(StateError::Io { .. }) => 1,
            RunError::Input(_) | RunError::State(_) | RunError::Lost(_) => 4,
            RunError::Locked(_) => 5,
            RunError::Interrupted => 130,
            RunError::Unsafe(_)
            | RunError::Io { .. }
            | RunError::Stage { .. }
            | RunError::AfterPublishing { .. } => 1,
        }
    }
    /// Adds what was tried and where to a system error.
    pub fn io(
        what: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> RunError {
        let path = path.into();
        move |source| RunError::Io { what, path, source }
    }
    /// Names the stage that failed.
    pub fn stage<E: std::fmt::Display>(stage: &'static str) -> impl FnOnce(E) -> RunError {
        move |e| RunError::Stage {
            stage,
            reason: e.to_string(),
        }
    }
}

/// A month that stands, and what failed after that.
fn stands(folder: &Path, cause: &RunError, lang: Lang) -> String {
    let reason = match cause {
        RunError::Io { what, path, source } => failed(lang, what, path, source, false),
        other => other.message(lang),
    };
    let folder = folder.display().to_string();
    let args = [("folder", folder.as_str()), ("reason", &reason)];
    locale::format(lang, "run.after_publishing", &args)
}

/// What the system refused; and, when nothing was published, that what stands is as it was.
fn failed(lang: Lang, what: &str, path: &Path, source: &std::io::Error, before: bool) -> String {
    use std::io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let next = match source.kind() {
        StorageFull | QuotaExceeded => "full",
        PermissionDenied => "permission",
        ReadOnlyFilesystem => "read_only",
        _ => "other",
    };
    let (path, reason) = (
        path.display().to_string(),
        locale::system_reason(lang, source),
    );
    let words = |key: String| locale::text(lang, &key).to_owned();
    let mut next = words(format!("run.io.next_{next}"));
    if before {
        next.push(' ');
        next.push_str(locale::text(lang, "run.io.unchanged"));
    }
    let what = words(format!("run.io.{what}"));
    let args = [
        ("what", what.as_str()),
        ("path", &path),
        ("reason", &reason),
        ("next", &next),
    ];
    locale::format(lang, "run.io.failed", &args)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_said_with_the_place_and_what_to_do() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let e = RunError::io("write", "out/.staging-2026-01/kota.xlsx")(full);
        for lang in [Lang::Id, Lang::En] {
            let text = e.message(lang);
            assert!(text.contains("kota.xlsx"), "{text}");
            assert!(
                text.contains(locale::text(lang, "run.io.next_full")),
                "{text}"
            );
        }
    }

    #[test]
    fn after_publishing_nobody_is_told_that_nothing_changed() {
        let e = || RunError::io("rename", "state/pending")(std::io::Error::other("x"));
        for lang in [Lang::Id, Lang::En] {
            let unchanged = locale::text(lang, "run.io.unchanged");
            assert!(e().message(lang).contains(unchanged));
            let cause = Box::new(e());
            let after = RunError::AfterPublishing {
                folder: "out/2026-01".into(),
                cause,
            };
            let said = after.message(lang);
            assert!(!said.contains(unchanged), "{said}");
            assert!(
                said.contains("out/2026-01") && said.contains("state/pending"),
                "{said}"
            );
            assert_eq!(after.exit_status(), 1);
        }
    }

    #[test]
    fn whatever_is_tried_has_words() {
        let all = [
            "create", "find", "flush", "lock", "open", "read", "remove", "rename", "state", "write",
        ];
        for what in all {
            let e = RunError::io(what, "x")(std::io::Error::other("y"));
            assert!(!e.message(Lang::Id).contains("run.io"), "{what}");
        }
    }
}
