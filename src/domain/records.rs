//! Records: what `clean` makes of rows. One typed struct per kind; every record knows its row.
//!
//! A record holds names and NIK. Nothing after `link` sees one.

use super::region::Residence;
use super::service::{OutcomeKind, ServiceKind, ServiceState};
use super::supervision::{LitmasKind, SupervisionEnd, SupervisionKind};
use super::{
    ExitCode, Month, Nik, OffenceGroup, PartialDate, RecordKind, RegisterClass, RowRef, Sex, Text,
    Upt,
};
use chrono::NaiveDate;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::marker::PhantomData;

/// What a row says about who it is.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identity {
    /// NIK with its status.
    pub nik: Nik,
    /// Name, upper case, titles and deceased marks stripped, particles (La, Wa, bin) kept.
    pub name: Text,
    /// Sex as written (or from La/Wa, bin/binti only when nothing is written).
    pub sex: Option<Sex>,
    /// Birth date.
    pub birth: PartialDate,
    /// Place of birth, upper case; empty when unknown.
    pub birth_place: Text,
    /// Residence.
    pub residence: Residence,
    /// Names beside the name, which few rows have.
    pub others: Option<Box<OtherNames>>,
    /// `Alm.`/`Almh.` stood beside the name.
    pub deceased_mark: bool,
    /// What is known of the person from the NIK alone.
    pub from_nik: FromNik,
    /// Year of birth by an age where no birth date is written: at most one off.
    pub aged: Option<i32>,
}

/// Birth date and sex that a row does not write and its NIK says: true of the person if the NIK is, and no evidence
/// beside that NIK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct FromNik {
    /// The birth date was read off the NIK.
    pub birth: bool,
    /// The sex was.
    pub sex: bool,
}

/// Names that stand beside a person's name.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct OtherNames {
    /// Second name after `alias`, `als`, `@`, parentheses; empty when none.
    pub alias: Text,
    /// Father's or mother's name (patronymic included); empty when unknown.
    pub parent: Text,
}

impl Identity {
    /// Second name; empty when none.
    pub fn alias(&self) -> &str {
        self.others.as_deref().map_or("", |o| &o.alias)
    }
    /// Father's or mother's name; empty when unknown.
    pub fn parent(&self) -> &str {
        self.others.as_deref().map_or("", |o| &o.parent)
    }
    /// Takes over what is not known from another row about the same event of the same person; what is known stays.
    pub fn complete_from(&mut self, other: &Identity) {
        let written = |who: &Identity| !who.from_nik.birth && who.birth != PartialDate::Unknown;
        if self.nik.intact().is_none() && other.nik.intact().is_some() {
            self.nik.clone_from(&other.nik);
        }
        if !written(self) && written(other) {
            (self.birth, self.from_nik.birth) = (other.birth, false);
        }
        self.aged = self.aged.or(other.aged).filter(|_| !written(self));
        let sexed = |who: &Identity| !who.from_nik.sex && who.sex.is_some();
        if !sexed(self) && sexed(other) {
            (self.sex, self.from_nik.sex) = (other.sex, false);
        }
        if self.birth_place.is_empty() {
            self.birth_place.clone_from(&other.birth_place);
        }
        if self.residence == Residence::default() {
            self.residence = other.residence;
        }
        let (alias, parent) = (other.alias(), other.parent());
        let lacks = |mine: &str, other: &str| mine.is_empty() && !other.is_empty();
        if lacks(self.alias(), alias) || lacks(self.parent(), parent) {
            let mut all = self.others.as_deref().cloned().unwrap_or_default();
            if all.alias.is_empty() {
                all.alias = alias.into();
            }
            if all.parent.is_empty() {
                all.parent = parent.into();
            }
            self.others = Some(Box::new(all));
        }
    }
}

impl std::fmt::Debug for OtherNames {
    /// Redacted, as an identity is.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OtherNames(…)")
    }
}

impl std::fmt::Debug for Identity {
    /// Redacted: an identity is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// A prison register row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Custody {
    /// Where it stands.
    pub at: RowRef,
    /// Who.
    pub who: Identity,
    /// Unit that holds the register.
    pub upt: Upt,
    /// Register number as written, normalised spacing; empty when missing.
    pub register_no: Text,
    /// Register class.
    pub class: Option<RegisterClass>,
    /// Admission to this register (tanggal masuk / ditahan).
    pub admitted: PartialDate,
    /// Unit the person came from, when written (transfer).
    pub from_upt: Option<Upt>,
    /// Came by transfer from another prison, known by name or not.
    pub by_transfer: bool,
    /// Came back from an escape.
    pub recaptured: bool,
    /// Came back because a decree of integration was revoked.
    pub after_revocation: bool,
    /// Offence group by law and article.
    pub offence: OffenceGroup,
    /// Day of the offence (tempus delicti).
    pub offence_date: PartialDate,
    /// Verdict.
    pub verdict: PartialDate,
    /// Sentence in days (30 a month, 365 a year; `None` unknown or life).
    pub sentence_days: Option<u32>,
    /// Expected expiry of the sentence.
    pub expiry: PartialDate,
    /// Two thirds of the sentence.
    pub two_thirds: PartialDate,
    /// How custody in this unit ended, when it did.
    pub exit: Option<ExitCode>,
    /// When.
    pub exit_date: PartialDate,
    /// Unit the person went to, when written.
    pub to_upt: Option<Upt>,
    /// SDP's recidivist flag as reported (R1/R2 show it, nobody computes with it).
    pub recidivist_flag: Option<bool>,
    /// Highest diploma: lower-case id `none`, `sd`, `smp`, `sma`, `higher`; empty unknown.
    pub education: Text,
    /// Month the list is about, when it says so.
    pub list_month: Option<Month>,
}

/// A Bapas client row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Supervision {
    /// Where it stands.
    pub at: RowRef,
    /// Who.
    pub who: Identity,
    /// The Bapas; `None` where another office tells of an end of guidance.
    pub bapas: Option<Upt>,
    /// Client register number.
    pub client_no: Text,
    /// Jenis bimbingan.
    pub kind: SupervisionKind,
    /// Prison the client came from.
    pub from_upt: Option<Upt>,
    /// Decree (SK) date.
    pub decree: PartialDate,
    /// Start of guidance.
    pub start: PartialDate,
    /// Planned end (masa percobaan s.d.).
    pub planned_end: PartialDate,
    /// End.
    pub end: PartialDate,
    /// How it ended.
    pub end_kind: Option<SupervisionEnd>,
    /// Reports due in the list's month.
    pub reports_due: Option<u32>,
    /// Reports made in the list's month.
    pub reports_met: Option<u32>,
    /// Months as columns: reports due and made in each month before that of the list.
    pub earlier_reports: Vec<(Month, u32, u32)>,
    /// Offence group.
    pub offence: OffenceGroup,
    /// Month the list is about.
    pub list_month: Option<Month>,
}

/// A litmas request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Litmas {
    /// Where it stands.
    pub at: RowRef,
    /// Who.
    pub who: Identity,
    /// The Bapas, where it is known whom a prison or prosecutor asked.
    pub bapas: Option<Upt>,
    /// Jenis litmas.
    pub kind: LitmasKind,
    /// Unit or court that asked.
    pub asked_by: Option<Upt>,
    /// Asked on.
    pub requested: PartialDate,
    /// Delivered on.
    pub completed: PartialDate,
}

/// A programme row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Participation {
    /// Where it stands.
    pub at: RowRef,
    /// Who.
    pub who: Identity,
    /// Agency id of [`super::opd::OPDS`] (`upt` for a prison's own programme).
    pub opd: Text,
    /// Unit that gives or refers.
    pub upt: Option<Upt>,
    /// Kind of service.
    pub kind: ServiceKind,
    /// Referred on.
    pub referred: PartialDate,
    /// Enrolled on.
    pub enrolled: PartialDate,
    /// Started on.
    pub start: PartialDate,
    /// Planned end.
    pub planned_end: PartialDate,
    /// Ended on (completion, dropout or move).
    pub end: PartialDate,
    /// Document issued on.
    pub issued: PartialDate,
    /// Highest state the row shows.
    pub state: ServiceState,
    /// Sessions planned while enrolled.
    pub sessions_planned: Option<f32>,
    /// Sessions attended.
    pub sessions_attended: Option<f32>,
    /// Hours planned.
    pub hours_planned: Option<f32>,
    /// Hours attended.
    pub hours_attended: Option<f32>,
    /// Inside prison (`Some(true)`), outside, or not said.
    pub inside: Option<bool>,
    /// Tag: one of the city's 17 priority programmes.
    pub priority_programme: bool,
}

/// An outcome row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Where it stands.
    pub at: RowRef,
    /// Who.
    pub who: Identity,
    /// Agency or Bapas that found it.
    pub source: Text,
    /// What.
    pub kind: OutcomeKind,
    /// Evidence dated.
    pub date: PartialDate,
}

/// A pidana kerja sosial row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommunityService {
    /// Where it stands.
    pub at: RowRef,
    /// Who.
    pub who: Identity,
    /// Agency that places (usually `dlh`).
    pub opd: Text,
    /// Hours ordered by the court.
    pub hours_ordered: Option<f32>,
    /// Hours served so far (to the list's month).
    pub hours_served: Option<f32>,
    /// Hours a day.
    pub hours_per_day: Option<f32>,
    /// A site is named where it is done.
    pub placed: bool,
    /// It was not done as ordered, and what followed.
    pub breach: Option<super::supervision::Breach>,
    /// Start.
    pub start: PartialDate,
    /// End.
    pub end: PartialDate,
    /// Completed.
    pub completed: bool,
    /// Month the list is about.
    pub list_month: Option<Month>,
}

/// A row of the population register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resident {
    /// Where it stands.
    pub at: RowRef,
    /// Who, with residence.
    pub who: Identity,
}

/// A death.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Death {
    /// Where it stands.
    pub at: RowRef,
    /// Who.
    pub who: Identity,
    /// When.
    pub date: PartialDate,
}

/// What a source covers: this table drives every denominator and the cut-off date (docs/definitions.md 1, `cakupan_sumber`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// Supplier id (unit or agency).
    pub supplier: Text,
    /// Which kind of records.
    pub kind: RecordKind,
    /// First day covered.
    pub from: NaiveDate,
    /// Last day covered.
    pub to: NaiveDate,
    /// Where that was read.
    pub file: super::FileId,
    /// Sheet of the file.
    pub sheet: u16,
    /// The list names everybody who is there.
    pub whole: Option<super::WholeList>,
}

/// Everything `clean` made, all kinds.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Records {
    /// Prison registers.
    #[serde(deserialize_with = "in_room_made_once")]
    pub custody: Vec<Custody>,
    /// Bapas clients.
    #[serde(deserialize_with = "in_room_made_once")]
    pub supervision: Vec<Supervision>,
    /// Litmas.
    #[serde(deserialize_with = "in_room_made_once")]
    pub litmas: Vec<Litmas>,
    /// Programmes.
    #[serde(deserialize_with = "in_room_made_once")]
    pub participation: Vec<Participation>,
    /// Outcomes.
    #[serde(deserialize_with = "in_room_made_once")]
    pub outcome: Vec<Outcome>,
    /// Pidana kerja sosial.
    #[serde(deserialize_with = "in_room_made_once")]
    pub community_service: Vec<CommunityService>,
    /// Population register.
    #[serde(deserialize_with = "in_room_made_once")]
    pub resident: Vec<Resident>,
    /// Deaths.
    #[serde(deserialize_with = "in_room_made_once")]
    pub death: Vec<Death>,
    /// Coverage.
    #[serde(deserialize_with = "in_room_made_once")]
    pub coverage: Vec<Covered>,
}

/// Calls a macro with every kind of person row, field and [`RecordKind`], in the order of [`Records::identities`].
macro_rules! kinds_of_persons {
    ($call:ident) => {
        $call!(
            (custody Custody)
            (supervision Supervision)
            (litmas Litmas)
            (participation Participation)
            (outcome Outcome)
            (community_service CommunityService)
            (resident Resident)
            (death Death)
        )
    };
}
pub(crate) use kinds_of_persons;

/// Lists joined, in room made for them once.
pub(crate) fn one_after_the_other<T>(lists: Vec<Vec<T>>) -> Vec<T> {
    let mut out = Vec::with_capacity(lists.iter().map(Vec::len).sum());
    lists.into_iter().for_each(|mut l| out.append(&mut l));
    out
}

/// Reads a list into the room that its length asks for; serde itself lets a long one grow and move.
fn in_room_made_once<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    d: D,
) -> Result<Vec<T>, D::Error> {
    struct List<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a list")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Vec<T>, A::Error> {
            let mut out = Vec::new();
            let room = out.try_reserve_exact(all.size_hint().unwrap_or(0));
            room.map_err(serde::de::Error::custom)?;
            while let Some(x) = all.next_element()? {
                out.push(x);
            }
            Ok(out)
        }
    }
    d.deserialize_seq(List(PhantomData))
}

impl Records {
    /// Moves everything of `other` behind what is here (files are joined in file order, so runs are deterministic).
    pub fn append(&mut self, other: Records) {
        // The first of them need not move.
        fn add<T>(all: &mut Vec<T>, mut more: Vec<T>) {
            if all.capacity() == 0 {
                *all = more;
            } else {
                all.append(&mut more);
            }
        }
        macro_rules! add_each {
            ($(($kind:ident $_:ident))*) => {
                $(add(&mut self.$kind, other.$kind);)*
            };
        }
        kinds_of_persons!(add_each);
        add(&mut self.coverage, other.coverage);
    }
    /// All of some files in their order, in room made for them once, each kind by itself.
    pub fn joined(parts: Vec<Records>) -> Records {
        let mut out = Records::default();
        macro_rules! join_each {
            ($(($kind:ident $_:ident))*) => {{
                $(let mut $kind = Vec::with_capacity(parts.len());)*
                for p in parts {
                    $($kind.push(p.$kind);)*
                    out.coverage.extend(p.coverage);
                }
                rayon::scope(|all| {
                    $(all.spawn(|_| out.$kind = one_after_the_other($kind));)*
                });
            }};
        }
        kinds_of_persons!(join_each);
        out
    }
    /// Makes room for more records of a kind, so that a long list need not move while it grows.
    pub fn reserve(&mut self, kind: RecordKind, more: usize) {
        macro_rules! reserve_one {
            ($(($kind:ident $Kind:ident))*) => {
                match kind {
                    $(RecordKind::$Kind => self.$kind.reserve_exact(more),)*
                }
            };
        }
        kinds_of_persons!(reserve_one)
    }
    /// Says that all of them stand in a file.
    pub fn stand_in(&mut self, file: super::FileId) {
        macro_rules! each {
            ($(($kind:ident $_:ident))*) => {
                $(self.$kind.iter_mut().for_each(|r| r.at.file = file);)*
            };
        }
        kinds_of_persons!(each);
        self.coverage.iter_mut().for_each(|c| c.file = file);
    }
    /// Removes everything that stands in a file.
    pub fn forget(&mut self, file: super::FileId) {
        macro_rules! each {
            ($(($kind:ident $_:ident))*) => {
                $(self.$kind.retain(|r| r.at.file != file);)*
            };
        }
        kinds_of_persons!(each);
        self.coverage.retain(|c| c.file != file);
    }
    /// Number of person rows of all kinds.
    pub fn len(&self) -> usize {
        macro_rules! sum {
            ($(($kind:ident $_:ident))*) => {
                0 $(+ self.$kind.len())*
            };
        }
        kinds_of_persons!(sum)
    }
    /// Whether there is no person row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Every identity with the place of its record, in a fixed order of kinds: the order of the person indices that `link`
    /// returns and `history` consumes.
    pub fn identities(&self) -> impl Iterator<Item = (RowRef, &Identity)> {
        macro_rules! chain {
            ($(($kind:ident $_:ident))*) => {
                std::iter::empty()$(.chain(self.$kind.iter().map(|r| (r.at, &r.who))))*
            };
        }
        kinds_of_persons!(chain)
    }
}
