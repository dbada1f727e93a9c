//! All measures with all their breakdowns, for both populations, over synthetic histories of a nation.
//!
//! ```sh
//! RAYON_NUM_THREADS=2 POLARS_MAX_THREADS=2 cargo bench --bench measures -- 1000000 [--each]
//! ```
//!
//! The first number is people (three episodes each on average); `--each` times every measure alone, slowest first. Histories
//! are drawn in memory: what is timed is `measure::compute` alone, from histories to figures.

use chrono::{Days, NaiveDate};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use reintegrasi::domain::figure::Request;
use reintegrasi::domain::history::*;
use reintegrasi::domain::region::{DISTRICTS, District, InAmbon};
use reintegrasi::domain::service::{OutcomeKind, ServiceKind, ServiceState};
use reintegrasi::domain::supervision::{LitmasKind, SupervisionEnd, SupervisionKind};
use reintegrasi::domain::upt::UptRegistry;
use reintegrasi::domain::{
    Dimension, ExitCode, FileId, Month, OffenceGroup, Population, RegisterClass, RowRef, Sex, Text,
    Upt,
};
use reintegrasi::measure::{self, Input, MEASURES, Measure, Quality};
use reintegrasi::workspace::Settings;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let people = args.iter().find_map(|a| a.parse().ok()).unwrap_or(100_000);
    let units = UptRegistry::maluku(&[]);
    let settings = Settings::default();
    let month = Month::new(2026, 1).unwrap_or_else(|| unreachable!("a valid month"));
    let start = Instant::now();
    let histories = Nation::new(&units, month).histories(people);
    println!(
        "{people} people, {} episodes, {} services, {} spells of guidance: drawn in {:.1} s",
        histories.episodes.len(),
        histories.services.len(),
        histories.supervision.len(),
        start.elapsed().as_secs_f64()
    );
    let bound = measure::Bound::of(measure::Side::Lower, &histories, &settings.definitions);
    let quality = Quality::default();
    let input = Input {
        histories: &histories,
        bound: Some(&bound),
        units: &units,
        settings: &settings,
        month,
        quality: &quality,
        changes: None,
    };
    let time = |requests: &[Request]| {
        let start = Instant::now();
        match measure::compute(&input, requests) {
            Ok(figures) => (start.elapsed().as_secs_f64(), figures.len()),
            Err(e) => panic!("{e}"),
        }
    };
    let all: Vec<Request> = MEASURES.iter().flat_map(requests).collect();
    let (seconds, figures) = time(&all);
    println!(
        "{} measures, {} tables, {figures} figures: {seconds:.1} s",
        MEASURES.len(),
        all.len()
    );
    if args.iter().any(|a| a == "--each") {
        println!("views shared by all: {:.2} s", time(&[]).0);
        let mut each: Vec<(f64, &str, usize)> = MEASURES
            .iter()
            .map(|m| {
                let (seconds, figures) = time(&requests(m).collect::<Vec<_>>());
                (seconds, m.id, figures)
            })
            .collect();
        each.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (seconds, id, figures) in each {
            println!("{seconds:8.2} s  {id} ({figures} figures)");
        }
    }
}

/// A measure whole and by each of its dimensions, for both populations.
fn requests(m: &'static Measure) -> impl Iterator<Item = Request> {
    let by = m.dims.iter().map(|d| vec![*d]);
    // Measures of two dimensions that mean nothing apart are asked for by both.
    let both = (m.dims.len() == 2).then(|| m.dims.to_vec());
    let lists: Vec<Vec<Dimension>> = std::iter::once(vec![]).chain(by).chain(both).collect();
    [Population::Maluku, Population::Ambon]
        .into_iter()
        .flat_map(move |population| {
            let lists = lists.clone();
            lists.into_iter().map(move |by| Request {
                measure: m.id.into(),
                population,
                by,
                windows: vec![],
            })
        })
}

/// Draws people and what happened to them.
struct Nation {
    rng: ChaCha8Rng,
    prisons: Vec<Upt>,
    bapas: Vec<Upt>,
    month: Month,
    as_of: NaiveDate,
    rows: u32,
}

impl Nation {
    fn new(units: &UptRegistry, month: Month) -> Nation {
        Nation {
            rng: ChaCha8Rng::seed_from_u64(1),
            prisons: units.prisons().map(|(u, _)| u).collect(),
            bapas: units.bapas().map(|(u, _)| u).collect(),
            month,
            as_of: month.last_day(),
            rows: 0,
        }
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.rng.random_range(0..of.len())]
    }

    fn rows(&mut self, n: u32) -> Vec<RowRef> {
        (0..n)
            .map(|_| {
                self.rows += 1;
                RowRef {
                    file: FileId(self.rows / 100_000),
                    sheet: 0,
                    row: self.rows % 100_000,
                }
            })
            .collect()
    }

    fn histories(mut self, people: u32) -> Histories {
        let mut h = Histories::default();
        for p in 0..people {
            self.person(PersonId(p), &mut h);
        }
        h.services.sort_by_key(|s| (s.person, s.start, s.kind));
        h.litmas.sort_by_key(|l| (l.person, l.kind, l.requested));
        h.outcomes.sort_by_key(|o| (o.person, o.date, o.kind));
        h.coverage.cutoff = Some(self.as_of);
        h
    }

    fn person(&mut self, id: PersonId, h: &mut Histories) {
        let from = NaiveDate::from_ymd_opt(1955, 1, 1).unwrap_or(NaiveDate::MIN);
        let birth = later(from, self.rng.random_range(0..18_000));
        let ambon = self.rng.random_bool(0.2);
        h.persons.push(Person {
            sex: Some(if self.rng.random_bool(0.06) {
                Sex::Female
            } else {
                Sex::Male
            }),
            birth: self.rng.random_bool(0.97).then_some(birth),
            in_ambon: Some(if ambon { InAmbon::Yes } else { InAmbon::No }),
            district: ambon.then(|| District(self.rng.random_range(0..DISTRICTS.len() as u8))),
            education: Text::const_new(self.one(&["none", "sd", "smp", "sma", "higher"])),
            has_intact_nik: self.rng.random_bool(0.8),
            ..Person::default()
        });
        let mut day = later(birth, 6_600 + self.rng.random_range(0..6_000));
        let oldest = self.month.plus(-200).first_day();
        if day < oldest {
            day = later(oldest, self.rng.random_range(0..2_000));
        }
        for _ in 0..self.rng.random_range(1..=5) {
            if day > self.as_of {
                break;
            }
            let Some(end) = self.episode(id, day, h) else {
                break;
            };
            day = later(end, self.rng.random_range(1..1_600));
        }
        if h.episodes.last().is_none_or(|e| e.person != id) {
            let day = later(oldest, self.rng.random_range(0..5_000));
            self.episode(id, day, h);
        }
    }

    /// An episode, what was done for the person in it, and its end when it lies before the month's.
    fn episode(&mut self, id: PersonId, start: NaiveDate, h: &mut Histories) -> Option<NaiveDate> {
        let sentence = self.rng.random_range(120..2_000u32);
        let expected = later(start, sentence);
        let leaves = later(start, sentence * 2 / 3);
        let end = (leaves <= self.as_of).then_some(leaves);
        let exit = self.one(&[
            ExitCode::Bm,
            ExitCode::Bm,
            ExitCode::Pb,
            ExitCode::Cb,
            ExitCode::Ru2,
            ExitCode::Bdh,
        ]);
        let (remand, prison) = (
            self.one(&self.prisons.clone()),
            self.one(&self.prisons.clone()),
        );
        let moved = later(start, sentence / 6);
        let sentenced = moved <= self.as_of;
        let mut stays = vec![Stay {
            upt: remand,
            from: start,
            to: sentenced.then_some(moved),
            exit: sentenced.then_some(ExitCode::Pdh),
            listed: None,
            seen: None,
        }];
        let mut classes = vec![ClassSpan {
            class: RegisterClass::AI,
            from: start,
        }];
        if sentenced {
            stays.push(Stay {
                upt: prison,
                from: moved,
                to: end,
                exit: end.map(|_| exit),
                listed: None,
                seen: None,
            });
            classes.push(ClassSpan {
                class: if sentence > 365 {
                    RegisterClass::BI
                } else {
                    RegisterClass::BIIA
                },
                from: moved,
            });
        }
        let offence = self.one(OffenceGroup::ALL);
        let sources = self.rows(3);
        h.episodes.push(Episode {
            admission_known: true,
            entry: Entry::Admitted,
            person: id,
            start,
            end,
            exit: end.map(|_| exit),
            stays,
            classes,
            offence,
            offence_date: start
                .checked_sub_days(Days::new(5))
                .filter(|_| self.rng.random_bool(0.8)),
            verdict: sentenced.then_some(moved),
            sentence_days: sentenced.then_some(sentence),
            expected_end: Some(expected),
            two_thirds: Some(leaves),
            recidivist_flag: self
                .rng
                .random_bool(0.5)
                .then_some(self.rng.random_bool(0.2)),
            home_assimilation: None,
            escapes: vec![],
            began_by_revocation: false,
            sources,
        });
        self.help(id, start, leaves, h);
        let left = end?;
        if exit.is_conditional() {
            self.guide(id, left, exit, offence, h);
        }
        if self.rng.random_bool(0.3) {
            let date = later(left, self.rng.random_range(30..400));
            let kind = self.one(OutcomeKind::ALL);
            if date <= self.as_of {
                let sources = self.rows(1);
                h.outcomes.push(OutcomeItem {
                    person: id,
                    kind,
                    date,
                    sources,
                });
            }
        }
        Some(left)
    }

    fn help(&mut self, id: PersonId, start: NaiveDate, leaves: NaiveDate, h: &mut Histories) {
        for _ in 0..self.rng.random_range(0..3) {
            let inside = (leaves - start).num_days().max(2) as u32;
            let referred = later(start, self.rng.random_range(0..inside));
            let begun = later(referred, self.rng.random_range(1..60));
            let over = later(begun, self.rng.random_range(10..120));
            if referred > self.as_of {
                continue;
            }
            let known = |d: NaiveDate| Some(d).filter(|d| *d <= self.as_of);
            let (start, end) = (known(begun), known(over));
            let kind = self.one(ServiceKind::ALL);
            h.services.push(Service {
                person: self.rng.random_bool(0.95).then_some(id),
                opd: Text::const_new(self.one(&[
                    "dinsos",
                    "disnakertrans",
                    "dukcapil",
                    "dinkes",
                    "diskop",
                    "upt",
                ])),
                upt: None,
                kind,
                priority_programme: self.rng.random_bool(0.2),
                referred: Some(referred),
                enrolled: start,
                start,
                planned_end: Some(over),
                end,
                issued: None,
                state: match (start, end) {
                    (_, Some(_)) => ServiceState::Completed,
                    (Some(_), None) => ServiceState::Started,
                    _ => ServiceState::Referred,
                },
                sessions: Some((10.0, 8.0)),
                hours: Some((40.0, 30.0)),
                inside: true,
                in_ambon: InAmbon::Unknown,
                sources: self.rows(1),
            });
        }
    }

    fn guide(
        &mut self,
        id: PersonId,
        left: NaiveDate,
        exit: ExitCode,
        offence: OffenceGroup,
        h: &mut Histories,
    ) {
        let planned = later(left, self.rng.random_range(100..700));
        let bapas = self.one(&self.bapas.clone());
        let revoked = self.rng.random_bool(0.05);
        let ended = if revoked { later(left, 90) } else { planned };
        let over = ended <= self.as_of;
        let first = Month::of(left);
        let reports = (0..12)
            .map(|i| first.plus(i))
            .filter(|m| *m <= self.month)
            .map(|m| (m, 1, u32::from(self.rng.random_bool(0.9))))
            .collect();
        let sources = self.rows(4);
        h.supervision.push(SupervisionSpell {
            start_known: true,
            person: id,
            bapas,
            kind: if exit == ExitCode::Pb {
                SupervisionKind::Pb
            } else {
                SupervisionKind::Cb
            },
            start: left,
            planned_end: Some(planned),
            end: over.then_some(ended),
            end_kind: over.then_some(if revoked {
                SupervisionEnd::RevokedTechnical
            } else {
                SupervisionEnd::Completed
            }),
            listed: None,
            reports,
            offence,
            sources,
        });
        let asked = left.checked_sub_days(Days::new(60));
        let sources = self.rows(1);
        h.litmas.push(LitmasItem {
            person: id,
            bapas: Some(bapas),
            kind: LitmasKind::ALL[0],
            requested: asked,
            completed: left.checked_sub_days(Days::new(20)),
            sources,
        });
    }
}

fn later(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MAX)
}
