//! Which service a row is of: by its own cells, the headers above it, what the title says, and who sent it; which papers and
//! applications beside it are of another.

use super::{Tools, joined};
use crate::clean::not_yet::OF_LISTS;
use crate::clean::row::Row;
use crate::clean::text::{is_placeholder, normal, says, wording};
use crate::clean::{codes, date};
use crate::domain::raw::RawCell;
use crate::domain::service::{ServiceKind, ServiceState};
use crate::domain::{Field, PartialDate, Severity};

/// Whether a header is of the steps of a course, and of no document: `Pendampingan mulai`, `Tgl pelatihan`.
pub(super) fn is_of_course(header: &str) -> bool {
    says(
        &normal(header),
        &[
            "pendampingan",
            "didampingi",
            "pelatihan",
            "pembinaan",
            "bimbingan",
            "bimtek",
            "konseling",
            "kursus",
            "magang",
            "kelas",
            "belajar",
            "rehabilitasi",
            "dibina",
            "dilatih",
        ],
    )
}

/// Whether a header is of the day on which somebody began to work: `Mulai Bekerja`.
pub(super) fn is_of_work(header: Option<&str>) -> bool {
    header.is_some_and(|h| {
        let n = normal(h);
        says(&n, &["kerja", "bekerja"]) && says(&n, &["mulai", "tgl", "tanggal", "sejak", "tmt"])
    })
}

/// What the header of a column says was handed over on its days: `Tgl BAST Alat`, `Serah terima barang`.
pub(super) fn handed_over(header: &str, opd: &str) -> Option<ServiceKind> {
    let last = header.rsplit(" / ").next().unwrap_or_default();
    let n = normal(last);
    let things = [
        "alat",
        "peralatan",
        "barang",
        "mesin",
        "toolkit",
        "perlengkapan",
        "sarana",
    ];
    let handed = says(
        &n,
        &[
            "bast",
            "serah terima",
            "penyerahan",
            "diserahkan",
            "serah",
            "terima",
            "bantuan",
        ],
    );
    if !handed || !says(&n, &things) {
        return None;
    }
    codes::service_named(last, opd).or(Some(ServiceKind::Alat))
}

impl Tools<'_> {
    /// Kind of service of a row: what its own cells name, else the header over them, else the section, title, sheet or file,
    /// else what the agency mostly gives.
    pub(super) fn service_kind(&self, row: &Row, opd: &str) -> ServiceKind {
        (self.service_named(row, opd)).unwrap_or_else(|| codes::main_service(opd))
    }

    /// The same, where anything names it.
    pub(super) fn service_named(&self, row: &Row, opd: &str) -> Option<ServiceKind> {
        let named = |text: &str| {
            let both = joined(&[text, opd]);
            let of = |_: &str| codes::service_named(text, opd);
            (!is_placeholder(text))
                .then(|| self.known.services.of(&both, of))
                .flatten()
        };
        let fields = [Field::ServiceKind, Field::ServiceName];
        let own = |f: &Field| named(&row.own(*f));
        let headers = [
            Field::ServiceKind,
            Field::ServiceName,
            Field::IssuedDate,
            Field::DocumentNo,
            Field::CertificateNo,
            Field::StartDate,
        ];
        // Of a day of beginning and one of issue the latter is what the list is about: `Rekam | Cetak`.
        let issues = row.has(Field::IssuedDate);
        // The papers that stand beside the steps of a course do not name it.
        let papers = self.paper_beside(row, opd).is_some();
        let header = |f: &Field| {
            let step = issues && !papers && *f == Field::StartDate;
            let paper = papers && matches!(f, Field::IssuedDate | Field::DocumentNo);
            row.header(*f).filter(|_| !step && !paper).and_then(named)
        };
        let around = |f: &Field| row.constant(*f).and_then(named);
        // A list of recording and printing is of cards where it has a day of printing.
        let printed = row.header(Field::IssuedDate).is_some_and(|h| {
            let n = normal(h);
            n.split(' ').any(|w| {
                matches!(
                    w,
                    "cetak" | "tercetak" | "dicetak" | "pencetakan" | "terbit" | "jadi"
                )
            })
        });
        if let Some(kind) = fields.iter().find_map(own) {
            // Who was recorded on one day, and whose card was printed on another of the list's columns, has a card.
            let recorded =
                row.header(Field::StartDate).and_then(named) == Some(ServiceKind::KtpRek);
            let card = kind == ServiceKind::KtpRek && printed && recorded && {
                let on = date::read(row.cell(Field::IssuedDate)).date();
                on.is_some_and(|d| d.is_known() && !self.is_to_come(d))
            };
            return Some(if card { ServiceKind::KtpCtk } else { kind });
        }
        // What the title names beside the course may be the paper in the column of its own.
        let paper = self.paper_beside(row, opd);
        let around = |f: &Field| around(f).filter(|k| Some(*k) != paper);
        let kind =
            (headers.iter().find_map(header)).or_else(|| fields.iter().rev().find_map(around));
        if kind == Some(ServiceKind::KtpRek) && printed {
            return Some(ServiceKind::KtpCtk);
        }
        kind
    }

    /// The document whose day of issue stands beside the steps of a course that the list is about.
    pub(super) fn paper_beside(&self, row: &Row, opd: &str) -> Option<ServiceKind> {
        let header = row.header(Field::IssuedDate)?;
        self.known.papers.of(opd, |_| {
            let of_course = [Field::StartDate, Field::EndDate]
                .iter()
                .any(|f| row.header(*f).is_some_and(is_of_course));
            let last = header.rsplit(" / ").next().unwrap_or_default();
            codes::service_named(last, opd).filter(|k| of_course && k.is_document())
        })
    }

    /// The day of the referral, where its column is about the service of the row: `Pengajuan KUR` beside the permit is a loan.
    pub(super) fn referred(&self, row: &mut Row, opd: &str) -> PartialDate {
        let on = row.date(Field::ReferralDate);
        let header = row.header(Field::ReferralDate).unwrap_or_default();
        let last = header.rsplit(" / ").next().unwrap_or_default();
        let other = codes::service_named(last, opd);
        let Some(other) = other.filter(|k| on.is_known() && *k != self.service_kind(row, opd))
        else {
            return on;
        };
        row.note(
            Severity::Warning,
            "clean.other_service",
            Field::ReferralDate,
        )
        .args
        .push(("service", other.id().to_owned()));
        PartialDate::Unknown
    }

    /// Whether anything but who sent a list says what its people were given.
    pub(super) fn names_service(&self, row: &Row, opd: &str) -> bool {
        self.service_named(row, opd).is_some()
    }

    /// Says of facts that little stands for: a service that nothing names, and one that was only asked for.
    pub(super) fn say_thin(&self, row: &mut Row, opd: &str, state: ServiceState) {
        let first = row.table.rows.first().map(|r| r.row) == Some(row.row.row);
        if (first || opd == "upt") && !self.names_service(row, opd) {
            let field = [
                Field::ServiceName,
                Field::ServiceKind,
                Field::StartDate,
                Field::Name,
            ];
            let field = field.into_iter().find(|f| row.has(*f));
            row.note(
                Severity::Note,
                "clean.service_assumed",
                field.unwrap_or(Field::Name),
            );
        }
        if matches!(state, ServiceState::Referred | ServiceState::Enrolled) {
            let applied = |t: &str| self.known.applied.of(t, |t| says(&wording(t), OF_LISTS));
            let dated = *row.cell(Field::ReferralDate) != RawCell::Empty;
            let field = match () {
                () if applied(&row.own(Field::ServiceState)) => Field::ServiceState,
                () if dated && row.header(Field::ReferralDate).is_some_and(applied) => {
                    Field::ReferralDate
                }
                () => return,
            };
            row.note(Severity::Note, "clean.only_applied", field);
        }
    }
}
