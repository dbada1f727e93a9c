//! Tables whose lines between rows tell that one thing happened to these and another to those: `B. DICABUT`, `C. DILIMPAHKAN`,
//! `E. AKAN SELESAI`, `Masuk`, `Keluar`. Each group is a table of its own, below the title and its line.

use super::implied::{self, Movement};
use super::rows::{Numbering, numbering};
use crate::clean::codes;
use crate::clean::not_yet::{PLANNED, PROPOSED};
use crate::clean::text::{says, wording};
use crate::domain::raw::{RawRow, RawTable};
use crate::domain::supervision::SupervisionEnd;

/// More groups than these are no groups.
const MOST: usize = 64;

/// What a line above rows tells of all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// It is yet to come: proposed, planned, expected.
    Planned,
    /// Guidance ended, in this way; who died in custody is here too.
    Ended(SupervisionEnd),
    /// They came.
    Came,
    /// They left.
    Left,
}

/// Whether a line in the form of [`wording`] is about what has not happened.
pub fn is_planned(n: &str) -> bool {
    const NEAR: &[&str] = &[
        "menunggu",
        "dalam proses",
        "jatuh tempo",
        "menjelang berakhir",
    ];
    [PROPOSED, PLANNED, NEAR].iter().any(|words| says(n, words))
}

/// Words beside which a list of proposals also holds what became of them.
const DECIDED: &[&str] = &[
    "keputusan",
    "realisasi",
    "hasil",
    "penetapan",
    "pelaksanaan",
    "tindak lanjut",
];

/// What a line tells of the rows below it; `None` where it tells nothing of the kind, or several things.
pub fn subject(line: &str) -> Option<Subject> {
    let n = wording(line);
    // `Usul dan keputusan pencabutan`: some of it was decided, and each row says which.
    if is_planned(&n) && !says(&n, DECIDED) {
        return Some(Subject::Planned);
    }
    if let Some(end) = codes::end_named(line) {
        return Some(Subject::Ended(end));
    }
    match implied::movement(line) {
        Some(Movement::In) => Some(Subject::Came),
        Some(Movement::Out) => Some(Subject::Left),
        None => None,
    }
}

/// A group of rows with the title above it.
pub struct Part {
    /// The rows, with all columns of the table.
    pub table: RawTable,
    /// Lines of the title, its own line last.
    pub title: Vec<String>,
}

/// Parts of a table: the table itself, where its lines do not tell different things.
pub fn split(table: RawTable, title: &[String]) -> Vec<Part> {
    let whole = |table| {
        let title = title.to_vec();
        vec![Part { table, title }]
    };
    let heading = title.last().and_then(|l| subject(l));
    let of_line = |line: &str| line.rsplit(" / ").find_map(subject);
    let of_section: Vec<Option<Subject>> = (table.sections.iter())
        .map(|(line, _)| of_line(line))
        .collect();
    let of_row = |r: &RawRow| match r.section {
        Some(s) => of_section.get(s as usize).copied().flatten(),
        None => heading,
    };
    // Groups are told apart by what is said of them, and by nothing else.
    let mut starts: Vec<usize> = Vec::new();
    let mut before = None;
    for (i, row) in table.rows.iter().enumerate() {
        let own = of_row(row);
        if before != Some(own) {
            starts.push(i);
        }
        before = Some(own);
    }
    if starts.len() < 2 || starts.len() > MOST {
        return whole(table);
    }
    let numbered = title.last().map_or(Numbering::None, |l| numbering(l));
    let mut rest = table.clone();
    rest.rows.clear();
    let mut rows = table.rows.into_iter();
    let mut out = Vec::with_capacity(starts.len());
    for (k, from) in starts.iter().enumerate() {
        let to = starts.get(k + 1).copied();
        let own: Vec<RawRow> = match to {
            Some(to) => rows.by_ref().take(to - from).collect(),
            None => rows.by_ref().collect(),
        };
        let mut part = rest.clone();
        let (first, last) = (
            own.first().map_or(0, |r| r.row),
            own.last().map_or(0, |r| r.row),
        );
        let next = to.and_then(|_| rows.as_slice().first()).map(|r| r.row);
        // A sum of more than these rows is none of theirs.
        part.totals.retain(|t| {
            t.row > last && next.is_none_or(|n| t.row < n) && (t.rows.0 >= first || k == 0)
        });
        if k > 0 {
            (part.headless, part.joined) = (Vec::new(), 0);
        }
        let line = own.first().and_then(|r| r.section);
        let line = line.and_then(|s| rest.sections.get(s as usize));
        let mut lines = title.to_vec();
        if let Some((line, _)) = line {
            // `A.` above the header is of the first rows alone.
            if numbered != Numbering::None && numbering(line) == numbered {
                lines.pop();
            }
            lines.push(line.to_string());
        }
        part.rows = own;
        out.push(Part {
            table: part,
            title: lines,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_what_became_of_those_below_it() {
        use Subject::*;
        for (line, told) in [
            ("B. DICABUT", Some(Ended(SupervisionEnd::Revoked))),
            (
                "III. Pelimpahan ke Bapas lain",
                Some(Ended(SupervisionEnd::Delegated)),
            ),
            ("Diterima dari Bapas lain (limpahan)", Some(Came)),
            ("Meninggal Dunia", Some(Ended(SupervisionEnd::Died))),
            ("E. AKAN SELESAI BULAN FEBRUARI 2026", Some(Planned)),
            ("Usulan pencabutan", Some(Planned)),
            ("Tahanan masuk", Some(Came)),
            ("b. Pengeluaran", Some(Left)),
            ("Laki-laki", None),
            ("Golongan B.I", None),
        ] {
            assert_eq!(subject(line), told, "{line}");
        }
    }
}
