//! `reintegrasi measures`, `rules`, `fields` and the manual page: the program describes itself.

use super::{Failure, Global, Outcome, say, terminal};
use crate::domain::Field;
use crate::{clean, ingest, locale, measure};
use clap::Args;

/// Every measure in a table, or all that is declared of some.
#[derive(Debug, Args)]
pub(super) struct MeasuresArgs {
    /// Measure ids of which everything is told
    ids: Vec<String>,
    /// Tell everything of every measure
    #[arg(long)]
    all: bool,
}

pub(super) fn measures(global: &Global, args: &MeasuresArgs) -> Outcome {
    let lang = global.lang();
    if args.ids.is_empty() && !args.all {
        let rows: Vec<Vec<String>> = measure::MEASURES
            .iter()
            .map(|m| {
                let d = m.described(lang);
                vec![m.id.to_owned(), d.title, d.unit, d.question]
            })
            .collect();
        let head = ["measure", "title", "unit", "question"];
        let head = head.map(|k| say(lang, &format!("lists.{k}"), &[]));
        let head = head.each_ref().map(String::as_str);
        println!("{}", terminal::table(&head, &rows, &[]));
        return Ok(0);
    }
    let asked = args.ids.iter().map(|id| {
        measure::find(id).ok_or_else(|| {
            let near = measure::nearest(id).unwrap_or_default();
            let words = [("wrong", id.as_str()), ("near", near)];
            Failure::usage(say(lang, "explain.no_measure", &words))
        })
    });
    let asked: Vec<&measure::Measure> = match args.all {
        true => measure::MEASURES.iter().collect(),
        false => asked.collect::<Result<_, _>>()?,
    };
    for m in asked {
        let d = m.described(lang);
        let name = |k: &str| locale::format(lang, &format!("measure_field.name.{k}"), &[]);
        let dims: Vec<String> = m
            .dims
            .iter()
            .map(|d| locale::format(lang, &format!("dimension.{d}"), &[]))
            .collect();
        let mut rows: Vec<Vec<String>> = d
            .fields()
            .into_iter()
            .map(|(k, text)| vec![name(k), text])
            .collect();
        if !dims.is_empty() {
            rows.push(vec![name("breakdowns"), dims.join(", ")]);
        }
        rows.push(vec![name("source"), m.source.to_owned()]);
        println!("{}", terminal::table(&[m.id, d.title.as_str()], &rows, &[]));
    }
    Ok(0)
}

pub(super) fn rules(global: &Global) -> Outcome {
    let lang = global.lang();
    let all = ingest::RULES
        .iter()
        .map(|r| (r.id, r.severity))
        .chain(clean::RULES.iter().map(|r| (r.id, r.severity)))
        .chain(crate::history::RULES.iter().copied());
    let rows: Vec<Vec<String>> = all
        .map(|(id, severity)| {
            let text = locale::format(lang, &format!("rule.{id}"), &[]);
            vec![
                id.to_owned(),
                locale::format(lang, &format!("category.severity.{}", severity.id()), &[]),
                text,
                locale::format(lang, &format!("rule.{id}.fix"), &[]),
            ]
        })
        .collect();
    let header =
        ["rule", "severity", "meaning", "fix"].map(|k| say(lang, &format!("lists.{k}"), &[]));
    println!(
        "{}",
        terminal::table(&header.each_ref().map(String::as_str), &rows, &[])
    );
    Ok(0)
}

/// What a column can mean: the words for `sources/*.toml`, with headers that need no help.
pub(super) fn fields(global: &Global) -> Outcome {
    let lang = global.lang();
    let rows: Vec<Vec<String>> = (Field::ALL.iter())
        .map(|f| vec![f.id().to_owned(), ingest::headers_of(*f, 6).join(", ")])
        .collect();
    let header = ["field", "headers"].map(|k| say(lang, &format!("lists.{k}"), &[]));
    println!(
        "{}",
        terminal::table(&header.each_ref().map(String::as_str), &rows, &[])
    );
    Ok(0)
}
