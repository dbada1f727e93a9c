//! Floor 5: the order of the stages, the lock, the staging folder, the manifest.
//!
//! Knows every room below and nothing of the terminal: what a person sees while it runs goes through
//! [`Progress`], what stops it is a [`RunError`].

pub mod analysis;
pub mod compare;
mod error;
mod gates;
mod lock;
pub mod manifest;
mod outputs;
mod published;
pub mod read;
pub mod review;
mod staging;
pub mod state;

pub use analysis::{Analysis, linked};
pub use error::RunError;
pub use lock::Lock;
pub use outputs::feedback;

use crate::domain::figure::Figure;
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, Severity};
use crate::locale::Lang;
use crate::protect::Audience;
use crate::workspace::{Settings, Workspace};
use manifest::{DEFINITION_VERSION, Input, Manifest};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

/// What a run tells while it works. Stages come in order, steps within a stage.
pub trait Progress: Sync {
    /// A stage begins; its name is a key of `run.stage.*`.
    fn stage(&self, stage: &'static str, total: u64);
    /// Part of the stage is done.
    fn step(&self, n: u64);
    /// Nothing more comes.
    fn end(&self) {}
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
    /// Files that could not be read: path, rule id.
    pub unreadable: Vec<(String, &'static str)>,
    /// Issues by severity: errors, warnings, notes.
    pub issues: [u64; 3],
    /// Names of suppliers whose files end before the month does.
    pub late: Vec<String>,
    /// Language of the outputs.
    pub lang: Lang,
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
    let lang = options.lang.unwrap_or(settings.office.language);
    let units = UptRegistry::maluku(&settings.units);
    let templates = outputs::load_templates(ws, options.template.as_deref())?;
    state::prepare(&ws.state(), lang)?;
    let _lock = Lock::take(&ws.state(), options.wait, lang)?;

    let intake = read::read_inbox(ws, &settings, &units, options.month, lang, progress)?;
    gates::required_are_there(&intake, &settings, &units, lang)?;
    clock.lap("read");
    let analysis = Analysis::of(ws, &settings, &units, intake, lang, progress)?;
    clock.lap("link_history");
    progress.stage("measure", 1);
    let mut requests = templates.requests(None);
    requests.extend(outputs::page_requests());
    let figures = analysis.figures(&settings, &units, &requests)?;
    clock.lap("measure");
    let gates_failed = gates::failed(&analysis, &settings, lang);

    let month = analysis.intake.month;
    let out = options.out.clone().unwrap_or_else(|| ws.out());
    let staging = staging::Staging::open(&out, month)?;
    let writer = outputs::Writer {
        ws,
        settings: &settings,
        units: &units,
        templates: &templates,
        analysis: &analysis,
        gates_failed: &gates_failed,
        lang,
        progress,
    };
    let published = writer.write(figures, staging.folder(), &mut clock)?;

    let mut manifest = manifest_of(&analysis, &settings, lang, started);
    manifest.gates_failed = gates_failed;
    manifest.outputs = manifest::outputs_of(staging.folder())?;
    clock.lap("report");
    manifest.seconds = clock.laps;
    let text = serde_json::to_vec_pretty(&manifest).map_err(RunError::stage("manifest"))?;
    let path = staging.folder().join("manifest.json");
    std::fs::write(&path, text).map_err(RunError::io("write", path))?;
    let folder = staging.publish(settings.files.keep_previous)?;
    published::remember(ws, month, &published)?;
    analysis.save_registry(ws)?;
    progress.end();

    let count = |s: Severity| {
        analysis
            .intake
            .issues
            .iter()
            .filter(|i| i.severity == s)
            .count() as u64
    };
    let unreadable = read::unreadable(&analysis.intake)
        .map(|(f, i)| (f.path.clone(), i.rule))
        .collect();
    Ok(Done {
        folder,
        figures: published,
        unreadable,
        issues: [
            count(Severity::Error),
            count(Severity::Warning),
            count(Severity::Note),
        ],
        late: manifest.late.clone(),
        manifest,
        lang,
    })
}

/// Reads `reintegrasi.toml`; a workspace without one is a usage error.
pub fn read_settings(ws: &Workspace) -> Result<Settings, RunError> {
    Settings::read(&ws.settings_file()).map_err(|e| RunError::Usage(e.to_string()))
}

fn manifest_of(
    a: &Analysis,
    settings: &Settings,
    lang: Lang,
    started: chrono::DateTime<chrono::Local>,
) -> Manifest {
    let settings_text = toml::to_string(settings).unwrap_or_default();
    let inputs = a.intake.files.iter().zip(&a.intake.counts);
    Manifest {
        program: format!("reintegrasi {}", env!("CARGO_PKG_VERSION")),
        definitions: DEFINITION_VERSION.into(),
        month: a.intake.month,
        language: lang.tag().into(),
        started: started.to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
        settings_sha256: manifest::sha256_hex(settings_text.as_bytes()),
        cutoff: a.histories.coverage.cutoff,
        inputs: inputs
            .map(|(f, c)| Input {
                path: f.path.clone(),
                supplier: f.supplier.clone(),
                sha256: f.sha256.clone(),
                bytes: f.bytes,
                rows: c.seen,
                used: c.used,
                set_aside: c.set_aside,
                beyond: c.beyond,
            })
            .collect(),
        outputs: Vec::new(),
        counts: a.counts(),
        seconds: BTreeMap::new(),
        late: a
            .histories
            .coverage
            .late
            .iter()
            .map(|(s, _)| s.to_string())
            .collect(),
        gates_failed: Vec::new(),
    }
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
