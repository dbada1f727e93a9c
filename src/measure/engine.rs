//! From requests to figures: fact tables made once, summed or reduced by every breakdown that is asked for.

use super::facts::Facts;
use super::numbers::{blank, counted, settle, universe};
use super::people::Context;
use super::reduce::{Group, Reduced, reduce};
use super::registry::{Kind, Measure, Rows, find, nearest};
use super::{MeasureError, cohorts, comparison, own, population, programme, quality, returns};
use crate::domain::Dimension as D;
use crate::domain::figure::{Figure, FigureKey, Request};
use crate::domain::{Population, Status, Text};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Room for the plans of polars, which are deep in unoptimised builds.
const STACK: usize = 16 << 20;
/// The dimension of a curve's points.
pub(super) const CURVE: D = D::MonthsSinceRelease;

type Table = BTreeMap<FigureKey, Figure>;

/// Requests by fact table and kind of cohort, so that facts are built once and can be let go.
type Jobs<'r> = BTreeMap<(Made, Option<D>), Vec<(&'static Measure, &'r Request)>>;

pub(super) fn compute(c: &Context, requests: &[Request]) -> Result<Vec<Figure>, MeasureError> {
    let mut jobs: Jobs = BTreeMap::new();
    for r in requests {
        let m = checked(r)?;
        let key = (Made::of(m), cohort_of(&r.by));
        jobs.entry(key).or_default().push((m, r));
    }
    let mut jobs: Vec<_> = jobs.into_iter().collect();
    // What takes longest begins first.
    jobs.sort_by_key(|(_, asked)| {
        !asked
            .iter()
            .any(|(m, _)| m.long || m.rows == Some(Rows::Followed))
    });
    let tables = in_parallel(&jobs, |((_, cohort), asked)| answer(c, *cohort, asked));
    Ok(joined(tables)?.into_values().collect())
}

/// Does the work on every item, on as many threads as rayon has; results in the order of the items. Plain threads: one that
/// waits for polars, or for something that is worked out once, takes up no other work meanwhile, as a thread of rayon's pool
/// would (and so come to wait for itself).
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let share = || {
        let mut mine = Vec::new();
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            match items.get(i) {
                Some(item) => mine.push((i, work(item))),
                None => return mine,
            }
        }
    };
    let mut done = std::thread::scope(|scope| {
        // This thread works too; helpers that the system has no room for are done without.
        let helpers: Vec<_> = (1..rayon::current_num_threads().min(items.len()))
            .map_while(|_| {
                let thread = std::thread::Builder::new().stack_size(STACK);
                thread.spawn_scoped(scope, share).ok()
            })
            .collect();
        let mut done = share();
        for helper in helpers {
            match helper.join() {
                Ok(mine) => done.extend(mine),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, r)| r).collect()
}

/// The rows a measure is made from: measures of one name are made from the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Made {
    Shared(Rows),
    Own(&'static str),
}

impl Made {
    fn of(m: &Measure) -> Made {
        m.rows.map_or(Made::Own(m.id), Made::Shared)
    }
}

/// The measure a request names; or what is wrong with the request.
pub(super) fn checked(r: &Request) -> Result<&'static Measure, MeasureError> {
    let m = find(&r.measure).ok_or_else(|| MeasureError::Unknown {
        wrong: r.measure.to_string(),
        near: nearest(&r.measure).unwrap_or_default().to_owned(),
    })?;
    match r.by.iter().find(|d| !m.dims.contains(d)) {
        Some(d) => Err(MeasureError::Dimension {
            measure: m.id.into(),
            dimension: d.to_string(),
        }),
        None => Ok(m),
    }
}

fn cohort_of(by: &[D]) -> Option<D> {
    by.iter().copied().find(|d| d.is_cohort())
}

/// The figures of measures that are made from the same rows.
fn answer(
    c: &Context,
    cohort: Option<D>,
    asked: &[(&'static Measure, &Request)],
) -> Result<Table, MeasureError> {
    let Some((first, _)) = asked.first() else {
        return Ok(Table::new());
    };
    if first.kind == Kind::Own {
        let mut out = Table::new();
        for (m, r) in asked {
            own_figures(c, m, r, &mut out);
        }
        return Ok(out);
    }
    // Without windows a request asks for all.
    let all = asked.iter().any(|(_, r)| r.windows.is_empty());
    let windows = asked.iter().filter(|_| !all);
    let windows: Vec<u16> = windows.flat_map(|(_, r)| r.windows.clone()).collect();
    let tables = each_table(c, first.id, cohort.as_slice(), &windows, |f| {
        of_table(c, f, asked)
    });
    joined(tables)
}

fn joined(tables: Vec<Result<Table, MeasureError>>) -> Result<Table, MeasureError> {
    let mut all = Table::new();
    for t in tables {
        all.extend(t?);
    }
    Ok(all)
}

/// Looks at every fact table of a measure; with windows, only at those of them where the measure has several.
pub(super) fn each_table<'a, T>(
    c: &Context<'a>,
    id: &str,
    by: &[D],
    windows: &[u16],
    look: impl Fn(&Facts<'a>) -> T,
) -> Vec<T> {
    match find(id).map(Made::of) {
        Some(Made::Own("return")) => {
            let makes = cohorts::tables(c, by, windows);
            makes.iter().map(|make| look(&make())).collect()
        }
        Some(Made::Shared(Rows::Followed)) => vec![look(c.followed())],
        _ => {
            let made = population::facts(c, id)
                .or_else(|| returns::facts(c, id, by))
                .or_else(|| quality::facts(c, id))
                .or_else(|| programme::facts(c, id))
                .or_else(|| comparison::facts(c, id));
            made.iter().flatten().map(look).collect()
        }
    }
}

/// A breakdown somebody wants of a fact table.
type Want<'r> = (&'static Measure, Population, &'r [D]);

/// Breakdowns wanted of the same dimensions of rows: measure, population, and by what.
type Wants = BTreeMap<(&'static str, Population, Vec<D>), &'static Measure>;

/// Every figure that is asked for and that this table has.
fn of_table(
    c: &Context,
    f: &Facts,
    asked: &[(&'static Measure, &Request)],
) -> Result<Table, MeasureError> {
    let asked = asked
        .iter()
        .filter(|(_, r)| r.windows.is_empty() || f.window.is_none_or(|w| r.windows.contains(&w)))
        .flat_map(|(m, r)| {
            subsets(m, &r.by)
                .into_iter()
                .map(move |by| (*m, r.population, by))
        });
    // By the dimensions of the rows: one pass over them answers for both populations and several measures.
    let mut wanted: BTreeMap<Vec<D>, Wants> = BTreeMap::new();
    for (m, population, by) in asked {
        let rows: Vec<D> = by.iter().copied().filter(|d| *d != CURVE).collect();
        if f.has(&rows) {
            let wants = wanted.entry(rows).or_default();
            wants.insert((m.id, population, by), m);
        }
    }
    let mut out = Table::new();
    for (rows, wants) in wanted {
        let wants: Vec<Want> = wants
            .iter()
            .map(|((_, population, by), m)| (*m, *population, by.as_slice()))
            .collect();
        if wants.iter().any(|(m, ..)| m.kind.is_sum()) {
            summed(c, f, &rows, &wants, &mut out)?;
        } else {
            reduced(c, f, &rows, &wants, &mut out);
        }
    }
    Ok(out)
}

/// The breakdown itself, its margins and its total.
fn subsets(m: &Measure, by: &[D]) -> Vec<Vec<D>> {
    let mut all = vec![by.to_vec()];
    if by.len() == 2 {
        all.extend([vec![by[0]], vec![by[1]]]);
    }
    if !by.is_empty() {
        all.push(Vec::new());
    }
    let cohort = cohort_of(by).is_some();
    let curve = m.kind.is_curve().then_some(CURVE);
    let needed: Vec<D> = m.needs.iter().copied().chain(curve).collect();
    all.retain(|by| {
        // A cohort in calendar time has no total over cohorts.
        (!cohort || cohort_of(by).is_some()) && needed.iter().all(|n| by.contains(n))
    });
    all
}

fn summed(
    c: &Context,
    f: &Facts,
    rows: &[D],
    wants: &[Want],
    out: &mut Table,
) -> Result<(), MeasureError> {
    let [all, ambon] = f.sum(rows)?;
    for &(m, population, by) in wants {
        let groups = match population {
            Population::Ambon => &ambon,
            Population::Maluku => &all,
        };
        for key in universe(c, m, by, groups) {
            let figure = counted(c, m, population, f, by, &key, groups.get(&key));
            out.insert(figure.key(), figure);
        }
        if let [only] = by
            && only.is_cohort()
        {
            for label in &f.pending {
                let mut figure = blank(c, m, population, f, by, std::slice::from_ref(label));
                figure.status = Status::IncompleteFollowUp;
                out.insert(figure.key(), figure);
            }
        }
    }
    Ok(())
}

fn reduced(c: &Context, f: &Facts, rows: &[D], wants: &[Want], out: &mut Table) {
    let standard = f.marks();
    for population in [Population::Maluku, Population::Ambon] {
        let wants = || wants.iter().filter(|w| w.1 == population);
        if wants().next().is_none() {
            continue;
        }
        for (key, group) in f.groups(rows, population == Population::Ambon) {
            let group = Group::new(group.into_iter().map(|i| f.item(i)).collect());
            for &(m, _, by) in wants() {
                for value in reduce(m.kind, &group, &standard) {
                    let mut at = key.iter();
                    let key: Vec<Text> = by
                        .iter()
                        .map(|d| match &value.month {
                            Some(month) if *d == CURVE => month.clone(),
                            _ => at.next().cloned().unwrap_or_default(),
                        })
                        .collect();
                    let mut figure = blank(c, m, population, f, by, &key);
                    settle(&mut figure, &value);
                    out.insert(figure.key(), figure);
                }
            }
        }
    }
}

fn own_figures(c: &Context, m: &Measure, r: &Request, out: &mut Table) {
    let ambon = r.population == Population::Ambon;
    // What is not asked for the measure's own dimensions name, in their order.
    let mut dims = r.by.clone();
    dims.extend(m.dims.iter().filter(|d| !r.by.contains(d)));
    let Some((definition, window, values)) = own::values(c, m.id, &dims, ambon) else {
        return;
    };
    for v in values {
        let by: Vec<D> = dims.iter().copied().take(v.categories.len()).collect();
        let facts = Facts::new(definition, window, &[]);
        let mut f = blank(c, m, r.population, &facts, &by, &v.categories);
        settle(
            &mut f,
            &Reduced {
                numerator: v.numerator,
                denominator: v.denominator,
                estimate: v.estimate,
                interval: v.interval,
                refused: v.refused,
                ..Reduced::default()
            },
        );
        out.insert(f.key(), f);
    }
}

#[cfg(test)]
mod tests {
    use super::super::registry::MEASURES;
    use super::*;
    use crate::domain::Unit;

    #[test]
    fn every_measure_has_a_unique_id_and_known_dimensions() {
        for (i, m) in MEASURES.iter().enumerate() {
            assert!(MEASURES[i + 1..].iter().all(|x| x.id != m.id), "{}", m.id);
            assert!(m.unit != Unit::Share || m.kind != Kind::Count, "{}", m.id);
        }
    }
}
