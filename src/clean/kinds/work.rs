//! Rows of work: outcomes after release, and community service.

use super::{Made, Tools};
use crate::clean::not_yet::{NOT_YET, is_pending};
use crate::clean::remarks;
use crate::clean::row::Row;
use crate::clean::text::{affirms, is_placeholder, says, wording};
use crate::clean::{Fate, checks, codes};
use crate::domain::records::{CommunityService, Identity, Outcome};
use crate::domain::service::{OutcomeKind, ServiceState};
use crate::domain::supervision::{WORK_DAY, WORK_HOURS, WORK_MONTHS};
use crate::domain::{Field, PartialDate, Severity, add_months};

impl Tools<'_> {
    pub(super) fn outcome(&self, row: &mut Row, who: Identity, made: &mut Made) -> Fate {
        let date = row.first_date(&[Field::OutcomeDate, Field::StatusDate, Field::StartDate]);
        if self.is_to_come(date) {
            return Fate::Beyond;
        }
        if row.is_planned() {
            row.note(Severity::Note, "clean.planned_only", Field::OutcomeDate);
            return Fate::Used;
        }
        self.saw(made, &[date]);
        let written = row.text(Field::OutcomeKind);
        // Who has an employer is employed.
        let employer = row.text(Field::Employer);
        // Whoever only applied to him, or did not begin, is not.
        let free = wording(&row.remarks());
        let refused = ["lamaran", "melamar", "wawancara", "interview", "tidak jadi"];
        let open = !date.is_known() && (says(&free, &refused) || is_pending(&free));
        let by_employer = is_placeholder(&written) && !is_placeholder(&employer);
        if by_employer && open {
            row.note(Severity::Warning, "clean.outcome_unknown", Field::Employer);
            row.told.set(true);
            return Fate::Used;
        }
        // `Diterima, kontrak 6 bln` beside an employer.
        const HIRED: &[&str] = &[
            "diterima",
            "lolos",
            "kontrak",
            "dikontrak",
            "ditempatkan",
            "terserap",
            "penempatan",
            "masuk kerja",
        ];
        let hired = !is_placeholder(&employer) && affirms(&wording(&written), HIRED, NOT_YET);
        let employed = (by_employer || hired).then_some(OutcomeKind::Employed);
        let Some(kind) = employed.or_else(|| self.known.outcomes.of(&written, codes::outcome))
        else {
            // Nobody was reached: an unknown outcome is not an outcome, and not an error either.
            checks::understood(
                row,
                "clean.outcome_unknown",
                Field::OutcomeKind,
                codes::says_unknown(&written),
            );
            return Fate::Used;
        };
        let source = row.table.supplier.clone();
        made.records.outcome.push(Outcome {
            at: row.at(),
            who,
            source,
            kind,
            date,
        });
        Fate::Used
    }

    pub(super) fn community_service(&self, row: &mut Row, who: Identity, made: &mut Made) -> Fate {
        let start = row.first_date(&[Field::StartDate, Field::VerdictDate]);
        if self.is_to_come(start) {
            return Fate::Beyond;
        }
        let end = self.happened(row.end_date());
        self.saw(made, &[start, end]);
        // `selesai 40 jam s.d. 30 Jan 2026`
        let end = if end.is_known() {
            end
        } else {
            let free = row.remarks();
            let done = self.known.states.of(&free, codes::service_state);
            let last = remarks::last_day(&free, self.list_month(row));
            let over = done == Some(ServiceState::Completed);
            row.told.set(row.told.get() || over && last.is_known());
            self.happened(if over { last } else { PartialDate::Unknown })
        };
        let end = checks::after(row, start, end, "clean.end_before_start", Field::EndDate);
        let fields = [Field::HoursOrdered, Field::HoursServed, Field::HoursPerDay];
        let mut hours = fields.map(|f| checks::counted(row, f));
        let mut start = start;
        let mut end = end;
        if !self.points.is_empty() {
            // Hours by day: their sum, where no column has it; the first day, where none is written.
            hours[1] = hours[1].or(self.points.sum(&row.row.cells));
            let signs = self.attendance(row);
            if !start.is_known() {
                start = signs.first;
            }
            let all = hours[0]
                .zip(hours[1])
                .is_some_and(|(of, n)| n >= of && of > 0.0);
            if !end.is_known() && all {
                end = signs.last;
            }
        }
        // What the prosecutor means to ask for is not ordered.
        let demanded = row.header(Field::HoursOrdered).is_some_and(|h| {
            says(
                &wording(h),
                &["rencana", "tuntutan", "dituntut", "usul", "usulan"],
            )
        });
        if (demanded || row.is_planned()) && !row.date(Field::VerdictDate).is_known() {
            hours[0] = None;
            row.note(Severity::Note, "clean.planned_only", Field::HoursOrdered);
            if hours[1].is_none() {
                return Fate::Used;
            }
        }
        let written = row.text(Field::ServiceState);
        let state_of = |s: &str| self.known.states.of(s, codes::service_state);
        let state = state_of(&written).or_else(|| state_of(&row.remarks()));
        row.told.set(row.told.get() || state.is_some());
        if let Some((of, done)) = checks::pair(row, Field::HoursOrdered, Field::HoursServed) {
            (hours[0], hours[1]) = (Some(of), Some(done));
        }
        let stands = wording(&format!("{written} {}", row.remarks()));
        // Before the verdict nothing is ordered; until an appeal is decided nothing is to be done.
        let awaited = [
            "penuntutan",
            "tuntutan",
            "penyidikan",
            "persidangan",
            "proses sidang",
            "belum putus",
            "belum diputus",
            "terdakwa",
        ];
        let verdict = row.date(Field::VerdictDate).is_known();
        if hours[0].is_none() && hours[1].is_none() && !verdict && says(&stands, &awaited) {
            row.note(Severity::Note, "clean.not_sentenced", Field::ServiceState);
            row.told.set(true);
            return Fate::Used;
        }
        if is_appealed(&stands) && hours[0].is_some() && hours[1].is_none_or(|h| h <= 0.0) {
            row.note(Severity::Warning, "clean.not_final", Field::HoursOrdered);
            row.told.set(true);
            hours[0] = None;
        }
        let served = hours[0]
            .zip(hours[1])
            .is_some_and(|(of, n)| n >= of && of > 0.0);
        let by_days = served && !self.points.is_empty() && end.is_known();
        let completed = state == Some(ServiceState::Completed) || by_days;
        let breach = codes::breach(&written).or_else(|| codes::breach(&row.remarks()));
        row.told.set(row.told.get() || breach.is_some());
        // The law's limits (UU 1/2023 art. 85): what lies beyond them stays as it is written, and is said.
        let (from, to) = WORK_HOURS;
        if hours[0].is_some_and(|h| h < from || h > to) {
            row.note(Severity::Warning, "clean.work_hours", Field::HoursOrdered);
        }
        if hours[2].is_some_and(|h| h > WORK_DAY) {
            row.note(Severity::Warning, "clean.work_day", Field::HoursPerDay);
        }
        let last = start.latest().map(|d| add_months(d, WORK_MONTHS));
        let listed = self.list_month(row).map(|m| m.first_day());
        let until = end.earliest().or(listed.filter(|_| !completed));
        let done = hours[0].zip(hours[1]).is_some_and(|(of, n)| n >= of);
        if let (Some(last), Some(until)) = (last, until)
            && until > last
            && (!done || end.earliest().is_some())
            && breach.is_none()
        {
            row.note(Severity::Warning, "clean.work_six_months", Field::StartDate);
        }
        made.records.community_service.push(CommunityService {
            at: row.at(),
            opd: self.agency(row),
            hours_ordered: hours[0],
            hours_served: hours[1],
            hours_per_day: hours[2],
            placed: !is_placeholder(&row.text(Field::PlacementSite)),
            breach,
            start,
            end,
            completed,
            list_month: self.list_month(row),
            who,
        });
        Fate::Used
    }
}

/// Whether a wording says that a verdict is not final: `banding, belum inkracht`.
pub(super) fn is_appealed(wording: &str) -> bool {
    let appealed = says(
        wording,
        &["banding", "kasasi", "verzet", "peninjauan kembali"],
    );
    let decided = says(
        wording,
        &["inkracht", "dicabut", "cabut", "ditolak", "putusan banding"],
    );
    appealed && (!decided || says(wording, &["belum inkracht"]))
}
