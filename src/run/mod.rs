//! Floor 5: the order of the stages, the lock, the staging folder, the manifest.
//!
//! Knows every room below and nothing of the terminal: what a person sees while it runs goes through
//! [`Progress`], what stops it is a [`RunError`].

mod account;
pub mod analysis;
pub mod annex;
pub mod backup;
mod basis;
mod bounds;
mod cache;
pub mod cells;
pub mod change;
mod cleaned;
mod coarser;
mod commit;
pub mod compare;
pub mod deliveries;
mod error;
mod export;
pub mod gain;
pub mod gates;
pub mod health;
pub mod history;
pub mod lock;
pub mod manifest;
#[cfg(test)]
mod mined;
mod named;
pub mod notify;
mod outputs;
pub mod processing;
mod protection;
pub mod published;
pub mod purge;
pub mod quality;
pub mod read;
pub mod review;
mod revisions;
mod seal;
mod staging;
pub mod state;
mod versions;

pub use analysis::{Analysis, linked};
pub use error::RunError;
pub use lock::Lock;
pub use outputs::{feedback, supplier_name};

use crate::domain::figure::Figure;
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, Text, let_go};
use crate::locale::{self, Lang};
use crate::protect::Audience;
use crate::workspace::{Agreements, Settings, SettingsError, Workspace};
use manifest::{Input, Manifest};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What a run tells while it works. Stages come in order, steps within a stage.
pub trait Progress: Sync {
    /// A stage begins; its name is a key of `run.stage.*`.
    fn stage(&self, stage: &'static str, total: u64);
    /// Part of the stage is done.
    fn step(&self, n: u64);
    /// All files are read and cleaned, and became so many records.
    fn all_read(&self, _records: usize) {}
    /// Nothing more comes.
    fn end(&self) {}
    /// Whether somebody asked to stop: the run ends at the next place where nothing is half done.
    fn stopped(&self) -> bool {
        false
    }
    /// The month is whole and is about to take its place: from here on the run is not broken off. `false` when it has been
    /// already.
    fn publishing(&self) -> bool {
        true
    }
}

/// Says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _: &'static str, _: u64) {}
    fn step(&self, _: u64) {}
}

/// What a run may be told.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// The report's month; default the last complete one for which there is data.
    pub month: Option<Month>,
    /// Language of the outputs; default the settings'.
    pub lang: Option<Lang>,
    /// Folder for the months; default `out/` of the workspace.
    pub out: Option<PathBuf>,
    /// Wait for another run instead of giving up.
    pub wait: bool,
    /// An additional template.
    pub template: Option<PathBuf>,
    /// Compute although nothing has changed.
    pub force: bool,
    /// Reproduce the month of this manifest byte for byte, or say what is not as it was.
    pub from_manifest: Option<PathBuf>,
    /// Folder for stage tables as Parquet; none are written without it.
    pub parquet: Option<PathBuf>,
    /// The internal annex, person level: none is written without it.
    pub annex: Option<annex::Annex>,
    /// Go on although what was remembered is lost: the manifest and the cover say so.
    pub accept_lost_history: bool,
}

/// A month done.
#[derive(Debug)]
pub struct Done {
    /// Its manifest.
    pub manifest: Manifest,
    /// Where it stands.
    pub folder: PathBuf,
    /// Published figures by audience.
    pub figures: Vec<(Audience, Vec<Figure>)>,
    /// Names of suppliers whose files end before the month does, with their last day.
    pub late: Vec<(String, Option<chrono::NaiveDate>)>,
    /// Names of the manifest's overdue suppliers, in its order.
    pub overdue: Vec<String>,
    /// Language of the outputs.
    pub lang: Lang,
    /// Nothing had changed: the month that stood still stands.
    pub unchanged: bool,
    /// A run before this one that was broken off: what it left has been settled.
    pub broken_off: Option<String>,
    /// Where the internal annex is, when one was asked for.
    pub annex: Option<PathBuf>,
    /// Where what goes back to suppliers is.
    pub feedback: PathBuf,
    /// The record of processing was gone although months had been done.
    pub log_lost: bool,
    /// What became of results of this month that stood before.
    pub before: Stood,
}

/// What became of the results of a month that stood before it was done again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stood {
    /// There were none, or they still stand.
    Nothing,
    /// They are kept in this folder.
    Kept(PathBuf),
    /// They are gone, as the settings say.
    Removed,
}

impl Stood {
    /// After publishing a month that stood already.
    fn aside(out: &Path, month: crate::domain::Month) -> Stood {
        let kept = out.join(format!(".previous/{month}"));
        match kept.join("manifest.json").is_file() {
            true => Stood::Kept(kept),
            false => Stood::Removed,
        }
    }
}

/// Does a month, from the inbox to the handed-over folder.
pub fn run(
    ws: &Workspace,
    options: &RunOptions,
    progress: &dyn Progress,
) -> Result<Done, RunError> {
    let started = chrono::Local::now();
    let mut clock = Clock::default();
    let settings = read_settings(ws)?;
    let wanted = (options.from_manifest.as_deref())
        .map(Manifest::read)
        .transpose()?;
    let lang = (wanted.as_ref().and_then(|m| Lang::from_tag(&m.language)))
        .or(options.lang)
        .unwrap_or(settings.office.language);
    let units = UptRegistry::maluku(&settings.units);
    let templates = outputs::load_templates(ws, options.template.as_deref(), &settings.agreements)?;
    let out = options.out.clone().unwrap_or_else(|| ws.out());
    state::refuse_misplaced(ws, &out, lang)?;
    state::refuse_writable_by_all(ws, &out, lang)?;
    if let Some(dir) = options
        .parquet
        .as_deref()
        .filter(|d| state::lies_within(d, &out))
    {
        let path = dir.display().to_string();
        let args = [("path", path.as_str())];
        return Err(RunError::Usage(locale::format(
            lang,
            "run.persons_handed_over",
            &args,
        )));
    }
    state::prepare(&ws.state(), lang)?;
    let lock = Lock::take(&ws.state(), options.wait, lang)?;
    commit::recover(ws, options.accept_lost_history, lang)?;
    state::create_unwritable(&out)?;
    let _lock_of_out = Lock::of_out(&out, options.wait, lang)?;
    staging::settle(&out);
    let anew = analysis::key_is_there(ws, options.accept_lost_history, lang)?;
    analysis::begin_key(ws)?;

    let mut inbox = read::Inbox::look(ws, &settings, &units, lang, progress)?;
    if let Some(m) = &wanted {
        inbox.keep_only(m);
    }
    let basis_of = |month| basis::of(ws, &settings, options.template.as_deref(), &inbox, month);
    let known = wanted.as_ref().map(|m| m.month).or(options.month);
    if let Some(m) = &wanted {
        basis::check(m, &basis_of(m.month)?, &inbox, lang)?;
    } else if !options.force
        && let Some(month) = known.or_else(|| inbox.month_known())
        && let Some(m) = basis::unchanged(ws, &out, month, lang, &basis_of(month)?, &inbox)
    {
        progress.end();
        return Ok(Done {
            broken_off: lock.broken_off.clone(),
            ..Done::standing(ws, &out, m, &settings, &units, lang)?
        });
    }
    stop_if_asked(progress)?;

    let intake = inbox.read(&settings, &units, known, lang, progress)?;
    gates::required_are_there(&intake, &settings, &units, lang)?;
    gates::month_is_delivered(&intake, lang)?;
    clock.lap("read");
    let requests = templates.requests(None);
    let rebuild = history::Rebuild {
        ws,
        out: &out,
        settings: &settings,
        units: &units,
        inbox: &inbox,
        requests: &requests,
        lang,
        progress,
        accept_lost: options.accept_lost_history,
    };
    let earlier = rebuild.earlier(intake.month)?;
    clock.lap("earlier");
    let basis = basis_of(intake.month)?;
    let mut analysis = Analysis::of(ws, &settings, &units, intake, requests, progress)?;
    clock.lap("link_history");
    let counted = change::Work {
        ws,
        settings: &settings,
        units: &units,
        inbox: &inbox,
        lang,
        progress,
    }
    .changes(&mut analysis)?;
    clock.lap("change");
    stop_if_asked(progress)?;
    if let Some(dir) = &options.parquet {
        export::parquet(dir, &analysis, &settings, &units)?;
        clock.lap("parquet");
    }
    progress.stage("measure", 1);
    let figures = analysis.figures(&settings, &units, options.annex.is_some())?;
    clock.lap("measure");
    let inside = [0, -1].map(|back| analysis.inside(analysis.intake.month.plus(back)));
    let before = gates::Before::of(ws, &out, analysis.intake.month)?;
    let mut gates_failed = gates::failed(&analysis, inside, &before, &settings, &units, lang);
    gates_failed.extend(earlier.sentence(lang));
    gates_failed.extend(anew.map(|a| a.sentence(lang)));
    stop_if_asked(progress)?;

    let month = analysis.intake.month;
    let pending = commit::Pending::open(ws)?;
    let staging = staging::Staging::open(&out, month)?;
    let mut manifest = account::manifest(&analysis, &settings, lang, started);
    manifest.basis = basis;
    manifest.history_rebuilt.clone_from(&earlier.rebuilt);
    manifest.history_lost.clone_from(&earlier.lost);
    let issues: Vec<published::Issue> = earlier.issues.into_iter().map(|(_, f)| f).collect();
    manifest.gates_failed = gates_failed;
    let why = revisions::Why::of(ws, &manifest)?;
    let annex = (options.annex.as_ref())
        .map(|a| annex::write(&analysis, a, &settings, &units, &ws.state(), &out, lang))
        .transpose()?;
    let writer = outputs::Writer {
        ws,
        state: &pending.state(),
        feedback: &pending.feedback(),
        earlier: &issues,
        why: &why,
        settings: &settings,
        units: &units,
        templates: &templates,
        analysis: &analysis,
        gates_failed: &manifest.gates_failed,
        lang,
        progress,
    };
    let (published, kept) = rayon::join(
        || writer.write(figures, staging.folder(), &mut clock),
        || {
            let month = analysis.intake.month;
            change::remember(&pending.state(), month, &settings, &counted)?;
            quality::remember(&pending.state(), month, &quality::of(&analysis))?;
            keep(ws, &analysis, &pending.state())
        },
    );
    let published = published?;
    kept?;

    let revised = revisions::sha256(ws, Some(&pending.state()), month)?;
    manifest.basis.insert("revisions".into(), revised);
    manifest.outputs = manifest::outputs_of(staging.folder())?;
    manifest.feedback = manifest::outputs_of(&pending.feedback())?;
    if let Some(m) = &wanted {
        same_outputs(m, &manifest, lang)?;
    }
    published::remember(&pending.state(), month, &published)?;
    let log_lost = processing::is_lost(ws)?;
    processing::record(ws, &pending.state(), &manifest, annex.is_some())?;
    clock.lap("report");
    manifest.seconds = clock.laps;
    let text = serde_json::to_vec_pretty(&manifest).map_err(RunError::stage("manifest"))?;
    let path = staging.folder().join("manifest.json");
    std::fs::write(&path, &text).map_err(RunError::io("write", path))?;
    stop_if_asked(progress)?;
    if !progress.publishing() {
        return Err(RunError::Interrupted);
    }
    // From here on the month and what is remembered of it change together (see `commit`).
    pending.promise(&commit::Promise {
        out: &out,
        staging: staging.folder(),
        month,
        manifest: &text,
        keep_previous: settings.files.keep_previous,
        inside: inside[0],
    })?;
    let stood = out.join(month.to_string()).join("manifest.json").is_file();
    let folder = staging.publish(settings.files.keep_previous)?;
    let remembered = pending.commit(ws, month);
    remembered.map_err(|cause| RunError::AfterPublishing {
        folder: folder.clone(),
        cause: Box::new(cause),
    })?;
    inbox.prune_cache();
    progress.end();

    let before = match stood {
        true => Stood::aside(&out, month),
        false => Stood::Nothing,
    };
    let late = account::late(&analysis.histories.coverage.late, &units, &settings);
    let_go(analysis);
    Ok(Done {
        late,
        overdue: account::overdue_names(&manifest, &units, &settings),
        folder,
        figures: published,
        manifest,
        lang,
        unchanged: false,
        broken_off: lock.broken_off.clone(),
        annex,
        feedback: ws.feedback().join(month.to_string()),
        log_lost,
        before,
    })
}

impl Done {
    /// The month that stands, when nothing had changed.
    fn standing(
        ws: &Workspace,
        out: &Path,
        manifest: Manifest,
        settings: &Settings,
        units: &UptRegistry,
        lang: Lang,
    ) -> Result<Done, RunError> {
        let month = manifest.month;
        let covered = |id: &str| {
            let of = |i: &&Input| i.supplier == id;
            let days = manifest.inputs.iter().filter(of).flat_map(|i| &i.coverage);
            days.map(|c| c.to).max()
        };
        let list: Vec<(Text, Option<chrono::NaiveDate>)> = (manifest.late.iter())
            .map(|id| (id.as_str().into(), covered(id)))
            .collect();
        let recalled = |a| Ok((a, published::recall(ws, a, month)?.unwrap_or_default()));
        let figures: Result<_, RunError> = Audience::ALL.into_iter().map(recalled).collect();
        Ok(Done {
            folder: out.join(month.to_string()),
            figures: figures?,
            late: account::late(&list, units, settings),
            overdue: account::overdue_names(&manifest, units, settings),
            manifest,
            lang,
            unchanged: true,
            broken_off: None,
            annex: None,
            feedback: ws.feedback().join(month.to_string()),
            log_lost: processing::is_lost(ws)?,
            before: Stood::Nothing,
        })
    }
}

/// Keeps who was who, and the names that were read, below `state`.
fn keep(ws: &Workspace, analysis: &Analysis, state: &Path) -> Result<(), RunError> {
    analysis.save_registry(ws, state)?;
    let names = state.join(format!("names/{}.csv", analysis.intake.month));
    state::write_pending_table(&names, &analysis.intake.names_csv())
}

fn stop_if_asked(progress: &dyn Progress) -> Result<(), RunError> {
    if progress.stopped() {
        return Err(RunError::Interrupted);
    }
    Ok(())
}

/// A reproduced month must be the one of its manifest, file by file.
fn same_outputs(wanted: &Manifest, now: &Manifest, lang: Lang) -> Result<(), RunError> {
    let of = |m: &Manifest| -> BTreeMap<String, String> {
        let each = m.outputs.iter();
        each.map(|o| (o.path.clone(), o.sha256.clone())).collect()
    };
    let (before, after) = (of(wanted), of(now));
    let paths: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differing: Vec<&str> = (paths.into_iter())
        .filter(|p| before.get(*p) != after.get(*p))
        .map(String::as_str)
        .collect();
    if differing.is_empty() {
        return Ok(());
    }
    let list = differing.join(", ");
    Err(RunError::Stage {
        stage: "manifest",
        reason: locale::format(lang, "run.differs.outputs", &[("list", &list)]),
    })
}

/// Whether the templates of a workspace can be used.
pub fn check_templates(ws: &Workspace) -> Result<(), RunError> {
    outputs::load_templates(ws, None, &Agreements::default()).map(drop)
}

/// Reads `reintegrasi.toml` and, where there is one, `perjanjian.toml`; a workspace without settings is a usage error.
pub fn read_settings(ws: &Workspace) -> Result<Settings, RunError> {
    let file = ws.settings_file();
    let mut settings = Settings::read(&file)?;
    // It was read just now; whoever changes it meanwhile loses the line of a mistake.
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    named::check(&settings, &file.display().to_string(), &text)?;
    let units = UptRegistry::maluku(&settings.units);
    let agreements = Agreements::read(&ws.agreements_file(), &units, &settings.agencies);
    settings.agreements = agreements.map_err(SettingsError::from)?;
    let file = ws.agreements_file();
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    named::check_agreements(&settings, &file.display().to_string(), &text)?;
    Ok(settings)
}

/// Seconds by stage.
#[derive(Debug)]
pub(crate) struct Clock {
    last: Instant,
    laps: BTreeMap<String, f64>,
}

impl Default for Clock {
    fn default() -> Self {
        Clock {
            last: Instant::now(),
            laps: BTreeMap::new(),
        }
    }
}

impl Clock {
    pub(crate) fn lap(&mut self, stage: &str) {
        let seconds = (self.last.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        *self.laps.entry(stage.into()).or_default() += seconds;
        self.last = Instant::now();
    }
}
