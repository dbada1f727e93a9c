//! Tables printed coarser than a template asks for, because more than half of their numbers would be hidden.

use super::{Dimension, Population, Text};
use std::collections::BTreeSet;

/// Category that takes the place of several small ones.
pub const JOINED: &str = "joined";

/// What is printed coarser: categories of a dimension in the tables of some measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coarser {
    /// Whose figures.
    pub population: Population,
    /// The dimension.
    pub dimension: Dimension,
    /// Measures whose tables stand together.
    pub measures: BTreeSet<Text>,
    /// Categories put together; empty where months are put together by quarters.
    pub joined: BTreeSet<Text>,
    /// The category they are put into: [`JOINED`], or one with a name of its own.
    pub into: Text,
}

impl Coarser {
    /// Whether it is about a measure by a dimension.
    pub fn concerns(&self, measure: &str, population: Population, dimension: Dimension) -> bool {
        let here = self.dimension == dimension && self.population == population;
        here && self.measures.iter().any(|m| m == measure)
    }
}
