//! `reintegrasi review`: doubtful pairs to a workbook, decisions from it, or one question after another on the terminal.

use super::{Failure, Global, MonthOf, Opened, Outcome, say, terminal};
use crate::link::{Decision, ReviewPair, append_decisions};
use crate::locale;
use crate::run::read::Intake;
use crate::run::review;
use clap::Args;
use std::io::{BufRead, Write};
use std::path::PathBuf;

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
    let keep = |new: &[Decision]| -> Outcome {
        append_decisions(&file, new).map_err(Failure::fault)?;
        if !global.quiet {
            let n = new.len().to_string();
            println!("{}", say(lang, "review.taken", &[("decisions", &n)]));
        }
        Ok(0)
    };
    if let Some(path) = &args.read {
        return keep(&review::read(path, lang)?);
    }
    let (intake, links, _) = opened.linked(global, args.of.month)?;
    if links.review.is_empty() {
        println!("{}", say(lang, "review.none", &[]));
        return Ok(0);
    }
    if args.ask {
        return keep(&ask(&intake, &links.review, lang).map_err(Failure::fault)?);
    }
    let path = args
        .out
        .clone()
        .unwrap_or_else(|| ws.state().join(format!("review-{}.xlsx", intake.month)));
    let pairs = review::write(&intake, &links.review, lang, &path)?.to_string();
    if !global.quiet {
        let at = path.display().to_string();
        println!(
            "{}",
            say(lang, "review.written", &[("pairs", &pairs), ("path", &at)])
        );
    }
    Ok(0)
}

/// Asks pair by pair until the end, `q`, or the end of the input.
fn ask(
    intake: &Intake,
    pairs: &[ReviewPair],
    lang: locale::Lang,
) -> std::io::Result<Vec<Decision>> {
    let mut out = Vec::new();
    let mut lines = std::io::stdin().lock().lines();
    let all = review::records(intake);
    for pair in pairs {
        let [a, b] = review::sides(intake, &all, pair, lang);
        let rows: Vec<Vec<String>> = review::SIDE
            .iter()
            .zip(a.iter().zip(&b))
            .map(|(k, (x, y))| {
                let label = locale::text(lang, &format!("link.review.{k}")).to_owned();
                vec![label, x.clone(), y.clone()]
            })
            .collect();
        println!("{}", terminal::table(&["", "A", "B"], &rows, &[]));
        println!("{}", review::reason(pair, lang));
        print!("{}", say(lang, "review.ask", &[]));
        std::io::stdout().flush()?;
        let Some(answer) = lines.next() else { break };
        let same = match answer?.trim().to_lowercase().as_str() {
            "y" | "ya" | "yes" => true,
            "t" | "tidak" | "n" | "no" => false,
            "q" => break,
            _ => continue,
        };
        let (a, b) = &pair.fingerprints;
        out.push(Decision::new(a, b, same));
    }
    Ok(out)
}
