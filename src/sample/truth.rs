//! What is behind every row: who each data row is, and what really happened. Never inside the inbox.

use super::world::World;
use super::{SampleError, fail};
use crate::domain::Sex;
use crate::domain::region::{AMBON, REGENCIES};
use crate::domain::upt::UptRegistry;
use std::path::Path;

/// Collects the rows while they are written: a few bytes a row, so that millions fit.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    /// Sheets in the order they were begun: file, sheet, kind.
    places: Vec<(String, String, &'static str)>,
    /// Place, row, person.
    all: Vec<(u32, u32, u32)>,
}

impl Truth {
    /// Begins a sheet.
    pub fn place(&mut self, file: &str, sheet: &str, kind: &'static str) -> u32 {
        self.places.push((file.into(), sheet.into(), kind));
        self.places.len() as u32 - 1
    }

    /// A data row of a sheet is this person's.
    pub fn note(&mut self, person: u32, place: u32, row: u32) {
        self.all.push((place, row, person));
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
            "persons.csv",
            &["person", "sex", "birth", "in_ambon", "death"],
            &mut world.people.iter().map(|p| {
                let sex = if p.sex == Sex::Male { "male" } else { "female" };
                vec![
                    p.id.to_string(),
                    sex.into(),
                    p.birth.to_string(),
                    (REGENCIES[p.regency].0 == AMBON).to_string(),
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
                    ]
                })
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
            &["person", "opd", "kind", "referred", "start", "end", "state"],
            &mut world.people.iter().flat_map(|p| {
                p.help.iter().map(move |h| {
                    vec![
                        p.id.to_string(),
                        h.opd.into(),
                        h.kind.id().into(),
                        date(h.referred),
                        date(h.start),
                        date(h.end),
                        h.state.id().into(),
                    ]
                })
            }),
        )
    }
}
