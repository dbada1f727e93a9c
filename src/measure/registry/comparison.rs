//! Participation and return.

use super::*;

/// Participants against others.
const fn compared(id: &'static str, unit: Unit, dims: &'static [&'static str]) -> Measure {
    apart(dims, m(id, unit, Kind::Own, dims, "DOMAIN.md 2.3.12"))
}

const fn balance(id: &'static str) -> Measure {
    about(compared(id, Unit::Ratio, &["programme", "covariate"]))
}

const fn raw_curve(id: &'static str) -> Measure {
    const DIMS: &[&str] = &["programme", "months_since_release"];
    apart(
        DIMS,
        m(id, Unit::Share, Kind::Survival, DIMS, "DOMAIN.md 2.3.6"),
    )
}

pub(super) const ALL: &[Measure] = &[
    // Participation and return.
    apart(
        &["programme"],
        share("compare_return", &["programme", "arm"], "DOMAIN.md 2.3.12"),
    )
    .on("cohort", "headline", &["fixed_before", "no_cause"]),
    compared("compare_rr", Unit::Ratio, &["programme"]).on(
        "cohort",
        "headline",
        &["refusal", "dropped_strata", "no_cause"],
    ),
    compared("compare_rd", Unit::ShareDifference, &["programme"]).on(
        "cohort",
        "headline",
        &["refusal", "dropped_strata", "no_cause"],
    ),
    about(compared("compare_strata", Unit::Events, &["programme"])).on(
        "cohort",
        "headline",
        &["dropped_strata"],
    ),
    about(compared("compare_smd", Unit::Ratio, &["programme"])).on(
        "cohort",
        "headline",
        &["refusal"],
    ),
    about(compared(
        "compare_verdict",
        Unit::Events,
        &["programme", "verdict"],
    ))
    .on("cohort", "headline", &["refusal"]),
    compared("compare_log_rank", Unit::Ratio, &["programme"]).on(
        "cohort",
        "headline",
        &["no_cause", "small_arms"],
    ),
    raw_curve("km_free_participants").on(
        "cohort",
        "curve",
        &["others_censored", "fixed_before", "no_cause"],
    ),
    raw_curve("km_free_others").on(
        "cohort",
        "curve",
        &["others_censored", "fixed_before", "no_cause"],
    ),
    compared(
        "compare_matching",
        Unit::Persons,
        &["programme", "match_stage"],
    )
    .on("cohort", "headline", &["attrition"]),
    compared("compare_matched_return", Unit::Share, &["programme", "arm"]).on(
        "cohort",
        "headline",
        &["pairs", "refusal", "no_cause"],
    ),
    compared("compare_matched_rd", Unit::ShareDifference, &["programme"]).on(
        "cohort",
        "headline",
        &["pairs", "refusal", "no_cause"],
    ),
    compared("compare_matched_p", Unit::Ratio, &["programme"]).on(
        "cohort",
        "headline",
        &["pairs", "pairs_differ", "refusal"],
    ),
    about(compared(
        "compare_matched_verdict",
        Unit::Events,
        &["programme", "verdict"],
    ))
    .on("cohort", "headline", &["pairs", "refusal"]),
    balance("compare_balance_before").on("cohort", "headline", &["small_means"]),
    balance("compare_balance_strata").on("cohort", "headline", &["small_means"]),
    balance("compare_balance_matched").on("cohort", "headline", &["small_means", "pairs"]),
    // Participation after release, from a landmark on.
    apart(
        &["programme"],
        share("landmark_return", &["programme", "arm"], "DOMAIN.md 2.3.12"),
    )
    .on("landmark", "landmark", &["landmark_day", "no_cause"]),
    compared("landmark_rr", Unit::Ratio, &["programme"]).on(
        "landmark",
        "landmark",
        &["landmark_day", "refusal", "no_cause"],
    ),
    compared("landmark_rd", Unit::ShareDifference, &["programme"]).on(
        "landmark",
        "landmark",
        &["landmark_day", "refusal", "no_cause"],
    ),
    about(compared(
        "landmark_verdict",
        Unit::Events,
        &["programme", "verdict"],
    ))
    .on("landmark", "landmark", &["landmark_day", "refusal"]),
];
