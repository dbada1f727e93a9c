//! What a probation office does beside its guidance: reports due and met, reports written for others, accompaniment to court.

use super::{Made, Tools};
use crate::clean::row::Row;
use crate::clean::text::{says, wording};
use crate::clean::{Fate, codes};
use crate::domain::records::{Identity, Litmas};
use crate::domain::supervision::SupervisionKind;
use crate::domain::{Field, Month};

impl Tools<'_> {
    /// Reports by month, where months are columns: those of the list's month, or of the last with a sign, and those before.
    pub(super) fn reports(
        &self,
        row: &mut Row,
        due: &mut Option<u32>,
        met: &mut Option<u32>,
    ) -> (Option<Month>, Vec<(Month, u32, u32)>) {
        let mut list = self.list_month(row);
        if self.points.is_empty() {
            return (list, Vec::new());
        }
        let signs = self.attendance(row);
        let mut months = signs.months;
        months.sort_unstable();
        if months.is_empty() && signs.signs > 0 && due.is_none() {
            // Weeks of the list's month.
            (*due, *met) = (Some(signs.signs), Some(signs.present));
        }
        // Of whom no report was due in any month the newest month of the list is that of the row.
        let newest = || {
            let past = self.points.months();
            past.filter(|m| !self.as_of.is_before(m.first_day())).max()
        };
        list = list.or_else(|| newest().filter(|_| months.is_empty()));
        if list.is_none_or(|l| months.iter().all(|(m, ..)| *m > l)) {
            list = months.last().map(|(m, ..)| *m).or(list);
        }
        months.retain(|(m, d, k)| {
            let own = Some(*m) == list;
            if own && due.is_none() {
                (*due, *met) = (Some(*d), Some(*k));
            }
            !own
        });
        (list, months)
    }
    pub(super) fn litmas(&self, row: &mut Row, who: Identity, made: &mut Made) -> Fate {
        let bapas = self.bapas(row).or_else(|| self.bapas_of_sender(row));
        let Some(bapas) = bapas else {
            self.no_unit(row, Field::Bapas);
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
            bapas: Some(bapas),
            kind,
            asked_by,
            requested,
            completed,
        });
        Fate::Used
    }
}

/// Whether a row is of somebody whom the office accompanied to the police or to court: `sidang PN Ambon`, `BAP di Polresta`, or a
/// list that calls itself one of accompaniment. Where it names a kind of guidance he is a client.
pub(super) fn is_accompaniment(row: &Row) -> bool {
    const ACTS: &[&str] = &[
        "bap",
        "sidang",
        "persidangan",
        "penyidikan",
        "penuntutan",
        "pemeriksaan",
        "peradilan",
        "abh",
        "musyawarah diversi",
    ];
    let kind = |t: &str| codes::supervision_kind(t);
    let guided = |t: &str| {
        kind(t).is_some_and(|k| k != SupervisionKind::Other && k != SupervisionKind::ChildOther)
    };
    let fields = [
        Field::SupervisionKind,
        Field::ServiceName,
        Field::ServiceKind,
    ];
    let own = fields
        .map(|f| row.own(f))
        .into_iter()
        .find(|t| !t.is_empty());
    let own = own.unwrap_or_default();
    if guided(&own) && !says(&wording(&own), ACTS) {
        return false;
    }
    let title = &row.table.context.title;
    let nearest = wording(title.rsplit(" | ").next().unwrap_or_default());
    let accompanied = says(&nearest, &["pendampingan"]) && says(&nearest, ACTS)
        || says(&nearest, &["bukan bimbingan"]);
    let act = says(&wording(&own), ACTS) && !says(&wording(&own), &["bimbingan"]);
    let ends = row.has(Field::EndKind) || row.has(Field::PlannedEndDate);
    (act || accompanied && own.is_empty()) && !ends
}
