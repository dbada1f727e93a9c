//! Raw tables: what `ingest` hands to `clean`. Columns are recognised, values are as the file holds them.

use super::service::ServiceKind;
use super::supervision::SupervisionKind;
use super::{ExitCode, Field, FileId, Month, RecordKind, RowRef, Text, place::SourceFile};

/// A cell value as the file holds it.
#[derive(Clone, PartialEq, Default)]
pub enum RawCell {
    /// Nothing, or white space alone.
    #[default]
    Empty,
    /// Text, untrimmed of nothing but its ends (NBSP and line breaks inside are kept).
    Text(Text),
    /// A number, as stored.
    Number(f64),
    /// A cell formatted as a date: days since 1899-12-30 (1904 workbooks are already shifted), fraction = time.
    Date(f64),
    /// A truth value.
    Bool(bool),
    /// An error value such as `#REF!`.
    Error(Text),
}

impl std::fmt::Debug for RawCell {
    /// Redacted: a raw cell may hold a name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            RawCell::Empty => "Empty",
            RawCell::Text(_) => "Text(…)",
            RawCell::Number(_) => "Number(…)",
            RawCell::Date(_) => "Date(…)",
            RawCell::Bool(_) => "Bool(…)",
            RawCell::Error(_) => "Error(…)",
        })
    }
}

/// What one column of a run of like columns stands for, where signs of attendance stand below: `Jan Feb Mar …`,
/// `1 2 3 … 31`, `Pertemuan 1 …`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A month.
    Month(Month, Counted),
    /// A day.
    Day(chrono::NaiveDate),
    /// A meeting or week by its number.
    Meeting(u16),
}

/// What is counted in a column of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// A sign: was there, was not there.
    Sign,
    /// How often somebody was to come.
    Due,
    /// How often somebody came.
    Met,
}

/// What a legend below a table says that one of its signs means: `v = hadir, x = tidak hadir, - = belum mulai`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Was there.
    Present,
    /// Was to be there and was not.
    Absent,
    /// Was not there, and was ill or had leave.
    Excused,
    /// Was not to be there.
    NotDue,
}

/// What a day, or a tick, in one of several columns tells that each stand for a kind: `PB | CB | CMB | Bebas Murni`,
/// `Cetak KTP-el | Cetak KK | Cetak KIA`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The person left custody in this way.
    Exit(ExitCode),
    /// The person was given this.
    Service(ServiceKind),
    /// Guidance of this kind began.
    Guidance(SupervisionKind),
}

/// A recognised column.
#[derive(Debug, Clone, PartialEq)]
pub struct RawColumn {
    /// Zero-based column on the sheet.
    pub col: u16,
    /// Header as written (rows joined with ` / `).
    pub header: Text,
    /// What it means; `None` for a column kept aside.
    pub field: Option<Field>,
    /// 0–1: how sure recognition is; 1 when a `sources/*.toml` says so.
    pub confidence: f32,
    /// The month, day or meeting the column is of, when it is one of a run of such; then it has no field.
    pub point: Option<Point>,
    /// What the column tells, when it is one of several that each stand for a kind; then it has no field.
    pub told: Option<Told>,
    /// The header names something that is known and not needed: a signature, a photo.
    pub needless: bool,
}

/// A data row: its cells stand in the order of [`RawTable::columns`].
#[derive(Debug, Clone, PartialEq)]
pub struct RawRow {
    /// Zero-based row on the sheet.
    pub row: u32,
    /// One cell per column.
    pub cells: Vec<RawCell>,
    /// Index into [`RawTable::sections`].
    pub section: Option<u32>,
    /// The row is hidden by the office (it still counts; clean notes it).
    pub hidden: bool,
    /// Why the row is none of the list's, where the sheet shows it.
    pub aside: Option<Aside>,
}

/// Why a row among those of a list is none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside {
    /// The office struck it out.
    Struck,
    /// The line above it names those who teach, guard or help: `Tutor :`, `Relawan`.
    OfOthers,
    /// It stands below the total of a numbered list and has no number.
    BelowTotal,
}

/// What the kop, the title, the sheet's name, the file's name or a section row say for every row below them.
/// `clean` uses it where the row itself says nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Context {
    /// Unit id of the run's registry (`lapas-ambon`).
    pub upt: Option<String>,
    /// Bapas id.
    pub bapas: Option<String>,
    /// Agency id of [`super::opd::OPDS`].
    pub opd: Option<String>,
    /// Month the list is about.
    pub month: Option<Month>,
    /// Period when the title names one (`1 Januari s.d. 31 Maret 2026`).
    pub period: Option<(chrono::NaiveDate, chrono::NaiveDate)>,
    /// Last day of which the list speaks, when its title or a `sources/*.toml` says so to the day.
    pub until: Option<chrono::NaiveDate>,
    /// Day on which the file was last saved, as it says of itself.
    pub saved: Option<chrono::NaiveDate>,
    /// Title lines, joined with ` | `.
    pub title: Text,
    /// Whom the list names all of, when it is a list of those who are there.
    pub whole: Option<super::Scope>,
    /// Whether a `sources/*.toml` says so.
    pub whole_by_hand: bool,
    /// The day its title names.
    pub day: Option<chrono::NaiveDate>,
    /// The days of what the title or the sentence above the table tells of everybody on it.
    pub event: Option<ListEvent>,
    /// The title, or the line above the rows, says that what the list tells is yet to come: proposed, planned, expected.
    pub planned: bool,
    /// The title, or the line above the rows, says that all on the list left or were let go.
    pub left: bool,
    /// Constant fields a `sources/*.toml` or a section declares: `sex = "L"`, `supervision_kind = "PB"`.
    pub constants: Vec<(Field, Text)>,
    /// Signs that a legend explains, in lower case.
    pub legend: Vec<(Text, Meaning)>,
    /// Value words of a `sources/*.toml`: field, word as written, canonical word.
    pub words: Vec<(Field, Text, Text)>,
}

/// What a title or an opening sentence tells of everybody on a list, with its days: `Hari ini Selasa, 20 Januari 2026 telah
/// diserahkan …`, `Pelatihan las, 12 s/d 16 Januari 2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListEvent {
    /// The day, or the first of several.
    pub from: chrono::NaiveDate,
    /// The last, where several are named.
    pub to: Option<chrono::NaiveDate>,
    /// People or things were handed over.
    pub handed: bool,
}

/// A total row on the sheet, to be recomputed.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetTotal {
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column of the number.
    pub col: u16,
    /// Its label as written.
    pub label: Text,
    /// What stands there: a number, or what a text table writes for one.
    pub cell: RawCell,
    /// First and last data row it can be about (its section, or the whole table).
    pub rows: (u32, u32),
}

/// A recognised table of one sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct RawTable {
    /// The file.
    pub file: FileId,
    /// Sheet index.
    pub sheet: u16,
    /// What a row is.
    pub kind: RecordKind,
    /// Supplier id (see [`SourceFile::supplier`]).
    pub supplier: Text,
    /// First and last row of the header, zero-based.
    pub header: (u32, u32),
    /// Columns, recognised and kept aside.
    pub columns: Vec<RawColumn>,
    /// What holds for all rows.
    pub context: Context,
    /// Section rows: their text and what they say.
    pub sections: Vec<(Text, Context)>,
    /// Data rows.
    pub rows: Vec<RawRow>,
    /// Totals found.
    pub totals: Vec<SheetTotal>,
    /// Cells of data rows in columns without a header: column and how many.
    pub headless: Vec<(u16, u64)>,
    /// Cells that stand on the sheet in another row, from which they were taken over: row on the sheet, position in the row.
    pub taken_over: rustc_hash::FxHashSet<(u32, u16)>,
    /// Cells whose text was joined to that of a cell above, which stand in no row.
    pub joined: u64,
}

impl RawTable {
    /// The place of a row.
    pub fn at(&self, row: &RawRow) -> RowRef {
        RowRef {
            file: self.file,
            sheet: self.sheet,
            row: row.row,
        }
    }
    /// The month it is about: that of its list, or the last of its period.
    pub fn month(&self) -> Option<Month> {
        let period = self.context.period.map(|(_, to)| Month::of(to));
        let until = self.context.until.map(Month::of);
        self.context.month.or(period).or(until)
    }
    /// Index into `columns`/`cells` of a field.
    pub fn position(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|c| c.field == Some(field))
    }
}

/// What one file gave.
#[derive(Debug, Clone)]
pub struct FileReading {
    /// The file.
    pub source: SourceFile,
    /// Recognised tables, in sheet order.
    pub tables: Vec<RawTable>,
    /// What went wrong while reading.
    pub issues: Vec<super::Issue>,
    /// Rows that looked like data (used + set aside must add up to this).
    pub rows_seen: u64,
    /// Non-empty cells visited.
    pub cells: u64,
    /// Non-empty cells of each sheet, and whether the sheet was left unread.
    pub sheets: Vec<(u64, bool)>,
    /// Why the system would not give its content, a locale key `fault.<id>`; the file itself may be sound. `None` when it
    /// gave all of it.
    pub refused: Option<&'static str>,
}
