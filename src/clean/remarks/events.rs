//! Where the words of a remark affirm an event: each has the place at which it begins.

use super::days::without_days;
use super::words::*;
use crate::clean::text::{affirmed_at, says, wording};

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

pub(super) fn is_day(w: &str) -> bool {
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

pub(super) fn completed(n: &str) -> Option<usize> {
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

pub(super) fn delegated(n: &str) -> Option<usize> {
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

pub(super) fn revoked(n: &str) -> Option<usize> {
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

pub(super) fn died(n: &str) -> Option<usize> {
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

pub(super) fn absconded(n: &str) -> Option<usize> {
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

pub(super) fn moved(n: &str) -> Option<usize> {
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
pub(super) fn freed(n: &str) -> Option<usize> {
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
        "tgl", "tanggal", "pada", "per", "sejak", "murni", "ke", "bapas", "keluar", "pulang",
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

/// The same as one clause of several, or as two: `PB tgl 20/1/2026, diterima Bapas Ambon`, `PB, keluar tgl 6/1`.
pub(super) fn lone_clause(marked: &str, n: &str) -> Option<usize> {
    let clauses: Vec<String> = marked.split([',', ';', '(', ')']).map(wording).collect();
    let one = clauses.iter().find(|c| is_lone(c)).cloned();
    let two = || {
        let mut pairs = clauses.windows(2).map(|c| c.join(" "));
        pairs.find(|c| is_lone(c) && says(c, &["keluar", "pulang"]))
    };
    n.find(one.or_else(two)?.as_str())
}

pub(super) fn dropped(n: &str) -> Option<usize> {
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
