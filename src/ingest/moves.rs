//! Lists of movements, one line a movement: a column of words tells that somebody came or how he left, a column of days when,
//! whatever the two are called (`jenis_mutasi | tgl_mutasi`, `Mutasi | Tanggal`, `Peristiwa | Tgl kejadian`).

use super::fits::texts;
use super::profile;
use crate::clean::codes;
use crate::clean::text::{says, wording};
use crate::domain::raw::{RawColumn, RawTable};
use crate::domain::supervision::SupervisionEnd;
use crate::domain::{Field, RecordKind, normal};

/// How many rows are looked at.
const LOOKED_AT: usize = 200;

/// Settles the two columns of a list on which some came and some left; leaves every other list alone.
pub fn settle(table: &mut RawTable) {
    let dated = [Field::ExitDate, Field::EndDate, Field::StatusDate];
    if dated.iter().any(|f| table.position(*f).is_some()) {
        return;
    }
    let Some(words) = words_of_movement(table) else {
        return;
    };
    let Some(day) = day_of_movement(table, words) else {
        return;
    };
    let told = match table.kind {
        RecordKind::Custody => Field::ExitKind,
        RecordKind::Supervision
        | RecordKind::Litmas
        | RecordKind::Participation
        | RecordKind::Outcome
        | RecordKind::CommunityService
        | RecordKind::Resident
        | RecordKind::Death => Field::EndKind,
    };
    let c = &mut table.columns[words];
    if c.field != Some(Field::Remarks) || told == Field::EndKind {
        (c.field, c.needless) = (Some(told), false);
        c.confidence = c.confidence.max(0.75);
    }
    let c = &mut table.columns[day];
    (c.field, c.confidence, c.needless) = (Some(Field::StatusDate), 0.75, false);
}

/// The column whose words tell of most rows that somebody came or left, of some the one and of some the other.
fn words_of_movement(table: &RawTable) -> Option<usize> {
    let open = |c: &RawColumn| {
        let weak = matches!(
            c.field,
            None | Some(
                Field::Remarks
                    | Field::ExitKind
                    | Field::EndKind
                    | Field::PersonStatus
                    | Field::ServiceState
                    | Field::RegisterClass
                    | Field::IntegrationKind
                    | Field::ServiceKind
                    | Field::ServiceName
            )
        );
        weak && c.point.is_none() && c.told.is_none()
    };
    let columns = table.columns.iter().enumerate().filter(|(_, c)| open(c));
    let told = columns.filter_map(|(i, _)| {
        let (mut all, mut came, mut left) = (0, 0, 0);
        for t in texts(table, i).take(LOOKED_AT) {
            all += 1;
            match tells(table.kind, t) {
                Some(true) => came += 1,
                Some(false) => left += 1,
                None => {}
            }
        }
        let rows = table.rows.len().min(LOOKED_AT);
        let most = (came + left) * 10 >= all * 6 && all * 10 >= rows * 7;
        (came > 0 && left > 0 && most).then_some((came + left, i))
    });
    told.max_by_key(|(n, i)| (*n, std::cmp::Reverse(*i)))
        .map(|(_, i)| i)
}

/// Whether words tell that somebody came (`true`) or left (`false`).
fn tells(kind: RecordKind, words: &str) -> Option<bool> {
    if kind == RecordKind::Custody {
        return match crate::clean::movement(words) {
            Some(crate::clean::Movement::Came) => Some(true),
            Some(crate::clean::Movement::Left(_)) => Some(false),
            None => match normal(words).as_str() {
                "masuk" => Some(true),
                "keluar" => Some(false),
                _ => None,
            },
        };
    }
    let n = wording(words);
    let first = n.split(' ').next().unwrap_or_default();
    let came = [
        "masuk",
        "baru",
        "diterima",
        "terima",
        "penerimaan",
        "limpahan",
        "mulai",
    ];
    if came.contains(&first) || says(&n, &["klien baru", "limpahan dari", "limpahan masuk"]) {
        return Some(true);
    }
    match codes::supervision_end(words, "")? {
        SupervisionEnd::Other => None,
        SupervisionEnd::Completed
        | SupervisionEnd::RevokedOffence
        | SupervisionEnd::RevokedTechnical
        | SupervisionEnd::Revoked
        | SupervisionEnd::Delegated
        | SupervisionEnd::Died
        | SupervisionEnd::Absconded => Some(false),
    }
}

/// The column of days that goes with the words: one that shares a word with their heading or speaks of an event, else the only one
/// that says no more than that there is a day.
fn day_of_movement(table: &RawTable, words: usize) -> Option<usize> {
    const EVENTS: &[&str] = &[
        "mutasi",
        "kejadian",
        "peristiwa",
        "gerak",
        "pergerakan",
        "perubahan",
    ];
    const BARE: &[&str] = &[
        "tgl",
        "tanggal",
        "hari",
        "waktu",
        "tgl nya",
        "tanggalnya",
        "hari tanggal",
    ];
    let own = normal(&table.columns[words].header);
    let may_be = |i: usize, c: &RawColumn| {
        let field = matches!(
            c.field,
            None | Some(Field::StartDate | Field::AdmissionDate | Field::OffenceDate)
        );
        let open = i != words && c.point.is_none() && c.told.is_none() && field;
        let of_case = [Field::Offence, Field::Article];
        let own = match c.field {
            // `Tgl peristiwa` beside a case is that of the offence.
            Some(Field::OffenceDate) => of_case.iter().all(|f| table.position(*f).is_none()),
            None => true,
            Some(_) => c.confidence < 1.0 || BARE.contains(&normal(&c.header).as_str()),
        };
        open && own
    };
    let columns: Vec<usize> = (table.columns.iter().enumerate())
        .filter(|(i, c)| may_be(*i, c) && profile::look(table, *i).are_days())
        .map(|(i, _)| i)
        .collect();
    let named = |i: &usize| {
        let n = normal(&table.columns[*i].header);
        let mut shared = n.split(' ').filter(|w| !BARE.contains(w) && *w != "jenis");
        shared.any(|w| EVENTS.contains(&w) || own.split(' ').any(|o| o == w))
    };
    let bare = |i: &usize| BARE.contains(&normal(&table.columns[*i].header).as_str());
    (columns.iter().copied().find(named)).or_else(|| columns.iter().copied().find(bare))
}
