//! `reintegrasi run`: the main job.

use super::{At, Failure, GATE_FAILED, Global, Outcome, parse_month, say, terminal};
use crate::domain::Month;
use crate::domain::figure::{Figure, Population, Status};
use crate::locale::{self, Lang};
use crate::run::annex::Annex;
use crate::run::{self, Done, Progress, RunError, RunOptions, Stood, manifest};
use crate::workspace::Workspace;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    at: At,
    /// Month of the report, YYYY-MM [default: the last complete one for which there is data]
    #[arg(long, value_parser = parse_month)]
    month: Option<Month>,
    /// Folder for the results [default: out/ of the workspace]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Wait for another run of this workspace instead of giving up
    #[arg(long)]
    wait: bool,
    /// An additional report template
    #[arg(long)]
    template: Option<PathBuf>,
    /// Compute although nothing has changed since the month was done
    #[arg(long)]
    force: bool,
    /// Reproduce the month of a manifest.json byte for byte, or say what is not as it was
    #[arg(long, value_name = "FILE", conflicts_with_all = ["month", "force"])]
    from_manifest: Option<PathBuf>,
    /// Write the stage tables (person level, pseudonymous) as Parquet below this folder
    #[arg(long, value_name = "DIR")]
    parquet: Option<PathBuf>,
    /// Write the internal annex (person level, RAHASIA) to this file [without a file: state/annex/YYYY-MM.xlsx]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    annex: Option<Option<PathBuf>>,
    /// File whose first line is the password the annex opens with; its owner alone may read it (chmod 600)
    #[arg(long, value_name = "FILE", requires = "annex")]
    annex_password_file: Option<PathBuf>,
    /// Go on although what was remembered of earlier months is lost: manifest and cover will say so
    #[arg(long)]
    accept_lost_history: bool,
    /// Do nothing before this day of the month, nor when the last month is done already: for a job that starts daily
    #[arg(long, value_name = "DAY", value_parser = clap::value_parser!(u8).range(1..=28), conflicts_with_all = ["month", "from_manifest"])]
    scheduled: Option<u8>,
}

impl RunArgs {
    /// A month of a workspace, everything else at its default.
    pub(super) fn of_month(at: At, month: Month) -> RunArgs {
        RunArgs {
            at,
            month: Some(month),
            out: None,
            wait: false,
            template: None,
            force: false,
            from_manifest: None,
            parquet: None,
            annex: None,
            annex_password_file: None,
            accept_lost_history: false,
            scheduled: None,
        }
    }
}

pub(super) fn run(global: &Global, args: &RunArgs) -> Outcome {
    let ws = args.at.workspace(global.lang())?;
    let today = chrono::Local::now().date_naive();
    if let Some(month) = args.month.filter(|m| *m > Month::of(today) && !args.force) {
        let month = locale::month_long(global.lang(), month);
        return Err(Failure::usage(say(
            global.lang(),
            "run.future",
            &[("month", &month)],
        )));
    }
    if let Some(day) = args.scheduled
        && !is_due(&ws, args.out.as_deref(), today, day)?
    {
        return Ok(0);
    }
    let annex = (args.annex.as_ref())
        .map(|path| {
            let password = args.annex_password_file.as_deref();
            let password = password.map(|p| password_in(p, global.lang()));
            Ok::<_, Failure>(Annex {
                path: path.clone(),
                password: password.transpose()?,
            })
        })
        .transpose()?;
    let options = RunOptions {
        // What is due is the month that has ended, delivered or not: that nobody sent it must be heard.
        month: args
            .month
            .or_else(|| (args.scheduled).map(|_| Month::of(today).plus(-1))),
        lang: global.lang,
        out: args.out.clone(),
        wait: args.wait,
        template: args.template.clone(),
        // An unchanged month is not computed again, so its tables would not be written.
        force: args.force || args.parquet.is_some() || annex.is_some(),
        annex,
        from_manifest: args.from_manifest.clone(),
        parquet: args.parquet.clone(),
        accept_lost_history: args.accept_lost_history,
    };
    terminal::stop_cleanly(global, &stands(&ws, args.out.as_deref(), global.lang()));
    let bars = terminal::Bars::new(global.lang(), global);
    let result = run::run(&ws, &options, &bars);
    bars.end();
    let done = result.map_err(|e| match e {
        RunError::Interrupted => Failure::of(terminal::stopped(global.lang()), e.exit_status()),
        e => {
            let stands = matches!(e, RunError::AfterPublishing { .. });
            let failure = Failure::from(e);
            // Another run that holds the workspace tells its own end.
            if failure.status != LOCKED {
                let status = failure.status.to_string();
                let key = if stands {
                    "run.tell_unfinished"
                } else {
                    "run.tell_failed"
                };
                let text = say(global.lang(), key, &[("status", &status)]);
                tell(global, &ws, global.lang(), &text);
            }
            failure
        }
    })?;
    // From here on a month stands, whatever becomes of what is said about it.
    terminal::month_stands(&done.folder);
    warn(global, &done);
    report(global, &done);
    tell(global, &ws, done.lang, &headline(&done));
    Ok(if done.manifest.gates_failed.is_empty() {
        0
    } else {
        GATE_FAILED
    })
}

/// Which month stands if this run is broken off.
fn stands(ws: &Workspace, out: Option<&Path>, lang: Lang) -> String {
    let out = out.map_or_else(|| ws.out(), Path::to_owned);
    let months = std::fs::read_dir(&out).into_iter().flatten().flatten();
    let done = months.filter(|e| e.path().join("manifest.json").is_file());
    let last = done
        .filter_map(|e| e.file_name().to_str()?.parse::<Month>().ok())
        .max();
    match last {
        Some(month) => {
            let path = out.join(month.to_string()).display().to_string();
            let month = locale::month_long(lang, month);
            say(lang, "run.stands", &[("month", &month), ("path", &path)])
        }
        None => say(lang, "run.nothing_stands", &[]),
    }
}

/// Whether the job of a month is to be done today: its day has come, and the month that is over is not done.
fn is_due(
    ws: &Workspace,
    out: Option<&Path>,
    today: chrono::NaiveDate,
    day: u8,
) -> Result<bool, Failure> {
    use chrono::Datelike;
    let last = Month::of(today).plus(-1);
    let out = out.map_or_else(|| ws.out(), Path::to_owned);
    let done = out.join(last.to_string()).join("manifest.json");
    let done = (done.try_exists()).map_err(RunError::io("read", done))?;
    Ok(!done && today.day() >= u32::from(day))
}

/// The first line of a file that is its owner's alone; an empty one is no password.
pub(super) fn password_in(path: &Path, lang: Lang) -> Result<String, Failure> {
    run::state::refuse_readable_by_others(path, lang)?;
    let text = std::fs::read_to_string(path).map_err(RunError::io("read", path))?;
    let line = text.lines().next().unwrap_or_default().to_owned();
    if line.is_empty() {
        return Err(RunError::io("read", path)(std::io::ErrorKind::UnexpectedEof.into()).into());
    }
    Ok(line)
}

/// Most files of which a run says which version counts.
const MOST_VERSIONS: usize = 10;

/// Exit status of a run that found the workspace held.
const LOCKED: u8 = 5;

/// One line about a run, free of personal data: it may leave the office.
fn headline(done: &Done) -> String {
    let (lang, m) = (done.lang, &done.manifest);
    let month = locale::month_long(lang, m.month);
    let [files, late, gates] =
        [m.inputs.len(), done.late.len(), m.gates_failed.len()].map(|n| n.to_string());
    let args = [
        ("month", month.as_str()),
        ("files", &files),
        ("late", &late),
        ("gates", &gates),
    ];
    say(lang, "run.tell", &args)
}

/// Starts the command of the settings; what goes wrong with it is a warning.
fn tell(global: &Global, ws: &crate::workspace::Workspace, lang: Lang, summary: &str) {
    let Ok(settings) = run::read_settings(ws) else {
        return;
    };
    if let Err(reason) = run::notify::notify(&settings.files.notify, summary) {
        tracing::warn!(event = "notify", reason = %reason);
        if !global.quiet && !global.json {
            eprintln!("{}", say(lang, "run.tell_nobody", &[("reason", &reason)]));
        }
    }
}

/// What somebody must know also when nothing else is said: one line each on standard error.
fn warn(global: &Global, done: &Done) {
    let (lang, m) = (done.lang, &done.manifest);
    for manifest::FileNote { path, rule, reason } in &m.unreadable {
        if global.json {
            tracing::warn!(event = "unreadable", file = %path, rule = %rule);
        } else if !global.quiet {
            let args = [("path", path.as_str()), ("reason", reason)];
            eprintln!("{}", say(lang, "run.unreadable", &args));
        }
    }
    let mut lines: Vec<String> = Vec::new();
    if !m.history_rebuilt.is_empty() {
        let months = m.history_rebuilt.iter();
        let months: Vec<String> = months.map(|m| locale::month_long(lang, *m)).collect();
        let args = [("months", &*months.join(", "))];
        lines.push(locale::format(lang, "run.rebuilt", &args));
    }
    if done.log_lost {
        lines.push(say(lang, "run.log_lost", &[]));
    }
    let month = locale::month_long(lang, m.month);
    for reason in &m.gates_failed {
        lines.push(say(
            lang,
            "run.gate",
            &[("month", &month), ("reason", reason)],
        ));
    }
    for line in lines {
        if global.json {
            tracing::error!(event = "gate", reason = %line);
        } else {
            eprintln!("{line}");
        }
    }
}

fn report(global: &Global, done: &Done) {
    let lang = done.lang;
    if global.json {
        let m = &done.manifest;
        tracing::info!(event = "done", month = %m.month, files = m.inputs.len(), folder = %done.folder.display(),
            gates_failed = m.gates_failed.len(), late = done.late.len(), overdue = m.overdue.len(),
            unchanged = done.unchanged);
    }
    if global.quiet || global.json {
        return;
    }
    println!(
        "{}",
        say(
            lang,
            "run.title",
            &[("month", &locale::month_long(lang, done.manifest.month))]
        )
    );
    // Whether the numbers below are new stands before them.
    let stood = match &done.before {
        _ if done.unchanged => Some(say(lang, "run.unchanged", &[])),
        Stood::Nothing => None,
        Stood::Removed => Some(say(lang, "run.done_again", &[])),
        Stood::Kept(dir) => {
            let path = dir.display().to_string();
            Some(say(lang, "run.done_again_kept", &[("path", &path)]))
        }
    };
    if let Some(line) = stood {
        println!("{line}");
    }
    println!("{}", terminal::table(&[], &summary(lang, done), &[]));
    let versions = &done.manifest.versions;
    for note in versions.iter().take(MOST_VERSIONS) {
        let args = [("path", note.path.as_str()), ("reason", &note.reason)];
        println!("{}", say(lang, "check.about_file", &args));
    }
    if versions.len() > MOST_VERSIONS {
        let n = (versions.len() - MOST_VERSIONS).to_string();
        println!("{}", say(lang, "run.more_versions", &[("n", &n)]));
    }
    if let Some(holder) = &done.broken_off {
        println!("{}", say(lang, "run.broken_off", &[("holder", holder)]));
    }
}

fn summary(lang: Lang, done: &Done) -> Vec<Vec<String>> {
    let m = &done.manifest;
    let count = |k: &str| locale::integer(lang, m.counts.get(k).copied().unwrap_or(0) as f64);
    let line = |key: &str, value: String| vec![say(lang, key, &[]), value];
    let [e, w, n] = m.issues.map(|i| locale::integer(lang, i as f64));
    let mut rows = vec![
        line("run.files", files_read(lang, m)),
        line("run.rows", count("rows_used")),
        line("run.set_aside", count("rows_set_aside")),
        line("run.issues", format!("{e} / {w} / {n}")),
        line("run.persons", count("persons")),
        line(
            "run.cutoff",
            m.cutoff
                .map_or_else(|| "…".into(), |d| locale::date_long(lang, d)),
        ),
    ];
    rows.extend(headlines(lang, done));
    if !done.late.is_empty() {
        let late: Vec<String> = (done.late.iter())
            .map(|(name, to)| match to {
                Some(d) => say(
                    lang,
                    "run.late_until",
                    &[("name", name), ("date", &locale::date_long(lang, *d))],
                ),
                None => name.clone(),
            })
            .collect();
        rows.push(line("run.late", late.join(", ")));
    }
    if !m.overdue.is_empty() {
        let names: Vec<String> = (m.overdue.iter().zip(&done.overdue))
            .map(|(o, name)| {
                let due = locale::date_long(lang, o.due);
                say(lang, "run.overdue_since", &[("name", name), ("date", &due)])
            })
            .collect();
        rows.push(line("run.overdue", names.join(", ")));
    }
    let unfound = m.counts.get("decisions_unfound").copied().unwrap_or(0);
    if unfound > 0 {
        rows.push(line("run.unfound", count("decisions_unfound")));
    }
    rows.push(line("run.outputs", done.folder.display().to_string()));
    if !m.feedback.is_empty() {
        rows.push(line("run.feedback", done.feedback.display().to_string()));
    }
    if let Some(annex) = &done.annex {
        rows.push(line("run.annex", annex.display().to_string()));
    }
    rows
}

/// Files of which a table was read, of how many there are.
fn files_read(lang: Lang, m: &manifest::Manifest) -> String {
    let n = |k: &str| m.counts.get(k).copied();
    let all = n("files").unwrap_or(0);
    let read = n("files_read").unwrap_or(all);
    let (read, all) = (
        locale::integer(lang, read as f64),
        locale::integer(lang, all as f64),
    );
    say(lang, "run.files_of", &[("read", &read), ("all", &all)])
}

/// The published headline figures: exactly what the readers of the workbooks see.
fn headlines(lang: Lang, done: &Done) -> Vec<Vec<String>> {
    let mut out: Vec<Vec<String>> = Vec::new();
    for (audience, figures) in &done.figures {
        for (measure, key) in [
            ("stock", "stock"),
            ("clients", "clients"),
            ("k1_a1", "k1"),
            ("return", "return"),
        ] {
            let total = |f: &&Figure| {
                f.measure == measure
                    && f.dim1.0.is_empty()
                    && f.dim2.0.is_empty()
                    && (measure != "k1_a1" || f.window_months == Some(12))
                    && (measure != "return"
                        || (f.window_months == Some(12) && f.definition.starts_with("P1.person")))
            };
            if let Some(f) = figures.iter().find(total) {
                let population = match f.population {
                    Population::Ambon => say(lang, "run.kota_ambon", &[]),
                    Population::Maluku => say(lang, "run.maluku", &[]),
                };
                let label = say(
                    lang,
                    &format!("run.{key}"),
                    &[("population", &population), ("window", "12")],
                );
                // What two audiences read alike is said once; what they read differently bears its reader.
                let value = value(lang, f);
                match out.iter().find(|r| r[0] == label) {
                    None => out.push(vec![label, value]),
                    Some(r) if r[1] == value => {}
                    Some(_) => out.push(vec![format!("{label} ({})", audience.id()), value]),
                }
            }
        }
    }
    out
}

fn value(lang: Lang, f: &Figure) -> String {
    let n = |v: f64| locale::integer(lang, v);
    match (f.numerator, f.denominator, f.estimate) {
        _ if f.is_hidden() => say(lang, "run.hidden", &[]),
        (Some(k), Some(d), Some(e)) => say(
            lang,
            "run.of",
            &[
                ("k", &n(k)),
                ("n", &n(d)),
                ("share", &locale::percent(lang, e, 1)),
            ],
        ),
        (Some(k), Some(d), None) => say(
            lang,
            "run.of",
            &[("k", &n(k)), ("n", &n(d)), ("share", "–")],
        ),
        (_, _, Some(e)) if f.status == Status::Ok => n(e),
        (Some(k), ..) => n(k),
        _ => "…".into(),
    }
}
