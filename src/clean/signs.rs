//! Signs of attendance where months, days or meetings are columns: `✓ v H 1` was there, `– 0 A x` was not, `S I` was excused.

use super::number;
use super::text::normal;
use crate::domain::raw::{Counted, Meaning, Point, RawCell, RawTable};
use crate::domain::{Month, PartialDate};
use chrono::NaiveDate;

/// What one cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Was there.
    Present,
    /// Was to be there and was not.
    Absent,
    /// Was not there, and was ill or had leave.
    Excused,
    /// `3/4`: so many times of so many.
    Of(u32, u32),
    /// A number in a column that counts.
    Number(u32),
}

/// The sign of a cell; `None` for an empty one, `Err` for one that nobody understands. `ticks`: other signs of the table say
/// who was there, so that a cross says who was not.
pub fn read(cell: &RawCell, counted: Counted, ticks: bool) -> Result<Option<Sign>, ()> {
    let whole = |v: f64| (0.0..=400.0).contains(&v).then_some(v as u32);
    if counted != Counted::Sign {
        return match cell {
            RawCell::Empty => Ok(None),
            RawCell::Text(t) if matches!(t.trim(), "-" | "–" | "—") => {
                Ok(Some(Sign::Number(0)))
            }
            other => number::amount(other)
                .and_then(whole)
                .map(Sign::Number)
                .map(Some)
                .ok_or(()),
        };
    }
    match cell {
        RawCell::Empty => Ok(None),
        RawCell::Bool(yes) => Ok(Some(if *yes { Sign::Present } else { Sign::Absent })),
        // A day on which somebody came, or how often.
        RawCell::Date(_) => Ok(Some(Sign::Present)),
        RawCell::Number(0.0) => Ok(Some(Sign::Absent)),
        RawCell::Number(n) if (1.0..=31.0).contains(n) => Ok(Some(Sign::Present)),
        RawCell::Number(_) | RawCell::Error(_) => Err(()),
        RawCell::Text(t) => written(t.trim(), ticks).map(Some),
    }
}

fn written(t: &str, ticks: bool) -> Result<Sign, ()> {
    match t {
        "✓" | "✔" | "√" | "☑" | "✅" | "●" | "•" | "*" | "+" | "ü" | "\u{f0fc}" => {
            return Ok(Sign::Present);
        }
        "-" | "–" | "—" | "--" | "_" | "✗" | "✘" | "❌" | "☐" | "○" => {
            return Ok(Sign::Absent);
        }
        "×" | "x" | "X" => return if ticks { Ok(Sign::Absent) } else { Err(()) },
        _ => {}
    }
    if let Some((met, due)) = t.split_once('/')
        && let (Ok(met), Ok(due)) = (met.trim().parse(), due.trim().parse())
        && due > 0
        && met <= due
        && due <= 31
    {
        return Ok(Sign::Of(met, due));
    }
    let n = normal(t);
    match n.as_str() {
        "v" | "h" | "hadir" | "ya" | "y" | "l" | "lapor" | "melapor" | "ok" | "ada" | "hdr"
        | "sudah" | "sdh" | "sudah lapor" | "hadir 1" | "p" => Ok(Sign::Present),
        "a" | "alpa" | "alpha" | "alfa" | "th" | "tl" | "tdk" | "tidak" | "t" | "tidak hadir"
        | "tidak lapor" | "tdk lapor" | "tdk hadir" | "absen" | "mangkir" | "belum" | "blm"
        | "nihil" | "tk" => Ok(Sign::Absent),
        "s" | "sakit" | "i" | "izin" | "ijin" | "c" | "cuti" | "dl" => Ok(Sign::Excused),
        _ => {
            let times = n
                .split(' ')
                .next()
                .map(|w| w.trim_end_matches(['x', 'k']))
                .unwrap_or_default();
            match times.parse::<u32>() {
                Ok(0) => Ok(Sign::Absent),
                Ok(k) if k <= 31 && n.len() <= 12 => Ok(Sign::Present),
                _ => Err(()),
            }
        }
    }
}

/// The points of a table: where they stand in a row, what they are, and whether anybody was there.
#[derive(Debug, Default)]
pub struct Points {
    /// Position in the row's cells and the point, in order.
    all: Vec<(usize, Point)>,
    /// Some cell of them is a tick.
    ticks: bool,
    /// How many of them have a sign in any row.
    held: usize,
    /// Signs that a legend explains.
    legend: Vec<(crate::domain::Text, Meaning)>,
}

/// What the points of one row say.
#[derive(Debug, Default, PartialEq)]
pub struct Attendance {
    /// Due and met by month.
    pub months: Vec<(Month, u32, u32)>,
    /// Points at which somebody was there.
    pub present: u32,
    /// Points with any sign.
    pub signs: u32,
    /// Some sign says that somebody was not there.
    pub absences: bool,
    /// First and last point at which somebody was there.
    pub first: PartialDate,
    /// Last of them.
    pub last: PartialDate,
    /// Positions of cells that nobody understands.
    pub unread: Vec<usize>,
    /// The points are months.
    pub by_month: bool,
}

/// Whether a cell is a day of the month above it, without its year: `4/11`, `18-11`.
fn is_day_of(cell: &RawCell, point: Point) -> bool {
    let (RawCell::Text(t), Point::Month(m, Counted::Sign)) = (cell, point) else {
        return false;
    };
    let parts = t.trim().split_once(['/', '-', '.']);
    parts.is_some_and(|(d, of)| {
        let day = d.parse().is_ok_and(|d: u32| (1..=31).contains(&d));
        day && of.parse() == Ok(m.month())
    })
}

fn counted(point: Point) -> Counted {
    match point {
        Point::Month(_, counted) => counted,
        Point::Day(_) | Point::Meeting(_) => Counted::Sign,
    }
}

impl Points {
    /// Of a table, as far as they lie before the end of the month that counts.
    pub fn new(table: &RawTable, is_to_come: impl Fn(NaiveDate) -> bool) -> Points {
        let past = |p: &Point| match p {
            Point::Month(m, _) => !is_to_come(m.first_day()),
            Point::Day(d) => !is_to_come(*d),
            Point::Meeting(_) => true,
        };
        let all: Vec<(usize, Point)> = (table.columns.iter().enumerate())
            .filter_map(|(i, c)| c.point.filter(past).map(|p| (i, p)))
            .collect();
        if all.is_empty() {
            return Points::default();
        }
        let present = |c: &RawCell| {
            let crossed = matches!(c, RawCell::Text(t) if matches!(t.trim(), "x" | "X" | "×"));
            !crossed
                && matches!(
                    read(c, Counted::Sign, false),
                    Ok(Some(Sign::Present | Sign::Of(..)))
                )
        };
        let column = |i: usize| table.rows.iter().filter_map(move |r| r.cells.get(i));
        Points {
            ticks: all.iter().any(|(i, _)| column(*i).any(present)),
            held: all
                .iter()
                .filter(|(i, _)| column(*i).any(|c| *c != RawCell::Empty))
                .count(),
            all,
            legend: table.context.legend.clone(),
        }
    }

    /// The sign of a cell as the legend has it; `None` where it says nothing of it.
    fn explained(&self, cell: &RawCell) -> Option<Option<Sign>> {
        let RawCell::Text(t) = cell else { return None };
        let t = t.trim();
        let known = self.legend.iter().find(|(s, _)| s.eq_ignore_ascii_case(t));
        known.map(|(_, meaning)| match meaning {
            Meaning::Present => Some(Sign::Present),
            Meaning::Absent => Some(Sign::Absent),
            Meaning::Excused => Some(Sign::Excused),
            Meaning::NotDue => None,
        })
    }

    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many of them have a sign in any row: the meetings that took place.
    pub fn held(&self) -> u32 {
        self.held as u32
    }

    /// The months among them.
    pub fn months(&self) -> impl Iterator<Item = Month> {
        self.all.iter().filter_map(|(_, p)| match p {
            Point::Month(m, _) => Some(*m),
            Point::Day(_) | Point::Meeting(_) => None,
        })
    }

    /// The last month of them.
    pub fn last_month(&self) -> Option<Month> {
        self.months().max()
    }

    /// The sum of the numbers of a row: hours by day.
    pub fn sum(&self, cells: &[RawCell]) -> Option<f32> {
        let numbers = self
            .all
            .iter()
            .filter_map(|(i, _)| number::amount(cells.get(*i)?));
        numbers.fold(None, |sum, n| Some(sum.unwrap_or(0.0) + n as f32))
    }

    /// What the cells of a row say.
    pub fn of(&self, cells: &[RawCell]) -> Attendance {
        let mut out = Attendance::default();
        for &(i, point) in &self.all {
            let Some(cell) = cells.get(i) else { continue };
            let own = match self.explained(cell) {
                Some(sign) => Ok(sign),
                // `4/11` below November is a day of it.
                None if is_day_of(cell, point) => Ok(Some(Sign::Present)),
                None => read(cell, counted(point), self.ticks),
            };
            let sign = match own {
                Ok(Some(sign)) => sign,
                Ok(None) => continue,
                Err(()) => {
                    out.unread.push(i);
                    continue;
                }
            };
            let (due, met) = match (sign, counted(point)) {
                (Sign::Present, _) => (1, 1),
                (Sign::Absent | Sign::Excused, _) => (1, 0),
                (Sign::Of(met, due), _) => (due, met),
                (Sign::Number(n), Counted::Due) => (n, 0),
                (Sign::Number(n), Counted::Met | Counted::Sign) => (0, n),
            };
            out.signs += 1;
            out.present += u32::from(met > 0);
            out.absences |= due > met;
            let on = match point {
                Point::Month(m, _) => PartialDate::Month(m.year(), m.month() as u8),
                Point::Day(d) => PartialDate::Day(d),
                Point::Meeting(_) => PartialDate::Unknown,
            };
            if met > 0 {
                if !out.first.is_known() {
                    out.first = on;
                }
                out.last = on;
            }
            out.by_month |= matches!(point, Point::Month(..));
            let month = match point {
                Point::Month(m, _) => Some(m),
                Point::Day(d) => Some(Month::of(d)),
                Point::Meeting(_) => None,
            };
            if let Some(m) = month {
                match out.months.iter_mut().find(|(n, ..)| *n == m) {
                    Some((_, d, k)) => (*d, *k) = (*d + due, *k + met),
                    None => out.months.push((m, due, met)),
                }
            }
        }
        // Where what was met is counted and what was due is not, what was met was due.
        for (_, due, met) in &mut out.months {
            *due = (*due).max(*met);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> RawCell {
        RawCell::Text(t.into())
    }

    #[test]
    fn signs_are_read_and_a_cross_only_beside_ticks() {
        use Sign::*;
        for (t, sign) in [
            ("✓", Present),
            ("v", Present),
            ("V", Present),
            ("H", Present),
            ("-", Absent),
            ("A", Absent),
            ("x", Absent),
            ("S", Excused),
            ("Izin", Excused),
            ("3/4", Of(3, 4)),
            ("2x", Present),
        ] {
            assert_eq!(read(&text(t), Counted::Sign, true), Ok(Some(sign)), "{t}");
        }
        assert_eq!(read(&text("x"), Counted::Sign, false), Err(()));
        assert_eq!(read(&text("pindah"), Counted::Sign, true), Err(()));
        assert_eq!(
            read(&RawCell::Number(0.0), Counted::Sign, true),
            Ok(Some(Absent))
        );
        assert_eq!(
            read(&RawCell::Number(4.0), Counted::Due, true),
            Ok(Some(Number(4)))
        );
    }

    proptest::proptest! {
        #[test]
        fn no_cell_makes_a_sign_panic(t in "\\PC{0,12}", n in proptest::num::f64::ANY) {
            for c in [text(&t), RawCell::Number(n), RawCell::Date(n)] {
                for of in [Counted::Sign, Counted::Due, Counted::Met] {
                    let _ = read(&c, of, true);
                }
            }
        }
    }
}
