//! Why a number changed (docs/definitions.md 11): the difference between two issues as the sum of steps, each of which
//! changes one thing alone. The parts of a step are differences of the number itself, so they add up to the digit.

use super::facts::Facts;
use super::numbers::NO_SHARE;
use super::own::Value;
use super::people::Context;
use super::{Input, cohorts, guidance, population, prerelease, programme};
use crate::domain::change::{ChangeOf, ChangePart, Counted, CountedSet, CountedSets};
use crate::domain::{Dimension as D, RowRef, Text};
use std::collections::{BTreeMap, BTreeSet};

/// What each number counts under some histories. `who` names the person of a record.
pub fn counted(input: &Input, who: &(dyn Fn(RowRef) -> u128 + Sync)) -> CountedSets {
    let c = Context::of(input, true);
    let one = |of: &ChangeOf| {
        let facts = facts(&c, *of);
        facts.map_or_else(Vec::new, |(f, group)| set(&f, group, who))
    };
    let mut all = ChangeOf::ALL.iter().map(one);
    std::array::from_fn(|_| all.next().unwrap_or_default())
}

/// The rows of a number, and the dimension whose groups make its mix.
fn facts<'a>(c: &Context<'a>, of: ChangeOf) -> Option<(Facts<'a>, Option<D>)> {
    let id = of.measure();
    let of_year = |all: Option<Vec<Facts<'a>>>| {
        let mut all = all?.into_iter();
        all.find(|f| f.window.is_none_or(|w| w == 12))
    };
    Some(match of {
        ChangeOf::Stock => (of_year(population::facts(c, id))?, None),
        ChangeOf::Clients => (of_year(guidance::facts(c, id))?, None),
        ChangeOf::Helped => (of_year(prerelease::facts(c, id))?, Some(D::Upt)),
        ChangeOf::Completion => (of_year(programme::facts(c, id))?, Some(D::Opd)),
        ChangeOf::Return => {
            let w = c.input.settings.definitions.headline_window;
            (cohorts::cohort(c, w, "P1", "person", &[]), Some(D::Upt))
        }
    })
}

fn set(f: &Facts, group: Option<D>, who: &(dyn Fn(RowRef) -> u128 + Sync)) -> CountedSet {
    let groups = f.groups(group.as_slice(), false);
    let mut rows: Vec<(u32, Text)> = groups
        .into_iter()
        .flat_map(|(key, rows)| {
            let group = key.into_iter().next().unwrap_or_default();
            rows.into_iter().map(move |i| (i, group.clone()))
        })
        .collect();
    rows.sort_unstable_by_key(|(i, _)| *i);
    let mut seen: BTreeMap<u128, u16> = BTreeMap::new();
    let mut out: CountedSet = rows
        .into_iter()
        .map(|(i, group)| {
            let r = f.row(i);
            let who = r.from.iter().map(|at| who(*at)).min().unwrap_or_default();
            let nth = seen.entry(who).or_default();
            *nth = nth.saturating_add(1);
            Counted {
                who,
                nth: *nth,
                ambon: r.ambon,
                group,
                num: r.num,
                den: r.den,
            }
        })
        .collect();
    out.sort_by_key(Counted::key);
    out
}

/// A part of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Which.
    pub part: ChangePart,
    /// By how much it moved the number.
    pub by: f64,
    /// How many things are counted otherwise than before it.
    pub things: usize,
}

/// A change with its parts, which add up to it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Split {
    /// The number of the month before; `None` where there was nobody to ask it of.
    pub before: Option<f64>,
    /// The number now.
    pub after: Option<f64>,
    /// The parts in the order of the way.
    pub pieces: Vec<Piece>,
}

/// The number that a set makes, of everybody or of residents of Kota Ambon.
fn number(set: &CountedSet, share: bool, ambon: bool) -> Option<f64> {
    let mine = set.iter().filter(|x| !ambon || x.ambon);
    let (num, den) = mine.fold((0.0, 0.0), |(n, d), x| (n + x.num, d + x.den));
    match share {
        // Of so few no share is shown.
        true => (den >= NO_SHARE).then(|| num / den),
        false => Some(num),
    }
}

/// What the things of a set add, by their keys.
fn adds(set: &CountedSet, ambon: bool) -> BTreeMap<(u128, u16), (f64, f64, &Text)> {
    let mine = set.iter().filter(|x| !ambon || x.ambon);
    mine.map(|x| (x.key(), (x.num, x.den, &x.group))).collect()
}

/// Things counted otherwise in one set than in another.
pub fn differing(a: &CountedSet, b: &CountedSet, ambon: bool) -> BTreeSet<(u128, u16)> {
    let (a, b) = (adds(a, ambon), adds(b, ambon));
    let keys = a.keys().chain(b.keys());
    keys.filter(|k| a.get(*k) != b.get(*k)).copied().collect()
}

/// The part of a share's change that comes of other weights of its groups: each group's change of weight, times the mean
/// of its share before and after (Kitagawa 1955). A group that is there on one side alone has its share on both.
fn mix(a: &CountedSet, b: &CountedSet, ambon: bool) -> f64 {
    type Groups<'a> = BTreeMap<&'a Text, [(f64, f64); 2]>;
    let mut groups: Groups = BTreeMap::new();
    let mut whole = [0.0; 2];
    for (side, set) in [a, b].into_iter().enumerate() {
        for x in set.iter().filter(|x| !ambon || x.ambon) {
            let of = &mut groups.entry(&x.group).or_default()[side];
            *of = (of.0 + x.num, of.1 + x.den);
            whole[side] += x.den;
        }
    }
    let share = |(k, n): (f64, f64)| (n > 0.0).then(|| k / n);
    let of_group = |[x, y]: &[(f64, f64); 2]| {
        let (p, q) = (share(*x), share(*y));
        let mean = match (p, q) {
            (Some(p), Some(q)) => (p + q) / 2.0,
            (p, q) => p.or(q).unwrap_or(0.0),
        };
        (y.1 / whole[1] - x.1 / whole[0]) * mean
    };
    groups.values().map(of_group).sum()
}

/// Splits the change of a number along its way.
pub fn split(path: &[(ChangePart, &CountedSet); 5], share: bool, ambon: bool) -> Split {
    let numbers: Vec<Option<f64>> = path.iter().map(|(_, s)| number(s, share, ambon)).collect();
    let mut out = Split {
        before: numbers[0],
        after: numbers[4],
        pieces: Vec::new(),
    };
    let Some(numbers) = numbers.into_iter().collect::<Option<Vec<f64>>>() else {
        return out;
    };
    for (step, pair) in path.windows(2).enumerate() {
        let ((_, a), (part, b)) = (pair[0], pair[1]);
        let by = numbers[step + 1] - numbers[step];
        let things = differing(a, b, ambon).len();
        let piece = |part, by| Piece { part, by, things };
        if share && part == ChangePart::Movement {
            let mix = mix(a, b, ambon);
            out.pieces.push(piece(ChangePart::Mix, mix));
            out.pieces.push(piece(ChangePart::Within, by - mix));
        } else {
            out.pieces.push(piece(part, by));
        }
    }
    out
}

/// A part that may be told by itself: nothing is counted otherwise, or enough things are.
fn is_open(things: usize, threshold: u32) -> bool {
    things == 0 || things >= threshold as usize
}

/// Steps in which the part of a change of composition is published, in the share's own unit: half a percentage point. To more
/// places it would tell the shares of groups that are not shown.
const MIX_STEP: f64 = 0.005;

impl Split {
    /// The same with the part of the composition in steps; the change within groups takes up what is left, so that the parts
    /// still add up.
    fn in_steps(mut self) -> Split {
        let mut over = 0.0;
        for p in &mut self.pieces {
            if p.part == ChangePart::Mix {
                // No minus before nothing.
                let step = (p.by / MIX_STEP).round() * MIX_STEP + 0.0;
                (over, p.by) = (p.by - step, step);
            }
        }
        for p in &mut self.pieces {
            if p.part == ChangePart::Within {
                p.by += over;
            }
        }
        self
    }

    /// The parts as they may be shown: those of fewer things than the threshold are one, with the next smallest where
    /// together they are still too few. `None` where even all together are too few.
    pub fn shown(&self, threshold: u32) -> Option<Vec<(ChangePart, f64)>> {
        let open = |p: &Piece| is_open(p.things, threshold) && p.part != ChangePart::Merged;
        let (mut apart, mut merged): (Vec<Piece>, Vec<Piece>) =
            self.pieces.iter().copied().partition(|p| open(p));
        // Mix and change within groups are of the same things.
        let things = |all: &[Piece]| -> usize {
            let own = all.iter().filter(|p| p.part != ChangePart::Within);
            own.map(|p| p.things).sum()
        };
        while !is_open(things(&merged), threshold) {
            let next = apart.iter().filter(|p| p.things > 0).min_by_key(|p| {
                // What is known is put together before what happened.
                (!p.part.is_accounting(), p.things)
            })?;
            let next = next.part;
            let together = |p: &Piece| {
                let both = [ChangePart::Mix, ChangePart::Within];
                p.part == next || (both.contains(&p.part) && both.contains(&next))
            };
            let (more, rest) = apart.into_iter().partition(|p| together(p));
            apart = rest;
            merged.extend::<Vec<Piece>>(more);
        }
        let mut out: Vec<(ChangePart, f64)> = apart.iter().map(|p| (p.part, p.by)).collect();
        if merged.iter().any(|p| p.things > 0 || p.by != 0.0) {
            out.push((ChangePart::Merged, merged.iter().map(|p| p.by).sum()));
        } else {
            out.extend(
                merged
                    .iter()
                    .filter(|p| p.part != ChangePart::Merged)
                    .map(|p| (p.part, p.by)),
            );
        }
        out.sort_by_key(|(part, _)| *part);
        Some(out)
    }
}

/// The figures of a change: the number before and after, and the parts that may be shown.
pub(super) fn values(c: &Context, measure: &str, ambon: bool) -> Option<(ChangeOf, Vec<Value>)> {
    let of = *ChangeOf::ALL.iter().find(|x| x.parts() == measure)?;
    let value = |part: ChangePart, number: Option<f64>, counted: bool| Value {
        categories: vec![Text::const_new(part.id())],
        numerator: number.filter(|_| counted),
        estimate: number,
        refused: number.is_none(),
        ..Value::default()
    };
    let mut out: Vec<Value> = Vec::new();
    // Without a month before there is nothing to tell.
    if let Some(changes) = c.input.changes {
        let split = split(&changes.path(of), of.is_share(), ambon).in_steps();
        let counted = !of.is_share();
        out.push(value(ChangePart::Before, split.before, counted));
        out.push(value(ChangePart::After, split.after, counted));
        let shown = split.shown(c.input.settings.disclosure.threshold);
        let shown = shown.unwrap_or_default().into_iter();
        out.extend(shown.map(|(part, by)| value(part, Some(by), false)));
    }
    // A part that this number does not have, or that stands with others, is none of its own.
    for part in ChangePart::ALL {
        if !out.iter().any(|v| v.categories[0] == part.id()) {
            out.push(value(*part, None, false));
        }
    }
    Some((of, out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::Changes;
    use proptest::prelude::*;

    fn thing(who: u128, group: &str, num: f64, den: f64) -> Counted {
        Counted {
            who,
            nth: 1,
            ambon: who.is_multiple_of(2),
            group: group.into(),
            num,
            den,
        }
    }

    fn people(all: std::ops::Range<u128>) -> CountedSet {
        all.map(|i| thing(i, "", 1.0, 0.0)).collect()
    }

    fn way(of: ChangeOf, sets: [CountedSet; 5]) -> Changes {
        let mut out = Changes::default();
        let [a, b, c, d, e] = sets;
        let i = of as usize;
        (out.published[i], out.delivered[i], out.linked[i]) = (a, b, c);
        (out.defined[i], out.now[i]) = (d, e);
        out
    }

    fn of(changes: &Changes, of: ChangeOf) -> Split {
        split(&changes.path(of), of.is_share(), false)
    }

    #[test]
    fn each_step_alone_is_the_whole_change() {
        let (few, many) = (people(0..100), people(0..107));
        for at in 1..5 {
            let sets = std::array::from_fn(|i| if i < at { few.clone() } else { many.clone() });
            let s = of(&way(ChangeOf::Stock, sets), ChangeOf::Stock);
            let moved: Vec<&Piece> = s.pieces.iter().filter(|p| p.by != 0.0).collect();
            assert_eq!(
                (s.before, s.after, moved.len()),
                (Some(100.0), Some(107.0), 1)
            );
            let expected = [
                ChangePart::Deliveries,
                ChangePart::Links,
                ChangePart::Definition,
                ChangePart::Movement,
            ][at - 1];
            assert_eq!(
                (moved[0].part, moved[0].by, moved[0].things),
                (expected, 7.0, 7)
            );
            assert_eq!(
                s.shown(5).unwrap().len(),
                4,
                "what did not change is nought"
            );
        }
    }

    #[test]
    fn parts_of_few_things_are_one_and_take_the_next_where_they_are_still_few() {
        // 2 by late files, 1 by links, 20 came and went.
        let sets = [
            people(0..100),
            people(0..102),
            people(0..101),
            people(0..101),
            people(10..111),
        ];
        let s = of(&way(ChangeOf::Stock, sets), ChangeOf::Stock);
        assert_eq!(
            s.shown(3).unwrap(),
            [
                (ChangePart::Movement, 0.0),
                (ChangePart::Definition, 0.0),
                (ChangePart::Merged, 1.0),
            ]
        );
        assert_eq!(
            s.shown(5).unwrap(),
            [(ChangePart::Definition, 0.0), (ChangePart::Merged, 1.0),]
        );
        assert_eq!(s.shown(50), None, "not even all together are enough");
    }

    #[test]
    fn mix_and_change_within_groups_by_hand() {
        // Group a: 10 of 20 before, 10 of 10 after; group b: 0 of 20 before, 6 of 30 after.
        let of_group = |from: u128, group: &str, hits: u128, n: u128| -> CountedSet {
            (0..n)
                .map(|i| thing(from + i, group, f64::from(u8::from(i < hits)), 1.0))
                .collect()
        };
        let before = [of_group(0, "a", 10, 20), of_group(100, "b", 0, 20)].concat();
        let after = [of_group(0, "a", 10, 10), of_group(100, "b", 6, 30)].concat();
        let sets = [
            before.clone(),
            before.clone(),
            before.clone(),
            before,
            after,
        ];
        let s = of(&way(ChangeOf::Return, sets), ChangeOf::Return);
        // Weights 0.5 and 0.5 become 0.25 and 0.75; shares 0.5 and 0 become 1 and 0.2.
        // Mix −0.25 · 0.75 + 0.25 · 0.1 = −0.1625; within 0.375 · 0.5 + 0.625 · 0.2 = 0.3125; together 0.25 → 0.4.
        let by = |part| s.pieces.iter().find(|p| p.part == part).unwrap().by;
        assert!((by(ChangePart::Mix) + 0.1625).abs() < 1e-12);
        assert!((by(ChangePart::Within) - 0.3125).abs() < 1e-12);
        assert_eq!((s.before, s.after), (Some(0.25), Some(0.4)));
    }

    #[test]
    fn nobody_to_ask_it_of_has_no_parts() {
        let s = of(&Changes::default(), ChangeOf::Helped);
        assert!(s.before.is_none() && s.pieces.is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        /// Whatever the five sets are, the parts add up to the difference, shown or not.
        #[test]
        fn parts_add_up(
            sets in prop::collection::vec(
                prop::collection::btree_map(0u128..60, (0u8..4, any::<bool>(), 0u8..3), 1..50), 5),
            threshold in 0u32..12, which in 0usize..5, ambon in any::<bool>(), other in any::<bool>(),
        ) {
            let which = ChangeOf::ALL[which];
            let sets: Vec<CountedSet> = sets.into_iter().map(|s| {
                let each = s.into_iter().map(|(who, (group, hit, w))| {
                    let den = f64::from(w) + 0.5;
                    thing(who, ["a", "b", "c", "d"][usize::from(group)], if hit { den } else { 0.0 }, den)
                });
                each.collect()
            }).collect();
            let mut changes = way(which, sets.try_into().unwrap());
            changes.other_program = other;
            let s = split(&changes.path(which), which.is_share(), ambon);
            let (Some(before), Some(after)) = (s.before, s.after) else { return Ok(()) };
            if s.pieces.is_empty() {
                return Ok(());
            }
            let sum: f64 = s.pieces.iter().map(|p| p.by).sum();
            prop_assert!((sum - (after - before)).abs() < 1e-9);
            if let Some(shown) = s.shown(threshold) {
                let sum: f64 = shown.iter().map(|(_, by)| by).sum();
                prop_assert!((sum - (after - before)).abs() < 1e-9);
                // What stands by itself rests on enough things.
                for (part, _) in shown.iter().filter(|(p, _)| *p != ChangePart::Merged) {
                    let things = s.pieces.iter().find(|p| p.part == *part).unwrap().things;
                    prop_assert!(is_open(things, threshold));
                }
            }
        }
    }
}
