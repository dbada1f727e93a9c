//! The same month under every published definition, side by side: why 18.12 %, 0.12 % and 0.01 % could all be said
//! (docs/definitions.md 3, 9).

use super::facts::{Facts, Row};
use super::people::Context;
use super::returns::{self, first_only, headline, last_complete_month};
use crate::domain::Dimension as D;
use crate::domain::{RowRef, Text};
use crate::history::Release;

/// One row a person, stay or release and style.
pub fn facts<'a>(c: &Context<'a>) -> Facts<'a> {
    let mut f = c.facts("v1", None, &[D::Style]);
    let mut share = |style: &'static str, ambon: bool, hit: bool, from: &'a [RowRef]| {
        f.push(Row::part(ambon, hit, from), &[Text::const_new(style)]);
    };
    // R1 as the register says it and R2 as links show it: shares of people inside, not of people released.
    for (prior, e) in super::population::inside(c) {
        let a = c.ambon(e.person);
        share(
            "r1_reported",
            a,
            e.recidivist_flag == Some(true),
            &e.sources,
        );
        share("r2_stock", a, prior > 0, &e.sources);
    }
    let wait = c.input.settings.definitions.waiting_months;
    let end = last_complete_month(c);
    let mut of = |style: &'static str, all: Vec<&Release>, hit: &dyn Fn(&Release) -> bool| {
        for r in all {
            let from = &c.episode(r).sources;
            share(style, c.ambon(r.person), hit(r), from);
        }
    };
    let rolling = |w: u16, wait: u16, unit: &str| returns::rolling(c, w + wait, end, unit);
    of("r3_p1_person", headline(c, 12), &|r| r.p1(12));
    of("r3_p2_person", rolling(12, wait, "person"), &|r| {
        r.p2(12, wait)
    });
    of("r3_p3_person", headline(c, 12), &|r| r.p3(12));
    of("r3_p1_release", rolling(12, 0, "release"), &|r| r.p1(12));
    of("r3_p3_release", rolling(12, 0, "release"), &|r| r.p3(12));
    // England and Wales: releases of three months; committed within a year, proven within half a year more.
    let quarter = first_only(
        c.releases.iter().filter(|r| {
            let ended =
                crate::domain::Month::of(crate::domain::add_months(r.t0, 12 + u32::from(wait)));
            r.is_complete(12, wait, c.cutoff) && ended <= end && ended > end.plus(-3)
        }),
        "person",
    );
    of("moj", quarter, &|r| r.p2(12, wait));
    of("nordic", headline(c, 24), &|r| r.p2(24, 0));
    of("bjs", headline(c, 36), &|r| r.p3(36));
    // Iowa: releases of a year, any return within three years, named by the year the window ends.
    of("iowa", rolling(36, 0, "release"), &|r| r.p3(36));
    // The naive way: whoever came back counts at once, whoever stayed out only when the window is over.
    let from = end.plus(-23).first_day();
    let naive = first_only(
        c.releases
            .iter()
            .filter(|r| r.t0 >= from && (r.is_complete(12, 0, c.cutoff) || r.p1(12))),
        "person",
    );
    of("naive", naive, &|r| r.p1(12));
    // Returns within weeks of last month's releases: how a mass release was once judged.
    let last = c.month().plus(-1);
    let weeks = c.releases.iter().filter(|r| last.contains(r.t0)).collect();
    of("weeks", weeks, &|r| {
        r.first_new().is_some_and(|d| d <= c.as_of)
    });
    f
}
