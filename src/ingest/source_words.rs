//! Values in `sources/*.toml` that cleaning must understand: constants and the right-hand side of `[words.*]`.
//!
//! A value that nobody understands would make every row "other" or empty; it is refused with its line, the nearest word and
//! the known ones. Which words are known is asked of the functions that clean, so that both never differ.

use crate::clean::text::is_placeholder;
use crate::clean::{codes, date};
use crate::domain::raw::RawCell;
use crate::domain::service::{OutcomeKind, ServiceKind, ServiceState};
use crate::domain::supervision::{LitmasKind, SupervisionEnd, SupervisionKind};
use crate::domain::upt::UptRegistry;
use crate::domain::{ExitCode, Field, RegisterClass};
use crate::locale::{self, Lang};
use crate::workspace::TomlMistake;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The values of a help file with the bytes where they stand.
#[derive(Deserialize)]
struct Values {
    #[serde(default)]
    constants: BTreeMap<Field, Spanned<String>>,
    #[serde(default)]
    words: BTreeMap<Field, BTreeMap<String, Spanned<String>>>,
}

/// The first value of a help file's text, in the order of the file, that its field does not know.
pub(super) fn unknown(text: &str, units: &UptRegistry) -> Option<TomlMistake> {
    let values: Values = toml::from_str(text).ok()?;
    let words = (values.words.iter()).flat_map(|(f, all)| all.values().map(move |v| (*f, v)));
    let mut all: Vec<(Field, &Spanned<String>)> =
        values.constants.iter().map(|(f, v)| (*f, v)).collect();
    all.extend(words);
    all.sort_by_key(|(_, v)| v.span().start);
    all.into_iter().find_map(|(field, value)| {
        let word = value.get_ref();
        // A word for nothing is understood: the cell is as good as empty.
        if is_placeholder(word) || is_known(field, word, units)? {
            return None;
        }
        let known = known(field, units);
        Some(TomlMistake::unknown(value.span().start, text, word, known))
    })
}

/// Whether cleaning understands a value of a field; `None`: the field takes any text.
fn is_known(field: Field, word: &str, units: &UptRegistry) -> Option<bool> {
    Some(match field {
        Field::ServiceKind => codes::service_named(word, "").is_some(),
        Field::ServiceState => codes::service_state(word).is_some(),
        Field::Sex => codes::sex(word).is_some(),
        Field::RegisterClass => codes::register_class(word).is_some(),
        Field::ExitKind => codes::exit(word).is_some(),
        Field::IntegrationKind => codes::integration(word).is_some(),
        Field::SupervisionKind => codes::supervision_kind(word).is_some(),
        Field::EndKind => codes::supervision_end(word, "").is_some(),
        Field::LitmasKind => codes::litmas_kind(word) != LitmasKind::Other,
        Field::OutcomeKind => codes::outcome(word).is_some() || codes::says_unknown(word),
        Field::RecidivistFlag => codes::recidivist(word).is_some(),
        Field::Upt | Field::Bapas | Field::FromUpt | Field::ToUpt => {
            crate::clean::place::Units::new(units).find(word).is_some()
        }
        day if day.is_day() => date::read(&RawCell::Text(word.into())).date().is_some(),
        _ => return None,
    })
}

/// Words to choose from: ids and names in both languages, those only that cleaning understands.
fn known(field: Field, units: &UptRegistry) -> Vec<String> {
    fn of<T: std::fmt::Display>(all: &[T], dimension: &str) -> Vec<String> {
        let names = all.iter().flat_map(|k| {
            let label = |lang| locale::try_text(lang, &format!("category.{dimension}.{k}"));
            [
                Some(k.to_string()),
                label(Lang::Id).map(str::to_owned),
                label(Lang::En).map(str::to_owned),
            ]
        });
        names.flatten().collect()
    }
    let mut words = match field {
        Field::ServiceKind => ServiceKind::ALL.iter().map(|k| k.id().to_owned()).collect(),
        Field::ServiceState => of(ServiceState::ALL, "service_state"),
        Field::Sex => vec!["L".to_owned(), "P".to_owned()],
        Field::RegisterClass => of(RegisterClass::ALL, "register_class"),
        Field::ExitKind | Field::IntegrationKind => of(ExitCode::ALL, "exit_code"),
        Field::SupervisionKind => of(SupervisionKind::ALL, "supervision_kind"),
        Field::EndKind => of(SupervisionEnd::ALL, "supervision_end"),
        Field::LitmasKind => of(LitmasKind::ALL, "litmas_kind"),
        Field::OutcomeKind => of(OutcomeKind::ALL, "outcome_kind"),
        Field::RecidivistFlag => vec!["ya".to_owned(), "tidak".to_owned()],
        Field::Upt | Field::Bapas | Field::FromUpt | Field::ToUpt => {
            units.all().map(|(_, u)| u.id.clone()).collect()
        }
        day if day.is_day() => vec!["2026-01-31".to_owned()],
        _ => Vec::new(),
    };
    words.retain(|w| is_known(field, w, units) == Some(true));
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        let mistake = unknown(text, &UptRegistry::maluku(&[]));
        mistake.map(|m| m.message(Lang::Id))
    }

    #[test]
    fn a_value_nobody_understands_is_named_with_its_line_the_nearest_and_the_known_words() {
        for (text, line, near) in [
            (
                "[constants]\nservice_kind = \"PADAT-KARYA\"\n",
                "baris 2",
                "PLT-KER",
            ),
            (
                "[constants]\nsex = \"L\"\nbapas = \"bapas-ambn\"\n",
                "baris 3",
                "`bapas-",
            ),
            (
                "[words.service_state]\n\"Tamat\" = \"selesai\"\n\"Mandek\" = \"macet\"\n",
                "baris 3",
                "dropped_out",
            ),
            ("[words.sex]\n\"X\" = \"waria?\"\n", "baris 2", "L, P"),
            (
                "[constants]\nadmission_date = \"kemarin\"\n",
                "baris 2",
                "2026-01-31",
            ),
        ] {
            let said = told(text).unwrap_or_default();
            assert!(said.contains(line) && said.contains(near), "{text}: {said}");
        }
    }

    #[test]
    fn what_cleaning_understands_and_free_text_pass() {
        for text in [
            "[constants]\nservice_kind = \"PLT-IKM\"\nservice_name = \"apa saja\"\n",
            "[constants]\nservice_kind = \"pelatihan kerja\"\nupt = \"Lapas Ambon\"\n",
            "[words.service_state]\n\"Mandek\" = \"putus\"\n\"Selesei\" = \"completed\"\n\"?\" = \"-\"\n",
            "[words.exit_kind]\n\"bbs\" = \"bebas murni\"\n",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }

    #[test]
    fn every_word_that_is_offered_is_understood_and_none_of_the_closed_fields_is_without() {
        let units = UptRegistry::maluku(&[]);
        for field in Field::ALL
            .iter()
            .filter(|f| is_known(**f, "?!", &units).is_some())
        {
            assert!(!known(*field, &units).is_empty(), "{field}");
        }
    }
}
