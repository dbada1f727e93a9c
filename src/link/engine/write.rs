//! What linking lists leaves behind as files: pairs, clusters, parameters, blocking.
//!
//! Cells that a spreadsheet would take for a formula are written with an apostrophe before them. Knows no pictures.

use super::level::{DIFFERENT, NO_EVIDENCE};
use super::{Accuracy, Linked, Lists, Model, Share, probability};
use crate::domain::harmless;
use crate::locale::Lang;
use csv::Writer;
use rayon::prelude::*;
use serde_json::json;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct WriteError {
    path: String,
    reason: String,
}

/// What was written, in the order it should be looked at.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// The files.
    pub files: Vec<PathBuf>,
}

fn number(x: f64) -> String {
    format!("{x:.6}")
}

/// Writes `pairs.csv`, `clusters.csv`, `parameters.csv`, `parameters.json`, `blocking.csv`, `laporan.html` and, where the truth
/// is known, `accuracy.csv` into a folder, readable by their owner alone. Values of records stand in `clusters.csv`; in
/// the pairs and on the page where they are asked for.
pub fn write(
    dir: &Path,
    lists: &Lists,
    model: &Model,
    linked: &Linked,
    with_values: bool,
    lang: Lang,
) -> Result<Written, WriteError> {
    let mut out = Written::default();
    let mut file = |name: &str, fill: &dyn Fn(&mut File) -> csv::Result<()>| {
        let path = dir.join(name);
        let fail = |e: &dyn std::fmt::Display| WriteError {
            path: path.display().to_string(),
            reason: e.to_string(),
        };
        let mut w = private(&path).map_err(|e| fail(&e))?;
        fill(&mut w).map_err(|e| fail(&e))?;
        out.files.push(path);
        Ok::<(), WriteError>(())
    };
    file("pairs.csv", &|w| {
        pairs(w, lists, model, linked, with_values)
    })?;
    file("clusters.csv", &|w| clusters(w, lists, linked))?;
    file("parameters.csv", &|w| {
        parameters(&mut Writer::from_writer(w), model, linked)
    })?;
    file("blocking.csv", &|w| {
        blocking(&mut Writer::from_writer(w), model, linked)
    })?;
    if let Some(a) = &linked.accuracy {
        file("accuracy.csv", &|w| {
            accuracy(&mut Writer::from_writer(w), a)
        })?;
    }
    let text = serde_json::to_string_pretty(&as_json(model, linked)).unwrap_or_default() + "\n";
    file("parameters.json", &|w| Ok(w.write_all(text.as_bytes())?))?;
    let text = super::page::page(lists, model, linked, with_values, lang);
    file("laporan.html", &|w| Ok(w.write_all(text.as_bytes())?))?;
    Ok(out)
}

/// A file that its owner alone can read.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// The label of a comparison's level.
pub(super) fn label(model: &Model, c: usize, level: u8) -> &str {
    let levels = &model.comparisons[c].levels;
    match level {
        NO_EVIDENCE => "no evidence",
        DIFFERENT => "different",
        l => levels
            .get(levels.len() - usize::from(l - DIFFERENT))
            .map_or("", |l| l.label.as_str()),
    }
}

/// Writes rows in their order while several threads put them into words.
fn rows<T: Sync>(
    w: &mut File,
    head: &[&str],
    items: &[T],
    row: impl Fn(&T, &mut Vec<String>) + Sync,
) -> csv::Result<()> {
    Writer::from_writer(&mut *w).write_record(head)?;
    for batch in items.chunks(1 << 17) {
        let parts: Vec<csv::Result<Vec<u8>>> = batch
            .par_chunks(1 << 13)
            .map(|part| {
                let mut w = Writer::from_writer(Vec::new());
                let mut cells = Vec::new();
                for item in part {
                    cells.clear();
                    row(item, &mut cells);
                    w.write_record(&cells)?;
                }
                w.into_inner().map_err(|e| e.into_error().into())
            })
            .collect();
        for part in parts {
            w.write_all(&part?)?;
        }
    }
    Ok(())
}

/// File, row and id of a record.
pub(super) fn whence(lists: &Lists, i: u32) -> [String; 3] {
    let k = i as usize;
    [
        harmless(&lists.files[usize::from(lists.list[k])]),
        lists.row[k].to_string(),
        harmless(&lists.name(i)),
    ]
}

fn pairs(
    w: &mut File,
    lists: &Lists,
    model: &Model,
    linked: &Linked,
    with_values: bool,
) -> csv::Result<()> {
    let mut head = vec![
        "file_a",
        "row_a",
        "id_a",
        "file_b",
        "row_b",
        "id_b",
        "weight",
        "probability",
        "linked",
        "refused",
        "rarity",
    ];
    head.extend(model.comparisons.iter().map(|c| c.name.as_str()));
    let sides: Vec<String> = (lists.written.keys().filter(|_| with_values))
        .flat_map(|c| [format!("{c}_a"), format!("{c}_b")])
        .collect();
    head.extend(sides.iter().map(String::as_str));
    rows(w, &head, &linked.pairs, |p, cells| {
        let same = linked.cluster[p.a as usize] == linked.cluster[p.b as usize];
        cells.extend(whence(lists, p.a));
        cells.extend(whence(lists, p.b));
        cells.push(number(p.weight));
        cells.push(number(probability(p.weight)));
        cells.push(if same { "1" } else { "0" }.to_owned());
        cells.push(p.refused.map_or("", |r| r.id()).to_owned());
        cells.push(number(f64::from(p.rarity)));
        cells.extend((0..model.comparisons.len()).map(|c| label(model, c, p.level(c)).to_owned()));
        for column in lists.written.values().filter(|_| with_values) {
            cells.extend([p.a, p.b].map(|i| harmless(&column.text(i))));
        }
    })
}

/// Records with their clusters, cluster by cluster, with the values the model reads as they are written.
fn clusters(w: &mut File, lists: &Lists, linked: &Linked) -> csv::Result<()> {
    let mut head = vec!["cluster", "size", "file", "row", "id"];
    head.extend(lists.written.keys().map(String::as_str));
    let mut size = vec![0u32; linked.cluster.iter().max().map_or(0, |m| *m as usize + 1)];
    linked.cluster.iter().for_each(|&c| size[c as usize] += 1);
    let mut order: Vec<u32> = (0..lists.records() as u32).collect();
    let key = |i: &u32| {
        let k = *i as usize;
        (linked.cluster[k], lists.list[k], lists.row[k])
    };
    order.par_sort_unstable_by_key(key);
    rows(w, &head, &order, |&i, cells| {
        let c = linked.cluster[i as usize];
        cells.extend([c.to_string(), size[c as usize].to_string()]);
        cells.extend(whence(lists, i));
        cells.extend(
            lists
                .written
                .values()
                .map(|column| harmless(&column.text(i))),
        );
    })
}

fn parameters(w: &mut Writer<&mut File>, model: &Model, linked: &Linked) -> csv::Result<()> {
    w.write_record(["comparison", "level", "label", "m", "u", "weight"])?;
    let Some(e) = &linked.estimates else {
        return Ok(());
    };
    for (c, compared) in model.comparisons.iter().enumerate() {
        for l in DIFFERENT..e.m[c].len() as u8 {
            let i = usize::from(l);
            let (m, u) = (format!("{:.9}", e.m[c][i]), format!("{:.9}", e.u[c][i]));
            let (level, weight) = (l.to_string(), number(e.weights[c][i]));
            let label = harmless(label(model, c, l));
            w.write_record([&compared.name, &level, &label, &m, &u, &weight])?;
        }
    }
    Ok(())
}

/// Precision and recall by threshold, with their 95 % intervals, and of the clusters.
fn accuracy(w: &mut Writer<&mut File>, a: &Accuracy) -> csv::Result<()> {
    w.write_record([
        "weight",
        "probability",
        "precision",
        "precision_low",
        "precision_high",
        "recall",
        "recall_low",
        "recall_high",
    ])?;
    let share = |s: Option<Share>| {
        s.map_or([const { String::new() }; 3], |s| {
            [s.estimate, s.low, s.high].map(number)
        })
    };
    let of_clusters = a.of_clusters();
    let rows = a.by_threshold().into_iter().map(|t| {
        let at = [number(t.weight), number(probability(t.weight))];
        (at, t.precision, t.recall)
    });
    let clusters = (
        ["clusters".to_owned(), String::new()],
        of_clusters.0,
        of_clusters.1,
    );
    for (at, precision, recall) in rows.chain([clusters]) {
        w.write_record(at.into_iter().chain(share(precision)).chain(share(recall)))?;
    }
    Ok(())
}

fn as_json(model: &Model, linked: &Linked) -> serde_json::Value {
    let comparisons: Vec<_> = linked.estimates.iter().flat_map(|e| {
        model.comparisons.iter().enumerate().map(move |(c, compared)| {
            let levels: Vec<_> = (usize::from(DIFFERENT)..e.m[c].len())
                .map(|l| json!({ "label": label(model, c, l as u8), "m": e.m[c][l], "u": e.u[c][l], "weight": e.weights[c][l] }))
                .collect();
            json!({ "name": compared.name, "levels": levels })
        })
    }).collect();
    json!({
        "version": super::parameters::VERSION,
        "threshold": model.threshold,
        "lambda": linked.estimates.as_ref().map(|e| e.lambda),
        "steps": linked.estimates.as_ref().map(|e| e.steps),
        "pairs_possible": linked.possible,
        "pairs_compared": linked.compared,
        "comparisons": comparisons,
    })
}

fn blocking(w: &mut Writer<&mut File>, model: &Model, linked: &Linked) -> csv::Result<()> {
    w.write_record([
        "rule",
        "pairs",
        "pairs_new",
        "pairs_only_here",
        "pairs_missed_alone",
        "links",
        "links_only_here",
        "links_missed_alone",
        "blocks_passed_over",
        "pairs_passed_over",
    ])?;
    let links: u64 = linked.blocking_links.iter().map(|c| c.new).sum();
    for (b, (all, linked_pairs)) in model
        .blocks
        .iter()
        .zip(linked.blocking.iter().zip(&linked.blocking_links))
    {
        let numbers = [
            all.pairs,
            all.new,
            all.only,
            linked.compared - all.pairs,
            linked_pairs.pairs,
            linked_pairs.only,
            links - linked_pairs.pairs,
            all.passed_over.0,
            all.passed_over.1,
        ];
        let record: Vec<String> = std::iter::once(harmless(&b.label))
            .chain(numbers.iter().map(u64::to_string))
            .collect();
        w.write_record(&record)?;
    }
    Ok(())
}
