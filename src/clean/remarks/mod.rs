//! What became of somebody, in free text (`Dicabut krn tindak pidana baru`, `Limpah ke Bapas Saumlaki tgl 5/5/2025`,
//! `MD 3/1/26`): the events it affirms, each with the day that stands beside it. What is denied or planned is none.

mod days;
mod movement;
mod told;
mod words;

pub use days::{day_told, day_without_year, last_day, names_day, whole_days};
pub use movement::{
    Movement, after_revocation, came, flight, is_recapture, is_register_move, moved_in, movement,
    names_any_prison, names_prison,
};
pub use told::{Work, began, reports, tells_an_event, tells_of_somebody, works};

use super::codes;
use super::text::{affirmed_at, is_placeholder, says, wording};
use crate::domain::supervision::SupervisionEnd;
use crate::domain::{ExitCode, Month, PartialDate};
use days::{day_in, marked, without_days};
use words::*;

/// What a remark tells of: how guidance, custody or a programme ended.
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
    /// What the words tell of.
    pub event: Event,
    /// When, as far as the text says.
    pub on: PartialDate,
}

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
            Event::Left(ExitCode::Bm) => {
                let from = i.checked_sub(1).map_or(0, |k| found[k].0);
                match codes::exit(&without_days(segment)) {
                    Some(ExitCode::Bm) => Event::Left(freed_by(&n[from..*at], segment)),
                    Some(code) if code != ExitCode::Other => Event::Left(code),
                    _ => continue,
                }
            }
            other => *other,
        };
        out.push(Said { event, on });
    }
    out
}

/// By what somebody left of whom a clause says no more than that he is free: what stands in front of it may say it, as in `RK II
/// Natal, bebas 25-12-2025`.
fn freed_by(before: &str, segment: &str) -> ExitCode {
    let outright = ["bebas murni", "murni", "bm", "habis", "selesai"];
    let named = codes::exits_named(before);
    match named[..] {
        [code] if code.is_index_release(true) && !says(segment, &outright) => code,
        _ => ExitCode::Bm,
    }
}

/// The ground of a revocation, from the words around it.
fn ground(n: &str) -> SupervisionEnd {
    codes::supervision_end("dicabut", n).unwrap_or(SupervisionEnd::Revoked)
}

/// Where one of some phrases stands affirmed and is not undone by what follows.
fn plain(n: &str, phrases: &[&str]) -> Option<usize> {
    let at = affirmed_at(n, phrases, NOT_YET)?;
    // What stands behind the phrase, and is no part of it.
    let own = phrases.iter().filter(|p| n[at..].starts_with(**p));
    let own = own.map(|p| p.split(' ').count()).max().unwrap_or(1);
    let mut behind = n[at..].split(' ').skip(own).take(3);
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
    "bimb",
    "bim",
    "bimbingannya",
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
    // `NIB lama tahun 2023 dicabut`: what was revoked may stand some words before.
    let near: Vec<&str> = n[..at].split_ascii_whitespace().rev().take(4).collect();
    let of_guidance = near.iter().any(|w| GUIDANCE.contains(w));
    let other_near = near.iter().any(|w| other(w)) && !of_guidance;
    (!other(before(n, at)) && !other(after) && !other_near).then_some(at)
}

/// Words for the guidance that a decree revokes.
const GUIDANCE: [&str; 8] = [
    "pb",
    "cb",
    "cmb",
    "asimilasi",
    "integrasi",
    "bimbingan",
    "sk",
    "hak",
];

/// Whether the death a wording names is that of somebody else: a parent, a victim.
pub(in crate::clean) fn of_another(n: &str) -> bool {
    plain(n, DIED).is_some() && died(n).is_none()
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

/// A conditional release with its day and nothing else: `PB tgl 20/1/2026`, `sdh CB tgl 20 Jan 26`, `keluar CB 13 Januari 2026`.
fn is_lone(n: &str) -> bool {
    const LEADS: &[&str] = &[
        "sudah",
        "telah",
        "keluar",
        "pulang",
        "bebas",
        "dibebaskan",
        "menjalani",
        "jalani",
        "dengan",
        "dgn",
        "karena",
        "melalui",
        "program",
        "mendapat",
        "dapat",
        "ybs",
    ];
    const LINKS: &[&str] = &[
        "tgl", "tanggal", "pada", "per", "sejak", "murni", "ke", "bapas",
    ];
    let bare = without_days(n);
    let mut words = (bare.split(' ').filter(|w| !w.is_empty())).skip_while(|w| LEADS.contains(w));
    let kind = words.next().unwrap_or_default();
    bare.len() < n.len()
        && matches!(
            kind,
            "pb" | "cb" | "cmb" | "bm" | "bdh" | "amnesti" | "grasi"
        )
        && words.all(|w| LINKS.contains(&w))
}

/// The same as one clause of several: `PB tgl 20/1/2026, diterima Bapas Ambon`.
fn lone_clause(marked: &str, n: &str) -> Option<usize> {
    let mut clauses = marked.split([',', ';', '(', ')']).map(wording);
    let clause = clauses.find(|c| is_lone(c))?;
    n.find(clause.as_str())
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
            "NIB lama tahun 2023 dicabut",
            "izin usaha milik istri dicabut",
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
            assert_eq!(reports(s, None), both, "{s}");
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
