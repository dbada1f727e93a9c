//! From figures to cells: every count once, whatever reports and months show it, and what makes it sensitive.

use super::names::{self, Catalogue, Coordinates, Name, coordinates};
use super::system::{Cell, System};
use super::{Known, Revisions, Rules};
use super::{across, relations, revised, usefulness};
use crate::domain::figure::{Base, Contributions, Figure, FigureKey, Rest, Shape};
use crate::domain::relation::{Part, Relation};
use crate::domain::{Dimension, Month, Population, Text};
use std::collections::{BTreeMap, BTreeSet};

/// One measure's number under one definition and window, for one population, in one month's issue: its tables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Family {
    /// The issue, from the earliest on.
    pub issue: usize,
    /// Measure id.
    pub measure: Text,
    /// Which number.
    pub part: Part,
    /// Definition id.
    pub definition: Text,
    /// Of whom.
    pub population: Population,
    /// Follow-up or period in months.
    pub window: Option<u16>,
}

/// Where the cells are.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// Cells of each family by their coordinates.
    pub families: BTreeMap<Family, BTreeMap<Coordinates, usize>>,
    /// Cells by name; those of the latest issue last.
    pub names: BTreeMap<Name, Vec<usize>>,
}

/// A number as it stands in one figure.
pub(super) struct Raw {
    /// Index among the figures of all issues.
    pub figure: usize,
    /// Which number.
    pub part: Part,
    /// Its value.
    pub value: f64,
    /// The table it stands in.
    pub family: Family,
    /// What it is called.
    pub name: Name,
}

/// The system of an issue and of those before it.
#[derive(Debug, Clone, Default)]
pub(super) struct Built {
    /// Cells and equations.
    pub system: System,
    /// Cells of each figure of the issue: numerator and denominator.
    pub of_figure: Vec<[Option<usize>; 2]>,
    /// Cells without which a figure is not shown either.
    pub with: Vec<Vec<usize>>,
    /// What was handed out of each figure before, where it differs by a few people: it stands in place of a hidden one.
    pub stands: Vec<Option<Figure>>,
    /// A small hidden count is another than it was handed out as.
    pub revisions: bool,
    /// Cells of which that is so, and how far below and above them what was handed out is.
    pub revised: BTreeMap<usize, [f64; 2]>,
}

/// How it was published before.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Never,
    Shown,
    Hidden,
}

/// Builds the system of all personal figures of an issue, with the issues before it.
pub(super) fn build(
    figures: &[Figure],
    rules: &Rules,
    known: &Known,
    revisions: Revisions,
) -> Built {
    let shapes = Catalogue::new(rules.shapes);
    // Earlier issues first: the cells of the present one come last under every name.
    let earlier = known.earlier.iter().enumerate();
    let mut all: Vec<(usize, &Figure)> = earlier
        .flat_map(|(i, issue)| issue.iter().map(move |f| (i, f)))
        .collect();
    let first = all.len();
    all.extend(figures.iter().map(|f| (known.earlier.len(), f)));
    let (raws, anchor) = raws(&all, &shapes, rules, known.earlier.len());
    let groups = same(&raws, first, rules);

    let mut built = Built {
        of_figure: vec![[None, None]; figures.len()],
        with: vec![Vec::new(); figures.len()],
        stands: vec![None; figures.len()],
        ..Built::default()
    };
    let mut index = Index::default();
    let mut of_group: BTreeMap<usize, usize> = BTreeMap::new();
    let mut before: Vec<Before> = Vec::new();
    for (i, raw) in raws.iter().enumerate() {
        let cell = *of_group.entry(groups[i]).or_insert_with(|| {
            before.push(Before::Never);
            let mut cell = Cell::shown(raw.value);
            cell.signed = raw.value < 0.0;
            built.system.add(cell)
        });
        index
            .families
            .entry(raw.family.clone())
            .or_default()
            .insert(coordinates(all[raw.figure].1), cell);
        let named = index.names.entry(raw.name.clone()).or_default();
        if !named.contains(&cell) {
            named.push(cell);
        }
        if raw.figure < first {
            let hidden = all[raw.figure].1.is_hidden();
            before[cell] = match (before[cell], hidden) {
                (Before::Shown, _) | (_, false) => Before::Shown,
                _ => Before::Hidden,
            };
        } else {
            built.of_figure[raw.figure - first][usize::from(raw.part == Part::Denominator)] =
                Some(cell);
        }
    }
    remember(
        &mut built, &raws, &all, first, &before, &of_group, &groups, rules, &shapes,
    );
    revised::keep(&mut built, &raws, &all, first, rules, &shapes, known);
    let given = given(&mut built, figures, known);
    withhold(&mut built, figures, known);
    judge(&mut built, figures, rules, &shapes, known);
    rows_of_one_category(&mut built, figures, rules, &shapes);
    // Where the readers know a whole, nobody can think a part of it larger.
    for [k, n] in &built.of_figure {
        let (Some(k), Some(n)) = (*k, *n) else {
            continue;
        };
        let whole = &built.system.cells[n];
        if given.contains(&n) && k != n {
            let most = (whole.value - built.system.cells[k].value).max(0.0);
            let cell = &mut built.system.cells[k];
            cell.most_up = Some(cell.most_up.map_or(most, |m| m.min(most)));
            cell.settle(f64::INFINITY);
        }
    }
    for &c in &given {
        let cell = &mut built.system.cells[c];
        (cell.limit, cell.guard) = (0.0, None);
        (cell.hidden, cell.kept) = (false, false);
        cell.settle(f64::INFINITY);
    }
    relations::equations(&mut built.system, &index, rules, &shapes);
    if revisions == Revisions::Known {
        built.revisions = relations::unchanged(&mut built.system, &index);
    }
    within_known_sums(&mut built.system);
    revised::guard(&mut built);
    companions(&mut built, figures, &index, &shapes, anchor, known, rules);
    built
}

/// The numbers of all issues, and the last month whose cohorts are complete in the last one.
fn raws(
    all: &[(usize, &Figure)],
    shapes: &Catalogue,
    rules: &Rules,
    present: usize,
) -> (Vec<Raw>, Month) {
    let mut by_issue: BTreeMap<usize, Vec<&Figure>> = BTreeMap::new();
    for (issue, f) in all {
        by_issue.entry(*issue).or_default().push(f);
    }
    let anchors: BTreeMap<usize, Month> = (by_issue.into_iter())
        .filter_map(|(i, fs)| Some((i, names::anchor(&fs, fs.first()?.month))))
        .collect();
    let mut out = Vec::new();
    for (i, (issue, f)) in all.iter().enumerate() {
        let Some(shape) = shapes.shape(&f.measure).filter(|s| s.personal) else {
            continue;
        };
        // A curve with the numbers at risk tells how many events there were up to each point.
        let events = rules.events.get(&f.key()).copied();
        let events = events.filter(|_| shape.curve && *issue == present);
        for (part, value) in [
            (Part::Numerator, f.numerator.or(events)),
            (Part::Denominator, f.denominator),
        ] {
            let Some(value) = value else { continue };
            // A denominator that is no count of people (expected returns, places) is no cell. Of years the people are that
            // many at least.
            let value = match (part, shape.base) {
                (Part::Numerator, _) => value,
                (Part::Denominator, Base::Time) => value.ceil(),
                (Part::Denominator, Base::People) if value.fract() == 0.0 => value,
                (Part::Denominator, Base::People | Base::Open) => continue,
            };
            out.push(Raw {
                figure: i,
                part,
                value,
                family: Family {
                    issue: *issue,
                    measure: f.measure.clone(),
                    part,
                    definition: f.definition.clone(),
                    population: f.population,
                    window: f.window_months,
                },
                name: shapes.name(f, shape, part, anchors[issue]),
            });
        }
    }
    let last = anchors.into_iter().next_back().map(|(_, m)| m);
    (
        out,
        last.unwrap_or_else(|| Month::of(chrono::NaiveDate::MIN)),
    )
}

struct Groups(Vec<usize>);
impl Groups {
    fn find(&mut self, mut i: usize) -> usize {
        while self.0[i] != i {
            self.0[i] = self.0[self.0[i]];
            i = self.0[i];
        }
        i
    }
    fn join(&mut self, a: usize, b: usize) {
        let (x, y) = (self.find(a), self.find(b));
        self.0[x.max(y)] = x.min(y);
    }
}

/// Numbers of each family by their categories.
type Columns<'a> = BTreeMap<&'a Family, BTreeMap<&'a Coordinates, usize>>;

/// Which numbers are one count: those of one name and value; and whole columns that are alike in every row, which a
/// reader takes for one thing.
fn same(raws: &[Raw], first: usize, rules: &Rules) -> Vec<usize> {
    let mut groups = Groups((0..raws.len()).collect());
    let mut by_name: BTreeMap<(&Name, u64), usize> = BTreeMap::new();
    let mut tables: BTreeMap<(Vec<Dimension>, Population), Columns> = BTreeMap::new();
    for (i, r) in raws.iter().enumerate() {
        let other = *by_name.entry((&r.name, r.value.to_bits())).or_insert(i);
        groups.join(i, other);
        // Residents by the province's table are the city's own.
        if r.name.population == Population::Maluku
            && let Some(k) = r
                .name
                .at
                .iter()
                .position(|(d, c)| *d == Dimension::InAmbon && c == "yes")
        {
            let mut city = r.name.clone();
            city.at.remove(k);
            city.population = Population::Ambon;
            if let Some(&o) = by_name.get(&(&city, r.value.to_bits())) {
                groups.join(i, o);
            }
        }
        if r.figure >= first && !r.name.at.is_empty() {
            let dims = r.name.at.iter().map(|(d, _)| *d).collect();
            let table = tables.entry((dims, r.family.population)).or_default();
            table.entry(&r.family).or_default().insert(&r.name.at, i);
        }
    }
    let enough = 3.0 * f64::from(rules.disclosure.threshold);
    for columns in tables.values() {
        let columns: Vec<_> = columns.values().collect();
        for (a, x) in columns.iter().enumerate() {
            for y in &columns[a + 1..] {
                for (part, whole) in [(x, y), (y, x)] {
                    let filled: Vec<(usize, Option<&usize>)> = part
                        .iter()
                        .filter(|(_, i)| raws[**i].value > 0.0)
                        .map(|(at, i)| (*i, whole.get(*at)))
                        .collect();
                    let alike = |(i, o): &(usize, Option<&usize>)| {
                        o.is_some_and(|&o| raws[o].value == raws[*i].value)
                    };
                    let sum: f64 = filled.iter().map(|(i, _)| raws[*i].value).sum();
                    if filled.len() >= 3 && sum >= enough && filled.iter().all(alike) {
                        for (i, o) in filled {
                            o.into_iter().for_each(|&o| groups.join(i, o));
                        }
                    }
                }
            }
        }
    }
    (0..raws.len()).map(|i| groups.find(i)).collect()
}

/// What the reader got before: shown cells are known; cells hidden before stay hidden, and those of earlier issues
/// stay under protection.
#[allow(clippy::too_many_arguments)]
fn remember(
    built: &mut Built,
    raws: &[Raw],
    all: &[(usize, &Figure)],
    first: usize,
    before: &[Before],
    of_group: &BTreeMap<usize, usize>,
    groups: &[usize],
    rules: &Rules,
    shapes: &Catalogue,
) {
    let mut hidden_names: BTreeSet<&Name> = BTreeSet::new();
    let present: BTreeSet<usize> = built
        .of_figure
        .iter()
        .flatten()
        .flatten()
        .copied()
        .collect();
    for (i, r) in raws.iter().enumerate().filter(|(_, r)| r.figure < first) {
        let cell = of_group[&groups[i]];
        if before[cell] != Before::Hidden {
            continue;
        }
        hidden_names.insert(&r.name);
        let f = all[r.figure].1;
        let limit = threshold_of(f, rules, shapes);
        let c = &mut built.system.cells[cell];
        (c.hidden, c.kept) = (true, true);
        c.latent |= !present.contains(&cell);
        if f.is_hidden() && c.value > 0.0 && c.value < limit {
            c.protect(limit);
        }
    }
    for (cell, b) in before
        .iter()
        .enumerate()
        .filter(|(_, b)| **b == Before::Shown)
    {
        let _ = b;
        built.system.cells[cell].fixed = true;
    }
    as_it_was(built, all, first, shapes);
    // Hidden before under this name: shown now, it would tell what has changed.
    for r in raws
        .iter()
        .filter(|r| r.figure >= first && hidden_names.contains(&r.name))
    {
        let slot = usize::from(r.part == Part::Denominator);
        if let Some(cell) = built.of_figure[r.figure - first][slot] {
            let c = &mut built.system.cells[cell];
            if !c.fixed && c.value != 0.0 {
                c.keep_apart(0.0, 1.0);
            } else if !c.fixed {
                (c.hidden, c.kept) = (true, true);
            }
        }
    }
}

/// The cells of figures that the readers see in any case: nothing of them is to be protected, and whatever else is hidden
/// must stand against their being known.
fn given(built: &mut Built, figures: &[Figure], known: &Known) -> BTreeSet<usize> {
    let Some(keys) = known.given else {
        return BTreeSet::new();
    };
    let mine = (figures.iter().zip(&built.of_figure)).filter(|(f, _)| keys.contains(&f.key()));
    let cells: BTreeSet<usize> = mine
        .flat_map(|(_, c)| c.iter().flatten().copied())
        .collect();
    for &c in &cells {
        built.system.cells[c].fixed = true;
    }
    cells
}

/// The cells of figures that an edition below hides and none of this level asks for: no report of this level shows them, so
/// only what is small among them is to be protected here.
fn withhold(built: &mut Built, figures: &[Figure], known: &Known) {
    let Some(keys) = known.withheld else {
        return;
    };
    let of = |below: bool| {
        let mine = figures.iter().zip(&built.of_figure);
        mine.filter(move |(f, _)| keys.contains(&f.key()) == below)
            .flat_map(|(_, cells)| cells.iter().flatten().copied())
            .collect::<BTreeSet<usize>>()
    };
    let (below, asked) = (of(true), of(false));
    for &c in below.difference(&asked) {
        let cell = &mut built.system.cells[c];
        (cell.hidden, cell.latent) = (!cell.fixed, !cell.fixed);
    }
}

/// Where the readers know a sum, nobody can think one of its parts larger than what the others they know leave of it.
fn within_known_sums(system: &mut System) {
    let mut most: Vec<(usize, f64)> = Vec::new();
    for row in &system.equations {
        let mut wholes = row.iter().filter(|(_, s)| *s < 0.0);
        let (Some(&(whole, -1.0)), None) = (wholes.next(), wholes.next()) else {
            continue;
        };
        let parts = || row.iter().filter(|(c, _)| *c != whole);
        let all_up = parts().all(|(c, s)| *s == 1.0 && !system.cells[*c].signed);
        if !system.cells[whole].fixed || !all_up {
            continue;
        }
        let known = parts().filter(|(c, _)| system.cells[*c].fixed);
        let known: f64 = known.map(|(c, _)| system.cells[*c].value).sum();
        let left = system.cells[whole].value - known;
        let moving = parts().filter(|(c, _)| !system.cells[*c].fixed);
        most.extend(moving.map(|(c, _)| (*c, (left - system.cells[*c].value).max(0.0))));
    }
    for (c, up) in most {
        let cell = &mut system.cells[c];
        cell.most_up = Some(cell.most_up.map_or(up, |m| m.min(up)));
        cell.settle(f64::INFINITY);
    }
}

/// A month that is handed out again: a figure that was hidden stays hidden, and a point of a curve that was shown as it is
/// now is known.
fn as_it_was(built: &mut Built, all: &[(usize, &Figure)], first: usize, shapes: &Catalogue) {
    let Some(month) = all.get(first).map(|(_, f)| f.month) else {
        return;
    };
    let mut hidden: BTreeSet<FigureKey> = BTreeSet::new();
    let mut shown: BTreeMap<FigureKey, Vec<[Option<f64>; 2]>> = BTreeMap::new();
    for (_, f) in all[..first].iter().filter(|(_, f)| f.month == month) {
        if f.is_hidden() {
            hidden.insert(f.key());
        } else if shapes.shape(&f.measure).is_some_and(|s| s.curve) {
            let point = [f.estimate, f.denominator];
            shown.entry(f.key()).or_default().push(point);
        }
    }
    for ((_, f), cells) in all[first..].iter().zip(&built.of_figure) {
        let key = f.key();
        let point = [f.estimate, f.denominator];
        if hidden.contains(&key) {
            for c in cells.iter().flatten() {
                let cell = &mut built.system.cells[*c];
                (cell.hidden, cell.kept) = (!cell.fixed, !cell.fixed);
            }
        } else if let (Some(c), true) = (
            cells[0],
            shown.get(&key).is_some_and(|all| all.contains(&point)),
        ) {
            built.system.cells[c].fixed = true;
        }
    }
}

/// The threshold of a figure: the higher one for children.
pub(super) fn threshold(f: &Figure, shape: &Shape, rules: &Rules) -> f64 {
    limit_at(&coordinates(f), shape, rules)
}

/// The threshold of a measure's count by its categories.
pub(super) fn limit_at(at: &Coordinates, shape: &Shape, rules: &Rules) -> f64 {
    let d = rules.disclosure;
    f64::from(
        if shape.children || at.iter().any(|at| rules.children.contains(at)) {
            d.threshold_children
        } else {
            d.threshold
        },
    )
}

/// The threshold of a count by its name.
pub(super) fn threshold_of_name(n: &Name, rules: &Rules, shapes: &Catalogue) -> f64 {
    let ordinary = f64::from(rules.disclosure.threshold);
    // Denominators are called by their measure too.
    let of = n.of.strip_suffix("/n").unwrap_or(&n.of);
    let shape = shapes.shape(of);
    shape.map_or(ordinary, |s| limit_at(&n.at, s, rules))
}

/// The threshold of a figure by its measure.
fn threshold_of(f: &Figure, rules: &Rules, shapes: &Catalogue) -> f64 {
    let ordinary = f64::from(rules.disclosure.threshold);
    let shape = shapes.shape(&f.measure);
    shape.map_or(ordinary, |s| threshold(f, s, rules))
}

/// Cells that a figure is shown with only: whoever knows it knows them nearly, or it is that of one person among them.
fn companions(
    built: &mut Built,
    figures: &[Figure],
    index: &Index,
    shapes: &Catalogue,
    anchor: Month,
    known: &Known,
    rules: &Rules,
) {
    for (i, f) in figures.iter().enumerate() {
        if known.given.is_some_and(|g| g.contains(&f.key())) {
            continue;
        }
        let Some(shape) = shapes.shape(&f.measure) else {
            continue;
        };
        for r in shape.relations {
            let (other, back, one_person) = match *r {
                Relation::ShownWith { other, back } => (other, back, false),
                Relation::MaximumOf(other) if f.estimate.is_some() => (other, 0, true),
                Relation::MaximumOf(_)
                | Relation::Equals { .. }
                | Relation::SharedBy { .. }
                | Relation::OneBase(_)
                | Relation::Within { .. }
                | Relation::MoreWithin { .. }
                | Relation::GrowsBy(_)
                | Relation::Either { .. }
                | Relation::Apart { .. }
                | Relation::Sums { .. }
                | Relation::Balance { .. }
                | Relation::Nested { .. }
                | Relation::Backlog { .. }
                | Relation::Stricter(_)
                | Relation::LongerHolds
                | Relation::Near { .. } => continue,
            };
            let Some(other) = shapes.called(other) else {
                continue;
            };
            let mut mine = shapes.name(f, shape, Part::Numerator, anchor);
            // The parts of a change stand beside the number that changed.
            mine.at.retain(|(d, _)| *d != Dimension::ChangePart);
            let beside = across::beside(index, &mine, &Vec::new(), &other, back);
            let limit = threshold(f, shape, rules);
            let few = |c: usize| built.system.cells[c].value < limit;
            // Of few, of nobody, or of a count that is not there: a cell that is never shown stands for it.
            if one_person && beside.is_none_or(few) {
                let never = built.system.add(Cell::latent(0.0));
                built.with[i].push(never);
            }
            built.with[i].extend(beside);
        }
    }
}

/// Primary: small; nearly all or all of a group in one category; one contributor dominates.
fn judge(built: &mut Built, figures: &[Figure], rules: &Rules, shapes: &Catalogue, known: &Known) {
    let old: BTreeSet<_> = known
        .earlier
        .iter()
        .flatten()
        .filter(|f| f.is_hidden() && f.numerator.is_none())
        .map(Figure::key)
        .collect();
    let mut complements: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (i, f) in figures.iter().enumerate() {
        let Some(shape) = shapes.shape(&f.measure) else {
            continue;
        };
        let limit = threshold(f, shape, rules);
        let [k, n] = built.of_figure[i];
        let (at, reading) = (coordinates(f), rules.reading(&f.key()));
        for c in [k, n].into_iter().flatten() {
            usefulness::price(&mut built.system.cells[c], f, &at, shape, reading);
        }
        let again = old.contains(&f.key()) && has_absolute_time(f);
        for c in [k, n].into_iter().flatten() {
            let cell = &mut built.system.cells[c];
            if (cell.value > 0.0 && cell.value < limit) || (again && cell.value != 0.0) {
                cell.protect(limit);
            }
        }
        if let Some(amounts) = rules.contributions.get(&f.key()) {
            amounts_of_few(&mut built.system, [k, n], amounts, limit, rules);
        }
        // Only in a share of persons is the numerator part of the denominator.
        if let (Some(k), Some(n), true) = (k, n, shape.denominator_adds)
            && k != n
            && complements.insert((k, n))
        {
            let (kv, nv) = (built.system.cells[k].value, built.system.cells[n].value);
            let Some(other) = built.system.rest(n, k) else {
                continue;
            };
            let known = built.system.cells[k].fixed && built.system.cells[n].fixed;
            if known {
                continue;
            }
            if nv > 0.0 && kv == nv && shape.rest == Rest::Guarded {
                built.system.cells[k].keep_apart(kv.min(limit), 0.0);
            } else if shape.rest != Rest::Open && nv - kv > 0.0 && nv - kv < limit {
                let whole = built.system.cells[n].fixed;
                let cell = &mut built.system.cells[other];
                cell.protect(limit);
                if whole {
                    cell.need_up = cell.need_up.min(kv);
                }
            }
        } else if let (Some(k), Some(n), true) = (k, n, shape.denominator_adds)
            && k == n
            && shape.rest == Rest::Guarded
            && built.system.cells[k].value > 0.0
        {
            built.system.cells[k].protect(limit);
        }
    }
}

/// Sums of amounts. Few people behind them are protected as in counts; and the p % rule: where what is left without the
/// two largest contributors is less than p % of the largest, the second could work the largest out to within p %.
fn amounts_of_few(
    system: &mut System,
    cells: [Option<usize>; 2],
    amounts: &Contributions,
    limit: f64,
    rules: &Rules,
) {
    let p = f64::from(rules.disclosure.p_percent) / 100.0;
    let few = amounts.people > 0 && (amounts.people as f64) < limit;
    let sides = [amounts.numerator, amounts.denominator];
    let dominated = cells.iter().zip(sides).any(|(c, [first, second])| {
        let total = c.map_or(0.0, |c| system.cells[c].value);
        total > 0.0 && total - first - second < p * first
    });
    if !few && !dominated {
        return;
    }
    for (c, [first, _]) in cells.into_iter().zip(sides) {
        let Some(c) = c else { continue };
        let cell = &mut system.cells[c];
        // The largest contributor must not be known to within p %, nor any by less than one.
        let range = (p * first).max(1.0);
        cell.keep_apart(range.min(cell.value), range);
    }
}

fn has_absolute_time(f: &Figure) -> bool {
    let absolute = |d: Dimension| d.is_calendar_month() || d.is_cohort();
    f.places().any(|(d, _)| absolute(d))
}

/// Attribute disclosure in tables of counts: where everybody of a row falls into one category of a sensitive
/// dimension, the row tells that of each of them.
fn rows_of_one_category(built: &mut Built, figures: &[Figure], rules: &Rules, shapes: &Catalogue) {
    let sensitive = |d: &Text| rules.disclosure.sensitive.iter().any(|s| s == d.as_str());
    let mut rows: BTreeMap<(Family, (Text, Text)), Vec<usize>> = BTreeMap::new();
    for (i, f) in figures.iter().enumerate() {
        let Some(shape) = shapes.shape(&f.measure).filter(|s| s.personal) else {
            continue;
        };
        if f.dim2.0.is_empty() || !shape.numerator_adds || f.denominator.is_some() {
            continue;
        }
        for (column, row) in [(&f.dim1, &f.dim2), (&f.dim2, &f.dim1)] {
            if sensitive(&column.0) && !sensitive(&row.0) {
                let family = Family {
                    issue: 0,
                    measure: f.measure.clone(),
                    part: Part::Numerator,
                    definition: f.definition.clone(),
                    population: f.population,
                    window: f.window_months,
                };
                rows.entry((family, row.clone())).or_default().push(i);
            }
        }
    }
    for members in rows.into_values() {
        let filled: Vec<usize> = members
            .iter()
            .copied()
            .filter(|&i| figures[i].numerator.is_some_and(|v| v > 0.0))
            .collect();
        if let ([i], true) = (filled.as_slice(), members.len() > 1)
            && let [Some(c), _] = built.of_figure[*i]
        {
            let limit = threshold_of(&figures[*i], rules, shapes);
            let cell = &mut built.system.cells[c];
            if !cell.fixed {
                cell.keep_apart(cell.value.min(limit), 0.0);
            }
        }
    }
}
