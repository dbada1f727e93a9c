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
                "DOMAIN.md 2.3.9",
            ),
        )
    }
}

pub(super) const ALL: &[Measure] = &[
    // Return after release.
    of("cohort", share("return", RETURN_DIMS, "DOMAIN.md 2.2")).on(
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
    ),
    share("return_low", returns::DIMS, "DOMAIN.md 2.3.14").on(
        "cohort",
        "headline",
        &["strict_links", "complete"],
    ),
    share("return_high", returns::DIMS, "DOMAIN.md 2.3.14").on(
        "cohort",
        "headline",
        &["doubtful_links", "complete"],
    ),
    share("return_excl_deaths", returns::DIMS, "DOMAIN.md 2.2").on(
        "cohort",
        "headline",
        &["complete", "clamp"],
    ),
    events("return_deaths", returns::DIMS, "DOMAIN.md 2.2").on("cohort", "headline", &["complete"]),
    events("return_pseudo", returns::DIMS, "DOMAIN.md 2.2").on("cohort", "headline", &["pseudo"]),
    events("return_unknown_date", returns::DIMS, "DOMAIN.md 2.2").on(
        "cohort",
        "headline",
        &["unknown_date"],
    ),
    returned(
        "return_change",
        Unit::ShareDifference,
        Kind::Change,
        "DOMAIN.md 2.3.13",
    )
    .on("cohort", "headline", &["two_cohorts", "no_arrow"]),
    returned(
        "return_per_reoffender",
        Unit::Ratio,
        Kind::Ratio,
        "DOMAIN.md 2.3.4",
    )
    .on("cohort", "headline", &["complete", "none_returned"]),
    returned(
        "return_frequency",
        Unit::Ratio,
        Kind::Ratio,
        "DOMAIN.md 2.3.4",
    )
    .on("cohort", "headline", &["complete"]),
    returned(
        "return_rate_py",
        Unit::Per100PersonYears,
        Kind::Rate,
        "DOMAIN.md 2.3.5",
    )
    .on("cohort", "headline", &["first_only", "time_stops"]),
    returned(
        "return_srr",
        Unit::Ratio,
        Kind::Standardised,
        "DOMAIN.md 2.3.10",
    )
    .on("cohort", "headline", &["expected_one", "strata"]),
    returned("return_dsr", Unit::Share, Kind::Direct, "DOMAIN.md 2.3.10").on(
        "cohort",
        "headline",
        &["strata", "merged_strata"],
    ),
    returned(
        "return_excess",
        Unit::ShareDifference,
        Kind::Excess,
        "DOMAIN.md 2.3.11",
    )
    .on("cohort", "headline", &["strata"]),
    curve(
        "cif_new",
        Unit::Share,
        Kind::Incidence(1),
        "DOMAIN.md 2.3.8",
    )
    .on(
        "followed",
        "curve",
        &["ties", "competing", "censored", "day_zero"],
    ),
    curve(
        "cif_revoked",
        Unit::Share,
        Kind::Incidence(2),
        "DOMAIN.md 2.3.8",
    )
    .on(
        "followed",
        "curve",
        &["ties", "competing", "censored", "day_zero"],
    ),
    curve(
        "cif_death",
        Unit::Share,
        Kind::Incidence(3),
        "DOMAIN.md 2.3.8",
    )
    .on(
        "followed",
        "curve",
        &["ties", "competing", "censored", "day_zero"],
    ),
    curve("km_free", Unit::Share, Kind::Survival, "DOMAIN.md 2.3.6").on(
        "followed",
        "curve",
        &["ties", "others_censored", "day_zero"],
    ),
    curve("na_hazard", Unit::Ratio, Kind::Hazard, "DOMAIN.md 2.3.7").on(
        "followed",
        "curve",
        &["ties", "others_censored", "day_zero"],
    ),
    returned(
        "return_median",
        Unit::Days,
        Kind::Wait(50),
        "DOMAIN.md 2.3.7",
    )
    .on("followed", "curve", &["others_censored", "not_reached"]),
    returned(
        "return_rmst",
        Unit::Days,
        Kind::Restricted(12),
        "DOMAIN.md 2.3.7",
    )
    .on("followed", "first_year", &["others_censored"]),
    test("return_log_rank").on("followed", "curve", &["small_groups"]),
    test("return_gray").on("followed", "curve", &["small_groups", "competing"]),
    apart(&[D::Style], share("styles", &[D::Style], "DOMAIN.md 2.1")).on(
        "by_style",
        "by_style",
        &["overlap", "complete"],
    ),
    of(
        "stock",
        share("stock_prior_reported", STOCK_DIMS, "DOMAIN.md 1.5"),
    )
    .on("inside", "end", &["as_reported"]),
    of(
        "stock",
        share("stock_prior_linked", STOCK_DIMS, "DOMAIN.md 1.5"),
    )
    .on("inside", "end", &["maluku_only"]),
];
