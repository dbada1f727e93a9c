//! Who is inside and who moves: stock, capacity, average population, flow, exits, releases, who is due.

use super::facts::{Facts, Row};
use super::guidance::{self, active};
use super::people::{Context, month_cat};
use crate::domain::Dimension as D;
use crate::domain::history::{Entry, Episode};
use crate::domain::upt::UptInfo;
use crate::domain::{ExitCode, Month, Text, add_months};
use chrono::{Days, NaiveDate};

const STOCK: &[D] = &[
    D::Upt,
    D::UptClass,
    D::RegisterClass,
    D::Status,
    D::Sex,
    D::AgeGroup,
    D::OffenceGroup,
    D::District,
    D::PriorCustody,
    D::InAmbon,
];

const RELEASE_DIMS: &[D] = &[
    D::ExitCode,
    D::Upt,
    D::Sex,
    D::District,
    D::AgeGroup,
    D::OffenceGroup,
    D::ReleaseMonth,
];

fn t(s: &'static str) -> Text {
    Text::const_new(s)
}

/// Facts of a population measure; `None` when the id is none of this file's.
pub fn facts<'a>(c: &Context<'a>, measure: &str) -> Option<Vec<Facts<'a>>> {
    Some(match measure {
        "stock_12m" => vec![stock_by_month(c)],
        "stock" | "stock_prior_reported" | "stock_prior_linked" => vec![stock(c, measure)],
        "capacity" => vec![capacity(c, false)],
        "occupancy" => vec![capacity(c, true)],
        "adp" => vec![adp(c)],
        "flow" => vec![flow(c)],
        "exits" => vec![exits(c, 1)],
        "exits_12m" => vec![exits(c, 12)],
        "releases" => vec![releases(c, 1, &RELEASE_DIMS[..6])],
        "releases_12m" => vec![releases(c, 12, RELEASE_DIMS)],
        "due_release" => [3, 6, 12].map(|w| due(c, w)).into(),
        "target_group" => vec![target_group(c)],
        _ => return guidance::facts(c, measure),
    })
}

/// Episodes of people inside at the end of the month, with the number of earlier ones.
pub fn inside<'a>(c: &Context<'a>) -> impl Iterator<Item = (u32, &'a Episode)> {
    let day = c.as_of;
    let all = c.lately_inside().iter().copied();
    all.filter(move |(_, e)| e.is_inside(day))
}

fn stock<'a>(c: &Context<'a>, measure: &str) -> Facts<'a> {
    let mut f = c.facts("v1", None, STOCK);
    for &(prior, e) in c.lately_inside() {
        let p = e.person;
        let a = c.ambon(p);
        if !e.is_inside(c.as_of) {
            if e.start <= c.as_of && e.end.is_none_or(|x| c.as_of < x) {
                f.leave_out("on_the_run", a, &e.sources);
            } else if e.exit.is_none() && e.end.is_some_and(|x| c.within(x, 1)) {
                f.leave_out("not_listed", a, &e.sources);
            }
            continue;
        }
        let upt = e.upt_on(c.as_of);
        let class = e.class_on(c.as_of);
        let row = match measure {
            "stock_prior_linked" => Row::part(a, prior > 0, &e.sources),
            "stock_prior_reported" => Row::part(a, e.recidivist_flag == Some(true), &e.sources),
            _ => Row::count(a, &e.sources),
        };
        f.push(
            row,
            &[
                c.upt(upt),
                upt.map_or(t("unknown"), |u| {
                    Text::from(c.input.units.info(u).class.as_str())
                }),
                class.map_or(t("unknown"), |k| t(k.id())),
                class.map_or(t("other"), |k| t(k.status_id())),
                c.sex(p),
                c.age_group(p, c.as_of),
                t(e.offence.id()),
                c.district(p),
                Context::prior(prior),
                c.in_ambon(p),
            ],
        );
    }
    f
}

/// People inside at the end of each of the last 12 months.
fn stock_by_month<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", Some(12), &[D::CalendarMonth, D::Upt, D::Sex]);
    for back in 0..12 {
        let m = c.month().plus(back - 11);
        let (label, day) = (month_cat(m), m.last_day());
        for (_, e) in (c.lately_inside().iter()).filter(|(_, e)| e.is_inside(day)) {
            f.push(
                Row::count(c.ambon(e.person), &e.sources),
                &[label.clone(), c.upt(e.upt_on(day)), c.sex(e.person)],
            );
        }
    }
    f
}

/// Places of a unit in the report's month: the latest entry of the settings that holds by then.
fn places(c: &Context, u: &UptInfo) -> Option<u32> {
    let mut known: Vec<(Month, u32)> = (c.input.settings.capacities.iter())
        .filter(|x| x.unit == u.id)
        .filter_map(|x| Some((x.from.parse::<Month>().ok()?, x.places)))
        .filter(|(from, _)| *from <= c.month())
        .collect();
    known.sort_unstable();
    known.last().map(|(_, n)| *n).or(u.capacity)
}

/// Whether a unit delivered its register for the report's month.
fn delivered(c: &Context, unit: &str) -> bool {
    let cells = &c.h().coverage.cells;
    let is = |(s, kind, m): &(Text, &'static str, Month)| {
        s == unit && *kind == "custody" && *m == c.month()
    };
    cells.is_empty() || cells.iter().any(is)
}

/// Places; with the people on them for occupancy, which is of units alone whose places are known and that delivered.
fn capacity<'a>(c: &Context<'a>, with_stock: bool) -> Facts<'a> {
    let mut f = c.facts("v1", None, &[D::Upt]);
    // Places nobody has entered are not none.
    f.unknown_where_empty = true;
    let mut counted: Vec<Text> = Vec::new();
    for (_, u) in c.input.units.prisons() {
        let id = Text::from(u.id.as_str());
        if let Some(places) = places(c, u).filter(|_| !with_stock || delivered(c, &u.id)) {
            counted.push(id.clone());
            let places = f64::from(places);
            let (num, den) = if with_stock {
                (0.0, places)
            } else {
                (places, 0.0)
            };
            f.push(Row::of(true, num, den, &[]), &[id]);
        }
    }
    if with_stock {
        for (_, e) in inside(c) {
            let upt = c.upt(e.upt_on(c.as_of));
            if counted.contains(&upt) {
                f.push(Row::count(c.ambon(e.person), &e.sources), &[upt]);
            }
        }
    }
    f
}

/// Average daily population: person-days in the month over its days; the admission day counts, the exit day does
/// not, a stay of one day counts half (docs/definitions.md 4).
fn adp<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", None, &[D::Upt, D::Sex, D::Status]);
    for (e, upt, share) in average_population(c) {
        let status = e.class_on(c.as_of).map_or("other", |k| k.status_id());
        f.push(
            Row::of(c.ambon(e.person), share, 0.0, &e.sources),
            &[c.upt(Some(upt)), c.sex(e.person), t(status)],
        );
    }
    f
}

/// Stays of the month, with the share of its days that was spent in them.
pub fn average_population<'a>(
    c: &Context<'a>,
) -> impl Iterator<Item = (&'a Episode, crate::domain::Upt, f64)> {
    let month = c.month();
    let (first, end) = (month.first_day(), add_months(month.first_day(), 1));
    let days = f64::from(month.days());
    c.lately_inside().iter().flat_map(move |&(_, e)| {
        e.stays.iter().filter_map(move |s| {
            let to = s.to.unwrap_or(end).min(end);
            let from = s.from.max(first);
            // Days on the run are not spent inside.
            let away: i64 = e
                .escapes
                .iter()
                .map(|(a, b)| {
                    let span = (*b).unwrap_or(end).min(to) - (*a).max(from);
                    span.num_days().max(0)
                })
                .sum();
            let n = (to - from).num_days() - away;
            let d = if n == 0 && s.to == Some(s.from) && month.contains(s.from) && e.admission_known
            {
                0.5
            } else {
                n.max(0) as f64
            };
            (d > 0.0).then_some((e, s.upt, d / days))
        })
    })
}

/// Stock identity per unit: opening + admissions + transfers in − exits − transfers out = closing.
fn flow<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", Some(1), &[D::Movement, D::Upt]);
    let m = c.month();
    let before = m
        .first_day()
        .checked_sub_days(Days::new(1))
        .unwrap_or(m.first_day());
    let at = |e: &Episode, day: NaiveDate, i: usize| {
        let s = &e.stays[i];
        e.is_inside(day) && s.from <= day && s.to.is_none_or(|x| day < x)
    };
    for &(_, e) in c.lately_inside() {
        let a = c.ambon(e.person);
        for (i, s) in e.stays.iter().enumerate() {
            let upt = c.upt(Some(s.upt));
            let mut add = |movement: &'static str, n: f64| {
                f.push(Row::of(a, n, 0.0, &e.sources), &[t(movement), upt.clone()]);
            };
            let mut balance = 0.0;
            if at(e, before, i) {
                add("opening", 1.0);
                balance += 1.0;
            }
            // An admission nobody wrote down shows as the difference.
            if m.contains(s.from) && (i > 0 || e.admission_known) {
                let movement = match (i, e.entry) {
                    (0, Entry::Admitted) => "admission",
                    (0, Entry::Recaptured) => "recapture",
                    (0, Entry::Moved) | (1.., _) => "transfer_in",
                };
                add(movement, 1.0);
                balance += 1.0;
            }
            for (out, back) in &e.escapes {
                let here = e.upt_on(*out) == Some(s.upt)
                    && s.from <= *out
                    && s.to.is_none_or(|x| *out <= x);
                if here && m.contains(*out) {
                    add("escape", 1.0);
                    balance -= 1.0;
                }
                if let Some(b) = back.filter(|b| here && m.contains(*b) && s.from < *b) {
                    let _ = b;
                    add("recapture", 1.0);
                    balance += 1.0;
                }
            }
            // An end nobody wrote down is no exit: it shows as the difference.
            if s.to.is_some_and(|d| m.contains(d))
                && let Some(exit) = s.exit
            {
                let movement = match exit {
                    ExitCode::Pdh => "transfer_out",
                    ExitCode::Mgl => "death",
                    ExitCode::Lri => "escape",
                    x if x.is_index_release(true) => "release",
                    _ => "other_exit",
                };
                add(movement, 1.0);
                balance -= 1.0;
            }
            let closing = f64::from(u8::from(at(e, c.as_of, i)));
            if closing > 0.0 {
                add("closing", 1.0);
            }
            if balance != closing {
                add("difference", closing - balance);
            }
        }
    }
    f
}

fn exits<'a>(c: &Context<'a>, months: i32) -> Facts<'a> {
    let mut f = c.facts(
        "v1",
        Some(months as u16),
        &[D::ExitCode, D::Upt, D::Sex, D::District],
    );
    let from = c.month().plus(1 - months).first_day();
    for &(_, e) in c.lately_inside() {
        for s in &e.stays {
            if let (Some(to), Some(x)) = (s.to, s.exit)
                && to >= from
                && to <= c.as_of
            {
                f.push(
                    Row::count(c.ambon(e.person), &e.sources),
                    &[
                        t(x.id()),
                        c.upt(Some(s.upt)),
                        c.sex(e.person),
                        c.district(e.person),
                    ],
                );
            }
        }
    }
    f
}

fn releases<'a>(c: &Context<'a>, months: i32, dims: &[D]) -> Facts<'a> {
    let mut f = c.facts("v1", Some(months as u16), dims);
    let from = c.month().plus(1 - months).first_day();
    for r in c
        .releases
        .iter()
        .filter(|r| r.t0 >= from && r.t0 <= c.as_of)
    {
        let all = [
            t(r.exit.id()),
            c.upt(r.upt),
            c.sex(r.person),
            c.district(r.person),
            c.age_group(r.person, r.t0),
            t(c.episode(r).offence.id()),
            month_cat(Month::of(r.t0)),
        ];
        let from = &c.episode(r).sources;
        f.push(Row::count(c.ambon(r.person), from), &all[..dims.len()]);
    }
    f
}

/// When somebody inside is expected to leave: the two-thirds day where it lies ahead, else the expiry.
pub fn expected_release(e: &Episode, as_of: NaiveDate) -> Option<NaiveDate> {
    if !e.is_sentenced() {
        return None;
    }
    e.two_thirds.filter(|d| *d > as_of).or(e.expected_end)
}

fn due<'a>(c: &Context<'a>, window: u16) -> Facts<'a> {
    let mut f = c.facts(
        "v1",
        Some(window),
        &[D::Sex, D::District, D::Upt, D::Status],
    );
    let until = add_months(c.as_of, u32::from(window));
    for (_, e) in inside(c) {
        if expected_release(e, c.as_of).is_some_and(|d| d <= until) {
            let status = e.class_on(c.as_of).map_or("other", |k| k.status_id());
            f.push(
                Row::count(c.ambon(e.person), &e.sources),
                &[
                    c.sex(e.person),
                    c.district(e.person),
                    c.upt(e.upt_on(c.as_of)),
                    t(status),
                ],
            );
        }
    }
    f
}

fn target_group<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", None, &[D::Status6, D::Sex]);
    for (_, e) in inside(c) {
        let status = match e.class_on(c.as_of).map(|k| k.status_id()) {
            Some("child") => "child",
            Some("sentenced") => "sentenced",
            Some("remand") => "remand",
            _ => "inside_unknown",
        };
        f.push(
            Row::count(c.ambon(e.person), &e.sources),
            &[t(status), c.sex(e.person)],
        );
    }
    let mut last = None;
    for s in active(c) {
        if last.replace(s.person) == Some(s.person) {
            continue;
        }
        let status = match s.kind.id() {
            "PB" => "client_PB",
            "CB" => "client_CB",
            "CMB" => "client_CMB",
            _ => "client_other",
        };
        f.push(
            Row::count(c.ambon(s.person), &s.sources),
            &[t(status), c.sex(s.person)],
        );
    }
    f
}

#[cfg(test)]
mod tests {
    use super::super::{Input, Quality, compute};
    use crate::domain::figure::Request;
    use crate::domain::history::{ClassSpan, Episode, Histories, Person, PersonId, Stay};
    use crate::domain::upt::UptRegistry;
    use crate::domain::{Month, Population, RegisterClass};
    use crate::workspace::{Capacity, Settings};
    use chrono::NaiveDate;

    /// So many people inside one unit.
    fn inside(units: &UptRegistry, n: u32) -> Histories {
        let upt = units.by_id("lapas-ambon").unwrap();
        let start = NaiveDate::from_ymd_opt(2020, 1, 6).unwrap();
        let episode = |i| Episode {
            stays: vec![Stay {
                upt,
                from: start,
                to: None,
                exit: None,
                listed: None,
                seen: None,
            }],
            classes: vec![ClassSpan {
                class: RegisterClass::BI,
                from: start,
            }],
            ..Episode::begun(PersonId(i), start)
        };
        Histories {
            persons: vec![Person::default(); n as usize],
            episodes: (0..n).map(episode).collect(),
            ..Histories::default()
        }
    }

    /// Antara Ambon 131817, 225555 and 309028: people and places of Maluku, and the occupancy that follows.
    #[test]
    fn published_occupancy_of_maluku_comes_out_with_dated_capacities() {
        let units = UptRegistry::maluku(&[]);
        let capacity = |from: &str, places| Capacity {
            unit: "lapas-ambon".into(),
            from: from.into(),
            places,
            source: String::new(),
        };
        let settings = Settings {
            capacities: vec![
                capacity("2022-01", 1409),
                capacity("2024-01", 1342),
                capacity("2025-01", 1300),
            ],
            ..Settings::default()
        };
        for (year, people, percent) in [
            (2022, 1603, 113.8),
            (2024, 1675, 124.8),
            (2025, 1636, 125.8),
        ] {
            let histories = inside(&units, people);
            let input = Input {
                histories: &histories,
                bound: None,
                units: &units,
                settings: &settings,
                month: Month::new(year, 12).unwrap(),
                quality: &Quality::default(),
                changes: None,
            };
            let request = Request {
                measure: "occupancy".into(),
                population: Population::Maluku,
                by: vec![],
                windows: vec![],
            };
            let figures = compute(&input, &[request]).unwrap();
            let share = figures[0].estimate.unwrap() * 100.0;
            assert_eq!((share * 10.0).round() / 10.0, percent, "{year}");
        }
    }
}
