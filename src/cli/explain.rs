//! `reintegrasi explain`: the records a figure rests on, or why records are held for one person. On the terminal alone.

use super::{
    Failure, Global, MonthOf, Opened, Outcome, explain_change, explain_pair, explain_person,
    parse_month, say, terminal,
};
use crate::domain::figure::{Figure, Status};
use crate::domain::{Dimension, Month, Population, RowRef, Text, nearest};
use crate::locale::{self, Lang};
use crate::measure::{self, Asked, Contribution, Role};
use crate::protect::Reason;
use crate::report::Sign;
use crate::run::read::Intake;
use crate::run::{Analysis, Progress as _, cells, published, review};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Explain a number of a report, or why records are one person
///
/// A figure:       explain return sex=female --window 12 --population kota_ambon
/// A cell:         explain kanwil.xlsx "'Kohor'!D7"
/// A person:       explain person FILE ROW
/// Two rows:       explain pair FILE:ROW FILE:ROW
/// A change:       explain change K8
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct ExplainArgs {
    /// A measure id with dimension=category, none to two; a workbook and a cell; `person`, a file and a row; `pair` and two
    /// rows, FILE:ROW or FILE:SHEET:ROW; or `change` and stock, clients, K1, K4 or K8
    #[arg(required = true, num_args = 1..=4)]
    what: Vec<String>,
    /// Workspace folder [default: the current folder when it holds a reintegrasi.toml]
    #[arg(long, value_name = "DIR")]
    workspace: Option<PathBuf>,
    /// Month of the report, YYYY-MM
    #[arg(long, value_parser = parse_month)]
    month: Option<Month>,
    /// Whose figure: kota_ambon or maluku
    #[arg(long, default_value = "maluku")]
    population: String,
    /// Window in months, where the measure has several
    #[arg(long)]
    window: Option<u16>,
    /// Definition id, where the measure has several, for example P3.person.v1
    #[arg(long)]
    definition: Option<String>,
    /// The sheet of the file, for a person
    #[arg(long)]
    sheet: Option<String>,
    /// Names and NIK of the two rows, for a pair
    #[arg(long)]
    with_values: bool,
    /// Comma-separated lines instead of text
    #[arg(long)]
    csv: bool,
}

pub(super) fn explain(global: &Global, args: &ExplainArgs) -> Outcome {
    let mut what: Vec<&str> = args.what.iter().map(String::as_str).collect();
    // The last word may be the workspace, as with other commands.
    let mut workspace = args.workspace.clone();
    if workspace.is_none() && what.len() > 1 {
        let last = PathBuf::from(what[what.len() - 1]);
        if last.join("reintegrasi.toml").is_file() {
            workspace = Some(last);
            what.pop();
        }
    }
    let of = MonthOf {
        at: super::At { workspace },
        month: args.month,
    };
    match what.as_slice() {
        ["person", file, row] | [file, row] if row.parse::<u32>().is_ok() => {
            let row = row.parse().unwrap_or_default();
            explain_person::explain(global, &of, file, row, args.sheet.as_deref())
        }
        ["change", number] => {
            explain_change::explain(global, &of, number, &args.population, args.csv)
        }
        ["pair", a, b] => explain_pair::explain(global, &of, [*a, *b], args.with_values),
        [workbook, cell] if cell.contains('!') => of_cell(global, args, &of, workbook, cell),
        [measure, at @ ..] if !measure.contains('.') || measure::find(measure).is_some() => {
            let opened = Opened::of(global, &of.at)?;
            let asked = asked(&opened, args, measure, at)?;
            figure(global, args, &opened, &of, &asked)
        }
        _ => {
            let lang = global.lang();
            Err(Failure::usage(say(lang, "explain.usage", &[])))
        }
    }
}

/// The figure that the words name.
fn asked(
    opened: &Opened,
    args: &ExplainArgs,
    measure: &str,
    at: &[&str],
) -> Result<Asked, Failure> {
    let lang = opened.lang;
    let Some(population) = Population::from_id(&args.population) else {
        let wrong = args.population.as_str();
        return Err(Failure::usage(say(
            lang,
            "explain.population",
            &[("wrong", wrong)],
        )));
    };
    let at = at
        .iter()
        .map(|word| {
            let (d, k) = word
                .split_once('=')
                .ok_or_else(|| Failure::usage(say(lang, "explain.pair", &[("wrong", word)])))?;
            let dimension = Dimension::from_id(d).ok_or_else(|| no_dimension(lang, measure, d))?;
            Ok((dimension, category(opened, d, k)))
        })
        .collect::<Result<_, Failure>>()?;
    Ok(Asked {
        measure: measure.into(),
        population,
        at,
        window: args.window,
        definition: args.definition.as_deref().map(Text::from),
    })
}

/// A breakdown that is none, beside those of the measure.
fn no_dimension(lang: Lang, measure: &str, wrong: &str) -> Failure {
    let named = measure::named(measure);
    let dims: Vec<&str> = named.map_or_else(Vec::new, |m| m.dims.iter().map(|d| d.id()).collect());
    let near = locale::perhaps(lang, nearest(wrong, dims.iter().copied()));
    let words = [
        ("wrong", wrong),
        ("near", near.as_str()),
        ("measure", measure),
        ("all", &dims.join(", ")),
    ];
    let key = match (named, dims.is_empty()) {
        (None, _) => return no_measure(lang, measure),
        (Some(_), true) => "explain.no_breakdowns",
        (Some(_), false) => "explain.no_dimension",
    };
    Failure::usage(say(lang, key, &words))
}

/// A measure that is none, and one like it.
fn no_measure(lang: Lang, wrong: &str) -> Failure {
    let near = locale::perhaps(lang, measure::nearest(wrong));
    let words = [("wrong", wrong), ("near", near.as_str())];
    Failure::usage(say(lang, "explain.no_measure", &words))
}

/// Why no figure is found: a category that is none of its breakdown, beside those that are; else what else may be wrong.
fn no_figure(opened: &Opened, asked: &Asked, month: Month) -> Failure {
    let lang = opened.lang;
    let label = |d: Dimension, k: &Text| measure::category_label(lang, d.id(), k, &opened.units);
    for (d, k) in &asked.at {
        let all = measure::categories(d.id(), &opened.units, month);
        if all.is_empty() || all.contains(k) {
            continue;
        }
        // Whoever writes a name means the id that bears it.
        let near = (nearest(k, all.iter().map(Text::as_str)).map(str::to_owned)).or_else(|| {
            let names: Vec<String> = all.iter().map(|c| label(*d, c)).collect();
            let name = nearest(k, names.iter().map(String::as_str))?;
            let at = names.iter().position(|n| n == name)?;
            all.get(at).map(Text::to_string)
        });
        let near = locale::perhaps(lang, near.as_deref());
        let dimension = locale::format(lang, &format!("dimension.{d}"), &[]);
        let args = [
            ("wrong", k.as_str()),
            ("dimension", &dimension),
            ("near", &near),
            ("all", &all.join(", ")),
        ];
        return Failure::usage(say(lang, "explain.no_category", &args));
    }
    let measure = asked.measure.as_str();
    Failure::usage(say(lang, "explain.no_figure", &[("measure", measure)]))
}

/// The id of a category written as its id, its name in either language or, for sex, its letter.
fn category(opened: &Opened, dimension: &str, word: &str) -> Text {
    let lower = word.to_lowercase();
    if dimension == "sex" {
        match lower.as_str() {
            "l" | "m" => return "male".into(),
            "p" | "f" => return "female".into(),
            _ => {}
        }
    }
    let month = Month::of(chrono::NaiveDate::MIN);
    let all = measure::categories(dimension, &opened.units, month);
    let named = |k: &Text, lang: Lang| {
        measure::category_label(lang, dimension, k, &opened.units).to_lowercase() == lower
    };
    all.into_iter()
        .find(|k| k.to_lowercase() == lower || named(k, Lang::Id) || named(k, Lang::En))
        .unwrap_or_else(|| word.into())
}

fn of_cell(
    global: &Global,
    args: &ExplainArgs,
    of: &MonthOf,
    workbook: &str,
    cell: &str,
) -> Outcome {
    let opened = Opened::of(global, &of.at)?;
    let lang = opened.lang;
    let stem = PathBuf::from(workbook);
    let stem = stem
        .file_stem()
        .map_or(workbook.into(), |s| s.to_string_lossy());
    let usage = |key: &str| {
        let words = [("workbook", workbook), ("cell", cell)];
        Failure::usage(say(lang, &format!("explain.{key}"), &words))
    };
    let at = cells::parse(cell).ok_or_else(|| usage("no_cell"))?;
    let state = opened.ws.state();
    let month = match of.month {
        Some(m) => m,
        None => cells::latest(&state, &stem).ok_or_else(|| usage("no_workbook"))?,
    };
    let all = cells::recall(&state, month, &stem).map_err(crate::run::RunError::from)?;
    let all = all.ok_or_else(|| usage("no_workbook"))?;
    let key = all.get(&at).ok_or_else(|| usage("no_figure_there"))?;
    let of = MonthOf {
        at: super::At {
            workspace: Some(opened.ws.root().to_owned()),
        },
        month: Some(month),
    };
    figure(global, args, &opened, &of, &Asked::of(key))
}

/// Reads, links and measures the month, and lists what the figure rests on.
fn figure(
    global: &Global,
    args: &ExplainArgs,
    opened: &Opened,
    of: &MonthOf,
    asked: &Asked,
) -> Outcome {
    let lang = opened.lang;
    let bars = terminal::Bars::new(lang, global);
    // A wrong word is told before anything is read.
    let Some(named) = measure::named(&asked.measure) else {
        return Err(no_measure(lang, &asked.measure));
    };
    let asked = &Asked {
        measure: named.id.into(),
        ..asked.clone()
    };
    crate::run::state::prepare(&opened.ws.state(), lang)?;
    let month = of
        .month
        .or_else(|| crate::run::health::last_done(&opened.ws));
    let intake = opened.intake(month, &bars)?;
    let (ws, settings, units) = (&opened.ws, &opened.settings, &opened.units);
    crate::run::analysis::key_is_there(ws, false, lang)?;
    let analysis = Analysis::of(ws, settings, units, intake, Vec::new(), &bars)?;
    bars.end();
    let bound = analysis.bound(&asked.measure, settings, units);
    let input = measure::Input {
        bound: bound.as_ref(),
        ..analysis.input(settings, units)
    };
    let found = measure::explain(&input, asked).map_err(|e| Failure::usage(e.to_string()))?;
    let Some(found) = found else {
        return Err(no_figure(opened, asked, analysis.intake.month));
    };
    let out = &mut std::io::stdout().lock();
    let result = if args.csv {
        as_csv(out, &found.contributions, &analysis.intake)
    } else {
        as_text(
            out,
            opened,
            &found.figure,
            &found.contributions,
            &analysis.intake,
        )
    };
    // Whoever reads only the first lines closes the pipe: no fault.
    match result {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::fault(e)),
        _ => Ok(0),
    }
}

fn role(lang: Lang, role: Role) -> String {
    match role {
        Role::Numerator => say(lang, "explain.numerator", &[]),
        Role::Denominator => say(lang, "explain.denominator", &[]),
        Role::LeftOut(why) => {
            let why = say(lang, &format!("explain.left_out.{why}"), &[]);
            say(lang, "explain.not_counted", &[("why", &why)])
        }
    }
}

/// Records of one sheet on one line: `file › sheet › 4, 9, 12`.
pub(super) fn places(intake: &Intake, rows: &[RowRef]) -> Vec<String> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows.dedup();
    rows.chunk_by(|a, b| (a.file, a.sheet) == (b.file, b.sheet))
        .map(|g| {
            let more = g[1..].iter().map(|r| format!(", {}", r.row + 1));
            review::place(intake, g[0]) + &more.collect::<String>()
        })
        .collect()
}

fn as_text(
    out: &mut impl Write,
    opened: &Opened,
    f: &Figure,
    all: &[Contribution],
    intake: &Intake,
) -> std::io::Result<()> {
    let lang = opened.lang;
    writeln!(out, "{}", title(opened, f))?;
    writeln!(out, "{}", numbers(lang, f))?;
    for (level, why) in published::why_hidden(&opened.ws.state(), f.month, &f.key()) {
        let key = match why {
            Reason::Primary => "explain.hidden_primary",
            Reason::Secondary => "explain.hidden_secondary",
        };
        let readers = say(lang, &format!("explain.readers.{level}"), &[]);
        writeln!(out, "{}", say(lang, key, &[("readers", &readers)]))?;
    }
    let mut n = 0;
    for group in all.chunk_by(|a, b| a.role == b.role) {
        let count = locale::integer(lang, group.len() as f64);
        writeln!(out, "\n{} ({count})", role(lang, group[0].role))?;
        for c in group {
            n += 1;
            let weight = match c.adds {
                (k, _) if c.role == Role::Numerator && k != 1.0 => {
                    format!(" [{}]", locale::decimal(lang, k, 2))
                }
                _ => String::new(),
            };
            let from = places(intake, c.from).join("; ");
            writeln!(out, "{n:>5}. {from}{weight}")?;
            if c.role == Role::Numerator && !c.because.is_empty() {
                let because = places(intake, c.because).join("; ");
                writeln!(out, "       ← {because}")?;
            }
        }
    }
    if all.iter().all(|c| c.from.is_empty()) {
        writeln!(out, "\n{}", say(lang, "explain.no_records", &[]))?;
    }
    Ok(())
}

/// `Tingkat pengulangan; Jenis kelamin: Perempuan; Kota Ambon; P1.person.v1; 12 bulan; Januari 2026`.
fn title(opened: &Opened, f: &Figure) -> String {
    let lang = opened.lang;
    let mut out = vec![locale::format(
        lang,
        &format!("measure.{}.title", f.measure),
        &[],
    )];
    for (d, k) in [&f.dim1, &f.dim2] {
        if !d.is_empty() {
            let dimension = locale::format(lang, &format!("dimension.{d}"), &[]);
            let category = measure::category_label(lang, d, k, &opened.units);
            out.push(format!("{dimension}: {category}"));
        }
    }
    let population = match f.population {
        Population::Ambon => "run.kota_ambon",
        Population::Maluku => "run.maluku",
    };
    out.push(say(lang, population, &[]));
    out.push(f.definition.to_string());
    if let Some(w) = f.window_months {
        let months = w.to_string();
        out.push(say(lang, "explain.months", &[("months", &months)]));
    }
    out.push(locale::month_long(lang, f.month));
    out.join("; ")
}

/// The number as it stands before disclosure control.
fn numbers(lang: Lang, f: &Figure) -> String {
    let show = |v: Option<f64>| match v {
        Some(v) if v.fract() == 0.0 => locale::integer(lang, v),
        Some(v) => locale::decimal(lang, v, 4),
        None => "–".to_owned(),
    };
    let part = |key: &str, of: &[(&str, &str)]| say(lang, &format!("explain.number.{key}"), of);
    let mut parts = Vec::new();
    match (f.numerator, f.denominator) {
        (Some(_), None) => parts.push(part("count", &[("k", &show(f.numerator))])),
        (None, None) => {}
        (k, n) => parts.push(part("of", &[("k", &show(k)), ("n", &show(n))])),
    }
    // A count is its own value.
    if f.estimate.is_some() && (f.denominator.is_some() || f.estimate != f.numerator) {
        parts.push(part("value", &[("value", &show(f.estimate))]));
    }
    if let (Some(low), Some(high)) = (f.ci_low, f.ci_high) {
        let of = [("low", &*show(Some(low))), ("high", &*show(Some(high)))];
        parts.push(part("interval", &of));
    }
    if f.status != Status::Ok || parts.is_empty() {
        let sign = Sign::of_status(Some(f.status));
        parts.push(locale::format(
            lang,
            &format!("report.sign.{}", sign.id()),
            &[],
        ));
    }
    let numbers = parts.join(", ");
    say(lang, "explain.numbers", &[("numbers", &numbers)])
}

/// One line a record: number of the thing counted, role, whether it is the record that puts it into the numerator.
fn as_csv(out: &mut impl Write, all: &[Contribution], intake: &Intake) -> std::io::Result<()> {
    let mut w = csv::Writer::from_writer(out);
    w.write_record([
        "number",
        "role",
        "why",
        "adds_numerator",
        "adds_denominator",
        "record",
        "file",
        "sheet",
        "row",
    ])?;
    for (i, c) in all.iter().enumerate() {
        let (role, why) = match c.role {
            Role::Numerator => ("numerator", ""),
            Role::Denominator => ("denominator", ""),
            Role::LeftOut(why) => ("left_out", why),
        };
        let of = |rows: &[RowRef], record: &'static str| -> Vec<[String; 9]> {
            rows.iter()
                .map(|at| {
                    let file = intake.files.get(at.file.0 as usize);
                    [
                        (i + 1).to_string(),
                        role.into(),
                        why.into(),
                        c.adds.0.to_string(),
                        c.adds.1.to_string(),
                        record.into(),
                        file.map_or(String::new(), |f| f.path.clone()),
                        file.map_or(String::new(), |f| f.sheet(at.sheet).to_owned()),
                        (at.row + 1).to_string(),
                    ]
                })
                .collect()
        };
        for line in of(c.from, "counted")
            .into_iter()
            .chain(of(c.because, "because"))
        {
            w.write_record(&line)?;
        }
    }
    w.flush()
}
