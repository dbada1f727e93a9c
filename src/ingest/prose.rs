//! Lists in sentences, one line a person (`1. Petrus Renwarin, PB, lapor diri 5 Jan 2026, WL 2x hadir 2x`), as chats and
//! reports in one column hold them: each line becomes a row of a name and what is said of it.

use super::grid::{GridRow, Sheet};
use super::header::text_of;
use super::profile::leads_with_name;
use crate::domain::normal;
use crate::domain::raw::RawCell;

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

/// The sheet with a header and a row for each line about somebody; `None` where it holds anything but lines. The words stay
/// where they stand; name and number come from them and stand in columns beside.
pub fn as_table(sheet: &Sheet) -> Option<Sheet> {
    if sheet.rows.is_empty() || sheet.rows.len() > MOST {
        return None;
    }
    let lines: Vec<Option<(u16, String, String)>> = sheet.rows.iter().map(line_of).collect();
    let first = lines.iter().position(Option::is_some)?;
    let found = lines.iter().flatten().count();
    let others = lines[first..].iter().filter(|l| l.is_none()).count();
    if found < LEAST || others > found {
        return None;
    }
    let col = lines.iter().flatten().map(|(c, ..)| *c).min()?;
    let mut out = Sheet {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        saved: sheet.saved,
        ..Sheet::default()
    };
    out.rows.extend(sheet.rows[..first].iter().cloned());
    let text = |t: &str| RawCell::Text(t.into());
    // The header has no row of its own: it stands in that of the first line.
    let title = sheet.rows[first].row;
    out.rows.push(GridRow {
        row: title,
        cells: vec![
            (col, text("Keterangan")),
            (col + 1, text("Nama")),
            (col + 2, text("No")),
        ],
        hidden: false,
        struck: false,
    });
    let mut number = 0;
    for (row, line) in sheet.rows[first..].iter().zip(&lines[first..]) {
        let Some((_, name, rest)) = line else {
            out.rows.push(row.clone());
            continue;
        };
        number += 1;
        out.rows.push(GridRow {
            row: row.row,
            cells: vec![
                (col, text(rest)),
                (col + 1, text(name)),
                (col + 2, RawCell::Number(f64::from(number))),
            ],
            hidden: row.hidden,
            struck: row.struck,
        });
    }
    Some(out)
}

/// Column, name and what is said of it, of a line about somebody.
fn line_of(row: &GridRow) -> Option<(u16, String, String)> {
    let (col, _) = row.cells.first()?;
    // In a text file commas divide a sentence.
    let parts: Option<Vec<&str>> = row.cells.iter().map(|(_, c)| text_of(c)).collect();
    let text = parts?.join(", ");
    let (name, rest) = split(&text).filter(|_| text.len() <= LONGEST)?;
    Some((*col, name, rest))
}

/// A line with a number or a mark in front: the name, and what follows it.
fn split(text: &str) -> Option<(String, String)> {
    let t = text.trim();
    let digits = t.bytes().take_while(u8::is_ascii_digit).count();
    let behind = t[digits..].trim_start();
    let body = if (1..=3).contains(&digits) {
        behind.strip_prefix(['.', ')', '-'])?
    } else {
        t.strip_prefix(['-', '*', '•', '–', '▪', '+'])
            .filter(|rest| rest.starts_with(' '))?
    };
    let body = body.trim();
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
    let rest = body[end..].trim_start_matches([',', ':', ';', '-', '–', '—', ' ']);
    let said = rest.split_whitespace().count() >= 1 && normal(rest).len() >= 2;
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
                "8. Amir Letsoin rencana msk PB tgl 4 feb",
                "Amir Letsoin",
                "rencana msk PB tgl 4 feb",
            ),
        ] {
            let got = split(line).unwrap_or_default();
            assert_eq!((got.0.as_str(), got.1.as_str()), (name, rest), "{line}");
        }
        for line in [
            "Demikian laporan, mohon arahan",
            "1. ",
            "2. Petrus Renwarin",
            "123456. X",
            "",
        ] {
            assert_eq!(split(line), None, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_line_makes_the_splitting_panic(s in "([0-9]{0,4}[.)] ?)?(\\PC{0,20}|Nama Orang|, |: |PB )*") {
            let _ = split(&s);
        }
    }
}
