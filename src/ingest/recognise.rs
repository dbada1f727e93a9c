//! What a header means: its words against those of the dictionary, weighed by how much each says.

use super::dictionary::{Entry, UNKNOWN_HEAD, canonical, index, lexicon, sorted, sorted_index};
use super::header_words::{GENERAL, PEOPLE, Word, likeness, nearness, words};
use crate::domain::{Field, normal};
use std::borrow::Cow;

/// From this on two headers say the same.
pub const SURE: f32 = 0.8;
/// Below this a header says nothing.
const LEAST: f32 = 0.42;

/// Fields a header can mean, best first, with a confidence of 0–1. Empty when nothing is near.
pub fn candidates(header: &str) -> Vec<(Field, f32)> {
    // A share is another thing than a count: `% Kehadiran`.
    let spelled = if header.contains('%') {
        Cow::Owned(header.replace('%', " persen "))
    } else {
        Cow::Borrowed(header)
    };
    let header = spelled.as_ref();
    let mut out = exact(header);
    if out.first().is_some_and(|(_, c)| *c >= 0.9) {
        return out;
    }
    add(&mut out, by_words(header), 1.0);
    if is_name_and_more(header) {
        out.retain(|(f, _)| *f == Field::Name);
        add(&mut out, vec![(Field::Name, 0.98)], 1.0);
        return out;
    }
    if header.contains('(') {
        // A legend in brackets explains the values, not the column: `Status perkawinan (B/S/P)`.
        let bare = without_brackets(header);
        add(&mut out, exact(&bare), 0.97);
        add(&mut out, by_words(&bare), 0.97);
    }
    if is_question(header) {
        add(&mut out, by_question(header), 1.0);
    }
    out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    out
}

/// `Nama Lengkap & Bin`, `Nama/Alias`, `Nama WBP dan Tgl Lahir`: a name, and beside it in the same cells what else is said
/// of somebody.
fn is_name_and_more(header: &str) -> bool {
    let lower = header.to_lowercase();
    let Some(end) = ["&", "/", "+", ",", "(", " dan ", " atau ", ";", "\n"]
        .iter()
        .filter_map(|mark| lower.find(mark))
        .min()
    else {
        return false;
    };
    let more = lower[end..].chars().any(char::is_alphabetic);
    let first = words(&lower[..end]);
    // `Klien & Alamat`, `WBP / NIK`: somebody, and what else is said of him.
    let people = |w: &Word| PEOPLE.contains(&w.text.as_str());
    if !first.is_empty() && first.iter().all(people) {
        let rest = lower[end..].trim_start_matches(|c: char| !c.is_alphabetic());
        let rest = rest.strip_prefix("dan ").unwrap_or(rest);
        let of_person = |f: Field| {
            use Field as F;
            matches!(
                f,
                F::Address
                    | F::Nik
                    | F::BirthDate
                    | F::BirthPlaceDate
                    | F::Age
                    | F::Sex
                    | F::Phone
                    | F::RegisterNo
                    | F::ClientNo
            )
        };
        return exact(rest)
            .first()
            .is_some_and(|(f, c)| of_person(*f) && *c >= 0.9);
    }
    let (Some(name), rest) = (first.first(), first.get(1..).unwrap_or_default()) else {
        return false;
    };
    let somebody = |w: &Word| PEOPLE.contains(&w.text.as_str()) || w.text == "panjang";
    more && name.text == "nama" && rest.iter().all(somebody)
}

/// Whether a header is a whole question or instruction, as forms have them: `7. Kena pasal berapa?`.
fn is_question(header: &str) -> bool {
    header.contains('?') || header.split_whitespace().count() >= 5
}

/// What a question asks for: its number and what stands in brackets are left away, and words that no header knows
/// (`menurut ingatan`, `yang bersangkutan`) do not count against it. Believed less than a header.
fn by_question(header: &str) -> Vec<(Field, f32)> {
    let bare = without_brackets(header);
    let asked = bare.split(['?', ',', ';']).next().unwrap_or_default();
    let asked =
        asked.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' '));
    let mut found = words(asked);
    let all = found.len();
    found.retain(|w| {
        !is_unknown(w)
            || lexicon()
                .beside(w)
                .iter()
                .any(|k| nearness(&w.text, &k.text) > 0.8)
    });
    found.truncate(12);
    if found.is_empty() {
        return Vec::new();
    }
    // One word of many is a subject, not what is asked: `Apakah materi mudah dimengerti?`.
    let sure = if found.len() == 1 && all >= 3 {
        0.55
    } else {
        0.92
    };
    let mut out = scored(&found, true);
    out.iter_mut().for_each(|(_, c)| *c *= sure);
    out
}

/// Whether a text is surely a header, by words alone and without forgiving anything: cheap enough for every cell of a
/// long sheet.
pub fn is_known(text: &str) -> bool {
    if exact(text).first().is_some_and(|(_, c)| *c >= SURE) {
        return true;
    }
    let found = words(text);
    found.len() <= 8 && scored(&found, false).iter().any(|(_, c)| *c >= SURE)
}

/// Keeps the best confidence of every field.
pub fn add(to: &mut Vec<(Field, f32)>, more: Vec<(Field, f32)>, weight: f32) {
    for (f, c) in more {
        match to.iter_mut().find(|(g, _)| *g == f) {
            Some(known) => known.1 = known.1.max(c * weight),
            None => to.push((f, c * weight)),
        }
    }
}

/// Entries of the same words.
fn exact(header: &str) -> Vec<(Field, f32)> {
    let n = canonical(&normal(header));
    if n.is_empty() {
        let sign = matches!(header.trim(), "#" | "№");
        return sign.then_some((Field::RowNo, 1.0)).into_iter().collect();
    }
    entry(&n).map_or_else(Vec::new, |(fields, sure)| {
        fields.iter().map(|&f| (f, sure)).collect()
    })
}

/// The fields of an entry, in whatever order its words stand, and how sure they are.
fn entry(n: &str) -> Option<(&'static [Field], f32)> {
    if let Some(fields) = index().get(n) {
        return Some((fields, if fields.len() > 1 { 0.9 } else { 1.0 }));
    }
    let fields = sorted_index().get(&sorted(n))?;
    Some((fields, 0.9))
}

/// The fields a header names without a doubt about its words: as an entry of the dictionary, or as the name of somebody
/// (`Nama Tahanan`).
pub fn fields_named(header: &str) -> Vec<Field> {
    let n = canonical(&normal(header));
    let of_somebody = || {
        let who = n.strip_prefix("nama ")?;
        PEOPLE.contains(&who).then(|| vec![Field::Name])
    };
    let known = entry(&n).map(|(fields, _)| fields.to_vec());
    known.or_else(of_somebody).unwrap_or_default()
}

fn without_brackets(header: &str) -> String {
    let mut bare = String::new();
    let mut depth = 0u32;
    for c in header.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    bare
}

fn by_words(header: &str) -> Vec<(Field, f32)> {
    let found = words(header);
    if found.is_empty() || found.len() > 12 {
        return Vec::new();
    }
    let mut out = scored(&found, true);
    // `Nama Nasabah KUR`, `Nama peserta bimtek`: the name of somebody, whatever else is said of them.
    let somebody = |w: &Word| PEOPLE.contains(&w.text.as_str());
    if found[0].text == "nama" && found.iter().any(somebody) {
        let next = found.get(1).is_some_and(somebody);
        add(
            &mut out,
            vec![(Field::Name, if next { 0.96 } else { 0.8 })],
            1.0,
        );
    }
    out
}

fn is_unknown(w: &Word) -> bool {
    !lexicon().knows(w) && !PEOPLE.contains(&w.text.as_str())
}

/// The entries whose words nearly all stand in a header, by the share of the header's weight they account for.
fn scored(header: &[Word], forgiving: bool) -> Vec<(Field, f32)> {
    let lexicon = lexicon();
    // Every word of the header as itself, and as the words it may be a slip or an abbreviation of.
    let read: Vec<Vec<(Word, f32)>> = header
        .iter()
        .map(|w| {
            let mut forms = vec![(w.clone(), 1.0)];
            if forgiving && is_unknown(w) {
                let near = lexicon
                    .beside(w)
                    .iter()
                    .map(|k| (k.clone(), nearness(&w.text, &k.text)));
                let mut near: Vec<(Word, f32)> = near.filter(|(_, q)| *q > 0.0).collect();
                near.sort_by(|a, b| {
                    b.1.total_cmp(&a.1)
                        .then(a.0.text.len().cmp(&b.0.text.len()))
                });
                near.truncate(3);
                forms.extend(near);
            }
            forms
        })
        .collect();
    // The noun a header is about is the first word that is not of all columns: `Nama bank`, `Golongan darah`.
    let noun = header
        .iter()
        .position(|w| !GENERAL.contains(&w.text.as_str()));
    let weights: Vec<f32> = (read.iter().enumerate())
        .map(|(i, forms)| match forms.get(1) {
            Some((near, _)) => lexicon.weight(near),
            None if noun == Some(i) && is_unknown(&forms[0].0) => UNKNOWN_HEAD,
            None => lexicon.weight(&forms[0].0),
        })
        .collect();
    let whole: f32 = weights.iter().sum::<f32>().max(0.1);
    let mut numbers: Vec<u32> = read
        .iter()
        .flatten()
        .flat_map(|(w, _)| lexicon.with(w))
        .copied()
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut out: Vec<(Field, f32)> = Vec::new();
    for n in numbers {
        let entry = &lexicon.entries[n as usize];
        let (of_entry, of_header) = shared(entry, &read, &weights);
        let (a, b) = (of_entry / entry.weight, of_header / whole);
        if a < 0.7 {
            continue;
        }
        // All of the entry and all of the header: 1; half of the header: two thirds.
        let sure = 2.0 * a * b / (a + b) * if entry.fields.len() > 1 { 0.95 } else { 1.0 };
        // `Tanggal` in a header of other words says that there are days, not which.
        let general =
            matches!(entry.words.as_slice(), [(w, _)] if GENERAL.contains(&w.text.as_str()));
        if sure >= if general { 0.8 } else { LEAST } {
            add(
                &mut out,
                entry.fields.iter().map(|f| (*f, sure * 0.97)).collect(),
                1.0,
            );
        }
    }
    out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    out
}

/// Weight of the entry's words that stand in the header, and of the header's words that stand in the entry.
fn shared(entry: &Entry, read: &[Vec<(Word, f32)>], weights: &[f32]) -> (f32, f32) {
    let mut used = vec![false; read.len()];
    let (mut of_entry, mut of_header) = (0.0, 0.0);
    for (word, weight) in &entry.words {
        let mut best = (0.0, 0);
        for (i, forms) in read.iter().enumerate().filter(|(i, _)| !used[*i]) {
            let like = forms
                .iter()
                .map(|(w, q)| likeness(w, word) * q)
                .fold(0.0, f32::max);
            if like > best.0 {
                best = (like, i);
            }
        }
        if best.0 > 0.0 {
            used[best.1] = true;
            of_entry += weight * best.0;
            of_header += weights[best.1] * best.0;
        }
    }
    (of_entry, of_header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(h: &str) -> Option<Field> {
        candidates(h).first().map(|(f, _)| *f)
    }

    #[test]
    fn headers_are_found_through_punctuation_case_and_typing_errors() {
        for (header, field) in [
            ("No. Reg.", Field::RegisterNo),
            ("TEMPAT / TGL. LAHIR", Field::BirthPlaceDate),
            ("Nama Lengkpa", Field::Name),
            ("2/3 MP", Field::TwoThirdsDate),
            ("L/P", Field::Sex),
            ("Tgl. Kegiatan", Field::StartDate),
            ("NAMA PESERTA BIMTEK", Field::Name),
            ("TglLahir", Field::BirthDate),
            ("Pddk", Field::Education),
            ("KECAMTAN", Field::District),
            ("Psl", Field::Article),
            ("#", Field::RowNo),
        ] {
            assert_eq!(first(header), Some(field), "{header}");
        }
        assert_eq!(first("Warna kesukaan"), None);
    }

    #[test]
    fn questions_of_forms_are_understood_by_what_they_ask_for() {
        for (question, field) in [
            ("3. NIK (16 angka, kalau tidak punya KTP isi 0)", Field::Nik),
            ("Lahir di mana?", Field::BirthPlace),
            ("Kapan lahirnya? (tgl/bln/thn)", Field::BirthDate),
            ("7. Kena pasal berapa?", Field::Article),
            ("Biasa dipanggil siapa?", Field::Alias),
            ("Nomor WA yang bisa kami hubungi", Field::Phone),
            (
                "Kapan Bapak/Ibu keluar? (kira-kira juga boleh)",
                Field::ExitDate,
            ),
            (
                "8. Dihukum berapa lama? (tulis tahun dan bulan)",
                Field::SentenceLength,
            ),
        ] {
            let got = candidates(question).first().copied();
            assert_eq!(got.map(|(f, _)| f), Some(field), "{question}: {got:?}");
        }
    }

    #[test]
    fn headers_offices_write_mean_what_a_person_would_say() {
        let table = include_str!("../../tests/layouts/headers.txt");
        let (mut all, mut wrong) = (0, Vec::new());
        for (header, field) in table
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| l.rsplit_once('='))
        {
            let got = candidates(header)
                .first()
                .filter(|(_, c)| *c >= 0.5)
                .copied();
            all += 1;
            if got.map(|(f, _)| f) != Field::from_id(field) {
                wrong.push(format!("{header}: {got:?}, not {field}"));
            }
        }
        assert!(
            wrong.len() * 20 <= all,
            "{} of {all}:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    }
}
