//! What a column means when its header does not say: the first word of the header and the look of the values together.
//!
//! Only columns that the dictionary left open (or knew by less than three quarters) are looked at, and only fields that
//! no other column has taken are given. The confidence says that it is a guess.

use super::context::month_word;
use super::dictionary::normal;
use crate::domain::raw::{RawCell, RawTable};
use crate::domain::{Field, RecordKind};

/// How many values of a column are looked at.
const SAMPLE: usize = 200;
/// Confidence of a field that both header and values speak for, and of one the values alone speak for.
const BOTH: f32 = 0.7;
const VALUES: f32 = 0.6;

/// Shares of a column's values that look like something.
#[derive(Default)]
struct Look {
    filled: usize,
    nik: usize,
    sex: usize,
    date: usize,
    state: usize,
    district: usize,
    unit: usize,
    name: usize,
    number: usize,
}

impl Look {
    fn most(&self, n: usize) -> bool {
        self.filled > 0 && n * 10 >= self.filled * 7
    }
}

/// Gives open columns the field their header's first word and their values agree on.
pub fn complete(table: &mut RawTable) {
    for i in 0..table.columns.len() {
        let column = &table.columns[i];
        if column.header.is_empty() || column.confidence >= 0.75 {
            continue;
        }
        let before = column.field;
        let found = guess(table, i);
        if let Some((field, sure)) = found
            && Some(field) != before
            && sure > table.columns[i].confidence
            && !table.columns.iter().any(|c| c.field == Some(field))
        {
            table.columns[i].field = Some(field);
            table.columns[i].confidence = sure;
        }
    }
}

fn guess(table: &RawTable, at: usize) -> Option<(Field, f32)> {
    use Field as F;
    let header = normal(&table.columns[at].header);
    let words: Vec<&str> = header.split(' ').collect();
    let has = |list: &[&str]| words.iter().any(|w| list.contains(w));
    let first = words.first().copied().unwrap_or_default();
    let look = look(table, at);
    let service = table.kind == RecordKind::Participation;
    Some(match () {
        () if look.most(look.nik) && !has(&["kk", "keluarga"]) => (F::Nik, VALUES),
        () if look.most(look.sex) => (F::Sex, VALUES),
        () if look.most(look.district) => (
            F::District,
            if has(&["kecamatan", "kec"]) {
                0.74
            } else {
                VALUES
            },
        ),
        () if look.most(look.unit) => (F::Upt, VALUES),
        () if look.most(look.date) => match () {
            () if has(&["lahir", "kelahiran"]) => (F::BirthDate, BOTH),
            () if has(&["rujuk", "rujukan", "usulan"]) => (F::ReferralDate, BOTH),
            () if has(&["daftar", "pendaftaran"]) => (F::EnrolDate, BOTH),
            () if has(&["selesai", "akhir", "berakhir", "sampai"]) => (F::EndDate, BOTH),
            () if has(&["terbit", "cetak", "penyerahan", "diserahkan", "serah"]) => {
                (F::IssuedDate, BOTH)
            }
            () if has(&["bebas", "keluar"]) => (F::ExitDate, BOTH),
            () if has(&["masuk"]) => (F::AdmissionDate, BOTH),
            () if service || has(&["mulai"]) => (F::StartDate, VALUES),
            () => return None,
        },
        () if look.most(look.state) => (
            F::ServiceState,
            if has(&["status", "hasil"]) {
                BOTH
            } else {
                VALUES
            },
        ),
        () if first == "nama" && look.most(look.name) => (F::Name, BOTH),
        () if look.most(look.number) && has(&["hadir", "dihadiri", "diikuti", "kehadiran"]) => (
            if has(&["jam", "jp"]) {
                F::HoursAttended
            } else {
                F::SessionsAttended
            },
            BOTH,
        ),
        () if matches!(first, "status" | "hasil") && service => (F::ServiceState, VALUES),
        () if matches!(first, "jenis" | "bentuk" | "macam" | "kategori") && service => {
            (F::ServiceKind, VALUES)
        }
        () if has(&["pelatihan", "program", "kegiatan", "kursus", "bimtek"])
            && service
            && look.number == 0 =>
        {
            (F::ServiceName, VALUES)
        }
        () => return None,
    })
}

fn look(table: &RawTable, at: usize) -> Look {
    let mut out = Look::default();
    for cell in table
        .rows
        .iter()
        .filter_map(|r| r.cells.get(at))
        .filter(|c| **c != RawCell::Empty)
        .take(SAMPLE)
    {
        out.filled += 1;
        match cell {
            RawCell::Date(_) => out.date += 1,
            RawCell::Number(n) => {
                out.number += 1;
                out.nik += usize::from((1.1e15..1e16).contains(n));
            }
            RawCell::Text(t) => text(t, &mut out),
            _ => {}
        }
    }
    out
}

fn text(t: &str, out: &mut Look) {
    let digits = t.bytes().filter(u8::is_ascii_digit).count();
    let letters = t.chars().filter(|c| c.is_alphabetic()).count();
    let n = normal(t);
    let words: Vec<&str> = n.split(' ').collect();
    out.nik += usize::from(digits == 16 && letters == 0);
    out.number += usize::from(letters == 0 && digits > 0);
    out.sex += usize::from(matches!(
        n.as_str(),
        "l" | "p"
            | "lk"
            | "pr"
            | "laki laki"
            | "perempuan"
            | "pria"
            | "wanita"
            | "m"
            | "f"
            | "male"
            | "female"
    ));
    let parts: Vec<&str> = words
        .iter()
        .filter(|w| w.bytes().all(|b| b.is_ascii_digit()))
        .copied()
        .collect();
    let month = words.iter().any(|w| month_word(w).is_some());
    let day_month_year = parts.len() == 3 && letters == 0 && parts.iter().any(|p| p.len() == 4);
    out.date += usize::from(day_month_year || (month && parts.len() == 2));
    const STATES: &[&str] = &[
        "selesai",
        "lanjut",
        "berlanjut",
        "berhenti",
        "putus",
        "aktif",
        "lulus",
        "tamat",
        "berjalan",
        "gugur",
        "keluar",
        "batal",
        "mengundurkan",
        "ikut",
        "mulai",
        "terdaftar",
        "dirujuk",
        "diterima",
        "ditolak",
        "completed",
        "dropped",
        "ongoing",
        "enrolled",
        "menunggu",
    ];
    out.state += usize::from(words.len() <= 3 && words.iter().any(|w| STATES.contains(w)));
    out.district += usize::from(matches!(
        n.trim_start_matches("kecamatan ")
            .trim_start_matches("kec "),
        "sirimau"
            | "nusaniwe"
            | "baguala"
            | "teluk ambon"
            | "teluk ambon baguala"
            | "leitimur selatan"
    ));
    out.unit += usize::from(matches!(
        words[0],
        "lapas" | "rutan" | "lpka" | "lpp" | "lp"
    ));
    out.name += usize::from(digits == 0 && letters >= 3 && words.len() <= 6);
}
