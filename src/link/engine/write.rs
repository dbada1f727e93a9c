//! What linking lists leaves behind as files: pairs, clusters, parameters, blocking.
//!
//! Cells that a spreadsheet would take for a formula are written with an apostrophe before them. Knows no pictures.

use super::column::MISSING;
use super::level::{DIFFERENT, NO_EVIDENCE};
use super::{Linked, Lists, Model, probability};
use csv::Writer;
use serde_json::json;
use std::fs::File;
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

/// A text that a spreadsheet shows as it is.
fn safe(text: &str) -> String {
    let dangerous =
        text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if dangerous {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn number(x: f64) -> String {
    format!("{x:.6}")
}

/// Writes `pairs.csv`, `clusters.csv`, `parameters.csv`, `parameters.json` and `blocking.csv` into a folder.
pub fn write(
    dir: &Path,
    lists: &Lists,
    model: &Model,
    linked: &Linked,
) -> Result<Written, WriteError> {
    let mut out = Written::default();
    let mut file = |name: &str, fill: &dyn Fn(&mut Writer<File>) -> csv::Result<()>| {
        let path = dir.join(name);
        let fail = |e: &dyn std::fmt::Display| WriteError {
            path: path.display().to_string(),
            reason: e.to_string(),
        };
        let mut w = Writer::from_path(&path).map_err(|e| fail(&e))?;
        fill(&mut w).map_err(|e| fail(&e))?;
        w.flush().map_err(|e| fail(&e))?;
        out.files.push(path);
        Ok::<(), WriteError>(())
    };
    file("pairs.csv", &|w| pairs(w, lists, model, linked))?;
    file("clusters.csv", &|w| clusters(w, lists, linked))?;
    file("parameters.csv", &|w| parameters(w, model, linked))?;
    file("blocking.csv", &|w| blocking(w, model, linked))?;
    let path = dir.join("parameters.json");
    let text = serde_json::to_string_pretty(&as_json(model, linked)).unwrap_or_default();
    std::fs::write(&path, text + "\n").map_err(|e| WriteError {
        path: path.display().to_string(),
        reason: e.to_string(),
    })?;
    out.files.push(path);
    Ok(out)
}

/// The label of a comparison's level.
fn label(model: &Model, c: usize, level: u8) -> &str {
    let levels = &model.comparisons[c].levels;
    match level {
        NO_EVIDENCE => "no evidence",
        DIFFERENT => "different",
        l => levels
            .get(levels.len() - usize::from(l - DIFFERENT))
            .map_or("", |l| l.label.as_str()),
    }
}

fn pairs(w: &mut Writer<File>, lists: &Lists, model: &Model, linked: &Linked) -> csv::Result<()> {
    let head = [
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
    let names = model.comparisons.iter().map(|c| c.name.as_str());
    w.write_record(head.into_iter().chain(names))?;
    for p in &linked.pairs {
        let same = linked.cluster[p.a as usize] == linked.cluster[p.b as usize];
        let mut record = Vec::with_capacity(11 + model.comparisons.len());
        for i in [p.a, p.b] {
            record.push(safe(&lists.files[usize::from(lists.list[i as usize])]));
            record.push(lists.row[i as usize].to_string());
            record.push(safe(&lists.name(i)));
        }
        record.push(number(p.weight));
        record.push(number(probability(p.weight)));
        record.push(if same { "1" } else { "0" }.to_owned());
        record.push(p.refused.map_or("", |r| r.id()).to_owned());
        record.push(number(f64::from(p.rarity)));
        for c in 0..model.comparisons.len() {
            record.push(label(model, c, p.level(c)).to_owned());
        }
        w.write_record(&record)?;
    }
    Ok(())
}

/// Records with their clusters, cluster by cluster, with the values that were compared.
fn clusters(w: &mut Writer<File>, lists: &Lists, linked: &Linked) -> csv::Result<()> {
    let head = ["cluster", "size", "file", "row", "id"];
    w.write_record(
        head.into_iter()
            .chain(lists.columns.keys().map(String::as_str)),
    )?;
    let mut size = vec![0u32; linked.cluster.iter().max().map_or(0, |m| *m as usize + 1)];
    linked.cluster.iter().for_each(|&c| size[c as usize] += 1);
    let mut order: Vec<u32> = (0..lists.records() as u32).collect();
    let key = |i: &u32| {
        (
            linked.cluster[*i as usize],
            lists.list[*i as usize],
            lists.row[*i as usize],
        )
    };
    order.sort_unstable_by_key(key);
    for i in order {
        let k = i as usize;
        let c = linked.cluster[k];
        let mut record = vec![
            c.to_string(),
            size[c as usize].to_string(),
            safe(&lists.files[usize::from(lists.list[k])]),
            lists.row[k].to_string(),
            safe(&lists.name(i)),
        ];
        for column in lists.columns.values() {
            let id = column.ids[k];
            let text = String::from_utf8_lossy(column.terms.get(id));
            record.push(if id == MISSING {
                String::new()
            } else {
                safe(&text)
            });
        }
        w.write_record(&record)?;
    }
    Ok(())
}

fn parameters(w: &mut Writer<File>, model: &Model, linked: &Linked) -> csv::Result<()> {
    w.write_record(["comparison", "level", "label", "m", "u", "weight"])?;
    let Some(e) = &linked.estimates else {
        return Ok(());
    };
    for (c, compared) in model.comparisons.iter().enumerate() {
        for l in DIFFERENT..e.m[c].len() as u8 {
            let i = usize::from(l);
            let (m, u) = (format!("{:.9}", e.m[c][i]), format!("{:.9}", e.u[c][i]));
            let (level, weight) = (l.to_string(), number(e.weights[c][i]));
            let label = safe(label(model, c, l));
            w.write_record([&compared.name, &level, &label, &m, &u, &weight])?;
        }
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
        "threshold": model.threshold,
        "lambda": linked.estimates.as_ref().map(|e| e.lambda),
        "steps": linked.estimates.as_ref().map(|e| e.steps),
        "pairs_possible": linked.possible,
        "pairs_compared": linked.compared,
        "comparisons": comparisons,
    })
}

fn blocking(w: &mut Writer<File>, model: &Model, linked: &Linked) -> csv::Result<()> {
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
        let record: Vec<String> = std::iter::once(safe(&b.label))
            .chain(numbers.iter().map(u64::to_string))
            .collect();
        w.write_record(&record)?;
    }
    Ok(())
}
