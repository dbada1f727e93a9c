//! `reintegrasi.toml`: one documented schema, every key with a default.
//!
//! The commented file `init` and `sample` write is [`DEFAULT_TOML`]; a test holds it against [`Settings::default`].

use super::Agreements;
use crate::domain::Month;
use crate::domain::upt::UptInfo;
use crate::locale::Lang;
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The settings of a workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Who reports.
    pub office: Office,
    /// What a figure means.
    pub definitions: Definitions,
    /// How tables are protected.
    pub disclosure: Disclosure,
    /// How far each audience is entitled to the data.
    pub levels: Levels,
    /// How records are linked.
    pub linkage: Linkage,
    /// Limits on what a file may do to this machine.
    pub limits: Limits,
    /// Quality gates: a run that misses one exits 3.
    pub gates: Gates,
    /// Targets by measure id (a share) or by OPD under `pks.<opd>` (services a year); without one a status is grey.
    pub targets: BTreeMap<String, f64>,
    /// Who delivers what, by when.
    pub suppliers: Vec<Supplier>,
    /// Additional or changed units.
    pub units: Vec<UptInfo>,
    /// Places of units, each from a month on and with its source.
    pub capacities: Vec<Capacity>,
    /// Agencies beyond the built-in list: id → name.
    pub agencies: BTreeMap<String, String>,
    /// Programmes that carry the tag of the city's 17 priority programmes (text found in the programme's name).
    pub priority_programmes: Vec<String>,
    /// How long things are kept and where.
    pub files: Files,
    /// What `perjanjian.toml` beside the settings says; not a key of the settings.
    #[serde(skip_deserializing, skip_serializing_if = "Agreements::is_empty")]
    pub agreements: Agreements,
}

impl Settings {
    /// Services planned from January to the end of a month by agency: what the agreements promise goes by its quarters; a
    /// year's target of the settings, spread evenly, is for agencies that promised nothing for the year.
    pub fn planned_until(&self, month: Month) -> BTreeMap<String, f64> {
        let mut out = self.agreements.targets_until(month);
        for (key, target) in &self.targets {
            if let Some(agency) = key.strip_prefix("pks.") {
                let so_far = target * f64::from(month.month()) / 12.0;
                out.entry(agency.to_owned()).or_insert(so_far);
            }
        }
        out
    }

    /// Services planned for a year by agency: what the agreements promise, else `targets."pks.<agency>"`.
    pub fn planned_services(&self, year: i32) -> BTreeMap<String, f64> {
        let mut out = self.agreements.targets(year);
        for (key, target) in &self.targets {
            if let Some(agency) = key.strip_prefix("pks.") {
                out.entry(agency.to_owned()).or_insert(*target);
            }
        }
        out
    }

    /// Agencies whose yearly target of the settings is not what the agreements promise for a year: (agency, year, target,
    /// promised). The promise counts.
    pub fn targets_against_promises(&self) -> Vec<(String, i32, f64, f64)> {
        let promises = self.agreements.agreement.iter().flat_map(|a| &a.service);
        let years: std::collections::BTreeSet<i32> = promises.map(|p| p.year).collect();
        let mut out = Vec::new();
        for year in years {
            for (agency, promised) in self.agreements.targets(year) {
                let target = self.targets.get(&format!("pks.{agency}"));
                out.extend(
                    (target.filter(|t| **t != promised)).map(|t| (agency, year, *t, promised)),
                );
            }
        }
        out
    }
}

/// Who reports: kop, signature, colours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Office {
    /// Default language of everything written.
    pub language: Lang,
    /// City named in place-date lines.
    pub city: String,
    /// Letterhead of the City's reports, line by line.
    pub kop_city: Vec<String>,
    /// Letterhead of the Kanwil's reports, line by line.
    pub kop_kanwil: Vec<String>,
    /// Signature block, left: lines above the blank space (never filled in).
    pub sign_left: Vec<String>,
    /// Signature block, right.
    pub sign_right: Vec<String>,
    /// Logo file relative to the workspace; empty: none.
    pub logo: String,
    /// Paper: `A4` or `F4`.
    pub paper: String,
    /// What is written for each audience: `xlsx`, `docx`, `pptx`, `html`, `txt`.
    pub papers: Vec<String>,
    /// First and second colour of slides and papers, `#RRGGBB`.
    pub colours: [String; 2],
    /// Charts as PNG for print too, 300 dots to the inch, in `grafik/cetak/`.
    pub print_pictures: bool,
    /// Classification printed on what is shared; what is internal bears `INTERNAL`, what is public `PUBLIK`.
    pub classification: String,
    /// Whose reports are written: `kota`, `kanwil`, `publik`.
    pub audiences: Vec<String>,
    /// First month suppliers are asked for, `2026-01`; empty: every month.
    pub first_month: String,
}

impl Office {
    /// What tells an audience's file from another's where its name says nothing else: nothing for the first audience.
    pub fn suffix(&self, audience: &str) -> String {
        match self.audiences.first() {
            Some(first) if first == audience => String::new(),
            _ => format!("-{audience}"),
        }
    }

    /// The first month suppliers are asked for.
    pub fn first_month(&self) -> Option<Month> {
        self.first_month.parse().ok()
    }
}

impl Default for Office {
    fn default() -> Self {
        let lines = |l: &[&str]| l.iter().map(|s| s.to_string()).collect();
        Office {
            language: Lang::Id,
            city: "Ambon".into(),
            kop_city: lines(&["PEMERINTAH KOTA AMBON", "SEKRETARIAT KOTA"]),
            kop_kanwil: lines(&[
                "KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN REPUBLIK INDONESIA",
                "DIREKTORAT JENDERAL PEMASYARAKATAN",
                "KANTOR WILAYAH MALUKU",
            ]),
            sign_left: lines(&["Mengetahui,"]),
            sign_right: lines(&[]),
            logo: String::new(),
            paper: "A4".into(),
            papers: lines(&["xlsx", "docx", "pptx", "html", "txt"]),
            colours: ["#0B4F8A".into(), "#D9822B".into()],
            print_pictures: false,
            classification: "TERBATAS".into(),
            audiences: lines(&["kota", "kanwil", "publik"]),
            first_month: String::new(),
        }
    }
}

/// What a figure means (docs/definitions.md 3, 4): every item a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Definitions {
    /// Headline event: `P1`, `P2` or `P3`.
    pub event: String,
    /// Unit: `person` or `release`.
    pub unit: String,
    /// Windows in calendar months.
    pub windows: Vec<u16>,
    /// Headline window.
    pub headline_window: u16,
    /// Waiting period of P2 in months.
    pub waiting_months: u16,
    /// Home assimilation (ASR) counts as an index release.
    pub home_assimilation: bool,
    /// Pembinaan kepribadian by the UPT alone qualifies for K1.
    pub personality_qualifies: bool,
    /// Days inside which a stay counts as short.
    pub short_stay_days: u16,
    /// Days between two custody rows that still are one episode.
    pub episode_gap_days: u16,
    /// Days around the start inside which two participation rows are one.
    pub participation_days: u16,
    /// Days for the continuity inside → outside.
    pub continuity_days: u16,
    /// Months before release in which a person is due for pre-release help.
    pub prerelease_months: u16,
}

impl Default for Definitions {
    fn default() -> Self {
        Definitions {
            event: "P1".into(),
            unit: "person".into(),
            windows: vec![6, 12, 24, 36, 60],
            headline_window: 12,
            waiting_months: 6,
            home_assimilation: false,
            personality_qualifies: false,
            short_stay_days: 30,
            episode_gap_days: 7,
            participation_days: 14,
            continuity_days: 90,
            prerelease_months: 6,
        }
    }
}

crate::coded_enum! {
    /// How far readers are entitled to the data. What a level sees, those above it see as well: public, shared, internal.
    pub enum Level {
        /// Anybody: open data, the strictest.
        Public = "public",
        /// Offices that work with the figures and have no registers of their own.
        Shared = "shared",
        /// The office whose registers they are: it sees whole what its registers say, and the rest protected.
        Internal = "internal",
    }
}

/// How far each audience is entitled to the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Levels {
    /// The City's.
    pub kota: Level,
    /// The Kanwil's.
    pub kanwil: Level,
    /// The public's: always `public`.
    pub publik: Level,
    /// Measures that an internal audience sees whole: what its own registers say day by day. Offences and children by
    /// district or village stay protected in them too.
    pub whole: Vec<String>,
}

impl Default for Levels {
    fn default() -> Self {
        Levels {
            kota: Level::Shared,
            kanwil: Level::Internal,
            publik: Level::Public,
            whole: [
                "stock",
                "stock_12m",
                "adp",
                "occupancy",
                "flow",
                "exits",
                "exits_12m",
                "releases",
                "releases_12m",
                "clients",
                "clients_12m",
                "client_flow",
                "supervision_completed_well",
                "reporting_compliance",
                "revocations",
                "litmas_requested",
                "litmas_completed",
                "litmas_median_days",
                "litmas_backlog",
            ]
            .map(String::from)
            .to_vec(),
        }
    }
}

/// How tables are protected: which counts are small, and by what they are hidden.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disclosure {
    /// Cells of 1 … threshold−1 are hidden.
    pub threshold: u32,
    /// The same in what is public.
    pub threshold_public: u32,
    /// The same for children and below kecamatan.
    pub threshold_children: u32,
    /// `suppress` or `round` (controlled rounding).
    pub method: String,
    /// Base of the rounding.
    pub rounding_base: u32,
    /// A sum of amounts (hours, sessions, reports) from which the largest contributor can be worked out to within p % is
    /// hidden. Counts of people have no contributions: everybody counts one, and the threshold guards them.
    pub p_percent: u32,
    /// Breakdowns that tell something of each person of a row when all of the row fall into one category.
    pub sensitive: Vec<String>,
    /// Categories put together in everything that is handed over, so that fewer need to be hidden.
    pub merge: Vec<Merge>,
}

impl Disclosure {
    /// The rules of a level: what is public has a threshold of its own.
    pub fn at(&self, level: Level) -> Disclosure {
        let mut out = self.clone();
        if level == Level::Public {
            out.threshold = out.threshold.max(out.threshold_public);
            out.threshold_children = out.threshold_children.max(out.threshold);
        }
        out
    }
}

/// Categories of a breakdown put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// Breakdown, e.g. `offence_group`.
    pub dimension: String,
    /// Categories that are put together.
    pub categories: Vec<String>,
    /// The category they stand under, e.g. `other`.
    pub into: String,
}

impl Default for Disclosure {
    fn default() -> Self {
        Disclosure {
            threshold: 5,
            threshold_public: 10,
            threshold_children: 10,
            method: "suppress".into(),
            rounding_base: 5,
            p_percent: 10,
            sensitive: [
                "offence_group",
                "prior_custody",
                "exit_code",
                "supervision_kind",
            ]
            .map(String::from)
            .to_vec(),
            merge: Vec::new(),
        }
    }
}

/// How records are linked (docs/definitions.md 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Linkage {
    /// Pairs at or above this match probability are linked.
    pub link_probability: f64,
    /// Pairs at or above this go to clerical review.
    pub review_probability: f64,
}

impl Default for Linkage {
    fn default() -> Self {
        Linkage {
            link_probability: 0.95,
            review_probability: 0.50,
        }
    }
}

/// Limits on what a file may do to this machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Largest expanded size of one workbook in MiB.
    pub expanded_mib: u64,
    /// Most non-empty cells of one file (a row counts as three more); sixteen million need about 1 GiB of memory.
    pub cells: u64,
    /// Password tried on protected workbooks; empty: none.
    pub workbook_password: String,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            expanded_mib: 2048,
            cells: 16_000_000,
            workbook_password: String::new(),
        }
    }
}

/// Quality gates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gates {
    /// Largest share of rows set aside.
    pub rows_set_aside: f64,
    /// Smallest share of records with an intact NIK (0 = no gate).
    pub nik_intact: f64,
    /// Smallest share of service rows linked to a known person (0 = no gate).
    pub services_linked: f64,
    /// Largest number of suppliers that are late; `None`: half of those that are declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_suppliers: Option<u32>,
    /// Largest number of suppliers that sent files and of whose files none could be read for the month.
    pub unreadable_suppliers: u32,
    /// Largest fall of a supplier's rows against the month before, as a share (1 = no gate).
    pub rows_fall: f64,
    /// Largest fall of the persons in custody against the month before, as a share (1 = no gate).
    pub population_fall: f64,
    /// Most days the cut-off date may lie before the end of the month.
    pub cutoff_days: u32,
}

impl Default for Gates {
    fn default() -> Self {
        Gates {
            rows_set_aside: 0.10,
            nik_intact: 0.0,
            services_linked: 0.0,
            late_suppliers: None,
            unreadable_suppliers: 0,
            rows_fall: 0.50,
            population_fall: 0.20,
            cutoff_days: 0,
        }
    }
}

impl Gates {
    /// How many suppliers may be late, where so many are declared.
    pub fn late_suppliers(&self, declared: usize) -> usize {
        (self.late_suppliers).map_or(declared / 2, |n| n as usize)
    }
}

/// How many places a unit has, from a month on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// Unit id.
    pub unit: String,
    /// First month it holds, `2025-01`.
    pub from: String,
    /// Places.
    pub places: u32,
    /// Where the number is from.
    pub source: String,
}

/// Who delivers what, by when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplier {
    /// Unit or agency id.
    pub id: String,
    /// Without it no output is written (exit 4) when nothing at all can be read from them.
    #[serde(default)]
    pub required: bool,
    /// It moves the cut-off date (default: every prison does).
    #[serde(default)]
    pub cutoff: Option<bool>,
    /// Day of the following month on which the file is due.
    #[serde(default = "default_due")]
    pub due_day: u32,
}

impl Supplier {
    /// The day on which its file for a month is due; a day the following month does not have is its last.
    pub fn due(&self, month: Month) -> chrono::NaiveDate {
        let first = month.plus(1).first_day();
        (first.with_day(self.due_day)).unwrap_or_else(|| month.plus(1).last_day())
    }
}

fn default_due() -> u32 {
    5
}

impl Settings {
    /// The day on which a supplier's file for a month is due, by its own settings or the usual day.
    pub fn due(&self, supplier: &str, month: Month) -> chrono::NaiveDate {
        let own = self.suppliers.iter().find(|s| s.id == supplier);
        own.map_or_else(
            || {
                let first = month.plus(1).first_day();
                first.with_day(default_due()).unwrap_or(first)
            },
            |s| s.due(month),
        )
    }
}

/// Files kept and left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// Keep the previous result of a month under `out/.previous/`.
    pub keep_previous: bool,
    /// Keep what was read of a file in `state/cache`, so that it is not parsed again until it changes.
    pub cache: bool,
    /// Months after which person-level state of people not seen any more is purged by `purge`.
    pub retention_months: u32,
    /// Command run after a run: program and arguments, no shell; `{summary}` is replaced by a line free of personal data.
    pub notify: Vec<String>,
}

impl Default for Files {
    fn default() -> Self {
        Files {
            keep_previous: true,
            cache: true,
            retention_months: 120,
            notify: Vec::new(),
        }
    }
}

/// The commented settings file that `init` and `sample` write.
pub const DEFAULT_TOML: &str = include_str!("default.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_agreement_promises_counts_before_a_target_of_the_settings_and_both_are_told_apart() {
        let targets = [("pks.dlh", 24.0), ("pks.dinsos", 12.0)];
        let text = "[[agreement]]\nid='a'\ntitle='A'\nfrom='2026-01-01'\n[[agreement.service]]\nagency='dlh'\nyear=2026\nquarters=[20,10,20,20]\n";
        let units = crate::domain::upt::UptRegistry::maluku(&[]);
        let settings = Settings {
            targets: targets.map(|(k, v)| (k.to_owned(), v)).into(),
            agreements: Agreements::parse(text, &units, &BTreeMap::new()).unwrap(),
            ..Settings::default()
        };
        let march = Month::new(2026, 3).unwrap();
        assert_eq!(settings.planned_services(2026)["dlh"], 70.0);
        assert_eq!(settings.planned_until(march)["dlh"], 20.0);
        assert_eq!(settings.planned_services(2026)["dinsos"], 12.0);
        assert_eq!(settings.planned_until(march)["dinsos"], 3.0);
        assert_eq!(
            settings.targets_against_promises(),
            [("dlh".to_owned(), 2026, 24.0, 70.0)]
        );
    }
}
