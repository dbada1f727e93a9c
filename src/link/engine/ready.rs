//! The records of lists, in order of their content and ready to compare.

use super::blocking::Blocking;
use super::column::{Column, hash, mix};
use super::expression::Expression;
use super::level::{self, Comparer, Comparison, Test};
use super::list::Lists;
use super::model::Model;
use super::named::{As, read_as};
use super::prepared::Prepared;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Records in order of their content, ready to compare.
pub(super) struct Ready {
    /// Place in [`Lists`] of each record.
    pub(super) place: Vec<u32>,
    pub(super) list: Vec<u16>,
    /// Values of the compared columns, record by record.
    pub(super) rows: Vec<u32>,
    pub(super) width: usize,
    pub(super) comparer: Comparer,
    pub(super) blocking: Blocking,
    pub(super) never_differ: Vec<Vec<u32>>,
    /// Who each record is about in truth, where that is known.
    pub(super) label: Option<Vec<u32>>,
    pub(super) possible: f64,
    pub(super) between: bool,
}

/// Puts the records of lists into order and works out all that a model asks of their values.
pub(super) fn prepare(lists: &Lists, model: &Model) -> Ready {
    let n = lists.records();
    let between = (model.one_to_one || model.only_between) && lists.files.len() > 1;
    let place = in_order(lists);
    let list: Vec<u16> = place.iter().map(|&i| lists.list[i as usize]).collect();
    let mut made: FxHashMap<&Expression, usize> = FxHashMap::default();
    let mut columns: Vec<Column> = Vec::new();
    let mut wanted: Vec<&Expression> = Vec::new();
    let compared = model.comparisons.iter().flat_map(|c| &c.columns);
    let blocked = model.blocks.iter().flat_map(|b| &b.on);
    for e in compared.chain(blocked).chain(&model.never_differ) {
        if !made.contains_key(e) {
            made.insert(e, wanted.len());
            wanted.push(e);
        }
    }
    wanted
        .par_iter()
        .map(|e| {
            let mut c = e.values(&|name| lists.columns.get(name).cloned().unwrap_or_default());
            c.ids = place.iter().map(|&i| c.ids[i as usize]).collect();
            c
        })
        .collect_into_vec(&mut columns);
    let of = |e: &Expression| made.get(e).copied().unwrap_or(0);

    // Places in a record's row: one per column that any comparison reads.
    let mut places: Vec<usize> = Vec::new();
    let mut tests: Vec<Vec<Test>> = Vec::new();
    let mut counts: Vec<bool> = Vec::new();
    let mut library: Vec<Vec<As>> = Vec::new();
    let comparisons = model
        .comparisons
        .iter()
        .map(|c| {
            let at: Vec<usize> = c
                .columns
                .iter()
                .map(|e| {
                    places.iter().position(|&p| p == of(e)).unwrap_or_else(|| {
                        places.push(of(e));
                        tests.push(Vec::new());
                        counts.push(false);
                        library.push(Vec::new());
                        places.len() - 1
                    })
                })
                .collect();
            for k in c.levels.iter().flat_map(|l| &l.all) {
                match k.of {
                    level::Of::Column(i) => tests[at[i]].extend(&k.any),
                    level::Of::Crossed => {
                        at.iter().take(2).for_each(|&p| tests[p].extend(&k.any));
                    }
                }
            }
            for (&p, &f) in at.iter().zip(&c.frequency) {
                counts[p] |= f;
            }
            if let Some(named) = c.named {
                for (k, &p) in at.iter().enumerate() {
                    let what = read_as(named, k);
                    if !library[p].contains(&what) {
                        library[p].push(what);
                    }
                }
            }
            Comparison::new(at, &c.levels, &c.frequency, c.named)
        })
        .collect();
    let prepared = places
        .par_iter()
        .zip(&tests)
        .zip(&library)
        .zip(&counts)
        .map(|(((&c, tests), library), &f)| Prepared::of(&columns[c], tests, library, f))
        .collect();
    let width = places.len();
    let mut rows = vec![0u32; n * width];
    for (k, &c) in places.iter().enumerate() {
        for (i, &id) in columns[c].ids.iter().enumerate() {
            rows[i * width + k] = id;
        }
    }
    let next_list: Option<Vec<u32>> = between.then(|| {
        list.iter()
            .map(|&l| list.partition_point(|&m| m <= l) as u32)
            .collect()
    });
    let keys: Vec<Vec<&[u32]>> = model
        .blocks
        .iter()
        .map(|b| b.on.iter().map(|e| columns[of(e)].ids.as_slice()).collect())
        .collect();
    let total = n as f64;
    let mut possible = total * (total - 1.0) / 2.0;
    if between {
        for l in 0..lists.files.len() {
            let m = list.iter().filter(|&&k| usize::from(k) == l).count() as f64;
            possible -= m * (m - 1.0) / 2.0;
        }
    }
    Ready {
        blocking: Blocking::of(&keys, n, model.largest_block, next_list),
        never_differ: model
            .never_differ
            .iter()
            .map(|e| by_digits(&columns[of(e)]))
            .collect(),
        label: (lists.label.as_ref()).map(|c| place.iter().map(|&i| c.ids[i as usize]).collect()),
        place,
        list,
        rows,
        width,
        comparer: Comparer {
            comparisons,
            columns: prepared,
        },
        possible,
        between,
    }
}

/// Values by what must not differ: of a number its digits alone, and nothing of one that a spreadsheet has shortened.
fn by_digits(column: &Column) -> Vec<u32> {
    let numbers = column.map(|v| {
        let digits = v.iter().filter(|b| b.is_ascii_digit()).count();
        let letters = v.iter().filter(|b| b.is_ascii_alphabetic()).count();
        let shortened = v.windows(2).any(|w| w == b"e+");
        let kept = |keep: fn(&u8) -> bool| v.iter().copied().filter(keep).collect();
        match () {
            () if shortened && letters == 1 => Vec::new(),
            () if digits >= 6 && letters == 0 => kept(u8::is_ascii_digit),
            () => v.to_vec(),
        }
    });
    numbers.ids
}

/// Records list by list, within a list in an order of their content alone.
fn in_order(lists: &Lists) -> Vec<u32> {
    let hashed: Vec<(Vec<u64>, &Column)> = lists
        .columns
        .values()
        .chain(&lists.id)
        .map(|c| {
            let of = |id: u32| hash(c.terms.get(id));
            ((0..c.terms.len() as u32).map(of).collect(), c)
        })
        .collect();
    let mut order: Vec<(u16, u64, u32)> = (0..lists.records())
        .into_par_iter()
        .map(|i| {
            let content = hashed.iter().fold(0u64, |h, (of, c)| {
                mix(h.rotate_left(17) ^ of[c.ids[i] as usize])
            });
            (lists.list[i], content, i as u32)
        })
        .collect();
    // Records that are alike in everything are interchangeable.
    order.par_sort_unstable();
    order.into_iter().map(|o| o.2).collect()
}
