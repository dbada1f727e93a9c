//! Sentences from protected figures, in good Indonesian and English, honest about what is not shown.
//!
//! A difference between two published counts is the only arithmetic here.

use super::figures::Content;
use super::grid::{Grid, Part, Value};
use super::template::{Chart, Column, Sheet, Show, Template};
use crate::domain::figure::Figure;
use crate::domain::{Status, Unit};
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
        Value::Sign(x) => (*x).to_owned(),
        Value::Blank => String::new(),
    }
}

fn plain(lang: Lang, v: f64) -> String {
    locale::decimal(lang, v, usize::from(v.fract() != 0.0))
}

/// What a measure counts, after its number: `orang`, `layanan`, or nothing where the title says it.
fn noun(lang: Lang, f: &Figure) -> String {
    let own = locale::try_text(lang, &format!("report.noun.{}", f.measure));
    let unit = || locale::try_text(lang, &format!("report.noun_of.{}", f.unit.id()));
    own.or_else(unit)
        .map_or_else(String::new, |n| format!(" {n}"))
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
            let mut s = if k == 0.0 {
                let high = percent(f.ci_high.unwrap_or(0.0));
                say("none_of", &[("title", title), ("n", &nt), ("high", &high)])
            } else {
                let mut s = say(
                    "share",
                    &[("title", title), ("k", &kt), ("n", &nt), ("share", &share)],
                );
                if let (Some(a), Some(b)) = (f.ci_low, f.ci_high) {
                    let (a, b) = (percent(a), percent(b));
                    s.push_str(&say("range", &[("low", &a), ("high", &b)]));
                }
                s
            };
            if f.status == Status::Unreliable {
                s.push_str(&say("few", &[]));
            }
            if let Some(b) = before {
                s.push_str(&say("share_before", &[("before", &percent(b))]));
            }
            s + "."
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
            let (now, noun) = (plain(lang, v), noun(lang, f));
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

fn name(c: &Content, col: &Column) -> String {
    col.header.as_ref().map_or_else(
        || c.labels.measure(c.lang, &col.measure),
        |h| h.get(c.lang).to_owned(),
    )
}

/// The numbers of a sheet that sentences are made of.
struct Facts<'a> {
    total: Option<&'a Figure>,
    before: Option<&'a Figure>,
    title: String,
    top: Option<(String, String)>,
}

fn first_column(s: &Sheet) -> Option<Column> {
    s.columns
        .first()
        .cloned()
        .or_else(|| s.lines.first().map(super::template::Line::column))
}

fn facts<'a>(c: &'a Content, t: &Template, s: &Sheet, g: &Grid) -> Facts<'a> {
    let p = s.population.unwrap_or(t.population);
    let col = first_column(s).unwrap_or_default();
    let total = c.figures.find(&col, p, &[]);
    Facts {
        total,
        before: total.and_then(|f| c.previous.same(f)),
        title: name(c, &col),
        top: top(c, g, &col.measure),
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
            .any(|&r| matches!(g.value(r, column), Value::Sign("<5")))
    {
        return None;
    }
    let value = |r: usize| match g.value(r, column) {
        Value::Number(v, _) => Some(*v),
        _ => None,
    };
    let most = rows.iter().filter_map(|&r| value(r)).fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let names: Vec<&str> = rows
        .iter()
        .filter(|&&r| value(r) == Some(most))
        .map(|&r| g.label(r))
        .collect();
    (names.len() <= 2).then(|| {
        let and = locale::text(c.lang, "report.and");
        (names.join(&format!(" {and} ")), plain(c.lang, most))
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
        ("before", before.map(show)),
        (
            "difference",
            now.zip(before).map(|(a, b)| show((a - b).abs())),
        ),
        ("change", change),
        ("top", x.top.as_ref().map(|t| t.0.clone())),
        ("top_value", x.top.as_ref().map(|t| t.1.clone())),
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
    let x = facts(c, t, s, g);
    filled(c, &x, spec.title.get(c.lang)).unwrap_or_else(|| s.title.get(c.lang).to_owned())
}

/// The reading of a sheet: the template's own, or composed of its totals, its largest row, its last row over time.
pub fn of_sheet(c: &Content, t: &Template, s: &Sheet, g: &Grid) -> String {
    let x = facts(c, t, s, g);
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
    let p = s.population.unwrap_or(t.population);
    let say = |key: &str, args: &[(&str, &str)]| {
        locale::format(c.lang, &format!("report.sentence.{key}"), args)
    };
    let columns: Vec<Column> = s
        .columns
        .iter()
        .cloned()
        .chain(s.lines.iter().map(super::template::Line::column))
        .filter(|col| col.at.is_empty())
        .collect();
    let mut out: Vec<String> = Vec::new();
    let mut told: Vec<(&str, Option<u16>)> = Vec::new();
    for col in &columns {
        let Some(f) = c.figures.find(col, p, &[]) else {
            continue;
        };
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
    // Cohorts and months have no total: the last one that is over says it.
    if out.is_empty() {
        let last = g.rows.iter().rev().find_map(|r| {
            let first = r.cells.iter().find(|x| x.value.number().is_some())?;
            let f = c.figures.by_key(first.key.as_ref()?)?;
            let label = r.labels.last()?;
            Some((f, label))
        });
        if let Some((f, label)) = last {
            let title = format!("{}, {label}", c.labels.measure(c.lang, &f.measure));
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

/// Explains a total that is not the sum of the rows shown above it.
pub fn sums(c: &Content, g: &Grid) -> Vec<String> {
    let Some(total) = g.rows.iter().rposition(|r| r.total) else {
        return vec![];
    };
    let counts: Vec<usize> = (0..g.columns.len())
        .filter(|&i| matches!(g.columns[i].part, Part::Of(Show::Value | Show::K | Show::N)))
        .collect();
    let mut differ: Vec<&str> = Vec::new();
    for i in counts {
        let Value::Number(whole, _) = g.value(total, i) else {
            continue;
        };
        // Every block of rows divides the same whole.
        for b in 0..g.blocks.len() {
            let rows: Vec<&Value> = (0..total)
                .filter(|&r| g.rows[r].block == b && !g.rows[r].total)
                .map(|r| g.value(r, i))
                .collect();
            let numbers: Vec<f64> = rows.iter().filter_map(|v| v.number()).collect();
            let hidden = rows.iter().any(|v| matches!(v, Value::Sign("<5")));
            if numbers.is_empty() || hidden {
                continue;
            }
            let sum: f64 = numbers.iter().sum();
            if (sum - whole).abs() > 1e-6 && !differ.contains(&g.columns[i].header.as_str()) {
                differ.push(&g.columns[i].header);
            }
        }
    }
    if differ.is_empty() {
        return vec![];
    }
    vec![locale::format(
        c.lang,
        "report.sentence.sum_differs",
        &[("columns", &differ.join("; "))],
    )]
}

/// Earlier months whose number changed since it was published last month.
pub fn revisions(c: &Content, g: &Grid) -> Vec<String> {
    if c.previous.is_empty() {
        return vec![];
    }
    let absolute = |d: &str| {
        [
            "release_month",
            "calendar_month",
            "ended_month",
            "cohort_year",
            "cohort_quarter",
        ]
        .contains(&d)
    };
    let mut out: Vec<String> = Vec::new();
    for row in g.rows.iter().filter(|r| !r.total) {
        if !g.blocks.get(row.block).is_some_and(|d| absolute(d)) {
            continue;
        }
        for (cell, col) in row.cells.iter().zip(&g.columns) {
            let counted = matches!(cell.part, Part::Of(Show::Value | Show::K));
            let (Some(key), true, Some(now)) = (&cell.key, counted, cell.value.number()) else {
                continue;
            };
            let before = c
                .previous
                .by_key(key)
                .filter(|p| !p.is_hidden())
                .and_then(|p| p.numerator);
            if let Some(b) = before.filter(|b| (b - now).abs() > 1e-6) {
                out.push(locale::format(
                    c.lang,
                    "report.sentence.revised_item",
                    &[
                        ("row", row.labels.last().map_or("", String::as_str)),
                        ("column", &col.header),
                        ("before", &plain(c.lang, b)),
                        ("now", &plain(c.lang, now)),
                    ],
                ));
            }
        }
    }
    if out.is_empty() {
        return vec![];
    }
    let more = out.len().saturating_sub(6);
    out.truncate(6);
    if more > 0 {
        let n = locale::integer(c.lang, more as f64);
        out.push(locale::format(
            c.lang,
            "report.sentence.revised_more",
            &[("n", &n)],
        ));
    }
    let month = locale::month_long(c.lang, c.month.plus(-1));
    vec![locale::format(
        c.lang,
        "report.sentence.revised",
        &[("month", &month), ("list", &out.join("; "))],
    )]
}
