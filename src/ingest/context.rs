//! What letterhead, title, sheet name, file name and section rows say: unit, agency, month.

use super::Reader;
use crate::domain::Month;
use crate::domain::month::month_word;
use crate::domain::normal;
use crate::domain::opd::OPDS;
use crate::domain::upt::{UptKind, other_kinds};
use crate::domain::words::office_form;
use chrono::NaiveDate;

/// Every spelling of units and agencies in the form in which they are looked for; made once a file.
pub struct Names {
    units: Vec<(String, String, UptKind)>,
    agencies: Vec<(String, String)>,
}

/// Places where a Bapas has a post, with the Bapas: its folder and its lists name the place alone (`Pos Bapas Dobo`).
const POSTS: &[(&str, &[&str])] = &[
    (
        "bapas-ambon",
        &[
            "namlea", "buru", "masohi", "piru", "seram", "geser", "bula", "wahai", "banda",
            "saparua", "namrole", "sbb",
        ],
    ),
    (
        "bapas-saumlaki",
        &[
            "tual", "langgur", "kei", "dobo", "aru", "larat", "wonreli", "kisar", "tiakur", "moa",
            "mbd",
        ],
    ),
];

/// The Bapas of a post that a text in the form of offices names.
fn post_in(form: &str) -> Option<String> {
    let of = |place: &str| {
        ["pos bapas", "bapas pos", "pos"]
            .iter()
            .any(|p| form.contains(&format!(" {p} {place} ")))
            || form.contains(&format!(" bapas {place} "))
    };
    let found = POSTS
        .iter()
        .find(|(_, places)| places.iter().any(|p| of(p)));
    found.map(|(id, _)| (*id).to_owned())
}

impl Names {
    /// Of what a reader knows: units by name, alias, or kind and place (`LAPAS AMBON`); agencies by name and alias.
    pub fn of(reader: &Reader) -> Names {
        let mut units = Vec::new();
        for (_, u) in reader.units.all() {
            let place = u.name.rsplit(' ').next().unwrap_or_default();
            let short = format!("{} {place}", u.kind.id());
            let names = std::iter::once(&u.name)
                .chain(&u.aliases)
                .chain(std::iter::once(&short));
            units.extend(names.map(|n| (office_form(n), u.id.clone(), u.kind)));
            let other = other_kinds(reader.units, u);
            units.extend(other.map(|n| (office_form(&n), u.id.clone(), u.kind)));
        }
        let builtin =
            OPDS.iter()
                .filter(|(id, ..)| *id != "upt")
                .flat_map(|(id, name, aliases)| {
                    std::iter::once(*name)
                        .chain(aliases.iter().copied())
                        .map(move |n| (*id, n))
                });
        let own = reader
            .agencies
            .iter()
            .map(|(id, n)| (id.as_str(), n.as_str()));
        let mut agencies: Vec<(String, String)> = builtin
            .chain(own)
            .map(|(id, n)| {
                (
                    format!(" {} ", normal(&n.replace('&', " dan "))),
                    id.to_owned(),
                )
            })
            .collect();
        // The longest name counts; of equals the first known.
        units.sort_by_key(|(n, ..)| std::cmp::Reverse(n.len()));
        agencies.sort_by_key(|(n, _)| std::cmp::Reverse(n.len()));
        Names { units, agencies }
    }

    /// The unit a text names.
    pub fn unit_in(&self, text: &str) -> Option<(String, UptKind)> {
        let t = office_form(text);
        let found = self.units.iter().find(|(n, ..)| t.contains(n.as_str()));
        let post = || {
            let id = t.contains(" bapas ").then(|| post_in(&t)).flatten()?;
            let known = self.units.iter().find(|(_, u, _)| *u == id)?;
            Some((id, known.2))
        };
        let found = found.map(|(_, id, kind)| (id.clone(), *kind));
        // `Pos Bapas Dobo`, on whose lists the prison of the place is named as well.
        match found {
            Some((_, kind)) if kind != UptKind::Bapas => {
                let first = |n: &str| t.find(n).unwrap_or(usize::MAX);
                let prison = ["lapas", "rutan", "lpka", "lpp"]
                    .iter()
                    .map(|w| first(&format!(" {w} ")))
                    .min();
                post().filter(|_| Some(first(" bapas ")) < prison).or(found)
            }
            Some(bapas) => Some(bapas),
            None => post(),
        }
    }

    /// Beside a prison the Bapas that a text names, beside a Bapas the prison.
    pub fn unit_of_other_kind(&self, text: &str, kind: UptKind) -> Option<(String, UptKind)> {
        let t = office_form(text);
        let bapas = kind == UptKind::Bapas;
        let found = self
            .units
            .iter()
            .find(|(n, _, k)| (*k == UptKind::Bapas) != bapas && t.contains(n.as_str()));
        found.map(|(_, id, kind)| (id.clone(), *kind))
    }

    /// The agency a text names.
    pub fn agency_in(&self, text: &str) -> Option<String> {
        let t = format!(" {} ", normal(&text.replace('&', " dan ")));
        let found = self.agencies.iter().find(|(n, _)| t.contains(n.as_str()));
        found.map(|(_, id)| id.clone())
    }
}

/// Whether a year that follows ends a date: what comes after it is the hour (`31-01-2026 09:15`).
fn ends_a_date(before: &[&str]) -> bool {
    let month = |w: &&str| {
        month_word(w).is_some()
            || w.len() <= 2 && w.parse().is_ok_and(|m: u32| (1..=12).contains(&m))
    };
    before.last().is_some_and(month)
}

/// The (last) month a text names: `BULAN JANUARI 2026`, `Jan 26`, `2026-01`, `01-2026`, `s.d. 31 Januari 2026`.
pub fn month_in(text: &str) -> Option<Month> {
    let n = normal(text);
    let words: Vec<&str> = n.split(' ').collect();
    let year = |w: &str| -> Option<i32> {
        let y: i32 = w.parse().ok()?;
        match w.len() {
            4 if (1990..=2100).contains(&y) => Some(y),
            2 if (10..=60).contains(&y) => Some(2000 + y),
            _ => None,
        }
    };
    let mut found = None;
    for (i, w) in words.iter().enumerate() {
        let next = words.get(i + 1).copied().unwrap_or_default();
        let letters: String = w.chars().take_while(|c| c.is_alphabetic()).collect();
        let digits: &str = &w[letters.len()..];
        if let Some(m) = month_word(&letters) {
            let y = if digits.is_empty() {
                // `2026 januari`: the year may stand before the word.
                let before = i.checked_sub(1).map_or("", |k| words[k]);
                year(next).or_else(|| year(before).filter(|_| before.len() == 4))
            } else {
                year(digits)
            };
            found = y.and_then(|y| Month::new(y, m)).or(found);
        } else if w.len() == 4
            && next.len() == 2
            && w.starts_with("20")
            && !ends_a_date(&words[..i])
        {
            let m = year(w)
                .zip(next.parse().ok())
                .and_then(|(y, m)| Month::new(y, m));
            found = m.or(found);
        } else if w.len() == 2 && next.len() == 4 && next.starts_with("20") {
            let m = year(next)
                .zip(w.parse().ok())
                .and_then(|(y, m)| Month::new(y, m));
            found = m.or(found);
        } else if w.len() == 6 && w.is_ascii() && w.starts_with("20") {
            let m = w[..4]
                .parse()
                .ok()
                .zip(w[4..].parse().ok())
                .and_then(|(y, m)| Month::new(y, m));
            found = m.or(found);
        }
    }
    found
}

/// The period a title names: `1 Januari s.d. 31 Maret 2026`; the first day may lack its year.
pub fn period_in(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let n = normal(text);
    let words: Vec<&str> = n.split(' ').collect();
    let mut dates: Vec<(u32, u32, Option<i32>)> = Vec::new();
    for w in words.windows(2).enumerate() {
        let (i, pair) = w;
        if let (Ok(d), Some(m)) = (pair[0].parse::<u32>(), month_word(pair[1]))
            && (1..=31).contains(&d)
        {
            let y = words
                .get(i + 2)
                .and_then(|y| y.parse::<i32>().ok())
                .filter(|y| (1990..=2100).contains(y));
            dates.push((d, m, y));
        }
    }
    let [(d1, m1, y1), (d2, m2, y2)] = dates.as_slice() else {
        return None;
    };
    let y2 = (*y2)?;
    let from = NaiveDate::from_ymd_opt(y1.unwrap_or(y2), *m1, *d1)?;
    let to = NaiveDate::from_ymd_opt(y2, *m2, *d2)?;
    (from <= to).then_some((from, to))
}

/// The day until which a title speaks: `keadaan s.d. 25 Januari 2026`, `per 25-01-2026`.
pub fn until_in(text: &str) -> Option<NaiveDate> {
    let n = normal(text);
    let words: Vec<&str> = n.split(' ').collect();
    let leads = |i: usize| {
        let before = |k: usize| i.checked_sub(k).map_or("", |j| words[j]);
        let said = |w: &str| matches!(w, "per" | "keadaan" | "posisi" | "sampai" | "sd" | "hingga");
        let lead = |k: usize| {
            said(before(k)) || before(k) == "d" && before(k + 1) == "s" || before(k) == "dengan"
        };
        lead(1) || matches!(before(1), "tanggal" | "tgl") && lead(2)
    };
    for i in 0..words.len() {
        let Some(day) = words[i]
            .parse::<u32>()
            .ok()
            .filter(|d| (1..=31).contains(d))
        else {
            continue;
        };
        let word = |k: usize| words.get(i + k).copied().unwrap_or_default();
        let month =
            month_word(word(1)).or_else(|| word(1).parse().ok().filter(|m| (1..=12).contains(m)));
        let year = word(2)
            .parse::<i32>()
            .ok()
            .filter(|y| (1990..=2100).contains(y));
        let date = month
            .zip(year)
            .and_then(|(m, y)| NaiveDate::from_ymd_opt(y, m, day));
        if let Some(d) = date.filter(|_| leads(i)) {
            return Some(d);
        }
    }
    None
}

/// Supplier id a path says: a unit, an agency, else its first folder or what of its name may be shown.
pub fn supplier_of_path(rel: &str, reader: &Reader, names: &Names) -> String {
    let spaced = rel.replace(['/', '_', '-', '.'], " ");
    if let Some((id, _)) = names.unit_in(&spaced) {
        return id;
    }
    if let Some(id) = names.agency_in(&spaced) {
        return id;
    }
    super::FileNames::new(reader.units, reader.agencies, []).supplier(rel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_other_scripts_are_no_month() {
        assert_eq!(month_in("202\u{d36}"), None);
        assert_eq!(month_in("202603"), Month::new(2026, 3));
    }

    #[test]
    fn a_post_is_of_its_bapas() {
        for (t, id) in [
            ("pos bapas dobo klien xlsx", Some("bapas-saumlaki")),
            ("bapas ambon pos namlea", Some("bapas-ambon")),
            (
                "POS BAPAS NAMLEA, klien dari Lapas Namlea",
                Some("bapas-ambon"),
            ),
            ("bapas masohi", Some("bapas-ambon")),
            ("pos jaga namlea", None),
        ] {
            let units = crate::domain::upt::UptRegistry::maluku(&[]);
            let reader = Reader {
                units: &units,
                sources: &Default::default(),
                limits: &Default::default(),
                agencies: &Default::default(),
            };
            let found = Names::of(&reader).unit_in(t);
            assert_eq!(found.map(|(id, _)| id).as_deref(), id, "{t}");
        }
    }

    #[test]
    fn months_are_read_from_titles_sheets_and_file_names() {
        let m = |y, m| Month::new(y, m);
        assert_eq!(month_in("DATA KLIEN BULAN JANUARI 2026"), m(2026, 1));
        assert_eq!(month_in("Nop 25"), m(2025, 11));
        assert_eq!(month_in("reg_2026-01.xlsx"), m(2026, 1));
        assert_eq!(month_in("Keadaan s.d. 31 Desember 2025"), m(2025, 12));
        assert_eq!(month_in("JAN2026"), m(2026, 1));
        // The hour is no month.
        assert_eq!(month_in("Dicetak: 31-01-2026 09:15"), m(2026, 1));
        assert_eq!(month_in("Diunduh 31 Januari 2026 pukul 07.15"), m(2026, 1));
        assert_eq!(month_in("31 Januari 2026 07.15"), m(2026, 1));
        assert_eq!(month_in("lapas banda 2026 januari"), m(2026, 1));
        assert_eq!(month_in("Laporan tahunan"), None);
    }

    #[test]
    fn the_last_day_of_a_list_is_read_where_the_title_says_it() {
        let d = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
        assert_eq!(
            until_in("REGISTER, keadaan s.d. 25 Januari 2026"),
            d(2026, 1, 25)
        );
        assert_eq!(until_in("Posisi per tanggal 25-01-2026"), d(2026, 1, 25));
        assert_eq!(until_in("Periode 1 s/d 31 Januari 2026"), d(2026, 1, 31));
        assert_eq!(until_in("Ambon, 5 Februari 2026"), None);
        assert_eq!(until_in("Surat Nomor 12 tanggal 5 Februari 2026"), None);
    }

    #[test]
    fn periods_are_read_with_one_year_for_both_ends() {
        let d = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(
            period_in("Periode 1 Januari s.d. 31 Maret 2026"),
            Some((d(2026, 1, 1), d(2026, 3, 31)))
        );
    }
}
