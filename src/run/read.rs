//! From the inbox to records: files are read and cleaned in parallel, joined in file order.

use super::{Progress, RunError};
use crate::clean::{self, Cleaner};
use crate::domain::place::SourceFile;
use crate::domain::raw::{FileReading, RawTable};
use crate::domain::records::Records;
use crate::domain::upt::UptRegistry;
use crate::domain::{FileId, Issue, Month, Severity};
use crate::ingest::{self, InboxFile, Reader, Sources};
use crate::locale::{self, Lang};
use crate::workspace::{Settings, Workspace};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What was read of one file.
#[derive(Debug, Clone, Default)]
pub struct FileCount {
    /// Rows that looked like data.
    pub seen: u64,
    /// Rows that became records.
    pub used: u64,
    /// Rows set aside, each with an issue.
    pub set_aside: u64,
    /// Rows dated after the report's month.
    pub beyond: u64,
    /// Number of tables recognised.
    pub tables: u32,
}

/// Everything read and cleaned.
#[derive(Debug)]
pub struct Intake {
    /// The report's month.
    pub month: Month,
    /// Files in order; a [`FileId`] is an index into this.
    pub files: Vec<SourceFile>,
    /// Counts per file.
    pub counts: Vec<FileCount>,
    /// Records of all files.
    pub records: Records,
    /// Everything wrong with the input.
    pub issues: Vec<Issue>,
    /// Older versions of records that a newer export replaced.
    pub revisions: u64,
}

struct Cleaned {
    source: SourceFile,
    count: FileCount,
    records: Records,
    issues: Vec<Issue>,
}

/// Lists the inbox and reads all of it. An empty inbox is an error that says what to put where.
pub fn read_inbox(
    ws: &Workspace,
    settings: &Settings,
    units: &UptRegistry,
    month: Option<Month>,
    lang: Lang,
    progress: &dyn Progress,
) -> Result<Intake, RunError> {
    let inbox = ws.inbox();
    let empty = || {
        let path = inbox.display().to_string();
        RunError::Input(locale::format(lang, "run.empty_inbox", &[("path", &path)]))
    };
    if !inbox.is_dir() {
        return Err(empty());
    }
    let (files, skipped) = ingest::list_inbox(&inbox).map_err(RunError::stage("ingest"))?;
    if files.is_empty() {
        return Err(empty());
    }
    let (sources, mistakes) = Sources::load(&ws.sources(), units);
    if let Some(m) = mistakes.first() {
        return Err(RunError::Usage(m.message(lang)));
    }
    let reader = Reader {
        units,
        sources: &sources,
        limits: &settings.limits,
        agencies: &settings.agencies,
    };

    progress.stage("read", files.len() as u64);
    let read = |(i, file): (usize, &InboxFile)| -> FileReading {
        let reading = reader.read(FileId(i as u32), file);
        progress.step(1);
        reading
    };
    let (month, cleaned) = match month {
        // The month is known: each file's raw tables go as soon as they are cleaned.
        Some(month) => {
            let cleaner = Cleaner {
                units,
                settings,
                as_of: month.last_day(),
            };
            let all: Vec<Cleaned> = files
                .par_iter()
                .enumerate()
                .map(|f| clean_file(&cleaner, read(f)))
                .collect();
            (month, all)
        }
        None => {
            let raw: Vec<FileReading> = files.par_iter().enumerate().map(read).collect();
            let month = latest_month(raw.iter().flat_map(|r| &r.tables))
                .ok_or_else(|| RunError::Input(locale::text(lang, "run.no_month").to_owned()))?;
            let cleaner = Cleaner {
                units,
                settings,
                as_of: month.last_day(),
            };
            (
                month,
                raw.into_par_iter()
                    .map(|r| clean_file(&cleaner, r))
                    .collect(),
            )
        }
    };

    let mut intake = Intake {
        month,
        files: Vec::with_capacity(cleaned.len()),
        counts: Vec::with_capacity(cleaned.len()),
        records: Records::default(),
        issues: Vec::new(),
        revisions: 0,
    };
    for c in cleaned {
        intake.files.push(c.source);
        intake.counts.push(c.count);
        intake.records.append(c.records);
        intake.issues.extend(c.issues);
    }
    for s in skipped {
        // Files that are no tables get a place in the list, so that nothing in the inbox goes unmentioned.
        let id = FileId(intake.files.len() as u32);
        let (source, issue) = s.into_issue(id);
        intake.files.push(source);
        intake.counts.push(FileCount::default());
        intake.issues.push(issue);
    }
    progress.stage("reconcile", 1);
    let reconciled = clean::reconcile(&mut intake.records, &mut intake.issues, settings);
    intake.revisions = reconciled.revisions;
    progress.step(1);
    Ok(intake)
}

fn clean_file(cleaner: &Cleaner, reading: FileReading) -> Cleaned {
    let mut out = Cleaned {
        count: FileCount {
            seen: reading.rows_seen,
            tables: reading.tables.len() as u32,
            ..FileCount::default()
        },
        source: reading.source,
        records: Records::default(),
        issues: reading.issues,
    };
    let in_tables: u64 = reading.tables.iter().map(|t| t.rows.len() as u64).sum();
    out.count.set_aside = reading.rows_seen.saturating_sub(in_tables);
    for table in &reading.tables {
        let cleaned = cleaner.clean_table(table);
        out.count.used += cleaned.rows_used;
        out.count.set_aside += cleaned.rows_set_aside;
        out.count.beyond += cleaned.rows_beyond;
        out.records.append(cleaned.records);
        out.issues.extend(cleaned.issues);
    }
    out
}

/// The last month that at least half of the suppliers with dated lists have delivered: a single early file
/// does not drag the report into a month nobody else has finished.
fn latest_month<'a>(tables: impl Iterator<Item = &'a RawTable>) -> Option<Month> {
    let mut last: BTreeMap<&str, Month> = BTreeMap::new();
    for t in tables {
        if let Some(m) = t
            .context
            .month
            .or(t.context.period.map(|(_, to)| Month::of(to)))
        {
            let e = last.entry(&t.supplier).or_insert(m);
            *e = (*e).max(m);
        }
    }
    let mut months: Vec<Month> = last.into_values().collect();
    months.sort_unstable();
    let complete = Month::of(chrono::Local::now().date_naive()).plus(-1);
    // Sorted ascending, everything from the middle on is ≥ the middle one: half of the suppliers are there.
    months
        .get(months.len().checked_sub(1)? / 2)
        .map(|m| (*m).min(complete))
}

/// Counts of a supplier over its files.
pub fn supplier_counts(intake: &Intake) -> BTreeMap<String, FileCount> {
    let mut out: BTreeMap<String, FileCount> = BTreeMap::new();
    for (file, count) in intake.files.iter().zip(&intake.counts) {
        let sum = out.entry(file.supplier.clone()).or_default();
        sum.seen += count.seen;
        sum.used += count.used;
        sum.set_aside += count.set_aside;
        sum.beyond += count.beyond;
        sum.tables += count.tables;
    }
    out
}

/// Files that gave nothing although they should have.
pub fn unreadable(intake: &Intake) -> impl Iterator<Item = (&SourceFile, &Issue)> {
    intake.issues.iter().filter_map(|i| {
        (i.severity == Severity::Error && i.row.is_none() && i.sheet.is_none())
            .then(|| intake.files.get(i.file.0 as usize).map(|f| (f, i)))
            .flatten()
    })
}
