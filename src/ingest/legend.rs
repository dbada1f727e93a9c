//! The legend above or below a table of signs: `Ket : v = hadir, x = tidak hadir`, `H: hadir; - : blm mulai`.

use super::grid::GridRow;
use super::header::text_of;
use crate::clean::text::{says, wording};
use crate::domain::Text;
use crate::domain::raw::Meaning;

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

/// Whether a line explains signs and nothing else.
pub fn is_legend(text: &str) -> bool {
    text.len() <= 300 && text.matches('=').count() >= 2 && of_text(text).len() >= 2
}

fn of_text(text: &str) -> Vec<(Text, Meaning)> {
    let mark = if text.contains('=') { '=' } else { ':' };
    let pieces = text.split([';', ',', '|', '\n']);
    let read = pieces.filter_map(|piece| {
        let (sign, words) = piece.split_once(mark)?;
        // `Ket: jam = klien datang`
        let sign = sign.rsplit([':', '(']).next().unwrap_or(sign).trim();
        let short = (1..=6).contains(&sign.chars().count()) && !sign.contains(' ');
        Some((Text::from(sign.to_lowercase().as_str()), meaning(words)?)).filter(|_| short)
    });
    read.collect()
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
    use super::*;

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
        assert_eq!(of("Ambon, 31 Januari 2026"), []);
        assert_eq!(of("Catatan: maks 8 jam/hari"), []);
    }
}
