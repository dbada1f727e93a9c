//! Whether a table is a list of everybody who is there, by what its title, its sheet and its file are called.
//!
//! A list of new admissions, exits or proposals names some of those who are there; taken for all of them it would close
//! everybody else's stay. So a list is whole only where it says so, and a word for a part of the people outweighs that.

use super::sources::Source;
use crate::domain::month::month_word;
use crate::domain::raw::RawTable;
use crate::domain::{RecordKind, Scope, normal};
use chrono::NaiveDate;

/// What lists of those who are there are called.
const LISTS: &[&str] = &[
    "daftar",
    "data",
    "keadaan",
    "isi",
    "nama",
    "nominatif",
    "rekap",
    "list",
    "roll",
    "inmates",
    "clients",
    "population",
];
/// Words for all people of a prison.
const INMATES: &[&str] = &[
    "penghuni",
    "wbp",
    "warga",
    "isi",
    "inmates",
    "inmate",
    "prisoners",
    "population",
];
/// Words of lists that name some of the people, or what happened to them.
const PARTS: &[&str] = &[
    "mutasi",
    "masuk",
    "baru",
    "penerimaan",
    "diterima",
    "keluar",
    "pengeluaran",
    "bebas",
    "pembebasan",
    "pindah",
    "pemindahan",
    "pindahan",
    "usulan",
    "usul",
    "diusulkan",
    "tempo",
    "remisi",
    "sidang",
    "litmas",
    "meninggal",
    "lari",
    "pelarian",
    "pelanggaran",
    "asimilasi",
    "integrasi",
    "program",
    "peserta",
    "kegiatan",
    "lapor",
    "apel",
    "cuti",
    "pencabutan",
    "dicabut",
    "selesai",
    "berakhir",
    "residivis",
    "lansia",
    "sakit",
    "kunjungan",
    "layanan",
    "pembinaan",
    "pelatihan",
    "pb",
    "cb",
    "cmb",
    "ekspirasi",
    "overstaying",
    "mantan",
    "alumni",
    // Those of one block, belief, work, illness or place.
    "blok",
    "kamar",
    "wisma",
    "pekerja",
    "tamping",
    "dapur",
    "rawat",
    "tb",
    "hiv",
    "islam",
    "muslim",
    "kristen",
    "nasrani",
    "katolik",
    "natal",
    "lebaran",
    "idul",
    "kecamatan",
    "dpo",
    // The clients of one officer or outpost.
    "saya",
    "pk",
    "ibu",
    "bapak",
    "pos",
    "new",
    "admissions",
    "released",
    "releases",
    "transfers",
    "movements",
    "exits",
];

/// Notes in the context of a table whom it names all of, and on which day.
pub fn describe(table: &mut RawTable, words: &str, sheet: &str, source: Option<&Source>) {
    let by_hand = source.and_then(|s| s.whole_list);
    let said = match by_hand {
        Some(true) => Some(scope(table.kind, words, sheet).unwrap_or(Scope::Everybody)),
        Some(false) => None,
        // Of one sex alone a list is whole where nobody else is held.
        None if of_one_sex(words) && !of_women(table) => None,
        None => said(table.kind, words, sheet),
    };
    let c = &mut table.context;
    (c.whole, c.whole_by_hand) = (said, said.is_some() && by_hand.is_some());
    c.day = c.title.split('|').filter_map(day_in).next_back();
}

/// Whether title, sheet or file speak of men alone or of women alone.
fn of_one_sex(words: &str) -> bool {
    let any = |list: &[&str]| words.split(' ').any(|w| list.contains(&w));
    any(&["perempuan", "wanita", "putri"]) != any(&["laki", "pria", "putra"])
}

/// Whether a list is of a prison for women.
fn of_women(table: &RawTable) -> bool {
    let of = table.context.upt.as_deref();
    of.is_some_and(|id| id.starts_with(crate::domain::upt::UptKind::Lpp.id()))
}

/// Whom a list names all of; `None` where it does not say so.
fn said(kind: RecordKind, words: &str, sheet: &str) -> Option<Scope> {
    let all: Vec<&str> = words.split(' ').collect();
    let any = |list: &[&str]| all.iter().any(|w| list.contains(w));
    if any(PARTS) || !any(LISTS) {
        return None;
    }
    scope(kind, words, sheet)
}

/// The people a list is about.
fn scope(kind: RecordKind, words: &str, sheet: &str) -> Option<Scope> {
    let all: Vec<&str> = words.split(' ').collect();
    let has = |w: &str| all.contains(&w);
    match kind {
        RecordKind::Custody => {
            let (remand, sentenced) = (has("tahanan"), has("narapidana") || has("napi"));
            let child = has("andikpas") || words.contains("anak binaan");
            match (remand, sentenced) {
                _ if INMATES.iter().any(|w| has(w)) => Some(Scope::Everybody),
                (true, true) => Some(Scope::Everybody),
                (true, false) => Some(Scope::Remand),
                (false, true) => Some(Scope::Sentenced),
                (false, false) => child.then_some(Scope::Children),
            }
        }
        RecordKind::Supervision => {
            let sheet = normal(sheet);
            let here = |w: &str| sheet.split(' ').any(|x| x == w) || has(w);
            match (here("dewasa"), here("anak")) {
                _ if !has("klien") && !has("clients") => None,
                (true, false) => Some(Scope::Adults),
                (false, true) => Some(Scope::Children),
                _ => Some(Scope::Everybody),
            }
        }
        RecordKind::Litmas
        | RecordKind::Participation
        | RecordKind::CommunityService
        | RecordKind::Outcome
        | RecordKind::Resident
        | RecordKind::Death => None,
    }
}

/// The last day a title line names: `KEADAAN PER 25 JANUARI 2026`, `s.d. 31-01-2026`. A line of place and date alone is
/// that of a signature.
fn day_in(line: &str) -> Option<NaiveDate> {
    let n = normal(line);
    let words: Vec<&str> = n.split(' ').filter(|w| !w.is_empty()).collect();
    if words.len() < 5 && !words.iter().any(|w| AS_OF.contains(w)) {
        return None;
    }
    let day = |w: &[&str]| {
        let (d, m, y) = (w[0].parse().ok()?, w[1], w[2].parse::<i32>().ok()?);
        let m = month_word(m).or_else(|| m.parse().ok())?;
        let known = (1990..=2100).contains(&y);
        NaiveDate::from_ymd_opt(y, m, d).filter(|_| known)
    };
    words.windows(3).filter_map(day).next_back()
}

/// Words before the day of a list.
const AS_OF: &[&str] = &["per", "keadaan", "tanggal", "tgl", "posisi", "sampai", "d"];

#[cfg(test)]
mod tests {
    use super::*;

    fn custody(title: &str) -> Option<Scope> {
        said(RecordKind::Custody, &normal(title), "")
    }

    #[test]
    fn a_list_is_whole_where_it_says_so_and_of_whom() {
        assert_eq!(
            custody("DAFTAR PENGHUNI LAPAS KELAS IIA AMBON PER 31 JANUARI 2026"),
            Some(Scope::Everybody)
        );
        assert_eq!(
            custody("DATA WBP RUTAN AMBON BULAN JANUARI 2026"),
            Some(Scope::Everybody)
        );
        assert_eq!(
            custody("Data Tahanan dan Narapidana"),
            Some(Scope::Everybody)
        );
        assert_eq!(custody("DAFTAR NARAPIDANA"), Some(Scope::Sentenced));
        assert_eq!(custody("DAFTAR TAHANAN"), Some(Scope::Remand));
        let client = |title, sheet| said(RecordKind::Supervision, &normal(title), sheet);
        assert_eq!(
            client("DATA KLIEN PEMASYARAKATAN BULAN JANUARI 2026", "DEWASA"),
            Some(Scope::Adults)
        );
        assert_eq!(
            client("DATA KLIEN PEMASYARAKATAN BULAN JANUARI 2026", "ANAK"),
            Some(Scope::Children)
        );
        assert_eq!(client("DAFTAR KLIEN", "Sheet1"), Some(Scope::Everybody));
    }

    #[test]
    fn lists_of_some_people_close_nobodys_stay() {
        for title in [
            "REGISTER PENERIMAAN TAHANAN BARU BULAN JANUARI 2026",
            "DATA MUTASI PENGHUNI BULAN JANUARI 2026",
            "DAFTAR NARAPIDANA BEBAS BULAN JANUARI 2026",
            "DAFTAR NARAPIDANA YANG DIUSULKAN REMISI",
            "REGISTER B.I",
            "LAPAS AMBON JANUARI 2026",
            "DATA WBP BLOK MAWAR PER 31 JANUARI 2026",
            "DAFTAR NARAPIDANA BERAGAMA ISLAM",
        ] {
            assert_eq!(custody(title), None, "{title}");
        }
        assert_eq!(
            said(RecordKind::Supervision, "rekap wajib lapor klien", ""),
            None
        );
        assert_eq!(
            said(RecordKind::Supervision, "data klien pb cb cmb", ""),
            None
        );
    }

    #[test]
    fn the_day_of_a_list_is_that_of_its_title_and_not_of_a_signature() {
        let d = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
        assert_eq!(
            day_in("DAFTAR PENGHUNI KEADAAN PER 25 JANUARI 2026"),
            d(2026, 1, 25)
        );
        assert_eq!(day_in("Keadaan s.d. 31-01-2026"), d(2026, 1, 31));
        assert_eq!(day_in("per 31/12/2025"), d(2025, 12, 31));
        assert_eq!(day_in("Ambon, 5 Februari 2026"), None);
        assert_eq!(day_in("BULAN JANUARI 2026"), None);
    }
}
