//! What title, sheet and file name say of every row where no column does: the kind of guidance, how people left, what they
//! were given.

use super::context::Names;
use crate::clean::codes;
use crate::domain::raw::RawTable;
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

/// Adds what is said around a table to what holds where its rows say nothing.
pub fn add(table: &mut RawTable, around: &Around, names: &Names) {
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
