//! Lists in sentences, one line a person (`1. Petrus Renwarin, PB, lapor diri 5 Jan 2026, WL 2x hadir 2x`), as chats and
//! reports in one column hold them: each line becomes a row of a name and what is said of it.

use super::grid::{GridRow, Sheet};
use super::header::text_of;
use super::profile::leads_with_name;
use super::rows::{Numbering, is_place_and_day, numbering};
use crate::clean::date;
use crate::domain::month::month_word;
use crate::domain::normal;
use crate::domain::raw::{RawCell, RawTable};

/// How many lines must name somebody.
const LEAST: usize = 2;
/// Longer sheets of one column are no lists in sentences.
const MOST: usize = 5_000;
/// Longer lines are no lines about one person.
const LONGEST: usize = 400;

/// Words that are part of a name though they begin with a small letter.
const OF_NAMES: &[&str] = &[
    "bin", "binti", "alias", "als", "de", "van", "da", "al", "b.",
];

/// Lists in sentences as sheets that can be read as tables.
pub struct Told {
    /// One for each part of the text that has a heading of its own, the whole where there are none.
    pub sheets: Vec<Sheet>,
    /// Rows of marked lines that name nobody: a plan, a sum, a remark.
    pub nobody: Vec<u32>,
    /// Rows of other lines below the first person that tell of a day.
    pub unread: Vec<u32>,
}

/// What a line of a text is.
enum Line {
    /// A heading of what stands below: `*Rumah singgah*`, `B. Klien lama`.
    Heading,
    /// Somebody, and what is said of him: nothing where only names are listed.
    Person(String, String),
    /// A line with a mark in front that names nobody.
    Item,
    /// A line that is none of these: a greeting, a sentence, a closing word.
    Other,
}

/// The sheet with a header and a row for each line about somebody; `None` where it holds anything but lines. The words stay
/// where they stand; what is taken from them stands in columns beside.
pub fn as_tables(sheet: &Sheet) -> Option<Told> {
    if sheet.rows.is_empty() || sheet.rows.len() > MOST {
        return None;
    }
    let texts: Option<Vec<String>> = sheet.rows.iter().map(text_of_row).collect();
    let texts = texts?;
    let mut listed = false;
    let lines: Vec<Line> = (texts.iter())
        .map(|t| {
            let line = line_of(t, listed);
            // Below a heading, or a line that ends so, names alone are a list.
            listed = match line {
                Line::Heading => true,
                Line::Person(..) | Line::Item => listed,
                Line::Other => t.trim_end().ends_with(':'),
            };
            line
        })
        .collect();
    let person = |l: &Line| matches!(l, Line::Person(..));
    let first = lines.iter().position(person)?;
    let found = lines.iter().filter(|l| person(l)).count();
    let others = lines[first..].iter().filter(|l| !person(l)).count();
    if found < LEAST || others > found {
        return None;
    }
    let col = sheet.rows.iter().filter_map(|r| r.cells.first());
    let col = col.map(|(c, _)| *c).min()?;
    let heads: Vec<usize> = (0..lines.len())
        .filter(|i| matches!(lines[*i], Line::Heading))
        .collect();
    let end = |k: usize| heads.get(k + 1).copied().unwrap_or(lines.len());
    let full = |k: usize| lines[heads[k]..end(k)].iter().any(person);
    // Parts of a text are of different things only where several of them name people.
    let parts = (0..heads.len()).filter(|k| full(*k)).count();
    let before = heads
        .first()
        .is_some_and(|h| !lines[..*h].iter().any(person));
    let ranges: Vec<(usize, usize)> = if parts >= 2 && before {
        (0..heads.len()).map(|k| (heads[k], end(k))).collect()
    } else {
        vec![(0, lines.len())]
    };
    let titles = ranges.first().map_or(0, |(from, _)| *from);
    let own = |i: usize| sentence(&sheet.rows[i], col, &texts[i]);
    let sheets = ranges.into_iter().filter_map(|(from, to)| {
        let first = from + lines[from..to].iter().position(person)?;
        let head = || texts[..titles].iter().chain(&texts[from..first]);
        let litmas = head().any(|t| normal(t).split(' ').any(|w| w == "litmas"));
        let mut out = Sheet {
            name: sheet.name.clone(),
            hidden: sheet.hidden,
            saved: sheet.saved,
            ..Sheet::default()
        };
        out.rows.extend((0..titles).chain(from..first).map(own));
        out.rows
            .extend(rows(sheet, &texts, &lines, (first, to), (col, litmas)));
        Some(out)
    });
    let items = (lines.iter().zip(&sheet.rows)).filter(|(l, _)| matches!(l, Line::Item));
    let sheets: Vec<Sheet> = sheets.collect();
    let unread = (first..lines.len()).filter(|i| {
        matches!(lines[*i], Line::Other) && tells_a_day(&texts[*i]) && !is_place_and_day(&texts[*i])
    });
    Some(Told {
        sheets,
        unread: unread.map(|i| sheet.rows[i].row).collect(),
        nobody: items.map(|(_, r)| r.row).collect(),
    })
}

/// Marks what is taken from the words of a line: it stands on the sheet in the same cell as they.
pub fn mark_taken(table: &mut RawTable) {
    let mut taken = Vec::new();
    for row in &table.rows {
        let filled = row
            .cells
            .iter()
            .enumerate()
            .filter(|(_, c)| **c != RawCell::Empty);
        // Where nothing is said of somebody, the name is what stands there.
        taken.extend(filled.skip(1).map(|(i, _)| (row.row, i as u16)));
    }
    table.taken_over.extend(taken);
}

/// The header and the rows of a part of a text.
fn rows(
    sheet: &Sheet,
    texts: &[String],
    lines: &[Line],
    (first, to): (usize, usize),
    (col, litmas): (u16, bool),
) -> Vec<GridRow> {
    let text = |t: &str| RawCell::Text(t.into());
    let said: Vec<Said> = (first..to)
        .map(|i| match &lines[i] {
            Line::Person(_, rest) => Said::of(rest, litmas),
            Line::Heading | Line::Item | Line::Other => Said::default(),
        })
        .collect();
    let beside: Vec<usize> = (0..BESIDE.len())
        .filter(|k| said.iter().any(|s| s.beside[*k].is_some()))
        .collect();
    // The header has no row of its own: it stands in that of the first line.
    let mut header = vec![
        (col, text("Keterangan")),
        (col + 1, text("Nama")),
        (col + 2, text("No")),
    ];
    let place = |k: usize| col + 3 + k as u16;
    header.extend(beside.iter().map(|k| (place(*k), text(BESIDE[*k]))));
    let mut out = vec![GridRow {
        row: sheet.rows[first].row,
        cells: header,
        hidden: false,
        struck: false,
    }];
    let mut number = 0;
    for (i, said) in (first..to).zip(said) {
        let row = &sheet.rows[i];
        let name = match &lines[i] {
            Line::Person(name, _) => name,
            // It says nothing of the rows below, and that is said.
            Line::Item => continue,
            Line::Heading | Line::Other => {
                out.push(sentence(row, col, &texts[i]));
                continue;
            }
        };
        number += 1;
        let mut cells = Vec::with_capacity(4);
        if !said.rest.is_empty() {
            cells.push((col, text(&said.rest)));
        }
        cells.push((col + 1, text(name)));
        cells.push((col + 2, RawCell::Number(f64::from(number))));
        let more = said.beside.iter().enumerate();
        cells.extend(more.filter_map(|(k, v)| Some((place(k), text(v.as_deref()?)))));
        out.push(GridRow {
            row: row.row,
            cells,
            hidden: row.hidden,
            struck: row.struck,
        });
    }
    out
}

/// A line that is no row, whole in one cell: commas of a text file divide it into several.
fn sentence(row: &GridRow, col: u16, text: &str) -> GridRow {
    let bold = text.trim().trim_matches('*').trim();
    GridRow {
        row: row.row,
        cells: vec![(col, RawCell::Text(bold.into()))],
        hidden: row.hidden,
        struck: row.struck,
    }
}

/// Headers of the columns that hold what is taken from the words of a line.
const BESIDE: [&str; 6] = [
    "NIK",
    "Sampai dengan",
    "Jenis Litmas",
    "UPT Peminta",
    "Tgl Permintaan",
    "Tgl Selesai",
];

/// What is said of somebody, and what of it stands in columns beside.
#[derive(Default)]
struct Said {
    rest: String,
    beside: [Option<String>; 6],
}

impl Said {
    fn of(rest: &str, litmas: bool) -> Said {
        let (nik, rest) = without_nik(rest);
        let mut beside = [nik, until(&rest), None, None, None, None];
        if litmas {
            for clause in rest.split([',', ';']) {
                let n = normal(clause);
                let says = |list: &[&str]| n.split(' ').any(|w| list.contains(&w));
                let Some(at) = clause.find(|c: char| c.is_ascii_digit()) else {
                    continue;
                };
                let day = clause[at..].split('(').next().unwrap_or_default().trim();
                let known = || date::read(&RawCell::Text(day.into())).date().is_some();
                let slot = match () {
                    () if says(&["selesai", "dikirim", "rampung"]) => 5,
                    () if says(&["permintaan", "diminta", "diterima", "surat", "masuk"]) => 4,
                    () => continue,
                };
                if beside[slot].is_none() && known() {
                    beside[slot] = Some(day.to_owned());
                }
            }
            beside[2] = kind_of_litmas(&rest);
            beside[3] = prison_named(&rest);
        }
        Said { rest, beside }
    }
}

/// The NIK behind its word, and the text without it.
fn without_nik(rest: &str) -> (Option<String>, String) {
    let lower = rest.to_ascii_lowercase();
    let found = lower.match_indices("nik").find_map(|(at, _)| {
        let own = at == 0 || !lower.as_bytes()[at - 1].is_ascii_alphanumeric();
        let from = at + 3;
        let skip = |c: char| matches!(c, ' ' | '.' | ':' | '-' | '\'');
        let len = rest[from..].find(|c: char| !c.is_ascii_digit() && !skip(c));
        let to = from + len.unwrap_or(rest.len() - from);
        let digits: String = rest[from..to]
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        (own && digits.len() == 16).then_some((at, to, digits))
    });
    match found {
        Some((at, to, digits)) => {
            let left = rest[..at].trim_end_matches([' ', ',', '(']);
            let right = rest[to..].trim_start_matches([' ', ',', ')']);
            let both = match (left.is_empty(), right.is_empty()) {
                (false, false) => format!("{left}, {right}"),
                _ => format!("{left}{right}"),
            };
            (Some(digits), both)
        }
        None => (None, rest.to_owned()),
    }
}

/// Until when something goes on that began on a day: `mulai bimbingan 8 Januari 2026 s/d 8 Juni 2026`.
fn until(rest: &str) -> Option<String> {
    let lower = rest.to_ascii_lowercase();
    let mark = [
        "s/d",
        "s.d.",
        "s.d",
        " sampai dengan ",
        " sampai ",
        " hingga ",
    ];
    let (at, len) = mark.iter().find_map(|m| Some((lower.find(m)?, m.len())))?;
    let clause = rest[..at].rsplit([',', ';']).next().unwrap_or_default();
    let begins = normal(clause);
    let begins = begins
        .split(' ')
        .any(|w| matches!(w, "mulai" | "sejak" | "dari" | "bimbingan"));
    let day = |t: &str| {
        let from = t.find(|c: char| c.is_ascii_digit())?;
        let t = t[from..].split([',', ';', '(']).next()?.trim();
        let read = date::read(&RawCell::Text(t.into())).date()?;
        read.day().map(|_| t.to_owned())
    };
    day(clause).filter(|_| begins)?;
    day(&rest[at + len..])
}

/// `(litmas PB)`, `litmas asimilasi`: for what the report is.
fn kind_of_litmas(rest: &str) -> Option<String> {
    let n = normal(rest);
    let mut words = n.split(' ').skip_while(|w| *w != "litmas").skip(1);
    words.next().map(str::to_owned)
}

/// `permintaan Lapas Namlea`: who asks.
fn prison_named(rest: &str) -> Option<String> {
    let words: Vec<&str> = rest
        .split([' ', ',', ';'])
        .filter(|w| !w.is_empty())
        .collect();
    let is_unit = |w: &&str| matches!(normal(w).as_str(), "lapas" | "rutan" | "lpka" | "lpp");
    let at = words.iter().position(is_unit)?;
    Some(format!("{} {}", words[at], words.get(at + 1)?))
}

/// The words of a row; `None` where it holds anything else. In a text file commas divide a sentence.
fn text_of_row(row: &GridRow) -> Option<String> {
    let parts: Option<Vec<&str>> = row.cells.iter().map(|(_, c)| text_of(c)).collect();
    Some(parts?.join(", "))
}

/// What a line is; below a heading a name alone is somebody.
fn line_of(text: &str, listed: bool) -> Line {
    let t = text.trim();
    if text.len() > LONGEST {
        return Line::Other;
    }
    if let Some((name, rest)) = split(t, listed) {
        return Line::Person(name, rest);
    }
    let bold = t.len() > 4 && t.starts_with('*') && t.ends_with('*') && !t[1..].starts_with(' ');
    let lettered = matches!(numbering(t), Numbering::Letter | Numbering::Roman);
    match () {
        () if bold || lettered && t.len() <= 120 => Line::Heading,
        () if marked(t).is_some_and(|b| normal(b) != "nihil") => Line::Item,
        () => Line::Other,
    }
}

/// Whether a sentence names a day: `tgl 24 Januari`, `12/1`.
fn tells_a_day(text: &str) -> bool {
    let n = normal(text);
    let words: Vec<&str> = n.split(' ').collect();
    let day = |w: &str| w.parse::<u32>().is_ok_and(|d| (1..=31).contains(&d));
    let month = |w: &str| month_word(w).is_some();
    let in_words = words.windows(2).any(|w| day(w[0]) && month(w[1]));
    let digits = text.split_whitespace().any(|w| {
        let parts: Vec<&str> = w
            .trim_matches(|c: char| !c.is_ascii_digit())
            .split(['/', '-'])
            .collect();
        matches!(parts.as_slice(), [d, m] | [d, m, _] if day(d) && day(m))
    });
    words.len() >= 4 && (in_words || digits)
}

/// A line without the number or mark in front of it; `None` where there is none.
fn marked(t: &str) -> Option<&str> {
    let digits = t.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) {
        t[digits..].trim_start().strip_prefix(['.', ')', '-'])
    } else {
        t.strip_prefix(['-', '*', '•', '–', '▪', '+'])
            .filter(|rest| rest.starts_with(' '))
    }
}

/// A line with a number or a mark in front: the name, and what follows it; nothing may follow where names are `listed`.
fn split(text: &str, listed: bool) -> Option<(String, String)> {
    let body = marked(text.trim())?.trim();
    let lower = body.to_ascii_lowercase();
    // `an. La Saidi`
    let called = ["an. ", "a.n. ", "a.n ", "a/n ", "sdr. ", "sdr "];
    let called = called.iter().find(|c| lower.starts_with(**c));
    let body = body[called.map_or(0, |c| c.len())..].trim_start();
    let mut end = 0;
    let mut words = 0;
    for word in body.split_inclusive(' ') {
        let bare = word.trim();
        let stop = bare.trim_end_matches([',', ':', ';']);
        let first = stop.chars().next();
        let name = first.is_some_and(char::is_uppercase)
            || OF_NAMES.contains(&stop.to_lowercase().as_str()) && words > 0;
        // `PB`, `CB` behind a name are no part of it.
        let short = matches!(
            stop,
            "PB" | "CB" | "CMB" | "SK" | "WL" | "MD" | "DPO" | "TGL"
        );
        if !name || short && words > 0 || words >= 6 {
            break;
        }
        words += 1;
        end += word.len();
        if bare.len() > stop.len() {
            break;
        }
    }
    let name = body[..end].trim().trim_end_matches([',', ':', ';']).trim();
    let rest = body[end..].trim_start_matches([',', ':', ';', '-', '–', '—', ' ', '>', '=', '→']);
    let said = rest.split_whitespace().count() >= 1 && normal(rest).len() >= 2
        || listed && rest.is_empty();
    let plain = name.split(' ').filter(|w| w.len() > 1).count() >= 1;
    (said && plain && words >= 1 && leads_with_name(name))
        .then(|| (name.to_owned(), rest.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_name_and_what_is_said_of_it() {
        for (line, name, rest) in [
            (
                "1. Petrus Renwarin, PB, lapor diri 5 Jan 2026",
                "Petrus Renwarin",
                "PB, lapor diri 5 Jan 2026",
            ),
            (
                "2. Ibu Wa Ija - CB - mulai 22/1/26",
                "Ibu Wa Ija",
                "CB - mulai 22/1/26",
            ),
            (
                "3) Yani Henaulu (PB) : WL 4x hadir 2x",
                "Yani Henaulu",
                "(PB) : WL 4x hadir 2x",
            ),
            (
                "- Udin Tunny sdh slesai bimbingan 21 januari 2026",
                "Udin Tunny",
                "sdh slesai bimbingan 21 januari 2026",
            ),
            (
                "- an. Nus Lekatompessy, permintaan Lapas Dobo diterima 6/1/2026",
                "Nus Lekatompessy",
                "permintaan Lapas Dobo diterima 6/1/2026",
            ),
            (
                "8. Amir Letsoin rencana msk PB tgl 4 feb",
                "Amir Letsoin",
                "rencana msk PB tgl 4 feb",
            ),
        ] {
            let got = split(line, false).unwrap_or_default();
            assert_eq!((got.0.as_str(), got.1.as_str()), (name, rest), "{line}");
        }
        for line in [
            "Demikian laporan, mohon arahan",
            "1. ",
            "2. Petrus Renwarin",
            "123456. X",
            "",
        ] {
            assert_eq!(split(line, false), None, "{line}");
        }
    }

    #[test]
    fn what_a_sentence_tells_in_words_stands_in_columns() {
        let said = |t: &str, litmas| Said::of(t, litmas).beside.map(Option::unwrap_or_default);
        let start = "NIK 8104020706790021, CB dari Lapas Dobo, mulai bimbingan 8 Januari 2026 s/d 8 Juni 2026";
        assert_eq!(
            said(start, false),
            ["8104020706790021", "8 Juni 2026", "", "", "", ""]
        );
        let asked = "permintaan Lapas Dobo diterima 6/1/2026, selesai 19/1/2026 (litmas PB)";
        assert_eq!(
            said(asked, true),
            ["", "", "pb", "Lapas Dobo", "6/1/2026", "19/1/2026"]
        );
        assert_eq!(
            said("CMK 24/1/2026 s/d 26/1/2026, NIK belum ada", false),
            [""; 6]
        );
    }

    #[test]
    fn names_alone_are_people_below_a_heading_only() {
        assert_eq!(
            split("1. Markus Ririhena", true),
            Some(("Markus Ririhena".into(), String::new()))
        );
        assert_eq!(split("1. Markus Ririhena", false), None);
    }

    proptest::proptest! {
        #[test]
        fn no_line_makes_the_splitting_panic(s in "([0-9]{0,4}[.)] ?)?(\\PC{0,20}|Nama Orang|, |: |PB )*") {
            let _ = (split(&s, true), split(&s, false), Said::of(&s, true).rest);
        }
    }
}
