//! The registry of measures: what each is, which breakdowns it has, how its numbers hang together.
//!
//! Titles, questions and definitions are locale texts `measure.<id>.*`; the methodology sheet prints them.

use crate::domain::figure::{Hierarchy, Shape};
use crate::domain::upt::UptRegistry;
use crate::domain::{Text, Unit};

/// How a measure's estimate comes from its sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A count: the estimate is the sum.
    Count,
    /// A share with a Wilson interval.
    Share,
    /// A quotient without a binomial interval (occupancy, per reoffender).
    Ratio,
    /// Computed by its own routine.
    Own,
}

/// A declared measure.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Stable id.
    pub id: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// How the estimate is made.
    pub kind: Kind,
    /// Breakdowns it has.
    pub dims: &'static [&'static str],
    /// Counts people or their events.
    pub personal: bool,
    /// Dimensions over which nothing sums.
    pub overlapping: &'static [&'static str],
    /// Name of the count its denominator is.
    pub denominator: &'static str,
    /// Source of the definition.
    pub source: &'static str,
}

const fn m(
    id: &'static str,
    unit: Unit,
    kind: Kind,
    dims: &'static [&'static str],
    source: &'static str,
) -> Measure {
    Measure {
        id,
        unit,
        kind,
        dims,
        personal: true,
        overlapping: &[],
        denominator: "",
        source,
    }
}

const RETURN_DIMS: &[&str] = &[
    "cohort_quarter",
    "cohort_year",
    "ended_month",
    "sex",
    "age_group",
    "offence_group",
    "exit_code",
    "sentence_band",
    "upt",
    "prior_custody",
    "district",
];
const SERVICE_DIMS: &[&str] = &[
    "opd",
    "service_kind",
    "service_family",
    "upt",
    "sex",
    "district",
    "priority_programme",
    "calendar_month",
];
const K1_DIMS: &[&str] = &["release_month", "upt", "district", "sex", "exit_code"];
const STOCK_DIMS: &[&str] = &[
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
const TIME: &[&str] = &[
    "release_month",
    "calendar_month",
    "cohort_quarter",
    "cohort_year",
    "ended_month",
    "months_since_release",
];

const fn k1(id: &'static str) -> Measure {
    Measure {
        denominator: "releases_12m",
        overlapping: TIME,
        ..m(id, Unit::Share, Kind::Share, K1_DIMS, "DOMAIN.md 3.3")
    }
}
const fn service(id: &'static str) -> Measure {
    Measure {
        overlapping: TIME,
        ..m(id, Unit::Events, Kind::Count, SERVICE_DIMS, "DOMAIN.md 3.1")
    }
}
const fn open(id: &'static str, unit: Unit, kind: Kind, dims: &'static [&'static str]) -> Measure {
    Measure {
        personal: false,
        overlapping: TIME,
        ..m(id, unit, kind, dims, "DOMAIN.md 1.12")
    }
}
const fn time(x: Measure) -> Measure {
    Measure {
        overlapping: TIME,
        ..x
    }
}

/// Every measure, in the order of the methodology sheet.
pub const MEASURES: &[Measure] = &[
    m(
        "stock",
        Unit::Persons,
        Kind::Count,
        STOCK_DIMS,
        "DOMAIN.md 1.2",
    ),
    open("capacity", Unit::Places, Kind::Count, &["upt"]),
    m(
        "occupancy",
        Unit::Share,
        Kind::Ratio,
        &["upt"],
        "DOMAIN.md 4.3",
    ),
    m("adp", Unit::Persons, Kind::Count, &["upt"], "DOMAIN.md 3.2"),
    Measure {
        overlapping: &["movement"],
        ..m(
            "flow",
            Unit::Events,
            Kind::Count,
            &["movement", "upt"],
            "DOMAIN.md 3.2",
        )
    },
    m(
        "exits",
        Unit::Events,
        Kind::Count,
        &["exit_code", "upt", "sex", "district"],
        "DOMAIN.md 1.4",
    ),
    m(
        "exits_12m",
        Unit::Events,
        Kind::Count,
        &["exit_code", "upt", "sex", "district"],
        "DOMAIN.md 1.4",
    ),
    m(
        "releases",
        Unit::Events,
        Kind::Count,
        &["exit_code", "upt", "sex", "district"],
        "DOMAIN.md 1.4",
    ),
    time(m(
        "releases_12m",
        Unit::Events,
        Kind::Count,
        &["release_month", "exit_code", "upt", "sex", "district"],
        "DOMAIN.md 1.4",
    )),
    m(
        "due_release",
        Unit::Persons,
        Kind::Count,
        &["sex", "district", "upt", "status"],
        "DOMAIN.md 4.2",
    ),
    m(
        "clients",
        Unit::Persons,
        Kind::Count,
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
    ),
    Measure {
        overlapping: &["movement"],
        ..m(
            "client_flow",
            Unit::Events,
            Kind::Count,
            &["movement", "supervision_kind", "bapas"],
            "DOMAIN.md 1.4",
        )
    },
    m(
        "supervision_completed_well",
        Unit::Share,
        Kind::Share,
        &["supervision_kind", "bapas"],
        "DOMAIN.md 3.2",
    ),
    Measure {
        overlapping: &["status6"],
        ..m(
            "target_group",
            Unit::Persons,
            Kind::Count,
            &["status6", "sex"],
            "DOMAIN.md 4.2",
        )
    },
    m(
        "litmas_requested",
        Unit::Events,
        Kind::Count,
        &["litmas_kind", "bapas"],
        "DOMAIN.md 1.2",
    ),
    m(
        "litmas_completed",
        Unit::Events,
        Kind::Count,
        &["litmas_kind", "bapas"],
        "DOMAIN.md 1.2",
    ),
    m(
        "litmas_backlog",
        Unit::Events,
        Kind::Count,
        &["litmas_kind", "bapas"],
        "DOMAIN.md 1.2",
    ),
    m(
        "litmas_median_days",
        Unit::Days,
        Kind::Own,
        &["litmas_kind"],
        "DOMAIN.md 1.2",
    ),
    time(m(
        "reporting_compliance",
        Unit::Share,
        Kind::Share,
        &["bapas", "calendar_month"],
        "DOMAIN.md 3.2",
    )),
    time(m(
        "revocations",
        Unit::Events,
        Kind::Count,
        &["revocation_ground", "bapas", "calendar_month"],
        "DOMAIN.md 1.4",
    )),
    m(
        "community_service_people",
        Unit::Persons,
        Kind::Count,
        &["opd"],
        "DOMAIN.md 1.7",
    ),
    m(
        "community_service_hours",
        Unit::Share,
        Kind::Ratio,
        &["opd"],
        "DOMAIN.md 1.7",
    ),
    Measure {
        overlapping: TIME,
        denominator: "cohort",
        ..m(
            "return",
            Unit::Share,
            Kind::Share,
            RETURN_DIMS,
            "DOMAIN.md 2.2",
        )
    },
    m(
        "return_pseudo",
        Unit::Events,
        Kind::Count,
        &[],
        "DOMAIN.md 2.2",
    ),
    m(
        "return_unknown_date",
        Unit::Events,
        Kind::Count,
        &[],
        "DOMAIN.md 2.2",
    ),
    m(
        "return_per_reoffender",
        Unit::Ratio,
        Kind::Ratio,
        &[],
        "DOMAIN.md 2.3.4",
    ),
    m(
        "return_frequency",
        Unit::Ratio,
        Kind::Ratio,
        &[],
        "DOMAIN.md 2.3.4",
    ),
    m(
        "return_rate_py",
        Unit::Per100PersonYears,
        Kind::Own,
        &[],
        "DOMAIN.md 2.3.5",
    ),
    m(
        "return_srr",
        Unit::Ratio,
        Kind::Own,
        &["upt", "sex", "age_group", "offence_group", "exit_code"],
        "DOMAIN.md 2.3.10",
    ),
    time(m(
        "cif_new",
        Unit::Share,
        Kind::Own,
        &["months_since_release"],
        "DOMAIN.md 2.3.8",
    )),
    time(m(
        "cif_revoked",
        Unit::Share,
        Kind::Own,
        &["months_since_release"],
        "DOMAIN.md 2.3.8",
    )),
    time(m(
        "cif_death",
        Unit::Share,
        Kind::Own,
        &["months_since_release"],
        "DOMAIN.md 2.3.8",
    )),
    time(m(
        "km_free",
        Unit::Share,
        Kind::Own,
        &["months_since_release"],
        "DOMAIN.md 2.3.6",
    )),
    Measure {
        overlapping: &["style"],
        ..m(
            "styles",
            Unit::Share,
            Kind::Share,
            &["style"],
            "DOMAIN.md 2.1",
        )
    },
    Measure {
        denominator: "stock",
        ..m(
            "stock_prior_reported",
            Unit::Share,
            Kind::Share,
            &["upt"],
            "DOMAIN.md 1.5",
        )
    },
    Measure {
        denominator: "stock",
        ..m(
            "stock_prior_linked",
            Unit::Share,
            Kind::Share,
            &["upt"],
            "DOMAIN.md 1.5",
        )
    },
    k1("k1_a1"),
    k1("k1_a2"),
    k1("k1_a3"),
    k1("k1_a4"),
    k1("k1_a1_upper"),
    Measure {
        denominator: "",
        ..k1("k1_a1_excl_short")
    },
    service("service_referred"),
    service("service_enrolled"),
    service("service_started"),
    service("service_completed"),
    service("service_dropped"),
    service("service_moved"),
    service("service_referred_12m"),
    service("service_enrolled_12m"),
    service("service_started_12m"),
    service("service_completed_12m"),
    service("service_dropped_12m"),
    service("service_moved_12m"),
    m(
        "service_enrolment",
        Unit::Share,
        Kind::Share,
        SERVICE_DIMS,
        "DOMAIN.md 3.2",
    ),
    m(
        "service_completion",
        Unit::Share,
        Kind::Share,
        SERVICE_DIMS,
        "DOMAIN.md 3.2",
    ),
    m(
        "service_dropout",
        Unit::Share,
        Kind::Share,
        SERVICE_DIMS,
        "DOMAIN.md 3.2",
    ),
    m(
        "service_attendance",
        Unit::Share,
        Kind::Ratio,
        &["opd", "service_family"],
        "DOMAIN.md 3.2",
    ),
    m(
        "service_wait_median",
        Unit::Days,
        Kind::Own,
        &["opd", "service_family"],
        "DOMAIN.md 3.2",
    ),
    m(
        "service_wait_p90",
        Unit::Days,
        Kind::Own,
        &["opd", "service_family"],
        "DOMAIN.md 3.2",
    ),
    Measure {
        overlapping: &["service_family"],
        ..m(
            "service_coverage",
            Unit::Share,
            Kind::Share,
            &["service_family", "district"],
            "DOMAIN.md 3.2",
        )
    },
    Measure {
        overlapping: &["stage", "service_family"],
        ..m(
            "funnel",
            Unit::Persons,
            Kind::Count,
            &["stage", "service_family"],
            "DOMAIN.md 4.2",
        )
    },
    Measure {
        overlapping: &["document", "document_state"],
        ..m(
            "documents",
            Unit::Persons,
            Kind::Count,
            &["document", "document_state"],
            "DOMAIN.md 3.2",
        )
    },
    Measure {
        overlapping: &["document"],
        ..m(
            "documents_obtained",
            Unit::Share,
            Kind::Share,
            &["document"],
            "DOMAIN.md 3.2",
        )
    },
    Measure {
        overlapping: &["service_family"],
        ..m(
            "continuity_90",
            Unit::Share,
            Kind::Share,
            &["service_family"],
            "DOMAIN.md 3.2",
        )
    },
    Measure {
        overlapping: &["horizon"],
        ..m(
            "outcome_work",
            Unit::Share,
            Kind::Share,
            &["horizon"],
            "DOMAIN.md 3.2",
        )
    },
    Measure {
        overlapping: &["horizon"],
        ..m(
            "outcome_work_lower",
            Unit::Share,
            Kind::Share,
            &["horizon"],
            "DOMAIN.md 3.2",
        )
    },
    Measure {
        overlapping: &["horizon"],
        ..m(
            "outcome_unknown",
            Unit::Share,
            Kind::Share,
            &["horizon"],
            "DOMAIN.md 3.2",
        )
    },
    m(
        "waiting_over_30",
        Unit::Persons,
        Kind::Count,
        &["opd"],
        "DOMAIN.md 4.2",
    ),
    m(
        "waiting_longest",
        Unit::Days,
        Kind::Own,
        &["opd"],
        "DOMAIN.md 4.2",
    ),
    m(
        "children_services",
        Unit::Persons,
        Kind::Count,
        &[],
        "DOMAIN.md 4.2",
    ),
    Measure {
        overlapping: &["programme"],
        ..m(
            "compare_return",
            Unit::Share,
            Kind::Share,
            &["programme", "arm"],
            "DOMAIN.md 2.3.12",
        )
    },
    Measure {
        overlapping: &["programme"],
        ..m(
            "compare_rr",
            Unit::Ratio,
            Kind::Own,
            &["programme"],
            "DOMAIN.md 2.3.12",
        )
    },
    Measure {
        overlapping: &["programme"],
        ..m(
            "compare_rd",
            Unit::ShareDifference,
            Kind::Own,
            &["programme"],
            "DOMAIN.md 2.3.12",
        )
    },
    open("rows_read", Unit::Events, Kind::Count, &["source"]),
    open("rows_used", Unit::Events, Kind::Count, &["source"]),
    open("rows_set_aside", Unit::Events, Kind::Count, &["source"]),
    open("nik_intact", Unit::Share, Kind::Share, &["source"]),
    open("linked", Unit::Share, Kind::Share, &["source"]),
    open(
        "coverage",
        Unit::Events,
        Kind::Count,
        &["source", "calendar_month"],
    ),
    open(
        "link_kind_records",
        Unit::Events,
        Kind::Count,
        &["link_kind"],
    ),
    open("review_backlog", Unit::Events, Kind::Count, &[]),
    m(
        "return_low",
        Unit::Share,
        Kind::Share,
        &[],
        "DOMAIN.md 2.3.14",
    ),
];

/// The measure with this id.
pub fn find(id: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|m| m.id == id)
}

/// The id nearest to a mistyped one.
pub fn nearest(id: &str) -> Option<&'static str> {
    MEASURES
        .iter()
        .map(|m| m.id)
        .max_by(|a, b| strsim::jaro_winkler(a, id).total_cmp(&strsim::jaro_winkler(b, id)))
}

/// How the numbers hang together, for disclosure control.
pub fn shapes() -> Vec<Shape> {
    MEASURES
        .iter()
        .map(|x| Shape {
            measure: x.id.into(),
            personal: x.personal,
            children: x.id == "children_services",
            numerator_adds: x.kind != Kind::Own,
            denominator_adds: x.kind == Kind::Share,
            not_additive_over: x.overlapping.iter().map(|d| Text::from(*d)).collect(),
            denominator_is: (!x.denominator.is_empty()).then(|| x.denominator.into()),
            numerator_is: (x.id == "occupancy").then(|| "stock".into()),
        })
        .collect()
}

/// Units fall into classes.
pub fn hierarchies(units: &UptRegistry) -> Vec<Hierarchy> {
    vec![Hierarchy {
        fine: "upt".into(),
        coarse: "upt_class".into(),
        parent: units
            .prisons()
            .map(|(_, u)| (u.id.as_str().into(), u.class.as_str().into()))
            .collect(),
    }]
}
