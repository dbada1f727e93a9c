//! Sentences from protected figures, in good Indonesian and English, honest about what is not shown.
//!
//! A difference between two published counts is the only arithmetic here.

mod notes;
mod why;

pub use notes::{coarser, late, not_shown, revisions, sums};

use super::Sign;
use super::figures::Content;
use super::grid::{Grid, Part, Value, estimate, points_in_time};
use super::plan::plan;
use super::template::{Chart, Column, Kind, Kpi, Sheet, Show, Template};
use crate::domain::coarser::JOINED;
use crate::domain::figure::{Figure, FigureKey};
use crate::domain::{Population, Status, Unit};
use crate::locale::{self, Lang};

/// A cell's value as a reader of the language writes it: `1.234,5`, `26,4 %`.
pub fn written(lang: Lang, v: &Value) -> String {
    match v {
        Value::Text(x) => x.clone(),
        Value::Number(x, d) => locale::decimal(lang, *x, usize::from(*d)),
        Value::Share { value, fine, few } => {
            let star = if *few { "*" } else { "" };
            format!(
                "{}{star}",
                locale::percent(lang, *value, usize::from(*fine))
            )
        }
        Value::Sign(x) => x.text().to_owned(),
        Value::Blank => String::new(),
    }
}

fn plain(lang: Lang, v: f64) -> String {
    locale::decimal(lang, v, usize::from(v.fract() != 0.0))
}

/// What a measure counts, after a number of it: `orang`, `layanan`, `1 person`, `2 people`, or nothing where the title says
/// it.
fn noun(lang: Lang, f: &Figure, number: f64, title: &str) -> String {
    let own = locale::try_text(lang, &format!("report.noun.{}", f.measure));
    let unit = || locale::try_text(lang, &format!("report.noun_of.{}", f.unit.id()));
    own.or_else(unit).map_or_else(String::new, |n| {
        let one_or_many = n.split_once('|');
        let n = one_or_many.map_or(n, |(one, many)| if number == 1.0 { one } else { many });
        // A title that says what is counted is not followed by the same word.
        let words = title.to_lowercase();
        let mut words = words.split(|c: char| !c.is_alphanumeric());
        match words.any(|w| w == n) {
            true => String::new(),
            false => format!(" {n}"),
        }
    })
}

/// One sentence for a figure: a count and how it moved, or a share with numerator, denominator and interval.
pub fn about(c: &Content, f: Option<&Figure>, title: &str, previous: Option<&Figure>) -> String {
    let lang = c.lang;
    let say = |key: &str, args: &[(&str, &str)]| {
        locale::format(lang, &format!("report.sentence.{key}"), args)
    };
    let Some(f) = f else {
        return say("missing", &[("title", title)]);
    };
    if f.is_hidden() {
        return say("hidden", &[("title", title)]);
    }
    if f.status == Status::IncompleteFollowUp {
        return say("incomplete", &[("title", title)]);
    }
    let before = previous.filter(|p| !p.is_hidden()).and_then(|p| p.estimate);
    match (f.unit, f.numerator, f.denominator, f.estimate) {
        (Unit::Share, Some(k), Some(n), Some(e)) if n > 0.0 => {
            let decimals = usize::from(n >= 100.0);
            let percent = |v: f64| locale::percent(lang, v, decimals);
            let (kt, nt, share) = (plain(lang, k), plain(lang, n), percent(e));
            let mut s = if let (true, Some(high)) = (k == 0.0, f.ci_high) {
                let high = percent(high);
                say("none_of", &[("title", title), ("n", &nt), ("high", &high)])
            } else {
                let mut s = say(
                    "share",
                    &[("title", title), ("k", &kt), ("n", &nt), ("share", &share)],
                );
                s.push_str(&range(lang, f, decimals));
                s
            };
            if f.status == Status::Unreliable {
                s.push_str(&say("few", &[]));
            }
            if before.is_some() {
                // In its own digits, as its table wrote it.
                let b = written(lang, &estimate(previous));
                s.push_str(&say("share_before", &[("before", &b)]));
            }
            s + "."
        }
        // A share without cases of its own (a curve).
        (Unit::Share, None, _, Some(e)) => {
            let decimals = usize::from(f.denominator.is_none_or(|n| n >= 100.0));
            let now = locale::percent(lang, e, decimals) + &range(lang, f, decimals);
            say("count", &[("title", title), ("now", &now), ("noun", "")])
        }
        (Unit::Share, Some(k), Some(n), None) if n > 0.0 => say(
            "small",
            &[
                ("title", title),
                ("k", &plain(lang, k)),
                ("n", &plain(lang, n)),
            ],
        ),
        (Unit::Ratio | Unit::ShareDifference | Unit::Per100PersonYears, _, _, Some(v)) => {
            let now = locale::decimal(lang, v, 2);
            say("count", &[("title", title), ("now", &now), ("noun", "")])
        }
        (_, _, _, Some(v)) => {
            let now = plain(lang, v);
            let moved = before.filter(|b| *b != v).map(|b| (v - b).abs());
            let noun = noun(lang, f, moved.unwrap_or(v), title);
            match before {
                Some(b) if b != v => say(
                    if v > b { "up" } else { "down" },
                    &[
                        ("title", title),
                        ("difference", &plain(lang, (v - b).abs())),
                        ("before", &plain(lang, b)),
                        ("now", &now),
                        ("noun", &noun),
                    ],
                ),
                Some(_) => say("same", &[("title", title), ("now", &now), ("noun", &noun)]),
                None => say("count", &[("title", title), ("now", &now), ("noun", &noun)]),
            }
        }
        _ if f.status == Status::NotApplicable => say("not_applicable", &[("title", title)]),
        _ => say("missing", &[("title", title)]),
    }
}

/// `; rentang wajar 44–78 %`; nothing without an interval.
fn range(lang: Lang, f: &Figure, decimals: usize) -> String {
    let (Some(a), Some(b)) = (f.ci_low, f.ci_high) else {
        return String::new();
    };
    let (low, high) = (
        locale::decimal(lang, a * 100.0, decimals),
        locale::percent(lang, b, decimals),
    );
    let args = [("low", low.as_str()), ("high", high.as_str())];
    locale::format(lang, "report.sentence.range", &args)
}

/// The change of an indicator over a year and what its interval allows to say: `Setahun: −6,5 poin (−12,4 sampai −0,8),
/// turun nyata.`; nothing where there is none to show.
pub fn change(c: &Content, t: &Template, measure: &str) -> Option<String> {
    if measure.is_empty() {
        return None;
    }
    let column = Column {
        measure: measure.to_owned(),
        ..Column::default()
    };
    let f = c.figures.find(&column, t.population, &[])?;
    let (d, low, high) = (f.estimate?, f.ci_low?, f.ci_high?);
    let verdict = if high < 0.0 {
        "fell"
    } else if low > 0.0 {
        "rose"
    } else {
        "unclear"
    };
    let points = |v: f64| {
        let plus = if v > 0.0 { "+" } else { "" };
        format!("{plus}{}", locale::decimal(c.lang, v * 100.0, 1))
    };
    let verdict = locale::format(c.lang, &format!("report.change.{verdict}"), &[]);
    let (d, low, high) = (points(d), points(low), points(high));
    let args = [
        ("d", d.as_str()),
        ("low", &low),
        ("high", &high),
        ("verdict", verdict.as_str()),
    ];
    Some(locale::format(c.lang, "report.change.text", &args))
}

/// Of how many people something is known: those of whom nothing is, taken from all.
pub fn known(c: &Content, t: &Template, k: &Kpi) -> Option<String> {
    let f = c.figures.find(k.known.as_ref()?, t.population, &[])?;
    let (unknown, all) = (f.numerator?, f.denominator?);
    let count = |v: f64| locale::integer(c.lang, v);
    let args = [("k", count(all - unknown)), ("n", count(all))];
    let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
    Some(locale::format(c.lang, "report.known", &args))
}

/// All that is said of an indicator, the same on every cover and in every paper: the number, of how many it is known, the
/// change over a year with its verdict.
pub fn indicator(c: &Content, t: &Template, k: &Kpi) -> String {
    let f = c.figures.find(&k.column(), t.population, &[]);
    let title = k.header.as_ref().map_or_else(
        || c.labels.measure(c.lang, &k.measure),
        |h| h.get(c.lang).to_owned(),
    );
    let before = f.and_then(|f| c.previous.same(f));
    let told = about(c, f, &title, before);
    // Of a number that is not shown there is nothing more to say.
    let shown = f.is_some_and(|f| f.estimate.is_some());
    let more = [known(c, t, k), change(c, t, &k.change)];
    let more = more.into_iter().flatten().filter(|_| shown);
    std::iter::once(told)
        .chain(more)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Who has delivered: every required source, or which has not; and which of the others has not.
pub fn arrived(c: &Content) -> String {
    if !c.facts.missing.is_empty() {
        let names = c.facts.missing.join(", ");
        return locale::format(c.lang, "report.missing", &[("names", &names)]);
    }
    let month = c.month.to_string();
    let silent = |f: &&Figure| {
        let of_month = f.dim1.1 == month || f.dim2.1 == month;
        of_month && !f.dim1.0.is_empty() && !f.dim2.0.is_empty() && f.estimate == Some(0.0)
    };
    let mut names: Vec<String> = c
        .figures
        .of("coverage")
        .filter(silent)
        .filter_map(|f| [&f.dim1, &f.dim2].into_iter().find(|d| d.0 == "source"))
        .map(|d| c.labels.category(c.lang, "source", &d.1))
        .collect();
    names.sort();
    names.dedup();
    if names.is_empty() {
        locale::text(c.lang, "report.complete").to_owned()
    } else {
        let names = names.join(", ");
        locale::format(c.lang, "report.complete_but", &[("names", &names)])
    }
}

/// What a sentence calls a column: its header, or the measure's title where the header is too short to stand alone.
fn name(c: &Content, col: &Column) -> String {
    let title = || c.labels.measure(c.lang, &col.measure);
    let Some(header) = col.header.as_ref().map(|h| h.get(c.lang)) else {
        return title();
    };
    if header.chars().count() > 9 {
        return header.to_owned();
    }
    let title = title();
    let (long, short) = (title.to_lowercase(), header.to_lowercase());
    if long.starts_with(&short) && short.len() > 2 {
        header.to_owned()
    } else if long.contains(&short) {
        title
    } else {
        format!("{title} ({header})")
    }
}

/// The numbers of a sheet that sentences are made of.
struct Facts<'a> {
    total: Option<&'a Figure>,
    before: Option<&'a Figure>,
    title: String,
    top: Option<(String, String)>,
    ends: Option<[Point; 2]>,
}

/// A point of a chart: its number as the table writes it, and what it is called.
struct Point {
    value: String,
    at: String,
}

/// The first and the last point that a chart shows of its first series; of a waterfall its opening and its closing.
fn ends(c: &Content, s: &Sheet, g: &Grid, spec: &Chart) -> Option<[Point; 2]> {
    let p = plan(s, spec, g)?;
    let waterfall = spec.kind == Kind::Waterfall;
    let points: Vec<(usize, usize)> = match waterfall {
        true => p.series.iter().map(|x| (p.rows[0], x.column)).collect(),
        false => {
            let column = p.series.first()?.column;
            p.rows.iter().map(|r| (*r, column)).collect()
        }
    };
    let shown = |x: &&(usize, usize)| g.value(x.0, x.1).number().is_some();
    let point = |x: &(usize, usize)| Point {
        value: written(c.lang, g.value(x.0, x.1)),
        at: match waterfall {
            true => g.columns[x.1].header.clone(),
            false => g.label(x.0).to_owned(),
        },
    };
    let (first, last) = (points.iter().find(shown)?, points.iter().rfind(shown)?);
    (first != last).then(|| [point(first), point(last)])
}

fn first_column(s: &Sheet) -> Option<Column> {
    s.columns
        .first()
        .cloned()
        .or_else(|| s.lines.first().map(crate::report::template::Line::column))
}

/// The column a chart draws first, which its title speaks of: the sheet's first where it names none.
fn drawn_column(s: &Sheet, spec: &Chart) -> Option<Column> {
    let named = spec.columns.first()?;
    let lines = || s.lines.iter().map(crate::report::template::Line::column);
    let mut all = s.columns.iter().cloned().chain(lines());
    all.find(|col| col.measure == *named)
}

fn facts<'a>(
    c: &'a Content,
    t: &Template,
    s: &Sheet,
    g: &Grid,
    drawn: Option<Column>,
) -> Facts<'a> {
    let p = s.population.unwrap_or(t.population);
    let col = drawn.or_else(|| first_column(s)).unwrap_or_default();
    let total = c.figures.find(&col, p, &[]);
    Facts {
        total,
        before: total.and_then(|f| c.previous.same(f)),
        title: name(c, &col),
        top: top(c, g, &col.measure),
        ends: None,
    }
}

/// The largest row of a measure's counts; nothing when a hidden row could be larger or all are nought.
fn top(c: &Content, g: &Grid, measure: &str) -> Option<(String, String)> {
    let of = |i: &usize| {
        let x = &g.columns[*i];
        (x.measure == measure || x.measure.is_empty())
            && matches!(x.part, Part::Of(Show::Value | Show::K))
    };
    let columns: Vec<usize> = (0..g.columns.len()).filter(of).collect();
    let column = *columns
        .iter()
        .find(|&&i| g.columns[i].total)
        .or_else(|| columns.first().filter(|_| columns.len() == 1))?;
    if g.blocks
        .first()
        .is_none_or(|d| d.is_empty() || ["month", "cohort"].iter().any(|w| d.contains(w)))
    {
        return None;
    }
    let rows: Vec<usize> = (0..g.rows.len())
        .filter(|&r| !g.rows[r].total && g.rows[r].block == 0)
        .collect();
    if rows.len() < 3
        || rows
            .iter()
            .any(|&r| matches!(g.value(r, column), Value::Sign(Sign::Hidden)))
    {
        return None;
    }
    // Shares have no sum of which one is the most.
    let value = |r: usize| match g.value(r, column) {
        Value::Number(v, _) => Some(*v),
        Value::Share { .. } | Value::Text(_) | Value::Sign(_) | Value::Blank => None,
    };
    let most = rows.iter().filter_map(|&r| value(r)).fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    // Those of whom the category is not known, and several taken together, are no category that could be the largest.
    let nameless = |r: &usize| {
        let row = &g.rows[*r];
        let joined = |k: &FigureKey| k.3.1 == JOINED || k.4.1 == JOINED;
        row.unknown || row.cells.iter().filter_map(|x| x.key.as_ref()).any(joined)
    };
    if rows.iter().any(|r| nameless(r) && value(*r) == Some(most)) {
        return None;
    }
    let names: Vec<&str> = rows
        .iter()
        .filter(|&&r| value(r) == Some(most))
        .map(|&r| g.label(r))
        .collect();
    (names.len() <= 2).then(|| {
        let and = locale::text(c.lang, "report.and");
        let value = plain(c.lang, most);
        let value = if names.len() > 1 {
            locale::format(c.lang, "report.each", &[("value", &value)])
        } else {
            value
        };
        (names.join(&format!(" {and} ")), value)
    })
}

/// Fills the placeholders; `None` when one of them has no number to show.
fn filled(c: &Content, x: &Facts, text: &str) -> Option<String> {
    let lang = c.lang;
    let f = x.total.filter(|f| !f.is_hidden());
    let percent = |v: f64| {
        let fine = f.and_then(|f| f.denominator).is_none_or(|d| d >= 100.0);
        locale::percent(lang, v, usize::from(fine))
    };
    let share = f.is_some_and(|f| f.unit == Unit::Share);
    let show = |v: f64| if share { percent(v) } else { plain(lang, v) };
    let now = f.and_then(|f| f.estimate);
    let before = x.before.filter(|p| !p.is_hidden()).and_then(|p| p.estimate);
    let change = now.zip(before).map(|(a, b)| {
        let key = match a.total_cmp(&b) {
            std::cmp::Ordering::Greater => "rose",
            std::cmp::Ordering::Less => "fell",
            std::cmp::Ordering::Equal => "stayed",
        };
        locale::text(lang, &format!("report.{key}")).to_owned()
    });
    let all: Vec<(&str, Option<String>)> = vec![
        ("month", Some(locale::month_long(lang, c.month))),
        ("title", Some(x.title.clone())),
        ("value", now.map(show)),
        ("k", f.and_then(|f| f.numerator).map(|v| plain(lang, v))),
        ("n", f.and_then(|f| f.denominator).map(|v| plain(lang, v))),
        ("share", now.map(percent)),
        ("low", f.and_then(|f| f.ci_low).map(percent)),
        ("high", f.and_then(|f| f.ci_high).map(percent)),
        ("before", before.map(|_| written(lang, &estimate(x.before)))),
        (
            "difference",
            now.zip(before).map(|(a, b)| show((a - b).abs())),
        ),
        ("change", change),
        ("top", x.top.as_ref().map(|t| t.0.clone())),
        ("top_value", x.top.as_ref().map(|t| t.1.clone())),
        ("first", x.ends.as_ref().map(|e| e[0].value.clone())),
        ("first_at", x.ends.as_ref().map(|e| e[0].at.clone())),
        ("last", x.ends.as_ref().map(|e| e[1].value.clone())),
        ("last_at", x.ends.as_ref().map(|e| e[1].at.clone())),
    ];
    let known: Vec<(&str, &str)> = all
        .iter()
        .filter_map(|(k, v)| v.as_deref().map(|v| (*k, v)))
        .collect();
    let out = locale::fill(text, &known);
    let left = all
        .iter()
        .any(|(k, v)| v.is_none() && out.contains(&format!("{{{k}}}")));
    (!left).then_some(out)
}

/// The title of a chart: its finding, or the sheet's title where the finding's number is not shown.
pub fn title(c: &Content, t: &Template, s: &Sheet, g: &Grid, spec: &Chart) -> String {
    let mut x = facts(c, t, s, g, drawn_column(s, spec));
    if speaks_of_ends(spec.title.get(c.lang)) {
        x.ends = ends(c, s, g, spec);
    }
    filled(c, &x, spec.title.get(c.lang)).unwrap_or_else(|| s.heading(g).get(c.lang).to_owned())
}

/// A text about a sheet with its placeholders filled; `None` when one of them has no number to show.
/// `{first}` and `{last}` are those of the sheet's chart that stands beside it.
pub fn finding(
    c: &Content,
    t: &Template,
    s: &Sheet,
    g: &Grid,
    text: &str,
    chart: Option<&Chart>,
) -> Option<String> {
    let mut x = facts(c, t, s, g, None);
    x.ends = chart
        .filter(|_| speaks_of_ends(text))
        .and_then(|spec| ends(c, s, g, spec));
    filled(c, &x, text)
}

/// Whether a text has the placeholders of the first and last point of a chart.
fn speaks_of_ends(text: &str) -> bool {
    text.contains("{first") || text.contains("{last")
}

/// The same about one figure alone.
pub fn said(c: &Content, p: Population, col: &Column, text: &str) -> Option<String> {
    let total = c.figures.find(col, p, &[]);
    let x = Facts {
        total,
        before: total.and_then(|f| c.previous.same(f)),
        title: name(c, col),
        top: None,
        ends: None,
    };
    filled(c, &x, text)
}

/// The reading of a sheet: the template's own, or composed of its totals, its largest row, its last row over time.
pub fn of_sheet(c: &Content, t: &Template, s: &Sheet, g: &Grid) -> String {
    let x = facts(c, t, s, g, None);
    let mut out: Vec<String> = Vec::new();
    match s
        .sentence
        .as_ref()
        .and_then(|b| filled(c, &x, b.get(c.lang)))
    {
        Some(own) => out.push(own),
        None => out.extend(composed(c, t, s, g, &x)),
    }
    if !c.facts.missing.is_empty() {
        out.push(locale::text(c.lang, "report.sentence.provisional").to_owned());
    }
    out.join(" ")
}

fn composed(c: &Content, t: &Template, s: &Sheet, g: &Grid, x: &Facts) -> Vec<String> {
    if let Some(text) = why::of_sheet(c, t, s) {
        return vec![text];
    }
    let p = s.population.unwrap_or(t.population);
    let say = |key: &str, args: &[(&str, &str)]| {
        locale::format(c.lang, &format!("report.sentence.{key}"), args)
    };
    let columns: Vec<Column> = s
        .columns
        .iter()
        .cloned()
        .chain(s.lines.iter().map(crate::report::template::Line::column))
        .filter(|col| col.at.is_empty())
        .collect();
    let mut out: Vec<String> = Vec::new();
    let mut told: Vec<(&str, Option<u16>)> = Vec::new();
    for col in &columns {
        let Some(f) = c.figures.find(col, p, &[]) else {
            continue;
        };
        // A sum over points in time says nothing; rolling cohorts have their latest as total.
        let apart = |d: &&String| *d != "ended_month" && points_in_time(d, Some(f.unit));
        let of_line = s.lines.iter().find(|l| l.measure == col.measure);
        if s.rows
            .iter()
            .chain(of_line.map(|l| &l.rows))
            .any(|d| apart(&d))
        {
            continue;
        }
        if told.contains(&(col.measure.as_str(), f.window_months)) || told.len() == 2 {
            continue;
        }
        told.push((&col.measure, f.window_months));
        out.push(about(c, Some(f), &name(c, col), c.previous.same(f)));
    }
    // Categories without a total of their own: the total row says each.
    if out.is_empty() {
        let row = g.rows.iter().rfind(|r| r.total);
        let cells: Vec<String> = row.map_or_else(Vec::new, |r| {
            let shown = r.cells.iter().zip(&g.columns);
            shown
                .filter(|(cell, _)| cell.value.number().is_some())
                .map(|(cell, col)| format!("{} {}", col.header, written(c.lang, &cell.value)))
                .collect()
        });
        if !cells.is_empty() && cells.len() <= 14 {
            out.push(say("totals", &[("list", &cells.join("; "))]));
        }
    }
    // Rows with a total over the columns: each says its own.
    let over = g.columns.iter().position(|x| x.total);
    let timed = |d: &String| ["month", "cohort"].iter().any(|w| d.contains(w));
    if let (true, Some(over)) = (out.is_empty() && g.rows.len() <= 8, over) {
        let cells: Vec<String> = (0..g.rows.len())
            .filter(|&r| g.value(r, over).number().is_some())
            .map(|r| format!("{} {}", g.label(r), written(c.lang, g.value(r, over))))
            .collect();
        if !cells.is_empty() {
            return vec![say("totals", &[("list", &cells.join("; "))])];
        }
    }
    // Cohorts and months have no total: the last one that is over and not few says it.
    if out.is_empty() && g.blocks.iter().any(timed) {
        let last = g.rows.iter().rev().find_map(|r| {
            let told = |x: &crate::report::grid::Cell| {
                let f = c.figures.by_key(x.key.as_ref()?)?;
                let stands = f.status == Status::Ok && f.estimate.is_some();
                stands.then_some(f)
            };
            let f = r.cells.first().and_then(told)?;
            Some((f, r.labels.last()?, g.blocks.get(r.block)))
        });
        if let Some((f, label, block)) = last {
            let column = columns.iter().find(|x| x.measure == f.measure.as_str());
            let measure =
                column.map_or_else(|| c.labels.measure(c.lang, &f.measure), |x| name(c, x));
            let after = block.is_some_and(|d| d == "months_since_release");
            let key = if after { "after" } else { "at" };
            let title = say(key, &[("title", &measure), ("label", label)]);
            out.push(about(c, Some(f), &title, None));
        }
    }
    if let Some((name, value)) = &x.top {
        out.push(say("top", &[("top", name), ("value", value)]));
    }
    if out.is_empty() {
        out.push(say("by_row", &[]));
    }
    out
}

/// The reading of the summary: the first indicators.
pub fn of_kpis(c: &Content, t: &Template) -> String {
    let mut out: Vec<String> = t
        .kpi
        .iter()
        .take(3)
        .map(|k| {
            let f = c.figures.find(&k.column(), t.population, &[]);
            let before = f.and_then(|f| c.previous.same(f));
            about(c, f, &name(c, &k.column()), before)
        })
        .collect();
    if !c.facts.missing.is_empty() {
        out.push(locale::text(c.lang, "report.sentence.provisional").to_owned());
    }
    out.join(" ")
}
