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
        .with_ansi(draws(&std::io::stderr()))
        .with_target(false);
    // A second start (in tests) is no fault.
    let _ = if json {
        log.json().flatten_event(true).try_init()
    } else {
        log.without_time().try_init()
    };
}

/// Whether the environment asks for text without control sequences: `NO_COLOR` is set, or `TERM` is `dumb`.
pub fn plain_is_asked() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
        || std::env::var_os("TERM").is_some_and(|t| t == "dumb")
}

/// Whether a stream is a terminal that understands more than lines of text.
fn draws(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && !plain_is_asked()
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

/// What stands when a run is broken off, in words.
static STANDS: OnceLock<String> = OnceLock::new();

/// That a run was broken off, and what stands.
pub fn stopped(lang: Lang) -> String {
    let stands = STANDS.get().map_or("", String::as_str);
    let text = locale::text(lang, "cli.run.stopped");
    format!("{text} {stands}").trim_end().to_owned()
}

fn begin(phase: u8) -> bool {
    let now = PHASE.compare_exchange(WORKING, phase, Ordering::SeqCst, Ordering::SeqCst);
    now.is_ok() || now == Err(phase)
}

/// Ctrl-C (and SIGTERM) ends a run where nothing is half done; the second time, at once: what is left then is
/// settled by the next run.
///
/// `stands` says what stands if it is broken off.
pub fn stop_cleanly(global: &Global, stands: &str) {
    let (lang, quiet) = (global.lang(), global.quiet || global.json);
    let _ = STANDS.set(stands.to_owned());
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
                let _ = writeln!(std::io::stderr(), "{}", stopped(lang));
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
        let show = !global.quiet && !global.json && draws(&std::io::stderr());
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
        if let Ok(style) = ProgressStyle::with_template(
            "{msg:>22} {wide_bar} {pos}/{len} {elapsed} {prefix} {eta}",
        ) {
            bar.set_style(style);
        }
        bar.set_message(locale::text(self.lang, &format!("run.stage.{stage}")).to_owned());
        bar.set_prefix(locale::text(self.lang, "cli.left").to_owned());
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

/// A table for whoever reads standard output: fitted to a terminal, plain lines of columns when it is piped.
pub fn table(header: &[&str], rows: &[Vec<String>], right: &[usize]) -> String {
    let reader = match std::io::stdout().is_terminal() {
        true => Reader::Terminal(columns()),
        false => Reader::Pipe,
    };
    table_for(reader, header, rows, right)
}

/// A table of names by months, `YYYY-MM` in its header, and how many of the earlier months a terminal has no room for: there
/// the months stand in two short lines.
pub fn calendar(header: &[&str], rows: &[Vec<String>]) -> (String, usize) {
    match std::io::stdout().is_terminal() {
        true => calendar_for(columns(), header, rows),
        false => (table_for(Reader::Pipe, header, rows, &[]), 0),
    }
}

/// Room for a month with its margins, and the least room for a name.
const MONTH_WIDTH: usize = 4;
const NAME_WIDTH: usize = 24;

fn calendar_for(width: u16, header: &[&str], rows: &[Vec<String>]) -> (String, usize) {
    let months = header.len().saturating_sub(1);
    let room = usize::from(width).saturating_sub(NAME_WIDTH + 2) / MONTH_WIDTH;
    let left_out = months.saturating_sub(room.max(1));
    let kept = |i: usize| i == 0 || i > left_out;
    let short = |(i, text): (usize, &&str)| match text.split_once('-') {
        Some((year, month)) if i > 0 => format!("{month}\n{}", &year[year.len() - 2..]),
        _ => (*text).to_owned(),
    };
    let header: Vec<String> = (header.iter().enumerate())
        .filter(|(i, _)| kept(*i))
        .map(short)
        .collect();
    let mut t = comfy_table::Table::new();
    t.load_preset(comfy_table::presets::UTF8_HORIZONTAL_ONLY)
        .remove_style(comfy_table::TableComponent::HorizontalLines)
        .remove_style(comfy_table::TableComponent::MiddleIntersections)
        .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(header);
    for r in rows {
        let cells = r.iter().enumerate().filter(|(i, _)| kept(*i));
        t.add_row(cells.map(|(_, c)| c));
    }
    t.column_iter_mut().skip(1).for_each(|c| {
        c.set_padding((0, 1));
    });
    (t.to_string(), left_out)
}

/// Who reads a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// A person, in so many columns.
    Terminal(u16),
    /// A file or another program: nothing is wrapped or drawn.
    Pipe,
}

/// Width of the terminal: `COLUMNS` where it is set, else what the terminal says, else 80.
fn columns() -> u16 {
    let said = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    // Some terminals say that they are no columns wide.
    said.or_else(|| comfy_table::Table::new().width())
        .filter(|w| *w >= 40)
        .unwrap_or(80)
}

/// A column that has more to say is at least so wide: where there is no room for that, rows become cards.
const SLIVER: usize = 12;

fn table_for(reader: Reader, header: &[&str], rows: &[Vec<String>], right: &[usize]) -> String {
    use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
    let mut t = Table::new();
    let mut least = Vec::new();
    match reader {
        Reader::Terminal(width) => {
            if !header.is_empty() {
                match least_widths(header, rows, usize::from(width)) {
                    None => return cards(header, rows),
                    Some(widths) => least = widths,
                }
            }
            t.load_preset(presets::UTF8_HORIZONTAL_ONLY)
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(width);
        }
        Reader::Pipe => {
            t.load_preset(presets::NOTHING)
                .set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    if !header.is_empty() {
        t.set_header(header);
    }
    for r in rows {
        t.add_row(r);
    }
    for (c, width) in least.into_iter().enumerate() {
        let fixed = Width::Fixed(u16::try_from(width + 2).unwrap_or(u16::MAX));
        if let Some(column) = t.column_mut(c) {
            column.set_constraint(ColumnConstraint::LowerBoundary(fixed));
        }
    }
    for &c in right {
        if let Some(column) = t.column_mut(c) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    match reader {
        Reader::Terminal(_) => t.to_string(),
        Reader::Pipe => t
            .lines()
            .map(|l| l.trim_end().to_owned())
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// How wide each column must be at least: as its longest word, so that file names stay whole, and no sliver where it has more to
/// say. `None` where a terminal has no room for that.
fn least_widths(header: &[&str], rows: &[Vec<String>], width: usize) -> Option<Vec<usize>> {
    let widest = |text: &str, apart: fn(char) -> bool| {
        let parts = text.split(apart).map(|part| part.chars().count());
        parts.max().unwrap_or(0)
    };
    let least: Vec<usize> = (0..header.len())
        .map(|c| {
            let cells =
                || (rows.iter().filter_map(|r| r.get(c)).map(String::as_str)).chain([header[c]]);
            let line = cells().map(|t| widest(t, |c| c == '\n')).max().unwrap_or(0);
            let word = cells()
                .map(|t| widest(t, char::is_whitespace))
                .max()
                .unwrap_or(0);
            line.min(SLIVER.max(word))
        })
        .collect();
    // A blank at both sides of each, and one between two.
    let margins = 3 * least.len() - 1;
    (margins + least.iter().sum::<usize>() <= width).then_some(least)
}

/// Each row as lines of "heading: value", rows apart by an empty line.
fn cards(header: &[&str], rows: &[Vec<String>]) -> String {
    let card = |row: &Vec<String>| {
        let lines = (header.iter().zip(row)).filter(|(_, value)| !value.is_empty());
        let lines: Vec<String> = lines
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        lines.join("\n")
    };
    rows.iter().map(card).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        let row = |n: &str| {
            vec![
                "lapas-ambon/registrasi_2026-01.xlsx".to_owned(),
                n.to_owned(),
                "kolom tanggal lahir tidak terbaca".to_owned(),
            ]
        };
        vec![row("12"), row("3")]
    }
    const HEADER: [&str; 3] = ["Berkas", "Jumlah", "Aturan"];

    #[test]
    fn a_piped_table_has_one_line_a_row_and_nothing_drawn() {
        let text = table_for(Reader::Pipe, &HEADER, &rows(), &[1]);
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.is_ascii(), "{text}");
        assert!(
            text.lines()
                .all(|l| l.contains("registrasi_2026-01.xlsx") || l.contains("Berkas"))
        );
    }

    #[test]
    fn a_calendar_keeps_the_latest_months_that_fit() {
        let months: Vec<String> = (1..=12).map(|m| format!("2026-{m:02}")).collect();
        let header: Vec<&str> = ["Sumber data"]
            .into_iter()
            .chain(months.iter().map(String::as_str))
            .collect();
        let mut row = vec!["Dinas Kependudukan dan Pencatatan Sipil".to_owned()];
        row.extend((0..12).map(|_| "✓".to_owned()));
        for (width, left_out) in [(60, 4), (80, 0), (140, 0)] {
            let (text, out) = calendar_for(width, &header, std::slice::from_ref(&row));
            let widest = text.lines().map(|l| l.chars().count()).max().unwrap_or(0);
            assert!(widest <= usize::from(width), "{widest} > {width}:\n{text}");
            assert_eq!(out, left_out, "{width}:\n{text}");
            assert_eq!(text.matches('✓').count(), 12 - left_out);
            assert!(text.contains("12"), "{text}");
        }
    }

    #[test]
    fn a_table_is_never_wider_than_the_terminal_and_becomes_cards_before_it_becomes_slivers() {
        for width in [60, 80, 140] {
            let text = table_for(Reader::Terminal(width), &HEADER, &rows(), &[1]);
            let widest = text.lines().map(|l| l.chars().count()).max().unwrap_or(0);
            assert!(widest <= usize::from(width), "{widest} > {width}:\n{text}");
            // A file's name is not broken.
            assert!(
                text.contains("lapas-ambon/registrasi_2026-01.xlsx"),
                "{text}"
            );
        }
        let many: Vec<&str> = (0..12).map(|_| "judul kolom yang panjang").collect();
        let row = vec![many.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()];
        let text = table_for(Reader::Terminal(60), &many, &row, &[]);
        assert_eq!(
            text.lines().count(),
            12,
            "a card has a line for each value: {text}"
        );
        // Numbers alone fit in narrow columns: no cards.
        let numbers = vec![vec!["1".to_owned(); 8]];
        let text = table_for(Reader::Terminal(60), &["a"; 8], &numbers, &[]);
        assert!(!text.contains(':'), "{text}");
    }
}
