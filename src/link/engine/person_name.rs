//! Personal names, word by word: given names and family names told apart by where words stand in all names, and compared
//! each with its like.
//!
//! A spelling that many bear is a name of its own: Marlon and Marlin are brothers. One that hardly anybody bears is a slip.
//! Every comparison is symmetric. Knows folded texts; knows nothing of weights.

use super::agree::initials;
use super::column::{Interner, MISSING};
use super::similarity::Positions;
use super::texts::Texts;
use crate::clean::name::has_many_spellings;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Levels of given names, without what is set aside before them; 0 where one is missing.
pub mod given {
    /// No word of one is one of the other's.
    pub const DIFFERENT: u8 = 1;
    /// Spelt alike, but both spellings are borne by many: two names, as brothers have them.
    pub const ALIKE: u8 = 2;
    /// One word is the same, another is not.
    pub const PART: u8 = 3;
    /// Initials of one are those of the other.
    pub const INITIALS: u8 = 4;
    /// The words of one stand in the other.
    pub const WITHIN: u8 = 5;
    /// A spelling that hardly anybody bears, or an alias.
    pub const SIMILAR: u8 = 6;
    /// The same.
    pub const EQUAL: u8 = 7;
}

/// Levels of family names as a set of words, of which one in common is enough; 0 where one is missing.
pub mod family {
    /// Different.
    pub const DIFFERENT: u8 = 1;
    /// Spelt alike, but both are borne by many.
    pub const ALIKE: u8 = 2;
    /// A spelling that hardly anybody bears.
    pub const SIMILAR: u8 = 3;
    /// One in common.
    pub const EQUAL: u8 = 4;
}

/// Two words are alike from this Jaro–Winkler similarity on.
const ALIKE: f64 = 0.85;
/// A spelling borne by so many is a name of its own …
const BORNE_BY_MANY: u32 = 4;
/// … unless so many times more bear the other: then it is a slip that many made.
const TIMES_MORE: u32 = 40;
/// Words before a name that many bear and few are called by, folded: they are set aside where another name follows.
const SET_ASIDE: [&[u8]; 8] = [
    b"muhamad", b"abdul", b"siti", b"m", b"la", b"wa", b"ode", b"o",
];
/// The last of them are no names: of nobody who is written La Sahidu it is known what he is called where Sahidu is a family.
const NO_NAMES: usize = 4;
/// A word that stands last in so many tenths of the names it stands in is a family name.
const MOSTLY_LAST: u64 = 7;
/// Names a word stands in, at least, to be known by its place in them.
const KNOWN_BY_PLACE: u64 = 3;

/// What a folded name is made of; words that are not there are [`MISSING`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Name {
    /// All given names in their order, without what is set aside: Muhammad, Abdul, Siti, La, Wa, Ode.
    pub given: u32,
    /// The first given names, one by one.
    pub words: [u32; 3],
    /// The family names, the last first; a married woman may bear two.
    pub fams: [u32; 2],
    /// The words in alphabetical order: the same however given and family names stand.
    pub sorted: u64,
}

impl Name {
    /// The family name, the last one.
    pub fn family(&self) -> u32 {
        self.fams[0]
    }
}

/// Takes full names apart, of which `borne` says how many records bear each; the words they are made of get numbers.
pub fn parts(names: &Texts, borne: &[u32], words: &mut Interner) -> Vec<Name> {
    let mut all = Places {
        words: Vec::new(),
        ends: Vec::with_capacity(names.len()),
        last: Vec::new(),
    };
    let aside: Vec<u32> = SET_ASIDE.iter().map(|w| words.number(w)).collect();
    for id in 0..names.len() as u32 {
        let begin = all.words.len();
        let text = names.get(id).split(|b| *b == b' ');
        all.words
            .extend(text.map(|w| words.number(w)).filter(|w| *w != MISSING));
        all.ends.push(all.words.len() as u32);
        let times = borne.get(id as usize).copied().unwrap_or(1);
        // In `La Udin` nothing says whether Udin is a family.
        let name = &all.words[begin..];
        let core = &name[set_aside(name, &aside)..];
        let (count, n) = (&mut all.last, core.len());
        for (k, &w) in core.iter().enumerate().filter(|_| n > 1) {
            if count.len() <= w as usize {
                count.resize(w as usize + 1, (0, 0));
            }
            let (last, of) = &mut count[w as usize];
            *last += if k + 1 == n { times } else { 0 };
            *of += times;
        }
    }
    let mut begin = 0;
    (all.ends.iter().enumerate())
        .map(|(id, &end)| {
            let name = &all.words[begin as usize..end as usize];
            begin = end;
            all.name(name, &aside, names.get(id as u32), words)
        })
        .collect()
}

/// Words at the beginning of a name that are set aside: never all of them.
fn set_aside(name: &[u32], aside: &[u32]) -> usize {
    let before = name.len().saturating_sub(1);
    let all = name[..before].iter();
    all.take_while(|w| aside.contains(w)).count()
}

/// Where words stand in all names: given names first, family names last.
struct Places {
    /// Words of all names, one name after the other, and where each name ends.
    words: Vec<u32>,
    ends: Vec<u32>,
    /// Records a word stands last in the name of, and all in whose name of two words and more it stands.
    last: Vec<(u32, u32)>,
}

/// What a word is by its place in all names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Given,
    Family,
    /// It stands here and there.
    Either,
    /// Too few bear it to say.
    Rare,
}

impl Places {
    /// Tenths of the names of two words and more in which a word stands last, and what that makes it.
    fn place(&self, word: u32) -> (u64, Place) {
        let (at_end, of) = self.last.get(word as usize).copied().unwrap_or_default();
        let (at_end, of) = (u64::from(at_end) * 10, u64::from(of));
        let place = match () {
            () if of < KNOWN_BY_PLACE => Place::Rare,
            () if at_end >= MOSTLY_LAST * of => Place::Family,
            () if at_end <= (10 - MOSTLY_LAST) * of => Place::Given,
            () => Place::Either,
        };
        (at_end / of.max(1), place)
    }

    fn name(&self, name: &[u32], aside: &[u32], full: &[u8], words: &mut Interner) -> Name {
        let (titles, core) = name.split_at(set_aside(name, aside));
        let places: Vec<(u64, Place)> = core.iter().map(|w| self.place(*w)).collect();
        let sure = places.iter().any(|p| p.1 == Place::Family);
        let is_family = |k: usize| {
            let last = k > 0 && k + 1 == core.len();
            match places[k].1 {
                Place::Family => true,
                Place::Given => false,
                Place::Either => last && !sure,
                Place::Rare => last,
            }
        };
        let mut family: Vec<bool> = (0..core.len()).map(is_family).collect();
        let called = titles.last().copied();
        if called.is_none() && family.iter().all(|f| *f) {
            // Somebody is called by the word that stands last least often.
            let first = (0..core.len()).min_by_key(|&k| places[k].0);
            first.into_iter().for_each(|k| family[k] = false);
        }
        let of = |f: bool| {
            let all = core.iter().zip(&family).filter(move |(_, is)| **is == f);
            all.map(|(w, _)| *w).collect::<Vec<u32>>()
        };
        let (mut given, fams) = (of(false), of(true));
        if given.is_empty() {
            // `Muhammad Latuconsina`: he is called so.
            let no_names = &aside[aside.len() - NO_NAMES..];
            given.extend(called.filter(|w| !no_names.contains(w)));
        }
        let mut out = Name {
            sorted: sorted(full),
            ..Name::default()
        };
        let first = out.words.iter_mut().zip(&given);
        first.for_each(|(to, w)| *to = *w);
        let last = out.fams.iter_mut().zip(fams.iter().rev());
        last.for_each(|(to, w)| *to = *w);
        out.given = match given.as_slice() {
            [one] => *one,
            several => {
                let text: Vec<&[u8]> = several.iter().map(|w| words.text(*w)).collect();
                let text = text.join(&b' ');
                words.number(&text)
            }
        };
        out
    }
}

/// A number for the words of a name in alphabetical order.
fn sorted(full: &[u8]) -> u64 {
    if full.is_empty() {
        return 0;
    }
    let mut all: Vec<&[u8]> = full.split(|b| *b == b' ').collect();
    all.sort_unstable();
    let mut h = FxHasher::default();
    all.hash(&mut h);
    h.finish()
}

/// How a name is spelt: the letters of its words, whatever their order and case. Initials and words of which everybody has
/// his own spelling (Muhammad, Abdul) say nothing.
pub fn spelling(name: &str) -> u32 {
    let words = name.split(|c: char| !c.is_alphabetic());
    let spelt = words.filter(|w| w.len() > 1 && !has_many_spellings(w));
    spelt.fold(0, |sum: u32, word| {
        let mut h = FxHasher::default();
        let letters = word.chars().flat_map(char::to_lowercase);
        letters.for_each(|c| c.hash(&mut h));
        sum.wrapping_add(h.finish() as u32)
    })
}

/// How two words agree, from nothing upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Agree {
    Not,
    /// Alike, and both are borne by many.
    Alike,
    Initial,
    /// Alike, and one of them borne by hardly anybody.
    Similar,
    Equal,
}

/// The words of all names, and how many bear each.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The words.
    pub texts: &'a Texts,
    /// How many records have a word among their given and family names.
    pub bearers: &'a [u32],
}

fn known(words: &[u32]) -> impl Iterator<Item = u32> + '_ {
    words.iter().copied().filter(|w| *w != MISSING)
}

impl Words<'_> {
    fn agree(&self, x: u32, y: u32, positions: &mut Positions) -> Agree {
        if x == y {
            return Agree::Equal;
        }
        let (v, w) = (self.texts.get(x), self.texts.get(y));
        if v.len() == 1 || w.len() == 1 {
            return match v.first() == w.first() {
                true => Agree::Initial,
                false => Agree::Not,
            };
        }
        if self.texts.similar_own(x, y, ALIKE, positions) < ALIKE {
            return Agree::Not;
        }
        let of = |w: u32| self.bearers.get(w as usize).copied().unwrap_or(0);
        let (few, many) = (of(x).min(of(y)), of(x).max(of(y)));
        match few >= BORNE_BY_MANY && few.saturating_mul(TIMES_MORE) >= many {
            true => Agree::Alike,
            false => Agree::Similar,
        }
    }

    /// The level of the family names.
    pub fn family(&self, p: &Name, q: &Name, positions: &mut Positions) -> u8 {
        // A family name that is taken for a given name in the other: nobody else bears it.
        let taken = |p: &Name, q: &Name| known(&p.fams).any(|w| q.words.contains(&w));
        if taken(p, q) || taken(q, p) {
            return family::EQUAL;
        }
        let pairs = known(&p.fams).flat_map(|x| known(&q.fams).map(move |y| (x, y)));
        match pairs.map(|(x, y)| self.agree(x, y, positions)).max() {
            None => 0,
            // `Ronald M.` may be a Manuputty.
            Some(Agree::Initial) => 0,
            Some(Agree::Not) => family::DIFFERENT,
            Some(Agree::Alike) => family::ALIKE,
            Some(Agree::Similar) => family::SIMILAR,
            Some(Agree::Equal) => family::EQUAL,
        }
    }

    /// The level of the given names.
    pub fn given(&self, p: &Name, q: &Name, positions: &mut Positions) -> u8 {
        if p.given == MISSING || q.given == MISSING {
            return 0;
        }
        if p.given == q.given {
            return given::EQUAL;
        }
        // One alone stands for the family name of the other.
        let family_alone =
            |p: &Name, q: &Name| p.family() == MISSING && known(&q.fams).any(|fam| fam == p.given);
        if family_alone(p, q) || family_alone(q, p) {
            return 0;
        }
        let count = |n: &Name| known(&n.words).count();
        let (short, long) = match (count(p), count(q)) {
            // Of two as long the one that comes first, so that the order of the two does not matter.
            (n, m) if (n, p.words) <= (m, q.words) => (p, q),
            _ => (q, p),
        };
        // Each word of the shorter with the best of the longer's that is left; what is surest first.
        let (mut open, mut left) = (short.words, long.words);
        let (mut n_open, mut n_left) = (count(short), count(long));
        // How pairs of words agree, a bit each.
        let mut found = 0u8;
        while n_open > 0 && n_left > 0 {
            let mut best = (Agree::Not, 0, 0);
            for (i, &x) in open.iter().enumerate() {
                for (j, &y) in left.iter().enumerate() {
                    if x == MISSING || y == MISSING {
                        continue;
                    }
                    let w = self.agree(x, y, positions);
                    if w > best.0 {
                        best = (w, i, j);
                    }
                }
            }
            if best.0 == Agree::Not {
                break;
            }
            found |= 1 << best.0 as u8;
            (open[best.1], left[best.2]) = (MISSING, MISSING);
            (n_open, n_left) = (n_open - 1, n_left - 1);
        }
        let has = |w: Agree| found & (1 << w as u8) != 0;
        let whole = has(Agree::Equal) || has(Agree::Similar);
        let (all, both) = (n_open == 0, n_left == 0);
        // The one has a word more where the other has a family name: the two have neither in common.
        let other = !both && long.family() == MISSING && short.family() != MISSING;
        match () {
            () if all && whole && other && !has(Agree::Alike) => given::PART,
            () if has(Agree::Alike) && all => given::ALIKE,
            () if all && whole && both && !has(Agree::Initial) => given::SIMILAR,
            () if all && whole => given::WITHIN,
            () if all && has(Agree::Initial) => given::INITIALS,
            () if self.joined(p.given, q.given) => given::SIMILAR,
            () if whole => given::PART,
            () => given::DIFFERENT,
        }
    }

    /// One given name of two is the same or nearly, or one of them has none.
    pub fn share_one(&self, p: &Name, q: &Name, positions: &mut Positions) -> bool {
        if p.given == MISSING || q.given == MISSING {
            return true;
        }
        let mut pairs = known(&p.words).flat_map(|x| known(&q.words).map(move |y| (x, y)));
        pairs.any(|(x, y)| {
            self.texts.similar_own(x, y, ALIKE, positions) >= ALIKE
                || initials(self.texts.get(x), self.texts.get(y))
        })
    }

    /// The same letters, apart or in one: Marialena, Maria Lena.
    fn joined(&self, x: u32, y: u32) -> bool {
        let letters = |w: u32| self.texts.get(w).iter().filter(|b| **b != b' ');
        letters(x).eq(letters(y))
    }
}

/// How many records bear a word among their given and family names: `of` are the names of all records.
pub fn bearers<'a>(of: impl Iterator<Item = &'a Name>, words: usize) -> Vec<u32> {
    let mut counts = vec![0u32; words];
    for name in of {
        for w in known(&name.words).chain(known(&name.fams)) {
            counts[w as usize] += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::name::fold;
    use proptest::prelude::*;

    /// A crowd whose words are known by their place, and then the two names in question.
    fn levels(a: &str, b: &str) -> (u8, u8) {
        let given = [
            "Marlon", "Marlin", "Yohanis", "Melkias", "Maria", "Rahman", "Rahim",
        ];
        let fams = [
            "Pattiasina",
            "Latumahina",
            "Picauly",
            "Latuconsina",
            "Wattimena",
        ];
        let crowd = given
            .iter()
            .flat_map(|g| fams.iter().map(move |f| format!("{g} {f}")));
        let mut names = Interner::default();
        let all: Vec<u32> = crowd
            .chain([a.to_owned(), b.to_owned()])
            .map(|n| names.number(fold(&n).as_bytes()))
            .collect();
        let names = Texts::of(names);
        let mut words = Interner::default();
        let mut borne = vec![0; names.len()];
        all.iter().for_each(|&i| borne[i as usize] += 1);
        let parts = parts(&names, &borne, &mut words);
        let texts = Texts::of(words);
        let bearers = bearers(all.iter().map(|&i| &parts[i as usize]), texts.len());
        let words = Words {
            texts: &texts,
            bearers: &bearers,
        };
        let [.., x, y] = all.as_slice() else {
            return (0, 0);
        };
        let (p, q) = (&parts[*x as usize], &parts[*y as usize]);
        let mut positions = Positions::default();
        let level = (
            words.given(p, q, &mut positions),
            words.family(p, q, &mut positions),
        );
        let turned = (
            words.given(q, p, &mut positions),
            words.family(q, p, &mut positions),
        );
        assert_eq!(level, turned, "{a} {b}");
        level
    }

    #[test]
    fn a_similar_spelling_of_two_common_names_is_two_names_and_of_a_rare_one_a_slip() {
        assert_eq!(
            levels("Marlon Picauly", "Marlin Picauly"),
            (given::ALIKE, family::EQUAL)
        );
        assert_eq!(
            levels("Marlon Picauly", "Marlom Picauly"),
            (given::SIMILAR, family::EQUAL)
        );
        assert_eq!(
            levels("Marlon Picauly", "Marlon Picaulo"),
            (given::EQUAL, family::SIMILAR)
        );
    }

    #[test]
    fn names_are_held_word_against_word_whatever_their_order() {
        for (a, b, want) in [
            (
                "Yohanis Melkias Picauly",
                "Yohanis Picauly",
                (given::WITHIN, family::EQUAL),
            ),
            (
                "Yohanis M. Picauly",
                "Yohanis Melkias Picauly",
                (given::WITHIN, family::EQUAL),
            ),
            (
                "Picauly Yohanis",
                "Yohanis Picauly",
                (given::EQUAL, family::EQUAL),
            ),
            ("Yohanis", "Yohanis Picauly", (given::EQUAL, 0)),
            (
                "Maria Picauly Wattimena",
                "Maria Picauly",
                (given::EQUAL, family::EQUAL),
            ),
            (
                "Maria Picauly",
                "Maria Wattimena",
                (given::EQUAL, family::DIFFERENT),
            ),
            (
                "Yohanis Picauly",
                "Rahim Picauly",
                (given::DIFFERENT, family::EQUAL),
            ),
            ("Yohanis Melkias", "Yohanis Picauly", (given::PART, 0)),
            ("Yohanis P.", "Yohanis Picauly", (given::EQUAL, 0)),
        ] {
            assert_eq!(levels(a, b), want, "{a} {b}");
        }
    }

    #[test]
    fn what_many_bear_before_their_name_is_set_aside() {
        assert_eq!(
            levels("Muh. Yohanis Picauly", "Yohanis Picauly"),
            (given::EQUAL, family::EQUAL)
        );
        assert_eq!(levels("Abdul Rahman", "Abdul Rahim").0, given::ALIKE);
        assert_eq!(
            levels("Muhammad Latuconsina", "Muh Latuconsina"),
            (given::EQUAL, family::EQUAL)
        );
    }

    proptest! {
        #[test]
        fn no_name_makes_it_panic_and_the_order_of_two_does_not_matter(
            a in "[A-Za-z]{0,8}( (M|la|Yohanis|Picauly|[a-z]{1,6})){0,4}", b in "((Marlon|m|Wa|[a-z]{0,5}) ){0,4}[A-Za-z]{0,9}",
        ) {
            levels(&a, &b);
        }
    }
}
