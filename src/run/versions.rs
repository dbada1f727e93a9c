//! Which of several versions of a file counts: the same content twice, corrected files, copies saved beside a file.

use super::read::{FileCount, Intake};
use crate::domain::account::{CellClass, CellCounts};
use crate::domain::records::Identity;
use crate::domain::{FileId, Issue, Month, Severity};
use crate::ingest::{self, How, Later};
use std::collections::{BTreeMap, HashSet};

/// A corrected file with fewer rows than this share of those of the one it corrects holds only the rows that changed.
const WHOLE: f64 = 0.5;
/// Two files are forms of one list when this share of the people of the shorter stands in the other too.
const SAME_PEOPLE: f64 = 0.5;

/// Settles for every file of the inbox whether it counts; each decision is an issue about the file. The files are in the order
/// of their versions, the latest last.
pub(super) fn settle(intake: &mut Intake) {
    same_content(intake);
    // What could not be read, or does not count itself, replaces nothing.
    let live: Vec<usize> = (0..intake.files.len())
        .filter(|i| intake.counts[*i].used > 0)
        .collect();
    let paths: Vec<String> = (live.iter().map(|i| intake.files[*i].path.clone())).collect();
    for Later { old, new, how } in ingest::later_versions(paths.iter().map(String::as_str)) {
        supersede(intake, live[old], live[new], how);
    }
    replace_unused(intake, &live);
    for (one, other) in ingest::tied(paths.iter().map(String::as_str)) {
        let (one, other) = (live[one], live[other]);
        note(
            intake,
            Severity::Warning,
            "ingest.versions_tied",
            one,
            other,
        );
    }
}

/// A file whose rows were all set aside is replaced as well by a later version that counts: what it lacked is mended there.
fn replace_unused(intake: &mut Intake, live: &[usize]) {
    let unused = |i: &usize| intake.counts[*i].seen > 0 && intake.counts[*i].used == 0;
    let unused: Vec<usize> = (0..intake.files.len()).filter(unused).collect();
    for old in unused {
        // One by one: of two that count for nothing neither replaces the other.
        let folder = |i: usize| {
            intake.files[i]
                .path
                .rsplit_once('/')
                .map(|(folder, _)| folder)
        };
        let beside = |i: &&usize| folder(**i) == folder(old);
        let mut group: Vec<usize> = live.iter().filter(beside).copied().collect();
        group.push(old);
        let paths: Vec<String> = (group.iter().map(|i| intake.files[*i].path.clone())).collect();
        let later = ingest::later_versions(paths.iter().map(String::as_str));
        let corrected = |l: &&Later| group[l.old] == old && matches!(l.how, How::Corrected);
        let Some(new) = later.iter().find(corrected).map(|l| group[l.new]) else {
            continue;
        };
        let [rows, of] = [intake.counts[new].used, intake.counts[old].seen].map(|n| n as f64);
        if rows >= of * WHOLE {
            withdraw(intake, old, new);
            note(intake, Severity::Note, "ingest.replaced", old, new);
        }
    }
}

/// Rules about files as wholes: which version counts, which had not arrived whole, of which nothing is read.
const RULES: [&str; 12] = [
    "ingest.replaced",
    "ingest.same_content",
    "ingest.same_content_elsewhere",
    "ingest.corrects_some",
    "ingest.versions_tied",
    "ingest.other_list_of_that_name",
    "ingest.half_copied",
    "ingest.document",
    "ingest.not_a_table",
    "ingest.open_elsewhere",
    "ingest.outside",
    "ingest.special",
];

/// What was settled, and which files were passed over: path as it may be shown, and the issue.
pub(super) fn told(intake: &Intake) -> impl Iterator<Item = (&str, &Issue)> {
    let told = intake.issues.iter().filter(|i| RULES.contains(&i.rule));
    told.filter_map(|i| {
        let shown = intake.shown.get(i.file.0 as usize)?;
        Some((shown.as_str(), i))
    })
}

/// Of files with the same bytes the first counts, unless their names tell of different months: a list that did not change was
/// delivered again. The same bytes from two suppliers are named: one of them has been put into
/// the wrong folder, and nobody but they knows which.
fn same_content(intake: &mut Intake) {
    let mut first: BTreeMap<String, Vec<(usize, Option<Month>)>> = BTreeMap::new();
    for i in 0..intake.files.len() {
        let file = &intake.files[i];
        if file.sha256.is_empty() || intake.counts[i].tables == 0 {
            continue;
        }
        let month = ingest::month_in(&file.path);
        let same = first.entry(file.sha256.clone()).or_default();
        let other_month = |m: &Option<Month>| m.zip(month).is_some_and(|(m, n)| m != n);
        match same.iter().find(|(_, m)| !other_month(m)).map(|(f, _)| *f) {
            None => same.push((i, month)),
            Some(f) if intake.files[f].supplier == file.supplier => {
                withdraw(intake, i, f);
                note(intake, Severity::Note, "ingest.same_content", i, f);
            }
            Some(f) => note(
                intake,
                Severity::Warning,
                "ingest.same_content_elsewhere",
                i,
                f,
            ),
        }
    }
}

/// A later version takes the place of an earlier one, unless it holds a part of it only or another list.
fn supersede(intake: &mut Intake, old: usize, new: usize, how: How) {
    match how {
        How::Copy if !same_people(intake, old, new) => {
            note(
                intake,
                Severity::Note,
                "ingest.other_list_of_that_name",
                new,
                old,
            );
        }
        How::Corrected | How::Copy if is_part(intake, old, new) => {
            // A list of some is not the list of all: whoever is not on it has not left.
            let coverage = intake.records.coverage.iter_mut();
            for c in coverage.filter(|c| c.file == FileId(new as u32)) {
                c.whole = None;
            }
            let [rows, of] = [new, old].map(|i| intake.counts[i].used.to_string());
            let by = intake.shown[old].clone();
            let issue = Issue::about_file(
                Severity::Warning,
                "ingest.corrects_some",
                FileId(new as u32),
            );
            intake
                .issues
                .push(issue.with("by", by).with("rows", rows).with("of", of));
        }
        How::Corrected | How::Copy => {
            withdraw(intake, old, new);
            note(intake, Severity::Note, "ingest.replaced", old, new);
        }
    }
}

/// Whether a later version has so few of the rows that it can only be a part.
fn is_part(intake: &Intake, old: usize, new: usize) -> bool {
    let [old, new] = [old, new].map(|i| intake.counts[i].used as f64);
    new < old * WHOLE
}

/// Whether two files are of the same people.
fn same_people(intake: &Intake, a: usize, b: usize) -> bool {
    let people = |file: usize| -> HashSet<String> {
        let of = intake.records.identities();
        let here = of.filter(|(at, _)| at.file == FileId(file as u32));
        here.map(|(_, who)| key(who)).collect()
    };
    let (a, b) = (people(a), people(b));
    let both = a.intersection(&b).count() as f64;
    both >= SAME_PEOPLE * a.len().min(b.len()) as f64
}

/// What a person is known by within one list: the NIK, else the name.
fn key(who: &Identity) -> String {
    match who.nik.intact() {
        Some(n) => n.to_string(),
        None => crate::domain::normal(&who.name),
    }
}

/// A file counts no more, and neither does what was found wrong with it.
fn withdraw(intake: &mut Intake, old: usize, by: usize) {
    let file = FileId(old as u32);
    intake.records.forget(file);
    intake.issues.retain(|i| i.file != file);
    intake.counts[old] = FileCount::default();
    for a in &mut intake.accounts[old] {
        a.counts = CellCounts::default();
        a.counts.add(CellClass::SetAside, a.cells);
    }
    intake.superseded.insert(old, by);
}

fn note(intake: &mut Intake, severity: Severity, rule: &'static str, about: usize, by: usize) {
    let issue = Issue::about_file(severity, rule, FileId(about as u32));
    let by = intake.shown[by].clone();
    intake.issues.push(issue.with("by", by));
}
