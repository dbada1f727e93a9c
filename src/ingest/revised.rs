//! Versions of a file: corrected forms and copies of another in the same folder, as their names tell.

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
/// What file managers and browsers put around the name of a copy, in their normal form.
const COPY_BEFORE: &[&str] = &["copy of ", "salinan dari ", "salinan "];
const COPY_AFTER: &[&str] = &[" copy", " salinan", " salin"];

/// How far a file is from the one it is a version of; the later version is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Version {
    /// Words of a correction and their numbers, summed; 0 where the name says nothing of one.
    corrected: u32,
    /// The number a file manager or browser gave a copy; 0 none.
    copy: u32,
}

/// A file, and a later version of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Later {
    /// The earlier one, as a place in the list.
    pub old: usize,
    /// The later one.
    pub new: usize,
    /// What the name of the later one says.
    pub how: How,
}

/// What the name of a later version says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// That it is the corrected form.
    Corrected,
    /// That it was saved beside a file of that name: a newer form of it, or another list that came under the same name.
    Copy,
}

/// Takes `(2)` out of a name, and the largest number that stood so.
fn without_copy_numbers(stem: &str) -> (String, u32) {
    let mut out = String::with_capacity(stem.len());
    let mut rest = stem;
    let mut largest = 0;
    while let Some(open) = rest.find('(') {
        let number = rest[open + 1..].split_once(')').and_then(|(n, after)| {
            let n: u32 = n.trim().parse().ok().filter(|n| *n < 100)?;
            Some((n, after))
        });
        match number {
            Some((n, after)) => {
                out.push_str(&rest[..open]);
                out.push(' ');
                largest = largest.max(n);
                rest = after;
            }
            None => {
                out.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    out.push_str(rest);
    (out, largest)
}

/// The name without folder, extension and words of a correction or copy, and which version it is.
fn told_apart(rel: &str) -> (String, Version) {
    let (folder, name) = rel.rsplit_once('/').unwrap_or(("", rel));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (stem, mut copy) = without_copy_numbers(stem);
    let n = normal(&stem);
    let mut n = n.as_str();
    for before in COPY_BEFORE {
        if let Some(rest) = n.strip_prefix(before) {
            (n, copy) = (rest, copy + 1);
            break;
        }
    }
    for after in COPY_AFTER {
        if let Some(rest) = n.strip_suffix(after) {
            (n, copy) = (rest, copy + 1);
            break;
        }
    }
    let mut words: Vec<&str> = Vec::new();
    let mut corrected = 0;
    let mut after = false;
    for w in n.split(' ') {
        let bare = w.trim_end_matches(|c: char| c.is_ascii_digit());
        let number: u32 = w[bare.len()..].parse().unwrap_or(0);
        if CORRECTED.contains(&bare) {
            corrected += 1 + number.min(99);
            after = true;
            continue;
        }
        // `revisi 2`: its number.
        if after && bare.is_empty() && number < 100 {
            corrected += number;
            after = false;
            continue;
        }
        after = false;
        words.push(w);
    }
    let version = Version { corrected, copy };
    (format!("{folder}/{}", words.join(" ")), version)
}

/// Files by the name they are versions of, those of a name from the earliest to the latest.
fn by_name<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<(String, Version, usize)> {
    let mut all: Vec<(String, Version, usize)> = (paths.enumerate())
        .map(|(i, p)| {
            let (name, version) = told_apart(p);
            (name, version, i)
        })
        .collect();
    all.sort();
    all
}

/// Of files by their paths: which have a later version beside them, as places in the list. A copy without the file it was
/// saved beside is none: `(1)` and `(2)` alone may be the parts of a list.
pub fn later_versions<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<Later> {
    let all = by_name(paths);
    let mut out = Vec::new();
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let Some((_, newest, new)) = group.last() else {
            continue;
        };
        for (_, version, old) in group.iter().filter(|(_, v, _)| v < newest) {
            let how = match newest.corrected > version.corrected {
                true => How::Corrected,
                false => How::Copy,
            };
            if how == How::Copy && version.copy > 0 && group[0].1.copy > 0 {
                continue;
            }
            out.push(Later {
                old: *old,
                new: *new,
                how,
            });
        }
    }
    out
}

/// Files whose names say of both that they are the latest, as places in the list: (one, another).
pub fn tied<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<(usize, usize)> {
    let all = by_name(paths);
    let mut out = Vec::new();
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let Some((_, newest, last)) = group.last().filter(|(_, v, _)| v.corrected > 0) else {
            continue;
        };
        let as_late = group.iter().filter(|(_, v, i)| v == newest && i != last);
        out.extend(as_late.map(|(.., i)| (*i, *last)));
    }
    out
}

/// Puts the versions of a file in their order, the latest last, and leaves every other file in its place: of rows that stand
/// in several, the later counts.
pub fn in_order_of_versions<T>(files: &mut Vec<T>, path: impl Fn(&T) -> &str) {
    let all = by_name(files.iter().map(&path));
    let mut order: Vec<usize> = (0..files.len()).collect();
    let mut moved = false;
    for group in all.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
        let mut places: Vec<usize> = group.iter().map(|(.., i)| *i).collect();
        places.sort_unstable();
        for (place, (.., i)) in places.into_iter().zip(group) {
            moved |= order[place] != *i;
            order[place] = *i;
        }
    }
    if moved {
        let mut taken: Vec<Option<T>> = files.drain(..).map(Some).collect();
        files.extend(order.into_iter().filter_map(|i| taken[i].take()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (earlier, later) by their names.
    fn replaced<'a>(paths: &[&'a str]) -> Vec<(&'a str, &'a str)> {
        let all = later_versions(paths.iter().copied());
        all.iter().map(|l| (paths[l.old], paths[l.new])).collect()
    }

    #[test]
    fn a_corrected_file_replaces_the_one_of_its_name() {
        let of = replaced;
        assert_eq!(
            of(&["a/jan 2026 revisi.xlsx", "a/jan 2026.xlsx"]),
            [("a/jan 2026.xlsx", "a/jan 2026 revisi.xlsx")]
        );
        let three = of(&["a/x.xlsx", "a/x rev1.xlsx", "a/x (rev 2).csv"]);
        assert_eq!(
            three,
            [
                ("a/x.xlsx", "a/x (rev 2).csv"),
                ("a/x rev1.xlsx", "a/x (rev 2).csv")
            ]
        );
        assert_eq!(
            of(&["a/x revisi.xlsx", "a/x revisi final.xlsx"]),
            [("a/x revisi.xlsx", "a/x revisi final.xlsx")]
        );
        assert!(of(&["a/x.xlsx", "b/x revisi.xlsx"]).is_empty());
        assert!(of(&["a/x jan.xlsx", "a/x feb revisi.xlsx"]).is_empty());
        assert!(of(&["a/pelatihan.xlsx", "a/pelatihan las.xlsx"]).is_empty());
    }

    #[test]
    fn a_copy_is_a_later_version_only_beside_the_file_it_was_saved_beside() {
        for copy in [
            "a/x (1).xlsx",
            "a/x(2).xlsx",
            "a/Copy of x.xlsx",
            "a/x - Copy.xlsx",
            "a/x - Salin.xlsx",
        ] {
            assert_eq!(
                replaced(&["a/x.xlsx", copy]),
                [("a/x.xlsx", copy)],
                "{copy}"
            );
        }
        assert!(replaced(&["a/x (1).xlsx", "a/x (2).xlsx"]).is_empty());
        let how = later_versions(["a/x.xlsx", "a/x (1).xlsx"].into_iter());
        assert_eq!(how[0].how, How::Copy);
        assert!(replaced(&["a/lembar (2026).xlsx", "a/lembar.xlsx"]).is_empty());
    }

    #[test]
    fn two_that_both_say_they_are_the_corrected_one_are_named() {
        let of = |paths: &[&str]| tied(paths.iter().copied());
        assert_eq!(
            of(&["a/x final.xlsx", "a/x revisi.xlsx", "a/x.xlsx"]),
            [(0, 1)]
        );
        assert!(of(&["a/x.xlsx", "a/x revisi.xlsx"]).is_empty());
        assert!(of(&["a/x.csv", "a/x.xlsx"]).is_empty());
    }

    #[test]
    fn the_latest_version_comes_last_and_others_keep_their_place() {
        let mut all = vec![
            "a/b.csv",
            "a/x (1).xlsx",
            "a/x revisi.xlsx",
            "a/x.xlsx",
            "a/z.csv",
        ];
        in_order_of_versions(&mut all, |p| p);
        assert_eq!(
            all,
            [
                "a/b.csv",
                "a/x.xlsx",
                "a/x (1).xlsx",
                "a/x revisi.xlsx",
                "a/z.csv"
            ]
        );
    }
}
