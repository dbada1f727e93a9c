//! Pages of the handbook about ids: codes of services, units and agencies, and the keys of `perjanjian.toml`.

use super::docs::{headings, opening, table};
use super::say;
use crate::domain::opd::OPDS;
use crate::domain::service::{ServiceKind, ServiceState};
use crate::domain::supervision::SupervisionKind;
use crate::domain::upt::UptRegistry;
use crate::domain::{ExitCode, OffenceGroup, Unit};
use crate::locale::{self, Lang};
use crate::measure;
use crate::workspace::{AGREEMENTS_EXAMPLE, Better};
use std::fmt::Write as _;

/// Every id that settings, agreements, `sources/*.toml` and commands take.
pub(super) fn codes(lang: Lang) -> String {
    let mut out = opening(lang, "codes");
    let head = headings(lang, ["id", "title"]);
    let mut part = |key: &str, rows: Vec<Vec<String>>| {
        let _ = write!(
            out,
            "\n## {}\n",
            say(lang, &format!("docs.head.{key}"), &[])
        );
        table(&mut out, &head, &rows);
    };
    let row = |id: &str, name: &str| vec![format!("`{id}`"), name.to_owned()];
    let units = UptRegistry::maluku(&[]);
    part(
        "units",
        units.all().map(|(_, u)| row(&u.id, &u.name)).collect(),
    );
    part(
        "agencies",
        OPDS.iter().map(|(id, name, _)| row(id, name)).collect(),
    );
    let named = |dimension: &str, id: &str| {
        let key = format!("category.{dimension}.{id}");
        row(id, &locale::format(lang, &key, &[]))
    };
    let kinds = ServiceKind::ALL
        .iter()
        .map(|k| named("service_kind", k.id()));
    part("service_kinds", kinds.collect());
    let states = ServiceState::ALL
        .iter()
        .map(|k| named("service_state", k.id()));
    part("service_states", states.collect());
    let exits = ExitCode::ALL.iter().map(|k| named("exit_code", k.id()));
    part("exits", exits.collect());
    let guidance = SupervisionKind::ALL
        .iter()
        .map(|k| named("supervision_kind", k.id()));
    part("supervision_kinds", guidance.collect());
    let offences = OffenceGroup::ALL
        .iter()
        .map(|k| named("offence_group", k.id()));
    part("offence_groups", offences.collect());
    out
}

/// The tables of `perjanjian.toml` with their keys; the texts are `settings.key.<table>.<key>`.
pub(super) const AGREEMENT_KEYS: [(&str, &[&str]); 4] = [
    (
        "agreement",
        &[
            "id",
            "title",
            "from",
            "number",
            "parent",
            "parties",
            "until",
            "agencies",
            "units",
            "office",
            "delivers_data",
            "source",
        ],
    ),
    ("agreement.service", &["agency", "year", "quarters", "kind"]),
    (
        "agreement.goal",
        &["measure", "year", "value", "better", "window"],
    ),
    ("priority", &["number", "name", "measures"]),
];

/// Key of the text of a table (`_`) or of one of its keys.
fn key_of(table: &str, key: &str) -> String {
    match key {
        "_" => format!("settings.key.{table}"),
        key => format!("settings.key.{table}.{key}"),
    }
}

/// `perjanjian.toml`: its keys, the words they take, an example.
pub(super) fn agreements(lang: Lang) -> String {
    let mut out = opening(lang, "agreements");
    for (name, keys) in AGREEMENT_KEYS {
        let about = |key: &str| locale::text(lang, &key_of(name, key)).to_owned();
        let _ = write!(out, "\n## [[{name}]]\n\n{}\n", about("_"));
        let rows: Vec<Vec<String>> = (keys.iter())
            .map(|key| vec![format!("`{key}`"), about(key)])
            .collect();
        table(&mut out, &headings(lang, ["key", "meaning"]), &rows);
    }
    let better: Vec<String> = Better::ALL.iter().map(|b| format!("`\"{b}\"`")).collect();
    let kinds: Vec<String> = ServiceKind::ALL.iter().map(|k| format!("`{k}`")).collect();
    let shares = measure::MEASURES.iter().filter(|m| m.unit == Unit::Share);
    let shares: Vec<String> = shares.map(|m| format!("`{}`", m.id)).collect();
    let _ = write!(
        out,
        "\n## {}\n\n* `better`: {}\n* `kind`: {}\n* {}: {}\n",
        say(lang, "docs.head.words", &[]),
        better.join(", "),
        kinds.join(", "),
        say(lang, "docs.head.shares", &[]),
        shares.join(", ")
    );
    let example = say(lang, "docs.head.example", &[]);
    let _ = write!(out, "\n## {example}\n\n```toml\n{AGREEMENTS_EXAMPLE}```\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Agreement, Agreements, Goal, Priority, Promise};
    use std::collections::{BTreeMap, BTreeSet};

    /// What the page lists is what the file takes: the keys are read off the types themselves.
    #[test]
    fn every_key_of_an_agreement_is_listed_and_explained() {
        let text = "[[agreement]]\nid='a'\ntitle='A'\nfrom='2026-02-09'\nuntil='2026-12-31'\n\
            [[agreement.service]]\nagency='dlh'\nyear=2026\nquarters=[1,1,1,1]\nkind='PKS-SOS'\n\
            [[agreement.goal]]\nmeasure='return'\nyear=2026\nvalue=0.2\nbetter='less'\nwindow=12\n\
            [[priority]]\nnumber=1\nname='A'\n";
        let all = Agreements::parse(text, &UptRegistry::maluku(&[]), &BTreeMap::new()).unwrap();
        let a: &Agreement = &all.agreement[0];
        let (service, goal): (&Promise, &Goal) = (&a.service[0], &a.goal[0]);
        let priority: &Priority = &all.priority[0];
        let keys = |t: Result<toml::Table, toml::ser::Error>| -> BTreeSet<String> {
            t.unwrap().keys().cloned().collect()
        };
        let declared = [
            keys(toml::Table::try_from(a)),
            keys(toml::Table::try_from(service)),
            keys(toml::Table::try_from(goal)),
            keys(toml::Table::try_from(priority)),
        ];
        for ((name, listed), declared) in AGREEMENT_KEYS.iter().zip(declared) {
            let listed: BTreeSet<String> = listed.iter().map(|k| (*k).to_owned()).collect();
            let tables = ["service", "goal"].map(str::to_owned).into();
            let own: BTreeSet<String> = declared.difference(&tables).cloned().collect();
            assert_eq!(listed, own, "{name}");
            for lang in [Lang::Id, Lang::En] {
                for key in listed.iter().map(String::as_str).chain(["_"]) {
                    let path = key_of(name, key);
                    assert!(locale::try_text(lang, &path).is_some(), "{lang:?} {path}");
                }
            }
        }
    }

    #[test]
    fn codes_names_every_service_unit_and_agency_in_words() {
        for lang in [Lang::Id, Lang::En] {
            let page = codes(lang);
            assert!(
                page.contains("`PKS-SOS`")
                    && page.contains("`lapas-ambon`")
                    && page.contains("`dinsos`")
            );
            assert!(!page.contains("category."), "{page}");
        }
    }
}
