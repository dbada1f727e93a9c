//! When two reports show the same count: its name, the time it covers, its categories, freed of how a table calls it.
//!
//! The opening stock of one month is the closing stock of the last; the clients of a status table are the clients of
//! the table by kind; a month's total is that month's row in the table of the year. Two counts with one name *and* one
//! value are one cell; with different values they are left apart (different rules of counting, late files).

use crate::domain::figure::{Figure, Period, Shape};
use crate::domain::{Dimension, Month, Population, Text};

/// Which number of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Numerator, or the count itself.
    Numerator,
    /// Denominator.
    Denominator,
}

/// The time a count covers: its last month and how many months (0: the state at the month's end).
pub type Span = (Month, u16);

/// Sorted (dimension, category) pairs.
pub type Coordinates = Vec<(Text, Text)>;

/// What tells one count from another, whatever report shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// What is counted.
    pub of: Text,
    /// Under which definition; empty where the count is the same under all.
    pub definition: Text,
    /// Of whom.
    pub population: Population,
    /// Follow-up in months.
    pub follow_up: Option<u16>,
    /// Categories without those of time.
    pub at: Coordinates,
    /// The time.
    pub span: Span,
}

/// Categories of one dimension that another table shows as a count of its own:
/// (measure, part, dimension, category, that count, its own category).
type Alias = (
    &'static str,
    Part,
    &'static str,
    &'static str,
    &'static str,
    Option<(&'static str, &'static str)>,
);
use Part::{Denominator, Numerator};
const ALIASES: &[Alias] = &[
    ("flow", Numerator, "movement", "closing", "stock", None),
    ("flow", Numerator, "movement", "opening", "stock", None),
    ("flow", Numerator, "movement", "release", "releases", None),
    (
        "client_flow",
        Numerator,
        "movement",
        "end_stock",
        "client_spells",
        None,
    ),
    (
        "client_flow",
        Numerator,
        "movement",
        "start_stock",
        "client_spells",
        None,
    ),
    (
        "target_group",
        Numerator,
        "status6",
        "child",
        "stock",
        Some(("status", "child")),
    ),
    (
        "target_group",
        Numerator,
        "status6",
        "sentenced",
        "stock",
        Some(("status", "sentenced")),
    ),
    (
        "target_group",
        Numerator,
        "status6",
        "remand",
        "stock",
        Some(("status", "remand")),
    ),
    (
        "target_group",
        Numerator,
        "status6",
        "client_PB",
        "clients",
        Some(("supervision_kind", "PB")),
    ),
    (
        "target_group",
        Numerator,
        "status6",
        "client_CB",
        "clients",
        Some(("supervision_kind", "CB")),
    ),
    (
        "target_group",
        Numerator,
        "status6",
        "client_CMB",
        "clients",
        Some(("supervision_kind", "CMB")),
    ),
    (
        "flow",
        Numerator,
        "movement",
        "transfer_out",
        "exits",
        Some(("exit_code", "PDH")),
    ),
    (
        "flow",
        Numerator,
        "movement",
        "death",
        "exits",
        Some(("exit_code", "MGL")),
    ),
    (
        "flow",
        Numerator,
        "movement",
        "escape",
        "exits",
        Some(("exit_code", "LRI")),
    ),
    (
        "documents",
        Numerator,
        "document_state",
        "needed",
        "documents_obtained/n",
        None,
    ),
    (
        "documents",
        Numerator,
        "document_state",
        "issued",
        "documents_obtained",
        None,
    ),
    (
        "documents",
        Numerator,
        "document_state",
        "referred",
        "documents_of_referred/n",
        None,
    ),
    (
        "funnel",
        Numerator,
        "stage",
        "eligible",
        "service_coverage/n",
        None,
    ),
    (
        "funnel",
        Numerator,
        "stage",
        "started",
        "service_coverage",
        None,
    ),
    (
        "styles",
        Numerator,
        "style",
        "r2_stock",
        "stock_prior_linked",
        None,
    ),
    (
        "styles",
        Numerator,
        "style",
        "r1_reported",
        "stock_prior_reported",
        None,
    ),
    ("styles", Denominator, "style", "r2_stock", "stock", None),
    ("styles", Denominator, "style", "r1_reported", "stock", None),
    ("styles", Numerator, "style", "r3_p1_person", "return", None),
    (
        "styles",
        Denominator,
        "style",
        "r3_p1_person",
        "cohort",
        None,
    ),
];

/// Counts that are another measure's under another name.
const RENAMED: &[(&str, Part, &str)] = &[
    ("service_enrolment", Denominator, "service_referred"),
    ("return_per_reoffender", Denominator, "return"),
    ("return_rate_py", Numerator, "return"),
    ("return_srr", Numerator, "return"),
    ("return_low", Denominator, "cohort"),
    ("outcome_work_lower", Numerator, "outcome_work"),
    ("outcome_work_lower", Denominator, "outcome_unknown/n"),
    ("outcome_employed", Denominator, "outcome_work/n"),
    ("outcome_business", Denominator, "outcome_work/n"),
    ("service_reach_clients", Denominator, "clients"),
    ("occupancy", Numerator, "stock"),
];

/// Dimensions that a figure has, sorted.
pub fn coordinates(f: &Figure) -> Coordinates {
    let mut at: Coordinates = [&f.dim1, &f.dim2]
        .into_iter()
        .filter(|d| !d.0.is_empty())
        .cloned()
        .collect();
    at.sort();
    at
}

/// The name of a number of a figure; `anchor` is the last month whose cohorts are complete.
pub fn name(f: &Figure, shape: &Shape, part: Part, anchor: Month) -> Name {
    let mut at = coordinates(f);
    let mut span = own_span(f, shape, anchor);
    at.retain(|(d, c)| match time_of(d, c, f.window_months) {
        Some(s) => {
            span = s;
            false
        }
        None => true,
    });
    let declared = match part {
        Numerator => shape.numerator_is.clone(),
        Denominator => shape.denominator_is.clone(),
    };
    let renamed = RENAMED
        .iter()
        .find(|(m, p, _)| f.measure == *m && *p == part)
        .map(|(.., n)| Text::const_new(n));
    let mut of = renamed.or(declared).unwrap_or_else(|| match part {
        Numerator => f.measure.clone(),
        Denominator => Text::from(format!("{}/n", f.measure)),
    });
    let alias = ALIASES.iter().find(|(m, p, d, c, ..)| {
        f.measure == *m && *p == part && at.iter().any(|(x, y)| x == d && y == c)
    });
    if let Some((_, _, d, c, name, own)) = alias {
        at.retain(|(x, _)| x != d);
        at.extend(own.map(|(d, c)| (Text::const_new(d), Text::const_new(c))));
        at.sort();
        of = Text::const_new(name);
        if matches!(*c, "closing" | "opening" | "end_stock" | "start_stock") {
            let back = i32::from(matches!(*c, "opening" | "start_stock"));
            span = (f.month.plus(-back), 0);
        }
        if *d == "style" {
            span = match *name {
                "return" | "cohort" => (anchor.plus(-12), 12),
                _ => (f.month, 0),
            };
        }
    }
    if let Some(base) = of.strip_suffix("_12m") {
        of = Text::from(base);
    }
    // Releases of a kind are the exits of that kind.
    if of == "releases" && at.iter().any(|(d, _)| d == "exit_code") {
        of = Text::const_new("exits");
    }
    // A cohort of calendar time is the same under every window it is followed for.
    let followed = of != "cohort";
    let cohort = alias.is_some_and(|a| matches!(a.4, "return" | "cohort"));
    Name {
        definition: match shape.period {
            Period::Cohort => f.definition.clone(),
            _ if cohort => Text::const_new("P1.person.v1"),
            _ => Text::default(),
        },
        of,
        population: f.population,
        follow_up: match shape.period {
            Period::Cohort | Period::Ahead => f.window_months.filter(|_| followed),
            _ => (cohort && followed).then_some(12),
        },
        at,
        span,
    }
}

fn own_span(f: &Figure, shape: &Shape, anchor: Month) -> Span {
    match (shape.period, f.window_months) {
        (Period::Past, Some(w)) => (f.month, w),
        (Period::Cohort, Some(w)) => (anchor.plus(-i32::from(w)), 12),
        _ => (f.month, 0),
    }
}

/// The time a category of time means.
fn time_of(dimension: &str, category: &str, follow_up: Option<u16>) -> Option<Span> {
    Dimension::from_id(dimension)?.span(category, follow_up)
}

/// The last month whose cohorts are complete: the latest rolling row, else the report's month.
pub fn anchor(figures: &[&Figure], month: Month) -> Month {
    let rows = figures
        .iter()
        .filter_map(|f| f.category(Dimension::EndedMonth));
    rows.filter_map(|c| c.parse::<Month>().ok())
        .max()
        .unwrap_or(month)
}
