//! The blocks of one blocking rule: records that agree in what the rule asks for.

use super::column::{MISSING, mix};
use rayon::prelude::*;

/// One rule's blocks.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Records, block by block, ascending within a block.
    records: Vec<u32>,
    /// Where each block begins; one more at the end.
    starts: Vec<u32>,
    /// Blocks passed over because they are too large, and the pairs in them.
    pub(super) passed_over: (u64, u64),
}

impl Default for Rule {
    fn default() -> Self {
        Rule {
            records: Vec::new(),
            starts: vec![0],
            passed_over: (0, 0),
        }
    }
}

impl Rule {
    /// The blocks of records under a value: `sorted` are values and records in their order. `largest` 0 is no limit.
    pub fn of<V: PartialEq>(sorted: &[(V, u32)], largest: usize) -> Rule {
        let mut out = Rule::default();
        for block in sorted.chunk_by(|a, b| a.0 == b.0) {
            if largest > 0 && block.len() > largest {
                let n = block.len() as u64;
                let (blocks, pairs) = out.passed_over;
                out.passed_over = (blocks + 1, pairs + n * (n - 1) / 2);
            } else {
                out.push(block.iter().map(|(_, i)| *i));
            }
        }
        out
    }

    /// The blocks by the columns of values that must agree; a record with a missing one is in no block.
    pub(super) fn by(columns: &[&[u32]], records: usize, largest: usize) -> Rule {
        // One value needs no hash and half the room.
        if let [values] = columns {
            let known = values.par_iter().zip(0..records as u32);
            let mut keyed: Vec<(u32, u32)> = known
                .filter(|(v, _)| **v != MISSING)
                .map(|(v, i)| (*v, i))
                .collect();
            keyed.par_sort_unstable();
            return Rule::of(&keyed, largest);
        }
        let value = |i: u32| {
            let mut values = columns.iter().map(|c| c[i as usize]);
            let hash = values.try_fold(0u64, |h, id| {
                (id != MISSING).then(|| mix(h.rotate_left(31) ^ u64::from(id)))
            });
            hash.map(|h| (h, i))
        };
        let mut keyed: Vec<(u64, u32)> = (0..records as u32)
            .into_par_iter()
            .filter_map(value)
            .collect();
        keyed.par_sort_unstable();
        Rule::of(&keyed, largest)
    }

    /// Adds a block, its records ascending; one alone makes no pair.
    pub fn push(&mut self, block: impl ExactSizeIterator<Item = u32>) {
        if block.len() > 1 {
            self.records.extend(block);
            self.starts.push(self.records.len() as u32);
        }
    }

    /// Pairs in its blocks.
    pub fn pairs(&self) -> u64 {
        let sizes = self.starts.windows(2).map(|w| u64::from(w[1] - w[0]));
        sizes.map(|n| n * (n - 1) / 2).sum()
    }

    /// How many blocks.
    pub(super) fn len(&self) -> u32 {
        (self.starts.len() - 1) as u32
    }

    /// The records of a block.
    pub(super) fn block(&self, b: u32) -> &[u32] {
        let at = |k: u32| self.starts[k as usize] as usize;
        &self.records[at(b)..at(b + 1)]
    }

    pub(super) fn blocks(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|b| self.block(b))
    }
}
