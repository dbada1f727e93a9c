//! What title, sheet and file name say of every row where no column does: the kind of guidance, how people left, what they
//! were given.

use super::context::Names;
use super::fits::texts;
use super::parts::{Subject, is_planned, subject};
use super::points::days_between;
use crate::clean::codes;
use crate::clean::text::{is_placeholder, says};
use crate::domain::raw::{ListEvent, RawCell, RawColumn, RawTable};
use crate::domain::{ExitCode, Field, RecordKind, normal};

/// Words around a table, the nearest first: the lines of its title from below, the sheet, the file.
pub struct Around<'a> {
    /// Title lines in order.
    pub title: &'a [String],
    /// Sheet.
    pub sheet: &'a str,
    /// Path below the inbox.
    pub rel: &'a str,
}

impl Around<'_> {
    /// Lines of the title as they are written, the nearest first, and the sheet.
    fn written(&self) -> impl Iterator<Item = &str> {
        let title = self.title.iter().rev().map(String::as_str);
        title.chain([self.sheet]).filter(|l| !l.is_empty())
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let file = self.rel.rsplit('/').next().unwrap_or_default();
        let file = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let title = self.title.iter().rev().map(String::as_str);
        let near = title.chain([self.sheet, file]);
        near.map(|l| l.replace(['_', '-'], " "))
            .filter(|l| !l.is_empty())
    }
}

/// What a list of a prison is about when its rows have a day that nothing says more of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// Those who came.
    In,
    /// Those who left.
    Out,
}

/// Whether a line speaks of those who came or of those who left, and not of both.
pub fn movement(line: &str) -> Option<Movement> {
    const IN: &[&str] = &[
        "masuk",
        "penerimaan",
        "diterima",
        "baru",
        "titipan",
        "pindahan",
        "registrasi",
        "register",
        "kedatangan",
    ];
    const OUT: &[&str] = &[
        "keluar",
        "pengeluaran",
        "bebas",
        "pembebasan",
        "dibebaskan",
        "kepulangan",
        "pulang",
        "pelepasan",
    ];
    let n = normal(line);
    let says = |list: &[&str]| n.split(' ').any(|w| list.contains(&w));
    let out = says(OUT) || !codes::exits_named(line).is_empty();
    match (says(IN), out) {
        (true, false) => Some(Movement::In),
        (false, true) => Some(Movement::Out),
        _ => None,
    }
}

/// `Tgl` alone is the day of what the list is about: of leaving, of coming; where nothing says which it is no day that is
/// used, and listed as unknown.
fn bare_day(table: &mut RawTable, around: &Around) {
    let has = |t: &RawTable, f: Field| t.columns.iter().any(|c| c.field == Some(f));
    let bare = |c: &RawColumn| {
        c.field == Some(Field::AdmissionDate)
            && c.confidence < 1.0
            && matches!(
                normal(&c.header).as_str(),
                "tgl" | "tanggal" | "hari tanggal" | "hari tgl" | "waktu" | "hari" | "tgl kejadian"
            )
    };
    let Some(at) = table.columns.iter().position(bare) else {
        return;
    };
    let of_exit = has(table, Field::ExitKind) && !has(table, Field::ExitDate);
    let said = around.lines().find_map(|l| movement(&l));
    // What the rows tell counts more than that a title or a file speaks of registration.
    let said = said.filter(|m| *m != Movement::In || movements(table) != Some(true));
    let field = match said {
        Some(Movement::In) => Some(Field::AdmissionDate),
        Some(Movement::Out) if !has(table, Field::ExitDate) => Some(Field::ExitDate),
        // `Jenis Mutasi` over `Masuk` and `Keluar`
        None if of_exit && some_came(table) => Some(Field::StatusDate),
        None if of_exit => Some(Field::ExitDate),
        // Each row tells what happened on that day; a register in which nobody leaves is one of those who came.
        None => match movements(table) {
            Some(true) => Some(Field::StatusDate),
            Some(false) if has(table, Field::RegisterClass) || has(table, Field::RegisterNo) => {
                Some(Field::AdmissionDate)
            }
            Some(false) => Some(Field::StatusDate),
            None => None,
        },
        Some(Movement::Out) => None,
    };
    let c = &mut table.columns[at];
    (c.field, c.confidence) = (field, if field.is_some() { 0.7 } else { 0.0 });
}

/// Whether words of the rows (`Uraian`, `Peristiwa`, `Keterangan`) tell that some left; `None` where they tell neither of coming
/// nor of leaving.
fn movements(table: &RawTable) -> Option<bool> {
    (table.columns.iter().enumerate())
        .filter(|(_, c)| {
            matches!(
                c.field,
                Some(Field::Remarks | Field::ExitKind | Field::PersonStatus | Field::ServiceState)
            )
        })
        .find_map(|(i, _)| {
            let told: Vec<_> = (texts(table, i).take(200))
                .filter_map(crate::clean::movement)
                .collect();
            let left = |m: &crate::clean::Movement| *m != crate::clean::Movement::Came;
            // Most rows must tell: one remark says nothing of the others.
            let enough = !told.is_empty() && told.len() * 2 >= table.rows.len().min(200);
            enough.then(|| told.iter().any(left))
        })
}

/// Whether the column of ways of leaving tells of some that they came.
fn some_came(table: &RawTable) -> bool {
    let at = table
        .columns
        .iter()
        .position(|c| c.field == Some(Field::ExitKind));
    at.is_some_and(|i| {
        let told = texts(table, i).take(200).filter_map(crate::clean::movement);
        told.filter(|m| *m == crate::clean::Movement::Came).count() > 0
    })
}

/// On a list of those who left, the column whose words are ways of leaving says how, whatever its header is: `Sebab`, `Ket`,
/// `Dasar`, `Jenis`.
fn ways_of_leaving(table: &mut RawTable) {
    let has = |t: &RawTable, f: Field| t.columns.iter().any(|c| c.field == Some(f));
    if has(table, Field::ExitKind) || !has(table, Field::ExitDate) {
        return;
    }
    let open = |c: &RawColumn| {
        let weak = c.confidence < 0.9
            && matches!(
                c.field,
                Some(
                    Field::IntegrationKind
                        | Field::PersonStatus
                        | Field::RegisterClass
                        | Field::Offence
                        | Field::ServiceKind
                )
            );
        c.point.is_none()
            && c.told.is_none()
            && (matches!(c.field, None | Some(Field::Remarks)) || weak)
    };
    let share = |i: usize| {
        let (mut all, mut ways) = (0, 0);
        for row in table.rows.iter().take(200) {
            let Some(RawCell::Text(t)) = row.cells.get(i).filter(|c| **c != RawCell::Empty) else {
                continue;
            };
            if is_placeholder(t) {
                continue;
            }
            all += 1;
            let short = t.split_whitespace().count() <= 6;
            ways += usize::from(short && codes::exit(t).is_some_and(|c| c != ExitCode::Other));
        }
        (all, ways)
    };
    let columns = table.columns.iter().enumerate().filter(|(_, c)| open(c));
    let best = columns
        .map(|(i, _)| (share(i), i))
        .filter(|((all, ways), _)| *ways > 0 && ways * 10 >= all * 6)
        .max_by_key(|((_, ways), i)| (*ways, std::cmp::Reverse(*i)));
    if let Some((_, i)) = best {
        let c = &mut table.columns[i];
        (c.field, c.confidence, c.needless) = (Some(Field::ExitKind), 0.7, false);
    }
}

/// The days that the title, or the sentence above a table, names for everybody on it. Until when a list is true, the day of
/// a letter and of its signing are others.
fn event_of_list(around: &Around) -> Option<ListEvent> {
    const NOT: &[&str] = &[
        "keadaan",
        "per",
        "posisi",
        "dicetak",
        "periode",
        "update",
        "nomor",
        "no",
        "tertanggal",
        "sampai",
        "triwulan",
        "semester",
        "rencana",
        "jadwal",
        "usulan",
        "s",
    ];
    const DAYS: &[&str] = &[
        "senin", "selasa", "rabu", "kamis", "jumat", "jum", "sabtu", "minggu",
    ];
    // What is proposed or planned has not happened on any day.
    let not_yet = |l: &str| is_planned(&normal(l)) || says(&normal(l), &["tpp", "proposal"]);
    if around.lines().any(|l| not_yet(&l)) {
        return None;
    }
    let hands_over = |l: &str| {
        says(
            &normal(l),
            &[
                "serah terima",
                "menyerahkan",
                "diserahkan",
                "diserahterimakan",
                "penyerahan",
                "bast",
                "serahterima",
                "menerima dari",
            ],
        )
    };
    let any_handed = around.written().any(hands_over);
    around.written().find_map(|line| {
        let n = normal(line);
        let has = |list: &[&str]| says(&n, list);
        let opening = has(&[
            "hari ini",
            "pada hari",
            "telah diserahkan",
            "telah diserahterimakan",
            "telah dilaksanakan",
            "mulai",
        ]);
        let handed = any_handed;
        if let Some((from, to)) =
            days_between(line).filter(|_| !has(&["periode", "laporan", "rekap"]))
        {
            return Some(ListEvent {
                from,
                to: Some(to),
                handed,
            });
        }
        let days = crate::clean::whole_days(&line.replace(['_'], " "));
        let [day] = days[..] else { return None };
        let weekday = has(DAYS);
        // `Ambon, 2 Februari 2026`: where and when a letter was signed.
        let signed = n.split(' ').count() <= 5 && !weekday && !handed;
        let other = !opening && !weekday && !handed && has(NOT) || has(&["keadaan", "per tanggal"]);
        (!signed && !other).then_some(ListEvent {
            from: day,
            to: None,
            handed,
        })
    })
}

/// Adds what is said around a table to what holds where its rows say nothing.
pub fn add(table: &mut RawTable, around: &Around, names: &Names) {
    if matches!(table.kind, RecordKind::Custody | RecordKind::Supervision) {
        super::moves::settle(table);
    }
    if table.kind == RecordKind::Custody {
        bare_day(table, around);
        ways_of_leaving(table);
    }
    if table.kind == RecordKind::Supervision {
        several_ends(table, around);
        ground_of_revocation(table, around);
        handed_on(table, around);
        day_of_end(table, around);
    }
    table.context.event = event_of_list(around);
    // Who is to be free soon is whom a service is for, and not what is planned of it.
    let of_services = table.kind == RecordKind::Participation;
    let about = around.lines().find_map(|l| {
        let l = if of_services { without_the_due(&l) } else { l };
        subject(&l)
    });
    table.context.planned = about == Some(Subject::Planned);
    table.context.left = matches!(about, Some(Subject::Left | Subject::Ended(_)));
    if table.context.planned && table.kind == RecordKind::Supervision {
        // The day of a proposal, or of what is expected, begins nothing.
        for c in table.columns.iter_mut().filter(|c| is_bare_start(c)) {
            (c.field, c.confidence) = (None, 0.0);
        }
    }
    let has = |f: Field| table.columns.iter().any(|c| c.field == Some(f));
    let said = |f: Field| table.context.constants.iter().any(|(g, _)| *g == f);
    let found = match table.kind {
        // The first line that names one kind and no other.
        RecordKind::Supervision if !said(Field::SupervisionKind) => {
            around
                .lines()
                .find_map(|l| match codes::supervision_named(&l)[..] {
                    [kind] => Some((Field::SupervisionKind, kind.id().to_owned())),
                    _ => None,
                })
        }
        RecordKind::Custody
            if (has(Field::ExitDate)
                || table.context.event.is_some()
                    && !has(Field::AdmissionDate)
                    && !has(Field::StatusDate))
                && !has(Field::ExitKind)
                && !said(Field::ExitKind) =>
        {
            around
                .lines()
                .find_map(|l| match codes::exits_named(&l)[..] {
                    [code] => Some((Field::ExitKind, code.id().to_owned())),
                    _ => None,
                })
        }
        RecordKind::Participation if !said(Field::ServiceKind) => {
            let opd = table.context.opd.clone().unwrap_or_default();
            // An agency's own name says who gives, not what.
            let own = |l: &String| {
                let named = || codes::service_named(l, &opd);
                let by_name = || {
                    matches!(
                        named(),
                        None | Some(crate::domain::service::ServiceKind::Kop)
                    )
                };
                is_letterhead(l) || names.agency_in(l).is_some() && by_name()
            };
            around
                .lines()
                .filter(|l| !own(l))
                .find_map(|l| codes::service_named(&l, &opd).map(|_| (Field::ServiceKind, l)))
        }
        RecordKind::Supervision
        | RecordKind::Custody
        | RecordKind::Participation
        | RecordKind::Litmas
        | RecordKind::Outcome
        | RecordKind::CommunityService
        | RecordKind::Resident
        | RecordKind::Death => None,
    };
    // How those of a list ended: the nearest line that tells of it says how, a day of each row when.
    let days = [Field::EndDate, Field::RevocationDate, Field::DelegationDate];
    let ended = (table.kind == RecordKind::Supervision
        && !said(Field::EndKind)
        && days.iter().any(|f| has(*f)))
    .then(|| end_of_all(around))
    .flatten()
    .map(|e| (Field::EndKind, e.id().to_owned()));
    let due = (table.kind == RecordKind::Supervision && !has(Field::ReportsDue))
        .then(|| around.lines().find_map(|l| due_of_all(&l)))
        .flatten()
        .map(|n| (Field::ReportsDue, n.to_string()));
    for (field, words) in found.into_iter().chain(ended).chain(due) {
        table.context.constants.push((field, words.as_str().into()));
    }
}

/// How often everybody on a list was to report: `wajib lapor Januari (wajib 2 kali)`.
fn due_of_all(line: &str) -> Option<u32> {
    let n = normal(line);
    let words: Vec<&str> = n.split(' ').collect();
    let number = |w: &str| w.trim_end_matches('x').parse().ok().filter(|k| *k <= 31);
    (0..words.len()).find_map(|i| {
        let duty = matches!(words[i], "wajib" | "kewajiban");
        let near = words[i + 1..].iter().take(3);
        let at = near
            .clone()
            .position(|w| number(w).is_some())
            .filter(|_| duty)?;
        let count = words[i + 1 + at];
        let times = count.ends_with('x') || matches!(words.get(i + 2 + at), Some(&("kali" | "x")));
        number(count).filter(|_| times)
    })
}

/// How guidance of all on a list ended: the nearest line that tells what became of them says it.
fn end_of_all(around: &Around) -> Option<crate::domain::supervision::SupervisionEnd> {
    match around.lines().find_map(|l| subject(&l))? {
        Subject::Ended(end) => Some(end),
        Subject::Planned | Subject::Came | Subject::Left => None,
    }
}

/// On a list of revocations what somebody did (`Pelanggaran`, `Alasan`, `Dasar`) is why it was revoked.
fn ground_of_revocation(table: &mut RawTable, around: &Around) {
    use crate::domain::supervision::SupervisionEnd as End;
    let has = |t: &RawTable, f: Field| t.columns.iter().any(|c| c.field == Some(f));
    let said = matches!(
        end_of_all(around),
        Some(End::Revoked | End::RevokedOffence | End::RevokedTechnical)
    );
    if has(table, Field::RevocationGround) || !(said || has(table, Field::RevocationDate)) {
        return;
    }
    let why = |c: &RawColumn| {
        let open = matches!(
            c.field,
            None | Some(Field::Offence | Field::EndKind | Field::Remarks)
        );
        let n = normal(&c.header);
        let first = n.split(' ').next().unwrap_or_default();
        open && (matches!(
            first,
            "pelanggaran" | "alasan" | "dasar" | "sebab" | "syarat"
        ) || says(&n, &["pelanggaran", "dilanggar", "alasan"]))
            && c.confidence < 2.0
    };
    if let Some(c) = table.columns.iter_mut().find(|c| why(c)) {
        (c.field, c.confidence, c.needless) = (Some(Field::RevocationGround), 0.8, false);
    }
}

/// A line without the words for those who will soon be free.
fn without_the_due(line: &str) -> String {
    let n = normal(line);
    [
        "yang akan bebas",
        "akan bebas",
        "menjelang bebas",
        "jelang bebas",
    ]
    .iter()
    .fold(n, |n, due| n.replace(due, ""))
}

/// A list of several ways in which guidance ended (`DICABUT / LIMPAH / MENINGGAL`): its bare day is that of the end, and why or
/// how stands in the column of reasons.
fn several_ends(table: &mut RawTable, around: &Around) {
    let nearest = around.written().next().map(codes::ends_named);
    if nearest.is_none_or(|ends| ends.len() < 2) {
        return;
    }
    let has = |t: &RawTable, f: Field| t.columns.iter().any(|c| c.field == Some(f));
    if !has(table, Field::EndDate)
        && let Some(c) = table
            .columns
            .iter_mut()
            .find(|c| is_bare_start(c) || c.field.is_none() && is_bare(&c.header))
    {
        (c.field, c.confidence) = (Some(Field::EndDate), 0.7);
    }
    if has(table, Field::EndKind) {
        return;
    }
    let open = |c: &RawColumn| {
        matches!(
            c.field,
            None | Some(
                Field::Remarks | Field::Offence | Field::RevocationGround | Field::ServiceState
            )
        ) && c.point.is_none()
    };
    let told = |i: usize| {
        let all = texts(table, i).take(60);
        let ends = all.map(|t| codes::supervision_end(t, "").is_some());
        ends.fold((0, 0), |(all, k), yes| (all + 1, k + usize::from(yes)))
    };
    let columns = table.columns.iter().enumerate().filter(|(_, c)| open(c));
    let best = columns
        .map(|(i, _)| (told(i), i))
        .filter(|((all, k), _)| *k > 0 && k * 2 >= *all)
        .max_by_key(|((_, k), i)| (*k, std::cmp::Reverse(*i)));
    if let Some((_, i)) = best {
        let c = &mut table.columns[i];
        (c.field, c.confidence, c.needless) = (Some(Field::EndKind), 0.75, false);
    }
}

/// Whether a header says that there is a day, and not which.
fn is_bare(header: &str) -> bool {
    matches!(
        normal(header).as_str(),
        "tgl" | "tanggal" | "hari tanggal" | "hari tgl" | "waktu"
    )
}

fn is_bare_start(c: &RawColumn) -> bool {
    c.field == Some(Field::StartDate) && c.confidence <= 1.0 && is_bare(&c.header)
}

/// `Tgl` alone on a list of clients whose guidance ended is the day of the end: its title says how.
fn day_of_end(table: &mut RawTable, around: &Around) {
    use crate::domain::supervision::SupervisionEnd as End;
    let has = |t: &RawTable, f: Field| t.columns.iter().any(|c| c.field == Some(f));
    let ends = [
        Field::EndDate,
        Field::RevocationDate,
        Field::DelegationDate,
        Field::DeathDate,
        Field::PlannedEndDate,
        Field::StatusDate,
    ];
    if ends.iter().any(|f| has(table, *f)) {
        return;
    }
    let Some(end) = end_of_all(around) else {
        return;
    };
    let bare = |c: &RawColumn| c.field.is_none() && is_bare(&c.header) || is_bare_start(c);
    let field = match end {
        End::Completed | End::Absconded | End::Other => Field::EndDate,
        End::RevokedOffence | End::RevokedTechnical | End::Revoked => Field::RevocationDate,
        End::Delegated => Field::DelegationDate,
        End::Died => Field::DeathDate,
    };
    if let Some(c) = table.columns.iter_mut().find(|c| bare(c)) {
        (c.field, c.confidence) = (Some(field), 0.7);
    }
}

/// A list of clients that names the Bapas to which each went: its bare day is that of the handing on.
fn handed_on(table: &mut RawTable, around: &Around) {
    let has = |t: &RawTable, f: Field| t.columns.iter().any(|c| c.field == Some(f));
    if has(table, Field::DelegationDate) || has(table, Field::EndDate) || has(table, Field::EndKind)
    {
        return;
    }
    let to = table
        .columns
        .iter()
        .position(|c| c.field == Some(Field::ToUpt));
    let to_bapas = to.is_some_and(|i| {
        let told = texts(table, i).map(|t| says(&normal(t), &["bapas"]));
        let (all, bapas) = told.fold((0, 0), |(a, b), yes| (a + 1, b + usize::from(yes)));
        bapas > 0 && bapas * 5 >= all * 4
    });
    let said = end_of_all(around) == Some(crate::domain::supervision::SupervisionEnd::Delegated);
    if !(to_bapas || said && to.is_some()) {
        return;
    }
    let bare = |c: &RawColumn| {
        c.field == Some(Field::StartDate)
            && matches!(
                normal(&c.header).as_str(),
                "tgl" | "tanggal" | "hari tanggal"
            )
    };
    if let Some(c) = table.columns.iter_mut().find(|c| bare(c)) {
        (c.field, c.confidence) = (Some(Field::DelegationDate), 0.7);
    }
}

fn is_letterhead(line: &str) -> bool {
    let n = normal(line);
    let first = n.split(' ').next().unwrap_or_default();
    matches!(
        first,
        "dinas"
            | "badan"
            | "kantor"
            | "pemerintah"
            | "kementerian"
            | "balai"
            | "lembaga"
            | "bidang"
            | "seksi"
            | "upt"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_speaks_of_coming_or_of_leaving_or_of_neither() {
        for (line, m) in [
            ("DAFTAR PENERIMAAN TAHANAN BARU", Some(Movement::In)),
            ("Keluar", Some(Movement::Out)),
            ("WBP MENINGGAL DUNIA JANUARI 2026", Some(Movement::Out)),
            ("LAPORAN KELUAR MASUK", None),
            ("PERUBAHAN GOLONGAN TAHANAN", None),
            ("Usulan PB Januari 2026", None),
        ] {
            assert_eq!(movement(line), m, "{line}");
        }
    }
}
