//! Participation and return.

use super::*;
use crate::domain::Dimension as D;

/// Participants against others.
const fn compared(id: &'static str, unit: Unit, dims: &'static [D]) -> Measure {
    apart(dims, m(id, unit, Kind::Own, dims, "docs/definitions.md 5"))
}

const fn balance(id: &'static str) -> Measure {
    about(compared(id, Unit::Ratio, &[D::Programme, D::Covariate])).printed(Grain::Twentieths)
}

const fn raw_curve(id: &'static str) -> Measure {
    const DIMS: &[D] = &[D::Programme, D::MonthsSinceRelease];
    apart(
        DIMS,
        m(
            id,
            Unit::Share,
            Kind::Survival,
            DIMS,
            "docs/definitions.md 5",
        ),
    )
}

pub(super) const ALL: &[Measure] = &of_cohorts([
    // Participation and return.
    apart(
        &[D::Programme],
        share(
            "compare_return",
            &[D::Programme, D::Arm],
            "docs/definitions.md 5",
        ),
    )
    .on("cohort", "headline", &["fixed_before", "no_cause"])
    .needs(&[D::Programme]),
    compared("compare_rr", Unit::Ratio, &[D::Programme])
        .on(
            "cohort",
            "headline",
            &["refusal", "dropped_strata", "no_cause"],
        )
        .hangs(&[
            shown_with(of("compare_return").at(D::Arm, "participants")),
            shown_with(of("compare_return").at(D::Arm, "others")),
        ]),
    compared("compare_rd", Unit::ShareDifference, &[D::Programme])
        .on(
            "cohort",
            "headline",
            &["refusal", "dropped_strata", "no_cause"],
        )
        .hangs(&[
            equal(of("compare_rd"), of("compare_rr")),
            equal(base("compare_rd"), base("compare_rr")),
            shown_with(of("compare_return").at(D::Arm, "participants")),
            shown_with(of("compare_return").at(D::Arm, "others")),
        ]),
    about(compared("compare_strata", Unit::Events, &[D::Programme])).on(
        "cohort",
        "headline",
        &["dropped_strata"],
    ),
    about(compared("compare_smd", Unit::Ratio, &[D::Programme])).on(
        "cohort",
        "headline",
        &["refusal"],
    ),
    about(compared(
        "compare_verdict",
        Unit::Events,
        &[D::Programme, D::Verdict],
    ))
    .on("cohort", "headline", &["refusal"]),
    compared("compare_log_rank", Unit::Ratio, &[D::Programme])
        .on("cohort", "headline", &["no_cause", "small_arms"])
        .hangs(&[
            shown_with(of("compare_return").at(D::Arm, "participants")),
            shown_with(of("compare_return").at(D::Arm, "others")),
        ]),
    raw_curve("km_free_participants")
        .on(
            "cohort",
            "curve",
            &["others_censored", "fixed_before", "no_cause"],
        )
        .needs(&[D::Programme]),
    raw_curve("km_free_others")
        .on(
            "cohort",
            "curve",
            &["others_censored", "fixed_before", "no_cause"],
        )
        .needs(&[D::Programme]),
    compared(
        "compare_matching",
        Unit::Persons,
        &[D::Programme, D::MatchStage],
    )
    .on("cohort", "headline", &["attrition"])
    .long(),
    compared(
        "compare_matched_return",
        Unit::Share,
        &[D::Programme, D::Arm],
    )
    .on("cohort", "headline", &["pairs", "refusal", "no_cause"]),
    compared("compare_matched_rd", Unit::ShareDifference, &[D::Programme])
        .on("cohort", "headline", &["pairs", "refusal", "no_cause"])
        .hangs(&[
            shown_with(of("compare_matched_return").at(D::Arm, "participants")),
            shown_with(of("compare_matched_return").at(D::Arm, "others")),
        ]),
    compared("compare_matched_p", Unit::Ratio, &[D::Programme])
        .on("cohort", "headline", &["pairs", "pairs_differ", "refusal"])
        .hangs(&[
            shown_with(of("compare_matched_return").at(D::Arm, "participants")),
            shown_with(of("compare_matched_return").at(D::Arm, "others")),
        ]),
    about(compared(
        "compare_matched_verdict",
        Unit::Events,
        &[D::Programme, D::Verdict],
    ))
    .on("cohort", "headline", &["pairs", "refusal"]),
    balance("compare_balance_before").on("cohort", "headline", &["small_means"]),
    balance("compare_balance_strata").on("cohort", "headline", &["small_means"]),
    balance("compare_balance_matched").on("cohort", "headline", &["small_means", "pairs"]),
    // Participation after release, from a landmark on.
    apart(
        &[D::Programme],
        share(
            "landmark_return",
            &[D::Programme, D::Arm],
            "docs/definitions.md 5",
        ),
    )
    .on("landmark", "landmark", &["landmark_day", "no_cause"])
    .needs(&[D::Programme]),
    compared("landmark_rr", Unit::Ratio, &[D::Programme])
        .on(
            "landmark",
            "landmark",
            &["landmark_day", "refusal", "no_cause"],
        )
        .hangs(&[
            shown_with(of("landmark_return").at(D::Arm, "participants")),
            shown_with(of("landmark_return").at(D::Arm, "others")),
        ]),
    compared("landmark_rd", Unit::ShareDifference, &[D::Programme])
        .on(
            "landmark",
            "landmark",
            &["landmark_day", "refusal", "no_cause"],
        )
        .hangs(&[
            shown_with(of("landmark_return").at(D::Arm, "participants")),
            shown_with(of("landmark_return").at(D::Arm, "others")),
        ]),
    about(compared(
        "landmark_verdict",
        Unit::Events,
        &[D::Programme, D::Verdict],
    ))
    .on("landmark", "landmark", &["landmark_day", "refusal"]),
]);
