//! Help before release, services as they run, who could be served, what became of people.

use super::*;
use crate::domain::Dimension as D;
use crate::measure::programme::SERVICE_DIMS;

const K1_DIMS: &[D] = &[
    D::ReleaseMonth,
    D::Upt,
    D::District,
    D::Sex,
    D::ExitCode,
    D::AgeGroup,
    D::OffenceGroup,
];
const DOSE_DIMS: &[D] = &[
    D::DoseBand,
    D::Opd,
    D::ServiceKind,
    D::ServiceFamily,
    D::Upt,
    D::Sex,
    D::District,
    D::PriorityProgramme,
    D::AgeGroup,
    D::OffenceGroup,
];
const TARGET_DIMS: &[D] = &[
    D::ServiceTarget,
    D::Sex,
    D::AgeGroup,
    D::District,
    D::OffenceGroup,
];
const OUTCOME_DIMS: &[D] = &[
    D::Horizon,
    D::Upt,
    D::Sex,
    D::District,
    D::AgeGroup,
    D::OffenceGroup,
];

const fn k1(id: &'static str) -> Measure {
    share(id, K1_DIMS, "docs/definitions.md 4").leaves(Rest::FewGuarded)
}

const fn service(id: &'static str) -> Measure {
    events(id, SERVICE_DIMS, "docs/definitions.md 4")
}

const fn served(id: &'static str) -> Measure {
    share(id, SERVICE_DIMS, "docs/definitions.md 4")
}

pub(super) const ALL: &[Measure] = &[
    // Help before release.
    k1("k1_a1")
        .on(
            "releases",
            "month_year",
            &["document_day", "qualifying", "unlinked", "month_end"],
        )
        .hangs(&[equal(base("k1_a1"), of("releases_12m"))]),
    k1("k1_a2")
        .on(
            "releases",
            "month_year",
            &["document_day", "qualifying", "unlinked"],
        )
        .hangs(&[
            equal(base("k1_a2"), of("releases_12m")),
            within(of("k1_a2"), of("k1_a1")),
        ]),
    k1("k1_a3")
        .on(
            "releases",
            "month_year",
            &["document_day", "qualifying", "unlinked"],
        )
        .hangs(&[
            equal(base("k1_a3"), of("releases_12m")),
            within(of("k1_a3"), of("k1_a1")),
        ]),
    k1("k1_a4")
        .on("releases", "month_year", &["qualifying", "needs"])
        .hangs(&[
            equal(base("k1_a4"), of("releases_12m")),
            within(of("k1_a4"), of("k1_a1")),
        ]),
    k1("k1_a1_upper")
        .on("releases", "month_year", &["unlinked", "qualifying"])
        .hangs(&[
            equal(base("k1_a1_upper"), of("releases_12m")),
            within(of("k1_a1"), of("k1_a1_upper")),
        ]),
    k1("k1_a1_excl_short")
        .on("releases", "month_year", &["short_stay", "qualifying"])
        .hangs(&[
            within(of("k1_a1_excl_short"), of("k1_a1")),
            within(base("k1_a1_excl_short"), of("releases_12m")),
        ]),
    m(
        "k1_change",
        Unit::ShareDifference,
        Kind::Change,
        &[D::Sex, D::District, D::Upt],
        "docs/definitions.md 5",
    )
    .on("releases", "two_years", &["no_arrow", "qualifying"])
    .hangs(&[shown_with(of("k1_a1").window(12))]),
    apart(
        &[D::Need],
        share(
            "prerelease_package",
            &[
                D::Need,
                D::Upt,
                D::Sex,
                D::District,
                D::AgeGroup,
                D::OffenceGroup,
            ],
            "docs/definitions.md 4",
        ),
    )
    .leaves(Rest::FewGuarded)
    .on("releases", "year", &["needs", "overlap"])
    .needs(&[D::Need]),
    // Services as they run.
    service("service_referred").on("services", "month", &["twice", "no_date", "dedupe"]),
    service("service_enrolled").on("services", "month", &["twice", "no_date", "dedupe"]),
    service("service_started").on("services", "month", &["twice", "no_date", "dedupe"]),
    service("service_completed").on("services", "month", &["twice", "no_date", "dedupe"]),
    service("service_dropped").on("services", "month", &["twice", "no_date", "dedupe"]),
    service("service_moved").on("services", "month", &["twice", "no_date", "dedupe"]),
    service("service_referred_12m").on("services", "year", &["twice", "no_date", "dedupe"]),
    service("service_enrolled_12m").on("services", "year", &["twice", "no_date", "dedupe"]),
    service("service_started_12m").on("services", "year", &["twice", "no_date", "dedupe"]),
    service("service_completed_12m").on("services", "year", &["twice", "no_date", "dedupe"]),
    service("service_dropped_12m").on("services", "year", &["twice", "no_date", "dedupe"]),
    service("service_moved_12m").on("services", "year", &["twice", "no_date", "dedupe"]),
    served("service_enrolment")
        .leaves(Rest::FewGuarded)
        .on("services", "year", &["dedupe", "implied"])
        .hangs(&[equal(base("service_enrolment"), of("service_referred_12m"))]),
    served("service_completion")
        .leaves(Rest::FewGuarded)
        .on(
            "services_ended",
            "year",
            &["running", "no_plan", "moved_apart"],
        )
        .hangs(&[
            Sums {
                whole: base("service_completion"),
                parts: &[
                    of("service_completion"),
                    of("service_dropout"),
                    of("service_left_moved"),
                    of("service_left_other"),
                ],
            },
            within(of("service_completion"), of("service_completed_12m")),
            within(base("service_completion"), of("service_started_12m")),
        ]),
    served("service_dropout")
        .on("services_ended", "year", &["running", "moved_apart"])
        .hangs(&[equal(base("service_dropout"), base("service_completion"))]),
    served("service_left_moved")
        .on("services_ended", "year", &["running", "moved_apart"])
        .hangs(&[equal(
            base("service_left_moved"),
            base("service_completion"),
        )]),
    served("service_left_other")
        .on("services_ended", "year", &["running"])
        .hangs(&[equal(
            base("service_left_other"),
            base("service_completion"),
        )]),
    m(
        "service_attendance",
        Unit::Share,
        Kind::Ratio,
        SERVICE_DIMS,
        "docs/definitions.md 4",
    )
    .on("services", "year", &["no_sessions"])
    .amounts(),
    service("service_no_plan").on("services", "year", &["no_sessions"]),
    events("service_dose", DOSE_DIMS, "docs/definitions.md 4").on(
        "services_ended",
        "year",
        &["no_sessions", "hours_first"],
    ),
    m(
        "service_dose_share",
        Unit::Share,
        Kind::Ratio,
        DOSE_DIMS,
        "docs/definitions.md 4",
    )
    .on("services_ended", "year", &["no_sessions", "hours_first"])
    .amounts(),
    m(
        "service_wait_median",
        Unit::Days,
        Kind::Wait(50),
        SERVICE_DIMS,
        "docs/definitions.md 4",
    )
    .leaves(Rest::FewGuarded)
    .on(
        "services",
        "year",
        &["unserved", "negative_wait", "not_reached"],
    )
    .hangs(&[equal(
        base("service_wait_median"),
        of("service_referred_12m"),
    )])
    .made_of(Rows::Waits),
    m(
        "service_wait_p90",
        Unit::Days,
        Kind::Wait(90),
        SERVICE_DIMS,
        "docs/definitions.md 4",
    )
    .leaves(Rest::FewGuarded)
    .on(
        "services",
        "year",
        &["unserved", "negative_wait", "not_reached"],
    )
    .hangs(&[
        equal(base("service_wait_p90"), of("service_referred_12m")),
        equal(of("service_wait_p90"), of("service_wait_median")),
    ])
    .made_of(Rows::Waits),
    m(
        "service_reach",
        Unit::Share,
        Kind::Ratio,
        &[D::Upt, D::Sex],
        "docs/definitions.md 4",
    )
    .on("inside", "month", &["distinct", "average"]),
    share(
        "service_reach_clients",
        &[D::Bapas, D::SupervisionKind, D::Sex, D::District],
        "docs/definitions.md 4",
    )
    .leaves(Rest::FewGuarded)
    .on("clients", "month", &["one_client"])
    .hangs(&[equal(base("service_reach_clients"), of("clients"))]),
    Measure {
        personal: false,
        ..m(
            "pks_realisation",
            Unit::Share,
            Kind::Ratio,
            &[D::Opd],
            "docs/definitions.md 4",
        )
    }
    .on("services", "since_january", &["no_target"])
    .hangs(&[GrowsBy(of("service_started"))])
    .open_base()
    .guarded(),
    Measure {
        personal: false,
        ..m(
            "pks_pace",
            Unit::Share,
            Kind::Ratio,
            &[D::Opd],
            "docs/definitions.md 4",
        )
    }
    .on("services", "since_january", &["no_target", "by_quarter"])
    .hangs(&[equal(of("pks_pace"), of("pks_realisation"))])
    .open_base()
    .guarded(),
    about(m(
        "pks_forecast",
        Unit::Events,
        Kind::Own,
        &[D::Opd],
        "docs/definitions.md 4",
    ))
    .on("services", "year_end", &["no_target", "pace"])
    .hangs(&[shown_with(of("pks_realisation"))])
    .needs(&[D::Opd]),
    // Who could be served.
    apart(
        &[D::ServiceFamily],
        share(
            "service_coverage",
            &[
                D::ServiceFamily,
                D::Upt,
                D::Sex,
                D::District,
                D::AgeGroup,
                D::OffenceGroup,
            ],
            "docs/definitions.md 4",
        ),
    )
    .leaves(Rest::FewGuarded)
    .on("due", "end", &["eligible_due", "overlap"])
    .hangs(&[
        equal(
            base("service_coverage").at(D::ServiceFamily, "identity"),
            of("due_release").window(6),
        ),
        equal(
            base("service_coverage").at(D::ServiceFamily, "health"),
            of("due_release").window(6),
        ),
        equal(
            base("service_coverage").at(D::ServiceFamily, "skills"),
            of("due_release").window(6),
        ),
        equal(
            base("service_coverage").at(D::ServiceFamily, "education"),
            of("due_release").window(6),
        ),
        equal(
            base("service_coverage").at(D::ServiceFamily, "work"),
            of("due_release").window(6),
        ),
        equal(
            base("service_coverage").at(D::ServiceFamily, "social"),
            of("due_release").window(6),
        ),
        equal(base("service_coverage"), of("due_release").window(6)),
    ]),
    apart(
        &[D::Stage, D::ServiceFamily],
        count(
            "funnel",
            &[D::Stage, D::ServiceFamily],
            "docs/definitions.md 4",
        ),
    )
    .on("due", "end", &["stages", "overlap"])
    .hangs(&[
        equal(
            of("funnel").at(D::Stage, "eligible"),
            base("service_coverage"),
        ),
        equal(of("funnel").at(D::Stage, "started"), of("service_coverage")),
        Nested {
            over: D::Stage,
            from_small: &["outcome", "completed", "started", "referred", "eligible"],
        },
    ])
    .needs(&[D::Stage]),
    apart(
        &[D::ServiceTarget],
        count("target_eligible", TARGET_DIMS, "docs/definitions.md 4"),
    )
    .on("present", "year", &["eligible_rule", "overlap"])
    .needs(&[D::ServiceTarget]),
    apart(
        &[D::ServiceTarget],
        count("target_unknown", TARGET_DIMS, "docs/definitions.md 4"),
    )
    .on("present", "year", &["eligible_rule", "overlap"])
    .needs(&[D::ServiceTarget]),
    apart(
        &[D::ServiceTarget],
        share("target_coverage", TARGET_DIMS, "docs/definitions.md 4"),
    )
    .leaves(Rest::FewGuarded)
    .on("present", "year", &["eligible_rule", "overlap"])
    .hangs(&[equal(base("target_coverage"), of("target_eligible"))])
    .needs(&[D::ServiceTarget]),
    apart(
        &[D::ServiceTarget],
        count("target_outside", TARGET_DIMS, "docs/definitions.md 4"),
    )
    .on("present", "year", &["eligible_rule", "overlap"])
    .needs(&[D::ServiceTarget]),
    apart(
        &[D::Document, D::DocumentState],
        count(
            "documents",
            &[D::Document, D::DocumentState],
            "docs/definitions.md 4",
        ),
    )
    .on("due", "end", &["document_need", "overlap"])
    .hangs(&[
        equal(
            of("documents").at(D::DocumentState, "needed"),
            base("documents_obtained"),
        ),
        equal(
            of("documents").at(D::DocumentState, "issued"),
            of("documents_obtained"),
        ),
        equal(
            of("documents").at(D::DocumentState, "referred"),
            base("documents_of_referred"),
        ),
        Balance {
            over: D::DocumentState,
            plus: &["issued", "open"],
            minus: &["needed"],
        },
        Nested {
            over: D::DocumentState,
            from_small: &["referred", "needed"],
        },
    ])
    .needs(&[D::DocumentState]),
    apart(
        &[D::Document],
        share(
            "documents_obtained",
            &[
                D::Document,
                D::Upt,
                D::Sex,
                D::District,
                D::AgeGroup,
                D::OffenceGroup,
            ],
            "docs/definitions.md 4",
        ),
    )
    .leaves(Rest::FewGuarded)
    .on("due", "end", &["document_need", "overlap"]),
    apart(
        &[D::Document],
        share(
            "documents_of_referred",
            &[
                D::Document,
                D::Upt,
                D::Sex,
                D::District,
                D::AgeGroup,
                D::OffenceGroup,
            ],
            "docs/definitions.md 4",
        ),
    )
    .leaves(Rest::FewGuarded)
    .on("due", "end", &["document_need", "overlap"])
    .hangs(&[
        within(of("documents_of_referred"), of("documents_obtained")),
        within(base("documents_of_referred"), base("documents_obtained")),
    ]),
    // What became of people.
    apart(
        &[D::ServiceFamily],
        share(
            "continuity_90",
            &[
                D::ServiceFamily,
                D::Upt,
                D::Sex,
                D::District,
                D::AgeGroup,
                D::OffenceGroup,
            ],
            "docs/definitions.md 4",
        ),
    )
    .leaves(Rest::FewGuarded)
    .on("releases", "year", &["complete_90", "next_stay", "overlap"]),
    apart(
        &[D::Horizon],
        share("outcome_work", OUTCOME_DIMS, "docs/definitions.md 4"),
    )
    .leaves(Rest::FewGuarded)
    .on(
        "released_horizon",
        "horizons",
        &["unknown_not_no", "overlap"],
    )
    .needs(&[D::Horizon]),
    apart(
        &[D::Horizon],
        share("outcome_employed", OUTCOME_DIMS, "docs/definitions.md 4"),
    )
    .leaves(Rest::FewGuarded)
    .on(
        "released_horizon",
        "horizons",
        &["unknown_not_no", "overlap"],
    )
    .hangs(&[
        equal(base("outcome_employed"), base("outcome_work")),
        within(of("outcome_employed"), of("outcome_work")),
    ]),
    apart(
        &[D::Horizon],
        share("outcome_business", OUTCOME_DIMS, "docs/definitions.md 4"),
    )
    .leaves(Rest::FewGuarded)
    .on(
        "released_horizon",
        "horizons",
        &["unknown_not_no", "overlap"],
    )
    .hangs(&[
        equal(base("outcome_business"), base("outcome_work")),
        within(of("outcome_business"), of("outcome_work")),
        Either {
            whole: of("outcome_work"),
            of: [of("outcome_employed"), of("outcome_business")],
        },
    ]),
    apart(
        &[D::Horizon],
        share("outcome_work_lower", OUTCOME_DIMS, "docs/definitions.md 4"),
    )
    .leaves(Rest::FewGuarded)
    .on(
        "released_horizon",
        "horizons",
        &["unknown_as_no", "overlap"],
    )
    .hangs(&[
        equal(of("outcome_work_lower"), of("outcome_work")),
        equal(base("outcome_work_lower"), base("outcome_unknown")),
    ])
    .needs(&[D::Horizon]),
    apart(
        &[D::Horizon],
        share("outcome_unknown", OUTCOME_DIMS, "docs/definitions.md 4"),
    )
    .leaves(Rest::FewGuarded)
    .on("released_horizon", "horizons", &["overlap"])
    .hangs(&[Sums {
        whole: base("outcome_unknown"),
        parts: &[base("outcome_work"), of("outcome_unknown")],
    }])
    .needs(&[D::Horizon]),
    share(
        "business_started",
        &[
            D::Opd,
            D::ServiceKind,
            D::Sex,
            D::District,
            D::AgeGroup,
            D::OffenceGroup,
        ],
        "docs/definitions.md 4",
    )
    .leaves(Rest::FewGuarded)
    .on("services_completed", "year", &["older_registration"]),
    count("waiting_over_30", &[D::Opd], "docs/definitions.md 4")
        .on("services_open", "end", &["once_an_agency"])
        .hangs(&[
            within(of("waiting_over_30"), base("waiting_longest")),
            // Who was served waits no more; a few wait from before the year.
            Apart {
                of: [of("service_wait_median"), of("waiting_over_30")],
                whole: base("service_wait_median"),
            },
            Apart {
                of: [of("service_wait_median"), base("waiting_longest")],
                whole: base("service_wait_median"),
            },
        ]),
    m(
        "waiting_longest",
        Unit::Days,
        Kind::Longest,
        &[D::Opd],
        "docs/definitions.md 4",
    )
    .on("services_open", "end", &[])
    .hangs(&[MaximumOf(of("waiting_over_30"))]),
    count("children_services", &[], "docs/definitions.md 4")
        .on("children", "end", &["unknown_age"])
        .of_children(),
];
