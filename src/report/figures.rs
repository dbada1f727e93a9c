//! Protected figures by what they say, and what is known of the run.

use super::template::Column;
use crate::domain::coarser::Coarser;
use crate::domain::figure::{Figure, FigureKey};
use crate::domain::revision::{Late, Revision};
use crate::domain::upt::UptRegistry;
use crate::domain::{Month, Population, Text};
use crate::locale::Lang;
use crate::workspace::Settings;
use std::collections::HashMap;

type Place = Vec<(Text, Text)>;

/// Protected figures by key.
#[derive(Debug, Clone, Default)]
pub struct FigureTable {
    /// Sorted by key.
    all: Vec<Figure>,
    by_key: HashMap<FigureKey, u32>,
    at: HashMap<(Text, Population, Place), Vec<u32>>,
}

fn place(at: &[(&str, &str)]) -> Place {
    let mut p: Place = at
        .iter()
        .filter(|(d, _)| !d.is_empty())
        .map(|(d, c)| (Text::from(*d), Text::from(*c)))
        .collect();
    p.sort();
    p
}

impl FigureTable {
    /// Indexes figures.
    pub fn new(figures: &[Figure]) -> FigureTable {
        let mut all = figures.to_vec();
        all.sort_by_cached_key(Figure::key);
        let mut at: HashMap<_, Vec<u32>> = HashMap::new();
        for (i, f) in all.iter().enumerate() {
            let p = place(&[(&f.dim1.0, &f.dim1.1), (&f.dim2.0, &f.dim2.1)]);
            let key = (f.measure.clone(), f.population, p);
            at.entry(key).or_default().push(i as u32);
        }
        let by_key = all.iter().zip(0..).map(|(f, i)| (f.key(), i)).collect();
        FigureTable { all, by_key, at }
    }
    /// All figures of a measure.
    pub fn of(&self, measure: &str) -> impl Iterator<Item = &Figure> {
        let from = self.all.partition_point(|f| f.measure.as_str() < measure);
        let measure = measure.to_owned();
        self.all[from..]
            .iter()
            .take_while(move |f| f.measure == measure.as_str())
    }
    /// The figure a column means at a place: (dimension, category) pairs, none for the total; the column's own fixed
    /// category comes with it.
    pub fn find(&self, c: &Column, population: Population, at: &[(&str, &str)]) -> Option<&Figure> {
        let this = self.all.first().map(|f| f.month.to_string());
        let fixed = c.at.iter().map(|(d, k)| match &this {
            Some(m) if k == "this" => (d.as_str(), m.as_str()),
            _ => (d.as_str(), k.as_str()),
        });
        let at: Vec<(&str, &str)> = at.iter().copied().chain(fixed).collect();
        let key = (Text::from(c.measure.as_str()), population, place(&at));
        self.at
            .get(&key)?
            .iter()
            .map(|i| &self.all[*i as usize])
            .find(|f| {
                c.window.is_none_or(|w| f.window_months == Some(w))
                    && c.definition.as_ref().is_none_or(|d| f.definition == *d)
            })
    }
    /// The figure of another month that says the same: same measure, definition, population, breakdowns and window.
    pub fn same(&self, f: &Figure) -> Option<&Figure> {
        self.by_key(&f.key())
    }
    /// The figure with a key.
    pub fn by_key(&self, key: &FigureKey) -> Option<&Figure> {
        self.all.get(*self.by_key.get(key)? as usize)
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// Names of categories and measures.
pub trait Labels: Sync {
    /// Name of a category.
    fn category(&self, lang: Lang, dimension: &str, category: &str) -> String;
    /// Report order of a category.
    fn order(&self, dimension: &str, category: &str) -> (usize, String);
    /// Title of a measure.
    fn measure(&self, lang: Lang, id: &str) -> String;
}

/// What is known of the run, for cover, methodology and footers.
#[derive(Debug, Clone, Default)]
pub struct RunFacts {
    /// Cut-off date.
    pub cutoff: Option<chrono::NaiveDate>,
    /// Program version.
    pub version: String,
    /// Version of the definitions.
    pub definitions: String,
    /// Names of late suppliers.
    pub missing: Vec<String>,
    /// The same with their ids and the last day they cover: figures about one of them alone are marked.
    pub late: Vec<Late>,
    /// What the month said before, for this audience, oldest first.
    pub revisions: Vec<Revision>,
    /// Suppliers with a file that is new, changed or gone since the publication of the month before: id and name.
    pub changed: Vec<(String, String)>,
    /// Sentences about failed gates.
    pub gates_failed: Vec<String>,
    /// Counts of people below it are not shown to this audience; children have one of their own.
    pub threshold: u32,
    /// Sentences about disclosure control.
    pub protection: Vec<String>,
    /// Tables printed coarser than the templates ask.
    pub coarser: Vec<Coarser>,
    /// Methodology: id, title, definition, source.
    pub methodology: Vec<[String; 4]>,
    /// The office's logo, read from the workspace.
    pub logo: Option<Vec<u8>>,
}

/// Everything a report is made of.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    /// The month.
    pub month: Month,
    /// Language.
    pub lang: Lang,
    /// Settings.
    pub settings: &'a Settings,
    /// Units.
    pub units: &'a UptRegistry,
    /// This month's protected figures of the audience.
    pub figures: &'a FigureTable,
    /// Last month's, as published.
    pub previous: &'a FigureTable,
    /// Those of the same month last year, as published.
    pub last_year: &'a FigureTable,
    /// The run.
    pub facts: &'a RunFacts,
    /// Names.
    pub labels: &'a dyn Labels,
}
