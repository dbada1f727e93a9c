//! `reintegrasi explain`: why the records of a person are held for one person.

use super::{At, Failure, Global, Outcome, parse_month, say, terminal};
use crate::domain::Month;
use crate::domain::history::LinkStrength;
use crate::domain::upt::UptRegistry;
use crate::locale;
use crate::run::read::read_inbox;
use crate::run::{self, Analysis, Progress, review};
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// A file of the inbox (its path, or the end of it) and a row of it as Excel numbers it
    file: String,
    /// The row
    row: u32,
    /// The sheet, when the file has several
    #[arg(long)]
    sheet: Option<String>,
    #[command(flatten)]
    at: At,
    /// Month of the report, YYYY-MM
    #[arg(long, value_parser = parse_month)]
    month: Option<Month>,
}

pub(super) fn explain(global: &Global, args: &ExplainArgs) -> Outcome {
    let ws = args.at.workspace();
    let settings = run::read_settings(&ws)?;
    let lang = global.lang.unwrap_or(settings.office.language);
    let units = UptRegistry::maluku(&settings.units);
    run::state::prepare(&ws.state(), lang)?;
    let bars = terminal::Bars::new(lang, global);
    let analysis = read_inbox(&ws, &settings, &units, args.month, lang, &bars)
        .and_then(|i| Analysis::of(&ws, &settings, &units, i, lang, &bars as &dyn Progress));
    bars.end();
    let analysis = analysis?;
    let all = review::records(&analysis);
    let files = &analysis.intake.files;
    let found = all.iter().position(|(at, _)| {
        let file = files.get(at.file.0 as usize);
        at.row + 1 == args.row
            && file.is_some_and(|f| {
                f.path.ends_with(&args.file)
                    && args
                        .sheet
                        .as_ref()
                        .is_none_or(|s| f.sheets.get(at.sheet as usize) == Some(s))
            })
    });
    let Some(found) = found else {
        let row = args.row.to_string();
        let text = say(lang, "explain.none", &[("file", &args.file), ("row", &row)]);
        return Err(Failure::usage(text));
    };
    let person_of = &analysis.links.person_of;
    let person = person_of[found];
    let members: Vec<u32> = (0..person_of.len() as u32)
        .filter(|&i| person_of[i as usize] == person)
        .collect();
    let strength = match analysis.links.strength.get(person as usize) {
        Some(LinkStrength::Likely) => "explain.likely",
        _ => "explain.strict",
    };
    let key = analysis
        .links
        .keys
        .get(person as usize)
        .map_or(String::new(), |k| k.to_string());
    let count = members.len().to_string();
    println!(
        "{}",
        say(
            lang,
            "explain.head",
            &[
                ("person", &key),
                ("records", &count),
                ("strength", &say(lang, strength, &[]))
            ]
        )
    );
    let edges = run::why(&ws, &settings, &analysis, &members)?;
    let shown = |i: u32| {
        all.get(i as usize)
            .map_or(String::new(), |(at, _)| review::place(&analysis, *at))
    };
    let rows: Vec<Vec<String>> = edges
        .iter()
        .map(|e| {
            vec![
                shown(e.b),
                shown(e.a),
                locale::decimal(lang, e.weight, 1),
                review::reason(e, lang),
            ]
        })
        .collect();
    let inside: Vec<u32> = edges.iter().flat_map(|e| [e.a, e.b]).collect();
    if !rows.is_empty() {
        let head = [
            say(lang, "explain.record", &[]),
            say(lang, "explain.linked", &[]),
            say(lang, "explain.weight", &[]),
            say(lang, "review.reason", &[]),
        ];
        println!(
            "{}",
            terminal::table(&head.each_ref().map(String::as_str), &rows, &[2])
        );
    }
    // Records that say the very same of the person as one above.
    for &i in members.iter().filter(|i| !inside.contains(i)) {
        println!("{} ({})", shown(i), say(lang, "explain.same", &[]));
    }
    Ok(0)
}
