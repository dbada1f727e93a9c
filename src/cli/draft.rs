//! A draft of `sources/*.toml` from what was recognised in a file, for an analyst to correct.
//!
//! Holds headers and field ids, never a value of a cell: the file goes under version control.

use crate::domain::raw::{FileReading, RawTable};
use crate::ingest::nearest_fields;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Writes one help file per sheet that holds a table; an existing one is never overwritten.
pub(super) fn write(
    dir: &Path,
    file: &Path,
    reading: &FileReading,
) -> std::io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(dir)?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let mut out = Vec::new();
    for t in &reading.tables {
        let sheet = reading.source.sheet(t.sheet);
        let name: String = format!("{stem} {sheet}")
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join("-");
        let mut path = dir.join(format!("{name}.toml"));
        let mut n = 2;
        while path.exists() {
            path = dir.join(format!("{name}-{n}.toml"));
            n += 1;
        }
        std::fs::write(&path, text(file, sheet, t))?;
        out.push(path);
    }
    Ok(out)
}

/// The help file of a table: what was understood as it is, the rest as comments with the nearest fields.
fn text(file: &Path, sheet: &str, t: &RawTable) -> String {
    let quoted = |s: &str| toml::Value::String(s.to_owned()).to_string();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = writeln!(out, "files = {}", quoted(&format!("*{name}")));
    if !sheet.is_empty() {
        let _ = writeln!(out, "sheet = {}", quoted(sheet));
    }
    let _ = writeln!(out, "kind = {}", quoted(t.kind.id()));
    if !t.supplier.is_empty() {
        let _ = writeln!(out, "supplier = {}", quoted(&t.supplier));
    }
    let _ = writeln!(out, "# header_row = {}", t.header.0 + 1);
    // What its title says of the people it names.
    let _ = writeln!(out, "# whole_list = {}", t.context.whole.is_some());
    let _ = writeln!(out, "\n[columns]");
    let mut seen: Vec<&str> = Vec::new();
    for c in &t.columns {
        // Months and signatures need no help.
        let plain = c.point.is_some() || c.needless;
        if c.header.is_empty() || plain || seen.contains(&c.header.as_str()) {
            continue;
        }
        seen.push(&c.header);
        let header = quoted(&c.header);
        match c.field {
            Some(f) => {
                let _ = writeln!(out, "{header} = {}", quoted(f.id()));
            }
            None => {
                let near: Vec<&str> = nearest_fields(&c.header, 3)
                    .iter()
                    .map(|f| f.id())
                    .collect();
                // Nothing is proposed where nothing is near.
                let first = quoted(near.first().copied().unwrap_or_default());
                let _ = writeln!(out, "# {header} = {first}  # {}", near.join(", "));
            }
        }
    }
    let _ = writeln!(out, "\n[constants]\n# service_kind = \"PLT-IKM\"");
    let _ = writeln!(out, "\n# [words.service_state]\n# \"Tamat\" = \"selesai\"");
    out
}
