//! Why numbers are not those of the month before: the issue before is followed to this one in steps that change one thing
//! each, and what each number counts is kept in `state/change` for the month after.
//!
//! ```text
//! as published → + all delivered now about that time → + who is who now → + settings of now → this month
//!              deliveries                            links              definition          movement
//! ```
//!
//! The third kind of step costs a history of the month before, the first a reading of the files that are new since; without
//! a month before there is nothing to do. No step is guessed: where another version of the program read the deliveries, what
//! it changed and what came in cannot be told apart, and stand together.

use super::manifest::Manifest;
use super::read::{Inbox, Intake};
use super::{Analysis, Progress, RunError, Silent};
use crate::domain::change::{Changes, CountedSets};
use crate::domain::history::LinkStrength;
use crate::domain::records::Identity;
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, RowRef};
use crate::history;
use crate::link::PersonKey;
use crate::locale::Lang;
use crate::measure::{self, Quality};
use crate::workspace::{Settings, StateError, Workspace, read_state};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::cell::LazyCell;
use std::path::{Path, PathBuf};

/// What the numbers of a month counted, and what they were made with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    /// Program and version of the definitions.
    program: String,
    /// The settings.
    settings: String,
    /// What each number counted.
    sets: CountedSets,
}

fn file(state: &Path, month: Month) -> PathBuf {
    state.join("change").join(format!("{month}.bin"))
}

fn settings_text(settings: &Settings) -> Result<String, RunError> {
    let figures_only = Settings {
        files: Default::default(),
        ..settings.clone()
    };
    toml::to_string(&figures_only).map_err(RunError::stage("settings"))
}

/// The program and the version of its definitions: what reads deliveries otherwise.
fn program() -> String {
    format!(
        "{}, {}",
        Manifest::program_name(),
        super::manifest::DEFINITION_VERSION
    )
}

/// Keeps what the numbers of a month counted, below `state` (the folder itself, or what will become it).
pub fn remember(
    state: &Path,
    month: Month,
    settings: &Settings,
    sets: &CountedSets,
) -> Result<(), RunError> {
    let kept = Kept {
        program: program(),
        settings: settings_text(settings)?,
        sets: sets.clone(),
    };
    let bytes = postcard::to_stdvec(&kept).map_err(RunError::stage("change"))?;
    super::state::write_pending(&file(state, month), &bytes)
}

/// What was kept of a month; `None` where nothing was.
fn recall(ws: &Workspace, month: Month) -> Result<Option<Kept>, StateError> {
    let path = file(&ws.state(), month);
    let Some(bytes) = read_state(&path)? else {
        return Ok(None);
    };
    postcard::from_bytes(&bytes)
        .map(Some)
        .map_err(StateError::unknown(&path))
}

/// Who is who among the records of an earlier month: by the links of now, and as the month before had it.
struct Who {
    /// Person of each record, by the links of now.
    now: Vec<u32>,
    /// The same by the links before.
    before: Vec<u32>,
    /// Pseudonyms of both, as numbers.
    keys: [Vec<u128>; 2],
}

impl Who {
    /// Of records that stand where those of the analysis stand, or are of somebody whom those name alike.
    fn of(earlier: &Intake, analysis: &Analysis) -> Who {
        let links = &analysis.links;
        let mut at: FxHashMap<RowRef, u32> = FxHashMap::default();
        let all = &analysis.intake.records;
        for (i, (place, _)) in all.identities().enumerate() {
            at.insert(place, i as u32);
        }
        // Few rows stand for somebody then and not now: those that a newer export of the month replaced.
        let same: LazyCell<FxHashMap<_, u32>, _> = LazyCell::new(|| {
            let each = all.identities().enumerate();
            each.map(|(i, (_, who))| (signature(who), i as u32))
                .collect()
        });
        let records: Vec<Option<u32>> = (earlier.records.identities())
            .map(|(place, who)| {
                at.get(&place)
                    .or_else(|| same.get(&signature(who)))
                    .copied()
            })
            .collect();
        let mut keys: Vec<u128> = links.keys().iter().map(|k| k.number()).collect();
        let now: Vec<u32> = records
            .iter()
            .zip(earlier.records.identities())
            .map(|(r, (place, _))| match r {
                Some(r) => links.person_of[*r as usize],
                None => {
                    // Nobody that is known now: a person of its own.
                    keys.push(u128::from(place.file.0) << 64 | u128::from(place.row));
                    keys.len() as u32 - 1
                }
            })
            .collect();
        let key_before = |r: &Option<u32>| r.and_then(|r| links.key_before[r as usize]);
        // Whom a new record belonged to is not known: it goes where its person's other records were.
        let mut of_person: FxHashMap<u32, PersonKey> = FxHashMap::default();
        for (r, p) in records.iter().zip(&now) {
            if let Some(key) = key_before(r) {
                let known = of_person.entry(*p).or_insert(key);
                // Of several the one that goes on.
                if keys[*p as usize] == key.number() {
                    *known = key;
                }
            }
        }
        let mut dense: FxHashMap<u128, u32> = FxHashMap::default();
        let mut keys_before: Vec<u128> = Vec::new();
        let before = records
            .iter()
            .zip(&now)
            .map(|(r, p)| {
                let key = key_before(r).or_else(|| of_person.get(p).copied());
                let key = key.map_or(keys[*p as usize], PersonKey::number);
                *dense.entry(key).or_insert_with(|| {
                    keys_before.push(key);
                    keys_before.len() as u32 - 1
                })
            })
            .collect();
        Who {
            now,
            before,
            keys: [keys, keys_before],
        }
    }

    /// Whether both say the same of everybody.
    fn is_same(&self) -> bool {
        let mut of: FxHashMap<u32, u32> = FxHashMap::default();
        let mut back: FxHashMap<u32, u32> = FxHashMap::default();
        self.now.iter().zip(&self.before).all(|(a, b)| {
            let there = *of.entry(*a).or_insert(*b) == *b;
            there && *back.entry(*b).or_insert(*a) == *a
        })
    }
}

/// What names somebody: name, birth date, NIK.
fn signature(who: &Identity) -> (&str, String, &str) {
    let nik = who.nik.digits();
    (&who.name, format!("{:?}", who.birth), nik)
}

/// What following a number from issue to issue needs.
pub struct Work<'a> {
    /// The workspace.
    pub ws: &'a Workspace,
    /// Settings of now.
    pub settings: &'a Settings,
    /// Units.
    pub units: &'a UptRegistry,
    /// The files.
    pub inbox: &'a Inbox,
    /// Language of what stops it.
    pub lang: Lang,
    /// Whether somebody asked to stop.
    pub progress: &'a dyn Progress,
}

impl Work<'_> {
    /// Gives the analysis its changes since the month before, where that was handed out; returns what its own numbers
    /// count.
    pub fn changes(&self, analysis: &mut Analysis) -> Result<CountedSets, RunError> {
        let links = &analysis.links;
        let mut by_row: FxHashMap<RowRef, u128> = FxHashMap::default();
        for ((at, _), p) in analysis.intake.records.identities().zip(&links.person_of) {
            by_row.insert(at, links.keys()[*p as usize].number());
        }
        let who = |at: RowRef| by_row.get(&at).copied().unwrap_or_default();
        let now = measure::counted(&analysis.input(self.settings, self.units), &who);
        let before = analysis.intake.month.plus(-1);
        let Some(kept) = recall(self.ws, before)? else {
            return Ok(now);
        };
        let stop = StopOnly(self.progress);
        let earlier =
            (self.inbox).read_as_of(before, self.settings, self.units, self.lang, &stop)?;
        let who = Who::of(&earlier, analysis);
        let same_settings = kept.settings == settings_text(self.settings)?;
        // Settings that cannot be read any more are those of another version of the program.
        let old: Option<Settings> = match same_settings {
            true => None,
            false => toml::from_str(&kept.settings).ok(),
        };
        let then = old.as_ref().unwrap_or(self.settings);
        let count = |persons: &[u32], keys: &[u128], settings: &Settings| {
            counted(&earlier, persons, keys, settings, self.units)
        };
        let [keys, keys_before] = &who.keys;
        let delivered = count(&who.before, keys_before, then);
        let linked = match who.is_same() {
            true => delivered.clone(),
            false => count(&who.now, keys, then),
        };
        let defined = match old {
            None => linked.clone(),
            Some(_) => count(&who.now, keys, self.settings),
        };
        analysis.changes = Some(Changes {
            other_program: kept.program != program() || (!same_settings && old_unread(&kept)),
            published: kept.sets,
            delivered,
            linked,
            defined,
            now: now.clone(),
        });
        Ok(now)
    }
}

/// Whether the settings of then say nothing to this version.
fn old_unread(kept: &Kept) -> bool {
    toml::from_str::<Settings>(&kept.settings).is_err()
}

/// What the numbers count in the records of a month by some links and settings.
fn counted(
    intake: &Intake,
    persons: &[u32],
    keys: &[u128],
    settings: &Settings,
    units: &UptRegistry,
) -> CountedSets {
    let strength = vec![LinkStrength::Strict; keys.len()];
    let (records, month) = (&intake.records, intake.month);
    let histories = history::build(records, persons, &strength, units, settings, month);
    let by_row: FxHashMap<RowRef, u128> = (records.identities().zip(persons))
        .map(|((at, _), p)| (at, keys[*p as usize]))
        .collect();
    let input = measure::Input {
        histories: &histories,
        bound: None,
        units,
        settings,
        month,
        quality: &Quality::default(),
        changes: None,
    };
    measure::counted(&input, &|at| by_row.get(&at).copied().unwrap_or_default())
}

/// Hands on the wish to stop and shows nothing.
struct StopOnly<'a>(&'a dyn Progress);

impl Progress for StopOnly<'_> {
    fn stage(&self, stage: &'static str, total: u64) {
        Silent.stage(stage, total);
    }
    fn step(&self, n: u64) {
        Silent.step(n);
    }
    fn stopped(&self) -> bool {
        self.0.stopped()
    }
}
