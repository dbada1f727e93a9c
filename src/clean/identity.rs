//! Who a row is about: NIK, name, sex, birth, residence, checked against each other (docs/definitions.md 1–1.10).

use super::date::{DateReading, place_and_date};
use super::row::Row;
use super::text::{is_placeholder, normal};
use super::{AsOf, codes, name, nik, place};
use crate::domain::raw::RawCell;
use crate::domain::records::{Identity, OtherNames};
use crate::domain::{Field, NikStatus, PartialDate, Severity, Text};
use chrono::{Datelike, NaiveDate};
use std::borrow::Cow;

/// Reads the identity of a row; `None` when the row names nobody.
pub fn read(row: &mut Row, as_of: &AsOf) -> Option<Identity> {
    let written = row.text(Field::Name);
    let beside = name::beside(&written);
    let n = match &beside {
        Some(b) => name::read(&with_fam(row, b.name.as_str().into())),
        None => name::read(&with_fam(row, written)),
    };
    let nik = if let Some(b) = beside.as_ref().filter(|b| b.nik && !row.has(Field::Nik)) {
        nik::read(&RawCell::Text(b.rest.as_str().into()))
    } else if row.damage(Field::Nik).nik_rounded {
        nik::read_rounded(row.cell(Field::Nik))
    } else {
        nik::read(row.cell(Field::Nik))
    };
    match nik.status() {
        NikStatus::Damaged15 | NikStatus::Scientific => {
            row.note(Severity::Warning, "clean.nik_damaged", Field::Nik);
        }
        NikStatus::Invalid => {
            row.note(Severity::Warning, "clean.nik_invalid", Field::Nik);
        }
        _ => {}
    }
    let named = n.name.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    if !named && nik.intact().is_none() {
        return None;
    }
    let mut who = Identity {
        nik,
        name: n.name,
        deceased_mark: n.deceased,
        ..Identity::default()
    };
    let (mut alias, mut parent) = (n.alias, n.parent);
    if alias.is_empty() {
        let written = row.text(Field::Alias);
        if !is_placeholder(&written) {
            alias = name::read(&written).name;
        }
    }
    for f in [Field::FatherName, Field::ParentName, Field::MotherName] {
        let p = row.text(f);
        if parent.is_empty() && !is_placeholder(&p) {
            parent = name::read(&p).name;
        }
    }
    if !alias.is_empty() || !parent.is_empty() {
        who.others = Some(Box::new(OtherNames { alias, parent }));
    }
    birth(row, &mut who);
    if let Some((place, day)) = beside.and_then(|b| b.birth)
        && !who.birth.is_known()
    {
        who.birth = day.date().unwrap_or(PartialDate::Unknown);
        if who.birth_place.is_empty() && !is_placeholder(&place) {
            who.birth_place = place.to_uppercase().into();
        }
    }
    sex(row, &mut who, n.sex_hint);
    check_birth(row, &mut who, as_of);
    who.residence = place::residence(
        &row.text(Field::Address),
        &row.text(Field::Village),
        &row.text(Field::District),
        &row.text(Field::Regency),
    );
    Some(who)
}

/// The name with the fam that stands in a column of its own.
fn with_fam<'a>(row: &Row<'a>, given: Cow<'a, str>) -> Cow<'a, str> {
    let fam = row.text(Field::FamilyName);
    if is_placeholder(&fam) {
        given
    } else if is_placeholder(&given) {
        fam
    } else if normal(&given).ends_with(&format!(" {}", normal(&fam))) {
        // Some offices write the fam twice.
        given
    } else {
        format!("{given} {fam}").into()
    }
}

fn birth(row: &mut Row, who: &mut Identity) {
    who.birth = row.date(Field::BirthDate);
    let mut born_in = row.text(Field::BirthPlace);
    let both = row.text(Field::BirthPlaceDate);
    if !is_placeholder(&both) {
        let (p, d) = match row.cell(Field::BirthPlaceDate) {
            RawCell::Text(_) => place_and_date(&both),
            _ => (
                String::new(),
                super::date::read(row.cell(Field::BirthPlaceDate)),
            ),
        };
        if born_in.is_empty() {
            born_in = p.into();
        }
        let unknown = !who.birth.is_known();
        match d {
            DateReading::Known(d) if unknown => who.birth = d,
            DateReading::Mended(d) if unknown => {
                row.note(
                    Severity::Warning,
                    "clean.date_mended",
                    Field::BirthPlaceDate,
                )
                .proposed = d.format("%d-%m-%Y").to_string().into();
                who.birth = PartialDate::Day(d);
            }
            DateReading::Placeholder => {
                row.note(
                    Severity::Note,
                    "clean.date_placeholder",
                    Field::BirthPlaceDate,
                );
            }
            DateReading::Known(_) | DateReading::Mended(_) | DateReading::Empty => {}
            DateReading::Period(..) => {
                row.note(Severity::Warning, "clean.date_bad", Field::BirthPlaceDate);
            }
            DateReading::Bad(c) => {
                let issue = row.note(Severity::Warning, "clean.date_bad", Field::BirthPlaceDate);
                if let Some(c) = c {
                    issue.proposed = c.format("%d-%m-%Y").to_string().into();
                }
            }
        }
    }
    if !is_placeholder(&born_in) {
        who.birth_place = if born_in.is_ascii() {
            let mut upper = Text::from(born_in.as_ref());
            upper.make_ascii_uppercase();
            upper
        } else {
            born_in.to_uppercase().into()
        };
    }
}

fn sex(row: &mut Row, who: &mut Identity, hint: Option<crate::domain::Sex>) {
    let written = row.text(Field::Sex);
    who.sex = codes::sex(&written);
    if who.sex.is_none() && !is_placeholder(&written) {
        row.note(Severity::Warning, "clean.sex_bad", Field::Sex);
    }
    let in_nik = who.nik.birth(2026).map(|(_, s)| s);
    match (who.sex, in_nik) {
        (None, Some(s)) => {
            who.sex = Some(s);
            who.from_nik.sex = true;
        }
        (None, None) => who.sex = hint,
        (Some(a), Some(b)) if a != b => {
            row.note(Severity::Warning, "clean.sex_mismatch", Field::Sex);
        }
        _ => {}
    }
}

/// The date against the NIK and against sense; a swapped pair that fits the NIK is repaired.
fn check_birth(row: &mut Row, who: &mut Identity, as_of: &AsOf) {
    let field = if *row.cell(Field::BirthDate) == RawCell::Empty {
        Field::BirthPlaceDate
    } else {
        Field::BirthDate
    };
    if let PartialDate::Day(d) = who.birth {
        let written = d;
        let d = century(d, as_of);
        who.birth = PartialDate::Day(d);
        // Two digits leave the century open; four that name a coming year were mistyped.
        if d != written && row.shown(field).contains(&written.year().to_string()) {
            row.note(Severity::Warning, "clean.birth_century", field)
                .proposed = d.format("%d-%m-%Y").to_string().into();
        }
        if as_of.is_before(d) || d.year() < 1930 {
            row.note(Severity::Warning, "clean.birth_impossible", field);
            who.birth = PartialDate::Unknown;
        }
    }
    let Some((in_nik, _)) = who.nik.birth(as_of.year()) else {
        return;
    };
    match who.birth {
        PartialDate::Unknown => {
            who.birth = PartialDate::Day(in_nik);
            who.from_nik.birth = true;
        }
        PartialDate::Day(d) if d != in_nik => {
            let swapped = NaiveDate::from_ymd_opt(d.year(), d.day(), d.month());
            if swapped == Some(in_nik) {
                let new = in_nik.format("%d-%m-%Y").to_string();
                row.note(Severity::Warning, "clean.birth_swapped", field)
                    .proposed = new.into();
                who.birth = PartialDate::Day(in_nik);
            } else {
                row.note(Severity::Warning, "clean.birth_mismatch", field);
            }
        }
        _ => {}
    }
}

/// A two-digit birth year of the wrong century makes people who are not born or a hundred years old.
fn century(d: NaiveDate, as_of: &AsOf) -> NaiveDate {
    if as_of.is_before(d) {
        NaiveDate::from_ymd_opt(d.year() - 100, d.month(), d.day()).unwrap_or(d)
    } else {
        d
    }
}
