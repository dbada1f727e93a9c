//! The floors of the house: a room uses only rooms of its own floor or below, and rooms of one floor do not use each other
//! in a circle. `docs/ARCHITECTURE.md` says what each room is for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Rooms from the ground up; those of one line stand on one floor.
const FLOORS: [&[&str]; 7] = [
    &["domain", "workspace", "locale"],
    &["ingest", "clean"],
    &["link", "history"],
    &["measure", "protect"],
    &["report"],
    &["run"],
    &["cli"],
];
/// Stands beside the floors and uses the ground alone.
const BESIDE: &str = "sample";
/// What a room must not use although it is below: (room, used, why).
const NEVER: [(&str, &str, &str); 2] = [
    (
        "clean",
        "ingest",
        "cleaning takes what reading hands over, whatever read it",
    ),
    ("measure", "report", "a measure never formats a number"),
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Rooms that a file's code names as `crate::room`; its tests (from the first `#[cfg(test)]` on) and comments do not count.
fn used(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code = code.lines().filter(|l| !l.trim_start().starts_with("//"));
    let mut out = BTreeSet::new();
    for line in code {
        for rest in line.split("crate::").skip(1) {
            let names = match rest.strip_prefix('{') {
                // `use crate::{clean, ingest}`
                Some(list) => list.split('}').next().unwrap_or_default().to_owned(),
                None => rest.to_owned(),
            };
            for name in names.split(',') {
                let name: String = (name.trim().chars())
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                out.insert(name);
            }
        }
    }
    out
}

/// Whether the room above declares the file for its tests alone.
fn only_for_tests(path: &Path) -> bool {
    let above = path.parent().map(|dir| dir.join("mod.rs"));
    let text = above
        .and_then(|p| std::fs::read_to_string(p).ok())
        .unwrap_or_default();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    text.contains(&format!("#[cfg(test)]\nmod {name};"))
}

/// (room, used room) → a file that uses it.
fn arrows() -> BTreeMap<(String, String), String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&src, &mut all);
    let mut out = BTreeMap::new();
    for path in all {
        let place = path.strip_prefix(&src).unwrap();
        let room = place.iter().next().unwrap().to_string_lossy().into_owned();
        let in_tests = place
            .iter()
            .any(|p| p.to_string_lossy().starts_with("tests"));
        if in_tests || only_for_tests(&path) || (floor(&room).is_none() && room != BESIDE) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for to in used(&text) {
            if to != room && (floor(&to).is_some() || to == BESIDE) {
                out.entry((room.clone(), to))
                    .or_insert(place.display().to_string());
            }
        }
    }
    out
}

#[test]
fn no_room_uses_a_room_above_it() {
    let wrong: Vec<String> = (arrows().iter())
        .filter(|((from, to), _)| match (floor(from), floor(to)) {
            (Some(f), Some(t)) => t > f,
            // The ground alone is used by what stands beside; only the command line uses that.
            (None, Some(t)) => t > 0,
            (Some(_), None) => from != "cli",
            (None, None) => false,
        })
        .map(|((from, to), file)| format!("{from} uses {to}: {file}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rooms_of_one_floor_do_not_use_each_other_in_a_circle() {
    let arrows = arrows();
    let both = |(from, to): &&(String, String)| arrows.contains_key(&(to.clone(), from.clone()));
    let circles: Vec<_> = arrows.keys().filter(both).collect();
    assert!(circles.is_empty(), "{circles:?}");
    for (from, to, why) in NEVER {
        let file = arrows.get(&(from.to_owned(), to.to_owned()));
        assert_eq!(file, None, "{from} must not use {to}: {why}");
    }
}

#[test]
fn the_reader_of_this_test_sees_what_a_file_uses() {
    let text = "use crate::{clean, ingest::RULES};\n// crate::run::x\nfn f() { crate::locale::text(); }\n#[cfg(test)]\nuse crate::cli;";
    let seen: Vec<String> = used(text).into_iter().collect();
    assert_eq!(seen, ["clean", "ingest", "locale"]);
}
