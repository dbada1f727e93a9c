//! Graded comparisons: a list of levels, best first, each a conjunction of tests on a pair of rows.

use super::similar;
use super::table::Table;

/// One test on a pair of rows. A column is an index into the table. Every test is symmetric in the two rows and
/// false when a value it needs is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Test {
    /// The same value.
    Same(usize),
    /// Jaro–Winkler similarity at least this.
    Like(usize, f64),
    /// At most this many letters inserted, left out, changed or exchanged with a neighbour.
    Edit(usize, usize),
    /// The values of two columns stand the other way round.
    Swapped(usize, usize),
    /// The same, each with at least this similarity.
    LikeSwapped(usize, usize, f64),
    /// One row's value of the first column is like the other's value of the second (or of the first).
    Cross(usize, usize, f64),
    /// The same words in another order.
    Words(usize),
    /// Words of one stand in the other in full or as initials.
    Initials(usize),
    /// As many words, each equal or an initial of the other.
    InitialsEach(usize),
    /// A word in common.
    ShareWord(usize),
    /// The first letters are the same.
    Start(usize, usize),
    /// One value begins with the other.
    Begins(usize),
    /// A complete date, the same.
    Day(usize),
    /// Day and month of a date exchanged.
    DayMonthSwapped(usize),
    /// At least this many of year, month and day agree.
    DateParts(usize, usize),
    /// The same year.
    Year(usize),
    /// Dates at most this many days apart.
    WithinDays(usize, f64),
    /// Numbers at most this far apart.
    Within(usize, f64),
    /// At least one of the two values is missing.
    Missing(usize),
}

/// A level: all tests hold.
#[derive(Debug, Clone, Default)]
pub struct Level {
    /// How it is called.
    pub label: String,
    /// What must hold.
    pub tests: Vec<Test>,
}

/// A comparison: its levels from the best downwards; below them stands "different", and a pair in which no column
/// of the comparison has both values is no evidence at all.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Name.
    pub name: String,
    /// Levels, best first.
    pub levels: Vec<Level>,
    /// Columns that make it evidence: with none of them on both sides it is missing.
    pub columns: Vec<usize>,
    /// Columns that must all be there on both sides.
    pub needs: Vec<usize>,
}

/// Most comparisons of a model: four bits each in one pattern.
pub const MOST_COMPARISONS: usize = 16;
/// Most levels of a comparison beside "missing" and "different".
pub const MOST_LEVELS: usize = 14;

/// Levels of all comparisons of a pair, four bits each: 0 missing, 1 different, then upwards to the best.
pub type Pattern = u64;

/// Level of one comparison in a pattern.
pub fn level(pattern: Pattern, comparison: usize) -> usize {
    (pattern >> (4 * comparison) & 15) as usize
}

/// Similarities of one pair, computed at most once per column.
#[derive(Debug)]
pub struct Memo {
    like: Vec<f32>,
}

impl Memo {
    /// For a table of so many columns.
    pub fn new(columns: usize) -> Memo {
        Memo { like: vec![-1.0; columns] }
    }
}

/// The levels two rows agree on.
pub fn pattern(table: &Table, comparisons: &[Comparison], a: u32, b: u32, memo: &mut Memo) -> Pattern {
    memo.like.fill(-1.0);
    let mut pair = Pair { table, a, b, memo };
    let mut out = 0;
    for (i, c) in comparisons.iter().enumerate() {
        out |= (pair.level(c) as u64) << (4 * i);
    }
    out
}

struct Pair<'t, 'm> {
    table: &'t Table,
    a: u32,
    b: u32,
    memo: &'m mut Memo,
}

impl Pair<'_, '_> {
    fn level(&mut self, c: &Comparison) -> usize {
        let both = |&i: &usize| {
            let ids = &self.table.columns[i].ids;
            ids[self.a as usize] != 0 && ids[self.b as usize] != 0
        };
        if !c.columns.iter().any(both) || !c.needs.iter().all(both) {
            return 0;
        }
        for (i, level) in c.levels.iter().enumerate() {
            if level.tests.iter().all(|t| self.holds(*t)) {
                return c.levels.len() - i + 1;
            }
        }
        1
    }

    fn ids(&self, c: usize) -> (u32, u32) {
        let ids = &self.table.columns[c].ids;
        (ids[self.a as usize], ids[self.b as usize])
    }

    fn terms(&self, c: usize) -> Option<(&[u8], &[u8])> {
        let (a, b) = self.ids(c);
        let column = &self.table.columns[c];
        (a != 0 && b != 0).then(|| (column.term(a), column.term(b)))
    }

    fn like(&mut self, c: usize) -> f64 {
        let (a, b) = self.ids(c);
        if a == 0 || b == 0 {
            return 0.0;
        }
        if a == b {
            return 1.0;
        }
        if self.memo.like[c] < 0.0 {
            let column = &self.table.columns[c];
            self.memo.like[c] = similar::jaro_winkler(column.term(a), column.term(b)) as f32;
        }
        f64::from(self.memo.like[c])
    }

    /// Similarity of one row's column with the other row's other column.
    fn across(&self, c: usize, d: usize, turned: bool) -> f64 {
        let (row, other) = if turned { (self.b, self.a) } else { (self.a, self.b) };
        let x = self.table.columns[c].value(row);
        let y = self.table.columns[d].value(other);
        if x.is_empty() || y.is_empty() { 0.0 } else { similar::jaro_winkler(x, y) }
    }

    fn holds(&mut self, test: Test) -> bool {
        let text = |c: usize, f: fn(&[u8], &[u8]) -> bool| self.terms(c).is_some_and(|(x, y)| f(x, y));
        match test {
            Test::Same(c) => {
                let (a, b) = self.ids(c);
                a == b && a != 0
            }
            Test::Missing(c) => {
                let (a, b) = self.ids(c);
                a == 0 || b == 0
            }
            Test::Like(c, least) => self.like(c) >= least as f32 as f64,
            Test::Edit(c, k) => self.terms(c).is_some_and(|(x, y)| similar::within_edits(x, y, k)),
            Test::Swapped(c, d) => {
                let value = |c: usize, r: u32| self.table.columns[c].value(r);
                let (p, q) = (value(c, self.a), value(d, self.a));
                !p.is_empty() && !q.is_empty() && p == value(d, self.b) && q == value(c, self.b)
            }
            Test::LikeSwapped(c, d, least) => {
                self.across(c, d, false) >= least && self.across(c, d, true) >= least
            }
            Test::Cross(c, d, least) => {
                self.across(c, d, false) >= least
                    || self.across(c, d, true) >= least
                    || self.like(c) >= least
            }
            Test::Words(c) => text(c, similar::same_words),
            Test::Initials(c) => text(c, similar::initials),
            Test::InitialsEach(c) => text(c, similar::initials_each),
            Test::ShareWord(c) => text(c, similar::share_word),
            Test::Start(c, n) => {
                self.terms(c).is_some_and(|(x, y)| x.len() >= n && y.len() >= n && x[..n] == y[..n])
            }
            Test::Begins(c) => text(c, |x, y| x.starts_with(y) || y.starts_with(x)),
            Test::Day(c) => text(c, |x, y| x.len() == 8 && x == y),
            Test::DayMonthSwapped(c) => text(c, similar::day_month_swapped),
            Test::DateParts(c, k) => {
                self.terms(c).is_some_and(|(x, y)| similar::date_parts(x, y) >= k)
            }
            Test::Year(c) => text(c, |x, y| x.len() >= 4 && y.len() >= 4 && x[..4] == y[..4]),
            Test::WithinDays(c, d) | Test::Within(c, d) => {
                let dates = matches!(test, Test::WithinDays(..));
                self.terms(c)
                    .and_then(|(x, y)| similar::distance(x, y, dates))
                    .is_some_and(|v| v <= d)
            }
        }
    }
}

impl Test {
    /// The column a missing value of which makes the test false (`None`: it asks for a missing value).
    pub fn evidence(self) -> Option<usize> {
        match self {
            Test::Missing(_) => None,
            Test::Same(c)
            | Test::Like(c, _)
            | Test::Edit(c, _)
            | Test::Swapped(c, _)
            | Test::LikeSwapped(c, _, _)
            | Test::Cross(c, _, _)
            | Test::Words(c)
            | Test::Initials(c)
            | Test::InitialsEach(c)
            | Test::ShareWord(c)
            | Test::Start(c, _)
            | Test::Begins(c)
            | Test::Day(c)
            | Test::DayMonthSwapped(c)
            | Test::DateParts(c, _)
            | Test::Year(c)
            | Test::WithinDays(c, _)
            | Test::Within(c, _) => Some(c),
        }
    }
}
