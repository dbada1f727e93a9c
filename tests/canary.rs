//! Five hundred marked people in the inbox: whole rows and broken ones, headers, names of sheets and files. None of them
//! may turn up in anything handed over but the lists that go back to the office that sent them, nor in anything the
//! program prints: after a run, a check, a refusal, a fault of the program and a kill.

use std::collections::{BTreeSet, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A name, a NIK and a birth date that occur nowhere else.
struct Marked {
    name: String,
    nik: String,
    birth: (usize, usize, usize),
}

impl Marked {
    /// Every form in which somebody could read the person.
    fn secrets(&self) -> [String; 6] {
        let (d, m, y) = self.birth;
        [
            self.name.to_uppercase(),
            self.name.to_uppercase().replace(' ', "-"),
            self.nik.clone(),
            format!("{d:02}-{m:02}-{y}"),
            format!("{d:02}/{m:02}/{y}"),
            format!("{y}-{m:02}-{d:02}"),
        ]
    }
    fn born(&self) -> String {
        let (d, m, y) = self.birth;
        format!("{d:02}-{m:02}-{y}")
    }
}

fn marked(i: usize) -> Marked {
    let letters = |mut n: usize| {
        let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
        let mut s = String::new();
        for _ in 0..4 {
            s.push(letter(n));
            n /= 26;
        }
        s
    };
    // 500 different days, none of them in the years the reports speak of.
    let birth = (1 + i % 28, 1 + (i / 28) % 12, 1961 + i / 336 * 20 + i % 17);
    Marked {
        name: format!("Qx{} Zw{}", letters(i * 7 + 3), letters(i * 31 + 11)),
        nik: format!(
            "817102{:02}{:02}{:02}{:04}",
            birth.0,
            birth.1,
            birth.2 % 100,
            1000 + i
        ),
        birth,
    }
}

const HEADER: &str = "No;No. Registrasi;Nama Lengkap;NIK;L/P;Tempat/Tgl Lahir;Alamat;Perkara;Pasal;Tanggal Masuk;Tgl Ekspirasi;Tgl Bebas;Jenis Keluar;Ket";

fn register(people: &[Marked], extra_header: &str) -> String {
    let mut text = format!("{HEADER};{extra_header}\n");
    for (i, p) in people.iter().enumerate() {
        let birth = p.born();
        let out = if i % 3 == 0 { "15/01/2026;PB" } else { ";" };
        let rest = match i % 7 {
            // Columns pushed aside, a quote left open, what cannot be a date or a NIK.
            0 => format!("Ambon {birth};;{};Pasal {}", p.name, p.nik),
            1 => format!(
                "Ambon, {birth};\"{};Pencurian;363;{birth};;;{};{}\"",
                p.nik, p.name, p.nik
            ),
            2 => format!(
                "Ambon, {birth};{};{birth};{};{};{};{out};{};{}",
                p.name, p.nik, p.name, p.nik, p.nik, p.name
            ),
            _ => format!(
                "Ambon, {birth};Kel. Batu Merah Kota Ambon;Pencurian;363 KUHP;1{}/0{}/2025;01/02/2027;{out};{} {};{}",
                i % 10,
                1 + i % 9,
                p.name,
                p.nik,
                p.name
            ),
        };
        text.push_str(&format!(
            "{};B.I {}/2025;{};{};L;{rest}\n",
            i + 1,
            i + 1,
            p.name,
            p.nik
        ));
    }
    text
}

/// People of the prison, of the city's agency, and of neither (files that are no tables).
fn inbox(ws: &Path) -> Vec<Marked> {
    let people: Vec<Marked> = (0..500).map(marked).collect();
    let write = |rel: String, content: &[u8]| {
        let path = ws.join("inbox").join(rel);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    };
    let title = &people[499];
    let prison = register(&people[..300], &people[498].name);
    let text = format!(
        "LAPAS KELAS IIA AMBON\nDAFTAR PENGHUNI {} {} S.D. 31 JANUARI 2026\n\n{prison}",
        title.name, title.nik
    );
    let p = &people[0];
    write(
        format!("lapas-ambon/register {} {} {}.csv", p.name, p.nik, p.born()),
        text.as_bytes(),
    );
    // A workbook whose sheet, header and title are people.
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(&people[300].name).unwrap();
    let header = [
        "No",
        "Nama",
        "NIK",
        "Tgl Lahir",
        "Jenis Layanan",
        "Tanggal",
        "Status",
        &people[301].name,
    ];
    sheet
        .write(
            0,
            0,
            format!("DINAS KESEHATAN KOTA AMBON - {}", people[302].name),
        )
        .unwrap();
    for (c, h) in header.iter().enumerate() {
        sheet.write(2, c as u16, *h).unwrap();
    }
    for (i, p) in people[300..450].iter().enumerate() {
        // The same NIK as somebody in prison, under another name: what one office is told must not name the other's.
        let nik = if i % 10 == 0 { &people[i].nik } else { &p.nik };
        let cells = [
            &(i + 1).to_string(),
            &p.name,
            nik,
            &p.born(),
            "Skrining TB",
            "12/01/2026",
            "selesai",
            &p.name,
        ];
        for (c, v) in cells.iter().enumerate() {
            sheet.write(3 + i as u32, c as u16, *v).unwrap();
        }
    }
    write(
        format!("opd/dinkes {}.xlsx", people[303].name),
        &book.save_to_buffer().unwrap(),
    );
    for p in &people[450..460] {
        write(
            format!("lapas-ambon/{} {}.xlsx", p.name, p.nik),
            format!("PK\u{3}\u{4} {} {}", p.name, p.nik).as_bytes(),
        );
    }
    for p in &people[460..470] {
        write(
            format!("surat {} {}.pdf", p.name, p.born()),
            p.name.as_bytes(),
        );
    }
    // Lists at the top of the inbox that no office can be found for.
    for p in &people[470..475] {
        write(
            format!("{}.csv", p.name),
            register(std::slice::from_ref(p), "x").as_bytes(),
        );
    }
    write(
        format!("lapas-ambon/{}.csv", people[476].name),
        register(&people[475..498], "x").as_bytes(),
    );
    people
}

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for e in std::fs::read_dir(dir).unwrap().flatten() {
        if e.path().is_dir() {
            files(&e.path(), out);
        } else {
            out.push(e.path());
        }
    }
}

/// All bytes of a file: of a workbook, a document or slides those of every part too, of a PDF those of every stream.
fn texts(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    if let Ok(mut zip) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) {
        for i in 0..zip.len() {
            let mut part = Vec::new();
            zip.by_index(i).unwrap().read_to_end(&mut part).unwrap();
            // A workbook that a slide's chart is edited in.
            all.extend(if part.starts_with(b"PK") {
                texts(&part)
            } else {
                part
            });
        }
    }
    if bytes.starts_with(b"%PDF") {
        let mut rest = bytes;
        while let Some(at) = rest.windows(7).position(|w| w == b"stream\n") {
            rest = &rest[at + 7..];
            let _ = flate2::read::ZlibDecoder::new(rest).read_to_end(&mut all);
        }
    }
    all
}

/// The marked strings that stand somewhere.
fn found(text: &[u8], people: &[Marked]) -> BTreeSet<String> {
    let secrets: HashSet<Vec<u8>> = (people.iter().flat_map(Marked::secrets))
        .map(String::into_bytes)
        .collect();
    let text = text.to_ascii_uppercase();
    let mut out = BTreeSet::new();
    for (i, first) in text.iter().enumerate() {
        // A name, a NIK, a day: nothing else needs to be looked up.
        let length = match first {
            b'Q' => 13,
            b'8' if text[i..].starts_with(b"817102") => 16,
            b'0'..=b'3' if matches!(text.get(i + 2), Some(b'-' | b'/')) => 10,
            b'1' if text.get(i + 4) == Some(&b'-') => 10,
            _ => continue,
        };
        if let Some(word) = text.get(i..i + length)
            && secrets.contains(word)
        {
            out.insert(String::from_utf8_lossy(word).into_owned());
        }
    }
    out
}

struct Office {
    ws: PathBuf,
}

impl Office {
    fn command(&self, args: &[&str]) -> Command {
        let mut c = Command::new(env!("CARGO_BIN_EXE_reintegrasi"));
        c.env_remove("RUST_LOG").args(args).arg(&self.ws);
        c
    }
    /// Exit status and everything printed.
    fn says(&self, args: &[&str]) -> (Option<i32>, String) {
        told(self.command(args))
    }
}

fn told(mut c: Command) -> (Option<i32>, String) {
    let o = c.output().unwrap();
    let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    (o.status.code(), text(&o.stdout) + &text(&o.stderr))
}

#[test]
fn five_hundred_marked_people_reach_nothing_that_others_read() {
    let dir = tempfile::tempdir().unwrap();
    let office = Office {
        ws: dir.path().join("ws"),
    };
    assert_eq!(office.says(&["init"]).0, Some(0));
    let people = inbox(&office.ws);
    let clean = |what: &str, text: &str| {
        let found = found(text.as_bytes(), &people);
        assert!(found.is_empty(), "{what} holds {found:?}");
    };
    // The search finds what is there.
    assert_eq!(
        found(register(&people[..1], "").as_bytes(), &people).len(),
        3
    );

    let run = ["run", "--month", "2026-01"];
    let (status, said) = office.says(&run);
    assert!(matches!(status, Some(0 | 3)), "{status:?} {said}");
    clean("run", &said);
    let annex = dir.path().join("annex.xlsx");
    let to = format!("--annex={}", annex.display());
    let (status, said) = office.says(&[&["--log-format", "json"], &run[..], &[&to]].concat());
    assert!(matches!(status, Some(0 | 3)), "{status:?} {said}");
    clean("the log of a run", &said);
    // Asked for, the annex names people: outside what is handed over, for its owner alone.
    let text = texts(&std::fs::read(&annex).unwrap());
    let named = found(&text, &people).len();
    assert!(has(&text, "RAHASIA") && named > 20, "{named}");
    let to = format!(
        "--annex={}",
        office.ws.join("out/2026-01/annex.xlsx").display()
    );
    let (status, said) = office.says(&[&run[..], &[&to]].concat());
    assert_eq!(status, Some(2), "{said}");
    clean("check", &office.says(&["check", "--month", "2026-01"]).1);
    clean("status", &office.says(&["status"]).1);
    handed_over(&office.ws, &people);
    let record = std::fs::read_to_string(office.ws.join("state/processing.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(record.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&line["command"], &line["month"]),
        (&"run".into(), &"2026-01".into())
    );
    assert!(line["when"].is_string() && line["files"].as_array().is_some_and(|f| f.len() > 10));
    clean("the record of processing", &record);

    // A fault of the program with a row of a file in its message: only its place is told.
    for log in [&[][..], &["--log-format", "json"]] {
        // Of what is remembered no row is read.
        std::fs::remove_dir_all(office.ws.join("state/cache")).unwrap();
        let mut c = office.command(&[log, &run, &["--force"]].concat());
        c.env("REINTEGRASI_PANIC", "1");
        let (status, said) = told(c);
        assert_eq!(status, Some(1), "{said}");
        assert!(said.contains(".rs:"), "{said}");
        clean("a fault", &said);
    }
    purged(&office);
    #[cfg(unix)]
    {
        killed(&office, &people);
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&annex).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(office.ws.join("state"), open).unwrap();
        let (status, said) = office.says(&run);
        assert_eq!(status, Some(2), "{said}");
        clean("a refusal", &said);
    }
}

/// What is remembered of old months goes when it is asked for twice, and the record says so.
fn purged(office: &Office) {
    let old = office.ws.join("state/published/kota/2001-01.json");
    std::fs::write(&old, "[]").unwrap();
    let (status, said) = office.says(&["purge", "--months", "13"]);
    assert_eq!(status, Some(2), "{said}");
    let (status, said) = office.says(&["purge"]);
    assert!(
        status == Some(0) && said.contains("2001-01.json") && old.exists(),
        "{said}"
    );
    assert_eq!(office.says(&["purge", "--yes"]).0, Some(0));
    assert!(!old.exists());
    assert!(office.ws.join("state/published/kota/2026-01.json").exists());
    let record = std::fs::read_to_string(office.ws.join("state/processing.jsonl")).unwrap();
    assert!(
        record
            .lines()
            .last()
            .unwrap()
            .contains("\"command\":\"purge\""),
        "{record}"
    );
}

fn has(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|w| w == word.as_bytes())
}

/// Nothing says who made a file, on which machine or where.
fn nameless(name: &str, bytes: &[u8], root: &Path) {
    let text = texts(bytes);
    let root = root.to_string_lossy();
    assert!(!has(&text, &root), "{name} says where it was made");
    for made in [
        "<dc:creator>",
        "<cp:lastModifiedBy>",
        "<Manager>",
        "/Author",
        "/Creator ",
        "tEXtAuthor",
        "tEXtSoftware",
    ] {
        let at = text.windows(made.len()).position(|w| w == made.as_bytes());
        let said = at.map(|at| &text[at + made.len()..]);
        assert!(
            said.is_none_or(|rest| rest.starts_with(b"</")),
            "{name} says {made}"
        );
    }
}

/// Everything below `out/` and what goes back to suppliers, names of files included; an office's own list may hold what that office sent.
fn handed_over(ws: &Path, people: &[Marked]) {
    let mut all = Vec::new();
    files(&ws.join("out"), &mut all);
    assert!(
        all.iter()
            .all(|p| !p.to_string_lossy().contains("umpan-balik"))
    );
    files(&ws.join("umpan-balik"), &mut all);
    let (mut city, mut lists) = (0, 0);
    for path in all {
        let name = path.to_string_lossy().into_owned();
        assert!(found(name.as_bytes(), people).is_empty(), "{name}");
        let bytes = std::fs::read(&path).unwrap();
        if !name.ends_with("manifest.json") {
            nameless(&name, &bytes, ws);
        }
        let mut held = found(&texts(&bytes), people);
        let own: &[&[Marked]] =
            if name.contains("umpan-balik") && name.ends_with("lapas-ambon.xlsx") {
                &[&people[..300], &people[450..460], &people[475..]]
            } else if name.contains("umpan-balik") && name.ends_with("dinkes.xlsx") {
                // Ten NIK of the prison's people stand in its own file.
                &[&people[300..450]]
            } else if name.contains("umpan-balik") {
                &[&people[460..475]]
            } else {
                city += usize::from(name.contains("kota"));
                &[]
            };
        lists += usize::from(!own.is_empty());
        for s in own.iter().copied().flatten().flat_map(Marked::secrets) {
            held.remove(&s);
        }
        if name.contains("umpan-balik") && name.ends_with("dinkes.xlsx") {
            held.retain(|s| !people[..150].iter().step_by(10).any(|p| p.nik == *s));
        }
        assert!(held.is_empty(), "{name} holds {held:?}");
    }
    assert!(
        city > 5 && lists >= 3,
        "{city} files of the City, {lists} lists"
    );
}

/// Killed while it writes: what lies in the staging folder is as clean as what is handed over.
#[cfg(unix)]
fn killed(office: &Office, people: &[Marked]) {
    use std::io::BufRead;
    let mut c = office.command(&[
        "--log-format",
        "json",
        "run",
        "--force",
        "--month",
        "2026-01",
    ]);
    let mut child = c
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = std::io::BufReader::new(child.stderr.take().unwrap());
    let (mut all, mut line) = (String::new(), String::new());
    while !line.contains("\"report\"") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "{all}");
        all.push_str(&line);
    }
    let staged = || {
        office
            .ws
            .join("out/.staging-2026-01/data/kota.csv")
            .exists()
    };
    while !staged() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    log.read_to_string(&mut all).unwrap();
    assert!(found(all.as_bytes(), people).is_empty());
    handed_over(&office.ws, people);
}
