//! `reintegrasi link`: the linkage engine on any lists, with a declared model.

use super::{Failure, Global, Outcome, say, terminal};
use crate::link::engine::{self, Linked, ListError, Lists, Model, WEIGHTS};
use crate::locale::{self, Lang};
use crate::report::picture::{self, ChartKind, ChartSpec, Series, ValueFormat};
use crate::workspace::Limits;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct LinkArgs {
    /// One list to find duplicates in, or several to link: CSV or any workbook
    #[arg(required_unless_present = "example")]
    files: Vec<PathBuf>,
    /// What to compare and how (TOML)
    #[arg(long, value_name = "MODEL.toml", required_unless_present = "example")]
    model: Option<PathBuf>,
    /// Folder for pairs, clusters, parameters and the chart [default: link-MODEL in the current folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Weigh with the parameters.json of an earlier linking under this model, and learn nothing
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    /// Write the values of both rows into pairs.csv and laporan.html
    #[arg(long)]
    with_values: bool,
    /// Print a commented model to start from
    #[arg(long)]
    example: bool,
}

pub(super) fn link(global: &Global, args: &LinkArgs) -> Outcome {
    let lang = global.lang();
    // clap asks for a model whenever no example is wanted.
    let Some(from) = args.model.as_deref().filter(|_| !args.example) else {
        print!("{}", Model::example(lang));
        return Ok(0);
    };
    let model = Model::read(from).map_err(|e| Failure::usage(e.message(lang)))?;
    let lists = Lists::read(&args.files, &model, &Limits::default()).map_err(|e| {
        let status = match e {
            ListError::Column { .. } => 2,
            _ => 4,
        };
        Failure::of(e.message(lang), status)
    })?;
    let learnt = (args.parameters.as_deref())
        .map(|p| engine::read_parameters(p, &model))
        .transpose()
        .map_err(|e| Failure::usage(e.message(lang)))?;
    let linked = engine::link_lists(&lists, &model, learnt.as_ref());
    let dir = args.out.clone().unwrap_or_else(|| {
        let stem = from.file_stem().unwrap_or_default().to_string_lossy();
        PathBuf::from(format!("link-{stem}"))
    });
    let names = write(&dir, &lists, &model, &linked, args.with_values, lang)?;
    if !global.quiet {
        print(&lists, &model, &linked, lang);
        let at = dir.display().to_string();
        println!(
            "{}",
            say(
                lang,
                "link.written",
                &[("path", &at), ("files", &names.join(", "))]
            )
        );
    }
    Ok(0)
}

/// Writes everything beside its place and then puts it there, so that no half of a file is ever seen.
fn write(
    dir: &Path,
    lists: &Lists,
    model: &Model,
    linked: &Linked,
    with_values: bool,
    lang: Lang,
) -> Result<Vec<String>, Failure> {
    std::fs::create_dir_all(dir).map_err(|e| Failure::usage(format!("{}: {e}", dir.display())))?;
    let beside = tempfile::tempdir_in(dir).map_err(Failure::fault)?;
    let mut written = engine::write(beside.path(), lists, model, linked, with_values, lang)
        .map_err(Failure::fault)?;
    let chart = chart(model, linked, lang);
    let drawing = picture::draw_chart(&chart, 1600, 900).map_err(Failure::fault)?;
    let outlines = picture::Outlines::new(&drawing).map_err(Failure::fault)?;
    let png = outlines.png(1.0).map_err(Failure::fault)?;
    let svg = outlines.svg(&chart.title, lang);
    for (name, content) in [("weights.png", png), ("weights.svg", svg.into_bytes())] {
        let path = beside.path().join(name);
        std::fs::write(&path, content).map_err(Failure::fault)?;
        written.files.push(path);
    }
    written
        .files
        .iter()
        .map(|from| {
            let name = from.file_name().unwrap_or_default();
            std::fs::rename(from, dir.join(name)).map_err(Failure::fault)?;
            Ok(name.to_string_lossy().into_owned())
        })
        .collect()
}

/// Pairs per bit of weight, apart where they are probable enough to link.
fn chart(model: &Model, linked: &Linked, lang: Lang) -> ChartSpec {
    let enough = engine::bits(model.threshold);
    let filled = |i: &usize| linked.distribution.get(*i).is_some_and(|n| *n > 0);
    let all = 0..linked.distribution.len();
    let first = all.clone().find(filled).unwrap_or(0);
    let last = all.rev().find(filled).unwrap_or(0);
    let bins: Vec<(i32, u64)> = (first..=last)
        .filter_map(|i| Some((i as i32 - WEIGHTS, *linked.distribution.get(i)?)))
        .collect();
    let series = |name: String, shown: &dyn Fn(i32) -> bool| Series {
        name,
        values: bins
            .iter()
            .map(|&(w, n)| (n > 0 && shown(w)).then(|| (n as f64).log10()))
            .collect(),
        ..Series::default()
    };
    let count = |n: f64| locale::integer(lang, n);
    let weight = locale::decimal(lang, enough, 1);
    let numbers = [
        ("links", count(links(model, linked) as f64)),
        ("compared", count(linked.compared as f64)),
    ];
    let numbers: Vec<(&str, &str)> = numbers.iter().map(|(k, v)| (*k, v.as_str())).collect();
    ChartSpec {
        title: say(lang, "link.chart_title", &numbers),
        subtitle: say(lang, "link.chart_subtitle", &[("weight", &weight)]),
        kind: ChartKind::Line,
        categories: bins.iter().map(|b| b.0.to_string()).collect(),
        series: vec![
            series(say(lang, "link.chart_below", &[]), &|w| {
                f64::from(w) < enough
            }),
            series(
                say(lang, "link.chart_above", &[("weight", &weight)]),
                &|w| f64::from(w) >= enough,
            ),
        ],
        format: ValueFormat::Decimal(2),
        lang,
        ..ChartSpec::default()
    }
}

/// Linked pairs: probable enough and refused by no constraint.
fn links(model: &Model, linked: &Linked) -> usize {
    let enough = engine::bits(model.threshold);
    linked
        .pairs
        .iter()
        .filter(|p| p.weight >= enough && p.refused.is_none())
        .count()
}

fn print(lists: &Lists, model: &Model, linked: &Linked, lang: Lang) {
    let file = |list: &u16| {
        lists
            .files
            .get(usize::from(*list))
            .map_or("", String::as_str)
    };
    for (list, column, header) in &lists.by_meaning {
        let args = [("file", file(list)), ("column", column), ("header", header)];
        println!("{}", say(lang, "link.by_meaning", &args));
    }
    for (list, column) in &lists.absent {
        let file = file(list);
        println!(
            "{}",
            say(lang, "link.absent", &[("file", file), ("column", column)])
        );
    }
    for (file, n) in lists.files.iter().zip(&lists.passed_over) {
        if *n > 0 {
            let n = locale::integer(lang, *n as f64);
            println!(
                "{}",
                say(lang, "link.no_records", &[("file", file), ("n", &n)])
            );
        }
    }
    if linked.estimates.is_none() {
        println!("{}", say(lang, "link.alone", &[]));
        return;
    }
    let count = |n: f64| locale::integer(lang, n);
    let mut size = vec![0u64; lists.records() + 1];
    for &c in &linked.cluster {
        size[c as usize] += 1;
    }
    let groups: Vec<u64> = size.iter().copied().filter(|n| *n > 1).collect();
    let enough = engine::bits(model.threshold);
    let doubtful = linked.pairs.iter().filter(|p| p.weight < enough).count();
    let refused = linked.pairs.iter().filter(|p| p.refused.is_some()).count();
    let compared = say(
        lang,
        "link.of_possible",
        &[
            ("compared", &count(linked.compared as f64)),
            ("possible", &count(linked.possible)),
        ],
    );
    let share = |p: f64| locale::decimal(lang, p, 2);
    let between = [
        ("low", share(model.review)),
        ("high", share(model.threshold)),
    ];
    let between: Vec<(&str, &str)> = between.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let line = |key: &str, n: f64| vec![say(lang, &format!("link.{key}"), &[]), count(n)];
    let rows = vec![
        line("records", lists.records() as f64),
        vec![say(lang, "link.compared", &[]), compared],
        line("links", links(model, linked) as f64),
        line("refused", refused as f64),
        vec![say(lang, "link.review", &between), count(doubtful as f64)],
        line("clusters", groups.len() as f64),
        line("in_clusters", groups.iter().sum::<u64>() as f64),
        line("persons", size.iter().filter(|n| **n > 0).count() as f64),
    ];
    println!("{}", terminal::table(&[], &rows, &[1]));
    if let Some(a) = &linked.accuracy {
        let (precision, recall) = a.of_clusters();
        let share = |s: Option<engine::Share>| match s {
            None => "–".to_owned(),
            Some(s) => [s.estimate, s.low, s.high]
                .map(|v| locale::decimal(lang, v, 4))
                .join(" / "),
        };
        let (p, r) = (share(precision), share(recall));
        println!(
            "{}",
            say(lang, "link.accuracy", &[("precision", &p), ("recall", &r)])
        );
    }
    let all: u64 = linked.blocking_links.iter().map(|c| c.new).sum();
    let rules: Vec<Vec<String>> = model
        .blocks
        .iter()
        .zip(linked.blocking.iter().zip(&linked.blocking_links))
        .map(|(b, (pairs, links))| {
            let mut row = vec![b.label.clone()];
            let missed = all - links.pairs;
            row.extend(
                [pairs.pairs, pairs.only, links.pairs, links.only, missed].map(|n| count(n as f64)),
            );
            row
        })
        .collect();
    let head = [
        "rule",
        "pairs",
        "only",
        "rule_links",
        "links_only",
        "missed",
    ]
    .map(|k| say(lang, &format!("link.{k}"), &[]));
    let head = head.each_ref().map(String::as_str);
    println!("{}", terminal::table(&head, &rules, &[1, 2, 3, 4, 5]));
    for (b, c) in model.blocks.iter().zip(&linked.blocking) {
        if c.passed_over.0 > 0 {
            let (blocks, pairs) = (count(c.passed_over.0 as f64), count(c.passed_over.1 as f64));
            let args = [
                ("rule", b.label.as_str()),
                ("blocks", &blocks),
                ("pairs", &pairs),
            ];
            println!("{}", say(lang, "link.passed_over", &args));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(files: &[&str], model: &str) -> (tempfile::TempDir, Result<u8, String>) {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: String, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let list = |(i, text): (usize, &&str)| at(format!("{i}.csv"), text);
        let args = LinkArgs {
            files: files.iter().enumerate().map(list).collect(),
            model: Some(at("model.toml".into(), model)),
            example: false,
            parameters: None,
            with_values: false,
            out: Some(dir.path().join("out")),
        };
        let global = Global {
            lang: None,
            quiet: false,
            json: false,
            all_read: |_| {},
        };
        let result =
            link(&global, &args).map_err(|f| format!("{} {}", f.status, f.message(Lang::Id)));
        (dir, result)
    }

    const MODEL: &str =
        "[[block]]\non = [\"nama\"]\n[[compare]]\nname = \"nama\"\nlevels = [\"exact\"]\n";

    #[test]
    fn a_list_is_linked_and_everything_is_there() {
        let (dir, result) = run(&["Nama;Umur\nAna;3\nBeni;4\nAna;3\n"], MODEL);
        assert_eq!(result, Ok(0));
        let out = dir.path().join("out");
        for name in [
            "pairs.csv",
            "clusters.csv",
            "parameters.csv",
            "parameters.json",
            "blocking.csv",
            "laporan.html",
            "weights.png",
            "weights.svg",
        ] {
            assert!(out.join(name).is_file(), "{name}");
        }
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 8);
        let clusters = std::fs::read_to_string(out.join("clusters.csv")).unwrap();
        assert!(clusters.contains(",Ana"), "{clusters}");
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_the_status_it_has() {
        let (_, none) = run(&["Nama\nAna\n"], "threshold = 2\n");
        assert!(none.unwrap_err().starts_with("2 "));
        let (_, column) = run(&["Nam\nAna\n"], MODEL);
        let column = column.unwrap_err();
        assert!(
            column.starts_with("2 ") && column.contains("`Nam`"),
            "{column}"
        );
        let (_, empty) = run(&["Nama\n"], MODEL);
        assert!(empty.unwrap_err().starts_with("4 "));
        let (_, single) = run(&["Nama\nAna\n"], MODEL);
        assert_eq!(single, Ok(0));
    }
}
