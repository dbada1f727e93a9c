//! What a line of a day-book or of a list of movements tells: that somebody came, from where, or how he left.

use super::days::{day_in, marked};
use super::words::{ABSCONDED, NOT_YET};
use crate::clean::codes;
use crate::clean::text::{affirmed_at, is_placeholder, says, wording};
use crate::domain::{ExitCode, Month, PartialDate};

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
        // `dari Rutan Masohi`
        let first = n.split(' ').next().unwrap_or_default();
        let bare = matches!(first, "dari" | "dr" | "asal" | "ex") && says(&n, PRISONS);
        if bare && !says(&n, &["kamar", "blok", "polres", "polsek", "kejari"]) {
            return Some(n);
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
                    && (codes::is_moved_in(&n)
                        || from && (prison || !says(&n, &["polres", "polsek", "kejari", "pn"]))
                        || n.split(' ').count() == 1)
            }
        };
        if moved {
            return Some(n);
        }
    }
    None
}

/// Words of having been caught after an escape, or of having come back from it.
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

/// Whether a text tells that somebody was caught after an escape, or came back from it.
pub fn is_recapture(text: &str) -> bool {
    affirmed_at(&wording(text), AGAIN, NOT_YET).is_some()
}

/// The day of an escape and that of the capture after it, where a text tells both.
pub fn flight(text: &str, list: Option<Month>) -> Option<(PartialDate, PartialDate)> {
    if text.len() > 2_000 || !is_recapture(text) {
        return None;
    }
    let (marked, days) = marked(text, list);
    let n = wording(&marked);
    let back = affirmed_at(&n, AGAIN, NOT_YET)?;
    let fled = affirmed_at(&n, ABSCONDED, NOT_YET)?;
    let (fled, back) = if fled < back {
        (
            day_in(&n[fled..back], &days, false)?,
            day_in(&n[back..], &days, false)?,
        )
    } else {
        (
            day_in(&n[fled..], &days, false)?,
            day_in(&n[back..fled], &days, false)?,
        )
    };
    (fled.day()? <= back.day()?).then_some((fled, back))
}

/// The day on which a text tells that somebody came: `pindahan dari Rutan Masohi tgl 14 Januari 2026`.
pub fn came(text: &str, list: Option<Month>) -> PartialDate {
    if text.len() > 2_000 || is_placeholder(text) || movement(text) != Some(Movement::Came) {
        return PartialDate::Unknown;
    }
    if let Some((_, back)) = flight(text, list) {
        return back;
    }
    let (marked, days) = marked(text, list);
    let n = wording(&marked);
    let Some(at) = affirmed_at(&n, AGAIN, NOT_YET).or_else(|| affirmed_at(&n, CAME, NOT_YET))
    else {
        return PartialDate::Unknown;
    };
    // `tertangkap kembali setelah lari 3/11/2025`: the day is that of the escape.
    let own = n[at..].split(" qq").next().unwrap_or_default();
    if says(own, ABSCONDED) || says(own, NOT_YET) {
        return PartialDate::Unknown;
    }
    day_in(&n[at..], &days, false)
        .or_else(|| day_in(&n[..at], &days, true))
        .unwrap_or_default()
}

/// Whether a text tells that somebody is back in custody because a decree of integration was revoked: `SK PB dicabut, menjalani
/// sisa pidana`, `pencabutan PB`.
pub fn after_revocation(text: &str) -> bool {
    // Asked of several texts of every row.
    let roots = [b"cab", b"cbt", b"rev"];
    let named = |w: &[u8]| roots.iter().any(|r| w.eq_ignore_ascii_case(*r));
    if !text.as_bytes().windows(3).any(named) {
        return false;
    }
    let n = wording(text);
    let revoked = affirmed_at(&n, super::words::REVOKED, NOT_YET).is_some();
    revoked
        && says(
            &n,
            &[
                "pb",
                "cb",
                "cmb",
                "integrasi",
                "asimilasi",
                "sisa pidana",
                "bersyarat",
                "pembebasan bersyarat",
                "cuti bersyarat",
                "cuti menjelang bebas",
            ],
        )
}

/// Whether remarks tell of a change of the register class: `peralihan dari A.I`, `inkracht, dari A.III 77/2025`, `A.II -> A.III`,
/// `ganti golongan`, `alih register`.
pub fn is_register_move(text: &str) -> bool {
    if text.len() < 5 {
        return false;
    }
    let n = wording(text);
    if says(
        &n,
        &[
            "masuk",
            "baru",
            "diterima",
            "titipan",
            "dicabut",
            "pencabutan",
        ],
    ) {
        return false;
    }
    let moved = [
        "peralihan",
        "beralih",
        "perubahan golongan",
        "ganti golongan",
        "pindah golongan",
        "alih golongan",
        "naik golongan",
        "perubahan register",
        "ganti register",
        "alih register",
        "pindah register",
        "perpanjangan",
        "perpanjangan penahanan",
        "dari reg a",
        "dari register a",
    ];
    says(&n, &moved) || {
        // One class that another one took the place of; or the only one, from or into which somebody came.
        let words: Vec<&str> = n.split(' ').collect();
        let class = |i: usize| {
            let numeral = |w: &str| matches!(w, "i" | "ii" | "iii" | "iv" | "v" | "iia" | "iib");
            let letter = matches!(words[i], "a" | "b");
            letter && words.get(i + 1).is_some_and(|w| numeral(w))
                || matches!(
                    words[i],
                    "ai" | "aii" | "aiii" | "aiv" | "av" | "bi" | "biia" | "biib"
                )
        };
        let at: Vec<usize> = (0..words.len()).filter(|i| class(*i)).collect();
        let lead = |i: &usize| {
            let before = i.checked_sub(1).and_then(|k| words.get(k));
            let linked = ["dari", "dr", "ke", "alih", "menjadi", "jadi", "mjd"];
            before.is_some_and(|w| linked.contains(w))
        };
        at.len() >= 2 || at.iter().any(lead)
    }
}
