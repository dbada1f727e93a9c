//! What a file is called where its supplier is not the reader: manifests, logs, mails of cron.
//!
//! A file's own name may be a person's (`surat SITI TOISUTA 8171….pdf`). Only words that offices use for files, units,
//! agencies and times are shown; everything else becomes `…`. The first folder below the inbox is the office's own order
//! and stays. The supplier itself is told the true name.

use super::dictionary;
use crate::domain::month::month_word;
use crate::domain::normal;
use crate::domain::opd::OPDS;
use crate::domain::region::{DISTRICTS, REGENCIES};
use crate::domain::upt::UptRegistry;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Words offices write into file names, besides headers and names of offices.
const WORDS: &str = "a akhir berkas contoh file kosong rusak sample test uji akta alih apel aplikasi asimilasi asli awal b baru bap bebas bersyarat bimbingan biodata \
    book bulan bulanan bukti c cabut cb cmb copy d dalam dan daftar dafter dari data database di dll dewasa dokumen \
    dukcapil ekspor eksport export f fiks final fix form format formulir gabungan h hal harian hasil honor i ii iii induk \
    input iv jadwal jumlah juli kanwil kecamatan kegiatan kehadiran kelas kemandirian kematian kepribadian kerja kode \
    koreksi kota lama lampiran lap laporan lapor layanan lengkap lembar litmas luar luaran maluku masuk master mingguan \
    mutasi n naik new of opd old p pb pelatihan pelepasan pemantauan pembaruan pembebasan pembinaan pembimbingan pendataan \
    pendidikan pengawasan per perbaikan periode permohonan pidana pindah pks program rangkuman realisasi reg register registrasi \
    reintegrasi rekap rekapan rekapitulasi remisi report rev revisi s salinan sampai sd sdp semester serah sheet sk \
    sosial stok surat susulan tabel table tahap tahun tahunan tambahan template terbaru terima tgl th the total tpp \
    triwulan tw ulang unduh unduhan untuk update updated upt usulan v versi wajib xls xlsx xlsm xlsb ods csv tsv txt gz zip \
    pdf doc docx jpg jpeg png html htm xml json rar 7z bak tmp \
    part partial filepart crdownload opdownload download temp copy salin";

/// The words that may be shown.
#[derive(Debug, Clone)]
pub struct FileNames {
    words: HashSet<String>,
}

impl FileNames {
    /// With the names of these units and agencies; `more` are ids of suppliers.
    pub fn new<'a>(
        units: &UptRegistry,
        agencies: &BTreeMap<String, String>,
        more: impl IntoIterator<Item = &'a str>,
    ) -> FileNames {
        let mut words: HashSet<String> = WORDS.split_whitespace().map(str::to_owned).collect();
        let mut learn = |text: &str| {
            words.extend(normal(text).split(' ').map(str::to_owned));
        };
        dictionary::headers().for_each(&mut learn);
        for (_, u) in units.all() {
            [&u.id, &u.name, &u.place]
                .into_iter()
                .for_each(|t| learn(t));
            u.aliases.iter().for_each(|t| learn(t));
        }
        for (id, name, aliases) in OPDS {
            learn(id);
            learn(name);
            aliases.iter().for_each(|t| learn(t));
        }
        for (.., name) in REGENCIES.iter().chain(DISTRICTS) {
            learn(name);
        }
        for (id, name) in agencies {
            learn(id);
            learn(name);
        }
        more.into_iter().for_each(learn);
        FileNames { words }
    }

    /// A path below the inbox as it may be shown.
    pub fn shown(&self, rel: &str) -> String {
        match rel.split_once('/') {
            Some((folder, rest)) => {
                let rest: Vec<String> = rest.split('/').map(|p| self.part(p)).collect();
                format!("{folder}/{}", rest.join("/"))
            }
            None => self.part(rel),
        }
    }

    /// Paths of an inbox, in its order, as they may be shown: no two alike.
    pub fn all_shown<'a>(
        &self,
        rels: impl IntoIterator<Item = &'a str>,
    ) -> HashMap<String, String> {
        let mut taken: HashMap<String, u32> = HashMap::new();
        let mut out = HashMap::new();
        for rel in rels {
            let shown = self.shown(rel);
            let n = taken.entry(shown.clone()).or_default();
            *n += 1;
            let name = if *n == 1 {
                shown
            } else {
                format!("{shown} ({n})")
            };
            out.insert(rel.to_owned(), name);
        }
        out
    }

    /// Supplier id of a file that names no office: its first folder, else what of its name may be shown.
    pub fn supplier(&self, rel: &str) -> String {
        // The folder of a month is no office's.
        let mut rel = rel;
        while let Some((folder, rest)) = rel.split_once('/')
            && rest.contains('/')
            && is_month(folder)
        {
            rel = rest;
        }
        let first = match rel.split_once('/') {
            Some((folder, _)) => folder.to_owned(),
            None => {
                let shown = self.part(rel);
                shown
                    .rsplit_once('.')
                    .map_or(shown.clone(), |(stem, _)| stem.to_owned())
            }
        };
        let id = normal(&first).replace(' ', "-");
        if id.is_empty() {
            "inbox".to_owned()
        } else {
            id
        }
    }

    fn part(&self, name: &str) -> String {
        let tokens = tokens(name);
        let is_number = |t: &&str| t.chars().next().is_some_and(|c| c.is_ascii_digit());
        let mut out = String::new();
        let mut i = 0;
        let hide = |out: &mut String| {
            // A blank between two hidden words would tell how many there were.
            while out.ends_with([' ', '_', '-', '.', ','])
                && out
                    .trim_end_matches([' ', '_', '-', '.', ','])
                    .ends_with('…')
            {
                out.pop();
            }
            if !out.ends_with('…') {
                out.push('…');
            }
        };
        while i < tokens.len() {
            let t = tokens[i];
            if is_number(&t) {
                // Numbers with nothing but signs between them belong together: a date, or parts of a NIK.
                let mut end = i + 1;
                while end + 1 < tokens.len() && !is_word(tokens[end]) && is_number(&tokens[end + 1])
                {
                    end += 2;
                }
                let group: Vec<&str> = tokens[i..end]
                    .iter()
                    .copied()
                    .filter(|t| is_number(t))
                    .collect();
                if may_show(&group) && !is_register_number(&tokens[..i], &group) {
                    tokens[i..end].iter().for_each(|t| out.push_str(t));
                } else {
                    hide(&mut out);
                }
                i = end;
                continue;
            }
            if !is_word(t) {
                // Control characters and marks of direction have no place in a line of a log.
                out.extend(t.chars().filter(|c| c.is_ascii_graphic() || *c == ' '));
            } else if self.words.contains(&t.to_lowercase())
                || month_word(&t.to_lowercase()).is_some()
            {
                out.push_str(t);
            } else {
                hide(&mut out);
            }
            i += 1;
        }
        out
    }
}

/// Whether a number is one of a register: it follows a register's class (`B.I.123`, `BIIa 45-2024`), and with the unit it
/// names a person.
fn is_register_number(before: &[&str], group: &[&str]) -> bool {
    let mut words = before
        .iter()
        .rev()
        .filter(|t| !t.trim_matches(['.', '_', '-', ' ', '/']).is_empty());
    let class: String = words
        .by_ref()
        .take_while(|t| t.len() <= 4 && t.bytes().all(|b| b"abcdhivsABCDHIVS".contains(&b)))
        .map(|t| t.to_lowercase())
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    // A letter alone is a part of a list (`bagian a 12`) as well as a class: with a year behind it is a number.
    let roman = class.trim_start_matches(['a', 'b', 'c', 'd', 'h']);
    let of_class =
        class.len() < 6 && !class.is_empty() && roman.starts_with(['i', 'v']) && roman != class
            || matches!(class.as_str(), "a" | "b" | "c" | "d" | "h") && group.len() == 2;
    let year = |t: &str| t.len() == 4;
    match group {
        [one] => of_class && (2..=3).contains(&one.len()),
        [number, y] => of_class && number.len() <= 3 && year(y),
        _ => false,
    }
}

fn is_word(t: &str) -> bool {
    t.chars().next().is_some_and(char::is_alphabetic)
}

/// Runs of letters, of digits, of anything else.
fn tokens(name: &str) -> Vec<&str> {
    let kind = |c: char| {
        if c.is_ascii_digit() {
            0
        } else if c.is_alphabetic() {
            1
        } else {
            2
        }
    };
    let mut out = Vec::new();
    let mut from = 0;
    let mut last = None;
    for (at, c) in name.char_indices() {
        if last.is_some_and(|k| k != kind(c)) {
            out.push(&name[from..at]);
            from = at;
        }
        last = Some(kind(c));
    }
    if from < name.len() {
        out.push(&name[from..]);
    }
    out
}

/// Whether numbers that stand together are a year, a month, a count; not what may be a birth date or part of a NIK:
/// nobody of age to be in a list was born after this year.
const NOBODY_BORN: u32 = 2019;

fn may_show(group: &[&str]) -> bool {
    let value = |t: &&&str| t.parse::<u32>().unwrap_or(u32::MAX);
    let recent = |t: &&&str| t.len() == 4 && (NOBODY_BORN..2100).contains(&value(t));
    match group {
        [one] => match one.len() {
            1..=3 => true,
            4 => (1990..2100).contains(&value(&one)),
            6 | 8 => one.get(..4).is_some_and(|y| recent(&&y)),
            _ => false,
        },
        // A number before or after a year is a month; another one is somebody's.
        [a, b] => match [a, b].map(|t| recent(&t)) {
            [true, false] => (1..=12).contains(&value(&b)),
            [false, true] => (1..=12).contains(&value(&a)),
            [true, true] => true,
            [false, false] => a.len() <= 2 && b.len() <= 2,
        },
        _ => {
            group.len() <= 4
                && group.iter().any(|t| recent(&t))
                && group.iter().all(|t| t.len() <= 2 || recent(&t))
        }
    }
}

/// Whether a folder is named for a month or a year, and nothing else: `2026-01`, `Januari 2026`, `01`.
fn is_month(folder: &str) -> bool {
    let n = normal(folder);
    let number = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit());
    let known = |w: &str| {
        number(w)
            || matches!(w, "bulan" | "bln" | "tahun")
            || crate::domain::month::month_word(w).is_some()
    };
    n.split(' ').all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> FileNames {
        FileNames::new(&UptRegistry::maluku(&[]), &BTreeMap::new(), ["yayasan-x"])
    }

    #[test]
    fn words_of_offices_and_times_are_shown_and_nobodys_name() {
        let n = names();
        for same in [
            "lapas-ambon/register_induk_2025-12.xlsx",
            "upt/lapas banda bulan januari 2026.ods",
            "bapas-ambon/wajib lapor 12 bulan.xlsx",
            "opd/dlh_kerja_sosial_2026-01.xlsx",
            "opd/dukcapil_akta_kematian.csv",
            "x/Data per 31-01-2026 (revisi 2).xlsx",
            "x/reg202601.csv",
        ] {
            assert_eq!(n.shown(same), same);
        }
        assert_eq!(
            n.shown("lapas-ambon/surat Siti TOISUTA 8171025203900002.pdf"),
            "lapas-ambon/surat ….pdf"
        );
        assert_eq!(
            n.shown("lapas-ambon/klien 12-03-1990.xlsx"),
            "lapas-ambon/klien ….xlsx"
        );
        assert_eq!(
            n.shown("lapas-ambon/klien 817102 120390 0001.xlsx"),
            "lapas-ambon/klien ….xlsx"
        );
        assert_eq!(n.shown("Bodewin_Wattimena.xlsx"), "….xlsx");
        for name in [
            "x/register B.I.123.pdf",
            "x/BI_123_2024.pdf",
            "x/B.IIa 123-2024.pdf",
            "x/surat 123-2024.pdf",
            "x/surat 23-2024.pdf",
        ] {
            assert!(!n.shown(name).contains("23"), "{}", n.shown(name));
        }
        // What names a month, a class or a part is no register number.
        for same in [
            "x/register B I 2025-12.xlsx",
            "x/register B1 Januari 2026.xlsx",
            "x/rekap triwulan II 2025.xlsx",
        ] {
            assert_eq!(n.shown(same), same);
        }
        assert_eq!(n.shown("x/\u{202e}klien\u{7}.csv"), "x/klien.csv");
    }

    #[test]
    fn two_files_never_share_a_shown_name() {
        let all = names().all_shown(["a/surat SITI.pdf", "a/surat YOHANIS.pdf"]);
        assert_eq!(all["a/surat SITI.pdf"], "a/surat ….pdf");
        assert_eq!(all["a/surat YOHANIS.pdf"], "a/surat ….pdf (2)");
    }

    #[test]
    fn a_supplier_is_named_by_its_folder_or_by_what_may_be_shown() {
        let n = names();
        assert_eq!(n.supplier("yayasan-kasih/a.csv"), "yayasan-kasih");
        assert_eq!(n.supplier("klien SITI.xlsx"), "klien");
        assert_eq!(n.supplier("SITI.xlsx"), "inbox");
    }
}
