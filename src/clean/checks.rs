//! Checks of a row that set a value aside or make a remark, never the row: words nobody understands, days out of order,
//! counts that exceed their plan.

use super::row::Row;
use super::text::is_placeholder;
use crate::domain::raw::RawCell;
use crate::domain::{Field, PartialDate, Severity};

/// A word that was written and not understood is said: what is figured with instead is another value.
pub fn understood(row: &mut Row, rule: &'static str, field: Field, known: bool) {
    if !known && !is_placeholder(&row.text(field)) && *row.cell(field) != RawCell::Empty {
        row.note(Severity::Warning, rule, field);
    }
}

/// A number that was written and is none is said.
pub fn counted(row: &mut Row, field: Field) -> Option<f32> {
    let number = super::number::amount(row.cell(field)).map(|v| v as f32);
    understood(row, "clean.number_bad", field, number.is_some());
    number
}

/// What was due and what was met where both stand in the cell of one of two fields (`Lapor (hadir/wajib)` over `3 / 4`): in the
/// order of the header; where it does not say it, nobody meets more than is due.
pub fn pair(row: &mut Row, due: Field, met: Field) -> Option<(f32, f32)> {
    const DUE: &[&str] = &[
        "wajib",
        "kewajiban",
        "jadwal",
        "harus",
        "target",
        "rencana",
        "jumlah",
        "total",
        "putusan",
        "diputus",
        "diputuskan",
        "ditetapkan",
    ];
    const MET: &[&str] = &[
        "hadir",
        "kehadiran",
        "datang",
        "melapor",
        "realisasi",
        "terpenuhi",
        "dijalani",
        "diikuti",
        "terlaksana",
        "capaian",
    ];
    let (field, alone) = match (row.has(due), row.has(met)) {
        (true, false) => (due, true),
        (false, true) => (met, true),
        (true, true) | (false, false) => (met, false),
    };
    if !alone {
        return None;
    }
    let (a, b) = super::number::pair(row.cell(field))?;
    let n = super::text::normal(row.header(field).unwrap_or_default());
    let at = |list: &[&str]| {
        n.split(' ')
            .collect::<Vec<_>>()
            .iter()
            .rposition(|w| list.contains(w))
    };
    let due_first = match (at(DUE), at(MET)) {
        (Some(d), Some(m)) => d < m,
        (None, Some(_)) | (Some(_), None) | (None, None) => a > b,
    };
    let (of, done) = if due_first { (a, b) } else { (b, a) };
    Some((of as f32, done as f32))
}

/// The months of the days that a cell lists where a count is asked (`12/1, 19/1`, `5, 12 dan 19 Jan`, one day below `Tanggal
/// lapor`), one for each day, `None` where no month is written. `None` for a count.
pub fn days_listed(row: &Row, field: Field) -> Option<Vec<Option<u32>>> {
    let header = || super::text::normal(row.header(field).unwrap_or_default());
    // `Jumlah tanggal lapor` over `2` is a count all the same.
    let of_days = || {
        let header = header();
        let any = |list: &[&str]| header.split(' ').any(|w| list.contains(&w));
        any(&["tgl", "tanggal"]) && !any(&["jumlah", "jml", "kali", "banyaknya"])
    };
    match row.cell(field) {
        RawCell::Text(t) => {
            let days = super::number::days(t)?;
            let dated = days.iter().any(Option::is_some);
            (days.len() >= 2 && dated || of_days()).then_some(days)
        }
        RawCell::Date(n) if of_days() => {
            let day = super::date::serial(*n)?;
            Some(vec![Some(chrono::Datelike::month(&day))])
        }
        RawCell::Date(_)
        | RawCell::Empty
        | RawCell::Number(_)
        | RawCell::Bool(_)
        | RawCell::Error(_) => None,
    }
}

/// `tdk pernah hadir`, `tidak lapor`: none of what was due was met.
pub fn says_none_met(text: &str) -> bool {
    let n = super::text::wording(text);
    super::text::says(
        &n,
        &[
            "tidak pernah",
            "tidak hadir",
            "tidak lapor",
            "tidak melapor",
            "tidak datang",
            "belum pernah",
            "belum lapor",
            "belum hadir",
        ],
    )
}

/// The later of two days, set aside with an issue when it surely lies before the earlier.
pub fn after(
    row: &mut Row,
    earlier: PartialDate,
    later: PartialDate,
    rule: &'static str,
    field: Field,
) -> PartialDate {
    match (earlier.earliest(), later.latest()) {
        (Some(a), Some(b)) if b < a => {
            row.note(Severity::Warning, rule, field);
            PartialDate::Unknown
        }
        _ => later,
    }
}

/// More attended than planned: nothing is changed, for either number may be the wrong one.
pub fn within(row: &mut Row, planned: Option<f32>, attended: Option<f32>, field: Field) {
    if let (Some(p), Some(a)) = (planned, attended)
        && a > p
        && p > 0.0
    {
        row.note(Severity::Note, "clean.more_than_planned", field);
    }
}
