//! `reintegrasi explain person`: why the records of a person are held for one person.

use super::{Failure, Global, MonthOf, Opened, Outcome, say, terminal};
use crate::domain::RowRef;
use crate::domain::history::LinkStrength;
use crate::domain::records::Identity;
use crate::locale;
use crate::run::read::Intake;
use crate::run::review;

/// The place of the record of a row among all, `all` as [`review::records`] gives them.
pub(super) fn record(
    opened: &Opened,
    intake: &Intake,
    all: &[(RowRef, &Identity)],
    (file, row, sheet): (&str, u32, Option<&str>),
) -> Result<usize, Failure> {
    // As it is typed: from the current folder, from the inbox, with ./ or backslashes.
    let typed = file.replace('\\', "/");
    let typed = typed.trim_start_matches("./");
    let inbox = std::path::absolute(opened.ws.inbox()).ok();
    let below = std::path::absolute(file).ok().zip(inbox);
    let below = below.and_then(|(f, inbox)| Some(f.strip_prefix(inbox).ok()?.to_owned()));
    let below = below.map(|p| {
        let parts: Vec<_> = p.iter().map(|x| x.to_string_lossy()).collect();
        parts.join("/")
    });
    let is_it = |path: &str| {
        below.as_deref() == Some(path)
            || path == typed
            || path.ends_with(&format!("/{typed}"))
            || typed.ends_with(&format!("/{path}"))
            || path.ends_with(typed) && !typed.is_empty()
    };
    let is_row = |at: &RowRef| {
        let from = intake.files.get(at.file.0 as usize);
        at.row + 1 == row
            && from.is_some_and(|f| is_it(&f.path) && sheet.is_none_or(|s| f.sheet(at.sheet) == s))
    };
    // A row that another took the place of is the same record.
    let found = (all.iter().position(|(at, _)| is_row(at))).or_else(|| {
        let (_, by) = intake.replaced.iter().find(|(at, _)| is_row(at))?;
        all.iter().position(|(at, _)| at == by)
    });
    found.ok_or_else(|| {
        let row = row.to_string();
        let text = say(
            opened.lang,
            "explain.none",
            &[("file", file), ("row", &row)],
        );
        Failure::usage(text)
    })
}

pub(super) fn explain(
    global: &Global,
    of: &MonthOf,
    file: &str,
    row: u32,
    sheet: Option<&str>,
) -> Outcome {
    let opened = Opened::of(global, &of.at)?;
    let lang = opened.lang;
    let (intake, links, trained) = opened.linked(global, of.month)?;
    let all = review::records(&intake);
    let found = record(&opened, &intake, &all, (file, row, sheet))?;
    let person_of = &links.person_of;
    let person = person_of[found];
    let members: Vec<u32> = (0..person_of.len() as u32)
        .filter(|&i| person_of[i as usize] == person)
        .collect();
    let strength = match links.strength.get(person as usize) {
        Some(LinkStrength::Likely) => "explain.likely",
        Some(LinkStrength::Strict | LinkStrength::Single) | None => "explain.strict",
    };
    let key = links
        .keys()
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
    let edges = trained.why(&members);
    let shown = |i: u32| {
        all.get(i as usize)
            .map_or(String::new(), |(at, _)| review::place(&intake, *at))
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
