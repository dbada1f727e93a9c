//! `reintegrasi review`: doubtful pairs to a workbook, decisions from it, or one question after another on the terminal.

use super::{Failure, Global, MonthOf, Opened, Outcome, say, terminal};
use crate::link::{Decision, Decisions, Links, append_decisions};
use crate::locale;
use crate::run::read::Intake;
use crate::run::{gain, lock, review, state};
use clap::Args;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    #[command(flatten)]
    of: MonthOf,
    /// Where the workbook goes [default: state/ of the workspace]
    #[arg(long, value_name = "FILE", conflicts_with = "read")]
    out: Option<PathBuf>,
    /// Take the decisions filled into a workbook
    #[arg(long, value_name = "FILE")]
    read: Option<PathBuf>,
    /// Ask on the terminal instead of writing a workbook
    #[arg(long, conflicts_with_all = ["read", "out"])]
    ask: bool,
}

pub(super) fn review(global: &Global, args: &ReviewArgs) -> Outcome {
    let opened = Opened::of(global, &args.of.at)?;
    let (ws, lang) = (&opened.ws, opened.lang);
    let file = ws.decisions().join("review.csv");
    let done = |n: usize| -> Outcome {
        if !global.quiet {
            let n = n.to_string();
            println!("{}", say(lang, "review.taken", &[("decisions", &n)]));
        }
        Ok(0)
    };
    state::prepare(&ws.state(), lang)?;
    let keep = |new: &[Decision]| -> std::io::Result<()> {
        let _held = lock::of_decisions(&ws.state()).map_err(std::io::Error::other)?;
        append_decisions(&file, new)
    };
    if let Some(path) = &args.read {
        return take(global, &opened, path, &file);
    }
    let (intake, links, _) = opened.linked(global, args.of.month)?;
    let against = links.contradicted.len();
    if against > 0 {
        let n = against.to_string();
        println!("{}", say(lang, "review.contradicted", &[("n", &n)]));
    }
    // A decision is not forgotten because the records it was made on are in no file any more.
    for (_, (file, line)) in &links.decided.unfound {
        let line = line.to_string();
        println!(
            "{}",
            say(lang, "review.unfound", &[("file", file), ("line", &line)])
        );
    }
    if links.review.is_empty() && (against == 0 || args.ask) {
        println!("{}", say(lang, "review.none", &[]));
        return Ok(0);
    }
    let ranked = gain::ranked(&intake, &links, &opened.settings, &opened.units);
    if args.ask {
        let taken = ask(&intake, &links, &ranked, lang, |d| {
            keep(std::slice::from_ref(d))
        });
        return done(taken?);
    }
    let path = args
        .out
        .clone()
        .unwrap_or_else(|| ws.state().join(format!("review-{}.xlsx", intake.month)));
    let pairs = review::write(&intake, &links, &ranked, lang, &path)?;
    if !global.quiet {
        let (at, pairs, all) = (
            path.display().to_string(),
            pairs.to_string(),
            links.review.len().to_string(),
        );
        let words = [("pairs", &*pairs), ("all", &all), ("path", &at)];
        println!("{}", say(lang, "review.written", &words));
        println!("{}", review::left_apart(&links, &ranked, lang));
    }
    Ok(0)
}

/// Takes the decisions of a workbook: what is new is kept, what stands already is not written again, and one that says the
/// opposite of what stands is kept as the later word and named.
fn take(global: &Global, opened: &Opened, path: &Path, file: &Path) -> Outcome {
    let lang = opened.lang;
    let held = lock::of_decisions(&opened.ws.state()).map_err(std::io::Error::other)?;
    let stands =
        Decisions::load(&opened.ws.decisions()).map_err(|e| Failure::usage(e.message(lang)))?;
    let read = review::read(path, lang)?;
    let sorted = stands.beside(&read);
    append_decisions(file, &sorted.to_write())?;
    drop(held);
    if !global.quiet {
        let [new, same, against] =
            [sorted.new.len(), sorted.known, sorted.against.len()].map(|n| n.to_string());
        let alike = sorted.new.iter().filter(|d| d.same).count();
        let (alike, other) = (alike.to_string(), (sorted.new.len() - alike).to_string());
        let args = [
            ("new", &*new),
            ("alike", &alike),
            ("other", &other),
            ("same", &same),
            ("against", &against),
        ];
        println!("{}", say(lang, "review.read", &args));
        for (decision, (at, line)) in &sorted.against {
            let line = line.to_string();
            let word =
                |same: bool| say(lang, if same { "review.same" } else { "review.apart" }, &[]);
            let (now, before) = (word(decision.same), word(!decision.same));
            let args = [
                ("a", decision.a.get(..8).unwrap_or(&decision.a)),
                ("b", decision.b.get(..8).unwrap_or(&decision.b)),
                ("now", &now),
                ("before", &before),
                ("file", at),
                ("line", &line),
            ];
            // Files count in the order of their names: an earlier word in a later file still stands.
            let counts = file
                .file_name()
                .is_some_and(|own| own >= std::ffi::OsStr::new(&**at));
            let key = if counts {
                "review.against"
            } else {
                "review.overruled"
            };
            println!("{}", say(lang, key, &args));
        }
        if !sorted.to_write().is_empty() {
            println!("{}", say(lang, "review.then", &[]));
        }
    }
    Ok(0)
}

/// Asks pair by pair until the end, `q`, or the end of the input, those first that change the headline most; what follows
/// from answers given is not asked. Every answer is kept at once. Returns how many.
fn ask(
    intake: &Intake,
    links: &Links,
    ranked: &gain::Ranked,
    lang: locale::Lang,
    keep: impl Fn(&Decision) -> std::io::Result<()>,
) -> std::io::Result<usize> {
    let mut taken = 0;
    let mut lines = std::io::stdin().lock().lines();
    let all = review::records(intake);
    let mut answers = gain::Answers::default();
    for (i, &at) in ranked.order.iter().enumerate() {
        let pair = &links.review[at];
        let persons = gain::persons(links, pair);
        if answers.say(persons).is_some() {
            continue;
        }
        let [a, b] = review::sides(intake, &all, pair, lang);
        let rows: Vec<Vec<String>> = review::SIDE
            .iter()
            .zip(a.iter().zip(&b))
            .map(|(k, (x, y))| {
                let label = locale::text(lang, &format!("link.review.{k}")).to_owned();
                vec![label, x.clone(), y.clone()]
            })
            .collect();
        println!("{} / {}", i + 1, links.review.len());
        println!("{}", terminal::table(&["", "A", "B"], &rows, &[]));
        println!("{}", review::reason(pair, lang));
        println!("{}", review::gain(&ranked.gains[at], lang));
        // An answer nobody knows is asked for again, not passed over.
        let same = loop {
            print!("{}", say(lang, "review.ask", &[]));
            std::io::stdout().flush()?;
            let Some(answer) = lines.next() else {
                return Ok(taken);
            };
            match answer?.trim().to_lowercase().as_str() {
                "y" | "ya" | "yes" => break Some(true),
                "t" | "tidak" | "n" | "no" => break Some(false),
                "" | "l" | "s" => break None,
                "q" => return Ok(taken),
                _ => {}
            }
        };
        if let Some(same) = same {
            let (a, b) = &pair.fingerprints;
            keep(&Decision::new(a, b, same))?;
            answers.take(persons, same);
            taken += 1;
        }
    }
    Ok(taken)
}
