//! A paper of one audience before it takes a file format: letter, chapters of paragraphs, tables and pictures, slides,
//! chat lines. Holds protected figures only, in the words and digits every format prints.

use crate::locale::Lang;
use crate::report::grid::{Grid, Value};
use crate::report::picture::ChartSpec;

/// All that the papers of an audience say.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    /// File stem after `laporan-`, `paparan-`, `saku-`.
    pub name: String,
    /// Language of every text.
    pub lang: Lang,
    /// Letterhead, line by line.
    pub kop: Vec<String>,
    /// Title of the report.
    pub title: String,
    /// The month in words.
    pub period: String,
    /// `Data sampai dengan …`.
    pub cutoff: String,
    /// What has arrived or is missing, and quality gates that failed.
    pub completeness: Vec<String>,
    /// Classification word.
    pub classification: String,
    /// Fields of the letter: name and content.
    pub letter: Vec<(String, String)>,
    /// Place and date left open.
    pub dateline: String,
    /// Addressee.
    pub to: Vec<String>,
    /// First sentence of the letter.
    pub opening: Option<String>,
    /// The summary, a sentence an indicator.
    pub summary: Vec<String>,
    /// An office's own text after the summary.
    pub own: Vec<String>,
    /// The indicators.
    pub indicators: Option<Table>,
    /// The same one by one.
    pub tiles: Vec<Tile>,
    /// Chapters.
    pub chapters: Vec<Chapter>,
    /// The whole table of every sheet.
    pub tables: Vec<Table>,
    /// Annexes.
    pub annexes: Vec<Chapter>,
    /// Measures that are used: id, title, definition in lines.
    pub definitions: Vec<Definition>,
    /// What the signs mean.
    pub signs: String,
    /// Who delivered and where from.
    pub source: String,
    /// Signature block: left lines, right lines, line for a name.
    pub sign: (Vec<String>, Vec<String>, String),
    /// Slides.
    pub slides: Vec<Slide>,
    /// Lines of the chat message.
    pub chat: Vec<String>,
}

/// A chapter or an annex.
#[derive(Debug, Clone, Default)]
pub struct Chapter {
    /// Title.
    pub title: String,
    /// Sections.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Title; empty where the chapter's says it.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant)] // a paper has a few dozen blocks, each moved once
pub enum Block {
    /// Running text.
    Paragraph(String),
    /// Small text.
    Note(String),
    /// A table of figures.
    Table(Table),
    /// A table of words: headers and rows; empty cells are the reader's.
    Words(Vec<String>, Vec<Vec<String>>),
    /// A chart.
    Picture(Picture),
}

impl Block {
    /// The table of figures, if it is one.
    pub fn table(&self) -> Option<&Table> {
        match self {
            Block::Table(table) => Some(table),
            Block::Paragraph(_) | Block::Note(_) | Block::Words(..) | Block::Picture(_) => None,
        }
    }

    /// The chart, if it is one.
    pub fn picture(&self) -> Option<&Picture> {
        match self {
            Block::Picture(picture) => Some(picture),
            Block::Paragraph(_) | Block::Note(_) | Block::Table(_) | Block::Words(..) => None,
        }
    }
}

/// A table of figures.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Title of its sheet.
    pub name: String,
    /// Caption without its number.
    pub title: String,
    /// What the table says in a sentence.
    pub reading: String,
    /// Its cells.
    pub grid: Grid,
    /// Why a cell has no number, where it has none.
    pub reasons: Vec<Vec<Option<String>>>,
    /// Below it.
    pub notes: Vec<String>,
    /// The sheet it is of.
    pub sheet: Option<usize>,
    /// All columns of the sheet are in it.
    pub whole: bool,
}

/// A chart.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The finding: the caption.
    pub title: String,
    /// In words, for those who do not see it.
    pub alt: String,
    /// What is drawn.
    pub spec: ChartSpec,
}

/// An indicator as a large number.
#[derive(Debug, Clone, Default)]
pub struct Tile {
    /// Measure id.
    pub measure: String,
    /// What it is.
    pub label: String,
    /// The number, or its sign.
    pub value: String,
    /// Numerator and denominator.
    pub detail: String,
    /// The interval, few cases.
    pub range: String,
    /// Last month's number.
    pub before: String,
    /// All of it as a sentence.
    pub sentence: String,
}

/// A measure.
#[derive(Debug, Clone, Default)]
pub struct Definition {
    /// Measure id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Question, definition and what else is declared, a line each.
    pub lines: Vec<String>,
}

/// A slide.
#[derive(Debug, Clone, Default)]
pub struct Slide {
    /// The finding.
    pub title: String,
    /// Population and period.
    pub subtitle: String,
    /// What it shows.
    pub body: SlideBody,
    /// Below it: what its signs mean, what it leaves out.
    pub remark: String,
    /// Speaker notes: n, k, interval, source.
    pub notes: Vec<String>,
}

/// What a slide shows.
#[derive(Debug, Clone, Default)]
pub enum SlideBody {
    /// Large numbers.
    Numbers(Vec<Tile>),
    /// A native chart.
    Chart(Box<Picture>),
    /// A table of figures.
    Table(Box<Table>),
    /// A table of words.
    Words(Vec<String>, Vec<Vec<String>>),
    /// Words alone.
    #[default]
    Nothing,
}

/// A column as it is printed: one of the grid's, or both ends of an interval in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintColumn {
    /// As it is.
    One(usize),
    /// Lower and upper end.
    Interval(usize, usize),
}

impl Table {
    /// The columns to print: without those that are empty, both ends of an interval in one.
    pub fn columns(&self) -> Vec<PrintColumn> {
        use crate::report::grid::Part;
        let g = &self.grid;
        let mut out = Vec::new();
        let mut i = 0;
        while i < g.columns.len() {
            let pair = g.columns[i].part == Part::Low
                && g.columns.get(i + 1).is_some_and(|c| c.part == Part::High);
            if pair {
                out.push(PrintColumn::Interval(i, i + 1));
                i += 2;
                continue;
            }
            out.push(PrintColumn::One(i));
            i += 1;
        }
        out
    }
}

/// Whether a value stands left in its column: words do, numbers and signs stand right.
pub fn is_word(v: &Value) -> bool {
    matches!(v, Value::Text(_))
}
