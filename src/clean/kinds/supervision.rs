//! Rows of probation offices: clients and litmas.

use super::{Made, Tools};
use crate::clean::row::Row;
use crate::clean::{Fate, checks, codes, number};
use crate::domain::records::{Identity, Litmas, Supervision};
use crate::domain::supervision::SupervisionKind;
use crate::domain::{Field, PartialDate, Severity};

impl Tools<'_> {
    pub(super) fn supervision(&self, row: &mut Row, who: Identity, made: &mut Made) -> Fate {
        let Some(bapas) = self.bapas(row) else {
            row.note(Severity::Error, "clean.no_unit", Field::Bapas);
            return Fate::SetAside;
        };
        let start = row.first_date(&[Field::StartDate, Field::DecreeDate, Field::AdmissionDate]);
        if self.is_to_come(start) {
            return Fate::Beyond;
        }
        let list_month = self.list_month(row);
        let mut end = row.date(Field::EndDate);
        let mut end_kind = codes::supervision_end(
            &row.text(Field::EndKind),
            &row.text(Field::RevocationGround),
        );
        if end.latest().is_some_and(|d| self.as_of.is_before(d)) {
            (end, end_kind) = (PartialDate::Unknown, None);
        }
        self.saw(made, &[start, end]);
        let due = number::amount(row.cell(Field::ReportsDue)).map(|n| n.max(0.0) as u32);
        let met = number::amount(row.cell(Field::ReportsMet)).map(|n| n.max(0.0) as u32);
        if !start.is_known() && due.is_none() {
            row.note(Severity::Error, "clean.no_date", Field::StartDate);
            return Fate::SetAside;
        }
        let end = checks::after(row, start, end, "clean.end_before_start", Field::EndDate);
        let planned_end = match row.date(Field::PlannedEndDate) {
            PartialDate::Unknown => row.period_end(Field::StartDate),
            written => written,
        };
        let written = row.text(Field::SupervisionKind);
        let kind = self
            .known
            .supervisions
            .of(&written, codes::supervision_kind)
            .unwrap_or(SupervisionKind::Other);
        checks::understood(
            row,
            "clean.kind_unknown",
            Field::SupervisionKind,
            kind != SupervisionKind::Other,
        );
        made.records.supervision.push(Supervision {
            at: row.at(),
            bapas,
            client_no: row.text(Field::ClientNo).as_ref().into(),
            kind,
            from_upt: self.unit(row, Field::FromUpt),
            decree: row.date(Field::DecreeDate),
            start,
            planned_end,
            end,
            end_kind,
            reports_due: due,
            reports_met: met,
            offence: self.offence(
                &row.text(Field::Article),
                &row.text(Field::Offence),
                start.day(),
            ),
            list_month,
            who,
        });
        Fate::Used
    }

    pub(super) fn litmas(&self, row: &mut Row, who: Identity, made: &mut Made) -> Fate {
        let Some(bapas) = self.bapas(row) else {
            row.note(Severity::Error, "clean.no_unit", Field::Bapas);
            return Fate::SetAside;
        };
        let requested = row.date(Field::RequestedDate);
        if self.is_to_come(requested) {
            return Fate::Beyond;
        }
        let completed = self.happened(row.date(Field::CompletedDate));
        self.saw(made, &[requested, completed]);
        let kind = codes::litmas_kind(&row.text(Field::LitmasKind));
        let asked_by = self
            .unit(row, Field::FromUpt)
            .or_else(|| self.unit(row, Field::Upt));
        made.records.litmas.push(Litmas {
            at: row.at(),
            who,
            bapas,
            kind,
            asked_by,
            requested,
            completed,
        });
        Fate::Used
    }
}
