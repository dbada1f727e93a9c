//! What stands where in the papers of a report: letter, chapters, slides, chat message, as its `[paper]` declares it.
//!
//! ```toml
//! [paper]
//! subject = { id = "Laporan Bulanan …", en = "Monthly Report …" }      # "Hal" of the letter
//! to = [{ id = "Yth. Wali Kota Ambon", en = "To the Mayor of Ambon" }]
//!
//! [[paper.chapter]]
//! title = { id = "Kembali masuk", en = "Return" }
//! [[paper.chapter.section]]
//! title = { id = "Perkembangan", en = "Development" }
//! text = { id = "…", en = "…" }          # may hold {place}, {month}, {cutoff}; with a sheet also what its titles may hold
//! sheet = "Kembali"                      # the Indonesian tab of one sheet, or of several: ["Kembali", "Kurva"]
//! columns = ["return"]                   # measures of the table in the chapter; the whole table stands in the annex
//! charts = true
//!
//! [[paper.slide]]
//! kind = "chart"                         # numbers | chart | table | decisions
//! title = { id = "Kembali masuk {share}", en = "{share} came back" }
//! about = { measure = "return", window = 12, definition = "P1.person.v1" }   # whose numbers the title speaks of
//! sheet = "Kembali"
//! chart = 1                              # which of the sheet's charts
//! # draw = "bar", columns = ["return"]    or a chart of its own over the sheet's table
//!
//! [[paper.chat]]                         # a line of the chat message
//! measure = "return"
//! text = { id = "…", en = "…" }
//!
//! [[paper.paragraph]]                    # an office's own text, kept from month to month
//! at = "Perkembangan"                    # Indonesian title of a chapter or section; empty: after the summary
//! text = { id = "…", en = "…" }
//! ```

use super::one_or_many::one_or_many;
use super::{Both, Column, Kind};
use serde::Deserialize;

/// Letter, chapters, slides and chat message of a report.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperTemplate {
    /// What the letter is about.
    pub subject: Both,
    /// Whom it goes to, line by line.
    #[serde(default)]
    pub to: Vec<Both>,
    /// Its first sentence.
    pub opening: Option<Both>,
    /// Chapters in order; without any every sheet is a section of one chapter.
    #[serde(default)]
    pub chapter: Vec<PaperChapter>,
    /// Slides in order; without any the indicators and the first charts.
    #[serde(default)]
    pub slide: Vec<PaperSlide>,
    /// Lines of the chat message between its title and what is to be decided.
    #[serde(default)]
    pub chat: Vec<ChatLine>,
    /// An office's own text.
    #[serde(default)]
    pub paragraph: Vec<PaperParagraph>,
}

/// A chapter.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperChapter {
    /// Title.
    pub title: Both,
    /// Sections.
    #[serde(default)]
    pub section: Vec<PaperSection>,
}

/// A section: words, then the reading, table and charts of its sheets, or a part the program composes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperSection {
    /// Title.
    pub title: Both,
    /// First paragraph.
    pub text: Option<Both>,
    /// Sheets by their Indonesian tab.
    #[serde(default, deserialize_with = "one_or_many")]
    pub sheet: Vec<String>,
    /// Measures of the table shown here; all of them where none is named.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Whether the sheets' charts stand here too.
    #[serde(default = "yes")]
    pub charts: bool,
    /// What the program composes here.
    pub part: Option<PaperPart>,
}

fn yes() -> bool {
    true
}

/// A part of the paper that is composed from what is known of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperPart {
    /// What has arrived, what is missing, which quality gates failed.
    Sources,
    /// A matrix of problems with columns the reader fills in.
    FollowUp,
    /// The indicators in sentences once more.
    Closing,
}

/// What a slide shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlideKind {
    /// Up to four indicators as large numbers.
    Numbers,
    /// A chart of a sheet.
    #[default]
    Chart,
    /// The table of a sheet.
    Table,
    /// What has to be decided.
    Decisions,
}

/// A slide.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperSlide {
    /// What it shows.
    #[serde(default)]
    pub kind: SlideKind,
    /// The finding, with placeholders; the sheet's title where a number of it is not shown.
    pub title: Both,
    /// The figure the title speaks of; default the sheet's first measure.
    pub about: Option<Column>,
    /// The sheet by its Indonesian tab.
    #[serde(default)]
    pub sheet: String,
    /// Which of its charts, counted from one.
    #[serde(default = "first")]
    pub chart: usize,
    /// A chart of the slide's own instead: its kind; what it draws is said by `columns`.
    pub draw: Option<Kind>,
    /// Measures: indicators of `numbers`, columns of `table`.
    #[serde(default)]
    pub columns: Vec<String>,
}

fn first() -> usize {
    1
}

/// A line of the chat message.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatLine {
    /// Measure id.
    pub measure: String,
    /// Window in months.
    pub window: Option<u16>,
    /// Definition id.
    pub definition: Option<String>,
    /// What it says; a plain sentence about the figure where a number of it is not shown.
    pub text: Both,
}

impl ChatLine {
    /// The figure selection.
    pub fn column(&self) -> Column {
        Column {
            measure: self.measure.clone(),
            window: self.window,
            definition: self.definition.clone(),
            ..Column::default()
        }
    }
}

/// A paragraph of the office's own.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperParagraph {
    /// Indonesian title of the chapter or section it ends; empty: after the summary.
    #[serde(default)]
    pub at: String,
    /// The text.
    pub text: Both,
}

impl PaperTemplate {
    /// Figures that titles and lines speak of, beside those of the sheets.
    pub fn columns(&self) -> impl Iterator<Item = Column> + '_ {
        let titles = self.slide.iter().filter_map(|s| s.about.clone());
        titles.chain(self.chat.iter().map(ChatLine::column))
    }
}
