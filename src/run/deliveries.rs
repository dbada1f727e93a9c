//! The log of deliveries: every file that lies in the inbox or that a month was done with, when it came, for which months,
//! and what became of it. It is worked out from the manifests of the months done and from the inbox as it lies.

use super::manifest::Manifest;
use super::read::{Intake, unreadable};
use crate::domain::Month;
use crate::workspace::Workspace;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A file that was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Path relative to the inbox, as it may be shown.
    pub path: String,
    /// Supplier id.
    pub supplier: String,
    /// The day it came: that of the file in the inbox, or of the first run that used it where that is earlier. `None` where the
    /// system tells none.
    pub received: Option<NaiveDate>,
    /// First and last month its lists are about.
    pub months: Option<(Month, Month)>,
    /// Rows of it that were used.
    pub used: u64,
    /// The first month that was done with it.
    pub done_with: Option<Month>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Its rows count.
    Counts,
    /// Another file counts in its place, by its name or content: the path of that file.
    ReplacedBy(String),
    /// A file of the same name with another content has taken its place.
    NewContent,
    /// The same content lies elsewhere in the inbox.
    MovedTo(String),
    /// It is no longer in the inbox.
    Gone,
    /// It gave nothing.
    Unread,
}

impl Fate {
    /// Stable English id.
    pub const fn id(&self) -> &'static str {
        match self {
            Fate::Counts => "counts",
            Fate::ReplacedBy(_) => "replaced",
            Fate::NewContent => "new_content",
            Fate::MovedTo(_) => "moved",
            Fate::Gone => "gone",
            Fate::Unread => "unread",
        }
    }

    /// The file that counts instead.
    pub fn by(&self) -> Option<&str> {
        match self {
            Fate::ReplacedBy(path) | Fate::MovedTo(path) => Some(path),
            Fate::Counts | Fate::NewContent | Fate::Gone | Fate::Unread => None,
        }
    }
}

/// Every delivery, those that came last first. `manifests` are those of the months done, in any order.
pub fn log(ws: &Workspace, intake: &Intake, manifests: &[Manifest]) -> Vec<Delivery> {
    let first_runs = FirstRuns::of(manifests);
    let mut out = here(ws, intake, &first_runs);
    out.extend(no_longer_here(intake, manifests, &first_runs));
    out.sort_by(|a, b| b.received.cmp(&a.received).then(a.path.cmp(&b.path)));
    out
}

/// The first run that used a content: its day and month, by SHA-256.
struct FirstRuns(BTreeMap<String, (NaiveDate, Month)>);

impl FirstRuns {
    fn of(manifests: &[Manifest]) -> FirstRuns {
        let mut out = BTreeMap::new();
        for m in manifests {
            let Some(day) = (m.started.get(..10)).and_then(|d| d.parse::<NaiveDate>().ok()) else {
                continue;
            };
            for input in m.inputs.iter().filter(|i| !i.sha256.is_empty()) {
                let first = out.entry(input.sha256.clone()).or_insert((day, m.month));
                *first = (*first).min((day, m.month));
            }
        }
        FirstRuns(out)
    }
}

/// Files of the inbox.
fn here(ws: &Workspace, intake: &Intake, first: &FirstRuns) -> Vec<Delivery> {
    let unread: BTreeSet<&str> = unreadable(intake).map(|(path, _)| path).collect();
    let files = intake.files.iter().zip(&intake.shown).enumerate();
    files
        .map(|(i, (file, shown))| {
            let mut months = None;
            let of = intake.records.coverage.iter();
            for c in of.filter(|c| c.file.0 as usize == i) {
                months = spanned(months, Month::of(c.from), Month::of(c.to));
            }
            let run = first.0.get(&file.sha256);
            let fate = match intake.superseded.get(&i) {
                Some(by) => Fate::ReplacedBy(intake.shown[*by].clone()),
                None if unread.contains(shown.as_str()) || intake.counts[i].tables == 0 => {
                    Fate::Unread
                }
                None => Fate::Counts,
            };
            Delivery {
                path: shown.clone(),
                supplier: file.supplier.clone(),
                received: came(ws, &file.path)
                    .into_iter()
                    .chain(run.map(|r| r.0))
                    .min(),
                months,
                used: intake.counts[i].used,
                done_with: run.map(|r| r.1),
                fate,
            }
        })
        .collect()
}

/// Files that months were done with and that do not lie in the inbox as they were.
fn no_longer_here(intake: &Intake, manifests: &[Manifest], first: &FirstRuns) -> Vec<Delivery> {
    let files = || intake.shown.iter().zip(&intake.files);
    let at: BTreeMap<&str, &str> = files()
        .map(|(p, f)| (p.as_str(), f.sha256.as_str()))
        .collect();
    let place: BTreeMap<&str, &str> = files()
        .map(|(p, f)| (f.sha256.as_str(), p.as_str()))
        .collect();
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut out = Vec::new();
    for input in manifests.iter().flat_map(|m| &m.inputs) {
        let (path, content) = (input.path.as_str(), input.sha256.as_str());
        let as_it_was = at.get(path) == Some(&content);
        if content.is_empty() || as_it_was || !seen.insert((path, content)) {
            continue;
        }
        let mut months = None;
        for c in &input.coverage {
            months = spanned(months, Month::of(c.from), Month::of(c.to));
        }
        let run = first.0.get(content);
        let fate = match (at.get(path), place.get(content)) {
            (None, Some(now)) => Fate::MovedTo((*now).to_owned()),
            (Some(_), _) => Fate::NewContent,
            (None, None) => Fate::Gone,
        };
        out.push(Delivery {
            path: path.to_owned(),
            supplier: input.supplier.clone(),
            received: run.map(|r| r.0),
            months,
            used: input.used,
            done_with: run.map(|r| r.1),
            fate,
        });
    }
    out
}

fn spanned(months: Option<(Month, Month)>, from: Month, to: Month) -> Option<(Month, Month)> {
    Some(months.map_or((from, to), |(a, b)| (a.min(from), b.max(to))))
}

/// The day a file came into the inbox: when it was made there, or else when it was last written.
fn came(ws: &Workspace, rel: &str) -> Option<NaiveDate> {
    let about = std::fs::metadata(ws.inbox().join(rel)).ok()?;
    let time = about.created().or_else(|_| about.modified()).ok()?;
    Some(chrono::DateTime::<chrono::Local>::from(time).date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::upt::UptRegistry;
    use crate::locale::Lang;
    use crate::run::Silent;
    use crate::run::manifest::{Coverage, Input};
    use crate::workspace::Settings;

    fn list(month: &str, entry: &str) -> String {
        format!(
            "LAPAS KELAS IIB PIRU\nBULAN {month} 2026\nNo;Nama;NIK;Tgl Masuk;Pasal\n\
             1;LA ODE RAHMAT;8171010101900001;{entry};363 KUHP\n2;WA INA;8171014101910002;{entry};112 UU 35/2009\n"
        )
    }

    fn intake(ws: &Workspace) -> Intake {
        let (settings, units) = (Settings::default(), UptRegistry::maluku(&[]));
        crate::run::read::read_inbox(
            ws,
            &settings,
            &units,
            Month::new(2026, 2),
            Lang::Id,
            &Silent,
        )
        .unwrap()
    }

    fn of<'a>(log: &'a [Delivery], path: &str) -> &'a Delivery {
        let mut all = log.iter().filter(|d| d.path == path);
        all.next().unwrap_or_else(|| panic!("{path} in {log:#?}"))
    }

    /// What a month done in January with some files left behind.
    fn manifest(inputs: &[(&str, &str)]) -> Manifest {
        let input = |(path, sha256): &(&str, &str)| Input {
            path: (*path).into(),
            supplier: "lapas-piru".into(),
            sha256: (*sha256).into(),
            bytes: 1,
            rows: 2,
            used: 2,
            set_aside: 0,
            beyond: 0,
            coverage: vec![Coverage {
                kind: "custody".into(),
                from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
                to: NaiveDate::from_ymd_opt(2026, 1, 31).unwrap(),
            }],
            account: Vec::new(),
        };
        let inputs: Vec<Input> = inputs.iter().map(input).collect();
        serde_json::from_value(serde_json::json!({
            "program": "x", "definitions": "x", "month": "2026-01", "language": "id",
            "started": "2026-02-06T06:30:00+09:00", "cutoff": null, "inputs": inputs, "outputs": [],
            "counts": {}, "seconds": {}, "late": [], "gates_failed": [],
        }))
        .unwrap()
    }

    #[test]
    fn the_log_tells_of_every_file_when_it_came_for_which_month_and_what_became_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let ws = Workspace::at(dir.path());
        let put = |name: &str, text: &str| {
            let path = ws.inbox().join("lapas-piru").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let january = list("JANUARI", "05/01/2026");
        put("januari.csv", &january);
        put("februari.csv", &list("FEBRUARI", "05/02/2026"));
        put("februari REVISI.csv", &list("FEBRUARI", "06/02/2026"));
        put("salinan.csv", &january);
        put("baru.xlsx.part", "x");
        let intake = intake(&ws);
        let sha = |path: &str| {
            let i = intake.shown.iter().position(|p| p == path).unwrap();
            intake.files[i].sha256.clone()
        };
        let (old, same) = ("0".repeat(64), sha("lapas-piru/januari.csv"));
        let done = manifest(&[
            ("lapas-piru/januari.csv", &old),
            ("lapas-piru/tempat lama.csv", &same),
            ("lapas-piru/hilang.csv", &"1".repeat(64)),
        ]);
        let log = log(&ws, &intake, &[done]);
        let fate = |path: &str| of(&log, path).fate.clone();
        assert_eq!(fate("lapas-piru/februari REVISI.csv"), Fate::Counts);
        assert_eq!(
            fate("lapas-piru/februari.csv"),
            Fate::ReplacedBy("lapas-piru/februari REVISI.csv".into())
        );
        assert_eq!(
            fate("lapas-piru/salinan.csv"),
            Fate::ReplacedBy("lapas-piru/januari.csv".into())
        );
        assert_eq!(fate("lapas-piru/baru.xlsx.part"), Fate::Unread);
        assert!(matches!(
            fate("lapas-piru/tempat lama.csv"),
            Fate::MovedTo(_)
        ));
        assert_eq!(fate("lapas-piru/hilang.csv"), Fate::Gone);
        let was = log.iter().find(|d| d.fate == Fate::NewContent).unwrap();
        assert_eq!(was.path, "lapas-piru/januari.csv");
        let january = of(&log, "lapas-piru/hilang.csv");
        assert_eq!(january.received, NaiveDate::from_ymd_opt(2026, 2, 6));
        assert_eq!(january.months, Month::new(2026, 1).zip(Month::new(2026, 1)));
        assert_eq!(january.done_with, Month::new(2026, 1));
    }
}
