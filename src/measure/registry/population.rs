//! Who is inside, who moves, who is guided.

use super::*;
use crate::domain::Dimension as D;

const RELEASE_DIMS: &[D] = &[
    D::ReleaseMonth,
    D::ExitCode,
    D::Upt,
    D::Sex,
    D::District,
    D::AgeGroup,
    D::OffenceGroup,
];
pub(super) const STOCK_DIMS: &[D] = &[
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

const AHEAD: &[D] = &[D::Ahead];
const WITH_STOCK: &[Relation] = &[shown_with(of("stock"))];

/// A number of what is to come: it rests on all who are inside, and is shown only where their number is.
const fn outlook(id: &'static str, edges: &'static [&'static str]) -> Measure {
    apart(
        AHEAD,
        about(m(
            id,
            Unit::Persons,
            Kind::Own,
            AHEAD,
            "docs/definitions.md 12",
        )),
    )
    .on("inside", "ahead", edges)
    .needs(AHEAD)
    .hangs(WITH_STOCK)
    .over(Period::Ahead)
}

/// What becomes of a population in custody, and of the clients of probation, in a month.
const CUSTODY_MOVES: &[&str] = &[
    "opening",
    "admission",
    "transfer_in",
    "recapture",
    "release",
    "other_exit",
    "transfer_out",
    "death",
    "escape",
    "difference",
    "closing",
];
const GUIDANCE_MOVES: &[&str] = &[
    "start_stock",
    "new",
    "completed",
    "revoked_general",
    "revoked_technical",
    "delegated",
    "death",
    "other_end",
    "end_stock",
];

pub(super) const ALL: &[Measure] = &[
    // Population and flow.
    count("stock", STOCK_DIMS, "docs/definitions.md 1")
        .on("inside", "end", &["run", "delivered"])
        .hangs(&[Sums {
            whole: of("stock"),
            parts: &[
                of("stock").at(D::Status, "remand"),
                of("stock").at(D::Status, "sentenced"),
                of("stock").at(D::Status, "child"),
                of("stock").at(D::Status, "other"),
            ],
        }])
        .over(Period::AsAt),
    time(count(
        "stock_12m",
        &[D::CalendarMonth, D::Upt, D::Sex],
        "docs/definitions.md 1",
    ))
    .on("inside", "ends12", &["run", "as_known", "delivered"])
    // People at twelve ends of months are no people together.
    .needs(&[D::CalendarMonth])
    .over(Period::AsAt),
    open("capacity", Unit::Places, Kind::Count, &[D::Upt]).on("units", "end", &["no_capacity"]),
    m(
        "occupancy",
        Unit::Share,
        Kind::Ratio,
        &[D::Upt],
        "docs/definitions.md 4",
    )
    .on("inside", "end", &["no_capacity", "over_one"])
    .hangs(&[equal(of("occupancy"), of("stock"))])
    .over(Period::AsAt)
    .open_base(),
    count("adp", &[D::Upt, D::Sex, D::Status], "docs/definitions.md 4")
        .on("stays", "month", &["same_day", "run"])
        .hangs(&[Near {
            other: of("stock"),
            within: 2,
        }]),
    apart(
        &[D::Movement],
        events("flow", &[D::Movement, D::Upt], "docs/definitions.md 4"),
    )
    .on("stays", "month", &["difference", "overlap"])
    .only(&[(D::Movement, CUSTODY_MOVES)])
    .hangs(&[
        equal(of("flow").at(D::Movement, "closing"), of("stock")),
        Equals {
            mine: of("flow").at(D::Movement, "opening"),
            is: of("stock"),
            back: 1,
        },
        equal(of("flow").at(D::Movement, "release"), of("releases")),
        equal(
            of("flow").at(D::Movement, "transfer_out"),
            of("exits").at(D::ExitCode, "PDH"),
        ),
        equal(
            of("flow").at(D::Movement, "death"),
            of("exits").at(D::ExitCode, "MGL"),
        ),
        equal(
            of("flow").at(D::Movement, "escape"),
            of("exits").at(D::ExitCode, "LRI"),
        ),
        Balance {
            over: D::Movement,
            plus: &[
                "opening",
                "admission",
                "transfer_in",
                "recapture",
                "difference",
            ],
            minus: &[
                "release",
                "other_exit",
                "transfer_out",
                "death",
                "escape",
                "closing",
            ],
        },
    ])
    .needs(&[D::Movement]),
    events(
        "exits",
        &[D::ExitCode, D::Upt, D::Sex, D::District],
        "docs/definitions.md 2",
    )
    .on("stays", "month", &["twice", "transfers"])
    .hangs(&[Sums {
        whole: of("exits"),
        parts: &[
            of("releases"),
            of("exits").at(D::ExitCode, "PDH"),
            of("exits").at(D::ExitCode, "MGL"),
            of("exits").at(D::ExitCode, "LRI"),
            of("flow").at(D::Movement, "other_exit"),
        ],
    }]),
    events(
        "exits_12m",
        &[D::ExitCode, D::Upt, D::Sex, D::District],
        "docs/definitions.md 2",
    )
    .on("stays", "year", &["twice", "transfers"]),
    events(
        "releases",
        &[
            D::ExitCode,
            D::Upt,
            D::Sex,
            D::District,
            D::AgeGroup,
            D::OffenceGroup,
        ],
        "docs/definitions.md 2",
    )
    .on("releases", "month", &["index", "twice"])
    .hangs(&[
        SharedBy {
            over: D::ExitCode,
            with: "exits",
        },
        Sums {
            whole: of("releases"),
            parts: &[
                of("exits").at(D::ExitCode, "BM"),
                of("exits").at(D::ExitCode, "RU2"),
                of("exits").at(D::ExitCode, "RK2"),
                of("exits").at(D::ExitCode, "PMP2"),
                of("exits").at(D::ExitCode, "PB"),
                of("exits").at(D::ExitCode, "CB"),
                of("exits").at(D::ExitCode, "CMB"),
                of("exits").at(D::ExitCode, "AMN"),
                of("exits").at(D::ExitCode, "GRS"),
                of("exits").at(D::ExitCode, "ABL"),
            ],
        },
        Sums {
            whole: of("releases"),
            parts: &[
                of("exits").at(D::ExitCode, "BM"),
                of("exits").at(D::ExitCode, "RU2"),
                of("exits").at(D::ExitCode, "RK2"),
                of("exits").at(D::ExitCode, "PMP2"),
                of("exits").at(D::ExitCode, "PB"),
                of("exits").at(D::ExitCode, "CB"),
                of("exits").at(D::ExitCode, "CMB"),
                of("exits").at(D::ExitCode, "ASR"),
                of("exits").at(D::ExitCode, "AMN"),
                of("exits").at(D::ExitCode, "GRS"),
                of("exits").at(D::ExitCode, "ABL"),
            ],
        },
    ]),
    events("releases_12m", RELEASE_DIMS, "docs/definitions.md 2")
        .on("releases", "year", &["index", "twice"])
        .hangs(&[SharedBy {
            over: D::ExitCode,
            with: "exits_12m",
        }]),
    count(
        "due_release",
        &[D::Sex, D::District, D::Upt, D::Status],
        "docs/definitions.md 4",
    )
    .on("sentenced", "ahead", &["no_date", "two_thirds"])
    .hangs(&[LongerHolds])
    .over(Period::Ahead),
    outlook("outlook_stock", &["wins"]),
    outlook("outlook_low", &["wins"]),
    outlook("outlook_high", &["wins"]),
    outlook("outlook_leaving", &["expected_day"]),
    outlook("outlook_error", &["as_known_now"]),
    outlook("outlook_error_same", &["as_known_now"]),
    // Guidance.
    count(
        "clients",
        &[
            D::SupervisionKind,
            D::Bapas,
            D::Sex,
            D::District,
            D::AgeGroup,
            D::InAmbon,
            D::OffenceGroup,
        ],
        "docs/definitions.md 1",
    )
    .on("clients", "end", &["one_client"])
    .hangs(&[Sums {
        whole: of("clients"),
        parts: &[
            of("clients").at(D::SupervisionKind, "PB"),
            of("clients").at(D::SupervisionKind, "CB"),
            of("clients").at(D::SupervisionKind, "CMB"),
            of("target_group").at(D::Status6, "client_other"),
        ],
    }])
    .over(Period::AsAt),
    time(count(
        "clients_12m",
        &[D::CalendarMonth, D::Bapas, D::Sex],
        "docs/definitions.md 1",
    ))
    .on("clients", "ends12", &["one_client", "as_known"])
    // People at twelve ends of months are no people together.
    .needs(&[D::CalendarMonth])
    .over(Period::AsAt),
    apart(
        &[D::Movement],
        events(
            "client_flow",
            &[D::Movement, D::SupervisionKind, D::Bapas],
            "docs/definitions.md 2",
        ),
    )
    .on("guidance", "month", &["revoked_unknown", "overlap"])
    .only(&[(D::Movement, GUIDANCE_MOVES)])
    .hangs(&[
        Equals {
            mine: of("client_flow").at(D::Movement, "start_stock"),
            is: of("clients"),
            back: 1,
        },
        equal(
            of("client_flow").at(D::Movement, "end_stock"),
            of("clients"),
        ),
        equal(
            of("client_flow").at(D::Movement, "revoked_general"),
            of("revocations").at(D::RevocationGround, "general"),
        ),
        Sums {
            whole: of("client_flow").at(D::Movement, "revoked_technical"),
            parts: &[
                of("revocations").at(D::RevocationGround, "technical"),
                of("revocations").at(D::RevocationGround, "unknown"),
            ],
        },
        Balance {
            over: D::Movement,
            plus: &["start_stock", "new"],
            minus: &[
                "completed",
                "revoked_general",
                "revoked_technical",
                "delegated",
                "death",
                "other_end",
                "end_stock",
            ],
        },
    ])
    .needs(&[D::Movement]),
    share(
        "supervision_completed_well",
        &[D::SupervisionKind, D::Bapas],
        "docs/definitions.md 4",
    )
    .leaves(Rest::FewGuarded)
    .on("guidance_ended", "year", &["delegated"])
    .hangs(&[Sums {
        whole: base("supervision_completed_well"),
        parts: &[of("supervision_completed_well"), of("revocations")],
    }]),
    apart(
        &[D::Status6],
        count(
            "target_group",
            &[D::Status6, D::Sex],
            "docs/definitions.md 4",
        ),
    )
    .on("inside_and_clients", "end", &["both_places"])
    .over(Period::AsAt)
    .hangs(&[
        equal(
            of("target_group").at(D::Status6, "child"),
            of("stock").at(D::Status, "child"),
        ),
        equal(
            of("target_group").at(D::Status6, "sentenced"),
            of("stock").at(D::Status, "sentenced"),
        ),
        equal(
            of("target_group").at(D::Status6, "remand"),
            of("stock").at(D::Status, "remand"),
        ),
        equal(
            of("target_group").at(D::Status6, "inside_unknown"),
            of("stock").at(D::Status, "other"),
        ),
        equal(
            of("target_group").at(D::Status6, "client_PB"),
            of("clients").at(D::SupervisionKind, "PB"),
        ),
        equal(
            of("target_group").at(D::Status6, "client_CB"),
            of("clients").at(D::SupervisionKind, "CB"),
        ),
        equal(
            of("target_group").at(D::Status6, "client_CMB"),
            of("clients").at(D::SupervisionKind, "CMB"),
        ),
        Sums {
            whole: of("target_group").at(D::Status6, "client_other"),
            parts: &[
                of("clients").at(D::SupervisionKind, "asimilasi"),
                of("clients").at(D::SupervisionKind, "pidana_pengawasan"),
                of("clients").at(D::SupervisionKind, "kerja_sosial"),
                of("clients").at(D::SupervisionKind, "diversi"),
                of("clients").at(D::SupervisionKind, "anak_lainnya"),
                of("clients").at(D::SupervisionKind, "lainnya"),
            ],
        },
    ]),
    events(
        "litmas_requested",
        &[D::LitmasKind, D::Bapas],
        "docs/definitions.md 1",
    )
    .on("litmas", "month", &["no_date"]),
    events(
        "litmas_completed",
        &[D::LitmasKind, D::Bapas],
        "docs/definitions.md 1",
    )
    .on("litmas", "month", &["no_date"]),
    events(
        "litmas_backlog",
        &[D::LitmasKind, D::Bapas],
        "docs/definitions.md 1",
    )
    .on("litmas", "end", &["no_date"])
    .hangs(&[Backlog {
        came: "litmas_requested",
        done: "litmas_completed",
    }]),
    m(
        "litmas_median_days",
        Unit::Days,
        Kind::Median,
        &[D::LitmasKind, D::Bapas],
        "docs/definitions.md 1",
    )
    .on("litmas", "year", &["no_date"]),
    share(
        "reporting_compliance",
        &[
            D::Bapas,
            D::SupervisionKind,
            D::Sex,
            D::District,
            D::CalendarMonth,
        ],
        "docs/definitions.md 4",
    )
    .leaves(Rest::FewGuarded)
    .on("guidance", "month_year", &["none_due"])
    .amounts(),
    events(
        "revocations",
        &[D::RevocationGround, D::Bapas, D::CalendarMonth],
        "docs/definitions.md 2",
    )
    .on("guidance_ended", "year", &["revoked_unknown"]),
    count(
        "community_service_people",
        &[D::Opd],
        "docs/definitions.md 4",
    )
    .on("sentenced_service", "end", &["no_address"]),
    m(
        "community_service_hours",
        Unit::Share,
        Kind::Ratio,
        &[D::Opd],
        "docs/definitions.md 4",
    )
    .on("sentenced_service", "end", &["no_address"])
    .amounts(),
    count(
        "community_service_state",
        &[D::WorkState, D::Opd],
        "docs/definitions.md 4",
    )
    .on("sentenced_service", "end", &["work_states", "no_address"])
    .hangs(&[
        Sums {
            whole: of("community_service_people"),
            parts: &[
                of("community_service_state").at(D::WorkState, "ordered"),
                of("community_service_state").at(D::WorkState, "running"),
                of("community_service_state").at(D::WorkState, "overdue"),
                of("community_service_state").at(D::WorkState, "completed"),
                of("community_service_state").at(D::WorkState, "breached"),
            ],
        },
        equal(
            of("community_service_state"),
            of("community_service_people"),
        ),
    ])
    .over(Period::AsAt),
    share(
        "community_service_placed",
        &[D::Opd],
        "docs/definitions.md 4",
    )
    .leaves(Rest::FewGuarded)
    .on("sentenced_service", "end", &["no_address"])
    .hangs(&[equal(
        base("community_service_placed"),
        of("community_service_people"),
    )]),
    share("community_service_pace", &[D::Opd], "docs/definitions.md 4")
        .leaves(Rest::FewGuarded)
        .on("sentenced_service", "end", &["work_pace", "no_address"])
        .hangs(&[
            within(
                base("community_service_pace"),
                of("community_service_people"),
            ),
            within(
                base("community_service_pace"),
                of("community_service_state").at(D::WorkState, "running"),
            ),
        ]),
    count(
        "community_service_breaches",
        &[D::Breach],
        "docs/definitions.md 4",
    )
    .on("sentenced_service", "end", &["work_breach"])
    .hangs(&[within(
        of("community_service_breaches"),
        of("community_service_people"),
    )])
    .over(Period::AsAt),
];
