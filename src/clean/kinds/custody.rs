//! Rows of prison registers: who came in when, of which class, for what, and how the stay ended.

use super::facts::released;
use super::leaving::{exit_words, spoken};
use super::{Made, Tools};
use crate::clean::remarks::{self, Movement, Said};
use crate::clean::row::Row;
use crate::clean::text::is_placeholder;
use crate::clean::{Fate, checks, codes, number};
use crate::domain::raw::RawCell;
use crate::domain::records::{Custody, Identity};
use crate::domain::upt::UptKind;
use crate::domain::{ExitCode, Field, OffenceGroup, PartialDate, RegisterClass, Severity, Upt};
use chrono::{Datelike, NaiveDate};

impl Tools<'_> {
    pub(super) fn custody(
        &self,
        row: &mut Row,
        who: Identity,
        said: &[Said],
        made: &mut Made,
    ) -> Fate {
        let Some(upt) = self.home(row) else {
            self.no_unit(row, Field::Upt);
            return Fate::SetAside;
        };
        let admitted = row.first_date(&[
            Field::AdmissionDate,
            Field::DetainedDate,
            Field::VerdictDate,
        ]);
        if admitted.is_known() && !row.has_figures(Field::AdmissionDate) {
            let other = [Field::DetainedDate, Field::VerdictDate];
            let field = other.into_iter().find(|f| row.has_figures(*f));
            if let Some(field) = field {
                row.note(Severity::Note, "clean.other_day_taken", field);
            }
        }
        let (admitted, moved) = match admitted.is_known() {
            true => (self.before_move(row, admitted), true),
            false => (self.came_on(row), false),
        };
        let Some(begin) = admitted.earliest() else {
            return self.release_alone(row, who, upt, said, made);
        };
        if self.as_of.is_before(begin) {
            return Fate::Beyond;
        }
        let register_no = row.text(Field::RegisterNo);
        let written_class = row.text(Field::RegisterClass);
        let remarks = row.remarks();
        let class = codes::register_class(&register_no)
            .or_else(|| codes::register_class(&written_class))
            .or_else(|| class_in(&remarks).filter(|_| !moved))
            .or_else(|| self.child_by_title(row, upt));
        // A sentenced child is held in the register of children, by whatever letter the LPKA numbers it.
        let class = class.map(|class| {
            let under_age = (who.birth.day().zip(admitted.day()))
                .is_some_and(|(b, a)| crate::domain::date::age_on(b, a) < 18);
            let lpka = self.units.info(upt).kind == UptKind::Lpka;
            if class.is_sentenced() && lpka && under_age {
                RegisterClass::Child
            } else {
                class
            }
        });
        let by_column = self.exit_by_column(row);
        if let Some(fate) = self.recaptured(row, &who, upt, admitted, by_column, made) {
            return fate;
        }
        let Some((admitted, exit_date)) = self.in_order(row, admitted, by_column) else {
            return Fate::SetAside;
        };
        let exit_text = exit_words(row, by_column, exit_date);
        let mut came = self.came_how(row, &remarks);
        let (exit, exit_date) = self.exit(row, &exit_text, &remarks, said, begin, exit_date);
        // An escape and the capture after it, told in one cell: of whom the register has the admission, he was caught again after
        // it; of whom it has not, only the capture and the escape are known.
        // Few texts are long enough to tell both.
        let long = remarks.len() + exit_text.len() >= 24;
        let flight = long
            .then(|| remarks::flight(&spoken(row), self.list_month(row)))
            .flatten()
            .filter(|(_, back)| !self.is_to_come(*back));
        let (exit, exit_date, caught) = match flight {
            Some((fled, back)) if moved && fled.latest() >= Some(begin) => {
                came.recaptured = false;
                (Some(ExitCode::Lri), fled, Some(back))
            }
            Some((fled, _)) if !moved => {
                row.note(Severity::Note, "clean.no_admission", Field::Name);
                let fled = released(row.at(), who.clone(), upt, ExitCode::Lri, fled);
                made.records.custody.push(fled);
                (exit, exit_date, None)
            }
            Some(_) | None => (exit, exit_date, None),
        };
        row.told.set(row.told.get() || flight.is_some());
        if let (Some(b), Some(a)) = (who.birth.day(), admitted.day())
            && crate::domain::date::age_on(b, a) < 12
        {
            row.note(Severity::Error, "clean.too_young", Field::AdmissionDate);
            return Fate::SetAside;
        }
        self.saw(made, &[admitted, exit_date]);
        let known = self.known;
        let sentence = known
            .sentences
            .of(&row.text(Field::SentenceLength), number::sentence)
            .or_else(|| parts(row))
            .or_else(|| sentence_in(&remarks).filter(|_| !moved));
        checks::understood(
            row,
            "clean.sentence_bad",
            Field::SentenceLength,
            sentence.is_some(),
        );
        let (sentence_days, life) = match sentence {
            Some(number::Sentence::Days(d)) => (Some(d), None),
            Some(number::Sentence::Life) => (None, Some(RegisterClass::Life)),
            Some(number::Sentence::Death) => (None, Some(RegisterClass::Death)),
            None => (None, None),
        };
        let classed = row.has(Field::RegisterNo) || row.has(Field::RegisterClass);
        if class.is_none() && life.is_none() && classed {
            row.note(
                Severity::Warning,
                "clean.register_unknown",
                Field::RegisterNo,
            );
        }
        // Nobody is held for what is yet to be done.
        let mut offence_date = row.date(Field::OffenceDate);
        if offence_date.earliest() > admitted.latest() && admitted.is_known() {
            row.note(
                Severity::Warning,
                "clean.offence_after_admission",
                Field::OffenceDate,
            );
            offence_date = PartialDate::Unknown;
        }
        let (crime, article) = (row.text(Field::Offence), row.text(Field::Article));
        // The code of the verdict counts; until there is one, that of the admission.
        let verdict = row.date(Field::VerdictDate);
        let on = verdict.day().or(admitted.day());
        let to_upt = (exit == Some(ExitCode::Pdh))
            .then(|| {
                let written = row.text(Field::ToUpt);
                if is_placeholder(&written) {
                    self.place(&format!("{exit_text} {remarks}"))
                } else {
                    self.place(&written)
                }
            })
            .flatten()
            .filter(|u| *u != upt);
        let group = self.offence(&article, &crime, on);
        let field = if is_placeholder(&article) {
            Field::Offence
        } else {
            Field::Article
        };
        checks::understood(
            row,
            "clean.law_missing",
            field,
            group != OffenceGroup::Unknown,
        );
        let expiry = row.first_date(&[Field::ExpiryDate, Field::FirstExpiryDate]);
        // A short sentence may be over before the register of the sentenced is reached; a year before is a slip.
        let year_before = PartialDate::Day(begin - chrono::Days::new(365));
        let rule = "clean.expiry_before_admission";
        let expiry = checks::after(row, year_before, expiry, rule, Field::ExpiryDate);
        // Who is detained has no sentence that could run out: the day is that of the detention order.
        let detained = class.is_some_and(RegisterClass::is_remand)
            && sentence.is_none()
            && is_placeholder(&row.text(Field::SentenceLength));
        let expiry = match expiry.is_known() && detained {
            true => {
                row.note(Severity::Note, "clean.detention_end", Field::ExpiryDate);
                PartialDate::Unknown
            }
            false => expiry,
        };
        let two_thirds = row.date(Field::TwoThirdsDate);
        if exit.is_some_and(|c| c.is_conditional() && c != ExitCode::Asr)
            && exit_date.latest() < two_thirds.earliest()
            && exit_date.is_known()
        {
            row.note(Severity::Note, "clean.early_integration", Field::ExitDate);
        }
        let record = Custody {
            at: row.at(),
            upt,
            register_no: register_no.as_ref().into(),
            class: life.or(class),
            admitted,
            from_upt: came.from.filter(|u| *u != upt),
            by_transfer: came.by_transfer && came.from != Some(upt),
            recaptured: came.recaptured,
            after_revocation: came.after_revocation && exit.is_none(),
            offence: group,
            offence_date,
            verdict,
            sentence_days,
            expiry,
            two_thirds,
            to_upt,
            exit,
            exit_date,
            recidivist_flag: codes::recidivist(&row.text(Field::RecidivistFlag)),
            education: known
                .educations
                .of(&row.text(Field::Education), |s| codes::education(s).into()),
            list_month: self.list_month(row),
            who,
        };
        if let Some(back) = caught {
            let mut again = record.clone();
            (again.admitted, again.recaptured, again.by_transfer) = (back, true, false);
            (again.exit, again.exit_date) = (None, PartialDate::Unknown);
            made.records.custody.push(again);
        }
        made.records.custody.push(record);
        Fate::Used
    }

    /// An escape and the capture that followed it, in one row: both are facts, and neither is out of order.
    fn recaptured(
        &self,
        row: &mut Row,
        who: &Identity,
        upt: Upt,
        caught: PartialDate,
        by_column: Option<(ExitCode, PartialDate)>,
        made: &mut Made,
    ) -> Option<Fate> {
        let again = row.header(Field::DetainedDate).is_some_and(|h| {
            crate::clean::text::normal(h)
                .split(' ')
                .any(|w| w.contains("tangkap"))
        });
        let words = exit_words(row, by_column, PartialDate::Day(NaiveDate::MIN));
        let fled = row.header(Field::ExitDate).and_then(codes::exit) == Some(ExitCode::Lri)
            || codes::exit(&words) == Some(ExitCode::Lri);
        if !again || !fled || row.has(Field::AdmissionDate) {
            return None;
        }
        let on = self.left_on(row, by_column);
        if !on.is_known() || on.latest() > caught.latest() {
            return None;
        }
        self.saw(made, &[on, caught]);
        let at = row.at();
        let records = &mut made.records.custody;
        records.push(released(at, who.clone(), upt, ExitCode::Lri, on));
        let mut back = released(at, who.clone(), upt, ExitCode::Lri, PartialDate::Unknown);
        (back.admitted, back.exit) = (caught, None);
        back.list_month = self.list_month(row);
        records.push(back);
        row.note(Severity::Note, "clean.no_admission", Field::ExitDate);
        Some(Fate::Used)
    }

    /// A list of the sentenced children of an LPKA needs no class in its rows; not all who are held there are on one.
    fn child_by_title(&self, row: &Row, upt: Upt) -> Option<RegisterClass> {
        let title = crate::clean::text::normal(&row.table.context.title);
        let named = ["anak binaan", "andikpas", "anak didik pemasyarakatan"];
        let children = self.units.info(upt).kind == UptKind::Lpka
            && crate::clean::text::says(&title, &named)
            && !is_placeholder(&row.text(Field::SentenceLength));
        children.then_some(RegisterClass::Child)
    }

    /// Admission and exit, in this order; nothing where they are not and cannot be.
    fn in_order(
        &self,
        row: &mut Row,
        admitted: PartialDate,
        by_column: Option<(ExitCode, PartialDate)>,
    ) -> Option<(PartialDate, PartialDate)> {
        let exit_date = self.left_on(row, by_column);
        let (PartialDate::Day(a), PartialDate::Day(e)) = (admitted, exit_date) else {
            return Some((admitted, exit_date));
        };
        if e >= a {
            return Some((admitted, exit_date));
        }
        // A swapped day and month that restores the order is evidence enough; nothing else is.
        let swap = |d: NaiveDate| NaiveDate::from_ymd_opt(d.year(), d.day(), d.month());
        let mut swapped = |field, d: NaiveDate| {
            row.note(Severity::Warning, "clean.date_swapped", field)
                .proposed = d.format("%d-%m-%Y").to_string().into();
            PartialDate::Day(d)
        };
        if let Some(d) = swap(e).filter(|d| *d >= a && !self.as_of.is_before(*d)) {
            Some((admitted, swapped(Field::ExitDate, d)))
        } else if let Some(d) = swap(a).filter(|d| *d <= e) {
            Some((swapped(Field::AdmissionDate, d), exit_date))
        } else {
            row.note(
                Severity::Error,
                "clean.exit_before_admission",
                Field::ExitDate,
            );
            None
        }
    }

    /// The day on which a row tells that somebody came: that of its status, else the one beside the words. A change of the
    /// register class is no coming.
    fn came_on(&self, row: &mut Row) -> PartialDate {
        let words = spoken(row);
        if row.is_planned()
            || remarks::movement(&words) != Some(Movement::Came)
            || remarks::is_register_move(&words)
        {
            return PartialDate::Unknown;
        }
        let on = row.date(Field::StatusDate);
        let on = if on.is_known() {
            on
        } else {
            self.happened(remarks::came(&words, self.list_month(row)))
        };
        row.told.set(row.told.get() || on.is_known());
        on
    }

    /// How somebody came, by what any column of words tells: moved from another prison (`Napi pindahan`, `mutasi dr Lapas Piru`,
    /// `Asal: Rutan Masohi`), or caught again after an escape.
    fn came_how(&self, row: &Row, remarks: &str) -> Came {
        let mut from =
            (self.unit(row, Field::FromUpt)).filter(|u| self.units.info(*u).kind != UptKind::Bapas);
        let origin = row.own(Field::FromUpt);
        let mut by_transfer = from.is_some() || remarks::names_prison(&origin);
        let (mut recaptured, mut after_revocation) = (false, false);
        let fields = [
            Field::FromUpt,
            Field::RegisterClass,
            Field::PersonStatus,
            Field::ExitKind,
            Field::ServiceState,
        ];
        let own = fields.map(|f| row.own(f));
        for text in own.iter().map(AsRef::as_ref).chain([remarks]) {
            recaptured |= remarks::is_recapture(text);
            after_revocation |= remarks::after_revocation(text);
            let Some(told) = remarks::moved_in(text) else {
                continue;
            };
            by_transfer = true;
            row.told.set(true);
            from = from
                .or_else(|| self.place(&told))
                // `Lapas Piru; pindahan`
                .or_else(|| self.place(text))
                .or_else(|| self.places.prison_of_town(&told));
        }
        Came {
            from,
            by_transfer: by_transfer && !after_revocation,
            recaptured,
            after_revocation,
        }
    }

    /// A change of the register class is no admission: who is written to have changed it, and of whose coming no other row of
    /// the table tells, came before the month of the change.
    fn before_move(&self, row: &mut Row, admitted: PartialDate) -> PartialDate {
        let remarks = row.remarks();
        if !remarks::is_register_move(&remarks) {
            return admitted;
        }
        // A change on another day is one of later: `ke B.I tgl 08-01-2026`.
        let later = remarks::last_day(&remarks, self.list_month(row));
        if later.is_known() && later != admitted {
            return admitted;
        }
        let name = row.text(Field::Name);
        let own = row.row.row;
        let at = row.table.position(Field::Name);
        let others = row.table.rows.iter().filter(|r| r.row != own);
        let known = others
            .filter_map(|r| r.cells.get(at?))
            .any(|c| matches!(c, RawCell::Text(t) if t.trim().eq_ignore_ascii_case(name.trim())));
        let Some(day) = admitted.day().filter(|_| !known) else {
            return admitted;
        };
        let before = NaiveDate::from_ymd_opt(day.year(), day.month(), 1).and_then(|d| d.pred_opt());
        row.told.set(true);
        row.note(
            Severity::Warning,
            "clean.register_move",
            Field::AdmissionDate,
        );
        before.map_or(admitted, |d| PartialDate::Month(d.year(), d.month() as u8))
    }

    /// What a row without a day of admission says of the case: register, sentence, its days, the offence.
    pub(super) fn describe(&self, row: &mut Row, record: &mut Custody, on: PartialDate) {
        record.register_no = row.text(Field::RegisterNo).as_ref().into();
        record.list_month = self.list_month(row);
        record.class = codes::register_class(&row.text(Field::RegisterNo))
            .or_else(|| codes::register_class(&row.text(Field::RegisterClass)));
        let sentence = (self.known.sentences)
            .of(&row.text(Field::SentenceLength), number::sentence)
            .or_else(|| parts(row));
        match sentence {
            Some(number::Sentence::Days(days)) => record.sentence_days = Some(days),
            Some(number::Sentence::Life) => record.class = Some(RegisterClass::Life),
            Some(number::Sentence::Death) => record.class = Some(RegisterClass::Death),
            None => {}
        }
        record.expiry = row.first_date(&[Field::ExpiryDate, Field::FirstExpiryDate]);
        record.two_thirds = row.date(Field::TwoThirdsDate);
        record.verdict = row.date(Field::VerdictDate);
        record.offence = self.offence(
            &row.text(Field::Article),
            &row.text(Field::Offence),
            on.day(),
        );
    }
}

/// How somebody came.
struct Came {
    from: Option<Upt>,
    by_transfer: bool,
    recaptured: bool,
    after_revocation: bool,
}

/// The register class that remarks name: `tahanan masuk (A.II)`.
fn class_in(remarks: &str) -> Option<RegisterClass> {
    let words = remarks.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';'));
    let numeral = |w: &&str| w.len() >= 3 && w.contains('.') && w.starts_with(['A', 'B']);
    words.filter(numeral).find_map(codes::register_class)
}

/// The sentence that remarks name: `pidana 2 th 2 bln`.
fn sentence_in(remarks: &str) -> Option<number::Sentence> {
    let lower = remarks.to_lowercase();
    let at = ["pidana ", "hukuman ", "vonis "]
        .iter()
        .find_map(|w| lower.find(w).map(|i| i + w.len()))?;
    let clause = lower.get(at..)?.split([',', ';', '(']).next()?;
    number::sentence(clause)
}

/// Sentence in separate columns Th, Bl, Hr.
fn parts(row: &Row) -> Option<number::Sentence> {
    let n = |f| number::amount(row.cell(f)).map(|v| v as u32);
    let (y, m, d) = (
        n(Field::SentenceYears),
        n(Field::SentenceMonths),
        n(Field::SentenceDays),
    );
    (y.is_some() || m.is_some() || d.is_some())
        .then(|| number::Sentence::of(y.unwrap_or(0), m.unwrap_or(0), d.unwrap_or(0)))
}
