//! One test per rule by which register rows become episodes (docs/definitions.md 2–1.5, the traps of section 6).

use super::{EntryKind, Release, build, releases};
use crate::domain::history::{Histories, LinkStrength};
use crate::domain::records::{Custody, Death, Identity, Records, Supervision};
use crate::domain::supervision::{SupervisionEnd, SupervisionKind};
use crate::domain::upt::UptRegistry;
use crate::domain::{
    ExitCode, FileId, Month, OffenceGroup, PartialDate, RegisterClass, RowRef, Text, Upt,
};
use crate::workspace::Settings;
use chrono::NaiveDate;

mod lists;

fn day(s: &str) -> NaiveDate {
    NaiveDate::parse_from_str(s, "%d-%m-%Y").unwrap()
}

fn partial(s: &str) -> PartialDate {
    if s.is_empty() {
        PartialDate::Unknown
    } else {
        PartialDate::Day(day(s))
    }
}

/// Records of people, written one line an event.
#[derive(Default)]
struct World {
    records: Records,
    custody: Vec<u32>,
    supervision: Vec<u32>,
    death: Vec<u32>,
}

impl World {
    fn at(&self) -> RowRef {
        RowRef {
            file: FileId(0),
            sheet: 0,
            row: self.records.len() as u32,
        }
    }

    /// A register row: class, unit, admitted, exit, left on, day of the offence.
    fn row(
        mut self,
        person: u32,
        class: &str,
        unit: &str,
        admitted: &str,
        (exit, left): (&str, &str),
        offence: &str,
    ) -> World {
        let at = self.at();
        self.custody.push(person);
        self.records.custody.push(Custody {
            at,
            who: Identity::default(),
            upt: unit_of(unit),
            register_no: Text::default(),
            class: RegisterClass::from_id(class),
            admitted: partial(admitted),
            from_upt: None,
            by_transfer: false,
            recaptured: false,
            after_revocation: false,
            offence: OffenceGroup::Theft,
            offence_date: partial(offence),
            verdict: PartialDate::Unknown,
            sentence_days: None,
            expiry: PartialDate::Unknown,
            two_thirds: PartialDate::Unknown,
            exit: ExitCode::from_id(exit),
            exit_date: partial(left),
            to_upt: None,
            recidivist_flag: None,
            education: Text::default(),
            list_month: None,
        });
        self
    }

    /// The last row's sentence in days.
    fn sentenced(mut self, days: u32) -> World {
        if let Some(r) = self.records.custody.last_mut() {
            r.sentence_days = Some(days);
        }
        self
    }

    /// The last row's end of sentence.
    fn expiring(mut self, on: &str) -> World {
        if let Some(r) = self.records.custody.last_mut() {
            r.expiry = PartialDate::Day(day(on));
        }
        self
    }

    /// Guidance by Bapas Ambon.
    fn guided(
        mut self,
        person: u32,
        kind: SupervisionKind,
        start: &str,
        end: &str,
        how: Option<SupervisionEnd>,
    ) -> World {
        let at = self.at();
        self.supervision.push(person);
        self.records.supervision.push(Supervision {
            at,
            who: Identity::default(),
            bapas: Some(unit_of("bapas-ambon")),
            client_no: Text::default(),
            kind,
            from_upt: None,
            decree: PartialDate::Unknown,
            start: partial(start),
            planned_end: PartialDate::Unknown,
            end: partial(end),
            end_kind: how,
            reports_due: None,
            reports_met: None,
            earlier_reports: Vec::new(),
            offence: OffenceGroup::Unknown,
            list_month: None,
        });
        self
    }

    fn died(mut self, person: u32, on: &str) -> World {
        let at = self.at();
        self.death.push(person);
        self.records.death.push(Death {
            at,
            who: Identity::default(),
            date: partial(on),
        });
        self
    }

    /// The histories at the end of December 2025.
    fn histories(&self) -> Histories {
        let person_of: Vec<u32> = [&self.custody[..], &self.supervision, &self.death].concat();
        let persons = person_of.iter().max().map_or(0, |p| *p as usize + 1);
        build(
            &self.records,
            &person_of,
            &vec![LinkStrength::Strict; persons],
            &UptRegistry::maluku(&[]),
            &Settings::default(),
            Month::new(2025, 12).unwrap(),
        )
    }
}

fn unit_of(id: &str) -> Upt {
    UptRegistry::maluku(&[]).by_id(id).unwrap()
}

/// Start, end and exit of every episode.
fn spans(h: &Histories) -> Vec<(NaiveDate, Option<NaiveDate>, Option<ExitCode>)> {
    h.episodes
        .iter()
        .map(|e| (e.start, e.end, e.exit))
        .collect()
}

fn released(h: &Histories) -> Vec<Release> {
    releases(h, &Settings::default().definitions)
}

fn counted(h: &Histories, rule: &str) -> u64 {
    h.resolutions.get(rule).copied().unwrap_or(0)
}

#[test]
fn every_register_of_a_case_and_the_subsidiary_sentence_are_one_episode() {
    let h = World::default()
        .row(0, "AI", "rutan-ambon", "05-01-2024", ("", ""), "01-01-2024")
        .row(
            0,
            "AII",
            "rutan-ambon",
            "25-01-2024",
            ("", ""),
            "01-01-2024",
        )
        .row(
            0,
            "AIII",
            "rutan-ambon",
            "15-02-2024",
            ("PDH", "20-03-2024"),
            "01-01-2024",
        )
        .row(
            0,
            "BI",
            "lapas-ambon",
            "22-03-2024",
            ("BM", "05-01-2025"),
            "01-01-2024",
        )
        .row(
            0,
            "BIII",
            "lapas-ambon",
            "05-01-2025",
            ("BM", "05-03-2025"),
            "01-01-2024",
        )
        .histories();
    assert_eq!(
        spans(&h),
        [(
            day("05-01-2024"),
            Some(day("05-03-2025")),
            Some(ExitCode::Bm)
        )]
    );
    let classes: Vec<&str> = h.episodes[0].classes.iter().map(|c| c.class.id()).collect();
    assert_eq!(classes, ["AI", "AII", "AIII", "BI", "BIII"]);
    assert_eq!(h.episodes[0].stays.len(), 2);
    assert_eq!(counted(&h, "history.subsidiary_joined"), 1);
    assert_eq!(counted(&h, "history.transfers_joined"), 1);
    let r = released(&h);
    assert_eq!(r.len(), 1, "a register number is no release");
    assert!(r[0].returns.is_empty());
}

#[test]
fn a_subsidiary_sentence_whose_row_shows_no_exit_keeps_the_person_inside() {
    let h = World::default()
        .row(
            0,
            "BI",
            "lapas-ambon",
            "01-03-2024",
            ("BM", "05-11-2025"),
            "",
        )
        .row(0, "BIII", "lapas-ambon", "05-11-2025", ("", ""), "")
        .histories();
    assert_eq!(spans(&h), [(day("01-03-2024"), None, None)]);
    assert!(h.episodes[0].is_inside(day("31-12-2025")));
}

#[test]
fn an_arrest_within_days_of_release_is_a_new_case_and_a_return() {
    let h = World::default()
        .row(
            0,
            "BI",
            "lapas-ambon",
            "01-03-2023",
            ("PB", "10-01-2025"),
            "01-02-2023",
        )
        .row(0, "AI", "rutan-ambon", "13-01-2025", ("", ""), "12-01-2025")
        .histories();
    assert_eq!(h.episodes.len(), 2);
    let r = released(&h);
    assert_eq!(r[0].first_new(), Some(day("13-01-2025")));
    assert_eq!(r[0].returns[0].kind, EntryKind::New);
}

#[test]
fn an_old_case_after_release_is_no_recidivism_and_an_unknown_day_is_counted_apart() {
    let h = World::default()
        .row(
            0,
            "BI",
            "lapas-ambon",
            "01-03-2023",
            ("BM", "10-01-2025"),
            "01-02-2023",
        )
        .row(0, "AI", "rutan-ambon", "13-03-2025", ("", ""), "10-01-2025")
        .row(
            1,
            "BI",
            "lapas-ambon",
            "01-03-2023",
            ("BM", "10-01-2025"),
            "01-02-2023",
        )
        .row(1, "AI", "rutan-ambon", "13-03-2025", ("", ""), "")
        .histories();
    let r = released(&h);
    assert_eq!(
        r[0].returns[0].kind,
        EntryKind::Pseudo,
        "on the day of release or before"
    );
    assert_eq!(r[0].first_new(), None);
    assert_eq!(r[1].returns[0].kind, EntryKind::NewUnknownDate);
    assert_eq!(r[1].first_new(), Some(day("13-03-2025")));
}

#[test]
fn an_escape_and_its_end_stay_inside_one_episode() {
    let h = World::default()
        .row(
            0,
            "BI",
            "lapas-ambon",
            "01-03-2023",
            ("LRI", "10-01-2025"),
            "",
        )
        .row(0, "BI", "lapas-ambon", "20-02-2025", ("", ""), "")
        .histories();
    assert_eq!(spans(&h), [(day("01-03-2023"), None, None)]);
    assert_eq!(
        h.episodes[0].escapes,
        [(day("10-01-2025"), Some(day("20-02-2025")))]
    );
    assert!(
        !h.episodes[0].is_inside(day("01-02-2025")) && h.episodes[0].is_inside(day("20-02-2025"))
    );
    assert!(released(&h).is_empty());
}

#[test]
fn an_earlier_export_without_the_exit_does_not_bring_the_person_back() {
    for exit in ["LRI", "BM", "PDH"] {
        let h = World::default()
            .row(0, "BI", "lapas-ambon", "01-03-2023", ("", ""), "")
            .row(
                0,
                "BI",
                "lapas-ambon",
                "01-03-2023",
                (exit, "10-01-2025"),
                "",
            )
            .row(0, "BI", "lapas-ambon", "01-03-2023", ("", ""), "")
            .histories();
        assert_eq!(
            spans(&h),
            [(
                day("01-03-2023"),
                Some(day("10-01-2025")),
                ExitCode::from_id(exit)
            )],
            "{exit}"
        );
        assert!(!h.episodes[0].is_inside(day("31-12-2025")), "{exit}");
    }
}

#[test]
fn a_transfer_takes_weeks_between_islands_but_not_months() {
    let h = World::default()
        .row(
            0,
            "AIII",
            "rutan-ambon",
            "01-03-2024",
            ("PDH", "10-05-2024"),
            "",
        )
        .row(0, "BI", "lapas-dobo", "20-06-2024", ("", ""), "")
        .row(
            1,
            "AIII",
            "rutan-ambon",
            "01-03-2024",
            ("PDH", "10-05-2024"),
            "",
        )
        .row(1, "BI", "lapas-dobo", "20-08-2024", ("", ""), "")
        .histories();
    assert_eq!(
        h.episodes.iter().map(|e| e.person.0).collect::<Vec<_>>(),
        [0, 1, 1]
    );
    assert_eq!(counted(&h, "history.transfer_lost"), 1);
    assert!(released(&h).is_empty(), "neither was released");
}

#[test]
fn registers_of_two_units_that_overlap_are_one_stay_in_custody() {
    let h = World::default()
        .row(
            0,
            "AIII",
            "rutan-ambon",
            "01-03-2024",
            ("PDH", "10-05-2024"),
            "",
        )
        .row(0, "BI", "lapas-ambon", "05-05-2024", ("", ""), "")
        .histories();
    assert_eq!(spans(&h), [(day("01-03-2024"), None, None)]);
    assert_eq!(
        h.episodes[0].upt_on(day("06-05-2024")),
        Some(unit_of("lapas-ambon"))
    );
    assert_eq!(counted(&h, "history.overlap_joined"), 1);
}

#[test]
fn a_gap_of_days_is_bridged_and_one_of_weeks_is_not() {
    let h = World::default()
        .row(
            0,
            "AI",
            "rutan-ambon",
            "01-03-2024",
            ("BDH", "30-04-2024"),
            "",
        )
        .row(0, "AII", "rutan-ambon", "06-05-2024", ("", ""), "")
        .row(
            1,
            "AI",
            "rutan-ambon",
            "01-03-2024",
            ("BDH", "30-04-2024"),
            "",
        )
        .row(1, "AII", "rutan-ambon", "20-05-2024", ("", ""), "")
        .histories();
    assert_eq!(
        h.episodes.iter().map(|e| e.person.0).collect::<Vec<_>>(),
        [0, 1, 1]
    );
    assert_eq!(counted(&h, "history.gap_joined"), 1);
}

#[test]
fn home_assimilation_and_the_conditional_release_after_it_are_one_release() {
    let h = World::default()
        .row(
            0,
            "BI",
            "lapas-ambon",
            "01-03-2020",
            ("ASR", "10-05-2021"),
            "",
        )
        .guided(0, SupervisionKind::Pb, "20-08-2021", "", None)
        .histories();
    assert_eq!(
        spans(&h),
        [(
            day("01-03-2020"),
            Some(day("20-08-2021")),
            Some(ExitCode::Pb)
        )]
    );
    assert_eq!(h.episodes[0].home_assimilation, Some(day("10-05-2021")));
    let r = released(&h);
    assert_eq!(
        (r.len(), r[0].t0, r[0].exit),
        (1, day("20-08-2021"), ExitCode::Pb)
    );
}

#[test]
fn called_back_from_home_assimilation_the_same_sentence_goes_on() {
    let h = World::default()
        .row(
            0,
            "BI",
            "lapas-ambon",
            "01-03-2020",
            ("ASR", "10-05-2021"),
            "01-02-2020",
        )
        .row(
            0,
            "BI",
            "lapas-ambon",
            "10-09-2021",
            ("BM", "01-03-2022"),
            "01-02-2020",
        )
        .histories();
    assert_eq!(
        spans(&h),
        [(
            day("01-03-2020"),
            Some(day("01-03-2022")),
            Some(ExitCode::Bm)
        )]
    );
    assert_eq!(counted(&h, "history.home_assimilation_ended"), 1);
    assert_eq!(released(&h).len(), 1);
}

#[test]
fn a_new_case_during_home_assimilation_is_an_episode_of_its_own() {
    let h = World::default()
        .row(
            0,
            "BI",
            "lapas-ambon",
            "01-03-2020",
            ("ASR", "10-05-2021"),
            "01-02-2020",
        )
        .row(0, "AI", "rutan-ambon", "10-09-2021", ("", ""), "08-09-2021")
        .histories();
    assert_eq!(h.episodes.len(), 2);
}

#[test]
fn a_technical_revocation_is_no_new_case_and_one_for_an_offence_is() {
    let h = World::default()
        .row(
            0,
            "BI",
            "lapas-ambon",
            "01-03-2023",
            ("PB", "10-01-2025"),
            "01-02-2023",
        )
        .guided(
            0,
            SupervisionKind::Pb,
            "10-01-2025",
            "15-06-2025",
            Some(SupervisionEnd::RevokedTechnical),
        )
        .row(0, "BI", "lapas-ambon", "20-06-2025", ("", ""), "01-02-2023")
        .row(
            1,
            "BI",
            "lapas-ambon",
            "01-03-2023",
            ("PB", "10-01-2025"),
            "01-02-2023",
        )
        .guided(
            1,
            SupervisionKind::Pb,
            "10-01-2025",
            "15-06-2025",
            Some(SupervisionEnd::RevokedOffence),
        )
        .row(1, "AI", "rutan-ambon", "12-06-2025", ("", ""), "11-06-2025")
        .histories();
    let r = released(&h);
    assert_eq!(
        r[0].returns.len(),
        1,
        "the revocation and the entry it causes are one event"
    );
    assert_eq!(r[0].returns[0].kind, EntryKind::Technical);
    assert!(!r[0].p1(12) && r[0].p3(12));
    assert_eq!(r[1].returns[0].kind, EntryKind::New);
    assert!(r[1].p1(12));
    assert_eq!(counted(&h, "history.began_by_revocation"), 1);
}

#[test]
fn an_exit_nobody_wrote_is_taken_from_the_sentence_when_a_new_case_shows_it() {
    let h = World::default()
        .row(0, "BI", "lapas-ambon", "01-03-2020", ("", ""), "01-02-2020")
        .sentenced(365)
        .row(0, "AI", "rutan-ambon", "01-06-2024", ("", ""), "30-05-2024")
        .row(1, "BI", "lapas-ambon", "01-03-2020", ("", ""), "01-02-2020")
        .sentenced(3650)
        .row(1, "AI", "rutan-ambon", "01-06-2024", ("", ""), "30-05-2024")
        .histories();
    assert_eq!(
        spans(&h),
        [
            (
                day("01-03-2020"),
                Some(day("01-03-2021")),
                Some(ExitCode::Bm)
            ),
            (day("01-06-2024"), None, None),
            (day("01-03-2020"), None, None),
        ],
        "the second was still serving: an offence inside"
    );
    assert_eq!(counted(&h, "history.exit_assumed"), 1);
}

#[test]
fn who_is_caught_after_the_end_of_a_sentence_had_not_left_at_its_end() {
    let h = World::default()
        .row(
            0,
            "BI",
            "lapas-ambon",
            "01-03-2020",
            ("LRI", "01-12-2020"),
            "01-02-2020",
        )
        .sentenced(365)
        .row(0, "AI", "rutan-ambon", "01-06-2024", ("", ""), "30-05-2024")
        .row(0, "BI", "lapas-ambon", "01-09-2024", ("", ""), "30-05-2024")
        // A short sentence that was over when the register of the sentenced was reached.
        .row(1, "BI", "lapas-ambon", "01-03-2020", ("", ""), "01-01-2020")
        .expiring("01-02-2020")
        .row(1, "AI", "rutan-ambon", "01-06-2024", ("", ""), "30-05-2024")
        .histories();
    assert_eq!(
        spans(&h),
        [
            (day("01-03-2020"), None, None),
            (
                day("01-03-2020"),
                Some(day("01-03-2020")),
                Some(ExitCode::Bm)
            ),
            (day("01-06-2024"), None, None),
        ]
    );
    assert_eq!(counted(&h, "history.exit_assumed"), 1);
}

#[test]
fn a_death_found_elsewhere_ends_custody_and_what_follows_it_is_said() {
    let h = World::default()
        .row(0, "BI", "lapas-ambon", "01-03-2023", ("", ""), "")
        .died(0, "05-05-2025")
        .row(
            1,
            "BI",
            "lapas-ambon",
            "01-03-2023",
            ("MGL", "05-05-2024"),
            "",
        )
        .row(1, "AI", "lapas-ambon", "01-03-2025", ("", ""), "")
        .histories();
    assert_eq!(h.episodes[0].end, Some(day("05-05-2025")));
    assert_eq!(h.episodes[0].exit, Some(ExitCode::Mgl));
    assert_eq!(counted(&h, "history.closed_by_death"), 1);
    assert_eq!(counted(&h, "history.after_death"), 1);
}

#[test]
fn a_client_whom_newer_reporting_lists_do_not_name_has_left() {
    let mut w = World::default();
    let list = |mut w: World, person: u32, m: u32| {
        w = w.guided(person, SupervisionKind::Pb, "05-01-2025", "", None);
        let r = w.records.supervision.last_mut().unwrap();
        (r.reports_due, r.reports_met) = (Some(2), Some(2));
        r.list_month = Month::new(2025, m);
        w
    };
    // 0 stands in the newest list, 1 in older ones alone, 2 in an older one and in the register of clients.
    for (person, m) in [(0, 10), (0, 11), (1, 3), (1, 4), (2, 4)] {
        w = list(w, person, m);
    }
    w = w.guided(2, SupervisionKind::Pb, "05-01-2025", "", None);
    let h = w.histories();
    let ends: Vec<Option<NaiveDate>> = h.supervision.iter().map(|s| s.end).collect();
    assert_eq!(ends, [None, NaiveDate::from_ymd_opt(2025, 4, 30), None]);
    assert_eq!(counted(&h, "history.guidance_left_list"), 1);
}

#[test]
fn every_rule_that_was_applied_has_a_text_in_both_languages() {
    use crate::locale::{Lang, try_text};
    for rule in [
        "rows_joined",
        "transfers_joined",
        "recaptures_joined",
        "home_assimilation_joined",
        "home_assimilation_ended",
        "began_by_revocation",
        "closed_by_death",
        "guidance_left_list",
        "guidance_without_start",
        "exit_assumed",
        "overlap_joined",
        "gap_joined",
        "subsidiary_joined",
        "transfer_lost",
        "after_death",
    ] {
        for lang in [Lang::Id, Lang::En] {
            assert!(
                try_text(lang, &format!("history.{rule}")).is_some(),
                "{rule}"
            );
        }
    }
}

/// The ten releases of the worked example as register rows, guidance and a death: P1, P2, P3, complete follow-up.
#[test]
fn w1_ten_releases_from_their_rows() {
    let mut w = World::default();
    let exits = [
        ("PB", "10-01-2024"),
        ("BM", "29-02-2024"),
        ("CB", "15-03-2024"),
        ("BM", "01-04-2024"),
        ("PB", "30-06-2024"),
        ("BM", "01-07-2024"),
        ("CB", "31-12-2024"),
        ("PB", "01-01-2025"),
        ("BM", "01-05-2025"),
        ("PB", "10-10-2025"),
    ];
    for (i, (exit, t0)) in exits.iter().enumerate() {
        w = w.row(
            i as u32,
            "BI",
            "lapas-ambon",
            "01-01-2023",
            (exit, t0),
            "01-12-2022",
        );
    }
    // Re-entries on remand, the first of them sentenced within the waiting time, the second after it.
    for (i, offence, entry) in [
        (0, "09-05-2024", "10-05-2024"),
        (4, "29-06-2025", "30-06-2025"),
        (5, "01-07-2025", "02-07-2025"),
        (8, "31-05-2025", "01-06-2025"),
    ] {
        w = w.row(i, "AI", "rutan-ambon", entry, ("", ""), offence);
    }
    w = w
        .row(0, "BI", "rutan-ambon", "10-09-2024", ("", ""), "09-05-2024")
        .guided(
            2,
            SupervisionKind::Cb,
            "15-03-2024",
            "15-09-2024",
            Some(SupervisionEnd::RevokedTechnical),
        )
        .died(3, "01-12-2024");
    let h = w.histories();
    let r = released(&h);
    assert_eq!(r.len(), 10);
    let cutoff = day("31-12-2025");
    let complete: Vec<&Release> = r.iter().filter(|x| x.is_complete(12, 0, cutoff)).collect();
    let k = |f: &dyn Fn(&Release) -> bool| complete.iter().filter(|x| f(x)).count();
    assert_eq!(complete.len(), 7);
    assert_eq!(k(&|x| x.p1(12)), 2);
    assert_eq!(k(&|x| x.p3(12)), 3);
    assert_eq!(
        k(&|x| x.p2(12, 6)),
        1,
        "one of the two was sentenced in time"
    );
    assert_eq!(k(&|x| x.death.is_some()), 1);
    // Days to the first event of any kind, as the survival estimates take them.
    let days = |x: &Release| x.first_new().map(|d| (d - x.t0).num_days());
    assert_eq!(
        r.iter().filter_map(days).collect::<Vec<_>>(),
        [121, 365, 366, 31]
    );
    assert_eq!(
        r[2].first_technical().map(|d| (d - r[2].t0).num_days()),
        Some(184)
    );
}
