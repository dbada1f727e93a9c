//! `reintegrasi measures`, `rules` and the manual page: the program describes itself.

use super::{Global, Outcome, say, terminal};
use crate::{clean, ingest, locale, measure};

pub(super) fn measures(global: &Global) -> Outcome {
    let lang = global.lang();
    let text = |id: &str, k: &str| locale::format(lang, &format!("measure.{id}.{k}"), &[]);
    let rows: Vec<Vec<String>> = measure::MEASURES
        .iter()
        .map(|m| {
            vec![
                m.id.to_owned(),
                text(m.id, "title"),
                m.unit.id().to_owned(),
                text(m.id, "definition"),
                m.source.to_owned(),
            ]
        })
        .collect();
    let header =
        ["measure", "title", "unit", "definition"].map(|k| say(lang, &format!("lists.{k}"), &[]));
    let header: Vec<&str> = header.iter().map(String::as_str).chain([""]).collect();
    println!("{}", terminal::table(&header, &rows, &[]));
    Ok(0)
}

pub(super) fn rules(global: &Global) -> Outcome {
    let lang = global.lang();
    let all = ingest::RULES
        .iter()
        .map(|r| (r.id, r.severity))
        .chain(clean::RULES.iter().map(|r| (r.id, r.severity)));
    let rows: Vec<Vec<String>> = all
        .map(|(id, severity)| {
            let text = locale::format(lang, &format!("rule.{id}"), &[]);
            vec![
                id.to_owned(),
                locale::format(lang, &format!("category.severity.{}", severity.id()), &[]),
                text,
            ]
        })
        .collect();
    let header = ["rule", "severity", "meaning"].map(|k| say(lang, &format!("lists.{k}"), &[]));
    println!(
        "{}",
        terminal::table(&header.each_ref().map(String::as_str), &rows, &[])
    );
    Ok(0)
}
