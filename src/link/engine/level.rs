//! Graded comparison of two records: which level of agreement each comparison reaches.
//!
//! Knows values and their similarity; knows nothing of m, u, weights or clusters.

use super::agree::{self, initials, one_digit, year};
use super::column::MISSING;
use super::named::{self, Named, Read};
use super::prepared::Prepared;
use super::similarity::{Positions, edits, jaro_winkler};
use crate::clean::name::fold;
use std::collections::BTreeSet;

/// Level of a comparison without evidence: a value is missing.
pub const NO_EVIDENCE: u8 = 0;
/// Level of disagreement: all values are there and no level of the model holds.
pub const DIFFERENT: u8 = 1;
/// Most levels a comparison can have beside those two.
pub const MOST_LEVELS: usize = 14;
/// Most comparisons of a model: a pattern holds four bits for each.
pub const MOST_COMPARISONS: usize = 16;

/// A question about two values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Test {
    /// The same text.
    Exact,
    /// One of the two is missing.
    Missing,
    /// Both are there.
    Known,
    /// Jaro–Winkler similarity of at least.
    JaroWinkler(f64),
    /// At most so many edits (Damerau–Levenshtein, optimal string alignment).
    Edits(u32),
    /// One spelling after the folding of docs/definitions.md 7.
    Fold,
    /// The same letters and digits, whatever stands between them.
    Squash,
    /// The same words in any order.
    SameWords,
    /// Every word of the shorter stands in the longer.
    WordsWithin,
    /// Every word equal or the initial of its partner: `bodewin m` and `bodewin melkias`.
    Initials,
    /// One item of a list (`,` `;` `/` `|`) in common: aliases.
    SharedItem,
    /// The same first characters.
    Prefix(u32),
    /// Dates with day and month exchanged.
    DayMonth,
    /// Dates or numbers of one length with one digit wrong, or two neighbours exchanged.
    OneDigit,
    /// Dates that agree in two of year, month and day.
    TwoParts,
    /// Dates or years at most so many years apart.
    Years(u32),
    /// Numbers at most so far apart.
    Within(f64),
    /// Dates at most so many days apart.
    Days(u32),
    /// Dates at most so many months apart.
    Months(u32),
    /// Places, as latitude and longitude in degrees, at most so many kilometres apart.
    Kilometres(f64),
    /// At least so many items of a list (`,` `;` `/` `|`) in common.
    Items(u32),
    /// Words in common over all words, at least (Jaccard).
    Jaccard(f64),
    /// Cosine similarity of the pairs of neighbouring letters, at least.
    Cosine(f64),
    /// E-mail addresses with the same name before the `@`.
    Email,
}

/// Names of tests, and whether each takes a number.
pub const TESTS: &[(&str, bool)] = &[
    ("exact", false),
    ("missing", false),
    ("known", false),
    ("jaro_winkler", true),
    ("edits", true),
    ("fold", false),
    ("squash", false),
    ("same_words", false),
    ("words_within", false),
    ("initials", false),
    ("shared_item", false),
    ("prefix", true),
    ("day_month", false),
    ("one_digit", false),
    ("two_parts", false),
    ("years", true),
    ("within", true),
    ("days", true),
    ("months", true),
    ("km", true),
    ("items", true),
    ("jaccard", true),
    ("cosine", true),
    ("email", false),
];

impl Test {
    /// The test of this name.
    pub fn named(name: &str, n: Option<f64>) -> Option<Test> {
        Some(match (name, n) {
            ("exact", None) => Test::Exact,
            ("missing", None) => Test::Missing,
            ("known", None) => Test::Known,
            ("jaro_winkler", Some(n)) if (0.0..=1.0).contains(&n) => Test::JaroWinkler(n),
            ("edits", Some(n)) if (0.0..=64.0).contains(&n) => Test::Edits(n as u32),
            ("fold", None) => Test::Fold,
            ("squash", None) => Test::Squash,
            ("same_words", None) => Test::SameWords,
            ("words_within", None) => Test::WordsWithin,
            ("initials", None) => Test::Initials,
            ("shared_item", None) => Test::SharedItem,
            ("prefix", Some(n)) if (1.0..=64.0).contains(&n) => Test::Prefix(n as u32),
            ("day_month", None) => Test::DayMonth,
            ("one_digit", None) => Test::OneDigit,
            ("two_parts", None) => Test::TwoParts,
            ("years", Some(n)) if (0.0..=200.0).contains(&n) => Test::Years(n as u32),
            ("within", Some(n)) if n >= 0.0 => Test::Within(n),
            ("days", Some(n)) if (0.0..=100_000.0).contains(&n) => Test::Days(n as u32),
            ("months", Some(n)) if (0.0..=3_000.0).contains(&n) => Test::Months(n as u32),
            ("km", Some(n)) if n >= 0.0 => Test::Kilometres(n),
            ("items", Some(n)) if (1.0..=64.0).contains(&n) => Test::Items(n as u32),
            ("jaccard", Some(n)) if (0.0..=1.0).contains(&n) => Test::Jaccard(n),
            ("cosine", Some(n)) if (0.0..=1.0).contains(&n) => Test::Cosine(n),
            ("email", None) => Test::Email,
            _ => return None,
        })
    }
}

/// One condition of a level; any of its tests is enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The column of the comparison, or the first two of them crosswise.
    pub of: Of,
    /// The tests.
    pub any: Vec<Test>,
}

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The so many-th column of the comparison.
    Column(usize),
    /// The first column of one with the second of the other, and the other way round.
    Crossed,
}

/// What one level of a comparison asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// As the model writes it.
    pub label: String,
    /// All must hold.
    pub all: Vec<Condition>,
}

/// A comparison ready to compare.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Its columns, as places in a record's row of values.
    places: Vec<usize>,
    /// What any level asks for, each once.
    conditions: Vec<Condition>,
    /// Which conditions each level needs, a bit each; the strongest level first.
    needs: Vec<u64>,
    /// Places where agreement on a rare value counts for more.
    counted: Vec<usize>,
    /// The comparison of the library it is.
    named: Option<Named>,
}

impl Comparison {
    /// From its columns' places, its levels (strongest first), and whether frequencies count, by column.
    pub fn new(
        places: Vec<usize>,
        levels: &[Level],
        frequency: &[bool],
        named: Option<Named>,
    ) -> Comparison {
        let mut conditions: Vec<Condition> = Vec::new();
        let needs = levels
            .iter()
            .map(|l| {
                l.all.iter().fold(0, |need, k| {
                    let at = conditions.iter().position(|c| c == k).unwrap_or_else(|| {
                        conditions.push(k.clone());
                        conditions.len() - 1
                    });
                    need | 1u64 << at
                })
            })
            .collect();
        let counts = places.iter().zip(frequency).filter(|(_, f)| **f);
        Comparison {
            counted: counts.map(|(&p, _)| p).collect(),
            named,
            places,
            conditions,
            needs,
        }
    }

    /// Number of levels, that of disagreement included.
    pub fn levels(&self) -> usize {
        self.needs.len() + 1
    }
}

/// What one thread keeps while it compares.
#[derive(Default)]
pub struct Scratch {
    positions: Positions,
    /// Similarity and edits of the columns of one comparison, once they are known.
    known: Vec<(f64, u32)>,
}

const UNKNOWN: (f64, u32) = (-1.0, u32::MAX);

/// Everything needed to compare two records.
#[derive(Debug, Clone, Default)]
pub struct Comparer {
    /// The comparisons.
    pub comparisons: Vec<Comparison>,
    /// The columns, by place.
    pub columns: Vec<Prepared>,
}

impl Comparer {
    /// Levels of all comparisons as one number: four bits each, the first comparison lowest. Symmetric.
    pub fn pattern(&self, a: &[u32], b: &[u32], scratch: &mut Scratch) -> u64 {
        self.comparisons
            .iter()
            .enumerate()
            .fold(0, |p, (c, comparison)| {
                p | u64::from(self.level(comparison, a, b, scratch)) << (4 * c)
            })
    }

    fn level(&self, c: &Comparison, a: &[u32], b: &[u32], scratch: &mut Scratch) -> u8 {
        if let Some(named) = c.named {
            let nothing = Read::default();
            let mut values = [(&nothing, MISSING, MISSING); 4];
            for (to, &p) in values.iter_mut().zip(&c.places) {
                *to = (&self.columns[p].read, a[p], b[p]);
            }
            let n = c.places.len().min(values.len());
            return named::level(named, &values[..n], &mut scratch.positions);
        }
        let mut missing = false;
        let mut present = false;
        for &p in &c.places {
            let both = a[p] != MISSING && b[p] != MISSING;
            missing |= !both;
            present |= both;
        }
        if !present && c.places.len() == 1 {
            return NO_EVIDENCE;
        }
        scratch.known.clear();
        scratch.known.resize(c.places.len(), UNKNOWN);
        let (mut asked, mut held) = (0u64, 0u64);
        for (i, &need) in c.needs.iter().enumerate() {
            let mut open = need & !asked;
            while open != 0 && need & asked & !held == 0 {
                let k = open.trailing_zeros() as usize;
                let holds = self.holds(c, &c.conditions[k], a, b, scratch);
                asked |= 1 << k;
                held |= u64::from(holds) << k;
                open &= open - 1;
            }
            if need & held == need {
                return (c.needs.len() - i) as u8 + DIFFERENT;
            }
        }
        if missing { NO_EVIDENCE } else { DIFFERENT }
    }

    fn holds(
        &self,
        c: &Comparison,
        k: &Condition,
        a: &[u32],
        b: &[u32],
        scratch: &mut Scratch,
    ) -> bool {
        match k.of {
            Of::Column(i) => {
                let p = c.places[i];
                k.any
                    .iter()
                    .any(|t| self.test(*t, (p, a[p]), (p, b[p]), Some(i), scratch))
            }
            Of::Crossed => {
                let (p, q) = (c.places[0], c.places[1]);
                // Two names that are each other's swap agree; two times the same name is no swap.
                let mut one = |x, y| k.any.iter().any(|t| self.test(*t, x, y, None, scratch));
                one((p, a[p]), (q, b[q])) && one((q, a[q]), (p, b[p]))
            }
        }
    }

    fn test(
        &self,
        t: Test,
        (p, x): (usize, u32),
        (q, y): (usize, u32),
        column: Option<usize>,
        scratch: &mut Scratch,
    ) -> bool {
        let both = x != MISSING && y != MISSING;
        if t == Test::Missing {
            return !both;
        }
        if !both {
            return false;
        }
        let same_column = p == q;
        if same_column && x == y {
            // A value agrees with itself at every level but those that ask for a certain error.
            return !matches!(t, Test::DayMonth);
        }
        let (cp, cq) = (&self.columns[p], &self.columns[q]);
        let texts = || (cp.terms.get(x), cq.terms.get(y));
        let signatures = || (cp.signatures[x as usize], cq.signatures[y as usize]);
        match t {
            Test::Missing => false,
            Test::Known => true,
            Test::Exact => !same_column && texts().0 == texts().1,
            Test::JaroWinkler(least) => {
                // Within a column several levels ask for the same similarity; below the lowest none wants to know it.
                let asked = if column.is_some() {
                    cp.least_similar
                } else {
                    least
                };
                let measure = |positions: &mut Positions| {
                    let (f, g) = signatures();
                    if f.most_similar(g) < asked {
                        return 0.0;
                    }
                    let (v, w) = texts();
                    jaro_winkler(v, w, positions)
                };
                match column {
                    Some(i) => {
                        if scratch.known[i].0 < 0.0 {
                            scratch.known[i].0 = measure(&mut scratch.positions);
                        }
                        scratch.known[i].0 >= least
                    }
                    None => measure(&mut scratch.positions) >= least,
                }
            }
            Test::Edits(most) => {
                let asked = if column.is_some() {
                    cp.most_edits
                } else {
                    most
                };
                let measure = |positions: &mut Positions| {
                    let (f, g) = signatures();
                    if f.least_edits(g) > asked {
                        return u32::MAX - 1;
                    }
                    let (v, w) = texts();
                    edits(v, w, positions)
                };
                match column {
                    Some(i) => {
                        if scratch.known[i].1 == u32::MAX {
                            scratch.known[i].1 = measure(&mut scratch.positions);
                        }
                        scratch.known[i].1 <= most
                    }
                    None => measure(&mut scratch.positions) <= most,
                }
            }
            Test::Fold if same_column => cp.folded[x as usize] == cp.folded[y as usize],
            Test::Fold => {
                let text = |v: &[u8]| fold(&String::from_utf8_lossy(v));
                text(texts().0) == text(texts().1)
            }
            Test::Squash if same_column => cp.squashed[x as usize] == cp.squashed[y as usize],
            Test::SameWords if same_column => cp.sorted[x as usize] == cp.sorted[y as usize],
            Test::WordsWithin if same_column => {
                let (s, l) = (&cp.words[x as usize], &cp.words[y as usize]);
                let within = |s: &[u32], l: &[u32]| s.iter().all(|w| l.contains(w));
                !s.is_empty() && !l.is_empty() && (within(s, l) || within(l, s))
            }
            Test::SharedItem if same_column => {
                let (s, l) = (&cp.items[x as usize], &cp.items[y as usize]);
                s.iter().any(|i| l.contains(i))
            }
            Test::Within(n) if same_column => {
                (cp.numbers[x as usize] - cp.numbers[y as usize]).abs() <= n
            }
            Test::Days(n) if same_column => {
                agree::days_apart(cp.dates[x as usize], cp.dates[y as usize])
                    .is_some_and(|days| days <= n)
            }
            Test::Months(n) if same_column => {
                agree::days_apart(cp.dates[x as usize], cp.dates[y as usize])
                    .is_some_and(|days| f64::from(days) <= f64::from(n) * agree::DAYS_A_MONTH)
            }
            Test::Kilometres(n) if same_column => {
                let (p, q) = (cp.points[x as usize], cp.points[y as usize]);
                p.zip(q).is_some_and(|(p, q)| agree::kilometres(p, q) <= n)
            }
            Test::Items(n) if same_column => {
                let (s, l) = (&cp.items[x as usize], &cp.items[y as usize]);
                // An item written twice is one.
                let shared: BTreeSet<_> = s.iter().filter(|i| l.contains(i)).collect();
                shared.len() >= n as usize
            }
            Test::Jaccard(least) if same_column => {
                agree::jaccard(&cp.words[x as usize], &cp.words[y as usize]) >= least
            }
            Test::Cosine(least) => agree::cosine(texts().0, texts().1) >= least,
            Test::Email => agree::same_mailbox(texts().0, texts().1),
            Test::Squash
            | Test::SameWords
            | Test::WordsWithin
            | Test::SharedItem
            | Test::Within(_)
            | Test::Days(_)
            | Test::Months(_)
            | Test::Kilometres(_)
            | Test::Items(_)
            | Test::Jaccard(_) => false,
            Test::Initials => initials(texts().0, texts().1),
            Test::Prefix(n) => {
                let n = n as usize;
                let (v, w) = texts();
                v.len() >= n && w.len() >= n && v[..n] == w[..n]
            }
            Test::DayMonth | Test::TwoParts if !same_column => false,
            Test::DayMonth => cp.dates[x as usize].day_month(cp.dates[y as usize]),
            Test::TwoParts => cp.dates[x as usize].two_parts(cp.dates[y as usize]),
            Test::OneDigit => one_digit(texts().0, texts().1),
            Test::Years(n) => match (year(texts().0), year(texts().1)) {
                (Some(d), Some(e)) => d.abs_diff(e) <= n,
                _ => false,
            },
        }
    }

    /// Bits that the rarity of agreeing values adds: `Σ log2(Σ f² / f)` over the columns that count frequencies and
    /// agree exactly, where the comparison agrees at all (Winkler 1989; Splink's term-frequency adjustment).
    pub fn rarity(&self, pattern: u64, a: &[u32], b: &[u32]) -> f32 {
        let mut bits = 0.0;
        for (c, comparison) in self.comparisons.iter().enumerate() {
            if (pattern >> (4 * c)) as u8 & 15 <= DIFFERENT {
                continue;
            }
            if let (Some(named), Some(&p)) = (comparison.named, comparison.places.first()) {
                bits += self.columns[p].read.rarity(named, a[p], b[p]);
            }
            for &p in &comparison.counted {
                if a[p] == b[p] && a[p] != MISSING {
                    bits += self.columns[p].bits[a[p] as usize];
                }
            }
        }
        bits
    }
}
