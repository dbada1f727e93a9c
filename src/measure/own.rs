//! Measures that neither sum nor reduce one group: tests between groups, matched comparisons.

use super::facts::{Facts, Row};
use super::people::Context;
use super::prerelease::before;
use super::returns::{followed_since, headline, stratum};
use super::stats::{self, CompetingObs, Interval, Obs, Table2x2};
use crate::domain::Text;
use crate::domain::service::ServiceFamily;
use crate::history::Release;
use std::collections::BTreeMap;

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
    by: &[Text],
    ambon: bool,
) -> Option<(&'static str, Option<u16>, Vec<Value>)> {
    let _ = by;
    let w = c.input.settings.definitions.headline_window;
    Some(match measure {
        "return_log_rank" => ("P1.person.v1", Some(60), tests(c, ambon, false)),
        "return_gray" => ("P1.person.v1", Some(60), tests(c, ambon, true)),
        "compare_rr" => ("P1.person.v1", Some(w), matched(c, ambon, w, true)),
        "compare_rd" => ("P1.person.v1", Some(w), matched(c, ambon, w, false)),
        _ => return None,
    })
}

/// Characteristics whose curves are compared.
const GROUPINGS: &[&str] = &[
    "sex",
    "age_group",
    "offence_group",
    "exit_code",
    "sentence_band",
    "prior_custody",
];
/// Smaller groups take no part in a test.
const SMALLEST: usize = 10;

/// Do curves of return differ between the groups of a characteristic? χ², degrees of freedom, p: the log-rank test of
/// the cause-specific hazards, or Gray's test of the incidences (DOMAIN.md 2.3.9).
fn tests(c: &Context, ambon: bool, of_incidence: bool) -> Vec<Value> {
    let f = followed_since(c);
    GROUPINGS
        .iter()
        .map(|d| {
            let groups: Vec<Vec<CompetingObs>> = f
                .groups(&[Text::from(*d)], ambon)
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
                categories: vec![Text::const_new(d)],
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

fn ours(c: &Context, r: &Release, ambon: bool) -> bool {
    !ambon || c.ambon(r.person)
}

/// The headline cohort by pre-release participation in a family: raw rates of both arms, fixed before release.
pub fn compare<'a>(c: &Context<'a>) -> Facts<'a> {
    let w = c.input.settings.definitions.headline_window;
    let mut f = c.facts("P1.person.v1", Some(w), &["programme", "arm"]);
    for r in headline(c, w) {
        for family in COMPARED {
            let arm = if took_part(c, r, *family) {
                "participants"
            } else {
                "others"
            };
            f.push(
                Row::part(c.ambon(r.person), r.p1(w), &c.episode(r).sources),
                &[Text::const_new(family.id()), Text::const_new(arm)],
            );
        }
    }
    f
}

/// Participation is fixed before release: who stays out longer has no more time to join.
pub fn took_part(c: &Context, r: &Release, family: ServiceFamily) -> bool {
    let e = &c.h().episodes[r.episode];
    c.services_of(r.person)
        .iter()
        .any(|s| s.kind.family() == family && before(s, e.start, r.t0))
}

/// Families that are compared.
pub const COMPARED: &[ServiceFamily] = super::eligible::FAMILIES;

/// Age band, earlier stays, sex.
type StratumKey = (u8, u32, Text);

/// Participants against others over coarse strata (age × prior stays × sex); refused below 30 participants or when
/// the groups stay unlike each other (DOMAIN.md 2.3.12).
fn matched(c: &Context, ambon: bool, w: u16, ratio: bool) -> Vec<Value> {
    let all: Vec<&Release> = headline(c, w)
        .into_iter()
        .filter(|r| ours(c, r, ambon))
        .collect();
    COMPARED
        .iter()
        .map(|family| {
            let mut strata: BTreeMap<StratumKey, Table2x2> = BTreeMap::new();
            let members: Vec<(&Release, StratumKey, bool)> = all
                .iter()
                .map(|r| {
                    let (age, prior) = stratum(c, r);
                    (*r, (age, prior, c.sex(r.person)), took_part(c, r, *family))
                })
                .collect();
            for (r, key, took) in &members {
                let s = strata.entry(key.clone()).or_default();
                let hit = f64::from(u8::from(r.p1(w)));
                if *took {
                    (s.a, s.n1) = (s.a + hit, s.n1 + 1.0);
                } else {
                    (s.c, s.n0) = (s.c + hit, s.n0 + 1.0);
                }
            }
            let tables: Vec<Table2x2> = strata.values().copied().collect();
            let mh = stats::mantel_haenszel(&tables);
            let n1: f64 = tables.iter().filter(|t| t.n0 > 0.0).map(|t| t.n1).sum();
            let unlike = imbalance(c, &members, &strata) > 0.10;
            let result = if ratio { mh.rr } else { mh.rd };
            let refused = n1 < 30.0 || unlike || result.is_none();
            Value {
                categories: vec![Text::const_new(family.id())],
                numerator: Some(n1),
                denominator: Some(tables.iter().filter(|t| t.n1 > 0.0).map(|t| t.n0).sum()),
                estimate: result.map(|(x, _)| x).filter(|_| !refused),
                interval: result.map(|(_, i)| i).filter(|_| !refused),
                refused,
            }
        })
        .collect()
}

/// Largest absolute standardised mean difference of age, earlier stays and sentence between participants and the
/// others, who are weighted to the participants' strata; strata without both groups are left out. Infinite when
/// nobody is left. Within coarse strata the groups can still differ: that is what this looks for.
fn imbalance(
    c: &Context,
    members: &[(&Release, StratumKey, bool)],
    strata: &BTreeMap<StratumKey, Table2x2>,
) -> f64 {
    let covariates: [fn(&Context, &Release) -> Option<f64>; 3] = [
        |c, r| {
            c.h()
                .person(r.person)
                .birth
                .map(|b| f64::from(crate::domain::date::age_on(b, r.t0)))
        },
        |_, r| Some(f64::from(r.prior)),
        |c, r| c.h().episodes[r.episode].sentence_days.map(f64::from),
    ];
    let mut worst = 0.0f64;
    for x in covariates {
        // Per group: Σw, Σwx, Σwx².
        let mut sums = [[0.0f64; 3]; 2];
        for (r, key, took) in members {
            let Some(t) = strata.get(key).filter(|t| t.n1 > 0.0 && t.n0 > 0.0) else {
                continue;
            };
            let Some(v) = x(c, r) else { continue };
            let w = if *took { 1.0 } else { t.n1 / t.n0 };
            let s = &mut sums[usize::from(*took)];
            *s = [s[0] + w, s[1] + w * v, s[2] + w * v * v];
        }
        if sums.iter().any(|s| s[0] <= 0.0) {
            return f64::INFINITY;
        }
        let [other, own] =
            sums.map(|s| (s[1] / s[0], (s[2] / s[0] - (s[1] / s[0]).powi(2)).max(0.0)));
        let d = stats::smd(own.0, own.1, other.0, other.1).unwrap_or(f64::INFINITY);
        worst = worst.max(d.abs());
    }
    worst
}
