//! `perjanjian.toml`: the agreements (Kesepakatan Bersama, PKS) the City, agencies and units signed, as data.
//!
//! Optional: without the file nothing is said of agreements. [`EXAMPLE`] is what `init` puts beside the settings: the
//! agreements known from public reports, with what is not known left out.

use super::{SettingsError, TomlMistake};
use crate::domain::opd::OPDS;
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, nearest, service::ServiceKind};
use crate::locale::{self, Lang};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The commented example `init` writes.
pub const EXAMPLE: &str = include_str!("perjanjian.toml");

/// All agreements of a workspace, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Agreements {
    /// The agreements.
    pub agreement: Vec<Agreement>,
    /// The City's priorities by number and name, with the measures that speak of them.
    pub priority: Vec<Priority>,
}

/// One agreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Stable id.
    pub id: String,
    /// Number on the paper; empty: not known.
    #[serde(default)]
    pub number: String,
    /// What it is called.
    pub title: String,
    /// Id of the agreement it details.
    #[serde(default)]
    pub parent: String,
    /// Who signed, by office.
    #[serde(default)]
    pub parties: Vec<String>,
    /// First day in force.
    pub from: NaiveDate,
    /// Last day in force; `None`: not known.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// Ids of the agencies that take part.
    #[serde(default)]
    pub agencies: Vec<String>,
    /// Ids of the units that take part.
    #[serde(default)]
    pub units: Vec<String>,
    /// The office that answers for it; an office, never a person.
    #[serde(default)]
    pub office: String,
    /// Whether the agencies deliver their lists every month.
    #[serde(default)]
    pub delivers_data: bool,
    /// What was promised.
    #[serde(default)]
    pub service: Vec<Promise>,
    /// Numbers that were agreed besides services.
    #[serde(default)]
    pub goal: Vec<Goal>,
    /// Where it is known from.
    #[serde(default)]
    pub source: String,
}

/// Services an agency promised for a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// Agency id.
    pub agency: String,
    /// Year.
    pub year: i32,
    /// Services planned in each quarter.
    pub quarters: [u32; 4],
    /// Kind of service; without it every service of the agency counts.
    #[serde(default)]
    pub kind: Option<ServiceKind>,
}

crate::coded_enum! {
    /// Which way a number gets better.
    pub enum Better {
        /// The more the better.
        More = "more",
        /// The less the better.
        Less = "less",
    }
}

/// A number that was agreed for a year: a measure and what it should be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Measure id.
    pub measure: String,
    /// Its window in months, where it has several.
    #[serde(default)]
    pub window: Option<u16>,
    /// Year.
    pub year: i32,
    /// What it should be; a share between 0 and 1.
    pub value: f64,
    /// Which way it gets better.
    #[serde(default = "more")]
    pub better: Better,
}

fn more() -> Better {
    Better::More
}

impl Goal {
    /// How far it is fulfilled: the number over the target; where less is better the target less what is above it, over the
    /// target (as performance reports of government reckon it). `None` for a target of nought.
    pub fn fulfilled(&self, number: f64) -> Option<f64> {
        (self.value > 0.0).then(|| match self.better {
            Better::More => number / self.value,
            Better::Less => (2.0 * self.value - number) / self.value,
        })
    }
}

/// One of the City's priorities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// Its number.
    pub number: u8,
    /// Its name.
    pub name: String,
    /// Ids of measures that speak of it; empty: nothing is measured of it here.
    #[serde(default)]
    pub measures: Vec<String>,
}

/// Days before its end from which an agreement is said to end soon.
pub const SOON_DAYS: i64 = 90;

/// Where an agreement stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgreementState {
    /// It begins later.
    NotYet,
    /// In force; its end is further off or not known.
    InForce,
    /// In force for so many more days, at most [`SOON_DAYS`].
    EndsSoon(i64),
    /// Over.
    Ended,
}

impl AgreementState {
    /// Key of its text in `settings.agreement_state`.
    pub const fn key(self) -> &'static str {
        match self {
            AgreementState::NotYet => "not_yet",
            AgreementState::InForce => "in_force",
            AgreementState::EndsSoon(_) => "ends_soon",
            AgreementState::Ended => "ended",
        }
    }
}

impl Agreement {
    /// Where it stands on a day; both its first and its last day count.
    pub fn state(&self, day: NaiveDate) -> AgreementState {
        if day < self.from {
            return AgreementState::NotYet;
        }
        match self.until.map(|until| (until - day).num_days()) {
            Some(left) if left < 0 => AgreementState::Ended,
            Some(left) if left <= SOON_DAYS => AgreementState::EndsSoon(left),
            _ => AgreementState::InForce,
        }
    }
}

impl Promise {
    /// Services planned from January to the end of a month of its year: whole quarters, and of a running quarter the months
    /// that are over, each a third. `None` in another year.
    pub fn planned_until(&self, month: Month) -> Option<f64> {
        (month.year() == self.year).then(|| {
            let over = month.month();
            (self.quarters.iter().enumerate())
                .map(|(q, planned)| {
                    let months = over.saturating_sub(3 * q as u32).min(3);
                    f64::from(*planned) * f64::from(months) / 3.0
                })
                .sum()
        })
    }

    /// Services planned for the whole year.
    pub fn planned(&self) -> u32 {
        self.quarters.iter().sum()
    }
}

/// A mistake in `perjanjian.toml`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgreementMistake {
    /// Not TOML, or a key that is not known.
    #[error("{0}")]
    Toml(TomlMistake),
    /// The system could not read it.
    #[error("{0}")]
    Unread(String),
    /// A value makes no sense: whose, and a key of `settings.agreement.*`.
    #[error("{of}: {key} {value}")]
    Value {
        /// Id of the agreement.
        of: String,
        /// What is wrong with it.
        key: &'static str,
        /// As written.
        value: String,
        /// The nearest known id; empty where none is near or none was meant.
        near: String,
    },
}

impl AgreementMistake {
    /// What is wrong and what would be right.
    pub fn message(&self, lang: Lang) -> String {
        let reason = match self {
            AgreementMistake::Toml(mistake) => mistake.message(lang),
            AgreementMistake::Unread(reason) => reason.clone(),
            AgreementMistake::Value {
                of,
                key,
                value,
                near,
            } => {
                let key = format!("settings.agreement.{key}");
                let near = locale::perhaps(lang, Some(near));
                let args = [("of", of.as_str()), ("value", value), ("near", &near)];
                locale::format(lang, &key, &args)
            }
        };
        locale::format(lang, "settings.agreement.mistake", &[("reason", &reason)])
    }
}

impl Agreements {
    /// Nothing is said of agreements or priorities.
    pub fn is_empty(&self) -> bool {
        self.agreement.is_empty() && self.priority.is_empty()
    }

    /// Reads a workspace's file; none is no agreement.
    ///
    /// # Errors
    /// The file cannot be read or says something that makes no sense.
    pub fn read(
        path: &Path,
        units: &UptRegistry,
        own_agencies: &BTreeMap<String, String>,
    ) -> Result<Agreements, AgreementMistake> {
        match std::fs::read_to_string(path) {
            Ok(text) => Agreements::parse(&text, units, own_agencies),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Agreements::default()),
            Err(e) => Err(AgreementMistake::Unread(e.to_string())),
        }
    }

    /// Parses and checks the text of the file.
    ///
    /// # Errors
    /// It is not TOML, names what is not known, or holds dates and numbers that make no sense.
    pub fn parse(
        text: &str,
        units: &UptRegistry,
        own_agencies: &BTreeMap<String, String>,
    ) -> Result<Agreements, AgreementMistake> {
        let all: Agreements =
            toml::from_str(text).map_err(|e| AgreementMistake::Toml(TomlMistake::new(&e, text)))?;
        let is_agency = |id: &str| OPDS.iter().any(|o| o.0 == id) || own_agencies.contains_key(id);
        let mut ids = BTreeSet::new();
        for a in &all.agreement {
            let wrong =
                |key: &'static str, value: &dyn std::fmt::Display| AgreementMistake::Value {
                    of: a.id.clone(),
                    key,
                    value: value.to_string(),
                    near: String::new(),
                };
            let unknown = |key: &'static str, id: &str, known: &[&str]| AgreementMistake::Value {
                of: a.id.clone(),
                key,
                value: id.to_owned(),
                near: nearest(id, known.iter().copied())
                    .unwrap_or_default()
                    .to_owned(),
            };
            if !ids.insert(a.id.as_str()) {
                return Err(wrong("twice", &a.id));
            }
            if let Some(until) = a.until.filter(|until| *until < a.from) {
                return Err(wrong("ends_before", &until));
            }
            let promised = a.service.iter().map(|p| &p.agency);
            if let Some(id) = a.agencies.iter().chain(promised).find(|id| !is_agency(id)) {
                let known: Vec<&str> = (OPDS.iter().map(|o| o.0))
                    .chain(own_agencies.keys().map(String::as_str))
                    .collect();
                return Err(unknown("agency", id, &known));
            }
            if let Some(id) = a.units.iter().find(|id| units.by_id(id).is_none()) {
                let known: Vec<&str> = units.all().map(|(_, u)| u.id.as_str()).collect();
                return Err(unknown("unit", id, &known));
            }
            let outside =
                |y: i32| y < a.from.year() || a.until.is_some_and(|until| y > until.year());
            let years = a
                .service
                .iter()
                .map(|p| p.year)
                .chain(a.goal.iter().map(|g| g.year));
            if let Some(year) = years.into_iter().find(|y| outside(*y)) {
                return Err(wrong("year", &year));
            }
            if let Some(g) = a
                .goal
                .iter()
                .find(|g| !(g.value.is_finite() && g.value >= 0.0))
            {
                return Err(wrong("goal", &g.value));
            }
        }
        for a in all.agreement.iter().filter(|a| !a.parent.is_empty()) {
            if a.parent == a.id || !ids.contains(a.parent.as_str()) {
                return Err(AgreementMistake::Value {
                    of: a.id.clone(),
                    key: "parent",
                    value: a.parent.clone(),
                    near: String::new(),
                });
            }
        }
        Ok(all)
    }

    /// Services planned from January to the end of a month by agency, summed over the agreements: quarters as they were
    /// promised.
    pub fn targets_until(&self, month: Month) -> BTreeMap<String, f64> {
        let mut out = BTreeMap::new();
        for p in self.agreement.iter().flat_map(|a| &a.service) {
            if let Some(planned) = p.planned_until(month) {
                *out.entry(p.agency.clone()).or_default() += planned;
            }
        }
        out
    }

    /// Services planned for a year by agency, summed over the agreements: what `targets."pks.<agency>"` would say.
    pub fn targets(&self, year: i32) -> BTreeMap<String, f64> {
        let mut out = BTreeMap::new();
        let promises = self.agreement.iter().flat_map(|a| &a.service);
        for p in promises.filter(|p| p.year == year) {
            *out.entry(p.agency.clone()).or_default() += f64::from(p.planned());
        }
        out
    }
}

impl From<AgreementMistake> for SettingsError {
    fn from(mistake: AgreementMistake) -> Self {
        SettingsError::Agreements(Box::new(mistake))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Agreements, AgreementMistake> {
        Agreements::parse(text, &UptRegistry::maluku(&[]), &BTreeMap::new())
    }

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_example_is_valid_and_names_the_umbrella_first() {
        let all = parse(EXAMPLE).unwrap();
        assert!(all.agreement.len() >= 5);
        assert_eq!(all.agreement[0].from, day(2026, 2, 9));
        let umbrella = &all.agreement[0].id;
        assert!(all.agreement.iter().any(|a| a.parent == *umbrella));
        assert!((1..=17).all(|n| all.priority.iter().filter(|p| p.number == n).count() <= 1));
    }

    #[test]
    fn an_agreement_is_in_force_on_its_first_and_its_last_day() {
        let text = "[[agreement]]\nid='a'\ntitle='A'\nfrom='2026-02-09'\nuntil='2026-12-31'\n";
        let a = &parse(text).unwrap().agreement[0];
        assert_eq!(a.state(day(2026, 2, 8)), AgreementState::NotYet);
        assert_eq!(a.state(day(2026, 2, 9)), AgreementState::InForce);
        assert_eq!(
            a.state(day(2026, 10, 1)),
            AgreementState::InForce,
            "91 days left"
        );
        assert_eq!(a.state(day(2026, 10, 2)), AgreementState::EndsSoon(90));
        assert_eq!(a.state(day(2026, 12, 31)), AgreementState::EndsSoon(0));
        assert_eq!(a.state(day(2027, 1, 1)), AgreementState::Ended);
    }

    #[test]
    fn a_target_is_fulfilled_from_both_sides() {
        let goal = |better| Goal {
            measure: "return".into(),
            window: None,
            year: 2026,
            value: 0.20,
            better,
        };
        let near = |a: Option<f64>, b: f64| (a.unwrap() - b).abs() < 1e-12;
        assert!(near(goal(Better::More).fulfilled(0.15), 0.75));
        assert!(
            near(goal(Better::Less).fulfilled(0.15), 1.25),
            "a quarter better"
        );
        assert!(
            near(goal(Better::Less).fulfilled(0.25), 0.75),
            "a quarter worse"
        );
        let nought = Goal {
            value: 0.0,
            ..goal(Better::Less)
        };
        assert_eq!(nought.fulfilled(0.1), None);
        let text = "[[agreement]]\nid='a'\ntitle='A'\nfrom='2026-02-09'\n[[agreement.goal]]\nmeasure='return'\nyear=2026\nvalue=0.2\nbetter='less'\n";
        assert_eq!(
            parse(text).unwrap().agreement[0].goal[0].better,
            Better::Less
        );
    }

    #[test]
    fn quarters_of_several_agreements_add_up_to_a_month() {
        let one = "[[agreement]]\nid='ID'\ntitle='A'\nfrom='2026-02-09'\n[[agreement.service]]\nagency='dlh'\nyear=2026\nquarters=[3,6,0,0]\n";
        let all = parse(&[one.replace("ID", "a"), one.replace("ID", "b")].concat()).unwrap();
        let until = |m| all.targets_until(Month::new(2026, m).unwrap())["dlh"];
        assert_eq!([until(1), until(4), until(12)], [2.0, 10.0, 18.0]);
    }

    #[test]
    fn a_running_quarter_counts_by_its_months() {
        let p = Promise {
            agency: "dlh".into(),
            year: 2026,
            quarters: [30, 60, 0, 9],
            kind: None,
        };
        let until = |m| p.planned_until(Month::new(2026, m).unwrap()).unwrap();
        assert_eq!(
            [until(1), until(3), until(4), until(9), until(12)],
            [10.0, 30.0, 50.0, 90.0, 99.0]
        );
        assert_eq!(p.planned_until(Month::new(2025, 12).unwrap()), None);
    }

    #[test]
    fn what_makes_no_sense_is_refused_in_both_languages() {
        let base = "[[agreement]]\nid='a'\ntitle='A'\nfrom='2026-02-09'\n";
        for (more, key) in [
            ("until='2026-01-01'\n", "ends_before"),
            ("agencies=['dinas-x']\n", "agency"),
            ("units=['lapas-x']\n", "unit"),
            ("parent='b'\n", "parent"),
            (
                "[[agreement.service]]\nagency='dlh'\nyear=2025\nquarters=[1,1,1,1]\n",
                "year",
            ),
            (base, "twice"),
        ] {
            let mistake = parse(&format!("{base}{more}")).unwrap_err();
            assert!(
                matches!(&mistake, AgreementMistake::Value { key: k, .. } if *k == key),
                "{mistake:?}"
            );
            for lang in [Lang::Id, Lang::En] {
                assert!(
                    !mistake.message(lang).contains("settings."),
                    "{}",
                    mistake.message(lang)
                );
            }
        }
        let toml = parse("[[agreement]]\nid='a'\ntitel='A'\nfrom='2026-02-09'\n").unwrap_err();
        assert!(toml.message(Lang::Id).contains("title"), "{toml:?}");
    }

    #[test]
    fn promises_of_several_agreements_add_up_by_agency_and_year() {
        let one = "[[agreement]]\nid='ID'\ntitle='A'\nfrom='2026-02-09'\n[[agreement.service]]\nagency='dlh'\nyear=2026\nquarters=[1,2,3,4]\n";
        let all = parse(&[one.replace("ID", "a"), one.replace("ID", "b")].concat()).unwrap();
        assert_eq!(
            all.targets(2026),
            BTreeMap::from([("dlh".to_owned(), 20.0)])
        );
        assert!(all.targets(2027).is_empty());
    }
}
