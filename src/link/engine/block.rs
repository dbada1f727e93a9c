//! Which pairs are compared: blocking rules, their union without duplicates, streamed block by block.

use super::table::Table;
use rayon::prelude::*;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// A part of a blocking key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The whole value.
    Whole(usize),
    /// Its first letters.
    Start(usize, usize),
    /// Its last letters.
    End(usize, usize),
    /// The digits of the value in ascending order: dates with parts exchanged meet.
    Sorted(usize),
    /// Two columns whichever way round.
    Pair(usize, usize),
    /// The words of the value in ascending order.
    Words(usize),
}

/// A blocking rule: rows that agree on all parts are compared.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// How it is called.
    pub name: String,
    /// Parts of the key; a row that misses one is not in any block of this rule.
    pub parts: Vec<Part>,
}

/// Most rules of a model: one bit each.
pub const MOST_RULES: usize = 32;

/// Rows arranged in blocks.
#[derive(Debug)]
pub struct Blocks {
    rules: usize,
    /// Block per row and rule (row-major); 0 is no block.
    block: Vec<u32>,
    /// Rows of each rule, block by block.
    rows: Vec<Vec<u32>>,
    /// Stretches of work: rule, first and last position of the block, positions that lead.
    units: Vec<Unit>,
    /// Blocks left out because they were too large: (rule, blocks, rows).
    pub too_large: Vec<(u32, u64, u64)>,
}

#[derive(Debug, Clone, Copy)]
struct Unit {
    rule: usize,
    from: usize,
    to: usize,
}

/// Pairs of one unit of work, roughly.
const UNIT_PAIRS: usize = 100_000;

fn key(table: &Table, rule: &Rule, row: u32) -> u64 {
    let mut hash = FxHasher::default();
    for part in &rule.parts {
        let value = |c: usize| table.columns[c].value(row);
        let (whole, missing) = match *part {
            Part::Whole(c) | Part::Start(c, _) | Part::End(c, _) | Part::Sorted(c) | Part::Words(c) => {
                (value(c), value(c).is_empty())
            }
            Part::Pair(c, d) => (value(c), value(c).is_empty() || value(d).is_empty()),
        };
        if missing {
            return 0;
        }
        match *part {
            Part::Whole(_) => hash.write(whole),
            Part::Start(_, n) if whole.len() >= n => hash.write(&whole[..n]),
            Part::End(_, n) if whole.len() >= n => hash.write(&whole[whole.len() - n..]),
            Part::Start(..) | Part::End(..) => return 0,
            Part::Sorted(_) => {
                let mut digits = whole.to_vec();
                digits.sort_unstable();
                hash.write(&digits);
            }
            Part::Pair(c, d) => {
                let (x, y) = (value(c), value(d));
                hash.write(x.min(y));
                hash.write_u8(0);
                hash.write(x.max(y));
            }
            Part::Words(_) => {
                let mut words: Vec<&[u8]> = whole.split(|&b| b == b' ').collect();
                words.sort_unstable();
                words.iter().for_each(|w| hash.write(w));
            }
        }
        hash.write_u8(0xff);
    }
    hash.finish().max(1)
}

impl Blocks {
    /// Arranges the rows; blocks of more than `largest` rows are left out and counted.
    pub fn new(table: &Table, rules: &[Rule], largest: usize) -> Blocks {
        let n = table.len();
        let arranged: Vec<(Vec<u32>, Vec<(usize, usize)>, u64, u64)> = rules
            .par_iter()
            .map(|rule| arrange(table, rule, largest))
            .collect();
        let mut out = Blocks {
            rules: rules.len(),
            block: vec![0; n * rules.len()],
            rows: Vec::new(),
            units: Vec::new(),
            too_large: Vec::new(),
        };
        for (r, (rows, groups, blocks, left)) in arranged.into_iter().enumerate() {
            let mut unit = Unit { rule: r, from: 0, to: 0 };
            let mut pairs = 0;
            for (g, &(from, to)) in groups.iter().enumerate() {
                for &row in &rows[from..to] {
                    out.block[row as usize * rules.len() + r] = g as u32 + 1;
                }
                let size = to - from;
                pairs += size * (size - 1) / 2;
                unit.to = to;
                if pairs >= UNIT_PAIRS {
                    out.units.push(unit);
                    unit.from = to;
                    pairs = 0;
                }
            }
            if unit.to > unit.from {
                out.units.push(unit);
            }
            if blocks > 0 {
                out.too_large.push((r as u32, blocks, left));
            }
            out.rows.push(rows);
        }
        out
    }

    /// Rules two rows meet under, one bit each; 0 when they are never compared.
    pub fn mask(&self, a: u32, b: u32) -> u32 {
        let r = self.rules;
        let (x, y) = (&self.block[a as usize * r..][..r], &self.block[b as usize * r..][..r]);
        let mut mask = 0;
        for (i, (p, q)) in x.iter().zip(y).enumerate() {
            mask |= u32::from(p == q && *p != 0) << i;
        }
        mask
    }

    /// Units of work, in order.
    pub fn units(&self) -> usize {
        self.units.len()
    }

    /// Calls `f` with every pair (a < b, rules it meets under) that this unit is the first to bring. Pairs of one
    /// list are left out unless `within`.
    pub fn pairs(&self, unit: usize, table: &Table, within: bool, f: &mut dyn FnMut(u32, u32, u32)) {
        let u = self.units[unit];
        let rows = &self.rows[u.rule][u.from..u.to];
        let id = |row: u32| self.block[row as usize * self.rules + u.rule];
        for block in rows.chunk_by(|&a, &b| id(a) == id(b)) {
            for (i, &a) in block.iter().enumerate() {
                for &b in &block[i + 1..] {
                    if !within && table.list[a as usize] == table.list[b as usize] {
                        continue;
                    }
                    let mask = self.mask(a, b);
                    if mask.trailing_zeros() as usize == u.rule {
                        f(a, b, mask);
                    }
                }
            }
        }
    }

    /// Upper bound of the number of pairs.
    pub fn most_pairs(&self) -> u64 {
        (self.rows.iter().enumerate())
            .map(|(r, rows)| {
                rows.chunk_by(|&a, &b| {
                    self.block[a as usize * self.rules + r] == self.block[b as usize * self.rules + r]
                })
                .map(|g| (g.len() * (g.len() - 1) / 2) as u64)
                .sum::<u64>()
            })
            .sum()
    }
}

/// Rows of a rule block by block (rows ascending inside), the blocks, and what was left out.
fn arrange(table: &Table, rule: &Rule, largest: usize) -> (Vec<u32>, Vec<(usize, usize)>, u64, u64) {
    let mut keyed: Vec<(u64, u32)> = (0..table.len() as u32)
        .map(|row| (key(table, rule, row), row))
        .filter(|(k, _)| *k != 0)
        .collect();
    keyed.par_sort_unstable();
    let (mut rows, mut groups) = (Vec::new(), Vec::new());
    let (mut blocks, mut left) = (0, 0);
    for block in keyed.chunk_by(|a, b| a.0 == b.0) {
        if block.len() < 2 {
            continue;
        }
        if block.len() > largest {
            blocks += 1;
            left += block.len() as u64;
            continue;
        }
        let from = rows.len();
        rows.extend(block.iter().map(|(_, row)| *row));
        groups.push((from, rows.len()));
    }
    (rows, groups, blocks, left)
}
