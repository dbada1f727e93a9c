//! Cards: the particulars of one person below each other, each beside its name (`Nama : Ana Patty`, `Jenis bimbingan | : | PB`),
//! card below card. Each card becomes a row, what its lines name becomes the columns, and the days of its log become days as
//! columns.

use super::grid::{GridRow, Sheet};
use super::header::text_of;
use super::profile::is_person;
use super::recognise::candidates;
use super::rows::is_total;
use crate::clean::{date, not_yet, text};
use crate::domain::raw::RawCell;
use crate::domain::{Field, normal};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer particulars that are known are no card.
const LEAST: usize = 4;
/// A sheet of more rows is no file of cards.
const MOST: usize = 20_000;
/// A label is believed from here on.
const SURE: f32 = 0.75;
/// Days of a log beyond these are no columns.
const DAYS: usize = 366;

/// A name and what stands beside it.
struct Pair {
    label: String,
    field: Option<Field>,
    value: RawCell,
}

/// One person's card.
#[derive(Default)]
struct Card {
    row: u32,
    pairs: Vec<Pair>,
    /// Days of the log below: the day, and what happened on it.
    log: Vec<(chrono::NaiveDate, String)>,
    /// The heading of the log says that each of its days is that of a report.
    of_reports: bool,
    /// Rows in which its particulars stand.
    rows: BTreeSet<u32>,
    hidden: bool,
    struck: bool,
}

/// The cards of a sheet as a sheet with a row each, and the rows among them that are not read; `None` where it holds none.
pub fn as_table(sheet: &Sheet, alone: bool) -> Option<(Sheet, Vec<u32>)> {
    if sheet.rows.len() > MOST || sheet.rows.len() < LEAST {
        return None;
    }
    let (cards, first, unread) = cards(sheet)?;
    if cards.len() < if alone { 1 } else { 2 } {
        return None;
    }
    let mut out = Sheet {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        saved: sheet.saved,
        ..Sheet::default()
    };
    let title = sheet.rows.iter().take_while(|r| r.row < first);
    out.rows
        .extend(title.filter(|r| r.cells.len() <= 3).cloned());
    let mut labels: Vec<&str> = Vec::new();
    let mut days: BTreeSet<chrono::NaiveDate> = BTreeSet::new();
    for card in &cards {
        for p in &card.pairs {
            if !labels.iter().any(|l| same(l, &p.label)) {
                labels.push(&p.label);
            }
        }
        let attended = card.log.iter().filter(|(_, t)| card.sign(t).is_some());
        days.extend(attended.map(|(d, _)| *d));
    }
    // Fewer than three days beside each other are no run of days.
    while (1..3).contains(&days.len())
        && let Some(next) = days.last().and_then(|d| d.succ_opt())
    {
        days.insert(next);
    }
    let days: Vec<chrono::NaiveDate> = days.into_iter().take(DAYS).collect();
    let text = |t: &str| RawCell::Text(t.into());
    let told = cards.iter().any(|c| !c.told().is_empty());
    let behind = labels.len() + 1;
    let mut head: Vec<(u16, RawCell)> = vec![(0, text("No"))];
    head.extend((1..).zip(labels.iter().map(|l| text(l))));
    head.extend(told.then(|| (behind as u16, text("Keterangan"))));
    let from = behind + 1;
    head.extend((from as u16..).zip(days.iter().map(|d| text(&d.format("%d-%m-%Y").to_string()))));
    out.rows.push(GridRow {
        row: first,
        cells: head,
        hidden: false,
        struck: false,
    });
    for (number, card) in (1..).zip(&cards) {
        let mut cells: BTreeMap<u16, RawCell> = BTreeMap::new();
        cells.insert(0, RawCell::Number(f64::from(number)));
        for p in &card.pairs {
            if let Some(i) = labels.iter().position(|l| same(l, &p.label)) {
                cells.entry(i as u16 + 1).or_insert_with(|| p.value.clone());
            }
        }
        let remarks = card.told();
        if !remarks.is_empty() {
            cells.insert(behind as u16, text(&remarks));
        }
        for (day, what) in &card.log {
            if let (Some(sign), Ok(i)) = (card.sign(what), days.binary_search(day)) {
                cells.insert((from + i) as u16, text(sign));
            }
        }
        out.rows.push(GridRow {
            row: card.row,
            cells: cells.into_iter().collect(),
            hidden: card.hidden,
            struck: card.struck,
        });
    }
    Some((out, unread))
}

impl Card {
    /// Whether a line of the log says that somebody came or stayed away.
    fn sign(&self, what: &str) -> Option<&'static str> {
        let pending = || not_yet::is_pending(&text::wording(what));
        sign(what).or_else(|| (self.of_reports && !pending()).then(|| of_report(what)))
    }

    /// What the log tells beside coming and staying away, with its days.
    fn told(&self) -> String {
        let others = self.log.iter().filter(|(_, t)| self.sign(t).is_none());
        let others = others.filter(|(_, t)| !not_yet::is_pending(&text::wording(t)));
        let lines: Vec<String> = others
            .map(|(d, t)| format!("{t} tgl {}", d.format("%d/%m/%Y")))
            .collect();
        lines.join("; ")
    }

    fn is_enough(&self) -> bool {
        let known: BTreeSet<Field> = self.pairs.iter().filter_map(|p| p.field).collect();
        let staff = |p: &Pair| {
            let n = normal(&p.label);
            n.split(' ').any(|w| matches!(w, "nip" | "pangkat" | "nrp"))
        };
        known.len() >= LEAST
            && !self.pairs.iter().any(staff)
            && self.pairs.iter().any(|p| {
                p.field == Some(Field::Name) && text_of(&p.value).is_some_and(names_somebody)
            })
    }
}

fn names_somebody(t: &str) -> bool {
    let end = t.find(|c: char| c.is_ascii_digit() || matches!(c, '(' | '/' | ',' | ';' | '@'));
    let lead = t[..end.unwrap_or(t.len())].trim();
    is_person(lead) || lead.split(' ').count() == 1 && lead.chars().all(char::is_alphabetic)
}

fn same(a: &str, b: &str) -> bool {
    normal(a) == normal(b)
}

/// Whether a line of a log says that somebody came (`H`) or stayed away (`A`); nothing where it tells something else.
fn sign(what: &str) -> Option<&'static str> {
    const CAME: &[&str] = &[
        "apel",
        "lapor",
        "wajib lapor",
        "melapor",
        "hadir",
        "absen",
        "wl",
    ];
    const NOT: &[&str] = &[
        "tidak", "tdk", "tak", "mangkir", "alpa", "alpha", "izin", "ijin", "sakit",
    ];
    let n = text::wording(what);
    if not_yet::is_pending(&n) || !text::says(&n, CAME) {
        return None;
    }
    Some(if text::says(&n, NOT) { "A" } else { "H" })
}

/// A day of a log of reports: somebody came, unless it says that he did not.
fn of_report(what: &str) -> &'static str {
    const NOT: &[&str] = &[
        "tidak lapor",
        "tidak hadir",
        "tidak datang",
        "tidak melapor",
        "mangkir",
        "alpa",
        "izin",
        "ijin",
    ];
    if text::says(&text::wording(what), NOT) {
        "A"
    } else {
        "H"
    }
}

/// What the heading of a log says: `Ke | Tanggal lapor | Hasil`; nothing where a row is none.
fn heads_log(row: &GridRow) -> Option<bool> {
    let texts: Vec<String> = row
        .cells
        .iter()
        .filter_map(|(_, c)| text_of(c))
        .map(normal)
        .collect();
    let says = |list: &[&str]| texts.iter().any(|t| t.len() <= 40 && text::says(t, list));
    let head = texts.len() >= 2 && texts.len() == row.cells.len() && says(&["tanggal", "tgl"]);
    head.then(|| says(&["lapor", "wajib lapor", "apel", "hadir", "kehadiran"]))
}

/// Every card of a sheet, the row in which the first begins, and the rows among them that are not read.
fn cards(sheet: &Sheet) -> Option<(Vec<Card>, u32, Vec<u32>)> {
    let mut out: Vec<Card> = Vec::new();
    let mut open = Card::default();
    let mut last: Option<u32> = None;
    let mut unread: Vec<u32> = Vec::new();
    let close = |open: &mut Card, out: &mut Vec<Card>, unread: &mut Vec<u32>| {
        let card = std::mem::take(open);
        if card.is_enough() {
            out.push(card);
        } else {
            unread.extend(card.rows);
        }
    };
    let mut first = None;
    for row in &sheet.rows {
        // A card ends where nothing follows it.
        if last.is_some_and(|l| row.row > l + 3) {
            close(&mut open, &mut out, &mut unread);
        }
        let pairs = pairs_of(row);
        let headed = pairs.is_empty() && !open.pairs.is_empty();
        if let Some(of_reports) = headed.then(|| heads_log(row)).flatten() {
            open.of_reports = of_reports;
            last = Some(row.row);
            continue;
        }
        if pairs.is_empty() {
            if !open.pairs.is_empty()
                && let Some(entry) = log_of(row, open.of_reports)
            {
                open.log.push(entry);
                last = Some(row.row);
            } else if first.is_some() && row.cells.len() >= 2 {
                unread.push(row.row);
            }
            continue;
        }
        for pair in pairs {
            let known = open.pairs.iter().position(|p| same(&p.label, &pair.label));
            let name = |p: &Pair| p.field == Some(Field::Name);
            let another = known == Some(0) || name(&pair) && open.pairs.iter().any(name);
            if another || known.is_some() && !open.log.is_empty() {
                close(&mut open, &mut out, &mut unread);
            }
            if open.pairs.is_empty() {
                (open.hidden, open.struck) = (row.hidden, row.struck);
                open.row = row.row;
            }
            if name(&pair) {
                open.row = row.row;
            }
            first.get_or_insert(row.row);
            if known.is_none() || another {
                open.pairs.push(pair);
                open.rows.insert(row.row);
            } else {
                unread.push(row.row);
            }
        }
        last = Some(row.row);
    }
    close(&mut open, &mut out, &mut unread);
    let enough = !out.is_empty();
    let begins = out.first().map(|c| c.row)?;
    let from = first.unwrap_or(begins).min(begins);
    unread.retain(|r| *r > from);
    unread.dedup();
    enough.then_some((out, from, unread))
}

/// A line of a log: a day, and beside it what happened.
fn log_of(row: &GridRow, of_reports: bool) -> Option<(chrono::NaiveDate, String)> {
    let mut cells = row.cells.iter();
    let mut day = None;
    // A number may stand in front.
    for (_, c) in cells.by_ref().take(2) {
        if let RawCell::Number(n) = c
            && *n <= 200.0
        {
            continue;
        }
        let short = text_of(c).is_none_or(|t| t.len() <= 30);
        day = date::read(c).date().and_then(|d| d.day()).filter(|_| short);
        break;
    }
    let texts: Vec<&str> = cells.filter_map(|(_, c)| text_of(c)).collect();
    let day = day?;
    let words: Vec<&str> = texts
        .into_iter()
        .filter(|t| t.chars().filter(|c| c.is_alphabetic()).count() >= 3)
        .collect();
    let filled = of_reports && row.cells.len() >= 2;
    (filled || !words.is_empty()).then(|| (day, words.join(", ")))
}

/// The names of a row with what stands beside each: `Nama : Ana`, `Nama | Ana`, `NIK | : | 8171…`.
fn pairs_of(row: &GridRow) -> Vec<Pair> {
    let mut out = Vec::new();
    let mut i = 0;
    let is_colon = |c: &RawCell| text_of(c).is_some_and(|t| t.trim() == ":");
    while i < row.cells.len() {
        let (at, cell) = &row.cells[i];
        let Some(t) = text_of(cell).filter(|t| t.len() <= 300) else {
            i += 1;
            continue;
        };
        let (label, own) = match t.split_once(':') {
            Some((l, v)) => (l.trim(), Some(v.trim())),
            None => (t.trim(), None),
        };
        if let Some(value) = own.filter(|v| !v.is_empty()) {
            let field = known(label);
            let short = label.split(' ').count() <= 5;
            // `09:30` is an hour.
            let words = label.chars().any(char::is_alphabetic);
            if words && short && field.is_some() {
                let value = RawCell::Text(value.into());
                let label = label.to_owned();
                out.push(Pair {
                    label,
                    field,
                    value,
                });
            }
            i += 1;
            continue;
        }
        let next = row.cells.get(i + 1);
        let beside = next.is_some_and(|(_, c)| is_colon(c));
        let value_at = i + 1 + usize::from(beside);
        let value = row.cells.get(value_at).map(|(_, v)| v);
        let led = value.and_then(text_of).is_some_and(|v| v.starts_with(':'));
        let marked = own.is_some() || beside || led;
        let field = known(label);
        let near = row.cells.get(value_at).is_some_and(|(c, _)| *c <= at + 3);
        // Without a colon the name must be sure, and the row hold nothing else.
        let starts = label.chars().next().is_some_and(char::is_alphabetic);
        let heading = value.and_then(text_of).is_some_and(|v| known(v).is_some());
        let bare = row.cells.len() == 2 && i == 0 && field.is_some() && starts && !heading;
        if let Some(v) = value.filter(|_| near && (marked && known_or_words(label, field) || bare))
        {
            let value = match text_of(v) {
                Some(t) => RawCell::Text(t.trim_start_matches([':', ' ']).into()),
                None => v.clone(),
            };
            out.push(Pair {
                label: label.to_owned(),
                field,
                value,
            });
            i = value_at + 1;
        } else {
            i += 1;
        }
    }
    out
}

/// What a name beside a value means; nothing where it is not sure.
fn known(label: &str) -> Option<Field> {
    let words = label.split(' ').count();
    if label.is_empty() || words > 6 || is_total(&normal(label)) {
        return None;
    }
    let (field, sure) = candidates(label).first().copied()?;
    (sure >= SURE && field != Field::RowNo).then_some(field)
}

fn known_or_words(label: &str, field: Option<Field>) -> bool {
    field.is_some() || label.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// A sheet on which every person has a column and the first column names what stands in each row, turned: a row a person,
/// whose number is that of the row of names and the column together. `None` where it is no such sheet.
pub fn turned(sheet: &Sheet) -> Option<Sheet> {
    const LOOKED_AT: usize = 60;
    let at = (sheet.rows.iter().take(LOOKED_AT)).position(|row| {
        let Some(((first, label), others)) = row.cells.split_first().map(|(f, o)| ((f.0, &f.1), o))
        else {
            return false;
        };
        let label = text_of(label)
            .is_some_and(|t| known(t.trim_end_matches([':', ' '])) == Some(Field::Name));
        let people = others.iter().filter_map(|(_, c)| text_of(c));
        let people = people.filter(|t| is_person(t)).count();
        label && first < 4 && people >= 2 && people * 10 >= others.len() * 8
    })?;
    let names = &sheet.rows[at];
    let (label_col, people) = (names.cells[0].0, &names.cells[1..]);
    let label_of = |r: &GridRow| {
        let (c, v) = r.cells.first()?;
        let t = text_of(v).filter(|_| *c == label_col)?;
        Some(t.trim_end_matches([':', ' ']).to_owned())
    };
    let below = sheet.rows[at..].iter();
    let block: Vec<(&GridRow, String)> = below
        .map_while(|r| label_of(r).map(|l| (r, l)))
        .take(80)
        .collect();
    let fields: BTreeSet<Field> = block.iter().filter_map(|(_, l)| known(l)).collect();
    if fields.len() < 3 || fields.len() * 2 < block.len() {
        return None;
    }
    let mut out = Sheet {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        saved: sheet.saved,
        rows: sheet.rows[..at].to_vec(),
        ..Sheet::default()
    };
    let row = |row: u32, cells: Vec<(u16, RawCell)>| GridRow {
        row,
        cells,
        hidden: false,
        struck: false,
    };
    let head = (0..).zip(block.iter().map(|(_, l)| RawCell::Text(l.as_str().into())));
    out.rows.push(row(names.row, head.collect()));
    for (col, _) in people {
        let cells = (0u16..).zip(&block).filter_map(|(k, (r, _))| {
            let i = r.cells.binary_search_by_key(col, |(c, _)| *c).ok()?;
            Some((k, r.cells[i].1.clone()))
        });
        let number = names.row + u32::from(col - label_col);
        out.rows.push(row(number, cells.collect()));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sheet: &Sheet) -> Vec<Vec<String>> {
        let of = |r: &GridRow| {
            let cells = r.cells.iter().map(|(_, c)| match c {
                RawCell::Number(n) => n.to_string(),
                c => text_of(c).unwrap_or_default().to_owned(),
            });
            cells.collect()
        };
        sheet.rows.iter().map(of).collect()
    }

    #[test]
    fn each_card_is_a_row_and_its_log_days_as_columns() {
        let rows: &[&[&str]] = &[
            &["KARTU BIMBINGAN"],
            &["Nama klien", ":", "Ana Patty"],
            &["NIK", ":", "8171025203900001"],
            &["Jenis bimbingan", ":", "PB"],
            &["Mulai bimbingan", ":", "7 Januari 2026"],
            &["Tanggal", "", "Kegiatan"],
            &["12/01/2026", "", "Apel"],
            &["26/01/2026", "", "Apel tdk hadir"],
            &["04/02/2026", "", "jadwal apel berikut"],
            &["Nama klien", ":", "Budi Riry"],
            &["NIK", ":", "8171021203900001"],
            &["Jenis bimbingan", ":", "CB"],
            &["Mulai bimbingan", ":", "8 Januari 2026"],
            &["19/01/2026", "", "Apel"],
        ];
        let out = as_table(&Sheet::of_texts(rows), false).map(|(s, _)| texts(&s));
        let out = out.unwrap_or_default();
        assert_eq!(
            out[1][..5],
            [
                "No",
                "Nama klien",
                "NIK",
                "Jenis bimbingan",
                "Mulai bimbingan"
            ]
        );
        assert_eq!(out[1][5..], ["12-01-2026", "19-01-2026", "26-01-2026"]);
        assert_eq!(
            out[2][1..],
            [
                "Ana Patty",
                "8171025203900001",
                "PB",
                "7 Januari 2026",
                "H",
                "A"
            ]
        );
        assert_eq!(out[3][1], "Budi Riry");
        assert_eq!(out.len(), 4);
    }

    #[test]
    fn a_signature_is_no_card() {
        let rows: &[&[&str]] = &[
            &["Mengetahui :", "Kepala"],
            &["Nama : Drs. Ali Mony"],
            &["NIP : 197001011990031001"],
            &["Pangkat : Pembina"],
            &["Alamat : Ambon"],
            &["Jenis kelamin : Laki-laki"],
        ];
        assert!(as_table(&Sheet::of_texts(rows), true).is_none());
    }

    #[test]
    fn a_sheet_of_one_column_a_person_is_turned() {
        let rows: &[&[&str]] = &[
            &["LITMAS JANUARI 2026"],
            &["Nama", "Ana Patty", "Budi Riry", "Yopi Latue"],
            &["NIK", "8171025203900001", "8171021203900001", ""],
            &["Jenis Litmas", "PB", "CB", "CMB"],
            &["Tgl selesai", "16-01-2026", "belum", "-"],
        ];
        let out = turned(&Sheet::of_texts(rows)).map(|s| (s.rows[2].row, texts(&s)));
        let (row, out) = out.unwrap_or_default();
        assert_eq!(row, 2);
        assert_eq!(out[1], ["Nama", "NIK", "Jenis Litmas", "Tgl selesai"]);
        assert_eq!(out[4], ["Yopi Latue", "CMB", "-"]);
    }

    proptest::proptest! {
        #[test]
        fn no_sheet_makes_it_panic(cells in proptest::collection::vec(proptest::collection::vec("|:|Nama|NIK|Nama : Ana Patty|Ana Patty|Jenis Kelamin|Alamat|TTL|12/1/2026|Apel", 3), 0..24)) {
            let texts: Vec<Vec<&str>> = cells.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
            let rows: Vec<&[&str]> = texts.iter().map(Vec::as_slice).collect();
            let sheet = Sheet::of_texts(&rows);
            let _ = (as_table(&sheet, true), as_table(&sheet, false), turned(&sheet));
        }
    }
}
