//! What takes a row out of its list, or of what is told of all of the list: struck out, withdrawn, called off, declined.

use super::Row;
use crate::clean::text::{says, wording};
use crate::domain::raw::{Aside, RawCell};
use crate::domain::{Field, RecordKind};

impl Row<'_> {
    /// Whether some cell of the row says that what is told of all of the list is not so of him: `tdk hadir`, `BATAL
    /// BERANGKAT`, `diserahkan kemudian`.
    pub fn declines(&self) -> bool {
        const DECLINED: &[&str] = &[
            "tidak hadir",
            "tidak jadi",
            "tidak ikut",
            "tidak datang",
            "tidak mengikuti",
            "belum hadir",
            "batal",
            "dibatalkan",
            "urung",
            "ditunda",
            "tunda",
            "diserahkan kemudian",
            "menyusul",
            "absen",
            "menolak",
            "ditolak",
            "mengundurkan diri",
            "ditangguhkan",
        ];
        let cells = self.row.cells.iter().zip(&self.table.columns);
        cells
            .filter(|(_, c)| c.field != Some(Field::Name))
            .any(|(cell, _)| match cell {
                RawCell::Text(t) => says(&wording(t), DECLINED),
                RawCell::Number(_)
                | RawCell::Date(_)
                | RawCell::Bool(_)
                | RawCell::Error(_)
                | RawCell::Empty => false,
            })
    }

    /// By which rule the row is none of the list's: it is struck out, said to be a double or a wrong entry, of those who look
    /// after the people of the list, or below its total.
    pub fn is_aside(&self) -> Option<&'static str> {
        match self.row.aside {
            Some(Aside::Struck) => Some("clean.row_withdrawn"),
            Some(Aside::OfOthers) => Some("clean.row_of_others"),
            Some(Aside::BelowTotal) => Some("clean.row_below_total"),
            None => self.is_withdrawn().then_some("clean.row_withdrawn"),
        }
    }

    fn is_withdrawn(&self) -> bool {
        const LEADS: &[&str] = &[
            "dobel",
            "double",
            "doubel",
            "duplikat",
            "duplikasi",
            "dicoret",
            "coret",
            "salah input",
            "salah entri",
            "salah entry",
            "salah ketik",
            "entri ganda",
            "data dobel",
            "input ganda",
            "input dobel",
            "batal salah",
            "tercatat dobel",
            "tercatat ganda",
            "tercatat dua kali",
            "sudah ada di no",
            "sudah ada di nomor",
            "sama dengan no",
            "lihat no",
            "abaikan",
            "hapus",
            "tidak dihitung",
            "jangan dihitung",
        ];
        // Few cells begin like any of them.
        let may = |t: &str| {
            let start: String = t.chars().take(3).flat_map(char::to_lowercase).collect();
            matches!(start.as_str(), "sdh" | "tdk" | "gan")
                || LEADS.iter().any(|l| l.starts_with(start.trim_end()))
        };
        let taken_back = |t: &str| {
            if !may(t.trim_start_matches(|c: char| !c.is_alphanumeric())) {
                return false;
            }
            let n = wording(t);
            n == "ganda"
                || LEADS.iter().any(|l| {
                    n.strip_prefix(l)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
                })
        };
        // A cell of words that is no name, place or number of anybody.
        let speaks = |field: Option<Field>| {
            matches!(
                field,
                None | Some(
                    Field::Remarks
                        | Field::ExitKind
                        | Field::EndKind
                        | Field::ServiceState
                        | Field::PersonStatus
                        | Field::OutcomeKind
                )
            )
        };
        (self.row.cells.iter().zip(&self.table.columns))
            .filter(|(_, c)| speaks(c.field))
            .any(|(cell, _)| matches!(cell, RawCell::Text(t) if taken_back(t)))
    }

    /// Whether the remarks of a row of a list of those who came or left begin with that it was called off: `batal, dibawa kembali ke
    /// Polres`, `BATAL, SK ditarik`. Of somebody on a list of those inside it says nothing of his being there.
    pub fn is_called_off(&self) -> bool {
        let of_event = match self.table.kind {
            RecordKind::Custody => self.table.context.whole.is_none(),
            RecordKind::Supervision | RecordKind::Outcome => true,
            RecordKind::Litmas
            | RecordKind::Participation
            | RecordKind::CommunityService
            | RecordKind::Resident
            | RecordKind::Death => false,
        };
        let RawCell::Text(t) = self.cell(Field::Remarks) else {
            return false;
        };
        let first: String = t
            .trim()
            .chars()
            .take(5)
            .flat_map(char::to_lowercase)
            .collect();
        if !of_event
            || !["bat", "dib", "tid", "tdk", "uru"]
                .iter()
                .any(|p| first.starts_with(p))
        {
            return false;
        }
        let n = wording(t);
        let leads = ["batal", "dibatalkan", "tidak jadi", "urung"];
        let off = leads.iter().any(|l| {
            n.strip_prefix(l)
                .is_some_and(|r| r.is_empty() || r.starts_with(' '))
        });
        // What else was called off beside an admission is none of it: `batal PB`.
        let admitted = self.has(Field::AdmissionDate) && !self.has(Field::ExitDate);
        let other = [
            "pb",
            "cb",
            "cmb",
            "bebas",
            "pindah",
            "dipindahkan",
            "usulan",
            "integrasi",
        ];
        off && !(admitted && says(&n, &other))
    }
}
