//! What a row of a table is, from its columns and the words around it; what a section row says of those below.

use super::context::{Names, month_in};
use super::parts::{Subject, subject};
use super::profile::{self, Sign};
use super::sources::Source;
use crate::clean::codes;
use crate::domain::raw::{Context, RawTable};
use crate::domain::supervision::SupervisionKind;
use crate::domain::upt::UptKind;
use crate::domain::{Field, RecordKind, normal};

/// The kind of a table: what a person has said, else what its columns and the words around it say.
pub fn kind_of_table(table: &RawTable, words: &str, source: Option<&Source>) -> RecordKind {
    let fields: Vec<Field> = table.columns.iter().filter_map(|c| c.field).collect();
    let points = table.columns.iter().any(|c| c.point.is_some());
    let guided = table.context.bapas.is_some() && says_guidance(table);
    if source.and_then(|s| s.kind).is_none() && supervises(table, words) {
        return RecordKind::Supervision;
    }
    let moves = table.context.upt.is_some()
        && table.context.opd.is_none()
        && (moves(table) || moves_by_title(table));
    (source.and_then(|s| s.kind))
        .unwrap_or_else(|| kind_of(&fields, points, guided, moves, words, &table.context))
}

/// Whether words of the rows say how people came, left, or why they are held: `Tahanan Polisi`, `Bebas murni`, `Diterima dari
/// Kejari`.
pub fn moves(table: &RawTable) -> bool {
    let of_services = |f: Field| {
        matches!(
            f,
            Field::ServiceKind
                | Field::ServiceName
                | Field::CertificateNo
                | Field::SessionsAttended
                | Field::EndDate
                | Field::ReferralDate
                | Field::EnrolDate
                | Field::HoursAttended
        )
    };
    if (table.columns.iter()).any(|c| c.field.is_some_and(of_services) || c.point.is_some()) {
        return false;
    }
    let open = |f: Option<Field>| {
        matches!(
            f,
            None | Some(
                Field::Remarks
                    | Field::ExitKind
                    | Field::PersonStatus
                    | Field::ServiceState
                    | Field::RegisterClass
            )
        )
    };
    let held = |t: &str| {
        let n = normal(t);
        matches!(
            n.split(' ').next().unwrap_or_default(),
            "tahanan" | "narapidana" | "napi" | "titipan"
        )
    };
    (table.columns.iter().enumerate())
        .filter(|(_, c)| open(c.field))
        .any(|(i, _)| {
            let (mut all, mut told) = (0, 0);
            for t in super::fits::texts(table, i).take(60) {
                all += 1;
                told += usize::from(held(t) || crate::clean::movement(t).is_some());
            }
            told > 0 && told * 2 >= all
        })
}

/// Whether the nearest line above a table, or the words around one without a title, name the sentence of supervision and no
/// other, and no column counts hours: beside the sheet of community service stands another list.
fn supervises(table: &RawTable, words: &str) -> bool {
    let hours = [Field::HoursOrdered, Field::HoursServed, Field::HoursPerDay];
    if hours.iter().any(|f| table.position(*f).is_some()) || table.context.opd.is_some() {
        return false;
    }
    let nearest = table.context.title.rsplit(" | ").next();
    let line = nearest.filter(|l| !l.is_empty()).unwrap_or(words);
    codes::supervision_named(line)[..] == [SupervisionKind::SupervisionSentence]
}

/// Whether the nearest line above a prison's table tells what became of all on it (`NAPI BARU`, `PINDAH KE UPT LAIN`, `AKAN BEBAS`),
/// and no line speaks of a service.
fn moves_by_title(table: &RawTable) -> bool {
    let title = &table.context.title;
    let nearest = title.rsplit(" | ").next().unwrap_or_default();
    subject(nearest).is_some() && codes::service_named(title, "upt").is_none()
}

/// Whether a column without a surer meaning holds kinds of guidance: `Program` above `PB`, `CB`.
fn says_guidance(table: &RawTable) -> bool {
    let open = |f: Option<Field>| {
        matches!(
            f,
            None | Some(
                Field::ServiceName
                    | Field::ServiceKind
                    | Field::SupervisionKind
                    | Field::IntegrationKind
                    | Field::PersonStatus
            )
        )
    };
    (table.columns.iter().enumerate())
        .filter(|(_, c)| open(c.field) && c.point.is_none())
        .any(|(i, _)| {
            let look = profile::look(table, i);
            look.most(look[Sign::Supervision])
        })
}

/// What a row is, from the columns and the words of the title.
fn kind_of(
    fields: &[Field],
    points: bool,
    guided: bool,
    moves: bool,
    title: &str,
    context: &Context,
) -> RecordKind {
    use Field as F;
    let has = |f: F| fields.contains(&f);
    let any = |list: &[F]| list.iter().filter(|f| has(**f)).count() as i32;
    // Guidance of other kinds than a probation office's is a service.
    let title = &["rohani", "belajar", "teknis", "kerja", "karier"]
        .iter()
        .fold(title.to_owned(), |t, kind| {
            t.replace(&format!("bimbingan {kind}"), kind)
        });
    let says = |words: &[&str]| words.iter().filter(|w| title.contains(*w)).count() as i32;
    // A probation office's own list, which is one of its clients unless it says that they take part in something.
    let own_clients = context.bapas.is_some() && context.opd.is_none();
    let taking_part = &[
        "pelatihan",
        "peserta",
        "layanan",
        "bantuan",
        "pembinaan",
        "perekaman",
        "kegiatan",
        "keterampilan",
        "kerohanian",
        "kepribadian",
        "bimtek",
        "skrining",
        "rehab",
        "kemandirian",
        "fasilitasi",
    ];
    let of_services = any(&[
        F::ServiceName,
        F::Batch,
        F::EnrolDate,
        F::SessionsPlanned,
        F::SessionsAttended,
        F::CertificateNo,
        F::HoursAttended,
        F::IssuedDate,
    ]) > 0
        || says(taking_part) > 0;
    // A prison's list of people that names no service is one of those whom it keeps.
    let own_inmates = context.upt.is_some()
        && context.opd.is_none()
        && context.bapas.is_none()
        && codes::service_named(title, "upt").is_none();
    let revokes = context.opd.is_none()
        && (says(&["pencabutan", "dicabut", " cabut"]) > 0 || has(F::RevocationDate));
    let hands_over = own_clients && (says(&["limpah"]) > 0 || has(F::DelegationDate));
    let scores = [
        (
            RecordKind::CommunityService,
            4 * any(&[F::HoursOrdered, F::HoursServed])
                + 3 * says(&["kerja sosial"])
                // Nothing else is called so.
                + 7 * says(&["pidana kerja sosial"]).min(1),
        ),
        (
            RecordKind::Litmas,
            4 * any(&[F::LitmasKind, F::RequestedDate])
                + 3 * says(&["litmas", "penelitian kemasyarakatan"])
                // Of a list of clients it says no more than that there was one.
                + 5 * i32::from(
                    context.bapas.is_some()
                        && says(&["litmas"]) > 0
                        && any(&[F::ClientNo, F::PlannedEndDate, F::ReportsDue, F::ReportsMet]) == 0,
                ),
        ),
        (
            RecordKind::Death,
            4 * any(&[F::DeathDate]) + 3 * says(&["kematian", "meninggal"])
                - 2 * any(&[F::RegisterNo, F::AdmissionDate]),
        ),
        (
            RecordKind::Outcome,
            4 * any(&[F::OutcomeDate, F::Employer])
                // Where people were placed is a list of those who work, whatever papers stand beside it.
                + 5 * i32::from(has(F::Employer) && says(&["penempatan", "bekerja", "penyerapan"]) > 0)
                + 2 * any(&[F::OutcomeKind, F::Evidence])
                + 3 * says(&[
                    "pemantauan",
                    "monitoring",
                    "monev",
                    "pasca bebas",
                    "setelah bebas",
                    "hasil reintegrasi",
                ]),
        ),
        (
            RecordKind::Supervision,
            4 * any(&[
                F::ClientNo,
                F::SupervisionKind,
                F::ReportsDue,
                F::ReportsMet,
            ]) + 2 * any(&[F::Officer, F::Guarantor, F::EndKind, F::PlannedEndDate])
                + 2 * says(&["klien", "bimbingan", "wajib lapor", "apel"])
                // A list of revoked decrees, or of clients handed over, is of nothing else.
                + 6 * i32::from(revokes && context.upt.is_none())
                + 5 * i32::from(hands_over)
                + i32::from(context.bapas.is_some())
                + 4 * i32::from(guided)
                + 2 * i32::from(points && context.bapas.is_some()),
        ),
        (
            RecordKind::Custody,
            // An agency keeps nobody.
            -3 * i32::from(
                context.opd.is_some()
                    && context.upt.is_none()
                    && any(&[
                        F::RegisterNo,
                        F::RegisterClass,
                        F::SentenceLength,
                        F::ExitKind,
                        F::ExpiryDate,
                        F::DetentionEnd,
                    ]) == 0,
            ) + 3 * any(&[
                F::RegisterNo,
                F::RegisterClass,
                F::ExpiryDate,
                F::DetentionEnd,
                F::SentenceLength,
                F::SentenceYears,
                F::ExitKind,
                F::MasterNo,
                F::AdmissionDate,
            ]) + 2 * any(&[F::Block, F::TwoThirdsDate, F::DetainedDate])
                + 4 * i32::from(moves)
                + i32::from(own_inmates)
                // Remission shortens a stay: it is nothing that somebody takes part in.
                + 4 * i32::from(
                    context.upt.is_some()
                        && context.opd.is_none()
                        && says(&["remisi", "pengurangan masa pidana"]) > 0,
                )
                // Who keeps people says where they were moved to, and when.
                + 4 * i32::from(
                    context.upt.is_some()
                        && context.opd.is_none()
                        && (has(F::ToUpt) || has(F::FromUpt))
                        && says(&["pindah", "mutasi", "layar", "pengeluaran"]) > 0,
                )
                // Who keeps people says when they left.
                + 2 * i32::from(has(F::ExitDate) && context.upt.is_some() && context.opd.is_none())
                + 2 * says(&[
                    "register",
                    "penghuni",
                    "registrasi",
                    "tahanan",
                    "narapidana",
                    "mutasi",
                ]),
        ),
        (
            RecordKind::Participation,
            3 * any(&[
                F::ServiceKind,
                F::ServiceName,
                F::Batch,
                F::ReferralDate,
                F::EnrolDate,
                F::SessionsPlanned,
                F::SessionsAttended,
                F::CertificateNo,
                F::IssuedDate,
                F::DocumentNo,
            ]) + any(&[F::ServiceState])
                + 2 * says(&[
                    "pelatihan",
                    "peserta",
                    "layanan",
                    "bantuan",
                    "pembinaan",
                    "perekaman",
                    "pencetakan",
                    "penerima",
                    "kegiatan",
                    "kemandirian",
                    "keterampilan",
                    "kerohanian",
                    "kepribadian",
                    "bimtek",
                    "fasilitasi",
                    "participants",
                    "skrining",
                    "rohani",
                    "assisted",
                ])
                + i32::from(context.opd.is_some())
                - 4 * i32::from((own_clients || own_inmates && !points) && !of_services)
                - 6 * i32::from(revokes)
                + 2 * i32::from(points)
                // A list of people that says nothing else is of those who took part in something.
                + 1,
        ),
        (
            RecordKind::Resident,
            // The office of that name keeps many lists.
            3 * any(&[F::FamilyCardNo])
                + 4 * says(&[
                    "data penduduk",
                    "daftar penduduk",
                    "biodata",
                    "data kependudukan",
                    "buku induk penduduk",
                ])
                + i32::from(title.contains("penduduk"))
                - 4 * any(&[F::DeathDate])
                - 3 * any(&[F::RegisterNo, F::IssuedDate, F::ServiceKind]),
        ),
    ];
    let mut best = scores[0];
    for s in scores {
        if s.1 > best.1 {
            best = s;
        }
    }
    best.0
}

/// What a section row says for the rows below it.
pub fn section_context(text: &str, kind: RecordKind, names: &Names) -> Context {
    let n = normal(text);
    let words: Vec<&str> = n.split(' ').collect();
    let mut c = Context {
        title: text.into(),
        ..Context::default()
    };
    let has = |w: &str| words.contains(&w);
    if has("laki") || has("pria") || has("putra") {
        c.constants.push((Field::Sex, "L".into()));
    } else if has("perempuan") || has("wanita") || has("putri") {
        c.constants.push((Field::Sex, "P".into()));
    }
    match names.unit_in(text) {
        Some((id, UptKind::Bapas)) => c.bapas = Some(id),
        Some((id, _)) => c.upt = Some(id),
        None => {}
    }
    c.opd = names.agency_in(text);
    // In which month something is to come says nothing of the list.
    let to_come = matches!(subject(text), Some(Subject::Planned));
    c.month = if to_come { None } else { month_in(text) };
    // What a line does not say, the title may.
    let constant = match kind {
        RecordKind::Supervision => codes::supervision_kind(text)
            .filter(|k| *k != SupervisionKind::Other)
            .map(|_| Field::SupervisionKind),
        RecordKind::Participation => Some(Field::ServiceName),
        RecordKind::Custody => {
            if let [code] = codes::exits_named(text)[..] {
                c.constants.push((Field::ExitKind, code.id().into()));
            }
            Some(Field::RegisterClass)
        }
        RecordKind::Litmas => Some(Field::LitmasKind),
        RecordKind::Outcome
        | RecordKind::CommunityService
        | RecordKind::Resident
        | RecordKind::Death => None,
    };
    c.constants.extend(constant.map(|f| (f, text.into())));
    c
}
