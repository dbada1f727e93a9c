//! The rows below a header: data, sections, totals, footers, repeated headers, and where the table ends.

use super::context::month_in;
use super::grid::{Budget, GridError, GridRow, Sheet};
use super::header::{Header, text_of};
use crate::clean::codes;
use crate::domain::raw::{Aside, Context, RawCell, RawRow, RawTable, SheetTotal};
use crate::domain::supervision::SupervisionKind;
use crate::domain::{ExitCode, Field, normal};

enum RowKind {
    Data,
    Section(String),
    Total,
    Footer,
    Skip,
    Header,
}

/// What a section costs, in cells: its words and all that they may say of the rows below.
const SECTION: usize = 16;

/// So many rows with a number make a numbered list.
const NUMBERED: usize = 3;

/// Reads rows below a header until the sheet or the table ends; returns the index of the first row not read.
///
/// # Errors
/// When the rows, as wide as their header, are more than a file may cost: lines of one word below a wide header are small
/// on the sheet and large here.
pub fn body(
    sheet: &mut Sheet,
    header: &Header,
    table: &mut RawTable,
    budget: &mut Budget,
) -> Result<usize, GridError> {
    let width = table.columns.last().map_or(0, |c| c.col as usize + 1);
    let mut position = vec![usize::MAX; width];
    for (i, c) in table.columns.iter().enumerate() {
        position[c.col as usize] = i;
    }
    let number_col = table
        .columns
        .iter()
        .find(|c| c.field == Some(Field::RowNo))
        .map(|c| c.col);
    let mut section: Option<u32> = None;
    let mut section_start = u32::MAX;
    let mut levels = Levels::default();
    let first = sheet.rows.get(header.at + header.rows).map_or(0, |r| r.row);
    let mut i = header.at + header.rows;
    // The first of the lines since the last data or total, and the sections known before them.
    let mut lone = i;
    let mut sections_before = 0;
    let mut headless = std::collections::BTreeMap::<u16, u64>::new();
    let (mut of_others, mut summed, mut all_numbered, mut count) = (false, false, true, 0);
    let mut last_number: Option<f64> = None;
    while i < sheet.rows.len() {
        let row = &sheet.rows[i];
        let kind = if repeats(row, &sheet.rows[header.at]) {
            RowKind::Header
        } else {
            row_kind(row, table, number_col)
        };
        match kind {
            RowKind::Data => {
                budget.row(table.columns.len())?;
                let numbered = row
                    .cells
                    .first()
                    .is_some_and(|(c, _)| Some(*c) == number_col);
                let number = if numbered { number_of(row) } else { None };
                // The next number goes on with the list, whatever line stands between.
                let goes_on = number.is_some() && number == last_number.map(|n| n + 1.0);
                of_others &= !goes_on;
                last_number = number.or(last_number);
                all_numbered &= numbered || summed || of_others;
                count += 1;
                let mut cells = vec![RawCell::Empty; table.columns.len()];
                let row = &mut sheet.rows[i];
                for (c, v) in std::mem::take(&mut row.cells) {
                    match position.get(c as usize) {
                        Some(&p) if p != usize::MAX => cells[p] = v,
                        _ => *headless.entry(c).or_default() += 1,
                    }
                }
                table.rows.push(RawRow {
                    row: row.row,
                    cells,
                    section,
                    hidden: row.hidden,
                    aside: match () {
                        () if row.struck => Some(Aside::Struck),
                        () if of_others => Some(Aside::OfOthers),
                        () if summed && !numbered => Some(Aside::BelowTotal),
                        () => None,
                    },
                });
                lone = i + 1;
                sections_before = table.sections.len();
                levels.closed = true;
            }
            RowKind::Section(text) => {
                budget.row(SECTION)?;
                (of_others, summed) = (names_helpers(&text), false);
                let Some(text) = levels.below(text) else {
                    i += 1;
                    continue;
                };
                // A line directly below another one says more of the same rows.
                table.sections.truncate(sections_before);
                table
                    .sections
                    .push((text.as_str().into(), Context::default()));
                section = Some((table.sections.len() - 1) as u32);
                section_start = row.row + 1;
            }
            RowKind::Total => {
                let label = row
                    .cells
                    .iter()
                    .find_map(|(_, c)| text_of(c))
                    .unwrap_or_default();
                let sub = normal(label).starts_with("sub") && section_start != u32::MAX;
                let from = if sub { section_start } else { first };
                for (c, v) in row.cells.iter().filter(|(_, v)| could_be_total(v)) {
                    table.totals.push(SheetTotal {
                        row: row.row,
                        col: *c,
                        label: label.into(),
                        cell: v.clone(),
                        rows: (from, row.row.saturating_sub(1)),
                    });
                }
                lone = i + 1;
                sections_before = table.sections.len();
                // Below its total a numbered list has no further rows.
                summed = all_numbered && count >= NUMBERED && number_col.is_some();
            }
            RowKind::Skip => {}
            RowKind::Header => {
                // The same header again is a page break; another one is another table.
                let run = &sheet.rows[header.at];
                let same = row
                    .cells
                    .iter()
                    .filter(|(c, v)| run.cells.iter().any(|(d, w)| c == d && v == w))
                    .count();
                let titled = (lone..i).any(|k| is_title(&sheet.rows[k]));
                if same * 10 >= row.cells.len() * 9 && !titled {
                    i += header.rows;
                    lone = i;
                    continue;
                }
                // Lines between the last data and another table's header are that table's title.
                table.sections.truncate(sections_before);
                table.headless = headless.into_iter().collect();
                return Ok(lone);
            }
            // A note between rows, or a page's end: the rows go on below it.
            RowKind::Footer if goes_on(sheet, header, i, number_col, table) => {}
            RowKind::Footer => {
                i += 1;
                while i < sheet.rows.len() && !starts_header(&sheet.rows[i]) {
                    // A title between two tables belongs to the next one.
                    if is_title(&sheet.rows[i]) {
                        break;
                    }
                    i += 1;
                }
                break;
            }
        }
        i += 1;
    }
    // Lines below the last row are said of nobody.
    table.sections.truncate(sections_before);
    table.headless = headless.into_iter().collect();
    Ok(i)
}

/// The lines that stand above a group of rows: `LAPAS AMBON`, below it `A. Dewasa`, below it `Laki-laki`.
#[derive(Default)]
struct Levels {
    lines: Vec<(String, Sorts)>,
    /// Rows stood below the last line.
    closed: bool,
    /// Lines since the last row.
    alone: usize,
}

impl Levels {
    /// Most lines that say something of one row.
    const MOST: usize = 4;
    /// More lines one below the other are a text, and say nothing of rows.
    const TEXT: usize = 40;

    /// All that is said of the rows below a further line. It takes the place of a line of the same sort (`B.` of `A.`,
    /// `Perempuan` of `Laki-laki`); of another sort it adds to a line directly above, and takes the place of the last where
    /// rows stand between. Nothing where it is one line of a text.
    fn below(&mut self, line: String) -> Option<String> {
        let closed = std::mem::take(&mut self.closed);
        self.alone = if closed { 1 } else { self.alone + 1 };
        if self.alone > Self::TEXT {
            return None;
        }
        let sorts = Sorts::of(&line);
        if let Some(at) = self.lines.iter().position(|(_, s)| s.meet(&sorts)) {
            self.lines.truncate(at);
        } else if closed {
            self.lines.pop();
        } else if self.lines.len() == Self::MOST {
            self.lines.remove(0);
        }
        self.lines.push((line, sorts));
        let all: Vec<&str> = self.lines.iter().map(|(l, _)| l.as_str()).collect();
        Some(all.join(" / "))
    }
}

/// The sorts of things that a line above a group of rows says.
struct Sorts {
    numbering: Numbering,
    /// Sex, register class, way of leaving, kind of guidance, month, what became of them.
    says: [bool; 6],
}

impl Sorts {
    fn of(line: &str) -> Sorts {
        Sorts {
            numbering: numbering(line),
            says: [
                says_sex(line),
                codes::register_class(line).is_some(),
                codes::exit(line).is_some_and(|e| e != ExitCode::Other),
                codes::supervision_kind(line).is_some_and(|k| k != SupervisionKind::Other),
                month_in(line).is_some(),
                super::parts::subject(line).is_some(),
            ],
        }
    }

    /// Whether two lines say the same sort of thing.
    fn meet(&self, other: &Sorts) -> bool {
        let numbered = self.numbering != Numbering::None && self.numbering == other.numbering;
        numbered || self.says.iter().zip(other.says).any(|(a, b)| *a && b)
    }
}

fn says_sex(text: &str) -> bool {
    let n = normal(text);
    (n.split(' ')).any(|w| {
        matches!(
            w,
            "laki" | "pria" | "putra" | "perempuan" | "wanita" | "putri"
        )
    })
}

/// How a line is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbering {
    None,
    Roman,
    Letter,
    Digit,
}

pub(super) fn numbering(line: &str) -> Numbering {
    let Some((mark, _)) = line.trim_start().split_once(['.', ')']) else {
        return Numbering::None;
    };
    match mark.as_bytes() {
        [b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9'] => Numbering::Digit,
        // `C.` and `D.` are letters: no list has a hundred groups.
        [b'I' | b'V' | b'X', rest @ ..]
            if rest.len() < 5 && rest.iter().all(|b| matches!(b, b'I' | b'V' | b'X')) =>
        {
            Numbering::Roman
        }
        [b'A'..=b'Z' | b'a'..=b'z'] => Numbering::Letter,
        _ => Numbering::None,
    }
}

/// Whether a row is the first row of its table's header once more, as printed pages have it.
fn repeats(row: &GridRow, head: &GridRow) -> bool {
    row.cells.len() >= 2
        && row.cells.len() == head.cells.len()
        && row.cells.iter().all(|(_, v)| text_of(v).is_some())
        && row.cells == head.cells
}

/// Rows below a line that ends a table by which the table is told to go on.
const BELOW: usize = 3;

/// Whether rows of a table go on below a line that would end it: the next number, or the header once more.
fn goes_on(
    sheet: &Sheet,
    header: &Header,
    at: usize,
    number_col: Option<u16>,
    table: &RawTable,
) -> bool {
    let number = |v: &RawCell| match v {
        RawCell::Number(n) => Some(*n),
        RawCell::Text(t) => t.trim_end_matches(['.', ')', ' ']).parse::<f64>().ok(),
        RawCell::Empty | RawCell::Date(_) | RawCell::Bool(_) | RawCell::Error(_) => None,
    };
    let place = table.columns.iter().position(|c| Some(c.col) == number_col);
    let last = (table.rows.iter().rev())
        .filter_map(|r| number(r.cells.get(place?)?))
        .next();
    let mut below = sheet.rows.iter().skip(at + 1).take(BELOW);
    let follows = |row: &GridRow| {
        let first = row.cells.first().filter(|(c, _)| Some(*c) == number_col);
        let own = first.and_then(|(_, v)| number(v));
        row.cells.len() >= 3 && own.is_some_and(|n| Some(n) == last.map(|l| l + 1.0))
    };
    below.any(|row| follows(row) || repeats(row, &sheet.rows[header.at]))
}

/// A row of header words with a `No` in front.
fn starts_header(row: &GridRow) -> bool {
    if row.cells.len() < 3 || row.cells.iter().any(|(_, c)| text_of(c).is_none()) {
        return false;
    }
    let first = row.cells.first().and_then(|(_, c)| text_of(c));
    let first = first.unwrap_or_default();
    matches!(
        normal(first).as_str(),
        "no" | "nomor" | "no urut" | "nama" | "nik" | "nama lengkap"
    ) || first.trim() == "#"
}

fn is_title(row: &GridRow) -> bool {
    let words = row
        .cells
        .first()
        .and_then(|(_, c)| text_of(c))
        .map(normal)
        .unwrap_or_default();
    row.cells.len() == 1
        && [
            "daftar ",
            "data ",
            "laporan ",
            "register ",
            "rekap ",
            "kementerian ",
            "pemerintah ",
            "bulan ",
        ]
        .iter()
        .any(|p| words.starts_with(p))
}

fn row_kind(row: &GridRow, table: &RawTable, number_col: Option<u16>) -> RowKind {
    let has_number = number_col.is_some_and(|n| {
        row.cells.first().is_some_and(|(c, v)| {
            *c == n
                && (matches!(v, RawCell::Number(_))
                    || text_of(v)
                        .is_some_and(|t| t.trim_end_matches(['.', ')']).parse::<u32>().is_ok()))
        })
    });
    if is_column_numbers(row) {
        return RowKind::Skip;
    }
    if starts_header(row) {
        return RowKind::Header;
    }
    // A row of many cells with a number in front is data; only the others are looked at more closely.
    if !has_number {
        let texts: Vec<(u16, &str)> = row
            .cells
            .iter()
            .filter_map(|(c, v)| text_of(v).map(|t| (*c, t)))
            .collect();
        let lead = texts.first().map(|(_, t)| normal(t)).unwrap_or_default();
        // In a text table the sums themselves are texts.
        let words = texts
            .iter()
            .filter(|(_, t)| t.chars().any(char::is_alphabetic));
        if is_total(&lead) && words.count() <= 2 {
            return RowKind::Total;
        }
        if is_nihil(row) {
            return RowKind::Skip;
        }
        if names_official(row, &texts) {
            return RowKind::Skip;
        }
        let signed = row.cells.len() <= 2 && texts.iter().any(|(_, t)| is_place_and_day(t));
        if signed || texts.iter().any(|(_, t)| is_footer(t)) && row.cells.len() <= 4 {
            return RowKind::Footer;
        }
        if row.cells.len() == 1 && table.columns.len() >= 3 {
            return match texts.first() {
                Some((_, t)) if is_page_note(t) || super::legend::is_legend(t) => RowKind::Skip,
                Some((_, t)) if t.chars().any(char::is_alphabetic) => {
                    RowKind::Section(super::spaced::joined(t).into_owned())
                }
                _ => RowKind::Skip,
            };
        }
    }
    // A row number alone is an empty line of a printed form.
    if has_number && row.cells.len() == 1 {
        RowKind::Skip
    } else {
        RowKind::Data
    }
}

/// A number, or a text that begins with a digit.
fn could_be_total(cell: &RawCell) -> bool {
    match cell {
        RawCell::Number(_) => true,
        RawCell::Text(t) => t.trim_start().starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    }
}

/// `Jumlah`, `Sub Total`, `Jml. seluruh klien`, `Grand Total`.
pub(super) fn is_total(lead: &str) -> bool {
    let mut words = lead.split(' ');
    let first = words.next().unwrap_or_default();
    let word = if matches!(first, "sub" | "grand") {
        words.next().unwrap_or_default()
    } else {
        first
    };
    matches!(word, "jumlah" | "total" | "jml" | "subtotal" | "subjumlah")
}

pub(super) fn is_footer(t: &str) -> bool {
    let n = normal(t);
    [
        "mengetahui",
        "mengesahkan",
        "menyetujui",
        "ket ",
        "keterangan ",
        "catatan ",
        "sumber ",
        "nip ",
        "dibuat oleh",
        "petugas registrasi",
        "kepala lapas",
        "kepala rutan",
        "an kepala",
        "a n kepala",
        "yang menyerahkan",
        "yang menerima",
        "pihak pertama",
        "pihak kedua",
        "plh ",
        "plt ",
        "kepala seksi",
        "kasi ",
        "kasubsi ",
        "kabid ",
    ]
    .iter()
    .any(|w| n.starts_with(w) || n == w.trim_end())
}

/// `Ambon, 31 Januari 2026`: where and when a list was signed. A weekday in front is the day of a row.
pub(super) fn is_place_and_day(t: &str) -> bool {
    const WEEKDAYS: &[&str] = &[
        "senin", "selasa", "rabu", "kamis", "jumat", "jum", "sabtu", "minggu", "ahad",
    ];
    let n = normal(t);
    let first = n.split(' ').next().unwrap_or_default();
    t.contains(',')
        && month_in(t).is_some()
        && n.split(' ').count() <= 5
        && n.starts_with(|c: char| c.is_alphabetic())
        && !WEEKDAYS.contains(&first)
}

/// `Dipindahkan dari hal. 1 : 5 org`, `Halaman 2 dari 3`: where a printed page ends.
fn is_page_note(t: &str) -> bool {
    let n = normal(t);
    (n.split(' ')).any(|w| matches!(w, "hal" | "halaman" | "lembar"))
        && n.bytes().any(|b| b.is_ascii_digit())
        && n.split(' ').count() <= 8
}

/// `NIHIL`, `- Nihil -`, `N I H I L` where a name would stand: a list of nobody.
fn is_nihil(row: &GridRow) -> bool {
    let mut nihil = false;
    for (_, c) in row.cells.iter().take(3) {
        let Some(t) = text_of(c) else { return false };
        let letters: String = (t.chars().filter(|c| c.is_alphanumeric()))
            .flat_map(char::to_lowercase)
            .collect();
        if letters == "nihil" {
            nihil = true;
            break;
        }
        if !letters.is_empty() {
            return false;
        }
    }
    nihil
}

/// Who signs, teaches or reports below or between the rows: `Petugas: dr. …`, `Tutor : …`, alone or nearly so.
fn names_official(row: &GridRow, texts: &[(u16, &str)]) -> bool {
    const OFFICIALS: &[&str] = &[
        "petugas",
        "tutor",
        "instruktur",
        "pelapor",
        "panitera",
        "operator",
        "pembimbing",
        "pendamping",
        "narasumber",
        "pengajar",
        "guru",
        "saksi",
        "dokter",
        "pencatat",
        "penanggung",
        "pembina",
        "pelatih",
        "konselor",
    ];
    let Some((_, t)) = texts.first() else {
        return false;
    };
    let Some((lead, name)) = t.split_once(':') else {
        return false;
    };
    let lead = normal(lead);
    let words = lead.split(' ').count();
    texts.len() == 1
        && row.cells.len() <= 2
        && words <= 3
        && name.chars().any(char::is_alphabetic)
        && lead
            .split(' ')
            .next()
            .is_some_and(|w| OFFICIALS.contains(&w))
}

/// The number in front of a row.
pub(super) fn number_of(row: &GridRow) -> Option<f64> {
    match row.cells.first() {
        Some((_, RawCell::Number(n))) => Some(*n),
        Some((_, RawCell::Text(t))) => t.trim_end_matches(['.', ')', ' ']).parse().ok(),
        _ => None,
    }
}

/// A line above the names of those who teach, guard or help, and of nobody a list is about: `Tutor :`, `Relawan`, `Pengawas
/// lapangan`.
fn names_helpers(line: &str) -> bool {
    const HELPERS: &[&str] = &[
        "tutor",
        "relawan",
        "pengawas",
        "instruktur",
        "narasumber",
        "pengajar",
        "guru",
        "panitia",
        "pembina",
        "pelatih",
        "pendamping",
        "fasilitator",
        "pemateri",
        "petugas",
        "pamong",
        "asesor",
        "penguji",
        "koordinator",
        "volunteer",
        "staf",
        "pegawai",
        "tim",
    ];
    const THOSE: &[&str] = &[
        "wbp",
        "klien",
        "napi",
        "narapidana",
        "tahanan",
        "peserta",
        "siswa",
        "warga",
        "anak",
        "binaan",
        "penerima",
        "terpidana",
    ];
    let n = normal(line);
    let mut words = n
        .split(' ')
        .skip_while(|w| matches!(*w, "daftar" | "nama" | "data" | "para"));
    words.next().is_some_and(|w| HELPERS.contains(&w))
        && n.split(' ').count() <= 4
        && !n.split(' ').any(|w| THOSE.contains(&w))
}

/// `1 2 3 4 …` or `(1) (2) (3)` under the header.
fn is_column_numbers(row: &GridRow) -> bool {
    let number = |c: &RawCell| match c {
        RawCell::Number(n) => Some(*n),
        RawCell::Text(t) => t.trim_matches(['(', ')', '.', ' ']).parse::<f64>().ok(),
        _ => None,
    };
    // Most rows are told apart by their first two cells.
    let mut before: Option<f64> = None;
    for (_, c) in &row.cells {
        let Some(n) = number(c) else { return false };
        let fits = before.map_or(n <= 2.0, |b| n - b == 1.0);
        if !fits {
            return false;
        }
        before = Some(n);
    }
    row.cells.len() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_above_rows_add_up_until_one_of_their_sort_comes() {
        let mut l = Levels::default();
        let mut read = |rows: bool, line: &str| {
            l.closed = rows;
            l.below(line.to_owned()).unwrap_or_default()
        };
        assert_eq!(read(false, "A. KLIEN DEWASA"), "A. KLIEN DEWASA");
        assert_eq!(read(false, "Laki-laki"), "A. KLIEN DEWASA / Laki-laki");
        assert_eq!(read(true, "Perempuan"), "A. KLIEN DEWASA / Perempuan");
        assert_eq!(read(true, "B. KLIEN ANAK"), "B. KLIEN ANAK");
        // A group of nobody says nothing of the next.
        assert_eq!(read(false, "Laki-laki"), "B. KLIEN ANAK / Laki-laki");
        assert_eq!(read(false, "Perempuan"), "B. KLIEN ANAK / Perempuan");
        let mut l = Levels::default();
        let text = (0..100).filter(|_| l.below("teks panjang".to_owned()).is_some());
        assert_eq!(text.count(), Levels::TEXT, "a text is no heading");
        let mut l = Levels::default();
        for (line, all) in [("PB", "PB"), ("CB", "CB"), ("Bapas Ambon", "Bapas Ambon")] {
            l.closed = true;
            assert_eq!(l.below(line.to_owned()).as_deref(), Some(all));
        }
    }
}
