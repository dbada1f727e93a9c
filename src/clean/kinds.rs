//! One row of each kind of table into a record.

use super::row::Row;
use super::text::{Memo, is_placeholder};
use super::{AsOf, Fate, checks, codes, identity, number, offence, place};
use crate::domain::raw::RawCell;
use crate::domain::records::*;
use crate::domain::service::OutcomeKind;
use crate::domain::service::{ServiceKind, ServiceState};
use crate::domain::supervision::SupervisionKind;
use crate::domain::upt::UptRegistry;
use crate::domain::{
    ExitCode, Field, Month, OffenceGroup, PartialDate, RecordKind, RegisterClass, Severity, Text,
    Upt,
};
use crate::workspace::Settings;
use chrono::{Datelike, NaiveDate};

/// What the rows of a table share.
pub(super) struct Tools<'a> {
    pub units: &'a UptRegistry,
    pub settings: &'a Settings,
    pub as_of: &'a AsOf,
    pub places: &'a place::Units,
    pub month: Option<Month>,
    pub known: &'a Known,
}

/// What the words of a table's columns were found to mean.
#[derive(Debug, Default)]
pub(super) struct Known {
    exits_in_remarks: Memo<Option<ExitCode>>,
    exits: Memo<Option<ExitCode>>,
    sentences: Memo<Option<number::Sentence>>,
    educations: Memo<Text>,
    offences: Memo<OffenceGroup>,
    supervisions: Memo<Option<SupervisionKind>>,
    states: Memo<Option<ServiceState>>,
    outcomes: Memo<Option<OutcomeKind>>,
    priorities: Memo<bool>,
    agencies: Memo<Option<Text>>,
    services: Memo<ServiceKind>,
    units: Memo<Option<Upt>>,
}

/// Several texts as one that a [`Memo`] knows them by.
fn joined(texts: &[&str]) -> String {
    texts.join("\u{1f}")
}

impl Tools<'_> {
    /// Cleans one row; `newest` learns the latest date that counts.
    pub fn row(
        &self,
        row: &mut Row,
        records: &mut Records,
        newest: &mut Option<NaiveDate>,
    ) -> Fate {
        let Some(who) = identity::read(row, self.as_of) else {
            row.note(Severity::Error, "clean.no_person", Field::Name);
            return Fate::SetAside;
        };
        let mut seen = Seen {
            newest,
            as_of: self.as_of,
        };
        match row.table.kind {
            RecordKind::Custody => self.custody(row, who, records, &mut seen),
            RecordKind::Supervision => self.supervision(row, who, records, &mut seen),
            RecordKind::Litmas => self.litmas(row, who, records, &mut seen),
            RecordKind::Participation => self.participation(row, who, records, &mut seen),
            RecordKind::Outcome => self.outcome(row, who, records, &mut seen),
            RecordKind::CommunityService => self.community_service(row, who, records, &mut seen),
            RecordKind::Death => self.death(row, who, records, &mut seen),
            RecordKind::Resident => {
                records.resident.push(Resident { at: row.at(), who });
                Fate::Used
            }
        }
    }

    fn unit(&self, row: &Row, field: Field) -> Option<Upt> {
        self.place(&row.text(field))
    }

    /// The unit a text names.
    fn place(&self, text: &str) -> Option<Upt> {
        self.known.units.of(text, |s| self.places.find(s))
    }

    /// The unit of a row: its cell, else section, else title.
    fn home(&self, row: &Row) -> Option<Upt> {
        self.unit(row, Field::Upt).or_else(|| {
            row.context(|c| c.upt.as_deref())
                .and_then(|id| self.units.by_id(id))
        })
    }

    fn bapas(&self, row: &Row) -> Option<Upt> {
        self.unit(row, Field::Bapas).or_else(|| {
            row.context(|c| c.bapas.as_deref())
                .and_then(|id| self.units.by_id(id))
        })
    }

    /// Group of an offence; the day only tells which criminal code an article without a law is of.
    fn offence(&self, article: &str, crime: &str, on: Option<NaiveDate>) -> OffenceGroup {
        let era = offence::era(on);
        let law = match era {
            None => "",
            Some(offence::Code::Old) => "1946",
            Some(offence::Code::New) => "2023",
        };
        self.known
            .offences
            .of(&joined(&[law, article, crime]), |_| {
                offence::classify(&[article, crime], era)
            })
    }

    fn list_month(&self, row: &Row) -> Option<Month> {
        row.context(|c| c.month).or(self.month)
    }

    fn custody(
        &self,
        row: &mut Row,
        who: Identity,
        records: &mut Records,
        seen: &mut Seen,
    ) -> Fate {
        let Some(upt) = self.home(row) else {
            row.note(Severity::Error, "clean.no_unit", Field::Upt);
            return Fate::SetAside;
        };
        let admitted = row.first_date(&[
            Field::AdmissionDate,
            Field::DetainedDate,
            Field::VerdictDate,
        ]);
        let Some(begin) = admitted.earliest() else {
            row.note(Severity::Error, "clean.no_date", Field::AdmissionDate);
            return Fate::SetAside;
        };
        if self.as_of.is_before(begin) {
            return Fate::Beyond;
        }
        let register_no = row.text(Field::RegisterNo);
        let written_class = row.text(Field::RegisterClass);
        let class =
            codes::register_class(&register_no).or_else(|| codes::register_class(&written_class));
        let remarks = row.text(Field::Remarks);
        let exit_text = row.text(Field::ExitKind);
        let integration = row.text(Field::IntegrationKind);
        let known = self.known;
        let exit_of = |s: &str| known.exits.of(s, codes::exit);
        let mut written_exit = exit_of(&exit_text)
            .or_else(|| known.exits_in_remarks.of(&remarks, codes::exit_in_remarks));
        let mut exit =
            written_exit.or_else(|| exit_of(&integration).filter(|c| c.is_conditional()));
        let mut exit_date = row.date(Field::ExitDate);
        let mut admitted = admitted;
        if let (PartialDate::Day(a), PartialDate::Day(e)) = (admitted, exit_date)
            && e < a
        {
            // A swapped day and month that restores the order is evidence enough; nothing else is.
            let swap = |d: NaiveDate| NaiveDate::from_ymd_opt(d.year(), d.day(), d.month());
            if let Some(s) = swap(e).filter(|s| *s >= a && !self.as_of.is_before(*s)) {
                row.note(Severity::Warning, "clean.date_swapped", Field::ExitDate)
                    .proposed = s.format("%d-%m-%Y").to_string().into();
                exit_date = PartialDate::Day(s);
            } else if let Some(s) = swap(a).filter(|s| *s <= e) {
                row.note(
                    Severity::Warning,
                    "clean.date_swapped",
                    Field::AdmissionDate,
                )
                .proposed = s.format("%d-%m-%Y").to_string().into();
                admitted = PartialDate::Day(s);
            } else {
                row.note(
                    Severity::Error,
                    "clean.exit_before_admission",
                    Field::ExitDate,
                );
                return Fate::SetAside;
            }
        }
        if exit_date.latest().is_some_and(|d| self.as_of.is_before(d)) {
            // It has not happened yet.
            (exit, written_exit, exit_date) = (None, None, PartialDate::Unknown);
        }
        if exit == Some(ExitCode::Other) {
            row.note(Severity::Warning, "clean.exit_unknown", Field::ExitKind);
        }
        if exit_date.is_known() && exit.is_none() {
            exit = Some(ExitCode::Other);
            row.note(Severity::Warning, "clean.exit_unknown", Field::ExitKind);
        }
        if !exit_date.is_known()
            && let Some(code) = exit.filter(|c| !c.is_still_custody())
        {
            // What integration a person is proposed for is no exit yet.
            if written_exit == Some(code) {
                exit_date = self.assumed_exit(row, code, begin);
            }
            if !exit_date.is_known() {
                exit = exit.filter(|c| {
                    !c.is_index_release(true) && *c != ExitCode::Other && *c != ExitCode::Pdh
                });
            }
        }
        if let (Some(b), Some(a)) = (who.birth.day(), admitted.day())
            && crate::domain::date::age_on(b, a) < 12
        {
            row.note(Severity::Error, "clean.too_young", Field::AdmissionDate);
            return Fate::SetAside;
        }
        seen.saw(admitted);
        seen.saw(exit_date);
        let sentence = known
            .sentences
            .of(&row.text(Field::SentenceLength), number::sentence)
            .or_else(|| parts(row));
        checks::understood(
            row,
            "clean.sentence_bad",
            Field::SentenceLength,
            sentence.is_some(),
        );
        let (sentence_days, life) = match sentence {
            Some(number::Sentence::Days(d)) => (Some(d), None),
            Some(number::Sentence::Life) => (None, Some(RegisterClass::Life)),
            Some(number::Sentence::Death) => (None, Some(RegisterClass::Death)),
            None => (None, None),
        };
        if class.is_none() && life.is_none() {
            row.note(
                Severity::Warning,
                "clean.register_unknown",
                Field::RegisterNo,
            );
        }
        // Nobody is held for what is yet to be done.
        let mut offence_date = row.date(Field::OffenceDate);
        if offence_date.earliest() > admitted.latest() && admitted.is_known() {
            row.note(
                Severity::Warning,
                "clean.offence_after_admission",
                Field::OffenceDate,
            );
            offence_date = PartialDate::Unknown;
        }
        let (crime, article) = (row.text(Field::Offence), row.text(Field::Article));
        let on = offence_date.day().or(admitted.day());
        let to_upt = (exit == Some(ExitCode::Pdh))
            .then(|| {
                let written = row.text(Field::ToUpt);
                if is_placeholder(&written) {
                    self.place(&format!("{exit_text} {remarks}"))
                } else {
                    self.place(&written)
                }
            })
            .flatten()
            .filter(|u| *u != upt);
        let group = self.offence(&article, &crime, on);
        let field = if is_placeholder(&article) {
            Field::Offence
        } else {
            Field::Article
        };
        checks::understood(
            row,
            "clean.law_missing",
            field,
            group != OffenceGroup::Unknown,
        );
        let expiry = row.first_date(&[Field::ExpiryDate, Field::FirstExpiryDate]);
        // A short sentence may be over before the register of the sentenced is reached; a year before is a slip.
        let year_before = PartialDate::Day(begin - chrono::Days::new(365));
        let rule = "clean.expiry_before_admission";
        let expiry = checks::after(row, year_before, expiry, rule, Field::ExpiryDate);
        let two_thirds = row.date(Field::TwoThirdsDate);
        if exit.is_some_and(|c| c.is_conditional() && c != ExitCode::Asr)
            && exit_date.latest() < two_thirds.earliest()
            && exit_date.is_known()
        {
            row.note(Severity::Note, "clean.early_integration", Field::ExitDate);
        }
        let record = Custody {
            at: row.at(),
            upt,
            register_no: register_no.as_ref().into(),
            class: life.or(class),
            admitted,
            from_upt: self.unit(row, Field::FromUpt).filter(|u| *u != upt),
            offence: group,
            offence_date,
            verdict: row.date(Field::VerdictDate),
            sentence_days,
            expiry,
            two_thirds,
            to_upt,
            exit,
            exit_date,
            recidivist_flag: codes::recidivist(&row.text(Field::RecidivistFlag)),
            education: known
                .educations
                .of(&row.text(Field::Education), |s| codes::education(s).into()),
            list_month: self.list_month(row),
            who,
        };
        records.custody.push(record);
        Fate::Used
    }

    /// An exit whose day nobody wrote down, or wrote unreadably, is taken to be of the list's month and said so
    /// (DOMAIN.md 3.3); without a month it cannot be placed. A word that is no exit, with no date beside it, is none.
    fn assumed_exit(&self, row: &mut Row, code: ExitCode, begin: NaiveDate) -> PartialDate {
        let dated = *row.cell(Field::ExitDate) != RawCell::Empty;
        if code == ExitCode::Other && !dated {
            return PartialDate::Unknown;
        }
        let month = (self.list_month(row))
            .filter(|m| m.last_day() >= begin && !self.as_of.is_before(m.last_day()));
        let Some(month) = month else {
            row.note(Severity::Warning, "clean.exit_undated", Field::ExitKind);
            return PartialDate::Unknown;
        };
        row.note(
            Severity::Warning,
            "clean.exit_date_assumed",
            Field::ExitDate,
        )
        .proposed = month.last_day().format("%d-%m-%Y").to_string().into();
        PartialDate::Month(month.year(), month.month() as u8)
    }

    fn supervision(
        &self,
        row: &mut Row,
        who: Identity,
        records: &mut Records,
        seen: &mut Seen,
    ) -> Fate {
        let Some(bapas) = self.bapas(row) else {
            row.note(Severity::Error, "clean.no_unit", Field::Bapas);
            return Fate::SetAside;
        };
        let start = row.first_date(&[Field::StartDate, Field::DecreeDate, Field::AdmissionDate]);
        if start.earliest().is_some_and(|d| self.as_of.is_before(d)) {
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
        seen.saw(start);
        seen.saw(end);
        let due = number::amount(row.cell(Field::ReportsDue)).map(|n| n.max(0.0) as u32);
        let met = number::amount(row.cell(Field::ReportsMet)).map(|n| n.max(0.0) as u32);
        if !start.is_known() && due.is_none() {
            row.note(Severity::Error, "clean.no_date", Field::StartDate);
            return Fate::SetAside;
        }
        let end = checks::after(row, start, end, "clean.end_before_start", Field::EndDate);
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
        records.supervision.push(Supervision {
            at: row.at(),
            bapas,
            client_no: row.text(Field::ClientNo).as_ref().into(),
            kind,
            from_upt: self.unit(row, Field::FromUpt),
            decree: row.date(Field::DecreeDate),
            start,
            planned_end: row.date(Field::PlannedEndDate),
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

    fn litmas(&self, row: &mut Row, who: Identity, records: &mut Records, seen: &mut Seen) -> Fate {
        let Some(bapas) = self.bapas(row) else {
            row.note(Severity::Error, "clean.no_unit", Field::Bapas);
            return Fate::SetAside;
        };
        let requested = row.date(Field::RequestedDate);
        if requested
            .earliest()
            .is_some_and(|d| self.as_of.is_before(d))
        {
            return Fate::Beyond;
        }
        let completed = self.happened(row.date(Field::CompletedDate));
        seen.saw(requested);
        seen.saw(completed);
        let kind = codes::litmas_kind(&row.text(Field::LitmasKind));
        let asked_by = self
            .unit(row, Field::FromUpt)
            .or_else(|| self.unit(row, Field::Upt));
        records.litmas.push(Litmas {
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

    /// A date after the month has not happened yet.
    fn happened(&self, d: PartialDate) -> PartialDate {
        if d.earliest().is_some_and(|d| self.as_of.is_before(d)) {
            PartialDate::Unknown
        } else {
            d
        }
    }

    /// The agency of a row: its cell, else section or title, else who sent it.
    fn agency(&self, row: &Row) -> Text {
        let known = |text: &str| {
            self.known.agencies.of(text, |s| {
                place::agency(s, &self.settings.agencies).map(Text::from)
            })
        };
        known(&row.text(Field::Opd))
            .or_else(|| row.context(|c| c.opd.as_deref()).map(Text::from))
            .or_else(|| known(&row.table.context.title))
            .unwrap_or_else(|| {
                if row.table.context.upt.is_some() {
                    "upt".into()
                } else {
                    row.table.supplier.clone()
                }
            })
    }

    fn participation(
        &self,
        row: &mut Row,
        who: Identity,
        records: &mut Records,
        seen: &mut Seen,
    ) -> Fate {
        let referred = row.date(Field::ReferralDate);
        let enrolled = row.date(Field::EnrolDate);
        let start = row.date(Field::StartDate);
        let issued = self.happened(row.date(Field::IssuedDate));
        let first = [referred, enrolled, start, issued]
            .into_iter()
            .filter_map(PartialDate::earliest)
            .min();
        if first.is_some_and(|d| self.as_of.is_before(d)) {
            return Fate::Beyond;
        }
        let end = self.happened(row.date(Field::EndDate));
        let start = self.happened(start);
        [referred, enrolled, start, issued, end]
            .into_iter()
            .for_each(|d| seen.saw(d));
        let opd = self.agency(row);
        let programme = row.text(Field::ServiceName);
        let kind_text = row.text(Field::ServiceKind);
        let (named, kinds) = (!is_placeholder(&programme), !is_placeholder(&kind_text));
        let service = |text: &str| {
            let both = joined(&[text, &opd]);
            self.known
                .services
                .of(&both, |_| codes::service(text, &opd))
        };
        let mut kind = service(if kinds { &kind_text } else { &programme });
        if kind == ServiceKind::Other && named {
            kind = service(&programme);
        }
        let end = checks::after(row, start, end, "clean.end_before_start", Field::EndDate);
        let state_of = |s: &str| self.known.states.of(s, codes::service_state);
        let own = state_of(&row.text(Field::ServiceState));
        checks::understood(
            row,
            "clean.state_unknown",
            Field::ServiceState,
            own.is_some(),
        );
        let written = own.or_else(|| state_of(&row.text(Field::Remarks)));
        let certificate = [row.text(Field::CertificateNo), row.text(Field::DocumentNo)]
            .into_iter()
            .find(|c| !is_placeholder(c))
            .unwrap_or_default();
        let state = written.unwrap_or(match () {
            () if issued.is_known() || !certificate.is_empty() => ServiceState::Completed,
            () if end.is_known() => ServiceState::Completed,
            () if start.is_known() => ServiceState::Started,
            () if enrolled.is_known() => ServiceState::Enrolled,
            () => ServiceState::Referred,
        });
        // A document is its own start: there is no course to begin.
        let start = if start.is_known() || !kind.is_document() {
            start
        } else {
            issued
        };
        let setting = super::text::normal(&row.text(Field::Setting));
        let inside = match () {
            () if setting.is_empty() => None,
            () if super::text::says(&setting, &["luar"]) => Some(false),
            () if super::text::says(&setting, &["dalam", "lapas", "rutan", "lpka", "lpp"]) => {
                Some(true)
            }
            () => None,
        };
        let planned_end = row.date(Field::PlannedEndDate);
        let sessions =
            [Field::SessionsPlanned, Field::SessionsAttended].map(|f| checks::counted(row, f));
        let hours = [Field::HoursPlanned, Field::HoursAttended].map(|f| checks::counted(row, f));
        checks::within(row, sessions[0], sessions[1], Field::SessionsAttended);
        checks::within(row, hours[0], hours[1], Field::HoursAttended);
        let priority = self.known.priorities.of(&programme, |name| {
            let name = super::text::normal(name);
            let mut all = self.settings.priority_programmes.iter();
            all.any(|p| name.contains(&super::text::normal(p)))
        });
        records.participation.push(Participation {
            at: row.at(),
            upt: self.home(row),
            kind,
            referred,
            enrolled,
            start,
            planned_end,
            end,
            issued,
            state,
            sessions_planned: sessions[0],
            sessions_attended: sessions[1],
            hours_planned: hours[0],
            hours_attended: hours[1],
            inside: inside.or((opd == "upt").then_some(true)),
            priority_programme: priority,
            opd,
            who,
        });
        Fate::Used
    }

    fn outcome(
        &self,
        row: &mut Row,
        who: Identity,
        records: &mut Records,
        seen: &mut Seen,
    ) -> Fate {
        let date = row.first_date(&[Field::OutcomeDate, Field::StartDate]);
        if date.earliest().is_some_and(|d| self.as_of.is_before(d)) {
            return Fate::Beyond;
        }
        seen.saw(date);
        let written = row.text(Field::OutcomeKind);
        let Some(kind) = self.known.outcomes.of(&written, codes::outcome) else {
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
        records.outcome.push(Outcome {
            at: row.at(),
            who,
            source,
            kind,
            date,
        });
        Fate::Used
    }

    fn community_service(
        &self,
        row: &mut Row,
        who: Identity,
        records: &mut Records,
        seen: &mut Seen,
    ) -> Fate {
        let start = row.first_date(&[Field::StartDate, Field::VerdictDate]);
        if start.earliest().is_some_and(|d| self.as_of.is_before(d)) {
            return Fate::Beyond;
        }
        let end = self.happened(row.date(Field::EndDate));
        seen.saw(start);
        seen.saw(end);
        let end = checks::after(row, start, end, "clean.end_before_start", Field::EndDate);
        let hours = [Field::HoursOrdered, Field::HoursServed].map(|f| checks::counted(row, f));
        let written = row.text(Field::ServiceState);
        let state = self.known.states.of(&written, codes::service_state);
        records.community_service.push(CommunityService {
            at: row.at(),
            opd: self.agency(row),
            hours_ordered: hours[0],
            hours_served: hours[1],
            start,
            end,
            completed: state == Some(ServiceState::Completed),
            list_month: self.list_month(row),
            who,
        });
        Fate::Used
    }

    fn death(&self, row: &mut Row, who: Identity, records: &mut Records, seen: &mut Seen) -> Fate {
        let date = row.date(Field::DeathDate);
        if date.earliest().is_some_and(|d| self.as_of.is_before(d)) {
            return Fate::Beyond;
        }
        seen.saw(date);
        records.death.push(Death {
            at: row.at(),
            who,
            date,
        });
        Fate::Used
    }
}

/// Sentence in separate columns Th, Bl, Hr.
fn parts(row: &Row) -> Option<number::Sentence> {
    let n = |f| number::amount(row.cell(f)).map(|v| v as u32);
    let (y, m, d) = (
        n(Field::SentenceYears),
        n(Field::SentenceMonths),
        n(Field::SentenceDays),
    );
    (y.is_some() || m.is_some() || d.is_some())
        .then(|| number::Sentence::of(y.unwrap_or(0), m.unwrap_or(0), d.unwrap_or(0)))
}

/// The newest date of a table that is not after the month.
struct Seen<'a> {
    newest: &'a mut Option<NaiveDate>,
    as_of: &'a AsOf,
}

impl Seen<'_> {
    fn saw(&mut self, d: PartialDate) {
        if let Some(d) = d.day().filter(|d| !self.as_of.is_before(*d)) {
            *self.newest = (*self.newest).max(Some(d));
        }
    }
}
