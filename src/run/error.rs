//! What can stop a run, and the exit status each has (DESIGN.md, Fixed names).

use std::path::PathBuf;

/// A run that produced no outputs.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Settings, a template or an argument is wrong (exit 2). The text is ready to read.
    #[error("{0}")]
    Usage(String),
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
        /// What was tried, in words.
        what: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
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
    /// The exit status.
    pub fn exit_status(&self) -> u8 {
        match self {
            RunError::Usage(_) => 2,
            RunError::Input(_) => 4,
            RunError::Locked(_) => 5,
            RunError::Interrupted => 130,
            RunError::Unsafe(_) | RunError::Io { .. } | RunError::Stage { .. } => 1,
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
