//! Measures that neither sum nor reduce one group: tests between groups, matched comparisons.

use super::people::Context;
use super::stats::{self, CompetingObs, Interval, Obs};
use super::{change, comparison, outlook, programme};
use crate::domain::Dimension as D;
use crate::domain::Text;
use crate::domain::change::ChangeOf;

/// One number of an own measure.
#[derive(Debug, Clone, Default)]
pub struct Value {
    /// Categories in the order of the dimensions asked for; none for the total.
    pub categories: Vec<Text>,
    /// Count behind it.
    pub numerator: Option<f64>,
    /// Size behind it.
    pub denominator: Option<f64>,
    /// The number.
    pub estimate: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// It must not be shown as an effect.
    pub refused: bool,
}

/// Values of an own measure by at most one dimension (the total comes first), with definition and window.
pub fn values(
    c: &Context,
    measure: &str,
    by: &[D],
    ambon: bool,
) -> Option<(&'static str, Option<u16>, Vec<Value>)> {
    let w = c.input.settings.definitions.headline_window;
    if measure == "pks_forecast" {
        let months = c.month().month() as u16;
        return Some(("v1", Some(months), programme::forecast(c, ambon)));
    }
    if let Some(values) = outlook::values(c, measure, ambon) {
        return Some(("v1", None, values));
    }
    if let Some((of, values)) = change::values(c, measure, ambon) {
        let (definition, window) = match of {
            ChangeOf::Stock | ChangeOf::Clients => ("v1", None),
            ChangeOf::Helped | ChangeOf::Completion => ("v1", Some(12)),
            ChangeOf::Return => ("P1.person.v1", Some(w)),
        };
        return Some((definition, window, values));
    }
    Some(match measure {
        "return_log_rank" => ("P1.person.v1", Some(60), tests(c, ambon, false)),
        "return_gray" => ("P1.person.v1", Some(60), tests(c, ambon, true)),
        _ => (
            "P1.person.v1",
            Some(w),
            comparison::values(c, measure, by, ambon)?,
        ),
    })
}

/// Characteristics whose curves are compared.
const GROUPINGS: &[D] = &[
    D::Sex,
    D::AgeGroup,
    D::OffenceGroup,
    D::ExitCode,
    D::SentenceBand,
    D::PriorCustody,
];
/// Smaller groups take no part in a test.
const SMALLEST: usize = 10;

/// Do curves of return differ between the groups of a characteristic? χ², degrees of freedom, p: the log-rank test of
/// the cause-specific hazards, or Gray's test of the incidences (docs/definitions.md 5).
fn tests(c: &Context, ambon: bool, of_incidence: bool) -> Vec<Value> {
    let f = c.followed();
    GROUPINGS
        .iter()
        .map(|d| {
            let groups: Vec<Vec<CompetingObs>> = f
                .groups(&[*d], ambon)
                .into_iter()
                .filter(|(k, rows)| k[0] != "unknown" && rows.len() >= SMALLEST)
                .map(|(_, rows)| {
                    let obs = rows.into_iter().map(|i| f.row(i)).map(|r| CompetingObs {
                        entry: 0.0,
                        time: r.value,
                        cause: u32::from(r.mark),
                    });
                    obs.collect()
                })
                .collect();
            let test = match groups.len() {
                0 | 1 => None,
                _ if of_incidence => stats::gray(&groups, 1),
                _ => stats::log_rank(&specific(&groups), 0.0),
            };
            Value {
                categories: vec![Text::const_new(d.id())],
                numerator: test.as_ref().map(|t| t.chi2),
                denominator: test.as_ref().map(|t| t.df as f64),
                estimate: test.as_ref().map(|t| t.p),
                interval: None,
                refused: test.is_none(),
            }
        })
        .collect()
}

/// A new case is the event; whatever else ends the time censors it.
fn specific(groups: &[Vec<CompetingObs>]) -> Vec<Vec<Obs>> {
    let obs = |o: &CompetingObs| Obs {
        entry: o.entry,
        time: o.time,
        event: o.cause == 1,
    };
    groups.iter().map(|g| g.iter().map(obs).collect()).collect()
}
