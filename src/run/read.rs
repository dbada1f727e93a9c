//! From the inbox to records: files are read and cleaned in parallel, joined in file order.

use super::cache::Cache;
pub use super::cleaned::FileCount;
use super::cleaned::{CleanedFile, Dated};
use super::manifest::{Manifest, sha256_hex};
use super::{Progress, RunError, versions};
use crate::clean::{self, Cleaner};
use crate::domain::account::SheetAccount;
use crate::domain::place::SourceFile;
use crate::domain::raw::FileReading;
use crate::domain::records::Records;
use crate::domain::upt::UptRegistry;
use crate::domain::{FileId, Issue, Month, RowRef, Severity, Text};
use crate::ingest::{self, FileNames, Fingerprint, InboxFile, Reader, Skipped, Sources};
use crate::locale::{self, Lang};
use crate::workspace::{Settings, Workspace, files_with_extension};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Everything read and cleaned.
#[derive(Debug)]
pub struct Intake {
    /// The report's month.
    pub month: Month,
    /// Files in order; a [`FileId`] is an index into this.
    pub files: Vec<SourceFile>,
    /// Paths of the files as they may be shown to others than their supplier.
    pub shown: Vec<String>,
    /// Counts per file.
    pub counts: Vec<FileCount>,
    /// What became of the cells of each sheet, per file.
    pub accounts: Vec<Vec<SheetAccount>>,
    /// Records of all files.
    pub records: Records,
    /// Everything wrong with the input.
    pub issues: Vec<Issue>,
    /// Older versions of records that a newer export replaced.
    pub revisions: u64,
    /// Rows whose record that of another row took the place of, each with that other row.
    pub replaced: Vec<(RowRef, RowRef)>,
    /// Files that do not count because of another: their places, with the place of that other.
    pub superseded: BTreeMap<usize, usize>,
}

/// The inbox as it lies there: every file with the hash of its content, before anything is read.
pub struct Inbox {
    /// Files to read, in order.
    pub files: Vec<(InboxFile, std::io::Result<Fingerprint>)>,
    /// What is there and is no table.
    skipped: Vec<Skipped>,
    /// Every path as it may be shown.
    shown: HashMap<String, String>,
    names: FileNames,
    sources: Sources,
    /// SHA-256 of all help for recognition.
    pub help_sha256: String,
    cache: Cache,
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
    Inbox::look(ws, settings, units, lang, progress)?.read(settings, units, month, lang, progress)
}

impl Inbox {
    /// Lists the inbox and hashes its files.
    pub fn look(
        ws: &Workspace,
        settings: &Settings,
        units: &UptRegistry,
        lang: Lang,
        progress: &dyn Progress,
    ) -> Result<Inbox, RunError> {
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
        let help =
            folder_text(&ws.sources(), "toml").map_err(RunError::io("read", ws.sources()))?;
        let suppliers = settings.suppliers.iter().map(|s| s.id.as_str());
        let names = FileNames::new(units, &settings.agencies, suppliers);
        let paths = files.iter().map(|f| f.rel.as_str());
        let shown = names.all_shown(paths.chain(skipped.iter().map(|s| s.rel.as_str())));
        progress.stage("hash", files.len() as u64);
        let files = files
            .into_par_iter()
            .map(|f| {
                let content = Fingerprint::of(&f.path);
                progress.step(1);
                (f, content)
            })
            .collect();
        Ok(Inbox {
            files,
            skipped,
            shown,
            names,
            sources,
            help_sha256: sha256_hex(help.as_bytes()),
            cache: Cache::open(&ws.state(), settings, &help),
        })
    }

    /// The report's month, when every file has been read before.
    pub fn month_known(&self) -> Option<Month> {
        let mut all = Dated::new();
        for (file, content) in &self.files {
            all.extend(self.cache.dated(&file.rel, content.as_ref().ok()?)?);
        }
        latest_month(all)
    }

    /// The report's month as the names of the files have it, each folder taken for a supplier, or the last complete one: a
    /// guess that is right most months.
    fn month_of_names(&self) -> Month {
        let named = self.files.iter().filter_map(|(file, _)| {
            let (folder, name) = file.rel.rsplit_once('/').unwrap_or(("", &file.rel));
            Some((Text::from(folder), ingest::month_in(name)?))
        });
        latest_month(named.collect()).unwrap_or_else(last_complete)
    }

    /// A path as it may be shown.
    fn shown(&self, rel: &str) -> &str {
        self.shown.get(rel).map_or("…", String::as_str)
    }

    /// Leaves only the files a manifest lists.
    pub fn keep_only(&mut self, manifest: &Manifest) {
        let listed: BTreeSet<&str> = manifest.inputs.iter().map(|i| i.path.as_str()).collect();
        let kept = |rel: &str| listed.contains(self.shown.get(rel).map_or("", String::as_str));
        self.files.retain(|(f, _)| kept(&f.rel));
        self.skipped.retain(|s| kept(&s.rel));
    }

    /// Files that are not as a manifest lists them: path, and `missing`, `changed` or `new`.
    pub fn differences(&self, manifest: &Manifest) -> Vec<(String, &'static str)> {
        let tables = self.files.iter().map(|(f, content)| {
            // A file that cannot be opened stands in the list without a hash.
            let hash = content.as_ref().map_or("", |c| c.sha256.as_str());
            (self.shown(&f.rel), hash)
        });
        let others = self.skipped.iter().map(|s| (self.shown(&s.rel), ""));
        let mut here: BTreeMap<&str, &str> = tables.chain(others).collect();
        let mut out = Vec::new();
        for i in &manifest.inputs {
            match here.remove(i.path.as_str()) {
                None => out.push((i.path.clone(), "missing")),
                Some(hash) if hash != i.sha256 => out.push((i.path.clone(), "changed")),
                Some(_) => {}
            }
        }
        out.extend(here.into_keys().map(|path| (path.to_owned(), "new")));
        out
    }

    /// Removes kept readings of files that are no longer there.
    pub fn prune_cache(&self) {
        self.cache.prune();
    }

    /// Reads and cleans every file; without a month, the last complete one for which there is data.
    pub fn read(
        &self,
        settings: &Settings,
        units: &UptRegistry,
        month: Option<Month>,
        lang: Lang,
        progress: &dyn Progress,
    ) -> Result<Intake, RunError> {
        self.read_and(true, settings, units, month, lang, progress)
    }

    /// What the files of now say of the time up to the end of an earlier month. What is kept of them stays as it is.
    pub fn read_as_of(
        &self,
        month: Month,
        settings: &Settings,
        units: &UptRegistry,
        lang: Lang,
        progress: &dyn Progress,
    ) -> Result<Intake, RunError> {
        self.read_and(false, settings, units, Some(month), lang, progress)
    }

    fn read_and(
        &self,
        keep: bool,
        settings: &Settings,
        units: &UptRegistry,
        month: Option<Month>,
        lang: Lang,
        progress: &dyn Progress,
    ) -> Result<Intake, RunError> {
        let reader = Reader {
            units,
            sources: &self.sources,
            limits: &settings.limits,
            agencies: &settings.agencies,
        };
        progress.stage("read", self.files.len() as u64);
        let bytes = |i: &usize| self.files[*i].1.as_ref().map_or(0, |c| c.bytes);
        let mut by_size: Vec<usize> = (0..self.files.len()).collect();
        by_size.sort_by_key(|i| std::cmp::Reverse(bytes(i)));
        let clean = |month: Month| {
            let cleaner = Cleaner {
                units,
                settings,
                as_of: month.last_day(),
            };
            let one = |i: usize| {
                if progress.stopped() {
                    return Err(RunError::Interrupted);
                }
                let (file, content) = &self.files[i];
                let id = FileId(i as u32);
                let kept = (content.as_ref().ok())
                    .and_then(|c| self.cache.get(id, &file.rel, c, cleaner.as_of));
                let cleaned = if let Some(kept) = kept {
                    kept
                } else {
                    let reading = reader.read_known(id, file, content);
                    if let Some(fault) = reading.refused {
                        // Gone or failing while it was read: what it held is not known, and not nothing.
                        let reason = locale::format(lang, &format!("fault.{fault}"), &[]);
                        let args = [("path", self.shown(&file.rel)), ("reason", &reason)];
                        let text = locale::format(lang, "run.refused_file", &args);
                        return Err(RunError::Input(text));
                    }
                    let cleaned = CleanedFile::of(&cleaner, reading);
                    // What was read only in part is not kept.
                    if keep && !progress.stopped() {
                        self.cache.put(&cleaned);
                    }
                    cleaned
                };
                if progress.stopped() {
                    return Err(RunError::Interrupted);
                }
                progress.step(1);
                Ok((i, cleaned))
            };
            // One after the other as threads come free, the largest first, so that none is left with it in the end.
            let all = by_size.iter().par_bridge().map(|&i| one(i));
            let mut all: Vec<(usize, CleanedFile)> = all.collect::<Result<_, RunError>>()?;
            all.sort_by_key(|(i, _)| *i);
            Ok::<_, RunError>(all.into_iter().map(|(_, c)| c).collect::<Vec<_>>())
        };
        let known = month.or_else(|| self.month_known());
        let guess = known.unwrap_or_else(|| self.month_of_names());
        let mut done = clean(guess)?;
        // The month stands in the files.
        let month = match known {
            Some(month) => month,
            None => {
                let dated = done.iter().flat_map(|c| c.dated.clone());
                let none = || RunError::Input(locale::text(lang, "run.no_month").to_owned());
                latest_month(dated.collect()).ok_or_else(none)?
            }
        };
        if month != guess {
            // Again: of most files the cache knows already that it makes no difference to them.
            done.clear();
            done = clean(month)?;
        }
        Ok(self.join(month, done, units, progress))
    }

    /// Everything of all files in their order, with what the files say of each other settled.
    fn join(
        &self,
        month: Month,
        cleaned: Vec<CleanedFile>,
        units: &UptRegistry,
        progress: &dyn Progress,
    ) -> Intake {
        let mut intake = Intake {
            month,
            files: Vec::with_capacity(cleaned.len()),
            shown: Vec::new(),
            counts: Vec::with_capacity(cleaned.len()),
            accounts: Vec::with_capacity(cleaned.len()),
            records: Records::default(),
            issues: Vec::new(),
            revisions: 0,
            replaced: Vec::new(),
            superseded: BTreeMap::new(),
        };
        let mut records = Vec::with_capacity(cleaned.len());
        for c in cleaned {
            intake.files.push(c.source);
            intake.counts.push(c.count);
            intake.accounts.push(c.accounts);
            records.push(c.records);
            intake.issues.extend(c.issues);
        }
        intake.records = Records::joined(records);
        for s in &self.skipped {
            // Files that are no tables get a place in the list, so that nothing in the inbox goes unmentioned.
            let id = FileId(intake.files.len() as u32);
            let (source, issue) = s.clone().into_issue(id, self.names.supplier(&s.rel));
            intake.files.push(source);
            intake.counts.push(FileCount::default());
            intake.accounts.push(Vec::new());
            intake.issues.push(issue);
        }
        let paths = intake.files.iter().map(|f| self.shown(&f.path).to_owned());
        intake.shown = paths.collect();
        versions::settle(&mut intake);
        progress.stage("reconcile", 1);
        let reconciled = clean::reconcile(&mut intake.records, &mut intake.issues, units);
        (intake.revisions, intake.replaced) = (reconciled.revisions, reconciled.replaced);
        progress.step(1);
        progress.all_read(intake.records.len());
        intake
    }
}

impl Intake {
    /// Files of which a table was read.
    pub fn files_read(&self) -> u64 {
        self.counts.iter().filter(|c| c.tables > 0).count() as u64
    }

    /// `shown,path` of every file whose name is not shown as it is: for the analyst, in `state/` alone.
    pub fn names_csv(&self) -> Vec<u8> {
        let differing = (self.shown.iter().zip(&self.files)).filter(|(s, f)| **s != f.path);
        let mut text = String::from("shown,path\n");
        for (shown, f) in differing {
            let quoted = |s: &str| format!("\"{}\"", s.replace('"', "\"\""));
            text.push_str(&format!("{},{}\n", quoted(shown), quoted(&f.path)));
        }
        text.into_bytes()
    }
}

/// Name and text of every file of a folder with an extension, in the order of names; a missing folder has none.
pub(super) fn folder_text(dir: &Path, extension: &str) -> std::io::Result<String> {
    let mut out = String::new();
    for p in files_with_extension(dir, extension)? {
        let name = p.file_name().unwrap_or_default().to_string_lossy();
        let text = std::fs::read(&p)?;
        out.push_str(&format!("{name}\n{}\n", text.len()));
        out.push_str(&String::from_utf8_lossy(&text));
    }
    Ok(out)
}

/// The last month that at least half of the suppliers with dated lists have delivered: a single early file
/// does not drag the report into a month nobody else has finished.
fn latest_month(dated: Dated) -> Option<Month> {
    let mut last: BTreeMap<Text, Month> = BTreeMap::new();
    for (supplier, m) in dated {
        let e = last.entry(supplier).or_insert(m);
        *e = (*e).max(m);
    }
    let mut months: Vec<Month> = last.into_values().collect();
    months.sort_unstable();
    // Sorted ascending, everything from the middle on is ≥ the middle one: half of the suppliers are there.
    months
        .get(months.len().checked_sub(1)? / 2)
        .map(|m| (*m).min(last_complete()))
}

/// The accounts of a file's sheets, as it is cleaned by itself.
pub fn accounts(cleaner: &Cleaner, reading: FileReading) -> Vec<SheetAccount> {
    CleanedFile::of(cleaner, reading).accounts
}

/// The last month that is over.
pub fn last_complete() -> Month {
    Month::of(chrono::Local::now().date_naive()).plus(-1)
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

/// Files that gave nothing although they should have: what they may be called, and why.
pub fn unreadable(intake: &Intake) -> impl Iterator<Item = (&str, &Issue)> {
    intake.issues.iter().filter_map(|i| {
        (i.severity == Severity::Error && i.row.is_none() && i.sheet.is_none())
            .then(|| intake.shown.get(i.file.0 as usize))
            .flatten()
            .map(|shown| (shown.as_str(), i))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Silent;

    const LIST: &str = "LAPAS KELAS IIB PIRU\nBULAN JANUARI 2026\nNo;Nama;NIK;Tgl Masuk;Pasal\n\
        1;LA ODE RAHMAT;8171010101900001;05/01/2026;363 KUHP\n2;WA INA;8171014101910002;06/01/2026;112 UU 35/2009\n\
        3;YOPI TUHUTERU;8171010101920003;06/02/2026;112 UU 35/2009\n";

    /// The inbox with one list under a name: the month, and rows used and beyond it.
    fn read(name: &str) -> (Month, u64, u64) {
        let dir = tempfile::tempdir().unwrap();
        let ws = Workspace::at(dir.path());
        std::fs::create_dir_all(ws.inbox().join("lapas-piru")).unwrap();
        std::fs::write(ws.inbox().join("lapas-piru").join(name), LIST).unwrap();
        let (settings, units) = (Settings::default(), UptRegistry::maluku(&[]));
        let intake = read_inbox(&ws, &settings, &units, None, Lang::Id, &Silent).unwrap();
        (
            intake.month,
            intake.counts[0].used,
            intake.records.len() as u64,
        )
    }

    #[test]
    fn the_month_is_that_of_the_files_whatever_their_names_say() {
        let of_names = read("register 2026-01.csv");
        assert_eq!(Some(of_names.0), Month::new(2026, 1));
        assert!(of_names.1 > 0);
        for name in [
            "register 2024-03.csv",
            "register 2031-12.csv",
            "register.csv",
        ] {
            assert_eq!(read(name), of_names, "{name}");
        }
    }

    #[test]
    fn what_is_remembered_of_other_months_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let ws = Workspace::at(dir.path());
        crate::run::state::prepare(&ws.state(), Lang::Id).unwrap();
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/inbox");
        for f in ingest::list_inbox(&samples).unwrap().0 {
            let to = ws.inbox().join(&f.rel);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(&f.path, to).unwrap();
        }
        let (mut settings, units) = (Settings::default(), UptRegistry::maluku(&[]));
        let mut before = None;
        for (year, month) in [(2025, 6), (2025, 12), (2026, 1), (2025, 12)] {
            let read = |settings: &Settings| {
                let month = Month::new(year, month);
                read_inbox(&ws, settings, &units, month, Lang::Id, &Silent).unwrap()
            };
            settings.files.cache = true;
            let (remembered, again) = (read(&settings), read(&settings));
            settings.files.cache = false;
            let anew = read(&settings);
            assert!(!anew.records.is_empty());
            assert_ne!(before.replace(anew.records.len()), Some(anew.records.len()));
            for of in [remembered, again] {
                assert!(of.records == anew.records, "{year}-{month}");
                assert!(of.issues == anew.issues, "{year}-{month}");
                assert_eq!(of.files, anew.files);
                assert_eq!(of.counts, anew.counts);
                assert_eq!(of.revisions, anew.revisions);
            }
        }
    }
}
