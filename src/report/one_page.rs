//! The one page for leadership from protected figures (docs/definitions.md 4), as `ringkasan.toml` says.

use super::Sign;
use super::figures::Content;
use super::grid::{estimate, grid};
use super::paper::ends;
use super::picture::{BigNumber, ChartSpec, OnePage};
use super::pictures::spec;
use super::plan::plan;
use super::sentence;
use super::template::{Both, Chart, Column, PageChart, PageTemplate, Sheet, Template};
use super::workbook::classification;
use crate::domain::coarser::JOINED;
use crate::domain::{Status, Unit};
use crate::locale;

/// Composes the page of a report's audience.
pub fn one_page(t: &Template, page: &PageTemplate, c: &Content) -> OnePage {
    let lang = c.lang;
    let say = |key: &str, args: &[(&str, &str)]| {
        locale::format(lang, &format!("report.page_one.{key}"), args)
    };
    let place = say(t.population.id(), &[]);
    let with_place = |b: &Both| locale::fill(b.get(lang), &[("place", &place)]);
    let columns: Vec<Column> = page
        .number
        .iter()
        .map(|n| Column {
            measure: n.measure.clone(),
            window: n.window,
            definition: n.definition.clone(),
            ..Column::default()
        })
        .collect();
    let big = page
        .number
        .iter()
        .zip(&columns)
        .map(|(n, col)| {
            let f = c.figures.find(col, t.population, &[]);
            let count = |v: f64| locale::integer(lang, v);
            let label = n.label.get(lang).to_owned();
            let (value, detail, note) = match f {
                Some(f) if f.is_hidden() => {
                    let x = Sign::Hidden.text();
                    (x.into(), say("hidden", &[]), String::new())
                }
                Some(f) if f.estimate.is_none() && f.denominator.unwrap_or(0.0) == 0.0 => {
                    let sign = Sign::of(Some(f));
                    let detail = match sign {
                        Sign::NotDelivered => say("none", &[]),
                        Sign::Hidden | Sign::NotApplicable | Sign::NotFollowed | Sign::Few => {
                            say("nobody", &[])
                        }
                    };
                    (sign.text().into(), detail, String::new())
                }
                Some(f) if f.unit == Unit::Share => {
                    let (k, d) = (f.numerator.unwrap_or(0.0), f.denominator.unwrap_or(0.0));
                    let detail = say("of", &[("k", &count(k)), ("n", &count(d))]);
                    let value = f.estimate.map_or_else(
                        || count(k),
                        |e| locale::percent(lang, e, usize::from(d >= 100.0)),
                    );
                    let mut note = match (f.ci_low, f.ci_high) {
                        (Some(a), Some(b)) => {
                            let (low, high) = ends(lang, f, a, b);
                            say("range", &[("low", &low), ("high", &high)])
                        }
                        _ => String::new(),
                    };
                    if f.status == Status::Unreliable {
                        note = format!("{note} {}", say("few", &[])).trim().to_owned();
                    }
                    (value, detail, note)
                }
                Some(f) => {
                    let before = c
                        .previous
                        .same(f)
                        .filter(|p| !p.is_hidden() && p.estimate.is_some());
                    let note = before.map_or_else(String::new, |p| {
                        let v = sentence::written(lang, &estimate(Some(p)));
                        say("before", &[("value", &v)])
                    });
                    let value = sentence::written(lang, &estimate(Some(f)));
                    (value, n.unit.get(lang).to_owned(), note)
                }
                None => {
                    let sign = Sign::NotDelivered.text();
                    (sign.into(), say("none", &[]), String::new())
                }
            };
            BigNumber {
                label,
                value,
                detail,
                note,
            }
        })
        .collect();
    let first = columns
        .first()
        .and_then(|col| c.figures.find(col, t.population, &[]));
    let readings: Vec<String> = (page.reading.iter())
        .filter_map(|r| {
            let column = Column {
                measure: r.measure.clone(),
                window: r.window,
                definition: r.definition.clone(),
                ..Column::default()
            };
            let said = sentence::said(c, t.population, &column, &with_place(&r.text))?;
            let change = sentence::change(c, t, &r.change);
            Some(
                [Some(said), change]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        })
        .collect();
    let status = match readings.is_empty() {
        true => sentence::about(c, first, &with_place(&page.status), None),
        false => readings.join(" "),
    };
    let cutoff = c
        .facts
        .cutoff
        .map_or_else(|| "…".to_owned(), |d| locale::date_long(lang, d));
    let mut caveat = vec![
        sentence::arrived(c),
        locale::text(lang, "report.caveat_coverage").to_owned(),
    ];
    let linked = page.caveat.as_ref().and_then(|x| {
        let p = x.population.unwrap_or(t.population);
        let column = Column {
            measure: x.measure.clone(),
            ..Column::default()
        };
        let f = c
            .figures
            .find(&column, p, &[])
            .filter(|f| f.estimate.is_some());
        let share = sentence::written(lang, &estimate(Some(f?)));
        Some(locale::fill(x.text.get(lang), &[("share", &share)]))
    });
    caveat.extend(linked);
    let few = |col: &Column| {
        let f = c.figures.find(col, t.population, &[]);
        f.is_some_and(|f| f.status == Status::Unreliable)
    };
    if columns.iter().any(few) {
        caveat.push(say("few_note", &[]));
    }
    OnePage {
        kop: if t.audience == "kota" {
            c.settings.office.kop_city.clone()
        } else {
            c.settings.office.kop_kanwil.clone()
        },
        title: with_place(&page.title),
        period: locale::month_long(lang, c.month),
        cutoff: locale::format(lang, "report.cutoff", &[("date", &cutoff)]),
        status_sentence: status,
        big,
        charts: page.chart.iter().filter_map(|x| chart(t, c, x)).collect(),
        decisions_title: say("decisions", &[]),
        decision_heads: ["what", "who", "when"].map(|k| say(&format!("decision.{k}"), &[])),
        decisions: decisions(t, page, c),
        no_decisions: say("no_decisions", &[]),
        caveat: caveat.join(" "),
        sign_left: [vec![String::new()], c.settings.office.sign_left.clone()].concat(),
        sign_line: locale::text(lang, "report.sign_line").to_owned(),
        sign_right: [
            vec![locale::format(
                lang,
                "report.sign_place",
                &[("city", &c.settings.office.city)],
            )],
            c.settings.office.sign_right.clone(),
        ]
        .concat(),
        classification: classification(t, c),
        lang,
    }
}

/// What, who, by when: the three largest.
pub(super) fn decisions(t: &Template, page: &PageTemplate, c: &Content) -> Vec<[String; 3]> {
    let d = &page.decision;
    let mut waiting: Vec<(f64, String)> = c
        .figures
        .of(&d.measure)
        .filter(|f| {
            f.population == t.population && f.dim1.0 == d.rows.as_str() && f.dim2.0.is_empty()
        })
        // Several taken together are nobody who could decide.
        .filter(|f| f.dim1.1 != JOINED)
        .filter_map(|f| {
            let v = f.estimate.filter(|v| *v > 0.0)?;
            Some((v, c.labels.category(c.lang, &d.rows, &f.dim1.1)))
        })
        .collect();
    waiting.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let by = locale::date_long(c.lang, c.month.plus(1).last_day());
    waiting
        .into_iter()
        .take(3)
        .map(|(n, who)| {
            let n = locale::integer(c.lang, n);
            let what = locale::fill(d.text.get(c.lang), &[("n", &n)]);
            [what, who, by.clone()]
        })
        .collect()
}

fn chart(t: &Template, c: &Content, x: &PageChart) -> Option<ChartSpec> {
    let sheet = Sheet {
        name: Both::same(&x.measure),
        title: Both::same(&c.labels.measure(c.lang, &x.measure)),
        rows: vec![x.rows.clone()],
        columns: vec![Column {
            measure: x.measure.clone(),
            window: x.window,
            definition: x.definition.clone(),
            ..Column::default()
        }],
        chart: vec![Chart {
            kind: x.kind,
            title: x.title.clone(),
            ..Chart::default()
        }],
        ..Sheet::default()
    };
    // The page's breakdown is checked where it is read; its template knows no measures of its own.
    let mut own = t.clone();
    own.dims
        .entry(x.measure.clone())
        .or_default()
        .push(x.rows.clone());
    let g = grid(c, &own, &sheet);
    let p = plan(&sheet, &sheet.chart[0], &g)?;
    Some(spec(c, t.population, &sheet, &g, &p, x.title.get(c.lang)))
}
