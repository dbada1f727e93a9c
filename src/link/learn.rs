//! Estimation without truth: u from random pairs, m and λ from pairs that deterministic rules are sure of.
//!
//! Where comparisons hang together their weights do too: people of one family name live in one village and are born in one
//! place, so that the two say less of them; the family names of women change; a NIK holds the birth date.

use super::compare::{
    self, BIRTH, BIRTH_PLACE, CHEAP, FAMILY, GIVEN, LEVELS, N, NAMES, NIK, PARENT, Pattern,
    RESIDENCE, SEX, birth, cheaply, family, given, level, nik, pattern, sex,
};
use super::engine::column::MISSING;
use super::engine::estimate::{Estimates, bits, shares};
use super::engine::similarity::Positions;
use super::identity::Features;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Random pairs for u.
const RANDOM_PAIRS: usize = 200_000;
/// Random pairs of one family name.
const FAMILY_PAIRS: usize = 50_000;
/// Term-frequency adjustment of given and family name never gives more than this many bits; a fam alone is weak evidence.
const MOST_TF: [f64; 2] = [6.0, 3.0];
/// Nor does that of a given name that stands within the other's.
const MOST_TF_WITHIN: f64 = 3.0;
/// Nor does that of a year of birth.
const MOST_TF_BIRTH: f64 = 2.0;
/// Matches the starting values of m stand for, so that small lists do not learn from three pairs.
const PRIOR_MATCHES: f64 = 20.0;
/// Starting values of m by level, of comparisons whose levels are kinds of slips and damage.
const GIVEN_M: [f64; LEVELS[GIVEN] + 1] = [0.0, 0.01, 0.005, 0.01, 0.015, 0.05, 0.05, 0.86];
const FAMILY_M: [f64; LEVELS[FAMILY] + 1] = [0.0, 0.02, 0.01, 0.05, 0.92];
const BIRTH_M: [f64; LEVELS[BIRTH] + 1] = [0.0, 0.002, 0.01, 0.01, 0.03, 0.03, 0.03, 0.888];
const NIK_M: [f64; LEVELS[NIK] + 1] = [0.0, 0.01, 0.04, 0.03, 0.02, 0.02, 0.06, 0.82];
/// Share of rows that bear somebody else's NIK: so two people's rows have one in common.
const BORROWED: f64 = 0.04;
/// Shares of pairs of two persons whose NIK agree in region, nearly in region, in serial, nearly in serial, and in three
/// digits of it, before any is seen, and the pairs they stand for.
const NIK_PARTS: ([f64; 5], f64) = ([0.05, 0.1, 0.001, 0.01, 0.01], 20.0);
/// Share of all matches that the deterministic rules find.
const RULES_FIND: f64 = 0.6;
/// Pairs of one and of two persons that speak for a level of given names among twins before any is seen.
const TWINS: (f64, f64) = (1.0, 2.0);
/// Women who make a family name's weight among women worth learning.
const WOMEN: f64 = 20.0;

/// Weight of a match probability.
pub fn weight_of(probability: f64) -> f64 {
    bits(probability.clamp(1e-12, 1.0 - 1e-12))
}

/// The estimated model.
#[derive(Debug, Clone)]
pub struct Model {
    estimates: Estimates,
    /// Bits that agreeing on given names, and on a family name, weighs more or less than agreeing on any: by word.
    rarity: [Vec<f64>; 2],
    /// Bits of agreeing on one given name among several: by word.
    within: Vec<f64>,
    /// Bits of agreeing on a birth date, and on a year alone, by year from the first.
    years: (i32, Vec<f64>),
    /// Weights of the family name among women.
    women: Vec<f64>,
    /// Weights of residence and place of birth among people of one family name.
    of_family: [Vec<f64>; 2],
    /// Most bits, by level of the given names, of two of one birth date whose family names do not differ: that many speak
    /// for one person and not for twins. Beside them the NIK alone counts.
    twins: Vec<f64>,
}

/// Pairs a model learns from.
#[derive(Debug, Clone, Copy)]
pub struct Teaching<'a> {
    /// Exact pairs with their levels.
    pub exact: &'a [((u32, u32), Pattern)],
    /// Pairs with one NIK prefix.
    pub near: &'a [(u32, u32)],
    /// Pairs with one name and birth day.
    pub namesakes: &'a [(u32, u32)],
    /// Pairs with one family name and birth day.
    pub twins: &'a [(u32, u32)],
}

/// Starting value of m: agreement likely, the rest as the field's error rates suggest.
fn start_m(comparison: usize, level: usize) -> f64 {
    match comparison {
        GIVEN => GIVEN_M[level],
        FAMILY => FAMILY_M[level],
        BIRTH => BIRTH_M[level],
        NIK => NIK_M[level],
        // The top level holds most of the mass; the shares of all levels sum to nearly one.
        _ => 0.8 * 0.2f64.powi((LEVELS[comparison] - level) as i32),
    }
}

/// Estimates the model without truth, from rules that are nearly always right.
///
/// Expectation–maximisation over blocked pairs alone takes families for persons here: fam are shared by thousands.
/// So, as Splink does for λ, deterministic rules anchor the estimate. Pairs with one intact NIK teach m of all that
/// the NIK does not hold; pairs with one name and birth day teach m of the NIK; pairs with one NIK prefix and a
/// near name teach m of the birth date. λ is the number of such pairs, corrected for those the rules miss, over
/// all pairs of identities.
///
/// Pairs of one family name and birth day with two NIK teach what given names say of twins.
pub fn train(features: &Features, teaching: &Teaching, seed: u64) -> Model {
    let exact = teaching.exact;
    let learn = |pairs: &mut dyn Iterator<Item = Pattern>| {
        let prior = |c, l| PRIOR_MATCHES * start_m(c, l);
        shares(&LEVELS, pairs.map(|p| (p, 1.0)), prior)
    };
    let mut m = learn(&mut exact.iter().map(|e| e.1));
    // What names do where the NIK and the birth date that both write are the same.
    let sure = |p: Pattern| level(p, NIK) == nik::EQUAL && level(p, BIRTH) == birth::EQUAL;
    let named = learn(&mut exact.iter().map(|e| e.1).filter(|p| sure(*p)));
    m[GIVEN].clone_from(&named[GIVEN]);
    m[FAMILY].clone_from(&named[FAMILY]);
    let women = |&&((a, b), p): &&((u32, u32), Pattern)| {
        let plain = |i: u32| &features.plain[i as usize];
        sure(p) && compare::women(plain(a), plain(b))
    };
    let among = exact.iter().filter(women).map(|e| e.1);
    let m_women = shares(&LEVELS, among.map(|p| (p, 1.0)), |c, l| WOMEN * m[c][l]);
    let near = patterns(features, teaching.near).into_iter().filter(|&p| {
        level(p, NIK) >= nik::FIFTEEN
            && level(p, GIVEN) >= given::WITHIN
            && level(p, FAMILY) != family::DIFFERENT
    });
    m[BIRTH].clone_from(&learn(&mut near.into_iter())[BIRTH]);
    let namesakes = patterns(features, teaching.namesakes);
    let namesakes = namesakes.into_iter().filter(|&p| {
        level(p, GIVEN) == given::EQUAL
            && level(p, FAMILY) == family::EQUAL
            && level(p, BIRTH) == birth::EQUAL
    });
    let same_name = namesakes.clone().count();
    m[NIK].clone_from(&learn(&mut namesakes.into_iter())[NIK]);
    let matches = same_name.max(exact.len()) as f64 / RULES_FIND;
    let all = features.len() as f64 * (features.len() as f64 - 1.0) / 2.0;
    let lambda = (matches / all.max(1.0)).clamp(1e-9, 0.5);

    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let random = random_pairs(features.len() as u32, &mut rng);
    let u = random_u(features, &random);
    let mut estimates = Estimates::of(lambda, m, u);
    nik_weights(&mut estimates, features, &random);
    let of_family = family_weights(features, &estimates, &mut rng);
    let women = estimates.weigh(&m_women[FAMILY], &estimates.u[FAMILY]);
    let rarity = [
        (GIVEN, &features.given_share),
        (FAMILY, &features.family_share),
    ];
    let rarity = rarity.map(|(c, shares)| {
        let (u, most) = (estimates.u[c][LEVELS[c]], MOST_TF[c]);
        let bits = |share: &f32| (u / f64::from(*share).max(1e-6)).log2().clamp(-most, most);
        shares.iter().map(bits).collect()
    });
    Model {
        rarity,
        within: within(features),
        years: years(features),
        women,
        of_family,
        twins: twins(&patterns(features, teaching.twins)),
        estimates,
    }
}

/// Most bits by level of the given names: how many pairs of one birth date and family name bear one NIK, and how many two
/// that each fit their row.
fn twins(patterns: &[Pattern]) -> Vec<f64> {
    // A few of each, so that a level nobody reached says little.
    let mut counts = vec![(TWINS.0, TWINS.1); LEVELS[GIVEN] + 1];
    for &p in patterns {
        let of = &mut counts[usize::from(level(p, GIVEN))];
        match level(p, NIK) {
            nik::EQUAL => of.0 += 1.0,
            nik::DIFFERENT => of.1 += 1.0,
            _ => {}
        }
    }
    let bits = |(one, two): (f64, f64)| (one / two).log2();
    (counts.into_iter().enumerate())
        .map(|(l, n)| match l as u8 {
            given::DIFFERENT | given::ALIKE | given::PART => bits(n),
            _ => f64::INFINITY,
        })
        .collect()
}

/// The patterns of pairs.
pub fn patterns(features: &Features, pairs: &[(u32, u32)]) -> Vec<Pattern> {
    pairs
        .par_iter()
        .map_init(Positions::default, |p, &(a, b)| pattern(features, a, b, p))
        .collect()
}

fn random_pairs(n: u32, rng: &mut ChaCha8Rng) -> Vec<(u32, u32)> {
    let draws = RANDOM_PAIRS.min((n as usize).saturating_mul(n as usize));
    let mut pair = || (rng.random_range(0..n), rng.random_range(0..n));
    (0..if n > 1 { draws } else { 0 })
        .map(|_| pair())
        .filter(|(a, b)| a != b)
        .collect()
}

fn random_u(features: &Features, random: &[(u32, u32)]) -> Vec<Vec<f64>> {
    let patterns = patterns(features, random);
    shares(&LEVELS, patterns.into_iter().map(|p| (p, 1.0)), |_, _| 0.5)
}

/// The weights of NIK that are a slip apart or cut short: by chance two people of one birth date have them as often as
/// their regions agree and their serials are as near. A NIK that contradicts its own row is as likely somebody else's.
fn nik_weights(e: &mut Estimates, features: &Features, random: &[(u32, u32)]) {
    let mut both = NIK_PARTS.1;
    let mut parts = NIK_PARTS.0.map(|share| share * NIK_PARTS.1);
    for &(a, b) in random {
        let digits = |i: u32| features.plain[i as usize].digits;
        if let Some(agree) = digits(a).by_part(digits(b)) {
            both += 1.0;
            let sums = parts.iter_mut().zip(agree);
            sums.for_each(|(n, agree)| *n += f64::from(u8::from(agree)));
        }
    }
    let [region, near_region, serial, near_serial, three] = parts.map(|n| n / both);
    let u = [
        (nik::SERIAL_SLIP, region * near_serial),
        (nik::SLIP, near_region * serial),
        (nik::FIFTEEN, region * three),
    ];
    for (l, u) in u {
        e.u[NIK][usize::from(l)] = u;
    }
    let equal = &mut e.u[NIK][usize::from(nik::EQUAL)];
    *equal = equal.min(BORROWED / features.len().max(1) as f64);
    let m = &e.m[NIK];
    let of = |l: usize| (m[l] / e.u[NIK][l]).log2();
    let mut weights: Vec<f64> = (0..=LEVELS[NIK])
        .map(|l| if l == 0 { 0.0 } else { of(l) })
        .collect();
    let borrowed = &mut weights[usize::from(nik::BORROWED)];
    *borrowed = borrowed.min(-e.prior());
    e.weights[NIK] = weights;
}

/// Weights of residence and place of birth among people of one family name: u from random pairs of such.
fn family_weights(features: &Features, e: &Estimates, rng: &mut ChaCha8Rng) -> [Vec<f64>; 2] {
    let fam = |i: &u32| features.name(*i).family();
    let mut by_fam: Vec<u32> = (0..features.len() as u32)
        .filter(|i| fam(i) != MISSING)
        .collect();
    by_fam.par_sort_unstable_by_key(|i| (fam(i), *i));
    let groups: Vec<&[u32]> = by_fam
        .chunk_by(|x, y| fam(x) == fam(y))
        .filter(|g| g.len() > 1)
        .collect();
    let ends: Vec<usize> = groups
        .iter()
        .scan(0, |n, g| {
            *n += g.len();
            Some(*n)
        })
        .collect();
    let all = ends.last().copied().unwrap_or(0);
    let draws = if all > 0 { FAMILY_PAIRS } else { 0 };
    let pairs: Vec<(u32, u32)> = (0..draws)
        .filter_map(|_| {
            let at = rng.random_range(0..all);
            let group = groups.get(ends.partition_point(|e| *e <= at))?;
            let mut one = || group[rng.random_range(0..group.len())];
            Some((one(), one())).filter(|(a, b)| a != b)
        })
        .collect();
    let u = patterns(features, &pairs);
    // Pairs of one person are among them where few bear a name: the names of the others are not the same.
    let others = u.into_iter().filter(|p| level(*p, GIVEN) <= given::PART);
    let u = shares(&LEVELS, others.map(|p| (p, 1.0)), |c, l| 20.0 * e.u[c][l]);
    [RESIDENCE, BIRTH_PLACE].map(|c| {
        let of_family = e.weigh(&e.m[c], &u[c]);
        // It is never more evidence than among strangers.
        let least = of_family.iter().zip(&e.weights[c]);
        least
            .map(|(f, w)| if *w > 0.0 { f.min(*w) } else { *f })
            .collect()
    })
}

/// Bits of a given name that stands within the other's, by word: as rare as it is beside what is usual.
fn within(features: &Features) -> Vec<f64> {
    let all: f64 = features.bearers.iter().skip(1).map(|n| f64::from(*n)).sum();
    let usual: f64 = features
        .bearers
        .iter()
        .skip(1)
        .map(|n| f64::from(*n).powi(2))
        .sum::<f64>()
        / all.max(1.0);
    let bits = |n: &u32| (usual.max(1.0) / f64::from(*n).max(1.0)).log2();
    (features.bearers.iter())
        .map(|n| bits(n).clamp(-MOST_TF_WITHIN, MOST_TF_WITHIN))
        .collect()
}

/// Bits of a year of birth: as rare as it is beside what is usual.
fn years(features: &Features) -> (i32, Vec<f64>) {
    let known = || features.plain.iter().filter_map(|p| p.year());
    let (Some(first), Some(last)) = (known().min(), known().max()) else {
        return (0, Vec::new());
    };
    let last = last.min(first.saturating_add(300));
    let mut count = vec![0.0f64; (last - first) as usize + 1];
    for y in known() {
        if let Some(n) = count.get_mut((y - first) as usize) {
            *n += 1.0;
        }
    }
    let all: f64 = count.iter().sum();
    let usual = count.iter().map(|n| n * n).sum::<f64>() / all.max(1.0);
    let bits = |n: f64| {
        (usual / n.max(1.0))
            .log2()
            .clamp(-MOST_TF_BIRTH, MOST_TF_BIRTH)
    };
    (first, count.into_iter().map(bits).collect())
}

/// Most bits of a pair of one NIK and two given names that no birth date beside it attests: an analyst sees it, and nothing is
/// joined for it alone.
const ANOTHER_NAME: f64 = 0.5;

impl Model {
    /// log2(m/u) per comparison; missing values add nothing.
    pub fn parts(&self, features: &Features, a: u32, b: u32, p: Pattern) -> [f64; N] {
        let plain = |i: u32| &features.plain[i as usize];
        let women = compare::women(plain(a), plain(b));
        let one_family = level(p, FAMILY) >= family::SIMILAR;
        std::array::from_fn(|c| {
            let l = usize::from(level(p, c));
            match c {
                FAMILY if women => self.women[l],
                RESIDENCE if one_family => self.of_family[0][l],
                BIRTH_PLACE if one_family => self.of_family[1][l],
                _ => self.estimates.weights[c][l],
            }
        })
    }

    /// Which levels of the cheap comparisons, by [`super::compare::cheap`], can reach a weight whatever names, place of birth and parent
    /// are.
    pub fn within_reach(&self, floor: f64) -> Vec<bool> {
        let words = self.words_at_most();
        let reaches = |levels: usize| {
            let p = cheaply(levels);
            let all = (0..N).all(|c| usize::from(level(p, c)) <= LEVELS[c]);
            all && self.cheap_at_most(p) + self.prior() + words >= floor
        };
        (0..CHEAP).map(reaches).collect()
    }

    /// The most the cheap comparisons of a pattern can add, whatever the names are.
    fn cheap_at_most(&self, p: Pattern) -> f64 {
        let of = |c: usize| {
            let l = usize::from(level(p, c));
            let weight = self.estimates.weights[c][l];
            match c {
                RESIDENCE => weight.max(self.of_family[0][l]),
                // What a NIK that has lost its last digit says may turn out to be nothing.
                NIK => weight.max(if level(p, NIK) == nik::FIFTEEN {
                    0.0
                } else {
                    weight
                }),
                _ => weight,
            }
        };
        (BIRTH..=RESIDENCE).map(of).sum()
    }

    /// The most that agreement in a comparison can add.
    fn at_most(&self, comparison: usize) -> f64 {
        let mut weights = self.estimates.weights[comparison].clone();
        match comparison {
            FAMILY => weights.extend(&self.women),
            RESIDENCE => weights.extend(&self.of_family[0]),
            BIRTH_PLACE => weights.extend(&self.of_family[1]),
            _ => {}
        }
        weights.into_iter().fold(0.0, f64::max)
    }

    /// The most that names, place of birth and parent can add, rarity of the names included.
    fn words_at_most(&self) -> f64 {
        [GIVEN, FAMILY, BIRTH_PLACE, PARENT]
            .map(|c| self.at_most(c))
            .iter()
            .sum::<f64>()
            + MOST_TF.iter().sum::<f64>()
            + MOST_TF_BIRTH
    }

    /// The most that place of birth and parent can add, and a little that rounding may.
    pub fn others_at_most(&self) -> f64 {
        self.at_most(BIRTH_PLACE) + self.at_most(PARENT) + 1e-6
    }

    /// Probability that two random identities match.
    pub fn lambda(&self) -> f64 {
        self.estimates.lambda
    }

    /// log2 of the prior odds.
    pub fn prior(&self) -> f64 {
        self.estimates.prior()
    }

    /// Match weight of a pair: prior, comparisons, and how rare the values are they agree on.
    pub fn weight(&self, features: &Features, a: u32, b: u32, p: Pattern) -> f64 {
        let parts = self.parts(features, a, b, p);
        let weight = self.prior() + parts.iter().sum::<f64>() + self.rarity(features, a, b, p);
        let twins = level(p, BIRTH) == birth::EQUAL && level(p, FAMILY) != family::DIFFERENT;
        let weight = match twins {
            true => weight.min(self.twins[usize::from(level(p, GIVEN))] + parts[NIK]),
            false => weight,
        };
        // With the birth date written twice it is the name somebody is called by: a number copied from another row comes
        // with another date, and a twin is held against all names he bears elsewhere.
        let called = twins && level(p, SEX) != sex::DIFFERENT;
        match compare::another_name_under_one_nik(p) && !called {
            true => weight.min(ANOTHER_NAME),
            false => weight,
        }
    }

    /// Bits that the rarity of the names and the year of birth adds which two identities agree on.
    pub fn rarity(&self, features: &Features, a: u32, b: u32, p: Pattern) -> f64 {
        let mut bits = 0.0;
        let (x, y) = (features.name(a), features.name(b));
        if level(p, GIVEN) == given::EQUAL && x.given == y.given {
            bits += self.rarity[GIVEN][x.given as usize];
        }
        if level(p, GIVEN) == given::WITHIN {
            let common = x
                .words
                .iter()
                .filter(|w| **w != MISSING && y.words.contains(w));
            let of = common.map(|w| self.within[*w as usize]);
            bits += of.reduce(f64::max).unwrap_or(0.0);
        }
        if level(p, FAMILY) == family::EQUAL {
            let common = x
                .fams
                .iter()
                .filter(|w| **w != MISSING && y.fams.contains(w));
            let of = common.map(|w| self.rarity[FAMILY][*w as usize]);
            bits += of.reduce(f64::max).unwrap_or(0.0);
        }
        if matches!(level(p, BIRTH), birth::EQUAL | birth::YEAR_ALONE) {
            let year = features.plain[a as usize].year();
            let at = year.and_then(|y| usize::try_from(y - self.years.0).ok());
            bits += at.and_then(|y| self.years.1.get(y)).copied().unwrap_or(0.0);
        }
        bits
    }

    /// (m, u) per comparison and level, for reports.
    pub fn parameters(&self) -> Vec<(&'static str, Vec<(f64, f64)>)> {
        let pair = |c: usize| {
            (1..=LEVELS[c])
                .map(|l| (self.estimates.m[c][l], self.estimates.u[c][l]))
                .collect()
        };
        (0..N).map(|c| (NAMES[c], pair(c))).collect()
    }
}
