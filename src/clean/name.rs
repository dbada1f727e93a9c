//! Names of Maluku and beyond (docs/definitions.md 7): given names and fam, titles, aliases, La and Wa, patronymics.

use super::date::DateReading;
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

/// Titles and forms of address, without their dots.
const TITLES: &[&str] = &[
    "H", "HJ", "HAJI", "HAJJAH", "DR", "DRS", "DRA", "IR", "SH", "SE", "MSI", "MH", "SPD", "SSOS",
    "AMD", "SKOM", "ST", "MM", "SAG", "SIP", "SPT", "SKM", "MPD", "PROF", "TN", "NY", "SDR",
    "SDRI", "BAPAK", "IBU", "SPI", "SPSI", "SKEP", "NERS", "SSI", "MKES", "MKN", "SSTP", "SPDI",
    "SPDK", "SPAK", "STH", "MTH", "MHUM", "MPSI", "DRG", "APT", "MBA", "AMK", "AMKEB", "AMAK",
    "SFARM", "SKED", "SKG", "SIKOM", "SST", "STRKEB", "SHUT", "MAP", "SPN", "SPSK", "SSN",
];

/// Titles of two letters, which behind a comma need no full stop.
const SHORT_TITLES: &[&str] = &[
    "SE", "SH", "ST", "MM", "MH", "SP", "SS", "MA", "BA", "BE", "IR", "DR",
];
/// Those of two letters that stand behind a name, and may stand there without dots.
const BEHIND: &[&str] = &["SH", "SE", "MH", "ST", "MM"];
/// Those of two letters that stand before a name.
const BEFORE: &[&str] = &["DR", "IR", "TN", "NY"];

/// The letters and digits of a word.
fn letters(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).collect()
}

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
    if let Some((name, sex)) = sex_behind(&s) {
        out.sex_hint = Some(sex);
        s.truncate(name);
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
        let given = behind_comma(given);
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

/// The sex in brackets or behind a stroke at the end of a name (`(L)`, `/ Pr`), and where the name before it ends.
fn sex_behind(upper: &str) -> Option<(usize, Sex)> {
    let whole = upper.trim_end();
    let open = whole.rfind(['(', '/', '['])?;
    let word = whole[open + 1..].trim_matches([' ', ')', ']', '.']);
    let short = word.len() <= 12 && !word.is_empty();
    let sex = short.then(|| super::codes::sex(word)).flatten()?;
    (open > 0).then_some((open, sex))
}

/// What stands behind a name in the same cell: `ABRAHAM L., Ambon, 12-03-1990`, `SARAH T. / 8171024507880013`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The name.
    pub name: String,
    /// All that stands behind it.
    pub rest: String,
    /// Place and day of birth, where they do.
    pub birth: Option<(String, DateReading)>,
    /// Sixteen digits, where they do.
    pub nik: bool,
}

/// Takes name and day of birth or NIK apart where one cell holds both; nothing where it holds a name alone.
pub fn beside(cell: &str) -> Option<Beside> {
    const MARKS: [char; 8] = [',', '/', '(', ';', '|', ':', '[', '-'];
    // Most names hold no digit.
    if !cell.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let tidied = tidy(cell);
    let digits = tidied.find(|c: char| c.is_ascii_digit() || matches!(c, '\'' | '`'))?;
    let digits = digits + tidied[digits..].find(|c: char| c.is_ascii_digit())?;
    let head = tidied[..digits].trim_end_matches([' ', '\'', '`']);
    // Behind a comma the day follows the place; `lahir`, `NIK` say what follows.
    let bare = head.trim_end_matches(|c: char| MARKS.contains(&c) || c == ' ');
    let label = |w: &str| {
        matches!(
            super::text::normal(w).as_str(),
            "lahir"
                | "tgl"
                | "tgl lahir"
                | "tanggal lahir"
                | "ttl"
                | "nik"
                | "no ktp"
                | "lhr"
                | "born"
        )
    };
    let by_comma = head.ends_with(',');
    let cut = bare.rfind([',', '/', '(', ';', '|', ':', '[']);
    let name = match cut {
        Some(at) if by_comma || head.len() == bare.len() || label(&bare[at + 1..]) => &bare[..at],
        _ => bare,
    };
    let name = name.trim_end_matches(|c: char| MARKS.contains(&c) || c == ' ');
    let words = name.split(' ').filter(|w| !label(w)).collect::<Vec<_>>();
    let rest = tidied[name.len()..]
        .trim_matches(|c: char| MARKS.contains(&c) || c == ' ' || matches!(c, ')' | ']'));
    let number: String = rest.chars().filter(char::is_ascii_digit).collect();
    let nik = number.len() == 16;
    let rest = if nik { number.as_str() } else { rest };
    let birth = (!nik).then(|| super::date::place_and_date(rest));
    let dated = birth.as_ref().is_some_and(|(_, d)| d.date().is_some());
    let letters = words.concat().chars().filter(|c| c.is_alphabetic()).count();
    ((nik || dated) && letters >= 3).then(|| Beside {
        name: words.join(" "),
        rest: rest.to_owned(),
        birth: birth.filter(|_| dated),
        nik,
    })
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

/// Words behind the first comma of a name: of titles, however they are written (`SE`, `A.Md, S. Sos`), nothing is left.
fn behind_comma(s: &str) -> Vec<String> {
    let title = |w: &str| {
        let bare = letters(w);
        bare.is_empty() || TITLES.contains(&bare.as_str()) || SHORT_TITLES.contains(&bare.as_str())
    };
    let apart = s.replace(',', " ");
    // `S. Sos` is one title; in `Drs. Bodewin` there is a name.
    if apart.replace(". ", ".").split(' ').all(title) {
        return Vec::new();
    }
    let kept: Vec<&str> = apart.split(' ').filter(|w| !title(w)).collect();
    words(&kept.join(" "))
}

/// Words of a name without punctuation and titles.
fn words(s: &str) -> Vec<String> {
    let all: Vec<(&str, String)> = (s.split(' ').map(|w| (w, letters(w))))
        .filter(|(_, bare)| !bare.is_empty())
        .collect();
    fn is(titles: &[&str], word: &(&str, String)) -> bool {
        titles.contains(&word.1.as_str())
    }
    // Where nothing else is left a word is a name.
    let first = all.iter().take_while(|w| is(BEFORE, w)).count();
    let last = all.len() - all.iter().rev().take_while(|w| is(BEHIND, w)).count();
    let within = if first < last {
        first..last
    } else {
        0..all.len()
    };
    (all.iter().zip(0..))
        .filter_map(|((w, bare), at)| {
            let dotted = w.contains('.') || w.ends_with(',');
            let title = TITLES.contains(&bare.as_str())
                && (dotted || bare.len() > 2 || bare == "H" || bare == "HJ")
                || !within.contains(&at);
            // Hyphens and apostrophes inside a name stay out of the comparison anyway.
            (!bare.is_empty() && !title).then(|| {
                w.chars()
                    .filter(|c| c.is_alphanumeric() || matches!(c, '\'' | '-'))
                    .collect()
            })
        })
        .collect()
}

/// Phonetic folding of docs/definitions.md 7: spellings of one name come out alike.
///
/// Case, punctuation and doubled letters go; `y→i`, `j→y` before that is undone by folding both to `i`; `c→k`,
/// `oe→u`, `tj→k`, `dj→i`, `sj→si`, `ph→f`, `x→ks`, `th→t`, `ie→i`; a trailing `h` goes; Muhammad's and
/// Abdul's spellings become one.
pub fn fold(name: &str) -> Text {
    plainly_folded(name).unwrap_or_else(|| folded(name))
}

/// [`fold`] of letters, blanks and hyphens as most names are made of, in no room but the stack's; `None` for any other, for
/// long ones and old spellings.
fn plainly_folded(name: &str) -> Option<Text> {
    const LONGEST: usize = 48;
    let mut out = [0u8; LONGEST + 16];
    let mut n = 0;
    if name.len() > LONGEST {
        return None;
    }
    for word in name.as_bytes().split(|b| matches!(b, b' ' | b'-')) {
        if word.is_empty() {
            continue;
        }
        let mut letters = [0u8; LONGEST];
        let letters = &mut letters[..word.len()];
        letters.copy_from_slice(word);
        letters.make_ascii_lowercase();
        if !letters.iter().all(u8::is_ascii_lowercase) || is_old(letters) {
            return None;
        }
        let first = n == 0;
        if !first {
            *out.get_mut(n)? = b' ';
            n += 1;
        }
        if let Some(name) = common_name(letters, first) {
            out.get_mut(n..n + name.len())?
                .copy_from_slice(name.as_bytes());
            n += name.len();
            continue;
        }
        let begin = n;
        for b in letters {
            let b = sound(char::from(*b)) as u8;
            if n == begin || out[n - 1] != b {
                *out.get_mut(n)? = b;
                n += 1;
            }
        }
        if n - begin > 2 && out[n - 1] == b'h' {
            n -= 1;
        }
    }
    std::str::from_utf8(&out[..n]).ok().map(Text::from)
}

fn folded(name: &str) -> Text {
    let mut out = String::with_capacity(name.len());
    let mut letters = String::with_capacity(name.len());
    for c in name.chars().chain([' ']) {
        if c.is_ascii_alphabetic() {
            letters.push(c.to_ascii_lowercase());
        } else if c != ' ' && c != '-' {
            letters.extend(c.to_lowercase().filter(|_| c.is_alphabetic()));
        } else if !letters.is_empty() {
            let first = out.is_empty();
            if !first {
                out.push(' ');
            }
            fold_word(&letters, first, &mut out);
            letters.clear();
        }
    }
    out.into()
}

/// Whether a word is one of the names of which everybody has his own spelling: Muhammad, Abdul, Siti.
pub fn has_many_spellings(word: &str) -> bool {
    const LONGEST: usize = 12;
    let mut letters = [0; LONGEST];
    let Some(letters) = letters.get_mut(..word.len()) else {
        return false;
    };
    letters.copy_from_slice(word.as_bytes());
    letters.make_ascii_lowercase();
    common_name(letters, true).is_some()
}

/// Spellings of names so common that they are one each. A lone `M.` is Muhammad before the other names only: after the
/// first it is the initial of any name.
fn common_name(w: &[u8], first: bool) -> Option<&'static str> {
    // Nearly every word is told apart by its first letter.
    match w.first()? {
        b'm' if w.len() == 1 => first.then_some("muhamad"),
        b'm' => matches!(
            w,
            b"moh"
                | b"mohd"
                | b"muh"
                | b"muhd"
                | b"mohamad"
                | b"mochamad"
                | b"muhamad"
                | b"muhammad"
                | b"mohammad"
                | b"mochammad"
                | b"mohammed"
        )
        .then_some("muhamad"),
        b'a' => matches!(w, b"abd" | b"abdur" | b"abdul").then_some("abdul"),
        b's' => matches!(w, b"st" | b"siti" | b"sitti" | b"sity").then_some("siti"),
        _ => None,
    }
}

/// Whether a word of small letters may hold one of [`SOUNDS`]: every one ends with one of these letters, and most words have
/// none that follows its partner.
fn is_old(w: &[u8]) -> bool {
    let spelled = |p: &[u8]| matches!(p, b"oe" | b"tj" | b"dj" | b"sj" | b"ph" | b"th" | b"ie");
    w.windows(2).any(spelled) || w.contains(&b'x')
}

/// The letter that stands for all that sound alike.
const fn sound(c: char) -> char {
    match c {
        'y' | 'j' => 'i',
        'c' | 'q' => 'k',
        'v' => 'f',
        'z' => 's',
        c => c,
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
fn fold_word(w: &str, first: bool, to: &mut String) {
    if let Some(name) = common_name(w.as_bytes(), first) {
        return to.push_str(name);
    }
    let mut s = std::borrow::Cow::Borrowed(w);
    if is_old(w.as_bytes()) {
        for (a, b) in SOUNDS {
            if s.contains(a) {
                s = s.replace(a, b).into();
            }
        }
    }
    let begin = to.len();
    let mut before = None;
    for c in s.chars() {
        let c = sound(c);
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
            let _ = beside(&s);
            let short = read(&s);
            // A full stop at the end keeps a name from being plain and says nothing.
            let long = read(&format!("{s} ."));
            proptest::prop_assert_eq!(short, long);
        }
    }

    proptest::proptest! {
        /// What is folded on the stack is folded as any name is.
        #[test]
        fn plain_names_fold_as_any_name(s in "((la|Muh|abd|St|mochammad|[A-Za-z]{1,9}|[chyzqvxt]{1,4})[ -]{1,2}){0,6}[A-Za-z]{0,24}") {
            proptest::prop_assert_eq!(fold(&s), folded(&s));
            let plain = plainly_folded(&s);
            proptest::prop_assert!(plain.is_none_or(|p| p == folded(&s)));
        }
    }

    #[test]
    fn what_stands_behind_a_name_in_its_cell_is_told_apart() {
        let day = |s: &str| beside(s).map(|b| (b.name, b.birth.and_then(|(_, d)| d.date()?.day())));
        let twelfth = chrono::NaiveDate::from_ymd_opt(1990, 3, 12);
        for (cell, name) in [
            (
                "ABRAHAM LEKATOMPESSY, Ambon, 12-03-1990",
                "ABRAHAM LEKATOMPESSY",
            ),
            (
                "ABRAHAM LEKATOMPESSY / 12 Maret 1990",
                "ABRAHAM LEKATOMPESSY",
            ),
            (
                "Abraham Lekatompessy (Ambon, 12/03/1990)",
                "Abraham Lekatompessy",
            ),
            (
                "ABRAHAM LEKATOMPESSY\nlahir 12-3-1990",
                "ABRAHAM LEKATOMPESSY",
            ),
            ("LA UDIN BUGIS 12.03.1990", "LA UDIN BUGIS"),
        ] {
            assert_eq!(day(cell), Some((name.to_owned(), twelfth)), "{cell}");
        }
        let nik = beside("SARAH TEHUPEIORY / NIK 8171024507880013").unwrap();
        assert_eq!((nik.name.as_str(), nik.nik), ("SARAH TEHUPEIORY", true));
        for name in [
            "ABRAHAM LEKATOMPESSY",
            "ABRAHAM 2",
            "3. SARAH T.",
            "LATUCONSINA, ABDUL",
        ] {
            assert_eq!(beside(name), None, "{name}");
        }
        for (cell, sex) in [
            ("SARAH T. (P)", Sex::Female),
            ("ABRAHAM L. / Lk", Sex::Male),
            ("DESY (Pr)", Sex::Female),
        ] {
            let r = read(cell);
            assert_eq!((r.sex_hint, r.alias.as_str()), (Some(sex), ""), "{cell}");
        }
        assert_eq!(read("BUDI (PATTY)").alias, "PATTY");
    }

    #[test]
    fn what_most_names_are_made_of_folds_on_the_stack() {
        assert_eq!(plainly_folded("MUH. ALI"), None);
        assert_eq!(plainly_folded("SOEHARTO"), None);
        assert_eq!(
            plainly_folded(&"st ".repeat(16)),
            None,
            "too long when folded"
        );
        for (name, as_) in [
            ("Elly  Anna-Marya", "eli ana maria"),
            ("", ""),
            ("MUHAMMAD ZAH", "muhamad sa"),
        ] {
            assert_eq!(plainly_folded(name).as_deref(), Some(as_));
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
        for titled in [
            "Bodewin Wattimena, S.H.",
            "Bodewin Wattimena, SE",
            "BODEWIN WATTIMENA SE",
            "Ir. Bodewin Wattimena, SE, M.Si",
            "DR BODEWIN WATTIMENA SH MH",
            "Wattimena, Drs. Bodewin, M.Si",
        ] {
            assert_eq!(read(titled).name, "BODEWIN WATTIMENA", "{titled}");
        }
        assert_eq!(read("ST AMINAH").name, "ST AMINAH", "a name, no engineer");
        for (s, name) in [
            ("Yoseph Renyaan, SE", "YOSEPH RENYAAN"),
            ("YOSEPH RENYAAN,S.Sos", "YOSEPH RENYAAN"),
            ("Yoseph Renyaan, A.Md, S. H", "YOSEPH RENYAAN"),
            ("RENYAAN, YOSEPH, SE", "YOSEPH RENYAAN"),
        ] {
            assert_eq!(read(s).name, name, "{s}");
        }
        let r = read("Maria Picauly (Almh)");
        assert!(r.deceased && r.name == "MARIA PICAULY");
    }
}
