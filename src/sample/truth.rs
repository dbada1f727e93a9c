//! What is behind every row: who each data row is, and what really happened. Never inside the inbox.

use super::noise::Faults;
use super::world::World;
use super::{SampleError, fail};
use crate::domain::region::{AMBON, DISTRICTS, REGENCIES, VILLAGES};
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, Sex};
use std::path::Path;

/// Collects the rows while they are written: a few bytes a row, so that millions fit.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    /// Sheets in the order they were begun: file, sheet, kind.
    places: Vec<(String, String, &'static str)>,
    /// Place, row, person.
    all: Vec<(u32, u32, u32)>,
    /// What is wrong in each of them.
    faults: Vec<Faults>,
    /// Reports due and made: person, Bapas, month, due, made.
    reports: Vec<(u32, String, Month, u32, u32)>,
}

impl Truth {
    /// Begins a sheet.
    pub fn place(&mut self, file: &str, sheet: &str, kind: &'static str) -> u32 {
        self.places.push((file.into(), sheet.into(), kind));
        self.places.len() as u32 - 1
    }

    /// A data row of a sheet is this person's, with these faults.
    pub fn note(&mut self, person: u32, place: u32, row: u32, faults: Faults) {
        self.all.push((place, row, person));
        self.faults.push(faults);
    }

    /// A client had to report so often in a month, and did so often.
    pub fn report(&mut self, person: u32, bapas: &str, month: Month, due: u32, made: u32) {
        self.reports.push((person, bapas.into(), month, due, made));
    }

    pub fn rows(&self) -> usize {
        self.all.len()
    }

    /// Writes the truth tables as CSV.
    pub fn write(&self, dir: &Path, world: &World, units: &UptRegistry) -> Result<(), SampleError> {
        std::fs::create_dir_all(dir).map_err(fail(dir))?;
        let table = |name: &str,
                     header: &[&str],
                     rows: &mut dyn Iterator<Item = Vec<String>>|
         -> Result<(), SampleError> {
            let path = dir.join(name);
            let mut w = csv::Writer::from_path(&path).map_err(fail(&path))?;
            w.write_record(header).map_err(fail(&path))?;
            for r in rows {
                w.write_record(&r).map_err(fail(&path))?;
            }
            w.flush().map_err(fail(&path))
        };
        let date = |d: Option<chrono::NaiveDate>| d.map(|d| d.to_string()).unwrap_or_default();
        let id = |u: crate::domain::Upt| units.info(u).id.clone();
        // Sheets without a row are not numbered; the others by name.
        let mut used = vec![false; self.places.len()];
        for (place, ..) in &self.all {
            used[*place as usize] = true;
        }
        let mut order: Vec<usize> = (0..self.places.len()).filter(|&i| used[i]).collect();
        order.sort_by_key(|&i| &self.places[i]);
        let mut number = vec![0; self.places.len()];
        for (k, &i) in order.iter().enumerate() {
            number[i] = k;
        }
        table(
            "sheets.csv",
            &["sheet_id", "file", "sheet", "kind"],
            &mut order.iter().enumerate().map(|(k, &i)| {
                let (file, sheet, kind) = &self.places[i];
                vec![k.to_string(), file.clone(), sheet.clone(), (*kind).into()]
            }),
        )?;
        table(
            "records.csv",
            &["sheet_id", "row", "person"],
            &mut self.all.iter().map(|(place, row, person)| {
                [number[*place as usize], *row as usize, *person as usize]
                    .map(|n| n.to_string())
                    .to_vec()
            }),
        )?;
        table(
            "faults.csv",
            &["sheet_id", "row", "fault"],
            &mut self
                .all
                .iter()
                .zip(&self.faults)
                .flat_map(|((place, row, _), faults)| {
                    let number = number[*place as usize];
                    faults
                        .iter()
                        .map(move |f| vec![number.to_string(), row.to_string(), f.id().into()])
                }),
        )?;
        table(
            "relations.csv",
            &["person", "other", "kind"],
            &mut world.relations.iter().map(|r| {
                vec![
                    r.person.to_string(),
                    r.other.to_string(),
                    r.kind.id().into(),
                ]
            }),
        )?;
        table(
            "persons.csv",
            &["person", "sex", "birth", "in_ambon", "district", "death"],
            &mut world.people.iter().map(|p| {
                let sex = if p.sex == Sex::Male { "male" } else { "female" };
                vec![
                    p.id.to_string(),
                    sex.into(),
                    p.birth.to_string(),
                    (REGENCIES[p.regency].0 == AMBON).to_string(),
                    p.village.map_or("", district_of).to_owned(),
                    date(p.death),
                ]
            }),
        )?;
        table(
            "episodes.csv",
            &[
                "person",
                "start",
                "end",
                "exit",
                "upt_in",
                "upt_out",
                "offence",
                "offence_date",
                "technical",
                "sentence_days",
                "expiry",
                "two_thirds",
                "verdict",
            ],
            &mut world.people.iter().flat_map(|p| {
                p.episodes.iter().map(move |e| {
                    let (first, last) =
                        (e.rows.first().map(|r| r.upt), e.rows.last().map(|r| r.upt));
                    vec![
                        p.id.to_string(),
                        e.start.to_string(),
                        date(e.end),
                        e.exit.map(|x| x.id().to_owned()).unwrap_or_default(),
                        first.map(id).unwrap_or_default(),
                        last.map(id).unwrap_or_default(),
                        e.offence.id().into(),
                        e.offence_date.to_string(),
                        e.technical.to_string(),
                        e.sentence.map(|n| n.to_string()).unwrap_or_default(),
                        date(e.expiry),
                        date(e.two_thirds),
                        date(e.verdict),
                    ]
                })
            }),
        )?;
        table(
            "registers.csv",
            &["person", "episode", "upt", "class", "from", "to", "exit"],
            &mut world.people.iter().flat_map(|p| {
                p.episodes.iter().enumerate().flat_map(move |(i, e)| {
                    e.rows.iter().map(move |r| {
                        vec![
                            p.id.to_string(),
                            i.to_string(),
                            id(r.upt),
                            r.class.id().into(),
                            r.from.to_string(),
                            date(r.to),
                            r.exit.map(|x| x.id().to_owned()).unwrap_or_default(),
                        ]
                    })
                })
            }),
        )?;
        table(
            "litmas.csv",
            &["person", "bapas", "requested", "completed"],
            &mut world.people.iter().flat_map(|p| {
                p.litmas.iter().map(move |(asked, done, bapas, _)| {
                    vec![p.id.to_string(), id(*bapas), asked.to_string(), date(*done)]
                })
            }),
        )?;
        table(
            "outcomes.csv",
            &["person", "date", "kind"],
            &mut world.people.iter().flat_map(|p| {
                p.outcomes.iter().map(move |(on, kind)| {
                    vec![
                        p.id.to_string(),
                        on.to_string(),
                        kind.map(|k| k.id().to_owned()).unwrap_or_default(),
                    ]
                })
            }),
        )?;
        table(
            "community_service.csv",
            &["person", "start", "ordered", "served"],
            &mut world.people.iter().filter_map(|p| {
                let (start, ordered, served) = p.community_service?;
                Some(vec![
                    p.id.to_string(),
                    start.to_string(),
                    ordered.to_string(),
                    served.to_string(),
                ])
            }),
        )?;
        table(
            "reports.csv",
            &["person", "bapas", "month", "due", "made"],
            &mut self
                .reports
                .iter()
                .map(|(person, bapas, month, due, made)| {
                    vec![
                        person.to_string(),
                        bapas.clone(),
                        month.to_string(),
                        due.to_string(),
                        made.to_string(),
                    ]
                }),
        )?;
        table(
            "supervision.csv",
            &[
                "person",
                "bapas",
                "kind",
                "start",
                "planned_end",
                "end",
                "end_kind",
            ],
            &mut world.people.iter().flat_map(|p| {
                p.guidance.iter().map(move |g| {
                    vec![
                        p.id.to_string(),
                        id(g.bapas),
                        g.kind.id().into(),
                        g.start.to_string(),
                        g.planned_end.to_string(),
                        date(g.end),
                        g.end_kind.map(|k| k.id().to_owned()).unwrap_or_default(),
                    ]
                })
            }),
        )?;
        table(
            "services.csv",
            &[
                "person",
                "opd",
                "upt",
                "kind",
                "referred",
                "start",
                "planned_end",
                "end",
                "state",
                "sessions_planned",
                "sessions_attended",
            ],
            &mut world.people.iter().flat_map(|p| {
                p.help.iter().map(move |h| {
                    vec![
                        p.id.to_string(),
                        h.opd.into(),
                        h.upt.map(id).unwrap_or_default(),
                        h.kind.id().into(),
                        date(h.referred),
                        date(h.start),
                        date(h.planned_end),
                        date(h.end),
                        h.state.id().into(),
                        h.sessions.map(|s| s.0.to_string()).unwrap_or_default(),
                        h.sessions.map(|s| s.1.to_string()).unwrap_or_default(),
                    ]
                })
            }),
        )
    }
}

/// The kecamatan a village of Kota Ambon lies in.
fn district_of(village: usize) -> &'static str {
    let code = VILLAGES[village].0;
    DISTRICTS
        .iter()
        .find(|(d, ..)| code.starts_with(d))
        .map_or("", |(_, id, _)| id)
}
