//! How many will be inside, and how many leave, some months ahead (docs/definitions.md 12): never a statement about a person.
//!
//! Those inside leave by what was observed in the two years before: a life table of days since the date the register
//! expects (two thirds of the sentence, else expiry), and one of days since admission for those without such a date. Those
//! to come are as many as in months drawn from the same two years. The same forecast made at months past, with what was
//! known of stays then, is held against what came and against "as many as last month".

use super::own::Value;
use super::people::Context;
use super::stats::Interval;
use crate::domain::history::Episode;
use crate::domain::{Month, Text};
use chrono::NaiveDate;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Months ahead, with their category of [`Dimension::Ahead`](crate::domain::Dimension::Ahead).
const AHEAD: [(u16, &str); 3] = [(3, "3m"), (6, "6m"), (12, "12m")];
/// Months from which stays and admissions are learnt.
const LEARNT: i32 = 24;
/// Fewer months of records say nothing of what is to come.
const LEAST_LEARNT: i32 = 12;
/// Most months at which the forecast is tried, and fewest that count as a trial.
const TRIED: i32 = 24;
const LEAST_TRIED: usize = 6;
/// Draws of the months to come.
const DRAWS: usize = 2_000;
/// Share of the draws outside the band on either side.
const OUTSIDE: f64 = 0.1;
/// Days before and after its origin that a life table covers.
const REACH: i64 = 3_650;
/// Days on which fewer are at risk take the table's mean daily chance.
const FEW: f64 = 20.0;

/// Chance of still being inside by days since an origin.
struct LifeTable {
    /// Share left at the end of each day, from `-REACH` on.
    left: Vec<f64>,
}

/// A stay as the table sees it: observed from a day on, until a day, and whether it ended then. Days since the origin.
struct Spell {
    from: i64,
    to: i64,
    ended: bool,
}

impl LifeTable {
    fn of(spells: impl Iterator<Item = Spell>) -> LifeTable {
        let n = usize::try_from(2 * REACH + 2).unwrap_or_default();
        let (mut entering, mut leaving, mut ended) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        for s in spells.filter(|s| s.from < s.to) {
            // At risk on the days after the first and up to the last.
            entering[at(s.from + 1)] += 1.0;
            leaving[at(s.to + 1)] += 1.0;
            if s.ended && s.to.abs() <= REACH {
                ended[at(s.to)] += 1.0;
            }
        }
        let mut risk = 0.0;
        let at_risk: Vec<f64> = (entering.iter().zip(&leaving))
            .map(|(came, went)| {
                risk += came - went;
                risk
            })
            .collect();
        let (all, days) = (ended.iter().sum::<f64>(), at_risk.iter().sum::<f64>());
        let mean = if days > 0.0 { all / days } else { 0.0 };
        let mut share = 1.0;
        let left = (ended.iter().zip(&at_risk))
            .map(|(e, risk)| {
                let hazard = if *risk < FEW { mean } else { e / risk };
                share *= 1.0 - hazard.clamp(0.0, 1.0);
                share
            })
            .collect();
        LifeTable { left }
    }

    /// Chance of being inside at the end of day `to` for somebody inside at the end of day `now`.
    fn stays(&self, now: i64, to: i64) -> f64 {
        let then = self.left[at(now)];
        if then > 0.0 {
            self.left[at(to)] / then
        } else {
            0.0
        }
    }
}

/// Place of a day in a life table; days beyond its reach take its ends.
fn at(day: i64) -> usize {
    usize::try_from(day.clamp(-REACH, REACH + 1) + REACH).unwrap_or_default()
}

/// First day on which the stay was one of a sentence, where it is known by a day.
fn sentenced(e: &Episode, by: NaiveDate) -> Option<NaiveDate> {
    let class = e.classes.iter().find(|k| k.class.is_sentenced())?;
    (class.from <= by).then_some(class.from)
}

/// The day the register expects the stay to end by: two thirds of the sentence, else expiry.
fn expected(e: &Episode) -> Option<NaiveDate> {
    e.two_thirds.or(e.expected_end)
}

fn days(from: NaiveDate, to: NaiveDate) -> i64 {
    (to - from).num_days()
}

/// What is learnt up to the end of a month.
struct Learnt<'a> {
    month: Month,
    by_expected: LifeTable,
    by_admission: LifeTable,
    /// Admissions of each month learnt from.
    admissions: Vec<f64>,
    inside: Vec<&'a Episode>,
}

/// A sum of independent chances.
#[derive(Debug, Clone, Copy, Default)]
struct Chance {
    mean: f64,
    variance: f64,
}

impl<'a> Learnt<'a> {
    fn at(stays: &[&'a Episode], month: Month, since: Month) -> Learnt<'a> {
        let day = month.last_day();
        let first = since.max(month.plus(1 - LEARNT));
        let from = first.first_day();
        let near = || {
            let all = stays.iter().filter(|e| e.start <= day);
            all.filter(|e| e.end.is_none_or(|x| x >= from)).copied()
        };
        let spell = |e: &Episode, entry: NaiveDate, origin: NaiveDate| {
            let end = e.end.filter(|x| *x <= day);
            Spell {
                from: days(origin, entry.max(from)),
                to: days(origin, end.unwrap_or(day)),
                ended: end.is_some(),
            }
        };
        let by_expected = near().filter_map(|e| Some(spell(e, sentenced(e, day)?, expected(e)?)));
        let by_admission = near().map(|e| spell(e, e.start, e.start));
        let months = month.since(first) + 1;
        let mut admissions = vec![0.0; usize::try_from(months).unwrap_or_default()];
        for e in near().filter(|e| e.start >= from) {
            let i = usize::try_from(Month::of(e.start).since(first)).unwrap_or(usize::MAX);
            if let Some(n) = admissions.get_mut(i) {
                *n += 1.0;
            }
        }
        Learnt {
            month,
            by_expected: LifeTable::of(by_expected),
            by_admission: LifeTable::of(by_admission),
            admissions,
            inside: near().filter(|e| e.is_inside(day)).collect(),
        }
    }

    /// How many of those inside are inside still after so many months.
    fn remaining(&self, months: u16) -> Chance {
        let now = self.month.last_day();
        let then = self.month.plus(i32::from(months)).last_day();
        let mut sum = Chance::default();
        for e in &self.inside {
            let p = match sentenced(e, now).and(expected(e)) {
                Some(o) => self.by_expected.stays(days(o, now), days(o, then)),
                None => (self.by_admission).stays(days(e.start, now), days(e.start, then)),
            };
            sum.mean += p;
            sum.variance += p * (1.0 - p);
        }
        sum
    }

    /// Chance of being inside after so many months for somebody admitted in the middle of the `k`th of them.
    fn newcomer(&self, months: u16, k: u16) -> f64 {
        let entered = self.month.plus(i32::from(k)).first_day() + chrono::Days::new(14);
        let then = self.month.plus(i32::from(months)).last_day();
        self.by_admission.stays(0, days(entered, then))
    }

    /// Expected number inside after so many months; `remaining` of those inside now.
    fn stock(&self, months: u16, remaining: Chance) -> f64 {
        let monthly = self.admissions.iter().sum::<f64>() / self.admissions.len().max(1) as f64;
        let newcomers: f64 = (1..=months).map(|k| self.newcomer(months, k)).sum();
        remaining.mean + monthly * newcomers
    }

    /// The band that holds all but a tenth of the draws on either side.
    fn band(&self, months: u16, remaining: Chance) -> Option<Interval> {
        let seed = u64::from(self.month.year().unsigned_abs()) * 12 + u64::from(self.month.month());
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let stays: Vec<f64> = (1..=months).map(|k| self.newcomer(months, k)).collect();
        let mut drawn: Vec<f64> = (0..DRAWS)
            .map(|_| {
                let mut sum = remaining;
                for p in &stays {
                    let i = rng.random_range(0..self.admissions.len().max(1));
                    let n = self.admissions.get(i).copied().unwrap_or_default();
                    sum.mean += n * p;
                    sum.variance += n * p * (1.0 - p);
                }
                (sum.mean + normal(&mut rng) * sum.variance.sqrt()).max(0.0)
            })
            .collect();
        drawn.sort_by(f64::total_cmp);
        let quantile = |q: f64| {
            drawn
                .get((q * (drawn.len() - 1) as f64).round() as usize)
                .copied()
        };
        Some(Interval {
            low: quantile(OUTSIDE)?,
            high: quantile(1.0 - OUTSIDE)?,
        })
    }
}

/// A draw of the standard normal distribution (Box and Muller).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (a, b): (f64, f64) = (rng.random(), rng.random());
    (-2.0 * (1.0 - a).ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

/// How far a forecast and "as many as now" were off, in the mean over months past.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Trial {
    tried: usize,
    error: f64,
    error_of_same: f64,
}

impl Trial {
    fn wins(self) -> bool {
        self.tried >= LEAST_TRIED && self.error < self.error_of_same
    }
}

/// Everything said of what is to come.
#[derive(Debug)]
pub struct Outlook {
    stock: [Option<(f64, Interval)>; 3],
    leaving: [f64; 3],
    trials: [Option<Trial>; 3],
}

impl Outlook {
    /// Expected population and its range, where the forecast has won its trial.
    fn winning(&self, i: usize) -> Option<(f64, Interval)> {
        self.stock[i].filter(|_| self.trials[i].is_some_and(Trial::wins))
    }
}

/// First month from which on every month up to this one has somebody's written exit: before, only those who stayed are
/// known.
fn since(stays: &[&Episode], month: Month) -> Month {
    let written: std::collections::BTreeSet<Month> = stays
        .iter()
        .filter(|e| e.exit.is_some())
        .filter_map(|e| e.end.map(Month::of))
        .collect();
    let mut first = month;
    while written.contains(&first.plus(-1)) {
        first = first.plus(-1);
    }
    first
}

pub fn outlook(c: &Context, ambon: bool) -> Option<Outlook> {
    let stays: Vec<&Episode> = (c.h().episodes.iter())
        .filter(|e| !ambon || c.ambon(e.person))
        .filter(|e| e.admission_known || e.end.is_none())
        .collect();
    let month = c.month();
    let since = since(&stays, month);
    if month.since(since) + 1 < LEAST_LEARNT {
        return None;
    }
    let oldest = since.plus(LEAST_LEARNT - 1).max(month.plus(-TRIED - 12));
    let back = month.since(oldest);
    // How many were inside at the ends of months, from this one back.
    let inside: Vec<f64> = (0..=back)
        .into_par_iter()
        .map(|back| {
            let day = month.plus(-back).last_day();
            stays.iter().filter(|e| e.is_inside(day)).count() as f64
        })
        .collect();
    let inside_at = |back: i32| {
        let i = usize::try_from(back).ok()?;
        inside.get(i).copied()
    };
    let tried: Vec<[Option<(f64, f64)>; 3]> = (1..=back)
        .into_par_iter()
        .map(|back| {
            let then = Learnt::at(&stays, month.plus(-back), since);
            let now = then.inside.len() as f64;
            AHEAD.map(|(months, _)| {
                let ahead = i32::from(months);
                if ahead > back || back - ahead >= TRIED {
                    return None;
                }
                let came = inside_at(back - ahead)?;
                let expected = then.stock(months, then.remaining(months));
                Some(((expected - came).abs(), (now - came).abs()))
            })
        })
        .collect();
    let trials = [0, 1, 2].map(|i| {
        let errors: Vec<(f64, f64)> = tried.iter().filter_map(|t| t[i]).collect();
        let n = errors.len();
        (n > 0).then(|| Trial {
            tried: n,
            error: errors.iter().map(|e| e.0).sum::<f64>() / n as f64,
            error_of_same: errors.iter().map(|e| e.1).sum::<f64>() / n as f64,
        })
    });
    let now = Learnt::at(&stays, month, since);
    let inside = now.inside.len() as f64;
    let remaining = AHEAD.map(|(m, _)| now.remaining(m));
    let stock = |i: usize| {
        let (months, _) = AHEAD[i];
        let expected = now.stock(months, remaining[i]);
        Some((expected, now.band(months, remaining[i])?))
    };
    Some(Outlook {
        stock: [0, 1, 2].map(stock),
        leaving: remaining.map(|r| inside - r.mean),
        trials,
    })
}

/// Values of a measure of what is to come, by months ahead; `None` when the id is none of this file's.
pub fn values(c: &Context, measure: &str, ambon: bool) -> Option<Vec<Value>> {
    // Number, and how many months of origin it rests on.
    type Number = (f64, Option<f64>);
    let number: fn(&Outlook, usize) -> Option<Number> = match measure {
        "outlook_stock" => |o, i| Some((o.winning(i)?.0.round(), None)),
        "outlook_low" => |o, i| Some((o.winning(i)?.1.low.round(), None)),
        "outlook_high" => |o, i| Some((o.winning(i)?.1.high.round(), None)),
        "outlook_leaving" => |o, i| Some((o.leaving[i].round(), None)),
        "outlook_error" => |o, i| o.trials[i].map(|t| (t.error, Some(t.tried as f64))),
        "outlook_error_same" => |o, i| o.trials[i].map(|t| (t.error_of_same, Some(t.tried as f64))),
        _ => return None,
    };
    let outlook = c.outlook(ambon);
    let value = |(i, (_, horizon)): (usize, &(u16, &'static str))| {
        let found = outlook.and_then(|o| number(o, i));
        Value {
            categories: vec![Text::const_new(horizon)],
            numerator: None,
            denominator: found.and_then(|f| f.1),
            estimate: found.map(|f| f.0),
            // Its range is one of 80 %, and stands apart.
            interval: None,
            refused: found.is_none(),
        }
    };
    Some(AHEAD.iter().enumerate().map(value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ExitCode;
    use crate::domain::history::{Episode, PersonId};

    fn stay(person: u32, start: NaiveDate, end: Option<NaiveDate>) -> Episode {
        Episode {
            end,
            exit: end.map(|_| ExitCode::Bm),
            ..Episode::begun(PersonId(person), start)
        }
    }

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    /// Ten people are admitted on the first of every month and stay till the tenth of the sixth month after, from 2022 on.
    fn steady() -> Vec<Episode> {
        let mut all = Vec::new();
        let first = Month::new(2022, 1).unwrap();
        for k in 0..49 {
            let start = first.plus(k).first_day();
            for i in 0..10 {
                let end = first.plus(k + 6).first_day() + chrono::Days::new(9);
                let end = (end <= day(2026, 1, 31)).then_some(end);
                all.push(stay(k as u32 * 10 + i, start, end));
            }
        }
        all
    }

    #[test]
    fn a_life_table_gives_the_shares_of_a_hand_count() {
        // Forty are observed from day 0; ten leave on day 5, ten on day 8, twenty are inside still on day 9.
        let spells = (0..40).map(|i| Spell {
            from: 0,
            to: [5, 8, 9, 9][i % 4],
            ended: i % 4 < 2,
        });
        let table = LifeTable::of(spells);
        assert!((table.stays(0, 4) - 1.0).abs() < 1e-12);
        assert!((table.stays(0, 5) - 0.75).abs() < 1e-12);
        assert!((table.stays(0, 8) - 0.5).abs() < 1e-12);
        assert!((table.stays(6, 8) - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn who_was_there_before_the_records_began_is_at_risk_only_from_then() {
        // Twenty came long before, are observed from day 100, and leave on day 110; twenty are observed from day 0.
        let spell = |i: i64| match i % 2 {
            0 => Spell {
                from: 100,
                to: 110,
                ended: true,
            },
            _ => Spell {
                from: 0,
                to: 50,
                ended: true,
            },
        };
        let table = LifeTable::of((0..40).map(spell));
        // None of the twenty who were seen on day 50 is left; those seen later were not at risk then.
        assert!(table.stays(0, 50).abs() < 1e-12);
    }

    #[test]
    fn in_a_steady_world_the_population_expected_is_the_one_there_is() {
        let all = steady();
        let stays: Vec<&Episode> = all.iter().collect();
        let month = Month::new(2026, 1).unwrap();
        let learnt = Learnt::at(&stays, month, since(&stays, month));
        assert_eq!(learnt.inside.len(), 60);
        assert!(learnt.admissions.iter().all(|n| *n == 10.0));
        for months in [3, 6, 12] {
            let expected = learnt.stock(months, learnt.remaining(months));
            assert!((expected - 60.0).abs() < 6.0, "{months}: {expected}");
        }
        // Everybody leaves within half a year; half of them, a month's more or less, within three months.
        assert!(learnt.remaining(12).mean < 0.5);
        assert!((learnt.remaining(3).mean - 30.0).abs() <= 10.0);
    }

    #[test]
    fn the_band_holds_the_expectation_and_is_the_same_each_time() {
        let all = steady();
        let stays: Vec<&Episode> = all.iter().collect();
        let month = Month::new(2026, 1).unwrap();
        let learnt = Learnt::at(&stays, month, since(&stays, month));
        let remaining = learnt.remaining(6);
        let band = learnt.band(6, remaining).unwrap();
        let expected = learnt.stock(6, remaining);
        assert!(band.low <= expected && expected <= band.high);
        assert_eq!(learnt.band(6, remaining), Some(band));
    }

    #[test]
    fn months_before_a_gap_in_written_exits_are_not_learnt_from() {
        let mut all = steady();
        let gap = Month::new(2024, 3).unwrap();
        all.retain(|e| e.end.is_none_or(|x| Month::of(x) != gap));
        let stays: Vec<&Episode> = all.iter().collect();
        assert_eq!(since(&stays, Month::new(2026, 1).unwrap()), gap.plus(1));
    }

    #[test]
    fn what_the_register_expects_counts_only_from_the_sentence_on() {
        let mut e = stay(1, day(2024, 1, 1), None);
        e.two_thirds = Some(day(2026, 5, 1));
        assert_eq!(sentenced(&e, day(2026, 1, 31)), None);
        e.classes = vec![crate::domain::history::ClassSpan {
            class: crate::domain::RegisterClass::BI,
            from: day(2024, 6, 1),
        }];
        assert_eq!(sentenced(&e, day(2024, 5, 31)), None);
        assert_eq!(sentenced(&e, day(2026, 1, 31)), Some(day(2024, 6, 1)));
    }

    #[test]
    fn a_forecast_that_is_no_better_than_the_last_month_or_hardly_tried_does_not_win() {
        let trial = |tried, error| Trial {
            tried,
            error,
            error_of_same: 10.0,
        };
        assert!(trial(6, 9.0).wins());
        assert!(!trial(5, 9.0).wins() && !trial(24, 10.0).wins());
    }
}
