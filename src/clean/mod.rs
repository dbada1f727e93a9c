//! Floor 1: values become canonical; what cannot be is an [`Issue`] with the cell's address, the rule, a proposed mend.
//!
//! Knows the words of offices and of the law; knows nothing of other rows (that is `reconcile`, and `link`).
//! As-of rule: nothing dated after the report's month counts. A row that begins later is *beyond*; an exit that
//! comes later has not happened yet.

mod account;
mod age;
mod as_of;
mod checks;
pub mod codes;
mod damage;
pub mod date;
mod identity;
mod kinds;
pub mod name;
pub mod nik;
pub mod not_yet;
pub mod number;
pub mod offence;
mod overlap;
pub mod place;
mod reconcile;
mod recover;
mod remarks;
mod row;
mod signs;
pub mod text;

pub use as_of::{Alike, AsOf};
pub use reconcile::{Reconciled, reconcile};
pub use remarks::{Movement, day_told, movement, tells_an_event, tells_of_somebody, whole_days};

use crate::domain::account::CellCounts;
use crate::domain::raw::{Point, RawCell, RawTable};
use crate::domain::records::{Covered, Records};
use crate::domain::upt::UptRegistry;
use crate::domain::{Field, Issue, Month, RecordKind, RowRef, Severity, WholeList};
use crate::workspace::Settings;
use chrono::NaiveDate;
use row::Row;

/// A rule the input is held against; its texts are the locale keys `rule.<id>` and `rule.<id>.fix`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleInfo {
    /// Stable id.
    pub id: &'static str,
    /// What becomes of a value that breaks it.
    pub severity: Severity,
}

const fn rule(id: &'static str, severity: Severity) -> RuleInfo {
    RuleInfo { id, severity }
}

/// Every rule of this room.
pub const RULES: &[RuleInfo] = &[
    rule("clean.no_person", Severity::Error),
    rule("clean.no_unit", Severity::Error),
    rule("clean.no_date", Severity::Error),
    rule("clean.no_service", Severity::Error),
    rule("clean.exit_before_admission", Severity::Error),
    rule("clean.too_young", Severity::Error),
    rule("clean.nik_damaged", Severity::Warning),
    rule("clean.nik_invalid", Severity::Warning),
    rule("clean.nik_shared", Severity::Warning),
    rule("clean.date_bad", Severity::Warning),
    rule("clean.date_swapped", Severity::Warning),
    rule("clean.date_swapped_column", Severity::Warning),
    rule("clean.date_doubtful", Severity::Warning),
    rule("clean.date_utc_column", Severity::Warning),
    rule("clean.date_mended", Severity::Warning),
    rule("clean.date_period", Severity::Warning),
    rule("clean.date_placeholder", Severity::Note),
    rule("clean.date_for_words", Severity::Warning),
    rule("clean.cell_error", Severity::Warning),
    rule("clean.cell_truth_value", Severity::Warning),
    rule("clean.birth_impossible", Severity::Warning),
    rule("clean.birth_swapped", Severity::Warning),
    rule("clean.birth_mismatch", Severity::Warning),
    rule("clean.sex_bad", Severity::Warning),
    rule("clean.sex_mismatch", Severity::Warning),
    rule("clean.exit_unknown", Severity::Warning),
    rule("clean.exit_date_assumed", Severity::Warning),
    rule("clean.exit_undated", Severity::Warning),
    rule("clean.register_unknown", Severity::Warning),
    rule("clean.sentence_bad", Severity::Warning),
    rule("clean.law_missing", Severity::Warning),
    rule("clean.offence_after_admission", Severity::Warning),
    rule("clean.expiry_before_admission", Severity::Warning),
    rule("clean.end_before_start", Severity::Warning),
    rule("clean.kind_unknown", Severity::Warning),
    rule("clean.state_unknown", Severity::Warning),
    rule("clean.outcome_unknown", Severity::Warning),
    rule("clean.number_bad", Severity::Warning),
    rule("clean.birth_century", Severity::Warning),
    rule("clean.work_hours", Severity::Warning),
    rule("clean.work_day", Severity::Warning),
    rule("clean.work_six_months", Severity::Warning),
    rule("clean.more_than_planned", Severity::Note),
    rule("clean.early_integration", Severity::Note),
    rule("clean.total_differs", Severity::Warning),
    rule("clean.custody_overlap", Severity::Warning),
    rule("clean.list_not_whole", Severity::Warning),
    rule("clean.list_left_out", Severity::Warning),
    rule("clean.list_differs", Severity::Warning),
    rule("clean.revised", Severity::Note),
    rule("clean.column_unused", Severity::Note),
    rule("clean.sign_unread", Severity::Warning),
    rule("clean.attendance_stopped", Severity::Note),
    rule("clean.participant_public", Severity::Note),
    rule("clean.end_undated", Severity::Warning),
    rule("clean.end_date_assumed", Severity::Note),
    rule("clean.status_contradicts", Severity::Warning),
    rule("clean.death_undated", Severity::Warning),
    rule("clean.no_admission", Severity::Warning),
    rule("clean.register_move", Severity::Warning),
    rule("clean.register_only", Severity::Note),
    rule("clean.held_since_unknown", Severity::Note),
    rule("clean.revoked_by_admission", Severity::Note),
    rule("clean.bapas_unknown", Severity::Warning),
    rule("clean.detention_end", Severity::Note),
    rule("clean.accompanied", Severity::Warning),
    rule("clean.other_service", Severity::Warning),
    rule("clean.taken_over", Severity::Note),
    rule("clean.client_since_unknown", Severity::Note),
    rule("clean.called_off", Severity::Warning),
    rule("clean.other_day_taken", Severity::Note),
    rule("clean.row_withdrawn", Severity::Warning),
    rule("clean.row_of_others", Severity::Warning),
    rule("clean.row_below_total", Severity::Warning),
    rule("clean.refusal_unused", Severity::Warning),
    rule("clean.service_assumed", Severity::Note),
    rule("clean.only_applied", Severity::Note),
    rule("clean.not_sentenced", Severity::Note),
    rule("clean.not_final", Severity::Warning),
    rule("clean.end_kind_assumed", Severity::Note),
    rule("clean.stays_in_custody", Severity::Note),
    rule("clean.event_unread", Severity::Warning),
    rule("clean.days_of_other_months", Severity::Warning),
    rule("clean.remark_unread", Severity::Note),
    rule("clean.day_of_list", Severity::Warning),
    rule("clean.list_later", Severity::Note),
    rule("clean.rows_later", Severity::Note),
    rule("clean.planned_only", Severity::Note),
    rule("clean.end_without_guidance", Severity::Warning),
    rule("clean.period_assumed", Severity::Warning),
];

/// Cleans tables with the knowledge of a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Cleaner<'a> {
    /// Units of the run.
    pub units: &'a UptRegistry,
    /// Settings.
    pub settings: &'a Settings,
    /// Last day that counts.
    pub as_of: NaiveDate,
}

/// What a table gave.
#[derive(Debug, Default)]
pub struct Cleaned {
    /// Records.
    pub records: Records,
    /// Findings.
    pub issues: Vec<Issue>,
    /// Rows that became records.
    pub rows_used: u64,
    /// Rows set aside, each with an issue of severity error.
    pub rows_set_aside: u64,
    /// Rows dated after the month.
    pub rows_beyond: u64,
    /// On which other last days the same is made of the table.
    pub alike: Alike,
    /// What became of the cells of its rows.
    pub account: CellCounts,
}

/// What became of a row.
pub(crate) enum Fate {
    Used,
    SetAside,
    Beyond,
    /// The office, or the sheet, says that it is none of the list: nothing is to be mended.
    NotOfList,
}

impl Cleaner<'_> {
    /// Cleans the tables of one file: what was done to one of its columns on the way here was done to all.
    pub fn clean_file(&self, tables: &[RawTable]) -> Vec<Cleaned> {
        let damage = damage::columns(tables);
        let both = tables.iter().zip(&damage);
        both.map(|(table, damage)| self.clean_with(table, damage))
            .collect()
    }

    /// Cleans a table that is alone in its file.
    pub fn clean_table(&self, table: &RawTable) -> Cleaned {
        let alone = self.clean_file(std::slice::from_ref(table));
        alone.into_iter().next().unwrap_or_default()
    }

    /// Cleans a table; every row is used, set aside or beyond.
    fn clean_with(&self, table: &RawTable, damage: &[damage::Column]) -> Cleaned {
        let mut out = Cleaned::default();
        let as_of = AsOf::new(self.as_of);
        let month = table.month();
        if month.is_some_and(|m| as_of.is_before(m.first_day())) {
            out.rows_beyond = table.rows.len() as u64;
            out.account = account::Account::new(table, |_| true).all_later();
            if !table.rows.is_empty() {
                let mut later = Issue::about_file(Severity::Note, "clean.list_later", table.file);
                later.sheet = Some(table.sheet);
                out.issues.push(later.with("rows", table.rows.len()));
            }
            out.alike = as_of.alike();
            return out;
        }
        out.records.reserve(table.kind, table.rows.len());
        let positions = row::Positions::new(table);
        let places = place::Units::new(self.units);
        let known = kinds::Known::default();
        let points = signs::Points::new(table, |d| as_of.is_before(d));
        let tools = kinds::Tools {
            ages: age::AsCounted::of(table, &positions, damage, &as_of, month),
            points: &points,
            units: self.units,
            settings: self.settings,
            as_of: &as_of,
            places: &places,
            month,
            known: &known,
        };
        let mut made = kinds::Made {
            records: &mut out.records,
            newest: None,
        };
        let to_come = |p: Point| match p {
            Point::Month(m, _) => as_of.is_before(m.first_day()),
            Point::Day(d) => as_of.is_before(d),
            Point::Meeting(_) => false,
        };
        let mut account = account::Account::new(table, to_come);
        let mut later: Vec<RowRef> = Vec::new();
        for raw in &table.rows {
            if crate::domain::interrupt::is_requested() {
                break;
            }
            let mut row = Row::new(table, raw, &positions, damage);
            row.check_kinds();
            let fate = tools.row(&mut row, &mut made);
            account.row(&row, &fate);
            match fate {
                Fate::Used | Fate::NotOfList => out.rows_used += 1,
                Fate::SetAside => out.rows_set_aside += 1,
                Fate::Beyond => {
                    out.rows_beyond += 1;
                    later.push(row.at());
                    continue;
                }
            }
            out.issues.append(&mut row.issues);
        }
        by_column(&mut out.issues, "clean.other_day_taken");
        out.issues.extend(rows_later(table, &later));
        self.check_totals(table, &mut out.issues);
        out.account = account.close(&mut out.issues);
        let newest = made.newest;
        cover(
            table,
            month,
            newest,
            &as_of,
            &mut out.records,
            &mut out.issues,
        );
        out.alike = as_of.alike();
        out
    }

    /// A number in a row of totals must equal what it can stand for: the rows, the filled cells of its column, or their sum.
    fn check_totals(&self, table: &RawTable, issues: &mut Vec<Issue>) {
        for (t, written) in (table.totals.iter()).filter_map(|t| Some((t, number::total(&t.cell)?)))
        {
            let column = table.columns.iter().position(|c| c.col == t.col);
            let rows_of = |from: u32| {
                let rows = table.rows.iter();
                rows.filter(move |r| (from..=t.rows.1).contains(&r.row))
            };
            let rows = || rows_of(t.rows.0);
            let cells = || rows().filter_map(|r| r.cells.get(column?));
            let is_filled = |c: &&RawCell| match c {
                RawCell::Empty => false,
                RawCell::Text(t) => !text::is_placeholder(t),
                RawCell::Number(_) | RawCell::Date(_) | RawCell::Bool(_) | RawCell::Error(_) => {
                    true
                }
            };
            let filled = cells().filter(is_filled);
            let (count, filled) = (rows().count() as f64, filled.count() as f64);
            // `Jumlah Narapidana` below a group: the rows since the total before.
            let before = table
                .totals
                .iter()
                .filter(|o| o.row < t.row)
                .map(|o| o.row + 1);
            let group = rows_of(before.max().unwrap_or(0).max(t.rows.0)).count() as f64;
            let counts = column.is_some_and(|p| {
                let c = &table.columns[p];
                c.told.is_none() && c.field.is_none_or(|f| !f.is_day() && !is_of_person(f))
            });
            let numeric: Vec<f64> = if counts {
                cells().filter_map(number::amount).collect()
            } else {
                Vec::new()
            };
            let sum: f64 = numeric.iter().sum();
            // Of a column of days, or of signs, a total counts the days, and those who were there.
            let days = cells().filter(|c| {
                matches!(c, RawCell::Text(_) | RawCell::Date(_)) && date::read(c).date().is_some()
            });
            let days = days.count() as f64;
            let there = cells().filter(|c| {
                let sign = signs::read(c, crate::domain::raw::Counted::Sign, true);
                matches!(sign, Ok(Some(signs::Sign::Present | signs::Sign::Of(..))))
            });
            let there = there.count() as f64;
            let mut fits = vec![count, filled, group, days, there];
            fits.extend((!numeric.is_empty()).then_some(sum));
            if fits.iter().any(|n| (n - written).abs() <= 0.5) {
                continue;
            }
            // Texts that are no numbers are not summed: what the total counts of them is not known.
            let texts =
                cells().filter(|c| matches!(c, RawCell::Text(_)) && number::amount(c).is_none());
            if texts.count() as f64 > numeric.len() as f64 && !numeric.is_empty() {
                continue;
            }
            let expected = if !numeric.is_empty() {
                sum
            } else if column.is_some_and(|p| table.columns[p].field.is_some_and(|f| f.is_day())) {
                filled
            } else {
                count
            };
            let at = crate::domain::RowRef {
                file: table.file,
                sheet: table.sheet,
                row: t.row,
            };
            let header = column.map_or("", |p| table.columns[p].header.as_str());
            issues.push(
                Issue::about_cell(
                    Severity::Warning,
                    "clean.total_differs",
                    at.cell(t.col),
                    header,
                    &written.to_string(),
                )
                .proposing(expected.to_string()),
            );
        }
    }
}

/// What is said of many rows because of one column is said once, in the first of them, with their number.
fn by_column(issues: &mut Vec<Issue>, rule: &str) {
    let mut rows: std::collections::BTreeMap<Option<u16>, usize> = Default::default();
    for i in issues.iter().filter(|i| i.rule == rule) {
        *rows.entry(i.col).or_default() += 1;
    }
    issues.retain_mut(|i| {
        if i.rule != rule {
            return true;
        }
        let n = rows.remove(&i.col);
        if let Some(n) = n {
            i.args.push(("rows", n.to_string()));
        }
        n.is_some()
    });
}

/// Rows dated after the month are said each; where they are many, by their number.
fn rows_later(table: &RawTable, later: &[RowRef]) -> Vec<Issue> {
    const EACH: usize = 20;
    let rule = "clean.rows_later";
    if later.len() <= EACH {
        let each = later
            .iter()
            .map(|at| Issue::about_row(Severity::Note, rule, *at));
        return each.map(|i| i.with("rows", 1)).collect();
    }
    let mut all = Issue::about_file(Severity::Note, rule, table.file);
    all.sheet = Some(table.sheet);
    vec![all.with("rows", later.len())]
}

/// Whether the numbers of a column are no amounts: they say who somebody is.
fn is_of_person(field: Field) -> bool {
    matches!(
        field,
        Field::RowNo
            | Field::Name
            | Field::Nik
            | Field::Sex
            | Field::RegisterNo
            | Field::ClientNo
            | Field::BirthPlaceDate
            | Field::Remarks
    )
}

/// What the table covers: until the day its title says, its period or month; without any, until it was saved.
fn cover(
    table: &RawTable,
    month: Option<Month>,
    newest: Option<NaiveDate>,
    as_of: &AsOf,
    records: &mut Records,
    issues: &mut Vec<Issue>,
) {
    let c = &table.context;
    let stated = (c.until.or(c.period.map(|(_, to)| to))).or(month.map(Month::last_day));
    let to = match stated {
        Some(d) => as_of.at_most(d),
        None => {
            // The last event of a quiet office is no end of its list: it was delivered, and was true when it was saved.
            let saved = c.saved.filter(|s| newest.is_none_or(|n| *s >= n));
            let to = as_of.at_most(saved.unwrap_or(NaiveDate::MAX));
            let rule = "clean.period_assumed";
            let mut issue = Issue::about_file(Severity::Warning, rule, table.file);
            issue.sheet = Some(table.sheet);
            issues.push(issue.with("until", to.format("%d-%m-%Y")));
            to
        }
    };
    let from = match (table.kind, table.context.period, month) {
        (RecordKind::Custody | RecordKind::Supervision | RecordKind::Resident, ..) => None,
        (_, Some((from, _)), _) => Some(from),
        (_, None, Some(m)) => Some(m.first_day()),
        _ => None,
    };
    // A list without a day names everybody who was there at its last event, not later.
    let named_on = if stated.is_some() {
        to
    } else {
        newest.unwrap_or(to)
    };
    let whole = whole(table, named_on, as_of, records);
    records.coverage.push(Covered {
        supplier: table.supplier.clone(),
        kind: table.kind,
        from: from.unwrap_or_else(|| Month::of(to).first_day()),
        to,
        file: table.file,
        sheet: table.sheet,
        whole,
    });
}

/// What a table says of those who are there, as of the day of its title or the last it covers.
fn whole(table: &RawTable, to: NaiveDate, as_of: &AsOf, records: &Records) -> Option<WholeList> {
    let scope = table.context.whole?;
    let in_title = table.context.day.filter(|d| Month::of(*d) == Month::of(to));
    Some(WholeList {
        day: as_of.at_most(in_title.unwrap_or(to)),
        scope,
        by_hand: table.context.whole_by_hand,
        rows: (records.custody.len() + records.supervision.len()) as u32,
        exits: records.custody.iter().any(|r| r.exit.is_some())
            || records.supervision.iter().any(|r| r.end_kind.is_some()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Every parser of a value, with any text and with texts made of what offices write.
        /// `PROPTEST_CASES=200000 cargo test --lib no_text_makes_a_parser_panic` is the long session.
        #[test]
        fn no_text_makes_a_parser_panic(
            s in prop_oneof![
                "\\PC{0,60}",
                "[0-9A-Za-z .,/()'\\-:+]{0,40}",
                "(B\\.I|A\\.III|Pasal|UU|Kec\\.|Kel\\.|Negeri|bin|alias|Alm\\.|tahun|bulan|hari|[0-9]{1,18}|[/., -])( ?(I|a|b|1|[0-9]{1,4}|[/., -]|Ambon|Buru|Nusaniwe|Januari|KUHP)){0,8}",
            ],
            n in prop::num::f64::ANY,
        ) {
            let units = UptRegistry::maluku(&[]);
            let text = RawCell::Text(s.as_str().into());
            for cell in [&text, &RawCell::Number(n), &RawCell::Date(n)] {
                let _ = (date::read(cell), nik::read(cell), number::amount(cell));
            }
            let _ = (date::place_and_date(&s), number::sentence(&s), name::read(&s), name::beside(&s), name::fold(&s));
            let _ = (codes::sex(&s), codes::register_class(&s), codes::exit(&s), codes::exit_in_remarks(&s), codes::integration(&s));
            let _ = (codes::supervision_kind(&s), codes::supervision_end(&s, &s), codes::litmas_kind(&s));
            let _ = (codes::service(&s, "bnn"), codes::service_state(&s), codes::outcome(&s));
            let _ = (codes::education(&s), codes::recidivist(&s), offence::classify(&[&s, &s], None));
            let _ = (place::residence(&s, &s, &s, &s), place::Units::new(&units).find(&s));
            let _ = place::agency(&s, &Default::default());
            // What tidying leaves is no longer than what was written.
            prop_assert!(text::tidy(&s).len() <= s.len());
        }
    }
}
