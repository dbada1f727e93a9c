//! The registry of measures: what each is, which breakdowns it has, how its numbers hang together.
//!
//! Titles, questions and definitions are locale texts `measure.<id>.*`; the methodology sheet prints them.

use super::programme::SERVICE_DIMS;
use super::returns;
use crate::domain::figure::{Hierarchy, Period, Shape};
use crate::domain::upt::{UptKind, UptRegistry};
use crate::domain::{Text, Unit};

/// How a measure's estimate comes from its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A count: the estimate is the sum.
    Count,
    /// A share with a Wilson interval.
    Share,
    /// A quotient without a binomial interval (occupancy, per reoffender).
    Ratio,
    /// Events per 100 person-years with exact Poisson limits.
    Rate,
    /// Observed over expected with exact limits; refused when less than one is expected.
    Standardised,
    /// Directly standardised share: the mark of a row is its stratum.
    Direct,
    /// Observed less expected, per person: the value of a row is what was expected of it.
    Excess,
    /// Share of the later cohort less that of the earlier, with Newcombe's interval.
    Change,
    /// Median of the values.
    Median,
    /// The day by which so many percent have been served, the unserved censored.
    Wait(u8),
    /// The largest value.
    Longest,
    /// Aalen–Johansen incidence of a cause, by month.
    Incidence(u8),
    /// Kaplan–Meier survival, by month.
    Survival,
    /// Nelson–Aalen cumulative hazard, by month.
    Hazard,
    /// Mean time without the event within so many months.
    Restricted(u16),
    /// Computed by its own routine.
    Own,
}

impl Kind {
    /// The numbers are sums over rows.
    pub const fn is_sum(self) -> bool {
        matches!(
            self,
            Kind::Count | Kind::Share | Kind::Ratio | Kind::Rate | Kind::Standardised
        )
    }
    /// The numbers are points of a curve.
    pub const fn is_curve(self) -> bool {
        matches!(self, Kind::Incidence(_) | Kind::Survival | Kind::Hazard)
    }
    /// How uncertainty is stated: a key of `interval.*`.
    pub const fn interval(self) -> &'static str {
        match self {
            Kind::Share => "wilson",
            Kind::Rate | Kind::Standardised | Kind::Excess => "poisson",
            Kind::Change => "newcombe",
            Kind::Direct => "delta",
            Kind::Incidence(_) | Kind::Survival => "log_log",
            Kind::Restricted(_) => "greenwood",
            Kind::Own => "own",
            _ => "none",
        }
    }
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
const CURVE_DIMS: &[&str] = &[
    "months_since_release",
    "sex",
    "age_group",
    "offence_group",
    "exit_code",
    "sentence_band",
    "upt",
    "prior_custody",
    "district",
];
const RELEASE_DIMS: &[&str] = &[
    "release_month",
    "exit_code",
    "upt",
    "sex",
    "district",
    "age_group",
    "offence_group",
];
const K1_DIMS: &[&str] = &[
    "release_month",
    "upt",
    "district",
    "sex",
    "exit_code",
    "age_group",
    "offence_group",
];
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
const DOSE_DIMS: &[&str] = &[
    "dose_band",
    "opd",
    "service_kind",
    "service_family",
    "upt",
    "sex",
    "district",
    "priority_programme",
    "age_group",
    "offence_group",
];
const TARGET_DIMS: &[&str] = &[
    "service_target",
    "sex",
    "age_group",
    "district",
    "offence_group",
];
const OUTCOME_DIMS: &[&str] = &["horizon", "sex", "district", "upt"];
const TIME: &[&str] = &[
    "release_month",
    "calendar_month",
    "cohort_quarter",
    "cohort_year",
    "ended_month",
    "months_since_release",
];

const fn count(id: &'static str, dims: &'static [&'static str], source: &'static str) -> Measure {
    m(id, Unit::Persons, Kind::Count, dims, source)
}
const fn events(id: &'static str, dims: &'static [&'static str], source: &'static str) -> Measure {
    time(m(id, Unit::Events, Kind::Count, dims, source))
}
const fn share(id: &'static str, dims: &'static [&'static str], source: &'static str) -> Measure {
    time(m(id, Unit::Share, Kind::Share, dims, source))
}
const fn k1(id: &'static str) -> Measure {
    of("releases_12m", share(id, K1_DIMS, "DOMAIN.md 3.3"))
}
const fn service(id: &'static str) -> Measure {
    events(id, SERVICE_DIMS, "DOMAIN.md 3.1")
}
const fn served(id: &'static str) -> Measure {
    share(id, SERVICE_DIMS, "DOMAIN.md 3.2")
}
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
            &["grouping"],
            m(id, Unit::Ratio, Kind::Own, &["grouping"], "DOMAIN.md 2.3.9"),
        )
    }
}
/// Not about people.
const fn open(id: &'static str, unit: Unit, kind: Kind, dims: &'static [&'static str]) -> Measure {
    Measure {
        personal: false,
        ..time(m(id, unit, kind, dims, "DOMAIN.md 1.12"))
    }
}
const fn time(x: Measure) -> Measure {
    Measure {
        overlapping: TIME,
        ..x
    }
}
/// Nothing sums over these dimensions.
const fn apart(overlapping: &'static [&'static str], x: Measure) -> Measure {
    Measure { overlapping, ..x }
}
/// Its denominator is this count.
const fn of(denominator: &'static str, x: Measure) -> Measure {
    Measure { denominator, ..x }
}

/// Participants against others.
const fn compared(id: &'static str, unit: Unit, dims: &'static [&'static str]) -> Measure {
    apart(dims, m(id, unit, Kind::Own, dims, "DOMAIN.md 2.3.12"))
}
/// A statement about groups, not a count of people.
const fn about(x: Measure) -> Measure {
    Measure {
        personal: false,
        ..x
    }
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

/// Every measure, in the order of the methodology sheet.
pub const MEASURES: &[Measure] = &[
    // Population and flow.
    count("stock", STOCK_DIMS, "DOMAIN.md 1.2"),
    time(count(
        "stock_12m",
        &["calendar_month", "upt", "sex"],
        "DOMAIN.md 1.2",
    )),
    open("capacity", Unit::Places, Kind::Count, &["upt"]),
    m(
        "occupancy",
        Unit::Share,
        Kind::Ratio,
        &["upt"],
        "DOMAIN.md 4.3",
    ),
    count("adp", &["upt", "sex", "status"], "DOMAIN.md 3.2"),
    apart(
        &["movement"],
        events("flow", &["movement", "upt"], "DOMAIN.md 3.2"),
    ),
    events(
        "exits",
        &["exit_code", "upt", "sex", "district"],
        "DOMAIN.md 1.4",
    ),
    events(
        "exits_12m",
        &["exit_code", "upt", "sex", "district"],
        "DOMAIN.md 1.4",
    ),
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
    ),
    events("releases_12m", RELEASE_DIMS, "DOMAIN.md 1.4"),
    count(
        "due_release",
        &["sex", "district", "upt", "status"],
        "DOMAIN.md 4.2",
    ),
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
    ),
    time(count(
        "clients_12m",
        &["calendar_month", "bapas", "sex"],
        "DOMAIN.md 1.2",
    )),
    apart(
        &["movement"],
        events(
            "client_flow",
            &["movement", "supervision_kind", "bapas"],
            "DOMAIN.md 1.4",
        ),
    ),
    share(
        "supervision_completed_well",
        &["supervision_kind", "bapas"],
        "DOMAIN.md 3.2",
    ),
    apart(
        &["status6"],
        count("target_group", &["status6", "sex"], "DOMAIN.md 4.2"),
    ),
    events(
        "litmas_requested",
        &["litmas_kind", "bapas"],
        "DOMAIN.md 1.2",
    ),
    events(
        "litmas_completed",
        &["litmas_kind", "bapas"],
        "DOMAIN.md 1.2",
    ),
    events("litmas_backlog", &["litmas_kind", "bapas"], "DOMAIN.md 1.2"),
    m(
        "litmas_median_days",
        Unit::Days,
        Kind::Median,
        &["litmas_kind", "bapas"],
        "DOMAIN.md 1.2",
    ),
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
    ),
    events(
        "revocations",
        &["revocation_ground", "bapas", "calendar_month"],
        "DOMAIN.md 1.4",
    ),
    count("community_service_people", &["opd"], "DOMAIN.md 1.7"),
    m(
        "community_service_hours",
        Unit::Share,
        Kind::Ratio,
        &["opd"],
        "DOMAIN.md 1.7",
    ),
    // Return after release.
    of("cohort", share("return", RETURN_DIMS, "DOMAIN.md 2.2")),
    share("return_low", returns::DIMS, "DOMAIN.md 2.3.14"),
    share("return_excl_deaths", returns::DIMS, "DOMAIN.md 2.2"),
    events("return_deaths", returns::DIMS, "DOMAIN.md 2.2"),
    events("return_pseudo", returns::DIMS, "DOMAIN.md 2.2"),
    events("return_unknown_date", returns::DIMS, "DOMAIN.md 2.2"),
    returned(
        "return_change",
        Unit::ShareDifference,
        Kind::Change,
        "DOMAIN.md 2.3.13",
    ),
    returned(
        "return_per_reoffender",
        Unit::Ratio,
        Kind::Ratio,
        "DOMAIN.md 2.3.4",
    ),
    returned(
        "return_frequency",
        Unit::Ratio,
        Kind::Ratio,
        "DOMAIN.md 2.3.4",
    ),
    returned(
        "return_rate_py",
        Unit::Per100PersonYears,
        Kind::Rate,
        "DOMAIN.md 2.3.5",
    ),
    returned(
        "return_srr",
        Unit::Ratio,
        Kind::Standardised,
        "DOMAIN.md 2.3.10",
    ),
    returned("return_dsr", Unit::Share, Kind::Direct, "DOMAIN.md 2.3.10"),
    returned(
        "return_excess",
        Unit::ShareDifference,
        Kind::Excess,
        "DOMAIN.md 2.3.11",
    ),
    curve(
        "cif_new",
        Unit::Share,
        Kind::Incidence(1),
        "DOMAIN.md 2.3.8",
    ),
    curve(
        "cif_revoked",
        Unit::Share,
        Kind::Incidence(2),
        "DOMAIN.md 2.3.8",
    ),
    curve(
        "cif_death",
        Unit::Share,
        Kind::Incidence(3),
        "DOMAIN.md 2.3.8",
    ),
    curve("km_free", Unit::Share, Kind::Survival, "DOMAIN.md 2.3.6"),
    curve("na_hazard", Unit::Ratio, Kind::Hazard, "DOMAIN.md 2.3.7"),
    returned(
        "return_median",
        Unit::Days,
        Kind::Wait(50),
        "DOMAIN.md 2.3.7",
    ),
    returned(
        "return_rmst",
        Unit::Days,
        Kind::Restricted(12),
        "DOMAIN.md 2.3.7",
    ),
    test("return_log_rank"),
    test("return_gray"),
    apart(&["style"], share("styles", &["style"], "DOMAIN.md 2.1")),
    of(
        "stock",
        share("stock_prior_reported", STOCK_DIMS, "DOMAIN.md 1.5"),
    ),
    of(
        "stock",
        share("stock_prior_linked", STOCK_DIMS, "DOMAIN.md 1.5"),
    ),
    // Help before release.
    k1("k1_a1"),
    k1("k1_a2"),
    k1("k1_a3"),
    k1("k1_a4"),
    k1("k1_a1_upper"),
    of("", k1("k1_a1_excl_short")),
    m(
        "k1_change",
        Unit::ShareDifference,
        Kind::Change,
        &["sex", "district", "upt"],
        "DOMAIN.md 2.3.13",
    ),
    apart(
        &["need"],
        share(
            "prerelease_package",
            &["need", "upt", "sex", "district"],
            "DOMAIN.md 3.2",
        ),
    ),
    // Services as they run.
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
    served("service_enrolment"),
    of("ended_services", served("service_completion")),
    of("ended_services", served("service_dropout")),
    of("ended_services", served("service_left_moved")),
    of("ended_services", served("service_left_other")),
    m(
        "service_attendance",
        Unit::Share,
        Kind::Ratio,
        SERVICE_DIMS,
        "DOMAIN.md 3.2",
    ),
    service("service_no_plan"),
    events("service_dose", DOSE_DIMS, "DOMAIN.md 3.2"),
    m(
        "service_dose_share",
        Unit::Share,
        Kind::Ratio,
        DOSE_DIMS,
        "DOMAIN.md 3.2",
    ),
    m(
        "service_wait_median",
        Unit::Days,
        Kind::Wait(50),
        SERVICE_DIMS,
        "DOMAIN.md 3.2",
    ),
    m(
        "service_wait_p90",
        Unit::Days,
        Kind::Wait(90),
        SERVICE_DIMS,
        "DOMAIN.md 3.2",
    ),
    m(
        "service_reach",
        Unit::Share,
        Kind::Ratio,
        &["upt", "sex"],
        "DOMAIN.md 3.2",
    ),
    share(
        "service_reach_clients",
        &["bapas", "supervision_kind", "sex", "district"],
        "DOMAIN.md 3.2",
    ),
    Measure {
        personal: false,
        ..m(
            "pks_realisation",
            Unit::Share,
            Kind::Ratio,
            &["opd"],
            "DOMAIN.md 3.2",
        )
    },
    // Who could be served.
    apart(
        &["service_family"],
        share(
            "service_coverage",
            &["service_family", "district", "upt", "sex"],
            "DOMAIN.md 3.2",
        ),
    ),
    apart(
        &["stage", "service_family"],
        count("funnel", &["stage", "service_family"], "DOMAIN.md 4.2"),
    ),
    apart(
        &["service_target"],
        count("target_eligible", TARGET_DIMS, "DOMAIN.md 3.2"),
    ),
    apart(
        &["service_target"],
        count("target_unknown", TARGET_DIMS, "DOMAIN.md 3.2"),
    ),
    apart(
        &["service_target"],
        of(
            "target_eligible",
            share("target_coverage", TARGET_DIMS, "DOMAIN.md 3.2"),
        ),
    ),
    apart(
        &["service_target"],
        count("target_outside", TARGET_DIMS, "DOMAIN.md 3.2"),
    ),
    apart(
        &["document", "document_state"],
        count(
            "documents",
            &["document", "document_state"],
            "DOMAIN.md 3.2",
        ),
    ),
    apart(
        &["document"],
        share(
            "documents_obtained",
            &["document", "sex", "district", "upt"],
            "DOMAIN.md 4.2",
        ),
    ),
    apart(
        &["document"],
        share(
            "documents_of_referred",
            &["document", "sex", "district", "upt"],
            "DOMAIN.md 3.2",
        ),
    ),
    // What became of people.
    apart(
        &["service_family"],
        share(
            "continuity_90",
            &["service_family", "sex", "upt", "district"],
            "DOMAIN.md 3.2",
        ),
    ),
    apart(
        &["horizon"],
        share("outcome_work", OUTCOME_DIMS, "DOMAIN.md 3.2"),
    ),
    apart(
        &["horizon"],
        share("outcome_employed", OUTCOME_DIMS, "DOMAIN.md 3.2"),
    ),
    apart(
        &["horizon"],
        share("outcome_business", OUTCOME_DIMS, "DOMAIN.md 3.2"),
    ),
    apart(
        &["horizon"],
        share("outcome_work_lower", OUTCOME_DIMS, "DOMAIN.md 3.2"),
    ),
    apart(
        &["horizon"],
        share("outcome_unknown", OUTCOME_DIMS, "DOMAIN.md 3.2"),
    ),
    share(
        "business_started",
        &["opd", "service_kind", "sex", "district"],
        "DOMAIN.md 3.2",
    ),
    count("waiting_over_30", &["opd"], "DOMAIN.md 4.2"),
    m(
        "waiting_longest",
        Unit::Days,
        Kind::Longest,
        &["opd"],
        "DOMAIN.md 4.2",
    ),
    count("children_services", &[], "DOMAIN.md 4.2"),
    // Participation and return.
    apart(
        &["programme"],
        share("compare_return", &["programme", "arm"], "DOMAIN.md 2.3.12"),
    ),
    compared("compare_rr", Unit::Ratio, &["programme"]),
    compared("compare_rd", Unit::ShareDifference, &["programme"]),
    about(compared("compare_strata", Unit::Events, &["programme"])),
    about(compared("compare_smd", Unit::Ratio, &["programme"])),
    about(compared(
        "compare_verdict",
        Unit::Events,
        &["programme", "verdict"],
    )),
    compared("compare_log_rank", Unit::Ratio, &["programme"]),
    raw_curve("km_free_participants"),
    raw_curve("km_free_others"),
    compared(
        "compare_matching",
        Unit::Persons,
        &["programme", "match_stage"],
    ),
    compared("compare_matched_return", Unit::Share, &["programme", "arm"]),
    compared("compare_matched_rd", Unit::ShareDifference, &["programme"]),
    compared("compare_matched_p", Unit::Ratio, &["programme"]),
    about(compared(
        "compare_matched_verdict",
        Unit::Events,
        &["programme", "verdict"],
    )),
    balance("compare_balance_before"),
    balance("compare_balance_strata"),
    balance("compare_balance_matched"),
    // How good the input is.
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
            numerator_adds: x.kind.is_sum(),
            denominator_adds: x.kind == Kind::Share,
            not_additive_over: x.overlapping.iter().map(|d| Text::from(*d)).collect(),
            denominator_is: (!x.denominator.is_empty()).then(|| x.denominator.into()),
            numerator_is: (x.id == "occupancy").then(|| "stock".into()),
            period: period(x),
        })
        .collect()
}

fn period(m: &Measure) -> Period {
    let cohort = m.source.starts_with("DOMAIN.md 2.") && m.id != "styles";
    if cohort {
        Period::Cohort
    } else if m.id == "due_release" {
        Period::Ahead
    } else {
        Period::Past
    }
}

/// Categories in which only children are counted, or people of one village: the higher threshold holds
/// (DOMAIN.md 2.5). A unit is a children's unit by its kind, a class when all its prisons are.
pub fn children_categories(units: &UptRegistry) -> Vec<(Text, Text)> {
    let mut out: Vec<(Text, Text)> = [
        ("status", "child"),
        ("status6", "child"),
        ("age_group", "under_18"),
        ("register_class", "ANAK"),
        ("document", "kia"),
        ("supervision_kind", "anak_lainnya"),
        ("supervision_kind", "diversi"),
        ("litmas_kind", "sidang_anak"),
    ]
    .map(|(d, c)| (Text::const_new(d), Text::const_new(c)))
    .to_vec();
    let ours = |class: &str| {
        units
            .prisons()
            .filter(|(_, u)| u.class == class)
            .all(|(_, u)| u.kind == UptKind::Lpka)
    };
    for (_, u) in units.prisons().filter(|(_, u)| u.kind == UptKind::Lpka) {
        out.push(("upt".into(), u.id.as_str().into()));
        if ours(&u.class) {
            out.push(("upt_class".into(), u.class.as_str().into()));
        }
    }
    out.sort();
    out.dedup();
    out
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
