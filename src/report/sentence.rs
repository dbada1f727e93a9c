//! Sentences from protected figures, in good Indonesian and English, honest about what is not shown.

use super::grid::Content;
use super::template::{Column, Sheet, Template};
use crate::domain::figure::Figure;
use crate::domain::{Status, Unit};
use crate::locale;

/// One sentence for a figure: count or share with numerator, denominator and interval.
pub fn about(c: &Content, f: Option<&Figure>, title: &str, previous: Option<&Figure>) -> String {
    let say = |key: &str, args: &[(&str, &str)]| {
        locale::format(c.lang, &format!("report.sentence.{key}"), args)
    };
    let n = |v: f64| locale::integer(c.lang, v);
    let Some(f) = f else {
        return say("missing", &[("title", title)]);
    };
    if f.is_hidden() {
        return say("hidden", &[("title", title)]);
    }
    match (f.unit, f.numerator, f.denominator, f.estimate) {
        (Unit::Share, Some(k), Some(d), Some(e)) if d > 0.0 => {
            let decimals = usize::from(d >= 100.0);
            let (k, d, p) = (n(k), n(d), locale::percent(c.lang, e, decimals));
            let mut s = say(
                "share",
                &[("title", title), ("k", &k), ("n", &d), ("share", &p)],
            );
            if let (Some(a), Some(b)) = (f.ci_low, f.ci_high) {
                let (a, b) = (
                    locale::percent(c.lang, a, decimals),
                    locale::percent(c.lang, b, decimals),
                );
                s.push_str(&say("range", &[("low", &a), ("high", &b)]));
            }
            if f.status == Status::Unreliable {
                s.push_str(&say("few", &[]));
            }
            s
        }
        (Unit::Share, Some(k), Some(d), None) if d > 0.0 => {
            say("small", &[("title", title), ("k", &n(k)), ("n", &n(d))])
        }
        (_, _, _, Some(v)) => {
            let now = if v.fract() == 0.0 {
                n(v)
            } else {
                locale::decimal(c.lang, v, 1)
            };
            let before = previous.filter(|p| !p.is_hidden()).and_then(|p| p.estimate);
            match before {
                Some(b) if b != v => {
                    let key = if v > b { "up" } else { "down" };
                    say(
                        key,
                        &[
                            ("title", title),
                            ("difference", &n((v - b).abs())),
                            ("before", &n(b)),
                            ("now", &now),
                        ],
                    )
                }
                Some(_) => say("same", &[("title", title), ("now", &now)]),
                None => say("count", &[("title", title), ("now", &now)]),
            }
        }
        _ => say("missing", &[("title", title)]),
    }
}

/// The sentence of a sheet: its first measure's total.
pub fn of_sheet(c: &Content, t: &Template, s: &Sheet) -> String {
    if let Some(own) = &s.sentence {
        return own.get(c.lang).to_owned();
    }
    let p = s.population.unwrap_or(t.population);
    let sentence = |col: &Column| {
        let title = c.labels.measure(c.lang, &col.measure);
        let find = |table: &super::FigureTable| table.find(col, p, &[]).cloned();
        about(
            c,
            find(c.figures).as_ref(),
            &title,
            find(c.previous).as_ref(),
        )
    };
    let whole: Vec<&Column> = s
        .columns
        .iter()
        .filter(|col| c.figures.find(col, p, &[]).is_some())
        .take(2)
        .collect();
    if whole.is_empty() {
        locale::text(c.lang, "report.sentence.by_row").to_owned()
    } else {
        whole
            .into_iter()
            .map(sentence)
            .collect::<Vec<_>>()
            .join(" ")
    }
}
