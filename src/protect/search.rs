//! Searches for shifts in one connected set. One that is not too large is made a program once; each search starts from the
//! equations as the last one left them solved, with other bounds and prices. In larger sets what is near is looked at first.

use super::net::{EPS, Net, Shift};
use super::simplex::Simplex;

const NOWHERE: usize = usize::MAX;

/// Searches one after another in a set whose cells and equations stay the same; what is hidden may change in between.
#[derive(Debug, Clone)]
pub(super) struct Search {
    /// The program of all cells that may ever move; `None` where it would be too large.
    whole: Option<Simplex>,
    /// Those cells, and the place of each cell of the set among them.
    cells: Vec<usize>,
    place: Vec<usize>,
    price: Vec<f64>,
}

impl Search {
    /// Searches in which any cell may move.
    pub(super) fn new(net: &Net) -> Search {
        Search::among(net, (0..net.cells.len()).collect())
    }

    /// Searches in which only cells that are hidden now may move.
    pub(super) fn of_hidden(net: &Net) -> Search {
        Search::among(net, net.movable())
    }

    fn among(net: &Net, cells: Vec<usize>) -> Search {
        let equations = net.among_cells(&cells);
        let fits = Simplex::fits(cells.len(), equations.iter());
        let nothing = vec![(0.0, 0.0); cells.len()];
        let mut place = vec![NOWHERE; net.cells.len()];
        for (k, &i) in cells.iter().enumerate() {
            place[i] = k;
        }
        Search {
            whole: fits.then(|| Simplex::new(nothing, &equations)),
            price: vec![0.0; cells.len()],
            cells,
            place,
        }
    }

    /// Whether every search looks at all there is.
    pub(super) fn is_whole(&self) -> bool {
        self.whole.is_some()
    }

    /// A shift by hidden cells alone that moves `target` by `by`; `without` is taken for shown.
    pub(super) fn hidden(
        &mut self,
        net: &Net,
        target: usize,
        by: f64,
        without: Option<usize>,
    ) -> Option<Shift> {
        let price = |i: usize| (net.cells[i].hidden && Some(i) != without).then_some(0.0);
        if self.is_whole() {
            self.shift(net, target, by, price)
        } else {
            net.hidden_shift(target, by, without)
        }
    }

    /// The cheapest shift that moves `target` by `by` where cells have prices; one without a price cannot move.
    pub(super) fn priced(
        &mut self,
        net: &Net,
        target: usize,
        by: f64,
        price: impl Fn(usize) -> Option<f64>,
    ) -> Option<Shift> {
        if self.is_whole() {
            self.shift(net, target, by, price)
        } else {
            net.priced_shift(target, by, price)
        }
    }

    /// The lowest and highest value of a hidden cell that agree with everything published, as far as `most` from its true
    /// value: what an intruder derives by linear programming.
    pub(super) fn interval(&mut self, net: &Net, target: usize, most: f64) -> (f64, f64) {
        let value = net.cells[target].value;
        let mut end = |by: f64| {
            let price = |i: usize| net.cells[i].hidden.then_some(0.0);
            let Some(at) = self.bound(net, target, by, price) else {
                return 0.0;
            };
            let whole = self.whole.as_mut();
            whole.map_or(0.0, |w| w.furthest(at, by, &self.price))
        };
        (value + end(-most), value + end(most))
    }

    /// Lets every cell with a price move, the target towards `by`, and says where that stands; `None` where it never moves.
    fn bound(
        &mut self,
        net: &Net,
        target: usize,
        by: f64,
        price: impl Fn(usize) -> Option<f64>,
    ) -> Option<usize> {
        let whole = self.whole.as_mut()?;
        let at = Some(self.place[target]).filter(|at| *at != NOWHERE)?;
        for (k, &i) in self.cells.iter().enumerate() {
            let price = price(i);
            let floor = net.cells[i].floor();
            let bounds = match price {
                _ if i == target => (by.min(0.0).max(floor), by.max(0.0)),
                Some(_) => (floor, f64::INFINITY),
                None => (0.0, 0.0),
            };
            whole.set_bounds(k, bounds);
            self.price[k] = price.filter(|_| i != target).unwrap_or_default();
        }
        Some(at)
    }

    fn shift(
        &mut self,
        net: &Net,
        target: usize,
        by: f64,
        price: impl Fn(usize) -> Option<f64>,
    ) -> Option<Shift> {
        if let Some(known) = net.at_once(target, by) {
            return known;
        }
        let at = self.bound(net, target, by, price)?;
        let whole = self.whole.as_mut()?;
        if self.price.iter().any(|p| *p > 0.0) {
            whole.cheapest(at, by, &self.price)?;
        } else {
            whole.reach(at, by, &self.price)?;
        }
        let moved = whole.changes().filter(|(_, d)| d.abs() > EPS);
        Some(moved.map(|(k, d)| (self.cells[k], d)).collect())
    }
}
