//! Text tables whose columns stand below each other, held apart by blanks alone: where each column begins.

/// Lines of the beginning that are looked at.
const LOOKED_AT: usize = 400;
/// Fewer such lines are no table, fewer columns none either.
const LINES: usize = 4;
const COLUMNS: usize = 3;

/// Where the columns of a text begin, in characters; `None` where marks divide the fields of its lines, or nothing does.
pub fn columns(head: &str) -> Option<Vec<usize>> {
    let all: Vec<&str> = (head.split(['\n', '\r']))
        .filter(|l| !l.trim().is_empty())
        .take(LOOKED_AT)
        .collect();
    let marked = |l: &&&str| l.contains(['\t', '|', ';']) || l.matches(',').count() >= 3;
    if all.iter().filter(marked).count() * 3 >= all.len() {
        return None;
    }
    let lines: Vec<Vec<char>> = (all.iter())
        .filter(|l| is_spaced(l))
        .map(|l| l.trim_end().chars().collect())
        .collect();
    if lines.len() < LINES || lines.len() * 2 < all.len() {
        return None;
    }
    let width = lines.iter().map(Vec::len).max()?;
    // A column of blanks on (nearly) all lines divides; two of them beside each other are no chance.
    let blank = |at: usize| {
        let filled = lines
            .iter()
            .filter(|l| l.get(at).is_some_and(|c| *c != ' '));
        filled.count() * 25 <= lines.len()
    };
    let mut starts = Vec::new();
    let mut run = usize::MAX;
    for at in 0..width {
        if blank(at) {
            run = if run == usize::MAX { 1 } else { run + 1 };
        } else {
            if starts.is_empty() || run != usize::MAX && run >= 2 {
                starts.push(at);
            }
            run = usize::MAX;
        }
    }
    (starts.len() >= COLUMNS).then_some(starts)
}

/// Whether a line has at least two gaps of several blanks.
fn is_spaced(line: &str) -> bool {
    let gaps = line.trim().split("  ").filter(|p| !p.trim().is_empty());
    gaps.count() >= COLUMNS
}

/// The fields of a line; one that is a text (a title, a sum) is a single field.
pub fn fields<'a>(line: &'a str, starts: &[usize]) -> Vec<&'a str> {
    if !is_spaced(line) {
        return vec![line.trim()];
    }
    let at = |k: usize| line.char_indices().nth(k).map_or(line.len(), |(i, _)| i);
    let bounds: Vec<usize> = starts.iter().map(|s| at(*s)).collect();
    // What stands across a boundary is of the column in which it began.
    let mut out = Vec::with_capacity(starts.len());
    let mut from = 0;
    for next in bounds.iter().skip(1).copied().chain([line.len()]) {
        let cut = if line[..next].ends_with(' ') || next >= line.len() {
            next
        } else {
            line[from..next].rfind("  ").map_or(next, |i| from + i)
        };
        let cut = cut.max(from);
        out.push(line[from..cut].trim());
        from = cut;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "DAFTAR PENERIMA BANTUAN\n\
        NO   NAMA                NIK                STATUS\n\
        1    Anwar Tuasikal      8171010409670014   sudah diterima\n\
        2    Wahyudi                                batal, pindah kota\n\
        10   Halima Umasugi      8171045012730021   usulan\n\
        Jumlah 3 orang\n";

    #[test]
    fn columns_held_apart_by_blanks_are_found_and_empty_ones_stay_empty() {
        let starts = columns(TEXT).unwrap();
        assert_eq!(starts, [0, 5, 25, 44]);
        let rows: Vec<Vec<&str>> = TEXT.lines().map(|l| fields(l, &starts)).collect();
        assert_eq!(rows[0], ["DAFTAR PENERIMA BANTUAN"]);
        assert_eq!(rows[1], ["NO", "NAMA", "NIK", "STATUS"]);
        assert_eq!(rows[3], ["2", "Wahyudi", "", "batal, pindah kota"]);
        assert_eq!(rows[5], ["Jumlah 3 orang"]);
    }

    #[test]
    fn texts_and_marked_tables_have_no_such_columns() {
        assert_eq!(columns("Nama;NIK;Ket\nA;1;x\nB;2;y\nC;3;z\nD;4;z\n"), None);
        assert_eq!(
            columns("Selamat pagi\n1. La Samiun - pindahan\n2. Nurdin\n3. Elvis\n"),
            None
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_columns_panic(t in "([A-Za-z0-9é,]{0,8}( {0,4}|\n)){0,60}", line in "\\PC{0,60}") {
            if let Some(starts) = columns(&t) {
                let _ = fields(&line, &starts);
            }
        }
    }
}
