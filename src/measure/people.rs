//! Shared views of the histories: categories of people and episodes, releases, services by person.

use super::Input;
use super::comparison::{self, Study};
use super::facts::Facts;
use super::outlook::{self, Outlook};
use super::returns;
use super::trails::Trails;
use crate::domain::Dimension as D;
use crate::domain::date::age_on;
use crate::domain::history::*;
use crate::domain::region::InAmbon;
use crate::domain::service::ServiceFamily;
use crate::domain::{Month, OffenceGroup, Text};
use crate::history::{Release, releases};
use chrono::NaiveDate;
use std::sync::OnceLock;

/// The input with what several measures need of it.
#[derive(Debug)]
pub struct Context<'a> {
    /// The input.
    pub input: Input<'a>,
    /// Index releases.
    pub releases: Vec<Release>,
    /// Last day of the month.
    pub as_of: NaiveDate,
    /// Cut-off date.
    pub cutoff: NaiveDate,
    /// Somebody asks what the figures rest on.
    pub trace: bool,
    /// Programmes compared, for everyone and for residents of Kota Ambon: several measures read them.
    studies: [OnceLock<Vec<(ServiceFamily, Study)>>; 2],
    /// The same for participation after release, from the landmark on.
    landmarks: [OnceLock<Vec<(ServiceFamily, Study)>>; 2],
    /// What is to come, for everyone and for residents of Kota Ambon.
    outlooks: [OnceLock<Option<Outlook>>; 2],
    /// What decides about cohorts.
    trails: OnceLock<Trails>,
    /// What curves are drawn from.
    followed: OnceLock<Facts<'a>>,
    /// What most measures of a month are about: few of all.
    lately_inside: OnceLock<Vec<(u32, &'a Episode)>>,
    lately_served: OnceLock<Vec<&'a Service>>,
    episodes: Spans,
    supervision: Spans,
    services: Spans,
    litmas: Spans,
    outcomes: Spans,
}

/// Where each person's items lie in a list that is sorted by person.
#[derive(Debug, Default)]
struct Spans {
    /// By person: the first item of theirs or, without any, of those after them.
    first: Vec<u32>,
}

impl Spans {
    fn of(persons: usize, owners: impl Iterator<Item = Option<PersonId>>) -> Spans {
        let mut first = Vec::with_capacity(persons + 1);
        let mut n = 0u32;
        for owner in owners {
            if let Some(p) = owner {
                while first.len() <= p.0 as usize {
                    first.push(n);
                }
            }
            n += 1;
        }
        first.resize(persons + 1, n);
        Spans { first }
    }

    fn slice<'t, T>(&self, of: PersonId, all: &'t [T]) -> &'t [T] {
        let p = of.0 as usize;
        &all[self.first[p] as usize..self.first[p + 1] as usize]
    }
}

impl<'a> Context<'a> {
    /// Prepares the shared views.
    pub fn new(input: &Input<'a>) -> Context<'a> {
        let as_of = input.month.last_day();
        let h = input.histories;
        let n = h.persons.len();
        Context {
            input: *input,
            releases: releases(h, &input.settings.definitions),
            as_of,
            cutoff: h.coverage.cutoff.unwrap_or(as_of),
            trace: false,
            studies: Default::default(),
            landmarks: Default::default(),
            outlooks: Default::default(),
            trails: OnceLock::new(),
            followed: OnceLock::new(),
            lately_inside: OnceLock::new(),
            lately_served: OnceLock::new(),
            episodes: Spans::of(n, h.episodes.iter().map(|x| Some(x.person))),
            supervision: Spans::of(n, h.supervision.iter().map(|x| Some(x.person))),
            services: Spans::of(n, h.services.iter().map(|x| x.person)),
            litmas: Spans::of(n, h.litmas.iter().map(|x| Some(x.person))),
            outcomes: Spans::of(n, h.outcomes.iter().map(|x| Some(x.person))),
        }
    }

    /// The same; with `trace` fact tables keep what every row rests on.
    pub fn of(input: &Input<'a>, trace: bool) -> Context<'a> {
        Context {
            trace,
            ..Context::new(input)
        }
    }

    /// The same without what rows rest on.
    pub fn untraced(self) -> Context<'a> {
        Context {
            trace: false,
            ..self
        }
    }

    /// An empty fact table of this context.
    pub fn facts(&self, definition: &str, window: Option<u16>, dims: &[D]) -> Facts<'a> {
        Facts::new(definition, window, dims).traced(self.trace)
    }

    /// First day of the period of so many months that ends with the report's.
    pub fn first_day(&self, months: u16) -> NaiveDate {
        self.month().plus(1 - i32::from(months)).first_day()
    }

    /// Whether a day lies in the period of so many months that ends with the report's.
    pub fn within(&self, day: NaiveDate, months: u16) -> bool {
        day >= self.first_day(months) && day <= self.as_of
    }

    /// The comparison of every family of services.
    pub fn studies(&self, ambon: bool) -> &[(ServiceFamily, Study)] {
        self.studies[usize::from(ambon)].get_or_init(|| comparison::studies(self, ambon))
    }

    /// What is to come; `None` where the records are too short to learn from.
    pub fn outlook(&self, ambon: bool) -> Option<&Outlook> {
        (self.outlooks[usize::from(ambon)].get_or_init(|| outlook::outlook(self, ambon))).as_ref()
    }

    /// The comparison of every family from the landmark on.
    pub fn landmarks(&self, ambon: bool) -> &[(ServiceFamily, Study)] {
        self.landmarks[usize::from(ambon)].get_or_init(|| comparison::landmarks(self, ambon))
    }

    /// What decides about the cohorts of every release.
    pub fn trails(&self) -> &Trails {
        self.trails.get_or_init(|| Trails::of(self))
    }

    /// What curves of return are drawn from.
    pub fn followed(&self) -> &Facts<'a> {
        self.followed.get_or_init(|| returns::followed_since(self))
    }

    /// Histories.
    pub fn h(&self) -> &'a Histories {
        self.input.histories
    }

    /// The month.
    pub fn month(&self) -> Month {
        self.input.month
    }

    /// Domisili Kota Ambon.
    pub fn ambon(&self, p: PersonId) -> bool {
        self.h().person(p).in_ambon == Some(InAmbon::Yes)
    }

    /// Sex category.
    pub fn sex(&self, p: PersonId) -> Text {
        Text::const_new(self.h().person(p).sex.map_or("unknown", |s| s.id()))
    }

    /// Kecamatan category.
    pub fn district(&self, p: PersonId) -> Text {
        Text::const_new(self.h().person(p).district.map_or("unknown", |d| d.id()))
    }

    /// Residence category.
    pub fn in_ambon(&self, p: PersonId) -> Text {
        Text::const_new(self.h().person(p).in_ambon.map_or("unknown", |a| a.id()))
    }

    /// Age group on a day.
    pub fn age_group(&self, p: PersonId, on: NaiveDate) -> Text {
        let group = match self.h().person(p).birth.map(|b| age_on(b, on)) {
            None => "unknown",
            Some(0..=17) => "under_18",
            Some(18..=24) => "18_24",
            Some(25..=34) => "25_34",
            Some(35..=44) => "35_44",
            Some(45..=59) => "45_59",
            Some(_) => "60_plus",
        };
        Text::const_new(group)
    }

    /// Unit category.
    pub fn upt(&self, u: Option<crate::domain::Upt>) -> Text {
        u.map_or(Text::const_new("unknown"), |u| {
            Text::from(self.input.units.info(u).id.as_str())
        })
    }

    /// Sentence band of an episode.
    pub fn sentence_band(&self, e: &Episode) -> Text {
        use crate::domain::RegisterClass::{Death, Life};
        let lifelong = e.classes.iter().any(|c| matches!(c.class, Life | Death));
        let band = match e.sentence_days {
            _ if lifelong => "life_death",
            None => "unknown",
            Some(0..=92) => "le_3m",
            Some(93..=365) => "3_12m",
            Some(366..=1095) => "1_3y",
            Some(1096..=1825) => "3_5y",
            Some(1826..=3650) => "5_10y",
            Some(_) => "gt_10y",
        };
        Text::const_new(band)
    }

    /// 0, 1, 2_plus earlier episodes.
    pub fn prior(n: u32) -> Text {
        Text::const_new(match n {
            0 => "0",
            1 => "1",
            _ => "2_plus",
        })
    }

    /// Services of a person.
    pub fn services_of(&self, p: PersonId) -> &'a [Service] {
        self.services.slice(p, &self.h().services)
    }

    /// Spells of guidance of a person, by start.
    pub fn spells_of(&self, p: PersonId) -> &'a [SupervisionSpell] {
        self.supervision.slice(p, &self.h().supervision)
    }

    /// Offence group of the case a person is held or guided for on a day: that of the last stay begun by then.
    pub fn offence(&self, p: PersonId, on: NaiveDate) -> OffenceGroup {
        let begun = self.episodes_of(p).iter().rfind(|e| e.start <= on);
        let guided = || self.spells_of(p).iter().rfind(|s| s.start <= on);
        begun
            .map(|e| e.offence)
            .or_else(|| guided().map(|s| s.offence))
            .unwrap_or(OffenceGroup::Unknown)
    }

    /// Sex, kecamatan, age group and offence group of a person on a day: the last dimensions of what is done for people.
    pub fn who(&self, p: PersonId, on: NaiveDate) -> [Text; 4] {
        [
            self.sex(p),
            self.district(p),
            self.age_group(p, on),
            Text::const_new(self.offence(p, on).id()),
        ]
    }

    /// Litmas of a person.
    pub fn litmas_of(&self, p: PersonId) -> &'a [LitmasItem] {
        self.litmas.slice(p, &self.h().litmas)
    }

    /// Outcomes of a person, by day.
    pub fn outcomes_of(&self, p: PersonId) -> &'a [OutcomeItem] {
        self.outcomes.slice(p, &self.h().outcomes)
    }

    /// Episodes of a person, in order.
    pub fn episodes_of(&self, p: PersonId) -> &'a [Episode] {
        self.episodes.slice(p, &self.h().episodes)
    }

    /// The episode a release ended.
    pub fn episode(&self, r: &Release) -> &'a Episode {
        &self.h().episodes[r.episode]
    }

    /// Episodes that reach into the last 12 months, with the number of earlier ones of the person.
    pub fn lately_inside(&self) -> &[(u32, &'a Episode)] {
        self.lately_inside.get_or_init(|| {
            let from = self.first_day(12);
            let reaches = |to: Option<NaiveDate>| to.is_none_or(|d| d >= from);
            let all = self.episodes();
            all.filter(|(_, e)| reaches(e.end) || e.stays.iter().any(|s| reaches(s.to)))
                .collect()
        })
    }

    /// Services of which any day lies in the last 12 months.
    pub fn lately_served(&self) -> &[&'a Service] {
        self.lately_served.get_or_init(|| {
            let within = |d: NaiveDate| self.within(d, 12);
            let days = |s: &Service| [s.referred, s.enrolled, s.start, s.issued, s.end];
            let all = self.h().services.iter();
            all.filter(|s| days(s).into_iter().flatten().any(within))
                .collect()
        })
    }

    /// Episodes with the number of earlier ones of the person.
    fn episodes(&self) -> impl Iterator<Item = (u32, &'a Episode)> {
        self.h()
            .episodes
            .chunk_by(|a, b| a.person == b.person)
            .flat_map(|g| g.iter().enumerate().map(|(i, e)| (i as u32, e)))
    }
}

/// The category of a month.
pub fn month_cat(m: Month) -> Text {
    Text::from(m.to_string())
}
