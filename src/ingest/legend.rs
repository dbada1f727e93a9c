//! The legend above or below a table of signs: `Ket : v = hadir, x = tidak hadir`, `H: hadir; - : blm mulai`.

use super::grid::GridRow;
use super::header::text_of;
use crate::clean::text::{says, wording};
use crate::domain::Text;
use crate::domain::raw::{Meaning, RawCell, RawColumn, RawTable};

/// More signs than these explain nothing.
const MOST: usize = 16;

/// The signs that rows around a table explain.
pub fn read<'a>(rows: impl Iterator<Item = &'a GridRow>) -> Vec<(Text, Meaning)> {
    let texts = rows
        .flat_map(|r| r.cells.iter())
        .filter_map(|(_, c)| text_of(c))
        .filter(|t| t.len() <= 300 && (t.contains('=') || t.contains(':')));
    let mut out: Vec<(Text, Meaning)> = texts.flat_map(of_text).collect();
    out.truncate(MOST);
    out
}

/// Abbreviations that rows around a table explain, in lower case, with the words for which they stand.
pub fn abbreviations<'a>(rows: impl Iterator<Item = &'a GridRow>) -> Vec<(String, String)> {
    let texts = rows
        .flat_map(|r| r.cells.iter())
        .filter_map(|(_, c)| text_of(c))
        .filter(|t| t.len() <= 300 && t.contains('='));
    let mut out = Vec::new();
    for text in texts {
        let pieces = text
            .split([';', ',', '|', '\n'])
            .flat_map(|p| apart(p, '='));
        out.extend(pieces.filter_map(|(sign, words)| {
            let sign = sign.trim();
            let sign = sign.rsplit([':', '(', ' ']).next().unwrap_or(sign);
            let words = words
                .split(['.', '(', ')'])
                .next()
                .unwrap_or_default()
                .trim();
            let letters = sign.chars().all(|c| c.is_alphabetic()) && sign.len() <= 6;
            let explains = words.len() > sign.len()
                && words.split(' ').count() <= 6
                && words
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '/'));
            (letters && !sign.is_empty() && explains)
                .then(|| (sign.to_lowercase(), words.to_owned()))
        }));
    }
    out.truncate(MOST);
    out
}

/// Writes out what a legend explains, in columns of words: a letter where it stands alone in its cell, more letters as a word
/// in capitals.
pub fn write_out(table: &mut RawTable, known: &[(String, String)]) {
    use crate::domain::Field as F;
    if known.is_empty() {
        return;
    }
    let open = |c: &RawColumn| {
        c.point.is_none()
            && matches!(
                c.field,
                None | Some(
                    F::ServiceState
                        | F::Remarks
                        | F::EndKind
                        | F::ExitKind
                        | F::OutcomeKind
                        | F::ServiceKind
                        | F::PersonStatus
                        | F::RevocationGround
                )
            )
    };
    let columns: Vec<usize> = (0..table.columns.len())
        .filter(|i| open(&table.columns[*i]))
        .collect();
    for row in &mut table.rows {
        for &i in &columns {
            let Some(RawCell::Text(t)) = row.cells.get(i).filter(|_| known.len() <= MOST) else {
                continue;
            };
            if let Some(out) = written_out(t, known) {
                row.cells[i] = RawCell::Text(out.as_str().into());
            }
        }
    }
}

fn written_out(t: &str, known: &[(String, String)]) -> Option<String> {
    let find = |w: &str| known.iter().find(|(s, _)| s.eq_ignore_ascii_case(w));
    if let Some((_, words)) = find(t.trim()) {
        return Some(words.clone());
    }
    if t.len() > 200 {
        return None;
    }
    let mut changed = false;
    let words: Vec<&str> = t
        .split(' ')
        .map(|w| {
            let bare = w.trim_matches(|c: char| !c.is_alphanumeric());
            let capitals = bare.len() >= 2 && bare.chars().all(char::is_uppercase);
            match find(bare).filter(|_| capitals) {
                Some((_, words)) => {
                    changed = true;
                    words.as_str()
                }
                None => w,
            }
        })
        .collect();
    changed.then(|| words.join(" "))
}

/// Whether a line explains signs and nothing else.
pub fn is_legend(text: &str) -> bool {
    text.len() <= 300 && text.matches('=').count() >= 2 && of_text(text).len() >= 2
}

fn of_text(text: &str) -> Vec<(Text, Meaning)> {
    let mark = if text.contains('=') { '=' } else { ':' };
    let pieces = text
        .split([';', ',', '|', '\n'])
        .flat_map(|p| apart(p, mark));
    let read = pieces.filter_map(|(sign, words)| {
        // `Ket: jam = klien datang`
        let sign = sign.rsplit([':', '(']).next().unwrap_or(sign).trim();
        let short = (1..=6).contains(&sign.chars().count()) && !sign.contains(' ');
        Some((Text::from(sign.to_lowercase().as_str()), meaning(words)?)).filter(|_| short)
    });
    read.collect()
}

/// The explanations of a piece, sign and words: several may stand behind each other without a comma (`v = lapor  x = tidak
/// datang`), each sign the word before its mark.
fn apart(piece: &str, mark: char) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = piece.split(mark).collect();
    if parts.len() <= 2 || mark != '=' {
        return piece.split_once(mark).into_iter().collect();
    }
    let last_word = |t: &str| t.trim_end().rfind(' ').map_or(0, |i| i + 1);
    let mut out = Vec::new();
    let mut sign = parts[0];
    for (i, part) in parts.iter().enumerate().skip(1) {
        let last = i + 1 == parts.len();
        let end = if last { part.len() } else { last_word(part) };
        out.push((sign, &part[..end]));
        sign = part[end..].trim();
    }
    out
}

fn meaning(words: &str) -> Option<Meaning> {
    let n = wording(words);
    let has = |list: &[&str]| says(&n, list);
    match () {
        () if has(&[
            "belum mulai",
            "belum wajib",
            "tidak wajib",
            "belum terdaftar",
            "libur",
            "tidak ada jadwal",
            "bukan jadwal",
            "tidak dijadwalkan",
            "belum jadi klien",
            "belum masuk",
        ]) =>
        {
            Some(Meaning::NotDue)
        }
        () if has(&[
            "tidak hadir",
            "tidak datang",
            "tidak lapor",
            "tidak melapor",
            "tidak masuk",
            "alpa",
            "alpha",
            "absen",
            "mangkir",
            "tanpa keterangan",
        ]) =>
        {
            Some(Meaning::Absent)
        }
        () if has(&["sakit", "izin", "ijin", "cuti", "dispensasi", "berhalangan"]) => {
            Some(Meaning::Excused)
        }
        () if has(&[
            "hadir",
            "datang",
            "lapor",
            "melapor",
            "ikut",
            "masuk",
            "mengikuti",
        ]) =>
        {
            Some(Meaning::Present)
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::Sheet;
    use super::*;

    #[test]
    fn abbreviations_are_written_out_where_they_are_no_other_word() {
        let row = Sheet::of_texts(&[&["H = hadir, A = alpa, MD = mengundurkan diri. Lulus 80%"]]);
        let known = abbreviations(row.rows.iter());
        let out = |t| written_out(t, &known);
        assert_eq!(
            out("MD tgl 8/1").as_deref(),
            Some("mengundurkan diri tgl 8/1")
        );
        assert_eq!(out("A").as_deref(), Some("alpa"));
        assert_eq!(out("Blok A kamar 2"), None);
    }

    #[test]
    fn a_legend_says_what_signs_mean() {
        use Meaning::*;
        let of = |t: &str| -> Vec<(String, Meaning)> {
            of_text(t)
                .into_iter()
                .map(|(s, m)| (s.to_string(), m))
                .collect()
        };
        let sign = |s: &str, m| (s.to_owned(), m);
        assert_eq!(
            of("Ket : v = hadir, x = tidak hadir"),
            [sign("v", Present), sign("x", Absent)]
        );
        assert_eq!(
            of("Ket: jam = klien datang; T = tidak datang; - = blm mulai wajib lapor"),
            [sign("jam", Present), sign("t", Absent), sign("-", NotDue)]
        );
        assert_eq!(
            of(
                "v = lapor   x = jadwal lapor tapi tidak datang   T = lapor lewat telepon (dihitung)"
            ),
            [sign("v", Present), sign("x", Absent), sign("t", Present)]
        );
        assert_eq!(of("Ambon, 31 Januari 2026"), []);
        assert_eq!(of("Catatan: maks 8 jam/hari"), []);
    }
}
