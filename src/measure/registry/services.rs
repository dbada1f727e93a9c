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
    share(id, K1_DIMS, "docs/definitions.md 4")
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
        .hangs(&[Equals {
            mine: base("k1_a1"),
            is: of("releases_12m"),
            back: 0,
        }]),
    k1("k1_a2")
        .on(
            "releases",
            "month_year",
            &["document_day", "qualifying", "unlinked"],
        )
        .hangs(&[
            Equals {
                mine: base("k1_a2"),
                is: of("releases_12m"),
                back: 0,
            },
            Within {
                mine: of("k1_a2"),
                whole: of("k1_a1"),
            },
        ]),
    k1("k1_a3")
        .on(
            "releases",
            "month_year",
            &["document_day", "qualifying", "unlinked"],
        )
        .hangs(&[
            Equals {
                mine: base("k1_a3"),
                is: of("releases_12m"),
                back: 0,
            },
            Within {
                mine: of("k1_a3"),
                whole: of("k1_a1"),
            },
        ]),
    k1("k1_a4")
        .on("releases", "month_year", &["qualifying", "needs"])
        .hangs(&[
            Equals {
                mine: base("k1_a4"),
                is: of("releases_12m"),
                back: 0,
            },
            Within {
                mine: of("k1_a4"),
                whole: of("k1_a1"),
            },
        ]),
    k1("k1_a1_upper")
        .on("releases", "month_year", &["unlinked", "qualifying"])
        .hangs(&[
            Equals {
                mine: base("k1_a1_upper"),
                is: of("releases_12m"),
                back: 0,
            },
            Within {
                mine: of("k1_a1"),
                whole: of("k1_a1_upper"),
            },
        ]),
    k1("k1_a1_excl_short")
        .on("releases", "month_year", &["short_stay", "qualifying"])
        .hangs(&[
            Within {
                mine: of("k1_a1_excl_short"),
                whole: of("k1_a1"),
            },
            Within {
                mine: base("k1_a1_excl_short"),
                whole: of("releases_12m"),
            },
        ]),
    m(
        "k1_change",
        Unit::ShareDifference,
        Kind::Change,
        &[D::Sex, D::District, D::Upt],
        "docs/definitions.md 5",
    )
    .on("releases", "two_years", &["no_arrow", "qualifying"])
    .hangs(&[ShownWith {
        other: of("k1_a1").window(12),
        back: 0,
    }]),
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
        .on("services", "year", &["dedupe", "implied"])
        .hangs(&[Equals {
            mine: base("service_enrolment"),
            is: of("service_referred_12m"),
            back: 0,
        }]),
    served("service_completion")
        .on(
            "services_ended",
            "year",
            &["running", "no_plan", "moved_apart"],
        )
        .hangs(&[Sums {
            whole: base("service_completion"),
            parts: &[
                of("service_completion"),
                of("service_dropout"),
                of("service_left_moved"),
                of("service_left_other"),
            ],
        }]),
    served("service_dropout")
        .on("services_ended", "year", &["running", "moved_apart"])
        .hangs(&[Equals {
            mine: base("service_dropout"),
            is: base("service_completion"),
            back: 0,
        }]),
    served("service_left_moved")
        .on("services_ended", "year", &["running", "moved_apart"])
        .hangs(&[Equals {
            mine: base("service_left_moved"),
            is: base("service_completion"),
            back: 0,
        }]),
    served("service_left_other")
        .on("services_ended", "year", &["running"])
        .hangs(&[Equals {
            mine: base("service_left_other"),
            is: base("service_completion"),
            back: 0,
        }]),
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
    .on(
        "services",
        "year",
        &["unserved", "negative_wait", "not_reached"],
    )
    .hangs(&[Equals {
        mine: base("service_wait_median"),
        is: of("service_referred_12m"),
        back: 0,
    }])
    .made_of(Rows::Waits),
    m(
        "service_wait_p90",
        Unit::Days,
        Kind::Wait(90),
        SERVICE_DIMS,
        "docs/definitions.md 4",
    )
    .on(
        "services",
        "year",
        &["unserved", "negative_wait", "not_reached"],
    )
    .hangs(&[
        Equals {
            mine: base("service_wait_p90"),
            is: of("service_referred_12m"),
            back: 0,
        },
        Equals {
            mine: of("service_wait_p90"),
            is: of("service_wait_median"),
            back: 0,
        },
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
    .on("clients", "month", &["one_client"])
    .hangs(&[Equals {
        mine: base("service_reach_clients"),
        is: of("clients"),
        back: 0,
    }]),
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
    .hangs(&[Equals {
        mine: of("pks_pace"),
        is: of("pks_realisation"),
        back: 0,
    }])
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
    .hangs(&[ShownWith {
        other: of("pks_realisation"),
        back: 0,
    }])
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
    .on("due", "end", &["eligible_due", "overlap"])
    .hangs(&[
        Equals {
            mine: base("service_coverage").at(D::ServiceFamily, "identity"),
            is: of("due_release").window(6),
            back: 0,
        },
        Equals {
            mine: base("service_coverage").at(D::ServiceFamily, "health"),
            is: of("due_release").window(6),
            back: 0,
        },
        Equals {
            mine: base("service_coverage").at(D::ServiceFamily, "skills"),
            is: of("due_release").window(6),
            back: 0,
        },
        Equals {
            mine: base("service_coverage").at(D::ServiceFamily, "education"),
            is: of("due_release").window(6),
            back: 0,
        },
        Equals {
            mine: base("service_coverage").at(D::ServiceFamily, "work"),
            is: of("due_release").window(6),
            back: 0,
        },
        Equals {
            mine: base("service_coverage").at(D::ServiceFamily, "social"),
            is: of("due_release").window(6),
            back: 0,
        },
        Equals {
            mine: base("service_coverage"),
            is: of("due_release").window(6),
            back: 0,
        },
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
        Equals {
            mine: of("funnel").at(D::Stage, "eligible"),
            is: base("service_coverage"),
            back: 0,
        },
        Equals {
            mine: of("funnel").at(D::Stage, "started"),
            is: of("service_coverage"),
            back: 0,
        },
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
    .on("present", "year", &["eligible_rule", "overlap"])
    .hangs(&[Equals {
        mine: base("target_coverage"),
        is: of("target_eligible"),
        back: 0,
    }])
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
        Equals {
            mine: of("documents").at(D::DocumentState, "needed"),
            is: base("documents_obtained"),
            back: 0,
        },
        Equals {
            mine: of("documents").at(D::DocumentState, "issued"),
            is: of("documents_obtained"),
            back: 0,
        },
        Equals {
            mine: of("documents").at(D::DocumentState, "referred"),
            is: base("documents_of_referred"),
            back: 0,
        },
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
    .on("due", "end", &["document_need", "overlap"])
    .hangs(&[
        Within {
            mine: of("documents_of_referred"),
            whole: of("documents_obtained"),
        },
        Within {
            mine: base("documents_of_referred"),
            whole: base("documents_obtained"),
        },
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
    .on("releases", "year", &["complete_90", "next_stay", "overlap"]),
    apart(
        &[D::Horizon],
        share("outcome_work", OUTCOME_DIMS, "docs/definitions.md 4"),
    )
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
    .on(
        "released_horizon",
        "horizons",
        &["unknown_not_no", "overlap"],
    )
    .hangs(&[
        Equals {
            mine: base("outcome_employed"),
            is: base("outcome_work"),
            back: 0,
        },
        Within {
            mine: of("outcome_employed"),
            whole: of("outcome_work"),
        },
    ]),
    apart(
        &[D::Horizon],
        share("outcome_business", OUTCOME_DIMS, "docs/definitions.md 4"),
    )
    .on(
        "released_horizon",
        "horizons",
        &["unknown_not_no", "overlap"],
    )
    .hangs(&[
        Equals {
            mine: base("outcome_business"),
            is: base("outcome_work"),
            back: 0,
        },
        Within {
            mine: of("outcome_business"),
            whole: of("outcome_work"),
        },
    ]),
    apart(
        &[D::Horizon],
        share("outcome_work_lower", OUTCOME_DIMS, "docs/definitions.md 4"),
    )
    .on(
        "released_horizon",
        "horizons",
        &["unknown_as_no", "overlap"],
    )
    .hangs(&[
        Equals {
            mine: of("outcome_work_lower"),
            is: of("outcome_work"),
            back: 0,
        },
        Equals {
            mine: base("outcome_work_lower"),
            is: base("outcome_unknown"),
            back: 0,
        },
    ])
    .needs(&[D::Horizon]),
    apart(
        &[D::Horizon],
        share("outcome_unknown", OUTCOME_DIMS, "docs/definitions.md 4"),
    )
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
    .on("services_completed", "year", &["older_registration"]),
    apart(
        &[D::Opd],
        count("waiting_over_30", &[D::Opd], "docs/definitions.md 4"),
    )
    .on("services_open", "end", &["once_an_agency"]),
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
