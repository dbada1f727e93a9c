//! Columns that each stand for a kind and hold a day or a tick: `PB | CB | CMB | Bebas Murni` below `Dibebaskan tanggal,
//! karena`; `Tgl Cetak KTP-el | Tgl Cetak KK | Tgl Cetak KIA`.

use super::header_words::{GENERAL, words};
use crate::clean::not_yet::OF_LISTS;
use crate::clean::text::{is_tick, says, wording};
use crate::clean::{codes, date};
use crate::domain::raw::{RawCell, RawTable, Told};
use crate::domain::service::ServiceKind;
use crate::domain::supervision::SupervisionKind;
use crate::domain::{ExitCode, Field, RecordKind, normal};

/// Gives such columns what they tell, where a table has at least two; what they were taken for before is withdrawn.
pub fn find(table: &mut RawTable, fixed: &[bool]) {
    let has = |f: Field| table.columns.iter().any(|c| c.field == Some(f));
    let written = match table.kind {
        RecordKind::Custody => has(Field::ExitKind),
        RecordKind::Participation | RecordKind::Resident => {
            has(Field::ServiceKind) || has(Field::ServiceName)
        }
        RecordKind::Supervision => has(Field::SupervisionKind),
        RecordKind::Litmas
        | RecordKind::Outcome
        | RecordKind::CommunityService
        | RecordKind::Death => true,
    };
    if written {
        return;
    }
    let opd = table.context.opd.clone().unwrap_or_default();
    let mut found: Vec<(usize, Told)> = Vec::new();
    for (i, c) in table.columns.iter().enumerate() {
        if fixed[i] || c.point.is_some() || c.header.is_empty() {
            continue;
        }
        // `Pelatihan (mulai)` is a step of a course, and no course of its own.
        let step = table.kind == RecordKind::Participation
            && !grouped(&c.header)
            && c.confidence >= 0.8
            && matches!(
                c.field,
                Some(
                    Field::StartDate
                        | Field::EndDate
                        | Field::ReferralDate
                        | Field::EnrolDate
                        | Field::PlannedEndDate
                )
            );
        let told = of_header(&c.header, table.kind, &opd);
        let told = told.filter(|t| !step || matches!(t, Told::Service(k) if k.is_document()));
        // Two screenings of a visit are two services; one kind told twice by the same words is one column too many.
        let group = |h: &str| h.rsplit_once(" / ").map(|(g, _)| g.to_owned());
        let screened = told == Some(Told::Service(ServiceKind::Skr));
        let other = |j: usize| {
            let (a, b) = (&table.columns[j].header, &c.header);
            let beside = group(a).is_some() && group(a) == group(b);
            a != b && (screened || grouped(b) || beside)
        };
        if let Some(t) = told.filter(|t| found.iter().all(|(j, o)| o != t || other(*j)))
            && holds_days_or_ticks(table, i, t)
        {
            found.push((i, t));
        }
    }
    // Days that stand side by side are steps of one course, and plans: nobody leaves twice.
    let steps = table.kind != RecordKind::Participation
        && table.kind != RecordKind::Resident
        && are_steps(table, &found);
    if found.len() < 2 || steps {
        return;
    }
    for (i, told) in found {
        let c = &mut table.columns[i];
        (c.field, c.confidence, c.told) = (None, 0.9, Some(told));
        c.needless = false;
    }
}

/// Whether more than a few rows have more than one of the columns filled.
fn are_steps(table: &RawTable, found: &[(usize, Told)]) -> bool {
    let filled = |c: &RawCell| match c {
        RawCell::Empty => false,
        RawCell::Text(t) => !is_nothing(t),
        RawCell::Number(_) | RawCell::Date(_) | RawCell::Bool(_) | RawCell::Error(_) => true,
    };
    let counts = table.rows.iter().map(|r| {
        let cells = found.iter().filter_map(|(i, _)| r.cells.get(*i));
        cells.filter(|c| filled(c)).count()
    });
    let (mut once, mut more) = (0, 0);
    for n in counts {
        once += usize::from(n == 1);
        more += usize::from(n > 1);
    }
    more * 10 > once
}

/// Whether the last row of a header says no more than that there are days, so that the row above says of what: `Skrining TB`
/// over `Tgl`, `JKN` over `Aktif tgl`.
fn grouped(header: &str) -> bool {
    const DAYS: &[&str] = &[
        "tgl",
        "tanggal",
        "hari",
        "waktu",
        "aktif",
        "terbit",
        "cetak",
        "jadi",
        "diterima",
        "pelaksanaan",
        "date",
    ];
    let last = header.rsplit_once(" / ").map(|(_, last)| normal(last));
    last.is_some_and(|n| n.split(' ').all(|w| DAYS.contains(&w)))
}

/// The kind that a header stands for: its last row says which, or the one above where that says no more than `Tgl`.
fn of_header(header: &str, kind: RecordKind, opd: &str) -> Option<Told> {
    let whole = if grouped(header) && kind != RecordKind::Custody {
        header.rsplit_once(" / ").map_or(header, |(above, _)| above)
    } else {
        header
    };
    let last = whole.rsplit(" / ").next().unwrap_or(whole);
    // What was asked for or planned on a day was not given on it.
    if says(&wording(last), OF_LISTS) {
        return None;
    }
    match kind {
        RecordKind::Custody => {
            let code = codes::exits_named(last);
            match code[..] {
                [code] if !code.is_still_custody() && code != ExitCode::Other => {
                    Some(Told::Exit(code))
                }
                _ => None,
            }
        }
        RecordKind::Participation | RecordKind::Resident => {
            let of_group = || {
                // `HIV` below `Skrining`: the group says what is done, its part to what.
                let (group, _) = whole.rsplit_once(" / ")?;
                let plain = words(last)
                    .iter()
                    .any(|w| GENERAL.contains(&w.text.as_str()));
                codes::service_named(group, opd)
                    .filter(|k| *k == ServiceKind::Skr && !plain && group != last)
            };
            let named = codes::service_named(last, opd).or_else(of_group);
            named.map(Told::Service)
        }
        RecordKind::Supervision => match codes::supervision_named(last)[..] {
            [k] if k != SupervisionKind::Other => Some(Told::Guidance(k)),
            _ => None,
        },
        RecordKind::Litmas
        | RecordKind::Outcome
        | RecordKind::CommunityService
        | RecordKind::Death => None,
    }
}

/// Whether days stand in a column, or ticks, and nothing else but words of who refused or waits; an empty column beside such ones
/// may be one of them. Of a screening the result says that it was.
fn holds_days_or_ticks(table: &RawTable, at: usize, of: Told) -> bool {
    let cells = table.rows.iter().filter_map(|r| r.cells.get(at));
    let (mut all, mut fit, mut told, mut days) = (0, 0, 0, 0);
    for cell in cells.filter(|c| **c != RawCell::Empty).take(24) {
        all += 1;
        days += usize::from(date::read(cell).date().is_some_and(|d| d.is_known()));
        fit += usize::from(match cell {
            RawCell::Date(_) => true,
            // A day that lost its format.
            RawCell::Number(n) => (40_000.0..60_000.0).contains(n) && n.fract() == 0.0,
            RawCell::Text(t) => {
                told += usize::from(codes::service_state(t).is_some());
                is_tick(t) || is_nothing(t) || date::read(cell).date().is_some()
            }
            RawCell::Empty | RawCell::Bool(_) | RawCell::Error(_) => false,
        });
    }
    let screened = of == Told::Service(ServiceKind::Skr);
    fit * 10 >= all * 9
        || screened && (fit + told) * 10 >= all * 9
        || days > 0 && fit * 2 >= all && ((fit + told) * 10 >= all * 9 || all < 4)
}

fn is_nothing(t: &str) -> bool {
    !t.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_stands_for_the_one_kind_it_names() {
        let of = |h: &str, k| of_header(h, k, "disdukcapil");
        let exit = |h: &str| of(h, RecordKind::Custody);
        let group = "Dibebaskan Tanggal, karena / ";
        assert_eq!(exit(&format!("{group}PB")), Some(Told::Exit(ExitCode::Pb)));
        assert_eq!(
            exit(&format!("{group}Bebas Murni")),
            Some(Told::Exit(ExitCode::Bm))
        );
        assert_eq!(exit("Tgl Bebas PB/CB/CMB"), None);
        assert_eq!(exit("Tgl Masuk"), None);
        let service = |h: &str| of(h, RecordKind::Participation);
        assert_eq!(
            service("Tgl Cetak KK"),
            Some(Told::Service(ServiceKind::Kk))
        );
        assert_eq!(
            service("Tgl Rekam KTP-el"),
            Some(Told::Service(ServiceKind::KtpRek))
        );
        assert_eq!(service("Tgl Mulai"), None);
    }
}
