//! The record of processing that UU 27/2022 asks for: who worked on personal data, when, with which command, on which
//! files. Files are named by supplier and content hash, because a file's own name may be a person's.

use super::RunError;
use super::manifest::Manifest;
use crate::workspace::Workspace;
use std::path::Path;

/// Name of the record within `state/`: one JSON object a line.
const FILE: &str = "processing.jsonl";

/// The record with one more run, written below `state` (the folder that becomes part of `state/` with the month).
pub fn record(ws: &Workspace, state: &Path, manifest: &Manifest) -> Result<(), RunError> {
    let mut text = match std::fs::read(ws.state().join(FILE)) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(RunError::io("read", ws.state().join(FILE))(e)),
    };
    let who = ["SUDO_USER", "USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|v| std::env::var(v).ok().filter(|s| !s.is_empty()));
    let files: Vec<serde_json::Value> = (manifest.inputs.iter())
        .map(|i| serde_json::json!({ "supplier": i.supplier, "sha256": i.sha256, "rows": i.rows }))
        .collect();
    let line = serde_json::json!({
        "who": who,
        "when": manifest.started,
        "command": "run",
        "month": manifest.month,
        "program": manifest.program,
        "files": files,
    });
    text.extend_from_slice(line.to_string().as_bytes());
    text.push(b'\n');
    super::state::write_private(&state.join(FILE), &text)
}
