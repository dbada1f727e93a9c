//! Files read and cleaned, kept from run to run, so that a file that has not changed is neither parsed nor cleaned again.
//!
//! An entry is one [`CleanedFile`], with the last days on which the same is made of it: of a file that lies wholly in the past,
//! the next month finds last month's. An entry holds personal data: it lies in `state/cache`, readable by its owner
//! alone, and goes as soon as its file is no longer in the inbox.
//!
//! Deleting the folder is always safe. An entry that is broken, cut short, of another build, or made with other
//! settings, other help, under another path or for a day that would make a difference is no entry: the file is read again
//! and the entry replaced.
//!
//! ```text
//! 8 bytes   magic and format version
//! 32 bytes  key: SHA-256 over build, settings that matter, help for recognition, path, content
//! 4 + 4     length and CRC-32 of the head: (supplier, month) of each dated table, last days
//! 8 + 4     length and CRC-32 of the body
//! head, body (postcard)
//! ```

mod issues;

use super::cleaned::{CleanedFile, Dated, FileCount};
use crate::clean::Alike;
use crate::domain::FileId;
use crate::domain::account::SheetAccount;
use crate::domain::place::SourceFile;
use crate::domain::records::Records;
use crate::ingest::Fingerprint;
use crate::workspace::Settings;
use chrono::NaiveDate;
use issues::KeptIssues;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Raised when the form of an entry changes.
const MAGIC: &[u8; 8] = b"RGCLEAN2";
/// Bytes before the head.
const FIXED: usize = 8 + 32 + 4 + 4 + 8 + 4;

/// The files kept in a workspace's private state; without a private folder it keeps and finds nothing.
#[derive(Debug)]
pub struct Cache {
    dir: Option<PathBuf>,
    base: [u8; 32],
    used: Mutex<BTreeSet<String>>,
}

/// The body of an entry.
#[derive(Serialize)]
struct BodyRef<'a> {
    source: &'a SourceFile,
    count: &'a FileCount,
    records: &'a Records,
    issues: KeptIssues<'a>,
    accounts: &'a [SheetAccount],
}

#[derive(Deserialize)]
struct Body<'a> {
    source: SourceFile,
    count: FileCount,
    records: Records,
    #[serde(borrow)]
    issues: KeptIssues<'a>,
    accounts: Vec<SheetAccount>,
}

impl Cache {
    /// The cache of a private folder `state`; `help` is the text of all files that help recognition.
    pub fn open(state: &Path, settings: &Settings, help: &str) -> Cache {
        let dir = (settings.files.cache && super::state::is_private(state))
            .then(|| state.join("cache"))
            .filter(|d| fs::create_dir_all(d).is_ok());
        let matters = serde_json::to_vec(&(
            &settings.units,
            &settings.agencies,
            &settings.limits,
            &settings.priority_programmes,
        ));
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
        let name = format!("{}.cleaned", &named[..32]);
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
        Some(lengths.head(&head)?.0)
    }

    /// A file kept before as it is on the last day `as_of`, as the file `id` of this run.
    pub fn get(
        &self,
        id: FileId,
        rel: &str,
        content: &Fingerprint,
        as_of: NaiveDate,
    ) -> Option<CleanedFile> {
        let (path, key) = self.place(rel, &content.sha256)?;
        let kept = [path.clone(), earlier(&path)].into_iter();
        kept.filter_map(|path| self.entry(&path, &key, id, as_of))
            .next()
    }

    /// What an entry holds for a last day.
    fn entry(
        &self,
        path: &Path,
        key: &[u8; 32],
        id: FileId,
        as_of: NaiveDate,
    ) -> Option<CleanedFile> {
        let bytes = fs::read(path).ok()?;
        let (fixed, rest) = bytes.split_at_checked(FIXED)?;
        let lengths = Lengths::read(fixed, key)?;
        let (head, body) = rest.split_at_checked(lengths.head)?;
        let (dated, alike) = lengths.head(head)?;
        if !alike.holds(as_of)
            || body.len() as u64 != lengths.body
            || crc32fast::hash(body) != lengths.body_crc
        {
            return None;
        }
        let mut body: Body = postcard::from_bytes(body).ok()?;
        body.records.stand_in(id);
        Some(CleanedFile {
            source: body.source,
            dated,
            alike,
            count: body.count,
            records: body.records,
            issues: body.issues.issues(id)?,
            accounts: body.accounts,
        })
    }

    /// Keeps a file. What cannot be kept is read again next time: no failure of the cache stops a run.
    pub fn put(&self, file: &CleanedFile) {
        // A file that changed under the reader may be another one next time; one without a hash has no place.
        if file.issues.iter().any(|i| i.rule == "ingest.changing") {
            return;
        }
        let Some((path, key)) = self.place(&file.source.path, &file.source.sha256) else {
            return;
        };
        // The month after asks what the file said up to this month's end: the last two readings are kept.
        let _ = fs::rename(&path, earlier(&path));
        if let Err(e) = write(&path, &key, file) {
            tracing::debug!(event = "cache", error = %e);
        }
    }

    /// Removes entries of files that are no longer in the inbox.
    pub fn prune(&self) {
        let (Some(dir), Ok(used)) = (&self.dir, self.used.lock()) else {
            return;
        };
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let of = name.to_str().map(|n| n.trim_end_matches(EARLIER));
            if !of.is_some_and(|n| used.contains(n)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// What the name of the reading before the last one ends in.
const EARLIER: &str = ".before";

/// Where the reading before the last one of a file is kept.
fn earlier(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(EARLIER);
    name.into()
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

    fn head(&self, head: &[u8]) -> Option<(Dated, Alike)> {
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

fn write(path: &Path, key: &[u8; 32], cleaned: &CleanedFile) -> std::io::Result<()> {
    let head = postcard::to_stdvec(&(&cleaned.dated, cleaned.alike));
    let head = head.map_err(std::io::Error::other)?;
    let body = BodyRef {
        source: &cleaned.source,
        count: &cleaned.count,
        records: &cleaned.records,
        issues: KeptIssues::of(&cleaned.issues),
        accounts: &cleaned.accounts,
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
        1;LA ODE RAHMAT;8171010101900001;05/01/2026;363 KUHP\n2;WA INA;8171014101910002;06/01/2026;112 UU 35/2009\n\
        3;YOPI TUHUTERU;81710101019;07/01/2026;\n4;WA ODE SITI;8171014101930004;03/02/2026;363 KUHP\n";

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

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    impl Room {
        fn cache(&self) -> Cache {
            Cache::open(&self.dir.path().join("state"), &self.settings, "")
        }
        fn read(&self, as_of: NaiveDate) -> CleanedFile {
            let units = crate::domain::upt::UptRegistry::maluku(&[]);
            let reader = Reader {
                units: &units,
                sources: &Sources::default(),
                limits: &self.settings.limits,
                agencies: &BTreeMap::new(),
            };
            let cleaner = crate::clean::Cleaner {
                units: &units,
                settings: &self.settings,
                as_of,
            };
            CleanedFile::of(&cleaner, reader.read(FileId(0), &self.file))
        }
        /// The file read and kept as of the end of January 2026.
        fn put(&self) {
            self.cache().put(&self.read(day(2026, 1, 31)));
        }
        fn found_on(&self, as_of: NaiveDate) -> Option<CleanedFile> {
            self.cache()
                .get(FileId(7), &self.file.rel, &self.content, as_of)
        }
        fn found(&self) -> Option<CleanedFile> {
            self.found_on(day(2026, 1, 31))
        }
        fn entry(&self) -> PathBuf {
            let mut all = fs::read_dir(self.dir.path().join("state/cache")).unwrap();
            all.next().unwrap().unwrap().path()
        }
    }

    #[test]
    fn a_file_comes_back_as_it_was_under_the_number_of_this_run() {
        let r = room();
        let first = r.read(day(2026, 1, 31));
        assert_eq!((first.count.seen, first.count.beyond), (4, 1));
        assert!(!first.issues.is_empty());
        r.cache().put(&first);
        let mut again = r.found().unwrap();
        let at = |c: &CleanedFile| c.records.identities().map(|(at, _)| at.file).max();
        assert_eq!(at(&again), Some(FileId(7)));
        assert!(again.issues.iter().all(|i| i.file == FileId(7)));
        again.records.stand_in(FileId(0));
        again.issues.iter_mut().for_each(|i| i.file = FileId(0));
        assert_eq!(again.records, first.records);
        assert_eq!(again.issues, first.issues);
        assert_eq!(again.source, first.source);
        assert_eq!(again.count, first.count);
        assert_eq!(again.alike, first.alike);
        assert_eq!(again.dated, first.dated);
        assert_eq!(
            r.cache().dated(&r.file.rel, &r.content),
            Some(first.dated.clone())
        );
    }

    #[test]
    fn a_file_is_found_on_the_days_that_make_no_difference_to_it() {
        let r = room();
        r.put();
        // Until somebody comes in on the third of February; and the list's month has not ended before.
        for n in 0..60 {
            let on = day(2026, 1, 1) + chrono::Days::new(n);
            let alike = (day(2026, 1, 31)..day(2026, 2, 3)).contains(&on);
            assert_eq!(r.found_on(on).is_some(), alike, "{on}");
        }
        r.cache().put(&r.read(day(2026, 2, 28)));
        assert!(r.found().is_some(), "the reading before is kept too");
        assert!(r.found_on(day(2026, 12, 31)).is_some());
        r.cache().put(&r.read(day(2025, 12, 31)));
        assert!(r.found().is_none(), "of more than two the oldest goes");
        assert!(r.found_on(day(2026, 12, 31)).is_some());
        // How old the people are in their NIK is a matter of the year.
        assert!(r.found_on(day(2027, 1, 1)).is_none());
    }

    #[test]
    fn an_entry_cut_short_or_changed_anywhere_is_no_entry() {
        let r = room();
        r.put();
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
        let (mut r, on) = (room(), day(2026, 1, 31));
        r.put();
        let state = r.dir.path().join("state");
        let other = Cache::open(&state, &r.settings, "files = \"*\"");
        assert!(other.get(FileId(0), &r.file.rel, &r.content, on).is_none());
        assert!(
            r.cache()
                .get(FileId(0), "dinsos/piru.csv", &r.content, on)
                .is_none()
        );
        let changed = Fingerprint {
            sha256: "0".repeat(64),
            ..r.content.clone()
        };
        assert!(
            r.cache()
                .get(FileId(0), &r.file.rel, &changed, on)
                .is_none()
        );
        r.settings.limits.cells = 17;
        assert!(r.found().is_none());
        r.settings = Settings::default();
        r.settings.priority_programmes.push("beta".into());
        assert!(r.found().is_none());
        r.settings = Settings::default();
        assert!(r.found().is_some());
        r.settings.files.cache = false;
        assert!(r.found().is_none());
    }

    #[test]
    fn what_left_the_inbox_leaves_the_cache() {
        let r = room();
        r.put();
        let kept = r.cache();
        let on = day(2026, 1, 31);
        assert!(kept.get(FileId(0), &r.file.rel, &r.content, on).is_some());
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
        r.put();
        let mode = |p: PathBuf| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(r.entry()), 0o600);
        fs::remove_dir_all(r.dir.path().join("state/cache")).unwrap();
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(r.dir.path().join("state"), open).unwrap();
        r.put();
        assert!(!r.dir.path().join("state/cache").exists());
    }
}
