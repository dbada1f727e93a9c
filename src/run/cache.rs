//! Readings of files kept from run to run, so that a file that has not changed is not parsed again.
//!
//! An entry is one [`FileReading`]: the raw tables of a file and what was wrong while reading it. It does not depend
//! on the report's month, so the next month finds last month's files read. An entry holds personal data: it lies in
//! `state/cache`, readable by its owner alone, and goes as soon as its file is no longer in the inbox.
//!
//! Deleting the folder is always safe. An entry that is broken, cut short, of another build, or read with other
//! settings, other help or under another path is no entry: the file is read again and the entry replaced.
//!
//! ```text
//! 8 bytes   magic and format version
//! 32 bytes  key: SHA-256 over build, settings that matter, help for recognition, path, content
//! 4 + 4     length and CRC-32 of the head: (supplier, month) of each dated table
//! 8 + 4     length and CRC-32 of the body
//! head, body (postcard)
//! ```

use crate::domain::place::SourceFile;
use crate::domain::raw::{FileReading, RawTable};
use crate::domain::{FileId, Issue, Month, Severity, Text};
use crate::ingest::Fingerprint;
use crate::workspace::Settings;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Raised when the form of an entry changes.
const MAGIC: &[u8; 8] = b"RGREAD01";
/// Bytes before the head.
const FIXED: usize = 8 + 32 + 4 + 4 + 8 + 4;

/// The readings kept in a workspace's private state; without a private folder it keeps and finds nothing.
#[derive(Debug)]
pub struct Cache {
    dir: Option<PathBuf>,
    base: [u8; 32],
    used: Mutex<BTreeSet<String>>,
}

/// (supplier, month) of every dated table of a file: enough to find the report's month.
pub type Dated = Vec<(Text, Month)>;

/// [`Dated`] of some tables.
pub fn dated<'a>(tables: impl IntoIterator<Item = &'a RawTable>) -> Dated {
    let month = |t: &RawTable| {
        t.context
            .month
            .or(t.context.period.map(|(_, to)| Month::of(to)))
    };
    let mut out: Dated = tables
        .into_iter()
        .filter_map(|t| month(t).map(|m| (t.supplier.clone(), m)))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

#[derive(Serialize)]
struct BodyRef<'a> {
    source: &'a SourceFile,
    tables: &'a [RawTable],
    issues: Vec<KeptIssue>,
    rows_seen: u64,
    cells: u64,
}

#[derive(Deserialize)]
struct Body {
    source: SourceFile,
    tables: Vec<RawTable>,
    issues: Vec<KeptIssue>,
    rows_seen: u64,
    cells: u64,
}

/// An issue without its file, which is another number in every run.
#[derive(Serialize, Deserialize)]
struct KeptIssue {
    severity: Severity,
    rule: String,
    sheet: Option<u16>,
    row: Option<u32>,
    col: Option<u16>,
    texts: [Text; 3],
    args: Vec<(String, String)>,
}

impl KeptIssue {
    fn of(i: &Issue) -> KeptIssue {
        KeptIssue {
            severity: i.severity,
            rule: i.rule.to_owned(),
            sheet: i.sheet,
            row: i.row,
            col: i.col,
            texts: [i.column.clone(), i.value.clone(), i.proposed.clone()],
            args: (i.args.iter())
                .map(|(k, v)| ((*k).to_owned(), v.clone()))
                .collect(),
        }
    }

    fn issue(self, file: FileId) -> Issue {
        let [column, value, proposed] = self.texts;
        Issue {
            severity: self.severity,
            rule: interned(&self.rule),
            file,
            sheet: self.sheet,
            row: self.row,
            col: self.col,
            column,
            value,
            proposed,
            args: (self.args.into_iter())
                .map(|(k, v)| (interned(&k), v))
                .collect(),
        }
    }
}

/// A rule id or placeholder as the program's own text. The program has a few dozen of them, so what is leaked is
/// bounded; an entry passes its checksum before anything in it comes here.
fn interned(text: &str) -> &'static str {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(k) = known.get(text) {
        return k;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.insert(kept);
    kept
}

impl Cache {
    /// The cache of a private folder `state`; `help` is the text of all files that help recognition.
    pub fn open(state: &Path, settings: &Settings, help: &str) -> Cache {
        let dir = (settings.files.cache && super::state::is_private(state))
            .then(|| state.join("cache"))
            .filter(|d| fs::create_dir_all(d).is_ok());
        let matters = serde_json::to_vec(&(&settings.units, &settings.agencies, &settings.limits));
        let mut hash = Sha256::new();
        for part in [
            MAGIC.as_slice(),
            super::manifest::build_id().as_bytes(),
            &matters.unwrap_or_default(),
            help.as_bytes(),
        ] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Cache {
            dir,
            base: hash.finalize().into(),
            used: Mutex::new(BTreeSet::new()),
        }
    }

    /// Path of an entry and its key.
    fn place(&self, rel: &str, sha256: &str) -> Option<(PathBuf, [u8; 32])> {
        let dir = self.dir.as_ref().filter(|_| !sha256.is_empty())?;
        let named = super::manifest::sha256_hex(format!("{rel}\0{sha256}").as_bytes());
        let name = format!("{}.reading", &named[..32]);
        let key = Sha256::new()
            .chain_update(self.base)
            .chain_update(named.as_bytes());
        let path = dir.join(&name);
        if let Ok(mut used) = self.used.lock() {
            used.insert(name);
        }
        Some((path, key.finalize().into()))
    }

    /// The months of a file's tables, when it has been read before.
    pub fn dated(&self, rel: &str, content: &Fingerprint) -> Option<Dated> {
        use std::io::Read;
        let (path, key) = self.place(rel, &content.sha256)?;
        let mut file = fs::File::open(path).ok()?;
        let mut fixed = [0u8; FIXED];
        file.read_exact(&mut fixed).ok()?;
        let lengths = Lengths::read(&fixed, &key)?;
        let mut head = vec![0u8; lengths.head];
        file.read_exact(&mut head).ok()?;
        lengths.dated(&head)
    }

    /// A reading kept before, as the file `id` of this run.
    pub fn get(&self, id: FileId, rel: &str, content: &Fingerprint) -> Option<FileReading> {
        let (path, key) = self.place(rel, &content.sha256)?;
        let bytes = fs::read(path).ok()?;
        let lengths = Lengths::read(bytes.get(..FIXED)?, &key)?;
        let body = bytes.get(FIXED + lengths.head..)?;
        if body.len() as u64 != lengths.body || crc32fast::hash(body) != lengths.body_crc {
            return None;
        }
        let body: Body = postcard::from_bytes(body).ok()?;
        let mut reading = FileReading {
            source: body.source,
            tables: body.tables,
            issues: body.issues.into_iter().map(|i| i.issue(id)).collect(),
            rows_seen: body.rows_seen,
            cells: body.cells,
        };
        for t in &mut reading.tables {
            t.file = id;
        }
        Some(reading)
    }

    /// Keeps a reading. What cannot be kept is read again next time: no failure of the cache stops a run.
    pub fn put(&self, reading: &FileReading) {
        // A file that changed under the reader may be another one next time; one without a hash has no place.
        if reading.issues.iter().any(|i| i.rule == "ingest.changing") {
            return;
        }
        let Some((path, key)) = self.place(&reading.source.path, &reading.source.sha256) else {
            return;
        };
        if let Err(e) = write(&path, &key, reading) {
            tracing::debug!(event = "cache", error = %e);
        }
    }

    /// Removes entries of files that are no longer in the inbox.
    pub fn prune(&self) {
        let (Some(dir), Ok(used)) = (&self.dir, self.used.lock()) else {
            return;
        };
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            if !(entry.file_name().to_str()).is_some_and(|n| used.contains(n)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// The fixed part of an entry whose key is the one wanted.
struct Lengths {
    head: usize,
    head_crc: u32,
    body: u64,
    body_crc: u32,
}

impl Lengths {
    fn read(fixed: &[u8], key: &[u8; 32]) -> Option<Lengths> {
        let (magic, rest) = fixed.split_first_chunk::<8>()?;
        let (k, rest) = rest.split_first_chunk::<32>()?;
        let (head, rest) = rest.split_first_chunk::<4>()?;
        let (head_crc, rest) = rest.split_first_chunk::<4>()?;
        let (body, rest) = rest.split_first_chunk::<8>()?;
        let (body_crc, _) = rest.split_first_chunk::<4>()?;
        let head = u32::from_le_bytes(*head) as usize;
        // A head is a few lines; a length beyond that is damage, not data.
        (magic == MAGIC && k == key && head < 1 << 20).then(|| Lengths {
            head,
            head_crc: u32::from_le_bytes(*head_crc),
            body: u64::from_le_bytes(*body),
            body_crc: u32::from_le_bytes(*body_crc),
        })
    }

    fn dated(&self, head: &[u8]) -> Option<Dated> {
        (crc32fast::hash(head) == self.head_crc)
            .then(|| postcard::from_bytes(head).ok())
            .flatten()
    }
}

/// Counts and sums what goes into a file.
struct Counted<'a> {
    file: &'a mut fs::File,
    length: u64,
    crc: crc32fast::Hasher,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.crc.update(&bytes[..n]);
        self.length += n as u64;
        Ok(n)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

fn write(path: &Path, key: &[u8; 32], reading: &FileReading) -> std::io::Result<()> {
    let head = postcard::to_stdvec(&dated(&reading.tables)).map_err(std::io::Error::other)?;
    let body = BodyRef {
        source: &reading.source,
        tables: &reading.tables,
        issues: reading.issues.iter().map(KeptIssue::of).collect(),
        rows_seen: reading.rows_seen,
        cells: reading.cells,
    };
    let dir = path.parent().unwrap_or(Path::new("."));
    // Not flushed to the disk: what a power cut leaves half written fails its checksum.
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    // The body goes straight to the file, behind room for what is only known after it.
    file.write_all(&[0; FIXED])?;
    file.write_all(&head)?;
    let counted = Counted {
        file: file.as_file_mut(),
        length: 0,
        crc: crc32fast::Hasher::new(),
    };
    let buffered = std::io::BufWriter::with_capacity(1 << 16, counted);
    let buffered = postcard::to_io(&body, buffered).map_err(std::io::Error::other)?;
    let counted = buffered.into_inner().map_err(|e| e.into_error())?;
    let (length, crc) = (counted.length, counted.crc.finalize());
    file.rewind()?;
    file.write_all(MAGIC)?;
    file.write_all(key)?;
    file.write_all(&(head.len() as u32).to_le_bytes())?;
    file.write_all(&crc32fast::hash(&head).to_le_bytes())?;
    file.write_all(&length.to_le_bytes())?;
    file.write_all(&crc.to_le_bytes())?;
    let temporary = file.into_temp_path();
    fs::rename(&temporary, path)?;
    let _ = temporary.keep();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{InboxFile, Reader, Sources};
    use std::collections::BTreeMap;

    const LIST: &str = "LAPAS KELAS IIB PIRU\nBULAN JANUARI 2026\nNo;Nama;NIK;Tgl Masuk;Pasal\n\
        1;LA ODE RAHMAT;8171010101900001;05/01/2026;363 KUHP\n2;WA INA;8171014101910002;06/01/2026;112 UU 35/2009\n";

    struct Room {
        dir: tempfile::TempDir,
        settings: Settings,
        file: InboxFile,
        content: Fingerprint,
    }

    fn room() -> Room {
        let dir = tempfile::tempdir().unwrap();
        super::super::state::prepare(&dir.path().join("state"), crate::locale::Lang::Id).unwrap();
        let path = dir.path().join("piru.csv");
        fs::write(&path, LIST).unwrap();
        Room {
            settings: Settings::default(),
            content: Fingerprint::of(&path).unwrap(),
            file: InboxFile {
                path,
                rel: "lapas-piru/piru.csv".into(),
            },
            dir,
        }
    }

    impl Room {
        fn cache(&self) -> Cache {
            Cache::open(&self.dir.path().join("state"), &self.settings, "")
        }
        fn read(&self) -> FileReading {
            let units = crate::domain::upt::UptRegistry::maluku(&[]);
            let reader = Reader {
                units: &units,
                sources: &Sources::default(),
                limits: &self.settings.limits,
                agencies: &BTreeMap::new(),
            };
            reader.read(FileId(0), &self.file)
        }
        fn found(&self) -> Option<FileReading> {
            self.cache().get(FileId(7), &self.file.rel, &self.content)
        }
        fn entry(&self) -> PathBuf {
            let mut all = fs::read_dir(self.dir.path().join("state/cache")).unwrap();
            all.next().unwrap().unwrap().path()
        }
    }

    #[test]
    fn a_reading_comes_back_as_it_was_under_the_number_of_this_run() {
        let r = room();
        let first = r.read();
        assert_eq!(first.rows_seen, 2);
        r.cache().put(&first);
        let mut again = r.found().unwrap();
        assert!(again.tables.iter().all(|t| t.file == FileId(7)));
        assert!(again.issues.iter().all(|i| i.file == FileId(7)));
        again.tables.iter_mut().for_each(|t| t.file = FileId(0));
        again.issues.iter_mut().for_each(|i| i.file = FileId(0));
        assert_eq!(again.tables, first.tables);
        assert_eq!(again.issues, first.issues);
        assert_eq!(again.source, first.source);
        assert_eq!(
            r.cache().dated(&r.file.rel, &r.content),
            Some(dated(&first.tables))
        );
    }

    #[test]
    fn an_entry_cut_short_or_changed_anywhere_is_no_entry() {
        let r = room();
        r.cache().put(&r.read());
        let whole = fs::read(r.entry()).unwrap();
        for n in (0..whole.len()).step_by(7) {
            fs::write(r.entry(), &whole[..n]).unwrap();
            assert!(r.found().is_none(), "cut at {n}");
            let mut bad = whole.clone();
            bad[n] ^= 0x10;
            fs::write(r.entry(), &bad).unwrap();
            // A head that is damaged is found damaged when it is read; the body beside it is whole.
            let head = r.cache().dated(&r.file.rel, &r.content);
            assert!(r.found().is_none() || head.is_none(), "changed at {n}");
        }
    }

    #[test]
    fn other_settings_help_path_or_content_is_another_reading() {
        let mut r = room();
        r.cache().put(&r.read());
        let state = r.dir.path().join("state");
        let other = Cache::open(&state, &r.settings, "files = \"*\"");
        assert!(other.get(FileId(0), &r.file.rel, &r.content).is_none());
        assert!(
            r.cache()
                .get(FileId(0), "dinsos/piru.csv", &r.content)
                .is_none()
        );
        let changed = Fingerprint {
            sha256: "0".repeat(64),
            ..r.content.clone()
        };
        assert!(r.cache().get(FileId(0), &r.file.rel, &changed).is_none());
        r.settings.limits.cells = 17;
        assert!(r.found().is_none());
        r.settings = Settings::default();
        assert!(r.found().is_some());
        r.settings.files.cache = false;
        assert!(r.found().is_none());
    }

    #[test]
    fn what_left_the_inbox_leaves_the_cache() {
        let r = room();
        r.cache().put(&r.read());
        let kept = r.cache();
        assert!(kept.get(FileId(0), &r.file.rel, &r.content).is_some());
        kept.prune();
        assert!(r.found().is_some());
        r.cache().prune();
        assert!(r.found().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_kept_where_others_can_look() {
        use std::os::unix::fs::PermissionsExt;
        let r = room();
        r.cache().put(&r.read());
        let mode = |p: PathBuf| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(r.entry()), 0o600);
        fs::remove_dir_all(r.dir.path().join("state/cache")).unwrap();
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(r.dir.path().join("state"), open).unwrap();
        r.cache().put(&r.read());
        assert!(!r.dir.path().join("state/cache").exists());
    }
}
