//! Rows of agencies: participation in programmes, outcomes, community service.

use super::reporting::is_accompaniment;
use super::service_kind::{handed_over, is_of_course, is_of_work};
use super::{Made, Tools};
use crate::clean::remarks::{self, Event, Said};
use crate::clean::row::Row;
use crate::clean::text::{is_placeholder, normal, says, wording};
use crate::clean::{Fate, checks, codes, number};
use crate::domain::raw::{RawCell, Told};
use crate::domain::records::{Identity, Participation};
use crate::domain::service::{ServiceKind, ServiceState};
use crate::domain::{Field, Issue, PartialDate, Severity};

/// What a list calls participants who are under no correction.
const OF_THE_PUBLIC: [&str; 12] = [
    "umum",
    "kpm umum",
    "publik",
    "pegawai",
    "kelurahan",
    "peserta umum",
    "masyarakat",
    "masyarakat umum",
    "warga umum",
    "bukan warga binaan",
    "bukan wbp",
    "non wbp",
];

/// Words by which a paper is not there yet.
const NOT_THERE: &[&str] = &["belum", "tidak", "proses", "menyusul", "nihil"];

/// What else somebody may have asked for and been refused, or been given: it is not the service of the row.
const OTHER_REQUESTS: &[&str] = &["lamaran", "melamar", "permohonan pindah", "sim", "beasiswa"];

/// The same of loans, where the service is another thing than money.
const LOANS: &[&str] = &["kur", "kredit", "pinjaman", "bank", "modal"];

/// Whether a row says of somebody that he is under no correction: in the column of his status or origin, behind his name in
/// brackets, or in front of the remarks.
fn is_of_the_public(row: &Row) -> bool {
    let public = |text: &str| {
        let n = normal(text);
        OF_THE_PUBLIC.contains(&n.as_str())
    };
    let leads = |text: &str| {
        let n = normal(text);
        let staff = [
            "pegawai",
            "umum",
            "warga umum",
            "masyarakat",
            "peserta umum",
            "bukan wbp",
            "staf lapas",
            "petugas lapas",
        ];
        staff
            .iter()
            .any(|p| n == *p || n.starts_with(&format!("{p} ")))
    };
    let name = row.own(Field::Name);
    // Who preaches or teaches is no participant.
    let clergy = normal(&name);
    let clergy = clergy.split(' ').next().unwrap_or_default();
    if matches!(clergy, "pdt" | "pendeta" | "ustadz" | "ustad" | "pastor") && !row.has(Field::Nik) {
        return true;
    }
    let bracket = name
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'));
    // A column that nobody knows may say it as plainly: `Status`, `Utusan` over `Umum`.
    let unknown = (row.row.cells.iter().zip(&row.table.columns)).any(|(cell, column)| {
        let open = column.field.is_none() && column.point.is_none() && column.told.is_none();
        open && matches!(cell, RawCell::Text(t) if public(t))
    });
    unknown
        || public(&row.text(Field::PersonStatus))
        || [Field::Upt, Field::FromUpt]
            .iter()
            .any(|f| public(&row.own(*f)))
        || bracket.is_some_and(|(inside, _)| public(inside))
        || leads(&row.own(Field::Remarks))
}

/// Whether a state says no more than that somebody did not come.
fn stayed_away(words: &str) -> bool {
    let n = wording(words);
    let first = [
        "tidak hadir",
        "tidak datang",
        "tidak ikut",
        "tidak pernah hadir",
        "mangkir",
    ];
    first
        .iter()
        .any(|w| n == *w || n.starts_with(&format!("{w} ")))
        && n.split(' ').count() <= 4
        && !n.bytes().any(|b| b.is_ascii_digit())
}

impl Tools<'_> {
    pub(super) fn participation(
        &self,
        row: &mut Row,
        who: Identity,
        said: &[Said],
        made: &mut Made,
    ) -> Fate {
        // A probation office's own list of accompaniments is one of no service.
        let own = row.table.context.bapas.is_some() && row.table.context.opd.is_none();
        if own && is_accompaniment(row) {
            row.note(Severity::Warning, "clean.accompanied", Field::ServiceName);
            return Fate::NotOfList;
        }
        // A course that is open to everybody has others on its list as well.
        if is_of_the_public(row) {
            row.issues.push(Issue::about_row(
                Severity::Note,
                "clean.participant_public",
                row.at(),
            ));
            return Fate::Used;
        }
        let opd = self.agency(row);
        let referred = self.referred(row, &opd);
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
        let end = self.happened(row.end_date());
        let start = self.happened(start);
        self.saw(made, &[referred, enrolled, start, issued, end]);
        // `Rekam` beside `Cetak`: the day of another document, which is a fact of its own.
        let own_kind = self.service_kind(row, &opd);
        // The day on which tools were handed over is none of the course beside which it stands.
        let issued = match row
            .header(Field::IssuedDate)
            .and_then(|h| handed_over(h, &opd))
        {
            Some(other) if other != own_kind => PartialDate::Unknown,
            Some(_) | None => issued,
        };
        // `Tgl NIB` beside `Pendampingan mulai`: a paper of its own.
        let issued = match self.paper_beside(row, &opd) {
            Some(_) => PartialDate::Unknown,
            None => issued,
        };
        let step = row.header(Field::StartDate).and_then(|h| {
            let last = h.rsplit(" / ").next().unwrap_or_default();
            codes::service_named(last, &opd).filter(|k| k.is_document() && *k != own_kind)
        });
        // The day on which somebody began to work is none of the card beside which it stands.
        let of_work = own_kind.is_document() && is_of_work(row.header(Field::StartDate));
        let start = if of_work { PartialDate::Unknown } else { start };
        let only_step = step.is_some() && start.is_known() && !issued.is_known();
        let start = if step.is_some() {
            PartialDate::Unknown
        } else {
            start
        };
        let programme = row.text(Field::ServiceName);
        let kind = self.service_kind(row, &opd);
        let end = checks::after(row, start, end, "clean.end_before_start", Field::EndDate);
        let state_of = |s: &str| self.known.states.of(s, codes::service_state);
        let question = (row.header(Field::ServiceState)).filter(|h| h.contains('?'));
        let words = row.text(Field::ServiceState);
        let own = match question {
            Some(q) => codes::service_answer(q, &row.text(Field::ServiceState)),
            // What a screening found says that it was done; who did not come was not screened.
            None if own_kind == ServiceKind::Skr && codes::is_result(&words) => {
                Some(ServiceState::Completed)
            }
            None if stayed_away(&words) => Some(ServiceState::Cancelled),
            None => state_of(&words),
        };
        checks::understood(
            row,
            "clean.state_unknown",
            Field::ServiceState,
            own.is_some(),
        );
        let words = row.own(Field::ServiceState).into_owned();
        // Whose insurance is not active is not on his way out of it: it is what he needs.
        let inactive = ["non aktif", "nonaktif", "tidak aktif", "belum aktif"];
        let own = own.filter(|_| kind != ServiceKind::Jkn || !says(&wording(&words), &inactive));
        let free = row.remarks().into_owned();
        let list = self.list_month(row);
        let event = said.iter().find(|s| {
            matches!(
                s.event,
                Event::DroppedOut | Event::Completed | Event::Died | Event::Absconded
            )
        });
        let told = event.map(|s| match s.event {
            Event::Completed => ServiceState::Completed,
            _ => ServiceState::DroppedOut,
        });
        let in_remarks = state_of(&row.remarks());
        // What was refused beside a course that is over, or on its way, is another thing.
        // Beside services of single columns what the remarks tell is of none of them.
        let several = row.table.columns.iter().any(|c| c.told.is_some());
        let money = kind == ServiceKind::Modal;
        let elsewhere = |t: &str| {
            let n = wording(t);
            says(&n, OTHER_REQUESTS) || !money && says(&n, LOANS)
        };
        let dated = end.is_known() || issued.is_known() || start.is_known();
        let no = Some(ServiceState::Cancelled);
        let own = own.filter(|_| {
            let refused = own == no && dated && elsewhere(&words);
            if refused {
                row.note(
                    Severity::Warning,
                    "clean.refusal_unused",
                    Field::ServiceState,
                );
            }
            !refused
        });
        let refused = in_remarks == no
            && own.is_none()
            && dated
            && (end.is_known() || elsewhere(&row.remarks()));
        if refused {
            row.note(Severity::Warning, "clean.refusal_unused", Field::Remarks);
        }
        let in_remarks = in_remarks.filter(|_| !refused);
        // What the remarks only plan or ask for is not the course that has a day.
        let asked = matches!(
            in_remarks,
            Some(ServiceState::Referred | ServiceState::Enrolled)
        );
        let in_remarks = in_remarks.filter(|_| !(asked && dated));
        row.told
            .set(row.told.get() || in_remarks.is_some() && !several);
        let in_days = self.state_in_days(row, start);
        let written = own.or(in_remarks).or(in_days).or(told);
        let signs = self.attendance(row);
        let end = if end.is_known() {
            end
        } else {
            event.map_or(end, |s| s.on)
        };
        // What began, and the day beside the word that says that it is over, in words alone.
        let start = if start.is_known() || several {
            start
        } else {
            let told = [&words, &free].map(|t| remarks::began(t, list));
            let told = told.into_iter().find(|d| d.is_known()).unwrap_or_default();
            row.told.set(row.told.get() || told.is_known());
            self.happened(told)
        };
        let over = |s: Option<ServiceState>| {
            matches!(
                s,
                Some(ServiceState::Completed | ServiceState::DroppedOut | ServiceState::Moved)
            )
        };
        let end = if end.is_known() || !over(written) {
            end
        } else {
            let source = if over(own) { &words } else { &free };
            let last = remarks::last_day(source, list);
            row.told.set(row.told.get() || last.is_known());
            if !last.is_known() && source.bytes().any(|b| b.is_ascii_digit()) {
                let field = if over(own) {
                    Field::ServiceState
                } else {
                    Field::Remarks
                };
                row.note(Severity::Warning, "clean.end_undated", field);
            }
            let later = last.day().is_some_and(|d| {
                start.earliest().is_none_or(|s| d >= s)
                    && signs
                        .last
                        .earliest()
                        .is_none_or(|s| d >= s || state_of(source) != Some(ServiceState::Completed))
            });
            self.happened(if later { last } else { PartialDate::Unknown })
        };
        let certificate = [row.text(Field::CertificateNo), row.text(Field::DocumentNo)]
            .into_iter()
            .find(|c| !is_placeholder(c) && !says(&wording(c), NOT_THERE))
            .unwrap_or_default();
        let came = [Field::SessionsAttended, Field::HoursAttended]
            .iter()
            .any(|f| number::amount(row.cell(*f)).is_some_and(|n| n > 0.0));
        // Neither a day nor a word says how far it came.
        let event_of_list = row.table.context.event.filter(|_| !row.declines());
        if only_step && written.is_none() {
            return Fate::Used;
        }
        let silent = written.is_none()
            && event_of_list.is_none()
            && is_placeholder(&row.text(Field::ServiceState))
            && !came
            && signs.signs == 0
            && certificate.is_empty()
            && [referred, enrolled, start, issued, end]
                .iter()
                .all(|d| !d.is_known())
            && row.table.columns.iter().all(|c| c.told.is_none());
        if silent {
            row.note(
                Severity::Warning,
                "clean.state_unknown",
                Field::ServiceState,
            );
        }
        // A document that was issued is there, whatever its state is called: `AKTIF`.
        let written = match written {
            Some(ServiceState::Started) if kind.is_document() && issued.is_known() => None,
            written => written,
        };
        let state = written.unwrap_or(match () {
            () if issued.is_known() || !certificate.is_empty() => ServiceState::Completed,
            () if end.is_known() => ServiceState::Completed,
            // Who was screened on a day is through with it.
            () if start.is_known() && kind == ServiceKind::Skr => ServiceState::Completed,
            () if start.is_known() || signs.present > 0 || came => ServiceState::Started,
            () if enrolled.is_known() => ServiceState::Enrolled,
            () if referred.is_known() => ServiceState::Referred,
            // Nobody came to any of the days.
            () if signs.signs > 0 => ServiceState::Enrolled,
            () if event_of_list.is_some_and(|e| e.handed || kind == ServiceKind::Skr) => {
                ServiceState::Completed
            }
            () if event_of_list.is_some() => ServiceState::Started,
            () => ServiceState::Referred,
        });
        // The day of the status is that of what it says.
        let status_on = self.happened(row.date(Field::StatusDate));
        use ServiceState as S;
        // A day that is the only one of its row is that of what the row says: `05 Januari 2026 | … | dirujuk`.
        let bare = row.header(Field::StartDate).is_some_and(|h| {
            matches!(
                normal(h).as_str(),
                "tanggal" | "tgl" | "hari tanggal" | "hari tgl" | "waktu" | "date"
            )
        });
        let others = [
            Field::EndDate,
            Field::ReferralDate,
            Field::EnrolDate,
            Field::IssuedDate,
            Field::StatusDate,
            Field::PlannedEndDate,
        ];
        let only = bare && own.is_some() && others.iter().all(|f| !row.has(*f));
        let of_the_state = match state {
            S::Referred | S::Enrolled | S::DroppedOut | S::Moved | S::Cancelled => true,
            S::Started | S::Completed => false,
        };
        let (start, status_on) = if of_the_state && only && !end.is_known() {
            (PartialDate::Unknown, start)
        } else {
            (start, status_on)
        };
        let on_status = |own: PartialDate, of: &[ServiceState]| match of.contains(&state) {
            true if !own.is_known() => status_on,
            _ => own,
        };
        let end = on_status(end, &[S::Completed, S::DroppedOut, S::Moved, S::Cancelled]);
        let start = on_status(start, &[S::Started]);
        let enrolled = on_status(enrolled, &[S::Enrolled]);
        let referred = on_status(referred, &[S::Referred]);
        // A document is its own start: there is no course to begin. What is said to have begun, beside the only day of the row,
        // began on it.
        let begun = state == S::Started && !end.is_known();
        let start = if start.is_known() || !(kind.is_document() || begun) {
            start
        } else {
            issued
        };
        let setting = normal(&row.text(Field::Setting));
        let inside = match () {
            () if setting.is_empty() => None,
            () if says(&setting, &["luar"]) => Some(false),
            () if says(&setting, &["dalam", "lapas", "rutan", "lpka", "lpp"]) => Some(true),
            () => None,
        };
        let start = if start.is_known() { start } else { signs.first };
        let (start, end) = self.with_list(row, state, start, end, signs.first.is_known());
        let over = matches!(state, ServiceState::Completed | ServiceState::DroppedOut)
            && !kind.is_document();
        let end = if end.is_known() || !over {
            end
        } else {
            signs.last
        };
        let planned_end = row.date(Field::PlannedEndDate);
        let mut sessions =
            [Field::SessionsPlanned, Field::SessionsAttended].map(|f| checks::counted(row, f));
        let both = checks::pair(row, Field::SessionsPlanned, Field::SessionsAttended);
        if let Some((of, came)) = both {
            sessions = [Some(of), Some(came)];
        }
        self.count_signs(row, &signs, state, &mut sessions);
        let mut hours =
            [Field::HoursPlanned, Field::HoursAttended].map(|f| checks::counted(row, f));
        if let Some((of, came)) = checks::pair(row, Field::HoursPlanned, Field::HoursAttended) {
            hours = [Some(of), Some(came)];
        }
        checks::within(row, sessions[0], sessions[1], Field::SessionsAttended);
        checks::within(row, hours[0], hours[1], Field::HoursAttended);
        let priority = self.known.priorities.of(&programme, |name| {
            let name = normal(name);
            let mut all = self.settings.priority_programmes.iter();
            all.any(|p| name.contains(&normal(p)))
        });
        // What is proposed, planned or applied for has not begun: no day of such a list is that of a course.
        let planned = row.is_planned();
        // A paper that has its day of issue is there, whatever the list calls its people.
        let printed = kind.is_document()
            && issued.is_known()
            && row.header(Field::IssuedDate).is_some_and(|h| {
                says(
                    &normal(h),
                    &["terbit", "diterbitkan", "cetak", "tercetak", "jadi"],
                )
            });
        let open = own.is_none() && in_days.is_none() && !printed;
        if planned && (opd == "upt" && !self.names_service(row, &opd) || open && kind.is_document())
        {
            row.note(Severity::Note, "clean.planned_only", Field::Name);
            return Fate::Used;
        }
        let (state, start, end, issued) = if planned && open {
            row.note(Severity::Note, "clean.planned_only", Field::Name);
            let never = PartialDate::Unknown;
            (ServiceState::Referred, never, never, never)
        } else {
            (state, start, end, issued)
        };
        self.say_thin(row, &opd, state);
        let record = Participation {
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
        };
        if row.table.columns.iter().any(|c| c.told.is_some()) {
            return self.services_told(row, record, made);
        }
        made.records.participation.push(record);
        Fate::Used
    }

    /// How far a service came where words stand instead of its first day: `ditolak, sdh punya ijazah`, `tdk hadir`, `antri`.
    fn state_in_days(&self, row: &mut Row, start: PartialDate) -> Option<ServiceState> {
        if start.is_known() {
            return None;
        }
        let fields = [Field::StartDate, Field::EnrolDate, Field::EndDate];
        let words = fields.map(|f| row.own(f));
        let of = |t: &str| {
            let absent = ["tidak hadir", "tidak datang", "tidak ikut", "absen"];
            let state = self.known.states.of(t, codes::service_state);
            state.or_else(|| says(&wording(t), &absent).then_some(ServiceState::Cancelled))
        };
        let told = words.iter().filter(|t| t.chars().any(char::is_alphabetic));
        told.filter_map(|t| of(t)).next()
    }

    /// One service for every column of a kind in which the row has a day or a tick.
    fn services_told(&self, row: &mut Row, all: Participation, made: &mut Made) -> Fate {
        let mut used = 0;
        let mut later = false;
        let course = row.header(Field::StartDate).is_some_and(is_of_course);
        for (_, told, on) in row.told() {
            let Told::Service(kind) = told else { continue };
            // A tick is of the row's own day; on the list of a month it says that it was given then.
            let on = if on.is_known() || course {
                on
            } else {
                all.start
            };
            let on = match (on, self.list_month(row)) {
                (PartialDate::Unknown, Some(m)) => PartialDate::Month(m.year(), m.month() as u8),
                (on, _) => on,
            };
            if self.is_to_come(on) {
                later = true;
                continue;
            }
            self.saw(made, &[on]);
            used += 1;
            made.records.participation.push(Participation {
                kind,
                start: if on.is_known() { on } else { all.start },
                issued: if on.is_known() { on } else { all.issued },
                state: ServiceState::Completed,
                ..all.clone()
            });
        }
        // The course that the list is about, beside what single columns name.
        if course && (all.start.is_known() || used == 0) {
            used += 1;
            made.records.participation.push(all);
        }
        match (used, later) {
            (0, true) => Fate::Beyond,
            (0, false) => {
                row.note(Severity::Error, "clean.no_service", Field::Name);
                Fate::SetAside
            }
            _ => Fate::Used,
        }
    }
}
