//! Offence groups by (law, article), never by the article alone (docs/definitions.md 8).

use super::text::{is_placeholder, normal, says};
use crate::domain::OffenceGroup;
use chrono::NaiveDate;

/// Which criminal code an article without a named law belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Of 1946.
    Old,
    /// UU 1/2023.
    New,
}

/// The criminal code in force on a day.
pub fn era(on: Option<NaiveDate>) -> Option<Code> {
    let on = on?;
    let in_force = CODES.iter().rev().find(|c| {
        let (y, m, d) = c.from;
        NaiveDate::from_ymd_opt(y, m, d).is_some_and(|from| from <= on)
    });
    Some(in_force.map_or(Code::Old, |c| c.code))
}

/// Group of an offence text (perkara, pasal, law); the code in force on the day of offence or admission decides when
/// the text names none.
pub fn classify(texts: &[&str], in_force: Option<Code>) -> OffenceGroup {
    let joined = texts
        .iter()
        .filter(|t| !is_placeholder(t))
        .copied()
        .collect::<Vec<_>>()
        .join(" ; ");
    let n = normal(&joined);
    if n.is_empty() {
        return OffenceGroup::Unknown;
    }
    special(&n)
        .or_else(|| words(&n))
        .or_else(|| by_article(&n, in_force))
        .unwrap_or_else(|| {
            if only_an_article(&n) {
                OffenceGroup::Unknown
            } else {
                OffenceGroup::Other
            }
        })
}

/// `Pasal 486 ayat (1)`: a number without the name of a law.
fn only_an_article(n: &str) -> bool {
    n.split(' ').all(|w| {
        w.starts_with(|c: char| c.is_ascii_digit())
            || w.len() == 1
            || matches!(
                w,
                "pasal"
                    | "ps"
                    | "psl"
                    | "ayat"
                    | "ke"
                    | "jo"
                    | "huruf"
                    | "dan"
                    | "junto"
                    | "juncto"
            )
    })
}

/// Laws named by number and year, or by their short names.
fn special(n: &str) -> Option<OffenceGroup> {
    use OffenceGroup::*;
    // The number, then the year, with at most a word for `year` between them: `35/2014`, `35 tahun 2014`.
    let words: Vec<&str> = n.split(' ').collect();
    let law = |number: &str, year: &str| {
        words.iter().enumerate().any(|(i, w)| {
            let next = words.get(i + 1).copied().unwrap_or_default();
            let year_word = matches!(next, "tahun" | "th" | "thn");
            *w == number && (next == year || (year_word && words.get(i + 2).copied() == Some(year)))
        })
    };
    if law("35", "2014") || law("17", "2016") || law("23", "2002") {
        return Some(ChildProtection);
    }
    if law("12", "2022") {
        return Some(Sexual);
    }
    if law("35", "2009") {
        return Some(Narcotics);
    }
    if law("31", "1999") || law("20", "2001") {
        return Some(Corruption);
    }
    if law("23", "2004") {
        return Some(DomesticViolence);
    }
    if law("22", "2009") {
        return Some(Traffic);
    }
    if law("12", "1951") || n.contains("drt") {
        return Some(Weapons);
    }
    if law("5", "1997") {
        return Some(Narcotics);
    }
    let others = [
        ("21", "2007"),
        ("8", "2010"),
        ("15", "2003"),
        ("5", "2018"),
        ("11", "2008"),
        ("19", "2016"),
        ("1", "2024"),
        ("31", "2004"),
        ("45", "2009"),
        ("4", "2009"),
        ("3", "2020"),
        ("6", "2011"),
        ("41", "1999"),
        ("18", "2013"),
    ];
    let special = others.iter().any(|(number, year)| law(number, year));
    special.then_some(SpecialLaws)
}

fn words(n: &str) -> Option<OffenceGroup> {
    use OffenceGroup::*;
    let has = |p: &[&str]| says(n, p);
    Some(match () {
        () if has(&[
            "perlindungan anak",
            "persetubuhan anak",
            "pencabulan anak",
            "uu pa",
            "uupa",
        ]) =>
        {
            ChildProtection
        }
        () if has(&["narkotika", "narkoba", "psikotropika", "sabu", "ganja"]) => Narcotics,
        () if has(&["korupsi", "tipikor"]) => Corruption,
        () if has(&["kdrt", "pkdrt", "kekerasan dalam rumah tangga"]) => DomesticViolence,
        () if has(&["pembunuhan"]) => Homicide,
        () if has(&[
            "kesusilaan",
            "asusila",
            "perkosaan",
            "pemerkosaan",
            "pencabulan",
            "cabul",
            "tpks",
            "kekerasan seksual",
        ]) =>
        {
            Sexual
        }
        () if has(&[
            "curas",
            "pencurian dengan kekerasan",
            "pemerasan",
            "perampokan",
            "begal",
        ]) =>
        {
            Robbery
        }
        () if has(&["pencurian", "curat", "curanmor", "curi"]) => Theft,
        () if has(&["penggelapan", "penipuan", "penadahan", "tipu"]) => Fraud,
        () if has(&[
            "penganiayaan",
            "pengeroyokan",
            "aniaya",
            "kekerasan bersama",
        ]) =>
        {
            Assault
        }
        () if has(&["lalu lintas", "laka lantas", "lakalantas", "laka"]) => Traffic,
        () if has(&[
            "senjata",
            "sajam",
            "senpi",
            "senjata tajam",
            "senjata api",
            "bahan peledak",
        ]) =>
        {
            Weapons
        }
        () if has(&["perjudian", "judi", "togel"]) => Gambling,
        () if has(&[
            "ite",
            "tppu",
            "terorisme",
            "tppo",
            "perikanan",
            "minerba",
            "keimigrasian",
            "kehutanan",
            "pencucian uang",
        ]) =>
        {
            SpecialLaws
        }
        () => return None,
    })
}

fn by_article(n: &str, in_force: Option<Code>) -> Option<OffenceGroup> {
    let new_law = says(
        n,
        &[
            "1 2023",
            "1 tahun 2023",
            "1 th 2023",
            "kuhp baru",
            "kuhp nasional",
            "kuhp 2023",
        ],
    );
    let old_law = says(n, &["kuhp lama", "kuhp 1946", "1 1946"]);
    let named = says(n, &["kuhp"]);
    let articles = || {
        n.split(' ').filter_map(|w| {
            let d: String = w.chars().take_while(char::is_ascii_digit).collect();
            (2..=3)
                .contains(&d.len())
                .then(|| d.parse::<u32>().ok())
                .flatten()
        })
    };
    let read = |code: Code| articles().find_map(|a| group(code, a));
    match () {
        () if new_law => read(Code::New),
        () if old_law => read(Code::Old),
        // Offices copy the articles of the old code for years, and an offence of before may be judged under the new one:
        // both are tried from the day on which the new is in force, and what is one group in both, or in one alone, is it.
        () if in_force == Some(Code::New) => match (read(Code::Old), read(Code::New)) {
            (Some(a), Some(b)) if a != b => Some(OffenceGroup::Unknown),
            (a, b) => a.or(b),
        },
        // The same number means other things in the two codes: without the law's name only the day can tell.
        () if in_force == Some(Code::Old) || named => read(Code::Old),
        () => None,
    }
}

/// How sure it is what an article is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Well known in the field.
    Known,
    /// Likely, and to be checked against the text of the law.
    Probable,
}

/// Articles of a criminal code that are of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Articles {
    /// The code.
    pub code: Code,
    /// First and last article.
    pub articles: (u32, u32),
    /// Their group.
    pub group: OffenceGroup,
    /// How sure this is.
    pub certainty: Certainty,
}

/// Since when a criminal code is in force, and by which law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce {
    /// The code.
    pub code: Code,
    /// First day: year, month, day; the earlier one was in force before.
    pub from: (i32, u32, u32),
    /// The law that says so.
    pub source: &'static str,
}

/// The criminal codes by the day from which each is in force.
pub const CODES: &[InForce] = &[
    InForce {
        code: Code::Old,
        from: (1946, 2, 26),
        source: "UU 1/1946",
    },
    InForce {
        code: Code::New,
        from: (2026, 1, 2),
        source: "UU 1/2023 Pasal 624; UU 1/2026",
    },
];

const fn rule(
    code: Code,
    first: u32,
    last: u32,
    group: OffenceGroup,
    certainty: Certainty,
) -> Articles {
    Articles {
        code,
        articles: (first, last),
        group,
        certainty,
    }
}

/// What the articles of the criminal codes are about; articles that are not here are of none of the groups.
pub const ARTICLES: &[Articles] = {
    use Certainty::{Known, Probable};
    use Code::{New, Old};
    use OffenceGroup::*;
    &[
        rule(Old, 170, 170, Assault, Known),
        rule(Old, 285, 296, Sexual, Known),
        rule(Old, 303, 303, Gambling, Known),
        rule(Old, 338, 340, Homicide, Known),
        rule(Old, 351, 358, Assault, Known),
        rule(Old, 362, 364, Theft, Known),
        rule(Old, 365, 365, Robbery, Known),
        rule(Old, 368, 368, Robbery, Known),
        rule(Old, 372, 374, Fraud, Known),
        rule(Old, 378, 378, Fraud, Known),
        rule(Old, 480, 480, Fraud, Known),
        rule(New, 262, 262, Assault, Known),
        rule(New, 306, 307, Weapons, Probable),
        rule(New, 406, 423, Sexual, Known),
        rule(New, 426, 427, Gambling, Known),
        rule(New, 458, 459, Homicide, Known),
        rule(New, 466, 471, Assault, Known),
        rule(New, 473, 473, Sexual, Known),
        rule(New, 476, 478, Theft, Known),
        rule(New, 479, 479, Robbery, Known),
        rule(New, 482, 482, Robbery, Known),
        rule(New, 486, 488, Fraud, Known),
        rule(New, 492, 492, Fraud, Known),
        rule(New, 591, 591, Fraud, Known),
        rule(New, 603, 606, Corruption, Known),
        rule(New, 609, 611, Narcotics, Probable),
    ]
};

fn group(code: Code, article: u32) -> Option<OffenceGroup> {
    ARTICLES
        .iter()
        .find(|r| r.code == code && (r.articles.0..=r.articles.1).contains(&article))
        .map(|r| r.group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use OffenceGroup::*;

    #[test]
    fn no_article_is_of_two_groups_in_one_code() {
        for (i, a) in ARTICLES.iter().enumerate() {
            assert!(a.articles.0 <= a.articles.1);
            for b in &ARTICLES[i + 1..] {
                let apart = a.articles.1 < b.articles.0 || b.articles.1 < a.articles.0;
                assert!(a.code != b.code || apart, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn law_and_article_decide_together() {
        let d = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
        let c = |s: &str| classify(&[s], era(d(2024, 5, 1)));
        assert_eq!(
            c("Ps. 81 ayat (2) UU RI No. 17 Th 2016 jo UU 35/2014"),
            ChildProtection
        );
        assert_eq!(c("363 ayat 1 ke-4 KUHP"), Theft);
        assert_eq!(c("Pasal 112 (1) UU 35/2009"), Narcotics);
        assert_eq!(c("Narkoba"), Narcotics);
        assert_eq!(c("Tipikor"), Corruption);
        assert_eq!(c("Laka Lantas"), Traffic);
        assert_eq!(
            classify(&["Pasal 486"], None),
            Unknown,
            "the article alone says nothing"
        );
        assert_eq!(classify(&["Pasal 486 UU 1/2023"], None), Fraud);
        assert_eq!(classify(&["Pasal 476"], era(d(2026, 2, 1))), Theft);
        assert_eq!(classify(&["-"], None), Unknown);
        let now = |s: &str| classify(&[s], era(d(2026, 2, 1)));
        assert_eq!(
            now("363 KUHP"),
            Theft,
            "offices copy old articles for years"
        );
        assert_eq!(now("Pasal 351 ayat (1)"), Assault);
        assert_eq!(now("Pasal 476 UU 1/2023"), Theft);
        assert_eq!(now("486 KUHP"), Fraud);
        assert_eq!(now("Pasal 187 KUHP"), Other);
        assert_eq!(now("Pasal 187"), Unknown);
        assert_eq!(c("Pasal 476"), Unknown, "not in force");
        assert_eq!(c("Pasal 2 UU 21 Tahun 2007"), SpecialLaws);
    }
}
