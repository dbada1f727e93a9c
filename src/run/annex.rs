//! The internal annex (docs/definitions.md 4): doubtful links, findings by source row, people waiting for a service. Person level
//! and marked RAHASIA: written only when asked for, into `state/` or where the analyst says, readable by its owner
//! alone; with a password it is sealed. Rows go to disk as they are written.

use super::gain::{Ranked, ranked};
use super::read::Intake;
use super::review::{SIDE, place, reason, records, sides};
use super::{Analysis, RunError, seal};
use crate::domain::history::Service;
use crate::domain::place::column_letters;
use crate::domain::records::Identity;
use crate::domain::service::ServiceState;
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, RowRef, harmless};
use crate::locale::{self, Lang};
use crate::measure;
use crate::report::rule_text;
use crate::workspace::Settings;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Annex {
    /// File to write; none: `state/annex/YYYY-MM.xlsx`.
    pub path: Option<PathBuf>,
    /// Password it opens with.
    pub password: Option<String>,
}

/// Most rows of a sheet: what a workbook can hold. The feedback of each supplier has the rest.
const MOST_ROWS: u32 = 1_048_576;

/// Writes the annex and says where it is.
pub fn write(
    analysis: &Analysis,
    annex: &Annex,
    settings: &Settings,
    units: &UptRegistry,
    state: &Path,
    out: &Path,
    lang: Lang,
) -> Result<PathBuf, RunError> {
    let month = analysis.intake.month;
    let path = (annex.path.clone()).unwrap_or_else(|| state.join(format!("annex/{month}.xlsx")));
    let dir = path
        .parent()
        .filter(|d| !d.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // What is handed over must never hold it.
    let near = dir.ancestors().find_map(|d| d.canonicalize().ok());
    let handed_over = out.canonicalize().ok();
    if near
        .zip(handed_over)
        .is_some_and(|(near, out)| near.starts_with(out))
    {
        let args = [("path", &*path.display().to_string())];
        return Err(RunError::Usage(locale::format(
            lang,
            "run.annex.handed_over",
            &args,
        )));
    }
    std::fs::create_dir_all(dir).map_err(RunError::io("create", dir))?;
    // A temporary file is made with mode 0600, and gone if anything fails.
    let file = tempfile::NamedTempFile::new_in(dir).map_err(RunError::io("create", dir))?;
    let plain = tempfile::NamedTempFile::new_in(dir).map_err(RunError::io("create", dir))?;
    let target = if annex.password.is_some() {
        &plain
    } else {
        &file
    };
    let handle = target
        .as_file()
        .try_clone()
        .map_err(RunError::io("write", &path))?;
    book(analysis, settings, units, dir, lang)
        .and_then(|mut b| b.save_to_writer(handle))
        .map_err(RunError::stage("annex"))?;
    if let Some(password) = &annex.password {
        seal::seal(plain.path(), file.as_file(), password).map_err(RunError::io("write", &path))?;
    }
    file.as_file()
        .sync_all()
        .map_err(RunError::io("write", &path))?;
    file.persist(&path)
        .map_err(|e| RunError::io("write", &path)(e.error))?;
    Ok(path)
}

struct Sheet<'a> {
    w: &'a mut Worksheet,
    row: u32,
}

impl Sheet<'_> {
    fn put(&mut self, cells: &[String]) -> Result<(), XlsxError> {
        if self.row >= MOST_ROWS {
            return Ok(());
        }
        for (c, text) in cells.iter().enumerate() {
            self.w.write_string(self.row, c as u16, harmless(text))?;
        }
        self.row += 1;
        Ok(())
    }
}

fn say(lang: Lang, key: &str) -> String {
    locale::text(lang, &format!("run.annex.{key}")).to_owned()
}

/// A sheet with its mark, its title and its header.
fn sheet<'a>(
    book: &'a mut Workbook,
    month: Month,
    lang: Lang,
    key: &str,
    header: &[String],
) -> Result<Sheet<'a>, XlsxError> {
    let secret = Format::new()
        .set_bold()
        .set_font_size(14)
        .set_font_color("#B00020");
    let bold = Format::new().set_bold();
    let w = book.add_worksheet_with_constant_memory()?;
    w.set_name(say(lang, key))?;
    w.set_header("&C&BRAHASIA")
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    w.set_freeze_panes(3, 0)?;
    w.set_column_range_width(0, header.len() as u16, 22)?;
    w.write_string_with_format(0, 0, say(lang, "mark"), &secret)?;
    w.write_string(
        1,
        0,
        format!(
            "{}, {}",
            say(lang, &format!("{key}_title")),
            locale::month_long(lang, month)
        ),
    )?;
    for (c, h) in header.iter().enumerate() {
        w.write_string_with_format(2, c as u16, h, &bold)?;
    }
    Ok(Sheet { w, row: 3 })
}

fn book(
    a: &Analysis,
    settings: &Settings,
    units: &UptRegistry,
    dir: &Path,
    lang: Lang,
) -> Result<Workbook, XlsxError> {
    let month = a.intake.month;
    let mut book = Workbook::new();
    // What is written row by row lies on disk meanwhile: beside its own file, not where everybody's files are.
    book.set_tempdir(dir)?;
    let stamp = ExcelDateTime::parse_from_str(&format!("{}T00:00:00", month.last_day()))?;
    book.set_properties(
        &DocProperties::new()
            .set_title(say(lang, "mark"))
            .set_creation_datetime(&stamp),
    );
    doubtful(
        &mut book,
        a,
        &ranked(&a.intake, &a.links, settings, units),
        lang,
    )?;
    findings(&mut book, &a.intake, lang)?;
    waiting(&mut book, a, units, lang)?;
    Ok(book)
}

/// Doubtful pairs, those first whose decision changes the headline most.
fn doubtful(
    book: &mut Workbook,
    a: &Analysis,
    ranked: &Ranked,
    lang: Lang,
) -> Result<(), XlsxError> {
    let all = records(&a.intake);
    let word = |k: &str| locale::text(lang, &format!("link.review.{k}")).to_owned();
    let mut header = vec![
        say(lang, "probability"),
        word("points"),
        say(lang, "reason"),
    ];
    for side in ["A", "B"] {
        header.extend(SIDE.iter().map(|k| format!("{} {side}", word(k))));
    }
    let mut s = sheet(book, a.intake.month, lang, "pairs", &header)?;
    for &i in &ranked.order {
        let pair = &a.links.review[i];
        let [one, two] = sides(&a.intake, &all, pair, lang);
        let mut row = vec![
            locale::percent(lang, pair.probability, 1),
            locale::decimal(lang, ranked.gains[i].points, 2),
            reason(pair, lang),
        ];
        row.extend(one.into_iter().chain(two));
        s.put(&row)?;
    }
    Ok(())
}

fn findings(book: &mut Workbook, intake: &Intake, lang: Lang) -> Result<(), XlsxError> {
    let header = [
        "file", "sheet", "row", "column", "header", "value", "proposed", "rule",
    ];
    let header = header.map(|k| say(lang, k));
    let mut s = sheet(book, intake.month, lang, "findings", &header)?;
    for i in &intake.issues {
        let file = intake.files.get(i.file.0 as usize);
        let name = i.sheet.and_then(|n| Some(file?.sheet(n).to_owned()));
        s.put(&[
            file.map_or(String::new(), |f| f.path.clone()),
            name.unwrap_or_default(),
            i.row.map_or(String::new(), |r| (r + 1).to_string()),
            i.col.map_or(String::new(), column_letters),
            i.column.to_string(),
            i.value.to_string(),
            i.proposed.to_string(),
            rule_text(lang, i),
        ])?;
    }
    Ok(())
}

/// Referred and not begun at the month's end, the longest waiting first.
fn waiting(
    book: &mut Workbook,
    a: &Analysis,
    units: &UptRegistry,
    lang: Lang,
) -> Result<(), XlsxError> {
    let as_of = a.intake.month.last_day();
    let header = [
        "name", "nik", "opd", "service", "referred", "days", "source",
    ];
    let header = header.map(|k| say(lang, k));
    let who: HashMap<RowRef, &Identity> = a.intake.records.identities().collect();
    let open = |s: &&Service| {
        s.start.is_none()
            && s.issued.is_none()
            && matches!(s.state, ServiceState::Referred | ServiceState::Enrolled)
    };
    let mut all: Vec<(i64, &Service)> = (a.histories.services.iter())
        .filter(open)
        .filter_map(|s| Some(((as_of - s.referred?).num_days(), s)))
        .filter(|(days, _)| *days >= 0)
        .collect();
    all.sort_by_key(|(days, s)| (-days, s.sources.first().copied()));
    let mut sheet = sheet(book, a.intake.month, lang, "waiting", &header)?;
    for (days, s) in all {
        let Some(at) = s.sources.first() else {
            continue;
        };
        let identity = who.get(at);
        let text = |f: fn(&Identity) -> String| identity.map_or(String::new(), |i| f(i));
        sheet.put(&[
            text(|i| i.name.to_string()),
            text(|i| i.nik.digits().to_owned()),
            measure::category_label(lang, "opd", &s.opd, units),
            measure::category_label(lang, "service_kind", s.kind.id(), units),
            s.referred.map_or(String::new(), locale::date_short),
            days.to_string(),
            place(&a.intake, *at),
        ])?;
    }
    Ok(())
}
