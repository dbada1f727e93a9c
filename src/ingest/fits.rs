//! What the look of a column's values says of the fields it may be: which it bears out, which it contradicts, and what
//! it is where no header says anything.

use super::profile::{Look, Sign};
use crate::clean::text::is_placeholder;
use crate::domain::raw::{RawCell, RawTable};
use crate::domain::{Field, normal};

/// Texts of a column from above, without placeholders.
pub(super) fn texts(table: &RawTable, at: usize) -> impl Iterator<Item = &str> {
    table
        .rows
        .iter()
        .filter_map(move |r| match r.cells.get(at) {
            Some(RawCell::Text(t)) if !is_placeholder(t) => Some(&**t),
            _ => None,
        })
}

/// How well the values of a column go with a field its header may mean: 1 as expected, more where they prove it, less
/// where they contradict it. An empty column contradicts nothing.
pub fn fits(field: Field, l: &Look) -> f32 {
    use {Field as F, Sign as S};
    if l.filled == 0 {
        return 1.0;
    }
    // What a few values say weighs less than what many say.
    let trust = (l.filled as f32 / 4.0).min(1.0);
    let need = |share: f32| {
        let f = if share >= 0.7 {
            1.1
        } else if share >= 0.4 {
            1.0
        } else if share >= 0.15 {
            0.75
        } else {
            0.4
        };
        1.0 + (f - 1.0) * trust
    };
    let hurt = |share: f32, by: f32| if share >= 0.6 { 1.0 - by * trust } else { 1.0 };
    match field {
        F::Nik => need(l[S::Nik] + l[S::LongNumber] * 0.6),
        F::FamilyCardNo => need(l[S::Nik] + l[S::LongNumber]),
        F::Name => need(l[S::Person] + 0.3 * l[S::Text]) * hurt(l[S::Date], 0.8),
        F::FamilyName => need(l[S::Person]),
        F::FatherName | F::MotherName | F::ParentName | F::Officer | F::Guarantor => {
            need(l[S::Person] + 0.45 * l[S::Text])
        }
        F::Alias => hurt(l[S::Date], 0.8) * hurt(l[S::Number], 0.8),
        F::Sex => need(l[S::Sex]),
        f if f.is_day() => need(l[S::Date]),
        F::BirthPlaceDate => need(l[S::PlaceDate] + 0.2 * l[S::Date]),
        F::BirthPlace => need(l[S::Text]) * hurt(l[S::PlaceDate], 0.5) * hurt(l[S::Date], 0.9),
        F::Age => need(l[S::Age]),
        F::Phone => need(l[S::Phone] + 0.5 * l[S::LongNumber]),
        F::SessionsPlanned
        | F::SessionsAttended
        | F::HoursPlanned
        | F::HoursAttended
        | F::HoursOrdered
        | F::HoursServed
        | F::HoursPerDay
        | F::ReportsDue
        | F::ReportsMet
        | F::SentenceYears
        | F::SentenceMonths
        | F::SentenceDays => need(l[S::Count]) * hurt(l[S::Date], 0.8),
        F::AttendanceShare => need(l[S::Number] + l[S::Count]),
        F::Amount => need(l[S::Money] + 0.1 * l[S::Number]),
        F::Education => need(l[S::Education]),
        F::Religion => need(l[S::Religion] + 0.3 * l[S::Text]),
        F::MaritalStatus => need(l[S::Marital] + 0.4 * l[S::Text]),
        F::Nationality => need(l[S::Nation] + 0.5 * l[S::Text]),
        F::Upt | F::FromUpt | F::ToUpt => {
            need(l[S::Unit] + 0.5 * l[S::Bapas]) * hurt(l[S::Date], 0.8)
        }
        F::Bapas => need(l[S::Bapas] + 0.4 * l[S::Text]),
        F::SentenceLength => {
            need(l[S::Sentence] + 0.4 * l[S::Number] + 0.3 * l[S::Text]) * hurt(l[S::Date], 0.8)
        }
        F::Court => need(l[S::Court] + 0.4 * l[S::Text]),
        F::RegisterNo
        | F::ClientNo
        | F::MasterNo
        | F::VerdictNo
        | F::DecreeNo
        | F::CertificateNo
        | F::DocumentNo => {
            need(l[S::Code] + l[S::Number] + l[S::LongNumber] + l[S::Register] + l[S::Nik])
                * hurt(l[S::Date], 0.6)
                * hurt(l[S::Phone], 0.5)
        }
        F::RegisterClass => need(l[S::Class] + l[S::StatusOfPerson] + 0.1 * l[S::Text]),
        F::District | F::Village | F::Regency | F::Address => {
            need(l[S::Text] + l[S::Village] + l[S::District] + l[S::Address])
                * hurt(l[S::Date], 0.8)
        }
        F::Offence
        | F::Occupation
        | F::ServiceKind
        | F::ServiceName
        | F::OutcomeKind
        | F::ExitKind
        | F::EndKind
        | F::LitmasKind
        | F::IntegrationKind
        | F::Opd
        | F::Setting
        | F::PlacementSite
        | F::DetainingAgency
        | F::Evidence => {
            need(0.3 + l[S::Text]).min(1.0)
                * hurt(l[S::Date], 0.8)
                * hurt(l[S::Number], 0.5)
                * hurt(l[S::Nik], 0.8)
                * hurt(l[S::Phone], 0.8)
                * if field == F::OutcomeKind {
                    hurt(l[S::StatusOfPerson] - l[S::State], 0.6) * hurt(l[S::Marital], 0.6)
                } else {
                    1.0
                }
        }
        F::SupervisionKind => need(l[S::Supervision] + 0.35 * l[S::Text]) * hurt(l[S::Date], 0.8),
        F::ServiceState => {
            hurt(l[S::Date], 0.8)
                * hurt(l[S::Nik], 0.8)
                * hurt(l[S::Money], 0.6)
                * hurt(l[S::Marital], 0.6)
                * hurt(l[S::StatusOfPerson] - l[S::State], 0.6)
        }
        F::Remarks => {
            let other = [
                S::Marital,
                S::Religion,
                S::Education,
                S::Sex,
                S::Nik,
                S::Phone,
                S::Date,
                S::Sentence,
            ];
            hurt(other.iter().map(|s| l[*s]).fold(0.0, f32::max), 0.5)
        }
        F::PersonStatus => need(l[S::StatusOfPerson] + 0.2 * l[S::Text]),
        F::Article => {
            need(l[S::Article] + 0.3 * l[S::Text] + 0.3 * l[S::Number]) * hurt(l[S::Date], 0.8)
        }
        _ => 1.0,
    }
}

/// What is said of being married, alone in a cell.
const MARRIED: &[&str] = &[
    "kawin",
    "belum kawin",
    "blm kawin",
    "menikah",
    "nikah",
    "belum menikah",
    "janda",
    "duda",
    "cerai",
    "cerai hidup",
    "cerai mati",
    "lajang",
    "bujang",
    "blm",
    "tk",
    "k",
];

/// Fields of words beside which stands one of days: a column of days is the latter, whatever its header resembles.
const DAYS_OF: &[(Field, Field)] = {
    use Field as F;
    &[
        (F::RevocationGround, F::RevocationDate),
        (F::EndKind, F::EndDate),
        (F::ExitKind, F::ExitDate),
        (F::ServiceState, F::EndDate),
        (F::CertificateNo, F::IssuedDate),
        (F::DocumentNo, F::IssuedDate),
        (F::DecreeNo, F::DecreeDate),
        (F::VerdictNo, F::VerdictDate),
        (F::Court, F::VerdictDate),
        (F::OutcomeKind, F::OutcomeDate),
        (F::Employer, F::OutcomeDate),
        (F::Evidence, F::OutcomeDate),
        (F::LitmasKind, F::RequestedDate),
        (F::IntegrationKind, F::DecreeDate),
        (F::DetainingAgency, F::DetainedDate),
        (F::ServiceName, F::StartDate),
        (F::ServiceKind, F::StartDate),
        (F::BirthPlace, F::BirthDate),
    ]
};

/// The day that a field of words is when its column holds days.
pub fn as_day(field: Field, table: &RawTable, at: usize) -> Option<Field> {
    let header = table
        .columns
        .get(at)
        .map(|c| normal(&c.header))
        .unwrap_or_default();
    let says = |list: &[&str]| header.split(' ').any(|w| list.contains(&w));
    let closing = says(&[
        "tutup",
        "penutupan",
        "selesai",
        "slsi",
        "akhir",
        "berakhir",
        "sampai",
    ]);
    let leaving = says(&[
        "realisasi",
        "pelaksanaan",
        "dilaksanakan",
        "keluar",
        "bebas",
        "pembebasan",
    ]);
    let day = match field {
        Field::ServiceName | Field::ServiceKind if closing => Field::EndDate,
        Field::Remarks | Field::ServiceState
            if leaving && table.kind == crate::domain::RecordKind::Custody =>
        {
            Field::ExitDate
        }
        _ => DAYS_OF.iter().find(|(words, _)| *words == field)?.1,
    };
    let filled = table
        .rows
        .iter()
        .filter_map(|r| r.cells.get(at))
        .filter(|c| match c {
            RawCell::Empty => false,
            RawCell::Text(t) => !crate::clean::text::is_placeholder(t),
            RawCell::Number(_) | RawCell::Date(_) | RawCell::Bool(_) | RawCell::Error(_) => true,
        });
    let (mut all, mut days) = (0, 0);
    for cell in filled.take(12) {
        all += 1;
        days += usize::from(match cell {
            RawCell::Date(_) => true,
            RawCell::Text(t) => {
                let read = crate::clean::date::read(cell);
                // Many digits are the number of a paper, though seconds since 1970 may be written so.
                let number = t.len() > 8 && t.bytes().all(|b| b.is_ascii_digit());
                t.len() >= 6
                    && !number
                    && matches!(read, crate::clean::date::DateReading::Known(d) if d.day().is_some())
            }
            RawCell::Empty | RawCell::Number(_) | RawCell::Bool(_) | RawCell::Error(_) => false,
        });
    }
    (all > 0 && days * 5 >= all * 4).then_some(day)
}

/// On a list of community service, hours that are written as such: `Putusan` over `40 jam`.
pub fn as_hours(table: &RawTable, at: usize) -> Option<Field> {
    if table.kind != crate::domain::RecordKind::CommunityService {
        return None;
    }
    let header = table
        .columns
        .get(at)
        .map(|c| normal(&c.header))
        .unwrap_or_default();
    let ordered = header.split(' ').any(|w| {
        matches!(
            w,
            "putusan" | "pidana" | "vonis" | "hukuman" | "amar" | "lama" | "wajib"
        )
    });
    let (mut all, mut hours) = (0, 0);
    for t in texts(table, at).take(24) {
        let t = normal(t);
        all += 1;
        let mut words = t.split(' ');
        let number = words.next().is_some_and(|w| w.parse::<u32>().is_ok());
        hours += usize::from(number && words.next() == Some("jam"));
    }
    (ordered && all > 0 && hours * 5 >= all * 4).then_some(Field::HoursOrdered)
}

/// The field of a column that says how people stand (`Aktif`, `Selesai`, `Dicabut`; `Masih ditahan`, `Bebas PB 12/1/2026`)
/// where its header alone names a kind, an occupation or nothing.
pub fn as_status(field: Option<Field>, table: &RawTable, at: usize) -> Option<Field> {
    use crate::clean::codes::{exit, supervision_end};
    use crate::domain::supervision::SupervisionEnd;
    use crate::domain::{ExitCode, RecordKind};
    let open = matches!(
        field,
        None | Some(
            Field::SupervisionKind
                | Field::PersonStatus
                | Field::ServiceKind
                | Field::IntegrationKind
                | Field::OutcomeKind
                | Field::Occupation
                | Field::MaritalStatus
                | Field::Batch
        )
    );
    let header = table
        .columns
        .get(at)
        .map(|c| normal(&c.header))
        .unwrap_or_default();
    let named = |list: &[&str]| header.split(' ').any(|w| list.contains(&w));
    // `Apakah program sudah selesai?` over `Ya`, `Belum`.
    let raw = table.columns.get(at).map_or("", |c| c.header.as_str());
    let asked = raw.contains('?') && named(&["selesai", "tuntas", "lulus", "berakhir"]);
    let status = match table.kind {
        RecordKind::Supervision => Field::EndKind,
        RecordKind::Custody => Field::Remarks,
        // `Tahap`, `Posisi`, `Progres`: how far each has come, not a class or an occupation.
        RecordKind::Participation
            if field != Some(Field::PersonStatus)
                && (asked || !named(&["jenis", "kegiatan", "program"])) =>
        {
            Field::ServiceState
        }
        RecordKind::Participation
        | RecordKind::Litmas
        | RecordKind::Outcome
        | RecordKind::CommunityService
        | RecordKind::Resident
        | RecordKind::Death => return None,
    };
    if !(open || asked) {
        return None;
    }
    let (mut all, mut states, mut ends) = (0, 0, 0);
    let mut different = std::collections::BTreeSet::new();
    for t in texts(table, at).take(24) {
        all += 1;
        if status == Field::ServiceState {
            let known = if asked {
                crate::clean::codes::service_answer(raw, t).is_some()
            } else {
                crate::clean::codes::service_state(t).is_some()
            };
            states += usize::from(known && t.split_whitespace().count() <= 6);
            ends += usize::from(known);
            different.insert(normal(t));
            continue;
        }
        let n = normal(t);
        let active = matches!(
            n.split(' ').next().unwrap_or_default(),
            "aktif" | "berjalan" | "masih" | "proses" | "lanjut"
        );
        let ended = if status == Field::EndKind {
            supervision_end(t, "").is_some_and(|e| e != SupervisionEnd::Other)
        } else {
            exit(t).is_some_and(|e| e != ExitCode::Other)
        };
        states += usize::from(active || ended);
        ends += usize::from(ended);
    }
    // In prisons the ways of leaving are also the names of what somebody is proposed for.
    let told = match status {
        Field::EndKind => true,
        Field::ServiceState => different.len() >= 2,
        _ => ends > 0 && ends < all,
    };
    (all >= 2 && states * 10 >= all * 7 && told).then_some(status)
}

/// Whether a few values already show that a column is not what its header says: words or names where days or counts
/// should be, days where counts should be. Looks at little, for it is asked of every column of every list.
pub fn contradicts(field: Field, table: &RawTable, at: usize) -> bool {
    use Field as F;
    let counts = matches!(
        field,
        F::Age
            | F::SessionsPlanned
            | F::SessionsAttended
            | F::HoursPlanned
            | F::HoursAttended
            | F::HoursOrdered
            | F::HoursServed
            | F::HoursPerDay
            | F::ReportsDue
            | F::ReportsMet
    );
    let spoken = matches!(
        field,
        F::ServiceState | F::PersonStatus | F::Opd | F::Amount
    );
    if !counts && !field.is_day() && field != F::Name && !spoken {
        return false;
    }
    let cells = table
        .rows
        .iter()
        .filter_map(|r| r.cells.get(at))
        .filter(|c| **c != RawCell::Empty);
    let (mut all, mut days, mut words, mut numbers) = (0, 0, 0, 0);
    // Married or not; units; points; who somebody is.
    let (mut married, mut units, mut points, mut standing) = (0, 0, 0, 0);
    // Numbers of papers: `17/Pid.B/2026/PN Amb`.
    let mut papers = 0;
    for cell in cells.take(12) {
        all += 1;
        match cell {
            RawCell::Date(_) => days += 1,
            RawCell::Number(n) => {
                numbers += 1;
                points += usize::from(*n > 0.0 && *n <= 100.0);
            }
            RawCell::Text(t) => {
                let n = if spoken { normal(t) } else { String::new() };
                let first = n.split(' ').next().unwrap_or_default();
                married += usize::from(MARRIED.contains(&n.as_str()));
                standing += usize::from(matches!(
                    first,
                    "wbp"
                        | "klien"
                        | "mantan"
                        | "eks"
                        | "narapidana"
                        | "napi"
                        | "tahanan"
                        | "warga"
                        | "anak"
                ));
                units += usize::from(matches!(first, "lapas" | "rutan" | "lpka" | "lpp" | "lp"));
                points += usize::from(n.parse().is_ok_and(|v: f64| v > 0.0 && v <= 100.0));
                let digits = t.bytes().filter(u8::is_ascii_digit).count();
                let letters = t.bytes().filter(u8::is_ascii_alphabetic).count();
                let marks = t
                    .bytes()
                    .filter(|b| matches!(b, b'-' | b'/' | b'.'))
                    .count();
                days += usize::from(letters == 0 && digits >= 5 && marks == 2);
                numbers += usize::from(letters == 0 && marks == 0 && digits > 0);
                words += usize::from(letters >= 4 && digits == 0);
                papers += usize::from(
                    letters >= 2
                        && digits > 0
                        && t.bytes().filter(|b| *b == b'/').count() >= 2
                        && crate::clean::date::read(cell).date().is_none(),
                );
            }
            _ => {}
        }
    }
    let most = |n: usize| all >= 2 && n * 5 >= all * 3;
    match field {
        _ if counts => most(days) || most(words),
        F::Name => most(days) || most(numbers),
        F::ServiceState | F::OutcomeKind => most(married) || most(standing),
        F::PersonStatus => most(married),
        F::Opd => most(units),
        F::Amount => most(points),
        _ => most(words) || most(papers),
    }
}

/// What the values alone say, with how sure that is.
pub fn speaks(l: &Look) -> Vec<(Field, f32)> {
    use {Field as F, Sign as S};
    if l.filled < 2 {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut say = |yes: bool, field: F, sure: f32| {
        if yes {
            out.push((field, sure));
        }
    };
    let few = l.distinct <= 0.5 || l.filled < 5;
    say(l.most(l[S::Nik]), F::Nik, 0.6);
    say(l.most(l[S::Sex]) && l.distinct < 0.5, F::Sex, 0.6);
    say(l.most(l[S::PlaceDate]), F::BirthPlaceDate, 0.7);
    say(l.most(l[S::Phone]) && l.distinct > 0.6, F::Phone, 0.55);
    say(l.most(l[S::Religion]), F::Religion, 0.65);
    say(l.most(l[S::Marital]) && few, F::MaritalStatus, 0.62);
    say(l.most(l[S::Nation]), F::Nationality, 0.6);
    say(l.most(l[S::Education]) && few, F::Education, 0.6);
    say(l.most(l[S::District]), F::District, 0.62);
    say(
        l.most(l[S::Village]) && !l.most(l[S::District]),
        F::Village,
        0.55,
    );
    say(l.most(l[S::Unit]) && !l.most(l[S::Court]), F::Upt, 0.6);
    say(
        l.most(l[S::Register]) && l.most(l[S::Code]),
        F::RegisterNo,
        0.6,
    );
    say(l.most(l[S::Sentence]), F::SentenceLength, 0.6);
    say(
        l.most(l[S::Article]) && l.most(l[S::Offence]),
        F::Offence,
        0.55,
    );
    say(l.most(l[S::Article]), F::Article, 0.55);
    say(
        l.most(l[S::Offence]) && !l.most(l[S::Article]),
        F::Offence,
        0.58,
    );
    say(
        l.most(l[S::StatusOfPerson]) && few && !l.most(l[S::Unit]),
        F::PersonStatus,
        0.6,
    );
    say(l.most(l[S::Court]), F::Court, 0.55);
    say(
        l.most(l[S::Supervision]) && few && !l.most(l[S::Article]),
        F::SupervisionKind,
        0.62,
    );
    // How people left, as long as it does not only name kinds of guidance.
    say(
        l.most(l[S::Exit]) && !l.most(l[S::Supervision]),
        F::ExitKind,
        0.62,
    );
    say(l.most(l[S::State]) && few, F::ServiceState, 0.56);
    out
}
