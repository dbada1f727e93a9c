//! Why a number is not that of the issue before, in words: only what changed for what is known, not for what happened, says
//! "because".

use crate::domain::Population;
use crate::domain::change::{ChangeOf, ChangePart};
use crate::domain::figure::Figure;
use crate::locale;
use crate::report::figures::Content;
use crate::report::template::{Line, Sheet, Template};

/// What a sheet whose lines are changes says; `None` for any other sheet.
pub(super) fn of_sheet(c: &Content, t: &Template, s: &Sheet) -> Option<String> {
    let p = s.population.unwrap_or(t.population);
    let is = |l: &&Line| change(l).is_some();
    let lines: Vec<&Line> = s.lines.iter().filter(is).collect();
    let first = lines.first()?;
    if parts(c, p, first).is_empty()
        || lines
            .iter()
            .all(|l| number(c, p, l, ChangePart::After).is_none())
    {
        return Some(locale::text(c.lang, "report.why.none").to_owned());
    }
    let all: Vec<String> = lines.iter().map(|l| of_line(c, p, l)).collect();
    Some(all.join(" "))
}

fn change(l: &Line) -> Option<ChangeOf> {
    ChangeOf::ALL
        .iter()
        .copied()
        .find(|x| x.parts() == l.measure)
}

fn parts<'a>(c: &'a Content, p: Population, l: &Line) -> Vec<&'a Figure> {
    let of = c.figures.of(&l.measure);
    of.filter(|f| f.population == p).collect()
}

fn find<'a>(c: &'a Content, p: Population, l: &Line, part: ChangePart) -> Option<&'a Figure> {
    parts(c, p, l).into_iter().find(|f| f.dim1.1 == part.id())
}

fn number(c: &Content, p: Population, l: &Line, part: ChangePart) -> Option<f64> {
    find(c, p, l, part)?.estimate
}

/// What one line says: from what to what, and by which parts.
pub(super) fn of_line(c: &Content, p: Population, l: &Line) -> String {
    let lang = c.lang;
    let share = change(l).is_some_and(ChangeOf::is_share);
    let title = l.header.as_ref().map_or_else(
        || c.labels.measure(lang, &l.measure),
        |h| h.get(lang).to_owned(),
    );
    let say =
        |key: &str, args: &[(&str, &str)]| locale::format(lang, &format!("report.why.{key}"), args);
    if parts(c, p, l).iter().any(|f| f.is_hidden()) {
        return say("hidden", &[("title", &title)]);
    }
    let ends = [ChangePart::Before, ChangePart::After].map(|part| number(c, p, l, part));
    let [Some(before), Some(after)] = ends else {
        return say("na", &[("title", &title)]);
    };
    let signed = |v: f64| {
        let scaled = if share { v * 100.0 } else { v };
        let n = locale::decimal(lang, scaled.abs(), if share { 2 } else { 0 });
        let n = match scaled.total_cmp(&0.0) {
            std::cmp::Ordering::Less => format!("−{n}"),
            std::cmp::Ordering::Equal => n,
            std::cmp::Ordering::Greater => format!("+{n}"),
        };
        match share {
            true => say("points", &[("n", &n)]),
            false => n,
        }
    };
    let whole = |v: f64| match share {
        true => locale::percent(lang, v, 1),
        false => locale::integer(lang, v),
    };
    let each: Vec<(ChangePart, f64)> = (ChangePart::ALL.iter())
        .filter(|part| !matches!(part, ChangePart::Before | ChangePart::After))
        .filter_map(|part| Some((*part, number(c, p, l, *part)?)))
        .collect();
    let words: Vec<String> = (each.iter())
        .filter(|(_, by)| by.abs() > if share { 5e-5 } else { 1e-9 })
        .map(|(part, by)| {
            let name = say(part.id(), &[]);
            let by = signed(*by);
            let key = if part.is_accounting() {
                "because"
            } else {
                "plain"
            };
            say(key, &[("by", &by), ("part", &name)])
        })
        .collect();
    let (before, after, difference) = (whole(before), whole(after), signed(after - before));
    let words = words.join("; ");
    let args = [
        ("title", title.as_str()),
        ("before", &before),
        ("after", &after),
        ("difference", &difference),
        ("parts", &words),
    ];
    let key = match (each.is_empty(), words.is_empty()) {
        (true, _) => "apart",
        (false, true) => "same",
        (false, false) => "text",
    };
    say(key, &args)
}
