//! Stage tables as Hive-partitioned Parquet: `DIR/<table>/kanwil=<region>/month=<YYYY-MM>/part-0.parquet`, which DuckDB,
//! Spark and Trino read as they are: the way onward for whoever outgrows one machine.
//!
//! The tables hold what happened to persons under their pseudonym: person level, without names, NIK or birth dates.
//! They are written only where somebody asks for them, never into a month's outputs. Knows histories; computes no figure.

use super::{Analysis, RunError};
use crate::domain::history::{Episode, LinkStrength, PersonId, Service, SupervisionSpell};
use crate::domain::region::InAmbon;
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, RowRef, Upt};
use crate::history::{EntryKind, Release, Return, releases};
use crate::workspace::Settings;
use chrono::{Datelike, NaiveDate};
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a row group: what is held in memory at once.
const ROW_GROUP: usize = 128 * 1024;

/// The region of the partition key `kanwil=`.
const REGION: &str = "maluku";

/// A column: its name, what it means, and how a row fills it.
struct Column<'a, R> {
    name: &'static str,
    value: Value<'a, R>,
}

type Of<'a, R, T> = Box<dyn Fn(&R) -> Option<T> + 'a>;

/// How a row fills a column; every column may be empty.
enum Value<'a, R> {
    Text(Of<'a, R, &'a str>),
    Date(Of<'a, R, NaiveDate>),
    Int(Of<'a, R, i32>),
    Float(Of<'a, R, f64>),
    Flag(Of<'a, R, bool>),
}

impl<R> Column<'_, R> {
    fn declaration(&self) -> String {
        let name = self.name;
        match self.value {
            Value::Text(_) => format!("optional binary {name} (UTF8);"),
            Value::Date(_) => format!("optional int32 {name} (DATE);"),
            Value::Int(_) => format!("optional int32 {name};"),
            Value::Float(_) => format!("optional double {name};"),
            Value::Flag(_) => format!("optional boolean {name};"),
        }
    }

    fn write(
        &self,
        rows: &[R],
        group: &mut SerializedRowGroupWriter<'_, std::fs::File>,
    ) -> Result<(), ParquetError> {
        match &self.value {
            Value::Text(f) => {
                column::<ByteArrayType, _, _>(rows, group, |r| f(r).map(ByteArray::from))
            }
            Value::Date(f) => column::<Int32Type, _, _>(rows, group, |r| f(r).map(days)),
            Value::Int(f) => column::<Int32Type, _, _>(rows, group, f),
            Value::Float(f) => column::<DoubleType, _, _>(rows, group, f),
            Value::Flag(f) => column::<BoolType, _, _>(rows, group, f),
        }
    }
}

/// Days since 1970-01-01.
fn days(d: NaiveDate) -> i32 {
    d.num_days_from_ce() - 719_163
}

fn column<T: DataType, R, F: Fn(&R) -> Option<T::T>>(
    rows: &[R],
    group: &mut SerializedRowGroupWriter<'_, std::fs::File>,
    value: F,
) -> Result<(), ParquetError> {
    let Some(mut writer) = group.next_column()? else {
        return Ok(());
    };
    let mut values = Vec::with_capacity(rows.len());
    let levels: Vec<i16> = rows
        .iter()
        .map(|r| {
            let v = value(r);
            let there = i16::from(v.is_some());
            values.extend(v);
            there
        })
        .collect();
    writer
        .typed::<T>()
        .write_batch(&values, Some(&levels), None)?;
    writer.close()
}

/// Where a table of a month stands.
fn part(dir: &Path, table: &str, month: Month) -> PathBuf {
    dir.join(table)
        .join(format!("kanwil={REGION}"))
        .join(format!("month={month}"))
        .join("part-0.parquet")
}

/// Writes one table, whole or not at all.
fn table<R>(
    dir: &Path,
    month: Month,
    name: &str,
    rows: &[R],
    columns: &[Column<R>],
) -> Result<(), RunError> {
    let stage = RunError::stage::<ParquetError>;
    let path = part(dir, name, month);
    let folder = path.parent().unwrap_or(dir);
    std::fs::create_dir_all(folder).map_err(RunError::io("create", folder))?;
    let declared: String = columns.iter().map(Column::declaration).collect();
    let schema = parse_message_type(&format!("message {name} {{ {declared} }}"))
        .map_err(stage("parquet"))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("reintegrasi {}", env!("CARGO_PKG_VERSION")))
        .build();
    let file = tempfile::NamedTempFile::new_in(folder).map_err(RunError::io("write", folder))?;
    let handle = file.reopen().map_err(RunError::io("write", folder))?;
    let mut writer = SerializedFileWriter::new(handle, Arc::new(schema), Arc::new(properties))
        .map_err(stage("parquet"))?;
    for chunk in rows.chunks(ROW_GROUP) {
        let mut group = writer.next_row_group().map_err(stage("parquet"))?;
        for c in columns {
            c.write(chunk, &mut group).map_err(stage("parquet"))?;
        }
        group.close().map_err(stage("parquet"))?;
    }
    writer.close().map_err(stage("parquet"))?;
    file.persist(&path)
        .map_err(|e| RunError::io("write", path)(e.error))?;
    Ok(())
}

fn text<'a, R>(name: &'static str, f: impl Fn(&R) -> Option<&'a str> + 'a) -> Column<'a, R> {
    Column {
        name,
        value: Value::Text(Box::new(f)),
    }
}
fn date<'a, R>(name: &'static str, f: impl Fn(&R) -> Option<NaiveDate> + 'a) -> Column<'a, R> {
    Column {
        name,
        value: Value::Date(Box::new(f)),
    }
}
fn int<'a, R>(name: &'static str, f: impl Fn(&R) -> Option<i32> + 'a) -> Column<'a, R> {
    Column {
        name,
        value: Value::Int(Box::new(f)),
    }
}
fn float<'a, R>(name: &'static str, f: impl Fn(&R) -> Option<f64> + 'a) -> Column<'a, R> {
    Column {
        name,
        value: Value::Float(Box::new(f)),
    }
}
fn flag<'a, R>(name: &'static str, f: impl Fn(&R) -> Option<bool> + 'a) -> Column<'a, R> {
    Column {
        name,
        value: Value::Flag(Box::new(f)),
    }
}

/// Writes the stage tables `rows`, `persons`, `episodes`, `releases`, `entries`, `supervision` and `services` of a month
/// below a folder; an earlier export of the same month is replaced table by table.
///
/// | table | a row is |
/// |---|---|
/// | `rows` | a row that was read and whom it was held for: file (as the manifest names it) and its content hash, sheet, row from 1, person |
/// | `persons` | a linked person: pseudonym, sex, year of birth, residence, day of death, kind of its links |
/// | `episodes` | contiguous custody of a person: days, units, register classes, offence group and day, sentence |
/// | `releases` | an index release (docs/definitions.md 2): day `t0`, exit code, unit, number of earlier episodes |
/// | `entries` | what followed a release: day, kind (`new`, `new_unknown_date`, `pseudo`, `technical`), day of verdict |
/// | `supervision` | guidance by a Bapas |
/// | `services` | a participation after roll-up; `person` is empty where nobody was found |
///
/// Days are dates; ids are those of the CSV files. `episode` numbers the rows of `episodes` from 0.
///
/// # Errors
/// A folder or file that cannot be written.
pub fn parquet(
    dir: &Path,
    a: &Analysis,
    settings: &Settings,
    units: &UptRegistry,
) -> Result<(), RunError> {
    let month = a.intake.month;
    let h = &a.histories;
    let keys: Vec<String> = a.links.keys().iter().map(ToString::to_string).collect();
    let key = |p: PersonId| keys.get(p.0 as usize).map(String::as_str);
    let unit = |u: Option<Upt>| u.map(|u| units.info(u).id.as_str());

    rows(dir, a, &keys)?;
    let persons: Vec<usize> = (0..h.persons.len()).collect();
    let p = |i: &usize| &h.persons[*i];
    table(
        dir,
        month,
        "persons",
        &persons,
        &[
            text("person", |i: &usize| key(PersonId(*i as u32))),
            text("sex", |i: &usize| p(i).sex.map(|s| s.id())),
            int("birth_year", |i: &usize| p(i).birth.map(|b| b.year())),
            text("in_ambon", |i: &usize| p(i).in_ambon.map(InAmbon::id)),
            text("district", |i: &usize| p(i).district.map(|d| d.id())),
            text("education", |i: &usize| {
                Some(p(i).education.as_str()).filter(|e| !e.is_empty())
            }),
            date("death", |i: &usize| p(i).death),
            text("links", |i: &usize| {
                Some(match p(i).strength {
                    LinkStrength::Single => "single",
                    LinkStrength::Strict => "strict",
                    LinkStrength::Likely => "likely",
                })
            }),
        ],
    )?;

    let episodes: Vec<(usize, &Episode)> = h.episodes.iter().enumerate().collect();
    table(
        dir,
        month,
        "episodes",
        &episodes,
        &[
            int("episode", |(i, _): &(usize, &Episode)| Some(*i as i32)),
            text("person", |(_, e): &(usize, &Episode)| key(e.person)),
            date("start", |(_, e): &(usize, &Episode)| {
                Some(e.start).filter(|_| e.admission_known)
            }),
            date("end", |(_, e): &(usize, &Episode)| e.end),
            text("exit", |(_, e): &(usize, &Episode)| e.exit.map(|x| x.id())),
            text("unit_in", |(_, e): &(usize, &Episode)| {
                unit(e.stays.first().map(|s| s.upt))
            }),
            text("unit_out", |(_, e): &(usize, &Episode)| {
                unit(e.stays.last().map(|s| s.upt))
            }),
            text("register_first", |(_, e): &(usize, &Episode)| {
                e.classes.first().map(|c| c.class.id())
            }),
            text("register_last", |(_, e): &(usize, &Episode)| {
                e.classes.last().map(|c| c.class.id())
            }),
            flag("sentenced", |(_, e): &(usize, &Episode)| {
                Some(e.is_sentenced())
            }),
            text("offence", |(_, e): &(usize, &Episode)| Some(e.offence.id())),
            date("offence_date", |(_, e): &(usize, &Episode)| e.offence_date),
            date("verdict", |(_, e): &(usize, &Episode)| e.verdict),
            int("sentence_days", |(_, e): &(usize, &Episode)| {
                e.sentence_days.and_then(|d| d.try_into().ok())
            }),
            flag("recidivist_flag", |(_, e): &(usize, &Episode)| {
                e.recidivist_flag
            }),
            flag("from_revocation", |(_, e): &(usize, &Episode)| {
                Some(e.began_by_revocation)
            }),
        ],
    )?;

    let released = releases(h, &settings.definitions);
    table(
        dir,
        month,
        "releases",
        &released,
        &[
            int("episode", |r: &Release| Some(r.episode as i32)),
            text("person", |r: &Release| key(r.person)),
            date("t0", |r: &Release| Some(r.t0)),
            text("exit", |r: &Release| Some(r.exit.id())),
            text("unit", |r: &Release| unit(r.upt)),
            int("prior", |r: &Release| r.prior.try_into().ok()),
            date("death", |r: &Release| r.death),
            date("handed_over", |r: &Release| r.censored),
        ],
    )?;
    let entries: Vec<_> = released
        .iter()
        .flat_map(|r| r.returns.iter().map(move |x| (r, x)))
        .collect();
    table(
        dir,
        month,
        "entries",
        &entries,
        &[
            int("episode", |(r, _): &(&Release, &Return)| {
                Some(r.episode as i32)
            }),
            text("person", |(r, _): &(&Release, &Return)| key(r.person)),
            date("t0", |(r, _): &(&Release, &Return)| Some(r.t0)),
            date("date", |(_, x): &(&Release, &Return)| Some(x.date)),
            text("kind", |(_, x): &(&Release, &Return)| {
                Some(match x.kind {
                    EntryKind::New => "new",
                    EntryKind::NewUnknownDate => "new_unknown_date",
                    EntryKind::Pseudo => "pseudo",
                    EntryKind::Technical => "technical",
                })
            }),
            date("sentenced", |(_, x): &(&Release, &Return)| x.sentenced),
        ],
    )?;
    drop(entries);

    table(
        dir,
        month,
        "supervision",
        &h.supervision,
        &[
            text("person", |s: &SupervisionSpell| key(s.person)),
            text("bapas", |s: &SupervisionSpell| unit(Some(s.bapas))),
            text("kind", |s: &SupervisionSpell| Some(s.kind.id())),
            date("start", |s: &SupervisionSpell| {
                Some(s.start).filter(|_| s.start_known)
            }),
            date("planned_end", |s: &SupervisionSpell| s.planned_end),
            date("end", |s: &SupervisionSpell| s.end),
            text("end_kind", |s: &SupervisionSpell| {
                s.end_kind.map(|e| e.id())
            }),
            text("offence", |s: &SupervisionSpell| Some(s.offence.id())),
        ],
    )?;
    let services: Vec<_> = h.services.iter().collect();
    table(
        dir,
        month,
        "services",
        &services,
        &[
            text("person", |s: &&Service| s.person.and_then(key)),
            text("agency", |s: &&Service| Some(s.opd.as_str())),
            text("unit", |s: &&Service| unit(s.upt)),
            text("kind", |s: &&Service| Some(s.kind.id())),
            text("state", |s: &&Service| Some(s.state.id())),
            date("referred", |s: &&Service| s.referred),
            date("enrolled", |s: &&Service| s.enrolled),
            date("start", |s: &&Service| s.start),
            date("planned_end", |s: &&Service| s.planned_end),
            date("end", |s: &&Service| s.end),
            date("issued", |s: &&Service| s.issued),
            float("hours_planned", |s: &&Service| {
                s.hours.map(|h| f64::from(h.0))
            }),
            float("hours_attended", |s: &&Service| {
                s.hours.map(|h| f64::from(h.1))
            }),
            flag("inside", |s: &&Service| Some(s.inside)),
            flag("priority_programme", |s: &&Service| {
                Some(s.priority_programme)
            }),
        ],
    )
}

/// Who is who: every row that was read, with its person.
fn rows(dir: &Path, a: &Analysis, keys: &[String]) -> Result<(), RunError> {
    let identities = a.intake.records.identities();
    let mut rows: Vec<(RowRef, u32)> = (identities.zip(&a.links.person_of))
        .map(|((at, _), person)| (at, *person))
        .collect();
    let person: FxHashMap<RowRef, u32> = rows.iter().copied().collect();
    let replaced = a.intake.replaced.iter();
    rows.extend(replaced.filter_map(|(at, by)| Some((*at, *person.get(by)?))));
    let file = |at: RowRef| a.intake.shown.get(at.file.0 as usize);
    let sheet = |at: RowRef| a.intake.files.get(at.file.0 as usize);
    table(
        dir,
        a.intake.month,
        "rows",
        &rows,
        &[
            text("file", |(at, _): &(RowRef, u32)| {
                file(*at).map(String::as_str)
            }),
            text("sha256", |(at, _): &(RowRef, u32)| {
                sheet(*at).map(|f| f.sha256.as_str())
            }),
            text("sheet", |(at, _): &(RowRef, u32)| {
                sheet(*at).map(|f| f.sheet(at.sheet))
            }),
            int("row", |(at, _): &(RowRef, u32)| {
                i32::try_from(at.row + 1).ok()
            }),
            text("person", |(_, p): &(RowRef, u32)| {
                keys.get(*p as usize).map(String::as_str)
            }),
        ],
    )
}
