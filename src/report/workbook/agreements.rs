//! The agreements of `perjanjian.toml`: since when and until when, in force or not, who takes part, which office answers,
//! how many of the services promised for the year were given. A sheet of its own, only where there are any.

use super::table::{Layout, head, layout, write};
use super::{Book, heading, lines, print_setup};
use crate::domain::{Population, Text};
use crate::locale;
use crate::report::figures::Content;
use crate::report::grid::{Cell, Grid, GridColumn, GridRow, Part, Value};
use crate::report::template::{Column, Show};
use crate::workspace::{Agreement, AgreementState};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Words about an agreement; keys of `report.agreements`.
const WORDS: [&str; 7] = [
    "number",
    "from",
    "until",
    "state",
    "takes_part",
    "office",
    "done",
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
        folded: false,
        coarse_steps: false,
    })
}

/// What is said of an agreement, in the order of [`WORDS`]; what is not known is `…`.
fn words(c: &Content, a: &Agreement) -> [String; 7] {
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
    ]
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
        let measured: Vec<String> = p
            .measures
            .iter()
            .map(|id| c.labels.measure(c.lang, id))
            .collect();
        let measured = match measured.is_empty() {
            true => locale::text(c.lang, "report.agreements.not_measured").to_owned(),
            false => measured.join(", "),
        };
        let n = p.number.to_string();
        let args = [
            ("n", n.as_str()),
            ("name", &p.name),
            ("measured", &measured),
        ];
        let text = locale::format(c.lang, "report.agreements.priority", &args);
        r = lines(w, r, &text, l.letters, &b.s.muted)?;
    }
    for key in ["report.agreements.source", "report.signs"] {
        r = lines(w, r, locale::text(c.lang, key), l.letters, &b.s.muted)?;
    }
    print_setup(w, b, true, g.rows.len() < 40);
    Ok(())
}
