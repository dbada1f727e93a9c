//! One row of each kind of table into a record: what all kinds share is here, each kind in a file of its own.

mod attendance;
mod custody;
mod facts;
mod leaving;
mod reporting;
mod service_kind;
mod services;
mod supervision;
mod work;

use super::remarks::Said;
use super::row::Row;
use super::signs::Points;
use super::text::Memo;
use super::{AsOf, Fate, identity, number, offence, place};
use crate::domain::raw::Told;
use crate::domain::records::*;
use crate::domain::service::OutcomeKind;
use crate::domain::service::{ServiceKind, ServiceState};
use crate::domain::supervision::SupervisionKind;
use crate::domain::upt::UptRegistry;
use crate::domain::{
    ExitCode, Field, Month, OffenceGroup, PartialDate, RecordKind, Severity, Text, Upt,
};
use crate::workspace::Settings;
use chrono::NaiveDate;

/// What the rows of a table share.
pub(super) struct Tools<'a> {
    /// As of which day the list counts ages.
    pub ages: Option<super::age::AsCounted>,
    pub units: &'a UptRegistry,
    pub settings: &'a Settings,
    pub as_of: &'a AsOf,
    pub places: &'a place::Units,
    pub month: Option<Month>,
    pub known: &'a Known,
    pub points: &'a Points,
}

/// What the words of a table's columns were found to mean.
#[derive(Debug, Default)]
pub(super) struct Known {
    exits_in_remarks: Memo<Option<ExitCode>>,
    exits: Memo<Option<ExitCode>>,
    integrations: Memo<Option<ExitCode>>,
    sentences: Memo<Option<number::Sentence>>,
    educations: Memo<Text>,
    offences: Memo<OffenceGroup>,
    supervisions: Memo<Option<SupervisionKind>>,
    states: Memo<Option<ServiceState>>,
    outcomes: Memo<Option<OutcomeKind>>,
    priorities: Memo<bool>,
    agencies: Memo<Option<Text>>,
    services: Memo<Option<ServiceKind>>,
    units: Memo<Option<Upt>>,
    remarks: Memo<Vec<Said>>,
    /// By agency: the document beside the steps of a course.
    papers: Memo<Option<ServiceKind>>,
    /// Words and headers that speak of an application.
    applied: Memo<bool>,
    /// Whether the days of a column of ends of guidance are true ends.
    ends: std::cell::OnceCell<bool>,
    /// Whether the line above the rows says that all were handed over from another office.
    handed_over: std::cell::OnceCell<bool>,
}

/// What the rows of a table have become.
pub(super) struct Made<'a> {
    pub records: &'a mut Records,
    /// The newest date that is not after the month.
    pub newest: Option<NaiveDate>,
}

/// Whether a row's own words say guidance of another kind than community service.
fn supervises(row: &Row) -> bool {
    let kind = super::codes::supervision_kind(&row.own(Field::SupervisionKind));
    let kind = kind.or_else(|| sentenced_to(row));
    kind.is_some_and(|k| {
        !matches!(
            k,
            SupervisionKind::CommunityService | SupervisionKind::Other
        )
    })
}

/// The sentence that a row names where others have the crime: `Pengawasan` below `Jenis Pidana`.
fn sentenced_to(row: &Row) -> Option<SupervisionKind> {
    let of = |f: Field| match super::text::normal(&row.own(f)).as_str() {
        "pengawasan" | "pidana pengawasan" => Some(SupervisionKind::SupervisionSentence),
        "kerja sosial" | "pidana kerja sosial" => Some(SupervisionKind::CommunityService),
        _ => None,
    };
    [Field::Offence, Field::SentenceLength]
        .into_iter()
        .find_map(of)
}

/// Several texts as one that a [`Memo`] knows them by.
fn joined(texts: &[&str]) -> String {
    texts.join("\u{1f}")
}

impl Tools<'_> {
    /// Cleans one row.
    pub fn row(&self, row: &mut Row, made: &mut Made) -> Fate {
        if let Some(rule) = row.is_aside() {
            row.note(Severity::Warning, rule, Field::Name);
            return Fate::NotOfList;
        }
        let Some(mut who) = identity::read(row, self.as_of) else {
            row.note(Severity::Error, "clean.no_person", Field::Name);
            return Fate::SetAside;
        };
        if !who.birth.is_known() || who.from_nik.birth {
            who.aged = self.ages.and_then(|ages| ages.born(row));
        }
        if row.is_called_off() {
            row.note(Severity::Warning, "clean.called_off", Field::Remarks);
            return match row.table.kind {
                // Who did not leave is still there, with the case that the row tells.
                RecordKind::Custody => self.stays(row, who, made),
                RecordKind::Supervision
                | RecordKind::Litmas
                | RecordKind::Participation
                | RecordKind::Outcome
                | RecordKind::CommunityService
                | RecordKind::Resident
                | RecordKind::Death => Fate::NotOfList,
            };
        }
        let said = self.said(row);
        row.told.set(!said.is_empty());
        let further = self.further(row, &said);
        row.beside.set(!further.is_empty());
        // Few rows tell of more than what their kind is about.
        let again = (!further.is_empty()).then(|| who.clone());
        let fate = match row.table.kind {
            RecordKind::Custody => self.custody(row, who, &said, made),
            RecordKind::Supervision => self.supervision(row, who, &said, made),
            RecordKind::Litmas => self.litmas(row, who, made),
            RecordKind::Participation => self.participation(row, who, &said, made),
            RecordKind::Outcome => self.outcome(row, who, made),
            // Sentences of supervision stand on such lists too.
            RecordKind::CommunityService if supervises(row) => {
                self.supervision(row, who, &said, made)
            }
            RecordKind::CommunityService => self.community_service(row, who, made),
            RecordKind::Death => self.death(row, who, made),
            RecordKind::Resident => {
                made.records.resident.push(Resident { at: row.at(), who });
                Fate::Used
            }
        };
        // What a row tells beside its own matter is a fact also where that matter is yet to come, or lacks what it needs.
        let fate = match (fate, again) {
            (Fate::NotOfList, _) => Fate::NotOfList,
            (Fate::Used | Fate::SetAside | Fate::Beyond, Some(who)) => {
                self.add(row, &who, further, made);
                Fate::Used
            }
            (fate, None) => fate,
        };
        // A day in the remarks that nothing was made of may be that of a fact.
        if matches!(fate, Fate::Used)
            && !row.told.get()
            && super::remarks::names_day(
                &row.remarks(),
                self.list_month(row).or(Month::new(2000, 1)),
            )
        {
            row.note(Severity::Note, "clean.remark_unread", Field::Remarks);
        }
        fate
    }

    fn unit(&self, row: &Row, field: Field) -> Option<Upt> {
        self.place(&row.text(field))
    }

    /// The unit a text names.
    fn place(&self, text: &str) -> Option<Upt> {
        self.known.units.of(text, |s| self.places.find(s))
    }

    /// The unit of a row: its cell, else section, else title.
    /// Says that no unit is known for a row, with what was read in its place: its own cell, else the title.
    fn no_unit(&self, row: &mut Row, field: Field) {
        let title = row.context(|c| (!c.title.is_empty()).then(|| c.title.clone()));
        let issue = row.note(Severity::Error, "clean.no_unit", field);
        if issue.value.is_empty() {
            issue.value = title.unwrap_or_default();
        }
    }

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

    /// The exit that one of several columns of exits tells, with its day.
    fn exit_by_column(&self, row: &mut Row) -> Option<(ExitCode, PartialDate)> {
        let all = row.told();
        let exits = all.into_iter().filter_map(|(_, told, on)| match told {
            Told::Exit(code) => Some((code, on)),
            Told::Service(_) | Told::Guidance(_) => None,
        });
        exits.max_by_key(|(_, on)| on.latest())
    }

    fn list_month(&self, row: &Row) -> Option<Month> {
        row.context(|c| c.month).or(self.month)
    }

    /// Whether a date lies after the month.
    fn is_to_come(&self, d: PartialDate) -> bool {
        d.earliest().is_some_and(|d| self.as_of.is_before(d))
    }

    /// A date after the month has not happened yet.
    fn happened(&self, d: PartialDate) -> PartialDate {
        if self.is_to_come(d) {
            PartialDate::Unknown
        } else {
            d
        }
    }

    /// Notes days that are not after the month.
    fn saw(&self, made: &mut Made, dates: &[PartialDate]) {
        let days = dates.iter().filter_map(|d| d.day());
        let newest = days.filter(|d| !self.as_of.is_before(*d)).max();
        made.newest = made.newest.max(newest);
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

    fn death(&self, row: &mut Row, who: Identity, made: &mut Made) -> Fate {
        let date = row.date(Field::DeathDate);
        if self.is_to_come(date) {
            return Fate::Beyond;
        }
        self.saw(made, &[date]);
        made.records.death.push(Death {
            at: row.at(),
            who,
            date,
        });
        Fate::Used
    }
}
