//! Columns of lists as numbers: every distinct value once, a record holds the number of its value.
//!
//! Whatever can be known of a value alone (its folded spelling, the letters it holds, how frequent it is) is worked out
//! once per distinct value here and never again per pair. Knows nothing of pairs or weights.

use crate::clean::text::{is_placeholder, tidy};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};
use unicode_normalization::UnicodeNormalization;

/// The number of "no value".
pub const MISSING: u32 = 0;

/// Distinct texts, numbered; number 0 is the missing value.
#[derive(Debug, Clone)]
pub struct Terms {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Default for Terms {
    fn default() -> Self {
        Terms {
            bytes: Vec::new(),
            ends: vec![0],
        }
    }
}

impl Terms {
    /// How many, the missing value included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    /// The text of a number.
    #[inline]
    pub fn get(&self, id: u32) -> &[u8] {
        let i = id as usize;
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.bytes[start as usize..self.ends[i] as usize]
    }
    fn push(&mut self, text: &[u8]) -> u32 {
        self.bytes.extend_from_slice(text);
        // Four thousand million bytes of distinct values are beyond what any list here holds; what would not fit is
        // held for missing rather than for something else.
        match u32::try_from(self.bytes.len()) {
            Ok(end) => {
                self.ends.push(end);
                (self.ends.len() - 1) as u32
            }
            Err(_) => {
                self.bytes.truncate(self.bytes.len() - text.len());
                MISSING
            }
        }
    }
}

/// Numbers texts as they come.
#[derive(Debug, Default)]
pub struct Interner {
    terms: Terms,
    /// Hash of a text → its number; the few texts that share a hash are told apart by their bytes.
    index: FxHashMap<u64, u32>,
    clashes: FxHashMap<Vec<u8>, u32>,
}

/// A hash that is the same in every run.
pub fn hash(bytes: &[u8]) -> u64 {
    let mut h = BuildHasherDefault::<rustc_hash::FxHasher>::default().build_hasher();
    h.write(bytes);
    mix(h.finish() ^ (bytes.len() as u64) << 56)
}

/// Spreads the bits of a number (the finisher of SplitMix64).
pub fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Interner {
    /// The number of a text.
    pub fn number(&mut self, text: &[u8]) -> u32 {
        if text.is_empty() {
            return MISSING;
        }
        let h = hash(text);
        match self.index.get(&h) {
            Some(&id) if self.terms.get(id) == text => id,
            Some(_) => match self.clashes.get(text) {
                Some(&id) => id,
                None => {
                    let id = self.terms.push(text);
                    self.clashes.insert(text.to_vec(), id);
                    id
                }
            },
            None => {
                let id = self.terms.push(text);
                if id != MISSING {
                    self.index.insert(h, id);
                }
                id
            }
        }
    }
    /// The text of a number it gave.
    pub fn text(&self, id: u32) -> &[u8] {
        self.terms.get(id)
    }
    /// A number for a text without looking whether it has one.
    pub fn add(&mut self, text: &[u8]) -> u32 {
        if text.is_empty() {
            return MISSING;
        }
        self.terms.push(text)
    }
    /// All texts so far.
    pub fn finish(self) -> Terms {
        self.terms
    }
}

/// One value per record.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Number of the value of each record.
    pub ids: Vec<u32>,
    /// The values.
    pub terms: Terms,
}

/// UTF-8 where it is, else Windows-1252.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(s) => s.into(),
        Err(_) => {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
        }
    }
}

impl Column {
    /// The value of a record as text.
    pub fn text(&self, record: u32) -> Cow<'_, str> {
        text(self.terms.get(self.ids[record as usize]))
    }

    /// The column with every distinct value changed.
    pub fn map(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Column {
        let mut interner = Interner::default();
        let new: Vec<u32> = (0..self.terms.len() as u32)
            .map(|id| {
                if id == MISSING {
                    MISSING
                } else {
                    interner.number(&change(self.terms.get(id)))
                }
            })
            .collect();
        Column {
            ids: self.ids.iter().map(|&id| new[id as usize]).collect(),
            terms: interner.finish(),
        }
    }

    /// Two columns side by side with a blank between; what is missing in one is left out.
    pub fn beside(&self, other: &Column) -> Column {
        let mut interner = Interner::default();
        let mut known: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        let ids = self
            .ids
            .iter()
            .zip(&other.ids)
            .map(|(&a, &b)| {
                *known.entry((a, b)).or_insert_with(|| {
                    let (x, y) = (self.terms.get(a), other.terms.get(b));
                    let mut text = x.to_vec();
                    if !x.is_empty() && !y.is_empty() {
                        text.push(b' ');
                    }
                    text.extend_from_slice(y);
                    interner.number(&text)
                })
            })
            .collect();
        Column {
            ids,
            terms: interner.finish(),
        }
    }

    /// Share of each value among the records that have one.
    pub fn shares(&self) -> Vec<f64> {
        let mut counts = vec![0u32; self.terms.len()];
        for &id in &self.ids {
            counts[id as usize] += 1;
        }
        let known = (self.ids.len() as f64 - f64::from(counts[0])).max(1.0);
        counts.iter().map(|&c| f64::from(c) / known).collect()
    }
}

/// A cell as it is compared: lower case, single blanks, accents gone, one byte a character; empty when the cell says
/// that nothing is known (`-`, `nihil`, `n/a` …).
///
/// Characters beyond ASCII that have no plain form become one byte each above 127: alike where they are equal.
pub fn plain(cell: &str) -> Vec<u8> {
    let simple = cell
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if simple && cell.len() > 4 {
        return cell.as_bytes().to_vec();
    }
    if is_placeholder(cell) || cell.trim().eq_ignore_ascii_case("nan") {
        return Vec::new();
    }
    let t = tidy(cell);
    if t.is_ascii() {
        return t.to_ascii_lowercase().into_bytes();
    }
    t.nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| {
            if c.is_ascii() {
                c as u8
            } else {
                (c as u32 as u8) | 0x80
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_plain_and_placeholders_missing() {
        assert_eq!(plain("  José   PATTY "), b"jose patty");
        assert_eq!(plain("Ambon"), b"ambon");
        for nothing in ["", " - ", "Nihil", "n/a", "NaN", "nan"] {
            assert!(plain(nothing).is_empty(), "{nothing}");
        }
        assert_eq!(plain("Шевченко").len(), 8);
    }

    #[test]
    fn a_value_has_one_number_and_the_missing_one_is_zero() {
        let mut i = Interner::default();
        let ids: Vec<u32> = ["a", "", "b", "a"]
            .iter()
            .map(|t| i.number(t.as_bytes()))
            .collect();
        assert_eq!(ids, [1, 0, 2, 1]);
        let c = Column {
            ids,
            terms: i.finish(),
        };
        assert_eq!(c.shares(), [1.0 / 3.0, 2.0 / 3.0, 1.0 / 3.0]);
        let twice = c.beside(&c);
        assert_eq!(twice.terms.get(twice.ids[0]), b"a a");
        assert_eq!(twice.ids[1], MISSING);
        let same = c.map(|_| b"z".to_vec());
        assert_eq!(same.ids, [1, 0, 1, 1]);
    }
}
