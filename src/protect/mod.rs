//! Floor 3: disclosure control over everything that anybody will see of a month (docs/definitions.md 6).
//!
//! Knows figures and how their numbers hang together ([`Shape`], [`Hierarchy`]); knows nothing of people,
//! sheets or charts. Everything a report shows goes through [`protect`] first. The files of all audiences are
//! protected together: whoever holds one may hold the other, and those of earlier months.
//!
//! 1. `cells`: every count once, whatever table and month shows it, and what makes it sensitive.
//! 2. `relations`: every sum, balance, window and bound the reader can form among them.
//! 3. `suppress`, `exact`: hide what would reveal a sensitive cell, losing as little as possible.
//! 4. `audit`: attack the result; what can still be derived too closely stops the run.
//!
//! What must be possible of a hidden cell. A *sensitive* one: nothing and the threshold (its protection range). One that
//! is hidden *for the sake of others* has no protection range of its own in the literature (Fischetti and Salazar 1999;
//! Hundepool et al. 2012, 4.2): its number harms nobody. But a hidden number that can be worked out is a promise
//! broken, so here at least two whole numbers must be possible; one that can be worked out exactly is shown, which tells
//! nobody anything new. One that is hidden *because it was before* must have at least two possible numbers as well.

use crate::domain::figure::{Contributions, Figure, FigureKey, Grain, Hierarchy, Shape};
use crate::domain::{Dimension, Status, Text};
use crate::workspace::{Disclosure, Level, Levels};
use std::collections::{BTreeMap, BTreeSet};

mod across;
mod audit;
mod cells;
mod exact;
#[cfg(test)]
mod hanging_together;
mod immovable;
#[cfg(test)]
mod left_between;
mod names;
mod net;
#[cfg(test)]
mod random_tables;
mod relations;
mod revised;
mod round;
mod search;
mod secure;
mod sets;
mod simplex;
mod suppress;
mod system;
#[cfg(test)]
mod tests;
mod tidy;
mod usefulness;
mod ways;

pub use audit::Derived;
pub use net::Shift;
pub use secure::{attack, hide, hide_first_fit};
pub use system::{Cell, Equation, System};

use cells::Built;
use secure::{Secured, Unsafe};
use suppress::Hopeless;
use usefulness::Reading;

/// Who reads the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Audience {
    /// Pemerintah Kota Ambon: residents of the city, aggregates only.
    City,
    /// Kanwil Ditjenpas Maluku: everyone.
    Kanwil,
    /// Anybody: open data and a short report.
    Public,
}

impl Audience {
    /// All, in the order they are written.
    pub const ALL: [Audience; 3] = [Audience::City, Audience::Kanwil, Audience::Public];

    /// Stable id, also the name in file names: `kota`, `kanwil`, `publik`.
    pub const fn id(self) -> &'static str {
        match self {
            Audience::City => "kota",
            Audience::Kanwil => "kanwil",
            Audience::Public => "publik",
        }
    }

    /// How far it is entitled to the data, by the settings.
    pub fn level(self, levels: &Levels) -> Level {
        match self {
            Audience::City => levels.kota,
            Audience::Kanwil => levels.kanwil,
            Audience::Public => levels.publik,
        }
    }

    /// Whether this audience may see a figure at all: the City gets its residents only (and what counts no person);
    /// neither it nor the public any offence by kecamatan.
    pub fn may_see(self, f: &Figure, personal: bool) -> bool {
        use crate::domain::Population::Ambon;
        let has = |d: Dimension| f.category(d).is_some();
        let offence_by_place = has(Dimension::OffenceGroup) && has(Dimension::District);
        match self {
            Audience::Kanwil => true,
            Audience::City => (f.population == Ambon || !personal) && !offence_by_place,
            Audience::Public => !offence_by_place,
        }
    }
}

/// How the numbers hang together and how they are to be protected.
#[derive(Debug, Clone)]
pub struct Rules<'a> {
    /// Thresholds and method of the settings.
    pub disclosure: &'a Disclosure,
    /// How the measures' numbers add up.
    pub shapes: &'a [Shape],
    /// Which dimensions nest.
    pub hierarchies: &'a [Hierarchy],
    /// Dimension and category in which only children are counted.
    pub children: BTreeSet<(Dimension, Text)>,
    /// Who stands behind figures that sum amounts (hours, sessions, reports), for the p % rule.
    pub contributions: BTreeMap<FigureKey, Contributions>,
    /// Events up to each point of a curve: what whoever has the curve and the numbers at risk can work out.
    pub events: BTreeMap<FigureKey, f64>,
    /// Whether people whom one of two definitions counts and the other does not are protected where they are few: not where the
    /// readers' own registers say who they are.
    pub guards_differences: bool,
    /// Figures that leaders read: hidden for the sake of others only where nothing else helps.
    pub essential: BTreeSet<FigureKey>,
    /// Figures of the same measures by other definitions than leaders read: hidden for the sake of others before all else.
    pub beside: BTreeSet<FigureKey>,
}

impl Rules<'_> {
    fn reading(&self, key: &FigureKey) -> Reading {
        if self.essential.contains(key) {
            Reading::Essential
        } else if self.beside.contains(key) {
            Reading::Beside
        } else {
            Reading::Ordinary
        }
    }
}

/// What the readers hold already.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Figures of this issue that its readers see whatever is decided here: those of an edition below their level, and
    /// what their own registers say.
    pub given: Option<&'a BTreeSet<FigureKey>>,
    /// Figures of this issue that an edition below their level hides: they stand there as hidden, whatever is decided here.
    pub withheld: Option<&'a BTreeSet<FigureKey>>,
    /// Every issue ever handed out, of whatever month, also those that another took the place of: figures with their true
    /// numbers; the status says what was hidden when they were published. Where the true number of a hidden figure is
    /// not known any more its numbers are empty.
    pub earlier: &'a [Vec<Figure>],
}

/// What was done, in numbers that may be printed.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Summary {
    /// Figures looked at.
    pub figures: u64,
    /// Counts that must be protected.
    pub cells: u64,
    /// Figures hidden for their own sake.
    pub primary: u64,
    /// Figures hidden because they would reveal another.
    pub secondary: u64,
    /// Hidden cells whose derivable interval was computed and found wide enough.
    pub audited: u64,
    /// Hidden cells that earlier issues give away whatever is hidden now.
    pub open_before: u64,
    /// Figures that stand as they were handed out before.
    pub as_before: u64,
}

/// Why a figure is hidden: for the data officer alone, published figures carry one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// For its own sake: it is small, or tells something of each person it counts.
    Primary,
    /// For the sake of others that it would reveal.
    Secondary,
}

/// Figures safe for everybody.
#[derive(Debug, Clone)]
pub struct Protected {
    /// All figures, in the order given, hidden ones without numbers.
    pub figures: Vec<Figure>,
    /// Why each of them is hidden, in the same order; none where it is shown.
    pub reasons: Vec<Option<Reason>>,
    /// What was done.
    pub summary: Summary,
    /// What an intruder could derive of each hidden cell: for the data officer alone.
    pub derived: Vec<Derived>,
    /// Measure ids of cells that earlier issues give away whatever is hidden now.
    pub open_before: Vec<String>,
    /// Figures that stand as they were handed out before: they differ by fewer people than the threshold.
    pub as_before: BTreeSet<FigureKey>,
}

impl Protected {
    /// The part one audience gets.
    pub fn part(&self, wanted: impl Fn(&Figure) -> bool) -> Protected {
        let part = self.figures.iter().zip(&self.reasons);
        let (figures, reasons): (Vec<Figure>, Vec<Option<Reason>>) = part
            .filter(|(f, _)| wanted(f))
            .map(|(f, r)| (f.clone(), *r))
            .unzip();
        let count = |reason| reasons.iter().filter(|r| **r == Some(reason)).count() as u64;
        let summary = Summary {
            figures: figures.len() as u64,
            primary: count(Reason::Primary),
            secondary: count(Reason::Secondary),
            as_before: figures
                .iter()
                .filter(|f| self.as_before.contains(&f.key()))
                .count() as u64,
            ..self.summary.clone()
        };
        Protected {
            figures,
            reasons,
            summary,
            derived: self.derived.clone(),
            open_before: self.open_before.clone(),
            as_before: self.as_before.clone(),
        }
    }
}

/// The tables could not be made safe: nothing may be published.
#[derive(Debug, thiserror::Error)]
pub enum ProtectError {
    /// No set of hidden cells protects these.
    #[error("{measure}: a small cell cannot be protected even by hiding every cell around it")]
    Unprotectable {
        /// Measure id.
        measure: String,
    },
    /// The audit derived a hidden cell too closely.
    #[error("{measure}: {cells} hidden cells could still be derived; nothing was published")]
    Open {
        /// Measure id of the first.
        measure: String,
        /// How many.
        cells: u64,
    },
}

/// Hides what would give a person away and whatever would reveal it, then attacks the result.
///
/// The order and number of figures stay; a hidden figure keeps its identity and loses all its numbers. What the
/// attack still opens is hidden better and attacked again; if that does not help, nothing comes out.
pub fn protect(
    figures: Vec<Figure>,
    rules: &Rules,
    known: &Known,
) -> Result<Protected, ProtectError> {
    if rules.disclosure.method == "round" {
        let built = cells::build(&figures, rules, known, Revisions::Unknown);
        return round::protect(figures, &built, rules);
    }
    let Solved {
        built,
        derived,
        open_before,
    } = solved(&figures, rules, known)?;
    let summary = Summary {
        figures: figures.len() as u64,
        cells: built
            .of_figure
            .iter()
            .flatten()
            .flatten()
            .collect::<BTreeSet<_>>()
            .len() as u64,
        audited: derived.len() as u64,
        open_before: open_before.len() as u64,
        ..Summary::default()
    };
    let (mut figures, reasons, as_before) = apply(figures, &built);
    coarsen(&mut figures, rules.shapes);
    let whole = Protected {
        as_before,
        figures,
        reasons,
        summary,
        derived,
        open_before,
    };
    Ok(whole.part(|_| true))
}

/// A system in which everything is hidden that has to be.
struct Solved {
    built: Built,
    derived: Vec<Derived>,
    open_before: Vec<String>,
}

/// What a reader is taken to think of a hidden count that several issues have with different numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Revisions {
    /// He knows by how much it was revised, or takes it for unchanged.
    Known,
    /// He knows that it may have been.
    Unknown,
}

/// Protects against readers who know the revisions of what is hidden, as far as nothing is given away for it; else against
/// those who do not.
fn solved(figures: &[Figure], rules: &Rules, known: &Known) -> Result<Solved, ProtectError> {
    let strict = solved_for(figures, rules, known, Revisions::Known);
    if (strict.as_ref()).is_ok_and(|s| s.open_before.is_empty() || !s.built.revisions) {
        return strict;
    }
    let plain = solved_for(figures, rules, known, Revisions::Unknown);
    match (strict, plain) {
        (Ok(strict), Ok(plain)) if plain.open_before.len() < strict.open_before.len() => Ok(plain),
        (Ok(strict), _) => Ok(strict),
        (Err(_), plain) => plain,
    }
}

fn solved_for(
    figures: &[Figure],
    rules: &Rules,
    known: &Known,
    revisions: Revisions,
) -> Result<Solved, ProtectError> {
    let mut built = cells::build(figures, rules, known, revisions);
    let owner = owners(&built, figures);
    let before = !known.earlier.is_empty() || known.given.is_some() || known.withheld.is_some();
    // Nothing that is printed now could help what earlier issues have given away.
    let hopeless = if before {
        Hopeless::Lost
    } else {
        Hopeless::Refused
    };
    let threshold = rules.disclosure.threshold;
    let secured = secure::secured(&mut built.system, threshold, hopeless);
    let Secured { mut derived, lost } = secured.map_err(|e| refused(e, &owner))?;
    for d in &mut derived {
        (d.measure, d.category) = owner[d.cell].clone();
    }
    Ok(Solved {
        built,
        derived,
        open_before: lost.into_iter().map(|c| owner[c].0.clone()).collect(),
    })
}

fn refused(e: Unsafe, owner: &[(String, String)]) -> ProtectError {
    let measure = |cell: usize| owner[cell].0.clone();
    match e {
        Unsafe::Unprotectable(cell) => ProtectError::Unprotectable {
            measure: measure(cell),
        },
        Unsafe::Open { first, cells } => ProtectError::Open {
            measure: measure(first),
            cells: cells as u64,
        },
    }
}

/// Ways in which the numbers of figures can move together that keep every equation known of them, by chance: numbers that
/// hang together by a relation nobody declared move apart. Numerator and denominator of each figure; none for what is no
/// count of people.
#[cfg(test)]
pub(crate) fn free_moves(
    figures: &[Figure],
    shapes: &[Shape],
    hierarchies: &[Hierarchy],
    how_many: usize,
) -> Vec<[Option<Vec<f64>>; 2]> {
    let disclosure = Disclosure::default();
    let rules = Rules {
        disclosure: &disclosure,
        shapes,
        hierarchies,
        children: BTreeSet::new(),
        contributions: BTreeMap::new(),
        events: BTreeMap::new(),
        guards_differences: true,
        essential: BTreeSet::new(),
        beside: BTreeSet::new(),
    };
    let built = cells::build(figures, &rules, &Known::default(), Revisions::Unknown);
    let moves: Vec<Vec<f64>> = (1..=how_many as u64)
        .map(|n| free_move(&built.system, n))
        .collect();
    let of = |c: Option<usize>| c.map(|c| moves.iter().map(|m| m[c]).collect());
    let both = |[k, n]: &[Option<usize>; 2]| [of(*k), of(*n)];
    built.of_figure.iter().map(both).collect()
}

/// A chance vector made to keep every equation: its nearest point that does, by conjugate gradients on the equations.
#[cfg(test)]
fn free_move(system: &System, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut chance = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64 * 20.0 - 10.0
    };
    let rows: Vec<Equation> = (system.equations.iter())
        .map(|row| {
            row.iter()
                .copied()
                .filter(|(c, _)| !system.cells[*c].fixed)
                .collect()
        })
        .collect();
    let mut x: Vec<f64> = (system.cells.iter())
        .map(|c| if c.fixed { 0.0 } else { chance() })
        .collect();
    let times = |x: &[f64]| -> Vec<f64> {
        rows.iter()
            .map(|row| row.iter().map(|&(c, s)| s * x[c]).sum())
            .collect()
    };
    let back = |y: &[f64]| {
        let mut out = vec![0.0; system.cells.len()];
        for (row, y) in rows.iter().zip(y) {
            row.iter().for_each(|&(c, s)| out[c] += s * y);
        }
        out
    };
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut rest = times(&x);
    let mut way = rest.clone();
    let mut size = dot(&rest, &rest);
    for _ in 0..4_000 {
        if size < 1e-18 {
            break;
        }
        let down = back(&way);
        let step = size / dot(&down, &down);
        x.iter_mut().zip(&down).for_each(|(x, d)| *x -= step * d);
        let on = times(&down);
        rest.iter_mut().zip(&on).for_each(|(r, o)| *r -= step * o);
        let next = dot(&rest, &rest);
        way = rest
            .iter()
            .zip(&way)
            .map(|(r, w)| r + next / size * w)
            .collect();
        size = next;
    }
    x
}

/// Measure and categories of a figure each cell stands in.
fn owners(built: &Built, figures: &[Figure]) -> Vec<(String, String)> {
    let mut out = vec![(String::new(), String::new()); built.system.cells.len()];
    for (f, cells) in figures.iter().zip(&built.of_figure).rev() {
        for &c in cells.iter().flatten() {
            let category = format!("{} {} {}", f.population.id(), f.dim1.1, f.dim2.1);
            out[c] = (f.measure.to_string(), category.trim().into());
        }
    }
    out
}

/// Rounds what would tell of single people by its last places. With all places of a curve, whoever knows the numbers at risk
/// can work out the events and the people out of sight of every step, also where these are not shown; with all places of an
/// expectation, those who came back in each stratum; with those of a balance, how many have a characteristic.
fn coarsen(figures: &mut [Figure], shapes: &[Shape]) {
    let grains: BTreeMap<&str, Grain> = shapes.iter().map(|s| (s.measure, s.grain)).collect();
    for f in figures {
        match grains.get(f.measure.as_str()).copied().unwrap_or_default() {
            Grain::Whole => {}
            Grain::Thousandths => round_all(f, 1000.0),
            Grain::Twentieths => round_all(f, 20.0),
            Grain::Expected => expected_in_halves(f),
            Grain::HalfPersons => {
                if let Some(people) = f.denominator.filter(|n| *n > 0.0) {
                    round_all(f, 2.0 * people);
                }
            }
        }
    }
}

/// Estimate and interval to so many parts of a whole.
fn round_all(f: &mut Figure, parts: f64) {
    let all = [&mut f.estimate, &mut f.ci_low, &mut f.ci_high];
    all.into_iter()
        .flatten()
        .for_each(|x| *x = (*x * parts).round() / parts);
}

/// What is expected to half a person, and the ratio to it to a hundredth.
fn expected_in_halves(f: &mut Figure) {
    let (Some(observed), Some(exact)) = (f.numerator, f.denominator) else {
        return;
    };
    let halves = (2.0 * exact).round().max(1.0) / 2.0;
    let by = exact / halves;
    f.denominator = Some(halves);
    f.estimate = f.estimate.map(|_| observed / halves);
    (f.ci_low, f.ci_high) = (f.ci_low.map(|x| x * by), f.ci_high.map(|x| x * by));
    round_all(f, 100.0);
}

/// What comes of the figures, why each of them is hidden, and which stand as they were handed out before.
type Applied = (Vec<Figure>, Vec<Option<Reason>>, BTreeSet<FigureKey>);

/// Takes the numbers out of the figures whose cells are hidden.
fn apply(mut figures: Vec<Figure>, built: &Built) -> Applied {
    let mut reasons = Vec::with_capacity(figures.len());
    let mut as_before = BTreeSet::new();
    for (i, f) in figures.iter_mut().enumerate() {
        let mine = || {
            let all = built.of_figure[i].iter().flatten().chain(&built.with[i]);
            all.map(|&c| &built.system.cells[c])
        };
        if !mine().any(|c| c.hidden) {
            reasons.push(None);
            continue;
        }
        if let Some(before) = &built.stands[i] {
            (f.numerator, f.denominator, f.estimate) =
                (before.numerator, before.denominator, before.estimate);
            (f.ci_low, f.ci_high, f.status) = (before.ci_low, before.ci_high, before.status);
            as_before.insert(f.key());
            reasons.push(None);
            continue;
        }
        reasons.push(Some(if mine().any(|c| c.primary) {
            Reason::Primary
        } else {
            Reason::Secondary
        }));
        f.status = Status::Suppressed;
        (f.numerator, f.denominator, f.estimate, f.ci_low, f.ci_high) =
            (None, None, None, None, None);
    }
    (figures, reasons, as_before)
}
