//! What title, sheet and file name say of every row where no column does: the kind of guidance, how people left, what they
//! were given.

use super::context::Names;
use crate::clean::codes;
use crate::domain::raw::{RawColumn, RawTable};
use crate::domain::{Field, RecordKind, normal};

/// Words around a table, the nearest first: the lines of its title from below, the sheet, the file.
pub struct Around<'a> {
    /// Title lines in order.
    pub title: &'a [String],
    /// Sheet.
    pub sheet: &'a str,
    /// Path below the inbox.
    pub rel: &'a str,
}

impl Around<'_> {
    fn lines(&self) -> impl Iterator<Item = String> {
        let file = self.rel.rsplit('/').next().unwrap_or_default();
        let file = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let title = self.title.iter().rev().map(String::as_str);
        let near = title.chain([self.sheet, file]);
        near.map(|l| l.replace(['_', '-'], " "))
            .filter(|l| !l.is_empty())
    }
}

/// What a list of a prison is about when its rows have a day that nothing says more of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Movement {
    In,
    Out,
}

/// Whether a line speaks of those who came or of those who left, and not of both.
fn movement(line: &str) -> Option<Movement> {
    const IN: &[&str] = &[
        "masuk",
        "penerimaan",
        "diterima",
        "baru",
        "titipan",
        "pindahan",
        "registrasi",
        "register",
        "kedatangan",
    ];
    const OUT: &[&str] = &[
        "keluar",
        "pengeluaran",
        "bebas",
        "pembebasan",
        "dibebaskan",
        "kepulangan",
        "pulang",
        "pelepasan",
    ];
    let n = normal(line);
    let says = |list: &[&str]| n.split(' ').any(|w| list.contains(&w));
    let out = says(OUT) || !codes::exits_named(line).is_empty();
    match (says(IN), out) {
        (true, false) => Some(Movement::In),
        (false, true) => Some(Movement::Out),
        _ => None,
    }
}

/// `Tgl` alone is the day of what the list is about: of leaving, of coming; where nothing says which it is no day that is
/// used, and listed as unknown.
fn bare_day(table: &mut RawTable, around: &Around) {
    let has = |t: &RawTable, f: Field| t.columns.iter().any(|c| c.field == Some(f));
    let bare = |c: &RawColumn| {
        c.field == Some(Field::AdmissionDate)
            && c.confidence < 1.0
            && matches!(
                normal(&c.header).as_str(),
                "tgl" | "tanggal" | "hari tanggal" | "waktu"
            )
    };
    let Some(at) = table.columns.iter().position(bare) else {
        return;
    };
    let of_exit = has(table, Field::ExitKind) && !has(table, Field::ExitDate);
    let said = around.lines().find_map(|l| movement(&l));
    let field = match said {
        Some(Movement::In) => Some(Field::AdmissionDate),
        Some(Movement::Out) if !has(table, Field::ExitDate) => Some(Field::ExitDate),
        None if of_exit => Some(Field::ExitDate),
        Some(Movement::Out) | None => None,
    };
    let c = &mut table.columns[at];
    (c.field, c.confidence) = (field, if field.is_some() { 0.7 } else { 0.0 });
}

/// Adds what is said around a table to what holds where its rows say nothing.
pub fn add(table: &mut RawTable, around: &Around, names: &Names) {
    if table.kind == RecordKind::Custody {
        bare_day(table, around);
    }
    let has = |f: Field| table.columns.iter().any(|c| c.field == Some(f));
    let said = |f: Field| table.context.constants.iter().any(|(g, _)| *g == f);
    let found = match table.kind {
        // The first line that names one kind and no other.
        RecordKind::Supervision if !said(Field::SupervisionKind) => {
            around
                .lines()
                .find_map(|l| match codes::supervision_named(&l)[..] {
                    [kind] => Some((Field::SupervisionKind, kind.id().to_owned())),
                    _ => None,
                })
        }
        RecordKind::Custody
            if has(Field::ExitDate) && !has(Field::ExitKind) && !said(Field::ExitKind) =>
        {
            around
                .lines()
                .find_map(|l| match codes::exits_named(&l)[..] {
                    [code] => Some((Field::ExitKind, code.id().to_owned())),
                    _ => None,
                })
        }
        RecordKind::Participation if !said(Field::ServiceKind) => {
            let opd = table.context.opd.clone().unwrap_or_default();
            // An agency's own name says who gives, not what.
            let own = |l: &String| is_letterhead(l) || names.agency_in(l).is_some();
            around
                .lines()
                .filter(|l| !own(l))
                .find_map(|l| codes::service_named(&l, &opd).map(|_| (Field::ServiceKind, l)))
        }
        RecordKind::Supervision
        | RecordKind::Custody
        | RecordKind::Participation
        | RecordKind::Litmas
        | RecordKind::Outcome
        | RecordKind::CommunityService
        | RecordKind::Resident
        | RecordKind::Death => None,
    };
    // How those of a list ended: the title says it, a day of each row when.
    let days = [Field::EndDate, Field::RevocationDate, Field::DelegationDate];
    let ended = (table.kind == RecordKind::Supervision
        && !has(Field::EndKind)
        && !said(Field::EndKind)
        && days.iter().any(|f| has(*f)))
    .then(|| around.lines().find_map(|l| codes::end_named(&l)))
    .flatten()
    .map(|e| (Field::EndKind, e.id().to_owned()));
    for (field, words) in found.into_iter().chain(ended) {
        table.context.constants.push((field, words.as_str().into()));
    }
}

fn is_letterhead(line: &str) -> bool {
    let n = normal(line);
    let first = n.split(' ').next().unwrap_or_default();
    matches!(
        first,
        "dinas"
            | "badan"
            | "kantor"
            | "pemerintah"
            | "kementerian"
            | "balai"
            | "lembaga"
            | "bidang"
            | "seksi"
            | "upt"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_speaks_of_coming_or_of_leaving_or_of_neither() {
        for (line, m) in [
            ("DAFTAR PENERIMAAN TAHANAN BARU", Some(Movement::In)),
            ("Keluar", Some(Movement::Out)),
            ("WBP MENINGGAL DUNIA JANUARI 2026", Some(Movement::Out)),
            ("LAPORAN KELUAR MASUK", None),
            ("PERUBAHAN GOLONGAN TAHANAN", None),
            ("Usulan PB Januari 2026", None),
        ] {
            assert_eq!(movement(line), m, "{line}");
        }
    }
}
