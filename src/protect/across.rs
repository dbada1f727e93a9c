//! What a reader can work out between measures: counts within counts, measures that share out another, backlogs and
//! what came and went, stricter definitions, longer windows, points of a growing curve.

use super::cells::Index;
use super::names::{Name, Part};
use super::relations::{add, by_category, rest};
use super::system::{Cell, System};
use crate::domain::Text;
use std::collections::BTreeMap;

/// Counts of which each holds those of the one before.
const WITHIN: &[(&str, &str)] = &[
    ("k1_a2", "k1_a1"),
    ("k1_a3", "k1_a1"),
    ("k1_a4", "k1_a1"),
    ("k1_a1", "k1_a1_upper"),
    ("k1_a1_excl_short", "k1_a1"),
    ("k1_a1_excl_short/n", "releases_12m"),
    ("return_low", "return"),
    ("return", "return_high"),
    ("return_unknown_date", "return"),
    ("return_excl_deaths/n", "cohort"),
    ("outcome_employed", "outcome_work"),
    ("outcome_business", "outcome_work"),
    ("documents_of_referred", "documents_obtained"),
    ("documents_of_referred/n", "documents_obtained/n"),
    ("service_coverage/n", "due_release"),
];

/// A count as a term of a sum: its name, and a category where it is one of a table.
type Term = (&'static str, Option<(&'static str, &'static str)>);

/// A whole and the counts that share it out.
const SHARED_OUT: &[(Term, &[Term])] = &[
    (
        ("ended_services", None),
        &[
            ("service_completion", None),
            ("service_dropout", None),
            ("service_left_moved", None),
            ("service_left_other", None),
        ],
    ),
    (
        ("outcome_unknown/n", None),
        &[("outcome_work/n", None), ("outcome_unknown", None)],
    ),
    (
        ("exits", None),
        &[
            ("releases", None),
            ("exits", Some(("exit_code", "PDH"))),
            ("exits", Some(("exit_code", "MGL"))),
            ("exits", Some(("exit_code", "LRI"))),
            ("flow", Some(("movement", "other_exit"))),
        ],
    ),
];

/// What waits at a month's end is what waited before, with what came and without what was done.
const BACKLOGS: &[(&str, &str, &str)] =
    &[("litmas_backlog", "litmas_requested", "litmas_completed")];

/// Definitions of one event from the strictest on: each counts what the one before counts.
const STRICTER: &[&str] = &["P2", "P1", "P3"];

/// Writes down everything that holds between measures.
pub(super) fn equations(system: &mut System, index: &Index) {
    within(system, index);
    deaths(system, index);
    shared_out(system, index);
    backlogs(system, index);
    stricter(system, index);
    longer(system, index);
    curves(system, index);
}

/// The count that another measure has at the same place. Cohorts are the same under every window.
fn beside(n: &Name, of: &'static str) -> Name {
    Name {
        of: Text::const_new(of),
        follow_up: n.follow_up.filter(|_| of != "cohort"),
        ..n.clone()
    }
}

fn latest(index: &Index, name: &Name) -> Option<usize> {
    index.names.get(name).and_then(|c| c.last().copied())
}

/// One measure's counts within another's.
fn within(system: &mut System, index: &Index) {
    for (small, large) in WITHIN {
        let pairs: Vec<(usize, usize)> = index
            .names
            .iter()
            .filter(|(n, _)| n.of == *small)
            .filter_map(|(n, cells)| Some((*cells.last()?, latest(index, &beside(n, large))?)))
            .collect();
        for (part, whole) in pairs {
            rest(system, whole, part);
        }
    }
}

/// A cohort is those who died within the window and the others.
fn deaths(system: &mut System, index: &Index) {
    let rows: Vec<[usize; 3]> = index
        .names
        .iter()
        .filter(|(n, _)| n.of == "return_excl_deaths/n")
        .filter_map(|(n, cells)| {
            let at = |of| latest(index, &beside(n, of));
            Some([*cells.last()?, at("return_deaths")?, at("cohort")?])
        })
        .collect();
    for [others, died, all] in rows {
        add(system, vec![(others, 1.0), (died, 1.0), (all, -1.0)]);
    }
}

/// What a measure's counts are shared out to; a share that no report shows is a count of its own.
fn shared_out(system: &mut System, index: &Index) {
    for ((whole, _), terms) in SHARED_OUT {
        let rows: Vec<(usize, Vec<Option<usize>>)> = index
            .names
            .iter()
            .filter(|(n, _)| n.of == *whole)
            .filter_map(|(n, cells)| {
                let term = |(of, at): &Term| {
                    let mut name = beside(n, of);
                    if let Some((d, c)) = at {
                        if name.at.iter().any(|(x, _)| x == d) {
                            return None;
                        }
                        name.at.push((Text::const_new(d), Text::const_new(c)));
                        name.at.sort();
                    }
                    latest(index, &name)
                };
                Some((*cells.last()?, terms.iter().map(term).collect()))
            })
            .collect();
        for (whole, parts) in rows {
            let known: Vec<usize> = parts.iter().flatten().copied().collect();
            let sum: f64 = known.iter().map(|&p| system.cells[p].value).sum();
            let left = system.cells[whole].value - sum;
            if known.is_empty() || known.contains(&whole) || left < 0.0 {
                continue;
            }
            let mut row = vec![(whole, -1.0)];
            row.extend(known.iter().map(|&p| (p, 1.0)));
            if known.len() < parts.len() {
                row.push((system.add(Cell::latent(left)), 1.0));
            }
            add(system, row);
        }
    }
}

fn backlogs(system: &mut System, index: &Index) {
    for (stock, came, went) in BACKLOGS {
        let rows: Vec<[usize; 4]> = index
            .names
            .iter()
            .filter(|(n, _)| n.of == *stock)
            .filter_map(|(n, cells)| {
                let other = |of: &'static str, back: i32| {
                    let (month, width) = n.span;
                    let name = Name {
                        of: Text::const_new(of),
                        span: (month.plus(-back), width),
                        ..n.clone()
                    };
                    latest(index, &name)
                };
                Some([
                    *cells.last()?,
                    other(stock, 1)?,
                    other(came, 0)?,
                    other(went, 0)?,
                ])
            })
            .collect();
        for [now, before, came, went] in rows {
            add(
                system,
                vec![(now, 1.0), (before, -1.0), (came, -1.0), (went, 1.0)],
            );
        }
    }
}

/// A stricter definition counts less of the same.
fn stricter(system: &mut System, index: &Index) {
    let mut pairs = Vec::new();
    for (n, cells) in &index.names {
        let strict = STRICTER.windows(2).find(|w| n.definition.starts_with(w[0]));
        let (Some(w), false) = (strict, n.of.contains('/') || n.of == "cohort") else {
            continue;
        };
        let wider = Name {
            definition: n.definition.replacen(w[0], w[1], 1).into(),
            ..n.clone()
        };
        pairs.extend(cells.last().copied().zip(latest(index, &wider)));
    }
    for (part, whole) in pairs {
        rest(system, whole, part);
    }
}

/// Who is back within six months is back within twelve, of the same releases.
fn longer(system: &mut System, index: &Index) {
    let mut rows: BTreeMap<Name, BTreeMap<u16, usize>> = BTreeMap::new();
    for (n, cells) in index.names.iter().filter(|(n, _)| n.of == "return") {
        if let (Some(w), Some(&cell)) = (n.follow_up, cells.last()) {
            let key = Name {
                follow_up: None,
                ..n.clone()
            };
            rows.entry(key).or_default().insert(w, cell);
        }
    }
    for windows in rows.into_values() {
        let cells: Vec<usize> = windows.into_values().collect();
        for pair in cells.windows(2) {
            rest(system, pair[1], pair[0]);
        }
    }
}

/// Points of a curve that only grows.
fn curves(system: &mut System, index: &Index) {
    let grows = |of: &str| matches!(of, "cif_new" | "cif_revoked" | "cif_death");
    for (key, table) in &index.families {
        if key.part != Part::Numerator || !grows(&key.measure) {
            continue;
        }
        for row in by_category(table, "months_since_release").into_values() {
            let mut points: Vec<(u32, usize)> = row
                .into_iter()
                .filter_map(|(k, c)| Some((k.parse().ok()?, c)))
                .collect();
            points.sort_unstable();
            for pair in points.windows(2) {
                rest(system, pair[1].1, pair[0].1);
            }
        }
    }
}
