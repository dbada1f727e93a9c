//! The numeric core: published formulas on plain numbers (DOMAIN.md 2.3). No polars, no I/O, no words.

mod proportion;
mod survival;

pub use proportion::*;
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
