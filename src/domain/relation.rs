//! Relations: how published counts hang together. A measure declares them; disclosure control reads them and knows no
//! measure by name.

use super::Dimension;

/// Which number of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Numerator, or the count itself.
    Numerator,
    /// The denominator of a share or rate.
    Denominator,
}

/// A category of a dimension.
pub type Category = (Dimension, &'static str);

/// A count that figures show: a measure's numerator or denominator, over everything or in one category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Id of the measure that counts it.
    pub measure: &'static str,
    /// Whether it is the numerator or the denominator.
    pub part: Part,
    /// The category it stands in.
    pub at: Option<Category>,
    /// Its window, where it is not that of the figure it is held against.
    pub window: Option<u16>,
    /// Its definition, where it is not that of the figure it is held against.
    pub definition: Option<&'static str>,
}

impl Count {
    /// A measure's numerator, or its count.
    pub const fn of(measure: &'static str) -> Count {
        Count {
            measure,
            part: Part::Numerator,
            at: None,
            window: None,
            definition: None,
        }
    }
    /// A measure's denominator.
    pub const fn base(measure: &'static str) -> Count {
        Count {
            part: Part::Denominator,
            ..Count::of(measure)
        }
    }
    /// The same count in one category of a dimension.
    pub const fn at(self, dimension: Dimension, category: &'static str) -> Count {
        Count {
            at: Some((dimension, category)),
            ..self
        }
    }
    /// With a window of so many months.
    pub const fn window(self, months: u16) -> Count {
        Count {
            window: Some(months),
            ..self
        }
    }
    /// The same count under another definition than that of the figure.
    pub const fn under(self, definition: &'static str) -> Count {
        Count {
            definition: Some(definition),
            ..self
        }
    }
}

/// What holds between the counts of the measure that declares it and others, at equal categories, population and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The count is another one under another name; a state, as it was so many months before.
    Equals {
        /// The declaring measure's count.
        mine: Count,
        /// The count it is.
        is: Count,
        /// How many months before the figure's own, 0 for the same.
        back: u16,
    },
    /// In every category of a dimension the count is that of another measure.
    SharedBy {
        /// The dimension whose categories are meant.
        over: Dimension,
        /// Id of the measure that has the same counts.
        with: &'static str,
    },
    /// The denominator is the same under every window (who was released in a quarter), and under these events.
    OneBase(&'static [&'static str]),
    /// The count is part of another.
    Within {
        /// The declaring measure's count.
        mine: Count,
        /// The count that holds it.
        whole: Count,
    },
    /// A count is the sum of others. A category that an open list does not name is nought.
    Sums {
        /// The count that is the sum.
        whole: Count,
        /// The counts it is the sum of.
        parts: &'static [Count],
    },
    /// Whoever a count counts is in one of two others at least, and may be in both.
    Either {
        /// The count of those in one or the other.
        whole: Count,
        /// The two.
        of: [Count; 2],
    },
    /// Nobody is in both of two counts, and whoever is in one of them is in a third: who was served, who waits still, and who
    /// was referred.
    Apart {
        /// The two.
        of: [Count; 2],
        /// The count that holds both.
        whole: Count,
    },
    /// What is added less what is taken away is nothing, in every row over the dimension.
    Balance {
        /// The dimension whose categories come and go.
        over: Dimension,
        /// Categories whose counts are added.
        plus: &'static [&'static str],
        /// Categories whose counts are taken away.
        minus: &'static [&'static str],
    },
    /// Each category holds those of the one before.
    Nested {
        /// The dimension whose categories are meant.
        over: Dimension,
        /// From the smallest to the largest.
        from_small: &'static [&'static str],
    },
    /// What waits at a month's end is what waited before, with what came and without what was done.
    Backlog {
        /// Measure of what came.
        came: &'static str,
        /// Measure of what was done.
        done: &'static str,
    },
    /// What a whole count has more than its part, of numerators, is among what it has more of denominators: releases beside
    /// the first release of each person.
    MoreWithin {
        /// The part, as a numerator.
        part: Count,
        /// The whole, as a numerator.
        whole: Count,
    },
    /// A count since January is what it was a month before, with what another adds in the month.
    GrowsBy(Count),
    /// Definitions of one event from the strictest on: each counts what the one before counts.
    Stricter(&'static [&'static str]),
    /// A longer window holds a shorter one.
    LongerHolds,
    /// The number is never further from another than so many.
    Near {
        /// The count of another measure.
        other: Count,
        /// The furthest it is taken to be.
        within: u16,
    },
    /// The number is that of one of those another count counts (the longest wait): it is shown only beside a count that is
    /// shown and not small.
    MaximumOf(Count),
    /// Whoever knows the figure knows the other count nearly: one is shown only where the other is.
    ShownWith {
        /// The count of another measure.
        other: Count,
        /// Of a cohort so many months before.
        back: u16,
    },
}

impl Relation {
    /// Every count it speaks of.
    pub fn counts(&self) -> Vec<Count> {
        match *self {
            Relation::Equals { mine, is, .. } => vec![mine, is],
            Relation::Within { mine, whole } => vec![mine, whole],
            Relation::MoreWithin { part, whole } => vec![part, whole],
            Relation::GrowsBy(by) => vec![by],
            Relation::Either { whole, of } | Relation::Apart { of, whole } => {
                vec![whole, of[0], of[1]]
            }
            Relation::Sums { whole, parts } => {
                [whole].into_iter().chain(parts.iter().copied()).collect()
            }
            Relation::Backlog { came, done } => vec![Count::of(came), Count::of(done)],
            Relation::Near { other, .. }
            | Relation::ShownWith { other, .. }
            | Relation::MaximumOf(other) => vec![other],
            Relation::SharedBy { with, .. } => vec![Count::of(with)],
            Relation::Balance { .. }
            | Relation::Nested { .. }
            | Relation::OneBase(_)
            | Relation::Stricter(_)
            | Relation::LongerHolds => vec![],
        }
    }
}
