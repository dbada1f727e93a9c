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

pub(super) const ALL: &[Measure] = &[
    // Population and flow.
    count("stock", STOCK_DIMS, "DOMAIN.md 1.2").on("inside", "end", &["run", "delivered"]),
    time(count(
        "stock_12m",
        &[D::CalendarMonth, D::Upt, D::Sex],
        "DOMAIN.md 1.2",
    ))
    .on("inside", "ends12", &["run", "as_known", "delivered"]),
    open("capacity", Unit::Places, Kind::Count, &[D::Upt]).on("units", "end", &["no_capacity"]),
    m(
        "occupancy",
        Unit::Share,
        Kind::Ratio,
        &[D::Upt],
        "DOMAIN.md 4.3",
    )
    .on("inside", "end", &["no_capacity", "over_one"]),
    count("adp", &[D::Upt, D::Sex, D::Status], "DOMAIN.md 3.2").on(
        "stays",
        "month",
        &["same_day", "run"],
    ),
    apart(
        &[D::Movement],
        events("flow", &[D::Movement, D::Upt], "DOMAIN.md 3.2"),
    )
    .on("stays", "month", &["difference", "overlap"]),
    events(
        "exits",
        &[D::ExitCode, D::Upt, D::Sex, D::District],
        "DOMAIN.md 1.4",
    )
    .on("stays", "month", &["twice", "transfers"]),
    events(
        "exits_12m",
        &[D::ExitCode, D::Upt, D::Sex, D::District],
        "DOMAIN.md 1.4",
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
        "DOMAIN.md 1.4",
    )
    .on("releases", "month", &["index", "twice"]),
    events("releases_12m", RELEASE_DIMS, "DOMAIN.md 1.4").on(
        "releases",
        "year",
        &["index", "twice"],
    ),
    count(
        "due_release",
        &[D::Sex, D::District, D::Upt, D::Status],
        "DOMAIN.md 4.2",
    )
    .on("sentenced", "ahead", &["no_date", "two_thirds"]),
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
        "DOMAIN.md 1.2",
    )
    .on("clients", "end", &["one_client"]),
    time(count(
        "clients_12m",
        &[D::CalendarMonth, D::Bapas, D::Sex],
        "DOMAIN.md 1.2",
    ))
    .on("clients", "ends12", &["one_client", "as_known"]),
    apart(
        &[D::Movement],
        events(
            "client_flow",
            &[D::Movement, D::SupervisionKind, D::Bapas],
            "DOMAIN.md 1.4",
        ),
    )
    .on("guidance", "month", &["revoked_unknown", "overlap"]),
    share(
        "supervision_completed_well",
        &[D::SupervisionKind, D::Bapas],
        "DOMAIN.md 3.2",
    )
    .on("guidance_ended", "year", &["delegated"]),
    apart(
        &[D::Status6],
        count("target_group", &[D::Status6, D::Sex], "DOMAIN.md 4.2"),
    )
    .on("inside_and_clients", "end", &["both_places"]),
    events(
        "litmas_requested",
        &[D::LitmasKind, D::Bapas],
        "DOMAIN.md 1.2",
    )
    .on("litmas", "month", &["no_date"]),
    events(
        "litmas_completed",
        &[D::LitmasKind, D::Bapas],
        "DOMAIN.md 1.2",
    )
    .on("litmas", "month", &["no_date"]),
    events(
        "litmas_backlog",
        &[D::LitmasKind, D::Bapas],
        "DOMAIN.md 1.2",
    )
    .on("litmas", "end", &["no_date"]),
    m(
        "litmas_median_days",
        Unit::Days,
        Kind::Median,
        &[D::LitmasKind, D::Bapas],
        "DOMAIN.md 1.2",
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
        "DOMAIN.md 3.2",
    )
    .on("guidance", "month_year", &["none_due"]),
    events(
        "revocations",
        &[D::RevocationGround, D::Bapas, D::CalendarMonth],
        "DOMAIN.md 1.4",
    )
    .on("guidance_ended", "year", &["revoked_unknown"]),
    count("community_service_people", &[D::Opd], "DOMAIN.md 1.7").on(
        "sentenced_service",
        "end",
        &["no_address"],
    ),
    m(
        "community_service_hours",
        Unit::Share,
        Kind::Ratio,
        &[D::Opd],
        "DOMAIN.md 1.7",
    )
    .on("sentenced_service", "end", &["no_address"]),
];
