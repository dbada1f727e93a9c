//! How good the input is: rows, NIK, links, coverage. Counts of rows and files, not of people.

use super::facts::{Facts, Row};
use super::people::{Context, month_cat};
use crate::domain::Dimension as D;
use crate::domain::{Month, Text};
use std::collections::BTreeSet;

/// Facts of a quality measure; `None` when the id is none of this file's.
pub fn facts<'a>(c: &Context<'a>, measure: &str) -> Option<Vec<Facts<'a>>> {
    let q = c.input.quality;
    let mut f = c.facts(
        "v1",
        None,
        match measure {
            "coverage" | "nik_intact_12m" | "linked_12m" => &[D::Source, D::CalendarMonth],
            "link_kind_records" => &[D::LinkKind],
            "review_backlog" => &[],
            _ => &[D::Source],
        },
    );
    match measure {
        "rows_read" | "rows_used" | "rows_set_aside" | "rows_later" | "nik_intact" | "linked" => {
            for s in &q.sources {
                let (num, den) = match measure {
                    "rows_read" => (s.rows_read, 0),
                    "rows_used" => (s.rows_used, 0),
                    "rows_set_aside" => (s.rows_set_aside, 0),
                    "rows_later" => (s.rows_later, 0),
                    "nik_intact" => s.nik_intact,
                    _ => s.linked,
                };
                if den > 0 || measure.starts_with("rows") {
                    f.push(
                        Row::of(true, num as f64, den as f64, &[]),
                        std::slice::from_ref(&s.supplier),
                    );
                }
            }
        }
        "nik_intact_12m" | "linked_12m" => {
            // Of a month whose issue kept nothing nobody knows it.
            f.unknown_where_empty = true;
            let now = (c.month(), &q.sources);
            let before = q.months.iter().map(|(m, all)| (*m, all));
            for (m, all) in before.chain([now]) {
                for s in all {
                    let (num, den) = match measure {
                        "nik_intact_12m" => s.nik_intact,
                        _ => s.linked,
                    };
                    if den > 0 {
                        f.push(
                            Row::of(true, num as f64, den as f64, &[]),
                            &[s.supplier.clone(), month_cat(m)],
                        );
                    }
                }
            }
        }
        "coverage" => {
            let from = c.month().plus(-11);
            let cells = c.h().coverage.cells.iter().filter(|(_, _, m)| *m >= from);
            // Lists of several kinds are one delivery.
            let months: BTreeSet<(&Text, Month)> = cells.map(|(s, _, m)| (s, *m)).collect();
            for (s, m) in months {
                f.push(Row::count(true, &[]), &[s.clone(), month_cat(m)]);
            }
        }
        "link_kind_records" => q.link_kinds.iter().for_each(|(k, n)| {
            f.push(Row::of(true, *n as f64, 0.0, &[]), std::slice::from_ref(k));
        }),
        "review_backlog" => f.push(Row::of(true, q.review_backlog as f64, 0.0, &[]), &[]),
        _ => return None,
    }
    Some(vec![f])
}
