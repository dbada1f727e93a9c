//! Who came to what: signs under days, months and meetings, and the days that only the title of a list has.

use super::Tools;
use crate::clean::row::Row;
use crate::clean::signs::Attendance;
use crate::domain::service::ServiceState;
use crate::domain::{Field, Issue, Month, PartialDate, Severity};

impl Tools<'_> {
    /// Start and end where only the title or a sentence above the table has days: those of everybody who took part.
    pub(super) fn with_list(
        &self,
        row: &mut Row,
        state: ServiceState,
        start: PartialDate,
        end: PartialDate,
        signed: bool,
    ) -> (PartialDate, PartialDate) {
        use ServiceState as S;
        let dated = [
            Field::StartDate,
            Field::EndDate,
            Field::IssuedDate,
            Field::StatusDate,
        ];
        let Some(event) = row.table.context.event else {
            return (start, end);
        };
        let columns = dated.iter().any(|f| row.has(*f)) || signed;
        let took_part = matches!(state, S::Started | S::Completed | S::DroppedOut | S::Moved);
        let declined = row.declines() && !matches!(state, S::DroppedOut);
        if columns || !took_part || declined || self.as_of.is_before(event.from) {
            return (start, end);
        }
        let (mut from, mut to) = (start, end);
        if !from.is_known() {
            from = PartialDate::Day(event.from);
        }
        if state == S::Completed && !to.is_known() {
            let last = event.to.unwrap_or(event.from);
            to = self.happened(PartialDate::Day(last));
        }
        if (from, to) != (start, end) {
            row.note(Severity::Warning, "clean.day_of_list", Field::Name);
        }
        (from, to)
    }

    /// What the row says under months, days or meetings; what nobody understands is said.
    pub(super) fn attendance(&self, row: &mut Row) -> Attendance {
        let out = self.points.of(&row.row.cells);
        for at in &out.unread {
            row.note_cell(Severity::Warning, "clean.sign_unread", *at);
        }
        out
    }

    /// Sessions by signs, where no column counts them; who ceased to come without a word is named.
    pub(super) fn count_signs(
        &self,
        row: &mut Row,
        signs: &Attendance,
        state: ServiceState,
        sessions: &mut [Option<f32>; 2],
    ) {
        if signs.signs == 0 {
            return;
        }
        let planned = match () {
            () if !signs.by_month => Some(self.points.held()),
            () if signs.absences => Some(signs.signs),
            () => None,
        };
        sessions[0] = sessions[0].or(planned.map(|n| n as f32));
        sessions[1] = sessions[1].or(Some(signs.present as f32));
        let last_month = signs.last.latest().map(Month::of);
        let open = matches!(
            state,
            ServiceState::Started | ServiceState::Enrolled | ServiceState::Referred
        );
        if let (true, true, Some(last), Some(end)) =
            (open, signs.by_month, last_month, self.points.last_month())
            && end.since(last) >= 2
        {
            let at = row.at();
            let issue = Issue::about_row(Severity::Note, "clean.attendance_stopped", at);
            row.issues.push(issue.with("month", last));
        }
    }
}
