//! Identities as comparable features, and the graded comparison of two of them.

use super::engine::similarity::{Positions, jaro_winkler};
use super::registry::PseudonymKey;
use crate::clean::name::fold;
use crate::domain::records::{Identity, Records};
use crate::domain::{Nik, PartialDate, Sex, Text};
use chrono::Datelike;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::cell::RefCell;

/// Number of comparisons.
pub const N: usize = 7;
/// Their names, for reports.
pub const NAMES: [&str; N] = [
    "given_name",
    "family_name",
    "birth",
    "nik",
    "sex",
    "residence",
    "birth_place",
];
pub const GIVEN: usize = 0;
pub const FAMILY: usize = 1;
pub const BIRTH: usize = 2;
pub const NIK: usize = 3;
pub const SEX: usize = 4;
pub const RESIDENCE: usize = 5;
pub const BIRTH_PLACE: usize = 6;
/// Levels of each, `0` = no evidence (missing), then from disagreement upwards.
pub const LEVELS: [usize; N] = [6, 5, 7, 5, 3, 4, 3];

/// One distinct identity.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Folded given names (all but the last token).
    pub given: Text,
    /// Folded last token.
    pub family: Text,
    /// Folded full name.
    pub full: Text,
    /// Words of the folded name in alphabetical order: the same however given and family names stand.
    pub sorted: Text,
    /// Folded alias.
    pub alias: Text,
    /// Birth.
    pub birth: PartialDate,
    /// NIK.
    pub nik: Nik,
    /// Sex.
    pub sex: Option<Sex>,
    /// Village, district and regency, as far as known.
    pub place: (Option<u8>, Option<u8>, Text),
    /// Folded place of birth.
    pub birth_place: Text,
    /// Term ids for frequency adjustment: given name, family name.
    pub terms: (u32, u32),
    /// HMAC of the identity: how decisions name it.
    pub fingerprint: Text,
}

/// All distinct identities of a month.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// The identities.
    pub all: Vec<Feature>,
    /// Index of the first record of each.
    pub first_record: Vec<u32>,
    /// Share of identities per given-name term.
    pub given_share: Vec<f64>,
    /// Share per family-name term.
    pub family_share: Vec<f64>,
}

impl Features {
    /// Number of identities.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The identities of the records and, per record, which one it has. Identities are numbered by a digest of what
    /// they say, so that neither the order of the records nor that of the files changes anything.
    pub fn of(records: &Records, key: &PseudonymKey) -> (Features, Vec<u32>) {
        let all: Vec<&Identity> = records.identities().map(|(_, who)| who).collect();
        let mut order: Vec<(u128, u32)> = all
            .par_iter()
            .enumerate()
            .map(|(i, who)| (digest(who), i as u32))
            .collect();
        order.par_sort_unstable();
        let mut node_of = vec![0; all.len()];
        let mut out = Features::default();
        for same in order.chunk_by(|x, y| x.0 == y.0) {
            for &(_, i) in same {
                node_of[i as usize] = out.first_record.len() as u32;
            }
            out.first_record.push(same[0].1);
        }
        out.all = out
            .first_record
            .par_iter()
            .map(|&i| feature(all[i as usize], key))
            .collect();
        out.given_share = shares(&mut out.all, |f| &f.given, |f, t| f.terms.0 = t);
        out.family_share = shares(&mut out.all, |f| &f.family, |f, t| f.terms.1 = t);
        (out, node_of)
    }
}

/// Everything that tells identities apart, as a number.
fn digest(who: &Identity) -> u128 {
    let r = &who.residence;
    let text = format!(
        "{}|{}|{:?}|{}{}|{:?}|{:?}{:?}{}|{}",
        who.name,
        who.alias,
        who.birth,
        who.nik.status().id(),
        who.nik.digits(),
        who.sex,
        r.village,
        r.district,
        r.regency,
        who.birth_place
    );
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(16).fold(0, |n, &b| n << 8 | u128::from(b))
}

fn feature(who: &Identity, key: &PseudonymKey) -> Feature {
    let full = fold(&who.name);
    let (given, family) = match full.rsplit_once(' ') {
        Some((g, f)) => (Text::from(g), Text::from(f)),
        None => (full.clone(), Text::default()),
    };
    let r = &who.residence;
    Feature {
        fingerprint: key.hmac(&format!("{full}|{:?}|{}", who.birth, who.nik.digits())),
        alias: fold(&who.alias),
        birth: who.birth,
        nik: who.nik.clone(),
        sex: who.sex,
        place: (
            r.village.map(|v| v.0),
            r.district.map(|d| d.0),
            r.regency.clone(),
        ),
        birth_place: fold(&who.birth_place),
        terms: (0, 0),
        sorted: {
            let mut words: Vec<&str> = full.split(' ').collect();
            words.sort_unstable();
            words.join(" ").into()
        },
        given,
        family,
        full,
    }
}

fn shares(
    all: &mut [Feature],
    term: fn(&Feature) -> &Text,
    set: fn(&mut Feature, u32),
) -> Vec<f64> {
    let mut index: FxHashMap<Text, u32> = FxHashMap::default();
    let mut counts: Vec<f64> = Vec::new();
    for f in all.iter_mut() {
        let next = counts.len() as u32;
        let t = *index.entry(term(f).clone()).or_insert(next);
        if t == next {
            counts.push(0.0);
        }
        counts[t as usize] += 1.0;
        set(f, t);
    }
    let n = all.len().max(1) as f64;
    counts.iter().map(|c| c / n).collect()
}

/// The levels two identities agree on; symmetric.
pub fn pattern(a: &Feature, b: &Feature) -> [u8; N] {
    let mut out = without_words(a, b);
    add_words(&mut out, a, b);
    out
}

/// The comparisons that cost little: birth, NIK, sex, residence. The others are left at no evidence.
pub fn without_words(a: &Feature, b: &Feature) -> [u8; N] {
    let mut out = [0; N];
    out[BIRTH] = birth(a, b);
    out[NIK] = nik(a, b);
    out[SEX] = sex(a, b);
    out[RESIDENCE] = residence(a, b);
    out
}

/// Names and place of birth.
pub fn add_words(out: &mut [u8; N], a: &Feature, b: &Feature) {
    (out[GIVEN], out[FAMILY]) = names(a, b);
    out[BIRTH_PLACE] = birth_place(a, b);
}

fn similarity(a: &str, b: &str) -> f64 {
    thread_local!(static POSITIONS: RefCell<Positions> = RefCell::default());
    if a == b {
        return 1.0;
    }
    POSITIONS.with_borrow_mut(|p| jaro_winkler(a.as_bytes(), b.as_bytes(), p))
}

/// Given: 1 different, 2 initials or part, 3 similar, 4 very similar or alias, 5 equal. Family: 1 … 4 equal.
/// Given and family swapped agree as if they were not.
fn names(a: &Feature, b: &Feature) -> (u8, u8) {
    if a.full.is_empty() || b.full.is_empty() {
        return (0, 0);
    }
    if a.full == b.full {
        return (5, if a.family.is_empty() { 0 } else { 4 });
    }
    if a.sorted == b.sorted {
        return (5, if a.family.is_empty() { 0 } else { 4 });
    }
    let aliased = (!a.alias.is_empty()
        && (similarity(&a.alias, &b.full) > 0.93 || similarity(&a.alias, &b.given) > 0.93))
        || (!b.alias.is_empty()
            && (similarity(&b.alias, &a.full) > 0.93 || similarity(&b.alias, &a.given) > 0.93));
    // One of the two lacks the family name: compare what is there.
    if a.family.is_empty() || b.family.is_empty() {
        let s = similarity(&a.full, &b.full);
        let part = a.full.split(' ').any(|w| b.full.split(' ').any(|v| w == v));
        let g = if aliased || s > 0.92 {
            4
        } else if part {
            2
        } else {
            1
        };
        return (g, 0);
    }
    let g = similarity(&a.given, &b.given);
    let given = match g {
        1.0 => 5,
        _ if g >= 0.92 || aliased => 4,
        _ if g >= 0.85 => 3,
        _ if initials(&a.given, &b.given) => 2,
        _ => 1,
    };
    let f = similarity(&a.family, &b.family);
    let family = match f {
        1.0 => 4,
        _ if f >= 0.92 => 3,
        _ if f >= 0.85 => 2,
        _ => 1,
    };
    (given, family)
}

/// `bodewin m` and `bodewin melkias`, `m ali` and `muhamad ali`: every word equal or the start of the other.
fn initials(a: &str, b: &str) -> bool {
    let (x, y): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let fits = |p: &str, q: &str| {
        p == q || (p.len() == 1 && q.starts_with(p)) || (q.len() == 1 && p.starts_with(q))
    };
    if x.len() == y.len() {
        return x.iter().zip(&y).all(|(p, q)| fits(p, q));
    }
    let (short, long) = if x.len() < y.len() { (x, y) } else { (y, x) };
    short.iter().zip(&long).all(|(p, q)| fits(p, q))
}

/// 1 different, 2 same year only, 3 one part differs, 4 year known alone and equal, 5 day and month swapped or one
/// digit, 6 equal.
fn birth(a: &Feature, b: &Feature) -> u8 {
    match (a.birth, b.birth) {
        (PartialDate::Unknown, _) | (_, PartialDate::Unknown) => 0,
        (PartialDate::Day(x), PartialDate::Day(y)) => {
            let parts = [
                x.year() == y.year(),
                x.month() == y.month(),
                x.day() == y.day(),
            ];
            let number =
                |d: chrono::NaiveDate| d.year() as u32 * 10_000 + d.month() * 100 + d.day();
            let digits = differing_digits(number(x), number(y));
            match () {
                () if x == y => 6,
                () if x.year() == y.year() && x.month() == y.day() && x.day() == y.month() => 5,
                () if digits == 1 => 5,
                () if parts.iter().filter(|p| **p).count() == 2 => 3,
                () if parts[0] => 2,
                () => 1,
            }
        }
        (x, y) => {
            if x.year() == y.year() {
                4
            } else if x
                .year()
                .zip(y.year())
                .is_some_and(|(p, q)| (p - q).abs() == 1)
            {
                2
            } else {
                1
            }
        }
    }
}

/// Decimal places in which two numbers differ.
fn differing_digits(mut x: u32, mut y: u32) -> u32 {
    let mut out = 0;
    while x != y {
        out += u32::from(x % 10 != y % 10);
        (x, y) = (x / 10, y / 10);
    }
    out
}

/// One digit replaced, or two neighbours exchanged: all that one edit can do to texts of the same length.
fn one_edit(x: &str, y: &str) -> bool {
    let (x, y) = (x.as_bytes(), y.as_bytes());
    if x.len() != y.len() {
        return false;
    }
    let mut differing = (0..x.len()).filter(|&i| x[i] != y[i]);
    match (differing.next(), differing.next(), differing.next()) {
        (_, None, _) => true,
        (Some(i), Some(j), None) => j == i + 1 && x[i] == y[j] && x[j] == y[i],
        _ => false,
    }
}

/// The serial and region of the NIK; its birth date is counted by the birth comparison alone.
/// 1 different, 2 same region, 3 one edit, 4 equal (16 digits, or the 15 that remain).
fn nik(a: &Feature, b: &Feature) -> u8 {
    match (a.nik.prefix15(), b.nik.prefix15()) {
        (Some(x), Some(y)) => {
            if let (Some(p), Some(q)) = (a.nik.intact(), b.nik.intact()) {
                if p == q {
                    return 4;
                }
            } else if x == y {
                return 4;
            }
            match () {
                () if one_edit(x, y) => 3,
                () if x[..6] == y[..6] => 2,
                () => 1,
            }
        }
        _ => 0,
    }
}

fn sex(a: &Feature, b: &Feature) -> u8 {
    match (a.sex, b.sex) {
        (Some(x), Some(y)) => 1 + u8::from(x == y),
        _ => 0,
    }
}

/// 1 another regency, 2 same regency or district, 3 same village.
fn residence(a: &Feature, b: &Feature) -> u8 {
    if a.place.2.is_empty() || b.place.2.is_empty() {
        return 0;
    }
    if a.place.2 != b.place.2 {
        return 1;
    }
    match (a.place.0, b.place.0) {
        (Some(x), Some(y)) if x == y => 3,
        _ => 2,
    }
}

fn birth_place(a: &Feature, b: &Feature) -> u8 {
    if a.birth_place.is_empty() || b.birth_place.is_empty() {
        return 0;
    }
    1 + u8::from(similarity(&a.birth_place, &b.birth_place) > 0.9)
}
