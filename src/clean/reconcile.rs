//! After all files: the same row exported again is one record, whose newest version counts; a NIK that stands
//! for two different people identifies nobody.

use super::name::fold;
use super::overlap::overlapping;
use crate::domain::records::*;
use crate::domain::upt::UptRegistry;
use crate::domain::{Issue, Month, Nik, NikStatus, PartialDate, RowRef, Severity, Text};
use rustc_hash::FxHashMap;

/// What was reconciled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Older versions that a newer one with other values replaced.
    pub revisions: u64,
    /// Identical repetitions that were dropped.
    pub repeated: u64,
    /// Records whose NIK was taken out because it stands for several people.
    pub shared_nik: u64,
}

/// What makes two rows versions of one: kind-specific text without the values that may change.
type Key = (u8, Text, Text, Text);

fn who_key(who: &Identity) -> Text {
    match who.nik.intact() {
        Some(n) => n.into(),
        None => fold(&who.name),
    }
}

fn date_text(d: PartialDate) -> Text {
    Text::from(format!("{d:?}"))
}

/// Keeps the newest version per key; order of records stays that of the version kept.
fn newest<T>(
    all: &mut Vec<T>,
    key: impl Fn(&T) -> Option<Key>,
    version: impl Fn(&T) -> (Option<Month>, RowRef),
    same: impl Fn(&T, &mut T) -> bool,
    at: impl Fn(&T) -> RowRef,
    issues: &mut Vec<Issue>,
    out: &mut Reconciled,
) {
    let mut best: FxHashMap<Key, usize> = FxHashMap::default();
    let mut drop = vec![false; all.len()];
    for i in 0..all.len() {
        let Some(k) = key(&all[i]) else { continue };
        match best.get_mut(&k) {
            None => {
                best.insert(k, i);
            }
            Some(j) => {
                let (older, newer) = if version(&all[*j]) <= version(&all[i]) {
                    (*j, i)
                } else {
                    (i, *j)
                };
                drop[older] = true;
                let unchanged = all
                    .get_disjoint_mut([older, newer])
                    .is_ok_and(|[old, new]| same(old, new));
                if unchanged {
                    out.repeated += 1;
                } else {
                    out.revisions += 1;
                    issues.push(Issue::about_row(
                        Severity::Note,
                        "clean.revised",
                        at(&all[newer]),
                    ));
                }
                *j = newer;
            }
        }
    }
    let mut dropped = drop.iter();
    all.retain(|_| !dropped.next().copied().unwrap_or(false));
}

/// Reconciles all records in place.
pub fn reconcile(
    records: &mut Records,
    issues: &mut Vec<Issue>,
    units: &UptRegistry,
) -> Reconciled {
    let mut out = Reconciled::default();
    newest(
        &mut records.custody,
        |r| {
            let number: Text = r
                .register_no
                .chars()
                .filter(|c| c.is_alphanumeric())
                .collect::<String>()
                .to_uppercase()
                .into();
            (!number.is_empty()).then(|| {
                (
                    r.upt.0 as u8,
                    number,
                    date_year(r.admitted),
                    fold(&r.who.name),
                )
            })
        },
        |r| (r.list_month, r.at),
        |old, new| {
            // An exit that is repeated without a day month after month was of the first of these months.
            let earlier =
                || (old.exit_date.latest()).is_some_and(|d| Some(d) < new.exit_date.latest());
            let undated = matches!(new.exit_date, PartialDate::Month(..));
            if undated && new.exit == old.exit && earlier() {
                new.exit_date = old.exit_date;
            }
            (old.exit, old.exit_date, old.admitted, old.expiry)
                == (new.exit, new.exit_date, new.admitted, new.expiry)
        },
        |r| r.at,
        issues,
        &mut out,
    );
    newest(
        &mut records.litmas,
        |r| {
            Some((
                1,
                who_key(&r.who),
                date_text(r.requested),
                r.kind.id().into(),
            ))
        },
        |r| (r.completed.day().map(Month::of), r.at),
        |a, b| a.completed == b.completed,
        |r| r.at,
        issues,
        &mut out,
    );
    newest(
        &mut records.outcome,
        |r| Some((2, who_key(&r.who), date_text(r.date), r.kind.id().into())),
        |r| (None, r.at),
        |_, _| true,
        |r| r.at,
        issues,
        &mut out,
    );
    quarantine(records, issues, &mut out);
    overlapping(records, units, issues);
    out
}

fn date_year(d: PartialDate) -> Text {
    d.year()
        .map_or_else(Text::default, |y| Text::from(y.to_string()))
}

/// A NIK with two birth dates or two sexes stands for nobody (DOMAIN.md 1.9 rule 7). One typing error in a date
/// is not enough: names must differ as well.
fn quarantine(records: &mut Records, issues: &mut Vec<Issue>, out: &mut Reconciled) {
    let mut seen: FxHashMap<Text, (Text, PartialDate, Option<crate::domain::Sex>, bool)> =
        FxHashMap::default();
    for (_, who) in records.identities() {
        let Some(n) = who.nik.intact() else { continue };
        let name = fold(&who.name);
        let e = seen
            .entry(n.into())
            .or_insert_with(|| (name.clone(), who.birth, who.sex, false));
        let other_day = e.1.day().zip(who.birth.day()).is_some_and(|(a, b)| a != b);
        let other_sex = e.2.zip(who.sex).is_some_and(|(a, b)| a != b);
        e.3 |= (other_day || other_sex) && strsim::jaro_winkler(&e.0, &name) < 0.75;
    }
    let shared = |who: &Identity| {
        who.nik
            .intact()
            .and_then(|n| seen.get(n))
            .is_some_and(|e| e.3)
    };
    let mut take = |at: RowRef, who: &mut Identity| {
        if shared(who) {
            who.nik = Nik::with_status(NikStatus::Invalid, who.nik.digits());
            issues.push(Issue::about_row(Severity::Warning, "clean.nik_shared", at));
            out.shared_nik += 1;
        }
    };
    records
        .custody
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .supervision
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .litmas
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .participation
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .outcome
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .community_service
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .resident
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
    records
        .death
        .iter_mut()
        .for_each(|r| take(r.at, &mut r.who));
}
