//! Which column means what, settled for all columns of a table at once: what headers say, whether the values agree, and
//! that no two columns mean the same.

use super::amend::{
    day_beside, hours_of_sentence, outcome_is_state, planned_and_true_end, planned_days,
    prose_is_remarks, schooling_is_remarks,
};
use super::fits::{as_day, as_hours, as_status, contradicts, fits, speaks};
use super::header_words::{GENERAL, PEOPLE, words};
use super::profile::{self, Look, Sign};
use super::recognise::{add, candidates};
use crate::domain::raw::{RawCell, RawColumn, RawTable};
use crate::domain::{Field, RecordKind, normal};

/// What is believed less than this is no proposal.
const LEAST: f32 = 0.5;

/// Fields that the rows of a header over one column can mean together, best first.
pub fn options(parts: &[&str]) -> Vec<(Field, f32)> {
    let mut out = candidates(&parts.join(" / "));
    if let [.., last] = parts
        && parts.len() > 1
    {
        let alone = candidates(last);
        // Under `Perkara` stand `Jenis` and `Pasal`: what is surely one thing by itself is that.
        let (field, sure) = alone.first().copied().unwrap_or((Field::Remarks, 0.0));
        let general = matches!(words(last).as_slice(), [w] if GENERAL.contains(&w.text.as_str()));
        if sure >= 0.97 && !general {
            out.iter_mut().for_each(|(_, c)| *c *= 0.93);
            add(&mut out, vec![(field, sure)], 0.97);
        }
        if let [.., a, b] = parts
            && parts.len() > 2
        {
            add(&mut out, candidates(&format!("{a} {b}")), 0.9);
        }
        // `Tgl` below a word that nobody knows is some day, and which must not be guessed; `Mulai` is a beginning.
        let says_which = matches!(
            words(last).as_slice(),
            [w] if matches!(w.text.as_str(), "mulai" | "selesai" | "hadir" | "status" | "hasil" | "sampai")
        ) || is_of_stay(parts);
        let weight = match (general, says_which) {
            (true, false) => 0.45,
            (true, true) => 0.65,
            _ => 0.8,
        };
        add(&mut out, alone, weight);
        for p in &parts[..parts.len() - 1] {
            add(&mut out, candidates(p), 0.5);
        }
    }
    out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    out
}

/// `Masuk` or `Keluar` below words of a stay in prison, which by themselves are no day: `Pidana / Masuk`, `Mutasi / Keluar`.
fn is_of_stay(parts: &[&str]) -> bool {
    const STAY: &[&str] = &[
        "hukuman",
        "penahanan",
        "mutasi",
        "lapas",
        "rutan",
        "lpka",
        "lpp",
        "upt",
        "penghuni",
        "register",
        "registrasi",
        "eksekusi",
        "masa",
    ];
    let Some((last, above)) = parts.split_last() else {
        return false;
    };
    let moved = |t: &str| matches!(t, "masuk" | "keluar");
    let known = |t: &str| STAY.contains(&t) || GENERAL.contains(&t) || PEOPLE.contains(&t);
    matches!(words(last).as_slice(), [w] if moved(&w.text))
        && above
            .iter()
            .all(|p| words(p).iter().all(|w| known(&w.text)))
}

/// Where a header that can mean two things means what the kind of the table needs.
const MEANS: &[(RecordKind, Field, Field)] = {
    use Field as F;
    use RecordKind as K;
    &[
        (K::Litmas, F::EndDate, F::CompletedDate),
        (K::Litmas, F::IssuedDate, F::CompletedDate),
        (K::Litmas, F::StartDate, F::RequestedDate),
        (K::Litmas, F::ReferralDate, F::RequestedDate),
        (K::Litmas, F::ServiceKind, F::LitmasKind),
        (K::Litmas, F::IntegrationKind, F::LitmasKind),
        (K::Litmas, F::SupervisionKind, F::LitmasKind),
        (K::Litmas, F::Upt, F::FromUpt),
        (K::Litmas, F::AdmissionDate, F::RequestedDate),
        (K::Outcome, F::ServiceState, F::OutcomeKind),
        (K::Outcome, F::StartDate, F::OutcomeDate),
        (K::Outcome, F::AdmissionDate, F::OutcomeDate),
        (K::Death, F::ExitDate, F::DeathDate),
        (K::Death, F::StartDate, F::DeathDate),
        (K::Custody, F::EndDate, F::ExitDate),
        (K::Custody, F::StartDate, F::AdmissionDate),
        (K::Custody, F::EndKind, F::ExitKind),
        (K::Custody, F::PersonStatus, F::RegisterClass),
        (K::Custody, F::SupervisionKind, F::IntegrationKind),
        (K::Custody, F::ServiceState, F::Remarks),
        (K::Supervision, F::IssuedDate, F::StartDate),
        (K::Supervision, F::ServiceState, F::EndKind),
        (K::Supervision, F::ExitKind, F::EndKind),
        (K::Supervision, F::RegisterNo, F::ClientNo),
        (K::Supervision, F::ServiceName, F::SupervisionKind),
        (K::Supervision, F::ServiceKind, F::SupervisionKind),
        (K::Supervision, F::IntegrationKind, F::SupervisionKind),
        (K::Supervision, F::Upt, F::FromUpt),
        (K::Supervision, F::SessionsAttended, F::ReportsMet),
        (K::Supervision, F::SessionsPlanned, F::ReportsDue),
        (K::Supervision, F::OutcomeKind, F::Occupation),
        (K::Participation, F::ReportsMet, F::SessionsAttended),
        (K::Participation, F::FromUpt, F::Upt),
        (K::Participation, F::AdmissionDate, F::StartDate),
        (K::Participation, F::CompletedDate, F::EndDate),
        (K::Participation, F::RequestedDate, F::ReferralDate),
        (K::Participation, F::SupervisionKind, F::ServiceKind),
        (K::Participation, F::EndKind, F::ServiceState),
        (K::CommunityService, F::HoursPlanned, F::HoursOrdered),
        (K::CommunityService, F::HoursAttended, F::HoursServed),
        (K::CommunityService, F::SessionsPlanned, F::HoursOrdered),
        (K::CommunityService, F::SessionsAttended, F::HoursServed),
        (K::CommunityService, F::Setting, F::PlacementSite),
        (K::CommunityService, F::Employer, F::PlacementSite),
        (K::Outcome, F::PlacementSite, F::Employer),
        (K::CommunityService, F::EndKind, F::ServiceState),
    ]
};

fn as_in(kind: RecordKind, header: &str, options: &mut Vec<(Field, f32)>) {
    for &(_, from, to) in MEANS.iter().filter(|(k, ..)| *k == kind) {
        if let Some(at) = options.iter().position(|(f, _)| *f == from) {
            let sure = options[at].1;
            options[at].1 = sure * 0.55;
            add(options, vec![(to, sure)], 0.98);
        }
    }
    // The letter that asks for a report is not the report.
    if kind == RecordKind::Litmas {
        let n = normal(header);
        let says = |list: &[&str]| n.split(' ').any(|w| list.contains(&w));
        let sent = [
            "hasil", "selesai", "kirim", "dikirim", "balasan", "rampung", "jadi", "litmas",
        ];
        if says(&["surat"]) && !says(&sent) {
            options.retain(|(f, _)| *f != Field::CompletedDate);
        }
    }
    // The day of a named document is a fact on every list.
    let document = options.iter().any(|(f, _)| *f == Field::IssuedDate) && names_document(header);
    let stays = |f: Field| belongs(kind, f) || document && f == Field::IssuedDate;
    for (f, c) in options.iter_mut().filter(|(f, _)| !stays(*f)) {
        *c *= if *f == Field::ServiceName { 0.8 } else { 0.6 };
    }
    options.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
}

fn names_document(header: &str) -> bool {
    const DOCUMENTS: &[&str] = &[
        "ktp", "kk", "kia", "akta", "akte", "jkn", "bpjs", "kis", "nib", "ak1",
    ];
    words(header)
        .iter()
        .any(|w| DOCUMENTS.contains(&w.text.as_str()))
}

/// Whether lists of a kind have such a column: what is only of services is hardly meant elsewhere.
fn belongs(kind: RecordKind, field: Field) -> bool {
    use Field as F;
    let of_services = matches!(
        field,
        F::ServiceKind
            | F::ServiceName
            | F::Batch
            | F::ReferralDate
            | F::EnrolDate
            | F::SessionsPlanned
            | F::SessionsAttended
            | F::AttendanceShare
            | F::HoursPlanned
            | F::HoursAttended
            | F::CertificateNo
            | F::IssuedDate
            | F::DocumentNo
            | F::Setting
            | F::Amount
    );
    match kind {
        RecordKind::Participation | RecordKind::Outcome => true,
        RecordKind::CommunityService => !of_services || field == F::ServiceName,
        _ => !of_services,
    }
}

/// Words for those who look after people.
const HELPERS: &[&str] = &[
    "petugas",
    "pendamping",
    "pembimbing",
    "pengawas",
    "pelatih",
    "instruktur",
    "konselor",
    "tutor",
    "mentor",
    "pembina",
    "penyuluh",
    "koordinator",
    "pk",
    "psikolog",
    "fasilitator",
    "relawan",
    "supervisor",
];

/// What a header's first word and the look of the values say together where neither does alone.
fn guesses(kind: RecordKind, header: &str, look: &Look) -> Vec<(Field, f32)> {
    let n = normal(header);
    let first = n.split(' ').next().unwrap_or_default();
    let mut out = speaks(look);
    let service = kind == RecordKind::Participation;
    if service {
        // What someone takes or does may look like an offence and is none.
        out.retain(|(f, _)| *f != Field::Offence);
    }
    let mut say = |yes: bool, field: Field, sure: f32| {
        if yes {
            add(&mut out, vec![(field, sure)], 1.0);
        }
    };
    say(first == "nama" && look.are_people(), Field::Name, 0.55);
    // Who sees to them, whatever he is called beside it.
    let found = words(header);
    let any_of = |list: &[&str]| found.iter().any(|w| list.contains(&w.text.as_str()));
    say(any_of(HELPERS) && look.are_people(), Field::Officer, 0.62);
    // `Klien`, `Jamaah binaan`: somebody, and below it names.
    say(
        any_of(PEOPLE) && look.are_people() && look.distinct > 0.7,
        Field::Name,
        0.62,
    );
    say(
        service && matches!(first, "status" | "hasil") && look.are_words(),
        Field::ServiceState,
        0.56,
    );
    say(
        service && matches!(first, "jenis" | "bentuk" | "macam" | "kategori") && look.are_words(),
        Field::ServiceKind,
        0.56,
    );
    // `Jenis`, `Program` over `PB`, `CB`: however many there are of each.
    let sort = matches!(
        first,
        "jenis" | "jns" | "program" | "bentuk" | "kategori" | "bimbingan" | "status"
    );
    say(
        kind == RecordKind::Supervision && sort && look.most(look[Sign::Supervision]),
        Field::SupervisionKind,
        0.7,
    );
    say(
        kind == RecordKind::Litmas
            && matches!(first, "jenis" | "jns" | "type" | "tipe")
            && look.are_words(),
        Field::LitmasKind,
        0.7,
    );
    say(
        kind == RecordKind::CommunityService
            && matches!(first, "total" | "jumlah" | "jml" | "jlh")
            && look[Sign::Count] > 0.0,
        Field::HoursServed,
        0.6,
    );
    say(service && look.are_days(), Field::StartDate, 0.5);
    // `Mulai pengawasan`, `Mulai pendampingan` over days: whatever it is that begins.
    let begins = matches!(kind, RecordKind::Supervision | RecordKind::CommunityService);
    say(
        begins && first == "mulai" && look.are_days(),
        Field::StartDate,
        0.75,
    );
    // `Jam s.d. 31 Jan`, `Realisasi s/d Januari`
    let has = |list: &[&str]| n.split(' ').any(|w| list.contains(&w));
    let done = &[
        "jam",
        "realisasi",
        "terlaksana",
        "dijalani",
        "dikerjakan",
        "capaian",
    ];
    let until = n.contains("s d") || has(&["sd", "sampai", "hingga"]);
    say(
        kind == RecordKind::CommunityService && has(done) && until,
        Field::HoursServed,
        0.9,
    );
    out
}

/// Words of columns that hold nothing of the people's course: when a form was sent, signatures, measures of bodies.
const NOTHING: &[&str] = &[
    "timestamp",
    "email",
    "surel",
    "ttd",
    "paraf",
    "foto",
    "photo",
    "pasfoto",
    "jempol",
    "dokumentasi",
    "link",
    "url",
    "skor",
    "score",
    "ukuran",
    "uk",
    "rekening",
    "signature",
    "update",
    "updated",
    "sisa",
    "saldo",
    "penghasilan",
    "pendapatan",
    "omset",
    "omzet",
];

/// Whether a header names nothing that is kept.
fn is_nothing(header: &str) -> bool {
    let n = normal(header);
    let things = [
        "tanda tangan",
        "nama usaha",
        "nama produk",
        "nama merek",
        "nama toko",
        "nama bank",
    ];
    n.split(' ').any(|w| NOTHING.contains(&w)) || things.contains(&n.as_str())
}

/// The day that a header of two names means (`Selesai/Akhir`, `Selesai/Ijazah`): where both mean it, or one does and days stand
/// below it, whatever words stand beside them.
fn of_two_headings(table: &RawTable, at: usize) -> Option<(Field, f32)> {
    let last = table.columns[at].header.rsplit(" / ").next()?;
    let (a, b) = last.split_once('/')?;
    let day = |part: &str| {
        let (field, sure) = candidates(part).first().copied()?;
        (field.is_day() && field != Field::BirthDate && sure >= 0.9).then_some(field)
    };
    let (a, b) = (day(a), day(b));
    if a.is_some() && a == b {
        return a.map(|f| (f, 0.93));
    }
    // `Berakhir / Dicabut tgl`: when it ended, in whichever way.
    if let (Some(a), Some(b)) = (a, b)
        && is_end(a)
        && is_end(b)
    {
        return Some((Field::EndDate, 1.0));
    }
    let field = match (a, b) {
        (Some(f), None) | (None, Some(f)) => f,
        (Some(_), Some(_)) | (None, None) => return None,
    };
    let cells = table.rows.iter().filter_map(|r| r.cells.get(at));
    let (mut all, mut days) = (0, 0);
    for cell in cells.take(60) {
        let told = match cell {
            RawCell::Text(t) if crate::clean::text::is_placeholder(t) => continue,
            RawCell::Text(t) => {
                crate::clean::date::read(cell).date().is_some()
                    || crate::clean::day_told(t, table.month()).is_some()
            }
            RawCell::Date(_) => true,
            RawCell::Empty => continue,
            RawCell::Number(_) | RawCell::Bool(_) | RawCell::Error(_) => false,
        };
        all += 1;
        days += usize::from(told);
    }
    (days > 0 && days * 2 >= all).then_some((field, 0.75))
}

/// Whether a field is the day of an end of guidance.
fn is_end(field: Field) -> bool {
    matches!(
        field,
        Field::EndDate | Field::RevocationDate | Field::DelegationDate | Field::DeathDate
    )
}

/// Whether a column holds periods, each of two days.
fn holds_periods(table: &RawTable, at: usize) -> bool {
    let is_period = |c: &RawCell| {
        use crate::clean::date::{DateReading, read};
        matches!(read(c), DateReading::Period(a, b) if b > a)
    };
    let cells = table.rows.iter().filter_map(|r| r.cells.get(at));
    let mut texts =
        cells.filter(|c| matches!(c, RawCell::Text(t) if !crate::clean::text::is_placeholder(t)));
    // Asked of every column: the first value nearly always answers.
    let first = texts.next();
    if !first.is_some_and(|c| matches!(c, RawCell::Text(t) if t.len() >= 12) && is_period(c)) {
        return false;
    }
    let (mut all, mut periods) = (1, 1);
    for c in texts.take(40) {
        all += 1;
        periods += usize::from(is_period(c));
    }
    periods * 10 >= all * 7
}

/// Whether a column below a short header holds nothing but letters or words of the sexes.
fn holds_sexes(table: &RawTable, at: usize) -> bool {
    const OTHERS: &[&str] = &[
        "lulus",
        "hadir",
        "lapor",
        "status",
        "hasil",
        "kehadiran",
        "ket",
        "absen",
    ];
    let mut texts = super::fits::texts(table, at).take(40).peekable();
    // Asked of every column: the first value nearly always answers.
    let sex = |t: &str| t.len() <= 12 && crate::clean::codes::sex(t).is_some();
    if !texts
        .peek()
        .is_some_and(|t| sex(t) && t.chars().any(char::is_alphabetic))
    {
        return false;
    }
    let found = words(&table.columns[at].header);
    let (mut all, mut sexes) = (0, 0);
    for t in texts {
        all += 1;
        sexes += usize::from(sex(t));
    }
    let named = |w: &super::header_words::Word| OTHERS.contains(&w.text.as_str());
    found.len() <= 2 && !found.iter().any(named) && all >= 2 && sexes * 20 >= all * 19
}

/// `Tgl` beside the place of birth is the day of birth.
fn beside(table: &RawTable, i: usize) -> Option<(Field, f32)> {
    let before = &table.columns[i.checked_sub(1)?];
    let day = matches!(words(&table.columns[i].header).as_slice(), [w] if w.text == "tanggal");
    let of_birth = |&(f, c): &(Field, f32)| f == Field::BirthPlace && c >= 0.8;
    (day && candidates(&before.header).first().is_some_and(of_birth))
        .then_some((Field::BirthDate, 0.99))
}

fn offered(column: usize, said: Vec<(Field, f32)>) -> impl Iterator<Item = (f32, usize, Field)> {
    let enough = said.into_iter().filter(|(_, c)| *c >= LEAST);
    enough.map(move |(f, c)| (c, column, f))
}

/// Gives every column its field. `fixed` are those a person has named.
pub fn settle(table: &mut RawTable, fixed: &[bool]) {
    for (c, fixed) in table.columns.iter_mut().zip(fixed) {
        c.needless = !fixed && (is_nothing(&c.header) || c.header.is_empty() && c.needless);
    }
    let mut offers: Vec<(f32, usize, Field)> = Vec::new();
    for (i, column) in table.columns.iter().enumerate() {
        if column.header.is_empty() || fixed[i] || column.point.is_some() || column.needless {
            continue;
        }
        if let Some(said) = beside(table, i) {
            offers.extend(offered(i, vec![said]));
            continue;
        }
        // `Kel.`, `JK`, `P/W` over `l` and `p`: what nothing else can be.
        if holds_sexes(table, i) {
            offers.extend(offered(i, vec![(Field::Sex, 0.97)]));
            continue;
        }
        // `Mulai s/d Selesai` over `18-12-2025 s/d 18-03-2026`: from when, and until when.
        let spans = matches!(
            table.kind,
            RecordKind::Supervision | RecordKind::Participation | RecordKind::CommunityService
        );
        if spans && holds_periods(table, i) {
            offers.extend(offered(i, vec![(Field::StartDate, 0.96)]));
            continue;
        }
        let parts: Vec<&str> = column.header.split(" / ").collect();
        let mut said = options(&parts);
        as_in(table.kind, &column.header, &mut said);
        if let Some(day) = of_two_headings(table, i) {
            if day == (Field::EndDate, 1.0) {
                said.retain(|(f, _)| !is_end(*f));
            }
            add(&mut said, vec![day], 1.0);
            said.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            as_in(table.kind, &column.header, &mut said);
        }
        let other = is_of_something_else(table, &column.header);
        if other {
            said.retain(|(f, _)| !is_state(*f));
        }
        if let Some(hours) = as_hours(table, i) {
            offers.extend(offered(i, vec![(hours, 0.9)]));
            continue;
        }
        let status = as_status(said.first().map(|(f, _)| *f), table, i);
        if let Some(status) = status.filter(|f| !(other && is_state(*f))) {
            let sure = said.first().map_or(0.7, |(_, c)| *c);
            offers.extend(offered(i, vec![(status, sure)]));
            continue;
        }
        if let Some(day) = said.first().and_then(|(f, _)| as_day(*f, table, i)) {
            let own = MEANS.iter().find(|(k, f, _)| *k == table.kind && *f == day);
            said[0].0 = own.map_or(day, |(_, _, to)| *to);
            said.truncate(1);
            offers.extend(offered(i, said));
            continue;
        }
        // A header that leaves no doubt needs no second opinion: most columns of most lists.
        let next = said.iter().skip(1).map(|(_, c)| *c).fold(0.0, f32::max);
        let plain = said
            .first()
            .is_some_and(|&(f, c)| c >= 0.97 && !contradicts(f, table, i));
        if plain && next < 0.75 {
            offers.extend(offered(i, said));
            continue;
        }
        let look = profile::look(table, i);
        let header = column.header.to_lowercase();
        let mut seen = guesses(table.kind, &column.header, &look);
        as_in(table.kind, &column.header, &mut seen);
        if other {
            seen.retain(|(f, _)| !is_state(*f));
        }
        for (f, sure) in &mut said {
            // Nothing but its header speaks for an empty column: a day must be named there.
            if look.filled == 0
                && *sure < 0.9
                && f.is_day()
                && !header.contains("tgl")
                && !header.contains("tanggal")
            {
                *sure *= 0.6;
            }
            // Values that prove what a header only hints at.
            let proof = seen.iter().find(|(g, _)| g == f).map_or(0.0, |(_, c)| *c);
            let fit = fits(*f, &look);
            if fit > 1.0 && *sure >= 0.6 {
                *sure += (1.0 - *sure) * 0.3;
            } else if fit < 1.0 {
                *sure *= fit;
            }
            *sure += (1.0 - *sure) * proof * 0.5;
        }
        add(&mut said, seen, 1.0);
        offers.extend(offered(i, said));
    }
    weigh_names(table, &mut offers);
    offers.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut taken: Vec<Field> = table
        .columns
        .iter()
        .zip(fixed)
        .filter(|(_, f)| **f)
        .filter_map(|(c, _)| c.field)
        .collect();
    let mut done = fixed.to_vec();
    for (c, _) in table.columns.iter_mut().zip(fixed).filter(|(_, f)| !**f) {
        (c.field, c.confidence) = (None, 0.0);
    }
    for (sure, i, field) in offers {
        if done[i] || (taken.contains(&field) && field != Field::Remarks) {
            continue;
        }
        done[i] = true;
        taken.push(field);
        (table.columns[i].field, table.columns[i].confidence) = (Some(field), sure);
    }
    planned_days(table, fixed);
    name_by_values(table, fixed);
    day_beside(table, fixed);
    schooling_is_remarks(table, fixed);
    prose_is_remarks(table, fixed);
    outcome_is_state(table);
    planned_and_true_end(table, fixed);
    hours_of_sentence(table, fixed);
}

/// Whether a field says how far something came.
fn is_state(field: Field) -> bool {
    matches!(
        field,
        Field::ServiceState | Field::EndKind | Field::OutcomeKind | Field::ExitKind
    )
}

/// Whether `Status …` is that of something else than what the list is about: `Status JKN` on a list of screenings, `Status kawin`,
/// `Status hukum`.
fn is_of_something_else(table: &RawTable, header: &str) -> bool {
    const ELSE: &[&str] = &[
        "jkn",
        "bpjs",
        "kis",
        "kawin",
        "nikah",
        "perkawinan",
        "pernikahan",
        "hukum",
        "rumah",
        "tempat",
        "tinggal",
        "pekerjaan",
        "gizi",
        "hiv",
        "tb",
        "vaksin",
        "vaksinasi",
        "imunisasi",
        "ekonomi",
        "sosial",
        "keluarga",
        "kependudukan",
        "domisili",
        "ktp",
        "nik",
        "warga",
        "kewarganegaraan",
        "dtks",
        "dtsen",
        "pajak",
        "lahan",
        "kepemilikan",
        "kepegawaian",
        "pendidikan",
        "sekolah",
        "kesehatan",
        "agama",
        "residivis",
        "penjamin",
        "orangtua",
    ];
    let n = normal(header);
    let title = normal(&table.context.title);
    let mut words = n.split(' ');
    table.kind != RecordKind::Outcome
        && words
            .clone()
            .any(|w| matches!(w, "status" | "sts" | "stat" | "keadaan"))
        && words.any(|w| ELSE.contains(&w) && !title.split(' ').any(|t| t == w))
}

/// Whom a column of names is about, where it is not those of the list: relations, helpers, who decides.
const OTHERS: &[&str] = &[
    "ayah",
    "ibu",
    "orangtua",
    "ortu",
    "orang",
    "wali",
    "suami",
    "istri",
    "penjamin",
    "keluarga",
    "bin",
    "binti",
    "anak",
    "korban",
    "saksi",
    "hakim",
    "jaksa",
    "penyidik",
    "kepala",
    "ketua",
    "pengurus",
    "usaha",
    "toko",
    "produk",
    "bank",
    "perusahaan",
    "instansi",
    "kegiatan",
    "program",
    "pelatihan",
    "jalan",
    "fam",
    "marga",
    "panggilan",
    "kecil",
];

/// Whether a column may hold the names of a list's people, whatever its header was taken for: it does not say that it holds
/// somebody else's, and does not surely say that it holds something else.
pub fn may_be_name(c: &RawColumn) -> bool {
    let found = words(&c.header);
    let others = found
        .iter()
        .any(|w| HELPERS.contains(&w.text.as_str()) || OTHERS.contains(&w.text.as_str()));
    let open = matches!(
        c.field,
        None | Some(Field::Sex | Field::Alias | Field::FatherName | Field::ParentName | Field::Opd)
    ) || c.field.is_some_and(Field::is_day);
    // `Penerima Alat`: somebody, though the words resemble what he gets.
    let somebody = found
        .first()
        .is_some_and(|w| PEOPLE.contains(&w.text.as_str()));
    let open = open || somebody || c.confidence < 0.85;
    c.point.is_none() && !others && !found.is_empty() && open
}

/// In a list without a column of names the most name-like one is it: by its values, and by what its header does not say.
fn name_by_values(table: &mut RawTable, fixed: &[bool]) {
    if table.columns.iter().any(|c| c.field == Some(Field::Name)) {
        return;
    }
    let others_first = |f: Option<Field>| {
        matches!(
            f,
            None | Some(
                Field::Alias
                    | Field::FatherName
                    | Field::ParentName
                    | Field::FamilyName
                    | Field::PersonStatus
                    | Field::Sex
                    | Field::Opd
                    | Field::Officer
                    | Field::Remarks
            )
        )
    };
    let mut best: Option<(f32, usize)> = None;
    for (i, c) in table.columns.iter().enumerate() {
        // `Yang Menerima` over names: whatever day the words resemble.
        let day = c.field.is_some_and(Field::is_day) && c.confidence < 0.9;
        if fixed[i] || c.point.is_some() || !(others_first(c.field) || day) {
            continue;
        }
        let (names, distinct) = profile::names(table, i);
        if day && names < 0.9 {
            continue;
        }
        // An agency stands on many rows.
        if names < 0.6 || c.field == Some(Field::Opd) && distinct < 0.8 {
            continue;
        }
        let found = words(&c.header);
        let says = |list: &[&str]| found.iter().any(|w| list.contains(&w.text.as_str()));
        let score = names
            + 0.5 * distinct
            + if found.first().is_some_and(|w| w.text == "nama") {
                0.5
            } else {
                0.0
            }
            + if says(PEOPLE) { 0.3 } else { 0.0 }
            + if c.field.is_none() { 0.2 } else { 0.0 }
            - if says(OTHERS) && !says(PEOPLE) {
                0.9
            } else {
                0.0
            }
            - if says(HELPERS) { 0.9 } else { 0.0 };
        if score >= 1.1 && best.is_none_or(|(b, _)| score > b) {
            best = Some((score, i));
        }
    }
    if let Some((_, i)) = best {
        let c = &mut table.columns[i];
        (c.field, c.confidence, c.needless) = (Some(Field::Name), 0.6, false);
    }
}

/// Of two columns that may be the name the one with the fuller names is: `Inisial` beside `Nama Klien`.
fn weigh_names(table: &RawTable, offers: &mut [(f32, usize, Field)]) {
    let is_name = |o: &&mut (f32, usize, Field)| o.2 == Field::Name && o.0 >= 0.8;
    if offers.iter_mut().filter(is_name).count() < 2 {
        return;
    }
    for (sure, at, _) in offers.iter_mut().filter(is_name) {
        let (names, _) = profile::names(table, *at);
        *sure *= 0.6 + 0.4 * names;
    }
}
