//! `reintegrasi status`: who delivered for which month, which months are done, what became of each file, what waits.

use super::listing::{Format, FormatArg, Listing, print_json};
use super::{At, Global, Opened, Outcome, say, status_quality, terminal};
use crate::domain::Month;
use crate::domain::place::SourceFile;
use crate::domain::records::Covered;
use crate::locale::{self, Lang};
use crate::run::deliveries::{self, Delivery, Fate};
use crate::run::manifest::{Input, Manifest};
use crate::run::read::Intake;
use crate::run::{Progress, RunError, health, lock, supplier_name};
use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Exit status when what the workspace remembers is not whole: no month can be done before it is.
const ILL: u8 = 4;
/// Most deliveries that are told of without being asked for all.
const MOST: usize = 15;

#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    at: At,
    /// Months to show, the last one being the month before this one
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u8).range(1..=36))]
    months: u8,
    /// The day to show the status for [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
    /// The log of deliveries alone, all of it: every file, when it came, for which months, what became of it
    #[arg(long)]
    deliveries: bool,
    /// The quality of the data alone, by supplier and month done: when they came, rows, NIK, the commonest fault, what is mended
    #[arg(long, conflicts_with = "deliveries")]
    quality: bool,
    #[command(flatten)]
    form: FormatArg,
}

/// How a supplier stands with a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivered {
    Yes,
    Overdue,
    Due,
    NotAsked,
}

impl Delivered {
    const fn sign(self) -> &'static str {
        match self {
            Delivered::Yes => "✓",
            Delivered::Overdue => "✗",
            Delivered::Due => "…",
            Delivered::NotAsked => "–",
        }
    }
    const fn id(self) -> &'static str {
        match self {
            Delivered::Yes => "delivered",
            Delivered::Overdue => "overdue",
            Delivered::Due => "due",
            Delivered::NotAsked => "not_asked",
        }
    }
}

/// How a month stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MonthDone {
    Yes,
    GatesFailed,
    FilesChanged,
    No,
}

impl MonthDone {
    const fn sign(self) -> &'static str {
        match self {
            MonthDone::Yes => "✓",
            MonthDone::GatesFailed => "!",
            MonthDone::FilesChanged => "≠",
            MonthDone::No => "–",
        }
    }
    const fn id(self) -> &'static str {
        match self {
            MonthDone::Yes => "done",
            MonthDone::GatesFailed => "done_gates_failed",
            MonthDone::FilesChanged => "done_files_changed",
            MonthDone::No => "not_done",
        }
    }
}

/// Everything the command tells.
struct Told {
    lang: Lang,
    months: Vec<Month>,
    /// Id and name of each supplier, and how it stands with each month.
    suppliers: Vec<(String, String, Vec<Delivered>)>,
    done: Vec<MonthDone>,
    overdue: Vec<(NaiveDate, String)>,
    due: Vec<(NaiveDate, String)>,
    deliveries: Vec<Delivery>,
    /// The month last done, and how many pairs wait in it.
    review: Option<(Month, u64)>,
    next: Option<Month>,
    running: Option<String>,
    problems: Vec<String>,
}

pub(super) fn status(global: &Global, args: &StatusArgs) -> Outcome {
    let opened = Opened::of(global, &args.at)?;
    let lang = opened.lang;
    let today = (args.today).unwrap_or_else(|| chrono::Local::now().date_naive());
    // What a killed run left is finished before anybody looks.
    if let Err(e) = health::settle(&opened.ws, &opened.ws.out(), lang) {
        eprintln!("{}", e.message(lang));
    }
    let bars = terminal::Bars::new(lang, global);
    let result = opened.intake(Some(Month::of(today).plus(-1)), &bars);
    bars.end();
    // An inbox without files is a calendar in which nobody delivered.
    let intake = match result {
        Ok(intake) => Some(intake),
        Err(RunError::Input(_)) => None,
        Err(e) => return Err(e.into()),
    };
    let told = Told::of(&opened, intake.as_ref(), today, args.months)?;
    for problem in &told.problems {
        eprintln!("{}", say(lang, "status.ill", &[("reason", problem)]));
    }
    let status = if told.problems.is_empty() { 0 } else { ILL };
    if global.quiet {
        return Ok(status);
    }
    if args.quality {
        status_quality::print(&opened, &told.months, &told.deliveries, args.form.format)?;
        return Ok(status);
    }
    match (args.form.format, args.deliveries) {
        (Format::Table, true) => {
            for d in &told.deliveries {
                println!("{}", told.line(d));
            }
        }
        (format, true) => told.deliveries(&told.deliveries).print(lang, format),
        (Format::Json, false) => print_json(&told.json(today)),
        (Format::Csv, false) => println!("{}", told.calendar().csv()),
        (Format::Table, false) => told.print(),
    }
    Ok(status)
}

impl Told {
    fn of(
        opened: &Opened,
        intake: Option<&Intake>,
        today: NaiveDate,
        months: u8,
    ) -> Result<Told, RunError> {
        let last = Month::of(today).plus(-1);
        let months: Vec<Month> = (0..i32::from(months))
            .rev()
            .map(|i| last.plus(-i))
            .collect();
        let coverage = intake.map_or(&[][..], |i| &i.records.coverage);
        let mut has: BTreeMap<String, BTreeSet<Month>> = BTreeMap::new();
        for s in &opened.settings.suppliers {
            has.entry(s.id.clone()).or_default();
        }
        for c in coverage {
            let all = has.entry(c.supplier.to_string()).or_default();
            let mut m = Month::of(c.from);
            while m <= Month::of(c.to) {
                all.insert(m);
                m = m.plus(1);
            }
        }
        let (mut due, mut overdue) = (Vec::new(), Vec::new());
        let mut suppliers = Vec::new();
        for (id, has) in has {
            let name = supplier_name(&id, &opened.units, &opened.settings);
            let declared = opened.settings.suppliers.iter().find(|s| s.id == id);
            let mut stands = Vec::new();
            for &m in &months {
                // Before the workspace begins nobody is asked.
                let first = opened.settings.office.first_month();
                let asked = declared.filter(|_| first.is_none_or(|f| m >= f));
                stands.push(match asked.map(|s| s.due(m)) {
                    _ if has.contains(&m) => Delivered::Yes,
                    Some(day) if today > day => {
                        if m == last {
                            overdue.push((day, name.clone()));
                        }
                        Delivered::Overdue
                    }
                    Some(day) => {
                        due.push((day, name.clone()));
                        Delivered::Due
                    }
                    None => Delivered::NotAsked,
                });
            }
            suppliers.push((id, name, stands));
        }
        due.sort();
        overdue.sort();
        let out = opened.ws.out();
        let manifest =
            |m: Month| Manifest::read(&out.join(m.to_string()).join("manifest.json")).ok();
        let all: Vec<Manifest> = (health::months(&opened.ws, &out)?.into_iter())
            .filter_map(manifest)
            .collect();
        let of = |m: &Month| all.iter().find(|x| x.month == *m);
        let (files, shown) = intake.map_or((&[][..], &[][..]), |i| (&i.files, &i.shown));
        let stands = |m: &Month| match of(m) {
            None => MonthDone::No,
            Some(m) if is_behind(m, files, shown, coverage) => MonthDone::FilesChanged,
            Some(m) if m.gates_failed.is_empty() => MonthDone::Yes,
            Some(_) => MonthDone::GatesFailed,
        };
        let latest = months.iter().rev().find_map(of);
        let review = latest.map(|m| (m.month, m.counts.get("review").copied().unwrap_or(0)));
        let next = latest.map_or_else(|| months.last().copied(), |m| Some(m.month.plus(1)));
        let state = opened.ws.state();
        Ok(Told {
            lang: opened.lang,
            suppliers,
            done: months.iter().map(stands).collect(),
            months,
            overdue,
            due,
            deliveries: intake.map_or_else(Vec::new, |i| deliveries::log(&opened.ws, i, &all)),
            review,
            next,
            running: (lock::held(&state)).then(|| lock::holder(&state).unwrap_or_default()),
            problems: health::problems(&opened.ws, &out, opened.lang)?,
        })
    }

    /// One line for each supplier and month.
    fn calendar(&self) -> Listing {
        let columns = ["supplier", "month", "state"];
        let mut out = Listing::new(self.lang, "status", &columns);
        for (id, _, stands) in &self.suppliers {
            for (m, d) in self.months.iter().zip(stands) {
                out.push(vec![
                    id.as_str().into(),
                    m.to_string().into(),
                    d.id().into(),
                ]);
            }
        }
        out
    }

    /// Deliveries as lines: file, supplier, when it came, for which months, rows, what became of it.
    fn deliveries(&self, of: &[Delivery]) -> Listing {
        let columns = [
            "path",
            "supplier",
            "received",
            "first_month",
            "last_month",
            "used",
            "fate",
            "by",
            "note",
        ];
        let mut out = Listing::new(self.lang, "status", &columns);
        for d in of {
            out.push(vec![
                d.path.as_str().into(),
                d.supplier.as_str().into(),
                d.received.map(|d| d.to_string()).into(),
                d.months.map(|m| m.0.to_string()).into(),
                d.months.map(|m| m.1.to_string()).into(),
                d.used.into(),
                d.fate.id().into(),
                d.fate.by().into(),
                self.note(d).into(),
            ]);
        }
        out
    }

    /// A delivery in one line.
    fn line(&self, d: &Delivery) -> String {
        let lang = self.lang;
        let received = d
            .received
            .map_or_else(|| "–".to_owned(), locale::date_short);
        let months = d.months.map_or_else(
            || "–".to_owned(),
            |(a, b)| match a == b {
                true => a.to_string(),
                false => format!("{a} – {b}"),
            },
        );
        let (rows, note) = (locale::integer(lang, d.used as f64), self.note(d));
        let args = [
            ("path", d.path.as_str()),
            ("received", &received),
            ("months", &months),
            ("rows", &rows),
            ("note", &note),
        ];
        say(lang, "status.delivery", &args)
    }

    /// What became of a delivery, in words.
    fn note(&self, d: &Delivery) -> String {
        let by = [("by", d.fate.by().unwrap_or_default())];
        let key = match (&d.fate, d.done_with) {
            (Fate::Counts, None) => "status.fate.new",
            (Fate::Counts, Some(m)) => {
                let month = locale::month_long(self.lang, m);
                return say(self.lang, "status.fate.counts", &[("month", &month)]);
            }
            (Fate::ReplacedBy(_), _) => "status.fate.replaced",
            (Fate::NewContent, _) => "status.fate.new_content",
            (Fate::MovedTo(_), _) => "status.fate.moved",
            (Fate::Gone, _) => "status.fate.gone",
            (Fate::Unread, _) => "status.fate.unread",
        };
        say(self.lang, key, &by)
    }

    fn json(&self, today: NaiveDate) -> Value {
        let by_month = |ids: Vec<&'static str>| -> Value {
            let all = self.months.iter().zip(ids);
            all.map(|(m, id)| (m.to_string(), Value::from(id)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let waits = |all: &[(NaiveDate, String)]| -> Vec<Value> {
            let one =
                |(day, name): &(NaiveDate, String)| json!({ "name": name, "due": day.to_string() });
            all.iter().map(one).collect()
        };
        let supplier = |(id, name, stands): &(String, String, Vec<Delivered>)| {
            let stands = stands.iter().map(|d| d.id()).collect();
            json!({ "supplier": id, "name": name, "months": by_month(stands) })
        };
        json!({
            "today": today.to_string(),
            "suppliers": self.suppliers.iter().map(supplier).collect::<Vec<_>>(),
            "months": by_month(self.done.iter().map(|d| d.id()).collect()),
            "deliveries": self.deliveries(&self.deliveries).json(),
            "overdue": waits(&self.overdue),
            "due": waits(&self.due),
            "review": self.review.map(|(m, n)| json!({ "month": m.to_string(), "pairs": n })),
            "next": self.next.map(|m| m.to_string()),
            "running": self.running,
            "problems": self.problems,
        })
    }

    fn print(&self) {
        let lang = self.lang;
        let months: Vec<String> = self.months.iter().map(Month::to_string).collect();
        let supplier = say(lang, "status.supplier", &[]);
        let header: Vec<&str> = [supplier.as_str()]
            .into_iter()
            .chain(months.iter().map(String::as_str))
            .collect();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (_, name, stands) in &self.suppliers {
            let signs = stands.iter().map(|d| d.sign().to_owned());
            rows.push([name.clone()].into_iter().chain(signs).collect());
        }
        let signs = self.done.iter().map(|d| d.sign().to_owned());
        rows.push(
            [say(lang, "status.done", &[])]
                .into_iter()
                .chain(signs)
                .collect(),
        );
        let (calendar, left_out) = terminal::calendar(&header, &rows);
        println!("{calendar}");
        if left_out > 0 {
            let n = left_out.to_string();
            println!("{}", say(lang, "status.left_out", &[("n", &n)]));
        }
        println!("{}", say(lang, "status.legend", &[]));
        for (key, list) in [("overdue", &self.overdue), ("due", &self.due)] {
            if let Some(day) = list.first().map(|d| d.0) {
                let of_day = list.iter().filter(|d| d.0 == day || key == "overdue");
                let names: Vec<&str> = of_day.map(|d| d.1.as_str()).collect();
                let (names, day) = (names.join(", "), locale::date_long(lang, day));
                let args = [("names", names.as_str()), ("day", &day)];
                println!("{}", say(lang, &format!("status.{key}"), &args));
            }
        }
        let changed = self
            .done
            .iter()
            .zip(&self.months)
            .filter(|(d, _)| **d == MonthDone::FilesChanged);
        let changed: Vec<String> = changed.map(|(_, m)| m.to_string()).collect();
        if !changed.is_empty() {
            let list = changed.join(", ");
            println!("{}", say(lang, "status.again", &[("months", &list)]));
        }
        self.print_deliveries();
        if let Some((month, pairs)) = self.review {
            let pairs = locale::integer(lang, pairs as f64);
            let month = locale::month_long(lang, month);
            println!(
                "{}",
                say(
                    lang,
                    "status.review",
                    &[("pairs", &pairs), ("month", &month)]
                )
            );
        }
        let next = self
            .next
            .map_or_else(String::new, |m| locale::month_long(lang, m));
        println!("{}", say(lang, "status.next", &[("month", &next)]));
        if let Some(holder) = &self.running {
            println!("{}", say(lang, "status.running", &[("holder", holder)]));
        }
        if self.problems.is_empty() {
            println!("{}", say(lang, "status.well", &[]));
        }
    }

    /// The deliveries of which there is more to say than that they count, then those that came last.
    fn print_deliveries(&self) {
        let settled = |d: &&Delivery| d.fate == Fate::Counts && d.done_with.is_some();
        let (settled, open): (Vec<&Delivery>, Vec<&Delivery>) =
            self.deliveries.iter().partition(settled);
        let mut shown: Vec<&Delivery> = open.into_iter().chain(settled).collect();
        let more = shown.len().saturating_sub(MOST);
        shown.truncate(MOST);
        if shown.is_empty() {
            return;
        }
        println!("\n{}", say(self.lang, "status.deliveries", &[]));
        for d in shown {
            println!("{}", self.line(d));
        }
        if more > 0 {
            println!(
                "{}",
                say(
                    self.lang,
                    "status.more_deliveries",
                    &[("n", &more.to_string())]
                )
            );
        }
        println!();
    }
}

/// Whether a month was done from other files than there are for it now: one it used has changed or gone, or one that
/// came since speaks for it.
fn is_behind(m: &Manifest, files: &[SourceFile], shown: &[String], coverage: &[Covered]) -> bool {
    let here: BTreeMap<&str, (usize, &str)> = (files.iter().zip(shown).enumerate())
        .map(|(i, (f, path))| (path.as_str(), (i, f.sha256.as_str())))
        .collect();
    let contents: BTreeSet<&str> = files.iter().map(|f| f.sha256.as_str()).collect();
    let known: BTreeSet<&str> = m.inputs.iter().map(|i| i.sha256.as_str()).collect();
    let listed: BTreeSet<&str> = m.inputs.iter().map(|i| i.path.as_str()).collect();
    let other = |i: &Input| here.get(i.path.as_str()).is_none_or(|h| h.1 != i.sha256);
    let moved =
        |i: &Input| !here.contains_key(i.path.as_str()) && contents.contains(i.sha256.as_str());
    let speaks = |file: usize| {
        let mut of = coverage.iter().filter(|c| c.file.0 as usize == file);
        of.any(|c| Month::of(c.from) <= m.month)
    };
    let new = |path: &str, content: &str| !listed.contains(path) && !known.contains(content);
    (m.inputs.iter()).any(|i| i.used > 0 && other(i) && !moved(i))
        || (here.iter()).any(|(path, (file, content))| new(path, content) && speaks(*file))
}
