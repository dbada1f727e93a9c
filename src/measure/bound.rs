//! The headline by other links: how few come back, and how many (docs/definitions.md 5). The people are those of the
//! headline; only who of them came back is another: so the lower bound is never above it and the upper never below.

use super::cohorts;
use super::facts::Facts;
use super::people::Context;
use crate::domain::history::Histories;
use crate::domain::{Dimension as D, RowRef};
use crate::history;
use crate::workspace::Definitions;
use rustc_hash::FxHashMap;

/// Which of the two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// By exact and decided links alone: a return counts only where they show it.
    Lower,
    /// Were every doubtful pair of persons one: a return counts where these links show it too.
    Upper,
}

/// Who came back within the headline window (P1) by other links than the month's.
#[derive(Debug)]
pub struct Bound {
    side: Side,
    /// By each row of a release that was followed by a return: the rows that show the return.
    back: FxHashMap<RowRef, Vec<RowRef>>,
}

impl Bound {
    /// The returns of histories by these links; custody and guidance are enough.
    pub fn of(side: Side, h: &Histories, d: &Definitions) -> Bound {
        let mut back = FxHashMap::default();
        for r in history::releases(h, d) {
            if !r.p1(d.headline_window) {
                continue;
            }
            let shown = r.new_returns().find_map(|x| x.episode);
            let shown = shown.map_or(&[][..], |e| &h.episodes[e].sources);
            for row in &h.episodes[r.episode].sources {
                back.insert(*row, shown.to_vec());
            }
        }
        Bound { side, back }
    }

    /// Which of the two it is.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Whether a release of these rows counts as followed by a return, where by the month's own links it is (`own`) or
    /// is not.
    pub fn hit(&self, own: bool, release: &[RowRef]) -> bool {
        let shown = || release.iter().any(|row| self.back.contains_key(row));
        match self.side {
            Side::Lower => own && shown(),
            Side::Upper => own || shown(),
        }
    }

    /// The rows that show the return after a release of these rows.
    pub fn because(&self, release: &[RowRef]) -> &[RowRef] {
        let found = release.iter().find_map(|row| self.back.get(row));
        found.map_or(&[], Vec::as_slice)
    }
}

/// The headline cohort with who of it came back by other links.
pub fn facts<'a>(c: &Context<'a>, bound: &'a Bound, by: &[D]) -> Facts<'a> {
    let w = c.input.settings.definitions.headline_window;
    cohorts::cohort_by(c, w, "P1", "person", by, Some(bound))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FileId;

    fn row(n: u32) -> RowRef {
        RowRef {
            file: FileId(0),
            sheet: 0,
            row: n,
        }
    }

    fn bound(side: Side) -> Bound {
        let back = FxHashMap::from_iter([(row(1), vec![row(9)])]);
        Bound { side, back }
    }

    #[test]
    fn the_lower_bound_counts_nobody_the_headline_does_not_and_the_upper_everybody_it_does() {
        let (shown, not) = ([row(0), row(1)], [row(2)]);
        let low = bound(Side::Lower);
        assert_eq!(
            [true, false].map(|own| [low.hit(own, &shown), low.hit(own, &not)]),
            [[true, false], [false, false]]
        );
        let high = bound(Side::Upper);
        assert_eq!(
            [true, false].map(|own| [high.hit(own, &shown), high.hit(own, &not)]),
            [[true, true], [true, false]]
        );
        assert_eq!(high.because(&shown), [row(9)]);
        assert!(high.because(&not).is_empty());
    }
}
