//! Everything that is handed over for a month: protected first, then written.

use super::read::supplier_counts;
use super::{
    Analysis, Clock, Progress, RunError, manifest::DEFINITION_VERSION, protection, published,
};
use crate::domain::account::SheetAccount;
use crate::domain::coarser::Coarser;
use crate::domain::figure::Figure;
use crate::domain::opd::opd_name;
use crate::domain::revision::Late;
use crate::domain::upt::UptRegistry;
use crate::domain::{Issue, Severity};
use crate::locale::{self, Lang};
use crate::measure;
use crate::protect::{self, Audience};
use crate::report::{
    self, Content, Feedback, FigureTable, Labels, RunFacts, SatuData, Template, Templates,
};
use crate::workspace::{Agreements, Settings, Workspace};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Built-in templates, those of the workspace, and one more.
pub fn load_templates(
    ws: &Workspace,
    extra: Option<&Path>,
    agreements: &Agreements,
) -> Result<Templates, RunError> {
    let dir = ws.templates();
    let templates = Templates::load(Some(&dir), extra, &measure::breakdowns())?;
    Ok(templates.with_agreements(agreements))
}

/// Names for the reports.
struct Names<'a> {
    units: &'a UptRegistry,
    settings: &'a Settings,
}

impl Labels for Names<'_> {
    fn category(&self, lang: Lang, dimension: &str, category: &str) -> String {
        let own = self.settings.agencies.get(category).cloned();
        own.unwrap_or_else(|| measure::category_label(lang, dimension, category, self.units))
    }
    fn order(&self, dimension: &str, category: &str) -> (usize, String) {
        let list = measure::categories(
            dimension,
            self.units,
            crate::domain::Month::of(chrono::NaiveDate::MIN),
        );
        match list.iter().position(|c| c == category) {
            Some(i) => (i, String::new()),
            None => measure::category_order(dimension, category, self.units),
        }
    }
    fn measure(&self, lang: Lang, id: &str) -> String {
        locale::format(lang, &format!("measure.{id}.title"), &[])
    }
}

/// The name of a supplier as people know it.
pub fn supplier_name(id: &str, units: &UptRegistry, settings: &Settings) -> String {
    let unit = units.by_id(id).map(|u| units.info(u).name.clone());
    unit.or_else(|| opd_name(id).map(str::to_owned))
        .or_else(|| settings.agencies.get(id).cloned())
        .unwrap_or_else(|| id.to_owned())
}

/// What is needed to write a month.
pub struct Writer<'a> {
    pub ws: &'a Workspace,
    /// Where private files of this run go.
    pub state: &'a Path,
    /// Where what goes back to suppliers goes.
    pub feedback: &'a Path,
    /// What readers hold of the months before.
    pub earlier: &'a [super::published::Issue],
    /// What differs from the month that stands.
    pub why: &'a super::revisions::Why,
    pub settings: &'a Settings,
    pub units: &'a UptRegistry,
    pub templates: &'a Templates,
    pub analysis: &'a Analysis,
    pub gates_failed: &'a [String],
    pub lang: Lang,
    pub progress: &'a dyn Progress,
}

impl Writer<'_> {
    /// Protects and writes for every audience; returns what was published.
    pub fn write(
        &self,
        figures: Vec<Figure>,
        out: &Path,
        clock: &mut Clock,
    ) -> Result<Vec<(Audience, Vec<Figure>)>, RunError> {
        self.progress.stage("protect", 2);
        // What suppliers are told needs no figure: it is written while figures are protected.
        let (all, told) = rayon::join(|| protection::protected(self, figures), || self.feedback());
        let (all, coarser) = all?;
        told?;
        clock.lap("protect");
        let written = |t: &&Template| all.iter().any(|(a, _)| a.id() == t.audience);
        let jobs = self.templates.workbooks().filter(written).count() as u64 + 1;
        self.progress.stage("report", jobs);
        all.par_iter()
            .try_for_each(|(audience, safe)| self.audience(*audience, safe, &coarser, out))?;
        let month = self.analysis.intake.month;
        let asked = self.templates.requests(None);
        SatuData::new(month, self.lang, self.settings, &asked)
            .write(self.lang, &out.join("satu-data"))
            .map_err(RunError::stage("report"))?;
        self.progress.step(1);
        Ok(all.into_iter().map(|(a, s)| (a, s.figures)).collect())
    }

    fn feedback(&self) -> Result<(), RunError> {
        let intake = &self.analysis.intake;
        let before = super::quality::recall(self.ws, intake.month.plus(-1))?;
        feedback(
            intake,
            self.settings,
            self.units,
            self.lang,
            before.as_ref(),
            self.feedback,
        )
    }

    fn audience(
        &self,
        audience: Audience,
        safe: &protect::Protected,
        coarser: &[Coarser],
        out: &Path,
    ) -> Result<(), RunError> {
        let month = self.analysis.intake.month;
        let lang = self.lang;
        let table = FigureTable::new(&safe.figures);
        let earlier = |back: i32| -> Result<FigureTable, RunError> {
            let figures = published::recall(self.ws, audience, month.plus(-back))?;
            Ok(FigureTable::new(&figures.unwrap_or_default()))
        };
        let (previous, last_year) = (earlier(1)?, earlier(12)?);
        let mut facts = self.facts(audience, safe)?;
        facts.coarser = coarser.to_vec();
        facts.revisions = super::revisions::revise(
            self.ws,
            self.state,
            audience,
            month,
            &safe.figures,
            self.why,
        )?;
        let names = Names {
            units: self.units,
            settings: self.settings,
        };
        let content = Content {
            month,
            lang,
            settings: self.settings,
            units: self.units,
            figures: &table,
            previous: &previous,
            last_year: &last_year,
            facts: &facts,
            labels: &names,
        };
        let id = audience.id();
        let templates: Vec<&Template> = self
            .templates
            .workbooks()
            .filter(|t| t.audience == id)
            .collect();
        let page = self.templates.page(id);
        let before = published::before(self.ws, audience, month)?;
        let written = report::publish(id, &templates, page, &content, &safe.figures, &before, out)
            .map_err(RunError::stage("report"))?;
        for w in written {
            let cells = w.cells.into_iter().map(|(at, c)| (at, c.key)).collect();
            super::cells::remember(self.state, month, &w.name, cells)?;
            self.progress.step(1);
        }
        Ok(())
    }

    /// Suppliers with a used file that the publication of the month before did not have as it is now.
    fn changed_suppliers(&self) -> Vec<(String, String)> {
        let before = self.analysis.intake.month.plus(-1);
        let path = self.ws.out().join(before.to_string()).join("manifest.json");
        let Ok(before) = super::manifest::Manifest::read(&path) else {
            return vec![];
        };
        // The same file counts as another where more of its rows belong to the months that are over.
        let intake = &self.analysis.intake;
        let then: BTreeSet<_> = (before.inputs.iter())
            .filter(|i| i.used > 0)
            .map(|i| ((&i.path, &i.sha256, i.used), &i.supplier))
            .collect();
        let now: BTreeSet<_> = (intake.files.iter().zip(&intake.counts))
            .filter(|(_, c)| c.used > 0)
            .map(|(f, c)| ((&f.path, &f.sha256, c.used), &f.supplier))
            .collect();
        let differ: BTreeSet<&String> = then.symmetric_difference(&now).map(|x| x.1).collect();
        differ
            .into_iter()
            .filter(|s| !s.is_empty())
            .map(|s| (s.clone(), supplier_name(s, self.units, self.settings)))
            .collect()
    }

    fn facts(&self, audience: Audience, safe: &protect::Protected) -> Result<RunFacts, RunError> {
        let lang = self.lang;
        let n = |v: u64| locale::integer(lang, v as f64);
        let s = &safe.summary;
        // How many are small themselves, and what earlier issues gave away, stands in state alone: readers would learn of
        // either what they must not.
        let (cells, hidden) = (n(s.cells), n(s.primary + s.secondary));
        let args = [("cells", cells.as_str()), ("hidden", &hidden)];
        // That a number stands as it was is said of all: said of one, it would tell that it has changed by a few.
        let level = audience.level(&self.settings.levels);
        let threshold = self.settings.disclosure.at(level).threshold;
        let limit = n(u64::from(threshold));
        let protection = vec![
            locale::format(lang, "run.protection_summary", &args),
            locale::format(lang, "run.protection_as_before", &[("threshold", &limit)]),
        ];
        let coverage = &self.analysis.histories.coverage;
        let late: Vec<Late> = (coverage.late.iter())
            .map(|(id, until)| Late {
                id: id.clone(),
                name: supplier_name(id, self.units, self.settings),
                until: *until,
            })
            .collect();
        let logo = report::read_logo(self.ws.root(), &self.settings.office.logo)
            .map_err(|e| RunError::Usage(e.to_string()))?;
        Ok(RunFacts {
            cutoff: coverage.cutoff,
            version: format!("reintegrasi {}", env!("CARGO_PKG_VERSION")),
            definitions: DEFINITION_VERSION.into(),
            missing: late.iter().map(|l| l.name.clone()).collect(),
            late,
            revisions: Vec::new(),
            changed: self.changed_suppliers(),
            gates_failed: self.gates_failed.to_vec(),
            threshold,
            protection,
            coarser: Vec::new(),
            methodology: measure::MEASURES
                .iter()
                .map(|m| methodology(lang, m))
                .collect(),
            logo,
        })
    }
}

/// A measure on the methodology sheet: id, title, all that is declared of it line by line, source.
fn methodology(lang: Lang, m: &measure::Measure) -> [String; 4] {
    let d = m.described(lang);
    let name = |k: &str| locale::format(lang, &format!("measure_field.name.{k}"), &[]);
    let fields = d.fields().into_iter().map(|(k, text)| match k {
        "question" | "definition" => text,
        _ => format!("{}: {text}", name(k)),
    });
    let text = fields.collect::<Vec<_>>().join("\n");
    [m.id.to_owned(), d.title, text, m.source.to_owned()]
}

/// One feedback workbook per supplier of which anything was read, each its owner's alone to read.
pub fn feedback(
    intake: &super::read::Intake,
    settings: &Settings,
    units: &UptRegistry,
    lang: Lang,
    before: Option<&super::quality::OfMonth>,
    dir: &Path,
) -> Result<(), RunError> {
    super::state::create_private(dir)?;
    let counts = supplier_counts(intake);
    let office = settings
        .office
        .kop_kanwil
        .last()
        .cloned()
        .unwrap_or_default();
    let mut of: BTreeMap<&str, Vec<&Issue>> = counts.keys().map(|k| (k.as_str(), vec![])).collect();
    for i in &intake.issues {
        let supplier = intake
            .files
            .get(i.file.0 as usize)
            .map_or("", |f| f.supplier.as_str());
        // What a file looks like is nothing to mend; what was left out of the figures is always said.
        let of_layout = matches!(
            i.rule,
            "ingest.side_by_side"
                | "ingest.ditto"
                | "ingest.lines_joined"
                | "ingest.source_unmatched"
                | "ingest.folder"
                | "ingest.other_list_of_that_name"
        );
        if i.severity != Severity::Note || i.row.is_some() || !of_layout {
            of.entry(supplier).or_default().push(i);
        }
    }
    let mut jobs: Vec<(&str, Vec<&Issue>)> =
        of.into_iter().filter(|(s, _)| !s.is_empty()).collect();
    // The longest first and each by itself: the last to be written is a short one.
    jobs.sort_by_key(|(_, issues)| std::cmp::Reverse(issues.len()));
    jobs.par_iter()
        .with_max_len(1)
        .try_for_each(|(id, issues)| {
            let c = counts.get(*id).cloned().unwrap_or_default();
            let name = supplier_name(id, units, settings);
            let own = intake.files.iter().zip(&intake.accounts).enumerate();
            let own = own.filter(|(_, (file, _))| file.supplier == *id);
            let accounts: Vec<(u32, SheetAccount)> = own
                .flat_map(|(i, (_, sheets))| sheets.iter().map(move |a| (i as u32, a.clone())))
                .collect();
            let of_supplier = intake.files.iter().zip(&intake.counts).enumerate();
            let received: Vec<(u32, [u64; 2])> = of_supplier
                .filter(|(_, (file, _))| file.supplier == *id)
                .map(|(i, (_, c))| (i as u32, [c.seen, c.used]))
                .collect();
            let f = Feedback {
                accounts: &accounts,
                received: &received,
                name: &name,
                files: &intake.files,
                issues,
                rows: [c.seen, c.used, c.set_aside, c.beyond],
                month: intake.month,
                // The list of the month that follows, and with it what is mended of this one.
                due: settings.due(id, intake.month.plus(1)),
                office: office.as_str(),
                before: before.and_then(|all| Some(&all.get(*id)?.faults)),
                lang,
            };
            let stem: String = id
                .chars()
                .map(|c| {
                    if c.is_alphanumeric() || c == '-' {
                        c
                    } else {
                        '_'
                    }
                })
                .collect();
            let path = dir.join(format!("{stem}.xlsx"));
            // Made before it is filled: it is never anybody else's to read, whatever the umask.
            super::state::make_private_file(&path)?;
            report::write_feedback(&f, &path).map_err(RunError::stage("report"))
        })
}
