//! Who is inside, who moves, who is guided.

use super::*;

const RELEASE_DIMS: &[&str] = &[
    "release_month",
    "exit_code",
    "upt",
    "sex",
    "district",
    "age_group",
    "offence_group",
];
pub(super) const STOCK_DIMS: &[&str] = &[
    "upt",
    "upt_class",
    "register_class",
    "status",
    "sex",
    "age_group",
    "offence_group",
    "district",
    "prior_custody",
    "in_ambon",
];

pub(super) const ALL: &[Measure] = &[
    // Population and flow.
    count("stock", STOCK_DIMS, "DOMAIN.md 1.2").on("inside", "end", &["run", "delivered"]),
    time(count(
        "stock_12m",
        &["calendar_month", "upt", "sex"],
        "DOMAIN.md 1.2",
    ))
    .on("inside", "ends12", &["run", "as_known", "delivered"]),
    open("capacity", Unit::Places, Kind::Count, &["upt"]).on("units", "end", &["no_capacity"]),
    m(
        "occupancy",
        Unit::Share,
        Kind::Ratio,
        &["upt"],
        "DOMAIN.md 4.3",
    )
    .on("inside", "end", &["no_capacity", "over_one"]),
    count("adp", &["upt", "sex", "status"], "DOMAIN.md 3.2").on(
        "stays",
        "month",
        &["same_day", "run"],
    ),
    apart(
        &["movement"],
        events("flow", &["movement", "upt"], "DOMAIN.md 3.2"),
    )
    .on("stays", "month", &["difference", "overlap"]),
    events(
        "exits",
        &["exit_code", "upt", "sex", "district"],
        "DOMAIN.md 1.4",
    )
    .on("stays", "month", &["twice", "transfers"]),
    events(
        "exits_12m",
        &["exit_code", "upt", "sex", "district"],
        "DOMAIN.md 1.4",
    )
    .on("stays", "year", &["twice", "transfers"]),
    events(
        "releases",
        &[
            "exit_code",
            "upt",
            "sex",
            "district",
            "age_group",
            "offence_group",
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
        &["sex", "district", "upt", "status"],
        "DOMAIN.md 4.2",
    )
    .on("sentenced", "ahead", &["no_date", "two_thirds"]),
    // Guidance.
    count(
        "clients",
        &[
            "supervision_kind",
            "bapas",
            "sex",
            "district",
            "age_group",
            "in_ambon",
            "offence_group",
        ],
        "DOMAIN.md 1.2",
    )
    .on("clients", "end", &["one_client"]),
    time(count(
        "clients_12m",
        &["calendar_month", "bapas", "sex"],
        "DOMAIN.md 1.2",
    ))
    .on("clients", "ends12", &["one_client", "as_known"]),
    apart(
        &["movement"],
        events(
            "client_flow",
            &["movement", "supervision_kind", "bapas"],
            "DOMAIN.md 1.4",
        ),
    )
    .on("guidance", "month", &["revoked_unknown", "overlap"]),
    share(
        "supervision_completed_well",
        &["supervision_kind", "bapas"],
        "DOMAIN.md 3.2",
    )
    .on("guidance_ended", "year", &["delegated"]),
    apart(
        &["status6"],
        count("target_group", &["status6", "sex"], "DOMAIN.md 4.2"),
    )
    .on("inside_and_clients", "end", &["both_places"]),
    events(
        "litmas_requested",
        &["litmas_kind", "bapas"],
        "DOMAIN.md 1.2",
    )
    .on("litmas", "month", &["no_date"]),
    events(
        "litmas_completed",
        &["litmas_kind", "bapas"],
        "DOMAIN.md 1.2",
    )
    .on("litmas", "month", &["no_date"]),
    events("litmas_backlog", &["litmas_kind", "bapas"], "DOMAIN.md 1.2").on(
        "litmas",
        "end",
        &["no_date"],
    ),
    m(
        "litmas_median_days",
        Unit::Days,
        Kind::Median,
        &["litmas_kind", "bapas"],
        "DOMAIN.md 1.2",
    )
    .on("litmas", "year", &["no_date"]),
    share(
        "reporting_compliance",
        &[
            "bapas",
            "supervision_kind",
            "sex",
            "district",
            "calendar_month",
        ],
        "DOMAIN.md 3.2",
    )
    .on("guidance", "month_year", &["none_due"]),
    events(
        "revocations",
        &["revocation_ground", "bapas", "calendar_month"],
        "DOMAIN.md 1.4",
    )
    .on("guidance_ended", "year", &["revoked_unknown"]),
    count("community_service_people", &["opd"], "DOMAIN.md 1.7").on(
        "sentenced_service",
        "end",
        &["no_address"],
    ),
    m(
        "community_service_hours",
        Unit::Share,
        Kind::Ratio,
        &["opd"],
        "DOMAIN.md 1.7",
    )
    .on("sentenced_service", "end", &["no_address"]),
];
