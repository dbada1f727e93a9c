//! What a decision on a doubtful pair changes: in the headline return rate, and in the number of people inside.

use super::read::Intake;
use crate::domain::history::{Histories, LinkStrength, PersonId};
use crate::domain::records::Records;
use crate::domain::upt::UptRegistry;
use crate::history;
use crate::link::{Links, ReviewPair};
use crate::measure::{self, Quality};
use crate::workspace::Settings;
use rustc_hash::FxHashMap;

/// What changes if the two of a pair are one person.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Gain {
    /// The headline rate, in points.
    pub points: f64,
    /// People inside.
    pub inside: i32,
    /// The change of the rate that is to be expected of a decision: by the pair's probability.
    pub expected: f64,
}

/// What a person adds to the headline.
#[derive(Debug, Clone, Copy, Default)]
struct Adds {
    released: i32,
    returned: i32,
    inside: i32,
}

impl std::ops::Add for Adds {
    type Output = Adds;
    fn add(self, other: Adds) -> Adds {
        Adds {
            released: self.released + other.released,
            returned: self.returned + other.returned,
            inside: self.inside + other.inside,
        }
    }
}

/// The doubtful pairs of a month in the order in which they are worth a decision.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranked {
    /// Places in `links.review`: those first whose decision is expected to change the headline most.
    pub order: Vec<usize>,
    /// Gains in the order of `links.review`.
    pub gains: Vec<Gain>,
    /// Share of the register rows of one case that linking gave to two persons.
    pub missed: f64,
}

/// Ranks the doubtful pairs by what a decision on them changes.
pub fn ranked(intake: &Intake, links: &Links, settings: &Settings, units: &UptRegistry) -> Ranked {
    let gains = gains(intake, links, settings, units);
    let mut order: Vec<usize> = (0..gains.len()).collect();
    let inside = |i: usize| links.review[i].probability * f64::from(gains[i].inside.abs());
    order.sort_by(|&i, &j| {
        (gains[j].expected.abs().total_cmp(&gains[i].expected.abs()))
            .then(inside(j).total_cmp(&inside(i)))
            .then(
                links.review[j]
                    .probability
                    .total_cmp(&links.review[i].probability),
            )
            .then(i.cmp(&j))
    });
    let missed = history::Missed::of(&intake.records, &links.person_of, &links.strength).share();
    Ranked {
        order,
        gains,
        missed,
    }
}

/// Answers given so far, and what follows from them: who is one person, and which of these are known to be two.
#[derive(Debug, Default)]
pub struct Answers {
    first: FxHashMap<u32, u32>,
    different: Vec<(u32, u32)>,
}

impl Answers {
    fn root(&self, mut p: u32) -> u32 {
        while let Some(&q) = self.first.get(&p) {
            p = q;
        }
        p
    }

    /// Takes the answer to a pair of persons.
    pub fn take(&mut self, [a, b]: [u32; 2], same: bool) {
        let (a, b) = (self.root(a), self.root(b));
        if !same {
            self.different.push((a, b));
        } else if a != b {
            self.first.insert(a.max(b), a.min(b));
        }
    }

    /// What the answers so far say of a pair of persons; `None` where it has to be asked.
    pub fn say(&self, [a, b]: [u32; 2]) -> Option<bool> {
        let (a, b) = (self.root(a), self.root(b));
        let told = |&(x, y): &(u32, u32)| {
            let (x, y) = (self.root(x), self.root(y));
            (x, y) == (a, b) || (y, x) == (a, b)
        };
        match a == b {
            true => Some(true),
            false => self.different.iter().any(told).then_some(false),
        }
    }
}

impl Ranked {
    /// The pairs that need a decision of their own: of several that tie the same persons together those that are worth
    /// most, since the others follow from them once these are one person.
    pub fn asked(&self, links: &Links) -> Vec<usize> {
        let mut tied = Answers::default();
        let asked = self.order.iter().copied().filter(|&i| {
            let both = persons(links, &links.review[i]);
            let open = tied.say(both).is_none();
            tied.take(both, true);
            open
        });
        asked.collect()
    }
}

/// The gain of every doubtful pair, in the order of `links.review`.
fn gains(intake: &Intake, links: &Links, settings: &Settings, units: &UptRegistry) -> Vec<Gain> {
    let pairs = &links.review;
    if pairs.is_empty() {
        return Vec::new();
    }
    let month = intake.month;
    let whole = history::custody(
        &intake.records,
        &links.person_of,
        &links.strength,
        units,
        settings,
        month,
    );
    let all = adds(&whole, settings, units, intake)
        .into_iter()
        .fold(Adds::default(), |a, b| a + b);
    drop(whole);
    // Every pair three times: one, the other, both as one person.
    let rows = Rows::of(intake, links);
    let mut part = Records::default();
    let mut of_kind: [Vec<u32>; 3] = Default::default();
    for (k, pair) in pairs.iter().enumerate() {
        let [a, b] = persons(links, pair);
        let n = 3 * k as u32;
        for (person, own) in [(n, &[a][..]), (n + 1, &[b][..]), (n + 2, &[a, b][..])] {
            for p in own {
                rows.copy(*p, &intake.records, person, &mut part, &mut of_kind);
            }
        }
    }
    part.coverage.clone_from(&intake.records.coverage);
    let person_of = of_kind.concat();
    let strength = vec![LinkStrength::Likely; 3 * pairs.len()];
    let apart = history::custody_as_linked(&part, &person_of, &strength, units, settings, month);
    let adds = adds(&apart, settings, units, intake);
    let rate = |a: Adds| f64::from(a.returned) / f64::from(a.released.max(1));
    pairs
        .iter()
        .zip(adds.chunks_exact(3))
        .map(|(pair, adds)| {
            let now = adds[0] + adds[1];
            let then = Adds {
                released: all.released + adds[2].released - now.released,
                returned: all.returned + adds[2].returned - now.returned,
                inside: all.inside + adds[2].inside - now.inside,
            };
            let points = 100.0 * (rate(then) - rate(all));
            Gain {
                points,
                inside: then.inside - all.inside,
                expected: points * pair.probability,
            }
        })
        .collect()
}

/// The two persons of a pair.
pub fn persons(links: &Links, pair: &ReviewPair) -> [u32; 2] {
    [pair.a, pair.b].map(|r| links.person_of[r as usize])
}

/// What each person of some histories adds to the headline.
fn adds(h: &Histories, settings: &Settings, units: &UptRegistry, intake: &Intake) -> Vec<Adds> {
    let input = measure::Input {
        histories: h,
        bound: None,
        units,
        settings,
        month: intake.month,
        quality: &Quality::default(),
        changes: None,
    };
    let mut out = vec![Adds::default(); h.persons.len()];
    for (PersonId(p), returned) in measure::headline(&input) {
        let adds = &mut out[p as usize];
        adds.released += 1;
        adds.returned += i32::from(returned);
    }
    let day = intake.month.last_day();
    for e in h.episodes.iter().filter(|e| e.is_inside(day)) {
        out[e.person.0 as usize].inside += 1;
    }
    out
}

/// Records of custody, guidance and death of the persons that pairs are about.
struct Rows {
    of_kind: [FxHashMap<u32, Vec<u32>>; 3],
}

impl Rows {
    fn of(intake: &Intake, links: &Links) -> Rows {
        let asked = links.review.iter().flat_map(|p| persons(links, p));
        let asked: rustc_hash::FxHashSet<u32> = asked.collect();
        let r = &intake.records;
        // The order of `Records::identities`.
        let before_deaths = r.len() - r.death.len();
        let parts = [
            (0, r.custody.len()),
            (r.custody.len(), r.supervision.len()),
            (before_deaths, r.death.len()),
        ];
        let of_kind = parts.map(|(from, n)| {
            let mut out: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
            for (i, p) in links.person_of[from..from + n].iter().enumerate() {
                if asked.contains(p) {
                    out.entry(*p).or_default().push(i as u32);
                }
            }
            out
        });
        Rows { of_kind }
    }

    /// Copies the records of a person as those of another.
    fn copy(
        &self,
        of: u32,
        from: &Records,
        person: u32,
        to: &mut Records,
        person_of: &mut [Vec<u32>; 3],
    ) {
        let own = |kind: usize| {
            self.of_kind[kind]
                .get(&of)
                .into_iter()
                .flatten()
                .map(|i| *i as usize)
        };
        to.custody.extend(own(0).map(|i| from.custody[i].clone()));
        to.supervision
            .extend(own(1).map(|i| from.supervision[i].clone()));
        to.death.extend(own(2).map(|i| from.death[i].clone()));
        for (kind, of) in person_of.iter_mut().enumerate() {
            of.extend(own(kind).map(|_| person));
        }
    }
}
