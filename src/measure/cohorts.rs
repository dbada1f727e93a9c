//! The cohorts of `return`: rolling, by quarter and year of release, by month of the window's end (docs/definitions.md 3, 5).
//! Read from trails, so that a nation's hundred tables are passes over small numbers.

use super::bound::Bound;
use super::facts::{Facts, Row};
use super::people::{Context, month_cat};
use super::returns::{last_complete_month, row};
use crate::domain::Dimension as D;
use crate::domain::history::PersonId;
use crate::domain::{Month, Text, add_months};
use chrono::NaiveDate;
use rustc_hash::FxHashMap;

/// A fact table that is not made yet.
pub type Make<'c, 'a> = Box<dyn Fn() -> Facts<'a> + 'c>;

/// The events and units of `return`.
const DEFINITIONS: [(&str, &str); 6] = [
    ("P1", "person"),
    ("P2", "person"),
    ("P3", "person"),
    ("P1", "release"),
    ("P2", "release"),
    ("P3", "release"),
];

/// The tables of `return`, one for each window and definition: a nation's do not fit beside each other. Empty `windows`
/// are all of the settings.
pub fn tables<'c, 'a>(c: &'c Context<'a>, by: &[D], windows: &[u16]) -> Vec<Make<'c, 'a>> {
    let asked = |w: &&u16| windows.is_empty() || windows.contains(w);
    let windows = c.input.settings.definitions.windows.iter().filter(asked);
    windows
        .flat_map(|&w| DEFINITIONS.map(|(event, unit)| (w, event, unit)))
        .map(|(w, event, unit)| {
            let by = by.to_vec();
            Box::new(move || cohort(c, w, event, unit, &by)) as Make<'c, 'a>
        })
        .collect()
}

/// The rows of `return` under one window and definition, by calendar cohorts or months where a dimension names them.
pub fn cohort<'a>(c: &Context<'a>, w: u16, event: &str, unit: &str, by: &[D]) -> Facts<'a> {
    cohort_by(c, w, event, unit, by, None)
}

/// The same where a return is one by other links.
pub fn cohort_by<'a>(
    c: &Context<'a>,
    w: u16,
    event: &str,
    unit: &str,
    by: &[D],
    bound: Option<&'a Bound>,
) -> Facts<'a> {
    let definition = format!("{event}.{unit}.v1");
    let wait = if event == "P2" {
        c.input.settings.definitions.waiting_months
    } else {
        0
    };
    let named = by.iter().copied().find(|d| d.is_cohort());
    let trails = c.trails();
    let own = named.as_slice();
    let mut f = c.facts(&definition, Some(w), own).over(&trails.columns);
    let end = last_complete_month(c);
    let closed: Vec<(Month, Text)> = (-12..=0)
        .map(|i| end.plus(i))
        .map(|m| (m, month_cat(m)))
        .collect();
    let persons = unit == "person";
    // The cohorts (by their last month) that hold a release of the person already.
    let mut taken: (Option<PersonId>, Vec<Month>) = (None, Vec::new());
    let mut labels: Vec<(Month, Option<Text>)> = Vec::new();
    let mut calendar: FxHashMap<Month, Cohort> = FxHashMap::default();
    for (i, x) in trails.all.iter().enumerate() {
        if taken.0.replace(x.person) != Some(x.person) {
            taken.1.clear();
        }
        let leave_out = |f: &mut Facts<'a>, why: &'static str| {
            if c.trace {
                f.leave_out(why, x.ambon, &c.episode(&c.releases[i]).sources);
            }
        };
        labels.clear();
        match named {
            None if x.is_complete(w + wait) && x.in_rolling(w + wait, end) => {
                labels.push((end, None));
            }
            // Who would be in a cohort that ends later is named; who is long gone is not.
            None => {
                if x.over(w + wait) > end && c.releases[i].t0 <= c.as_of {
                    leave_out(&mut f, "window_not_over");
                }
                continue;
            }
            Some(D::EndedMonth) if x.is_complete(w + wait) => {
                let over = x.over(w + wait);
                let open = closed
                    .iter()
                    .filter(|(m, _)| over <= *m && over > m.plus(-12));
                labels.extend(open.map(|(m, label)| (*m, Some(label.clone()))));
            }
            Some(D::EndedMonth) => continue,
            Some(which) => {
                let cohort = calendar.entry(x.month).or_insert_with(|| {
                    let cohort = Cohort::of(x.month, which, w + wait, c.cutoff);
                    if cohort.open {
                        f.pending.insert(cohort.label.clone());
                    }
                    cohort
                });
                if cohort.open {
                    leave_out(&mut f, "window_not_over");
                    continue;
                }
                labels.push((cohort.last, Some(cohort.label.clone())));
            }
        }
        let own = x.event(event, w);
        let release = || c.episode(&c.releases[i]).sources.as_slice();
        let hit = bound.map_or(own, |b| b.hit(own, release()));
        for (end, label) in labels.drain(..) {
            if persons && taken.1.contains(&end) {
                leave_out(&mut f, "not_first_release");
                continue;
            }
            taken.1.push(end);
            let row = match (c.trace, bound) {
                (true, None) => row(c, &c.releases[i], event, w, wait),
                (true, Some(b)) => {
                    let because = if hit { b.because(release()) } else { &[] };
                    Row::part(x.ambon, hit, release()).because(because)
                }
                (false, _) => Row::part(x.ambon, hit, &[]),
            };
            f.push_thing(row, i as u32, label.as_slice());
        }
    }
    f
}

/// The calendar cohort of a month of release.
struct Cohort {
    /// The quarter (`2024-Q3`) or year (`2024`).
    label: Text,
    /// Its last month.
    last: Month,
    /// Only cohorts all of whose members are followed up to the end are comparable; this one's are not.
    open: bool,
}

impl Cohort {
    fn of(m: Month, which: D, follow_up: u16, cutoff: NaiveDate) -> Cohort {
        let (year, quarter) = (m.year(), m.quarter());
        let months = m.month() as i32;
        let (label, last) = if which == D::CohortYear {
            (year.to_string(), m.plus(12 - months))
        } else {
            let last = m.plus(quarter as i32 * 3 - months);
            (format!("{year}-Q{quarter}"), last)
        };
        Cohort {
            label: label.into(),
            last,
            open: add_months(last.last_day(), u32::from(follow_up)) > cutoff,
        }
    }
}
