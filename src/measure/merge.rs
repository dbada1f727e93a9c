//! Categories put together by settings: an alternative to hiding them (Hundepool et al. 2012, 4.2.1, table redesign).
//! Counts and shares are added and judged anew; a median or a curve of two groups is not that of both, so it goes.

use super::numbers::fill;
use super::registry::{Kind, Measure, find};
use crate::domain::figure::{Figure, FigureKey};
use crate::domain::{Dimension, Status, Text};
use crate::workspace::Merge;
use std::collections::BTreeMap;

/// What becomes of a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// It stays.
    Same,
    /// It is part of another.
    Into(Text),
    /// Its figures go.
    Gone,
}

/// Figures with the categories of the settings put together, in the order of the figures.
pub fn merged(figures: Vec<Figure>, merges: &[Merge]) -> Vec<Figure> {
    if merges.is_empty() {
        return figures;
    }
    put_together(figures, |_, (d, c)| {
        let found = merges.iter().find(|m| {
            let here = |x: &String| *c == x.as_str();
            m.dimension == d.id() && (m.categories.iter().any(here) || here(&m.into))
        });
        found.map_or(Put::Same, |m| Put::Into(m.into.as_str().into()))
    })
}

/// Whether the figures of a measure can be added over categories. Who stands behind a sum of amounts is not known of the
/// merged one.
pub fn can_be_put_together(measure: &str) -> bool {
    let sums = |m: &Measure| m.kind.is_sum() && m.kind != Kind::Standardised && !m.amounts;
    find(measure).is_some_and(sums)
}

/// Figures with categories put together, in the order of the figures. What has no sum is not computed for those put
/// together.
pub fn put_together(
    figures: Vec<Figure>,
    into: impl Fn(&Figure, (Dimension, &Text)) -> Put,
) -> Vec<Figure> {
    let mut out: Vec<Figure> = Vec::with_capacity(figures.len());
    let mut place: BTreeMap<FigureKey, usize> = BTreeMap::new();
    for mut f in figures {
        let of = |dim: &(Text, Text)| match Dimension::from_id(&dim.0) {
            Some(d) => into(&f, (d, &dim.1)),
            None => Put::Same,
        };
        let to = [of(&f.dim1), of(&f.dim2)];
        if to == [Put::Same, Put::Same] {
            out.push(f);
            continue;
        }
        if to.contains(&Put::Gone) {
            continue;
        }
        let [one, two] = to;
        for (to, at) in [(one, &mut f.dim1), (two, &mut f.dim2)] {
            if let Put::Into(c) = to {
                at.1 = c;
            }
        }
        let sums = can_be_put_together(&f.measure);
        if !sums {
            (f.numerator, f.denominator, f.estimate) = (None, None, None);
            (f.ci_low, f.ci_high, f.status) = (None, None, Status::NotApplicable);
        }
        match place.get(&f.key()) {
            None => {
                place.insert(f.key(), out.len());
                out.push(f);
            }
            Some(&i) => add(&mut out[i], &f),
        }
    }
    for i in place.into_values() {
        judge(&mut out[i]);
    }
    out
}

/// Adds one figure's numbers to another's; nothing delivered adds nothing.
fn add(sum: &mut Figure, f: &Figure) {
    let plus = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    };
    sum.numerator = plus(sum.numerator, f.numerator);
    sum.denominator = plus(sum.denominator, f.denominator);
    let without = [Status::NotApplicable, Status::NotDelivered];
    if !without.contains(&f.status) && without.contains(&sum.status) {
        sum.status = f.status;
    }
}

/// Estimate, interval and status of the sum.
fn judge(f: &mut Figure) {
    let (Some(m), Some(k)) = (find(&f.measure), f.numerator) else {
        return;
    };
    (f.estimate, f.ci_low, f.ci_high) = (None, None, None);
    if !f.is_hidden() && f.status != Status::IncompleteFollowUp {
        f.status = Status::Ok;
        fill(f, m, k, f.denominator.unwrap_or_default(), 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Month, Population, Unit};

    fn figure(measure: &str, unit: Unit, group: &str, k: f64, n: Option<f64>) -> Figure {
        Figure {
            month: Month::new(2026, 1).unwrap(),
            measure: measure.into(),
            definition: "v1".into(),
            population: Population::Maluku,
            dim1: ("offence_group".into(), group.into()),
            dim2: Default::default(),
            window_months: None,
            numerator: Some(k),
            denominator: n,
            estimate: Some(n.map_or(k, |n| k / n)),
            ci_low: None,
            ci_high: None,
            unit,
            status: Status::Ok,
        }
    }

    #[test]
    fn merged_categories_are_added_judged_anew_and_stand_once() {
        let merge = Merge {
            dimension: "offence_group".into(),
            categories: vec!["gambling".into(), "weapons".into()],
            into: "other".into(),
        };
        let share = |g, k, n| figure("stock_prior_linked", Unit::Share, g, k, Some(n));
        let figures = vec![
            figure("stock", Unit::Persons, "gambling", 3.0, None),
            figure("stock", Unit::Persons, "theft", 40.0, None),
            figure("stock", Unit::Persons, "weapons", 2.0, None),
            figure("stock", Unit::Persons, "other", 7.0, None),
            share("gambling", 2.0, 20.0),
            share("weapons", 4.0, 30.0),
            figure("litmas_median_days", Unit::Days, "weapons", 9.0, None),
        ];
        let out = merged(figures.clone(), std::slice::from_ref(&merge));
        let short: Vec<(&str, &str, Option<f64>, Option<f64>)> = (out.iter())
            .map(|f| {
                (
                    f.measure.as_str(),
                    f.dim1.1.as_str(),
                    f.numerator,
                    f.estimate,
                )
            })
            .collect();
        // A median of two groups is not that of both: it is not computed.
        assert_eq!(
            short,
            [
                ("stock", "other", Some(12.0), Some(12.0)),
                ("stock", "theft", Some(40.0), Some(40.0)),
                ("stock_prior_linked", "other", Some(6.0), Some(0.12)),
                ("litmas_median_days", "other", None, None),
            ]
        );
        assert_eq!(out[3].status, Status::NotApplicable);
        assert!(out[2].ci_low.is_some_and(|low| low > 0.0 && low < 0.12));
        assert_eq!(merged(figures.clone(), &[]), figures);
    }
}
