//! What else remarks tell: when something began, that somebody works, how often he reported.

use super::days::{day_in, marked, names_day};
use super::movement::movement;
use super::words::*;
use super::{is_day, read};
use crate::clean::text::{affirmed_at, is_placeholder, says, wording};
use crate::domain::{Month, PartialDate};

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
    names_some && tells_an_event(text, list)
}

/// Whether a sentence tells what became of somebody, and on which day.
pub fn tells_an_event(text: &str, list: Option<Month>) -> bool {
    read(text, list).iter().any(|s| s.on.day().is_some())
        || names_day(text, list) && movement(text).is_some()
}

/// What somebody lives on since a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Works for somebody.
    Employed,
    /// Has a business of his own.
    Business,
}

/// That somebody works since a day, or has a business of his own: `kerja di bengkel las sejak 12/1/26`, `punya warung sejak 24
/// Januari 2026`. What is planned, wished or over is neither.
pub fn works(text: &str, list: Option<Month>) -> Option<(Work, PartialDate)> {
    const WORKS: &[&str] = &["kerja", "bekerja", "karyawan", "buruh", "honorer", "abk"];
    const TRADES: &[&str] = &[
        "usaha",
        "wirausaha",
        "berusaha",
        "warung",
        "kios",
        "jualan",
        "berjualan",
        "dagang",
        "berdagang",
        "papalele",
        "bengkel",
        "buka",
    ];
    const OTHER: &[&str] = &[
        "kerja sosial",
        "kerja luar",
        "kerja bakti",
        "jam kerja",
        "hari kerja",
        "pelatihan kerja",
        "bimbingan kerja",
        "modal usaha",
        "bantuan usaha",
        "kerja dapur",
        "pencari kerja",
        "cari kerja",
    ];
    const NOT_SO: &[&str] = &[
        "ingin",
        "janji",
        "dijanjikan",
        "berniat",
        "niat",
        "minat",
        "cari",
        "mencari",
        "lamaran",
        "melamar",
        "tutup",
        "berhenti",
        "dulu",
        "pernah",
        "belum",
        "tidak",
        "dipecat",
        "phk",
        "bangkrut",
        "minta",
        "magang",
    ];
    const SINCE: &[&str] = &[
        "sejak",
        "mulai",
        "tmt",
        "per",
        "dari",
        "terhitung",
        "diterima",
    ];
    const ROOTS: &[&str] = &[
        "kerja", "usaha", "warung", "kios", "jual", "dagang", "buka", "papalele", "bengkel",
        "karyawan", "buruh", "honor", "abk",
    ];
    let figures = text.bytes().any(|b| b.is_ascii_digit());
    if text.len() > 2_000 || !figures || is_placeholder(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if !ROOTS.iter().any(|r| lower.contains(r)) {
        return None;
    }
    let (marked, days) = marked(text, list);
    if days.is_empty() {
        return None;
    }
    let clauses = marked.split([';', ',', '(', ')']);
    clauses.flat_map(|c| c.split(". ")).find_map(|clause| {
        let n = wording(clause);
        let since = says(&n, SINCE) && !says(&n, NOT_SO) && !says(&n, OTHER);
        if !since || says(&n, NOT_YET) {
            return None;
        }
        let employed = affirmed_at(&n, WORKS, NOT_YET).map(|at| (Work::Employed, at));
        let trade = || affirmed_at(&n, TRADES, NOT_YET).map(|at| (Work::Business, at));
        let (work, at) = employed.or_else(trade)?;
        let on = day_in(&n[at..], &days, false)?;
        Some((work, on))
    })
}

/// A count of reports: `2`, `2x`.
fn count(w: &str) -> Option<u32> {
    let digits = w.trim_end_matches(['x', 'k']);
    let short = (1..=2).contains(&digits.len());
    digits.parse().ok().filter(|k| short && *k <= 31)
}

/// How often everybody on a list was to report, as the line above it says: `wajib lapor Januari (wajib 2 kali)`.
pub fn reports_due(line: &str) -> Option<u32> {
    let n = wording(line);
    let words: Vec<&str> = n.split(' ').collect();
    words.windows(3).find_map(|w| match w {
        ["wajib" | "lapor" | "kewajiban", k, "kali" | "x"] => count(k),
        ["wajib" | "lapor" | "kewajiban", k, _] | [_, "wajib" | "kewajiban", k]
            if k.ends_with('x') =>
        {
            count(k)
        }
        _ => None,
    })
}

/// How often somebody was to report and how often he came, as a text counts it: `WL 4x hadir 2x`, `wajib lapor 4, hadir 1`,
/// `lapor 2 kali` on a list that says how often all were to (`of_list`).
pub fn reports(text: &str, of_list: Option<u32>) -> (Option<u32>, Option<u32>) {
    let n = wording(text);
    let words: Vec<&str> = n.split(' ').collect();
    let after = |is: &dyn Fn(&str) -> bool| {
        (0..words.len()).filter(|i| is(words[*i])).find_map(|i| {
            let near = words[i + 1..].iter().take(2);
            let mut near = near.take_while(|w| !is_day(w));
            near.find_map(|w| count(w))
        })
    };
    // `lapor 2 kali`, which `wajib lapor 2 kali` is not.
    let reported = || {
        (0..words.len()).find_map(|i| {
            let before = i.checked_sub(1).map_or("", |b| words[b]);
            let other = matches!(before, "wajib" | "tidak" | "belum" | "tanpa" | "bukan");
            let own = words[i] == "lapor" && !other;
            let n = words.get(i + 1).filter(|_| own)?;
            let times = n.ends_with('x') || matches!(words.get(i + 2), Some(&("kali" | "x")));
            count(n).filter(|_| times)
        })
    };
    let met = after(&|w| matches!(w, "hadir" | "datang" | "melapor" | "dtg" | "terpenuhi"));
    let met = reported().or(met);
    let none = says(
        &n,
        &[
            "tidak hadir",
            "tidak pernah hadir",
            "tidak datang",
            "tidak pernah datang",
            "tidak lapor",
            "tidak melapor",
            "tidak pernah lapor",
            "tidak pernah melapor",
        ],
    );
    let due = after(&|w| matches!(w, "wajib" | "wl" | "kewajiban")).or(of_list);
    match met {
        Some(k) => (due, Some(k)),
        None if none && due.is_some() => (due, Some(0)),
        None => (None, None),
    }
}
