//! Names of categories.

use crate::domain::coarser::JOINED;
use crate::domain::opd::opd_name;
use crate::domain::upt::UptRegistry;
use crate::domain::{Dimension, Month, Text};
use crate::locale::{self, Lang};

/// Categories of a dimension that are always shown; none for an id that is no dimension's.
pub fn categories(dimension: &str, units: &UptRegistry, month: Month) -> Vec<Text> {
    let known = Dimension::from_id(dimension);
    known.map_or_else(Vec::new, |d| d.categories(units, month))
}

/// Report order of categories that are not closed lists.
pub fn category_order(dimension: &str, category: &str, units: &UptRegistry) -> (usize, String) {
    let known = Dimension::from_id(dimension);
    known.map_or_else(|| (0, category.to_owned()), |d| d.order(category, units))
}

/// The name of a category in a language.
pub fn category_label(lang: Lang, dimension: &str, category: &str, units: &UptRegistry) -> String {
    if category.is_empty() {
        return locale::text(lang, "measure.total").to_owned();
    }
    if category == JOINED {
        return locale::text(lang, "measure.joined").to_owned();
    }
    let unit = |id: &str| units.by_id(id).map(|u| units.info(u).name.clone());
    use Dimension::*;
    let Some(of) = Dimension::from_id(dimension) else {
        return category.to_owned();
    };
    match of {
        Upt | Bapas => {
            unit(category).unwrap_or_else(|| locale::text(lang, "measure.unknown").to_owned())
        }
        // An agency bears its own name; where a language has one for it, both.
        Opd | Source => {
            let said = |d: Dimension| locale::try_text(lang, &format!("category.{d}.{category}"));
            unit(category)
                .or_else(|| said(Opd).or_else(|| said(Source)).map(str::to_owned))
                .or_else(|| opd_name(category).map(str::to_owned))
                .unwrap_or_else(|| category.to_owned())
        }
        ReleaseMonth | CalendarMonth | EndedMonth => category.parse::<Month>().map_or_else(
            |_| match category.split_once("-Q") {
                Some((year, q)) => {
                    locale::format(lang, "measure.quarter", &[("q", q), ("year", year)])
                }
                None => category.to_owned(),
            },
            |m| {
                let name: String = locale::text(lang, &format!("domain.month.{}", m.month()))
                    .chars()
                    .take(3)
                    .collect();
                format!("{name} {}", m.year())
            },
        ),
        CohortQuarter | CohortYear | MonthsSinceRelease | UptClass => {
            category.trim_start_matches('0').to_owned() + if category == "00" { "0" } else { "" }
        }
        _ => {
            // The categories of some dimensions are those of another, or dimensions themselves.
            let dimension = match of {
                Programme => ServiceFamily.id(),
                Covariate if category.starts_with("offence_") => {
                    let group = category.trim_start_matches("offence_");
                    return category_label(lang, OffenceGroup.id(), group, units);
                }
                Grouping => {
                    return locale::text(lang, &format!("dimension.{category}")).to_owned();
                }
                other => other.id(),
            };
            let key = format!("category.{dimension}.{category}");
            locale::try_text(lang, &key).map_or_else(
                || {
                    locale::try_text(lang, &format!("category.any.{category}"))
                        .unwrap_or(category)
                        .to_owned()
                },
                str::to_owned,
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::MEASURES;
    use super::*;

    #[test]
    fn every_measure_dimension_and_closed_category_has_its_words() {
        let units = UptRegistry::maluku(&[]);
        let month = Month::of(chrono::NaiveDate::MIN);
        for lang in [Lang::Id, Lang::En] {
            for m in MEASURES {
                for k in ["title", "definition"] {
                    let key = format!("measure.{}.{k}", m.id);
                    assert!(locale::try_text(lang, &key).is_some(), "{key}");
                }
                for d in m.dims {
                    let key = format!("dimension.{d}");
                    assert!(locale::try_text(lang, &key).is_some(), "{key}");
                    for k in d.categories(&units, month) {
                        let label = category_label(lang, d.id(), &k, &units);
                        let named = label != k || d.is_time() || *d == Dimension::RegisterClass;
                        assert!(named, "{d} {k}");
                    }
                }
            }
        }
    }
}
