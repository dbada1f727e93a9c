//! What hiding a cell loses: the total that leaders read is dear, an old month or a remainder is cheap.

use super::names::Coordinates;
use super::system::{Cell, ESSENTIAL};
use crate::domain::figure::{Figure, Shape};
use crate::domain::{Dimension, Month};

/// Above this many people more people make a cell hardly dearer: what counts is how many cells are hidden.
const MANY: f64 = 32.0;
/// How much dearer a margin is than a cell within its table.
const MARGIN: f64 = 3.0;
/// How much dearer a total within an overlapping list is.
const TOTAL: f64 = 200.0;
/// What an old month or a remainder ("lain-lain") is worth of another.
const LITTLE: f64 = 0.4;

/// What the count itself is worth: one of nothing, its people up to some, then slowly more.
fn of_count(value: f64) -> f64 {
    let v = value.abs().max(1.0);
    if v <= MANY {
        v
    } else {
        MANY + 8.0 * (v / MANY).log2()
    }
}

/// What readers do with a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Leaders read it.
    Essential,
    /// It stands on a sheet.
    Ordinary,
    /// It stands beside one that leaders read, by another definition.
    Beside,
}

/// How much a figure is worth beside others of its size.
fn weight(f: &Figure, at: &Coordinates, shape: &Shape, reading: Reading) -> f64 {
    match reading {
        Reading::Essential => return ESSENTIAL,
        Reading::Beside => return LITTLE * LITTLE,
        Reading::Ordinary => {}
    }
    let (mut weight, mut places) = (1.0, 0);
    for (d, c) in at {
        if d.is_calendar_month() || *d == Dimension::EndedMonth {
            let age = c.parse::<Month>().map_or(0, |m| f.month.since(m));
            // The month reported on is read most; whatever went before, the less the older.
            weight *= if age <= 0 {
                MARGIN
            } else {
                1.0 - (1.0 - LITTLE) * f64::from(age.min(12)) / 12.0
            };
            continue;
        }
        if *d == Dimension::MonthsSinceRelease {
            let months: u32 = c.parse().unwrap_or(1);
            weight *= [(12, 24.0), (6, 12.0), (3, 6.0)]
                .into_iter()
                .find(|(step, _)| months.is_multiple_of(*step))
                .map_or(1.0, |(_, w)| w);
            continue;
        }
        // Categories of which none is part of a sum are so many totals.
        if shape.not_additive_over.contains(d) {
            continue;
        }
        if Dimension::is_remainder(c) {
            weight *= LITTLE;
        }
        places += 1;
    }
    let timed = at.iter().any(|(d, _)| d.is_time());
    weight
        * match (places, timed) {
            (0, false) if at.is_empty() => ESSENTIAL,
            (0, false) => TOTAL,
            (0, true) if shape.curve => 1.0,
            (0, true) | (1, false) => MARGIN,
            _ => 1.0,
        }
}

/// Sets what hiding a cell loses, for a figure it stands in: a cell of several figures is as dear as the dearest.
pub(super) fn price(
    cell: &mut Cell,
    f: &Figure,
    at: &Coordinates,
    shape: &Shape,
    reading: Reading,
) {
    let worth = weight(f, at, shape, reading);
    let cost = worth * of_count(cell.value);
    cell.cost = if cell.priced {
        cell.cost.max(cost)
    } else {
        cost
    };
    cell.priced = true;
}
