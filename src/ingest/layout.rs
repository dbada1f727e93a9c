//! From a sheet to tables: header, columns, sections, totals, footer; several tables may stand on one sheet.

use super::context::{Names, month_in, period_in, until_in};
use super::grid::{Budget, GridError, GridRow, Sheet};
use super::header::{BY_HAND, WITHOUT_HEADER, find_header, text_of};
use super::kind::{kind_of_table, moves, section_context};
use super::profile::is_person;
use super::rows::body;
use super::sources::{Source, Sources};
use super::whole;
use super::{
    bands, blocks, cards, carry, columns, implied, pairs, parts, points, prose, spaced, told,
};
use crate::domain::normal;
use crate::domain::raw::{Context, RawCell, RawColumn, RawTable};
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

/// How many rows around the end of a table are looked at for its legend.
const LEGEND: usize = 8;

/// Finds every table of a sheet.
///
/// # Errors
/// When the tables are more than a file may cost.
pub fn find_tables(
    sources: &Sources,
    names: &Names,
    file: FileId,
    index: u16,
    rel: &str,
    sheet: &mut Sheet,
    budget: &mut Budget,
) -> Result<Found, GridError> {
    let source = sources.of(rel, &sheet.name);
    points::spell_out(sheet);
    let forced = source.is_some_and(|s| s.header_row.is_some());
    let headless = !forced && find_header(sheet, 0, None).is_none();
    // Cards, and persons beside each other, are laid out as rows first.
    let laid_out = (!forced)
        .then(|| cards::as_table(sheet, headless).map(|(s, unread)| (s, unread, "ingest.cards")))
        .flatten()
        .or_else(|| {
            let turned = headless.then(|| cards::turned(sheet)).flatten();
            turned.map(|s| (s, Vec::new(), "ingest.turned"))
        });
    if let Some((mut rows, unread, rule)) = laid_out {
        let found = of_band(source, names, file, index, rel, &mut rows, budget)?;
        if !found.tables.is_empty() {
            let mut out = found;
            let people = out.tables.iter().map(|t| t.rows.len()).sum::<usize>();
            let mut note = Issue::about_file(Severity::Note, rule, file);
            note.sheet = Some(index);
            out.issues.push(note.with("rows", people));
            for row in unread.into_iter().take(200) {
                let mut issue = Issue::about_file(Severity::Warning, "ingest.line_unread", file);
                (issue.sheet, issue.row) = (Some(index), Some(row));
                out.issues.push(issue);
            }
            return Ok(out);
        }
    }
    let sentences = headless.then(|| prose::as_tables(sheet)).flatten();
    if let Some(told) = sentences {
        let mut out = Found::default();
        let nobody = told.nobody.iter().map(|row| {
            let rule = "ingest.line_without_person";
            (Severity::Note, rule, *row)
        });
        let unread = told.unread.iter();
        let unread = unread.map(|row| (Severity::Warning, "ingest.line_unread", *row));
        for (severity, rule, row) in nobody.chain(unread) {
            let mut note = Issue::about_file(severity, rule, file);
            (note.sheet, note.row) = (Some(index), Some(row));
            out.issues.push(note);
        }
        for mut lines in told.sheets {
            let mut found = of_band(source, names, file, index, rel, &mut lines, budget)?;
            found.tables.iter_mut().for_each(prose::mark_taken);
            out.tables.extend(found.tables);
            let said = |i: &Issue| {
                i.rule == "ingest.line_unread" && told.unread.contains(&i.row.unwrap_or(u32::MAX))
            };
            out.issues
                .extend(found.issues.into_iter().filter(|i| !said(i)));
        }
        return Ok(out);
    }
    let Some(bands) = (!forced).then(|| bands::split(sheet)).flatten() else {
        return of_band(source, names, file, index, rel, sheet, budget);
    };
    let mut out = Found::default();
    let mut note = Issue::about_file(Severity::Note, "ingest.side_by_side", file);
    note.sheet = Some(index);
    out.issues.push(note.with("tables", bands.len()));
    for mut band in bands {
        let found = of_band(source, names, file, index, rel, &mut band, budget)?;
        out.tables.extend(found.tables);
        out.issues.extend(found.issues);
    }
    Ok(out)
}

/// Finds every table of a sheet on which none stand side by side.
fn of_band(
    source: Option<&Source>,
    names: &Names,
    file: FileId,
    index: u16,
    rel: &str,
    sheet: &mut Sheet,
    budget: &mut Budget,
) -> Result<Found, GridError> {
    let mut out = Found::default();
    let mut next = 0;
    // A table of sums was found, and said.
    let mut sums = false;
    let forced = source.is_some_and(|s| s.header_row.is_some());
    while let Some(mut header) = find_header(sheet, next, source) {
        let folded = blocks::fold(sheet, &mut header);
        if folded.lines > 0 {
            let mut note = Issue::about_file(Severity::Note, "ingest.lines_joined", file);
            note.sheet = Some(index);
            out.issues.push(note.with("rows", folded.lines));
        }
        let title: Vec<String> = sheet.rows[next..header.at]
            .iter()
            .flat_map(row_texts)
            // What a legend explains is said of nobody.
            .filter(|t| !super::legend::is_legend(t))
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
            headless: Vec::new(),
            taken_over: Default::default(),
            joined: folded.joined,
        };
        let words = describe(&mut table, &title, &sheet.name, rel, names, source);
        table.context.saved = sheet.saved;
        let said = title.join(" ");
        let around = [said.as_str(), &sheet.name, rel];
        let dated = points::place(&mut table.columns, &header.run, &table.context, &around);
        let below = sheet
            .rows
            .get(header.at + header.rows)
            .map_or(u32::MAX, |r| r.row);
        let filled = carry::fill(sheet, below);
        let end = body(sheet, &header, &mut table, budget)?;
        next = end.max(header.at + header.rows);
        table.header = (
            sheet.rows[header.at].row,
            sheet.rows[header.at + header.rows - 1].row,
        );
        // A legend stands right below the rows, or in the title, or right below the header.
        let around = sheet.rows[header.at.saturating_sub(3)..header.at]
            .iter()
            .chain(sheet.rows.iter().skip(header.at + header.rows).take(2))
            .chain(sheet.rows.iter().skip(end.saturating_sub(3)).take(LEGEND));
        super::legend::write_out(&mut table, &super::legend::abbreviations(around.clone()));
        let legend = if header.run.is_empty() {
            Vec::new()
        } else {
            super::legend::read(around)
        };
        let at = (file, index);
        let between = (header.at + header.rows, end);
        out.issues
            .extend(lines_unread(sheet, &table, between, file, index));
        let hidden = table.rows.iter().filter(|r| r.hidden).count();
        if hidden > 0 {
            let mut note = Issue::about_file(Severity::Note, "ingest.hidden_rows", file);
            note.sheet = Some(index);
            out.issues.push(note.with("rows", hidden));
        }
        if !dated {
            let mut note = Issue::about_file(Severity::Warning, "ingest.points_undated", file);
            (note.sheet, note.row) = (Some(index), Some(table.header.1));
            out.issues.push(note);
        }
        super::day_parts::join(&mut table);
        for (col, heading) in pairs::divide(&mut table) {
            let place = RowRef {
                file,
                sheet: index,
                row: table.header.0,
            };
            let rule = "ingest.cell_divided";
            let note = Issue::about_cell(Severity::Note, rule, place.cell(col), &heading, "");
            out.issues.push(note);
        }
        let unsettled = table.columns.clone();
        settle(names, &mut table, &words, source);
        let parts = parts::split(table, &title);
        let several = parts.len() > 1;
        for part in parts {
            let (mut table, mut words) = (part.table, words.clone());
            if several {
                // All rows together tell best what the columns are, unless these are of another kind.
                let kind = table.kind;
                table.context = Context::default();
                words = describe(&mut table, &part.title, &sheet.name, rel, names, source);
                table.context.saved = sheet.saved;
                if table.kind != kind {
                    table.columns.clone_from(&unsettled);
                    settle(names, &mut table, &words, source);
                }
            }
            let around = implied::Around {
                title: &part.title,
                sheet: &sheet.name,
                rel,
            };
            implied::add(&mut table, &around, names);
            table.context.legend.clone_from(&legend);
            carry::join(&mut table, &filled, &mut out.issues);
            let nearest = [part.title.last().map_or("", String::as_str), &sheet.name];
            if let Some((severity, rule)) = not_read(&table, &words, &nearest) {
                let mut note = Issue::about_file(severity, rule, file);
                (note.sheet, note.row) = (Some(index), Some(table.header.0));
                out.issues.push(note.with("rows", table.rows.len()));
                sums = true;
                continue;
            }
            whole::describe(&mut table, &words, &sheet.name, source);
            for issue in of_columns(&table, at) {
                let told = |i: &Issue| (i.rule, i.row, i.col) == (issue.rule, issue.row, issue.col);
                if !out.issues.iter().any(|i| told(i) && i.sheet == issue.sheet) {
                    out.issues.push(issue);
                }
            }
            // A header without rows is a list of nobody: the month was delivered and nothing happened in it.
            out.tables.push(table);
        }
    }
    if !forced && sheet.rows.len() > next + WITHOUT_HEADER {
        // The search was given up: what stands below is not read, and that is said.
        let mut note = Issue::about_file(Severity::Warning, "ingest.header_not_found", file);
        note.sheet = Some(index);
        note.row = Some(sheet.rows[next].row);
        let left = sheet.rows.len() - next;
        out.issues
            .push(note.with("searched", WITHOUT_HEADER).with("rows", left));
    } else if out.tables.is_empty() && !sums && !sheet.rows.is_empty() {
        let rows = sheet.rows.iter().filter(|r| is_of_sums(r)).count();
        let people = sheet.rows.iter().filter(|r| is_of_a_person(r)).count();
        let mut note = if rows >= 3 {
            let of_sums = Issue::about_file(Severity::Warning, "ingest.aggregate", file);
            of_sums.with("rows", rows)
        } else if people > 0 {
            let unread = Issue::about_file(Severity::Warning, "ingest.people_unread", file);
            unread.with("rows", people)
        } else {
            Issue::about_file(Severity::Note, "ingest.sheet_without_table", file)
        };
        note.sheet = Some(index);
        out.issues.push(note);
    }
    Ok(out)
}

/// Why a table is not read: it names nobody, or people who are under no correction.
fn not_read(table: &RawTable, words: &str, nearest: &[&str]) -> Option<(Severity, &'static str)> {
    if names_nobody(table) {
        Some((Severity::Warning, "ingest.aggregate"))
    } else if is_of_others(table, words, nearest) {
        Some((Severity::Note, "ingest.other_people"))
    } else if is_of_discipline(table, nearest) {
        Some((Severity::Note, "ingest.discipline"))
    } else {
        None
    }
}

/// Columns without a header, and columns whose header is unknown.
fn of_columns(table: &RawTable, (file, sheet): (FileId, u16)) -> Vec<Issue> {
    let at = RowRef {
        file,
        sheet,
        row: table.header.0,
    };
    let headless = table.headless.iter().map(|(col, cells)| {
        let rule = "ingest.column_headless";
        Issue::about_cell(Severity::Warning, rule, at.cell(*col), "", "").with("cells", cells)
    });
    let unknown = |c: &&RawColumn| {
        let open = c.field.is_none() && c.point.is_none() && c.told.is_none() && !c.needless;
        open && !c.header.is_empty()
    };
    let unknown = table.columns.iter().filter(unknown).map(|c| {
        let rule = "ingest.column_unknown";
        Issue::about_cell(Severity::Note, rule, at.cell(c.col), &c.header, "")
    });
    // What a fact rests on and its header hardly says.
    let guessed = |c: &&RawColumn| {
        // `Tgl` says that there is a day, and not of what.
        let bare = matches!(
            normal(&c.header).as_str(),
            "tgl" | "tanggal" | "hari tanggal" | "waktu" | "date"
        );
        let open = c.confidence < GUESSED || bare && c.confidence <= 1.0;
        c.field.is_some_and(tells_facts) && open && !c.header.is_empty()
    };
    let guessed = table.columns.iter().filter(guessed).map(|c| {
        let rule = "ingest.column_guessed";
        let read_as = c.field.map(crate::domain::Field::id).unwrap_or_default();
        let issue = Issue::about_cell(Severity::Note, rule, at.cell(c.col), &c.header, "");
        issue.with("field", read_as)
    });
    headless.chain(unknown).chain(guessed).collect()
}

/// What is believed less of a column's meaning is said.
const GUESSED: f32 = 0.8;

/// Whether facts rest on a field: days but those of birth, states, ends, kinds, counts.
fn tells_facts(field: Field) -> bool {
    use Field as F;
    field.is_day() && field != F::BirthDate
        || matches!(
            field,
            F::ExitKind
                | F::EndKind
                | F::ServiceState
                | F::OutcomeKind
                | F::ReportsDue
                | F::ReportsMet
                | F::HoursOrdered
                | F::HoursServed
                | F::SentenceLength
                | F::BirthPlaceDate
        )
}

/// A list of staff, of visitors, of those on duty: people who are under no correction, and nothing of the others.
fn is_of_others(table: &RawTable, words: &str, nearest: &[&str]) -> bool {
    const STAFF: &[&str] = &["nip", "pangkat", "nrp", "shift", "piket"];
    const LISTS: &[&str] = &[
        "daftar pegawai",
        "data pegawai",
        "hadir pegawai",
        "absensi pegawai",
        "apel pegawai",
        "jadwal piket",
        "jadwal jaga",
        "regu jaga",
        "regu pengamanan",
        "daftar piket",
        "daftar kunjungan",
        "data kunjungan",
        "register kunjungan",
        "buku kunjungan",
        "kunjungan keluarga",
        "buku tamu",
        "daftar tamu",
        "daftar pengunjung",
    ];
    const OTHERS: &[&str] = &[
        "pegawai",
        "piket",
        "jaga",
        "regu",
        "staf",
        "petugas",
        "pejabat",
        "pengunjung",
        "tamu",
        "kunjungan",
        "asn",
        "cpns",
        "pnpn",
        "pengawas",
        "tutor",
        "relawan",
        "instruktur",
        "pengajar",
        "narasumber",
        "panitia",
        "pamong",
        "wali",
    ];
    const CORRECTED: &[&str] = &[
        "wbp",
        "napi",
        "narapidana",
        "tahanan",
        "anak",
        "klien",
        "warga",
        "penghuni",
        "peserta",
        "binaan",
        "andikpas",
    ];
    use Field as F;
    let kept = |f: Field| {
        matches!(
            f,
            F::RegisterNo
                | F::RegisterClass
                | F::ClientNo
                | F::SentenceLength
                | F::ExpiryDate
                | F::DetentionEnd
                | F::SupervisionKind
                | F::OutcomeDate
        )
    };
    let moved = |f: Field| {
        matches!(
            f,
            F::AdmissionDate | F::ExitDate | F::ExitKind | F::IssuedDate
        )
    };
    let any = |of: &dyn Fn(Field) -> bool| table.columns.iter().any(|c| c.field.is_some_and(of));
    if any(&kept) {
        return false;
    }
    // The sheet, or the line above the header, is about them and about nobody else: they come and go as well.
    let about = |line: &str| {
        let n = normal(line);
        let names = |list: &[&str]| n.split(' ').any(|w| list.contains(&w));
        names(OTHERS) && !names(CORRECTED) && n.split(' ').count() <= 8
    };
    let of_inmates = table.position(F::Name).is_some_and(|i| {
        let n = normal(&table.columns[i].header);
        n.split(' ').any(|w| CORRECTED.contains(&w))
    });
    if nearest.iter().any(|l| about(l)) && !of_inmates && !moves(table) {
        return true;
    }
    if any(&moved) {
        return false;
    }
    let staff = table.columns.iter().any(|c| {
        let n = normal(&c.header);
        n.split(' ').any(|w| STAFF.contains(&w))
    });
    staff || LISTS.iter().any(|l| crate::clean::text::has(words, l))
}

/// A register of breaches of discipline (Register F): what was done about them is no sentence, and their day no admission.
fn is_of_discipline(table: &RawTable, nearest: &[&str]) -> bool {
    const NAMED: &[&str] = &[
        "register f",
        "reg f",
        "pelanggaran disiplin",
        "pelanggaran tata tertib",
        "hukuman disiplin",
        "sanksi disiplin",
        "pelanggaran tatib",
        "tutupan sunyi",
        "straf sel",
        "strafsel",
    ];
    let named = |t: &str| crate::clean::text::says(&normal(t), NAMED);
    let columns = || table.columns.iter().map(|c| c.header.as_str());
    let register = |f: Field| table.position(f).is_some();
    !(register(Field::RegisterClass)
        || register(Field::ExpiryDate)
        || register(Field::DetentionEnd)
        || register(Field::ExitDate))
        && (nearest.iter().any(|l| named(l)) || columns().any(named))
}

/// Lines between and below the rows of a table that tell with a day what became of somebody: they are read as no row, and
/// that is said of each.
fn lines_unread(
    sheet: &Sheet,
    table: &RawTable,
    (from, to): (usize, usize),
    file: FileId,
    index: u16,
) -> Vec<Issue> {
    const MOST: usize = 200;
    let rows = sheet
        .rows
        .get(from..to.min(sheet.rows.len()))
        .unwrap_or_default();
    let texts = rows
        .iter()
        .filter(|r| (1..=2).contains(&r.cells.len()))
        .take(2_000);
    let month = table.month();
    // `Catatan: Ali Mony keluar PB tgl 31 Januari 2026`: somebody of the list by his name.
    let name = table.position(Field::Name);
    let named = |t: &str| {
        let n = format!(" {} ", normal(t));
        let cells = table.rows.iter().filter_map(|r| r.cells.get(name?));
        let names = cells.filter_map(text_of).filter(|t| t.contains(' '));
        names
            .take(20_000)
            .any(|w| n.contains(&format!(" {} ", normal(w))))
    };
    let told = texts.filter(|r| {
        r.cells.iter().filter_map(|(_, c)| text_of(c)).any(|t| {
            let digit = t.bytes().any(|b| b.is_ascii_digit());
            t.len() >= 20
                && digit
                && (crate::clean::tells_of_somebody(t, month)
                    || crate::clean::tells_an_event(t, month) && named(t))
        })
    });
    told.take(MOST)
        .map(|r| {
            let mut issue = Issue::about_file(Severity::Warning, "ingest.line_unread", file);
            (issue.sheet, issue.row) = (Some(index), Some(r.row));
            issue
        })
        .collect()
}

/// A line about somebody: a name beside other cells.
fn is_of_a_person(row: &GridRow) -> bool {
    let named = |c: &RawCell| matches!(c, RawCell::Text(t) if is_person(t));
    row.cells.len() >= 3 && row.cells.iter().any(|(_, c)| named(c))
}

/// A crosstab: what looks like a name is a number on nearly every row, and no number is a NIK.
fn names_nobody(table: &RawTable) -> bool {
    let of = |f: Field| table.position(f);
    let (Some(name), None) = (of(Field::Name), of(Field::Nik)) else {
        return false;
    };
    let filled = table.rows.iter().filter_map(|r| r.cells.get(name));
    let (mut all, mut numbers) = (0, 0);
    for c in filled.filter(|c| **c != RawCell::Empty).take(200) {
        all += 1;
        numbers += usize::from(match c {
            RawCell::Number(_) => true,
            RawCell::Text(t) => t
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')),
            RawCell::Empty | RawCell::Date(_) | RawCell::Bool(_) | RawCell::Error(_) => false,
        });
    }
    all > 0 && numbers * 10 >= all * 8
}

/// A text and at least two counts: a row of a crosstab, which names nobody.
fn is_of_sums(row: &GridRow) -> bool {
    let number = |c: &RawCell| match c {
        RawCell::Number(_) => true,
        RawCell::Text(t) => t.len() <= 12 && t.bytes().all(|b| b.is_ascii_digit() || b == b'.'),
        RawCell::Empty | RawCell::Date(_) | RawCell::Bool(_) | RawCell::Error(_) => false,
    };
    let texts = row.cells.iter().filter_map(|(_, c)| text_of(c));
    let named = texts.filter(|t| t.chars().any(char::is_alphabetic)).count();
    (1..=3).contains(&named) && row.cells.iter().filter(|(_, c)| number(c)).count() >= 2
}

fn row_texts(row: &GridRow) -> Vec<String> {
    row.cells
        .iter()
        .filter_map(|(_, c)| text_of(c))
        .map(|t| spaced::joined(t).into_owned())
        .collect()
}

/// What the columns mean and what a row is: each helps to tell the other, so what was thought of the kind from headers
/// alone is thought over once the values are known.
fn settle(names: &Names, table: &mut RawTable, words: &str, source: Option<&Source>) {
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
    told::find(table, &fixed);
    for c in &mut table.columns {
        c.confidence = c.confidence.min(1.0);
    }
    let kind = table.kind;
    for (text, context) in &mut table.sections {
        *context = section_context(text, kind, names);
    }
}

/// Whether a line names a month in which something is to come: `ekspirasinya jatuh s/d Maret 2026 (rencana bebas)`.
fn speaks_of_plans(line: &str) -> bool {
    const PLANS: &[&str] = &[
        "rencana",
        "akan",
        "ekspirasi",
        "ekspirasinya",
        "prediksi",
        "perkiraan",
        "estimasi",
        "tempo",
    ];
    normal(line).split(' ').any(|w| PLANS.contains(&w))
}

/// The words of a file's name without those that name another kind of list than the title and the sheet do: `Klien pidana
/// pengawasan` on a sheet of `kerja sosial & pengawasan.ods`.
fn other_kinds_left_out(near: &str, path: String) -> String {
    const KINDS: &[&str] = &["kerja sosial", "pengawasan", "litmas", "wajib lapor"];
    if !KINDS.iter().any(|k| near.contains(k)) {
        return path;
    }
    let others = KINDS.iter().filter(|k| !near.contains(**k));
    others.fold(path, |p, k| p.replace(k, ""))
}

/// Unit, agency, month, and what the kind seems to be; returns the words around the table in normal form.
fn describe(
    table: &mut RawTable,
    title: &[String],
    sheet: &str,
    rel: &str,
    names: &Names,
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
        let first = names.unit_in(line);
        // `Rutan Ambon menyerahkan kepada Bapas Ambon`: both are of the list.
        let n = normal(line);
        let handed = [
            "menyerahkan",
            "serah terima",
            "diserahkan",
            "kepada",
            "diserahterimakan",
        ]
        .iter()
        .any(|p| crate::clean::text::has(&n, p));
        let other = (first.as_ref().filter(|_| handed))
            .and_then(|(_, kind)| names.unit_of_other_kind(line, *kind));
        for (id, kind) in first.into_iter().chain(other) {
            let slot = if kind == UptKind::Bapas {
                &mut c.bapas
            } else {
                &mut c.upt
            };
            slot.get_or_insert_with(|| id.clone());
            supplier.get_or_insert(id);
        }
        if let Some(id) = names.agency_in(line) {
            c.opd.get_or_insert_with(|| id.clone());
            supplier.get_or_insert(id);
        }
        c.until = c.until.or_else(|| until_in(line));
        if c.month.is_none() && !line.is_empty() {
            c.period = c.period.or_else(|| period_in(line));
            // A letterhead's place-date line is no period.
            let dated = normal(line).starts_with("ambon ");
            c.month = if dated || speaks_of_plans(line) {
                None
            } else {
                month_in(line)
            };
        }
    }
    // An office's own folder or file name says more about who sent it than a unit mentioned in a title.
    table.supplier = supplier.unwrap_or_default().as_str().into();
    if let Some(s) = source {
        if let Some(id) = &s.supplier {
            table.supplier = id.as_str().into();
        }
        c.until = s.until.or(c.until);
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
    let near = normal(&format!("{} {sheet}", title.join(" ")));
    let far = other_kinds_left_out(&near, normal(&path));
    let words = format!("{near} {far}").trim().to_owned();
    table.kind = kind_of_table(table, &words, source);
    words
}
