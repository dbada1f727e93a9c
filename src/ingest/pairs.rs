//! Two things in one column (`Nama / NIK`, `NIK / Jns Kel`, `Klien & Alamat`, `Masuk / Dari`): where the heading names both
//! and the cells hold both, the second stands in a column of its own.

use super::header::text_of;
use super::profile::leads_with_name;
use super::recognise::candidates;
use crate::clean::text::is_placeholder;
use crate::clean::{codes, date};
use crate::domain::raw::{RawCell, RawColumn, RawTable};
use crate::domain::{Field, normal};

/// How many values are looked at.
const LOOKED_AT: usize = 60;
/// A part of a heading is believed from here on.
const SURE: f32 = 0.7;

/// Divides every such column; the headings of those that were.
pub fn divide(table: &mut RawTable) -> Vec<(u16, String)> {
    let mut out = Vec::new();
    for at in 0..table.columns.len() {
        if let Some(((a, fa), (b, fb))) = two_of(&table.columns[at]) {
            let whole = table.columns[at].header.to_string();
            if of_column(table, at, (&a, fa), (&b, fb)) {
                out.push((table.columns[at].col, whole));
            }
        }
    }
    out
}

type Half = (String, Field);

/// The two things that a heading names, where each is known by itself and both together are not one.
fn two_of(column: &RawColumn) -> Option<(Half, Half)> {
    if column.point.is_some() || column.header.len() > 60 {
        return None;
    }
    let last = column.header.rsplit(" / ").next()?;
    let lower = last.to_lowercase();
    let (at, len) = ["\n", "/", "&", "+", " dan ", ","]
        .iter()
        .filter_map(|m| Some((lower.find(m)?, m.len())))
        .min()?;
    // The case of a letter may change its length.
    let (a, b) = (last.get(..at)?.trim(), last.get(at + len..)?.trim());
    if b.contains(['/', '&', '\n', ',']) || normal(a).len() < 3 || normal(b).len() < 2 {
        return None;
    }
    let field = |t: &str| {
        let (f, sure) = candidates(t).first().copied()?;
        (sure >= SURE).then_some(f)
    };
    // `Tempat/Tgl Lahir` is one thing.
    let joint = candidates(last).first().copied();
    let one = |f: Field| {
        use Field as F;
        matches!(
            f,
            F::BirthPlaceDate | F::BirthPlace | F::BirthDate | F::SentenceLength | F::Article
        )
    };
    if joint.is_some_and(|(f, _)| one(f)) {
        return None;
    }
    let somebody = normal(a)
        .split(' ')
        .all(|w| super::header_words::PEOPLE.contains(&w));
    let fa = if somebody {
        Some(Field::Name)
    } else {
        field(a)
    };
    let (fa, fb) = (fa?, field(b)?);
    // Another name of the same person, and who his father is, `clean` reads.
    let of_name = matches!(
        fb,
        Field::Alias | Field::FatherName | Field::ParentName | Field::MotherName
    );
    (fa != fb && !(fa == Field::Name && of_name) && !(fa.is_day() && fb.is_day()))
        .then(|| ((a.to_owned(), fa), (b.to_owned(), fb)))
}

/// Divides a column where most of its cells hold both things, in this order or the other.
fn of_column(table: &mut RawTable, at: usize, a: (&str, Field), b: (&str, Field)) -> bool {
    let cells = table.rows.iter().filter_map(|r| r.cells.get(at));
    let texts: Vec<&str> = cells
        .filter_map(text_of)
        .filter(|t| !is_placeholder(t))
        .take(LOOKED_AT)
        .collect();
    let both = texts.iter().filter(|t| split(t, a, b).is_some()).count();
    if both == 0 || both * 10 < texts.len() * 6 {
        return false;
    }
    let at_end = table.columns.len();
    let first = &mut table.columns[at];
    let own = RawColumn {
        header: b.0.into(),
        field: None,
        confidence: 0.0,
        ..first.clone()
    };
    first.header = a.0.into();
    let by_hand = first.confidence >= super::header::BY_HAND;
    if !by_hand {
        (first.field, first.confidence) = (None, 0.0);
    }
    table.columns.push(own);
    for row in &mut table.rows {
        let parts = row
            .cells
            .get(at)
            .and_then(text_of)
            .and_then(|t| split(t, a, b));
        row.cells.resize(at_end, RawCell::Empty);
        let mut second = RawCell::Empty;
        if let (Some((x, y)), Some(cell)) = (parts, row.cells.get_mut(at)) {
            *cell = RawCell::Text(x.as_str().into());
            second = RawCell::Text(y.as_str().into());
            table.taken_over.insert((row.row, at_end as u16));
        }
        row.cells.push(second);
    }
    true
}

/// A cell's two values, each without the word of its heading.
fn split(text: &str, a: (&str, Field), b: (&str, Field)) -> Option<(String, String)> {
    let marks = ["\n", " / ", " | ", ";", "/", " - ", " – ", ", ", " ("];
    let bare = |t: &str, heading: &str| {
        let t = t.trim().trim_end_matches(')');
        without_label(t.trim(), heading)
    };
    let fits_both = |x: &str, y: &str| {
        let (x, y) = (bare(x, a.0), bare(y, b.0));
        (fits(&x, a.1) && fits(&y, b.1)).then_some((x, y))
    };
    for mark in marks {
        for (i, _) in text.match_indices(mark).take(6) {
            let (x, y) = (&text[..i], &text[i + mark.len()..]);
            if x.trim().is_empty() || y.trim().is_empty() {
                continue;
            }
            let found = fits_both(x, y).or_else(|| fits_both(y, x));
            if found.is_some() {
                return found;
            }
        }
    }
    // `5/1/2026 Rutan Ambon`, `Ana Patty 8171025203900001`: between two words.
    let breaks = text.match_indices(' ').take(8);
    let strict = |f: Field| f.is_day() || matches!(f, Field::Nik | Field::Sex);
    if !(strict(a.1) || strict(b.1)) {
        return None;
    }
    let mut found = None;
    for (i, _) in breaks {
        let (x, y) = (&text[..i], &text[i + 1..]);
        // The longest day counts: `5 Januari 2026 Rutan Ambon`.
        found = fits_both(x, y).or(found);
    }
    found
}

/// `NIK 8171…` below `NIK`, `dari Rutan Ambon` below `Dari`.
fn without_label(text: &str, heading: &str) -> String {
    let end = text.find([' ', ':', '.']).unwrap_or(0);
    let (word, rest) = text.split_at(end);
    let first = normal(heading);
    let first = first.split(' ').next().unwrap_or_default();
    let label = end >= 2 && normal(word) == first;
    let rest = rest.trim_start_matches([' ', ':', '.']);
    if label && !rest.is_empty() {
        rest.to_owned()
    } else {
        text.to_owned()
    }
}

/// Whether a text can be a value of a field.
fn fits(text: &str, field: Field) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let day = || {
        let read = date::read(&RawCell::Text(text.into()));
        read.date().is_some_and(|d| d.day().is_some())
    };
    match field {
        Field::Nik | Field::FamilyCardNo => letters == 0 && (13..=17).contains(&digits),
        Field::Sex => text.len() <= 12 && codes::sex(text).is_some(),
        Field::Name => leads_with_name(text) || letters >= 3 && digits == 0 && !text.contains(' '),
        Field::Age => digits > 0 && digits <= 2 && letters <= 8,
        f if f.is_day() => digits >= 3 && day(),
        Field::RegisterNo
        | Field::ClientNo
        | Field::DecreeNo
        | Field::VerdictNo
        | Field::CertificateNo
        | Field::DocumentNo
        | Field::Phone => digits >= 1 && !day(),
        _ => letters >= 2 && !day() && digits < 16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_of_two_things_is_divided_by_what_they_are() {
        use Field as F;
        for (text, a, b, x, y) in [
            (
                "Ana Patty\nNIK 8171025203900001",
                ("Nama", F::Name),
                ("NIK", F::Nik),
                "Ana Patty",
                "8171025203900001",
            ),
            (
                "8101060606890004 / L",
                ("NIK", F::Nik),
                ("Jns Kel", F::Sex),
                "8101060606890004",
                "L",
            ),
            (
                "5/1/2026 / Rutan Ambon",
                ("Masuk", F::AdmissionDate),
                ("Dari", F::FromUpt),
                "5/1/2026",
                "Rutan Ambon",
            ),
            (
                "5 Januari 2026 dari Polres Buru",
                ("Masuk", F::AdmissionDate),
                ("Dari", F::FromUpt),
                "5 Januari 2026",
                "Polres Buru",
            ),
            (
                "Ana Patty, Batu Merah RT 002",
                ("Klien", F::Name),
                ("Alamat", F::Address),
                "Ana Patty",
                "Batu Merah RT 002",
            ),
            (
                "PB / 7-1-2026",
                ("Program", F::SupervisionKind),
                ("Mulai", F::StartDate),
                "PB",
                "7-1-2026",
            ),
        ] {
            assert_eq!(
                split(text, a, b),
                Some((x.to_owned(), y.to_owned())),
                "{text}"
            );
        }
        assert_eq!(
            split(
                "5/1/2026",
                ("Masuk", F::AdmissionDate),
                ("Dari", F::FromUpt)
            ),
            None
        );
    }

    proptest::proptest! {
        #[test]
        fn no_cell_makes_it_panic(t in "(\\PC{0,12}|5/1/2026| / |Ana Patty|, |\n|\\()*") {
            for f in [Field::Name, Field::Nik, Field::StartDate, Field::Address] {
                let _ = split(&t, ("Nama", f), ("NIK", Field::Nik));
            }
        }
    }
}
