//! `reintegrasi explain pair`: why two rows are one person or two, comparison by comparison. On the terminal alone.

use super::explain_person::record;
use super::{Failure, Global, MonthOf, Opened, Outcome, say, terminal};
use crate::link::{Between, Links, ReviewPair};
use crate::locale::{self, Lang};
use crate::run::review;

/// A row as it is named: `FILE:ROW` or `FILE:SHEET:ROW`.
fn named(text: &str) -> Option<(&str, u32, Option<&str>)> {
    let (before, row) = text.rsplit_once(':')?;
    let row = row.parse().ok()?;
    Some(match before.rsplit_once(':') {
        Some((file, sheet)) => (file, row, Some(sheet)),
        None => (before, row, None),
    })
}

pub(super) fn explain(
    global: &Global,
    of: &MonthOf,
    rows: [&str; 2],
    with_values: bool,
) -> Outcome {
    let opened = Opened::of(global, &of.at)?;
    let lang = opened.lang;
    let mut asked = Vec::new();
    for row in rows {
        let usage = || Failure::usage(say(lang, "explain.pair_usage", &[("wrong", row)]));
        asked.push(named(row).ok_or_else(usage)?);
    }
    let (intake, links, trained) = opened.linked(global, of.month)?;
    let all = review::records(&intake);
    let mut found = Vec::new();
    for row in asked {
        found.push(record(&opened, &intake, &all, row)? as u32);
    }
    let &[a, b] = found.as_slice() else {
        return Err(Failure::usage(say(lang, "explain.usage", &[])));
    };
    let Some(between) = trained.between(&links, a, b) else {
        return Err(Failure::usage(say(lang, "explain.usage", &[])));
    };
    for (name, i) in [("A", a), ("B", b)] {
        if let Some((at, _)) = all.get(i as usize) {
            println!("{name}: {}", review::place(&intake, *at));
        }
    }
    if with_values && let Some(pair) = &between.pair {
        let sides = review::sides(&intake, &all, pair, lang);
        let rows: Vec<Vec<String>> = (0..review::SIDE.len() - 1)
            .map(|k| {
                let key = format!("link.review.{}", review::SIDE[k]);
                let what = locale::text(lang, &key).to_owned();
                vec![what, sides[0][k].clone(), sides[1][k].clone()]
            })
            .collect();
        println!("{}", terminal::table(&["", "A", "B"], &rows, &[]));
    }
    let linkage = &opened.settings.linkage;
    let limits = [linkage.link_probability, linkage.review_probability];
    for line in verdict(&links, (a, b), &between, limits, lang) {
        println!("{line}");
    }
    if let Some(pair) = &between.pair {
        println!("{}", steps(pair, lang));
        println!("{}", say(lang, "explain.bits", &[]));
    }
    if links.person_of[a as usize] == links.person_of[b as usize] && between.pair.is_some() {
        let person = links.person_of[a as usize];
        let members: Vec<u32> = (0..links.person_of.len() as u32)
            .filter(|i| links.person_of[*i as usize] == person)
            .collect();
        if members.len() > 2 {
            let n = members.len().to_string();
            println!("{}", say(lang, "explain.through_others", &[("n", &n)]));
        }
    }
    Ok(0)
}

/// Whether the two are one, how likely that is by themselves, and what keeps them apart.
fn verdict(
    links: &Links,
    (a, b): (u32, u32),
    between: &Between,
    [threshold, review]: [f64; 2],
    lang: Lang,
) -> Vec<String> {
    let person = |i: u32| links.person_of.get(i as usize);
    let one = person(a) == person(b);
    let mut out = vec![say(
        lang,
        if one { "explain.one" } else { "explain.two" },
        &[],
    )];
    let Some(pair) = &between.pair else {
        out.push(say(lang, "explain.same", &[]));
        return out;
    };
    let percent = |p: f64| locale::decimal(lang, 100.0 * p, 2);
    let (weight, likely, enough) = (
        locale::decimal(lang, pair.weight, 1),
        percent(pair.probability),
        percent(threshold),
    );
    let args = [
        ("weight", weight.as_str()),
        ("probability", &likely),
        ("threshold", &enough),
    ];
    let above = pair.probability >= threshold;
    out.push(say(
        lang,
        if above {
            "explain.above"
        } else {
            "explain.below"
        },
        &args,
    ));
    if let Some(same) = between.decided {
        let key = if same {
            "decided_same"
        } else {
            "decided_apart"
        };
        out.push(say(lang, &format!("explain.{key}"), &[]));
    }
    // Of two persons one pair is asked about, whichever rows they were named by.
    let asked = |r: &ReviewPair| {
        let both = [person(r.a), person(r.b)];
        both == [person(a), person(b)] || both == [person(b), person(a)]
    };
    if !one && links.review.iter().any(asked) {
        out.push(say(lang, "explain.waits", &[]));
    } else if !one && pair.probability < review && between.decided.is_none() {
        let review = locale::decimal(lang, 100.0 * review, 0);
        out.push(say(lang, "explain.can_be_decided", &[("review", &review)]));
    }
    match (one, between.held) {
        _ if between.decided.is_some() => {}
        (false, Some(held)) => {
            out.push(locale::text(lang, &format!("link.held.{}", held.id())).to_owned());
        }
        (false, None) if above => out.push(say(lang, "explain.weak", &[])),
        (true, _) if !above => out.push(say(lang, "explain.by_others", &[])),
        _ => {}
    }
    if between.found_by.is_empty() && !one {
        out.push(say(lang, "explain.not_blocked", &[]));
    }
    out
}

/// The waterfall: from the prior odds to the weight, a row for every comparison.
fn steps(pair: &ReviewPair, lang: Lang) -> String {
    let mut sum = 0.0;
    let mut rows = Vec::new();
    for (what, level, bits) in review::steps(pair, lang) {
        sum += bits;
        rows.push(vec![
            what,
            level,
            review::signed(bits, lang),
            locale::decimal(lang, sum, 1),
        ]);
    }
    let head =
        ["comparison", "level", "step", "sum"].map(|k| say(lang, &format!("explain.{k}"), &[]));
    terminal::table(&head.each_ref().map(String::as_str), &rows, &[2, 3])
}
