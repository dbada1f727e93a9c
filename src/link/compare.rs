//! The graded comparison of two identities: which level of agreement each comparison reaches.
//!
//! Levels of a comparison are named; level 0 is no evidence and comes beside them.

pub use super::engine::birth_date::level as birth;
use super::engine::column::MISSING;
pub use super::engine::nik::level as nik;
use super::engine::nik::of_brothers;
pub use super::engine::person_name::{family, given};
use super::engine::similarity::Positions;
use super::identity::{Feature, Features};
use super::plain::Plain;
use crate::domain::Sex;

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
pub const LEVELS: [usize; N] = [7, 4, 7, 7, 2, 3, 2, 3];

/// Levels of the comparison of sexes.
pub mod sex {
    pub const DIFFERENT: u8 = 1;
    pub const EQUAL: u8 = 2;
}

/// Levels of all comparisons as one number: four bits each, the first comparison lowest.
pub type Pattern = u64;

/// The level of a comparison.
pub const fn level(pattern: Pattern, comparison: usize) -> u8 {
    (pattern >> (4 * comparison)) as u8 & 15
}

const fn at(comparison: usize, level: u8) -> Pattern {
    (level as u64) << (4 * comparison)
}

const fn with(pattern: Pattern, comparison: usize, level: u8) -> Pattern {
    pattern & !at(comparison, 15) | at(comparison, level)
}

/// The levels two identities agree on; symmetric.
pub fn pattern(f: &Features, a: u32, b: u32, positions: &mut Positions) -> Pattern {
    let plain = |i: u32| &f.plain[i as usize];
    names(f, a, b, without_words(plain(a), plain(b)), positions) | others(f, a, b, positions)
}

/// The comparisons that cost little: birth, NIK, sex, residence. The others are left at no evidence.
pub fn without_words(a: &Plain, b: &Plain) -> Pattern {
    let nik = a.digits.level(a.trust, b.digits, b.trust);
    // What is known from a NIK alone says nothing beside that NIK.
    let whole = matches!(
        nik,
        nik::DIFFERENT | nik::DOUBTED | nik::BORROWED | nik::EQUAL
    );
    let read_off = |of: fn(&Plain) -> bool| whole && (of(a) || of(b));
    let born = match read_off(|p| p.from_nik.birth) {
        true => 0,
        false => a.born().level(b.born()),
    };
    let sex = match read_off(|p| p.from_nik.sex) {
        true => 0,
        false => sex_level(a, b),
    };
    at(BIRTH, born) | at(NIK, nik) | at(SEX, sex) | at(RESIDENCE, residence_level(a, b))
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
    let (x, y) = (&f.all[a as usize], &f.all[b as usize]);
    let mut alike = |x: u32, y: u32, least: &[f64]| {
        if x == MISSING || y == MISSING {
            return 0;
        }
        let lowest = least.first().copied().unwrap_or(1.0);
        let s = f.words.similar_own(x, y, lowest, positions);
        1 + least.iter().filter(|l| s >= **l).count() as u8
    };
    let birth_place = alike(x.birth_place, y.birth_place, &[0.9]);
    let mut parent = alike(x.parent, y.parent, &[0.88, 0.96]);
    if parent == 1 && is_shortened(f.words.get(x.parent), f.words.get(y.parent)) {
        parent = 2;
    }
    at(BIRTH_PLACE, birth_place) | at(PARENT, parent)
}

/// Whether one name is the other without some of its words: a father without his family name.
fn is_shortened(x: &[u8], y: &[u8]) -> bool {
    let words = |s: &'_ [u8]| s.split(|b| *b == b' ').filter(|w| w.len() > 1).count();
    let (short, long) = if words(x) <= words(y) { (x, y) } else { (y, x) };
    let mut all = short.split(|b| *b == b' ').filter(|w| w.len() > 1);
    words(short) > 0 && all.all(|w| long.split(|b| *b == b' ').any(|v| v == w))
}

/// A pattern with the levels of given name and family name added. A NIK that is one slip away, or has lost its last
/// digit, is that of a twin or brother where the given names are not the same.
pub fn names(f: &Features, a: u32, b: u32, pattern: Pattern, positions: &mut Positions) -> Pattern {
    let (given, family) = name_levels(f, a, b, positions);
    let pattern = pattern | at(GIVEN, given) | at(FAMILY, family);
    let digits = |i: u32| f.plain[i as usize].digits;
    let follows = level(pattern, NIK) == nik::SERIAL_SLIP && digits(a).follows(digits(b));
    let spelt_alike = f.all[a as usize].spelt == f.all[b as usize].spelt;
    with(
        pattern,
        NIK,
        of_brothers(level(pattern, NIK), given, follows, spelt_alike),
    )
}

fn name_levels(f: &Features, a: u32, b: u32, positions: &mut Positions) -> (u8, u8) {
    let (x, y) = (&f.all[a as usize], &f.all[b as usize]);
    if x.full == MISSING || y.full == MISSING {
        return (0, 0);
    }
    let (p, q) = (f.name(a), f.name(b));
    if x.full == y.full || p.sorted == q.sorted {
        let family = if p.family() == MISSING {
            0
        } else {
            family::EQUAL
        };
        return (given::EQUAL, family);
    }
    let family = f.name_words().family(&p, &q, positions);
    let given = f.name_words().given(&p, &q, positions);
    let mut known_as = |x: &Feature, full: u32, given: u32| {
        const ENOUGH: f64 = 0.93;
        x.alias != MISSING
            && (f.words.similar(x.alias, &f.names, full, ENOUGH, positions) > ENOUGH
                || f.words.similar(x.alias, &f.words, given, ENOUGH, positions) > ENOUGH)
    };
    if given < given::SIMILAR && (known_as(x, y.full, q.given) || known_as(y, x.full, p.given)) {
        return (given::SIMILAR, family);
    }
    (given, family)
}

/// Whether two birth dates are written and no slip of the pen makes one of the other.
pub fn other_birth(a: &Plain, b: &Plain) -> bool {
    let (p, q) = (a.born(), b.born());
    p.day.is_known() && q.day.is_known() && p.level(q) <= birth::YEAR
}

fn sex_level(a: &Plain, b: &Plain) -> u8 {
    match (a.sex, b.sex) {
        (Some(x), Some(y)) if x == y => sex::EQUAL,
        (Some(_), Some(_)) => sex::DIFFERENT,
        _ => 0,
    }
}

/// Whether two identities bear one NIK and no given name in common: a person of two names, or a row that bears the number of
/// a twin.
pub const fn another_name_under_one_nik(p: Pattern) -> bool {
    level(p, NIK) == nik::EQUAL && level(p, GIVEN) == given::DIFFERENT
}

/// Whether two women are compared, whose family names change.
pub fn women(a: &Plain, b: &Plain) -> bool {
    a.sex == Some(Sex::Female) && b.sex == Some(Sex::Female)
}

/// 1 another regency, 2 same regency, 3 same village.
fn residence_level(a: &Plain, b: &Plain) -> u8 {
    match () {
        () if !a.regency.is_known() || !b.regency.is_known() => 0,
        () if a.regency != b.regency => 1,
        () if a.village.is_some() && a.village == b.village => 3,
        () => 2,
    }
}
