//! Lists of those who are there, and cases that linking has given to two persons.

use super::*;
use crate::domain::records::Covered;
use crate::domain::{RecordKind, Scope, WholeList};

/// Lists of those who are there.
impl World {
    /// The last register row stands on this sheet, in the list of a month of 2025.
    fn on(mut self, sheet: u16, month: u32) -> World {
        if let Some(r) = self.records.custody.last_mut() {
            (r.at.sheet, r.list_month) = (sheet, Month::new(2025, month));
        }
        self
    }

    /// The last register row's birth.
    fn born(mut self, on: &str) -> World {
        if let Some(r) = self.records.custody.last_mut() {
            r.who.birth = partial(on);
        }
        self
    }

    /// A sheet says that it names everybody inside Lapas Ambon on a day.
    fn whole(self, sheet: u16, on: &str, exits: bool, by_hand: bool) -> World {
        self.whole_of(
            "lapas-ambon",
            RecordKind::Custody,
            sheet,
            on,
            exits,
            by_hand,
        )
    }

    fn whole_of(
        mut self,
        supplier: &str,
        kind: RecordKind,
        sheet: u16,
        on: &str,
        exits: bool,
        by_hand: bool,
    ) -> World {
        let to = day(on);
        self.records.coverage.push(Covered {
            supplier: supplier.into(),
            kind,
            from: Month::of(to).first_day(),
            to,
            file: FileId(0),
            sheet,
            whole: Some(WholeList {
                day: to,
                scope: Scope::Everybody,
                by_hand,
                exits,
                rows: 0,
            }),
        });
        self
    }
}

/// Ten people whom the list of November names in Lapas Ambon.
fn ten_in_november() -> World {
    (0..10).fold(World::default(), |w, p| {
        w.row(p, "BI", "lapas-ambon", "05-03-2025", ("", ""), "")
            .on(1, 11)
    })
}

fn inside(h: &Histories, on: &str) -> usize {
    h.episodes.iter().filter(|e| e.is_inside(day(on))).count()
}

#[test]
fn stays_that_the_newest_whole_list_does_not_name_ended_on_a_day_unknown() {
    let w = (0..8).fold(ten_in_november(), |w, p| {
        w.row(p, "BI", "lapas-ambon", "05-03-2025", ("", ""), "")
            .on(2, 12)
    });
    let h = w.whole(2, "31-12-2025", false, false).histories();
    assert_eq!(
        (inside(&h, "30-11-2025"), inside(&h, "31-12-2025")),
        (10, 8)
    );
    assert_eq!(counted(&h, "history.left_list"), 2);
    assert!(
        released(&h).is_empty(),
        "nobody is known to have been released"
    );
    let ended: Vec<_> = h.episodes.iter().filter_map(|e| e.end).collect();
    assert_eq!(ended, [day("15-12-2025"); 2], "between the two lists");
}

#[test]
fn who_came_after_the_day_of_the_list_stays_inside() {
    let w = (0..10).fold(ten_in_november(), |w, p| {
        w.row(p, "BI", "lapas-ambon", "05-03-2025", ("", ""), "")
            .on(2, 12)
    });
    let h = w
        .row(10, "AI", "lapas-ambon", "28-12-2025", ("", ""), "")
        .on(3, 12)
        .whole(2, "25-12-2025", false, false)
        .histories();
    assert_eq!(inside(&h, "31-12-2025"), 11);
}

#[test]
fn a_register_of_new_admissions_called_a_list_of_inmates_closes_nobody() {
    let w = ten_in_november()
        .row(10, "AI", "lapas-ambon", "12-12-2025", ("", ""), "")
        .on(2, 12)
        .whole(2, "31-12-2025", false, false);
    let h = w.histories();
    assert_eq!(inside(&h, "31-12-2025"), 11);
    assert_eq!(counted(&h, "history.list_not_whole"), 1);
    // A person who knows says that it is whole all the same.
    let mut sure = w;
    for c in &mut sure.records.coverage {
        c.whole = c.whole.map(|l| WholeList { by_hand: true, ..l });
    }
    assert_eq!(inside(&sure.histories(), "31-12-2025"), 1);
}

#[test]
fn a_whole_list_of_another_unit_or_an_older_one_closes_nobody() {
    let elsewhere = ten_in_november()
        .whole_of(
            "rutan-ambon",
            RecordKind::Custody,
            2,
            "31-12-2025",
            false,
            false,
        )
        .histories();
    assert_eq!(inside(&elsewhere, "31-12-2025"), 10);
    let older = ten_in_november()
        .whole(2, "31-10-2025", false, false)
        .histories();
    assert_eq!(inside(&older, "31-12-2025"), 10);
}

#[test]
fn whom_a_newer_list_of_those_inside_names_is_there_and_whom_a_register_shows_open_need_not_be() {
    let row = |w: World, exit| w.row(0, "BI", "lapas-ambon", "05-03-2025", exit, "");
    let w = row(
        row(World::default(), ("BM", "10-12-2025")).on(1, 12),
        ("", ""),
    )
    .on(2, 12);
    let h = w.whole(2, "31-12-2025", false, false).histories();
    assert_eq!(inside(&h, "31-12-2025"), 1);
    assert_eq!(counted(&h, "history.reopened_by_list"), 1);
    let w = row(
        row(World::default(), ("BM", "10-12-2025")).on(1, 12),
        ("", ""),
    )
    .on(2, 12);
    let h = w.whole(2, "31-12-2025", true, false).histories();
    assert_eq!(
        inside(&h, "31-12-2025"),
        0,
        "rows of a register are left open"
    );
}

#[test]
fn a_client_whom_only_attendance_names_is_none_of_a_whole_client_list() {
    let guided = |w: World, p| w.guided(p, SupervisionKind::Pb, "01-06-2025", "", None);
    let mut w = (0..6).fold(World::default(), guided);
    for r in &mut w.records.supervision {
        (r.at.sheet, r.list_month) = (1, Month::new(2025, 12));
    }
    w = guided(w, 6);
    if let Some(r) = w.records.supervision.last_mut() {
        (r.reports_due, r.list_month) = (Some(2), Month::new(2025, 12));
    }
    let kind = RecordKind::Supervision;
    let h = w
        .whole_of("bapas-ambon", kind, 1, "31-12-2025", true, false)
        .histories();
    let active = h.supervision.iter().filter(|s| s.end.is_none()).count();
    assert_eq!(active, 6);
    assert_eq!(counted(&h, "history.guidance_not_listed"), 1);
}

#[test]
fn an_open_row_whose_case_another_register_takes_over_is_the_same_stay() {
    let case = |second: u32, birth: &str, offence: &str| {
        World::default()
            .row(
                0,
                "AIII",
                "rutan-masohi",
                "10-02-2024",
                ("", ""),
                "01-02-2024",
            )
            .born("12-05-1990")
            .row(
                second,
                "BI",
                "rutan-masohi",
                "01-06-2024",
                ("BM", "03-03-2025"),
                offence,
            )
            .born(birth)
            .histories()
    };
    let linked = spans(&case(0, "12-05-1990", "01-02-2024"));
    // Linking took them for two people: the same offence, born in the same year or on the same day.
    for birth in ["12-05-1990", "01-01-1990"] {
        let h = case(1, birth, "01-02-2024");
        assert_eq!(spans(&h), linked);
        assert_eq!(counted(&h, "history.case_joined"), 1);
    }
    // The day of a birth of which only the year is known tells two people of one offence apart as little.
    let unknown = World::default()
        .row(0, "AIII", "rutan-masohi", "10-02-2024", ("", ""), "")
        .born("01-01-1990")
        .row(
            1,
            "BI",
            "rutan-masohi",
            "01-06-2024",
            ("BM", "03-03-2025"),
            "01-02-2024",
        )
        .born("01-01-1990")
        .histories();
    assert_eq!(unknown.episodes.len(), 2);
    // Of two accused of one offence, or of two offences, each has a case of his own.
    assert_eq!(case(1, "12-05-1981", "01-02-2024").episodes.len(), 2);
    assert_eq!(case(1, "12-05-1990", "07-01-2024").episodes.len(), 2);
}

#[test]
fn an_open_row_that_two_people_could_take_over_is_joined_to_neither() {
    let row = |w: World, p, class: &str, from: &str| {
        w.row(p, class, "rutan-masohi", from, ("", ""), "01-02-2024")
            .born("12-05-1990")
    };
    let w = row(World::default(), 0, "AIII", "10-02-2024");
    let h = row(row(w, 1, "BI", "01-06-2024"), 2, "BI", "01-06-2024").histories();
    assert_eq!(counted(&h, "history.case_joined"), 0);
}

#[test]
fn remand_that_nobody_closed_does_not_last_longer_than_the_law_allows() {
    let row = |w: World, from| {
        w.row(0, "AIII", "lapas-ambon", from, ("", ""), "")
            .on(1, 12)
    };
    let h = row(World::default(), "10-01-2023").histories();
    assert_eq!(inside(&h, "31-12-2025"), 0);
    assert_eq!(counted(&h, "history.remand_over"), 1);
    assert!(released(&h).is_empty());
    assert_eq!(
        inside(
            &row(World::default(), "10-03-2024").histories(),
            "31-12-2025"
        ),
        1
    );
    // A list of those who are there says that the person is.
    let listed = row(World::default(), "10-01-2023").whole(1, "31-12-2025", false, false);
    assert_eq!(inside(&listed.histories(), "31-12-2025"), 1);
}

#[test]
fn rows_without_a_month_of_their_own_are_on_the_list_they_stand_on() {
    let undated = |w: World, p| {
        let mut w = w.row(p, "BI", "lapas-ambon", "05-03-2025", ("", ""), "");
        if let Some(r) = w.records.custody.last_mut() {
            r.at.sheet = 2;
        }
        w
    };
    let h = (0..10)
        .fold(World::default(), undated)
        .whole(2, "31-12-2025", false, false);
    assert_eq!(inside(&h.histories(), "31-12-2025"), 10);
    // A client list without the day guidance began is no list of attendance.
    let mut w = (0..6).fold(World::default(), |w, p| {
        w.guided(p, SupervisionKind::Pb, "", "", None)
    });
    for r in &mut w.records.supervision {
        (r.at.sheet, r.list_month) = (1, Month::new(2025, 12));
    }
    let kind = RecordKind::Supervision;
    let h = w
        .whole_of("bapas-ambon", kind, 1, "31-12-2025", false, false)
        .histories();
    assert_eq!(h.supervision.iter().filter(|s| s.end.is_none()).count(), 6);
}

#[test]
fn a_client_list_of_nobody_does_not_end_the_guidance_of_those_who_report() {
    let mut w = (0..8).fold(World::default(), |w, p| {
        w.guided(p, SupervisionKind::Pb, "01-06-2025", "", None)
    });
    for r in &mut w.records.supervision {
        (r.reports_due, r.list_month) = (Some(2), Month::new(2025, 12));
    }
    let kind = RecordKind::Supervision;
    let h = w
        .whole_of("bapas-ambon", kind, 9, "31-12-2025", false, false)
        .histories();
    assert_eq!(h.supervision.iter().filter(|s| s.end.is_none()).count(), 8);
    assert_eq!(counted(&h, "history.list_not_whole"), 1);
}
