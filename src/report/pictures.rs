//! The sheets' charts as pictures: the same plan, the same numbers.

use super::Sign;
use super::figures::Content;
use super::grid::{Grid, Value};
use super::picture::{ChartKind, ChartSpec, Series, ValueFormat};
use super::plan::{ChartPlan, plan};
use super::sentence;
use super::template::{Kind, Sheet};
use super::workbook::Book;
use crate::domain::Population;
use crate::locale;

impl Book<'_> {
    /// Every chart of the report as a picture: file stem and what to draw.
    pub fn charts(&self) -> Vec<(String, ChartSpec)> {
        let t = self.t;
        let mut out = Vec::new();
        for (i, sheet) in t.sheet.iter().enumerate() {
            for k in 0..sheet.chart.len() {
                let Some(spec) = self.chart(i, k) else {
                    continue;
                };
                let number = i + 1 + usize::from(!t.kpi.is_empty());
                let letter = if sheet.chart.len() > 1 {
                    char::from(b'a' + (k as u8).min(25)).to_string()
                } else {
                    String::new()
                };
                let stem = format!("{}-{number:02}{letter}", t.name);
                out.push((stem, spec));
            }
        }
        out
    }

    /// A chart of a sheet as a picture; `None` where nothing of it can be drawn.
    pub fn chart(&self, sheet: usize, chart: usize) -> Option<ChartSpec> {
        let (s, g) = (&self.t.sheet[sheet], &self.grids[sheet]);
        let wanted = s.chart.get(chart)?;
        let drawable = |p: &ChartPlan| p.spec.kind != Kind::Waterfall || p.complete(g);
        let p = plan(s, wanted, g).filter(drawable)?;
        let title = sentence::title(self.c, self.t, s, g, wanted);
        let population = s.population.unwrap_or(self.t.population);
        Some(spec(self.c, population, s, g, &p, &title))
    }
}

/// Decimals with which a table writes a value.
fn digits(v: &Value) -> u8 {
    match v {
        Value::Number(_, d) => *d,
        Value::Share { fine, .. } => u8::from(*fine),
        Value::Text(_) | Value::Sign(_) | Value::Blank => 0,
    }
}

/// What is shown, of whom, when: without what the title says already.
fn subtitle(c: &Content, sheet: &Sheet, g: &Grid, population: Population, title: &str) -> String {
    let place = locale::format(c.lang, &format!("report.page_one.{}", population.id()), &[]);
    let month = locale::month_long(c.lang, c.month);
    let what = sheet.heading(g).get(c.lang);
    if what == title {
        format!("{place}, {month}")
    } else {
        format!("{what}, {place}, {month}")
    }
}

/// What the picture does not draw and why: signs that stand in it, categories without anything.
fn note(c: &Content, g: &Grid, p: &ChartPlan) -> String {
    let mut out: Vec<String> = Vec::new();
    for sign in Sign::ALL {
        let stands = p.series.iter().any(|s| {
            let is = |r: &usize| g.value(*r, s.column).sign() == Some(sign);
            p.rows.iter().any(is)
        });
        if stands {
            let meaning = locale::format(c.lang, &format!("report.sign.{}", sign.id()), &[]);
            out.push(format!("{} = {meaning}", sign.text()));
        }
    }
    if !p.left_out.is_empty() {
        let names: Vec<&str> = p.left_out.iter().map(|&r| g.label(r)).collect();
        let names = names.join(", ");
        out.push(locale::format(
            c.lang,
            "report.left_out",
            &[("names", &names)],
        ));
    }
    if p.floor > 0.0 {
        out.push(locale::text(c.lang, "report.axis_floor").to_owned());
    }
    out.join("; ")
}

/// A planned chart as a picture.
pub fn spec(
    c: &Content,
    population: Population,
    sheet: &Sheet,
    g: &Grid,
    p: &ChartPlan,
    title: &str,
) -> ChartSpec {
    let cutoff = c
        .facts
        .cutoff
        .map_or_else(|| "…".to_owned(), |d| locale::date_long(c.lang, d));
    let mut out = ChartSpec {
        title: title.to_owned(),
        subtitle: subtitle(c, sheet, g, population, title),
        footer: format!(
            "{} {}",
            locale::text(c.lang, "report.source"),
            locale::format(c.lang, "report.cutoff", &[("date", &cutoff)])
        ),
        kind: match p.spec.kind {
            Kind::Line => ChartKind::Line,
            Kind::Step => ChartKind::Step,
            Kind::Dot | Kind::Forest => ChartKind::Dot,
            Kind::Stacked | Kind::StackedBar => ChartKind::Stacked,
            Kind::Percent => ChartKind::Percent,
            Kind::Waterfall => ChartKind::Waterfall,
            Kind::Bar | Kind::Column | Kind::Funnel => ChartKind::Bar,
        },
        reference: (p.spec.kind == Kind::Forest).then_some(1.0),
        format: if p.share {
            ValueFormat::Percent(0)
        } else if p.spec.kind == Kind::Forest {
            ValueFormat::Decimal(2)
        } else {
            ValueFormat::Integer
        },
        note: note(c, g, p),
        lang: c.lang,
        ..ChartSpec::default()
    };
    let first = p.rows.first().zip(p.series.first());
    let of = first.and_then(|(&r, s)| g.rows[r].cells[s.column].key.as_ref());
    out.measure = of.map_or_else(String::new, |k| c.labels.measure(c.lang, &k.0));
    let mark = Value::sign;
    if p.spec.kind == Kind::Waterfall {
        // The steps are the columns of the total row.
        let r = p.rows[0];
        let columns: Vec<usize> = p.series.iter().map(|s| s.column).collect();
        out.categories = columns
            .iter()
            .map(|&i| g.columns[i].header.clone())
            .collect();
        out.minus = columns
            .iter()
            .map(|&i| {
                let k = g.columns[i].category.as_str();
                p.spec.minus.iter().any(|m| m == k)
            })
            .collect();
        out.series = vec![Series {
            values: columns.iter().map(|&i| g.value(r, i).number()).collect(),
            marks: columns.iter().map(|&i| mark(g.value(r, i))).collect(),
            ..Series::default()
        }];
        out.floor = p.floor;
        if p.share {
            out.format = ValueFormat::Percent(1);
        }
        return out;
    }
    out.categories = p.rows.iter().map(|&r| g.label(r).to_owned()).collect();
    let column =
        |i: usize| -> Vec<Option<f64>> { (0..p.rows.len()).map(|r| p.value(g, r, i)).collect() };
    out.series = p
        .series
        .iter()
        .map(|s| Series {
            name: g.columns[s.column].name.clone(),
            values: column(s.column),
            low: s.interval.map_or_else(Vec::new, |i| column(i.0)),
            high: s.interval.map_or_else(Vec::new, |i| column(i.1)),
            marks: p.rows.iter().map(|&r| mark(g.value(r, s.column))).collect(),
            sizes: s.n.map_or_else(Vec::new, column),
            digits: p
                .rows
                .iter()
                .map(|&r| digits(g.value(r, s.column)))
                .collect(),
        })
        .collect();
    if p.whole.is_some() {
        out.rest = Some(Series {
            name: locale::text(c.lang, "report.rest").to_owned(),
            values: (0..p.rows.len()).map(|r| p.rest(g, r)).collect(),
            ..Series::default()
        });
    }
    out.ticks = p.marks.map_or_else(Vec::new, column);
    out.ticks_name = p
        .marks
        .map_or_else(String::new, |i| g.columns[i].header.clone());
    out
}
