//! What really happened: arrests, registers, transfers, sentences, releases, guidance, services, returns, deaths.

use super::dice::Dice;
use super::names::{self, Names, Origin};
use super::{NamePool, SampleOptions, national};
use crate::domain::region::{AMBON, DISTRICTS, REGENCIES, VILLAGES};
use crate::domain::service::{OutcomeKind, ServiceKind, ServiceState};
use crate::domain::supervision::{SupervisionEnd, SupervisionKind};
use crate::domain::upt::UptRegistry;
use crate::domain::{ExitCode, Month, OffenceGroup, RegisterClass, Sex, Upt, add_months};
use chrono::{Datelike, Days, NaiveDate};
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
}

/// Everybody.
#[derive(Debug)]
pub(crate) struct World {
    pub people: Vec<Person>,
    pub first: NaiveDate,
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
    /// NIK given out from the national pool: nobody shares one, as nobody does in the register.
    given: FxHashSet<String>,
}

impl World {
    /// Simulates all people; each has dice of its own, so more people leave the first ones as they are.
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
            given: FxHashSet::default(),
        };
        // Arrests begin years before the history does, so that prisons are full when it starts.
        let span = (end - first).num_days() + PAST_DAYS;
        let people = (0..options.persons)
            .map(|id| sim.person(id, options.seed, minus(first, PAST_DAYS), span))
            .collect();
        World {
            people,
            first,
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

    fn person(&mut self, id: u32, seed: u64, from: NaiveDate, span: i64) -> Person {
        let mut d = Dice::new(&[seed, u64::from(id)]);
        let d = &mut d;
        let regency = d.weighted(ARRESTS.iter().copied());
        let child = d.chance(0.022);
        let sex = if !child && d.chance(0.045) {
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
        let names = match self.pool {
            NamePool::Maluku => names::draw(d, origin, sex),
            NamePool::National => national::draw(d, sex),
        };
        let arrest = plus(from, d.between(0, span));
        let age_days = if child {
            d.between(14 * 365 + 40, 17 * 365 + 300)
        } else {
            (18.2 * 365.0 + 42.0 * 365.0 * d.unit() * d.unit()) as i64
        };
        let birth = minus(arrest, age_days);
        let village = (code == AMBON).then(|| d.below(VILLAGES.len()));
        let mut serial = 1 + d.below(9000);
        let day = birth.day() + if sex == Sex::Female { 40 } else { 0 };
        let region = village.map_or_else(
            || format!("{code}{:02}", 1 + d.below(9)),
            |v| VILLAGES[v].0[..6].to_owned(),
        );
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

    fn episode(
        &mut self,
        d: &mut Dice,
        p: &Person,
        start: NaiveDate,
        offence_date: NaiveDate,
        old: Option<OffenceGroup>,
        technical: bool,
    ) -> Episode {
        let minor = (start - p.birth).num_days() < 18 * 365;
        let local = UNITS[p.regency];
        let remand = match (p.sex, minor) {
            (_, true) => self.unit("lpka-ambon"),
            (Sex::Female, _) if REGENCIES[p.regency].0 == AMBON => self.unit("lpp-ambon"),
            _ => self.unit(local[d.weighted(local.iter().map(|(_, w)| *w))].0),
        };
        let k = d.weighted(OFFENCES.iter().map(|o| o.1));
        let (offence, _, low, high) = old
            .and_then(|o| OFFENCES.iter().find(|x| x.0 == o))
            .copied()
            .unwrap_or(OFFENCES[k]);
        let months = (low as f64 + (high - low) as f64 * d.unit() * d.unit()) as i64;
        let months = if minor {
            (months / 2).clamp(3, 60)
        } else {
            months.max(1)
        };
        let mut e = Episode {
            start,
            end: None,
            exit: None,
            rows: vec![],
            offence,
            offence_date,
            verdict: None,
            sentence: None,
            expiry: None,
            two_thirds: None,
            technical,
        };
        let first = if minor {
            RegisterClass::AIII
        } else {
            d.pick(&[
                RegisterClass::AI,
                RegisterClass::AII,
                RegisterClass::AIII,
                RegisterClass::AIII,
            ])
        };
        let number = self.number(remand);
        if technical {
            // Back to serve the rest of the sentence: straight into a sentence register.
            let serve = if minor {
                remand
            } else {
                self.serving(d, p, remand, months)
            };
            let left = d.between(60, 400);
            (e.sentence, e.expiry) = (Some((months * 30) as u32), Some(plus(start, left)));
            e.rows.push(Row {
                upt: serve,
                class: RegisterClass::BI,
                from: start,
                to: None,
                exit: None,
                to_upt: None,
                number,
            });
            self.leave(&mut e, plus(start, left), ExitCode::Bm);
            return e;
        }
        e.rows.push(Row {
            upt: remand,
            class: first,
            from: start,
            to: None,
            exit: None,
            to_upt: None,
            number,
        });
        let mut at = start;
        if first != RegisterClass::AIII && d.chance(0.6) {
            at = plus(at, d.between(15, 45));
            let n = self.number(remand);
            e.rows.push(Row {
                upt: remand,
                class: RegisterClass::AIII,
                from: at,
                to: None,
                exit: None,
                to_upt: None,
                number: n,
            });
        }
        if d.chance(0.03) {
            let exit = d.pick(&[ExitCode::Bdh, ExitCode::Pts]);
            self.leave(&mut e, plus(at, d.between(20, 90)), exit);
            return e;
        }
        let verdict = plus(at, d.between(40, 140));
        e.verdict = Some(verdict);
        e.sentence = Some((months / 12 * 365 + months % 12 * 30) as u32);
        let expiry = plus(add_months(start, months as u32), 0).max(plus(verdict, 1));
        e.expiry = Some(expiry);
        e.two_thirds = Some(plus(start, (expiry - start).num_days() * 2 / 3));
        let class = match () {
            () if minor => RegisterClass::Child,
            () if months > 12 => RegisterClass::BI,
            () if months > 3 => RegisterClass::BIIA,
            () => RegisterClass::BIIB,
        };
        let serve = if minor {
            remand
        } else {
            self.serving(d, p, remand, months)
        };
        let begin = plus(verdict, d.between(1, 9));
        if serve != remand
            && let Some(r) = e.rows.last_mut()
        {
            (r.to, r.exit, r.to_upt) = (Some(begin), Some(ExitCode::Pdh), Some(serve));
        }
        let arrive = if serve == remand {
            begin
        } else {
            plus(begin, d.between(0, 4))
        };
        let n = self.number(serve);
        e.rows.push(Row {
            upt: serve,
            class,
            from: arrive,
            to: None,
            exit: None,
            to_upt: None,
            number: n,
        });
        if d.chance(0.004) {
            let gone = plus(arrive, d.between(30, 400));
            let back = plus(gone, d.between(15, 200));
            if back < expiry {
                if let Some(r) = e.rows.last_mut() {
                    (r.to, r.exit) = (Some(gone), Some(ExitCode::Lri));
                }
                let n = self.number(serve);
                e.rows.push(Row {
                    upt: serve,
                    class,
                    from: back,
                    to: None,
                    exit: None,
                    to_upt: None,
                    number: n,
                });
            }
        }
        if d.chance(0.006) {
            self.leave(&mut e, plus(arrive, d.between(30, 500)), ExitCode::Mgl);
            return e;
        }
        let last = e.rows.last().map_or(arrive, |r| r.from);
        let early = e.two_thirds.unwrap_or(expiry).max(plus(last, 20));
        let (on, exit) = match () {
            () if months > 14 && d.chance(0.55) => (plus(early, d.between(0, 60)), ExitCode::Pb),
            () if (6..=18).contains(&months) && d.chance(0.4) => {
                (plus(early, d.between(0, 30)), ExitCode::Cb)
            }
            () if months > 14 && d.chance(0.12) => {
                (minus(expiry, d.between(30, 150)).max(early), ExitCode::Cmb)
            }
            () => self.at_expiry(d, expiry.max(plus(last, 5)), last, minor),
        };
        // Home assimilation during the pandemic: out at home first, then parole of the same episode.
        let pandemic = (2020..=2022).contains(&on.year()) && exit == ExitCode::Pb && d.chance(0.4);
        if pandemic && minus(on, 120) > last {
            self.leave(&mut e, minus(on, 120), ExitCode::Asr);
            return e;
        }
        self.leave(&mut e, on, exit);
        if exit == ExitCode::Bm
            && matches!(offence, OffenceGroup::Narcotics | OffenceGroup::Corruption)
            && d.chance(0.3)
            && on < self.end
        {
            // Kurungan pengganti denda follows at once.
            if let Some(r) = e.rows.last_mut() {
                (r.to, r.exit) = (None, None);
            }
            let n = self.number(serve);
            e.rows.push(Row {
                upt: serve,
                class: RegisterClass::BIII,
                from: on,
                to: None,
                exit: None,
                to_upt: None,
                number: n,
            });
            (e.end, e.exit) = (None, None);
            self.leave(&mut e, plus(on, d.between(30, 90)), ExitCode::Bm);
        }
        e
    }

    /// Where a sentence is served.
    fn serving(&self, d: &mut Dice, p: &Person, remand: Upt, months: i64) -> Upt {
        match p.sex {
            Sex::Female => self.unit("lpp-ambon"),
            Sex::Male if REGENCIES[p.regency].0 == AMBON || (months > 60 && d.chance(0.3)) => {
                self.unit("lapas-ambon")
            }
            Sex::Male => remand,
        }
    }

    fn at_expiry(
        &self,
        d: &mut Dice,
        expiry: NaiveDate,
        last: NaiveDate,
        minor: bool,
    ) -> (NaiveDate, ExitCode) {
        let august = NaiveDate::from_ymd_opt(expiry.year(), 8, 17).unwrap_or(expiry);
        let december = NaiveDate::from_ymd_opt(expiry.year(), 12, 25).unwrap_or(expiry);
        let near = |day: NaiveDate| (0..60).contains(&(expiry - day).num_days()) && day > last;
        if near(august) && d.chance(0.7) {
            return (august, if minor { ExitCode::Pmp2 } else { ExitCode::Ru2 });
        }
        if near(december) && d.chance(0.5) {
            return (december, ExitCode::Rk2);
        }
        (
            minus(expiry, d.between(0, 20)).max(plus(last, 1)),
            ExitCode::Bm,
        )
    }

    /// Ends an episode unless that lies after the end of the sample.
    fn leave(&self, e: &mut Episode, on: NaiveDate, exit: ExitCode) {
        if on <= self.end {
            (e.end, e.exit) = (Some(on), Some(exit));
            if let Some(r) = e.rows.last_mut() {
                (r.to, r.exit) = (Some(on.max(r.from)), Some(exit));
            }
        }
        // Rows that would open after the end are not written yet.
        e.rows.retain(|r| r.from <= self.end);
    }

    /// Guidance, services, return; the next arrest if there is one.
    fn afterwards(
        &mut self,
        d: &mut Dice,
        p: &mut Person,
        mut e: Episode,
    ) -> Option<(NaiveDate, NaiveDate, Option<OffenceGroup>)> {
        e.rows.retain(|r| r.from <= self.end);
        for r in &mut e.rows {
            if r.to.is_some_and(|t| t > self.end) {
                (r.to, r.exit, r.to_upt) = (None, None, None);
            }
        }
        let index = p.episodes.len();
        let (end, exit) = (e.end, e.exit);
        let expiry = e.expiry.unwrap_or(self.end);
        let upt = e.rows.last().map_or(Upt(0), |r| r.upt);
        let start = e.start;
        let sentenced = e.sentence.is_some();
        p.episodes.push(e);
        if sentenced {
            self.help(d, p, start, end, upt);
        }
        let bapas = self.unit(if SAUMLAKI.contains(&REGENCIES[p.regency].0) {
            "bapas-saumlaki"
        } else {
            "bapas-ambon"
        });
        let leaving = end.or_else(|| {
            p.episodes[index]
                .two_thirds
                .filter(|x| *x > self.end && *x < plus(self.end, 150))
        });
        if sentenced
            && let Some(x) =
                leaving.filter(|_| exit.is_none_or(ExitCode::is_conditional) && d.chance(0.9))
        {
            let asked = minus(x, d.between(70, 140)).max(start);
            let done = plus(asked, d.between(10, 50));
            if asked <= self.end {
                p.litmas.push((
                    asked,
                    (done <= self.end && done <= x).then_some(done),
                    bapas,
                    upt,
                ));
            }
        }
        let (t0, exit) = (end?, exit?);
        if exit == ExitCode::Mgl {
            p.death = Some(t0);
            return None;
        }
        if exit == ExitCode::Dep {
            return None;
        }
        // When, if ever, this person is arrested again: more likely soon, and with a history.
        let yearly = 0.13 + 0.07 * index as f64;
        let waits = d.waiting_days(yearly);
        // Home assimilation ends in parole of the same episode: freedom begins with that.
        let free = if exit == ExitCode::Asr {
            plus(t0, 120)
        } else {
            t0
        };
        let again = plus(free, waits.min(30_000));
        let dies = plus(t0, d.waiting_days(0.008).min(30_000));
        let kind = match exit {
            ExitCode::Pb => Some(SupervisionKind::Pb),
            ExitCode::Cb => Some(SupervisionKind::Cb),
            ExitCode::Cmb => Some(SupervisionKind::Cmb),
            ExitCode::Asr => Some(SupervisionKind::Assimilation),
            _ => None,
        };
        let mut technical = None;
        if let Some(kind) = kind {
            let number = self.number(bapas);
            let from = if kind == SupervisionKind::Assimilation {
                plus(t0, 0)
            } else {
                t0
            };
            if kind == SupervisionKind::Assimilation {
                let parole = plus(t0, 120);
                p.guidance.push(Guidance {
                    bapas,
                    kind,
                    start: from,
                    planned_end: parole,
                    end: (parole <= self.end).then_some(parole),
                    end_kind: (parole <= self.end).then_some(SupervisionEnd::Completed),
                    from_upt: upt,
                    number,
                });
                if let Some(e) = p.episodes.last_mut().filter(|_| parole <= self.end) {
                    (e.end, e.exit) = (Some(parole), Some(ExitCode::Pb));
                }
            }
            let start = if kind == SupervisionKind::Assimilation {
                plus(t0, 120)
            } else {
                t0
            };
            let kind = if kind == SupervisionKind::Assimilation {
                SupervisionKind::Pb
            } else {
                kind
            };
            let planned = if kind == SupervisionKind::Pb {
                add_months(expiry, 12)
            } else {
                expiry.max(plus(start, 30))
            };
            if start <= self.end {
                let number = self.number(bapas);
                let mut g = Guidance {
                    bapas,
                    kind,
                    start,
                    planned_end: planned,
                    end: None,
                    end_kind: None,
                    from_upt: upt,
                    number,
                };
                let revoked = plus(start, d.between(40, 500));
                let (end, end_kind) = match () {
                    () if again < planned => (
                        plus(again, d.between(3, 25)),
                        SupervisionEnd::RevokedOffence,
                    ),
                    () if dies < planned => (dies, SupervisionEnd::Died),
                    () if d.chance(0.05) && revoked < planned => {
                        technical = Some(plus(revoked, d.between(0, 12)));
                        (revoked, SupervisionEnd::RevokedTechnical)
                    }
                    () if d.chance(0.02) => (
                        minus(planned, d.between(10, 60)).max(plus(start, 1)),
                        SupervisionEnd::Delegated,
                    ),
                    () => (planned, SupervisionEnd::Completed),
                };
                if end <= self.end {
                    (g.end, g.end_kind) = (Some(end), Some(end_kind));
                }
                p.guidance.push(g);
            }
        }
        self.follow_up(d, p, t0);
        if let Some(back) = technical.filter(|b| *b <= self.end) {
            let (offence, old) = (p.episodes[index].offence, p.episodes[index].offence_date);
            let e = self.episode(d, p, back, old, Some(offence), true);
            return self.afterwards(d, p, e);
        }
        if dies < again {
            if dies <= self.end {
                p.death = Some(dies);
            }
            return None;
        }
        // Now and then the next arrest is for an old case.
        let pseudo = d.chance(0.05);
        let offence_date = if pseudo {
            minus(p.episodes[index].start, d.between(20, 400))
        } else {
            minus(again, d.between(1, 20)).max(plus(t0, 1))
        };
        (again > t0).then_some((again.max(plus(t0, 2)), offence_date, None))
    }

    /// Services inside, before release.
    fn help(
        &mut self,
        d: &mut Dice,
        p: &mut Person,
        start: NaiveDate,
        end: Option<NaiveDate>,
        upt: Upt,
    ) {
        let horizon = end.unwrap_or(self.end);
        let ambon = REGENCIES[p.regency].0 == AMBON;
        let minor = (start - p.birth).num_days() < 18 * 365;
        let mut add = |d: &mut Dice, opd: &'static str, kind: ServiceKind, lead: i64, days: i64| {
            let asked = minus(horizon, lead).max(plus(start, 5));
            let begin = plus(asked, d.between(5, 60));
            let until = plus(begin, days);
            if asked > horizon || asked > self.end {
                return;
            }
            let started = begin < horizon && begin <= self.end;
            let over = until <= self.end && started;
            let state = match () {
                () if !started => ServiceState::Referred,
                () if !over => ServiceState::Started,
                () if until > horizon => ServiceState::Moved,
                () if d.chance(0.13) => ServiceState::DroppedOut,
                () => ServiceState::Completed,
            };
            let planned = (days / 4).clamp(1, 24) as u32;
            let sessions = started.then(|| {
                (
                    planned,
                    (f64::from(planned) * (0.6 + 0.4 * d.unit())) as u32,
                )
            });
            p.help.push(Help {
                opd,
                upt: Some(upt),
                kind,
                referred: Some(asked),
                start: started.then_some(begin),
                planned_end: (days > 1).then_some(until),
                end: (over || state == ServiceState::Moved).then_some(until.min(horizon)),
                state,
                sessions: sessions.filter(|_| days > 1),
            });
        };
        if d.chance(0.35) {
            let lead = d.between(90, 300);
            add(d, "upt", ServiceKind::Kmd, lead, 60);
        }
        if minor {
            add(
                d,
                "disdik",
                d.clone().pick(&[ServiceKind::PktB, ServiceKind::PktC]),
                200,
                150,
            );
        }
        let reach = if ambon { 0.62 } else { 0.16 };
        if !p.has_nik && d.chance(0.6) || d.chance(reach * 0.3) {
            let lead = d.between(20, 160);
            add(
                d,
                "disdukcapil",
                if p.has_nik {
                    ServiceKind::KtpCtk
                } else {
                    ServiceKind::KtpRek
                },
                lead,
                1,
            );
        }
        for (opd, kind, share) in [
            ("disnakertrans", ServiceKind::PltKer, 0.28),
            ("disperindag", ServiceKind::PltIkm, 0.25),
            ("diskop-umkm", ServiceKind::Umkm, 0.15),
            ("dinkes", ServiceKind::Jkn, 0.22),
            ("dinsos", ServiceKind::Klg, 0.14),
        ] {
            if d.chance(reach * share) {
                let lead = d.between(40, 200);
                let days = if kind == ServiceKind::Jkn || kind == ServiceKind::Klg {
                    1
                } else {
                    d.between(10, 45)
                };
                add(d, opd, kind, lead, days);
            }
        }
    }

    /// Services outside and what became of the person.
    fn follow_up(&mut self, d: &mut Dice, p: &mut Person, t0: NaiveDate) {
        let ambon = REGENCIES[p.regency].0 == AMBON;
        for (opd, kind, share) in [
            ("diskop-umkm", ServiceKind::Nib, 0.10),
            ("disnakertrans", ServiceKind::Ak1, 0.12),
            ("dinsos", ServiceKind::Bansos, 0.12),
            ("disperindag", ServiceKind::Alat, 0.07),
        ] {
            if d.chance(if ambon { share } else { share * 0.2 }) {
                let asked = plus(t0, d.between(5, 90));
                let begin = plus(asked, d.between(3, 70));
                if asked <= self.end {
                    let started = begin <= self.end && d.chance(0.85);
                    p.help.push(Help {
                        opd,
                        upt: None,
                        kind,
                        referred: Some(asked),
                        start: started.then_some(begin),
                        planned_end: None,
                        end: started.then_some(begin),
                        state: if started {
                            ServiceState::Completed
                        } else {
                            ServiceState::Referred
                        },
                        sessions: None,
                    });
                }
            }
        }
        for months in [3, 6, 12] {
            let seen = plus(add_months(t0, months), d.between(0, 20));
            if seen <= self.end && d.chance(0.45) {
                let kind = match d.below(10) {
                    0..=2 => Some(OutcomeKind::Employed),
                    3 | 4 => Some(OutcomeKind::Business),
                    5..=8 => Some(OutcomeKind::NotEmployed),
                    _ => None,
                };
                p.outcomes.push((seen, kind));
            }
        }
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
