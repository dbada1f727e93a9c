//! Offence groups by (law, article), never by the article alone (DOMAIN.md 1.6).

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

/// The criminal code in force on a day: UU 1/2023 from 2 January 2026.
pub fn era(on: Option<NaiveDate>) -> Option<Code> {
    let in_force = NaiveDate::from_ymd_opt(2026, 1, 2);
    on.map(|d| {
        if Some(d) >= in_force {
            Code::New
        } else {
            Code::Old
        }
    })
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
    None
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
    let code = match () {
        () if new_law => Code::New,
        () if old_law => Code::Old,
        // The same number means other things in the two codes: without the law's name only the day can tell.
        () if let Some(code) = in_force => code,
        () if named => Code::Old,
        () => return None,
    };
    let articles = n.split(' ').filter_map(|w| {
        let d: String = w.chars().take_while(char::is_ascii_digit).collect();
        (2..=3)
            .contains(&d.len())
            .then(|| d.parse::<u32>().ok())
            .flatten()
    });
    articles.into_iter().find_map(|a| match code {
        Code::Old => old(a),
        Code::New => new(a),
    })
}

fn old(a: u32) -> Option<OffenceGroup> {
    use OffenceGroup::*;
    Some(match a {
        285..=296 => Sexual,
        351..=358 | 170 => Assault,
        338..=340 => Homicide,
        362..=364 => Theft,
        365 | 368 => Robbery,
        372..=374 | 378 | 480 => Fraud,
        303 => Gambling,
        _ => return None,
    })
}

fn new(a: u32) -> Option<OffenceGroup> {
    use OffenceGroup::*;
    Some(match a {
        406..=423 | 473 => Sexual,
        609..=611 => Narcotics,
        603..=606 => Corruption,
        466..=471 | 262 => Assault,
        458 | 459 => Homicide,
        476..=478 => Theft,
        479 | 482 => Robbery,
        486..=488 | 492 | 591 => Fraud,
        306 | 307 => Weapons,
        426 | 427 => Gambling,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use OffenceGroup::*;

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
    }
}
