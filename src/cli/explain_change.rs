//! `reintegrasi explain change`: the rows that make a number another than the month before, part by part. On the terminal alone.

use super::explain::places;
use super::{Failure, Global, MonthOf, Opened, Outcome, say, terminal};
use crate::domain::change::{ChangeOf, ChangePart, CountedSet};
use crate::domain::{Population, RowRef};
use crate::locale;
use crate::measure;
use crate::run::read::Inbox;
use crate::run::{Analysis, Progress as _, change};
use std::collections::BTreeMap;
use std::io::Write;

pub(super) fn explain(
    global: &Global,
    of: &MonthOf,
    number: &str,
    population: &str,
    csv: bool,
) -> Outcome {
    let opened = Opened::of(global, &of.at)?;
    let lang = opened.lang;
    let Some(what) = ChangeOf::named(number) else {
        return Err(Failure::usage(say(
            lang,
            "explain.change_of",
            &[("wrong", number)],
        )));
    };
    let Some(population) = Population::from_id(population) else {
        return Err(Failure::usage(say(
            lang,
            "explain.population",
            &[("wrong", population)],
        )));
    };
    let (ws, settings, units) = (&opened.ws, &opened.settings, &opened.units);
    crate::run::state::prepare(&ws.state(), lang)?;
    let bars = terminal::Bars::new(lang, global);
    let month = of.month.or_else(|| crate::run::health::last_done(ws));
    let inbox = Inbox::look(ws, settings, units, lang, &bars)?;
    let intake = inbox.read(settings, units, month, lang, &bars)?;
    crate::run::analysis::key_is_there(ws, false, lang)?;
    let mut analysis = Analysis::of(ws, settings, units, intake, Vec::new(), &bars)?;
    let work = change::Work {
        ws,
        settings,
        units,
        inbox: &inbox,
        lang,
        progress: &bars,
    };
    work.changes(&mut analysis)?;
    bars.end();
    let Some(changes) = &analysis.changes else {
        return Err(Failure::usage(say(lang, "explain.no_month_before", &[])));
    };
    let ambon = population == Population::Ambon;
    let path = changes.path(what);
    let split = measure::split(&path, what.is_share(), ambon);
    let rows = rows_of(&analysis, what);
    let out = &mut std::io::stdout().lock();
    let result = (|| -> std::io::Result<()> {
        let key = format!("measure.{}.title", what.parts());
        let title = locale::text(lang, &key);
        let number = |v: Option<f64>| {
            v.map_or_else(
                || "–".to_owned(),
                |v| match what.is_share() {
                    true => locale::percent(lang, v, 2),
                    false => locale::integer(lang, v),
                },
            )
        };
        if csv {
            writeln!(out, "part,effect,numerator_before,numerator_after,place")?;
        } else {
            writeln!(
                out,
                "{title}: {} → {}",
                number(split.before),
                number(split.after)
            )?;
        }
        for pair in path.windows(2) {
            let ((_, a), (part, b)) = (pair[0], pair[1]);
            let pieces = split.pieces.iter().filter(|p| {
                let movement = matches!(p.part, ChangePart::Mix | ChangePart::Within);
                p.part == part || (movement && part == ChangePart::Movement)
            });
            let differing = measure::differing(a, b, ambon);
            if !csv {
                for p in pieces {
                    let key = format!("category.change_part.{}", p.part.id());
                    let name = locale::text(lang, &key);
                    let by = match what.is_share() {
                        true => locale::decimal(lang, p.by * 100.0, 3),
                        false => locale::integer(lang, p.by),
                    };
                    let n = locale::integer(lang, p.things as f64);
                    let args = [("part", name), ("by", &by), ("n", &n)];
                    writeln!(out, "\n{}", say(lang, "explain.change_part", &args))?;
                }
            }
            for key in differing {
                let find = |set: &CountedSet| {
                    let at = set.binary_search_by_key(&key, |x| x.key()).ok();
                    at.map(|i| (set[i].num, set[i].den))
                };
                let (before, after) = (find(a), find(b));
                let effect = match (before, after) {
                    (None, Some(_)) => "in",
                    (Some(_), None) => "out",
                    (Some(_), Some(_)) | (None, None) => "other",
                };
                let at = rows.get(&key.0).map_or(&[][..], Vec::as_slice);
                let places = places(&analysis.intake, at).join("; ");
                let shown =
                    |x: Option<(f64, f64)>| x.map_or_else(String::new, |x| format!("{}", x.0));
                if csv {
                    let quoted = places.replace('"', "\"\"");
                    let (x, y) = (shown(before), shown(after));
                    writeln!(out, "{},{effect},{x},{y},\"{quoted}\"", part.id())?;
                } else {
                    let word = say(lang, &format!("explain.change_{effect}"), &[]);
                    let none = say(lang, "explain.change_no_rows", &[]);
                    let places = if places.is_empty() { none } else { places };
                    writeln!(out, "  {word}: {places}")?;
                }
            }
        }
        Ok(())
    })();
    // Whoever reads only the first lines closes the pipe: no fault.
    match result {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::fault(e)),
        _ => Ok(0),
    }
}

/// The rows of each person that a number is made of: registers, clients, services.
fn rows_of(analysis: &Analysis, what: ChangeOf) -> BTreeMap<u128, Vec<RowRef>> {
    let (links, records) = (&analysis.links, &analysis.intake.records);
    let wanted: std::collections::BTreeSet<RowRef> = match what {
        ChangeOf::Stock | ChangeOf::Return => records.custody.iter().map(|r| r.at).collect(),
        ChangeOf::Clients => records.supervision.iter().map(|r| r.at).collect(),
        ChangeOf::Helped => {
            let custody = records.custody.iter().map(|r| r.at);
            custody
                .chain(records.participation.iter().map(|r| r.at))
                .collect()
        }
        ChangeOf::Completion => records.participation.iter().map(|r| r.at).collect(),
    };
    let mut out: BTreeMap<u128, Vec<RowRef>> = BTreeMap::new();
    for ((at, _), p) in records.identities().zip(&links.person_of) {
        if wanted.contains(&at) {
            out.entry(links.keys()[*p as usize].number())
                .or_default()
                .push(at);
        }
    }
    out
}
