//! `reintegrasi review`: doubtful pairs to a workbook, decisions from it, or one question after another on the terminal.

use super::{At, Failure, Global, Outcome, parse_month, say, terminal};
use crate::domain::Month;
use crate::domain::upt::UptRegistry;
use crate::link::{Decision, append_decisions};
use crate::locale;
use crate::run::read::read_inbox;
use crate::run::{self, Analysis, Progress, review};
use clap::Args;
use std::io::{BufRead, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    #[command(flatten)]
    at: At,
    /// Month of the report, YYYY-MM
    #[arg(long, value_parser = parse_month)]
    month: Option<Month>,
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
    let ws = args.at.workspace();
    let settings = run::read_settings(&ws)?;
    let lang = global.lang.unwrap_or(settings.office.language);
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
    let units = UptRegistry::maluku(&settings.units);
    run::state::prepare(&ws.state(), lang)?;
    let bars = terminal::Bars::new(lang, global);
    let analysis = read_inbox(&ws, &settings, &units, args.month, lang, &bars).and_then(|intake| {
        Analysis::of(&ws, &settings, &units, intake, lang, &bars as &dyn Progress)
    });
    bars.end();
    let analysis = analysis?;
    if analysis.links.review.is_empty() {
        println!("{}", say(lang, "review.none", &[]));
        return Ok(0);
    }
    if args.ask {
        return keep(&ask(&analysis, lang).map_err(Failure::fault)?);
    }
    let path = args.out.clone().unwrap_or_else(|| {
        ws.state()
            .join(format!("review-{}.xlsx", analysis.intake.month))
    });
    let pairs = review::write(&analysis, lang, &path)?.to_string();
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
fn ask(analysis: &Analysis, lang: locale::Lang) -> std::io::Result<Vec<Decision>> {
    let mut out = Vec::new();
    let mut lines = std::io::stdin().lock().lines();
    let all = review::records(analysis);
    for pair in &analysis.links.review {
        let [a, b] = review::sides(analysis, &all, pair, lang);
        let rows: Vec<Vec<String>> = review::SIDE
            .iter()
            .zip(a.texts.iter().zip(&b.texts))
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
        out.push(Decision {
            a: pair.fingerprints.0.to_string(),
            b: pair.fingerprints.1.to_string(),
            same,
        });
    }
    Ok(out)
}
