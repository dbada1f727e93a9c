//! What became of somebody, in free text (`Dicabut krn tindak pidana baru`, `Limpah ke Bapas Saumlaki tgl 5/5/2025`,
//! `MD 3/1/26`): the events it affirms, each with the day that stands beside it. What is denied or planned is none.

mod days;
mod events;
mod movement;
mod told;
mod words;

pub use days::{day_told, day_without_year, last_day, names_day, whole_days};
pub use movement::{
    Movement, after_revocation, came, flight, is_recapture, is_register_move, moved_in, movement,
    names_any_prison, names_prison,
};
pub use told::{Work, began, reports, reports_due, tells_an_event, tells_of_somebody, works};

use super::codes;
use super::text::{is_placeholder, says, wording};
use crate::domain::supervision::SupervisionEnd;
use crate::domain::{ExitCode, Month, PartialDate};
use days::{day_in, marked, without_days};
pub(in crate::clean) use events::of_another;
use events::{
    absconded, completed, delegated, died, dropped, freed, is_day, lone_clause, moved, revoked,
};

/// What a remark tells of: how guidance, custody or a programme ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The decree of integration was revoked, with its ground.
    Revoked(SupervisionEnd),
    /// Guidance was completed.
    Completed,
    /// Guidance was handed over to another office.
    Delegated,
    /// Died.
    Died,
    /// Cannot be found.
    Absconded,
    /// Left custody.
    Left(ExitCode),
    /// Left a programme before its end.
    DroppedOut,
}

/// An event as a text tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What the words tell of.
    pub event: Event,
    /// When, as far as the text says.
    pub on: PartialDate,
}

/// The events that a text affirms, in its order; a day without a year is of the year that brings it before the end of the
/// list's month.
pub fn read(text: &str, list: Option<Month>) -> Vec<Said> {
    if text.len() < 2 || text.len() > 2_000 || is_placeholder(text) {
        return Vec::new();
    }
    let (marked, days) = marked(text, list);
    let n = wording(&marked);
    let mut found: Vec<(usize, Event)> = Vec::new();
    let mut see = |at: Option<usize>, event: Event| found.extend(at.map(|at| (at, event)));
    see(revoked(&n), Event::Revoked(SupervisionEnd::Revoked));
    see(delegated(&n), Event::Delegated);
    see(died(&n), Event::Died);
    see(
        absconded(&n).filter(|_| !is_recapture(&n)),
        Event::Absconded,
    );
    see(moved(&n), Event::Left(ExitCode::Pdh));
    see(
        freed(&n).or_else(|| lone_clause(&marked, &n)),
        Event::Left(ExitCode::Bm),
    );
    see(completed(&n), Event::Completed);
    see(dropped(&n), Event::DroppedOut);
    found.sort_by_key(|(at, _)| *at);
    // `Dilimpahkan ke Bapas` is not a transfer, and `selesai masa pidana` no end of guidance.
    if found.iter().any(|(_, e)| *e == Event::Delegated) {
        found.retain(|(_, e)| *e != Event::Left(ExitCode::Pdh));
    }
    let alone = found.len() == 1;
    let mut out = Vec::with_capacity(found.len());
    for (i, (at, event)) in found.iter().enumerate() {
        let end = found.get(i + 1).map_or(n.len(), |(next, _)| *next);
        let segment = &n[*at..end];
        let on = day_in(segment, &days, false)
            .or_else(|| {
                if alone || i == 0 {
                    day_in(&n[..*at], &days, true)
                } else {
                    None
                }
            })
            .unwrap_or_default();
        let event = match event {
            Event::Revoked(_) => Event::Revoked(ground(&n)),
            Event::Left(ExitCode::Bm) => {
                let from = i.checked_sub(1).map_or(0, |k| found[k].0);
                match codes::exit(&without_days(segment)) {
                    Some(ExitCode::Bm) => Event::Left(freed_by(&n[from..*at], segment)),
                    Some(code) if code != ExitCode::Other => Event::Left(code),
                    _ => continue,
                }
            }
            other => *other,
        };
        out.push(Said { event, on });
    }
    out
}

/// By what somebody left of whom a clause says no more than that he is free: what stands in front of it may say it, as in `RK II
/// Natal, bebas 25-12-2025`.
fn freed_by(before: &str, segment: &str) -> ExitCode {
    let outright = ["bebas murni", "murni", "bm", "habis", "selesai"];
    let named = codes::exits_named(before);
    match named[..] {
        [code] if code.is_index_release(true) && !says(segment, &outright) => code,
        _ => ExitCode::Bm,
    }
}

/// The ground of a revocation, from the words around it.
fn ground(n: &str) -> SupervisionEnd {
    codes::supervision_end("dicabut", n).unwrap_or(SupervisionEnd::Revoked)
}

#[cfg(test)]
mod tests;
