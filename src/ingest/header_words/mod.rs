//! The words of a header: abbreviations written out, affixes taken off, typing errors forgiven.
//!
//! Offices abbreviate at will (`Tgl Lhr`, `Pkrjn`, `Jlh Tatap Muka`) and Indonesian forms words by affixes (`diterima`,
//! `penerimaan`, `menerima`), so headers are compared word by word in a common form and not as texts.

mod lists;

pub use lists::{GENERAL, PEOPLE};

use crate::domain::normal;
use lists::{SILENT, WRITTEN_OUT};

/// A word of a header in the form in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Written out.
    pub text: String,
    /// Without affixes.
    pub stem: String,
}

/// The words of a header, in order, without those that say nothing.
pub fn words(header: &str) -> Vec<Word> {
    let spaced = camel_case_apart(header);
    let n = normal(&spaced);
    let all: Vec<&str> = n.split(' ').filter(|w| !w.is_empty()).collect();
    // `N I K`, `J K`: letters set apart for looks.
    if all.len() >= 2 && all.iter().all(|w| w.chars().count() == 1) && n != "l p" && n != "s d" {
        return vec![word(&all.concat())];
    }
    let mut out: Vec<Word> = Vec::with_capacity(all.len());
    let mut i = 0;
    while i < all.len() {
        let w = match (all[i], all.get(i + 1).copied().unwrap_or_default()) {
            ("s", "d") => {
                i += 1;
                "sampai"
            }
            ("l", "p") | ("p", "l") | ("lk", "pr") | ("laki", "laki") => {
                i += 1;
                "lp"
            }
            // A form speaks to its reader.
            ("bapak", "ibu") => {
                i += 2;
                continue;
            }
            ("k", "k") => {
                i += 1;
                "kk"
            }
            ("e", "ktp") | ("ktp", "el") => {
                i += 1;
                "ktp"
            }
            (w, _) => w,
        };
        i += 1;
        if !is_silent(w) {
            out.push(word(w));
        }
    }
    out
}

/// Whether a word, or the word it is a slip of, says nothing.
fn is_silent(w: &str) -> bool {
    SILENT.contains(&w) || SILENT.iter().any(|s| s.len() >= 7 && nearness(w, s) > 0.85)
}

/// One word, written out.
pub fn word(w: &str) -> Word {
    let text = WRITTEN_OUT
        .iter()
        .find(|(short, _)| *short == w)
        .map_or(w, |(_, long)| *long);
    Word {
        text: text.to_owned(),
        stem: stem(text),
    }
}

/// `TglLahir` as `Tgl Lahir`; texts with blanks are left alone.
fn camel_case_apart(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 4);
    let mut before = ' ';
    let joined = !s.trim().contains(char::is_whitespace);
    for c in s.chars() {
        if joined && c.is_uppercase() && before.is_lowercase() {
            out.push(' ');
        }
        out.push(c);
        before = c;
    }
    out
}

/// The root of a word as far as affixes can be seen: `diterima`, `penerimaan` and `menerima` are `terima`. Who does
/// something (`pembimbing`, `pelatih`) is another thing than what is done (`bimbingan`, `pelatihan`) and keeps its form.
fn stem(w: &str) -> String {
    if PEOPLE.contains(&w) || w.len() < 5 || !w.is_ascii() {
        return w.to_owned();
    }
    let mut root = w;
    let noun = ["annya", "nya"]
        .iter()
        .find_map(|s| root.strip_suffix(s))
        .filter(|r| r.len() >= 4);
    root = noun.unwrap_or(root);
    let suffix = root.strip_suffix("an").filter(|r| r.len() >= 4);
    let done = suffix.is_some();
    let inner = suffix.unwrap_or(root);
    let long = |r: &&str| r.len() >= 4;
    for p in ["di", "ter", "ber"] {
        if let Some(r) = root.strip_prefix(p).filter(long) {
            let r = ["kan", "i"]
                .iter()
                .find_map(|s| r.strip_suffix(s).filter(long))
                .unwrap_or(r);
            return r.to_owned();
        }
    }
    if root.starts_with("me") || (root.starts_with("pe") && done) {
        let r = if root.starts_with("me") { root } else { inner };
        let r = ["kan", "i"]
            .iter()
            .find_map(|s| r.strip_suffix(s).filter(long))
            .unwrap_or(r);
        return bare(&r[2..]).unwrap_or_else(|| r.to_owned());
    }
    if let Some(r) = inner.strip_prefix("ke").filter(|r| done && r.len() >= 4) {
        return r.to_owned();
    }
    if done && root.ends_with("an") && !root.starts_with("pe") {
        return inner.to_owned();
    }
    root.to_owned()
}

/// What stands behind `me-` or `pe-`, with the consonant that the prefix swallowed.
fn bare(rest: &str) -> Option<String> {
    let vowel = |r: &str| r.starts_with(['a', 'e', 'i', 'o', 'u']);
    let long = |r: &str| r.len() >= 3;
    if let Some(r) = rest.strip_prefix("ny").filter(|r| long(r) && vowel(r)) {
        return Some(format!("s{r}"));
    }
    if let Some(r) = rest.strip_prefix("ng").filter(|r| long(r)) {
        // `pengeluaran` is of `keluar`, `pengambilan` of `ambil`: only words with e swallow their k.
        return Some(if r.starts_with('e') {
            format!("k{r}")
        } else {
            r.to_owned()
        });
    }
    if let Some(r) = rest.strip_prefix('m').filter(|r| long(r)) {
        return Some(if vowel(r) {
            format!("p{r}")
        } else {
            r.to_owned()
        });
    }
    if let Some(r) = rest.strip_prefix('n').filter(|r| long(r)) {
        return Some(if vowel(r) {
            format!("t{r}")
        } else {
            r.to_owned()
        });
    }
    long(rest).then(|| rest.to_owned())
}

/// How alike a word of a header and a word of the dictionary are: 1 the same, 0 different.
pub fn likeness(header: &Word, entry: &Word) -> f32 {
    if header.text == entry.text {
        1.0
    } else if header.stem == entry.stem {
        0.92
    } else {
        0.0
    }
}

/// How near a word that the dictionary does not know is to one it knows: a typing error, or an abbreviation.
pub fn nearness(unknown: &str, known: &str) -> f32 {
    let (u, k) = (unknown.as_bytes(), known.as_bytes());
    if u.len() < 3 || k.len() < 4 || u[0] != k[0] || !unknown.is_ascii() || !known.is_ascii() {
        return 0.0;
    }
    let edits = if k.len() >= 10 { 2 } else { 1 };
    if u.len() >= 5
        && u.len().abs_diff(k.len()) <= edits
        && strsim::damerau_levenshtein(unknown, known) <= edits
    {
        return 0.88;
    }
    if k.len() <= u.len() {
        return 0.0;
    }
    // `kecam`, `pendid`: the word broken off; `pkrjn`, `almt`: its consonants.
    if u.len() >= 4 && k.len() >= u.len() + 2 && known.starts_with(unknown) {
        return 0.8;
    }
    let vowel = |b: &u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    let consonants = |w: &[u8]| {
        w[1..]
            .iter()
            .copied()
            .filter(|b| !vowel(b))
            .collect::<Vec<u8>>()
    };
    let (short, long) = (consonants(u), consonants(k));
    if short == long && !u[1..].iter().any(vowel) {
        return 0.85;
    }
    // `pmbimbing`, `kejhtn`: some vowels are left; `pddk`, `srtf`: the first consonants.
    let mut rest = k.iter();
    let within = u.iter().all(|b| rest.any(|r| r == b));
    if within && short == long && k.len() >= 5 {
        return 0.84;
    }
    let begun = short.len() >= 3 && long.starts_with(&short) && long.len() <= short.len() + 2;
    if begun && within && u.len() == short.len() + 1 && k.len() >= 6 {
        return 0.78;
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affixes_of_one_root_meet_and_doers_keep_their_form() {
        for (a, b) in [
            ("diterima", "penerimaan"),
            ("perekaman", "rekam"),
            ("pencetakan", "dicetak"),
            ("penyaluran", "disalurkan"),
            ("pelaksanaan", "dilaksanakan"),
            ("pengambilan", "diambil"),
            ("pemeriksaan", "diperiksa"),
            ("pendaftaran", "terdaftar"),
            ("kehadiran", "dihadiri"),
            ("pengeluaran", "keluar"),
            ("pembebasan", "bebas"),
            ("penahanan", "ditahan"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        for (a, b) in [
            ("pembimbing", "bimbingan"),
            ("pelatih", "pelatihan"),
            ("pendamping", "pendampingan"),
        ] {
            assert_ne!(stem(a), stem(b), "{a} {b}");
        }
    }

    #[test]
    fn abbreviations_and_typing_errors_are_near_their_words() {
        assert!(nearness("pkrjn", "pekerjaan") > 0.8);
        assert!(nearness("almt", "alamat") > 0.8);
        assert!(nearness("kecamtan", "kecamatan") > 0.8);
        assert!(nearness("pendidkan", "pendidikan") > 0.8);
        assert_eq!(nearness("warna", "wisma"), 0.0);
    }

    #[test]
    fn a_header_is_words_whatever_its_writing() {
        let texts = |h: &str| words(h).into_iter().map(|w| w.text).collect::<Vec<_>>();
        assert_eq!(texts("TglLahir"), ["tanggal", "lahir"]);
        assert_eq!(texts("tgl_lahir"), ["tanggal", "lahir"]);
        assert_eq!(texts("N I K"), ["nik"]);
        assert_eq!(texts("JENIS KELAMIN (L/P)"), ["jenis", "kelamin", "lp"]);
        assert_eq!(texts("Masa percobaan s/d"), ["masa", "percobaan", "sampai"]);
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_the_words_panic(s in "\\PC{0,40}") {
            for w in words(&s) {
                let _ = nearness(&w.text, "pendidikan");
            }
        }
    }
}
