//! The agreements of `perjanjian.toml`: since when and until when, in force or not, who takes part, which office answers,
//! how many of the services promised for the year were given. A sheet of its own, only where there are any.

use super::table::{Layout, head, layout, write};
use super::{Book, heading, paragraph, print_setup};
use crate::domain::figure::Figure;
use crate::domain::{Month, Population, Text, Unit};
use crate::locale;
use crate::report::figures::Content;
use crate::report::grid::{Cell, Grid, GridColumn, GridRow, Part, Value};
use crate::report::template::{Column, Show, measured_of};
use crate::workspace::{Agreement, AgreementState, Goal};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Words about an agreement; keys of `report.agreements`.
const WORDS: [&str; 11] = [
    "number",
    "from",
    "until",
    "state",
    "takes_part",
    "office",
    "done",
    "pace",
    "forecast",
    "goals",
    "deliveries",
];

/// The table: an agreement a row. `None` without agreements.
pub(super) fn grid(c: &Content) -> Option<Grid> {
    let all = &c.settings.agreements.agreement;
    let say = |k: &str| locale::text(c.lang, &format!("report.agreements.{k}")).to_owned();
    let column = |key: &&str| GridColumn {
        name: say(key),
        header: say(key),
        measure: String::new(),
        part: Part::Of(Show::Verdict),
        category: Text::default(),
        total: false,
    };
    let rows = all.iter().map(|a| GridRow {
        block: 0,
        labels: vec![a.title.clone()],
        total: false,
        unknown: false,
        cells: (words(c, a).into_iter())
            .map(|text| Cell {
                value: Value::Text(text),
                key: None,
                part: Part::Of(Show::Verdict),
            })
            .collect(),
    });
    (!all.is_empty()).then(|| Grid {
        lead: vec![say("agreement")],
        columns: WORDS.iter().map(column).collect(),
        rows: rows.collect(),
        blocks: vec![],
        ..Grid::default()
    })
}

/// What is said of an agreement, in the order of [`WORDS`]; what is not known is `…`.
fn words(c: &Content, a: &Agreement) -> [String; 11] {
    let known = |text: String| {
        if text.is_empty() {
            "…".to_owned()
        } else {
            text
        }
    };
    let units = a
        .units
        .iter()
        .map(|id| c.labels.category(c.lang, "upt", id));
    let agencies = a
        .agencies
        .iter()
        .map(|id| c.labels.category(c.lang, "opd", id));
    let takes_part: Vec<String> = match a.parties.is_empty() {
        true => agencies.chain(units).collect(),
        false => a.parties.clone(),
    };
    let state = a.state(c.month.last_day());
    let days = match state {
        AgreementState::EndsSoon(days) => days.to_string(),
        AgreementState::NotYet | AgreementState::InForce | AgreementState::Ended => String::new(),
    };
    let key = format!("settings.agreement_state.{}", state.key());
    [
        known(a.number.clone()),
        locale::date_short(a.from),
        known(a.until.map_or_else(String::new, locale::date_short)),
        locale::format(c.lang, &key, &[("days", &days)]),
        known(takes_part.join("; ")),
        known(a.office.clone()),
        done(c, a),
        pace(c, a),
        forecast(c, a),
        goals(c, a),
        deliveries(c, a),
    ]
}

/// A figure of an agency, of everybody or of the residents of Kota Ambon, whichever the report has.
fn of_agency<'a>(c: &'a Content, measure: &str, agency: &str) -> Option<&'a Figure> {
    let column = Column {
        measure: measure.into(),
        ..Column::default()
    };
    let at = [("opd", agency)];
    let both = [Population::Maluku, Population::Ambon];
    both.into_iter()
        .find_map(|of| c.figures.find(&column, of, &at))
}

/// Agencies that promised services for the month's year, each once.
fn promising<'a>(c: &Content, a: &'a Agreement) -> Vec<&'a str> {
    let year = c.month.year();
    let mut out: Vec<&str> = Vec::new();
    for p in a.service.iter().filter(|p| p.year == year) {
        if !out.contains(&p.agency.as_str()) {
            out.push(&p.agency);
        }
    }
    out
}

/// One line for each, or that there is no target.
fn each(c: &Content, lines: Vec<String>) -> String {
    match lines.is_empty() {
        true => locale::text(c.lang, "report.agreements.no_target").to_owned(),
        false => lines.join("; "),
    }
}

/// Services given of those planned up to this month, agency by agency, over all agreements.
fn pace(c: &Content, a: &Agreement) -> String {
    let line = |agency: &&str| {
        let f = of_agency(c, "pks_pace", agency);
        let number = |n: Option<f64>| match n.filter(|_| f.is_some_and(|f| !f.is_hidden())) {
            Some(n) => locale::decimal(c.lang, n, usize::from(n.fract() != 0.0)),
            None => crate::report::Sign::of(f).text().to_owned(),
        };
        let (given, planned) = (
            number(f.and_then(|f| f.numerator)),
            number(f.and_then(|f| f.denominator)),
        );
        let share = f.and_then(|f| f.estimate).map_or_else(
            || crate::report::Sign::of(f).text().to_owned(),
            |v| locale::percent(c.lang, v, 0),
        );
        let agency = c.labels.category(c.lang, "opd", agency);
        let args = [
            ("agency", agency.as_str()),
            ("given", &given),
            ("planned", &planned),
            ("share", &share),
        ];
        locale::format(c.lang, "report.agreements.paced", &args)
    };
    each(c, promising(c, a).iter().map(line).collect())
}

/// Services by the year's end at the pace so far, with its range.
fn forecast(c: &Content, a: &Agreement) -> String {
    let line = |agency: &&str| {
        let f = of_agency(c, "pks_forecast", agency);
        let name = c.labels.category(c.lang, "opd", agency);
        let number = |n: f64| locale::integer(c.lang, n.round());
        let shown = f.and_then(|f| Some((f.estimate?, f.ci_low?, f.ci_high?)));
        let Some((at, low, high)) = shown else {
            return format!("{name}: {}", crate::report::Sign::of(f).text());
        };
        let (at, low, high) = (number(at), number(low), number(high));
        let args = [
            ("agency", name.as_str()),
            ("at", &at),
            ("low", &low),
            ("high", &high),
        ];
        locale::format(c.lang, "report.agreements.forecast_of", &args)
    };
    each(c, promising(c, a).iter().map(line).collect())
}

/// Numbers that were agreed: target, what it is, how far that fulfils it.
fn goals(c: &Content, a: &Agreement) -> String {
    let of_year = a.goal.iter().filter(|g| g.year == c.month.year());
    let line = |g: &Goal| {
        let column = Column {
            measure: g.measure.clone(),
            window: g.window,
            ..Column::default()
        };
        let both = [Population::Ambon, Population::Maluku];
        let f = both
            .into_iter()
            .find_map(|of| c.figures.find(&column, of, &[]));
        let share = f.is_some_and(|f| f.unit == Unit::Share);
        let number = |v: f64| match share {
            true => locale::percent(c.lang, v, 1),
            false => locale::decimal(c.lang, v, usize::from(v.fract() != 0.0)),
        };
        let sign = || crate::report::Sign::of(f).text().to_owned();
        let now = f.filter(|f| !f.is_hidden()).and_then(|f| f.estimate);
        let fulfilled = now.and_then(|v| g.fulfilled(v));
        let (title, target) = (c.labels.measure(c.lang, &g.measure), number(g.value));
        let now = now.map_or_else(sign, number);
        let fulfilled = fulfilled.map_or_else(sign, |v| locale::percent(c.lang, v, 0));
        let key = format!("report.agreements.better_{}", g.better.id());
        let better = locale::text(c.lang, &key);
        let args = [
            ("title", title.as_str()),
            ("target", &target),
            ("better", better),
            ("now", &now),
            ("fulfilled", &fulfilled),
        ];
        locale::format(c.lang, "report.agreements.goal", &args)
    };
    each(c, of_year.map(line).collect())
}

/// What is measured of a priority: the measure as the summary of this report has it, else its total, with its number.
fn measured(b: &Book, id: &str) -> String {
    let (c, t) = (b.c, b.t);
    let find = |column: &Column| c.figures.find(column, t.population, &[]);
    let kpi = t.kpi.iter().find(|k| k.measure == id);
    let found = kpi.map_or_else(
        || measured_of(id).iter().find_map(find),
        |k| find(&k.column()),
    );
    let own = kpi.and_then(|k| k.header.as_ref());
    let mut title = own.map_or_else(
        || c.labels.measure(c.lang, id),
        |header| header.get(c.lang).to_owned(),
    );
    let places = found.into_iter().flat_map(Figure::places);
    for (dimension, category) in places.filter(|_| own.is_none()) {
        let name = c.labels.category(c.lang, dimension.id(), category);
        title = format!("{title} ({name})");
    }
    let value = number_of(c, found);
    let args = [("title", title.as_str()), ("value", &value)];
    locale::format(c.lang, "report.agreements.measured", &args)
}

/// A figure in words: a share with its numerator and denominator, else its number; a sign where there is none to show.
fn number_of(c: &Content, f: Option<&Figure>) -> String {
    let shown = f.filter(|f| !f.is_hidden());
    let Some((f, value)) = shown.and_then(|f| Some((f, f.estimate?))) else {
        return crate::report::Sign::of(f).text().to_owned();
    };
    let whole = |v: f64| locale::decimal(c.lang, v, usize::from(v.fract() != 0.0));
    match (f.unit, f.numerator, f.denominator) {
        (Unit::Share, Some(k), Some(n)) => {
            let share = locale::percent(c.lang, value, usize::from(n >= 100.0));
            let (k, n) = (whole(k), whole(n));
            let args = [("share", share.as_str()), ("k", &k), ("n", &n)];
            locale::format(c.lang, "report.agreements.share", &args)
        }
        (Unit::Share, ..) => locale::percent(c.lang, value, 0),
        (Unit::ShareDifference, ..) => {
            let points = locale::decimal(c.lang, value * 100.0, 1);
            locale::format(c.lang, "report.agreements.points", &[("n", &points)])
        }
        (
            Unit::Persons
            | Unit::Events
            | Unit::Days
            | Unit::Hours
            | Unit::Ratio
            | Unit::Per100PersonYears
            | Unit::Places,
            ..,
        ) => whole(value),
    }
}

/// Lists due in the last twelve months of which the agreement speaks, and those that did not come.
fn deliveries(c: &Content, a: &Agreement) -> String {
    if !a.delivers_data {
        return locale::text(c.lang, "report.agreements.no_duty").to_owned();
    }
    let column = Column {
        measure: "coverage".into(),
        ..Column::default()
    };
    let months = (0..12).map(|back| c.month.plus(back - 11));
    let due: Vec<Month> = months
        .filter(|m| m.last_day() >= a.from && a.until.is_none_or(|until| m.first_day() <= until))
        .collect();
    let came = |agency: &str, m: Month| {
        let month = m.to_string();
        let at = [("source", agency), ("calendar_month", month.as_str())];
        let both = [Population::Maluku, Population::Ambon];
        let found = both
            .into_iter()
            .find_map(|of| c.figures.find(&column, of, &at));
        found.and_then(|f| f.estimate).is_some_and(|v| v > 0.0)
    };
    let line = |agency: &String| {
        let missed: Vec<String> = (due.iter())
            .filter(|m| !came(agency, **m))
            .map(|m| locale::month_long(c.lang, *m))
            .collect();
        let name = c.labels.category(c.lang, "opd", agency);
        let (n, of) = (missed.len().to_string(), due.len().to_string());
        let list = missed.join(", ");
        let args = [
            ("agency", name.as_str()),
            ("missed", &n),
            ("due", &of),
            ("list", &list),
        ];
        let key = if missed.is_empty() {
            "all_came"
        } else {
            "missed"
        };
        locale::format(c.lang, &format!("report.agreements.{key}"), &args)
    };
    match a.agencies.is_empty() || due.is_empty() {
        true => locale::text(c.lang, "report.agreements.nothing_due").to_owned(),
        false => a.agencies.iter().map(line).collect::<Vec<_>>().join("; "),
    }
}

/// Services given since January of those promised for the year, agency by agency, as far as they are shown.
fn done(c: &Content, a: &Agreement) -> String {
    let promised = a.service.iter().filter(|p| p.year == c.month.year());
    let each: Vec<String> = promised
        .map(|p| {
            let column = Column {
                measure: "pks_realisation".into(),
                ..Column::default()
            };
            let at = [("opd", p.agency.as_str())];
            let given = [Population::Maluku, Population::Ambon]
                .into_iter()
                .find_map(|of| c.figures.find(&column, of, &at));
            let given = match given.filter(|f| !f.is_hidden()).and_then(|f| f.numerator) {
                Some(n) => locale::integer(c.lang, n),
                None => crate::report::Sign::of(given).text().to_owned(),
            };
            let planned = locale::integer(c.lang, f64::from(p.planned()));
            let agency = c.labels.category(c.lang, "opd", &p.agency);
            let args = [
                ("agency", agency.as_str()),
                ("given", &given),
                ("planned", &planned),
            ];
            locale::format(c.lang, "report.agreements.of", &args)
        })
        .collect();
    match each.is_empty() {
        true => locale::text(c.lang, "report.agreements.no_target").to_owned(),
        false => each.join("; "),
    }
}

/// What stands above the table.
pub(super) fn place(c: &Content, g: &Grid, number: usize) -> Layout {
    let day = c.month.last_day();
    let all = &c.settings.agreements.agreement;
    let count = |is: fn(AgreementState) -> bool| {
        let n = all.iter().filter(|a| is(a.state(day))).count();
        locale::integer(c.lang, n as f64)
    };
    let in_force = count(|s| matches!(s, AgreementState::InForce | AgreementState::EndsSoon(_)));
    let soon = count(|s| matches!(s, AgreementState::EndsSoon(_)));
    let ended = count(|s| matches!(s, AgreementState::Ended));
    let date = locale::date_long(c.lang, day);
    let args = [
        ("date", date.as_str()),
        ("in_force", &in_force),
        ("soon", &soon),
        ("ended", &ended),
    ];
    let reading = locale::format(c.lang, "report.agreements.reading", &args);
    let title = heading(c, number, locale::text(c.lang, "report.agreements.title"));
    layout(g, title, reading)
}

/// Writes the sheet: the agreements, then the priorities with what is measured of each.
pub(super) fn sheet(
    w: &mut Worksheet,
    b: &Book,
    tab: &str,
    g: &Grid,
    l: &Layout,
) -> Result<(), XlsxError> {
    let c = b.c;
    w.set_name(tab)?;
    head(w, b, l)?;
    let title = locale::text(c.lang, "report.agreements.title");
    write(w, b, g, l, "tabel_perjanjian", title)?;
    let mut r = l.top + g.rows.len() as u32 + 2;
    for p in &c.settings.agreements.priority {
        let each = p.measures.iter().map(|id| measured(b, id));
        let measured = match p.measures.is_empty() {
            true => locale::text(c.lang, "report.agreements.not_measured").to_owned(),
            false => each.collect::<Vec<_>>().join("; "),
        };
        let n = p.number.to_string();
        let args = [
            ("n", n.as_str()),
            ("name", &p.name),
            ("measured", &measured),
        ];
        let text = locale::format(c.lang, "report.agreements.priority", &args);
        r = paragraph(w, r, &text, l.text, &b.s.muted)?;
    }
    for key in ["report.agreements.source", "report.signs"] {
        r = paragraph(w, r, locale::text(c.lang, key), l.text, &b.s.muted)?;
    }
    if g.rows.len() > 25 {
        w.set_repeat_rows(l.top, l.top)?;
    }
    print_setup(w, b, true, g.rows.len() < 40);
    Ok(())
}
