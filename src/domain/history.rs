//! What happened to people, in order: the result of `history`, the input of `measure`. No names, no NIK.

use super::region::{District, InAmbon};
use super::service::{OutcomeKind, ServiceKind, ServiceState};
use super::supervision::{
    Breach, LitmasKind, SupervisionEnd, SupervisionKind, WORK_MONTHS, WorkState,
};
use super::{ExitCode, FileId, Month, OffenceGroup, RegisterClass, RowRef, Sex, Text, Upt};
use chrono::NaiveDate;

/// A person, as an index into [`Histories::persons`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(pub u32);

/// How sure the links are that make up a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum LinkStrength {
    /// One record, nothing to link.
    #[default]
    Single,
    /// All links exact or decided by a person.
    Strict,
    /// At least one link is probabilistic.
    Likely,
}

/// A person without identity.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Sex.
    pub sex: Option<Sex>,
    /// Birth date; a year alone becomes 1 July, a month alone the 15th.
    pub birth: Option<NaiveDate>,
    /// Domisili Kota Ambon.
    pub in_ambon: Option<InAmbon>,
    /// Kecamatan of Kota Ambon.
    pub district: Option<District>,
    /// Highest diploma id (`none`, `sd`, `smp`, `sma`, `higher`; empty unknown).
    pub education: Text,
    /// Day of death, from any source.
    pub death: Option<NaiveDate>,
    /// Whether an intact NIK stands on any record.
    pub has_intact_nik: bool,
    /// How sure the links are.
    pub strength: LinkStrength,
}

/// A stay in one unit inside an episode.
#[derive(Debug, Clone)]
pub struct Stay {
    /// Unit.
    pub upt: Upt,
    /// First day.
    pub from: NaiveDate,
    /// Day of leaving the unit; `None` while there.
    pub to: Option<NaiveDate>,
    /// How the stay ended (`PDH` when it went on elsewhere); `None` with a last day: it ended on a day nobody wrote down.
    pub exit: Option<ExitCode>,
    /// Month of the newest list that names the person there.
    pub listed: Option<Month>,
    /// Newest day on which a list of those who are there names the person.
    pub seen: Option<NaiveDate>,
}

/// A change of register class inside an episode, in time order.
#[derive(Debug, Clone)]
pub struct ClassSpan {
    /// Class.
    pub class: RegisterClass,
    /// First day in it.
    pub from: NaiveDate,
}

/// How the first stay of an episode that is known began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entry {
    /// By admission from outside.
    #[default]
    Admitted,
    /// By transfer from a prison whose register does not hold the person, or is not among the lists.
    Moved,
    /// By capture after an escape of which no register tells.
    Recaptured,
}

/// A custody episode: contiguous custody of one person, whatever registers and units it went through.
#[derive(Debug, Clone)]
pub struct Episode {
    /// Who.
    pub person: PersonId,
    /// First day; the day of leaving where the admission is not known.
    pub start: NaiveDate,
    /// Some row says when the person was admitted. Where none does, only that the person left is known.
    pub admission_known: bool,
    /// How the first stay that is known began.
    pub entry: Entry,
    /// Day of leaving custody; `None` while inside.
    pub end: Option<NaiveDate>,
    /// How it ended; `None` with a last day: nobody wrote it down, and the newest list of those inside does not name the
    /// person.
    pub exit: Option<ExitCode>,
    /// Stays by unit, in order, without gaps by rule.
    pub stays: Vec<Stay>,
    /// Register classes, in order.
    pub classes: Vec<ClassSpan>,
    /// Main offence group (that of the gravest or first sentence).
    pub offence: OffenceGroup,
    /// Offence day of the case this episode is for.
    pub offence_date: Option<NaiveDate>,
    /// First verdict of the episode.
    pub verdict: Option<NaiveDate>,
    /// Sentence in days.
    pub sentence_days: Option<u32>,
    /// Expected end by the register (expiry, or two thirds where integration is expected).
    pub expected_end: Option<NaiveDate>,
    /// Two thirds of the sentence.
    pub two_thirds: Option<NaiveDate>,
    /// SDP's recidivist flag.
    pub recidivist_flag: Option<bool>,
    /// Home assimilation came before the final exit, on this day (ASR).
    pub home_assimilation: Option<NaiveDate>,
    /// Escape spans inside the episode: from, recaptured on.
    pub escapes: Vec<(NaiveDate, Option<NaiveDate>)>,
    /// The episode began with the revocation of an integration decree, not with a new case.
    pub began_by_revocation: bool,
    /// Rows it was made of.
    pub sources: Vec<RowRef>,
}

impl Episode {
    /// A stay that began on a day with a known admission, of which nothing else is known.
    pub fn begun(person: PersonId, start: NaiveDate) -> Episode {
        Episode {
            person,
            start,
            admission_known: true,
            entry: Entry::Admitted,
            end: None,
            exit: None,
            stays: Vec::new(),
            classes: Vec::new(),
            offence: OffenceGroup::Unknown,
            offence_date: None,
            verdict: None,
            sentence_days: None,
            expected_end: None,
            two_thirds: None,
            recidivist_flag: None,
            home_assimilation: None,
            escapes: Vec::new(),
            began_by_revocation: false,
            sources: Vec::new(),
        }
    }
    /// A sentence was served in it (a B register, life, death, child).
    pub fn is_sentenced(&self) -> bool {
        self.classes.iter().any(|c| c.class.is_sentenced())
    }
    /// Unit on a day of the episode.
    pub fn upt_on(&self, day: NaiveDate) -> Option<Upt> {
        self.stays
            .iter()
            .rev()
            .find(|s| s.from <= day && s.to.is_none_or(|t| day <= t))
            .map(|s| s.upt)
    }
    /// Register class on a day.
    pub fn class_on(&self, day: NaiveDate) -> Option<RegisterClass> {
        self.classes
            .iter()
            .rev()
            .find(|c| c.from <= day)
            .map(|c| c.class)
    }
    /// Inside at the end of the day (the admission day counts, the exit day does not).
    pub fn is_inside(&self, day: NaiveDate) -> bool {
        self.start <= day
            && self.end.is_none_or(|e| day < e)
            && !self
                .escapes
                .iter()
                .any(|(a, b)| *a <= day && b.is_none_or(|b| day < b))
    }
}

/// Bimbingan by a Bapas, merged over months.
#[derive(Debug, Clone)]
pub struct SupervisionSpell {
    /// Who.
    pub person: PersonId,
    /// The Bapas.
    pub bapas: Upt,
    /// Kind.
    pub kind: SupervisionKind,
    /// Start; the day before the first month of reports where nobody wrote it down.
    pub start: NaiveDate,
    /// Some row says when it began.
    pub start_known: bool,
    /// Planned end.
    pub planned_end: Option<NaiveDate>,
    /// End; `None` while active.
    pub end: Option<NaiveDate>,
    /// How it ended.
    pub end_kind: Option<SupervisionEnd>,
    /// Month of the newest client list that names the client; lists of attendance are none.
    pub listed: Option<Month>,
    /// Reports by month: month, due, met.
    pub reports: Vec<(Month, u32, u32)>,
    /// Offence group.
    pub offence: OffenceGroup,
    /// Rows it was made of.
    pub sources: Vec<RowRef>,
}

/// One participation after roll-up (person × kind × start ± 14 days).
#[derive(Debug, Clone)]
pub struct Service {
    /// Who; `None` when the row could not be linked to anyone known from prison or Bapas (upper bounds need it).
    pub person: Option<PersonId>,
    /// Agency id.
    pub opd: Text,
    /// Unit that refers or gives.
    pub upt: Option<Upt>,
    /// Kind.
    pub kind: ServiceKind,
    /// Tag: one of the city's 17 priority programmes.
    pub priority_programme: bool,
    /// Referred on.
    pub referred: Option<NaiveDate>,
    /// Enrolled on.
    pub enrolled: Option<NaiveDate>,
    /// Started on (for a document: issued or recorded on).
    pub start: Option<NaiveDate>,
    /// Planned end.
    pub planned_end: Option<NaiveDate>,
    /// Ended on.
    pub end: Option<NaiveDate>,
    /// Document issued on.
    pub issued: Option<NaiveDate>,
    /// Highest state.
    pub state: ServiceState,
    /// Sessions planned and attended.
    pub sessions: Option<(f32, f32)>,
    /// Hours planned and attended.
    pub hours: Option<(f32, f32)>,
    /// Was it inside prison (by the row, else by the episode on its start).
    pub inside: bool,
    /// Residence written on the row itself, for unlinked rows.
    pub in_ambon: InAmbon,
    /// Rows it was made of.
    pub sources: Vec<RowRef>,
}

/// A litmas.
#[derive(Debug, Clone)]
pub struct LitmasItem {
    /// Who.
    pub person: PersonId,
    /// The Bapas, where it is known.
    pub bapas: Option<Upt>,
    /// Kind.
    pub kind: LitmasKind,
    /// Asked on.
    pub requested: Option<NaiveDate>,
    /// Delivered on.
    pub completed: Option<NaiveDate>,
    /// Rows.
    pub sources: Vec<RowRef>,
}

/// An outcome.
#[derive(Debug, Clone)]
pub struct OutcomeItem {
    /// Who.
    pub person: PersonId,
    /// What.
    pub kind: OutcomeKind,
    /// Evidence dated.
    pub date: NaiveDate,
    /// Rows.
    pub sources: Vec<RowRef>,
}

/// Pidana kerja sosial, newest state.
#[derive(Debug, Clone)]
pub struct CommunityServiceItem {
    /// Who.
    pub person: PersonId,
    /// Agency.
    pub opd: Text,
    /// Hours ordered.
    pub ordered: Option<f32>,
    /// Hours served by month of list: month, cumulative hours.
    pub served: Vec<(Month, f32)>,
    /// Some row names the site.
    pub placed: bool,
    /// Some row says that all hours are done.
    pub completed: bool,
    /// It was not done as ordered, and what followed by the newest row.
    pub breach: Option<Breach>,
    /// Start.
    pub start: Option<NaiveDate>,
    /// End.
    pub end: Option<NaiveDate>,
    /// Rows.
    pub sources: Vec<RowRef>,
}

/// Which supplier delivered which kind for which month.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// (supplier id, record kind id, month), sorted, unique.
    pub cells: Vec<(Text, &'static str, Month)>,
    /// The earliest month of which lists of a kind tell: delivered for it, or registers that still show its exits.
    pub since: Vec<(&'static str, Month)>,
    /// The cut-off date C: the minimum over required sources of what they cover (docs/definitions.md 3).
    pub cutoff: Option<NaiveDate>,
    /// Suppliers of which nothing came for the report's month, with their last covered day.
    pub late: Vec<(Text, Option<NaiveDate>)>,
    /// Suppliers of which a file came for the month and whose lists are complete only until an earlier day.
    pub partial: Vec<(Text, NaiveDate)>,
}

/// What was found of a list that says it names everybody who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListFinding {
    /// Where it stands.
    pub file: FileId,
    /// Sheet of the file.
    pub sheet: u16,
    /// What was found.
    pub what: ListOutcome,
}

/// What may be found of a list of those who are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListOutcome {
    /// It names so few of those whom lists of the last months name that it closes nobody.
    Doubted {
        /// People inside, or clients, whom it names.
        named: u32,
        /// Those it should name and does not.
        missing: u32,
    },
    /// It does not name so many who have no exit: they are taken to have left on a day unknown.
    LeftOut(u32),
    /// It has other numbers of people than are inside by all lists together.
    Differs {
        /// Rows of the list.
        listed: u32,
        /// People inside on its day.
        found: u32,
    },
}

/// How often each stated rule resolved a contradiction, by rule id (`history.<rule>`; text in the locale files).
pub type Resolutions = std::collections::BTreeMap<&'static str, u64>;

/// Everything that happened, to everyone.
#[derive(Debug, Default)]
pub struct Histories {
    /// People.
    pub persons: Vec<Person>,
    /// Custody episodes, sorted by person then start.
    pub episodes: Vec<Episode>,
    /// Supervision spells, sorted by person then start.
    pub supervision: Vec<SupervisionSpell>,
    /// Services, sorted by person then start.
    pub services: Vec<Service>,
    /// Litmas.
    pub litmas: Vec<LitmasItem>,
    /// Outcomes.
    pub outcomes: Vec<OutcomeItem>,
    /// Pidana kerja sosial.
    pub community_service: Vec<CommunityServiceItem>,
    /// Coverage and cut-off.
    pub coverage: Coverage,
    /// What was found of lists of those who are there.
    pub lists: Vec<ListFinding>,
    /// Rows that tell of an end of guidance that no list knows.
    pub ends_of_nothing: Vec<RowRef>,
    /// Resolutions counted.
    pub resolutions: Resolutions,
}

impl CommunityServiceItem {
    /// Hours served by the lists up to a month.
    pub fn hours(&self, month: Month) -> f32 {
        let known = self.served.iter().filter(|(m, _)| *m <= month);
        known.map(|(_, h)| *h).fold(0.0, f32::max)
    }

    /// The last day on which it may be done.
    pub fn last_day(&self) -> Option<NaiveDate> {
        Some(super::add_months(self.start?, WORK_MONTHS))
    }

    /// Where it stands at the end of a month.
    pub fn state(&self, month: Month) -> WorkState {
        let day = month.last_day();
        let all = self
            .ordered
            .is_some_and(|n| n > 0.0 && self.hours(month) >= n);
        let over = self.last_day().is_some_and(|d| d < day);
        match self.start {
            _ if self.breach.is_some() => WorkState::Breached,
            _ if self.completed || all => WorkState::Completed,
            None => WorkState::Ordered,
            Some(d) if d > day => WorkState::Ordered,
            Some(_) if over => WorkState::Overdue,
            Some(_) => WorkState::Running,
        }
    }
}

impl Histories {
    /// The person.
    pub fn person(&self, id: PersonId) -> &Person {
        &self.persons[id.0 as usize]
    }

    /// The supervision spells of a person, by start.
    pub fn spells_of(&self, id: PersonId) -> &[SupervisionSpell] {
        let rest = &self.supervision[self.supervision.partition_point(|s| s.person < id)..];
        let n = rest.iter().take_while(|s| s.person == id).count();
        &rest[..n]
    }
}
