//! What headers offices write for each field (docs/definitions.md 1, and what abbreviation makes of them).

mod texts;

use super::header_words::{PEOPLE, Word, words};
use crate::domain::{Field, normal};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use texts::WORDS;

/// One spelling for words that offices abbreviate at will.
pub fn canonical(normal: &str) -> String {
    let words = normal.split(' ').map(|w| match w {
        "tgl" | "tggl" => "tanggal",
        "jml" | "jmlh" | "jlh" => "jumlah",
        "nomor" | "nomer" | "nmr" => "no",
        "jns" => "jenis",
        "klmn" => "kelamin",
        w => w,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Every entry with its fields, in alphabetical order.
pub fn index() -> &'static BTreeMap<String, Vec<Field>> {
    static INDEX: OnceLock<BTreeMap<String, Vec<Field>>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut map: BTreeMap<String, Vec<Field>> = BTreeMap::new();
        for (field, words) in WORDS {
            for w in words.split('|') {
                let fields = map.entry(canonical(w)).or_default();
                if !fields.contains(field) {
                    fields.push(*field);
                }
            }
        }
        map
    })
}

/// Every header text, and every word for those a list is about.
pub fn headers() -> impl Iterator<Item = &'static str> {
    let texts = index().keys().map(AsRef::<str>::as_ref);
    texts.chain(PEOPLE.iter().copied())
}

/// Words of a header in alphabetical order, each once: a header of two rows reads `Pengeluaran / Jenis`.
pub fn sorted(n: &str) -> String {
    let mut words: Vec<&str> = n.split(' ').collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// The entries of several words by their words in alphabetical order.
pub fn sorted_index() -> &'static FxHashMap<String, Vec<Field>> {
    static INDEX: OnceLock<FxHashMap<String, Vec<Field>>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut map: FxHashMap<String, Vec<Field>> = FxHashMap::default();
        for (w, fields) in index().iter().filter(|(w, _)| w.contains(' ')) {
            let at = map.entry(sorted(w)).or_default();
            for f in fields {
                if !at.contains(f) {
                    at.push(*f);
                }
            }
        }
        map
    })
}

/// An entry as its words, with their weights and the sum of these.
pub struct Entry {
    /// Its words.
    pub words: Vec<(Word, f32)>,
    /// Sum of their weights.
    pub weight: f32,
    /// What it can mean.
    pub fields: Vec<Field>,
}

/// The dictionary word by word: what each word weighs, and in which entries it or its root stands.
pub struct Lexicon {
    /// Every entry.
    pub entries: Vec<Entry>,
    /// Weight of a word by its text.
    weights: FxHashMap<String, f32>,
    /// Numbers of entries by root.
    by_stem: FxHashMap<String, Vec<u32>>,
    /// Every word once, in alphabetical order, by first letter.
    by_letter: BTreeMap<u8, Vec<Word>>,
}

impl Lexicon {
    /// The weight of a word: the fewer fields it stands for, the more it says; a word nobody knows says something.
    pub fn weight(&self, w: &Word) -> f32 {
        if PEOPLE.contains(&w.text.as_str()) {
            return 0.25;
        }
        self.weights.get(&w.text).copied().unwrap_or(UNKNOWN)
    }

    /// Whether a word or its root stands in any entry.
    pub fn knows(&self, w: &Word) -> bool {
        self.by_stem.contains_key(&w.stem)
    }

    /// Numbers of the entries that hold a word or its root.
    pub fn with(&self, w: &Word) -> &[u32] {
        self.by_stem.get(&w.stem).map_or(&[], Vec::as_slice)
    }

    /// The words that begin with the same letter.
    pub fn beside(&self, w: &Word) -> &[Word] {
        let first = w.text.as_bytes().first().copied().unwrap_or_default();
        self.by_letter.get(&first).map_or(&[], Vec::as_slice)
    }
}

/// Weight of a word that no entry holds: the noun a header begins with, and what is said of it behind.
pub const UNKNOWN_HEAD: f32 = 2.4;
pub const UNKNOWN: f32 = 1.1;

/// The lexicon of all entries.
pub fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let split: Vec<(Vec<Word>, &Vec<Field>)> =
            index().iter().map(|(t, f)| (words(t), f)).collect();
        let mut fields_of: BTreeMap<&str, Vec<Field>> = BTreeMap::new();
        for (words, fields) in &split {
            for w in words {
                let known = fields_of.entry(&w.text).or_default();
                known.extend(
                    fields
                        .iter()
                        .filter(|f| !known.contains(f))
                        .collect::<Vec<_>>(),
                );
            }
        }
        let most = WORDS.len() as f32;
        let weights: FxHashMap<String, f32> = fields_of
            .iter()
            .map(|(w, f)| ((*w).to_owned(), (most / f.len() as f32).ln().max(0.6)))
            .collect();
        let mut out = Lexicon {
            entries: Vec::with_capacity(split.len()),
            weights,
            by_stem: FxHashMap::default(),
            by_letter: BTreeMap::new(),
        };
        for (words, fields) in split {
            if words.is_empty() {
                continue;
            }
            let number = out.entries.len() as u32;
            let words: Vec<(Word, f32)> = words
                .into_iter()
                // In an entry it matters whose a number is: `no klien`.
                .map(|w| (w.clone(), out.weight(&w).max(1.2)))
                .collect();
            for (w, _) in &words {
                let at = out.by_stem.entry(w.stem.clone()).or_default();
                if at.last() != Some(&number) {
                    at.push(number);
                }
                let Some(first) = w.text.as_bytes().first() else {
                    continue;
                };
                let beside = out.by_letter.entry(*first).or_default();
                if !beside.contains(w) {
                    beside.push(w.clone());
                }
            }
            out.entries.push(Entry {
                weight: words.iter().map(|(_, w)| w).sum(),
                words,
                fields: fields.clone(),
            });
        }
        out
    })
}

/// Headers by which a field is known, the most usual first.
pub fn headers_of(field: Field, most: usize) -> Vec<&'static str> {
    let words = WORDS
        .iter()
        .filter(|(f, _)| *f == field)
        .flat_map(|(_, words)| words.split('|'));
    words.take(most).collect()
}

/// Texts less alike than this say nothing of each other.
const ALIKE: f64 = 0.84;

/// Fields nearest to a header that was not recognised, for an analyst to choose from.
pub fn nearest(header: &str, most: usize) -> Vec<Field> {
    let mut found: Vec<Field> = super::recognise::candidates(header)
        .into_iter()
        .map(|(f, _)| f)
        .collect();
    let n = normal(header);
    let mut all: Vec<(f64, Field)> = WORDS
        .iter()
        .map(|(f, words)| {
            (
                words
                    .split('|')
                    .map(|w| strsim::jaro_winkler(w, &n))
                    .fold(0.0, f64::max),
                *f,
            )
        })
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, f) in all.into_iter().filter(|(like, _)| *like >= ALIKE) {
        if !found.contains(&f) {
            found.push(f);
        }
    }
    found.truncate(most);
    found
}
