//! Corrected files: one whose name says that it is the corrected form of another in the same folder replaces it.

use crate::domain::normal;

/// Words in a file's name that say so.
const CORRECTED: &[&str] = &[
    "revisi",
    "rev",
    "revised",
    "perbaikan",
    "diperbaiki",
    "koreksi",
    "ralat",
    "final",
    "fix",
    "terbaru",
];

/// The name without the words of a correction, and how far it is corrected: 0 not at all, then by its number.
fn told_apart(rel: &str) -> (String, u32) {
    let (folder, name) = rel.rsplit_once('/').unwrap_or(("", rel));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let n = normal(stem);
    let mut words: Vec<&str> = Vec::new();
    let mut level = 0;
    let mut after = false;
    for w in n.split(' ') {
        let bare = w.trim_end_matches(|c: char| c.is_ascii_digit());
        let number: u32 = w[bare.len()..].parse().unwrap_or(0);
        if CORRECTED.contains(&bare) {
            level = level.max(1 + number.min(99));
            after = true;
            continue;
        }
        // `revisi 2`: its number.
        if after && bare.is_empty() && number < 100 {
            level = level.max(1 + number);
            after = false;
            continue;
        }
        after = false;
        words.push(w);
    }
    (format!("{folder}/{}", words.join(" ")), level)
}

/// Of files by their paths: which is replaced by which, as places in the list.
pub fn replaced<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<(usize, usize)> {
    let mut all: Vec<(String, u32, usize)> = paths
        .enumerate()
        .map(|(i, p)| {
            let (name, level) = told_apart(p);
            (name, level, i)
        })
        .collect();
    all.sort();
    let mut out = Vec::new();
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        if let Some((_, level, newest)) = group.last().filter(|(_, level, _)| *level > 0) {
            let older = group.iter().filter(|(_, l, _)| l < level);
            out.extend(older.map(|(_, _, i)| (*i, *newest)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corrected_file_replaces_the_one_of_its_name() {
        let of = |paths: &[&str]| replaced(paths.iter().copied());
        assert_eq!(
            of(&[
                "lapas/register jan 2026 revisi.xlsx",
                "lapas/register jan 2026.xlsx"
            ]),
            [(1, 0)]
        );
        let three = ["a/x.xlsx", "a/x rev1.xlsx", "a/x (rev 2).csv"];
        assert_eq!(of(&three), [(0, 2), (1, 2)]);
        assert!(of(&["a/x.xlsx", "b/x revisi.xlsx"]).is_empty());
        assert!(of(&["a/x jan.xlsx", "a/x feb revisi.xlsx"]).is_empty());
        assert!(of(&["a/pelatihan.xlsx", "a/pelatihan las.xlsx"]).is_empty());
    }
}
