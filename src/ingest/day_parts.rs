//! Days written in three columns, `Tgl | Bln | Thn` below `Tanggal Lahir`: each becomes one day in the first of them.

use crate::clean::text::is_placeholder;
use crate::domain::month::month_word;
use crate::domain::normal;
use crate::domain::raw::{RawCell, RawTable};

/// Joins the three columns of every such day.
pub fn join(table: &mut RawTable) {
    let mut at = 0;
    while at + 3 <= table.columns.len() {
        match group(table, at) {
            Some(group) if holds_days(table, at) => {
                of_group(table, at, &group);
                at += 3;
            }
            Some(_) | None => at += 1,
        }
    }
}

/// What stands above three columns of day, month and year.
fn group(table: &RawTable, at: usize) -> Option<String> {
    const PARTS: [&[&str]; 3] = [
        &["tgl", "tanggal", "hari", "hr"],
        &["bln", "bulan", "bl"],
        &["thn", "tahun", "th"],
    ];
    let three = &table.columns[at..at + 3];
    let (group, _) = three[0].header.rsplit_once(" / ")?;
    let fits = three.iter().zip(PARTS).all(|(c, words)| {
        let parts = c.header.rsplit_once(" / ");
        let part =
            |(above, last): (&str, &str)| above == group && words.contains(&normal(last).as_str());
        c.point.is_none() && parts.is_some_and(part)
    });
    fits.then(|| group.to_owned())
}

/// Whether most rows that have anything in the columns have a day, a month and a year there.
fn holds_days(table: &RawTable, at: usize) -> bool {
    let read = table
        .rows
        .iter()
        .take(60)
        .map(|r| day(r.cells.get(at..at + 3)?));
    let filled = |r: &&crate::domain::raw::RawRow| {
        let cells = r.cells.get(at..at + 3).unwrap_or_default();
        cells.iter().any(|c| match c {
            RawCell::Empty => false,
            RawCell::Text(t) => !is_placeholder(t),
            RawCell::Number(_) | RawCell::Date(_) | RawCell::Bool(_) | RawCell::Error(_) => true,
        })
    };
    let all = table.rows.iter().take(60).filter(filled).count();
    all > 0 && read.flatten().count() * 5 >= all * 4
}

/// `12 | 3 | 1990` as `12-3-1990`.
fn day(cells: &[RawCell]) -> Option<String> {
    let [d, m, y] = cells else { return None };
    let text = |c: &RawCell| match c {
        RawCell::Number(n) if n.fract() == 0.0 => Some(format!("{n:.0}")),
        RawCell::Text(t) => Some(t.trim().to_owned()),
        RawCell::Number(_)
        | RawCell::Empty
        | RawCell::Date(_)
        | RawCell::Bool(_)
        | RawCell::Error(_) => None,
    };
    let number = |s: &str, most: u32| s.parse::<u32>().ok().filter(|n| (1..=most).contains(n));
    let (d, m, y) = (text(d)?, text(m)?, text(y)?);
    let month = number(&m, 12).or_else(|| month_word(&normal(&m)))?;
    let short = matches!(y.len(), 2 | 4) && y.parse::<u32>().is_ok();
    short.then_some(())?;
    Some(format!("{}-{month}-{y}", number(&d, 31)?))
}

fn of_group(table: &mut RawTable, at: usize, group: &str) {
    let mut joined = 0;
    for r in &mut table.rows {
        let Some(cells) = r.cells.get_mut(at..at + 3) else {
            continue;
        };
        if let Some(day) = day(cells) {
            cells[0] = RawCell::Text(day.as_str().into());
            for c in &mut cells[1..] {
                *c = RawCell::Empty;
            }
            joined += 2;
        }
    }
    table.joined += joined;
    table.columns[at].header = group.into();
    for c in &mut table.columns[at + 1..at + 3] {
        (c.header, c.field, c.needless) = ("".into(), None, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_cells_are_a_day() {
        let text = |t: &str| RawCell::Text(t.into());
        let n = RawCell::Number;
        assert_eq!(
            day(&[n(12.0), n(3.0), n(1990.0)]).as_deref(),
            Some("12-3-1990")
        );
        assert_eq!(
            day(&[text("5"), text("Mei"), text("85")]).as_deref(),
            Some("5-5-85")
        );
        assert_eq!(day(&[n(2.0), n(6.0), n(0.0)]), None);
        assert_eq!(day(&[text("-"), text("-"), text("-")]), None);
    }
}
