//! Short ways round: shifts found by closing one open equation after another, without a program or with a small one.
//!
//! In a table of n ways the cells of such a way are the corners of boxes. What is found is a shift like any other; what
//! is not found may exist all the same.

use super::net::{EPS, Net, Shift};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeSet, VecDeque};

/// How many ways are walked for hidden cells.
const WALKS: usize = 4;
/// How many for the cheapest, and how many more where those hold none.
const MORE_WALKS: [usize; 4] = [4, 16, 64, 256];
/// The most cells of a walk.
const LONGEST_WALK: usize = 48;
/// How many ways round a program is given, and the most cells of one.
const WAYS: usize = 5;
const LONGEST_WAY: usize = 64;
/// What counts in a walk's next cell: equations it leaves open, whether an earlier walk took it, its price.
const LEAVES_OPEN: f64 = 1e6;
const AGAIN: f64 = 1e4;

impl Net {
    /// A shift of cells without a price, by walking alone.
    pub(super) fn walk(
        &self,
        target: usize,
        by: f64,
        price: &impl Fn(usize) -> Option<f64>,
    ) -> Option<Shift> {
        let free = |i: usize| price(i).filter(|p| *p == 0.0);
        let mut taken = FxHashSet::default();
        (0..WALKS).find_map(|_| Some(self.one_walk(target, by, &free, false, &mut taken)?.0))
    }

    /// The cheapest shift among the cells of several walks, whether or not one of them comes round by itself.
    pub(super) fn cheapest_walk(
        &self,
        target: usize,
        by: f64,
        price: &impl Fn(usize) -> Option<f64>,
    ) -> Option<Shift> {
        (MORE_WALKS.iter()).find_map(|&n| self.cheapest_of(target, by, price, n))
    }

    fn cheapest_of(
        &self,
        target: usize,
        by: f64,
        price: &impl Fn(usize) -> Option<f64>,
        walks: usize,
    ) -> Option<Shift> {
        let mut taken = FxHashSet::default();
        // Every second one takes no cell that can give a part alone.
        let found: Vec<(Shift, f64)> = (0..walks)
            .filter_map(|n| self.one_walk(target, by, price, n % 2 == 1, &mut taken))
            .collect();
        taken.remove(&target);
        let mut members: Vec<usize> = taken.into_iter().collect();
        members.sort_unstable();
        members.insert(0, target);
        self.among(target, by, price, members).or_else(|| {
            let cheapest = found.into_iter().min_by(|a, b| a.1.total_cmp(&b.1));
            cheapest.map(|w| w.0)
        })
    }

    /// One walk: every open equation gets a cell that takes up what is open, or as much of it as the cell can give; the
    /// one that leaves the fewest equations open. Comes with its price; notes the cells it took, found or not.
    fn one_walk(
        &self,
        target: usize,
        by: f64,
        price: &impl Fn(usize) -> Option<f64>,
        whole: bool,
        taken: &mut FxHashSet<usize>,
    ) -> Option<(Shift, f64)> {
        if let Some(known) = self.at_once(target, by) {
            return known.map(|s| (s, 0.0));
        }
        let mut moved: FxHashMap<usize, f64> = FxHashMap::from_iter([(target, by)]);
        let mut open: FxHashMap<usize, f64> = FxHashMap::default();
        let mut queue: VecDeque<usize> = self.of_cell[target].iter().copied().collect();
        for &e in &self.of_cell[target] {
            open.insert(e, by * self.sign(e, target));
        }
        let mut cost = 0.0;
        let closed = loop {
            let Some(e) = queue.pop_front() else {
                break true;
            };
            let rest = open[&e];
            if rest.abs() < EPS {
                continue;
            }
            if moved.len() >= LONGEST_WALK {
                break false;
            }
            // How many more equations are open after a move than before it.
            let opens = |i: usize, d: f64| -> f64 {
                let of = |f: &usize| match open.get(f) {
                    Some(rest) if rest.abs() >= EPS => {
                        -f64::from(u8::from((rest + d * self.sign(*f, i)).abs() < EPS))
                    }
                    _ => 1.0,
                };
                self.of_cell[i].iter().map(of).sum()
            };
            let next = (self.equations[e].iter())
                .filter(|(i, _)| !moved.contains_key(i))
                .filter_map(|&(i, sign)| {
                    let price = price(i)?;
                    let wanted = -rest / sign;
                    let d = wanted.max(self.cells[i].floor());
                    if whole && d != wanted {
                        return None;
                    }
                    let again = f64::from(u8::from(taken.contains(&i)));
                    let rank = || opens(i, d) * LEAVES_OPEN + again * AGAIN + price;
                    (d.abs() > EPS).then(|| (rank(), price, i, d))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
            let Some((_, price, i, d)) = next else {
                break false;
            };
            moved.insert(i, d);
            cost += price;
            for &f in &self.of_cell[i] {
                let rest = open.entry(f).or_default();
                let was = *rest;
                *rest += d * self.sign(f, i);
                if rest.abs() >= EPS && f == e {
                    queue.push_front(f);
                } else if rest.abs() >= EPS && was.abs() < EPS {
                    queue.push_back(f);
                }
            }
        };
        taken.extend(moved.keys());
        let mut shift: Shift = moved.into_iter().collect();
        shift.sort_unstable_by_key(|x| x.0);
        closed.then_some((shift, cost))
    }

    /// Cells of a few short ways round from the target back to it: in a table of n ways the corners of boxes. A program
    /// over them is small, and most shifts are among them. An equation that only one cell of the way stands in gets a
    /// second: the one that closes most such equations at once, then the cheapest that can give `by`.
    pub(super) fn round_about(
        &self,
        target: usize,
        by: f64,
        price: &impl Fn(usize) -> Option<f64>,
    ) -> Vec<usize> {
        let mut all: BTreeSet<usize> = BTreeSet::from([target]);
        for _ in 0..WAYS {
            let mut way: FxHashSet<usize> = FxHashSet::from_iter([target]);
            let mut count: FxHashMap<usize, usize> = FxHashMap::default();
            let mut lone: VecDeque<usize> = VecDeque::new();
            for &e in &self.of_cell[target] {
                count.insert(e, 1);
                lone.push_back(e);
            }
            while let Some(e) = lone.pop_front() {
                if count[&e] != 1 || way.len() >= LONGEST_WAY {
                    continue;
                }
                let closes = |i: usize| {
                    let rows = self.of_cell[i].iter();
                    rows.filter(|e| count.get(e) == Some(&1)).count()
                };
                let next = self.equations[e]
                    .iter()
                    .filter(|(i, _)| !way.contains(i))
                    .filter_map(|&(i, _)| {
                        let price = price(i)?;
                        let c = &self.cells[i];
                        let cannot_give = !c.signed && c.value < by.abs();
                        // Ways that differ are worth more than one way twice.
                        let again = usize::from(all.contains(&i));
                        let price = price + if cannot_give { 50.0 } else { 0.0 };
                        Some((closes(i), again, price, i))
                    })
                    .min_by(|a, b| {
                        (b.0.cmp(&a.0))
                            .then(a.1.cmp(&b.1))
                            .then(a.2.total_cmp(&b.2))
                            .then(a.3.cmp(&b.3))
                    });
                let Some((.., i)) = next else { continue };
                way.insert(i);
                for &e in &self.of_cell[i] {
                    let n = count.entry(e).or_default();
                    *n += 1;
                    if *n == 1 {
                        lone.push_back(e);
                    }
                }
            }
            all.extend(way);
        }
        let mut out = vec![target];
        out.extend(all.into_iter().filter(|&i| i != target));
        out
    }
}
