//! The registry of measures: what each is, of whom and of which time it speaks, which breakdowns it has, what is decided
//! about odd cases, how its numbers hang together.
//!
//! Its words are locale texts: `measure.<id>.*` (title, question, definition, numerator, denominator) and
//! `measure_field.*` (populations, windows, odd cases); [`Measure::described`] puts them together for the methodology sheet
//! and `reintegrasi measures`.

mod change;
mod comparison;
mod population;
mod quality;
mod returns;
mod services;
mod words;

pub use words::Described;

use crate::domain::Dimension as D;
use crate::domain::figure::{Base, Grain, Hierarchy, Period, Rest, Shape};
use crate::domain::history::Service;
use crate::domain::relation::Count;
use crate::domain::relation::Relation::{self, *};
use crate::domain::upt::UptRegistry;
use crate::domain::{Text, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// How a measure's estimate comes from its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A count: the estimate is the sum.
    Count,
    /// A share with a Wilson interval.
    Share,
    /// A quotient without a binomial interval (occupancy, per reoffender).
    Ratio,
    /// Events per 100 people.
    PerHundred,
    /// Events per 100 person-years with exact Poisson limits.
    Rate,
    /// Observed over expected with exact limits; refused when less than one is expected.
    Standardised,
    /// Directly standardised share: the mark of a row is its stratum.
    Direct,
    /// Observed less expected, per person: the value of a row is what was expected of it.
    Excess,
    /// Share of the later cohort less that of the earlier, with Newcombe's interval.
    Change,
    /// Median of the values.
    Median,
    /// The day by which so many percent have been served, the unserved censored.
    Wait(u8),
    /// The largest value.
    Longest,
    /// Aalen–Johansen incidence of a cause, by month.
    Incidence(u8),
    /// Kaplan–Meier survival, by month.
    Survival,
    /// Nelson–Aalen cumulative hazard, by month.
    Hazard,
    /// Mean time without the event within so many months.
    Restricted(u16),
    /// Computed by its own routine.
    Own,
}

impl Kind {
    /// The numbers are sums over rows.
    pub const fn is_sum(self) -> bool {
        matches!(
            self,
            Kind::Count
                | Kind::Share
                | Kind::Ratio
                | Kind::PerHundred
                | Kind::Rate
                | Kind::Standardised
        )
    }
    /// The numbers are points of a curve.
    pub const fn is_curve(self) -> bool {
        matches!(self, Kind::Incidence(_) | Kind::Survival | Kind::Hazard)
    }
    /// What the denominator is.
    const fn base(self) -> Base {
        match self {
            Kind::Rate => Base::Time,
            Kind::Count
            | Kind::Share
            | Kind::Ratio
            | Kind::PerHundred
            | Kind::Standardised
            | Kind::Direct
            | Kind::Excess
            | Kind::Change
            | Kind::Median
            | Kind::Wait(_)
            | Kind::Longest
            | Kind::Incidence(_)
            | Kind::Survival
            | Kind::Hazard
            | Kind::Restricted(_)
            | Kind::Own => Base::People,
        }
    }
    /// How finely it is printed; `None` where the measure says.
    const fn grain(self) -> Option<Grain> {
        match self {
            Kind::Standardised => Some(Grain::Expected),
            Kind::Excess => Some(Grain::HalfPersons),
            Kind::Incidence(_) | Kind::Survival | Kind::Hazard => Some(Grain::Thousandths),
            Kind::Count
            | Kind::Share
            | Kind::Ratio
            | Kind::PerHundred
            | Kind::Rate
            | Kind::Direct
            | Kind::Change
            | Kind::Median
            | Kind::Wait(_)
            | Kind::Longest
            | Kind::Restricted(_)
            | Kind::Own => None,
        }
    }
    /// How uncertainty is stated: a key of `interval.*`.
    pub const fn interval(self) -> &'static str {
        match self {
            Kind::Share => "wilson",
            Kind::Rate | Kind::Standardised | Kind::Excess => "poisson",
            Kind::Change => "newcombe",
            Kind::Direct => "delta",
            Kind::Incidence(_) | Kind::Survival => "log_log",
            Kind::Restricted(_) => "greenwood",
            Kind::Own => "own",
            _ => "none",
        }
    }
}

/// A declared measure.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Stable id.
    pub id: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// How the estimate is made.
    pub kind: Kind,
    /// Breakdowns it has.
    pub dims: &'static [D],
    /// Categories it has of a dimension that other measures have others of; all where none are named.
    pub only: &'static [(D, &'static [&'static str])],
    /// Counts people or their events.
    pub personal: bool,
    /// Dimensions over which nothing sums.
    pub overlapping: &'static [D],
    /// The time its counts cover.
    pub period: Period,
    /// Breakdowns without which it has no meaning: their categories are different counts, not parts of one.
    pub needs: &'static [D],
    /// Rows it shares with other measures.
    pub rows: Option<Rows>,
    /// Its table has many rows or takes much reckoning.
    pub long: bool,
    /// Its numbers are amounts of which a person can have any share (hours, sessions, reports).
    pub amounts: bool,
    /// It counts children only.
    pub of_children: bool,
    /// Its denominator counts no people (places, a plan).
    pub open_base: bool,
    /// It counts no people, and still tells of few (rows of a file, services of an agency).
    pub guarded: bool,
    /// Of a share, who is left when those counted are taken from its denominator.
    pub rest: Rest,
    /// How finely its numbers are printed, where its kind does not say.
    pub grain: Grain,
    /// What holds between its counts and others.
    pub relations: &'static [Relation],
    /// Source of the definition.
    pub source: &'static str,
    /// Of whom it speaks: a key of `measure_field.population`.
    pub population: &'static str,
    /// The time it covers: a key of `measure_field.window`.
    pub window: &'static str,
    /// What is decided about odd cases: keys of `measure_field.edge`.
    pub edges: &'static [&'static str],
}

impl Measure {
    /// The categories it has of a dimension.
    const fn only(self, only: &'static [(D, &'static [&'static str])]) -> Measure {
        Measure { only, ..self }
    }

    /// Of whom it speaks, when, and what is decided about odd cases.
    const fn on(
        self,
        population: &'static str,
        window: &'static str,
        edges: &'static [&'static str],
    ) -> Measure {
        Measure {
            population,
            window,
            edges,
            ..self
        }
    }
    const fn over(self, period: Period) -> Measure {
        Measure { period, ..self }
    }
    const fn needs(self, needs: &'static [D]) -> Measure {
        Measure { needs, ..self }
    }
    const fn made_of(self, rows: Rows) -> Measure {
        Measure {
            rows: Some(rows),
            ..self
        }
    }
    const fn long(self) -> Measure {
        Measure { long: true, ..self }
    }
    const fn amounts(self) -> Measure {
        Measure {
            amounts: true,
            ..self
        }
    }
    const fn of_children(self) -> Measure {
        Measure {
            of_children: true,
            ..self
        }
    }
    const fn open_base(self) -> Measure {
        Measure {
            open_base: true,
            ..self
        }
    }
    /// Of a share, who is left when those counted are taken from its denominator.
    const fn leaves(self, rest: Rest) -> Measure {
        Measure { rest, ..self }
    }
    const fn printed(self, grain: Grain) -> Measure {
        Measure { grain, ..self }
    }
    const fn guarded(self) -> Measure {
        Measure {
            guarded: true,
            ..self
        }
    }
    /// What holds between its counts and others.
    const fn hangs(self, relations: &'static [Relation]) -> Measure {
        Measure { relations, ..self }
    }
}

/// Rows that several measures are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rows {
    /// Releases followed to the cut-off date: what curves are drawn from.
    Followed,
    /// Days from referral to the first service.
    Waits,
}

/// A measure's numerator or count.
const fn of(measure: &'static str) -> Count {
    Count::of(measure)
}

/// A measure's denominator.
const fn base(measure: &'static str) -> Count {
    Count::base(measure)
}

/// The declaring measure's count is another one of the same month.
const fn equal(mine: Count, is: Count) -> Relation {
    Equals { mine, is, back: 0 }
}

/// The declaring measure's count is part of another.
const fn within(mine: Count, whole: Count) -> Relation {
    Within { mine, whole }
}

/// What a whole count has more than its part is, of numerators, among that of denominators.
const fn more_within(part: Count, whole: Count) -> Relation {
    MoreWithin { part, whole }
}

/// The declaring measure is shown only where a count of the same month or cohort is, since either tells the other nearly.
const fn shown_with(other: Count) -> Relation {
    ShownWith { other, back: 0 }
}

/// Measures of release cohorts.
const fn of_cohorts<const N: usize>(mut all: [Measure; N]) -> [Measure; N] {
    let mut i = 0;
    while i < N {
        all[i].period = Period::Cohort;
        i += 1;
    }
    all
}

const fn m(
    id: &'static str,
    unit: Unit,
    kind: Kind,
    dims: &'static [D],
    source: &'static str,
) -> Measure {
    Measure {
        id,
        unit,
        kind,
        dims,
        personal: true,
        only: &[],
        overlapping: &[],
        period: Period::Past,
        needs: &[],
        rows: None,
        long: false,
        amounts: false,
        of_children: false,
        open_base: false,
        guarded: false,
        rest: Rest::Guarded,
        grain: Grain::Whole,
        relations: &[],
        source,
        population: "",
        window: "",
        edges: &[],
    }
}

const fn events(id: &'static str, dims: &'static [D], source: &'static str) -> Measure {
    time(m(id, Unit::Events, Kind::Count, dims, source))
}

const fn share(id: &'static str, dims: &'static [D], source: &'static str) -> Measure {
    time(m(id, Unit::Share, Kind::Share, dims, source))
}

/// A statement about groups, not a count of people.
const fn about(x: Measure) -> Measure {
    Measure {
        personal: false,
        ..x
    }
}

const fn time(x: Measure) -> Measure {
    Measure {
        overlapping: D::TIMES,
        ..x
    }
}

/// Nothing sums over these dimensions.
const fn apart(overlapping: &'static [D], x: Measure) -> Measure {
    Measure { overlapping, ..x }
}

const fn count(id: &'static str, dims: &'static [D], source: &'static str) -> Measure {
    m(id, Unit::Persons, Kind::Count, dims, source)
}

/// Not about people.
const fn open(id: &'static str, unit: Unit, kind: Kind, dims: &'static [D]) -> Measure {
    Measure {
        personal: false,
        ..time(m(id, unit, kind, dims, "docs/definitions.md 1"))
    }
}

const FAMILIES: [&[Measure]; 7] = [
    population::ALL,
    returns::COHORTS,
    returns::STOCKS,
    services::ALL,
    comparison::ALL,
    quality::ALL,
    change::ALL,
];

const COUNT: usize = {
    let (mut n, mut i) = (0, 0);
    while i < FAMILIES.len() {
        n += FAMILIES[i].len();
        i += 1;
    }
    n
};

static JOINED: [Measure; COUNT] = {
    let mut out = [FAMILIES[0][0]; COUNT];
    let (mut n, mut i) = (0, 0);
    while i < FAMILIES.len() {
        let mut j = 0;
        while j < FAMILIES[i].len() {
            out[n] = FAMILIES[i][j];
            (n, j) = (n + 1, j + 1);
        }
        i += 1;
    }
    out
};

/// Every measure, in the order of the methodology sheet.
pub static MEASURES: &[Measure] = &JOINED;

/// Every measure with the ids of its dimensions: what templates may ask for.
pub fn breakdowns() -> Vec<(&'static str, &'static [&'static str])> {
    static IDS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
        let ids = |m: &Measure| m.dims.iter().map(|d| d.id()).collect();
        MEASURES.iter().map(ids).collect()
    });
    let all = MEASURES.iter().zip(IDS.iter());
    all.map(|(m, dims)| (m.id, dims.as_slice())).collect()
}

/// The measure with this id.
pub fn find(id: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|m| m.id == id)
}

/// The City's indicators by the codes that reports print (docs/definitions.md 4).
const INDICATORS: [(&str, &str); 8] = [
    ("K1", "k1_a1"),
    ("K2", "documents_obtained"),
    ("K3", "service_coverage"),
    ("K4", "service_completion"),
    ("K5", "service_wait_median"),
    ("K6", "continuity_90"),
    ("K7", "outcome_work"),
    ("K8", "return"),
];

/// The measure of this id, or the indicator of this code.
pub fn named(word: &str) -> Option<&'static Measure> {
    let coded = INDICATORS
        .iter()
        .find(|(code, _)| code.eq_ignore_ascii_case(word));
    find(coded.map_or(word, |(_, id)| id))
}

/// The id nearest to a mistyped one.
pub fn nearest(id: &str) -> Option<&'static str> {
    crate::domain::nearest(id, MEASURES.iter().map(|m| m.id))
}

/// How the numbers hang together, for disclosure control.
pub fn shapes() -> Vec<Shape> {
    MEASURES
        .iter()
        .map(|x| Shape {
            measure: x.id,
            personal: x.personal || x.guarded,
            children: x.of_children,
            numerator_adds: x.kind.is_sum(),
            // Of those referred the ones who were served are known beside a wait; of the longest who waits.
            denominator_adds: matches!(x.kind, Kind::Share | Kind::Wait(_) | Kind::Longest),
            rest: x.rest,
            not_additive_over: x.overlapping.to_vec(),
            curve: x.kind.is_curve(),
            base: match x.open_base {
                true => Base::Open,
                false => x.kind.base(),
            },
            grain: x.kind.grain().unwrap_or(x.grain),
            relations: x.relations,
            period: x.period,
        })
        .collect()
}

/// Categories in which only children are counted: the higher threshold holds.
pub fn children_categories(units: &UptRegistry) -> Vec<(D, Text)> {
    let all = D::ALL.iter();
    all.flat_map(|d| d.children(units).into_iter().map(|c| (*d, c)))
        .collect()
}

/// Dimensions whose categories fall into those of a coarser one.
pub fn hierarchies(units: &UptRegistry) -> Vec<Hierarchy> {
    let nested = D::ALL.iter().filter_map(|d| Some((*d, d.coarser()?)));
    nested
        .map(|(fine, coarse)| Hierarchy {
            fine,
            coarse,
            parent: fine
                .members(units)
                .into_iter()
                .filter_map(|c| Some((c.clone(), fine.parent(&c, units)?)))
                .collect(),
        })
        .collect()
}

/// The agencies into which kinds of services fall: each kind that one agency alone has given in the data.
pub fn services_by_agency(services: &[Service]) -> Hierarchy {
    let mut agencies: BTreeMap<&'static str, BTreeSet<&Text>> = BTreeMap::new();
    for s in services {
        agencies.entry(s.kind.id()).or_default().insert(&s.opd);
    }
    let alone = agencies.into_iter().filter_map(|(kind, opds)| {
        let [opd] = opds.into_iter().collect::<Vec<_>>()[..] else {
            return None;
        };
        Some((Text::const_new(kind), opd.clone()))
    });
    Hierarchy {
        fine: D::ServiceKind,
        coarse: D::Opd,
        parent: alone.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Month;

    /// Movements of guidance, beside those of custody.
    fn of_guidance(d: D, k: &str) -> bool {
        let all = [
            "start_stock",
            "new",
            "completed",
            "revoked_general",
            "revoked_technical",
            "delegated",
            "death",
            "other_end",
            "end_stock",
        ];
        d == D::Movement && all.contains(&k)
    }

    #[test]
    fn every_indicator_is_found_by_its_code_and_every_measure_by_its_id() {
        for (code, id) in INDICATORS {
            assert_eq!(named(code).map(|m| m.id), Some(id));
            assert_eq!(named(&code.to_lowercase()).map(|m| m.id), Some(id));
        }
        assert!(
            MEASURES
                .iter()
                .all(|m| named(m.id).is_some_and(|x| x.id == m.id))
        );
        assert!(named("K9").is_none());
    }

    #[test]
    fn every_relation_speaks_of_measures_dimensions_and_categories_that_exist() {
        let units = UptRegistry::maluku(&[]);
        let month = Month::of(chrono::NaiveDate::MIN);
        for m in MEASURES {
            for r in m.relations {
                if let Equals { mine, .. } = r {
                    assert_eq!(mine.measure, m.id, "{r:?} stands at its own measure");
                }
                for c in r.counts() {
                    let of = find(c.measure).unwrap_or_else(|| panic!("{}: {r:?}", m.id));
                    let Some((d, k)) = c.at else { continue };
                    assert!(of.dims.contains(&d), "{} by {d}: {r:?}", of.id);
                    let closed = d.categories(&units, month);
                    let named = match closed.is_empty() {
                        true => d.order(k, &units).0 != usize::MAX,
                        false => closed.iter().any(|x| x == k),
                    };
                    let rest = ["unknown", "other"].contains(&k) || of_guidance(d, k);
                    assert!(named || rest, "{d} {k}: {r:?}");
                }
                let own: &[(D, &[&str])] = &match *r {
                    Balance { over, plus, minus } => [(over, plus), (over, minus)],
                    Nested { over, from_small } => [(over, from_small), (over, &[])],
                    _ => continue,
                };
                for (d, categories) in own {
                    let known = d.categories(&units, month);
                    let is = |k: &&str| known.iter().any(|x| x == k) || of_guidance(*d, k);
                    assert!(categories.iter().all(is), "{r:?}");
                }
            }
        }
    }

    #[test]
    fn a_measure_that_needs_a_breakdown_has_it() {
        for m in MEASURES {
            assert!(m.needs.iter().all(|d| m.dims.contains(d)), "{}", m.id);
        }
    }
}
