//! The record of processing that UU 27/2022 asks for: who worked on personal data, when, with which command, on which
//! files. Files are named by supplier and content hash, because a file's own name may be a person's.

use super::RunError;
use super::manifest::Manifest;
use crate::domain::Month;
use crate::workspace::Workspace;
use std::path::Path;

/// Name of the record within `state/`: one JSON object a line.
const FILE: &str = "processing.jsonl";

/// The record with one more run, written below `state` (the folder that becomes part of `state/` with the month).
pub fn record(
    ws: &Workspace,
    state: &Path,
    manifest: &Manifest,
    annex: bool,
) -> Result<(), RunError> {
    let files: Vec<serde_json::Value> = (manifest.inputs.iter())
        .map(|i| serde_json::json!({ "supplier": i.supplier, "sha256": i.sha256, "rows": i.rows }))
        .collect();
    let line = serde_json::json!({
        "who": who(),
        "when": manifest.started,
        "command": "run",
        "month": manifest.month,
        "program": manifest.program,
        "annex": annex,
        "files": files,
    });
    append(ws, state, &line)
}

/// The record with what was removed of what was remembered.
pub fn purged(ws: &Workspace, before: Month, files: usize, people: usize) -> Result<(), RunError> {
    let now = chrono::Local::now();
    let line = serde_json::json!({
        "who": who(),
        "when": now.to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
        "command": "purge",
        "before": before,
        "program": Manifest::program_name(),
        "removed": { "files": files, "pseudonyms": people },
    });
    append(ws, &ws.state(), &line)
}

/// Who works here, as far as the system says.
fn who() -> Option<String> {
    ["SUDO_USER", "USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|v| std::env::var(v).ok().filter(|s| !s.is_empty()))
}

fn append(ws: &Workspace, state: &Path, line: &serde_json::Value) -> Result<(), RunError> {
    let mut text = match std::fs::read(ws.state().join(FILE)) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(RunError::io("read", ws.state().join(FILE))(e)),
    };
    text.extend_from_slice(line.to_string().as_bytes());
    text.push(b'\n');
    super::state::write_private(&state.join(FILE), &text)
}
