//! The numeric core: published formulas on plain numbers (docs/definitions.md 5). No polars, no I/O, no words.
//!
//! | file | what it answers |
//! |---|---|
//! | `proportion` | k of n: intervals, differences, tests; events per person-time |
//! | `standardise` | rates of groups with different make-up: direct, indirect, Mantel–Haenszel |
//! | `survival` | time to one event: Kaplan–Meier, Nelson–Aalen, median, restricted mean |
//! | `competing` | time to one of several events: Aalen–Johansen |
//! | `rank` | are curves of groups alike: log-rank, Peto–Peto, Gray |
//! | `logistic` | the chance of an event by several things at once |
//! | `matching` | pairs of people alike, and how alike two groups are |

mod competing;
mod logistic;
mod matching;
mod proportion;
mod rank;
#[cfg(test)]
mod rossi;
mod standardise;
mod survival;

pub use competing::*;
pub use logistic::*;
pub use matching::*;
pub use proportion::*;
pub use rank::*;
pub use standardise::*;
pub use survival::*;

/// 97.5 % point of the normal distribution.
pub const Z: f64 = 1.959_963_984_540_054;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// estimate ± z·se.
    pub fn around(estimate: f64, se: f64) -> Interval {
        Interval {
            low: estimate - Z * se,
            high: estimate + Z * se,
        }
    }
    /// estimate · exp(± z·se), for a ratio whose logarithm has this standard error.
    pub fn around_ratio(estimate: f64, se_of_log: f64) -> Interval {
        Interval {
            low: estimate * (-Z * se_of_log).exp(),
            high: estimate * (Z * se_of_log).exp(),
        }
    }
    /// Cut to [0, 1].
    pub fn of_share(self) -> Interval {
        Interval {
            low: self.low.max(0.0),
            high: self.high.min(1.0),
        }
    }
    /// p^exp(±x): the complementary log-log transformation of a share, in order.
    pub(crate) fn power(p: f64, x: f64) -> Interval {
        let (a, b) = (p.powf(x.exp()), p.powf((-x).exp()));
        Interval {
            low: a.min(b),
            high: a.max(b),
        }
    }
}
