//! Dimensions: what a figure can be broken down by. Each owns its categories, their order, and what it is: a time, a
//! cohort, a place in a hierarchy, a list in which one person can stand several times.

use super::offence::OffenceGroup;
use super::opd::OPDS;
use super::region::DISTRICTS;
use super::service::ServiceKind;
use super::upt::{UptKind, UptRegistry};
use super::{Month, RegisterClass, Text};

crate::coded_enum! {
    /// What a figure can be broken down by.
    pub enum Dimension {
        /// Age band on the day the figure is about.
        AgeGroup = "age_group",
        /// Months after the report's month.
        Ahead = "ahead",
        /// Participants and others.
        Arm = "arm",
        /// Probation office.
        Bapas = "bapas",
        /// What followed where community service was not done.
        Breach = "breach",
        /// Month of the calendar in which something happened, or at whose end it stood.
        CalendarMonth = "calendar_month",
        /// Quarter of release.
        CohortQuarter = "cohort_quarter",
        /// Year of release.
        CohortYear = "cohort_year",
        /// What participants and others are held against each other by.
        Covariate = "covariate",
        /// District (kecamatan) of residence.
        District = "district",
        /// Identity document or health insurance.
        Document = "document",
        /// How far a document has come.
        DocumentState = "document_state",
        /// Share of the plan that was attended, in bands.
        DoseBand = "dose_band",
        /// Last month of the follow-up of a rolling cohort.
        EndedMonth = "ended_month",
        /// How custody ended.
        ExitCode = "exit_code",
        /// Characteristic whose groups are tested against each other.
        Grouping = "grouping",
        /// Months after release at which an outcome is looked at.
        Horizon = "horizon",
        /// Whether somebody lives in Kota Ambon.
        InAmbon = "in_ambon",
        /// How a record was linked.
        LinkKind = "link_kind",
        /// Kind of inquiry report.
        LitmasKind = "litmas_kind",
        /// Stage of a matched comparison.
        MatchStage = "match_stage",
        /// Months since release: points of a curve.
        MonthsSinceRelease = "months_since_release",
        /// Movement into or out of a population.
        Movement = "movement",
        /// What a person needs before release.
        Need = "need",
        /// Offence group.
        OffenceGroup = "offence_group",
        /// City agency or partner.
        Opd = "opd",
        /// Part of the change of a number since the issue before.
        ChangePart = "change_part",
        /// Number of earlier stays.
        PriorCustody = "prior_custody",
        /// Whether a service belongs to one of the city's priority programmes.
        PriorityProgramme = "priority_programme",
        /// Family of services whose participants are compared.
        Programme = "programme",
        /// Prison register.
        RegisterClass = "register_class",
        /// Month of release.
        ReleaseMonth = "release_month",
        /// Ground of a revocation.
        RevocationGround = "revocation_ground",
        /// Length of the sentence, in bands.
        SentenceBand = "sentence_band",
        /// Family of services.
        ServiceFamily = "service_family",
        /// Kind of service.
        ServiceKind = "service_kind",
        /// Service with a target group of its own.
        ServiceTarget = "service_target",
        /// Sex.
        Sex = "sex",
        /// Supplier of files.
        Source = "source",
        /// Stage of the service funnel.
        Stage = "stage",
        /// Remand, sentenced, child.
        Status = "status",
        /// The same with the kinds of clients.
        Status6 = "status6",
        /// Published definition of recidivism.
        Style = "style",
        /// Kind of supervision.
        SupervisionKind = "supervision_kind",
        /// Prison.
        Upt = "upt",
        /// Class of prisons.
        UptClass = "upt_class",
        /// Whether groups can be compared.
        Verdict = "verdict",
        /// Where community service stands.
        WorkState = "work_state",
    }
}

/// The time a category covers: its last month and how many months it has (0: the state at the month's end).
pub type Span = (Month, u16);

fn listed(ids: &[&'static str]) -> Vec<Text> {
    ids.iter().map(|s| Text::const_new(s)).collect()
}

impl Dimension {
    /// Dimensions whose categories are times: a thing counted at several of them does not sum.
    pub const TIMES: &'static [Dimension] = &[
        Dimension::ReleaseMonth,
        Dimension::CalendarMonth,
        Dimension::CohortQuarter,
        Dimension::CohortYear,
        Dimension::EndedMonth,
        Dimension::MonthsSinceRelease,
    ];

    /// Categories are times.
    pub fn is_time(self) -> bool {
        Dimension::TIMES.contains(&self)
    }

    /// Categories are months of the calendar.
    pub const fn is_calendar_month(self) -> bool {
        matches!(self, Dimension::ReleaseMonth | Dimension::CalendarMonth)
    }

    /// Selects other releases: such a cohort has facts of its own, and no total over cohorts.
    pub const fn is_cohort(self) -> bool {
        matches!(
            self,
            Dimension::CohortQuarter | Dimension::CohortYear | Dimension::EndedMonth
        )
    }

    /// A breakdown by place of residence.
    pub const fn is_residence(self) -> bool {
        matches!(self, Dimension::District | Dimension::InAmbon)
    }

    /// A category names one unit or agency.
    pub const fn is_supplier(self) -> bool {
        matches!(
            self,
            Dimension::Upt | Dimension::Bapas | Dimension::Opd | Dimension::Source
        )
    }

    /// The time a category covers; `None` where the category is no time of the calendar.
    pub fn span(self, category: &str, follow_up: Option<u16>) -> Option<Span> {
        let quarter = || -> Option<Span> {
            let (y, q) = category.split_once("-Q")?;
            Some((Month::new(y.parse().ok()?, q.parse::<u32>().ok()? * 3)?, 3))
        };
        match self {
            Dimension::ReleaseMonth | Dimension::CalendarMonth => {
                (category.parse().ok().map(|m| (m, 1))).or_else(quarter)
            }
            Dimension::EndedMonth => {
                let m: Month = category.parse().ok()?;
                Some((m.plus(-i32::from(follow_up.unwrap_or(0))), 12))
            }
            Dimension::CohortYear => Some((Month::new(category.parse().ok()?, 12)?, 12)),
            Dimension::CohortQuarter => quarter(),
            _ => None,
        }
    }

    /// Categories that are always shown, even with nobody in them; empty for open lists.
    pub fn categories(self, units: &UptRegistry, month: Month) -> Vec<Text> {
        use Dimension::*;
        match self {
            Upt => units
                .prisons()
                .map(|(_, u)| Text::from(u.id.as_str()))
                .collect(),
            Bapas => units
                .bapas()
                .map(|(_, u)| Text::from(u.id.as_str()))
                .collect(),
            Sex => listed(&["male", "female"]),
            AgeGroup => listed(&["under_18", "18_24", "25_34", "35_44", "45_59", "60_plus"]),
            RegisterClass => super::RegisterClass::ALL
                .iter()
                .map(|c| Text::const_new(c.id()))
                .collect(),
            OffenceGroup => super::OffenceGroup::ALL
                .iter()
                .map(|c| Text::const_new(c.id()))
                .collect(),
            Status => listed(&["remand", "sentenced", "child"]),
            Status6 => listed(&[
                "remand",
                "sentenced",
                "child",
                "inside_unknown",
                "client_PB",
                "client_CB",
                "client_CMB",
                "client_other",
            ]),
            District => DISTRICTS
                .iter()
                .map(|(_, id, _)| Text::const_new(id))
                .chain([Text::const_new("unknown")])
                .collect(),
            InAmbon => listed(&["yes", "no", "unknown"]),
            PriorCustody => listed(&["0", "1", "2_plus"]),
            SentenceBand => listed(&[
                "le_3m",
                "3_12m",
                "1_3y",
                "3_5y",
                "5_10y",
                "gt_10y",
                "life_death",
                "unknown",
            ]),
            SupervisionKind => super::supervision::SupervisionKind::ALL
                .iter()
                .map(|c| Text::const_new(c.id()))
                .collect(),
            LitmasKind => super::supervision::LitmasKind::ALL
                .iter()
                .map(|c| Text::const_new(c.id()))
                .collect(),
            RevocationGround => listed(&["general", "technical"]),
            Stage => listed(&["eligible", "referred", "started", "completed", "outcome"]),
            DoseBand => listed(&["none", "lt_50", "50_79", "ge_80"]),
            WorkState => super::supervision::WorkState::ALL
                .iter()
                .map(|c| Text::const_new(c.id()))
                .collect(),
            Breach => super::supervision::Breach::ALL
                .iter()
                .map(|c| Text::const_new(c.id()))
                .collect(),
            ChangePart => super::change::ChangePart::ALL
                .iter()
                .map(|p| Text::const_new(p.id()))
                .collect(),
            Need => listed(&["identity", "jkn", "skills", "work", "family", "litmas"]),
            ServiceTarget => listed(&["ktp", "kia", "paket_a", "paket_b", "paket_c", "rehab"]),
            Document => listed(&["ktp", "kk", "kia", "jkn"]),
            DocumentState => listed(&["needed", "referred", "issued", "open"]),
            Ahead | Horizon => listed(&["3m", "6m", "12m"]),
            Arm => listed(&["participants", "others"]),
            MatchStage => listed(&["submitted", "found", "released", "matched"]),
            Movement => listed(&[
                "opening",
                "start_stock",
                "admission",
                "new",
                "transfer_in",
                "recapture",
                "release",
                "completed",
                "revoked_general",
                "revoked_technical",
                "other_exit",
                "transfer_out",
                "delegated",
                "death",
                "other_end",
                "escape",
                "difference",
                "closing",
                "end_stock",
            ]),
            ReleaseMonth | CalendarMonth => (0..12)
                .map(|i| Text::from(month.plus(i - 11).to_string()))
                .collect(),
            CohortQuarter | CohortYear | Covariate | EndedMonth | ExitCode | Grouping
            | LinkKind | MonthsSinceRelease | Opd | PriorityProgramme | Programme
            | ServiceFamily | ServiceKind | Source | Style | UptClass | Verdict => vec![],
        }
    }

    /// Report order of a category of an open list: its place in the list the field keeps, then its name.
    pub fn order(self, category: &str, units: &UptRegistry) -> (usize, String) {
        use Dimension::*;
        fn at(mut ids: impl Iterator<Item = &'static str>, category: &str) -> usize {
            ids.position(|x| x == category).unwrap_or(usize::MAX)
        }
        let agencies = || at(OPDS.iter().map(|(id, ..)| *id), category);
        let rank = match self {
            Source => {
                let unit = units.all().position(|(_, u)| u.id == category);
                unit.unwrap_or_else(|| agencies().saturating_add(1000))
            }
            Opd => agencies(),
            ExitCode => at(super::ExitCode::ALL.iter().map(|c| c.id()), category),
            ServiceKind => at(
                super::service::ServiceKind::ALL.iter().map(|c| c.id()),
                category,
            ),
            ServiceFamily | Programme => at(
                super::service::ServiceFamily::ALL.iter().map(|c| c.id()),
                category,
            ),
            Style => at(
                [
                    "r1_reported",
                    "r2_stock",
                    "r3_p1_person",
                    "r3_p2_person",
                    "r3_p3_person",
                    "r3_p1_release",
                    "r3_p3_release",
                    "moj",
                    "nordic",
                    "bjs",
                    "iowa",
                    "naive",
                    "weeks",
                ]
                .into_iter(),
                category,
            ),
            LinkKind => at(
                ["exact", "probabilistic", "decided", "none"].into_iter(),
                category,
            ),
            AgeGroup | Ahead | Arm | Bapas | Breach | CalendarMonth | CohortQuarter
            | CohortYear | Covariate | District | Document | DocumentState | DoseBand
            | EndedMonth | Grouping | Horizon | InAmbon | LitmasKind | MatchStage
            | MonthsSinceRelease | Movement | Need | OffenceGroup | ChangePart | PriorCustody
            | PriorityProgramme | RegisterClass | ReleaseMonth | RevocationGround
            | SentenceBand | ServiceTarget | Sex | Stage | Status | Status6 | SupervisionKind
            | Upt | UptClass | Verdict | WorkState => 0,
        };
        (rank, category.to_owned())
    }

    /// Categories in which only children are counted: the higher threshold of disclosure control holds. A unit is a
    /// children's unit by its kind, a class when all its prisons are.
    pub fn children(self, units: &UptRegistry) -> Vec<Text> {
        use Dimension::*;
        let ours = |class: &str| {
            let mut of_class = units.prisons().filter(|(_, u)| u.class == class);
            of_class.all(|(_, u)| u.kind == UptKind::Lpka)
        };
        let lpka = || units.prisons().filter(|(_, u)| u.kind == UptKind::Lpka);
        match self {
            Status | Status6 => listed(&["child"]),
            AgeGroup => listed(&["under_18"]),
            RegisterClass => listed(&[super::RegisterClass::Child.id()]),
            Document | ServiceTarget => listed(&["kia"]),
            SupervisionKind => super::supervision::SupervisionKind::ALL
                .iter()
                .filter(|k| k.is_of_children())
                .map(|k| Text::const_new(k.id()))
                .collect(),
            LitmasKind => listed(&[super::supervision::LitmasKind::ChildTrial.id()]),
            Upt => lpka().map(|(_, u)| u.id.as_str().into()).collect(),
            UptClass => lpka()
                .filter(|(_, u)| ours(&u.class))
                .map(|(_, u)| u.class.as_str().into())
                .collect(),
            Ahead | Arm | Bapas | Breach | CalendarMonth | CohortQuarter | CohortYear
            | Covariate | District | DocumentState | DoseBand | EndedMonth | ExitCode
            | Grouping | Horizon | InAmbon | LinkKind | MatchStage | MonthsSinceRelease
            | Movement | Need | OffenceGroup | Opd | ChangePart | PriorCustody
            | PriorityProgramme | Programme | ReleaseMonth | RevocationGround | SentenceBand
            | ServiceFamily | ServiceKind | Sex | Source | Stage | Style | Verdict | WorkState => {
                vec![]
            }
        }
    }

    /// The dimension into whose categories those of this one fall.
    pub const fn coarser(self) -> Option<Dimension> {
        use Dimension::*;
        match self {
            Upt => Some(UptClass),
            RegisterClass => Some(Status),
            ServiceKind => Some(ServiceFamily),
            AgeGroup | Ahead | Arm | Bapas | Breach | CalendarMonth | CohortQuarter
            | CohortYear | Covariate | District | Document | DocumentState | DoseBand
            | EndedMonth | ExitCode | Grouping | Horizon | InAmbon | LinkKind | LitmasKind
            | MatchStage | MonthsSinceRelease | Movement | Need | OffenceGroup | Opd
            | ChangePart | PriorCustody | PriorityProgramme | Programme | ReleaseMonth
            | RevocationGround | SentenceBand | ServiceFamily | ServiceTarget | Sex | Source
            | Stage | Status | Status6 | Style | SupervisionKind | UptClass | Verdict
            | WorkState => None,
        }
    }

    /// The category of the coarser dimension that a category falls into.
    pub fn parent(self, category: &str, units: &UptRegistry) -> Option<Text> {
        match self {
            Dimension::Upt if category == "unknown" => Some(category.into()),
            Dimension::Upt => {
                let unit = units.by_id(category)?;
                Some(units.info(unit).class.as_str().into())
            }
            Dimension::RegisterClass => {
                let status = RegisterClass::from_id(category).map_or("other", |c| c.status_id());
                Some(Text::const_new(status))
            }
            Dimension::ServiceKind => {
                let family = ServiceKind::from_id(category)?.family();
                Some(Text::const_new(family.id()))
            }
            _ => None,
        }
    }

    /// Every category a dimension with a coarser one can have, those of open lists too.
    pub fn members(self, units: &UptRegistry) -> Vec<Text> {
        let unknown = [Text::const_new("unknown")];
        match self {
            Dimension::Upt => (units.prisons())
                .map(|(_, u)| Text::from(u.id.as_str()))
                .chain(unknown)
                .collect(),
            Dimension::RegisterClass => (RegisterClass::ALL.iter())
                .map(|c| Text::const_new(c.id()))
                .chain(unknown)
                .collect(),
            Dimension::ServiceKind => (ServiceKind::ALL.iter())
                .map(|c| Text::const_new(c.id()))
                .collect(),
            _ => vec![],
        }
    }

    /// Categories that say little of what is in them: the first to be hidden for the sake of others.
    pub fn is_remainder(category: &str) -> bool {
        matches!(
            category,
            "joined" | "other" | "unknown" | "OTHER" | "LAIN" | "lainnya" | "anak_lainnya" | "none"
        ) || OffenceGroup::from_id(category).is_some_and(|g| g == OffenceGroup::Other)
    }
}
