//! Return after release, and what else is said of recidivism.

use super::population::STOCK_DIMS;
use super::*;
use crate::domain::Dimension as D;
use crate::measure::returns;

const RETURN_DIMS: &[D] = &[
    D::CohortQuarter,
    D::CohortYear,
    D::EndedMonth,
    D::Sex,
    D::AgeGroup,
    D::OffenceGroup,
    D::ExitCode,
    D::SentenceBand,
    D::Upt,
    D::PriorCustody,
    D::District,
];
const CURVE_DIMS: &[D] = &[
    D::MonthsSinceRelease,
    D::Sex,
    D::AgeGroup,
    D::OffenceGroup,
    D::ExitCode,
    D::SentenceBand,
    D::Upt,
    D::PriorCustody,
    D::District,
];

const fn returned(id: &'static str, unit: Unit, kind: Kind, source: &'static str) -> Measure {
    m(id, unit, kind, returns::DIMS, source)
}

const fn curve(id: &'static str, unit: Unit, kind: Kind, source: &'static str) -> Measure {
    time(m(id, unit, kind, CURVE_DIMS, source))
}

/// A test between the groups of a characteristic.
const fn test(id: &'static str) -> Measure {
    Measure {
        personal: false,
        ..apart(
            &[D::Grouping],
            m(
                id,
                Unit::Ratio,
                Kind::Own,
                &[D::Grouping],
                "docs/definitions.md 5",
            ),
        )
    }
}

/// Return after release, by cohort.
pub(super) const COHORTS: &[Measure] = &of_cohorts([
    // Return after release.
    share("return", RETURN_DIMS, "docs/definitions.md 3")
        .on(
            "cohort",
            "windows",
            &[
                "complete",
                "clamp",
                "pseudo",
                "unknown_date",
                "deaths_stay",
                "maluku_only",
            ],
        )
        .hangs(&[
            OneBase(&["P1", "P3"]),
            Stricter(&["P2", "P1", "P3"]),
            LongerHolds,
            // A person's first release is one of the releases.
            within(
                of("return").under("P1.person.v1"),
                of("return").under("P1.release.v1"),
            ),
            within(
                of("return").under("P3.person.v1"),
                of("return").under("P3.release.v1"),
            ),
            within(
                of("return").under("P2.person.v1"),
                of("return").under("P2.release.v1"),
            ),
            within(
                base("return").under("P1.person.v1"),
                base("return").under("P1.release.v1"),
            ),
            within(
                base("return").under("P2.person.v1"),
                base("return").under("P2.release.v1"),
            ),
            // What the releases have more of returns is among what they have more of themselves.
            more_within(
                of("return").under("P1.person.v1"),
                of("return").under("P1.release.v1"),
            ),
            more_within(
                of("return").under("P2.person.v1"),
                of("return").under("P2.release.v1"),
            ),
        ])
        .long(),
    share("return_low", returns::DIMS, "docs/definitions.md 5")
        .on("cohort", "headline", &["strict_links", "complete"])
        .hangs(&[
            equal(base("return_low"), base("return")),
            within(of("return_low"), of("return")),
        ]),
    share("return_high", returns::DIMS, "docs/definitions.md 5")
        .on("cohort", "headline", &["doubtful_links", "complete"])
        .hangs(&[
            equal(base("return_high"), base("return")),
            within(of("return"), of("return_high")),
        ]),
    share("return_excl_deaths", returns::DIMS, "docs/definitions.md 3")
        .on("cohort", "headline", &["complete", "clamp"])
        .hangs(&[Sums {
            whole: base("return"),
            parts: &[base("return_excl_deaths"), of("return_deaths")],
        }]),
    events("return_deaths", returns::DIMS, "docs/definitions.md 3").on(
        "cohort",
        "headline",
        &["complete"],
    ),
    events("return_pseudo", returns::DIMS, "docs/definitions.md 3").on(
        "cohort",
        "headline",
        &["pseudo"],
    ),
    events(
        "return_unknown_date",
        returns::DIMS,
        "docs/definitions.md 3",
    )
    .on("cohort", "headline", &["unknown_date"])
    .hangs(&[within(of("return_unknown_date"), of("return"))]),
    returned(
        "return_change",
        Unit::ShareDifference,
        Kind::Change,
        "docs/definitions.md 5",
    )
    .on("cohort", "headline", &["two_cohorts", "no_arrow"])
    .hangs(&[
        shown_with(of("return")),
        ShownWith {
            other: of("return"),
            back: 12,
        },
    ]),
    returned(
        "return_per_reoffender",
        Unit::Ratio,
        Kind::Ratio,
        "docs/definitions.md 5",
    )
    .on("cohort", "headline", &["complete", "none_returned"])
    .hangs(&[equal(base("return_per_reoffender"), of("return"))]),
    returned(
        "return_frequency",
        Unit::Ratio,
        Kind::PerHundred,
        "docs/definitions.md 5",
    )
    .on("cohort", "headline", &["complete"])
    .hangs(&[
        shown_with(of("return")),
        equal(base("return_frequency"), base("return")),
    ]),
    returned(
        "return_rate_py",
        Unit::Per100PersonYears,
        Kind::Rate,
        "docs/definitions.md 5",
    )
    .on("cohort", "headline", &["first_only", "time_stops"])
    .hangs(&[equal(of("return_rate_py"), of("return"))]),
    returned(
        "return_srr",
        Unit::Ratio,
        Kind::Standardised,
        "docs/definitions.md 5",
    )
    .on("cohort", "headline", &["expected_one", "strata"])
    .open_base()
    .hangs(&[equal(of("return_srr"), of("return"))]),
    returned(
        "return_dsr",
        Unit::Share,
        Kind::Direct,
        "docs/definitions.md 5",
    )
    .on("cohort", "headline", &["strata", "merged_strata"])
    .hangs(&[
        equal(of("return_dsr"), of("return")),
        equal(base("return_dsr"), base("return")),
    ]),
    returned(
        "return_excess",
        Unit::ShareDifference,
        Kind::Excess,
        "docs/definitions.md 5",
    )
    .on("cohort", "headline", &["strata"])
    .hangs(&[
        equal(of("return_excess"), of("return")),
        equal(base("return_excess"), base("return")),
    ]),
    curve(
        "cif_new",
        Unit::Share,
        Kind::Incidence(1),
        "docs/definitions.md 5",
    )
    .on(
        "followed",
        "curve",
        &["ties", "competing", "censored", "day_zero"],
    )
    .made_of(Rows::Followed),
    curve(
        "cif_revoked",
        Unit::Share,
        Kind::Incidence(2),
        "docs/definitions.md 5",
    )
    .on(
        "followed",
        "curve",
        &["ties", "competing", "censored", "day_zero"],
    )
    .hangs(&[equal(base("cif_revoked"), base("cif_new"))])
    .made_of(Rows::Followed),
    curve(
        "cif_death",
        Unit::Share,
        Kind::Incidence(3),
        "docs/definitions.md 5",
    )
    .on(
        "followed",
        "curve",
        &["ties", "competing", "censored", "day_zero"],
    )
    .hangs(&[equal(base("cif_death"), base("cif_new"))])
    .made_of(Rows::Followed),
    curve(
        "km_free",
        Unit::Share,
        Kind::Survival,
        "docs/definitions.md 5",
    )
    .on(
        "followed",
        "curve",
        &["ties", "others_censored", "day_zero"],
    )
    .hangs(&[
        equal(of("km_free"), of("cif_new")),
        equal(base("km_free"), base("cif_new")),
    ])
    .made_of(Rows::Followed),
    curve(
        "na_hazard",
        Unit::Ratio,
        Kind::Hazard,
        "docs/definitions.md 5",
    )
    .on(
        "followed",
        "curve",
        &["ties", "others_censored", "day_zero"],
    )
    .hangs(&[
        equal(of("na_hazard"), of("cif_new")),
        equal(base("na_hazard"), base("cif_new")),
    ])
    .made_of(Rows::Followed),
    returned(
        "return_median",
        Unit::Days,
        Kind::Wait(50),
        "docs/definitions.md 5",
    )
    .on("followed", "curve", &["others_censored", "not_reached"])
    .made_of(Rows::Followed),
    returned(
        "return_rmst",
        Unit::Days,
        Kind::Restricted(12),
        "docs/definitions.md 5",
    )
    .on("followed", "first_year", &["others_censored"])
    .made_of(Rows::Followed),
    test("return_log_rank")
        .on("followed", "curve", &["small_groups"])
        .long(),
    test("return_gray")
        .on("followed", "curve", &["small_groups", "competing"])
        .long(),
]);

/// What else is said of recidivism, of people inside.
pub(super) const STOCKS: &[Measure] = &[
    apart(
        &[D::Style],
        share("styles", &[D::Style], "docs/definitions.md 9"),
    )
    .on("by_style", "by_style", &["overlap", "complete"])
    .hangs(&[
        equal(
            of("styles").at(D::Style, "r2_stock"),
            of("stock_prior_linked"),
        ),
        equal(
            of("styles").at(D::Style, "r1_reported"),
            of("stock_prior_reported"),
        ),
        equal(base("styles").at(D::Style, "r2_stock"), of("stock")),
        equal(base("styles").at(D::Style, "r1_reported"), of("stock")),
        equal(
            of("styles").at(D::Style, "r3_p1_person"),
            of("return").window(12).under("P1.person.v1"),
        ),
        equal(
            base("styles").at(D::Style, "r3_p1_person"),
            base("return").window(12).under("P1.person.v1"),
        ),
        equal(
            of("styles").at(D::Style, "r3_p2_person"),
            of("return").window(12).under("P2.person.v1"),
        ),
        equal(
            base("styles").at(D::Style, "r3_p2_person"),
            base("return").window(12).under("P2.person.v1"),
        ),
        equal(
            of("styles").at(D::Style, "r3_p3_person"),
            of("return").window(12).under("P3.person.v1"),
        ),
        equal(
            base("styles").at(D::Style, "r3_p3_person"),
            base("return").window(12).under("P3.person.v1"),
        ),
        equal(
            of("styles").at(D::Style, "r3_p1_release"),
            of("return").window(12).under("P1.release.v1"),
        ),
        equal(
            base("styles").at(D::Style, "r3_p1_release"),
            base("return").window(12).under("P1.release.v1"),
        ),
        equal(
            of("styles").at(D::Style, "r3_p3_release"),
            of("return").window(12).under("P3.release.v1"),
        ),
        equal(
            base("styles").at(D::Style, "r3_p3_release"),
            base("return").window(12).under("P3.release.v1"),
        ),
        equal(
            of("styles").at(D::Style, "bjs"),
            of("return").window(36).under("P3.person.v1"),
        ),
        equal(
            base("styles").at(D::Style, "bjs"),
            base("return").window(36).under("P3.person.v1"),
        ),
        equal(
            of("styles").at(D::Style, "iowa"),
            of("return").window(36).under("P3.release.v1"),
        ),
        equal(
            base("styles").at(D::Style, "iowa"),
            base("return").window(36).under("P3.release.v1"),
        ),
    ])
    .needs(&[D::Style]),
    share("stock_prior_reported", STOCK_DIMS, "docs/definitions.md 3")
        .on("inside", "end", &["as_reported"])
        .hangs(&[equal(base("stock_prior_reported"), of("stock"))])
        .over(Period::AsAt),
    share("stock_prior_linked", STOCK_DIMS, "docs/definitions.md 3")
        .on("inside", "end", &["maluku_only"])
        .over(Period::AsAt)
        .hangs(&[
            equal(base("stock_prior_linked"), of("stock")),
            Sums {
                whole: of("stock_prior_linked"),
                parts: &[
                    of("stock").at(D::PriorCustody, "1"),
                    of("stock").at(D::PriorCustody, "2_plus"),
                ],
            },
        ]),
];
