//! What lists of everybody who is there settle: open stays and guidance they do not name are over, on a day nobody wrote
//! down.
//!
//! A list that says it names everybody is believed unless it contradicts what was delivered before: of those whom lists
//! of the last months name, most must be on it. A register of new admissions called a list of inmates would otherwise
//! empty a prison. Where a file of `sources/` says that a list is whole, it is.

use crate::domain::history::{
    Episode, Histories, ListFinding, ListOutcome, PersonId, Stay, SupervisionSpell,
};
use crate::domain::records::Records;
use crate::domain::upt::UptRegistry;
use crate::domain::{
    FileId, Month, RecordKind, RegisterClass, RowRef, Scope, Upt, WholeList, add_months,
};
use chrono::{Days, NaiveDate};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Stays that lists of so many months name are what a whole list is held against.
const RECENT_MONTHS: i32 = 2;
/// Share of those whom recent lists name that a whole list names.
const RECENT_NAMED: f64 = 0.6;
/// Share of all open stays it names where no recent list names anybody: old registers forget exits.
const ALL_NAMED: f64 = 0.3;
/// Fewer may be missing from a list whatever their share is.
const FEW: u32 = 5;
/// So many clients whom another list of the same month shows, or more than one to ten of those named, contradict a list that
/// calls itself whole.
const CONTRADICTED: u32 = 3;
/// Age from which clients are adults.
const ADULT: u32 = 18;

/// The newest whole list of each unit, and the days of all lists that hold nobody but those who are there.
#[derive(Debug, Default)]
pub struct Lists {
    custody: BTreeMap<Upt, Newest>,
    clients: BTreeMap<Upt, Newest>,
    /// Day of every whole list, and whether it holds nobody but those who are there.
    days: FxHashMap<(FileId, u16), (NaiveDate, bool)>,
}

/// The newest whole list of a unit, in one table or several.
#[derive(Debug, Clone)]
struct Newest {
    day: NaiveDate,
    scopes: Vec<Scope>,
    by_hand: bool,
    /// Every list of the month that is read together with it.
    places: Vec<(FileId, u16)>,
    /// Rows of the unit's own tables together and of the longest, where all hold nobody but those who are there.
    rows: Option<(u32, u32)>,
}

impl Lists {
    /// Reads them off what the sources cover.
    pub fn of(records: &Records, units: &UptRegistry) -> Lists {
        let mut out = Lists::default();
        let mut whole: FxHashMap<(FileId, u16), WholeList> = FxHashMap::default();
        for c in &records.coverage {
            let Some(list) = c.whole else { continue };
            // Several tables of a sheet are read as one list, of the newest day.
            let of_sheet = whole.entry((c.file, c.sheet)).or_insert(list);
            of_sheet.exits |= list.exits;
            of_sheet.day = of_sheet.day.max(list.day);
            if let Some(upt) = units.by_id(&c.supplier) {
                // A list without a row is one of nobody.
                let place = (c.file, c.sheet);
                if let Some(newest) = out.add(c.kind, upt, list, place) {
                    let rows = newest.rows.filter(|_| !list.exits);
                    newest.rows = rows.map(|(sum, most)| (sum + list.rows, most.max(list.rows)));
                }
            }
        }
        if whole.is_empty() {
            return out;
        }
        let listed = |at: RowRef| whole.get(&(at.file, at.sheet)).copied();
        let custody = records.custody.iter().map(|r| (r.at, r.upt));
        let clients = records
            .supervision
            .iter()
            .filter_map(|r| Some((r.at, r.bapas?)));
        for (kind, at, upt) in (custody.map(|(at, u)| (RecordKind::Custody, at, u)))
            .chain(clients.map(|(at, u)| (RecordKind::Supervision, at, u)))
        {
            if let Some(list) = listed(at) {
                out.add(kind, upt, list, (at.file, at.sheet));
            }
        }
        out.days = whole
            .into_iter()
            .map(|(place, list)| (place, (list.day, !list.exits)))
            .collect();
        out
    }

    /// Notes a list of a unit; the newest of the unit, where it is of its month.
    fn add(
        &mut self,
        kind: RecordKind,
        upt: Upt,
        list: WholeList,
        place: (FileId, u16),
    ) -> Option<&mut Newest> {
        let of_kind = match kind {
            RecordKind::Custody => &mut self.custody,
            RecordKind::Supervision => &mut self.clients,
            RecordKind::Litmas
            | RecordKind::Participation
            | RecordKind::Outcome
            | RecordKind::CommunityService
            | RecordKind::Resident
            | RecordKind::Death => return None,
        };
        let new = Newest {
            day: list.day,
            scopes: Vec::new(),
            by_hand: false,
            places: Vec::new(),
            rows: Some((0, 0)),
        };
        let newest = of_kind.entry(upt).or_insert_with(|| new.clone());
        if Month::of(list.day) > Month::of(newest.day) {
            *newest = new;
        }
        if Month::of(list.day) != Month::of(newest.day) {
            return None;
        }
        newest.day = newest.day.max(list.day);
        newest.by_hand |= list.by_hand;
        if !newest.places.contains(&place) {
            newest.places.push(place);
        }
        if !newest.scopes.contains(&list.scope) {
            newest.scopes.push(list.scope);
        }
        Some(newest)
    }

    /// The day on which a list of those who are there, and of nobody else, holds the row.
    pub fn seen(&self, at: RowRef) -> Option<NaiveDate> {
        let (day, alone) = self.days.get(&(at.file, at.sheet))?;
        alone.then_some(*day)
    }

    /// The month of the whole list a row is on.
    pub fn month(&self, at: RowRef) -> Option<Month> {
        let whole = self.days.get(&(at.file, at.sheet));
        whole.map(|(day, _)| Month::of(*day))
    }
}

impl Newest {
    fn names(&self, class: Option<RegisterClass>) -> bool {
        self.scopes.iter().any(|s| match s {
            Scope::Everybody => true,
            Scope::Remand => class.is_some_and(RegisterClass::is_remand),
            Scope::Sentenced => {
                class.is_some_and(|c| c.is_sentenced() && c != RegisterClass::Child)
            }
            Scope::Children => class == Some(RegisterClass::Child),
            Scope::Adults => class.is_some_and(|c| c != RegisterClass::Child),
        })
    }

    fn names_client(&self, adult: Option<bool>) -> bool {
        self.scopes.iter().any(|s| match s {
            Scope::Everybody => true,
            Scope::Adults => adult == Some(true),
            Scope::Children => adult == Some(false),
            Scope::Remand | Scope::Sentenced => false,
        })
    }

    /// A finding about each of the lists.
    fn findings(&self, what: ListOutcome) -> impl Iterator<Item = ListFinding> {
        let of = move |&(file, sheet): &(FileId, u16)| ListFinding { file, sheet, what };
        self.places.iter().map(of)
    }

    /// The month from which a list names somebody for this one.
    fn month(&self) -> Month {
        Month::of(self.day)
    }
}

/// Of the open stays a list should name: those it or a newer one does, those only recent ones do, all others.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    named: u32,
    recent: u32,
    others: u32,
    /// Of the recent and the others, those whom another list of the same month shows to be there.
    shown: u32,
}

impl Held {
    fn add(&mut self, listed: Option<Month>, of: Month) {
        match listed {
            Some(m) if m >= of => self.named += 1,
            Some(m) if m >= of.plus(-RECENT_MONTHS) => self.recent += 1,
            _ => self.others += 1,
        }
    }

    /// That the list is not believed.
    fn doubted(self) -> ListOutcome {
        ListOutcome::Doubted {
            named: self.named,
            missing: self.recent + self.others,
        }
    }

    /// Whether the list is whole by what else was delivered.
    fn is_whole(self, newest: &Newest) -> bool {
        let share = |missing: u32| f64::from(self.named) / f64::from((self.named + missing).max(1));
        let contradicted = self.shown >= CONTRADICTED && self.shown * 10 > self.named;
        newest.by_hand
            || !contradicted
                && match self.recent {
                    0 => self.others < FEW || share(self.others) >= ALL_NAMED,
                    n => n < FEW || share(n) >= RECENT_NAMED,
                }
    }
}

/// All terms of detention together, with every extension the law knows: nobody is in remand for longer without a verdict.
const REMAND_DAYS: u64 = 700;

/// Ends remand that nobody closed and that the law would have ended long before: the person was released or sentenced in a
/// row that is not known to be theirs. Who is on a list of those who are there stays.
pub fn end_overlong_remand(h: &mut Histories, month: Month) {
    let mut ended = 0;
    for e in &mut h.episodes {
        let Some(last) = e.start.checked_add_days(Days::new(REMAND_DAYS)) else {
            continue;
        };
        let remand = !e.classes.is_empty() && e.classes.iter().all(|c| c.class.is_remand());
        let sentenced =
            e.verdict.is_some() || e.sentence_days.is_some() || e.expected_end.is_some();
        let named = e
            .stays
            .last()
            .is_some_and(|s| s.seen.is_some_and(|d| d > last));
        if e.end.is_none() && remand && !sentenced && !named && last < month.last_day() {
            e.end = Some(last);
            if let Some(s) = e.stays.last_mut() {
                s.to = Some(last.max(s.from));
            }
            ended += 1;
        }
    }
    if ended > 0 {
        *h.resolutions.entry("history.remand_over").or_default() += ended;
    }
}

/// Ends open stays and guidance that the newest whole list of their unit does not name, and counts them.
pub fn settle(h: &mut Histories, lists: &Lists) {
    let mut found = Vec::new();
    let mut held: BTreeMap<Upt, Held> = BTreeMap::new();
    for e in &h.episodes {
        if let Some((newest, s)) = due(e, lists) {
            held.entry(s.upt).or_default().add(s.listed, newest.month());
        }
    }
    let whole = |upt: &Upt, newest: &Newest| held.get(upt).is_some_and(|h| h.is_whole(newest));
    for (upt, newest) in &lists.custody {
        if let Some(h) = held.get(upt).filter(|_| !whole(upt, newest)) {
            found.extend(newest.findings(h.doubted()));
        }
    }
    let mut left: BTreeMap<Upt, u32> = BTreeMap::new();
    for e in &mut h.episodes {
        let Some((newest, s)) = due(e, lists) else {
            continue;
        };
        if s.listed >= Some(newest.month()) || !whole(&s.upt, newest) {
            continue;
        }
        let on = between(s.listed, s.from, newest.day, e.expected_end);
        *left.entry(s.upt).or_default() += 1;
        e.end = Some(on);
        if let Some(s) = e.stays.last_mut() {
            s.to = Some(on);
        }
    }
    let left_out = |left: &BTreeMap<Upt, u32>, newest: &BTreeMap<Upt, Newest>| {
        let of = left
            .iter()
            .filter_map(|(upt, n)| Some((newest.get(upt)?, *n)));
        of.flat_map(|(newest, n)| newest.findings(ListOutcome::LeftOut(n)))
            .collect::<Vec<_>>()
    };
    found.extend(left_out(&left, &lists.custody));
    let (left_guidance, doubted) = clients(h, lists);
    found.extend(doubted);
    found.extend(left_out(&left_guidance, &lists.clients));
    let unsure = found
        .iter()
        .filter(|f| matches!(f.what, ListOutcome::Doubted { .. }))
        .count();
    for (rule, n) in [
        ("history.left_list", u64::from(left.values().sum::<u32>())),
        ("history.list_not_whole", unsure as u64),
        (
            "history.guidance_not_listed",
            u64::from(left_guidance.values().sum::<u32>()),
        ),
    ] {
        if n > 0 {
            *h.resolutions.entry(rule).or_default() += n;
        }
    }
    found.extend(differing(h, lists, whole));
    h.lists.extend(found);
}

/// Lists whose number of rows is not that of the people inside on their day.
fn differing(
    h: &Histories,
    lists: &Lists,
    whole: impl Fn(&Upt, &Newest) -> bool,
) -> Vec<ListFinding> {
    let all = lists.custody.iter().filter_map(|(upt, newest)| {
        let everybody = newest.scopes.contains(&Scope::Everybody);
        let (listed, longest) = newest.rows.filter(|_| everybody)?;
        let there = |e: &&Episode| e.is_inside(newest.day) && e.upt_on(newest.day) == Some(*upt);
        let found = h.episodes.iter().filter(there).count() as u32;
        // The same people may stand in two tables.
        let agrees = found == listed || found == longest;
        (!agrees && (found == 0 || whole(upt, newest)))
            .then(|| newest.findings(ListOutcome::Differs { listed, found }))
    });
    all.flatten().collect()
}

/// The open stay of an episode with the list that should name it.
fn due<'a>(e: &'a Episode, lists: &'a Lists) -> Option<(&'a Newest, &'a Stay)> {
    let s = e
        .stays
        .last()
        .filter(|s| e.end.is_none() && s.to.is_none())?;
    let newest = lists.custody.get(&s.upt)?;
    (s.from <= newest.day && newest.names(e.class_on(newest.day))).then_some((newest, s))
}

/// A day for an end nobody wrote down: that on which the sentence or guidance was to end, where it lies between the last
/// list that names the person and the first that does not; else the middle between the two.
fn between(
    listed: Option<Month>,
    from: NaiveDate,
    until: NaiveDate,
    planned: Option<NaiveDate>,
) -> NaiveDate {
    let after = listed.map_or(from, |m| m.last_day().max(from)).min(until);
    let middle = after + (until - after) / 2;
    planned
        .filter(|d| (after..=until).contains(d))
        .unwrap_or(middle)
}

/// The same for guidance; returns how many ended by Bapas, and lists that were not believed.
fn clients(h: &mut Histories, lists: &Lists) -> (BTreeMap<Upt, u32>, Vec<ListFinding>) {
    let births: Vec<Option<NaiveDate>> = h.persons.iter().map(|p| p.birth).collect();
    let adult = |p: PersonId, on: NaiveDate| {
        let birth = births.get(p.0 as usize).copied().flatten();
        birth.map(|b| add_months(b, 12 * ADULT) <= on)
    };
    let due = |s: &SupervisionSpell| {
        let newest = lists.clients.get(&s.bapas)?;
        let open = s.end.is_none() && s.start <= newest.day;
        (open && newest.names_client(adult(s.person, s.start))).then_some(newest)
    };
    let mut held: BTreeMap<Upt, Held> = BTreeMap::new();
    for s in &h.supervision {
        if let Some(newest) = due(s) {
            let held = held.entry(s.bapas).or_default();
            held.add(s.listed, newest.month());
            // Who was due to report in the month of the list was a client then.
            let reported = s
                .reports
                .iter()
                .any(|(m, due, _)| *m >= newest.month() && *due > 0);
            let named = s.listed >= Some(newest.month());
            held.shown += u32::from(reported && !named);
        }
    }
    let whole =
        |upt: &Upt, newest: &Newest| held.get(upt).copied().unwrap_or_default().is_whole(newest);
    let doubted = lists
        .clients
        .iter()
        .filter(|(upt, newest)| !whole(upt, newest));
    let doubted = doubted
        .flat_map(|(upt, newest)| {
            newest.findings(held.get(upt).copied().unwrap_or_default().doubted())
        })
        .collect();
    let mut left: BTreeMap<Upt, u32> = BTreeMap::new();
    for s in &mut h.supervision {
        let Some(newest) = due(&*s) else { continue };
        if s.listed < Some(newest.month()) && whole(&s.bapas, newest) {
            s.end = Some(between(s.listed, s.start, newest.day, s.planned_end));
            *left.entry(s.bapas).or_default() += 1;
        }
    }
    (left, doubted)
}
