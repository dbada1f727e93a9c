//! `reintegrasi measures`, `rules` and `fields`: the program describes itself.

use super::listing::{Format, FormatArg, Listing};
use super::{Failure, Global, Outcome, say, terminal};
use crate::domain::Field;
use crate::{clean, ingest, locale, measure};
use clap::Args;
use serde_json::{Value, json};

/// Every measure in a table, or all that is declared of some.
#[derive(Debug, Args)]
pub(super) struct MeasuresArgs {
    /// Measure ids of which everything is told
    ids: Vec<String>,
    /// Tell everything of every measure
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    form: FormatArg,
}

pub(super) fn measures(global: &Global, args: &MeasuresArgs) -> Outcome {
    let lang = global.lang();
    let format = args.form.format;
    if args.ids.is_empty() && !args.all {
        let mut out = Listing::new(lang, "lists", &["measure", "title", "unit", "question"]);
        for m in measure::MEASURES.iter() {
            let d = m.described(lang);
            out.push(vec![
                m.id.into(),
                d.title.into(),
                d.unit.into(),
                d.question.into(),
            ]);
        }
        out.print(lang, format);
        return Ok(0);
    }
    let asked = args.ids.iter().map(|id| {
        measure::named(id).ok_or_else(|| {
            let near = locale::perhaps(lang, measure::nearest(id));
            let words = [("wrong", id.as_str()), ("near", &near)];
            Failure::usage(say(lang, "explain.no_measure", &words))
        })
    });
    let asked: Vec<&measure::Measure> = match args.all {
        true => measure::MEASURES.iter().collect(),
        false => asked.collect::<Result<_, _>>()?,
    };
    let mut machine = Listing::new(lang, "lists", &["measure", "field", "text"]);
    for m in asked {
        let d = m.described(lang);
        let name = |k: &str| locale::format(lang, &format!("measure_field.name.{k}"), &[]);
        let dims: Vec<String> = (m.dims.iter())
            .map(|d| locale::format(lang, &format!("dimension.{d}"), &[]))
            .collect();
        let mut fields: Vec<(&str, String)> = d.fields().into_iter().collect();
        if !dims.is_empty() {
            fields.push(("breakdowns", dims.join(", ")));
        }
        // The page is in the program; its file is not beside it.
        let source = match m.source.split_once(".md ") {
            Some((page, section)) if format == Format::Table => {
                let page = page.trim_start_matches("docs/");
                let args = [("page", page), ("section", section)];
                say(lang, "lists.section", &args)
            }
            Some(_) | None => m.source.to_owned(),
        };
        fields.push(("source", source));
        match format {
            Format::Table => {
                let rows: Vec<Vec<String>> = (fields.into_iter())
                    .map(|(k, text)| vec![name(k), text])
                    .collect();
                println!("{}", terminal::table(&[m.id, d.title.as_str()], &rows, &[]));
            }
            Format::Csv | Format::Json => {
                for (k, text) in fields {
                    machine.push(vec![m.id.into(), k.into(), text.into()]);
                }
            }
        }
    }
    match format {
        Format::Table => {}
        Format::Csv | Format::Json => machine.print(lang, format),
    }
    Ok(0)
}

pub(super) fn rules(global: &Global, form: FormatArg) -> Outcome {
    let lang = global.lang();
    let all = (ingest::RULES.iter().map(|r| (r.id, r.severity)))
        .chain(clean::RULES.iter().map(|r| (r.id, r.severity)))
        .chain(crate::history::RULES.iter().copied());
    let mut out = Listing::new(lang, "lists", &["rule", "severity", "meaning", "fix"]);
    for (id, severity) in all {
        let text = |key: &str| Value::from(locale::format(lang, key, &[]));
        let severity = match form.format {
            Format::Table => text(&format!("category.severity.{}", severity.id())),
            Format::Csv | Format::Json => severity.id().into(),
        };
        let meaning = text(&format!("rule.{id}"));
        out.push(vec![
            id.into(),
            severity,
            meaning,
            text(&format!("rule.{id}.fix")),
        ]);
    }
    out.print(lang, form.format);
    Ok(0)
}

/// What a column can mean: the words for `sources/*.toml`, with headers that need no help.
pub(super) fn fields(global: &Global, form: FormatArg) -> Outcome {
    let lang = global.lang();
    let mut out = Listing::new(lang, "lists", &["field", "headers"]);
    for f in Field::ALL.iter() {
        out.push(vec![f.id().into(), json!(ingest::headers_of(*f, 6))]);
    }
    out.print(lang, form.format);
    Ok(0)
}
