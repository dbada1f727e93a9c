//! Rows of probation offices: clients and litmas.

use super::facts::released;
use super::reporting::is_accompaniment;
use super::{Made, Tools};
use crate::clean::not_yet::OF_LISTS;
use crate::clean::remarks::{self, Event, Said};
use crate::clean::row::Row;
use crate::clean::text::{is_placeholder, normal, says, wording};
use crate::clean::{Fate, checks, codes, date, number};
use crate::domain::raw::{RawCell, Told};
use crate::domain::records::{Identity, Supervision};
use crate::domain::supervision::{SupervisionEnd, SupervisionKind};
use crate::domain::{ExitCode, Field, Month, PartialDate, Severity};

impl Tools<'_> {
    pub(super) fn supervision(
        &self,
        row: &mut Row,
        who: Identity,
        said: &[Said],
        made: &mut Made,
    ) -> Fate {
        let Some(bapas) = self.bapas(row) else {
            self.no_unit(row, Field::Bapas);
            return Fate::SetAside;
        };
        if is_accompaniment(row) {
            row.note(
                Severity::Warning,
                "clean.accompanied",
                Field::SupervisionKind,
            );
            return Fate::NotOfList;
        }
        let by_column = row.told().into_iter().find_map(|(_, told, on)| match told {
            Told::Guidance(kind) => Some((kind, on)),
            Told::Exit(_) | Told::Service(_) => None,
        });
        let start = by_column.map_or(PartialDate::Unknown, |(_, on)| on);
        let start = if start.is_known() {
            start
        } else {
            // `Tgl terima` on a list of clients is the day on which guidance began; the decree is older.
            let taken = row.header(Field::AdmissionDate).is_some_and(|h| {
                let n = normal(h);
                says(&n, &["terima", "diterima", "penerimaan", "registrasi"])
            });
            let fields = match taken {
                true => [Field::StartDate, Field::AdmissionDate, Field::DecreeDate],
                false => [Field::StartDate, Field::DecreeDate, Field::AdmissionDate],
            };
            row.first_date(&fields)
        };
        let by_decree = start.is_known()
            && by_column.is_none()
            && !row.has_figures(Field::StartDate)
            && Some(start) == date::read(row.cell(Field::DecreeDate)).date();
        if by_decree {
            row.note(Severity::Note, "clean.other_day_taken", Field::DecreeDate);
        }
        let free = row.remarks().into_owned();
        // One line of a list of movements: it tells that guidance began, or how it ended.
        let moves =
            row.has(Field::StatusDate) && row.has(Field::EndKind) && !row.has(Field::StartDate);
        let came = moves && came(&row.own(Field::EndKind));
        let start = match () {
            () if start.is_known() => start,
            () if came && !row.is_planned() => row.date(Field::StatusDate),
            () => self.began(row, &free),
        };
        if self.is_to_come(start) {
            return Fate::Beyond;
        }
        let open = || {
            let end = codes::supervision_end(&row.own(Field::EndKind), "");
            matches!(end, None | Some(SupervisionEnd::Other))
        };
        if moves && !came && said.is_empty() && open() {
            row.note(Severity::Warning, "clean.event_unread", Field::EndKind);
            return Fate::Used;
        }
        let planned_end = match row.date(Field::PlannedEndDate) {
            PartialDate::Unknown => {
                // An end that is to come is a plan.
                let end = date::read(row.cell(Field::EndDate)).date();
                let planned = end.filter(|e| self.is_to_come(*e));
                planned.unwrap_or_else(|| row.period_end(Field::StartDate))
            }
            written => written,
        };
        let (end_kind, end) = self.end(row, said, planned_end);
        self.saw(made, &[start, end]);
        let mut due = number::amount(row.cell(Field::ReportsDue)).map(|n| n.max(0.0) as u32);
        let mut met = number::amount(row.cell(Field::ReportsMet)).map(|n| n.max(0.0) as u32);
        if let Some(days) = checks::days_listed(row, Field::ReportsMet) {
            let list = self.list_month(row);
            let of_list = |m: &Option<u32>| m.is_none_or(|m| list.is_none_or(|l| l.month() == m));
            let own = days.iter().filter(|m| of_list(m)).count();
            met = Some(own as u32);
            if own < days.len() {
                row.note(
                    Severity::Warning,
                    "clean.days_of_other_months",
                    Field::ReportsMet,
                );
            }
        } else if let Some((of, done)) = checks::pair(row, Field::ReportsDue, Field::ReportsMet) {
            (due, met) = (Some(of as u32), Some(done as u32));
        }
        // `-` or `Nihil` beside what was due is none.
        let none = matches!(
            row.cell(Field::ReportsMet),
            RawCell::Text(t) if is_placeholder(t) || checks::says_none_met(t)
        );
        if due.is_some() && met.is_none() && none {
            met = Some(0);
        }
        let (list_month, earlier_reports) = self.reports(row, &mut due, &mut met);
        if due.is_none() && met.is_none() && earlier_reports.is_empty() && list_month.is_some() {
            let own = row.text(Field::ReportsDue).parse().ok();
            let of_list = own.or_else(|| row.context(|c| remarks::reports_due(&c.title)));
            (due, met) = remarks::reports(&free, of_list);
            row.told.set(row.told.get() || met.is_some());
        }
        if !start.is_known()
            && due.is_none()
            && met.is_none()
            && earlier_reports.is_empty()
            && end_kind.is_none()
        {
            let planned = row.issues.iter().any(|i| i.rule == "clean.planned_only");
            let is_client = self.is_client(row, list_month);
            if is_client {
                row.note(
                    Severity::Note,
                    "clean.client_since_unknown",
                    Field::SupervisionKind,
                );
            } else if row.beside.get() || planned {
                // It tells of something else, which is read, or of what is yet to come, which is said.
                return Fate::Used;
            }
            if !is_client {
                row.note(Severity::Error, "clean.no_date", Field::StartDate);
                return Fate::SetAside;
            }
        }
        let end = checks::after(row, start, end, "clean.end_before_start", Field::EndDate);
        let written = row.text(Field::SupervisionKind);
        let kind = self
            .known
            .supervisions
            .of(&written, codes::supervision_kind)
            .filter(|k| *k != SupervisionKind::Other)
            .or_else(|| super::sentenced_to(row))
            .or(by_column.map(|(kind, _)| kind))
            .or_else(|| match codes::supervision_named(&free)[..] {
                [kind] => {
                    row.told.set(true);
                    Some(kind)
                }
                _ => None,
            })
            .unwrap_or(SupervisionKind::Other);
        if kind == SupervisionKind::Other && (start.is_known() || !is_placeholder(&written)) {
            // Nobody says which: neither the row nor anything around it.
            row.note(
                Severity::Warning,
                "clean.kind_unknown",
                Field::SupervisionKind,
            );
        }
        // Who was handed over from another office is new here alone.
        let over = |t: &str| {
            let named = |w: &[u8]| w.eq_ignore_ascii_case(b"limpah");
            if !t.as_bytes().windows(6).any(named) {
                return false;
            }
            let n = wording(t);
            says(&n, &["limpahan", "pelimpahan dari", "dilimpahkan dari"])
        };
        if start.is_known() && end_kind.is_none() && (over(&free) || self.is_of_handed_over(row)) {
            row.note(Severity::Note, "clean.taken_over", Field::StartDate);
        }
        self.release_by_hand_over(row, &who, kind, start, made);
        made.records.supervision.push(Supervision {
            at: row.at(),
            bapas: Some(bapas),
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
            earlier_reports,
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

    /// Who was handed over by a prison to a Bapas has left it on that day, by the kind of his guidance.
    fn release_by_hand_over(
        &self,
        row: &mut Row,
        who: &Identity,
        kind: SupervisionKind,
        start: PartialDate,
        made: &mut Made,
    ) {
        let handed = row.table.context.event.filter(|e| e.handed);
        let on_that_day = handed.is_some_and(|e| start == PartialDate::Day(e.from));
        let exit = match kind {
            SupervisionKind::Pb => ExitCode::Pb,
            SupervisionKind::Cb => ExitCode::Cb,
            SupervisionKind::Cmb => ExitCode::Cmb,
            SupervisionKind::Assimilation
            | SupervisionKind::SupervisionSentence
            | SupervisionKind::CommunityService
            | SupervisionKind::Diversion
            | SupervisionKind::ChildOther
            | SupervisionKind::Other => return,
        };
        if let (true, Some(upt)) = (on_that_day, self.home(row)) {
            row.note(Severity::Note, "clean.no_admission", Field::Name);
            let mut record = released(row.at(), who.clone(), upt, exit, start);
            if let Some(number::Sentence::Days(days)) =
                number::sentence(&row.text(Field::SentenceLength))
            {
                record.sentence_days = Some(days);
            }
            made.records.custody.push(record);
        }
    }

    /// The day on which guidance began where no column has it: as the remarks tell it, else the day on which all of the list
    /// were handed over.
    fn began(&self, row: &mut Row, free: &str) -> PartialDate {
        let dated = [Field::StartDate, Field::DecreeDate, Field::AdmissionDate];
        let told = remarks::began(free, self.list_month(row));
        let n = wording(free);
        // On lists of reports to have reported is no beginning.
        let only_reported =
            says(&n, &["lapor diri"]) && !says(&n, &["mulai", "sejak", "diterima", "tmt"]);
        let listed =
            row.has(Field::ReportsDue) || row.has(Field::ReportsMet) || !self.points.is_empty();
        if told.is_known() && !(only_reported && listed) {
            row.told.set(true);
            return told;
        }
        let reports =
            row.has(Field::ReportsDue) || row.has(Field::ReportsMet) || !self.points.is_empty();
        let ends = row.has(Field::EndDate)
            || row.has(Field::RevocationDate)
            || row.has(Field::DelegationDate);
        let title = normal(&row.table.context.title);
        let handed_on = says(&title, &["pelimpahan", "dilimpahkan", "limpahan"]);
        match row.table.context.event {
            Some(event)
                if event.handed
                    && !handed_on
                    && !reports
                    && !ends
                    && dated.iter().all(|f| !row.has(*f))
                    && !row.declines() =>
            {
                row.note(Severity::Warning, "clean.day_of_list", Field::Name);
                PartialDate::Day(event.from)
            }
            Some(_) | None => PartialDate::Unknown,
        }
    }

    /// How guidance ended and when: by its own columns, else by what the remarks tell.
    fn end(
        &self,
        row: &mut Row,
        said: &[Said],
        planned: PartialDate,
    ) -> (Option<SupervisionEnd>, PartialDate) {
        let words = row.own(Field::EndKind);
        // `23/01/2026 limpah ke Bapas Saumlaki`: how it ended stands beside the day.
        let words = match row.own(Field::EndDate) {
            beside if words.is_empty() && beside.chars().any(char::is_alphabetic) => beside,
            _ => words,
        };
        let words = if row.has(Field::StatusDate) && came(&words) {
            "".into()
        } else {
            words.into_owned()
        };
        let mut ground = row.text(Field::RevocationGround).into_owned();
        // A line above the rows says that all of it is yet to come; what has the day of its decree was decided.
        let decided = row.has(Field::RevocationDate) && {
            let on = date::read(row.cell(Field::RevocationDate)).date();
            on.is_some_and(|d| d.is_known() && !self.is_to_come(d))
        };
        if row.is_planned() && !decided {
            row.note(Severity::Note, "clean.planned_only", Field::EndDate);
            return (None, PartialDate::Unknown);
        }
        // `Usul cabut` beside a day ends nothing, whether it stands as the status, the ground or a remark.
        let free = row.remarks();
        let first = free.split([';', '.', ',']).next().unwrap_or_default();
        let proposed = words.is_empty()
            && said.is_empty()
            && [ground.as_str(), first].iter().any(|t| is_proposal(t));
        if codes::end_proposed(&words) || proposed {
            row.note(Severity::Note, "clean.planned_only", Field::EndKind);
            return (None, PartialDate::Unknown);
        }
        // Why somebody is proposed for revocation is no revocation: where the list has a column of its day, that must stand.
        let pending = self.is_pending(row);
        if pending && !is_placeholder(&ground) {
            ground = String::new();
            row.note(Severity::Note, "clean.planned_only", Field::RevocationDate);
        }
        let written = codes::supervision_end(&words, &ground);
        let mut end = row.date(Field::EndDate);
        let [revoked, handed, died] = [
            Field::RevocationDate,
            Field::DelegationDate,
            Field::DeathDate,
        ]
        .map(|f| {
            if row.has(f) {
                row.date(f)
            } else {
                PartialDate::Unknown
            }
        });
        let told = (said.iter().rev()).find_map(|s| Some((of_event(s.event)?, s.on)));
        let own_day =
            (self.events(row, &words).iter()).find_map(|s| s.on.is_known().then_some(s.on));
        let mut kind = match (written, told) {
            (Some(SupervisionEnd::Other), Some((told, _))) => Some(told),
            (Some(SupervisionEnd::Revoked), Some((told, _))) if is_revocation(told) => Some(told),
            (Some(written), _) => Some(written),
            (None, Some((told, on))) => {
                // `Aktif` in one column and an end in another: the end counts where it has a day.
                let denied = !is_placeholder(&words);
                if denied {
                    row.note(
                        Severity::Warning,
                        "clean.status_contradicts",
                        Field::EndKind,
                    );
                }
                (!denied || on.is_known()).then_some(told)
            }
            (None, None) => None,
        };
        // On a list of revocations the remarks are the ground.
        let of_all = row.constant(Field::EndKind);
        let all_revoked = of_all
            .and_then(|w| codes::supervision_end(w, ""))
            .is_some_and(is_revocation);
        if is_placeholder(&ground) && (revoked.is_known() || all_revoked && !pending) {
            ground = row.remarks().into_owned();
        }
        if kind.is_none() && died.is_known() {
            kind = Some(SupervisionEnd::Died);
        } else if kind.is_none() && revoked.is_known() {
            kind = codes::supervision_end("dicabut", &ground);
        } else if kind.is_none() && handed.is_known() {
            kind = Some(SupervisionEnd::Delegated);
        }
        // What the title says of all, where a day of the row says when.
        // `Habis masa percobaan` under `DICABUT`, or a reason that names no way of ending, is what the line says.
        let vague = matches!(
            kind,
            None | Some(SupervisionEnd::Other | SupervisionEnd::Revoked)
        );
        if vague && end.is_known() && !self.is_to_come(end) {
            let of_all = of_all.and_then(|w| codes::supervision_end(w, ""));
            kind = match of_all {
                Some(end) if is_revocation(end) => {
                    let why = format!("{words} {ground}");
                    codes::supervision_end("dicabut", &why)
                }
                other => other.or(kind),
            };
        }
        // Its title names revocations among other ends: a ground alone is one.
        if kind == Some(SupervisionEnd::Other) && end.is_known() && !self.is_to_come(end) {
            let lines = row.table.context.title.rsplit(" | ").next();
            let ends = lines.map(codes::ends_named).unwrap_or_default();
            let revoked = ends.len() > 1 && ends.contains(&SupervisionEnd::Revoked);
            kind = codes::revoked_for(&words).filter(|_| revoked).or(kind);
        }
        // A past day in a column of ends that has few: what its heading says came about.
        if kind.is_none() && end.is_known() && !self.is_to_come(end) && self.ends_stand(row) {
            row.note(Severity::Note, "clean.end_kind_assumed", Field::EndDate);
            kind = Some(SupervisionEnd::Completed);
        }
        let of_kind = match kind {
            Some(
                SupervisionEnd::RevokedOffence
                | SupervisionEnd::RevokedTechnical
                | SupervisionEnd::Revoked,
            ) => revoked,
            Some(SupervisionEnd::Delegated) => handed,
            Some(SupervisionEnd::Died) => died,
            Some(SupervisionEnd::Completed | SupervisionEnd::Absconded | SupervisionEnd::Other)
            | None => PartialDate::Unknown,
        };
        let in_text = told
            .filter(|(told, _)| Some(*told) == kind)
            .map(|(_, on)| on);
        let on_status = if kind.is_some() && row.has(Field::StatusDate) {
            row.date(Field::StatusDate)
        } else {
            PartialDate::Unknown
        };
        // A day to come is a plan, and no end of what has ended.
        let to_come = self.is_to_come(end);
        let own = if to_come { PartialDate::Unknown } else { end };
        let days = [
            of_kind,
            own,
            on_status,
            own_day.unwrap_or_default(),
            in_text.unwrap_or_default(),
        ];
        end = days.into_iter().find(|d| d.is_known()).unwrap_or_default();
        if !end.is_known() && to_come && told.is_none() {
            return (None, PartialDate::Unknown);
        }
        if end.latest().is_some_and(|d| self.as_of.is_before(d)) {
            return (None, PartialDate::Unknown);
        }
        if kind.is_some() && !end.is_known() {
            let planned = self.happened(planned);
            if kind == Some(SupervisionEnd::Completed) && planned.is_known() {
                end = planned;
                let shown = planned.latest().map(|d| d.format("%d-%m-%Y").to_string());
                row.note(
                    Severity::Note,
                    "clean.end_date_assumed",
                    Field::PlannedEndDate,
                )
                .proposed = shown.unwrap_or_default().as_str().into();
            } else {
                row.note(Severity::Warning, "clean.end_undated", Field::EndKind);
            }
        }
        (kind, end)
    }

    /// Whether the line above the rows says that all of them were handed over from another office.
    fn is_of_handed_over(&self, row: &Row) -> bool {
        let title = &row.table.context.title;
        *self.known.handed_over.get_or_init(|| {
            let nearest = title.rsplit(" | ").next().unwrap_or_default();
            let n = wording(nearest);
            says(&n, &["limpahan", "limpahan masuk", "pelimpahan masuk"])
        })
    }

    /// Whether a row that tells neither of a beginning nor of an end is of somebody who is a client in the month of the list: it
    /// names the kind of his guidance, and the list has no column of its beginning, and is none of revocations.
    fn is_client(&self, row: &mut Row, month: Option<Month>) -> bool {
        let dated = [Field::StartDate, Field::DecreeDate, Field::AdmissionDate];
        let named = !is_placeholder(&row.own(Field::SupervisionKind));
        let open = !row.table.context.left && !row.is_planned() && !row.has(Field::RevocationDate);
        month.is_some() && named && open && dated.iter().all(|f| !row.has(*f))
    }

    /// Whether the days of the column of ends are those on which guidance was over: its heading says so, and most rows have none.
    fn ends_stand(&self, row: &Row) -> bool {
        let Some(header) = row.header(Field::EndDate) else {
            return false;
        };
        *self.known.ends.get_or_init(|| {
            let n = normal(header);
            let said = ["selesai", "berakhir", "pengakhiran", "tamat", "tuntas"];
            let at = row.table.position(Field::EndDate);
            let filled = |r: &&crate::domain::raw::RawRow| {
                let cell = at.and_then(|i| r.cells.get(i));
                cell.is_some_and(|c| date::read(c).date().is_some_and(PartialDate::is_known))
            };
            let all = row.table.rows.len();
            let days = row.table.rows.iter().filter(filled).count();
            says(&n, &said) && all >= 3 && days * 2 < all
        })
    }

    /// Whether a revocation is only proposed: the list has a column of the day of revocations, and none stands in this row.
    pub(super) fn is_pending(&self, row: &mut Row) -> bool {
        row.has(Field::RevocationDate) && {
            let on = row.date(Field::RevocationDate);
            !self.happened(on).is_known()
        }
    }
}

/// Whether a text begins with the proposal to end guidance: `usul cabut, sidang TPP Februari`.
fn is_proposal(text: &str) -> bool {
    let n = wording(text);
    let ends = [
        "cabut",
        "dicabut",
        "pencabutan",
        "limpah",
        "pelimpahan",
        "dilimpahkan",
    ];
    let first = n.split(' ').next().unwrap_or_default();
    OF_LISTS.contains(&first) && says(&n, &ends)
}

/// Whether the word of a line of movements says that guidance began: `masuk`, `klien baru`, `limpahan dari Bapas Ambon`.
fn came(words: &str) -> bool {
    let n = wording(words);
    const CAME: &[&str] = &[
        "masuk",
        "baru",
        "diterima",
        "terima",
        "penerimaan",
        "registrasi",
        "mulai",
        "limpahan",
        "limpahan masuk",
        "pindahan",
        "pindah masuk",
    ];
    let first = n.split(' ').take(3).collect::<Vec<_>>().join(" ");
    crate::clean::text::affirms(&first, CAME, &["rencana", "akan", "calon"])
        && !says(
            &n,
            &["tp baru", "pidana baru", "perkara baru", "kasus baru"],
        )
}

/// The end of guidance that an event is.
fn of_event(event: Event) -> Option<SupervisionEnd> {
    match event {
        Event::Revoked(how) => Some(how),
        Event::Completed => Some(SupervisionEnd::Completed),
        Event::Delegated => Some(SupervisionEnd::Delegated),
        Event::Died => Some(SupervisionEnd::Died),
        Event::Absconded => Some(SupervisionEnd::Absconded),
        Event::Left(_) | Event::DroppedOut => None,
    }
}

fn is_revocation(end: SupervisionEnd) -> bool {
    match end {
        SupervisionEnd::RevokedOffence
        | SupervisionEnd::RevokedTechnical
        | SupervisionEnd::Revoked => true,
        SupervisionEnd::Completed
        | SupervisionEnd::Delegated
        | SupervisionEnd::Died
        | SupervisionEnd::Absconded
        | SupervisionEnd::Other => false,
    }
}
