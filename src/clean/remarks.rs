//! What became of somebody, in free text (`Dicabut krn tindak pidana baru`, `Limpah ke Bapas Saumlaki tgl 5/5/2025`,
//! `MD 3/1/26`): the events it affirms, each with the day that stands beside it. What is denied or planned is none.

use super::codes;
use super::date::{self, DateReading};
use super::text::{affirmed_at, is_placeholder, says, wording};
use crate::domain::raw::RawCell;
use crate::domain::supervision::SupervisionEnd;
use crate::domain::{ExitCode, Month, PartialDate};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The decree of integration was revoked, with its ground.
    Revoked(SupervisionEnd),
    /// Guidance was completed.
    Completed,
    /// Guidance was handed over to another office.
    Delegated,
    /// Died.
    Died,
    /// Cannot be found.
    Absconded,
    /// Left custody.
    Left(ExitCode),
    /// Left a programme before its end.
    DroppedOut,
}

/// An event as a text tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What.
    pub event: Event,
    /// When, as far as the text says.
    pub on: PartialDate,
}

/// Words before an event by which it has not come about.
const NOT_YET: &[&str] = &[
    "ditolak",
    "akan",
    "rencana",
    "rencananya",
    "usul",
    "usulan",
    "diusulkan",
    "diusul",
    "usulkan",
    "pengusulan",
    "pengajuan",
    "diajukan",
    "ajukan",
    "bakal",
    "segera",
    "kalo",
    "klo",
    "proses",
    "menunggu",
    "permohonan",
    "mengajukan",
    "mohon",
    "memohon",
    "calon",
    "percobaan",
    "mencoba",
    "terancam",
    "berpotensi",
    "disarankan",
    "saran",
    "rekomendasi",
    "dapat",
    "bisa",
    "bila",
    "jika",
    "apabila",
    "kalau",
    "sebelum",
    "hampir",
    "diduga",
    "ancaman",
    "peringatan",
    "hendak",
    "mau",
    "perkiraan",
    "direncanakan",
    "dijadwalkan",
    "jadwal",
    "estimasi",
    "target",
    "sampai",
];

/// Words behind an event by which it did not come about.
const UNDONE: &[&str] = &[
    "dibatalkan",
    "batal",
    "ditolak",
    "ditangguhkan",
    "ditunda",
    "tertunda",
    "diusulkan",
    "diproses",
];

/// Those of a family, and victims: it is not the person who died.
const OTHERS: &[&str] = &[
    "ayah",
    "ibu",
    "bapak",
    "papa",
    "mama",
    "istri",
    "suami",
    "anak",
    "tua",
    "orangtua",
    "ortu",
    "keluarga",
    "kakak",
    "adik",
    "korban",
    "mengakibatkan",
    "menyebabkan",
    "hingga",
    "penjamin",
    "mertua",
    "nenek",
    "kakek",
    "oma",
    "opa",
    "saudara",
    "paman",
    "bibi",
    "tante",
    "om",
    "wali",
    "orang",
    "kerabat",
    "menantu",
    "cucu",
    "sepupu",
];

/// What may be revoked besides a decree.
const OTHER_DECREES: &[&str] = &[
    "laporan",
    "banding",
    "kasasi",
    "kuasa",
    "perkara",
    "gugatan",
    "hak",
    "gigi",
    "sim",
    "izin",
    "ijin",
    "pengaduan",
    "aduan",
    "keterangan",
    "pernyataan",
    "undi",
    "nomor",
];

const REVOKED: &[&str] = &[
    "dicabut",
    "cabut",
    "cbt",
    "pencabutan",
    "tercabut",
    "revoked",
];
const COMPLETED: &[&str] = &[
    "selesai",
    "sls",
    "berakhir",
    "habis masa percobaan",
    "habis masa bimbingan",
    "masa bimbingan habis",
    "masa percobaan habis",
    "pengakhiran",
    "bebas akhir",
    "tuntas",
    "diakhiri",
    "completed",
];
const DELEGATED: &[&str] = &[
    "dilimpahkan",
    "limpah",
    "pelimpahan",
    "lmp",
    "dilimpah",
    "pindah ke bapas",
    "dipindahkan ke bapas",
    "pindah bapas",
    "dialihkan ke bapas",
    "alih ke bapas",
    "diserahkan ke bapas",
    "mutasi ke bapas",
    "pindah bimbingan",
    "pindah bimbingan ke",
    "alih bimbingan",
    "dialihkan",
    "diteruskan ke bapas",
    "dipindah ke bapas",
    "serah terima ke bapas",
    "diserahterimakan",
    "pengalihan bimbingan",
    "bimbingan dialihkan",
    "bimbingan dipindahkan",
    "bimbingan pindah",
];
const DIED: &[&str] = &[
    "meninggal",
    "meninggal dunia",
    "wafat",
    "md",
    "m d",
    "mgl",
    "tutup usia",
    "almarhum",
    "almarhumah",
    "meninggalnya",
    "berpulang",
    "died",
    "deceased",
];
const ABSCONDED: &[&str] = &[
    "melarikan diri",
    "lari",
    "kabur",
    "pelarian",
    "dpo",
    "buron",
    "menghilang",
    "tidak ditemukan",
    "lri",
    "keberadaan tidak diketahui",
    "tidak diketahui keberadaannya",
    "tidak diketahui keberadaan",
    "hilang kontak",
    "lost contact",
];
const DROPPED: &[&str] = &[
    "putus",
    "drop out",
    "do",
    "mengundurkan diri",
    "berhenti",
    "tidak selesai",
    "gugur",
    "tidak melanjutkan",
    "tidak lanjut",
    "undur diri",
    "mundur",
    "dikeluarkan",
    "keluar dari pelatihan",
    "dropped out",
];
const MOVED: &[&str] = &[
    "pindah ke",
    "dipindahkan",
    "dipindah",
    "mutasi ke",
    "pindah lapas",
    "pindah rutan",
    "pindah upt",
    "pindah lpp",
    "pindah lpka",
    "pemindahan ke",
    "dimutasi",
    "dimutasikan",
    "layar ke",
    "dilayar",
    "dilayar ke",
    "transfer ke",
    "pindahan ke",
    "mutasi lapas",
    "mutasi rutan",
    "dipindahkan ke",
    "pindah dari sini",
    "dikirim ke lapas",
    "dikirim ke rutan",
    "dikirim ke lp",
    "dikirim ke lpka",
    "dikirim ke lpp",
    "diserahkan ke lapas",
    "dititipkan ke lapas",
    "dikembalikan ke lapas",
    "dikembalikan ke rutan",
];
const FREED: &[&str] = &[
    "bebas",
    "dibebaskan",
    "bebas murni",
    "bebas bersyarat",
    "bebas demi hukum",
    "dibebaskan bersyarat",
    "deportasi",
    "dideportasi",
    "sudah keluar",
    "telah keluar",
    "dikeluarkan demi hukum",
    "lepas demi hukum",
    "penangguhan penahanan",
    "ditangguhkan penahanannya",
    "penahanan ditangguhkan",
    "pengalihan penahanan",
    "dialihkan menjadi tahanan kota",
    "tahanan kota",
    "tahanan rumah",
    "diputus bebas",
    "putusan bebas",
    "lepas dari segala tuntutan",
];

/// The events that a text affirms, in its order; a day without a year is of the year that brings it before the end of the
/// list's month.
pub fn read(text: &str, list: Option<Month>) -> Vec<Said> {
    if text.len() < 2 || text.len() > 2_000 || is_placeholder(text) {
        return Vec::new();
    }
    let (marked, days) = marked(text, list);
    let n = wording(&marked);
    let mut found: Vec<(usize, Event)> = Vec::new();
    let mut see = |at: Option<usize>, event: Event| found.extend(at.map(|at| (at, event)));
    see(revoked(&n), Event::Revoked(SupervisionEnd::Revoked));
    see(delegated(&n), Event::Delegated);
    see(died(&n), Event::Died);
    see(
        absconded(&n).filter(|_| !is_recapture(&n)),
        Event::Absconded,
    );
    see(moved(&n), Event::Left(ExitCode::Pdh));
    see(
        freed(&n).or_else(|| lone_clause(&marked, &n)),
        Event::Left(ExitCode::Bm),
    );
    see(completed(&n), Event::Completed);
    see(dropped(&n), Event::DroppedOut);
    found.sort_by_key(|(at, _)| *at);
    // `Dilimpahkan ke Bapas` is not a transfer, and `selesai masa pidana` no end of guidance.
    if found.iter().any(|(_, e)| *e == Event::Delegated) {
        found.retain(|(_, e)| *e != Event::Left(ExitCode::Pdh));
    }
    let alone = found.len() == 1;
    let mut out = Vec::with_capacity(found.len());
    for (i, (at, event)) in found.iter().enumerate() {
        let end = found.get(i + 1).map_or(n.len(), |(next, _)| *next);
        let segment = &n[*at..end];
        let on = day_in(segment, &days, false)
            .or_else(|| {
                if alone || i == 0 {
                    day_in(&n[..*at], &days, true)
                } else {
                    None
                }
            })
            .unwrap_or_default();
        let event = match event {
            Event::Revoked(_) => Event::Revoked(ground(&n)),
            Event::Left(ExitCode::Bm) => match codes::exit(&without_days(segment)) {
                Some(code) if code != ExitCode::Other => Event::Left(code),
                _ => continue,
            },
            other => *other,
        };
        out.push(Said { event, on });
    }
    out
}

/// The ground of a revocation, from the words around it.
fn ground(n: &str) -> SupervisionEnd {
    codes::supervision_end("dicabut", n).unwrap_or(SupervisionEnd::Revoked)
}

/// Where one of some phrases stands affirmed and is not undone by what follows.
fn plain(n: &str, phrases: &[&str]) -> Option<usize> {
    let at = affirmed_at(n, phrases, NOT_YET)?;
    let mut behind = n[at..].split(' ').skip(1).take(3);
    let undone = behind.any(|w| UNDONE.contains(&w));
    // What somebody has gone through once is of another case.
    let once = n[..at].split_ascii_whitespace().next_back() == Some("pernah");
    (!undone && !once).then_some(at)
}

/// The word that stands `k` words behind the one at a place.
fn behind(n: &str, at: usize, k: usize) -> &str {
    n[at..].split(' ').nth(k).unwrap_or_default()
}

fn is_day(w: &str) -> bool {
    w.len() == 3 && w.starts_with("qq")
}

/// What may stand behind `selesai` where guidance is what was completed.
const OF_GUIDANCE: &[&str] = &[
    "menjalani",
    "menjalankan",
    "bimbingan",
    "pembimbingan",
    "masa",
    "pb",
    "cb",
    "cmb",
    "asimilasi",
    "tgl",
    "tanggal",
    "pada",
    "per",
    "sejak",
    "program",
    "pengawasan",
    "percobaan",
    "pidana",
    "dengan",
    "dgn",
    "baik",
    "sesuai",
    "bulan",
    "klien",
];

fn completed(n: &str) -> Option<usize> {
    let at = plain(n, COMPLETED)?;
    let word = behind(n, at, 0);
    let next = behind(n, at, 1);
    let of_guidance = next.is_empty() || is_day(next) || OF_GUIDANCE.contains(&next);
    let other = [
        "kontrak",
        "kerja",
        "pelatihan",
        "jabatan",
        "sekolah",
        "kuliah",
        "litmas",
        "sidang",
    ];
    let stated = word != "selesai" || of_guidance;
    (stated && !other.contains(&before(n, at))).then_some(at)
}

fn delegated(n: &str) -> Option<usize> {
    let at = plain(n, DELEGATED)?;
    // Handed over from elsewhere is here.
    let near: Vec<&str> = n[at..].split(' ').skip(1).take(3).collect();
    let from = near.iter().position(|w| *w == "dari");
    let to = near.iter().position(|w| *w == "ke" || *w == "kepada");
    let here = from.is_some_and(|f| to.is_none_or(|t| f < t));
    let loose = matches!(behind(n, at, 0), "dialihkan" | "diserahterimakan");
    (!here && (!loose || says(n, &["bapas"]))).then_some(at)
}

/// The word before a place, without those that only link.
fn before(n: &str, at: usize) -> &str {
    let mut words = n[..at].split_ascii_whitespace().rev();
    let linking = |w: &&str| {
        matches!(
            *w,
            "telah" | "sudah" | "yang" | "yg" | "nya" | "tlah" | "sdr" | "klien" | "ybs"
        )
    };
    words.find(|w| !linking(w)).unwrap_or_default()
}

fn revoked(n: &str) -> Option<usize> {
    let at = plain(n, REVOKED)?;
    let after = n[at..].split(' ').nth(1).unwrap_or_default();
    let other = |w: &str| OTHER_DECREES.contains(&w);
    (!other(before(n, at)) && !other(after)).then_some(at)
}

fn died(n: &str) -> Option<usize> {
    let at = plain(n, DIED)?;
    let word = before(n, at);
    let of_other = |w: &str| OTHERS.contains(&w);
    let stem = word.strip_suffix("nya").unwrap_or(word);
    // `Surat keterangan meninggal ibu`: whose death it is may stand next.
    let next = n[at..]
        .split(' ')
        .find(|w| !DIED.contains(w) && !matches!(*w, "dunia" | "dunianya" | "m" | "d"))
        .unwrap_or_default();
    let next = next.strip_suffix("nya").unwrap_or(next);
    // `MD` is a word only where nothing else is behind it: `A.Md` is a degree.
    let short = matches!(n[at..].split(' ').next(), Some("md" | "m"));
    let plain_word = next.is_empty()
        || is_day(next)
        || [
            "tgl", "tanggal", "di", "pada", "krn", "karena", "per", "sakit", "akibat", "bulan",
        ]
        .contains(&next);
    if short && (word == "a" || !plain_word) {
        return None;
    }
    let family = matches!(
        next,
        "ibu" | "ayah" | "bapak" | "istri" | "suami" | "orangtua" | "korban" | "anak"
    );
    (!of_other(stem) && !of_other(word) && !family).then_some(at)
}

fn absconded(n: &str) -> Option<usize> {
    let at = plain(n, ABSCONDED).or_else(|| {
        // `Tidak ditemukan` denies by itself.
        let denied = [
            "tidak ditemukan",
            "tidak diketahui keberadaannya",
            "keberadaan tidak diketahui",
        ];
        denied.iter().find_map(|p| n.find(p))
    })?;
    let excused = matches!(
        before(n, at),
        "membawa" | "tabrak" | "bawa" | "olahraga" | "lomba" | "dibawa" | "barang" | "bukti"
    );
    (!excused).then_some(at)
}

fn moved(n: &str) -> Option<usize> {
    let at = plain(n, MOVED)?;
    let rest = &n[at..];
    let elsewhere = [
        "kamar",
        "blok",
        "sel",
        "agama",
        "alamat",
        "domisili",
        "wisma",
        "tempat tinggal",
        "rumah",
        "kerja",
        "bapas",
    ];
    let near = rest.split(' ').take(5).collect::<Vec<_>>().join(" ");
    (!says(&near, &elsewhere)).then_some(at)
}

/// A release: words of leaving, or a conditional release that stands alone with its day.
fn freed(n: &str) -> Option<usize> {
    if says(n, &["bebas akhir"]) {
        return None;
    }
    let not_custody = [
        "bebas narkoba",
        "bebas tugas",
        "bebas biaya",
        "bebas temuan",
        "bebas covid",
        "surat bebas",
    ];
    if says(n, &not_custody) {
        return None;
    }
    if let Some(at) = plain(n, FREED) {
        return Some(at);
    }
    is_lone(n).then_some(0)
}

/// A conditional release with its day and nothing else: `PB tgl 20/1/2026`.
fn is_lone(n: &str) -> bool {
    let bare = without_days(n);
    let mut words = bare.split(' ').filter(|w| !w.is_empty());
    let kind = words.next().unwrap_or_default();
    let links = |w: &str| matches!(w, "tgl" | "tanggal" | "pada" | "per" | "sejak" | "murni");
    bare.len() < n.len() && matches!(kind, "pb" | "cb" | "cmb" | "bm") && words.all(links)
}

/// The same as one clause of several: `PB tgl 20/1/2026, diterima Bapas Ambon`.
fn lone_clause(marked: &str, n: &str) -> Option<usize> {
    let mut clauses = marked.split([',', ';', '(', ')']).map(wording);
    let clause = clauses.find(|c| is_lone(c))?;
    n.find(clause.as_str())
}

/// Whether a text names a day.
pub fn names_day(text: &str, list: Option<Month>) -> bool {
    let digit = text.bytes().any(|b| b.is_ascii_digit());
    digit && text.len() <= 2_000 && !is_placeholder(text) && {
        let days = marked(text, list).1;
        days.iter().any(|d| d.day().is_some())
    }
}

/// Words by which something began: a course, guidance.
const BEGAN: &[&str] = &[
    "mulai",
    "mulai ikut",
    "mulai bimbingan",
    "sejak",
    "diterima",
    "terima",
    "masuk",
    "msk",
    "lapor diri",
    "tmt",
    "bergabung",
    "ikut sejak",
    "terhitung",
];

/// The day on which a text says that something began; what is planned and what ended are none.
pub fn began(text: &str, list: Option<Month>) -> PartialDate {
    if text.len() > 2_000 || is_placeholder(text) {
        return PartialDate::Unknown;
    }
    let (marked, days) = marked(text, list);
    let ends = [REVOKED, COMPLETED, DROPPED, DIED, ABSCONDED];
    for clause in marked
        .split([';', ',', '(', ')'])
        .flat_map(|c| c.split(". "))
    {
        let n = wording(clause);
        let over = ends.iter().any(|words| says(&n, words));
        let other = says(
            &n,
            &["kerja", "bekerja", "usaha", "berkas", "surat", "sertifikat"],
        );
        if over || other || says(&n, NOT_YET) || affirmed_at(&n, BEGAN, NOT_YET).is_none() {
            continue;
        }
        if let Some(on) = day_in(&n, &days, false) {
            return on;
        }
    }
    PartialDate::Unknown
}

/// Whether a line tells what became of somebody, with the day of it.
pub fn tells_of_somebody(text: &str, list: Option<Month>) -> bool {
    let names_some = {
        let n = wording(text);
        says(
            &n,
            &[
                "an",
                "atas nama",
                "sdr",
                "saudara",
                "ybs",
                "wbp",
                "napi",
                "klien",
                "tahanan",
            ],
        )
    };
    names_some
        && (read(text, list).iter().any(|s| s.on.day().is_some())
            || names_day(text, list) && movement(text).is_some())
}

/// The last day that a text names.
pub fn last_day(text: &str, list: Option<Month>) -> PartialDate {
    if text.len() > 2_000 || is_placeholder(text) {
        return PartialDate::Unknown;
    }
    let days = marked(text, list).1;
    let whole = days.into_iter().filter(|d| d.day().is_some());
    whole.max_by_key(|d| d.day()).unwrap_or_default()
}

/// The day on which a text says that somebody began to work.
pub fn employed(text: &str, list: Option<Month>) -> Option<PartialDate> {
    let (marked, days) = marked(text, list);
    let n = wording(&marked);
    let at = affirmed_at(
        &n,
        &[
            "mulai kerja",
            "mulai bekerja",
            "diterima bekerja",
            "diterima kerja",
            "bekerja sejak",
            "kerja sejak",
        ],
        NOT_YET,
    )?;
    let planned = says(&n, &["rencana", "akan", "calon"]);
    day_in(&n[at..], &days, false).filter(|_| !planned)
}

/// How often somebody was to report and how often he came, as a text counts it: `WL 4x hadir 2x`, `wajib lapor 4, hadir 1`.
pub fn reports(text: &str) -> (Option<u32>, Option<u32>) {
    let n = wording(text);
    let words: Vec<&str> = n.split(' ').collect();
    let number = |w: &str| -> Option<u32> {
        let digits = w.trim_end_matches(['x', 'k']);
        let short = (1..=2).contains(&digits.len());
        digits.parse().ok().filter(|k| short && *k <= 31)
    };
    let after = |is: &dyn Fn(&str) -> bool| {
        (0..words.len()).filter(|i| is(words[*i])).find_map(|i| {
            let near = words[i + 1..].iter().take(2);
            let mut near = near.take_while(|w| !is_day(w));
            near.find_map(|w| number(w))
        })
    };
    let met = after(&|w| matches!(w, "hadir" | "datang" | "melapor" | "dtg" | "terpenuhi"));
    let none = says(
        &n,
        &[
            "tidak hadir",
            "tidak pernah hadir",
            "tidak datang",
            "tidak pernah datang",
        ],
    );
    let due = after(&|w| matches!(w, "wajib" | "wl" | "kewajiban"));
    match met {
        Some(k) => (due, Some(k)),
        None if none && due.is_some() => (due, Some(0)),
        None => (None, None),
    }
}

/// The days that a text names with their year, in its order.
pub fn whole_days(text: &str) -> Vec<chrono::NaiveDate> {
    let days = marked(text, None).1;
    days.into_iter().filter_map(PartialDate::day).collect()
}

/// What one clause of a line about somebody tells: how he left, or that he came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// He was admitted or brought in, by whatever word.
    Came,
    /// Left it, or a way of leaving that keeps him in custody.
    Left(ExitCode),
}

/// Words of coming into custody.
const CAME: &[&str] = &[
    "masuk",
    "diterima",
    "penerimaan",
    "menerima tahanan",
    "terima",
    "titipan",
    "dititipkan",
    "kiriman",
    "tiba",
    "datang",
    "pindahan",
    "dikembalikan",
    "kembali dari bapas",
    "tertangkap",
    "ditangkap kembali",
    "eksekusi",
    "tahanan baru",
    "baru",
];

/// The movement that a line of a day-book or a list of movements tells, clause by clause; what is planned, and who only goes
/// out for a while, is none.
pub fn movement(text: &str) -> Option<Movement> {
    let mut came = false;
    // `Bebas; PB, diserahkan ke Bapas`: what one clause says more exactly counts.
    let mut freed = false;
    if is_recapture(text) {
        return Some(Movement::Came);
    }
    // `Bebas; PB batal, SK keliru`
    if codes::is_undone(&wording(text)) {
        return None;
    }
    for clause in text.split([';', ',', '(', ')', '\n']) {
        let n = wording(clause);
        if n.is_empty() || says(&n, NOT_YET) && !says(&n, &["saran"]) {
            continue;
        }
        let back = says(&n, &["dicabut", "pencabutan"])
            || is_recapture(&n)
            || moved_in(clause).is_some_and(|m| m.contains(' '));
        let whence = says(&n, CAME) && says(&n, &["dari", "dr", "asal"]);
        let outside = [
            "sidang",
            "berobat",
            "rawat",
            "rumah sakit",
            "rs",
            "rsud",
            "kontrol",
            "bon",
            "dibon",
            "rekonstruksi",
        ];
        if !back && !whence && !says(&n, &outside) {
            match codes::exit(clause) {
                Some(ExitCode::Other) | None => {}
                Some(ExitCode::Bm) if matches!(n.as_str(), "bebas" | "dibebaskan") => freed = true,
                Some(code) => return Some(Movement::Left(code)),
            }
        }
        came |= affirmed_at(&n, CAME, NOT_YET).is_some() && !says(&n, &outside);
        came |= back;
    }
    match (freed, came) {
        (true, _) => Some(Movement::Left(ExitCode::Bm)),
        (false, true) => Some(Movement::Came),
        (false, false) => None,
    }
}

/// Words of having been moved, without those that say where to.
const MOVES: &[&str] = &[
    "pindahan",
    "pindah",
    "dipindahkan",
    "dipindah",
    "mutasi",
    "dimutasi",
    "dimutasikan",
    "pemindahan",
    "transfer",
    "kiriman",
    "dilayar",
    "layar",
    "titipan",
    "limpahan",
    "dikirim",
    "diterima",
];

/// Words for a prison.
const PRISONS: &[&str] = &[
    "lapas",
    "rutan",
    "lpp",
    "lpka",
    "lp",
    "cabrutan",
    "lembaga pemasyarakatan",
    "rumah tahanan",
];

/// Whether a text is the name of a prison: `Lapas Kelas IIA Makassar`.
pub fn names_prison(text: &str) -> bool {
    let n = wording(text);
    PRISONS.iter().any(|p| n.starts_with(&format!("{p} ")))
}

/// Whether a text in the form of [`wording`] speaks of a prison.
pub fn names_any_prison(wording: &str) -> bool {
    says(wording, PRISONS)
}

/// From where a text tells that somebody was moved here, in its own words: `pindahan dari Rutan Ambon`, `mutasi dr lapas
/// ambon`, `Napi pindahan`, `Rutan Masohi (pindahan)`. `None` where it tells of a move elsewhere, of one that is planned, or of
/// none.
pub fn moved_in(text: &str) -> Option<String> {
    if text.is_empty() || text.len() > 2_000 {
        return None;
    }
    for clause in text.split([';', ',', '\n']) {
        let n = wording(clause);
        if n.is_empty() || says(&n, NOT_YET) || says(&n, &["ke", "tujuan"]) {
            continue;
        }
        let Some(at) = affirmed_at(&n, MOVES, NOT_YET) else {
            continue;
        };
        let rest = n[at..].split(' ').skip(1).collect::<Vec<_>>().join(" ");
        let word = n[at..].split(' ').next().unwrap_or_default();
        let from = says(&rest, &["dari", "dr", "asal", "ex"]);
        let prison = says(&n, PRISONS);
        let within = says(
            &n,
            &[
                "kamar", "blok", "sel", "wisma", "golongan", "register", "agama",
            ],
        );
        // What is sent by police or prosecutor, and who is only lodged, was in no other prison.
        let loose = matches!(
            word,
            "titipan" | "limpahan" | "dikirim" | "diterima" | "kiriman"
        );
        let moved = match word {
            "pindahan" => !within,
            _ if loose => from && prison,
            // `Mutasi` alone, on a list of those who came.
            _ => {
                !within
                    && (from && (prison || !says(&n, &["polres", "polsek", "kejari", "pn"]))
                        || n.split(' ').count() == 1)
            }
        };
        if moved {
            return Some(n);
        }
    }
    None
}

/// Whether a text tells that somebody was caught after an escape, or came back from it.
pub fn is_recapture(text: &str) -> bool {
    let n = wording(text);
    const AGAIN: &[&str] = &[
        "tertangkap kembali",
        "ditangkap kembali",
        "tangkap kembali",
        "penangkapan kembali",
        "tertangkap lagi",
        "ditangkap lagi",
        "menyerahkan diri",
        "kembali dari pelarian",
        "kembali setelah melarikan diri",
        "kembali setelah lari",
        "kembali stlh lari",
        "hasil pelarian",
    ];
    affirmed_at(&n, AGAIN, NOT_YET).is_some()
}

fn dropped(n: &str) -> Option<usize> {
    let denied = ["tidak selesai", "tidak melanjutkan", "tidak lanjut"];
    if let Some(at) = denied.iter().find_map(|p| n.find(p)) {
        return Some(at);
    }
    let at = plain(n, DROPPED)?;
    let after = n[at..].split(' ').nth(1).unwrap_or_default();
    let other = matches!(after, "sekolah" | "cinta" | "kerja" | "merokok" | "kontrak")
        || before(n, at) == "pernah";
    (!other).then_some(at)
}

/// A text in which every day is a word of its own (`qqa`, `qqb` …), and the days.
fn marked(text: &str, list: Option<Month>) -> (String, Vec<PartialDate>) {
    let mut out = String::with_capacity(text.len() + 16);
    let mut days = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && days.len() < 20 {
        let starts = rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !out.ends_with(|c: char| c.is_alphanumeric());
        let behind_tgl = || {
            let before = out.trim_end_matches(['.', ' ']).to_ascii_lowercase();
            before.ends_with("tgl") || before.ends_with("tanggal")
        };
        let day = if starts {
            day_at(rest, list).or_else(|| {
                rest.starts_with(|c: char| c.is_ascii_digit())
                    .then(behind_tgl)
                    .filter(|yes| *yes)
                    .and_then(|_| bare_day(rest, list))
            })
        } else {
            None
        };
        if let Some((length, day)) = day {
            out.push_str(" qq");
            out.push(char::from(b'a' + days.len() as u8));
            out.push(' ');
            days.push(day);
            rest = &rest[length..];
            continue;
        }
        let Some(c) = rest.chars().next() else { break };
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out.push_str(rest);
    (out, days)
}

fn day_in(segment: &str, days: &[PartialDate], last: bool) -> Option<PartialDate> {
    let mut found = segment.split(' ').filter_map(|w| {
        let k = w.strip_prefix("qq")?.bytes().next()?.checked_sub(b'a')?;
        days.get(usize::from(k)).copied()
    });
    if last {
        found.next_back()
    } else {
        found.next()
    }
}

fn without_days(n: &str) -> String {
    let words = n
        .split(' ')
        .filter(|w| !(w.starts_with("qq") && w.len() == 3));
    words.collect::<Vec<_>>().join(" ")
}

/// The day at the beginning of a text, with its length.
fn day_at(s: &str, list: Option<Month>) -> Option<(usize, PartialDate)> {
    numeric(s)
        .or_else(|| spelt(s, list))
        .or_else(|| without_year(s, list))
}

/// `17/1`, `26/1`: a day and a month; `1/2`, `1/3` and `2/3` are shares of a sentence.
fn without_year(s: &str, list: Option<Month>) -> Option<(usize, PartialDate)> {
    let (day, rest) = s.split_once('/')?;
    let month: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let short = |w: &str| (1..=2).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_digit());
    let after = rest[month.len()..].chars().next();
    let ends = after.is_none_or(|c| !c.is_alphanumeric() && c != '/' && c != '-');
    let share = matches!((day, month.as_str()), ("1", "2" | "3") | ("2", "3"));
    if !short(day) || !short(&month) || !ends || share {
        return None;
    }
    let on = in_year(list?, month.parse().ok()?, day.parse().ok()?)?;
    Some((day.len() + 1 + month.len(), PartialDate::Day(on)))
}

/// The day that a text of nothing else names without a year, in the year that brings it before the end of the list's month.
pub fn day_without_year(text: &str, list: Option<Month>) -> Option<chrono::NaiveDate> {
    let t = text.trim();
    let (length, on) = spelt(t, list).or_else(|| without_year(t, list))?;
    on.day().filter(|_| t[length..].trim().is_empty())
}

/// A day without a year is of the year that brings it before the end of the list's month.
fn in_year(list: Month, month: u32, day: u32) -> Option<chrono::NaiveDate> {
    let last = list.last_day();
    let of = |y: i32| chrono::NaiveDate::from_ymd_opt(y, month, day);
    let this = of(chrono::Datelike::year(&last)).filter(|d| *d <= last);
    this.or_else(|| of(chrono::Datelike::year(&last) - 1))
}

/// `14` behind `tgl`: a day of the list's month.
fn bare_day(s: &str, list: Option<Month>) -> Option<(usize, PartialDate)> {
    let digits: String = s.chars().take_while(char::is_ascii_digit).collect();
    let after = s[digits.len()..].chars().next();
    let ends = after.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '-'));
    let day: u32 = digits.parse().ok().filter(|_| ends && digits.len() <= 2)?;
    let list = list?;
    let on = chrono::NaiveDate::from_ymd_opt(list.year(), list.month(), day)?;
    Some((digits.len(), PartialDate::Day(on)))
}

fn known(text: &str) -> Option<PartialDate> {
    match date::read(&RawCell::Text(text.into())) {
        DateReading::Known(d) if d.is_known() => Some(d),
        _ => None,
    }
}

/// `5/5/2025`, `03-01-26`, `2025-05-05`, `5.5.2025`, with blanks around the marks or not.
fn numeric(s: &str) -> Option<(usize, PartialDate)> {
    let b = s.as_bytes();
    let mut at = 0;
    let mut parts = 0;
    let mut end = 0;
    while parts < 3 {
        let from = at;
        while b.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        if at == from || at - from > 4 {
            return None;
        }
        parts += 1;
        end = at;
        if parts == 3 {
            break;
        }
        while b.get(at) == Some(&b' ') {
            at += 1;
        }
        if !matches!(b.get(at), Some(b'/' | b'-' | b'.')) {
            return None;
        }
        at += 1;
        while b.get(at) == Some(&b' ') {
            at += 1;
        }
    }
    // Part of a number of a decree: `W28-123/2025/45`.
    let more = b.get(end).is_some_and(|c| {
        c.is_ascii_alphanumeric()
            || *c == b'/' && b.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
    });
    if more {
        return None;
    }
    let tight: String = s[..end].chars().filter(|c| *c != ' ').collect();
    known(&tight).map(|d| (end, d))
}

/// `5 Mei 2025`, `5 Mei`, `Mei 2025`.
fn spelt(s: &str, list: Option<Month>) -> Option<(usize, PartialDate)> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for part in s
        .split_inclusive(|c: char| !c.is_ascii_alphanumeric())
        .take(4)
    {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if !word.is_empty() {
            words.push((at, at + word.len()));
        }
        at += part.len();
    }
    let word = |i: usize| words.get(i).map(|(a, b)| &s[*a..*b]);
    let month = |w: &str| {
        let letters = w.bytes().all(|b| b.is_ascii_alphabetic()) && w.len() >= 3;
        let read = letters.then(|| known(&format!("1 {w} 2025"))).flatten();
        read.and_then(PartialDate::day)
            .map(|d| chrono::Datelike::month(&d))
    };
    let year = |w: &str| {
        w.len() == 4 && w.parse::<i32>().is_ok_and(|y| (1950..=2100).contains(&y))
            || w.len() == 2 && w.parse::<u8>().is_ok()
    };
    let first = word(0)?;
    let day: Option<u32> = first
        .parse()
        .ok()
        .filter(|d| (1..=31).contains(d) && first.len() <= 2);
    match (day, word(1)) {
        (Some(day), Some(m)) => {
            let m = month(m)?;
            if let Some(y) = word(2).filter(|y| year(y)) {
                let end = words[2].1;
                return known(&format!("{day} {} {y}", word(1)?)).map(|d| (end, d));
            }
            let last = list?.last_day();
            let of = |y: i32| chrono::NaiveDate::from_ymd_opt(y, m, day);
            let this = of(chrono::Datelike::year(&last)).filter(|d| *d <= last);
            let on = this.or_else(|| of(chrono::Datelike::year(&last) - 1))?;
            Some((words[1].1, PartialDate::Day(on)))
        }
        (None, Some(y)) if y.len() == 4 && year(y) => {
            let m = month(first)?;
            Some((words[1].1, PartialDate::Month(y.parse().ok()?, m as u8)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SupervisionEnd::*;

    fn events(s: &str) -> Vec<(Event, String)> {
        let shown = |d: PartialDate| match d {
            PartialDate::Day(d) => d.to_string(),
            PartialDate::Month(y, m) => format!("{y}-{m:02}"),
            PartialDate::Year(y) => y.to_string(),
            PartialDate::Unknown => String::new(),
        };
        read(s, Month::new(2026, 1))
            .into_iter()
            .map(|x| (x.event, shown(x.on)))
            .collect()
    }

    #[test]
    fn what_became_of_somebody_is_read_with_its_day() {
        use Event::*;
        for (s, event, on) in [
            ("Dicabut (khusus)", Revoked(RevokedTechnical), ""),
            (
                "Dicabut krn tindak pidana baru",
                Revoked(RevokedOffence),
                "",
            ),
            (
                "SK PB dicabut tgl 20/9/2024, tidak lapor 3x berturut-turut",
                Revoked(RevokedTechnical),
                "2024-09-20",
            ),
            (
                "Pencabutan 3 Februari 2025 (tersangka curanmor)",
                Revoked(RevokedOffence),
                "2025-02-03",
            ),
            ("Selesai menjalani bimbingan", Completed, ""),
            (
                "masa percobaan habis tgl. 01-08-2025",
                Completed,
                "2025-08-01",
            ),
            (
                "Limpah ke Bapas Saumlaki tgl 5/5/2025",
                Delegated,
                "2025-05-05",
            ),
            (
                "Pindah bimbingan ke Bapas Kelas I Makassar per 12 Mei 2025",
                Delegated,
                "2025-05-12",
            ),
            ("MD 3/1/26", Died, "2026-01-03"),
            ("M.D. tgl 3-1-2026 di RSUD", Died, "2026-01-03"),
            ("Meninggal dunia, 3 Jan", Died, "2026-01-03"),
            ("Wafat Desember 2025", Died, "2025-12"),
            ("melarikan diri 17-08-2025", Absconded, "2025-08-17"),
            ("alamat tidak ditemukan", Absconded, ""),
            (
                "Dipindahkan ke Lapas Piru 12/11/2025",
                Left(ExitCode::Pdh),
                "2025-11-12",
            ),
            ("Bebas PB 12/1/2026", Left(ExitCode::Pb), "2026-01-12"),
            (
                "bebas murni tgl 20 Januari 2026",
                Left(ExitCode::Bm),
                "2026-01-20",
            ),
            ("mengundurkan diri sejak 8/1/2026", DroppedOut, "2026-01-08"),
            ("Selesai", Completed, ""),
            ("selesai tgl 3/1/2026", Completed, "2026-01-03"),
            (
                "penangguhan penahanan 12/1/2026",
                Left(ExitCode::Pts),
                "2026-01-12",
            ),
            (
                "Pelimpahan ke Bapas Saumlaki dari Bapas Ambon 5-5-2025",
                Delegated,
                "2025-05-05",
            ),
            ("tidak selesai", DroppedOut, ""),
        ] {
            assert_eq!(events(s), [(event, on.to_owned())], "{s}");
        }
    }

    #[test]
    fn what_is_denied_planned_or_of_somebody_else_is_no_event() {
        for s in [
            "Belum selesai",
            "akan dicabut",
            "usulan pencabutan",
            "dalam proses pelimpahan",
            "pencabutan dibatalkan",
            "pelimpahan dari Bapas Makassar 3/3/2025",
            "sudah selesai lapor bulan ini",
            "selesai litmas 3/1/2026",
            "pernah dicabut PB 2019",
            "lulusan A.Md",
            "kontrak kerja berakhir 3/1/2026",
            "permohonan penangguhan penahanan",
            "rencana dilimpahkan ke Bapas Saumlaki tgl 5/5/2025",
            "ibunya meninggal 3/1/2026",
            "orang tua meninggal dunia",
            "mengakibatkan korban meninggal dunia",
            "membawa lari anak di bawah umur",
            "laporan dicabut oleh korban",
            "pindah kamar ke Blok B",
            "pindah alamat ke Passo",
            "putus sekolah",
            "belum bebas",
            "usulan PB",
            "SK PB No. W.28-123 tgl 3/2/2025",
            "terancam dicabut bila tidak lapor",
            "masih aktif",
            "-",
            "",
        ] {
            assert_eq!(events(s), [], "{s}");
        }
    }

    #[test]
    fn a_line_of_a_day_book_tells_who_came_and_who_left() {
        use Movement::*;
        for (s, m) in [
            ("Bebas CB, dijemput istri", Some(Left(ExitCode::Cb))),
            ("keluar, bebas murni", Some(Left(ExitCode::Bm))),
            ("bebas krn RK II susulan (Natal)", Some(Left(ExitCode::Rk2))),
            (
                "Diterima dari Kejari Buru, pidana 1 tahun 8 bulan",
                Some(Came),
            ),
            ("tahanan masuk (A.II)", Some(Came)),
            ("pindahan dari Rutan Ambon", Some(Came)),
            ("pindah dari Rutan Ambon", Some(Came)),
            ("dikembalikan krn SK PB dicabut", Some(Came)),
            (
                "Dipindahkan ke Lapas Ambon (srt Kakanwil)",
                Some(Left(ExitCode::Pdh)),
            ),
            ("Akan bebas PB besok, menunggu kapal", None),
            ("Keluar sidang di PN, kembali sore", None),
            ("Berobat ke RSUD, kembali jam 14.00", None),
            ("menerima Remisi tambahan 15 hari", None),
        ] {
            assert_eq!(movement(s), m, "{s}");
        }
        let pb = events("PB tgl 20/1/2026, diterima Bapas Ambon");
        assert_eq!(pb, [(Event::Left(ExitCode::Pb), "2026-01-20".into())]);
    }

    #[test]
    fn beginnings_and_reports_are_read_from_sentences() {
        let m = Month::new(2026, 1);
        let day = |s: &str| began(s, m).day().map(|d| d.to_string()).unwrap_or_default();
        for (s, on) in [
            (
                "Sejak 3 Maret 2024 PB; 12 Januari 2026 bimbingan SELESAI.",
                "2024-03-03",
            ),
            (
                "CB mulai 2/10/25. Jan 26 wajib 2 kali, datang 2 kali.",
                "2025-10-02",
            ),
            ("Masuk tgl 19/1, lalu berhenti tgl 23/1/26", "2026-01-19"),
            ("BK (belum kompeten), mulai ikut 26/1/26", "2026-01-26"),
            ("masuk 12/1/2026", "2026-01-12"),
            (
                "CB, limpahan dari Bapas Makassar diterima 8 Jan 2026.",
                "2026-01-08",
            ),
            ("Rencana terima PB tgl 9 Februari 2026.", ""),
            ("SK PB dicabut tgl 23/1/26", ""),
            ("1/3 masa pidana", ""),
        ] {
            assert_eq!(day(s), on, "{s}");
        }
        for (s, both) in [
            ("WL 4x hadir 2x, sakit malaria", (Some(4), Some(2))),
            (
                "PB. Jan 26 wajib lapor 4, hadir 1, sudah ditegur",
                (Some(4), Some(1)),
            ),
            ("Jan 26 wajib 2 kali, datang 2 kali.", (Some(2), Some(2))),
            ("hadir 1 kali bln ini", (None, Some(1))),
            ("Wajib lapor 2x/bln.", (None, None)),
        ] {
            assert_eq!(reports(s), both, "{s}");
        }
        assert_eq!(
            events("mundur tgl 14"),
            [(Event::DroppedOut, "2026-01-14".into())]
        );
        assert_eq!(
            events("sakit, keluar 14/1"),
            [],
            "of what somebody left the remarks alone do not say"
        );
    }

    #[test]
    fn two_events_have_a_day_each() {
        let both = events("Bebas PB 3/5/2024, dicabut 7/8/2025 krn tidak lapor");
        assert_eq!(both.len(), 2);
        assert_eq!(both[0], (Event::Left(ExitCode::Pb), "2024-05-03".into()));
        assert_eq!(
            both[1],
            (Event::Revoked(RevokedTechnical), "2025-08-07".into())
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reading_panic(s in "(\\PC{0,3}|dicabut|MD|tgl|[0-9]{1,4}|[/., -]|Mei|bebas|tidak|ke Bapas){0,14}") {
            let _ = read(&s, Month::new(2026, 1));
        }
    }
}
