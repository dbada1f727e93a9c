//! The record of processing that UU 27/2022 asks for: who worked on personal data, when, with which command, on which
//! files. Files are named by supplier and content hash, because a file's own name may be a person's.

use super::RunError;
use super::manifest::{Manifest, sha256_hex};
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

/// The record with a line more. A last line that was cut stays as it is and the new one begins after it. Each line bears
/// the SHA-256 of the one before, so that a line that is missing or changed is seen; a record that is gone although
/// months were done is said in the first line of the new one.
fn append(ws: &Workspace, state: &Path, line: &serde_json::Value) -> Result<(), RunError> {
    let path = ws.state().join(FILE);
    let mut text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(RunError::io("read", path)(e)),
    };
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    let mut line = line.clone();
    if let Some(fields) = line.as_object_mut() {
        let before = last_line(&text).map(sha256_hex);
        if before.is_none() && is_lost(ws)? {
            fields.insert("lost".into(), true.into());
        }
        fields.insert("before".into(), before.into());
    }
    text.extend_from_slice(line.to_string().as_bytes());
    text.push(b'\n');
    crate::workspace::write_private(&state.join(FILE), &text)
        .map_err(RunError::io("write", state.join(FILE)))
}

fn last_line(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.rsplit(|b| *b == b'\n')
        .next()
        .filter(|l| !l.is_empty())
}

/// Whether the record is gone although months were done.
pub fn is_lost(ws: &Workspace) -> Result<bool, RunError> {
    let path = ws.state().join(FILE);
    let there = path.try_exists().map_err(RunError::io("read", path))?;
    Ok(!there && !super::commit::months(ws)?.is_empty())
}

/// One-based numbers of the lines of the record that are no record (cut off) or do not follow the one before them.
pub fn broken_lines(ws: &Workspace) -> Result<Vec<usize>, RunError> {
    let path = ws.state().join(FILE);
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(RunError::io("read", path)(e)),
    };
    let mut before: Option<String> = None;
    let mut broken = Vec::new();
    for (i, line) in text.split(|b| *b == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        let read = serde_json::from_slice::<serde_json::Value>(line).ok();
        // Lines of versions before this one say nothing of the line before.
        let follows = read.as_ref().is_some_and(|v| match v.get("before") {
            Some(b) => b.as_str() == before.as_deref(),
            None => true,
        });
        if !follows {
            broken.push(i + 1);
        }
        before = Some(sha256_hex(line));
    }
    Ok(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_cut_in_the_middle_of_a_line_goes_on_with_a_line_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let ws = Workspace::at(dir.path());
        std::fs::create_dir_all(ws.state()).unwrap();
        let add = |n: u32| append(&ws, &ws.state(), &serde_json::json!({ "n": n })).unwrap();
        let path = ws.state().join(FILE);
        (1..=3).for_each(add);
        assert!(broken_lines(&ws).unwrap().is_empty());
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 20]).unwrap();
        add(4);
        let after = std::fs::read_to_string(&path).unwrap();
        assert_eq!(after.lines().count(), 4);
        let last: serde_json::Value = serde_json::from_str(after.lines().last().unwrap()).unwrap();
        assert_eq!(last["n"], 4);
        assert_eq!(broken_lines(&ws).unwrap(), [3]);
        // A line taken out is seen where the next one does not follow.
        let without: Vec<&str> = text
            .lines()
            .enumerate()
            .filter(|(i, _)| *i != 1)
            .map(|(_, l)| l)
            .collect();
        std::fs::write(&path, without.join("\n")).unwrap();
        assert_eq!(broken_lines(&ws).unwrap(), [2]);
    }

    #[test]
    fn a_record_that_is_gone_after_months_were_done_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let ws = Workspace::at(dir.path());
        assert!(!is_lost(&ws).unwrap());
        std::fs::create_dir_all(ws.state().join("months")).unwrap();
        std::fs::write(ws.state().join("months/2026-01.json"), "{}").unwrap();
        assert!(is_lost(&ws).unwrap());
        append(&ws, &ws.state(), &serde_json::json!({ "n": 1 })).unwrap();
        let text = std::fs::read_to_string(ws.state().join(FILE)).unwrap();
        assert!(text.contains("\"lost\":true"), "{text}");
        assert!(!is_lost(&ws).unwrap());
    }
}
