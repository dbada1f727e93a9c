//! What really happened: arrests, registers, transfers, sentences, releases, guidance, services, returns, deaths.

mod afterwards;
mod custody;
mod kin;

use super::dice::Dice;
use super::names::{self, Names, Origin};
use super::noise::Kinships;
use super::{FaultLevel, NamePool, SampleOptions, national};
use crate::domain::region::{AMBON, DISTRICTS, REGENCIES, VILLAGES};
use crate::domain::service::{OutcomeKind, ServiceKind, ServiceState};
use crate::domain::supervision::{SupervisionEnd, SupervisionKind};
use crate::domain::upt::UptRegistry;
use crate::domain::{ExitCode, Month, OffenceGroup, RegisterClass, Sex, Upt, add_months};
use chrono::{Datelike, Days, NaiveDate};
pub(crate) use kin::{Kinship, Relation};
use rustc_hash::FxHashSet;

/// A row of a prison register.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub upt: Upt,
    pub class: RegisterClass,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub exit: Option<ExitCode>,
    pub to_upt: Option<Upt>,
    pub number: u32,
}

/// A custody episode.
#[derive(Debug, Clone)]
pub(crate) struct Episode {
    pub start: NaiveDate,
    pub end: Option<NaiveDate>,
    pub exit: Option<ExitCode>,
    pub rows: Vec<Row>,
    pub offence: OffenceGroup,
    pub offence_date: NaiveDate,
    pub verdict: Option<NaiveDate>,
    pub sentence: Option<u32>,
    pub expiry: Option<NaiveDate>,
    pub two_thirds: Option<NaiveDate>,
    pub technical: bool,
}

/// Guidance by a Bapas.
#[derive(Debug, Clone)]
pub(crate) struct Guidance {
    pub bapas: Upt,
    pub kind: SupervisionKind,
    pub start: NaiveDate,
    pub planned_end: NaiveDate,
    pub end: Option<NaiveDate>,
    pub end_kind: Option<SupervisionEnd>,
    pub from_upt: Upt,
    pub number: u32,
}

/// A service.
#[derive(Debug, Clone)]
pub(crate) struct Help {
    pub opd: &'static str,
    pub upt: Option<Upt>,
    pub kind: ServiceKind,
    pub referred: Option<NaiveDate>,
    pub start: Option<NaiveDate>,
    pub planned_end: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    pub state: ServiceState,
    pub sessions: Option<(u32, u32)>,
}

/// A person with everything that happened.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub id: u32,
    pub names: Names,
    pub sex: Sex,
    pub birth: NaiveDate,
    pub birth_place: String,
    pub nik: String,
    pub has_nik: bool,
    pub regency: usize,
    pub village: Option<usize>,
    pub episodes: Vec<Episode>,
    pub guidance: Vec<Guidance>,
    pub help: Vec<Help>,
    pub litmas: Vec<(NaiveDate, Option<NaiveDate>, Upt, Upt)>,
    pub outcomes: Vec<(NaiveDate, Option<OutcomeKind>)>,
    pub community_service: Option<(NaiveDate, u32, u32)>,
    pub death: Option<NaiveDate>,
    /// A relative among the people before, whose NIK a clerk may write.
    pub relative: Option<u32>,
}

/// Everybody.
#[derive(Debug)]
pub(crate) struct World {
    pub people: Vec<Person>,
    /// Who is whose twin, son, brother or sister, namesake.
    pub relations: Vec<Relation>,
    pub first: NaiveDate,
    pub seed: u64,
    pub faults: FaultLevel,
    pub last_month: Month,
}

/// Arrests by kabupaten/kota, in the order of `REGENCIES`.
const ARRESTS: [f64; 11] = [
    0.14, 0.04, 0.07, 0.06, 0.04, 0.09, 0.05, 0.02, 0.03, 0.40, 0.06,
];
/// Units of a kabupaten/kota: (unit id, weight).
const UNITS: [&[(&str, f64)]; 11] = [
    &[
        ("rutan-masohi", 0.6),
        ("lapas-wahai", 0.2),
        ("lapas-banda", 0.1),
        ("lapas-saparua", 0.1),
    ],
    &[("lapas-tual", 1.0)],
    &[("lapas-saumlaki", 1.0)],
    &[("lapas-namlea", 1.0)],
    &[("lapas-geser", 0.4), ("rutan-masohi", 0.6)],
    &[("lapas-piru", 1.0)],
    &[("lapas-dobo", 1.0)],
    &[("lapas-wonreli", 0.7), ("lapas-saumlaki", 0.3)],
    &[("lapas-namlea", 1.0)],
    &[("rutan-ambon", 1.0)],
    &[("lapas-tual", 1.0)],
];
/// Regencies guided from Saumlaki.
const SAUMLAKI: [&str; 5] = ["8102", "8103", "8107", "8108", "8172"];

/// Offence, share, shortest and longest sentence in months.
const OFFENCES: &[(OffenceGroup, f64, i64, i64)] = &[
    (OffenceGroup::ChildProtection, 20.0, 48, 144),
    (OffenceGroup::Narcotics, 12.0, 12, 72),
    (OffenceGroup::Corruption, 4.0, 18, 72),
    (OffenceGroup::Assault, 19.0, 4, 30),
    (OffenceGroup::Homicide, 5.0, 72, 180),
    (OffenceGroup::Theft, 18.0, 5, 30),
    (OffenceGroup::Robbery, 4.0, 18, 60),
    (OffenceGroup::Fraud, 6.0, 8, 36),
    (OffenceGroup::Traffic, 3.0, 3, 18),
    (OffenceGroup::DomesticViolence, 4.0, 4, 24),
    (OffenceGroup::Sexual, 4.0, 24, 96),
    (OffenceGroup::Weapons, 2.0, 6, 24),
    (OffenceGroup::Gambling, 2.0, 2, 8),
    (OffenceGroup::SpecialLaws, 3.0, 6, 48),
];

/// Arrests before the history that people may still serve for.
const PAST_DAYS: i64 = 1825;

fn plus(d: NaiveDate, days: i64) -> NaiveDate {
    d.checked_add_days(Days::new(days.max(0) as u64))
        .unwrap_or(d)
}
fn minus(d: NaiveDate, days: i64) -> NaiveDate {
    d.checked_sub_days(Days::new(days.max(0) as u64))
        .unwrap_or(d)
}

struct Sim<'a> {
    units: &'a UptRegistry,
    end: NaiveDate,
    numbers: Vec<u32>,
    pool: NamePool,
    kinships: Kinships,
    relations: Vec<Relation>,
    /// NIK given out from the national pool: nobody shares one, as nobody does in the register.
    given: FxHashSet<String>,
}

impl World {
    /// Simulates all people; each has dice of its own and relatives among those before, so more people
    /// leave the first ones as they are.
    pub fn simulate(options: &SampleOptions, units: &UptRegistry) -> World {
        let end = options.last_month.last_day();
        let first = options
            .last_month
            .plus(1 - options.months as i32)
            .first_day();
        let mut sim = Sim {
            units,
            end,
            numbers: vec![0; units.all().count()],
            pool: options.names,
            kinships: Kinships::of(options.faults),
            relations: vec![],
            given: FxHashSet::default(),
        };
        // Arrests begin years before the history does, so that prisons are full when it starts.
        let span = (end - first).num_days() + PAST_DAYS;
        let mut people: Vec<Person> = Vec::with_capacity(options.persons as usize);
        for id in 0..options.persons {
            let from = minus(first, PAST_DAYS);
            let person = sim.person(id, options.seed, from, span, &people);
            people.push(person);
        }
        World {
            people,
            relations: sim.relations,
            first,
            seed: options.seed,
            faults: options.faults,
            last_month: options.last_month,
        }
    }

    pub fn inside_at_end(&self) -> u64 {
        self.people
            .iter()
            .flat_map(|p| &p.episodes)
            .filter(|e| e.end.is_none())
            .count() as u64
    }
}

impl Sim<'_> {
    fn unit(&self, id: &str) -> Upt {
        self.units.by_id(id).unwrap_or(Upt(0))
    }

    fn number(&mut self, upt: Upt) -> u32 {
        let n = &mut self.numbers[upt.0 as usize];
        *n += 1;
        *n
    }

    fn person(
        &mut self,
        id: u32,
        seed: u64,
        from: NaiveDate,
        span: i64,
        before: &[Person],
    ) -> Person {
        let mut d = Dice::new(&[seed, u64::from(id)]);
        let d = &mut d;
        let mut regency = d.weighted(ARRESTS.iter().copied());
        let child = d.chance(0.022);
        let mut sex = if !child && d.chance(0.045) {
            Sex::Female
        } else {
            Sex::Male
        };
        let code = REGENCIES[regency].0;
        let origins: &[(Origin, f64)] = match code {
            AMBON => &[
                (Origin::MoluccanChristian, 0.4),
                (Origin::MoluccanMuslim, 0.25),
                (Origin::Butonese, 0.2),
                (Origin::Javanese, 0.08),
                (Origin::Bugis, 0.04),
                (Origin::SouthEast, 0.03),
            ],
            "8102" | "8103" | "8107" | "8108" | "8172" => &[
                (Origin::SouthEast, 0.85),
                (Origin::Javanese, 0.05),
                (Origin::Bugis, 0.1),
            ],
            _ => &[
                (Origin::MoluccanMuslim, 0.5),
                (Origin::MoluccanChristian, 0.25),
                (Origin::Butonese, 0.2),
                (Origin::Javanese, 0.05),
            ],
        };
        let origin = origins[d.weighted(origins.iter().map(|(_, w)| *w))].0;
        let mut names = match self.pool {
            NamePool::Maluku => names::draw(d, origin, sex),
            NamePool::National => national::draw(d, sex),
        };
        let arrest = plus(from, d.between(0, span));
        let age_days = if child {
            d.between(14 * 365 + 40, 17 * 365 + 300)
        } else {
            (18.2 * 365.0 + 42.0 * 365.0 * d.unit() * d.unit()) as i64
        };
        let mut birth = minus(arrest, age_days);
        let mut village = (code == AMBON).then(|| d.below(VILLAGES.len()));
        let mut serial = 1 + d.below(9000);
        let mut region = village.map_or_else(
            || format!("{code}{:02}", 1 + d.below(9)),
            |v| VILLAGES[v].0[..6].to_owned(),
        );
        let relation = self.relation(seed, id, sex, arrest, before);
        let related = relation.map(|r| (r, &before[r.other as usize]));
        if let Some((relation, other)) = related {
            let mut dice = Dice::new(&[seed, u64::from(id), 0x6B]);
            names = relation.names(&mut dice, names, &other.names);
            if relation.kind != Kinship::Namesake {
                (sex, regency, village) = (relation.sex(sex, other), other.regency, other.village);
                birth = relation.birth(&mut dice, other.birth);
                region = other.nik[..6].to_owned();
            }
            if relation.kind == Kinship::Twin {
                serial = other.nik[12..].parse::<usize>().unwrap_or(serial) % 9999 + 1;
            }
            self.relations.push(relation);
        }
        let day = birth.day() + if sex == Sex::Female { 40 } else { 0 };
        let number = |serial: usize| {
            let (month, year) = (birth.month(), birth.year() % 100);
            format!("{region}{day:02}{month:02}{year:02}{serial:04}")
        };
        let mut nik = number(serial);
        while self.pool == NamePool::National && !self.given.insert(nik.clone()) {
            serial = serial % 9999 + 1;
            nik = number(serial);
        }
        let mut p = Person {
            id,
            names,
            sex,
            birth,
            birth_place: if d.chance(0.7) {
                REGENCIES[regency].2.trim_start_matches("Kota ").to_owned()
            } else {
                "Ambon".into()
            },
            nik,
            has_nik: !d.chance(if child { 0.4 } else { 0.08 }),
            regency,
            village,
            episodes: vec![],
            guidance: vec![],
            help: vec![],
            litmas: vec![],
            outcomes: vec![],
            community_service: None,
            death: None,
            relative: related
                .filter(|(r, _)| r.kind != Kinship::Namesake)
                .map(|(_, other)| other.id),
        };
        // A few are sentenced to community service instead (since January 2026).
        if d.chance(0.004) {
            p.community_service = Some((
                plus(
                    NaiveDate::from_ymd_opt(2026, 1, 5).unwrap_or(arrest),
                    d.between(0, 20),
                ),
                40 + 8 * d.below(20) as u32,
                8 * d.below(6) as u32,
            ));
        }
        let mut next = Some((arrest, minus(arrest, d.between(1, 25)), None));
        while let Some((start, offence_date, offence)) = next
            .take()
            .filter(|(s, ..)| *s <= self.end && p.episodes.len() < 6)
        {
            let e = self.episode(d, &p, start, offence_date, offence, false);
            next = self.afterwards(d, &mut p, e);
        }
        p
    }
}

impl Person {
    /// Address as the person would say it.
    pub fn address(&self) -> String {
        match self.village {
            Some(v) => {
                let (code, name) = VILLAGES[v];
                let kind = if &code[6..7] == "1" { "Kel." } else { "Negeri" };
                format!(
                    "{kind} {name}, Kec. {}, Kota Ambon",
                    self.district().unwrap_or_default()
                )
            }
            None => format!(
                "Desa {}, {}",
                ["Hila", "Waru", "Lama", "Baru", "Pesisir"][self.id as usize % 5],
                self.regency_name()
            ),
        }
    }
    /// Kecamatan of Ambon.
    pub fn district(&self) -> Option<&'static str> {
        self.village
            .and_then(|v| {
                DISTRICTS
                    .iter()
                    .find(|(c, ..)| VILLAGES[v].0.starts_with(c))
            })
            .map(|(_, _, n)| *n)
    }
    /// Kabupaten/kota.
    pub fn regency_name(&self) -> String {
        let name = REGENCIES[self.regency].2;
        if name.starts_with("Kota") {
            name.to_owned()
        } else {
            format!("Kab. {name}")
        }
    }
}
