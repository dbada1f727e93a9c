//! The graded comparison of two identities: which level of agreement each comparison reaches.

use super::engine::agree::{initials, one_digit_of};
use super::engine::column::MISSING;
use super::engine::similarity::Positions;
use super::identity::{Feature, Features};
use super::plain::Plain;

/// Number of comparisons.
pub const N: usize = 8;
/// Their names, for reports.
pub const NAMES: [&str; N] = [
    "given_name",
    "family_name",
    "birth",
    "nik",
    "sex",
    "residence",
    "birth_place",
    "parent",
];
pub const GIVEN: usize = 0;
pub const FAMILY: usize = 1;
pub const BIRTH: usize = 2;
pub const NIK: usize = 3;
pub const SEX: usize = 4;
pub const RESIDENCE: usize = 5;
pub const BIRTH_PLACE: usize = 6;
pub const PARENT: usize = 7;
/// Levels of each from disagreement upwards; level 0 is no evidence (missing) and comes beside them.
pub const LEVELS: [usize; N] = [5, 4, 6, 4, 2, 3, 2, 3];

/// Levels of all comparisons as one number: four bits each, the first comparison lowest.
pub type Pattern = u64;

/// The level of a comparison.
pub const fn level(pattern: Pattern, comparison: usize) -> u8 {
    (pattern >> (4 * comparison)) as u8 & 15
}

const fn at(comparison: usize, level: u8) -> Pattern {
    (level as u64) << (4 * comparison)
}

/// The levels two identities agree on; symmetric.
pub fn pattern(f: &Features, a: u32, b: u32, positions: &mut Positions) -> Pattern {
    let plain = |i: u32| &f.plain[i as usize];
    without_words(plain(a), plain(b)) | names(f, a, b, positions) | others(f, a, b, positions)
}

/// The comparisons that cost little: birth, NIK, sex, residence. The others are left at no evidence.
pub fn without_words(a: &Plain, b: &Plain) -> Pattern {
    at(BIRTH, birth(a, b))
        | at(NIK, nik(a, b))
        | at(SEX, sex(a, b))
        | at(RESIDENCE, residence(a, b))
}

/// Ways the levels of [`without_words`] can stand: its comparisons follow one another from [`BIRTH`] on.
pub const CHEAP: usize = 1 << (4 * (RESIDENCE + 1 - BIRTH));

/// The levels of [`without_words`] as a number below [`CHEAP`].
pub const fn cheap(pattern: Pattern) -> usize {
    (pattern >> (4 * BIRTH)) as usize % CHEAP
}

/// The pattern of such a number.
pub const fn cheaply(levels: usize) -> Pattern {
    (levels as Pattern) << (4 * BIRTH)
}

/// Place of birth and parent.
pub fn others(f: &Features, a: u32, b: u32, positions: &mut Positions) -> Pattern {
    let (a, b) = (&f.all[a as usize], &f.all[b as usize]);
    let mut alike = |x: u32, y: u32, least: &[f64]| {
        if x == MISSING || y == MISSING {
            return 0;
        }
        let lowest = least.first().copied().unwrap_or(1.0);
        let s = f.words.similar_own(x, y, lowest, positions);
        1 + least.iter().filter(|l| s >= **l).count() as u8
    };
    at(BIRTH_PLACE, alike(a.birth_place, b.birth_place, &[0.9]))
        | at(PARENT, alike(a.parent, b.parent, &[0.88, 0.96]))
}

/// Given name and family name.
pub fn names(f: &Features, a: u32, b: u32, positions: &mut Positions) -> Pattern {
    let (given, family) = name_levels(f, a, b, positions);
    at(GIVEN, given) | at(FAMILY, family)
}

/// Given: 1 different, 2 initials or part, 3 similar, 4 very similar or alias, 5 equal. Family: 1 … 4 equal.
/// Given and family swapped agree as if they were not.
fn name_levels(f: &Features, a: u32, b: u32, positions: &mut Positions) -> (u8, u8) {
    let (x, y) = (&f.all[a as usize], &f.all[b as usize]);
    if x.full == MISSING || y.full == MISSING {
        return (0, 0);
    }
    let (p, q) = (f.name(a), f.name(b));
    if x.full == y.full || p.sorted == q.sorted {
        return (5, if p.family == MISSING { 0 } else { 4 });
    }
    let mut known_as = |x: &Feature, full: u32, given: u32| {
        const ENOUGH: f64 = 0.93;
        x.alias != MISSING
            && (f.words.similar(x.alias, &f.names, full, ENOUGH, positions) > ENOUGH
                || f.words.similar(x.alias, &f.words, given, ENOUGH, positions) > ENOUGH)
    };
    let aliased = known_as(x, y.full, q.given) || known_as(y, x.full, p.given);
    // One of the two lacks the family name: compare what is there.
    if p.family == MISSING || q.family == MISSING {
        let s = f.names.similar_own(x.full, y.full, 0.92, positions);
        let given = match () {
            () if aliased || s > 0.92 => 4,
            () if one_word(f.names.get(x.full), f.names.get(y.full)) => 2,
            () => 1,
        };
        return (given, 0);
    }
    let g = f.words.similar_own(p.given, q.given, 0.85, positions);
    let given = match g {
        1.0 => 5,
        _ if g >= 0.92 || aliased => 4,
        _ if g >= 0.85 => 3,
        _ if initials(f.words.get(p.given), f.words.get(q.given)) => 2,
        _ => 1,
    };
    let s = f.words.similar_own(p.family, q.family, 0.85, positions);
    let family = match s {
        1.0 => 4,
        _ if s >= 0.92 => 3,
        _ if s >= 0.85 => 2,
        _ => 1,
    };
    (given, family)
}

/// A word in common.
fn one_word(x: &[u8], y: &[u8]) -> bool {
    let words = |t| <[u8]>::split(t, |b: &u8| *b == b' ');
    words(x).any(|w| words(y).any(|v| w == v))
}

/// 1 different, 2 same year only, 3 one part differs, 4 year known alone and equal, 5 day and month swapped, one digit
/// wrong or two exchanged, 6 equal.
fn birth(a: &Plain, b: &Plain) -> u8 {
    let (x, y) = (a.born, b.born);
    let Some((p, q)) = a.year().zip(b.year()) else {
        return 0;
    };
    if !x.is_known() || !y.is_known() {
        return match p.abs_diff(q) {
            0 => 4,
            1 => 2,
            _ => 1,
        };
    }
    match () {
        () if x.same(y) => 6,
        () if x.day_month(y) || x.one_digit(y) => 5,
        () if x.two_parts(y) => 3,
        () if x.year(y) => 2,
        () => 1,
    }
}

/// The serial and region of the NIK; its birth date is counted by the birth comparison alone.
/// 1 different, 2 same region, 3 one edit, 4 equal (16 digits, or the 15 that remain).
fn nik(a: &Plain, b: &Plain) -> u8 {
    let Some((x, y)) = a.nik15().zip(b.nik15()) else {
        return 0;
    };
    let equal = match a.nik().zip(b.nik()) {
        Some((p, q)) => p == q,
        None => x == y,
    };
    // Of fifteen digits the first six are the region.
    match () {
        () if equal => 4,
        () if one_digit_of(x, y) => 3,
        () if x >> (9 * 4) == y >> (9 * 4) => 2,
        () => 1,
    }
}

fn sex(a: &Plain, b: &Plain) -> u8 {
    match (a.sex, b.sex) {
        (Some(x), Some(y)) => 1 + u8::from(x == y),
        _ => 0,
    }
}

/// 1 another regency, 2 same regency, 3 same village.
fn residence(a: &Plain, b: &Plain) -> u8 {
    match () {
        () if !a.regency.is_known() || !b.regency.is_known() => 0,
        () if a.regency != b.regency => 1,
        () if a.village.is_some() && a.village == b.village => 3,
        () => 2,
    }
}
