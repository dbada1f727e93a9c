//! `reintegrasi status --quality`: how good each supplier's data were, month by month done: when they came, how much of them
//! counts, the commonest fault, and whether what was asked for the month before is mended.

use super::listing::{Format, Listing};
use super::{Opened, say};
use crate::domain::Month;
use crate::locale::{self, Lang};
use crate::report::Mended;
use crate::run::deliveries::Delivery;
use crate::run::quality::{self, OfSupplier};
use crate::run::{RunError, supplier_name};
use chrono::NaiveDate;
use serde_json::Value;

/// A supplier in a month.
struct Line {
    month: Month,
    id: String,
    name: String,
    /// The day the first file about the month came, as far as anybody knows.
    delivered: Option<NaiveDate>,
    quality: OfSupplier,
    /// `None` where the month before was not done.
    mended: Option<Mended>,
}

/// Prints the months of which anything is kept, the oldest first.
pub(super) fn print(
    opened: &Opened,
    months: &[Month],
    deliveries: &[Delivery],
    format: Format,
) -> Result<(), RunError> {
    let lines = lines(opened, months, deliveries)?;
    let lang = opened.lang;
    match format {
        Format::Table if lines.is_empty() => {
            println!("{}", say(lang, "status_quality.none", &[]));
        }
        Format::Table => println!("{}", for_people(lang, &lines).table(lang)),
        Format::Csv | Format::Json => for_programs(lang, &lines).print(lang, format),
    }
    Ok(())
}

fn lines(
    opened: &Opened,
    months: &[Month],
    deliveries: &[Delivery],
) -> Result<Vec<Line>, RunError> {
    let mut out = Vec::new();
    for &month in months {
        let Some(of_month) = quality::recall(&opened.ws, month)? else {
            continue;
        };
        let before = quality::recall(&opened.ws, month.plus(-1))?;
        for (id, quality) in of_month {
            let about = |d: &&Delivery| {
                d.supplier == id && d.months.is_some_and(|(a, b)| a <= month && month <= b)
            };
            let days = deliveries.iter().filter(about).filter_map(|d| d.received);
            let asked = before.as_ref().and_then(|all| all.get(&id));
            out.push(Line {
                month,
                name: supplier_name(&id, &opened.units, &opened.settings),
                delivered: days.min(),
                mended: asked.map(|b| Mended::of(&b.faults, &quality.faults)),
                id,
                quality,
            });
        }
    }
    Ok(out)
}

/// The rule that was broken most often, and how often.
fn commonest(q: &OfSupplier) -> Option<(&str, u64)> {
    let most = q
        .faults
        .iter()
        .max_by_key(|(rule, n)| (**n, std::cmp::Reverse(rule.as_str())));
    most.map(|(rule, n)| (rule.as_str(), *n))
}

fn share((k, n): (u64, u64)) -> Option<f64> {
    (n > 0).then(|| k as f64 / n as f64)
}

fn for_people(lang: Lang, lines: &[Line]) -> Listing {
    let columns = [
        "month",
        "supplier",
        "delivered",
        "rows",
        "nik",
        "linked",
        "fault",
        "mended",
    ];
    let mut out = Listing::new(lang, "status_quality", &columns);
    let n = |v: u64| locale::integer(lang, v as f64);
    let percent =
        |p: (u64, u64)| share(p).map_or_else(|| "–".to_owned(), |s| locale::percent(lang, s, 0));
    for l in lines {
        let (used, read) = (n(l.quality.used), n(l.quality.read));
        let fault = commonest(&l.quality).map_or_else(
            || say(lang, "status_quality.no_fault", &[]),
            |(rule, times)| format!("{rule} ({})", n(times)),
        );
        let mended = match &l.mended {
            None => "–".to_owned(),
            Some(m) if m.asked == 0 => say(lang, "status_quality.nothing_asked", &[]),
            Some(m) => {
                let [gone, fewer, still, asked] = [m.gone, m.fewer, m.still, m.asked].map(n);
                let args = [
                    ("gone", gone.as_str()),
                    ("fewer", &fewer),
                    ("still", &still),
                    ("asked", &asked),
                ];
                say(lang, "status_quality.of_asked", &args)
            }
        };
        out.push(vec![
            l.month.to_string().into(),
            l.name.as_str().into(),
            l.delivered
                .map_or_else(|| "…".to_owned(), locale::date_short)
                .into(),
            say(
                lang,
                "status_quality.used_of",
                &[("used", &used), ("read", &read)],
            )
            .into(),
            percent(l.quality.nik).into(),
            percent(l.quality.linked).into(),
            fault.into(),
            mended.into(),
        ]);
    }
    out
}

fn for_programs(lang: Lang, lines: &[Line]) -> Listing {
    let columns = [
        "month",
        "supplier",
        "delivered",
        "read",
        "used",
        "nik",
        "linked",
        "fault",
        "times",
        "asked",
        "gone",
        "fewer",
        "still",
    ];
    let mut out = Listing::new(lang, "status_quality", &columns);
    for l in lines {
        let fault = commonest(&l.quality);
        let of = |f: fn(&Mended) -> u64| Value::from(l.mended.as_ref().map(f));
        out.push(vec![
            l.month.to_string().into(),
            l.id.as_str().into(),
            l.delivered.map(|d| d.to_string()).into(),
            l.quality.read.into(),
            l.quality.used.into(),
            share(l.quality.nik).into(),
            share(l.quality.linked).into(),
            fault.map(|f| f.0).into(),
            fault.map(|f| f.1).into(),
            of(|m| m.asked),
            of(|m| m.gone),
            of(|m| m.fewer),
            of(|m| m.still),
        ]);
    }
    out
}
