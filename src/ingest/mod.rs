//! Floor 1: from files to recognised tables. Finds the sheet, the header, the columns; keeps every cell's address.
//!
//! Knows file formats and office layouts. Values are handed on as the file holds them: reading them is the work of
//! `clean`, which is asked here for one thing alone, whether a column's values look like what its header says.

mod amend;
mod bands;
mod biff;
mod blocks;
mod bytes;
mod cards;
mod carry;
mod columns;
mod context;
mod day_parts;
mod dialect;
mod dictionary;
mod fits;
mod fixed_width;
mod formulas;
mod grid;
mod header;
mod header_words;
mod implied;
mod inbox;
mod kind;
mod layout;
mod legend;
mod letter;
mod lines;
mod lists;
mod markup;
mod mhtml;
mod moves;
mod ooxml;
mod pairs;
mod parts;
mod password;
mod points;
mod prescan;
mod profile;
mod prose;
mod recognise;
mod revised;
mod rows;
mod shape;
mod shown;
mod source_words;
mod sources;
mod spaced;
mod struck;
mod text_file;
mod told;
mod unread;
mod whole;
mod workbook;

pub use context::month_in;
pub use dictionary::{headers_of, nearest as nearest_fields};
pub use grid::GridError;
pub use inbox::{InboxFile, IngestError, PLACEHOLDER, Skipped, list_inbox};
pub use lists::{RowOfList, for_each_row, row_of_list};
pub(crate) use password::{Shut, open as open_sealed};
pub use recognise::fields_named;
pub use revised::{How, Later, later_versions, tied};
pub use shown::FileNames;
pub use sources::{SourceMistake, Sources};

use crate::domain::place::SourceFile;
use crate::domain::raw::{FileReading, RawTable};
use crate::domain::upt::UptRegistry;
use crate::domain::{FileId, Issue, Severity};
use crate::workspace::Limits;
use layout::find_tables;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// A rule the input is held against; its texts are the locale keys `rule.<id>` and `rule.<id>.fix`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleInfo {
    /// Stable id.
    pub id: &'static str,
    /// What becomes of a value that breaks it.
    pub severity: Severity,
}

/// Every rule of this room.
pub const RULES: &[RuleInfo] = &[
    RuleInfo {
        id: "ingest.unreadable",
        severity: Severity::Error,
    },
    RuleInfo {
        id: "ingest.too_large",
        severity: Severity::Error,
    },
    RuleInfo {
        id: "ingest.protected",
        severity: Severity::Error,
    },
    RuleInfo {
        id: "ingest.wrong_password",
        severity: Severity::Error,
    },
    RuleInfo {
        id: "ingest.no_table",
        severity: Severity::Error,
    },
    RuleInfo {
        id: "ingest.not_a_table",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.open_elsewhere",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.folder",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.outside",
        severity: Severity::Error,
    },
    RuleInfo {
        id: "ingest.sheet_without_table",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.people_unread",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.other_people",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.discipline",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.line_unread",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.line_without_person",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.header_not_found",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.column_unknown",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.column_guessed",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.source_unmatched",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.hidden_rows",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.changing",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.stray_quote",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.fields_joined",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.fields_beyond",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.row_too_wide",
        severity: Severity::Error,
    },
    RuleInfo {
        id: "ingest.cell_too_long",
        severity: Severity::Error,
    },
    RuleInfo {
        id: "ingest.more_lines",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.formula_not_calculated",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.repeated_members",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.special",
        severity: Severity::Error,
    },
    RuleInfo {
        id: "ingest.sheet_hidden",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.sheet_no_list",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.side_by_side",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.ditto",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.lines_carried",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.lines_joined",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.cards",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.turned",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.cell_divided",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.points_undated",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.column_headless",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.aggregate",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.replaced",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.same_content",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.same_content_elsewhere",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.corrects_some",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.versions_tied",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.other_list_of_that_name",
        severity: Severity::Note,
    },
    RuleInfo {
        id: "ingest.half_copied",
        severity: Severity::Warning,
    },
    RuleInfo {
        id: "ingest.document",
        severity: Severity::Warning,
    },
];

/// Reads files with the knowledge of a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Units, to recognise them in letterheads and titles.
    pub units: &'a UptRegistry,
    /// Help for recognition.
    pub sources: &'a Sources,
    /// What a file may cost.
    pub limits: &'a Limits,
    /// Agencies beyond the built-in list.
    pub agencies: &'a BTreeMap<String, String>,
}

impl Reader<'_> {
    /// Reads one file. Never panics and never gives up silently: what cannot be read is an issue of the reading.
    pub fn read(&self, id: FileId, file: &InboxFile) -> FileReading {
        self.read_known(id, file, &Fingerprint::of(&file.path))
    }

    /// The same for a file whose content was hashed before.
    pub fn read_known(
        &self,
        id: FileId,
        file: &InboxFile,
        before: &std::io::Result<Fingerprint>,
    ) -> FileReading {
        let mut out = FileReading {
            source: SourceFile {
                path: file.rel.clone(),
                supplier: String::new(),
                sheets: vec![String::new()],
                sha256: String::new(),
                bytes: 0,
            },
            tables: Vec::new(),
            issues: Vec::new(),
            rows_seen: 0,
            cells: 0,
            sheets: Vec::new(),
            refused: None,
        };
        let names = context::Names::of(self);
        let whole = |rule, severity| Issue::about_file(severity, rule, id);
        let before = match before {
            Ok(f) => f,
            Err(e) => {
                let e = GridError::from(std::io::Error::from(e.kind()));
                out.refused = e.refused();
                out.issues.push(e.issue(id));
                out.source.supplier = context::supplier_of_path(&file.rel, self, &names);
                return out;
            }
        };
        (out.source.bytes, out.source.sha256) = (before.bytes, before.sha256.clone());
        match grid::sheets(&bytes::Bytes::File(file.path.clone()), self.limits) {
            Ok(sheets) => {
                // On the sheet and as rows as wide as their header: each may cost what a file may.
                let mut budget = grid::Budget::of(self.limits);
                let mut too_much = None;
                out.source.sheets = sheets.iter().map(|s| s.name.clone()).collect();
                let left = unread::all(self.sources, &file.rel, &sheets);
                for (i, mut sheet) in sheets.into_iter().enumerate() {
                    let cells = sheet.cells();
                    out.cells += cells;
                    out.sheets.push((cells, left[i].is_some()));
                    if let Some(why) = left[i].filter(|_| !sheet.rows.is_empty()) {
                        out.issues.push(unread::said(why, id, i as u16, &sheet));
                        continue;
                    }
                    // Rows that could not be made whole were seen all the same.
                    let broken = |i: &&Issue| i.severity == Severity::Error && i.row.is_some();
                    out.rows_seen += sheet.issues.iter().filter(broken).count() as u64;
                    out.issues.extend(sheet.issues.drain(..).map(|mut issue| {
                        issue.file = id;
                        let placed = issue.row.is_some() || issue.col.is_some();
                        issue.sheet = placed.then_some(i as u16);
                        issue
                    }));
                    let found = find_tables(
                        self.sources,
                        &names,
                        id,
                        i as u16,
                        &file.rel,
                        &mut sheet,
                        &mut budget,
                    );
                    let found = match found {
                        Ok(f) => f,
                        Err(e) => {
                            too_much = Some(e);
                            break;
                        }
                    };
                    out.rows_seen += found
                        .tables
                        .iter()
                        .map(|t| t.rows.len() as u64)
                        .sum::<u64>();
                    out.issues.extend(found.issues);
                    out.tables.extend(found.tables);
                }
                if let Some(e) = too_much {
                    // Half a file would be worse than none.
                    (out.tables, out.rows_seen) = (Vec::new(), 0);
                    out.refused = e.refused();
                    out.issues.push(e.issue(id));
                } else if out.tables.is_empty() {
                    out.issues.push(whole("ingest.no_table", Severity::Error));
                }
            }
            Err(e) => {
                out.refused = e.refused();
                out.issues.push(e.issue(id));
            }
        }
        for header in self.sources.unmatched(&out.source, &out.tables) {
            out.issues
                .push(whole("ingest.source_unmatched", Severity::Note).with("header", header));
        }
        // A file that an office is still saving: what was read may be half of it.
        if std::fs::metadata(&file.path)
            .map(|m| (m.len(), m.modified().ok()))
            .ok()
            != Some((before.bytes, before.modified))
        {
            out.issues.push(whole("ingest.changing", Severity::Warning));
        }
        out.source.supplier = supplier(&out.tables, &file.rel, self, &names);
        for t in &mut out.tables {
            t.supplier = out.source.supplier.as_str().into();
        }
        out
    }
}

/// Reads one file outside any workspace, with the built-in knowledge of units and agencies; `rel` is what it would be
/// called below an inbox.
pub fn read_alone(path: &Path, rel: &str, sources: &Sources, limits: &Limits) -> FileReading {
    let file = InboxFile {
        path: path.to_owned(),
        rel: rel.to_owned(),
    };
    let reader = Reader {
        units: &UptRegistry::maluku(&[]),
        sources,
        limits,
        agencies: &BTreeMap::new(),
    };
    reader.read(FileId(0), &file)
}

/// What a file is before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Size.
    pub bytes: u64,
    /// When it was last written, as far as the system says.
    pub modified: Option<std::time::SystemTime>,
    /// Content hash, lower-case hex SHA-256.
    pub sha256: String,
}

impl Fingerprint {
    /// Hashes a file's content.
    pub fn of(path: &Path) -> std::io::Result<Fingerprint> {
        // Asked before it is opened, for opening a pipe waits for its other end.
        let kind = std::fs::metadata(path)?;
        if !kind.is_file() && !kind.is_dir() {
            return Err(std::io::ErrorKind::Unsupported.into());
        }
        let mut file = std::fs::File::open(path)?;
        let modified = file.metadata()?.modified().ok();
        let mut hash = Sha256::new();
        let mut bytes = 0;
        let mut buffer = vec![0u8; 1 << 16];
        loop {
            let n = std::io::Read::read(&mut file, &mut buffer)?;
            if n == 0 {
                break;
            }
            if crate::domain::interrupt::is_requested() {
                return Err(std::io::ErrorKind::Interrupted.into());
            }
            bytes += n as u64;
            hash.update(&buffer[..n]);
        }
        Ok(Fingerprint {
            bytes,
            modified,
            sha256: hash.finalize().iter().map(|b| format!("{b:02x}")).collect(),
        })
    }
}

/// The supplier the file's tables name most often, else what the path says.
fn supplier(tables: &[RawTable], rel: &str, reader: &Reader, names: &context::Names) -> String {
    let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
    for t in tables {
        if !t.supplier.is_empty() {
            *votes.entry(t.supplier.as_str()).or_default() += 1;
        }
    }
    let best = votes
        .into_iter()
        .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
    best.map_or_else(
        || context::supplier_of_path(rel, reader, names),
        |(s, _)| s.to_owned(),
    )
}
