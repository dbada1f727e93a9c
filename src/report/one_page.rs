//! The one page for leadership from protected figures (DOMAIN.md 4.4).

use super::grid::{Content, grid};
use super::picture::{BigNumber, ChartSpec, OnePage};
use super::sentence;
use super::template::{Both, Chart, Column, Sheet, Template};
use super::workbook::picture;
use crate::domain::{Status, Unit};
use crate::locale;

fn column(measure: &str, window: Option<u16>, definition: Option<&str>) -> Column {
    Column {
        measure: measure.into(),
        show: vec![],
        window,
        definition: definition.map(str::to_owned),
        header: None,
    }
}

/// Composes the page of a template's audience.
pub fn one_page(t: &Template, c: &Content) -> OnePage {
    let lang = c.lang;
    let say = |key: &str, args: &[(&str, &str)]| {
        locale::format(lang, &format!("report.page_one.{key}"), args)
    };
    let place = say(t.population.id(), &[]);
    let numbers = [
        (column("k1_a1", Some(1), None), "k1"),
        (column("clients", None, None), "clients"),
        (column("service_completed", None, None), "completed"),
        (column("return", Some(12), Some("P1.person.v1")), "return"),
    ];
    let big = numbers
        .iter()
        .map(|(col, key)| {
            let f = c.figures.find(col, t.population, &[]);
            let n = |v: f64| locale::integer(lang, v);
            let (value, detail, note) = match f {
                Some(f) if f.is_hidden() => ("<5".into(), say("hidden", &[]), String::new()),
                Some(f) if f.unit == Unit::Share => {
                    let (k, d) = (f.numerator.unwrap_or(0.0), f.denominator.unwrap_or(0.0));
                    let detail = say("of", &[("k", &n(k)), ("n", &n(d))]);
                    let value = f.estimate.map_or_else(
                        || n(k),
                        |e| locale::percent(lang, e, usize::from(d >= 100.0)),
                    );
                    let mut note = match (f.ci_low, f.ci_high) {
                        (Some(a), Some(b)) => say(
                            "range",
                            &[
                                ("low", &locale::percent(lang, a, 0)),
                                ("high", &locale::percent(lang, b, 0)),
                            ],
                        ),
                        _ => String::new(),
                    };
                    if f.status == Status::Unreliable {
                        note = format!("{note} {}", say("few", &[])).trim().to_owned();
                    }
                    (value, detail, note)
                }
                Some(f) => (
                    f.estimate.map_or_else(|| "…".into(), n),
                    say("people", &[]),
                    String::new(),
                ),
                None => ("…".into(), say("none", &[]), String::new()),
            };
            BigNumber {
                label: say(key, &[]),
                value,
                detail,
                note,
            }
        })
        .collect();
    let first = c.figures.find(&numbers[0].0, t.population, &[]);
    let status = sentence::about(c, first, &say("status", &[("place", &place)]), None);
    let charts = vec![
        chart(
            t,
            c,
            "release_month",
            "k1_a1",
            Some(12),
            "line",
            &say("chart_k1", &[]),
        ),
        chart(
            t,
            c,
            "opd",
            "service_started_12m",
            None,
            "bar",
            &say("chart_opd", &[]),
        ),
    ];
    let mut waiting: Vec<(f64, String)> = c
        .figures
        .of("waiting_over_30")
        .filter(|f| f.population == t.population && f.dim1.0 == "opd")
        .filter_map(|f| {
            f.estimate
                .filter(|v| *v > 0.0)
                .map(|v| (v, c.labels.category(lang, "opd", &f.dim1.1)))
        })
        .collect();
    waiting.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let by = locale::date_short(c.month.plus(1).last_day());
    let decisions = waiting
        .into_iter()
        .take(3)
        .map(|(n, opd)| {
            [
                say("decide", &[("n", &locale::integer(lang, n))]),
                opd,
                by.clone(),
            ]
        })
        .collect();
    let cutoff = c
        .facts
        .cutoff
        .map_or_else(|| "…".to_owned(), |d| locale::date_long(lang, d));
    let missing = if c.facts.missing.is_empty() {
        locale::text(lang, "report.complete").to_owned()
    } else {
        locale::format(
            lang,
            "report.missing",
            &[("names", &c.facts.missing.join(", "))],
        )
    };
    OnePage {
        kop: if t.audience == "kota" {
            c.settings.office.kop_city.clone()
        } else {
            c.settings.office.kop_kanwil.clone()
        },
        title: say("title", &[("place", &place)]),
        period: locale::month_long(lang, c.month),
        cutoff: locale::format(lang, "report.cutoff", &[("date", &cutoff)]),
        status_sentence: status,
        big,
        charts,
        decisions_title: say("decisions", &[]),
        decisions,
        no_decisions: say("no_decisions", &[]),
        caveat: format!("{missing} {}", locale::text(lang, "report.caveat_coverage")),
        sign_left: c.settings.office.sign_left.clone(),
        sign_right: [
            vec![format!("{}, …", c.settings.office.city)],
            c.settings.office.sign_right.clone(),
        ]
        .concat(),
        classification: c.settings.office.classification.clone(),
        lang,
    }
}

fn chart(
    t: &Template,
    c: &Content,
    rows: &str,
    measure: &str,
    window: Option<u16>,
    kind: &str,
    title: &str,
) -> ChartSpec {
    let both = |s: &str| Both {
        id: s.into(),
        en: s.into(),
    };
    let sheet = Sheet {
        name: both(measure),
        title: both(&c.labels.measure(c.lang, measure)),
        rows: rows.into(),
        across: String::new(),
        columns: vec![column(measure, window, None)],
        population: None,
        chart: Some(Chart {
            kind: kind.into(),
            columns: vec![],
            title: both(title),
        }),
        sentence: None,
        note: None,
    };
    let g = grid(c, t, &sheet);
    picture(c, &sheet, &g, title, kind)
}
