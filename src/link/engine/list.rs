//! The lists a person wants linked, read into columns of numbered values.
//!
//! Knows files and headers; knows nothing of comparisons. The header may stand anywhere among the first rows: it is the
//! first row that names every column the model reads.

use super::column::{Column, Interner, MISSING, plain, text};
use super::model::Model;
use crate::clean::text::normal;
use crate::ingest::{GridError, for_each_row};
use crate::locale::{self, Lang};
use crate::workspace::Limits;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Rows among which the header is looked for.
const HEADER_WITHIN: usize = 200;

/// Records of all lists, one after another.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Names of the files.
    pub files: Vec<String>,
    /// List of each record.
    pub list: Vec<u16>,
    /// Row of each record on its sheet, from 1.
    pub row: Vec<u32>,
    /// Values of the columns the model reads, plain.
    pub columns: BTreeMap<String, Column>,
    /// The same as written.
    pub written: BTreeMap<String, Column>,
    /// What names a row, as written.
    pub id: Option<Column>,
}

/// A list that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message(Lang::En))]
#[non_exhaustive]
pub enum ListError {
    /// The file cannot be read.
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        source: GridError,
    },
    /// No row names all columns.
    Column {
        /// The file.
        file: String,
        /// The column that is not there.
        column: String,
        /// Headers of the row that names most of the others.
        headers: Vec<String>,
    },
    /// There are no rows below the header.
    Empty {
        /// The file.
        file: String,
    },
}

impl ListError {
    /// The message in a language.
    pub fn message(&self, lang: Lang) -> String {
        let say = |key: &str, args: &[(&str, &str)]| {
            locale::format(lang, &format!("link.list.{key}"), args)
        };
        match self {
            ListError::Unreadable { file, source } => say(
                "unreadable",
                &[("file", file), ("reason", &source.message(lang))],
            ),
            ListError::Column {
                file,
                column,
                headers,
            } => {
                let near = headers
                    .iter()
                    .max_by(|a, b| {
                        let s = |h: &str| strsim::jaro_winkler(&normal(h), &normal(column));
                        s(a).total_cmp(&s(b))
                    })
                    .map_or("", String::as_str);
                let all = headers.join(", ");
                let args = [
                    ("file", file.as_str()),
                    ("column", column),
                    ("near", near),
                    ("headers", &all),
                ];
                say("column", &args)
            }
            ListError::Empty { file } => say("empty", &[("file", file)]),
        }
    }
}

/// Where each wanted column stands, or the row's headers and the first column that is not among them.
fn header(
    cells: &[(usize, Cow<[u8]>)],
    wanted: &[(String, Vec<String>)],
) -> Result<Vec<usize>, (usize, String, Vec<String>)> {
    let headers: Vec<(usize, String)> = cells
        .iter()
        .map(|(c, t)| (*c, text(t).trim().to_owned()))
        .collect();
    let at = |names: &[String]| {
        names.iter().find_map(|n| {
            headers
                .iter()
                .find(|(_, h)| normal(h) == normal(n) && !normal(n).is_empty())
                .map(|(c, _)| *c)
        })
    };
    let found: Vec<Option<usize>> = wanted.iter().map(|(_, names)| at(names)).collect();
    if let Some(all) = found.iter().copied().collect() {
        return Ok(all);
    }
    let hits = found.iter().flatten().count();
    let missing = found.iter().position(Option::is_none).unwrap_or(0);
    Err((
        hits,
        wanted[missing].0.clone(),
        headers.into_iter().map(|(_, h)| h).collect(),
    ))
}

impl Lists {
    /// Reads the columns a model names from files, each one list.
    pub fn read(files: &[PathBuf], model: &Model, limits: &Limits) -> Result<Lists, ListError> {
        let names = model.columns();
        let candidates = |name: &String| {
            let given = model.headers.get(name).cloned();
            (name.clone(), given.unwrap_or_else(|| vec![name.clone()]))
        };
        let mut wanted: Vec<(String, Vec<String>)> = names.iter().map(candidates).collect();
        wanted.extend(model.id.iter().map(candidates));
        let mut out = Lists::default();
        let mut values: Vec<(Interner, Vec<u32>)> = Vec::new();
        values.resize_with(wanted.len(), Default::default);
        for (l, path) in files.iter().enumerate() {
            out.files.push(shown(path));
            read_one(
                path,
                l as u16,
                (&wanted, model.id.is_some()),
                limits,
                &mut out,
                &mut values,
            )?;
        }
        let mut raw: Vec<Column> = values
            .into_iter()
            .map(|(interner, ids)| Column {
                ids,
                terms: interner.finish(),
            })
            .collect();
        out.id = model.id.as_ref().and_then(|_| raw.pop());
        let clean: Vec<Column> = raw.par_iter().map(|c| c.map(|v| plain(&text(v)))).collect();
        out.columns = names.iter().cloned().zip(clean).collect();
        out.written = names.into_iter().zip(raw).collect();
        Ok(out)
    }

    /// Number of records.
    pub fn records(&self) -> usize {
        self.row.len()
    }

    /// What names a record: its id, else its row.
    pub fn name(&self, record: u32) -> String {
        match &self.id {
            Some(c) if c.ids[record as usize] != MISSING => c.text(record).into_owned(),
            _ => self.row[record as usize].to_string(),
        }
    }
}

fn shown(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn read_one(
    path: &Path,
    list: u16,
    (wanted, has_id): (&[(String, Vec<String>)], bool),
    limits: &Limits,
    out: &mut Lists,
    values: &mut [(Interner, Vec<u32>)],
) -> Result<(), ListError> {
    let file = shown(path);
    let mut places: Option<(usize, Vec<usize>)> = None;
    let mut best: Option<(usize, String, Vec<String>)> = None;
    let mut looked = (0, 0);
    let before = out.row.len();
    let last = wanted.len() - 1;
    for_each_row(path, limits, &mut |(sheet, row, cells)| {
        match &places {
            Some((on, places)) => {
                if *on == sheet {
                    let of = |p: usize| cells.binary_search_by_key(&p, |(c, _)| *c).ok();
                    let found: Vec<Option<usize>> = places.iter().map(|&p| of(p)).collect();
                    if found.iter().all(Option::is_none) {
                        return Ok(());
                    }
                    for (k, ((interner, ids), at)) in values.iter_mut().zip(found).enumerate() {
                        ids.push(match at {
                            None => MISSING,
                            // What names a row is hardly ever there twice: it is kept, not looked up.
                            Some(at) if has_id && k == last => interner.add(&cells[at].1),
                            Some(at) => interner.number(&cells[at].1),
                        });
                    }
                    out.list.push(list);
                    out.row.push(row + 1);
                }
            }
            None => {
                if looked.0 != sheet {
                    looked = (sheet, 0);
                }
                looked.1 += 1;
                if looked.1 <= HEADER_WITHIN {
                    match header(cells, wanted) {
                        Ok(p) => places = Some((sheet, p)),
                        Err(e) => {
                            if best.as_ref().is_none_or(|b| e.0 > b.0) {
                                best = Some(e);
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    })
    .map_err(|source| ListError::Unreadable {
        file: file.clone(),
        source,
    })?;
    match (places, best) {
        (None, Some((_, column, headers))) => Err(ListError::Column {
            file,
            column,
            headers,
        }),
        _ if out.row.len() == before => Err(ListError::Empty { file }),
        _ => Ok(()),
    }
}
