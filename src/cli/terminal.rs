//! What a person at a terminal sees: progress bars, tables, failures. Nothing here decides anything.

use super::Global;
use crate::locale::{self, Lang};
use crate::run::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Log lines go to standard error; standard output is for results.
///
/// With `--log-format json` every line is one object with `timestamp` (RFC 3339), `level` and `event`; scripts may
/// rely on these events and keys, more may come:
///
/// | event | keys |
/// |---|---|
/// | `stage` | `stage` (a key of `run.stage.*`), `total` steps |
/// | `unreadable` | `file` relative to the inbox, `rule` |
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
        if (info.payload_as_str()).is_some_and(|m| m.starts_with("failed printing to")) {
            // Whoever read our output (`| head`) has enough: no fault of anybody.
            READER_GONE.store(true, Ordering::Relaxed);
            return;
        }
        let place = info.location().map_or_else(String::new, |l| {
            format!("{}:{}:{}", l.file(), l.line(), l.column())
        });
        if json {
            tracing::error!(event = "panic", place = %place);
        } else {
            eprintln!(
                "{}",
                locale::format(lang, "cli.panic", &[("place", &place)])
            );
        }
    }));
}

/// Nobody reads what is printed any more.
static READER_GONE: AtomicBool = AtomicBool::new(false);

/// Whether what ended the program was only that its output is no longer read.
pub fn reader_gone() -> bool {
    READER_GONE.load(Ordering::Relaxed)
}

/// Somebody asked to stop.
static STOP: AtomicBool = AtomicBool::new(false);

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
