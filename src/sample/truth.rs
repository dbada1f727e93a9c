//! What is behind every row: who each data row is, and what really happened. Never inside the inbox.

use super::world::World;
use super::{SampleError, fail};
use crate::domain::Sex;
use crate::domain::region::{AMBON, REGENCIES};
use crate::domain::upt::UptRegistry;
use std::path::Path;

/// One data row of a file.
#[derive(Debug, Clone)]
pub(crate) struct RowOf {
    pub person: u32,
    pub file: String,
    pub sheet: String,
    pub row: usize,
    pub kind: &'static str,
}

/// Collects the rows while they are written.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    all: Vec<RowOf>,
}

impl Truth {
    pub fn note(&mut self, person: u32, file: &str, sheet: &str, row: usize, kind: &'static str) {
        self.all.push(RowOf {
            person,
            file: file.into(),
            sheet: sheet.into(),
            row,
            kind,
        });
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
        // Rows of one sheet follow each other: person and row are enough beside the file's number.
        let mut files: Vec<(&str, &str, &str)> = self
            .all
            .iter()
            .map(|r| (r.file.as_str(), r.sheet.as_str(), r.kind))
            .collect();
        files.dedup();
        files.sort_unstable();
        files.dedup();
        let place = |r: &RowOf| {
            files
                .binary_search(&(r.file.as_str(), r.sheet.as_str(), r.kind))
                .unwrap_or(0)
        };
        table(
            "sheets.csv",
            &["sheet_id", "file", "sheet", "kind"],
            &mut files
                .iter()
                .enumerate()
                .map(|(i, f)| vec![i.to_string(), f.0.into(), f.1.into(), f.2.into()]),
        )?;
        table(
            "records.csv",
            &["sheet_id", "row", "person"],
            &mut self.all.iter().map(|r| {
                vec![
                    place(r).to_string(),
                    r.row.to_string(),
                    r.person.to_string(),
                ]
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
