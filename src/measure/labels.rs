//! Categories of every dimension, in report order, and their names.

use crate::domain::offence::OffenceGroup;
use crate::domain::opd::{OPDS, opd_name};
use crate::domain::region::DISTRICTS;
use crate::domain::supervision::{LitmasKind, SupervisionKind};
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, RegisterClass, Text};
use crate::locale::{self, Lang};

/// Categories that are always shown, even with nobody in them; empty for open lists.
pub fn categories(dimension: &str, units: &UptRegistry, month: Month) -> Vec<Text> {
    let list = |ids: &[&'static str]| ids.iter().map(|s| Text::const_new(s)).collect();
    match dimension {
        "upt" => units
            .prisons()
            .map(|(_, u)| Text::from(u.id.as_str()))
            .collect(),
        "bapas" => units
            .bapas()
            .map(|(_, u)| Text::from(u.id.as_str()))
            .collect(),
        "sex" => list(&["male", "female"]),
        "age_group" => list(&["under_18", "18_24", "25_34", "35_44", "45_59", "60_plus"]),
        "register_class" => RegisterClass::ALL
            .iter()
            .map(|c| Text::const_new(c.id()))
            .collect(),
        "offence_group" => OffenceGroup::ALL
            .iter()
            .map(|c| Text::const_new(c.id()))
            .collect(),
        "status" => list(&["remand", "sentenced", "child"]),
        "status6" => list(&[
            "remand",
            "sentenced",
            "child",
            "inside_unknown",
            "client_PB",
            "client_CB",
            "client_CMB",
            "client_other",
        ]),
        "district" => DISTRICTS
            .iter()
            .map(|(_, id, _)| Text::const_new(id))
            .chain([Text::const_new("unknown")])
            .collect(),
        "in_ambon" => list(&["yes", "no", "unknown"]),
        "prior_custody" => list(&["0", "1", "2_plus"]),
        "sentence_band" => list(&[
            "le_3m",
            "3_12m",
            "1_3y",
            "3_5y",
            "5_10y",
            "gt_10y",
            "life_death",
            "unknown",
        ]),
        "supervision_kind" => SupervisionKind::ALL
            .iter()
            .map(|c| Text::const_new(c.id()))
            .collect(),
        "litmas_kind" => LitmasKind::ALL
            .iter()
            .map(|c| Text::const_new(c.id()))
            .collect(),
        "revocation_ground" => list(&["general", "technical"]),
        "stage" => list(&["eligible", "referred", "started", "completed", "outcome"]),
        "dose_band" => list(&["none", "lt_50", "50_79", "ge_80"]),
        "need" => list(&["identity", "jkn", "skills", "work", "family", "litmas"]),
        "service_target" => list(&["ktp", "kia", "paket_a", "paket_b", "paket_c", "rehab"]),
        "document" => list(&["ktp", "kk", "kia", "jkn"]),
        "document_state" => list(&["needed", "referred", "issued", "open"]),
        "horizon" => list(&["3m", "6m", "12m"]),
        "arm" => list(&["participants", "others"]),
        "match_stage" => list(&["submitted", "found", "released", "matched"]),
        "movement" => list(&[
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
        ]),
        "release_month" | "calendar_month" => (0..12)
            .map(|i| Text::from(month.plus(i - 11).to_string()))
            .collect(),
        _ => vec![],
    }
}

/// Report order of categories that are not closed lists.
pub fn category_order(dimension: &str, category: &str, units: &UptRegistry) -> (usize, String) {
    let at = |ids: &mut dyn Iterator<Item = &str>| {
        let mut ids = ids;
        Iterator::position(&mut ids, |x| x == category).unwrap_or(usize::MAX)
    };
    let rank = match dimension {
        "source" => {
            let unit = units.all().position(|(_, u)| u.id == category);
            unit.unwrap_or_else(|| at(&mut OPDS.iter().map(|(id, ..)| *id)).saturating_add(1000))
        }
        "opd" => at(&mut OPDS.iter().map(|(id, ..)| *id)),
        "exit_code" => at(&mut crate::domain::ExitCode::ALL.iter().map(|c| c.id())),
        "service_kind" => at(&mut crate::domain::service::ServiceKind::ALL
            .iter()
            .map(|c| c.id())),
        "service_family" | "programme" => at(&mut crate::domain::service::ServiceFamily::ALL
            .iter()
            .map(|c| c.id())),
        "style" => at(&mut [
            "r1_reported",
            "r2_stock",
            "r3_p1_person",
            "r3_p2_person",
            "r3_p3_person",
            "r3_p1_release",
            "r3_p3_release",
            "moj",
            "nordic",
            "bjs",
            "iowa",
            "naive",
            "weeks",
        ]
        .into_iter()),
        "link_kind" => at(&mut ["exact", "probabilistic", "decided", "none"].into_iter()),
        _ => 0,
    };
    (rank, category.to_owned())
}

/// The name of a category in a language.
pub fn category_label(lang: Lang, dimension: &str, category: &str, units: &UptRegistry) -> String {
    if category.is_empty() {
        return locale::text(lang, "measure.total").to_owned();
    }
    let unit = |id: &str| units.by_id(id).map(|u| units.info(u).name.clone());
    match dimension {
        "upt" | "bapas" => {
            unit(category).unwrap_or_else(|| locale::text(lang, "measure.unknown").to_owned())
        }
        "opd" | "source" => unit(category)
            .or_else(|| opd_name(category).map(str::to_owned))
            .unwrap_or_else(|| category.to_owned()),
        "release_month" | "calendar_month" | "ended_month" => {
            category.parse::<Month>().map_or_else(
                |_| category.to_owned(),
                |m| {
                    let name: String = locale::text(lang, &format!("domain.month.{}", m.month()))
                        .chars()
                        .take(3)
                        .collect();
                    format!("{name} {}", m.year())
                },
            )
        }
        "cohort_quarter" | "cohort_year" | "months_since_release" | "upt_class" => {
            category.trim_start_matches('0').to_owned() + if category == "00" { "0" } else { "" }
        }
        _ => {
            // The categories of some dimensions are those of another, or dimensions themselves.
            let dimension = match dimension {
                "programme" => "service_family",
                "covariate" if category.starts_with("offence_") => {
                    let group = category.trim_start_matches("offence_");
                    return category_label(lang, "offence_group", group, units);
                }
                "grouping" => {
                    return locale::text(lang, &format!("dimension.{category}")).to_owned();
                }
                other => other,
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
                    for k in categories(d, &units, month) {
                        let label = category_label(lang, d, &k, &units);
                        let named = label != k || d.ends_with("month") || *d == "register_class";
                        assert!(named, "{d} {k}");
                    }
                }
            }
        }
    }
}
