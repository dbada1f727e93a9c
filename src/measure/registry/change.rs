//! Why headline numbers changed since the issue before.

use super::*;
use crate::domain::Dimension as D;

/// A change with its parts: the numbers are shown only where those it lies between are.
const fn change(id: &'static str, unit: Unit, relations: &'static [Relation]) -> Measure {
    apart(
        &[D::ChangePart],
        m(
            id,
            unit,
            Kind::Own,
            &[D::ChangePart],
            "docs/definitions.md 11",
        ),
    )
    .needs(&[D::ChangePart])
    .hangs(relations)
}

/// A state of now and of a month before.
const fn states(mine: &'static str, of_state: &'static str) -> [Relation; 4] {
    [
        equal(of(mine).at(D::ChangePart, "after"), of(of_state)),
        Equals {
            mine: of(mine).at(D::ChangePart, "before"),
            is: of(of_state),
            back: 1,
        },
        shown_with(of(of_state)),
        ShownWith {
            other: of(of_state),
            back: 1,
        },
    ]
}

/// Both counts of a share, now and a month before.
const fn shares(of_share: &'static str) -> [Relation; 4] {
    [
        shown_with(of(of_share)),
        shown_with(base(of_share)),
        ShownWith {
            other: of(of_share),
            back: 1,
        },
        ShownWith {
            other: base(of_share),
            back: 1,
        },
    ]
}

const EDGES: &[&str] = &["change_path", "change_merged"];
const OF_SHARES: &[&str] = &["change_path", "change_merged", "change_steps"];

pub(super) const ALL: &[Measure] = &[
    change(
        "change_stock",
        Unit::Persons,
        &states("change_stock", "stock"),
    )
    .on("inside", "two_issues", EDGES)
    .over(Period::AsAt),
    change(
        "change_clients",
        Unit::Persons,
        &states("change_clients", "clients"),
    )
    .on("clients", "two_issues", EDGES)
    .over(Period::AsAt),
    change("change_k1", Unit::Share, &shares("k1_a1")).on("releases", "two_issues", OF_SHARES),
    change(
        "change_completion",
        Unit::Share,
        &shares("service_completion"),
    )
    .on("services_ended", "two_issues", OF_SHARES),
    change("change_return", Unit::Share, &shares("return"))
        .on("cohort", "two_issues", OF_SHARES)
        .over(Period::Cohort),
];
