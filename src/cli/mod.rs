//! Floor 6: the command line. Declarations, one small file per command, and the only place that prints or exits.

mod account;
mod add;
mod backup;
mod check;
mod compare;
mod config;
mod demo;
mod docs;
mod docs_lists;
mod doctor;
mod draft;
mod explain;
mod explain_change;
mod explain_pair;
mod explain_person;
mod help;
mod init;
mod inspect;
mod inspect_overview;
mod link;
mod listing;
mod lists;
mod manual;
mod purge;
mod restore;
mod review;
mod run;
mod sample;
mod schedule;
mod status;
mod status_quality;
mod terminal;
mod verify;
mod watch;

use crate::domain::Month;
use crate::domain::month::BadMonth;
use crate::domain::upt::UptRegistry;
use crate::link::{Links, Trained};
use crate::locale::{self, Lang};
use crate::run::read::{Intake, read_inbox};
use crate::run::{Progress, RunError};
use crate::workspace::{Settings, Workspace};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

/// Exit status of a fault of the program.
const FAULT: u8 = 1;
/// Exit status of wrong usage or settings.
const WRONG_USAGE: u8 = 2;
/// Exit status of a run whose outputs are there but a quality gate failed.
const GATE_FAILED: u8 = 3;

/// Exit status when the reader of the output closed it before the end, as of a program that the closed pipe kills.
const READER_GONE: u8 = 141;

/// Joins the month's spreadsheets of prisons, probation offices and city agencies into figures that stand up.
#[derive(Debug, Parser)]
#[command(
    name = "reintegrasi",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true
)]
struct Cli {
    /// Language of texts: id (Bahasa Indonesia) or en (English) [default: the settings' language]
    #[arg(long, global = true, value_enum, display_order = 100)]
    lang: Option<Lang>,
    /// Print nothing on success
    #[arg(long, short, global = true, display_order = 101)]
    quiet: bool,
    /// Form of log lines on standard error
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, display_order = 102)]
    log_format: LogFormat,
    /// Print help (-h in short)
    #[arg(long, short, global = true, action = clap::ArgAction::Help, display_order = 103)]
    help: Option<bool>,
    /// Print the version
    #[arg(long, short = 'V', global = true, action = clap::ArgAction::Version, display_order = 104)]
    version: Option<bool>,
    #[command(subcommand)]
    command: Command,
}

/// Form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Do the month: read, clean, link, measure, protect, write
    Run(run::RunArgs),
    /// Read and clean only, and say what is wrong by supplier
    Check(check::CheckArgs),
    /// Show how files are understood: sheets, headers, columns
    Inspect(inspect::InspectArgs),
    /// Decide on doubtful pairs of records: a workbook to fill in, or questions on the terminal
    Review(review::ReviewArgs),
    /// List the records a figure rests on, or show why the records of a person are held for one person
    Explain(explain::ExplainArgs),
    /// Find the records that are one person in any lists, with a model you write: no workspace needed
    Link(link::LinkArgs),
    /// Show which figures differ between two months or two outputs
    Compare(compare::CompareArgs),
    /// Show who delivered for which month, which months are done, what waits
    Status(status::StatusArgs),
    /// Check settings, folders, permissions, disk, clock before the next run
    Doctor(doctor::DoctorArgs),
    /// Remove what is remembered of months past their retention and of people no file names any more
    Purge(purge::PurgeArgs),
    /// Put what the workspace cannot do without (key, registry, history, decisions) into one private file
    Backup(backup::BackupArgs),
    /// Put a backup back
    Restore(restore::RestoreArgs),
    /// Make a commented workspace
    Init(init::InitArgs),
    /// Add a unit, agency, programme, supplier or target to the settings
    Add(add::AddArgs),
    /// Check the settings, templates and help files
    Config(config::ConfigArgs),
    /// Write a small example of invented people into a folder and do its month
    Demo(demo::DemoArgs),
    /// Write a workspace of synthetic files
    Sample(sample::SampleArgs),
    /// Print (and with --install set up) the monthly job: systemd timer, crontab line, Windows task
    Schedule(schedule::ScheduleArgs),
    /// List every measure, or say all about some: question, population, numerator, denominator, window, edge cases
    Measures(lists::MeasuresArgs),
    /// List every rule the input is held against
    Rules(listing::FormatArg),
    /// List what a column can mean: the words for sources/*.toml
    Fields(listing::FormatArg),
    /// Print the handbook: definitions, measures, settings, sources, templates, rules, agreements, codes, papers, backup, log
    Docs(docs::DocsArgs),
    /// Check a month's outputs against its manifest
    Verify(verify::VerifyArgs),
    /// Print shell completions
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page: reintegrasi man | man -l -
    Man,
}

/// Which workspace a command works on.
#[derive(Debug, Args)]
struct At {
    /// Workspace folder [default: the current folder when it holds a reintegrasi.toml]
    workspace: Option<PathBuf>,
}

impl At {
    /// The folder given, a workspace or not yet one; else as [`At::workspace`].
    fn folder(&self, lang: Lang) -> Result<Workspace, Failure> {
        match &self.workspace {
            Some(dir) => Ok(Workspace::at(dir)),
            None => self.workspace(lang),
        }
    }

    /// The folder given; else the current one; else, run by cargo, `data-samples/` of that checkout.
    ///
    /// # Errors
    /// None of them is a workspace: nothing is read or written anywhere else.
    fn workspace(&self, lang: Lang) -> Result<Workspace, Failure> {
        let is_workspace = |dir: &Path| dir.join("reintegrasi.toml").is_file();
        if let Some(dir) = &self.workspace {
            return match is_workspace(dir) {
                true => Ok(Workspace::at(dir)),
                false => Err(no_workspace(lang, dir)),
            };
        }
        let here = PathBuf::from(".");
        // `cargo run` says in which checkout it runs the program.
        let sample = std::env::var_os("CARGO_MANIFEST_DIR")
            .map(|checkout| PathBuf::from(checkout).join("data-samples"));
        [Some(here.clone()), sample]
            .into_iter()
            .flatten()
            .find(|dir| is_workspace(dir))
            .map(Workspace::at)
            .ok_or_else(|| no_workspace(lang, &here))
    }
}

fn no_workspace(lang: Lang, dir: &Path) -> Failure {
    // The name of the folder one stands in says more than a dot.
    let dir = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let path = dir.display().to_string();
    Failure::usage(say(lang, "no_workspace", &[("path", &path)]))
}

/// Which month of which workspace a command reads.
#[derive(Debug, Args)]
struct MonthOf {
    #[command(flatten)]
    at: At,
    /// Month of the report, YYYY-MM
    #[arg(long, value_parser = parse_month)]
    month: Option<Month>,
}

/// A workspace with what stands in its settings.
struct Opened {
    ws: Workspace,
    settings: Settings,
    lang: Lang,
    units: UptRegistry,
}

impl Opened {
    fn of(global: &Global, at: &At) -> Result<Opened, Failure> {
        let ws = at.workspace(global.lang())?;
        let settings = crate::run::read_settings(&ws)?;
        Ok(Opened {
            lang: global.lang.unwrap_or(settings.office.language),
            units: UptRegistry::maluku(&settings.units),
            ws,
            settings,
        })
    }

    /// Reads and cleans the inbox.
    fn intake(&self, month: Option<Month>, progress: &dyn Progress) -> Result<Intake, RunError> {
        read_inbox(
            &self.ws,
            &self.settings,
            &self.units,
            month,
            self.lang,
            progress,
        )
    }

    /// Reads the inbox and links its records.
    fn linked(
        &self,
        global: &Global,
        month: Option<Month>,
    ) -> Result<(Intake, Links, Trained), Failure> {
        crate::run::state::prepare(&self.ws.state(), self.lang)?;
        // The month one has just done is the one to look into.
        let month = month.or_else(|| crate::run::health::last_done(&self.ws));
        let bars = terminal::Bars::new(self.lang, global);
        let result = self.intake(month, &bars).and_then(|intake| {
            let (links, trained) =
                crate::run::linked(&self.ws, &self.settings, &intake, self.lang, &bars)?;
            Ok((intake, links, trained))
        });
        bars.end();
        let result = result?;
        if !global.quiet {
            let month = locale::month_long(self.lang, result.0.month);
            eprintln!("{}", say(self.lang, "of_month", &[("month", &month)]));
        }
        Ok(result)
    }
}

/// Parses the command line, does the command, and returns the exit status. `all_read` is called with the number of records
/// once all files are read and cleaned.
pub fn main(all_read: fn(usize)) -> u8 {
    let args = help::help_as_flag(std::env::args_os().collect());
    let lang = help::language(&args);
    // clap's own judgement takes every terminal of a build server for one that shows colours.
    let colour = if terminal::plain_is_asked() {
        clap::ColorChoice::Never
    } else {
        clap::ColorChoice::Auto
    };
    let parsed = help::localised(Cli::command(), lang)
        .color(colour)
        .try_get_matches_from(args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(e) => match help::usage_error(&e, lang) {
            Some(message) => {
                eprintln!("{}: {message}", locale::text(lang, "cli.error"));
                return WRONG_USAGE;
            }
            // Help and version; nobody is left to be told that they could not be printed.
            None => {
                let _ = e.print();
                // Help that nobody asked for: a command is missing.
                return if e.use_stderr() { WRONG_USAGE } else { 0 };
            }
        },
    };
    terminal::start_log(cli.log_format == LogFormat::Json, cli.quiet);
    let global = Global {
        lang: cli.lang,
        quiet: cli.quiet,
        json: cli.log_format == LogFormat::Json,
        all_read,
    };
    terminal::say_nothing_of_data_in_a_panic(&global);
    // A thread that waits takes up other work meanwhile, one on top of the other: room for that. There is no pool
    // yet, so this cannot fail; if it did, the pool would be an ordinary one.
    let _ = rayon::ThreadPoolBuilder::new()
        .stack_size(16 << 20)
        .build_global();
    let work = std::panic::AssertUnwindSafe(|| dispatch(cli.command, &global));
    // What was said of the fault is said (see `say_nothing_of_data_in_a_panic`).
    let fault = |_| {
        Ok(if terminal::reader_gone() {
            READER_GONE
        } else {
            FAULT
        })
    };
    let result = std::panic::catch_unwind(work).unwrap_or_else(fault);
    result.unwrap_or_else(|failure| {
        terminal::failure(&global, &failure.message(global.lang()), failure.status);
        failure.status
    })
}

fn dispatch(command: Command, global: &Global) -> Outcome {
    match command {
        Command::Run(a) => run::run(global, &a),
        Command::Check(a) => check::check(global, &a),
        Command::Inspect(a) => inspect::inspect(global, &a),
        Command::Review(a) => review::review(global, &a),
        Command::Explain(a) => explain::explain(global, &a),
        Command::Link(a) => link::link(global, &a),
        Command::Compare(a) => compare::compare(global, &a),
        Command::Status(a) => status::status(global, &a),
        Command::Doctor(a) => doctor::doctor(global, &a),
        Command::Purge(a) => purge::purge(global, &a),
        Command::Backup(a) => backup::backup(global, &a),
        Command::Restore(a) => restore::restore(global, &a),
        Command::Init(a) => init::init(global, &a),
        Command::Add(a) => add::add(global, &a),
        Command::Config(a) => config::config(global, &a),
        Command::Demo(a) => demo::demo(global, &a),
        Command::Sample(a) => sample::sample(global, &a),
        Command::Schedule(a) => schedule::schedule(global, &a),
        Command::Measures(a) => lists::measures(global, &a),
        Command::Rules(a) => lists::rules(global, a),
        Command::Fields(a) => lists::fields(global, a),
        Command::Docs(a) => docs::docs(global, &a),
        Command::Verify(a) => verify::verify(global, &a),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "reintegrasi", &mut script);
            print!("{}", String::from_utf8_lossy(&script));
            Ok(0)
        }
        Command::Man => {
            let lang = global.lang();
            manual::manual(help::localised(Cli::command(), lang), lang)
        }
    }
}

/// Flags every command shares.
#[derive(Debug, Clone, Copy)]
struct Global {
    lang: Option<Lang>,
    quiet: bool,
    json: bool,
    /// Wants to know how many records there are once all files are read and cleaned.
    all_read: fn(usize),
}

impl Global {
    /// Language before settings are read.
    fn lang(&self) -> Lang {
        self.lang.unwrap_or_default()
    }
}

/// A command that did not end well: what to say and the exit status.
#[derive(Debug)]
struct Failure {
    why: Why,
    status: u8,
}

/// Why a command did not end well.
#[derive(Debug)]
enum Why {
    /// Ready to read.
    Text(String),
    /// Told in the reader's language when it is said.
    Run(RunError),
    /// What the system refused.
    System(std::io::Error),
}

impl Failure {
    fn of(message: impl Into<String>, status: u8) -> Self {
        Failure {
            why: Why::Text(message.into()),
            status,
        }
    }
    fn usage(message: impl Into<String>) -> Self {
        Failure::of(message, WRONG_USAGE)
    }
    fn fault(message: impl std::fmt::Display) -> Self {
        Failure::of(message.to_string(), 1)
    }
    fn message(&self, lang: Lang) -> String {
        match &self.why {
            Why::Text(text) => text.clone(),
            Why::Run(e) => e.message(lang),
            Why::System(e) => locale::system_reason(lang, e),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(e: std::io::Error) -> Self {
        Failure {
            status: FAULT,
            why: Why::System(e),
        }
    }
}

impl From<RunError> for Failure {
    fn from(e: RunError) -> Self {
        Failure {
            status: e.exit_status(),
            why: Why::Run(e),
        }
    }
}

/// Exit status or failure.
type Outcome = Result<u8, Failure>;

fn parse_month(text: &str) -> Result<Month, BadMonth> {
    text.parse()
}

/// A text of the `cli` room.
fn say(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    locale::format(lang, &format!("cli.{key}"), args)
}
