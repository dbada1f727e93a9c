//! Months, days and meetings as columns: which columns of a header are such a run, and of which year they are.

use super::grid::{GridRow, Sheet};
use super::header::text_of;
use super::recognise::is_known;
use crate::clean::date;
use crate::domain::month::month_word;
use crate::domain::raw::{Context, Counted, Point, RawCell, RawColumn};
use crate::domain::{Month, normal};
use chrono::{Datelike, NaiveDate};

/// How far down a header with numbers or days in it is looked for.
const SEARCHED: usize = 60;

/// What the header of a column says of its point in time, as far as it goes without the title.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bare {
    /// A month, with its year where one is written.
    Month(u32, Option<i32>),
    /// A day.
    Day(NaiveDate),
    /// A day and month without a year: `5/1`, `12 Jan`.
    DayOf(u32, u32),
    /// A number of a day, a week or a meeting.
    Number(u16),
}

/// One column of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InRun {
    /// Index of the column.
    pub column: usize,
    /// Its point.
    pub bare: Bare,
    /// What stands below.
    pub counted: Counted,
}

/// Words before a number that count days, weeks or meetings.
const COUNTERS: &[&str] = &[
    "p",
    "pert",
    "pertemuan",
    "hari",
    "tgl",
    "tanggal",
    "minggu",
    "mgg",
    "sesi",
    "ke",
    "tatap",
    "muka",
    "m",
    "h",
    "kegiatan",
    "wk",
    "week",
    "w",
    "pekan",
    "mg",
    "mng",
    "senin",
    "selasa",
    "rabu",
    "kamis",
    "jumat",
    "jum",
    "at",
    "sabtu",
    "sen",
    "sel",
    "rab",
    "kam",
    "sab",
    "min",
    "sn",
    "sl",
    "rb",
    "km",
    "jm",
    "sb",
];

/// Weekdays, by which a number is a day.
const WEEKDAYS: &[&str] = &[
    "senin", "selasa", "rabu", "kamis", "jumat", "jum", "sabtu", "minggu", "sen", "sel", "rab",
    "kam", "sab", "min",
];

/// Words of a group over numbered columns.
const GROUPS: &[&str] = &[
    "bulan",
    "tanggal",
    "tgl",
    "pertemuan",
    "minggu",
    "pekan",
    "mgg",
    "mg",
    "week",
    "hari",
    "sesi",
    "kehadiran",
    "hadir",
    "lapor",
    "absensi",
    "absen",
    "presensi",
    "kegiatan",
];

fn year(w: &str) -> Option<i32> {
    let y: i32 = w.parse().ok()?;
    match w.len() {
        4 if (1990..=2100).contains(&y) => Some(y),
        2 if (10..=60).contains(&y) => Some(2000 + y),
        _ => None,
    }
}

/// `Jan`, `Januari 2026`, `JAN-26`, `Bln Jan`, `Agt`; nothing where anything else is said.
fn month(text: &str) -> Option<(u32, Option<i32>)> {
    let n = normal(text);
    let mut words: Vec<&str> = n.split(' ').collect();
    if matches!(words.first(), Some(&("bulan" | "bln"))) && words.len() > 1 {
        words.remove(0);
    }
    match words.as_slice() {
        [w] => {
            let letters = w.trim_end_matches(|c: char| c.is_ascii_digit());
            let m = month_word(letters).or_else(|| (letters == "agst").then_some(8))?;
            let rest = &w[letters.len()..];
            (rest.is_empty() || year(rest).is_some()).then(|| (m, year(rest)))
        }
        [w, y] => Some((month_word(w)?, Some(year(y)?))),
        _ => None,
    }
}

fn roman(w: &str) -> Option<u16> {
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"]
        .iter()
        .position(|r| *r == w)
        .map(|i| i as u16 + 1)
}

fn numbered(text: &str, grouped: bool) -> Option<Bare> {
    let n = normal(text);
    let mut words: Vec<&str> = n.split(' ').collect();
    // `Jan wk1`: the month of the first of some weeks.
    if words.len() > 1 && month_word(words[0]).is_some() {
        words.remove(0);
    }
    let (last, before) = words.split_last()?;
    let counter = !before.is_empty() && before.iter().all(|w| COUNTERS.contains(w));
    if before.is_empty() {
        // `I`, `II` below `Minggu ke`.
        if let Some(k) = roman(last).filter(|_| grouped) {
            return Some(Bare::Number(k));
        }
        let letters = last.trim_end_matches(|c: char| c.is_ascii_digit());
        let (number, named) = (&last[letters.len()..], COUNTERS.contains(&letters));
        let counted = named || letters.is_empty() && (grouped || text.trim().len() <= 2);
        return number
            .parse()
            .ok()
            .filter(|k| counted && (1..=99).contains(k))
            .map(Bare::Number);
    }
    let number = last.parse().ok().or_else(|| roman(last));
    number
        .filter(|k| counter && (1..=99).contains(k))
        .map(Bare::Number)
}

/// `5/1/2026`: a whole day in a header.
fn whole_day(text: &str) -> Option<Bare> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !(6..=8).contains(&digits) || text.len() > 12 {
        return None;
    }
    match date::read(&RawCell::Text(text.into())) {
        date::DateReading::Known(d) => d.day().map(Bare::Day),
        _ => None,
    }
}

/// `5/1`, `12/1`, `5-1`, `12 Jan`: a day of a month without its year. Shares of a sentence look alike and are none.
fn day_of_month(text: &str) -> Option<Bare> {
    let n = normal(text);
    if matches!(n.as_str(), "1 2" | "1 3" | "2 3") && text.contains('/') {
        return None;
    }
    let words: Vec<&str> = n.split(' ').collect();
    let day = |w: &str| {
        w.parse::<u32>()
            .ok()
            .filter(|d| (1..=31).contains(d) && w.len() <= 2)
    };
    let [rest @ .., a, b] = words.as_slice() else {
        return None;
    };
    // `12-17 Jan`: a week, by its first day.
    if let ([from], Some(last), Some(month)) = (rest, day(a), month_word(b))
        && let Some(from) = day(from)
    {
        return (from < last).then_some(Bare::DayOf(from, month));
    }
    if !rest.iter().all(|w| COUNTERS.contains(w)) {
        return None;
    }
    let marked = text.contains('/') || text.contains('-') || text.contains('.');
    let month = month_word(b).or_else(|| {
        let m = b
            .parse::<u32>()
            .ok()
            .filter(|m| (1..=12).contains(m) && b.len() <= 2);
        m.filter(|_| marked)
    })?;
    Some(Bare::DayOf(day(a)?, month))
}

/// Whether a text of a header is a month, a day or a week.
pub fn is_point(text: &str) -> bool {
    text.len() <= 24
        && (month(text).is_some() || whole_day(text).is_some() || day_of_month(text).is_some())
}

fn counted(text: &str) -> Option<Counted> {
    let n = normal(text);
    let says = |list: &[&str]| n.split(' ').any(|w| list.contains(&w));
    match () {
        () if says(&[
            "wajib",
            "harus",
            "jadwal",
            "target",
            "rencana",
            "wl",
            "w",
            "wjb",
            "kewajiban",
            "seharusnya",
        ]) =>
        {
            Some(Counted::Due)
        }
        () if says(&[
            "lapor",
            "melapor",
            "hadir",
            "realisasi",
            "datang",
            "kehadiran",
            "h",
            "hdr",
            "r",
            "dtg",
            "terpenuhi",
            "real",
        ]) =>
        {
            Some(Counted::Met)
        }
        () => None,
    }
}

/// `Wajib Lapor Jan`, `Hadir Feb 2026`: what is counted and of which month, in one cell. Of two things in one cell, or of what was
/// missed, it is none.
fn month_counted(text: &str) -> Option<((u32, Option<i32>), Counted)> {
    let n = normal(text);
    let words: Vec<&str> = n.split(' ').collect();
    let missed = [
        "tidak", "tdk", "absen", "alpa", "belum", "blm", "rekap", "s",
    ];
    if text.contains('/')
        || !(2..=5).contains(&words.len())
        || words.iter().any(|w| missed.contains(w))
    {
        return None;
    }
    let at = words
        .iter()
        .position(|w| w.len() >= 3 && month_word(w).is_some())?;
    let own = words.get(at + 1).and_then(|w| year(w));
    let others = words.iter().enumerate();
    let others = others.filter(|(i, _)| *i != at && !(own.is_some() && *i == at + 1));
    let rest: Vec<&str> = others.map(|(_, w)| *w).collect();
    Some(((month_word(words[at])?, own), counted(&rest.join(" "))?))
}

fn of_parts(parts: &[&str]) -> Option<(Bare, Counted)> {
    let (last, groups) = parts.split_last()?;
    let grouped = || {
        groups.iter().any(|g| {
            normal(g)
                .split(' ')
                .any(|w| GROUPS.contains(&w) || month_word(w).is_some())
        })
    };
    let (m, y) = match month(last) {
        Some(m) => m,
        None => {
            let own = whole_day(last)
                .or_else(|| day_of_month(last))
                .or_else(|| numbered(last, grouped()));
            let above = groups.iter().rev().find_map(|g| month(g));
            // `ke-1 | ke-2` below `Jan 2026`: some times in that month.
            if let (Some(Bare::Number(_)), Some((m, y))) = (own, above)
                && normal(last).starts_with("ke ")
            {
                return Some((Bare::Month(m, y), Counted::Sign));
            }
            if let Some(own) = own {
                return Some((own, Counted::Sign));
            }
            let ((m, y), counted) = match above {
                Some(above) => (above, counted(last)?),
                None => month_counted(last)?,
            };
            return Some((Bare::Month(m, y), counted));
        }
    };
    // The year may stand above.
    let above = || groups.iter().rev().find_map(|g| years(g).last().copied());
    Some((Bare::Month(m, y.or_else(above)), Counted::Sign))
}

/// Years that a text names, in order.
fn years(text: &str) -> Vec<i32> {
    let n = normal(text);
    n.split(' ')
        .filter(|w| w.len() == 4)
        .filter_map(year)
        .collect()
}

/// The longest run of months, days or numbers among the columns of a header; empty where there is none.
pub fn run(columns: &[RawColumn]) -> Vec<InRun> {
    let read: Vec<Option<(Bare, Counted)>> = columns
        .iter()
        .map(|c| of_parts(&c.header.split(" / ").collect::<Vec<_>>()))
        .collect();
    // Below one group of days some may be left out.
    let grouped = |i: usize| {
        let group = |c: &RawColumn| c.header.split_once(" / ").map(|(g, _)| g.to_owned());
        let of_days = |g: &str| {
            let n = normal(g);
            n.split(' ')
                .any(|w| matches!(w, "tanggal" | "tgl") || w.len() > 2 && month_word(w).is_some())
        };
        let weekday = |c: &RawColumn| {
            let n = normal(&c.header);
            n.split(' ').any(|w| WEEKDAYS.contains(&w))
        };
        let named = |c: &RawColumn| {
            let n = normal(&c.header);
            n.split(' ').any(|w| matches!(w, "tanggal" | "tgl"))
        };
        let alike = |is: &dyn Fn(&RawColumn) -> bool| is(&columns[i]) && is(&columns[i - 1]);
        i > 0
            && (group(&columns[i]).is_some_and(|g| of_days(&g))
                && group(&columns[i]) == group(&columns[i - 1])
                || alike(&weekday)
                || alike(&named))
    };
    let apart: Vec<(usize, Bare, Counted)> = (read.iter().enumerate())
        .filter_map(|(i, r)| r.map(|(bare, counted)| (i, bare, counted)))
        .filter(|(_, bare, counted)| matches!(bare, Bare::Month(..)) && *counted != Counted::Sign)
        .collect();
    let mut best: Vec<InRun> = Vec::new();
    let mut now: Vec<InRun> = Vec::new();
    for (column, own) in read.into_iter().enumerate() {
        let Some((bare, counted)) = own else {
            close(&mut now, &mut best);
            continue;
        };
        let apart = grouped(column) || column > 0 && are_bare_days(columns, column);
        if now
            .last()
            .is_some_and(|before| !follows(before, bare, counted, apart))
        {
            close(&mut now, &mut best);
        }
        now.push(InRun {
            column,
            bare,
            counted,
        });
    }
    close(&mut now, &mut best);
    // What was due and met is of its month wherever it stands: `Wajib Lapor Feb` behind `Tidak Hadir`.
    if best.iter().any(|r| r.counted != Counted::Sign) {
        for (column, bare, counted) in apart {
            if best.iter().all(|r| r.column != column) {
                best.push(InRun {
                    column,
                    bare,
                    counted,
                });
            }
        }
        best.sort_by_key(|r| r.column);
    }
    best
}

/// Whether a column and the one before it are headed by a number alone: `5 | 7 | 12`, days on which something was.
fn are_bare_days(columns: &[RawColumn], at: usize) -> bool {
    let bare = |c: &RawColumn| {
        let n: Option<u32> = c.header.trim().parse().ok();
        n.is_some_and(|n| (1..=31).contains(&n))
    };
    bare(&columns[at]) && bare(&columns[at - 1])
}

fn close(now: &mut Vec<InRun>, best: &mut Vec<InRun>) {
    let run = std::mem::take(now);
    let different = |r: &InRun, s: &InRun| r.bare != s.bare;
    let points = 1 + run.windows(2).filter(|w| different(&w[0], &w[1])).count();
    // What was due and what was met side by side are months whatever their number.
    let both = |c: Counted| run.iter().any(|r| r.counted == c);
    let least = match run.first().map(|r| r.bare) {
        _ if both(Counted::Due) && both(Counted::Met) => 1,
        Some(Bare::Number(_)) => 4,
        Some(Bare::DayOf(..)) => 2,
        Some(Bare::Month(..) | Bare::Day(_)) | None => 3,
    };
    if points >= least && run.len() > best.len() {
        *best = run;
    }
}

fn follows(before: &InRun, bare: Bare, counted: Counted, grouped: bool) -> bool {
    match (before.bare, bare) {
        (Bare::Month(a, y), Bare::Month(b, z)) => {
            let signs = before.counted == Counted::Sign && counted == Counted::Sign;
            let pair = a == b && y == z && (before.counted != counted || signs);
            pair || a != b
        }
        (Bare::Number(a), Bare::Number(b)) => b == a + 1 || grouped && b > a && b <= 31,
        (Bare::Day(a), Bare::Day(b)) => b > a,
        (Bare::DayOf(d, m), Bare::DayOf(e, n)) => n == m && e > d || n == m % 12 + 1 || n == m + 2,
        _ => false,
    }
}

/// Numbers and days in the row of a header become texts, as which headers are read.
pub fn spell_out(sheet: &mut Sheet) {
    for i in 0..sheet.rows.len().min(SEARCHED) {
        let (above, rest) = sheet.rows.split_at_mut(i);
        let Some(row) = rest.first_mut() else { return };
        let above = above.last().filter(|r| r.row + 1 == row.row);
        let named = row
            .cells
            .iter()
            .filter_map(|(_, c)| text_of(c))
            .any(|t| t.len() <= 60 && is_known(t));
        let of_group = |col: u16| {
            let text = above.and_then(|r| r.cells.iter().rev().find(|(c, _)| *c <= col));
            let words = text
                .and_then(|(_, c)| text_of(c))
                .map(normal)
                .unwrap_or_default();
            let mut words = words.split(' ');
            words.any(|w| GROUPS.contains(&w) || month_word(w).is_some())
        };
        let mut at = 0;
        while at < row.cells.len() {
            let first = row.cells[at].0;
            let grouped = of_group(first);
            let end = spell_run(&row.cells, at, grouped);
            let texts_alone = row
                .cells
                .iter()
                .all(|(_, c)| matches!(c, RawCell::Number(_)));
            // `5 | 7 | 12 | 14` behind names of columns: days with gaps between them.
            let end = match gapped_run(&row.cells, at) {
                more if more - at >= 5 && named && at > 0 && end < more => more,
                _ => end,
            };
            if end - at >= 3
                && at + usize::from(texts_alone) > 0
                && (named && at > 0 || grouped)
                && is_topmost(above, &row.cells, at, end)
            {
                for (_, c) in &mut row.cells[at..end] {
                    spell(c);
                }
            }
            at = end.max(at + 1);
        }
    }
}

/// Whether a run of cells can be of a header: above it stands at most one group, and beside it stand texts alone. Below a
/// header, or another row of data, it is data: days of referral, start and end rise in every list.
fn is_topmost(above: Option<&GridRow>, cells: &[(u16, RawCell)], at: usize, end: usize) -> bool {
    let (first, last) = (cells[at].0, cells[end - 1].0);
    let inside = |c: &u16| (first..=last).contains(c);
    let over = above.into_iter().flat_map(|r| &r.cells);
    let mut over = over.filter(|(c, _)| inside(c)).map(|(_, v)| v);
    let group = over.next();
    let beside = cells[..at].iter().chain(&cells[end..]);
    group.is_none_or(|g| over.all(|v| v == g))
        && beside
            .map(|(_, c)| c)
            .all(|c| text_of(c).is_some_and(|t| t.bytes().filter(u8::is_ascii_digit).count() < 5))
}

/// Where a run of rising whole numbers, or of rising days within three years, in neighbouring columns ends. Below a group
/// that counts days some may be left out.
fn spell_run(cells: &[(u16, RawCell)], at: usize, grouped: bool) -> usize {
    let mut end = at + 1;
    while end < cells.len() && cells[end].0 == cells[end - 1].0 + 1 {
        let next = match (&cells[end - 1].1, &cells[end].1) {
            (RawCell::Number(a), RawCell::Number(b)) => {
                let whole = a.fract() == 0.0 && b.fract() == 0.0;
                let rises = *b == a + 1.0 || grouped && b > a && *b <= 31.0;
                (1.0..=99.0).contains(a) && whole && rises
            }
            (RawCell::Date(a), RawCell::Date(b)) => b > a && b - a < 100.0,
            _ => false,
        };
        if !next {
            break;
        }
        end += 1;
    }
    end
}

/// Where a run of rising days of a month, written as numbers in neighbouring columns, ends.
fn gapped_run(cells: &[(u16, RawCell)], at: usize) -> usize {
    let day = |c: &RawCell| match c {
        RawCell::Number(n) if n.fract() == 0.0 && (1.0..=31.0).contains(n) => Some(*n),
        _ => None,
    };
    let mut end = at + 1;
    while end < cells.len()
        && cells[end].0 == cells[end - 1].0 + 1
        && let (Some(a), Some(b)) = (day(&cells[end - 1].1), day(&cells[end].1))
        && b > a
    {
        end += 1;
    }
    end
}

fn spell(cell: &mut RawCell) {
    let text = match cell {
        RawCell::Number(n) => Some(format!("{n}")),
        RawCell::Date(n) => date::serial(*n).map(|d| {
            if d.day() == 1 {
                d.format("%m %Y").to_string()
            } else {
                d.format("%d-%m-%Y").to_string()
            }
        }),
        _ => None,
    };
    if let Some(t) = text {
        // `01 2026` is the month as a header would have it.
        let month = t
            .split_once(' ')
            .and_then(|(m, y)| Some((m.parse::<usize>().ok()?, y)));
        let t = month.map_or(t.clone(), |(m, y)| {
            format!("{} {y}", NAMES[(m - 1).min(11)])
        });
        *cell = RawCell::Text(t.as_str().into());
    }
}

pub(super) const NAMES: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov", "Des",
];

/// Gives the columns of a run their points; `false` where no year can be told.
pub fn place(columns: &mut [RawColumn], run: &[InRun], context: &Context, around: &[&str]) -> bool {
    let Some(first) = run.first() else {
        return true;
    };
    let points: Option<Vec<Point>> = match first.bare {
        Bare::Month(..) => months(run, context, around),
        Bare::Day(_) => (run.iter())
            .map(|r| match r.bare {
                Bare::Day(d) => Some(Point::Day(d)),
                Bare::Month(..) | Bare::Number(_) | Bare::DayOf(..) => None,
            })
            .collect(),
        Bare::DayOf(..) => days_of_months(run, context, around),
        Bare::Number(_) => Some(numbers(columns, run, context, around)),
    };
    for (i, r) in run.iter().enumerate() {
        let c = &mut columns[r.column];
        (c.field, c.confidence) = (None, 0.0);
        c.point = points.as_ref().and_then(|p| p.get(i).copied());
    }
    points.is_some()
}

fn numbers(columns: &[RawColumn], run: &[InRun], context: &Context, around: &[&str]) -> Vec<Point> {
    let number = |r: &InRun| match r.bare {
        Bare::Number(n) => u32::from(n),
        Bare::Month(..) | Bare::Day(_) | Bare::DayOf(..) => 0,
    };
    let said = |list: &[&str]| {
        run.first().is_some_and(|r| {
            let n = normal(&columns[r.column].header);
            n.split(' ').any(|w| list.contains(&w))
        })
    };
    // The group itself may be the month: `Januari 2026` over 12, 13, 14.
    let group = run.first().and_then(|r| {
        let (group, _) = columns[r.column].header.rsplit_once(" / ")?;
        super::context::month_in(group).or_else(|| {
            context
                .month
                .filter(|m| month(group).is_some_and(|(k, _)| k == m.month()))
        })
    });
    let weekdays = run.iter().all(|r| {
        let n = normal(&columns[r.column].header);
        n.split(' ').any(|w| WEEKDAYS.contains(&w))
    });
    // A title names the days between which they lie: `19-23 Jan 2026`.
    let spanned = around.iter().find_map(|t| days_between(t));
    let inside = spanned.is_some_and(|(from, to)| {
        run.iter()
            .all(|r| (from.day()..=to.day()).contains(&number(r)))
            && from.month() == to.month()
            && run.first().is_some_and(|r| number(r) + 3 >= from.day())
    });
    if let Some(weeks) = weeks(columns, run, context) {
        return weeks;
    }
    // Meetings are numbered without a gap.
    let gaps = run.windows(2).any(|w| number(&w[1]) > number(&w[0]) + 1);
    let of_days = said(&["tanggal", "tgl"])
        || gaps
        || run.last().is_some_and(|r| number(r) >= 28)
        || group.is_some()
        || weekdays
        || inside;
    let of_title = spanned.filter(|_| inside).map(|(from, _)| Month::of(from));
    let month = group.or(of_title).or(context.month).filter(|_| of_days);
    run.iter()
        .map(|r| {
            let n = number(r);
            let day = month.and_then(|m| NaiveDate::from_ymd_opt(m.year(), m.month(), n));
            day.map_or(Point::Meeting(n as u16), Point::Day)
        })
        .collect()
}

/// Weeks of a month, where the headers of a short run say so: counted one by one in the list's month; those of another month are of
/// that month. Which days they are nobody says.
fn weeks(columns: &[RawColumn], run: &[InRun], context: &Context) -> Option<Vec<Point>> {
    const WEEKS: &[&str] = &["minggu", "mgg", "mg", "mng", "pekan", "week", "wk"];
    let number = |r: &InRun| match r.bare {
        Bare::Number(n) if n <= 6 => Some(n),
        Bare::Number(_) | Bare::Month(..) | Bare::Day(_) | Bare::DayOf(..) => None,
    };
    let of_week = |r: &InRun| {
        let n = normal(&columns[r.column].header);
        n.split(' ').any(|w| WEEKS.contains(&w))
    };
    if !run.iter().all(of_week) {
        return None;
    }
    let group = run.first().and_then(|r| {
        let (group, _) = columns[r.column].header.rsplit_once(" / ")?;
        let n = normal(group);
        let named = n.split(' ').find_map(month_word)?;
        let written = super::context::month_in(group);
        let of_list = context.month.filter(|m| m.month() == named);
        written.or(of_list).or_else(|| {
            let m = context.month?;
            Month::new(m.year() - i32::from(named > m.month()), named)
        })
    });
    let other = group.filter(|g| Some(*g) != context.month);
    (run.iter())
        .map(|r| {
            let own = number(r)?;
            Some(other.map_or(Point::Meeting(own), |m| Point::Month(m, Counted::Sign)))
        })
        .collect()
}

/// The days between which a title says that something was: `19-23 Jan 2026`, `12 S/D 28 JANUARI 2026`.
pub fn days_between(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let n = normal(text);
    let words: Vec<&str> = n.split(' ').collect();
    for i in 0..words.len() {
        let Some(m) = month_word(words[i]) else {
            continue;
        };
        let Some(y) = words.get(i + 1).and_then(|y| year(y)) else {
            continue;
        };
        let mut before = words[..i]
            .iter()
            .rev()
            .filter(|w| !matches!(**w, "s" | "d" | "sd" | "sampai" | "dengan" | "dan"));
        let mut day = || before.next().and_then(|w| w.parse::<u32>().ok());
        if let (Some(to), Some(from)) = (day(), day())
            && let (Some(from), Some(to)) = (
                NaiveDate::from_ymd_opt(y, m, from),
                NaiveDate::from_ymd_opt(y, m, to),
            )
            && from < to
        {
            return Some((from, to));
        }
    }
    None
}

/// Days without a year: that of the list's month, or the one before where they lie behind it.
fn days_of_months(run: &[InRun], context: &Context, around: &[&str]) -> Option<Vec<Point>> {
    let named = around.iter().find_map(|t| super::context::month_in(t));
    let of_list = context.month.or(named)?;
    (run.iter())
        .map(|r| {
            let Bare::DayOf(d, m) = r.bare else {
                return None;
            };
            let year = of_list.year() - i32::from(m > of_list.month() + 1);
            NaiveDate::from_ymd_opt(year, m, d).map(Point::Day)
        })
        .collect()
}

/// The months of a run: by the years in its headers, else by that of the title, the sheet or the file, else by the month of
/// the list.
fn months(run: &[InRun], context: &Context, around: &[&str]) -> Option<Vec<Point>> {
    let bare: Vec<(u32, Option<i32>)> = run
        .iter()
        .map(|r| match r.bare {
            Bare::Month(m, y) => Some((m, y)),
            Bare::Day(_) | Bare::DayOf(..) | Bare::Number(_) => None,
        })
        .collect::<Option<_>>()?;
    // How many years each lies behind the first.
    let mut turns = vec![0];
    for w in bare.windows(2) {
        let before = turns.last().copied().unwrap_or_default();
        turns.push(before + i32::from(w[1].0 < w[0].0));
    }
    let last = turns.last().copied().unwrap_or_default();
    let written = bare
        .iter()
        .zip(&turns)
        .find_map(|((_, y), t)| y.map(|y| y - t));
    let named = around.iter().map(|t| years(t)).find(|y| !y.is_empty());
    let of_title = named.and_then(|y| match y.as_slice() {
        [] => None,
        [.., a, b] if b - a == 1 && last == 1 => Some(*a),
        [.., y] => Some(y - last),
    });
    let of_list = context.month.map(|m| {
        let late = bare.last().is_some_and(|(l, _)| last > 0 && *l > m.month());
        m.year() - last - i32::from(late)
    });
    let first = written.or(of_title).or(of_list)?;
    (run.iter().zip(&bare).zip(&turns))
        .map(|((r, (m, y)), t)| {
            Some(Point::Month(
                Month::new(y.unwrap_or(first + t), *m)?,
                r.counted,
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(headers: &[&str]) -> Vec<RawColumn> {
        (headers.iter().enumerate())
            .map(|(i, h)| RawColumn {
                col: i as u16,
                header: (*h).into(),
                field: None,
                confidence: 0.0,
                point: None,
                told: None,
                needless: false,
            })
            .collect()
    }

    fn points(headers: &[&str], month: Option<Month>, around: &[&str]) -> Vec<String> {
        let mut c = columns(headers);
        let run = run(&c);
        let context = Context {
            month,
            ..Context::default()
        };
        place(&mut c, &run, &context, around);
        c.iter()
            .filter_map(|c| c.point)
            .map(|p| match p {
                Point::Month(m, Counted::Sign) => m.to_string(),
                Point::Month(m, of) => format!("{m} {of:?}"),
                Point::Day(d) => d.to_string(),
                Point::Meeting(n) => n.to_string(),
            })
            .collect()
    }

    fn sheet(rows: &[&[RawCell]]) -> Sheet {
        let mut s = Sheet::default();
        for (r, cells) in rows.iter().enumerate() {
            for (c, v) in cells
                .iter()
                .enumerate()
                .filter(|(_, v)| **v != RawCell::Empty)
            {
                s.push(r as u32, c as u32, v.clone());
            }
        }
        s
    }

    #[test]
    fn rising_days_in_a_row_of_data_stay_days_and_numbers_below_a_group_become_headers() {
        let t = |s: &str| RawCell::Text(s.into());
        let d = RawCell::Date;
        let header = [
            "No",
            "Nama",
            "Tgl Rujukan",
            "Tgl Mulai",
            "Tgl Selesai",
            "Status",
        ]
        .map(t);
        // The first of May: as a header it would be the month.
        let data = [
            RawCell::Number(1.0),
            t("SYARIF RUMAIN"),
            d(45_778.0),
            d(45_790.0),
            d(45_800.0),
            t("Selesai"),
        ];
        let mut s = sheet(&[&header, &data]);
        spell_out(&mut s);
        assert_eq!(s.rows[1].cells[2].1, d(45_778.0));
        let mut s = sheet(&[&header, &[t("x")], &data, &data[1..]]);
        spell_out(&mut s);
        assert_eq!(s.rows[3].cells[1].1, d(45_778.0));

        let e = RawCell::Empty;
        let group = [
            t("No"),
            t("Nama"),
            t("Tanggal"),
            e.clone(),
            e.clone(),
            e.clone(),
            t("Jumlah Jam"),
        ];
        let n = RawCell::Number;
        let days = [e.clone(), e.clone(), n(12.0), n(13.0), n(15.0), n(19.0), e];
        let mut s = sheet(&[&group, &days]);
        spell_out(&mut s);
        let texts: Vec<_> = s.rows[1]
            .cells
            .iter()
            .filter_map(|(_, c)| text_of(c))
            .collect();
        assert_eq!(texts, ["12", "13", "15", "19"]);
        let below = [
            "Tanggal / 12",
            "Tanggal / 13",
            "Tanggal / 15",
            "Tanggal / 19",
        ];
        let month = Month::new(2026, 1);
        assert_eq!(
            points(&below, month, &[]),
            ["2026-01-12", "2026-01-13", "2026-01-15", "2026-01-19"]
        );
    }

    #[test]
    fn months_take_the_year_of_their_header_their_title_or_their_list() {
        let bare = ["No", "Nama", "Jan", "Feb", "Mrt", "Ket"];
        assert_eq!(
            points(&bare, None, &["DAFTAR HADIR TAHUN 2025"]),
            ["2025-01", "2025-02", "2025-03"]
        );
        assert_eq!(
            points(&bare, Month::new(2026, 1), &["x"]),
            ["2026-01", "2026-02", "2026-03"]
        );
        assert!(points(&bare, None, &["x"]).is_empty());
        let written = ["Nama", "Lapor / Nop-25", "Lapor / Des-25", "Lapor / Jan-26"];
        assert_eq!(
            points(&written, None, &[]),
            ["2025-11", "2025-12", "2026-01"]
        );
        let turning = ["Nama", "Nop", "Des", "Jan", "Peb"];
        assert_eq!(
            points(&turning, None, &["TA 2025/2026"]),
            ["2025-11", "2025-12", "2026-01", "2026-02"]
        );
        assert_eq!(
            points(&turning, None, &["2026"]),
            ["2025-11", "2025-12", "2026-01", "2026-02"]
        );
        let above = [
            "Nama",
            "Tahun 2024 / Jan",
            "Tahun 2024 / Feb",
            "Tahun 2024 / Mar",
        ];
        assert_eq!(
            points(&above, None, &["2026"]),
            ["2024-01", "2024-02", "2024-03"]
        );
    }

    #[test]
    fn a_month_may_count_what_was_due_and_what_was_met() {
        let both = [
            "Nama",
            "Jan / Wajib",
            "Jan / Lapor",
            "Feb / Wajib",
            "Feb / Lapor",
            "Mar / Wajib",
            "Mar / Lapor",
        ];
        assert_eq!(
            points(&both, None, &["2026"])[..3],
            ["2026-01 Due", "2026-01 Met", "2026-02 Due"]
        );
    }

    #[test]
    fn numbers_are_days_where_they_are_said_to_be_and_else_meetings() {
        let m = Month::new(2026, 1);
        let days = [
            "Nama",
            "Tanggal / 5",
            "Tanggal / 6",
            "Tanggal / 7",
            "Tanggal / 8",
        ];
        assert_eq!(points(&days, m, &[])[0], "2026-01-05");
        let meetings = [
            "Nama",
            "Pertemuan 1",
            "Pertemuan 2",
            "Pertemuan 3",
            "Pertemuan 4",
        ];
        assert_eq!(points(&meetings, m, &[]), ["1", "2", "3", "4"]);
        assert!(points(&["No", "Nama", "1/3 MP", "2/3 MP", "Jan"], m, &[]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_the_run_panic(h in proptest::collection::vec("(Jan|Feb|Des|Mei|1|2|31|Tgl|Hari| |/|-|20[0-9]{2}|\\PC){0,5}", 0..14)) {
            let headers: Vec<&str> = h.iter().map(String::as_str).collect();
            let _ = points(&headers, Month::new(2026, 1), &["TAHUN 2025"]);
        }
    }
}
