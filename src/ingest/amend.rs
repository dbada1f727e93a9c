//! What the columns of a table say of each other once each has its field: the day beside a status, what is planned, sentences that
//! are remarks.

use super::columns::options;
use super::profile;
use crate::domain::raw::{RawCell, RawTable};
use crate::domain::{Field, RecordKind, normal};

/// A list of participants that says what became of them and not how far they came says both at once.
pub(super) fn outcome_is_state(table: &mut RawTable) {
    let has = |t: &RawTable, f: Field| t.columns.iter().any(|c| c.field == Some(f));
    if table.kind == RecordKind::Participation
        && !has(table, Field::ServiceState)
        && !has(table, Field::OutcomeDate)
    {
        for c in &mut table.columns {
            if c.field == Some(Field::OutcomeKind) {
                c.field = Some(Field::ServiceState);
            }
        }
    }
}

/// `Jumlah Jam` alone, on the list of who carries out the sentence or of the court, is what was ordered.
pub(super) fn hours_of_sentence(table: &mut RawTable, fixed: &[bool]) {
    let has = |t: &RawTable, f: Field| t.columns.iter().any(|c| c.field == Some(f));
    let c = &table.context;
    let ordered = table.kind == RecordKind::CommunityService
        && c.opd.is_none()
        && !has(table, Field::HoursOrdered)
        && table.columns.iter().all(|c| c.point.is_none());
    let bare = |h: &str| {
        let n = normal(h);
        matches!(
            n.as_str(),
            "jumlah jam"
                | "jml jam"
                | "total jam"
                | "jam"
                | "lama jam"
                | "jam kerja"
                | "jumlah jam kerja"
                | "lama jam kerja"
        )
    };
    if !ordered {
        return;
    }
    let columns = table.columns.iter_mut().zip(fixed).filter(|(_, f)| !**f);
    for (c, _) in columns.filter(|(c, _)| c.field == Some(Field::HoursServed) && bare(&c.header)) {
        c.field = Some(Field::HoursOrdered);
    }
}

/// A day that a header calls planned is none of what happened: `Rencana keluar`, `Jadwal mulai`; nor is that until which somebody
/// is held.
pub(super) fn planned_days(table: &mut RawTable, fixed: &[bool]) {
    const PLANS: &[&str] = &[
        "rencana",
        "direncanakan",
        "jadwal",
        "dijadwalkan",
        "target",
        "estimasi",
        "perkiraan",
        "prediksi",
    ];
    let happened = |f: Field| {
        matches!(
            f,
            Field::AdmissionDate
                | Field::ExitDate
                | Field::StartDate
                | Field::EndDate
                | Field::IssuedDate
                | Field::StatusDate
                | Field::OutcomeDate
                | Field::CompletedDate
                | Field::DeathDate
                | Field::RevocationDate
                | Field::DelegationDate
        )
    };
    let kind = table.kind;
    let expires = table
        .columns
        .iter()
        .any(|c| c.field == Some(Field::ExpiryDate));
    for (c, _) in table.columns.iter_mut().zip(fixed).filter(|(_, f)| !**f) {
        let planned = || {
            let n = normal(&c.header);
            n.split(' ').any(|w| PLANS.contains(&w)) && !n.split(' ').any(|w| w == "realisasi")
        };
        // Until when somebody is held is no day of leaving.
        let until = || {
            matches!(
                normal(&c.header).as_str(),
                "berakhir"
                    | "tgl berakhir"
                    | "tanggal berakhir"
                    | "habis"
                    | "tgl habis"
                    | "sampai"
                    | "sd"
                    | "s d"
                    | "akhir"
                    | "masa berakhir"
                    | "penahanan berakhir"
                    | "berakhir penahanan"
            )
        };
        match c.field {
            Some(Field::ExitDate) if kind == RecordKind::Custody && until() => {
                let detained = normal(&c.header).contains("penahanan");
                c.field = match detained {
                    true => Some(Field::DetentionEnd),
                    false => (!expires).then_some(Field::ExpiryDate),
                };
            }
            Some(Field::EndDate) if planned() => c.field = Some(Field::PlannedEndDate),
            Some(f) if happened(f) && planned() => (c.field, c.confidence) = (None, 0.0),
            Some(_) | None => {}
        }
    }
}

/// `Tgl` behind a column that says how somebody stands, or a paper, is the day of that: `Status Akhir | Tgl`, `No SK | Tgl`.
pub(super) fn day_beside(table: &mut RawTable, fixed: &[bool]) {
    use Field as F;
    let has = |t: &RawTable, f: F| t.columns.iter().any(|c| c.field == Some(f));
    for (i, by_hand) in fixed.iter().enumerate().skip(1) {
        let c = &table.columns[i];
        let bare = matches!(
            normal(&c.header).as_str(),
            "tgl" | "tanggal" | "tgl status" | "tanggalnya" | "pada tgl" | "tgl nya"
        );
        let open = matches!(c.field, None | Some(F::StartDate | F::AdmissionDate));
        if *by_hand || c.point.is_some() || !bare || !open {
            continue;
        }
        let of = match (table.kind, table.columns[i - 1].field) {
            (RecordKind::Custody, Some(F::ExitKind))
                if has(table, F::AdmissionDate) && c.field != Some(F::AdmissionDate) =>
            {
                F::ExitDate
            }
            (_, Some(F::DecreeNo)) => F::DecreeDate,
            (_, Some(F::VerdictNo)) => F::VerdictDate,
            (RecordKind::Supervision, Some(F::EndKind)) if c.field.is_none() => F::EndDate,
            (RecordKind::Participation, Some(F::ServiceState)) if c.field.is_none() => {
                F::StatusDate
            }
            _ => continue,
        };
        if !has(table, of) {
            let c = &mut table.columns[i];
            (c.field, c.confidence) = (Some(of), 0.7);
        }
    }
}

/// Words of headers over sentences that tell nothing of what became of the people of a list.
const NOT_OF_HIM: &[&str] = &[
    "perkara",
    "kasus",
    "pidana",
    "kronologi",
    "kronologis",
    "tkp",
    "kejahatan",
    "dakwaan",
    "amar",
    "tuntutan",
    "alamat",
    "jalan",
    "agenda",
    "korban",
    "barang",
    "pasal",
    "usaha",
];

/// A column that nobody knows and that holds sentences says what became of people, as remarks do.
pub(super) fn prose_is_remarks(table: &mut RawTable, fixed: &[bool]) {
    for (i, by_hand) in fixed.iter().enumerate() {
        let c = &table.columns[i];
        if *by_hand || c.field.is_some() || c.point.is_some() || c.told.is_some() || c.needless {
            continue;
        }
        // What a case was about, and where somebody lives, is not what became of him.
        let n = normal(&c.header);
        if n.split(' ').any(|w| NOT_OF_HIM.contains(&w)) {
            continue;
        }
        let (mut all, mut sentences) = (0, 0);
        for row in table.rows.iter().take(60) {
            if let Some(RawCell::Text(t)) = row.cells.get(i)
                && !crate::clean::text::is_placeholder(t)
            {
                all += 1;
                let words = t
                    .split_whitespace()
                    .filter(|w| w.chars().any(char::is_alphabetic));
                sentences += usize::from(words.count() >= 3);
            }
        }
        if sentences >= 2 && sentences * 2 >= all {
            let c = &mut table.columns[i];
            (c.field, c.confidence) = (Some(Field::Remarks), 0.6);
        }
    }
}

/// `Pendidikan` over `Paket B, mulai 12/1/2026` on a list of inmates or clients tells what they do and since when: it is read as
/// remarks are, for as a level of schooling nothing of it would be used or said.
pub(super) fn schooling_is_remarks(table: &mut RawTable, fixed: &[bool]) {
    if !matches!(table.kind, RecordKind::Custody | RecordKind::Supervision) {
        return;
    }
    let month = table.month();
    for (i, by_hand) in fixed.iter().enumerate() {
        if *by_hand || table.columns[i].field != Some(Field::Education) {
            continue;
        }
        let (mut all, mut dated) = (0, 0);
        for t in super::fits::texts(table, i).take(60) {
            all += 1;
            let digit = t.bytes().any(|b| b.is_ascii_digit());
            let words = t.split_whitespace().count();
            dated += usize::from(digit && words >= 2 && crate::clean::day_told(t, month).is_some());
        }
        if dated > 0 && dated * 3 >= all {
            let c = &mut table.columns[i];
            (c.field, c.confidence) = (Some(Field::Remarks), 0.6);
        }
    }
}

/// Of two columns of ends of guidance the one that is filled on nearly every row is the plan.
pub(super) fn planned_and_true_end(table: &mut RawTable, fixed: &[bool]) {
    if table.kind != RecordKind::Supervision || table.rows.is_empty() {
        return;
    }
    let at = |f: Field| table.columns.iter().position(|c| c.field == Some(f));
    let (Some(end), None) = (at(Field::EndDate), at(Field::PlannedEndDate)) else {
        return;
    };
    let filled = |i: usize| {
        let cells = table.rows.iter().filter_map(|r| r.cells.get(i));
        cells.filter(|c| !matches!(c, RawCell::Empty)).count()
    };
    let other = (table.columns.iter().enumerate()).find(|(i, c)| {
        c.field.is_none()
            && c.point.is_none()
            && !fixed[*i]
            && profile::look(table, *i).are_days()
            && options(&c.header.split(" / ").collect::<Vec<_>>())
                .iter()
                .any(|(f, sure)| matches!(f, Field::EndDate | Field::ExitDate) && *sure >= 0.6)
    });
    let Some((other, _)) = other else { return };
    let (plan, truth) = if filled(end) >= filled(other) {
        (end, other)
    } else {
        (other, end)
    };
    if filled(plan) * 5 >= table.rows.len() * 4 && filled(truth) < filled(plan) {
        table.columns[plan].field = Some(Field::PlannedEndDate);
        table.columns[truth].field = Some(Field::EndDate);
        for i in [plan, truth] {
            table.columns[i].confidence = table.columns[i].confidence.max(0.7);
        }
    }
}
