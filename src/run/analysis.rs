//! From records to figures: linking, histories, quality, measures. Shared by `run`, `check` and `explain`.

use super::bounds::{self, Bounds};
use super::read::{Intake, supplier_counts};
use super::{Progress, RunError, commit, published};
use crate::domain::change::Changes;
use crate::domain::figure::{Figure, Request};
use crate::domain::history::{Histories, ListFinding, ListOutcome};
use crate::domain::upt::UptRegistry;
use crate::domain::{FileId, Issue, Month, NikStatus, Severity, let_go};
use crate::history;
use crate::link::{self, Decisions, Links, PseudonymKey, Registry, Trained};
use crate::locale::{self, Lang};
use crate::measure::{self, Quality, SourceQuality};
use crate::workspace::{Settings, Workspace};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What linking needs of a workspace besides the records.
struct LinkInputs {
    key: PseudonymKey,
    registry: Registry,
    decisions: Decisions,
}

impl LinkInputs {
    fn load(ws: &Workspace, month: Month) -> Result<LinkInputs, RunError> {
        let registry = Registry::load(&ws.state().join("persons.csv"), month)?;
        let decisions = Decisions::load(&ws.decisions())?;
        // Only a run keeps a key ([`begin_key`]); whoever looks before the first month needs one for the moment alone.
        let key = match PseudonymKey::load(&key_file(ws))? {
            Some(key) => key,
            None => PseudonymKey::of_the_moment()?,
        };
        Ok(LinkInputs {
            registry: registry.unwrap_or_else(|| Registry::empty(month)),
            decisions,
            key,
        })
    }

    fn options<'a>(&'a self, settings: &'a Settings) -> link::Options<'a> {
        link::Options {
            settings: &settings.linkage,
            decisions: &self.decisions,
            registry: &self.registry,
            key: &self.key,
            seed: 1,
        }
    }
}

fn key_file(ws: &Workspace) -> PathBuf {
    ws.state().join("pseudonym.key")
}

/// Makes the pseudonym key of a workspace where there is none: at its first run, or where its loss was accepted
/// ([`key_is_there`] comes first).
///
/// # Errors
/// One is there that cannot be read, or it cannot be written.
pub fn begin_key(ws: &Workspace) -> Result<(), RunError> {
    let path = key_file(ws);
    if PseudonymKey::load(&path)?.is_none() {
        PseudonymKey::create(&path)?;
    }
    Ok(())
}

/// Makes sure that key and registry are those under which the months before were done: neither is ever made anew where
/// months were done. With `accept_lost` it is.
///
/// # Errors
/// One is not there although months were done, or cannot be read.
pub fn key_is_there(
    ws: &Workspace,
    accept_lost: bool,
    lang: Lang,
) -> Result<Option<KeptAnew>, RunError> {
    let key = PseudonymKey::load(&key_file(ws))?.is_some();
    let path = ws.state().join("persons.csv");
    let registry = path.try_exists().map_err(RunError::io("read", &path))?;
    let lost = match (key, registry) {
        (true, true) => return Ok(None),
        (false, _) => KeptAnew::Key,
        (true, false) => KeptAnew::Registry,
    };
    if !months_were_done(ws)? {
        return Ok(None);
    }
    if accept_lost {
        return Ok(Some(lost));
    }
    let path = ws.state().display().to_string();
    let key = format!("run.lost.{}", lost.id());
    let text = locale::format(lang, &key, &[("path", &path)]);
    Err(RunError::Lost(text))
}

/// What was lost, and is begun anew because that was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptAnew {
    /// The pseudonym key, and with it every pseudonym.
    Key,
    /// The registry of persons.
    Registry,
}

impl KeptAnew {
    fn id(self) -> &'static str {
        match self {
            KeptAnew::Key => "key",
            KeptAnew::Registry => "registry",
        }
    }
    /// What manifest and cover say of it.
    pub fn sentence(self, lang: Lang) -> String {
        locale::text(lang, &format!("run.gate_new_{}", self.id())).to_owned()
    }
}

/// Whether this workspace has done a month: it remembers one, or one stands in its `out/`.
fn months_were_done(ws: &Workspace) -> Result<bool, RunError> {
    if !commit::months(ws)?.is_empty() {
        return Ok(true);
    }
    let published = ws.state().join("published/weighed");
    if !published::of_months(&published)?.is_empty() {
        return Ok(true);
    }
    let standing = published::of_months(&ws.out())?;
    Ok(standing
        .iter()
        .any(|(_, dir)| dir.join("manifest.json").exists()))
}

/// Who is who in a month, without what happened to them; and what the links were learnt from.
pub fn linked(
    ws: &Workspace,
    settings: &Settings,
    intake: &Intake,
    lang: Lang,
    progress: &dyn Progress,
) -> Result<(Links, Trained), RunError> {
    progress.stage("link", 1);
    key_is_there(ws, false, lang)?;
    // Decisions on pairs are kept under the key.
    begin_key(ws)?;
    let inputs = LinkInputs::load(ws, intake.month)?;
    let options = inputs.options(settings);
    let trained = Trained::of(&intake.records, &options);
    let links = trained.links(&options);
    progress.step(1);
    Ok((links, trained))
}

/// Everything known of a month before anything is protected or written.
#[derive(Debug)]
pub struct Analysis {
    /// What was read.
    pub intake: Intake,
    /// Who is who.
    pub links: Links,
    /// What happened, under strict and likely links.
    pub histories: Histories,
    /// How good the input is.
    pub quality: Quality,
    /// How many records there were.
    pub records: u64,
    /// Figures that are asked for, and who came back by the links of the bounds among them.
    requests: Vec<Request>,
    bounds: Bounds,
    registry: Registry,
    /// What numbers counted for the month before and count now.
    pub changes: Option<Changes>,
}

impl Analysis {
    /// Links the records and builds the histories, for figures that will be asked for. Who came back by other links is
    /// found in histories of their own, which are gone before those of the month are built.
    pub fn of(
        ws: &Workspace,
        settings: &Settings,
        units: &UptRegistry,
        mut intake: Intake,
        requests: Vec<Request>,
        progress: &dyn Progress,
    ) -> Result<Analysis, RunError> {
        progress.stage("link", 1);
        let inputs = LinkInputs::load(ws, intake.month)?;
        let links = link::link(&intake.records, &inputs.options(settings));
        progress.stage("history", 1);
        let (bounds, nik) = rayon::join(
            || Bounds::of(&intake, &links, &requests, settings, units),
            || intact_nik(&intake),
        );
        let month = intake.month;
        let mut histories = history::build(
            &intake.records,
            &links.person_of,
            &links.strength,
            units,
            settings,
            month,
        );
        let overdue = history::consequences(&mut histories, month);
        progress.step(1);
        let mut quality = quality(&intake, &nik, &links, &histories);
        quality.months = super::quality::before(ws, month)?;
        intake.issues.extend(histories.lists.iter().map(of_list));
        let nothing = histories
            .ends_of_nothing
            .iter()
            .map(|at| Issue::about_row(Severity::Warning, "clean.end_without_guidance", *at));
        intake.issues.extend(nothing);
        intake.issues.extend(overdue);
        Ok(Analysis {
            records: intake.records.len() as u64,
            intake,
            links,
            histories,
            quality,
            requests,
            bounds,
            registry: inputs.registry,
            changes: None,
        })
    }

    /// Lets go of the records of persons: after linking and the histories only the annex needs them, and they are most of
    /// the memory.
    /// What the sources cover stays.
    fn forget_persons(&mut self) {
        let records = &mut self.intake.records;
        let coverage = std::mem::take(&mut records.coverage);
        let persons = std::mem::take(records);
        records.coverage = coverage;
        let_go(persons);
    }

    /// The figures the analysis was made for. Unless they are to be kept, the records of persons go (see
    /// [`Analysis::forget_persons`]).
    pub fn figures(
        &mut self,
        settings: &Settings,
        units: &UptRegistry,
        keep_persons: bool,
    ) -> Result<Vec<Figure>, RunError> {
        if !keep_persons {
            self.forget_persons();
        }
        let own = |r: &&Request| bounds::side(&r.measure).is_none();
        let own: Vec<Request> = self.requests.iter().filter(own).cloned().collect();
        let input = self.input(settings, units);
        let mut figures = self.bounds.figures(&input, &self.requests)?;
        figures.extend(measure::compute(&input, &own).map_err(RunError::stage("measure"))?);
        figures.sort_by_cached_key(Figure::key);
        Ok(figures)
    }

    /// Who came back by the links a bound is about; `None` for a measure that is none.
    pub fn bound(
        &self,
        measure: &str,
        settings: &Settings,
        units: &UptRegistry,
    ) -> Option<measure::Bound> {
        let side = bounds::side(measure)?;
        Some(bounds::bound(
            &self.intake,
            &self.links,
            side,
            settings,
            units,
        ))
    }

    /// The measures' view of this month.
    pub fn input<'a>(
        &'a self,
        settings: &'a Settings,
        units: &'a UptRegistry,
    ) -> measure::Input<'a> {
        measure::Input {
            histories: &self.histories,
            bound: None,
            units,
            settings,
            month: self.intake.month,
            quality: &self.quality,
            changes: self.changes.as_ref(),
        }
    }

    /// Persons in custody at the end of a month.
    pub fn inside(&self, month: Month) -> u64 {
        let day = month.last_day();
        let inside = self.histories.episodes.iter().filter(|e| e.is_inside(day));
        let persons: std::collections::BTreeSet<u32> = inside.map(|e| e.person.0).collect();
        persons.len() as u64
    }

    /// Counts through the stages, for the manifest.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        let h = &self.histories;
        let sum =
            |f: fn(&super::read::FileCount) -> u64| self.intake.counts.iter().map(f).sum::<u64>();
        let mut out: BTreeMap<String, u64> = [
            ("files", self.intake.files.len() as u64),
            ("files_read", self.intake.files_read()),
            ("rows_seen", sum(|c| c.seen)),
            ("rows_used", sum(|c| c.used)),
            ("rows_set_aside", sum(|c| c.set_aside)),
            ("rows_beyond", sum(|c| c.beyond)),
            ("records", self.records),
            ("revisions", self.intake.revisions),
            ("issues", self.intake.issues.len() as u64),
            ("persons", h.persons.len() as u64),
            ("episodes", h.episodes.len() as u64),
            ("supervision", h.supervision.len() as u64),
            ("services", h.services.len() as u64),
            ("review", self.links.review.len() as u64),
            ("persons_merged", self.links.report.changes.0),
            ("persons_split", self.links.report.changes.1),
            ("decisions_contradicted", self.links.report.contradicted),
            ("decisions_unfound", self.links.report.decisions_unfound),
        ]
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v))
        .collect();
        for (rule, n) in &h.resolutions {
            out.insert((*rule).to_owned(), *n);
        }
        out
    }

    /// Keeps the persons' keys for the next month, their merges and splits, and the report of linking, below `state`
    /// (the folder itself, or what will become it).
    pub fn save_registry(&self, ws: &Workspace, state: &Path) -> Result<(), RunError> {
        let registry = self.links.updated_registry(&self.registry);
        let changes = "persons-changes.csv";
        let report = format!("linkage-{}.csv", self.intake.month);
        registry
            .save(&state.join("persons.csv"))
            .and_then(|()| registry.save_changes(&ws.state().join(changes), &state.join(changes)))
            .and_then(|()| self.links.report.write(&state.join(report)))
            .map_err(RunError::from)
    }
}

/// What a supplier is told of a list of those who are there.
fn of_list(found: &ListFinding) -> Issue {
    let about = |rule| {
        let mut issue = Issue::about_file(Severity::Warning, rule, found.file);
        issue.sheet = Some(found.sheet);
        issue
    };
    match found.what {
        ListOutcome::Doubted { named, missing } => about("clean.list_not_whole")
            .with("named", named)
            .with("missing", missing),
        ListOutcome::LeftOut(n) => about("clean.list_left_out").with("n", n),
        ListOutcome::Differs { listed, found } => about("clean.list_differs")
            .with("listed", listed)
            .with("found", found),
    }
}

/// How many rows of each supplier are so, of how many.
fn of_suppliers(
    intake: &Intake,
    rows: impl Iterator<Item = (FileId, bool)>,
) -> BTreeMap<&str, (u64, u64)> {
    let mut of_file = vec![(0, 0); intake.files.len()];
    for (file, so) in rows {
        if let Some(n) = of_file.get_mut(file.0 as usize) {
            *n = (n.0 + u64::from(so), n.1 + 1);
        }
    }
    let mut out: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (file, (so, all)) in intake.files.iter().zip(of_file) {
        let n = out.entry(file.supplier.as_str()).or_default();
        *n = (n.0 + so, n.1 + all);
    }
    out
}

/// How many rows of each supplier bear an intact NIK, of how many.
fn intact_nik(intake: &Intake) -> BTreeMap<&str, (u64, u64)> {
    let records = intake.records.identities();
    of_suppliers(
        intake,
        records.map(|(at, who)| (at.file, who.nik.status() == NikStatus::Intact)),
    )
}

/// Per supplier: rows, intact NIK, services linked to somebody known from prison or Bapas.
fn quality(
    intake: &Intake,
    nik: &BTreeMap<&str, (u64, u64)>,
    links: &Links,
    histories: &Histories,
) -> Quality {
    let rows = histories.services.iter().flat_map(|s| {
        let linked = s.person.is_some();
        s.sources.iter().map(move |at| (at.file, linked))
    });
    let linked = of_suppliers(intake, rows);
    let sources = supplier_counts(intake)
        .into_iter()
        .map(|(id, c)| SourceQuality {
            rows_read: c.seen,
            rows_used: c.used,
            rows_set_aside: c.set_aside,
            rows_later: c.beyond,
            nik_intact: nik.get(id.as_str()).copied().unwrap_or_default(),
            linked: linked.get(id.as_str()).copied().unwrap_or_default(),
            supplier: id.into(),
        })
        .collect();
    Quality {
        sources,
        link_kinds: links.report.link_kinds(),
        review_backlog: links.review.len() as u64,
        months: Vec::new(),
    }
}
