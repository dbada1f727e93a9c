//! Floor 0: the workspace folder and its settings. Knows paths and keys; reads no supplier's file.

mod agreements;
mod files;
mod reading;
mod settings;
mod state_file;
mod toml_mistake;
pub use agreements::{
    Agreement, AgreementMistake, AgreementState, Agreements, Better, EXAMPLE as AGREEMENTS_EXAMPLE,
    Goal, Priority, Promise,
};
pub use files::{files_with_extension, sync_dir, write_draft, write_private, write_private_with};
pub use reading::{ABOVE_TABLES, SettingsError};
pub use settings::{
    Capacity, DEFAULT_TOML, Definitions, Disclosure, Files, Gates, Level, Levels, Limits, Linkage,
    Merge, Office, Settings, Supplier,
};
pub use state_file::{
    STATE_VERSION, StateError, read_state, write_state, write_state_draft, write_state_with,
};

pub use toml_mistake::{TomlMistake, TomlMistakeKind};

use std::path::{Path, PathBuf};

/// A workspace folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace at `root`; nothing is touched.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Workspace { root: root.into() }
    }
    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }
    /// `reintegrasi.toml`.
    pub fn settings_file(&self) -> PathBuf {
        self.root.join("reintegrasi.toml")
    }
    /// `perjanjian.toml`, the agreements; optional.
    pub fn agreements_file(&self) -> PathBuf {
        self.root.join("perjanjian.toml")
    }
    /// Suppliers' files; never written to.
    pub fn inbox(&self) -> PathBuf {
        self.root.join("inbox")
    }
    /// Help for recognition.
    pub fn sources(&self) -> PathBuf {
        self.root.join("sources")
    }
    /// An analyst's decisions.
    pub fn decisions(&self) -> PathBuf {
        self.root.join("decisions")
    }
    /// Templates that change the built-in ones.
    pub fn templates(&self) -> PathBuf {
        self.root.join("report-templates")
    }
    /// Private state (0700).
    pub fn state(&self) -> PathBuf {
        self.root.join("state")
    }
    /// What goes back to each supplier: private (0700), a folder for each month.
    pub fn feedback(&self) -> PathBuf {
        self.root.join("umpan-balik")
    }
    /// What is handed over.
    pub fn out(&self) -> PathBuf {
        self.root.join("out")
    }
}
