//! Names of Maluku and beyond (DOMAIN.md 1.10): given names and fam, titles, aliases, La and Wa, patronymics.

use super::text::tidy;
use crate::domain::{Sex, Text};

/// What a name cell says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameReading {
    /// The name, upper case, titles and marks gone, particles kept.
    pub name: Text,
    /// A second name.
    pub alias: Text,
    /// After bin/binti.
    pub parent: Text,
    /// La/Wa, bin/binti say the sex.
    pub sex_hint: Option<Sex>,
    /// `Alm.`/`Almh.`
    pub deceased: bool,
}

const TITLES: &[&str] = &[
    "H", "HJ", "HAJI", "HAJJAH", "DR", "DRS", "DRA", "IR", "SH", "SE", "MSI", "MH", "SPD", "SSOS",
    "AMD", "SKOM", "ST", "MM", "SAG", "SIP", "SPT", "SKM", "MPD", "PROF", "TN", "NY", "SDR",
    "SDRI", "BAPAK", "IBU",
];

/// Reads a name cell.
pub fn read(cell: &str) -> NameReading {
    let tidied = tidy(cell);
    if let Some(name) = bare(&tidied) {
        let sex_hint = match name.split(' ').next() {
            Some("LA") => Some(Sex::Male),
            Some("WA") => Some(Sex::Female),
            _ => None,
        };
        return NameReading {
            name,
            sex_hint,
            ..NameReading::default()
        };
    }
    let mut out = NameReading::default();
    let mut s = tidied.to_uppercase();
    for mark in ["(ALMH)", "(ALM)", "ALMH.", "ALM.", "ALMARHUMAH", "ALMARHUM"] {
        if let Some(i) = s.find(mark) {
            out.deceased = true;
            s.replace_range(i..i + mark.len(), " ");
        }
    }
    // A second name after a mark of alias, or in parentheses.
    for mark in [
        " ALIAS ", " ALS. ", " ALS ", " AL. ", " A.K.A. ", " A.K.A ", " AKA ", "@", "/", "(",
    ] {
        if let Some(i) = s.find(mark) {
            let alias = s[i + mark.len()..]
                .trim_matches([' ', ')', '.', '@', '/', '"'])
                .to_owned();
            if alias.chars().filter(|c| c.is_alphabetic()).count() >= 2 {
                out.alias = words(&alias).join(" ").into();
                s.truncate(i);
                break;
            }
        }
    }
    for (mark, sex) in [
        (" BINTI ", Sex::Female),
        (" BIN ", Sex::Male),
        (" BT. ", Sex::Female),
        (" B. ", Sex::Male),
    ] {
        if let Some(i) = s.find(mark) {
            out.parent = words(&s[i + mark.len()..]).join(" ").into();
            if mark != " B. " {
                out.sex_hint = Some(sex);
            }
            s.truncate(i);
            break;
        }
    }
    // `LATUCONSINA, ABDUL` is inverted; `WATTIMENA, S.H.` is a title.
    if let Some((family, given)) = s.split_once(',') {
        let given = words(given);
        let family = words(family);
        s = if given.is_empty() {
            family.join(" ")
        } else {
            [given, family].concat().join(" ")
        };
    }
    let w = words(&s);
    match w.first().map(String::as_str) {
        Some("LA") => out.sex_hint = Some(Sex::Male),
        Some("WA") => out.sex_hint = Some(Sex::Female),
        _ => {}
    }
    out.name = w.join(" ").into();
    out
}

/// A name of letters and blanks alone, without titles and marks, as it will stand: what most cells hold.
fn bare(s: &str) -> Option<Text> {
    if !s.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ') {
        return None;
    }
    let mut upper = Text::from(s);
    upper.make_ascii_uppercase();
    let marked = upper.split(' ').any(|w| {
        matches!(w, "ALIAS" | "ALS" | "AKA" | "BIN" | "BINTI")
            || (w.len() >= 8 && w.contains("ALMARHUM"))
            || (w.len() <= 6 && TITLES.contains(&w))
    });
    (!marked).then_some(upper)
}

/// Words of a name without punctuation and titles.
fn words(s: &str) -> Vec<String> {
    s.split(' ')
        .filter_map(|w| {
            let bare: String = w.chars().filter(|c| c.is_alphanumeric()).collect();
            let dotted = w.contains('.') || w.ends_with(',');
            let title = TITLES.contains(&bare.as_str())
                && (dotted || bare.len() > 2 || bare == "H" || bare == "HJ");
            // Hyphens and apostrophes inside a name stay out of the comparison anyway.
            (!bare.is_empty() && !title).then(|| {
                w.chars()
                    .filter(|c| c.is_alphanumeric() || matches!(c, '\'' | '-'))
                    .collect()
            })
        })
        .collect()
}

/// Phonetic folding of DOMAIN.md 1.10: spellings of one name come out alike.
///
/// Case, punctuation and doubled letters go; `y→i`, `j→y` before that is undone by folding both to `i`; `c→k`,
/// `oe→u`, `tj→k`, `dj→i`, `sj→si`, `ph→f`, `x→ks`, `th→t`, `ie→i`; a trailing `h` goes; Muhammad's and
/// Abdul's spellings become one.
pub fn fold(name: &str) -> Text {
    let mut out = String::with_capacity(name.len());
    let mut letters = String::with_capacity(name.len());
    for c in name.chars().chain([' ']) {
        if c.is_ascii_alphabetic() {
            letters.push(c.to_ascii_lowercase());
        } else if c != ' ' && c != '-' {
            letters.extend(c.to_lowercase().filter(|_| c.is_alphabetic()));
        } else if !letters.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            fold_word(&letters, &mut out);
            letters.clear();
        }
    }
    out.into()
}

/// Spellings of names so common that they are one each.
fn common_name(w: &str) -> Option<&'static str> {
    // Nearly every word is told apart by its first letter.
    match w.as_bytes().first()? {
        b'm' => matches!(
            w,
            "m" | "moh"
                | "mohd"
                | "muh"
                | "muhd"
                | "mohamad"
                | "mochamad"
                | "muhamad"
                | "muhammad"
                | "mohammad"
                | "mochammad"
                | "mohammed"
        )
        .then_some("muhamad"),
        b'a' => matches!(w, "abd" | "abdur" | "abdul").then_some("abdul"),
        b's' => matches!(w, "st" | "siti" | "sitti" | "sity").then_some("siti"),
        _ => None,
    }
}

/// Spellings of one sound, in the order in which they are replaced.
const SOUNDS: [(&str, &str); 8] = [
    ("oe", "u"),
    ("tj", "c"),
    ("dj", "j"),
    ("sj", "sy"),
    ("ph", "f"),
    ("th", "t"),
    ("x", "ks"),
    ("ie", "i"),
];

/// Adds a word of small letters, folded.
fn fold_word(w: &str, to: &mut String) {
    if let Some(name) = common_name(w) {
        return to.push_str(name);
    }
    // Every sound ends with one of these letters, and most words have none that follows its partner.
    let spelled = |p: &[u8]| matches!(p, b"oe" | b"tj" | b"dj" | b"sj" | b"ph" | b"th" | b"ie");
    let old = w.as_bytes().windows(2).any(spelled) || w.contains('x');
    let mut s = std::borrow::Cow::Borrowed(w);
    if old {
        for (a, b) in SOUNDS {
            if s.contains(a) {
                s = s.replace(a, b).into();
            }
        }
    }
    let begin = to.len();
    let mut before = None;
    for c in s.chars() {
        let c = match c {
            'y' | 'j' => 'i',
            'c' | 'q' => 'k',
            'v' => 'f',
            'z' => 's',
            c => c,
        };
        if before != Some(c) {
            to.push(c);
        }
        before = Some(c);
    }
    if to.len() - begin > 2 && to.ends_with('h') {
        to.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// The short way for plain names gives what the long way gives.
        #[test]
        fn plain_names_read_as_any_name(s in "(LA|Wa|bin|ABDUL|h|Alias|M|Siti|ir|st){0,2}[a-zA-Z ]{0,20}") {
            let short = read(&s);
            // A full stop at the end keeps a name from being plain and says nothing.
            let long = read(&format!("{s} ."));
            proptest::prop_assert_eq!(short, long);
        }
    }

    #[test]
    fn real_spelling_noise_folds_together() {
        for (a, b) in [
            ("Toisuta", "Toisutta"),
            ("Wattimena", "Watimenna"),
            ("Ely", "Elly"),
            ("Muh. Ali", "Mohamad Ali"),
            ("Soeharto", "Suharto"),
            ("Djafar", "Jafar"),
            ("Sitti Aminah", "St. Amina"),
            ("Anne-Désirée", "ANNE DÉSIRÉE"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        assert_ne!(fold("Latuconsina"), fold("Latumahina"));
    }

    #[test]
    fn titles_aliases_patronymics_and_marks_are_taken_apart() {
        let r = read("La Ode Rinaldi Muchlis alias Naldi");
        assert_eq!(
            (r.name.as_str(), r.alias.as_str(), r.sex_hint),
            ("LA ODE RINALDI MUCHLIS", "NALDI", Some(Sex::Male))
        );
        let r = read("LATUCONSINA, ABDUL");
        assert_eq!(r.name, "ABDUL LATUCONSINA");
        let r = read("Drs. Hi. Yusuf Ely bin Ahmad");
        assert_eq!(r.parent, "AHMAD");
        let r = read("Bodewin Wattimena, S.H.");
        assert_eq!(r.name, "BODEWIN WATTIMENA");
        let r = read("Maria Picauly (Almh)");
        assert!(r.deceased && r.name == "MARIA PICAULY");
    }
}
