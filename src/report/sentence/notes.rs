//! Notes below a table: totals that are no sums, earlier months that were revised.

use super::plain;
use crate::domain::coarser::Coarser;
use crate::domain::{Dimension, Population, Unit};
use crate::locale::{self, Lang};
use crate::report::Sign;
use crate::report::figures::Content;
use crate::report::grid::{Grid, LATE, Part, Value};
use crate::report::template::Show;

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
        // A median has no sum.
        let key = g.rows[total].cells[i].key.as_ref();
        let unit = key.and_then(|k| c.figures.by_key(k)).map(|f| f.unit);
        if matches!(
            unit,
            Some(Unit::Days | Unit::Ratio | Unit::Per100PersonYears)
        ) {
            continue;
        }
        // Every block of rows divides the same whole.
        for b in 0..g.blocks.len() {
            let rows: Vec<&Value> = (0..total)
                .filter(|&r| g.rows[r].block == b && !g.rows[r].total)
                .map(|r| g.value(r, i))
                .collect();
            let numbers: Vec<f64> = rows.iter().filter_map(|v| v.number()).collect();
            let hidden = rows.iter().any(|v| matches!(v, Value::Sign(Sign::Hidden)));
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
        &[("columns", &differ.join("”, “"))],
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

/// Which categories and which breakdown a table does without, because they cannot be shown.
pub fn not_shown(lang: Lang, g: &Grid) -> Vec<String> {
    let mut out = Vec::new();
    if !g.left_out.is_empty() {
        let names = g.left_out.join("; ");
        out.push(locale::format(
            lang,
            "report.sentence.left_out",
            &[("names", &names)],
        ));
    }
    if let Some(x) = &g.not_split {
        let say = |key: &str, args: &[(&str, &str)]| {
            locale::format(lang, &format!("report.sentence.{key}"), args)
        };
        let mut text = say("not_split", &[("dimension", &x.dimension.to_lowercase())]);
        let totals: Vec<String> = x.totals.iter().map(|(k, v)| format!("{k} {v}")).collect();
        if !totals.is_empty() {
            text.push(' ');
            text.push_str(&say("totals", &[("list", &totals.join("; "))]));
        }
        out.push(text);
    }
    out
}

/// What stands coarser in a table than its template asks: months by quarters, small categories together.
pub fn coarser(c: &Content, p: Population, g: &Grid) -> Vec<String> {
    let by = |d: Dimension| g.blocks.iter().any(|b| b == d.id());
    let mine = c.facts.coarser.iter().filter(|x| {
        let shows = |m: &str| x.concerns(m, p, x.dimension);
        let columns = g.columns.iter().any(|col| shows(&col.measure));
        let lines = || {
            let keys = g.rows.iter().flat_map(|r| &r.cells);
            keys.filter_map(|cell| cell.key.as_ref())
                .any(|k| shows(&k.0))
        };
        by(x.dimension) && (columns || lines())
    });
    let say = |x: &Coarser| {
        let names: Vec<String> = (x.joined.iter())
            .map(|k| c.labels.category(c.lang, x.dimension.id(), k))
            .collect();
        match names.is_empty() {
            true => locale::text(c.lang, "report.sentence.by_quarter").to_owned(),
            false => {
                let names = names.join(", ");
                locale::format(c.lang, "report.sentence.joined", &[("names", &names)])
            }
        }
    };
    mine.map(say).collect()
}

/// Explains the mark of suppliers whose data end before the month, where it stands.
pub fn late(c: &Content, g: &Grid) -> Option<String> {
    let marked = |name: &str| {
        let rows = g.rows.iter().flat_map(|r| &r.labels).map(String::as_str);
        rows.chain(g.headers())
            .any(|l| l.strip_prefix(name).is_some_and(|x| x.contains(LATE)))
    };
    let list: Vec<String> = (c.facts.late.iter())
        .filter(|l| marked(&l.name))
        .map(|l| match l.until {
            Some(day) => {
                let date = locale::date_short(day);
                let args = [("name", l.name.as_str()), ("date", &date)];
                locale::format(c.lang, "report.sentence.late_until", &args)
            }
            None => locale::format(c.lang, "report.sentence.late_never", &[("name", &l.name)]),
        })
        .collect();
    (!list.is_empty()).then(|| {
        let args = [("list", list.join("; "))];
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        locale::format(c.lang, "report.sentence.late", &args)
    })
}
