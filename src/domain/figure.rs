//! Everything said in the output: the second joint of the house. Every number of every report is a [`Figure`].

use super::relation::Relation;
use super::{Dimension, Month, Text};

crate::coded_enum! {
    /// Whose figures they are.
    pub enum Population {
        /// Residents of Kota Ambon.
        Ambon = "kota_ambon",
        /// Everyone in the units of Maluku.
        Maluku = "maluku",
    }
}

crate::coded_enum! {
    /// What a number counts.
    pub enum Unit {
        /// Persons.
        Persons = "persons",
        /// Releases, episodes, rows, services: things that a person can have several of.
        Events = "events",
        /// A share between 0 and 1; numerator and denominator stand beside it.
        Share = "share",
        /// Days.
        Days = "days",
        /// Hours.
        Hours = "hours",
        /// A ratio without unit (SRR, RR).
        Ratio = "ratio",
        /// Per 100 person-years.
        Per100PersonYears = "per_100_person_years",
        /// Places.
        Places = "places",
        /// A difference of shares (poin persen / 100).
        ShareDifference = "share_difference",
    }
}

crate::coded_enum! {
    /// Whether the number may be read, and if not, why.
    pub enum Status {
        /// Fine.
        Ok = "ok",
        /// Not shown, to protect people: it says nothing of how large the number is. Whether it is small itself or would
        /// reveal another stands in `state/` alone.
        Suppressed = "suppressed" | "suppressed_primary" | "suppressed_secondary",
        /// The question makes no sense here, or there is nobody to ask it of.
        NotApplicable = "not_applicable",
        /// The window is not over.
        IncompleteFollowUp = "incomplete_follow_up",
        /// Few cases: counts stand, no rate is printed or it is marked.
        Unreliable = "unreliable",
        /// Nobody delivered what it would be counted from: unknown, and not nought.
        NotDelivered = "not_delivered",
    }
}

/// One number, with everything needed to judge it (one row of `data/*.csv`).
///
/// Counts have `estimate == numerator` and no denominator. Shares have numerator, denominator, estimate and,
/// where a probability model fits, a 95 % interval. A category of `""` beside a dimension of `""` is the total.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Figure {
    /// The report's month (not the cohort's: that is a dimension).
    pub month: Month,
    /// Measure id of the registry.
    pub measure: Text,
    /// Definition id: which of the definitions, and its version, e.g. `P1.person.v1`.
    pub definition: Text,
    /// Whose figure.
    pub population: Population,
    /// First breakdown: dimension id and category id; both empty for the total.
    pub dim1: (Text, Text),
    /// Second breakdown.
    pub dim2: (Text, Text),
    /// Follow-up window or period length in months.
    pub window_months: Option<u16>,
    /// Numerator, or the count itself.
    pub numerator: Option<f64>,
    /// Denominator.
    pub denominator: Option<f64>,
    /// The number to show.
    pub estimate: Option<f64>,
    /// Lower end of the 95 % interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub ci_high: Option<f64>,
    /// What it counts.
    pub unit: Unit,
    /// Whether it may be read.
    pub status: Status,
}

/// What identifies a figure within a month.
pub type FigureKey = (
    Text,
    Text,
    Population,
    (Text, Text),
    (Text, Text),
    Option<u16>,
);

impl Figure {
    /// What identifies it: measure, definition, population, both breakdowns, window.
    pub fn key(&self) -> FigureKey {
        (
            self.measure.clone(),
            self.definition.clone(),
            self.population,
            self.dim1.clone(),
            self.dim2.clone(),
            self.window_months,
        )
    }
    /// Its breakdowns with their categories; none for the total.
    pub fn places(&self) -> impl Iterator<Item = (Dimension, &Text)> {
        let dims = [&self.dim1, &self.dim2].into_iter();
        dims.filter_map(|(d, c)| Some((Dimension::from_id(d)?, c)))
    }
    /// The category of one of its breakdowns.
    pub fn category(&self, dimension: Dimension) -> Option<&Text> {
        self.places().find(|(d, _)| *d == dimension).map(|(_, c)| c)
    }
    /// Whether its numbers may be shown.
    pub fn is_hidden(&self) -> bool {
        self.status == Status::Suppressed
    }
}

/// Who stands behind a figure that sums amounts (hours, sessions, reports).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Contributions {
    /// How many people add anything.
    pub people: u64,
    /// The largest and the second largest amount in the numerator.
    pub numerator: [f64; 2],
    /// The same of the denominator.
    pub denominator: [f64; 2],
}

impl Contributions {
    /// Of the amounts each person adds to numerator and denominator.
    pub fn of(amounts: impl IntoIterator<Item = [f64; 2]>) -> Contributions {
        let mut out = Contributions::default();
        let keep = |largest: &mut [f64; 2], x: f64| {
            if x > largest[0] {
                *largest = [x, largest[0]];
            } else if x > largest[1] {
                largest[1] = x;
            }
        };
        for [num, den] in amounts {
            out.people += u64::from(num > 0.0 || den > 0.0);
            keep(&mut out.numerator, num);
            keep(&mut out.denominator, den);
        }
        out
    }
}

/// A table somebody wants: a measure by up to two breakdowns. Templates and settings ask; `measure` answers.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Request {
    /// Measure id.
    pub measure: Text,
    /// Whose figures.
    pub population: Population,
    /// Dimensions, none to two. Margins and the total always come with them.
    pub by: Vec<Dimension>,
    /// Windows in months where the measure has them; empty means the measure's own default windows.
    pub windows: Vec<u16>,
}

/// The time a measure's counts cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Period {
    /// The state at the end of the month.
    #[default]
    AsAt,
    /// What happened in the window that ends with the month.
    Past,
    /// What is due in the window after the month.
    Ahead,
    /// Releases of a cohort; the window is their follow-up.
    Cohort,
}

/// How the numbers of a measure hang together: what `protect` must know to guard them. Declared by `measure`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Measure id.
    pub measure: &'static str,
    /// Counts people, their events or their rows, and must be protected; false for capacity and coverage.
    pub personal: bool,
    /// Counts children only: the higher threshold holds.
    pub children: bool,
    /// Numerators of the categories of a dimension sum to the margin.
    pub numerator_adds: bool,
    /// Denominators of the categories of a dimension sum to the margin.
    pub denominator_adds: bool,
    /// Who is left of the denominator without the numerator.
    pub rest: Rest,
    /// Dimensions over which nothing sums (a person can stand in several categories, or categories are points in time).
    pub not_additive_over: Vec<Dimension>,
    /// Its numbers are points of a curve by months since release.
    pub curve: bool,
    /// What the denominator is.
    pub base: Base,
    /// How finely its numbers are printed.
    pub grain: Grain,
    /// What holds between its counts and others.
    pub relations: &'static [Relation],
    /// The time the counts cover.
    pub period: Period,
}

/// What the denominator of a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Base {
    /// People or their events.
    #[default]
    People,
    /// The time people were observed, in years: at least as many people as whole years.
    Time,
    /// No people: places, a plan, what is expected.
    Open,
}

/// How finely the numbers of a measure are printed, where their last places tell of single people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grain {
    /// With all their places.
    #[default]
    Whole,
    /// To a thousandth: points of a curve.
    Thousandths,
    /// To a twentieth: standardised differences.
    Twentieths,
    /// An expectation to half a person, the ratio to it to a hundredth.
    Expected,
    /// A share to half a person of the denominator.
    HalfPersons,
}

/// Who is left when those in the numerator of a share are taken from its denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rest {
    /// People like those counted: few of them are protected, and so is that there are none (everybody came back).
    #[default]
    Guarded,
    /// Few of them are protected; that there are none harms nobody (everybody was served).
    FewGuarded,
    /// No people (rows without a person found).
    Open,
}

/// A dimension whose categories fall into the categories of a coarser one (UPT ⊂ class, kecamatan ⊂ city).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    /// Finer dimension.
    pub fine: Dimension,
    /// Coarser dimension.
    pub coarse: Dimension,
    /// Finer category → coarser category.
    pub parent: Vec<(Text, Text)>,
}
