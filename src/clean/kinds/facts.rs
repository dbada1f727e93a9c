//! Facts that follow fields, whatever the list is about: a day of death makes a death, a revocation ends guidance, a day and
//! kind of release is a release, the day on which a document was issued is a document. Status in free text speaks on every
//! list.

use super::{Made, Tools};
use crate::clean::codes;
use crate::clean::remarks::{self, Event, Said};
use crate::clean::row::Row;
use crate::clean::text::{is_placeholder, normal, says, wording};
use crate::domain::raw::RawCell;
use crate::domain::records::{
    CommunityService, Custody, Death, Identity, Litmas, Outcome, Participation, Supervision,
};
use crate::domain::service::{OutcomeKind, ServiceKind, ServiceState};
use crate::domain::supervision::{LitmasKind, SupervisionEnd, SupervisionKind};
use crate::domain::upt::UptKind;
use crate::domain::{ExitCode, Field, OffenceGroup, PartialDate, RecordKind, Severity, Text, Upt};

/// A fact beside the one that a row's kind is about.
pub(super) enum Further {
    Death(PartialDate),
    EndOfGuidance(SupervisionEnd, PartialDate),
    Release(Upt, ExitCode, PartialDate),
    Document(ServiceKind, PartialDate),
    Employed(PartialDate),
    OwnBusiness(PartialDate),
    /// A report was asked of a probation office, where one is known, or came from it: kind, day of the request, of the report.
    Litmas(Option<Upt>, LitmasKind, PartialDate, PartialDate),
    /// A course began, told where others have what schooling they had.
    Course(ServiceKind, PartialDate),
    /// A court ordered hours of community service.
    Ordered(f32, PartialDate),
}

/// Fields whose words may tell what became of somebody, on lists of every kind.
const SPOKEN: &[Field] = &[
    Field::PersonStatus,
    Field::EndKind,
    Field::RevocationGround,
    Field::ExitKind,
    Field::ServiceState,
];

impl Tools<'_> {
    /// What the free text of a row tells, as far as it has happened.
    pub(super) fn said(&self, row: &Row) -> Vec<Said> {
        let mut text = row.remarks().into_owned();
        let mut add = |more: &str| {
            if !is_placeholder(more) {
                if !text.is_empty() {
                    text.push_str("; ");
                }
                text.push_str(more);
            }
        };
        for field in SPOKEN.iter().copied().filter(|f| row.has(*f)) {
            // How all of a list ended is said of those alone beside whom a day stands.
            let of_all = field == Field::EndKind && is_placeholder(&row.shown(field));
            let words = row.text(field);
            if of_all {
                continue;
            } else if field == Field::RevocationGround && !is_placeholder(&words) {
                // Beside a column of its day, the reason of a revocation without a day is that of a proposal.
                let day = crate::clean::date::read(row.cell(Field::RevocationDate)).date();
                if !row.has(Field::RevocationDate) || day.is_some_and(PartialDate::is_known) {
                    add(&format!("dicabut {words}"));
                }
            } else {
                add(&words);
            }
        }
        let mut all = self.events(row, &text);
        all.retain(|s| !self.is_to_come(s.on));
        all
    }

    /// The events of a text of the row, those to come among them.
    pub(super) fn events(&self, row: &Row, text: &str) -> Vec<Said> {
        if text.is_empty() {
            return Vec::new();
        }
        let month = self.list_month(row);
        self.known.remarks.of(text, |t| remarks::read(t, month))
    }

    /// Facts beside that of the row's kind.
    pub(super) fn further(&self, row: &mut Row, said: &[Said]) -> Vec<Further> {
        let kind = row.table.kind;
        let mut out = Vec::new();
        let told = |event: fn(&Event) -> bool| said.iter().find(|s| event(&s.event)).map(|s| s.on);
        // On lists of deaths, and as the end of guidance, it is read where it belongs.
        let elsewhere = match kind {
            RecordKind::Death => true,
            RecordKind::Supervision => is_placeholder(&row.text(Field::EndKind)),
            RecordKind::Custody
            | RecordKind::Litmas
            | RecordKind::Participation
            | RecordKind::Outcome
            | RecordKind::CommunityService
            | RecordKind::Resident => false,
        };
        let died = if elsewhere {
            PartialDate::Unknown
        } else {
            self.day_of(row, Field::DeathDate)
        };
        let in_column = died.is_known();
        let died = in_column
            .then_some(died)
            .or_else(|| told(|e| *e == Event::Died));
        // A stay or guidance that is not written to have ended otherwise ends with it.
        let ends = |row: &Row| match kind {
            RecordKind::Custody => {
                let words = row.text(Field::ExitKind);
                is_placeholder(&words) || codes::exit(&words) == Some(ExitCode::Mgl)
            }
            RecordKind::Supervision => {
                let words = row.text(Field::EndKind);
                let how = codes::supervision_end(&words, "");
                is_placeholder(&words) || how == Some(SupervisionEnd::Died)
            }
            RecordKind::Litmas
            | RecordKind::Participation
            | RecordKind::Outcome
            | RecordKind::CommunityService
            | RecordKind::Resident
            | RecordKind::Death => false,
        };
        match (kind, died) {
            (RecordKind::Death, _) | (_, None) => {}
            (_, Some(_)) if !in_column && ends(row) => {}
            (_, Some(on)) => {
                if !on.is_known() {
                    row.note(Severity::Warning, "clean.death_undated", Field::Remarks);
                }
                out.push(Further::Death(on));
            }
        }
        if kind != RecordKind::Supervision {
            out.extend(self.end_of_guidance(row, said));
        }
        if kind != RecordKind::Custody && row.has(Field::ExitDate) {
            let on = self.day_of(row, Field::ExitDate);
            let code = codes::exit(&row.text(Field::ExitKind)).filter(|c| c.is_index_release(true));
            let upt = self.unit(row, Field::FromUpt).or_else(|| self.home(row));
            if let (Some(upt), Some(code), true) = (upt, code, on.is_known()) {
                out.push(Further::Release(upt, code, on));
            }
        }
        // On lists of other things remarks may tell of a release.
        let elsewhere = matches!(kind, RecordKind::Participation | RecordKind::Resident);
        if elsewhere && !row.has(Field::ExitDate) {
            let left = said.iter().find_map(|s| match s.event {
                Event::Left(code) if s.on.day().is_some() && code.is_index_release(true) => {
                    Some((code, s.on))
                }
                _ => None,
            });
            let upt = self.home(row);
            if let (Some((code, on)), Some(upt)) = (left, upt) {
                out.push(Further::Release(upt, code, on));
            }
        }
        let told_in = [Field::Remarks, Field::ServiceState, Field::PersonStatus];
        if kind != RecordKind::Outcome && told_in.iter().any(|f| row.has(*f)) {
            let own = [Field::ServiceState, Field::PersonStatus].map(|f| row.own(f));
            let free = match own.iter().all(|t| t.is_empty()) {
                true => row.remarks(),
                false => format!("{}; {}; {}", row.remarks(), own[0], own[1]).into(),
            };
            if let Some((work, on)) = remarks::works(&free, self.list_month(row))
                && !self.is_to_come(on)
            {
                row.told.set(true);
                out.push(match work {
                    remarks::Work::Employed => Further::Employed(on),
                    remarks::Work::Business => Further::OwnBusiness(on),
                });
            }
        }
        if kind == RecordKind::Participation {
            // `Mulai Usaha` beside the day of the permit, `Bekerja` beside that of the course.
            let has = |h: &str, list: &[&str]| says(&normal(h), list);
            let header = row.header(Field::OutcomeDate).unwrap_or_default();
            let trade = has(header, &["usaha", "berusaha"])
                && has(header, &["mulai", "buka", "sejak", "jalan", "berjalan"]);
            let work = has(header, &["bekerja", "kerja", "penempatan", "ditempatkan"])
                && !has(header, &["sosial", "pantau", "pemantauan", "rencana"]);
            let on = self.day_of(row, Field::OutcomeDate);
            if on.is_known() && trade {
                out.push(Further::OwnBusiness(on));
            } else if on.is_known() && work {
                out.push(Further::Employed(on));
            }
            let opd = self.agency(row);
            if super::service_kind::is_of_work(row.header(Field::StartDate))
                && self.service_kind(row, &opd).is_document()
            {
                let on = self.day_of(row, Field::StartDate);
                out.extend(on.is_known().then_some(Further::Employed(on)));
            }
            out.extend(self.services_beside(row));
        }
        if kind != RecordKind::Litmas {
            out.extend(self.litmas_beside(row));
        }
        if kind == RecordKind::Custody {
            out.extend(self.ordered(row));
            out.extend(self.schooled(row));
        }
        let document = matches!(
            kind,
            RecordKind::Custody
                | RecordKind::Supervision
                | RecordKind::Resident
                | RecordKind::Outcome
        );
        if document && row.has(Field::IssuedDate) {
            let header = row.header(Field::IssuedDate).unwrap_or_default().to_owned();
            let service = codes::service(&header, "");
            let on = self.day_of(row, Field::IssuedDate);
            if service.is_document() && on.is_known() {
                out.push(Further::Document(service, on));
            }
        }
        out
    }

    /// A report on the person that the columns of a list of other things tell of: `Permintaan Litmas ke Bapas`, `Litmas diminta`,
    /// `Litmas selesai`. The office asked is named, or the only one of the sender's town; else it is not known, which is said.
    fn litmas_beside(&self, row: &mut Row) -> Option<Further> {
        let of_litmas = |f: Field| {
            let header = row.header(f)?;
            says(&normal(header), &["litmas"]).then(|| header.to_owned())
        };
        let headers = [Field::RequestedDate, Field::CompletedDate].map(of_litmas);
        let [asked, done] = [Field::RequestedDate, Field::CompletedDate];
        let day = |row: &mut Row, f: Field, told: bool| match told {
            true => self.day_of(row, f),
            false => PartialDate::Unknown,
        };
        let requested = day(row, asked, headers[0].is_some());
        let completed = day(row, done, headers[1].is_some());
        if !requested.is_known() && !completed.is_known() {
            return None;
        }
        let named = |h: &String| self.place(h).filter(|u| self.is_bapas(*u));
        let bapas = (self.bapas(row))
            .or_else(|| headers.iter().flatten().find_map(named))
            .or_else(|| self.bapas_of_sender(row));
        if bapas.is_none() {
            let field = if requested.is_known() { asked } else { done };
            row.note(Severity::Warning, "clean.bapas_unknown", field);
        }
        let kind = match row.table.kind {
            RecordKind::CommunityService => LitmasKind::CommunityService,
            RecordKind::Custody
            | RecordKind::Supervision
            | RecordKind::Litmas
            | RecordKind::Participation
            | RecordKind::Outcome
            | RecordKind::Resident
            | RecordKind::Death => codes::litmas_kind(&row.text(Field::IntegrationKind)),
        };
        Some(Further::Litmas(bapas, kind, requested, completed))
    }

    /// A course of schooling that began on a day, in the column of education: `Paket C, mulai 12/1/2026`.
    fn schooled(&self, row: &mut Row) -> Option<Further> {
        use ServiceKind::{PktA, PktB, PktC};
        let text = row.own(Field::Education);
        if !text.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let kind = codes::service_named(&text, "disdik");
        let kind = kind.filter(|k| matches!(k, PktA | PktB | PktC))?;
        let on = self.happened(remarks::began(&text, self.list_month(row)));
        on.is_known().then_some(Further::Course(kind, on))
    }

    /// Hours of community service that stand where others have the length of their imprisonment: `kerja sosial 40 jam`.
    fn ordered(&self, row: &mut Row) -> Option<Further> {
        let words = row.own(Field::SentenceLength);
        let n = wording(&words);
        if !says(&n, &["kerja sosial"]) {
            return None;
        }
        let all: Vec<&str> = n.split(' ').collect();
        let hours = all.windows(2).find_map(|w| match w {
            [n, "jam"] => n.parse::<u16>().ok(),
            _ => None,
        })?;
        let on = self.day_of(row, Field::VerdictDate);
        if super::work::is_appealed(&wording(&row.remarks())) {
            row.note(Severity::Warning, "clean.not_final", Field::SentenceLength);
            row.told.set(true);
            return None;
        }
        Some(Further::Ordered(f32::from(hours), on))
    }

    fn is_bapas(&self, unit: Upt) -> bool {
        self.units.info(unit).kind == UptKind::Bapas
    }

    /// The probation office of the town that the sender or the title of a list names.
    pub(super) fn bapas_of_sender(&self, row: &Row) -> Option<Upt> {
        let words = normal(&format!(
            "{} {}",
            row.table.supplier, row.table.context.title
        ));
        words.split(' ').find_map(|w| {
            let bapas = self.place(&format!("bapas {w}"))?;
            let named = normal(&self.units.info(bapas).name);
            let own = self.is_bapas(bapas) && named.split(' ').any(|n| n == w);
            own.then_some(bapas)
        })
    }

    /// Services that single columns of days name beside the one the list is about: `Alat diterima`, `Rekam` beside `Cetak`.
    fn services_beside(&self, row: &mut Row) -> Vec<Further> {
        if row.table.columns.iter().any(|c| c.told.is_some()) {
            return Vec::new();
        }
        let opd = self.agency(row);
        let main = self.service_kind(row, &opd);
        let mut out = Vec::new();
        let paper = self.paper_beside(row, &opd);
        if let Some(kind) = paper {
            let on = self.day_of(row, Field::IssuedDate);
            out.extend(on.is_known().then_some(Further::Document(kind, on)));
        }
        for (at, column) in row.table.columns.iter().enumerate() {
            let handed = super::service_kind::handed_over(&column.header, &opd);
            let open = match column.field {
                Some(Field::IssuedDate) => handed.is_some(),
                field => matches!(field, None | Some(Field::StartDate)),
            };
            if !open || column.point.is_some() || column.needless {
                continue;
            }
            let last = column.header.rsplit(" / ").next().unwrap_or_default();
            let named = handed.or_else(|| codes::service_named(last, &opd));
            let Some(kind) = named.filter(|k| *k != main) else {
                continue;
            };
            // A start that names another service is that service's day, if there is nothing to begin.
            if column.field == Some(Field::StartDate) && !kind.is_document() {
                continue;
            }
            let Some(cell) = row.row.cells.get(at) else {
                continue;
            };
            let on = crate::clean::date::read(cell).date().unwrap_or_default();
            // `dana bergulir cair 27/01/2026`
            let on = match cell {
                RawCell::Text(t) if !on.is_known() && column.field.is_none() => {
                    let given = codes::service_state(t) == Some(ServiceState::Completed);
                    let told = remarks::day_told(t, self.list_month(row)).filter(|_| given);
                    told.map_or(on, PartialDate::Day)
                }
                RawCell::Text(_)
                | RawCell::Number(_)
                | RawCell::Date(_)
                | RawCell::Bool(_)
                | RawCell::Error(_)
                | RawCell::Empty => on,
            };
            if on.day().is_some() && !self.is_to_come(on) {
                out.push(Further::Document(kind, on));
            }
        }
        out
    }

    /// A day that is no day of the month's future; nothing where the column is missing.
    fn day_of(&self, row: &mut Row, field: Field) -> PartialDate {
        if row.has(field) {
            let on = row.date(field);
            self.happened(on)
        } else {
            PartialDate::Unknown
        }
    }

    fn end_of_guidance(&self, row: &mut Row, said: &[Said]) -> Option<Further> {
        let revoked = self.day_of(row, Field::RevocationDate);
        // On lists of prisons it is a case that is handed on.
        let handed = if row.table.kind == RecordKind::Custody {
            PartialDate::Unknown
        } else {
            self.day_of(row, Field::DelegationDate)
        };
        let guided = |s: &&Said| matches!(s.event, Event::Revoked(_) | Event::Delegated);
        let event = said.iter().find(guided);
        match (
            event.map(|s| s.event),
            revoked.is_known(),
            handed.is_known(),
        ) {
            (Some(Event::Revoked(how)), known, _) => {
                let on = if known {
                    revoked
                } else {
                    event.map_or(PartialDate::Unknown, |s| s.on)
                };
                // Who came back because of it was called back by the day on which he came.
                let back = row.table.kind == RecordKind::Custody
                    && !on.is_known()
                    && row.has(Field::AdmissionDate);
                let on = if back {
                    let on = self.day_of(row, Field::AdmissionDate);
                    let shown = on.day().map(|d| d.format("%d-%m-%Y").to_string());
                    row.note(
                        Severity::Note,
                        "clean.revoked_by_admission",
                        Field::AdmissionDate,
                    )
                    .proposed = shown.unwrap_or_default().as_str().into();
                    on
                } else {
                    on
                };
                Some(Further::EndOfGuidance(how, on))
            }
            (_, true, _) => Some(Further::EndOfGuidance(SupervisionEnd::Revoked, revoked)),
            (_, _, true) => Some(Further::EndOfGuidance(SupervisionEnd::Delegated, handed)),
            (Some(Event::Delegated), ..) if row.table.kind != RecordKind::Custody => {
                let on = event.map_or(PartialDate::Unknown, |s| s.on);
                Some(Further::EndOfGuidance(SupervisionEnd::Delegated, on))
            }
            _ => None,
        }
    }

    /// Adds facts as records of their own kinds, at the row that tells them.
    pub(super) fn add(
        &self,
        row: &mut Row,
        who: &Identity,
        further: Vec<Further>,
        made: &mut Made,
    ) {
        let at = row.at();
        for fact in further {
            match fact {
                Further::Death(date) => {
                    self.saw(made, &[date]);
                    let who = who.clone();
                    made.records.death.push(Death { at, who, date });
                }
                Further::EndOfGuidance(how, end) => {
                    if !end.is_known() {
                        row.note(Severity::Warning, "clean.end_undated", Field::Remarks);
                    }
                    made.records.supervision.push(Supervision {
                        at,
                        who: who.clone(),
                        bapas: None,
                        client_no: Text::default(),
                        kind: SupervisionKind::Other,
                        from_upt: None,
                        decree: PartialDate::Unknown,
                        start: PartialDate::Unknown,
                        planned_end: PartialDate::Unknown,
                        end,
                        end_kind: Some(how),
                        reports_due: None,
                        reports_met: None,
                        earlier_reports: Vec::new(),
                        offence: OffenceGroup::Unknown,
                        list_month: None,
                    });
                }
                Further::Release(upt, exit, on) => {
                    self.saw(made, &[on]);
                    row.note(Severity::Note, "clean.no_admission", Field::ExitDate);
                    made.records
                        .custody
                        .push(released(at, who.clone(), upt, exit, on));
                }
                Further::Employed(date) | Further::OwnBusiness(date) => {
                    let kind = if matches!(fact, Further::OwnBusiness(_)) {
                        OutcomeKind::Business
                    } else {
                        OutcomeKind::Employed
                    };
                    self.saw(made, &[date]);
                    made.records.outcome.push(Outcome {
                        at,
                        who: who.clone(),
                        source: row.table.supplier.clone(),
                        kind,
                        date,
                    });
                }
                Further::Ordered(hours, on) => {
                    self.saw(made, &[on]);
                    made.records.community_service.push(CommunityService {
                        at,
                        opd: self.agency(row),
                        hours_ordered: Some(hours),
                        hours_served: None,
                        hours_per_day: None,
                        placed: false,
                        breach: None,
                        start: on,
                        end: PartialDate::Unknown,
                        completed: false,
                        list_month: self.list_month(row),
                        who: who.clone(),
                    });
                }
                Further::Litmas(bapas, kind, requested, completed) => {
                    self.saw(made, &[requested, completed]);
                    made.records.litmas.push(Litmas {
                        at,
                        who: who.clone(),
                        bapas,
                        kind,
                        asked_by: self.home(row),
                        requested,
                        completed,
                    });
                }
                Further::Document(kind, issued) | Further::Course(kind, issued) => {
                    self.saw(made, &[issued]);
                    let course = matches!(fact, Further::Course(..));
                    made.records.participation.push(Participation {
                        at,
                        opd: if course {
                            "disdik".into()
                        } else if kind.is_civil_registry() {
                            "disdukcapil".into()
                        } else {
                            self.agency(row)
                        },
                        upt: self.home(row),
                        kind,
                        referred: PartialDate::Unknown,
                        enrolled: PartialDate::Unknown,
                        start: issued,
                        planned_end: PartialDate::Unknown,
                        end: PartialDate::Unknown,
                        issued: if course { PartialDate::Unknown } else { issued },
                        state: match course {
                            true => ServiceState::Started,
                            false => ServiceState::Completed,
                        },
                        sessions_planned: None,
                        sessions_attended: None,
                        hours_planned: None,
                        hours_attended: None,
                        inside: course.then_some(true),
                        priority_programme: false,
                        who: who.clone(),
                    });
                }
            }
        }
    }
}

/// A release whose admission is not written: it closes the stay that other lists know.
pub(super) fn released(
    at: crate::domain::RowRef,
    who: Identity,
    upt: Upt,
    exit: ExitCode,
    on: PartialDate,
) -> Custody {
    Custody {
        at,
        who,
        upt,
        register_no: Text::default(),
        class: None,
        admitted: PartialDate::Unknown,
        from_upt: None,
        by_transfer: false,
        recaptured: false,
        after_revocation: false,
        offence: OffenceGroup::Unknown,
        offence_date: PartialDate::Unknown,
        verdict: PartialDate::Unknown,
        sentence_days: None,
        expiry: PartialDate::Unknown,
        two_thirds: PartialDate::Unknown,
        exit: Some(exit),
        exit_date: on,
        to_upt: None,
        recidivist_flag: None,
        education: Text::default(),
        list_month: None,
    }
}
