//! Words whose letters are set apart, as headings are typed: `M A S U K`, `N A M A   L E N G K A P`.

use std::borrow::Cow;

/// Fewer letters set apart are initials, marks of attendance, or `B I`.
const LEAST: usize = 4;

/// The text with such words joined: a text that holds none is handed back as it is.
pub fn joined(text: &str) -> Cow<'_, str> {
    // Nearly every text is told by its first bytes.
    let b = text.trim_start().as_bytes();
    if b.len() < 2 * LEAST - 1 || b[1] != b' ' || b[3] != b' ' || !b[0].is_ascii_alphabetic() {
        return Cow::Borrowed(text);
    }
    let mut words: Vec<String> = Vec::new();
    let mut letters: Vec<&str> = Vec::new();
    let close = |letters: &mut Vec<&str>, words: &mut Vec<String>| {
        if letters.len() >= LEAST {
            words.push(letters.concat());
        } else {
            words.extend(letters.iter().map(|l| (*l).to_owned()));
        }
        letters.clear();
    };
    for word in text.trim().split(' ') {
        let mut chars = word.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if c.is_alphabetic() => letters.push(word),
            // Two blanks stand between words.
            (None, _) => close(&mut letters, &mut words),
            _ => {
                close(&mut letters, &mut words);
                words.push(word.to_owned());
            }
        }
    }
    close(&mut letters, &mut words);
    Cow::Owned(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_set_apart_are_a_word_and_initials_are_not() {
        for (written, read) in [
            ("M A S U K", "MASUK"),
            ("K E L U A R  (JANUARI)", "KELUAR (JANUARI)"),
            ("N A M A   W A R G A", "NAMA WARGA"),
            ("B I", "B I"),
            ("A B C Latu", "A B C Latu"),
            ("H A K", "H A K"),
            ("Masuk", "Masuk"),
        ] {
            assert_eq!(joined(written), read, "{written}");
        }
    }

    proptest::proptest! {
        #[test]
        fn joining_loses_no_letter(s in "([A-Za-z] ){0,9}\\PC{0,12}") {
            let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(bare(&joined(&s)), bare(&s));
        }
    }
}
