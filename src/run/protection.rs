//! What every audience may see of a month, level by level: the public first, then those with whom it is shared, then the
//! office whose registers it is.
//!
//! Readers of one level hold each other's files and those of the levels below them, and nothing of the levels above. So
//! each level is protected by itself, against readers who know what the levels below it show; an internal audience
//! besides knows what its own registers say, and sees that whole.

use super::outputs::Writer;
use super::published::{self, Issue};
use super::{RunError, coarser};
use crate::domain::coarser::Coarser;
use crate::domain::figure::{Figure, FigureKey, Request};
use crate::domain::relation::{Part, Relation};
use crate::domain::{Dimension, Population, Status, Text};
use crate::measure;
use crate::protect::{self, Audience, Known, Protected, Rules};
use crate::workspace::Level;
use std::collections::{BTreeMap, BTreeSet};

/// The audiences of the settings.
pub(super) fn audiences(w: &Writer) -> Vec<Audience> {
    let named = |a: &Audience| w.settings.office.audiences.iter().any(|x| x == a.id());
    Audience::ALL.into_iter().filter(named).collect()
}

/// What every audience gets, and which tables are printed coarser than asked.
pub(super) type AllProtected = (Vec<(Audience, Protected)>, Vec<Coarser>);

/// Protects the figures of a month for every audience of the settings, and records in `state/` what was weighed.
pub(super) fn protected(w: &Writer, figures: Vec<Figure>) -> Result<AllProtected, RunError> {
    let settings = w.settings;
    let shapes = measure::shapes();
    let mut hierarchies = measure::hierarchies(w.units);
    hierarchies.push(measure::services_by_agency(&w.analysis.histories.services));
    let children: BTreeSet<_> = measure::children_categories(w.units).into_iter().collect();
    let input = w.analysis.input(settings, w.units);
    let weights = measure::weights(&input, &figures);
    let essential: BTreeSet<FigureKey> = (figures.iter())
        .filter(|f| w.templates.is_key_figure(f))
        .map(Figure::key)
        .collect();
    let read: BTreeSet<(&Text, &Text)> = (figures.iter())
        .filter(|f| essential.contains(&f.key()))
        .map(|f| (&f.measure, &f.definition))
        .collect();
    let beside: BTreeSet<FigureKey> = (figures.iter())
        .filter(|f| {
            let same = read.iter().any(|(m, _)| **m == f.measure);
            same && !read.contains(&(&f.measure, &f.definition))
        })
        .map(Figure::key)
        .collect();
    let month = w.analysis.intake.month;
    let figures = measure::merged(figures, &settings.disclosure.merge);
    let (figures, coarser) = coarser::coarser(w, figures);
    let keys: Vec<(Audience, BTreeSet<FigureKey>)> = (audiences(w).into_iter())
        .map(|a| (a, keys_of(w, &figures, a)))
        .collect();
    let figures: BTreeMap<FigureKey, Figure> = figures.into_iter().map(|f| (f.key(), f)).collect();

    let mut out: Vec<(Audience, Protected)> = Vec::new();
    let keys_by_level: Vec<(Level, BTreeSet<Table>)> = (keys.iter())
        .map(|(a, _)| (a.level(&settings.levels), tables(w, *a)))
        .collect();
    // What the levels so far show as it is, and what they show as it was before.
    let mut shown: BTreeSet<FigureKey> = BTreeSet::new();
    let mut as_before: BTreeSet<FigureKey> = BTreeSet::new();
    // What they hide.
    let mut withheld: BTreeSet<FigureKey> = BTreeSet::new();
    // What the readers of each level hold.
    let mut held: Vec<(Level, Vec<Figure>)> = Vec::new();
    for &level in Level::ALL {
        let of_level = |a: &Audience| a.level(&settings.levels) == level;
        let mine: Vec<&(Audience, BTreeSet<FigureKey>)> =
            keys.iter().filter(|(a, _)| of_level(a)).collect();
        if mine.is_empty() {
            continue;
        }
        let asked: BTreeSet<&FigureKey> = mine.iter().flat_map(|(_, k)| k).collect();
        let weighed: Vec<Figure> = (figures.values())
            .filter(|f| {
                let key = f.key();
                let below = [&shown, &as_before, &withheld];
                asked.contains(&key) || below.iter().any(|b| b.contains(&key))
            })
            .cloned()
            .collect();
        let mut given = shown.clone();
        if level == Level::Internal {
            let whole = weighed.iter().filter(|f| is_whole(f, w, &children));
            given.extend(whole.map(Figure::key));
        }
        let disclosure = settings.disclosure.at(level);
        let rules = Rules {
            disclosure: &disclosure,
            shapes: &shapes,
            hierarchies: &hierarchies,
            children: children.clone(),
            contributions: weights.contributions.clone(),
            events: weights.events.clone(),
            // Revocations are told from other returns by the office's own registers.
            guards_differences: level != Level::Internal,
            essential: essential.clone(),
            beside: beside.clone(),
        };
        let earlier = held_before(w, &keys_by_level, level);
        let not_asked: BTreeSet<FigureKey> = (withheld.iter())
            .filter(|k| !asked.contains(k) && !given.contains(*k))
            .cloned()
            .collect();
        let known = Known {
            given: Some(&given).filter(|g| !g.is_empty()),
            withheld: Some(&not_asked).filter(|w| !w.is_empty()),
            earlier: &earlier,
        };
        let safe = protect::protect(weighed.clone(), &rules, &known)
            .map_err(|e| RunError::Unsafe(e.to_string()))?;
        let of_level = safe.part(|f| !not_asked.contains(&f.key()));
        published::remember_audit(w.state, level, month, &of_level)?;
        let mut of_level = Vec::with_capacity(safe.figures.len());
        for (f, truth) in safe.figures.iter().zip(weighed) {
            let key = f.key();
            if f.is_hidden() || not_asked.contains(&key) {
                withheld.insert(key);
                of_level.push(Figure {
                    status: Status::Suppressed,
                    ..truth
                });
                continue;
            }
            withheld.remove(&key);
            of_level.push(f.clone());
            if safe.as_before.contains(&key) {
                as_before.insert(key);
            } else {
                shown.insert(key);
            }
        }
        held.push((level, of_level));
        for (audience, keys) in mine {
            out.push((*audience, safe.part(|f| keys.contains(&f.key()))));
        }
    }
    published::remember_weighed(w.ws, w.state, month, &Issue::from_levels(&held))?;
    w.progress.step(2);
    out.sort_by_key(|(a, _)| *a);
    Ok((out, coarser))
}

/// Whether a measure counts what the office's own registers say: one of those it sees whole, or one that is in every category
/// the count of one of them.
pub(super) fn is_own(measure: &str, whole: &[String]) -> bool {
    let listed = |m: &str| whole.iter().any(|x| x == m);
    let declared = measure::find(measure).map_or(&[][..], |m| m.relations);
    let others = || {
        declared.iter().filter_map(|r| match r {
            Relation::Equals { mine, is, back: 0 }
                if mine.measure == measure && mine.part == Part::Numerator =>
            {
                Some(is.measure)
            }
            _ => None,
        })
    };
    listed(measure) || (others().count() > 0 && others().all(listed))
}

/// Whether an internal audience sees a figure whole: it says what the office's own registers say. What tells the offence
/// or the childhood of people of a district or village does not, nor what is known by linkage alone.
fn is_whole(f: &Figure, w: &Writer, children: &BTreeSet<(Dimension, Text)>) -> bool {
    let has = |d: Dimension| f.category(d).is_some();
    let of_children = |(d, c): (Dimension, &Text)| children.contains(&(d, c.clone()));
    let special = has(Dimension::OffenceGroup) || f.places().any(of_children);
    is_own(&f.measure, &w.settings.levels.whole)
        && !has(Dimension::PriorCustody)
        && !(has(Dimension::District) && special)
}

/// A table somebody asks for: measure, population, dimensions.
pub(super) type Table = (Text, Population, BTreeSet<Dimension>);

/// The tables that the templates and the page of an audience ask for.
pub(super) fn tables(w: &Writer, audience: Audience) -> BTreeSet<Table> {
    let asked: Vec<Request> = w.templates.requests(Some(audience.id()));
    let table = |r: &Request| {
        let by: BTreeSet<Dimension> = r.by.iter().copied().collect();
        (r.measure.clone(), r.population, by)
    };
    asked.iter().map(table).collect()
}

/// Whether a figure stands in one of some tables or in their margins.
fn stands_in(f: &Figure, tables: &BTreeSet<Table>) -> bool {
    let mine: BTreeSet<Dimension> = f.places().map(|(d, _)| d).collect();
    tables
        .iter()
        .any(|(m, p, by)| *m == f.measure && *p == f.population && mine.is_subset(by))
}

/// What readers of a level hold of every issue ever handed out: an internal audience all that was handed out, others the figures
/// of tables that they or those below them are given.
fn held_before(w: &Writer, tables: &[(Level, BTreeSet<Table>)], level: Level) -> Vec<Vec<Figure>> {
    let theirs = |f: &&Figure| {
        let mut given = tables.iter().filter(|(l, _)| *l <= level);
        level == Level::Internal || given.any(|(_, t)| stands_in(f, t))
    };
    let of_issue = |issue: &Issue| issue.of(level).filter(theirs).cloned().collect();
    w.earlier.iter().map(of_issue).collect()
}

/// The figures its templates and its page ask for and it may see, with their margins: nothing else leaves.
fn keys_of(w: &Writer, figures: &[Figure], audience: Audience) -> BTreeSet<FigureKey> {
    let tables = tables(w, audience);
    let personal = |f: &Figure| measure::find(&f.measure).is_none_or(|m| m.personal);
    figures
        .iter()
        .filter(|f| stands_in(f, &tables) && audience.may_see(f, personal(f)))
        .map(Figure::key)
        .collect()
}
