//! How and when somebody left custody, by columns, by the words of a row and by what is said of all of a list; and who is there
//! since a day that nobody wrote down.

use super::facts::released;
use super::{Made, Tools};
use crate::clean::not_yet::PROPOSED;
use crate::clean::remarks::{self, Event, Movement, Said};
use crate::clean::row::Row;
use crate::clean::text::{is_placeholder, says, wording};
use crate::clean::{Fate, codes, date};
use crate::domain::raw::RawCell;
use crate::domain::records::Identity;
use crate::domain::{ExitCode, Field, PartialDate, Severity, Upt};
use chrono::NaiveDate;
use std::borrow::Cow;

impl Tools<'_> {
    /// The day of leaving: its own, that of the column of its kind, or that of a status that is an exit.
    pub(super) fn left_on(
        &self,
        row: &mut Row,
        by_column: Option<(ExitCode, PartialDate)>,
    ) -> PartialDate {
        if row.is_planned() {
            return PartialDate::Unknown;
        }
        let own = row.date(Field::ExitDate);
        let own = match by_column {
            Some((_, on)) if !own.is_known() => on,
            _ => own,
        };
        let ended = |row: &Row| {
            let code = codes::exit(&row.own(Field::ExitKind));
            code.is_some_and(|c| c != ExitCode::Other && !c.is_still_custody())
        };
        if !own.is_known() && row.has(Field::StatusDate) && ended(row) {
            row.date(Field::StatusDate)
        } else {
            own
        }
    }

    /// How the stay ended and when, as far as it has.
    pub(super) fn exit(
        &self,
        row: &mut Row,
        text: &str,
        remarks: &str,
        said: &[Said],
        begin: NaiveDate,
        mut date: PartialDate,
    ) -> (Option<ExitCode>, PartialDate) {
        let known = self.known;
        if row.is_planned() {
            if !text.is_empty() || *row.cell(Field::ExitDate) != RawCell::Empty {
                row.note(Severity::Note, "clean.planned_only", Field::ExitDate);
            }
            return (None, PartialDate::Unknown);
        }
        // `Mutasi dari Lapas Piru`, `tertangkap kembali (lari 2/11)` tell of coming.
        let coming = |t: &str| remarks::moved_in(t).is_some() || remarks::is_recapture(t);
        // `pindah` beside a day of leaving is how he left.
        let alone = text.split_whitespace().count() == 1 && date.is_known();
        let text = if coming(text) && !alone { "" } else { text };
        let recaptured = coming(remarks) || coming(&spoken(row));
        let told = left(said, begin)
            .filter(|(code, _)| !(recaptured && matches!(code, ExitCode::Lri | ExitCode::Pdh)));
        let remarks = if recaptured { "" } else { remarks };
        let in_remarks = || {
            let exit = (known.exits_in_remarks).of(remarks, codes::exit_in_remarks);
            row.told.set(row.told.get() || exit.is_some());
            exit
        };
        let own = known.exits.of(text, codes::exit);
        // Beside a day of leaving a few words need say no more than how: `PB`, `CB ke Ambon`.
        let bare = || {
            let few = date.is_known() && remarks.split_whitespace().count() <= 4;
            let code = if few { codes::exit(remarks) } else { None };
            row.told.set(row.told.get() || code.is_some());
            code.filter(|c| *c != ExitCode::Other)
        };
        let told_code = told.map(|(code, _)| code);
        // `Keluar` says that he left; how, another column may say.
        let sure = own.filter(|c| *c != ExitCode::Other);
        let written = (sure.or(told_code).or_else(in_remarks).or_else(bare)).or(own);
        // The day beside the word that says how, where no column has one.
        if !date.is_known()
            && let Some((code, on)) = told.filter(|(_, on)| on.is_known())
            && written == Some(code)
        {
            date = on;
        }
        let integration = row.text(Field::IntegrationKind);
        let mut exit =
            written.or_else(|| (known.integrations).of(&integration, codes::integration));
        if date.latest().is_some_and(|d| self.as_of.is_before(d)) {
            // It has not happened yet; but what the remarks tell with a day of its own has.
            let left = told.filter(|(_, on)| on.is_known() && !self.is_to_come(*on));
            row.told.set(row.told.get() || left.is_some());
            return left.map_or((None, PartialDate::Unknown), |(code, on)| (Some(code), on));
        }
        if exit == Some(ExitCode::Other) {
            row.note(Severity::Warning, "clean.exit_unknown", Field::ExitKind);
        }
        if date.is_known() && exit.is_none() {
            exit = Some(ExitCode::Other);
            row.note(Severity::Warning, "clean.exit_unknown", Field::ExitKind);
        }
        if !date.is_known()
            && let Some(code) = exit.filter(|c| !c.is_still_custody())
        {
            // What integration a person is proposed for is no exit yet.
            if written == Some(code) {
                date = self.assumed_exit(row, code, begin);
            }
            if !date.is_known() {
                exit = exit.filter(|c| {
                    !c.is_index_release(true) && *c != ExitCode::Other && *c != ExitCode::Pdh
                });
            }
        }
        (exit, date)
    }

    /// The day on which all of a list left: where no column has one, and this row does not say that he stayed.
    pub(super) fn left_with_all(&self, row: &mut Row) -> PartialDate {
        let dated = [Field::AdmissionDate, Field::ExitDate, Field::StatusDate];
        let Some(event) = row.table.context.event else {
            return PartialDate::Unknown;
        };
        if dated.iter().any(|f| row.has(*f)) || row.declines() {
            return PartialDate::Unknown;
        }
        row.note(Severity::Warning, "clean.day_of_list", Field::Name);
        PartialDate::Day(event.from)
    }

    /// A row that says how and when somebody left and not since when he was there: the stay must be known from elsewhere.
    pub(super) fn release_alone(
        &self,
        row: &mut Row,
        who: Identity,
        upt: Upt,
        said: &[Said],
        made: &mut Made,
    ) -> Fate {
        if row.is_planned() {
            row.note(Severity::Note, "clean.planned_only", Field::ExitDate);
            return match is_registered(row) {
                true => self.held(row, who, upt, None, made),
                false => Fate::Used,
            };
        }
        let by_column = self.exit_by_column(row);
        let on = self.left_on(row, by_column);
        let words = exit_words(row, by_column, on);
        let code = self.known.exits.of(&words, codes::exit);
        let told = left(said, NaiveDate::MIN);
        let movement = remarks::movement(&spoken(row));
        let moved = movement.and_then(|m| match m {
            Movement::Left(code) => Some(code),
            Movement::Came => None,
        });
        let on = if on.is_known() {
            on
        } else {
            told.map_or(on, |(_, d)| d)
        };
        let on = match moved {
            Some(_) if !on.is_known() => row.date(Field::StatusDate),
            _ => on,
        };
        // Handed over to another prison, or written in the title to have left.
        let sent = row.has(Field::ToUpt) && row.table.context.event.is_some_and(|e| e.handed);
        let all = row.constant(Field::ExitKind).and_then(codes::exit);
        let on = if !on.is_known() && (moved.is_some() || sent || all.is_some()) {
            self.left_with_all(row)
        } else {
            on
        };
        let of_all = all
            .or(sent.then_some(ExitCode::Pdh))
            .filter(|_| on.is_known());
        let integration = row.text(Field::IntegrationKind);
        // What somebody was proposed for is what he left by, where there is a day of leaving.
        let integrated = (self.known.integrations)
            .of(&integration, codes::integration)
            .filter(|_| on.is_known());
        let code = code
            .filter(|c| *c != ExitCode::Other)
            .or(told.map(|(c, _)| c))
            .or(moved.filter(|_| on.is_known()))
            .or(integrated)
            .or(of_all);
        row.told.set(row.told.get() || moved.is_some());
        // From one block to another nobody leaves.
        let within = code == Some(ExitCode::Pdh) && {
            let told = [spoken(row), row.own(Field::ToUpt).into_owned()].join("; ");
            let n = wording(&told);
            let rooms = ["kamar", "blok", "sel", "wisma", "pavilion", "paviliun"];
            says(&n, &rooms) && !remarks::names_any_prison(&n)
        };
        if within || code.is_some_and(|c| c.is_still_custody()) {
            // A leave, or work outside: nobody left.
            row.note(Severity::Note, "clean.stays_in_custody", Field::ExitKind);
            return match has_case(row) {
                true => self.keep_held(row, who, upt, made),
                false => Fate::Used,
            };
        }
        if on.earliest().is_some_and(|d| self.as_of.is_before(d)) {
            // Who is to leave after the month is inside.
            if !is_registered(row) {
                return Fate::Beyond;
            }
            row.note(Severity::Note, "clean.planned_only", Field::ExitDate);
            return self.held(row, who, upt, movement, made);
        }
        // How somebody left and not when: in the month of the list, which is said.
        let on = match code.filter(|c| c.is_index_release(true)) {
            // Beside a column of days of leaving an empty cell says that he has not left.
            Some(code) if !on.is_known() && !row.has(Field::ExitDate) => {
                self.assumed_exit(row, code, NaiveDate::MIN)
            }
            Some(_) | None => on,
        };
        let (Some(code), true) = (code, on.is_known()) else {
            return self.held(row, who, upt, movement, made);
        };
        self.saw(made, &[on]);
        row.note(
            Severity::Warning,
            "clean.no_admission",
            Field::AdmissionDate,
        );
        let mut record = released(row.at(), who, upt, code, on);
        self.describe(row, &mut record, on);
        if code == ExitCode::Pdh {
            let written = row.text(Field::ToUpt);
            let place = if is_placeholder(&written) {
                self.place(&format!("{words} {}", row.remarks()))
            } else {
                self.place(&written)
            };
            record.to_upt = place.filter(|u| *u != upt);
        }
        made.records.custody.push(record);
        Fate::Used
    }

    /// A row that tells neither of coming nor of leaving: somebody whom a register or a list of those inside names is inside,
    /// since when nobody wrote down.
    pub(super) fn held(
        &self,
        row: &mut Row,
        who: Identity,
        upt: Upt,
        movement: Option<Movement>,
        made: &mut Made,
    ) -> Fate {
        let moved = remarks::is_register_move(&spoken(row));
        let stays = !row.has(Field::ExitDate) || self.is_unreleased(row);
        let there = moved
            || row.table.context.whole.is_some()
            || is_registered(row) && !row.has(Field::StatusDate) && stays;
        if !there || row.table.context.left {
            if row.has(Field::StatusDate) && movement.is_none() {
                // One line of many of a day-book: what it tells is no movement.
                row.note(Severity::Warning, "clean.event_unread", Field::Remarks);
                return match has_case(row) {
                    true => self.keep_held(row, who, upt, made),
                    false => Fate::Used,
                };
            }
            row.note(Severity::Error, "clean.no_date", Field::AdmissionDate);
            return Fate::SetAside;
        }
        let rule = if moved {
            "clean.register_only"
        } else {
            "clean.held_since_unknown"
        };
        row.note(Severity::Note, rule, Field::AdmissionDate);
        row.told.set(row.told.get() || moved);
        self.keep_held(row, who, upt, made)
    }

    /// Whether a row of a list of those to be released says that he has not been: its day is empty or after the month, and the
    /// list is one of proposals or plans.
    fn is_unreleased(&self, row: &mut Row) -> bool {
        let on = date::read(row.cell(Field::ExitDate)).date();
        let open = is_placeholder(&row.shown(Field::ExitDate));
        let to_come = on.is_some_and(|d| self.is_to_come(d));
        let proposed = row.is_planned()
            || row.has(Field::RequestedDate)
            || says(&wording(&row.table.context.title), PROPOSED);
        to_come || open && proposed
    }

    /// Somebody whose release was called off: he is inside, where the list is one of those who left and tells of his case.
    pub(super) fn stays(&self, row: &mut Row, who: Identity, made: &mut Made) -> Fate {
        let leaving = row.has(Field::ExitDate) && !row.has(Field::AdmissionDate);
        match self.home(row) {
            Some(upt) if leaving && is_registered(row) => {
                row.note(
                    Severity::Note,
                    "clean.held_since_unknown",
                    Field::AdmissionDate,
                );
                self.keep_held(row, who, upt, made)
            }
            Some(_) | None => Fate::NotOfList,
        }
    }

    /// A record of somebody inside since an unknown day, with what the row says of his case.
    fn keep_held(&self, row: &mut Row, who: Identity, upt: Upt, made: &mut Made) -> Fate {
        let mut record = released(row.at(), who, upt, ExitCode::Other, PartialDate::Unknown);
        record.exit = None;
        self.describe(row, &mut record, PartialDate::Unknown);
        made.records.custody.push(record);
        Fate::Used
    }

    /// An exit whose day nobody wrote down, or wrote unreadably, is taken to be of the list's month and said so
    /// (docs/definitions.md 4); without a month it cannot be placed. A word that is no exit, with no date beside it, is none.
    pub(super) fn assumed_exit(
        &self,
        row: &mut Row,
        code: ExitCode,
        begin: NaiveDate,
    ) -> PartialDate {
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
}

/// Whether a row tells of the sentence that somebody serves, or when it ends.
fn has_case(row: &Row) -> bool {
    [
        Field::SentenceLength,
        Field::SentenceYears,
        Field::SentenceMonths,
        Field::ExpiryDate,
    ]
    .iter()
    .any(|f| !is_placeholder(&row.shown(*f)))
}

/// Whether a row tells of the case for which somebody is held: the sentence or the register.
fn is_registered(row: &Row) -> bool {
    let register = [Field::RegisterNo, Field::RegisterClass];
    has_case(row) || register.iter().any(|f| !is_placeholder(&row.shown(*f)))
}

/// The exit that remarks tell of, with its day: the last that lies after the admission.
pub(super) fn left(said: &[Said], begin: NaiveDate) -> Option<(ExitCode, PartialDate)> {
    // Of a release without a day nobody can say which stay it ended: `bebas 2019` may be an earlier one.
    let mut exits = said.iter().filter_map(|s| match s.event {
        Event::Died => Some((ExitCode::Mgl, s.on)),
        Event::Left(_) | Event::Absconded if !s.on.is_known() => None,
        Event::Left(code) => Some((code, s.on)),
        Event::Absconded => Some((ExitCode::Lri, s.on)),
        Event::Revoked(_) | Event::Completed | Event::Delegated | Event::DroppedOut => None,
    });
    exits.rfind(|(_, on)| on.latest().is_none_or(|d| d >= begin))
}

/// The words that say how somebody left: his own, the kind of the column in which the day stands, and only beside a day what
/// section, title or sheet say of all.
pub(super) fn exit_words<'a>(
    row: &Row<'a>,
    by_column: Option<(ExitCode, PartialDate)>,
    on: PartialDate,
) -> Cow<'a, str> {
    let own = row.own(Field::ExitKind);
    match by_column {
        _ if !own.is_empty() => own,
        Some((code, _)) => code.id().into(),
        None if on.is_known() => row.text(Field::ExitKind),
        None => own,
    }
}

/// All that a row says in words of what happened: how he left, how he stands, its remarks.
pub(super) fn spoken(row: &Row) -> String {
    let remarks = row.remarks();
    let own = [Field::ExitKind, Field::PersonStatus, Field::ServiceState].map(|f| row.own(f));
    let all = own.iter().map(AsRef::as_ref).chain([remarks.as_ref()]);
    all.filter(|t| !is_placeholder(t))
        .collect::<Vec<_>>()
        .join("; ")
}
