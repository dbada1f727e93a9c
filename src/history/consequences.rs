//! What cannot well be true of the histories as a whole: guidance that should long be over and that nobody ended, stays far
//! beyond their sentence. Nothing is changed; each is said by count, for it inflates who is counted today.

use crate::domain::history::*;
use crate::domain::{FileId, Issue, Month, RowRef, Severity};
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// Days beyond the planned end, or beyond the sentence, from which on something must be missing.
const LONG: u64 = 365;

/// Rules of this room, with what becomes of a value that breaks one.
pub const RULES: &[(&str, Severity)] = &[
    ("history.guidance_overdue", Severity::Warning),
    ("history.stay_overdue", Severity::Warning),
];

/// One issue for each file whose rows show overdue guidance or stays, with how many of how many.
pub fn consequences(h: &mut Histories, month: Month) -> Vec<Issue> {
    let end = month.last_day();
    let long_past = |d: NaiveDate| d.checked_add_days(Days::new(LONG)).is_some_and(|d| d < end);
    let active = h
        .supervision
        .iter()
        .filter(|s| s.end.is_none() && s.start <= end);
    let guidance = count(active.map(|s| (&s.sources, s.planned_end.is_some_and(long_past))));
    let inside = h.episodes.iter().filter(|e| e.is_inside(end));
    let stays = count(inside.map(|e| (&e.sources, last_day(e).is_some_and(long_past))));
    let mut out = Vec::new();
    for ((rule, severity), of) in RULES.iter().zip([guidance, stays]) {
        for (file, (n, all)) in of.into_iter().filter(|(_, (n, _))| *n > 0) {
            *h.resolutions.entry(*rule).or_default() += n;
            let issue = Issue::about_file(*severity, rule, file);
            out.push(issue.with("count", n).with("of", all));
        }
    }
    out
}

/// The day on which a sentence is over, by the register or by its length.
fn last_day(e: &Episode) -> Option<NaiveDate> {
    let from = e.verdict.unwrap_or(e.start).max(e.start);
    let served = e
        .sentence_days
        .and_then(|d| from.checked_add_days(Days::new(u64::from(d))));
    e.expected_end.max(served)
}

/// How many of how many, by the last file that shows them.
fn count<'a>(all: impl Iterator<Item = (&'a Vec<RowRef>, bool)>) -> BTreeMap<FileId, (u64, u64)> {
    let mut out: BTreeMap<FileId, (u64, u64)> = BTreeMap::new();
    for (sources, overdue) in all {
        if let Some(file) = sources.iter().map(|s| s.file).max() {
            let of = out.entry(file).or_default();
            *of = (of.0 + u64::from(overdue), of.1 + 1);
        }
    }
    out
}
