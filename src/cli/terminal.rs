//! What a person at a terminal sees: progress bars, tables, failures. Nothing here decides anything.

use super::Global;
use crate::locale::{self, Lang};
use crate::run::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

/// Log lines go to standard error; standard output is for results.
///
/// With `--log-format json` every line is one object with `timestamp` (RFC 3339), `level` and `event`; scripts may
/// rely on these events and keys, more may come:
///
/// | event | keys |
/// |---|---|
/// | `stage` | `stage` (a key of `run.stage.*`), `total` steps |
/// | `unreadable` | `file` relative to the inbox, `rule` |
/// | `gate` | `reason`: a failed quality gate, lost or restored history |
/// | `notify` | `reason` why the command of the settings did not end well |
/// | `done` | `month`, `folder`, `files`, `late` and `overdue` suppliers, `gates_failed`, `unchanged` |
/// | `failed` | `message`, `status` the program ends with |
/// | `panic` | `place` in the program |
///
/// A line never holds a name or a NIK.
pub fn start_log(json: bool, quiet: bool) {
    let level = if quiet {
        tracing::Level::ERROR
    } else {
        tracing::Level::WARN
    };
    let level = if json && !quiet {
        tracing::Level::INFO
    } else {
        level
    };
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    // A second start (in tests) is no fault.
    let _ = if json {
        log.json().flatten_event(true).try_init()
    } else {
        log.without_time().try_init()
    };
}

/// Prints what went wrong, where, and what to do next.
pub fn failure(global: &Global, message: &str, status: u8) {
    if global.json {
        tracing::error!(event = "failed", message, status);
    } else {
        eprintln!("{}: {message}", locale::text(global.lang(), "cli.error"));
    }
}

/// A fault of the program is told by its place in the program alone: the message of a panic may hold a value of a
/// supplier's file.
pub fn say_nothing_of_data_in_a_panic(global: &Global) {
    let (lang, json) = (global.lang(), global.json);
    std::panic::set_hook(Box::new(move |info| {
        let printing = info
            .payload_as_str()
            .filter(|m| m.starts_with("failed printing to"));
        if let Some(message) = printing {
            let broken_pipe = std::io::Error::from_raw_os_error(BROKEN_PIPE).to_string();
            if message.contains(&broken_pipe) {
                // Whoever read our output (`| head`) has enough: no fault of anybody.
                READER_GONE.store(true, Ordering::Relaxed);
                return;
            }
            let reason = message.rsplit_once(": ").map_or("", |(_, reason)| reason);
            let text = locale::format(lang, "cli.not_printed", &[("reason", reason)]);
            // Standard error may be on the same full disk: then nothing can be said.
            let _ = writeln!(std::io::stderr(), "{text}{}", standing(lang));
            return;
        }
        let place = info.location().map_or_else(String::new, |l| {
            format!("{}:{}:{}", l.file(), l.line(), l.column())
        });
        if json {
            tracing::error!(event = "panic", place = %place);
        } else {
            let text = locale::format(lang, "cli.panic", &[("place", &place)]);
            let _ = writeln!(std::io::stderr(), "{text}{}", standing(lang));
        }
    }));
}

/// The system's number of a pipe that nobody reads any more.
#[cfg(unix)]
const BROKEN_PIPE: i32 = 32;
/// The same on Windows: ERROR_NO_DATA.
#[cfg(not(unix))]
const BROKEN_PIPE: i32 = 232;

/// The folder of the month that this process has published.
static MONTH: OnceLock<PathBuf> = OnceLock::new();

/// A month stands: what fails from here on must not be called a failure of the month.
pub fn month_stands(folder: &Path) {
    let _ = MONTH.set(folder.to_owned());
}

/// What stands, after what went wrong.
fn standing(lang: Lang) -> String {
    let text = match MONTH.get() {
        Some(folder) => {
            let folder = folder.display().to_string();
            locale::format(lang, "cli.month_stands", &[("folder", &folder)])
        }
        None => locale::text(lang, "cli.nothing_published").to_owned(),
    };
    format!(" {text}")
}

/// Nobody reads what is printed any more.
static READER_GONE: AtomicBool = AtomicBool::new(false);

/// Whether what ended the program was only that its output is no longer read.
pub fn reader_gone() -> bool {
    READER_GONE.load(Ordering::Relaxed)
}

/// Somebody asked to stop.
static STOP: AtomicBool = AtomicBool::new(false);

/// How far a run is that may be broken off: whichever of the two comes first, publishing or breaking off, excludes the
/// other.
static PHASE: AtomicU8 = AtomicU8::new(WORKING);
const WORKING: u8 = 0;
const PUBLISHING: u8 = 1;
const BROKEN_OFF: u8 = 2;

/// How long a run that was asked to stop may go on until it comes to a place where nothing is half done. Broken off
/// anywhere before publishing it has changed nothing, and what it leaves is settled by the next command.
const PATIENCE: Duration = Duration::from_millis(350);

fn begin(phase: u8) -> bool {
    let now = PHASE.compare_exchange(WORKING, phase, Ordering::SeqCst, Ordering::SeqCst);
    now.is_ok() || now == Err(phase)
}

/// Ctrl-C (and SIGTERM) ends a run where nothing is half done; the second time, at once: what is left then is
/// settled by the next run.
pub fn stop_cleanly(global: &Global) {
    let (lang, quiet) = (global.lang(), global.quiet || global.json);
    let asked = move || {
        crate::domain::interrupt::request();
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        if !quiet {
            eprintln!("{}", locale::text(lang, "cli.run.stopping"));
        }
        std::thread::spawn(move || {
            std::thread::sleep(PATIENCE);
            if begin(BROKEN_OFF) {
                let text = locale::text(lang, "cli.run.stopped");
                let _ = writeln!(std::io::stderr(), "{text}");
                std::process::exit(130);
            }
        });
    };
    // Only one handler can be set; a second start (in tests) keeps the first.
    let _ = ctrlc::set_handler(asked);
}

/// One bar per stage on a terminal, log lines elsewhere.
pub struct Bars {
    lang: Lang,
    show: bool,
    all_read: fn(usize),
    current: Mutex<Option<ProgressBar>>,
}

impl Bars {
    /// Bars in a language; hidden when quiet or when nobody is watching.
    pub fn new(lang: Lang, global: &Global) -> Self {
        let show = !global.quiet && !global.json && std::io::stderr().is_terminal();
        Bars {
            lang,
            show,
            all_read: global.all_read,
            current: Mutex::new(None),
        }
    }
    fn replace(&self, next: Option<ProgressBar>) {
        if let Ok(mut bar) = self.current.lock() {
            if let Some(old) = bar.take() {
                old.finish_and_clear();
            }
            *bar = next;
        }
    }
}

impl Progress for Bars {
    fn stage(&self, stage: &'static str, total: u64) {
        tracing::info!(event = "stage", stage, total);
        if !self.show {
            return;
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{msg:>24} {bar:32} {pos}/{len} {elapsed}")
        {
            bar.set_style(style);
        }
        bar.set_message(locale::text(self.lang, &format!("run.stage.{stage}")).to_owned());
        bar.tick();
        self.replace(Some(bar));
    }
    fn step(&self, n: u64) {
        if let Ok(bar) = self.current.lock()
            && let Some(bar) = bar.as_ref()
        {
            bar.inc(n);
        }
    }
    fn all_read(&self, records: usize) {
        (self.all_read)(records);
    }
    fn end(&self) {
        self.replace(None);
    }
    fn stopped(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
    fn publishing(&self) -> bool {
        begin(PUBLISHING)
    }
}

/// A plain table for the terminal.
pub fn table(header: &[&str], rows: &[Vec<String>], right: &[usize]) -> String {
    use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
    let mut t = Table::new();
    t.load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    // Some terminals say that they are no columns wide.
    if t.width().is_some_and(|w| w < 40) {
        t.set_width(80);
    }
    if !header.is_empty() {
        t.set_header(header);
    }
    for r in rows {
        t.add_row(r);
    }
    for &c in right {
        if let Some(column) = t.column_mut(c) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    t.to_string()
}
