//! The lists a person wants linked, read into columns of numbered values.
//!
//! Knows files and headers; knows nothing of comparisons. The header may stand anywhere among the first rows of a sheet: it
//! is the first row that names every column the model reads, else the row that names most of them. A column may be absent
//! in a list: its values are missing there. Titles of sections, totals and what stands below a signature are no records.

use super::column::{Column, Interner, MISSING, plain, text};
use super::model::Model;
use crate::clean::text::normal;
use crate::domain::Field;
use crate::ingest::{GridError, RowOfList, fields_named, for_each_row, row_of_list};
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
    /// Paths of the files, as they were given.
    pub files: Vec<String>,
    /// Rows of each list that are no records: headers repeated, sections, totals, signatures.
    pub passed_over: Vec<u64>,
    /// Columns the model reads that a list does not have: list and column.
    pub absent: Vec<(u16, String)>,
    /// Columns found by what their header means and not by what it says: list, column, header.
    pub by_meaning: Vec<(u16, String, String)>,
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
    /// Who a row is about in truth, as written, where the model names a column that says so.
    pub label: Option<Column>,
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

/// The filled cells of a row: column and text.
type Filled<'c> = [(usize, Cow<'c, [u8]>)];

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

/// A wanted column.
struct WantedColumn {
    /// Its name in the model.
    name: String,
    /// The headers it may have.
    headers: Vec<String>,
    /// What these headers mean, where the model gives several: a header that means the same counts where none of them stands.
    means: Vec<Field>,
}

type Wanted = [WantedColumn];

/// Where each wanted column stands on a row, if it is a header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Header {
    places: Vec<Option<usize>>,
    /// Wanted columns found by what their header means, with it.
    by_meaning: Vec<(usize, String)>,
    texts: Vec<String>,
}

impl Header {
    fn of(cells: &[(usize, Cow<[u8]>)], wanted: &Wanted) -> Header {
        let texts: Vec<(usize, String)> = cells
            .iter()
            .map(|(c, t)| (*c, text(t).trim().to_owned()))
            .collect();
        let at = |column: &WantedColumn| {
            column.headers.iter().find_map(|n| {
                let named =
                    |(_, h): &&(usize, String)| normal(h) == normal(n) && !normal(n).is_empty();
                texts.iter().find(named).map(|(c, _)| *c)
            })
        };
        let mut places: Vec<Option<usize>> = wanted.iter().map(at).collect();
        let mut by_meaning = Vec::new();
        // Among what is left, headers that mean the same: in the order of what the model's mean.
        if places.iter().any(Option::is_some) {
            let left = texts.iter().filter(|(c, _)| !places.contains(&Some(*c)));
            let left: Vec<(usize, &String, Option<Field>)> = left
                .map(|(c, h)| (*c, h, fields_named(h).first().copied()))
                .collect();
            for (k, column) in wanted.iter().enumerate() {
                let named = |f: &Field| left.iter().find(|(.., means)| *means == Some(*f));
                if let (None, Some((c, header, _))) =
                    (places[k], column.means.iter().find_map(named))
                {
                    places[k] = Some(*c);
                    by_meaning.push((k, (*header).clone()));
                }
            }
        }
        Header {
            places,
            by_meaning,
            texts: texts.into_iter().map(|(_, h)| h).collect(),
        }
    }

    fn hits(&self) -> usize {
        self.places.iter().flatten().count()
    }

    /// Every wanted column is there.
    fn whole(&self) -> bool {
        self.hits() == self.places.len()
    }

    /// Enough of them are there for a row of headers, and two at least.
    fn enough(&self) -> bool {
        self.hits() >= 2 && self.hits() * 3 >= self.places.len()
    }
}

impl Lists {
    /// Reads the columns a model names from files, each one list.
    pub fn read(files: &[PathBuf], model: &Model, limits: &Limits) -> Result<Lists, ListError> {
        let names = model.columns();
        let candidates = |name: &String| {
            let given = model.headers.get(name).cloned();
            let means = given.iter().flatten().flat_map(|h| fields_named(h));
            WantedColumn {
                name: name.clone(),
                means: means.collect(),
                headers: given.unwrap_or_else(|| vec![name.clone()]),
            }
        };
        let mut wanted: Vec<WantedColumn> = names.iter().map(candidates).collect();
        wanted.extend(model.label.iter().map(candidates));
        wanted.extend(model.id.iter().map(candidates));
        let mut out = Lists::default();
        let mut values: Vec<(Interner, Vec<u32>)> = Vec::new();
        values.resize_with(wanted.len(), Default::default);
        let mut headers: Vec<String> = Vec::new();
        for (l, path) in files.iter().enumerate() {
            out.files.push(path.display().to_string());
            let mut one = One {
                file: path,
                list: l as u16,
                wanted: &wanted,
                has_id: model.id.is_some(),
                out: &mut out,
                values: &mut values,
            };
            headers = one.read(limits)?;
        }
        // A column that no list has is a mistake of the model, unless it says that none needs it.
        for WantedColumn { name, .. } in wanted.iter().filter(|w| !model.optional.contains(&w.name))
        {
            let absent = out.absent.iter().filter(|(_, c)| c == name).count();
            if absent == files.len() && absent > 0 {
                return Err(ListError::Column {
                    file: out.files.join(", "),
                    column: name.clone(),
                    headers,
                });
            }
        }
        let mut raw: Vec<Column> = values
            .into_iter()
            .map(|(interner, ids)| Column {
                ids,
                terms: interner.finish(),
            })
            .collect();
        out.id = model.id.as_ref().and_then(|_| raw.pop());
        out.label = model.label.as_ref().and_then(|_| raw.pop());
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

/// Reads one list.
struct One<'a> {
    file: &'a Path,
    list: u16,
    wanted: &'a Wanted,
    /// The last wanted column names a row.
    has_id: bool,
    out: &'a mut Lists,
    values: &'a mut [(Interner, Vec<u32>)],
}

/// A sheet while it is read.
#[derive(Default)]
struct Sheet {
    number: Option<usize>,
    /// Rows seen before the header.
    looked: usize,
    header: Option<Header>,
    /// A signature has stood: what follows is no record unless it fills a row.
    closed: bool,
}

impl One<'_> {
    /// Reads the list; returns the headers it has. A sheet without a row that names every column is read again, with the
    /// row that names most.
    fn read(&mut self, limits: &Limits) -> Result<Vec<String>, ListError> {
        let before = self.out.row.len();
        self.out.passed_over.push(0);
        let mut sheet = Sheet::default();
        // The best row of each sheet without a whole header.
        let mut best: BTreeMap<usize, (u32, Header)> = BTreeMap::new();
        let mut seen: Vec<Header> = Vec::new();
        self.each_row(limits, &mut |one, number, row, cells| {
            if sheet.number != Some(number) {
                sheet = Sheet {
                    number: Some(number),
                    ..Sheet::default()
                };
            }
            if sheet.header.is_some() {
                return one.record(&mut sheet, row, cells);
            }
            sheet.looked += 1;
            if sheet.looked > HEADER_WITHIN {
                return;
            }
            let found = Header::of(cells, one.wanted);
            if found.whole() {
                best.remove(&number);
                seen.push(found.clone());
                sheet.header = Some(found);
            } else if best
                .get(&number)
                .is_none_or(|(_, b)| found.hits() > b.hits())
            {
                best.insert(number, (row, found));
            }
        })?;
        let partial: BTreeMap<usize, (u32, Header)> = best
            .iter()
            .filter(|(_, (_, h))| h.enough() && seen.is_empty())
            .map(|(n, h)| (*n, h.clone()))
            .collect();
        if !partial.is_empty() {
            let mut sheet = Sheet::default();
            self.each_row(limits, &mut |one, number, row, cells| {
                let Some((at, header)) = partial.get(&number) else {
                    return;
                };
                if sheet.number != Some(number) {
                    sheet = Sheet {
                        number: Some(number),
                        header: Some(header.clone()),
                        ..Sheet::default()
                    };
                }
                if row > *at {
                    one.record(&mut sheet, row, cells);
                }
            })?;
            seen.extend(partial.into_values().map(|(_, h)| h));
        }
        let file = self.file.display().to_string();
        if seen.is_empty() {
            let (_, nearest) = best
                .into_values()
                .max_by_key(|(_, h)| h.hits())
                .unwrap_or_default();
            let missing = nearest.places.iter().position(Option::is_none).unwrap_or(0);
            return Err(match self.wanted.get(missing) {
                Some(column) if !nearest.texts.is_empty() => ListError::Column {
                    file,
                    column: column.name.clone(),
                    headers: nearest.texts,
                },
                _ => ListError::Empty { file },
            });
        }
        if self.out.row.len() == before {
            return Err(ListError::Empty { file });
        }
        for (k, WantedColumn { name, .. }) in self.wanted.iter().enumerate() {
            if seen
                .iter()
                .all(|h| h.places.get(k).is_none_or(Option::is_none))
            {
                self.out.absent.push((self.list, name.clone()));
            }
            let mut taken: Vec<&String> = (seen.iter().flat_map(|h| &h.by_meaning))
                .filter(|(at, _)| *at == k)
                .map(|(_, header)| header)
                .collect();
            taken.dedup();
            let taken = taken
                .into_iter()
                .map(|h| (self.list, name.clone(), h.clone()));
            self.out.by_meaning.extend(taken);
        }
        Ok(seen.into_iter().flat_map(|h| h.texts).collect())
    }

    fn each_row(
        &mut self,
        limits: &Limits,
        each: &mut dyn FnMut(&mut Self, usize, u32, &Filled),
    ) -> Result<(), ListError> {
        let path = self.file;
        for_each_row(path, limits, &mut |(sheet, row, cells)| {
            each(self, sheet, row, cells);
            Ok(())
        })
        .map_err(|source| ListError::Unreadable {
            file: path.display().to_string(),
            source,
        })
    }

    /// A row below the header: a record, or passed over and counted.
    fn record(&mut self, sheet: &mut Sheet, row: u32, cells: &[(usize, Cow<[u8]>)]) {
        let Some(header) = &sheet.header else {
            return;
        };
        let of = |p: &Option<usize>| cells.binary_search_by_key(&(*p)?, |(c, _)| *c).ok();
        let found: Vec<Option<usize>> = header.places.iter().map(of).collect();
        let filled = found.iter().flatten().count();
        // Of a list of one or two columns a row with a single value is a record.
        let wide = header.texts.len() > 2;
        let kind = if wide {
            row_of_list(cells)
        } else {
            RowOfList::Data
        };
        if kind != RowOfList::Data {
            sheet.closed |= kind == RowOfList::Signature;
            self.out.passed_over[usize::from(self.list)] += 1;
            return;
        }
        let of_a_person = filled >= 3 || filled * 2 > header.hits();
        if filled == 0 || wide && sheet.closed && !of_a_person {
            self.out.passed_over[usize::from(self.list)] += 1;
            return;
        }
        let last = self.wanted.len() - 1;
        for (k, ((interner, ids), at)) in self.values.iter_mut().zip(found).enumerate() {
            ids.push(match at {
                None => MISSING,
                // What names a row is hardly ever there twice: it is kept, not looked up.
                Some(at) if self.has_id && k == last => interner.add(&cells[at].1),
                Some(at) => interner.number(&cells[at].1),
            });
        }
        self.out.list.push(self.list);
        self.out.row.push(row + 1);
    }
}
