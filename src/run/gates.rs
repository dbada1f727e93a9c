//! Quality gates of the settings, and inputs without which nothing may be written.

use super::manifest::Manifest;
use super::outputs::supplier_name;
use super::read::{Intake, supplier_counts};
use super::{Analysis, RunError, commit};
use crate::domain::month::month_word;
use crate::domain::records::Covered;
use crate::domain::upt::UptRegistry;
use crate::domain::{FileId, Month, RecordKind, Severity};
use crate::locale::{self, Lang};
use crate::workspace::{Settings, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Fewer rows than these a month are too few to tell a fall from chance.
const ENOUGH_ROWS: f64 = 20.0;

/// A list that a supplier sends again and again: supplier id, and the name of its files without what tells months apart.
type List = (String, String);

/// The list a file is of: `lapas-piru/register_bulan_2026-01.xlsx` is the `lapas piru register bulan xlsx` of every month.
fn list_of(supplier: &str, shown: &str) -> List {
    let lower = shown.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphabetic());
    let lasting = words.filter(|w| !w.is_empty() && month_word(w).is_none());
    (supplier.to_owned(), lasting.collect::<Vec<_>>().join(" "))
}

/// Rows used a month by list.
type Rows = BTreeMap<List, f64>;

/// What the month before had, as it was done then.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Before {
    /// Of its lists.
    rows: Rows,
    /// Persons in custody at its end.
    inside: Option<u64>,
}

impl Before {
    /// What is known of the month before `month`; nothing when it was never done.
    pub fn of(ws: &Workspace, out: &Path, month: Month) -> Result<Before, RunError> {
        let before = month.plus(-1);
        // What cannot be read of it is told where its figures are looked for.
        let standing = commit::standing(ws, before).ok().flatten();
        let folder = (standing.as_ref()).map_or_else(|| out.to_owned(), commit::Standing::out);
        let path = folder.join(before.to_string()).join("manifest.json");
        if !path.exists() {
            return Ok(Before::default());
        }
        let m = Manifest::read(&path)?;
        let mut rows = Rows::new();
        for i in m.inputs {
            let days = i.coverage.iter().map(|c| (c.from, c.to));
            if let Some(n) = rows_in(days, i.used, before) {
                *rows.entry(list_of(&i.supplier, &i.path)).or_default() += n;
            }
        }
        Ok(Before {
            rows,
            inside: standing.and_then(|s| s.inside),
        })
    }
}

/// Rows of a file that fall to a month: its rows spread over the months it covers. `None` when it does not cover it.
fn rows_in(
    days: impl Iterator<Item = (chrono::NaiveDate, chrono::NaiveDate)>,
    used: u64,
    month: Month,
) -> Option<f64> {
    let (from, to) = days.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let (from, to) = (Month::of(from), Month::of(to));
    let months = f64::from(to.since(from) + 1);
    (from <= month && month <= to).then(|| used as f64 / months)
}

/// Rows used a month by list, over the files that cover it.
fn rows_of(intake: &Intake, month: Month) -> Rows {
    let mut out = Rows::new();
    for (i, (file, count)) in intake.files.iter().zip(&intake.counts).enumerate() {
        let of = |id: FileId| id.0 as usize == i;
        let days = intake.records.coverage.iter().filter(|c| of(c.file));
        if let Some(n) = rows_in(days.map(|c| (c.from, c.to)), count.used, month) {
            let shown = intake.shown.get(i).map_or("", String::as_str);
            *out.entry(list_of(&file.supplier, shown)).or_default() += n;
        }
    }
    out
}

/// Suppliers that sent a file which gave nothing and have none that speaks for the month, with the names of those files
/// as they may be shown.
pub fn unreadable_suppliers(intake: &Intake) -> BTreeMap<String, Vec<String>> {
    let spoke = rows_of(intake, intake.month).into_keys();
    let spoke: BTreeSet<String> = spoke.map(|(supplier, _)| supplier).collect();
    let failed: BTreeSet<u32> = (intake.issues.iter())
        .filter(|i| i.severity == Severity::Error && i.row.is_none() && i.sheet.is_none())
        .map(|i| i.file.0)
        .collect();
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (i, (file, count)) in intake.files.iter().zip(&intake.counts).enumerate() {
        // What is no table has no hash: a letter beside the lists is nobody's list. A copy is read where it first stands.
        let mut others = intake.files.iter().zip(&intake.counts);
        let copy = others.any(|(f, c)| f.sha256 == file.sha256 && c.tables > 0);
        // Nor is anything missing of a file that another counts in place of.
        let replaced = intake.superseded.contains_key(&i);
        let gave_nothing = count.tables == 0 && !file.sha256.is_empty() && !copy && !replaced;
        let unread = gave_nothing || failed.contains(&(i as u32));
        if unread && !file.supplier.is_empty() && !spoke.contains(&file.supplier) {
            let shown = intake.shown.get(i).cloned().unwrap_or_default();
            out.entry(file.supplier.clone()).or_default().push(shown);
        }
    }
    out
}

/// A supplier that the settings call required must have given at least one usable row (exit 4).
pub fn required_are_there(
    intake: &Intake,
    settings: &Settings,
    units: &UptRegistry,
    lang: Lang,
) -> Result<(), RunError> {
    let counts = supplier_counts(intake);
    for s in settings.suppliers.iter().filter(|s| s.required) {
        if counts.get(&s.id).is_none_or(|c| c.used == 0) {
            let name = units
                .by_id(&s.id)
                .map_or(s.id.as_str(), |u| units.info(u).name.as_str());
            return Err(RunError::Input(locale::format(
                lang,
                "run.required_missing",
                &[("supplier", name)],
            )));
        }
    }
    Ok(())
}

/// Somebody must have delivered a register or a list of clients for the month, or whatever is delivered here where nobody
/// sends those: what nobody sent is never nought (exit 4). Other lists may be of no month at all.
pub fn month_is_delivered(intake: &Intake, lang: Lang) -> Result<(), RunError> {
    let month = intake.month;
    let of_people = |c: &&Covered| matches!(c.kind, RecordKind::Custody | RecordKind::Supervision);
    let mut all: Vec<&Covered> = intake.records.coverage.iter().filter(of_people).collect();
    let later = intake.counts.iter().any(|c| c.beyond > 0);
    if all.is_empty() && !later {
        all.extend(&intake.records.coverage);
    }
    let covers = |c: &&Covered| Month::of(c.from) <= month && month <= Month::of(c.to);
    if all.iter().any(covers) {
        return Ok(());
    }
    let last = all.iter().map(|c| Month::of(c.to)).max();
    let last = last.map_or_else(|| "–".to_owned(), |m| locale::month_long(lang, m));
    let month = locale::month_long(lang, month);
    let args = [("month", month.as_str()), ("last", &last)];
    Err(RunError::Input(locale::format(
        lang,
        "run.month_not_delivered",
        &args,
    )))
}

/// A gate that a share fell short of or went beyond, in a sentence.
fn sentence(lang: Lang, key: &str, share: f64, limit: f64) -> String {
    let (share, limit) = (
        locale::percent(lang, share, 1),
        locale::percent(lang, limit, 1),
    );
    let args = [("share", share.as_str()), ("limit", limit.as_str())];
    locale::format(lang, &format!("run.gate_{key}"), &args)
}

fn share(k: u64, n: u64) -> f64 {
    if n == 0 { 0.0 } else { k as f64 / n as f64 }
}

/// Sentences about the gates that what was read fails by itself; empty when all held.
pub fn failed_by_reading(intake: &Intake, settings: &Settings, lang: Lang) -> Vec<String> {
    let nik = (intake.records.identities()).fold((0, 0), |(k, n), (_, who)| {
        (k + u64::from(who.nik.intact().is_some()), n + 1)
    });
    of_reading(intake, nik, settings, lang)
}

fn of_reading(intake: &Intake, nik: (u64, u64), settings: &Settings, lang: Lang) -> Vec<String> {
    let gates = &settings.gates;
    let mut out = Vec::new();
    let (seen, aside) =
        (intake.counts.iter()).fold((0, 0), |(s, a), c| (s + c.seen, a + c.set_aside));
    let set_aside = share(aside, seen);
    if set_aside > gates.rows_set_aside {
        out.push(sentence(
            lang,
            "rows_set_aside",
            set_aside,
            gates.rows_set_aside,
        ));
    }
    let nik = share(nik.0, nik.1);
    if nik < gates.nik_intact {
        out.push(sentence(lang, "nik_intact", nik, gates.nik_intact));
    }
    out
}

/// Sentences about the gates that failed; empty when all held. `inside`: persons in custody at the end of the month and
/// of the month before, as the files say now.
pub fn failed(
    a: &Analysis,
    inside: [u64; 2],
    before: &Before,
    settings: &Settings,
    units: &UptRegistry,
    lang: Lang,
) -> Vec<String> {
    let sum = |f: fn(&crate::measure::SourceQuality) -> (u64, u64)| {
        (a.quality.sources.iter().map(f)).fold((0, 0), |x, y| (x.0 + y.0, x.1 + y.1))
    };
    let gates = &settings.gates;
    let mut out = unread(&a.intake, settings, units, lang);
    out.extend(fallen(&a.intake, before, settings, units, lang));
    let then = before.inside.unwrap_or(0).max(inside[1]);
    out.extend(population_fallen(inside[0], then, settings, lang));
    let last = a.intake.month.last_day();
    if let Some(cutoff) = a.histories.coverage.cutoff
        && (last - cutoff).num_days() > i64::from(gates.cutoff_days)
    {
        let (cutoff, last) = (
            locale::date_long(lang, cutoff),
            locale::date_long(lang, last),
        );
        let args = [("cutoff", cutoff.as_str()), ("last", &last)];
        out.push(locale::format(lang, "run.gate_cutoff_days", &args));
    }
    out.extend(of_reading(&a.intake, sum(|s| s.nik_intact), settings, lang));
    let linked = sum(|s| s.linked);
    let linked = share(linked.0, linked.1);
    if linked < gates.services_linked {
        out.push(sentence(
            lang,
            "services_linked",
            linked,
            gates.services_linked,
        ));
    }
    let late = a.histories.coverage.late.len();
    let limit = gates.late_suppliers(settings.suppliers.len());
    if late > limit {
        let (count, limit) = (late.to_string(), limit.to_string());
        out.push(locale::format(
            lang,
            "run.gate_late_suppliers",
            &[("count", &count), ("limit", &limit)],
        ));
    }
    out
}

/// A sentence when the persons in custody are far fewer than at the end of the month before.
fn population_fallen(now: u64, then: u64, settings: &Settings, lang: Lang) -> Option<String> {
    let limit = settings.gates.population_fall;
    if (then as f64) < ENOUGH_ROWS || 1.0 - share(now, then) <= limit {
        return None;
    }
    let n = |v: u64| locale::integer(lang, v as f64);
    let (now, then, limit) = (n(now), n(then), locale::percent(lang, limit, 0));
    let args = [("now", now.as_str()), ("before", &then), ("limit", &limit)];
    Some(locale::format(lang, "run.gate_population_fall", &args))
}

/// A sentence for every supplier of which nothing could be read for the month, when there are more than the settings allow.
fn unread(intake: &Intake, settings: &Settings, units: &UptRegistry, lang: Lang) -> Vec<String> {
    let all = unreadable_suppliers(intake);
    if all.len() <= settings.gates.unreadable_suppliers as usize {
        return Vec::new();
    }
    let each = all.keys().map(|id| {
        let name = supplier_name(id, units, settings);
        let args = [("name", name.as_str())];
        locale::format(lang, "run.gate_unreadable_suppliers", &args)
    });
    each.collect()
}

/// A sentence for every list with far fewer rows than for the month before, or than it had when that month was done.
fn fallen(
    intake: &Intake,
    before: &Before,
    settings: &Settings,
    units: &UptRegistry,
    lang: Lang,
) -> Vec<String> {
    let month = intake.month;
    let (now, then) = (rows_of(intake, month), rows_of(intake, month.plus(-1)));
    // What was there when the month before was done: the same lists of this month and of that one.
    let both = now
        .iter()
        .chain(then.iter().filter(|(list, _)| !now.contains_key(list)));
    let mut out = Vec::new();
    for (list, n) in both {
        let known = [then.get(list), before.rows.get(list)];
        let then = known.into_iter().flatten().fold(0.0f64, |a, b| a.max(*b));
        let fall = 1.0 - n / then.max(1.0);
        if list.0.is_empty() || then < ENOUGH_ROWS || fall <= settings.gates.rows_fall {
            continue;
        }
        let name = supplier_name(&list.0, units, settings);
        let rows = |v: f64| locale::integer(lang, v.round());
        let limit = locale::percent(lang, settings.gates.rows_fall, 0);
        let (now, then) = (rows(*n), rows(then));
        let args = [
            ("name", name.as_str()),
            ("list", &list.1),
            ("now", &now),
            ("before", &then),
            ("limit", &limit),
        ];
        out.push(locale::format(lang, "run.gate_rows_fall", &args));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> chrono::NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn lists_of_one_kind_are_told_from_others_whatever_month_they_are_of() {
        let list = |name: &str| list_of("lapas-piru", name).1;
        assert_eq!(
            list("lapas-piru/register_bulan_2026-01.xlsx"),
            list("lapas-piru/register bulan Desember 2025.xlsx")
        );
        assert_ne!(
            list("lapas-piru/register_bulan_2026-01.xlsx"),
            list("lapas-piru/register_induk_2025-12.xlsx")
        );
    }

    #[test]
    fn a_population_that_falls_by_more_than_a_fifth_is_said_and_a_small_one_is_not() {
        let settings = Settings::default();
        let of = |now, then| population_fallen(now, then, &settings, Lang::Id);
        let said = of(172, 432).unwrap();
        assert!(said.contains("172") && said.contains("432"), "{said}");
        assert!(of(345, 432).is_some() && of(346, 432).is_none());
        assert!(of(0, 19).is_none() && of(500, 432).is_none());
    }

    #[test]
    fn rows_are_spread_over_the_months_a_file_covers() {
        let january = Month::new(2026, 1).unwrap();
        let of = |from: &str, to: &str| rows_in([(day(from), day(to))].into_iter(), 120, january);
        assert_eq!(of("2026-01-01", "2026-01-31"), Some(120.0));
        assert_eq!(of("2025-02-01", "2026-01-31"), Some(10.0));
        assert_eq!(of("2025-01-01", "2025-12-31"), None);
        assert_eq!(of("2026-02-01", "2026-02-28"), None);
        assert_eq!(rows_in([].into_iter(), 9, january), None);
    }
}
