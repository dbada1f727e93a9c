//! From a sheet to tables: header, columns, sections, totals, footer; several tables may stand on one sheet.

use super::Reader;
use super::context::{agency_in, month_in, period_in, unit_in};
use super::grid::{GridRow, Sheet};
use super::sources::Source;
use super::{columns, recognise};
use crate::domain::normal;
use crate::domain::raw::{Context, RawCell, RawColumn, RawRow, RawTable, SheetTotal};
use crate::domain::upt::UptKind;
use crate::domain::{Field, FileId, Issue, RecordKind, RowRef, Severity, Text};

/// What a sheet gave.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Tables in order.
    pub tables: Vec<RawTable>,
    /// What was noticed on the way.
    pub issues: Vec<Issue>,
}

/// A recognised header.
struct Header {
    /// Index of its first row in the sheet's rows, and how many rows it has.
    at: usize,
    rows: usize,
    columns: Vec<RawColumn>,
    score: f32,
}

/// How many rows are searched for a header before a sheet is given up: letterheads have ten lines, and every text of
/// every row must be held against the whole dictionary.
const WITHOUT_HEADER: usize = 10_000;

/// Confidence of a field that a person has named, until the columns are settled.
const BY_HAND: f32 = 2.0;

/// Finds every table of a sheet.
pub fn find_tables(
    reader: &Reader,
    file: FileId,
    index: u16,
    rel: &str,
    sheet: &mut Sheet,
) -> Found {
    let mut out = Found::default();
    let source = reader.sources.of(rel, &sheet.name);
    let mut next = 0;
    let forced = source.is_some_and(|s| s.header_row.is_some());
    while let Some(header) = find_header(sheet, next, source) {
        let title: Vec<String> = sheet.rows[next..header.at]
            .iter()
            .flat_map(row_texts)
            .collect();
        let mut table = RawTable {
            file,
            sheet: index,
            kind: RecordKind::Custody,
            supplier: Text::default(),
            header: (0, 0),
            columns: header.columns.clone(),
            context: Context::default(),
            sections: Vec::new(),
            rows: Vec::new(),
            totals: Vec::new(),
        };
        let words = describe(&mut table, &title, &sheet.name, rel, reader, source);
        let end = body(sheet, &header, &mut table);
        settle(reader, &mut table, &words, source);
        table.header = (
            sheet.rows[header.at].row,
            sheet.rows[header.at + header.rows - 1].row,
        );
        let hidden = table.rows.iter().filter(|r| r.hidden).count();
        if hidden > 0 {
            let mut note = Issue::about_file(Severity::Note, "ingest.hidden_rows", file);
            note.sheet = Some(index);
            out.issues.push(note.with("rows", hidden));
        }
        for c in table
            .columns
            .iter()
            .filter(|c| c.field.is_none() && !c.header.is_empty())
        {
            let at = RowRef {
                file,
                sheet: index,
                row: sheet.rows[header.at].row,
            }
            .cell(c.col);
            out.issues.push(Issue::about_cell(
                Severity::Note,
                "ingest.column_unknown",
                at,
                &c.header,
                "",
            ));
        }
        // A header without rows is a list of nobody: the month was delivered and nothing happened in it.
        out.tables.push(table);
        next = end.max(header.at + header.rows);
    }
    if !forced && sheet.rows.len() > next + WITHOUT_HEADER {
        // The search was given up: what stands below is not read, and that is said.
        let mut note = Issue::about_file(Severity::Warning, "ingest.header_not_found", file);
        note.sheet = Some(index);
        note.row = Some(sheet.rows[next].row);
        let left = sheet.rows.len() - next;
        out.issues
            .push(note.with("searched", WITHOUT_HEADER).with("rows", left));
    } else if out.tables.is_empty() && !sheet.rows.is_empty() {
        let mut note = Issue::about_file(Severity::Note, "ingest.sheet_without_table", file);
        note.sheet = Some(index);
        out.issues.push(note);
    }
    out
}

fn text_of(cell: &RawCell) -> Option<&str> {
    match cell {
        RawCell::Text(t) => Some(t),
        _ => None,
    }
}

fn row_texts(row: &GridRow) -> Vec<String> {
    row.cells
        .iter()
        .filter_map(|(_, c)| text_of(c))
        .map(str::to_owned)
        .collect()
}

/// The next row run that reads as a header, from `from` on.
fn find_header(sheet: &Sheet, from: usize, source: Option<&Source>) -> Option<Header> {
    let forced = source
        .and_then(|s| s.header_row)
        .map(|r| r.saturating_sub(1));
    let last = if forced.is_some() {
        sheet.rows.len()
    } else {
        sheet.rows.len().min(from.saturating_add(WITHOUT_HEADER))
    };
    for at in from..last {
        if forced.is_some_and(|r| r != sheet.rows[at].row) {
            continue;
        }
        if forced.is_none() && !could_be_header(&sheet.rows[at]) {
            continue;
        }
        let mut best: Option<Header> = None;
        for rows in 1..=3.min(sheet.rows.len() - at) {
            if rows > 1 && !could_continue(&sheet.rows[at + rows - 1], &sheet.rows[at + rows - 2]) {
                break;
            }
            let h = header_of(sheet, at, rows, source);
            let better = best.as_ref().is_none_or(|b| h.score > b.score + 0.5);
            if better {
                best = Some(h);
            }
        }
        if let Some(h) = best
            && (is_enough(&h) || forced.is_some())
        {
            // A header that starts one row later may read better: a title row with a word in common is no header.
            return Some(h);
        }
    }
    None
}

fn is_enough(h: &Header) -> bool {
    let fields: Vec<Field> = h.columns.iter().filter_map(|c| c.field).collect();
    // `Nama atlet`: some name, which the values will confirm.
    let some_name = fields.len() >= 4
        && h.columns
            .iter()
            .any(|c| c.field.is_none() && normal(&c.header).starts_with("nama "));
    let person = fields.iter().any(|f| matches!(f, Field::Name | Field::Nik));
    (person || some_name) && fields.len() >= 3 && fields.len() * 2 >= h.columns.len()
}

/// Mostly text, at least two cells, one of them a known header word.
fn could_be_header(row: &GridRow) -> bool {
    let texts: Vec<&str> = row.cells.iter().filter_map(|(_, c)| text_of(c)).collect();
    texts.len() >= 2
        && texts.len() * 4 >= row.cells.len() * 3
        && texts
            .iter()
            .filter(|t| t.len() <= 60)
            .any(|t| recognise::is_known(t))
}

/// A second or third header row: text only, directly below, and no data in it.
fn could_continue(row: &GridRow, above: &GridRow) -> bool {
    row.row <= above.row + 1
        && row.cells.iter().all(|(_, c)| {
            text_of(c).is_some_and(|t| t.len() <= 60 && t.chars().any(char::is_alphabetic))
        })
        && row
            .cells
            .iter()
            .filter(|(_, c)| text_of(c).is_some_and(look_up_part))
            .count()
            * 2
            >= row.cells.len()
}

/// Words that stand below a spanning header.
fn look_up_part(t: &str) -> bool {
    recognise::is_known(t)
        || matches!(
            normal(t).as_str(),
            "tanggal"
                | "tgl"
                | "nomor"
                | "th"
                | "thn"
                | "bl"
                | "bln"
                | "hr"
                | "tempat"
                | "akhir"
                | "awal"
                | "jenis"
        )
}

fn merged_text<'a>(sheet: &'a Sheet, row: &'a GridRow, col: u16) -> Option<&'a str> {
    if let Ok(i) = row.cells.binary_search_by_key(&col, |(c, _)| *c) {
        return text_of(&row.cells[i].1);
    }
    let m = sheet
        .merges
        .iter()
        .find(|m| m.0 <= row.row && row.row <= m.2 && m.1 <= col && col <= m.3)?;
    let origin = sheet
        .rows
        .binary_search_by_key(&m.0, |r| r.row)
        .ok()
        .map(|i| &sheet.rows[i])?;
    let i = origin.cells.binary_search_by_key(&m.1, |(c, _)| *c).ok()?;
    text_of(&origin.cells[i].1)
}

fn header_of(sheet: &Sheet, at: usize, rows: usize, source: Option<&Source>) -> Header {
    let run = &sheet.rows[at..at + rows];
    let mut cols: Vec<u16> = run
        .iter()
        .flat_map(|r| r.cells.iter().map(|(c, _)| *c))
        .collect();
    cols.sort_unstable();
    cols.dedup();
    let mut columns = Vec::with_capacity(cols.len());
    let mut score = 0.0;
    let mut taken: Vec<Field> = Vec::new();
    for &col in &cols {
        let mut parts: Vec<&str> = Vec::new();
        for (k, row) in run.iter().enumerate() {
            let own = merged_text(sheet, row, col).or_else(|| {
                // Without merge information a spanning header is the nearest text to the left, when a later
                // header row has something below it.
                let below = run[k + 1..]
                    .iter()
                    .any(|r| r.cells.iter().any(|(c, _)| *c == col));
                let left = || {
                    row.cells
                        .iter()
                        .rev()
                        .find(|(c, _)| *c < col)
                        .and_then(|(_, v)| text_of(v))
                };
                if k + 1 < rows && below && sheet.merges.is_empty() {
                    left()
                } else {
                    None
                }
            });
            if let Some(t) = own
                && !parts.contains(&t)
            {
                parts.push(t);
            }
        }
        let header = parts.join(" / ");
        let options = match source.and_then(|s| s.field(&header)) {
            Some(f) => vec![(f, BY_HAND)],
            None => columns::options(&parts),
        };
        let best = options
            .into_iter()
            .find(|(f, c)| *c >= 0.6 && (!taken.contains(f) || *f == Field::Remarks));
        if let Some((f, c)) = best {
            taken.push(f);
            score += c;
        }
        columns.push(RawColumn {
            col,
            header: header.as_str().into(),
            field: best.map(|(f, _)| f),
            confidence: best.map_or(0.0, |(_, c)| c),
        });
    }
    Header {
        at,
        rows,
        columns,
        score,
    }
}

/// What the columns mean and what a row is: each helps to tell the other, so what was thought of the kind from headers
/// alone is thought over once the values are known.
fn settle(reader: &Reader, table: &mut RawTable, words: &str, source: Option<&Source>) {
    let fixed: Vec<bool> = table
        .columns
        .iter()
        .map(|c| c.confidence >= BY_HAND)
        .collect();
    for _ in 0..2 {
        columns::settle(table, &fixed);
        let kind = kind_of_table(table, words, source);
        if kind == table.kind {
            break;
        }
        table.kind = kind;
    }
    for c in &mut table.columns {
        c.confidence = c.confidence.min(1.0);
    }
    let kind = table.kind;
    for (text, context) in &mut table.sections {
        *context = section_context(text, kind, reader);
    }
}

fn kind_of_table(table: &RawTable, words: &str, source: Option<&Source>) -> RecordKind {
    let fields: Vec<Field> = table.columns.iter().filter_map(|c| c.field).collect();
    (source.and_then(|s| s.kind)).unwrap_or_else(|| kind_of(&fields, words, &table.context))
}

/// Unit, agency, month, and what the kind seems to be; returns the words around the table in normal form.
fn describe(
    table: &mut RawTable,
    title: &[String],
    sheet: &str,
    rel: &str,
    reader: &Reader,
    source: Option<&Source>,
) -> String {
    let c = &mut table.context;
    c.title = title.join(" | ").as_str().into();
    let path = rel.replace(['/', '_', '-', '.'], " ");
    let mut supplier = None;
    let lines = || {
        title
            .iter()
            .map(String::as_str)
            .chain([sheet, path.as_str()])
    };
    for line in lines() {
        if let Some((id, kind)) = unit_in(line, reader) {
            let slot = if kind == UptKind::Bapas {
                &mut c.bapas
            } else {
                &mut c.upt
            };
            slot.get_or_insert_with(|| id.clone());
            supplier.get_or_insert(id);
        }
        if let Some(id) = agency_in(line, reader) {
            c.opd.get_or_insert_with(|| id.clone());
            supplier.get_or_insert(id);
        }
        if c.month.is_none() && !line.is_empty() {
            c.period = c.period.or_else(|| period_in(line));
            // A letterhead's place-date line is no period.
            let dated = normal(line).starts_with("ambon ");
            c.month = if dated { None } else { month_in(line) };
        }
    }
    // An office's own folder or file name says more about who sent it than a unit mentioned in a title.
    table.supplier = supplier.unwrap_or_default().as_str().into();
    if let Some(s) = source {
        if let Some(id) = &s.supplier {
            table.supplier = id.as_str().into();
        }
        c.constants.extend(
            s.constants
                .iter()
                .map(|(f, v)| (*f, Text::from(v.as_str()))),
        );
        for (field, words) in &s.words {
            c.words.extend(
                words
                    .iter()
                    .map(|(a, b)| (*field, Text::from(a.as_str()), Text::from(b.as_str()))),
            );
        }
    }
    let words = normal(&format!("{} {sheet} {path}", title.join(" ")));
    table.kind = kind_of_table(table, &words, source);
    words
}

/// What a row is, from the columns and the words of the title.
fn kind_of(fields: &[Field], title: &str, context: &Context) -> RecordKind {
    use Field as F;
    let has = |f: F| fields.contains(&f);
    let any = |list: &[F]| list.iter().filter(|f| has(**f)).count() as i32;
    // Guidance of other kinds than a probation office's is a service.
    let title = &["rohani", "belajar", "teknis", "kerja", "karier"]
        .iter()
        .fold(title.to_owned(), |t, kind| {
            t.replace(&format!("bimbingan {kind}"), kind)
        });
    let says = |words: &[&str]| words.iter().filter(|w| title.contains(*w)).count() as i32;
    let scores = [
        (
            RecordKind::CommunityService,
            4 * any(&[F::HoursOrdered, F::HoursServed]) + 3 * says(&["kerja sosial"]),
        ),
        (
            RecordKind::Litmas,
            4 * any(&[F::LitmasKind, F::RequestedDate])
                + 3 * says(&["litmas", "penelitian kemasyarakatan"]),
        ),
        (
            RecordKind::Death,
            4 * any(&[F::DeathDate]) + 3 * says(&["kematian", "daftar kematian", "meninggal"])
                - 2 * any(&[F::RegisterNo, F::AdmissionDate]),
        ),
        (
            RecordKind::Outcome,
            4 * any(&[F::OutcomeDate])
                + any(&[F::OutcomeKind, F::Evidence])
                + 3 * says(&["pemantauan", "monitoring", "hasil reintegrasi"]),
        ),
        (
            RecordKind::Supervision,
            4 * any(&[
                F::ClientNo,
                F::SupervisionKind,
                F::ReportsDue,
                F::ReportsMet,
            ]) + 2 * any(&[F::Officer, F::Guarantor, F::EndKind, F::PlannedEndDate])
                + 2 * says(&["klien", "bimbingan", "wajib lapor", "apel"])
                + i32::from(context.bapas.is_some()),
        ),
        (
            RecordKind::Custody,
            3 * any(&[
                F::RegisterNo,
                F::RegisterClass,
                F::ExpiryDate,
                F::SentenceLength,
                F::SentenceYears,
                F::ExitKind,
                F::MasterNo,
                F::AdmissionDate,
            ]) + 2 * any(&[F::Block, F::TwoThirdsDate, F::DetainedDate])
                + 2 * says(&[
                    "register",
                    "penghuni",
                    "registrasi",
                    "tahanan",
                    "narapidana",
                    "mutasi",
                ]),
        ),
        (
            RecordKind::Participation,
            3 * any(&[
                F::ServiceKind,
                F::ServiceName,
                F::Batch,
                F::ReferralDate,
                F::EnrolDate,
                F::SessionsPlanned,
                F::SessionsAttended,
                F::CertificateNo,
                F::IssuedDate,
                F::DocumentNo,
            ]) + any(&[F::ServiceState])
                + 2 * says(&[
                    "pelatihan",
                    "peserta",
                    "layanan",
                    "bantuan",
                    "pembinaan",
                    "perekaman",
                    "pencetakan",
                    "penerima",
                    "kegiatan",
                    "kemandirian",
                    "keterampilan",
                    "kerohanian",
                    "kepribadian",
                    "bimtek",
                    "fasilitasi",
                    "participants",
                    "skrining",
                    "rohani",
                    "assisted",
                ])
                + i32::from(context.opd.is_some())
                // A list of people that says nothing else is of those who took part in something.
                + 1,
        ),
        (
            RecordKind::Resident,
            3 * any(&[F::FamilyCardNo]) + 4 * says(&["penduduk", "kependudukan", "biodata"])
                - 3 * any(&[F::RegisterNo, F::IssuedDate, F::ServiceKind]),
        ),
    ];
    let mut best = scores[0];
    for s in scores {
        if s.1 > best.1 {
            best = s;
        }
    }
    best.0
}

enum RowKind {
    Data,
    Section(String),
    Total,
    Footer,
    Skip,
    Header,
}

/// Reads rows below a header until the sheet or the table ends; returns the index of the first row not read.
fn body(sheet: &mut Sheet, header: &Header, table: &mut RawTable) -> usize {
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
    let mut section: Option<u16> = None;
    let mut section_start = u32::MAX;
    let first = sheet.rows.get(header.at + header.rows).map_or(0, |r| r.row);
    let mut i = header.at + header.rows;
    // The first of the lines since the last data or total, and the sections known before them.
    let mut lone = i;
    let mut sections_before = 0;
    while i < sheet.rows.len() {
        let row = &sheet.rows[i];
        match row_kind(row, table, number_col) {
            RowKind::Data => {
                let mut cells = vec![RawCell::Empty; table.columns.len()];
                let row = &mut sheet.rows[i];
                for (c, v) in std::mem::take(&mut row.cells) {
                    if let Some(&p) = position.get(c as usize)
                        && p != usize::MAX
                    {
                        cells[p] = v;
                    }
                }
                table.rows.push(RawRow {
                    row: row.row,
                    cells,
                    section,
                    hidden: row.hidden,
                });
                lone = i + 1;
                sections_before = table.sections.len();
            }
            RowKind::Section(text) => {
                table
                    .sections
                    .push((text.as_str().into(), Context::default()));
                section = Some((table.sections.len() - 1) as u16);
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
                return lone;
            }
            RowKind::Footer => {
                i += 1;
                while i < sheet.rows.len() && !starts_header(&sheet.rows[i]) {
                    // A title between two tables belongs to the next one.
                    if is_title(&sheet.rows[i]) {
                        return i;
                    }
                    i += 1;
                }
                return i;
            }
        }
        i += 1;
    }
    i
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
        if is_total(&lead) && texts.len() <= 2 {
            return RowKind::Total;
        }
        if texts.iter().any(|(_, t)| is_footer(t)) && row.cells.len() <= 4 {
            return RowKind::Footer;
        }
        if row.cells.len() == 1 && table.columns.len() >= 3 {
            return match texts.first() {
                Some((_, t)) if t.chars().any(char::is_alphabetic) => {
                    RowKind::Section((*t).to_owned())
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
fn is_total(lead: &str) -> bool {
    let mut words = lead.split(' ');
    let first = words.next().unwrap_or_default();
    let word = if matches!(first, "sub" | "grand") {
        words.next().unwrap_or_default()
    } else {
        first
    };
    matches!(word, "jumlah" | "total" | "jml" | "subtotal" | "subjumlah")
}

fn is_footer(t: &str) -> bool {
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
    ]
    .iter()
    .any(|w| n.starts_with(w) || n == w.trim_end())
        || (t.contains(',')
            && month_in(t).is_some()
            && n.split(' ').count() <= 5
            && n.starts_with(|c: char| c.is_alphabetic()))
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

/// What a section row says for the rows below it.
fn section_context(text: &str, kind: RecordKind, reader: &Reader) -> Context {
    let n = normal(text);
    let words: Vec<&str> = n.split(' ').collect();
    let mut c = Context {
        title: text.into(),
        ..Context::default()
    };
    let has = |w: &str| words.contains(&w);
    if has("laki") || has("pria") || has("putra") {
        c.constants.push((Field::Sex, "L".into()));
    } else if has("perempuan") || has("wanita") || has("putri") {
        c.constants.push((Field::Sex, "P".into()));
    }
    match unit_in(text, reader) {
        Some((id, UptKind::Bapas)) => c.bapas = Some(id),
        Some((id, _)) => c.upt = Some(id),
        None => {}
    }
    c.opd = agency_in(text, reader);
    c.month = month_in(text);
    match kind {
        RecordKind::Supervision => c.constants.push((Field::SupervisionKind, text.into())),
        RecordKind::Participation => c.constants.push((Field::ServiceName, text.into())),
        RecordKind::Custody => c.constants.push((Field::RegisterClass, text.into())),
        RecordKind::Litmas => c.constants.push((Field::LitmasKind, text.into())),
        _ => {}
    }
    c
}
